/* shuzhi figure: a number, its definition, and what it counts. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_figure;
