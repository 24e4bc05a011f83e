/* Which rows of an import the ledger holds already. */
#include "ledger/import-internal.h"

#include "base/crypto.h"
#include "ledger/field.h"
#include "ledger/history.h"
#include "ledger/row.h"
#include "ledger/spelling.h"
#include "office/tables.h"
#include "store/store-value.h"

#define SECONDS_PER_DAY 86400
#define MAX_COMPARED 20 /* entries that one row is compared with, of those alike in a key */
#define MAX_ALIKE 1000  /* entries alike in a key of which any row is compared with some */

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

/* Return whether the ledger of @import has or had an entry, in *@ret_has. */
static bool has_entries(const LedgerImport *import, StoreConnection *connection, bool *ret_has,
                        GError **error)
{
    int64_t n = 0;
    bool is_ok =
        store_query_int(connection, 0, &n, error, "SELECT id FROM entry WHERE ledger = $1 LIMIT 1",
                        "t", import->ledger->name);
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

/* Return title and date of @ledger, nothing where it has no date. */
static GPtrArray *titled(const SchemaLedger *ledger)
{
    GPtrArray *fields = fields_new();
    if (ledger->opened != NULL) {
        g_ptr_array_add(fields, (gpointer)ledger->title);
        g_ptr_array_add(fields, (gpointer)ledger->opened);
    }
    return fields;
}

/* Return the fields of @kind that the file fills: five branches hold the same meeting on one day,
 * five people register with one community. */
static GPtrArray *fields_of(const LedgerImport *import, SchemaFieldKind kind)
{
    GPtrArray *found = fields_new();
    for (guint i = 0; i < import->ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(import->ledger->fields, i);
        if (field->kind == kind && is_filled(import, field)) {
            g_ptr_array_add(found, field);
        }
    }
    return found;
}

LedgerMarker *ledger_marker_new(const LedgerImport *import, StoreConnection *connection,
                                int offset_seconds, GError **error)
{
    const GPtrArray *fields = import->ledger->fields;
    bool has_entries_now = false;
    if (!has_entries(import, connection, &has_entries_now, error)) {
        return NULL;
    }
    g_autoptr(LedgerMarker) marker = g_new0(LedgerMarker, 1);
    marker->has_entries = has_entries_now;
    marker->offset_seconds = offset_seconds;
    marker->units = fields_of(import, SCHEMA_FIELD_UNIT);
    marker->people = fields_of(import, SCHEMA_FIELD_PERSON);
    marker->lists = fields_new();
    marker->keys[LEDGER_KEY_ALL] = fields_new();
    for (guint i = 0; i < fields->len; i++) {
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
    marker->keys[LEDGER_KEY_TITLED] = whole(import, titled(import->ledger));
    return g_steal_pointer(&marker);
}

void ledger_marker_free(LedgerMarker *marker)
{
    if (marker != NULL) {
        for (int key = 0; key < LEDGER_N_KEYS; key++) {
            g_clear_pointer(&marker->keys[key], g_ptr_array_unref);
        }
        g_clear_pointer(&marker->units, g_ptr_array_unref);
        g_clear_pointer(&marker->people, g_ptr_array_unref);
        g_clear_pointer(&marker->lists, g_ptr_array_unref);
        g_free(marker);
    }
}

/* ---- marks ----------------------------------------------------------------------------------- */

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Return the canonical text of the child row @values. */
static char *text_of_row(const Value *values, guint n_fields)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < n_fields; i++) {
        value_append_canonical(&values[i], text);
        g_string_append_c(text, '\036');
    }
    return g_string_free(text, false);
}

/* Return the canonical text of what @entry says in @field; "" for nothing.  Of several people,
 * choices or rows the order says nothing.  The caller owns it. */
static char *text_of(const LedgerEntry *entry, const SchemaField *field)
{
    const Value *value = &entry->values[field->position];
    const LedgerRows *rows = entry->rows[field->position];
    if (rows == NULL && value->kind != VALUE_LIST) {
        return value_to_canonical(value);
    }
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; value->kind == VALUE_LIST && i < value->items->len; i++) {
        g_ptr_array_add(parts, value_to_canonical(&g_array_index(value->items, Value, i)));
    }
    for (guint i = 0; rows != NULL && i < rows->rows->len; i++) {
        g_ptr_array_add(parts, text_of_row(g_ptr_array_index(rows->rows, i), rows->n_fields));
    }
    g_ptr_array_sort(parts, compare_texts);
    g_ptr_array_add(parts, NULL);
    return g_strjoinv("\037", (char **)parts->pdata);
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

