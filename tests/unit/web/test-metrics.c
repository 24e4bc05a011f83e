#include "web/metrics.h"

#include "support/test-office.h"

static void test_counts(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    Metrics *metrics = metrics_new();
    metrics_count(metrics, 200, 900);
    metrics_count(metrics, 303, 4000);
    metrics_count(metrics, 200, 9000000);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_true(metrics_write(metrics, fixture.office, out, &error));
    static const char *const lines[] = {
        "shuzhi_requests_total{status=\"2xx\"} 2\n",
        "shuzhi_requests_total{status=\"3xx\"} 1\n",
        "shuzhi_requests_total{status=\"5xx\"} 0\n",
        "shuzhi_request_seconds_bucket{le=\"0.001\"} 1\n",
        "shuzhi_request_seconds_bucket{le=\"0.005\"} 2\n",
        "shuzhi_request_seconds_bucket{le=\"1\"} 2\n",
        "shuzhi_request_seconds_bucket{le=\"+Inf\"} 3\n",
        "shuzhi_request_seconds_sum 9.004900\n",
        "shuzhi_request_seconds_count 3\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (strstr(out->str, lines[i]) == NULL) {
            g_error("'%s' is not in %s", lines[i], out->str);
        }
    }
    g_assert_nonnull(strstr(out->str, "\nshuzhi_log_events "));
    metrics_free(metrics);
    test_office_close(&fixture);
}

static void test_address(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    Metrics *metrics = metrics_new();
    MetricsSource source = {metrics, fixture.office};
    static const struct {
        const char *target;
        int status;
    } rows[] = {{"/metrics", 200}, {"/", 404}, {"/metrics/x", 404}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpRequest) request =
            http_request_new(HTTP_GET, rows[i].target, "127.0.0.1", &error);
        g_autoptr(HttpResponse) response = http_response_new();
        metrics_handle(request, response, &source);
        g_assert_cmpint(http_response_status(response), ==, rows[i].status);
    }
    metrics_free(metrics);
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/metrics/counts", test_counts);
    test_store_each("/web/metrics/address", test_address);
    return g_test_run();
}
