#include "base/json.h"

static void test_canonical_text(void)
{
    g_auto(JsonWriter) writer;
    json_writer_init(&writer);
    json_write_begin_object(&writer);
    json_write_key_int(&writer, "a", -5);
    json_write_key(&writer, "b");
    json_write_begin_array(&writer);
    json_write_text(&writer, "引\"\\\n\x01/é");
    json_write_null(&writer);
    json_write_bool(&writer, true);
    json_write_begin_object(&writer);
    json_write_end_object(&writer);
    json_write_end_array(&writer);
    json_write_key(&writer, "c");
    json_write_hex(&writer, (const uint8_t *)"\x0f\xa0", 2);
    json_write_end_object(&writer);
    g_autofree char *text = json_writer_finish(&writer);
    g_assert_cmpstr(text, ==,
                    "{\"a\":-5,\"b\":[\"引\\\"\\\\\\n\\u0001/é\",null,true,{}],\"c\":\"0fa0\"}");
}

static void test_parse_says_where(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(json_parse("{\"a\":1,\n\"a\":2}", 14, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_nonnull(strstr(error->message, "line 2"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/canonical-text", test_canonical_text);
    g_test_add_func("/base/json/parse-says-where", test_parse_says_where);
    return g_test_run();
}
