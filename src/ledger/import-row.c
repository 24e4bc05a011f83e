/* From a row of the file to what is typed into an entry. */
#include "ledger/import-internal.h"

#include "base/text.h"
#include "language/date-spelling.h"
#include "ledger/assignment.h"
#include "ledger/unique.h"

/* Serial numbers of days that are taken for dates, counted from 1900: 2000-01-01 to 2049-12-31. */
#define FIRST_SERIAL 36526
#define LAST_SERIAL 54788
#define DAYS_TO_1904 1462

static int compare_headers(const void *a, const void *b, void *data)
{
    const GPtrArray *columns = data;
    const LedgerColumn *left = g_ptr_array_index(columns, *(const guint *)a);
    const LedgerColumn *right = g_ptr_array_index(columns, *(const guint *)b);
    return strcmp(left->header, right->header);
}

/* Return whether cells of @field name units or people. */
static bool is_name(const SchemaField *field)
{
    return field->kind == SCHEMA_FIELD_UNIT || field->kind == SCHEMA_FIELD_PERSON ||
           field->kind == SCHEMA_FIELD_PEOPLE || field->kind == SCHEMA_FIELD_ROWS;
}

void ledger_row_reader_init(LedgerRowReader *rows, const LedgerImport *import, LedgerNames *names,
                            int offset_seconds)
{
    *rows =
        (LedgerRowReader){import, names, offset_seconds, g_array_new(false, false, sizeof(guint))};
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        g_array_append_val(rows->extra, i);
        rows->has_names = rows->has_names || (column->field != NULL && is_name(column->field));
    }
    rows->are_kept = g_new0(bool, import->columns->len + 1);
    rows->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_array_sort_with_data(rows->extra, compare_headers, import->columns);
}

void ledger_row_reader_clear(LedgerRowReader *rows)
{
    g_clear_pointer(&rows->extra, g_array_unref);
    g_clear_pointer(&rows->are_kept, g_free);
    g_clear_pointer(&rows->counts, g_hash_table_unref);
}

/* Read a spreadsheet's number for a day, which a csv made of it keeps; false when @text is none. */
static bool parse_serial(const SchemaField *field, const char *text, bool is_1904,
                         int offset_seconds, Value *ret_value)
{
    if (!table_text_is_number(text)) {
        return false;
    }
    double serial = g_ascii_strtod(text, NULL) + (is_1904 ? DAYS_TO_1904 : 0);
    LanguageDate date;
    if (serial < FIRST_SERIAL || serial > LAST_SERIAL ||
        !language_date_from_serial(serial, false, &date, NULL)) {
        return false;
    }
    *ret_value = field->kind == SCHEMA_FIELD_TIME
                     ? value_time(date_to_us(date.date, date.seconds, offset_seconds))
                     : value_date(date.date);
    return field->kind == SCHEMA_FIELD_TIME || date.seconds == 0;
}

/* Refuse a cell with a control character: it shows nowhere, may command a terminal, or turns what
 * is read. */
static bool check_cell(const TableCell *cell, GError **error)
{
    char control[TEXT_CONTROL_SIZE];
    if (text_find_control(cell->text, cell->length, control)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the cell holds the control character %s", control);
        return false;
    }
    return true;
}

/* Return whether @cell is a number whose last digits a spreadsheet has made zeros, and stands for
 * something that is read digit by digit: two work orders would become one. */
static bool is_rounded(const SchemaField *field, const TableCell *cell)
{
    bool is_amount = field->kind == SCHEMA_FIELD_NUMBER || field->kind == SCHEMA_FIELD_MONEY;
    return cell->kind == TABLE_CELL_NUMBER && !is_amount &&
           strspn(cell->text, "-0123456789") > 15 && table_number_digits(cell->text) <= 15;
}

/* Return whether @field is one in which 无 is no value: no unit, no day, no number that tells. */
static bool takes_nothing(const SchemaLedger *ledger, const SchemaField *field)
{
    switch ((int)field->kind) {
    case SCHEMA_FIELD_UNIT:
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_PEOPLE:
    case SCHEMA_FIELD_ENTRY:
    case SCHEMA_FIELD_DATE:
    case SCHEMA_FIELD_TIME:
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
    case SCHEMA_FIELD_PERIOD:
    case SCHEMA_FIELD_PHONE:
    case SCHEMA_FIELD_IDENTITY:
        return true;
    case SCHEMA_FIELD_TEXT:
        return g_ptr_array_find(ledger->unique, field, NULL);
    default:
        return false;
    }
}

/* Return whether @cell of @field says that there is nothing: a stroke, the way a printed table
 * leaves a cell out, or 无. */
static bool says_nothing(const SchemaLedger *ledger, const SchemaField *field,
                         const TableCell *cell)
{
    bool is_choice = field->kind == SCHEMA_FIELD_CHOICE || field->kind == SCHEMA_FIELD_CHOICES ||
                     field->kind == SCHEMA_FIELD_BOOL;
    if (is_choice && ledger_unique_is_stroke(cell->text)) {
        g_auto(Value) value = VALUE_EMPTY; /* unless that is one of the choices */
        return !ledger_field_parse(field, cell->text, NULL, 0, 0, &value, NULL);
    }
    return takes_nothing(ledger, field) && ledger_unique_says_nothing(cell->text);
}

