#include "office/backup.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "support/test-office.h"

/* An office that is to be backed up, and where to. */
typedef struct Fixture {
    TestOffice office;
    char *folder; /* of this test */
    char *backup;
    char *restored;
} Fixture;

static void set_up(Fixture *fixture, const TestPlace *place)
{
    test_office_open(&fixture->office, place, NULL);
    fixture->folder = g_dir_make_tmp("shuzhi-backup-XXXXXX", NULL);
    fixture->backup = g_build_filename(fixture->folder, "backup", NULL);
    fixture->restored = g_build_filename(fixture->folder, "restored", NULL);
}

static void tear_down(Fixture *fixture)
{
    test_office_close(&fixture->office);
    test_remove_folder(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture->backup);
    g_free(fixture->restored);
}

/* Put @text among the evidence of the office; returns its path. */
static char *keep_file(Fixture *fixture, const char *text)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash(text, strlen(text), hash);
    g_autofree char *digits = text_to_hex(hash, sizeof hash);
    g_autofree char *prefix = g_strndup(digits, 2);
    g_autofree char *folder =
        g_build_filename(office_files_path(fixture->office.office), prefix, NULL);
    char *path = g_build_filename(folder, digits + 2, NULL);
    g_assert_true(file_make_folder(folder, 0750, NULL));
    g_assert_true(file_write(path, text, strlen(text), 0640, NULL));
    return path;
}

static OfficeBackup *make(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    OfficeBackup *backup = office_backup_make(fixture->office.office, fixture->backup, &error);
    g_assert_no_error(error);
    return backup;
}

/* Return how many things are in @folder. */
static int count(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    int n = 0;
    while (g_dir_read_name(dir) != NULL) {
        n++;
    }
    return n;
}

/* Check that restoring fails with @code and leaves nothing. */
static void cannot_restore(Fixture *fixture, ErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;
    int n_before = count(fixture->folder);
    g_autoptr(OfficeBackup) backup =
        office_backup_restore(fixture->backup, fixture->restored, &error);
    g_assert_null(backup);
    g_assert_true(error_is(error, code));
    g_assert_nonnull(strstr(error->message, words));
    g_assert_false(g_file_test(fixture->restored, G_FILE_TEST_EXISTS));
    g_assert_cmpint(count(fixture->folder), ==, n_before);
}

