#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"

#define STATUS_SANDBOX 120 /* exit statuses of the worker that are not its work's */
#define STATUS_MEMORY 121
#define STATUS_WORK 122
#define STATUS_PREPARE 123

/* The descriptors of a keeper; a worker has the first two. */
#define FD_INPUT 0
#define FD_OUTPUT 1
#define FD_CONTROL 3
#define FD_FIRST_FREE 4

struct Child {
    int output;   /* our end of the pipe */
    int control;  /* our end of the socket to the keeper */
    pid_t keeper; /* to be waited for; 0 when the server made it */
    ChildLimits limits;
    int64_t waited_us;
};

/* What the server is told, with three descriptors beside it.  The server is a fork of this very
 * process, so that the address of a function means the same there. */
typedef struct Order {
    ChildWork work;
    ChildLimits limits;
    size_t length;
    max_align_t data[CHILD_MAX_DATA / sizeof(max_align_t)];
} Order;

typedef struct OrderFiles {
    int input, output, control;
} OrderFiles;

/* The way to the server: set once before there are threads. */
static int server_socket = -1;
static pid_t server_pid = 0;

/* ---- worker ---------------------------------------------------------------------------------- */

/* GLib says so through its log when memory runs out, and would then abort. */
static void end_on_error(const char *domain, GLogLevelFlags level, const char *message,
                         gpointer data)
{
    if ((level & G_LOG_LEVEL_ERROR) != 0) {
        _exit(STATUS_MEMORY);
    }
}

G_NORETURN static void be_worker(const Order *order, pid_t keeper)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != keeper) {
        _exit(STATUS_SANDBOX);
    }
    close(FD_CONTROL);
    g_log_set_default_handler(end_on_error, NULL);
    if (order->work.prepare != NULL && !order->work.prepare()) {
        _exit(STATUS_PREPARE);
    }
    if (!sandbox_enter(order->limits.memory_bytes, order->limits.cpu_seconds)) {
        _exit(STATUS_SANDBOX);
    }
    int status = order->work.run(FD_INPUT, FD_OUTPUT, order->data, order->length);
    _exit(status == 0 ? 0 : STATUS_WORK);
}

/* ---- keeper ---------------------------------------------------------------------------------- */

/* Let the descriptors be FD_INPUT, FD_OUTPUT and FD_CONTROL, and close all others but standard
 * error, where sanitizers report. */
static bool arrange_files(const OrderFiles *files)
{
    int input = fcntl(files->input, F_DUPFD, FD_FIRST_FREE);
    int output = fcntl(files->output, F_DUPFD, FD_FIRST_FREE);
    int control = fcntl(files->control, F_DUPFD, FD_FIRST_FREE);
    return input >= 0 && output >= 0 && control >= 0 && dup2(input, FD_INPUT) >= 0 &&
           dup2(output, FD_OUTPUT) >= 0 && dup2(control, FD_CONTROL) >= 0 &&
           close_range(FD_FIRST_FREE, ~0U, 0) == 0;
}

static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Wait until @worker has ended, killing it when the program lets go. */
static int watch(pid_t worker, int worker_fd)
{
    struct pollfd both[] = {{.fd = worker_fd, .events = POLLIN},
                            {.fd = FD_CONTROL, .events = POLLIN}};
    while (poll(both, G_N_ELEMENTS(both), -1) < 0 && errno == EINTR) {
    }
    if (both[1].revents != 0) {
        kill(worker, SIGKILL);
    }
    int status = 0;
    while (waitpid(worker, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

G_NORETURN static void be_keeper(const Order *order, const OrderFiles *files)
{
    reset_signals();
    if (!arrange_files(files)) {
        _exit(1);
    }
    pid_t self = getpid();
    pid_t worker = fork();
    if (worker == 0) {
        be_worker(order, self);
    }
    close(FD_INPUT);
    close(FD_OUTPUT);
    int worker_fd = worker > 0 ? pidfd_open(worker, 0) : -1;
    if (worker_fd < 0) {
        _exit(1);
    }
    int status = watch(worker, worker_fd);
    send(FD_CONTROL, &status, sizeof status, MSG_NOSIGNAL);
    _exit(0);
}

/* ---- server ---------------------------------------------------------------------------------- */

/* Take the descriptors that came with @message, -1 where one is missing: a process at its limit
 * gets fewer than were sent. */
static void take_files(struct msghdr *message, OrderFiles *files)
{
    const struct cmsghdr *header = CMSG_FIRSTHDR(message);
    *files = (OrderFiles){-1, -1, -1};
    if (header != NULL && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len <= CMSG_LEN(sizeof *files)) {
        memcpy(files, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
    }
}

/* Receive an order, *@ret_is_good false for one that cannot be carried out; returns false when the
 * program has gone.  The files are the caller's to close. */
static bool receive_order(int socket, Order *order, OrderFiles *files, bool *ret_is_good)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(OrderFiles))];
    } control = {0};
    struct iovec part = {.iov_base = order, .iov_len = sizeof *order};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t length;
    do {
        length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (length < 0 && (errno == EINTR || errno == ENOMEM || errno == ENOBUFS));
    if (length <= 0) {
        return false;
    }
    take_files(&message, files);
    *ret_is_good = length >= (ssize_t)offsetof(Order, data) && order->length <= CHILD_MAX_DATA &&
                   (size_t)length == offsetof(Order, data) + order->length && files->input >= 0 &&
                   files->output >= 0 && files->control >= 0;
    return true;
}

static void close_files(const OrderFiles *files)
{
    const int all[] = {files->input, files->output, files->control};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (all[i] >= 0) {
            close(all[i]);
        }
    }
}

