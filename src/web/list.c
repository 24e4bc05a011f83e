#include "web/list.h"

#include "base/message.h"

#define SOON_DAYS 7
#define MAX_FIELD_COLUMNS 3

/* ---- deadlines and states -------------------------------------------------------------------- */

const char *web_state_words(const WebContext *context, const SchemaLedger *ledger, const char *name)
{
    const SchemaChoice *state = schema_ledger_state(ledger, name);
    return state != NULL ? web_words(context, &state->words) : name;
}

const char *web_due(const WebContext *context, const LedgerEntry *entry, const char **ret_class)
{
    int offset_seconds = office_offset_seconds(context->office);
    *ret_class = NULL;
    if (entry->due_us == 0) {
        return NULL;
    }
    if (entry->stopped_us != 0) {
        bool is_late = entry->stopped_us > entry->due_us;
        *ret_class = is_late ? WEB_DUE_LATE : WEB_DUE_OK;
        return is_late ? web_tr(context, N_("done late")) : web_tr(context, N_("in time"));
    }
    /* A deadline at midnight is the end of the day before. */
    Date due = date_from_us(entry->due_us - 1, offset_seconds);
    int days = due - web_today(context);
    if (entry->due_us <= web_now_us(context)) {
        *ret_class = WEB_DUE_LATE;
        return web_say(context, N_("%d days late"), MAX(1, -days));
    }
    *ret_class = days <= SOON_DAYS ? WEB_DUE_SOON : "";
    if (days == 0) {
        return web_tr(context, N_("today"));
    }
    return days == 1 ? web_tr(context, N_("tomorrow")) : web_say(context, N_("in %d days"), days);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void add_cell(const WebContext *context, WebRow *row, const char *text, const char *address,
                     const char *class_name, const char *tag)
{
    WebCell *cell = web_new(context, WebCell);
    *cell = (WebCell){text, address, class_name, tag};
    g_ptr_array_add(row->cells, cell);
}

/* Add the line of @entry to @list. */
static void add_row(const WebContext *context, WebList *list, const SchemaLedger *ledger,
                    const GPtrArray *fields, const LedgerEntry *entry)
{
    WebRow *row = web_new(context, WebRow);
    const char *class_name = NULL;
    const char *due = web_due(context, entry, &class_name);
    row->cells = web_array(context);
    add_cell(context, row, web_keep(context, g_strdup(entry->number)),
             web_entry_address(context, entry->number), "n", NULL);
    add_cell(context, row, web_keep(context, g_strdup(entry->title)), NULL, "title", NULL);
    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        add_cell(context, row, web_field_text(context, field, &entry->values[field->position]),
                 NULL, "", NULL);
    }
    add_cell(context, row, web_day(context, entry->opened_us), NULL, "n", NULL);
    add_cell(context, row, web_state_words(context, ledger, entry->state), NULL, "n", NULL);
    add_cell(context, row, due != NULL ? due : "", NULL, "n", class_name);
    g_ptr_array_add(list->rows, row);
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Return the fields that have a column of their own in the list: declared ones, but for the title
 * and the opening, which every list has. */
static GPtrArray *column_fields(const WebContext *context, const SchemaLedger *ledger)
{
    GPtrArray *fields = web_array(context);
    for (guint i = 0; i < ledger->list->len && fields->len < MAX_FIELD_COLUMNS; i++) {
        SchemaField *field = g_ptr_array_index(ledger->list, i);
        if (field != ledger->title && field != ledger->opened && !field->is_personal) {
            g_ptr_array_add(fields, field);
        }
    }
    return fields;
}

/* Return whether a list of @ledger can be sorted by the field @field. */
static bool is_sortable(const SchemaLedger *ledger, const SchemaField *field)
{
    return g_ptr_array_find(ledger->list, field, NULL);
}

/* What keeps its value from page to page. */
static const char *query(const WebContext *context, const char *name)
{
    const char *value = http_request_query(context->request, name);
    return value != NULL ? value : "";
}

/* Return the address of this list, as @ending or a page (""), with another sorting or place; kept.
 */
static const char *list_address(const WebContext *context, const WebList *list, const char *ending,
                                const char *sort, const char *descending, const char *after)
{
    const char *path = web_keep(context, g_strconcat("/ledger/", list->name, ending, NULL));
    GString *out =
        g_string_new(web_address(context, path, "q", list->text, "where", list->where, "sort", sort,
                                 "desc", descending, "after", after, NULL));
    for (guint i = 0; list->filters != NULL && i < list->filters->len; i++) {
        const WebField *filter = g_ptr_array_index(list->filters, i);
        if (*filter->text != '\0') {
            g_string_append_printf(out, "%c%s=", strchr(out->str, '?') != NULL ? '&' : '?',
                                   filter->name);
            g_string_append_uri_escaped(out, filter->text, NULL, false);
        }
    }
    return web_keep(context, g_string_free(out, false));
}

static void add_column(const WebContext *context, WebList *list, const char *words,
                       const char *sort)
{
    WebColumn *column = web_new(context, WebColumn);
    column->words = words;
    column->mark = "";
    column->order = "none";
    if (sort != NULL && list->sort != NULL) {
        bool is_this = g_str_equal(list->sort, sort);
        bool is_descending = *list->descending != '\0';
        if (is_this) {
            column->mark = is_descending ? "▼" : "▲";
            column->order = is_descending ? "descending" : "ascending";
        }
        column->address =
            list_address(context, list, "", sort, is_this && !is_descending ? "1" : "0", NULL);
    }
    g_ptr_array_add(list->columns, column);
}

static void add_columns(const WebContext *context, WebList *list, const SchemaLedger *ledger,
                        const GPtrArray *fields)
{
    const SchemaField *title = ledger->title;
    add_column(context, list, web_tr(context, N_("Number")), "recorded");
    add_column(context, list, web_words(context, &title->words),
               is_sortable(ledger, title) ? title->name : NULL);
    for (guint i = 0; fields != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        add_column(context, list, web_words(context, &field->words), field->name);
    }
    add_column(context, list,
               ledger->opened != NULL ? web_words(context, &ledger->opened->words)
                                      : web_tr(context, N_("Opened")),
               "opened");
    add_column(context, list, web_tr(context, N_("State")), "state");
    add_column(context, list, web_tr(context, N_("Deadline")), "due");
}

/* ---- filters --------------------------------------------------------------------------------- */

static WebField *add_filter(const WebContext *context, WebList *list, const char *name,
                            const char *words)
{
    WebField *filter = web_new(context, WebField);
    filter->name = filter->id = name;
    filter->words = words;
    filter->text = query(context, name);
    filter->control = WEB_CONTROL_SELECT;
    filter->choices = web_array(context);
    g_ptr_array_add(list->filters, filter);
    return filter;
}

static void add_filter_choices(const WebContext *context, WebField *filter,
                               const GPtrArray *choices)
{
    for (guint i = 0; i < choices->len; i++) {
        const SchemaChoice *declared = g_ptr_array_index(choices, i);
        WebChoice *choice = web_new(context, WebChoice);
        choice->name = declared->name;
        choice->words = web_words(context, &declared->words);
        choice->is_chosen = g_str_equal(filter->text, declared->name);
        g_ptr_array_add(filter->choices, choice);
    }
}

static void add_filters(const WebContext *context, WebList *list, const SchemaLedger *ledger)
{
    list->filters = web_array(context);
    if (ledger->states->len > 1) {
        add_filter_choices(context,
                           add_filter(context, list, "state", web_tr(context, N_("State"))),
                           ledger->states);
    }
    for (guint i = 0; i < ledger->list->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->list, i);
        if (field->kind == SCHEMA_FIELD_CHOICE) {
            const char *name = web_keep(context, g_strconcat(WEB_FIELD_PREFIX, field->name, NULL));
            add_filter_choices(context,
                               add_filter(context, list, name, web_words(context, &field->words)),
                               field->choices);
        }
    }
}

