/* shuzhi export: a ledger as a table that every office program opens. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_export;
