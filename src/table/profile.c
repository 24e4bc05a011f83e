#include "table/profile.h"

#include "base/text.h"
#include "language/date-spelling.h"
#include "language/number.h"

#define MAX_LOOKED_AT 64U   /* bytes; a longer text is none of all that */
#define SERIAL_2000 36526.0 /* 2000-01-01, as spreadsheets count */
#define SERIAL_2050 54789.0 /* 2050-01-01 */

struct TableProfile {
    int64_t n_rows;
    size_t n_columns;
    TableColumnProfile *columns;
    GHashTable **seen; /* one a column: its values, owned by @texts */
    GStringChunk *texts;
};

/* ---- what a text looks like ------------------------------------------------------------------ */

static bool read_date(const TableCell *cell, bool *ret_has_time)
{
    LanguageDate date;
    if (!language_date_parse(cell->text, 2000, &date, NULL)) {
        return false;
    }
    *ret_has_time = date.has_time;
    return true;
}

static bool is_date(const TableCell *cell)
{
    bool has_time = false;
    return cell->kind == TABLE_CELL_DATE || (read_date(cell, &has_time) && !has_time);
}

static bool is_time(const TableCell *cell)
{
    bool has_time = false;
    return cell->kind == TABLE_CELL_TIME || (read_date(cell, &has_time) && has_time);
}

static bool is_serial(const TableCell *cell)
{
    if (!table_text_is_number(cell->text)) {
        return false;
    }
    double serial = g_ascii_strtod(cell->text, NULL);
    return serial >= SERIAL_2000 && serial < SERIAL_2050;
}

static bool is_number(const TableCell *cell)
{
    LanguageNumber number;
    const char *text = cell->text[0] == '-' ? cell->text + 1 : cell->text;
    return language_number_parse(text, &number, NULL) && number.approximation == LANGUAGE_EXACT &&
           !number.is_percent;
}

static bool has_two_decimals(const char *text)
{
    const char *point = strrchr(text, '.');
    return point != NULL && strspn(point + 1, "0123456789") == 2 && point[3] == '\0';
}

/* "¥1,234.50", "1234元", "3.5万元", "12.00". */
static bool is_money(const TableCell *cell)
{
    static const char *const signs[] = {"¥", "￥", "RMB", "人民币"};
    static const char *const units[] = {"元", "圆", "元整"};
    g_autofree char *text = g_strdup(cell->text);
    const char *begin = text;
    size_t n_marks = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (g_str_has_prefix(begin, signs[i])) {
            begin += strlen(signs[i]);
            n_marks++;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (g_str_has_suffix(begin, units[i])) {
            text[strlen(text) - strlen(units[i])] = '\0';
            n_marks++;
        }
    }
    TableCell bare = {.text = begin, .length = strlen(begin)};
    return (n_marks > 0 || has_two_decimals(begin)) && is_number(&bare);
}

static bool is_yes_no(const TableCell *cell)
{
    static const char *const words[] = {"是", "否", "有", "无",  "对", "错",   "√",
                                        "×",  "✓",  "✗",  "yes", "no", "true", "false",
                                        "y",  "n",  "☑",  "☐",   "✔",  "✘"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(cell->text, words[i]) == 0) {
            return true;
        }
    }
    return cell->kind == TABLE_CELL_BOOL;
}

bool table_text_is_identity(const char *text, size_t length)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    if (length != 18 || strspn(text, "0123456789") < 17) {
        return false;
    }
    int sum = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(weights); i++) {
        sum += (text[i] - '0') * weights[i];
    }
    int day = (text[12] - '0') * 10 + (text[13] - '0');
    int month = (text[10] - '0') * 10 + (text[11] - '0');
    int year =
        (text[6] - '0') * 1000 + (text[7] - '0') * 100 + (text[8] - '0') * 10 + (text[9] - '0');
    return g_ascii_toupper(text[17]) == checks[sum % 11] && year >= 1850 &&
           date_is_valid(year, month, day);
}

static bool is_identity(const TableCell *cell)
{
    return table_text_is_identity(cell->text, cell->length);
}

/* Append the digits of @text to @digits; false when there is anything but digits, spaces, dashes
 * and brackets. */
static bool take_digits(const char *text, size_t length, GString *digits)
{
    for (size_t i = 0; i < length; i++) {
        if (g_ascii_isdigit(text[i])) {
            g_string_append_c(digits, text[i]);
        } else if (strchr(" -()", text[i]) == NULL) {
            return false;
        }
    }
    return true;
}

