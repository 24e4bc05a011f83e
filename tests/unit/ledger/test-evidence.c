#include "ledger/evidence.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger-fixture.h"
#include "ledger/use.h"
#include "ledger/verify-office.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)
#define FIXTURE(f)                 \
    g_auto(LedgerFixture) f = {0}; \
    ledger_fixture_open(&(f), place)

static char *write_file(const TestPlace *place, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(place->folder, name, NULL);
    file_write(path, text, strlen(text), 0600, &error);
    g_assert_no_error(error);
    return path;
}

/* Attach a file of that name and text as @subject; returns its id. */
static int64_t attach(LedgerFixture *f, const RightsSubject *subject, const TestPlace *place,
                      int64_t id, const char *field, const char *name, const char *text,
                      GError **error)
{
    g_autofree char *path = write_file(place, name, text);
    LogAct act = {.actor = subject->actor};
    int64_t evidence = 0;
    ledger_evidence_attach(f->office, subject, &act, id, field, path, &evidence, error);
    return evidence;
}

static void test_an_empty_file_proves_nothing(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    attach(&f, f.base.console, place, id, "proof", "空白回执.jpg", "", &error);
    test_assert_error(error, INVALID, "'空白回执.jpg' is empty");
    g_clear_error(&error);
    attach(&f, f.base.console, place, id, "proof", "a\u202egpj.exe", "x", &error);
    test_assert_error(error, INVALID, "reads as it is written");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 0);
}

/* One empty file among many kept all of them out. */
static void test_the_good_ones_are_attached(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    g_autofree char *one = write_file(place, "一.jpg", "1");
    g_autofree char *none = write_file(place, "空.jpg", "");
    g_autoptr(GArray) files = g_array_new(false, false, sizeof(LedgerFile));
    const LedgerFile sent[] = {{.field = "proof", .path = one, .name = "一.jpg"},
                               {.field = "proof", .path = none, .name = "空.jpg"},
                               {.field = "proof", .path = one, .name = "绝密.jpg"},
                               {.field = "proof", .path = one, .name = "又一.jpg"}};
    g_array_append_vals(files, sent, G_N_ELEMENTS(sent));
    ledger_evidence_attach_good(f.office, f.base.console, &f.base.act, id, files, &error);
    g_assert_no_error(error);
    LedgerFile *now = &g_array_index(files, LedgerFile, 0);
    g_assert_true(now[0].fault == NULL && !now[0].is_known && now[0].evidence != 0);
    test_assert_error(now[1].fault, INVALID, "'空.jpg' is empty");
    test_assert_error(now[2].fault, INVALID, "state secrets");
    g_assert_true(now[3].fault == NULL && now[3].is_known);
    g_assert_cmpint(now[3].evidence, ==, now[0].evidence);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link WHERE kind = 'evidence'"), ==,
                    1);
    g_clear_error(&now[1].fault);
    g_clear_error(&now[2].fault);
}

/* A name is one line that no shell and no archive takes for a folder or for another name. */
static void test_a_name_reads_as_it_is_written(const TestPlace *place)
{
    static const char *const names[] = {".", "..", "a/b.jpg", "a\\b.jpg", "a\nb.jpg", "a\x01.jpg"};
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autofree char *path = write_file(place, "一.jpg", "1");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) files = g_array_new(false, false, sizeof(LedgerFile));
        LedgerFile file = {.field = "proof", .path = path, .name = names[i]};
        g_array_append_val(files, file);
        g_assert_false(
            ledger_evidence_attach_all(f.office, f.base.console, &f.base.act, id, files, &error));
        test_assert_error(error, INVALID, "one line without '/' and '\\'");
    }
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 0);
}

/* Bytes that cannot be put in their place leave nothing: no event, and no copy. */
static void test_bytes_without_a_place_leave_nothing(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    int64_t photo = attach(&f, f.base.console, place, id, "proof", "一.jpg", "1", &error);
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, id, &error);
    g_autoptr(GPtrArray) kept = ledger_evidence_list(reader, entry, false, &error);
    const LedgerEvidence *file = g_ptr_array_index(kept, 0);
    g_assert_cmpint(file->id, ==, photo);
    g_autofree char *path = ledger_evidence_path(f.office, file->sha256);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    int64_t n_events = ledger_fixture_int(&f, "SELECT size FROM head");
    g_assert_cmpint(attach(&f, f.base.console, place, id, "papers", "二.jpg", "1", &error), ==, 0);
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, "cannot write"));
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT size FROM head"), ==, n_events);
    g_autoptr(GDir) folder = g_dir_open(office_files_path(f.office), 0, NULL);
    const char *name = NULL;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_assert_false(g_str_has_prefix(name, "incoming-"));
    }
}

