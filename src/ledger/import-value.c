/* Which choice, unit or person a cell means that names none of them. */
#include "ledger/import-internal.h"

#include "base/text.h"
#include "office/person.h"
#include "office/unit.h"

#define MAX_COUNTED 10000 /* different values, of one thread */
#define MIN_GUESS_CHARS 2

/* What a value was said to mean. */
typedef struct Meaning {
    char *name; /* "": nothing: its rows are bad */
    const char *why;
} Meaning;

static void free_meaning(gpointer data)
{
    Meaning *meaning = data;
    g_free(meaning->name);
    g_free(meaning);
}

static void free_value(gpointer data)
{
    LedgerCellValue *value = data;
    g_free(value->text);
    g_free(value->name);
    g_free(value->guess);
    g_free(value);
}

void ledger_import_begin_values(LedgerImport *import)
{
    import->meanings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_meaning);
    import->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    import->values = g_ptr_array_new_with_free_func(free_value);
}

void ledger_import_end_values(LedgerImport *import)
{
    g_hash_table_unref(import->meanings);
    g_hash_table_unref(import->counts);
    g_ptr_array_unref(import->values);
}

bool ledger_import_one_of(const SchemaField *field, SchemaField *ret_one)
{
    static const SchemaFieldKind ones[SCHEMA_N_FIELD_KINDS] = {
        [SCHEMA_FIELD_CHOICE] = SCHEMA_FIELD_CHOICE, [SCHEMA_FIELD_CHOICES] = SCHEMA_FIELD_CHOICE,
        [SCHEMA_FIELD_BOOL] = SCHEMA_FIELD_BOOL,     [SCHEMA_FIELD_UNIT] = SCHEMA_FIELD_UNIT,
        [SCHEMA_FIELD_PERSON] = SCHEMA_FIELD_PERSON, [SCHEMA_FIELD_PEOPLE] = SCHEMA_FIELD_PERSON,
    };
    bool is_one = field != NULL && ones[field->kind] != 0;
    if (is_one) {
        *ret_one = *field;
        ret_one->kind = ones[field->kind];
        ret_one->is_required = false;
    }
    return is_one;
}

/* Return the key of @text in column @index; the caller owns it. */
static char *key_of(guint index, const char *text)
{
    return g_strdup_printf("%u %s", index, text);
}

/* ---- what was said --------------------------------------------------------------------------- */

/* Find the column whose header @word begins with, before a colon; *@ret_rest is what is behind
 * that.  -1: none. */
static int find_column(const LedgerImport *import, const char *word, const char **ret_rest)
{
    int found = -1;
    size_t longest = 0;
    for (guint i = 0; i < import->columns->len; i++) {
        const char *header = ((const LedgerColumn *)g_ptr_array_index(import->columns, i))->header;
        size_t length = strlen(header);
        if (g_str_has_prefix(word, header) && word[length] == ':' &&
            (found < 0 || length > longest)) {
            found = (int)i;
            longest = length;
        }
    }
    *ret_rest = found >= 0 ? word + longest + 1 : word;
    return found;
}

bool ledger_import_mean(LedgerImport *import, guint index, const char *text, const char *name,
                        const char *why, LedgerNames *names, GError **error)
{
    const LedgerColumn *column = g_ptr_array_index(import->columns, index);
    g_auto(Value) value = VALUE_EMPTY;
    SchemaField one;
    if (!ledger_import_one_of(column->field, &one)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the column '%s' fills no field of choices, units or people", column->header);
        return false;
    }
    if (!ledger_field_parse(&one, name, names, 0, 0, &value, error)) {
        error_prefix(error, "'%s' of '%s'", text, column->header);
        return false;
    }
    g_autofree char *plain = text_strip_dup(text);
    g_autofree char *key = key_of(index, plain);
    if (!g_hash_table_contains(import->meanings, key)) {
        Meaning *meaning = g_new0(Meaning, 1);
        *meaning = (Meaning){g_strdup(name), why};
        g_hash_table_insert(import->meanings, g_steal_pointer(&key), meaning);
    }
    return true;
}

bool ledger_import_take_values(LedgerImport *import, const char *const *values,
                               StoreConnection *connection, GError **error)
{
    g_autoptr(LedgerNames) names = ledger_names_new(connection);
    for (size_t i = 0; values != NULL && values[i] != NULL; i++) {
        const char *rest = NULL;
        int index = find_column(import, values[i], &rest);
        const char *equals = strrchr(rest, '=');
        if (index < 0 || equals == NULL) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' is not HEADER:VALUE=NAME, with the header of a column of the file",
                      values[i]);
            return false;
        }
        g_autofree char *text = g_strndup(rest, (gsize)(equals - rest));
        if (!ledger_import_mean(import, (guint)index, text, equals + 1, "given", names, error)) {
            return false;
        }
    }
    return true;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Return the values that @text holds for @field, which is a list or one; the caller owns them. */