bool ledger_column_is_counter(const LedgerColumn *column)
{
    static const char *const headers[] = {"序号", "No.", "NO.", "No", "NO", NULL};
    return g_strv_contains(headers, column->header);
}

/* Return a hash of the cells of @row, of @import, that fill no field. */
static uint64_t hash_beside(const LedgerImport *import, const TableRow *row)
{
    CryptoHash hash;
    uint8_t bytes[CRYPTO_HASH_SIZE];
    uint64_t mark = 0;
    crypto_hash_init(&hash);
    for (guint i = 0; i < import->columns->len && i < row->n_cells; i++) {
        const LedgerColumn *column = g_ptr_array_index(import->columns, i);
        if (column->field == NULL && !ledger_column_is_counter(column)) {
            crypto_hash_update(&hash, row->cells[i].text, row->cells[i].length + 1);
        }
    }
    crypto_hash_finish(&hash, bytes);
    memcpy(&mark, bytes, sizeof mark);
    return mark;
}

/* Return when @entry began, in seconds of local time; 0 where it has no such moment. */
static int64_t local_seconds(const LedgerMarker *marker, const LedgerEntry *entry)
{
    const SchemaField *opened = entry->ledger->opened;
    const Value *value = opened != NULL ? &entry->values[opened->position] : NULL;
    return value != NULL && value->kind == VALUE_TIME
               ? value->number / G_USEC_PER_SEC + marker->offset_seconds
               : 0;
}

/* Return a hash of title and day of @entry, 0 where it lacks one of them. */
static uint64_t hash_titled(const LedgerMarker *marker, const LedgerEntry *entry, int64_t seconds)
{
    CryptoHash hash;
    uint8_t bytes[CRYPTO_HASH_SIZE];
    uint64_t mark = 0;
    if (marker->keys[LEDGER_KEY_TITLED]->len == 0) {
        return 0;
    }
    g_autofree char *title = text_of(entry, entry->ledger->title);
    g_autofree char *opened = text_of(entry, entry->ledger->opened);
    g_autofree char *day = seconds != 0
                               ? g_strdup_printf("%" G_GINT64_FORMAT, seconds / SECONDS_PER_DAY)
                               : g_strdup(opened);
    crypto_hash_init(&hash);
    crypto_hash_update(&hash, title, strlen(title) + 1);
    crypto_hash_update(&hash, day, strlen(day) + 1);
    crypto_hash_finish(&hash, bytes);
    memcpy(&mark, bytes, sizeof mark);
    return *title == '\0' || *opened == '\0' ? 0 : mark;
}

/* Return the mark of @entry. */
static LedgerMark mark_entry(const LedgerMarker *marker, const LedgerEntry *entry)
{
    static const guint needed[] = {
        [LEDGER_KEY_ALL] = 0, [LEDGER_KEY_UNIQUE] = G_MAXUINT, [LEDGER_KEY_NUMBERED] = G_MAXUINT};
    LedgerMark mark = {.year = (int)entry->year, .seconds = local_seconds(marker, entry)};
    for (int key = 0; key < LEDGER_KEY_TITLED; key++) {
        mark.keys[key] = hash_fields(entry, marker->keys[key], needed[key]);
    }
    mark.keys[LEDGER_KEY_TITLED] = hash_titled(marker, entry, mark.seconds);
    mark.units = hash_fields(entry, marker->units, 0);
    mark.people = hash_fields(entry, marker->people, 0);
    mark.lists = hash_fields(entry, marker->lists, 0);
    if (marker->has_entries) {
        mark.says = hash_each(entry, marker->keys[LEDGER_KEY_ALL]);
    }
    return mark;
}

