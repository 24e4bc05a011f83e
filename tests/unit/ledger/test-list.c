#include "ledger/list.h"

#include "base/file.h"
#include "ledger-fixture.h"
#include "ledger/evaluate.h"
#include "ledger/import.h"
#include "ledger/spelling.h"
#include "log/record.h"
#include "office/unit.h"
#include "store/store-value.h"

#define N_ENTRIES 90

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

/* Open an office whose tasks are listed by one column of each kind that a list may have. */
static void open_listed(LedgerFixture *f, const TestPlace *place)
{
    ledger_fixture_open(f, place);
    ledger_fixture_apply(
        f, "list: [came, done_at, day, cost, kind]",
        "list: [came, done_at, day, cost, kind, unit_of, head, urgent, title, place]", NULL);
}

/* ---- a random ledger ---------------------------------------------------------------------------
 */

/* Set field @name in two of three entries to one of @texts. */
static void maybe_set(LedgerFixture *f, Source *random, LedgerInput *input, const char *name,
                      const char *const *texts)
{
    guint n = g_strv_length((char **)texts);
    if (source_random_below(random, 3) > 0) {
        ledger_fixture_set(f, input, name, texts[source_random_below(random, n)]);
    }
}

#define MAYBE(name, ...) maybe_set(f, random, input, name, (const char *const[]){__VA_ARGS__, NULL})

static LedgerInput *random_input(LedgerFixture *f, Source *random, int i)
{
    LedgerInput *input = ledger_input_new(f->task);
    g_autofree char *title = g_strdup_printf("第%d件", i % 7);
    g_autofree char *came =
        g_strdup_printf("2023-%02u-%02u %02u:30", source_random_below(random, 3) + 8,
                        source_random_below(random, 28) + 1, source_random_below(random, 24));
    ledger_fixture_set(f, input, "title", title);
    ledger_fixture_set(f, input, "came", came);
    MAYBE("kind", "大事", "小事");
    MAYBE("topics", "水", "电、路", "水、路");
    MAYBE("unit_of", "甲科", "乙科");
    MAYBE("head", "张三", "李四");
    MAYBE("helpers", "张三", "李四、张三");
    MAYBE("cost", "0", "5", "5.01", "-3");
    MAYBE("count", "1", "2", "7");
    MAYBE("urgent", "是", "否");
    MAYBE("day", "2023-01-01", "2023-09-30", "2024-02-29");
    MAYBE("place", "东", "西街");
    MAYBE("phone", "13900000000", "13800000000");
    if (i > 0) {
        MAYBE("about", "T2023-001");
    }
    for (guint n = source_random_below(random, 3); n > 0; n--) {
        Value row[] = {value_ref(source_random_below(random, 2) == 0 ? f->zhang : f->li),
                       source_random_below(random, 2) == 0
                           ? VALUE_EMPTY
                           : value_number(source_random_below(random, 5)),
                       VALUE_EMPTY};
        ledger_input_add_row(input, schema_ledger_field(f->task, "visits"), row);
    }
    return input;
}

/* Do some steps of entry @id, each some time after the one before. */
static void random_steps(LedgerFixture *f, Source *random, int64_t id)
{
    static const struct {
        const char *name, *field, *text;
    } steps[] = {{"begin", NULL, NULL},
                 {"answer", "reply", "好"},
                 {"return", "again", "再"},
                 {"answer", "reply", "很好"},
                 {"close", "verdict", "属实"}};
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f->root);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(f, id);
    int64_t happened_us = entry->opened_us;
    for (guint i = 0, n = source_random_below(random, G_N_ELEMENTS(steps) + 1); i < n; i++) {
        g_autoptr(GError) error = NULL;
        bool is_check = i == 2 || i == 4;
        const RightsSubject *subject = is_check ? supervisor : f->base.console;
        LogAct act = {.actor = subject->actor};
        g_autoptr(LedgerInput) input = ledger_input_new(f->task);
        happened_us += source_random_below(random, 8) * DAY_US + 1;
        if (happened_us > TEST_OFFICE_NOW_US) {
            return;
        }
        if (steps[i].field != NULL) {
            ledger_fixture_set(f, input, steps[i].field, steps[i].text);
        }
        ledger_entry_step(f->office, subject, &act, id, 0, steps[i].name, happened_us, input, NULL,
                          &error);
        if (i == 4) {
            g_clear_error(&error); /* what it costs may be missing */
        }
        g_assert_no_error(error);
    }
}

/* Open an office full of random entries; *@ret_random goes on from there. */
static void open_random(LedgerFixture *f, const TestPlace *place, Source **ret_random)
{
    open_listed(f, place);
    Source *random = *ret_random = source_new_seeded(11, 0);
    for (int i = 0; i < N_ENTRIES; i++) {
        int64_t id = ledger_fixture_add(f, random_input(f, random, i));
        if (source_random_below(random, 3) == 0) { /* evidence, so that some can be closed */
            g_autofree char *sql =
                g_strdup_printf("INSERT INTO link (entry_id, field, n, kind, target) VALUES"
                                " (%lld, 'proof', 0, 'evidence', 1),"
                                " (%lld, 'proof', 1, 'evidence', 2)",
                                (long long)id, (long long)id);
            ledger_fixture_tamper(f, sql);
        }
        random_steps(f, random, id);
    }
    g_assert_cmpint(
        ledger_fixture_int(f, "SELECT count(*) FROM ledger_task WHERE state = 'closed'"), >, 0);
}

static GPtrArray *load_all(LedgerFixture *f, StoreConnection *reader)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)ledger_entry_free);
    for (int i = 1; i <= N_ENTRIES; i++) {
        g_autofree char *number = g_strdup_printf("T2023-%03d", i);
        LedgerEntry *entry = ledger_entry_find(f->office, reader, number, &error);
        g_assert_no_error(error);
        g_ptr_array_add(all, entry);
    }
    return all;
}

