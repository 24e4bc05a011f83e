/* shuzhi log check: are the events in a file in a log that this key signed? */
#pragma once

#include "cli/command.h"

extern const CliCommand command_log_check;
