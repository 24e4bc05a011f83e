/* Completion of the command line in bash, from the tables of commands and options. */
#pragma once

#include "cli/help.h"

/* Append the script that `source <(shuzhi completion bash)` wants.
 *
 * Names of ledgers, measures, fields, steps, units, people and accounts come from the office on the
 * command line, by the commands that list them.  People gave them, so that bash evaluates nothing
 * of them: they are compared as text, and quoted where they are put into the line.  The script may
 * be read inside of a function, as bash-completion does. */
void cli_completion_append_bash(const CliTables *tables, GString *out);
