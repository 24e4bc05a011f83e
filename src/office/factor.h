/* The second factor (二次验证): one-time codes of an app, TOTP (RFC 6238): HMAC-SHA-1, 30 seconds,
 * 6 digits, what every such app can do.
 *
 * A code is taken one step early or late (RFC 6238 §5.2), and once: it opens nothing a second time.
 * Turning it on and off is an event of the account; the secret is in none, a hash of it is.
 *
 * Threading: functions block on the database; may be called from every thread. */
#pragma once

#include "office/rights.h"

#define OFFICE_FACTOR_SECRET_BYTES 20

/* Return a fresh secret as an app takes it, 32 letters of base 32 (RFC 4648); the caller owns it.
 */
char *office_factor_new_secret(Source *source);

/* Return the address that hands @secret to an app, otpauth://totp/…; the caller owns it. */
char *office_factor_address(const Office *office, const char *account, const char *secret);

/* Turn it on for the account of @act's actor, @account, once the app shows that it has @secret: by
 * its present @code.  INVALID for a wrong secret or code. */
bool office_factor_set(Office *office, const LogAct *act, int64_t account, const char *secret,
                       const char *code, GError **error);

/* Turn it off for @account: by its holder, or, for one who lost the app, by who has account.change;
 * FORBIDDEN. */
bool office_factor_remove(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t account, GError **error);

/* Set *@ret_is_on to whether @account has a second factor. */
bool office_factor_is_on(StoreConnection *connection, int64_t account, bool *ret_is_on,
                         GError **error);

/* Use @code of @account.  FORBIDDEN for a wrong one and for one used before. */
bool office_factor_use(Office *office, int64_t account, const char *code, GError **error);

/* Return the code of the 20 bytes @secret for @step, 30 seconds each since 1970: the one function
 * of RFC 6238 §4, for tests. */
int office_factor_code(const uint8_t secret[OFFICE_FACTOR_SECRET_BYTES], int64_t step);
