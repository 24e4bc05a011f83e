#include "office/rights.h"

#include "base/file.h"
#include "store/store-value.h"
#include "support/test-store.h"

static const SchemaWords closing = {(char *)"办结", (char *)"close", (char *)"办结"};

/* ---- what the table must say, written independently: a line an action, in words ----------------
 */

typedef struct Expectation {
    const char *action;
    const char *own;     /* roles that reach their own entries of their unit */
    const char *unit;    /* roles that reach their unit */
    const char *subtree; /* roles that reach the units below too */
    const char *office;  /* roles that reach everything */
} Expectation;

static const Expectation expectations[] = {
    {"entry.read", "", "clerk", "head", "supervisor secretary dispatcher console"},
    {"entry.read-personal", "", "clerk", "head", "dispatcher console"},
    {"entry.add", "", "clerk", "head", "supervisor secretary dispatcher console"},
    {"entry.change", "", "clerk", "head", "secretary dispatcher console"},
    {"entry.step", "", "clerk", "head", "supervisor secretary dispatcher console"},
    {"entry.comment", "", "clerk", "head", "supervisor secretary dispatcher console"},
    {"entry.delete", "clerk", "", "head", "secretary console"},
    {"entry.erase", "", "", "", "secretary console"},
    {"import", "", "clerk", "head", "secretary dispatcher console"},
    {"export", "", "clerk", "head", "supervisor secretary console"},
    {"figure.read", "", "", "", "staff clerk head supervisor secretary dispatcher console"},
    {"report.read", "", "", "", "staff clerk head supervisor secretary dispatcher console"},
    {"view.share", "", "", "", "head supervisor secretary dispatcher console"},
    {"pack.apply", "", "", "", "secretary console"},
    {"unit.change", "", "", "", "secretary console"},
    {"account.read", "", "", "", "system security audit console"},
    {"account.change", "", "", "", "system"},
    {"role.change", "", "", "", "security"},
    {"setting.change", "", "", "", "system"},
    {"log.read", "", "", "", "audit"},
    {"backup", "", "", "", "system console"},
    {"verify", "", "", "",
     "clerk head supervisor secretary dispatcher system security audit console"},
};

/* ---- the world of the matrix: 10 > 11 > 12, and 20 beside --------------------------------------
 */

#define OWN_UNIT 11
#define BELOW 12
#define ABOVE 10
#define BESIDE 20

typedef struct Entry {
    int64_t unit;
    const char *owner;
} Entry;

static const Entry entries[] = {
    {OWN_UNIT, "account:1"}, {OWN_UNIT, "account:2"}, {BELOW, "account:1"},  {BELOW, "account:2"},
    {ABOVE, "account:1"},    {ABOVE, "account:2"},    {BESIDE, "account:1"}, {BESIDE, "account:2"},
    {0, "account:1"},        {0, "account:2"},
};

static bool has_word(const char *words, const char *word)
{
    g_auto(GStrv) list = g_strsplit(words, " ", -1);
    return g_strv_contains((const char *const *)list, word);
}

static const Expectation *expectation_of(RightsAction action)
{
    for (size_t i = 0; i < G_N_ELEMENTS(expectations); i++) {
        if (g_str_equal(expectations[i].action, rights_action_name(action))) {
            return &expectations[i];
        }
    }
    g_error("no expectation for %s", rights_action_name(action));
}

/* Whether account:1, who holds @role in OWN_UNIT, may do @action on @entry. */
static bool is_expected(const char *role, RightsAction action, const Entry *entry)
{
    const Expectation *expected = expectation_of(action);
    if (has_word(expected->office, role)) {
        return true;
    }
    if (has_word(expected->subtree, role)) {
        return entry->unit == OWN_UNIT || entry->unit == BELOW;
    }
    if (has_word(expected->unit, role)) {
        return entry->unit == OWN_UNIT;
    }
    return has_word(expected->own, role) && entry->unit == OWN_UNIT &&
           g_str_equal(entry->owner, "account:1");
}

static bool is_expected_anywhere(const char *role, RightsAction action)
{
    const Expectation *expected = expectation_of(action);
    return has_word(expected->office, role) || has_word(expected->subtree, role) ||
           has_word(expected->unit, role) || has_word(expected->own, role);
}

static void free_hold(gpointer data)
{
    RightsHold *hold = data;
    g_clear_pointer(&hold->subtree, g_array_unref);
    g_free(hold);
}

