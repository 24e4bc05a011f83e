#include "web/pages.h"

#include "base/text.h"
#include "web/api.h"
#include "web/import.h"
#include "web/openapi.h"

/* ---- how it stands --------------------------------------------------------------------------- */

/* Return in a word how the file stands, whose fault is @fault (NULL: none). */
static const char *state_of(const WebWorkLook *look, const WebWaiting *waiting, const GError *fault)
{
    if (look->is_running) {
        return look->sort == WEB_WORK_IMPORT ? "importing" : "checking";
    }
    return waiting->batch != 0     ? "imported"
           : fault != NULL         ? "failed"
           : waiting->plan != NULL ? "checked"
                                   : "waiting";
}

static void write_columns(JsonWriter *json, const LedgerImport *plan)
{
    json_write_key(json, "columns");
    json_write_begin_array(json);
    for (guint i = 0; i < plan->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(plan->columns, i);
        const char *target = ledger_column_target(column);
        json_write_begin_object(json);
        json_write_key_text(json, "header", column->header);
        json_write_key_text(json, "target", *target != '\0' ? target : NULL);
        json_write_key_text(json, "why", column->why);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

/* What every entry needs, and nothing fills. */
static void write_unfilled(JsonWriter *json, const LedgerImport *plan)
{
    g_autoptr(GPtrArray) fields = ledger_import_unfilled(plan);
    json_write_key(json, "unfilled");
    json_write_begin_array(json);
    for (guint i = 0; i < fields->len; i++) {
        json_write_text(json, ((const SchemaField *)g_ptr_array_index(fields, i))->name);
    }
    json_write_end_array(json);
}

/* What cells hold that is no choice, unit or person. */
static void write_values(JsonWriter *json, const LedgerImport *plan)
{
    json_write_key(json, "values");
    json_write_begin_array(json);
    for (guint i = 0; i < plan->values->len; i++) {
        const LedgerCellValue *value = g_ptr_array_index(plan->values, i);
        json_write_begin_object(json);
        json_write_key_text(json, "header", value->column->header);
        json_write_key_text(json, "text", value->text);
        json_write_key_int(json, "n_rows", value->n_rows);
        json_write_key_text(json, "name", value->name);
        json_write_key_text(json, "guess", value->guess);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_key_int(json, "n_values_left", plan->n_values_left);
}

static void write_faults(const WebContext *context, JsonWriter *json, const LedgerImport *plan)
{
    json_write_key(json, "faults");
    json_write_begin_array(json);
    for (guint i = 0; i < plan->faults->len; i++) {
        const LedgerFault *fault = g_ptr_array_index(plan->faults, i);
        json_write_begin_object(json);
        json_write_key_int(json, "row", fault->row);
        json_write_key_text(json, "column", fault->column);
        json_write_key_text(json, "reason", web_import_fault(context, fault));
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_key_int(json, "n_faults", plan->n_faults);
}

/* The rows that the ledger has already: the first of them, with their entries. */
static void write_known(JsonWriter *json, const LedgerImport *plan)
{
    json_write_key(json, "known");
    json_write_begin_array(json);
    for (guint i = 0; i < MIN(plan->known->len, LEDGER_IMPORT_MAX_FAULTS); i++) {
        const LedgerKnownRow *known = &g_array_index(plan->known, LedgerKnownRow, i);
        json_write_begin_object(json);
        json_write_key_int(json, "row", known->row);
        json_write_key_text(json, "number", known->is_hidden ? NULL : known->number);
        json_write_key_bool(json, "differs", known->differs != NULL);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_key_int(json, "n_known", plan->known->len);
}

/* What was found in the file. */
static void write_plan(const WebContext *context, JsonWriter *json, const LedgerImport *plan)
{
    json_write_key_text(json, "sheet", plan->sheet);
    json_write_key(json, "sheets");
    json_write_begin_array(json);
    for (guint i = 0; i < plan->sheets->len; i++) {
        json_write_text(json, ((const LedgerSheet *)g_ptr_array_index(plan->sheets, i))->name);
    }
    json_write_end_array(json);
    json_write_key_int(json, "header", plan->header);
    json_write_key_bool(json, "header_known", plan->is_header_known);
    write_columns(json, plan);
    write_unfilled(json, plan);
    write_values(json, plan);
    json_write_key_int(json, "n_rows", plan->n_rows);
    json_write_key_int(json, "n_bad", plan->n_bad);
    write_faults(context, json, plan);
    write_known(json, plan);
    json_write_key_int(json, "n_above", plan->n_above);
    json_write_key_int(json, "n_lost", ledger_import_lost(plan));
    json_write_key_int(json, "n_asides", plan->n_asides);
    json_write_key_bool(json, "seen_before", plan->is_seen_before);
    json_write_key_bool(json, "erased_before", plan->erased_before != 0);
}

static void write_number_or_null(const WebContext *context, JsonWriter *json, const char *key,
                                 int64_t number)
{
    json_write_key(json, key);
    json_write_raw(json, number != 0 ? web_number(context, number) : "null");
}

static void send_work(WebContext *context, WebWork *work)
{
    g_autoptr(GError) fault = work_fault(work);
    WebWorkLook look;
    g_auto(JsonWriter) json;
    work_look(work, &look);
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    const WebWaiting *waiting = work_lock(work);
    json_write_key_text(&json, "id", strrchr(work_key(work), '/') + 1);
    json_write_key_text(&json, "ledger", waiting->ledger);
    json_write_key_text(&json, "file", work_title(work));
    json_write_key_text(&json, "state", state_of(&look, waiting, fault));
    json_write_key_int(&json, "n_done", look.n_done);
    json_write_key_int(&json, "n_total", look.n_total);
    json_write_key_text(&json, "fault", fault != NULL ? web_fault(context, fault) : NULL);
    write_number_or_null(context, &json, "batch", waiting->batch);
    write_number_or_null(context, &json, "year", waiting->default_year);
    if (waiting->plan != NULL) {
        write_plan(context, &json, waiting->plan);
    }
    work_unlock(work);
    json_write_end_object(&json);
    web_send_json(context, &json);
}

/* Return a reference to the file that the address names: the asker's, of this ledger; NOT_FOUND. */
static WebWork *find_work(const WebContext *context, GError **error)
{
    g_autofree char *key =
        g_strconcat("/ledger/", context->parts[0], "/import/", context->parts[1], NULL);
    WebWork *work = works_find(context->site->works, key, context->subject->actor);
    if (work == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "this file does not wait any more: it was thrown away, or the server was started "
                  "anew; what was imported is listed below, and an import that was cut off has "
                  "been taken back");
    }
    return work;
}

bool web_api_import(WebContext *context, GError **error)
{
    g_autoptr(WebWork) work = find_work(context, error);
    if (work == NULL) {
        return false;
    }
    send_work(context, work);
    return true;
}

static bool send_this(WebContext *context, int64_t id, GError **error)
{
    return web_api_import(context, error);
}

/* ---- what is done ---------------------------------------------------------------------------- */

/* Let @work begin; false with what went wrong where it ended so at once. */
static bool run(WebContext *context, WebWork *work, WebWorkSort sort, WebWorkFunc func,
                GError **error)
{
    if (!web_work_start(context, work, sort, func, error)) {
        return false;
    }
    WebWorkLook look;
    work_look(work, &look);
    GError *fault = look.is_running ? NULL : work_fault(work);
    if (fault != NULL) {
        g_propagate_error(error, fault);
    }
    return fault == NULL;
}

/* Check the year that dates without one are of; 0: none is said. */
static bool check_year(const WebContext *context, int64_t year, GError **error)
{
    int present = date_year(web_today(context));
    bool is_ok = year == 0 || (year >= PERIOD_MIN_YEAR && year <= present);
    if (!is_ok) {
        error_set(error, SHUZHI_ERROR_INVALID, "a whole number from %lld to %lld goes here",
                  (long long)PERIOD_MIN_YEAR, (long long)present);
    }
    return is_ok;
}

bool web_api_import_add_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    const char *text = http_request_query(context->request, "year");
    int64_t year = 0;
    if (text != NULL && !text_parse_int(text, &year)) {
        year = -1;
    }
    g_autoptr(WebWork) work = ledger != NULL && check_year(context, year, error)
                                  ? web_import_add(context, ledger, error)
                                  : NULL;
    if (work == NULL) {
        return false;
    }
    ((WebWaiting *)work_lock(work))->default_year = (int)year;
    work_unlock(work);
    if (!run(context, work, WEB_WORK_CHECK, web_import_check, error)) {
        works_remove(context->site->works, work); /* nothing can come of it */
        return false;
    }
    send_work(context, work);
    http_response_set_status(context->response, context->operation->status);
    return true;
}

/* Return the file that the address names, which nothing runs on: it would change under its hands.
 * CONFLICT. */
static WebWork *find_idle(const WebContext *context, GError **error)
{
    g_autoptr(WebWork) work = find_work(context, error);
    WebWorkLook look = {.is_running = false};
    if (work != NULL) {
        work_look(work, &look);
    }
    if (look.is_running) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "this file is being read; wait until that has ended");
    }
    return work != NULL && !look.is_running ? g_steal_pointer(&work) : NULL;
}

static bool refuse_pairs(WebContext *context, const char *member, GError **error)
{
    web_api_point(context, g_strconcat("/", member, NULL));
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' gives each of its names a text, or null", member);
    return false;
}

/* Read @member of @body, {"header":"field"}, as a plan takes it, "header=field"; *@ret_pairs is the
 * caller's, NULL where it is not there.  INVALID. */
static bool read_pairs(WebContext *context, const json_t *body, const char *member,
                       char ***ret_pairs, GError **error)
{
    json_t *pairs = json_object_get(body, member);
    g_autoptr(GStrvBuilder) out = g_strv_builder_new();
    const char *header = NULL;
    json_t *target = NULL;
    *ret_pairs = NULL;
    if (pairs == NULL || !json_is_object(pairs)) {
        return pairs == NULL || refuse_pairs(context, member, error);
    }
    json_object_foreach(pairs, header, target)
    {
        if (!json_is_string(target) && !json_is_null(target)) {
            return refuse_pairs(context, member, error);
        }
        const char *name = json_string_value(target);
        g_autofree char *pair = g_strconcat(header, "=", name, NULL);
        g_strv_builder_add(out, pair);
    }
    *ret_pairs = g_strv_builder_end(out);
    return true;
}

/* Read "values" of @body, {"header":{"value":"name"}}, as a plan takes them; *@ret_values is the
 * caller's, NULL where they are not there.  INVALID. */
static bool read_values(WebContext *context, const json_t *body, char ***ret_values, GError **error)
{
    json_t *values = json_object_get(body, "values");
    g_autoptr(GStrvBuilder) out = g_strv_builder_new();
    const char *header = NULL;
    json_t *column = NULL;
    *ret_values = NULL;
    if (values == NULL || !json_is_object(values)) {
        return values == NULL || refuse_pairs(context, "values", error);
    }
    json_object_foreach(values, header, column)
    {
        g_auto(GStrv) pairs = NULL;
        if (!read_pairs(context, values, header, &pairs, error)) {
            return false;
        }
        for (size_t i = 0; pairs[i] != NULL; i++) {
            g_autofree char *word = g_strconcat(header, ":", pairs[i], NULL);
            g_strv_builder_add(out, word);
        }
    }
    *ret_values = g_strv_builder_end(out);
    return true;
}

/* What is not said stays as it was. */
static bool check(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    const char *sheet = NULL;
    int64_t header = 0;
    int64_t year = 0;
    g_auto(GStrv) mapping = NULL;
    g_auto(GStrv) set = NULL;
    g_auto(GStrv) values = NULL;
    g_autoptr(WebWork) work = find_idle(context, error);
    if (work == NULL || !web_api_text(context, body, "sheet", &sheet, error) ||
        !web_api_int(context, body, "header", &header, error) ||
        !web_api_int(context, body, "year", &year, error) || !check_year(context, year, error) ||
        !read_pairs(context, body, "mapping", &mapping, error) ||
        !read_pairs(context, body, "set", &set, error) ||
        !read_values(context, body, &values, error)) {
        return false;
    }
    WebWaiting *waiting = work_lock(work);
    if (mapping != NULL) {
        g_strfreev(waiting->mapping);
        waiting->mapping = g_steal_pointer(&mapping);
    }
    if (set != NULL) {
        g_strfreev(waiting->set);
        waiting->set = g_steal_pointer(&set);
    }
    if (values != NULL) {
        g_strfreev(waiting->values);
        waiting->values = g_steal_pointer(&values);
    }
    if (sheet != NULL) {
        g_free(waiting->sheet);
        waiting->sheet = g_strdup(sheet);
    }
    waiting->header = header != 0 ? header : waiting->header;
    waiting->default_year = year != 0 ? (int)year : waiting->default_year;
    waiting->is_changed = true;
    work_unlock(work);
    return run(context, work, WEB_WORK_CHECK, web_import_check, error);
}

bool web_api_import_check_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"mapping", "set",  "values", "sheet",
                                        "header",  "year", NULL};
    static const WebApiAct act = {known, check, send_this};
    return web_api_do(context, &act, error);
}

