#include "ledger/evaluate.h"

#include "ledger/row.h"
#include "store/store-value.h"

/* What the callbacks need. */
typedef struct Evaluation {
    const LedgerEntry *entry;
    const LedgerPresent *present;
    const Value *row; /* the child row at hand */
    GError *failure;  /* the first one of the database */
} Evaluation;

int64_t ledger_entry_days_late(const LedgerEntry *entry, int64_t now_us, int offset_seconds)
{
    if (entry->due_us == 0) {
        return -1;
    }
    int64_t end_us = entry->stopped_us != 0 ? entry->stopped_us : now_us;
    int64_t due_us = entry->due_us;
    bool is_midnight =
        date_to_us(date_from_us(due_us, offset_seconds), 0, offset_seconds) == due_us;
    int64_t last_us = is_midnight ? due_us - 1 : due_us;
    return end_us <= last_us ? 0 : (end_us - last_us - 1) / DATE_US_PER_DAY + 1;
}

/* Days over the deadline, and the tenths of days from the opening: known once the clock stopped. */
static Value late_value(const LedgerEntry *entry, int offset_seconds)
{
    return entry->due_us != 0 && entry->stopped_us != 0
               ? value_number(ledger_entry_days_late(entry, entry->stopped_us, offset_seconds))
               : VALUE_EMPTY;
}

static Value took_value(const LedgerEntry *entry, int offset_seconds)
{
    return entry->stopped_us != 0
               ? value_number((entry->stopped_us - entry->opened_us + DATE_US_PER_DAY / 10 - 1) /
                              (DATE_US_PER_DAY / 10))
               : VALUE_EMPTY;
}

static bool is_final(const LedgerEntry *entry)
{
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    return state != NULL && state->is_final;
}

static Value anywhere_value(const LedgerEntry *entry, int offset_seconds)
{
    g_autoptr(GString) text = g_string_new(entry->number);
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        const Value *value = &entry->values[field->position];
        if (schema_field_is_prose(field) && !value_is_empty(value)) {
            g_string_append_printf(text, "\n%s", value->text);
        }
    }
    return value_text(text->str);
}

static Value state_value(const LedgerEntry *entry, int offset_seconds)
{
    return value_text(entry->state);
}

static Value number_value(const LedgerEntry *entry, int offset_seconds)
{
    return value_text(entry->number);
}

static Value opened_value(const LedgerEntry *entry, int offset_seconds)
{
    return value_time(entry->opened_us);
}

static Value due_value(const LedgerEntry *entry, int offset_seconds)
{
    return entry->due_us != 0 ? value_time(entry->due_us) : VALUE_EMPTY;
}

static Value due_first_value(const LedgerEntry *entry, int offset_seconds)
{
    return entry->due_first_us != 0 ? value_time(entry->due_first_us) : VALUE_EMPTY;
}

static Value closed_value(const LedgerEntry *entry, int offset_seconds)
{
    return is_final(entry) ? value_time(entry->stepped_us) : VALUE_EMPTY;
}

static Value unit_value(const LedgerEntry *entry, int offset_seconds)
{
    return entry->unit != 0 ? value_ref(entry->unit) : VALUE_EMPTY;
}

Value ledger_entry_system_value(const LedgerEntry *entry, const char *name, int offset_seconds)
{
    static const struct {
        const char *name;
        Value (*value_of)(const LedgerEntry *entry, int offset_seconds);
    } names[] = {
        {"anywhere", anywhere_value},   {"closed", closed_value}, {"due", due_value},
        {"due_first", due_first_value}, {"late", late_value},     {"number", number_value},
        {"opened", opened_value},       {"state", state_value},   {"took", took_value},
        {"unit", unit_value},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_str_equal(names[i].name, name)) {
            return names[i].value_of(entry, offset_seconds);
        }
    }
    return VALUE_EMPTY;
}

static Value own_value(const Evaluation *evaluation, const ExpressionSymbol *symbol)
{
    const SchemaField *field = symbol->data;
    if (field == NULL) {
        return ledger_entry_system_value(evaluation->entry, symbol->name,
                                         evaluation->present->offset_seconds);
    }
    return value_copy(&evaluation->entry->values[field->position]);
}

const char *ledger_person_post_column(const char *name)
{
    if (g_str_equal(name, "post")) {
        return "title";
    }
    return g_str_equal(name, "unit") ? "unit" : NULL;
}

/* Step @query (takes; NULL: failed already) to its one row; NULL where there is none, or after a
 * failure, which @evaluation keeps when it is the first. */
static StoreStatement *first_row(Evaluation *evaluation, StoreStatement *query, GError *failure)
{
    bool has_row = false;
    if (query != NULL && store_step(query, &has_row, &failure) && has_row) {
        return query;
    }
    store_statement_release(query);
    if (evaluation->failure == NULL) {
        evaluation->failure = failure;
    } else {
        g_clear_error(&failure);
    }
    return NULL;
}

/* Read one column of a unit or person; only what the scope offers can be asked for.  A person's
 * post is the one recorded last of those held on the day. */
