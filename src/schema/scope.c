#include "schema/scope.h"

/* Where a name of the system gets the rest of its type. */
typedef enum Source {
    SOURCE_PLAIN,
    SOURCE_STATES, /* choices: the ledger's states */
    SOURCE_UNIT,   /* a link to a unit */
    SOURCE_UNIT_KINDS,
    SOURCE_PARTY_KINDS,
    SOURCE_SHORT_UNIT, /* a link to a unit of which only name and kind can be read */
} Source;

/* A name that is no field. */
typedef struct SystemName {
    const char *name;
    ValueKind kind;
    int decimals;
    Source source;
    bool is_parameter;
} SystemName;

static const SystemName entry_names[] = {
    {.name = "state", .kind = VALUE_TEXT, .source = SOURCE_STATES},
    {.name = "number", .kind = VALUE_TEXT},
    {.name = "opened", .kind = VALUE_TIME},
    {.name = "closed", .kind = VALUE_TIME},
    {.name = "due", .kind = VALUE_TIME},
    {.name = "due_first", .kind = VALUE_TIME},
    {.name = "late", .kind = VALUE_NUMBER},
    {.name = "took", .kind = VALUE_NUMBER, .decimals = 1},
    {.name = "unit", .kind = VALUE_REF, .source = SOURCE_UNIT},
    {.name = "anywhere", .kind = VALUE_TEXT},
    {.name = NULL},
};

static const SystemName parameters[] = {
    {.name = "period.start", .kind = VALUE_DATE, .is_parameter = true},
    {.name = "period.end", .kind = VALUE_DATE, .is_parameter = true},
    {.name = "today", .kind = VALUE_DATE, .is_parameter = true},
    {.name = "cutoff", .kind = VALUE_TIME, .is_parameter = true},
    {.name = NULL},
};

static const SystemName unit_names[] = {
    {.name = "name", .kind = VALUE_TEXT},
    {.name = "kind", .kind = VALUE_TEXT, .source = SOURCE_UNIT_KINDS},
    {.name = "since", .kind = VALUE_DATE},
    {.name = "until", .kind = VALUE_DATE},
    {.name = "parent", .kind = VALUE_REF, .source = SOURCE_SHORT_UNIT},
    {.name = NULL},
};

static const SystemName short_unit_names[] = {
    {.name = "name", .kind = VALUE_TEXT},
    {.name = "kind", .kind = VALUE_TEXT, .source = SOURCE_UNIT_KINDS},
    {.name = NULL},
};

static const SystemName person_names[] = {
    {.name = "name", .kind = VALUE_TEXT},
    {.name = "since", .kind = VALUE_DATE},
    {.name = "until", .kind = VALUE_DATE},
    {.name = "post", .kind = VALUE_TEXT},
    {.name = "level", .kind = VALUE_TEXT},
    {.name = "party", .kind = VALUE_TEXT, .source = SOURCE_PARTY_KINDS},
    {.name = "unit", .kind = VALUE_REF, .source = SOURCE_SHORT_UNIT},
    {.name = NULL},
};

struct SchemaScope {
    ExpressionScope scope; /* scope.data is this struct */
    const Schema *schema;
    const SchemaLedger *ledger;      /* states; NULL: none */
    const GPtrArray *fields;         /* NULL: none */
    const SystemName *own_names;     /* NULL: none */
    const SystemName *parameters;    /* NULL: none */
    const ExpressionScope *fallback; /* asked last; NULL: none */
    SchemaScope *second;             /* owned: a row's scope followed by its entry's */
};

struct SchemaPrivate {
    SchemaScope *unit;
    SchemaScope *short_unit;
    SchemaScope *person;
    SchemaScope *unit_member; /* with the parameters */
    SchemaScope *person_member;
    char **unit_kinds; /* NULL: any text */
    char **party_kinds;
    Calendar *calendar; /* the pack's own; NULL: none */
};

static const char *const reserved[] = {"state",     "number", "opened", "closed", "due",
                                       "due_first", "late",   "took",   "unit",   "anywhere",
                                       "period",    "today",  "cutoff", NULL};

const char *const *schema_scope_system_names(void)
{
    return reserved;
}

