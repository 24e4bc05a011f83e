#include <glib/gstdio.h>

#include "ledger/evidence.h"
#include "ledger/import.h"
#include "ledger/list.h"
#include "ledger/write.h"
#include "log/history.h"
#include "office/account.h"
#include "office/backup.h"
#include "office/pack.h"
#include "office/person.h"
#include "office/unit.h"
#include "random-load.h"
#include "support/fault-proxy.h"
#include "support/fault-vfs.h"

/* An office, and what fails under it. */
typedef struct Scene {
    const TestPlace *place; /* as the office sees it */
    FaultProxy *proxy;      /* PostgreSQL */
    FaultKind kind;         /* SQLite */
    bool is_special;        /* SQLite: it goes on failing; PostgreSQL: only the answer is lost */
    TestOffice fixture;
    bool is_open;
    RandomLoad load;
    GString *fields;  /* that packs have added so far */
    char *last_field; /* that the last one was to add */
    int64_t entry;    /* to be moved on or changed */
    int64_t batch;    /* to be undone */
    int64_t unit;     /* the first */
    int64_t person;   /* who is to have an account */
    int n_tried;
    int n_named; /* units, people, accounts and files: each has a name of its own */
} Scene;

/* One thing to do, of which each step may fail. */
typedef struct Operation {
    const char *name;
    bool (*run)(Scene *scene, GError **error);
    bool (*prepare)(Scene *scene, GError **error); /* NULL: there is nothing to prepare */
    bool is_on_closed;                             /* opens the office by itself */
    bool is_reading;                               /* changes nothing */
    bool is_in_chunks;  /* is seen whole or not at all, but writes in many transactions */
    bool is_of_folders; /* there is none on PostgreSQL */
    int n_entries;      /* that are there after it, and were not before */
} Operation;

/* ---- faults ---------------------------------------------------------------------------------- */

static void arm(Scene *scene, int n)
{
    if (scene->proxy != NULL) {
        fault_proxy_arm(scene->proxy, n, scene->is_special);
    } else {
        fault_vfs_arm(scene->kind, n, scene->is_special);
    }
}

static bool disarm(Scene *scene)
{
    return scene->proxy != NULL ? fault_proxy_disarm(scene->proxy) : fault_vfs_disarm();
}

/* ---- the office ------------------------------------------------------------------------------ */

static void open_office(Scene *scene)
{
    g_autoptr(GError) error = NULL;
    TestOffice *fixture = &scene->fixture;
    fixture->office = office_open(fixture->location, OFFICE_WRITE, fixture->source, &error);
    g_assert_no_error(error);
    scene->load.office = fixture->office;
    scene->is_open = true;
}

static void close_office(Scene *scene)
{
    office_close(g_steal_pointer(&scene->fixture.office));
    scene->is_open = false;
}

static int64_t count_events(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_assert_no_error(error);
    uint8_t root[CRYPTO_HASH_SIZE];
    int64_t size = -1;
    log_head(reader, &size, root, &error);
    g_assert_no_error(error);
    return size;
}

/* How many entries somebody who may see all of them sees. */
static int count_entries(const Scene *scene)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(scene->fixture.office), &error);
    g_assert_no_error(error);
    const SchemaLedger *ledger = schema_ledger(office_schema(scene->fixture.office), "case");
    const LedgerQuery query = {.ledger = ledger};
    int n = -1;
    ledger_list_count(scene->fixture.office, reader, scene->load.subject, &query, INT_MAX, &n,
                      &error);
    g_assert_no_error(error);
    return n;
}

static void check_sound(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = random_load_verify(office, &error);
    g_assert_no_error(error);
    g_assert_true(report->verdict == LOG_SOUND || report->verdict == LOG_ASSERTED);
}

/* ---- operations ------------------------------------------------------------------------------ */

static bool record(Scene *scene, int64_t *ret_id, GError **error)
{
    const SchemaLedger *ledger = schema_ledger(office_schema(scene->load.office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "title"), value_text("路灯不亮"));
    ledger_input_set(input, schema_ledger_field(ledger, "received_at"),
                     value_time(TEST_OFFICE_NOW_US - G_USEC_PER_SEC));
    ledger_input_set(input, schema_ledger_field(ledger, "citizen"), value_text("甄有才"));
    return ledger_entry_add(scene->load.office, scene->load.subject, &scene->load.act, input, 0,
                            ret_id, error);
}

