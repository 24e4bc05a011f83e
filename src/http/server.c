#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <microhttpd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/body.h"

#define CONNECTION_MEMORY_BYTES (48 * 1024) /* a head, its headers' places, an answer's head */
#define POST_BUFFER_BYTES 4096
#define N_IO_THREADS 2
/* Ciphers that authenticate what they encrypt, by keys that nobody can compute later. */
#define TLS_PRIORITIES                                                                    \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-MAC-ALL" \
    ":+AEAD"
#define SPARE_DESCRIPTORS 256 /* for databases, files and pipes of the handlers */
#define WATCH_MS 500          /* how exactly the time of a request is kept */
#define RETRY_SECONDS "30"    /* where there is no room at this moment */
#define LAST_SECONDS 5 /* what comes or goes more slowly loses the rest when the server stops */

struct HttpServer {
    HttpServerPlan plan;
    bool is_private; /* plain, and of this machine alone */
    char *proxy;     /* the trusted one, as addresses are written here; NULL: none */
    unsigned n_connections_of_address;
    struct MHD_Daemon *daemon;
    GThreadPool *workers; /* of requests that read */
    GThreadPool *writers; /* of POST, which may wait for one another: who reads waits for none */
    GThread *watch;
    GMutex mutex; /* over what follows */
    GCond changed;
    GCond closing;
    GQueue lines;             /* of Line: the open connections */
    GHashTable *n_of_address; /* of a client (as text) -> how many of them */
    int64_t n_held;           /* bytes of bodies in memory, of all exchanges */
    int n_unfinished;         /* requests that were begun and whose answer is not sent yet */
    bool is_stopping;         /* no request is begun any more */
    bool is_ending;           /* none goes to a worker either */
    bool is_closed;
};

/* One request on its way through. */
typedef struct Exchange {
    HttpServer *server;
    struct MHD_Connection *connection;
    const char *place;    /* of the target in the library's buffer: see is_plain_head() */
    char *target;         /* as sent */
    HttpRequest *request; /* NULL: not begun, or its first line is not readable */
    HttpBody *body;       /* NULL: not begun, or complete */
    struct MHD_PostProcessor *parts; /* of a multipart form */
    HttpResponse *response;          /* set before the connection is resumed */
    int64_t start_us;
    size_t n_waited;    /* bytes of the body since its deadline was set */
    int64_t n_held;     /* bytes of the body in memory */
    GError *refused;    /* NULL: it is good so far */
    int refused_status; /* 0: that of the error */
    bool is_asking;     /* handed to a worker that asks whether the body may bring files */
    bool is_handed_over;
} Exchange;

/* Note that @exchange holds @n_bytes of its body in memory.  Return whether it may. */
static bool hold(Exchange *exchange, int64_t n_bytes)
{
    HttpServer *server = exchange->server;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    server->n_held += n_bytes - exchange->n_held;
    exchange->n_held = n_bytes;
    return n_bytes <= HTTP_SMALL_BODY_BYTES || server->n_held <= server->plan.max_held_bytes;
}

static void exchange_free(Exchange *exchange)
{
    if (exchange != NULL) {
        hold(exchange, 0);
        if (exchange->parts != NULL) {
            MHD_destroy_post_processor(exchange->parts);
        }
        http_body_free(exchange->body);
        http_request_free(exchange->request);
        http_response_free(exchange->response);
        g_clear_error(&exchange->refused);
        g_free(exchange->target);
        g_free(exchange);
    }
}

/* ---- connections and their time -------------------------------------------------------------- */

/* What lives as long as a connection.  The library forgets what begin_exchange() made when it
 * refuses a request by itself; the connection does not. */
typedef struct Line {
    HttpServer *server;
    GList link; /* in the server's lines */
    int socket;
    char *peer;          /* its address */
    bool has_asked;      /* a request was begun on it */
    Exchange *exchange;  /* the request being read or answered; NULL: between requests */
    int64_t deadline_us; /* under the server's mutex; 0: it waits for us */
    bool is_late;        /* the same; it passed */
} Line;

static Line *line_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* Let @exchange (takes; NULL: none) be the request on @line, in the place of the one before. */
static void set_exchange(Line *line, Exchange *exchange)
{
    HttpServer *server = line->server;
    g_mutex_lock(&server->mutex);
    Exchange *old = line->exchange;
    line->exchange = exchange;
    server->n_unfinished += (exchange != NULL) - (old != NULL);
    g_cond_signal(&server->changed);
    g_mutex_unlock(&server->mutex);
    exchange_free(old);
}

