/* The face over the network: pages and form posts a second, start, memory, idle connections,
 * weight.
 *
 * The program itself serves the office of bench-figures; a client of one thread loads it over
 * keep-alive connections of this machine.  The processor time beside each rate is the server's own:
 * unlike the rate it says something on a busy machine too.  Where Debian's fossil is installed, its
 * ticket list is asked for by the same client in the same run.
 *
 * SHUZHI_BENCH_PROGRAM  the program
 * SHUZHI_BENCH_CASES    requests in the office (1,000,000)
 * SHUZHI_BENCH_OFFICE   a folder in which the office is kept from run to run; else a new one each
 * SHUZHI_BENCH_SECONDS  for which each page is asked for (5) */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/cases.h"
#include "bench/client.h"

#define N_READERS 8
#define N_WRITERS 32
#define N_IDLE 10000
#define N_STARTS 11
#define N_DEPTHS 20
#define N_PERIODS 2000 /* more lists than the server keeps, so that each is made anew */
#define N_TICKETS 10000
#define FIRST_FREE_PORT 18100
#define HEAD " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"

/* A server that was started, and what it has said. */
typedef struct Server {
    GPid process;
    uint16_t port;
    int64_t start_us;  /* until it answered its first line */
    FILE *out;         /* its standard output */
    int errors;        /* its standard error: a line a request */
    GThread *listener; /* reads that */
    GMutex mutex;
    GArray *handled_us; /* of int64_t: how long each request took in the server */
} Server;

static void die(const char *what)
{
    g_printerr("bench-web: %s\n", what);
    exit(1);
}

/* Gather the durations at the ends of the server's lines: "… /ledger/case 200 1.3ms". */
static void *listen_to(void *data)
{
    Server *server = data;
    FILE *errors = fdopen(server->errors, "r");
    char line[4096];
    while (fgets(line, sizeof line, errors) != NULL) {
        char *blank = strrchr(line, ' ');
        if (blank != NULL && strstr(blank, "ms\n") != NULL) {
            int64_t us = (int64_t)(g_ascii_strtod(blank + 1, NULL) * 1000);
            g_mutex_lock(&server->mutex);
            g_array_append_val(server->handled_us, us);
            g_mutex_unlock(&server->mutex);
        }
    }
    fclose(errors);
    return NULL;
}

/* Start @arguments and wait for its first line, which ends in an address of ours. */
static Server *server_start(const char *const *arguments)
{
    Server *server = g_new0(Server, 1);
    GError *error = NULL;
    int out = -1;
    int64_t start_us = bench_now_us();
    if (!g_spawn_async_with_pipes(NULL, (char **)arguments, NULL,
                                  G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL, NULL,
                                  &server->process, NULL, &out, &server->errors, &error)) {
        die(error->message);
    }
    char line[4096] = "";
    server->out = fdopen(out, "r");
    const char *at =
        fgets(line, sizeof line, server->out) != NULL ? strstr(line, "127.0.0.1:") : NULL;
    if (at == NULL) {
        die("the server does not start");
    }
    server->start_us = bench_now_us() - start_us;
    server->port = (uint16_t)g_ascii_strtoll(at + strlen("127.0.0.1:"), NULL, 10);
    server->handled_us = g_array_new(false, false, sizeof(int64_t));
    server->listener = g_thread_new("listener", listen_to, server);
    return server;
}

static void server_stop(Server *server)
{
    kill(server->process, SIGTERM);
    waitpid(server->process, NULL, 0);
    g_thread_join(server->listener);
    fclose(server->out);
    g_array_unref(server->handled_us);
    g_mutex_clear(&server->mutex);
    g_free(server);
}

/* Return the microseconds of processor time that the server has used. */
static int64_t server_cpu_us(const Server *server)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)server->process);
    g_autofree char *text = NULL;
    unsigned long own = 0;
    unsigned long kernel = 0;
    if (!g_file_get_contents(path, &text, NULL, NULL) ||
        sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &own,
               &kernel) != 2) {
        die("the server is gone");
    }
    return (int64_t)(own + kernel) * G_USEC_PER_SEC / sysconf(_SC_CLK_TCK);
}

