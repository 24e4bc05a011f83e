#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <unistd.h>

#define IDLE_SECONDS 30
#define MAX_CONNECTIONS 12000
#define MAX_CONNECTIONS_OF_ADDRESS 11000 /* one proxy or one NAT may hold nearly all */
#define CONNECTION_MEMORY_BYTES (32 * 1024)
#define POST_BUFFER_BYTES 4096
#define N_IO_THREADS 2
#define LAST_ANSWER_SECONDS 5 /* a reader that is slower loses the rest when the server stops */

struct HttpServer {
    HttpServerPlan plan;
    struct MHD_Daemon *daemon;
    GThreadPool *workers;
    GMutex mutex; /* over what follows */
    GCond changed;
    int n_unfinished; /* requests handed to a worker whose answer is not sent yet */
    bool is_stopping;
};

/* One request on its way through. */
typedef struct Exchange {
    HttpServer *server;
    struct MHD_Connection *connection;
    char *target; /* as sent */
    HttpRequest *request;
    HttpResponse *response; /* set before the connection is resumed */
    struct MHD_PostProcessor *form;
    GString *body; /* of what is no form */
    int64_t n_received;
    int upload; /* descriptor of the file being received; -1: none */
    HttpUpload *receiving;
    int64_t start_us;
    int status; /* not 0: refused */
    bool is_handed_over;
    GString *field; /* value of the field being received */
    char *field_name;
} Exchange;

static void exchange_free(Exchange *exchange)
{
    if (exchange != NULL) {
        if (exchange->form != NULL) {
            MHD_destroy_post_processor(exchange->form);
        }
        if (exchange->upload >= 0) {
            close(exchange->upload);
        }
        http_upload_free(exchange->receiving);
        http_request_free(exchange->request);
        http_response_free(exchange->response);
        g_string_free(exchange->body, true);
        g_string_free(exchange->field, true);
        g_free(exchange->field_name);
        g_free(exchange->target);
        g_free(exchange);
    }
}

/* ---- the head of a request ------------------------------------------------------------------- */

/* Called with the request line's address before anything else. */
static void *begin_exchange(void *data, const char *uri, struct MHD_Connection *connection)
{
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->server = data;
    exchange->connection = connection;
    exchange->target = g_strdup(uri);
    exchange->body = g_string_new(NULL);
    exchange->field = g_string_new(NULL);
    exchange->upload = -1;
    exchange->start_us = g_get_monotonic_time();
    return exchange;
}

static void refuse(Exchange *exchange, int status)
{
    if (exchange->status == 0) {
        exchange->status = status;
    }
}

static enum MHD_Result take_header(void *data, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    Exchange *exchange = data;
    g_autoptr(GError) error = NULL;
    if (!http_request_add_header(exchange->request, name, value != NULL ? value : "", &error)) {
        refuse(exchange, MHD_HTTP_BAD_REQUEST);
        return MHD_NO;
    }
    return MHD_YES;
}

/* Return the address of the peer as text; the caller owns it. */
static char *peer_address(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    const struct sockaddr *address = info != NULL ? info->client_addr : NULL;
    if (address != NULL && address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, sizeof text);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, text, sizeof text);
    }
    return g_strdup(text);
}

static bool find_method(const char *name, HttpMethod *ret_method)
{
    static const char *const names[HTTP_N_METHODS] = {"GET", "HEAD", "POST"};
    for (int i = 0; i < HTTP_N_METHODS; i++) {
        if (g_str_equal(names[i], name)) {
            *ret_method = (HttpMethod)i;
            return true;
        }
    }
    return false;
}

/* Return the last address of X-Forwarded-For when the peer is the trusted proxy, else the peer's;
 * the caller owns it. */
static char *client_address(const Exchange *exchange, bool *ret_is_proxied)
{
    g_autofree char *peer = peer_address(exchange->connection);
    const char *proxy = exchange->server->plan.trusted_proxy;
    const char *forwarded =
        MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "X-Forwarded-For");
    *ret_is_proxied = proxy != NULL && g_str_equal(proxy, peer);
    if (!*ret_is_proxied || forwarded == NULL) {
        return g_steal_pointer(&peer);
    }
    const char *comma = strrchr(forwarded, ',');
    return g_strstrip(g_strdup(comma != NULL ? comma + 1 : forwarded));
}

