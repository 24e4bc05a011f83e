#include "schema/schema.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define LEDGER "ledger: a\nname: 甲\nnumber: \"A{n}\"\ntitle: t\nfields:\n  t: text 题\n"

static Schema *load_builtin(const char *language)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(GError) error = NULL;
    Schema *schema = schema_load(files, &problems, &error);
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, language);
    for (guint i = 0; i < lines->len; i++) {
        g_test_message("%s", (const char *)g_ptr_array_index(lines, i));
    }
    g_assert_no_error(error);
    g_assert_nonnull(schema);
    return schema;
}

static void test_builtin_pack_loads(void)
{
    g_autoptr(Schema) schema = load_builtin("en");
    static const char *const names[] = {
        "case",  "study",    "meeting", "decision",     "problem",     "pledge", "talk",
        "award", "training", "exam",    "registration", "development", "career", "discipline"};
    g_assert_cmpuint(schema->ledgers->len, ==, G_N_ELEMENTS(names));
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        g_assert_cmpstr(ledger->name, ==, names[i]);
    }
    g_assert_nonnull(schema_report(schema, "annual"));
    g_assert_null(schema_report(schema, "monthly"));
    g_assert_null(schema_measure(schema, "cases_recieved"));
}

/* A number in the text of a report that is no figure is remarked, and no other word. */
static void test_remarks(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    static const char *const lines[] = {"收文100件", "约3.5万元", "办结率98%", "三十余项", NULL};
    GString *text = g_string_new(
        "---\nreport: r\nname: 报告\nperiod: year\n---\n"
        "增强“四个意识”，12345热线，{year}年，第12条，见[9件](figure:cases_received)。\n");
    for (size_t i = 0; lines[i] != NULL; i++) {
        g_string_append_printf(text, "%s。\n", lines[i]);
    }
    g_ptr_array_add(files, schema_file_new("reports/r.md", text->str));
    g_string_free(text, true);
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(SchemaProblems) found = schema_remarks(schema);
    g_autoptr(GPtrArray) remarks = schema_problems_to_lines(found, "en");
    g_assert_cmpuint(remarks->len, ==, 4);
#define SAYS "is typed, no figure: nothing in the ledgers proves it"
    g_assert_cmpstr(remarks->pdata[0], ==, "reports/r.md:7:3: '100件' " SAYS);
    g_assert_cmpstr(remarks->pdata[1], ==, "reports/r.md:8:1: '约3.5万元' " SAYS);
    g_assert_cmpstr(remarks->pdata[2], ==, "reports/r.md:9:4: '98%' " SAYS);
    g_assert_cmpstr(remarks->pdata[3], ==, "reports/r.md:10:1: '三十余项' " SAYS);
#undef SAYS
}

/* A rule wanted files that no step asked for: a promise that nobody keeps. */
static void test_remarks_on_evidence(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    for (guint i = 0; i < files->len; i++) {
        SchemaFile *file = g_ptr_array_index(files, i);
        if (g_str_equal(file->path, "ledgers/case.yaml")) {
            g_autofree char *text =
                g_strconcat(file->text, "  letter: {name: 答复函 | letter, least: 2}\n", NULL);
            files->pdata[i] = schema_file_new(file->path, text);
            schema_file_free(file);
        }
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(SchemaProblems) found = schema_remarks(schema);
    g_autoptr(GPtrArray) remarks = schema_problems_to_lines(found, "en");
    g_assert_cmpuint(remarks->len, ==, 1);
    g_assert_nonnull(strstr(remarks->pdata[0], "ledgers/case.yaml:63:"));
    g_assert_nonnull(strstr(remarks->pdata[0], "no step asks for the evidence 'letter'"));
}

/* A ledger of ten fields is at most 40 lines: what is written is what differs from the default. */
static void test_builtin_ledgers_are_short(void)
{
    g_autoptr(Schema) schema = load_builtin("zh");
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        int n_lines = 0;
        for (const char *at = ledger->text; *at != '\0'; at++) {
            n_lines += *at == '\n' ? 1 : 0;
        }
        g_test_message("%s: %d lines, %u fields", ledger->name, n_lines, ledger->fields->len);
        g_assert_cmpint(n_lines, <=, (int)MAX(ledger->fields->len, 10) * 4);
    }
}

/* Check that @words, where they say anything, say it in both languages. */
static void check_both(const char *of, const SchemaWords *words)
{
    if (*words->zh == '\0') {
        return;
    }
    if (words->en == NULL) {
        g_test_fail_printf("%s: '%s' has no English", of, words->zh);
        return;
    }
    for (const char *at = words->en; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_iswide(g_utf8_get_char(at))) {
            g_test_fail_printf("%s: Chinese in the English '%s'", of, words->en);
            return;
        }
    }
}

