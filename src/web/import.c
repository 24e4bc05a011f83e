#include "web/import.h"

#include <glib/gstdio.h>

#include "base/file.h"
#include "base/text.h"
#include "calendar/period.h"
#include "office/account.h"

#define TOKEN_BYTES 12
#define COLUMN_PREFIX "column-"
#define PASTED_NAME "pasted.csv" /* of the file in the log; people read words in its place */

/* ---- the file that waits --------------------------------------------------------------------- */

static void remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

static void waiting_free(gpointer data)
{
    WebWaiting *waiting = data;
    remove_folder(waiting->folder);
    ledger_import_free(waiting->plan);
    g_strfreev(waiting->mapping);
    g_strfreev(waiting->set);
    g_strfreev(waiting->values);
    g_free(waiting->sheet);
    g_free(waiting->ledger);
    g_free(waiting->folder);
    g_free(waiting->path);
    g_free(waiting->from);
    g_free(waiting);
}

/* Make a folder called after @token for a file called @name; returns its path there, which the
 * caller owns. */
static char *make_place(const WebContext *context, const char *token, const char *name,
                        GError **error)
{
    g_autofree char *base = g_strconcat("import-", token, NULL);
    g_autofree char *folder = scratch_place(context->site->scratch, base, error);
    if (folder == NULL) {
        return NULL;
    }
    if (g_mkdir(folder, 0700) != 0) {
        error_set_errno(error, errno, "cannot keep the file");
        return NULL;
    }
    return g_build_filename(folder, name, NULL);
}

/* Keep what the form brings, or the body itself, in a folder called after @token; returns its path,
 * which the caller owns. */
static char *keep_sent(const WebContext *context, const char *token, GError **error)
{
    const GPtrArray *uploads = http_request_uploads(context->request);
    const char *pasted = http_request_form(context->request, "pasted");
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        if (*upload->name == '\0') { /* a control left empty */
            continue;
        }
        if (upload->n_bytes == 0) {
            error_set(error, SHUZHI_ERROR_INVALID, "the file '%s' is empty", upload->name);
            return NULL;
        }
        if (!text_check_readable(upload->name, error)) {
            return NULL;
        }
        g_autofree char *path = make_place(context, token, upload->name, error);
        if (path != NULL && g_rename(upload->path, path) != 0) {
            error_set_errno(error, errno, "cannot keep the file");
            return NULL;
        }
        return g_steal_pointer(&path);
    }
    size_t length = 0;
    const char *body = http_request_body(context->request, &length);
    const char *called = http_request_query(context->request, "name");
    if (length > 0 && called != NULL && *called != '\0') { /* of a program */
        g_autofree char *base = g_path_get_basename(called);
        g_autofree char *path =
            text_check_readable(base, error) ? make_place(context, token, base, error) : NULL;
        return path != NULL && file_write(path, body, length, 0600, error) ? g_steal_pointer(&path)
                                                                           : NULL;
    }
    if (pasted == NULL || *pasted == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "choose a file, or paste cells into the field");
        error_about(error, "upload");
        return NULL;
    }
    g_autofree char *path = make_place(context, token, PASTED_NAME, error);
    return path != NULL && g_file_set_contents(path, pasted, -1, error) ? g_steal_pointer(&path)
                                                                        : NULL;
}

WebWork *web_import_add(const WebContext *context, const SchemaLedger *ledger, GError **error)
{
    uint8_t bytes[TOKEN_BYTES];
    int year = 0;
    if (!web_import_read_year(context, &year)) {
        web_fault_none(context, error);
        return NULL;
    }
    source_random(source_system(), bytes, sizeof bytes);
    g_autofree char *token = text_to_hex(bytes, sizeof bytes);
    char *path = keep_sent(context, token, error);
    if (path == NULL) {
        return NULL;
    }
    WebWaiting *waiting = g_new0(WebWaiting, 1);
    *waiting = (WebWaiting){.office = context->office,
                            .ledger = g_strdup(ledger->name),
                            .folder = g_path_get_dirname(path),
                            .path = path,
                            .account = context->subject->account,
                            .from = g_strdup(context->act.from),
                            .default_year = year};
    g_autofree char *key = g_strconcat("/ledger/", ledger->name, "/import/", token, NULL);
    g_autofree char *name = g_path_get_basename(path);
    return works_add(context->site->works, key, context->subject->actor,
                     web_import_name(context, name), waiting, waiting_free);
}