static void add_hold(RightsSubject *subject, RightsRole role, int64_t unit, int64_t below)
{
    RightsHold *hold = g_new0(RightsHold, 1);
    hold->role = role;
    if (rights_role_is_of_post(role)) {
        hold->unit = unit;
        hold->subtree = g_array_new(false, false, sizeof(int64_t));
        g_array_append_val(hold->subtree, unit);
        if (below != 0) {
            g_array_append_val(hold->subtree, below);
        }
    }
    g_ptr_array_add(subject->holds, hold);
}

static RightsSubject *new_subject(void)
{
    RightsSubject *subject = g_new0(RightsSubject, 1);
    subject->actor = g_strdup("account:1");
    subject->holds = g_ptr_array_new_with_free_func(free_hold);
    return subject;
}

static RightsSubject *subject_with(RightsRole role)
{
    RightsSubject *subject = new_subject();
    add_hold(subject, role, OWN_UNIT, BELOW);
    return subject;
}

/* Check one cell; a refusal must be FORBIDDEN and name the action. */
static void check_cell(const RightsSubject *subject, RightsAction action,
                       const RightsObject *object, bool is_allowed, const char *where)
{
    g_autoptr(GError) error = NULL;
    bool may = rights_may(subject, action, object, &error);
    if (may != is_allowed) {
        g_error("%s, %s: rights_may() says %s", where, rights_action_name(action),
                may ? "yes" : "no");
    }
    g_assert_cmpint(may, ==, error == NULL);
    if (!may) {
        g_assert_true(error_is(error, SHUZHI_ERROR_FORBIDDEN));
    }
}

static void test_every_action_is_expected(void)
{
    g_assert_cmpint(G_N_ELEMENTS(expectations), ==, RIGHTS_N_ACTIONS);
    for (int action = 0; action < RIGHTS_N_ACTIONS; action++) {
        const Expectation *expected = expectation_of((RightsAction)action);
        g_autofree char *all = g_strjoin(" ", expected->own, expected->unit, expected->subtree,
                                         expected->office, NULL);
        g_auto(GStrv) words = g_strsplit(all, " ", -1);
        for (guint i = 0; words[i] != NULL; i++) {
            RightsRole role;
            g_assert_true(*words[i] == '\0' || rights_role_find(words[i], &role));
        }
    }
}

static void test_matrix(void)
{
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        const char *name = rights_role_name((RightsRole)role);
        g_autoptr(RightsSubject) subject = subject_with((RightsRole)role);
        for (int action = 0; action < RIGHTS_N_ACTIONS; action++) {
            for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
                RightsObject object = {.unit = entries[i].unit, .owner = entries[i].owner};
                check_cell(subject, (RightsAction)action, &object,
                           is_expected(name, (RightsAction)action, &entries[i]), name);
            }
            bool is_allowed = is_expected_anywhere(name, (RightsAction)action);
            const RightsObject nothing = {.unit = 0};
            check_cell(subject, (RightsAction)action, NULL, is_allowed, name);
            check_cell(subject, (RightsAction)action, &nothing, is_allowed, name);
        }
    }
}

/* Role × the step's role × did a step that excludes this one × each entry. */
static void test_matrix_of_steps(void)
{
    static const char *const me[] = {"account:7", "account:1", NULL};
    static const char *const others[] = {"account:7", "os:zhang", NULL};
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        const char *name = rights_role_name((RightsRole)role);
        g_autoptr(RightsSubject) subject = subject_with((RightsRole)role);
        for (int of = 0; of < RIGHTS_N_ROLES; of++) {
            g_autoptr(GPtrArray) roles = g_ptr_array_new();
            g_ptr_array_add(roles, (char *)rights_role_name((RightsRole)of));
            SchemaStep step = {.name = (char *)"close", .words = closing, .roles = roles};
            bool is_named = of == role || role == RIGHTS_CONSOLE;
            for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
                RightsObject object = {
                    .unit = entries[i].unit, .owner = entries[i].owner, .step = &step};
                bool is_allowed = is_named && is_expected(name, RIGHTS_ENTRY_STEP, &entries[i]);
                check_cell(subject, RIGHTS_ENTRY_STEP, &object, is_allowed, name);
                object.doers = others;
                check_cell(subject, RIGHTS_ENTRY_STEP, &object, is_allowed, name);
                object.doers = me;
                check_cell(subject, RIGHTS_ENTRY_STEP, &object, false, name);
            }
        }
    }
}

