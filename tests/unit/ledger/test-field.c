#include "ledger/field.h"

#include "support/test-store.h"

#define PACK "pack: small\nversion: '1'\nname: 小\n"
#define LEDGER                                                                                      \
    "ledger: thing\nname: 事项\nnumber: T{n:3}\ntitle: title\nfields:\n"                          \
    "  title: {is: text, name: 标题, chars: 5}\n  body: long 正文\n"                            \
    "  count: {is: number, name: 人数, unit: 人, min: '0', max: '1000'}\n"                       \
    "  rate: {is: number, name: 比率, decimals: 2}\n  cost: money 金额\n  day: date 日期\n"   \
    "  at: time 时刻\n  span: period 期间\n"                                                    \
    "  channel: {is: choice, name: 渠道, of: {hotline: {name: 热线, also: 12345}, web: {name: " \
    "{zh: 网站, en: Web "                                                                         \
    "site}}}}\n"                                                                                    \
    "  topics: {is: choices, name: 主题, of: {a: 水, b: 电}}\n  done: yesno 办结\n"           \
    "  phone: phone 电话\n  person_id: identity 证件\n"                                         \
    "  solved: {is: choice, name: 解决, of: {solved: 是, unsolved: 否, partly: 部分}}\n"      \
    "  heard: {is: choice, name: 反馈, of: {called: 有, met: 是, silent: 无}}\n"               \
    "  price: {is: money, name: 单价, min: '0'}\n"

static Schema *load(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    g_ptr_array_add(files, schema_file_new("pack.yaml", PACK));
    g_ptr_array_add(files, schema_file_new("ledgers/thing.yaml", LEDGER));
    Schema *schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    return schema;
}

static const SchemaField *field_of(const Schema *schema, const char *name)
{
    const SchemaField *field = schema_ledger_field(schema_ledger(schema, "thing"), name);
    g_assert_nonnull(field);
    return field;
}

static void test_what_is_typed_is_read(void)
{
    static const struct {
        const char *field, *text, *canonical, *shown;
    } cases[] = {
        {"title", "　路灯 ", "路灯", "路灯"},
        {"title", "路灯\r\n不亮", "路灯 不亮", "路灯 不亮"},
        {"title", " \u200b路灯", "\u200b路灯", "\u200b路灯"}, /* no space, so part of it */
        {"title", "  \n", "", ""},
        {"body", "一\r\n二\n", "一\n二\n", "一\n二\n"},
        {"count", "12", "12", "12"},
        {"count", " １２人 ", "12", "12"},
        {"count", "１２名", "12", "12"},
        {"count", "1,000", "1000", "1000"},
        {"count", "三十", "30", "30"},
        {"count", "12.0人", "12", "12"},
        {"rate", "97.6", "9760", "97.60"},
        {"rate", "-0.25", "-25", "-0.25"},
        {"rate", "－0.25", "-25", "-0.25"},
        {"cost", "¥1,234.5元", "123450", "1234.50"},
        {"cost", "￥1,234.5", "123450", "1234.50"},
        {"cost", "3.5万元", "3500000", "35000.00"},
        {"day", "2023.5.6", "2023-05-06", "2023-05-06"},
        {"day", "5月6日", "2023-05-06", "2023-05-06"},
        {"day", "2023-05-06 00:00:00", "2023-05-06", "2023-05-06"},
        {"at", "2023-05-06 09:30", "1683336600000000", "2023-05-06 09:30"},
        {"at", "2023年5月6日上午9:30", "1683336600000000", "2023-05-06 09:30"},
        {"at", "2023-05-06T01:30:07Z", "1683336607000000", "2023-05-06 09:30:07"},
        {"span", "2023年第一季度", "2023Q1", "2023年第一季度"},
        {"span", "2023-05-01..2023-06-15", "2023-05-01..2023-06-15", "2023年5月1日至6月15日"},
        {"span", "2023.5.6-5.8", "2023-05-06..2023-05-08", "2023年5月6日至5月8日"},
        {"span", "２０２３.５.６—８", "2023-05-06..2023-05-08", "2023年5月6日至5月8日"},
        {"span", "5月6日至8日", "2023-05-06..2023-05-08", "2023年5月6日至5月8日"},
        {"span", "5.6-5.8", "2023-05-06..2023-05-08", "2023年5月6日至5月8日"},
        {"channel", "热线", "hotline", "热线"},
        {"channel", "12345", "hotline", "热线"},
        {"channel", "WEB", "web", "网站"},
        {"channel", "web site", "web", "网站"},
        {"topics", "水、电，水",
         "a\x1f"
         "b\x1f",
         "水、电"},
        {"topics", "水、 、电；",
         "a\x1f"
         "b\x1f",
         "水、电"},
        {"done", "是", "1", "是"},
        {"done", "No", "0", "否"},
        {"phone", "０８５１-12345", "0851-12345", "0851-12345"},
        {"person_id", "11010519491231002x", "11010519491231002X", "11010519491231002X"},
        {"person_id", "110105491231002", "110105491231002", "110105491231002"},
    };
    g_autoptr(Schema) schema = load();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Value) value = VALUE_EMPTY;
        const SchemaField *field = field_of(schema, cases[i].field);
        ledger_field_parse(field, cases[i].text, NULL, DATE_SECONDS_SHANGHAI, 2023, &value, &error);
        g_assert_no_error(error);
        g_autofree char *canonical = value_to_canonical(&value);
        g_autofree char *shown =
            ledger_field_format(field, &value, NULL, DATE_SECONDS_SHANGHAI, "zh");
        g_assert_cmpstr(canonical, ==, cases[i].canonical);
        g_assert_cmpstr(shown, ==, cases[i].shown);
    }
}

