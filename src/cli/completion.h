/* Completion of the command line in bash, from the tables of commands and options. */
#pragma once

#include "cli/help.h"

/* Append the script that `source <(shuzhi completion bash)` wants.
 *
 * Names of ledgers, measures, fields, steps, units, people and accounts come from the office on the
 * command line, by the commands that list them. */
void cli_completion_append_bash(const CliTables *tables, GString *out);