/* ---- expressions -------------------------------------------------------------------------------
 */

static const char *const atoms[] = {
    "state = answered",
    "state in (fresh, closed)",
    "closed is empty",
    "closed >= 2023-10-01",
    "late > 0",
    "late = 0",
    "late is empty",
    "took < 10.0",
    "took >= 3.5",
    "took is empty",
    "due < cutoff",
    "due is empty",
    "due >= 2023-10-09",
    "done_at is not empty",
    "done_at < 2023-10-10",
    "begun_on is empty",
    "begun_on >= 2023-09-15",
    "reply contains '很'",
    "reply is empty",
    "again is not empty",
    "unit.name = '甲科'",
    "unit is empty",
    "unit_of.kind = 'section'",
    "head.name = '张三'",
    "head.post is empty",
    "head.unit is empty",
    "topics contains water",
    "topics is empty",
    "helpers is empty",
    "count(visits where hours > 2) >= 1",
    "count(visits where who.name = '张三') = 1",
    "count(visits) > 1",
    "number = 'T2023-007'",
    "urgent = yes",
    "cost >= 5.00",
    "cost is empty",
    "day <= today",
    "day = 2024-02-29",
    "opened >= 2023-09-10",
    "kind = big",
    "place = '东'",
    "count between 1 and 2",
    "title != '第3件'",
    "anywhere contains '很'",
    "anywhere contains '3件'",
    "anywhere contains 'T2023-00'",
    "anywhere = number",
};
static const char *const present_atoms[] = {"about.state = answered", "about.late is empty",
                                            "about.number = 'T2023-001'", "about.unit is empty",
                                            "about.took > 1.0"};

static char *random_condition(Source *random, int depth, bool is_present)
{
    if (depth == 0 || source_random_below(random, 4) == 0) {
        guint n_present = is_present ? G_N_ELEMENTS(present_atoms) : 0;
        guint i = source_random_below(random, G_N_ELEMENTS(atoms) + n_present);
        return g_strdup(i < G_N_ELEMENTS(atoms) ? atoms[i]
                                                : present_atoms[i - G_N_ELEMENTS(atoms)]);
    }
    g_autofree char *left = random_condition(random, depth - 1, is_present);
    if (source_random_below(random, 3) == 0) {
        return g_strdup_printf("not (%s)", left);
    }
    g_autofree char *right = random_condition(random, depth - 1, is_present);
    return g_strdup_printf("(%s) %s (%s)", left, source_random_below(random, 2) == 0 ? "and" : "or",
                           right);
}

/* ---- at a cut-off ------------------------------------------------------------------------------
 */

static int64_t last_time_of(const GPtrArray *steps, const char *name, int64_t cutoff_us)
{
    int64_t last_us = 0;
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        if (g_str_equal(step->name, name) && step->happened_us <= cutoff_us) {
            last_us = step->happened_us;
        }
    }
    return last_us;
}

/* Return when the clock of @entry had been stopped at the cut-off, before it was set running again;
 * 0 where it ran. */
static int64_t stop_before(const LedgerEntry *entry, const GPtrArray *steps, int64_t cutoff_us)
{
    const SchemaClock *clock =
        entry->clock != NULL ? schema_find(entry->ledger->clocks, entry->clock) : NULL;
    int64_t stop_us = 0;
    for (guint i = 0; clock != NULL && i < steps->len; i++) {
        const LedgerStep *done = g_ptr_array_index(steps, i);
        const SchemaStep *step = schema_ledger_step(entry->ledger, done->name);
        bool is_stop = g_ptr_array_find(clock->stops, step, NULL);
        if (done->happened_us > cutoff_us) {
            continue;
        }
        if (is_stop && stop_us == 0) {
            stop_us = done->happened_us;
        } else if (schema_step_restarts(step, clock)) {
            stop_us = 0;
        }
    }
    return stop_us;
}

/* Turn @entry into what it was at the cut-off, in the slowest way. */
static void rewind_entry(LedgerEntry *entry, const GPtrArray *steps, int64_t cutoff_us)
{
    const SchemaChoice *first = g_ptr_array_index(entry->ledger->states, 0);
    g_free(entry->state);
    entry->state = g_strdup(first->name);
    entry->stepped_us = entry->opened_us;
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        if (step->happened_us <= cutoff_us) {
            g_free(entry->state);
            entry->state = g_strdup(step->to_state);
            entry->stepped_us = step->happened_us;
        }
    }
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (field->set_by_step == NULL) {
            continue;
        }
        int64_t last_us = last_time_of(steps, field->set_by_step, cutoff_us);
        if (last_us == 0) {
            value_clear(&entry->values[i]);
        } else if (field->kind == SCHEMA_FIELD_TIME) {
            entry->values[i].number = last_us;
        }
    }
    if (entry->stopped_us == 0 || entry->stopped_us > cutoff_us) {
        entry->stopped_us = stop_before(entry, steps, cutoff_us);
    }
}

typedef struct Moment {
    int64_t us;
} Moment;

static void get_parameter(void *data, const ExpressionSymbol *symbol, Value *ret_value)
{
    const Moment *moment = data;
    *ret_value = ledger_parameter_now(symbol->name, moment->us, DATE_SECONDS_SHANGHAI);
}

