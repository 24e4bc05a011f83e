#include "table/cell.h"

#include "base/text.h"

TableCell table_cell_make(TableCellKind kind, const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    return (TableCell){.text = length > 0 ? text : "",
                       .length = length,
                       .kind = length > 0 ? kind : TABLE_CELL_EMPTY};
}

bool table_row_check(const TableRow *row, GError **error)
{
    if (row->n_given > row->n_cells) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the row has %zu {cell|cells}, the table %zu {column|columns}", row->n_given,
                  row->n_cells);
        return false;
    }
    if (row->is_foreign) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the row is not in GB18030 as the file is, but in UTF-8, so that it would be read"
                  " as other words; save the tables that were joined as UTF-8 each, and join them"
                  " anew");
        return false;
    }
    return true;
}

char *table_text_label(const char *text)
{
    const char *wide = strstr(text, "：");
    const char *colon = wide != NULL ? wide : strchr(text, ':');
    const char *behind = colon != NULL ? g_utf8_next_char(colon) : NULL;
    bool has_letter = false;
    if (colon == NULL || (colon > text && g_ascii_isdigit(colon[-1]) && g_ascii_isdigit(*behind))) {
        return NULL;
    }
    for (const char *at = text; at < colon && !has_letter; at = g_utf8_next_char(at)) {
        has_letter = g_unichar_isalpha(g_utf8_get_char(at));
    }
    return has_letter ? g_strndup(text, (gsize)(colon - text)) : NULL;
}

bool table_text_is_number(const char *text)
{
    const char *at = text[0] == '-' ? text + 1 : text;
    size_t n_whole = strspn(at, "0123456789");
    at += n_whole;
    if (n_whole > 0 && at[0] == '.') {
        size_t n_fraction = strspn(at + 1, "0123456789");
        at += 1 + n_fraction;
        n_whole = n_fraction;
    }
    return n_whole > 0 && *at == '\0';
}

int table_number_digits(const char *text)
{
    int n_digits = 0, n_zeros = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '0') {
            n_zeros += n_digits > 0 ? 1 : 0;
        } else if (g_ascii_isdigit(*at)) {
            n_digits += n_zeros + 1;
            n_zeros = 0;
        }
    }
    return n_digits;
}

bool table_text_is_formula(const char *text)
{
    static const char *const beginnings[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                             "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        size_t length = strlen(beginnings[i]);
        if (strncmp(text, beginnings[i], length) == 0) {
            return text[length] != '\0' && !table_text_is_number(text);
        }
    }
    return false;
}

char *table_column_letters(size_t index)
{
    char letters[16];
    size_t at = sizeof letters - 1;
    letters[at] = '\0';
    for (size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
        letters[--at] = (char)('A' + (rest - 1) % 26);
    }
    return g_strdup(letters + at);
}

char **table_unique_names(const char *const *names, size_t n_names)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    char **unique = g_new0(char *, n_names + 1);
    for (size_t i = 0; i < n_names; i++) {
        g_autofree char *name =
            text_is_blank(names[i]) ? table_column_letters(i) : text_strip_dup(names[i]);
        unique[i] = g_strdup(name);
        for (int n = 2; g_hash_table_contains(seen, unique[i]); n++) {
            g_free(unique[i]);
            unique[i] = g_strdup_printf("%s (%d)", name, n);
        }
        g_hash_table_add(seen, unique[i]);
    }
    return unique;
}
