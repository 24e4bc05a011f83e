#include "measure/universe.h"

#include "ledger/evaluate.h"
#include "office/tables.h"
#include "store/store-value.h"

Date moment_last_day(const Moment *moment)
{
    Date cutoff = date_from_us(moment->cutoff_us, moment->offset_seconds);
    return MIN(cutoff, moment->period.to);
}

bool universe_is_of_ledger(const SchemaSet *set)
{
    return set->ledger != NULL;
}

bool universe_is_same(const SchemaSet *a, const SchemaSet *b)
{
    return a->universe == b->universe && a->ledger == b->ledger && a->step == b->step &&
           a->rows == b->rows && a->date == b->date && a->is_by_due == b->is_by_due;
}

/* ---- names ----------------------------------------------------------------------------------- */

static void get_parameter(void *data, const ExpressionSymbol *symbol, Value *ret_value)
{
    const Moment *moment = &((const Universe *)data)->moment;
    if (g_str_equal(symbol->name, "period.start")) {
        *ret_value = value_date(moment->period.from);
    } else if (g_str_equal(symbol->name, "period.end")) {
        *ret_value = value_date(moment->period.to);
    } else if (g_str_equal(symbol->name, "cutoff")) {
        *ret_value = value_time(moment->cutoff_us);
    } else if (g_str_equal(symbol->name, "today")) {
        *ret_value = value_date(date_from_us(moment->now_us, moment->offset_seconds));
    }
}

/* Append a name of the unit or person whose alias is @alias.  A person's post and unit are those of
 * the post recorded last of those held on the last day. */
static void append_own(const Universe *universe, const char *alias, const char *name,
                       bool is_person, ExpressionSql *sql)
{
    const char *post = is_person ? ledger_person_post_column(name) : NULL;
    if (post == NULL) {
        g_string_append_printf(sql->text, "%s.", alias);
        store_append_identifier(sql->text, name);
        return;
    }
    Date day = moment_last_day(&universe->moment);
    g_string_append_printf(sql->text,
                           "(SELECT po.%s FROM post po WHERE po.person = %s.id"
                           " AND (po.since IS NULL OR po.since <= ",
                           post, alias);
    expression_sql_bind(sql, value_date(day));
    g_string_append(sql->text, ") AND (po.until IS NULL OR po.until >= ");
    expression_sql_bind(sql, value_date(day));
    g_string_append(sql->text, ") ORDER BY po.id DESC LIMIT 1)");
}

/* The names of units and people; all their links lead to units. */
static void append_column(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    const Universe *universe = data;
    bool is_person = universe->set->universe == SCHEMA_OF_PEOPLE;
    if (reference->link == NULL) {
        append_own(universe, "u", reference->symbol->name, is_person, sql);
        return;
    }
    g_string_append(sql->text, "(SELECT ");
    append_own(universe, "k", reference->symbol->name, false, sql);
    g_string_append(sql->text, " FROM unit k WHERE k.id = ");
    append_own(universe, "u", reference->link->name, is_person, sql);
    g_string_append_c(sql->text, ')');
}

/* Units and people have neither lists nor rows. */
static void append_source(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    g_assert_not_reached();
}

void universe_init(Universe *universe, StoreConnection *connection, const SchemaSet *set,
                   const Moment *moment)
{
    *universe = (Universe){.connection = connection,
                           .set = set,
                           .moment = *moment,
                           .text = g_string_new(NULL),
                           .values = expression_sql_values_new()};
    universe->names = (ExpressionSqlNames){
        .append_column = append_column, .append_source = append_source, .data = universe};
    universe->context = (ExpressionContext){
        .get_parameter = get_parameter, .data = universe, .offset_seconds = moment->offset_seconds};
    if (universe_is_of_ledger(set)) {
        ledger_spelling_init(&universe->spelling, set->ledger, "t", moment->cutoff_us,
                             moment->cutoff_us);
        universe->spelling.known_us = moment->known_us;
        universe->spelling.row_alias = "m";
    }
    universe->sql = (ExpressionSql){
        .dialect = store_connection_dialect(connection) == STORE_SQLITE ? EXPRESSION_SQLITE
                                                                        : EXPRESSION_POSTGRES,
        .names = universe_is_of_ledger(set) ? &universe->spelling.names : &universe->names,
        .context = &universe->context,
        .text = universe->text,
        .values = universe->values};
}

void universe_clear(Universe *universe)
{
    if (universe->text != NULL) {
        g_string_free(universe->text, true);
        g_array_unref(universe->values);
        g_clear_error(&universe->failure);
        universe->text = NULL;
    }
}

