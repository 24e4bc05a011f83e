#include "office/pack.h"

#include "base/json.h"
#include "base/text.h"
#include "office/office-internal.h"
#include "office/tables.h"

#define PACK_FILE "pack-file"

void office_pack_free(OfficePack *pack)
{
    if (pack != NULL) {
        schema_free(pack->schema);
        g_clear_pointer(&pack->definitions, g_hash_table_unref);
        g_free(pack);
    }
}

void office_pack_change_free(OfficePackChange *change)
{
    if (change != NULL) {
        g_clear_pointer(&change->lines, g_ptr_array_unref);
        g_clear_pointer(&change->narrowed, g_ptr_array_unref);
        g_free(change);
    }
}

/* ---- the stored copy ------------------------------------------------------------------------- */

/* The definitions in force: files, and the event that put each in force. */
typedef struct Stored {
    GPtrArray *files; /* of SchemaFile, sorted by path */
    GArray *ids;      /* of int64_t */
} Stored;

static void stored_clear(Stored *stored)
{
    g_clear_pointer(&stored->files, g_ptr_array_unref);
    g_clear_pointer(&stored->ids, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stored, stored_clear)

static void free_file(gpointer data)
{
    schema_file_free(data);
}

static bool read_stored(StoreConnection *connection, Stored *stored, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT id, name, text FROM definition WHERE kind = $1 AND is_current = 1 ORDER BY name",
        "t", PACK_FILE);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    stored->files = g_ptr_array_new_with_free_func(free_file);
    stored->ids = g_array_new(false, false, sizeof(int64_t));
    while (store_step(query, &has_row, error) && has_row) {
        g_ptr_array_add(stored->files,
                        schema_file_new(store_column_text(query, 1), store_column_text(query, 2)));
        int64_t id = store_column_int(query, 0);
        g_array_append_val(stored->ids, id);
    }
    return !has_row;
}

/* Return which event put each ledger of @schema in force: name (borrowed from it) -> int64_t*. */
static GHashTable *map_ledgers(const Schema *schema, const Stored *stored)
{
    GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        g_autofree char *path = schema_ledger_path(ledger);
        for (guint j = 0; j < stored->files->len; j++) {
            const SchemaFile *file = g_ptr_array_index(stored->files, j);
            if (g_str_equal(file->path, path)) {
                g_hash_table_insert(
                    map, ledger->name,
                    g_memdup2(&g_array_index(stored->ids, int64_t, j), sizeof(int64_t)));
            }
        }
    }
    return map;
}

OfficePack *office_pack_load(StoreConnection *connection, GError **error)
{
    g_auto(Stored) stored = {NULL};
    if (!read_stored(connection, &stored, error)) {
        return NULL;
    }
    Schema *schema = schema_load_stored(stored.files, error);
    if (schema == NULL) {
        error_prefix(error, "the pack stored in the office");
        return NULL;
    }
    OfficePack *pack = g_new0(OfficePack, 1);
    pack->schema = schema;
    pack->definitions = map_ledgers(schema, &stored);
    return pack;
}

/* ---- definitions ----------------------------------------------------------------------------- */

static const SchemaFile *find_file(const GPtrArray *files, const char *path)
{
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(files, i);
        if (g_str_equal(file->path, path)) {
            return file;
        }
    }
    return NULL;
}

/* What is known of a file by its path: the first event of its history and the last version; 0: new.
 */
static bool find_history(StoreConnection *connection, const char *path, int64_t *ret_object,
                         int64_t *ret_version, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT object, version FROM definition WHERE kind = $1 AND name = $2"
                    " ORDER BY version DESC LIMIT 1",
                    "tt", PACK_FILE, path);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    *ret_object = has_row ? store_column_int(query, 0) : 0;
    *ret_version = has_row ? store_column_int(query, 1) : 0;
    return true;
}

static char *describe_file(const char *path, const char *sha256, int64_t version)
{
    g_auto(JsonWriter) data;
    json_writer_init(&data);
    json_write_begin_object(&data);
    json_write_key_text(&data, "kind", PACK_FILE);
    json_write_key_text(&data, "path", path);
    if (sha256 != NULL) {
        json_write_key_text(&data, "sha256", sha256);
        json_write_key_int(&data, "version", version);
    }
    json_write_end_object(&data);
    return json_writer_finish(&data);
}

