#include "cli/host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/thread.h"
#include "cli/commands.h"
#include "cli/relay.h"
#include "cli/session.h"

#define BACKLOG 128
#define MAX_WAIT_S 10  /* for a client that connects and sends nothing */
#define MAX_CALLS 512  /* at work or waiting */
#define UNREAD_MS 1000 /* between looks whether the host stops while nobody reads the output */

struct CliHost {
    Office *office; /* borrowed */
    bool is_quiet;
    int listener;
    GThread *thread; /* takes connections */
    GMutex lock;     /* over what follows */
    GCond changed;
    GPtrArray *calls; /* of Call, borrowed from their threads */
    bool is_stopping;
};

/* One command of one client. */
typedef struct Call {
    CliHost *host;
    int socket;
    uid_t uid;     /* the client's */
    bool is_guest; /* neither this process's nor root */
    bool is_at_work;
} Call;

/* One of a client's streams. */
typedef struct Sink {
    CliHost *host;
    int fd;
} Sink;

/* ---- the client's terminal ------------------------------------------------------------------- */

static char *ask(const CliTerminal *terminal, const char *prompt, bool is_hidden)
{
    const Call *call = terminal->data;
    g_auto(RelayMessage) message = {0};
    if (!relay_send(call->socket, RELAY_ASK, is_hidden, prompt, strlen(prompt), NULL) ||
        !relay_receive(call->socket, &message) || message.kind != RELAY_ANSWER) {
        return NULL;
    }
    return g_strdup(message.text->str);
}

static void keep_interrupts(const CliTerminal *terminal, bool is_kept)
{
    (void)terminal;
    (void)is_kept;
}

/* The client sends nothing but answers, so that what comes now can only be its end. */
static bool is_interrupted(const CliTerminal *terminal)
{
    const Call *call = terminal->data;
    char byte;
    return recv(call->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static bool is_stopping(CliHost *host)
{
    g_mutex_lock(&host->lock);
    bool is_it = host->is_stopping;
    g_mutex_unlock(&host->lock);
    return is_it;
}

/* Wait until @fd takes more; false when the host stops meanwhile: who reads nothing, because a
 * pager waits or a terminal stands still, would keep the server from ending. */
static bool await_reader(CliHost *host, int fd)
{
    struct pollfd place = {.fd = fd, .events = POLLOUT};
    while (poll(&place, 1, UNREAD_MS) <= 0) {
        if (is_stopping(host)) {
            return false;
        }
    }
    return true;
}

/* A pipe that takes anything takes PIPE_BUF bytes. */
static ssize_t write_sink(void *data, const char *bytes, size_t length)
{
    const Sink *sink = data;
    size_t n_written = 0;
    while (n_written < length) {
        ssize_t n = -1;
        if (await_reader(sink->host, sink->fd)) {
            n = write(sink->fd, bytes + n_written, MIN(length - n_written, (size_t)PIPE_BUF));
        }
        if (n < 0 && errno != EINTR) {
            break;
        }
        n_written += n > 0 ? (size_t)n : 0;
        if (n < 0 && is_stopping(sink->host)) {
            break;
        }
    }
    return (ssize_t)n_written;
}

static int close_sink(void *data)
{
    Sink *sink = data;
    int status = close(sink->fd);
    g_free(sink);
    return status;
}

/* Open *@fd, which is the stream's then. */
static FILE *open_stream(CliHost *host, int *fd)
{
    const cookie_io_functions_t functions = {.write = write_sink, .close = close_sink};
    Sink *sink = g_new(Sink, 1);
    *sink = (Sink){.host = host, .fd = *fd};
    FILE *stream = fopencookie(sink, "w", functions);
    if (stream == NULL) {
        g_free(sink);
        return NULL;
    }
    *fd = -1;
    return stream;
}

static void close_stream(FILE *stream)
{
    if (stream != NULL) {
        (void)fclose(stream);
    }
}

/* ---- one call -------------------------------------------------------------------------------- */

/* Let this thread work in the client's folder. */
static bool enter_folder(int folder, GError **error)
{
    struct stat there;
    struct stat here;
    if (fstat(folder, &there) == 0 && stat(".", &here) == 0 && there.st_dev == here.st_dev &&
        there.st_ino == here.st_ino) {
        return true;
    }
    if (unshare(CLONE_FS) != 0) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "the server of the office may not work in another folder than its own here (%s);"
                  " run the command in the server's folder",
                  g_strerror(errno));
        return false;
    }
    if (fchdir(folder) != 0) {
        error_set_errno(error, errno, "the server of the office cannot enter this folder");
        return false;
    }
    return true;
}

/* Cut the text of RUN into words; NULL when it is none of this program's. */
static char **split_words(const GString *text)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    if (text->len == 0 || text->str[text->len - 1] != '\0') {
        return NULL;
    }
    for (size_t i = 0; i < text->len; i += strlen(text->str + i) + 1) {
        if (!text_is_valid(text->str + i, strlen(text->str + i), NULL)) {
            return NULL;
        }
        g_ptr_array_add(words, text->str + i);
    }
    if (words->len < 4) {
        return NULL;
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&words), false);
}

