/* The server over real sockets: raw bytes in, raw bytes out. */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "support/test-store.h"

#define BIG_BYTES (32 << 20) /* more than the system keeps of an answer that is not read */

typedef struct Fixture {
    HttpServer *server;
    Scratch *scratch;
    int n_at_work; /* atomic */
    int n_patient; /* atomic: forms that wait until there is enough */
    int is_enough; /* atomic */
    int n_logged;  /* atomic */
    int status;    /* of the last line of the log; atomic */
    int is_open;   /* "/gate" lets through; atomic */
} Fixture;

/* Leave the process @n descriptors in all; -1: as many as it may have. */
static void limit_descriptors(int n)
{
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &limit), ==, 0);
    limit.rlim_cur = n >= 0 ? (rlim_t)n : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &limit), ==, 0);
}

/* Answer with a file, after which there are no more descriptors. */
static void send_last_file(HttpResponse *response)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "last-XXXXXX", NULL);
    close(g_mkstemp(path));
    g_assert_true(g_file_set_contents(path, "whole", -1, NULL));
    http_response_set_file(response, "text/plain", path, "last", &error);
    g_assert_no_error(error);
    unlink(path);
    limit_descriptors(0);
}

/* Do what the address asks for besides. */
static void act_on(const char *path, Fixture *fixture, HttpResponse *response)
{
    if (g_str_equal(path, "/far")) {
        g_autofree char *name = g_strnfill(HTTP_MAX_LOCATION_BYTES - 1, 'f');
        g_autofree char *location = g_strconcat("/", name, NULL);
        http_response_redirect(response, location);
    }
    if (g_str_equal(path, "/slow")) {
        g_atomic_int_inc(&fixture->n_at_work);
        g_usleep(100 * 1000);
    }
    if (g_str_equal(path, "/gate")) {
        g_atomic_int_inc(&fixture->n_at_work);
        while (!g_atomic_int_get(&fixture->is_open)) {
            g_usleep(1000);
        }
    }
}

/* Answer with what was understood. */
static void echo(const HttpRequest *request, HttpResponse *response, void *data)
{
    Fixture *fixture = data;
    GString *out = g_string_new(NULL);
    act_on(http_request_path(request), fixture, response);
    if (g_str_equal(http_request_path(request), "/big")) {
        g_string_set_size(out, BIG_BYTES);
        memset(out->str, 'b', BIG_BYTES);
    }
    if (g_str_equal(http_request_path(request), "/patient")) {
        g_atomic_int_inc(&fixture->n_patient);
        while (g_atomic_int_get(&fixture->is_enough) == 0) {
            g_usleep(1000);
        }
    } else if (g_str_equal(http_request_path(request), "/enough")) {
        g_atomic_int_set(&fixture->is_enough, 1);
    }
    g_string_append_printf(out, "path=%s client=%s\n", http_request_path(request),
                           http_request_client(request));
    const GPtrArray *names = http_request_form_names(request);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_string_append_printf(out, "%s=%s\n", name, http_request_form(request, name));
    }
    const GPtrArray *uploads = http_request_uploads(request);
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        g_string_append_printf(out, "file %s %s %" G_GINT64_FORMAT "\n", upload->field,
                               upload->name, upload->n_bytes);
    }
    http_response_add_cookie(response, "a=1");
    http_response_add_cookie(response, "b=2");
    http_response_set_body(response, "text/plain; charset=utf-8", out);
    if (g_str_equal(http_request_path(request), "/last")) {
        send_last_file(response);
    }
}

/* "/none" takes no files, and is slow to say so. */
static bool take_files(const HttpRequest *request, void *data)
{
    bool is_none = g_str_equal(http_request_path(request), "/none");
    g_usleep(is_none ? 50 * 1000 : 0);
    return !is_none;
}

static void count_line(const HttpRequest *request, const HttpResponse *response,
                       int64_t duration_us, void *data)
{
    Fixture *fixture = data;
    g_assert_cmpint(duration_us, >=, 0);
    g_atomic_int_set(&fixture->status, http_response_status(response));
    g_atomic_int_inc(&fixture->n_logged);
}

static void refuse(const HttpRequest *request, const GError *error, int status,
                   HttpResponse *response, void *data)
{
    g_autofree char *text = g_strdup_printf("refused at %s\n", http_request_path(request));
    http_response_set_text(response, "text/plain; charset=utf-8", text);
}

static void fixture_start(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    *fixture = (Fixture){.scratch = scratch_open(0, &error)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .takes_files = take_files,
                                 .refusal = refuse,
                                 .log = count_line,
                                 .data = fixture,
                                 .trusted_proxy = "127.0.0.1",
                                 .scratch = fixture->scratch,
                                 .max_body_bytes = 100000,
                                 .n_workers = 32};
    fixture->server = http_server_start(&plan, &error);
    g_assert_no_error(error);
}

static void fixture_stop(Fixture *fixture)
{
    http_server_stop(fixture->server);
    g_autoptr(GDir) dir = g_dir_open(scratch_path(fixture->scratch), 0, NULL);
    g_assert_null(g_dir_read_name(dir)); /* no upload is left behind */
    scratch_close(fixture->scratch);
}

