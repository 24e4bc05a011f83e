#include "base/file.h"
#include "base/json.h"
#include "schema/schema.h"

static void free_file(gpointer file)
{
    schema_file_free(file);
}

static Schema *load(GPtrArray *files)
{
    g_autoptr(GError) error = NULL;
    Schema *schema = schema_load(files, NULL, &error);
    g_assert_no_error(error);
    return schema;
}

/* A small pack that uses everything that a handbook speaks of. */
static Schema *load_small(void)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    g_ptr_array_add(files, schema_file_new("pack.yaml", "pack: small\nversion: \"1.0\"\n"
                                                        "name: 小包 | Small pack\n"));
    g_ptr_array_add(
        files,
        schema_file_new(
            "ledgers/a.yaml",
            "ledger: a\nname: 甲台账 | Ledger A\nnumber: A{year}-{n:3}\ntitle: t\nopened: came\n"
            "keep: 10y\nfields:\n  t: text 标题 | title\n"
            "  came: {is: date, name: 收到 | came, also: [日期, day]}\n"
            "  n: {is: number, name: 数量 | amount, decimals: 1, unit: 件, min: 0}\n"
            "  kind: {is: choice, name: 类别 | kind, of: {red: 红 | red, blue: 蓝 | blue}}\n"
            "  phone: phone 电话 | phone\n"
            "  reply: long 答复 | reply\n  replied: date 答复日期 | replied\n"
            "states:\n  open: 办理中 | open\n  done: {name: 已办结 | done, final: yes}\n"
            "steps:\n  answer: {name: 答复 | answer, from: open, to: done, by: [clerk, head],\n"
            "           at: replied, asks: reply, evidence: scan, when: kind != blue}\n"
            "  drop: {name: 不办 | drop, from: open, to: done, by: head, not_by: answer}\n"
            "clocks:\n  c: {name: 时限 | limit, until: answer, within: 5 workdays, law: "
            "某规定第3条,\n"
            "      when: kind = red}\n"
            "evidence:\n  scan: {name: 扫描件 | scan, least: 2}\n"));
    g_ptr_array_add(
        files,
        schema_file_new(
            "measures/m.yaml",
            "measures:\n  late_ones:\n    name: 超期率 | share of late ones\n"
            "    of: a\n    where: state = done\n    date: replied\n"
            "    counts: late > 0\n    kind: ratio\n    note: {zh: 仅供内部, en: inside | only}\n"
            "  monthly:\n    name: 每月 | monthly\n    of: months\n"
            "    has: {of: 'steps of a: answer', least: 2}\n    kind: all\n"
            "    sentence: 每月都有\n    otherwise: 缺少\n"));
    g_ptr_array_add(files, schema_file_new("reports/r.md",
                                           "---\nreport: r\nname: 季报 | Quarterly\n"
                                           "period: quarter\n---\n[1%](figure:late_ones)\n"));
    return load(files);
}

static const char english[] =
    "# Small pack\n\n"
    "The pack `small`, version 1.0.\n\n"
    "## Ledgers\n\n"
    "### Ledger A (`a`)\n\n"
    "Numbers such as A2023-084. An entry begins at its 'came'. Kept for 10 years.\n\n"
    "| Field | Name | Kind | Remarks |\n|---|---|---|---|\n"
    "| title | `t` | text | at most 200 characters; required |\n"
    "| came | `came` | date | required; in spreadsheets also 日期, day |\n"
    "| amount | `n` | numeric value (件) | at least 0.0 |\n"
    "| kind | `kind` | choice | red, blue |\n"
    "| phone | `phone` | phone number | personal, walled off |\n"
    "| reply | `reply` | long text | at most 100000 characters; comes with the step 'answer' |\n"
    "| replied | `replied` | date | comes with the step 'answer' |\n\n"
    "#### States and steps\n\n"
    "States: open, done.\n\n"
    "| Step | From | To | Who may | What it asks |\n|---|---|---|---|---|\n"
    "| answer (`answer`) | open | done | clerk, head of unit | 'replied' says when it happened; "
    "fill in reply; evidence: scan; only if kind is not 'blue' |\n"
    "| drop (`drop`) | open | done | head of unit | not by who did answer |\n\n"
    "#### Time limits\n\n"
    "The first that fits binds the entry.\n\n"
    "- limit: 5 workdays from 'came', until answer; only if kind is 'red'; 某规定第3条\n\n"
    "#### Evidence\n\n"
    "- scan (`scan`): at least 2 files\n\n"
    "## Measures\n\n"
    "### share of late ones (`late_ones`)\n\n"
    "- Of: entries of 'Ledger A'; where state is 'done'; by 'replied'\n"
    "- Counted if: days late is more than 0\n"
    "- What is said: the share of those that count\n"
    "- Remark: inside | only\n\n"
    "### monthly (`monthly`)\n\n"
    "- Of: the months of the period\n"
    "- Counted if: there are at least 2 of: steps 'answer' of 'Ledger A'\n"
    "- What is said: whether all count\n"
    "- Sentence: 每月都有\n"
    "- Else: 缺少\n\n"
    "## Reports\n\n"
    "### Quarterly (`r`)\n\n"
    "Once a quarter.\n";

