/* shuzhi entry prove: an entry with all that proves it, to be checked elsewhere; and the same of
 * the entries of a figure. */
#pragma once

#include "cli/command.h"
#include "cli/session.h"
#include "measure/figure.h"

extern const CliCommand command_entry_prove;

/* A figure is proved by at most so many entries. */
#define CLI_PROVE_MAX 10000

/* Print @figure, which has its members, with the events of all entries that it counts, does not
 * count, or found for a member: {"figure":{…},"events":[…]}, for shuzhi log check.
 *
 * Entries that the reader may not see are not shown, as in the figure itself.
 * NOT_FOUND where an event is in no signed checkpoint yet; LIMIT for more than CLI_PROVE_MAX
 * entries. */
bool cli_prove_figure(CliContext *context, const CliSession *session, const Figure *figure,
                      GError **error);
