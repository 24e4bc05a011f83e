/* shuzhi user: the accounts that open an office. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_user_list;
extern const CliCommand command_user_add;
extern const CliCommand command_user_activate;
extern const CliCommand command_user_lock;
extern const CliCommand command_user_password;