void universe_append(Universe *universe, const char *sql)
{
    g_string_append(universe->text, sql);
}

void universe_append_condition(Universe *universe, const Expression *expression)
{
    if (expression == NULL) {
        g_string_append(universe->text, "TRUE");
        return;
    }
    g_string_append_c(universe->text, '(');
    expression_to_sql(expression, &universe->sql);
    g_string_append_c(universe->text, ')');
}

void universe_append_value(Universe *universe, const Expression *expression)
{
    if (expression == NULL) {
        g_string_append(universe->text, "NULL");
        return;
    }
    expression_to_sql(expression, &universe->sql);
}

void universe_append_is_seen(Universe *universe, const RightsSubject *subject)
{
    g_string_append(universe->text, "CASE WHEN ");
    if (subject != NULL) {
        rights_predicate(subject, RIGHTS_ENTRY_READ, "t", universe->text, universe->values);
    } else {
        g_string_append(universe->text, "TRUE");
    }
    g_string_append(universe->text, " THEN 1 ELSE 0 END");
}

/* ---- the date -------------------------------------------------------------------------------- */

/* Return whether the members are steps whose own time is the date: that of each stands with it, the
 * entry's field has only the last one's. */
static bool is_of_the_step(const SchemaSet *set)
{
    return set->universe == SCHEMA_OF_STEPS && set->step != NULL && set->step->at == set->date;
}

/* Append the column of the date as it is stored, so that an index can serve. */
static void append_date_column(Universe *universe)
{
    const SchemaSet *set = universe->set;
    if (set->is_by_due) {
        g_string_append(universe->text, "t.due");
    } else if (set->date != NULL && !is_of_the_step(set)) {
        g_string_append(universe->text, set->date->parent != NULL ? "m." : "t.");
        office_append_column(universe->text, set->date);
    } else {
        g_string_append(universe->text,
                        set->universe == SCHEMA_OF_STEPS ? "p.happened" : "t.opened");
    }
}

static bool is_day(const SchemaSet *set)
{
    return set->date != NULL && set->date->kind == SCHEMA_FIELD_DATE && !is_of_the_step(set);
}

void universe_append_date_us(Universe *universe)
{
    if (universe->set->is_by_due) { /* a deadline is the instant after the last of its day */
        g_string_append(universe->text, "(t.due - 1)");
        return;
    }
    if (!is_day(universe->set)) {
        append_date_column(universe);
        return;
    }
    bool is_sqlite = universe->sql.dialect == EXPRESSION_SQLITE;
    g_string_append(universe->text, is_sqlite ? "(unixepoch(" : "((CAST(");
    append_date_column(universe);
    g_string_append_printf(universe->text, "%s * %lld + CAST(",
                           is_sqlite ? ")" : " AS date) - DATE '1970-01-01')",
                           (long long)(is_sqlite ? G_USEC_PER_SEC : DATE_US_PER_DAY));
    expression_sql_bind(&universe->sql,
                        value_number(date_to_us(0, 0, universe->moment.offset_seconds)));
    g_string_append(universe->text, " AS bigint))");
}

/* A day is over at its end.  Of a deadline it is the opening that is written down. */
void universe_append_is_late(Universe *universe)
{
    if (universe->set->is_by_due) {
        universe_append(universe, "(t.added - t.opened > ");
        expression_sql_bind(&universe->sql, value_number(FIGURE_LATE_DAYS * DATE_US_PER_DAY));
        universe_append(universe, ")");
        return;
    }
    const SchemaSet *set = universe->set;
    const SchemaField *opened = set->universe != SCHEMA_OF_STEPS ? set->ledger->opened : NULL;
    bool is_opening = set->date == NULL && opened != NULL && opened->kind == SCHEMA_FIELD_DATE;
    int64_t days = FIGURE_LATE_DAYS + (is_day(set) || is_opening ? 1 : 0);
    g_string_append(universe->text,
                    universe->set->universe == SCHEMA_OF_STEPS ? "(p.recorded - " : "(t.added - ");
    universe_append_date_us(universe);
    g_string_append(universe->text, " > ");
    expression_sql_bind(&universe->sql, value_number(days * DATE_US_PER_DAY));
    g_string_append_c(universe->text, ')');
}

void universe_append_is_brought(Universe *universe)
{
    universe_append(universe, universe->set->universe == SCHEMA_OF_STEPS
                                  ? "(t.batch <> 0 AND p.recorded = t.added)"
                                  : "(t.batch <> 0)");
}

