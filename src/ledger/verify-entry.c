#include "ledger/verify-entry.h"

#include "base/json.h"
#include "ledger/event.h"
#include "ledger/first-due.h"
#include "ledger/system-column.h"

/* ---- the fold of the events ------------------------------------------------------------------ */

/* An entry as its events say.  Columns and fields are apart, since a field may have a column's
 * name. */
typedef struct Fold {
    const LedgerVersions *versions; /* of the entry's ledger; NULL: there is none */
    GHashTable *columns;            /* name -> text, of the events' data */
    GHashTable *fields;             /* name -> canonical text */
    GHashTable *erased;             /* names of fields whose text was forgotten */
    GPtrArray *steps;               /* of LedgerStep */
    int64_t added_us;
    int64_t changed_us;
    int64_t first_due_us; /* 0: none yet */
    bool is_deleted;
} Fold;

static void fold_init(Fold *fold, const LedgerVersions *versions)
{
    *fold = (Fold){
        .versions = versions,
        .columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
        .erased = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .steps = ledger_steps_new(),
    };
}

static void fold_clear(Fold *fold)
{
    g_hash_table_unref(fold->columns);
    g_hash_table_unref(fold->fields);
    g_hash_table_unref(fold->erased);
    g_ptr_array_unref(fold->steps);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fold, fold_clear)

static const char *column_of(const Fold *fold, const char *name)
{
    const char *text = g_hash_table_lookup(fold->columns, name);
    return text != NULL ? text : "";
}

static const char *field_of(const Fold *fold, const char *name)
{
    const char *text = g_hash_table_lookup(fold->fields, name);
    return text != NULL ? text : "";
}

/* Return @value as a column's text: "" for null; lists as JSON.  The caller owns it. */
static char *text_of(const json_t *value)
{
    if (json_is_string(value)) {
        return g_strdup(json_string_value(value));
    }
    if (json_is_integer(value)) {
        return g_strdup_printf("%lld", (long long)json_integer_value(value));
    }
    if (json_is_null(value)) {
        return g_strdup("");
    }
    char *dumped = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    char *text = g_strdup(dumped);
    free(dumped);
    return text;
}

static int64_t due_of(const Fold *fold)
{
    return g_ascii_strtoll(column_of(fold, "due"), NULL, 10);
}

static void fold_columns(Fold *fold, const json_t *data)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)data, name, value)
    {
        g_hash_table_replace(fold->columns, g_strdup(name), text_of(value));
    }
}

/* Return what is left of @value of field @name, logged by event @seq, as a column's text; NULL when
 * a pack took the field away since.  The caller owns it. */
static char *text_left(const Fold *fold, const char *name, const json_t *value, int64_t seq)
{
    const SchemaField *field =
        fold->versions != NULL ? schema_ledger_field(fold->versions->table->ledger, name) : NULL;
    g_autofree char *text = text_of(value);
    return field != NULL ? ledger_versions_left(fold->versions, field, seq, text)
                         : g_steal_pointer(&text);
}

static void fold_fields(Fold *fold, int64_t seq, const json_t *values, const json_t *commitments)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)values, name, value)
    {
        g_autofree char *text = text_left(fold, name, value, seq);
        if (text != NULL) {
            g_hash_table_remove(fold->erased, name);
            g_hash_table_replace(fold->fields, g_strdup(name), g_steal_pointer(&text));
        }
    }
    if (values == NULL) {
        json_object_foreach((json_t *)commitments, name, value)
        {
            g_hash_table_remove(fold->fields, name);
            g_hash_table_add(fold->erased, g_strdup(name));
        }
    }
}

static char *member_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return g_strdup(text != NULL ? text : "");
}

/* A step leads to where the next of its event begins, the last to the state of the event. */
static void fold_step(Fold *fold, const LogEvent *event, const json_t *step, const json_t *next)
{
    LedgerStep *done = g_new0(LedgerStep, 1);
    done->n = fold->steps->len + 1;
    done->name = member_text(step, "name");
    done->from_state = member_text(step, "from");
    done->to_state = next != NULL ? member_text(next, "from") : g_strdup(column_of(fold, "state"));
    done->happened_us = json_integer_value(json_object_get(step, "happened"));
    done->recorded_us = event->at_us;
    done->doer = g_strdup(event->actor);
    done->due_us = due_of(fold);
    g_ptr_array_add(fold->steps, done);
}