/* Make a keeper for each order until the program is gone. */
G_NORETURN static void be_server(int socket)
{
    signal(SIGCHLD, SIG_IGN); /* keepers need no waiting for */
    static Order order;
    OrderFiles files;
    bool is_good;
    while (receive_order(socket, &order, &files, &is_good)) {
        pid_t keeper = is_good ? fork() : -1;
        if (keeper == 0) {
            be_keeper(&order, &files);
        }
        close_files(&files); /* where no keeper was made, the program reads the end at once */
    }
    _exit(0);
}

/* Have a server until the program is gone: one that is killed, for memory or by mistake, is made
 * anew, and finds the orders that wait in the socket. */
G_NORETURN static void be_guard(int socket)
{
    setsid(); /* a Ctrl-C at the terminal is for the program */
    reset_signals();
    prctl(PR_SET_NAME, "shuzhi-files", 0, 0, 0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    int status = 0;
    do {
        pid_t server = fork();
        if (server == 0) {
            be_server(socket);
        }
        while (server > 0 && waitpid(server, &status, 0) < 0 && errno == EINTR) {
        }
        if (server < 0) {
            _exit(1);
        }
    } while (WIFSIGNALED(status));
    _exit(0);
}

bool child_server_start(GError **error)
{
    g_assert(server_socket < 0);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        error_set_errno(error, errno, "cannot start a child process");
        return false;
    }
    pid_t pid = fork();
    if (pid < 0) {
        error_set_errno(error, errno, "cannot start a child process");
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (pid == 0) {
        close(ends[0]);
        be_guard(ends[1]);
    }
    close(ends[1]);
    server_socket = ends[0];
    server_pid = pid;
    return true;
}

void child_server_stop(void)
{
    if (server_socket >= 0) {
        close(server_socket);
        while (waitpid(server_pid, NULL, 0) < 0 && errno == EINTR) {
        }
        server_socket = -1;
        server_pid = 0;
    }
}

/* Pass @order and @files on to the server. */
static bool send_order(const Order *order, const OrderFiles *files)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(OrderFiles))];
    } control = {0};
    struct iovec part = {.iov_base = (void *)order,
                         .iov_len = offsetof(Order, data) + order->length};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof *files);
    memcpy(CMSG_DATA(header), files, sizeof *files);
    ssize_t length;
    do {
        length = sendmsg(server_socket, &message, MSG_NOSIGNAL);
    } while (length < 0 && errno == EINTR);
    return length >= 0;
}

/* ---- program --------------------------------------------------------------------------------- */

/* Say why there is no child: @number is the errno. */
static void set_unavailable(GError **error, int number)
{
    if (number == EPIPE) { /* who watches over the server was killed as well */
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "the process that reads files has ended; start the program anew");
    } else {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE, "cannot start a child process: %s",
                  g_strerror(number));
    }
}

/* Have the keeper made, by the server or right here; *@ret_keeper is who is to be waited for.
 * False with errno. */
static bool make_keeper(const Order *order, const OrderFiles *files, pid_t *ret_keeper)
{
    *ret_keeper = 0;
    if (server_socket >= 0) {
        return send_order(order, files);
    }
    pid_t keeper = fork();
    if (keeper == 0) {
        be_keeper(order, files);
    }
    *ret_keeper = keeper;
    return keeper > 0;
}

