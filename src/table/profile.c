#include "table/profile.h"

#include "base/text.h"
#include "language/date-spelling.h"
#include "language/identity.h"

#define MAX_LOOKED_AT 64U /* bytes; a longer text is none of all that */
#define LOOK_BIT(look) (1U << (look))

struct TableProfile {
    size_t n_columns;
    TableColumnProfile *columns;
    GHashTable **seen;   /* one a column: each of its values -> what it looks like */
    GStringChunk *texts; /* owns the values */
};

/* ---- what a text looks like ------------------------------------------------------------------ */

/* Return the bit of DATE or TIME, or 0. */
static unsigned look_for_day(const TableCell *cell)
{
    LanguageDate date = {.has_time = cell->kind == TABLE_CELL_TIME};
    bool is_day = cell->kind == TABLE_CELL_DATE || cell->kind == TABLE_CELL_TIME ||
                  language_date_parse(cell->text, 2000, &date, NULL);
    return is_day ? LOOK_BIT(date.has_time ? TABLE_LOOK_TIME : TABLE_LOOK_DATE) : 0;
}

/* Return the bits of all that @cell, which has no white space at its ends, looks like. */
static unsigned find_looks(const TableCell *cell)
{
    if (cell->length == 0 || cell->length > MAX_LOOKED_AT) {
        return 0;
    }
    unsigned looks = look_for_day(cell);
    looks |= language_is_phone(cell->text) ? LOOK_BIT(TABLE_LOOK_PHONE) : 0;
    looks |= language_is_identity(cell->text) ? LOOK_BIT(TABLE_LOOK_IDENTITY) : 0;
    return looks;
}

/* Return @cell without white space at its ends; its text is owned by *@ret_owner. */
static TableCell strip(const TableCell *cell, char **ret_owner)
{
    *ret_owner = text_strip_dup(cell->text);
    return table_cell_make(cell->kind, *ret_owner);
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

/* Keep @cell, whose text is cut here behind its last whole character within the limit, with its
 * @looks, unless there are too many. */
static void keep_value(TableProfile *profile, size_t index, char *text, unsigned looks)
{
    TableColumnProfile *column = &profile->columns[index];
    if (strlen(text) > TABLE_MAX_VALUE_BYTES) {
        *g_utf8_find_prev_char(text, text + TABLE_MAX_VALUE_BYTES + 1) = '\0';
        if (g_hash_table_contains(profile->seen[index], text)) {
            return;
        }
    }
    if (column->n_values == TABLE_MAX_VALUES) {
        column->has_more_values = true;
        return;
    }
    char *value = g_string_chunk_insert(profile->texts, text);
    column->values[column->n_values++] = value;
    g_hash_table_insert(profile->seen[index], value, GUINT_TO_POINTER(looks));
}

static void add_cell(TableProfile *profile, size_t index, const TableCell *cell)
{
    TableColumnProfile *column = &profile->columns[index];
    g_autofree char *owner = NULL;
    TableCell stripped = strip(cell, &owner);
    if (stripped.length == 0) {
        return;
    }
    column->n_filled++;
    gpointer known = NULL;
    unsigned looks;
    if (g_hash_table_lookup_extended(profile->seen[index], owner, NULL, &known)) {
        looks = GPOINTER_TO_UINT(known);
    } else {
        looks = find_looks(&stripped);
        keep_value(profile, index, owner, looks);
    }
    for (int look = 0; look < TABLE_N_LOOKS; look++) {
        column->n_looks[look] += (looks & LOOK_BIT(look)) != 0 ? 1 : 0;
    }
}

void table_profile_add(TableProfile *profile, const TableRow *row)
{
    static const TableCell empty = {.text = ""};
    for (size_t i = 0; i < profile->n_columns; i++) {
        add_cell(profile, i, i < row->n_cells ? &row->cells[i] : &empty);
    }
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
