#include "office/rights.h"

#include "base/message.h"
#include "expression/sql.h"
#include "office/unit.h"

/* ---- the table ------------------------------------------------------------------------------- */

typedef struct RoleInfo {
    const char *name;
    bool is_of_post;
    const char *words;
} RoleInfo;

static const RoleInfo roles[RIGHTS_N_ROLES] = {
#define X(code, name, is_post, words) {name, is_post, words},
    RIGHTS_ROLES(X)
#undef X
};

static const struct {
    const char *name;
    const char *words;
} actions[RIGHTS_N_ACTIONS] = {
#define X(code, name, words) {name, words},
    RIGHTS_ACTIONS(X)
#undef X
};

/* A letter a role, in the order of RIGHTS_ROLES: - none, o own, u unit, s subtree, A office.
 *
 * Why so: administrators see no business data (GB/T 22239-2019 8.1.4.2, separation of
 * administrators); who checks (supervisor) does not rewrite what it checks; personal fields are for
 * those who handle cases and for the console, which brings the spreadsheets in; erasing is for the
 * office's leader; a view shows nobody more than he may see anyway. */
/* clang-format off: the letters stand under their role */
static const char reaches[RIGHTS_N_ACTIONS][RIGHTS_N_ROLES + 1] = {
    /*                              ┌ staff
     *                              │┌ clerk
     *                              ││┌ head
     *                              │││┌ supervisor
     *                              ││││┌ secretary
     *                              │││││┌ dispatcher
     *                              ││││││┌ system
     *                              │││││││┌ security
     *                              ││││││││┌ audit
     *                              │││││││││┌ console */
    [RIGHTS_ENTRY_READ] = "-usAAA---A",     [RIGHTS_ENTRY_READ_PERSONAL] = "-us--A---A",
    [RIGHTS_ENTRY_ADD] = "-usAAA---A",      [RIGHTS_ENTRY_CHANGE] = "-us-AA---A",
    [RIGHTS_ENTRY_STEP] = "-usAAA---A",     [RIGHTS_ENTRY_COMMENT] = "-usAAA---A",
    [RIGHTS_ENTRY_DELETE] = "-os-A----A",   [RIGHTS_ENTRY_ERASE] = "----A----A",
    [RIGHTS_IMPORT] = "-us-AA---A",         [RIGHTS_EXPORT] = "-usAA----A",
    [RIGHTS_FIGURE_READ] = "AAAAAA---A",    [RIGHTS_REPORT_READ] = "AAAAAA---A",
    [RIGHTS_VIEW_SHARE] = "--AAAA---A",     [RIGHTS_PACK_APPLY] = "----A----A",
    [RIGHTS_UNIT_CHANGE] = "----A----A",    [RIGHTS_ACCOUNT_READ] = "------AAAA",
    [RIGHTS_ACCOUNT_CHANGE] = "------A---", [RIGHTS_ROLE_CHANGE] = "-------A--",
    [RIGHTS_SETTING_CHANGE] = "------A---", [RIGHTS_LOG_READ] = "--------A-",
    [RIGHTS_BACKUP] = "------A--A",         [RIGHTS_VERIFY] = "-AAAAAAAAA",
};
/* clang-format on */

RightsReach rights_reach(RightsRole role, RightsAction action)
{
    switch (reaches[action][role]) {
    case 'o':
        return RIGHTS_OWN;
    case 'u':
        return RIGHTS_UNIT;
    case 's':
        return RIGHTS_SUBTREE;
    case 'A':
        return RIGHTS_OFFICE;
    default:
        return RIGHTS_NONE;
    }
}

const char *rights_action_name(RightsAction action)
{
    return actions[action].name;
}

const char *rights_role_name(RightsRole role)
{
    return roles[role].name;
}

const char *rights_role_words(RightsRole role)
{
    return roles[role].words;
}

bool rights_role_find(const char *name, RightsRole *ret_role)
{
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        if (g_str_equal(roles[role].name, name)) {
            *ret_role = (RightsRole)role;
            return true;
        }
    }
    return false;
}

