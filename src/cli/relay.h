/* A command that is sent to the server of its office: what goes over the socket, and the client's
 * side of it.
 *
 *   client ── RUN: version, language, places, words, and with them
 *              output, errors, working folder ──► server
 *          ◄── ASK: prompt ── (any number of times)
 *          ── ANSWER: line, or NOTHING ──►
 *          ◄── DONE: exit status ──
 *
 * The command prints to the client's own output and errors, whose descriptors go with RUN.  What a
 * person types is read by the client, as only who is in the terminal's foreground may read it.
 * The client shuts its sending side to ask the command to stop.
 * docs/decisions/0011-command-socket.md says why.
 *
 * Threading: a socket belongs to one thread at a time. */
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include "cli/context.h"

#define RELAY_MAX_BYTES ((uint32_t)8 << 20) /* of a message; more than a command line can have */
#define RELAY_VERSION "2 " SHUZHI_VERSION   /* of what goes over the socket, and the program's */

typedef enum RelayKind {
    RELAY_RUN = 'R',
    RELAY_ASK = 'Q', /* value: whether what is typed is hidden */
    RELAY_ANSWER = 'A',
    RELAY_NOTHING = 'N',
    RELAY_DONE = 'D',     /* value: the exit status */
    RELAY_STRANGER = 'S', /* instead of an answer: the client's account may not */
    RELAY_CROWDED = 'C',  /* the same: it has as many commands at work as it may */
} RelayKind;

/* What is passed with RUN. */
typedef struct RelayFiles {
    int output;
    int errors;
    int folder;
} RelayFiles;

typedef struct RelayMessage {
    RelayKind kind;
    uint8_t value;
    GString *text;    /* ended by a NUL that is not counted */
    RelayFiles files; /* -1 each where none came */
} RelayMessage;

void relay_message_clear(RelayMessage *message);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RelayMessage, relay_message_clear)

/* Send a message; @text of @length bytes, @files NULL: none.  False when the other side is gone. */
bool relay_send(int socket, RelayKind kind, uint8_t value, const char *text, size_t length,
                const RelayFiles *files);

/* Receive a message, which the caller clears.  False at the end, after a time-out of @socket, and
 * for what is no message: too long, of no kind, with too few or too many descriptors. */
bool relay_receive(int socket, RelayMessage *ret_message);

/* Make the address of the socket @path, however long that is.  *@ret_folder is a descriptor that
 * the caller closes once the address was used.  False as errno says. */
bool relay_address(const char *path, struct sockaddr_un *ret_address, int *ret_folder);

/* Let the server that listens at @path run the command of @context, where there is one.
 *
 * *@ret_is_relayed false: nobody listens there (a socket of a server that was killed counts as
 * none), and nothing was done.  True: it ran, its exit status is in @context.
 * FORBIDDEN when the server takes no commands from this account; BUSY when it has too many at work
 * already; UNAVAILABLE when it ended before
 * the command had. */
bool relay_run(CliContext *context, const char *path, bool *ret_is_relayed, GError **error);
