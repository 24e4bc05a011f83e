/* What every command is given: its arguments, the reader's language, where to print.
 *
 * One thread. */
#pragma once

#include "base/error.h"

typedef struct CliContext {
    const char *language; /* "zh" or "en" */
    int argc;             /* arguments behind the command's name, that name included as argv[0] */
    char **argv;
    GString *out; /* printed when the command is done, also when it failed */
} CliContext;

/* Parse the options of @entries out of @context; what remains are the operands.
 *
 * @summary: a line on what the command does; @operands: "OFFICE NAME" or "".
 * *@ret_is_done: --help was asked for and is in context->out; nothing else is to be done.
 * INVALID says which option is wrong. */
bool cli_parse(CliContext *context, const GOptionEntry *entries, const char *operands,
               const char *summary, bool *ret_is_done, GError **error);

/* Return @text in the context's language; the text is the catalogue's key. */
const char *cli_tr(const CliContext *context, const char *text);
