#include <unistd.h>

#include "helpers.h"
#include "make-xlsx.h"
#include "table/reader.h"
#include "table/writer.h"

static char *path;

/* Append the rows with the kind of each cell: "1:T甲|N-1.5\n"; "*" marks what is repeated. */
static void append_kinds(GString *out, const TableRow *row)
{
    static const char letters[] = {'-', 'T', 'N', 'D', 'H', 'B', 'E'};
    g_string_append_printf(out, "%ld%s:", (long)row->line, row->is_hidden ? "h" : "");
    for (size_t i = 0; i < row->n_cells; i++) {
        const TableCell *cell = &row->cells[i];
        g_assert_cmpuint(strlen(cell->text), ==, cell->length);
        g_string_append_printf(out, "%s%s%c%s", i > 0 ? "|" : "", cell->is_repeated ? "*" : "",
                               letters[cell->kind], cell->text);
    }
    g_string_append_c(out, '\n');
}

static char *read_sheet(const char *sheet)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = table_reader_open_sheet(path, sheet, &error);
    g_autoptr(GString) out = g_string_new(NULL);
    bool has_row = reader != NULL;
    while (has_row) {
        TableRow row;
        if (!table_reader_next(reader, &row, &has_row, &error)) {
            break;
        }
        if (has_row) {
            append_kinds(out, &row);
        }
    }
    if (error != NULL) {
        g_autofree char *name = g_path_get_basename(path);
        g_autofree char *prefix = g_strdup_printf("'%s': ", name);
        const char *message = error->message;
        g_string_append_printf(out, "%s: %s", error_code_name((ErrorCode)error->code),
                               g_str_has_prefix(message, prefix) ? message + strlen(prefix)
                                                                 : message);
    }
    return g_string_free(g_steal_pointer(&out), false);
}

/* Check what the file holds; NULL: one row, whatever is in it. */
static void expect(const char *expected)
{
    g_autofree char *rows = read_sheet(NULL);
    if (expected != NULL) {
        g_assert_cmpstr(rows, ==, expected);
    } else {
        g_assert_true(g_str_has_prefix(rows, "1:"));
        g_assert_true(strchr(rows, '\n') == rows + strlen(rows) - 1);
    }
}

static void check(const char *rows, const char *expected)
{
    make_sheet(path, rows, "");
    expect(expected);
}

static void test_hidden_rows(void)
{
    check("<row r=\"1\"><c><v>1</v></c></row><row r=\"2\" hidden=\"1\"><c><v>2</v></c></row>"
          "<row r=\"3\" hidden=\"0\"><c><v>3</v></c></row>"
          "<row r=\"4\" hidden=\"true\"><c><v>4</v></c></row>",
          "1:N1\n2h:N2\n3:N3\n4h:N4\n");
}

/* ---- what cells say -------------------------------------------------------------------------- */

static void test_texts(void)
{
    check("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
          "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c></row>",
          "1:T甲|T乙 丙|-|Ta\rb_x0041_\n");
    check("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t> x</t></is></c>"
          "<c r=\"B1\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>&lt;b</t></r><rPh><t>no</t></rPh>"
          "</is></c><c r=\"C1\" t=\"str\"><f>A1&amp;\"y\"</f><v>xy</v></c></row>",
          "1:T x|Ta<b|Txy\n");
    check("<row r=\"1\"><c t=\"inlineStr\"><is><t>a\r\nb&#13;<![CDATA[<c>]]></t></is></c></row>",
          "1:Ta\nb\r<c>\n");
}

static void test_numbers(void)
{
    check("<row r=\"1\"><c><v>12</v></c><c><v>12.0</v></c><c><v>-0.5</v></c><c><v>1E-07</v></c>"
          "<c><v>1.5E+20</v></c><c><v>9.949999999999999</v></c><c><v>123456789012345678</v></c>"
          "<c><v>0.30000000000000004</v></c><c><v>-0</v></c><c><v>1234567890.125</v></c></row>",
          "1:N12|N12|N-0.5|N0.0000001|N150000000000000000000|N9.95|N123456789012345678|N0.3|N-0|"
          "N1234567890.125\n");
    check("<row r=\"7\"><c r=\"A7\"><v>x</v></c></row>",
          "INVALID: part "
          "'xl/worksheets/sheet1.xml': cell A7: its value is no number");
    check("<row r=\"7\"><c r=\"B7\"><v>0x10</v></c></row>",
          "INVALID: part "
          "'xl/worksheets/sheet1.xml': cell B7: its value is no number");
    check("<row r=\"7\"><c r=\"B7\"><v>INF</v></c></row>",
          "INVALID: part "
          "'xl/worksheets/sheet1.xml': cell B7: its value is no number");
}

