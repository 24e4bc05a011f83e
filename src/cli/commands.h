/* The commands of the program, in one table. */
#pragma once

#include "base/error.h"

/* Run the command that @argv names; print to standard output, errors to standard error in the
 * language of the environment. Returns the exit status: 0, 2 for no or an unknown command, else
 * that of the error's code. */
int commands_run(int argc, char **argv);