static bool add(Scene *scene, GError **error)
{
    int64_t id = 0;
    return record(scene, &id, error);
}

static bool prepare_entry(Scene *scene, GError **error)
{
    scene->unit = test_store_int(office_store(scene->fixture.office), "SELECT min(id) FROM unit");
    return record(scene, &scene->entry, error);
}

static bool step(Scene *scene, GError **error)
{
    const SchemaLedger *ledger = schema_ledger(office_schema(scene->load.office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "handler"), value_ref(scene->unit));
    return ledger_entry_step(scene->load.office, scene->load.subject, &scene->load.act,
                             scene->entry, 0, "accept", 0, input, NULL, error);
}

static bool change(Scene *scene, GError **error)
{
    const SchemaLedger *ledger = schema_ledger(office_schema(scene->load.office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "title"), value_text("路灯又不亮"));
    LogAct act = scene->load.act;
    act.why = "更正";
    return ledger_entry_change(scene->load.office, scene->load.subject, &act, scene->entry, 0,
                               input, NULL, error);
}

static bool erase(Scene *scene, GError **error)
{
    return ledger_entry_erase(scene->load.office, scene->load.subject, &scene->load.act,
                              scene->entry, error);
}

static bool comment(Scene *scene, GError **error)
{
    return ledger_entry_comment(scene->load.office, scene->load.subject, &scene->load.act,
                                scene->entry, "已电话联系", error);
}

static bool take_out(Scene *scene, GError **error)
{
    LogAct act = scene->load.act;
    act.why = "重复登记";
    return ledger_entry_delete(scene->load.office, scene->load.subject, &act, scene->entry, 0,
                               error);
}

static bool attach(Scene *scene, GError **error)
{
    g_autofree char *path = g_build_filename(scene->place->folder, "photo.txt", NULL);
    g_autofree char *text = g_strdup_printf("照片 %d", ++scene->n_named);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return ledger_evidence_attach(scene->load.office, scene->load.subject, &scene->load.act,
                                  scene->entry, "scene", path, NULL, error);
}

static bool prepare_unit(Scene *scene, GError **error)
{
    scene->unit = test_store_int(office_store(scene->fixture.office), "SELECT min(id) FROM unit");
    return true;
}

