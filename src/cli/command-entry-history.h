/* shuzhi entry history: everything that happened to an entry. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_entry_history;
