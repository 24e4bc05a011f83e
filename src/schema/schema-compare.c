/* What a new schema does to the tables and values of an old one. */
#include "schema/schema.h"

#include "base/message.h"

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

/* Compare the closed lists @old and @choices of @owner ("case.kind", "case"). */
static void compare_choices(Comparison *comparison, const char *owner, const GPtrArray *old,
                            const GPtrArray *choices)
{
    for (guint i = 0; old != NULL && i < old->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(old, i);
        if (schema_find(choices, choice->name) == NULL) {
            tell(comparison, N_("%s: '%s' is removed"), owner, choice->name);
            narrow(comparison, g_strdup_printf("%s.%s", owner, choice->name));
        }
    }
    for (guint i = 0; choices != NULL && i < choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        if (schema_find(old, choice->name) == NULL) {
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
        const SchemaField *field = schema_find(fields, before->name);
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
        if (schema_find(old, field->name) == NULL) {
            tell(comparison, N_("%s.%s: the field is added"), owner, field->name);
        }
    }
}

/* ---- clocks, steps, evidence, measures, reports ---------------------------------------------- */

/* A kind of part that packs name; each part begins with its name. */
typedef struct PartKind {
    const char *words; /* of N_() */
    bool (*is_same)(const void *a, const void *b);
} PartKind;

/* Compare the parts @old and @parts of @owner (a ledger, or what they are together). */
static void compare_parts(Comparison *comparison, const char *owner, const PartKind *kind,
                          const GPtrArray *old, const GPtrArray *parts)
{
    const char *const keys[] = {kind->words, NULL};
    g_autofree char *words = error_words(keys);
    for (guint i = 0; old != NULL && i < old->len; i++) {
        const void *before = g_ptr_array_index(old, i);
        const void *part = schema_find(parts, schema_name_of(before));
        if (part == NULL) {
            tell(comparison, N_("%s: %s '%s' is removed"), owner, words, schema_name_of(before));
        } else if (!kind->is_same(before, part)) {
            tell(comparison, N_("%s: %s '%s' is changed"), owner, words, schema_name_of(part));
        }
    }
    for (guint i = 0; i < parts->len; i++) {
        const char *name = schema_name_of(g_ptr_array_index(parts, i));
        if (old == NULL || schema_find(old, name) == NULL) {
            tell(comparison, N_("%s: %s '%s' is added"), owner, words, name);
        }
    }
}

static bool is_same_text(const char *a, const char *b)
{
    return g_strcmp0(a, b) == 0;
}

/* The text of an expression; NULL for none. */
static bool is_same_expression(const Expression *a, const Expression *b)
{
    g_autofree char *before = a != NULL ? expression_to_text(a) : NULL;
    g_autofree char *after = b != NULL ? expression_to_text(b) : NULL;
    return is_same_text(before, after);
}

/* Return whether two arrays of char* hold the same. */
static bool is_same_list(const GPtrArray *a, const GPtrArray *b)
{
    bool is_same = a->len == b->len;
    for (guint i = 0; is_same && i < a->len; i++) {
        is_same = g_str_equal(g_ptr_array_index(a, i), g_ptr_array_index(b, i));
    }
    return is_same;
}

/* Return whether two arrays of objects hold those of the same names. */
static bool is_same_objects(const GPtrArray *a, const GPtrArray *b)
{
    bool is_same = a->len == b->len;
    for (guint i = 0; is_same && i < a->len; i++) {
        is_same = g_str_equal(schema_name_of(g_ptr_array_index(a, i)),
                              schema_name_of(g_ptr_array_index(b, i)));
    }
    return is_same;
}

/* Return whether both are there and of one name, or neither is there. */
static bool is_same_object(const void *a, const void *b)
{
    return is_same_text(a != NULL ? schema_name_of(a) : NULL, b != NULL ? schema_name_of(b) : NULL);
}

static bool is_same_clock(const void *a, const void *b)
{
    const SchemaClock *before = a;
    const SchemaClock *clock = b;
    return clock_rule_is_equal(&before->rule, &clock->rule) &&
           is_same_object(before->start_field, clock->start_field) &&
           is_same_object(before->start_step, clock->start_step) &&
           is_same_objects(before->stops, clock->stops) &&
           is_same_expression(before->when, clock->when);
}

static bool is_same_step(const void *a, const void *b)
{
    const SchemaStep *before = a;
    const SchemaStep *step = b;
    return is_same_objects(before->from, step->from) && is_same_object(before->to, step->to) &&
           is_same_list(before->roles, step->roles) && is_same_list(before->not_by, step->not_by) &&
           is_same_list(before->who, step->who) && is_same_objects(before->asks, step->asks) &&
           is_same_list(before->evidence, step->evidence) && is_same_object(before->at, step->at) &&
           is_same_expression(before->when, step->when);
}

static bool is_same_evidence(const void *a, const void *b)
{
    return ((const SchemaEvidence *)a)->least == ((const SchemaEvidence *)b)->least;
}

static bool is_same_measure(const void *a, const void *b)
{
    return is_same_text(((const SchemaMeasure *)a)->text, ((const SchemaMeasure *)b)->text);
}

static bool is_same_report(const void *a, const void *b)
{
    const SchemaReport *before = a;
    const SchemaReport *report = b;
    return is_same_text(before->text, report->text) &&
           is_same_text(before->body.en, report->body.en);
}

static const PartKind clock_parts = {N_("the time limit"), is_same_clock};
static const PartKind step_parts = {N_("the step"), is_same_step};
static const PartKind evidence_parts = {N_("the evidence"), is_same_evidence};
static const PartKind measure_parts = {N_("the measure"), is_same_measure};
static const PartKind report_parts = {N_("the report"), is_same_report};

/* Return the words of @roles, joined; the caller owns it. */
static char *join_roles(const Comparison *comparison, const GPtrArray *roles)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < roles->len; i++) {
        g_string_append(joined, i > 0 ? message_get(comparison->language, N_(", ")) : "");
        g_string_append(joined,
                        schema_role_words(g_ptr_array_index(roles, i), comparison->language));
    }
    return g_string_free(joined, false);
}

