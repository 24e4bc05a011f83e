/* Every operation, while one table after the other is missing, and while one statement after the
 * other fails: an error that changes nothing. */
#include "ledger-fixture.h"
#include "ledger/draft.h"
#include "ledger/evidence.h"
#include "ledger/export.h"
#include "ledger/former.h"
#include "ledger/history.h"
#include "ledger/import.h"
#include "ledger/nothing.h"
#include "ledger/provisional.h"
#include "ledger/shown.h"
#include "ledger/since.h"
#include "ledger/unfinished.h"
#include "ledger/use.h"
#include "ledger/verify-office.h"
#include "ledger/verify.h"
#include "ledger/view.h"
#include "support/fault-statement.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

/* What the operations work on. */
typedef struct Bench {
    LedgerFixture f;
    StoreConnection *reader;
    int64_t id;   /* an entry to change, at any state that allows "begin" */
    int64_t gone; /* one that is out of the books */

    char *file;
    char *table; /* a spreadsheet */
} Bench;

/* One operation; it undoes what it did, where it can, so that it can be done again. */
typedef bool (*Operation)(Bench *bench, GError **error);

#define CALL(function, ...) \
    function(bench->f.office, bench->f.base.console, &bench->f.base.act, __VA_ARGS__)

static LedgerInput *rich_input(Bench *bench)
{
    LedgerInput *input = ledger_input_new(bench->f.task);
    Value helpers = VALUE_EMPTY;
    value_list_append(&helpers, value_ref(bench->f.zhang));
    ledger_input_set(input, schema_ledger_field(bench->f.task, "title"), value_text("一"));
    ledger_input_set(input, schema_ledger_field(bench->f.task, "came"),
                     value_time(TEST_OFFICE_NOW_US - DAY_US));
    ledger_input_set(input, schema_ledger_field(bench->f.task, "unit_of"),
                     value_ref(bench->f.unit_a));
    ledger_input_set(input, schema_ledger_field(bench->f.task, "helpers"), helpers);
    ledger_input_set(input, schema_ledger_field(bench->f.task, "about"), value_ref(bench->id));
    Value row[] = {value_ref(bench->f.zhang), VALUE_EMPTY, VALUE_EMPTY};
    ledger_input_add_row(input, schema_ledger_field(bench->f.task, "visits"), row);
    return input;
}

static bool add(Bench *bench, GError **error)
{
    g_autoptr(LedgerInput) input = rich_input(bench);
    return CALL(ledger_entry_add, input, 0, NULL, error);
}

static bool correct(Bench *bench, const LedgerInput *input, GError **error)
{
    LogAct act = bench->f.base.act;
    act.why = "更正";
    return ledger_entry_change(bench->f.office, bench->f.base.console, &act, bench->id, 0, input,
                               NULL, error);
}

static bool change(Bench *bench, GError **error)
{
    static int64_t cost = 1;
    g_autoptr(LedgerInput) input = rich_input(bench);
    ledger_input_set(input, schema_ledger_field(bench->f.task, "cost"), value_number(cost++));
    return correct(bench, input, error);
}

/* Change when the answer was given: the steps move. */
static bool move(Bench *bench, GError **error)
{
    g_autoptr(LedgerInput) input = ledger_input_new(bench->f.task);
    ledger_input_set(input, schema_ledger_field(bench->f.task, "done_at"),
                     value_time(source_now_us(bench->f.base.source)));
    return correct(bench, input, error);
}

/* Give it back and answer it anew; a table may go missing between the two. */
static bool step(Bench *bench, GError **error)
{
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, bench->f.root);
    LogAct act = {.actor = supervisor->actor};
    g_autoptr(LedgerInput) again = ledger_input_new(bench->f.task);
    ledger_input_set(again, schema_ledger_field(bench->f.task, "again"), value_text("再"));
    g_autoptr(LedgerInput) reply = ledger_input_new(bench->f.task);
    ledger_input_set(reply, schema_ledger_field(bench->f.task, "reply"), value_text("好"));
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(bench->f.office, bench->reader, bench->id, error);
    if (entry == NULL || (g_str_equal(entry->state, "answered") &&
                          !ledger_entry_step(bench->f.office, supervisor, &act, bench->id, 0,
                                             "return", 0, again, NULL, error))) {
        return false;
    }
    return CALL(ledger_entry_step, bench->id, 0, "answer", 0, reply, NULL, error);
}