const char *web_import_name(const WebContext *context, const char *name)
{
    return g_str_equal(name, PASTED_NAME) ? web_tr(context, N_("pasted table"))
                                          : web_copy(context, name);
}

/* ---- what the form says ---------------------------------------------------------------------- */

bool web_import_read_year(const WebContext *context, int *ret_year)
{
    const char *text = http_request_form(context->request, "year");
    int64_t present = date_year(web_today(context));
    int64_t year = text != NULL ? 0 : *ret_year;
    if (text != NULL && *text != '\0' &&
        (!text_parse_int(text, &year) || year < PERIOD_MIN_YEAR || year > present)) {
        web_fault_note_said(context, "year",
                            web_tr(context, N_("The year of dates written without one")),
                            web_say(context, N_("a whole number from %lld to %lld goes here"),
                                    (long long)PERIOD_MIN_YEAR, (long long)present));
        return false;
    }
    *ret_year = (int)year;
    return true;
}

const char *web_import_control(const WebContext *context, guint i)
{
    return web_keep(context, g_strdup_printf(COLUMN_PREFIX "%u", i));
}

/* Take which sheet and row the form says; that rows above the header are no data is said by naming
 * it.  Returns whether the columns are others now: what was said of those before goes. */
static bool take_place(const WebContext *context, WebWaiting *waiting)
{
    const char *sheet = http_request_form(context->request, "sheet");
    const char *text = http_request_form(context->request, "header");
    const LedgerImport *plan = waiting->plan;
    int64_t row = 0;
    bool is_row = text != NULL && text_parse_int(text, &row) && row > 0;
    bool is_other_row = is_row && plan != NULL && row != plan->header;
    bool is_other_sheet = sheet != NULL && plan != NULL && g_strcmp0(sheet, plan->sheet) != 0;
    bool is_said = http_request_form(context->request, "above") != NULL || is_other_row;
    if (sheet != NULL && g_strcmp0(sheet, waiting->sheet) != 0) {
        g_free(waiting->sheet);
        waiting->sheet = g_strdup(sheet);
        waiting->is_changed = true;
    }
    if (is_other_sheet && !is_other_row) { /* its header is another's */
        waiting->header = 0;
    } else if (is_row && is_said && row != waiting->header) {
        waiting->header = row;
        waiting->is_changed = true;
    }
    return is_other_row || is_other_sheet;
}

/* Put @list (takes) in the place of *@old, which a plan was made with. */
static void take_list(WebWaiting *waiting, char ***old, char **list)
{
    static const char *const none[] = {NULL};
    const char *const *before = *old != NULL ? (const char *const *)*old : none;
    waiting->is_changed = waiting->is_changed || !g_strv_equal(before, (const char *const *)list);
    g_strfreev(*old);
    *old = list;
}

/* Take which field each column is said to fill.  A choice that is the plan's own is none of the
 * reader's, unless it was before. */
static void take_columns(const WebContext *context, WebWaiting *waiting)
{
    const GPtrArray *columns = waiting->plan->columns;
    g_autoptr(GPtrArray) mapping = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(columns, i);
        const char *field = http_request_form(context->request, web_import_control(context, i));
        if (field == NULL) {
            continue;
        }
        bool is_as_planned = g_str_equal(field, ledger_column_target(column));
        const char *said = g_str_equal(field, WEB_IMPORT_NO_FIELD) ? "" : field;
        if (!is_as_planned || g_strcmp0(column->why, "given") == 0) {
            g_ptr_array_add(mapping, g_strconcat(column->header, "=", said, NULL));
        }
        waiting->is_changed = waiting->is_changed || !is_as_planned;
    }
    g_ptr_array_add(mapping, NULL);
    g_strfreev(waiting->mapping);
    waiting->mapping = (char **)g_ptr_array_steal(mapping, NULL);
}

