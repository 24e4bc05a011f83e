#include "web/pages.h"

#include <glib/gstdio.h>

#include "base/text.h"
#include "calendar/period.h"
#include "table/reader.h"
#include "table/writer.h"
#include "web/account.h"
#include "web/import.h"
#include "web/site.h"
#include "web/templates.h"

#define FAULTS_SHOWN 50
#define SAMPLE_ROWS 3
#define SAMPLE_CHARS 24 /* of each cell */
#define TOKEN_BYTES 12
#define COLUMN_PREFIX "column-"
#define PASTED_NAME "pasted.csv"

/* ---- the file that waits --------------------------------------------------------------------- */

/* Return the folder in which the file @token of this session waits; the caller owns it. */
static char *folder_of(const WebContext *context, const char *token)
{
    g_autofree char *name = g_strdup_printf("import-%.16s-%s", context->session->id, token);
    return g_build_filename(context->site->folder, name, NULL);
}

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

/* Throw away what has waited in @folder for more than @seconds, of any session. */
static void remove_older(const char *folder, int64_t seconds)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        GStatBuf state;
        if (g_str_has_prefix(name, "import-") && g_stat(path, &state) == 0 &&
            state.st_mtime + seconds <= g_get_real_time() / G_USEC_PER_SEC) {
            remove_folder(path);
        }
    }
}

void web_remove_waiting(const char *folder)
{
    remove_older(folder, 0);
}

/* Return the path of the file that waits under @token; NOT_FOUND.  The caller owns it. */
static char *find_waiting(const WebContext *context, const char *token, GError **error)
{
    uint8_t bytes[TOKEN_BYTES];
    if (text_from_hex(token, bytes, sizeof bytes)) {
        g_autofree char *folder = folder_of(context, token);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name = dir != NULL ? g_dir_read_name(dir) : NULL;
        if (name != NULL) {
            return g_build_filename(folder, name, NULL);
        }
    }
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "the file does not wait any more; send it again");
    return NULL;
}

/* Make a folder for a file called @name; returns its path there, and its token; the caller owns
 * both. */
static char *make_place(const WebContext *context, const char *name, char **ret_token,
                        GError **error)
{
    uint8_t bytes[TOKEN_BYTES];
    source_random(source_system(), bytes, sizeof bytes);
    *ret_token = text_to_hex(bytes, sizeof bytes);
    g_autofree char *folder = folder_of(context, *ret_token);
    if (g_mkdir(folder, 0700) != 0) {
        error_set_errno(error, errno, "cannot keep the file");
        return NULL;
    }
    return g_build_filename(folder, name, NULL);
}

/* Keep what the form brings, a file or pasted cells; returns its path and its token, which the
 * caller owns. */
static char *keep_sent(const WebContext *context, char **ret_token, GError **error)
{
    const GPtrArray *uploads = http_request_uploads(context->request);
    const char *pasted = http_request_form(context->request, "pasted");
    remove_older(context->site->folder, WEB_WAITING_SECONDS);
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        if (upload->n_bytes == 0) {
            continue;
        }
        g_autofree char *path = make_place(context, upload->name, ret_token, error);
        if (path != NULL && g_rename(upload->path, path) != 0) {
            error_set_errno(error, errno, "cannot keep the file");
            return NULL;
        }
        return g_steal_pointer(&path);
    }
    if (pasted == NULL || *pasted == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "choose a file, or paste cells into the field");
        return NULL;
    }
    g_autofree char *path = make_place(context, PASTED_NAME, ret_token, error);
    return path != NULL && g_file_set_contents(path, pasted, -1, error) ? g_steal_pointer(&path)
                                                                        : NULL;
}

/* ---- the plan -------------------------------------------------------------------------------- */

static const char *words_of_why(const WebContext *context, const char *why)
{
    static const struct {
        const char *why;
        const char *words;
    } rows[] = {
        {"name", N_("by its name")},
        {"alias", N_("by another name of the field")},
        {"content", N_("by what the cells hold")},
        {"given", N_("as you said")},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_strcmp0(rows[i].why, why) == 0) {
            return web_tr(context, rows[i].words);
        }
    }
    return "";
}