/* Return the step whose time the date is; NULL when it is another's, or none's. */
static const SchemaStep *step_of_date(const SchemaSet *set)
{
    const char *name = set->date != NULL ? set->date->set_by_step : NULL;
    return name != NULL ? schema_ledger_step(set->ledger, name) : NULL;
}

/* Append that @column, of days or of instants, lies in the period and not after the cut-off. */
static void append_within(Universe *universe, bool is_of_day)
{
    const Moment *moment = &universe->moment;
    int64_t from_us = 0;
    int64_t to_us = 0;
    period_to_us(&moment->period, moment->offset_seconds, &from_us, &to_us);
    int64_t shift_us = universe->set->is_by_due ? 1 : 0; /* midnight belongs to the day before */
    g_string_append(universe->text, " BETWEEN ");
    expression_sql_bind(&universe->sql, is_of_day ? value_date(moment->period.from)
                                                  : value_time(from_us + shift_us));
    g_string_append(universe->text, " AND ");
    expression_sql_bind(&universe->sql,
                        is_of_day ? value_date(moment_last_day(moment))
                                  : value_time(MIN(to_us - 1, moment->cutoff_us) + shift_us));
}

/* ---- steps done again ------------------------------------------------------------------------ */

/* Append the condition that the date lay in the period as it was at the cut-off, but the step that
 * it is the time of was done again since: the column has the later time. */
static void append_done_again(Universe *universe, const SchemaStep *step, const GPtrArray *ways)
{
    const Moment *moment = &universe->moment;
    int64_t from_us = 0;
    int64_t to_us = 0;
    period_to_us(&moment->period, moment->offset_seconds, &from_us, &to_us);
    universe_append(universe, "(t.entry_id IN (SELECT s.entry_id FROM step s WHERE s.ledger = ");
    expression_sql_bind(&universe->sql, value_text(universe->set->ledger->name));
    universe_append(universe, " AND s.name IN (''");
    for (guint i = 0; i < ways->len; i++) {
        universe_append(universe, ", ");
        expression_sql_bind(&universe->sql,
                            value_text(((const SchemaStep *)g_ptr_array_index(ways, i))->name));
    }
    universe_append(universe, ") AND s.happened >= ");
    expression_sql_bind(&universe->sql, value_time(from_us));
    universe_append(universe, ") AND ");
    append_date_column(universe);
    universe_append(universe, " > ");
    expression_sql_bind(&universe->sql, is_day(universe->set) ? value_date(moment_last_day(moment))
                                                              : value_time(moment->cutoff_us));
    universe_append(universe, " AND (SELECT max(s.happened) FROM step s"
                              " WHERE s.entry_id = t.entry_id AND s.name = ");
    expression_sql_bind(&universe->sql, value_text(step->name));
    universe_append(universe, " AND s.happened <= ");
    expression_sql_bind(&universe->sql, value_time(moment->cutoff_us));
    universe_append(universe, ")");
    append_within(universe, false);
    universe_append(universe, ")");
}

static void append_ledger(Universe *universe)
{
    g_autofree char *table = office_table_name(universe->set->ledger);
    store_append_identifier(universe->text, table);
    g_string_append(universe->text, " t");
}

/* Return whether there is any such entry.  Mostly there is none, and then the index of the date
 * alone serves. */
static bool is_any_done_again(Universe *universe, const SchemaStep *step, const GPtrArray *ways)
{
    g_auto(Universe) look = {0};
    bool has_row = false;
    if (universe->failure != NULL) {
        return false;
    }
    universe_init(&look, universe->connection, universe->set, &universe->moment);
    universe_append(&look, "SELECT 1 FROM ");
    append_ledger(&look);
    universe_append(&look, " WHERE ");
    append_done_again(&look, step, ways);
    universe_append(&look, " LIMIT 1");
    g_autoptr(StoreStatement) query = universe_query(&look, &universe->failure);
    return query != NULL && store_step(query, &has_row, &universe->failure) && has_row;
}

static void append_range(Universe *universe)
{
    const SchemaSet *set = universe->set;
    const SchemaStep *step = step_of_date(set);
    bool is_own = step != NULL && step->at == set->date && !is_of_the_step(set);
    g_autoptr(GPtrArray) ways = is_own ? schema_step_ways_back(set->ledger, step) : NULL;
    bool is_again = ways != NULL && ways->len > 0 && is_any_done_again(universe, step, ways);
    universe_append(universe, is_again ? "(" : "");
    append_date_column(universe);
    append_within(universe, is_day(set));
    if (is_again) {
        universe_append(universe, " OR ");
        append_done_again(universe, step, ways);
        universe_append(universe, ")");
    }
}