static void test_dates(void)
{
    check("<row r=\"1\"><c s=\"1\"><v>45052</v></c><c s=\"1\"><v>45052.5</v></c>"
          "<c s=\"2\"><v>45052.395833333336</v></c><c s=\"2\"><v>45052</v></c>"
          "<c s=\"3\"><v>0.395833333333333</v></c><c s=\"4\"><v>1.5</v></c>"
          "<c s=\"5\"><v>45052</v></c><c s=\"2\"><v>45052.39600983796</v></c>"
          "<c s=\"3\"><v>45052.25</v></c><c s=\"99\"><v>45052</v></c></row>",
          "1:D2023-05-06|H2023-05-06T12:00:00|H2023-05-06T09:30:00|H2023-05-06T00:00:00|T09:30:00|"
          "T36:00:00|D2023-05-06|H2023-05-06T09:30:15.250|H2023-05-06T06:00:00|N45052\n");
    check("<row r=\"1\"><c s=\"1\"><v>1</v></c><c s=\"1\"><v>59</v></c><c s=\"1\"><v>60</v></c>"
          "<c s=\"1\"><v>61</v></c><c s=\"1\"><v>0</v></c><c s=\"1\"><v>-1</v></c>"
          "<c s=\"1\"><v>2958465</v></c><c s=\"1\"><v>2958466</v></c></row>",
          "1:D1900-01-01|D1900-02-28|N60|D1900-03-01|N0|N-1|D9999-12-31|N2958466\n");
    check("<row r=\"1\"><c t=\"d\"><v>2023-05-06</v></c><c t=\"d\"><v>2023-05-06T09:30:00</v></c>"
          "<c t=\"d\"><v>2023-05-06T09:30:00.5</v></c><c t=\"d\"><v>2023-05-06T09:30:00Z</v></c>"
          "<c t=\"d\"><v>soon</v></c></row>",
          "1:D2023-05-06|H2023-05-06T09:30:00|H2023-05-06T09:30:00.500|T2023-05-06T09:30:00Z|Tsoon"
          "\n");
}

static void test_dates_from_1904(void)
{
    const TestPart parts[] = {
        {"xl/workbook.xml",
         "<workbook " XMLNS " xmlns:r=\"" RELATIONS "\"><workbookPr date1904=\"1\"/><sheets><sheet "
         "name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
         0},
        {"xl/worksheets/sheet1.xml",
         "<worksheet " XMLNS "><sheetData><row><c s=\"1\"><v>43590</v></c><c s=\"1\"><v>0</v></c>"
         "<c s=\"3\"><v>0.5</v></c></row></sheetData></worksheet>",
         0},
        {0}};
    make_xlsx(path, parts);
    expect("1:D2023-05-06|D1904-01-01|T12:00:00\n");
}

static void test_booleans_and_errors(void)
{
    check("<row r=\"1\"><c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c><c t=\"e\"><v>#N/A</v></c>"
          "<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>",
          "1:BTRUE|BFALSE|E#N/A|E#DIV/0!\n");
    check("<row r=\"1\"><c t=\"q\"><v>1</v></c></row>",
          "INVALID: part "
          "'xl/worksheets/sheet1.xml': cell A1: its type is unknown");
}

static void test_formulas_count_with_their_last_value(void)
{
    check(
        "<row r=\"1\"><c><f>A2+1</f><v>3</v></c><c><f>A2+1</f></c><c><f t=\"shared\" si=\"0\"/></c>"
        "<c t=\"str\"><f>\"\"</f><v></v></c><c><v>1</v></c><c><f>A2&amp;1</f><v></v></c></row>",
        "1:N3|E=A2+1|E=|-|N1|E=A2&1\n");
}

static void test_empty_rows_and_cells_are_skipped(void)
{
    check("<row r=\"2\" s=\"1\"/><row r=\"3\"><c r=\"A3\" s=\"1\"/><c r=\"XFD3\" s=\"1\"/></row>"
          "<row r=\"5\"><c r=\"C5\"><v>1</v></c><c r=\"XFD5\" s=\"1\"/></row>"
          "<row><c><v>2</v></c></row>",
          "5:-|-|N1\n6:N2\n");
    check("", "");
}

static void test_cells_in_any_order(void)
{
    check("<row r=\"1\"><c r=\"C1\"><v>3</v></c><c r=\"A1\"><v>1</v></c><c><v>2</v></c></row>",
          "1:N1|N2|N3\n");
}

