#include "ledger/entry.h"

#include "base/text.h"
#include "ledger/number.h"
#include "ledger/row.h"
#include "ledger/wall.h"
#include "log/fold.h"

#define NO_ENTRY "there is no entry '%s'"

/* Return whether @numbers, those of a batch, have @n of @year. */
static bool has_number(const char *numbers, int year, int64_t n)
{
    LedgerRange range;
    bool is_found = false;
    while (!is_found && ledger_range_next(&numbers, &range)) {
        is_found = range.year == year && n >= range.first && n <= range.last;
    }
    return is_found;
}

/* Set the error of @query's batch, which took @number and does not show what it brought. */
static void set_hidden(StoreStatement *query, const char *number, GError **error)
{
    long long batch = (long long)store_column_int(query, 0);
    const char *name = store_column_text(query, 1);
    if (g_str_equal(store_column_text(query, 2), "open")) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "number %s belongs to import #%lld of '%s', which is not finished", number, batch,
                  name);
    } else {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "number %s was given to import #%lld of '%s', which was taken back; the number"
                  " stays void",
                  number, batch, name);
    }
}

/* Say that @ledger shows no entry @n of @year, and where an import took that number, which. */
static void set_no_number(StoreConnection *connection, const SchemaLedger *ledger,
                          const char *number, int year, int64_t n, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error, "SELECT id, name, state, numbers FROM batch WHERE ledger = $1", "t",
        ledger->name);
    bool has_row = true;
    if (query == NULL) {
        return;
    }
    while (store_step(query, &has_row, error) && has_row) {
        if (has_number(store_column_text(query, 3), year, n)) {
            set_hidden(query, number, error);
            return;
        }
    }
    if (!has_row) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, NO_ENTRY, number);
    }
}

/* Load the rest of an entry whose `entry` row is known. */
static LedgerEntry *load_typed(StoreConnection *connection, const SchemaLedger *ledger, int64_t id,
                               GError **error)
{
    const LedgerTable *table = ledger_table(ledger);
    g_autofree char *sql = g_strconcat(table->select, " WHERE e.id = $1", NULL);
    g_autoptr(StoreStatement) query = store_query(connection, error, sql, "i", id);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return NULL;
    }
    if (!has_row) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "entry %lld has no row in its ledger's table",
                  (long long)id);
        return NULL;
    }
    g_autoptr(LedgerEntry) entry = ledger_row_read(table, NULL, false, query);
    store_statement_reset(query);
    return ledger_row_read_lists(connection, entry, error) ? g_steal_pointer(&entry) : NULL;
}

/* Complete @entry, of a number that is void: it has no fields any more, and is still of the unit
 * that it was of, whose people see that it is gone, when and why. */
static bool complete_gone(StoreConnection *connection, LedgerEntry *entry, GError **error)
{
    g_autoptr(LogFold) fold = log_fold_object(connection, entry->id, error);
    if (fold == NULL) {
        return false;
    }
    const char *unit = log_fold_get(fold, "unit");
    const char *owner = log_fold_get(fold, "owner");
    text_parse_int(unit != NULL ? unit : "", &entry->unit);
    entry->state = g_strdup("");
    entry->owner = g_strdup(owner != NULL ? owner : "");
    return true;
}

/* Return the query for the rows of table entry, the ledger's name first, that can be seen and where
 * @condition holds; the caller owns it.  What somebody took out with a reason can be seen as such,
 * whatever became of its batch. */
static char *make_find(const char *condition)
{
    GString *sql = g_string_new("SELECT e.ledger, ");
    ledger_row_append_entry(sql);
    g_string_append_printf(
        sql, " FROM entry e WHERE %s AND (e.gone = 'deleted' OR 1 = 1" LEDGER_ENTRY_VISIBLE ")",
        condition);
    return g_string_free(sql, false);
}

