#include "office/mark.h"

#include "support/test-office.h"

static OfficePlace *place_with(const char *files)
{
    g_autofree char *address = g_strconcat("postgres://db/gov?files=", files, NULL);
    OfficePlace *place = office_place_parse(address, NULL);
    g_assert_nonnull(place);
    return place;
}

static void test_folder_is_of_one_office(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *root = g_dir_make_tmp("shuzhi-mark-XXXXXX", NULL);
    g_autoptr(OfficePlace) place = place_with(root);
    g_assert_true(office_mark_check(place, "0123456789abcdef", &error)); /* nothing says */
    g_assert_true(office_mark_keep(place, "0123456789abcdef", &error));
    g_assert_true(office_mark_keep(place, "0123456789abcdef", &error));
    g_assert_true(office_mark_check(place, "0123456789abcdef", &error));
    g_assert_no_error(error);
    g_assert_false(office_mark_keep(place, "00000000000000ff", &error));
    test_assert_error(error, CONFLICT, root);
    g_clear_error(&error);
    g_assert_false(office_mark_check(place, "00000000000000ff", &error));
    test_assert_error(error, CONFLICT, root);
    test_remove_folder(root);
}

static void test_missing_folder_stays_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficePlace) place = place_with("/nowhere/files");
    g_assert_true(office_mark_keep(place, "0123456789abcdef", &error));
    g_assert_no_error(error);
}

/* Return where an office of the schema of @place has its files in @files. */
static char *address(const TestPlace *place, const char *files)
{
    const char *separator = strchr(place->location, '?') != NULL ? "&" : "?";
    return g_strconcat(place->location, separator, "files=", files, NULL);
}

static void test_two_offices_with_one_folder(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TestPlace) second = test_place_new(STORE_POSTGRES);
    TestOffice first;
    test_office_open(&first, place, NULL);
    const OfficePlan plan = {.seed = 8, .now_us = TEST_OFFICE_NOW_US};
    g_autofree char *shared = address(second, office_files_path(first.office));
    g_assert_false(office_create(shared, &plan, &first.act, &error));
    test_assert_error(error, EXISTS, "not empty");
    g_clear_error(&error);
    g_autofree char *files = g_build_filename(second->folder, "files", NULL);
    g_autofree char *own = address(second, files);
    g_assert_true(office_create(own, &plan, &first.act, &error));
    g_assert_no_error(error);
    static const OfficeMode modes[] = {OFFICE_READ, OFFICE_WRITE};
    for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_null(office_open(shared, modes[i], NULL, &error));
        test_assert_error(error, CONFLICT, "another office");
        g_clear_error(&error);
    }
    office_close(office_open(own, OFFICE_WRITE, NULL, &error));
    g_assert_no_error(error);
    test_office_close(&first);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/mark/folder-is-of-one-office", test_folder_is_of_one_office);
    g_test_add_func("/office/mark/missing-folder-stays-missing", test_missing_folder_stays_missing);
    test_store_on(STORE_POSTGRES, "/office/mark/two-offices-with-one-folder",
                  test_two_offices_with_one_folder);
    return g_test_run();
}