Child *child_start(ChildWork work, const void *data, size_t length, int input,
                   const ChildLimits *limits, GError **error)
{
    g_assert(length <= CHILD_MAX_DATA);
    g_autofree Order *order = g_new(Order, 1);
    order->work = work;
    order->limits = *limits;
    order->length = length;
    if (length > 0) {
        memcpy(order->data, data, length);
    }
    int output[2] = {-1, -1}, control[2] = {-1, -1};
    if (pipe2(output, O_CLOEXEC) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) != 0) {
        set_unavailable(error, errno);
        close(output[0]);
        close(output[1]);
        return NULL;
    }
    g_autoptr(Child) child = g_new0(Child, 1);
    *child = (Child){.output = output[0], .control = control[0], .limits = *limits};
    OrderFiles files = {.input = input, .output = output[1], .control = control[1]};
    int number = make_keeper(order, &files, &child->keeper) ? 0 : errno;
    close(output[1]);
    close(control[1]);
    if (number != 0) {
        set_unavailable(error, number);
        return NULL;
    }
    return g_steal_pointer(&child);
}

void child_free(Child *child)
{
    if (child == NULL) {
        return;
    }
    close(child->output);
    close(child->control); /* the keeper sees it and kills the worker */
    while (child->keeper > 0 && waitpid(child->keeper, NULL, 0) < 0 && errno == EINTR) {
    }
    g_free(child);
}

/* Wait until there is something to read from @fd; LIMIT when all the waiting time is used up. */
static bool wait_for(Child *child, int fd, GError **error)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    int64_t start_us = g_get_monotonic_time();
    int64_t limit_us = (int64_t)child->limits.wait_ms * 1000;
    int n_ready;
    int64_t now_us = start_us;
    do {
        int64_t left_us = limit_us - child->waited_us - (now_us - start_us);
        n_ready = poll(&one, 1, (int)(MAX(left_us, 0) / 1000));
        now_us = g_get_monotonic_time();
    } while (n_ready < 0 && errno == EINTR);
    child->waited_us += now_us - start_us;
    if (n_ready == 0) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the file could not be read within %d seconds",
                  child->limits.wait_ms / 1000);
        shutdown(child->control, SHUT_RDWR);
        return false;
    }
    return true;
}

bool child_read(Child *child, void *buffer, size_t size, size_t *ret_length, GError **error)
{
    if (!wait_for(child, child->output, error)) {
        return false;
    }
    ssize_t length;
    do {
        length = read(child->output, buffer, size);
    } while (length < 0 && errno == EINTR);
    if (length < 0) {
        error_set_errno(error, errno, "cannot read from a child process");
        return false;
    }
    *ret_length = (size_t)length;
    return true;
}

static bool judge_exit(const Child *child, int status, GError **error)
{
    switch (status) {
    case 0:
        return true;
    case STATUS_SANDBOX:
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "this system cannot run the sandbox in which untrusted files are read");
        return false;
    case STATUS_PREPARE:
        error_set(
            error, SHUZHI_ERROR_UNAVAILABLE,
            "the libraries that read such files cannot be loaded; packaging/packages.txt names "
            "Debian's packages of them");
        return false;
    case STATUS_MEMORY:
        error_set(error, SHUZHI_ERROR_LIMIT, "the file takes more than %zu MB of memory to read",
                  child->limits.memory_bytes >> 20);
        return false;
    default:
        error_set(error, SHUZHI_ERROR_INTERNAL, "the child process ended with status %d", status);
        return false;
    }
}

static bool judge_signal(const Child *child, int number, GError **error)
{
    switch (number) {
    case SIGXCPU:
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "the file takes more than %d seconds of processor time to read",
                  child->limits.cpu_seconds);
        return false;
    case SIGSYS:
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the file made its reader try something forbidden, so the reader was stopped");
        return false;
    default:
        error_set(error, SHUZHI_ERROR_INVALID, "the file made its reader crash (signal %d)",
                  number);
        return false;
    }
}

bool child_finish(Child *child, GError **error)
{
    if (!wait_for(child, child->control, error)) {
        return false;
    }
    int status = 0;
    ssize_t length;
    do {
        length = recv(child->control, &status, sizeof status, 0);
    } while (length < 0 && errno == EINTR);
    if (length != sizeof status) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE, "cannot start a child process");
        return false;
    }
    return WIFSIGNALED(status) ? judge_signal(child, WTERMSIG(status), error)
                               : judge_exit(child, WEXITSTATUS(status), error);
}