static void test_a_file_is_kept_once(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t one = ledger_fixture_task(&f, "一");
    int64_t two = ledger_fixture_task(&f, "二");
    const RightsSubject *console = f.base.console;
    int64_t photo = attach(&f, console, place, one, "proof", "照片.jpg", "jpg", &error);
    g_assert_no_error(error);
    g_assert_cmpint(attach(&f, console, place, two, "papers", "照片.jpg", "jpg", &error), ==,
                    photo);
    int64_t n_events = ledger_fixture_int(&f, "SELECT count(*) FROM event");
    g_assert_cmpint(attach(&f, console, place, one, "proof", "照片.jpg", "jpg", &error), ==, photo);
    g_assert_cmpint(attach(&f, console, place, two, "papers", "另名.jpg", "jpg", &error), ==,
                    photo); /* it is there already */
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 1);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, one, &error);
    g_autoptr(GPtrArray) files = ledger_evidence_list(reader, entry, false, &error);
    g_assert_cmpint(files->len, ==, 1);
    const LedgerEvidence *file = g_ptr_array_index(files, 0);
    g_assert_cmpint(file->id, ==, photo);
    g_assert_cmpstr(file->field, ==, "proof");
    g_assert_cmpstr(file->name, ==, "照片.jpg");
    g_assert_cmpint(file->size_bytes, ==, 3);
    g_assert_cmpint(file->added_us, ==, TEST_OFFICE_NOW_US);
    g_autofree char *path = ledger_evidence_path(f.office, file->sha256);
    g_autofree char *bytes = file_read(path, 100, NULL, &error);
    g_assert_cmpstr(bytes, ==, "jpg");
    int64_t n_more = 0;
    g_autoptr(GPtrArray) uses =
        ledger_uses_of(f.office, reader, f.base.console, photo, &n_more, &error);
    g_assert_cmpint(uses->len, ==, 2);
    /* Nothing else is left in the folder of files, but whose it is (office/mark.h). */
    g_autoptr(GDir) folder = g_dir_open(office_files_path(f.office), 0, &error);
    const char *name = NULL;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_assert_true(strlen(name) == 2 || g_str_equal(name, "office"));
    }
}

/* The same bytes under another name are other evidence: an entry shows the name of its own file,
 * not what people elsewhere call theirs.  The bytes are kept once all the same. */
static void test_a_name_is_of_who_brought_it(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t one = ledger_fixture_task(&f, "一");
    int64_t two = ledger_fixture_task(&f, "二");
    const RightsSubject *console = f.base.console;
    int64_t letter = attach(&f, console, place, one, "papers", "张三举报信.txt", "txt", &error);
    int64_t note = attach(&f, console, place, two, "papers", "说明.txt", "txt", &error);
    g_assert_no_error(error);
    g_assert_cmpint(note, !=, letter);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, two, &error);
    g_autoptr(GPtrArray) files = ledger_evidence_list(reader, entry, false, &error);
    g_assert_cmpint(files->len, ==, 1);
    const LedgerEvidence *file = g_ptr_array_index(files, 0);
    g_assert_cmpint(file->id, ==, note);
    g_assert_cmpstr(file->name, ==, "说明.txt");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(DISTINCT sha256) FROM evidence"), ==, 1);
    g_autofree char *path = ledger_evidence_path(f.office, file->sha256);
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
}

static void test_bytes_gone_bad_are_mended(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    attach(&f, f.base.console, place, id, "proof", "a.jpg", "jpg", &error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, id, &error);
    g_autoptr(GPtrArray) files = ledger_evidence_list(reader, entry, false, &error);
    const LedgerEvidence *file = g_ptr_array_index(files, 0);
    g_autofree char *path = ledger_evidence_path(f.office, file->sha256);
    g_assert_true(file_write(path, "bad", 3, 0600, &error));
    attach(&f, f.base.console, place, id, "proof", "a.jpg", "jpg", &error);
    g_autofree char *bytes = file_read(path, 100, NULL, &error);
    g_assert_cmpstr(bytes, ==, "jpg");
}

