#include "web/list.h"

#include "base/message.h"
#include "base/text.h"
#include "ledger/evaluate.h"
#include "office/unit.h"

#define SOON_DAYS 7
#define HOURS_SHOWN 48 /* a deadline with an hour is told in hours below so many */
#define HOUR_US (G_TIME_SPAN_HOUR)
#define DEFAULT_FIELDS 3 /* declared fields that have a column unless others are asked for */

/* ---- deadlines and states -------------------------------------------------------------------- */

const char *web_state_words(const WebContext *context, const SchemaLedger *ledger, const char *name)
{
    const SchemaChoice *state = schema_ledger_state(ledger, name);
    return state != NULL ? web_words(context, &state->words) : name;
}

/* Say in hours how the running deadline @due_us stands; NULL for one that is the end of a day, or
 * two days away. */
static const char *due_in_hours(const WebContext *context, int64_t due_us)
{
    int offset_seconds = office_offset_seconds(context->office);
    int64_t left_us = due_us - web_now_us(context);
    int hours = (int)(ABS(left_us) / HOUR_US);
    if (date_to_us(date_from_us(due_us, offset_seconds), 0, offset_seconds) == due_us ||
        hours >= HOURS_SHOWN) {
        return NULL;
    }
    if (left_us <= 0) {
        return web_say(context, N_("%d {hour|hours} late"), MAX(1, hours));
    }
    return hours > 0 ? web_say(context, N_("in %d {hour|hours}"), hours)
                     : web_tr(context, N_("within the hour"));
}

/* Say how the running deadline of @entry stands. */
static const char *due_running(const WebContext *context, const LedgerEntry *entry,
                               const char **ret_class)
{
    int offset_seconds = office_offset_seconds(context->office);
    const char *in_hours = due_in_hours(context, entry->due_us);
    /* a deadline at midnight is the end of the day before */
    int days = date_from_us(entry->due_us - 1, offset_seconds) - web_today(context);
    if (entry->due_us <= web_now_us(context)) {
        *ret_class = WEB_DUE_LATE;
        return in_hours != NULL ? in_hours
                                : web_say(context, N_("%d {day|days} late"), MAX(1, -days));
    }
    *ret_class = days <= SOON_DAYS ? WEB_DUE_SOON : "";
    if (in_hours != NULL) {
        return in_hours;
    }
    if (days == 0) {
        return web_tr(context, N_("today"));
    }
    return days == 1 ? web_tr(context, N_("tomorrow")) : web_say(context, N_("in %d days"), days);
}

const char *web_due(const WebContext *context, const LedgerEntry *entry, const char **ret_class)
{
    *ret_class = NULL;
    if (entry->due_us == 0) {
        return NULL;
    }
    if (entry->stopped_us != 0) {
        bool is_late = ledger_entry_days_late(entry, entry->stopped_us,
                                              office_offset_seconds(context->office)) > 0;
        *ret_class = is_late ? WEB_DUE_LATE : WEB_DUE_OK;
        return is_late ? web_tr(context, N_("done late")) : web_tr(context, N_("in time"));
    }
    const char *due = due_running(context, entry, ret_class);
    return entry->is_due_provisional ? web_say(context, N_("%s, provisional"), due) : due;
}

const char *web_due_mark(const WebContext *context, const LedgerEntry *entry,
                         const char **ret_first)
{
    if (entry->due_first_us == 0) {
        return NULL;
    }
    *ret_first =
        web_say(context, N_("first deadline: %s"), web_deadline(context, entry->due_first_us));
    return entry->due_us > entry->due_first_us ? web_tr(context, N_("extended"))
                                               : web_tr(context, N_("moved"));
}

/* ---- the address ----------------------------------------------------------------------------- */

const char *web_list_get(const WebList *list, const char *name)
{
    for (guint i = 0; i < list->parts->len; i++) {
        const WebPart *part = g_ptr_array_index(list->parts, i);
        if (g_str_equal(part->name, name)) {
            return part->value;
        }
    }
    return "";
}

static void add_part(const WebContext *context, WebList *list, const char *name, const char *value)
{
    if (value != NULL && *value != '\0') {
        WebPart *part = web_new(context, WebPart);
        part->name = name;
        part->value = value;
        g_ptr_array_add(list->parts, part);
    }
}