static bool commit(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    bool skip_bad = false;
    bool is_again = false;
    bool is_new = false;
    g_autoptr(WebWork) work = find_idle(context, error);
    if (work == NULL || !web_api_bool(context, body, "skip_bad", &skip_bad, error) ||
        !web_api_bool(context, body, "again", &is_again, error) ||
        !web_api_bool(context, body, "new", &is_new, error)) {
        return false;
    }
    WebWaiting *waiting = work_lock(work);
    waiting->skip_bad = skip_bad;
    waiting->is_again = is_again;
    waiting->is_new = is_new;
    waiting->is_changed = waiting->is_changed ||
                          (waiting->plan != NULL && !is_new && waiting->plan->is_leaving_known);
    work_unlock(work);
    return run(context, work, WEB_WORK_IMPORT, web_import_run, error);
}

bool web_api_import_commit_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"skip_bad", "again", "new", NULL};
    static const WebApiAct act = {known, commit, send_this};
    return web_api_do(context, &act, error);
}

static bool discard(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    g_autoptr(WebWork) work = find_idle(context, error);
    if (work != NULL) {
        works_remove(context->site->works, work);
    }
    return work != NULL;
}

bool web_api_import_discard_post(WebContext *context, GError **error)
{
    static const char *const none[] = {NULL};
    static const WebApiAct act = {none, discard, web_api_send_done};
    return web_api_do(context, &act, error);
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* Check that batch @id is one of the ledger of the address. */
static bool check_batch(const WebContext *context, int64_t id, GError **error)
{
    g_autoptr(GPtrArray) batches = ledger_import_list(context->reader, error);
    for (guint i = 0; batches != NULL && i < batches->len; i++) {
        const LedgerBatch *batch = g_ptr_array_index(batches, i);
        if (batch->id == id && g_str_equal(batch->ledger, context->parts[0])) {
            return true;
        }
    }
    if (batches != NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
    }
    return false;
}

static bool undo(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    bool is_forced = false;
    return web_api_part(context, 1, ret_id, error) && check_batch(context, *ret_id, error) &&
           web_api_bool(context, body, "force", &is_forced, error) &&
           web_api_text(context, body, "why", &context->act.why, error) &&
           web_api_own(context, body, error) &&
           ledger_import_undo(context->office, context->subject, &context->act, *ret_id, is_forced,
                              error);
}

static bool send_batch(WebContext *context, int64_t id, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    return ledger != NULL && web_import_send_batch(context, ledger, id, error);
}

bool web_api_import_undo_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"force", "why", "own", "code", NULL};
    static const WebApiAct act = {known, undo, send_batch};
    return web_api_do(context, &act, error);
}
