#include "log/shown-figure.h"

#include <math.h>

#include "base/date.h"
#include "base/text.h"

#define SHARE_ONE 10000 /* a share has four decimals */

/* ---- types ----------------------------------------------------------------------------------- */

typedef bool (*IsOfForm)(const json_t *json);

static bool is_text(const json_t *json)
{
    return json_is_string(json);
}

static bool is_text_or_null(const json_t *json)
{
    return json_is_string(json) || json_is_null(json);
}

static bool is_yes_or_no(const json_t *json)
{
    return json_is_boolean(json);
}

static bool is_count(const json_t *json)
{
    return json_is_integer(json) && json_integer_value(json) >= 0 &&
           json_integer_value(json) <= JSON_MAX_INT;
}

static bool is_count_or_none(const json_t *json)
{
    return json == NULL || is_count(json);
}

static bool is_value(const json_t *json)
{
    return json_is_number(json) || json_is_boolean(json) || json_is_null(json);
}

static bool is_list(const json_t *json)
{
    return json_is_array(json);
}

static bool is_texts(const json_t *json)
{
    bool is_ok = json_is_array(json);
    for (size_t i = 0; is_ok && i < json_array_size(json); i++) {
        is_ok = json_is_string(json_array_get(json, i));
    }
    return is_ok;
}

static bool is_texts_or_none(const json_t *json)
{
    return json == NULL || is_texts(json);
}

static bool is_counts_or_none(const json_t *json)
{
    bool is_ok = json == NULL || json_is_array(json);
    for (size_t i = 0; is_ok && i < json_array_size(json); i++) {
        is_ok = is_count(json_array_get(json, i));
    }
    return is_ok;
}

static bool is_day(const json_t *json)
{
    Date day;
    return json_is_string(json) && date_parse(json_string_value(json), &day);
}

static bool is_period(const json_t *json)
{
    return is_day(json_object_get(json, "from")) && is_day(json_object_get(json, "to"));
}

static bool is_log(const json_t *json)
{
    ProofHash root;
    const char *hex = json_string_value(json_object_get(json, "root"));
    return is_count(json_object_get(json, "size")) && hex != NULL &&
           text_from_hex(hex, root.bytes, sizeof root.bytes);
}

/* ---- what kinds of figures say --------------------------------------------------------------- */

typedef bool (*IsPossible)(const json_t *value, int64_t total, int64_t counted);

static bool is_all_counted(const json_t *value, int64_t total, int64_t counted)
{
    (void)total;
    return json_is_null(value) ||
           (json_is_integer(value) && json_integer_value(value) == (json_int_t)counted);
}

static bool is_at_most_counted(const json_t *value, int64_t total, int64_t counted)
{
    (void)total;
    return json_is_null(value) || (is_count(value) && json_integer_value(value) <= counted);
}

/* A share is the one of the two numbers by the other, within a unit of its last decimal: what is
 * not all or none is not rounded to it. */
static bool is_share(const json_t *value, int64_t total, int64_t counted)
{
    double off = (json_number_value(value) * (double)total - (double)counted) * SHARE_ONE;
    return json_is_null(value) ||
           (json_is_number(value) && total > 0 && fabs(off) <= 1.0001 * (double)total);
}

static bool is_about_all(const json_t *value, int64_t total, int64_t counted)
{
    return json_is_false(value) || (json_is_true(value) && total > 0 && counted == total);
}

static bool is_about_none(const json_t *value, int64_t total, int64_t counted)
{
    (void)total;
    return json_is_false(value) || (json_is_true(value) && counted == 0);
}

static bool is_unknown(const json_t *value, int64_t total, int64_t counted)
{
    (void)total;
    (void)counted;
    return json_is_null(value) || json_is_number(value);
}

static const struct {
    const char *name;
    IsPossible is_possible;
    bool is_claim;
} figure_kinds[] = {
    {"count", is_all_counted, false}, {"distinct", is_at_most_counted, false},
    {"sum", is_unknown, false},       {"median", is_unknown, false},
    {"ratio", is_share, false},       {"all", is_about_all, true},
    {"none", is_about_none, true},
};

/* Return the number of the kind that @json names; G_N_ELEMENTS(figure_kinds): none. */
static size_t find_kind(const json_t *json)
{
    size_t i = 0;
    const char *name = json_string_value(json);
    while (i < G_N_ELEMENTS(figure_kinds) &&
           (name == NULL || !g_str_equal(figure_kinds[i].name, name))) {
        i++;
    }
    return i;
}

static bool is_kind(const json_t *json)
{
    return find_kind(json) < G_N_ELEMENTS(figure_kinds);
}

/* ---- form ------------------------------------------------------------------------------------ */

/* A key, and what stands under it. */
typedef struct FormKey {
    const char *name;
    IsOfForm is_of_form;
} FormKey;