/* Close the connection unless the deadline is set anew in time: within HTTP_WAIT_SECONDS for each
 * HTTP_WAIT_BYTES of @n_bytes, and once more.  The library itself limits silence alone, so that a
 * byte now and then would hold a connection for ever. */
static void set_deadline(Line *line, uint64_t n_bytes)
{
    HttpServer *server = line->server;
    int64_t wait_us = server->plan.n_wait_seconds * (int64_t)G_USEC_PER_SEC;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    line->deadline_us =
        g_get_monotonic_time() + wait_us * (1 + (int64_t)(n_bytes / HTTP_WAIT_BYTES));
}

/* Hang up on who is late.  The library finds the connection ended, and closes it. */
static gpointer watch_lines(gpointer data)
{
    HttpServer *server = data;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    while (!server->is_closed) {
        int64_t now_us = g_get_monotonic_time();
        for (const GList *at = server->lines.head; at != NULL; at = at->next) {
            Line *line = at->data;
            if (line->deadline_us != 0 && line->deadline_us < now_us) {
                line->deadline_us = 0;
                line->is_late = true;
                shutdown(line->socket, SHUT_RDWR);
            }
        }
        g_cond_wait_until(&server->closing, &server->mutex,
                          now_us + WATCH_MS * G_TIME_SPAN_MILLISECOND);
    }
    return NULL;
}

/* Return @address as text, one of IPv4 always as such; the caller owns it. */
static char *address_text(const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    const struct in_addr *v4 = &((const struct sockaddr_in *)address)->sin_addr;
    const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
    if (address->sa_family == AF_INET) {
        inet_ntop(AF_INET, v4, text, sizeof text);
    } else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(v6)) {
        inet_ntop(AF_INET, &v6->s6_addr[12], text, sizeof text);
    } else if (address->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, v6, text, sizeof text);
    }
    return g_strdup(text);
}

/* Return the address of the peer as text; the caller owns it. */
static char *peer_address(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info != NULL ? address_text(info->client_addr) : g_strdup("");
}

/* Count the connection that begins on @line, or with -1 one that ends; under the mutex. */
static void count_line(const Line *line, int change)
{
    GHashTable *counts = line->server->n_of_address;
    int n = GPOINTER_TO_INT(g_hash_table_lookup(counts, line->peer)) + change;
    if (n > 0) {
        g_hash_table_replace(counts, g_strdup(line->peer), GINT_TO_POINTER(n));
    } else {
        g_hash_table_remove(counts, line->peer);
    }
}

static void begin_line(HttpServer *server, struct MHD_Connection *connection, void **ret_line)
{
    Line *line = g_new0(Line, 1);
    line->server = server;
    line->link.data = line;
    line->socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    line->peer = peer_address(connection);
    *ret_line = line;
    set_deadline(line, 0);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    count_line(line, 1);
    g_queue_push_tail_link(&server->lines, &line->link);
}

/* Return whether the connection brought bytes in which no request began.  Its end counts as one,
 * and what TLS sends for itself is not told from the rest. */
static bool has_brought_junk(const Line *line)
{
    struct tcp_info info = {.tcpi_bytes_received = 0};
    socklen_t length = sizeof info;
    return !line->has_asked && line->server->plan.certificate == NULL &&
           getsockopt(line->socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
           info.tcpi_bytes_received > 1;
}

static void log_unanswered(const Line *line, struct MHD_Connection *connection);

static void end_line(Line *line, struct MHD_Connection *connection)
{
    HttpServer *server = line->server;
    g_mutex_lock(&server->mutex); /* before the socket is closed, and its number another's */
    g_queue_unlink(&server->lines, &line->link);
    count_line(line, -1);
    g_mutex_unlock(&server->mutex);
    if (line->exchange != NULL || has_brought_junk(line)) {
        log_unanswered(line, connection);
    }
    set_exchange(line, NULL);
    g_free(line->peer);
    g_free(line);
}

/* Called when a connection begins and when it is closed. */
static void follow_connection(void *data, struct MHD_Connection *connection, void **line,
                              enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        begin_line(data, connection, line);
    } else {
        end_line(g_steal_pointer(line), connection);
    }
}

/* ---- the head of a request ------------------------------------------------------------------- */

/* Called with the request line's address before anything else.
 *
 * The query is cut off in the library's own buffer once it is copied: the library would keep each
 * of its fields by itself, which we never ask for, and where they are more than its memory holds,
 * it neither answers nor hangs up. */