static void test_evidence_opens_the_step(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "cost", "5", NULL));
    ledger_fixture_step(&f, id, "answer", ledger_fixture_input(&f, f.task, "reply", "好", NULL));
    attach(&f, supervisor, place, id, "proof", "一.jpg", "1", &error);
    attach(&f, supervisor, place, id, "proof", "二.jpg", "2", &error);
    g_assert_no_error(error);
    g_autoptr(LedgerInput) verdict = ledger_fixture_input(&f, f.task, "verdict", "属实", NULL);
    LogAct act = {.actor = supervisor->actor};
    ledger_entry_step(f.office, supervisor, &act, id, 0, "close", 0, verdict, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(&f, id);
    g_assert_cmpstr(entry->state, ==, "closed");
    /* The rule's files survived the entry's being written anew. */
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link WHERE kind = 'evidence'"), ==,
                    2);
}

/* What comes with a step is attached with it, or not at all. */
/* Take the file @evidence away from @id as @subject. */
static void detach(LedgerFixture *f, const RightsSubject *subject, int64_t id, const char *field,
                   int64_t evidence, const char *why, GError **error)
{
    const LogAct act = {.actor = subject->actor, .why = why};
    g_autoptr(LedgerEntry) entry = ledger_fixture_load(f, id);
    ledger_evidence_detach(f->office, subject, &act, entry, field, evidence, error);
}

/* A file that was attached by mistake proved the entry for good. */
static void test_a_wrong_file_is_taken_away(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    const RightsSubject *console = f.base.console;
    int64_t wrong = attach(&f, console, place, id, "proof", "错.jpg", "0", &error);
    int64_t right = attach(&f, console, place, id, "proof", "一.jpg", "1", &error);
    int64_t paper = attach(&f, console, place, id, "papers", "二.jpg", "2", &error);
    g_assert_no_error(error);
    detach(&f, console, id, "proof", wrong, NULL, &error);
    test_assert_error(error, INVALID, "say why");
    g_clear_error(&error);
    detach(&f, console, id, "proof", paper, "误传", &error);
    test_assert_error(error, NOT_FOUND, "no such file");
    g_clear_error(&error);
    detach(&f, console, id, "title", paper, "误传", &error);
    test_assert_error(error, INVALID, "takes no files");
    g_clear_error(&error);
    detach(&f, console, id, "proof", wrong, "误传", &error);
    detach(&f, console, id, "papers", paper, "误传", &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event WHERE kind = "
                                           "'entry.detach'"),
                    ==, 1);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, id, &error);
    g_autoptr(GPtrArray) files = ledger_evidence_list(reader, entry, false, &error);
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_cmpint(((LedgerEvidence *)g_ptr_array_index(files, 0))->id, ==, right);
    g_autoptr(LogReport) report = NULL;
    g_assert_true(ledger_verify_office(f.office, NULL, NULL, NULL, NULL, &report, &error));
    g_assert_cmpint(report->verdict, <, LOG_ALTERED);
}

/* Nor does a step that is done lose what it rests on, or to who may not do it. */
static void test_what_a_step_rests_on_stays(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    g_autoptr(RightsSubject) head = ledger_fixture_subject("account:8", RIGHTS_HEAD, f.root);
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "cost", "5", NULL));
    ledger_fixture_step(&f, id, "answer", ledger_fixture_input(&f, f.task, "reply", "好", NULL));
    int64_t wrong = attach(&f, supervisor, place, id, "proof", "错.jpg", "0", &error);
    attach(&f, supervisor, place, id, "proof", "一.jpg", "1", &error);
    g_autoptr(LedgerInput) verdict = ledger_fixture_input(&f, f.task, "verdict", "属实", NULL);
    LogAct act = {.actor = supervisor->actor};
    ledger_entry_step(f.office, supervisor, &act, id, 0, "close", 0, verdict, NULL, &error);
    g_assert_no_error(error);
    detach(&f, supervisor, id, "proof", wrong, "误传", &error);
    test_assert_error(error, CONFLICT, "attach the right one first");
    g_clear_error(&error);
    attach(&f, supervisor, place, id, "proof", "二.jpg", "2", &error);
    g_assert_no_error(error);
    detach(&f, head, id, "proof", wrong, "误传", &error);
    test_assert_error(error, FORBIDDEN, NULL);
    g_clear_error(&error);
    detach(&f, supervisor, id, "proof", wrong, "误传", &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT sum(n) FROM link WHERE kind = 'evidence'"), ==,
                    1); /* 0 and 1 */
}

