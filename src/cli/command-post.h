/* shuzhi post: who holds which role in which unit, from when to when. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_post_list;
extern const CliCommand command_post_add;
extern const CliCommand command_post_end;