static void test_prefixes_and_extensions(void)
{
    const TestPart parts[] = {
        {"xl/worksheets/sheet1.xml",
         "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:sheetData>"
         "<x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row></x:sheetData>"
         "<x:extLst><x:row r=\"1\"><x:v>5</x:v></x:row></x:extLst></x:worksheet>",
         0},
        {0}};
    make_xlsx(path, parts);
    expect("1:N1\nINVALID: part 'xl/worksheets/sheet1.xml': row 1 comes after row 1");
}

static void test_utf16(void)
{
    static const char head[] = "\xFF\xFE";
    const char *text =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet><sheetData><row><c "
        "t=\"str\"><v>汉</v></c></row><row><c r=\"B2\"><v>1</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref=\"A1:A2\"/></mergeCells></worksheet>";
    gsize length = 0;
    g_autofree char *wide = g_convert(text, -1, "UTF-16LE", "UTF-8", NULL, &length, NULL);
    g_autofree char *whole = g_malloc(length + 2);
    memcpy(whole, head, 2);
    memcpy(whole + 2, wide, length);
    const TestPart parts[] = {{"xl/worksheets/sheet1.xml", whole, length + 2}, {0}};
    make_xlsx(path, parts);
    expect("1:T汉\n2:*T汉|N1\n");
}

/* ---- merged ranges --------------------------------------------------------------------------- */

#define TEXT_CELL(at, text) "<c r=\"" at "\" t=\"str\"><v>" text "</v></c>"

static void test_merged_cells_repeat_downwards(void)
{
    make_sheet(path,
               "<row r=\"1\">" TEXT_CELL("A1", "甲局")
                   TEXT_CELL("B1", "x") "</row>"
                                        "<row r=\"2\">" TEXT_CELL(
                                            "B2", "y") "</row><row r=\"3\"/>"
                                                       "<row r=\"4\">" TEXT_CELL(
                                                           "B4", "z") "</row>"
                                                                      "<row r=\"5\">" TEXT_CELL(
                                                                          "A5", "乙局") "</row>",
               "<mergeCells><mergeCell ref=\"A1:A4\"/><mergeCell ref=\"C1:D1\"/><mergeCell "
               "ref=\"bad\"/></mergeCells>");
    expect("1:T甲局|Tx\n2:*T甲局|Ty\n4:*T甲局|Tz\n5:T乙局\n");
}

static void test_header_of_two_rows(void)
{
    make_sheet(
        path,
        "<row r=\"1\">" TEXT_CELL(
            "A1",
            "2023年台账") "</row>"
                          "<row r=\"2\">" TEXT_CELL("A2", "编号") TEXT_CELL("B2", "单位")
                              TEXT_CELL("C2", "标题") TEXT_CELL("D2", "来源") TEXT_CELL(
                                  "E2",
                                  "办理") "</row>"
                                          "<row r=\"3\">" TEXT_CELL("E3", "受理") TEXT_CELL(
                                              "F3",
                                              "办结") "</row>"
                                                      "<row r=\"4\"><c "
                                                      "r=\"A4\"><v>1</v></c>" TEXT_CELL(
                                                          "B4",
                                                          "甲局") "<c r=\"F4\" "
                                                                  "s=\"1\"><v>45052</v></c></row>",
        "<mergeCells><mergeCell ref=\"A1:F1\"/><mergeCell ref=\"A2:A3\"/><mergeCell "
        "ref=\"B2:B3\"/><mergeCell ref=\"C2:C3\"/><mergeCell ref=\"D2:D3\"/><mergeCell "
        "ref=\"E2:F2\"/></mergeCells>");
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = table_reader_open(path, &error);
    g_assert_no_error(error);
    g_assert_true(table_reader_read_header(reader, 0, &error));
    size_t n_columns = 0;
    g_autofree char *names = g_strjoinv("|", (char **)table_reader_columns(reader, &n_columns));
    g_assert_cmpstr(names, ==, "编号|单位|标题|来源|受理|办结");
    g_assert_cmpint(table_reader_header_line(reader), ==, 3);
    TableRow row;
    bool has_row = false;
    g_assert_true(table_reader_next(reader, &row, &has_row, &error));
    g_assert_cmpint(row.cells[5].kind, ==, TABLE_CELL_DATE);
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static void make_three_sheets(void)
{
    static const TestPart parts[] = {
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"worksheets/a.xml\"/>"
         "<Relationship Id=\"b\" Type=\"x/worksheet\" Target=\"./../xl/worksheets/b.xml\"/>"
         "<Relationship Id=\"c\" Type=\"x/chartsheet\" Target=\"c.xml\"/>"
         "<Relationship Id=\"d\" Type=\"x/worksheet\" Target=\"/xl/WORKSHEETS/d.xml\"/>"
         "<Relationship Id=\"e\" Type=\"x/worksheet\" TargetMode=\"External\" "
         "Target=\"http://x/\"/></Relationships>",
         0},
        {"xl/workbook.xml",
         "<workbook xmlns:r=\"" RELATIONS "\"><sheets>"
         "<sheet name=\"藏\" state=\"hidden\" r:id=\"a\"/><sheet name=\"深\" state=\"veryHidden\" "
         "r:id=\"b\"/><sheet name=\"图\" r:id=\"c\"/><sheet name=\"外\" r:id=\"e\"/><sheet "
         "name=\"明 &amp; 白\" r:id=\"d\"/></sheets></workbook>",
         0},
        {"xl/worksheets/a.xml", "<s><sheetData><row><c><v>1</v></c></row></sheetData></s>", 0},
        {"xl/worksheets/b.xml", "<s><sheetData><row><c><v>2</v></c></row></sheetData></s>", 0},
        {"xl/worksheets/d.xml", "<s><sheetData><row><c><v>4</v></c></row></sheetData></s>", 0},
        {0}};
    make_xlsx(path, parts);
}

