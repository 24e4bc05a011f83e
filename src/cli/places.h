/* Where the files lie that a command names, as the process sees it that the command was typed in.
 *
 * The server of an office opens them in its stead, and may see other folders under the same names:
 * a unit of systemd gives it a /tmp of its own (PrivateTmp=) and hides homes (ProtectHome=).  What
 * it wrote there, nobody would find.  So it is told which files and folders are meant, by device
 * and number, and does nothing where it sees others.
 *
 * Threading: one thread. */
#pragma once

#include "cli/command.h"

/* Return what the paths of @context, which is parsed, lead to: of each one that is there itself,
 * else of the folder it would be in; the caller owns it. */
char *cli_places(const CliContext *context);

/* Check that they lead to the same here as where @theirs was made; FORBIDDEN names the first that
 * does not. */
bool cli_places_check(const CliContext *context, const char *theirs, GError **error);
