#include "office/token.h"

#include "office/account.h"
#include "support/test-office.h"

static int64_t make_account(TestOffice *fixture, const char *name, const char *administrator)
{
    g_autoptr(GError) error = NULL;
    const OfficeAccount account = {.name = (char *)name,
                                   .os_user = (char *)name,
                                   .administrator = (char *)administrator,
                                   .until = DATE_NONE};
    int64_t id = 0;
    office_account_add(fixture->office, fixture->console, &fixture->act, &account, NULL, &id,
                       &error);
    g_assert_no_error(error);
    office_account_activate(fixture->office, fixture->console, &fixture->act, id, &error);
    g_assert_no_error(error);
    return id;
}

static RightsSubject *subject_of(TestOffice *fixture, int64_t account)
{
    g_autoptr(GError) error = NULL;
    RightsSubject *subject = rights_subject_account(fixture->office, account, &error);
    g_assert_no_error(error);
    return subject;
}

static char *make(TestOffice *fixture, const RightsSubject *subject, int days)
{
    g_autoptr(GError) error = NULL;
    const LogAct act = {.actor = subject->actor};
    char *token = NULL;
    office_token_add(fixture->office, subject, &act, " 数据交换 ", true, days, &token, &error);
    g_assert_no_error(error);
    return token;
}

static OfficeToken *find(TestOffice *fixture, const char *token)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    OfficeToken *found = NULL;
    office_token_find(fixture->office, reader, token, &found, &error);
    g_assert_no_error(error);
    return found;
}

static GPtrArray *list(TestOffice *fixture, int64_t account)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    GPtrArray *tokens = office_token_list(reader, account, &error);
    g_assert_no_error(error);
    return tokens;
}

static void test_opens_its_account_for_its_time(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = make_account(&fixture, "auditor", "audit");
    g_autoptr(RightsSubject) subject = subject_of(&fixture, account);
    g_autofree char *token = make(&fixture, subject, 1);
    g_assert_true(g_str_has_prefix(token, OFFICE_TOKEN_PREFIX));
    g_autoptr(OfficeToken) found = find(&fixture, token);
    g_assert_cmpint(found->account, ==, account);
    g_assert_cmpstr(found->name, ==, "数据交换");
    g_assert_true(found->may_write);
    g_autoptr(OfficeToken) nothing = find(&fixture, token + strlen(OFFICE_TOKEN_PREFIX));
    g_assert_null(nothing);
    g_autoptr(GPtrArray) tokens = list(&fixture, account);
    g_assert_cmpint(tokens->len, ==, 1);
    g_assert_cmpint(((OfficeToken *)g_ptr_array_index(tokens, 0))->used_us, >, 0);
    test_office_wait(&fixture, DATE_US_PER_DAY);
    g_autoptr(OfficeToken) over = find(&fixture, token);
    g_assert_null(over);
    g_autoptr(GPtrArray) rest = list(&fixture, 0); /* its holder sees that it is over */
    g_assert_cmpint(rest->len, ==, 1);
    test_office_close(&fixture);
}

static void test_ended_by_holder_and_administrator(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autoptr(GError) error = NULL;
    int64_t ids[] = {make_account(&fixture, "auditor", "audit"),
                     make_account(&fixture, "system", "system"),
                     make_account(&fixture, "security", "security")};
    g_autoptr(RightsSubject) auditor = subject_of(&fixture, ids[0]);
    g_autoptr(RightsSubject) keeper = subject_of(&fixture, ids[1]);
    g_autoptr(RightsSubject) security = subject_of(&fixture, ids[2]);
    const RightsSubject *const enders[] = {auditor, keeper};
    for (size_t i = 0; i < G_N_ELEMENTS(enders); i++) {
        g_autofree char *token = make(&fixture, auditor, OFFICE_TOKEN_DAYS);
        g_autoptr(OfficeToken) found = find(&fixture, token);
        const LogAct act = {.actor = enders[i]->actor};
        g_assert_false(office_token_end(fixture.office, security, &fixture.act, found->id, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_FORBIDDEN));
        g_clear_error(&error);
        office_token_end(fixture.office, enders[i], &act, found->id, &error);
        g_assert_no_error(error);
        g_autoptr(OfficeToken) gone = find(&fixture, token);
        g_assert_null(gone);
        g_assert_false(office_token_end(fixture.office, keeper, &act, found->id, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_NOT_FOUND));
        g_clear_error(&error);
    }
    test_office_close(&fixture);
}

/* A record is called by its name in the reader's language, not by that of its events. */
static void test_missing_one_is_named_in_words(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) keeper =
        subject_of(&fixture, make_account(&fixture, "keeper", "system"));
    const LogAct act = {.actor = keeper->actor};
    g_assert_false(office_token_end(fixture.office, keeper, &act, 999, &error));
    test_assert_error(error, NOT_FOUND, "there is no token #999");
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_nonnull(strstr(zh, "没有令牌 #999"));
    test_office_close(&fixture);
}

static void test_limits(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) subject =
        subject_of(&fixture, make_account(&fixture, "auditor", "audit"));
    const LogAct act = {.actor = subject->actor};
    char *token = NULL;
    static const struct {
        const char *name;
        int days;
    } bad[] = {{"", 90}, {"　", 90}, {"x", 0}, {"x", OFFICE_TOKEN_MAX_DAYS + 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(office_token_add(fixture.office, subject, &act, bad[i].name, false,
                                        bad[i].days, &token, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_clear_error(&error);
    }
    g_autoptr(RightsSubject) stranger = rights_subject_os(fixture.office, "nobody-here", &error);
    g_assert_no_error(error);
    g_assert_false(office_token_add(fixture.office, stranger, &act, "x", false, 1, &token, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_clear_error(&error);
    for (int i = 0; i < OFFICE_TOKEN_MAX_OF_ACCOUNT; i++) {
        g_autofree char *made = make(&fixture, subject, OFFICE_TOKEN_MAX_DAYS);
    }
    g_assert_false(office_token_add(fixture.office, subject, &act, "x", false, 1, &token, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/office/token/opens-its-account-for-its-time",
                    test_opens_its_account_for_its_time);
    test_store_each("/office/token/ended-by-holder-and-administrator",
                    test_ended_by_holder_and_administrator);
    test_store_each("/office/token/missing-one-is-named-in-words",
                    test_missing_one_is_named_in_words);
    test_store_each("/office/token/limits", test_limits);
    return g_test_run();
}