/* Return the ids that meet @condition by SQL, sorted (of int64_t). */
static GArray *ids_by_sql(StoreConnection *reader, const LedgerFixture *f,
                          const Expression *condition, int64_t cutoff_us, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    LedgerSpelling spelling;
    ledger_spelling_init(&spelling, f->task, "t", cutoff_us, now_us);
    Moment moment = {now_us};
    ExpressionContext context = {
        .get_parameter = get_parameter, .data = &moment, .offset_seconds = DATE_SECONDS_SHANGHAI};
    g_autoptr(GString) text = g_string_new("SELECT t.entry_id FROM ledger_task t WHERE ");
    g_autoptr(GArray) values = expression_sql_values_new();
    ExpressionSql sql = {.dialect = store_connection_dialect(reader) == STORE_SQLITE
                                        ? EXPRESSION_SQLITE
                                        : EXPRESSION_POSTGRES,
                         .names = &spelling.names,
                         .context = &context,
                         .text = text,
                         .values = values};
    ledger_spelling_append_visible(&spelling, text);
    g_string_append(text, " AND ");
    expression_to_sql(condition, &sql);
    g_string_append(text, " ORDER BY t.entry_id");
    g_autoptr(StoreStatement) query = store_prepare(reader, text->str, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < values->len; i++) {
        store_bind_value(query, (int)i + 1, &g_array_index(values, Value, i));
    }
    GArray *ids = g_array_new(false, false, sizeof(int64_t));
    bool has_row = false;
    while (store_step(query, &has_row, &error) && has_row) {
        int64_t id = store_column_int(query, 0);
        g_array_append_val(ids, id);
    }
    g_assert_no_error(error);
    return ids;
}

static bool meets(const LedgerEntry *entry, const Expression *condition, StoreConnection *reader,
                  int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    bool is_met = false;
    const LedgerPresent present = {reader, now_us, DATE_SECONDS_SHANGHAI};
    ledger_entry_meets(entry, condition, &present, &is_met, &error);
    g_assert_no_error(error);
    return is_met;
}

static void check_condition(LedgerFixture *f, StoreConnection *reader, const GPtrArray *all,
                            const char *text, int64_t cutoff_us, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) condition = expression_parse(text, schema_ledger_scope(f->task), &error);
    g_assert_no_error(error);
    g_autoptr(GArray) found = ids_by_sql(reader, f, condition, cutoff_us, now_us);
    guint n = 0;
    for (guint i = 0; i < all->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(all, i);
        bool is_found = n < found->len && g_array_index(found, int64_t, n) == entry->id;
        bool is_met = meets(entry, condition, reader, now_us);
        if (is_found != is_met) {
            g_error("%s at %lld: %s by SQL %d, by hand %d", text, (long long)cutoff_us,
                    entry->number, is_found, is_met);
        }
        n += is_found ? 1 : 0;
    }
    g_assert_cmpint(n, ==, found->len);
}

static void test_sql_says_what_the_evaluator_says(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(Source) random = NULL;
    g_autoptr(GError) error = NULL;
    open_random(&f, place, &random);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) all = load_all(&f, reader);
    for (size_t i = 0; i < G_N_ELEMENTS(atoms); i++) {
        check_condition(&f, reader, all, atoms[i], 0, TEST_OFFICE_NOW_US);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(present_atoms); i++) {
        check_condition(&f, reader, all, present_atoms[i], 0, TEST_OFFICE_NOW_US);
    }
    for (int i = 0; i < 120; i++) {
        g_autofree char *text = random_condition(random, 3, true);
        check_condition(&f, reader, all, text, 0, TEST_OFFICE_NOW_US);
    }
}

static void test_the_same_at_a_cutoff(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(Source) random = NULL;
    g_autoptr(GError) error = NULL;
    open_random(&f, place, &random);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    for (int i = 0; i < 6; i++) {
        int64_t cutoff_us = TEST_OFFICE_NOW_US - source_random_below(random, 90) * DAY_US;
        g_autoptr(GPtrArray) all = load_all(&f, reader);
        for (guint j = 0; j < all->len; j++) {
            LedgerEntry *entry = g_ptr_array_index(all, j);
            g_autoptr(GPtrArray) steps = ledger_entry_steps(reader, entry->id, &error);
            rewind_entry(entry, steps, cutoff_us);
        }
        for (size_t j = 0; j < G_N_ELEMENTS(atoms); j++) {
            check_condition(&f, reader, all, atoms[j], cutoff_us, cutoff_us);
        }
        for (int j = 0; j < 30; j++) {
            g_autofree char *text = random_condition(random, 3, false);
            check_condition(&f, reader, all, text, cutoff_us, cutoff_us);
        }
    }
}

/* ---- lists -------------------------------------------------------------------------------------
 */

static LedgerNames *model_names; /* of who is in the naive model */

/* What the list is sorted by, for the naive model. */
static Value key_of(const LedgerEntry *entry, const char *sort)
{
    const SchemaField *field = schema_ledger_field(entry->ledger, sort);
    if (field != NULL && field->kind == SCHEMA_FIELD_DATE &&
        !value_is_empty(&entry->values[field->position])) {
        char date[DATE_TEXT_SIZE];
        return value_text(date_format((Date)entry->values[field->position].number, date));
    }
    if (field != NULL) {
        return value_copy(&entry->values[field->position]);
    }
    if (g_str_equal(sort, "opened")) {
        return value_number(entry->opened_us);
    }
    if (g_str_equal(sort, "due")) {
        return entry->due_us != 0 ? value_number(entry->due_us) : VALUE_EMPTY;
    }
    return value_number(entry->id);
}

/* Return where @text is among @set; behind all for "" or NULL. */
static int rank_in(const char *text, const char *const *set)
{
    for (int i = 0; set[i] != NULL; i++) {
        if (g_strcmp0(set[i], text) == 0) {
            return i;
        }
    }
    return G_MAXINT;
}

