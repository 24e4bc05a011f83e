#include "cli/command-serve.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"
#include "base/message.h"
#include "cli/own-certificate.h"
#include "cli/served.h"
#include "cli/signer.h"
#include "http/server.h"
#include "paper/chart.h"
#include "web/offices.h"

#define DEFAULT_PORT 8017
#define N_WORKERS 32
#define MAX_PEM_BYTES ((size_t)1 << 20)
#define MAX_BODY_BYTES (INT64_C(520) << 20) /* a file of evidence and the form around it */

/* What is served, and by what. */
typedef struct Serving {
    CliContext *context;
    GPtrArray *served; /* of ServedOffice */
    WebOffices *offices;
    Scratch *scratch;   /* where uploads wait */
    OwnCertificate own; /* empty: not asked for */
    char *certificate;  /* PEM, as is its key; NULL: plain http */
    char *key;
    HttpServer *server;
    HttpServer *metrics_server; /* NULL: not asked for */
    Signer *signer;
} Serving;

/* Stop taking requests before what they work with goes. */
static void serving_clear(Serving *serving)
{
    http_server_stop(serving->server);
    http_server_stop(serving->metrics_server);
    signer_stop(serving->signer);
    g_clear_pointer(&serving->offices, web_offices_free);
    g_clear_pointer(&serving->served, g_ptr_array_unref);
    scratch_close(serving->scratch);
    own_certificate_clear(&serving->own);
    g_free(serving->certificate);
    g_free(serving->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Serving, serving_clear)

/* ---- the server ------------------------------------------------------------------------------ */

static bool is_loopback(const char *address)
{
    return g_str_has_prefix(address, "127.") || g_str_equal(address, "::1");
}

/* Take the certificate of our own authority, which is made where there is none. */
static bool take_own_certificate(Serving *serving, const char *names, GError **error)
{
    if (cli_has(serving->context, "certificate")) {
        cli_set_usage(serving->context, error,
                      "--own-certificate and --certificate do not go together");
        return false;
    }
    if (!own_certificate_take(names, source_system(), &serving->own, error)) {
        error_prefix(error, "--%s", "own-certificate");
        return false;
    }
    serving->certificate = g_strdup(serving->own.server.certificate);
    serving->key = g_strdup(serving->own.server.key);
    return true;
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
    const char *names = cli_option(serving->context, "own-certificate");
    if (names != NULL) {
        return take_own_certificate(serving, names, error);
    }
    if (certificate == NULL) {
        return true;
    }
    serving->certificate = file_read(certificate, MAX_PEM_BYTES, NULL, error);
    serving->key = serving->certificate != NULL ? file_read(key, MAX_PEM_BYTES, NULL, error) : NULL;
    const CertificatePair pair = {.certificate = serving->certificate, .key = serving->key};
    return serving->key != NULL && certificate_check_pair(&pair, certificate, key, error);
}

/* Say once what the proxy in front should send and does not: else all its clients are one address,
 * and no form is taken. */
static void log_proxy(const HttpRequest *request)
{
    static gint is_said;
    const char *header = http_request_lacks(request);
    if (header != NULL && g_atomic_int_compare_and_exchange(&is_said, false, true)) {
        g_autofree char *text =
            error_say(message_environment_language(),
                      N_("the proxy in front sends no %s: it must pass on X-Forwarded-Host (or "
                         "Host as it came), "
                         "X-Forwarded-Proto and X-Forwarded-For (docs/keys.md)"),
                      header);
        (void)fprintf(stderr, "%s\n", text);
    }
}

/* One line a request, on standard error: who, what, how it ended, how many bytes went out behind
 * the head, how long it took, and which account where access was refused.  The query stays out: it
 * may hold what somebody looked for. */
static void log_request(const HttpRequest *request, const HttpResponse *response,
                        int64_t duration_us, void *data)
{
    const WebOffices *offices = data;
    metrics_count(offices->metrics, http_response_status(response), duration_us);
    log_proxy(request);
    if (offices->is_quiet) {
        return;
    }
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    /* g_printerr() would convert each line to the locale's characters; paths are UTF-8 as sent. */
    const char *asker = http_response_asker(response);
    (void)fprintf(stderr, "%s %s %s %s %d %" G_GINT64_FORMAT " %.1fms%s%s\n", time,
                  http_request_client(request), http_request_method_name(request),
                  http_request_path(request), http_response_status(response),
                  http_response_n_bytes(response, request), (double)duration_us / 1000,
                  asker != NULL ? " " : "", asker != NULL ? asker : "");
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
                                 .data = serving->offices,
                                 .scratch = serving->scratch,
                                 .max_body_bytes = 0,
                                 .n_workers = 1};
    serving->metrics_server = http_server_start(&plan, error);
    if (serving->metrics_server == NULL) {
        error_prefix(error, "--%s", "metrics");
    }
    return serving->metrics_server != NULL;
}

