/* The two things a program cannot compute: what time it is, and randomness.
 *
 * Everything that needs one takes a Source, so that a test (or one seed) replays a whole run.  The
 * system's reads the real-time clock and getrandom(2); a seeded one has its own clock, which stands
 * still until it is moved, and SHA-256 in counter mode for its bytes (tests and demo only).
 *
 * Threading: the system's and a shifted source are safe from every thread; a seeded one belongs to
 * one at a time. */
#pragma once

#include "base/error.h"

typedef struct Source Source;

/* Return the system's source; shared, never freed (source_free accepts it and does nothing). */
Source *source_system(void);

/* Return a source that replays: the clock stands at @now_us, the bytes follow from @seed. */
Source *source_new_seeded(uint64_t seed, int64_t now_us);

/* Return a source with the system's randomness, whose clock runs as the system's does, @offset_us
 * ahead of it (behind: negative): for a demo that lives in the year of its records. */
Source *source_new_shifted(int64_t offset_us);

void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

/* Return the present, UTC microseconds. */
int64_t source_now_us(Source *source);

/* Return the present as clocks elsewhere show it, such as that of a phone: of a shifted source the
 * system's. */
int64_t source_wall_us(Source *source);

/* Set the clock of a seeded @source to @now_us. */
void source_set_now_us(Source *source, int64_t now_us);

/* Fill @length bytes at @ret_bytes.  The system's ends the program where the kernel has no
 * randomness to give. */
void source_random(Source *source, uint8_t *ret_bytes, size_t length);

/* Return an even choice from 0 … @n-1; @n > 0.  For tests and the demo, not for secrets. */
uint32_t source_random_below(Source *source, uint32_t n);