/* ---- for all rows ---------------------------------------------------------------------------- */

bool web_import_may_set(const LedgerImport *plan, const SchemaField *field)
{
    bool may = field->kind != SCHEMA_FIELD_FILE && field->kind != SCHEMA_FIELD_ROWS &&
               field->set_by_step == NULL;
    for (guint i = 0; i < plan->columns->len && may; i++) {
        may = ((const LedgerColumn *)g_ptr_array_index(plan->columns, i))->field != field;
    }
    return may;
}

const char *web_import_given(const WebWaiting *waiting, const SchemaField *field)
{
    size_t length = strlen(field->name);
    for (size_t i = 0; waiting->set != NULL && waiting->set[i] != NULL; i++) {
        if (strncmp(waiting->set[i], field->name, length) == 0 && waiting->set[i][length] == '=') {
            return waiting->set[i] + length + 1;
        }
    }
    return NULL;
}

/* Return whether the form puts a column into @field. */
static bool is_column_of(const WebContext *context, const LedgerImport *plan,
                         const SchemaField *field)
{
    bool is_so = false;
    for (guint i = 0; i < plan->columns->len && !is_so; i++) {
        is_so = g_strcmp0(http_request_form(context->request, web_import_control(context, i)),
                          field->name) == 0;
    }
    return is_so;
}

/* Return @field as a control has it that may be left empty, kept. */
static const SchemaField *optional(const WebContext *context, const SchemaField *field)
{
    SchemaField *copy = web_new(context, SchemaField);
    *copy = *field;
    copy->is_required = false;
    return copy;
}

/* Read what the control of @field, whose id begins with @prefix, holds into *@ret_text, kept, as a
 * plan takes it; "" for nothing.  False for what the field does not take, which is noted. */
static bool read_control(const WebContext *context, const SchemaField *field, const char *prefix,
                         const char **ret_text)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    g_ptr_array_add(fields, (gpointer)field);
    guint n_faults = context->faults->len;
    g_autoptr(LedgerInput) input =
        web_input_read(context, field->ledger, fields, prefix, false, NULL);
    *ret_text =
        input != NULL ? web_control_text(context, field, &input->values[field->position]) : "";
    return context->faults->len == n_faults;
}

/* Take what all rows are given.  What a column is to fill is given by that; what was added without
 * a value yet is kept so, that it is asked for. */
static bool take_set(const WebContext *context, WebWaiting *waiting)
{
    const GPtrArray *fields = waiting->plan->ledger->fields;
    const char *added = http_request_form(context->request, "give");
    g_autoptr(GStrvBuilder) set = g_strv_builder_new();
    bool is_good = true;
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        const char *text = web_import_given(waiting, field);
        if (is_column_of(context, waiting->plan, field) ||
            !web_import_may_set(waiting->plan, field)) {
            continue;
        }
        if (web_field_is_typed(context, field)) {
            is_good =
                read_control(context, optional(context, field), WEB_IMPORT_ALL, &text) && is_good;
            text = *text != '\0' ? text : NULL;
        }
        if (text != NULL || g_strcmp0(added, field->name) == 0) {
            g_autofree char *pair = g_strconcat(field->name, "=", text, NULL);
            g_strv_builder_add(set, pair);
        }
    }
    take_list(waiting, &waiting->set, g_strv_builder_end(set));
    return is_good;
}

/* ---- what values mean ------------------------------------------------------------------------ */

const SchemaField *web_import_value_field(const WebContext *context, const LedgerImport *plan,
                                          guint i, const char **ret_prefix)
{
    const LedgerCellValue *value = g_ptr_array_index(plan->values, i);
    SchemaField *one = web_new(context, SchemaField);
    ledger_import_one_of(value->column->field, one);
    one->name = (char *)web_keep(context, g_strdup_printf("value-%u", i)); /* no pack has such */
    *ret_prefix = "value";
    return one;
}

