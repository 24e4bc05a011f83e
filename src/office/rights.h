/* Who may do what: one table, one function, one predicate.
 *
 * Business roles (clerk, head, supervisor, secretary, dispatcher; staff gives next to nothing) are
 * held in a unit by a post with from/until dates.  Three administrators (system, security, audit)
 * exclude one another and every post, and see no business data; there is no superuser.  The console
 * is whoever has the operating system's right to the office's folder: it may do what the table
 * gives it, and the log names the operating system's account.  As long as there is no active
 * administrator of a sort, the console stands in for it: that is how the first accounts are made,
 * and how an office that lost its administrators is saved.
 *
 * The table in rights.c says for each role and action its reach, each reach including those before
 * it:
 *
 *   none      may not
 *   own       entries of its unit that it recorded itself
 *   unit      entries of its unit
 *   subtree   entries of its unit and of all units below it, closed ones too
 *   office    all, also entries without a unit
 *
 * rights_may() and rights_predicate() read the same rows.  docs/rights.md shows them.
 *
 * Threading: a subject is made by one thread, then never changed; the rest is pure. */
#pragma once

#include "office/office.h"

/* The actions; each is a row of the matrix that the tests walk whole: code, name, its words (keys
 * of the catalogue).  ENTRY_STEP: the step's own roles decide too.  Every use of
 * ENTRY_READ_PERSONAL is an event. */
#define RIGHTS_ACTIONS(X)                                                              \
    X(ENTRY_READ, "entry.read", N_("read entries"))                                    \
    X(ENTRY_READ_PERSONAL, "entry.read-personal", N_("read personal fields"))          \
    X(ENTRY_ADD, "entry.add", N_("record entries"))                                    \
    X(ENTRY_CHANGE, "entry.change", N_("correct entries"))                             \
    X(ENTRY_STEP, "entry.step", N_("do steps"))                                        \
    X(ENTRY_COMMENT, "entry.comment", N_("comment"))                                   \
    X(ENTRY_DELETE, "entry.delete", N_("take entries out of the books"))               \
    X(ENTRY_ERASE, "entry.erase", N_("erase personal data"))                           \
    X(IMPORT, "import", N_("import spreadsheets"))                                     \
    X(EXPORT, "export", N_("export"))                                                  \
    X(FIGURE_READ, "figure.read", N_("read figures"))                                  \
    X(REPORT_READ, "report.read", N_("read reports"))                                  \
    X(VIEW_SHARE, "view.share", N_("keep views for the whole office"))                 \
    X(PACK_APPLY, "pack.apply", N_("change the pack"))                                 \
    X(UNIT_CHANGE, "unit.change", N_("change units, people and posts without rights")) \
    X(ACCOUNT_READ, "account.read", N_("see the accounts"))                            \
    X(ACCOUNT_CHANGE, "account.change", N_("make and lock accounts"))                  \
    X(ROLE_CHANGE, "role.change", N_("give roles and activate accounts"))              \
    X(SETTING_CHANGE, "setting.change", N_("change the office's settings"))            \
    X(LOG_READ, "log.read", N_("read the log"))                                        \
    X(BACKUP, "backup", N_("make a backup"))                                           \
    X(VERIFY, "verify", N_("verify the office"))

typedef enum RightsAction {
#define X(code, name, words) RIGHTS_##code,
    RIGHTS_ACTIONS(X)
#undef X
        RIGHTS_N_ACTIONS
} RightsAction;

/* The roles: code, name in packs and posts, whether a post gives it, its words (keys of the
 * catalogue). */
#define RIGHTS_ROLES(X)                                      \
    X(STAFF, "staff", true, "staff")                         \
    X(CLERK, "clerk", true, "clerk")                         \
    X(HEAD, "head", true, "head of unit")                    \
    X(SUPERVISOR, "supervisor", true, "supervisor")          \
    X(SECRETARY, "secretary", true, "secretary")             \
    X(DISPATCHER, "dispatcher", true, "dispatcher")          \
    X(SYSTEM, "system", false, "system administrator")       \
    X(SECURITY, "security", false, "security administrator") \
    X(AUDIT, "audit", false, "audit administrator")          \
    X(CONSOLE, "console", false, "console")

typedef enum RightsRole {
#define X(code, name, is_post, words) RIGHTS_##code,
    RIGHTS_ROLES(X)
#undef X
        RIGHTS_N_ROLES
} RightsRole;