static void add_offices(Serving *serving)
{
    serving->offices = web_offices_new(serving->scratch);
    serving->offices->is_quiet = cli_has(serving->context, "quiet");
    for (guint i = 0; i < serving->served->len; i++) {
        const ServedOffice *served = g_ptr_array_index(serving->served, i);
        web_offices_add(serving->offices, served->name, served->office, served->accounts);
    }
}

/* Check the address that option @name gives, if it does. */
static bool check_address(CliContext *context, const char *name, GError **error)
{
    const char *address = cli_option(context, name);
    if (address != NULL && !http_address_check(address, error)) {
        error_prefix(error, "--%s", name);
        return false;
    }
    return true;
}

/* Return the name by which the server is reached: the first in its own certificate, that of the
 * machine where it listens on every address, else the address; the caller owns it. */
static char *make_host(const CliContext *context)
{
    const char *names = cli_option(context, "own-certificate");
    const char *address = cli_option(context, "address");
    if (names != NULL) {
        g_auto(GStrv) all = certificate_parse_names(names, NULL);
        return g_strdup(all[0]);
    }
    if (g_strcmp0(address, "0.0.0.0") == 0 || g_strcmp0(address, "::") == 0) {
        return g_strdup(g_get_host_name());
    }
    return g_strdup(address != NULL ? address : "127.0.0.1");
}

/* Return where browsers find the server; the caller owns it. */
static char *make_origin(const Serving *serving)
{
    g_autofree char *host = make_host(serving->context);
    bool is_v6 = strchr(host, ':') != NULL;
    return g_strdup_printf("%s://%s%s%s:%d", serving->certificate != NULL ? "https" : "http",
                           is_v6 ? "[" : "", host, is_v6 ? "]" : "",
                           (int)http_server_port(serving->server));
}

static bool start_server(Serving *serving, GError **error)
{
    CliContext *context = serving->context;
    int64_t port = 0;
    int64_t n_connections = 0;
    const char *address = cli_option(context, "address");
    const char *proxy = cli_option(context, "proxy");
    address = address != NULL ? address : "127.0.0.1";
    if (!cli_option_int(context, "port", DEFAULT_PORT, 0, 65535, &port, error) ||
        !cli_option_int(context, "connections", 0, 1, HTTP_MAX_CONNECTIONS, &n_connections,
                        error) ||
        !check_address(context, "address", error) || !check_address(context, "proxy", error) ||
        !read_certificate(serving, error)) {
        return false;
    }
    if (!is_loopback(address) && serving->certificate == NULL && proxy == NULL) {
        cli_set_usage(context, error,
                      "beyond this machine the office is served encrypted only: give"
                      " --own-certificate and the names it is reached by, or --certificate and"
                      " --key, or name the --proxy that encrypts");
        return false;
    }
    serving->scratch = scratch_open(0, error);
    if (serving->scratch == NULL) {
        return false;
    }
    add_offices(serving);
    const HttpServerPlan plan = {.address = address,
                                 .port = (uint16_t)port,
                                 .handler = web_offices_handle,
                                 .takes_files = web_offices_take_files,
                                 .refusal = web_offices_refuse,
                                 .log = log_request,
                                 .data = serving->offices,
                                 .certificate = serving->certificate,
                                 .key = serving->key,
                                 .trusted_proxy = proxy,
                                 .scratch = serving->scratch,
                                 .max_body_bytes = MAX_BODY_BYTES,
                                 .n_connections_of_address = (int)n_connections,
                                 .n_workers = N_WORKERS};
    serving->server = http_server_start(&plan, error);
    if (serving->server == NULL) {
        error_prefix(error, "--%s", "port");
    }
    return serving->server != NULL && start_metrics(serving, error);
}