static int connect_to(const Fixture *fixture)
{
    int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(http_server_port(fixture->server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    g_assert_cmpint(connect(handle, (struct sockaddr *)&address, sizeof address), ==, 0);
    return handle;
}

static void say(int handle, const char *text)
{
    g_assert_cmpint(send(handle, text, strlen(text), MSG_NOSIGNAL), ==, (ssize_t)strlen(text));
}

/* Return all that comes until the server closes; the caller owns it. */
static char *hear(int handle)
{
    GString *out = g_string_new(NULL);
    char buffer[4096];
    for (ssize_t n = 1; n > 0;) {
        n = recv(handle, buffer, sizeof buffer, 0);
        g_string_append_len(out, buffer, MAX(n, 0));
    }
    close(handle);
    return g_string_free(out, false);
}

/* Return one answer, whose body is a line of text; the caller owns it. */
static char *hear_text(int handle)
{
    GString *out = g_string_new(NULL);
    char byte = 0;
    while (recv(handle, &byte, 1, 0) == 1) {
        g_string_append_c(out, byte);
        if (byte == '\n' && out->len > 1 && out->str[out->len - 2] != '\r') {
            break;
        }
    }
    return g_string_free(out, false);
}

/* Send @request and return all that comes until the server closes; the caller owns it. */
static char *exchange(const Fixture *fixture, const char *request, size_t length)
{
    int handle = connect_to(fixture);
    g_assert_cmpint(send(handle, request, length, MSG_NOSIGNAL), ==, (ssize_t)length);
    return hear(handle);
}

static void check(const Fixture *fixture, const char *request, const char *status, const char *part)
{
    g_autofree char *answer = exchange(fixture, request, strlen(request));
    g_autofree char *line = g_strdup_printf("HTTP/1.1 %s", status);
    if (!g_str_has_prefix(answer, line) || (part != NULL && strstr(answer, part) == NULL)) {
        g_test_message("sent: %s\ngot: %s", request, answer);
        g_test_fail();
    }
}

#define CLOSE "Host: x\r\nConnection: close\r\n"

static void test_answers(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    check(&fixture, "GET /a%20b HTTP/1.1\r\n" CLOSE "\r\n", "200", "path=/a b client=127.0.0.1");
    check(&fixture, "GET / HTTP/1.1\r\n" CLOSE "\r\n", "200", "Set-Cookie: a=1\r\nSet-Cookie: b=2");
    check(&fixture, "GET / HTTP/1.1\r\n" CLOSE "\r\n", "200", "nosniff");
    check(&fixture, "GET / HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6, 10.1.2.3\r\n" CLOSE "\r\n", "200",
          "client=10.1.2.3");
    check(&fixture,
          "GET / HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 10.1.2.4:55\r\n" CLOSE
          "\r\n",
          "200", "client=10.1.2.4\n");
    check(&fixture, "GET / HTTP/1.1\r\nX-Forwarded-For: [2001:db8::1]:5\r\n" CLOSE "\r\n", "200",
          "client=2001:db8::1");
    check(&fixture, "GET / HTTP/1.1\r\nX-Forwarded-For: junk\r\n" CLOSE "\r\n", "200",
          "client=127.0.0.1");
    check(&fixture,
          "POST / HTTP/1.1\r\n" CLOSE "Content-Type: application/x-www-form-urlencoded\r\n"
          "Content-Length: 17\r\n\r\na=%E4%B8%80&b=2+3",
          "200", "a=一\nb=2 3\n");
    g_assert_cmpint(g_atomic_int_get(&fixture.n_logged), ==, 8);
    fixture_stop(&fixture);
}

/* The client chose its address where the proxy adds a line of its own. */
static void test_address_behind_a_proxy(void)
{
    static const struct {
        const char *headers;
        const char *client;
    } rows[] = {
        {"X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\n", "client=2.2.2.2"},
        {"X-Forwarded-For: 6.6.6.6, 10.1.2.3:55\r\n", "client=10.1.2.3"},
        {"X-Forwarded-For: [2001:db8::1]:55\r\n", "client=2001:db8::1"},
        {"X-Forwarded-For: 2001:db8::1\r\n", "client=2001:db8::1"},
        {"X-Forwarded-For: junk\r\n", "client=127.0.0.1"},
        {"X-Forwarded-For: 1.1.1.1, \r\n", "client=127.0.0.1"},
    };
    Fixture fixture;
    fixture_start(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *request =
            g_strconcat("GET / HTTP/1.1\r\n", rows[i].headers, CLOSE, "\r\n", NULL);
        check(&fixture, request, "200", rows[i].client);
    }
    fixture_stop(&fixture);
}

static void test_refusals(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    check(&fixture, "DELETE / HTTP/1.1\r\n" CLOSE "\r\n", "405", "Allow: GET, HEAD, POST");
    check(&fixture, "GET /../x HTTP/1.1\r\n" CLOSE "\r\n", "400", NULL);
    check(&fixture, "GET /%zz HTTP/1.1\r\n" CLOSE "\r\n", "400", NULL);
    /* Each was a line of its own in the log of who asked for what. */
    check(&fixture, "GET /x%0A2026-11-29 HTTP/1.1\r\n" CLOSE "\r\n", "400", NULL);
    check(&fixture, "GET /x%1b[31m HTTP/1.1\r\n" CLOSE "\r\n", "400", NULL);
    check(&fixture, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "400",
          NULL);
    check(&fixture,
          "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
          "0\r\n\r\n",
          "400", NULL);
    check(&fixture, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
          "400", NULL);
    check(&fixture, "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 100001\r\n\r\n", "413", NULL);
    check(&fixture, "POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: gzip\r\n\r\nx", "400", NULL);
    check(&fixture, "POST / HTTP/1.1\r\n" CLOSE "Content-Length : 3\r\n\r\nabc", "400", NULL);
    check(&fixture,
          "POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n"
          "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
          "400", NULL);
    check(&fixture,
          "POST / HTTP/1.1\r\n" CLOSE "Content-Type: multipart/form-data; boundary=xy\r\n"
          "Content-Length: 54\r\n\r\n"
          "--xy\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut ",
          "400", NULL);
    check(&fixture,
          "POST / HTTP/1.1\r\n" CLOSE "Content-Type: application/x-www-form-urlencoded\r\n"
          "Content-Length: 8\r\n\r\na%00b=%f",
          "400", "nosniff");
    g_assert_cmpint(g_atomic_int_get(&fixture.n_logged), ==, 14); /* none was in the log */
    fixture_stop(&fixture);
}

#define BYTES(text)            \
    {                          \
        text, sizeof(text) - 1 \
    }

/* What the library passes by in silence, and another server may read otherwise (RFC 9112 §2.2). */
static void test_heads_of_other_lines(void)
{
    static const struct {
        const char *head;
        size_t length;
    } rows[] = {
        BYTES("GET / HTTP/1.1\nHost: x\nConnection: close\n\n"),
        BYTES("GET / HTTP/1.1\nHost: x\r\nConnection: close\r\n\r\n"),
        BYTES("GET / HTTP/1.1\r\nX: a\nY: b\r\n" CLOSE "\r\n"),
        BYTES("GET / HTTP/1.1\r\nX: a\n" CLOSE "\r\n"),
        BYTES("GET / HTTP/1.1\r\n" CLOSE "X: a\n\r\n"),
        BYTES("GET / HTTP/1.1\r\n" CLOSE "X: a\r\n\n"),
        BYTES("GET / HTTP/1.1\r\n" CLOSE "X: a\n\n\0\0"),
        BYTES("GET / HTTP/1.0\n\r\n"),
        BYTES("GET  / HTTP/1.1\r\n" CLOSE "\r\n"),
        BYTES("GET /  HTTP/1.1\r\n" CLOSE "\r\n"),
        BYTES("GET /a b HTTP/1.1\r\n" CLOSE "\r\n"),
        BYTES("GET /a\0b HTTP/1.1\r\n" CLOSE "\r\n"),
        BYTES("GET /?a\0b HTTP/1.1\r\n" CLOSE "\r\n"),
        BYTES("GET / HTTP/1.1\r\nX: a\0b\r\n" CLOSE "\r\n"),
        BYTES("GET / HTTP/1.1\r\nX: a\0\0\0b\r\n" CLOSE "\r\n"),
        BYTES("GET / HTTP/1.1\r\n" CLOSE "X: a\0b\r\n\r\n"),
        BYTES("GET / HTTP/1.1\r\n" CLOSE "X: a\0\0\r\n\r\n"),
        BYTES("GET / HTTP/1.1\r\n" CLOSE "X : a\r\n\r\n"),
        BYTES("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
    };
    static const char *const good[] = {
        "GET / HTTP/1.0\r\n\r\n",
        "\r\nGET /?a=1&b HTTP/1.1\r\nX:a\r\nY:  a \t\r\nE:\r\nF: \r\n" CLOSE "\r\n",
        "GET /%E4%B8%80?? HTTP/1.1\r\n" CLOSE "X:\t\r\n\r\n",
        "POST / HTTP/1.1\r\n" CLOSE "Content-Length: 4\r\n\r\n\n\n\r\n",
    };
    Fixture fixture;
    fixture_start(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *answer = exchange(&fixture, rows[i].head, rows[i].length);
        g_test_message("row %zu: %.20s", i, answer);
        g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 400 "));
        g_assert_nonnull(strstr(answer, "refused at /"));
        g_assert_null(strstr(answer + 1, "HTTP/1.1 "));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        check(&fixture, good[i], "200", NULL);
    }
    for (size_t n = 100; n < 31000; n += 1009) { /* in pieces, and where the buffer grows */
        g_autofree char *value = g_strnfill(n, 'v');
        g_autofree char *head = g_strdup_printf("GET / HTTP/1.1\r\nX: %s\r\n" CLOSE "\r\n", value);
        check(&fixture, head, "200", NULL);
    }
    g_assert_cmpint(g_atomic_int_get(&fixture.n_logged), ==, 19 + 4 + 31);
    fixture_stop(&fixture);
}

/* A query of five hundred fields, which the library's memory did not hold, was not answered. */
static void test_many_fields(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    for (int n = 400; n <= 2400; n += 400) {
        GString *request = g_string_new("GET /many?");
        for (int i = 0; i < n; i++) {
            g_string_append_printf(request, "a%d=1&", i);
        }
        g_string_append(request, " HTTP/1.1\r\n" CLOSE "\r\n");
        check(&fixture, request->str, n <= HTTP_MAX_FIELDS ? "200" : "413", NULL);
        g_string_free(request, true);
    }
    fixture_stop(&fixture);
}

/* A body in chunks could hide where it ends; an expectation was passed by. */
static void test_what_is_not_taken(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    check(&fixture, "POST / HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n3\na=b\n0\n\n",
          "411", "refused at /");
    check(&fixture, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411",
          "refused at /");
    check(&fixture, "GET / HTTP/1.1\r\n" CLOSE "Expect: 200-ok\r\n\r\n", "417", "refused at /");
    check(&fixture,
          "POST / HTTP/1.1\r\n" CLOSE "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", "100",
          "HTTP/1.1 200 OK");
    fixture_stop(&fixture);
}

/* A name of another's that leads to this machine was answered as if it were ours. */
static void test_names_of_others(void)
{
    static const struct {
        const char *host;
        const char *status;
    } rows[] = {
        {"localhost", "200"},
        {"LOCALHOST:8017", "200"},
        {"127.0.0.1:1", "200"},
        {"[::1]:8017", "200"},
        {"[::1]", "200"},
        {"a.localhost", "200"},
        {"evil.example", "421"},
        {"evil.example:80", "421"},
        {"localhost.evil.example", "421"},
        {"127.0.0.1.evil", "421"},
        {"", "421"},
        {"[evil]", "421"},
    };
    Fixture fixture = {.scratch = scratch_open(0, NULL)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .data = &fixture,
                                 .scratch = fixture.scratch,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *request = g_strdup_printf(
            "GET / HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n", rows[i].host);
        check(&fixture, request, rows[i].status, NULL);
    }
    fixture_stop(&fixture);
}

/* Send @first, then @drop again and again, and return whether the server ends that. */
static bool is_ended(const Fixture *fixture, const char *first, const char *drop)
{
    int handle = connect_to(fixture);
    char byte = 0;
    int64_t end_us = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
    send(handle, first, strlen(first), MSG_NOSIGNAL);
    while (recv(handle, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN &&
           g_get_monotonic_time() < end_us) {
        send(handle, drop, strlen(drop), MSG_NOSIGNAL);
        g_usleep(50 * 1000);
    }
    close(handle);
    return g_get_monotonic_time() < end_us;
}

/* A byte now and then kept a connection open for ever. */
static void test_slow_requests_are_ended(void)
{
    static const char *const slow[][2] = {
        {"GE", "T"},
        {"GET / HTTP/1.1\r\nHost: localhost\r\n", "X: y\r\n"},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n", "x"},
    };
    Fixture fixture = {.scratch = scratch_open(0, NULL)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .log = count_line,
                                 .data = &fixture,
                                 .scratch = fixture.scratch,
                                 .max_body_bytes = 1 << 20,
                                 .n_wait_seconds = 1,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
        g_assert_true(is_ended(&fixture, slow[i][0], slow[i][1]));
        while (g_atomic_int_get(&fixture.n_logged) <= (int)i) {
            g_usleep(1000);
        }
        g_assert_cmpint(g_atomic_int_get(&fixture.status), ==, 408);
    }
    fixture_stop(&fixture);
}

/* One that takes longer than the wait, but brings enough in each, is taken whole. */
static void test_steady_bodies_are_taken(void)
{
    Fixture fixture = {.scratch = scratch_open(0, NULL)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .data = &fixture,
                                 .scratch = fixture.scratch,
                                 .max_body_bytes = 1 << 20,
                                 .n_wait_seconds = 1,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    g_autofree char *piece = g_strnfill(HTTP_WAIT_BYTES, 'x');
    g_autofree char *head = g_strdup_printf(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", HTTP_WAIT_BYTES * 8);
    char answer[16] = "";
    int handle = connect_to(&fixture);
    send(handle, head, strlen(head), MSG_NOSIGNAL);
    for (int i = 0; i < 8; i++) {
        g_usleep(300 * 1000);
        g_assert_cmpint(send(handle, piece, HTTP_WAIT_BYTES, MSG_NOSIGNAL), ==, HTTP_WAIT_BYTES);
    }
    g_assert_cmpint(recv(handle, answer, sizeof answer - 1, MSG_WAITALL), ==, sizeof answer - 1);
    g_assert_cmpstr(answer, ==, "HTTP/1.1 200 OK");
    close(handle);
    fixture_stop(&fixture);
}

/* A header in two lines was read as one of another name (RFC 9112 §5.2: to be refused). */
static void test_folded_headers(void)
{
    static const char *const headers[] = {
        "X: a\r\n b\r\n",
        "X: a\r\n\tb\r\n c\r\n",
        "X:\r\n b\r\n",
        "X: a\r\n  \r\n",
        "Cookie: a=1;\r\n b=2\r\n",
        "Content-Length: 0\r\n 1\r\n",
        "A: 1\r\nB: 2\r\nX: a\r\n b\r\nC: 3\r\n",
    };
    Fixture fixture;
    fixture_start(&fixture);
    g_autofree char *long_value = g_strnfill(3000, 'v');
    g_autofree char *whole =
        g_strdup_printf("GET / HTTP/1.1\r\nL: %s\r\nX:   a \r\nE:\r\n" CLOSE "\r\n", long_value);
    check(&fixture, whole, "200", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_autofree char *first = g_strdup_printf("GET / HTTP/1.1\r\n%s" CLOSE "\r\n", headers[i]);
        g_autofree char *last = g_strdup_printf("GET / HTTP/1.1\r\n" CLOSE "%s\r\n", headers[i]);
        g_autofree char *after_much =
            g_strdup_printf("GET / HTTP/1.1\r\nL: %s\r\n%sM: %s\r\n" CLOSE "\r\n", long_value,
                            headers[i], long_value);
        check(&fixture, first, "400", "refused at /");
        check(&fixture, last, "400", "refused at /");
        check(&fixture, after_much, "400", "refused at /");
    }
    fixture_stop(&fixture);
}

/* Whoever answers a refusal knows which part of the site was asked for. */
static void test_refusals_know_their_place(void)
{
    static const struct {
        const char *target;
        const char *place;
    } cases[] = {
        {"/api/v1/ledgers?q=%00", "refused at /api/v1/ledgers\n"},
        {"/api/v1/a%00/b", "refused at /api/v1\n"},
        {"/api/%2e%2e/b?c", "refused at /api\n"},
        {"/%zz", "refused at /\n"},
        {"*", "refused at /\n"},
    };
    Fixture fixture;
    fixture_start(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *request =
            g_strdup_printf("GET %s HTTP/1.1\r\n" CLOSE "\r\n", cases[i].target);
        check(&fixture, request, "400", cases[i].place);
    }
    fixture_stop(&fixture);
}

/* Return the head of a request for @path of @n_bytes in all, of which @n_headers are headers and
 * the last is as long as it takes; the caller owns it. */
static char *make_head(const char *path, size_t n_bytes, int n_headers)
{
    GString *head = g_string_new(NULL);
    g_string_printf(head, "GET %s HTTP/1.1\r\n" CLOSE, path);
    for (int i = 3; i < n_headers; i++) {
        g_string_append_printf(head, "X%d: y\r\n", i);
    }
    g_string_append(head, "L: ");
    while (head->len < n_bytes - 4) {
        g_string_append_c(head, 'l');
    }
    g_string_append(head, "\r\n\r\n");
    return g_string_free(head, false);
}

/* Where the head of the answer found no room behind that of the request, there was no answer. */
static void test_long_heads(void)
{
    static const struct {
        const char *path;
        size_t n_bytes;
        int n_headers;
        int status;
    } rows[] = {
        {"/", HTTP_MAX_HEAD_BYTES, 3, 200},
        {"/", HTTP_MAX_HEAD_BYTES, HTTP_MAX_HEADERS, 200},
        {"/far", HTTP_MAX_HEAD_BYTES, HTTP_MAX_HEADERS, 303},
        {"/", HTTP_MAX_HEAD_BYTES + 1, 3, 431},
        {"/", 4096, HTTP_MAX_HEADERS, 200},
        {"/", 4096, HTTP_MAX_HEADERS + 1, 431},
        {"/", HTTP_MAX_HEAD_BYTES + 8192, HTTP_MAX_HEADERS, 431},
        {"/", HTTP_MAX_HEAD_BYTES + 14000, 3, 431},
    };
    Fixture fixture;
    fixture_start(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *head = make_head(rows[i].path, rows[i].n_bytes, rows[i].n_headers);
        g_assert_cmpuint(strlen(head), ==, rows[i].n_bytes);
        g_autofree char *status = g_strdup_printf("%d ", rows[i].status);
        check(&fixture, head, status, "nosniff");
        g_assert_cmpint(g_atomic_int_get(&fixture.status), ==, rows[i].status);
    }
    g_autofree char *fields = g_strnfill(40000, '&');
    g_autofree char *request = g_strdup_printf("GET /a?%s HTTP/1.1\r\n" CLOSE "\r\n", fields);
    check(&fixture, request, "414", "refused at /a\n");
    g_assert_cmpint(g_atomic_int_get(&fixture.n_logged), ==, G_N_ELEMENTS(rows) + 1);
    fixture_stop(&fixture);
}

/* What the library refuses by itself leaves nothing behind (the leak checker watches) but one line
 * in the log, which knew nothing of it, and then took each for 400. */
static void test_refused_early(void)
{
    g_autofree char *much = g_strnfill(100000, '&');
    g_autofree char *long_target = g_strdup_printf("GET /?%s HTTP/1.1\r\n" CLOSE "\r\n", much);
    g_autofree char *long_header =
        g_strdup_printf("GET /long HTTP/1.1\r\n" CLOSE "X: %s\r\n\r\n", much);
    const struct {
        const char *request;
        const char *answer; /* as it begins */
        int status;         /* in the log: where the first line is not read, it is not told */
    } rows[] = {
        {long_header, "HTTP/1.1 431 ", 431},
        {long_target, "HTTP/1.1 414 ", 400},
        {"POST / HTTP/1.1\r\n" CLOSE "Content-Length: x\r\n\r\n", "HTTP/1.1 400 ", 400},
        {"POST / HTTP/1.1\r\n" CLOSE "Content-Length: 99999999999999999999\r\n\r\n",
         "HTTP/1.1 413 ", 413},
        {"GET / HTTP/1.1\r\n" CLOSE "no header\r\n\r\n", "HTTP/1.1 400 ", 400},
        {"GET / HTTP/2.0\r\n" CLOSE "\r\n", "HTTP/1.1 505 ", 400},
        {"GET / FOO\r\n" CLOSE "\r\n", "HTTP/1.1 400 ", 400},
        {"\x16\x03\x01\r\n\r\n", "", 400},
    };
    Fixture fixture;
    fixture_start(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        /* What follows is not read as a request of its own, and the line comes once. */
        g_autofree char *sent =
            g_strconcat(rows[i].request, "GET /hidden HTTP/1.1\r\n" CLOSE "\r\n", NULL);
        g_autofree char *answer = exchange(&fixture, sent, strlen(sent));
        g_test_message("row %zu: %.40s", i, answer);
        g_assert_true(g_str_has_prefix(answer, rows[i].answer));
        g_assert_null(strstr(answer, "path="));
        while (g_atomic_int_get(&fixture.n_logged) <= (int)i) {
            g_usleep(1000);
        }
        g_assert_cmpint(g_atomic_int_get(&fixture.n_logged), ==, (int)i + 1);
        g_assert_cmpint(g_atomic_int_get(&fixture.status), ==, rows[i].status);
    }
    fixture_stop(&fixture);
}

/* One address may hold so many connections, and no more. */
static void test_connections_of_an_address(void)
{
    Fixture fixture = {.scratch = scratch_open(0, NULL)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .data = &fixture,
                                 .scratch = fixture.scratch,
                                 .max_body_bytes = 1000,
                                 .n_connections_of_address = 2,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    const char *request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int handles[3];
    char byte = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
        handles[i] = connect_to(&fixture);
        send(handles[i], request, strlen(request), MSG_NOSIGNAL);
        g_assert_true((recv(handles[i], &byte, 1, 0) == 1) == (i < 2));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(handles); i++) {
        close(handles[i]);
    }
    fixture_stop(&fixture);
}

/* Return a connection to the server at @address (of this machine, in numbers). */
static int connect_at(const Fixture *fixture, const struct sockaddr_in *address)
{
    struct sockaddr_in to = *address;
    int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_port = htons(http_server_port(fixture->server));
    g_assert_cmpint(connect(handle, (struct sockaddr *)&to, sizeof to), ==, 0);
    return handle;
}

/* Return an address by which other machines reach this one; false: it has none. */
static bool find_outer_address(struct sockaddr_in *ret_address)
{
    struct ifaddrs *all = NULL;
    bool is_found = false;
    g_assert_cmpint(getifaddrs(&all), ==, 0);
    for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)at->ifa_addr;
        if (v4 != NULL && v4->sin_family == AF_INET &&
            ntohl(v4->sin_addr.s_addr) >> 24 != IN_LOOPBACKNET) {
            *ret_address = *v4;
            is_found = true;
        }
    }
    freeifaddrs(all);
    return is_found;
}

/* Behind a proxy that encrypts, everybody was served in clear beside it, as many connections as
 * they liked. */
static void test_nobody_but_the_proxy(void)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    static const char *const addresses[] = {"0.0.0.0", "::"};
    struct sockaddr_in outer;
    if (!find_outer_address(&outer)) {
        g_test_skip("this machine has no address but its own");
        return;
    }
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &outer.sin_addr, text, sizeof text);
    for (size_t i = 0; i < G_N_ELEMENTS(addresses) * 2; i++) {
        bool is_proxy = i % 2 == 1;
        Fixture fixture = {.scratch = scratch_open(0, NULL)};
        const HttpServerPlan plan = {.address = addresses[i / 2],
                                     .handler = echo,
                                     .log = count_line,
                                     .data = &fixture,
                                     .trusted_proxy = is_proxy ? text : "192.0.2.1",
                                     .scratch = fixture.scratch,
                                     .max_body_bytes = 1000,
                                     .n_connections_of_address = 1,
                                     .n_workers = 1};
        char byte = 0;
        fixture.server = http_server_start(&plan, NULL);
        int handle = connect_at(&fixture, &outer);
        send(handle, request, strlen(request), MSG_NOSIGNAL);
        g_assert_true((recv(handle, &byte, 1, 0) == 1) == is_proxy);
        g_assert_cmpint(g_atomic_int_get(&fixture.status), ==, is_proxy ? 200 : 403);
        int again = connect_at(&fixture, &outer);
        send(again, request, strlen(request), MSG_NOSIGNAL);
        g_assert_true((recv(again, &byte, 1, 0) == 1) == is_proxy);
        int own = connect_to(&fixture);
        int second = connect_to(&fixture);
        say(own, request);
        g_assert_cmpint(recv(own, &byte, 1, 0), ==, 1);
        send(second, request, strlen(request), MSG_NOSIGNAL);
        g_assert_cmpint(recv(second, &byte, 1, 0), !=, 1); /* this machine has a limit too */
        close(own);
        close(second);
        close(handle);
        close(again);
        fixture_stop(&fixture);
    }
}

static void test_multipart(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    const char *body = "--XyZ\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n路灯\r\n"
                       "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"../../证明.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
                       "12345\r\n--XyZ--\r\n";
    g_autofree char *request = g_strdup_printf("POST / HTTP/1.1\r\n" CLOSE
                                               "Content-Type: multipart/form-data; boundary=XyZ\r\n"
                                               "Content-Length: %zu\r\n\r\n%s",
                                               strlen(body), body);
    check(&fixture, request, "200", "title=路灯\nfile file 证明.pdf 5\n");
    fixture_stop(&fixture);
}

/* Thirty-two slow requests take the time of one, so that their writes can share a commit. */
static void *ask_slowly(void *data)
{
    check(data, "GET /slow HTTP/1.1\r\n" CLOSE "\r\n", "200", "path=/slow");
    return NULL;
}

static void test_slow_handlers_run_together(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    GThread *threads[32];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("client", ask_slowly, &fixture);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
    g_assert_cmpint(g_atomic_int_get(&fixture.n_at_work), ==, 32);
    fixture_stop(&fixture);
}

/* A form whose answer waits until somebody else was answered. */
static void *post_patiently(void *data)
{
    check(data, "POST /patient HTTP/1.1\r\n" CLOSE "Content-Length: 0\r\n\r\n", "200",
          "path=/patient");
    return NULL;
}

/* However many forms wait, for the disk or for each other: who reads is answered. */
static void test_who_reads_waits_for_no_forms(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    GThread *threads[40];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("client", post_patiently, &fixture);
    }
    while (g_atomic_int_get(&fixture.n_patient) < 24) {
        g_usleep(1000);
    }
    check(&fixture, "GET /enough HTTP/1.1\r\n" CLOSE "\r\n", "200", "path=/enough");
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
    fixture_stop(&fixture);
}

static void test_stop_waits_for_the_answer(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    GThread *client = g_thread_new("client", ask_slowly, &fixture);
    while (g_atomic_int_get(&fixture.n_at_work) == 0) {
        g_usleep(1000);
    }
    fixture_stop(&fixture);
    g_thread_join(client); /* it checks that it was answered */
}

#define UPLOAD_TYPE "Content-Type: multipart/form-data; boundary=xy\r\nContent-Length: "
#define UPLOAD_HEAD " HTTP/1.1\r\n" CLOSE UPLOAD_TYPE
#define UPLOAD "POST /" UPLOAD_HEAD
#define PART "--xy\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"

static void *stop(void *server)
{
    http_server_stop(server);
    return NULL;
}

/* What is being sent when it stops has a few seconds to come to its end, and then ends with 503;
 * what was begun is answered. */
static void test_stop_during_uploads(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    int at_work = connect_to(&fixture);
    int asking = connect_to(&fixture);
    int whole = connect_to(&fixture);
    int half = connect_to(&fixture);
    say(at_work, "GET /gate HTTP/1.1\r\n" CLOSE "\r\n");
    say(whole, UPLOAD "75\r\n\r\n" PART);
    say(half, UPLOAD "75\r\n\r\n" PART);
    while (g_atomic_int_get(&fixture.n_at_work) == 0) {
        g_usleep(1000);
    }
    GThread *stopping = g_thread_new("stop", stop, fixture.server);
    g_autofree char *answer = NULL;
    do { /* until the stop has begun */
        g_free(answer);
        say(asking, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        answer = hear_text(asking);
    } while (g_str_has_prefix(answer, "HTTP/1.1 200 "));
    g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 503 "));
    close(asking);
    say(whole, "a\r\n--xy--\r\n");
    g_autofree char *taken = hear(whole);
    g_test_message("%.60s", taken);
    g_assert_true(g_str_has_prefix(taken, "HTTP/1.1 200 "));
    g_assert_nonnull(strstr(taken, "file f f 1"));
    g_atomic_int_set(&fixture.is_open, true);
    g_autofree char *answered = hear(at_work);
    g_assert_true(g_str_has_prefix(answered, "HTTP/1.1 200 "));
    g_autofree char *unanswered = hear(half);
    g_assert_cmpstr(unanswered, ==, "");
    g_thread_join(stopping);
    g_assert_cmpint(g_atomic_int_get(&fixture.status), ==, 503);
    fixture.server = NULL;
    fixture_stop(&fixture);
}

/* Return how many files wait. */
static int count_waiting(const Fixture *fixture)
{
    g_autoptr(GDir) dir = g_dir_open(scratch_path(fixture->scratch), 0, NULL);
    int n = 0;
    while (g_dir_read_name(dir) != NULL) {
        n++;
    }
    return n;
}

/* Bytes of anybody's files lay on the disk for as long as the last of them was held back. */
static void test_files_of_nobody(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    int kept = connect_to(&fixture);
    int dropped = connect_to(&fixture);
    say(dropped, "POST /none" UPLOAD_HEAD "75\r\n\r\n" PART);
    say(kept, UPLOAD "75\r\n\r\n" PART);
    say(dropped, "a\r\n--xy");
    say(kept, "a\r\n--xy");
    while (count_waiting(&fixture) == 0) {
        g_usleep(1000);
    }
    say(dropped, "--\r\n");
    g_autofree char *none = hear(dropped);
    g_assert_true(g_str_has_prefix(none, "HTTP/1.1 200 "));
    g_assert_nonnull(strstr(none, "path=/none"));
    g_assert_null(strstr(none, "file f f"));
    g_assert_cmpint(count_waiting(&fixture), ==, 1);
    say(kept, "--\r\n");
    g_autofree char *one = hear(kept);
    g_assert_nonnull(strstr(one, "file f f 1"));
    check(&fixture,
          "POST /none" UPLOAD_HEAD "75\r\nExpect: 100-continue\r\n\r\n" PART "a\r\n--xy--\r\n",
          "100", "path=/none");
    check(&fixture, "POST /none" UPLOAD_HEAD "0\r\n\r\n", "200", "path=/none");
    fixture_stop(&fixture);
}

/* A disk that is full was everybody's matter. */
static void test_files_leave_room(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    http_server_stop(fixture.server);
    scratch_close(fixture.scratch);
    fixture.scratch = scratch_open(G_MAXINT64, NULL);
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .scratch = fixture.scratch,
                                 .max_body_bytes = 100000,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    const char *whole = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" UPLOAD_TYPE
                        "75\r\n\r\n" PART "a\r\n--xy--\r\n";
    check(&fixture, whole, "507", "Retry-After: ");
    fixture_stop(&fixture);
}

/* Send a body of @n_bytes, and return whether the answer is @status. */
static bool is_answered(const Fixture *fixture, size_t n_bytes, const char *status)
{
    g_autofree char *body = g_strnfill(n_bytes, 'b');
    g_autofree char *request =
        g_strdup_printf("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        n_bytes, body);
    g_autofree char *answer = exchange(fixture, request, strlen(request));
    g_autofree char *line = g_strdup_printf("HTTP/1.1 %s", status);
    return g_str_has_prefix(answer, line);
}

/* As many bodies as there are connections were kept in memory, eight megabytes of each. */
static void test_bodies_of_all(void)
{
    Fixture fixture = {.scratch = scratch_open(0, NULL)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .data = &fixture,
                                 .scratch = fixture.scratch,
                                 .max_body_bytes = 1 << 20,
                                 .max_held_bytes = 300000,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    g_assert_true(is_answered(&fixture, 300000, "200"));
    g_assert_true(is_answered(&fixture, 300001, "503"));
    g_autofree char *half = g_strnfill(250000, 'b');
    int handle = -1;
    do { /* until the half is there first */
        close(handle);
        handle = connect_to(&fixture);
        say(handle, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n");
        say(handle, half);
    } while (!is_answered(&fixture, HTTP_SMALL_BODY_BYTES + 1, "503"));
    g_assert_true(is_answered(&fixture, HTTP_SMALL_BODY_BYTES, "200"));
    g_assert_true(is_answered(&fixture, HTTP_SMALL_BODY_BYTES + 1, "503"));
    close(handle);
    while (!is_answered(&fixture, 100000, "200")) { /* until it is seen to be gone */
    }
    g_assert_true(is_answered(&fixture, 300000, "200"));
    fixture_stop(&fixture);
}

/* Return how many descriptors the process has. */
static int count_descriptors(void)
{
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    int n = 0;
    while (g_dir_read_name(dir) != NULL) {
        n++;
    }
    return n;
}

/* Who asks for much and reads nothing loses the connection. */
static void test_who_never_reads(void)
{
    Fixture fixture = {.scratch = scratch_open(0, NULL)};
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .handler = echo,
                                 .log = count_line,
                                 .data = &fixture,
                                 .scratch = fixture.scratch,
                                 .n_wait_seconds = 1,
                                 .n_workers = 1};
    fixture.server = http_server_start(&plan, NULL);
    int n_before = count_descriptors();
    int handle = connect_to(&fixture);
    say(handle, "GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (g_atomic_int_get(&fixture.n_logged) == 0) {
        g_usleep(1000);
    }
    g_assert_cmpint(count_descriptors(), ==, n_before + 2);
    int64_t end_us = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
    while (count_descriptors() > n_before + 1) {
        g_assert_cmpint(g_get_monotonic_time(), <, end_us);
        g_usleep(10 * 1000);
    }
    g_autofree char *part = hear(handle);
    g_assert_cmpuint(strlen(part), <, BIG_BYTES);
    g_assert_cmpint(g_atomic_int_get(&fixture.n_logged), ==, 1);
    fixture_stop(&fixture);
}

/* A file that was open already was sent as a head alone where no descriptor was left to copy. */
static void test_no_descriptor_left(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    int first = connect_to(&fixture);
    int second = connect_to(&fixture);
    int third = connect_to(&fixture);
    const char *request = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    char byte = 0;
    say(third, request); /* all three are taken by now */
    g_assert_cmpint(recv(third, &byte, 1, MSG_PEEK), ==, 1);
    say(first, "GET /last HTTP/1.1\r\n" CLOSE "\r\n");
    g_autofree char *file = hear(first);
    g_assert_true(g_str_has_prefix(file, "HTTP/1.1 200 "));
    g_assert_true(g_str_has_suffix(file, "\r\n\r\nwhole"));
    say(second, UPLOAD "75\r\n\r\n" PART "a\r\n--xy--\r\n");
    g_autofree char *refused = hear(second);
    g_assert_true(g_str_has_prefix(refused, "HTTP/1.1 500 "));
    g_assert_nonnull(strstr(refused, "refused at /"));
    limit_descriptors(-1);
    close(third);
    check(&fixture, UPLOAD "75\r\n\r\n" PART "a\r\n--xy--\r\n", "200", "file f f 1");
    fixture_stop(&fixture);
}

static void test_bad_addresses(void)
{
    Fixture fixture;
    fixture_start(&fixture);
    g_autoptr(GError) error = NULL;
    HttpServerPlan plan = {.address = "127.0.0.1",
                           .port = http_server_port(fixture.server),
                           .handler = echo,
                           .scratch = fixture.scratch,
                           .max_body_bytes = 1000,
                           .n_workers = 1};
    plan.address = "localhost";
    g_assert_null(http_server_start(&plan, &error));
    test_assert_error(error, INVALID, "localhost");
    fixture_stop(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/server/answers", test_answers);
    g_test_add_func("/http/server/address-behind-a-proxy", test_address_behind_a_proxy);
    g_test_add_func("/http/server/refusals", test_refusals);
    g_test_add_func("/http/server/heads-of-other-lines", test_heads_of_other_lines);
    g_test_add_func("/http/server/many-fields", test_many_fields);
    g_test_add_func("/http/server/what-is-not-taken", test_what_is_not_taken);
    g_test_add_func("/http/server/names-of-others", test_names_of_others);
    g_test_add_func("/http/server/slow-requests-are-ended", test_slow_requests_are_ended);
    g_test_add_func("/http/server/steady-bodies-are-taken", test_steady_bodies_are_taken);
    g_test_add_func("/http/server/folded-headers", test_folded_headers);
    g_test_add_func("/http/server/refusals-know-their-place", test_refusals_know_their_place);
    g_test_add_func("/http/server/long-heads", test_long_heads);
    g_test_add_func("/http/server/refused-early", test_refused_early);
    g_test_add_func("/http/server/connections-of-an-address", test_connections_of_an_address);
    g_test_add_func("/http/server/nobody-but-the-proxy", test_nobody_but_the_proxy);
    g_test_add_func("/http/server/multipart", test_multipart);
    g_test_add_func("/http/server/slow-handlers-run-together", test_slow_handlers_run_together);
    g_test_add_func("/http/server/who-reads-waits-for-no-forms", test_who_reads_waits_for_no_forms);
    g_test_add_func("/http/server/stop-waits-for-the-answer", test_stop_waits_for_the_answer);
    g_test_add_func("/http/server/stop-during-uploads", test_stop_during_uploads);
    g_test_add_func("/http/server/files-of-nobody", test_files_of_nobody);
    g_test_add_func("/http/server/files-leave-room", test_files_leave_room);
    g_test_add_func("/http/server/bodies-of-all", test_bodies_of_all);
    g_test_add_func("/http/server/who-never-reads", test_who_never_reads);
    g_test_add_func("/http/server/no-descriptor-left", test_no_descriptor_left);
    g_test_add_func("/http/server/bad-addresses", test_bad_addresses);
    return g_test_run();
}
