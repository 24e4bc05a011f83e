#include "web/pages.h"

#include <glib/gstdio.h>

#include "base/text.h"
#include "ledger/prepare.h"
#include "ledger/row.h"
#include "table/reader.h"
#include "table/writer.h"
#include "web/account.h"
#include "web/import.h"
#include "web/notice.h"
#include "web/rows.h"
#include "web/templates.h"

#define FAULTS_SHOWN 50
#define ROW "batch" /* of ids of rows */
#define SAMPLE_ROWS 3
#define SAMPLE_CHARS 24 /* of each cell */

/* ---- the plan -------------------------------------------------------------------------------- */

static WebImportColumn *make_column(const WebContext *context, const LedgerImport *plan, guint i)
{
    const LedgerColumn *column = g_ptr_array_index(plan->columns, i);
    WebImportColumn *shown = web_new(context, WebImportColumn);
    shown->header = web_keep(context, g_strdup(column->header));
    shown->name = web_import_control(context, i);
    shown->why = web_keep(context, ledger_column_say_why(column, context->html.language));
    shown->sample = "";
    shown->is_double = g_strcmp0(column->why, "double") == 0;
    shown->choices = web_array(context);
    const char *chosen = http_request_form(context->request, shown->name);
    if (chosen == NULL) {
        chosen = ledger_column_target(column);
    }
    for (guint j = 0; j < plan->ledger->fields->len; j++) {
        const SchemaField *field = g_ptr_array_index(plan->ledger->fields, j);
        if (field->kind != SCHEMA_FIELD_FILE) {
            WebChoice *choice = web_new(context, WebChoice);
            *choice = (WebChoice){field->name, web_words(context, &field->words),
                                  g_str_equal(field->name, chosen)};
            g_ptr_array_add(shown->choices, choice);
        }
    }
    for (guint j = 0; j < plan->ledger->steps->len; j++) {
        const SchemaStep *step = g_ptr_array_index(plan->ledger->steps, j);
        WebChoice *choice = web_new(context, WebChoice);
        *choice = (WebChoice){step->name,
                              web_say(context, "who did '%s'", web_words(context, &step->words)),
                              g_str_equal(step->name, chosen)};
        g_ptr_array_add(shown->choices, choice);
    }
    return shown;
}

/* ---- for all rows ---------------------------------------------------------------------------- */

/* Return the control for @field whose id begins with @prefix, with @text in it (NULL or "":
 * nothing), unless something is typed into it. */
static WebField *make_filled(const WebContext *context, const SchemaField *field,
                             const char *prefix, const char *text)
{
    g_autoptr(LedgerEntry) entry = ledger_entry_new(field->ledger);
    Value *value = &entry->values[field->position];
    int64_t unit = 0;
    if (text != NULL && *text != '\0') {
        ledger_field_parse(field, text, context->names, office_offset_seconds(context->office), 0,
                           value, NULL);
    } else if (field == field->ledger->unit && ledger_subject_own_unit(context->subject, &unit) &&
               unit != 0) { /* as in the form of one entry */
        *value = value_ref(unit);
    }
    WebField *shown = web_field_new(context, field, prefix, entry);
    shown->section = NULL;
    return shown;
}

/* Show what all rows are given, or have to be, and what else they may be. */
static void show_given(const WebContext *context, WebImport *shown, const WebWaiting *waiting)
{
    const LedgerImport *plan = waiting->plan;
    g_autoptr(GPtrArray) unfilled = ledger_import_unfilled(plan);
    shown->is_lacking = unfilled->len > 0;
    shown->is_asking = shown->is_lacking || ledger_import_has_guess(plan);
    for (guint i = 0; i < plan->ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(plan->ledger->fields, i);
        const char *text = web_import_given(waiting, field);
        bool is_needed = g_ptr_array_find(unfilled, field, NULL);
        if (!web_import_may_set(plan, field)) {
            continue;
        }
        if (is_needed || text != NULL || web_field_is_typed(context, field)) {
            WebField *control = make_filled(context, field, WEB_IMPORT_ALL, text);
            control->is_required = is_needed;
            g_ptr_array_add(shown->given, control);
        } else {
            WebChoice *choice = web_new(context, WebChoice);
            *choice = (WebChoice){field->name, web_words(context, &field->words), false};
            g_ptr_array_add(shown->givable, choice);
        }
    }
}

