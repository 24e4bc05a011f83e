/* Which column is which field. */
#include "ledger/import-internal.h"

#include "base/text.h"
#include "language/number.h"
#include "ledger/assignment.h"
#include "table/profile.h"

#define SAMPLE_ROWS 500
#define MAX_NAME_BYTES 240 /* of a cell that may name a column */

/* Return @text behind what numbers it: "1、", "2.", "(三)", "③"; @text where nothing does. */
static const char *skip_number(const char *text)
{
    const char *at = text;
    gunichar c = g_utf8_get_char(at);
    bool is_sign = c != 0 && g_unichar_type(c) == G_UNICODE_OTHER_NUMBER; /* ③, ⑴, ㈠ */
    bool is_open = c == '(' || c == 0xff08;
    at = is_sign || is_open ? g_utf8_next_char(at) : at;
    size_t length = is_sign ? 0 : language_number_run(at);
    at += length;
    c = g_utf8_get_char(at);
    bool is_closed = is_open ? c == ')' || c == 0xff09 : c == 0x3001 || c == '.' || c == 0xff0e;
    at = is_closed ? g_utf8_next_char(at) : at;
    return (is_sign || (length > 0 && is_closed)) && *at != '\0' ? at : text;
}

/* Return @header without case and width, and without a number before it; the caller owns it. */
static char *fold(const char *header)
{
    g_autofree char *plain = text_strip_dup(header);
    g_autofree char *narrow = g_utf8_normalize(skip_number(plain), -1, G_NORMALIZE_NFKC);
    return g_utf8_casefold(narrow != NULL ? narrow : "", -1);
}

/* Return what stands in the brackets of @folded, up to its end; the caller owns it. */
static char *bracket_of(const char *folded)
{
    const char *begin = strchr(folded, '(');
    return begin != NULL ? g_strndup(begin + 1, strcspn(begin + 1, ")")) : g_strdup("");
}

/* Return @header as it is compared: without case, width, white space, a number before it and a
 * colon behind it, and a remark in brackets at its end when @is_short.  Brackets that make it
 * another column, （上年）, stay.  The caller owns it.
 */
static char *simplify(const char *header, bool is_short)
{
    g_autofree char *lower = fold(header);
    char *bracket = is_short ? strchr(lower, '(') : NULL;
    g_autofree char *remark = bracket_of(lower);
    if (bracket != NULL && bracket != lower && ledger_import_is_remark(remark)) {
        *bracket = '\0';
    }
    GString *out = g_string_new(NULL);
    for (const char *p = lower; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && c != '*' && c != '_' && c != 0xfeff) {
            g_string_append_unichar(out, c);
        }
    }
    if (g_str_has_suffix(out->str, ":")) {
        g_string_truncate(out, out->len - strlen(":"));
    }
    return g_string_free(out, false);
}

/* ---- by name --------------------------------------------------------------------------------- */

static bool is_same(const char *text, const char *header, bool is_short)
{
    g_autofree char *left = text != NULL ? simplify(text, false) : NULL;
    g_autofree char *right = simplify(header, is_short);
    return left != NULL && *right != '\0' && g_str_equal(left, right);
}

bool ledger_import_is_named(const char *name, const char *header)
{
    return is_same(name, header, true);
}

/* Return how well @header names @field: 0 by its own names, 1, 2, … by the other names that it has,
 * of which the first is the best; -1 when it does not. */
static int rank_by(const SchemaField *field, const char *header, bool is_short)
{
    if (is_same(field->name, header, is_short) || is_same(field->words.zh, header, is_short) ||
        is_same(field->words.en, header, is_short)) {
        return 0;
    }
    for (guint i = 0; i < field->aliases->len; i++) {
        if (is_same(g_ptr_array_index(field->aliases, i), header, is_short)) {
            return (int)i + 1;
        }
    }
    return -1;
}

