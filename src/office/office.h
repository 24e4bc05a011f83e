/* An office (机关): the tenant.  One folder with office.db, files/, lock and socket; or one schema
 * of PostgreSQL and a place for files.  Nothing crosses it.
 *
 *   FOLDER                               FOLDER/office.db, FOLDER/files/, FOLDER/lock
 *   postgres://…?schema=NAME&files=PATH  the schema NAME (default "office"), files in PATH (default
 *                                        $XDG_DATA_HOME/shuzhi/files/NAME)
 *
 * An Office holds what every part of the program works with: the store, the log, the schema of the
 * pack it runs on, its calendar (schema->calendar), its zone (+08:00, fixed), its signing key.  A
 * schema is immutable; applying a pack puts another in its place, and the old one stays valid until
 * the office is closed.
 *
 * Threading: safe from every thread but open and close, which are one thread's. */
#pragma once

#include "log/log.h"
#include "schema/schema.h"

typedef struct Office Office;

typedef enum OfficeMode { OFFICE_READ, OFFICE_WRITE } OfficeMode;

/* What a new office starts from. */
typedef struct OfficePlan {
    const char *name; /* "示范县政府办公室"; NULL: the folder's name */
    GPtrArray *pack;  /* of SchemaFile (borrowed); NULL: the built-in county-office pack */
    uint64_t seed;    /* not 0: a replayable office (tests, demo) with the clock at now_us and a key
                         that anyone who knows the seed can make */
    int64_t now_us;   /* UTC microseconds; looked at with a seed only */
} OfficePlan;

/* Make a new office at @location: a folder that is missing or empty, or postgres://…
 *
 * The first events, in one transaction, are the office itself, its pack with its tables, its first
 * unit, and the account of the operating system's user when @act->actor is "os:NAME": that account
 * has no password and is the console's (office/rights.h).  A signing key is made outside the folder
 * (office_key_path), and the head is signed.
 *
 * @error: EXISTS   there is an office already, the folder is not empty, another key is in the way
 *         INVALID  the pack is not sound, or @location cannot be one; else as store_open()
 * On any error @location is left as it was found. */
bool office_create(const char *location, const OfficePlan *plan, const LogAct *act, GError **error);

/* Open the office at @location.
 *
 * @source: time and randomness (borrowed); NULL: the system's.
 * @error: NOT_FOUND  there is none (says how to make one)
 *         INVALID    it is a backup, which only OFFICE_READ opens
 *         CONFLICT   its files, on PostgreSQL, are in another office's folder (office/mark.h)
 *         BUSY, VERSION, CORRUPT, UNAVAILABLE  as store_open()
 * Bar: 50 ms at a million entries. */
Office *office_open(const char *location, OfficeMode mode, Source *source, GError **error);

/* Sign the head if anything was written and the key is there, then close; NULL is allowed.
 *
 * A signature that fails here is not reported: what was written is on disk, and verify calls it
 * "asserted".  Who wants to know calls office_sign() before. */
void office_close(Office *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Office, office_close)

/* Return a part or property of @office; borrowed until it is closed.
 *
 * office_id(): 16 hex digits, made at random once; "shuzhi/ID" is the origin of its checkpoints.
 * office_location(): for people; of PostgreSQL without user and password.
 * office_word(): for a command to be pasted into a shell (office_place_word()).
 * office_folder(): NULL on PostgreSQL.
 * office_files_path(): the folder where evidence lives.
 * office_socket_path(): where its server takes commands, if it is served. */
Store *office_store(const Office *office);
Log *office_log(const Office *office);
Source *office_source(const Office *office);
const char *office_name(const Office *office);
const char *office_id(const Office *office);
const char *office_location(const Office *office);
const char *office_word(const Office *office);
const char *office_folder(const Office *office);
const char *office_files_path(const Office *office);
const char *office_socket_path(const Office *office);
int office_offset_seconds(const Office *office); /* its fixed zone */

/* Return the schema in force; borrowed until the office is closed, also when a pack is applied. */
const Schema *office_schema(const Office *office);

/* Return the event that put @ledger, of the schema in force, in force: what an entry keeps as the
 * definition it ran under. */
int64_t office_definition(const Office *office, const SchemaLedger *ledger);

/* Set *@ret_n to how many events no checkpoint covers. */
bool office_count_unsigned(Office *office, int64_t *ret_n, GError **error);

/* Sign the head now; NOT_FOUND when the key is not here (verify then says "asserted"), CONFLICT
 * when it signs the same office elsewhere, CORRUPT when it signed another history
 * (office/signed.h): the message says what to do. */
bool office_sign(Office *office, GError **error);

/* Set *@ret_note (the caller owns it; NULL: there is none) to the newest signed checkpoint as it
 * may be handed out: signed by the key of @office and of the log as it stands.  CORRUPT where it is
 * not. */
bool office_checkpoint(const Office *office, StoreConnection *connection, char **ret_note,
                       GError **error);

/* Check, without signing, that @office goes on from what the key signed last: the errors of
 * office_sign() that stay until somebody does something. */
bool office_may_be_signed(const Office *office, GError **error);

/* Return the newest checkpoint that the key signed of @office, as kept beside the key; the caller
 * owns it.  NULL: none is kept, or it is not of this copy. */
char *office_last_signed(const Office *office);

/* Sign the head if anything was written since it was last signed and the key is there: what closing
 * does too.  A signature that fails is not reported (see office_close()). */
void office_settle(Office *office);

/* Return the verifier key text stored in the office (proof/key.h); borrowed. */
const char *office_public_key(const Office *office);
