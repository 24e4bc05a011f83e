/* shuzhi log: the events themselves, and the proof that one is among them. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_log_list;
extern const CliCommand command_log_prove;
