#include "office/post.h"

#include "base/text.h"
#include "office/office-internal.h"

enum {
    POST_PERSON,
    POST_UNIT,
    POST_ROLE,
    POST_TITLE,
    POST_SINCE,
    POST_UNTIL,
    POST_N_COLUMNS,
};

static const LogColumn post_columns[POST_N_COLUMNS] = {
    [POST_PERSON] = {"person", VALUE_REF, false}, [POST_UNIT] = {"unit", VALUE_REF, false},
    [POST_ROLE] = {"role", VALUE_TEXT, false},    [POST_TITLE] = {"title", VALUE_TEXT, true},
    [POST_SINCE] = {"since", VALUE_DATE, false},  [POST_UNTIL] = {"until", VALUE_DATE, false},
};
const LogTable office_post_table = {"post", "post", N_("post"), post_columns, POST_N_COLUMNS};

void office_post_free(OfficePost *post)
{
    if (post != NULL) {
        g_free(post->role);
        g_free(post->title);
        g_free(post);
    }
}

static void free_line(gpointer data)
{
    OfficeRosterLine *line = data;
    if (line != NULL) {
        g_free(line->person_name);
        g_free(line->unit_name);
        g_free(line->role);
        g_free(line->title);
        g_free(line);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static OfficePost *read_post(StoreStatement *query)
{
    OfficePost *post = g_new0(OfficePost, 1);
    post->id = store_column_int(query, 0);
    post->person = store_column_int(query, 1);
    post->unit = store_column_int(query, 2);
    post->role = g_strdup(store_column_text(query, 3));
    post->title = g_strdup(store_column_text(query, 4));
    post->since = office_dates_column(query, 5);
    post->until = office_dates_column(query, 6);
    return post;
}

OfficePost *office_post_load(StoreConnection *connection, int64_t id, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT id, person, unit, role, title, since, until FROM post WHERE id = $1", "i", id);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return NULL;
    }
    if (!has_row) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no post #%lld", (long long)id);
        return NULL;
    }
    return read_post(query);
}

GPtrArray *office_post_list(StoreConnection *connection, int64_t person, Date date, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id, person, unit, role, title, since, until FROM post"
                    " WHERE person = $1 ORDER BY id",
                    "i", person);
    g_autoptr(GPtrArray) posts = g_ptr_array_new_with_free_func((GDestroyNotify)office_post_free);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        OfficePost *post = read_post(query);
        if (office_dates_include(post->since, post->until, date)) {
            g_ptr_array_add(posts, post);
        } else {
            office_post_free(post);
        }
    }
    return has_row ? NULL : g_steal_pointer(&posts);
}

static OfficeRosterLine *read_line(StoreStatement *query)
{
    OfficeRosterLine *line = g_new0(OfficeRosterLine, 1);
    line->post = store_column_int(query, 0);
    line->person = store_column_int(query, 1);
    line->person_name = g_strdup(store_column_text(query, 2));
    line->unit = store_column_int(query, 3);
    line->unit_name = g_strdup(store_column_text(query, 4));
    line->role = g_strdup(store_column_text(query, 5));
    line->title = g_strdup(store_column_text(query, 6));
    line->since = office_dates_column(query, 7);
    line->until = office_dates_column(query, 8);
    return line;
}

/* Return the units the roster is about, sorted; NULL in *@ret_units for all. */
static bool choose_units(StoreConnection *connection, int64_t unit, bool with_below, Date date,
                         GArray **ret_units, GError **error)
{
    *ret_units = NULL;
    if (unit == 0) {
        return true;
    }
    if (with_below) {
        *ret_units = office_unit_subtree(connection, unit, date, error);
        return *ret_units != NULL;
    }
    *ret_units = g_array_new(false, false, sizeof(int64_t));
    g_array_append_val(*ret_units, unit);
    return true;
}

GPtrArray *office_post_roster(StoreConnection *connection, int64_t unit, bool with_below, Date date,
                              GError **error)
{
    g_autoptr(GArray) units = NULL;
    if (!choose_units(connection, unit, with_below, date, &units, error)) {
        return NULL;
    }
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT post.id, person.id, person.name, unit.id, unit.name, post.role, post.title,"
        " post.since, post.until FROM post JOIN person ON person.id = post.person"
        " JOIN unit ON unit.id = post.unit ORDER BY unit.id, post.id",
        "");
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(free_line);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        int64_t at = store_column_int(query, 3);
        if (office_dates_include(office_dates_column(query, 7), office_dates_column(query, 8),
                                 date) &&
            (units == NULL || g_array_binary_search(units, &at, office_id_compare, NULL))) {
            g_ptr_array_add(lines, read_line(query));
        }
    }
    return has_row ? NULL : g_steal_pointer(&lines);
}

/* ---- rules ----------------------------------------------------------------------------------- */