/* The role must be held where the entry is: head of one unit and clerk of another makes no head of
 * both. */
static void test_roles_do_not_leak_between_units(void)
{
    g_autoptr(RightsSubject) subject = new_subject();
    add_hold(subject, RIGHTS_HEAD, BESIDE, 0);
    add_hold(subject, RIGHTS_CLERK, OWN_UNIT, BELOW);
    g_autoptr(GPtrArray) roles = g_ptr_array_new();
    g_ptr_array_add(roles, (char *)"head");
    SchemaStep step = {.name = (char *)"assign", .words = closing, .roles = roles};
    RightsObject object = {.unit = BESIDE, .owner = "account:2", .step = &step};
    check_cell(subject, RIGHTS_ENTRY_STEP, &object, true, "head there");
    object.unit = OWN_UNIT;
    check_cell(subject, RIGHTS_ENTRY_STEP, &object, false, "clerk here");
    object.step = NULL;
    check_cell(subject, RIGHTS_ENTRY_STEP, &object, true, "clerk here, some step");
    object.unit = BELOW;
    check_cell(subject, RIGHTS_ENTRY_READ, &object, false, "clerk of the unit above");
}

static void test_refusal_names_the_step(void)
{
    g_autoptr(RightsSubject) subject = subject_with(RIGHTS_SECRETARY);
    static const char *const me[] = {"account:1", NULL};
    SchemaStep step = {.name = (char *)"close", .words = closing};
    const RightsObject object = {
        .unit = OWN_UNIT, .owner = "account:2", .step = &step, .doers = me};
    g_autoptr(GError) error = NULL;
    g_assert_false(rights_may(subject, RIGHTS_ENTRY_STEP, &object, &error));
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_cmpstr(zh, ==, "环节“办结”须由他人办理：您办过它所核查的环节");
}

static void test_refusal_names_the_roles(void)
{
    g_autoptr(RightsSubject) subject = subject_with(RIGHTS_CLERK);
    g_autoptr(GError) error = NULL;
    g_assert_false(rights_may(subject, RIGHTS_ENTRY_ERASE, NULL, &error));
    g_assert_cmpstr(error->message, ==,
                    "you may not erase personal data here; for their own part of the office may: "
                    "secretary, console");
    g_autofree char *zh = error_to_text(error, "zh");
    g_assert_nonnull(strstr(zh, "书记、本机"));
}

/* ---- the predicate ----------------------------------------------------------------------------
 */

static void fill_table(Store *store)
{
    g_autoptr(GString) script =
        g_string_new("CREATE TABLE thing (id {int} NOT NULL PRIMARY KEY, unit {int} NOT NULL,"
                     " owner {text} NOT NULL) {strict};\n");
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        g_string_append_printf(script, "INSERT INTO thing VALUES (%zu, %d, '%s');\n", i,
                               (int)entries[i].unit, entries[i].owner);
    }
    test_store_script(store, script->str);
}

static void clear_value(gpointer data)
{
    value_clear(data);
}

/* Return the entries that the predicate selects as a set of bits.  A parameter stands before it, so
 * that its numbering is seen to go on. */
static uint32_t select_entries(StoreConnection *reader, const RightsSubject *subject,
                               RightsAction action)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) binds = g_array_new(false, false, sizeof(Value));
    g_array_set_clear_func(binds, clear_value);
    Value first = value_number(-1);
    g_array_append_val(binds, first);
    g_autoptr(GString) sql = g_string_new("SELECT t.id FROM thing t WHERE t.id > $1 AND ");
    rights_predicate(subject, action, "t", sql, binds);
    g_autoptr(StoreStatement) query = store_prepare(reader, sql->str, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < binds->len; i++) {
        store_bind_value(query, (int)i + 1, &g_array_index(binds, Value, i));
    }
    uint32_t found = 0;
    bool has_row = true;
    while (store_step(query, &has_row, &error) && has_row) {
        found |= UINT32_C(1) << store_column_int(query, 0);
    }
    g_assert_no_error(error);
    return found;
}

static uint32_t ask_each(const RightsSubject *subject, RightsAction action)
{
    uint32_t found = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        RightsObject object = {.unit = entries[i].unit, .owner = entries[i].owner};
        found |= rights_may(subject, action, &object, NULL) ? UINT32_C(1) << i : 0;
    }
    return found;
}