/* The same, where 是否外出 is 外出 too, and the other way round, for a field of yes or no. */
static int rank_named(const SchemaField *field, const char *header, bool is_short)
{
    static const char whether[] = "是否";
    int rank = rank_by(field, header, is_short);
    if (rank >= 0 || field->kind != SCHEMA_FIELD_BOOL) {
        return rank;
    }
    g_autofree char *with = g_strconcat(whether, header, NULL);
    return g_str_has_prefix(header, whether) ? rank_by(field, header + strlen(whether), is_short)
                                             : rank_by(field, with, is_short);
}

/* Return why @header names @field, NULL when it does not. */
static const char *why_named(const SchemaField *field, const char *header, bool is_short)
{
    int rank = rank_named(field, header, is_short);
    return rank < 0 ? NULL : rank == 0 ? "name" : "alias";
}

static bool is_taken(const LedgerImport *import, const SchemaField *field)
{
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field == field) {
            return true;
        }
    }
    return false;
}

/* Return whether one cell can hold a value of @field; rows stand in it line by line. */
static bool fits_a_cell(const SchemaField *field)
{
    return field->kind != SCHEMA_FIELD_FILE;
}

static void set_column(LedgerColumn *column, const SchemaField *field, const char *why)
{
    column->field = field;
    g_free(column->why);
    column->why = g_strdup(why);
}

/* Return the power of ten that the name of @column multiplies 元 by, -1 where it says none. */
static int places_of(const LedgerColumn *column)
{
    return ledger_import_name_places(column->header);
}

/* Settle in what the cells of money columns are: in what the column says, else a line above the
 * header, else 元.  A field whose own name says 万元 holds what it says. */
static void settle_places(LedgerImport *import)
{
    for (guint i = 0; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field == NULL || column->field->kind != SCHEMA_FIELD_MONEY ||
            (*column->field->unit.zh != '\0' && !g_str_equal(column->field->unit.zh, "元"))) {
            continue;
        }
        int places = places_of(column);
        bool is_whole_name = places >= 0 && why_named(column->field, column->header, false) != NULL;
        int above = g_array_index(import->places_above, int, i);
        column->places = is_whole_name ? 0 : places >= 0 ? places : MAX(above, 0);
    }
}

static bool is_day_field(const SchemaField *field)
{
    return field->kind == SCHEMA_FIELD_DATE || field->kind == SCHEMA_FIELD_TIME;
}

/* Return whether @column, which names @field at @rank, is to be it rather than @best: 时间 may hold
 * the hour alone, beside 日期. */
static bool names_better(const SchemaField *field, const LedgerColumn *column, int rank,
                         const LedgerColumn *best, int best_rank)
{
    if (best == NULL) {
        return true;
    }
    return is_day_field(field) && column->is_day != best->is_day ? column->is_day
                                                                 : rank < best_rank;
}

/* Return the column without a field that names @field best, of several alike the first; NULL when
 * none does in the way @wanted ("name" or "alias"). */
static LedgerColumn *find_named(const LedgerImport *import, const SchemaField *field,
                                const char *wanted, bool is_short)
{
    LedgerColumn *best = NULL;
    int best_rank = 0;
    for (guint i = 0; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        int rank = column->why == NULL ? rank_named(field, column->header, is_short) : -1;
        bool is_wanted = rank >= 0 && (rank == 0) == g_str_equal(wanted, "name") &&
                         (field->kind == SCHEMA_FIELD_MONEY || places_of(column) <= 0);
        if (is_wanted && names_better(field, column, rank, best, best_rank)) {
            best = column;
            best_rank = rank;
        }
    }
    return best;
}

/* Map the columns whose headers name a field, by its own names or by the others that it has
 * (@wanted "name" or "alias"). */
static void map_by_name(LedgerImport *import, const char *wanted, bool is_short)
{
    for (guint i = 0; i < import->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(import->ledger->fields, i);
        LedgerColumn *column = fits_a_cell(field) && !is_taken(import, field)
                                   ? find_named(import, field, wanted, is_short)
                                   : NULL;
        if (column != NULL) {
            set_column(column, field, wanted);
        }
    }
}

