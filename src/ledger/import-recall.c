/* What was said of tables with the same headers, said again. */
#include "ledger/import-internal.h"

#include "base/json.h"

#define MAX_RECALLED 20 /* imports that are looked at */

/* ---- keeping --------------------------------------------------------------------------------- */

/* Return whether where @column goes is to be kept: its header alone does not say it.  That it goes
 * nowhere is, where that is not what was said before; a table that fills a field by its name does
 * so again, though the cells of one were of no use. */
static bool is_said(const LedgerImport *import, const LedgerColumn *column)
{
    bool is_known = json_object_get(ledger_import_columns_before(import), column->header) != NULL;
    return (*ledger_column_target(column) != '\0' || is_known) &&
           (g_strcmp0(column->why, "given") == 0 || g_strcmp0(column->why, "before") == 0 ||
            g_strcmp0(column->why, "content") == 0);
}

/* Write what the values of @column mean; returns how many were said. */
static guint write_values(JsonWriter *json, const LedgerImport *import, const LedgerColumn *column)
{
    guint n = 0;
    for (guint i = 0; i < import->values->len; i++) {
        const LedgerCellValue *value = g_ptr_array_index(import->values, i);
        if (value->column == column && value->name != NULL && *value->name != '\0') {
            if (n == 0) {
                json_write_key(json, column->header);
                json_write_begin_object(json);
            }
            json_write_key_text(json, value->text, value->name);
            n++;
        }
    }
    if (n > 0) {
        json_write_end_object(json);
    }
    return n;
}

bool ledger_import_remember(const LedgerImport *import, StoreConnection *connection, int64_t batch,
                            GError **error)
{
    g_auto(JsonWriter) json;
    guint n = 0;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "columns");
    json_write_begin_object(&json);
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (is_said(import, column)) {
            json_write_key_text(&json, column->header, ledger_column_target(column));
            n++;
        }
    }
    json_write_end_object(&json);
    json_write_key(&json, "values");
    json_write_begin_object(&json);
    for (guint i = 0; i < import->columns->len; i++) {
        n += write_values(&json, import, g_ptr_array_index(import->columns, i));
    }
    json_write_end_object(&json);
    json_write_end_object(&json);
    g_autofree char *content = json_writer_finish(&json);
    return n == 0 || store_run(connection, error,
                               "INSERT INTO batch_mapping (batch, ledger, content)"
                               " VALUES ($1, $2, $3)",
                               "itt", batch, import->ledger->name, content);
}

/* ---- recalling ------------------------------------------------------------------------------- */

/* Add to @all what @said says of headers and values that it says nothing of. */
static void add_said(json_t *all, json_t *said)
{
    const char *header = NULL;
    json_t *values = NULL;
    json_object_update_missing(json_object_get(all, "columns"), json_object_get(said, "columns"));
    json_object_foreach(json_object_get(said, "values"), header, values)
    {
        json_t *known = json_object_get(json_object_get(all, "values"), header);
        if (known == NULL) {
            json_object_set(json_object_get(all, "values"), header, values);
        } else {
            json_object_update_missing(known, values);
        }
    }
}

bool ledger_import_recall(LedgerImport *import, StoreConnection *connection, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT m.content FROM batch_mapping m JOIN batch b ON b.id = m.batch"
                    " WHERE m.ledger = $1 AND b.state = '" LEDGER_BATCH_DONE "'"
                    " ORDER BY m.batch DESC LIMIT $2",
                    "ti", import->ledger->name, (int64_t)MAX_RECALLED);
    bool has_row = query != NULL;
    import->before = json_pack("{s:{}, s:{}}", "columns", "values");
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        const char *content = has_row ? store_column_text(query, 0) : "";
        g_autoptr(json_t) said = has_row ? json_parse(content, strlen(content), NULL) : NULL;
        if (said != NULL) {
            add_said(import->before, said);
        }
    }
    return query != NULL;
}

json_t *ledger_import_columns_before(const LedgerImport *import)
{
    return json_object_get(import->before, "columns");
}

void ledger_import_mean_as_before(LedgerImport *import, StoreConnection *connection)
{
    g_autoptr(LedgerNames) names = ledger_names_new(connection);
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        json_t *values = json_object_get(json_object_get(import->before, "values"), column->header);
        const char *text = NULL;
        json_t *name = NULL;
        json_object_foreach(values, text, name)
        {
            if (json_is_string(name)) { /* one that is not there any more is asked for again */
                ledger_import_mean(import, i, text, json_string_value(name), "before", names, NULL);
            }
        }
    }
}
