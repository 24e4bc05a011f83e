#include "base/room.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void test_a_folder_is_there(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-room-XXXXXX", &error);
    g_assert_true(room_check(folder, &error));
    g_assert_no_error(error);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_false(room_check(folder, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
}

static void test_a_folder_may_be_written_to(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-room-XXXXXX", &error);
    g_assert_cmpint(g_chmod(folder, 0500), ==, 0);
    if (geteuid() == 0) {
        g_test_skip("root may write everywhere");
    } else {
        g_assert_false(room_check(folder, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_FORBIDDEN));
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/room/a-folder-is-there", test_a_folder_is_there);
    g_test_add_func("/base/room/a-folder-may-be-written-to", test_a_folder_may_be_written_to);
    return g_test_run();
}