/* The evidence of this step is asked for, and missing. */
static bool close_it(Bench *bench, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, bench->f.root);
    LogAct act = {.actor = supervisor->actor};
    g_autoptr(LedgerInput) verdict = ledger_input_new(bench->f.task);
    ledger_input_set(verdict, schema_ledger_field(bench->f.task, "verdict"), value_text("是"));
    bool is_ok = ledger_entry_step(bench->f.office, supervisor, &act, bench->id, 0, "close", 0,
                                   verdict, NULL, &refusal);
    g_assert_false(is_ok);
    if (strstr(refusal->message, "evidence") != NULL) {
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

static bool comment(Bench *bench, GError **error)
{
    return CALL(ledger_entry_comment, bench->id, "好", error) &&
           CALL(ledger_entry_look, bench->id, error);
}

static bool attach_to_field(Bench *bench, GError **error)
{
    static int n = 0;
    g_autofree char *text = g_strdup_printf("%d", n++);
    g_assert_true(g_file_set_contents(bench->file, text, -1, NULL));
    return CALL(ledger_evidence_attach, bench->id, "papers", bench->file, NULL, error);
}

/* One file alone: the step is not to be opened by it. */
static bool attach_to_rule(Bench *bench, GError **error)
{
    g_assert_true(g_file_set_contents(bench->file, "rule", -1, NULL));
    return CALL(ledger_evidence_attach, bench->id, "proof", bench->file, NULL, error);
}

static bool remove_entry(Bench *bench, GError **error)
{
    LogAct why = bench->f.base.act;
    why.why = "错";
    g_autoptr(LedgerInput) input = rich_input(bench);
    int64_t id = 0;
    return CALL(ledger_entry_add, input, 0, &id, error) &&
           ledger_entry_delete(bench->f.office, bench->f.base.console, &why, id, 0, error);
}

static bool erase(Bench *bench, GError **error)
{
    return CALL(ledger_entry_erase, bench->id, error);
}

static bool load(Bench *bench, GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(bench->f.office, bench->reader, bench->id, error);
    return entry != NULL;
}

static bool find(Bench *bench, GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_find(bench->f.office, bench->reader, "T2023-001", error);
    return entry != NULL;
}

static bool read_around(Bench *bench, GError **error)
{
    g_autoptr(GPtrArray) steps = ledger_entry_steps(bench->reader, bench->id, error);
    int64_t n_more = 0;
    g_autoptr(GPtrArray) uses =
        steps != NULL ? ledger_uses_of(bench->f.office, bench->reader, bench->f.base.console,
                                       bench->f.zhang, &n_more, error)
                      : NULL;
    g_autoptr(LedgerEntry) entry =
        uses != NULL ? ledger_entry_load(bench->f.office, bench->reader, bench->id, error) : NULL;
    g_autoptr(GPtrArray) files =
        entry != NULL ? ledger_evidence_list(bench->reader, entry, false, error) : NULL;
    return files != NULL;
}

static bool list(Bench *bench, GError **error)
{
    LedgerQuery query = {.ledger = bench->f.task, .sort = "due", .limit = 5};
    g_autoptr(LedgerPage) page =
        ledger_list(bench->f.office, bench->reader, bench->f.base.console, &query, error);
    return page != NULL;
}

/* A list with groups, walked by two pages of one entry: of a set of values or of texts; and one
 * that a filter leaves so little of that all of it is put in order. */
static bool list_groups(Bench *bench, GError **error)
{
    static const struct {
        const char *sort, *filter;
    } lists[] = {{"kind", NULL}, {"title", NULL}, {"unit_of", "opened >= 2000-01-01"}};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(Expression) filter =
            lists[i].filter != NULL
                ? expression_parse(lists[i].filter, schema_ledger_scope(bench->f.task), error)
                : NULL;
        LedgerQuery query = {
            .ledger = bench->f.task, .filter = filter, .sort = lists[i].sort, .limit = 1};
        g_autoptr(LedgerPage) first =
            ledger_list(bench->f.office, bench->reader, bench->f.base.console, &query, error);
        if (first == NULL) {
            return false;
        }
        query.after = first->next;
        g_autoptr(LedgerPage) second =
            ledger_list(bench->f.office, bench->reader, bench->f.base.console, &query, error);
        if (second == NULL) {
            return false;
        }
        g_assert_cmpuint(first->entries->len, ==, 1);
        g_assert_cmpuint(second->entries->len, ==, 1);
    }
    return true;
}

