#include "schema/problem.h"

#include "base/text.h"

#define MAX_KNOWN 24 /* names that are worth listing */

typedef struct Problem {
    SchemaPlace place; /* with a path of its own */
    GError *error;
    guint n; /* the order in which they were found */
} Problem;

struct SchemaProblems {
    GPtrArray *list; /* of Problem */
    guint n_all;
};

static const struct {
    const char *plain;
    const char *near;
} nouns[SCHEMA_N_NOUNS] = {
    [SCHEMA_NOUN_KEY] = {N_("unknown key '%s'"), N_("unknown key '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_VALUE] = {N_("'%s' is not a value here"),
                           N_("'%s' is not a value here, did you mean '%s'?")},
    [SCHEMA_NOUN_FIELD] = {N_("no field named '%s'"),
                           N_("no field named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_STATE] = {N_("no state named '%s'"),
                           N_("no state named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_STEP] = {N_("no step named '%s'"), N_("no step named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_START] = {N_("no field or step named '%s'"),
                           N_("no field or step named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_EVIDENCE] = {N_("no evidence named '%s'"),
                              N_("no evidence named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_ROLE] = {N_("no role named '%s'"), N_("no role named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_LEDGER] = {N_("no ledger named '%s'"),
                            N_("no ledger named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_MEASURE] = {N_("no measure named '%s'"),
                             N_("no measure named '%s', did you mean '%s'?")},
    [SCHEMA_NOUN_PLACEHOLDER] = {N_("no placeholder named '{%s}'"),
                                 N_("no placeholder named '{%s}', did you mean '{%s}'?")},
};

static void free_problem(gpointer data)
{
    Problem *problem = data;
    g_free((char *)problem->place.path);
    g_clear_error(&problem->error);
    g_free(problem);
}

SchemaProblems *schema_problems_new(void)
{
    SchemaProblems *problems = g_new0(SchemaProblems, 1);
    problems->list = g_ptr_array_new_with_free_func(free_problem);
    return problems;
}

void schema_problems_free(SchemaProblems *problems)
{
    if (problems != NULL) {
        g_ptr_array_unref(problems->list);
        g_free(problems);
    }
}

void schema_problems_take(SchemaProblems *problems, SchemaPlace place, GError *error)
{
    if (problems->n_all++ >= SCHEMA_PROBLEMS_MAX) {
        g_error_free(error);
        return;
    }
    Problem *problem = g_new0(Problem, 1);
    *problem = (Problem){.place = place, .error = error, .n = problems->n_all};
    problem->place.path = g_strdup(place.path);
    g_ptr_array_add(problems->list, problem);
}

/* The formats come from the table above: two %s, the second only in `near`. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void schema_problems_add_unknown(SchemaProblems *problems, SchemaPlace place, SchemaNoun noun,
                                 const char *name, const char *const *known)
{
    GError *error = NULL;
    const char *near = text_nearest(name, known);
    if (near != NULL) {
        error_set(&error, SHUZHI_ERROR_INVALID, nouns[noun].near, name, near);
    } else if (*known == NULL) {
        error_set(&error, SHUZHI_ERROR_INVALID, nouns[noun].plain, name);
    } else {
        g_autoptr(GString) list = g_string_new(NULL);
        for (int i = 0; known[i] != NULL; i++) {
            if (i == MAX_KNOWN) {
                g_string_append(list, ", …");
                break;
            }
            g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", known[i]);
        }
        error_set(&error, SHUZHI_ERROR_INVALID, N_("there are %s"), list->str);
        error_prefix(&error, nouns[noun].plain, name);
    }
    schema_problems_take(problems, place, error);
}
#pragma GCC diagnostic pop

guint schema_problems_count(const SchemaProblems *problems)
{
    return problems->n_all;
}

static int compare_places(gconstpointer a, gconstpointer b)
{
    const Problem *left = *(Problem *const *)a;
    const Problem *right = *(Problem *const *)b;
    int order = (left->place.line != 0) - (right->place.line != 0);
    if (order == 0) {
        order = strcmp(left->place.path, right->place.path);
    }
    if (order == 0) {
        order = left->place.line - right->place.line;
    }
    if (order == 0) {
        order = left->place.column - right->place.column;
    }
    return order != 0 ? order : (left->n < right->n ? -1 : 1);
}

static GPtrArray *sort(const SchemaProblems *problems)
{
    GPtrArray *sorted = g_ptr_array_new();
    for (guint i = 0; i < problems->list->len; i++) {
        g_ptr_array_add(sorted, g_ptr_array_index(problems->list, i));
    }
    g_ptr_array_sort(sorted, compare_places);
    return sorted;
}

static char *say_with_place(const Problem *problem, const char *language)
{
    g_autofree char *text = error_to_text(problem->error, language);
    g_autofree char *path = g_utf8_make_valid(problem->place.path, -1);
    SchemaPlace place = problem->place;
    if (place.line == 0) {
        return g_strdup_printf("%s: %s", path, text);
    }
    return g_strdup_printf("%s:%d:%d: %s", path, place.line, place.column, text);
}

GPtrArray *schema_problems_to_lines(const SchemaProblems *problems, const char *language)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) sorted = sort(problems);
    for (guint i = 0; i < sorted->len; i++) {
        g_ptr_array_add(lines, say_with_place(g_ptr_array_index(sorted, i), language));
    }
    return lines;
}

void schema_problems_to_error(const SchemaProblems *problems, GError **error)
{
    g_autoptr(GPtrArray) sorted = sort(problems);
    g_assert(sorted->len > 0);
    const Problem *first = g_ptr_array_index(sorted, 0);
    if (error == NULL) {
        return;
    }
    g_autofree char *path = g_utf8_make_valid(first->place.path, -1);
    *error = g_error_copy(first->error);
    if (first->place.line == 0) {
        error_prefix(error, "%s", path);
    } else {
        error_prefix(error, "%s:%d:%d", path, first->place.line, first->place.column);
    }
}