/* Let the part @name say @value; "": take it away. */
static void set_part(WebList *list, const char *name, const char *value)
{
    for (guint i = list->parts->len; i > 0; i--) {
        WebPart *part = g_ptr_array_index(list->parts, i - 1);
        if (g_str_equal(part->name, name)) {
            part->value = value;
            if (*value == '\0') {
                g_ptr_array_remove_index(list->parts, i - 1);
            }
        }
    }
}

/* Return all columns that were ticked as one part: "channel,grade". */
static const char *join_columns(const WebContext *context)
{
    const GPtrArray *given = http_request_query_all(context->request, "cols");
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < given->len; i++) {
        g_string_append(out, out->len > 0 ? "," : "");
        g_string_append(out, g_ptr_array_index(given, i));
    }
    return web_keep(context, g_strdup(out->str));
}

/* Take over filters by fields that the ledger has no more: as conditions they are refused, so that
 * nobody takes a longer list for the one that was kept. */
static void read_strange(const WebContext *context, WebList *list)
{
    const char *query = http_request_query_text(context->request);
    g_auto(GStrv) parts = g_strsplit(query != NULL ? query : "", "&", -1);
    for (char **part = parts; *part != NULL; part++) {
        const char *name = web_keep(context, g_strndup(*part, strcspn(*part, "=")));
        if (g_str_has_prefix(name, WEB_FIELD_PREFIX) && *web_list_get(list, name) == '\0') {
            add_part(context, list, name, http_request_query(context->request, name));
        }
    }
}

/* Take over what the address says. */
static void read_parts(const WebContext *context, WebList *list)
{
    static const char *const before[] = {"q", "state"};
    static const char *const after[] = {"due", "unit", "mine", "date", "from", "until", "where"};
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
        add_part(context, list, before[i], http_request_query(context->request, before[i]));
    }
    for (guint i = 0; i < list->ledger->list->len; i++) {
        const SchemaField *field = g_ptr_array_index(list->ledger->list, i);
        const char *name = web_keep(context, g_strconcat(WEB_FIELD_PREFIX, field->name, NULL));
        if (field->kind == SCHEMA_FIELD_CHOICE && !field->is_personal) {
            add_part(context, list, name, http_request_query(context->request, name));
        }
    }
    read_strange(context, list);
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++) {
        add_part(context, list, after[i], http_request_query(context->request, after[i]));
    }
    if (*web_list_get(list, "from") == '\0' && *web_list_get(list, "until") == '\0') {
        set_part(list, "date", ""); /* the box stands there, but nothing in it */
    }
    add_part(context, list, "cols", join_columns(context));
    add_part(context, list, "sort", http_request_query(context->request, "sort"));
    add_part(context, list, "desc", http_request_query(context->request, "desc"));
}

static bool is_sortable(const SchemaLedger *ledger, const SchemaField *field)
{
    return g_ptr_array_find(ledger->list, field, NULL);
}

/* Return the date by which the list is held to a period, if lists are sorted by it; else NULL. */
static const char *period_order(const WebList *list)
{
    const char *date = web_list_get(list, "date");
    const SchemaField *field = schema_ledger_field(list->ledger, date);
    if (*web_list_get(list, "from") == '\0' && *web_list_get(list, "until") == '\0') {
        return NULL;
    }
    if (*date == '\0' || g_str_equal(date, "opened") || g_str_equal(date, "due")) {
        return *date != '\0' ? date : "opened";
    }
    return field != NULL && is_sortable(list->ledger, field) ? field->name : NULL;
}

/* The newest first; of a period, by its date, which has an index; what is due, the most urgent
 * first. */
static void read_order(WebList *list)
{
    const char *due = web_list_get(list, "due");
    const char *date = period_order(list);
    static const char *const running[] = {"late", "soon", "later", "running", NULL};
    bool is_running = g_strv_contains(running, due);
    list->sort = web_list_get(list, "sort");
    list->descending = g_str_equal(web_list_get(list, "desc"), "1") ? "1" : "";
    if (*list->sort == '\0') {
        list->sort = is_running ? "due" : date != NULL ? date : "recorded";
        list->descending = is_running ? "" : "1";
    }
}

/* Append a part of the query of an address: behind "&", the first one as well. */
static void append_part(GString *out, const char *name, const char *value)
{
    if (value != NULL && *value != '\0') {
        g_string_append_c(out, '&');
        g_string_append(out, name);
        g_string_append_c(out, '=');
        g_string_append_uri_escaped(out, value, ",", false);
    }
}