LedgerMark ledger_marker_mark(const LedgerMarker *marker, const LedgerImport *import,
                              const LedgerEntry *entry, const TableRow *row)
{
    LedgerMark mark = mark_entry(marker, entry);
    mark.row = row->line;
    mark.beside = hash_beside(import, row);
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
    int n_alike;    /* of the first with a hash: entries that have it */
    int n_compared; /* entries that this one is compared with */
} Key;

/* An entry that says the same as rows in all columns. */
typedef struct Same {
    int64_t entry;
    uint64_t columns; /* the hash of LEDGER_KEY_ALL */
} Same;

/* An entry that may be what a row says. */
typedef struct Candidate {
    int64_t entry;
    guint index;      /* of the row's mark */
    LedgerKey key;    /* by which it was found */
    bool is_alike;    /* in all columns */
    uint64_t differs; /* a bit for each field that says something else; LISTS_DIFFER */
} Candidate;

/* The fields that have a bit of their own; those behind share that of the lists. */
#define MAX_FIELD_BITS 63
#define LISTS_DIFFER (UINT64_C(1) << MAX_FIELD_BITS)

/* One search. */
typedef struct Search {
    const LedgerMarker *marker;
    Office *office;
    const RightsSubject *subject; /* who imports; NULL: anybody */
    const SchemaLedger *ledger;
    StoreConnection *connection;
    const GArray *marks;
    GArray *keys[LEDGER_N_KEYS]; /* of Key, sorted */
    GArray *fields;              /* of Key, sorted: by columns and lists */
    GArray *same;                /* of Same */
    GArray *candidates;          /* of Candidate */
    Candidate *best;             /* one a mark; entry 0: none */
    int64_t *above;              /* one a mark: the row above that says the same; 0: none */
} Search;

/* Return the hash of columns that hash to @columns and lists that hash to @lists. */
static uint64_t mix(uint64_t columns, uint64_t lists)
{
    return columns * UINT64_C(0x9e3779b97f4a7c15) + lists;
}

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

/* Return the keys that @hash_of makes of @marks, without those that say nothing. */
static GArray *keys_new(const GArray *marks, uint64_t (*hash_of)(const LedgerMark *mark, int key),
                        int key)
{
    GArray *keys = g_array_new(false, false, sizeof(Key));
    for (guint i = 0; i < marks->len; i++) {
        Key one = {hash_of(&g_array_index(marks, LedgerMark, i), key), i, 0, 0};
        if (one.hash != 0) {
            g_array_append_val(keys, one);
        }
    }
    g_array_sort(keys, compare_keys);
    return keys;
}

static uint64_t hash_of_key(const LedgerMark *mark, int key)
{
    return mark->keys[key];
}

static uint64_t hash_of_fields(const LedgerMark *mark, int key)
{
    return mix(mark->keys[LEDGER_KEY_ALL], mark->lists);
}

static uint64_t hash_of_row(const LedgerMark *mark, int key)
{
    return mix(hash_of_fields(mark, key), mark->beside);
}

static void search_init(Search *search, const LedgerMarker *marker, const LedgerImport *import,
                        const GArray *marks, StoreConnection *connection)
{
    *search = (Search){.marker = marker,
                       .ledger = import->ledger,
                       .connection = connection,
                       .marks = marks,
                       .same = g_array_new(false, false, sizeof(Same)),
                       .candidates = g_array_new(false, false, sizeof(Candidate)),
                       .above = g_new0(int64_t, marks->len + 1)};
    for (int key = 0; key < LEDGER_N_KEYS && marker->has_entries; key++) {
        search->keys[key] = keys_new(marks, hash_of_key, key);
    }
    if (marker->has_entries) {
        search->fields = keys_new(marks, hash_of_fields, 0);
        search->best = g_new0(Candidate, marks->len + 1);
    }
}

static void search_clear(Search *search)
{
    for (int key = 0; key < LEDGER_N_KEYS; key++) {
        g_clear_pointer(&search->keys[key], g_array_unref);
    }
    g_clear_pointer(&search->fields, g_array_unref);
    g_array_unref(search->same);
    g_array_unref(search->candidates);
    g_free(search->best);
    g_free(search->above);
}

