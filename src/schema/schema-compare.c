/* What a new schema does to the tables and values of an old one. */
#include "schema/schema.h"

/* What the comparison of two schemas shares. */
typedef struct Comparison {
    const char *language;
    GPtrArray *lines;    /* of char* */
    GPtrArray *narrowed; /* of char*: "case", "case.votes", "case.kind.advice" */
} Comparison;

/* Add the sentence @said (takes). */
static void add_line(Comparison *comparison, GError *said)
{
    g_autoptr(GError) error = said;
    g_ptr_array_add(comparison->lines, error_to_text(error, comparison->language));
}

/* Add that something is so (the format in N_()); what is narrowed by it is told apart. */
#define tell(comparison, ...)                                \
    do {                                                     \
        GError *said = NULL;                                 \
        error_set(&said, SHUZHI_ERROR_INVALID, __VA_ARGS__); \
        add_line(comparison, said);                          \
    } while (0)

/* Take @name (owned) as narrowed, once. */
static void narrow(Comparison *comparison, char *name)
{
    if (g_ptr_array_find_with_equal_func(comparison->narrowed, name, g_str_equal, NULL)) {
        g_free(name);
    } else {
        g_ptr_array_add(comparison->narrowed, name);
    }
}

/* Return the one of @objects, each beginning with its name, that is called @name. */
static const void *find(const GPtrArray *objects, const char *name)
{
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        const void *object = g_ptr_array_index(objects, i);
        if (g_str_equal(*(char *const *)object, name)) {
            return object;
        }
    }
    return NULL;
}

/* Compare the closed lists @old and @choices of @owner ("case.kind", "case"). */
static void compare_choices(Comparison *comparison, const char *owner, const GPtrArray *old,
                            const GPtrArray *choices)
{
    for (guint i = 0; old != NULL && i < old->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(old, i);
        if (find(choices, choice->name) == NULL) {
            tell(comparison, N_("%s: '%s' is removed"), owner, choice->name);
            narrow(comparison, g_strdup_printf("%s.%s", owner, choice->name));
        }
    }
    for (guint i = 0; choices != NULL && i < choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        if (find(old, choice->name) == NULL) {
            tell(comparison, N_("%s: '%s' is added"), owner, choice->name);
        }
    }
}

/* Return whether values of @old may not fit @field. */
static bool is_narrower(const SchemaField *old, const SchemaField *field)
{
    return field->max_chars < old->max_chars || field->min > old->min || field->max < old->max ||
           g_strcmp0(field->target_name, old->target_name) != 0;
}

static void compare_fields(Comparison *comparison, const char *owner, const GPtrArray *old,
                           const GPtrArray *fields);

/* Compare two versions of the field @name ("case.votes"). */
static void compare_field(Comparison *comparison, const char *name, const SchemaField *old,
                          const SchemaField *field)
{
    if (field->kind != old->kind) {
        tell(comparison, N_("%s: '%s' becomes '%s'"), name, schema_kind_info(old->kind)->name,
             schema_kind_info(field->kind)->name);
        narrow(comparison, g_strdup(name));
        return;
    }
    if (is_narrower(old, field)) {
        tell(comparison, N_("%s: fewer values are allowed than before"), name);
        narrow(comparison, g_strdup(name));
    }
    if (field->is_required && !old->is_required) {
        tell(comparison, N_("%s: becomes required"), name);
        narrow(comparison, g_strdup(name));
    }
    if (old->is_personal && !field->is_personal) {
        tell(comparison, N_("%s: is personal no more; everybody who reads entries will see it"),
             name);
        narrow(comparison, g_strdup(name));
    }
    compare_choices(comparison, name, old->choices, field->choices);
    compare_fields(comparison, name, old->fields, field->fields);
}

/* Compare the fields of the ledger or rows @owner; either array may be NULL. */
static void compare_fields(Comparison *comparison, const char *owner, const GPtrArray *old,
                           const GPtrArray *fields)
{
    for (guint i = 0; old != NULL && i < old->len; i++) {
        const SchemaField *before = g_ptr_array_index(old, i);
        const SchemaField *field = find(fields, before->name);
        g_autofree char *name = g_strdup_printf("%s.%s", owner, before->name);
        if (field != NULL) {
            compare_field(comparison, name, before, field);
        } else {
            tell(comparison, N_("%s: the field is removed"), name);
            narrow(comparison, g_strdup(name));
        }
    }
    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (find(old, field->name) == NULL) {
            tell(comparison, N_("%s.%s: the field is added"), owner, field->name);
        }
    }
}

