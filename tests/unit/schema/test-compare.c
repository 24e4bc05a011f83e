#include "schema/schema.h"

static void free_file(gpointer file)
{
    schema_file_free(file);
}

/* Load a pack whose ledger `a` ends with @fields, and which has `b` if @has_b. */
static Schema *load(const char *fields, bool has_b)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    g_autofree char *a = g_strconcat(
        "ledger: a\nname: 甲\nnumber: \"A{n}\"\ntitle: t\nfields:\n  t: text 题\n", fields, NULL);
    g_ptr_array_add(files, schema_file_new("pack.yaml", "pack: p\nversion: '1'\nname: 包\n"));
    g_ptr_array_add(files, schema_file_new("ledgers/a.yaml", a));
    if (has_b) {
        g_ptr_array_add(files,
                        schema_file_new("ledgers/b.yaml", "ledger: b\nname: 乙\nnumber: \"B{n}\"\n"
                                                          "title: t\nfields:\n  t: text 题\n"));
    }
    g_autoptr(GError) error = NULL;
    Schema *schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    return schema;
}

static char *join(const GPtrArray *lines)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        g_string_append_printf(out, "%s%s", i > 0 ? "; " : "",
                               (const char *)g_ptr_array_index(lines, i));
    }
    return g_string_free(out, false);
}

/* Check what is said and narrowed when the fields @old become @fields. */
static void check(const char *old, const char *fields, const char *said, const char *narrow)
{
    g_autoptr(Schema) before = load(old, false);
    g_autoptr(Schema) after = load(fields, false);
    g_autoptr(GPtrArray) narrowed = NULL;
    g_autoptr(GPtrArray) lines = schema_compare(before, after, "en", &narrowed);
    g_autofree char *sentences = join(lines);
    g_autofree char *names = join(narrowed);
    g_assert_cmpstr(sentences, ==, said);
    g_assert_cmpstr(names, ==, narrow);
}

static void test_fields(void)
{
    check("", "", "", "");
    check("", "  x: text 文\n", "a.x: the field is added", "");
    check("  x: text 文\n", "", "a.x: the field is removed", "a.x");
    check("  x: text 文\n", "  x: date 日\n", "a.x: 'text' becomes 'date'", "a.x");
    check("  x: text 文\n", "  x: text 换了名\n", "", "");
    check("  x: text 文\n", "  x: text 文!\n", "a.x: becomes required", "a.x");
    check("  x: text 文!\n", "  x: text 文\n", "", "");
}

static void test_ranges(void)
{
    static const char narrower[] = "a.x: fewer values are allowed than before";
    check("  x: text 文\n", "  x: {is: text, name: 文, chars: 100}\n", narrower, "a.x");
    check("  x: {is: text, name: 文, chars: 100}\n", "  x: text 文\n", "", "");
    check("  x: number 数\n", "  x: {is: number, name: 数, min: 0}\n", narrower, "a.x");
    check("  x: {is: number, name: 数, max: 5}\n", "  x: {is: number, name: 数, max: 4}\n",
          narrower, "a.x");
    check("  x: {is: number, name: 数, decimals: 2}\n", "  x: number 数\n", "", "");
}

static void test_choices(void)
{
    check("  x: {is: choice, name: 类, of: {red: 红, blue: 蓝}}\n",
          "  x: {is: choice, name: 类, of: {red: 红, green: 绿}}\n",
          "a.x: 'blue' is removed; a.x: 'green' is added", "a.x.blue");
    check("states:\n  open: 办理中\n  done: {name: 办结, final: yes}\n"
          "steps:\n  end: {name: 办结, from: open, to: done, by: clerk}\n",
          "",
          "a: 'open' is removed; a: 'done' is removed; a: 'recorded' is added; a: the step 'end'"
          " is removed",
          "a.open; a.done");
}

/* Who takes the wall away from a field opens what was given in confidence. */
static void test_personal_no_more(void)
{
    check("  x: {is: text, name: 文, personal: yes}\n", "  x: text 文\n",
          "a.x: is personal no more; everybody who reads entries will see it", "a.x");
    check("  x: text 文\n", "  x: {is: text, name: 文, personal: yes}\n", "", "");
}

/* What units and people are may be kinds that a pack takes away. */
static void test_kinds_of_units_and_party(void)
{
    static const char *const packs[] = {
        "pack: p\nversion: '1'\nname: 包\nunits: {office: 机关, section: 科室}\nparty: {yes1: "
        "党员}\n",
        "pack: p\nversion: '2'\nname: 包\nunits: {office: 机关, dept: 处室}\nparty: {no1: 群众}\n"};
    Schema *schemas[G_N_ELEMENTS(packs)];
    g_autoptr(GPtrArray) narrowed = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(packs); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
        g_ptr_array_add(files, schema_file_new("pack.yaml", packs[i]));
        g_ptr_array_add(files,
                        schema_file_new("ledgers/a.yaml", "ledger: a\nname: 甲\nnumber: \"A{n}\"\n"
                                                          "title: t\nfields:\n  t: text 题\n"));
        schemas[i] = schema_load(files, NULL, &error);
        g_assert_no_error(error);
    }
    g_autoptr(GPtrArray) lines = schema_compare(schemas[0], schemas[1], "en", &narrowed);
    g_autofree char *said = join(lines);
    g_autofree char *names = join(narrowed);
    g_assert_cmpstr(said, ==,
                    "units: 'section' is removed; units: 'dept' is added; party: 'yes1' is removed;"
                    " party: 'no1' is added");
    g_assert_cmpstr(names, ==, "units.section; party.yes1");
    schema_free(schemas[0]);
    schema_free(schemas[1]);
}