/* Return where the value of @entry stands in the set that @sort has; -1 for what has none. */
static int rank_of(const LedgerEntry *entry, const char *sort)
{
    static const struct {
        const char *sort;
        const char *set[5]; /* people: by pinyin, not as they were recorded */
    } sets[] = {{"state", {"fresh", "running", "answered", "closed"}},
                {"kind", {"big", "small"}},
                {"unit_of", {"甲科", "乙科"}},
                {"head", {"李四", "张三"}},
                {"urgent", {"no", "yes"}}};
    const SchemaField *field = schema_ledger_field(entry->ledger, sort);
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        if (g_str_equal(sets[i].sort, sort)) {
            g_autofree char *text =
                field == NULL ? g_strdup(entry->state)
                              : ledger_field_format(field, &entry->values[field->position],
                                                    model_names, DATE_SECONDS_SHANGHAI, NULL);
            return rank_in(text, sets[i].set);
        }
    }
    return -1;
}

/* Return the text by which @sort groups @entry, "" for an empty one; NULL where it is no text. */
static const char *text_of(const LedgerEntry *entry, const char *sort)
{
    const SchemaField *field = schema_ledger_field(entry->ledger, sort);
    if (field == NULL || (field->kind != SCHEMA_FIELD_TEXT && field->kind != SCHEMA_FIELD_PLACE)) {
        return NULL;
    }
    const Value *value = &entry->values[field->position];
    return value_is_empty(value) ? "" : value->text;
}

typedef struct Order {
    const char *sort;
    bool is_descending;
} Order;

static int compare_entries(gconstpointer a, gconstpointer b, gpointer data)
{
    const Order *order = data;
    const LedgerEntry *left = *(LedgerEntry *const *)a;
    const LedgerEntry *right = *(LedgerEntry *const *)b;
    int left_rank = rank_of(left, order->sort);
    int right_rank = rank_of(right, order->sort);
    const char *left_text = text_of(left, order->sort);
    const char *right_text = text_of(right, order->sort);
    const char *within = left_rank < 0 && left_text == NULL  ? order->sort
                         : g_str_equal(order->sort, "state") ? "opened"
                                                             : "came";
    g_auto(Value) left_key = key_of(left, within);
    g_auto(Value) right_key = key_of(right, within);
    if (left_rank != right_rank) {
        bool is_last = left_rank == G_MAXINT || right_rank == G_MAXINT;
        int result = left_rank < right_rank ? -1 : 1;
        return order->is_descending && !is_last ? -result : result;
    }
    if (g_strcmp0(left_text, right_text) != 0) {
        bool is_last = *left_text == '\0' || *right_text == '\0';
        int by_text = strcmp(left_text, right_text);
        return is_last ? (*left_text == '\0' ? 1 : -1) : order->is_descending ? -by_text : by_text;
    }
    if (value_is_empty(&left_key) != value_is_empty(&right_key)) {
        return value_is_empty(&left_key) ? 1 : -1; /* the empty last, in both directions */
    }
    int result = left_key.kind == VALUE_TEXT ? strcmp(left_key.text, right_key.text)
                 : left_key.number != right_key.number
                     ? (left_key.number < right_key.number ? -1 : 1)
                     : 0;
    result = result != 0 ? result : (left->id < right->id ? -1 : 1);
    return order->is_descending ? -result : result;
}

/* Return what the list should be. */
static GPtrArray *model(LedgerFixture *f, StoreConnection *reader, const GPtrArray *all,
                        const RightsSubject *subject, const Expression *filter, Order *order)
{
    GPtrArray *expected = g_ptr_array_new();
    for (guint i = 0; i < all->len; i++) {
        LedgerEntry *entry = g_ptr_array_index(all, i);
        RightsObject object = {.ledger = f->task, .unit = entry->unit, .owner = entry->owner};
        if (rights_may(subject, RIGHTS_ENTRY_READ, &object, NULL) &&
            meets(entry, filter, reader, TEST_OFFICE_NOW_US)) {
            g_ptr_array_add(expected, entry);
        }
    }
    g_ptr_array_sort_with_data(expected, compare_entries, order);
    return expected;
}

static void check_list(LedgerFixture *f, StoreConnection *reader, const GPtrArray *expected,
                       LedgerQuery query, const RightsSubject *subject)
{
    guint n = 0;
    g_autofree char *after = NULL;
    query.act = &f->base.act;
    for (bool is_last = false; !is_last;) {
        g_autoptr(GError) error = NULL;
        query.after = after;
        g_autoptr(LedgerPage) page = ledger_list(f->office, reader, subject, &query, &error);
        if (error_is(error, SHUZHI_ERROR_FORBIDDEN)) { /* a link, for who may not read all of it */
            const RightsObject all = {.ledger = f->task, .owner = ""};
            test_assert_error(error, FORBIDDEN, "what a link leads to");
            g_assert_false(rights_may(subject, RIGHTS_ENTRY_READ, &all, NULL));
            return;
        }
        g_assert_no_error(error);
        for (guint i = 0; i < page->entries->len; i++) {
            const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
            g_assert_cmpint(n, <, expected->len);
            const LedgerEntry *wanted = g_ptr_array_index(expected, n++);
            g_assert_cmpstr(entry->number, ==, wanted->number);
            g_assert_cmpint(entry->version, ==, wanted->version);
        }
        is_last = page->next == NULL;
        g_free(after);
        after = g_strdup(page->next);
    }
    g_assert_cmpint(n, ==, expected->len);
}

