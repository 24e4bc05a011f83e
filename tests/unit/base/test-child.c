#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#define WORK(function)    \
    (ChildWork)           \
    {                     \
        .run = (function) \
    }

/* Open a nameless file that holds @text, at its beginning. */
static int open_text(const char *text)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (ssize_t)strlen(text));
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Run @work over "abc"; returns what it answered, NULL with *@ret_error when it did not end well.
 */
static char *run(ChildWork work, const void *data, size_t length, ChildLimits limits,
                 GError **ret_error)
{
    int input = open_text("abc");
    g_autoptr(GError) error = NULL;
    g_autoptr(Child) child = child_start(work, data, length, input, &limits, &error);
    g_assert_no_error(error);
    close(input);
    g_autoptr(GString) answer = g_string_new(NULL);
    char buffer[100];
    size_t n = 1;
    while (n > 0) {
        if (!child_read(child, buffer, sizeof buffer, &n, ret_error)) {
            return NULL;
        }
        g_string_append_len(answer, buffer, (gssize)n);
    }
    if (!child_finish(child, ret_error)) {
        return NULL;
    }
    return g_string_free(g_steal_pointer(&answer), false);
}

static int copy_twice(int input, int output, const void *data, size_t length)
{
    char buffer[10];
    ssize_t n = read(input, buffer, sizeof buffer);
    bool is_good =
        write(output, buffer, (size_t)n) == n && write(output, data, length) == (ssize_t)length;
    return is_good ? 0 : 1;
}

