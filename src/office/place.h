/* Where an office is: a folder, or a schema of PostgreSQL and a folder for its files.
 *
 *      FOLDER
 *          FOLDER/office.db, FOLDER/files/, FOLDER/lock, FOLDER/socket
 *      postgres://…?schema=NAME&files=PATH
 *          the schema NAME (default "office"), the folder PATH (default
 *          $XDG_DATA_HOME/shuzhi/files/NAME), PATH/socket
 *
 * Paths are absolute, so that they hold also for a thread that works in another folder
 * (cli/host.h).
 *
 * Pure but for the environment and office_place_list(); a place belongs to one thread at a time. */
#pragma once

#include "base/error.h"

typedef struct OfficePlace {
    char *folder;  /* NULL: PostgreSQL */
    char *store;   /* what store_open() takes; may hold a password: never goes into a message */
    char *files;   /* folder of evidence */
    char *socket;  /* where the server of the office takes commands (cli/host.h) */
    char *display; /* for people, without user and password */
    char *word;    /* for a command to be pasted: office_place_word() */
} OfficePlace;

/* Read @location; the caller owns the result.  INVALID when it is empty, or a postgres:// address
 * with what cannot name a schema (store_check_schema_name()), with `schema` or `files` twice, with
 * `files` that is no absolute path, or a broken %-escape. */
OfficePlace *office_place_parse(const char *location, GError **error);

/* Return the office at @location as a word that can be pasted into a shell: quoted where it needs
 * that, and with PASSWORD in the place of a password, which is not to be told again.  The caller
 * owns it. */
char *office_place_word(const char *location);

/* Return the names of the folders in @location that hold an office (an array of char*, sorted by
 * bytes); the caller owns it.  NULL when @location is an office itself, or no folder with one in
 * it. A backup is no office, and what begins with "." is left alone.  Reads the folder. */
GPtrArray *office_place_list(const char *location);

/* Return whether @place is the folder of a backup (office/backup.h).  Looks at the folder. */
bool office_place_is_backup(const OfficePlace *place);

void office_place_free(OfficePlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficePlace, office_place_free)
