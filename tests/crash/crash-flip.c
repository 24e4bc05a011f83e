#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "ledger/write.h"
#include "log/history.h"
#include "log/tiles.h"
#include "random-load.h"

/* Each bit of each stored line of an office of 1,000 events is flipped, and has to be found: leaf
 * by leaf in memory, as verification hashes a line and compares it with the stored tile; and in the
 * file, through the whole verify command, at length each bit, else one in many.
 *
 * In the file, many lines are damaged at a time, one bit in each, as the command has to name the
 * event of each: a flip that it does not name is a flip that it did not find. */

#define N_EVENTS 1000
#define N_RANDOM 200
#define LINES_AT_ONCE 40 /* at most two findings a line stay below LOG_MAX_FINDINGS */

typedef struct Line {
    int64_t seq;
    char *text;
    size_t length;
} Line;

/* A copy of the office, its lines sorted by length, and the file that takes what is printed. */
typedef struct Bench {
    char *office;
    GArray *lines; /* of Line */
    sqlite3 *db;
    sqlite3_stmt *update;
    int output;
    int64_t n_flips;
    int64_t n_runs; /* of the command */
} Bench;

/* ---- the office ------------------------------------------------------------------------------ */

static int64_t count_events(Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    int64_t size = 0;
    g_assert_true(reader != NULL && log_head(reader, &size, NULL, &error));
    return size;
}

static void add_and_look(RandomLoad *load)
{
    g_autoptr(GError) error = NULL;
    int64_t id = 0;
    const SchemaLedger *ledger = schema_ledger(office_schema(load->office), "case");
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    ledger_input_set(input, schema_ledger_field(ledger, "title"), value_text("路灯不亮"));
    ledger_input_set(input, schema_ledger_field(ledger, "received_at"),
                     value_time(TEST_OFFICE_NOW_US - G_USEC_PER_SEC));
    ledger_entry_add(load->office, load->subject, &load->act, input, 0, &id, &error);
    for (int i = 0; i < 7 && error == NULL; i++) {
        ledger_entry_look(load->office, load->subject, &load->act, id, &error);
    }
    g_assert_no_error(error);
}

/* Make the office and return where it is. */
static char *make_office(const TestPlace *place)
{
    TestOffice fixture;
    RandomLoad load;
    test_office_open(&fixture, place, NULL);
    random_load_init(&load, fixture.office, fixture.console, fixture.source, 2023);
    while (count_events(fixture.office) < N_RANDOM) { /* events of every kind, with long lines */
        random_load_act(&load);
    }
    while (count_events(fixture.office) < N_EVENTS) { /* and the usual ones, with short lines */
        add_and_look(&load);
    }
    random_load_clear(&load);
    char *location = g_strdup(fixture.location);
    test_office_close(&fixture); /* signs it */
    return location;
}

static char *copy_office(const TestPlace *place, const char *office, int worker)
{
    g_autofree char *name = g_strdup_printf("copy-%d", worker);
    char *copy = g_build_filename(place->folder, name, NULL);
    const char *argv[] = {"cp", "-r", office, copy, NULL};
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
    return copy;
}

/* ---- leaf by leaf ---------------------------------------------------------------------------- */

static bool is_leaf(const char *line, const ProofHash *stored)
{
    ProofHash hash;
    proof_leaf_hash(line, strlen(line), &hash);
    return proof_hash_is_equal(&hash, stored);
}

/* Flip each bit of @line, whose leaf is @stored; return how many there are. */
static int64_t flip_leaf(char *line, int64_t seq, const ProofHash *stored)
{
    int64_t n_bits = 8 * (int64_t)strlen(line);
    g_assert_true(is_leaf(line, stored));
    for (int64_t bit = 0; bit < n_bits; bit++) {
        line[bit / 8] = (char)(line[bit / 8] ^ (1 << bit % 8));
        if (is_leaf(line, stored)) {
            g_error("not found: bit %" G_GINT64_FORMAT " of event %" G_GINT64_FORMAT, bit, seq);
        }
        line[bit / 8] = (char)(line[bit / 8] ^ (1 << bit % 8));
    }
    return n_bits;
}

/* Flip each bit of each line, the flipped line never being the leaf that the tree holds.  Return of
 * how many bits each @apart-th, from the first of each line on, is one. */
