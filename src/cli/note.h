/* Keys and checkpoints that a command is given in files: texts that went through editors and mails.
 *
 * Threading: one thread at a time. */
#pragma once

#include "cli/context.h"

/* Read the file of option @name as it was printed, whatever an editor made of its line ends;
 * *@ret_text, the caller's, is NULL when the option is not given.  INVALID where it is no text. */
bool cli_note_read(const CliContext *context, const char *name, char **ret_text, GError **error);

/* The same of option "checkpoint": INVALID where it is none; a file that is none says nothing of
 * any log. */
bool cli_note_read_checkpoint(const CliContext *context, char **ret_text, GError **error);
