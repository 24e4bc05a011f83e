#include "office/account.h"
#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"
#include "support/fault-statement.h"
#include "support/test-office.h"

/* An office with a person who has a post, and the calls on it as the console. */
typedef struct Bench {
    TestOffice f;
    StoreConnection *reader;
    int64_t unit; /* below the root */
    int64_t below;
    int64_t person;
    int n; /* of the names made so far */
} Bench;

#define CALL(function, ...) function(bench->f.office, bench->f.console, &bench->f.act, __VA_ARGS__)

static Date today(const Bench *bench)
{
    return date_from_us(source_now_us(bench->f.source), office_offset_seconds(bench->f.office));
}

static int64_t add_unit(Bench *bench, const char *name, int64_t parent)
{
    g_autoptr(GError) error = NULL;
    const OfficeUnit unit = {.name = (char *)name,
                             .kind = (char *)OFFICE_UNIT_SECTION,
                             .parent = parent,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    int64_t id = 0;
    CALL(office_unit_add, &unit, &id, &error);
    g_assert_no_error(error);
    return id;
}

static int64_t add_person(Bench *bench, const char *name)
{
    g_autoptr(GError) error = NULL;
    const OfficePerson person = {.name = (char *)name, .since = DATE_NONE, .until = DATE_NONE};
    int64_t id = 0;
    CALL(office_person_add, &person, &id, &error);
    g_assert_no_error(error);
    return id;
}

static int64_t add_post(Bench *bench, const char *role, int64_t unit)
{
    g_autoptr(GError) error = NULL;
    const OfficePost post = {.person = bench->person,
                             .unit = unit,
                             .role = (char *)role,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    int64_t id = 0;
    CALL(office_post_add, &post, &id, &error);
    g_assert_no_error(error);
    return id;
}

static int64_t add_account(Bench *bench, const char *name, int64_t person,
                           const char *administrator, bool is_active)
{
    g_autoptr(GError) error = NULL;
    const OfficeAccount account = {.name = (char *)name,
                                   .os_user = (char *)name,
                                   .person = person,
                                   .administrator = (char *)administrator,
                                   .until = DATE_NONE};
    int64_t id = 0;
    CALL(office_account_add, &account, NULL, &id, &error);
    g_assert_no_error(error);
    if (is_active) {
        CALL(office_account_activate, id, &error);
        g_assert_no_error(error);
    }
    return id;
}

static void open_bench(Bench *bench, const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    test_office_open(&bench->f, place, NULL);
    bench->reader = store_reader_acquire(office_store(bench->f.office), &error);
    g_assert_no_error(error);
    bench->unit = add_unit(bench, "信访室", 0);
    bench->below = add_unit(bench, "接访组", bench->unit);
    bench->person = add_person(bench, "甄有才");
}

static void close_bench(Bench *bench)
{
    store_reader_release(bench->reader);
    test_office_close(&bench->f);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, close_bench)

#define BENCH                     \
    g_auto(Bench) own = {.n = 0}; \
    Bench *bench = &own;          \
    open_bench(bench, place)

static void tamper(const Bench *bench, const char *sql)
{
    g_autofree char *script = g_strconcat(sql, ";\n", NULL);
    test_store_script(office_store(bench->f.office), script);
}

/* Return the roles of @subject, by name, in the order in which it holds them. */
static char *roles_of(const RightsSubject *subject)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", rights_role_name(hold->role));
    }
    return g_string_free(g_steal_pointer(&text), false);
}

static void check_os(const Bench *bench, const char *user, const char *actor, const char *roles)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) subject = rights_subject_os(bench->f.office, user, &error);
    g_assert_no_error(error);
    g_autofree char *found = roles_of(subject);
    g_assert_cmpstr(subject->actor, ==, actor);
    g_assert_cmpstr(found, ==, roles);
}

static void refuse_account(const Bench *bench, int64_t id, ErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) subject = rights_subject_account(bench->f.office, id, &error);
    g_assert_null(subject);
    g_assert_true(error_is(error, code));
    g_assert_nonnull(strstr(error->message, words));
}

/* ---- who is who ------------------------------------------------------------------------------ */

static void test_console_stands_in_only_for_who_is_missing(const TestPlace *place)
{
    BENCH;
    check_os(bench, "nobody", "os:nobody", "console system security audit");
    int64_t keeper = add_account(bench, "sys", 0, "system", true);
    check_os(bench, "nobody", "os:nobody", "console security audit");
    add_account(bench, "aud", 0, "audit", false); /* waits: nobody yet */
    check_os(bench, "nobody", "os:nobody", "console security audit");
    g_autofree char *actor = g_strdup_printf("account:%" G_GINT64_FORMAT, keeper);
    check_os(bench, "sys", actor, "system");
}

