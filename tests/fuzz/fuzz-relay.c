/* Bytes that a stranger sends to the socket of an office, with as many descriptors as the first
 * byte says: a message or none, no descriptor of which stays open, and what is understood is the
 * same after it is sent on. */
#include "cli/relay.h"

#include <fcntl.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 8

/* Return the number that the next descriptor gets. */
static int next_descriptor(void)
{
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    g_assert(next >= 0);
    close(next);
    return next;
}

static void make_pair(int pair[2])
{
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
    g_assert(result == 0);
}

/* Send @bytes, with the first of them @n_files descriptors. */
static void send_bytes(int socket, const uint8_t *bytes, size_t length, size_t n_files)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (n_files > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(n_files * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(n_files * sizeof(int));
        for (size_t i = 0; i < n_files; i++) {
            memcpy(CMSG_DATA(header) + i * sizeof(int), &(int){STDERR_FILENO}, sizeof(int));
        }
    }
    (void)sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT); /* what does not fit is cut off */
}

static void check_same(const RelayMessage *message)
{
    int pair[2];
    g_auto(RelayMessage) again = {0};
    make_pair(pair);
    const RelayFiles *files = message->kind == RELAY_RUN ? &message->files : NULL;
    bool is_sent = relay_send(pair[0], message->kind, message->value, message->text->str,
                              message->text->len, files);
    bool is_received = relay_receive(pair[1], &again);
    g_assert(is_sent && is_received);
    g_assert(again.kind == message->kind && again.value == message->value);
    g_assert(g_string_equal(again.text, message->text));
    close(pair[0]);
    close(pair[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int pair[2];
    int next = next_descriptor();
    if (size == 0) {
        return 0;
    }
    make_pair(pair);
    send_bytes(pair[0], data + 1, size - 1, data[0] % (MAX_DESCRIPTORS + 1));
    close(pair[0]);
    for (bool is_received = true; is_received;) {
        g_auto(RelayMessage) message = {0};
        is_received = relay_receive(pair[1], &message);
        if (is_received) {
            bool is_run = message.kind == RELAY_RUN;
            g_assert(message.text->str[message.text->len] == '\0');
            g_assert(is_run == (message.files.output >= 0) &&
                     is_run == (message.files.folder >= 0));
            check_same(&message);
        }
    }
    close(pair[1]);
    g_assert(next_descriptor() == next);
    return 0;
}
