#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "ledger/entry.h"
#include "log/history.h"
#include "random-load.h"

/* A process writes, says what was acknowledged, and is killed; then everything that it said must be
 * there, and the office sound. */

#define N_WRITERS 4
#define ROUNDS_PER_OFFICE 50

/* ---- the process that is killed -------------------------------------------------------------- */

typedef struct Writer {
    Office *office;
    const RightsSubject *subject;
    uint64_t seed;
    int to_parent;
} Writer;

/* Write for ever; each line of the pipe is the id of an entry that is on disk. */
static gpointer write_entries(gpointer data)
{
    const Writer *writer = data;
    RandomLoad load;
    random_load_init(&load, writer->office, writer->subject, NULL, writer->seed);
    for (;;) {
        g_autoptr(GError) error = NULL;
        int64_t id = 0;
        if (random_load_add(&load, &id, &error)) {
            char line[32];
            int length = g_snprintf(line, sizeof line, "%" G_GINT64_FORMAT "\n", id);
            if (write(writer->to_parent, line, (size_t)length) != length) {
                _exit(3);
            }
        } else if (!error_is(error, SHUZHI_ERROR_INVALID) && /* what it types is random, and may */
                   !error_is(error, SHUZHI_ERROR_EXISTS)) {  /* be what it typed before */
            g_printerr("%s\n", error->message);
            _exit(2);
        }
    }
    return NULL;
}

static void live(const char *location, uint64_t seed, int to_parent)
{
    g_autoptr(GError) error = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Office *office = office_open(location, OFFICE_WRITE, NULL, &error);
    RightsSubject *subject = office != NULL ? rights_subject_os(office, "test", &error) : NULL;
    if (subject == NULL) {
        g_printerr("%s\n", error->message);
        _exit(2);
    }
    Writer writers[N_WRITERS];
    for (int i = 0; i < N_WRITERS; i++) {
        writers[i] = (Writer){office, subject, seed * N_WRITERS + (uint64_t)i, to_parent};
        g_thread_new("writer", write_entries, &writers[i]);
    }
    for (;;) {
        pause();
    }
}

/* ---- the process that looks ------------------------------------------------------------------ */

/* Read ids out of @from_child until there are @n of them, or the child's end. */
static void read_ids(int from_child, GString *text, int n)
{
    char bytes[4096];
    int n_lines = 0;
    ssize_t length;
    while (n_lines < n && (length = read(from_child, bytes, sizeof bytes)) > 0) {
        g_string_append_len(text, bytes, length);
        for (ssize_t i = 0; i < length; i++) {
            n_lines += bytes[i] == '\n';
        }
    }
}

/* Let a process write until it has said some ids, then kill it; returns all it said. */
static GString *kill_a_writer(const char *location, Source *dice, uint64_t seed)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        close(ends[0]);
        live(location, seed, ends[1]);
    }
    close(ends[1]);
    GString *said = g_string_new(NULL);
    read_ids(ends[0], said, 1 + (int)source_random_below(dice, 60));
    g_usleep(source_random_below(dice, 4000)); /* into the middle of whatever it does */
    kill(child, SIGKILL);
    read_ids(ends[0], said, G_MAXINT);
    close(ends[0]);
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return said;
}

/* Check that each entry of @said is there; returns how many. */
static int check_said(Office *office, const GString *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(said->str, "\n", -1);
    int n = 0;
    for (; lines[n] != NULL && *lines[n] != '\0'; n++) {
        int64_t id = 0;
        g_assert_true(text_parse_int(lines[n], &id));
        g_autoptr(LedgerEntry) entry = ledger_entry_load(office, reader, id, &error);
        g_assert_no_error(error);
    }
    return n;
}

static void check_sound(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogReport) report = random_load_verify(office, &error);
    g_assert_no_error(error);
    if (report->verdict != LOG_SOUND && report->verdict != LOG_ASSERTED) {
        const LogFinding *first = g_ptr_array_index(report->findings, 0);
        g_error("%s: %s", log_verdict_name(report->verdict), first->said->message);
    }
}

/* Kill @n_rounds writers of a fresh office; returns how many entries they were told to be safe. */
static int run_rounds(const TestPlace *place, Source *dice, int n_rounds)
{
    TestOffice fixture;
    test_office_open(&fixture, place, NULL);
    g_autofree char *location = g_strdup(fixture.location);
    test_office_close(&fixture);
    int n_said = 0;
    for (int round = 0; round < n_rounds; round++) {
        g_autoptr(GError) error = NULL;
        GString *said = kill_a_writer(location, dice, source_random_below(dice, G_MAXINT32));
        g_autoptr(Office) office = office_open(location, OFFICE_WRITE, NULL, &error);
        g_assert_no_error(error);
        n_said += check_said(office, said);
        check_sound(office);
        g_string_free(said, true);
    }
    return n_said;
}

static void test_killed_writer(const TestPlace *place)
{
    const char *text = g_getenv("SHUZHI_CRASH_ROUNDS");
    int n_rounds = text != NULL ? (int)g_ascii_strtoll(text, NULL, 10) : 10;
    int n_said = 0;
    g_autoptr(Source) dice = source_new_seeded((uint64_t)g_get_real_time(), 0);
    for (int done = 0; done < n_rounds; done += ROUNDS_PER_OFFICE) {
        g_autoptr(TestPlace) own = test_place_new(place->dialect);
        n_said += run_rounds(own, dice, MIN(ROUNDS_PER_OFFICE, n_rounds - done));
    }
    g_test_message("%d writers killed, %d acknowledged entries, all there", n_rounds, n_said);
    g_assert_cmpint(n_said, >=, n_rounds);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/crash/kill/no-acknowledged-entry-is-lost", test_killed_writer);
    return g_test_run();
}