static WebImportColumn *make_column(const WebContext *context, const LedgerImport *plan, guint i)
{
    const LedgerColumn *column = g_ptr_array_index(plan->columns, i);
    WebImportColumn *shown = web_new(context, WebImportColumn);
    shown->header = web_keep(context, g_strdup(column->header));
    shown->name = web_keep(context, g_strdup_printf(COLUMN_PREFIX "%u", i));
    shown->why = words_of_why(context, column->why);
    shown->sample = "";
    shown->choices = web_array(context);
    for (guint j = 0; j < plan->ledger->fields->len; j++) {
        const SchemaField *field = g_ptr_array_index(plan->ledger->fields, j);
        if (field->kind != SCHEMA_FIELD_ROWS && field->kind != SCHEMA_FIELD_FILE) {
            WebChoice *choice = web_new(context, WebChoice);
            *choice =
                (WebChoice){field->name, web_words(context, &field->words), field == column->field};
            g_ptr_array_add(shown->choices, choice);
        }
    }
    return shown;
}

/* Open the rows of @path, past their header; the caller owns the reader. */
static TableReader *open_rows(const char *path, GError **error)
{
    g_autoptr(TableReader) reader = table_reader_open(path, error);
    return reader != NULL && table_reader_read_header(reader, 0, error) ? g_steal_pointer(&reader)
                                                                        : NULL;
}

/* Show what the first cells of each column hold; a file that can no longer be read shows none. */
static void add_samples(const WebContext *context, WebImport *shown, const char *path)
{
    g_autoptr(TableReader) reader = open_rows(path, NULL);
    TableRow row;
    bool has_row = reader != NULL;
    for (int n = 0; n < SAMPLE_ROWS && has_row; n++) {
        if (!table_reader_next(reader, &row, &has_row, NULL) || !has_row) {
            return;
        }
        for (guint i = 0; i < shown->columns->len && i < row.n_cells; i++) {
            WebImportColumn *column = g_ptr_array_index(shown->columns, i);
            const char *text = row.cells[i].text;
            if (*text != '\0') {
                g_autofree char *cut =
                    g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), SAMPLE_CHARS));
                column->sample =
                    web_keep(context, g_strconcat(column->sample,
                                                  *column->sample != '\0' ? " / " : "", cut, NULL));
            }
        }
    }
}

static void show_plan(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    shown->n_rows = plan->n_rows;
    shown->n_bad = plan->n_bad;
    shown->n_faults = plan->n_faults;
    shown->is_seen_before = plan->is_seen_before;
    for (guint i = 0; i < plan->columns->len; i++) {
        g_ptr_array_add(shown->columns, make_column(context, plan, i));
    }
    for (guint i = 0; i < plan->faults->len && i < FAULTS_SHOWN; i++) {
        const LedgerFault *fault = g_ptr_array_index(plan->faults, i);
        WebImportFault *line = web_new(context, WebImportFault);
        line->row = web_number(context, fault->row);
        line->column = fault->column != NULL ? web_keep(context, g_strdup(fault->column)) : "";
        line->reason = web_fault(context, fault->error);
        g_ptr_array_add(shown->faults, line);
    }
}

/* Return "header=field" for each column as the form maps them, NULL-terminated, kept; NULL: the
 * form does not say. */
static const char *const *read_mapping(const WebContext *context, const LedgerImport *proposed)
{
    GPtrArray *mapping = web_array(context);
    for (guint i = 0; i < proposed->columns->len; i++) {
        const LedgerColumn *column = g_ptr_array_index(proposed->columns, i);
        g_autofree char *name = g_strdup_printf(COLUMN_PREFIX "%u", i);
        const char *field = http_request_form(context->request, name);
        if (field != NULL) {
            g_ptr_array_add(mapping,
                            web_keep(context, g_strconcat(column->header, "=", field, NULL)));
        }
    }
    g_ptr_array_add(mapping, NULL);
    return mapping->len > 1 ? (const char *const *)mapping->pdata : NULL;
}

static int read_year(const WebContext *context)
{
    const char *text = http_request_form(context->request, "year");
    int64_t year = 0;
    return text != NULL && text_parse_int(text, &year) && year >= PERIOD_MIN_YEAR &&
                   year <= PERIOD_MAX_YEAR
               ? (int)year
               : date_year(web_today(context));
}

