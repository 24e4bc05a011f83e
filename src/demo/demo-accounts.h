/* Accounts of the demo: one for each role, with passwords made on the spot.
 *
 * Threading: from any thread. */
#pragma once

#include "office/office.h"

typedef struct DemoAccount {
    int64_t id;
    char *name;        /* at the door */
    char *password;    /* random; known to nobody but who started the demo */
    const char *words; /* of the role, a key of the catalogue; static */
    char *person;      /* who it is; NULL for an administrator */
} DemoAccount;

/* Give an account of each role of @office, which is a demo, a fresh random password; the three
 * administrators are made at the first call.
 *
 * *@ret_accounts (of DemoAccount): the caller owns it.  INVALID for an office that is no demo. */
bool demo_accounts_open(Office *office, GPtrArray **ret_accounts, GError **error);