/* Let the process have as many connections as the system grants it. */
static void allow_connections(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Say what is missing on a machine where charts would show boxes for words.  Fonts take longer to
 * find than all the rest of the start, so nobody waits for it. */
static bool check_fonts(CliContext *context, GError **error)
{
    GError *sentence = NULL;
    if (!chart_can_write("办公室", &sentence)) {
        cli_say_take(context, sentence);
    }
    return cli_flush(context, error);
}

/* Return the signals that end it: Ctrl+C, whoever stops a service, and a connection to the machine
 * that is lost, unless that was said to be nothing (nohup). */
static sigset_t ending_signals(void)
{
    sigset_t signals;
    struct sigaction hangup;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
        sigaddset(&signals, SIGHUP);
    }
    return signals;
}

/* Serve until a signal ends it. */
static bool serve(CliContext *context, GError **error)
{
    g_auto(Serving) serving = {.context = context};
    sigset_t signals = ending_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* every thread that starts from here on */
    signal(SIGPIPE, SIG_IGN);
    allow_connections();
    /* What opens an .xlsx is forked before there are threads and a database. */
    int64_t sign_after = 0;
    if (!cli_option_int(context, "sign-after", SIGNER_AFTER_SECONDS, 1, 24 * 3600, &sign_after,
                        error) ||
        !child_server_start(error) || (serving.served = served_open(context, error)) == NULL ||
        !start_server(&serving, error)) {
        return false;
    }
    g_autofree char *origin = make_origin(&serving);
    serving.signer = signer_start(serving.served, sign_after);
    served_print(serving.served, origin, context);
    if (serving.own.root_path != NULL) {
        cli_say(context, N_("machines that shall open it trust the root '%s'"),
                serving.own.root_path);
        cli_say(context, N_("its SHA-256 fingerprint: %s"), serving.own.root_fingerprint);
    }
    if (serving.metrics_server != NULL) {
        cli_say(context, N_("metrics: http://127.0.0.1:%d/metrics"),
                (int)http_server_port(serving.metrics_server));
    }
    int signal_number = 0;
    return cli_flush(context, error) && check_fonts(context, error) &&
           sigwait(&signals, &signal_number) == 0;
}

static bool run(CliContext *context, GError **error)
{
    if (!serve(context, error)) {
        return false;
    }
    /* For who pressed Ctrl+C; what reads a pipe was perhaps ended by it as well. */
    if (isatty(STDOUT_FILENO)) {
        cli_say(context, N_("stopped: what was recorded is on the disk"));
    }
    return true;
}

static const CliOption options[] = {
    {"port", N_("PORT"), N_("8017 unless said; 0: one that is free")},
    {"address", N_("ADDRESS"), N_("where to listen: 127.0.0.1 unless said")},
    {"own-certificate", N_("NAMES"),
     N_("https with a certificate of its own for these host names and addresses, which commas"
        " separate")},
    {"certificate", N_("FILE"), N_("certificate for https, PEM")},
    {"key", N_("FILE"), N_("its private key, PEM")},
    {"proxy", N_("ADDRESS"), N_("address of the proxy in front, whose word on who asks is taken")},
    {"connections", N_("COUNT"),
     N_("how many one address may hold: 1000 unless said; the proxy as many as there are")},
    {"demo", NULL,
     N_("an account for each role, and a switch between them; never on real records")},
    {"metrics", N_("PORT"), N_("also serve numbers for a monitor, on 127.0.0.1 alone")},
    {"sign-after", N_("SECONDS"),
     N_("sign what is written after so long at most: 600 unless said")},
    {"quiet", NULL, N_("write no line for each request")},
    {NULL}};

const CliCommand command_serve = {
    .name = "serve",
    .operands = "OFFICE",
    .summary = N_("Show an office, or a folder of them, in a browser."),
    .text = N_("A folder that holds offices is served whole, each office at /NAME/ and a list of"
               " them at /. While it is served, this process alone writes the office; commands"
               " that write it are run here, as if alone. Beyond this machine it is served"
               " encrypted, or behind a proxy that is named."),
    .examples = "serve ./office\nserve ./offices\nserve ./demo --demo --port 8080\n"
                "serve ./office --address 0.0.0.0 --own-certificate office.lan",
    .options = options,
    .run = run,
};
