/* The settings of the office, and what it runs on, as pages show them. */
#pragma once

#include "web/progress.h"
#include "web/sheet.h"

/* A verification that was made. */
typedef struct WebVerificationMade {
    const char *when;
    const char *by;
    const char *verdict;
    const char *n_events;
    const char *n_findings;
} WebVerificationMade;

/* The last verification, and the one that is under way. */
typedef struct WebVerification {
    const char *since; /* when it was; "": none was made */
    const char *by;
    const char *verdict;    /* in words */
    const char *class_name; /* of it */
    bool is_unsigned;       /* everything fits, but the newest events are not signed yet */
    const char *n_events;
    const char *n_signed;
    const char *n_objects;
    int64_t n_findings;
    const WebProgress *progress; /* NULL: nothing is under way */
    GPtrArray *findings;         /* of char*: what the reader's own found; empty: not known */
    const char *fault;           /* why it could not look; NULL */
    const char *unsigned_why;    /* why nothing more is signed until somebody acts; NULL: it is */
    GPtrArray *made;             /* of WebVerificationMade, the newest first; for its page */
    GPtrArray *endings;          /* of WebChoice: all that were made, as files; likewise */
} WebVerification;

/* Return what is known of verifications; NULL with *error. */
const WebVerification *web_verification(WebContext *context, GError **error);

typedef struct WebSettings {
    const char *pack; /* name and version */
    const char *since;
    const char *by;
    const char *office_id;
    const char *key; /* that checks its checkpoints */
    const char *n_events;
    const char *n_signed; /* of them */
    const WebVerification *verification;
    bool has_checkpoint;
    bool may_backup_here; /* with a command of ours */
} WebSettings;
