#include "office/backup.h"

#include <errno.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "log/checkpoint.h"
#include "log/history.h"
#include "log/verify.h"
#include "office/key.h"
#include "office/place.h"
#include "office/signed.h"

#define FORMAT 1 /* of the folder; a reader refuses a greater one */
#define MAX_MANIFEST_BYTES ((size_t)64 << 10)
#define DATABASE "office.db"
#define FILES "files"
#define MANIFEST "backup.json"
#define PREFIX_DIGITS 2 /* of a file's hash: the folder it is in */

void office_backup_free(OfficeBackup *backup)
{
    if (backup != NULL) {
        g_free(backup->office_id);
        g_free(backup->name);
        g_free(backup->signed_in);
        g_free(backup);
    }
}

/* ---- folders --------------------------------------------------------------------------------- */

/* The folder that something is made in, beside its place: gone again unless it was put there. */
typedef struct Making {
    char *path; /* NULL: put in place */
    int fd;
} Making;

static void making_clear(Making *making)
{
    if (making->path != NULL) {
        file_remove_folder(making->path);
        g_free(making->path);
    }
    if (making->fd >= 0) {
        close(making->fd);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

static bool begin(Making *making, const char *path, int mode, GError **error)
{
    making->fd = file_make_temporary_folder(path, mode, &making->path, error);
    return making->fd >= 0;
}

static bool put_in_place(Making *making, const char *path, FileOld old, GError **error)
{
    if (!file_put_in_place(making->fd, making->path, path, old, error)) {
        return false;
    }
    g_clear_pointer(&making->path, g_free);
    return true;
}

static bool is_hex(const char *text, size_t length)
{
    return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

/* Append the entries of the folder @path whose names are @length hex digits to @names. */
static bool list_hex(const char *path, size_t length, GPtrArray *names, GError **error)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    if (folder == NULL) {
        error_set_errno(error, errno, "cannot open '%s'", path);
        return false;
    }
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (is_hex(name, length)) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_dir_close(folder);
    return true;
}

/* Copy the file @name of the folder @prefix, checking that it is what its name says. */
static bool copy_file(const char *from, const char *to, const char *prefix, const char *name,
                      GError **error)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    g_autofree char *source = g_build_filename(from, prefix, name, NULL);
    g_autofree char *target = g_build_filename(to, prefix, name, NULL);
    if (!file_copy(source, target, 0600, hash, error)) {
        return false;
    }
    g_autofree char *digits = text_to_hex(hash, sizeof hash);
    g_autofree char *expected = g_strconcat(prefix, name, NULL);
    if (!g_str_equal(digits, expected)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the file '%s' is damaged: its bytes are not those that its name says", source);
        return false;
    }
    return true;
}

static bool copy_prefix(const char *from, const char *to, const char *prefix, int64_t *n_files,
                        GError **error)
{
    g_autofree char *source = g_build_filename(from, prefix, NULL);
    g_autofree char *target = g_build_filename(to, prefix, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    size_t length = 2 * (size_t)CRYPTO_HASH_SIZE - PREFIX_DIGITS;
    if (!list_hex(source, length, names, error) || !file_make_folder(target, 0700, error)) {
        return false;
    }
    for (guint i = 0; i < names->len; i++) {
        if (!copy_file(from, to, prefix, g_ptr_array_index(names, i), error)) {
            return false;
        }
    }
    *n_files += names->len;
    return true;
}

/* Copy the evidence in @from to @to, which is made; *@ret_n_files is how many there are. */
static bool copy_files(const char *from, const char *to, int64_t *ret_n_files, GError **error)
{
    g_autoptr(GPtrArray) prefixes = g_ptr_array_new_with_free_func(g_free);
    int64_t n_files = 0;
    if (!file_make_folder(to, 0700, error) || (g_file_test(from, G_FILE_TEST_EXISTS) &&
                                               !list_hex(from, PREFIX_DIGITS, prefixes, error))) {
        return false;
    }
    for (guint i = 0; i < prefixes->len; i++) {
        if (!copy_prefix(from, to, g_ptr_array_index(prefixes, i), &n_files, error)) {
            return false;
        }
    }
    *ret_n_files = n_files;
    return file_sync_folder(to, error);
}

/* ---- what a backup says of itself ------------------------------------------------------------ */

/* Write the manifest of @backup, whose database has @hash, into the folder @path. */
static bool write_manifest(const OfficeBackup *backup, const char *path,
                           const uint8_t hash[CRYPTO_HASH_SIZE], GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "format", FORMAT);
    json_write_key_text(&json, "office", backup->office_id);
    json_write_key_text(&json, "name", backup->name);
    json_write_key_int(&json, "at", backup->at_us);
    json_write_key_int(&json, "events", backup->n_events);
    json_write_key(&json, "root");
    json_write_hex(&json, backup->root, sizeof backup->root);
    json_write_key(&json, "database");
    json_write_hex(&json, hash, CRYPTO_HASH_SIZE);
    json_write_key_int(&json, "files", backup->n_files);
    json_write_end_object(&json);
    g_autofree char *text = json_writer_finish(&json);
    g_autofree char *file = g_build_filename(path, MANIFEST, NULL);
    return file_write(file, text, strlen(text), 0600, error);
}

static bool read_hash(const json_t *object, const char *key, uint8_t ret_hash[CRYPTO_HASH_SIZE])
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL && text_from_hex(text, ret_hash, CRYPTO_HASH_SIZE);
}

