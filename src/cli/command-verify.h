/* shuzhi verify: does the office hold exactly what its log says?  shuzhi checkpoint: what to keep
 * elsewhere, so that a log put back or rewritten shows. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_verify;
extern const CliCommand command_checkpoint;
