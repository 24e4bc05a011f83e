#include "support/test-office.h"

#include "office/key.h"
#include "office/verify.h"

#define SEED 7

/* Return where the office of @place is to be made: a folder, or the server's schema. */
static char *location_of(const TestPlace *place)
{
    if (place->dialect == STORE_SQLITE) {
        return g_build_filename(place->folder, "office", NULL);
    }
    g_autofree char *files = g_build_filename(place->folder, "files", NULL);
    g_autofree char *escaped = g_uri_escape_string(files, NULL, false);
    return g_strdup_printf("%s%sfiles=%s", place->location,
                           strchr(place->location, '?') != NULL ? "&" : "?", escaped);
}

static GPtrArray *make_pack(const char *const *pairs)
{
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        g_ptr_array_add(files, schema_file_new(pairs[i], pairs[i + 1]));
    }
    return files;
}

static void open_it(TestOffice *fixture)
{
    g_autoptr(GError) error = NULL;
    fixture->office = office_open(fixture->location, OFFICE_WRITE, fixture->source, &error);
    g_assert_no_error(error);
    fixture->console = rights_subject_os(fixture->office, "test", &error);
    g_assert_no_error(error);
    fixture->act = (LogAct){.actor = fixture->console->actor};
}

static void close_it(TestOffice *fixture)
{
    rights_subject_free(fixture->console);
    office_close(fixture->office);
}

void test_office_open(TestOffice *fixture, const TestPlace *place, const char *const *pack)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
    g_autoptr(GPtrArray) files = pack != NULL ? make_pack(pack) : NULL;
    g_setenv("SHUZHI_KEYS", keys, true);
    fixture->location = location_of(place);
    fixture->source = source_new_seeded(SEED, TEST_OFFICE_NOW_US);
    const OfficePlan plan = {
        .name = "测试办公室", .pack = files, .seed = SEED, .now_us = TEST_OFFICE_NOW_US};
    const LogAct act = {.actor = "os:test", .at_us = TEST_OFFICE_NOW_US};
    office_create(fixture->location, &plan, &act, &error);
    g_assert_no_error(error);
    open_it(fixture);
}

void test_office_close(TestOffice *fixture)
{
    close_it(fixture);
    source_free(fixture->source);
    g_free(fixture->location);
}

void test_office_reopen(TestOffice *fixture)
{
    close_it(fixture);
    open_it(fixture);
}

void test_office_wait(TestOffice *fixture, int64_t us)
{
    source_set_now_us(fixture->source, source_now_us(fixture->source) + us);
}

void test_office_expect_found(TestOffice *fixture, const char *sql, const char *words)
{
    Store *store = office_store(fixture->office);
    g_autoptr(GError) error = NULL;
    g_autofree char *script = g_strconcat(sql, ";\n", NULL);
    test_store_script(store, script);
    g_autofree char *origin = office_key_origin(office_id(fixture->office));
    g_autoptr(LogReport) report = log_report_new();
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    log_verify(store, reader, origin, office_public_key(fixture->office), NULL, report, &error);
    g_assert_no_error(error);
    office_verify(reader, report, &error);
    g_assert_no_error(error);
    bool is_found = words == NULL && report->verdict <= LOG_ASSERTED;
    for (guint i = 0; i < report->findings->len; i++) {
        const LogFinding *finding = g_ptr_array_index(report->findings, i);
        is_found = is_found || (words != NULL && strstr(finding->said->message, words) != NULL);
        g_test_message("%s", finding->said->message);
    }
    g_assert_true(is_found);
}
