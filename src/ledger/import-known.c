/* Which rows of an import the ledger holds already. */
#include "ledger/import-internal.h"

#include "base/crypto.h"
#include "ledger/field.h"
#include "ledger/row.h"
#include "ledger/spelling.h"
#include "log/record.h"
#include "office/tables.h"

#define MAX_ALIKE 100 /* entries whose lists are compared with those of rows otherwise alike */

/* ---- what is compared ------------------------------------------------------------------------ */

static bool is_filled(const LedgerImport *import, const SchemaField *field)
{
    for (guint i = 0; i < import->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field == field) {
            return true;
        }
    }
    return ledger_import_is_set(import, field);
}

static bool has_column(const SchemaField *field)
{
    return schema_kind_info(field->kind)->column_type != NULL;
}

static bool are_filled(const LedgerImport *import, const GPtrArray *fields)
{
    bool are = fields->len > 0;
    for (guint i = 0; i < fields->len && are; i++) {
        are = is_filled(import, g_ptr_array_index(fields, i));
    }
    return are;
}

/* Return whether the ledger of @import has an entry, in *@ret_has. */
static bool has_entries(const LedgerImport *import, StoreConnection *connection, bool *ret_has,
                        GError **error)
{
    int64_t n = 0;
    g_autofree char *table = office_table_name(import->ledger);
    g_autoptr(GString) sql = g_string_new("SELECT entry_id FROM ");
    store_append_identifier(sql, table);
    g_string_append(sql, " LIMIT 1");
    bool is_ok = store_query_int(connection, 0, &n, error, sql->str, "");
    *ret_has = n != 0;
    return is_ok;
}

LedgerMarker *ledger_marker_new(const LedgerImport *import, StoreConnection *connection,
                                GError **error)
{
    const GPtrArray *fields = import->ledger->fields;
    bool has_unique = are_filled(import, import->ledger->unique);
    bool has = false;
    if (!has_entries(import, connection, &has, error) || (!has && !has_unique)) {
        return NULL;
    }
    LedgerMarker *marker = g_new0(LedgerMarker, 1);
    marker->fields = g_ptr_array_new();
    marker->lists = g_ptr_array_new();
    marker->unique = has_unique ? import->ledger->unique : NULL;
    for (guint i = 0; i < fields->len; i++) {
        SchemaField *field = g_ptr_array_index(fields, i);
        if (has && is_filled(import, field)) { /* with no entry there is nothing to compare */
            g_ptr_array_add(has_column(field) ? marker->fields : marker->lists, field);
        }
    }
    return marker;
}

void ledger_marker_free(LedgerMarker *marker)
{
    if (marker != NULL) {
        g_ptr_array_unref(marker->fields);
        g_ptr_array_unref(marker->lists);
        g_free(marker);
    }
}

/* ---- marks ----------------------------------------------------------------------------------- */

/* Return the canonical text of what @entry says in @field; "" for nothing.  The caller owns it. */
static char *text_of(const LedgerEntry *entry, const SchemaField *field)
{
    const LedgerRows *rows = entry->rows[field->position];
    return field->kind != SCHEMA_FIELD_ROWS ? value_to_canonical(&entry->values[field->position])
           : rows != NULL                   ? ledger_rows_to_canonical(rows)
                                            : g_strdup("");
}

/* Return a hash of what @entry says in @fields: 0 when that is nothing, or, where @is_whole, when
 * one of them is empty.  Two of 64 bits that are alike by chance do not happen in an office. */
static uint64_t hash_fields(const LedgerEntry *entry, const GPtrArray *fields, bool is_whole)
{
    CryptoHash hash;
    uint8_t bytes[CRYPTO_HASH_SIZE];
    uint64_t mark = 0;
    guint n_empty = 0;
    if (fields->len == 0) {
        return 0;
    }
    crypto_hash_init(&hash);
    for (guint i = 0; i < fields->len; i++) {
        g_autofree char *text = text_of(entry, g_ptr_array_index(fields, i));
        n_empty += text == NULL || *text == '\0' ? 1 : 0;
        crypto_hash_update(&hash, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 1);
    }
    crypto_hash_finish(&hash, bytes);
    memcpy(&mark, bytes, sizeof mark);
    return n_empty == fields->len || (is_whole && n_empty > 0) ? 0 : mark;
}

LedgerMark ledger_marker_mark(const LedgerMarker *marker, const LedgerEntry *entry, int64_t row)
{
    return (LedgerMark){
        .fields = hash_fields(entry, marker->fields, false),
        .lists = hash_fields(entry, marker->lists, false),
        .unique = marker->unique != NULL ? hash_fields(entry, marker->unique, true) : 0,
        .row = row,
        .year = (int)entry->year,
    };
}

/* ---- finding --------------------------------------------------------------------------------- */