/* Plan the import of @path as the form says; the caller owns it. */
static LedgerImport *plan_import(const WebContext *context, const SchemaLedger *ledger,
                                 const char *path, GError **error)
{
    LedgerImportHints hints = {.default_year = read_year(context)};
    g_autoptr(LedgerImport) plan = ledger_import_plan(context->office, ledger, path, &hints, error);
    if (plan == NULL) {
        return NULL;
    }
    hints.mapping = read_mapping(context, plan);
    return hints.mapping == NULL ? g_steal_pointer(&plan)
                                 : ledger_import_plan(context->office, ledger, path, &hints, error);
}

/* ---- the page -------------------------------------------------------------------------------- */

static bool add_batches(const WebContext *context, const SchemaLedger *ledger, WebImport *shown,
                        GError **error)
{
    g_autoptr(GPtrArray) batches = ledger_import_list(context->reader, error);
    for (guint i = 0; batches != NULL && i < batches->len; i++) {
        const LedgerBatch *batch = g_ptr_array_index(batches, i);
        if (!g_str_equal(batch->ledger, ledger->name)) {
            continue;
        }
        WebBatch *line = web_new(context, WebBatch);
        line->id = web_number(context, batch->id);
        line->name = web_keep(context, g_strdup(batch->name));
        line->n_rows = web_number(context, batch->n_rows);
        line->may_undo = g_str_equal(batch->state, "done");
        line->state = line->may_undo                        ? web_tr(context, N_("imported"))
                      : g_str_equal(batch->state, "undone") ? web_tr(context, N_("taken back"))
                                                            : web_tr(context, N_("unfinished"));
        g_ptr_array_add(shown->batches, line);
    }
    return batches != NULL;
}

static WebImport *begin(const WebContext *context, const SchemaLedger *ledger)
{
    WebImport *shown = web_new(context, WebImport);
    shown->address = web_keep(context, g_strconcat("/ledger/", ledger->name, "/import", NULL));
    shown->words = web_words(context, &ledger->words);
    shown->year = web_number(context, read_year(context));
    shown->asks_password = web_asks_own_password(context);
    shown->columns = web_array(context);
    shown->faults = web_array(context);
    shown->batches = web_array(context);
    return shown;
}

static bool send_import(WebContext *context, const SchemaLedger *ledger, WebImport *shown,
                        GError **error)
{
    if (!add_batches(context, ledger, shown, error)) {
        return false;
    }
    GString *out =
        web_page_begin(context, web_say(context, N_("Import a spreadsheet: %s"), shown->words));
    template_import_page(out, &context->html, context, shown);
    web_page_send(context, out);
    return true;
}

bool web_page_import(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    return ledger != NULL && send_import(context, ledger, begin(context, ledger), error);
}

/* ---- the bad rows as a file ------------------------------------------------------------------ */

/* Return why the row on @line is bad, kept; NULL for one that is good. */
static const char *reasons_of(const WebContext *context, const LedgerImport *plan, int64_t line)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < plan->faults->len; i++) {
        const LedgerFault *fault = g_ptr_array_index(plan->faults, i);
        if (fault->row == line) {
            g_string_append_printf(out, "%s%s%s%s", out->len > 0 ? "; " : "",
                                   fault->column != NULL ? fault->column : "",
                                   fault->column != NULL ? ": " : "",
                                   web_fault(context, fault->error));
        }
    }
    const char *reasons = web_keep(context, g_string_free(out, false));
    return *reasons != '\0' ? reasons : NULL;
}

/* Write the bad rows of @reader, as they are, with why behind each. */
static bool write_bad(const WebContext *context, const LedgerImport *plan, TableReader *reader,
                      TableWriter *writer, GError **error)
{
    size_t n = 0;
    const char *const *columns = table_reader_columns(reader, &n);
    g_autofree const char **names = g_new0(const char *, n + 1);
    g_autofree TableCell *cells = g_new0(TableCell, n + 1);
    memcpy(names, columns, n * sizeof *names);
    names[n] = web_tr(context, N_("Reason"));
    int64_t last =
        plan->faults->len > 0
            ? ((LedgerFault *)g_ptr_array_index(plan->faults, plan->faults->len - 1))->row
            : 0;
    TableRow row = {0};
    bool has_row = table_writer_header(writer, names, n + 1, error);
    if (!has_row) {
        return false;
    }
    while (has_row && row.line < last) {
        if (!table_reader_next(reader, &row, &has_row, error)) {
            return false;
        }
        const char *why = has_row ? reasons_of(context, plan, row.line) : NULL;
        if (why == NULL) {
            continue;
        }
        memcpy(cells, row.cells, MIN(n, row.n_cells) * sizeof *cells);
        cells[n] = table_cell_make(TABLE_CELL_TEXT, why);
        if (!table_writer_row(writer, cells, n + 1, error)) {
            return false;
        }
    }
    return table_writer_finish(writer, error);
}

