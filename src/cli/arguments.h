/* The command line of one command, read by its table. */
#pragma once

#include "cli/command.h"

/* Read @argv, the @argc words behind the command's name, into the operands, options and is_help of
 * @context, whose command is set; what they hold is borrowed from @argv.  Options may stand among
 * the operands; after "--" everything is an operand.  With --help nothing else is asked for.
 *
 * INVALID says what is wrong, with the nearest option; @context is a usage error then. */
bool cli_arguments_parse(CliContext *context, int argc, char **argv, GError **error);

/* Give back what cli_arguments_parse() made, also after it failed. */
void cli_arguments_clear(CliContext *context);

/* Cut @operands of a command into words: "LEDGER", "[NAME…]"; the caller owns the strings. */
char **cli_operands_split(const char *operands);

/* Return @operand without brackets and "…"; the caller owns it. */
char *cli_operand_bare(const char *operand);

/* Return whether @operand may be left out; whether it may be repeated. */
bool cli_operand_is_optional(const char *operand);
bool cli_operand_is_repeatable(const char *operand);