static int64_t flip_leaves(const char *location, int64_t apart)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) events = log_events_after(reader, 0, INT64_MAX, &error);
    g_assert_no_error(error);
    const ProofTileReader tiles = log_tile_reader(reader);
    ProofHash stored[PROOF_TILE_WIDTH];
    int64_t n_bits = 0, n_apart = 0;
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        int at = (int)i % PROOF_TILE_WIDTH;
        if (at == 0) {
            proof_tile_read(&tiles, 0, i / PROOF_TILE_WIDTH,
                            (int)MIN(events->len - i, PROOF_TILE_WIDTH), stored, &error);
            g_assert_no_error(error);
        }
        int64_t n = flip_leaf(event->line, event->seq, &stored[at]);
        n_bits += n;
        n_apart += (n + apart - 1) / apart;
    }
    g_assert_cmpint(events->len, >=, N_EVENTS);
    g_test_message("%" G_GINT64_FORMAT " bits, each flipped and found leaf by leaf", n_bits);
    return n_apart;
}

/* ---- its lines ------------------------------------------------------------------------------- */

static int compare_lengths(gconstpointer a, gconstpointer b)
{
    const Line *left = a, *right = b;
    return left->length != right->length ? (left->length < right->length ? -1 : 1)
                                         : (left->seq < right->seq ? -1 : 1);
}

static void clear_line(gpointer data)
{
    Line *line = data;
    g_free(line->text);
}

static void bench_open(Bench *bench)
{
    g_autofree char *path = g_build_filename(bench->office, "office.db", NULL);
    sqlite3_stmt *query = NULL;
    g_assert_cmpint(sqlite3_open(path, &bench->db), ==, SQLITE_OK);
    sqlite3_exec(bench->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    g_assert_cmpint(sqlite3_prepare_v2(bench->db, "SELECT seq, line FROM event", -1, &query, NULL),
                    ==, 0);
    g_assert_cmpint(sqlite3_prepare_v2(bench->db,
                                       "UPDATE event SET line = CAST(?2 AS TEXT) WHERE seq = ?1",
                                       -1, &bench->update, NULL),
                    ==, 0);
    bench->lines = g_array_new(false, false, sizeof(Line));
    g_array_set_clear_func(bench->lines, clear_line);
    while (sqlite3_step(query) == SQLITE_ROW) {
        Line line = {.seq = sqlite3_column_int64(query, 0),
                     .text = g_strdup((const char *)sqlite3_column_text(query, 1)),
                     .length = (size_t)sqlite3_column_bytes(query, 1)};
        g_array_append_val(bench->lines, line);
    }
    sqlite3_finalize(query);
    g_array_sort(bench->lines, compare_lengths);
    bench->output = memfd_create("verify", 0);
    g_assert_cmpint(bench->output, >=, 0);
}

static void bench_close(Bench *bench)
{
    sqlite3_finalize(bench->update);
    sqlite3_close(bench->db);
    g_array_unref(bench->lines);
    close(bench->output);
}

/* ---- flips ----------------------------------------------------------------------------------- */

static void store_line(const Bench *bench, const Line *line)
{
    sqlite3_bind_int64(bench->update, 1, line->seq);
    sqlite3_bind_blob(bench->update, 2, line->text, (int)line->length, SQLITE_STATIC);
    g_assert_cmpint(sqlite3_step(bench->update), ==, SQLITE_DONE);
    sqlite3_reset(bench->update);
}

/* Flip bit @bit of the lines @from … @until - 1 that have one, in the file and in memory. */
static void flip(const Bench *bench, guint from, guint until, size_t bit)
{
    sqlite3_exec(bench->db, "BEGIN", NULL, NULL, NULL);
    for (guint i = from; i < until; i++) {
        Line *line = &g_array_index(bench->lines, Line, i);
        if (bit / 8 < line->length) {
            line->text[bit / 8] = (char)(line->text[bit / 8] ^ (1 << bit % 8));
            store_line(bench, line);
        }
    }
    g_assert_cmpint(sqlite3_exec(bench->db, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
}

/* Run `shuzhi verify --json`; *@ret_status is its exit status. */
static json_t *run_verify(const Bench *bench, int *ret_status)
{
    char *argv[] = {(char *)"shuzhi", (char *)"verify", bench->office, (char *)"--json", NULL};
    g_assert_cmpint(ftruncate(bench->output, 0), ==, 0);
    g_assert_cmpint(lseek(bench->output, 0, SEEK_SET), ==, 0);
    fflush(stdout);
    int own = dup(STDOUT_FILENO);
    dup2(bench->output, STDOUT_FILENO);
    *ret_status = commands_run(4, argv);
    fflush(stdout);
    dup2(own, STDOUT_FILENO);
    close(own);
    off_t length = lseek(bench->output, 0, SEEK_END);
    g_autofree char *text = g_malloc0((gsize)length + 1);
    g_assert_cmpint(pread(bench->output, text, (size_t)length, 0), ==, length);
    return json_parse(text, (size_t)length, NULL);
}

static bool names_event(const json_t *findings, int64_t seq)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        if (json_integer_value(json_object_get(finding, "event")) == seq &&
            g_strcmp0(json_string_value(json_object_get(finding, "verdict")), "altered") == 0) {
            return true;
        }
    }
    return false;
}

/* Return whether the findings name each of the lines that have a bit @bit. */
static bool names_all(const Bench *bench, const json_t *answer, guint from, guint until, size_t bit)
{
    const json_t *findings = json_object_get(answer, "findings");
    for (guint i = from; i < until; i++) {
        const Line *line = &g_array_index(bench->lines, Line, i);
        if (bit / 8 < line->length && !names_event(findings, line->seq)) {
            return false;
        }
    }
    return true;
}

/* Flip a bit in each of the lines @from … @until - 1, and have the command find them.
 *
 * Some damage ends the reading before all is named: then by halves, down to one line, of which it
 * is enough that the command finds something. */
static void try_flips(Bench *bench, guint from, guint until, size_t bit)
{
    int status = 0;
    flip(bench, from, until, bit);
    g_autoptr(json_t) answer = run_verify(bench, &status);
    flip(bench, from, until, bit); /* back */
    if (status != 1) {
        g_error("not found: bit %zu of event %" G_GINT64_FORMAT, bit,
                g_array_index(bench->lines, Line, from).seq);
    }
    if (until - from == 1 || names_all(bench, answer, from, until, bit)) {
        bench->n_runs++;
        return;
    }
    guint middle = from + (until - from) / 2;
    try_flips(bench, from, middle, bit);
    try_flips(bench, middle, until, bit);
}

/* Flip each @stride-th bit from @first on, of all lines. */
static void run_flips(Bench *bench, size_t first, size_t stride)
{
    bench_open(bench);
    for (guint from = 0; from < bench->lines->len; from += LINES_AT_ONCE) {
        guint until = MIN(from + LINES_AT_ONCE, bench->lines->len);
        size_t n_bits = 8 * g_array_index(bench->lines, Line, until - 1).length;
        for (size_t bit = first; bit < n_bits; bit += stride) {
            guint begin = from; /* sorted by length: the first ones may be too short */
            while (bit / 8 >= g_array_index(bench->lines, Line, begin).length) {
                begin++;
            }
            try_flips(bench, begin, until, bit);
            bench->n_flips += until - begin;
        }
    }
    int status = -1;
    g_autoptr(json_t) answer = run_verify(bench, &status);
    g_assert_cmpint(status, ==, 0); /* all is back in its place */
    bench_close(bench);
}

/* ---- the work shared out --------------------------------------------------------------------- */

/* Do the bits from @first on in a process of its own, which says its counts on the pipe. */
static void start_worker(const char *copy, size_t first, size_t stride, int to_parent)
{
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        Bench bench = {.office = (char *)copy};
        run_flips(&bench, first, stride);
        int64_t counts[] = {bench.n_flips, bench.n_runs};
        _exit(write(to_parent, counts, sizeof counts) == sizeof counts ? 0 : 1);
    }
}

