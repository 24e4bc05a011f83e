/* Rows of a file that are no records. */
#include "ledger/import-internal.h"

#include "base/text.h"
#include "ledger/unique.h"

#define LEFT_CHARS 60       /* of a row that is left out are shown */
#define MAX_LABEL_BYTES 120 /* what is longer labels no row */

/* ---- rows left out --------------------------------------------------------------------------- */

static void free_left_row(gpointer data)
{
    LedgerLeftRow *left = data;
    g_free(left->text);
    g_free(left);
}

GPtrArray *ledger_left_rows_new(void)
{
    return g_ptr_array_new_with_free_func(free_left_row);
}

/* Return the filled cells of @row, cut; the caller owns it. */
static char *show_row(const TableRow *row)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < row->n_cells && out->len < LEFT_CHARS * 8; i++) {
        g_autofree char *cell = text_strip_dup(row->cells[i].text);
        if (*cell != '\0') {
            g_string_append_printf(out, "%s%s", out->len > 0 ? " | " : "", cell);
        }
    }
    if (g_utf8_strlen(out->str, -1) <= LEFT_CHARS) {
        return g_strdup(out->str);
    }
    g_autofree char *cut = g_utf8_substring(out->str, 0, LEFT_CHARS);
    return g_strconcat(cut, "…", NULL);
}

void ledger_left_row_add(GPtrArray *rows, const TableRow *row, bool is_data)
{
    LedgerLeftRow *left = g_new0(LedgerLeftRow, 1);
    *left = (LedgerLeftRow){row->line, show_row(row), is_data};
    g_ptr_array_add(rows, left);
}

void ledger_import_add_aside(LedgerImport *import, const TableRow *row)
{
    import->n_asides++;
    if (import->asides->len < LEDGER_IMPORT_MAX_ASIDES) {
        ledger_left_row_add(import->asides, row, false);
    }
}

/* ---- what a row looks like ------------------------------------------------------------------- */

/* Return whether @text, without blanks and colons, is one of @words. */
static bool is_word(const char *text, const char *const *words)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && c != ':' && c != 0xff1a) {
            g_string_append_unichar(plain, c);
        }
    }
    return g_strv_contains(words, plain->str);
}

/* Return the first filled cell of @row that holds a value of its own, NULL when it has none or more
 * than a label can hold. */
static const TableCell *first_label(const TableRow *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        if (!text_is_blank(row->cells[i].text) && !row->cells[i].is_repeated) {
            return row->cells[i].length <= MAX_LABEL_BYTES ? &row->cells[i] : NULL;
        }
    }
    return NULL;
}

/* Return whether @cell may stand in a row of totals: a number, "共3件", an error, a stroke,
 * nothing, what is merged down from the rows above. */
static bool may_be_total(const TableCell *cell)
{
    const char *at = cell->text + (g_str_has_prefix(cell->text, "共") ? strlen("共") : 0);
    return text_is_blank(cell->text) || g_ascii_isdigit(*at) || *at == '-' || cell->is_repeated ||
           cell->kind == TABLE_CELL_ERROR || ledger_unique_is_stroke(cell->text);
}

/* Return whether the title of the entry that @row would be is a word for totals. */
static bool is_titled_total(const LedgerImport *import, const TableRow *row,
                            const char *const *words)
{
    for (guint i = 0; i < import->columns->len && i < row->n_cells; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field == import->ledger->title && is_word(row->cells[i].text, words)) {
            return true;
        }
    }
    return false;
}

/* Return whether @row holds totals: its title says so, or its first filled cell, and the others
 * look like it. */
static bool is_total(const LedgerImport *import, const TableRow *row)
{
    static const char *const words[] = {"合计",     "总计",     "小计",     "共计",     "总合计",
                                        "本月小计", "本月合计", "本页小计", "本页合计", "平均",
                                        "平均值",   "平均数",   NULL};
    const TableCell *first = first_label(row);
    bool is_so = first != NULL && is_word(first->text, words);
    for (size_t i = is_so ? (size_t)(first - row->cells) + 1 : 0; is_so && i < row->n_cells; i++) {
        is_so = may_be_total(&row->cells[i]);
    }
    return is_so || is_titled_total(import, row, words);
}

/* Return whether @row names the columns once more, as each page of a printed table does. */
static bool is_header_again(const TableReader *reader, const TableRow *row)
{
    size_t n = 0, n_named = 0;
    const char *const *columns = table_reader_columns(reader, &n);
    bool is_so = n > 1;
    for (size_t i = 0; i < row->n_cells && i < n && is_so; i++) {
        is_so = g_str_equal(row->cells[i].text, columns[i]);
        n_named += *columns[i] != '\0' ? 1 : 0;
    }
    return is_so && n_named > 1;
}

/* ---- between header and records -------------------------------------------------------------- */

/* Return whether a record of @import without a day is none, so that a row without one is never
 * lost. */
static bool needs_day(const LedgerImport *import)
{
    return import->ledger->opened != NULL && import->columns->len > 2;
}

/* Return @text without the brackets around it; the caller owns it. */
static char *without_brackets(const char *text)
{
    g_autofree char *narrow = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    g_autofree char *plain = text_strip_dup(narrow != NULL ? narrow : text);
    size_t length = strlen(plain);
    bool is_in = length > 1 && plain[0] == '(' && plain[length - 1] == ')';
    return is_in ? g_strndup(plain + 1, length - 2) : g_steal_pointer(&plain);
}

