/* shuzhi verify: does the office hold exactly what its log says?  shuzhi checkpoint: what to keep
 * elsewhere, so that a log put back or rewritten shows. */
#pragma once

#include "cli/command.h"
#include "log/verify.h"

extern const CliCommand command_verify;
extern const CliCommand command_checkpoint;

/* Verify the office at @location, with progress where somebody watches.  What cannot even be read
 * has been altered: that is a verdict too.  The caller owns *@ret_report. */
bool cli_verify_look(CliContext *context, const char *location, LogReport **ret_report,
                     GError **error);

/* Print the verdict of @report in words, and what was found. */
void cli_verify_print(CliContext *context, const LogReport *report);
