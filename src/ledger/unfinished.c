#include "ledger/unfinished.h"

#include "ledger/list.h"

char *ledger_unfinished_condition(const SchemaLedger *ledger)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < ledger->states->len; i++) {
        const SchemaChoice *state = g_ptr_array_index(ledger->states, i);
        if (!state->is_final) {
            g_string_append_printf(out, "%s'%s'", out->len > 0 ? ", " : "", state->name);
        }
    }
    return ledger->steps->len > 0 && out->len > 0 ? g_strdup_printf("state in (%s)", out->str)
                                                  : NULL;
}

bool ledger_unfinished_of_unit(Office *office, StoreConnection *connection, int64_t unit,
                               int64_t *ret_n, GError **error)
{
    const Schema *schema = office_schema(office);
    g_autoptr(RightsSubject) console = rights_subject_console(office, error);
    g_autoptr(GArray) units = g_array_new(false, false, sizeof unit);
    g_array_append_val(units, unit);
    int64_t total = 0;
    for (guint i = 0; console != NULL && i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        g_autofree char *where = ledger_unfinished_condition(ledger);
        int n = 0;
        if (where == NULL) {
            continue;
        }
        g_autoptr(Expression) filter = expression_parse(where, schema_ledger_scope(ledger), error);
        const LedgerQuery query = {.ledger = ledger, .filter = filter, .units = units};
        if (filter == NULL ||
            !ledger_list_count(office, connection, console, &query, G_MAXINT, &n, error)) {
            return false;
        }
        total += n;
    }
    *ret_n = total;
    return console != NULL;
}