static void test_pages_are_those_of_the_model(const TestPlace *place)
{
    static const char *const sorts[] = {"recorded", "opened", "due",   "state", "came",
                                        "done_at",  "day",    "cost",  "kind",  "unit_of",
                                        "head",     "urgent", "title", "place"};
    g_auto(LedgerFixture) f = {0};
    g_autoptr(Source) random = NULL;
    g_autoptr(GError) error = NULL;
    open_random(&f, place, &random);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = model_names = ledger_names_new(reader);
    g_autoptr(GPtrArray) all = load_all(&f, reader);
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("os:test", RIGHTS_CLERK, f.unit_a);
    g_autoptr(RightsSubject) head = ledger_fixture_subject("account:5", RIGHTS_HEAD, f.unit_b);
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:6", RIGHTS_STAFF, f.unit_b);
    const RightsSubject *subjects[] = {f.base.console, clerk, head, staff};
    for (size_t i = 0; i < G_N_ELEMENTS(sorts) * 2; i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(subjects); j++) {
            g_autofree char *text = random_condition(random, 1, true);
            g_autoptr(Expression) filter =
                j % 2 == 0 ? NULL : expression_parse(text, schema_ledger_scope(f.task), &error);
            g_assert_no_error(error);
            Order order = {sorts[i / 2], i % 2 == 1};
            g_autoptr(GPtrArray) expected = model(&f, reader, all, subjects[j], filter, &order);
            LedgerQuery query = {.ledger = f.task,
                                 .filter = filter,
                                 .sort = i == 0 ? NULL : order.sort,
                                 .is_descending = order.is_descending,
                                 .limit = (int)source_random_below(random, 12) + 1};
            check_list(&f, reader, expected, query, subjects[j]);
        }
    }
}

/* What the subject recorded, or what names its person in a field that everybody may read. */
static void test_mine(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(Source) random = NULL;
    g_autoptr(GError) error = NULL;
    open_random(&f, place, &random);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) all = load_all(&f, reader);
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:5", RIGHTS_CLERK, f.unit_a);
    g_autoptr(RightsSubject) named = ledger_fixture_subject("account:6", RIGHTS_SECRETARY, f.root);
    named->person = f.zhang;
    const RightsSubject *subjects[] = {f.base.console, clerk, named};
    const SchemaField *head = schema_ledger_field(f.task, "head");
    guint n_named = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        Order order = {"recorded", false};
        g_autoptr(GPtrArray) readable = model(&f, reader, all, subjects[i], NULL, &order);
        g_autoptr(GPtrArray) expected = g_ptr_array_new();
        for (guint j = 0; j < readable->len; j++) {
            LedgerEntry *entry = g_ptr_array_index(readable, j);
            bool is_named = subjects[i]->person != 0 &&
                            entry->values[head->position].number == subjects[i]->person;
            if (g_str_equal(entry->owner, subjects[i]->actor) || is_named) {
                g_ptr_array_add(expected, entry);
            }
            n_named += is_named;
        }
        const LedgerQuery query = {.ledger = f.task, .is_mine = true, .limit = 7};
        check_list(&f, reader, expected, query, subjects[i]);
    }
    g_assert_cmpint(n_named, >, 0);
}

/* Import @n tasks, of which each tenth is small and the others are big. */
static void import_tasks(LedgerFixture *f, const TestPlace *place, int n)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(place->folder, "tasks.csv", NULL);
    g_autoptr(GString) text = g_string_new("标题,收到时间,类别,负责人\n");
    for (int i = 0; i < n; i++) {
        g_string_append_printf(text, "第%d件,2023-05-06,%s,%s\n", i, i % 10 == 0 ? "小事" : "大事",
                               i % 3 == 0   ? ""
                               : i % 3 == 1 ? "张三"
                                            : "李四");
    }
    file_write(path, text->str, text->len, 0600, &error);
    g_assert_no_error(error);
    g_autoptr(LedgerImport) import = ledger_import_plan(f->office, f->task, path, NULL, &error);
    g_assert_no_error(error);
    int64_t batch = 0;
    ledger_import_run(f->office, f->base.console, &f->base.act, import, false, NULL, NULL, &batch,
                      &error);
    g_assert_no_error(error);
}

/* Return how many entries @filter finds, page by page by @sort (NULL: recorded), the last first,
 * and check their order. */
static int walk_down(LedgerFixture *f, StoreConnection *reader, const char *filter,
                     const char *sort)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Expression) condition =
        expression_parse(filter, schema_ledger_scope(f->task), &error);
    g_assert_no_error(error);
    LedgerQuery query = {.ledger = f->task,
                         .filter = condition,
                         .sort = sort,
                         .is_descending = true,
                         .limit = LEDGER_MAX_PAGE};
    Order order = {sort != NULL ? sort : "recorded", true};
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func((GDestroyNotify)ledger_page_free);
    const LedgerEntry *last = NULL;
    int n = 0;
    do {
        LedgerPage *page = ledger_list(f->office, reader, f->base.console, &query, &error);
        g_assert_no_error(error);
        g_ptr_array_add(pages, page);
        for (guint i = 0; i < page->entries->len; i++) {
            const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
            g_assert_true(last == NULL || compare_entries(&last, &entry, &order) < 0);
            last = entry;
        }
        n += (int)page->entries->len;
        query.after = page->next;
    } while (query.after != NULL);
    int n_counted = -1;
    g_assert_true(
        ledger_list_count(f->office, reader, f->base.console, &query, n + 1, &n_counted, &error));
    g_assert_cmpint(n_counted, ==, n);
    g_assert_true(
        ledger_list_count(f->office, reader, f->base.console, &query, 10, &n_counted, &error));
    g_assert_cmpint(n_counted, ==, MIN(n, 10));
    return n;
}

