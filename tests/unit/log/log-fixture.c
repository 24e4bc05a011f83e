#include "log-fixture.h"

#include "log/verify-table.h"

static const LogColumn columns[] = {
    {"title", VALUE_TEXT, true}, {"pages", VALUE_NUMBER, false}, {"day", VALUE_DATE, false}};
const LogTable fixture_table = {"note", "note", "note", columns, G_N_ELEMENTS(columns)};

static void open_log(LogFixture *fixture, StoreMode mode)
{
    g_autoptr(GError) error = NULL;
    fixture->store = test_store_open(fixture->place, mode);
    fixture->log = log_open(fixture->store, fixture->source, &error);
    g_assert_no_error(error);
}

void log_fixture_open(LogFixture *fixture, const TestPlace *place, uint64_t seed)
{
    g_autoptr(GError) error = NULL;
    fixture->place = place;
    fixture->source = source_new_seeded(seed, INT64_C(1700000000000000));
    uint8_t secret[CRYPTO_SECRET_SIZE] = {9};
    fixture->signer = proof_signer_new("shuzhi/test", secret, &error);
    g_assert_no_error(error);
    fixture->act = (LogAct){.actor = "os:test"};
    open_log(fixture, STORE_CREATE);
    test_store_script(fixture->store, "CREATE TABLE note (id {int} NOT NULL PRIMARY KEY,"
                                      " title {text}, pages {int}, day {text}) {strict};\n");
}

void log_fixture_close(LogFixture *fixture)
{
    log_free(fixture->log);
    store_close(fixture->store);
    source_free(fixture->source);
    proof_signer_free(fixture->signer);
}

void log_fixture_reopen(LogFixture *fixture)
{
    log_free(fixture->log);
    store_close(fixture->store);
    open_log(fixture, STORE_WRITE);
}

typedef struct Note {
    int64_t id;
    const char *title;
    int64_t pages;
} Note;

static bool write_note(LogWriter *writer, void *data, GError **error)
{
    Note *note = data;
    g_auto(Value) title = value_text(note->title);
    Value values[] = {title, value_number(note->pages), value_date(date_from_ymd(2023, 5, 6))};
    return note->id == 0 ? log_record_add(writer, &fixture_table, values, &note->id, error)
                         : log_record_change(writer, &fixture_table, note->id, values, error);
}

static int64_t write_one(LogFixture *fixture, Note note)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(log_write(fixture->log, &fixture->act, write_note, &note, &error));
    g_assert_no_error(error);
    return note.id;
}

int64_t log_fixture_add(LogFixture *fixture, const char *title, int64_t pages)
{
    return write_one(fixture, (Note){0, title, pages});
}

void log_fixture_change(LogFixture *fixture, int64_t id, const char *title, int64_t pages)
{
    write_one(fixture, (Note){id, title, pages});
}

char *log_fixture_sign(LogFixture *fixture)
{
    g_autoptr(GError) error = NULL;
    char *note = NULL;
    g_assert_true(log_sign(fixture->log, fixture->signer, "shuzhi/test", NULL, &note, &error));
    g_assert_no_error(error);
    return note;
}

LogReport *log_fixture_verify(LogFixture *fixture, const char *public_key, const char *witness)
{
    g_autoptr(GError) error = NULL;
    LogReport *report = log_report_new();
    g_autofree char *own = proof_verifier_text(proof_signer_verifier(fixture->signer));
    const LogWitness known = {.given = witness};
    g_assert_true(log_verify(fixture->store, NULL, "shuzhi/test",
                             public_key != NULL ? public_key : own, &known, report, &error));
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(fixture->store, &error);
    g_assert_true(log_verify_table(reader, &fixture_table, report, &error));
    g_assert_no_error(error);
    return report;
}

void log_fixture_tamper(LogFixture *fixture, const char *sql)
{
    /* The hooks would notice nothing: no event, no head. */
    g_autofree char *script = g_strconcat(sql, ";\n", NULL);
    test_store_script(fixture->store, script);
}