static void test_handbook_in_english(void)
{
    g_autoptr(Schema) schema = load_small();
    g_autofree char *text = schema_document(schema, "en");
    g_assert_cmpstr(text, ==, english);
}

static void test_handbook_in_chinese(void)
{
    static const char *const sentences[] = {
        "# 小包\n",
        "编号如 A2023-084。条目以“收到”为开始时间。保存10年。",
        "| 标题 | `t` | 文本 | 最多200字；必填 |",
        "| 答复 (`answer`) | 办理中 | 已办结 | 经办人、单位负责人 | “答复日期”为发生时间；",
        "办过“答复”的人不能办",
        "- 时限：自“收到”起5个工作日，至答复为止；",
        "- 统计范围：“甲台账”的条目；条件为",
        "- 计数条件：超期天数大于0",
        "每季度一次。",
    };
    g_autoptr(Schema) schema = load_small();
    g_autofree char *text = schema_document(schema, "zh");
    for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
        if (strstr(text, sentences[i]) == NULL) {
            g_test_fail_printf("the handbook lacks: %s\n%s", sentences[i], text);
        }
    }
}

/* Every ledger, field, step and measure of the built-in pack is in its handbook. */
static void test_handbook_is_complete(void)
{
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(Schema) schema = load(files);
    g_autofree char *text = schema_document(schema, "zh");
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        for (guint j = 0; j < ledger->fields->len; j++) {
            const SchemaField *field = g_ptr_array_index(ledger->fields, j);
            g_autofree char *cell = g_strdup_printf("| %s | `%s` |", field->words.zh, field->name);
            g_assert_nonnull(strstr(text, cell));
        }
        for (guint j = 0; j < ledger->steps->len; j++) {
            const SchemaStep *step = g_ptr_array_index(ledger->steps, j);
            g_autofree char *cell = g_strdup_printf("| %s (`%s`) |", step->words.zh, step->name);
            g_assert_nonnull(strstr(text, cell));
        }
    }
    for (guint i = 0; i < schema->measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(schema->measures, i);
        g_autofree char *head = g_strdup_printf("### %s (`%s`)", measure->words.zh, measure->name);
        g_assert_nonnull(strstr(text, head));
    }
}

/* Check that the part of docs/@name between @begin and @end (NULL: the whole file) is @fresh.
 * SHUZHI_WRITE_DOCS=1 writes it there instead. */
static void check_paper(const char *name, const char *begin, const char *end, const char *fresh)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(SOURCE_ROOT, "docs", name, NULL);
    bool is_written = g_getenv("SHUZHI_WRITE_DOCS") != NULL;
    g_autofree char *paper = NULL;
    g_autofree char *whole = NULL;
    if (begin == NULL) {
        whole = g_strdup(fresh);
        paper = is_written ? NULL : file_read(path, 1 << 20, NULL, &error);
    } else {
        paper = file_read(path, 1 << 20, NULL, &error);
        g_assert_no_error(error);
        const char *from = strstr(paper, begin);
        const char *to = strstr(paper, end);
        g_assert_true(from != NULL && to > from);
        g_autofree char *before = g_strndup(paper, (gsize)(from + strlen(begin) - paper));
        whole = g_strconcat(before, fresh, to, NULL);
    }
    g_assert_no_error(error);
    if (is_written) {
        file_write(path, whole, strlen(whole), 0644, &error);
        g_assert_no_error(error);
        return;
    }
    g_assert_cmpstr(paper, ==, whole);
}

static void test_paper_has_the_reference(void)
{
    g_autofree char *reference = schema_reference("en");
    check_paper("packs.md", "<!-- keys of keys.def -->\n", "<!-- end -->\n", reference);
}