static void append_condition(GString *out, const char *name, const char *operation,
                             const char *text)
{
    if (*text != '\0') {
        g_auto(GStrv) parts = g_strsplit(text, "'", -1);
        g_autofree char *quoted = g_strjoinv("''", parts);
        g_string_append_printf(out, "%s%s %s '%s'", out->len > 0 ? " and " : "", name, operation,
                               quoted);
    }
}

/* Return the plain controls and the typed expression as one expression; kept. */
static const char *compose(const WebContext *context, const WebList *list,
                           const SchemaLedger *ledger)
{
    GString *out = g_string_new(NULL);
    append_condition(out, ledger->title->name, "contains", list->text);
    for (guint i = 0; i < list->filters->len; i++) {
        const WebField *filter = g_ptr_array_index(list->filters, i);
        bool is_field = g_str_has_prefix(filter->name, WEB_FIELD_PREFIX);
        append_condition(out, filter->name + (is_field ? strlen(WEB_FIELD_PREFIX) : 0), "=",
                         filter->text);
    }
    if (*list->where != '\0') {
        g_string_append_printf(out, out->len > 0 ? " and (%s)" : "%s", list->where);
    }
    return web_keep(context, g_string_free(out, false));
}

/* ---- the list -------------------------------------------------------------------------------- */

