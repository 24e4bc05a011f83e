/* How far a long piece of work is, on a terminal: done of all, how many a second, the time left.
 *
 * Where standard error is no terminal nothing is printed.  Ctrl-C asks the work to stop, cleanly,
 * at its next report.
 *
 * Threading: one thread reports. */
#pragma once

#include "cli/context.h"

typedef struct CliProgress {
    const CliContext *context; /* borrowed */
    int64_t started_us;        /* monotonic */
    int64_t shown_us;          /* when the line was last printed; 0: never */
    bool is_terminal;
} CliProgress;

/* Start the count; from here on Ctrl-C is kept for cli_progress_report(). */
void cli_progress_start(CliProgress *progress, const CliContext *context);

/* Note that @n_done of @n_total are done; @data is the CliProgress.  False when Ctrl-C was pressed.
 */
bool cli_progress_report(int64_t n_done, int64_t n_total, void *data);

/* Wipe the line away; Ctrl-C ends the program again. */
void cli_progress_end(CliProgress *progress);