/* ---- what values mean ------------------------------------------------------------------------ */

/* Show which values are no choice, unit or person, and what each is said or guessed to mean. */
static void show_values(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    for (guint i = 0; i < plan->values->len; i++) {
        const LedgerCellValue *value = g_ptr_array_index(plan->values, i);
        WebImportValue *line = web_new(context, WebImportValue);
        const char *prefix = NULL;
        const SchemaField *field = web_import_value_field(context, plan, i, &prefix);
        const char *name = value->name != NULL ? value->name : value->guess;
        line->header = web_keep(context, g_strdup(value->column->header));
        line->text = web_keep(context, g_strdup(value->text));
        line->n_rows = web_number(context, value->n_rows);
        line->why = value->name != NULL ? web_tr(context, ledger_import_why_words(value->why))
                    : value->guess != NULL
                        ? web_tr(context, N_("a guess; look whether it is right"))
                        : "";
        line->label = web_say(context, N_("what '%s' means"), line->text);
        line->field = make_filled(context, field, prefix, name);
        line->field->help = NULL;
        g_ptr_array_add(shown->values, line);
    }
    if (plan->n_values_left > 0) {
        shown->values_left =
            web_say(context, N_("and %lld more, which are asked for once these are said"),
                    (long long)plan->n_values_left);
    }
}

/* Show what the first cells of each column hold; a file that can no longer be read shows none. */
static void add_samples(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    g_autoptr(TableReader) reader = ledger_import_open_rows(plan, NULL);
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

/* Return what was found in the file, or what became of it. */
static const char *tell(const WebContext *context, const WebImport *shown)
{
    if (shown->n_written == 0) {
        return web_say(context, N_("%s: %lld {row|rows}, %lld of them bad"), shown->name,
                       (long long)shown->n_rows, (long long)shown->n_bad);
    }
    return shown->n_bad > 0
               ? web_say(context, N_("%s: %lld {row|rows} imported, %lld bad {row|rows} left out"),
                         shown->name, (long long)shown->n_written, (long long)shown->n_bad)
               : web_say(context, N_("%s: %lld {row|rows} imported"), shown->name,
                         (long long)shown->n_written);
}

const char *web_import_fault(const WebContext *context, const LedgerFault *fault)
{
    g_autoptr(GError) error = g_error_copy(fault->error);
    if (fault->column != NULL) {
        error_unprefix(&error);
    }
    return web_fault(context, error);
}

/* Say which rows are left out. */
static const char *say_left_out(const WebContext *context, const LedgerImport *plan)
{
    long long header = (long long)plan->header;
    long long n_above = (long long)plan->n_above;
    long long n_asides = (long long)plan->n_asides;
    if (n_asides == 0) {
        return web_say(context,
                       N_("Row %lld is the header; left out are %lld {row|rows} above it."), header,
                       n_above);
    }
    return n_above == 0
               ? web_say(context,
                         N_("Row %lld is the header; left out are %lld {row|rows} "
                            "that {is|are} no {record|records}."),
                         header, n_asides)
               : web_say(context,
                         N_("Row %lld is the header; left out are %lld {row|rows} above it and "
                            "%lld {row|rows} that {is|are} no {record|records}."),
                         header, n_above, n_asides);
}

static void add_left(const WebContext *context, WebImport *shown, const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const LedgerLeftRow *row = g_ptr_array_index(rows, i);
        WebImportLeft *line = web_new(context, WebImportLeft);
        *line = (WebImportLeft){web_number(context, row->row),
                                web_keep(context, g_strdup(row->text)), row->is_data};
        g_ptr_array_add(shown->left, line);
    }
}