/* Return whether @name is one of the names in @pairs, of names and values. */
static bool is_among(const char *name, va_list pairs)
{
    va_list at;
    va_copy(at, pairs);
    const char *other = va_arg(at, const char *);
    while (other != NULL && !g_str_equal(other, name)) {
        (void)va_arg(at, const char *);
        other = va_arg(at, const char *);
    }
    va_end(at);
    return other != NULL;
}

const char *web_list_address(const WebContext *context, const WebList *list, const char *ending,
                             ...)
{
    GString *out = g_string_new("/ledger/");
    g_string_append(out, list->name);
    g_string_append(out, ending);
    size_t query = out->len;
    va_list pairs, at;
    va_start(pairs, ending);
    va_copy(at, pairs);
    for (const char *name = va_arg(at, const char *); name != NULL;
         name = va_arg(at, const char *)) {
        append_part(out, name, va_arg(at, const char *));
    }
    va_end(at);
    for (guint i = 0; i < list->parts->len; i++) {
        const WebPart *part = g_ptr_array_index(list->parts, i);
        if (!is_among(part->name, pairs)) {
            append_part(out, part->name, part->value);
        }
    }
    va_end(pairs);
    if (out->len > query) {
        out->str[query] = '?';
    }
    return web_keep(context, g_string_free(out, false));
}

const WebView *web_list_view(const WebList *list)
{
    for (guint i = 0; i < list->views->len; i++) {
        const WebView *view = g_ptr_array_index(list->views, i);
        if (view->is_here) {
            return view;
        }
    }
    return NULL;
}

/* ---- columns --------------------------------------------------------------------------------- */

typedef enum Shown {
    SHOWN_FIELD,
    SHOWN_OPENED,
    SHOWN_UNIT,
    SHOWN_STATE,
    SHOWN_DUE,
    SHOWN_RECORDER,
    SHOWN_RECORDED,
} Shown;

/* A column that a list may have.  Names with "-" meet no field's. */
typedef struct Column {
    Shown shown;
    const char *name;
    const char *words;
    const SchemaField *field; /* SHOWN_FIELD */
    const char *sort;         /* NULL: cannot be sorted by */
    bool is_default;
} Column;

static void add_possible(const WebContext *context, GPtrArray *columns, Column column)
{
    Column *kept = web_new(context, Column);
    *kept = column;
    g_ptr_array_add(columns, kept);
}

/* Fields that a list reads with its rows, short enough for a cell; declared ones first. */
static void add_possible_fields(const WebContext *context, const SchemaLedger *ledger,
                                bool is_declared, GPtrArray *columns)
{
    int n_default = 0;
    const GPtrArray *fields = is_declared ? ledger->list : ledger->fields;
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        bool is_shown = schema_kind_info(field->kind)->column_type != NULL &&
                        field->kind != SCHEMA_FIELD_LONG && !field->is_personal &&
                        field != ledger->title && field != ledger->opened &&
                        is_sortable(ledger, field) == is_declared;
        if (is_shown) {
            add_possible(context, columns,
                         (Column){SHOWN_FIELD, field->name, web_words(context, &field->words),
                                  field, is_declared ? field->name : NULL,
                                  is_declared && n_default++ < DEFAULT_FIELDS});
        }
    }
}

/* Return every column that a list of @ledger may have besides number and title (of Column). */
static GPtrArray *possible_columns(const WebContext *context, const SchemaLedger *ledger)
{
    GPtrArray *columns = web_array(context);
    bool has_clock = ledger->clocks->len > 0;
    bool has_states = ledger->states->len > 1;
    add_possible(context, columns,
                 (Column){SHOWN_OPENED, "opened",
                          ledger->opened != NULL ? web_words(context, &ledger->opened->words)
                                                 : web_tr(context, N_("Opened")),
                          NULL, "opened", true});
    add_possible_fields(context, ledger, true, columns);
    if (has_states) {
        add_possible(
            context, columns,
            (Column){SHOWN_STATE, "state", web_tr(context, N_("State")), NULL, "state", true});
    }
    if (has_clock) {
        add_possible(
            context, columns,
            (Column){SHOWN_DUE, "due", web_tr(context, N_("Deadline")), NULL, "due", true});
    }
    add_possible_fields(context, ledger, false, columns);
    add_possible(context, columns,
                 (Column){SHOWN_UNIT, "unit", web_tr(context, N_("Unit")), NULL, NULL, false});
    add_possible(context, columns,
                 (Column){SHOWN_RECORDER, "recorded-by", web_tr(context, N_("Recorded by")), NULL,
                          NULL, false});
    add_possible(context, columns,
                 (Column){SHOWN_RECORDED, "recorded-on", web_tr(context, N_("Recorded on")), NULL,
                          "recorded", false});
    return columns;
}