/* Fill @backup from @object; false when something is missing. */
static bool read_members(const json_t *object, OfficeBackup *backup,
                         uint8_t ret_hash[CRYPTO_HASH_SIZE])
{
    const char *id = json_string_value(json_object_get(object, "office"));
    const char *name = json_string_value(json_object_get(object, "name"));
    backup->office_id = g_strdup(id);
    backup->name = g_strdup(name);
    backup->at_us = json_integer_value(json_object_get(object, "at"));
    backup->n_events = json_integer_value(json_object_get(object, "events"));
    backup->n_files = json_integer_value(json_object_get(object, "files"));
    int64_t last_us = date_to_us(date_from_ymd(9999, 12, 31), 0, 0);
    return id != NULL && name != NULL && backup->at_us > 0 && backup->at_us < last_us &&
           read_hash(object, "root", backup->root) && read_hash(object, "database", ret_hash);
}

/* Read the manifest in the folder @path; the caller owns the result. */
static OfficeBackup *read_manifest(const char *path, uint8_t ret_hash[CRYPTO_HASH_SIZE],
                                   GError **error)
{
    g_autofree char *file = g_build_filename(path, MANIFEST, NULL);
    size_t length = 0;
    if (!g_file_test(file, G_FILE_TEST_EXISTS)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no backup at '%s'", path);
        return NULL;
    }
    g_autofree char *text = file_read(file, MAX_MANIFEST_BYTES, &length, error);
    if (text == NULL) {
        return NULL;
    }
    g_autoptr(json_t) object = json_parse(text, length, NULL);
    json_int_t format = json_integer_value(json_object_get(object, "format"));
    if (format > FORMAT) {
        error_set(error, SHUZHI_ERROR_VERSION, "the backup at '%s' was made by a newer program",
                  path);
        return NULL;
    }
    g_autoptr(OfficeBackup) backup = g_new0(OfficeBackup, 1);
    if (format < 1 || !read_members(object, backup, ret_hash)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the backup at '%s' is damaged: its '%s' cannot be"
                  " read",
                  path, MANIFEST);
        return NULL;
    }
    return g_steal_pointer(&backup);
}

/* Set size and root of @backup to those of the log in the database @path. */
static bool read_head(const char *path, OfficeBackup *backup, GError **error)
{
    g_autoptr(Store) store = store_open(path, STORE_READ, error);
    StoreConnection *reader = store != NULL ? store_reader_acquire(store, error) : NULL;
    if (reader == NULL) {
        return false;
    }
    bool is_read = log_head(reader, &backup->n_events, backup->root, error);
    store_reader_release(reader);
    return is_read;
}

/* ---- is it whole? ---------------------------------------------------------------------------- */

/* Check that the manifest speaks of @office, the copy. */
static bool check_names(const Office *office, const OfficeBackup *backup, GError **error)
{
    if (!g_str_equal(office_id(office), backup->office_id) ||
        !g_str_equal(office_name(office), backup->name)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the backup is damaged: its '%s' is about another office than its '%s'", MANIFEST,
                  DATABASE);
        return false;
    }
    return true;
}

/* Verify the log of the copy: it must be sound, and the one that was backed up. */
static bool check_log(const char *location, const OfficeBackup *backup, GError **error)
{
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, error);
    g_autoptr(LogReport) report = log_report_new();
    if (office == NULL || !check_names(office, backup, error)) {
        return false;
    }
    g_autofree char *origin = office_key_origin(office_id(office));
    if (!log_verify(office_store(office), NULL, origin, office_public_key(office), NULL, report,
                    error)) {
        return false;
    }
    if ((report->verdict != LOG_SOUND && report->verdict != LOG_ASSERTED) ||
        report->n_events != backup->n_events ||
        memcmp(report->root, backup->root, sizeof report->root) != 0) {
        const LogFinding *first =
            report->findings->len > 0 ? g_ptr_array_index(report->findings, 0) : NULL;
        if (first != NULL) {
            g_propagate_error(error, g_error_copy(first->said));
        } else {
            error_set(error, SHUZHI_ERROR_CORRUPT, "its root is another than the office's");
        }
        return false;
    }
    return true;
}