static void test_comes_back_whole(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autofree char *path = keep_file(&fixture, "照片");
    g_autoptr(OfficeBackup) made = make(&fixture);
    g_assert_cmpint(made->n_files, ==, 1);
    g_assert_cmpint(made->n_events, >, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficeBackup) restored =
        office_backup_restore(fixture.backup, fixture.restored, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(restored->root, sizeof restored->root, made->root, sizeof made->root);
    g_assert_cmpstr(restored->office_id, ==, office_id(fixture.office.office));
    g_autoptr(Office) office = office_open(fixture.restored, OFFICE_WRITE, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(office_name(office), ==, office_name(fixture.office.office));
    g_autofree char *copy = g_build_filename(fixture.restored, "files",
                                             strstr(path, "files/") + strlen("files/"), NULL);
    g_assert_true(g_file_test(copy, G_FILE_TEST_EXISTS));
    tear_down(&fixture);
}

static void test_takes_no_place_that_is_taken(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autoptr(OfficeBackup) made = make(&fixture);
    g_autoptr(GError) error = NULL;
    g_assert_null(office_backup_make(fixture.office.office, fixture.backup, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
    g_clear_error(&error);
    g_assert_null(office_backup_restore(fixture.backup, fixture.folder, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_EXISTS));
    g_clear_error(&error);
    g_assert_cmpint(g_mkdir(fixture.restored, 0700), ==, 0);
    g_autoptr(OfficeBackup) restored =
        office_backup_restore(fixture.backup, fixture.restored, &error);
    g_assert_no_error(error); /* an empty folder is free */
    tear_down(&fixture);
}

static void test_damaged_evidence_is_not_backed_up(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autofree char *path = keep_file(&fixture, "照片");
    g_assert_true(file_write(path, "别的", strlen("别的"), 0640, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(office_backup_make(fixture.office.office, fixture.backup, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_CORRUPT));
    g_assert_false(g_file_test(fixture.backup, G_FILE_TEST_EXISTS));
    tear_down(&fixture);
}

static void test_missing_evidence_is_not_backed_up(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    test_store_script(office_store(fixture.office.office),
                      "INSERT INTO evidence (id, sha256, name, size, added)"
                      " VALUES (1, 'abcdef', '照片.jpg', 1, 1)");
    g_autoptr(GError) error = NULL;
    g_assert_null(office_backup_make(fixture.office.office, fixture.backup, &error));
    test_assert_error(error, CORRUPT, "照片.jpg");
    g_assert_false(g_file_test(fixture.backup, G_FILE_TEST_EXISTS));
    tear_down(&fixture);
}

/* Overwrite a byte in the middle of @path. */
static void damage(const char *path)
{
    size_t length = 0;
    g_autofree char *bytes = file_read(path, (size_t)64 << 20, &length, NULL);
    g_assert_nonnull(bytes);
    bytes[length / 2] ^= 1;
    g_assert_true(file_write(path, bytes, length, 0640, NULL));
}

static void test_damage_is_found(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autofree char *path = keep_file(&fixture, "照片");
    cannot_restore(&fixture, SHUZHI_ERROR_NOT_FOUND, "no backup");
    g_autoptr(OfficeBackup) made = make(&fixture);
    g_autofree char *database = g_build_filename(fixture.backup, "office.db", NULL);
    g_autofree char *manifest = g_build_filename(fixture.backup, "backup.json", NULL);
    g_autofree char *file =
        g_build_filename(fixture.backup, "files", strstr(path, "files/") + strlen("files/"), NULL);
    damage(database);
    cannot_restore(&fixture, SHUZHI_ERROR_CORRUPT, "office.db");
    damage(database); /* and so it is whole again */
    damage(file);
    cannot_restore(&fixture, SHUZHI_ERROR_CORRUPT, "damaged");
    g_assert_cmpint(g_unlink(file), ==, 0);
    cannot_restore(&fixture, SHUZHI_ERROR_CORRUPT, "should have 1 file of evidence");
    g_assert_true(file_write(manifest, "{}", 2, 0640, NULL));
    cannot_restore(&fixture, SHUZHI_ERROR_CORRUPT, "backup.json");
    const char *newer = "{\"format\":2}";
    g_assert_true(file_write(manifest, newer, strlen(newer), 0640, NULL));
    cannot_restore(&fixture, SHUZHI_ERROR_VERSION, "newer");
    tear_down(&fixture);
}

/* Make the folder @place.part with a file of somebody's in it; returns the file's path. */
static char *put_beside(const char *place)
{
    g_autofree char *folder = g_strconcat(place, ".part", NULL);
    char *file = g_build_filename(folder, "thesis.txt", NULL);
    g_assert_true(file_make_folder(folder, 0700, NULL) && file_write(file, "x", 1, 0600, NULL));
    return file;
}

static void test_leaves_alone_what_is_beside(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autofree char *at_backup = put_beside(fixture.backup);
    g_autofree char *at_restored = put_beside(fixture.restored);
    g_autoptr(OfficeBackup) made = make(&fixture);
    g_autoptr(GError) error = NULL;
    g_autoptr(OfficeBackup) restored =
        office_backup_restore(fixture.backup, fixture.restored, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_test(at_backup, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(at_restored, G_FILE_TEST_EXISTS));
    g_assert_cmpint(count(fixture.folder), ==, 4);
    tear_down(&fixture);
}

static void test_not_inside_the_office(const TestPlace *place)
{
    static const char *const places[] = {"bk", "files/b", "link/bk"};
    Fixture fixture;
    set_up(&fixture, place);
    const char *folder = office_folder(fixture.office.office);
    g_autofree char *link = g_build_filename(fixture.folder, "link", NULL);
    g_assert_cmpint(symlink(folder, link), ==, 0);
    int n_before = count(folder);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *root = g_str_has_prefix(places[i], "link") ? fixture.folder : folder;
        g_autofree char *path = g_build_filename(root, places[i], NULL);
        g_autoptr(GError) error = NULL;
        g_assert_null(office_backup_make(fixture.office.office, path, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_nonnull(strstr(error->message, "lost with it"));
    }
    g_assert_cmpint(count(folder), ==, n_before);
    tear_down(&fixture);
}

/* Replace @old by @new in the manifest of the backup, and see that this is found. */
static void cannot_say(Fixture *fixture, const char *old, const char *new, const char *words)
{
    g_autofree char *manifest = g_build_filename(fixture->backup, "backup.json", NULL);
    g_autofree char *text = file_read(manifest, 10000, NULL, NULL);
    g_auto(GStrv) halves = g_strsplit(text, old, 2);
    g_assert_nonnull(halves[1]);
    g_autofree char *forged = g_strconcat(halves[0], new, halves[1], NULL);
    g_assert_true(file_write(manifest, forged, strlen(forged), 0600, NULL));
    cannot_restore(fixture, SHUZHI_ERROR_CORRUPT, words);
    g_assert_true(file_write(manifest, text, strlen(text), 0600, NULL));
}

static void test_manifest_is_not_believed(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autoptr(OfficeBackup) made = make(&fixture);
    cannot_say(&fixture, made->office_id, "../../etc", "another office");
    cannot_say(&fixture, made->office_id, "0123456789abcdef", "another office");
    cannot_say(&fixture, made->name, "\\u001b[31mred", "another office");
    cannot_say(&fixture, "\"at\":", "\"at\":-", "cannot be read");
    cannot_say(&fixture, "\"at\":", "\"at\":99999", "cannot be read");
    tear_down(&fixture);
}

static void test_postgres_has_its_own_tools(const TestPlace *place)
{
    Fixture fixture;
    set_up(&fixture, place);
    g_autoptr(GError) error = NULL;
    g_assert_null(office_backup_make(fixture.office.office, fixture.backup, &error));
    test_assert_error(error, INVALID, "pg_dump --schema=");
    test_assert_error(error, INVALID, office_files_path(fixture.office.office));
    g_assert_false(g_file_test(fixture.backup, G_FILE_TEST_EXISTS));
    tear_down(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_on(STORE_SQLITE, "/office/backup/comes-back-whole", test_comes_back_whole);
    test_store_on(STORE_SQLITE, "/office/backup/takes-no-place-that-is-taken",
                  test_takes_no_place_that_is_taken);
    test_store_on(STORE_SQLITE, "/office/backup/damaged-evidence-is-not-backed-up",
                  test_damaged_evidence_is_not_backed_up);
    test_store_on(STORE_SQLITE, "/office/backup/missing-evidence-is-not-backed-up",
                  test_missing_evidence_is_not_backed_up);
    test_store_on(STORE_SQLITE, "/office/backup/damage-is-found", test_damage_is_found);
    test_store_on(STORE_SQLITE, "/office/backup/leaves-alone-what-is-beside",
                  test_leaves_alone_what_is_beside);
    test_store_on(STORE_SQLITE, "/office/backup/not-inside-the-office", test_not_inside_the_office);
    test_store_on(STORE_SQLITE, "/office/backup/manifest-is-not-believed",
                  test_manifest_is_not_believed);
    test_store_on(STORE_POSTGRES, "/office/backup/postgres-has-its-own-tools",
                  test_postgres_has_its_own_tools);
    return g_test_run();
}
