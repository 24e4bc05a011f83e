#include "ledger/draft.h"

#include "ledger-fixture.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)
#define FIXTURE(f)                 \
    g_auto(LedgerFixture) f = {0}; \
    ledger_fixture_open(&(f), place)

static void test_a_draft_is_its_writers(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) zhang = ledger_fixture_subject("account:3", RIGHTS_CLERK, f.unit_a);
    g_autoptr(RightsSubject) li = ledger_fixture_subject("account:4", RIGHTS_CLERK, f.unit_a);
    int64_t n_events = ledger_fixture_int(&f, "SELECT count(*) FROM event");
    LedgerDraft draft = {.ledger = (char *)"task", .content = (char *)"{\"title\":\"半\"}"};
    g_assert_true(ledger_draft_save(f.office, zhang, &draft, &error));
    g_assert_cmpint(draft.id, >, 0);
    g_autofree char *words = g_strdup_printf("you have no draft %lld", (long long)draft.id);
    test_office_wait(&f.base, HOUR_US);
    LedgerDraft second = {.ledger = (char *)"task",
                          .entry_id = 9,
                          .version = 2,
                          .content = (char *)"{\"title\":\"别的\"}"};
    g_assert_true(ledger_draft_save(f.office, zhang, &second, &error));
    draft.content = (char *)"{\"title\":\"一半\"}";
    test_office_wait(&f.base, HOUR_US);
    g_assert_true(ledger_draft_save(f.office, zhang, &draft, &error));
    g_assert_no_error(error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerDraft) loaded = ledger_draft_load(reader, zhang, draft.id, &error);
    g_assert_cmpstr(loaded->content, ==, "{\"title\":\"一半\"}");
    g_assert_cmpstr(loaded->ledger, ==, "task");
    g_autoptr(GPtrArray) all = ledger_draft_list(reader, zhang, &error);
    g_assert_cmpint(all->len, ==, 2);
    const LedgerDraft *newest = g_ptr_array_index(all, 0);
    const LedgerDraft *older = g_ptr_array_index(all, 1);
    g_assert_cmpint(newest->id, ==, draft.id);
    g_assert_cmpint(older->entry_id, ==, 9);
    g_assert_cmpint(older->version, ==, 2);
    g_autoptr(GPtrArray) none = ledger_draft_list(reader, li, &error);
    g_assert_cmpint(none->len, ==, 0);
    g_assert_null(ledger_draft_load(reader, li, draft.id, &error));
    test_assert_error(error, NOT_FOUND, words);
    g_clear_error(&error);
    g_assert_false(ledger_draft_save(f.office, li, &draft, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    g_clear_error(&error);
    g_assert_false(ledger_draft_remove(f.office, li, draft.id, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    g_clear_error(&error);
    g_assert_true(ledger_draft_remove(f.office, zhang, draft.id, &error));
    g_assert_null(ledger_draft_load(reader, zhang, draft.id, &error));
    g_assert_cmpint(ledger_fixture_int(&f, "SELECT count(*) FROM event"), ==, n_events);
}

/* The id of a draft was given again once it was gone, and who still had it open wrote over whatever
 * had it then. */
static void test_a_draft_stays_itself(const TestPlace *place)
{
    FIXTURE(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(RightsSubject) zhang = ledger_fixture_subject("account:3", RIGHTS_CLERK, f.unit_a);
    LedgerDraft first = {.ledger = (char *)"task", .content = (char *)"{\"title\":\"一\"}"};
    g_assert_true(ledger_draft_save(f.office, zhang, &first, &error));
    g_assert_true(ledger_draft_remove(f.office, zhang, first.id, &error));
    LedgerDraft second = {.ledger = (char *)"note", .content = (char *)"{\"title\":\"二\"}"};
    g_assert_true(ledger_draft_save(f.office, zhang, &second, &error));
    g_assert_cmpint(second.id, !=, first.id);
    g_assert_false(ledger_draft_save(f.office, zhang, &first, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    g_clear_error(&error);
    LedgerDraft other = {.id = second.id, .ledger = (char *)"task", .content = first.content};
    g_assert_false(ledger_draft_save(f.office, zhang, &other, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    g_clear_error(&error);
    LedgerDraft change = {
        .id = second.id, .ledger = (char *)"note", .entry_id = 9, .content = first.content};
    g_assert_false(ledger_draft_save(f.office, zhang, &change, &error));
    test_assert_error(error, NOT_FOUND, NULL);
    g_clear_error(&error);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerDraft) loaded = ledger_draft_load(reader, zhang, second.id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(loaded->content, ==, second.content);
}

static void test_drafts_are_refused(const TestPlace *place)
{
    FIXTURE(f);
    const RightsSubject *console = f.base.console;
    g_autoptr(GError) error = NULL;
    LedgerDraft draft = {.ledger = (char *)"task", .content = (char *)"[1]"};
    g_assert_false(ledger_draft_save(f.office, console, &draft, &error));
    test_assert_error(error, INVALID, "is a JSON object");
    g_clear_error(&error);
    draft.content = (char *)"{";
    g_assert_false(ledger_draft_save(f.office, console, &draft, &error));
    test_assert_error(error, INVALID, NULL);
    g_clear_error(&error);
    g_autofree char *filler = g_strnfill(LEDGER_DRAFT_MAX_BYTES - 7, 'x');
    g_autofree char *fits = g_strdup_printf("{\"a\":\"%.*s\"}", LEDGER_DRAFT_MAX_BYTES - 8, filler);
    draft.content = fits;
    g_assert_true(ledger_draft_save(f.office, console, &draft, &error));
    g_autofree char *longer = g_strdup_printf("{\"a\":\"%s\"}", filler);
    draft.content = longer;
    g_assert_false(ledger_draft_save(f.office, console, &draft, &error));
    test_assert_error(error, LIMIT, "at most 1048576 bytes, not 1048577");
    g_clear_error(&error);
    for (int i = 1; i < LEDGER_DRAFT_MAX_DRAFTS; i++) {
        LedgerDraft next = {.ledger = (char *)"task", .content = (char *)"{}"};
        g_assert_true(ledger_draft_save(f.office, console, &next, &error));
    }
    LedgerDraft last = {.ledger = (char *)"task", .content = (char *)"{}"};
    g_assert_false(ledger_draft_save(f.office, console, &last, &error));
    test_assert_error(error, LIMIT, "you have 200 drafts");
    g_assert_cmpint(last.id, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/draft/a-draft-is-its-writers", test_a_draft_is_its_writers);
    test_store_each("/ledger/draft/a-draft-stays-itself", test_a_draft_stays_itself);
    test_store_each("/ledger/draft/drafts-are-refused", test_drafts_are_refused);
    return g_test_run();
}