/* A filter by a personal field: a look at each entry that it finds. */
static bool list_looked_at(Bench *bench, GError **error)
{
    g_autoptr(Expression) filter = expression_parse("phone is not empty or title = '一'",
                                                    schema_ledger_scope(bench->f.task), error);
    LedgerQuery query = {.ledger = bench->f.task,
                         .filter = filter,
                         .is_mine = true,
                         .limit = 1,
                         .act = &bench->f.base.act};
    g_autoptr(LedgerPage) page =
        ledger_list(bench->f.office, bench->reader, bench->f.base.console, &query, error);
    return page != NULL;
}

static bool count(Bench *bench, GError **error)
{
    LedgerQuery query = {.ledger = bench->f.task};
    int n = 0;
    bool is_ok = ledger_list_count(bench->f.office, bench->reader, bench->f.base.console, &query, 1,
                                   &n, error);
    g_assert_cmpint(n, ==, is_ok ? 1 : 0);
    return is_ok;
}

static bool find_years(Bench *bench, GError **error)
{
    int oldest = 0;
    int newest = 0;
    bool is_ok = ledger_years(bench->reader, office_schema(bench->f.office), bench->f.task, &oldest,
                              &newest, error);
    g_assert_cmpint(newest, ==, is_ok ? 2023 : 0);
    g_assert_cmpint(oldest, ==, newest);
    return is_ok;
}

/* A number that nothing has: its import is looked for. */
static bool find_none(Bench *bench, GError **error)
{
    g_autoptr(LedgerEntry) none =
        ledger_entry_find(bench->f.office, bench->reader, "T2023-999", error);
    g_assert_null(none);
    if (error_is(*error, SHUZHI_ERROR_NOT_FOUND)) {
        g_clear_error(error);
        return true;
    }
    return false;
}

/* One that is out of the books shows what its number was given to. */
static bool load_gone(Bench *bench, GError **error)
{
    g_autoptr(LedgerEntry) gone =
        ledger_entry_load(bench->f.office, bench->reader, bench->gone, error);
    g_assert_true(gone == NULL || g_str_equal(gone->gone, "deleted"));
    return gone != NULL;
}

static bool draft(Bench *bench, GError **error)
{
    const RightsSubject *console = bench->f.base.console;
    LedgerDraft draft = {.ledger = (char *)"task", .content = (char *)"{}"};
    g_autoptr(GPtrArray) drafts = ledger_draft_list(bench->reader, console, error);
    if (drafts == NULL || !ledger_draft_save(bench->f.office, console, &draft, error)) {
        return false;
    }
    g_autoptr(LedgerDraft) loaded = ledger_draft_load(bench->reader, console, draft.id, error);
    return loaded != NULL && ledger_draft_save(bench->f.office, console, &draft, error) &&
           ledger_draft_remove(bench->f.office, console, draft.id, error);
}

static bool load_draft(Bench *bench, GError **error)
{
    g_autoptr(LedgerDraft) none =
        ledger_draft_load(bench->reader, bench->f.base.console, 99, error);
    g_assert_null(none);
    if (error_is(*error, SHUZHI_ERROR_NOT_FOUND)) {
        g_clear_error(error);
        return true;
    }
    return false;
}

static bool run_import(Bench *bench, GError **error)
{
    g_autoptr(LedgerImport) import =
        ledger_import_plan(bench->f.office, bench->f.task, bench->table, NULL, error);
    int64_t batch = 0;
    return import != NULL && CALL(ledger_import_run, import, false, NULL, NULL, &batch, error) &&
           CALL(ledger_import_undo, batch, true, error);
}