static void *begin_exchange(void *data, const char *uri, struct MHD_Connection *connection)
{
    Line *line = line_of(connection);
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->server = data;
    exchange->connection = connection;
    exchange->place = uri;
    exchange->target = g_strdup(uri);
    exchange->start_us = g_get_monotonic_time();
    char *query = strchr((char *)uri, '?');
    if (query != NULL) {
        query[1] = '\0';
    }
    set_exchange(line, exchange);
    line->has_asked = true;
    return exchange;
}

/* Where in the library's buffer the next line of a head should begin. */
typedef struct Walk {
    const char *at;
    bool is_plain; /* so far */
} Walk;

static enum MHD_Result pass_header(void *data, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    Walk *walk = data;
    const char *after_colon = name + strlen(name) + 1;
    const char *begin = value != NULL ? value : after_colon;
    walk->is_plain =
        walk->is_plain && name == walk->at && begin == after_colon + strspn(after_colon, " \t");
    walk->at = begin + strlen(begin) + 2;
    return MHD_YES;
}

/* Return whether the head is lines that each end with CR LF, hold no NUL and stand for themselves
 * (RFC 9112 §2.2, §5.2; RFC 9110 §5.5): another server may have read any other head otherwise.
 *
 * The library passes by all of that in silence.  But it takes a head apart where it lies, with a
 * NUL in the place of each blank, colon, CR and LF that it cuts at, so that what it gives out lies
 * end to end, exactly as long as the head was.  A line that it joins to the one before it moves
 * elsewhere. */
static bool is_plain_head(const Exchange *exchange, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    Walk walk = {.at = version + strlen(version) + 2, .is_plain = true};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, pass_header, &walk);
    return walk.is_plain && info != NULL && strchr(exchange->target, ' ') == NULL &&
           exchange->place == method + strlen(method) + 1 &&
           version == exchange->place + strlen(exchange->target) + 1 &&
           walk.at + 2 == method + info->header_size;
}

/* Check that the head is no longer than is taken, so that what the library must keep of it leaves
 * room for the head of the answer: where there was none, it hung up without a word, whatever had
 * been done. */
static bool check_head_size(Exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    int n_headers = MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, NULL, NULL);
    if (info != NULL && info->header_size <= HTTP_MAX_HEAD_BYTES && n_headers <= HTTP_MAX_HEADERS) {
        return true;
    }
    error_set(&exchange->refused, SHUZHI_ERROR_LIMIT,
              "the request is too long before its body begins: at most %d KB and %d headers",
              HTTP_MAX_HEAD_BYTES >> 10, HTTP_MAX_HEADERS);
    exchange->refused_status = strlen(exchange->target) > HTTP_MAX_HEAD_BYTES
                                   ? MHD_HTTP_URI_TOO_LONG
                                   : MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    return false;
}

/* Give a header to the request; the first that is wrong refuses it, and what refuses it already is
 * not forgotten over another. */
static enum MHD_Result take_header(void *data, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    Exchange *exchange = data;
    http_request_add_header(exchange->request, name, value != NULL ? value : "",
                            exchange->refused == NULL ? &exchange->refused : NULL);
    return MHD_YES;
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

/* Keep the last line of X-Forwarded-For: the lines are one list (RFC 9110 §5.3), of which a proxy
 * may add the end as a line of its own. */
static enum MHD_Result take_forwarded(void *ret_line, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    if (g_ascii_strcasecmp(name, "X-Forwarded-For") == 0) {
        *(const char **)ret_line = value != NULL ? value : "";
    }
    return MHD_YES;
}

/* Return the last address in @line, a list, without its port; NULL when there is none; the caller
 * owns it. */
static char *last_address(const char *line)
{
    const char *comma = strrchr(line, ',');
    g_autofree char *text = g_strstrip(g_strdup(comma != NULL ? comma + 1 : line));
    struct in6_addr bytes;
    char *colon = strrchr(text, ':');
    char *bracket = strchr(text, ']');
    char *begin = text;
    if (text[0] == '[' && bracket != NULL) {
        *bracket = '\0';
        begin = text + 1;
    } else if (colon != NULL && strchr(text, ':') == colon) {
        *colon = '\0';
    }
    bool is_address =
        inet_pton(AF_INET, begin, &bytes) == 1 || inet_pton(AF_INET6, begin, &bytes) == 1;
    return is_address ? g_strdup(begin) : NULL;
}

/* Return the address that the trusted proxy says it was asked by, the last one of X-Forwarded-For;
 * the peer's where there is no proxy, or it names none; the caller owns it. */
static char *client_address(const Line *line, struct MHD_Connection *connection,
                            bool *ret_is_proxied)
{
    const char *forwarded = "";
    *ret_is_proxied = g_strcmp0(line->server->proxy, line->peer) == 0;
    if (*ret_is_proxied) {
        MHD_get_connection_values(connection, MHD_HEADER_KIND, take_forwarded, &forwarded);
    }
    char *client = last_address(forwarded);
    return client != NULL ? client : g_strdup(line->peer);
}

static const char *header(const Exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* Check that the body has one length and a bearable one (request smuggling, RFC 9112 §6.1).
 *
 * One in chunks has none: it is not taken (RFC 9110 §15.5.12).  No browser sends any, and the
 * library reads chunks that others refuse or read otherwise. */
static bool check_length(Exchange *exchange)
{
    const char *length = header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const char *coding = header(exchange, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    if (coding != NULL && (length != NULL || g_ascii_strcasecmp(coding, "chunked") != 0)) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID,
                  "it is not clear where the request ends");
        return false;
    }
    if (coding != NULL) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID,
                  "the request does not say how long it is: send it with Content-Length");
        exchange->refused_status = MHD_HTTP_LENGTH_REQUIRED;
        return false;
    }
    if (length != NULL &&
        g_ascii_strtoull(length, NULL, 10) > (guint64)exchange->server->plan.max_body_bytes) {
        error_set(&exchange->refused, SHUZHI_ERROR_LIMIT, "what was sent is over %d MB",
                  (int)MAX(exchange->server->plan.max_body_bytes >> 20, 1));
        return false;
    }
    return true;
}

