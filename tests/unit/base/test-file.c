#include "base/file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <seccomp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
    file_remove_folder(place->folder);
    g_assert_false(g_file_test(place->folder, G_FILE_TEST_EXISTS));
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

/* Put a new file that says "new" in the place of @path. */
static bool put_new(const char *path, FileOld old, GError **error)
{
    g_autofree char *temporary = NULL;
    int fd = file_open_temporary(path, 0600, &temporary, error);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, "new", 3), ==, 3);
    bool is_ok = file_put_in_place(fd, temporary, path, old, error);
    g_assert_cmpint(close(fd), ==, 0);
    g_assert_true(is_ok || g_unlink(temporary) == 0);
    return is_ok;
}

static void keep_what_is_there(const Place *place)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(put_new(place->path, FILE_KEEP_OLD, &error));
    g_assert_true(file_write(place->path, "old", 3, 0600, &error));
    g_assert_false(put_new(place->path, FILE_KEEP_OLD, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
    g_clear_error(&error);
    g_autofree char *text = file_read(place->path, 10, NULL, &error);
    g_assert_cmpstr(text, ==, "old");
    g_assert_true(put_new(place->path, FILE_REPLACE_OLD, &error));
    g_assert_cmpint(count_files(place->folder), ==, 1);
}

static void test_keeps_what_is_there(Place *place, gconstpointer unused)
{
    keep_what_is_there(place);
}

/* In a process that lacks what @call does. */
static void without(Place *place, const char *call, int number)
{
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        int id = seccomp_syscall_resolve_name(call);
        g_assert_cmpint(seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)number), id, 0), ==, 0);
        g_assert_cmpint(seccomp_load(filter), ==, 0);
        keep_what_is_there(place);
        _exit(0);
    }
    int status = -1;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(g_unlink(place->path), ==, 0);
}

static void test_file_systems_that_cannot(Place *place, gconstpointer unused)
{
    without(place, "link", EPERM);       /* vfat, exFAT */
    without(place, "linkat", EPERM);     /* where C's link() is that */
    without(place, "renameat2", EINVAL); /* NFS */
    g_autoptr(GError) error = NULL;
    file_sync_folder("/proc", &error); /* has no fsync, like a folder of SMB */
    g_assert_no_error(error);
}

static void test_folder_in_place(Place *place, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *temporary = NULL;
    g_autofree char *deep = g_build_filename(place->path, "b", "c", NULL);
    g_assert_cmpint(file_make_temporary_folder(deep, 0700, &temporary, &error), ==, -1);
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND)); /* the folder that it is to lie in */
    g_clear_error(&error);
    g_autofree char *parent = g_path_get_dirname(deep);
    g_assert_true(file_make_folder(parent, 0700, NULL));
    int fd = file_make_temporary_folder(deep, 0700, &temporary, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(temporary, deep));
    g_autofree char *inside = g_build_filename(temporary, "d", NULL);
    g_assert_true(file_write(inside, "x", 1, 0600, &error));
    g_assert_true(file_put_in_place(fd, temporary, deep, FILE_KEEP_OLD, &error));
    g_assert_cmpint(close(fd), ==, 0);
    g_free(g_steal_pointer(&temporary));
    fd = file_make_temporary_folder(deep, 0700, &temporary, &error);
    g_assert_false(file_put_in_place(fd, temporary, deep, FILE_KEEP_OLD, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
    g_clear_error(&error);
    g_assert_false(file_put_in_place(fd, temporary, deep, FILE_REPLACE_OLD, &error));
    g_assert_nonnull(error); /* it is not empty */
    g_assert_cmpint(close(fd), ==, 0);
    g_assert_cmpint(count_files(deep), ==, 1);
}

static void test_removing_follows_no_link(Place *place, gconstpointer unused)
{
    g_autofree char *kept = g_build_filename(place->folder, "kept", NULL);
    g_autofree char *file = g_build_filename(kept, "x", NULL);
    g_autofree char *link = g_build_filename(place->path, "link", NULL);
    g_assert_true(file_make_folder(kept, 0700, NULL) && file_write(file, "x", 1, 0600, NULL));
    g_assert_true(file_make_folder(place->path, 0700, NULL));
    g_assert_cmpint(symlink(kept, link), ==, 0);
    file_remove_folder(place->path);
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    g_assert_cmpint(symlink(kept, place->path), ==, 0);
    file_remove_folder(place->path);
    g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
}

static void test_link_and_pipe_stay(Place *place, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *target = g_build_filename(place->folder, "target", NULL);
    g_assert_true(file_write(target, "old", 3, 0600, &error));
    g_assert_cmpint(symlink("target", place->path), ==, 0);
    g_assert_true(file_write(place->path, "new", 3, 0600, &error));
    g_autofree char *text = file_read(target, 10, NULL, &error);
    g_assert_cmpstr(text, ==, "new");
    g_assert_true(g_file_test(place->path, G_FILE_TEST_IS_SYMLINK));
    g_autofree char *pipe = g_build_filename(place->folder, "pipe", NULL);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    int reader = open(pipe, O_RDONLY | O_NONBLOCK);
    g_assert_true(file_write(pipe, "new", 3, 0600, &error));
    char bytes[8];
    g_assert_cmpint(read(reader, bytes, sizeof bytes), ==, 3);
    g_assert_cmpint(close(reader), ==, 0);
    g_assert_cmpint(count_files(place->folder), ==, 3);
}

static void test_real_path(Place *place, gconstpointer unused)
{
    g_autofree char *real = realpath(place->folder, NULL);
    g_assert_cmpint(symlink(place->folder, place->path), ==, 0);
    g_autofree char *way = g_build_filename(place->path, "not", "there", NULL);
    g_autofree char *expected = g_build_filename(real, "not", "there", NULL);
    g_autofree char *found = file_real_path(way);
    g_assert_cmpstr(found, ==, expected);
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
    ADD("keeps-what-is-there", test_keeps_what_is_there);
    ADD("file-systems-that-cannot", test_file_systems_that_cannot);
    ADD("folder-in-place", test_folder_in_place);
    ADD("removing-follows-no-link", test_removing_follows_no_link);
    ADD("link-and-pipe-stay", test_link_and_pipe_stay);
    ADD("real-path", test_real_path);
    return g_test_run();
}
