#include "cli/command-serve.h"

#include <glib/gstdio.h>
#include <signal.h>

#include "base/child.h"
#include "base/file.h"
#include "cli/print.h"
#include "cli/session.h"
#include "demo/demo-accounts.h"
#include "http/server.h"
#include "ledger/import.h"
#include "log/history.h"
#include "web/site.h"

#define DEFAULT_PORT 8017
#define N_WORKERS 32
#define MAX_PEM_BYTES ((size_t)1 << 20)
#define MAX_BODY_BYTES (INT64_C(520) << 20) /* a file of evidence and the form around it */

/* What is served, and by what. */
typedef struct Serving {
    CliContext *context;
    Source *source;
    Office *office;
    GPtrArray *accounts; /* of the demo; NULL: it is none */
    char *folder;        /* where uploads wait */
    char *certificate;
    char *key;
    Throttle *throttle;
    Metrics *metrics;
    MetricsSource metrics_source;
    WebSite site;
    HttpServer *server;
    HttpServer *metrics_server; /* NULL: not asked for */
} Serving;

/* Stop taking requests before what they work with goes. */
static void serving_clear(Serving *serving)
{
    http_server_stop(serving->server);
    http_server_stop(serving->metrics_server);
    g_clear_pointer(&serving->metrics, metrics_free);
    g_clear_pointer(&serving->accounts, g_ptr_array_unref);
    g_clear_pointer(&serving->throttle, throttle_free);
    g_clear_pointer(&serving->office, office_close);
    g_clear_pointer(&serving->source, source_free);
    if (serving->folder != NULL) {
        web_remove_waiting(serving->folder);
        g_rmdir(serving->folder); /* all else has gone with the requests */
    }
    g_free(serving->folder);
    g_free(serving->certificate);
    g_free(serving->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Serving, serving_clear)

/* ---- the office ------------------------------------------------------------------------------ */

/* Make the clock of a demo go on from its newest event.  Opened for writing, so that an older
 * demo's tables are brought up to date. */
static bool shift_clock(Serving *serving, GError **error)
{
    g_autoptr(Office) office =
        office_open(cli_operand(serving->context, 0), OFFICE_WRITE, NULL, error);
    g_autoptr(StoreConnection) reader =
        office != NULL ? store_reader_acquire(office_store(office), error) : NULL;
    int64_t size = 0;
    if (reader == NULL || !log_head(reader, &size, NULL, error)) {
        return false;
    }
    g_autoptr(GPtrArray) last = log_events_after(reader, size - 1, 1, error);
    if (last == NULL) {
        return false;
    }
    const LogEvent *event = last->len > 0 ? g_ptr_array_index(last, 0) : NULL;
    int64_t now_us = source_now_us(source_system());
    serving->source = source_new_shifted(event != NULL ? event->at_us + 1 - now_us : 0);
    return true;
}

static bool open_office(Serving *serving, GError **error)
{
    CliContext *context = serving->context;
    bool is_demo = cli_has(context, "demo");
    if (is_demo && !shift_clock(serving, error)) {
        return false;
    }
    g_autofree char *actor = cli_os_actor();
    const LogAct act = {.actor = actor};
    serving->office = office_open(cli_operand(context, 0), OFFICE_WRITE, serving->source, error);
    if (serving->office == NULL || !ledger_import_recover(serving->office, &act, error) ||
        (is_demo && !demo_accounts_open(serving->office, &serving->accounts, error))) {
        return false;
    }
    serving->throttle = throttle_new();
    serving->metrics = metrics_new();
    serving->metrics_source = (MetricsSource){serving->metrics, serving->office};
    serving->site = (WebSite){.office = serving->office,
                              .metrics = serving->metrics,
                              .is_quiet = cli_has(context, "quiet"),
                              .throttle = serving->throttle,
                              .accounts = serving->accounts};
    return true;
}

/* ---- the server ------------------------------------------------------------------------------ */

static bool is_loopback(const char *address)
{
    return g_str_has_prefix(address, "127.") || g_str_equal(address, "::1");
}

/* Read the certificate and its key, as text. */
static bool read_certificate(Serving *serving, GError **error)
{
    const char *certificate = cli_option(serving->context, "certificate");
    const char *key = cli_option(serving->context, "key");
    if ((certificate == NULL) != (key == NULL)) {
        cli_set_usage(serving->context, error, "--certificate and --key belong together");
        return false;
    }
    if (certificate == NULL) {
        return true;
    }
    serving->certificate = file_read(certificate, MAX_PEM_BYTES, NULL, error);
    serving->key = serving->certificate != NULL ? file_read(key, MAX_PEM_BYTES, NULL, error) : NULL;
    return serving->key != NULL;
}

/* One line a request, on standard error: who, what, how it ended, how long it took.  The query
 * stays out: it may hold what somebody looked for. */
static void log_request(const HttpRequest *request, const HttpResponse *response,
                        int64_t duration_us, void *data)
{
    const WebSite *site = data;
    metrics_count(site->metrics, http_response_status(response), duration_us);
    if (site->is_quiet) {
        return;
    }
    static const char *const methods[] = {"GET", "HEAD", "POST"};
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    g_printerr("%s %s %s %s %d %.1fms\n", time, http_request_client(request),
               methods[http_request_method(request)], http_request_path(request),
               http_response_status(response), (double)duration_us / 1000);
}

/* Serve the metrics on this machine's own address, where asked to. */
static bool start_metrics(Serving *serving, GError **error)
{
    int64_t port = 0;
    if (!cli_has(serving->context, "metrics")) {
        return true;
    }
    if (!cli_option_int(serving->context, "metrics", 0, 0, 65535, &port, error)) {
        return false;
    }
    const HttpServerPlan plan = {.address = "127.0.0.1",
                                 .port = (uint16_t)port,
                                 .handler = metrics_handle,
                                 .data = &serving->metrics_source,
                                 .upload_folder = serving->folder,
                                 .max_body_bytes = 0,
                                 .n_workers = 1};
    serving->metrics_server = http_server_start(&plan, error);
    return serving->metrics_server != NULL;
}

static bool start_server(Serving *serving, GError **error)
{
    CliContext *context = serving->context;
    int64_t port = 0;
    const char *address = cli_option(context, "address");
    const char *proxy = cli_option(context, "proxy");
    address = address != NULL ? address : "127.0.0.1";
    if (!cli_option_int(context, "port", DEFAULT_PORT, 0, 65535, &port, error) ||
        !read_certificate(serving, error)) {
        return false;
    }
    if (!is_loopback(address) && serving->certificate == NULL && proxy == NULL) {
        cli_set_usage(context, error,
                      "beyond this machine the office is served encrypted only: give --certificate "
                      "and --key, or name the --proxy that encrypts");
        return false;
    }
    serving->folder = g_dir_make_tmp("shuzhi-XXXXXX", error);
    if (serving->folder == NULL) {
        return false;
    }
    serving->site.folder = serving->folder;
    const HttpServerPlan plan = {.address = address,
                                 .port = (uint16_t)port,
                                 .handler = web_handle,
                                 .log = log_request,
                                 .data = &serving->site,
                                 .certificate = serving->certificate,
                                 .key = serving->key,
                                 .trusted_proxy = proxy,
                                 .upload_folder = serving->folder,
                                 .max_body_bytes = MAX_BODY_BYTES,
                                 .n_workers = N_WORKERS};
    serving->server = http_server_start(&plan, error);
    return serving->server != NULL && start_metrics(serving, error);
}

static void print_accounts(const Serving *serving)
{
    CliContext *context = serving->context;
    g_autoptr(CliTable) table = cli_table_new(3);
    for (guint i = 0; i < serving->accounts->len; i++) {
        const DemoAccount *account = g_ptr_array_index(serving->accounts, i);
        cli_table_add(table, cli_tr(context, account->words), account->name, account->password);
    }
    cli_say(context, N_("accounts of this demo, with passwords made just now:"));
    cli_table_print(table, 2, context);
}

static bool run(CliContext *context, GError **error)
{
    g_auto(Serving) serving = {.context = context};
    const char *address = cli_option(context, "address");
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* every thread that starts from here on */
    signal(SIGPIPE, SIG_IGN);
    /* What opens an .xlsx is forked before there are threads and a database. */
    if (!child_server_start(error) || !open_office(&serving, error) ||
        !start_server(&serving, error)) {
        return false;
    }
    cli_say(context, N_("'%s' is served at %s://%s:%d/ until Ctrl+C"), office_name(serving.office),
            serving.certificate != NULL ? "https" : "http", address != NULL ? address : "127.0.0.1",
            (int)http_server_port(serving.server));
    if (serving.metrics_server != NULL) {
        cli_say(context, N_("metrics: http://127.0.0.1:%d/metrics"),
                (int)http_server_port(serving.metrics_server));
    }
    if (serving.accounts != NULL) {
        print_accounts(&serving);
    }
    int signal_number = 0;
    return cli_flush(context, error) && sigwait(&signals, &signal_number) == 0;
}

static const CliOption options[] = {
    {"port", N_("PORT"), N_("8017 unless said; 0: one that is free")},
    {"address", N_("ADDRESS"), N_("where to listen: 127.0.0.1 unless said")},
    {"certificate", N_("FILE"), N_("certificate for https, PEM")},
    {"key", N_("FILE"), N_("its private key, PEM")},
    {"proxy", N_("ADDRESS"), N_("address of the proxy in front, whose word on who asks is taken")},
    {"demo", NULL,
     N_("an account for each role, and a switch between them; never on real records")},
    {"metrics", N_("PORT"), N_("also serve numbers for a monitor, on 127.0.0.1 alone")},
    {"quiet", NULL, N_("write no line for each request")},
    {NULL}};

const CliCommand command_serve = {
    .name = "serve",
    .operands = "OFFICE",
    .summary = N_("Show the office in a browser."),
    .text = N_("While it is served, this process alone writes the office. Beyond this machine it"
               " is served encrypted, or behind a proxy that is named."),
    .examples = "serve ./office\nserve ./demo --demo --port 8080",
    .options = options,
    .run = run,
};
