#include "office/office.h"

#include "base/file.h"
#include "log/checkpoint.h"
#include "log/history.h"
#include "log/tiles.h"
#include "office/indexes.h"
#include "office/key.h"
#include "office/mark.h"
#include "office/office-internal.h"
#include "office/signed.h"
#include "proof/checkpoint.h"
#include "proof/path.h"

static const LogColumn office_columns[OFFICE_N_COLUMNS] = {
    [OFFICE_OFFICE_ID] = {"office_id", VALUE_TEXT, false},
    [OFFICE_NAME] = {"name", VALUE_TEXT, false},
    [OFFICE_ZONE] = {"zone", VALUE_NUMBER, false},
    [OFFICE_PUBLIC_KEY] = {"public_key", VALUE_TEXT, false},
    [OFFICE_PASSWORD_CLASSES] = {"password_classes", VALUE_NUMBER, false},
};
const LogTable office_table = {"office", "office", N_("office"), office_columns, OFFICE_N_COLUMNS};

/* ---- opening --------------------------------------------------------------------------------- */

/* Say why table office is empty: the founding was cut short, or somebody emptied it. */
static bool refuse_nameless(const Office *office, StoreConnection *connection, GError **error)
{
    int64_t n_events = 0;
    if (!log_head(connection, &n_events, NULL, error)) {
        return false;
    }
    if (n_events > 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the office at '%s' was damaged: its log has %lld {event|events} and its table "
                  "'office' no row; restore its last good backup",
                  office->place->display, (long long)n_events);
    } else {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the office at '%s' was never finished: remove it and make it again",
                  office->place->display);
    }
    return false;
}

/* Read the one row of table office. */
static bool load_settings(Office *office, StoreConnection *connection, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error, "SELECT id, office_id, name, zone, public_key FROM office", "");
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (!has_row) {
        return refuse_nameless(office, connection, error);
    }
    office->id = store_column_int(query, 0);
    office->office_id = g_strdup(store_column_text(query, 1));
    office->name = g_strdup(store_column_text(query, 2));
    office->offset_seconds = (int)store_column_int(query, 3);
    office->public_key = g_strdup(store_column_text(query, 4));
    return true;
}

static bool load(Office *office, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office->store, error);
    if (reader == NULL || !store_snapshot_begin(reader, error) ||
        !load_settings(office, reader, error) || !office_settings_load(office, reader, error)) {
        return false;
    }
    office->pack = office_pack_load(reader, error);
    return office->pack != NULL;
}

static bool renew_indexes(StoreConnection *connection, void *data, GError **error)
{
    return office_indexes_renew(connection, data, error);
}

/* Give an office that an older program made the indexes that this one counts on, and one that lost
 * some those. */
static bool settle_indexes(Office *office, GError **error)
{
    Schema *schema = office->pack->schema;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office->store, error);
    bool are_right = true;
    if (reader == NULL || !office_indexes_are_right(reader, schema, &are_right, error)) {
        return false;
    }
    return store_mend_indexes(office->store, error) &&
           (are_right || store_write(office->store, renew_indexes, schema, error));
}

/* A store that is not there is an office that is not there; where something else is, no office can
 * be made either. */
static void explain_missing(const OfficePlace *place, GError **error)
{
    if (error == NULL || !error_is(*error, SHUZHI_ERROR_NOT_FOUND)) {
        return;
    }
    g_clear_error(error);
    if (place->folder != NULL && g_file_test(place->folder, G_FILE_TEST_IS_REGULAR)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "'%s' is a file and not the folder of an office",
                  place->display);
    } else if (place->folder != NULL && g_file_test(place->folder, G_FILE_TEST_IS_DIR)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no office in the folder '%s'",
                  place->display);
    } else {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "there is no office at '%s'; 'shuzhi init %s' makes one", place->display,
                  place->word);
    }
}

/* A backup that is written to could not be restored any more. */
static bool check_no_backup(const OfficePlace *place, GError **error)
{
    if (office_place_is_backup(place)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is a backup and stays as it was made: 'shuzhi restore %s OFFICE' makes an"
                  " office of it",
                  place->display, place->word);
        return false;
    }
    return true;
}

