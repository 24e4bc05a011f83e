#include "web/metrics.h"

#include "support/test-office.h"
#include "web/offices.h"

static void test_counts(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autoptr(WebOffices) offices = web_offices_new(NULL);
    web_offices_add(offices, "局\\\"\n", fixture.office, NULL);
    web_offices_add(offices, "closed", NULL, NULL);
    metrics_count(offices->metrics, 200, 900);
    metrics_count(offices->metrics, 303, 4000);
    metrics_count(offices->metrics, 200, 9000000);
    g_autoptr(GString) out = g_string_new(NULL);
    metrics_write(offices, out);
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
        "shuzhi_office_up{office=\"局\\\\\\\"\\n\"} 1\n",
        "shuzhi_office_up{office=\"closed\"} 0\n",
        "shuzhi_log_events{office=\"局\\\\\\\"\\n\"} ",
        "shuzhi_log_unsigned_events{office=\"局\\\\\\\"\\n\"} ",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (strstr(out->str, lines[i]) == NULL) {
            g_error("'%s' is not in %s", lines[i], out->str);
        }
    }
    g_assert_null(strstr(out->str, "shuzhi_log_events{office=\"closed\"}"));
    test_office_close(&fixture);
}

static void test_address(const TestPlace *place)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autoptr(WebOffices) offices = web_offices_new(NULL);
    web_offices_add(offices, NULL, fixture.office, NULL);
    static const struct {
        HttpMethod method;
        const char *target;
        int status;
    } rows[] = {{HTTP_GET, "/metrics", 200},
                {HTTP_HEAD, "/metrics", 200},
                {HTTP_POST, "/metrics", 405},
                {HTTP_GET, "/", 404},
                {HTTP_GET, "/metrics/x", 404}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HttpRequest) request =
            http_request_new(rows[i].method, rows[i].target, "127.0.0.1", &error);
        g_autoptr(HttpResponse) response = http_response_new();
        metrics_handle(request, response, offices);
        g_assert_cmpint(http_response_status(response), ==, rows[i].status);
    }
    test_office_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/metrics/counts", test_counts);
    test_store_each("/web/metrics/address", test_address);
    return g_test_run();
}