/* Check that the request is meant for this server (RFC 9110 §7.4).
 *
 * What is served plainly on this machine is asked for by an address or as localhost.  Any other
 * name may be one that another's site had for itself a moment ago, and whose pages the browser
 * still takes for ours (DNS rebinding).  Behind a proxy or a certificate names are their matter. */
static bool check_host(Exchange *exchange, const char *version, bool is_proxied)
{
    if (header(exchange, MHD_HTTP_HEADER_HOST) == NULL) {
        if (!g_str_equal(version, MHD_HTTP_VERSION_1_0)) {
            error_set(&exchange->refused, SHUZHI_ERROR_INVALID,
                      "the request does not say which server it is for");
        }
    } else if (exchange->server->is_private && !is_proxied &&
               !http_request_is_for_machine(exchange->request)) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID,
                  "nothing is served here under that name; open it as localhost");
        exchange->refused_status = MHD_HTTP_MISDIRECTED_REQUEST;
    }
    return exchange->refused == NULL;
}

/* Check that nothing is expected of us that we do not know (RFC 9110 §10.1.1). */
static bool check_expectation(Exchange *exchange)
{
    const char *expected = header(exchange, MHD_HTTP_HEADER_EXPECT);
    if (expected != NULL && g_ascii_strcasecmp(expected, "100-continue") != 0) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID,
                  "what the request expects is not known here");
        exchange->refused_status = MHD_HTTP_EXPECTATION_FAILED;
    }
    return exchange->refused == NULL;
}

/* Called for each piece of a multipart form; a new part begins at @offset 0. */
static enum MHD_Result take_part(void *data, enum MHD_ValueKind kind, const char *name,
                                 const char *file, const char *type, const char *encoding,
                                 const char *bytes, uint64_t offset, size_t n_bytes)
{
    Exchange *exchange = data;
    return http_body_take_part(exchange->body, name, file, offset == 0, bytes, n_bytes,
                               &exchange->refused)
               ? MHD_YES
               : MHD_NO;
}

/* Begin the body of the request whose headers are known. */
static bool begin_body(Exchange *exchange)
{
    const HttpServerPlan *plan = &exchange->server->plan;
    exchange->body = http_body_new(exchange->request, plan->scratch, plan->max_body_bytes);
    if (!http_body_is_multipart(exchange->body)) {
        return true;
    }
    exchange->parts =
        MHD_create_post_processor(exchange->connection, POST_BUFFER_BYTES, take_part, exchange);
    if (exchange->parts == NULL) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID, "the form is not readable");
    }
    return exchange->parts != NULL;
}

/* Return a request for as much of @target as is readable, which stands for the one that is not: the
 * refusal then is told as that part of the site tells it. */
static HttpRequest *readable_request(HttpMethod method, const char *target, const char *client)
{
    g_autofree char *front = g_strndup(target, strcspn(target, "?"));
    HttpRequest *request = http_request_new(method, front, client, NULL);
    for (char *slash = strrchr(front, '/'); request == NULL && slash != NULL && slash != front;
         slash = strrchr(front, '/')) {
        *slash = '\0';
        request = http_request_new(method, front, client, NULL);
    }
    return request != NULL ? request : http_request_new(method, "/", client, NULL);
}