/* Name who may do the steps that have other doers than before. */
static void compare_roles(Comparison *comparison, const char *owner, const GPtrArray *old,
                          const GPtrArray *steps)
{
    for (guint i = 0; i < old->len; i++) {
        const SchemaStep *before = g_ptr_array_index(old, i);
        const SchemaStep *step = schema_find(steps, before->name);
        if (step != NULL && !is_same_list(before->roles, step->roles)) {
            g_autofree char *were = join_roles(comparison, before->roles);
            g_autofree char *are = join_roles(comparison, step->roles);
            tell(comparison, N_("%s: the step '%s' was done by %s, and may be done by %s now"),
                 owner, step->name, were, are);
        }
    }
}

/* Say of the time limits that are changed what becomes of what they gave. */
static void compare_given(Comparison *comparison, const char *owner, const GPtrArray *old,
                          const GPtrArray *clocks)
{
    for (guint i = 0; i < old->len; i++) {
        const SchemaClock *before = g_ptr_array_index(old, i);
        const SchemaClock *clock = schema_find(clocks, before->name);
        if (clock != NULL && !is_same_clock(before, clock)) {
            tell(comparison, N_("%s: deadlines that '%s' has given stay as they are"), owner,
                 clock->name);
        }
    }
}

/* ---- ledgers --------------------------------------------------------------------------------- */

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
    compare_parts(comparison, old->name, &step_parts, old->steps, ledger->steps);
    compare_roles(comparison, old->name, old->steps, ledger->steps);
    compare_parts(comparison, old->name, &clock_parts, old->clocks, ledger->clocks);
    compare_given(comparison, old->name, old->clocks, ledger->clocks);
    compare_parts(comparison, old->name, &evidence_parts, old->evidence, ledger->evidence);
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
    if (old != NULL) {
        compare_parts(&comparison, "measures", &measure_parts, old->measures, new_schema->measures);
        compare_parts(&comparison, "reports", &report_parts, old->reports, new_schema->reports);
    }
    if (ret_narrowed != NULL) {
        *ret_narrowed = comparison.narrowed;
    } else {
        g_ptr_array_unref(comparison.narrowed);
    }
    return comparison.lines;
}
