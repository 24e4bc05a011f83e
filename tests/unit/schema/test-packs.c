/* The packs of tests/pack: each good one loads, each bad one is told its faults word by word. */
#include "pack/split.h"
#include "schema/schema.h"

#define LEAST_GOOD 10
#define LEAST_BAD 45

static char *read_pack(const char *path)
{
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

/* Join the lines of @problems, each ended by a line break. */
static char *join(const SchemaProblems *problems)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "en");
    for (guint i = 0; i < lines->len; i++) {
        g_string_append_printf(out, "%s\n", (const char *)g_ptr_array_index(lines, i));
    }
    return g_string_free(out, false);
}

static void test_bad(const void *path)
{
    g_autofree char *text = read_pack(path);
    g_autofree char *expected = NULL;
    g_autoptr(GPtrArray) files = pack_split(text, &expected);
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, &problems, &error);
    g_autofree char *said = join(problems);
    g_assert_null(schema);
    g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
    g_assert_cmpstr(said, ==, expected);
    g_assert_true(g_str_has_prefix(said, error->message));
}

/* Every fault has its Chinese: no sentence comes out in English. */
static void test_bad_in_chinese(const void *path)
{
    g_autofree char *text = read_pack(path);
    g_autofree char *expected = NULL;
    g_autoptr(GPtrArray) files = pack_split(text, &expected);
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(Schema) schema = schema_load(files, &problems, NULL);
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "zh");
    g_auto(GStrv) english = g_strsplit(expected, "\n", -1);
    g_assert_cmpuint(lines->len + 1, ==, g_strv_length(english));
    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i);
        g_assert_cmpstr(line, !=, english[i]);
        g_assert_false(g_str_is_ascii(line));
    }
}

static void test_good(const void *path)
{
    g_autofree char *text = read_pack(path);
    g_autofree char *expected = NULL;
    g_autoptr(GPtrArray) files = pack_split(text, &expected);
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(GPtrArray) narrowed = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, &problems, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(schema_problems_count(problems), ==, 0);
    g_autoptr(GPtrArray) changes = schema_compare(schema, schema, "en", &narrowed);
    g_assert_cmpuint(changes->len + narrowed->len, ==, 0);
}

/* Add a test for each file of tests/pack/@folder; return how many there are. */
static guint add_tests(const char *folder, const char *group, GTestDataFunc test)
{
    guint n = 0;
    g_autofree char *path = g_build_filename(SOURCE_ROOT, "tests", "pack", folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_assert_true(g_str_has_suffix(name, ".pack"));
        g_autofree char *title = g_strdup_printf("/schema/packs/%s/%.*s", group,
                                                 (int)(strlen(name) - strlen(".pack")), name);
        g_test_add_data_func_full(title, g_build_filename(path, name, NULL), test, g_free);
        n++;
    }
    return n;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpuint(add_tests("good", "good", test_good), >=, LEAST_GOOD);
    g_assert_cmpuint(add_tests("bad", "bad", test_bad), >=, LEAST_BAD);
    add_tests("bad", "bad-in-chinese", test_bad_in_chinese);
    return g_test_run();
}