static bool is_same_rule(const ClockRule *a, const ClockRule *b)
{
    return a->unit == b->unit && a->amount == b->amount &&
           a->closing_minutes == b->closing_minutes && a->is_rolling == b->is_rolling;
}

/* Compare the clocks of the ledger @owner. */
static void compare_clocks(Comparison *comparison, const char *owner, const GPtrArray *old,
                           const GPtrArray *clocks)
{
    for (guint i = 0; i < old->len; i++) {
        const SchemaClock *before = g_ptr_array_index(old, i);
        const SchemaClock *clock = find(clocks, before->name);
        if (clock == NULL) {
            tell(comparison, N_("%s: the time limit '%s' is removed"), owner, before->name);
        } else if (!is_same_rule(&before->rule, &clock->rule)) {
            tell(comparison, N_("%s: the time limit '%s' is changed; deadlines given stay"), owner,
                 before->name);
        }
    }
    for (guint i = 0; i < clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(clocks, i);
        if (find(old, clock->name) == NULL) {
            tell(comparison, N_("%s: the time limit '%s' is added"), owner, clock->name);
        }
    }
}

static const char *opened_by(const SchemaLedger *ledger)
{
    return ledger->opened != NULL ? ledger->opened->name : "";
}

bool schema_is_numbered_alike(const SchemaLedger *a, const SchemaLedger *b)
{
    return g_str_equal(a->number, b->number) && g_str_equal(opened_by(a), opened_by(b));
}

/* Compare two versions of a ledger. */
static void compare_ledger(Comparison *comparison, const SchemaLedger *old,
                           const SchemaLedger *ledger)
{
    if (!g_str_equal(old->number, ledger->number)) {
        tell(comparison, N_("%s: the pattern of its numbers '%s' becomes '%s'"), old->name,
             old->number, ledger->number);
    }
    if (!g_str_equal(opened_by(old), opened_by(ledger))) {
        tell(comparison, N_("%s: opened by '%s' becomes '%s'"), old->name, opened_by(old),
             opened_by(ledger));
    }
    if (!g_str_equal(old->title->name, ledger->title->name)) {
        tell(comparison, N_("%s: titled by '%s' becomes '%s'"), old->name, old->title->name,
             ledger->title->name);
    }
    compare_choices(comparison, old->name, old->states, ledger->states);
    compare_clocks(comparison, old->name, old->clocks, ledger->clocks);
    compare_fields(comparison, old->name, old->fields, ledger->fields);
}

GPtrArray *schema_compare(const Schema *old, const Schema *new_schema, const char *language,
                          GPtrArray **ret_narrowed)
{
    Comparison comparison = {.language = language,
                             .lines = g_ptr_array_new_with_free_func(g_free),
                             .narrowed = g_ptr_array_new_with_free_func(g_free)};
    const GPtrArray *before = old != NULL ? old->ledgers : NULL;
    if (old != NULL) {
        compare_choices(&comparison, "units", old->unit_kinds, new_schema->unit_kinds);
        compare_choices(&comparison, "party", old->party_kinds, new_schema->party_kinds);
    }
    for (guint i = 0; before != NULL && i < before->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(before, i);
        const SchemaLedger *after = schema_ledger(new_schema, ledger->name);
        if (after == NULL) {
            tell(&comparison, N_("%s: the ledger is removed"), ledger->name);
            narrow(&comparison, g_strdup(ledger->name));
            continue;
        }
        compare_ledger(&comparison, ledger, after);
    }
    for (guint i = 0; i < new_schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(new_schema->ledgers, i);
        if (old == NULL || schema_ledger(old, ledger->name) == NULL) {
            tell(&comparison, N_("%s: the ledger is added"), ledger->name);
        }
    }
    if (ret_narrowed != NULL) {
        *ret_narrowed = comparison.narrowed;
    } else {
        g_ptr_array_unref(comparison.narrowed);
    }
    return comparison.lines;
}