static void fold_moved(Fold *fold, const json_t *moved)
{
    size_t i = 0;
    json_t *move = NULL;
    json_array_foreach(moved, i, move)
    {
        json_int_t n = json_integer_value(json_object_get(move, "n"));
        if (n >= 1 && n <= (json_int_t)fold->steps->len) {
            LedgerStep *step = g_ptr_array_index(fold->steps, n - 1);
            step->happened_us = json_integer_value(json_object_get(move, "happened"));
        }
    }
}

static void fold_steps(Fold *fold, const LogEvent *event, const json_t *data)
{
    const json_t *steps = json_object_get(data, "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        fold_step(fold, event, json_array_get(steps, i), json_array_get(steps, i + 1));
    }
    const json_t *step = json_object_get(data, "step");
    if (step != NULL) {
        fold_step(fold, event, step, NULL);
    }
    fold_moved(fold, json_object_get(data, "moved"));
}

/* Lay @event over; false when it is not what the log writes. */
static bool fold_event(Fold *fold, const LogEvent *event)
{
    static const char *const changing[] = {"entry.add",   "entry.change", "entry.step",
                                           "entry.erase", "entry.delete", NULL};
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    if (line == NULL || (event->values != NULL && values == NULL)) {
        return false;
    }
    const json_t *data = json_object_get(line, "data");
    if (g_str_has_prefix(event->kind, "entry.")) {
        fold_columns(fold, data);
        fold->first_due_us = fold->first_due_us != 0 ? fold->first_due_us : due_of(fold);
        fold_steps(fold, event, data);
    }
    fold_fields(fold, event->seq, values, json_object_get(line, "fields"));
    if (g_strv_contains(changing, event->kind)) {
        fold->changed_us = event->at_us;
    }
    fold->is_deleted = fold->is_deleted || g_str_equal(event->kind, "entry.delete");
    return true;
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* One entry being compared. */
typedef struct Comparison {
    int64_t id;
    const LedgerStanding *standing;
    const Fold *fold;
    LogReport *report;
} Comparison;

static void tell(const Comparison *comparison, const char *name)
{
    log_report_add(comparison->report, LOG_ALTERED, "entry-value", 0, comparison->id,
                   "entry %lld (%s): '%s' is not what was logged", (long long)comparison->id,
                   column_of(comparison->fold, "number"), name);
}

static void compare_text(const Comparison *comparison, const char *name, const char *logged,
                         const char *stored)
{
    if (!g_str_equal(logged, stored != NULL ? stored : "")) {
        tell(comparison, name);
    }
}

static void compare_int(const Comparison *comparison, const char *name, int64_t logged,
                        int64_t stored)
{
    if (logged != stored) {
        tell(comparison, name);
    }
}

static void compare_member(const Comparison *comparison, const char *name)
{
    g_autofree char *stored = ledger_event_member(comparison->standing->entry, name);
    compare_text(comparison, name, column_of(comparison->fold, name), stored);
}

static void compare_members(const Comparison *comparison)
{
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        if ((ledger_system_columns[i].where & LEDGER_SYSTEM_IN_EVENT) != 0) {
            compare_member(comparison, ledger_system_columns[i].name);
        }
    }
}

static void compare_fields(const Comparison *comparison)
{
    const LedgerEntry *entry = comparison->standing->entry;
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (schema_kind_info(field->kind)->value_kind == VALUE_LIST) {
            continue; /* lies in `link` alone */
        }
        g_autofree char *stored = ledger_event_field(entry, field);
        compare_text(comparison, field->name, field_of(comparison->fold, field->name), stored);
    }
    compare_text(comparison, LEDGER_EXTRA_FIELD, field_of(comparison->fold, LEDGER_EXTRA_FIELD),
                 entry->extra);
    compare_text(comparison, "title", field_of(comparison->fold, entry->ledger->title->name),
                 entry->title);
}

/* Add the links that @value, of @field under the name @name, makes from *@n on. */
static void expect_links(GHashTable *links, const char *name, const SchemaField *field,
                         const Value *value, int64_t *n)
{
    const char *kind = ledger_link_kind(field->kind);
    if (kind == NULL || value_is_empty(value)) {
        return;
    }
    bool is_list = value->kind == VALUE_LIST;
    for (guint i = 0; i < (is_list ? value->items->len : 1); i++) {
        const Value *item = is_list ? &g_array_index(value->items, Value, i) : value;
        ledger_standing_add_link(links, name, (*n)++, kind, item->number, item->text);
    }
}