/* Who may do what, what is asked for and what is measured change the books as much as a field. */
static void test_steps_and_clocks(void)
{
    static const char flow[] = "states:\n  open: 办理中\n  done: {name: 办结, final: yes}\n"
                               "steps:\n  end: {name: 办结, from: open, to: done, by: %s%s}\n"
                               "clocks:\n  reply: {name: 答复, within: 5 %s, until: end}\n"
                               "evidence:\n  paper: {name: 材料, least: %d}\n";
    g_autofree char *old = g_strdup_printf(flow, "clerk", "", "workdays", 1);
    g_autofree char *roles = g_strdup_printf(flow, "[head, secretary]", "", "workdays", 1);
    g_autofree char *asks = g_strdup_printf(flow, "clerk", ", evidence: paper", "workdays", 1);
    g_autofree char *limit = g_strdup_printf(flow, "clerk", "", "days", 2);
    check(old, old, "", "");
    check(old, roles,
          "a: the step 'end' is changed; a: the step 'end' was done by clerk, and may be done by"
          " head of unit, secretary now",
          "");
    check(old, asks, "a: the step 'end' is changed", "");
    check(old, limit,
          "a: the time limit 'reply' is changed; a: deadlines that 'reply' has given stay as they"
          " are; a: the evidence 'paper' is changed",
          "");
}

static Schema *load_measures(const char *measures)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(files, schema_file_new("pack.yaml", "pack: p\nversion: '1'\nname: 包\n"));
    g_ptr_array_add(files,
                    schema_file_new("ledgers/a.yaml", "ledger: a\nname: 甲\nnumber: \"A{n}\"\n"
                                                      "title: t\nfields:\n  t: text 题\n"));
    g_ptr_array_add(files, schema_file_new("measures/m.yaml", measures));
    Schema *schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    return schema;
}

static void test_measures(void)
{
    g_autoptr(Schema) old = load_measures("measures:\n  one: {name: 一, of: a}\n"
                                          "  two: {name: 二, of: a}\n");
    g_autoptr(Schema) fresh =
        load_measures("measures:\n  one: {name: 一, of: a, where: t is not empty}\n"
                      "  three: {name: 三, of: a}\n");
    g_autoptr(GPtrArray) lines = schema_compare(old, fresh, "en", NULL);
    g_autofree char *said = join(lines);
    g_assert_cmpstr(said, ==,
                    "measures: the measure 'one' is changed; measures: the measure 'two' is"
                    " removed; measures: the measure 'three' is added");
}

static void test_rows(void)
{
    check("  x: {is: rows, name: 明细, fields: {y: text 一, z: text 二}}\n",
          "  x: {is: rows, name: 明细, fields: {y: date 一, w: text 三}}\n",
          "a.x.y: 'text' becomes 'date'; a.x.z: the field is removed; a.x.w: the field is added",
          "a.x.y; a.x.z");
}

static void test_ledgers(void)
{
    g_autoptr(Schema) one = load("", false);
    g_autoptr(Schema) two = load("", true);
    g_autoptr(GPtrArray) narrowed = NULL;
    g_autoptr(GPtrArray) added = schema_compare(one, two, "en", NULL);
    g_autoptr(GPtrArray) removed = schema_compare(two, one, "zh", &narrowed);
    g_autoptr(GPtrArray) all = schema_compare(NULL, two, "en", NULL);
    g_autofree char *added_text = join(added);
    g_autofree char *removed_text = join(removed);
    g_autofree char *narrowed_text = join(narrowed);
    g_autofree char *all_text = join(all);
    g_assert_cmpstr(added_text, ==, "b: the ledger is added");
    g_assert_cmpstr(removed_text, ==, "b：删除台账");
    g_assert_cmpstr(narrowed_text, ==, "b");
    g_assert_cmpstr(all_text, ==, "a: the ledger is added; b: the ledger is added");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/compare/fields", test_fields);
    g_test_add_func("/schema/compare/ranges", test_ranges);
    g_test_add_func("/schema/compare/choices", test_choices);
    g_test_add_func("/schema/compare/personal-no-more", test_personal_no_more);
    g_test_add_func("/schema/compare/steps-and-clocks", test_steps_and_clocks);
    g_test_add_func("/schema/compare/measures", test_measures);
    g_test_add_func("/schema/compare/rows", test_rows);
    g_test_add_func("/schema/compare/kinds-of-units-and-party", test_kinds_of_units_and_party);
    g_test_add_func("/schema/compare/ledgers", test_ledgers);
    return g_test_run();
}