static bool parse_cell(const LedgerRowReader *rows, const LedgerColumn *column,
                       const TableCell *cell, bool is_1904, Value *ret_value, GError **error)
{
    const SchemaField *field = column->field;
    if (cell->kind == TABLE_CELL_ERROR && cell->text[0] == '=') {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the formula %s was never calculated; open the file in a spreadsheet program and"
                  " save it",
                  cell->text);
        return false;
    }
    if (cell->kind == TABLE_CELL_ERROR) {
        error_set(error, SHUZHI_ERROR_INVALID, "the cell holds the error %s", cell->text);
        return false;
    }
    if (says_nothing(rows->import->ledger, field, cell)) {
        *ret_value = VALUE_EMPTY;
        return true;
    }
    bool is_day = field->kind == SCHEMA_FIELD_DATE || field->kind == SCHEMA_FIELD_TIME;
    if (is_day && parse_serial(field, cell->text, is_1904, rows->offset_seconds, ret_value)) {
        return true;
    }
    if (is_rounded(field, cell)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is a number of more than 15 digits, of which a spreadsheet keeps 15; make "
                  "the column text, fill it in anew and save it",
                  cell->text);
        return false;
    }
    if (column->places > 0) {
        return ledger_field_parse_money(field, cell->text, column->places, ret_value, error);
    }
    return ledger_field_parse(field, cell->text, rows->names, rows->offset_seconds,
                              rows->import->default_year, ret_value, error);
}

/* Return @text without the remarks in brackets behind names, 张三（请假）, or the half of a day
 * behind a date; NULL where @field has no such.  The caller owns it. */
static char *without_remark(const SchemaField *field, const char *text)
{
    bool is_date = field->kind == SCHEMA_FIELD_DATE;
    if (!is_date && field->kind != SCHEMA_FIELD_PERSON && field->kind != SCHEMA_FIELD_PEOPLE &&
        field->kind != SCHEMA_FIELD_UNIT) {
        return NULL;
    }
    g_autoptr(GRegex) remark = g_regex_new(
        is_date ? "\\s*(?:上午|下午|中午|晚上|全天)\\s*$" : "\\s*[(（][^()（）]*[)）]", 0, 0, NULL);
    char *plain = g_regex_replace_literal(remark, text, -1, 0, "", 0, NULL);
    if (g_str_equal(plain, text) || text_is_blank(plain)) {
        g_clear_pointer(&plain, g_free);
    }
    return plain;
}

/* Read what @text says of @field, a day, without its hour. */
static bool parse_day_of_time(const LedgerRowReader *rows, const SchemaField *field,
                              const char *text, Value *ret_value)
{
    SchemaField moment = *field;
    g_auto(Value) time = VALUE_EMPTY;
    moment.kind = SCHEMA_FIELD_TIME;
    if (field->kind != SCHEMA_FIELD_DATE ||
        !ledger_field_parse(&moment, text, NULL, rows->offset_seconds, rows->import->default_year,
                            &time, NULL) ||
        value_is_empty(&time)) {
        return false;
    }
    *ret_value = value_date(date_from_us(time.number, rows->offset_seconds));
    return true;
}

/* Return whether @cell is of several lines, where @field holds one. */
static bool has_more_lines(const SchemaField *field, const TableCell *cell)
{
    if (field->kind != SCHEMA_FIELD_TEXT && field->kind != SCHEMA_FIELD_PLACE) {
        return false;
    }
    g_autofree char *text = text_strip_dup(cell->text);
    return strpbrk(text, "\r\n") != NULL;
}

/* Read @cell; *@ret_is_kept: it says more than its field takes. */
static bool parse_whole(const LedgerRowReader *rows, const LedgerColumn *column,
                        const TableRow *row, const TableCell *cell, Value *ret_value,
                        bool *ret_is_kept, GError **error)
{
    GError *fault = NULL;
    *ret_is_kept = has_more_lines(column->field, cell);
    if (parse_cell(rows, column, cell, row->is_1904, ret_value, &fault)) {
        return true;
    }
    g_autofree char *plain = without_remark(column->field, cell->text);
    const TableCell less = table_cell_make(cell->kind, plain);
    *ret_is_kept =
        (plain != NULL && parse_cell(rows, column, &less, row->is_1904, ret_value, NULL)) ||
        parse_day_of_time(rows, column->field, cell->text, ret_value);
    if (!*ret_is_kept) {
        g_propagate_error(error, fault);
        return false;
    }
    g_error_free(fault);
    return true;
}

bool ledger_import_is_counted_above(const SchemaField *field, const TableCell *cell)
{
    return cell->is_repeated && field != NULL &&
           (field->kind == SCHEMA_FIELD_NUMBER || field->kind == SCHEMA_FIELD_MONEY);
}