static void add_sheet(const WebContext *context, WebImport *shown, const char *name, bool is_chosen)
{
    WebChoice *choice = web_new(context, WebChoice);
    const char *kept = web_keep(context, g_strdup(name));
    *choice = (WebChoice){kept, kept, is_chosen};
    g_ptr_array_add(shown->sheets, choice);
}

/* Show what of the file is not imported, and ask where it is not clear. */
static void show_left_out(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    if (plan->n_above + plan->n_asides > 0) {
        shown->left_out = say_left_out(context, plan);
    }
    if (plan->n_above > 0 || !plan->is_header_known) {
        shown->header = web_number(context, plan->header);
    }
    shown->has_lost = ledger_import_lost(plan) > 0;
    shown->is_asked = shown->has_lost || !plan->is_header_known;
    add_left(context, shown, plan->above);
    add_left(context, shown, plan->asides);
    if (plan->sheet != NULL && plan->sheets->len > 0) {
        add_sheet(context, shown, plan->sheet, true);
        for (guint i = 0; i < plan->sheets->len; i++) {
            const LedgerSheet *sheet = g_ptr_array_index(plan->sheets, i);
            add_sheet(context, shown, sheet->name, false);
        }
    }
}

/* Return which entry the row @known is, and where it says something else. */
static const char *say_known(const WebContext *context, const LedgerKnownRow *known)
{
    if (known->is_hidden) {
        return web_tr(context, N_("an entry that you may not read"));
    }
    if (known->number == NULL) {
        return web_say(context, N_("says what row %lld says"), (long long)known->above);
    }
    if (known->is_gone) {
        return web_say(context, N_("%s, which was taken out of the books"), known->number);
    }
    if (known->differs == NULL) {
        return web_keep(context, g_strdup(known->number));
    }
    bool is_english = g_str_equal(context->html.language, "en");
    g_autoptr(GString) fields = g_string_new(NULL);
    for (guint i = 0; i < known->differs->len; i++) {
        const SchemaField *field = g_ptr_array_index(known->differs, i);
        g_string_append(fields, i == 0 ? "" : is_english ? ", " : "、");
        g_string_append(fields, schema_words_get(&field->words, context->html.language));
    }
    return web_say(context, N_("%s, which does not say the same in %s"), known->number,
                   fields->str);
}

static void add_known(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    for (guint i = 0; i < plan->known->len && i < FAULTS_SHOWN; i++) {
        const LedgerKnownRow *known = &g_array_index(plan->known, LedgerKnownRow, i);
        WebImportLeft *line = web_new(context, WebImportLeft);
        line->row = web_number(context, known->row);
        line->text = say_known(context, known);
        g_ptr_array_add(shown->known_rows, line);
    }
}

/* Say which columns of days may be a field that another was taken for. */
static void note_rivals(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    g_autoptr(GPtrArray) rivals = ledger_import_rivals(plan);
    for (guint i = 0; i < rivals->len; i++) {
        const LedgerRival *rival = g_ptr_array_index(rivals, i);
        g_ptr_array_add(
            shown->notes,
            (gpointer)web_say(context, "The column '%s' is taken for '%s'; '%s' may be it too.",
                              rival->taken->header, web_words(context, &rival->taken->field->words),
                              rival->other->header));
    }
}