/* Take over what the address says. */
static void read_query(const WebContext *context, WebList *list)
{
    list->text = query(context, "q");
    list->where = query(context, "where");
    list->sort = query(context, "sort");
    list->descending = g_str_equal(query(context, "desc"), "1") ? "1" : "";
    if (*list->sort == '\0') { /* the newest first */
        list->sort = "recorded";
        list->descending = "1";
    }
}

WebList *web_list_begin(const WebContext *context, const SchemaLedger *ledger)
{
    WebList *list = web_new(context, WebList);
    list->name = ledger->name;
    list->words = web_words(context, &ledger->words);
    list->columns = web_array(context);
    list->rows = web_array(context);
    read_query(context, list);
    add_filters(context, list, ledger);
    return list;
}

bool web_list_filter(const WebContext *context, const WebList *list, const SchemaLedger *ledger,
                     Expression **ret_filter, GError **error)
{
    const char *condition = compose(context, list, ledger);
    *ret_filter = NULL;
    if (*condition != '\0') {
        *ret_filter = expression_parse(condition, schema_ledger_scope(ledger), error);
    }
    return *condition == '\0' || *ret_filter != NULL;
}

LedgerPage *web_list_load(const WebContext *context, WebList *list, const SchemaLedger *ledger,
                          int limit, GError **error)
{
    const char *after = query(context, "after");
    g_autoptr(Expression) filter = NULL;
    if (!web_list_filter(context, list, ledger, &filter, error)) {
        return NULL;
    }
    const LedgerQuery asked = {.ledger = ledger,
                               .filter = filter,
                               .sort = list->sort,
                               .is_descending = *list->descending != '\0',
                               .after = *after != '\0' ? after : NULL,
                               .limit = limit};
    list->is_filtered = filter != NULL;
    return ledger_list(context->office, context->reader, context->subject, &asked, error);
}

/* Add the addresses of other pages, and of the same list as a table. */
static void add_addresses(const WebContext *context, WebList *list, const LedgerPage *page)
{
    static const char *const endings[] = {"xlsx", "csv", "jsonl", "json", "atom"};
    if (*query(context, "after") != '\0') {
        list->first = list_address(context, list, "", list->sort, list->descending, NULL);
    }
    if (page->next != NULL) {
        list->next = list_address(context, list, "", list->sort, list->descending, page->next);
    }
    bool may_export = rights_may(context->subject, RIGHTS_EXPORT, NULL, NULL);
    for (size_t i = 0; may_export && i < G_N_ELEMENTS(endings); i++) {
        WebChoice *choice = web_new(context, WebChoice);
        g_autofree char *ending = g_strconcat(".", endings[i], NULL);
        choice->words = endings[i];
        choice->name = list_address(context, list, ending, list->sort, list->descending, NULL);
        g_ptr_array_add(list->endings, choice);
    }
}

WebList *web_list_new(WebContext *context, const SchemaLedger *ledger, GError **error)
{
    WebList *list = web_list_begin(context, ledger);
    GPtrArray *fields = column_fields(context, ledger);
    list->endings = web_array(context);
    add_columns(context, list, ledger, fields);
    list->may_add = rights_may(context->subject, RIGHTS_ENTRY_ADD, NULL, NULL);
    list->may_import = rights_may(context->subject, RIGHTS_IMPORT, NULL, NULL);
    g_autoptr(GError) refused = NULL;
    g_autoptr(LedgerPage) page = web_list_load(context, list, ledger, WEB_LIST_PAGE, &refused);
    if (page == NULL && !error_is(refused, SHUZHI_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&refused));
        return NULL;
    }
    if (page == NULL) {
        list->fault = web_fault(context, refused);
        return list;
    }
    for (guint i = 0; i < page->entries->len; i++) {
        add_row(context, list, ledger, fields, g_ptr_array_index(page->entries, i));
    }
    add_addresses(context, list, page);
    return list;
}
