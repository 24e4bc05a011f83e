#include "office/place.h"

#include "support/test-store.h"

static void test_folder(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficePlace) place = office_place_parse("/srv/示范县", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(place->folder, ==, "/srv/示范县");
    g_assert_cmpstr(place->store, ==, "/srv/示范县/office.db");
    g_assert_cmpstr(place->files, ==, "/srv/示范县/files");
    g_assert_cmpstr(place->display, ==, "/srv/示范县");
}

static void test_server_strips_files(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficePlace) place = office_place_parse(
        "postgres://zhang:geheim@db:5432/gov?files=/srv/%E6%96%87&schema=a1&sslmode=verify-full",
        &error);
    g_assert_no_error(error);
    g_assert_null(place->folder);
    g_assert_cmpstr(place->store, ==,
                    "postgres://zhang:geheim@db:5432/gov?schema=a1&sslmode=verify-full");
    g_assert_cmpstr(place->files, ==, "/srv/文");
}

static void test_display_hides_password(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficePlace) place =
        office_place_parse("postgresql://zhang:ge%40heim@db/gov?files=/srv/f", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(place->display, ==, "postgres://db/gov?schema=office");
    g_assert_cmpstr(place->store, ==, "postgresql://zhang:ge%40heim@db/gov");
}

static void test_word_is_for_a_shell(void)
{
    static const char *const cases[][2] = {
        {"./office", "./office"},
        {"/srv/局", "/srv/局"},
        {"my office", "'my office'"},
        {"a&b", "'a&b'"},
        {"postgres://db/gov?schema=a&files=/srv/f&host=/run",
         "'postgres://db/gov?schema=a&files=/srv/f&host=/run'"},
        {"postgres://zhang:geheim@db/gov", "'postgres://zhang:PASSWORD@db/gov'"},
        {"postgres://db/gov?password=geheim&schema=a",
         "'postgres://db/gov?password=PASSWORD&schema=a'"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *word = office_place_word(cases[i][0]);
        g_assert_cmpstr(word, ==, cases[i][1]);
    }
}

static void test_server_default_files(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficePlace) place = office_place_parse("postgres://db/gov?schema=b", &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_suffix(place->files, "/shuzhi/files/b"));
}

static void test_bad_locations(void)
{
    static const char *const bad[] = {
        "",
        "postgres://db/gov?schema=Gov",
        "postgres://db/gov?schema=",
        "postgres://db/gov?files=%zz",
        "postgres://db/gov?schema=pg_office",
        "postgres://db/gov?schema=a%ff", /* its sentence was no UTF-8 */
        "postgres://db/gov?files=/a%e4%b8",
        "postgres://db/gov?files=rel",
        "postgres://db/gov?schema=a&schema=b",
        "postgres://db/gov?files=/a&schema=b&files=/c",
        "postgres://db/gov?schema=a1234567890123456789012345678901234567890123456789",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(office_place_parse(bad[i], &error));
        test_assert_error(error, INVALID, NULL);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
}

static void make_file(const char *root, const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(root, folder, NULL);
    g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_assert_true(g_file_set_contents(file, "", 0, NULL));
}

static void test_list(void)
{
    g_autofree char *root = g_dir_make_tmp("shuzhi-place-XXXXXX", NULL);
    g_assert_null(office_place_list(root));
    g_assert_null(office_place_list("/nowhere"));
    g_assert_null(office_place_list("postgres://localhost/"));
    make_file(root, "局", "office.db");
    make_file(root, "a b", "office.db");
    make_file(root, "copy", "office.db");
    make_file(root, "copy", "backup.json");
    make_file(root, ".hidden", "office.db");
    make_file(root, "other", "notes.txt");
    make_file(root, "", "notes.txt");
    g_autoptr(GPtrArray) names = office_place_list(root);
    g_assert_cmpuint(names->len, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(names, 0), ==, "a b");
    g_assert_cmpstr(g_ptr_array_index(names, 1), ==, "局");
    make_file(root, "", "office.db");
    g_assert_null(office_place_list(root));
    test_remove_folder(root);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/place/folder", test_folder);
    g_test_add_func("/office/place/server-strips-files", test_server_strips_files);
    g_test_add_func("/office/place/display-hides-password", test_display_hides_password);
    g_test_add_func("/office/place/word-is-for-a-shell", test_word_is_for_a_shell);
    g_test_add_func("/office/place/server-default-files", test_server_default_files);
    g_test_add_func("/office/place/list", test_list);
    g_test_add_func("/office/place/bad-locations", test_bad_locations);
    return g_test_run();
}