static void check_predicate(StoreConnection *reader, const RightsSubject *subject)
{
    for (int action = 0; action < RIGHTS_N_ACTIONS; action++) {
        uint32_t selected = select_entries(reader, subject, (RightsAction)action);
        g_assert_cmphex(selected, ==, ask_each(subject, (RightsAction)action));
    }
}

static void test_predicate_is_may(const TestPlace *place)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = test_store_open(place, STORE_CREATE);
    fill_table(store);
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, &error);
    g_assert_no_error(error);
    g_autoptr(RightsSubject) nobody = new_subject();
    check_predicate(reader, nobody);
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        g_autoptr(RightsSubject) subject = subject_with((RightsRole)role);
        check_predicate(reader, subject);
        for (int second = 0; second < RIGHTS_N_ROLES; second++) { /* and with a second post */
            g_autoptr(RightsSubject) both = subject_with((RightsRole)role);
            add_hold(both, (RightsRole)second, BELOW, BESIDE);
            check_predicate(reader, both);
        }
    }
}

static void test_predicate_binds_each_unit_once(void)
{
    g_autoptr(RightsSubject) subject = subject_with(RIGHTS_HEAD);
    add_hold(subject, RIGHTS_CLERK, OWN_UNIT, BELOW);
    g_autoptr(GArray) binds = g_array_new(false, false, sizeof(Value));
    g_array_set_clear_func(binds, clear_value);
    g_autoptr(GString) sql = g_string_new(NULL);
    rights_predicate(subject, RIGHTS_ENTRY_READ, "t", sql, binds);
    g_assert_cmpstr(sql->str, ==, "(t.unit IN ($1, $2))");
    g_assert_cmpint(binds->len, ==, 2);
    g_string_truncate(sql, 0);
    rights_predicate(subject, RIGHTS_ACCOUNT_CHANGE, "t", sql, binds);
    g_assert_cmpstr(sql->str, ==, "1=0");
    g_string_truncate(sql, 0);
    rights_predicate(subject, RIGHTS_FIGURE_READ, "t", sql, binds);
    g_assert_cmpstr(sql->str, ==, "1=1");
}

/* ---- the paper --------------------------------------------------------------------------------
 */

#define TABLE_BEGIN "<!-- table of rights.c -->\n"
#define TABLE_END "<!-- end -->\n"

/* docs/rights.md holds the table as the program has it.  SHUZHI_WRITE_DOCS=1 writes it there. */
static void test_paper_is_the_table(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(SOURCE_ROOT, "docs", "rights.md", NULL);
    g_autofree char *paper = file_read(path, 1 << 20, NULL, &error);
    g_assert_no_error(error);
    char *begin = strstr(paper, TABLE_BEGIN);
    char *end = strstr(paper, TABLE_END);
    g_assert_true(begin != NULL && end > begin);
    begin += strlen(TABLE_BEGIN);
    g_autofree char *table = rights_table_to_markdown();
    g_autofree char *found = g_strndup(begin, (gsize)(end - begin));
    if (g_getenv("SHUZHI_WRITE_DOCS") != NULL) {
        g_autofree char *before = g_strndup(paper, (gsize)(begin - paper));
        g_autofree char *fresh = g_strconcat(before, table, end, NULL);
        file_write(path, fresh, strlen(fresh), 0644, &error);
        g_assert_no_error(error);
        return;
    }
    g_assert_cmpstr(found, ==, table);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/office/rights/every-action-is-expected", test_every_action_is_expected);
    g_test_add_func("/office/rights/matrix", test_matrix);
    g_test_add_func("/office/rights/matrix-of-steps", test_matrix_of_steps);
    g_test_add_func("/office/rights/roles-do-not-leak-between-units",
                    test_roles_do_not_leak_between_units);
    g_test_add_func("/office/rights/refusal-names-the-step", test_refusal_names_the_step);
    g_test_add_func("/office/rights/refusal-names-the-roles", test_refusal_names_the_roles);
    test_store_each("/office/rights/predicate-is-may", test_predicate_is_may);
    g_test_add_func("/office/rights/predicate-binds-each-unit-once",
                    test_predicate_binds_each_unit_once);
    g_test_add_func("/office/rights/paper-is-the-table", test_paper_is_the_table);
    return g_test_run();
}