/* A hash, and which of the marks has it. */
typedef struct Key {
    uint64_t hash;
    guint index;
    int n_alike; /* of the first with a hash: entries that have it */
} Key;

/* An entry that may be what a row says. */
typedef struct Candidate {
    int64_t entry;
    guint index;    /* of the row's mark */
    bool is_unique; /* it is, whatever else it says */
} Candidate;

/* One search. */
typedef struct Search {
    const LedgerMarker *marker;
    const SchemaLedger *ledger;
    StoreConnection *connection;
    const GArray *marks;
    GArray *by_fields;  /* of Key, sorted */
    GArray *by_unique;  /* the same */
    GArray *candidates; /* of Candidate */
    char **numbers;     /* one a mark: of the entry that it is; NULL: none */
    bool *are_known;    /* one a mark */
} Search;

static int compare_keys(const void *a, const void *b)
{
    const Key *left = a, *right = b;
    return left->hash != right->hash ? (left->hash < right->hash ? -1 : 1)
                                     : (left->index < right->index ? -1 : 1);
}

/* Return the first key of @keys that is not below @hash. */
static guint find_key(const GArray *keys, uint64_t hash)
{
    guint low = 0, high = keys->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(keys, Key, middle).hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void search_init(Search *search, const LedgerMarker *marker, const LedgerImport *import,
                        const GArray *marks, StoreConnection *connection)
{
    *search = (Search){.marker = marker,
                       .ledger = import->ledger,
                       .connection = connection,
                       .marks = marks,
                       .by_fields = g_array_new(false, false, sizeof(Key)),
                       .by_unique = g_array_new(false, false, sizeof(Key)),
                       .candidates = g_array_new(false, false, sizeof(Candidate)),
                       .numbers = g_new0(char *, marks->len + 1),
                       .are_known = g_new0(bool, marks->len + 1)};
    for (guint i = 0; i < marks->len; i++) {
        const LedgerMark *mark = &g_array_index(marks, LedgerMark, i);
        Key fields = {mark->fields, i, 0}, unique = {mark->unique, i, 0};
        g_array_append_val(search->by_fields, fields);
        if (unique.hash != 0) {
            g_array_append_val(search->by_unique, unique);
        }
    }
    g_array_sort(search->by_fields, compare_keys);
    g_array_sort(search->by_unique, compare_keys);
}

static void search_clear(Search *search)
{
    g_array_unref(search->by_fields);
    g_array_unref(search->by_unique);
    g_array_unref(search->candidates);
    for (guint i = 0; i < search->marks->len; i++) {
        g_free(search->numbers[i]);
    }
    g_free(search->numbers);
    g_free(search->are_known);
}

/* Note that @entry, whose hash is @hash, may be what the rows with this hash say.  Where nothing is
 * left to compare, one entry is enough. */
static void add_candidates(Search *search, GArray *keys, uint64_t hash, int64_t entry,
                           bool is_unique)
{
    guint first = find_key(keys, hash);
    Key *key = first < keys->len ? &g_array_index(keys, Key, first) : NULL;
    int most = is_unique || search->marker->lists->len == 0 ? 1 : MAX_ALIKE;
    if (key == NULL || key->hash != hash || key->n_alike >= most) {
        return;
    }
    key->n_alike++;
    for (guint i = first; i < keys->len && g_array_index(keys, Key, i).hash == hash; i++) {
        Candidate candidate = {entry, g_array_index(keys, Key, i).index, is_unique};
        g_array_append_val(search->candidates, candidate);
    }
}

/* Return the fields that entries are read with: those compared, and the unique ones. */
static GPtrArray *fields_read(const LedgerMarker *marker)
{
    GPtrArray *fields = g_ptr_array_copy(marker->fields, NULL, NULL);
    for (guint i = 0; marker->unique != NULL && i < marker->unique->len; i++) {
        gpointer field = g_ptr_array_index(marker->unique, i);
        if (!g_ptr_array_find(fields, field, NULL)) {
            g_ptr_array_add(fields, field);
        }
    }
    return fields;
}

/* Return the query for @fields of all entries that are to be seen. */
static StoreStatement *query_entries(const Search *search, const GPtrArray *fields, GError **error)
{
    LedgerSpelling spelling;
    g_autofree char *table = office_table_name(search->ledger);
    g_autoptr(GString) sql = g_string_new("SELECT t.entry_id");
    for (guint i = 0; i < fields->len; i++) {
        ledger_row_append_column(sql, g_ptr_array_index(fields, i));
    }
    g_string_append(sql, " FROM ");
    store_append_identifier(sql, table);
    g_string_append(sql, " t WHERE ");
    ledger_spelling_init(&spelling, search->ledger, "t", 0, 0);
    ledger_spelling_append_visible(&spelling, sql);
    return store_query(search->connection, error, sql->str, "");
}

/* Note which entries may be what rows say. */
static bool find_candidates(Search *search, GError **error)
{
    g_autoptr(GPtrArray) fields = fields_read(search->marker);
    g_autoptr(StoreStatement) query = query_entries(search, fields, error);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (!has_row) {
            break;
        }
        g_autoptr(LedgerEntry) entry = ledger_entry_new(search->ledger);
        for (guint i = 0; i < fields->len; i++) {
            const SchemaField *field = g_ptr_array_index(fields, i);
            entry->values[field->position] =
                log_column_value(query, (int)i + 1, schema_kind_info(field->kind)->value_kind);
        }
        LedgerMark mark = ledger_marker_mark(search->marker, entry, 0);
        int64_t id = store_column_int(query, 0);
        add_candidates(search, search->by_fields, mark.fields, id, false);
        if (mark.unique != 0) {
            add_candidates(search, search->by_unique, mark.unique, id, true);
        }
    }
    return query != NULL;
}