static void check_choices(const char *of, const GPtrArray *choices)
{
    for (guint i = 0; choices != NULL && i < choices->len; i++) {
        check_both(of, &((const SchemaChoice *)g_ptr_array_index(choices, i))->words);
    }
}

static void check_fields(const GPtrArray *fields)
{
    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        const SchemaWords *all[] = {&field->words, &field->help, &field->section, &field->unit};
        g_assert_cmpstr(field->words.zh, !=, "");
        for (size_t k = 0; k < G_N_ELEMENTS(all); k++) {
            check_both(field->name, all[k]);
        }
        check_choices(field->name, field->choices);
        check_fields(field->fields);
    }
}

static void check_ledger(const SchemaLedger *ledger)
{
    check_both(ledger->name, &ledger->words);
    check_fields(ledger->fields);
    check_choices(ledger->name, ledger->states);
    for (guint i = 0; i < ledger->steps->len; i++) {
        check_both(ledger->name, &((SchemaStep *)g_ptr_array_index(ledger->steps, i))->words);
    }
    for (guint i = 0; i < ledger->clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(ledger->clocks, i);
        check_both(clock->name, &clock->words);
        check_both(clock->name, &clock->law);
    }
    for (guint i = 0; i < ledger->evidence->len; i++) {
        check_both(ledger->name,
                   &((SchemaEvidence *)g_ptr_array_index(ledger->evidence, i))->words);
    }
}

/* All that a reader of English meets of the pack is English. */
static void test_builtin_words_are_in_both_languages(void)
{
    g_autoptr(Schema) schema = load_builtin("zh");
    check_both("pack", &schema->words);
    check_choices("units", schema->unit_kinds);
    check_choices("party", schema->party_kinds);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        check_ledger(g_ptr_array_index(schema->ledgers, i));
    }
    for (guint i = 0; i < schema->measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(schema->measures, i);
        const SchemaWords *all[] = {&measure->words,     &measure->unit,  &measure->sentence,
                                    &measure->otherwise, &measure->never, &measure->note};
        for (size_t k = 0; k < G_N_ELEMENTS(all); k++) {
            check_both(measure->name, all[k]);
        }
    }
    for (guint i = 0; i < schema->reports->len; i++) {
        const SchemaReport *report = g_ptr_array_index(schema->reports, i);
        check_both(report->name, &report->words);
        check_both(report->name, &report->body);
    }
}

/* Columns that the hotline and letters' exports have. */
static void test_case_knows_headers_of_exports(void)
{
    static const struct {
        const char *header;
        const char *field;
    } headers[] = {{"id", "source_no"},
                   {"created_at", "received_at"},
                   {"category_predicted", "category"},
                   {"工单编号", "source_no"},
                   {"留言时间", "received_at"},
                   {"答复意见", "reply"}};
    g_autoptr(Schema) schema = load_builtin("zh");
    const SchemaLedger *ledger = schema_ledger(schema, "case");
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        const SchemaField *field = schema_ledger_field(ledger, headers[i].field);
        g_assert_true(
            g_ptr_array_find_with_equal_func(field->aliases, headers[i].header, g_str_equal, NULL));
    }
    const SchemaField *replied = schema_ledger_field(ledger, "replied_at");
    g_assert_cmpstr(replied->set_by_step, ==, "answer");
    g_assert_true(schema_ledger_field(ledger, "phone")->is_personal);
    g_assert_true(schema_ledger_field(ledger, "citizen")->is_personal);
}

static void test_a_short_form_may_have_both_languages(void)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    g_ptr_array_add(files,
                    schema_file_new("pack.yaml", "pack: p\nversion: '1'\nname: 包 | Pack\n"));
    g_ptr_array_add(files, schema_file_new("ledgers/a.yaml",
                                           "ledger: a\nname: 甲\nnumber: \"A{n}\"\ntitle: title\n"
                                           "fields:\n  title: text 标题 | title!\n"));
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(schema->words.zh, ==, "包");
    g_assert_cmpstr(schema->words.en, ==, "Pack");
    const SchemaField *title = schema_ledger_field(schema_ledger(schema, "a"), "title");
    g_assert_cmpstr(title->words.zh, ==, "标题");
    g_assert_cmpstr(title->words.en, ==, "title");
    g_assert_true(title->is_required);
}

/* A pipe in the folder is told of, not waited for. */
static void test_a_pipe_is_no_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-pack-XXXXXX", &error);
    g_autofree char *ledgers = g_build_filename(folder, "ledgers", NULL);
    g_autofree char *pipe = g_build_filename(ledgers, "a.yaml", NULL);
    g_assert_no_error(error);
    g_assert_cmpint(g_mkdir(ledgers, 0700), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_false(schema_read_folder(folder, &files, &error));
    g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    g_assert_nonnull(strstr(error->message, "'ledgers/a.yaml' is not a file"));
    g_unlink(pipe);
    g_rmdir(ledgers);
    g_rmdir(folder);
}

