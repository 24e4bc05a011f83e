/* One part of an xlsx from anywhere among good ones: what a fuzzer cannot reach through the
 * checksums of the archive.  The first byte says which part; the rest is its text. */
#include <zip.h>

#include "read-answer.h"
#include "table/xlsx-worker.h"

typedef struct Part {
    const char *name;
    const char *text;
} Part;

static const Part parts[] = {
    {"xl/worksheets/sheet1.xml", "<w><sheetData><row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>45052</v>"
                                 "</c></row></sheetData></w>"},
    {"xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><t>b</t></si></sst>"},
    {"xl/styles.xml", "<s><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></s>"},
    {"xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" r:id=\"r1\" "
                        "xmlns:r=\"r\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     "<R><Relationship Id=\"r1\" Type=\"/worksheet\" "
     "Target=\"worksheets/sheet1.xml\"/><Relationship "
     "Id=\"r2\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" "
     "Type=\"/styles\" Target=\"styles.xml\"/></R>"},
};

static void add_part(zip_t *zip, const char *name, const void *text, size_t length)
{
    zip_source_t *source = zip_source_buffer(zip, text, length, 0);
    zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
    g_assert(index >= 0 &&
             zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0);
}

/* Make an xlsx in memory, with @text as its part @which; the caller owns the bytes. */
static void *make_xlsx(size_t which, const void *text, size_t length, size_t *ret_size)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    g_assert(zip != NULL);
    zip_source_keep(source);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        bool is_given = i == which;
        add_part(zip, parts[i].name, is_given ? text : parts[i].text,
                 is_given ? length : strlen(parts[i].text));
    }
    g_assert(zip_close(zip) == 0);
    zip_stat_t info;
    g_assert(zip_source_stat(source, &info) == 0 && zip_source_open(source) == 0);
    void *bytes = g_malloc(info.size);
    g_assert(zip_source_read(source, bytes, info.size) == (zip_int64_t)info.size);
    zip_source_close(source);
    zip_source_free(source);
    *ret_size = info.size;
    return bytes;
}

static bool collect(void *data, const char *bytes, size_t length)
{
    g_string_append_len(data, bytes, (gssize)length);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    size_t xlsx_size = 0;
    g_autofree void *xlsx =
        make_xlsx(data[0] % G_N_ELEMENTS(parts), data + 1, size - 1, &xlsx_size);
    g_autoptr(GString) answer = g_string_new(NULL);
    g_assert(xlsx_worker_answer(xlsx, xlsx_size, NULL, collect, answer));
    g_assert(read_answer(answer->str, answer->len));
    return 0;
}
