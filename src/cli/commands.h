/* The commands of the program, in one table. */
#pragma once

#include "base/error.h"

/* Run the command that @argv, whose first word is the program's name, names; print to standard
 * output, errors to standard error in the language of the environment.
 *
 * Returns the exit status: 0; 1 and 3 for verify's verdicts; 2 for a wrong command line; else that
 * of the error's code (base/error-codes.def). */
int commands_run(int argc, char **argv);
