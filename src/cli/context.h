/* What every command is given: its arguments, the reader's language, where to print and whom to
 * ask.
 *
 * What a command prints is collected and written when it is done, also when it failed; what may be
 * large is flushed in between (cli_flush).  Errors go to standard error, one sentence each, printed
 * by commands.c alone.
 *
 * Threading: one thread. */
#pragma once

#include "cli/terminal.h"
#include "office/office.h"

typedef struct CliCommand CliCommand;

/* What a command that runs inside the server of its office works with. */
typedef struct CliInside {
    Office *office;     /* open for writing, and stays so */
    const char *user;   /* the operating system's account of who sent the command */
    const char *places; /* what its files are, as cli_places() found there */
    bool is_guest; /* that is neither the server's own nor root: only commands that open no file
                      of anybody's are run for it, by an account of the office */
} CliInside;

typedef struct CliContext {
    const char *language; /* "zh" or "en" */
    const CliCommand *command;
    char *const *words; /* the whole command line behind the program's name, NULL-terminated */
    const CliTerminal *terminal;
    const CliInside *inside; /* NULL: the command runs by itself */
    GPtrArray *operands;     /* of const char*, borrowed from the command line */
    GPtrArray **options; /* of const char*, one a row of the command's options; a switch that was
                            given holds "" */
    GString *out;
    int status;      /* exit status of a command that succeeded; 0 unless it says else */
    bool is_usage;   /* the command line itself is wrong: exit status CLI_EXIT_USAGE */
    bool is_help;    /* --help was given */
    bool has_made;   /* something is recorded: what is left is to say it */
    bool is_relayed; /* a server ran all of it and printed what it says; `status` is its status */
} CliContext;

enum { CLI_EXIT_UNSOUND = 1, CLI_EXIT_USAGE = 2, CLI_EXIT_ASSERTED = 3 };

/* Return operand @i, counted from 0; NULL when there are fewer.  Borrowed. */
const char *cli_operand(const CliContext *context, guint i);

/* Return whether the switch or option @name, of the command's table, was given. */
bool cli_has(const CliContext *context, const char *name);

/* Return what was given last for the option @name, of the command's table; NULL: nothing. */
const char *cli_option(const CliContext *context, const char *name);

/* Return all that was given for the option @name, NULL-terminated; borrowed. */
const char *const *cli_option_list(const CliContext *context, const char *name);

/* Read the option @name as a number from @min to @max; @missing where it is not given.  INVALID. */
bool cli_option_int(const CliContext *context, const char *name, int64_t missing, int64_t min,
                    int64_t max, int64_t *ret_value, GError **error);

/* Return @text, a key of the catalogue, in the context's language. */
const char *cli_tr(const CliContext *context, const char *text);

/* Say that the command line is wrong: set *@error to @format, and the exit status to that of wrong
 * usage. */
#define cli_set_usage(context, error, ...)                     \
    do {                                                       \
        (context)->is_usage = true;                            \
        error_set((error), SHUZHI_ERROR_INVALID, __VA_ARGS__); \
    } while (0)

/* Print the sentence `format, …` (the format in N_()) in the context's language, as a line. */
#define cli_say(context, ...)                                      \
    do {                                                           \
        GError *sentence_ = NULL;                                  \
        error_set(&sentence_, SHUZHI_ERROR_INTERNAL, __VA_ARGS__); \
        cli_say_take((context), sentence_);                        \
    } while (0)

/* Print @sentence (takes), made with error_set(), as a line of the output. */
void cli_say_take(CliContext *context, GError *sentence);

/* Print the sentence `format, …` as a line of standard error: a remark that is no failure. */
#define cli_remark(context, ...)                                   \
    do {                                                           \
        GError *sentence_ = NULL;                                  \
        error_set(&sentence_, SHUZHI_ERROR_INTERNAL, __VA_ARGS__); \
        cli_remark_take((context), sentence_);                     \
    } while (0)

/* Print @sentence (takes) as a line of standard error. */
void cli_remark_take(CliContext *context, GError *sentence);

/* Write what is collected to standard output now.  FULL or IO when that fails. */
bool cli_flush(CliContext *context, GError **error);

/* Return whether @path (NULL: none) may be written: nothing is there yet, or --force was given, an
 * option the command then has.  EXISTS. */
bool cli_may_write(const CliContext *context, const char *path, GError **error);

/* Return whether the command may go on: --yes was given, or a person at the terminal says yes to
 * @question (a key of the catalogue); what is collected is shown before.
 *
 * @error: CANCELLED  the answer was no, or there is no terminal to ask at. */
bool cli_confirm(CliContext *context, const char *question, GError **error);

/* Return a line typed at @prompt (a key of the catalogue) without showing it; where standard input
 * is no terminal, its next line.  The caller owns it, and wipes it.  INVALID at the end of input.
 */
char *cli_read_secret(CliContext *context, const char *prompt, GError **error);
