/* Who may do what: one table, one function, one predicate.
 *
 * Business roles (clerk, head, supervisor, secretary, dispatcher) are held in a unit by a post with from/until
 * dates.  Three administrators (system, security, audit) exclude one another and every post, and see no business
 * data they do not need; there is no superuser.  The console is whoever has the operating system's right to the
 * office's folder: it may do what the table gives it, and the log names the operating system's account.
 *
 * The table in rights.c says for each role and action its reach: none, own (entries it owns), unit (its unit),
 * subtree (its unit and those below), office (all).  rights_may() and rights_predicate() read the same rows. */
#pragma once

#include "office/office.h"

/* The actions; each is a row of the matrix that the tests walk whole. */
#define RIGHTS_ACTIONS(X)                                                                          \
    X(ENTRY_READ, "entry.read")           /* fields that are not personal */                       \
    X(ENTRY_READ_PERSONAL, "entry.read-personal") /* every use is an event */                      \
    X(ENTRY_ADD, "entry.add")                                                                      \
    X(ENTRY_CHANGE, "entry.change")                                                                \
    X(ENTRY_STEP, "entry.step")           /* and the step's own roles decide */                    \
    X(ENTRY_COMMENT, "entry.comment")                                                              \
    X(ENTRY_DELETE, "entry.delete")                                                                \
    X(ENTRY_ERASE, "entry.erase")                                                                  \
    X(IMPORT, "import")                                                                            \
    X(EXPORT, "export")                                                                            \
    X(FIGURE_READ, "figure.read")                                                                  \
    X(REPORT_READ, "report.read")                                                                  \
    X(PACK_APPLY, "pack.apply")                                                                    \
    X(UNIT_CHANGE, "unit.change")         /* units, people, posts */                               \
    X(ACCOUNT_CHANGE, "account.change")   /* create, lock; system administrator */                 \
    X(ROLE_CHANGE, "role.change")         /* posts' roles, activation; security administrator */   \
    X(LOG_READ, "log.read")                                                                        \
    X(BACKUP, "backup")                                                                            \
    X(VERIFY, "verify")

typedef enum RightsAction {
#define X(code, name) RIGHTS_##code,
    RIGHTS_ACTIONS(X)
#undef X
    RIGHTS_N_ACTIONS
} RightsAction;

/* Return the name of @action in the log and in messages: "role.change".  Static. */
const char *rights_action_name(RightsAction action);

/* One role held in one unit at the moment of asking. */
typedef struct RightsHold {
    char *role;
    int64_t unit;      /* 0: the whole office (console) */
    GArray *subtree;   /* of int64_t: the unit and all below it, sorted */
} RightsHold;

/* Who asks.  Made once per request or command. */
typedef struct RightsSubject {
    char *actor;        /* as the log writes it */
    int64_t account;    /* 0: console */
    int64_t person;     /* 0: none */
    GPtrArray *holds;   /* of RightsHold */
} RightsSubject;

/* The subject of the operating system's user on the console: the account that names it in os_user if there is one, else the
 * role "console". */
RightsSubject *rights_subject_console(Office *office, GError **error);

/* The subject of account @id as of now.  NOT_FOUND; FORBIDDEN for a locked, expired or not yet activated account. */
RightsSubject *rights_subject_account(Office *office, int64_t id, GError **error);
void rights_subject_free(RightsSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RightsSubject, rights_subject_free)

/* What it is asked about.  Zero means "not about an entry". */
typedef struct RightsObject {
    const SchemaLedger *ledger;
    int64_t unit;               /* of the entry */
    const char *owner;          /* actor who recorded it */
    const SchemaStep *step;     /* ENTRY_STEP */
    const char *const *doers;   /* ENTRY_STEP: actors of the steps in step->not_by, NULL-terminated; NULL: none */
} RightsObject;

/* Return whether @subject may do @action on @object (NULL: nothing in particular); else FORBIDDEN in *@error with a
 * sentence that says which role could. */
bool rights_may(const RightsSubject *subject, RightsAction action, const RightsObject *object,
                GError **error);

/* Append to @sql a condition on the columns `unit` and `owner` of table alias @alias that holds for exactly the entries
 * that rights_may(@subject, @action) allows; values are appended to @binds (of Value) and numbered from $(@binds->len+1).
 * "1=1" where all are allowed, "1=0" where none is. */
void rights_predicate(const RightsSubject *subject, RightsAction action, const char *alias,
                      GString *sql, GArray *binds);
