#include "ledger/view.h"

#include "base/text.h"

#define COLUMNS "id, ledger, name, query"

enum { LEDGER, NAME, QUERY, N_COLUMNS };

static const LogColumn columns[N_COLUMNS] = {
    [LEDGER] = {"ledger", VALUE_TEXT, false},
    [NAME] = {"name", VALUE_TEXT, true},
    [QUERY] = {"query", VALUE_TEXT, true},
};
const LogTable ledger_view_table = {"shared_view", "view", N_("shared view"), columns, N_COLUMNS};

void ledger_view_free(LedgerView *view)
{
    if (view != NULL) {
        g_free(view->ledger);
        g_free(view->name);
        g_free(view->query);
        g_free(view);
    }
}

static void free_view(gpointer data)
{
    ledger_view_free(data);
}

/* ---- reading --------------------------------------------------------------------------------- */

static LedgerView *read_view(StoreStatement *query, bool is_shared)
{
    LedgerView *view = g_new0(LedgerView, 1);
    view->is_shared = is_shared;
    view->id = store_column_int(query, 0);
    view->ledger = g_strdup(store_column_text(query, 1));
    view->name = g_strdup(store_column_text(query, 2));
    view->query = g_strdup(store_column_text(query, 3));
    view->changed_us = store_column_int(query, 4);
    return view;
}

static void set_not_found(int64_t id, GError **error)
{
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no view %lld", (long long)id);
}

static LedgerView *load(StoreConnection *connection, const char *owner, bool is_shared, int64_t id,
                        GError **error)
{
    g_autoptr(StoreStatement) query =
        is_shared
            ? store_query(connection, error, "SELECT " COLUMNS ", 0 FROM shared_view WHERE id = $1",
                          "i", id)
            : store_query(connection, error,
                          "SELECT " COLUMNS ", changed FROM own_view WHERE id = $1 AND owner = $2",
                          "it", id, owner);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return NULL;
    }
    if (!has_row) {
        set_not_found(id, error);
        return NULL;
    }
    return read_view(query, is_shared);
}

LedgerView *ledger_view_load(StoreConnection *connection, const RightsSubject *subject,
                             bool is_shared, int64_t id, GError **error)
{
    return load(connection, subject->actor, is_shared, id, error);
}

GPtrArray *ledger_view_list(StoreConnection *connection, const RightsSubject *subject,
                            const char *ledger, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT " COLUMNS ", 0 AS changed, 0 AS sort FROM shared_view WHERE $1 = '' OR ledger = $1"
        " UNION ALL SELECT " COLUMNS ", changed, 1 FROM own_view"
        " WHERE owner = $2 AND ($1 = '' OR ledger = $1)"
        " ORDER BY sort, ledger, id",
        "tt", ledger != NULL ? ledger : "", subject->actor);
    g_autoptr(GPtrArray) views = g_ptr_array_new_with_free_func(free_view);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            g_ptr_array_add(views, read_view(query, store_column_int(query, 5) == 0));
        }
    }
    return query != NULL ? g_steal_pointer(&views) : NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What a job is about; all borrowed. */
typedef struct ViewWork {
    const char *owner;
    int64_t now_us;
    bool is_shared;
    int64_t id;         /* of the view to be renamed or removed */
    const char *ledger; /* of the view to be saved */
    const char *name;   /* NULL: it is to be removed */
    const char *query;  /* NULL: it is to be renamed */
} ViewWork;

/* Set *@ret_id to the view called @name of @ledger; 0 where there is none. */
static bool find(StoreConnection *connection, const ViewWork *work, const char *ledger,
                 const char *name, int64_t *ret_id, GError **error)
{
    *ret_id = 0;
    return work->is_shared
               ? store_query_int(connection, 0, ret_id, error,
                                 "SELECT id FROM shared_view WHERE ledger = $1 AND name = $2", "tt",
                                 ledger, name)
               : store_query_int(connection, 0, ret_id, error,
                                 "SELECT id FROM own_view WHERE owner = $1 AND ledger = $2"
                                 " AND name = $3",
                                 "ttt", work->owner, ledger, name);
}

