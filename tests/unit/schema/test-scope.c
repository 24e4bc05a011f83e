#include "schema/schema.h"

static Schema *load_builtin(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(GError) error = NULL;
    Schema *schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    return schema;
}

static ExpressionSymbol resolve(const ExpressionScope *scope, const char *name)
{
    ExpressionSymbol symbol = {.name = name};
    g_assert_true(scope->resolve(scope->data, name, &symbol));
    return symbol;
}

static bool knows(const ExpressionScope *scope, const char *name)
{
    ExpressionSymbol symbol = {.name = name};
    return scope->resolve(scope->data, name, &symbol);
}

static void test_names_of_an_entry(void)
{
    g_autoptr(Schema) schema = load_builtin();
    const SchemaLedger *ledger = schema_ledger(schema, "case");
    const ExpressionScope *scope = schema_ledger_scope(ledger);
    ExpressionSymbol title = resolve(scope, "title");
    g_assert_true(title.data == schema_ledger_field(ledger, "title"));
    g_assert_cmpint(title.type.kind, ==, VALUE_TEXT);
    ExpressionSymbol took = resolve(scope, "took");
    g_assert_null(took.data);
    g_assert_cmpint(took.type.kind, ==, VALUE_NUMBER);
    g_assert_cmpint(took.type.decimals, ==, 1);
    ExpressionSymbol state = resolve(scope, "state");
    g_assert_true(g_strv_contains(state.type.choices, "settled"));
    ExpressionSymbol period = resolve(scope, "period.end");
    g_assert_true(period.is_parameter);
    g_assert_cmpint(period.type.kind, ==, VALUE_DATE);
    g_assert_cmpint(resolve(scope, "cutoff").type.kind, ==, VALUE_TIME);
    g_assert_false(knows(scope, "period"));
    g_assert_false(knows(scope, "titel"));
}

static void test_links(void)
{
    g_autoptr(Schema) schema = load_builtin();
    const ExpressionScope *scope = schema_ledger_scope(schema_ledger(schema, "decision"));
    ExpressionSymbol meeting = resolve(scope, "meeting");
    g_assert_cmpstr(meeting.type.target, ==, "meeting");
    g_assert_true(knows(meeting.type.scope, "held_on"));
    ExpressionSymbol unit = resolve(scope, "proposer");
    g_assert_cmpstr(unit.type.target, ==, "unit");
    ExpressionSymbol kind = resolve(unit.type.scope, "kind");
    g_assert_true(g_strv_contains(kind.type.choices, "branch"));
    g_assert_false(knows(unit.type.scope, "today")); /* parameters are the record's, not a link's */
    ExpressionSymbol parent = resolve(unit.type.scope, "parent");
    g_assert_true(knows(parent.type.scope, "name"));
    g_assert_false(knows(parent.type.scope, "parent"));
}

static void test_rows(void)
{
    g_autoptr(Schema) schema = load_builtin();
    const SchemaLedger *exam = schema_ledger(schema, "exam");
    const SchemaField *results = schema_ledger_field(exam, "results");
    const ExpressionScope *row = schema_rows_scope(results);
    g_assert_true(knows(row, "passed"));
    g_assert_false(knows(row, "held_on"));
    const SchemaSet set = {.universe = SCHEMA_OF_ROWS, .ledger = exam, .rows = results};
    const ExpressionScope *member = schema_set_scope(schema, &set);
    ExpressionSymbol passed = resolve(member, "passed");
    ExpressionSymbol held = resolve(member, "held_on");
    g_assert_true(((const SchemaField *)passed.data)->parent == results);
    g_assert_null(((const SchemaField *)held.data)->parent);
    g_assert_cmpint(resolve(schema_ledger_scope(exam), "results").type.shape, ==, EXPRESSION_ROWS);
    g_assert_cmpint(
        resolve(schema_ledger_scope(schema_ledger(schema, "study")), "participants").type.shape, ==,
        EXPRESSION_LIST);
}

static void test_members(void)
{
    g_autoptr(Schema) schema = load_builtin();
    const SchemaSet people = {.universe = SCHEMA_OF_PEOPLE};
    const SchemaSet units = {.universe = SCHEMA_OF_UNITS};
    const SchemaSet months = {.universe = SCHEMA_OF_MONTHS};
    g_assert_true(knows(schema_set_scope(schema, &people), "period.start"));
    g_assert_true(knows(schema_set_scope(schema, &units), "since"));
    g_assert_null(schema_set_scope(schema, &months));
    ExpressionSymbol party = resolve(schema_set_scope(schema, &people), "party");
    g_assert_true(g_strv_contains(party.type.choices, "probationary"));
    g_assert_false(knows(schema_person_scope(schema), "today"));
}

/* Names for "did you mean" are those that resolve, each once. */
static void test_names_can_be_listed(void)
{
    g_autoptr(Schema) schema = load_builtin();
    const SchemaLedger *exam = schema_ledger(schema, "exam");
    const SchemaSet rows = {
        .universe = SCHEMA_OF_ROWS, .ledger = exam, .rows = schema_ledger_field(exam, "results")};
    const SchemaSet people = {.universe = SCHEMA_OF_PEOPLE};
    const ExpressionScope *scopes[] = {schema_ledger_scope(exam), schema_set_scope(schema, &rows),
                                       schema_set_scope(schema, &people)};
    for (size_t i = 0; i < G_N_ELEMENTS(scopes); i++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        size_t n = 0;
        for (const char *name = scopes[i]->name_at(scopes[i]->data, 0); name != NULL;
             name = scopes[i]->name_at(scopes[i]->data, ++n)) {
            g_assert_true(knows(scopes[i], name));
            g_assert_true(g_hash_table_add(seen, (gpointer)name));
        }
        g_assert_cmpuint(n, >, 5);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/scope/names-of-an-entry", test_names_of_an_entry);
    g_test_add_func("/schema/scope/links", test_links);
    g_test_add_func("/schema/scope/rows", test_rows);
    g_test_add_func("/schema/scope/members", test_members);
    g_test_add_func("/schema/scope/names-can-be-listed", test_names_can_be_listed);
    return g_test_run();
}
