#include "log/shown-claim.h"

#include "shown-fixture.h"

#define ADD(seq, number)                                          \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"" number \
    "\",\"version\":1},\"kind\":\"entry.add\",\"object\":" seq ",\"seq\":" seq "}"
#define EVENT(seq, object, kind, data)                                                        \
    "{\"actor\":\"os:a\",\"at\":1,\"data\":" data ",\"kind\":\"" kind "\",\"object\":" object \
    ",\"seq\":" seq "}"

/* A-1 with two files and a step, A-2 with a step, A-3 that was taken out of the books. */
static const char *const lines[] = {
    ADD("1", "A-1"),
    EVENT("2", "2", "evidence.add", "{\"sha256\":\"aa\"}"),
    EVENT("3", "1", "entry.attach", "{\"evidence.s\":[2]}"),
    ADD("4", "A-2"),
    EVENT("5", "4", "entry.step", "{\"version\":2}"),
    ADD("6", "A-3"),
    EVENT("7", "6", "entry.delete", "{\"version\":2}"),
    EVENT("8", "1", "entry.step", "{\"version\":2}"),
    EVENT("9", "9", "evidence.add", "{\"sha256\":\"bb\"}"),
};
static const ShownLog office = {lines, G_N_ELEMENTS(lines)};

/* Return a file that has @head ("\"entry\":…") beside the events whose numbers are the digits of
 * @seqs; the caller owns it. */
static char *make_file_of(const ShownLog *log, const char *head, const char *seqs)
{
    g_autoptr(GString) text = g_string_new("{");
    g_string_append_printf(text, "%s%s\"events\":[", head, *head != '\0' ? "," : "");
    for (const char *at = seqs; *at != '\0'; at++) {
        g_autofree char *shown = shown_fixture_show(log, *at - '0', NULL);
        g_string_append_printf(text, "%s%s", at > seqs ? "," : "", shown);
    }
    g_string_append(text, "]}");
    return g_strdup(text->str);
}

static char *make_file(const char *head, const char *seqs)
{
    return make_file_of(&office, head, seqs);
}

static LogShownClaim *check(const char *text, LogShownFile **ret_file, GError **error)
{
    g_autoptr(ProofSigner) signer = shown_fixture_signer();
    g_autoptr(json_t) json = json_parse(text, strlen(text), error);
    g_assert_nonnull(json);
    *ret_file = log_shown_file_check(json, proof_signer_verifier(signer), error);
    return *ret_file != NULL ? log_shown_claim_check(json, *ret_file, error) : NULL;
}

/* ---- what is found, as words ------------------------------------------------------------------
 */

static void append_ids(GString *out, const char *name, const GArray *ids)
{
    for (guint i = 0; i < ids->len; i++) {
        g_string_append_printf(out, " %s:%" G_GINT64_FORMAT, name, g_array_index(ids, int64_t, i));
    }
}

/* Return what @claim does not bear out: " missing:A-1 absent:2"; the caller owns it. */
static char *describe(const LogShownClaim *claim)
{
    static const char *const names[LOG_CLAIM_N_FAULTS] = {"missing", "repeated", "other-id", "gone",
                                                          "kept"};
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < LOG_CLAIM_N_FAULTS; i++) {
        for (guint k = 0; k < claim->faults[i]->len; k++) {
            const char *number = g_ptr_array_index(claim->faults[i], k);
            g_string_append_printf(out, " %s:%s", names[i], number);
        }
    }
    append_ids(out, "stranger", claim->strangers);
    append_ids(out, "absent", claim->absent);
    g_string_append(out, claim->n_hidden > 0 ? " hidden" : "");
    g_string_append(out, claim->is_other_log ? " other-log" : "");
    if (claim->differs != NULL) {
        g_string_append_printf(out, " differs:%s", claim->differs);
    }
    return g_string_free(out, false);
}

typedef struct Case {
    const char *head;
    const char *seqs;
    const char *found; /* NULL: INVALID */
} Case;