typedef enum RightsReach {
    RIGHTS_NONE,
    RIGHTS_OWN,
    RIGHTS_UNIT,
    RIGHTS_SUBTREE,
    RIGHTS_OFFICE,
} RightsReach;

/* Return the name of @action in the log and in messages: "role.change".  Static. */
const char *rights_action_name(RightsAction action);

/* Return the name of @role in packs and posts: "head"; its words, a key of the catalogue: "head of
 * unit". Static. */
const char *rights_role_name(RightsRole role);
const char *rights_role_words(RightsRole role);

/* Find the role named @name; false, *@ret_role untouched, when there is none. */
bool rights_role_find(const char *name, RightsRole *ret_role);

/* Return whether a post can give @role, rather than an account. */
bool rights_role_is_of_post(RightsRole role);

/* Return how far @action of @role reaches: the table itself. */
RightsReach rights_reach(RightsRole role, RightsAction action);

/* Return the whole table as Markdown; the caller owns it.  docs/rights.md holds it. */
char *rights_table_to_markdown(void);

/* One role held in one unit at the moment of asking. */
typedef struct RightsHold {
    RightsRole role;
    int64_t unit;    /* 0: no unit (administrators, console) */
    GArray *subtree; /* of int64_t: the unit and all below it, sorted; NULL without a unit */
} RightsHold;

/* Who asks.  Made once per request or command. */
typedef struct RightsSubject {
    char *actor;             /* as the log writes it: "account:12"; the console "os:zhang" */
    int64_t account;         /* 0: the console, without an account */
    int64_t person;          /* 0: none */
    char *person_name;       /* NULL: none */
    bool has_given_password; /* set by another account: to be changed before anything else */
    GPtrArray *holds;        /* of RightsHold */
} RightsSubject;

/* Return the subject of the operating system's user @os_user: that of the account that names it in
 * os_user and is a person's or an administrator's, as rights_subject_account(); else the console.
 * The caller owns it.
 *
 * FORBIDDEN when that account is not active. */
RightsSubject *rights_subject_os(Office *office, const char *os_user, GError **error);

/* The same for the user who runs this process. */
RightsSubject *rights_subject_console(Office *office, GError **error);

/* Return the subject of the program itself, which does what nobody asks for and the law wants done:
 * it is LOG_ACTOR_SYSTEM, and may what the console may; the caller owns it. */
RightsSubject *rights_subject_system(void);

/* Return the subject of account @id as of now; the caller owns it.  NOT_FOUND; FORBIDDEN for a
 * locked, expired or not yet activated account. */
RightsSubject *rights_subject_account(Office *office, int64_t id, GError **error);
void rights_subject_free(RightsSubject *subject);

/* Return whether @subject is the console, who has no account of a person or an administrator. */
bool rights_is_console(const RightsSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RightsSubject, rights_subject_free)

/* What it is asked about.  Without unit and owner it is not about an entry. */
typedef struct RightsObject {
    const SchemaLedger *ledger;
    int64_t unit;           /* of the entry; of a new one the unit it will have */
    const char *owner;      /* actor who recorded it; of a new one the subject's own */
    const SchemaStep *step; /* ENTRY_STEP; NULL: any */
    /* ENTRY_STEP: actors of the steps in step->not_by, NULL-terminated; NULL: none. */
    const char *const *doers;
} RightsObject;

/* Return whether @subject may do @action on @object; else FORBIDDEN in *@error with a sentence that
 * says which role could.
 *
 * @object: NULL, or one that is not about an entry, asks whether there is anything at all it may do
 * so to.
 *
 * A step is for the roles that it names, and for none of its @doers, whatever their role (design
 * law 7). The console may do the steps of every role. */
bool rights_may(const RightsSubject *subject, RightsAction action, const RightsObject *object,
                GError **error);

/* Append to @sql a condition on the columns `unit` and `owner` of table alias @alias that holds for
 * exactly the entries that rights_may(@subject, @action) allows (a step's own conditions aside);
 * values are appended to @binds (of Value) and numbered from $(@binds->len+1).  "1=1" where all are
 * allowed, "1=0" where none is. */
void rights_predicate(const RightsSubject *subject, RightsAction action, const char *alias,
                      GString *sql, GArray *binds);

/* Append to @key what decides which entries rights_predicate() holds for: the same text for two
 * subjects means the same entries. */
void rights_append_key(const RightsSubject *subject, RightsAction action, GString *key);
