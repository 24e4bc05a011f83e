/* A client that keeps many connections to a server on this machine busy: what the benchmarks of the
 * web face load it with.  One thread, epoll; it reads of an answer no more than its status, its
 * length and its cookies.
 *
 * A peer that closes after each answer is asked on a new connection each time.
 *
 * Threading: one thread. */
#pragma once

#include "base/error.h"

/* What to send, and for how long. */
typedef struct ClientLoad {
    uint16_t port;
    int n_connections;
    const GPtrArray *requests; /* of char*: whole requests, in turn */
    int64_t duration_us;
} ClientLoad;

typedef struct ClientResult {
    int64_t n_answers;
    int64_t n_refused; /* of them, with a status from 400 on */
    int64_t n_bytes;
    int64_t duration_us;
    GArray *samples_us; /* of int64_t, one an answer */
} ClientResult;

/* Keep @load->n_connections busy for its duration; exits when the server is not there.  The caller
 * clears the result. */
ClientResult client_run(const ClientLoad *load);
void client_result_clear(ClientResult *result);

/* Send one request and return the whole answer; the caller owns it. */
char *client_ask(uint16_t port, const char *request);

/* Open @n connections and say nothing on them; returns their descriptors (of int). */
GArray *client_open(uint16_t port, int n);

/* Wait until something listens on @port. */
void client_wait(uint16_t port);