static void add_notes(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    note_rivals(context, shown, plan);
    if (plan->n_hidden > 0) {
        g_ptr_array_add(
            shown->notes,
            (gpointer)web_say(
                context, N_("%lld {row|rows} that the sheet hides {is|are} read like the others."),
                (long long)plan->n_hidden));
    }
    if (plan->n_merged > 0) {
        g_ptr_array_add(
            shown->notes,
            (gpointer)web_say(context,
                              N_("%lld {amount|amounts} of merged cells {is|are} taken for the "
                                 "first of their rows alone, and left empty in the others."),
                              (long long)plan->n_merged));
    }
    if (plan->n_kept > 0) {
        g_ptr_array_add(
            shown->notes,
            (gpointer)web_say(context,
                              N_("%lld {cell|cells} {says|say} more than the field takes, an hour, "
                                 "a remark in brackets "
                                 "or further lines: the whole is kept beside the entry."),
                              (long long)plan->n_kept));
    }
    if (plan->n_sharing > 0) {
        const SchemaField *field = ledger_import_gathering(plan->ledger);
        g_ptr_array_add(
            shown->notes,
            (gpointer)web_say(context,
                              N_("%u rows share title and day with others: there are only %u of "
                                 "these. Each row becomes an entry of its own and is counted as "
                                 "one; where a row is one person's part in the same thing, write "
                                 "one row for all, with the names in one cell, 张三、李四, under "
                                 "'%s'."),
                              plan->n_sharing, plan->n_shared, web_words(context, &field->words)));
    }
    if (plan->n_erased > 0) {
        g_ptr_array_add(
            shown->notes,
            (gpointer)web_say(context,
                              N_("%lld {entry|entries} of this ledger {was|were} taken out of the "
                                 "books and erased for good: nothing tells whether a row says the "
                                 "same, so look that none does."),
                              (long long)plan->n_erased));
    }
}

static void show_plan(const WebContext *context, WebImport *shown, const LedgerImport *plan)
{
    shown->has_plan = true;
    add_notes(context, shown, plan);
    shown->n_rows = plan->n_rows;
    shown->n_bad = plan->n_bad;
    shown->n_faults = plan->n_faults;
    shown->is_seen_before = plan->is_seen_before;
    shown->is_erased_before = plan->erased_before != 0;
    shown->known = plan->known->len > 0
                       ? web_say(context,
                                 plan->n_repeated == 0
                                     ? N_("%u of %lld rows {is|are} in the ledger already:")
                                     : N_("%u of %lld rows {is|are} in the ledger already or "
                                          "{says|say} what a row above says:"),
                                 plan->known->len, (long long)plan->n_rows)
                       : NULL;
    add_known(context, shown, plan);
    show_left_out(context, shown, plan);
    for (guint i = 0; i < plan->columns->len; i++) {
        g_ptr_array_add(shown->columns, make_column(context, plan, i));
    }
    for (guint i = 0; i < plan->faults->len && i < FAULTS_SHOWN; i++) {
        const LedgerFault *fault = g_ptr_array_index(plan->faults, i);
        WebImportFault *line = web_new(context, WebImportFault);
        line->row = web_number(context, fault->row);
        line->column = fault->column != NULL ? web_keep(context, g_strdup(fault->column)) : "";
        line->reason = web_import_fault(context, fault);
        g_ptr_array_add(shown->faults, line);
    }
    int64_t n_more = plan->n_faults - (int64_t)shown->faults->len;
    shown->more = n_more > 0 ? web_say(context, N_("and %lld more"), (long long)n_more) : NULL;
}

/* ---- imports that were made, as files -------------------------------------------------------- */

/* Return what the file of @batch was called, kept. */
static const char *name_batch(const WebContext *context, const LedgerBatch *batch)
{
    return g_str_equal(batch->name, LEDGER_BATCH_ERASED) ? web_tr(context, N_("(erased)"))
                                                         : web_import_name(context, batch->name);
}

/* Return what the state of @batch is called. */
static const char *state_of_batch(const WebContext *context, const LedgerBatch *batch)
{
    return g_str_equal(batch->state, "done")     ? web_tr(context, N_("imported"))
           : g_str_equal(batch->state, "undone") ? web_tr(context, N_("taken back"))
                                                 : web_tr(context, N_("unfinished"));
}

static const WebRowsColumn batch_columns[] = {{"id", N_("Batch")},
                                              {"file", N_("File")},
                                              {"sha256", "SHA-256"},
                                              {"rows", N_("rows")},
                                              {"state", N_("State")}};