static bool add_unit(Scene *scene, GError **error)
{
    g_autofree char *name = g_strdup_printf("第%d科", ++scene->n_named);
    const OfficeUnit unit = {.name = name,
                             .kind = (char *)OFFICE_UNIT_SECTION,
                             .parent = scene->unit,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    int64_t id = 0;
    return office_unit_add(scene->load.office, scene->load.subject, &scene->load.act, &unit, &id,
                           error);
}

static bool add_person(Scene *scene, GError **error)
{
    g_autofree char *name = g_strdup_printf("甄第%d", ++scene->n_named);
    const OfficePerson person = {.name = name, .since = DATE_NONE, .until = DATE_NONE};
    return office_person_add(scene->load.office, scene->load.subject, &scene->load.act, &person,
                             &scene->person, error);
}

static bool add_account(Scene *scene, GError **error)
{
    g_autofree char *name = g_strdup_printf("clerk%d", ++scene->n_named);
    const OfficeAccount account = {
        .name = name, .os_user = name, .person = scene->person, .until = DATE_NONE};
    int64_t id = 0;
    return office_account_add(scene->load.office, scene->load.subject, &scene->load.act, &account,
                              NULL, &id, error);
}

/* Look whether the folder "copy" is there exactly where @is_made, and nothing of a half one; remove
 * it. */
static void check_copy(const Scene *scene, bool is_made)
{
    g_autoptr(GDir) dir = g_dir_open(scene->place->folder, 0, NULL);
    g_autofree char *copy = g_build_filename(scene->place->folder, "copy", NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        if (g_str_has_prefix(name, "copy")) {
            g_assert_cmpstr(name, ==, "copy");
        }
    }
    g_assert_true(g_file_test(copy, G_FILE_TEST_EXISTS) == is_made);
    if (is_made) {
        test_remove_folder(copy);
    }
}

static bool back_up(Scene *scene, GError **error)
{
    g_autofree char *copy = g_build_filename(scene->place->folder, "copy", NULL);
    g_autoptr(OfficeBackup) backup = office_backup_make(scene->fixture.office, copy, error);
    check_copy(scene, backup != NULL);
    return backup != NULL;
}

static bool prepare_backup(Scene *scene, GError **error)
{
    g_autofree char *path = g_build_filename(scene->place->folder, "backup", NULL);
    g_autoptr(OfficeBackup) backup = g_file_test(path, G_FILE_TEST_EXISTS)
                                         ? g_new0(OfficeBackup, 1)
                                         : office_backup_make(scene->fixture.office, path, error);
    return backup != NULL;
}

static bool restore(Scene *scene, GError **error)
{
    g_autofree char *path = g_build_filename(scene->place->folder, "backup", NULL);
    g_autofree char *copy = g_build_filename(scene->place->folder, "copy", NULL);
    g_autoptr(OfficeBackup) backup = office_backup_restore(path, copy, error);
    check_copy(scene, backup != NULL);
    return backup != NULL;
}

/* Import @n rows from a file. */
static bool import_rows(Scene *scene, int n, GError **error)
{
    static const char *const mapping[] = {"a=title", "b=received_at", "c=citizen", NULL};
    static const LedgerImportHints hints = {.mapping = mapping};
    g_autofree char *path = g_build_filename(scene->place->folder, "rows.csv", NULL);
    g_autoptr(GString) text = g_string_new("a,b,c\n");
    for (int i = 0; i < n; i++) {
        g_string_append_printf(text, "路灯不亮%d,2023-05-0%d 10:00,甄有才\n", i, 1 + i % 9);
    }
    g_autoptr(GError) io_error = NULL;
    g_file_set_contents(path, text->str, (gssize)text->len, &io_error);
    g_assert_no_error(io_error);
    const SchemaLedger *ledger = schema_ledger(office_schema(scene->load.office), "case");
    g_autoptr(LedgerImport) import =
        ledger_import_plan(scene->load.office, ledger, path, &hints, error);
    return import != NULL &&
           ledger_import_run(scene->load.office, scene->load.subject, &scene->load.act, import,
                             false, NULL, NULL, &scene->batch, error);
}

static bool import_some(Scene *scene, GError **error)
{
    return import_rows(scene, 3, error);
}

static bool import_many(Scene *scene, GError **error)
{
    return import_rows(scene, LEDGER_IMPORT_ONE_GO + 1, error);
}

static bool undo(Scene *scene, GError **error)
{
    return ledger_import_undo(scene->load.office, scene->load.subject, &scene->load.act,
                              scene->batch, false, error);
}

/* Record the entry in another process's life: open, add, close. */
static bool visit(Scene *scene, GError **error)
{
    scene->load.office =
        office_open(scene->fixture.location, OFFICE_WRITE, scene->fixture.source, error);
    bool is_ok = scene->load.office != NULL && add(scene, error);
    office_close(scene->load.office);
    return is_ok;
}

static bool look(Scene *scene, GError **error)
{
    g_autoptr(Office) office = office_open(scene->fixture.location, OFFICE_READ, NULL, error);
    g_autoptr(LogReport) report = office != NULL ? random_load_verify(office, error) : NULL;
    if (report != NULL) { /* a disk that cannot be read is not an alteration */
        g_assert_true(report->verdict == LOG_SOUND || report->verdict == LOG_ASSERTED);
    }
    return report != NULL;
}

/* Apply a pack with one field more than the last. */
static bool apply(Scene *scene, GError **error)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_free(scene->last_field);
    scene->last_field =
        g_strdup_printf("  extra_%d: text 附加%d\n", scene->n_tried, scene->n_tried);
    for (guint i = 0; i < files->len; i++) {
        SchemaFile *file = g_ptr_array_index(files, i);
        if (g_str_has_suffix(file->path, "ledgers/case.yaml")) {
            g_auto(GStrv) halves = g_strsplit(file->text, "fields:\n", 2);
            g_free(file->text);
            file->text = g_strconcat(halves[0], "fields:\n", scene->fields->str, scene->last_field,
                                     halves[1], NULL);
        }
    }
    return office_pack_apply(scene->fixture.office, files, NULL, &scene->load.act, error);
}

