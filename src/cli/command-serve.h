/* shuzhi serve: the office in a browser. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_serve;