/* State that there was nothing to record in a month, ask, and take it back. */
static bool nothing(Bench *bench, GError **error)
{
    LogAct why = bench->f.base.act;
    why.why = "错";
    Period month;
    int64_t id = 0;
    bool is_covered = false;
    g_assert_true(period_parse("2022-03", &month, NULL));
    if (!CALL(ledger_nothing_add, bench->f.task, &month, &id, error)) {
        return false;
    }
    g_autoptr(GPtrArray) list = ledger_nothing_list(bench->reader, bench->f.task, error);
    return list != NULL &&
           ledger_nothing_covers(bench->reader, bench->f.task, &month, 0, &is_covered, error) &&
           ledger_nothing_remove(bench->f.office, bench->f.base.console, &why, id, error);
}

static bool export_all(Bench *bench, GError **error)
{
    g_autofree char *path = g_strconcat(bench->table, ".jsonl", NULL);
    LedgerExport plan = {.query.ledger = bench->f.task,
                         .format = TABLE_FORMAT_JSONL,
                         .path = path,
                         .language = "zh"};
    int64_t n = 0;
    int oldest = 0;
    int newest = 0;
    return ledger_export(bench->f.office, bench->reader, bench->f.base.console, &plan, &n, error) &&
           ledger_years(bench->reader, office_schema(bench->f.office), NULL, &oldest, &newest,
                        error);
}

static bool read_past(Bench *bench, GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(bench->f.office, bench->reader, bench->id, error);
    g_autoptr(LedgerNames) names = ledger_names_new(bench->reader);
    g_autoptr(GPtrArray) past = entry != NULL ? ledger_history(bench->f.office, bench->reader,
                                                               entry, names, true, "zh", error)
                                              : NULL;
    g_autoptr(GPtrArray) batches = past != NULL ? ledger_import_list(bench->reader, error) : NULL;
    return batches != NULL;
}

static bool recover(Bench *bench, GError **error)
{
    return ledger_import_recover(bench->f.office, &bench->f.base.act, error);
}

/* Attach a file to a field and take it away. */
static bool detach(Bench *bench, GError **error)
{
    int64_t evidence = 0;
    LogAct why = bench->f.base.act;
    why.why = "错";
    g_assert_true(g_file_set_contents(bench->file, "for a while", -1, NULL));
    if (!CALL(ledger_evidence_attach, bench->id, "papers", bench->file, &evidence, error)) {
        return false;
    }
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(bench->f.office, bench->reader, bench->id, error);
    return entry != NULL && ledger_evidence_detach(bench->f.office, bench->f.base.console, &why,
                                                   entry, "papers", evidence, error);
}

/* Import, attach a file that another entry has too, take back, and erase what was taken back.  One
 * of its own would be one more to remove each time. */
static bool erase_import(Bench *bench, GError **error)
{
    g_autoptr(LedgerImport) import =
        ledger_import_plan(bench->f.office, bench->f.task, bench->table, NULL, error);
    LogAct why = bench->f.base.act;
    why.why = "错";
    int64_t batch = 0;
    g_auto(LedgerForgotten) forgotten = {0};
    g_assert_true(g_file_set_contents(bench->file, "rule", -1, NULL));
    return import != NULL && CALL(ledger_import_run, import, false, NULL, NULL, &batch, error) &&
           CALL(ledger_evidence_attach, batch + 1, "proof", bench->file, NULL, error) &&
           ledger_import_undo(bench->f.office, bench->f.base.console, &why, batch, true, error) &&
           CALL(ledger_import_erase, batch, &forgotten, error);
}

/* What became of the entry since its first version, and what it is to others. */
static bool read_since(Bench *bench, GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(bench->f.office, bench->reader, bench->id, error);
    g_autoptr(GPtrArray) since =
        entry != NULL ? ledger_since(bench->reader, entry, 1, error) : NULL;
    g_autoptr(LedgerFormer) units =
        since != NULL ? ledger_former_units(bench->reader, error) : NULL;
    g_autoptr(LedgerFormer) people =
        units != NULL ? ledger_former_people(bench->reader, error) : NULL;
    int64_t n = 0;
    return people != NULL &&
           ledger_unfinished_of_unit(bench->f.office, bench->reader, bench->f.unit_a, &n, error);
}