/* Return the megabytes of memory that the server occupies, what it shares with others too. */
static double server_memory_mb(const Server *server)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)server->process);
    g_autofree char *text = NULL;
    const char *at = g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, "VmRSS:") : NULL;
    return at != NULL ? (double)g_ascii_strtoll(at + strlen("VmRSS:"), NULL, 10) / 1024 : 0;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Return the request for @path by who holds @cookie; the caller owns it. */
static char *make_get(const char *path, const char *cookie, bool is_last)
{
    return g_strdup_printf("GET %s" HEAD "Cookie: %s\r\n%s\r\n", path, cookie,
                           is_last ? "Connection: close\r\n" : "");
}

static char *make_post(const char *path, const char *cookie, const char *form, bool is_last)
{
    return g_strdup_printf("POST %s" HEAD "Cookie: %s\r\n%s"
                           "Content-Type: application/x-www-form-urlencoded\r\n"
                           "Content-Length: %zu\r\n\r\n%s",
                           path, cookie, is_last ? "Connection: close\r\n" : "", strlen(form),
                           form);
}

/* Return what stands in @text between @before and the next @end; dies where it is not. */
static char *cut_out(const char *text, const char *before, const char *end)
{
    const char *at = strstr(text, before);
    if (at == NULL) {
        g_printerr("%.2000s\n", text);
        die(before);
    }
    at += strlen(before);
    return g_strndup(at, strcspn(at, end));
}

/* Come in as @name of the demo; returns the cookie, which the caller owns. */
static char *sign_in(const Server *server, const char *name)
{
    g_autofree char *form = g_strdup_printf("name=%s", name);
    g_autofree char *request = make_post("/be", "", form, true);
    g_autofree char *answer = client_ask(server->port, request);
    g_autofree char *value = cut_out(answer, "session=", ";");
    return g_strdup_printf("session=%s", value);
}

/* Return the page @path as it is read, not compressed; the caller owns it. */
static char *read_page(const Server *server, const char *path, const char *cookie)
{
    g_autofree char *request = g_strdup_printf(
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: %s\r\n\r\n", path,
        cookie);
    return client_ask(server->port, request);
}

/* What a load has to reach: a second, and in the server; 0: no matter. */
typedef struct Bar {
    double rate;
    double p99_ms;
} Bar;

/* ---- loads ----------------------------------------------------------------------------------- */

/* Print what came of a load: the rate against @bar, the server's processor time, both latencies. */
static void print_load(const char *name, Server *server, int64_t cpu_us, ClientResult *result,
                       const Bar *bar)
{
    g_autofree char *cpu = g_strdup_printf("%s, processor time", name);
    g_autofree char *outside = g_strdup_printf("%s, at the client", name);
    g_autofree char *inside = g_strdup_printf("%s, in the server", name);
    double n = (double)MAX(result->n_answers, 1);
    bench_print(name, n / ((double)result->duration_us / G_USEC_PER_SEC), "a second", bar->rate,
                true);
    bench_print(cpu, (double)cpu_us / n, "us each", 0, false);
    bench_print_samples(outside, &g_array_index(result->samples_us, int64_t, 0),
                        result->samples_us->len, 0, true);
    g_mutex_lock(&server->mutex);
    if (server->handled_us->len > 0) {
        bench_print_samples(inside, &g_array_index(server->handled_us, int64_t, 0),
                            server->handled_us->len, bar->p99_ms, true);
    }
    g_array_set_size(server->handled_us, 0);
    g_mutex_unlock(&server->mutex);
    if (result->n_refused > 0) {
        bench_print("REFUSED", (double)result->n_refused, "answers", 0, false);
    }
}

