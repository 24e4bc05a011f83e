/* The HTTP server: connections in, blocking handlers behind.
 *
 * libmicrohttpd stays inside http/server.c.  Its threads only move bytes: a complete request is
 * suspended, handled by one of a pool of workers (which may wait for the disk), and resumed with
 * its answer, so that many writers share one fsync and an idle connection costs a few kilobytes.
 * POST has a pool of its own: however many of them wait for one another, who reads is answered.
 *
 * Refused before any handler sees them: heads that are not plain lines, a body without one clear
 * length, a header that may come once coming twice, an address that does not decode, heads, bodies
 * and forms over their limits, expectations other than 100-continue, and where it is served plainly
 * on this machine alone, any Host but an address or localhost (400, 405, 411, 413, 414, 417, 421,
 * 431); while all bodies together hold too much memory, any but a small one (503), and files for
 * which the disk has no room (507).  Who takes too long over a request, or over reading the answer,
 * is hung up on.
 *
 * The library refuses by itself, in words of its own: a Content-Length that is no number, a header
 * without a colon, a first line that is none or of another HTTP than 1, a head of more than it
 * holds, half as long again as we take. */
#pragma once

#include "base/scratch.h"
#include "http/response.h"

#define HTTP_MAX_CONNECTIONS 12000       /* at one time, where the process may hold them */
#define HTTP_CONNECTIONS_OF_ADDRESS 1000 /* of one, unless the plan says */
#define HTTP_WAIT_SECONDS 30             /* for a head, and for so much of what comes and goes: */
#define HTTP_WAIT_BYTES (32 * 1024)
#define HTTP_MAX_HEAD_BYTES (32 * 1024) /* of a request: what comes before its body */
#define HTTP_MAX_HEADERS 100
#define HTTP_MAX_HELD_BYTES (256 << 20)   /* of all bodies in memory, unless the plan says; then: */
#define HTTP_SMALL_BODY_BYTES (64 * 1024) /* only those up to this are taken */

typedef struct HttpServer HttpServer;

/* Answer @request in @response; may block; runs on a worker. */
typedef void (*HttpHandler)(const HttpRequest *request, HttpResponse *response, void *data);

/* Write a line for a request.  Runs on a worker; for one that no worker saw, on a thread that moves
 * bytes.  One that is not readable is for "/", of HTTP_OTHER; one that ended without an answer of
 * ours has 408 where it took too long, 503 where the server stopped, else what the library
 * answered, if it tells; else 400. */
typedef void (*HttpLog)(const HttpRequest *request, const HttpResponse *response,
                        int64_t duration_us, void *data);

/* Say in @response why a request was refused, @error, with @status; to set that, and to end the
 * connection, is the server's matter.  Runs on a thread that moves bytes: must not block.
 *
 * @request: what could be read of it; an address that is not readable is "/". */
typedef void (*HttpRefusal)(const HttpRequest *request, const GError *error, int status,
                            HttpResponse *response, void *data);

/* Return whether @request, of which the head is known, may bring files; those of any other are read
 * and not kept.  May block; runs on a worker, before the body is read. */
typedef bool (*HttpTakesFiles)(const HttpRequest *request, void *data);

typedef struct HttpServerPlan {
    const char *address; /* numeric: "127.0.0.1", "::1"; "::" is every one, of IPv4 too */
    uint16_t port;       /* 0: any that is free */
    HttpHandler handler;
    HttpTakesFiles takes_files; /* NULL: every request may bring some */
    HttpRefusal refusal;        /* NULL: the status, as a line of text */
    HttpLog log;                /* NULL: none */
    void *data;
    const char *certificate; /* PEM; NULL: plain HTTP */
    const char *key;
    const char *trusted_proxy; /* address whose X-Forwarded-… are believed; NULL: none.  Without a
                                  certificate nobody is served but it and this machine */
    Scratch *scratch;          /* where files of forms wait */
    int64_t max_body_bytes;
    int n_connections_of_address; /* 0: HTTP_CONNECTIONS_OF_ADDRESS, and half of all at most; the
                                     proxy may hold all */
    int64_t max_held_bytes;       /* 0: HTTP_MAX_HELD_BYTES */
    int n_wait_seconds;           /* 0: HTTP_WAIT_SECONDS */
    int n_workers; /* for all but POST, which has three quarters as many of its own */
} HttpServerPlan;

/* Check that @address is one, as numbers: "127.0.0.1", "::1"; INVALID. */
bool http_address_check(const char *address, GError **error);

/* Start listening.  Everything @plan points to is borrowed until the server is stopped.
 *
 * INVALID for an address that is none; BUSY when the port is taken; FORBIDDEN, IO. */
HttpServer *http_server_start(const HttpServerPlan *plan, GError **error);

/* Return the port that it listens on. */
uint16_t http_server_port(const HttpServer *server);

/* Take no more requests, wait a few seconds for what is still being sent and as long as it takes
 * for what is at work, and for their readers a few seconds, close; NULL is allowed. */
void http_server_stop(HttpServer *server);
