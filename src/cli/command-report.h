/* shuzhi report. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_report;