/* Filters that let through much and little are walked differently, and find the same. */
static void test_common_and_rare(const TestPlace *place)
{
    static const char *const sorts[] = {NULL, "state", "kind", "head", "urgent", "title", "place"};
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    open_listed(&f, place);
    import_tasks(&f, place, 2500);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = model_names = ledger_names_new(reader);
    for (size_t i = 0; i < G_N_ELEMENTS(sorts); i++) {
        g_assert_cmpint(walk_down(&f, reader, "kind = big", sorts[i]), ==, 2250);
        g_assert_cmpint(walk_down(&f, reader, "kind = small", sorts[i]), ==, 250);
        g_assert_cmpint(walk_down(&f, reader, "kind = big and opened < today", sorts[i]), ==, 2250);
        g_assert_cmpint(walk_down(&f, reader, "head.name = '张三'", sorts[i]), ==, 833);
    }
    g_assert_cmpint(walk_down(&f, reader, "opened >= 2023-01-01", "opened"), ==, 2500);
    g_assert_cmpint(walk_down(&f, reader, "opened < 2023-01-01", "opened"), ==, 0);
    g_assert_cmpint(walk_down(&f, reader, "came <= 2023-05-06", "came"), ==, 2500);
    g_assert_cmpint(walk_down(&f, reader, "due is empty or due >= 2023-01-01", "due"), ==, 2500);
    g_assert_cmpint(walk_down(&f, reader, "day is empty", "day"), ==, 2500);
}

/* Assert how many entries of the fixture's ledger are listed, and counted, to who has a snapshot
 * and to who has none. */