static void set_stopping(GError **error)
{
    error_set(error, SHUZHI_ERROR_UNAVAILABLE, "the server is being stopped");
}

/* Check that requests are still begun. */
static bool check_serving(Exchange *exchange)
{
    HttpServer *server = exchange->server;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    if (server->is_stopping) {
        set_stopping(&exchange->refused);
    }
    return !server->is_stopping;
}

/* Begin the request whose headers are here; false when it is refused. */
static bool begin_request(Exchange *exchange, const char *method_name, const char *version)
{
    HttpMethod method = HTTP_OTHER;
    if (check_head_size(exchange) && !is_plain_head(exchange, method_name, version)) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID,
                  "the head of the request is not made of plain lines");
    }
    if (!find_method(method_name, &method) && exchange->refused == NULL) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID, "no page takes a request of that kind");
        exchange->refused_status = MHD_HTTP_METHOD_NOT_ALLOWED;
    }
    bool is_proxied = false;
    g_autofree char *client =
        client_address(line_of(exchange->connection), exchange->connection, &is_proxied);
    exchange->request = http_request_new(method, exchange->target, client,
                                         exchange->refused == NULL ? &exchange->refused : NULL);
    if (exchange->request == NULL) {
        exchange->request = readable_request(method, exchange->target, client);
    }
    http_request_set_method_name(exchange->request, method_name);
    const char *scheme = header(exchange, "X-Forwarded-Proto");
    if (is_proxied) {
        http_request_set_proxied(exchange->request);
    }
    /* A proxy is there to encrypt: what it does not say is that it does not. */
    if (exchange->server->plan.certificate != NULL ||
        (is_proxied && (scheme == NULL || g_ascii_strcasecmp(scheme, "http") != 0))) {
        http_request_set_secure(exchange->request);
    }
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, exchange);
    set_deadline(line_of(exchange->connection), 0);
    return exchange->refused == NULL && check_serving(exchange) &&
           check_host(exchange, version, is_proxied) && check_length(exchange) &&
           check_expectation(exchange) && begin_body(exchange);
}

/* Let go of the body; of a multipart form the request keeps the fields that were whole. */
static void drop_body(Exchange *exchange)
{
    if (!http_body_is_multipart(exchange->body)) {
        hold(exchange, 0);
    }
    MHD_destroy_post_processor(g_steal_pointer(&exchange->parts));
    g_clear_pointer(&exchange->body, http_body_free);
}

/* Take the next piece of the body. */
static void take_body(Exchange *exchange, const char *bytes, size_t n_bytes)
{
    exchange->n_waited += n_bytes;
    if (exchange->n_waited >= HTTP_WAIT_BYTES) {
        exchange->n_waited = 0;
        set_deadline(line_of(exchange->connection), 0);
    }
    if (exchange->refused != NULL) {
        return; /* the rest is read and thrown away, so that the answer arrives */
    }
    if (http_body_take(exchange->body, bytes, n_bytes, &exchange->refused) &&
        exchange->parts != NULL && MHD_post_process(exchange->parts, bytes, n_bytes) == MHD_NO &&
        exchange->refused == NULL) {
        error_set(&exchange->refused, SHUZHI_ERROR_INVALID, "the form is not readable");
    }
    if (!hold(exchange, (int64_t)http_body_n_held(exchange->body)) && exchange->refused == NULL) {
        error_set(&exchange->refused, SHUZHI_ERROR_UNAVAILABLE,
                  "too much is being sent by all at this moment; send it again in a while");
    }
    if (exchange->refused != NULL) {
        drop_body(exchange);
    }
}

/* Finish what the body was; the request is complete. */
static void end_request(Exchange *exchange)
{
    if (exchange->parts != NULL) {
        /* It gives out the rest, and says whether the form ended where it should. */
        if (MHD_destroy_post_processor(g_steal_pointer(&exchange->parts)) == MHD_NO &&
            exchange->refused == NULL) {
            error_set(&exchange->refused, SHUZHI_ERROR_INVALID, "the form is not readable");
        }
    }
    if (exchange->refused == NULL) {
        http_body_end(exchange->body, &exchange->refused);
    }
    g_clear_pointer(&exchange->body, http_body_free);
}

/* ---- answering ------------------------------------------------------------------------------- */

/* Find out whether the body may bring files, before a byte of it is read. */
static void ask_for_files(Exchange *exchange)
{
    const HttpServerPlan *plan = &exchange->server->plan;
    if (!plan->takes_files(exchange->request, plan->data)) {
        http_body_drop_files(exchange->body);
    }
    set_deadline(line_of(exchange->connection), 0);
    MHD_resume_connection(exchange->connection);
}