bool rights_role_is_of_post(RightsRole role)
{
    return roles[role].is_of_post;
}

char *rights_table_to_markdown(void)
{
    static const char *const names[] = {[RIGHTS_NONE] = "–",
                                        [RIGHTS_OWN] = "own",
                                        [RIGHTS_UNIT] = "unit",
                                        [RIGHTS_SUBTREE] = "subtree",
                                        [RIGHTS_OFFICE] = "**office**"};
    g_autoptr(GString) out = g_string_new("| action |");
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        g_string_append_printf(out, " %s %s |", message_get("zh", roles[role].words),
                               roles[role].name);
    }
    g_string_append(out, "\n|---|");
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        g_string_append(out, "---|");
    }
    for (int action = 0; action < RIGHTS_N_ACTIONS; action++) {
        g_string_append_printf(out, "\n| `%s` |", actions[action].name);
        for (int role = 0; role < RIGHTS_N_ROLES; role++) {
            RightsReach reach = rights_reach((RightsRole)role, (RightsAction)action);
            g_string_append_printf(out, " %s |", names[reach]);
        }
    }
    g_string_append_c(out, '\n');
    return g_string_free(g_steal_pointer(&out), false);
}

/* ---- may ------------------------------------------------------------------------------------- */

static bool is_in_subtree(const RightsHold *hold, int64_t unit)
{
    return hold->subtree != NULL &&
           g_array_binary_search(hold->subtree, &unit, office_id_compare, NULL);
}

/* Return whether @reach of @hold covers the entry of @unit recorded by @owner. */
static bool covers(const RightsSubject *subject, const RightsHold *hold, RightsReach reach,
                   int64_t unit, const char *owner)
{
    bool is_of_unit = unit != 0 && unit == hold->unit;
    switch (reach) {
    case RIGHTS_NONE:
        return false;
    case RIGHTS_OWN:
        return is_of_unit && g_strcmp0(owner, subject->actor) == 0;
    case RIGHTS_UNIT:
        return is_of_unit;
    case RIGHTS_SUBTREE:
        return unit != 0 && is_in_subtree(hold, unit);
    case RIGHTS_OFFICE:
        return true;
    }
    return false;
}

static bool is_about_entry(const RightsObject *object)
{
    return object != NULL && (object->unit != 0 || object->owner != NULL);
}

/* Return whether @step is for the role of @hold. */
static bool is_step_for(const SchemaStep *step, RightsRole role)
{
    if (step == NULL || step->roles == NULL || step->roles->len == 0 || role == RIGHTS_CONSOLE) {
        return true;
    }
    for (guint i = 0; i < step->roles->len; i++) {
        if (g_str_equal(g_ptr_array_index(step->roles, i), roles[role].name)) {
            return true;
        }
    }
    return false;
}

/* Return whether what @subject holds by @hold lets it do @action on @object. */
static bool hold_allows(const RightsSubject *subject, const RightsHold *hold, RightsAction action,
                        const RightsObject *object)
{
    RightsReach reach = rights_reach(hold->role, action);
    bool is_covered = is_about_entry(object)
                          ? covers(subject, hold, reach, object->unit, object->owner)
                          : reach != RIGHTS_NONE;
    const SchemaStep *step = object != NULL && action == RIGHTS_ENTRY_STEP ? object->step : NULL;
    return is_covered && is_step_for(step, hold->role);
}

/* Say which roles could, in the words of the table. */
static void refuse(RightsAction action, const SchemaStep *step, GError **error)
{
    const char *words[RIGHTS_N_ROLES + 1];
    guint n = 0;
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        if (rights_reach((RightsRole)role, action) != RIGHTS_NONE &&
            is_step_for(step, (RightsRole)role)) {
            words[n++] = roles[role].words;
        }
    }
    words[n] = NULL;
    g_autofree char *who = error_words(words);
    g_autofree char *what = error_words((const char *const[]){actions[action].words, NULL});
    if (step != NULL) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "you may not do the step '%s' here; for their own part of the office may: %s",
                  step->words.name, who);
    } else {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "you may not %s here; for their own part of the office may: %s", what, who);
    }
}