static void check_cases(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(LogShownFile) file = NULL;
        g_autofree char *text = make_file(cases[i].head, cases[i].seqs);
        g_autoptr(LogShownClaim) claim = check(text, &file, &error);
        if (cases[i].found == NULL) {
            g_assert_null(claim);
            g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
            continue;
        }
        g_assert_no_error(error);
        g_assert_true(log_shown_file_is_sound(file));
        g_autofree char *found = describe(claim);
        g_assert_cmpstr(found, ==, cases[i].found);
        g_assert_cmpint(log_shown_claim_is_borne_out(claim), ==, *found == '\0');
    }
}

/* ---- an entry -------------------------------------------------------------------------------- */

static void test_the_events_are_of_the_entry(void)
{
    static const Case cases[] = {
        {"\"entry\":\"A-1\"", "1238", ""},
        {"\"entry\":\"A-1\"", "13", " absent:2"},
        {"\"entry\":\"A-1\"", "1235", " stranger:5"},
        {"\"entry\":\"A-1\"", "12389", " stranger:9"}, /* a file that nothing attaches */
        {"\"entry\":\"A-1\"", "123845", " stranger:4 stranger:5"},
        {"\"entry\":\"A-9\"", "4", " missing:A-9 stranger:4"},
        {"\"entry\":\"A-3\"", "67", ""},
        {"\"entry\":1", "1", NULL},
        {"\"entry\":\"A-1\"", "", NULL},
        {"", "1", NULL},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void test_a_deletion_is_told(void)
{
    g_autoptr(LogShownFile) file = NULL;
    g_autofree char *text = make_file("\"entry\":\"A-3\"", "67");
    g_autoptr(LogShownClaim) claim = check(text, &file, NULL);
    g_assert_cmpint(claim->deletion, ==, 7);
}

/* A file that a field names is the entry's as one that a rule attaches. */
static void test_a_file_of_a_field(void)
{
    static const char *const values[] = {"2", "2\\u001f", "1\\u001f2\\u001f", "3", "2 boxes", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *opened = NULL;
        g_autofree char *json_text = g_strdup_printf("\"%s\"", values[i]);
        g_autoptr(json_t) value = json_loads(json_text, JSON_DECODE_ANY, NULL);
        g_autofree char *said = shown_fixture_commit("scan", json_string_value(value), &opened);
        g_autofree char *line = g_strdup_printf(
            "{\"actor\":\"os:a\",\"at\":1,\"data\":{\"number\":\"A-1\",\"version\":1},"
            "\"fields\":{\"scan\":\"%s\"},\"kind\":\"entry.add\",\"object\":1,\"seq\":1}",
            said);
        const char *both[] = {line, lines[1]};
        const ShownLog log = {both, 2};
        g_autoptr(GString) fields = g_string_new(NULL);
        g_string_printf(fields, "{%s}", opened);
        g_string_replace(fields, "\x1f", "\\u001f", 0);
        g_autofree char *first = shown_fixture_show(&log, 1, fields->str);
        g_autofree char *second = shown_fixture_show(&log, 2, NULL);
        g_autofree char *text =
            g_strdup_printf("{\"entry\":\"A-1\",\"events\":[%s,%s]}", first, second);
        g_autoptr(LogShownFile) file = NULL;
        g_autoptr(LogShownClaim) claim = check(text, &file, &error);
        g_assert_no_error(error);
        g_assert_true(log_shown_file_is_sound(file));
        g_assert_cmpuint(claim->strangers->len, ==, i < 3 ? 0 : 1);
    }
}

/* Who holds the key may attach what no log can have. */
static void test_an_attached_number_of_no_event(void)
{
    static const char *const odd[] = {
        ADD("1", "A-1"),
        EVENT("2", "1", "entry.attach",
              "{\"evidence.s\":[9007199254740993,-1,0,\"2\",7],\"evidence.t\":7}"),
    };
    static const ShownLog log = {odd, G_N_ELEMENTS(odd)};
    g_autoptr(GError) error = NULL;
    g_autofree char *first = shown_fixture_show(&log, 1, NULL);
    g_autofree char *second = shown_fixture_show(&log, 2, NULL);
    g_autofree char *text =
        g_strdup_printf("{\"entry\":\"A-1\",\"events\":[%s,%s]}", first, second);
    g_autoptr(LogShownFile) file = NULL;
    g_autoptr(LogShownClaim) claim = check(text, &file, &error);
    g_assert_no_error(error);
    g_autofree char *found = describe(claim);
    g_assert_cmpstr(found, ==, " absent:7");
}

/* ---- a figure -------------------------------------------------------------------------------- */

#define FIGURE_OF(kind, value, total, counted, log, members, rest)                                 \
    "\"figure\":{\"name\":\"n\",\"title\":\"t\",\"kind\":\"" kind "\",\"value\":" value            \
    ",\"text\":\"2\",\"total\":" total ",\"counted\":" counted                                     \
    ",\"period\":{\"from\":\"2023-01-01\",\"to\":\"2023-12-31\"},\"log\":{\"size\":" log           \
    ",\"root\":\"0000000000000000000000000000000000000000000000000000000000000000\"},\"members\":" \
    "[" members "]," rest "}"
#define FIGURE(value, total, counted, members, rest) \
    FIGURE_OF("count", value, total, counted, "20", members, rest)
#define ENTRY_AS(kind, id, number) \
    "{\"kind\":\"" kind "\",\"id\":" id ",\"number\":\"" number "\",\"counted\":true}"
#define ENTRY(id, number) ENTRY_AS("entry", id, number)
#define OTHER(id, number) \
    "{\"kind\":\"entry\",\"id\":" id ",\"number\":\"" number "\",\"counted\":false}"
#define BOTH ENTRY("1", "A-1") "," ENTRY("4", "A-2")
#define LISTED "\"entries\":[\"A-1\",\"A-2\"],\"deleted\":[]"
#define PERSON(id, entries) \
    "{\"kind\":\"person\",\"id\":" id ",\"number\":null,\"counted\":true,\"entries\":[" entries "]}"

static void test_a_figure_is_of_its_members(void)
{
    static const Case cases[] = {
        {FIGURE("2", "2", "2", BOTH, LISTED), "123458", ""},
        {FIGURE("2", "2", "2", BOTH, LISTED), "12348", ""},
        {FIGURE("2", "2", "2", BOTH, LISTED), "1238", " missing:A-2"},
        {FIGURE("2", "2", "2", BOTH, LISTED), "13458", " absent:2"},
        {FIGURE("1", "1", "1", ENTRY("1", "A-1"), "\"entries\":[\"A-1\"]"), "1235", " stranger:5"},
        {FIGURE("2", "3", "2", BOTH, LISTED), "12348", " differs:total"},
        {FIGURE("2", "2", "1", BOTH, LISTED), "12348", " differs:counted"},
        {FIGURE("3", "2", "2", BOTH, LISTED), "12348", " differs:value"},
        {FIGURE("null", "2", "2", BOTH, LISTED), "12348", ""},
        {FIGURE("2", "2", "2", BOTH, "\"entries\":[]"), "12348", " differs:entries"},
        {FIGURE("2", "2", "2", BOTH, "\"entries\":[\"A-1\",\"A-1\"]"), "12348", " differs:entries"},
        {FIGURE("3", "3", "3", BOTH "," ENTRY("1", "A-1"), LISTED), "12348", " repeated:A-1"},
        {FIGURE("2", "2", "2", ENTRY("4", "A-1") "," ENTRY("4", "A-2"), LISTED), "12348",
         " other-id:A-1"},
        {FIGURE("3", "3", "3", BOTH "," ENTRY("6", "A-3"), "\"entries\":[\"A-1\",\"A-2\",\"A-3\"]"),
         "1234678", " gone:A-3"},
        {FIGURE("2", "2", "2", BOTH, "\"entries\":[\"A-1\",\"A-2\"],\"deleted\":[\"A-3\"]"),
         "1234678", ""},
        {FIGURE("2", "2", "2", BOTH, "\"entries\":[\"A-1\",\"A-2\"],\"deleted\":[\"A-3\"]"),
         "123468", " kept:A-3"},
        {FIGURE("2", "2", "2", BOTH, "\"entries\":[\"A-1\",\"A-2\"],\"deleted\":[\"A-3\"]"),
         "12348", " missing:A-3"},
        {FIGURE("1", "2", "1", ENTRY("1", "A-1") "," OTHER("4", "A-2"), "\"entries\":[\"A-1\"]"),
         "12348", ""},
        {FIGURE("2", "2", "2",
                ENTRY_AS("step", "1", "A-1") ",{\"kind\":\"step\",\"id\":1,\"n\":1,\"number\":"
                                             "\"A-1\",\"counted\":true}",
                "\"entries\":[\"A-1\"]"),
         "1238", ""},
        {FIGURE("2", "2", "2", PERSON("12", "\"A-1\"") "," PERSON("13", "\"A-1\",\"A-2\""), LISTED),
         "12348", ""},
        {FIGURE("2", "2", "2", PERSON("12", "\"A-1\"") "," PERSON("12", "\"A-1\",\"A-2\""), LISTED),
         "12348", " repeated:#12"},
        {FIGURE("1", "2", "1",
                ENTRY("1", "A-1") ",{\"kind\":\"entry\",\"id\":null,\"restricted\":true,"
                                  "\"counted\":false}",
                "\"entries\":[\"A-1\"]"),
         "1238", " hidden"},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

/* B-1, brought by an import that was taken back; B-2, by one that stands; a unit. */
static const char *const import_lines[] = {
    EVENT("1", "1", "batch.add", "{\"ledger\":\"b\",\"numbers\":\"2023:1-1\",\"state\":\"done\"}"),
    EVENT("2", "2", "entry.add", "{\"batch\":1,\"number\":\"B-1\",\"version\":1}"),
    EVENT("3", "1", "batch.change", "{\"state\":\"undone\"}"),
    EVENT("4", "4", "batch.add", "{\"ledger\":\"b\",\"numbers\":\"2023:2-2\",\"state\":\"done\"}"),
    EVENT("5", "5", "entry.add", "{\"batch\":4,\"number\":\"B-2\",\"version\":1}"),
    EVENT("6", "6", "unit.add", "{\"kind\":\"section\"}"),
};
static const ShownLog imports = {import_lines, G_N_ELEMENTS(import_lines)};

/* Numbers of an import that was taken back are void, if its events say so. */
static void test_an_import_that_was_taken_back(void)
{
#define OF_B2(rest) FIGURE("1", "1", "1", ENTRY("5", "B-2"), "\"entries\":[\"B-2\"]" rest)
#define UNITS(members) FIGURE("1", "1", "1", members, "\"entries\":[]")
    static const struct {
        Case of;
        guint n_undone;
        bool is_asserted;
    } cases[] = {
        {{OF_B2(",\"undone\":[1]"), "513", ""}, 1, false},
        {{OF_B2(",\"undone\":[1]"), "51", " missing:#1"}, 0, false},
        {{OF_B2(",\"undone\":[1]"), "53", " missing:#1"}, 0, false},
        {{OF_B2(",\"undone\":[4]"), "54", " missing:#4"}, 0, false},
        {{OF_B2(""), "513", " stranger:1 stranger:3"}, 0, false},
        {{OF_B2(",\"undone\":[\"1\"]"), "513", NULL}, 0, false},
        {{FIGURE("1", "1", "1", ENTRY("2", "B-1"), "\"entries\":[\"B-1\"],\"undone\":[1]"), "123",
          " gone:B-1"},
         1,
         false},
        {{UNITS("{\"kind\":\"unit\",\"id\":6,\"number\":null,\"counted\":true}"), "6", ""},
         0,
         true},
        {{UNITS("{\"kind\":\"unit\",\"id\":7,\"number\":null,\"counted\":true}"), "6",
          " stranger:6"},
         0,
         true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(LogShownFile) file = NULL;
        g_autofree char *text = make_file_of(&imports, cases[i].of.head, cases[i].of.seqs);
        g_autoptr(LogShownClaim) claim = check(text, &file, &error);
        if (cases[i].of.found == NULL) {
            g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
            continue;
        }
        g_assert_no_error(error);
        g_autofree char *found = describe(claim);
        g_assert_cmpstr(found, ==, cases[i].of.found);
        g_assert_cmpuint(claim->undone->len, ==, cases[i].n_undone);
        g_assert_cmpint(claim->is_asserted, ==, cases[i].is_asserted);
    }
}

static void test_a_value_that_the_members_cannot_have(void)
{
#define TWO_OF(kind, value, holds) \
    FIGURE_OF(kind, value, "2", "2", "20", BOTH, LISTED ",\"holds\":" holds)
#define ONE_OF(kind, value, holds)                                                  \
    FIGURE_OF(kind, value, "2", "1", "20", ENTRY("1", "A-1") "," OTHER("4", "A-2"), \
              "\"entries\":[\"A-1\"],\"holds\":" holds)
    static const Case cases[] = {
        {TWO_OF("distinct", "1", "0"), "12348", ""},
        {TWO_OF("distinct", "3", "0"), "12348", " differs:value"},
        {TWO_OF("sum", "77.5", "0"), "12348", ""},
        {TWO_OF("sum", "true", "0"), "12348", " differs:value"},
        {TWO_OF("ratio", "1", "0"), "12348", ""},
        {ONE_OF("ratio", "0.5", "0"), "12348", ""},
        {ONE_OF("ratio", "0.51", "0"), "12348", " differs:value"},
        {ONE_OF("ratio", "1", "0"), "12348", " differs:value"},
        {TWO_OF("all", "true", "true"), "12348", ""},
        {TWO_OF("all", "false", "false"), "12348", ""},
        {ONE_OF("all", "true", "true"), "12348", " differs:value"},
        {ONE_OF("all", "false", "true"), "12348", " differs:holds"},
        {ONE_OF("none", "true", "true"), "12348", " differs:value"},
        {ONE_OF("none", "false", "false"), "12348", ""},
        {ONE_OF("some", "1", "false"), "12348", NULL},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

/* What our own file always has may not be left out, nor be of another type. */
static void test_what_is_of_another_form_is_not_judged(void)
{
    static const char *const figures[] = {
        "\"figure\":null",
        "\"figure\":\"cases: 1000\"",
        "\"figure\":{\"members\":[]}",
        FIGURE("2", "\"2\"", "2", BOTH, LISTED),
        FIGURE("2", "2", "null", BOTH, LISTED),
        FIGURE("[2]", "2", "2", BOTH, LISTED),
        FIGURE("2", "2", "2", BOTH, "\"deleted\":[]"),
        FIGURE("2", "2", "2", BOTH, "\"entries\":[1]"),
        FIGURE("2", "2", "2", BOTH, LISTED) ",\"entry\":\"A-1\"",
        FIGURE_OF("count", "2", "2", "2", "-1", BOTH, LISTED),
        FIGURE("1", "1", "1", ENTRY("\"1\"", "A-1"), "\"entries\":[\"A-1\"]"),
        FIGURE("1", "1", "1", ENTRY_AS("unit", "1", "A-1"), "\"entries\":[\"A-1\"]"),
        FIGURE("1", "1", "1", ENTRY_AS("month", "\"2023-05\"", "2023-06"), "\"entries\":[]"),
        FIGURE("1", "1", "1", ENTRY_AS("case", "1", "A-1"), "\"entries\":[\"A-1\"]"),
        FIGURE("1", "1", "1", "{\"kind\":\"entry\",\"number\":\"A-1\",\"counted\":true}",
               "\"entries\":[\"A-1\"]"),
        FIGURE("1", "1", "1", "{\"kind\":\"entry\",\"id\":1,\"number\":\"A-1\",\"counted\":1}",
               "\"entries\":[\"A-1\"]"),
        FIGURE("1", "1", "1",
               "{\"kind\":\"entry\",\"id\":null,\"restricted\":\"yes\",\"counted\":true}",
               "\"entries\":[]"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
        const Case one = {figures[i], "12348", NULL};
        check_cases(&one, 1);
    }
}

static void test_the_log_of_a_figure(void)
{
    static const Case cases[] = {
        {FIGURE_OF("count", "2", "2", "2", "9", BOTH, LISTED), "12348", " other-log"},
        {FIGURE_OF("count", "2", "2", "2", "5", BOTH, LISTED), "12348", ""},
        {FIGURE_OF("count", "2", "2", "2", "3", BOTH, LISTED), "12348", " differs:log"},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
    g_autoptr(LogShownFile) file = NULL;
    g_autofree char *text = make_file(cases[1].head, "12348");
    g_autoptr(LogShownClaim) claim = check(text, &file, NULL);
    g_assert_cmpint(claim->log_size, ==, 5);
    g_assert_false(claim->is_signed);
    const ProofCheckpoint *checkpoint = g_ptr_array_index(file->checkpoints, 0);
    g_autoptr(GString) signed_text = g_string_new(text);
    g_autoptr(GString) root = g_string_new(NULL);
    for (size_t i = 0; i < sizeof checkpoint->root.bytes; i++) {
        g_string_append_printf(root, "%02x", checkpoint->root.bytes[i]);
    }
    g_string_replace(signed_text, "\"size\":5", "\"size\":9", 1);
    g_string_replace(signed_text,
                     "0000000000000000000000000000000000000000000000000000000000000000", root->str,
                     1);
    g_autoptr(LogShownFile) other = NULL;
    g_autoptr(LogShownClaim) borne = check(signed_text->str, &other, NULL);
    g_assert_true(borne->is_signed);
    g_assert_false(borne->is_other_log);
}

static void test_one_event_claims_nothing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LogShownFile) file = NULL;
    g_autofree char *text = shown_fixture_show(&office, 5, NULL);
    g_autoptr(LogShownClaim) claim = check(text, &file, &error);
    g_assert_no_error(error);
    g_assert_true(log_shown_claim_is_borne_out(claim));
    g_autoptr(GString) dressed = g_string_new(text);
    g_string_insert(dressed, 1, "\"entry\":\"A-1\",");
    g_autoptr(LogShownFile) other = NULL;
    g_assert_null(check(dressed->str, &other, &error));
    g_assert_error(error, SHUZHI_ERROR, SHUZHI_ERROR_INVALID);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/shown-claim/the-events-are-of-the-entry",
                    test_the_events_are_of_the_entry);
    g_test_add_func("/log/shown-claim/a-deletion-is-told", test_a_deletion_is_told);
    g_test_add_func("/log/shown-claim/a-file-of-a-field", test_a_file_of_a_field);
    g_test_add_func("/log/shown-claim/an-attached-number-of-no-event",
                    test_an_attached_number_of_no_event);
    g_test_add_func("/log/shown-claim/a-figure-is-of-its-members", test_a_figure_is_of_its_members);
    g_test_add_func("/log/shown-figure/a-value-that-the-members-cannot-have",
                    test_a_value_that_the_members_cannot_have);
    g_test_add_func("/log/shown-figure/what-is-of-another-form-is-not-judged",
                    test_what_is_of_another_form_is_not_judged);
    g_test_add_func("/log/shown-claim/the-log-of-a-figure", test_the_log_of_a_figure);
    g_test_add_func("/log/shown-claim/one-event-claims-nothing", test_one_event_claims_nothing);
    g_test_add_func("/log/shown-claim/an-import-that-was-taken-back",
                    test_an_import_that_was_taken_back);
    return g_test_run();
}
