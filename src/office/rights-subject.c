#include "office/rights.h"

#include <pwd.h>
#include <unistd.h>

#include "log/history.h"
#include "office/account.h"
#include "office/office-internal.h"
#include "office/person.h"
#include "office/post.h"

static void free_hold(gpointer data)
{
    RightsHold *hold = data;
    g_clear_pointer(&hold->subtree, g_array_unref);
    g_free(hold);
}

void rights_subject_free(RightsSubject *subject)
{
    if (subject != NULL) {
        g_free(subject->actor);
        g_free(subject->person_name);
        g_clear_pointer(&subject->holds, g_ptr_array_unref);
        g_free(subject);
    }
}

static RightsSubject *new_subject(char *actor)
{
    RightsSubject *subject = g_new0(RightsSubject, 1);
    subject->actor = actor;
    subject->holds = g_ptr_array_new_with_free_func(free_hold);
    return subject;
}

/* Add @role held in @unit (0: none) with the units of @subtree (takes; NULL: none). */
static void add_hold(RightsSubject *subject, RightsRole role, int64_t unit, GArray *subtree)
{
    RightsHold *hold = g_new0(RightsHold, 1);
    hold->role = role;
    hold->unit = unit;
    hold->subtree = subtree;
    g_ptr_array_add(subject->holds, hold);
}

/* Let @subject be @person, with the roles of the posts that they hold on @today. */
static bool set_person(RightsSubject *subject, StoreConnection *connection, int64_t person,
                       Date today, GError **error)
{
    g_autoptr(OfficePerson) who = office_person_load(connection, person, error);
    g_autoptr(GPtrArray) posts =
        who != NULL ? office_post_list(connection, person, today, error) : NULL;
    if (posts == NULL) {
        return false;
    }
    subject->person = person;
    subject->person_name = g_strdup(who->name);
    for (guint i = 0; i < posts->len; i++) {
        const OfficePost *post = g_ptr_array_index(posts, i);
        RightsRole role = RIGHTS_STAFF;
        if (!rights_role_find(post->role, &role)) {
            continue; /* a role of another version of the program gives nothing here */
        }
        GArray *subtree = office_unit_subtree(connection, post->unit, DATE_NONE, error);
        if (subtree == NULL) {
            return false;
        }
        add_hold(subject, role, post->unit, subtree);
    }
    return true;
}

/* Let the console stand in for @administrator where nobody is. */
static bool add_stand_in(RightsSubject *subject, StoreConnection *connection, RightsRole role,
                         Date today, GError **error)
{
    bool exists = false;
    if (!office_account_has_administrator(connection, rights_role_name(role), today, &exists,
                                          error)) {
        return false;
    }
    if (!exists) {
        add_hold(subject, role, 0, NULL);
    }
    return true;
}

static RightsSubject *make_console(StoreConnection *connection, const char *os_user,
                                   int64_t account, Date today, GError **error)
{
    g_autoptr(RightsSubject) subject = new_subject(g_strconcat("os:", os_user, NULL));
    subject->account = account;
    add_hold(subject, RIGHTS_CONSOLE, 0, NULL);
    bool is_ok = add_stand_in(subject, connection, RIGHTS_SYSTEM, today, error) &&
                 add_stand_in(subject, connection, RIGHTS_SECURITY, today, error) &&
                 add_stand_in(subject, connection, RIGHTS_AUDIT, today, error);
    return is_ok ? g_steal_pointer(&subject) : NULL;
}

RightsSubject *rights_subject_system(void)
{
    RightsSubject *subject = new_subject(g_strdup(LOG_ACTOR_SYSTEM));
    add_hold(subject, RIGHTS_CONSOLE, 0, NULL);
    return subject;
}

static bool check_open(const OfficeAccount *account, Date today, GError **error)
{
    if (g_str_equal(account->state, "locked")) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN, "the account '%s' is locked", account->name);
        return false;
    }
    if (!g_str_equal(account->state, "active")) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the account '%s' waits for the security administrator to activate it",
                  account->name);
        return false;
    }
    if (!office_dates_include(DATE_NONE, account->until, today)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN, "the account '%s' has expired", account->name);
        return false;
    }
    return true;
}