/* Write the entry with its proofs; what is proved is signed first. */
static bool prove(Bench *bench, GError **error)
{
    g_auto(JsonWriter) json;
    g_auto(LedgerShowing) showing = {NULL};
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    g_autoptr(LedgerEntry) entry =
        office_sign(bench->f.office, error)
            ? ledger_entry_load(bench->f.office, bench->reader, bench->id, error)
            : NULL;
    ledger_showing_init(&showing, bench->reader, &json);
    return entry != NULL && ledger_shown_write(&showing, entry, true, error) &&
           ledger_shown_write_closed(&showing, bench->f.unit_a, error);
}

/* Keep a view, one's own and a shared one, call it otherwise, and throw it away. */
static bool keep_views(Bench *bench, GError **error)
{
    const RightsSubject *console = bench->f.base.console;
    LedgerView view = {
        .ledger = (char *)"task", .name = (char *)"在办", .query = (char *)"state=running"};
    for (int shared = 0; shared < 2; shared++) {
        view.is_shared = shared == 1;
        g_autoptr(GPtrArray) old = ledger_view_list(bench->reader, console, "task", error);
        for (guint i = 0; old != NULL && i < old->len; i++) { /* what a failure left */
            const LedgerView *left = g_ptr_array_index(old, i);
            if (!CALL(ledger_view_remove, left->is_shared, left->id, error)) {
                return false;
            }
        }
        if (old == NULL || !CALL(ledger_view_save, &view, error)) {
            return false;
        }
        g_autoptr(GPtrArray) views = ledger_view_list(bench->reader, console, NULL, error);
        if (views == NULL) {
            return false;
        }
        int64_t id = ((const LedgerView *)g_ptr_array_index(views, 0))->id;
        g_autoptr(LedgerView) loaded =
            ledger_view_load(bench->reader, console, view.is_shared, id, error);
        if (loaded == NULL || !CALL(ledger_view_rename, view.is_shared, id, "在办的", error)) {
            return false;
        }
    }
    return true;
}

static bool settle(Bench *bench, GError **error)
{
    return ledger_settle_deadlines(bench->f.office, error);
}

static bool verify(Bench *bench, GError **error)
{
    g_autoptr(LogReport) report = log_report_new();
    return ledger_verify(bench->f.office, bench->reader, report, error);
}

static const struct {
    const char *name;
    Operation run;
    bool is_one_call; /* one of several may have done the first */
} operations[] = {
    {"add", add, true},
    {"change", change, true},
    {"step", step, false},
    {"move", move, true},
    {"close", close_it, true},
    {"comment", comment, false},
    {"attach-to-field", attach_to_field, true},
    {"attach-to-rule", attach_to_rule, true},
    {"remove", remove_entry, false},
    {"erase", erase, true},
    {"load", load, true},
    {"find", find, true},
    {"read-around", read_around, true},
    {"list", list, true},
    {"list-groups", list_groups, true},
    {"list-looked-at", list_looked_at, true},
    {"count", count, true},
    {"years", find_years, true},
    {"find-none", find_none, true},
    {"load-gone", load_gone, true},
    {"draft", draft, false},
    {"load-draft", load_draft, true},
    {"import", run_import, false},
    {"nothing", nothing, false},
    {"detach", detach, false},
    {"erase-import", erase_import, false},
    {"since", read_since, true},
    {"prove", prove, false},
    {"views", keep_views, false},
    {"settle", settle, false},
    {"export", export_all, true},
    {"past", read_past, true},
    {"recover", recover, false},
    {"verify", verify, true},
};

static int64_t count_events(Bench *bench)
{
    return ledger_fixture_int(&bench->f, "SELECT size FROM head");
}