static bool check_version(const char *version, GError **error)
{
    if (!g_str_equal(version, RELAY_VERSION)) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "the office is served by another version of the program; start the server anew");
        return false;
    }
    return true;
}

/* One line a command, as for requests of browsers; operands stay out, they hold what was written.
 */
static void log_call(const CliHost *host, const char *user, const char *name, int status,
                     int64_t duration_us)
{
    if (host->is_quiet) {
        return;
    }
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    (void)fprintf(stderr, "%s os:%s command %s %d %.1fms\n", time, user, name, status,
                  (double)duration_us / 1000);
}

/* Run the command @words (version, language, places, command line) for @call. */
static int run(Call *call, char **words, int folder, const CliTerminal *terminal)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *user = cli_os_user(call->uid);
    const CliInside inside = {
        .office = call->host->office, .user = user, .places = words[2], .is_guest = call->is_guest};
    int64_t started_us = g_get_monotonic_time();
    const char *name = "-";
    const char *language = g_str_equal(words[1], "en") ? "en" : "zh";
    /* What runs for guests opens no file, so that it need not be in their folder. */
    bool may_run =
        check_version(words[0], &error) && (call->is_guest || enter_folder(folder, &error));
    int status = may_run ? commands_run_inside(words + 3, language, terminal, &inside, &name)
                         : commands_refuse(error, language, terminal);
    log_call(call->host, user, name, status, g_get_monotonic_time() - started_us);
    return status;
}