static const char *header(const Exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* Check that the body has one length and a bearable one. */
static void check_length(Exchange *exchange)
{
    const char *length = header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (length != NULL && header(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL) {
        refuse(exchange, MHD_HTTP_BAD_REQUEST); /* request smuggling, RFC 9112 §6.1 */
    } else if (length != NULL && g_ascii_strtoull(length, NULL, 10) >
                                     (guint64)exchange->server->plan.max_body_bytes) {
        refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE);
    }
}

static enum MHD_Result take_field(void *data, enum MHD_ValueKind kind, const char *name,
                                  const char *file, const char *type, const char *encoding,
                                  const char *bytes, uint64_t offset, size_t n_bytes);

/* Begin the request whose headers are here. */
static void begin_request(Exchange *exchange, const char *method_name)
{
    HttpMethod method = HTTP_GET;
    if (!find_method(method_name, &method)) {
        refuse(exchange, MHD_HTTP_METHOD_NOT_ALLOWED);
        return;
    }
    bool is_proxied = false;
    g_autofree char *client = client_address(exchange, &is_proxied);
    exchange->request = http_request_new(method, exchange->target, client, NULL);
    if (exchange->request == NULL) {
        refuse(exchange, MHD_HTTP_BAD_REQUEST);
        return;
    }
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, exchange);
    const char *scheme = header(exchange, "X-Forwarded-Proto");
    if (exchange->server->plan.certificate != NULL ||
        (is_proxied && scheme != NULL && g_str_equal(scheme, "https"))) {
        http_request_set_secure(exchange->request);
    }
    check_length(exchange);
    const char *type = header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE);
    if (exchange->status == 0 && method == HTTP_POST && type != NULL &&
        (g_str_has_prefix(type, "application/x-www-form-urlencoded") ||
         g_str_has_prefix(type, "multipart/form-data"))) {
        exchange->form = MHD_create_post_processor(exchange->connection, POST_BUFFER_BYTES,
                                                   take_field, exchange);
        if (exchange->form == NULL) {
            refuse(exchange, MHD_HTTP_BAD_REQUEST);
        }
    }
}

/* ---- the body -------------------------------------------------------------------------------- */

/* Give the field or file that was being received to the request. */
static void end_field(Exchange *exchange)
{
    if (exchange->receiving != NULL) {
        close(exchange->upload);
        exchange->upload = -1;
        http_request_add_upload(exchange->request, g_steal_pointer(&exchange->receiving));
    } else if (exchange->field_name != NULL) {
        if (strlen(exchange->field->str) != exchange->field->len ||
            !http_request_add_field(exchange->request, exchange->field_name, exchange->field->str,
                                    NULL)) {
            refuse(exchange, MHD_HTTP_BAD_REQUEST);
        }
    }
    g_clear_pointer(&exchange->field_name, g_free);
    g_string_truncate(exchange->field, 0);
}

/* Begin to receive the file @name of the field @field. */
static void begin_upload(Exchange *exchange, const char *field, const char *name)
{
    g_autofree char *path =
        g_build_filename(exchange->server->plan.upload_folder, "upload-XXXXXX", NULL);
    exchange->upload = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (exchange->upload < 0) {
        refuse(exchange,
               errno == ENOSPC ? MHD_HTTP_INSUFFICIENT_STORAGE : MHD_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }
    const char *slash = MAX(strrchr(name, '/'), strrchr(name, '\\'));
    exchange->receiving = g_new0(HttpUpload, 1);
    exchange->receiving->field = g_strdup(field);
    exchange->receiving->name = g_utf8_make_valid(slash != NULL ? slash + 1 : name, -1);
    exchange->receiving->path = g_steal_pointer(&path);
}

static void append_upload(Exchange *exchange, const char *bytes, size_t n_bytes)
{
    while (n_bytes > 0) {
        ssize_t n = write(exchange->upload, bytes, n_bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            refuse(exchange, errno == ENOSPC ? MHD_HTTP_INSUFFICIENT_STORAGE
                                             : MHD_HTTP_INTERNAL_SERVER_ERROR);
            return;
        }
        bytes += n;
        n_bytes -= (size_t)n;
        exchange->receiving->n_bytes += n;
    }
}

/* Called for each piece of a form's field; a new one begins at @offset 0. */
static enum MHD_Result take_field(void *data, enum MHD_ValueKind kind, const char *name,
                                  const char *file, const char *type, const char *encoding,
                                  const char *bytes, uint64_t offset, size_t n_bytes)
{
    Exchange *exchange = data;
    if (offset == 0) {
        end_field(exchange);
        if (file != NULL && *file != '\0') {
            begin_upload(exchange, name, file);
        } else if (name != NULL && file == NULL) {
            exchange->field_name = g_strdup(name);
        }
    }
    if (exchange->status != 0) {
        return MHD_NO;
    }
    if (exchange->receiving != NULL) {
        append_upload(exchange, bytes, n_bytes);
    } else if (exchange->field->len + n_bytes > HTTP_MAX_FORM_BYTES) {
        refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE);
    } else {
        g_string_append_len(exchange->field, bytes, (gssize)n_bytes);
    }
    return exchange->status == 0 ? MHD_YES : MHD_NO;
}

