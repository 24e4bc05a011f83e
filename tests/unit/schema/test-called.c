#include "schema/called.h"

static Schema *load(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(GError) error = NULL;
    Schema *schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    return schema;
}

static void test_name_and_words(void)
{
    g_autoptr(Schema) schema = load();
    const SchemaLedger *ledger = schema_ledger(schema, "case");
    g_assert_true(schema_called(schema->ledgers, "case") == ledger);
    g_assert_true(schema_called(schema->ledgers, ledger->words.zh) == ledger);
    g_autofree char *capitals = g_ascii_strup(ledger->words.en, -1);
    g_assert_true(schema_called(schema->ledgers, capitals) == ledger);
    g_assert_null(schema_called(schema->ledgers, ""));
    g_assert_null(schema_called(schema->ledgers, "诉"));
    g_assert_true(schema_called(ledger->steps, "答复") == schema_ledger_step(ledger, "answer"));
}

/* A name is one part's own; words that two have tell nothing. */
static void test_words_of_two(void)
{
    SchemaReport a = {.name = "a", .words = {.zh = "b", .en = "Yearly"}};
    SchemaReport b = {.name = "b", .words = {.zh = "年报", .en = "Yearly"}};
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_ptr_array_add(parts, &a);
    g_ptr_array_add(parts, &b);
    g_assert_true(schema_called(parts, "b") == &b);
    g_assert_true(schema_called(parts, "年报") == &b);
    g_assert_null(schema_called(parts, "yearly"));
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "there is no report '%s'", "yearly");
    schema_offer(&error, parts, "yearly");
    g_assert_true(g_error_matches(error, SHUZHI_ERROR, SHUZHI_ERROR_NOT_FOUND));
    g_autofree char *en = error_to_text(error, "en");
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_cmpstr(en, ==, "more than one is called 'yearly', say which by its name: a, b");
    g_assert_cmpstr(zh, ==, "叫“yearly”的不止一个，请写名称指明：a、b");
}

static void test_offer(void)
{
    SchemaReport a = {.name = "annual", .words = {.zh = "述职报告"}};
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_ptr_array_add(parts, &a);
    static const struct {
        const char *text, *zh;
    } offers[] = {{"述职告", "没有报告“述职告”，是不是“述职报告”？"},
                  {"anual", "没有报告“anual”，是不是“annual”？"},
                  {"zzzzzzzz", "没有报告“zzzzzzzz”；现有：annual（述职报告）"}};
    for (size_t i = 0; i < G_N_ELEMENTS(offers); i++) {
        g_autoptr(GError) error = NULL;
        error_set(&error, SHUZHI_ERROR_NOT_FOUND, "there is no report '%s'", offers[i].text);
        schema_offer(&error, parts, offers[i].text);
        g_autofree char *zh = error_to_text(error, "zh");
        g_assert_cmpstr(zh, ==, offers[i].zh);
    }
    schema_offer(NULL, parts, "x");
}

/* What has a name in both languages is offered in that of the reader. */
static void test_offer_in_both_languages(void)
{
    SchemaReport a = {.name = "annual", .words = {.zh = "年报", .en = "Yearly"}};
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_ptr_array_add(parts, &a);
    g_autoptr(GError) error = NULL;
    error_set(&error, SHUZHI_ERROR_NOT_FOUND, "there is no report '%s'", "zzzzzzzz");
    schema_offer(&error, parts, "zzzzzzzz");
    g_autofree char *zh = error_to_text(error, "zh");
    g_autofree char *en = error_to_text(error, "en");
    g_assert_cmpstr(zh, ==, "没有报告“zzzzzzzz”；现有：annual（年报）");
    g_assert_cmpstr(en, ==, "there is no report 'zzzzzzzz'; there are: annual (Yearly)");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/called/name-and-words", test_name_and_words);
    g_test_add_func("/schema/called/words-of-two", test_words_of_two);
    g_test_add_func("/schema/called/offer", test_offer);
    g_test_add_func("/schema/called/offer-in-both-languages", test_offer_in_both_languages);
    return g_test_run();
}