bool table_text_is_phone(const char *text, size_t length)
{
    g_autoptr(GString) digits = g_string_sized_new(24);
    size_t n_prefix = g_str_has_prefix(text, "+86") ? 3 : 0;
    if (length > 24 || !take_digits(text + n_prefix, length - n_prefix, digits)) {
        return false;
    }
    size_t n = digits->len;
    bool is_mobile = n == 11 && digits->str[0] == '1' && digits->str[1] >= '3';
    bool is_landline = digits->str[0] == '0' && digits->str[1] != '0' && n >= 10 && n <= 12;
    bool is_400 = n == 10 && (digits->str[0] == '4' || digits->str[0] == '8') &&
                  digits->str[1] == '0' && digits->str[2] == '0';
    return is_mobile || is_landline || is_400;
}

static bool is_phone(const TableCell *cell)
{
    return table_text_is_phone(cell->text, cell->length);
}

static bool (*const lookers[TABLE_N_LOOKS])(const TableCell *cell) = {
    [TABLE_LOOK_DATE] = is_date,     [TABLE_LOOK_TIME] = is_time,
    [TABLE_LOOK_SERIAL] = is_serial, [TABLE_LOOK_NUMBER] = is_number,
    [TABLE_LOOK_MONEY] = is_money,   [TABLE_LOOK_YES_NO] = is_yes_no,
    [TABLE_LOOK_PHONE] = is_phone,   [TABLE_LOOK_IDENTITY] = is_identity,
};

/* Return @cell without white space at its ends; its text is owned by *@ret_owner. */
static TableCell strip(const TableCell *cell, char **ret_owner)
{
    *ret_owner = text_strip_dup(cell->text);
    return table_cell_make(cell->kind, *ret_owner);
}

bool table_cell_looks_like(const TableCell *cell, TableLook look)
{
    g_autofree char *owner = NULL;
    TableCell stripped = strip(cell, &owner);
    return stripped.length > 0 && stripped.length <= MAX_LOOKED_AT && lookers[look](&stripped);
}

/* ---- profile --------------------------------------------------------------------------------- */

TableProfile *table_profile_new(size_t n_columns)
{
    TableProfile *profile = g_new0(TableProfile, 1);
    profile->n_columns = n_columns;
    profile->columns = g_new0(TableColumnProfile, MAX(n_columns, 1));
    profile->seen = g_new0(GHashTable *, MAX(n_columns, 1));
    profile->texts = g_string_chunk_new(4096);
    for (size_t i = 0; i < n_columns; i++) {
        profile->seen[i] = g_hash_table_new(g_str_hash, g_str_equal);
    }
    return profile;
}

void table_profile_free(TableProfile *profile)
{
    if (profile != NULL) {
        for (size_t i = 0; i < profile->n_columns; i++) {
            g_hash_table_unref(profile->seen[i]);
        }
        g_free(profile->seen);
        g_free(profile->columns);
        g_string_chunk_free(profile->texts);
        g_free(profile);
    }
}

/* Keep @text, which is cut here behind its last whole character within the limit, unless it is
 * known or there are too many. */
static void keep_value(TableProfile *profile, size_t index, char *text, size_t length)
{
    TableColumnProfile *column = &profile->columns[index];
    if (length > TABLE_MAX_VALUE_BYTES) {
        *g_utf8_find_prev_char(text, text + TABLE_MAX_VALUE_BYTES + 1) = '\0';
    }
    if (column->has_more_values || g_hash_table_contains(profile->seen[index], text)) {
        return;
    }
    if (column->n_values == TABLE_MAX_VALUES) {
        column->has_more_values = true;
        return;
    }
    char *value = g_string_chunk_insert(profile->texts, text);
    column->values[column->n_values++] = value;
    g_hash_table_add(profile->seen[index], value);
}

static void add_cell(TableProfile *profile, size_t index, const TableCell *cell)
{
    TableColumnProfile *column = &profile->columns[index];
    g_autofree char *owner = NULL;
    TableCell stripped = strip(cell, &owner);
    if (stripped.length == 0) {
        column->n_blank++;
        return;
    }
    column->n_filled++;
    column->longest = MAX(column->longest, (size_t)g_utf8_strlen(cell->text, -1));
    for (int look = 0; stripped.length <= MAX_LOOKED_AT && look < TABLE_N_LOOKS; look++) {
        column->n_looks[look] += lookers[look](&stripped) ? 1 : 0;
    }
    keep_value(profile, index, owner, stripped.length);
}

void table_profile_add(TableProfile *profile, const TableRow *row)
{
    static const TableCell empty = {.text = ""};
    profile->n_rows++;
    for (size_t i = 0; i < profile->n_columns; i++) {
        add_cell(profile, i, i < row->n_cells ? &row->cells[i] : &empty);
    }
}

int64_t table_profile_n_rows(const TableProfile *profile)
{
    return profile->n_rows;
}

const TableColumnProfile *table_profile_column(const TableProfile *profile, size_t index)
{
    g_assert(index < profile->n_columns);
    return &profile->columns[index];
}

bool table_column_looks_like(const TableColumnProfile *column, TableLook look)
{
    return column->n_filled > 0 && column->n_looks[look] * 10 >= column->n_filled * 9;
}
