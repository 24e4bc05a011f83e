/* What a monitor asks of a server: how many requests ended how, how long they took, how long the
 * log is.  Prometheus' text format, version 0.0.4.
 *
 * Threading: safe from every thread. */
#pragma once

#include "http/response.h"
#include "office/office.h"

typedef struct Metrics Metrics;

/* Return counters that stand at 0; the caller owns them. */
Metrics *metrics_new(void);
void metrics_free(Metrics *metrics);

/* Count a request that ended with @status after @duration_us. */
void metrics_count(Metrics *metrics, int status, int64_t duration_us);

/* Append all of it, and the length of @office's log, to @out. */
bool metrics_write(Metrics *metrics, const Office *office, GString *out, GError **error);

/* What metrics_handle() works with; all borrowed. */
typedef struct MetricsSource {
    Metrics *metrics;
    const Office *office;
} MetricsSource;

/* Answer GET /metrics; @data is a MetricsSource.  An HttpHandler, for a server on this machine's own
 * address: what it tells is for who runs the office, not for who works in it. */
void metrics_handle(const HttpRequest *request, HttpResponse *response, void *data);