static bool check_files(const Office *office, GError **error)
{
    return office->mode == OFFICE_WRITE
               ? office_mark_keep(office->place, office->office_id, error)
               : office_mark_check(office->place, office->office_id, error);
}

Office *office_open(const char *location, OfficeMode mode, Source *source, GError **error)
{
    g_autoptr(OfficePlace) place = office_place_parse(location, error);
    if (place == NULL) {
        return NULL;
    }
    if (mode == OFFICE_WRITE && !check_no_backup(place, error)) {
        return NULL;
    }
    Store *store = store_open(place->store, mode == OFFICE_WRITE ? STORE_WRITE : STORE_READ, error);
    if (store == NULL) {
        explain_missing(place, error);
        return NULL;
    }
    g_autoptr(Office) office = g_new0(Office, 1);
    office->place = g_steal_pointer(&place);
    office->mode = mode;
    office->source = source != NULL ? source : source_system();
    office->store = store;
    g_mutex_init(&office->names_lock);
    g_mutex_init(&office->subjects_lock);
    g_mutex_init(&office->sign_lock);
    office->subjects = office_subjects_new();
    office->old_names = g_ptr_array_new_with_free_func(g_free);
    office->retired = g_ptr_array_new_with_free_func((GDestroyNotify)office_pack_free);
    office->log = log_open(store, office->source, error);
    if (office->log == NULL || !load(office, error) || !check_files(office, error) ||
        (mode == OFFICE_WRITE && !settle_indexes(office, error))) {
        return NULL;
    }
    if (mode == OFFICE_WRITE) { /* without its key an office works; what it writes is not signed */
        office->signer = office_key_load(office->office_id, office->public_key, NULL);
    }
    return g_steal_pointer(&office);
}

bool office_count_unsigned(Office *office, int64_t *ret_n, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office->store, error);
    int64_t size = 0;
    int64_t signed_size = 0;
    if (reader == NULL || !log_head(reader, &size, NULL, error) ||
        !store_query_int(reader, 0, &signed_size, error, "SELECT max(size) FROM checkpoint", "")) {
        return false;
    }
    *ret_n = size - signed_size;
    return true;
}

void office_settle(Office *office)
{
    int64_t n = 0;
    if (office->signer != NULL && office->log != NULL && office_count_unsigned(office, &n, NULL) &&
        n > 0) {
        (void)office_sign(office, NULL);
    }
}

void office_close(Office *office)
{
    if (office == NULL) {
        return;
    }
    office_settle(office);
    log_free(office->log);
    store_close(office->store);
    proof_signer_free(office->signer);
    office_pack_free(office->pack);
    g_clear_pointer(&office->retired, g_ptr_array_unref);
    if (office->old_names != NULL) {
        g_ptr_array_unref(office->old_names);
        g_mutex_clear(&office->names_lock);
        g_hash_table_unref(office->subjects);
        g_mutex_clear(&office->subjects_lock);
        g_mutex_clear(&office->sign_lock);
    }
    g_free(office->office_id);
    g_free(office->name);
    g_free(office->public_key);
    office_place_free(office->place);
    g_free(office);
}

/* Refuse to sign a copy while the office that the key signs stands. */
static bool check_place(const Office *office, const OfficeSigned *last, GError **error)
{
    if (office_signed_is_elsewhere(last, office->office_id, office->place)) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "the key signs the same office in '%s', of which this is a copy; to sign this one"
                  " instead, remove '%s'",
                  last->folder, last->path);
        return false;
    }
    return true;
}