/* Child rows have been compared with the log: their links follow from them. */
static void expect_row_links(GHashTable *links, const SchemaField *field, const LedgerRows *rows)
{
    for (guint i = 0; rows != NULL && i < rows->n_fields; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        g_autofree char *name = g_strconcat(field->name, ".", child->name, NULL);
        int64_t n = 0;
        for (guint row = 0; row < rows->rows->len; row++) {
            const Value *values = g_ptr_array_index(rows->rows, row);
            expect_links(links, name, child, &values[i], &n);
        }
    }
}

static void expect_evidence(GHashTable *links, const Comparison *comparison)
{
    GHashTableIter iter;
    gpointer name = NULL, text = NULL;
    g_hash_table_iter_init(&iter, comparison->fold->columns);
    while (g_hash_table_iter_next(&iter, &name, &text)) {
        if (!g_str_has_prefix(name, "evidence.")) {
            continue;
        }
        g_autoptr(json_t) files = json_parse(text, strlen(text), NULL);
        for (size_t i = 0; i < json_array_size(files); i++) {
            ledger_standing_add_link(links, (char *)name + strlen("evidence."), (int64_t)i,
                                     "evidence", json_integer_value(json_array_get(files, i)),
                                     NULL);
        }
    }
}

/* Return the links that the fields make: as the log says, or, once they are known to be what was
 * logged, the row (@comparison NULL). */
static GHashTable *expected_links(const LedgerEntry *entry, const Comparison *comparison)
{
    GHashTable *links = ledger_links_new();
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        const SchemaKindInfo *info = schema_kind_info(field->kind);
        bool is_link = ledger_link_kind(field->kind) != NULL;
        g_auto(Value) logged = VALUE_EMPTY;
        int64_t n = 0;
        if (field->kind == SCHEMA_FIELD_ROWS) {
            expect_row_links(links, field, entry->rows[i]);
        } else if (is_link && comparison == NULL) {
            expect_links(links, field->name, field, &entry->values[i], &n);
        } else if (is_link &&
                   value_from_canonical(info->value_kind, info->item_kind,
                                        field_of(comparison->fold, field->name), &logged)) {
            expect_links(links, field->name, field, &logged, &n);
        }
    }
    if (comparison != NULL) {
        expect_evidence(links, comparison);
    }
    return links;
}

static const char *lines_of(GHashTable *links, const char *field)
{
    const GString *lines = links != NULL ? g_hash_table_lookup(links, field) : NULL;
    return lines != NULL ? lines->str : "";
}

/* Compare the links of the fields in @names, a table of links itself, with those in @other; with
 * @only_missing those alone that are not there. */
static void compare_link_tables(const Comparison *comparison, GHashTable *names, GHashTable *other,
                                bool only_missing)
{
    GHashTableIter iter;
    gpointer field = NULL, lines = NULL;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &field, &lines)) {
        const char *there = lines_of(other, field);
        bool is_different = !g_str_equal(((GString *)lines)->str, there);
        if (is_different && (!only_missing || *there == '\0')) {
            log_report_add(comparison->report, LOG_ALTERED, "entry-links", 0, comparison->id,
                           "entry %lld (%s): the links of '%s' are not what was logged",
                           (long long)comparison->id, column_of(comparison->fold, "number"),
                           (char *)field);
        }
    }
}

static void compare_links(const Comparison *comparison)
{
    g_autoptr(GHashTable) expected = expected_links(comparison->standing->entry, comparison);
    compare_link_tables(comparison, expected, comparison->standing->links, false);
    if (comparison->standing->links != NULL) {
        compare_link_tables(comparison, comparison->standing->links, expected, true);
    }
}

static bool is_same_step(const LedgerStep *a, const LedgerStep *b)
{
    return a->n == b->n && g_str_equal(a->name, b->name) &&
           g_str_equal(a->from_state, b->from_state) && g_str_equal(a->to_state, b->to_state) &&
           a->happened_us == b->happened_us && a->recorded_us == b->recorded_us &&
           g_str_equal(a->doer, b->doer) && a->due_us == b->due_us;
}

static void compare_steps(const Comparison *comparison)
{
    const GPtrArray *logged = comparison->fold->steps;
    const GPtrArray *stored = comparison->standing->steps;
    bool is_same = logged->len == (stored != NULL ? stored->len : 0);
    for (guint i = 0; is_same && i < logged->len; i++) {
        is_same = is_same_step(g_ptr_array_index(logged, i), g_ptr_array_index(stored, i));
    }
    if (!is_same) {
        log_report_add(comparison->report, LOG_ALTERED, "entry-steps", 0, comparison->id,
                       "entry %lld (%s): its steps are not what was logged",
                       (long long)comparison->id, column_of(comparison->fold, "number"));
    }
}