static bool fail_form(const char *name, GError **error)
{
    error_set(error, SHUZHI_ERROR_INVALID,
              "'%s' is missing or not of the form in which 'figure --prove' writes it", name);
    return false;
}

static bool check_form(const json_t *object, const FormKey *keys, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        if (!keys[i].is_of_form(json_object_get(object, keys[i].name))) {
            return fail_form(keys[i].name, error);
        }
    }
    return true;
}

bool log_shown_figure_check(const json_t *figure, GError **error)
{
    static const FormKey keys[] = {
        {"name", is_text},
        {"title", is_text},
        {"kind", is_kind},
        {"value", is_value},
        {"text", is_text_or_null},
        {"total", is_count},
        {"counted", is_count},
        {"period", is_period},
        {"log", is_log},
        {"members", is_list},
        {"entries", is_texts},
        {"deleted", is_texts_or_none},
        {"undone", is_counts_or_none},
    };
    if (!json_is_object(figure)) {
        return fail_form("figure", error);
    }
    return check_form(figure, keys, G_N_ELEMENTS(keys), error);
}

LogShownLog log_shown_figure_log(const json_t *figure)
{
    const json_t *json = json_object_get(figure, "log");
    LogShownLog log = {.size = json_integer_value(json_object_get(json, "size"))};
    text_from_hex(json_string_value(json_object_get(json, "root")), log.root.bytes,
                  sizeof log.root.bytes);
    return log;
}

const char *log_shown_figure_differs(const json_t *figure, int64_t total, int64_t counted)
{
    size_t kind = find_kind(json_object_get(figure, "kind"));
    const json_t *value = json_object_get(figure, "value");
    if (!figure_kinds[kind].is_possible(value, total, counted)) {
        return "value";
    }
    return figure_kinds[kind].is_claim && !json_equal(json_object_get(figure, "holds"), value)
               ? "holds"
               : NULL;
}

/* ---- members --------------------------------------------------------------------------------- */

/* How a member is named. */
typedef enum MemberName {
    BY_ENTRY,  /* its id and number are those of an entry */
    BY_ID,     /* its id, and no number */
    BY_PERIOD, /* a stretch of time, for both */
} MemberName;

static const struct {
    const char *kind;
    MemberName name;
} member_kinds[] = {
    {"entry", BY_ENTRY}, {"step", BY_ENTRY},   {"row", BY_ENTRY},      {"unit", BY_ID},
    {"person", BY_ID},   {"month", BY_PERIOD}, {"quarter", BY_PERIOD},
};

/* Read which member it is from @json, whose kind names it by @name. */
static bool read_identity(const json_t *json, MemberName name, LogShownMember *member,
                          GError **error)
{
    const json_t *id = json_object_get(json, "id");
    const json_t *number = json_object_get(json, "number");
    bool has_id = name == BY_PERIOD ? json_is_string(id) : is_count(id);
    if (!has_id) {
        return fail_form("id", error);
    }
    bool has_number = name == BY_ID ? json_is_null(number) : json_is_string(number);
    if (!has_number || (name == BY_PERIOD && !json_equal(id, number))) {
        return fail_form("number", error);
    }
    member->id = json_integer_value(id);
    member->number = json_string_value(number);
    member->is_of_ledger = name == BY_ENTRY;
    return true;
}

static bool read_member(const json_t *json, LogShownMember *member, GError **error)
{
    static const FormKey keys[] = {{"kind", is_text},
                                   {"n", is_count_or_none},
                                   {"counted", is_yes_or_no},
                                   {"entries", is_texts_or_none}};
    const json_t *restricted = json_object_get(json, "restricted");
    if (!check_form(json, keys, G_N_ELEMENTS(keys), error)) {
        return false;
    }
    if (restricted != NULL && !json_is_true(restricted)) {
        return fail_form("restricted", error);
    }
    *member = (LogShownMember){.kind = json_string_value(json_object_get(json, "kind")),
                               .n = json_integer_value(json_object_get(json, "n")),
                               .is_counted = json_is_true(json_object_get(json, "counted")),
                               .is_restricted = restricted != NULL,
                               .entries = json_object_get(json, "entries")};
    for (size_t i = 0; i < G_N_ELEMENTS(member_kinds); i++) {
        if (g_str_equal(member_kinds[i].kind, member->kind)) {
            member->is_numbered = member_kinds[i].name == BY_ENTRY;
            return member->is_restricted ||
                   read_identity(json, member_kinds[i].name, member, error);
        }
    }
    return fail_form("kind", error);
}

bool log_shown_member_read(const json_t *figure, size_t i, LogShownMember *ret_member,
                           GError **error)
{
    LogShownMember member = {NULL};
    if (!read_member(json_array_get(json_object_get(figure, "members"), i), &member, error)) {
        error_prefix(error, "member %zu of the figure", i + 1);
        return false;
    }
    *ret_member = member;
    return true;
}
