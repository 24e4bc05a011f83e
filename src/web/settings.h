/* The settings of the office, and what it runs on, as pages show them. */
#pragma once

#include "web/sheet.h"

typedef struct WebSettings {
    const char *pack; /* name and version */
    const char *since;
    const char *by;
    const char *office_id;
    const char *key; /* that checks its checkpoints */
    const char *n_events;
    const char *n_signed; /* of them */
    const char *schema;   /* of the store: SQLite, PostgreSQL */
    bool is_signed;       /* all of them */
    bool has_checkpoint;
    bool may_backup_here; /* with a command of ours */
} WebSettings;