/* A date that a step brings counts once the step had happened.  Where it is the time of the step
 * itself, the range says so already. */
static void append_step_condition(Universe *universe)
{
    const SchemaSet *set = universe->set;
    const SchemaStep *step = step_of_date(set);
    if (step != NULL && (step->at != set->date || universe->moment.known_us != 0)) {
        g_string_append(universe->text, " AND ");
        ledger_spelling_append_field(&universe->spelling, set->date, &universe->sql);
        g_string_append(universe->text, " IS NOT NULL");
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void append_known(Universe *universe, const char *column)
{
    if (universe->moment.known_us != 0) {
        g_string_append_printf(universe->text, " AND %s <= ", column);
        expression_sql_bind(&universe->sql, value_time(universe->moment.known_us));
    }
}

static void append_entries(Universe *universe, const char *join)
{
    append_ledger(universe);
    g_string_append_printf(universe->text, "%s WHERE ", join);
}

static void append_steps(Universe *universe, const char *join)
{
    const SchemaSet *set = universe->set;
    g_string_append(universe->text, "step p JOIN ");
    append_ledger(universe);
    g_string_append_printf(universe->text, " ON t.entry_id = p.entry_id%s WHERE p.ledger = ", join);
    expression_sql_bind(&universe->sql, value_text(set->ledger->name));
    if (set->step != NULL) {
        g_string_append(universe->text, " AND p.name = ");
        expression_sql_bind(&universe->sql, value_text(set->step->name));
    }
    g_string_append(universe->text, " AND p.happened <= ");
    expression_sql_bind(&universe->sql, value_time(universe->moment.cutoff_us));
    append_known(universe, "p.recorded");
    g_string_append(universe->text, " AND ");
}

static void append_rows(Universe *universe, const char *join)
{
    const SchemaSet *set = universe->set;
    g_autofree char *table = office_rows_table_name(set->ledger, set->rows);
    append_ledger(universe);
    g_string_append(universe->text, " JOIN ");
    store_append_identifier(universe->text, table);
    g_string_append_printf(universe->text, " m ON m.entry_id = t.entry_id%s WHERE ", join);
}

/* Units and people that last on the last day that counts. */
static void append_roster(Universe *universe, const char *join)
{
    Date day = moment_last_day(&universe->moment);
    g_string_append_printf(universe->text, "%s u%s WHERE (u.since IS NULL OR u.since <= ",
                           universe->set->universe == SCHEMA_OF_PEOPLE ? "person" : "unit", join);
    expression_sql_bind(&universe->sql, value_date(day));
    g_string_append(universe->text, ") AND (u.until IS NULL OR u.until >= ");
    expression_sql_bind(&universe->sql, value_date(day));
    g_string_append_c(universe->text, ')');
}

void universe_append_from(Universe *universe, const char *join)
{
    join = join != NULL ? join : "";
    g_string_append(universe->text, " FROM ");
    switch (universe->set->universe) {
    case SCHEMA_OF_ENTRIES:
        append_entries(universe, join);
        break;
    case SCHEMA_OF_STEPS:
        append_steps(universe, join);
        break;
    case SCHEMA_OF_ROWS:
        append_rows(universe, join);
        break;
    case SCHEMA_OF_UNITS:
    case SCHEMA_OF_PEOPLE:
        append_roster(universe, join);
        return;
    case SCHEMA_OF_MONTHS:
    case SCHEMA_OF_QUARTERS:
        g_assert_not_reached();
    }
    ledger_spelling_append_visible(&universe->spelling, universe->text);
    append_known(universe, "t.added");
    universe_append(universe, " AND ");
    append_range(universe);
    append_step_condition(universe);
    if (universe->set->universe == SCHEMA_OF_ROWS) {
        ledger_spelling_append_brought(&universe->spelling, universe->set->rows, &universe->sql);
    }
}

StoreStatement *universe_query(Universe *universe, GError **error)
{
    if (universe->failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&universe->failure));
        return NULL;
    }
    StoreStatement *statement = store_prepare(universe->connection, universe->text->str, error);
    for (guint i = 0; statement != NULL && i < universe->values->len; i++) {
        store_bind_value(statement, (int)i + 1, &g_array_index(universe->values, Value, i));
    }
    return statement;
}
