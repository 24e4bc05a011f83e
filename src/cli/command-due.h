/* shuzhi due: when a time limit ends, and why. */
#pragma once

#include "cli/context.h"

/* Run the command; its options are in its --help. */
bool command_due(CliContext *context, GError **error);