static Value referenced_record(Evaluation *evaluation, bool is_person, int64_t id,
                               const ExpressionSymbol *symbol)
{
    GError *failure = NULL;
    char day[DATE_TEXT_SIZE];
    date_format(date_from_us(evaluation->present->now_us, evaluation->present->offset_seconds),
                day);
    const char *post = is_person ? ledger_person_post_column(symbol->name) : NULL;
    g_autoptr(GString) sql = g_string_new("SELECT ");
    store_append_identifier(sql, post != NULL ? post : symbol->name);
    g_string_append(sql, post != NULL ? " FROM post WHERE id = (SELECT max(p.id) FROM post p"
                                        " WHERE p.person = $1"
                                        " AND (p.since IS NULL OR p.since <= $2)"
                                        " AND (p.until IS NULL OR p.until >= $2))"
                         : is_person  ? " FROM person WHERE id = $1"
                                      : " FROM unit WHERE id = $1");
    StoreStatement *asked =
        post != NULL
            ? store_query(evaluation->present->connection, &failure, sql->str, "it", id, day)
            : store_query(evaluation->present->connection, &failure, sql->str, "i", id);
    g_autoptr(StoreStatement) query = first_row(evaluation, asked, failure);
    return query != NULL ? store_column_value(query, 0, symbol->type.kind) : VALUE_EMPTY;
}

/* Read one field of a linked entry. */
static Value referenced_entry(Evaluation *evaluation, const SchemaField *link, int64_t id,
                              const ExpressionSymbol *symbol)
{
    GError *failure = NULL;
    const LedgerTable *table = ledger_table(link->target);
    g_autofree char *sql = g_strconcat(table->select, " WHERE e.id = $1", NULL);
    StoreStatement *asked = store_query(evaluation->present->connection, &failure, sql, "i", id);
    g_autoptr(StoreStatement) query = first_row(evaluation, asked, failure);
    if (query == NULL) {
        return VALUE_EMPTY;
    }
    g_autoptr(LedgerEntry) target = ledger_row_read(table, NULL, false, query);
    Evaluation inner = *evaluation;
    inner.entry = target;
    return own_value(&inner, symbol);
}

/* Read what @link, the value of @reference->link, leads to. */
static Value linked_value(Evaluation *evaluation, const ExpressionReference *reference,
                          const Value *link)
{
    if (value_is_empty(link)) {
        return VALUE_EMPTY;
    }
    const SchemaField *field = reference->link->data;
    if (field != NULL && field->kind == SCHEMA_FIELD_ENTRY) {
        return referenced_entry(evaluation, field, link->number, reference->symbol);
    }
    bool is_person = field != NULL && field->kind == SCHEMA_FIELD_PERSON;
    return referenced_record(evaluation, is_person, link->number, reference->symbol);
}

static void get(void *data, const ExpressionReference *reference, Value *ret_value)
{
    Evaluation *evaluation = data;
    if (reference->link == NULL) {
        *ret_value = own_value(evaluation, reference->symbol);
        return;
    }
    g_auto(Value) link = own_value(evaluation, reference->link);
    *ret_value = linked_value(evaluation, reference, &link);
}

static void get_of_row(void *data, const ExpressionReference *reference, Value *ret_value)
{
    Evaluation *evaluation = data;
    const ExpressionSymbol *own = reference->link != NULL ? reference->link : reference->symbol;
    const SchemaField *field = own->data;
    const Value *value = &evaluation->row[field->position];
    *ret_value =
        reference->link != NULL ? linked_value(evaluation, reference, value) : value_copy(value);
}

static bool get_row(void *data, const ExpressionSymbol *rows, size_t i, ExpressionRecord *ret_row)
{
    Evaluation *evaluation = data;
    const SchemaField *field = rows->data;
    const LedgerRows *all = evaluation->entry->rows[field->position];
    if (all == NULL || i >= all->rows->len) {
        return false;
    }
    evaluation->row = g_ptr_array_index(all->rows, i);
    *ret_row = (ExpressionRecord){.get = get_of_row, .data = evaluation};
    return true;
}

Value ledger_parameter_now(const char *name, int64_t now_us, int offset_seconds)
{
    if (g_str_equal(name, "today")) {
        return value_date(date_from_us(now_us, offset_seconds));
    }
    return g_str_equal(name, "cutoff") ? value_time(now_us) : VALUE_EMPTY;
}

/* Conditions of steps and clocks know only the present; figures have periods. */
static void get_parameter(void *data, const ExpressionSymbol *symbol, Value *ret_value)
{
    const Evaluation *evaluation = data;
    *ret_value = ledger_parameter_now(symbol->name, evaluation->present->now_us,
                                      evaluation->present->offset_seconds);
}

bool ledger_entry_meets(const LedgerEntry *entry, const Expression *condition,
                        const LedgerPresent *present, bool *ret_is_met, GError **error)
{
    if (condition == NULL) {
        *ret_is_met = true;
        return true;
    }
    g_assert(present->connection != NULL);
    Evaluation evaluation = {.entry = entry, .present = present};
    ExpressionRecord record = {.get = get, .get_row = get_row, .data = &evaluation};
    ExpressionContext context = {.get_parameter = get_parameter,
                                 .data = &evaluation,
                                 .offset_seconds = present->offset_seconds};
    bool is_met = expression_evaluate(condition, &record, &context);
    if (evaluation.failure != NULL) {
        g_propagate_error(error, evaluation.failure);
        return false;
    }
    *ret_is_met = is_met;
    return true;
}