/* Load the entry of @query; NULL, and no error where *@ret_is_there is false. */
static LedgerEntry *load(Office *office, StoreConnection *connection, StoreStatement *query,
                         bool *ret_is_there, GError **error)
{
    *ret_is_there = true;
    if (query == NULL || !store_step(query, ret_is_there, error) || !*ret_is_there) {
        return NULL;
    }
    const SchemaLedger *ledger = schema_ledger(office_schema(office), store_column_text(query, 0));
    if (ledger == NULL) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "entry %lld is of ledger '%s', which there is not",
                  (long long)store_column_int(query, 1), store_column_text(query, 0));
        return NULL;
    }
    g_autoptr(LedgerEntry) entry = ledger_row_read_entry(ledger, query, 1);
    store_statement_reset(query);
    if (entry->gone != NULL) {
        return complete_gone(connection, entry, error) ? g_steal_pointer(&entry) : NULL;
    }
    return load_typed(connection, ledger, entry->id, error);
}

LedgerEntry *ledger_entry_load(Office *office, StoreConnection *connection, int64_t id,
                               GError **error)
{
    g_autofree char *sql = make_find("e.id = $1");
    g_autoptr(StoreStatement) query = store_query(connection, error, sql, "i", id);
    bool is_there = false;
    LedgerEntry *entry = load(office, connection, query, &is_there, error);
    if (!is_there) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no entry %lld", (long long)id);
    }
    return entry;
}

/* Each ledger whose pattern the number fits is asked by its unique index. */
LedgerEntry *ledger_entry_find(Office *office, StoreConnection *connection, const char *number,
                               GError **error)
{
    const GPtrArray *ledgers = office_schema(office)->ledgers;
    for (guint i = 0; i < ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(ledgers, i);
        int year = 0;
        int64_t n = 0;
        if (!schema_ledger_parse_number(ledger, number, &year, &n)) {
            continue;
        }
        g_autofree char *sql = make_find("e.ledger = $1 AND e.year = $2 AND e.n = $3");
        g_autoptr(StoreStatement) query =
            store_query(connection, error, sql, "tii", ledger->name, (int64_t)year, n);
        bool is_there = false;
        LedgerEntry *entry = load(office, connection, query, &is_there, error);
        if (!is_there) {
            store_statement_reset(query);
            set_no_number(connection, ledger, number, year, n, error);
        }
        return entry;
    }
    error_set(error, SHUZHI_ERROR_NOT_FOUND, NO_ENTRY, number);
    return NULL;
}

bool ledger_entry_has(const LedgerEntry *entry, const SchemaField *field)
{
    const LedgerRows *rows = entry->rows[field->position];
    return !value_is_empty(&entry->values[field->position]) ||
           (rows != NULL && rows->rows->len > 0);
}

/* ---- what belongs to it ---------------------------------------------------------------------- */

static void free_step(gpointer data)
{
    LedgerStep *step = data;
    g_free(step->name);
    g_free(step->from_state);
    g_free(step->to_state);
    g_free(step->doer);
    g_free(step);
}

GPtrArray *ledger_steps_new(void)
{
    return g_ptr_array_new_with_free_func(free_step);
}

bool ledger_step_is_imported(const LedgerEntry *entry, const LedgerStep *step)
{
    return entry->batch != 0 && step->recorded_us == entry->added_us;
}

LedgerStep *ledger_step_read(StoreStatement *query, int at)
{
    LedgerStep *step = g_new0(LedgerStep, 1);
    step->n = store_column_int(query, at);
    step->name = g_strdup(store_column_text(query, at + 1));
    step->from_state = g_strdup(store_column_text(query, at + 2));
    step->to_state = g_strdup(store_column_text(query, at + 3));
    step->happened_us = store_column_int(query, at + 4);
    step->recorded_us = store_column_int(query, at + 5);
    step->doer = g_strdup(store_column_text(query, at + 6));
    step->due_us = store_column_int(query, at + 7);
    return step;
}

