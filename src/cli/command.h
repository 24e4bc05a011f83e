/* What a command is: its place in the table of commands, and all that its help, its parsing, the
 * manual (docs/commands.md) and the completion of shells are made from.
 *
 * Texts are keys of the catalogue.  Operands are words that operands.c explains: "OFFICE LEDGER",
 * "[NAME…]"; brackets mark what may be left out, "…" what may be repeated.
 *
 * Threading: static and never changed. */
#pragma once

#include "cli/context.h"

/* One option of a command, given as --name, --name VALUE or --name=VALUE. */
typedef struct CliOption {
    const char *name;     /* "period"; NULL ends a command's options */
    const char *argument; /* what follows: "DATE", explained by @words; NULL: nothing, a switch */
    const char *words;    /* what it does */
    bool is_repeatable;   /* may be given more than once */
    bool is_required;
    bool opens_file; /* of who typed it: the server does not do that for guests */
} CliOption;

struct CliCommand {
    const char *name; /* "due", "pack apply" */
    const char *operands;
    const char *summary;      /* one line */
    const char *text;         /* what else is to be known; NULL: nothing */
    const char *examples;     /* lines behind "shuzhi "; NULL: none */
    const CliOption *options; /* ended by one without a name; NULL: none */
    bool runs_inside; /* while its office is served, the server runs it (cli/host.h): it may write
                         the office, and nothing of it is the process's own */
    bool runs_for_guests; /* and that also for who may not open the office: it opens no file but by
                             options and an operand that say so, as the server would do that with
                             its own rights */
    guint file_operand;   /* the operand that names a file to write, counted from 0; 0: none */
    bool (*run)(CliContext *context, GError **error);
};

/* The option that every printing command has. */
#define CLI_OPTION_JSON                              \
    {                                                \
        "json", NULL, N_("print JSON"), false, false \
    }

/* That of commands that make something (cli/made.h). */
#define CLI_OPTION_JSON_MADE                                                                \
    {                                                                                       \
        "json", NULL, N_("print what was made as JSON: event, seq, id, and name or number") \
    }

/* What changes something after having shown it asks first; this answers. */
#define CLI_OPTION_YES                              \
    {                                               \
        "yes", NULL, N_("do not ask"), false, false \
    }