/* Return the first of @keys with @hash; NULL where none has it. */
static Key *first_key(const GArray *keys, uint64_t hash)
{
    guint first = hash != 0 ? find_key(keys, hash) : keys->len;
    Key *found = first < keys->len ? &g_array_index(keys, Key, first) : NULL;
    return found != NULL && found->hash == hash ? found : NULL;
}

/* Return whether @key is one of @keys, and has the hash of the one before it. */
static bool goes_on(const GArray *keys, const Key *key)
{
    return key < &g_array_index(keys, Key, keys->len) && key->hash == key[-1].hash;
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

/* Return whether hashes of what two say in some fields do not speak against their being one: alike,
 * or one of them says nothing there. */
static bool may_be_one(uint64_t left, uint64_t right)
{
    return left == right || left == 0 || right == 0;
}

/* Return whether the marks @left and @right, of one title and day, may be of the same: of one
 * moment, or the day alone is known of one of them; and of the same units and people, unless one of
 * them names none. */
static bool may_be_same(const LedgerMark *left, const LedgerMark *right)
{
    bool is_moment = left->seconds == right->seconds || left->seconds % SECONDS_PER_DAY == 0 ||
                     right->seconds % SECONDS_PER_DAY == 0;
    return is_moment && may_be_one(left->units, right->units) &&
           may_be_one(left->people, right->people);
}

/* Note that @entry, whose mark is @mark, may be what the rows say that have its hash of @key. */
static void add_candidates(Search *search, LedgerKey key, int64_t entry, const LedgerMark *mark)
{
    Key *first = first_key(search->keys[key], mark->keys[key]);
    if (first == NULL || first->n_alike == MAX_ALIKE) {
        return;
    }
    guint n = search->candidates->len;
    Key *found = first;
    do {
        const LedgerMark *row = &g_array_index(search->marks, LedgerMark, found->index);
        if (found->n_compared == MAX_COMPARED ||
            (key == LEDGER_KEY_TITLED && !may_be_same(row, mark))) {
            continue;
        }
        found->n_compared++;
        Candidate candidate = {entry, found->index, key,
                               row->keys[LEDGER_KEY_ALL] == mark->keys[LEDGER_KEY_ALL],
                               compare_fields(search, row, mark->says)};
        g_array_append_val(search->candidates, candidate);
    } while (goes_on(search->keys[key], ++found));
    first->n_alike += search->candidates->len > n ? 1 : 0;
}

/* Note which rows may be what @entry, whose mark is @mark, says. */
static void note_entry(Search *search, int64_t entry, const LedgerMark *mark)
{
    uint64_t columns = mark->keys[LEDGER_KEY_ALL];
    if (first_key(search->keys[LEDGER_KEY_ALL], columns) != NULL) {
        Same same = {entry, columns};
        g_array_append_val(search->same, same);
    }
    for (LedgerKey key = LEDGER_KEY_ALL + 1; key < LEDGER_N_KEYS; key++) {
        add_candidates(search, key, entry, mark);
    }
}

/* Return the fields that entries are read with: those compared, and those of the keys. */
static GPtrArray *fields_read(const LedgerMarker *marker)
{
    GPtrArray *fields = g_ptr_array_copy(marker->units, NULL, NULL);
    g_ptr_array_extend(fields, marker->people, NULL, NULL);
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
        LedgerMark mark = mark_entry(search->marker, entry);
        note_entry(search, store_column_int(query, 0), &mark);
        ledger_mark_clear(&mark);
    }
    return query != NULL;
}

/* Hash the lists of entry @id. */
static bool hash_lists(const Search *search, int64_t id, uint64_t *ret_lists, GError **error)
{
    *ret_lists = 0;
    if (search->marker->lists->len == 0) {
        return true;
    }
    g_autoptr(LedgerEntry) entry = ledger_entry_new(search->ledger);
    entry->id = id;
    if (!ledger_row_read_lists(search->connection, entry, error)) {
        return false;
    }
    *ret_lists = hash_fields(entry, search->marker->lists, 0);
    return true;
}

/* Give each entry to one of the rows that say the same in all fields: as many rows are known as
 * there are entries. */
