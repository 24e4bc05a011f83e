#include "ledger/spelling.h"

#include "ledger/evaluate.h"
#include "office/tables.h"

/* ---- the moment ------------------------------------------------------------------------------ */

static void append_own(const LedgerSpelling *spelling, const char *column, GString *sql)
{
    g_string_append_printf(sql, "%s.%s", spelling->alias, column);
}

static void append_field_column(const char *alias, const SchemaField *field, GString *sql)
{
    g_autofree char *column = ledger_field_column(field);
    g_string_append_printf(sql, "%s.", alias);
    store_append_identifier(sql, column);
}

/* Mostly no batch is hidden, which one look tells for all entries. */
void ledger_spelling_append_visible(const LedgerSpelling *spelling, GString *sql)
{
    g_string_append_printf(sql,
                           "(NOT EXISTS (SELECT 1 FROM batch WHERE state <> 'done')"
                           " OR %s.batch NOT IN (SELECT id FROM batch WHERE state <> 'done'))",
                           spelling->alias);
}

/* Append the end of a condition on step s: that it was known. */
static void append_known(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    if (spelling->known_us != 0) {
        g_string_append(sql->text, " AND s.recorded <= ");
        expression_sql_bind(sql, value_number(spelling->known_us));
    }
}

/* The last step by the moment decides; before any step the entry is in its first state.  Most
 * entries have had no step since, and for those the column is right. */
static void append_state(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    if (spelling->cutoff_us == 0) {
        append_own(spelling, "state", sql->text);
        return;
    }
    const SchemaChoice *first = g_ptr_array_index(spelling->ledger->states, 0);
    g_string_append(sql->text, "CASE WHEN ");
    if (spelling->known_us == 0) {
        append_own(spelling, "stepped <= ", sql->text);
        expression_sql_bind(sql, value_number(spelling->cutoff_us));
    } else {
        g_string_append(sql->text, "FALSE");
    }
    g_string_append_printf(sql->text,
                           " THEN %s.state ELSE COALESCE((SELECT s.to_state FROM step s"
                           " WHERE s.entry_id = %s.entry_id AND s.happened <= ",
                           spelling->alias, spelling->alias);
    expression_sql_bind(sql, value_number(spelling->cutoff_us));
    append_known(spelling, sql);
    g_string_append(sql->text, " ORDER BY s.happened DESC, s.n DESC LIMIT 1), ");
    expression_sql_bind(sql, value_text(first->name));
    g_string_append(sql->text, ") END");
}

/* Append the condition that the step which brings @field had happened.  Where a TIME of the entry
 * says when it last did, and that was by the moment, no look at the steps is needed. */
static void append_step_happened(const LedgerSpelling *spelling, const SchemaField *field,
                                 ExpressionSql *sql)
{
    const SchemaStep *step = schema_ledger_step(spelling->ledger, field->set_by_step);
    const SchemaField *at = step != NULL ? step->at : NULL;
    if (spelling->known_us == 0 && at != NULL && at->kind == SCHEMA_FIELD_TIME) {
        append_field_column(spelling->alias, at, sql->text);
        g_string_append(sql->text, " <= ");
        expression_sql_bind(sql, value_number(spelling->cutoff_us));
        g_string_append(sql->text, " OR ");
    }
    g_string_append_printf(
        sql->text, "EXISTS (SELECT 1 FROM step s WHERE s.entry_id = %s.entry_id AND s.name = ",
        spelling->alias);
    expression_sql_bind(sql, value_text(field->set_by_step));
    g_string_append(sql->text, " AND s.happened <= ");
    expression_sql_bind(sql, value_number(spelling->cutoff_us));
    append_known(spelling, sql);
    g_string_append_c(sql->text, ')');
}

/* A TIME that says when its own step happened needs no look at the steps. */
static bool is_own_time(const LedgerSpelling *spelling, const SchemaField *field)
{
    const SchemaStep *step = schema_ledger_step(spelling->ledger, field->set_by_step);
    return step != NULL && step->at == field && field->kind == SCHEMA_FIELD_TIME;
}

