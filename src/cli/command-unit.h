/* shuzhi unit: the tree of units. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_unit_list;
extern const CliCommand command_unit_add;
extern const CliCommand command_unit_change;
extern const CliCommand command_unit_close;