/* Send @requests by turns and print it; returns answers a second. */
static double run_load(const char *name, Server *server, const GPtrArray *requests,
                       int n_connections, const Bar *bar)
{
    const ClientLoad load = {.port = server->port,
                             .n_connections = n_connections,
                             .requests = requests,
                             .duration_us =
                                 bench_option("SHUZHI_BENCH_SECONDS", 5) * G_USEC_PER_SEC};
    g_mutex_lock(&server->mutex);
    g_array_set_size(server->handled_us, 0);
    g_mutex_unlock(&server->mutex);
    int64_t cpu_us = server_cpu_us(server);
    ClientResult result = client_run(&load);
    cpu_us = server_cpu_us(server) - cpu_us;
    print_load(name, server, cpu_us, &result, bar);
    double rate = (double)result.n_answers / ((double)result.duration_us / G_USEC_PER_SEC);
    client_result_clear(&result);
    return rate;
}

/* Return the addresses of the first entries of the list (of char*). */
static GPtrArray *find_entries(const char *list)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *at = strstr(list, "\"/entry/"); at != NULL; at = strstr(at + 1, "\"/entry/")) {
        g_ptr_array_add(paths, g_strndup(at + 1, strcspn(at + 1, "\"")));
    }
    return paths;
}

/* Return requests for the @n pages that follow the first of the list, one behind the other. */
static GPtrArray *find_depths(const Server *server, const char *first, const char *cookie, int n)
{
    GPtrArray *requests = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *page = g_strdup(first);
    for (int i = 0; i < n; i++) {
        g_autofree char *path = cut_out(page, "rel=\"next\" href=\"", "\"");
        g_ptr_array_add(requests, make_get(path, cookie, false));
        g_free(page);
        page = read_page(server, path, cookie);
    }
    return requests;
}

/* Return requests for the first page of the lists until each of the last days of 2023 and the years
 * before it. */
static GPtrArray *make_periods(const char *cookie)
{
    GPtrArray *requests = g_ptr_array_new_with_free_func(g_free);
    GDate day;
    g_date_set_dmy(&day, 31, G_DATE_DECEMBER, 2023);
    for (int i = 0; i < N_PERIODS; i++) {
        g_autofree char *path =
            g_strdup_printf("/ledger/case?until=%04d-%02d-%02d", g_date_get_year(&day),
                            (int)g_date_get_month(&day), g_date_get_day(&day));
        g_ptr_array_add(requests, make_get(path, cookie, false));
        g_date_subtract_days(&day, 1);
    }
    return requests;
}

static double run_pages(Server *server, const char *cookie)
{
    const Bar bar = {.rate = 3000, .p99_ms = 10};
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) reports = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *list = read_page(server, "/ledger/case", cookie);
    g_autoptr(GPtrArray) paths = find_entries(list);
    if (paths->len == 0) {
        die("the list is empty");
    }
    g_ptr_array_add(lists, make_get("/ledger/case", cookie, false));
    for (guint i = 0; i < paths->len; i++) {
        g_ptr_array_add(entries, make_get(g_ptr_array_index(paths, i), cookie, false));
    }
    g_ptr_array_add(reports, make_get("/report/annual?period=2023", cookie, false));
    g_autoptr(GPtrArray) depths = find_depths(server, list, cookie, N_DEPTHS);
    double rate = run_load("list pages, the first", server, lists, N_READERS, &bar);
    run_load("list pages, the next twenty by turns", server, depths, N_READERS, &bar);
    g_autoptr(GPtrArray) periods = make_periods(cookie);
    run_load("list pages, each the first of its kind", server, periods, N_READERS, &bar);
    run_load("entry pages", server, entries, N_READERS, &bar);
    run_load("report pages", server, reports, N_READERS, &bar);
    return rate;
}

