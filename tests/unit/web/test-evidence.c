/* Files of entries, as they are given out. */
#include "ledger/evidence.h"

#include <unistd.h>

#include "base/file.h"
#include "web-fixture.h"

static void assert_has(const WebAnswer *answer, const char *words)
{
    g_assert_nonnull(strstr(answer->body, words));
}

/* Return the address of the one file of @entry, which is put on disk for it; the caller owns it. */
static char *attach_paper(WebFixture *fixture, const char *number, char **ret_path)
{
    TestOffice *office = &fixture->office;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(scratch_path(fixture->scratch), "paper.txt", NULL);
    g_assert_true(file_write(path, "paper", 5, 0600, &error));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office->office), &error);
    g_autoptr(LedgerEntry) entry = ledger_entry_find(office->office, reader, number, &error);
    const SchemaEvidence *rule = g_ptr_array_index(entry->ledger->evidence, 0);
    int64_t id = 0;
    ledger_evidence_attach(office->office, office->console, &office->act, entry->id, rule->name,
                           path, &id, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) files = ledger_evidence_list(reader, entry, true, &error);
    const LedgerEvidence *file = g_ptr_array_index(files, 0);
    *ret_path = ledger_evidence_path(office->office, file->sha256);
    return g_strdup_printf("/entry/%s/file/%" G_GINT64_FORMAT, number, id);
}

/* Evidence that was lost is a fault of the server, not of the address, and no path is shown. */
static void test_lost_evidence(const TestPlace *place)
{
    WebFixture fixture;
    g_autofree char *path = NULL;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "题");
    g_autofree char *address = attach_paper(&fixture, number, &path);
    g_auto(WebAnswer) sent = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    g_assert_cmpint(sent.status, ==, 200);
    g_assert_cmpint(unlink(path), ==, 0);
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "evidence * cannot be given out*");
    g_auto(WebAnswer) lost = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    g_test_assert_expected_messages();
    g_assert_cmpint(lost.status, ==, 500);
    assert_has(&lost, "paper.txt");
    g_assert_null(strstr(lost.body, path));
    web_fixture_close(&fixture);
}

/* Other bytes of the same length were given out as what was recorded, under its tag. */
static void test_altered_evidence(const TestPlace *place)
{
    WebFixture fixture;
    g_autofree char *path = NULL;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "题");
    g_autofree char *address = attach_paper(&fixture, number, &path);
    g_auto(WebAnswer) sent = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    g_assert_cmpint(sent.status, ==, 200);
    g_auto(WebAnswer) once_more = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    g_assert_cmpint(once_more.status, ==, 200);
    g_assert_true(file_write(path, "faked", 5, 0600, NULL));
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "evidence *: its bytes are not*");
    g_auto(WebAnswer) altered = web_fixture_get(&fixture, RIGHTS_CLERK, address);
    g_test_assert_expected_messages();
    g_assert_cmpint(altered.status, ==, 500);
    assert_has(&altered, "被改动");
    g_assert_null(http_response_header(altered.response, "ETag"));
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/evidence/lost", test_lost_evidence);
    test_store_each("/web/evidence/altered", test_altered_evidence);
    return g_test_run();
}