/* Return whether the cells of @row count the columns: 栏次 1 2 3, 甲 乙 1 2. */
static bool counts_columns(const TableRow *row)
{
    static const char *const labels[] = {"栏次", "序号", "甲", "乙", "丙", "丁", NULL};
    int n = 0;
    for (size_t i = 0; i < row->n_cells; i++) {
        g_autofree char *text = without_brackets(row->cells[i].text);
        g_autofree char *next = g_strdup_printf("%d", n + 1);
        bool is_next = g_str_equal(text, next);
        if (*text != '\0' && !is_next && (n > 0 || !g_strv_contains(labels, text))) {
            return false;
        }
        n += is_next ? 1 : 0;
    }
    return n > 2;
}

/* Return whether all that stands in @row are remarks on the columns: （必填）, 格式：…. */
static bool is_all_remarks(const TableRow *row)
{
    for (size_t i = 0; i < row->n_cells; i++) {
        g_autofree char *text = without_brackets(row->cells[i].text);
        if (*text != '\0' && !ledger_import_is_remark(text)) {
            return false;
        }
    }
    return !table_row_looks_like_data(row);
}

bool ledger_import_is_guide(const LedgerImport *import, const TableRow *row)
{
    static const char *const examples[] = {"例",   "例子",     "示例",     "样例",
                                           "范例", "填写示例", "填报示例", NULL};
    const TableCell *first = first_label(row);
    g_autofree char *label = first != NULL ? without_brackets(first->text) : g_strdup("");
    return needs_day(import) &&
           (is_word(label, examples) || counts_columns(row) || is_all_remarks(row));
}

/* Return whether @text begins as a heading does: 一、, （二）, 第三部分. */
static bool is_heading(const char *text)
{
    g_autoptr(GRegex) heading = g_regex_new("^\\s*(?:第?[一二三四五六七八九十]+(?:、|[.．]|部分|章|"
                                            "类)|[(（][一二三四五六七八九十]+[)）])",
                                            0, 0, NULL);
    return g_regex_match(heading, text, 0, NULL);
}

/* Return whether @row is the heading of the rows below it: one name in one of its first cells, and
 * nothing else. */
static bool is_section(const LedgerImport *import, const TableRow *row)
{
    const TableCell *first = first_label(row);
    size_t index = first != NULL ? (size_t)(first - row->cells) : 0;
    if (!needs_day(import) || first == NULL || index > 1) {
        return false;
    }
    for (size_t i = index + 1; i < row->n_cells; i++) {
        if (!text_is_blank(row->cells[i].text) && !row->cells[i].is_repeated) {
            return false;
        }
    }
    const LedgerColumn *column = g_ptr_array_index(import->columns, index);
    g_autofree char *label = table_text_label(first->text);
    return is_heading(first->text) ||
           (column->field == NULL && label == NULL && !table_text_is_number(first->text) &&
            g_unichar_isalpha(g_utf8_get_char(first->text)));
}

/* ---- below the table ------------------------------------------------------------------------- */

/* Labels of who made a table, and when. */
static const char *const signers[] = {
    "填表人",   "填报人",     "制表人",   "经办人",     "审核人",   "审批人",   "复核人",
    "负责人",   "单位负责人", "分管领导", "主要负责人", "填表单位", "填报单位", "填报日期",
    "填表日期", "制表日期",   "报送日期", "签字",       "盖章",     "单位盖章", NULL};
/* Labels of what is to be said of it. */
static const char *const notes[] = {"注", "备注", "说明", "填表说明", "填报说明", NULL};

/* What the filled cells of a row are. */
typedef struct Labels {
    guint n_filled;
    guint n_labelled;
    guint n_signers;       /* with one of those labels */
    bool begins_with_word; /* the first has one of those labels, or of those of notes */
} Labels;

static Labels read_labels(const TableRow *row)
{
    Labels labels = {0};
    for (size_t i = 0; i < row->n_cells; i++) {
        if (text_is_blank(row->cells[i].text)) {
            continue;
        }
        g_autofree char *label = table_text_label(row->cells[i].text);
        bool is_signer = label != NULL && is_word(label, signers);
        labels.begins_with_word =
            labels.begins_with_word ||
            (labels.n_filled == 0 && (is_signer || (label != NULL && is_word(label, notes))));
        labels.n_filled++;
        labels.n_labelled += label != NULL ? 1 : 0;
        labels.n_signers += is_signer ? 1 : 0;
    }
    return labels;
}

/* Return whether @row says who filled the table in and when, and nothing else: it may stand below
 * each page of a printed table. */
static bool is_signed(const TableRow *row)
{
    Labels labels = read_labels(row);
    return labels.n_signers > 1 && labels.n_signers == labels.n_filled;
}

bool ledger_import_may_be_foot(const TableRow *row)
{
    Labels labels = row->n_cells > 1 ? read_labels(row) : (Labels){0};
    return labels.begins_with_word && labels.n_labelled == labels.n_filled;
}

/* ---- the next record ------------------------------------------------------------------------- */

bool ledger_import_is_aside(const LedgerImport *import, const TableReader *reader,
                            const TableRow *row)
{
    return (import->foot > 0 && row->line >= import->foot) || row->line < import->first ||
           is_total(import, row) || is_signed(row) || is_header_again(reader, row) ||
           is_section(import, row);
}

bool ledger_import_next(const LedgerImport *import, TableReader *reader, TableRow *ret_row,
                        bool *ret_has_row, GError **error)
{
    do {
        if (!table_reader_next(reader, ret_row, ret_has_row, error)) {
            return false;
        }
    } while (*ret_has_row && (!ledger_import_take_gathered(import, ret_row) ||
                              ledger_import_is_aside(import, reader, ret_row)));
    return true;
}