static bool tell_batch(const WebContext *context, WebSink *sink, const SchemaLedger *ledger,
                       const LedgerBatch *batch, GError **error)
{
    int64_t changed_us = 0;
    if (sink->feed != NULL && !web_changed_last(context, batch->id, &changed_us, error)) {
        return false;
    }
    g_autofree char *address = g_strconcat("/ledger/", ledger->name, "/import", NULL);
    const TableCell cells[G_N_ELEMENTS(batch_columns)] = {
        web_cell_number(context, batch->id),
        web_cell_text(name_batch(context, batch)),
        web_cell_text(batch->sha256),
        web_cell_number(context, batch->n_rows),
        web_cell_text(sink->has_names ? batch->state : state_of_batch(context, batch)),
    };
    const WebLine line = {.cells = cells,
                          .id = web_row_id(context, ROW, batch->id),
                          .title = name_batch(context, batch),
                          .address = address,
                          .said = state_of_batch(context, batch),
                          .changed_us = changed_us};
    return web_sink_take(context, sink, &line, error);
}

/* Those of the ledger @data, the newest first. */
static bool read_batches(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    const SchemaLedger *ledger = data;
    g_autoptr(GPtrArray) batches = ledger_import_list(context->reader, error);
    for (guint i = 0; batches != NULL && i < batches->len; i++) {
        const LedgerBatch *batch = g_ptr_array_index(batches, i);
        if (g_str_equal(batch->ledger, ledger->name) &&
            !tell_batch(context, sink, ledger, batch, error)) {
            return false;
        }
    }
    return batches != NULL;
}

static WebRows batch_rows(const WebContext *context, const SchemaLedger *ledger)
{
    return (WebRows){
        .name = "imports",
        .words =
            web_say(context, N_("Import a spreadsheet: %s"), web_words(context, &ledger->words)),
        .file = web_say(context, N_("%s, imports"), web_words(context, &ledger->words)),
        .query = "",
        .columns = batch_columns,
        .n_columns = G_N_ELEMENTS(batch_columns),
        .read = read_batches,
        .data = ledger};
}

bool web_import_send_batch(WebContext *context, const SchemaLedger *ledger, int64_t id,
                           GError **error)
{
    const WebRows rows = batch_rows(context, ledger);
    return web_rows_send_one(context, &rows, web_row_id(context, ROW, id), error);
}

/* Return the batch that the file became which waits at @address; 0: none. */
static int64_t batch_of_file(const WebContext *context, const char *address)
{
    g_autoptr(WebWork) work = works_find(context->site->works, address, context->subject->actor);
    WebWorkLook look = {.is_running = true};
    int64_t batch = 0;
    if (work != NULL) {
        work_look(work, &look);
    }
    if (!look.is_running && look.sort == WEB_WORK_IMPORT) {
        batch = ((const WebWaiting *)work_lock(work))->batch;
        work_unlock(work);
    }
    return batch;
}

/* Say that @batch was taken back, where @shown shows it as done. */
static void tell_undone(const WebContext *context, WebImport *shown, const LedgerBatch *batch)
{
    if (batch->id == shown->batch) {
        shown->undone =
            web_say(context, N_("It was taken back: by %s, %s."),
                    web_actor(context, batch->undone_by), web_time(context, batch->undone_us));
    }
    for (guint i = 0; i < shown->works->len; i++) {
        WebWorkLine *line = g_ptr_array_index(shown->works, i);
        if (batch_of_file(context, line->address) == batch->id) {
            line->state = web_tr(context, N_("taken back"));
            line->tag = "";
        }
    }
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
        line->own = web_keep(context, g_strconcat("own-", line->id, NULL));
        line->why = web_keep(context, g_strconcat("why-", line->id, NULL));
        line->is_open =
            g_str_has_suffix(context->path, "/undo") && g_str_equal(context->parts[1], line->id);
        line->name = name_batch(context, batch);
        line->n_rows = web_number(context, batch->n_rows);
        bool is_done = g_str_equal(batch->state, "done");
        line->may_undo = is_done && rights_may(context->subject, RIGHTS_ENTRY_DELETE, NULL, NULL);
        line->state = state_of_batch(context, batch);
        g_ptr_array_add(shown->batches, line);
        if (batch->undone_by != NULL) {
            tell_undone(context, shown, batch);
        }
    }
    return batches != NULL;
}

