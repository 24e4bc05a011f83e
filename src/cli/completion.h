/* Completion of the command line in bash, from the tables of commands and options. */
#pragma once

#include "cli/help.h"

/* Append the script that `source <(shuzhi completion bash)` wants.
 *
 * Names of ledgers and measures come from the office on the command line, by `shuzhi pack show`. */
void cli_completion_append_bash(const CliTables *tables, GString *out);