/* Note the columns and the order that the address, kept under an older pack, asks for in vain; the
 * list goes on without them. */
static void drop_stale(const WebContext *context, WebList *list)
{
    static const char *const orders[] = {"recorded", "opened", "due", "state", NULL};
    g_auto(GStrv) names = g_strsplit(web_list_get(list, "cols"), ",", -1);
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    g_autoptr(GPtrArray) lost = g_ptr_array_new();
    for (char **name = names; *name != NULL; name++) {
        bool is_known = false;
        for (guint i = 0; i < list->possible->len; i++) {
            is_known = is_known ||
                       g_str_equal(((Column *)g_ptr_array_index(list->possible, i))->name, *name);
        }
        g_ptr_array_add(is_known ? known : lost, *name);
    }
    const SchemaField *field = schema_ledger_field(list->ledger, list->sort);
    if (!g_strv_contains(orders, list->sort) &&
        (field == NULL || !is_sortable(list->ledger, field))) {
        g_ptr_array_add(lost, (char *)list->sort);
        set_part(list, "sort", "");
        set_part(list, "desc", "");
        read_order(list);
    }
    if (known->len < g_strv_length(names)) {
        g_ptr_array_add(known, NULL);
        set_part(list, "cols", web_keep(context, g_strjoinv(",", (char **)known->pdata)));
    }
    if (lost->len > 0) {
        g_ptr_array_add(lost, NULL);
        g_autofree char *text = g_strjoinv(", ", (char **)lost->pdata);
        list->stale = web_say(context,
                              N_("This ledger's list has no column '%s'; it is"
                                 " shown without it."),
                              text);
    }
}

/* Return those columns that the address asks for, else the usual ones. */
static GPtrArray *shown_columns(const WebContext *context, WebList *list)
{
    const char *asked = web_list_get(list, "cols");
    g_auto(GStrv) names = g_strsplit(asked, ",", -1);
    GPtrArray *shown = web_array(context);
    list->choosable = web_array(context);
    for (guint i = 0; i < list->possible->len; i++) {
        Column *column = g_ptr_array_index(list->possible, i);
        bool is_shown = *asked != '\0' ? g_strv_contains((const char *const *)names, column->name)
                                       : column->is_default;
        WebChoice *choice = web_new(context, WebChoice);
        *choice = (WebChoice){column->name, column->words, is_shown};
        g_ptr_array_add(list->choosable, choice);
        if (is_shown && shown->len < WEB_LIST_MAX_COLUMNS) {
            g_ptr_array_add(shown, column);
        }
    }
    return shown;
}

static const char *class_of(const SchemaField *field)
{
    switch (schema_kind_info(field->kind)->value_kind) {
    case VALUE_NUMBER:
        return "n num";
    case VALUE_DATE:
    case VALUE_TIME:
        return "n";
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_TEXT:
    case VALUE_REF:
    case VALUE_LIST:
        return "";
    }
    g_assert_not_reached();
}

static void add_heading(const WebContext *context, WebList *list, const char *words,
                        const char *sort, const char *class_name)
{
    WebColumn *column = web_new(context, WebColumn);
    column->words = words;
    column->mark = "";
    column->order = "none";
    column->class_name = class_name;
    if (sort != NULL) {
        bool is_this = g_str_equal(list->sort, sort);
        bool is_descending = *list->descending != '\0';
        if (is_this) {
            column->mark = is_descending ? "▼" : "▲";
            column->order = is_descending ? "descending" : "ascending";
        }
        column->address = web_list_address(context, list, "", "sort", sort, "desc",
                                           is_this && !is_descending ? "1" : "0", NULL);
    }
    g_ptr_array_add(list->columns, column);
}

static void add_headings(const WebContext *context, WebList *list, const GPtrArray *shown)
{
    const SchemaField *title = list->ledger->title;
    /* an import brings numbers of years past: their order is not that of recording */
    add_heading(context, list, web_tr(context, N_("Number")), NULL, "");
    add_heading(context, list, web_words(context, &title->words),
                is_sortable(list->ledger, title) ? title->name : NULL, "");
    for (guint i = 0; i < shown->len; i++) {
        const Column *column = g_ptr_array_index(shown, i);
        add_heading(context, list, column->words, column->sort,
                    column->shown == SHOWN_FIELD ? class_of(column->field) : "");
    }
}

