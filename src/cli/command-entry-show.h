/* shuzhi entry show, shuzhi entry list: reading entries. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_entry_show;
extern const CliCommand command_entry_list;