static void open_bench(Bench *bench, const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&bench->f, place);
    ledger_fixture_apply(&bench->f, "cost, kind]", "cost, kind, title, unit_of]", NULL);
    bench->id = ledger_fixture_task(&bench->f, "一");
    ledger_fixture_change(&bench->f, bench->id,
                          ledger_fixture_input(&bench->f, bench->f.task, "cost", "5", NULL));
    ledger_fixture_step(&bench->f, bench->id, "answer",
                        ledger_fixture_input(&bench->f, bench->f.task, "reply", "好", "done_at",
                                             "2023-11-14 09:00", NULL));
    LogAct why = bench->f.base.act;
    why.why = "重复";
    ledger_fixture_task(&bench->f, "二");
    bench->gone = ledger_fixture_task(&bench->f, "三");
    ledger_entry_delete(bench->f.office, bench->f.base.console, &why, bench->gone, 0, &error);
    g_assert_no_error(error);
    bench->file = g_build_filename(place->folder, "file.txt", NULL);
    bench->table = g_build_filename(place->folder, "rows.csv", NULL);
    g_assert_true(g_file_set_contents(
        bench->table, "标题,收到时间,开工日\n一,2023-11-01 09:00,2023-11-01\n", -1, NULL));
    bench->reader = store_reader_acquire(office_store(bench->f.office), &error);
    g_assert_no_error(error);
}

static void close_bench(Bench *bench)
{
    store_reader_release(bench->reader);
    ledger_fixture_close(&bench->f);
    g_free(bench->file);
    g_free(bench->table);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, close_bench)

/* Do everything; returns how many operations failed. */
static int run_all(Bench *bench, const char *missing)
{
    int n_failed = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        g_autoptr(GError) error = NULL;
        int64_t before = count_events(bench);
        test_office_wait(&bench->f.base, 1000000);
        bool is_ok = operations[i].run(bench, &error);
        g_test_message("%s without %s: %s", operations[i].name, missing,
                       is_ok ? "done" : error->message);
        g_assert_true(is_ok == (error == NULL));
        if (!is_ok && operations[i].is_one_call) {
            g_assert_cmpint(count_events(bench), ==, before);
        }
        n_failed += is_ok ? 0 : 1;
    }
    return n_failed;
}

static void test_a_missing_table_changes_nothing(const TestPlace *place)
{
    static const char *const tables[] = {"entry",  "ledger_task",   "ledger_task_visits",
                                         "step",   "link",          "evidence",
                                         "batch",  "number_series", "draft",
                                         "person", "unit",          "secret",
                                         "detail"};
    g_auto(Bench) bench = {.id = 0};
    open_bench(&bench, place);
    g_assert_cmpint(run_all(&bench, "nothing"), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *away =
            g_strdup_printf("ALTER TABLE %s RENAME TO away_%s", tables[i], tables[i]);
        g_autofree char *back =
            g_strdup_printf("ALTER TABLE away_%s RENAME TO %s", tables[i], tables[i]);
        ledger_fixture_tamper(&bench.f, away);
        g_assert_cmpint(run_all(&bench, tables[i]), >, 0);
        ledger_fixture_tamper(&bench.f, back);
    }
    g_assert_cmpint(run_all(&bench, "nothing"), ==, 0);
}

/* One operation under the sweep. */
typedef struct Trial {
    Bench *bench;
    Operation run;
    int64_t n_events; /* before it */
} Trial;

static bool run_trial(void *data, GError **error)
{
    Trial *trial = data;
    test_office_wait(&trial->bench->f.base, 1000000);
    return trial->run(trial->bench, error);
}

static void check_unchanged(void *data)
{
    Trial *trial = data;
    g_assert_cmpint(count_events(trial->bench), ==, trial->n_events);
}

static void test_a_failing_statement_changes_nothing(const TestPlace *place)
{
    g_auto(Bench) bench = {.id = 0};
    open_bench(&bench, place);
    /* SQLite begins anew, unharmed, a statement that was prepared before the pack changed. */
    g_assert_cmpint(run_all(&bench, "nothing"), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        Trial trial = {.bench = &bench, .run = operations[i].run, .n_events = count_events(&bench)};
        fault_statement_sweep(operations[i].name, run_trial,
                              operations[i].is_one_call ? check_unchanged : NULL, &trial);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fault_statement_install();
    test_store_on(STORE_SQLITE, "/ledger/broken/a-failing-statement-changes-nothing",
                  test_a_failing_statement_changes_nothing);
    test_store_each("/ledger/broken/a-missing-table-changes-nothing",
                    test_a_missing_table_changes_nothing);
    return g_test_run();
}
