/* Whether the ledger is still as it was when an import was planned. */
#include "ledger/import-internal.h"

#include "ledger/row.h"
#include "log/history.h"
#include "office/tables.h"

/* An import that died before it was done changed nothing that anybody saw. */
#define WAS_SEEN                                                                 \
    " AND EXISTS (SELECT 1 FROM event d WHERE (d.seq = b.id OR (d.object = b.id" \
    " AND d.object <> d.seq)) AND replace(d.line, '\"state\":\"done\"', '') <> d.line)"

bool ledger_import_note_size(LedgerImport *import, StoreConnection *connection, GError **error)
{
    uint8_t root[CRYPTO_HASH_SIZE];
    return log_head(connection, &import->size, root, error);
}

bool ledger_import_is_current(const LedgerImport *import, StoreConnection *connection,
                              bool *ret_is_current, GError **error)
{
    static const char *const queries[] = {
        "SELECT count(*) FROM (SELECT 1 FROM entry e WHERE e.id > $1 AND e.ledger = "
        "$2" LEDGER_ENTRY_VISIBLE " LIMIT 1) one",
        "SELECT count(*) FROM event v JOIN entry e ON e.id = v.object WHERE v.seq > $1"
        " AND v.kind = 'entry.change' AND e.ledger = $2",
        "SELECT count(*) FROM event v JOIN entry e ON e.id = v.object WHERE v.seq > $1"
        " AND v.kind = 'entry.delete' AND e.ledger = $2",
        "SELECT count(*) FROM event v JOIN batch b ON b.id = v.object WHERE v.seq > $1"
        " AND v.kind = 'batch.change' AND b.ledger = $2" WAS_SEEN,
    };
    int64_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(queries) && n == 0; i++) {
        if (!store_query_int(connection, 0, &n, error, queries[i], "it", import->size,
                             import->ledger->name)) {
            return false;
        }
    }
    *ret_is_current = n == 0;
    return true;
}

bool ledger_import_check_current(const LedgerImport *import, StoreConnection *connection,
                                 GError **error)
{
    bool is_current = false;
    if (!ledger_import_is_current(import, connection, &is_current, error)) {
        return false;
    }
    if (!is_current) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "what the ledger holds has changed since '%s' was looked at, so nothing was "
                  "imported; look at it once more",
                  import->path);
    }
    return is_current;
}

/* ---- what came beside ------------------------------------------------------------------------ */

/* Append that in @field, a column of both, t and o do not speak against being one. */
static void append_may_be_one(GString *sql, const SchemaField *field)
{
    static const char *const parts[] = {" AND (o.", " IS NULL OR t.", " IS NULL OR o.", " = t."};
    g_autofree char *column = ledger_field_column(field);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_string_append(sql, parts[i]);
        store_append_identifier(sql, column);
    }
    g_string_append(sql, ")");
}

/* The entries of all ledgers that came, or changed, or were brought to light, after the event $1,
 * but those of the batch $2.  They are few, however long the batch is. */
#define SINCE_IDS                                                                            \
    "WITH since_id AS (SELECT id FROM entry WHERE id > $1 AND batch <> $2"                   \
    " UNION SELECT object FROM event WHERE kind <> 'entry.add' AND kind = 'entry.change'"    \
    " AND seq > $1 UNION SELECT id FROM entry WHERE batch <> 0 AND batch <> $2 AND batch IN" \
    " (SELECT object FROM event WHERE kind <> 'entry.add' AND kind = 'batch.change'"         \
    " AND seq > $1)), "

/* Append, of the table of @ledger: what is to be seen beside the batch $2 and came, or changed, or
 * was brought to light, after the event $1; each says the same in @fields as a row of the batch,
 * and no other in units and people, unless they are what is @is_unique.
 *
 * The writer waits for the answer.  Each row of the batch is looked up among those few, by all
 * @fields at once; the other way around, a batch of one day would be read whole for each row of its
 * own.  CROSS JOIN is what SQLite takes for an order. */
static void append_beside(GString *sql, const SchemaLedger *ledger, const GPtrArray *fields,
                          bool is_unique)
{
    g_autofree char *table = office_table_name(ledger);
    g_string_append(sql, SINCE_IDS "since AS MATERIALIZED (SELECT t.* FROM since_id JOIN entry e"
                                   " ON e.id = since_id.id JOIN ");
    store_append_identifier(sql, table);
    g_string_append(sql, " t ON t.entry_id = e.id WHERE e.gone IS NULL" LEDGER_ENTRY_VISIBLE
                         " AND t.batch <> $2) SELECT e.number, t.unit, t.owner FROM ");
    store_append_identifier(sql, table);
    g_string_append(sql,
                    " o CROSS JOIN since t JOIN entry e ON e.id = t.entry_id"
                    " WHERE EXISTS (SELECT 1 FROM since) AND o.entry_id > $2 AND o.batch = $2");
    for (guint i = 0; i < fields->len; i++) {
        g_autofree char *column = ledger_field_column(g_ptr_array_index(fields, i));
        g_string_append(sql, " AND o.");
        store_append_identifier(sql, column);
        g_string_append(sql, " = t.");
        store_append_identifier(sql, column);
    }
    for (guint i = 0; i < ledger->fields->len && !is_unique; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_UNIT || field->kind == SCHEMA_FIELD_PERSON) {
            append_may_be_one(sql, field);
        }
    }
    g_string_append(sql, " LIMIT 1");
}

/* Refuse the import because of the entry on which @query stands. */
static void refuse_beside(const LedgerImport *import, const RightsSubject *subject,
                          StoreStatement *query, GError **error)
{
    const RightsObject object = {.ledger = import->ledger,
                                 .unit = store_column_int(query, 1),
                                 .owner = store_column_text(query, 2)};
    if (rights_may(subject, RIGHTS_ENTRY_READ, &object, NULL)) {
        error_set(
            error, SHUZHI_ERROR_CONFLICT,
            "entry '%s', which a row of '%s' says too, was recorded meanwhile, so nothing was "
            "imported; look at it once more",
            store_column_text(query, 0), import->path);
        return;
    }
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "an entry, which a row of '%s' says too, was recorded meanwhile, so nothing was "
              "imported; look at it once more",
              import->path);
}

/* CONFLICT where something beside @batch says the same in @fields; empty ones tell nothing. */
static bool check_fields(const LedgerImport *import, const RightsSubject *subject,
                         StoreConnection *connection, int64_t batch, const GPtrArray *fields,
                         GError **error)
{
    if (fields->len == 0) {
        return true;
    }
    g_autoptr(GString) sql = g_string_new(NULL);
    append_beside(sql, import->ledger, fields, fields == import->ledger->unique);
    g_autoptr(StoreStatement) query =
        store_query(connection, error, sql->str, "ii", import->size, batch);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (has_row) {
        refuse_beside(import, subject, query, error);
    }
    return !has_row;
}

bool ledger_import_check_beside(const LedgerImport *import, const RightsSubject *subject,
                                StoreConnection *connection, int64_t batch, GError **error)
{
    g_autoptr(GPtrArray) titled = g_ptr_array_new();
    if (import->ledger->opened != NULL) {
        g_ptr_array_add(titled, (gpointer)import->ledger->title);
        g_ptr_array_add(titled, (gpointer)import->ledger->opened);
    }
    return check_fields(import, subject, connection, batch, import->ledger->unique, error) &&
           check_fields(import, subject, connection, batch, titled, error);
}