/* Return whether a control of @shown suggests names from @list. */
static bool asks_for(const WebImport *shown, const char *list)
{
    bool asks = false;
    for (guint i = 0; i < shown->given->len && !asks; i++) {
        asks = g_strcmp0(((const WebField *)g_ptr_array_index(shown->given, i))->list, list) == 0;
    }
    for (guint i = 0; i < shown->values->len && !asks; i++) {
        const WebImportValue *value = g_ptr_array_index(shown->values, i);
        asks = g_strcmp0(value->field->list, list) == 0;
    }
    return asks;
}

/* Let the names be suggested that a control of @shown asks for. */
static bool add_names(const WebContext *context, WebImport *shown, GError **error)
{
    if (asks_for(shown, "units")) {
        shown->units = web_known_names(context, SCHEMA_FIELD_UNIT, error);
    }
    if (asks_for(shown, "people") && shown->units != NULL) {
        shown->people = web_known_names(context, SCHEMA_FIELD_PERSON, error);
    }
    return shown->units != NULL && shown->people != NULL;
}

static WebImport *begin(const WebContext *context, const SchemaLedger *ledger)
{
    WebImport *shown = web_new(context, WebImport);
    shown->ledger = web_keep(context, g_strconcat("/ledger/", ledger->name, NULL));
    shown->address = web_keep(context, g_strconcat(shown->ledger, "/import", NULL));
    shown->words = web_words(context, &ledger->words);
    const char *year = http_request_form(context->request, "year");
    shown->year = year != NULL ? year : "";
    shown->asks_password = web_asks_own_password(context);
    shown->columns = web_array(context);
    shown->given = web_array(context);
    shown->givable = web_array(context);
    shown->values = web_array(context);
    shown->units = web_array(context);
    shown->people = web_array(context);
    shown->faults = web_array(context);
    shown->known_rows = web_array(context);
    shown->notes = web_array(context);
    shown->left = web_array(context);
    shown->sheets = web_array(context);
    shown->batches = web_array(context);
    shown->works = web_work_lines(context);
    return shown;
}

/* Send what @shown holds, with @refused (NULL: nothing was). */
static bool send_import(WebContext *context, const SchemaLedger *ledger, WebImport *shown,
                        const GError *refused, GError **error)
{
    if (!add_batches(context, ledger, shown, error) || !add_names(context, shown, error)) {
        return false;
    }
    const WebRows rows = batch_rows(context, ledger);
    bool is_here = g_str_has_suffix(context->path, "/import"); /* else its address is another's */
    shown->endings = is_here ? web_rows_endings(context, &rows) : NULL;
    web_fault_tell(context, refused != NULL ? g_error_copy(refused) : NULL);
    GString *out =
        web_page_begin(context, web_say(context, N_("Import a spreadsheet: %s"), shown->words));
    template_import_page(out, &context->html, context, shown);
    web_page_send(context, out);
    return true;
}

bool web_page_import(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    if (ledger == NULL || *context->ending == '\0') {
        return ledger != NULL && send_import(context, ledger, begin(context, ledger), NULL, error);
    }
    const WebRows rows = batch_rows(context, ledger);
    return web_rows_send(context, &rows, error);
}

/* ---- the bad rows as a file ------------------------------------------------------------------ */

/* Return why the row on @line is bad, kept; *@next is the first of the plan's faults that may be of
 * it, and goes on.  Of a file with very many faults, those of the last rows are not kept. */