static void test_every_flipped_bit(const TestPlace *place)
{
    bool is_long = g_getenv("SHUZHI_CRASH_ROUNDS") != NULL;
    size_t n_workers = g_get_num_processors();
    size_t apart =
        is_long ? 1 : 1999; /* odd, so that bits of every place in a byte are among them */
    g_autofree char *office = make_office(place);
    int64_t n_expected = flip_leaves(office, (int64_t)apart);
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    for (size_t i = 0; i < n_workers; i++) {
        g_autofree char *copy = copy_office(place, office, (int)i);
        start_worker(copy, i * apart, n_workers * apart, ends[1]);
    }
    int64_t counts[2] = {0};
    for (size_t i = 0; i < n_workers; i++) {
        int status = 0;
        int64_t own[2] = {0};
        g_assert_cmpint(wait(&status), >, 0);
        g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        g_assert_cmpint(read(ends[0], own, sizeof own), ==, sizeof own);
        counts[0] += own[0];
        counts[1] += own[1];
    }
    g_test_message("%" G_GINT64_FORMAT " flipped bits, each found, in %" G_GINT64_FORMAT
                   " runs of verify",
                   counts[0], counts[1]);
    g_assert_cmpint(counts[0], ==, n_expected);
    close(ends[0]);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_on(STORE_SQLITE, "/crash/flip/every-bit-of-every-line", test_every_flipped_bit);
    return g_test_run();
}
