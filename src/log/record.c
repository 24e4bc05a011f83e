#include "log/record.h"

#include "base/json.h"
#include "base/text.h"
#include "store/store-value.h"

/* The columns in the order of their names, in which JSON wants them. */
static guint *sorted_columns(const LogTable *table)
{
    guint *order = g_new(guint, table->n_columns);
    for (guint i = 0; i < table->n_columns; i++) {
        guint at = i;
        while (at > 0 && strcmp(table->columns[order[at - 1]].name, table->columns[i].name) > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return order;
}

/* Write @value as event data holds it: numbers as JSON integers (as text beyond 2^53), the rest as
 * canonical text, empty as null. */
static void write_value(JsonWriter *writer, const Value *value)
{
    switch (value->kind) {
    case VALUE_NONE:
        json_write_null(writer);
        return;
    case VALUE_BOOL:
    case VALUE_NUMBER:
    case VALUE_TIME:
    case VALUE_REF:
        if (value->number <= JSON_MAX_INT && value->number >= -JSON_MAX_INT) {
            json_write_int(writer, value->number);
            return;
        }
        break;
    case VALUE_TEXT:
    case VALUE_DATE:
    case VALUE_LIST:
        break;
    }
    g_autofree char *text = value_to_canonical(value);
    json_write_text(writer, text);
}

/* What one event says of a record: public columns as JSON, the others as fields. */
typedef struct RecordEvent {
    char *data;        /* owned; NULL: no public column is concerned */
    LogFields *fields; /* owned */
    guint n_columns;   /* columns concerned */
} RecordEvent;

static void record_event_clear(RecordEvent *event)
{
    g_free(event->data);
    log_fields_free(event->fields);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RecordEvent, record_event_clear)

/* Collect the columns in which @values differs from @before (NULL: all that are not empty). */
static void describe(LogWriter *writer, const LogTable *table, const Value *before,
                     const Value *values, RecordEvent *event)
{
    g_auto(JsonWriter) data;
    json_writer_init(&data);
    json_write_begin_object(&data);
    event->fields = log_fields_new(log_writer_source(writer));
    g_autofree guint *order = sorted_columns(table);
    guint n_public = 0;
    for (size_t i = 0; i < table->n_columns; i++) {
        const LogColumn *column = &table->columns[order[i]];
        const Value *value = &values[order[i]];
        bool is_same =
            before != NULL ? value_is_equal(&before[order[i]], value) : value_is_empty(value);
        if (is_same) {
            continue;
        }
        event->n_columns++;
        if (column->is_committed) {
            g_autofree char *text = value_to_canonical(value);
            log_fields_add(event->fields, column->name, text);
        } else {
            n_public++;
            json_write_key(&data, column->name);
            write_value(&data, value);
        }
    }
    json_write_end_object(&data);
    event->data = n_public > 0 ? json_writer_finish(&data) : NULL;
}

/* Check the texts that are new: records hold names and words, each on one line. */
static bool check_texts(const LogTable *table, const Value *before, const Value *values,
                        GError **error)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        bool is_new = before == NULL || !value_is_equal(&before[i], &values[i]);
        if (is_new && values[i].kind == VALUE_TEXT && !text_check_line(values[i].text, error)) {
            return false;
        }
    }
    return true;
}

static bool append(LogWriter *writer, const LogTable *table, const char *verb, int64_t id,
                   const RecordEvent *event, GError **error)
{
    g_autofree char *kind = g_strconcat(table->kind, ".", verb, NULL);
    return log_append(writer, kind, id, event->data, event->fields, NULL, error);
}

static bool insert_row(StoreConnection *connection, const LogTable *table, int64_t id,
                       const Value *values, GError **error)
{
    g_autoptr(GString) sql = g_string_new("INSERT INTO ");
    store_append_identifier(sql, table->name);
    g_string_append(sql, " (id");
    for (size_t i = 0; i < table->n_columns; i++) {
        g_string_append(sql, ", ");
        store_append_identifier(sql, table->columns[i].name);
    }
    g_string_append(sql, ") VALUES ($1");
    for (size_t i = 0; i < table->n_columns; i++) {
        g_string_append_printf(sql, ", $%zu", i + 2);
    }
    g_string_append_c(sql, ')');
    g_autoptr(StoreStatement) statement = store_prepare(connection, sql->str, error);
    if (statement == NULL) {
        return false;
    }
    store_bind_int(statement, 1, id);
    for (size_t i = 0; i < table->n_columns; i++) {
        store_bind_value(statement, (int)i + 2, &values[i]);
    }
    return store_execute(statement, NULL, error);
}

