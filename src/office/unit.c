#include "office/unit.h"

#include "base/text.h"
#include "office/office-internal.h"

const char *const office_unit_kinds[] = {
    OFFICE_UNIT_OFFICE, OFFICE_UNIT_SECTION,   OFFICE_UNIT_SUBORDINATE,
    OFFICE_UNIT_BRANCH, OFFICE_UNIT_COMMITTEE, NULL,
};

enum { UNIT_NAME, UNIT_KIND, UNIT_PARENT, UNIT_SINCE, UNIT_UNTIL, UNIT_N_COLUMNS };

static const LogColumn unit_columns[UNIT_N_COLUMNS] = {
    [UNIT_NAME] = {"name", VALUE_TEXT, false},    [UNIT_KIND] = {"kind", VALUE_TEXT, false},
    [UNIT_PARENT] = {"parent", VALUE_REF, false}, [UNIT_SINCE] = {"since", VALUE_DATE, false},
    [UNIT_UNTIL] = {"until", VALUE_DATE, false},
};
const LogTable office_unit_table = {"unit", "unit", N_("unit"), unit_columns, UNIT_N_COLUMNS};

int office_id_compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

void office_unit_free(OfficeUnit *unit)
{
    if (unit != NULL) {
        g_free(unit->name);
        g_free(unit->kind);
        g_free(unit);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static OfficeUnit *read_unit(StoreStatement *query)
{
    OfficeUnit *unit = g_new0(OfficeUnit, 1);
    unit->id = store_column_int(query, 0);
    unit->name = g_strdup(store_column_text(query, 1));
    unit->kind = g_strdup(store_column_text(query, 2));
    unit->parent = store_column_int(query, 3);
    unit->since = office_dates_column(query, 4);
    unit->until = office_dates_column(query, 5);
    return unit;
}

/* Return all units in the order in which they were recorded (of OfficeUnit): at most
 * OFFICE_MAX_UNITS, so that everything about the tree is worked out in memory. */
static GPtrArray *read_all(StoreConnection *connection, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error, "SELECT id, name, kind, parent, since, until FROM unit ORDER BY id", "");
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func((GDestroyNotify)office_unit_free);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        g_ptr_array_add(units, read_unit(query));
    }
    return has_row ? NULL : g_steal_pointer(&units);
}

static const OfficeUnit *find_by_id(const GPtrArray *units, int64_t id)
{
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (unit->id == id) {
            return unit;
        }
    }
    return NULL;
}

static void set_no_unit(int64_t id, GError **error)
{
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no unit #%lld", (long long)id);
}

OfficeUnit *office_unit_load(StoreConnection *connection, int64_t id, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id, name, kind, parent, since, until FROM unit WHERE id = $1", "i", id);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return NULL;
    }
    if (!has_row) {
        set_no_unit(id, error);
        return NULL;
    }
    return read_unit(query);
}

/* Say that nothing is called @name, and what might have been meant. */
static void set_no_name(const GPtrArray *units, const char *name, bool is_of_day, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < units->len; i++) {
        g_ptr_array_add(names, ((OfficeUnit *)g_ptr_array_index(units, i))->name);
    }
    g_ptr_array_add(names, NULL);
    error_set(error, SHUZHI_ERROR_NOT_FOUND,
              is_of_day ? N_("there is no unit '%s' on that day") : N_("there is no unit '%s'"),
              name);
    error_offer(error, name, (const char *const *)names->pdata);
}

const OfficeUnit *office_unit_pick(const GPtrArray *units, const char *name, bool is_of_day,
                                   GError **error)
{
    const OfficeUnit *found = NULL;
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (!g_str_equal(unit->name, name)) {
            continue;
        }
        if (found != NULL) {
            error_set(error, SHUZHI_ERROR_CONFLICT,
                      "several units are called '%s': #%lld and #%lld; say which by its number",
                      name, (long long)found->id, (long long)unit->id);
            return NULL;
        }
        found = unit;
    }
    if (found == NULL) {
        set_no_name(units, name, is_of_day, error);
    }
    return found;
}

OfficeUnit *office_unit_find(StoreConnection *connection, const char *name, Date date,
                             GError **error)
{
    g_autoptr(GPtrArray) units = office_unit_list(connection, date, error);
    const OfficeUnit *found =
        units != NULL ? office_unit_pick(units, name, date != DATE_NONE, error) : NULL;
    return found != NULL ? office_unit_load(connection, found->id, error) : NULL;
}

