#include "base/file.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* A folder of its own for each test. */
typedef struct Place {
    char *folder;
    char *path; /* "a" in it, not there yet */
} Place;

static void set_up(Place *place, gconstpointer unused)
{
    place->folder = g_dir_make_tmp("shuzhi-file-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "a", NULL);
}

static void tear_down(Place *place, gconstpointer unused)
{
    g_autoptr(GDir) dir = g_dir_open(place->folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(place->folder, name, NULL);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(place->folder), ==, 0);
    g_free(place->folder);
    g_free(place->path);
}

static int count_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    int n_files = 0;
    while (g_dir_read_name(dir) != NULL) {
        n_files++;
    }
    return n_files;
}

static void test_write_then_read(Place *place, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(file_write(place->path, "a\0b", 3, 0600, &error));
    g_assert_true(file_write(place->path, "c\0de", 4, 0600, &error));
    g_assert_no_error(error);
    size_t length = 0;
    g_autofree char *text = file_read(place->path, 4, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(text, length + 1, "c\0de", 5);
    struct stat info;
    g_assert_cmpint(stat(place->path, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0600);
    g_assert_cmpint(count_files(place->folder), ==, 1);
}

static void test_read_refuses(Place *place, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(file_read(place->path, 10, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    g_clear_error(&error);
    g_assert_null(file_read(place->folder, 10, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_IO));
    g_clear_error(&error);
    g_assert_true(file_write(place->path, "12345", 5, 0600, NULL));
    size_t length = 77;
    g_assert_null(file_read(place->path, 4, &length, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
    g_assert_cmpuint(length, ==, 77);
}

static void test_failed_write_changes_nothing(Place *place, gconstpointer unused)
{
    g_autofree char *missing = g_build_filename(place->folder, "no", "such", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(file_write(missing, "x", 1, 0600, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    g_clear_error(&error);
    g_assert_cmpint(g_mkdir(place->path, 0700), ==, 0);
    g_assert_false(file_write(place->path, "x", 1, 0600, &error));
    g_assert_nonnull(error);
    g_assert_cmpint(count_files(place->folder), ==, 1); /* no temporary file is left behind */
}

static void test_hash_and_copy_agree(Place *place, gconstpointer unused)
{
    enum { SIZE = 200000 }; /* more than one chunk */
    g_autofree char *bytes = g_strnfill(SIZE, 'x');
    uint8_t expected[CRYPTO_HASH_SIZE], hash[CRYPTO_HASH_SIZE], copied[CRYPTO_HASH_SIZE];
    crypto_hash(bytes, SIZE, expected);
    g_autoptr(GError) error = NULL;
    g_assert_true(file_write(place->path, bytes, SIZE, 0600, &error));
    g_autofree char *to = g_build_filename(place->folder, "b", NULL);
    g_assert_true(file_copy(place->path, to, 0600, copied, &error));
    int64_t size = 0;
    g_assert_true(file_hash(to, hash, &size, &error));
    g_assert_no_error(error);
    g_assert_cmpint(size, ==, SIZE);
    g_assert_cmpmem(hash, sizeof hash, expected, sizeof expected);
    g_assert_cmpmem(copied, sizeof copied, expected, sizeof expected);
}

static void test_copy_of_nothing(Place *place, gconstpointer unused)
{
    g_autofree char *to = g_build_filename(place->folder, "b", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(file_copy(place->path, to, 0600, NULL, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
    g_assert_cmpint(count_files(place->folder), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, f) g_test_add("/base/file/" name, Place, NULL, set_up, f, tear_down)
    ADD("write-then-read", test_write_then_read);
    ADD("read-refuses", test_read_refuses);
    ADD("failed-write-changes-nothing", test_failed_write_changes_nothing);
    ADD("hash-and-copy-agree", test_hash_and_copy_agree);
    ADD("copy-of-nothing", test_copy_of_nothing);
    return g_test_run();
}
