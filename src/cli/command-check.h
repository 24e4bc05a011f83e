/* shuzhi check: is the database whole? */
#pragma once

#include "cli/command.h"

extern const CliCommand command_check;