static void assert_listed(const LedgerFixture *f, int n)
{
    g_autoptr(GError) error = NULL;
    const LedgerQuery query = {.ledger = f->task, .limit = LEDGER_MAX_PAGE};
    for (int is_held = 0; is_held <= 1; is_held++) {
        g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
        g_assert_true(is_held == 0 || store_snapshot_begin(reader, &error));
        g_assert_true(store_snapshot_is_held(reader) == (is_held == 1));
        g_autoptr(LedgerPage) page =
            ledger_list(f->office, reader, f->base.console, &query, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(page->entries->len, ==, (guint)n);
        int n_counted = -1;
        g_assert_true(ledger_list_count(f->office, reader, f->base.console, &query, LEDGER_MAX_PAGE,
                                        &n_counted, &error));
        g_assert_cmpint(n_counted, ==, n);
    }
}

static void test_an_import_under_way_is_hidden(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    open_listed(&f, place);
    import_tasks(&f, place, 3);
    assert_listed(&f, 3);
    ledger_fixture_tamper(&f, "UPDATE batch SET state = 'open'");
    assert_listed(&f, 0);
    ledger_fixture_tamper(&f, "UPDATE batch SET state = 'done'");
    assert_listed(&f, 3);
}

/* A list that names its fields reads of the rest what its rows say, and as it stands. */
static void test_named_fields(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    open_listed(&f, place);
    import_tasks(&f, place, 1);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    const SchemaField *kind = schema_ledger_field(f.task, "kind");
    g_ptr_array_add(fields, (gpointer)kind);
    LedgerQuery query = {.ledger = f.task, .limit = 1};
    g_autoptr(LedgerPage) whole = ledger_list(f.office, reader, f.base.console, &query, &error);
    g_assert_no_error(error);
    query.fields = fields;
    g_autoptr(LedgerPage) named = ledger_list(f.office, reader, f.base.console, &query, &error);
    g_assert_no_error(error);
    query.is_brief = true;
    g_autoptr(LedgerPage) page = ledger_list(f.office, reader, f.base.console, &query, &error);
    g_assert_no_error(error);
    const LedgerEntry *full = g_ptr_array_index(named->entries, 0);
    const LedgerEntry *all = g_ptr_array_index(whole->entries, 0);
    const LedgerEntry *entry = g_ptr_array_index(page->entries, 0);
    g_assert_cmpstr(entry->number, ==, all->number);
    g_assert_cmpstr(entry->title, ==, "第0件");
    g_assert_cmpstr(entry->state, ==, all->state);
    g_assert_cmpstr(entry->owner, ==, all->owner);
    g_assert_cmpint(entry->opened_us, ==, all->opened_us);
    g_assert_cmpint(entry->due_us, ==, all->due_us);
    g_assert_cmpint(entry->added_us, ==, all->added_us);
    g_assert_cmpstr(entry->values[kind->position].text, ==, "small");
    g_assert_cmpint(all->batch, !=, 0);
    g_assert_cmpint(full->batch, ==, all->batch);
    g_assert_cmpint(entry->batch, ==, 0);
    g_assert_true(value_is_empty(&entry->values[schema_ledger_field(f.task, "came")->position]));
}

/* Return the titles of all entries by @sort, from pages of two. */
static char *titles_by(LedgerFixture *f, const char *sort, bool is_descending, const char *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(Expression) condition =
        filter != NULL ? expression_parse(filter, schema_ledger_scope(f->task), &error) : NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *after = NULL;
    do {
        LedgerQuery query = {.ledger = f->task,
                             .filter = condition,
                             .sort = sort,
                             .is_descending = is_descending,
                             .after = after,
                             .limit = 2};
        g_autoptr(LedgerPage) page =
            ledger_list(f->office, reader, f->base.console, &query, &error);
        g_assert_no_error(error);
        for (guint i = 0; i < page->entries->len; i++) {
            g_string_append(out, ((LedgerEntry *)g_ptr_array_index(page->entries, i))->title);
        }
        g_free(after);
        after = g_strdup(page->next);
    } while (after != NULL);
    return g_string_free(g_steal_pointer(&out), false);
}

static void assert_titles(LedgerFixture *f, const char *sort, bool is_descending,
                          const char *expected)
{
    g_autofree char *walked = titles_by(f, sort, is_descending, NULL);
    g_autofree char *sorted = titles_by(f, sort, is_descending, "opened >= 2000-01-01");
    g_assert_cmpstr(walked, ==, expected);
    g_assert_cmpstr(sorted, ==, expected);
}

static void add_titled(LedgerFixture *f, const char *title, const char *came, const char *name,
                       const char *text)
{
    LedgerInput *input = ledger_fixture_input(f, f->task, "title", title, "came", came, NULL);
    if (text != NULL) {
        ledger_fixture_set(f, input, name, text);
    }
    ledger_fixture_add(f, input);
}

/* Units as the organisation has them, not as they were recorded; closed ones in their place; who is
 * of none last, in both directions. */
static void test_units_as_the_organisation_has_them(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    open_listed(&f, place);
    OfficeUnit below = {.name = (char *)"甲科一组",
                        .kind = (char *)OFFICE_UNIT_SECTION,
                        .parent = f.unit_a,
                        .since = DATE_NONE,
                        .until = DATE_NONE};
    int64_t id = 0;
    office_unit_add(f.office, f.base.console, &f.base.act, &below, &id, &error);
    g_assert_no_error(error);
    add_titled(&f, "1", "2023-05-06", "unit_of", "乙科");
    add_titled(&f, "2", "2023-05-07", "unit_of", "甲科一组");
    add_titled(&f, "3", "2023-05-08", "unit_of", NULL);
    add_titled(&f, "4", "2023-05-05", "unit_of", "甲科一组");
    add_titled(&f, "5", "2023-05-09", "unit_of", "甲科");
    date_parse("2023-06-01", &below.until);
    office_unit_close(f.office, f.base.console, &f.base.act, id, below.until, &error);
    g_assert_no_error(error);
    assert_titles(&f, "unit_of", false, "54213");
    assert_titles(&f, "unit_of", true, "12453");
}

/* A choice that the pack declares no more comes behind those that it does, once. */
static void test_a_choice_that_is_gone(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    open_listed(&f, place);
    add_titled(&f, "1", "2023-05-06", "kind", "小事");
    add_titled(&f, "2", "2023-05-07", "kind", NULL);
    add_titled(&f, "3", "2023-05-08", "kind", "大事");
    add_titled(&f, "4", "2023-05-09", "kind", "大事");
    add_titled(&f, "5", "2023-05-10", "kind", "小事");
    ledger_fixture_tamper(&f, "UPDATE ledger_task SET f_kind = 'ancient' WHERE f_title = '3'");
    assert_titles(&f, "kind", false, "41532");
    assert_titles(&f, "kind", true, "35142");
}

static guint count_found(LedgerFixture *f, const RightsSubject *subject, const char *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(Expression) condition =
        expression_parse(filter, schema_ledger_scope(f->task), &error);
    g_assert_no_error(error);
    const LogAct act = {.actor = subject->actor};
    LedgerQuery query = {
        .ledger = f->task, .filter = condition, .limit = LEDGER_MAX_PAGE, .act = &act};
    g_autoptr(LedgerPage) page = ledger_list(f->office, reader, subject, &query, &error);
    g_assert_no_error(error);
    return page->entries->len;
}

/* Check that @subject may not filter so: nothing found would say that there is nothing. */
static void assert_kept(LedgerFixture *f, const RightsSubject *subject, const char *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_autoptr(Expression) condition =
        expression_parse(filter, schema_ledger_scope(f->task), &error);
    const LogAct act = {.actor = subject->actor};
    LedgerQuery query = {.ledger = f->task, .filter = condition, .limit = 10, .act = &act};
    g_assert_null(ledger_list(f->office, reader, subject, &query, &error));
    test_assert_error(error, FORBIDDEN, "look at them");
}

static void test_a_filter_does_not_tell_personal_fields(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(Source) random = NULL;
    open_random(&f, place, &random);
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:5", RIGHTS_CLERK, f.unit_a);
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    g_assert_cmpint(count_found(&f, supervisor, "kind = big"), >, 0);
    assert_kept(&f, supervisor, "phone is not empty");
    assert_kept(&f, supervisor, "kind = big or not phone = '13900000000'");
    guint n_own = count_found(&f, clerk, "phone = '13900000000'");
    g_assert_cmpint(n_own, >, 0);
    g_assert_cmpint(n_own, <, count_found(&f, f.base.console, "phone = '13900000000'"));
    /* nor those of entries that are linked to, whosever they are */
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(Expression) filter =
        expression_parse("about.phone is not empty", schema_ledger_scope(f.task), &error);
    LedgerQuery query = {.ledger = f.task, .filter = filter, .limit = 10, .act = &f.base.act};
    g_assert_no_error(error);
    g_assert_null(ledger_list(f.office, reader, clerk, &query, &error));
    test_assert_error(error, FORBIDDEN, NULL);
    g_assert_cmpint(count_found(&f, f.base.console, "about.phone is not empty"), >, 0);
    /* nor any other field of theirs, for who may not read them all */
    g_clear_error(&error);
    g_autoptr(Expression) title =
        expression_parse("about.title contains '1'", schema_ledger_scope(f.task), &error);
    LedgerQuery probe = {.ledger = f.task, .filter = title, .limit = 10, .act = &f.base.act};
    g_assert_null(ledger_list(f.office, reader, clerk, &probe, &error));
    test_assert_error(error, FORBIDDEN, "what a link leads to");
    g_assert_cmpint(count_found(&f, supervisor, "about.title contains '1'"), >=, 0);
    /* two conditions are kept as one is */
    g_clear_error(&error);
    g_autoptr(Expression) both =
        expression_parse("about.phone is not empty and about.owner_name is not empty"
                         " and about.title contains '1' and about.place = '城关镇'",
                         schema_ledger_scope(f.task), &error);
    g_assert_no_error(error);
    probe.filter = both;
    g_assert_null(ledger_list(f.office, reader, clerk, &probe, &error));
    test_assert_error(error, FORBIDDEN, "what a link leads to");
}

static int64_t count_looks(LedgerFixture *f, const char *actor)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    int64_t n = 0;
    store_query_int(reader, 0, &n, &error,
                    "SELECT count(*) FROM event WHERE kind = 'entry.look' AND actor = $1", "t",
                    actor);
    g_assert_no_error(error);
    return n;
}