/* A NUL ends the text for whoever reads it as such: it has its place. */
static void test_a_nul_has_its_place(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = NULL;
    g_autofree char *folder = g_dir_make_tmp("shuzhi-pack-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "pack.yaml", NULL);
    static const char text[] = "pack: p\nname: 包\0\n";
    g_assert_no_error(error);
    g_file_set_contents(path, text, sizeof text - 1, &error);
    g_assert_no_error(error);
    g_assert_false(schema_read_folder(folder, &files, &error));
    g_assert_cmpstr(error->message, ==,
                    "pack.yaml:2:8: the character U+00 does not belong in a text file");
    g_unlink(path);
    g_rmdir(folder);
}

/* Who forgot pack.yaml is told that, and not of what its kinds of units are named by. */
static void test_a_missing_pack_file_comes_first_and_alone(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(SchemaProblems) problems = NULL;
    for (guint i = 0; i < files->len; i++) {
        if (g_str_equal(((SchemaFile *)g_ptr_array_index(files, i))->path, "pack.yaml")) {
            g_ptr_array_remove_index(files, i);
            break;
        }
    }
    g_ptr_array_add(files, schema_file_new("ledgers/a.yaml", "ledger: a\nlable: x\n"));
    g_assert_null(schema_load(files, &problems, NULL));
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "en");
    g_assert_cmpstr(g_ptr_array_index(lines, 0), ==, "pack.yaml: no such file or folder");
    for (guint i = 1; i < lines->len; i++) { /* real faults stay */
        g_assert_true(g_str_has_prefix(g_ptr_array_index(lines, i), "ledgers/a.yaml:"));
    }
    g_assert_cmpuint(lines->len, >, 1);
}

/* Faults beyond those kept are counted. */
static void test_many_faults_are_counted(void)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(GString) ledger = g_string_new(LEDGER);
    for (int i = 0; i < SCHEMA_PROBLEMS_MAX + 7; i++) {
        g_string_append_printf(ledger, "  f%d: txet 字\n", i);
    }
    g_ptr_array_add(files, schema_file_new("pack.yaml", "pack: p\nversion: '1'\nname: 包\n"));
    g_ptr_array_add(files, schema_file_new("ledgers/a.yaml", ledger->str));
    g_assert_null(schema_load(files, &problems, NULL));
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "en");
    g_assert_cmpuint(lines->len, ==, SCHEMA_PROBLEMS_MAX);
    g_assert_cmpuint(schema_problems_count(problems), ==, SCHEMA_PROBLEMS_MAX + 7);
}

/* A folder may hold names that are no text; what is said of them is. */
static void test_a_path_that_is_no_text_is_refused(void)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)schema_file_free);
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(files, schema_file_new("pack.yaml", "pack: p\nversion: '1'\nname: 包\n"));
    g_ptr_array_add(files, schema_file_new("ledgers/a.yaml", LEDGER));
    g_ptr_array_add(files, schema_file_new("measures/\xff.yaml", "measures: {}\n"));
    g_assert_null(schema_load(files, &problems, &error));
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "en");
    g_assert_cmpuint(lines->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(lines, 0), ==,
                    "measures/\uFFFD.yaml:1:1: a pack has no such file; it has pack.yaml, "
                    "ledgers/*.yaml, measures/*.yaml, reports/*.md and calendar/holidays.txt");
    g_assert_cmpstr(error->message, ==,
                    "measures/\uFFFD.yaml:1:1: a pack has no such file; it has pack.yaml, "
                    "ledgers/*.yaml, measures/*.yaml, reports/*.md and calendar/holidays.txt");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/load/builtin-pack-loads", test_builtin_pack_loads);
    g_test_add_func("/schema/load/builtin-ledgers-are-short", test_builtin_ledgers_are_short);
    g_test_add_func("/schema/load/builtin-words-are-in-both-languages",
                    test_builtin_words_are_in_both_languages);
    g_test_add_func("/schema/load/case-knows-headers-of-exports",
                    test_case_knows_headers_of_exports);
    g_test_add_func("/schema/load/a-short-form-may-have-both-languages",
                    test_a_short_form_may_have_both_languages);
    g_test_add_func("/schema/load/a-pipe-is-no-file", test_a_pipe_is_no_file);
    g_test_add_func("/schema/load/a-nul-has-its-place", test_a_nul_has_its_place);
    g_test_add_func("/schema/load/a-missing-pack-file-comes-first",
                    test_a_missing_pack_file_comes_first_and_alone);
    g_test_add_func("/schema/load/many-faults-are-counted", test_many_faults_are_counted);
    g_test_add_func("/schema/load/a-path-that-is-no-text-is-refused",
                    test_a_path_that_is_no_text_is_refused);
    g_test_add_func("/schema/load/remarks", test_remarks);
    g_test_add_func("/schema/load/remarks-on-evidence", test_remarks_on_evidence);
    return g_test_run();
}