/* Say by what the list is sorted where no heading does: its column is not shown. */
static const char *say_order(const WebContext *context, const WebList *list)
{
    const SchemaField *field = schema_ledger_field(list->ledger, list->sort);
    const char *words = field != NULL ? web_words(context, &field->words) : NULL;
    for (guint i = 0; i < list->columns->len; i++) {
        const WebColumn *column = g_ptr_array_index(list->columns, i);
        if (*column->mark != '\0') {
            return NULL;
        }
    }
    for (guint i = 0; i < list->possible->len; i++) {
        const Column *column = g_ptr_array_index(list->possible, i);
        words = g_strcmp0(column->sort, list->sort) == 0 ? column->words : words;
    }
    if (words == NULL) {
        return NULL;
    }
    return *list->descending != '\0' ? web_say(context, N_("sorted by %s, descending"), words)
                                     : web_say(context, N_("sorted by %s, ascending"), words);
}

/* Note which fields the columns of @shown need. */
static void note_fields(const WebContext *context, WebList *list, const GPtrArray *shown)
{
    list->fields = web_array(context);
    list->has_cells = true;
    for (guint i = 0; i < shown->len; i++) {
        const Column *column = g_ptr_array_index(shown, i);
        if (column->shown == SHOWN_FIELD) {
            g_ptr_array_add(list->fields, (gpointer)column->field);
        }
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void add_cell(const WebContext *context, WebRow *row, const char *words, const char *text,
                     const char *address, const char *class_name, const char *tag)
{
    WebCell *cell = web_new(context, WebCell);
    *cell = (WebCell){.text = text,
                      .address = address,
                      .class_name = *text != '\0' ? class_name : "none",
                      .tag = tag,
                      .words = words};
    g_ptr_array_add(row->cells, cell);
}

/* Return @value as a cell says it; a text is borrowed from it. */
static const char *field_text(const WebContext *context, const SchemaField *field,
                              const Value *value)
{
    if (value->kind != VALUE_TEXT || field->kind == SCHEMA_FIELD_PERIOD) {
        return web_field_text(context, field, value);
    }
    const SchemaChoice *choice =
        field->choices != NULL ? schema_field_choice(field, value->text) : NULL;
    return choice != NULL           ? web_words(context, &choice->words)
           : field->choices != NULL ? web_field_text(context, field, value)
                                    : value->text;
}

/* Return when @entry began, to the minute where its ledger knows it. */
static const char *opened_text(const WebContext *context, const LedgerEntry *entry)
{
    const SchemaField *opened = entry->ledger->opened;
    return opened != NULL && opened->kind == SCHEMA_FIELD_TIME ? web_time(context, entry->opened_us)
                                                               : web_day(context, entry->opened_us);
}

static void add_shown(const WebContext *context, WebRow *row, const Column *column,
                      const LedgerEntry *entry)
{
    const char *words = column->words;
    const char *due_class = NULL;
    const char *due = NULL;
    WebCell *cell = NULL;
    switch (column->shown) {
    case SHOWN_FIELD:
        add_cell(context, row, words,
                 field_text(context, column->field, &entry->values[column->field->position]), NULL,
                 class_of(column->field), NULL);
        return;
    case SHOWN_OPENED:
        add_cell(context, row, words, opened_text(context, entry), NULL, "n", NULL);
        return;
    case SHOWN_UNIT:
        add_cell(context, row, words,
                 entry->unit != 0 ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, entry->unit)
                                  : "",
                 NULL, "", NULL);
        return;
    case SHOWN_STATE:
        add_cell(context, row, words, web_state_words(context, entry->ledger, entry->state), NULL,
                 "n", NULL);
        return;
    case SHOWN_DUE:
        due = web_due(context, entry, &due_class);
        add_cell(context, row, words, due != NULL ? due : "", NULL, "n", due_class);
        cell = g_ptr_array_index(row->cells, row->cells->len - 1);
        cell->mark = web_due_mark(context, entry, &cell->why);
        if (entry->is_due_provisional && entry->stopped_us == 0) {
            cell->title =
                web_tr(context, N_("Provisional: the calendar of that year is not published yet."));
        }
        return;
    case SHOWN_RECORDER:
        add_cell(context, row, words, web_actor(context, entry->owner), NULL, "n", NULL);
        return;
    case SHOWN_RECORDED:
        add_cell(context, row, words, web_day(context, entry->added_us), NULL, "n", NULL);
        return;
    }
    g_assert_not_reached();
}

/* Add a row that shows @entry, from which it borrows. */
static void add_row(const WebContext *context, WebList *list, const GPtrArray *shown,
                    const LedgerEntry *entry)
{
    WebRow *row = web_new(context, WebRow);
    row->cells = web_array(context);
    const char *address = web_entry_address(context, entry->number);
    add_cell(context, row, "", entry->number, address, "n", NULL);
    add_cell(context, row, "", entry->title, address, "title", NULL);
    for (guint i = 0; i < shown->len; i++) {
        add_shown(context, row, g_ptr_array_index(shown, i), entry);
    }
    g_ptr_array_add(list->rows, row);
}

/* ---- what it asks for ------------------------------------------------------------------------ */

void web_asked_clear(WebAsked *asked)
{
    expression_free(asked->filter);
    if (asked->units != NULL) {
        g_array_unref(asked->units);
    }
}

/* Read the unit, with those that are or were below it. */
static bool ask_units(const WebContext *context, const WebList *list, WebAsked *asked,
                      GError **error)
{
    const char *text = web_list_get(list, "unit");
    int64_t unit = 0;
    if (*text == '\0') {
        return true;
    }
    if (!text_parse_int(text, &unit)) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no unit '%s'", text);
        return false;
    }
    asked->units = office_unit_subtree(context->reader, unit, DATE_NONE, error);
    asked->query.units = asked->units;
    return asked->units != NULL;
}

