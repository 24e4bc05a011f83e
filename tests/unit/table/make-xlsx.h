/* Xlsx files for tests, made part by part, so that each can be as wrong as a test wants it. */
#pragma once

#include <glib/gstdio.h>
#include <zip.h>

#include "base/error.h"

#define XMLNS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* A part: its name and its text; of @length bytes, or up to the NUL for 0. */
typedef struct TestPart {
    const char *name;
    const char *text;
    size_t length;
} TestPart;

/* What every test file has unless it gives a part of the same name: one sheet, "表1", with what
 * sheet_xml() makes. */
static const TestPart default_parts[] = {
    {"_rels/.rels",
     "<Relationships><Relationship Id=\"r1\" Type=\"" RELATIONS
     "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
     0},
    {"xl/_rels/workbook.xml.rels",
     "<Relationships><Relationship Id=\"r1\" Type=\"" RELATIONS
     "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
     "<Relationship Id=\"r2\" Type=\"" RELATIONS "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
     "<Relationship Id=\"r3\" Type=\"" RELATIONS "/styles\" Target=\"/xl/styles.xml\"/>"
     "</Relationships>",
     0},
    {"xl/workbook.xml",
     "<workbook " XMLNS " xmlns:r=\"" RELATIONS "\"><sheets><sheet name=\"表1\" sheetId=\"1\" "
     "r:id=\"r1\"/></sheets></workbook>",
     0},
    {"xl/worksheets/sheet1.xml", "<worksheet " XMLNS "><sheetData/></worksheet>", 0},
    {"xl/sharedStrings.xml",
     "<sst " XMLNS "><si><t>甲</t></si><si><r><t>乙</t></r><r><t xml:space=\"preserve\"> 丙</t></r>"
     "<rPh sb=\"0\" "
     "eb=\"1\"><t>yi</t></rPh></si><si><t/></si><si><t>a_x000D_b_x005F_x0041_</t></si>"
     "</sst>",
     0},
    {"xl/styles.xml",
     "<styleSheet " XMLNS "><numFmts count=\"3\"><numFmt numFmtId=\"164\" "
     "formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"[h]:mm:ss\"/><numFmt "
     "numFmtId=\"166\" formatCode=\"yyyy/m/d h:mm\"/></numFmts>"
     "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
     "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"166\"/><xf "
     "numFmtId=\"20\"/><xf numFmtId=\"165\"/><xf numFmtId=\"31\"/></cellXfs>"
     "<dxfs><dxf><numFmt numFmtId=\"0\" formatCode=\"yyyy\"/></dxf></dxfs></styleSheet>",
     0},
};

static inline void add_part(zip_t *zip, const TestPart *part)
{
    size_t length = part->length > 0 ? part->length : strlen(part->text);
    zip_source_t *source = zip_source_buffer(zip, part->text, length, 0);
    g_assert_cmpint(zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE), >=,
                    0);
}

static inline bool is_given(const TestPart *parts, const char *name)
{
    for (; parts->name != NULL; parts++) {
        if (g_str_equal(parts->name, name)) {
            return true;
        }
    }
    return false;
}

/* Write to @path the default parts with @parts, which ends with a NULL name, in their place or
 * beside them; a part without text is left out. */
static inline void make_xlsx(const char *path, const TestPart *parts)
{
    g_unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, NULL);
    g_assert_nonnull(zip);
    for (size_t i = 0; i < G_N_ELEMENTS(default_parts); i++) {
        if (!is_given(parts, default_parts[i].name)) {
            add_part(zip, &default_parts[i]);
        }
    }
    for (; parts->name != NULL; parts++) {
        if (parts->text != NULL) {
            add_part(zip, parts);
        }
    }
    g_assert_cmpint(zip_close(zip), ==, 0);
}

/* Write to @path an xlsx whose sheet holds @rows, the XML within sheetData, and @after behind it.
 */
static inline void make_sheet(const char *path, const char *rows, const char *after)
{
    g_autofree char *text =
        g_strdup_printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet " XMLNS
                        "><sheetData>%s</sheetData>%s</worksheet>",
                        rows, after);
    const TestPart parts[] = {{"xl/worksheets/sheet1.xml", text, 0}, {0}};
    make_xlsx(path, parts);
}