/* A step that the pack took away holds no file back. */
static void test_a_step_that_is_gone_holds_no_file(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    ledger_fixture_step(&f, id, "begin", NULL);
    int64_t wrong = attach(&f, f.base.console, place, id, "proof", "错.jpg", "0", &error);
    g_assert_no_error(error);
    ledger_fixture_apply(&f,
                         "  started: {name: 开工后时限, from: begin, until: [answer], within: 15 "
                         "days, when: urgent = yes}\n",
                         "", "task.started");
    ledger_fixture_apply(&f,
                         "  begin: {name: 开工, from: fresh, to: running, by: [clerk, head], at: "
                         "begun_on}\n",
                         "", "task.begin");
    detach(&f, f.base.console, id, "proof", wrong, "误传", &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link WHERE kind = 'evidence'"), ==,
                    0);
}

static void test_a_refused_step_leaves_no_file(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "cost", "5", NULL));
    ledger_fixture_step(&f, id, "answer", ledger_fixture_input(&f, f.task, "reply", "好", NULL));
    g_autofree char *one = write_file(place, "一.jpg", "1");
    g_autofree char *two = write_file(place, "二.jpg", "2");
    const LedgerFile brought[] = {{.field = "proof", .path = one, .name = "一.jpg"},
                                  {.field = "proof", .path = two, .name = "二.jpg"}};
    g_autoptr(GArray) files = g_array_new(false, false, sizeof(LedgerFile));
    g_array_append_vals(files, brought, G_N_ELEMENTS(brought));
    g_autoptr(LedgerInput) none = ledger_input_new(f.task);
    g_autoptr(LedgerInput) verdict = ledger_fixture_input(&f, f.task, "verdict", "属实", NULL);
    LogAct act = {.actor = supervisor->actor};
    int64_t n_events = ledger_fixture_int(&f, "SELECT count(*) FROM event");
    const struct {
        const LedgerInput *input;
        int64_t version;
        int64_t happened_us;
        const char *words;
    } refused[] = {{none, 0, 0, "needs '复核意见'"},
                   {verdict, 0, DAY_US, "cannot have happened before"},
                   {verdict, 1, 0, "changed since you opened it"}};
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(ledger_entry_step_with(f.office, supervisor, &act, id, refused[i].version,
                                              "close", refused[i].happened_us, refused[i].input,
                                              files, NULL, &error));
        g_assert_nonnull(strstr(error->message, refused[i].words));
        g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events);
        g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 0);
    }
    g_autoptr(GError) error = NULL;
    ledger_entry_step_with(f.office, supervisor, &act, id, 3, "close", 0, verdict, files, NULL,
                           &error);
    g_assert_no_error(error);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link WHERE kind = 'evidence'"), ==,
                    2);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events + 5);
}

