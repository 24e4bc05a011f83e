#include "office/factor.h"

#include "support/test-office.h"

#define STEP_US (INT64_C(30) * G_USEC_PER_SEC)

/* RFC 6238 appendix B, the last six of eight digits. */
static void test_vectors(void)
{
    static const struct {
        int64_t time;
        int code;
    } vectors[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                   {1234567890, 5924}, {2000000000, 279037}, {INT64_C(20000000000), 353130}};
    const uint8_t *secret = (const uint8_t *)"12345678901234567890";
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        g_assert_cmpint(office_factor_code(secret, vectors[i].time / 30), ==, vectors[i].code);
    }
}

/* Return the code of @secret, base 32 as handed out, for the office's present; kept simple: the
 * letters are read five bits each. */
static char *code_now(const TestOffice *fixture, const char *secret, int64_t step_offset)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t bytes[OFFICE_FACTOR_SECRET_BYTES] = {0};
    for (int bit = 0; bit < OFFICE_FACTOR_SECRET_BYTES * 8; bit++) {
        int value = (int)(strchr(letters, secret[bit / 5]) - letters);
        bytes[bit / 8] |= (uint8_t)((value >> (4 - bit % 5) & 1) << (7 - bit % 8));
    }
    int64_t step = source_now_us(office_source(fixture->office)) / STEP_US + step_offset;
    return g_strdup_printf("%06d", office_factor_code(bytes, step));
}

static bool is_on(const TestOffice *fixture, int64_t account)
{
    bool is = false;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    g_assert_no_error(error);
    g_assert_true(office_factor_is_on(reader, account, &is, &error));
    return is;
}

/* The office's first account, the console's. */
static int64_t first_account(const TestOffice *fixture)
{
    int64_t id = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(fixture->office), &error);
    g_assert_true(store_query_int(reader, 0, &id, &error, "SELECT min(id) FROM account", ""));
    g_assert_cmpint(id, >, 0);
    return id;
}

static void test_on_use_off(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = first_account(&fixture);
    g_autoptr(GError) error = NULL;
    g_autofree char *secret = office_factor_new_secret(office_source(fixture.office));
    g_assert_cmpuint(strlen(secret), ==, 32);
    g_assert_false(is_on(&fixture, account));
    g_assert_false(
        office_factor_set(fixture.office, &fixture.act, account, secret, "12345", &error));
    test_assert_error(error, INVALID, "not the code");
    g_clear_error(&error);
    g_assert_false(
        office_factor_set(fixture.office, &fixture.act, account, "ABC", "123456", &error));
    g_clear_error(&error);
    g_autofree char *code = code_now(&fixture, secret, 0);
    g_assert_true(office_factor_set(fixture.office, &fixture.act, account, secret, code, &error));
    g_assert_true(is_on(&fixture, account));
    /* The code that turned it on was used; the next one opens once. */
    g_assert_false(office_factor_use(fixture.office, account, code, &error));
    test_assert_error(error, FORBIDDEN, "used already");
    g_clear_error(&error);
    g_autofree char *next = code_now(&fixture, secret, 1);
    g_assert_true(office_factor_use(fixture.office, account, next, &error));
    g_assert_false(office_factor_use(fixture.office, account, next, &error));
    g_clear_error(&error);
    test_office_wait(&fixture, 10 * STEP_US);
    g_assert_false(office_factor_use(fixture.office, account, next, &error));
    g_clear_error(&error);
    g_autofree char *late = code_now(&fixture, secret, -1);
    g_assert_true(office_factor_use(fixture.office, account, late, &error));
    RightsSubject own = *fixture.console;
    own.account = account;
    g_assert_true(office_factor_remove(fixture.office, &own, &fixture.act, account, &error));
    g_assert_false(is_on(&fixture, account));
    g_assert_false(office_factor_use(fixture.office, account, late, &error));
    g_clear_error(&error);
    test_office_close(&fixture);
}

/* One that was exchanged, taken away or given beside the log is told of. */
static void test_verified(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    int64_t account = first_account(&fixture);
    g_autoptr(GError) error = NULL;
    g_autofree char *secret = office_factor_new_secret(office_source(fixture.office));
    g_autofree char *code = code_now(&fixture, secret, 0);
    test_office_expect_found(&fixture, "DELETE FROM factor", NULL);
    g_assert_true(office_factor_set(fixture.office, &fixture.act, account, secret, code, &error));
    test_office_expect_found(&fixture, "CREATE TABLE kept AS SELECT * FROM factor", NULL);
    test_office_expect_found(&fixture, "UPDATE factor SET secret = substr(secret, 2)",
                             "the second factor of account");
    test_office_expect_found(&fixture, "DELETE FROM factor", "the second factor of account");
    test_office_expect_found(&fixture, "INSERT INTO factor SELECT * FROM kept", NULL);
    RightsSubject own = *fixture.console;
    own.account = account;
    g_assert_true(office_factor_remove(fixture.office, &own, &fixture.act, account, &error));
    test_office_expect_found(&fixture, "DELETE FROM factor", NULL);
    test_office_expect_found(&fixture, "INSERT INTO factor SELECT * FROM kept",
                             "the second factor of account");
    test_office_close(&fixture);
}

static void test_address(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autofree char *address = office_factor_address(fixture.office, "li si", "ABC");
    g_assert_true(g_str_has_prefix(address, "otpauth://totp/"));
    g_assert_nonnull(strstr(address, ":li%20si?secret=ABC&issuer="));
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/factor/vectors", test_vectors);
    test_store_each("/office/factor/verified", test_verified);
    test_store_each("/office/factor/on-use-off", test_on_use_off);
    test_store_each("/office/factor/address", test_address);
    return g_test_run();
}
