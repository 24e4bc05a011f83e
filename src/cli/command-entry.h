/* shuzhi entry add, set, step, attach, comment, delete, erase, nothing: writing entries. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_entry_add;
extern const CliCommand command_entry_set;
extern const CliCommand command_entry_step;
extern const CliCommand command_entry_attach;
extern const CliCommand command_entry_detach;
extern const CliCommand command_entry_comment;
extern const CliCommand command_entry_delete;
extern const CliCommand command_entry_erase;
extern const CliCommand command_entry_nothing;