static bool retire(StoreConnection *connection, const char *path, GError **error)
{
    return store_run(connection, error,
                     "UPDATE definition SET is_current = 0"
                     " WHERE kind = $1 AND name = $2 AND is_current = 1",
                     "tt", PACK_FILE, path);
}

/* Put @file in force in place of @before (NULL: there was none). */
static bool put_file(LogWriter *writer, const SchemaFile *before, const SchemaFile *file,
                     GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    int64_t object = 0;
    int64_t version = 0;
    int64_t id = 0;
    if (!find_history(connection, file->path, &object, &version, error)) {
        return false;
    }
    g_autofree char *sha256 = crypto_hash_hex(file->text, strlen(file->text));
    g_autofree char *data = describe_file(file->path, sha256, version + 1);
    const char *kind = before != NULL ? "definition.change" : "definition.add";
    return retire(connection, file->path, error) &&
           log_append(writer, kind, object, data, NULL, &id, error) &&
           store_run(connection, error,
                     "INSERT INTO definition"
                     " (id, object, kind, name, version, since, sha256, text, is_current)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
                     "iittiitt", id, object != 0 ? object : id, PACK_FILE, file->path, version + 1,
                     log_writer_now_us(writer), sha256, file->text);
}

static bool remove_file(LogWriter *writer, const SchemaFile *file, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    int64_t object = 0;
    int64_t version = 0;
    g_autofree char *data = describe_file(file->path, NULL, 0);
    return find_history(connection, file->path, &object, &version, error) &&
           retire(connection, file->path, error) &&
           log_append(writer, "definition.remove", object, data, NULL, NULL, error);
}

