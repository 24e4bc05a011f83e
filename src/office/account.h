/* Accounts (账号): who may come in.
 *
 * An account is a person's (and then has the roles of the person's posts), or one of the three
 * administrators', or the console's of the operating system's user who made the office; the
 * database itself keeps these apart.  It is made by the system administrator and opens nothing
 * until somebody else, the security administrator, has activated it; so again after a change or a
 * password that was not chosen by its holder.  Two hands: nobody gives out access alone.  While
 * there is no active administrator of a sort the console stands in for it (office/rights.h).
 *
 * There is no default account and no default password.  A password is kept as a yescrypt hash in
 * table credential; the log commits to that hash and holds neither.
 *
 * Threading: functions block on the database, those with a password also for the tenth of a second
 * that hashing takes; they may be called from every thread.  An account belongs to one thread at a
 * time. */
#pragma once

#include "office/dates.h"
#include "office/password.h"
#include "office/rights.h"

typedef struct OfficeAccount {
    int64_t id;
    char *name;          /* typed at the door: letters, digits, '.', '_', '-'; at most 40 */
    char *os_user;       /* the operating system's account that is the same; NULL: none */
    int64_t person;      /* 0: none */
    char *administrator; /* "system", "security", "audit"; NULL: none */
    char *state;         /* "pending", "active", "locked" */
    char *created_by;    /* actor */
    char *activated_by;  /* actor; NULL: nobody yet */
    Date until;          /* last day on which it opens anything; DATE_NONE: no end */
    bool has_password;
} OfficeAccount;

void office_account_free(OfficeAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OfficeAccount, office_account_free)

/* Make an account, pending.
 *
 * @account: name, os_user, person or administrator, and until are looked at (borrowed).
 * @password: NULL: none, then os_user is the way in.
 * @error: INVALID    not exactly one of person and administrator, no way in, a bad name or password
 *         NOT_FOUND  no such person
 *         EXISTS     the name, the operating system's user or the person has an account already
 *         FORBIDDEN  without the right account.change */
bool office_account_add(Office *office, const RightsSubject *subject, const LogAct *act,
                        const OfficeAccount *account, const char *password, int64_t *ret_id,
                        GError **error);

/* Change name, os_user and until of the account @account->id to what @account says; it is pending
 * again. Errors as above; NOT_FOUND. */
bool office_account_change(Office *office, const RightsSubject *subject, const LogAct *act,
                           const OfficeAccount *account, GError **error);

/* Open a pending or locked account.  FORBIDDEN without role.change, and for who made the account
 * (but on the console standing in); NOT_FOUND; CONFLICT when it is active. */
bool office_account_activate(Office *office, const RightsSubject *subject, const LogAct *act,
                             int64_t id, GError **error);

/* Lock an account.  FORBIDDEN without account.change or role.change; NOT_FOUND; CONFLICT when it is
 * locked, or the subject's own. */
bool office_account_lock(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, GError **error);

/* Set the password of account @id: its holder at any time, or who has account.change, and then the
 * account is pending again.  INVALID for a bad password; NOT_FOUND; FORBIDDEN. */
bool office_account_set_password(Office *office, const RightsSubject *subject, const LogAct *act,
                                 int64_t id, const char *password, GError **error);

/* Set *@ret_is_given to whether it was another that set the password of @id last, an account or the
 * console: it is not the holder's secret. */
bool office_account_password_is_given(StoreConnection *connection, int64_t id, bool *ret_is_given,
                                      GError **error);

/* Find the account that @name and @password open.  FORBIDDEN, with the same sentence after the same
 * time, for an unknown name, a wrong password and an account that is not open. */
bool office_account_check(Office *office, const char *name, const char *password, int64_t *ret_id,
                          GError **error);

/* Return account @id, or the one named @name; NOT_FOUND.  The caller owns it. */
OfficeAccount *office_account_load(StoreConnection *connection, int64_t id, GError **error);
OfficeAccount *office_account_find(StoreConnection *connection, const char *name, GError **error);

/* Return how people know @actor ("account:12" of the log): the name of the account's person, else
 * its own; any other actor, and one that is not found, as it is.  The caller owns it. */
char *office_actor_name(StoreConnection *connection, const char *actor);

/* Return the account that names the operating system's user @os_user.  *@ret_account is NULL when
 * there is none; the caller owns it. */
bool office_account_of_os(StoreConnection *connection, const char *os_user,
                          OfficeAccount **ret_account, GError **error);

/* Return all accounts in the order recorded (of OfficeAccount); the caller owns it. */
GPtrArray *office_account_list(StoreConnection *connection, GError **error);

/* Set *@ret_exists to whether an administrator of the sort @administrator has an active account on
 * @date. */
bool office_account_has_administrator(StoreConnection *connection, const char *administrator,
                                      Date date, bool *ret_exists, GError **error);

/* Set *@ret_n_classes to how many kinds of characters a password must mix. */
bool office_account_classes(StoreConnection *connection, int64_t *ret_n_classes, GError **error);

/* Set how many kinds of characters a password must mix (0…OFFICE_PASSWORD_MAX_CLASSES; a new office
 * has 3). INVALID; FORBIDDEN without setting.change. */
bool office_account_set_classes(Office *office, const RightsSubject *subject, const LogAct *act,
                                int n_classes, GError **error);
