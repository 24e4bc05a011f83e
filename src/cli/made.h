/* What a command made or did, told to programs: the same small object everywhere.
 *
 *   {"event": "entry.comment", "seq": 812, "id": 84, "number": "SQ2023-00084"}
 *   {"event": "unit.add", "seq": 26, "id": 26, "name": "信访室"}
 *
 *   event, seq   the event that says so, by its kind and its number
 *   id           what it is about: for what is made, the number of that event
 *   number       of an entry;  name: of anything else, or of the file that was attached
 *
 * Threading: one thread. */
#pragma once

#include "base/json.h"
#include "cli/session.h"

typedef struct CliMade {
    const char *event; /* its kind */
    int64_t id;
    const char *name;   /* NULL: none */
    const char *number; /* NULL: it is no entry */
} CliMade;

/* Write @made, done by @session just now; its seq is that of the newest event of that kind which
 * the session's actor wrote of that id, null where there is none. */
bool cli_made_write(const CliSession *session, const CliMade *made, JsonWriter *json,
                    GError **error);

/* The same as a line of output, where --json was given; else nothing. */
bool cli_made_print(CliContext *context, const CliSession *session, const CliMade *made,
                    GError **error);