char **schema_scope_names(const GPtrArray *choices)
{
    char **names = g_new0(char *, choices->len + 1);
    for (guint i = 0; i < choices->len; i++) {
        names[i] = ((const SchemaChoice *)g_ptr_array_index(choices, i))->name;
    }
    return names;
}

/* Give @type what only the schema knows of @name. */
static void complete(const SchemaScope *scope, const SystemName *name, ExpressionType *type)
{
    const SchemaPrivate *private = scope->schema->private;
    switch (name->source) {
    case SOURCE_PLAIN:
        return;
    case SOURCE_STATES:
        type->choices = (const char *const *)scope->ledger->state_names;
        return;
    case SOURCE_UNIT:
        type->target = "unit";
        type->scope = &private->unit->scope;
        return;
    case SOURCE_SHORT_UNIT:
        type->target = "unit";
        type->scope = &private->short_unit->scope;
        return;
    case SOURCE_UNIT_KINDS:
        type->choices = (const char *const *)private->unit_kinds;
        return;
    case SOURCE_PARTY_KINDS:
        type->choices = (const char *const *)private->party_kinds;
        return;
    }
    g_assert_not_reached();
}

static bool resolve_system(const SchemaScope *scope, const SystemName *names, const char *name,
                           ExpressionSymbol *ret_symbol)
{
    for (; names != NULL && names->name != NULL; names++) {
        if (g_str_equal(names->name, name)) {
            ret_symbol->type = (ExpressionType){.kind = names->kind, .decimals = names->decimals};
            ret_symbol->is_parameter = names->is_parameter;
            complete(scope, names, &ret_symbol->type);
            return true;
        }
    }
    return false;
}

static ExpressionType type_of_field(const Schema *schema, const SchemaField *field)
{
    const SchemaKindInfo *info = schema_kind_info(field->kind);
    bool is_list = info->value_kind == VALUE_LIST;
    ExpressionType type = {.shape = is_list ? EXPRESSION_LIST : EXPRESSION_ONE,
                           .kind = is_list ? info->item_kind : info->value_kind,
                           .decimals = field->decimals,
                           .choices = (const char *const *)field->choice_names};
    if (field->kind == SCHEMA_FIELD_ROWS) {
        type.shape = EXPRESSION_ROWS;
        type.scope = schema_rows_scope(field);
    } else if (field->kind == SCHEMA_FIELD_UNIT) {
        type.target = "unit";
        type.scope = schema_unit_scope(schema);
    } else if (field->kind == SCHEMA_FIELD_PERSON || field->kind == SCHEMA_FIELD_PEOPLE) {
        type.target = "person";
        type.scope = is_list ? NULL : schema_person_scope(schema);
    } else if (field->kind == SCHEMA_FIELD_ENTRY) {
        type.target = field->target_name;
        type.scope = field->target != NULL ? schema_ledger_scope(field->target) : NULL;
    }
    return type;
}

/* ExpressionScope.resolve of every scope here. */
static bool resolve(void *data, const char *name, ExpressionSymbol *ret_symbol)
{
    const SchemaScope *scope = data;
    for (guint i = 0; scope->fields != NULL && i < scope->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(scope->fields, i);
        if (g_str_equal(field->name, name)) {
            ret_symbol->type = type_of_field(scope->schema, field);
            ret_symbol->data = field;
            return true;
        }
    }
    return resolve_system(scope, scope->own_names, name, ret_symbol) ||
           resolve_system(scope, scope->parameters, name, ret_symbol) ||
           (scope->fallback != NULL &&
            scope->fallback->resolve(scope->fallback->data, name, ret_symbol));
}

static size_t count(const SystemName *names)
{
    size_t n = 0;
    while (names != NULL && names[n].name != NULL) {
        n++;
    }
    return n;
}

/* ExpressionScope.name_at of every scope here. */
static const char *name_at(void *data, size_t i)
{
    const SchemaScope *scope = data;
    size_t n_fields = scope->fields != NULL ? scope->fields->len : 0;
    if (i < n_fields) {
        return ((const SchemaField *)g_ptr_array_index(scope->fields, i))->name;
    }
    i -= n_fields;
    size_t n_system = count(scope->own_names);
    if (i < n_system) {
        return scope->own_names[i].name;
    }
    i -= n_system;
    size_t n_parameters = count(scope->parameters);
    if (i < n_parameters) {
        return scope->parameters[i].name;
    }
    i -= n_parameters;
    return scope->fallback != NULL ? scope->fallback->name_at(scope->fallback->data, i) : NULL;
}