/* The column holds when the step was last done; where that is later, an earlier time may count. */
static void append_own_time(const LedgerSpelling *spelling, const SchemaField *field,
                            ExpressionSql *sql)
{
    if (spelling->known_us == 0) {
        append_field_column(spelling->alias, field, sql->text);
        g_string_append(sql->text, " <= ");
        expression_sql_bind(sql, value_number(spelling->cutoff_us));
    } else {
        g_string_append(sql->text, "FALSE");
    }
    g_string_append(sql->text, " THEN ");
    append_field_column(spelling->alias, field, sql->text);
    g_string_append(sql->text, " WHEN ");
    append_field_column(spelling->alias, field, sql->text);
    g_string_append_printf(sql->text,
                           " IS NOT NULL THEN (SELECT max(s.happened) FROM step s"
                           " WHERE s.entry_id = %s.entry_id AND s.name = ",
                           spelling->alias);
    expression_sql_bind(sql, value_text(field->set_by_step));
    g_string_append(sql->text, " AND s.happened <= ");
    expression_sql_bind(sql, value_number(spelling->cutoff_us));
    append_known(spelling, sql);
    g_string_append(sql->text, ") END");
}

/* Append the opening of a look for steps @name of the entry that had happened by the moment. */
static void append_done_steps(const LedgerSpelling *spelling, const char *what, const char *name,
                              ExpressionSql *sql)
{
    g_string_append_printf(
        sql->text, "(SELECT %s FROM step s WHERE s.entry_id = %s.entry_id AND s.name = ", what,
        spelling->alias);
    expression_sql_bind(sql, value_text(name));
    g_string_append(sql->text, " AND s.happened <= ");
    expression_sql_bind(sql, value_number(spelling->cutoff_us));
    append_known(spelling, sql);
    g_string_append_c(sql->text, ')');
}

/* Return whether @field is the DATE of a step that may be done again: its column then has the last
 * one's, which may lie after the moment. */
static bool is_own_day(const LedgerSpelling *spelling, const SchemaField *field)
{
    const SchemaStep *step = schema_ledger_step(spelling->ledger, field->set_by_step);
    if (step == NULL || step->at != field || field->kind != SCHEMA_FIELD_DATE) {
        return false;
    }
    g_autoptr(GPtrArray) ways = schema_step_ways_back(spelling->ledger, step);
    return ways->len > 0;
}

/* Append the day of the last time that the step was done by the moment, where it was done since;
 * else the column's, which may have been corrected. */
static void append_own_day(const LedgerSpelling *spelling, const SchemaField *field,
                           ExpressionSql *sql)
{
    bool is_sqlite = sql->dialect == EXPRESSION_SQLITE;
    long long offset_us = (long long)sql->context->offset_seconds * G_USEC_PER_SEC;
    g_string_append(sql->text, "CASE WHEN (SELECT count(*) FROM step s WHERE s.entry_id = ");
    g_string_append_printf(sql->text, "%s.entry_id AND s.name = ", spelling->alias);
    expression_sql_bind(sql, value_text(field->set_by_step));
    g_string_append(sql->text, ") = ");
    append_done_steps(spelling, "count(*)", field->set_by_step, sql);
    g_string_append(sql->text, " THEN ");
    append_field_column(spelling->alias, field, sql->text);
    g_string_append(sql->text, is_sqlite ? " ELSE date(("
                                         : " ELSE to_char(DATE '1970-01-01' + "
                                           "CAST((");
    append_done_steps(spelling, "max(s.happened)", field->set_by_step, sql);
    g_string_append_printf(sql->text,
                           is_sqlite ? " + %lld) / 1000000, 'unixepoch') END"
                                     : " + %lld) / 86400000000 AS integer),"
                                       " 'YYYY-MM-DD') END",
                           offset_us);
}

void ledger_spelling_append_field(const LedgerSpelling *spelling, const SchemaField *field,
                                  ExpressionSql *sql)
{
    if (spelling->cutoff_us == 0 || field->set_by_step == NULL) {
        append_field_column(spelling->alias, field, sql->text);
        return;
    }
    g_string_append(sql->text, "CASE WHEN ");
    if (is_own_time(spelling, field)) {
        append_own_time(spelling, field, sql);
        return;
    }
    bool is_day = is_own_day(spelling, field);
    append_step_happened(spelling, field, sql);
    g_string_append(sql->text, " THEN ");
    if (is_day) {
        append_own_day(spelling, field, sql);
    } else {
        append_field_column(spelling->alias, field, sql->text);
    }
    g_string_append(sql->text, " END");
}

/* ---- the system's names ---------------------------------------------------------------------- */

static void append_number(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append_printf(sql->text, "(SELECT en.number FROM entry en WHERE en.id = %s.entry_id)",
                           spelling->alias);
}

/* Each text on a line of its own, so that nothing is found across two; the literal is a line break.
 */
static void append_anywhere(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    append_number(spelling, sql);
    for (guint i = 0; i < spelling->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(spelling->ledger->fields, i);
        if (schema_field_is_prose(field)) {
            g_string_append(sql->text, " || COALESCE('\n' || (");
            ledger_spelling_append_field(spelling, field, sql);
            g_string_append(sql->text, "), '')");
        }
    }
}

