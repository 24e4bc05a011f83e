#include "base/arena.h"

#include <stdalign.h>
#include <stddef.h>

/* Pieces of every size keep what was written to them, apart from one another and aligned. */
static void test_pieces(void)
{
    g_autoptr(Arena) arena = arena_new();
    g_autoptr(GPtrArray) pieces = g_ptr_array_new();
    for (size_t size = 0; size < 700; size++) {
        unsigned char *piece = arena_alloc(arena, size);
        g_assert_cmpuint((uintptr_t)piece % alignof(max_align_t), ==, 0);
        for (size_t i = 0; i < size; i++) {
            g_assert_cmpuint(piece[i], ==, 0);
        }
        memset(piece, (int)(size & 0xff), size);
        g_ptr_array_add(pieces, piece);
    }
    for (size_t size = 0; size < pieces->len; size++) {
        const unsigned char *piece = g_ptr_array_index(pieces, size);
        for (size_t i = 0; i < size; i++) {
            g_assert_cmpuint(piece[i], ==, size & 0xff);
        }
    }
}

/* A piece that is larger than a block gets room, and small ones go on. */
static void test_large(void)
{
    g_autoptr(Arena) arena = arena_new();
    g_autofree char *text = g_strnfill(100000, 'x');
    char *small = arena_copy(arena, "abc", 2);
    char *large = arena_copy(arena, text, 100000);
    char *after = arena_copy(arena, "", 0);
    g_assert_cmpstr(small, ==, "ab");
    g_assert_cmpstr(large, ==, text);
    g_assert_cmpstr(after, ==, "");
    arena_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/arena/pieces", test_pieces);
    g_test_add_func("/base/arena/large", test_large);
    return g_test_run();
}
