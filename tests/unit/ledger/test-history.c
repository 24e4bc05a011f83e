#include "ledger/history.h"

#include "ledger-fixture.h"
#include "ledger/evidence.h"

static void close_fixture(LedgerFixture *fixture)
{
    ledger_fixture_close(fixture);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerFixture, close_fixture)

/* Return the history of @id, one line an event: "words: label=text; text; …". */
static char *read_history(LedgerFixture *f, int64_t id, bool with_personal, const char *language)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f->office), &error);
    g_assert_no_error(error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f->office, reader, id, &error);
    g_autoptr(GPtrArray) history =
        ledger_history(f->office, reader, entry, names, with_personal, language, &error);
    g_assert_no_error(error);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < history->len; i++) {
        const LedgerPast *past = g_ptr_array_index(history, i);
        g_string_append_printf(text, "%s%s:", past->words, past->is_forgotten ? " (gone)" : "");
        for (guint j = 0; j < past->fields->len; j++) {
            const LedgerPastField *field = g_ptr_array_index(past->fields, j);
            g_string_append_printf(text, " %s%s%s;", field->label != NULL ? field->label : "",
                                   field->label != NULL ? "=" : "", field->text);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, false);
}

static void check_history(LedgerFixture *f, int64_t id, bool with_personal, const char *expected)
{
    g_autofree char *text = read_history(f, id, with_personal, "zh");
    g_assert_cmpstr(text, ==, expected);
}

static void add_visit(LedgerFixture *f, LedgerInput *input, int64_t who, int hours,
                      const char *remark)
{
    Value row[] = {value_ref(who), value_number(hours), value_text(remark)};
    ledger_input_add_row(input, schema_ledger_field(f->task, "visits"), row);
}

static void test_a_life_in_words(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    LedgerInput *input =
        ledger_fixture_input(&f, f.task, "title", "修路灯", "came", "2023-11-13", "head", "张三",
                             "topics", "电、路", "phone", "13900000000", NULL);
    add_visit(&f, input, f.zhang, 2, "上门");
    add_visit(&f, input, f.li, 3, "回访");
    int64_t id = ledger_fixture_add(&f, input);
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "head", "", "cost", "5", NULL));
    ledger_entry_comment(f.office, f.base.console, &f.base.act, id, "已电话联系", &error);
    g_assert_no_error(error);
    ledger_fixture_step(&f, id, "answer",
                        ledger_fixture_input(&f, f.task, "reply", "修好了", NULL));
    check_history(&f, id, false,
                  "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; 主题=电、路; 负责人=张三; "
                  "走访=走访人 张三; 小时 2; 备注 上门\n走访人 李四; 小时 3; 备注 回访;\n"
                  "更正: 负责人=; 金额=5.00; 核对后更正;\n"
                  "批注: 已电话联系;\n"
                  "办理环节：答复: 答复=修好了; 办结时间=2023-11-15 06:13:20;\n");
    g_autofree char *personal = read_history(&f, id, true, "zh");
    g_assert_nonnull(strstr(personal, "电话=13900000000;"));
    g_autofree char *english = read_history(&f, id, false, "en");
    g_assert_nonnull(strstr(english, "step done: "));
    ledger_entry_erase(f.office, f.base.console, &f.base.act, id, &error);
    g_assert_no_error(error);
    g_autofree char *erased = read_history(&f, id, true, "zh");
    g_assert_null(strstr(erased, "13900000000"));
}

/* Numbers have their unit, and a file is told by its name and by what it proves. */
static void test_numbers_and_files_speak(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    ledger_fixture_apply(&f, "name: 人数,", "name: 人数, unit: 人,", NULL);
    int64_t id = ledger_fixture_add(&f, ledger_fixture_input(&f, f.task, "title", "修路灯", "came",
                                                             "2023-11-13", "count", "3", "span",
                                                             "2023H1", NULL));
    g_autofree char *path = g_build_filename(place->folder, "照片.jpg", NULL);
    g_assert_true(g_file_set_contents(path, "1", 1, NULL));
    ledger_evidence_attach(f.office, f.base.console, &f.base.act, id, "proof", path, NULL, &error);
    g_assert_no_error(error);
    check_history(&f, id, false,
                  "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; 人数=3人; 期间=2023年上半年;\n"
                  "附上文件: 现场照片=照片.jpg;\n");
}