static void test_sheets(void)
{
    make_three_sheets();
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = table_reader_open(path, &error);
    g_assert_no_error(error);
    const TableSource *source = table_reader_source(reader);
    g_autofree char *names = g_strjoinv("|", (char **)source->sheets);
    g_assert_cmpint(source->format, ==, TABLE_FORMAT_XLSX);
    g_assert_cmpstr(names, ==, "藏|深|明 & 白");
    g_assert_cmpuint(source->sheet, ==, 2);
    g_assert_true(source->are_hidden[0] && source->are_hidden[1] && !source->are_hidden[2]);
    expect("1:N4\n");
    g_autofree char *hidden = read_sheet("藏");
    g_assert_cmpstr(hidden, ==, "1:N1\n");
    g_autofree char *deep = read_sheet("深");
    g_assert_cmpstr(deep, ==, "1:N2\n");
    g_autofree char *none = read_sheet("明");
    g_assert_cmpstr(none, ==, "NOT_FOUND: it has no sheet named '明'; there are: 藏, 深, 明 & 白");
    g_autofree char *long_name = g_strnfill(100000, 'x');
    g_autofree char *none_long = read_sheet(long_name);
    g_assert_true(g_str_has_prefix(none_long, "NOT_FOUND: "));
}

static void test_rewind_reads_again(void)
{
    make_sheet(path, "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>", "");
    g_autoptr(GError) error = NULL;
    g_autoptr(TableReader) reader = table_reader_open(path, &error);
    for (int i = 0; i < 3; i++) {
        TableRow row;
        bool has_row = false;
        g_assert_true(table_reader_rewind(reader, &error));
        g_assert_true(table_reader_next(reader, &row, &has_row, &error));
        g_assert_cmpstr(row.cells[0].text, ==, "1");
        g_assert_cmpstr(table_reader_source(reader)->sheets[0], ==, "表1");
    }
}

/* ---- hostile files --------------------------------------------------------------------------- */

static void check_part_refused(const char *name, const char *text, const char *expected)
{
    const TestPart parts[] = {{name, text, 0}, {0}};
    make_xlsx(path, parts);
    expect(expected);
}

static void test_missing_parts(void)
{
    check_part_refused("xl/worksheets/sheet1.xml", NULL,
                       "INVALID: the part 'xl/worksheets/sheet1.xml' is missing");
    check_part_refused("xl/workbook.xml", NULL,
                       "INVALID: it is a zip archive without a workbook; unpack it first");
    check_part_refused("xl/sharedStrings.xml", NULL,
                       "INVALID: the part 'xl/sharedStrings.xml' is missing");
    check_part_refused("xl/styles.xml", NULL, "INVALID: the part 'xl/styles.xml' is missing");
    check_part_refused("_rels/.rels", NULL, "");
    check_part_refused("xl/_rels/workbook.xml.rels", NULL, "INVALID: it has no worksheet");
    check_part_refused("xl/workbook.xml", "<workbook/>", "INVALID: it has no worksheet");
    check_part_refused("xl/workbook.xml", "<document/>",
                       "INVALID: it is a zip archive without a workbook; unpack it first");
    check_part_refused("_rels/.rels",
                       "<R><Relationship Id=\"r\" Type=\"x/officeDocument\" "
                       "Target=\"xl/workbook.bin\"/></R>",
                       "INVALID: it is a binary workbook (.xlsb); save it as .xlsx");
}