static void take_body(Exchange *exchange, const char *bytes, size_t n_bytes)
{
    exchange->n_received += (int64_t)n_bytes;
    if (exchange->n_received > exchange->server->plan.max_body_bytes) {
        refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE);
    }
    if (exchange->status != 0) {
        return; /* the rest is read and thrown away, so that the answer arrives */
    }
    if (exchange->form != NULL) {
        if (MHD_post_process(exchange->form, bytes, n_bytes) == MHD_NO) {
            refuse(exchange, MHD_HTTP_BAD_REQUEST);
        }
    } else if (exchange->body->len + n_bytes > HTTP_MAX_FORM_BYTES) {
        refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE);
    } else {
        g_string_append_len(exchange->body, bytes, (gssize)n_bytes);
    }
}

/* Finish what the body was; the request is complete. */
static void end_request(Exchange *exchange)
{
    if (exchange->form != NULL) {
        MHD_destroy_post_processor(exchange->form);
        exchange->form = NULL;
        end_field(exchange);
    } else {
        http_request_set_body(exchange->request, exchange->body->str, exchange->body->len);
    }
}

/* ---- answering ------------------------------------------------------------------------------- */

/* Runs on a worker. */
static void handle(gpointer data, gpointer server_data)
{
    Exchange *exchange = data;
    const HttpServerPlan *plan = &((HttpServer *)server_data)->plan;
    exchange->response = http_response_new();
    plan->handler(exchange->request, exchange->response, plan->data);
    http_response_finish(exchange->response, exchange->request);
    if (plan->log != NULL) {
        plan->log(exchange->request, exchange->response,
                  g_get_monotonic_time() - exchange->start_us, plan->data);
    }
    MHD_resume_connection(exchange->connection);
}

/* Return the answer in the library's form. */
static struct MHD_Response *make_answer(const HttpResponse *response)
{
    int64_t n_bytes = 0;
    int file = http_response_file(response, &n_bytes);
    if (file >= 0) {
        int64_t offset = 0;
        int64_t length = 0;
        http_response_range(response, &offset, &length);
        return MHD_create_response_from_fd_at_offset64(
            (uint64_t)length, fcntl(file, F_DUPFD_CLOEXEC, 0), (uint64_t)offset);
    }
    const GString *body = http_response_body(response);
    return MHD_create_response_from_buffer(body->len, body->str, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result answer(Exchange *exchange)
{
    const HttpResponse *response = exchange->response;
    struct MHD_Response *out = make_answer(response);
    if (out == NULL) {
        return MHD_NO;
    }
    g_autoptr(GPtrArray) names = http_response_header_names(response);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        MHD_add_response_header(out, name, http_response_header(response, name));
    }
    const GPtrArray *cookies = http_response_cookies(response);
    for (guint i = 0; i < cookies->len; i++) {
        MHD_add_response_header(out, MHD_HTTP_HEADER_SET_COOKIE, g_ptr_array_index(cookies, i));
    }
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)http_response_status(response), out);
    MHD_destroy_response(out);
    return result;
}

/* Answer @status with a plain line and close the connection. */
static enum MHD_Result answer_refused(const Exchange *exchange)
{
    g_autofree char *text = g_strdup_printf("%d\n", exchange->status);
    struct MHD_Response *out =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    MHD_add_response_header(out, MHD_HTTP_HEADER_CONNECTION, "close");
    if (exchange->status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        MHD_add_response_header(out, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
    }
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->status, out);
    MHD_destroy_response(out);
    return result;
}

/* Give the request to a worker; one that comes while the server stops is refused. */
static void hand_over(HttpServer *server, Exchange *exchange)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    if (server->is_stopping) {
        refuse(exchange, MHD_HTTP_SERVICE_UNAVAILABLE);
        return;
    }
    exchange->is_handed_over = true;
    server->n_unfinished++;
    MHD_suspend_connection(exchange->connection);
    g_thread_pool_push(server->workers, exchange, NULL);
}

/* Called when the headers are here, for each piece of the body, when it is complete, and again
 * after the connection is resumed. */