static bool settle_same(Search *search, GError **error)
{
    for (guint i = 0; i < search->same->len; i++) {
        const Same *same = &g_array_index(search->same, Same, i);
        uint64_t lists = 0;
        if (!hash_lists(search, same->entry, &lists, error)) {
            return false;
        }
        Key *first = first_key(search->fields, mix(same->columns, lists));
        if (first == NULL) {
            continue;
        }
        const Key *next = first + first->n_alike;
        if (first->n_alike == 0 || goes_on(search->fields, next)) {
            search->best[next->index] = (Candidate){.entry = same->entry, .index = next->index};
            first->n_alike++;
        }
    }
    return true;
}

/* Note whether the lists of the entry of @candidate are others than those of its row.
 * *@ret_is_same: it says the same in all fields, so it is not left to find. */
static bool compare_lists(const Search *search, Candidate *candidate, bool *ret_is_same,
                          GError **error)
{
    const LedgerMark *mark = &g_array_index(search->marks, LedgerMark, candidate->index);
    uint64_t lists = 0;
    if (!hash_lists(search, candidate->entry, &lists, error)) {
        return false;
    }
    candidate->differs |= mark->lists != 0 && lists != mark->lists ? LISTS_DIFFER : 0;
    *ret_is_same = candidate->is_alike && lists == mark->lists;
    return true;
}

/* Order candidates: those whose entry is more likely that of their row come first, of several
 * alike in the order of the rows. */
static int compare_candidates(const void *a, const void *b)
{
    const Candidate *left = a, *right = b;
    int n_left = __builtin_popcountll(left->differs),
        n_right = __builtin_popcountll(right->differs);
    if ((n_left == 0) != (n_right == 0)) {
        return n_left == 0 ? -1 : 1;
    }
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    if (n_left != n_right) {
        return n_left < n_right ? -1 : 1;
    }
    if (left->index != right->index) {
        return left->index < right->index ? -1 : 1;
    }
    return left->entry < right->entry ? -1 : left->entry > right->entry;
}

/* Note that the row of @candidate is its entry, if it has none yet. Title and day are those of
 * several rows: there an entry in @taken is another's. */
static void settle_candidate(Search *search, const Candidate *candidate, GHashTable *taken)
{
    Candidate *best = &search->best[candidate->index];
    bool is_taken =
        candidate->key == LEDGER_KEY_TITLED && g_hash_table_contains(taken, &candidate->entry);
    if (best->entry == 0 && !is_taken) {
        *best = *candidate;
        g_hash_table_add(taken, &best->entry);
    }
}

/* Find the entry that each row most likely is, of those that do not say quite the same. */
static bool check_candidates(Search *search, GError **error)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_int64_hash, g_int64_equal);
    guint n = 0;
    for (guint i = 0; i < search->marks->len; i++) {
        if (search->best[i].entry != 0) {
            g_hash_table_add(taken, &search->best[i].entry);
        }
    }
    for (guint i = 0; i < search->candidates->len; i++) {
        Candidate *candidate = &g_array_index(search->candidates, Candidate, i);
        bool is_same = false;
        if (search->best[candidate->index].entry != 0) {
            continue;
        }
        if (!compare_lists(search, candidate, &is_same, error)) {
            return false;
        }
        if (!is_same) {
            g_array_index(search->candidates, Candidate, n++) = *candidate;
        }
    }
    g_array_set_size(search->candidates, n);
    g_array_sort(search->candidates, compare_candidates);
    for (guint i = 0; i < n; i++) {
        settle_candidate(search, &g_array_index(search->candidates, Candidate, i), taken);
    }
    return true;
}

/* Let the first row without an entry, of those that have @hash among @keys, be @entry. */
static void give_entry(Search *search, const GArray *keys, uint64_t hash, int64_t entry)
{
    const Key *key = first_key(keys, hash);
    while (key != NULL && search->best[key->index].entry != 0) {
        key = goes_on(keys, key + 1) ? key + 1 : NULL;
    }
    if (key != NULL) {
        search->best[key->index] = (Candidate){.entry = entry, .index = key->index};
    }
}

/* Find the rows that say what an entry said which was taken out of the books: all of it, or what
 * the ledger calls unique.  What was put right since is another row, and may come; so may what was
 * taken back with its whole import. */