/* Move the units of @from under @parent to @to, each followed by those below it. */
static void take_below(GPtrArray *from, int64_t parent, Date date, GPtrArray *to)
{
    for (guint i = 0; i < from->len; i++) {
        OfficeUnit *unit = g_ptr_array_index(from, i);
        if (unit == NULL || unit->parent != parent ||
            !office_dates_include(unit->since, unit->until, date)) {
            continue;
        }
        g_ptr_array_index(from, i) = NULL;
        g_ptr_array_add(to, unit);
        take_below(from, unit->id, date, to);
    }
}

GPtrArray *office_unit_list(StoreConnection *connection, Date date, GError **error)
{
    g_autoptr(GPtrArray) all = read_all(connection, error);
    if (all == NULL) {
        return NULL;
    }
    GPtrArray *units = g_ptr_array_new_with_free_func((GDestroyNotify)office_unit_free);
    take_below(all, 0, date, units);
    return units;
}

/* Append @id and the units below it that exist on @date to @ids. */
static void collect_below(const GPtrArray *units, int64_t id, Date date, GArray *ids)
{
    g_array_append_val(ids, id);
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (unit->parent == id && office_dates_include(unit->since, unit->until, date)) {
            collect_below(units, unit->id, date, ids);
        }
    }
}

GArray *office_unit_subtree(StoreConnection *connection, int64_t id, Date date, GError **error)
{
    g_autoptr(GPtrArray) units = read_all(connection, error);
    if (units == NULL) {
        return NULL;
    }
    GArray *ids = g_array_new(false, false, sizeof(int64_t));
    const OfficeUnit *top = find_by_id(units, id);
    if (top != NULL && office_dates_include(top->since, top->until, date)) {
        collect_below(units, id, date, ids);
        g_array_sort(ids, office_id_compare);
    }
    return ids;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static bool check_words(const OfficeUnit *unit, GError **error)
{
    if (text_is_blank(unit->name)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a unit needs a name");
        return false;
    }
    if (g_utf8_strlen(unit->name, -1) > OFFICE_MAX_NAME_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "the name of a unit has at most %d characters",
                  OFFICE_MAX_NAME_CHARS);
        return false;
    }
    if (unit->kind == NULL || !g_strv_contains(office_unit_kinds, unit->kind)) {
        const char *kind = unit->kind != NULL ? unit->kind : "";
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is no kind of unit", kind);
        error_offer(error, kind, office_unit_kinds);
        return false;
    }
    return office_dates_check(unit->since, unit->until, error);
}

/* Return whether @unit->id is @unit->parent or above it. */
static bool closes_a_circle(const GPtrArray *units, const OfficeUnit *unit)
{
    for (int64_t id = unit->parent; id != 0;) {
        const OfficeUnit *above = find_by_id(units, id);
        if (id == unit->id) {
            return true;
        }
        id = above != NULL ? above->parent : 0;
    }
    return false;
}

static bool check_parent(const GPtrArray *units, const OfficeUnit *unit, GError **error)
{
    if (unit->parent == 0) {
        return true;
    }
    const OfficeUnit *parent = find_by_id(units, unit->parent);
    if (parent == NULL) {
        set_no_unit(unit->parent, error);
        return false;
    }
    if (unit->id != 0 && closes_a_circle(units, unit)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' cannot be under '%s', which is under it or is the same", unit->name,
                  parent->name);
        return false;
    }
    if (!office_dates_cover(parent->since, parent->until, unit->since, unit->until)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' must not last longer than '%s', the unit above it", unit->name,
                  parent->name);
        return false;
    }
    return true;
}

static bool check_sibling_names(const GPtrArray *units, const OfficeUnit *unit, GError **error)
{
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *other = g_ptr_array_index(units, i);
        if (other->id != unit->id && other->parent == unit->parent &&
            g_str_equal(other->name, unit->name) &&
            office_dates_overlap(other->since, other->until, unit->since, unit->until)) {
            error_set(error, SHUZHI_ERROR_EXISTS,
                      "another unit is called '%s' in the same place at that time: #%lld",
                      unit->name, (long long)other->id);
            return false;
        }
    }
    return true;
}

/* Return @names (of char*) as the argument of one %s. */
static char *join_names(GPtrArray *names)
{
    g_ptr_array_add(names, NULL);
    return error_words((const char *const *)names->pdata);
}

/* Refuse dates of @unit that do not cover the units below it. */
static bool check_children(const GPtrArray *units, const OfficeUnit *unit, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *below = g_ptr_array_index(units, i);
        if (below->parent == unit->id &&
            !office_dates_cover(unit->since, unit->until, below->since, below->until)) {
            g_ptr_array_add(names, g_strdup(below->name));
        }
    }
    if (names->len == 0) {
        return true;
    }
    g_autofree char *joined = join_names(names);
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "units under '%s' last longer: %s; close them or change their dates first",
              unit->name, joined);
    return false;
}

