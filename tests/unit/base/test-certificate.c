#include "base/certificate.h"

#include <string.h>

#define DAY_US (INT64_C(86400) * G_USEC_PER_SEC)
#define NOW_US (INT64_C(1700000000) * G_USEC_PER_SEC)

static const char *const names[] = {"office.example", "192.168.3.7", "fd00::7", NULL};

static void test_names(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) good = certificate_parse_names("Office.Example, 192.168.3.7,::1", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(good[0], ==, "office.example");
    g_assert_cmpstr(good[1], ==, "192.168.3.7");
    g_assert_cmpstr(good[2], ==, "::1");
    static const char *const bad[] = {"",       ",",       "a,,b",      "a b",     "-a",   "a-",
                                      "a..b",   "1.2.3",   "1.2.3.456", "1::2::3", "a\nb", "a;b",
                                      "*.a.cn", "政府.cn", "a/b",       "a:b"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) fault = NULL;
        g_assert_null(certificate_parse_names(bad[i], &fault));
        g_assert_true(error_is(fault, SHUZHI_ERROR_INVALID));
    }
}

static void test_number_of_names(void)
{
    g_autoptr(GString) text = g_string_new("a");
    for (int i = 1; i < CERTIFICATE_MAX_NAMES; i++) {
        g_string_append(text, ",a");
    }
    g_auto(GStrv) most = certificate_parse_names(text->str, NULL);
    g_assert_cmpuint(g_strv_length(most), ==, CERTIFICATE_MAX_NAMES);
    g_string_append(text, ",a");
    g_assert_null(certificate_parse_names(text->str, NULL));
}

static void make(CertificatePair *root, CertificatePair *server, Source *source)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(certificate_make_root(names, source, root, &error));
    g_assert_no_error(error);
    g_assert_true(certificate_make_server(root, names, source, server, &error));
    g_assert_no_error(error);
}

static void test_renewal(void)
{
    g_auto(CertificatePair) root = {NULL};
    g_auto(CertificatePair) server = {NULL};
    g_autoptr(Source) now = source_new_seeded(1, NOW_US);
    g_autoptr(Source) before_half = source_new_seeded(1, NOW_US + 399 * DAY_US);
    g_autoptr(Source) after_half = source_new_seeded(1, NOW_US + 401 * DAY_US);
    make(&root, &server, now);
    g_assert_true(certificate_is_good(&server, &root, names, now));
    g_assert_true(certificate_is_good(&server, &root, names, before_half));
    g_assert_false(certificate_is_good(&server, &root, names, after_half));
    static const char *const fewer[] = {"office.example", NULL};
    static const char *const other[] = {"office.example", "192.168.3.7", "fd00::8", NULL};
    g_assert_false(certificate_is_good(&server, &root, fewer, now));
    g_assert_false(certificate_is_good(&server, &root, other, now));
    g_auto(CertificatePair) root_2 = {NULL};
    g_auto(CertificatePair) server_2 = {NULL};
    make(&root_2, &server_2, now);
    g_assert_false(certificate_is_good(&server, &root_2, names, now));
    const CertificatePair mixed = {server.certificate, server_2.key};
    g_assert_false(certificate_is_good(&mixed, &root, names, now));
}

static void test_constraints(void)
{
    g_auto(CertificatePair) root = {NULL};
    g_auto(CertificatePair) server = {NULL};
    g_auto(CertificatePair) next = {NULL};
    g_autoptr(Source) now = source_new_seeded(1, NOW_US);
    make(&root, &server, now);
    static const char *const allowed[][2] = {{"a.office.example", NULL}, {"10.9.8.7", NULL}};
    static const char *const refused[][2] = {{"bank.example", NULL},
                                             {"office.example.cn", NULL},
                                             {"8.8.8.8", NULL},
                                             {"2001:db8::1", NULL}};
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++) {
        g_auto(CertificatePair) more = {NULL};
        g_assert_true(certificate_make_server(&root, allowed[i], now, &more, NULL));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(certificate_make_server(&root, refused[i], now, &next, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_FORBIDDEN));
        g_assert_null(next.certificate);
    }
    g_autoptr(Source) too_late = source_new_seeded(1, NOW_US + 7301 * DAY_US);
    g_autoptr(GError) error = NULL;
    g_assert_false(certificate_make_server(&root, names, too_late, &next, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_FORBIDDEN));
}

static void test_nonsense(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(CertificatePair) server = {NULL};
    g_autoptr(Source) now = source_new_seeded(1, NOW_US);
    const CertificatePair nonsense = {(char *)"-----BEGIN CERTIFICATE-----\nAAAA\n", (char *)""};
    g_assert_false(certificate_is_good(&nonsense, &nonsense, names, now));
    g_assert_false(certificate_make_server(&nonsense, names, now, &server, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_CORRUPT));
    g_assert_null(certificate_fingerprint("", NULL));
}

static void test_fingerprint(void)
{
    g_auto(CertificatePair) root = {NULL};
    g_auto(CertificatePair) server = {NULL};
    g_autoptr(Source) now = source_new_seeded(1, NOW_US);
    make(&root, &server, now);
    g_autofree char *text = certificate_fingerprint(root.certificate, NULL);
    g_assert_cmpuint(strlen(text), ==, 32 * 3 - 1);
    g_assert_cmpint(text[2], ==, ':');
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/certificate/names", test_names);
    g_test_add_func("/base/certificate/number-of-names", test_number_of_names);
    g_test_add_func("/base/certificate/renewed-at-half-time", test_renewal);
    g_test_add_func("/base/certificate/vouches-for-its-own-names-only", test_constraints);
    g_test_add_func("/base/certificate/nonsense", test_nonsense);
    g_test_add_func("/base/certificate/fingerprint", test_fingerprint);
    return g_test_run();
}