bool web_list_ask(const WebContext *context, const WebList *list, WebAsked *ret_asked,
                  GError **error)
{
    const char *after = http_request_query(context->request, "after");
    const char *condition = web_list_condition(context, list, error);
    ret_asked->query = (LedgerQuery){.ledger = list->ledger,
                                     .is_mine = g_str_equal(web_list_get(list, "mine"), "1"),
                                     .sort = list->sort,
                                     .is_descending = *list->descending != '\0',
                                     .after = after != NULL && *after != '\0' ? after : NULL,
                                     .limit = WEB_LIST_PAGE,
                                     .fields = list->fields,
                                     .is_brief = list->has_cells,
                                     .act = &context->act};
    if (condition == NULL || !ask_units(context, list, ret_asked, error)) {
        return false;
    }
    if (*condition != '\0') {
        ret_asked->filter = expression_parse(condition, schema_ledger_scope(list->ledger), error);
        ret_asked->query.filter = ret_asked->filter;
    }
    return *condition == '\0' || ret_asked->filter != NULL;
}

LedgerPage *web_list_load(const WebContext *context, const WebList *list, int limit, GError **error)
{
    g_auto(WebAsked) asked = {.filter = NULL};
    if (!web_list_ask(context, list, &asked, error)) {
        return NULL;
    }
    asked.query.limit = limit;
    LedgerPage *page =
        ledger_list(context->office, context->reader, context->subject, &asked.query, error);
    if (page != NULL && page->is_look) {
        http_response_forbid_keeping(context->response);
    }
    return page;
}

/* ---- the list -------------------------------------------------------------------------------- */

WebList *web_list_begin(const WebContext *context, const SchemaLedger *ledger)
{
    WebList *list = web_new(context, WebList);
    list->ledger = ledger;
    list->name = ledger->name;
    list->words = web_words(context, &ledger->words);
    list->parts = web_array(context);
    list->columns = web_array(context);
    list->rows = web_array(context);
    list->endings = web_array(context);
    read_parts(context, list);
    read_order(list);
    return list;
}