static void test_files_are_refused(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    g_autoptr(RightsSubject) staff = ledger_fixture_subject("account:8", RIGHTS_STAFF, f.unit_a);
    g_autoptr(RightsSubject) supervisor =
        ledger_fixture_subject("account:7", RIGHTS_SUPERVISOR, f.root);
    const struct {
        const RightsSubject *subject;
        int64_t id;
        const char *field, *name;
        ErrorCode code;
        const char *words;
    } cases[] = {
        {f.base.console, id, "proof", "机密文件.pdf", SHUZHI_ERROR_INVALID, "marked '机密'"},
        {f.base.console, id, "proof", "关于A的 秘 密 通知.pdf", SHUZHI_ERROR_INVALID, "'秘密'"},
        {f.base.console, id, "proof", "绝_密.pdf", SHUZHI_ERROR_INVALID, "state secrets"},
        {f.base.console, id, "proof", "通知（秘密）.pdf", SHUZHI_ERROR_INVALID, "'秘密'"},
        {f.base.console, id, "proof", "【机密】通知.pdf", SHUZHI_ERROR_INVALID, "'机密'"},
        {f.base.console, id, "proof", "秘密★10年 通知.pdf", SHUZHI_ERROR_INVALID, "'秘密'"},
        {f.base.console, id, "proof", "2023绝密级文件.pdf", SHUZHI_ERROR_INVALID, "'绝密'"},
        {f.base.console, id, "proof", "机密10年.pdf", SHUZHI_ERROR_INVALID, "'机密'"},
        {f.base.console, id, "title", "a.pdf", SHUZHI_ERROR_INVALID, "has for them: "},
        {f.base.console, id, "prof", "a.pdf", SHUZHI_ERROR_INVALID, "by 'prof'"},
        {f.base.console, 99999, "proof", "a.pdf", SHUZHI_ERROR_NOT_FOUND, "99999"},
        {staff, id, "proof", "a.pdf", SHUZHI_ERROR_FORBIDDEN, "do steps"},
        {supervisor, id, "papers", "a.pdf", SHUZHI_ERROR_FORBIDDEN, "correct entries"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(attach(&f, cases[i].subject, place, cases[i].id, cases[i].field,
                               cases[i].name, "x", &error),
                        ==, 0);
        test_assert_error_at(G_STRLOC, error, cases[i].code, cases[i].words);
    }
    g_autoptr(GError) folder_error = NULL;
    g_assert_false(ledger_evidence_attach(f.office, f.base.console, &f.base.act, id, "proof",
                                          place->folder, NULL, &folder_error));
    test_assert_error(folder_error, INVALID, "is not a file");
    g_autoptr(GError) missing_error = NULL;
    g_assert_false(ledger_evidence_attach(f.office, f.base.console, &f.base.act, id, "proof",
                                          "/nonexistent/a.pdf", NULL, &missing_error));
    test_assert_error(missing_error, NOT_FOUND, "/nonexistent/a.pdf");
    g_autofree char *large = write_file(place, "large.bin", "");
    g_assert_cmpint(truncate(large, LEDGER_EVIDENCE_MAX_BYTES + 1), ==, 0);
    g_autoptr(GError) large_error = NULL;
    g_assert_false(ledger_evidence_attach(f.office, f.base.console, &f.base.act, id, "proof", large,
                                          NULL, &large_error));
    test_assert_error(large_error, LIMIT, "at most 536870912 fit");
    /* What was sent to us is called as its sender called it. */
    g_clear_error(&large_error);
    LedgerFile sent = {.field = "proof", .path = large, .name = "录像.mp4"};
    g_autoptr(GArray) files = g_array_new(false, false, sizeof sent);
    g_array_append_val(files, sent);
    g_assert_false(
        ledger_evidence_attach_all(f.office, f.base.console, &f.base.act, id, files, &large_error));
    test_assert_error(large_error, LIMIT, "'录像.mp4' has 536870913 bytes");
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM evidence"), ==, 0);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM link"), ==, 1); /* unit_of */
}

static void test_a_name_may_speak_of_secrets(const TestPlace *place)
{
    FIXTURE(f);
    int64_t id = ledger_fixture_task(&f, "一");
    static const char *const harmless[] = {
        "学习保守国家秘密法签到册.pdf", "保守商业秘密协议.pdf", "秘密审计整改.docx",
        "机密文件管理办法.pdf",         "国家秘密.pdf",         "秘书密件.pdf"};
    for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
        g_autoptr(GError) error = NULL;
        attach(&f, f.base.console, place, id, "proof", harmless[i], "x", &error);
        g_assert_no_error(error);
    }
}

static void test_one_file_too_many_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    for (int i = 0; i < LEDGER_EVIDENCE_MAX_FILES; i++) {
        g_autofree char *sql = g_strdup_printf("INSERT INTO link (entry_id, field, n, kind, target)"
                                               " VALUES (%lld, 'proof', %d, 'evidence', %d)",
                                               (long long)id, i, i + 5000);
        ledger_fixture_tamper(&f, sql);
    }
    attach(&f, f.base.console, place, id, "proof", "a.jpg", "x", &error);
    test_assert_error(error, LIMIT, "at most 200 files");
}