/* Refuse dates of @unit that do not cover the posts in it. */
static bool check_posts(StoreConnection *connection, const OfficeUnit *unit, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT person.name, post.since, post.until FROM post"
                    " JOIN person ON person.id = post.person WHERE post.unit = $1 ORDER BY post.id",
                    "i", unit->id);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        if (!office_dates_cover(unit->since, unit->until, office_dates_column(query, 1),
                                office_dates_column(query, 2))) {
            g_ptr_array_add(names, g_strdup(store_column_text(query, 0)));
        }
    }
    if (has_row || names->len == 0) {
        return !has_row;
    }
    g_autofree char *joined = join_names(names);
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "posts in '%s' last longer: %s; end them or change their dates first", unit->name,
              joined);
    return false;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void fill_values(const OfficeUnit *unit, Value values[UNIT_N_COLUMNS])
{
    values[UNIT_NAME] = value_text(unit->name);
    values[UNIT_KIND] = value_text(unit->kind);
    values[UNIT_PARENT] = unit->parent != 0 ? value_ref(unit->parent) : VALUE_EMPTY;
    values[UNIT_SINCE] = office_dates_value(unit->since);
    values[UNIT_UNTIL] = office_dates_value(unit->until);
}

static void clear_values(Value values[UNIT_N_COLUMNS])
{
    for (int i = 0; i < UNIT_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
}

/* Check what @unit says against the tree as it stands. */
static bool check(StoreConnection *connection, const OfficeUnit *unit, GError **error)
{
    g_autoptr(GPtrArray) units = read_all(connection, error);
    if (units == NULL || !check_words(unit, error) || !check_parent(units, unit, error) ||
        !check_sibling_names(units, unit, error)) {
        return false;
    }
    if (unit->id != 0 && find_by_id(units, unit->id) == NULL) {
        set_no_unit(unit->id, error);
        return false;
    }
    if (unit->id == 0 && units->len >= OFFICE_MAX_UNITS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "an office has at most %d units, closed ones too",
                  OFFICE_MAX_UNITS);
        return false;
    }
    return unit->id == 0 ||
           (check_children(units, unit, error) && check_posts(connection, unit, error));
}

bool office_unit_put(LogWriter *writer, const OfficeUnit *unit, int64_t *ret_id, GError **error)
{
    g_autofree char *name = text_strip_dup(unit->name != NULL ? unit->name : "");
    OfficeUnit clean = *unit;
    clean.name = name;
    if (!check(log_writer_connection(writer), &clean, error)) {
        return false;
    }
    Value values[UNIT_N_COLUMNS];
    fill_values(&clean, values);
    bool is_ok = unit->id == 0
                     ? log_record_add(writer, &office_unit_table, values, ret_id, error)
                     : log_record_change(writer, &office_unit_table, unit->id, values, error);
    clear_values(values);
    return is_ok;
}

/* What a job is about. */
typedef struct UnitWork {
    const OfficeUnit *unit; /* borrowed; NULL: close @id with @until */
    int64_t id;
    Date until;
} UnitWork;

static bool put_job(LogWriter *writer, void *data, GError **error)
{
    UnitWork *work = data;
    return office_unit_put(writer, work->unit, &work->id, error);
}

static bool close_job(LogWriter *writer, void *data, GError **error)
{
    const UnitWork *work = data;
    g_autoptr(OfficeUnit) unit = office_unit_load(log_writer_connection(writer), work->id, error);
    if (unit == NULL) {
        return false;
    }
    unit->until = work->until;
    return office_unit_put(writer, unit, NULL, error);
}

bool office_unit_add(Office *office, const RightsSubject *subject, const LogAct *act,
                     const OfficeUnit *unit, int64_t *ret_id, GError **error)
{
    OfficeUnit fresh = *unit;
    fresh.id = 0;
    UnitWork work = {.unit = &fresh};
    if (!rights_may(subject, RIGHTS_UNIT_CHANGE, NULL, error) ||
        !log_write(office_log(office), act, put_job, &work, error)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = work.id;
    }
    return true;
}

bool office_unit_change(Office *office, const RightsSubject *subject, const LogAct *act,
                        const OfficeUnit *unit, GError **error)
{
    g_assert(unit->id != 0);
    UnitWork work = {.unit = unit};
    return rights_may(subject, RIGHTS_UNIT_CHANGE, NULL, error) &&
           log_write(office_log(office), act, put_job, &work, error);
}

bool office_unit_close(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                       Date until, GError **error)
{
    UnitWork work = {.id = id, .until = until};
    return rights_may(subject, RIGHTS_UNIT_CHANGE, NULL, error) &&
           log_write(office_log(office), act, close_job, &work, error);
}
