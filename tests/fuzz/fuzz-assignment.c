/* A row of an entry as exports write it and imports read it: refused with a sentence, or read, and
 * then the same after it is written down and read again. */
#include "ledger/assignment.h"

#include "base/text.h"
#include "ledger/row.h"

#define ZONE_SECONDS (8 * 3600)

static const char pack[] = "pack: p\nversion: \"1\"\nname: 包\n";
static const char ledger[] = "ledger: a\nname: 甲\nnumber: \"A{n}\"\ntitle: t\n"
                             "fields:\n"
                             "  t: text 题\n"
                             "  rows:\n"
                             "    is: rows\n"
                             "    name: 明细\n"
                             "    fields:\n"
                             "      text: text 文\n"
                             "      long: {is: long, name: 长文}\n"
                             "      amount: {is: number, name: 数, decimals: 2, unit: 学时}\n"
                             "      money: {is: money, name: 金额, unit: 元}\n"
                             "      date: date 日期\n"
                             "      time: time 时间\n"
                             "      choice: {is: choice, name: 类, of: {red: 红, blue: 蓝}}\n"
                             "      yesno: yesno 是否\n";

static void free_file(gpointer file)
{
    schema_file_free(file);
}

/* Return the ledger whose rows are read, which lives as long as the program. */
static const SchemaLedger *load_ledger(void)
{
    static Schema *schema;
    if (schema == NULL) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
        g_ptr_array_add(files, schema_file_new("pack.yaml", pack));
        g_ptr_array_add(files, schema_file_new("ledgers/a.yaml", ledger));
        schema = schema_load(files, NULL, &error);
        g_assert_no_error(error);
    }
    return schema_ledger(schema, "a");
}

static LedgerRows *read_line(LedgerInput *input, const SchemaField *rows, const char *line,
                             GError **error)
{
    return ledger_assignment_add_rows(input, rows, line, NULL, ZONE_SECONDS, 2023, error)
               ? input->rows[rows->position]
               : NULL;
}

static void check_read(const SchemaField *field, const LedgerRows *rows)
{
    g_autofree char *line = ledger_assignment_rows_text(field, rows, NULL, ZONE_SECONDS, NULL);
    g_autofree char *people = ledger_assignment_rows_text(field, rows, NULL, ZONE_SECONDS, "zh");
    g_assert(g_utf8_validate(line, -1, NULL) && g_utf8_validate(people, -1, NULL));
    if (*line == '\0') {
        return; /* a row of blanks */
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(LedgerInput) input = ledger_input_new(load_ledger());
    const LedgerRows *again = read_line(input, field, line, &error);
    g_assert_no_error(error);
    g_autofree char *before = ledger_rows_to_canonical(rows);
    g_autofree char *after = ledger_rows_to_canonical(again);
    g_assert_cmpstr(before, ==, after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *line = g_strndup(size > 0 ? (const char *)data : "", size);
    g_autoptr(GError) error = NULL;
    if (!text_is_valid(line, strlen(line), NULL)) {
        return 0; /* no cell and no command line brings it */
    }
    const SchemaLedger *of = load_ledger();
    const SchemaField *field = schema_ledger_field(of, "rows");
    g_autoptr(LedgerInput) input = ledger_input_new(of);
    const LedgerRows *rows = read_line(input, field, line, &error);
    g_assert(rows == NULL || error == NULL); /* blank lines are no rows and no fault */
    if (rows != NULL) {
        check_read(field, rows);
    }
    return 0;
}
