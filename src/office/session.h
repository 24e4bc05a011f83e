/* Sessions (会话): an account that is signed in at the web face.
 *
 * The browser holds a random token of 256 bits; the store holds its hash alone.  A session ends
 * after the minutes without use that the office has set (office/setting.h) and
 * OFFICE_SESSION_MAX_US after it began, when its holder ends it, and with the account.  Beginning
 * and ending one is an event.
 *
 * Threading: functions may be called from every thread; a session belongs to one at a time. */
#pragma once

#include "office/office.h"

#define OFFICE_SESSION_MAX_US (INT64_C(12) * 3600 * G_USEC_PER_SEC)
#define OFFICE_SESSION_MAX_OF_ACCOUNT 3 /* at a time; one more ends the oldest */

typedef struct OfficeSession {
    char *id; /* hash of the token, hex: names it in lists, opens nothing */
    int64_t account;
    int64_t begun_us;
    int64_t seen_us;
    int64_t idle_us; /* how long it lasts without use */
    char *address;
    char *agent;
} OfficeSession;

void office_session_free(OfficeSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficeSession, office_session_free)

/* Sign account @account in, which the caller has checked (office_account_check()).
 *
 * @address, @agent: from where, with what; cut to what fits.
 * *@ret_token: what the browser is to hold; the caller owns it. */
bool office_session_begin(Office *office, int64_t account, const char *address, const char *agent,
                          char **ret_token, GError **error);

/* Log that somebody at @address failed to sign in as @name, by password or second factor
 * (GB/T 22239-2019 8.1.4.3): "session.refuse", whose actor is the address, with the account, 0
 * where
 * @name opens none.  A name that opens nothing is not kept: it may be a password in the wrong
 * field.
 */
bool office_session_refuse(Office *office, const char *name, const char *address, GError **error);

/* Log that who @act names, signed in, was refused @path: "session.deny", with the path cut to what
 * fits.  Whoever calls sees to it that nobody fills the log with it. */
bool office_session_deny(Office *office, const LogAct *act, const char *path, GError **error);

/* Find the session that @token opens.  *@ret_session is NULL when there is none, or no more; the
 * caller owns it.  At most once a minute its use is noted. */
bool office_session_find(Office *office, const char *token, OfficeSession **ret_session,
                         GError **error);

/* End the session named @id of account @account; true as well when there is none. */
bool office_session_end(Office *office, int64_t account, const char *id, GError **error);

/* Return the sessions of @account that are open, newest first (of OfficeSession); the caller owns
 * it. */
GPtrArray *office_session_list(Office *office, int64_t account, GError **error);

/* Return what a form of the session of @token must send back, so that no other site can send one in
 * its name; the caller owns it. */
char *office_session_form_token(const char *token);

/* Return whether @given is that; in constant time; false for NULL. */
bool office_session_is_form_token(const char *token, const char *given);
