/* Taking an import back: who may, and what is left of its entries. */
#include "base/file.h"
#include "ledger-fixture.h"
#include "ledger/evidence.h"
#include "ledger/import.h"
#include "ledger/verify.h"
#include "office/key.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

#define IN_BOOKS "SELECT count(*) FROM entry WHERE gone IS NULL"

/* Import @csv into the ledger of tasks; returns the batch. */
static int64_t import_rows(LedgerFixture *f, const TestPlace *place, const char *csv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(place->folder, "rows.csv", NULL);
    const LedgerImportHints hints = {.default_year = 2023};
    int64_t batch = 0;
    g_assert_true(file_write(path, csv, strlen(csv), 0600, &error));
    g_autoptr(LedgerImport) import = ledger_import_plan(f->office, f->task, path, &hints, &error);
    g_assert_no_error(error);
    g_assert_cmpint(import->n_bad, ==, 0);
    ledger_import_run(f->office, f->base.console, &f->base.act, import, false, NULL, NULL, &batch,
                      &error);
    g_assert_no_error(error);
    return batch;
}

/* Nothing brings them back: so it is asked of each of them, and where one is not the subject's
 * nothing is done to any. */
static void test_each_entry_is_asked_for(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t batch = import_rows(&f, place,
                                "标题,收到时间,承办单位\n"
                                "一,2023-11-13 09:00,甲科\n二,2023-11-13 09:00,甲科\n"
                                "三,2023-11-13 09:00,乙科\n");
    const struct {
        RightsRole role;
        int64_t unit;
    } refused[] = {{RIGHTS_HEAD, f.unit_a},       {RIGHTS_HEAD, f.unit_b},
                   {RIGHTS_CLERK, f.unit_a},      {RIGHTS_DISPATCHER, f.unit_a},
                   {RIGHTS_SUPERVISOR, f.unit_a}, {RIGHTS_AUDIT, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RightsSubject) subject =
            ledger_fixture_subject("account:7", refused[i].role, refused[i].unit);
        const LogAct act = {.actor = subject->actor};
        g_assert_false(ledger_import_undo(f.office, subject, &act, batch, false, &error));
        test_assert_error(error, FORBIDDEN, NULL);
        g_assert_cmpint(ledger_fixture_int(&f, IN_BOOKS), ==, 3);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) secretary =
        ledger_fixture_subject("account:8", RIGHTS_SECRETARY, f.unit_a);
    const LogAct act = {.actor = secretary->actor};
    ledger_import_undo(f.office, secretary, &act, batch, false, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, IN_BOOKS), ==, 0);
}

/* Who reaches each of them may. */
static void test_a_head_takes_back_the_own(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t batch = import_rows(&f, place, "标题,收到时间,承办单位\n一,2023-11-13 09:00,甲科\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) head = ledger_fixture_subject("account:7", RIGHTS_HEAD, f.unit_a);
    const LogAct act = {.actor = head->actor};
    ledger_import_undo(f.office, head, &act, batch, false, &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, IN_BOOKS), ==, 0);
}

/* ---- what is left ---------------------------------------------------------------------------- */

static LogReport *verify(LedgerFixture *f)
{
    g_autoptr(GError) error = NULL;
    LogReport *report = log_report_new();
    g_assert_true(office_sign(f->office, &error));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autofree char *origin = office_key_origin(office_id(f->office));
    g_assert_true(log_verify(office_store(f->office), NULL, origin, office_public_key(f->office),
                             NULL, report, &error));
    g_assert_true(ledger_verify(f->office, reader, report, &error));
    g_assert_no_error(error);
    return report;
}

/* Check that @sql, run behind the log's back, is found, and in what. */
static void check_named(LedgerFixture *f, const char *sql, const char *back, const char *words)
{
    ledger_fixture_tamper(f, sql);
    g_autoptr(LogReport) report = verify(f);
    g_assert_cmpint(report->verdict, ==, LOG_ALTERED);
    const LogFinding *finding = g_ptr_array_index(report->findings, 0);
    g_assert_cmpstr(finding->name, ==, "entry-value");
    g_assert_nonnull(strstr(finding->said->message, words));
    ledger_fixture_tamper(f, back);
    g_autoptr(LogReport) again = verify(f);
    g_assert_cmpint(again->n_findings, ==, 0);
}

/* The rows of an import that was taken back are what the event of it says, and no more than that:
 * their version and time were compared with nothing. */
