#include "web/metrics.h"

#include "log/history.h"
#include "web/health.h"
#include "web/offices.h"

#define N_STATUSES 6 /* 1xx … 5xx by their first digit; 0: any other */

/* Upper bounds of the buckets, microseconds. */
static const int64_t bounds[] = {1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000};
#define N_BOUNDS G_N_ELEMENTS(bounds)

struct Metrics {
    GMutex mutex; /* over what follows */
    int64_t n_by_status[N_STATUSES];
    int64_t n_by_bound[N_BOUNDS]; /* not summed up */
    int64_t n;
    int64_t total_us;
};

Metrics *metrics_new(void)
{
    Metrics *metrics = g_new0(Metrics, 1);
    g_mutex_init(&metrics->mutex);
    return metrics;
}

void metrics_free(Metrics *metrics)
{
    if (metrics != NULL) {
        g_mutex_clear(&metrics->mutex);
        g_free(metrics);
    }
}

void metrics_count(Metrics *metrics, int status, int64_t duration_us)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&metrics->mutex);
    int kind = status / 100;
    metrics->n_by_status[kind > 0 && kind < N_STATUSES ? kind : 0]++;
    metrics->n++;
    metrics->total_us += duration_us;
    for (size_t i = 0; i < N_BOUNDS; i++) {
        if (duration_us <= bounds[i]) {
            metrics->n_by_bound[i]++;
            break;
        }
    }
}

static void write_requests(Metrics *metrics, GString *out)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&metrics->mutex);
    g_string_append(out, "# HELP shuzhi_requests_total Requests answered, by the kind of status.\n"
                         "# TYPE shuzhi_requests_total counter\n");
    for (int kind = 1; kind < N_STATUSES; kind++) {
        g_string_append_printf(out, "shuzhi_requests_total{status=\"%dxx\"} %" G_GINT64_FORMAT "\n",
                               kind, metrics->n_by_status[kind]);
    }
    g_string_append(out, "# HELP shuzhi_request_seconds How long a request took.\n"
                         "# TYPE shuzhi_request_seconds histogram\n");
    int64_t n = 0;
    for (size_t i = 0; i < N_BOUNDS; i++) {
        n += metrics->n_by_bound[i];
        g_string_append_printf(out,
                               "shuzhi_request_seconds_bucket{le=\"%g\"} %" G_GINT64_FORMAT "\n",
                               (double)bounds[i] / G_USEC_PER_SEC, n);
    }
    g_string_append_printf(out,
                           "shuzhi_request_seconds_bucket{le=\"+Inf\"} %" G_GINT64_FORMAT "\n"
                           "shuzhi_request_seconds_sum %.6f\n"
                           "shuzhi_request_seconds_count %" G_GINT64_FORMAT "\n",
                           metrics->n, (double)metrics->total_us / G_USEC_PER_SEC, metrics->n);
}

/* Append a sample of @site, its name quoted as Prometheus asks. */
static void append_office(GString *out, const char *metric, const WebSite *site, int64_t value)
{
    const char *name = site->name != NULL ? site->name : office_name(site->office);
    g_string_append_printf(out, "%s{office=\"", metric);
    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            g_string_append_c(out, '\\');
        }
        g_string_append(out, *p == '\n' ? "\\n" : (char[]){*p, '\0'});
    }
    g_string_append_printf(out, "\"} %" G_GINT64_FORMAT "\n", value);
}

/* Put the length of @site's log into *@ret_size, and how much of it is not signed into
 * *@ret_n_unsigned; false when the office does not answer. */
static bool read_log(const WebSite *site, int64_t *ret_size, int64_t *ret_n_unsigned)
{
    if (site->office == NULL || !office_count_unsigned(site->office, ret_n_unsigned, NULL)) {
        return false;
    }
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(site->office), NULL);
    return reader != NULL && log_head(reader, ret_size, NULL, NULL);
}

void metrics_write(const WebOffices *offices, GString *out)
{
    g_autoptr(GString) lengths = g_string_new("# HELP shuzhi_log_events Events in the log.\n"
                                              "# TYPE shuzhi_log_events counter\n");
    g_autoptr(GString) unsigned_events =
        g_string_new("# HELP shuzhi_log_unsigned_events Events that no checkpoint covers yet.\n"
                     "# TYPE shuzhi_log_unsigned_events gauge\n");
    write_requests(offices->metrics, out);
    g_string_append(out, "# HELP shuzhi_office_up Whether the office answers and takes writes.\n"
                         "# TYPE shuzhi_office_up gauge\n");
    for (guint i = 0; i < offices->sites->len; i++) {
        const WebSite *site = g_ptr_array_index(offices->sites, i);
        int64_t size = 0;
        int64_t n_unsigned = 0;
        const char *part = NULL;
        bool is_up = web_check_health(site, &part, NULL);
        append_office(out, "shuzhi_office_up", site, is_up);
        if (read_log(site, &size, &n_unsigned)) {
            append_office(lengths, "shuzhi_log_events", site, size);
            append_office(unsigned_events, "shuzhi_log_unsigned_events", site, n_unsigned);
        }
    }
    g_string_append(out, lengths->str);
    g_string_append(out, unsigned_events->str);
}

void metrics_handle(const HttpRequest *request, HttpResponse *response, void *data)
{
    bool is_there = g_str_equal(http_request_path(request), "/metrics");
    if (!is_there || http_request_method(request) == HTTP_POST) {
        http_response_set_status(response, is_there ? 405 : 404);
        http_response_set_header(response, "Allow", is_there ? "GET, HEAD" : NULL);
        return;
    }
    GString *out = g_string_new(NULL);
    metrics_write(data, out);
    http_response_set_body(response, "text/plain; version=0.0.4; charset=utf-8", out);
}