/* Add the addresses of other pages, and of the same list as a file and on paper. */
static void add_addresses(const WebContext *context, WebList *list, const LedgerPage *page)
{
    static const char *const endings[] = {"xlsx", "csv", "jsonl", "json", "atom", "ics"};
    if (http_request_query(context->request, "after") != NULL) {
        list->first = web_list_address(context, list, "", NULL);
    }
    if (page->next != NULL) {
        list->next = web_list_address(context, list, "", "after", page->next, NULL);
    }
    bool may_export = rights_may(context->subject, RIGHTS_EXPORT, NULL, NULL);
    for (size_t i = 0; may_export && i < G_N_ELEMENTS(endings); i++) {
        if (g_str_equal(endings[i], "ics") && list->ledger->clocks->len == 0) {
            continue;
        }
        WebChoice *choice = web_new(context, WebChoice);
        g_autofree char *ending = g_strconcat(".", endings[i], NULL);
        choice->words = endings[i];
        choice->name = web_list_address(context, list, ending, NULL);
        g_ptr_array_add(list->endings, choice);
    }
    if (may_export) {
        list->print = web_list_address(context, list, "", "print", "1", NULL);
    }
}

static bool count_entries(const WebContext *context, const WebList *list, int *ret_n,
                          GError **error)
{
    g_auto(WebAsked) asked = {.filter = NULL};
    return web_list_ask(context, list, &asked, error) &&
           ledger_list_count(context->office, context->reader, context->subject, &asked.query,
                             WEB_LIST_COUNTED, ret_n, error);
}

/* Say how many there are, where that is cheap to know. */
static bool add_total(const WebContext *context, WebList *list, const LedgerPage *page,
                      GError **error)
{
    int n = (int)page->entries->len;
    if (http_request_query(context->request, "after") != NULL) {
        return true;
    }
    if (page->next != NULL && !count_entries(context, list, &n, error)) {
        return false;
    }
    list->total = n >= WEB_LIST_COUNTED ? web_say(context, N_("%d entries or more"), n)
                                        : web_say(context, N_("%d {entry|entries}"), n);
    return true;
}

/* Say that nothing is recorded where the reader looks, and where that is; NULL where it sees all.
 */
static const char *say_nothing_within(const WebContext *context)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < context->subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(context->subject->holds, i);
        RightsReach reach = rights_reach(hold->role, RIGHTS_ENTRY_READ);
        if (reach == RIGHTS_OFFICE) {
            return NULL;
        }
        const char *name = hold->unit != 0 && reach != RIGHTS_NONE
                               ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, hold->unit)
                               : NULL;
        if (name != NULL && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) {
            g_ptr_array_add(names, (char *)name);
        }
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *all = g_strjoinv(web_tr(context, N_(", ")), (char **)names->pdata);
    return web_say(context,
                   N_("Nothing is recorded here yet of what you may see (%s). Entries of "
                      "other units are not shown to you."),
                   all);
}

static void free_page(gpointer page)
{
    ledger_page_free(page);
}

WebList *web_list_open(const WebContext *context, const SchemaLedger *ledger)
{
    WebList *list = web_list_begin(context, ledger);
    list->possible = possible_columns(context, ledger);
    list->here = web_list_address(context, list, "", NULL);
    drop_stale(context, list);
    return list;
}

bool web_list_fill(WebContext *context, WebList *list, int limit, GError **error)
{
    GPtrArray *shown = shown_columns(context, list);
    g_autoptr(GError) refused = NULL;
    list->may_add = rights_may(context->subject, RIGHTS_ENTRY_ADD, NULL, NULL);
    list->may_import = rights_may(context->subject, RIGHTS_IMPORT, NULL, NULL);
    if (!web_list_add_controls(context, list, error)) {
        return false;
    }
    add_headings(context, list, shown);
    list->order = say_order(context, list);
    note_fields(context, list, shown);
    LedgerPage *page = web_list_load(context, list, limit, &refused);
    bool has_where = *web_list_get(list, "where") != '\0';
    bool is_forbidden = has_where && error_is(refused, SHUZHI_ERROR_FORBIDDEN);
    if (page == NULL && !is_forbidden && !error_is(refused, SHUZHI_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&refused));
        return false;
    }
    if (page == NULL) {
        g_autoptr(GError) wrong = NULL;
        list->fault = web_fault(context, refused);
        list->fault_status = web_error_status(refused);
        list->is_where_wrong = is_forbidden || !web_list_check_where(list, &wrong);
        return true;
    }
    web_keep_object(context, page, free_page);
    for (guint i = 0; i < page->entries->len; i++) {
        add_row(context, list, shown, g_ptr_array_index(page->entries, i));
    }
    add_addresses(context, list, page);
    list->is_empty = list->rows->len == 0 && list->chips->len == 0 && list->first == NULL;
    list->within = list->is_empty ? say_nothing_within(context) : NULL;
    return add_total(context, list, page, error);
}
