#include "schema/link.h"

#include <stdio.h>

#include "schema/number.h"

void schema_link_fields(SchemaLoader *loader)
{
    for (guint i = 0; i < loader->leading->len; i++) {
        const SchemaLeading *leading = &g_array_index(loader->leading, SchemaLeading, i);
        leading->field->target = schema_parse_reference(loader, leading->node, SCHEMA_NOUN_LEDGER,
                                                        loader->schema->ledgers);
    }
}

/* ---- expressions ----------------------------------------------------------------------------- */

/* What is looked for in the names of an expression. */
typedef struct Finding {
    SchemaUse use;
    const char *circular; /* a name that the clock itself gives */
    const char *period;   /* a parameter that only measures have */
    const char *personal; /* a field that must not leave its entry */
} Finding;

static bool is_measure_use(SchemaUse use)
{
    return use != SCHEMA_USE_STEP_WHEN && use != SCHEMA_USE_CLOCK_WHEN;
}

/* Look at one name of an expression. */
static void visit(const ExpressionReference *reference, void *data)
{
    static const char *const of_clock[] = {"due", "due_first", "late", "took", "closed", NULL};
    Finding *finding = data;
    const ExpressionSymbol *symbol = reference->symbol;
    const SchemaField *field = symbol->data;
    const SchemaField *link = reference->link != NULL ? reference->link->data : NULL;
    if (field == NULL && reference->link == NULL) {
        if (finding->use == SCHEMA_USE_CLOCK_WHEN && g_strv_contains(of_clock, symbol->name)) {
            finding->circular = symbol->name;
        }
        if (!is_measure_use(finding->use) && g_str_has_prefix(symbol->name, "period.")) {
            finding->period = symbol->name;
        }
    }
    if (is_measure_use(finding->use) && field != NULL && field->is_personal) {
        finding->personal = field->name;
    } else if (is_measure_use(finding->use) && link != NULL && link->is_personal) {
        finding->personal = link->name;
    }
}

/* Tell of names that @expression may not use. */
static void check_names(SchemaLoader *loader, const SchemaWaiting *waiting,
                        const Expression *expression)
{
    Finding finding = {.use = waiting->use};
    expression_walk(expression, visit, &finding);
    SchemaPlace place = waiting->node->place;
    if (finding.circular != NULL) {
        schema_problems_add(loader->problems, place,
                            N_("'%s' comes from the clock; the clock cannot depend on it"),
                            finding.circular);
    }
    if (finding.period != NULL) {
        schema_problems_add(loader->problems, place, N_("'%s' is known to measures only"),
                            finding.period);
    }
    if (finding.personal != NULL) {
        schema_problems_add(loader->problems, place,
                            N_("'%s' is personal; personal data has no place in a figure"),
                            finding.personal);
    }
}

/* Tell if the value of @expression does not fit its use. */
static void check_type(SchemaLoader *loader, const SchemaWaiting *waiting,
                       const Expression *expression)
{
    const ExpressionType *type = expression_type(expression);
    if (waiting->use == SCHEMA_USE_AMOUNT && type->kind != VALUE_NUMBER) {
        schema_problems_add(loader->problems, waiting->node->place,
                            N_("an amount must be a number"));
    } else if ((waiting->use == SCHEMA_USE_KEY || waiting->use == SCHEMA_USE_GROUP) &&
               type->shape != EXPRESSION_ONE) {
        schema_problems_add(loader->problems, waiting->node->place,
                            N_("one value is needed here, not a list; count the rows instead"));
    }
}

/* Add the fault @error (takes) of the expression @waiting at its own column. */
static void add_fault(SchemaLoader *loader, const SchemaWaiting *waiting, GError *error)
{
    int column = 0;
    if (sscanf(error->message, "column %d: ", &column) != 1) {
        schema_problems_take(loader->problems, waiting->node->place, error);
        return;
    }
    SchemaPlace place =
        schema_node_place_of(waiting->node, waiting->file->text, waiting->first_line, column - 1);
    error_unprefix(&error); /* the column is in the place */
    schema_problems_take(loader->problems, place, error);
}

void schema_link_expressions(SchemaLoader *loader)
{
    for (guint i = 0; i < loader->waiting->len; i++) {
        const SchemaWaiting *waiting = &g_array_index(loader->waiting, SchemaWaiting, i);
        bool is_value = waiting->use == SCHEMA_USE_KEY || waiting->use == SCHEMA_USE_AMOUNT ||
                        waiting->use == SCHEMA_USE_GROUP;
        GError *error = NULL;
        Expression *expression =
            is_value ? expression_parse_value(waiting->node->text, waiting->scope, &error)
                     : expression_parse(waiting->node->text, waiting->scope, &error);
        if (expression == NULL && loader->is_torn) {
            g_error_free(error); /* it may name what could not be read */
            continue;
        }
        if (expression == NULL) {
            add_fault(loader, waiting, error);
            continue;
        }
        check_names(loader, waiting, expression);
        check_type(loader, waiting, expression);
        *waiting->slot = expression;
    }
}

/* ---- ledgers together ------------------------------------------------------------------------ */

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(schema_name_of(*(void *const *)a), schema_name_of(*(void *const *)b));
}

void schema_link_order(SchemaLoader *loader)
{
    GPtrArray *ledgers = loader->schema->ledgers;
    g_autoptr(GPtrArray) first = g_ptr_array_new();
    g_ptr_array_sort(ledgers, compare_names);
    schema_parse_references(loader, loader->order, SCHEMA_NOUN_LEDGER, ledgers, first);
    guint n = first->len;
    for (guint i = 0; i < ledgers->len; i++) {
        gpointer ledger = g_ptr_array_index(ledgers, i);
        if (!g_ptr_array_find(first, ledger, NULL)) {
            g_ptr_array_add(first, ledger);
        }
    }
    g_assert(first->len == ledgers->len && n <= first->len);
    for (guint i = 0; i < first->len; i++) {
        ledgers->pdata[i] = g_ptr_array_index(first, i);
    }
}

/* Return where @ledger has @key, or where it begins. */
static SchemaPlace place_in(const SchemaLoader *loader, const SchemaLedger *ledger, const char *key)
{
    const SchemaNode *root = g_hash_table_lookup(loader->ledger_trees, ledger);
    const SchemaNode *node = schema_node_get(root, key);
    return node != NULL ? node->place : root->place;
}

/* Check @b against the ledger @a before it. */
static void check_pair(SchemaLoader *loader, const SchemaLedger *a, const SchemaLedger *b)
{
    if (a->number != NULL && b->number != NULL && schema_number_may_clash(a->number, b->number)) {
        schema_problems_add(loader->problems, place_in(loader, b, "number"),
                            N_("a number of '%s' could be one of '%s' too"), b->name, a->name);
    }
    for (guint i = 0; i < a->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(a->fields, i);
        if (field->kind != SCHEMA_FIELD_ROWS) {
            continue;
        }
        g_autofree char *table = g_strdup_printf("%s_%s", a->name, field->name);
        if (g_str_equal(table, b->name)) {
            schema_problems_add(loader->problems, place_in(loader, b, "ledger"),
                                N_("the rows '%s' of '%s' have a table of this name"), field->name,
                                a->name);
        }
    }
}

void schema_link_check(SchemaLoader *loader)
{
    const GPtrArray *ledgers = loader->schema->ledgers;
    for (guint i = 0; i < ledgers->len; i++) {
        for (guint j = i + 1; j < ledgers->len; j++) {
            check_pair(loader, g_ptr_array_index(ledgers, i), g_ptr_array_index(ledgers, j));
        }
    }
}
