/* What a password must be like: long, mixed, not one that everybody tries first.
 *
 * Staff rules follow GB/T 22239-2019 8.1.4.1 a) (complexity); the mix of characters can be switched
 * off by an office that prefers long sentences (OWASP ASVS 5.0 6.2.5).  Pure. */
#pragma once

#include "base/error.h"

#define OFFICE_PASSWORD_MIN_CHARS 10
#define OFFICE_PASSWORD_MAX_CHARS 128
/* Kinds of characters: small letters, capitals, digits, all others. */
#define OFFICE_PASSWORD_MAX_CLASSES 4

/* Check @password (UTF-8) of the account named @account.
 *
 * @n_chars: how many characters it has at least; below OFFICE_PASSWORD_MIN_CHARS that many.
 * @n_classes: how many kinds of characters it must mix, 0 or 1: any.
 * INVALID says what is missing; no message repeats the password. */
bool office_password_check(const char *password, const char *account, int n_chars, int n_classes,
                           GError **error);
