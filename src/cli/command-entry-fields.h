/* shuzhi entry fields: what the entries of a ledger consist of. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_entry_fields;