static SchemaScope *new_scope(const Schema *schema, const GPtrArray *fields,
                              const SystemName *own_names, bool has_parameters)
{
    SchemaScope *scope = g_new0(SchemaScope, 1);
    scope->scope = (ExpressionScope){.resolve = resolve, .name_at = name_at, .data = scope};
    scope->schema = schema;
    scope->fields = fields;
    scope->own_names = own_names;
    scope->parameters = has_parameters ? parameters : NULL;
    return scope;
}

SchemaScope *schema_scope_new_ledger(const Schema *schema, const SchemaLedger *ledger)
{
    SchemaScope *scope = new_scope(schema, ledger->fields, entry_names, true);
    scope->ledger = ledger;
    return scope;
}

SchemaScope *schema_scope_new_rows(const Schema *schema, const SchemaField *rows)
{
    SchemaScope *scope = new_scope(schema, rows->fields, NULL, false);
    scope->second = new_scope(schema, rows->fields, NULL, false);
    scope->second->fallback = schema_ledger_scope(rows->ledger);
    return scope;
}

void schema_scope_free(SchemaScope *scope)
{
    if (scope != NULL) {
        schema_scope_free(scope->second);
        g_free(scope);
    }
}

SchemaPrivate *schema_private_new(const Schema *schema)
{
    SchemaPrivate *private = g_new0(SchemaPrivate, 1);
    private->unit = new_scope(schema, NULL, unit_names, false);
    private->short_unit = new_scope(schema, NULL, short_unit_names, false);
    private->person = new_scope(schema, NULL, person_names, false);
    private->unit_member = new_scope(schema, NULL, unit_names, true);
    private->person_member = new_scope(schema, NULL, person_names, true);
    return private;
}

void schema_private_free(SchemaPrivate *private)
{
    if (private == NULL) {
        return;
    }
    schema_scope_free(private->unit);
    schema_scope_free(private->short_unit);
    schema_scope_free(private->person);
    schema_scope_free(private->unit_member);
    schema_scope_free(private->person_member);
    g_free(private->unit_kinds);
    g_free(private->party_kinds);
    calendar_free(private->calendar);
    g_free(private);
}

void schema_private_set_calendar(Schema *schema, Calendar *calendar)
{
    calendar_free(schema->private->calendar);
    schema->private->calendar = calendar;
    schema->calendar = calendar;
}

void schema_private_set_kinds(Schema *schema)
{
    SchemaPrivate *private = schema->private;
    private->unit_kinds =
        schema->unit_kinds->len > 0 ? schema_scope_names(schema->unit_kinds) : NULL;
    private->party_kinds =
        schema->party_kinds->len > 0 ? schema_scope_names(schema->party_kinds) : NULL;
}

const ExpressionScope *schema_ledger_scope(const SchemaLedger *ledger)
{
    return &ledger->scope->scope;
}

const ExpressionScope *schema_rows_scope(const SchemaField *rows)
{
    return &rows->scope->scope;
}

const ExpressionScope *schema_unit_scope(const Schema *schema)
{
    return &schema->private->unit->scope;
}

const ExpressionScope *schema_person_scope(const Schema *schema)
{
    return &schema->private->person->scope;
}

const ExpressionScope *schema_set_scope(const Schema *schema, const SchemaSet *set)
{
    switch (set->universe) {
    case SCHEMA_OF_ENTRIES:
    case SCHEMA_OF_STEPS:
        return schema_ledger_scope(set->ledger);
    case SCHEMA_OF_ROWS:
        return &set->rows->scope->second->scope;
    case SCHEMA_OF_UNITS:
        return &schema->private->unit_member->scope;
    case SCHEMA_OF_PEOPLE:
        return &schema->private->person_member->scope;
    case SCHEMA_OF_MONTHS:
    case SCHEMA_OF_QUARTERS:
        return NULL;
    }
    g_assert_not_reached();
}
