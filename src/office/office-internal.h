/* What the files of office/ share: the struct, and the parts of writing that creating an office and
 * changing one have in common. */
#pragma once

#include "log/record.h"
#include "office/office.h"
#include "office/person.h"
#include "office/place.h"
#include "office/setting.h"
#include "office/unit.h"
#include "proof/key.h"

/* The pack in force: a schema and where its definitions are in the log. */
typedef struct OfficePack {
    Schema *schema;
    GHashTable *definitions; /* ledger's name -> int64_t*: event that put its definition in force */
} OfficePack;

struct Office {
    OfficePlace *place;
    OfficeMode mode;
    Source *source; /* borrowed */
    Store *store;
    Log *log;
    ProofSigner *signer; /* NULL: the key is not here */
    int64_t id;
    char *office_id;
    char *name;
    char *public_key;
    int offset_seconds;
    gint settings[OFFICE_N_SETTINGS]; /* those in force; read and replaced atomically */
    GPtrArray *old_names;             /* of char*: replaced, but perhaps still borrowed */
    GMutex names_lock;                /* of old_names, and of replacing the name */
    OfficePack *pack;                 /* read and replaced atomically */
    gint is_pack_moving;              /* the tables are those of a pack that is not in `pack` yet */
    GPtrArray *retired;               /* of OfficePack: replaced, but perhaps still borrowed */
    GHashTable *subjects;             /* account -> who it was found to be; of rights-subject.c */
    GMutex subjects_lock;             /* of subjects */
    gint n_noting;                    /* who waits in office_note(); atomic */
    GMutex sign_lock;                 /* while the head is signed and that is noted */
};

/* The columns of table office. */
enum {
    OFFICE_OFFICE_ID,
    OFFICE_NAME,
    OFFICE_ZONE,
    OFFICE_PUBLIC_KEY,
    OFFICE_PASSWORD_CLASSES,
    OFFICE_N_COLUMNS,
};

/* The records of office/; office/verify.c knows them all. */
extern const LogTable office_table;
extern const LogTable office_unit_table;
extern const LogTable office_person_table;
extern const LogTable office_post_table;
extern const LogTable office_account_table;
extern const LogTable office_setting_table;
extern const LogTable office_token_table;
extern const LogTable office_verification_table;

/* Read the settings in force. */
bool office_settings_load(Office *office, StoreConnection *connection, GError **error);

/* ---- pack.c ---------------------------------------------------------------------------------- */

/* Load the definitions in force; the caller owns the result.  CORRUPT when there are none. */
OfficePack *office_pack_load(StoreConnection *connection, GError **error);
void office_pack_free(OfficePack *pack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficePack, office_pack_free)

/* Write events, definitions and tables that lead from @old (NULL: a new office) to @new_schema. */
bool office_pack_install(LogWriter *writer, const Schema *old, const Schema *new_schema,
                         GError **error);

/* ---- rights-subject.c ------------------------------------------------------------------------ */

/* Return a table for the subjects of an office's accounts; the caller owns it. */
GHashTable *office_subjects_new(void);

/* ---- write.c --------------------------------------------------------------------------------- */

#define OFFICE_MAX_NOTING 8 /* at a time */

/* Write with @job that somebody was here.  It is left out where it fails, and where
 * OFFICE_MAX_NOTING wait for it already: who reads goes on reading when nothing can be written, or
 * not soon. */
void office_note(Office *office, StoreJob job, void *data);

/* ---- unit.c, account.c ----------------------------------------------------------------------- */

/* Write @unit, a new one when its id is 0, without asking for rights; errors as office_unit_add()
 * and office_unit_change().  *@ret_id (NULL allowed) is set for a new one. */
bool office_unit_put(LogWriter *writer, const OfficeUnit *unit, int64_t *ret_id, GError **error);

/* Write the account of the operating system's user @os_user: no password, no post, active. */
bool office_account_insert_console(LogWriter *writer, const char *os_user, GError **error);

/* Return today in the office's zone. */
Date office_today(const Office *office);