static const Operation operations[] = {
    {"add", add, .n_entries = 1},
    {"step", step, .prepare = prepare_entry},
    {"change", change, .prepare = prepare_entry},
    {"erase", erase, .prepare = prepare_entry},
    {"comment", comment, .prepare = prepare_entry},
    {"attach", attach, .prepare = prepare_entry},
    {"delete", take_out, .prepare = prepare_entry, .n_entries = -1},
    {"unit", add_unit, .prepare = prepare_unit},
    {"person", add_person},
    {"account", add_account, .prepare = add_person},
    {"backup", back_up, .is_reading = true, .is_of_folders = true},
    {"restore", restore, .prepare = prepare_backup, .is_reading = true, .is_of_folders = true},
    {"import", import_some, .n_entries = 3},
    {"undo", undo, .prepare = import_some, .is_in_chunks = true, .n_entries = -3},
    {"import in chunks", import_many, .is_in_chunks = true, .n_entries = LEDGER_IMPORT_ONE_GO + 1},
    {"pack", apply},
    {"visit", visit, .is_on_closed = true, .n_entries = 1},
    {"verify", look, .is_on_closed = true, .is_reading = true},
};

/* ---- the walk -------------------------------------------------------------------------------- */

/* Return whether @error is one that the fault may give. */
static void check_code(const Scene *scene, const GError *error)
{
    bool is_good = scene->proxy != NULL
                       ? error_is(error, SHUZHI_ERROR_UNAVAILABLE)
                       : error_is(error, SHUZHI_ERROR_IO) || error_is(error, SHUZHI_ERROR_FULL);
    if (!is_good) {
        g_error("not an error of disks and networks: %s", error->message);
    }
}

/* What the office holds, to be compared. */
typedef struct Extent {
    int64_t n_events;
    int n_entries;
} Extent;

static Extent measure(const Scene *scene)
{
    return (Extent){count_events(scene->fixture.office), count_entries(scene)};
}

/* Check that an operation that failed with @error (NULL: went well) is done whole or not at all.
 *
 * A commit of which nobody knows whether it was made says so. */
static void check_state(const Scene *scene, const Operation *operation, const GError *error,
                        Extent before)
{
    bool is_unknown = error != NULL && strstr(error->message, "unknown") != NULL;
    Extent after = measure(scene);
    int n_come = after.n_entries - before.n_entries;
    if (error == NULL) {
        g_assert_cmpint(n_come, ==, operation->n_entries);
        g_assert_true((after.n_events > before.n_events) == !operation->is_reading);
    } else if (is_unknown || operation->is_in_chunks) {
        g_assert_true(n_come == 0 || n_come == operation->n_entries);
    } else {
        g_assert_cmpint(n_come, ==, 0);
        g_assert_cmpint(after.n_events, ==, before.n_events);
    }
}

/* Do what who opens the office next does with what was left half done: nothing else is seen then.
 */
static void recover(const Scene *scene)
{
    g_autoptr(GError) error = NULL;
    int n_before = count_entries(scene);
    ledger_import_recover(scene->fixture.office, &scene->load.act, &error);
    g_assert_no_error(error);
    g_assert_cmpint(count_entries(scene), ==, n_before);
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(scene->fixture.office), &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) batches = ledger_import_list(reader, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < batches->len; i++) {
        const LedgerBatch *batch = g_ptr_array_index(batches, i);
        g_assert_cmpstr(batch->state, !=, "open");
    }
}

static void prepare(Scene *scene, const Operation *operation)
{
    g_autoptr(GError) error = NULL;
    if (operation->prepare != NULL) {
        operation->prepare(scene, &error);
        g_assert_no_error(error);
    }
}