GPtrArray *ledger_entry_steps(StoreConnection *connection, int64_t id, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT " LEDGER_STEP_COLUMNS " FROM step WHERE entry_id = $1 ORDER BY n", "i", id);
    g_autoptr(GPtrArray) steps = ledger_steps_new();
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        g_ptr_array_add(steps, ledger_step_read(query, 0));
    }
    return has_row ? NULL : g_steal_pointer(&steps);
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static void write_time(JsonWriter *writer, const char *key, int64_t us, int offset_seconds)
{
    char text[DATE_TIME_TEXT_SIZE];
    json_write_key_text(writer, key, us != 0 ? date_format_time(us, offset_seconds, text) : NULL);
}

static void write_rows(const SchemaField *field, const LedgerRows *rows, Office *office,
                       LedgerNames *names, bool with_personal, JsonWriter *writer)
{
    json_write_begin_array(writer);
    for (guint i = 0; rows != NULL && i < rows->rows->len; i++) {
        const Value *values = g_ptr_array_index(rows->rows, i);
        json_write_begin_object(writer);
        for (guint j = 0; j < field->fields->len; j++) {
            const SchemaField *child = g_ptr_array_index(field->fields, j);
            if (ledger_wall_hides(child, with_personal)) {
                continue;
            }
            g_autofree char *text =
                ledger_field_format(child, &values[j], names, office_offset_seconds(office), NULL);
            json_write_key_text(writer, child->name, value_is_empty(&values[j]) ? NULL : text);
        }
        json_write_end_object(writer);
    }
    json_write_end_array(writer);
}

static void write_fields(const LedgerEntry *entry, Office *office, LedgerNames *names,
                         bool with_personal, JsonWriter *writer)
{
    json_write_begin_object(writer);
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        if (ledger_wall_hides(field, with_personal)) {
            continue;
        }
        json_write_key(writer, field->name);
        if (field->kind == SCHEMA_FIELD_ROWS) {
            write_rows(field, entry->rows[i], office, names, with_personal, writer);
            continue;
        }
        g_autofree char *text = ledger_field_format(field, &entry->values[i], names,
                                                    office_offset_seconds(office), NULL);
        json_write_text(writer, value_is_empty(&entry->values[i]) ? NULL : text);
    }
    json_write_end_object(writer);
}

void ledger_entry_write_members(const LedgerEntry *entry, Office *office, LedgerNames *names,
                                bool with_personal, JsonWriter *writer)
{
    int offset_seconds = office_offset_seconds(office);
    json_write_key_text(writer, "number", entry->number);
    json_write_key_text(writer, "ledger", entry->ledger->name);
    json_write_key_int(writer, "id", entry->id);
    json_write_key_int(writer, "version", entry->version);
    json_write_key_text(writer, "gone", entry->gone);
    if (entry->gone == NULL) {
        json_write_key_text(writer, "title", entry->title);
        json_write_key_text(writer, "state", entry->state);
        json_write_key_text(
            writer, "unit",
            entry->unit != 0 ? ledger_names_get(names, SCHEMA_FIELD_UNIT, entry->unit) : NULL);
        json_write_key_text(writer, "owner", entry->owner);
        write_time(writer, "opened", entry->opened_us, offset_seconds);
        write_time(writer, "due", entry->due_us, offset_seconds);
        write_time(writer, "due_first", entry->due_first_us, offset_seconds);
        json_write_key_bool(writer, "due_provisional", entry->is_due_provisional);
        write_time(writer, "stopped", entry->stopped_us, offset_seconds);
        write_time(writer, "recorded", entry->added_us, offset_seconds);
        write_time(writer, "changed", entry->changed_us, offset_seconds);
        json_write_key(writer, "fields");
        write_fields(entry, office, names, with_personal, writer);
        if (entry->extra != NULL && with_personal) {
            json_write_key(writer, "extra");
            json_write_raw(writer, entry->extra);
        }
    }
}

void ledger_entry_write_json(const LedgerEntry *entry, Office *office, LedgerNames *names,
                             bool with_personal, JsonWriter *writer)
{
    json_write_begin_object(writer);
    ledger_entry_write_members(entry, office, names, with_personal, writer);
    json_write_end_object(writer);
}
