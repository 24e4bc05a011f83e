#include "schema/counted.h"

#include "schema/scope.h"

void schema_counted_free(void *data)
{
    SchemaCounted *counted = data;
    g_ptr_array_unref(counted->fields);
    g_ptr_array_unref(counted->names);
    g_free(counted);
}

static SchemaCounted *find_or_add(GPtrArray *all, const SchemaSet *set)
{
    for (guint i = 0; i < all->len; i++) {
        SchemaCounted *counted = g_ptr_array_index(all, i);
        if (counted->date == set->date && counted->is_by_due == set->is_by_due) {
            return counted;
        }
    }
    SchemaCounted *counted = g_new0(SchemaCounted, 1);
    counted->date = set->date;
    counted->is_by_due = set->is_by_due;
    counted->fields = g_ptr_array_new();
    counted->names = g_ptr_array_new();
    g_ptr_array_add(all, counted);
    return counted;
}

static void add_field(SchemaCounted *counted, const SchemaField *field)
{
    if (field != counted->date && !g_ptr_array_find(counted->fields, field, NULL)) {
        g_ptr_array_add(counted->fields, (void *)field);
    }
}

/* What a step brings is there only once the step had happened, which is looked up too. */
static void note_field(SchemaCounted *counted, const SchemaField *field)
{
    const SchemaStep *step =
        field->set_by_step != NULL ? schema_ledger_step(field->ledger, field->set_by_step) : NULL;
    if (schema_kind_info(field->kind)->column_type != NULL) {
        add_field(counted, field);
    }
    if (step != NULL && step->at != NULL) {
        add_field(counted, step->at);
    }
}

/* The static name of the system that @name is; NULL for a parameter. */
static const char *system_name(const char *name)
{
    const char *const *names = schema_scope_system_names();
    for (; *names != NULL && !g_str_equal(*names, name); names++) {
    }
    return *names;
}

/* Of a link it is the field that leads on; rows have a table of their own. */
static void note(const ExpressionReference *reference, void *data)
{
    SchemaCounted *counted = data;
    const ExpressionSymbol *symbol = reference->link != NULL ? reference->link : reference->symbol;
    const SchemaField *field = symbol->data;
    if (reference->rows != NULL || symbol->is_parameter) {
        return;
    }
    if (field != NULL && field->parent == NULL) {
        note_field(counted, field);
    } else if (field == NULL) {
        const char *name = system_name(symbol->name);
        if (name != NULL && !g_ptr_array_find(counted->names, name, NULL)) {
            g_ptr_array_add(counted->names, (void *)name);
        }
    }
}

/* Entries are found by their own date; steps and child rows by theirs. */
static SchemaCounted *counted_of(const SchemaSet *set)
{
    bool is_found = (set->universe == SCHEMA_OF_ENTRIES || set->universe == SCHEMA_OF_ROWS) &&
                    (set->date == NULL || set->date->parent == NULL);
    if (!is_found) {
        return NULL;
    }
    SchemaCounted *counted = find_or_add(set->ledger->counted, set);
    if (set->date != NULL) {
        note_field(counted, set->date);
    }
    return counted;
}

static void note_all(SchemaCounted *counted, const Expression *const *expressions, size_t n)
{
    for (size_t i = 0; counted != NULL && i < n; i++) {
        if (expressions[i] != NULL) {
            expression_walk(expressions[i], note, counted);
        }
    }
}

static int compare_fields(gconstpointer a, gconstpointer b)
{
    const SchemaField *x = *(const SchemaField *const *)a;
    const SchemaField *y = *(const SchemaField *const *)b;
    return x->position - y->position;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that an order in which measures are written decides nothing. */
static void sort(const GPtrArray *all)
{
    for (guint i = 0; i < all->len; i++) {
        const SchemaCounted *counted = g_ptr_array_index(all, i);
        g_ptr_array_sort(counted->fields, compare_fields);
        g_ptr_array_sort(counted->names, compare_names);
    }
}

void schema_note_counted(Schema *schema)
{
    for (guint i = 0; i < schema->measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(schema->measures, i);
        const Expression *const of[] = {measure->of.where, measure->counts, measure->key,
                                        measure->amount, measure->by};
        note_all(counted_of(&measure->of), of, G_N_ELEMENTS(of));
        if (measure->has != NULL) {
            SchemaCounted *counted = counted_of(measure->has);
            const Expression *const where[] = {measure->has->where};
            note_all(counted, where, G_N_ELEMENTS(where));
            if (counted != NULL && measure->has_by != NULL && measure->has_by->parent == NULL) {
                note_field(counted, measure->has_by);
            }
        }
    }
    for (guint i = 0; i < schema->ledgers->len; i++) {
        sort(((const SchemaLedger *)g_ptr_array_index(schema->ledgers, i))->counted);
    }
}