/* A time that was corrected is not taken for the one that was written down. */
static void test_a_corrected_time_is_told(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    g_autoptr(GError) error = NULL;
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_task(&f, "修路灯");
    ledger_fixture_step(&f, id, "begin", NULL);
    ledger_fixture_step(&f, id, "answer",
                        ledger_fixture_input(&f, f.task, "reply", "修好了", NULL));
    ledger_fixture_change(&f, id, ledger_fixture_input(&f, f.task, "reply", "已修好", NULL));
    ledger_fixture_change(&f, id,
                          ledger_fixture_input(&f, f.task, "done_at", "2023-11-15 06:10", NULL));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(f.office), &error);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(f.office, reader, id, &error);
    g_autoptr(GPtrArray) history =
        ledger_history(f.office, reader, entry, names, false, "zh", &error);
    g_assert_no_error(error);
    for (guint i = 0; i < history->len; i++) {
        const LedgerPast *past = g_ptr_array_index(history, i);
        bool is_last = i + 1 == history->len;
        g_assert_cmpint(past->moved->len, ==, is_last ? 1 : 0);
        g_assert_true(!is_last || g_array_index(past->moved, int64_t, 0) == 2);
    }
}

/* What another pack's fields held is shown as it was written down. */
static void test_fields_of_an_older_pack(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    LedgerInput *input = ledger_fixture_input(&f, f.task, "title", "修路灯", "came", "2023-11-13",
                                              "place", "城关镇", NULL);
    add_visit(&f, input, f.zhang, 2, "上门");
    int64_t id = ledger_fixture_add(&f, input);
    ledger_fixture_apply(&f, "      remark: text 备注\n",
                         "      remark: text 备注\n      mood: text 情况\n", NULL);
    check_history(&f, id, false,
                  "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; 地点=城关镇; "
                  "走访=走访人 张三; 小时 2; 备注 上门;\n");
    ledger_fixture_apply(&f, "      mood: text 情况\n", "", "task.visits.mood");
    ledger_fixture_apply(&f, "  place: place 地点\n", "", "task.place");
    /* nobody knows any more whether it was personal: only for who may see that */
    static const char hidden[] = "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; "
                                 "走访=走访人 张三; 小时 2; 备注 上门; "
                                 "place=事项类型已没有这个字段，显示个人信息时一并显示;\n";
    check_history(&f, id, false, hidden);
    check_history(&f, id, true,
                  "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; "
                  "走访=走访人 张三; 小时 2; 备注 上门; place=城关镇;\n");
    /* another field of that name is not what was written down then */
    ledger_fixture_apply(&f, "  cost: ", "  place: text 去处\n  cost: ", NULL);
    g_autofree char *again = read_history(&f, id, false, "zh");
    g_assert_nonnull(strstr(again, "place=事项类型已没有这个字段"));
    g_assert_null(strstr(again, "城关镇"));
}

/* What was behind the wall when it was written came to light: with a column of rows that the pack
 * took away or gave another meaning, with a field that is personal no more, and with one that a
 * rule of evidence has the name of now. */
static void test_what_was_personal_then(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    static const char remark[] = "      remark: text 备注\n";
    ledger_fixture_apply(&f, remark, "      remark: text 备注\n      tel: phone 电话\n", NULL);
    LedgerInput *input = ledger_fixture_input(&f, f.task, "title", "修路灯", "came", "2023-11-13",
                                              "owner_name", "甄某", NULL);
    Value row[] = {value_ref(f.zhang), value_number(2), value_text("上门"),
                   value_text("13900000000")};
    ledger_input_add_row(input, schema_ledger_field(f.task, "visits"), row);
    int64_t id = ledger_fixture_add(&f, input);
    check_history(&f, id, false, "登记: 标题=修路灯; 收到时间=2023-11-13 00:00;\n");
    static const char hidden[] = "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; "
                                 "visits=事项类型已没有这个字段，显示个人信息时一并显示;\n";
    ledger_fixture_apply(&f, "      tel: phone 电话\n", "", "task.visits.tel");
    check_history(&f, id, false, hidden);
    ledger_fixture_apply(&f, remark, "      remark: text 备注\n      tel: text 去处\n", NULL);
    check_history(&f, id, false, hidden);
    g_autofree char *all = read_history(&f, id, true, "zh");
    g_assert_nonnull(strstr(all, "13900000000"));
    ledger_fixture_apply(&f, "owner_name: {is: text, name: 联系人, personal: yes}",
                         "owner_name: text 联系单位", "task.owner_name");
    check_history(&f, id, false, hidden);
    ledger_fixture_apply(&f, "  owner_name: text 联系单位\n", "", "task.owner_name");
    ledger_fixture_apply(&f, "  proof: ", "  owner_name: 授权书\n  proof: ", NULL);
    g_autofree char *ruled = read_history(&f, id, false, "zh");
    g_assert_null(strstr(ruled, "甄某"));
}