/* Runs on a worker. */
static void handle(gpointer data, gpointer server_data)
{
    Exchange *exchange = data;
    const HttpServerPlan *plan = &((HttpServer *)server_data)->plan;
    if (exchange->is_asking) {
        ask_for_files(exchange);
        return;
    }
    exchange->response = http_response_new();
    plan->handler(exchange->request, exchange->response, plan->data);
    http_response_finish(exchange->response, exchange->request);
    if (plan->log != NULL) {
        plan->log(exchange->request, exchange->response,
                  g_get_monotonic_time() - exchange->start_us, plan->data);
    }
    MHD_resume_connection(exchange->connection);
}

/* Return the answer in the library's form, and how long it is; NULL when there is no memory. */
static struct MHD_Response *make_answer(HttpResponse *response, int64_t *ret_n_bytes)
{
    int file = http_response_steal_file(response);
    if (file >= 0) {
        int64_t offset = 0;
        http_response_range(response, &offset, ret_n_bytes);
        struct MHD_Response *out = MHD_create_response_from_fd_at_offset64(
            (uint64_t)*ret_n_bytes, file, (uint64_t)offset); /* it closes it */
        if (out == NULL) {
            close(file);
        }
        return out;
    }
    const GString *body = http_response_body(response);
    *ret_n_bytes = (int64_t)body->len;
    return MHD_create_response_from_buffer(body->len, body->str, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result answer(const Exchange *exchange)
{
    HttpResponse *response = exchange->response;
    int64_t n_bytes = 0;
    struct MHD_Response *out = make_answer(response, &n_bytes);
    if (out == NULL) {
        return MHD_NO;
    }
    set_deadline(line_of(exchange->connection), (uint64_t)n_bytes);
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

/* Write the line of a request that no worker answered. */
static void log_refused(const Exchange *exchange, const HttpRequest *request,
                        const HttpResponse *response)
{
    const HttpServerPlan *plan = &exchange->server->plan;
    if (plan->log != NULL) {
        plan->log(request, response, g_get_monotonic_time() - exchange->start_us, plan->data);
    }
}

/* Answer what was refused, and close the connection: what follows on it is not to be trusted. */
static enum MHD_Result answer_refused(Exchange *exchange)
{
    const HttpServerPlan *plan = &exchange->server->plan;
    int status = exchange->refused_status != 0 ? exchange->refused_status
                                               : error_http_status(exchange->refused);
    exchange->response = http_response_new();
    if (plan->refusal != NULL) {
        plan->refusal(exchange->request, exchange->refused, status, exchange->response, plan->data);
    } else {
        g_autofree char *text = g_strdup_printf("%d\n", status);
        http_response_set_text(exchange->response, "text/plain; charset=utf-8", text);
    }
    http_response_set_status(exchange->response, status);
    http_response_set_header(exchange->response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_INSUFFICIENT_STORAGE) {
        http_response_set_header(exchange->response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_SECONDS);
    }
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        http_response_set_header(exchange->response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
    }
    log_refused(exchange, exchange->request, exchange->response);
    return answer(exchange);
}

/* Return the status to log of a request that ended without an answer of ours: it took too long, we
 * stop, the library refused it by itself, and tells how if it had its first line, or its client
 * went away. */
static int unanswered_status(const Line *line, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *answered =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&line->server->mutex);
    return line->is_late               ? MHD_HTTP_REQUEST_TIMEOUT
           : answered != NULL          ? (int)answered->http_status
           : line->server->is_stopping ? MHD_HTTP_SERVICE_UNAVAILABLE
                                       : MHD_HTTP_BAD_REQUEST;
}

/* Write the line of a request that ended without an answer of ours. */
static void log_unanswered(const Line *line, struct MHD_Connection *connection)
{
    const Exchange none = {.server = line->server,
                           .connection = connection,
                           .target = (char *)"/",
                           .start_us = g_get_monotonic_time()};
    const Exchange *exchange = line->exchange != NULL ? line->exchange : &none;
    bool is_proxied = false;
    g_autoptr(HttpRequest) made = NULL;
    if (exchange->response != NULL) {
        return; /* it was answered, and logged */
    }
    g_autoptr(HttpResponse) response = http_response_new();
    if (exchange->request == NULL) {
        g_autofree char *client = client_address(line, connection, &is_proxied);
        made = readable_request(HTTP_OTHER, exchange->target, client);
    }
    http_response_set_status(response, unanswered_status(line, connection));
    log_refused(exchange, made != NULL ? made : exchange->request, response);
}

/* Give the request to a worker: its head alone, to ask whether it may bring files, or all of it. */
static void hand_over(HttpServer *server, Exchange *exchange, bool is_asking)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    if (server->is_ending) {
        set_stopping(&exchange->refused);
        return;
    }
    exchange->is_asking = is_asking;
    exchange->is_handed_over = !is_asking;
    line_of(exchange->connection)->deadline_us = 0;
    MHD_suspend_connection(exchange->connection);
    bool is_post = http_request_method(exchange->request) == HTTP_POST;
    g_thread_pool_push(is_post ? server->writers : server->workers, exchange, NULL);
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
    if (exchange->request == NULL) {
        if (begin_request(exchange, method, version) && exchange->parts != NULL &&
            server->plan.takes_files != NULL) {
            hand_over(server, exchange, true);
        }
        return exchange->refused != NULL ? answer_refused(exchange) : MHD_YES;
    }
    if (exchange->is_asking) { /* resumed, the library shows the head once more */
        exchange->is_asking = false;
        return MHD_YES;
    }
    if (*n_bytes > 0) {
        take_body(exchange, bytes, *n_bytes);
        *n_bytes = 0;
        return MHD_YES;
    }
    if (exchange->refused == NULL) {
        end_request(exchange);
    }
    if (exchange->refused == NULL && !exchange->is_handed_over) {
        hand_over(server, exchange, false);
    }
    return exchange->refused != NULL ? answer_refused(exchange) : MHD_YES;
}

/* Called when an answer is sent, or the connection is lost. */
static void end_exchange(void *data, struct MHD_Connection *connection, void **ret_exchange,
                         enum MHD_RequestTerminationCode code)
{
    Line *line = line_of(connection);
    *ret_exchange = NULL;
    if (line->exchange != NULL) {
        log_unanswered(line, connection);
    }
    set_exchange(line, NULL);
    set_deadline(line, 0);
}

/* ---- starting and stopping ------------------------------------------------------------------- */

static bool make_address(const char *address, uint16_t port, struct sockaddr_storage *ret_address,
                         GError **error)
{
    memset(ret_address, 0, sizeof *ret_address);
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        return true;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s' is no address in numbers, such as 127.0.0.1 or ::1", address);
    return false;
}

static bool is_loopback(const struct sockaddr *address)
{
    g_autofree char *text = address_text(address);
    return g_str_has_prefix(text, "127.") || g_str_equal(text, "::1");
}

bool http_address_check(const char *address, GError **error)
{
    struct sockaddr_storage made;
    return make_address(address, 0, &made, error);
}

/* Return how many connections there may be at one time: not so many that the process runs out of
 * descriptors.  A third as many are left for the files that come or go on some of them. */
static unsigned max_connections(void)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY};
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t spare = MIN(SPARE_DESCRIPTORS, limit.rlim_cur / 2);
    return (unsigned)MIN((limit.rlim_cur - spare) / 4 * 3, HTTP_MAX_CONNECTIONS);
}

