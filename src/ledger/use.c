#include "ledger/use.h"

#include "ledger/row.h"
#include "ledger/wall.h"

static void free_use(gpointer data)
{
    LedgerUse *use = data;
    g_free(use->ledger);
    g_free(use->number);
    g_free(use->title);
    g_free(use->field);
    g_free(use);
}

/* Return the query for the links to $1 with what the right to read their entries is asked by, which
 * lies in the typed table of each ledger; the caller owns it.  A list that names the target twice
 * is one use.  The index of targets leaves out 0, and is used only where the question does. */
static char *make_select(const GPtrArray *ledgers)
{
    GString *sql = g_string_new(NULL);
    for (guint i = 0; i < ledgers->len; i++) {
        const LedgerTable *table = ledger_table(g_ptr_array_index(ledgers, i));
        g_string_append(sql, i > 0 ? " UNION " : "");
        g_string_append(sql, "SELECT e.id, l.field, e.ledger, e.number, e.title, t.unit, t.owner"
                             " FROM link l JOIN entry e ON e.id = l.entry_id JOIN ");
        store_append_identifier(sql, table->name);
        g_string_append(sql, " t" LEDGER_SELECT_ON
                             " WHERE l.target = $1 AND l.target <> 0" LEDGER_ENTRY_VISIBLE);
    }
    g_string_append(sql, " ORDER BY 1, 2");
    return g_string_free(sql, false);
}

/* Return whether @subject may know of the use that @query stands on. */
static bool may_know(const Schema *schema, const RightsSubject *subject, StoreStatement *query)
{
    const SchemaLedger *ledger = schema_ledger(schema, store_column_text(query, 2));
    const RightsObject object = {
        .ledger = ledger, .unit = store_column_int(query, 5), .owner = store_column_text(query, 6)};
    return !ledger_wall_hides_named(ledger, store_column_text(query, 1), false) &&
           rights_may(subject, RIGHTS_ENTRY_READ, &object, NULL);
}

static LedgerUse *read_use(StoreStatement *query)
{
    LedgerUse *use = g_new0(LedgerUse, 1);
    use->entry_id = store_column_int(query, 0);
    use->field = g_strdup(store_column_text(query, 1));
    use->ledger = g_strdup(store_column_text(query, 2));
    use->number = g_strdup(store_column_text(query, 3));
    use->title = g_strdup(store_column_text(query, 4));
    return use;
}

GPtrArray *ledger_uses_of(Office *office, StoreConnection *connection, const RightsSubject *subject,
                          int64_t target, int64_t *ret_n_more, GError **error)
{
    const Schema *schema = office_schema(office);
    g_autoptr(GPtrArray) uses = g_ptr_array_new_with_free_func(free_use);
    *ret_n_more = 0;
    if (schema->ledgers->len == 0) {
        return g_steal_pointer(&uses);
    }
    g_autofree char *sql = make_select(schema->ledgers);
    g_autoptr(StoreStatement) query = store_query(connection, error, sql, "i", target);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        if (!may_know(schema, subject, query)) {
            continue;
        }
        if (uses->len < LEDGER_MAX_USES) {
            g_ptr_array_add(uses, read_use(query));
        } else {
            (*ret_n_more)++;
        }
    }
    return has_row ? NULL : g_steal_pointer(&uses);
}

/* Refuse the entry that @query (takes; NULL: it failed) finds, with the number of those that use
 * it. */
static bool refuse_used(StoreStatement *query, GError **error)
{
    g_autoptr(StoreStatement) used = query;
    bool has_row = false;
    if (used == NULL || !store_step(used, &has_row, error)) {
        return false;
    }
    if (has_row) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "entry '%s' is used by %lld other {entry|entries}; take it out there first",
                  store_column_text(used, 0), (long long)store_column_int(used, 1));
    }
    return !has_row;
}

#define SELECT_USED                                                        \
    "SELECT e.number, count(DISTINCT l.entry_id) FROM entry e JOIN link l" \
    " ON l.target = e.id AND l.target <> 0 AND l.kind = 'entry' AND l.entry_id <> e.id"
#define FIRST_USED " GROUP BY e.id, e.number ORDER BY e.id LIMIT 1"

bool ledger_uses_none(StoreConnection *connection, int64_t id, GError **error)
{
    return refuse_used(
        store_query(connection, error, SELECT_USED " WHERE e.id = $1" FIRST_USED, "i", id), error);
}

bool ledger_uses_none_of_batch(StoreConnection *connection, int64_t batch, GError **error)
{
    return refuse_used(store_query(connection, error,
                                   SELECT_USED " JOIN entry u ON u.id = l.entry_id"
                                               " AND u.batch <> e.batch WHERE e.batch = $1"
                                               " AND e.batch <> 0" FIRST_USED,
                                   "i", batch),
                       error);
}
