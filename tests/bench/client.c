#include "bench/client.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/bench.h"

#define N_EVENTS 256
#define READ_BYTES 65536

/* One connection: a request is out, and part of its answer is here. */
typedef struct Line {
    int handle;
    GString *answer; /* its head, until that is whole */
    int64_t n_left;  /* bytes of the body still to come; -1: the head is not here yet */
    int64_t sent_us;
    bool is_last; /* the server closes after this answer */
} Line;

typedef struct Client {
    const ClientLoad *load;
    ClientResult result;
    int epoll;
    guint n_sent;
} Client;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int connect_to(uint16_t port)
{
    const int on = 1;
    int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (handle < 0 || connect(handle, (struct sockaddr *)&address, sizeof address) != 0) {
        die("connect");
    }
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return handle;
}

static void send_all(int handle, const char *bytes, size_t n_bytes)
{
    while (n_bytes > 0) {
        ssize_t n = send(handle, bytes, n_bytes, MSG_NOSIGNAL);
        if (n < 0) {
            die("send");
        }
        bytes += n;
        n_bytes -= (size_t)n;
    }
}

static void line_open(Client *client, Line *line)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
    line->handle = connect_to(client->load->port);
    epoll_ctl(client->epoll, EPOLL_CTL_ADD, line->handle, &event);
}

static void line_ask(Client *client, Line *line)
{
    const GPtrArray *requests = client->load->requests;
    const char *request = g_ptr_array_index(requests, client->n_sent++ % requests->len);
    g_string_truncate(line->answer, 0);
    line->n_left = -1;
    line->is_last = false;
    line->sent_us = bench_now_us();
    send_all(line->handle, request, strlen(request));
}

/* Return the value of the header @name in @head, "" when it is not there; borrowed. */
static const char *find_header(const char *head, const char *name)
{
    const char *at = strcasestr(head, name);
    return at != NULL ? at + strlen(name) : "";
}

/* Read the head of the answer once it is whole: then the rest of the body is known. */
static void read_head(Client *client, Line *line)
{
    char *end = strstr(line->answer->str, "\r\n\r\n");
    if (end == NULL) {
        return;
    }
    size_t n_head = (size_t)(end + 4 - line->answer->str);
    int64_t n_here = (int64_t)(line->answer->len - n_head);
    *end = '\0';
    const char *head = line->answer->str;
    int status = (int)g_ascii_strtoll(head + strlen("HTTP/1.1 "), NULL, 10);
    int64_t length = g_ascii_strtoll(find_header(head, "\nContent-Length: "), NULL, 10);
    client->result.n_refused += status >= 400;
    line->is_last = g_str_has_prefix(head, "HTTP/1.0") || *find_header(head, "\nConnection: close");
    line->n_left = length - n_here;
}

/* The answer is whole: note it, and ask again until the time is up. */
static void end_answer(Client *client, Line *line)
{
    int64_t now_us = bench_now_us();
    int64_t took_us = now_us - line->sent_us;
    client->result.n_answers++;
    g_array_append_val(client->result.samples_us, took_us);
    if (line->is_last) {
        close(line->handle);
        line_open(client, line);
    }
    line_ask(client, line);
}

static void take_bytes(Client *client, Line *line)
{
    char bytes[READ_BYTES];
    ssize_t n = recv(line->handle, bytes, sizeof bytes, 0);
    if (n < 0) {
        die("recv");
    }
    client->result.n_bytes += n;
    if (line->n_left < 0) {
        g_string_append_len(line->answer, bytes, n);
        read_head(client, line);
    } else {
        line->n_left -= n;
    }
    if (line->n_left == 0) {
        end_answer(client, line);
    } else if (n == 0) { /* closed before its time */
        client->result.n_refused++;
        line->is_last = true;
        end_answer(client, line);
    }
}

ClientResult client_run(const ClientLoad *load)
{
    Client client = {.load = load,
                     .result = {.samples_us = g_array_new(false, false, sizeof(int64_t))},
                     .epoll = epoll_create1(EPOLL_CLOEXEC)};
    Line *lines = g_new0(Line, load->n_connections);
    int64_t start_us = bench_now_us();
    for (int i = 0; i < load->n_connections; i++) {
        lines[i].answer = g_string_new(NULL);
        line_open(&client, &lines[i]);
        line_ask(&client, &lines[i]);
    }
    while (bench_now_us() - start_us < load->duration_us) {
        struct epoll_event events[N_EVENTS];
        int n = epoll_wait(client.epoll, events, N_EVENTS, 100);
        for (int i = 0; i < n; i++) {
            take_bytes(&client, events[i].data.ptr);
        }
    }
    client.result.duration_us = bench_now_us() - start_us;
    for (int i = 0; i < load->n_connections; i++) {
        close(lines[i].handle);
        g_string_free(lines[i].answer, true);
    }
    close(client.epoll);
    g_free(lines);
    return client.result;
}

void client_result_clear(ClientResult *result)
{
    g_array_unref(result->samples_us);
}

char *client_ask(uint16_t port, const char *request)
{
    int handle = connect_to(port);
    GString *answer = g_string_new(NULL);
    char bytes[READ_BYTES];
    send_all(handle, request, strlen(request));
    for (ssize_t n = 1; n > 0;) {
        n = recv(handle, bytes, sizeof bytes, 0);
        g_string_append_len(answer, bytes, MAX(n, 0));
    }
    close(handle);
    return g_string_free(answer, false);
}

GArray *client_open(uint16_t port, int n)
{
    GArray *handles = g_array_new(false, false, sizeof(int));
    for (int i = 0; i < n; i++) {
        int handle = connect_to(port);
        g_array_append_val(handles, handle);
    }
    return handles;
}

void client_wait(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (bool is_there = false; !is_there; g_usleep(20 * 1000)) {
        int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        is_there = connect(handle, (struct sockaddr *)&address, sizeof address) == 0;
        close(handle);
    }
}
