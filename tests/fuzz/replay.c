/* The main() of a fuzz target where there is no libFuzzer: feed it each file of a corpus folder,
 * then damaged copies of it: cut short, and with one byte replaced.  The damage is the same in
 * every run.
 *
 * TAP, one test a file.  A target has no answer to check: it passes by not crashing under the
 * sanitizers. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MAX_VARIATIONS 256 /* of each kind, for one file */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Run the target on a copy of exactly @length bytes, so that reading past the end is seen. */
static void feed(const char *bytes, size_t length)
{
    g_autofree uint8_t *copy = g_malloc(length > 0 ? length : 1);
    memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
}

static void feed_damaged(char *bytes, size_t length)
{
    static const char hostile[] = {'\0', '\n', '"', '-', '\x7f', '\x80', '\xff'};
    size_t stride = length / MAX_VARIATIONS + 1;
    for (size_t at = 0; at < length; at += stride) {
        feed(bytes, at);
        char original = bytes[at];
        bytes[at] = hostile[at / stride % sizeof hostile];
        feed(bytes, length);
        bytes[at] = (char)(original ^ (1 << at % 8));
        feed(bytes, length);
        bytes[at] = original;
    }
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *list_files(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    if (dir == NULL) {
        g_error("%s", error->message);
    }
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(paths, compare_names);
    return paths;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        g_printerr("usage: replay-NAME FOLDER\n");
        return 2;
    }
    g_autoptr(GPtrArray) paths = list_files(argv[1]);
    printf("1..%u\n", paths->len);
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *bytes = NULL;
        gsize length = 0;
        g_autofree char *name = g_path_get_basename(path);
        printf("# %s\n", name);
        fflush(stdout);
        if (g_file_get_contents(path, &bytes, &length, NULL)) {
            feed(bytes, length);
            feed_damaged(bytes, length);
        }
        printf("%s %u %s\n", bytes != NULL ? "ok" : "not ok", i + 1, name);
    }
    return 0;
}
