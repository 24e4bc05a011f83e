#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/entry.h"
#include "ledger/write.h"
#include "log/history.h"
#include "office/pack.h"
#include "random-load.h"

/* The n-th allocation of an operation fails, for each n: the process may end, the office stays
 * whole.
 *
 * Each try is a process of its own.  The C library's allocator is replaced here by one that counts;
 * under a sanitizer, which replaces it too, this program is not built. */

/* ---- the allocator --------------------------------------------------------------------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *memory, size_t size);
void *memalign(size_t alignment, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **ret_memory, size_t alignment, size_t size);

/* In memory that outlives the process that is tried. */
typedef struct Outcome {
    gint has_failed; /* an allocation did */
    int64_t id;      /* the entry that was acknowledged; 0: none */
} Outcome;

static gint n_left; /* allocations until one fails; 0: none does */
static Outcome *outcome;

static bool fails(void)
{
    bool does = g_atomic_int_get(&n_left) > 0 && g_atomic_int_add(&n_left, -1) == 1;
    if (does) {
        g_atomic_int_set(&outcome->has_failed, 1);
    }
    return does;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (memory != NULL) {
        *ret_memory = memory;
    }
    return memory != NULL ? 0 : ENOMEM;
}

/* ---- operations ------------------------------------------------------------------------------ */

/* What a process does in an office that it opened; false: refused.  *@ret_id is the entry that was
 * acknowledged. */
typedef struct Operation {
    const char *name;
    bool (*run)(RandomLoad *load, int64_t *ret_id, GError **error);
    bool is_whole; /* opening and closing are tried too */
} Operation;

static bool add(RandomLoad *load, int64_t *ret_id, GError **error)
{
    const SchemaLedger *ledger = schema_ledger(office_schema(load->office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "title"), value_text("路灯不亮"));
    ledger_input_set(input, schema_ledger_field(ledger, "received_at"),
                     value_time(TEST_OFFICE_NOW_US - G_USEC_PER_SEC));
    ledger_input_set(input, schema_ledger_field(ledger, "citizen"), value_text("甄有才"));
    return ledger_entry_add(load->office, load->subject, &load->act, input, 0, ret_id, error);
}

static bool apply(RandomLoad *load, int64_t *ret_id, GError **error)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    for (guint i = 0; i < files->len; i++) {
        SchemaFile *file = g_ptr_array_index(files, i);
        if (g_str_has_suffix(file->path, "ledgers/case.yaml")) {
            g_auto(GStrv) halves = g_strsplit(file->text, "fields:\n", 2);
            g_free(file->text);
            file->text = g_strconcat(halves[0], "fields:\n  extra: text 附加\n", halves[1], NULL);
        }
    }
    return office_pack_apply(load->office, files, NULL, &load->act, error);
}

static bool look(RandomLoad *load, int64_t *ret_id, GError **error)
{
    g_autoptr(LogReport) report = random_load_verify(load->office, error);
    /* what could not be looked at is not altered */
    g_assert_true(report == NULL || report->verdict == LOG_SOUND ||
                  report->verdict == LOG_ASSERTED);
    return report != NULL;
}

static const Operation operations[] = {
    {"add", add, false}, {"visit", add, true}, {"pack", apply, false}, {"verify", look, false}};

/* ---- one try --------------------------------------------------------------------------------- */

/* g_strdup_printf() alone of GLib's allocations returns NULL instead of ending the process; who
 * reads that ends it too.  A read or write anywhere else is a fault of ours and stays a SIGSEGV. */
static void end_at_null(int number, siginfo_t *info, void *context)
{
    if ((uintptr_t)info->si_addr < 4096) {
        abort();
    }
    signal(number, SIG_DFL);
}

/* Open the office, run @operation with the @n-th allocation failing, close it; the process ends. */
static void live(const char *location, const Operation *operation, int n)
{
    g_autoptr(GError) error = NULL;
    const struct rlimit no_core = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &no_core);
    const struct sigaction at_null = {.sa_sigaction = end_at_null, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &at_null, NULL);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    g_atomic_int_set(&n_left, operation->is_whole ? n : 0);
    g_autoptr(Source) source = source_new_seeded((uint64_t)n, TEST_OFFICE_NOW_US);
    Office *office = office_open(location, OFFICE_WRITE, source, &error);
    RightsSubject *subject = office != NULL ? rights_subject_os(office, "test", &error) : NULL;
    if (subject == NULL) {
        _exit(1);
    }
    RandomLoad load;
    int64_t id = 0;
    random_load_init(&load, office, subject, NULL, 1);
    g_atomic_int_set(&n_left, operation->is_whole ? g_atomic_int_get(&n_left) : n);
    if (operation->run(&load, &id, &error)) {
        outcome->id = id;
    }
    office_close(office);
    _exit(0);
}

static void check_office(const char *location)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(LogReport) report = random_load_verify(office, &error);
    g_assert_no_error(error);
    if (report->verdict != LOG_SOUND && report->verdict != LOG_ASSERTED) {
        const LogFinding *first = g_ptr_array_index(report->findings, 0);
        g_error("%s: %s", log_verdict_name(report->verdict), first->said->message);
    }
    if (outcome->id != 0) { /* what was acknowledged is there */
        g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
        g_autoptr(LedgerEntry) entry = ledger_entry_load(office, reader, outcome->id, &error);
        g_assert_no_error(error);
    }
}

/* Let the @n-th allocation of @operation fail; false when it has fewer. */
static bool try_fault(const char *location, const Operation *operation, int n, int *n_died)
{
    *outcome = (Outcome){0};
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        live(location, operation, n);
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    *n_died += WIFSIGNALED(status) ? 1 : 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGTRAP && WTERMSIG(status) != SIGABRT) {
        g_error("%s %d: ended by signal %d", operation->name, n, WTERMSIG(status));
    }
    check_office(location);
    return outcome->has_failed != 0;
}

static void test_each_allocation_fails(const TestPlace *place)
{
    bool is_long = g_getenv("SHUZHI_CRASH_ROUNDS") != NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(operations); i++) {
        g_autoptr(TestPlace) own = test_place_new(place->dialect);
        TestOffice fixture;
        test_office_open(&fixture, own, NULL);
        g_autofree char *location = g_strdup(fixture.location);
        test_office_close(&fixture);
        int n_tried = 0, n_died = 0;
        /* each of the first ones, then with growing gaps */
        for (int n = 1; try_fault(location, &operations[i], n, &n_died);
             n += 1 + (is_long ? n / 1000 : n / 10)) {
            n_tried++;
        }
        g_test_message("%s: %d allocations failed, %d processes ended by it", operations[i].name,
                       n_tried, n_died);
        g_assert_cmpint(n_tried, >, 10);
    }
}

int main(int argc, char **argv)
{
    outcome =
        mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_test_init(&argc, &argv, NULL);
    test_store_each("/crash/memory/each-allocation-fails", test_each_allocation_fails);
    return g_test_run();
}