/* Answer with the bad rows of @path: to be mended, and imported by themselves. */
static bool send_bad(WebContext *context, const LedgerImport *plan, const char *path,
                     GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *place = g_strconcat(folder, ".bad", NULL);
    const TableWriterOptions options = {.has_mark = true};
    g_autoptr(TableReader) reader = open_rows(path, error);
    g_autoptr(TableWriter) writer =
        reader != NULL ? table_writer_open(place, TABLE_FORMAT_CSV, &options, error) : NULL;
    bool is_sent = writer != NULL && write_bad(context, plan, reader, writer, error) &&
                   http_response_set_file(context->response, "text/csv; charset=utf-8", place,
                                          "bad-rows.csv", error);
    g_unlink(place);
    return is_sent;
}

/* Carry @plan out, and go to what came of it. */
static bool carry_out(WebContext *context, LedgerImport *plan, const char *path, GError **error)
{
    bool skip_bad = http_request_form(context->request, "skip") != NULL;
    int64_t batch = 0;
    if (plan->is_seen_before && http_request_form(context->request, "again") == NULL) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "this very file was imported before; say so if it is to be imported once more");
        return false;
    }
    if (!ledger_import_run(context->office, context->subject, &context->act, plan, skip_bad, NULL,
                           NULL, &batch, error)) {
        return false;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    remove_folder(folder);
    http_response_redirect(context->response,
                           web_keep(context, g_strconcat("/ledger/", plan->ledger->name, NULL)));
    return true;
}

bool web_page_import_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    if (ledger == NULL) {
        return false;
    }
    WebImport *shown = begin(context, ledger);
    const char *waiting = http_request_form(context->request, "file");
    bool is_waiting = waiting != NULL && *waiting != '\0';
    g_autofree char *token = is_waiting ? g_strdup(waiting) : NULL;
    g_autoptr(GError) refused = NULL;
    g_autofree char *path = is_waiting ? find_waiting(context, waiting, &refused)
                                       : keep_sent(context, &token, &refused);
    g_autoptr(LedgerImport) plan =
        path != NULL ? plan_import(context, ledger, path, &refused) : NULL;
    bool is_final = http_request_form(context->request, "import") != NULL;
    bool wants_bad = http_request_form(context->request, "bad") != NULL;
    if (plan != NULL && wants_bad && send_bad(context, plan, path, &refused)) {
        return true;
    }
    if (plan != NULL && is_final && carry_out(context, plan, path, &refused)) {
        return true;
    }
    if (plan != NULL) {
        shown->file = web_keep(context, g_strdup(token));
        shown->name = web_keep(context, g_path_get_basename(path));
        show_plan(context, shown, plan);
        add_samples(context, shown, path);
    }
    if (refused != NULL) {
        http_response_set_status(context->response, web_error_status(refused));
        shown->fault = web_fault(context, refused);
    }
    return send_import(context, ledger, shown, error);
}

bool web_page_import_undo_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    int64_t batch = 0;
    if (ledger == NULL) {
        return false;
    }
    if (!text_parse_int(context->parts[1], &batch)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    bool is_forced = http_request_form(context->request, "force") != NULL;
    WebImport *shown = begin(context, ledger);
    g_autoptr(GError) refused = NULL;
    if (web_check_own_again(context, &refused) &&
        ledger_import_undo(context->office, context->subject, &context->act, batch, is_forced,
                           &refused)) {
        http_response_redirect(context->response, shown->address);
        return true;
    }
    http_response_set_status(context->response, web_error_status(refused));
    shown->fault = web_fault(context, refused);
    return send_import(context, ledger, shown, error);
}
