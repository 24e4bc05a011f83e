/* Accounts and sessions as pages show them. */
#pragma once

#include "office/account.h"
#include "web/form.h"

typedef struct WebAccount {
    const char *id;
    const char *name;
    const char *who;   /* the person; "" for none */
    const char *roles; /* "clerk (General)", or which administrator */
    const char *state; /* in words */
    const char *tag;   /* class of it */
    const char *until; /* "" */
    bool may_activate;
    bool may_lock;
    bool may_reset; /* the password, and the second factor */
} WebAccount;

typedef struct WebSession {
    const char *id;
    const char *begun;
    const char *seen;
    const char *address;
    const char *agent;
    bool is_this;
} WebSession;

/* The page of who is signed in. */
typedef struct WebMe {
    const char *name;  /* of the account */
    const char *roles; /* as of a WebAccount */
    const char *fault;
    const char *done;    /* what was just done; NULL: nothing */
    const char *secret;  /* offered for a second factor; NULL: it is on */
    const char *address; /* otpauth://… of it */
    GPtrArray *sessions; /* of WebSession */
    GPtrArray *tokens;   /* of WebToken (web/token.h) */
    const char *token;   /* just made; it is shown once; NULL: none was */
} WebMe;

/* Return what the holder of @account is, today: the posts of @lines, the roster (of
 * OfficeRosterLine), but for those that give no right beyond their unit's members', or which
 * administrator; kept. */
const char *web_account_roles(const WebContext *context, const OfficeAccount *account,
                              const GPtrArray *lines);

/* Check that who is signed in knows its own password, as typed into the field "own": before what
 * must not be done from a browser that was left open.  FORBIDDEN. */
bool web_check_own_password(WebContext *context, GError **error);

/* The same before a dangerous act, unless it was typed in this session within the last
 * THROTTLE_PROOF_US: what stands behind the one question stands behind the next. */
bool web_check_own_again(WebContext *context, GError **error);

/* Return whether web_check_own_again() asks. */
bool web_asks_own_password(const WebContext *context);

/* Return the account and the code typed at the door if they open: the account's id.  FORBIDDEN,
 * also where too many attempts failed. */
bool web_check_door(WebContext *context, const char *name, const char *password, const char *code,
                    int64_t *ret_account, GError **error);