/* The office is sound after a fault, and goes on. */
static void check_goes_on(Scene *scene, const Operation *operation)
{
    g_autoptr(GError) error = NULL;
    recover(scene);
    if (!operation->is_on_closed && operation->run != apply && operation->run != import_many) {
        prepare(scene, operation);
        operation->run(scene, &error);
        g_assert_no_error(error);
    }
    check_sound(scene->fixture.office);
}

/* Let the @n-th step of @operation fail; false when it has fewer. */
static bool try_fault(Scene *scene, const Operation *operation, int n)
{
    g_autoptr(GError) error = NULL;
    prepare(scene, operation);
    Extent before = measure(scene);
    if (operation->is_on_closed) {
        close_office(scene);
    }
    scene->n_tried++;
    arm(scene, n);
    bool is_ok = operation->run(scene, &error);
    bool has_failed = disarm(scene);
    if (!is_ok) {
        g_test_message("%s %d: %s", operation->name, n, error->message);
        check_code(scene, error);
        g_assert_true(has_failed);
    }
    if (operation->is_on_closed) {
        open_office(scene);
    }
    check_state(scene, operation, error, before);
    if (operation->run == apply && count_events(scene->fixture.office) > before.n_events) {
        g_string_append(scene->fields, scene->last_field);
        if (!is_ok) { /* done without its knowing: who opens it anew sees the new pack */
            close_office(scene);
            open_office(scene);
        }
    }
    if (!is_ok && !operation->is_reading) {
        check_goes_on(scene, operation);
    }
    return has_failed;
}

static bool is_long(void)
{
    return g_getenv("SHUZHI_CRASH_ROUNDS") != NULL;
}

/* Return the fault to try after the @n-th: at length each; else, and always where one try takes
 * long, the first ones and then with growing gaps. */
static int next_fault(const Operation *operation, int n)
{
    bool is_heavy = operation->run == import_many;
    return is_long() && !is_heavy ? n + 1 : n + 1 + n / (is_long() ? 8 : 2);
}

static void walk(Scene *scene)
{
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        const Operation *operation = &operations[i];
        int n_faults = 0;
        bool is_left_out = (operation->run == import_many && !is_long()) ||
                           (operation->is_of_folders && scene->proxy != NULL);
        if (is_left_out) {
            continue;
        }
        for (int n = 1; try_fault(scene, operation, n); n = next_fault(operation, n)) {
            n_faults++;
        }
        g_test_message("%s: %d faults", operation->name, n_faults);
        if (operation->is_on_closed) { /* from a clean start */
            close_office(scene);
            open_office(scene);
        }
    }
    check_sound(scene->fixture.office);
}

static void run_scene(Scene *scene)
{
    test_office_open(&scene->fixture, scene->place, NULL);
    random_load_init(&scene->load, scene->fixture.office, scene->fixture.console, NULL, 1);
    scene->fields = g_string_new(NULL);
    scene->is_open = true;
    walk(scene);
    random_load_clear(&scene->load);
    g_string_free(scene->fields, true);
    g_free(scene->last_field);
    test_office_close(&scene->fixture);
}

static void run_sqlite(const TestPlace *place, FaultKind kind, bool is_lasting)
{
    Scene scene = {.place = place, .kind = kind, .is_special = is_lasting};
    g_test_message("faults: %s%s", fault_vfs_name(kind), is_lasting ? ", lasting" : "");
    run_scene(&scene);
}

static void run_postgres(const TestPlace *place, bool is_after)
{
    FaultProxy *proxy = fault_proxy_new(place->folder);
    if (proxy == NULL) {
        return;
    }
    g_autofree char *location = fault_proxy_location(proxy, place->location);
    const TestPlace through = {
        .dialect = place->dialect, .location = location, .folder = place->folder};
    Scene scene = {.place = &through, .proxy = proxy, .is_special = is_after};
    run_scene(&scene);
    fault_proxy_free(proxy);
}

/* ---- making an office ------------------------------------------------------------------------ */