static enum MHD_Result serve(void *data, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *n_bytes, void **ret_exchange)
{
    HttpServer *server = data;
    Exchange *exchange = *ret_exchange;
    if (exchange->response != NULL) {
        return answer(exchange);
    }
    if (exchange->request == NULL && exchange->status == 0) {
        begin_request(exchange, method);
        return exchange->status != 0 ? answer_refused(exchange) : MHD_YES;
    }
    if (*n_bytes > 0) {
        take_body(exchange, bytes, *n_bytes);
        *n_bytes = 0;
        return MHD_YES;
    }
    if (exchange->status == 0) {
        end_request(exchange);
    }
    if (exchange->status == 0 && !exchange->is_handed_over) {
        hand_over(server, exchange);
    }
    return exchange->status != 0 ? answer_refused(exchange) : MHD_YES;
}

/* Called when an answer is sent, or the connection is lost. */
static void end_exchange(void *data, struct MHD_Connection *connection, void **ret_exchange,
                         enum MHD_RequestTerminationCode code)
{
    HttpServer *server = data;
    Exchange *exchange = g_steal_pointer(ret_exchange);
    if (exchange != NULL && exchange->is_handed_over) {
        g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
        server->n_unfinished--;
        g_cond_signal(&server->changed);
    }
    exchange_free(exchange);
}

/* ---- starting and stopping ------------------------------------------------------------------- */

static bool make_address(const HttpServerPlan *plan, struct sockaddr_storage *ret_address,
                         bool *ret_is_v6, GError **error)
{
    memset(ret_address, 0, sizeof *ret_address);
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    *ret_is_v6 = strchr(plan->address, ':') != NULL;
    if (!*ret_is_v6 && inet_pton(AF_INET, plan->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(plan->port);
        return true;
    }
    if (*ret_is_v6 && inet_pton(AF_INET6, plan->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(plan->port);
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s' is not an address to listen on; write 127.0.0.1 or ::1", plan->address);
    return false;
}

static struct MHD_Daemon *start_daemon(HttpServer *server, const struct sockaddr *address,
                                       bool is_v6)
{
    const HttpServerPlan *plan = &server->plan;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                     (is_v6 ? MHD_USE_IPv6 : 0) | (plan->certificate != NULL ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)plan->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)plan->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        flags, plan->port, NULL, NULL, serve, server, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED,
        end_exchange, server, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)MAX_CONNECTIONS_OF_ADDRESS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)N_IO_THREADS, MHD_OPTION_ARRAY,
        plan->certificate != NULL ? tls : none, MHD_OPTION_END);
}

HttpServer *http_server_start(const HttpServerPlan *plan, GError **error)
{
    struct sockaddr_storage address;
    bool is_v6 = false;
    if (!make_address(plan, &address, &is_v6, error)) {
        return NULL;
    }
    HttpServer *server = g_new0(HttpServer, 1);
    server->plan = *plan;
    g_mutex_init(&server->mutex);
    g_cond_init(&server->changed);
    server->workers = g_thread_pool_new(handle, server, plan->n_workers, false, NULL);
    errno = 0;
    server->daemon = start_daemon(server, (const struct sockaddr *)&address, is_v6);
    if (server->daemon == NULL) {
        if (errno == EADDRINUSE) {
            error_set(error, SHUZHI_ERROR_BUSY,
                      "another program listens on port %d already; choose another with --port",
                      plan->port);
        } else {
            error_set_errno(error, errno, "cannot listen on %s", plan->address);
        }
        http_server_stop(server);
        return NULL;
    }
    return server;
}

uint16_t http_server_port(const HttpServer *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info != NULL ? info->port : 0;
}

/* Wait until the answers that the workers left are sent. */
static void wait_for_answers(HttpServer *server)
{
    int64_t deadline_us = g_get_monotonic_time() + LAST_ANSWER_SECONDS * G_TIME_SPAN_SECOND;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    while (server->n_unfinished > 0 &&
           g_cond_wait_until(&server->changed, &server->mutex, deadline_us)) {
    }
}

static void refuse_more(HttpServer *server)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    server->is_stopping = true;
}

void http_server_stop(HttpServer *server)
{
    if (server == NULL) {
        return;
    }
    MHD_socket listening =
        server->daemon != NULL ? MHD_quiesce_daemon(server->daemon) : MHD_INVALID_SOCKET;
    refuse_more(server);
    g_thread_pool_free(server->workers, false, true);
    if (server->daemon != NULL) {
        wait_for_answers(server);
        MHD_stop_daemon(server->daemon);
    }
    if (listening != MHD_INVALID_SOCKET) {
        close(listening);
    }
    g_mutex_clear(&server->mutex);
    g_cond_clear(&server->changed);
    g_free(server);
}