static void append_opened(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    append_own(spelling, "opened", sql->text);
}

static void append_due(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    append_own(spelling, "due", sql->text);
}

static void append_due_first(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append_printf(sql->text,
                           "(SELECT en.due_first FROM entry en WHERE en.id = %s.entry_id)",
                           spelling->alias);
}

static void append_unit(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append_printf(sql->text, "NULLIF(%s.unit, 0)", spelling->alias);
}

/* A final state is left by no step, so the last step before the moment brought it. */
static void append_closed(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append(sql->text, "CASE WHEN ");
    append_state(spelling, sql);
    g_string_append(sql->text, " IN (''");
    for (guint i = 0; i < spelling->ledger->states->len; i++) {
        const SchemaChoice *state = g_ptr_array_index(spelling->ledger->states, i);
        if (state->is_final) {
            g_string_append(sql->text, ", ");
            expression_sql_bind(sql, value_text(state->name));
        }
    }
    g_string_append_printf(sql->text, ") THEN %s.stepped END", spelling->alias);
}

/* ---- clocks ---------------------------------------------------------------------------------- */

/* Append the steps that stop @clock, or that set it running again, as "s.name IN (…)". */
static void append_names(const SchemaLedger *ledger, const SchemaClock *clock, bool is_restart,
                         const char *alias, ExpressionSql *sql)
{
    g_string_append_printf(sql->text, "%s.name IN (''", alias);
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        bool is_wanted = is_restart ? schema_step_restarts(step, clock)
                                    : g_ptr_array_find(clock->stops, step, NULL);
        if (is_wanted) {
            g_string_append(sql->text, ", ");
            expression_sql_bind(sql, value_text(step->name));
        }
    }
    g_string_append_c(sql->text, ')');
}

static bool is_restarted(const SchemaLedger *ledger, const SchemaClock *clock)
{
    for (guint i = 0; i < ledger->steps->len; i++) {
        if (schema_step_restarts(g_ptr_array_index(ledger->steps, i), clock)) {
            return true;
        }
    }
    return false;
}

/* Append, for each clock that may run again, that @alias is a step which does that to it
 * (@is_restart) or stops it. */
static void append_steps_of_clocks(const LedgerSpelling *spelling, bool is_restart,
                                   const char *alias, ExpressionSql *sql)
{
    const SchemaLedger *ledger = spelling->ledger;
    g_string_append(sql->text, "(FALSE");
    for (guint i = 0; i < ledger->clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(ledger->clocks, i);
        if (is_restarted(ledger, clock)) {
            g_string_append_printf(sql->text, " OR %s.clock = ", spelling->alias);
            expression_sql_bind(sql, value_text(clock->name));
            g_string_append(sql->text, " AND ");
            append_names(ledger, clock, is_restart, alias, sql);
        }
    }
    g_string_append_c(sql->text, ')');
}

/* Append when the clock had been stopped before it was set running again after the moment: by the
 * first stopping step since it last was, of those done by then. */
static void append_stop_before(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append_printf(sql->text,
                           "(SELECT min(s.happened) FROM step s WHERE s.entry_id = %s.entry_id"
                           " AND s.happened <= ",
                           spelling->alias);
    expression_sql_bind(sql, value_number(spelling->cutoff_us));
    append_known(spelling, sql);
    g_string_append(sql->text, " AND ");
    append_steps_of_clocks(spelling, false, "s", sql);
    g_string_append(sql->text, " AND NOT EXISTS (SELECT 1 FROM step r"
                               " WHERE r.entry_id = s.entry_id AND r.n > s.n AND r.happened <= ");
    expression_sql_bind(sql, value_number(spelling->cutoff_us));
    if (spelling->known_us != 0) {
        g_string_append(sql->text, " AND r.recorded <= ");
        expression_sql_bind(sql, value_number(spelling->known_us));
    }
    g_string_append(sql->text, " AND ");
    append_steps_of_clocks(spelling, true, "r", sql);
    g_string_append(sql->text, "))");
}

static bool has_restarts(const SchemaLedger *ledger)
{
    for (guint i = 0; i < ledger->clocks->len; i++) {
        if (is_restarted(ledger, g_ptr_array_index(ledger->clocks, i))) {
            return true;
        }
    }
    return false;
}

