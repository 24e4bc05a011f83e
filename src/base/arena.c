#include "base/arena.h"

#include <stdalign.h>
#include <stddef.h>

#define BLOCK_BYTES (16 * 1024)

/* One block; what is allocated begins behind it. */
typedef struct Block {
    struct Block *next;
    alignas(max_align_t) char bytes[];
} Block;

struct Arena {
    Block *blocks; /* the newest first */
    char *at;      /* where the newest is free */
    size_t n_free; /* bytes from there to its end */
};

Arena *arena_new(void)
{
    return g_new0(Arena, 1);
}

void arena_free(Arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (Block *block = arena->blocks; block != NULL;) {
        Block *next = block->next;
        g_free(block);
        block = next;
    }
    g_free(arena);
}

/* Take @size bytes, a multiple of the alignment; a large piece gets a block of its own size. */
static char *take(Arena *arena, size_t size)
{
    if (size > arena->n_free || arena->blocks == NULL) {
        size_t n_bytes = MAX(size, BLOCK_BYTES - sizeof(Block));
        Block *block = g_malloc(sizeof(Block) + n_bytes);
        block->next = arena->blocks;
        arena->blocks = block;
        arena->at = block->bytes;
        arena->n_free = n_bytes;
    }
    char *taken = arena->at;
    arena->at += size;
    arena->n_free -= size;
    return taken;
}

static size_t align(size_t size)
{
    size_t unit = alignof(max_align_t);
    g_assert(size <= SIZE_MAX - unit);
    return (size + unit - 1) / unit * unit;
}

void *arena_alloc(Arena *arena, size_t size)
{
    return memset(take(arena, align(size)), 0, size);
}

char *arena_copy(Arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, align(length + 1));
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}
