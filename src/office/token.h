/* Tokens (令牌): what a program shows to do what an account may.
 *
 * An account holder makes a token for a program, for a time, to read alone or to write too; it can
 * do at most what the account may at that moment, and nothing once the account is locked.  The
 * token is random, of 256 bits, and is told once; the store holds its hash alone.  Making and
 * ending one is an event, its use is not.
 *
 * Threading: functions may be called from every thread; a token belongs to one at a time. */
#pragma once

#include "office/rights.h"

#define OFFICE_TOKEN_PREFIX "shuzhi_" /* so that programs that look for lost secrets know it */
#define OFFICE_TOKEN_DAYS 90          /* unless said otherwise */
#define OFFICE_TOKEN_MAX_DAYS 366
#define OFFICE_TOKEN_MAX_OF_ACCOUNT 20
#define OFFICE_TOKEN_MAX_NAME_CHARS 60

typedef struct OfficeToken {
    int64_t id;
    int64_t account;
    char *name;
    bool may_write;
    int64_t begun_us;
    int64_t until_us; /* from then on it opens nothing */
    int64_t used_us;  /* 0: never */
} OfficeToken;

void office_token_free(OfficeToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficeToken, office_token_free)

/* Make a token of @subject's own account called @name, good for @days.
 *
 * *@ret_token: what the program is to hold; the caller owns it.
 * @error: INVALID    no name or too long a one, no such number of days, no account
 *         LIMIT      the account has OFFICE_TOKEN_MAX_OF_ACCOUNT */
bool office_token_add(Office *office, const RightsSubject *subject, const LogAct *act,
                      const char *name, bool may_write, int days, char **ret_token, GError **error);

/* End the token @id.  NOT_FOUND; FORBIDDEN but for its holder and who has account.change. */
bool office_token_end(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                      GError **error);

/* Find what @token opens.  *@ret_token is NULL when there is none, or no more; the caller owns it.
 * Whether the account is open is the caller's to ask (rights_subject_account()).  At most once a
 * minute its use is noted. */
bool office_token_find(Office *office, StoreConnection *connection, const char *token,
                       OfficeToken **ret_token, GError **error);

/* Return the tokens of @account, or of all (0), in the order made, those that are over too (of
 * OfficeToken); the caller owns it. */
GPtrArray *office_token_list(StoreConnection *connection, int64_t account, GError **error);
