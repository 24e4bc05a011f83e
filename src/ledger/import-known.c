/* Which rows of an import the ledger holds already. */
#include "ledger/import-internal.h"

#include "base/crypto.h"
#include "ledger/field.h"
#include "ledger/row.h"
#include "ledger/spelling.h"
#include "office/tables.h"
#include "store/store-value.h"

#define MAX_ALIKE 20 /* entries that one row is compared with, of those alike in a key */

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

/* Return an empty list of fields. */
static GPtrArray *fields_new(void)
{
    return g_ptr_array_new();
}

/* Return @fields, emptied unless the file fills all of them: half a key tells nothing. */
static GPtrArray *whole(const LedgerImport *import, GPtrArray *fields)
{
    for (guint i = 0; i < fields->len; i++) {
        if (!is_filled(import, g_ptr_array_index(fields, i))) {
            g_ptr_array_set_size(fields, 0);
        }
    }
    return fields;
}

static bool is_time(const SchemaField *field)
{
    return field->kind == SCHEMA_FIELD_DATE || field->kind == SCHEMA_FIELD_TIME;
}

/* Return the unique fields that are no date, and the title; nothing where there are no such, or
 * where the unique fields are all of them. */
static GPtrArray *numbered(const SchemaLedger *ledger)
{
    GPtrArray *fields = fields_new();
    for (guint i = 0; i < ledger->unique->len; i++) {
        SchemaField *field = g_ptr_array_index(ledger->unique, i);
        if (!is_time(field)) {
            g_ptr_array_add(fields, field);
        }
    }
    if (fields->len == 0 || fields->len == ledger->unique->len) {
        g_ptr_array_set_size(fields, 0);
    } else if (!g_ptr_array_find(fields, ledger->title, NULL)) {
        g_ptr_array_add(fields, (gpointer)ledger->title);
    }
    return fields;
}

/* Return title and date of @ledger, nothing where it has no date, with the units that the file
 * fills: five branches hold the same meeting on one day. */
static GPtrArray *titled(const LedgerImport *import)
{
    const SchemaLedger *ledger = import->ledger;
    GPtrArray *fields = fields_new();
    if (ledger->opened == NULL) {
        return fields;
    }
    g_ptr_array_add(fields, (gpointer)ledger->title);
    g_ptr_array_add(fields, (gpointer)ledger->opened);
    for (guint i = 0; i < ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_UNIT && is_filled(import, field)) {
            g_ptr_array_add(fields, field);
        }
    }
    return fields;
}

LedgerMarker *ledger_marker_new(const LedgerImport *import, StoreConnection *connection,
                                GError **error)
{
    const GPtrArray *fields = import->ledger->fields;
    bool has_entries_now = false;
    if (!has_entries(import, connection, &has_entries_now, error)) {
        return NULL;
    }
    g_autoptr(LedgerMarker) marker = g_new0(LedgerMarker, 1);
    marker->has_entries = has_entries_now;
    marker->lists = fields_new();
    marker->keys[LEDGER_KEY_ALL] = fields_new();
    for (guint i = 0; i < fields->len && has_entries_now; i++) {
        SchemaField *field = g_ptr_array_index(fields, i);
        if (is_filled(import, field)) {
            g_ptr_array_add(has_column(field) ? marker->keys[LEDGER_KEY_ALL] : marker->lists,
                            field);
        }
    }
    marker->keys[LEDGER_KEY_UNIQUE] =
        whole(import, g_ptr_array_copy(import->ledger->unique, NULL, NULL));
    marker->keys[LEDGER_KEY_NUMBERED] =
        has_entries_now ? whole(import, numbered(import->ledger)) : fields_new();
    marker->keys[LEDGER_KEY_TITLED] =
        has_entries_now ? whole(import, titled(import)) : fields_new();
    bool can_know = has_entries_now || marker->keys[LEDGER_KEY_UNIQUE]->len > 0;
    return can_know ? g_steal_pointer(&marker) : NULL;
}

void ledger_marker_free(LedgerMarker *marker)
{
    if (marker != NULL) {
        for (int key = 0; key < LEDGER_N_KEYS; key++) {
            g_clear_pointer(&marker->keys[key], g_ptr_array_unref);
        }
        g_ptr_array_unref(marker->lists);
        g_free(marker);
    }
}