bool rights_may(const RightsSubject *subject, RightsAction action, const RightsObject *object,
                GError **error)
{
    const SchemaStep *step = object != NULL && action == RIGHTS_ENTRY_STEP ? object->step : NULL;
    if (step != NULL && object->doers != NULL && g_strv_contains(object->doers, subject->actor)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the step '%s' is for another person: you did one of the steps that it checks",
                  step->words.name);
        return false;
    }
    for (guint i = 0; i < subject->holds->len; i++) {
        if (hold_allows(subject, g_ptr_array_index(subject->holds, i), action, object)) {
            return true;
        }
    }
    refuse(action, step, error);
    return false;
}

/* ---- the predicate --------------------------------------------------------------------------- */

static int bind(GArray *binds, Value value)
{
    g_array_append_val(binds, value);
    return (int)binds->len;
}

/* Append the units that @hold covers whole to @units. */
static void note_units(GArray *units, const RightsHold *hold, RightsReach reach)
{
    if (reach == RIGHTS_UNIT && hold->unit != 0) {
        g_array_append_val(units, hold->unit);
    }
    if (reach == RIGHTS_SUBTREE && hold->subtree != NULL) {
        g_array_append_vals(units, hold->subtree->data, hold->subtree->len);
    }
}

/* Append "alias.unit IN ($1, $2…)" for @units, each once and sorted, so that equal rights make
 * equal SQL. */
static void append_units(GArray *units, const char *alias, GString *sql, GArray *binds)
{
    g_array_sort(units, office_id_compare);
    g_string_append_printf(sql, "%s.unit IN (", alias);
    for (guint i = 0; i < units->len; i++) {
        int64_t id = g_array_index(units, int64_t, i);
        if (i == 0 || id != g_array_index(units, int64_t, i - 1)) {
            int n = bind(binds, value_ref(id));
            g_string_append_printf(sql, "%s$%d", i > 0 ? ", " : "", n);
        }
    }
    g_string_append_c(sql, ')');
}

/* Append "alias.unit = $1 AND alias.owner = $2". */
static void append_own(const RightsSubject *subject, int64_t unit, const char *alias, GString *sql,
                       GArray *binds)
{
    int n_unit = bind(binds, value_ref(unit));
    int n_owner = bind(binds, value_text(subject->actor));
    g_string_append_printf(sql, "%s.unit = $%d AND %s.owner = $%d", alias, n_unit, alias, n_owner);
}

/* Return whether some hold reaches everything. */
static bool has_whole_office(const RightsSubject *subject, RightsAction action)
{
    for (guint i = 0; i < subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        if (rights_reach(hold->role, action) == RIGHTS_OFFICE) {
            return true;
        }
    }
    return false;
}

void rights_predicate(const RightsSubject *subject, RightsAction action, const char *alias,
                      GString *sql, GArray *binds)
{
    if (has_whole_office(subject, action)) {
        g_string_append(sql, "1=1");
        return;
    }
    g_autoptr(GArray) units = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(GString) parts = g_string_new(NULL);
    for (guint i = 0; i < subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        RightsReach reach = rights_reach(hold->role, action);
        note_units(units, hold, reach);
        if (reach == RIGHTS_OWN && hold->unit != 0) {
            g_string_append(parts, parts->len > 0 ? " OR " : "");
            append_own(subject, hold->unit, alias, parts, binds);
        }
    }
    if (units->len > 0) {
        g_string_append(parts, parts->len > 0 ? " OR " : "");
        append_units(units, alias, parts, binds);
    }
    if (parts->len == 0) {
        g_string_append(sql, "1=0");
    } else {
        g_string_append_printf(sql, "(%s)", parts->str);
    }
}

void rights_append_key(const RightsSubject *subject, RightsAction action, GString *key)
{
    g_autoptr(GArray) binds = expression_sql_values_new();
    rights_predicate(subject, action, "t", key, binds);
    for (guint i = 0; i < binds->len; i++) {
        g_string_append_c(key, ' ');
        value_append_canonical(&g_array_index(binds, Value, i), key);
    }
}
