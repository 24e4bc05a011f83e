/* The commands of the program, in one table. */
#pragma once

#include "cli/context.h"

/* Run the command that @argv, whose first word is the program's name, names; print to standard
 * output, errors to standard error in the language of the environment.
 *
 * Returns the exit status: 0; 1 and 3 for verify's verdicts; 2 for a wrong command line; else that
 * of the error's code (base/error-codes.def). */
int commands_run(int argc, char **argv);

/* Run the command line @words (behind the program's name, NULL-terminated, UTF-8) inside the server
 * of its office; only those that command.h calls runs_inside.
 *
 * *@ret_name is the command's name, static, for logs; untouched where there is none.  Returns the
 * exit status, as commands_run(). */
int commands_run_inside(char *const *words, const char *language, const CliTerminal *terminal,
                        const CliInside *inside, const char **ret_name);

/* Print @error to @terminal as that of the program, and return its exit status. */
int commands_refuse(const GError *error, const char *language, const CliTerminal *terminal);