/* ---- marks ----------------------------------------------------------------------------------- */

/* Return the canonical text of what @entry says in @field; "" for nothing.  The caller owns it. */
static char *text_of(const LedgerEntry *entry, const SchemaField *field)
{
    const LedgerRows *rows = entry->rows[field->position];
    char *text = field->kind != SCHEMA_FIELD_ROWS
                     ? value_to_canonical(&entry->values[field->position])
                 : rows != NULL ? ledger_rows_to_canonical(rows)
                                : NULL;
    return text != NULL ? text : g_strdup("");
}

/* Return a hash of what @entry says in @fields: 0 when that is nothing, or when one of the first
 * @n_needed is empty.  Two of 64 bits that are alike by chance do not happen in an office. */
static uint64_t hash_fields(const LedgerEntry *entry, const GPtrArray *fields, guint n_needed)
{
    CryptoHash hash;
    uint8_t bytes[CRYPTO_HASH_SIZE];
    uint64_t mark = 0;
    guint n_empty = 0;
    bool lacks_needed = false;
    if (fields->len == 0) {
        return 0;
    }
    crypto_hash_init(&hash);
    for (guint i = 0; i < fields->len; i++) {
        g_autofree char *text = text_of(entry, g_ptr_array_index(fields, i));
        n_empty += *text == '\0' ? 1 : 0;
        lacks_needed = lacks_needed || (*text == '\0' && i < n_needed);
        crypto_hash_update(&hash, text, strlen(text) + 1);
    }
    crypto_hash_finish(&hash, bytes);
    memcpy(&mark, bytes, sizeof mark);
    return n_empty == fields->len || lacks_needed ? 0 : mark;
}

/* Return a hash of what @entry says in each of @fields, 0 for nothing; the caller owns them. */
static uint32_t *hash_each(const LedgerEntry *entry, const GPtrArray *fields)
{
    uint32_t *says = g_new(uint32_t, fields->len);
    for (guint i = 0; i < fields->len; i++) {
        g_autofree char *text = text_of(entry, g_ptr_array_index(fields, i));
        uint8_t bytes[CRYPTO_HASH_SIZE];
        crypto_hash(text, strlen(text), bytes);
        memcpy(&says[i], bytes, sizeof says[i]);
        says[i] = *text != '\0' ? says[i] | 1 : 0;
    }
    return says;
}

LedgerMark ledger_marker_mark(const LedgerMarker *marker, const LedgerEntry *entry, int64_t row)
{
    static const guint needed[] = {[LEDGER_KEY_ALL] = 0,
                                   [LEDGER_KEY_UNIQUE] = G_MAXUINT,
                                   [LEDGER_KEY_NUMBERED] = G_MAXUINT,
                                   [LEDGER_KEY_TITLED] = 2}; /* not the units */
    LedgerMark mark = {.row = row, .year = (int)entry->year};
    for (int key = 0; key < LEDGER_N_KEYS; key++) {
        mark.keys[key] = hash_fields(entry, marker->keys[key], needed[key]);
    }
    if (marker->has_entries) {
        mark.lists = hash_fields(entry, marker->lists, 0);
        mark.says = hash_each(entry, marker->keys[LEDGER_KEY_ALL]);
    }
    return mark;
}

void ledger_mark_clear(gpointer mark)
{
    g_clear_pointer(&((LedgerMark *)mark)->says, g_free);
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
    guint index;      /* of the row's mark */
    LedgerKey key;    /* by which it was found */
    uint64_t differs; /* a bit for each field that says something else; LISTS_DIFFER */
} Candidate;

/* The fields that have a bit of their own; those behind share that of the lists. */
#define MAX_FIELD_BITS 63
#define LISTS_DIFFER (UINT64_C(1) << MAX_FIELD_BITS)

