/* The server's side of the office's socket: commands that others send are run here, on the open
 * office, as if they had been run alone.
 *
 * Only one process writes an office; while that is a server, a command which wants to write is sent
 * to it (cli/relay.h).  Each runs on a thread of its own, which works in the client's folder, so
 * that relative paths mean what they meant where they were typed.  Who acts is the account of the
 * operating system that the kernel names (SO_PEERCRED): this process's own and root, and guests,
 * who are whoever the group of the office's folder lets in and an account of the office names
 * (`user add --os`).  For guests only commands that open no file are run.
 *
 * A guest who holds all that he may have, by questions that he leaves open or by sending nothing,
 * keeps neither other guests nor the office's own account from their work.
 *
 * When a client goes away or asks to stop, a question counts as unanswered and an import is taken
 * back, as Ctrl-C does; what is one transaction is written whole or not at all, as ever.
 *
 * Threading: start and stop belong to one thread. */
#pragma once

#include "office/office.h"

#define HOST_MAX_COMMANDS 16    /* at work at one time; more wait for their turn */
#define HOST_MAX_OF_GUESTS 8    /* of these, so that the office's own account has room */
#define HOST_MAX_OF_GUEST 3     /* of one guest */
#define HOST_MAX_CONNECTIONS 16 /* of one guest: at work or waiting; more are sent away */

typedef struct CliHost CliHost;

/* Take commands at office_socket_path() of @office (borrowed until the host is stopped), in place
 * of what a server that was killed left there.  The caller's signals are blocked in the threads.
 *
 * @is_quiet: write no line on standard error for each command.
 * Errors as errno says. */
CliHost *cli_host_start(Office *office, bool is_quiet, GError **error);

/* Take no more commands, ask those at work to stop, wait for them, remove the socket; NULL is
 * allowed.  What a client does not read is given up. */
void cli_host_stop(CliHost *host);