/* Make an office whose @n-th step fails: nothing of it may stay.  False when it has fewer. */
static bool try_create(Scene *scene, const char *location, int n)
{
    g_autoptr(GError) error = NULL;
    const OfficePlan plan = {.name = "新", .seed = (uint64_t)n, .now_us = TEST_OFFICE_NOW_US};
    const LogAct act = {.actor = "os:test", .at_us = TEST_OFFICE_NOW_US};
    arm(scene, n);
    bool is_ok = office_create(location, &plan, &act, &error);
    bool has_failed = disarm(scene);
    if (!is_ok) {
        g_test_message("create %d: %s", n, error->message);
        check_code(scene, error);
        g_clear_error(&error);
        g_assert_null(office_open(location, OFFICE_READ, NULL, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
        g_clear_error(&error);
        office_create(location, &plan, &act, &error);
        g_assert_no_error(error);
    }
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, &error);
    g_assert_no_error(error);
    check_sound(office);
    return has_failed;
}

static void set_keys(const TestPlace *place)
{
    g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
    g_setenv("SHUZHI_KEYS", keys, true);
}

static void test_create_sqlite(const TestPlace *place)
{
    set_keys(place);
    for (FaultKind kind = 0; kind < FAULT_N_KINDS; kind++) {
        Scene scene = {.place = place, .kind = kind};
        bool has_failed = true;
        for (int n = 1; has_failed; n += is_long() ? 1 : 1 + n / 2) {
            g_autofree char *name = g_strdup_printf("%s-%d", fault_vfs_name(kind), n);
            g_autofree char *location = g_build_filename(place->folder, name, NULL);
            has_failed = try_create(&scene, location, n);
            test_remove_folder(location);
            g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
            test_remove_folder(keys);
        }
    }
}

static void test_create_postgres(const TestPlace *place)
{
    FaultProxy *proxy = fault_proxy_new(place->folder);
    if (proxy == NULL) {
        return;
    }
    set_keys(place);
    g_autofree char *through = fault_proxy_location(proxy, place->location);
    g_autofree char *files = g_build_filename(place->folder, "files", NULL);
    g_autofree char *location = g_strconcat(through, "&files=", files, NULL);
    for (int mode = 0; mode < 2; mode++) {
        Scene scene = {.place = place, .proxy = proxy, .is_special = mode == 1};
        bool has_failed = true;
        for (int n = 1; has_failed; n += is_long() ? 1 : 1 + n / 2) {
            has_failed = try_create(&scene, location, n);
            test_server_run(place, "DROP SCHEMA {schema} CASCADE");
            test_remove_folder(files);
            g_autofree char *keys = g_build_filename(place->folder, "keys", NULL);
            test_remove_folder(keys);
        }
    }
    fault_proxy_free(proxy);
}

/* ---- main ------------------------------------------------------------------------------------ */

static void test_fails_once(const TestPlace *place)
{
    for (FaultKind kind = 0; kind < FAULT_N_KINDS; kind++) {
        g_autoptr(TestPlace) own = test_place_new(STORE_SQLITE);
        run_sqlite(own, kind, false);
    }
}

static void test_fails_for_long(const TestPlace *place)
{
    FaultKind first = is_long() ? FAULT_READ : FAULT_FULL;
    FaultKind last = is_long() ? FAULT_DELETE : FAULT_SYNC;
    for (FaultKind kind = first; kind <= last; kind++) {
        g_autoptr(TestPlace) own = test_place_new(STORE_SQLITE);
        run_sqlite(own, kind, true);
    }
}

static void test_lost_before(const TestPlace *place)
{
    run_postgres(place, false);
}

static void test_lost_after(const TestPlace *place)
{
    run_postgres(place, true);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fault_vfs_install();
    test_store_on(STORE_SQLITE, "/crash/faults/create", test_create_sqlite);
    test_store_on(STORE_SQLITE, "/crash/faults/fails-once", test_fails_once);
    test_store_on(STORE_SQLITE, "/crash/faults/fails-for-long", test_fails_for_long);
    test_store_on(STORE_POSTGRES, "/crash/faults/create", test_create_postgres);
    test_store_on(STORE_POSTGRES, "/crash/faults/lost-before", test_lost_before);
    test_store_on(STORE_POSTGRES, "/crash/faults/answer-lost", test_lost_after);
    return g_test_run();
}
