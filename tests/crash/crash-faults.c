#include <glib/gstdio.h>

#include "ledger/write.h"
#include "log/history.h"
#include "office/pack.h"
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
    int n_tried;
} Scene;

/* One thing to do, of which each step may fail. */
typedef struct Operation {
    const char *name;
    bool (*run)(Scene *scene, GError **error);
    bool is_on_closed; /* opens the office by itself */
    bool is_reading;   /* changes nothing */
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

static void check_sound(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = random_load_verify(office, &error);
    g_assert_no_error(error);
    g_assert_true(report->verdict == LOG_SOUND || report->verdict == LOG_ASSERTED);
}

/* ---- operations ------------------------------------------------------------------------------ */

static bool add(Scene *scene, GError **error)
{
    int64_t id = 0;
    const SchemaLedger *ledger = schema_ledger(office_schema(scene->load.office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "title"), value_text("路灯不亮"));
    ledger_input_set(input, schema_ledger_field(ledger, "received_at"),
                     value_time(TEST_OFFICE_NOW_US - G_USEC_PER_SEC));
    ledger_input_set(input, schema_ledger_field(ledger, "citizen"), value_text("甄有才"));
    return ledger_entry_add(scene->load.office, scene->load.subject, &scene->load.act, input, 0,
                            &id, error);
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
    {"add", add, false, false},
    {"pack", apply, false, false},
    {"visit", visit, true, false},
    {"verify", look, true, true},
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

/* Check that an operation that failed with @error (NULL: went well) is done whole or not at all.
 *
 * A commit of which nobody knows whether it was made says so. */
static void check_state(Scene *scene, const Operation *operation, const GError *error,
                        int64_t n_before)
{
    bool is_unknown = error != NULL && strstr(error->message, "unknown") != NULL;
    int64_t n_after = count_events(scene->fixture.office);
    if (error == NULL) {
        g_assert_true(operation->is_reading ? n_after == n_before : n_after > n_before);
    } else if (!is_unknown) {
        g_assert_cmpint(n_after, ==, n_before);
    }
}

/* Let the @n-th step of @operation fail; false when it has fewer. */
static bool try_fault(Scene *scene, const Operation *operation, int n)
{
    g_autoptr(GError) error = NULL;
    int64_t n_before = count_events(scene->fixture.office);
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
    check_state(scene, operation, error, n_before);
    if (operation->run == apply && count_events(scene->fixture.office) > n_before) {
        g_string_append(scene->fields, scene->last_field);
        if (!is_ok) { /* done without its knowing: who opens it anew sees the new pack */
            close_office(scene);
            open_office(scene);
        }
    }
    if (!is_ok && !operation->is_reading) { /* and the office goes on */
        g_autoptr(GError) again = NULL;
        if (!operation->is_on_closed && operation->run == add) {
            add(scene, &again);
            g_assert_no_error(again);
        }
        check_sound(scene->fixture.office);
    }
    return has_failed;
}

static bool is_long(void)
{
    return g_getenv("SHUZHI_CRASH_ROUNDS") != NULL;
}

static void walk(Scene *scene)
{
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        int n_faults = 0;
        /* at length each n; else the first ones, then with growing gaps */
        for (int n = 1; try_fault(scene, &operations[i], n); n += is_long() ? 1 : 1 + n / 3) {
            n_faults++;
        }
        g_test_message("%s: %d faults", operations[i].name, n_faults);
        if (operations[i].is_on_closed) { /* from a clean start */
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
