#include "ledger/shown.h"

#include "base/file.h"
#include "ledger-fixture.h"
#include "ledger/evidence.h"
#include "log/history.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)
#define INPUT(...) ledger_fixture_input(&f, f.task, __VA_ARGS__, NULL)

/* Attach a file of that name and text; returns its id. */
static int64_t attach(LedgerFixture *f, const TestPlace *place, int64_t id, const char *field,
                      const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(place->folder, name, NULL);
    int64_t evidence = 0;
    file_write(path, name, strlen(name), 0600, &error);
    g_assert_no_error(error);
    ledger_evidence_attach(f->office, f->base.console, &f->base.act, id, field, path, &evidence,
                           &error);
    g_assert_no_error(error);
    return evidence;
}

/* Return what is shown of @ids (ends with 0), the caller owns it; NULL with @error. */
static json_t *show(LedgerFixture *f, const int64_t *ids, bool with_personal, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), error);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    g_auto(LedgerShowing) showing = {NULL};
    ledger_showing_init(&showing, reader, &json);
    for (const int64_t *id = ids; *id != 0; id++) {
        g_autoptr(LedgerEntry) entry = ledger_entry_load(f->office, reader, *id, error);
        g_assert_nonnull(entry);
        if (!ledger_shown_write(&showing, entry, with_personal, error)) {
            return NULL;
        }
    }
    json_write_end_array(&json);
    g_autofree char *text = json_writer_finish(&json);
    return json_parse(text, strlen(text), error);
}

/* Return what is opened of @id after signing, "field=value;" by event, files as "file 9;"; the
 * caller owns it. */
static char *opened(LedgerFixture *f, int64_t id, bool with_personal)
{
    g_autoptr(GError) error = NULL;
    const int64_t ids[] = {id, 0};
    g_assert_true(office_sign(f->office, &error));
    g_autoptr(json_t) events = show(f, ids, with_personal, &error);
    g_assert_no_error(error);
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        json_t *fields = json_object_get(event, "fields");
        const char *name = NULL;
        json_t *field = NULL;
        if (fields == NULL) {
            g_string_append_printf(text, "file %lld;",
                                   (long long)json_integer_value(json_object_get(event, "seq")));
        }
        json_object_foreach(fields, name, field)
        {
            if (*name == '@' || g_str_equal(name, "came")) {
                continue; /* why, and when: beside the matter */
            }
            g_string_append_printf(text, "%s=%s;", name,
                                   json_string_value(json_object_get(field, "value")));
        }
    }
    return g_string_free(text, false);
}

static void check_opened(LedgerFixture *f, int64_t id, bool with_personal, const char *expected)
{
    g_autofree char *text = opened(f, id, with_personal);
    g_assert_cmpstr(text, ==, expected);
}

/* What a field held that the pack took away was opened under another field of its name. */
static void test_a_field_that_came_again(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id =
        ledger_fixture_add(&f, INPUT("title", "路灯", "came", "2023-11-13", "owner_name", "甄某"));
    check_opened(&f, id, false, "title=路灯;");
    check_opened(&f, id, true, "owner_name=甄某;title=路灯;");
    ledger_fixture_apply(&f, "  owner_name: {is: text, name: 联系人, personal: yes}\n", "",
                         "task.owner_name");
    check_opened(&f, id, false, "title=路灯;");
    ledger_fixture_apply(&f, "  phone: ", "  owner_name: text 物业\n  phone: ", NULL);
    check_opened(&f, id, false, "title=路灯;");
    ledger_fixture_change(&f, id, INPUT("owner_name", "某物业"));
    check_opened(&f, id, false, "title=路灯;owner_name=某物业;");
    check_opened(&f, id, true, "owner_name=甄某;title=路灯;owner_name=某物业;");
}

/* A rule of evidence that had the name of such a field opened it too. */
static void test_a_rule_of_the_name_of_a_field(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id =
        ledger_fixture_add(&f, INPUT("title", "路灯", "came", "2023-11-13", "owner_name", "甄某"));
    ledger_fixture_apply(&f, "  owner_name: {is: text, name: 联系人, personal: yes}\n", "",
                         "task.owner_name");
    ledger_fixture_apply(&f, "  proof: ", "  owner_name: 授权书\n  proof: ", NULL);
    check_opened(&f, id, false, "title=路灯;");
}

/* What was personal when it was written stays closed when the field is personal no more. */
static void test_what_was_personal_then(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id =
        ledger_fixture_add(&f, INPUT("title", "路灯", "came", "2023-11-13", "owner_name", "甄某"));
    ledger_fixture_apply(&f, "owner_name: {is: text, name: 联系人, personal: yes}",
                         "owner_name: text 联系单位", "task.owner_name");
    check_opened(&f, id, false, "title=路灯;");
    ledger_fixture_change(&f, id, INPUT("owner_name", "某物业"));
    check_opened(&f, id, false, "title=路灯;owner_name=某物业;");
}

