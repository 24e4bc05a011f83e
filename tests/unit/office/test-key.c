#include "office/key.h"

#include <glib/gstdio.h>

/* A home that is empty or relative would lay the key wherever the command was typed. */
static void test_home_is_absolute(void)
{
    static const char *const homes[] = {"", ".", "home", NULL};
    g_unsetenv("SHUZHI_KEYS");
    g_unsetenv("XDG_CONFIG_HOME");
    for (size_t i = 0; i < G_N_ELEMENTS(homes); i++) {
        if (homes[i] != NULL) {
            g_setenv("HOME", homes[i], true);
            g_setenv("XDG_CONFIG_HOME", homes[i], true);
        } else {
            g_unsetenv("HOME");
            g_unsetenv("XDG_CONFIG_HOME");
        }
        g_autofree char *path = office_key_path("0123456789abcdef");
        g_assert_true(g_path_is_absolute(path));
        g_assert_true(g_str_has_suffix(path, "/.config/shuzhi/keys/0123456789abcdef.key"));
    }
}

static void test_where(void)
{
    g_setenv("HOME", "/home/x", true);
    g_autofree char *of_home = office_key_path("id");
    g_assert_cmpstr(of_home, ==, "/home/x/.config/shuzhi/keys/id.key");
    g_setenv("XDG_CONFIG_HOME", "/etc/x", true);
    g_autofree char *of_config = office_key_path("id");
    g_assert_cmpstr(of_config, ==, "/etc/x/shuzhi/keys/id.key");
    g_setenv("SHUZHI_KEYS", "keys", true);
    g_autofree char *named = office_key_last_path("id");
    g_assert_cmpstr(named, ==, "keys/id.signed");
}

/* Where it can't be kept, it is said what can't and what to do. */
static void test_no_folder(void)
{
    g_setenv("SHUZHI_KEYS", "/dev/null/keys", true);
    g_autoptr(Source) source = source_new_seeded(1, 0);
    g_autoptr(GError) error = NULL;
    bool is_new = false;
    g_assert_null(office_key_make("0123456789abcdef", source, &is_new, &error));
    g_autofree char *text = error_to_text(error, "en");
    g_assert_true(g_str_has_prefix(text, "the signing key cannot be kept in '/dev/null/keys'; "
                                         "SHUZHI_KEYS may name another folder: "));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/key/home-is-absolute", test_home_is_absolute);
    g_test_add_func("/office/key/where", test_where);
    g_test_add_func("/office/key/no-folder", test_no_folder);
    return g_test_run();
}