/* Count the files of evidence that are named on @reader and not in @files; *@ret_first, the name of
 * the first of them, is the caller's. */
static bool count_missing(StoreConnection *reader, const char *files, int64_t *ret_n,
                          char **ret_first, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(reader, error, "SELECT sha256, name FROM evidence ORDER BY id", "");
    bool has_row = true;
    while (query != NULL && store_step(query, &has_row, error) && has_row) {
        const char *hex = store_column_text(query, 0);
        g_autofree char *prefix = g_strndup(hex, PREFIX_DIGITS);
        g_autofree char *file =
            g_build_filename(files, prefix, hex + MIN(strlen(hex), PREFIX_DIGITS), NULL);
        if (!g_file_test(file, G_FILE_TEST_IS_REGULAR) && (*ret_n)++ == 0) {
            *ret_first = g_strdup(store_column_text(query, 1));
        }
    }
    return !has_row;
}

/* Check that each file of evidence that the database @path names is in the folder @files. */
static bool check_evidence(const char *path, const char *files, GError **error)
{
    g_autoptr(Store) store = store_open(path, STORE_READ, error);
    StoreConnection *reader = store != NULL ? store_reader_acquire(store, error) : NULL;
    g_autofree char *first = NULL;
    int64_t n = 0;
    if (reader == NULL) {
        return false;
    }
    bool is_counted = count_missing(reader, files, &n, &first, error);
    store_reader_release(reader);
    if (is_counted && n > 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "%lld {file|files} of evidence cannot be found in the office, '%s' first: put "
                  "back what is missing from the last good backup; 'shuzhi verify' names each",
                  (long long)n, first);
    }
    return is_counted && n == 0;
}

/* ---- making one ------------------------------------------------------------------------------ */

/* The database first: the bytes of every file that its copy names are there before. */
static OfficeBackup *fill(Office *office, const char *part, GError **error)
{
    g_autofree char *database = g_build_filename(part, DATABASE, NULL);
    g_autofree char *files = g_build_filename(part, FILES, NULL);
    g_autoptr(OfficeBackup) backup = g_new0(OfficeBackup, 1);
    uint8_t hash[CRYPTO_HASH_SIZE];
    backup->office_id = g_strdup(office_id(office));
    backup->name = g_strdup(office_name(office));
    backup->at_us = source_now_us(office_source(office));
    if (!store_copy_to(office_store(office), database, error) ||
        !copy_files(office_files_path(office), files, &backup->n_files, error) ||
        !check_evidence(database, files, error) || !read_head(database, backup, error)) {
        return NULL;
    }
    if (!check_log(part, backup, error)) {
        error_prefix(error, "the office is not sound, and no backup of it could be restored");
        return NULL;
    }
    if (!file_hash(database, hash, NULL, error) || !write_manifest(backup, part, hash, error)) {
        return NULL;
    }
    return g_steal_pointer(&backup);
}

/* Refuse a place inside the office: a backup there is lost with it. */
static bool check_outside(const Office *office, const char *folder, GError **error)
{
    const char *place = office_folder(office);
    g_autofree char *real = place != NULL ? file_real_path(place) : NULL;
    g_autofree char *inside = real != NULL ? g_build_filename(real, "/", NULL) : NULL;
    if (inside != NULL && g_str_has_prefix(folder, inside)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is inside the office '%s', and would be lost with it: back up to another"
                  " place",
                  folder, real);
        return false;
    }
    return true;
}

OfficeBackup *office_backup_make(Office *office, const char *path, GError **error)
{
    if (office_folder(office) == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "an office on PostgreSQL is backed up with the server's tools: 'pg_dump "
                  "--schema=%s', and after it a copy of the folder of its files, '%s'",
                  strrchr(office_location(office), '=') + 1, office_files_path(office));
        return NULL;
    }
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        error_set(error, SHUZHI_ERROR_EXISTS, "'%s' is there already", path);
        return NULL;
    }
    g_auto(Making) making = {.fd = -1};
    g_autofree char *folder = file_real_path(path);
    if (!check_outside(office, folder, error) || !begin(&making, folder, 0700, error)) {
        return NULL;
    }
    g_autoptr(OfficeBackup) backup = fill(office, making.path, error);
    return backup != NULL && put_in_place(&making, folder, FILE_KEEP_OLD, error)
               ? g_steal_pointer(&backup)
               : NULL;
}