/* One search. */
typedef struct Search {
    const LedgerMarker *marker;
    const SchemaLedger *ledger;
    StoreConnection *connection;
    const GArray *marks;
    GArray *keys[LEDGER_N_KEYS]; /* of Key, sorted */
    GArray *candidates;          /* of Candidate */
    Candidate *best;             /* one a mark; entry 0: none */
    bool *are_repeated;          /* one a mark */
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
                       .candidates = g_array_new(false, false, sizeof(Candidate)),
                       .best = g_new0(Candidate, marks->len + 1),
                       .are_repeated = g_new0(bool, marks->len + 1)};
    for (int key = 0; key < LEDGER_N_KEYS; key++) {
        search->keys[key] = g_array_new(false, false, sizeof(Key));
        for (guint i = 0; i < marks->len; i++) {
            Key one = {g_array_index(marks, LedgerMark, i).keys[key], i, 0};
            if (one.hash != 0) {
                g_array_append_val(search->keys[key], one);
            }
        }
        g_array_sort(search->keys[key], compare_keys);
    }
}

static void search_clear(Search *search)
{
    for (int key = 0; key < LEDGER_N_KEYS; key++) {
        g_array_unref(search->keys[key]);
    }
    g_array_unref(search->candidates);
    g_free(search->best);
    g_free(search->are_repeated);
}

/* Return a bit for each field in which the row of @mark says something that the entry whose hashes
 * are @says does not say.  An empty cell says nothing. */
static uint64_t compare_fields(const Search *search, const LedgerMark *mark, const uint32_t *says)
{
    uint64_t differs = 0;
    for (guint i = 0; i < search->marker->keys[LEDGER_KEY_ALL]->len; i++) {
        if (mark->says[i] != 0 && mark->says[i] != says[i]) {
            differs |= UINT64_C(1) << MIN(i, (guint)MAX_FIELD_BITS);
        }
    }
    return differs;
}

/* Note that @entry, whose mark is @mark, may be what the rows say that have its hash of @key. Where
 * nothing is left to compare, one entry is enough. */
static void add_candidates(Search *search, LedgerKey key, int64_t entry, const LedgerMark *mark)
{
    GArray *keys = search->keys[key];
    uint64_t hash = mark->keys[key];
    guint first = hash != 0 ? find_key(keys, hash) : keys->len;
    Key *found = first < keys->len ? &g_array_index(keys, Key, first) : NULL;
    bool is_enough = key == LEDGER_KEY_ALL && search->marker->lists->len == 0;
    if (found == NULL || found->hash != hash || found->n_alike >= (is_enough ? 1 : MAX_ALIKE)) {
        return;
    }
    found->n_alike++;
    for (guint i = first; i < keys->len && g_array_index(keys, Key, i).hash == hash; i++) {
        guint index = g_array_index(keys, Key, i).index;
        const LedgerMark *row = &g_array_index(search->marks, LedgerMark, index);
        Candidate candidate = {entry, index, key, compare_fields(search, row, mark->says)};
        g_array_append_val(search->candidates, candidate);
    }
}

/* Return the fields that entries are read with: those compared, and those of the keys. */
static GPtrArray *fields_read(const LedgerMarker *marker)
{
    GPtrArray *fields = fields_new();
    for (int key = 0; key < LEDGER_N_KEYS; key++) {
        for (guint i = 0; i < marker->keys[key]->len; i++) {
            gpointer field = g_ptr_array_index(marker->keys[key], i);
            if (!g_ptr_array_find(fields, field, NULL)) {
                g_ptr_array_add(fields, field);
            }
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
                store_column_value(query, (int)i + 1, schema_kind_info(field->kind)->value_kind);
        }
        LedgerMark mark = ledger_marker_mark(search->marker, entry, 0);
        for (LedgerKey key = 0; key < LEDGER_N_KEYS; key++) {
            add_candidates(search, key, store_column_int(query, 0), &mark);
        }
        ledger_mark_clear(&mark);
    }
    return query != NULL;
}