/* Return whether the lists of the entry of @candidate are those of its row, in *@ret_is. */
static bool compare_lists(const Search *search, const Candidate *candidate, bool *ret_is,
                          GError **error)
{
    const LedgerMark *mark = &g_array_index(search->marks, LedgerMark, candidate->index);
    *ret_is = true;
    if (candidate->is_unique || search->marker->lists->len == 0) {
        return true;
    }
    g_autoptr(LedgerEntry) entry = ledger_entry_new(search->ledger);
    entry->id = candidate->entry;
    bool is_ok = ledger_row_read_lists(search->connection, entry, error);
    *ret_is = is_ok && hash_fields(entry, search->marker->lists, false) == mark->lists;
    return is_ok;
}

/* Note which rows the candidates are. */
static bool check_candidates(Search *search, GError **error)
{
    for (guint i = 0; i < search->candidates->len; i++) {
        const Candidate *candidate = &g_array_index(search->candidates, Candidate, i);
        bool is_same = false;
        if (search->are_known[candidate->index]) {
            continue;
        }
        if (!compare_lists(search, candidate, &is_same, error)) {
            return false;
        }
        g_autoptr(StoreStatement) query =
            is_same ? store_query(search->connection, error,
                                  "SELECT number FROM entry WHERE id = $1", "i", candidate->entry)
                    : NULL;
        bool has_row = false;
        if (is_same && (query == NULL || !store_step(query, &has_row, error))) {
            return false;
        }
        search->are_known[candidate->index] = is_same;
        search->numbers[candidate->index] = has_row ? g_strdup(store_column_text(query, 0)) : NULL;
    }
    return true;
}

/* Note the rows that say the same in the unique fields as one above them. */
static void find_repeated(Search *search)
{
    for (guint i = 1; i < search->by_unique->len; i++) {
        const Key *key = &g_array_index(search->by_unique, Key, i);
        if (key->hash == g_array_index(search->by_unique, Key, i - 1).hash) {
            search->are_known[key->index] = true;
        }
    }
}

bool ledger_marker_find(const LedgerMarker *marker, LedgerImport *import, const GArray *marks,
                        StoreConnection *connection, GError **error)
{
    Search search;
    search_init(&search, marker, import, marks, connection);
    bool is_ok = find_candidates(&search, error) && check_candidates(&search, error);
    if (is_ok) {
        find_repeated(&search);
    }
    for (guint i = 0; i < marks->len && is_ok; i++) {
        const LedgerMark *mark = &g_array_index(marks, LedgerMark, i);
        if (search.are_known[i]) {
            LedgerKnownRow known = {mark->row, mark->year, g_steal_pointer(&search.numbers[i])};
            g_array_append_val(import->known, known);
        }
    }
    search_clear(&search);
    return is_ok;
}

/* ---- leaving them out ------------------------------------------------------------------------ */

void ledger_import_leave_known(LedgerImport *import)
{
    for (guint i = 0; i < import->known->len && !import->is_leaving_known; i++) {
        gpointer year = GINT_TO_POINTER(g_array_index(import->known, LedgerKnownRow, i).year);
        int64_t *n = g_tree_lookup(import->years, year);
        g_assert(n != NULL);
        if (--*n == 0) {
            g_tree_remove(import->years, year);
        }
    }
    import->is_leaving_known = true;
}

int64_t ledger_import_n_taken(const LedgerImport *import)
{
    return import->n_rows - import->n_bad -
           (import->is_leaving_known ? (int64_t)import->known->len : 0);
}

static int compare_rows(const void *key, const void *known)
{
    int64_t row = *(const int64_t *)key, other = ((const LedgerKnownRow *)known)->row;
    return row < other ? -1 : row > other;
}

bool ledger_import_is_left(const LedgerImport *import, int64_t row)
{
    return import->is_leaving_known && bsearch(&row, import->known->data, import->known->len,
                                               sizeof(LedgerKnownRow), compare_rows) != NULL;
}
