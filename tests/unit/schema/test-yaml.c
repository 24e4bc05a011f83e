#include "schema/yaml.h"

#define PATH "ledgers/a.yaml"

static SchemaNode *parse(const char *text)
{
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    SchemaNode *node = schema_yaml_parse(PATH, text, 1, problems);
    g_assert_cmpuint(schema_problems_count(problems), ==, 0);
    g_assert_nonnull(node);
    return node;
}

/* Check that @text is refused for @said, the only fault. */
static void check_refused(const char *text, const char *said)
{
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    g_assert_null(schema_yaml_parse(PATH, text, 1, problems));
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "en");
    g_assert_cmpuint(lines->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(lines, 0), ==, said);
}

static void check_place(const SchemaNode *node, int line, int column)
{
    g_assert_cmpstr(node->place.path, ==, PATH);
    g_assert_cmpint(node->place.line, ==, line);
    g_assert_cmpint(node->place.column, ==, column);
}

static void test_places(void)
{
    g_autoptr(SchemaNode) root = parse("name: 台账\nlist: [甲, 乙]\nmap:\n  one: 1\n  two: |\n"
                                       "    first\n    second\nlast: x\n");
    g_assert_cmpint(root->kind, ==, SCHEMA_NODE_MAP);
    check_place(root, 1, 1);
    check_place(schema_node_get(root, "name"), 1, 7);
    const SchemaNode *list = schema_node_get(root, "list");
    g_assert_cmpint(list->kind, ==, SCHEMA_NODE_LIST);
    check_place(g_ptr_array_index(list->items, 1), 2, 11); /* in characters, not bytes */
    const SchemaNode *map = schema_node_get(root, "map");
    check_place(map, 4, 3);
    g_assert_cmpint(map->last_line, ==, 7);
    g_assert_cmpint(schema_node_get(map, "two")->last_line, ==, 7);
    g_assert_null(schema_node_get(root, "nmae"));
}

static void test_scalars_stay_text(void)
{
    g_autoptr(SchemaNode) root =
        parse("plain: yes\nnumber: 012\nempty:\nsingle: 'it''s'\ndouble: \"a\\tb\"\nblock: |\n"
              "  a\n  b\nfolded: >\n  a\n  b\n");
    static const struct {
        const char *key;
        const char *text;
        char quote;
    } expected[] = {{"plain", "yes", '\0'},   {"number", "012", '\0'}, {"empty", "", '\0'},
                    {"single", "it's", '\''}, {"double", "a\tb", '"'}, {"block", "a\nb\n", '|'},
                    {"folded", "a b\n", '>'}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        const SchemaNode *node = schema_node_get(root, expected[i].key);
        g_assert_cmpstr(node->text, ==, expected[i].text);
        g_assert_cmpint(node->quote, ==, expected[i].quote);
    }
}

/* Check where the character @offset of the value of `k` in @text stands. */
static void check_inside(const char *text, glong offset, int line, int column)
{
    g_autoptr(SchemaNode) root = parse(text);
    SchemaPlace place = schema_node_place_of(schema_node_get(root, "k"), text, 1, offset);
    g_assert_cmpint(place.line, ==, line);
    g_assert_cmpint(place.column, ==, column);
}

/* A fault inside an expression is told at its own column, however the expression is written. */
static void test_places_inside_a_scalar(void)
{
    check_inside("k: 甲乙丙丁\n", 2, 1, 6);
    check_inside("k: 'it''s here'\n", 5, 1, 11);
    check_inside("k: \"a\\tbc\"\n", 2, 1, 8);
    check_inside("k: |\n  ab\n  cd\n", 4, 3, 4);
    check_inside("k: >\n  ab\n  cd\n", 3, 3, 3);
    check_inside("k: ab\n  cd\n", 3, 2, 3);
}

static void test_limits(void)
{
    g_autoptr(GString) deep = g_string_new("k: ");
    for (int i = 0; i < SCHEMA_YAML_MAX_DEPTH; i++) {
        g_string_append_c(deep, '[');
    }
    for (int i = 0; i < SCHEMA_YAML_MAX_DEPTH; i++) {
        g_string_append_c(deep, ']');
    }
    check_refused(deep->str, PATH ":1:35: nested more than 32 deep");
    g_autofree char *inner = g_strdup_printf("%s", deep->str + strlen("k: "));
    g_autoptr(SchemaNode) root = parse(inner); /* one less: no map around it */
    g_assert_cmpint(root->kind, ==, SCHEMA_NODE_LIST);

    g_autoptr(GString) many = g_string_new("- a\n");
    for (int i = 2; i < SCHEMA_YAML_MAX_NODES; i++) {
        g_string_append(many, "- a\n");
    }
    g_autoptr(SchemaNode) full = parse(many->str);
    g_assert_cmpuint(full->items->len, ==, SCHEMA_YAML_MAX_NODES - 1);
    g_string_append(many, "- a\n");
    check_refused(many->str, PATH ":100000:3: more than 100000 values in one file");

    g_autofree char *letters = g_strnfill(SCHEMA_YAML_MAX_SCALAR_BYTES, 'x');
    g_autofree char *fits = g_strdup_printf("k: \"%s\"\n", letters);
    g_autoptr(SchemaNode) wide = parse(fits);
    g_assert_nonnull(schema_node_get(wide, "k"));
    g_autofree char *too_wide = g_strdup_printf("k: \"%sx\"\n", letters);
    check_refused(too_wide, PATH ":1:4: a text longer than 65536 bytes");
}

static void test_bytes_that_are_no_text(void)
{
    check_refused("k: \xb5\xb3\n", PATH ":1:4: not UTF-8 from here; save the file as UTF-8");
    check_refused("k: 甲\nl: \x01\n", PATH ":2:4: the character U+01 does not belong in a text "
                                           "file");
    check_refused("k: \"\\0\"\n", PATH ":1:4: the character U+00 does not belong in a text file");
    check_refused("", PATH ":1:1: the file is empty");
}

static void test_first_line_counts(void)
{
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    g_autoptr(SchemaNode) root = schema_yaml_parse(PATH, "a: 1\nb: 2\n", 5, problems);
    check_place(schema_node_get(root, "b"), 6, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/yaml/places", test_places);
    g_test_add_func("/schema/yaml/scalars-stay-text", test_scalars_stay_text);
    g_test_add_func("/schema/yaml/places-inside-a-scalar", test_places_inside_a_scalar);
    g_test_add_func("/schema/yaml/limits", test_limits);
    g_test_add_func("/schema/yaml/bytes-that-are-no-text", test_bytes_that_are_no_text);
    g_test_add_func("/schema/yaml/first-line-counts", test_first_line_counts);
    return g_test_run();
}
