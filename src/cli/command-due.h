/* shuzhi due: when a time limit ends, and why. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_due;