/* A tick in a column of choices is the one that says yes, and no guess where there are several. */
static void test_signs_are_the_choice_that_says_so(void)
{
    static const struct {
        const char *field, *text, *choice; /* NULL: it is none of them */
    } cases[] = {
        {"solved", "√", "solved"},    {"solved", "有", "solved"},   {"solved", "×", "unsolved"},
        {"solved", "未", "unsolved"}, {"solved", "部分", "partly"}, {"solved", "yes", NULL},
        {"solved", "0", NULL},        {"solved", "大概", NULL},     {"heard", "✕", "silent"},
        {"heard", "否", "silent"},    {"heard", "是", "met"},       {"heard", "√", NULL},
        {"heard", "已", NULL},        {"channel", "√", NULL},
    };
    g_autoptr(Schema) schema = load();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Value) value = VALUE_EMPTY;
        g_test_message("%s %s", cases[i].field, cases[i].text);
        ledger_field_parse(field_of(schema, cases[i].field), cases[i].text, NULL,
                           DATE_SECONDS_SHANGHAI, 2023, &value, &error);
        if (cases[i].choice != NULL) {
            g_assert_no_error(error);
            g_assert_cmpstr(value.text, ==, cases[i].choice);
        } else {
            test_assert_error(error, INVALID, "has no choice");
            g_assert_true(value_is_empty(&value));
        }
    }
}

/* Where no year is given, what names none is no day and no stretch of days. */
static void test_without_a_year(void)
{
    static const struct {
        const char *field, *text, *words;
    } cases[] = {
        {"span", "5.6-5.8", "5.6-5.8"},
        {"span", "5月6日至8日", "5月6日至8日"},
        {"day", "5月6日", "5月6日"},
        {"day", "5月6日至8日", "is several: write the first here"},
    };
    g_autoptr(Schema) schema = load();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Value) value = VALUE_EMPTY;
        g_assert_false(ledger_field_parse(field_of(schema, cases[i].field), cases[i].text, NULL,
                                          DATE_SECONDS_SHANGHAI, 0, &value, &error));
        test_assert_error(error, INVALID, cases[i].words);
        g_assert_true(value_is_empty(&value));
    }
    g_autoptr(GError) error = NULL;
    g_auto(Value) value = VALUE_EMPTY;
    ledger_field_parse(field_of(schema, "span"), "2023.5.6-5.8", NULL, DATE_SECONDS_SHANGHAI, 0,
                       &value, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(value.text, ==, "2023-05-06..2023-05-08");
}