static const char *reasons_of(const WebContext *context, const LedgerImport *plan, int64_t line,
                              guint *next)
{
    GString *out = g_string_new(NULL);
    for (; *next < plan->faults->len; ++*next) {
        const LedgerFault *fault = g_ptr_array_index(plan->faults, *next);
        if (fault->row > line) {
            break;
        }
        g_string_append_printf(out, "%s%s%s%s", out->len > 0 ? "; " : "",
                               fault->column != NULL ? fault->column : "",
                               fault->column != NULL ? ": " : "", web_import_fault(context, fault));
    }
    const char *reasons = web_keep(context, g_string_free(out, false));
    return *reasons != '\0' ? reasons
                            : web_tr(context, N_("bad; mend the others, and check it again to see"
                                                 " why"));
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
    TableRow row = {0};
    guint next_bad = 0, next_fault = 0;
    bool has_row = table_writer_header(writer, names, n + 1, error);
    if (!has_row) {
        return false;
    }
    while (has_row && next_bad < plan->bad->len) {
        if (!table_reader_next(reader, &row, &has_row, error)) {
            return false;
        }
        if (!has_row || row.line != g_array_index(plan->bad, int64_t, next_bad)) {
            continue;
        }
        const char *why = reasons_of(context, plan, row.line, &next_fault);
        next_bad++;
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
    g_autoptr(TableReader) reader = ledger_import_open_rows(plan, error);
    g_autoptr(TableWriter) writer =
        reader != NULL ? table_writer_open(place, TABLE_FORMAT_CSV, &options, error) : NULL;
    bool is_sent = writer != NULL && write_bad(context, plan, reader, writer, error) &&
                   http_response_set_file(context->response, "text/csv; charset=utf-8", place,
                                          web_tr(context, N_("bad-rows.csv")), error);
    g_unlink(place);
    return is_sent;
}

/* ---- one file -------------------------------------------------------------------------------- */

/* Show how @work stands: under way, imported, checked, or refused. */
static bool send_file(WebContext *context, const SchemaLedger *ledger, WebWork *work,
                      const GError *refused, GError **error)
{
    WebImport *shown = begin(context, ledger);
    g_autoptr(GError) fault = work_fault(work);
    WebWorkLook look;
    work_look(work, &look);
    shown->file = context->path;
    shown->name = web_keep(context, g_strdup(work_title(work)));
    shown->progress = web_progress(context, work,
                                   look.sort == WEB_WORK_CHECK
                                       ? web_tr(context, N_("The rows are being checked"))
                                       : web_tr(context, N_("The rows are being imported")),
                                   context->path);
    if (shown->progress != NULL) {
        return send_import(context, ledger, shown, refused, error);
    }
    const WebWaiting *waiting = work_lock(work);
    if (web_fault_at(context, "year") == NULL) {
        shown->year = waiting->default_year != 0 ? web_number(context, waiting->default_year) : "";
    }
    shown->is_again = waiting->is_again;
    shown->is_new = waiting->is_new;
    if (waiting->plan != NULL) {
        show_plan(context, shown, waiting->plan);
        show_given(context, shown, waiting);
        show_values(context, shown, waiting->plan);
        shown->batch = waiting->batch;
        shown->n_written = waiting->batch != 0 ? ledger_import_n_taken(waiting->plan) : 0;
        shown->told = tell(context, shown);
        add_samples(context, shown, waiting->plan);
    }
    work_unlock(work);
    return send_import(context, ledger, shown, refused != NULL ? refused : fault, error);
}

/* Find the ledger and the file of this page.  A file that is not there any more: the page says so,
 * and *ret_work is NULL. */
static const SchemaLedger *find_file(WebContext *context, WebWork **ret_work, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    g_autoptr(GError) refused = NULL;
    *ret_work = ledger != NULL ? web_work_here(context, &refused) : NULL;
    if (refused != NULL && !send_import(context, ledger, begin(context, ledger), refused, error)) {
        return NULL;
    }
    return ledger;
}

bool web_page_import_file(WebContext *context, GError **error)
{
    g_autoptr(WebWork) work = NULL;
    const SchemaLedger *ledger = find_file(context, &work, error);
    return ledger != NULL && (work == NULL || send_file(context, ledger, work, NULL, error));
}

/* Answer with the bad rows of @work's file. */
static bool send_bad_rows(WebContext *context, WebWork *work, GError **error)
{
    const WebWaiting *waiting = work_lock(work);
    bool is_sent = waiting->plan != NULL && send_bad(context, waiting->plan, waiting->path, error);
    work_unlock(work);
    return is_sent;
}

/* Throw the file away, and go back to the others. */
static bool discard(WebContext *context, const SchemaLedger *ledger, WebWork *work)
{
    works_remove(context->site->works, work);
    web_work_forget(context, false);
    web_redirect_told(context, begin(context, ledger)->address,
                      web_tr(context, N_("The file is thrown away.")));
    return true;
}

bool web_page_import_file_post(WebContext *context, GError **error)
{
    g_autoptr(WebWork) work = NULL;
    const SchemaLedger *ledger = find_file(context, &work, error);
    if (ledger == NULL || work == NULL) {
        return ledger != NULL;
    }
    const HttpRequest *request = context->request;
    g_autoptr(GError) refused = NULL;
    WebWorkLook look;
    work_look(work, &look);
    if (look.is_running) {
        if (http_request_form(request, "cancel") != NULL) {
            work_cancel(work);
            work_wait(work, WEB_PROGRESS_WAIT_US);
        }
        http_response_redirect(context->response, context->path);
        return true;
    }
    if (http_request_form(request, "discard") != NULL) {
        return discard(context, ledger, work);
    }
    if (http_request_form(request, "bad") != NULL) {
        return send_bad_rows(context, work, &refused) ||
               send_file(context, ledger, work, refused, error);
    }
    bool is_taken = web_import_take_form(context, work_lock(work));
    work_unlock(work);
    if (!is_taken) {
        return send_file(context, ledger, work, NULL, error);
    }
    bool is_final = http_request_form(request, "import") != NULL;
    if (!web_work_start(context, work, is_final ? WEB_WORK_IMPORT : WEB_WORK_CHECK,
                        is_final ? web_import_run : web_import_check, &refused)) {
        return send_file(context, ledger, work, refused, error);
    }
    http_response_redirect(context->response, context->path);
    return true;
}

/* Take a file in and have it checked. */
bool web_page_import_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    g_autoptr(GError) refused = NULL;
    if (ledger == NULL) {
        return false;
    }
    bool is_discarded = http_request_form(context->request, "discard") != NULL;
    web_work_forget(context, is_discarded);
    if (is_discarded) {
        web_redirect_told(context, begin(context, ledger)->address,
                          web_tr(context, N_("The files are thrown away.")));
        return true;
    }
    g_autoptr(WebWork) work = web_import_add(context, ledger, &refused);
    if (work == NULL) {
        web_fault_note_about(context, "upload", "upload",
                             web_tr(context, N_("File, .xlsx or .csv")), refused);
        return send_import(context, ledger, begin(context, ledger), refused, error);
    }
    /* Where too many are checked, its page offers to check it later. */
    web_work_start(context, work, WEB_WORK_CHECK, web_import_check, NULL);
    http_response_redirect(context->response, web_keep(context, g_strdup(work_key(work))));
    return true;
}

/* ---- taking back ----------------------------------------------------------------------------- */

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
    const char *own = web_keep(context, g_strconcat("own-", context->parts[1], NULL));
    const WebNeed why = {"why", web_keep(context, g_strconcat("why-", context->parts[1], NULL)),
                         N_("Why")};
    LogAct act = context->act;
    act.why = http_request_form(context->request, "why");
    if (web_check_own_again(context, own, is_forced ? &why : NULL, &refused) &&
        ledger_import_undo(context->office, context->subject, &act, batch, is_forced, &refused)) {
        web_redirect_told(context, shown->address,
                          web_say(context, N_("Batch %lld is taken back."), (long long)batch));
        return true;
    }
    return send_import(context, ledger, shown, refused, error);
}