static void test_other_archives_are_named(void)
{
    static const TestPart word[] = {
        {"word/document.xml", "<d/>", 0}, {"xl/workbook.xml", NULL, 0}, {0}};
    static const TestPart open_document[] = {
        {"content.xml", "<d/>", 0}, {"xl/workbook.xml", NULL, 0}, {0}};
    static const TestPart ofd[] = {{"OFD.xml", "<d/>", 0}, {"xl/workbook.xml", NULL, 0}, {0}};
    make_xlsx(path, ofd);
    expect("INVALID: it is an OFD; ask for the table as .xlsx or .csv");
    make_xlsx(path, word);
    expect("INVALID: it is a Word document; copy the table into a spreadsheet, or save it as .csv");
    make_xlsx(path, open_document);
    expect("INVALID: it is an OpenDocument file; save it as .xlsx or .csv");
}

static void test_no_entities(void)
{
    check_part_refused(
        "xl/worksheets/sheet1.xml",
        "<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w><sheetData><row><c "
        "t=\"str\"><v>&x;</v></c></row></sheetData></w>",
        "INVALID: part 'xl/worksheets/sheet1.xml': it declares a document type, as no xlsx does");
    check_part_refused(
        "xl/workbook.xml", "<!DOCTYPE w SYSTEM \"http://example.org/x.dtd\"><workbook/>",
        "INVALID: part 'xl/workbook.xml': it declares a document type, as no xlsx does");
    check_part_refused(
        "xl/sharedStrings.xml",
        "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><sst><si><t>&b;"
        "</t></si></sst>",
        "INVALID: part 'xl/sharedStrings.xml': it declares a document type, as no "
        "xlsx does");
    check_part_refused("xl/worksheets/sheet1.xml", "<w>&x;</w>",
                       "INVALID: the part 'xl/worksheets/sheet1.xml', line 1, is no well-formed "
                       "XML");
}

static void test_broken_xml(void)
{
    check_part_refused("xl/sharedStrings.xml",
                       "<sst><si><t>a</t><si><t>b</t></si></si><si><t>c</t></si></sst>",
                       "INVALID: part 'xl/sharedStrings.xml': a text of the cells begins inside "
                       "another: it is damaged");
    check("<row><c><v>1</v></c></row>\n<row>\n<c></row>",
          "1:N1\nINVALID: the part 'xl/worksheets/sheet1.xml', line 4, is no well-formed XML");
    check("<row><c><v>1</v></c></row>\n<row><c t=\"str\"><v>\xFF</v></c></row>",
          "1:N1\nINVALID: the part 'xl/worksheets/sheet1.xml', line 3, is no well-formed XML");
    check_part_refused("xl/worksheets/sheet1.xml", "<w><sheetData><row>",
                       "INVALID: the part 'xl/worksheets/sheet1.xml', line 1, is no well-formed "
                       "XML");
    check_part_refused("xl/worksheets/sheet1.xml", " ",
                       "INVALID: the part 'xl/worksheets/sheet1.xml', line 1, is no well-formed "
                       "XML");
}

static void test_references_outside_of_sheets(void)
{
    static const char *const bad[] = {"XFE1", "A1048577", "AAAAAAAAAAAAAAAAAAAAA1", "A",  "1",  "",
                                      "A0",   "A-1",      "A99999999999999999999",  "B2", "A1x"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *rows =
            g_strdup_printf("<row r=\"1\"><c r=\"%s\"><v>1</v></c></row>", bad[i]);
        g_autofree char *expected = g_strdup_printf(
            "INVALID: part 'xl/worksheets/sheet1.xml': line 1: '%s' is no cell of this row",
            bad[i]);
        check(rows, expected);
    }
}

static void test_rows_out_of_order(void)
{
    check("<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"/>",
          "2:N1\nINVALID: part 'xl/worksheets/sheet1.xml': row 2 comes after row 2");
    check("<row r=\"1048576\"><c><v>1</v></c></row><row/>",
          "1048576:N1\nINVALID: part 'xl/worksheets/sheet1.xml': row 1048577 comes after row "
          "1048576");
}

static void test_shared_text_that_is_not_there(void)
{
    static const char *const bad[] = {"4", "-1", "x", "99999999999999999999", "1 "};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *rows = g_strdup_printf("<row><c t=\"s\"><v>%s</v></c></row>", bad[i]);
        check(rows,
              "INVALID: part 'xl/worksheets/sheet1.xml': cell A1: it refers to a text that is "
              "not there");
    }
}

static void test_limit_of_columns(void)
{
    check("<row r=\"1\"><c r=\"AMJ1\"><v>1</v></c></row>", NULL);
    check("<row r=\"1\"><c r=\"AMK1\"><v>1</v></c></row>",
          "LIMIT: part 'xl/worksheets/sheet1.xml': line 1: the row has more than 1024 columns");
}

