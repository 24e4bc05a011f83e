/* An office (机关): the tenant.  One folder with office.db, files/ and lock; or one schema of PostgreSQL and a
 * place for files.  Nothing crosses it.
 *
 * An Office holds what every part of the program works with: the store, the log, the schema of the pack it
 * runs on, its calendar, its zone, its signing key.  The schema is immutable; pack apply replaces it whole
 * and readers keep theirs by office_schema_ref().
 *
 * Threading: safe from every thread but open, close and pack apply, which are one thread's. */
#pragma once

#include "log/log.h"
#include "schema/schema.h"

typedef struct Office Office;

typedef enum OfficeMode { OFFICE_READ, OFFICE_WRITE } OfficeMode;

/* What a new office starts from. */
typedef struct OfficePlan {
    const char *name;   /* "示范县政府办公室"; NULL: the folder's name */
    GPtrArray *pack;    /* of SchemaFile (borrowed); NULL: the built-in county-office pack */
    uint64_t seed;      /* not 0: a replayable office (tests, demo) with the clock at now_us and a key from the seed */
    int64_t now_us;
} OfficePlan;

/* Make a new office at @location: a folder that is missing or empty, or postgres://…  The first events are the
 * office itself, its pack, its first unit and the console account of the operating system's user.
 * A signing key is made outside the folder (office_key_path).
 * EXISTS when there is one already.  On any error @location is left as it was found. */
bool office_create(const char *location, const OfficePlan *plan, const LogAct *act, GError **error);

/* Open the office at @location.
 *
 * @source: time and randomness (borrowed); NULL: the system's.
 * @error: NOT_FOUND  there is none (says how to make one)
 *         BUSY, NEWER, CORRUPT, UNAVAILABLE  as store_open()
 * Bar: 50 ms at a million entries. */
Office *office_open(const char *location, OfficeMode mode, Source *source, GError **error);

/* Sign the head if anything was written and the key is there, then close. */
void office_close(Office *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Office, office_close)

/* Return a part or property of @office; borrowed until it is closed. */
Store *office_store(const Office *office);
Log *office_log(const Office *office);
Source *office_source(const Office *office);
const char *office_name(const Office *office);   /* borrowed */
const char *office_id(const Office *office);     /* 16 hex digits, made at random once; in the checkpoint's origin */
const char *office_location(const Office *office);
const char *office_files_path(const Office *office); /* where evidence lives */
int office_offset_seconds(const Office *office); /* its fixed zone */

/* The schema in force, borrowed for as long as the office is open and no pack is applied. */
const Schema *office_schema(const Office *office);

/* The event that put @ledger's present definition in force: what an entry keeps as the definition it ran under. */
int64_t office_definition(const Office *office, const SchemaLedger *ledger);

/* Sign the head now; false with NOT_FOUND when the key is not here (verify then says "asserted"). */
bool office_sign(Office *office, GError **error);

/* Where the signing key of @office_id is looked for: $SHUZHI_KEYS, else $XDG_CONFIG_HOME/shuzhi/keys, else
 * ~/.config/shuzhi/keys; the file is <id>.key, mode 0600.  The caller owns it. */
char *office_key_path(const char *office_id);

/* The verifier key text stored in the office; borrowed. */
const char *office_public_key(const Office *office);
