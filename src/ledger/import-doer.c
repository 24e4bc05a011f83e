/* Who did the steps that a row brings, where the table names them. */
#include "ledger/import-internal.h"

#include "base/json.h"
#include "ledger/unique.h"

/* ---- which columns --------------------------------------------------------------------------- */

/* Return whether @header is "@words人", or "@words人员". */
static bool is_doer_of(const char *words, const char *header)
{
    static const char *const ends[] = {"人", "人员", NULL};
    bool is_so = false;
    for (size_t i = 0; words != NULL && ends[i] != NULL && !is_so; i++) {
        g_autofree char *name = g_strconcat(words, ends[i], NULL);
        is_so = ledger_import_is_named(name, header);
    }
    return is_so;
}

static bool names_doer(const SchemaStep *step, const char *header)
{
    bool is_so = is_doer_of(step->words.zh, header);
    for (guint i = 0; i < step->who->len && !is_so; i++) {
        is_so = ledger_import_is_named(g_ptr_array_index(step->who, i), header);
    }
    return is_so;
}

static bool is_taken(const LedgerImport *import, const SchemaStep *step)
{
    for (guint i = 0; i < import->columns->len; i++) {
        if (((const LedgerColumn *)g_ptr_array_index(import->columns, i))->step == step) {
            return true;
        }
    }
    return false;
}

void ledger_import_map_doers(LedgerImport *import)
{
    for (guint i = 0; i < import->ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(import->ledger->steps, i);
        for (guint j = 0; j < import->columns->len && !is_taken(import, step); j++) {
            LedgerColumn *column = g_ptr_array_index(import->columns, j);
            if (column->why == NULL && names_doer(step, column->header)) {
                column->step = step;
                column->why = g_strdup("doer");
            }
        }
    }
}

const char *ledger_column_target(const LedgerColumn *column)
{
    return column->field != NULL ? column->field->name
                                 : (column->step != NULL ? column->step->name : "");
}

/* ---- what they say --------------------------------------------------------------------------- */

/* Return @name as names are compared: without blanks, width, what stands in brackets and 同志; the
 * caller owns it. */
static char *plain_name(const char *name)
{
    g_autofree char *narrow = g_utf8_normalize(name, -1, G_NORMALIZE_NFKC);
    GString *plain = g_string_new(NULL);
    for (const char *p = narrow != NULL ? narrow : ""; *p != '\0' && *p != '(';
         p = g_utf8_next_char(p)) {
        if (!g_unichar_isspace(g_utf8_get_char(p))) {
            g_string_append_unichar(plain, g_utf8_get_char(p));
        }
    }
    if (g_str_has_suffix(plain->str, "同志")) {
        g_string_truncate(plain, plain->len - strlen("同志"));
    }
    return g_string_free(plain, false);
}

/* Add the people whom @text names to @names. Blanks stand between names, or, 张 三, within one. */
static void add_names(GPtrArray *names, const char *text)
{
    g_auto(GStrv) parts = g_regex_split_simple("[、，,;；/／\\n\\r]+", text, 0, 0);
    for (int i = 0; parts[i] != NULL; i++) {
        g_auto(GStrv) words = g_regex_split_simple("[\\s\\x{3000}]+", g_strstrip(parts[i]), 0, 0);
        bool is_one = false;
        for (int j = 0; words[j] != NULL; j++) {
            is_one = is_one || g_utf8_strlen(words[j], -1) == 1;
        }
        const char *const whole[] = {parts[i], NULL};
        const char *const *each = is_one ? whole : (const char *const *)words;
        for (int j = 0; each[j] != NULL; j++) {
            char *name = ledger_unique_says_nothing(each[j]) ? NULL : plain_name(each[j]);
            if (name != NULL && *name != '\0') {
                g_ptr_array_add(names, name);
            } else {
                g_free(name);
            }
        }
    }
}

/* Return the people whom @row names as doers of @step, of char*; unref it. */
static GPtrArray *doers_of(const LedgerImport *import, const TableRow *row, const SchemaStep *step,
                           const LedgerColumn **ret_column)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < import->columns->len && i < row->n_cells; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->step == step) {
            add_names(names, row->cells[i].text);
            *ret_column = column;
        }
    }
    return names;
}

/* Return whether @a and @b are names of one person: 张三 and 张三#12 are, 张三#11 and 张三#12 are
 * two. */
static bool is_same_person(const char *a, const char *b)
{
    size_t length = strcspn(a, "#");
    return length == strcspn(b, "#") && strncmp(a, b, length) == 0 &&
           (a[length] == '\0' || b[length] == '\0' || g_str_equal(a, b));
}

/* Return the first of @names that is one of @others too; NULL: none. */
static const char *find_both(const GPtrArray *names, const GPtrArray *others)
{
    for (guint i = 0; i < names->len; i++) {
        for (guint j = 0; j < others->len; j++) {
            if (is_same_person(g_ptr_array_index(names, i), g_ptr_array_index(others, j))) {
                return g_ptr_array_index(names, i);
            }
        }
    }
    return NULL;
}

bool ledger_import_names_doer(const LedgerEntry *entry, const SchemaStep *step, const char *person)
{
    g_autoptr(json_t) extra =
        entry->extra != NULL ? json_parse(entry->extra, strlen(entry->extra), NULL) : NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *plain = plain_name(person);
    const char *header = NULL;
    json_t *cell = NULL;
    bool is_named = false;
    json_object_foreach(extra, header, cell)
    {
        if (json_is_string(cell) && names_doer(step, header)) {
            add_names(names, json_string_value(cell));
        }
    }
    for (guint i = 0; i < names->len && !is_named; i++) {
        is_named = is_same_person(g_ptr_array_index(names, i), plain);
    }
    return is_named;
}

/* Refuse the doers of @step who did @earlier too, where it is not for them. */
static bool check_pair(const LedgerImport *import, const TableRow *row, const SchemaStep *step,
                       const SchemaStep *earlier, const LedgerColumn **ret_column, GError **error)
{
    if (!g_ptr_array_find_with_equal_func(step->not_by, earlier->name, g_str_equal, NULL)) {
        return true;
    }
    const LedgerColumn *column = NULL;
    g_autoptr(GPtrArray) before = doers_of(import, row, earlier, &column);
    g_autoptr(GPtrArray) doers = doers_of(import, row, step, &column);
    const char *both = find_both(doers, before);
    if (both != NULL) {
        *ret_column = column;
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is named for '%s' and for '%s', which are never done by one person", both,
                  earlier->words.name, step->words.name);
    }
    return both == NULL;
}

bool ledger_import_check_doers(const LedgerImport *import, const TableRow *row,
                               const LedgerPrepared *prepared, const LedgerColumn **ret_column,
                               GError **error)
{
    for (guint i = 1; i < prepared->steps->len; i++) {
        const SchemaStep *step = g_array_index(prepared->steps, LedgerBroughtStep, i).step;
        for (guint j = 0; j < i; j++) {
            const SchemaStep *earlier = g_array_index(prepared->steps, LedgerBroughtStep, j).step;
            if (!check_pair(import, row, step, earlier, ret_column, error)) {
                return false;
            }
        }
    }
    return true;
}