/* Mark the columns whose header is that of one that fills a field: of two tables side by side, the
 * second would be lost. */
static void map_doubles(LedgerImport *import, const char *const *headers)
{
    for (guint i = 1; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        for (guint j = 0; j < i && column->why == NULL; j++) {
            const LedgerColumn *first = g_ptr_array_index(import->columns, j);
            if (first->field != NULL && g_str_equal(headers[i], headers[j])) {
                set_column(column, NULL, "double");
            }
        }
    }
}

/* Return whether @other may be the field that @taken fills: it has one of its names, or holds days,
 * where nothing but another name of the field speaks for the day on which the entry began. */
static bool is_rival(const LedgerImport *import, const LedgerColumn *taken,
                     const LedgerColumn *other, bool *ret_is_equal)
{
    bool is_sure = g_strcmp0(taken->why, "name") == 0;
    bool is_named = rank_named(taken->field, other->header, true) >= 0;
    *ret_is_equal = is_named && !is_sure;
    return other->why == NULL && other->is_day &&
           (is_named || (!is_sure && taken->field == import->ledger->opened));
}

GPtrArray *ledger_import_rivals(const LedgerImport *import)
{
    GPtrArray *rivals = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *taken = g_ptr_array_index(import->columns, i);
        bool is_asked = taken->field != NULL && is_day_field(taken->field) &&
                        g_strcmp0(taken->why, "given") != 0 && g_strcmp0(taken->why, "before") != 0;
        for (guint j = 0; j < import->columns->len && is_asked; j++) {
            LedgerRival rival = {taken, g_ptr_array_index(import->columns, j), false};
            if (is_rival(import, taken, rival.other, &rival.is_equal)) {
                g_ptr_array_add(rivals, g_memdup2(&rival, sizeof rival));
            }
        }
    }
    return rivals;
}

/* ---- the header ------------------------------------------------------------------------------ */

/* Let @name mean @what, unless it means something already. */
static void know(GHashTable *names, const char *name, gconstpointer what)
{
    g_autofree char *simple = name != NULL ? simplify(name, false) : NULL;
    if (simple != NULL && *simple != '\0' && !g_hash_table_contains(names, simple)) {
        g_hash_table_insert(names, g_steal_pointer(&simple), (gpointer)what);
    }
}

GHashTable *ledger_column_names_new(const SchemaLedger *ledger, const char *const *mapping,
                                    json_t *before)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (fits_a_cell(field)) {
            know(names, field->name, field);
            know(names, field->words.zh, field);
            know(names, field->words.en, field);
            for (guint j = 0; j < field->aliases->len; j++) {
                know(names, g_ptr_array_index(field->aliases, j), field);
            }
        }
    }
    for (size_t i = 0; mapping != NULL && mapping[i] != NULL; i++) {
        const char *equals = strrchr(mapping[i], '=');
        g_autofree char *header =
            equals != NULL ? g_strndup(mapping[i], (gsize)(equals - mapping[i])) : NULL;
        know(names, header, mapping[i]);
    }
    const char *header = NULL;
    json_t *target = NULL;
    json_object_foreach(before, header, target)
    {
        know(names, header, target);
    }
    return names;
}

size_t ledger_column_names_count(const TableRow *row, void *data)
{
    GHashTable *names = data;
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (size_t i = 0; i < row->n_cells; i++) {
        const char *text = row->cells[i].text;
        if (row->cells[i].length == 0 || row->cells[i].length > MAX_NAME_BYTES) {
            continue;
        }
        g_autofree char *name = simplify(text, false);
        g_autofree char *short_name = simplify(text, true);
        gpointer what = g_hash_table_lookup(names, name);
        what = what != NULL ? what : g_hash_table_lookup(names, short_name);
        if (what != NULL) {
            g_hash_table_add(seen, what);
        }
    }
    return g_hash_table_size(seen);
}