bool office_post_check(const OfficePost *post, GError **error)
{
    RightsRole role = RIGHTS_STAFF;
    if (post->role == NULL || !rights_role_find(post->role, &role) ||
        !rights_role_is_of_post(role)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is no role that a post gives; there are staff, clerk, head, supervisor, "
                  "secretary and dispatcher",
                  post->role != NULL ? post->role : "");
        return false;
    }
    if (post->title != NULL && g_utf8_strlen(post->title, -1) > OFFICE_MAX_NAME_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "the title of a post has at most %d characters",
                  OFFICE_MAX_NAME_CHARS);
        return false;
    }
    return office_dates_check(post->since, post->until, error);
}

/* Refuse a post that its person or its unit does not outlast. */
static bool check_frame(StoreConnection *connection, const OfficePost *post, GError **error)
{
    g_autoptr(OfficePerson) person = office_person_load(connection, post->person, error);
    g_autoptr(OfficeUnit) unit =
        person != NULL ? office_unit_load(connection, post->unit, error) : NULL;
    if (unit == NULL) {
        return false;
    }
    if (!office_dates_cover(person->since, person->until, post->since, post->until)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the post must not last longer than '%s' is here",
                  person->name);
        return false;
    }
    if (!office_dates_cover(unit->since, unit->until, post->since, post->until)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the post must not last longer than the unit '%s'",
                  unit->name);
        return false;
    }
    return true;
}

static bool check_twins(StoreConnection *connection, const OfficePost *post, GError **error)
{
    g_autoptr(GPtrArray) posts = office_post_list(connection, post->person, DATE_NONE, error);
    if (posts == NULL) {
        return false;
    }
    for (guint i = 0; i < posts->len; i++) {
        const OfficePost *other = g_ptr_array_index(posts, i);
        if (other->id != post->id && other->unit == post->unit &&
            g_str_equal(other->role, post->role) &&
            office_dates_overlap(other->since, other->until, post->since, post->until)) {
            error_set(error, SHUZHI_ERROR_EXISTS,
                      "this person holds the same role in the same unit at that time: post #%lld",
                      (long long)other->id);
            return false;
        }
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool put(LogWriter *writer, OfficePost *post, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    if (!office_post_check(post, error) || !check_frame(connection, post, error) ||
        !check_twins(connection, post, error)) {
        return false;
    }
    Value values[POST_N_COLUMNS] = {
        [POST_PERSON] = value_ref(post->person),
        [POST_UNIT] = value_ref(post->unit),
        [POST_ROLE] = value_text(post->role),
        [POST_TITLE] = value_text(post->title),
        [POST_SINCE] = office_dates_value(post->since),
        [POST_UNTIL] = office_dates_value(post->until),
    };
    bool is_ok = post->id == 0
                     ? log_record_add(writer, &office_post_table, values, &post->id, error)
                     : log_record_change(writer, &office_post_table, post->id, values, error);
    for (int i = 0; i < POST_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

/* What a job is about. */
typedef struct PostWork {
    const RightsSubject *subject;
    OfficePost post;
} PostWork;

/* Refuse what gives or takes a role to who may not. */
static bool check_right(const RightsSubject *subject, const char *role, GError **error)
{
    RightsAction action = g_strcmp0(role, rights_role_name(RIGHTS_STAFF)) == 0 ? RIGHTS_UNIT_CHANGE
                                                                               : RIGHTS_ROLE_CHANGE;
    return rights_may(subject, action, NULL, error);
}

static bool put_job(LogWriter *writer, void *data, GError **error)
{
    PostWork *work = data;
    if (work->post.id != 0) {
        g_autoptr(OfficePost) before =
            office_post_load(log_writer_connection(writer), work->post.id, error);
        if (before == NULL || !check_right(work->subject, before->role, error)) {
            return false;
        }
    }
    return check_right(work->subject, work->post.role, error) && put(writer, &work->post, error);
}

static bool end_job(LogWriter *writer, void *data, GError **error)
{
    const PostWork *work = data;
    g_autoptr(OfficePost) post =
        office_post_load(log_writer_connection(writer), work->post.id, error);
    if (post == NULL || !check_right(work->subject, post->role, error)) {
        return false;
    }
    if (work->post.until == DATE_NONE ||
        (post->until != DATE_NONE && work->post.until > post->until)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a post can only be ended earlier than it ends now");
        return false;
    }
    post->until = work->post.until;
    return put(writer, post, error);
}

bool office_post_add(Office *office, const RightsSubject *subject, const LogAct *act,
                     const OfficePost *post, int64_t *ret_id, GError **error)
{
    PostWork work = {.subject = subject, .post = *post};
    work.post.id = 0;
    if (!log_write(office_log(office), act, put_job, &work, error)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = work.post.id;
    }
    return true;
}

bool office_post_change(Office *office, const RightsSubject *subject, const LogAct *act,
                        const OfficePost *post, GError **error)
{
    g_assert(post->id != 0);
    PostWork work = {.subject = subject, .post = *post};
    return log_write(office_log(office), act, put_job, &work, error);
}

bool office_post_end(Office *office, const RightsSubject *subject, const LogAct *act, int64_t id,
                     Date until, GError **error)
{
    PostWork work = {.subject = subject, .post = {.id = id, .until = until}};
    return log_write(office_log(office), act, end_job, &work, error);
}
