#include "support/fault-proxy.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME ".s.PGSQL.5432"

struct FaultProxy {
    char *folder;
    char *server; /* folder of its socket */
    int listener;
    int end[2]; /* a pipe: closing it ends every thread */
    GThread *thread;
    GMutex lock;      /* over links */
    GPtrArray *links; /* of GThread* */
    gint left;        /* statements until the cut; 0 and less: no cut */
    gint is_after;
    gint n_cut;
};

typedef struct Link {
    FaultProxy *proxy;
    int client;
    int server;
    GByteArray *waiting; /* of the client, not a whole message yet */
    bool is_begun;       /* the first message has no type */
} Link;

static struct sockaddr_un address_in(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_autofree char *path = g_build_filename(folder, SOCKET_NAME, NULL);
    g_assert_cmpuint(g_strlcpy(address.sun_path, path, sizeof address.sun_path), <,
                     sizeof address.sun_path);
    return address;
}

/* ---- one connection -------------------------------------------------------------------------- */

static bool write_all(int fd, const guint8 *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* Return the length of the first whole message in @waiting, 0 if there is none yet. */
static guint message_length(const Link *link)
{
    guint header = link->is_begun ? 1 : 0;
    const GByteArray *waiting = link->waiting;
    if (waiting->len < header + 4) {
        return 0;
    }
    const guint8 *at = waiting->data + header;
    guint length = ((guint)at[0] << 24 | (guint)at[1] << 16 | (guint)at[2] << 8 | at[3]) + header;
    return waiting->len >= length ? length : 0;
}

/* Read the server's answer to its end, for nobody: until ReadyForQuery. */
static void swallow_answer(const Link *link)
{
    g_autoptr(GByteArray) answer = g_byte_array_new();
    guint8 bytes[4096];
    ssize_t n;
    while ((n = recv(link->server, bytes, sizeof bytes, 0)) > 0) {
        g_byte_array_append(answer, bytes, (guint)n);
        static const guint8 ready[] = {'Z', 0, 0, 0, 5};
        if (answer->len >= 6 && memcmp(answer->data + answer->len - 6, ready, 5) == 0) {
            return;
        }
    }
}

/* Pass the whole messages of the client on; false when the connection is to be cut. */
static bool pass_messages(Link *link)
{
    guint length;
    while ((length = message_length(link)) > 0) {
        guint8 type = link->is_begun ? link->waiting->data[0] : 'Q';
        link->is_begun = true;
        bool is_statement = type == 'Q' || type == 'S';
        bool is_cut = is_statement && g_atomic_int_add(&link->proxy->left, -1) == 1;
        bool is_after = g_atomic_int_get(&link->proxy->is_after) != 0;
        if (is_cut) {
            g_atomic_int_inc(&link->proxy->n_cut);
        }
        if ((!is_cut || is_after) && !write_all(link->server, link->waiting->data, length)) {
            return false;
        }
        if (is_cut) {
            if (is_after) {
                swallow_answer(link);
            }
            return false;
        }
        g_byte_array_remove_range(link->waiting, 0, length);
    }
    return true;
}

static bool pass_from_client(Link *link)
{
    guint8 bytes[65536];
    ssize_t n = recv(link->client, bytes, sizeof bytes, 0);
    if (n <= 0) {
        return false;
    }
    g_byte_array_append(link->waiting, bytes, (guint)n);
    return pass_messages(link);
}

static bool pass_from_server(const Link *link)
{
    guint8 bytes[65536];
    ssize_t n = recv(link->server, bytes, sizeof bytes, 0);
    return n > 0 && write_all(link->client, bytes, (size_t)n);
}

static gpointer run_link(gpointer data)
{
    Link *link = data;
    struct pollfd fds[] = {{.fd = link->client, .events = POLLIN},
                           {.fd = link->server, .events = POLLIN},
                           {.fd = link->proxy->end[0], .events = POLLIN}};
    bool is_open = true;
    while (is_open && poll(fds, G_N_ELEMENTS(fds), -1) > 0) {
        is_open = fds[2].revents == 0 && (fds[1].revents == 0 || pass_from_server(link)) &&
                  (fds[0].revents == 0 || pass_from_client(link));
    }
    close(link->client);
    close(link->server);
    g_byte_array_unref(link->waiting);
    g_free(link);
    return NULL;
}

/* ---- the proxy ------------------------------------------------------------------------------- */

static void begin_link(FaultProxy *proxy, int client)
{
    struct sockaddr_un address = address_in(proxy->server);
    Link *link = g_new0(Link, 1);
    link->proxy = proxy;
    link->client = client;
    link->server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    link->waiting = g_byte_array_new();
    g_assert_cmpint(connect(link->server, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_mutex_lock(&proxy->lock);
    g_ptr_array_add(proxy->links, g_thread_new("link", run_link, link));
    g_mutex_unlock(&proxy->lock);
}

static gpointer run_proxy(gpointer data)
{
    FaultProxy *proxy = data;
    struct pollfd fds[] = {{.fd = proxy->listener, .events = POLLIN},
                           {.fd = proxy->end[0], .events = POLLIN}};
    while (poll(fds, G_N_ELEMENTS(fds), -1) > 0 && fds[1].revents == 0) {
        int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0) {
            begin_link(proxy, client);
        }
    }
    return NULL;
}

/* Return the folder of the server's socket, NULL when it has none here. */
static char *find_socket(void)
{
    const char *url = g_getenv("SHUZHI_TEST_POSTGRES");
    char *folder = NULL;
    PQconninfoOption *options = url != NULL ? PQconninfoParse(url, NULL) : NULL;
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (strcmp(option->keyword, "host") == 0 && option->val != NULL && option->val[0] == '/') {
            folder = g_strdup(option->val);
        }
    }
    PQconninfoFree(options);
    return folder;
}

FaultProxy *fault_proxy_new(const char *folder)
{
    g_autofree char *server = find_socket();
    if (server == NULL) {
        g_test_skip("SHUZHI_TEST_POSTGRES names no server with a socket on this machine");
        return NULL;
    }
    FaultProxy *proxy = g_new0(FaultProxy, 1);
    proxy->folder = g_strdup(folder);
    proxy->server = g_steal_pointer(&server);
    proxy->links = g_ptr_array_new();
    g_mutex_init(&proxy->lock);
    struct sockaddr_un address = address_in(folder);
    proxy->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(proxy->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(listen(proxy->listener, 64), ==, 0);
    g_assert_cmpint(pipe2(proxy->end, O_CLOEXEC), ==, 0);
    proxy->thread = g_thread_new("proxy", run_proxy, proxy);
    return proxy;
}

void fault_proxy_free(FaultProxy *proxy)
{
    if (proxy == NULL) {
        return;
    }
    close(proxy->end[1]);
    g_thread_join(proxy->thread);
    for (guint i = 0; i < proxy->links->len; i++) {
        g_thread_join(g_ptr_array_index(proxy->links, i));
    }
    close(proxy->end[0]);
    close(proxy->listener);
    g_ptr_array_unref(proxy->links);
    g_mutex_clear(&proxy->lock);
    g_free(proxy->folder);
    g_free(proxy->server);
    g_free(proxy);
}

char *fault_proxy_location(const FaultProxy *proxy, const char *location)
{
    g_auto(GStrv) parts = g_strsplit(location, proxy->server, -1);
    return g_strjoinv(proxy->folder, parts);
}

void fault_proxy_arm(FaultProxy *proxy, int n, bool is_after)
{
    g_atomic_int_set(&proxy->n_cut, 0);
    g_atomic_int_set(&proxy->is_after, is_after);
    g_atomic_int_set(&proxy->left, n);
}

bool fault_proxy_disarm(FaultProxy *proxy)
{
    g_atomic_int_set(&proxy->left, 0);
    return g_atomic_int_get(&proxy->n_cut) > 0;
}