static char **split(const SchemaField *field, const char *text)
{
    bool is_list = field->kind == SCHEMA_FIELD_CHOICES || field->kind == SCHEMA_FIELD_PEOPLE;
    char *one[] = {(char *)text, NULL};
    char **parts = is_list ? g_regex_split_simple("[、，,;；\\n\\r]+", text, 0, 0) : g_strdupv(one);
    for (size_t i = 0; parts[i] != NULL; i++) {
        g_strstrip(parts[i]);
    }
    return parts;
}

/* Count the value @key once more. */
static void count(GHashTable *counts, const char *key, int64_t n)
{
    int64_t *counted = g_hash_table_lookup(counts, key);
    if (counted == NULL && g_hash_table_size(counts) < MAX_COUNTED) {
        counted = g_new0(int64_t, 1);
        g_hash_table_insert(counts, g_strdup(key), counted);
    }
    if (counted != NULL) {
        *counted += n;
    }
}

char *ledger_row_meaning(LedgerRowReader *rows, guint index, const char *text)
{
    const LedgerColumn *column = g_ptr_array_index(rows->import->columns, index);
    SchemaField one;
    if (g_hash_table_size(rows->import->meanings) == 0 ||
        !ledger_import_one_of(column->field, &one)) {
        return NULL;
    }
    bool is_meant = false;
    g_auto(GStrv) parts = split(column->field, text);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; parts[i] != NULL; i++) {
        g_autofree char *key = key_of(index, parts[i]);
        const Meaning *meaning = g_hash_table_lookup(rows->import->meanings, key);
        bool is_told = meaning != NULL && *meaning->name != '\0';
        if (meaning != NULL) {
            count(rows->counts, key, 1);
        }
        is_meant = is_meant || is_told;
        g_string_append(out, i > 0 ? "、" : "");
        g_string_append(out, is_told ? meaning->name : parts[i]);
    }
    return is_meant ? g_string_free(g_steal_pointer(&out), false) : NULL;
}

void ledger_row_note_unknown(LedgerRowReader *rows, guint index, const TableCell *cell)
{
    const LedgerColumn *column = g_ptr_array_index(rows->import->columns, index);
    SchemaField one;
    if (cell->kind == TABLE_CELL_ERROR || !ledger_import_one_of(column->field, &one)) {
        return;
    }
    g_auto(GStrv) parts = split(column->field, cell->text);
    for (size_t i = 0; parts[i] != NULL; i++) {
        g_auto(Value) value = VALUE_EMPTY;
        g_autofree char *key = key_of(index, parts[i]);
        if (*parts[i] != '\0' && !g_hash_table_contains(rows->import->meanings, key) &&
            !ledger_field_parse(column->field, parts[i], rows->names, rows->offset_seconds, 0,
                                &value, NULL)) {
            count(rows->counts, key, 1);
        }
    }
}

void ledger_import_add_counts(LedgerImport *import, GHashTable *counts)
{
    GHashTableIter iter;
    gpointer key = NULL, n = NULL;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &key, &n)) {
        count(import->counts, key, *(const int64_t *)n);
    }
}

/* ---- guesses --------------------------------------------------------------------------------- */

/* One that a value may mean. */
typedef struct Candidate {
    int64_t id;   /* 0: a choice */
    char *name;   /* as a field takes it */
    char *called; /* folded */
} Candidate;

static void free_candidate(gpointer data)
{
    Candidate *candidate = data;
    g_free(candidate->name);
    g_free(candidate->called);
    g_free(candidate);
}

/* Return @text without case, width and blanks; the caller owns it. */
static char *fold(const char *text)
{
    g_autofree char *narrow = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    g_autofree char *lower = g_utf8_casefold(narrow != NULL ? narrow : "", -1);
    GString *out = g_string_new(NULL);
    for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
        if (!g_unichar_isspace(g_utf8_get_char(p))) {
            g_string_append_unichar(out, g_utf8_get_char(p));
        }
    }
    return g_string_free(out, false);
}

static void add_candidate(GPtrArray *candidates, int64_t id, const char *name, const char *called)
{
    if (called != NULL && g_utf8_strlen(called, -1) >= MIN_GUESS_CHARS) {
        Candidate *candidate = g_new0(Candidate, 1);
        *candidate = (Candidate){id, g_strdup(name), fold(called)};
        g_ptr_array_add(candidates, candidate);
    }
}

static void add_choices(GPtrArray *candidates, const SchemaField *field)
{
    for (guint i = 0; i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        add_candidate(candidates, 0, choice->name, choice->words.zh);
        add_candidate(candidates, 0, choice->name, choice->words.en);
        for (guint j = 0; choice->aliases != NULL && j < choice->aliases->len; j++) {
            add_candidate(candidates, 0, choice->name, g_ptr_array_index(choice->aliases, j));
        }
    }
}

