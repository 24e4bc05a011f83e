#include "measure/use.h"

#include "measure/has.h"
#include "measure/universe.h"

/* What is asked. */
typedef struct Asking {
    StoreConnection *connection;
    const LedgerEntry *entry;
    Moment moment;
} Asking;

/* Set *@ret_is_in to whether some member of @set, for which @counts (NULL: always) holds, has @id
 * in
 * @column. */
static bool find_member(const Asking *asking, const SchemaSet *set, const Expression *counts,
                        const char *column, int64_t id, bool *ret_is_in, GError **error)
{
    g_auto(Universe) universe = {0};
    universe_init(&universe, asking->connection, set, &asking->moment);
    universe_append(&universe, "SELECT count(*)");
    universe_append_from(&universe, NULL);
    universe_append(&universe, " AND ");
    universe_append_condition(&universe, set->where);
    universe_append(&universe, " AND ");
    universe_append_condition(&universe, counts);
    universe_append(&universe, " AND ");
    universe_append(&universe, column);
    universe_append(&universe, " = ");
    expression_sql_bind(&universe.sql, value_number(id));
    g_autoptr(StoreStatement) query = universe_query(&universe, error);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    *ret_is_in = has_row && store_column_int(query, 0) > 0;
    return true;
}

/* Let @moment be about the months or quarters of its period that are whole and over; false where
 * there is none. */
static bool narrow_to_stretches(Moment *moment, PeriodUnit unit)
{
    g_autoptr(GArray) parts = period_split(&moment->period, unit);
    Period narrowed = {.from = 1, .to = 0};
    for (guint i = 0; i < parts->len; i++) {
        const Period *part = &g_array_index(parts, Period, i);
        const Period whole = period_around(unit, part->from);
        int64_t from_us = 0;
        int64_t to_us = 0;
        period_to_us(part, moment->offset_seconds, &from_us, &to_us);
        if (period_is_equal(part, &whole) && to_us - 1 <= moment->cutoff_us) {
            narrowed.from = narrowed.to < narrowed.from ? part->from : narrowed.from;
            narrowed.to = part->to;
        }
    }
    moment->period = narrowed;
    return narrowed.from <= narrowed.to;
}

/* Set *@ret_is_used to whether `has` of @measure finds something of the entry for a month or a
 * quarter. */
static bool find_by_date(const Asking *asking, const SchemaMeasure *measure, bool *ret_is_used,
                         GError **error)
{
    bool is_months = measure->of.universe == SCHEMA_OF_MONTHS;
    const HasQuestion question = {
        .connection = asking->connection, .measure = measure, .entry = asking->entry->id};
    Moment moment = asking->moment;
    g_auto(HasFound) found = {0};
    if (narrow_to_stretches(&moment, is_months ? PERIOD_MONTH : PERIOD_QUARTER) &&
        !has_find(&question, &moment, &found, error)) {
        return false;
    }
    *ret_is_used = found.n > 0;
    return true;
}

/* The same for a unit or a person, who is a member. */
static bool find_by_id(const Asking *asking, const SchemaMeasure *measure, bool *ret_is_used,
                       GError **error)
{
    const HasQuestion question = {
        .connection = asking->connection, .measure = measure, .entry = asking->entry->id};
    g_autoptr(GHashTable) all = has_find_by_id(&question, &asking->moment, error);
    GHashTableIter iter;
    gpointer id = NULL;
    if (all == NULL) {
        return false;
    }
    g_hash_table_iter_init(&iter, all);
    while (!*ret_is_used && g_hash_table_iter_next(&iter, &id, NULL)) {
        if (!find_member(asking, &measure->of, NULL, "u.id", *(const int64_t *)id, ret_is_used,
                         error)) {
            return false;
        }
    }
    return true;
}

/* Set *@ret_is_used to whether the figure of @measure uses the entry. */
static bool find_use(const Asking *asking, const SchemaMeasure *measure, bool *ret_is_used,
                     GError **error)
{
    const SchemaSet *set = measure->has != NULL ? measure->has : &measure->of;
    if (set->ledger == NULL || !g_str_equal(set->ledger->name, asking->entry->ledger->name)) {
        return true;
    }
    if (measure->has == NULL) {
        return find_member(asking, set, measure->counts, "t.entry_id", asking->entry->id,
                           ret_is_used, error);
    }
    return measure->has_by == NULL ? find_by_date(asking, measure, ret_is_used, error)
                                   : find_by_id(asking, measure, ret_is_used, error);
}

GPtrArray *figure_uses_of(const Office *office, StoreConnection *connection,
                          const LedgerEntry *entry, const Period *period, GError **error)
{
    const GPtrArray *measures = office_schema(office)->measures;
    g_autoptr(GPtrArray) uses = g_ptr_array_new();
    Asking asking = {.connection = connection,
                     .entry = entry,
                     .moment = {.period = *period,
                                .now_us = source_now_us(office_source(office)),
                                .offset_seconds = office_offset_seconds(office)}};
    int64_t from_us = 0;
    int64_t to_us = 0;
    period_to_us(period, asking.moment.offset_seconds, &from_us, &to_us);
    asking.moment.cutoff_us = MIN(to_us - 1, asking.moment.now_us);
    if (!figure_check_begun(office, period, error)) {
        return NULL;
    }
    for (guint i = 0; i < measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(measures, i);
        bool is_used = false;
        if (!find_use(&asking, measure, &is_used, error)) {
            return NULL;
        }
        if (is_used) {
            g_ptr_array_add(uses, (gpointer)measure);
        }
    }
    return g_steal_pointer(&uses);
}