bool office_sign(Office *office, GError **error)
{
    /* Two at once would note their checkpoints in any order, the newer perhaps first. */
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&office->sign_lock);
    g_autoptr(ProofSigner) found = NULL;
    const ProofSigner *signer = office->signer;
    if (signer == NULL) {
        found = office_key_load(office->office_id, office->public_key, error);
        signer = found;
    }
    g_autofree char *origin = office_key_origin(office->office_id);
    g_auto(OfficeSigned) last = {NULL};
    g_autofree char *note = NULL;
    if (signer == NULL || !office_signed_read(office->office_id, &last, error) ||
        !check_place(office, &last, error)) {
        return false;
    }
    const LogSigned before = {.note = last.note, .path = last.path};
    return log_sign(office->log, signer, origin, &before, &note, error) &&
           office_signed_keep(office->office_id, office->place, note, error);
}

/* Whether @note is a checkpoint of the log of @office, signed by its key, with the root that its
 * tiles have. */
static bool is_good_checkpoint(const Office *office, StoreConnection *connection, const char *note)
{
    g_autofree char *origin = office_key_origin(office->office_id);
    g_autoptr(ProofCheckpoint) checkpoint = proof_checkpoint_parse(note, strlen(note), NULL);
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(office->public_key, NULL);
    ProofTileReader reader = log_tile_reader(connection);
    ProofHash root;
    return checkpoint != NULL && verifier != NULL &&
           proof_checkpoint_check(checkpoint, origin, verifier) == PROOF_SOUND &&
           proof_root_at(&reader, checkpoint->size, &root, NULL) &&
           proof_hash_is_equal(&root, &checkpoint->root);
}

bool office_checkpoint(const Office *office, StoreConnection *connection, char **ret_note,
                       GError **error)
{
    g_autofree char *note = NULL;
    if (!log_last_checkpoint(connection, &note, error)) {
        return false;
    }
    if (note != NULL && !is_good_checkpoint(office, connection, note)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the newest checkpoint kept is not one that the key of this office signed of this"
                  " log; 'shuzhi verify' tells more");
        return false;
    }
    *ret_note = g_steal_pointer(&note);
    return true;
}

bool office_may_be_signed(const Office *office, GError **error)
{
    g_auto(OfficeSigned) last = {NULL};
    if (!office_signed_read(office->office_id, &last, error) ||
        !check_place(office, &last, error)) {
        return false;
    }
    const LogSigned before = {.note = last.note, .path = last.path};
    return log_goes_on_from(office->log, &before, error);
}

char *office_last_signed(const Office *office)
{
    g_auto(OfficeSigned) last = {NULL};
    bool is_ours = office_signed_read(office->office_id, &last, NULL) &&
                   !office_signed_is_elsewhere(&last, office->office_id, office->place);
    return is_ours ? g_steal_pointer(&last.note) : NULL;
}

/* ---- what it holds --------------------------------------------------------------------------- */

Store *office_store(const Office *office)
{
    return office->store;
}

Log *office_log(const Office *office)
{
    return office->log;
}

Source *office_source(const Office *office)
{
    return office->source;
}

const char *office_name(const Office *office)
{
    return g_atomic_pointer_get(&((Office *)office)->name);
}

const char *office_id(const Office *office)
{
    return office->office_id;
}

const char *office_location(const Office *office)
{
    return office->place->display;
}

const char *office_word(const Office *office)
{
    return office->place->word;
}

const char *office_folder(const Office *office)
{
    return office->place->folder;
}

const char *office_files_path(const Office *office)
{
    return office->place->files;
}

const char *office_socket_path(const Office *office)
{
    return office->place->socket;
}

int office_offset_seconds(const Office *office)
{
    return office->offset_seconds;
}

const char *office_public_key(const Office *office)
{
    return office->public_key;
}

static const OfficePack *pack_in_force(const Office *office)
{
    return g_atomic_pointer_get(&((Office *)office)->pack);
}

const Schema *office_schema(const Office *office)
{
    return pack_in_force(office)->schema;
}

int64_t office_definition(const Office *office, const SchemaLedger *ledger)
{
    const int64_t *id = g_hash_table_lookup(pack_in_force(office)->definitions, ledger->name);
    g_assert(id != NULL);
    return *id;
}

Date office_today(const Office *office)
{
    return date_from_us(source_now_us(office->source), office->offset_seconds);
}
