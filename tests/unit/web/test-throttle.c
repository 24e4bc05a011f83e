#include "web/throttle.h"

#include "support/test-store.h"

#define NOW_US INT64_C(1700000000000000)

/* A try that is being looked at. */
static bool begin(Throttle *throttle, const char *account, const char *address, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    int wait_seconds = 0;
    bool is_allowed = throttle_try(throttle, account, address, now_us, &wait_seconds, &error);
    g_assert_true(is_allowed == (error == NULL));
    return is_allowed;
}

/* A try that fails. */
static bool try(Throttle *throttle, const char *account, const char *address, int64_t now_us)
{
    bool is_allowed = begin(throttle, account, address, now_us);
    if (is_allowed) {
        throttle_fail(throttle, account, address, now_us);
    }
    return is_allowed;
}

/* Return whether @account may be tried from @address, without trying it. */
static bool may(Throttle *throttle, const char *account, const char *address, int64_t now_us)
{
    bool is_allowed = begin(throttle, account, address, now_us);
    if (is_allowed) {
        throttle_take_back(throttle, account, address);
    }
    return is_allowed;
}

static void test_account_waits(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 10 * THROTTLE_MAX_OF_ACCOUNT; i++) {
        g_assert_true(try(throttle, "li", "10.0.0.1", NOW_US) == (i < THROTTLE_MAX_OF_ACCOUNT));
    }
    g_assert_true(may(throttle, "wang", "10.0.0.1", NOW_US));
    int wait_seconds = 0;
    g_assert_false(throttle_try(throttle, "li", "10.0.0.1", NOW_US + 60 * G_USEC_PER_SEC,
                                &wait_seconds, &error));
    test_assert_error(error, TOO_OFTEN, "15 minutes");
    g_assert_cmpint(wait_seconds, ==, 14 * 60);
    g_assert_true(try(throttle, "li", "10.0.0.1", NOW_US + THROTTLE_US));
    g_assert_true(may(throttle, "li", "10.0.0.1", NOW_US + THROTTLE_US)); /* counted anew */
}

/* Who knew a name kept its holder out, from wherever. */
static void test_a_stranger_keeps_nobody_out(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < THROTTLE_MAX_OF_ACCOUNT; i++) {
        g_assert_true(try(throttle, "li", "10.6.6.6", NOW_US));
    }
    g_assert_false(may(throttle, "li", "10.6.6.6", NOW_US));
    g_assert_true(begin(throttle, "li", "10.0.0.1", NOW_US));
    throttle_succeed(throttle, "li", "10.0.0.1");
    for (int i = 0; i < THROTTLE_MAX_ANYWHERE; i++) { /* from many addresses */
        g_autofree char *address = g_strdup_printf("10.6.6.%d", i);
        try(throttle, "li", address, NOW_US);
    }
    g_assert_false(may(throttle, "li", "10.0.0.9", NOW_US));
    g_assert_true(may(throttle, "li", "10.0.0.1", NOW_US)); /* where the holder was before */
}

/* Thirty who signed in at once from one address, all rightly, turned the next one away. */
static void test_what_is_looked_at_has_not_failed(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < 2 * THROTTLE_MAX_OF_ADDRESS; i++) {
        g_autofree char *account = g_strdup_printf("a%d", i);
        g_assert_true(begin(throttle, account, "10.0.0.1", NOW_US));
    }
    for (int i = 0; i < 10 * THROTTLE_MAX_OF_ACCOUNT; i++) { /* but guesses at once are as few */
        g_assert_true(begin(throttle, "li", "10.0.0.1", NOW_US) == (i < THROTTLE_MAX_OF_ACCOUNT));
    }
    for (int i = 0; i < THROTTLE_MAX_OF_ACCOUNT; i++) {
        throttle_fail(throttle, "li", "10.0.0.1", NOW_US);
    }
    g_assert_false(may(throttle, "li", "10.0.0.1", NOW_US));
}

static void test_token_waits_for_the_next_minute(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    g_autoptr(GError) error = NULL;
    int wait_seconds = 0;
    for (int i = 0; i < THROTTLE_MAX_OF_TOKEN; i++) {
        g_assert_true(throttle_take(throttle, "a 1", NOW_US + i, &wait_seconds, NULL));
    }
    g_assert_false(
        throttle_take(throttle, "a 1", NOW_US + THROTTLE_TOKEN_US - 1, &wait_seconds, &error));
    test_assert_error(error, TOO_OFTEN, "600");
    g_assert_cmpint(wait_seconds, ==, 1);
    g_assert_true(throttle_take(throttle, "b 1", NOW_US, &wait_seconds, NULL));
    g_assert_true(throttle_take(throttle, "a 1", NOW_US + THROTTLE_TOKEN_US, &wait_seconds, NULL));
}

static void test_success_forgives_the_account(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < 10 * THROTTLE_MAX_OF_ACCOUNT; i++) {
        g_assert_true(begin(throttle, "li", "10.0.1.1", NOW_US));
        if (i % 4 == 3) {
            throttle_succeed(throttle, "li", "10.0.1.1");
        } else if (i < THROTTLE_MAX_OF_ADDRESS) {
            throttle_fail(throttle, "li", "10.0.1.1", NOW_US);
        } else {
            throttle_take_back(throttle, "li", "10.0.1.1");
        }
    }
    g_assert_true(may(throttle, "li", "10.0.1.1", NOW_US));
}