/* Thirty-two clients record requests, each answered when its own is on the disk. */
static void run_posts(Server *server, const char *cookie)
{
    const Bar bar = {.rate = 1500};
    g_autofree char *page = read_page(server, "/ledger/case/add", cookie);
    g_autofree char *token = cut_out(page, "name=\"form_token\" value=\"", "\"");
    g_autofree char *form =
        g_strdup_printf("form_token=%s&f-title=%%E6%%A1%%A5%%E5%%A4%%B4&"
                        "f-received_at=2023-12-28+09%%3A00&f-channel=hotline&sure=1",
                        token);
    g_autoptr(GPtrArray) posts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(posts, make_post("/ledger/case/add", cookie, form, false));
    run_load("form posts on disk, 32 clients", server, posts, N_WRITERS, &bar);
}

/* Print the heaviest first view: a page and all that it loads, compressed. */
static void run_weights(const Server *server, const char *cookie)
{
    static const char *const pages[] = {"/",
                                        "/ledger/case",
                                        "/report/annual?period=2023",
                                        "/report/annual?period=2023&figure=cases_handled",
                                        "/roster",
                                        "/help"};
    g_autofree char *first = read_page(server, "/", cookie);
    size_t n_assets = 0;
    for (const char *at = strstr(first, "\"/assets/"); at != NULL;
         at = strstr(at + 1, "\"/assets/")) {
        g_autofree char *path = g_strndup(at + 1, strcspn(at + 1, "\""));
        g_autofree char *request = make_get(path, cookie, true);
        g_autofree char *answer = client_ask(server->port, request);
        g_autofree char *length = cut_out(answer, "Content-Length: ", "\r");
        n_assets += (size_t)g_ascii_strtoll(length, NULL, 10);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *request = make_get(pages[i], cookie, true);
        g_autofree char *answer = client_ask(server->port, request);
        g_autofree char *length = cut_out(answer, "Content-Length: ", "\r");
        g_autofree char *name = g_strdup_printf("first view of %s", pages[i]);
        bench_print(name, (double)(n_assets + (size_t)g_ascii_strtoll(length, NULL, 10)) / 1000,
                    "kB", 60, false);
    }
}

/* ---- start, memory, idle connections --------------------------------------------------------- */

static void run_starts(const char *program, const char *location)
{
    const char *const arguments[] = {program, "serve", location, "--port", "0", NULL};
    int64_t samples_us[N_STARTS];
    for (int i = 0; i < N_STARTS; i++) {
        Server *server = server_start(arguments);
        samples_us[i] = server->start_us;
        server_stop(server);
    }
    bench_print_samples("start, until it answers", samples_us, N_STARTS, 50, false);
}

static void run_idle(const char *program, const char *location)
{
    const char *const arguments[] = {program, "serve",         location, "--port",
                                     "0",     "--connections", "11000",  NULL};
    Server *server = server_start(arguments);
    g_autofree char *request = make_get("/health", "", true);
    g_autofree char *before = client_ask(server->port, request);
    bench_print("memory, idle", server_memory_mb(server), "MB", 40, false);
    g_autoptr(GArray) handles = client_open(server->port, N_IDLE);
    int64_t start_us = bench_now_us();
    g_autofree char *answer = client_ask(server->port, request);
    int64_t took_us = bench_now_us() - start_us;
    bool is_good = strstr(answer, " 200 ") != NULL;
    bench_print("connections held", is_good ? (double)handles->len : 0, "", N_IDLE, true);
    bench_print("a page beside them", (double)took_us / 1000, "ms", 0, false);
    bench_print("memory with them", server_memory_mb(server), "MB", 0, false);
    for (guint i = 0; i < handles->len; i++) {
        close(g_array_index(handles, int, i));
    }
    server_stop(server);
}

/* ---- the peer -------------------------------------------------------------------------------- */

