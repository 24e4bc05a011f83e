#include "base/source.h"

#include <errno.h>
#include <sys/random.h>

#include "base/crypto.h"

struct Source {
    bool is_seeded;
    int64_t now_us;    /* of a seeded one */
    int64_t offset_us; /* of a shifted one */
    uint64_t seed;
    uint64_t counter;
    uint8_t block[CRYPTO_HASH_SIZE];
    size_t n_left; /* unused bytes at the end of block */
};

static Source system_source;

Source *source_system(void)
{
    return &system_source;
}

Source *source_new_seeded(uint64_t seed, int64_t now_us)
{
    Source *source = g_new0(Source, 1);
    source->is_seeded = true;
    source->now_us = now_us;
    source->seed = seed;
    return source;
}

Source *source_new_shifted(int64_t offset_us)
{
    Source *source = g_new0(Source, 1);
    source->offset_us = offset_us;
    return source;
}

void source_free(Source *source)
{
    if (source != &system_source) {
        g_free(source);
    }
}

int64_t source_now_us(Source *source)
{
    return source->is_seeded ? source->now_us : g_get_real_time() + source->offset_us;
}

int64_t source_wall_us(Source *source)
{
    return source_now_us(source) - source->offset_us;
}

void source_set_now_us(Source *source, int64_t now_us)
{
    g_assert(source->is_seeded);
    source->now_us = now_us;
}

static void fill_from_kernel(uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = getrandom(bytes, MIN(length, 256), 0);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            g_error("the kernel has no randomness: %s", g_strerror(errno));
        }
        bytes += n;
        length -= (size_t)n;
    }
}

void source_random(Source *source, uint8_t *ret_bytes, size_t length)
{
    if (!source->is_seeded) {
        fill_from_kernel(ret_bytes, length);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (source->n_left == 0) {
            uint64_t input[] = {GUINT64_TO_LE(source->seed), 0, GUINT64_TO_LE(source->counter)};
            source->counter++;
            crypto_hash(input, sizeof input, source->block);
            source->n_left = sizeof source->block;
        }
        ret_bytes[i] = source->block[sizeof source->block - source->n_left--];
    }
}

uint32_t source_random_below(Source *source, uint32_t n)
{
    g_assert(n > 0);
    uint32_t limit = UINT32_MAX - UINT32_MAX % n;
    uint32_t value = 0;
    do {
        source_random(source, (uint8_t *)&value, sizeof value);
    } while (value >= limit);
    return value % n;
}
