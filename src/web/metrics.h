/* What a monitor asks of a server: how many requests ended how, how long they took, how long the
 * log is.  Prometheus' text format, version 0.0.4.
 *
 * Threading: safe from every thread. */
#pragma once

#include "http/response.h"

struct WebOffices;

typedef struct Metrics Metrics;

/* Return counters that stand at 0; the caller owns them. */
Metrics *metrics_new(void);
void metrics_free(Metrics *metrics);

/* Count a request that ended with @status after @duration_us. */
void metrics_count(Metrics *metrics, int status, int64_t duration_us);

/* Append what @offices have counted, whether each of them answers, and how long its log is, to
 * @out.
 */
void metrics_write(const struct WebOffices *offices, GString *out);

/* Answer GET /metrics; @data is a WebOffices.  An HttpHandler, for a server on this machine's own
 * address: what it tells is for who runs the office, not for who works in it. */
void metrics_handle(const HttpRequest *request, HttpResponse *response, void *data);