/* An IPv6 connection has 2^64 addresses of its own. */
static void test_a_network_is_one_address(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < THROTTLE_MAX_OF_ADDRESS; i++) {
        g_autofree char *address = g_strdup_printf("2001:db8:1:2::%x", i);
        g_autofree char *account = g_strdup_printf("account-%d", i);
        g_assert_true(try(throttle, account, address, NOW_US));
    }
    g_assert_false(may(throttle, "li", "2001:db8:1:2:ffff::1", NOW_US));
    g_assert_true(may(throttle, "li", "2001:db8:1:3::1", NOW_US));
    g_assert_true(may(throttle, "li", "::ffff:10.0.0.1", NOW_US));
    g_assert_true(may(throttle, "li", "::1", NOW_US));
}

static void test_address_waits(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < THROTTLE_MAX_OF_ADDRESS; i++) {
        g_autofree char *account = g_strdup_printf("a%d", i);
        g_assert_true(begin(throttle, "own", "10.0.0.1", NOW_US));
        throttle_succeed(throttle, "own", "10.0.0.1"); /* does not pay for guesses */
        g_assert_true(try(throttle, account, "10.0.0.1", NOW_US));
    }
    g_assert_false(may(throttle, "another", "10.0.0.1", NOW_US));
    g_assert_true(may(throttle, "another", "10.0.0.2", NOW_US));
}

/* Thirty made-up names kept out everybody who had the same address, and each more of them began the
 * wait anew. */
static void test_a_building_is_not_shut_out(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    g_assert_true(begin(throttle, "li", "10.0.0.1", NOW_US));
    throttle_succeed(throttle, "li", "10.0.0.1");
    for (int i = 0; i < THROTTLE_MAX_OF_ADDRESS; i++) {
        g_autofree char *account = g_strdup_printf("a%d", i);
        g_assert_true(try(throttle, account, "10.0.0.1", NOW_US + i * G_USEC_PER_SEC));
    }
    int64_t later_us = NOW_US + THROTTLE_US - 1;
    g_assert_true(may(throttle, "li", "10.0.0.1", later_us)); /* who was signed in there before */
    g_assert_false(may(throttle, "wang", "10.0.0.1", later_us));
    g_assert_true(
        may(throttle, "wang", "10.0.0.1", later_us + 1)); /* since the first, not the last */
    for (int i = 0; i < THROTTLE_MAX_OF_ACCOUNT; i++) {
        g_assert_true(try(throttle, "li", "10.0.0.1", later_us));
    }
    g_assert_false(may(throttle, "li", "10.0.0.1", later_us)); /* guesses at it are as few */
}

/* Every refusal would be an event, of which a program makes thousands. */
static void test_refusals_are_news_once(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < 10; i++) {
        g_assert_true(throttle_is_news(throttle, "account:7", "/log", NOW_US + i) == (i == 0));
    }
    g_assert_true(throttle_is_news(throttle, "account:8", "/log", NOW_US));
    int n = 1;
    for (int i = 0; i < 2 * THROTTLE_MAX_REFUSALS; i++) {
        g_autofree char *path = g_strdup_printf("/entry/%d", i);
        n += throttle_is_news(throttle, "account:7", path, NOW_US);
    }
    g_assert_cmpint(n, ==, THROTTLE_MAX_REFUSALS);
    g_assert_true(throttle_is_news(throttle, "account:7", "/log", NOW_US + THROTTLE_REFUSAL_US));
}

static void test_memory_is_bounded(void)
{
    g_autoptr(Throttle) throttle = throttle_new();
    for (int i = 0; i < THROTTLE_MAX_KEYS; i++) {
        g_autofree char *account = g_strdup_printf("a%d", i);
        try(throttle, account, account, NOW_US);
    }
    g_assert_true(may(throttle, "li", "10.0.0.1", NOW_US));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/web/throttle/account-waits", test_account_waits);
    g_test_add_func("/web/throttle/a-stranger-keeps-nobody-out", test_a_stranger_keeps_nobody_out);
    g_test_add_func("/web/throttle/what-is-looked-at-has-not-failed",
                    test_what_is_looked_at_has_not_failed);
    g_test_add_func("/web/throttle/success-forgives-the-account",
                    test_success_forgives_the_account);
    g_test_add_func("/web/throttle/address-waits", test_address_waits);
    g_test_add_func("/web/throttle/a-building-is-not-shut-out", test_a_building_is_not_shut_out);
    g_test_add_func("/web/throttle/refusals-are-news-once", test_refusals_are_news_once);
    g_test_add_func("/web/throttle/a-network-is-one-address", test_a_network_is_one_address);
    g_test_add_func("/web/throttle/memory-is-bounded", test_memory_is_bounded);
    g_test_add_func("/web/throttle/token-waits-for-the-next-minute",
                    test_token_waits_for_the_next_minute);
    return g_test_run();
}
