#include "table/decoder.h"

#include "helpers.h"

/* Decode @bytes in reads of @size bytes; returns "ENCODING:text" and the error if there is one. */
static char *decode(const void *bytes, size_t length, size_t size)
{
    g_autoptr(GError) error = NULL;
    int fd = open_bytes(bytes, length);
    g_autoptr(TableDecoder) decoder = table_decoder_new(fd, &error);
    g_assert_no_error(error);
    g_autoptr(GString) out = g_string_new(table_decoder_encoding(decoder));
    g_string_append_c(out, ':');
    g_autofree char *buffer = g_malloc(size);
    size_t n = 1;
    while (n > 0 && table_decoder_read(decoder, buffer, size, &n, &error)) {
        g_string_append_len(out, buffer, (gssize)n);
    }
    if (error != NULL) {
        g_string_append_printf(out, "|%s", error->message);
    }
    close(fd);
    return g_string_free(g_steal_pointer(&out), false);
}

static void check(const void *bytes, size_t length, const char *expected)
{
    for (size_t size = 8; size < 100; size += 13) {
        g_autofree char *text = decode(bytes, length, size);
        g_assert_cmpstr(text, ==, expected);
    }
}

#define CHECK(literal, expected) check(literal, sizeof(literal) - 1, expected)

static void test_utf8(void)
{
    CHECK("", "UTF-8:");
    CHECK("ascii", "UTF-8:ascii");
    CHECK("述职报告，🙂é", "UTF-8:述职报告，🙂é");
    CHECK("\xEF\xBB\xBF述职", "UTF-8:述职");
    CHECK("a\xEF\xBB\xBF"
          "b",
          "UTF-8:a\xEF\xBB\xBF"
          "b");
}

static void test_utf16(void)
{
    CHECK("\xFF\xFE\xF0\x8F\x4C\x80,\0", "UTF-16LE:述职,");
    CHECK("\xFE\xFF\x8F\xF0\x80\x4C\0,", "UTF-16BE:述职,");
    CHECK("\xFF\xFE\x3D\xD8\x42\xDE", "UTF-16LE:🙂");
}

static void test_gb18030(void)
{
    CHECK("\xCA\xF6\xD6\xB0\xB1\xA8\xB8\xE6", "GB18030:述职报告");
    CHECK("abc,\xCA\xF6\xD6\xB0\n", "GB18030:abc,述职\n");
    CHECK("\x84\x31\x95\x33\xCA\xF6", "GB18030:述");
    /* One bad byte made the file UTF-8, and its first Chinese byte the fault. */
    CHECK("\xCA\xF6\xD6\xB0\xFF,1\n",
          "GB18030:述职|byte 0xff is not valid in GB18030; save the file as UTF-8");
    CHECK("\xCA\xF6\x94\x39\xFC\x36\x80",
          "GB18030:述😀|byte 0x80 is not valid in GB18030; save the file as "
          "UTF-8"); /* 0x80 is no GB18030 either */
}

static void test_late_chinese_is_judged_too(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 300000; i++) {
        g_string_append(text, "plain ascii\n");
    }
    size_t n_ascii = text->len;
    g_string_append(text, "\xCA\xF6\xD6\xB0");
    g_autofree char *decoded = decode(text->str, text->len, 4096);
    g_assert_true(g_str_has_prefix(decoded, "GB18030:plain"));
    g_assert_cmpstr(decoded + strlen("GB18030:") + n_ascii, ==, "述职");
}

/* Damaged UTF-8 is valid GB18030 more often than not; it must not be read as such. */
static void test_damaged_utf8_is_no_gb18030(void)
{
    CHECK("述职报告\xE6\x8A\n的全部内容",
          "UTF-8:述职报告|byte 0xe6 is not valid in UTF-8; save the file as UTF-8");
}

static void test_cut_off_is_an_error(void)
{
    CHECK("述职\xE6\x8A", "UTF-8:述职|byte 0xe6 is not valid in UTF-8; save the file as UTF-8");
    CHECK("\xE6", "UTF-8:|byte 0xe6 is not valid in UTF-8; save the file as UTF-8");
    CHECK("\xFF\xFE\xF0\x8F\x4C",
          "UTF-16LE:述|byte 0x4c is not valid in UTF-16LE; save the file as UTF-8");
    CHECK("\xFF\xFE\x3D\xD8",
          "UTF-16LE:|byte 0x3d is not valid in UTF-16LE; save the file as UTF-8");
    CHECK("\xCA\xF6\xD6\xB0\xB1",
          "GB18030:述职|byte 0xb1 is not valid in GB18030; save the file as UTF-8");
}

static void test_nul_is_refused(void)
{
    CHECK("ab\0c", "UTF-8:ab|a NUL byte stands here: this is no text");
    CHECK("\xFF\xFE"
          "a\0\0\0",
          "UTF-16LE:a|a NUL byte stands here: this is no text");
    CHECK("\xFF\xFE\0\0", "UTF-16LE:|a NUL byte stands here: this is no text"); /* UTF-32 */
    CHECK("a\0b\0", "UTF-8:a|a NUL byte stands here: this is no text"); /* UTF-16 without a mark */
}

static void test_rewind(void)
{
    static const char bytes[] = "\xFF\xFE\xF0\x8F\x4C\x80";
    g_autoptr(GError) error = NULL;
    int fd = open_bytes(bytes, 6);
    g_autoptr(TableDecoder) decoder = table_decoder_new(fd, &error);
    for (int i = 0; i < 3; i++) {
        char buffer[8];
        size_t n = 0;
        g_assert_true(table_decoder_read(decoder, buffer, sizeof buffer, &n, &error));
        g_assert_cmpmem(buffer, n, "述职", 6);
        table_decoder_rewind(decoder);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/decoder/utf8", test_utf8);
    g_test_add_func("/table/decoder/utf16", test_utf16);
    g_test_add_func("/table/decoder/gb18030", test_gb18030);
    g_test_add_func("/table/decoder/late-chinese-is-judged-too", test_late_chinese_is_judged_too);
    g_test_add_func("/table/decoder/damaged-utf8-is-no-gb18030", test_damaged_utf8_is_no_gb18030);
    g_test_add_func("/table/decoder/cut-off-is-an-error", test_cut_off_is_an_error);
    g_test_add_func("/table/decoder/nul-is-refused", test_nul_is_refused);
    g_test_add_func("/table/decoder/rewind", test_rewind);
    return g_test_run();
}