static void test_who_runs_the_program_is_known(const TestPlace *place)
{
    BENCH;
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) subject = rights_subject_console(bench->f.office, &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(subject->actor, "os:"));
    g_assert_cmpint(subject->account, ==, 0);
}

static void test_posts_give_roles_where_they_are(const TestPlace *place)
{
    BENCH;
    g_autoptr(GError) error = NULL;
    add_post(bench, "clerk", bench->unit);
    add_post(bench, "head", bench->below);
    int64_t id = add_account(bench, "zhen", bench->person, NULL, true);
    g_autoptr(RightsSubject) subject = rights_subject_account(bench->f.office, id, &error);
    g_assert_no_error(error);
    g_assert_cmpint(subject->person, ==, bench->person);
    g_autoptr(RightsSubject) known = rights_subject_account(bench->f.office, id, &error);
    g_assert_nonnull(subject->person_name);
    g_assert_cmpstr(known->person_name, ==, subject->person_name);
    g_assert_cmpint(subject->holds->len, ==, 2);
    for (guint i = 0; i < 2; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        bool is_clerk = hold->role == RIGHTS_CLERK;
        g_assert_true(is_clerk || hold->role == RIGHTS_HEAD);
        g_assert_cmpint(hold->unit, ==, is_clerk ? bench->unit : bench->below);
        g_assert_cmpint(hold->subtree->len, ==, is_clerk ? 2 : 1);
    }
}

static void test_unknown_role_gives_nothing(const TestPlace *place)
{
    BENCH;
    add_post(bench, "clerk", bench->unit);
    int64_t id = add_account(bench, "zhen", bench->person, NULL, true);
    tamper(bench, "UPDATE post SET role = 'wizard'");
    g_autofree char *actor = g_strdup_printf("account:%" G_GINT64_FORMAT, id);
    check_os(bench, "zhen", actor, "");
}

static void test_only_open_accounts_open(const TestPlace *place)
{
    BENCH;
    g_autoptr(GError) error = NULL;
    int64_t id = add_account(bench, "zhen", bench->person, NULL, false);
    refuse_account(bench, id, SHUZHI_ERROR_FORBIDDEN, "waits");
    CALL(office_account_activate, id, &error);
    g_assert_no_error(error);
    g_autoptr(OfficeAccount) account = office_account_load(bench->reader, id, &error);
    account->until = today(bench); /* the last day still counts */
    CALL(office_account_change, account, &error);
    g_assert_no_error(error);
    refuse_account(bench, id, SHUZHI_ERROR_FORBIDDEN, "waits"); /* what is changed waits anew */
    CALL(office_account_activate, id, &error);
    g_assert_no_error(error);
    g_autoptr(RightsSubject) subject = rights_subject_account(bench->f.office, id, &error);
    g_assert_no_error(error);
    test_office_wait(&bench->f, INT64_C(24) * 3600 * 1000000);
    refuse_account(bench, id, SHUZHI_ERROR_FORBIDDEN, "expired");
    CALL(office_account_lock, id, &error);
    g_assert_no_error(error);
    refuse_account(bench, id, SHUZHI_ERROR_FORBIDDEN, "locked");
    refuse_account(bench, 99999, SHUZHI_ERROR_NOT_FOUND, "no account");
}

/* ---- while the database fails ---------------------------------------------------------------- */

typedef bool (*Operation)(Bench *bench, GError **error);

static char *fresh_name(Bench *bench)
{
    return g_strdup_printf("名%d", bench->n++);
}

static bool become_os(Bench *bench, GError **error)
{
    g_autoptr(RightsSubject) subject = rights_subject_os(bench->f.office, "nobody", error);
    return subject != NULL;
}

static bool become_person(Bench *bench, GError **error)
{
    g_autoptr(RightsSubject) subject = rights_subject_os(bench->f.office, "zhen", error);
    return subject != NULL;
}

