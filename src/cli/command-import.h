/* shuzhi import: a spreadsheet becomes entries, all or nothing, and back. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_import;
