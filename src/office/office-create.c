#include "office/office.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/file.h"
#include "base/text.h"
#include "log/checkpoint.h"
#include "office/key.h"
#include "office/mark.h"
#include "office/office-internal.h"
#include "office/signed.h"
#include "office/tables.h"

#define ID_BYTES 8
#define DEFAULT_PASSWORD_CLASSES 3

/* An office in the making, and what is to be removed if it fails. */
typedef struct Founding {
    const OfficePlan *plan; /* borrowed */
    const LogAct *act;      /* borrowed */
    OfficePlace *place;
    Source *source; /* owned if the plan has a seed */
    Schema *schema;
    char *name;
    char *office_id;
    ProofSigner *signer;
    char *public_key;
    Store *store;
    Log *log;
    bool has_made_key;
    GPtrArray *folders; /* of char*: made by us, outermost first */
} Founding;

static void founding_clear(Founding *founding)
{
    log_free(founding->log);
    store_close(founding->store);
    proof_signer_free(founding->signer);
    schema_free(founding->schema);
    source_free(founding->source);
    office_place_free(founding->place);
    g_free(founding->name);
    g_free(founding->office_id);
    g_free(founding->public_key);
    g_clear_pointer(&founding->folders, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Founding, founding_clear)

/* Remove what was made.  Folders are removed only while they are empty. */
static void undo(Founding *founding)
{
    g_clear_pointer(&founding->log, log_free);
    store_discard(g_steal_pointer(&founding->store));
    if (founding->has_made_key) {
        g_autofree char *path = office_key_path(founding->office_id);
        (void)g_unlink(path);
    }
    for (guint i = founding->folders->len; i > 0; i--) {
        (void)g_rmdir(g_ptr_array_index(founding->folders, i - 1));
    }
}

/* ---- the place ------------------------------------------------------------------------------- */

/* Set *@ret_is_empty to whether the folder @path has nothing in it. */
static bool look_into(const char *path, bool *ret_is_empty, GError **error)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    if (folder == NULL) {
        error_set_errno(error, errno, "cannot open '%s'", path);
        return false;
    }
    *ret_is_empty = g_dir_read_name(folder) == NULL;
    g_dir_close(folder);
    return true;
}

/* Make the folder @path and its parents; those that were missing are noted for undo(). */
static bool make_folder(Founding *founding, const char *path, GError **error)
{
    guint at = founding->folders->len;
    g_autofree char *missing = g_strdup(path);
    while (!g_file_test(missing, G_FILE_TEST_EXISTS)) {
        char *parent = g_path_get_dirname(missing);
        g_ptr_array_insert(founding->folders, (gint)at, missing);
        missing = parent;
    }
    return file_make_folder(path, 0750, error);
}

/* Take the folder @path, which must be missing or empty. */
static bool take_folder(Founding *founding, const char *path, GError **error)
{
    bool is_empty = false;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        return make_folder(founding, path, error);
    }
    if (!look_into(path, &is_empty, error)) {
        return false;
    }
    if (!is_empty) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "the folder '%s' is not empty: an office wants one of its own", path);
    }
    return is_empty;
}

static bool take_place(Founding *founding, GError **error)
{
    const OfficePlace *place = founding->place;
    if (place->folder != NULL && g_file_test(place->store, G_FILE_TEST_EXISTS)) {
        error_set(error, SHUZHI_ERROR_EXISTS, "there is an office at '%s' already", place->display);
        return false;
    }
    return (place->folder == NULL || take_folder(founding, place->folder, error)) &&
           take_folder(founding, place->files, error);
}

/* ---- the plan -------------------------------------------------------------------------------- */

/* Return the name that @plan gives, else that of the folder or schema. */
static char *choose_name(const OfficePlan *plan, const OfficePlace *place)
{
    if (!text_is_blank(plan->name)) {
        return text_strip_dup(plan->name);
    }
    if (place->folder == NULL) {
        return g_strdup(strrchr(place->display, '=') + 1);
    }
    return g_path_get_basename(place->folder);
}

