/* shuzhi backup: a whole office as plain files.  shuzhi restore: an office out of them. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_backup;
extern const CliCommand command_restore;