/* Where a table counts in ten thousands, so does every spelling that does not say otherwise. */
static void test_money_of_a_table_in_wan(void)
{
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {"12.5", "12500000"},      {"12.5\n", "12500000"},
        {"¥12.5", "12500000"},     {"五", "5000000"},
        {"1,234.5", "1234500000"}, {"-3", "-3000000"},
        {"−3", "-3000000"},        {"１２．５", "12500000"},
        {"0.123456", "123456"},    {"300元", "30000"},
        {"1.2万", "1200000"},      {"1.2万元", "1200000"},
        {"0.5亿", "5000000000"},   {"", ""},
    };
    static const char *const bad[] = {"1,2345", "12,5", "1.2.3", "约12", "12.3456789", "共三"};
    g_autoptr(Schema) schema = load();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Value) value = VALUE_EMPTY;
        ledger_field_parse_money(field_of(schema, "cost"), cases[i].text, 4, &value, &error);
        g_assert_no_error(error);
        g_autofree char *canonical = value_to_canonical(&value);
        g_assert_cmpstr(canonical, ==, cases[i].canonical);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        Value value = VALUE_EMPTY;
        g_assert_false(
            ledger_field_parse_money(field_of(schema, "cost"), bad[i], 4, &value, &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
    g_autoptr(GError) error = NULL;
    Value value = VALUE_EMPTY;
    g_assert_false(
        ledger_field_parse_money(field_of(schema, "cost"), "9999999999999999", 4, &value, &error));
    test_assert_error(error, INVALID, "'9999999999999999' is too large");
    g_clear_error(&error);
    g_assert_false(ledger_field_parse_money(field_of(schema, "price"), "-3", 4, &value, &error));
    test_assert_error(error, INVALID, "'单价': -30000.00 is less than 0");
    g_assert_true(value_is_empty(&value));
}

static void test_what_does_not_fit_is_refused(void)
{
    static const struct {
        const char *field, *text, *words;
    } cases[] = {
        {"title", "六个字的标题", "at most 5"},
        {"count", "很多", "is not a number"},
        {"count", "，", "is not a number"},
        {"count", "80余人", "is not a number"},
        {"count", "12件", "is not a number"},
        {"count", "1.5", "more than 0 digits"},
        {"count", "-1", "less than 0"},
        {"count", "1001", "more than 1000"},
        {"rate", "50%", "is not a number"},
        {"rate", "1.234", "more than 2 digits"},
        {"rate", "1.23456789", "more than 2 digits"},
        {"cost", "99999999999999999999", "'99999999999999999999' is too large"},
        {"cost", "-99,999,999,999,999,999,999.00", "is too large"},
        {"cost", "1,2345", "is not a number"},
        {"day", "2023-02-30", "2023-02-30"},
        {"day", "2023-05-06 09:30", "time of the day"},
        {"day", "昨天", "昨天"},
        {"at", "9:30", "9:30"},
        {"span", "去年", "去年"},
        {"day", "2023.5.6-5.8", "is several: write the first here"},
        {"day", "5月6日至8日", "'5月6日至8日' is several"},
        {"at", "2023年5月6日—8日", "is several"},
        {"day", "2023年5月", "is not a date"},
        {"day", "2023.5.6-", "no time behind its date"},
        {"channel", "热綫", "did you mean '热线'"},
        {"channel", "邮件往来", "there are"},
        {"topics", "水、气", "气"},
        {"done", "大概", "neither"},
        {"phone", "abc", "telephone"},
        {"phone", "12", "telephone"},
        {"person_id", "110105194912310021", "identity"},
        {"person_id", "1101", "identity"},
    };
    g_autoptr(Schema) schema = load();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(Value) value = VALUE_EMPTY;
        g_test_message("%s %s", cases[i].field, cases[i].text);
        g_assert_false(ledger_field_parse(field_of(schema, cases[i].field), cases[i].text, NULL,
                                          DATE_SECONDS_SHANGHAI, 2023, &value, &error));
        test_assert_error(error, INVALID, cases[i].words);
        g_assert_true(value_is_empty(&value));
    }
}

static void test_wrong_kinds_are_refused(void)
{
    g_autoptr(Schema) schema = load();
    g_autoptr(GError) error = NULL;
    const Value number = value_number(1);
    g_assert_false(ledger_field_check(field_of(schema, "title"), &number, &error));
    test_assert_error(error, INVALID, "text");
    g_clear_error(&error);
    g_auto(Value) list = VALUE_EMPTY;
    value_list_append(&list, value_number(1));
    g_assert_false(ledger_field_check(field_of(schema, "topics"), &list, &error));
    test_assert_error(error, INVALID, "choices");
    g_clear_error(&error);
    g_assert_true(ledger_field_check(field_of(schema, "title"), &VALUE_EMPTY, &error));
    g_auto(Value) unknown = VALUE_EMPTY;
    value_list_append(&unknown, value_text("a"));
    value_list_append(&unknown, value_text("gas"));
    g_assert_false(ledger_field_check(field_of(schema, "topics"), &unknown, &error));
    test_assert_error(error, INVALID, "'主题' has no choice 'gas'");
    g_assert_false(ledger_field_check(field_of(schema, "topics"), &unknown, NULL));
    g_assert_false(ledger_field_check(field_of(schema, "topics"), &list, NULL));
    g_clear_error(&error);
    g_auto(Value) some_day = value_text("someday");
    g_assert_false(ledger_field_check(field_of(schema, "span"), &some_day, &error));
    test_assert_error(error, INVALID, "'期间'");
}

static void test_columns(void)
{
    g_autoptr(Schema) schema = load();
    g_autofree char *title = ledger_field_column(field_of(schema, "title"));
    g_autofree char *topics = ledger_field_column(field_of(schema, "topics"));
    g_assert_cmpstr(title, ==, "f_title");
    g_assert_null(topics);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/field/what-is-typed-is-read", test_what_is_typed_is_read);
    g_test_add_func("/ledger/field/signs-are-the-choice-that-says-so",
                    test_signs_are_the_choice_that_says_so);
    g_test_add_func("/ledger/field/without-a-year", test_without_a_year);
    g_test_add_func("/ledger/field/money-of-a-table-in-wan", test_money_of_a_table_in_wan);
    g_test_add_func("/ledger/field/what-does-not-fit-is-refused",
                    test_what_does_not_fit_is_refused);
    g_test_add_func("/ledger/field/wrong-kinds-are-refused", test_wrong_kinds_are_refused);
    g_test_add_func("/ledger/field/columns", test_columns);
    return g_test_run();
}