/* Run @command, quietly; returns whether it went well. */
static bool run_quietly(const char *command)
{
    int status = 0;
    const char *const arguments[] = {"sh", "-c", command, NULL};
    return g_spawn_sync(NULL, (char **)arguments, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

/* Ask Fossil for fifty of its tickets, as the list of ours has fifty requests. */
static void run_peer(double ours)
{
    g_autofree char *folder = bench_new_folder();
    g_autofree char *make = g_strdup_printf(
        "cd %s && export HOME=%s && fossil init -A bench r.fossil && fossil sql -R r.fossil \""
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        " INSERT INTO ticket(tkt_uuid, tkt_mtime, tkt_ctime, type, status, title)"
        " SELECT lower(hex(randomblob(20))), 2459000.5 + i, 2459000.5 + i, 'Incident', 'Open',"
        " 'request ' || i FROM n;"
        " UPDATE reportfmt SET sqlcode = 'SELECT substr(tkt_uuid, 1, 10) AS ''#'', type, status,"
        " title FROM ticket ORDER BY tkt_mtime DESC LIMIT 50' WHERE rn = 1;"
        " UPDATE user SET cap = cap || 'r' WHERE login IN ('nobody', 'anonymous')\"",
        folder, folder, N_TICKETS);
    if (!run_quietly("fossil version") || !run_quietly(make)) {
        printf("  (fossil is not installed: no peer)\n");
        return;
    }
    g_autofree char *repository = g_build_filename(folder, "r.fossil", NULL);
    g_autofree char *port = g_strdup_printf("%d", FIRST_FREE_PORT + (int)getpid() % 1000);
    const char *const arguments[] = {"stdbuf",      "-oL",    "fossil", "server", repository,
                                     "--localhost", "--port", port,     NULL};
    g_setenv("HOME", folder, true);
    Server server = {.port = (uint16_t)g_ascii_strtoll(port, NULL, 10)};
    g_spawn_async(NULL, (char **)arguments, NULL,
                  G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                      G_SPAWN_STDERR_TO_DEV_NULL,
                  NULL, NULL, &server.process, NULL);
    client_wait(server.port);
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(lists, make_get("/rptview/1", "", false));
    const ClientLoad load = {.port = server.port,
                             .n_connections = N_READERS,
                             .requests = lists,
                             .duration_us =
                                 bench_option("SHUZHI_BENCH_SECONDS", 5) * G_USEC_PER_SEC};
    ClientResult result = client_run(&load);
    double theirs = (double)result.n_answers / ((double)result.duration_us / G_USEC_PER_SEC);
    bench_print("fossil, fifty of 10,000 tickets", theirs, "a second", 0, false);
    bench_print("fossil, bytes of an answer", (double)result.n_bytes / (double)result.n_answers, "",
                0, false);
    bench_print_ratio("list pages", ours, theirs, "fossil's ticket list");
    client_result_clear(&result);
    kill(server.process, SIGTERM);
    waitpid(server.process, NULL, 0);
    bench_remove_folder(folder);
}

/* ---------------------------------------------------------------------------------------------- */

static void allow_connections(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(void)
{
    int64_t n_cases = bench_option("SHUZHI_BENCH_CASES", 1000000);
    const char *program = g_getenv("SHUZHI_BENCH_PROGRAM");
    const char *kept = g_getenv("SHUZHI_BENCH_OFFICE");
    g_autofree char *title = g_strdup_printf("pages of %lld cases", (long long)n_cases);
    bench_begin(title);
    if (program == NULL) {
        die("SHUZHI_BENCH_PROGRAM names no program");
    }
    signal(SIGPIPE, SIG_IGN);
    g_autofree char *folder = kept != NULL ? g_strdup(kept) : bench_new_folder();
    g_autofree char *location = cases_find_office(folder, n_cases);
    run_starts(program, location);
    allow_connections();
    run_idle(program, location);
    const char *const arguments[] = {program, "serve", location, "--demo", "--port", "0", NULL};
    Server *server = server_start(arguments);
    g_autofree char *cookie = sign_in(server, "demo-dispatcher");
    double rate = run_pages(server, cookie);
    run_posts(server, cookie);
    run_weights(server, cookie);
    server_stop(server);
    run_peer(rate);
    if (kept == NULL) {
        bench_remove_folder(folder);
    }
    return 0;
}