/* Append the condition that the clock had been stopped by the moment, as it stands stopped now. */
static void append_was_stopped(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    append_own(spelling, "stopped", sql->text);
    if (spelling->cutoff_us == 0) {
        g_string_append(sql->text, " IS NOT NULL");
    } else {
        g_string_append(sql->text, " <= ");
        expression_sql_bind(sql, value_number(spelling->cutoff_us));
    }
    if (spelling->known_us != 0) {
        g_string_append_printf(sql->text,
                               " AND EXISTS (SELECT 1 FROM step s WHERE s.entry_id = %s.entry_id"
                               " AND s.happened = %s.stopped",
                               spelling->alias, spelling->alias);
        append_known(spelling, sql);
        g_string_append_c(sql->text, ')');
    }
}

/* Append what @append_of makes of when the clock was stopped, as of the moment; NULL while it ran.
 * The column has the stop that stands now; of a clock that may run again another may count. */
static void append_of_stop(const LedgerSpelling *spelling,
                           void (*append_of)(const LedgerSpelling *spelling, const char *stop,
                                             ExpressionSql *sql),
                           ExpressionSql *sql)
{
    g_autofree char *own = g_strconcat(spelling->alias, ".stopped", NULL);
    g_string_append(sql->text, "CASE WHEN ");
    append_was_stopped(spelling, sql);
    g_string_append(sql->text, " THEN ");
    append_of(spelling, own, sql);
    if (spelling->cutoff_us != 0 && has_restarts(spelling->ledger)) {
        g_string_append(sql->text, " ELSE (SELECT ");
        append_of(spelling, "x.stopped", sql);
        g_string_append(sql->text, " FROM (SELECT ");
        append_stop_before(spelling, sql);
        g_string_append(sql->text, " AS stopped) x)");
    }
    g_string_append(sql->text, " END");
}

/* Days begun after the deadline; the numbers are those of ledger_entry_days_late(). */
static void append_days_late(const LedgerSpelling *spelling, const char *stop, ExpressionSql *sql)
{
    const char *alias = spelling->alias;
    long long day_us = DATE_US_PER_DAY;
    long long offset_us = (long long)sql->context->offset_seconds * G_USEC_PER_SEC;
    g_string_append_printf(sql->text,
                           "CASE WHEN %s < %s.due THEN 0"
                           " WHEN (%s.due + %lld) %% %lld = 0" /* the end of a day */
                           " THEN (%s - %s.due) / %lld + 1"
                           " WHEN %s = %s.due THEN 0"
                           " ELSE (%s - %s.due - 1) / %lld + 1 END",
                           stop, alias, alias, offset_us, day_us, stop, alias, day_us, stop, alias,
                           stop, alias, day_us);
}

static void append_late(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    append_of_stop(spelling, append_days_late, sql);
}

/* Tenths of days from the opening; one that was begun counts, so that what took more than five days
 * is never within five. */
static void append_tenths_taken(const LedgerSpelling *spelling, const char *stop,
                                ExpressionSql *sql)
{
    long long tenth_us = DATE_US_PER_DAY / 10;
    g_string_append_printf(sql->text, "(%s - %s.opened + %lld) / %lld", stop, spelling->alias,
                           tenth_us - 1, tenth_us);
}

static void append_took(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    append_of_stop(spelling, append_tenths_taken, sql);
}

typedef struct SystemName {
    const char *name;
    void (*append)(const LedgerSpelling *spelling, ExpressionSql *sql);
} SystemName;

static const SystemName system_names[] = {
    {"anywhere", append_anywhere},   {"closed", append_closed}, {"due", append_due},
    {"due_first", append_due_first}, {"late", append_late},     {"number", append_number},
    {"opened", append_opened},       {"state", append_state},   {"took", append_took},
    {"unit", append_unit},
};

static void append_symbol(const LedgerSpelling *spelling, const ExpressionSymbol *symbol,
                          ExpressionSql *sql)
{
    const SchemaField *field = symbol->data;
    if (field != NULL && field->parent != NULL) {
        append_field_column(spelling->row_alias, field, sql->text);
        return;
    }
    if (field != NULL) {
        ledger_spelling_append_field(spelling, field, sql);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(system_names); i++) {
        if (g_str_equal(system_names[i].name, symbol->name)) {
            g_string_append_c(sql->text, '(');
            system_names[i].append(spelling, sql);
            g_string_append_c(sql->text, ')');
            return;
        }
    }
    g_assert_not_reached(); /* schema/ offers no other name */
}

/* ---- through references, in lists and rows --------------------------------------------------- */

