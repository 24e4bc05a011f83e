/* Against too much of something: who did it too often waits.
 *
 * Guessing passwords: failures are counted by account and address together, by address, and by
 * account from anywhere (of an IPv6 address its first 64 bits, which are one connection).  After
 * THROTTLE_MAX_OF_ACCOUNT of one account from one address no more are looked at until THROTTLE_US
 * have passed since the last one; after THROTTLE_MAX_OF_ADDRESS from one address, or
 * THROTTLE_MAX_ANYWHERE of one account, until THROTTLE_US have passed since the first one (OWASP
 * ASVS 5.0 V6.3; GB/T 22239-2019 8.1.4.1 b).  The last two do not bind an account where it was
 * signed in to: who knows a name, or sits in the same building, cannot keep its holder out.  What
 * is being looked at has not failed yet: of one account from one address no more at a time than may
 * fail.  Requests with a token of the API: THROTTLE_MAX_OF_TOKEN of one token in each
 * THROTTLE_TOKEN_US.  Kept in memory: a restart forgets it.
 *
 * Threading: safe from every thread. */
#pragma once

#include "base/error.h"

#define THROTTLE_MAX_OF_ACCOUNT 5
#define THROTTLE_MAX_OF_ADDRESS 30
#define THROTTLE_MAX_ANYWHERE 50
#define THROTTLE_US (INT64_C(15) * 60 * G_USEC_PER_SEC)
#define THROTTLE_MAX_OF_TOKEN 600
#define THROTTLE_TOKEN_US (INT64_C(60) * G_USEC_PER_SEC)
#define THROTTLE_MAX_REFUSALS 50 /* of one account that are news, in each THROTTLE_REFUSAL_US */
#define THROTTLE_REFUSAL_US (INT64_C(3600) * G_USEC_PER_SEC)
#define THROTTLE_PROOF_US (INT64_C(5) * 60 * G_USEC_PER_SEC)
#define THROTTLE_MAX_KEYS 100000 /* then what is over goes, or all */

typedef struct Throttle Throttle;

/* Return one without failures; the caller owns it. */
Throttle *throttle_new(void);
void throttle_free(Throttle *throttle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Throttle, throttle_free)

/* Begin a try at @account from @address at @now_us, which one of the next three ends.  TOO_OFTEN
 * where it is one too many, and *@ret_wait_seconds is how long to wait; then it has not begun. */
bool throttle_try(Throttle *throttle, const char *account, const char *address, int64_t now_us,
                  int *ret_wait_seconds, GError **error);

/* Say that it was right: the account's failures from there are forgotten, those of others are not.
 */
void throttle_succeed(Throttle *throttle, const char *account, const char *address);

/* Say that it was wrong. */
void throttle_fail(Throttle *throttle, const char *account, const char *address, int64_t now_us);

/* Say that nothing was found out, by a fault of ours. */
void throttle_take_back(Throttle *throttle, const char *account, const char *address);

/* Count a request with the token that @token names, in all offices; TOO_OFTEN when it was one too
 * many, and *@ret_wait_seconds is how long to wait. */
bool throttle_take(Throttle *throttle, const char *token, int64_t now_us, int *ret_wait_seconds,
                   GError **error);

/* Return whether it is news that @account was refused @path: the first time within
 * THROTTLE_REFUSAL_US, and one of its first THROTTLE_MAX_REFUSALS, so that nobody fills the log. */
bool throttle_is_news(Throttle *throttle, const char *account, const char *path, int64_t now_us);

/* Note that the holder of @session has just typed the own password; return whether that was within
 * the last THROTTLE_PROOF_US. */
void throttle_note_proof(Throttle *throttle, const char *session, int64_t now_us);
bool throttle_has_proof(Throttle *throttle, const char *session, int64_t now_us);