/* Add the units or people, as @one takes them, that are there on @day. */
static bool add_those_there(GPtrArray *candidates, const SchemaField *one,
                            StoreConnection *connection, Date day, GError **error)
{
    bool is_unit = one->kind == SCHEMA_FIELD_UNIT;
    g_autoptr(GPtrArray) there = is_unit ? office_unit_list(connection, day, error)
                                         : office_person_list(connection, day, error);
    for (guint i = 0; there != NULL && i < there->len; i++) {
        const OfficeUnit *unit = is_unit ? g_ptr_array_index(there, i) : NULL;
        const OfficePerson *person = is_unit ? NULL : g_ptr_array_index(there, i);
        const char *name = is_unit ? unit->name : person->name;
        add_candidate(candidates, is_unit ? unit->id : person->id, name, name);
    }
    return there != NULL;
}

/* Return the one of @candidates whose words hold @text, or stand in it, as a field takes it; NULL:
 * none, or several.  The caller owns it. */
static char *guess(const GPtrArray *candidates, const char *text)
{
    const Candidate *found = NULL;
    bool is_one = true;
    g_autofree char *folded = fold(text);
    for (guint i = 0; g_utf8_strlen(folded, -1) >= MIN_GUESS_CHARS && i < candidates->len; i++) {
        const Candidate *candidate = g_ptr_array_index(candidates, i);
        if (strstr(candidate->called, folded) != NULL ||
            strstr(folded, candidate->called) != NULL) {
            is_one = is_one && (found == NULL || (found->id == candidate->id &&
                                                  g_str_equal(found->name, candidate->name)));
            found = candidate;
        }
    }
    return is_one && found != NULL ? g_strdup(found->name) : NULL;
}

/* Guess what those of the values of @column that nobody said may mean. */
static bool guess_column(LedgerImport *import, const LedgerColumn *column,
                         StoreConnection *connection, Date day, GError **error)
{
    g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(free_candidate);
    SchemaField one = {.kind = SCHEMA_FIELD_BOOL};
    ledger_import_one_of(column->field, &one);
    if (one.kind == SCHEMA_FIELD_CHOICE) {
        add_choices(candidates, &one);
    } else if (one.kind != SCHEMA_FIELD_BOOL &&
               !add_those_there(candidates, &one, connection, day, error)) {
        return false;
    }
    for (guint i = 0; i < import->values->len; i++) {
        LedgerCellValue *value = g_ptr_array_index(import->values, i);
        if (value->column == column && value->name == NULL) {
            value->guess = guess(candidates, value->text);
        }
    }
    return true;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static int compare_values(const void *a, const void *b)
{
    const LedgerCellValue *left = *(LedgerCellValue *const *)a;
    const LedgerCellValue *right = *(LedgerCellValue *const *)b;
    return left->n_rows != right->n_rows ? (left->n_rows > right->n_rows ? -1 : 1)
                                         : strcmp(left->text, right->text);
}

/* Leave LEDGER_IMPORT_MAX_VALUES of the values that nobody said, the first. */
static void cut_values(LedgerImport *import)
{
    guint n_kept = 0;
    int64_t n_open = 0;
    for (guint i = 0; i < import->values->len; i++) {
        LedgerCellValue *value = g_ptr_array_index(import->values, i);
        bool is_open = value->name == NULL;
        n_open += is_open ? 1 : 0;
        if (is_open && n_open > LEDGER_IMPORT_MAX_VALUES) {
            import->n_values_left++;
            free_value(value);
        } else {
            import->values->pdata[n_kept++] = value;
        }
    }
    import->values->len = n_kept;
}

bool ledger_import_settle_values(LedgerImport *import, StoreConnection *connection, Date day,
                                 GError **error)
{
    GHashTableIter iter;
    gpointer key = NULL, n = NULL;
    g_hash_table_iter_init(&iter, import->counts);
    while (g_hash_table_iter_next(&iter, &key, &n)) {
        char *text = NULL;
        guint index = (guint)g_ascii_strtoull(key, &text, 10);
        const Meaning *meaning = g_hash_table_lookup(import->meanings, key);
        LedgerCellValue *value = g_new0(LedgerCellValue, 1);
        value->column = g_ptr_array_index(import->columns, index);
        value->text = g_strdup(text + 1);
        value->n_rows = *(const int64_t *)n;
        value->name = meaning != NULL ? g_strdup(meaning->name) : NULL;
        value->why = meaning != NULL ? meaning->why : NULL;
        g_ptr_array_add(import->values, value);
    }
    g_ptr_array_sort(import->values, compare_values);
    cut_values(import);
    bool is_ok = true;
    for (guint i = 0; i < import->columns->len && is_ok; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        bool is_asked = false;
        for (guint j = 0; j < import->values->len && !is_asked; j++) {
            is_asked =
                ((const LedgerCellValue *)g_ptr_array_index(import->values, j))->column == column;
        }
        is_ok = !is_asked || guess_column(import, column, connection, day, error);
    }
    return is_ok;
}

bool ledger_import_has_guess(const LedgerImport *import)
{
    bool has_guess = false;
    for (guint i = 0; i < import->values->len && !has_guess; i++) {
        has_guess = ((const LedgerCellValue *)g_ptr_array_index(import->values, i))->guess != NULL;
    }
    return has_guess;
}
