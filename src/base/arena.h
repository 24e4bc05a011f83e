/* Memory that goes all at once: many small things that live as long as a request or a page of rows.
 *
 * What is allocated lies in blocks, one behind the other; nothing is given back before
 * arena_free().
 *
 * Threading: one thread at a time. */
#pragma once

#include "base/error.h"

typedef struct Arena Arena;

/* Return one that holds nothing; the caller owns it. */
Arena *arena_new(void);
void arena_free(Arena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Arena, arena_free)

/* Return @size zeroed bytes, aligned for every type; valid until arena_free(). */
void *arena_alloc(Arena *arena, size_t size);

/* Return a copy of the first @length bytes of @text with a NUL behind them; likewise. */
char *arena_copy(Arena *arena, const char *text, size_t length);