/* ---- by content ------------------------------------------------------------------------------ */

/* Return whether all texts of @profile are choices of @field. */
static bool are_choices(const TableColumnProfile *profile, const SchemaField *field)
{
    for (size_t i = 0; i < profile->n_values; i++) {
        g_auto(Value) value = VALUE_EMPTY;
        if (!ledger_field_parse(field, profile->values[i], NULL, 0, 0, &value, NULL)) {
            return false;
        }
    }
    return profile->n_values > 0 && !profile->has_more_values;
}

static bool looks_like_day(const TableColumnProfile *profile)
{
    return table_column_looks_like(profile, TABLE_LOOK_DATE) ||
           table_column_looks_like(profile, TABLE_LOOK_TIME);
}

/* Return whether @profile can be nothing but @field: telephone numbers, identity numbers, the
 * choices of a list, and for the date on which entries begin, dates. */
static bool looks_like(const LedgerImport *import, const TableColumnProfile *profile,
                       const SchemaField *field)
{
    switch ((int)field->kind) {
    case SCHEMA_FIELD_PHONE:
        return table_column_looks_like(profile, TABLE_LOOK_PHONE);
    case SCHEMA_FIELD_IDENTITY:
        return table_column_looks_like(profile, TABLE_LOOK_IDENTITY);
    case SCHEMA_FIELD_CHOICE:
        return are_choices(profile, field);
    case SCHEMA_FIELD_DATE:
    case SCHEMA_FIELD_TIME:
        return field == import->ledger->opened && looks_like_day(profile);
    default:
        return false;
    }
}

/* Return how many characters of @header the name of @field has too, of those that tell one day from
 * another. */
static int count_common(const SchemaField *field, const char *header)
{
    int n = 0;
    for (const char *at = header; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        n += g_unichar_isalnum(c) && g_utf8_strchr("日期时间年月", -1, c) == NULL &&
                     g_utf8_strchr(field->words.zh, -1, c) != NULL
                 ? 1
                 : 0;
    }
    return n;
}

/* Give @field the one column without a field that looks like it, of several the one whose header is
 * nearest to its name; none when that is not one. */
static void map_field_by_content(LedgerImport *import, const TableProfile *profile,
                                 const SchemaField *field)
{
    LedgerColumn *found = NULL;
    int n_found = 0;
    bool is_tie = false;
    for (guint i = 0; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->why != NULL || !looks_like(import, table_profile_column(profile, i), field)) {
            continue;
        }
        int n = looks_like_day(table_profile_column(profile, i))
                    ? count_common(field, column->header)
                    : 0;
        is_tie = found != NULL && (n == n_found || (is_tie && n < n_found));
        if (found == NULL || n > n_found) {
            found = column;
            n_found = n;
        }
    }
    if (found != NULL && !is_tie) {
        set_column(found, field, "content");
    }
}

static void map_by_content(LedgerImport *import, const TableProfile *profile)
{
    for (guint i = 0; i < import->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(import->ledger->fields, i);
        if (!is_taken(import, field)) {
            map_field_by_content(import, profile, field);
        }
    }
}