/* What stays of an entry that is gone: its number.  @undone_us: when its batch was taken back; 0:
 * it went by itself. */
static void compare_gone(const Comparison *comparison, int64_t undone_us)
{
    static const char *const kept[] = {"batch", "definition", "ledger", "n", "number", "year"};
    const LedgerStanding *standing = comparison->standing;
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        compare_member(comparison, kept[i]);
    }
    compare_int(comparison, "due_first", 0, standing->entry->due_first_us);
    if (standing->has_row || standing->links != NULL || standing->steps != NULL ||
        *standing->entry->title != '\0') {
        log_report_add(comparison->report, LOG_ALTERED, "entry-not-gone", 0, comparison->id,
                       "entry %lld (%s) was taken out of the books, but something of it is there",
                       (long long)comparison->id, column_of(comparison->fold, "number"));
    }
    if (undone_us != 0) {
        int64_t version = g_ascii_strtoll(column_of(comparison->fold, "version"), NULL, 10);
        compare_int(comparison, "changed", undone_us, standing->entry->changed_us);
        compare_int(comparison, "version", version + 1, standing->entry->version);
    } else if (comparison->fold->is_deleted) {
        compare_int(comparison, "changed", comparison->fold->changed_us,
                    standing->entry->changed_us);
        compare_member(comparison, "version");
    }
}

static void compare_whole(const Comparison *comparison)
{
    const LedgerStanding *standing = comparison->standing;
    if (!standing->has_row) {
        log_report_add(comparison->report, LOG_MISSING, "entry-row", 0, comparison->id,
                       "entry %lld (%s) has no row in its ledger's table",
                       (long long)comparison->id, column_of(comparison->fold, "number"));
        return;
    }
    compare_members(comparison);
    compare_fields(comparison);
    compare_int(comparison, "added", comparison->fold->added_us, standing->entry->added_us);
    compare_int(comparison, "changed", comparison->fold->changed_us, standing->entry->changed_us);
    compare_int(comparison, "due_first",
                ledger_first_due(comparison->fold->first_due_us, due_of(comparison->fold)),
                standing->entry->due_first_us);
    compare_links(comparison);
    compare_steps(comparison);
    if (standing->is_torn) {
        log_report_add(comparison->report, LOG_ALTERED, "entry-rows", 0, comparison->id,
                       "entry %lld (%s): its rows do not belong together",
                       (long long)comparison->id, column_of(comparison->fold, "number"));
    }
}

static void compare(const Comparison *comparison, GHashTable *undone)
{
    const LedgerEntry *entry = comparison->standing->entry;
    const Fold *fold = comparison->fold;
    if (entry == NULL) {
        tell(comparison, "ledger");
        return;
    }
    const int64_t *undone_us = g_hash_table_lookup(undone, &entry->batch);
    bool is_undone = g_strcmp0(entry->gone, "undone") == 0;
    if (is_undone && !fold->is_deleted && undone_us != NULL) {
        compare_gone(comparison, *undone_us);
        return;
    }
    if (g_strcmp0(entry->gone, fold->is_deleted ? "deleted" : NULL) != 0) {
        tell(comparison, "gone"); /* an empty text is not NULL: it hides the entry */
    }
    if (fold->is_deleted) {
        compare_gone(comparison, 0);
    } else if (entry->gone == NULL) {
        compare_whole(comparison);
    }
}

/* ---- the short way --------------------------------------------------------------------------- */

