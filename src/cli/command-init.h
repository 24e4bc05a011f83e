/* shuzhi init: make an office. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_init;
