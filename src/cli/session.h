/* An office as a command works with it: opened, with who asks and who acts.
 *
 * The first operand of such a command is the office.  Who asks is the operating system's account
 * that runs the program; the log names it.  Inside a server the office is the one being served, and
 * who asks is whoever sent the command.
 *
 * Threading: one thread. */
#pragma once

#include <sys/types.h>

#include "cli/context.h"
#include "office/rights.h"

typedef struct CliSession {
    Office *office;
    RightsSubject *subject;
    StoreConnection *reader; /* for the command's own reading */
    LogAct act;              /* its actor is the subject's */
    char *from;              /* "os:NAME" where the actor is that user's account */
    bool is_inside;          /* the office is the server's */
} CliSession;

/* Open the office that is the first operand.  For writing, imports that died are cleared away.
 *
 * When it is to be written and is being served, or is closed to this account, its server runs the
 * whole command instead; then this fails too, and the caller unwinds as ever: what the server said
 * is what counts (is_relayed of @context).  Therefore a command opens its session before it changes
 * anything.
 *
 * Errors as office_open(); FORBIDDEN when the account of this user is not open. */
bool cli_session_open(CliContext *context, OfficeMode mode, CliSession *ret_session,
                      GError **error);

/* Return the office that is the first operand, opened to be read through as a whole; its server
 * does it as for cli_session_open().  *@ret_own is closed by the caller; NULL: it is the server's.
 *
 * Errors as cli_session_open(); FORBIDDEN for a guest who may not verify. */
Office *cli_session_look(CliContext *context, Office **ret_own, GError **error);

/* Let the server of the office that is the first operand run the whole command, where it is served:
 * false then, as cli_session_open().  True where there is no server, and inside it. */
bool cli_session_relay(CliContext *context, GError **error);

/* Work out the deadlines of @office, which is open for writing, that its calendar is known for by
 * now (ledger_settle_deadlines()); a remark says what stands in the way. */
void cli_session_settle(CliContext *context, Office *office);

/* Sign @office, which is open for writing, now, also in a server, which would do it some minutes
 * later: before a checkpoint or a proof is printed.  A remark says why where it fails; that the key
 * is not here is no failure. */
void cli_session_sign(CliContext *context, Office *office);

/* After a command has written: sign, and say so where its events stay unsigned. */
void cli_session_finish(CliContext *context, const CliSession *session);

/* Close the office; what was written is signed then.  What was made of its schema (entries, inputs)
 * must have been freed before. */
void cli_session_clear(CliSession *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliSession, cli_session_clear)

/* Return the ledger of @session named @name; NOT_FOUND with the nearest name.  Borrowed. */
const SchemaLedger *cli_session_ledger(const CliSession *session, const char *name, GError **error);

/* Return the name of the operating system's account @uid, its number where it has none; the caller
 * owns it. */
char *cli_os_user(uid_t uid);

/* Return the actor of the operating system's user who runs this process: "os:zhang"; the caller
 * owns it. */
char *cli_os_actor(void);

/* Read "#ID" or a bare number into *@ret_id; false for anything else. */
bool cli_parse_id(const char *text, int64_t *ret_id);

/* Return the office's present day. */
Date cli_session_today(const CliSession *session);

/* Read the option @name as a day, in one of the ways in which offices write them; DATE_NONE where
 * it is not given.  INVALID. */
bool cli_option_date(const CliContext *context, const char *name, Date *ret_date, GError **error);
