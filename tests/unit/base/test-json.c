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

/* One level less than the header promises was taken. */
static void test_deepest_nesting(void)
{
    g_auto(JsonWriter) writer;
    json_writer_init(&writer);
    for (int i = 0; i < JSON_MAX_DEPTH; i++) {
        json_write_begin_array(&writer);
    }
    for (int i = 0; i < JSON_MAX_DEPTH; i++) {
        json_write_end_array(&writer);
    }
    g_autofree char *text = json_writer_finish(&writer);
    g_assert_cmpstr(text, ==, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");
}

static void test_parse_says_where(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(json_parse("{\"a\":1,\n\"a\":2}", 14, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_nonnull(strstr(error->message, "line 2"));
}

/* jansson's own words are English, whoever reads them. */
static void test_faults_are_told_in_chinese(void)
{
    static const struct {
        const char *text;
        const char *place;
        const char *words;
    } cases[] = {
        {"{\"a\":1,\"a\":2}", "第1行第", "列：同一个对象里有两个相同的键"},
        {"{\"a\":\n", "第2行第", "列：JSON到此中断，不完整"},
        {"{} {}", "第1行第", "列：JSON到此前已经结束，后面不应再有内容"},
        {"[\"\\u0000\"]", "第1行第", "列：文字中有空字符（U+0000）"},
        {"{\"\\u0000\":1}", "第1行第", "列：文字中有空字符（U+0000）"},
        {"[\"\\ud888\"]", "第1行第", "列：此处不合JSON的写法"},
        {"\"\xff\"", "第1行第", "列：此处不是UTF-8编码的文字"},
        {"123456789012345678901", "第1行第", "列：数字过大"},
        {"", "第1行第", "列：JSON到此中断，不完整"},
        {"nope", "第1行第", "列：此处不合JSON的写法"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(json_parse(cases[i].text, strlen(cases[i].text), &error));
        g_autofree char *said = error_to_text(error, "zh");
        g_assert_true(g_str_has_prefix(said, cases[i].place));
        g_assert_true(g_str_has_suffix(said, cases[i].words));
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *deep = g_strnfill(5000, '[');
    g_assert_null(json_parse(deep, strlen(deep), &error));
    g_autofree char *said = error_to_text(error, "zh");
    g_assert_nonnull(strstr(said, "数组和对象的嵌套层次过深"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/deepest-nesting", test_deepest_nesting);
    g_test_add_func("/base/json/canonical-text", test_canonical_text);
    g_test_add_func("/base/json/parse-says-where", test_parse_says_where);
    g_test_add_func("/base/json/faults-are-told-in-chinese", test_faults_are_told_in_chinese);
    return g_test_run();
}
