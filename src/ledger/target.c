#include "ledger/target.h"

#include "ledger/row.h"

bool ledger_target_find(StoreConnection *connection, const SchemaField *field, int64_t id,
                        bool *ret_is_there, GError **error)
{
    static const char *const queries[SCHEMA_N_FIELD_KINDS] = {
        [SCHEMA_FIELD_UNIT] = "SELECT count(*) FROM unit WHERE id = $1",
        [SCHEMA_FIELD_PERSON] = "SELECT count(*) FROM person WHERE id = $1",
        [SCHEMA_FIELD_PEOPLE] = "SELECT count(*) FROM person WHERE id = $1",
        [SCHEMA_FIELD_FILE] = "SELECT count(*) FROM evidence WHERE id = $1",
        [SCHEMA_FIELD_ENTRY] = ("SELECT count(*) FROM entry e WHERE e.id = $1 AND e.ledger = $2"
                                " AND e.gone IS NULL" LEDGER_ENTRY_VISIBLE),
    };
    int64_t n = 0;
    const char *query = queries[field->kind];
    bool is_ok =
        field->kind == SCHEMA_FIELD_ENTRY
            ? store_query_int(connection, 0, &n, error, query, "it", id, field->target->name)
            : store_query_int(connection, 0, &n, error, query, "i", id);
    if (is_ok) {
        *ret_is_there = n > 0;
    }
    return is_ok;
}