static void test_reference_in_chinese(void)
{
    g_autofree char *text = schema_reference("zh");
    g_assert_nonnull(strstr(text, "| `ledger` **\\*** | 名称 | 程序中的名称，与文件名相同 |"));
    g_assert_nonnull(strstr(text, "### `step`\n\n状态之间的一个环节。\n"));
    g_assert_nonnull(strstr(text, "| `phone` | 电话号码，一律按个人信息处理 |"));
}

static void test_paper_is_the_json_schema(void)
{
    g_autofree char *text = schema_json_schema();
    check_paper("pack.schema.json", NULL, NULL, text);
}

/* Every $ref of the JSON Schema leads to a definition. */
static void test_json_schema_is_whole(void)
{
    g_autofree char *text = schema_json_schema();
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) tree = json_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    const json_t *definitions = json_object_get(tree, "$defs");
    static const char mark[] = "\"$ref\": \"#/$defs/";
    guint n = 0;
    for (const char *at = strstr(text, mark); at != NULL; at = strstr(at, mark)) {
        at += strlen(mark);
        g_autofree char *name = g_strndup(at, strcspn(at, "\""));
        g_assert_nonnull(json_object_get(definitions, name));
        n++;
    }
    g_assert_cmpuint(n, >, 50);
}

static char *read_paper(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(SOURCE_ROOT, "docs", name, NULL);
    char *paper = file_read(path, 1 << 20, NULL, &error);
    g_assert_no_error(error);
    return paper;
}

/* The fenced files of docs/packs.md, "```yaml pack.yaml", are a pack that loads. */
static void test_example_of_the_paper_loads(void)
{
    g_autofree char *paper = read_paper("packs.md");
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    for (char *at = strstr(paper, "\n```"); at != NULL; at = strstr(at, "\n```")) {
        char *path = strchr(at, ' ');
        char *body = strchr(path, '\n');
        char *end = strstr(body, "\n```\n");
        *body = '\0';
        *end = '\0';
        g_autofree char *text = g_strconcat(body + 1, "\n", NULL);
        g_ptr_array_add(files, schema_file_new(path + 1, text));
        at = end + strlen("\n```");
    }
    g_autoptr(Schema) schema = load(files);
    g_assert_cmpuint(schema->files->len, ==, 4);
    g_assert_nonnull(schema_measure(schema, "visits_on_time"));
    g_assert_nonnull(schema_report(schema, "monthly"));
}

/* The examples of docs/expressions.md are what the built-in ledgers understand. */
static void test_expressions_of_the_paper_parse(void)
{
    g_autofree char *paper = read_paper("expressions.md");
    g_autoptr(GPtrArray) files = schema_builtin_files();
    g_autoptr(Schema) schema = load(files);
    guint n = 0;
    for (const char *at = strstr(strstr(paper, "## Examples"), "\n| `"); at != NULL;
         at = strstr(at + 1, "\n| `")) {
        g_auto(GStrv) parts = g_strsplit(at, "`", 5);
        g_autoptr(GError) error = NULL;
        const SchemaLedger *ledger = schema_ledger(schema, parts[1]);
        g_assert_nonnull(ledger);
        g_autoptr(Expression) expression =
            expression_parse(parts[3], schema_ledger_scope(ledger), &error);
        g_assert_no_error(error);
        g_assert_nonnull(expression);
        n++;
    }
    g_assert_cmpuint(n, ==, 9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema/document/handbook-in-english", test_handbook_in_english);
    g_test_add_func("/schema/document/handbook-in-chinese", test_handbook_in_chinese);
    g_test_add_func("/schema/document/handbook-is-complete", test_handbook_is_complete);
    g_test_add_func("/schema/document/paper-has-the-reference", test_paper_has_the_reference);
    g_test_add_func("/schema/document/reference-in-chinese", test_reference_in_chinese);
    g_test_add_func("/schema/document/paper-is-the-json-schema", test_paper_is_the_json_schema);
    g_test_add_func("/schema/document/json-schema-is-whole", test_json_schema_is_whole);
    g_test_add_func("/schema/document/example-of-the-paper-loads", test_example_of_the_paper_loads);
    g_test_add_func("/schema/document/expressions-of-the-paper-parse",
                    test_expressions_of_the_paper_parse);
    return g_test_run();
}