static void test_rows_are_as_the_event_says(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t batch =
        import_rows(&f, place, "标题,收到时间\n一,2023-11-13 09:00\n二,2023-11-13 09:00\n");
    test_office_wait(&f.base, HOUR_US);
    g_autoptr(GError) error = NULL;
    ledger_import_undo(f.office, f.base.console, &f.base.act, batch, false, &error);
    g_assert_no_error(error);
    g_autoptr(LogReport) report = verify(&f);
    g_assert_cmpint(report->n_findings, ==, 0);
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM entry JOIN event ON event.at = entry.changed"
                               " AND event.kind = 'batch.change' AND event.object = entry.batch"
                               " WHERE gone = 'undone' AND version = 2"),
        ==, 2);
    check_named(&f, "UPDATE entry SET changed = changed + 1 WHERE n = 1",
                "UPDATE entry SET changed = changed - 1 WHERE n = 1", "'changed'");
    check_named(&f, "UPDATE entry SET version = 1 WHERE n = 2",
                "UPDATE entry SET version = 2 WHERE n = 2", "'version'");
}

/* Whoever opens the office next goes on with what was left, and makes the same of it. */
static void test_what_was_left_is_removed_alike(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t batch = import_rows(&f, place, "标题,收到时间\n一,2023-11-13 09:00\n");
    ledger_fixture_tamper(&f, "CREATE TABLE kept_entry AS SELECT * FROM entry");
    ledger_fixture_tamper(&f, "CREATE TABLE kept_task AS SELECT * FROM ledger_task");
    g_autoptr(GError) error = NULL;
    ledger_import_undo(f.office, f.base.console, &f.base.act, batch, false, &error);
    g_assert_no_error(error);
    ledger_fixture_tamper(&f, "DELETE FROM entry");
    ledger_fixture_tamper(&f, "INSERT INTO entry SELECT * FROM kept_entry");
    ledger_fixture_tamper(&f, "INSERT INTO ledger_task SELECT * FROM kept_task");
    ledger_fixture_tamper(&f, "DROP TABLE kept_entry");
    ledger_fixture_tamper(&f, "DROP TABLE kept_task");
    test_office_wait(&f.base, DAY_US);
    ledger_import_recover(f.office, &f.base.act, &error);
    g_assert_no_error(error);
    g_autoptr(LogReport) report = verify(&f);
    g_assert_cmpint(report->n_findings, ==, 0);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM entry WHERE gone = 'undone'"), ==,
                    1);
}

/* ---- files ----------------------------------------------------------------------------------- */

static int64_t attach(LedgerFixture *f, const TestPlace *place, int64_t id, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(place->folder, name, NULL);
    int64_t evidence = 0;
    file_write(path, name, strlen(name), 0600, &error);
    ledger_evidence_attach(f->office, f->base.console, &f->base.act, id, "papers", path, &evidence,
                           &error);
    g_assert_no_error(error);
    return evidence;
}

/* The file in a field of an entry that is out of the books was erased with an import that had it
 * too; one that was taken away from an entry of the import stayed for ever. */
static void test_files_of_fields_are_forgotten_or_kept(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    int64_t batch = import_rows(&f, place, "标题,收到时间\n一,2023-11-13 09:00\n");
    int64_t imported = ledger_fixture_int(&f, "SELECT max(id) FROM entry");
    int64_t other = ledger_fixture_task(&f, "另一件");
    LogAct why = f.base.act;
    why.why = "错";
    int64_t shared = attach(&f, place, imported, "两处都用.txt");
    g_assert_cmpint(attach(&f, place, other, "两处都用.txt"), ==, shared);
    attach(&f, place, imported, "自己的.txt");
    int64_t away = attach(&f, place, imported, "拿掉的.txt");
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, imported);
    ledger_evidence_detach(f.office, f.base.console, &why, entry, "papers", away, &error);
    g_assert_no_error(error);
    ledger_entry_delete(f.office, f.base.console, &why, other, 0, &error);
    g_assert_no_error(error);
    ledger_import_undo(f.office, f.base.console, &why, batch, true, &error);
    g_assert_no_error(error);
    g_auto(LedgerForgotten) forgotten = {0};
    ledger_import_erase(f.office, f.base.console, &f.base.act, batch, &forgotten, &error);
    g_assert_no_error(error);
    g_assert_cmpint(forgotten.files->len, ==, 2);
    g_assert_cmpint(forgotten.n_kept, ==, 1);
    g_autofree char *kept =
        g_strdup_printf("SELECT count(*) FROM evidence WHERE id = %" G_GINT64_FORMAT, shared);
    g_assert_cmpint(ledger_fixture_int(&f, kept), ==, 1);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 1);
    g_autoptr(LogReport) report = verify(&f);
    g_assert_cmpint(report->n_findings, ==, 0);
}

/* Some entries are forgotten in one transaction, and the others in the next; a file that several of
 * them have, with the first of them. */