/* A choice that the pack took away was shown by its key. */
static void test_a_choice_of_an_older_pack(const TestPlace *place)
{
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    int64_t id = ledger_fixture_add(&f, ledger_fixture_input(&f, f.task, "title", "修路灯", "came",
                                                             "2023-11-13", "kind", "small",
                                                             "topics", "电、路", NULL));
    ledger_fixture_apply(&f, ", small: 小事}", ", small: 琐事 | minor}", NULL);
    ledger_fixture_apply(&f, ", small: 琐事 | minor}", "}", "task.kind.small");
    ledger_fixture_apply(&f, "power: 电, ", "", "task.topics.power");
    check_history(&f, id, false,
                  "登记: 标题=修路灯; 收到时间=2023-11-13 00:00; 类别=琐事; 主题=电、路;\n");
    g_autofree char *english = read_history(&f, id, false, "en");
    g_assert_nonnull(strstr(english, "minor"));
}

/* What the log's detail says of a field and nobody can read is shown as it is written. */
static void test_what_cannot_be_read_is_shown_as_it_is(const TestPlace *place)
{
    static const struct {
        const char *values, *text, *older; /* as of today's pack, and of an older one */
    } cases[] = {
        {"{\"cost\":\"x\"}", "登记: 金额=x;\n", "登记: 金额=x;\n"},
        {"{\"visits\":\"[[\\\"x\\\",\\\"2\\\",\\\"上门\\\"]]\"}",
         "登记: 走访=[[\"x\",\"2\",\"上门\"]];\n", "登记: 走访=[[\"x\",\"2\",\"上门\",\"\"]];\n"},
        {"{\"visits\":\"[[\\\"2\\\"]]\"}", "登记: 走访=[[\"2\"]];\n", "登记: 走访=[[\"2\"]];\n"},
        {"{\"visits\":\"[]\"}", "登记: 走访=;\n", "登记: 走访=;\n"},
        {"{\"visits\":\"x\"}", "登记: 走访=;\n", "登记: 走访=;\n"},
    };
    g_auto(LedgerFixture) f = {0};
    ledger_fixture_open(&f, place);
    LedgerInput *input =
        ledger_fixture_input(&f, f.task, "title", "修路灯", "came", "2023-11-13", NULL);
    add_visit(&f, input, f.zhang, 2, "上门");
    int64_t id = ledger_fixture_add(&f, input);
    for (int older = 0; older < 2; older++) {
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
            g_autofree char *sql =
                g_strdup_printf("UPDATE detail SET field_values = '%s' WHERE seq = (SELECT max(seq)"
                                " FROM event WHERE kind = 'entry.add')",
                                cases[i].values);
            ledger_fixture_tamper(&f, sql);
            check_history(&f, id, false, older == 1 ? cases[i].older : cases[i].text);
        }
        if (older == 0) {
            ledger_fixture_apply(&f, "      remark: text 备注\n",
                                 "      remark: text 备注\n      mood: text 情况\n", NULL);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/ledger/history/a-choice-of-an-older-pack", test_a_choice_of_an_older_pack);
    test_store_each("/ledger/history/a-corrected-time-is-told", test_a_corrected_time_is_told);
    test_store_each("/ledger/history/a-life-in-words", test_a_life_in_words);
    test_store_each("/ledger/history/numbers-and-files-speak", test_numbers_and_files_speak);
    test_store_each("/ledger/history/fields-of-an-older-pack", test_fields_of_an_older_pack);
    test_store_each("/ledger/history/what-was-personal-then", test_what_was_personal_then);
    test_store_each("/ledger/history/what-cannot-be-read-is-shown-as-it-is",
                    test_what_cannot_be_read_is_shown_as_it_is);
    return g_test_run();
}