/* ---- restoring ------------------------------------------------------------------------------- */

static bool copy_database(const char *from, const char *to,
                          const uint8_t expected[CRYPTO_HASH_SIZE], GError **error)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    g_autofree char *source = g_build_filename(from, DATABASE, NULL);
    g_autofree char *target = g_build_filename(to, DATABASE, NULL);
    if (!file_copy(source, target, 0600, hash, error)) {
        return false;
    }
    if (memcmp(hash, expected, sizeof hash) != 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the backup is damaged: '%s' is not what was"
                  " written",
                  source);
        return false;
    }
    return true;
}

/* Bring the tables of the copy up to date: the backup may be of an older program, and stays so. */
static bool migrate(const char *part, GError **error)
{
    g_autofree char *database = g_build_filename(part, DATABASE, NULL);
    g_autoptr(Store) store = store_open(database, STORE_WRITE, error);
    return store != NULL;
}

/* Copy the backup at @path to the empty folder @part and check it there. */
static bool unpack(const char *path, const char *part, const OfficeBackup *backup,
                   const uint8_t hash[CRYPTO_HASH_SIZE], GError **error)
{
    g_autofree char *from = g_build_filename(path, FILES, NULL);
    g_autofree char *to = g_build_filename(part, FILES, NULL);
    int64_t n_files = 0;
    if (!copy_database(path, part, hash, error) || !copy_files(from, to, &n_files, error)) {
        return false;
    }
    if (n_files != backup->n_files) {
        error_set(
            error, SHUZHI_ERROR_CORRUPT,
            "the backup is damaged: it should have %lld {file|files} of evidence and has %lld",
            (long long)backup->n_files, (long long)n_files);
        return false;
    }
    if (!migrate(part, error)) {
        return false;
    }
    if (!check_log(part, backup, error)) {
        error_prefix(error, "the log in the backup is not sound");
        return false;
    }
    return true;
}

/* Let the office made in @folder be signed, at @place, from where it stands, since to put it back
 * is what somebody meant; but not while the office itself stands elsewhere. */
static bool go_on_from(const char *folder, const OfficePlace *place, OfficeBackup *backup,
                       GError **error)
{
    g_autoptr(Office) office = office_open(folder, OFFICE_READ, NULL, error);
    g_autoptr(StoreConnection) reader =
        office != NULL ? store_reader_acquire(office_store(office), error) : NULL;
    g_autofree char *note = NULL;
    g_auto(OfficeSigned) last = {NULL};
    if (reader == NULL || !log_last_checkpoint(reader, &note, error) ||
        !office_signed_read(backup->office_id, &last, error)) {
        return false;
    }
    if (office_signed_is_elsewhere(&last, backup->office_id, place)) {
        backup->signed_in = g_steal_pointer(&last.folder);
        return true;
    }
    g_autofree char *key = office_key_path(backup->office_id);
    return note == NULL || !g_file_test(key, G_FILE_TEST_EXISTS) ||
           office_signed_keep(backup->office_id, place, note, error);
}

/* Return the place @location, a folder which must be missing or empty; the caller owns it. */
static OfficePlace *free_place(const char *location, GError **error)
{
    g_autoptr(OfficePlace) place = office_place_parse(location, error);
    if (place == NULL) {
        return NULL;
    }
    if (place->folder == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a backup is restored to a folder; on PostgreSQL, 'psql' reads what 'pg_dump' "
                  "wrote, and the folder of files is put back");
        return NULL;
    }
    GDir *folder = g_dir_open(place->folder, 0, NULL);
    bool is_free = folder != NULL ? g_dir_read_name(folder) == NULL
                                  : !g_file_test(place->folder, G_FILE_TEST_EXISTS);
    if (folder != NULL) {
        g_dir_close(folder);
    }
    if (!is_free) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "the folder '%s' is not empty: an office wants one of its own", place->folder);
        return NULL;
    }
    return g_steal_pointer(&place);
}

OfficeBackup *office_backup_restore(const char *path, const char *location, GError **error)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    g_autoptr(OfficeBackup) backup = read_manifest(path, hash, error);
    g_autoptr(OfficePlace) place = backup != NULL ? free_place(location, error) : NULL;
    g_autofree char *folder = place != NULL ? file_real_path(place->folder) : NULL;
    g_auto(Making) making = {.fd = -1};
    if (folder == NULL || !begin(&making, folder, 0750, error) ||
        !unpack(path, making.path, backup, hash, error) ||
        !go_on_from(making.path, place, backup, error) ||
        !put_in_place(&making, folder, FILE_REPLACE_OLD, error)) {
        return NULL;
    }
    return g_steal_pointer(&backup);
}