static void test_limit_of_cell(void)
{
    g_autofree char *text = g_strnfill(TABLE_MAX_CELL_BYTES, 'x');
    g_autofree char *good = g_strdup_printf("<row><c t=\"str\"><v>%s</v></c></row>", text);
    g_autofree char *bad = g_strdup_printf("<row><c t=\"str\"><v>%sx</v></c></row>", text);
    check(good, NULL);
    check(bad, "LIMIT: part 'xl/worksheets/sheet1.xml': line 1, column A: the cell is larger than "
               "1048576 bytes");
    g_autoptr(GString) escapes = g_string_new("<row><c t=\"str\"><v>");
    for (int i = 0; i < 1200000; i++) {
        g_string_append(escapes, "_x0041_");
    }
    g_string_append(escapes, "</v></c></row>");
    check(escapes->str, "LIMIT: part 'xl/worksheets/sheet1.xml': line 1, column A: the cell is "
                        "larger than 1048576 bytes");
}

static void test_limit_of_row(void)
{
    g_autofree char *text = g_strnfill(TABLE_MAX_CELL_BYTES, 'x');
    g_autoptr(GString) rows = g_string_new("<row>");
    for (int i = 0; i < 9; i++) {
        g_string_append_printf(rows, "<c t=\"str\"><v>%s</v></c>", text);
    }
    g_string_append(rows, "</row>");
    check(rows->str, "LIMIT: part 'xl/worksheets/sheet1.xml': line 1: the row is larger than "
                     "8388608 bytes");
}

static void test_bomb(void)
{
    size_t length = (size_t)40 << 20;
    g_autofree char *spaces = g_strnfill(length, ' ');
    memcpy(spaces, "<w>", 3);
    memcpy(spaces + length - 4, "</w>", 4);
    const TestPart sheet[] = {{"xl/worksheets/sheet1.xml", spaces, length}, {0}};
    make_xlsx(path, sheet);
    expect("LIMIT: the part 'xl/worksheets/sheet1.xml' unpacks to more than 200 times its size: "
           "this is no honest table");
    const TestPart texts[] = {{"xl/sharedStrings.xml", spaces, length}, {0}};
    make_xlsx(path, texts);
    expect(
        "LIMIT: the part 'xl/sharedStrings.xml' unpacks to more than 200 times its size: this is "
        "no honest table");
}

static void test_limit_of_parts(void)
{
    g_autoptr(GArray) parts = g_array_new(true, true, sizeof(TestPart));
    g_autoptr(GStringChunk) names = g_string_chunk_new(4096);
    for (int i = 0; i <= 10000; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);
        TestPart part = {g_string_chunk_insert(names, name), "x", 1};
        g_array_append_val(parts, part);
    }
    make_xlsx(path, &g_array_index(parts, TestPart, 0));
    expect("LIMIT: the archive in it has more than 10000 parts");
}

static void test_limit_of_sheets(void)
{
    g_autoptr(GString) book = g_string_new("<workbook xmlns:r=\"" RELATIONS "\"><sheets>");
    for (int i = 0; i < 1001; i++) {
        g_string_append_printf(book, "<sheet name=\"%d\" r:id=\"r1\"/>", i);
    }
    g_string_append(book, "</sheets></workbook>");
    check_part_refused("xl/workbook.xml", book->str,
                       "LIMIT: part 'xl/workbook.xml': it has more than 1000 sheets, or a name of "
                       "more than 255 bytes");
}

/* Names in the archive mean nothing to the file system. */
static void test_path_tricks(void)
{
    static const TestPart parts[] = {{"xl/_rels/workbook.xml.rels",
                                      "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
                                      "Target=\"../../../../../../etc/passwd\"/></Relationships>",
                                      0},
                                     {"../../tmp/evil", "x", 0},
                                     {"/etc/shadow", "x", 0},
                                     {0}};
    make_xlsx(path, parts);
    expect("INVALID: the part 'etc/passwd' is missing");
}

/* Every file cut short, and many with a byte changed, end in an error or are read; none crashes. */
static void test_damaged_archives(void)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    make_sheet(path, "<row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>45052</v></c></row>", "");
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    g_assert_cmpuint(length, >, 1000);
    for (gsize at = 4; at < length; at += 197) {
        g_file_set_contents(path, bytes, (gssize)at, NULL);
        g_autofree char *rows = read_sheet(NULL);
        g_assert_true(g_str_has_prefix(rows, "INVALID: the archive in it is damaged"));
    }
    g_autofree char *sound = NULL;
    g_file_set_contents(path, bytes, (gssize)length, NULL);
    sound = read_sheet(NULL);
    g_assert_cmpstr(sound, ==, "1:T甲|D2023-05-06\n");
    for (gsize at = 4; at < length; at += 83) {
        bytes[at] = (char)(bytes[at] ^ 0x10);
        g_file_set_contents(path, bytes, (gssize)length, NULL);
        g_autofree char *rows = read_sheet(NULL);
        if (!g_str_equal(rows, sound) && strstr(rows, "INVALID: ") == NULL) {
            g_error("with byte %zu changed the file reads %s", at, rows);
        }
        bytes[at] = (char)(bytes[at] ^ 0x10);
    }
}