/* Return whether the form leaves @column what the plan has it for. */
static bool is_same_column(const WebContext *context, const LedgerImport *plan,
                           const LedgerColumn *column)
{
    guint index = 0;
    g_ptr_array_find(plan->columns, column, &index);
    const char *field = http_request_form(context->request, web_import_control(context, index));
    return field == NULL || g_str_equal(field, ledger_column_target(column));
}

/* Return what the form says that @value, value @i of @plan, means, kept; NULL: nothing that is the
 * reader's.  What cannot be it is noted, and *@ret_is_good false. */
static const char *read_meaning(const WebContext *context, const LedgerImport *plan, guint i,
                                const LedgerCellValue *value, bool *ret_is_good)
{
    const char *prefix = NULL;
    const SchemaField *field = web_import_value_field(context, plan, i, &prefix);
    bool is_given = g_strcmp0(value->why, "given") == 0;
    const char *text = value->name;
    if (!is_same_column(context, plan, value->column)) {
        return NULL;
    }
    if (!web_field_is_typed(context, field)) {
        return is_given ? text : NULL;
    }
    *ret_is_good = read_control(context, field, prefix, &text);
    bool is_said = *text != '\0' || value->guess != NULL || value->name != NULL;
    bool is_as_planned = g_strcmp0(text, value->name) == 0;
    return is_said && (is_given || !is_as_planned) ? text : NULL;
}

/* Take what values of cells are said to mean. */
static bool take_values(const WebContext *context, WebWaiting *waiting)
{
    const LedgerImport *plan = waiting->plan;
    g_autoptr(GStrvBuilder) values = g_strv_builder_new();
    bool is_good = true;
    for (guint i = 0; i < plan->values->len; i++) {
        const LedgerCellValue *value = g_ptr_array_index(plan->values, i);
        bool is_value = true;
        const char *name = read_meaning(context, plan, i, value, &is_value);
        if (name != NULL && is_value) {
            g_autofree char *word =
                g_strconcat(value->column->header, ":", value->text, "=", name, NULL);
            g_strv_builder_add(values, word);
        }
        is_good = is_good && is_value;
    }
    take_list(waiting, &waiting->values, g_strv_builder_end(values));
    return is_good;
}

bool web_import_take_form(const WebContext *context, WebWaiting *waiting)
{
    int year = waiting->default_year;
    bool is_year = web_import_read_year(context, &year);
    waiting->is_changed = waiting->is_changed || year != waiting->default_year;
    bool is_good = true;
    if (take_place(context, waiting)) {
        g_clear_pointer(&waiting->mapping, g_strfreev);
        g_clear_pointer(&waiting->set, g_strfreev);
        g_clear_pointer(&waiting->values, g_strfreev);
    } else if (waiting->plan != NULL) {
        take_columns(context, waiting);
        is_good = take_set(context, waiting);
        is_good = take_values(context, waiting) && is_good;
    }
    waiting->default_year = year;
    waiting->skip_bad = http_request_form(context->request, "skip") != NULL;
    waiting->is_again = http_request_form(context->request, "again") != NULL;
    waiting->is_new = http_request_form(context->request, "new") != NULL;
    waiting->is_changed = waiting->is_changed || (waiting->plan != NULL && !waiting->is_new &&
                                                  waiting->plan->is_leaving_known);
    return is_year && is_good;
}

/* ---- the work -------------------------------------------------------------------------------- */

/* Return those of @set (NULL: none) that have a value; the caller owns it. */
static char **without_empty(char **set)
{
    g_autoptr(GStrvBuilder) filled = g_strv_builder_new();
    for (size_t i = 0; set != NULL && set[i] != NULL; i++) {
        if (!g_str_has_suffix(set[i], "=")) {
            g_strv_builder_add(filled, set[i]);
        }
    }
    return g_strv_builder_end(filled);
}