/* The subject of @account, which is a person's or an administrator's, or else the console's. */
static RightsSubject *make_subject(StoreConnection *connection, const OfficeAccount *account,
                                   Date today, GError **error)
{
    if (!check_open(account, today, error)) {
        return NULL;
    }
    if (account->person == 0 && account->administrator == NULL) {
        return make_console(connection, account->os_user, account->id, today, error);
    }
    g_autoptr(RightsSubject) subject =
        new_subject(g_strdup_printf("account:%" G_GINT64_FORMAT, account->id));
    subject->account = account->id;
    RightsRole role = RIGHTS_STAFF;
    if (account->administrator != NULL && rights_role_find(account->administrator, &role)) {
        add_hold(subject, role, 0, NULL);
    }
    if (account->person != 0 && !set_person(subject, connection, account->person, today, error)) {
        return NULL;
    }
    if (!office_account_password_is_given(connection, account->id, &subject->has_given_password,
                                          error)) {
        return NULL;
    }
    return g_steal_pointer(&subject);
}

/* ---- subjects that are known already ----------------------------------------------------------
 */

#define MAX_KNOWN 10000 /* accounts; then all are forgotten */

/* Who an account was found to be.  It follows from the log and the day alone: what gives or takes
 * a right leaves an event. */
typedef struct Known {
    int64_t size; /* of the log, read before the account was */
    Date today;
    RightsSubject *subject;
} Known;

static void free_known(gpointer data)
{
    Known *known = data;
    rights_subject_free(known->subject);
    g_free(known);
}

GHashTable *office_subjects_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_known);
}

/* Return the same again; what it holds is never changed, so that both hold it. */
static RightsSubject *share(const RightsSubject *subject)
{
    RightsSubject *copy = g_new(RightsSubject, 1);
    *copy = *subject;
    copy->actor = g_strdup(subject->actor);
    copy->person_name = g_strdup(subject->person_name);
    copy->holds = g_ptr_array_ref(subject->holds);
    return copy;
}

static RightsSubject *find_known(Office *office, int64_t id, int64_t size, Date today)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&office->subjects_lock);
    const Known *known = g_hash_table_lookup(office->subjects, &id);
    bool is_good = known != NULL && known->size == size && known->today == today;
    return is_good ? share(known->subject) : NULL;
}

static void keep_known(Office *office, int64_t size, Date today, const RightsSubject *subject)
{
    Known *known = g_new0(Known, 1);
    *known = (Known){.size = size, .today = today, .subject = share(subject)};
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&office->subjects_lock);
    if (g_hash_table_size(office->subjects) >= MAX_KNOWN) {
        g_hash_table_remove_all(office->subjects);
    }
    g_hash_table_replace(office->subjects, g_memdup2(&subject->account, sizeof subject->account),
                         known);
}

RightsSubject *rights_subject_account(Office *office, int64_t id, GError **error)
{
    Date today = office_today(office);
    int64_t size = 0;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    if (reader == NULL || !log_head(reader, &size, NULL, error)) {
        return NULL;
    }
    RightsSubject *subject = find_known(office, id, size, today);
    if (subject != NULL) {
        return subject;
    }
    g_autoptr(OfficeAccount) account = office_account_load(reader, id, error);
    subject = account != NULL ? make_subject(reader, account, today, error) : NULL;
    if (subject != NULL) {
        keep_known(office, size, today, subject);
    }
    return subject;
}

RightsSubject *rights_subject_os(Office *office, const char *os_user, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(OfficeAccount) account = NULL;
    if (reader == NULL || !office_account_of_os(reader, os_user, &account, error)) {
        return NULL;
    }
    Date today = office_today(office);
    return account != NULL ? make_subject(reader, account, today, error)
                           : make_console(reader, os_user, 0, today, error);
}

bool rights_is_console(const RightsSubject *subject)
{
    return subject->holds->len > 0 &&
           ((const RightsHold *)g_ptr_array_index(subject->holds, 0))->role == RIGHTS_CONSOLE;
}

RightsSubject *rights_subject_console(Office *office, GError **error)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char buffer[16384];
    char number[24];
    if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) != 0 || found == NULL) {
        g_snprintf(number, sizeof number, "%u", (unsigned int)geteuid());
        return rights_subject_os(office, number, error);
    }
    return rights_subject_os(office, found->pw_name, error);
}