/* Return how many connections one address may hold, of @n_all: unless somebody said it, half of
 * them at most, so that others find a place. */
static unsigned connections_of_address(const HttpServerPlan *plan, unsigned n_all)
{
    return plan->n_connections_of_address > 0 ? MIN((unsigned)plan->n_connections_of_address, n_all)
                                              : MIN(HTTP_CONNECTIONS_OF_ADDRESS, MAX(n_all / 2, 1));
}

/* Write the line of a connection that is not taken. */
static void log_stranger(const HttpServerPlan *plan, const char *peer)
{
    g_autoptr(HttpRequest) request = readable_request(HTTP_OTHER, "/", peer);
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_set_status(response, MHD_HTTP_FORBIDDEN);
    if (plan->log != NULL) {
        plan->log(request, response, 0, plan->data);
    }
}

/* Called when somebody connects: say whether the connection is taken.
 *
 * Where a proxy encrypts what we do not, nobody is served but it and this machine.  All of its
 * clients come from its own address: it is what limits them. */
static enum MHD_Result accept_peer(void *data, const struct sockaddr *address, socklen_t length)
{
    HttpServer *server = data;
    g_autofree char *peer = address_text(address);
    if (g_strcmp0(server->proxy, peer) == 0) {
        return MHD_YES;
    }
    if (server->proxy != NULL && server->plan.certificate == NULL && !is_loopback(address)) {
        log_stranger(&server->plan, peer);
        return MHD_NO;
    }
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    unsigned n = (unsigned)GPOINTER_TO_INT(g_hash_table_lookup(server->n_of_address, peer));
    return n < server->n_connections_of_address ? MHD_YES : MHD_NO;
}

