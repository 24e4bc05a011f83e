#include "ledger/spelling.h"

#include "ledger/evaluate.h"
#include "office/tables.h"

/* ---- the moment --------------------------------------------------------------------------------
 */

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
void ledger_spelling_append_state(const LedgerSpelling *spelling, ExpressionSql *sql)
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
    append_step_happened(spelling, field, sql);
    g_string_append(sql->text, " THEN ");
    append_field_column(spelling->alias, field, sql->text);
    g_string_append(sql->text, " END");
}

/* ---- the system's names ------------------------------------------------------------------------
 */

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

static void append_unit(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append_printf(sql->text, "NULLIF(%s.unit, 0)", spelling->alias);
}

/* A final state is left by no step, so the last step before the moment brought it. */
static void append_closed(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    g_string_append(sql->text, "CASE WHEN ");
    ledger_spelling_append_state(spelling, sql);
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

/* Append the condition that the clock had been stopped by the moment. */
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

/* Days begun after the deadline; the numbers are those of ledger_entry_days_late(). */
static void append_late(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    const char *alias = spelling->alias;
    g_string_append_printf(sql->text, "CASE WHEN %s.due IS NOT NULL AND ", alias);
    append_was_stopped(spelling, sql);
    g_string_append_printf(sql->text,
                           " THEN CASE WHEN %s.stopped <= %s.due THEN 0"
                           " ELSE (%s.stopped - %s.due - 1) / 86400000000 + 1 END END",
                           alias, alias, alias, alias);
}

/* Tenths of days from the opening; one that was begun counts, so that what took more than five days
 * is never within five. */
static void append_took(const LedgerSpelling *spelling, ExpressionSql *sql)
{
    const char *alias = spelling->alias;
    g_string_append(sql->text, "CASE WHEN ");
    append_was_stopped(spelling, sql);
    g_string_append_printf(
        sql->text, " THEN (%s.stopped - %s.opened + 8639999999) / 8640000000 END", alias, alias);
}

typedef struct SystemName {
    const char *name;
    void (*append)(const LedgerSpelling *spelling, ExpressionSql *sql);
} SystemName;

static const SystemName system_names[] = {
    {"anywhere", append_anywhere},
    {"closed", append_closed},
    {"due", append_due},
    {"late", append_late},
    {"number", append_number},
    {"opened", append_opened},
    {"state", ledger_spelling_append_state},
    {"took", append_took},
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

/* ---- through references, in lists and rows -----------------------------------------------------
 */

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

/* Field names are checked identifiers, so that quoting them is enough. */
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
        g_string_append_printf(sql->text,
                               "link l WHERE l.entry_id = %s.entry_id AND l.field = '%s'",
                               spelling->alias, field->name);
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