bool web_import_check(WebWork *work, void *data, GError **error)
{
    WebWaiting *waiting = data;
    const SchemaLedger *ledger = schema_ledger(office_schema(waiting->office), waiting->ledger);
    if (ledger == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no ledger '%s'", waiting->ledger);
        return false;
    }
    g_autoptr(RightsSubject) subject =
        rights_subject_account(waiting->office, waiting->account, error);
    if (subject == NULL) {
        return false;
    }
    work_lock(work);
    g_auto(GStrv) mapping = g_strdupv(waiting->mapping);
    g_auto(GStrv) set = without_empty(waiting->set);
    g_auto(GStrv) values = g_strdupv(waiting->values);
    g_autofree char *sheet = g_strdup(waiting->sheet);
    const LedgerImportHints hints = {.mapping = (const char *const *)mapping,
                                     .set = (const char *const *)set,
                                     .values = (const char *const *)values,
                                     .default_year = waiting->default_year,
                                     .sheet = sheet,
                                     .header = waiting->header,
                                     .subject = subject,
                                     .progress = work_report,
                                     .data = work};
    work_unlock(work);
    g_autoptr(LedgerImport) plan =
        ledger_import_plan(waiting->office, ledger, waiting->path, &hints, error);
    if (plan == NULL) {
        return false;
    }
    work_lock(work);
    LedgerImport *old = waiting->plan;
    waiting->plan = g_steal_pointer(&plan);
    waiting->is_changed = false;
    work_unlock(work);
    ledger_import_free(old);
    return true;
}

/* Say whether the plan is of the pack in force, of what was chosen, and of what the ledger holds.
 */
static bool find_current(const WebWaiting *waiting, bool *ret_is_current, GError **error)
{
    *ret_is_current =
        waiting->plan != NULL && !waiting->is_changed &&
        waiting->plan->ledger == schema_ledger(office_schema(waiting->office), waiting->ledger);
    if (!*ret_is_current) {
        return true;
    }
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(waiting->office), error);
    return reader != NULL && ledger_import_is_current(waiting->plan, reader, ret_is_current, error);
}

/* Write the rows; the batch. */
static bool write_rows(WebWork *work, WebWaiting *waiting, int64_t *ret_batch, GError **error)
{
    g_autoptr(RightsSubject) subject =
        rights_subject_account(waiting->office, waiting->account, error);
    if (subject == NULL) {
        return false;
    }
    const LogAct act = {.actor = subject->actor, .from = waiting->from};
    return ledger_import_run(waiting->office, subject, &act, waiting->plan, waiting->skip_bad,
                             work_report, work, ret_batch, error);
}

/* Whether what was imported before may come again, or is left out. */
static bool check_known(WebWaiting *waiting, GError **error)
{
    LedgerImport *plan = waiting->plan;
    if (plan->erased_before != 0 && !waiting->is_again) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "this very file was imported before and erased for good; say so if what it says "
                  "is to come back");
        return false;
    }
    if (plan->is_seen_before && !waiting->is_again && !waiting->is_new) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "this very file was imported before; say so if it is to be imported once more");
        return false;
    }
    if (plan->known->len > 0 && !waiting->is_again && !waiting->is_new) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "%u {row is|rows are} in the ledger already or {says|say} what a row above says; "
                  "say whether to leave them out or to import them all",
                  plan->known->len);
        return false;
    }
    if (waiting->is_new) {
        ledger_import_leave_known(plan);
    }
    return true;
}

/* Check the rows anew; CONFLICT where more of them are bad than the page showed. */
static bool check_anew(WebWork *work, WebWaiting *waiting, GError **error)
{
    int64_t n_bad = waiting->plan != NULL ? waiting->plan->n_bad : 0;
    if (!web_import_check(work, waiting, error)) {
        return false;
    }
    if (waiting->plan->n_bad > n_bad) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "checked anew, more rows are bad than before; nothing is imported until you have "
                  "seen which");
        return false;
    }
    return true;
}

bool web_import_run(WebWork *work, void *data, GError **error)
{
    WebWaiting *waiting = data;
    int64_t batch = 0;
    bool is_current = false;
    if (waiting->batch != 0) {
        return true;
    }
    if (!find_current(waiting, &is_current, error) ||
        (!is_current && !check_anew(work, waiting, error))) {
        return false;
    }
    if (!check_known(waiting, error) || !write_rows(work, waiting, &batch, error)) {
        return false;
    }
    work_lock(work);
    waiting->batch = batch;
    work_unlock(work);
    return true;
}