/* Return what the columns of @import hold in the first rows of @reader; the caller owns it. */
static TableProfile *read_profile(LedgerImport *import, TableReader *reader, GError **error)
{
    g_autoptr(TableProfile) profile = table_profile_new(import->columns->len);
    TableRow row;
    bool has_row = true;
    for (int i = 0; i < SAMPLE_ROWS && has_row; i++) {
        if (!table_reader_next(reader, &row, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            table_profile_add(profile, &row);
        }
    }
    for (guint i = 0; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        column->is_day = looks_like_day(table_profile_column(profile, i));
    }
    return table_reader_rewind(reader, error) ? g_steal_pointer(&profile) : NULL;
}

/* ---- by hand --------------------------------------------------------------------------------- */

/* Return the column whose header is @header; INVALID with the nearest one. */
static LedgerColumn *find_column(const LedgerImport *import, const char *header, GError **error)
{
    g_autoptr(GPtrArray) headers = g_ptr_array_new();
    for (guint i = 0; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (is_same(column->header, header, false)) {
            return column;
        }
        g_ptr_array_add(headers, column->header);
    }
    g_ptr_array_add(headers, NULL);
    error_set(error, SHUZHI_ERROR_INVALID, "the file has no column '%s'", header);
    error_offer(error, header, (const char *const *)headers->pdata);
    return NULL;
}

static const SchemaField *find_field(const LedgerImport *import, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < import->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(import->ledger->fields, i);
        if (why_named(field, name, false) != NULL && fits_a_cell(field)) {
            return field;
        }
        g_ptr_array_add(names, field->name);
    }
    g_ptr_array_add(names, NULL);
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no field '%s' that a cell can fill",
              import->ledger->words.name, name);
    error_offer(error, name, (const char *const *)names->pdata);
    return NULL;
}

/* Take who did @step from @column, as given. */
static bool map_doer_by_hand(LedgerColumn *column, const SchemaStep *step, GError **error)
{
    if (column->why != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "the column '%s' is mapped twice", column->header);
        return false;
    }
    column->step = step;
    column->why = g_strdup("given");
    return true;
}

/* Take "header=field", or "header=step", as given. */
static bool map_by_hand(LedgerImport *import, const char *pair, GError **error)
{
    const char *equals = strrchr(pair, '=');
    if (equals == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is no mapping; write HEADER=FIELD", pair);
        return false;
    }
    g_autofree char *header = g_strndup(pair, (gsize)(equals - pair));
    LedgerColumn *column = find_column(import, header, error);
    const SchemaStep *step = schema_ledger_step(import->ledger, equals + 1);
    if (column != NULL && step != NULL) {
        return map_doer_by_hand(column, step, error);
    }
    const SchemaField *field =
        column != NULL && equals[1] != '\0' ? find_field(import, equals + 1, error) : NULL;
    if (column == NULL || (equals[1] != '\0' && field == NULL)) {
        return false;
    }
    if (column->why != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "the column '%s' is mapped twice", header);
        return false;
    }
    if (field != NULL && is_taken(import, field) && column->field != field) {
        error_set(error, SHUZHI_ERROR_INVALID, "two columns are mapped to the field '%s'",
                  field->name);
        return false;
    }
    set_column(column, field, "given");
    return true;
}

/* ---- as before ------------------------------------------------------------------------------- */

/* Put the columns of which nothing is said where those with their headers went before. */
static void map_as_before(LedgerImport *import)
{
    json_t *before = ledger_import_columns_before(import);
    for (guint i = 0; i < import->columns->len; i++) {
        LedgerColumn *column = g_ptr_array_index(import->columns, i);
        const char *target = json_string_value(json_object_get(before, column->header));
        if (column->why != NULL || target == NULL) {
            continue;
        }
        const SchemaField *field = schema_ledger_field(import->ledger, target);
        const SchemaStep *step = schema_ledger_step(import->ledger, target);
        if (field != NULL && fits_a_cell(field) && !is_taken(import, field)) {
            set_column(column, field, "before");
        } else if (field == NULL && step != NULL) {
            column->step = step;
            column->why = g_strdup("before");
        }
    }
}

/* ---- for all rows ---------------------------------------------------------------------------- */

bool ledger_import_is_set(const LedgerImport *import, const SchemaField *field)
{
    for (guint i = 0; i < import->set->len; i++) {
        const LedgerSetField *set = g_ptr_array_index(import->set, i);
        if (set->field == field) {
            return true;
        }
    }
    return false;
}