bool log_record_add(LogWriter *writer, const LogTable *table, const Value *values, int64_t *ret_id,
                    GError **error)
{
    int64_t id = log_writer_next_seq(writer);
    g_auto(RecordEvent) event = {NULL};
    if (!check_texts(table, NULL, values, error)) {
        return false;
    }
    describe(writer, table, NULL, values, &event);
    if (!append(writer, table, "add", 0, &event, error) ||
        !insert_row(log_writer_connection(writer), table, id, values, error)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = id;
    }
    return true;
}

char *log_table_words(const LogTable *table)
{
    return error_words((const char *const[]){table->words, NULL});
}

static void set_missing(const LogTable *table, int64_t id, GError **error)
{
    g_autofree char *words = log_table_words(table);
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no %s #%lld", words, (long long)id);
}

/* The values of a row; freed with their contents. */
static void free_values(Value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        value_clear(&values[i]);
    }
    g_free(values);
}

static bool update_row(StoreConnection *connection, const LogTable *table, int64_t id,
                       const Value *values, GError **error)
{
    g_autoptr(GString) sql = g_string_new("UPDATE ");
    store_append_identifier(sql, table->name);
    for (size_t i = 0; i < table->n_columns; i++) {
        g_string_append(sql, i == 0 ? " SET " : ", ");
        store_append_identifier(sql, table->columns[i].name);
        g_string_append_printf(sql, " = $%zu", i + 2);
    }
    g_string_append(sql, " WHERE id = $1");
    g_autoptr(StoreStatement) statement = store_prepare(connection, sql->str, error);
    if (statement == NULL) {
        return false;
    }
    store_bind_int(statement, 1, id);
    for (size_t i = 0; i < table->n_columns; i++) {
        store_bind_value(statement, (int)i + 2, &values[i]);
    }
    return store_execute(statement, NULL, error);
}

bool log_record_change(LogWriter *writer, const LogTable *table, int64_t id, const Value *values,
                       GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    Value *before = g_new0(Value, table->n_columns);
    if (!log_record_load(connection, table, id, before, error)) {
        g_free(before);
        return false;
    }
    g_auto(RecordEvent) event = {NULL};
    bool is_ok = check_texts(table, before, values, error);
    if (is_ok) {
        describe(writer, table, before, values, &event);
    }
    free_values(before, table->n_columns);
    if (!is_ok || event.n_columns == 0) {
        return is_ok;
    }
    return append(writer, table, "change", id, &event, error) &&
           update_row(connection, table, id, values, error);
}

bool log_record_remove(LogWriter *writer, const LogTable *table, int64_t id, GError **error)
{
    g_autoptr(GString) sql = g_string_new("DELETE FROM ");
    store_append_identifier(sql, table->name);
    g_string_append(sql, " WHERE id = $1");
    g_autoptr(StoreStatement) statement =
        store_prepare(log_writer_connection(writer), sql->str, error);
    if (statement == NULL) {
        return false;
    }
    store_bind_int(statement, 1, id);
    int64_t n_changed = 0;
    if (!store_execute(statement, &n_changed, error)) {
        return false;
    }
    if (n_changed == 0) {
        set_missing(table, id, error);
        return false;
    }
    const RecordEvent event = {NULL};
    return append(writer, table, "remove", id, &event, error);
}

void log_append_columns(GString *sql, const LogTable *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        g_string_append(sql, ", ");
        store_append_identifier(sql, table->columns[i].name);
    }
}

bool log_record_load(StoreConnection *connection, const LogTable *table, int64_t id,
                     Value *ret_values, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT id");
    log_append_columns(sql, table);
    g_string_append(sql, " FROM ");
    store_append_identifier(sql, table->name);
    g_string_append(sql, " WHERE id = $1");
    g_autoptr(StoreStatement) query = store_query(connection, error, sql->str, "i", id);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (!has_row) {
        set_missing(table, id, error);
        return false;
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        ret_values[i] = store_column_value(query, (int)i + 1, table->columns[i].kind);
    }
    return true;
}