/* Write what differs between the files of @old (NULL: none) and @files. */
static bool put_files(LogWriter *writer, const GPtrArray *old, const GPtrArray *files,
                      GError **error)
{
    for (guint i = 0; i < files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(files, i);
        const SchemaFile *before = find_file(old, file->path);
        if ((before == NULL || !g_str_equal(before->text, file->text)) &&
            !put_file(writer, before, file, error)) {
            return false;
        }
    }
    for (guint i = 0; old != NULL && i < old->len; i++) {
        const SchemaFile *file = g_ptr_array_index(old, i);
        if (find_file(files, file->path) == NULL && !remove_file(writer, file, error)) {
            return false;
        }
    }
    return true;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static bool change_tables(StoreConnection *connection, const Schema *old, const Schema *new_schema,
                          GError **error)
{
    for (guint i = 0; old != NULL && i < old->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(old->ledgers, i);
        const SchemaLedger *after = schema_ledger(new_schema, ledger->name);
        bool is_ok = after != NULL ? office_tables_change(connection, ledger, after, error)
                                   : office_tables_drop(connection, ledger, error);
        if (!is_ok) {
            return false;
        }
    }
    for (guint i = 0; i < new_schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(new_schema->ledgers, i);
        bool is_new = old == NULL || schema_ledger(old, ledger->name) == NULL;
        if (is_new && !office_tables_create(connection, ledger, error)) {
            return false;
        }
    }
    return true;
}

bool office_pack_install(LogWriter *writer, const Schema *old, const Schema *new_schema,
                         GError **error)
{
    return put_files(writer, old != NULL ? old->files : NULL, new_schema->files, error) &&
           change_tables(log_writer_connection(writer), old, new_schema, error);
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* Return the sentence of @said (takes) in @language. */
static char *sentence(GError *said, const char *language)
{
    g_autoptr(GError) error = said;
    return error_to_text(error, language);
}

/* Append a line for each file that differs. */
static void compare_files(const GPtrArray *old, const GPtrArray *files, const char *language,
                          GPtrArray *lines)
{
    for (guint i = 0; i < files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(files, i);
        const SchemaFile *before = find_file(old, file->path);
        GError *said = NULL;
        if (before == NULL) {
            error_set(&said, SHUZHI_ERROR_INVALID, "file '%s' is added", file->path);
        } else if (!g_str_equal(before->text, file->text)) {
            error_set(&said, SHUZHI_ERROR_INVALID, "file '%s' is changed", file->path);
        }
        if (said != NULL) {
            g_ptr_array_add(lines, sentence(said, language));
        }
    }
    for (guint i = 0; i < old->len; i++) {
        const SchemaFile *file = g_ptr_array_index(old, i);
        if (find_file(files, file->path) == NULL) {
            GError *said = NULL;
            error_set(&said, SHUZHI_ERROR_INVALID, "file '%s' is removed", file->path);
            g_ptr_array_add(lines, sentence(said, language));
        }
    }
}

OfficePackChange *office_pack_compare(Office *office, const Schema *new_schema,
                                      const char *language)
{
    const Schema *old = office_schema(office);
    OfficePackChange *change = g_new0(OfficePackChange, 1);
    change->lines = schema_compare(old, new_schema, language, &change->narrowed);
    guint n_of_tables = change->lines->len;
    compare_files(old->files, new_schema->files, language, change->lines);
    change->is_empty = change->lines->len == n_of_tables;
    return change;
}

/* ---- applying -------------------------------------------------------------------------------- */

/* Refuse narrowings that are not in @allowed, naming them all. */
static bool check_narrowed(const GPtrArray *narrowed, const char *const *allowed, GError **error)
{
    g_autoptr(GPtrArray) refused = g_ptr_array_new();
    for (guint i = 0; i < narrowed->len; i++) {
        const char *name = g_ptr_array_index(narrowed, i);
        if (allowed == NULL || !g_strv_contains(allowed, name)) {
            g_ptr_array_add(refused, (char *)name);
        }
    }
    if (refused->len == 0) {
        return true;
    }
    g_ptr_array_add(refused, NULL);
    g_autofree char *names = error_words((const char *const *)refused->pdata);
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "this pack removes or narrows %s; nothing is changed until that is asked for by name",
              names);
    return false;
}

/* What the job of applying is about. */
typedef struct Applying {
    Office *office;
    const OfficePack *old;
    Schema *schema;          /* owned until it is in @pack */
    GHashTable *definitions; /* made by the job */
    bool is_moving;          /* the job was done, the office's mark of it set */
} Applying;

static void applying_clear(Applying *applying)
{
    schema_free(applying->schema);
    g_clear_pointer(&applying->definitions, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Applying, applying_clear)

/* Return whether the stored files are those of @old: another process may have applied a pack. */
static bool is_still(const Schema *old, const Stored *stored)
{
    bool is_same = old->files->len == stored->files->len;
    for (guint i = 0; is_same && i < stored->files->len; i++) {
        const SchemaFile *file = g_ptr_array_index(stored->files, i);
        const SchemaFile *before = find_file(old->files, file->path);
        is_same = before != NULL && g_str_equal(before->text, file->text);
    }
    return is_same;
}

static bool apply_job(LogWriter *writer, void *data, GError **error)
{
    Applying *applying = data;
    StoreConnection *connection = log_writer_connection(writer);
    g_auto(Stored) before = {NULL};
    g_auto(Stored) after = {NULL};
    if (!read_stored(connection, &before, error)) {
        return false;
    }
    if (!is_still(applying->old->schema, &before)) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "another pack was applied meanwhile; look again at what would change");
        return false;
    }
    if (!office_pack_install(writer, applying->old->schema, applying->schema, error) ||
        !read_stored(connection, &after, error)) {
        return false;
    }
    applying->definitions = map_ledgers(applying->schema, &after);
    applying->is_moving = true; /* until replace_pack(): jobs behind this one go by the old pack */
    g_atomic_int_set(&applying->office->is_pack_moving, true);
    return true;
}

/* Put the applied pack in the place of the old one, which stays for those who have borrowed it. */
static void replace_pack(Office *office, Applying *applying)
{
    OfficePack *fresh = g_new0(OfficePack, 1);
    fresh->schema = g_steal_pointer(&applying->schema);
    fresh->definitions = g_steal_pointer(&applying->definitions);
    g_ptr_array_add(office->retired, office->pack);
    g_atomic_pointer_set(&office->pack, fresh);
}

bool office_pack_apply(Office *office, GPtrArray *files, const char *const *allowed,
                       const LogAct *act, GError **error)
{
    g_auto(Applying) applying = {.office = office, .old = g_atomic_pointer_get(&office->pack)};
    applying.schema = schema_load(files, NULL, error);
    if (applying.schema == NULL || !office_tables_check(applying.schema, error)) {
        return false;
    }
    g_autoptr(OfficePackChange) change = office_pack_compare(office, applying.schema, "en");
    if (change->is_empty) {
        return true;
    }
    if (!check_narrowed(change->narrowed, allowed, error)) {
        return false;
    }
    bool is_applied = log_write(office->log, act, apply_job, &applying, error);
    if (is_applied) {
        replace_pack(office, &applying);
    }
    if (applying.is_moving) {
        g_atomic_int_set(&office->is_pack_moving, false);
    }
    return is_applied;
}