/* Refuse @field where something else fills it, or no one value can. */
static bool check_free(const LedgerImport *import, const SchemaField *field, GError **error)
{
    if (field->kind == SCHEMA_FIELD_FILE || field->kind == SCHEMA_FIELD_ROWS) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is of kind '%s', which no one value fills",
                  field->words.name, schema_kind_info(field->kind)->name);
        return false;
    }
    if (ledger_import_is_set(import, field)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is given to all rows twice",
                  field->words.name);
        return false;
    }
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field == field) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' is given to all rows, and the column '%s' fills it too; set the column"
                      " aside: --map '%s='",
                      field->words.name, column->header, column->header);
            return false;
        }
    }
    return true;
}

bool ledger_import_set(LedgerImport *import, const char *const *set, StoreConnection *connection,
                       int offset_seconds, GError **error)
{
    g_autoptr(LedgerNames) names = ledger_names_new(connection);
    for (size_t i = 0; set != NULL && set[i] != NULL; i++) {
        g_auto(Value) value = VALUE_EMPTY;
        const SchemaField *field = NULL;
        const char *text = NULL;
        if (!ledger_assignment_split(import->ledger->fields, set[i], &field, &text, error) ||
            !check_free(import, field, error) ||
            !ledger_field_parse(field, text, names, offset_seconds, import->default_year, &value,
                                error) ||
            !ledger_field_check(field, &value, error)) {
            return false;
        }
        LedgerSetField *kept = g_new0(LedgerSetField, 1);
        *kept = (LedgerSetField){field, g_strdup(text)};
        g_ptr_array_add(import->set, kept);
    }
    return true;
}

GPtrArray *ledger_import_unfilled(const LedgerImport *import)
{
    GPtrArray *fields = g_ptr_array_new();
    for (guint i = 0; i < import->ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(import->ledger->fields, i);
        bool is_needed = (field->is_required && field->set_by_step == NULL) ||
                         field == import->ledger->opened ||
                         (field == import->ledger->unit && import->needs_unit);
        if (is_needed && !is_taken(import, field) && !ledger_import_is_set(import, field)) {
            g_ptr_array_add(fields, field);
        }
    }
    return fields;
}

void ledger_import_ask_unit(LedgerImport *import, const RightsSubject *subject)
{
    const SchemaField *field = import->ledger->unit;
    const RightsObject object = {.ledger = import->ledger, .owner = ""};
    import->needs_unit = field != NULL && !is_taken(import, field) &&
                         !ledger_import_is_set(import, field) &&
                         rights_may(subject, RIGHTS_IMPORT, NULL, NULL) &&
                         !rights_may(subject, RIGHTS_IMPORT, &object, NULL);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void free_column(gpointer data)
{
    LedgerColumn *column = data;
    g_free(column->header);
    g_free(column->why);
    g_free(column);
}

bool ledger_import_map(LedgerImport *import, TableReader *reader, const char *const *mapping,
                       GError **error)
{
    size_t n_columns = 0;
    const char *const *headers = table_reader_columns(reader, &n_columns);
    g_autofree char **names = table_unique_names(headers, n_columns);
    import->columns = g_ptr_array_new_with_free_func(free_column);
    for (guint i = 0; i < n_columns; i++) {
        LedgerColumn *column = g_new0(LedgerColumn, 1);
        column->header = g_steal_pointer(&names[i]);
        g_ptr_array_add(import->columns, column);
    }
    g_autoptr(TableProfile) profile = read_profile(import, reader, error);
    if (profile == NULL) {
        return false;
    }
    for (size_t i = 0; mapping != NULL && mapping[i] != NULL; i++) {
        if (!map_by_hand(import, mapping[i], error)) {
            return false;
        }
    }
    map_as_before(import);
    map_by_name(import, "name", false); /* wherever it stands, a field's own name comes first */
    map_by_name(import, "name", true);
    map_by_name(import, "alias", false);
    map_by_name(import, "alias", true);
    map_by_content(import, profile);
    ledger_import_map_doers(import);
    map_doubles(import, headers);
    settle_places(import);
    return true;
}