static bool unit_add(Bench *bench, GError **error)
{
    g_autofree char *name = fresh_name(bench);
    const OfficeUnit unit = {.name = name,
                             .kind = (char *)OFFICE_UNIT_SECTION,
                             .parent = bench->unit,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    return CALL(office_unit_add, &unit, NULL, error);
}

static bool unit_change(Bench *bench, GError **error)
{
    g_autofree char *name = fresh_name(bench);
    const OfficeUnit unit = {.id = bench->below,
                             .name = name,
                             .kind = (char *)OFFICE_UNIT_SECTION,
                             .parent = bench->unit,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    return CALL(office_unit_change, &unit, error);
}

static bool unit_read(Bench *bench, GError **error)
{
    g_autoptr(GPtrArray) units = office_unit_list(bench->reader, today(bench), error);
    g_autoptr(GArray) subtree =
        units != NULL ? office_unit_subtree(bench->reader, bench->unit, DATE_NONE, error) : NULL;
    g_autoptr(OfficeUnit) unit =
        subtree != NULL ? office_unit_load(bench->reader, bench->unit, error) : NULL;
    g_autoptr(OfficeUnit) found =
        unit != NULL ? office_unit_find(bench->reader, "信访室", DATE_NONE, error) : NULL;
    return found != NULL;
}

static bool person_add(Bench *bench, GError **error)
{
    g_autofree char *name = fresh_name(bench);
    const OfficePerson person = {.name = name, .since = DATE_NONE, .until = DATE_NONE};
    return CALL(office_person_add, &person, NULL, error);
}

static bool person_change(Bench *bench, GError **error)
{
    g_autofree char *level = fresh_name(bench);
    const OfficePerson person = {.id = bench->person,
                                 .name = (char *)"甄有才",
                                 .level = level,
                                 .since = DATE_NONE,
                                 .until = DATE_NONE};
    return CALL(office_person_change, &person, error);
}

static bool person_read(Bench *bench, GError **error)
{
    g_autoptr(GPtrArray) people = office_person_list(bench->reader, today(bench), error);
    g_autoptr(OfficePerson) person =
        people != NULL ? office_person_load(bench->reader, bench->person, error) : NULL;
    g_autoptr(OfficePerson) found =
        person != NULL ? office_person_find(bench->reader, "甄有才", DATE_NONE, error) : NULL;
    g_autoptr(GPtrArray) roster =
        found != NULL ? office_post_roster(bench->reader, bench->unit, true, today(bench), error)
                      : NULL;
    return roster != NULL;
}

static bool post_add(Bench *bench, GError **error)
{
    g_autofree char *title = fresh_name(bench);
    const OfficePost post = {.person = bench->person,
                             .unit = bench->unit,
                             .role = (char *)"staff",
                             .title = title,
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    return CALL(office_post_add, &post, NULL, error);
}

static bool account_add(Bench *bench, GError **error)
{
    g_autofree char *name = g_strdup_printf("user%d", bench->n++);
    const OfficeAccount account = {
        .name = name, .os_user = name, .administrator = (char *)"audit", .until = DATE_NONE};
    return CALL(office_account_add, &account, NULL, NULL, error);
}

static bool account_read(Bench *bench, GError **error)
{
    g_autoptr(GPtrArray) accounts = office_account_list(bench->reader, error);
    g_autoptr(OfficeAccount) account =
        accounts != NULL ? office_account_find(bench->reader, "zhen", error) : NULL;
    return account != NULL;
}

static const struct {
    const char *name;
    Operation run;
} operations[] = {
    {"console", become_os},           {"person's account", become_person},
    {"unit add", unit_add},           {"unit change", unit_change},
    {"unit read", unit_read},         {"person add", person_add},
    {"person change", person_change}, {"person read", person_read},
    {"post add", post_add},           {"account add", account_add},
    {"account read", account_read},
};

typedef struct Trial {
    Bench *bench;
    Operation run;
    int64_t n_events; /* before it */
} Trial;

static int64_t count_events(const Bench *bench)
{
    return test_store_int(office_store(bench->f.office), "SELECT size FROM head");
}

static bool run_trial(void *data, GError **error)
{
    const Trial *trial = data;
    return trial->run(trial->bench, error);
}

static void check_unchanged(void *data)
{
    const Trial *trial = data;
    g_assert_cmpint(count_events(trial->bench), ==, trial->n_events);
}

static void test_a_failing_statement_changes_nothing(const TestPlace *place)
{
    BENCH;
    add_post(bench, "clerk", bench->unit);
    add_account(bench, "zhen", bench->person, NULL, true);
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        Trial trial = {bench, operations[i].run, count_events(bench)};
        int n = fault_statement_sweep(operations[i].name, run_trial, check_unchanged, &trial);
        g_assert_cmpint(n, >, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fault_statement_install();
    test_store_each("/office/subject/console-stands-in-only-for-who-is-missing",
                    test_console_stands_in_only_for_who_is_missing);
    test_store_each("/office/subject/who-runs-the-program-is-known",
                    test_who_runs_the_program_is_known);
    test_store_each("/office/subject/posts-give-roles-where-they-are",
                    test_posts_give_roles_where_they_are);
    test_store_each("/office/subject/unknown-role-gives-nothing", test_unknown_role_gives_nothing);
    test_store_each("/office/subject/only-open-accounts-open", test_only_open_accounts_open);
    test_store_on(STORE_SQLITE, "/office/subject/a-failing-statement-changes-nothing",
                  test_a_failing_statement_changes_nothing);
    return g_test_run();
}