static void test_bytes_that_cannot_be_kept_leave_nothing(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    attach(&f, f.base.console, place, id, "proof", "a.jpg", "1", &error);
    g_assert_no_error(error);
    int64_t n_events = ledger_fixture_int(&f, "SELECT count(*) FROM event");
    g_autofree char *away = g_strconcat(office_files_path(f.office), ".away", NULL);
    g_assert_cmpint(g_rename(office_files_path(f.office), away), ==, 0);
    g_assert_true(g_file_set_contents(office_files_path(f.office), "no folder", -1, NULL));
    attach(&f, f.base.console, place, id, "proof", "b.jpg", "2", &error);
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_cmpint(g_unlink(office_files_path(f.office)), ==, 0);
    g_assert_cmpint(g_rename(away, office_files_path(f.office)), ==, 0);
    /* Where the file's own folder should be there is a file. */
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash("2", 1, hash);
    g_autofree char *hex = text_to_hex(hash, 1);
    g_autofree char *folder = g_build_filename(office_files_path(f.office), hex, NULL);
    g_assert_true(g_file_set_contents(folder, "no folder", -1, NULL));
    attach(&f, f.base.console, place, id, "proof", "b.jpg", "2", &error);
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_cmpint(g_unlink(folder), ==, 0);
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events);
    attach(&f, f.base.console, place, id, "papers", "\xff.jpg", "2", &error);
    test_assert_error(error, INVALID, "is not UTF-8");
    g_clear_error(&error);
    attach(&f, f.base.console, place, id, "papers", "b.jpg", "2", &error);
    g_assert_no_error(error);
}

static void test_one_file_too_many_for_a_field_is_refused(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    int64_t id = ledger_fixture_task(&f, "一");
    for (int i = 0; i < LEDGER_EVIDENCE_MAX_FILES; i++) {
        g_autofree char *sql = g_strdup_printf("INSERT INTO link (entry_id, field, n, kind, target)"
                                               " VALUES (%lld, 'papers', %d, 'file', %d)",
                                               (long long)id, i, i + 5000);
        ledger_fixture_tamper(&f, sql);
    }
    attach(&f, f.base.console, place, id, "papers", "a.jpg", "x", &error);
    test_assert_error(error, LIMIT, "at most 200 files");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/evidence/a-name-reads-as-it-is-written",
                    test_a_name_reads_as_it_is_written);
    test_store_each("/ledger/evidence/bytes-without-a-place-leave-nothing",
                    test_bytes_without_a_place_leave_nothing);
    test_store_each("/ledger/evidence/the-good-ones-are-attached", test_the_good_ones_are_attached);
    test_store_each("/ledger/evidence/an-empty-file-proves-nothing",
                    test_an_empty_file_proves_nothing);
    test_store_each("/ledger/evidence/a-file-is-kept-once", test_a_file_is_kept_once);
    test_store_each("/ledger/evidence/a-name-is-of-who-brought-it",
                    test_a_name_is_of_who_brought_it);
    test_store_each("/ledger/evidence/a-wrong-file-is-taken-away", test_a_wrong_file_is_taken_away);
    test_store_each("/ledger/evidence/what-a-step-rests-on-stays", test_what_a_step_rests_on_stays);
    test_store_each("/ledger/evidence/bytes-gone-bad-are-mended", test_bytes_gone_bad_are_mended);
    test_store_each("/ledger/evidence/evidence-opens-the-step", test_evidence_opens_the_step);
    test_store_each("/ledger/evidence/a-refused-step-leaves-no-file",
                    test_a_refused_step_leaves_no_file);
    test_store_each("/ledger/evidence/files-are-refused", test_files_are_refused);
    test_store_each("/ledger/evidence/a-name-may-speak-of-secrets",
                    test_a_name_may_speak_of_secrets);
    test_store_each("/ledger/evidence/one-file-too-many-is-refused",
                    test_one_file_too_many_is_refused);
    test_store_each("/ledger/evidence/one-file-too-many-for-a-field-is-refused",
                    test_one_file_too_many_for_a_field_is_refused);
    test_store_each("/ledger/evidence/bytes-that-cannot-be-kept-leave-nothing",
                    test_bytes_that_cannot_be_kept_leave_nothing);
    test_store_each("/ledger/evidence/a-step-that-is-gone-holds-no-file",
                    test_a_step_that_is_gone_holds_no_file);
    return g_test_run();
}
