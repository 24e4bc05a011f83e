/* A whole pack in one text, for tests: "== PATH" on a line of its own begins the file PATH.
 *
 * tests/pack/bad/ holds such texts, each with what is to be said of it in a last part, "==
 * expected"; those of tests/pack/good/ load.  The fuzz target `pack` reads the same form. */
#pragma once

#include "schema/schema.h"

#define PACK_MARK "== "

static void pack_free_file(gpointer file)
{
    schema_file_free(file);
}

/* Split @text into its files (of SchemaFile); what stands before the first mark is left out.
 *
 * *@ret_expected is the text of the part "expected", NULL without one; the caller owns both. */
static GPtrArray *pack_split(const char *text, char **ret_expected)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(pack_free_file);
    const char *at = g_str_has_prefix(text, PACK_MARK) ? text : strstr(text, "\n" PACK_MARK);
    *ret_expected = NULL;
    while (at != NULL) {
        at += strspn(at, "\n") + strlen(PACK_MARK);
        size_t n_path = strcspn(at, "\n");
        g_autofree char *path = g_strndup(at, n_path);
        const char *body = at + n_path + (at[n_path] == '\n' ? 1 : 0);
        bool is_empty = g_str_has_prefix(body, PACK_MARK);
        const char *next = is_empty ? body - 1 : strstr(body, "\n" PACK_MARK);
        size_t n_body = next == NULL ? strlen(body) : is_empty ? 0 : (size_t)(next + 1 - body);
        g_autofree char *part = g_strndup(body, n_body);
        if (g_str_equal(path, "expected")) {
            g_free(*ret_expected);
            *ret_expected = g_steal_pointer(&part);
        } else {
            g_ptr_array_add(files, schema_file_new(path, part));
        }
        at = next;
    }
    return files;
}
