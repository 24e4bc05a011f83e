/* What is printed for --help: all of it from the tables of commands and options.
 *
 * Lines are at most CLI_COLUMNS wide.  Pure. */
#pragma once

#include "cli/command.h"

/* A word that starts several commands: "pack" of "pack apply". */
typedef struct CliGroup {
    const char *name;
    const char *summary;
} CliGroup;

/* All commands of the program: NULL-terminated, those of a group side by side; all groups, ended by
 * one without a name. */
typedef struct CliTables {
    const CliCommand *const *commands;
    const CliGroup *groups;
} CliTables;

/* Return whether the command named @name belongs to the group @group. */
bool cli_is_of_group(const char *name, const char *group);

/* Append the help of @command in @language. */
void cli_help_append_command(const CliCommand *command, const char *language, GString *out);

/* Append the commands of @group. */
void cli_help_append_group(const CliTables *tables, const CliGroup *group, const char *language,
                           GString *out);

/* Append all commands, each group as one line, and the exit statuses. */
void cli_help_append_overview(const CliTables *tables, const char *language, GString *out);

/* Append the manual, docs/commands.md or docs/commands.zh-CN.md: the help of every command, as
 * Markdown. */
void cli_help_append_manual(const CliTables *tables, const char *language, GString *out);
