#include "schema/schema.h"

static void test_builtin_pack_loads(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, "en", &problems, &error);
    for (guint i = 0; i < problems->len; i++) {
        g_test_message("%s", (const char *)g_ptr_array_index(problems, i));
    }
    g_assert_no_error(error);
    g_assert_nonnull(schema);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/load/builtin-pack-loads", test_builtin_pack_loads);
    return g_test_run();
}