static void test_all_of_a_long_table_is_forgotten(const TestPlace *place)
{
    enum { N = 503 };
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    g_autoptr(GString) csv = g_string_new("标题,收到时间\n");
    for (int i = 0; i < N; i++) {
        g_string_append_printf(csv, "第%d件,2023-11-13 09:00\n", i);
    }
    int64_t batch = import_rows(&f, place, csv->str);
    int64_t shared = attach(&f, place, ledger_fixture_int(&f, "SELECT min(id) FROM entry"), "a");
    g_assert_cmpint(attach(&f, place, ledger_fixture_int(&f, "SELECT max(id) FROM entry"), "a"), ==,
                    shared);
    LogAct why = f.base.act;
    why.why = "错";
    ledger_import_undo(f.office, f.base.console, &why, batch, true, &error);
    g_assert_no_error(error);
    static const int n_forgotten[] = {N, 0}; /* of what is forgotten nothing is left to forget */
    for (guint i = 0; i < G_N_ELEMENTS(n_forgotten); i++) {
        g_auto(LedgerForgotten) forgotten = {0};
        ledger_import_erase(f.office, f.base.console, &f.base.act, batch, &forgotten, &error);
        g_assert_no_error(error);
        g_assert_cmpint(forgotten.n_entries, ==, n_forgotten[i]);
        g_assert_cmpuint(forgotten.files->len, ==, i == 0 ? 1 : 0);
        g_assert_cmpint(forgotten.n_kept, ==, 0);
    }
    g_assert_cmpint(
        ledger_fixture_int(&f, "SELECT count(*) FROM entry JOIN secret ON secret.seq = entry.id"),
        ==, 0);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 0);
}

/* What is in the books is not forgotten, nor by one who may only take it back. */
static void test_who_may_forget_and_what(const TestPlace *place)
{
    static const struct {
        RightsRole role; /* RIGHTS_N_ROLES: the console */
        bool is_undone, is_other;
        ErrorCode code;
        const char *words;
    } cases[] = {
        {RIGHTS_CLERK, true, false, SHUZHI_ERROR_FORBIDDEN, ""},
        {RIGHTS_HEAD, true, false, SHUZHI_ERROR_FORBIDDEN, ""},
        {RIGHTS_N_ROLES, false, false, SHUZHI_ERROR_CONFLICT, "is not taken back"},
        {RIGHTS_N_ROLES, true, true, SHUZHI_ERROR_NOT_FOUND, "99999"},
    };
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    int64_t kept = import_rows(&f, place, "标题,收到时间\n一,2023-11-13 09:00\n");
    int64_t undone = import_rows(&f, place, "标题,收到时间\n二,2023-11-13 09:00\n");
    ledger_import_undo(f.office, f.base.console, &f.base.act, undone, false, &error);
    g_assert_no_error(error);
    static const char secrets[] = "SELECT count(*) FROM entry JOIN secret ON secret.seq = entry.id";
    g_assert_cmpint(ledger_fixture_int(&f, secrets), ==, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) refusal = NULL;
        g_auto(LedgerForgotten) forgotten = {0};
        g_autoptr(RightsSubject) subject =
            cases[i].role != RIGHTS_N_ROLES
                ? ledger_fixture_subject("account:7", cases[i].role, f.unit_a)
                : NULL;
        int64_t batch = cases[i].is_other ? 99999 : cases[i].is_undone ? undone : kept;
        g_test_message("case %zu", i);
        g_assert_false(ledger_import_erase(f.office, subject != NULL ? subject : f.base.console,
                                           &f.base.act, batch, &forgotten, &refusal));
        g_assert_true(error_is(refusal, cases[i].code));
        g_assert_nonnull(strstr(refusal->message, cases[i].words));
        g_assert_cmpint(forgotten.n_entries, ==, 0);
    }
    g_assert_cmpint(ledger_fixture_int(&f, secrets), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/import-undo/each-entry-is-asked-for", test_each_entry_is_asked_for);
    test_store_each("/ledger/import-undo/a-head-takes-back-the-own",
                    test_a_head_takes_back_the_own);
    test_store_each("/ledger/import-undo/rows-are-as-the-event-says",
                    test_rows_are_as_the_event_says);
    test_store_each("/ledger/import-undo/what-was-left-is-removed-alike",
                    test_what_was_left_is_removed_alike);
    test_store_each("/ledger/import-undo/files-of-fields-are-forgotten-or-kept",
                    test_files_of_fields_are_forgotten_or_kept);
    test_store_each("/ledger/import-undo/all-of-a-long-table-is-forgotten",
                    test_all_of_a_long_table_is_forgotten);
    test_store_each("/ledger/import-undo/who-may-forget-and-what", test_who_may_forget_and_what);
    return g_test_run();
}