/* Read what the client sends and run it; nothing is said to one that sends nonsense. */
static void serve(Call *call)
{
    g_auto(RelayMessage) message = {0};
    struct timeval patience = {.tv_sec = MAX_WAIT_S};
    (void)setsockopt(call->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!relay_receive(call->socket, &message) || message.kind != RELAY_RUN) {
        return;
    }
    patience.tv_sec = 0; /* a person may think about an answer for as long as it takes */
    (void)setsockopt(call->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    g_autofree char **words = split_words(message.text);
    bool is_watched = isatty(message.files.errors) == 1;
    CliTerminal terminal = {.is_watched = is_watched,
                            .output = open_stream(call->host, &message.files.output),
                            .errors = open_stream(call->host, &message.files.errors),
                            .ask = ask,
                            .keep_interrupts = keep_interrupts,
                            .is_interrupted = is_interrupted,
                            .data = call};
    if (words != NULL && terminal.output != NULL && terminal.errors != NULL) {
        setvbuf(terminal.errors, NULL, _IONBF, 0);
        int status = run(call, words, message.files.folder, &terminal);
        (void)relay_send(call->socket, RELAY_DONE, (uint8_t)status, "", 0, NULL);
    }
    close_stream(terminal.output);
    close_stream(terminal.errors);
}

/* Return whether nothing is known of a guest: it has no account here.  Whether one that it has is
 * open, its command says. */
static bool is_stranger(const Call *call)
{
    g_autofree char *user = cli_os_user(call->uid);
    g_autoptr(RightsSubject) subject = rights_subject_os(call->host->office, user, NULL);
    return subject != NULL && rights_is_console(subject);
}

/* Return whether one more call may be at work. */
static bool has_room(const Call *call)
{
    const GPtrArray *calls = call->host->calls;
    int n = 0;
    int n_guests = 0;
    int n_own = 0;
    for (guint i = 0; i < calls->len; i++) {
        const Call *other = g_ptr_array_index(calls, i);
        n += other->is_at_work;
        n_guests += other->is_at_work && other->is_guest;
        n_own += other->is_at_work && other->uid == call->uid;
    }
    return n < HOST_MAX_COMMANDS &&
           (!call->is_guest || (n_guests < HOST_MAX_OF_GUESTS && n_own < HOST_MAX_OF_GUEST));
}

/* Wait for its turn; false: the host stops. */
static bool await_turn(Call *call)
{
    CliHost *host = call->host;
    g_mutex_lock(&host->lock);
    while (!host->is_stopping && !has_room(call)) {
        g_cond_wait(&host->changed, &host->lock);
    }
    call->is_at_work = !host->is_stopping;
    g_mutex_unlock(&host->lock);
    return call->is_at_work;
}

static void *run_call(void *data)
{
    Call *call = data;
    CliHost *host = call->host;
    if (call->is_guest && is_stranger(call)) {
        (void)relay_send(call->socket, RELAY_STRANGER, 0, "", 0, NULL);
    } else if (await_turn(call)) {
        serve(call);
    }
    g_mutex_lock(&host->lock);
    g_ptr_array_remove_fast(host->calls, call);
    g_cond_broadcast(&host->changed);
    close(call->socket); /* not before: cli_host_stop() shuts those of the list */
    g_mutex_unlock(&host->lock);
    g_free(call);
    return NULL;
}

/* ---- taking connections ---------------------------------------------------------------------- */

/* Wait until there is room for one more call; false: the host stops. */
static bool await_room(CliHost *host)
{
    g_mutex_lock(&host->lock);
    while (!host->is_stopping && host->calls->len >= MAX_CALLS) {
        g_cond_wait(&host->changed, &host->lock);
    }
    bool may_go_on = !host->is_stopping;
    g_mutex_unlock(&host->lock);
    return may_go_on;
}

/* Return whether @uid, a guest, has as many connections as it may. */
static bool is_crowded(CliHost *host, uid_t uid)
{
    int n = 0;
    g_mutex_lock(&host->lock);
    for (guint i = 0; i < host->calls->len; i++) {
        n += ((const Call *)g_ptr_array_index(host->calls, i))->uid == uid;
    }
    g_mutex_unlock(&host->lock);
    return n >= HOST_MAX_CONNECTIONS;
}

static void start_call(CliHost *host, int socket)
{
    struct ucred peer = {.uid = (uid_t)-1};
    socklen_t size = sizeof peer;
    (void)getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    Call *call = g_new0(Call, 1);
    *call = (Call){.host = host,
                   .socket = socket,
                   .uid = peer.uid,
                   .is_guest = peer.uid != geteuid() && peer.uid != 0};
    if (call->is_guest && is_crowded(host, call->uid)) {
        (void)relay_send(socket, RELAY_CROWDED, 0, "", 0, NULL);
        close(socket);
        g_free(call);
        return;
    }
    g_mutex_lock(&host->lock);
    g_ptr_array_add(host->calls, call);
    g_mutex_unlock(&host->lock);
    GThread *thread = thread_try_start("command", run_call, call);
    if (thread != NULL) {
        g_thread_unref(thread);
        return;
    }
    g_mutex_lock(&host->lock);
    g_ptr_array_remove_fast(host->calls, call);
    close(socket);
    g_mutex_unlock(&host->lock);
    g_free(call);
}

static void *take_connections(void *data)
{
    CliHost *host = data;
    while (await_room(host)) {
        int socket = accept4(host->listener, NULL, NULL, SOCK_CLOEXEC);
        if (socket >= 0) {
            start_call(host, socket);
        } else if (errno != EINTR && errno != ECONNABORTED && errno != EINVAL) {
            (void)poll(NULL, 0, 100); /* no descriptor to be had just now */
        }
    }
    return NULL;
}

/* Let the group of the folder connect to the socket @name in it, where it may enter the folder:
 * who may act is then for the accounts to say.  False where it stays closed, as it is not to be
 * given to that group or cannot be. */
static bool open_to_group(int folder, const char *name)
{
    struct stat of_folder;
    return fstat(folder, &of_folder) == 0 && (of_folder.st_mode & S_IXGRP) != 0 &&
           fchownat(folder, name, (uid_t)-1, of_folder.st_gid, AT_SYMLINK_NOFOLLOW) == 0 &&
           fchmodat(folder, name, 0660, 0) == 0;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address;
    int folder = -1;
    if (!relay_address(path, &address, &folder)) {
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)g_unlink(path); /* whoever holds the office's lock is the only server */
    /* The file takes its mode from the socket, so that it is never open to others. */
    if (fd >= 0 &&
        (fchmod(fd, 0600) != 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
         listen(fd, BACKLOG) != 0)) {
        int number = errno;
        close(fd);
        errno = number;
        fd = -1;
    }
    if (fd >= 0) {
        g_autofree char *name = g_path_get_basename(path);
        (void)open_to_group(folder, name); /* whoever runs the server reaches it all the same */
    }
    close(folder);
    return fd;
}

CliHost *cli_host_start(Office *office, bool is_quiet, GError **error)
{
    const char *path = office_socket_path(office);
    int listener = listen_at(path);
    if (listener < 0) {
        error_set_errno(error, errno, "cannot take commands at '%s'", path);
        return NULL;
    }
    CliHost *host = g_new0(CliHost, 1);
    host->office = office;
    host->is_quiet = is_quiet;
    host->listener = listener;
    host->calls = g_ptr_array_new();
    g_mutex_init(&host->lock);
    g_cond_init(&host->changed);
    host->thread = thread_start("commands", take_connections, host);
    return host;
}

void cli_host_stop(CliHost *host)
{
    if (host == NULL) {
        return;
    }
    (void)g_unlink(office_socket_path(host->office));
    g_mutex_lock(&host->lock);
    host->is_stopping = true;
    g_cond_broadcast(&host->changed);
    g_mutex_unlock(&host->lock);
    shutdown(host->listener, SHUT_RDWR); /* ends the accept */
    g_thread_join(host->thread);
    g_mutex_lock(&host->lock);
    for (guint i = 0; i < host->calls->len; i++) {
        const Call *call = g_ptr_array_index(host->calls, i);
        shutdown(call->socket, SHUT_RD); /* as if the client asked to stop */
    }
    while (host->calls->len > 0) {
        g_cond_wait(&host->changed, &host->lock);
    }
    g_mutex_unlock(&host->lock);
    close(host->listener);
    g_ptr_array_unref(host->calls);
    g_mutex_clear(&host->lock);
    g_cond_clear(&host->changed);
    g_free(host);
}