/* Return whether an entry cannot begin without @field. */
static bool is_needed(const SchemaField *field)
{
    return field->is_required && field->set_by_step == NULL;
}

/* Read @cell of @row into @input, and check what the field says of it, so that all faults of a row
 * are found at once. */
static bool read_cell(LedgerRowReader *rows, guint index, const TableRow *row, LedgerInput *input,
                      GError **error)
{
    const LedgerColumn *column = g_ptr_array_index(rows->import->columns, index);
    const TableCell *cell = &row->cells[index];
    g_auto(Value) value = VALUE_EMPTY;
    const SchemaField *field = column->field;
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return ledger_assignment_add_rows(input, field, cell->text, rows->names,
                                          rows->offset_seconds, rows->import->default_year, error);
    }
    bool is_given = cell->length > 0 && !ledger_import_is_counted_above(field, cell);
    g_autofree char *meant = is_given ? ledger_row_meaning(rows, index, cell->text) : NULL;
    const TableCell told = meant != NULL ? table_cell_make(TABLE_CELL_TEXT, meant) : *cell;
    bool is_kept = false;
    if (is_given && (!parse_whole(rows, column, row, &told, &value, &is_kept, error) ||
                     !ledger_field_check(field, &value, error))) {
        ledger_row_note_unknown(rows, index, cell);
        return false;
    }
    rows->are_kept[index] = is_kept || meant != NULL;
    rows->n_kept += is_kept ? 1 : 0;
    if (is_needed(field) && value_is_empty(&value)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  ledger_import_is_counted_above(field, cell)
                      ? N_("the amount of merged cells is counted in the first of their rows;"
                           " fill in what belongs to this one")
                      : N_("must be filled in"));
        return false;
    }
    ledger_input_set(input, field, value);
    value = VALUE_EMPTY;
    return true;
}

/* Give @input what all rows are given. */
static bool read_set(const LedgerRowReader *rows, LedgerInput *input, GError **error)
{
    const GPtrArray *set = rows->import->set;
    for (guint i = 0; i < set->len; i++) {
        const LedgerSetField *given = g_ptr_array_index(set, i);
        Value value = VALUE_EMPTY;
        if (!ledger_field_parse(given->field, given->text, rows->names, rows->offset_seconds,
                                rows->import->default_year, &value, error)) {
            return false;
        }
        ledger_input_set(input, given->field, value);
    }
    return true;
}

/* Return the cells without a field as canonical JSON, NULL when all are blank. */
static char *read_extra(const LedgerRowReader *rows, const TableRow *row)
{
    g_auto(JsonWriter) json;
    bool is_empty = true;
    json_writer_init(&json);
    json_write_begin_object(&json);
    for (guint i = 0; i < rows->extra->len; i++) {
        guint index = g_array_index(rows->extra, guint, i);
        const LedgerColumn *column = g_ptr_array_index(rows->import->columns, index);
        bool is_kept = column->field == NULL || rows->are_kept[index];
        if (is_kept && !text_is_blank(row->cells[index].text)) {
            json_write_key_text(&json, column->header, row->cells[index].text);
            is_empty = false;
        }
    }
    json_write_end_object(&json);
    return is_empty ? NULL : json_writer_finish(&json);
}

/* Return the day on which the entry began that @row is, which names in it are of; DATE_NONE where
 * that is not known. */
static Date day_of(const LedgerRowReader *rows, const TableRow *row)
{
    const SchemaField *opened = rows->import->ledger->opened;
    for (guint i = 0; opened != NULL && i < rows->import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(rows->import->columns, i);
        g_auto(Value) value = VALUE_EMPTY;
        bool is_kept = false;
        if (column->field == opened &&
            parse_whole(rows, column, row, &row->cells[i], &value, &is_kept, NULL) &&
            !value_is_empty(&value)) {
            return date_from_us(ledger_value_us(&value, rows->offset_seconds),
                                rows->offset_seconds);
        }
    }
    return DATE_NONE;
}

LedgerInput *ledger_row_read_input(LedgerRowReader *rows, const TableRow *row, LedgerFaultFunc func,
                                   void *data)
{
    GError *fault = NULL;
    if (!table_row_check(row, &fault)) {
        func(row, NULL, fault, data);
        return NULL;
    }
    g_autoptr(LedgerInput) input = ledger_input_new(rows->import->ledger);
    if (rows->has_names) {
        ledger_names_set_day(rows->names, day_of(rows, row));
    }
    bool is_good = read_set(rows, input, &fault);
    if (!is_good) {
        func(row, NULL, g_steal_pointer(&fault), data);
    }
    for (guint i = 0; i < rows->import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(rows->import->columns, i);
        const TableCell *cell = &row->cells[i];
        rows->are_kept[i] = false;
        bool is_read = column->field != NULL && (cell->length > 0 || is_needed(column->field));
        if (!check_cell(cell, &fault) || (is_read && !read_cell(rows, i, row, input, &fault))) {
            func(row, column->header, g_steal_pointer(&fault), data);
            is_good = false;
        }
    }
    input->extra = read_extra(rows, row);
    return is_good ? g_steal_pointer(&input) : NULL;
}