/* Rows are opened whole, so with a column that was personal, or that is gone, they are not. */
static void test_rows_with_a_column_that_is_gone(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    static const char before[] = "      remark: text 备注\n";
    ledger_fixture_apply(&f, before, "      remark: text 备注\n      tel: phone 电话\n", NULL);
    LedgerInput *input = INPUT("title", "路灯", "came", "2023-11-13");
    Value row[] = {value_ref(f.zhang), value_number(2), value_text("上门"),
                   value_text("13900000000")};
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), row);
    int64_t id = ledger_fixture_add(&f, input);
    check_opened(&f, id, false, "title=路灯;");
    ledger_fixture_apply(&f, "      tel: phone 电话\n", "", "task.visits.tel");
    check_opened(&f, id, false, "title=路灯;");
    ledger_fixture_apply(&f, before, "      remark: text 备注\n      tel: text 去处\n", NULL);
    check_opened(&f, id, false, "title=路灯;");
    g_autofree char *all = opened(&f, id, true);
    g_assert_nonnull(strstr(all, "13900000000"));
    /* a column more changes nothing of what is shown */
    LedgerInput *later = INPUT("title", "水管", "came", "2023-11-13");
    Value second[] = {value_ref(f.li), value_number(1), value_text("查看"), value_text("井边")};
    ledger_input_add_row(later, schema_ledger_field(f.task, "visits"), second);
    int64_t other = ledger_fixture_add(&f, later);
    ledger_fixture_apply(&f, "      tel: text 去处\n",
                         "      tel: text 去处\n      mood: text 情况\n", NULL);
    g_autofree char *shown = opened(&f, other, false);
    g_assert_nonnull(strstr(shown, "井边"));
}

/* A file is shown once by the event that brought it, not by a field that is closed, nor by another
 * that came under its name. */
static void test_files_of_rules_and_fields(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_add(&f, INPUT("title", "路灯", "came", "2023-11-13"));
    int64_t other = ledger_fixture_add(&f, INPUT("title", "水管", "came", "2023-11-13"));
    int64_t photo = attach(&f, place, id, "proof", "照片.jpg");
    int64_t paper = attach(&f, place, id, "papers", "合同.txt");
    attach(&f, place, other, "proof", "照片.jpg");
    g_autofree char *expected =
        g_strdup_printf("title=路灯;papers=%lld\x1f;file %lld;file %lld;", (long long)paper,
                        (long long)photo, (long long)paper);
    check_opened(&f, id, false, expected);
    const int64_t ids[] = {id, other, 0};
    g_autoptr(json_t) both = show(&f, ids, false, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(json_array_size(both), ==, 3 + 2 + 2);
    ledger_fixture_apply(&f, "  papers: file 附件\n", "", "task.papers");
    ledger_fixture_apply(&f, "  begun_on: ", "  papers: file 图纸\n  begun_on: ", NULL);
    g_autofree char *left = g_strdup_printf("title=路灯;file %lld;", (long long)photo);
    check_opened(&f, id, false, left);
}

static void test_what_is_unsigned_is_not_shown(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    const int64_t ids[] = {ledger_fixture_add(&f, INPUT("title", "路灯", "came", "2023-11-13")), 0};
    g_assert_null(show(&f, ids, false, &error));
    test_assert_error(error, NOT_FOUND, "in no signed checkpoint yet");
}

/* Of a unit the events are shown, and nothing is opened. */
static void test_events_of_others_are_closed(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    g_auto(LedgerShowing) showing = {NULL};
    ledger_showing_init(&showing, reader, &json);
    g_assert_false(ledger_shown_write_closed(&showing, f.unit_a, &error));
    test_assert_error(error, NOT_FOUND, "in no signed checkpoint yet");
    g_clear_error(&error);
    g_assert_true(office_sign(f.office, &error));
    g_auto(JsonWriter) signed_json;
    json_writer_init_unsorted(&signed_json);
    json_write_begin_array(&signed_json);
    showing.json = &signed_json;
    g_assert_true(ledger_shown_write_closed(&showing, f.unit_a, &error));
    g_assert_no_error(error);
    json_write_end_array(&signed_json);
    g_autofree char *text = json_writer_finish(&signed_json);
    g_assert_nonnull(strstr(text, "unit.add"));
    g_assert_null(strstr(text, "\"fields\":{"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/shown/a-field-that-came-again", test_a_field_that_came_again);
    test_store_each("/ledger/shown/a-rule-of-the-name-of-a-field",
                    test_a_rule_of_the_name_of_a_field);
    test_store_each("/ledger/shown/what-was-personal-then", test_what_was_personal_then);
    test_store_each("/ledger/shown/rows-with-a-column-that-is-gone",
                    test_rows_with_a_column_that_is_gone);
    test_store_each("/ledger/shown/files-of-rules-and-fields", test_files_of_rules_and_fields);
    test_store_each("/ledger/shown/what-is-unsigned-is-not-shown",
                    test_what_is_unsigned_is_not_shown);
    test_store_each("/ledger/shown/events-of-others-are-closed", test_events_of_others_are_closed);
    return g_test_run();
}
