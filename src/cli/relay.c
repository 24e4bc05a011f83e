#include "cli/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/crypto.h"
#include "cli/places.h"

/* What goes before the text of each message. */
typedef struct Head {
    uint8_t kind;
    uint8_t value;
    uint8_t unused[2];
    uint32_t length;
} Head;

typedef union FileControl {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(RelayFiles))];
} FileControl;

#define NO_FILES ((RelayFiles){-1, -1, -1})

static void close_file(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

void relay_message_clear(RelayMessage *message)
{
    if (message->text != NULL) {
        crypto_wipe(message->text->str, message->text->len); /* it may be a password */
        g_string_free(g_steal_pointer(&message->text), true);
        close_file(&message->files.output);
        close_file(&message->files.errors);
        close_file(&message->files.folder);
    }
}

/* ---- sending --------------------------------------------------------------------------------- */

static bool send_all(int socket, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = send(socket, bytes, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* Send the head, and the descriptors with it: eight bytes go in one piece. */
static bool send_head(int socket, const Head *head, const RelayFiles *files)
{
    FileControl control = {0};
    struct iovec part = {.iov_base = (void *)head, .iov_len = sizeof *head};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (files != NULL) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof *files);
        memcpy(CMSG_DATA(header), files, sizeof *files);
    }
    ssize_t n;
    do {
        n = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *head;
}

bool relay_send(int socket, RelayKind kind, uint8_t value, const char *text, size_t length,
                const RelayFiles *files)
{
    if (length > RELAY_MAX_BYTES) {
        return false;
    }
    const Head head = {.kind = (uint8_t)kind, .value = value, .length = (uint32_t)length};
    return send_head(socket, &head, files) && send_all(socket, text, length);
}

/* ---- receiving ------------------------------------------------------------------------------- */

static bool receive_all(int socket, char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = recv(socket, bytes, length, MSG_WAITALL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* Take the descriptors out of @message; false when they are not as many as there should be.  None
 * stays open then: padding leaves room for one more than was asked for. */
static bool take_files(struct msghdr *message, RelayFiles *ret_files)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header == NULL || header->cmsg_type != SCM_RIGHTS) {
        return header == NULL;
    }
    const int *fds = (const int *)(void *)CMSG_DATA(header);
    size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (n == sizeof *ret_files / sizeof(int) && (message->msg_flags & MSG_CTRUNC) == 0) {
        memcpy(ret_files, fds, sizeof *ret_files);
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        close(fds[i]);
    }
    return false;
}

static bool receive_head(int socket, Head *ret_head, RelayFiles *ret_files)
{
    FileControl control = {0};
    struct iovec part = {.iov_base = ret_head, .iov_len = sizeof *ret_head};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t n;
    do {
        n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    } while (n < 0 && errno == EINTR);
    return n > 0 && take_files(&message, ret_files) && n == (ssize_t)sizeof *ret_head &&
           ret_head->length <= RELAY_MAX_BYTES;
}

bool relay_receive(int socket, RelayMessage *ret_message)
{
    Head head;
    g_auto(RelayMessage) message = {.text = g_string_new(NULL), .files = NO_FILES};
    if (!receive_head(socket, &head, &message.files) || strchr("RQANDSC", head.kind) == NULL ||
        head.kind == '\0' || (head.kind == RELAY_RUN) != (message.files.output >= 0)) {
        return false;
    }
    g_string_set_size(message.text, head.length);
    if (!receive_all(socket, message.text->str, head.length)) {
        return false;
    }
    message.kind = (RelayKind)head.kind;
    message.value = head.value;
    *ret_message = message;
    message = (RelayMessage){.text = NULL};
    return true;
}

/* ---- the address ----------------------------------------------------------------------------- */

/* An address has room for 107 bytes only, so that the folder is named by its descriptor. */
bool relay_address(const char *path, struct sockaddr_un *ret_address, int *ret_folder)
{
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    int folder = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return false;
    }
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    g_snprintf(ret_address->sun_path, sizeof ret_address->sun_path, "/proc/self/fd/%d/%s", folder,
               name);
    *ret_folder = folder;
    return true;
}

/* ---- the client ------------------------------------------------------------------------------ */

static int connect_to(const char *path)
{
    struct sockaddr_un address;
    int folder = -1;
    if (!relay_address(path, &address, &folder)) {
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close_file(&fd);
    }
    close(folder);
    return fd;
}

static bool send_command(const CliContext *context, int socket)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_len(text, RELAY_VERSION, sizeof RELAY_VERSION);
    g_string_append_len(text, context->language, (gssize)strlen(context->language) + 1);
    g_autofree char *places = cli_places(context);
    g_string_append_len(text, places, (gssize)strlen(places) + 1);
    for (guint i = 0; context->words[i] != NULL; i++) {
        g_string_append_len(text, context->words[i], (gssize)strlen(context->words[i]) + 1);
    }
    RelayFiles files = {.output = fileno(context->terminal->output),
                        .errors = fileno(context->terminal->errors),
                        .folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    bool is_sent =
        files.folder >= 0 && relay_send(socket, RELAY_RUN, 0, text->str, text->len, &files);
    close_file(&files.folder);
    return is_sent;
}

/* Ask the person what the server wants to know.  Ctrl-C ends the program here, as it does at any
 * prompt; the server then sees that nobody answers. */
static bool answer(const CliContext *context, int socket, const RelayMessage *question,
                   const sigset_t *interrupt)
{
    pthread_sigmask(SIG_UNBLOCK, interrupt, NULL);
    char *line =
        context->terminal->ask(context->terminal, question->text->str, question->value != 0);
    pthread_sigmask(SIG_BLOCK, interrupt, NULL);
    bool is_sent = line != NULL ? relay_send(socket, RELAY_ANSWER, 0, line, strlen(line), NULL)
                                : relay_send(socket, RELAY_NOTHING, 0, "", 0, NULL);
    if (line != NULL) {
        crypto_wipe(line, strlen(line));
        g_free(line);
    }
    return is_sent;
}

/* Wait until the server says something.  The first Ctrl-C asks the command to stop; a second one
 * ends this program at once. */
static void await(int socket, int signals, const sigset_t *interrupt)
{
    struct pollfd places[] = {{.fd = socket, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    while (poll(places, G_N_ELEMENTS(places), -1) < 0 || places[0].revents == 0) {
        if (places[1].revents != 0) {
            shutdown(socket, SHUT_WR);
            pthread_sigmask(SIG_UNBLOCK, interrupt, NULL);
            places[1].fd = -1;
            struct signalfd_siginfo info;
            (void)!read(signals, &info, sizeof info);
        }
    }
}

/* Answer the server's questions until it says how the command ended. */
static bool follow(CliContext *context, int socket, int signals, const sigset_t *interrupt,
                   GError **error)
{
    while (true) {
        g_auto(RelayMessage) message = {0};
        await(socket, signals, interrupt);
        if (!relay_receive(socket, &message)) {
            error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                      "the server of the office ended before this command had; look whether it was"
                      " done");
            return false;
        }
        if (message.kind == RELAY_DONE) {
            context->status = message.value;
            return true;
        }
        if (message.kind == RELAY_STRANGER) {
            error_set(error, SHUZHI_ERROR_FORBIDDEN,
                      "the office is being served, and its server takes commands from its own"
                      " account, from root and from those that an account of the office names");
            return false;
        }
        if (message.kind == RELAY_CROWDED) {
            error_set(error, SHUZHI_ERROR_BUSY,
                      "this account has too many commands at work in the server of the office: wait"
                      " until some have ended");
            return false;
        }
        if (message.kind == RELAY_ASK) {
            (void)answer(context, socket, &message, interrupt); /* DONE says how it went */
        }
    }
}

bool relay_run(CliContext *context, const char *path, bool *ret_is_relayed, GError **error)
{
    sigset_t interrupt;
    sigset_t before;
    int socket = connect_to(path);
    if (socket < 0) {
        *ret_is_relayed = false;
        return true;
    }
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, &before);
    int signals = signalfd(-1, &interrupt, SFD_CLOEXEC | SFD_NONBLOCK);
    (void)send_command(context, socket); /* one that takes none says why */
    bool is_done = follow(context, socket, signals, &interrupt, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close_file(&signals);
    close(socket);
    *ret_is_relayed = is_done;
    return is_done;
}