static struct MHD_Daemon *start_daemon(HttpServer *server, const struct sockaddr *address)
{
    const HttpServerPlan *plan = &server->plan;
    bool is_v6 = address->sa_family == AF_INET6;
    unsigned n_connections = max_connections();
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                     (is_v6 ? MHD_USE_DUAL_STACK : 0) |
                     (plan->certificate != NULL ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)plan->certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)plan->key},
                                   {MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES},
                                   {MHD_OPTION_END, 0, NULL}};
    server->n_connections_of_address = connections_of_address(plan, n_connections);
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        flags, plan->port, accept_peer, server, serve, server, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED,
        end_exchange, server, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)plan->n_wait_seconds,
        MHD_OPTION_NOTIFY_CONNECTION, follow_connection, server, MHD_OPTION_CONNECTION_LIMIT,
        n_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 0, /* we are, with an answer */
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)N_IO_THREADS, MHD_OPTION_ARRAY,
        plan->certificate != NULL ? tls : none, MHD_OPTION_END);
}

HttpServer *http_server_start(const HttpServerPlan *plan, GError **error)
{
    struct sockaddr_storage address;
    struct sockaddr_storage proxy;
    if (!make_address(plan->address, plan->port, &address, error) ||
        (plan->trusted_proxy != NULL && !make_address(plan->trusted_proxy, 0, &proxy, error))) {
        return NULL;
    }
    HttpServer *server = g_new0(HttpServer, 1);
    server->plan = *plan;
    server->plan.max_held_bytes =
        plan->max_held_bytes > 0 ? plan->max_held_bytes : HTTP_MAX_HELD_BYTES;
    server->plan.n_wait_seconds =
        plan->n_wait_seconds > 0 ? plan->n_wait_seconds : HTTP_WAIT_SECONDS;
    server->is_private =
        plan->certificate == NULL && is_loopback((const struct sockaddr *)&address);
    server->proxy =
        plan->trusted_proxy != NULL ? address_text((const struct sockaddr *)&proxy) : NULL;
    server->n_of_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&server->mutex);
    g_cond_init(&server->changed);
    g_cond_init(&server->closing);
    g_queue_init(&server->lines);
    server->watch = g_thread_new("watch", watch_lines, server);
    server->workers = g_thread_pool_new(handle, server, plan->n_workers, false, NULL);
    server->writers =
        g_thread_pool_new(handle, server, MAX(1, plan->n_workers * 3 / 4), false, NULL);
    errno = 0;
    server->daemon = start_daemon(server, (const struct sockaddr *)&address);
    if (server->daemon == NULL) {
        if (errno == EADDRINUSE) {
            error_set(error, SHUZHI_ERROR_BUSY,
                      "another program listens on port %d already; choose another", plan->port);
        } else if (errno == 0 && plan->certificate != NULL) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "nothing can be encrypted with this certificate and its key");
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

/* Wait until what was begun is answered, for so long at most. */
static void wait_for_answers(HttpServer *server)
{
    int64_t deadline_us = g_get_monotonic_time() + LAST_SECONDS * G_TIME_SPAN_SECOND;
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

/* Hang up on what is still being sent. */
static void end_bodies(HttpServer *server)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&server->mutex);
    server->is_ending = true;
    for (const GList *at = server->lines.head; at != NULL; at = at->next) {
        const Line *line = at->data;
        if (line->exchange != NULL && !line->exchange->is_handed_over) {
            shutdown(line->socket, SHUT_RDWR);
        }
    }
}

static void end_watch(HttpServer *server)
{
    g_mutex_lock(&server->mutex);
    server->is_closed = true;
    g_cond_signal(&server->closing);
    g_mutex_unlock(&server->mutex);
    g_thread_join(server->watch);
}

void http_server_stop(HttpServer *server)
{
    if (server == NULL) {
        return;
    }
    MHD_socket listening =
        server->daemon != NULL ? MHD_quiesce_daemon(server->daemon) : MHD_INVALID_SOCKET;
    refuse_more(server);
    wait_for_answers(server);
    end_bodies(server);
    g_thread_pool_free(server->workers, false, true);
    g_thread_pool_free(server->writers, false, true);
    if (server->daemon != NULL) {
        wait_for_answers(server);
        MHD_stop_daemon(server->daemon);
    }
    if (listening != MHD_INVALID_SOCKET) {
        close(listening);
    }
    end_watch(server);
    g_cond_clear(&server->closing);
    g_mutex_clear(&server->mutex);
    g_cond_clear(&server->changed);
    g_hash_table_unref(server->n_of_address);
    g_free(server->proxy);
    g_free(server);
}