static bool find_gone(Search *search, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(StoreStatement) query = store_query(
        search->connection, error,
        "SELECT e.id FROM entry e WHERE e.ledger = $1 AND e.gone = 'deleted'" LEDGER_ENTRY_VISIBLE
        " ORDER BY e.id",
        "t", search->ledger->name);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row) {
            int64_t id = store_column_int(query, 0);
            g_array_append_val(ids, id);
        }
    }
    bool is_ok = query != NULL;
    for (guint i = 0; i < ids->len && is_ok; i++) {
        int64_t id = g_array_index(ids, int64_t, i);
        g_autoptr(LedgerEntry) entry =
            ledger_history_last(search->connection, search->ledger, id, error);
        is_ok = entry != NULL;
        if (is_ok) {
            LedgerMark mark = mark_entry(search->marker, entry);
            give_entry(search, search->fields, hash_of_fields(&mark, 0), id);
            give_entry(search, search->keys[LEDGER_KEY_UNIQUE], mark.keys[LEDGER_KEY_UNIQUE], id);
            ledger_mark_clear(&mark);
        }
    }
    return is_ok;
}

/* Return whether the row of the mark @index may come although one above it says the same: there is
 * an entry for it, or there are several for such rows, so that the office means them. */
static bool may_repeat(const Search *search, guint index)
{
    if (search->best == NULL) {
        return false;
    }
    const LedgerMark *mark = &g_array_index(search->marks, LedgerMark, index);
    const Key *first = first_key(search->fields, hash_of_fields(mark, 0));
    return search->best[index].entry != 0 || (first != NULL && first->n_alike > 1);
}

/* Note the rows that have a hash of @keys which one above them has. */
static void note_repeated(Search *search, const GArray *keys, bool is_unique)
{
    guint first = 0;
    for (guint i = 1; i < keys->len; i++) {
        const Key *key = &g_array_index(keys, Key, i), *top = &g_array_index(keys, Key, first);
        if (key->hash != top->hash) {
            first = i;
        } else if (is_unique || !may_repeat(search, key->index)) {
            search->above[key->index] = g_array_index(search->marks, LedgerMark, top->index).row;
        }
    }
}

/* Note the rows that say the same as one above them: in the unique fields, or in all cells. */
static void find_repeated(Search *search)
{
    g_autoptr(GArray) rows = keys_new(search->marks, hash_of_row, 0);
    g_autoptr(GArray) unique = keys_new(search->marks, hash_of_key, LEDGER_KEY_UNIQUE);
    note_repeated(search, rows, false);
    note_repeated(search, unique, true);
}

/* Return whether rows of @field name people. */
static bool names_people(const SchemaField *field)
{
    for (guint i = 0; field->kind == SCHEMA_FIELD_ROWS && i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        if (child->kind == SCHEMA_FIELD_PERSON) {
            return true;
        }
    }
    return field->kind == SCHEMA_FIELD_PEOPLE;
}

const SchemaField *ledger_import_gathering(const SchemaLedger *ledger)
{
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (names_people(field)) {
            return field;
        }
    }
    return NULL;
}

static uint64_t hash_of_title(const LedgerMark *mark, int key)
{
    uint64_t title = mark->keys[LEDGER_KEY_TITLED];
    return title != 0 ? mix(title, mark->units) : 0;
}

/* Count the rows of @marks that have title, day and units of others, and are not alike. */
static void count_sharing(LedgerImport *import, const GArray *marks)
{
    g_autoptr(GArray) keys = keys_new(marks, hash_of_title, 0);
    guint end = 0;
    for (guint first = 0; first < keys->len; first = end) {
        const Key *top = &g_array_index(keys, Key, first);
        uint64_t row = hash_of_row(&g_array_index(marks, LedgerMark, top->index), 0);
        bool is_other = false;
        for (end = first + 1; end < keys->len && g_array_index(keys, Key, end).hash == top->hash;
             end++) {
            guint index = g_array_index(keys, Key, end).index;
            is_other = is_other || hash_of_row(&g_array_index(marks, LedgerMark, index), 0) != row;
        }
        import->n_sharing += is_other ? end - first : 0;
        import->n_shared += is_other ? 1 : 0;
    }
}

/* Add @field to @differs, unless it is personal: a file of guesses would tell what it holds, and no
 * look be recorded. */