/* Append the condition that post p was held on the day of the moment. */
static void append_held(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    Date day = date_from_us(spelling->now_us, sql->context->offset_seconds);
    g_string_append(sql->text, "(p.since IS NULL OR p.since <= ");
    expression_sql_bind(sql, value_date(day));
    g_string_append(sql->text, ") AND (p.until IS NULL OR p.until >= ");
    expression_sql_bind(sql, value_date(day));
    g_string_append(sql->text, ") AND ");
}

/* Append the columns and table of the record that @reference->link leads to, "k", up to its key. */
static void append_target(const LedgerSpelling *spelling, const ExpressionReference *reference,
                          ExpressionSql *sql)
{
    const SchemaField *link = reference->link->data;
    const char *name = reference->symbol->name;
    if (link != NULL && link->kind == SCHEMA_FIELD_ENTRY) {
        LedgerSpelling target;
        ledger_spelling_init(&target, link->target, "k", spelling->cutoff_us, spelling->now_us);
        target.known_us = spelling->known_us;
        append_symbol(&target, reference->symbol, sql);
        g_autofree char *table = office_table_name(link->target);
        g_string_append(sql->text, " FROM ");
        store_append_identifier(sql->text, table);
        g_string_append(sql->text, " k WHERE k.entry_id = ");
        return;
    }
    bool is_person = link != NULL && link->kind == SCHEMA_FIELD_PERSON;
    const char *post = is_person ? ledger_person_post_column(name) : NULL;
    if (post != NULL) {
        g_string_append_printf(
            sql->text, "k.%s FROM post k WHERE k.id = (SELECT max(p.id) FROM post p WHERE ", post);
        append_held(spelling, sql);
        g_string_append(sql->text, "p.person = ");
        return;
    }
    g_string_append(sql->text, "k.");
    store_append_identifier(sql->text, name);
    g_string_append_printf(sql->text, " FROM %s k WHERE k.id = ", is_person ? "person" : "unit");
}

/* Append a scalar subquery for the field read through a reference. */
static void append_linked(const LedgerSpelling *spelling, const ExpressionReference *reference,
                          ExpressionSql *sql)
{
    const SchemaField *link = reference->link->data;
    g_string_append(sql->text, "(SELECT ");
    append_target(spelling, reference, sql);
    if (reference->rows != NULL) {
        append_field_column("r", link, sql->text);
    } else {
        append_symbol(spelling, reference->link, sql);
    }
    bool is_post = link != NULL && link->kind == SCHEMA_FIELD_PERSON &&
                   ledger_person_post_column(reference->symbol->name) != NULL;
    g_string_append(sql->text, is_post ? "))" : ")");
}

static void append_column(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    const LedgerSpelling *spelling = data;
    if (reference->link != NULL) {
        append_linked(spelling, reference, sql);
    } else if (reference->rows != NULL) {
        append_field_column("r", reference->symbol->data, sql->text);
    } else if (reference->symbol->type.shape == EXPRESSION_LIST) {
        g_string_append(sql->text,
                        reference->symbol->type.kind == VALUE_TEXT ? "l.choice" : "l.target");
    } else {
        append_symbol(spelling, reference->symbol, sql);
    }
}

void ledger_spelling_append_brought(const LedgerSpelling *spelling, const SchemaField *field,
                                    ExpressionSql *sql)
{
    if (spelling->cutoff_us != 0 && field->set_by_step != NULL) {
        g_string_append(sql->text, " AND (");
        append_step_happened(spelling, field, sql);
        g_string_append_c(sql->text, ')');
    }
}

static void append_source(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    const LedgerSpelling *spelling = data;
    const SchemaField *field = reference->symbol->data;
    if (reference->symbol->type.shape == EXPRESSION_LIST) {
        g_string_append_printf(
            sql->text, "link l WHERE l.entry_id = %s.entry_id AND l.field = ", spelling->alias);
        expression_sql_bind(sql, value_text(field->name));
        ledger_spelling_append_brought(spelling, field, sql);
        return;
    }
    g_autofree char *table = office_rows_table_name(spelling->ledger, field);
    store_append_identifier(sql->text, table);
    g_string_append_printf(sql->text, " r WHERE r.entry_id = %s.entry_id", spelling->alias);
    ledger_spelling_append_brought(spelling, field, sql);
}

void ledger_spelling_init(LedgerSpelling *spelling, const SchemaLedger *ledger, const char *alias,
                          int64_t cutoff_us, int64_t now_us)
{
    *spelling = (LedgerSpelling){
        .ledger = ledger, .alias = alias, .cutoff_us = cutoff_us, .now_us = now_us};
    spelling->names = (ExpressionSqlNames){
        .append_column = append_column, .append_source = append_source, .data = spelling};
}
