/* Accounts and sessions as pages show them. */
#pragma once

#include "office/account.h"
#include "web/fault.h"
#include "web/qr.h"

typedef struct WebAccount {
    int64_t number;
    const char *id; /* the same as text */
    const char *name;
    const char *who;     /* the person; "" for none */
    const char *address; /* of the person; NULL */
    const char *roles;   /* "clerk (General)", or which administrator */
    const char *state;   /* in words */
    const char *state_name;
    const char *tag;   /* class of it */
    const char *until; /* "" */
    const char *own;   /* ids of its controls: of the own password, and of a new one */
    const char *fresh;
    bool is_open; /* what was sent for it was refused */
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
    const char *name;    /* of the account */
    const char *roles;   /* as of a WebAccount */
    const char *secret;  /* offered for a second factor; NULL: it is on */
    const char *letters; /* the same as it is typed, in groups of four */
    const char *address; /* otpauth://… of it */
    const WebQr *qr;     /* of the address */
    const char *at_most; /* how many there may be */
    GPtrArray *sessions; /* of WebSession */
    GPtrArray *tokens;   /* of WebToken (web/token.h) */
    const char *token;   /* just made; it is shown once; NULL: none was */
} WebMe;

/* Return what the holder of @account is, today: the posts of @lines, the roster (of
 * OfficeRosterLine), but for those that give no right beyond their unit's members', or which
 * administrator; kept. */
const char *web_account_roles(const WebContext *context, const OfficeAccount *account,
                              const GPtrArray *lines);

/* Check that the controls @needs are filled in, and that WEB_OWN_PASSWORD among them is right:
 * before what must not be done from a browser that was left open.  All that is wrong is noted, with
 * what was noted before.  FORBIDDEN for the password, INVALID. */
bool web_check_form(WebContext *context, const WebNeed *needs, size_t n_needs, GError **error);

/* Check that who asks knows its own password, @own: where no session stands behind, also @code
 * (NULL: none) where the account has a second factor, as at the door.  FORBIDDEN. */
bool web_check_own(WebContext *context, const char *own, const char *code, GError **error);

/* The same before a dangerous act: the own password, in the control @id, unless it was typed in
 * this session within the last THROTTLE_PROOF_US, as what stands behind the one question stands
 * behind the next; and @need (NULL: nothing more). */
bool web_check_own_again(WebContext *context, const char *id, const WebNeed *need, GError **error);

/* Return whether web_check_own_again() asks. */
bool web_asks_own_password(const WebContext *context);

/* Return the account and the code typed at the door if they open: the account's id.  FORBIDDEN,
 * also where too many attempts failed. */
bool web_check_door(WebContext *context, const char *name, const char *password, const char *code,
                    int64_t *ret_account, GError **error);