/* Everything that can be refused before anything is made. */
static bool prepare(Founding *founding, const char *location, GError **error)
{
    const OfficePlan *plan = founding->plan;
    founding->place = office_place_parse(location, error);
    if (founding->place == NULL) {
        return false;
    }
    founding->name = choose_name(plan, founding->place);
    g_autoptr(GPtrArray) files =
        plan->pack != NULL ? g_ptr_array_ref(plan->pack) : schema_builtin_files();
    founding->schema = schema_load(files, NULL, error);
    if (founding->schema == NULL || !office_tables_check(founding->schema, error)) {
        return false;
    }
    founding->source =
        plan->seed != 0 ? source_new_seeded(plan->seed, plan->now_us) : source_system();
    uint8_t id[ID_BYTES];
    source_random(founding->source, id, sizeof id);
    founding->office_id = text_to_hex(id, sizeof id);
    return true;
}

static bool make_key(Founding *founding, GError **error)
{
    founding->signer =
        office_key_make(founding->office_id, founding->source, &founding->has_made_key, error);
    if (founding->signer == NULL) {
        return false;
    }
    founding->public_key = proof_verifier_text(proof_signer_verifier(founding->signer));
    return true;
}

/* ---- the first events ------------------------------------------------------------------------ */

static bool write_settings(LogWriter *writer, const Founding *founding, GError **error)
{
    Value values[OFFICE_N_COLUMNS] = {
        [OFFICE_OFFICE_ID] = value_text(founding->office_id),
        [OFFICE_NAME] = value_text(founding->name),
        [OFFICE_ZONE] = value_number(DATE_SECONDS_SHANGHAI),
        [OFFICE_PUBLIC_KEY] = value_text(founding->public_key),
        [OFFICE_PASSWORD_CLASSES] = value_number(DEFAULT_PASSWORD_CLASSES),
    };
    bool is_ok = log_record_add(writer, &office_table, values, NULL, error);
    for (int i = 0; i < OFFICE_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

/* The job of the first write: the office, its pack, its first unit, who stands at the console. */
static bool write_first_events(LogWriter *writer, void *data, GError **error)
{
    const Founding *founding = data;
    OfficeUnit root = {
        .name = founding->name, .kind = OFFICE_UNIT_OFFICE, .since = DATE_NONE, .until = DATE_NONE};
    const char *actor = log_writer_act(writer)->actor;
    return write_settings(writer, founding, error) &&
           office_pack_install(writer, NULL, founding->schema, error) &&
           office_unit_put(writer, &root, NULL, error) &&
           (!g_str_has_prefix(actor, "os:") ||
            office_account_insert_console(writer, actor + strlen("os:"), error));
}

/* A replayed office has the key of the first one, which goes on being signed while it stands. */
static bool keep_signed(const Founding *founding, const char *note, GError **error)
{
    g_auto(OfficeSigned) last = {NULL};
    return office_signed_read(founding->office_id, &last, error) &&
           (office_signed_is_elsewhere(&last, founding->office_id, founding->place) ||
            office_signed_keep(founding->office_id, founding->place, note, error));
}

static bool found(Founding *founding, GError **error)
{
    if (!take_place(founding, error) || !make_key(founding, error)) {
        return false;
    }
    founding->store = store_open(founding->place->store, STORE_CREATE, error);
    if (founding->store == NULL) {
        return false;
    }
    founding->log = log_open(founding->store, founding->source, error);
    g_autofree char *origin = office_key_origin(founding->office_id);
    g_autofree char *note = NULL;
    return founding->log != NULL &&
           log_write(founding->log, founding->act, write_first_events, founding, error) &&
           log_sign(founding->log, founding->signer, origin, NULL, &note, error) &&
           keep_signed(founding, note, error) &&
           office_mark_keep(founding->place, founding->office_id, error);
}

bool office_create(const char *location, const OfficePlan *plan, const LogAct *act, GError **error)
{
    g_auto(Founding) founding = {.plan = plan, .act = act};
    founding.folders = g_ptr_array_new_with_free_func(g_free);
    if (!prepare(&founding, location, error)) {
        return false;
    }
    if (!found(&founding, error)) {
        undo(&founding);
        return false;
    }
    return true;
}
