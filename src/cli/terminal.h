/* Where a command's words go and whom it asks: the terminal of this process, or, for a command that
 * runs inside a server (cli/host.h), that of the client who sent it.
 *
 * Threading: one thread at a time. */
#pragma once

#include <stdio.h>

#include "base/error.h"

typedef struct CliTerminal CliTerminal;

struct CliTerminal {
    FILE *output;
    FILE *errors;
    bool is_watched; /* `errors` is a person's screen: progress is shown there */

    /* Print @prompt to the person and return the line that is typed, without its end; the caller
     * owns it, and wipes a hidden one.
     *
     * @is_hidden: do not show what is typed; where standard input is no terminal, take its next
     * line; NULL at the end of input.  Else: NULL where there is nobody to ask, "" at the end. */
    char *(*ask)(const CliTerminal *terminal, const char *prompt, bool is_hidden);

    /* Begin (end) to keep Ctrl-C for is_interrupted(), instead of letting it end the program. */
    void (*keep_interrupts)(const CliTerminal *terminal, bool is_kept);

    /* Return whether Ctrl-C was pressed while it is kept, or whoever waits has gone. */
    bool (*is_interrupted)(const CliTerminal *terminal);

    void *data; /* the implementation's own */
};

/* Return the terminal of this process; static. */
const CliTerminal *cli_terminal_own(void);
