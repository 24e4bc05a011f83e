/* A server of ours on the loopback address, for targets that send it bytes as a client would.
 *
 * It is started once.  Its handler checks what it is given; a refusal draws nothing. */
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check-request.h"
#include "http/server.h"

#define PATIENCE_MS 1

static inline void served_handle(const HttpRequest *request, HttpResponse *response, void *data)
{
    size_t length = 0;
    const char *body = http_request_body(request, &length);
    check_path(http_request_path(request));
    check_form(request);
    check_uploads(request);
    g_assert(body != NULL || length == 0);
    g_assert(http_request_client(request) != NULL);
    http_response_set_text(response, "text/plain; charset=utf-8", http_request_path(request));
}

/* What is running, and where it keeps files. */
static HttpServer *served;
static Scratch *served_scratch;

static inline void served_stop(void)
{
    http_server_stop(served);
    g_assert(rmdir(scratch_path(served_scratch)) == 0); /* no file is left behind */
    scratch_close(served_scratch);
}

static inline void served_start(void)
{
    g_autoptr(GError) error = NULL;
    served_scratch = scratch_open(0, &error);
    g_assert_no_error(error);
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = served_handle,
                                 .trusted_proxy = "127.0.0.1",
                                 .scratch = served_scratch,
                                 .max_body_bytes = 1 << 20,
                                 .n_workers = 2};
    served = http_server_start(&plan, &error);
    g_assert_no_error(error);
    atexit(served_stop);
}

/* Read what comes until the server hangs up, or says nothing for PATIENCE_MS: it waits for more, or
 * for the next request. */
static inline void served_read_answers(int handle)
{
    char answer[4096] = "";
    size_t n_answer = 0;
    struct pollfd waiting = {.fd = handle, .events = POLLIN};
    for (ssize_t n = 1; n > 0 && poll(&waiting, 1, PATIENCE_MS) > 0;) {
        char rest[4096];
        bool has_room = n_answer < sizeof answer - 1;
        n = has_room ? recv(handle, answer + n_answer, sizeof answer - 1 - n_answer, 0)
                     : recv(handle, rest, sizeof rest, 0);
        n_answer += has_room && n > 0 ? (size_t)n : 0;
    }
    g_assert(n_answer == 0 || g_str_has_prefix(answer, "HTTP/1."));
    g_assert(strstr(answer, "HTTP/1.1 500") == NULL);
}

/* Send @bytes and look at what comes back; nothing need come. */
static inline void served_send(const void *bytes, size_t length)
{
    if (served == NULL) {
        served_start();
    }
    int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(http_server_port(served)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct linger at_once = {.l_onoff = 1}; /* a reset: neither side waits for the other */
    if (connect(handle, (struct sockaddr *)&address, sizeof address) != 0) {
        close(handle); /* the machine is out of ports: another time */
        return;
    }
    setsockopt(handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    send(handle, bytes, length, MSG_NOSIGNAL); /* it may hang up before all is said */
    served_read_answers(handle);
    close(handle);
}