/* Refuse one more than there may be. */
static bool check_room(StoreConnection *connection, const ViewWork *work, GError **error)
{
    int64_t n = 0;
    bool is_ok =
        work->is_shared
            ? store_query_int(connection, 0, &n, error, "SELECT count(*) FROM shared_view", "")
            : store_query_int(connection, 0, &n, error,
                              "SELECT count(*) FROM own_view WHERE owner = $1", "t", work->owner);
    if (is_ok && n >= LEDGER_VIEW_MAX_VIEWS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "there are %d views already; delete some first",
                  LEDGER_VIEW_MAX_VIEWS);
        return false;
    }
    return is_ok;
}

/* Put @view, changed or (id 0) new, into the table of one's own. */
static bool put_own(StoreConnection *connection, const ViewWork *work, const LedgerView *view,
                    GError **error)
{
    int64_t last = 0;
    if (!text_check_line(view->name, error)) { /* no event keeps it, which would ask */
        return false;
    }
    if (view->id != 0) {
        return store_run(connection, error,
                         "UPDATE own_view SET name = $2, query = $3, changed = $4 WHERE id = $1",
                         "itti", view->id, view->name, view->query, work->now_us);
    }
    return store_query_int(connection, 0, &last, error, "SELECT max(id) FROM own_view", "") &&
           store_run(connection, error,
                     "INSERT INTO own_view (id, owner, ledger, name, query, changed)"
                     " VALUES ($1, $2, $3, $4, $5, $6)",
                     "itttti", last + 1, work->owner, view->ledger, view->name, view->query,
                     work->now_us);
}

static bool put_shared(LogWriter *writer, const LedgerView *view, GError **error)
{
    g_auto(Value) ledger = value_text(view->ledger);
    g_auto(Value) name = value_text(view->name);
    g_auto(Value) query = value_text(view->query);
    const Value values[N_COLUMNS] = {[LEDGER] = ledger, [NAME] = name, [QUERY] = query};
    return view->id != 0 ? log_record_change(writer, &ledger_view_table, view->id, values, error)
                         : log_record_add(writer, &ledger_view_table, values, NULL, error);
}

static void set_exists(const char *name, GError **error)
{
    error_set(error, SHUZHI_ERROR_EXISTS, "there is a view '%s' already", name);
}

/* Return the view to be renamed, with its new name; the caller owns it. */
static LedgerView *make_renamed(StoreConnection *connection, const ViewWork *work, GError **error)
{
    int64_t same = 0;
    g_autoptr(LedgerView) view = load(connection, work->owner, work->is_shared, work->id, error);
    if (view == NULL || !find(connection, work, view->ledger, work->name, &same, error)) {
        return NULL;
    }
    if (same != 0 && same != view->id) {
        set_exists(work->name, error);
        return NULL;
    }
    g_free(view->name);
    view->name = g_strdup(work->name);
    return g_steal_pointer(&view);
}

/* Refuse to put @work in the place of the shared view @id, which others open by its name. */
static bool check_same(StoreConnection *connection, const ViewWork *work, int64_t id,
                       GError **error)
{
    g_autoptr(LedgerView) shared = load(connection, work->owner, true, id, error);
    if (shared != NULL && !g_str_equal(shared->query, work->query)) {
        set_exists(work->name, error);
        return false;
    }
    return shared != NULL;
}

/* Return the view to be saved, with the id of the one of the same name (0: none); the caller owns
 * it. */
static LedgerView *make_saved(StoreConnection *connection, const ViewWork *work, GError **error)
{
    int64_t same = 0;
    if (!find(connection, work, work->ledger, work->name, &same, error) ||
        (same == 0 && !check_room(connection, work, error)) ||
        (same != 0 && work->is_shared && !check_same(connection, work, same, error))) {
        return NULL;
    }
    LedgerView *view = g_new0(LedgerView, 1);
    *view = (LedgerView){same,
                         work->is_shared,
                         g_strdup(work->ledger),
                         g_strdup(work->name),
                         g_strdup(work->query),
                         work->now_us};
    return view;
}

