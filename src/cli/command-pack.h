/* shuzhi pack: what an office runs on, as text files. */
#pragma once

#include "cli/command.h"

extern const CliCommand command_pack_check;
extern const CliCommand command_pack_show;
extern const CliCommand command_pack_apply;
extern const CliCommand command_pack_export;
extern const CliCommand command_pack_doc;
extern const CliCommand command_pack_reference;