/* To find entries by a phone number is to look at it: an event for each, and none without. */
static void test_a_filter_by_personal_fields_is_a_look(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(Source) random = NULL;
    open_random(&f, place, &random);
    g_autoptr(RightsSubject) clerk = ledger_fixture_subject("account:5", RIGHTS_CLERK, f.unit_a);
    guint n = count_found(&f, clerk, "phone = '13900000000'");
    g_assert_cmpint(n, >, 0);
    g_assert_cmpint(count_looks(&f, "account:5"), ==, n);
    g_assert_cmpint(count_found(&f, clerk, "kind = big"), >, 0);
    g_assert_cmpint(count_looks(&f, "account:5"), ==, n);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(Expression) filter =
        expression_parse("phone is not empty", schema_ledger_scope(f.task), &error);
    LedgerQuery query = {.ledger = f.task, .filter = filter, .limit = 10};
    g_assert_null(ledger_list(f.office, reader, clerk, &query, &error));
    test_assert_error(error, INVALID, "which the log notes");
}

/* What a list is asked for it reads, also what has no column; the rest stays empty. */
static void test_asked_for_is_read(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    open_listed(&f, place);
    LedgerInput *input =
        ledger_fixture_input(&f, f.task, "title", "甲", "unit_of", "甲科", "came",
                             "2023-11-13 08:00", "helpers", "张三、李四", "topics", "水", NULL);
    const SchemaField *visits = schema_ledger_field(f.task, "visits");
    Value row[] = {value_ref(f.zhang), value_number(2), value_text("看过")};
    ledger_input_add_row(input, visits, row);
    ledger_fixture_add(&f, input);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    static const char *const asked[] = {"visits", "helpers", "topics", "kind"};
    for (size_t n = 1; n <= G_N_ELEMENTS(asked); n++) {
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        for (size_t i = 0; i < n; i++) {
            g_ptr_array_add(fields, (gpointer)schema_ledger_field(f.task, asked[i]));
        }
        LedgerQuery query = {.ledger = f.task, .limit = 5, .fields = fields};
        g_autoptr(LedgerPage) page = ledger_list(f.office, reader, f.base.console, &query, &error);
        g_assert_no_error(error);
        const LedgerEntry *entry = g_ptr_array_index(page->entries, 0);
        g_assert_cmpint(entry->rows[visits->position]->rows->len, ==, 1);
        g_autofree char *helpers = ledger_fixture_text(&f, entry, "helpers");
        g_assert_cmpstr(helpers, ==, "张三、李四");
    }
    LedgerQuery query = {.ledger = f.task, .limit = 5};
    g_autoptr(LedgerPage) page = ledger_list(f.office, reader, f.base.console, &query, &error);
    g_assert_no_error(error);
    const LedgerEntry *entry = g_ptr_array_index(page->entries, 0);
    g_assert_null(entry->rows[visits->position]);
}

static void test_bad_lists_are_refused(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    open_listed(&f, place);
    g_autoptr(GError) first = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &first);
    static const struct {
        const char *sort, *after;
        int limit;
        const char *words;
    } cases[] = {
        {"reply", NULL, 10, "lists of 'task' cannot be sorted by 'reply'"},
        {"nothing", NULL, 10, "cannot be sorted by 'nothing'"},
        {NULL, "x", 10, "'x' is not the key of a page"},
        {NULL, "1:x", 10, "'1:x' is not the key of a page"},
        {"kind", "1:2", 10, "'1:2' is not the key of a page"},
        {"unit_of", "1:2:x", 10, "'1:2:x' is not the key of a page"},
        {NULL, NULL, 0, "a page has 1 to 1000 entries"},
        {NULL, NULL, 1001, "a page has 1 to 1000 entries"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        LedgerQuery query = {.ledger = f.task,
                             .sort = cases[i].sort,
                             .after = cases[i].after,
                             .limit = cases[i].limit};
        g_assert_null(ledger_list(f.office, reader, f.base.console, &query, &error));
        test_assert_error(error, INVALID, cases[i].words);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/spelling/sql-says-what-the-evaluator-says",
                    test_sql_says_what_the_evaluator_says);
    test_store_each("/ledger/spelling/the-same-at-a-cutoff", test_the_same_at_a_cutoff);
    test_store_each("/ledger/list/pages-are-those-of-the-model", test_pages_are_those_of_the_model);
    test_store_each("/ledger/list/mine", test_mine);
    test_store_each("/ledger/list/asked-for-is-read", test_asked_for_is_read);
    test_store_each("/ledger/list/named-fields", test_named_fields);
    test_store_each("/ledger/list/common-and-rare", test_common_and_rare);
    test_store_each("/ledger/list/an-import-under-way-is-hidden",
                    test_an_import_under_way_is_hidden);
    test_store_each("/ledger/list/units-as-the-organisation-has-them",
                    test_units_as_the_organisation_has_them);
    test_store_each("/ledger/list/a-choice-that-is-gone", test_a_choice_that_is_gone);
    test_store_each("/ledger/list/a-filter-by-personal-fields-is-a-look",
                    test_a_filter_by_personal_fields_is_a_look);
    test_store_each("/ledger/list/a-filter-does-not-tell-personal-fields",
                    test_a_filter_does_not_tell_personal_fields);
    test_store_each("/ledger/list/bad-lists-are-refused", test_bad_lists_are_refused);
    return g_test_run();
}
