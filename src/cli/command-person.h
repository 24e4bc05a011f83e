/* shuzhi person: everybody who works here or did. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_person_list;
extern const CliCommand command_person_add;
extern const CliCommand command_person_change;