static void test_wrong_checksum(void)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    make_sheet(path, "<row><c><v>1</v></c></row>", "");
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    char *name = memmem(bytes, length, "xl/worksheets/sheet1.xml", 24);
    g_assert_nonnull(name);
    char *central =
        memmem(name + 24, length - (gsize)(name + 24 - bytes), "xl/worksheets/sheet1.xml", 24);
    g_assert_nonnull(central);
    central[-46 + 16] ^= 1; /* the checksum of the entry in the directory */
    g_file_set_contents(path, bytes, (gssize)length, NULL);
    expect("INVALID: the part 'xl/worksheets/sheet1.xml' is damaged");
}

static void test_encrypted_part(void)
{
    make_sheet(path, "", "");
    zip_t *zip = zip_open(path, 0, NULL);
    zip_int64_t index = zip_name_locate(zip, "xl/worksheets/sheet1.xml", 0);
    zip_file_set_encryption(zip, (zip_uint64_t)index, ZIP_EM_AES_256, "secret");
    g_assert_cmpint(zip_close(zip), ==, 0);
    expect("INVALID: the part 'xl/worksheets/sheet1.xml' is encrypted, or packed in a way that no "
           "xlsx is");
}

/* ---- our own files --------------------------------------------------------------------------- */

static TableCell random_cell(GRand *rand, GString *text)
{
    static const char *const pieces[] = {
        "=",    "+1",  "'",       "甲",           "🙂", "\n", "\t", "\r", " ",   "\a",  "<&",
        "_x00", "41_", "_x0041_", "\xEF\xBF\xBF", "\"",   "a",  "1",  "-",  "]]>", "\x7F"};
    static const char *const numbers[] = {"0",
                                          "-1",
                                          "1234.5",
                                          "0.1",
                                          "-0.000001",
                                          "9.95",
                                          "123456789012345",
                                          "99999999999",
                                          "1234567890123456789",
                                          "0.123456789012345",
                                          "007"};
    static const char *const times[] = {"2023-05-06T09:30:00", "1900-01-01T00:00:01",
                                        "9999-12-31T23:59:59", "2023-05-06T09:30:00.250",
                                        "1899-12-31T00:00:00"};
    static const char *const dates[] = {"2023-05-06", "1900-01-01", "1900-02-28", "1900-03-01",
                                        "9999-12-31", "1899-12-31", "0001-01-01"};
    switch (g_rand_int_range(rand, 0, 6)) {
    case 0:
        return table_cell_make(TABLE_CELL_NUMBER,
                               numbers[g_rand_int_range(rand, 0, G_N_ELEMENTS(numbers))]);
    case 1:
        return table_cell_make(TABLE_CELL_TIME,
                               times[g_rand_int_range(rand, 0, G_N_ELEMENTS(times))]);
    case 2:
        return table_cell_make(TABLE_CELL_DATE,
                               dates[g_rand_int_range(rand, 0, G_N_ELEMENTS(dates))]);
    case 3:
        return table_cell_make(TABLE_CELL_BOOL, g_rand_boolean(rand) ? "TRUE" : "FALSE");
    default:
        for (int n = g_rand_int_range(rand, 0, 6); n > 0; n--) {
            g_string_append(text, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
        }
        return table_cell_make(TABLE_CELL_TEXT, text->str);
    }
}

/* Write 2,000 rows of random cells as @format; what is expected back is added to @expected. */
static void write_random(TableFormat format, GString *expected)
{
    static const char *const names[] = {"一", "=二", "三", "四"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(20230506);
    g_autoptr(GError) error = NULL;
    g_autoptr(TableWriter) writer = table_writer_open(path, format, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(table_writer_header(writer, names, 4, &error));
    for (int row = 0; row < 2000; row++) {
        TableCell cells[4];
        GString *texts[4];
        bool is_empty = true;
        for (int i = 0; i < 4; i++) {
            texts[i] = g_string_new(NULL);
            cells[i] = random_cell(rand, texts[i]);
            is_empty = is_empty && cells[i].length == 0;
        }
        g_assert_true(table_writer_row(writer, cells, 4, &error));
        for (int i = 0; !is_empty && i < 4; i++) {
            bool is_spaced = format == TABLE_FORMAT_CSV && cells[i].kind == TABLE_CELL_TIME;
            g_autofree char *text = g_strdup(cells[i].text);
            if (is_spaced) {
                text[10] = ' ';
            }
            g_string_append_printf(expected, "%s%s", text, i < 3 ? "|" : "\n");
        }
        for (int i = 0; i < 4; i++) {
            g_string_free(texts[i], true);
        }
    }
    g_assert_true(table_writer_finish(writer, &error));
    g_assert_no_error(error);
}

static void check_round_trip(TableFormat format)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) expected = g_string_new(NULL), out = g_string_new(NULL);
    write_random(format, expected);
    g_autoptr(TableReader) reader = table_reader_open(path, &error);
    g_assert_no_error(error);
    g_assert_true(table_reader_read_header(reader, 1, &error));
    size_t n_columns = 0;
    g_assert_cmpstr(table_reader_columns(reader, &n_columns)[1], ==, "=二");
    bool has_row = true;
    while (has_row) {
        TableRow row;
        g_assert_true(table_reader_next(reader, &row, &has_row, &error));
        for (size_t i = 0; has_row && i < row.n_cells; i++) {
            g_string_append_printf(out, "%s%s", row.cells[i].text, i < 3 ? "|" : "\n");
        }
    }
    g_assert_true(g_str_equal(out->str, expected->str));
}

static void test_our_own_export_comes_back(void)
{
    check_round_trip(TABLE_FORMAT_XLSX);
    check_round_trip(TABLE_FORMAT_CSV);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    path = g_strdup_printf("%s/shuzhi-xlsx-%d.xlsx", g_get_tmp_dir(), (int)getpid());
    g_test_add_func("/table/xlsx/hidden-rows", test_hidden_rows);
    g_test_add_func("/table/xlsx/texts", test_texts);
    g_test_add_func("/table/xlsx/numbers", test_numbers);
    g_test_add_func("/table/xlsx/dates", test_dates);
    g_test_add_func("/table/xlsx/dates-from-1904", test_dates_from_1904);
    g_test_add_func("/table/xlsx/booleans-and-errors", test_booleans_and_errors);
    g_test_add_func("/table/xlsx/formulas-count-with-their-last-value",
                    test_formulas_count_with_their_last_value);
    g_test_add_func("/table/xlsx/empty-rows-and-cells-are-skipped",
                    test_empty_rows_and_cells_are_skipped);
    g_test_add_func("/table/xlsx/cells-in-any-order", test_cells_in_any_order);
    g_test_add_func("/table/xlsx/prefixes-and-extensions", test_prefixes_and_extensions);
    g_test_add_func("/table/xlsx/utf16", test_utf16);
    g_test_add_func("/table/xlsx/merged-cells-repeat-downwards",
                    test_merged_cells_repeat_downwards);
    g_test_add_func("/table/xlsx/header-of-two-rows", test_header_of_two_rows);
    g_test_add_func("/table/xlsx/sheets", test_sheets);
    g_test_add_func("/table/xlsx/rewind-reads-again", test_rewind_reads_again);
    g_test_add_func("/table/xlsx/missing-parts", test_missing_parts);
    g_test_add_func("/table/xlsx/other-archives-are-named", test_other_archives_are_named);
    g_test_add_func("/table/xlsx/no-entities", test_no_entities);
    g_test_add_func("/table/xlsx/broken-xml", test_broken_xml);
    g_test_add_func("/table/xlsx/references-outside-of-sheets", test_references_outside_of_sheets);
    g_test_add_func("/table/xlsx/rows-out-of-order", test_rows_out_of_order);
    g_test_add_func("/table/xlsx/shared-text-that-is-not-there",
                    test_shared_text_that_is_not_there);
    g_test_add_func("/table/xlsx/limit-of-columns", test_limit_of_columns);
    g_test_add_func("/table/xlsx/limit-of-cell", test_limit_of_cell);
    g_test_add_func("/table/xlsx/limit-of-row", test_limit_of_row);
    g_test_add_func("/table/xlsx/bomb", test_bomb);
    g_test_add_func("/table/xlsx/limit-of-parts", test_limit_of_parts);
    g_test_add_func("/table/xlsx/limit-of-sheets", test_limit_of_sheets);
    g_test_add_func("/table/xlsx/path-tricks", test_path_tricks);
    g_test_add_func("/table/xlsx/damaged-archives", test_damaged_archives);
    g_test_add_func("/table/xlsx/wrong-checksum", test_wrong_checksum);
    g_test_add_func("/table/xlsx/encrypted-part", test_encrypted_part);
    g_test_add_func("/table/xlsx/our-own-export-comes-back", test_our_own_export_comes_back);
    int status = g_test_run();
    g_unlink(path);
    return status;
}