/* Note whether the lists of the entry of @candidate are others than those of its row. */
static bool compare_lists(const Search *search, Candidate *candidate, GError **error)
{
    const LedgerMark *mark = &g_array_index(search->marks, LedgerMark, candidate->index);
    if (search->marker->lists->len == 0 || (candidate->key != LEDGER_KEY_ALL && mark->lists == 0)) {
        return true;
    }
    g_autoptr(LedgerEntry) entry = ledger_entry_new(search->ledger);
    entry->id = candidate->entry;
    if (!ledger_row_read_lists(search->connection, entry, error)) {
        return false;
    }
    candidate->differs |=
        hash_fields(entry, search->marker->lists, 0) != mark->lists ? LISTS_DIFFER : 0;
    return true;
}

/* Return whether @candidate is more likely the entry of its row than @best. */
static bool is_better(const Candidate *candidate, const Candidate *best)
{
    bool is_same = candidate->differs == 0;
    if (best->entry == 0 || is_same != (best->differs == 0)) {
        return best->entry == 0 || is_same;
    }
    return candidate->key < best->key;
}

/* Find the entry that each row most likely is.  Who is alike in all columns and differs in lists is
 * another, unless another key finds it too. */
static bool check_candidates(Search *search, GError **error)
{
    for (guint i = 0; i < search->candidates->len; i++) {
        Candidate *candidate = &g_array_index(search->candidates, Candidate, i);
        Candidate *best = &search->best[candidate->index];
        if (best->entry != 0 && best->differs == 0) {
            continue;
        }
        if (!compare_lists(search, candidate, error)) {
            return false;
        }
        bool is_other = candidate->key == LEDGER_KEY_ALL && candidate->differs != 0;
        if (!is_other && is_better(candidate, best)) {
            *best = *candidate;
        }
    }
    return true;
}

/* Note the rows that say the same in the unique fields as one above them. */
static void find_repeated(Search *search)
{
    const GArray *keys = search->keys[LEDGER_KEY_UNIQUE];
    for (guint i = 1; i < keys->len; i++) {
        const Key *key = &g_array_index(keys, Key, i);
        if (key->hash == g_array_index(keys, Key, i - 1).hash) {
            search->are_repeated[key->index] = true;
        }
    }
}

/* Return the fields in which @candidate says something else (of SchemaField); NULL: in none. */
static GPtrArray *differing(const Search *search, const Candidate *candidate)
{
    const GPtrArray *fields = search->marker->keys[LEDGER_KEY_ALL];
    GPtrArray *differs = candidate->differs != 0 ? fields_new() : NULL;
    for (guint i = 0; i < MIN(fields->len, (guint)MAX_FIELD_BITS); i++) {
        if ((candidate->differs >> i & 1) != 0) {
            g_ptr_array_add(differs, g_ptr_array_index(fields, i));
        }
    }
    if ((candidate->differs & LISTS_DIFFER) != 0) {
        g_ptr_array_extend(differs, search->marker->lists, NULL, NULL);
    }
    return differs;
}

/* Note in @import that the row with the mark @index is known. */
static bool add_known(const Search *search, LedgerImport *import, guint index, GError **error)
{
    const LedgerMark *mark = &g_array_index(search->marks, LedgerMark, index);
    const Candidate *best = &search->best[index];
    LedgerKnownRow known = {.row = mark->row, .year = mark->year};
    if (best->entry != 0) {
        g_autoptr(StoreStatement) query = store_query(
            search->connection, error, "SELECT number FROM entry WHERE id = $1", "i", best->entry);
        bool has_row = false;
        if (query == NULL || !store_step(query, &has_row, error)) {
            return false;
        }
        known.number = has_row ? g_strdup(store_column_text(query, 0)) : NULL;
        known.differs = differing(search, best);
    }
    import->n_differing += known.differs != NULL;
    g_array_append_val(import->known, known);
    return true;
}

bool ledger_marker_find(const LedgerMarker *marker, LedgerImport *import, const GArray *marks,
                        StoreConnection *connection, GError **error)
{
    Search search;
    search_init(&search, marker, import, marks, connection);
    bool is_ok = !marker->has_entries ||
                 (find_candidates(&search, error) && check_candidates(&search, error));
    if (is_ok) {
        find_repeated(&search);
    }
    for (guint i = 0; i < marks->len && is_ok; i++) {
        if (search.best[i].entry != 0 || search.are_repeated[i]) {
            is_ok = add_known(&search, import, i, error);
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