/* Write the steps as the event of a new entry says them; false when they are not such steps. */
static bool append_steps(GString *out, const LedgerStanding *standing, const LogEvent *event)
{
    const LedgerEntry *entry = standing->entry;
    g_string_append_c(out, '[');
    for (guint i = 0; i < standing->steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(standing->steps, i);
        const LedgerStep *next =
            i + 1 < standing->steps->len ? g_ptr_array_index(standing->steps, i + 1) : NULL;
        if (step->n != i + 1 || step->recorded_us != event->at_us ||
            !g_str_equal(step->doer, event->actor) || step->due_us != entry->due_us ||
            !g_str_equal(step->to_state, next != NULL ? next->from_state : entry->state)) {
            return false;
        }
        g_string_append(out, i > 0 ? ",{\"from\":" : "{\"from\":");
        json_append_quoted(out, step->from_state);
        g_string_append_printf(out, ",\"happened\":%lld,\"name\":", (long long)step->happened_us);
        json_append_quoted(out, step->name);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
    return true;
}

/* Whether the line of @event begins as that of an entry which is now as it was recorded. */
static bool is_line_of(const LedgerStanding *standing, const LogEvent *event)
{
    g_autoptr(GString) steps = g_string_new(NULL);
    if (standing->steps != NULL && !append_steps(steps, standing, event)) {
        return false;
    }
    g_autofree char *data =
        ledger_event_data(NULL, standing->entry, "steps", steps->len > 0 ? steps->str : NULL);
    g_autoptr(GString) start = g_string_new("{\"actor\":");
    json_append_quoted(start, event->actor);
    g_string_append_printf(start, ",\"at\":%lld,\"data\":%s,\"f", (long long)event->at_us, data);
    return g_str_has_prefix(event->line, start->str);
}

static void append_value(GString *out, const char *name, const char *text)
{
    g_string_append(out, out->len > 1 ? ",\"" : "\"");
    g_string_append_printf(out, "%s\":", name);
    json_append_quoted(out, text);
}

/* Whether the values of @event are the fields of the entry, and no more, and no pack took one of
 * them away in between. */
static bool are_values_of(const LedgerStanding *standing, const LedgerVersions *versions,
                          const LogEvent *event)
{
    g_autoptr(GString) values = g_string_new("{");
    if (standing->entry->extra != NULL) {
        append_value(values, LEDGER_EXTRA_FIELD, standing->entry->extra);
    }
    for (guint i = 0; i < versions->table->sorted->len; i++) {
        const SchemaField *field = g_ptr_array_index(versions->table->sorted, i);
        g_autofree char *text = ledger_event_field(standing->entry, field);
        if (text != NULL && !ledger_versions_are_alike(versions, field, event->seq)) {
            return false;
        }
        if (text != NULL) {
            append_value(values, field->name, text);
        }
    }
    g_string_append_c(values, '}');
    return g_strcmp0(event->values, values->str) == 0;
}

static bool are_links_of(const LedgerStanding *standing)
{
    g_autoptr(GHashTable) expected = expected_links(standing->entry, NULL);
    guint n = standing->links != NULL ? g_hash_table_size(standing->links) : 0;
    if (g_hash_table_size(expected) != n) {
        return false;
    }
    GHashTableIter iter;
    gpointer field = NULL, lines = NULL;
    g_hash_table_iter_init(&iter, expected);
    while (g_hash_table_iter_next(&iter, &field, &lines)) {
        if (!g_str_equal(((GString *)lines)->str, lines_of(standing->links, field))) {
            return false;
        }
    }
    return true;
}

/* Most entries were recorded and never changed: then spelling out what @event must say is several
 * times faster than reading it.  False says nothing; the long way tells what differs. */
static bool is_as_recorded(const LedgerStanding *standing, const LedgerVersions *versions,
                           const LogEvent *event)
{
    const LedgerEntry *entry = standing->entry;
    return versions != NULL && standing->has_row && !standing->is_torn && entry->gone == NULL &&
           entry->added_us == event->at_us && entry->changed_us == event->at_us &&
           entry->due_first_us == 0 &&
           g_strcmp0(entry->title, entry->values[entry->ledger->title->position].text) == 0 &&
           is_line_of(standing, event) && are_values_of(standing, versions, event) &&
           are_links_of(standing);
}

void ledger_verify_entry(int64_t id, const LedgerStanding *standing, const LedgerVersions *versions,
                         LogEvent *const *events, size_t n_events, GHashTable *undone,
                         LogReport *report)
{
    if (n_events == 1 && is_as_recorded(standing, versions, events[0])) {
        return;
    }
    g_auto(Fold) fold;
    fold_init(&fold, versions);
    fold.added_us = events[0]->at_us;
    for (size_t i = 0; i < n_events; i++) {
        if (!fold_event(&fold, events[i])) {
            log_report_add(report, LOG_ALTERED, "event-unreadable", events[i]->seq, id,
                           "event %lld: its line cannot be read", (long long)events[i]->seq);
            return;
        }
    }
    const Comparison comparison = {id, standing, &fold, report};
    compare(&comparison, undone);
}

char *ledger_verify_number(const LogEvent *event)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    return member_text(json_object_get(line, "data"), "number");
}