static void add_differing(GPtrArray *differs, gpointer field)
{
    if (!((const SchemaField *)field)->is_personal) {
        g_ptr_array_add(differs, field);
    }
}

/* Return the fields in which @candidate says something else (of SchemaField); NULL: in none. */
static GPtrArray *differing(const Search *search, const Candidate *candidate)
{
    const GPtrArray *fields = search->marker->keys[LEDGER_KEY_ALL];
    const GPtrArray *lists = search->marker->lists;
    g_autoptr(GPtrArray) differs = fields_new();
    for (guint i = 0; i < MIN(fields->len, (guint)MAX_FIELD_BITS); i++) {
        if ((candidate->differs >> i & 1) != 0) {
            add_differing(differs, g_ptr_array_index(fields, i));
        }
    }
    for (guint i = 0; i < lists->len && (candidate->differs & LISTS_DIFFER) != 0; i++) {
        add_differing(differs, g_ptr_array_index(lists, i));
    }
    return differs->len > 0 ? g_steal_pointer(&differs) : NULL;
}

/* Say in *@ret_may whether who imports may read @entry. */
static bool may_read(const Search *search, int64_t entry, bool *ret_may, GError **error)
{
    const RightsObject all = {.ledger = search->ledger, .owner = ""};
    *ret_may =
        search->subject == NULL || rights_may(search->subject, RIGHTS_ENTRY_READ, &all, NULL);
    if (*ret_may) {
        return true;
    }
    g_autoptr(LedgerEntry) held =
        ledger_entry_load(search->office, search->connection, entry, error);
    if (held == NULL) {
        return false;
    }
    const RightsObject object = {.ledger = held->ledger, .unit = held->unit, .owner = held->owner};
    *ret_may = rights_may(search->subject, RIGHTS_ENTRY_READ, &object, NULL);
    return true;
}

/* Take number and state of the entry that @known is into it, and where @best says something else;
 * nothing of what who imports may not read. */
static bool read_known(const Search *search, const Candidate *best, LedgerKnownRow *known,
                       GError **error)
{
    bool may = false, has_row = false;
    if (!may_read(search, best->entry, &may, error)) {
        return false;
    }
    known->is_hidden = !may;
    if (!may) {
        return true;
    }
    g_autoptr(StoreStatement) query =
        store_query(search->connection, error, "SELECT number, gone FROM entry WHERE id = $1", "i",
                    best->entry);
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    known->is_gone = has_row && store_column_text(query, 1) != NULL;
    known->number = has_row ? g_strdup(store_column_text(query, 0)) : NULL;
    known->differs = differing(search, best);
    return true;
}

/* Note in @import that the row with the mark @index is known, if it is. */
static bool add_known(const Search *search, LedgerImport *import, guint index, GError **error)
{
    const LedgerMark *mark = &g_array_index(search->marks, LedgerMark, index);
    const Candidate *best = search->best != NULL ? &search->best[index] : NULL;
    LedgerKnownRow known = {.row = mark->row, .year = mark->year, .above = search->above[index]};
    bool is_held = best != NULL && best->entry != 0;
    if (!is_held && known.above == 0) {
        return true;
    }
    known.above = is_held ? 0 : known.above;
    if (is_held && !read_known(search, best, &known, error)) {
        return false;
    }
    import->n_differing += known.differs != NULL;
    import->n_repeated += known.above != 0;
    g_array_append_val(import->known, known);
    return true;
}

bool ledger_marker_find(const LedgerMarker *marker, Office *office, const RightsSubject *subject,
                        LedgerImport *import, const GArray *marks, StoreConnection *connection,
                        GError **error)
{
    Search search;
    search_init(&search, marker, import, marks, connection);
    search.office = office;
    search.subject = subject;
    bool is_ok =
        !marker->has_entries || (find_candidates(&search, error) && settle_same(&search, error) &&
                                 check_candidates(&search, error) && find_gone(&search, error));
    if (is_ok) {
        find_repeated(&search);
    }
    for (guint i = 0; i < marks->len && is_ok; i++) {
        is_ok = add_known(&search, import, i, error);
    }
    if (ledger_import_gathering(import->ledger) != NULL) {
        count_sharing(import, marks);
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