static void check_answers(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *answer = run(WORK(copy_twice), "+data", 5, CHILD_LIMITS_DEFAULT, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(answer, ==, "abc+data");
}

static void test_answers(void)
{
    check_answers();
}

static void test_largest_orders(void)
{
    g_autofree char *data = g_strnfill(CHILD_MAX_DATA, 'x');
    g_autoptr(GError) error = NULL;
    g_autofree char *answer =
        run(WORK(copy_twice), data, CHILD_MAX_DATA, CHILD_LIMITS_DEFAULT, &error);
    g_assert_no_error(error);
    g_assert_cmpint((int)strlen(answer), ==, (int)CHILD_MAX_DATA + 3);
}

static int open_file(int input, int output, const void *data, size_t length)
{
    bool is_refused = open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES;
    return is_refused && write(output, "refused", 7) == 7 ? 0 : 1;
}

static void test_opening_a_file_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *answer = run(WORK(open_file), NULL, 0, CHILD_LIMITS_DEFAULT, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(answer, ==, "refused");
}

static int make_socket(int input, int output, const void *data, size_t length)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int execute(int input, int output, const void *data, size_t length)
{
    return execl("/bin/true", "true", (char *)NULL);
}

static int fork_again(int input, int output, const void *data, size_t length)
{
    return fork() < 0;
}

static int unlink_file(int input, int output, const void *data, size_t length)
{
    return unlink("/tmp/shuzhi-no-such-file");
}

static int kill_parent(int input, int output, const void *data, size_t length)
{
    return kill(getppid(), SIGTERM);
}

static void test_forbidden_calls_end_it(void)
{
    static const ChildWork works[] = {WORK(make_socket), WORK(execute), WORK(fork_again),
                                      WORK(unlink_file), WORK(kill_parent)};
    for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(run(works[i], NULL, 0, CHILD_LIMITS_DEFAULT, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
        g_assert_nonnull(strstr(error->message, "forbidden"));
    }
}

static int allocate_much(int input, int output, const void *data, size_t length)
{
    char *much = g_malloc((size_t)1 << 30);
    memset(much, 1, (size_t)1 << 30);
    return much[12345] != 1;
}

static void test_memory_is_limited(void)
{
    if (IS_SANITIZED) {
        g_test_skip("the address space is not limited under AddressSanitizer");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(run(WORK(allocate_much), NULL, 0, CHILD_LIMITS_DEFAULT, &error));
    g_assert_cmpstr(error->message, ==, "the file takes more than 512 MB of memory to read");
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
}

static int run_forever(int input, int output, const void *data, size_t length)
{
    volatile bool is_on = true;
    while (is_on) {
    }
    return 0;
}

static void test_processor_time_is_limited(void)
{
    ChildLimits limits = CHILD_LIMITS_DEFAULT;
    limits.cpu_seconds = 1;
    g_autoptr(GError) error = NULL;
    g_assert_null(run(WORK(run_forever), NULL, 0, limits, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
    g_assert_nonnull(strstr(error->message, "processor time"));
}

static void test_waiting_is_limited(void)
{
    ChildLimits limits = CHILD_LIMITS_DEFAULT;
    limits.wait_ms = 100;
    g_autoptr(GError) error = NULL;
    g_assert_null(run(WORK(run_forever), NULL, 0, limits, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_LIMIT));
    g_assert_nonnull(strstr(error->message, "could not be read within"));
}

static int crash(int input, int output, const void *data, size_t length)
{
    g_assert_not_reached();
}

static int fail(int input, int output, const void *data, size_t length)
{
    return 7;
}

static void test_crash_and_failure_are_told(void)
{
    g_autoptr(GError) crashed = NULL, failed = NULL;
    g_assert_null(run(WORK(crash), NULL, 0, CHILD_LIMITS_DEFAULT, &crashed));
    g_assert_true(error_is(crashed, SHUZHI_ERROR_INVALID));
    g_assert_null(run(WORK(fail), NULL, 0, CHILD_LIMITS_DEFAULT, &failed));
    g_assert_true(error_is(failed, SHUZHI_ERROR_INTERNAL));
}

static int prepared_fd = -1;

/* Opens what the sandbox would refuse. */
static bool open_before(void)
{
    prepared_fd = open("/proc/self/status", O_RDONLY);
    return prepared_fd >= 0;
}

static int read_prepared(int input, int output, const void *data, size_t length)
{
    char byte;
    return read(prepared_fd, &byte, 1) == 1 && write(output, &byte, 1) == 1 ? 0 : 1;
}

static bool refuse(void)
{
    return false;
}

static void test_prepares_before_the_sandbox(void)
{
    g_autoptr(GError) error = NULL;
    ChildWork work = {.prepare = open_before, .run = read_prepared};
    g_autofree char *answer = run(work, NULL, 0, CHILD_LIMITS_DEFAULT, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(answer, ==, "N"); /* of "Name:" */
    work.prepare = refuse;
    g_assert_null(run(work, NULL, 0, CHILD_LIMITS_DEFAULT, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_UNAVAILABLE));
}

/* A worker that is let go of dies: the write end of @alive, which only it holds, closes. */
static int write_without_end(int input, int output, const void *data, size_t length)
{
    while (write(input, "x", 1) == 1) {
    }
    return 0;
}

static void test_letting_go_kills(void)
{
    int alive[2];
    g_assert_cmpint(pipe2(alive, O_CLOEXEC), ==, 0);
    ChildLimits limits = CHILD_LIMITS_DEFAULT;
    g_autoptr(GError) error = NULL;
    g_autoptr(Child) child =
        child_start(WORK(write_without_end), NULL, 0, alive[1], &limits, &error);
    g_assert_no_error(error);
    close(alive[1]);
    g_clear_pointer(&child, child_free);
    char buffer[4096];
    while (read(alive[0], buffer, sizeof buffer) > 0) {
    }
    close(alive[0]);
}

static void test_works_through_the_server(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(child_server_start(&error));
    check_answers();
    test_largest_orders();
    test_forbidden_calls_end_it();
    test_letting_go_kills();
    child_server_stop();
    check_answers();
}

/* Return a child process of @parent; 0 when it has none. */
static pid_t child_of(pid_t parent)
{
    g_autoptr(GDir) all = g_dir_open("/proc", 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(all)) != NULL) {
        g_autofree char *path = g_build_filename("/proc", name, "stat", NULL);
        g_autofree char *stat = NULL;
        int above = 0;
        if (g_ascii_isdigit(*name) && g_file_get_contents(path, &stat, NULL, NULL) &&
            sscanf(strrchr(stat, ')') + 1, " %*c %d", &above) == 1 && above == parent) {
            return (pid_t)g_ascii_strtoll(name, NULL, 10);
        }
    }
    return 0;
}

static void test_a_killed_server_is_made_anew(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(child_server_start(&error));
    check_answers();
    pid_t guard = child_of(getpid());
    pid_t server = child_of(guard);
    g_assert_cmpint(kill(server, SIGKILL), ==, 0);
    while (child_of(guard) == server) {
        g_thread_yield();
    }
    check_answers();
    child_server_stop();
}

static void test_an_order_that_fails_is_not_the_last(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(child_server_start(&error));
    check_answers();
    pid_t server = child_of(child_of(getpid()));
    struct rlimit limit, none;
    g_assert_cmpint(prlimit(server, RLIMIT_NOFILE, NULL, &limit), ==, 0);
    none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max};
    g_assert_cmpint(prlimit(server, RLIMIT_NOFILE, &none, NULL), ==, 0);
    g_assert_null(run(WORK(copy_twice), "+data", 5, CHILD_LIMITS_DEFAULT, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_UNAVAILABLE));
    g_assert_cmpint(prlimit(server, RLIMIT_NOFILE, &limit, NULL), ==, 0);
    check_answers();
    child_server_stop();
}

static void test_two_at_a_time(void)
{
    g_autoptr(GError) error = NULL;
    ChildLimits limits = CHILD_LIMITS_DEFAULT;
    int first = open_text("one"), second = open_text("two");
    g_autoptr(Child) a = child_start(WORK(copy_twice), "1", 1, first, &limits, &error);
    g_autoptr(Child) b = child_start(WORK(copy_twice), "2", 1, second, &limits, &error);
    g_assert_no_error(error);
    close(first);
    close(second);
    char buffer[10] = "";
    size_t n = 0;
    g_assert_true(child_finish(b, &error));
    g_assert_true(child_read(b, buffer, sizeof buffer, &n, &error));
    g_assert_cmpmem(buffer, n, "two2", 4);
    g_assert_true(child_finish(a, &error));
    g_assert_true(child_read(a, buffer, sizeof buffer, &n, &error));
    g_assert_cmpmem(buffer, n, "one1", 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/child/answers", test_answers);
    g_test_add_func("/base/child/largest-orders", test_largest_orders);
    g_test_add_func("/base/child/opening-a-file-is-refused", test_opening_a_file_is_refused);
    g_test_add_func("/base/child/forbidden-calls-end-it", test_forbidden_calls_end_it);
    g_test_add_func("/base/child/memory-is-limited", test_memory_is_limited);
    g_test_add_func("/base/child/processor-time-is-limited", test_processor_time_is_limited);
    g_test_add_func("/base/child/waiting-is-limited", test_waiting_is_limited);
    g_test_add_func("/base/child/prepares-before-the-sandbox", test_prepares_before_the_sandbox);
    g_test_add_func("/base/child/crash-and-failure-are-told", test_crash_and_failure_are_told);
    g_test_add_func("/base/child/letting-go-kills", test_letting_go_kills);
    g_test_add_func("/base/child/two-at-a-time", test_two_at_a_time);
    g_test_add_func("/base/child/works-through-the-server", test_works_through_the_server);
    g_test_add_func("/base/child/a-killed-server-is-made-anew", test_a_killed_server_is_made_anew);
    g_test_add_func("/base/child/an-order-that-fails-is-not-the-last",
                    test_an_order_that_fails_is_not_the_last);
    return g_test_run();
}
