#include "base/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef HAS_ADDRESS_SANITIZER
#define HAS_ADDRESS_SANITIZER 0
#endif

static bool set_limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
    struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(resource, &limit) == 0;
}

static bool limit_resources(size_t memory_bytes, int cpu_seconds)
{
    rlim_t seconds = (rlim_t)cpu_seconds;
    return (HAS_ADDRESS_SANITIZER || set_limit(RLIMIT_AS, memory_bytes, memory_bytes)) &&
           set_limit(RLIMIT_CPU, seconds, seconds + 1) && set_limit(RLIMIT_FSIZE, 0, 0) &&
           set_limit(RLIMIT_CORE, 0, 0);
}

/* The kernel's struct landlock_ruleset_attr with the fields of ABI 6; the header of the system may
 * be older than the kernel that runs. */
typedef struct LandlockRuleset {
    uint64_t handled_files;
    uint64_t handled_ports;
    uint64_t scoped;
} LandlockRuleset;

#define LANDLOCK_VERSION_FLAG 1U
#define LANDLOCK_FILES_ABI_1 ((UINT64_C(1) << 13) - 1)
#define LANDLOCK_REFER (UINT64_C(1) << 13)     /* ABI 2 */
#define LANDLOCK_TRUNCATE (UINT64_C(1) << 14)  /* ABI 3 */
#define LANDLOCK_PORTS UINT64_C(3)             /* ABI 4: bind, connect */
#define LANDLOCK_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define LANDLOCK_SCOPES UINT64_C(3)            /* ABI 6: abstract sockets, signals */

/* Handle every right the kernel knows of and grant none.  True too where there is no Landlock.
 * Source: Documentation/userspace-api/landlock.rst of Linux. */
static bool close_file_system(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);
    if (abi < 1) {
        return errno == ENOSYS || errno == EOPNOTSUPP;
    }
    LandlockRuleset rules = {
        .handled_files = LANDLOCK_FILES_ABI_1 | (abi >= 2 ? LANDLOCK_REFER : 0) |
                         (abi >= 3 ? LANDLOCK_TRUNCATE : 0) | (abi >= 5 ? LANDLOCK_IOCTL_DEV : 0),
        .handled_ports = LANDLOCK_PORTS,
        .scoped = LANDLOCK_SCOPES,
    };
    size_t size = abi >= 6   ? sizeof rules
                  : abi >= 4 ? offsetof(LandlockRuleset, scoped)
                             : offsetof(LandlockRuleset, handled_ports);
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (fd < 0) {
        return false;
    }
    bool is_closed = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close(fd);
    return is_closed;
}

/* What computing and the descriptors already open need.  The last two lines are for abort() and the
 * sanitizers, so that a crash is told from a breach. */
static const int allowed_calls[] = {
    SCMP_SYS(read),        SCMP_SYS(write),          SCMP_SYS(close),
    SCMP_SYS(lseek),       SCMP_SYS(fstat),          SCMP_SYS(brk),
    SCMP_SYS(mmap),        SCMP_SYS(munmap),         SCMP_SYS(mremap),
    SCMP_SYS(madvise),     SCMP_SYS(mprotect),       SCMP_SYS(exit),
    SCMP_SYS(exit_group),  SCMP_SYS(futex),          SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom),   SCMP_SYS(rt_sigreturn),   SCMP_SYS(getpid),
    SCMP_SYS(gettid),      SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield),
};

/* What libraries try in passing and do without. */
static const int refused_calls[] = {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(newfstatat)};

static bool add_rules(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < G_N_ELEMENTS(allowed_calls); i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0) != 0) {
            return false;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(refused_calls); i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused_calls[i], 0) != 0) {
            return false;
        }
    }
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())) == 0;
}

static bool filter_system_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) {
        return false;
    }
    bool is_loaded = add_rules(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_loaded;
}

bool sandbox_enter(size_t memory_bytes, int cpu_seconds)
{
    return limit_resources(memory_bytes, cpu_seconds) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           close_file_system() && set_limit(RLIMIT_NOFILE, 3, 3) && filter_system_calls();
}
