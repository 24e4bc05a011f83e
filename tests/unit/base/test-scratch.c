#include "base/scratch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "support/test-store.h"

static void make_file(Scratch *scratch)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    int fd = scratch_file(scratch, "upload", &path, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(path, scratch_path(scratch)));
    g_assert_cmpint(write(fd, "1", 1), ==, 1);
    close(fd);
}

static void test_goes_with_what_is_in_it(void)
{
    g_autoptr(Scratch) scratch = scratch_open(0, NULL);
    g_autofree char *path = g_strdup(scratch_path(scratch));
    struct stat status;
    make_file(scratch);
    g_assert_cmpint(g_lstat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0700);
    scratch_close(g_steal_pointer(&scratch));
    g_assert_cmpint(g_lstat(path, &status), ==, -1);
}

/* A cleaner of temporary files takes what is old, also while we live. */
static void test_is_made_anew(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scratch) scratch = scratch_open(0, NULL);
    file_remove_folder(scratch_path(scratch));
    make_file(scratch);
    file_remove_folder(scratch_path(scratch));
    g_autofree char *place = scratch_place(scratch, "a", &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_mkdir(place, 0700), ==, 0);
    g_autoptr(Scratch) other = scratch_open(0, NULL); /* it is locked anew as well */
    g_assert_true(g_file_test(place, G_FILE_TEST_IS_DIR));
}

/* What another put in its place is not taken for ours. */
static void test_not_another_s(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scratch) scratch = scratch_open(0, NULL);
    g_autofree char *aside = g_strconcat(scratch_path(scratch), ".aside", NULL);
    g_autofree char *path = NULL;
    g_assert_cmpint(g_rename(scratch_path(scratch), aside), ==, 0);
    g_assert_cmpint(symlink(aside, scratch_path(scratch)), ==, 0);
    g_assert_cmpint(scratch_file(scratch, "upload", &path, &error), ==, -1);
    test_assert_error(error, IO, "exists already");
    g_assert_cmpint(unlink(scratch_path(scratch)), ==, 0);
    file_remove_folder(aside);
}

/* Of two servers one is killed: the next to start removes what that one left. */
static void test_the_dead_are_cleared(void)
{
    g_autoptr(Scratch) living = scratch_open(0, NULL);
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        Scratch *own = scratch_open(0, NULL);
        make_file(own);
        ssize_t n = write(ends[1], scratch_path(own), strlen(scratch_path(own)));
        (void)n;
        pause();
    }
    char path[4096] = "";
    g_assert_cmpint(read(ends[0], path, sizeof path - 1), >, 0);
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_DIR));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    make_file(living);
    g_autoptr(Scratch) next = scratch_open(0, NULL);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(scratch_path(living), G_FILE_TEST_IS_DIR));
    close(ends[0]);
    close(ends[1]);
}

static void test_room_is_left(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scratch) scratch = scratch_open(G_MAXINT64, NULL);
    g_autofree char *path = NULL;
    g_assert_cmpint(scratch_file(scratch, "upload", &path, &error), ==, -1);
    test_assert_error(error, FULL, "no room");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/scratch/goes-with-what-is-in-it", test_goes_with_what_is_in_it);
    g_test_add_func("/base/scratch/is-made-anew", test_is_made_anew);
    g_test_add_func("/base/scratch/not-another-s", test_not_another_s);
    g_test_add_func("/base/scratch/the-dead-are-cleared", test_the_dead_are_cleared);
    g_test_add_func("/base/scratch/room-is-left", test_room_is_left);
    return g_test_run();
}
