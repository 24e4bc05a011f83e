/* Rows that differ only in the people who took part, made one. */
#include "ledger/import-internal.h"

#include "base/text.h"

/* Rows that say the same of everything else. */
typedef struct Group {
    int64_t first;    /* row of the first */
    GPtrArray *cells; /* of char*: what each says of the people, each once */
    guint n_rows;
} Group;

struct LedgerGathering {
    guint column;       /* that of the people */
    GHashTable *groups; /* a hash of all else -> Group */
    GHashTable *rows;   /* int64_t* row -> Group */
    TableCell *room;    /* the cells of the row that was made last */
    char *text;         /* and its people */
};

static void free_group(gpointer data)
{
    Group *group = data;
    g_ptr_array_unref(group->cells);
    g_free(group);
}

void ledger_gathering_free(LedgerGathering *gathering)
{
    if (gathering != NULL) {
        g_hash_table_unref(gathering->rows);
        g_hash_table_unref(gathering->groups);
        g_free(gathering->room);
        g_free(gathering->text);
        g_free(gathering);
    }
}

/* Return the column of @import that fills a field of several people; -1: there is none. */
static int find_people(const LedgerImport *import)
{
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field != NULL && column->field->kind == SCHEMA_FIELD_PEOPLE) {
            return (int)i;
        }
    }
    return -1;
}

/* Return whether @row says what its entry is called and who took part: an empty cell is no
 * agreement. */
static bool is_part(const LedgerImport *import, guint people, const TableRow *row)
{
    bool has_title = false;
    for (guint i = 0; i < import->columns->len && i < row->n_cells; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        has_title = has_title ||
                    (column->field == import->ledger->title && !text_is_blank(row->cells[i].text));
    }
    return has_title && people < row->n_cells && !text_is_blank(row->cells[people].text);
}

/* Return what @row says in its cells but for those of people, and those that count the rows; the
 * caller owns it. */
static char *key_of(const LedgerImport *import, guint people, const TableRow *row)
{
    CryptoHash hash;
    uint8_t bytes[CRYPTO_HASH_SIZE];
    crypto_hash_init(&hash);
    for (guint i = 0; i < import->columns->len && i < row->n_cells; i++) {
        if (i != people && !ledger_column_is_counter(g_ptr_array_index(import->columns, i))) {
            crypto_hash_update(&hash, row->cells[i].text, row->cells[i].length + 1);
        }
    }
    crypto_hash_finish(&hash, bytes);
    return text_to_hex(bytes, sizeof bytes);
}

/* Add @row to its group in @groups, "key" -> Group, which begins with it if there is none. */
static Group *add_row(GHashTable *groups, char *key, const TableRow *row, const TableCell *people)
{
    Group *group = g_hash_table_lookup(groups, key);
    if (group == NULL) {
        group = g_new0(Group, 1);
        group->first = row->line;
        group->cells = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(groups, key, group);
    } else {
        g_free(key);
    }
    if (!g_ptr_array_find_with_equal_func(group->cells, people->text, g_str_equal, NULL)) {
        g_ptr_array_add(group->cells, g_strndup(people->text, people->length));
    }
    group->n_rows++;
    return group;
}

/* Note in @gathering the rows of @reader that say who took part. */
static bool read_groups(LedgerGathering *gathering, const LedgerImport *import, TableReader *reader,
                        GError **error)
{
    TableRow row;
    bool has_row = true;
    while (has_row) {
        if (!table_reader_next(reader, &row, &has_row, error)) {
            return false;
        }
        if (has_row && !ledger_import_is_aside(import, reader, &row) &&
            is_part(import, gathering->column, &row)) {
            Group *group = add_row(gathering->groups, key_of(import, gathering->column, &row), &row,
                                   &row.cells[gathering->column]);
            g_hash_table_insert(gathering->rows, g_memdup2(&row.line, sizeof row.line), group);
        }
    }
    return table_reader_rewind(reader, error);
}

bool ledger_import_gather(LedgerImport *import, TableReader *reader, GError **error)
{
    int people = find_people(import);
    if (people < 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "no column fills a field of '%s' that takes several people, so there is nobody "
                  "to gather; name one: --map HEADER=FIELD",
                  import->ledger->words.name);
        return false;
    }
    LedgerGathering *gathering = g_new0(LedgerGathering, 1);
    gathering->column = (guint)people;
    gathering->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_group);
    gathering->rows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    import->gathering = gathering;
    if (!read_groups(gathering, import, reader, error)) {
        return false;
    }
    GHashTableIter iter;
    gpointer found = NULL;
    g_hash_table_iter_init(&iter, gathering->groups);
    while (g_hash_table_iter_next(&iter, NULL, &found)) {
        const Group *group = found;
        import->n_gathered += group->n_rows > 1 ? group->n_rows : 0;
        import->n_gatherings += group->n_rows > 1 ? 1 : 0;
    }
    return true;
}

bool ledger_import_take_gathered(const LedgerImport *import, TableRow *row)
{
    LedgerGathering *gathering = import->gathering;
    const Group *group =
        gathering != NULL ? g_hash_table_lookup(gathering->rows, &row->line) : NULL;
    if (group == NULL || group->n_rows == 1) {
        return true;
    }
    if (group->first != row->line) {
        return false;
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < group->cells->len; i++) {
        g_string_append(text, i > 0 ? "、" : "");
        g_string_append(text, g_ptr_array_index(group->cells, i));
    }
    g_free(gathering->text);
    g_free(gathering->room);
    gathering->text = g_string_free(text, false);
    gathering->room = g_memdup2(row->cells, row->n_cells * sizeof(TableCell));
    gathering->room[gathering->column] = table_cell_make(TABLE_CELL_TEXT, gathering->text);
    row->cells = gathering->room;
    return true;
}