/* Return the view as it will stand; the caller owns it. */
static LedgerView *make_wanted(StoreConnection *connection, const ViewWork *work, GError **error)
{
    return work->query == NULL ? make_renamed(connection, work, error)
                               : make_saved(connection, work, error);
}

static bool remove_own(StoreConnection *connection, const ViewWork *work, GError **error)
{
    int64_t n = 0;
    g_autoptr(StoreStatement) statement =
        store_query(connection, error, "DELETE FROM own_view WHERE id = $1 AND owner = $2", "it",
                    work->id, work->owner);
    if (statement == NULL || !store_execute(statement, &n, error)) {
        return false;
    }
    if (n == 0) {
        set_not_found(work->id, error);
    }
    return n > 0;
}

static bool own_job(StoreConnection *connection, void *data, GError **error)
{
    const ViewWork *work = data;
    if (work->name == NULL) {
        return remove_own(connection, work, error);
    }
    g_autoptr(LedgerView) view = make_wanted(connection, work, error);
    return view != NULL && put_own(connection, work, view, error);
}

static bool shared_job(LogWriter *writer, void *data, GError **error)
{
    const ViewWork *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    g_autoptr(LedgerView) view = work->name != NULL
                                     ? make_wanted(connection, work, error)
                                     : load(connection, work->owner, true, work->id, error);
    if (view == NULL) {
        return false;
    }
    return work->name != NULL ? put_shared(writer, view, error)
                              : log_record_remove(writer, &ledger_view_table, view->id, error);
}

static bool check_name(const char *name, GError **error)
{
    if (*name == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "give the view a name");
        return false;
    }
    if (g_utf8_strlen(name, -1) > LEDGER_VIEW_MAX_NAME_CHARS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the name of a view has at most %d characters",
                  LEDGER_VIEW_MAX_NAME_CHARS);
        return false;
    }
    return true;
}

static bool write_view(Office *office, const RightsSubject *subject, const LogAct *act,
                       ViewWork *work, GError **error)
{
    g_autofree char *stripped = work->name != NULL ? text_strip_dup(work->name) : NULL;
    work->owner = subject->actor;
    work->now_us = source_now_us(office_source(office));
    work->name = stripped;
    if ((stripped != NULL && !check_name(stripped, error)) ||
        (work->is_shared && !rights_may(subject, RIGHTS_VIEW_SHARE, NULL, error))) {
        return false;
    }
    return work->is_shared ? log_write(office_log(office), act, shared_job, work, error)
                           : store_write(office_store(office), own_job, work, error);
}

bool ledger_view_save(Office *office, const RightsSubject *subject, const LogAct *act,
                      const LedgerView *view, GError **error)
{
    ViewWork work = {.is_shared = view->is_shared,
                     .ledger = view->ledger,
                     .name = view->name,
                     .query = view->query};
    if (strlen(view->query) > LEDGER_VIEW_MAX_QUERY_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the filters of a view have at most %d bytes",
                  LEDGER_VIEW_MAX_QUERY_BYTES);
        return false;
    }
    return write_view(office, subject, act, &work, error);
}

bool ledger_view_rename(Office *office, const RightsSubject *subject, const LogAct *act,
                        bool is_shared, int64_t id, const char *name, GError **error)
{
    ViewWork work = {.is_shared = is_shared, .id = id, .name = name};
    return write_view(office, subject, act, &work, error);
}

bool ledger_view_remove(Office *office, const RightsSubject *subject, const LogAct *act,
                        bool is_shared, int64_t id, GError **error)
{
    ViewWork work = {.is_shared = is_shared, .id = id};
    return write_view(office, subject, act, &work, error);
}
