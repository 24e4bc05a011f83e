#include "web/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/text.h"
#include "log/history.h"
#include "web/api.h"
#include "web/form.h"
#include "web/templates.h"

/* ---- the query ------------------------------------------------------------------------------- */

#define LOCAL_CHARS (sizeof "2023-05-06T09:30:15" - 1) /* of a time, before its zone */

/* Parameters of what is told page by page. */
#define PAGE_PARAMETERS " after limit"

static bool is_known(const char *name, char **known)
{
    for (; *known != NULL; known++) {
        size_t length = strlen(*known);
        bool is_begin = length > 0 && (*known)[length - 1] == '*';
        if (is_begin ? strncmp(name, *known, length - 1) == 0 : g_str_equal(name, *known)) {
            return true;
        }
    }
    return false;
}

bool web_check_query(const HttpRequest *request, const char *known, GError **error)
{
    g_auto(GStrv) words = g_strsplit(known, " ", -1);
    const GPtrArray *names = http_request_query_names(request);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (!is_known(name, words)) {
            error_set(error, SHUZHI_ERROR_INVALID, "there is no parameter '%s' here", name);
            error_offer(error, name, (const char *const *)words);
            return false;
        }
    }
    return true;
}

/* Return the address asked for with @ending, and of its query what @known has, then @after (NULL:
 * from the first row on); kept. */
static const char *address_with(const WebContext *context, const char *ending, const char *known,
                                const char *after)
{
    g_auto(GStrv) words = g_strsplit(known, " ", -1);
    const GPtrArray *names = http_request_query_names(context->request);
    size_t length = strlen(context->path) - (web_api_is(context) ? 0 : strlen(context->ending));
    g_autofree char *path = g_strndup(context->path, length);
    GString *out = g_string_new(NULL);
    g_string_append_uri_escaped(out, path, "/", false);
    g_string_append(out, ending);
    char mark = '?';
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const GPtrArray *values = http_request_query_all(context->request, name);
        bool is_kept = is_known(name, words) && !g_str_equal(name, "after");
        for (guint k = 0; is_kept && k < values->len; k++) {
            if (*(const char *)g_ptr_array_index(values, k) != '\0') {
                g_string_append_printf(out, "%c%s=", mark, name);
                g_string_append_uri_escaped(out, g_ptr_array_index(values, k), ",", false);
                mark = '&';
            }
        }
    }
    if (after != NULL) {
        g_string_append_printf(out, "%cafter=", mark);
        g_string_append_uri_escaped(out, after, NULL, false);
    }
    return web_keep(context, g_string_free(out, false));
}

/* ---- cells ----------------------------------------------------------------------------------- */

TableCell web_cell_text(const char *text)
{
    return table_cell_make(text != NULL ? TABLE_CELL_TEXT : TABLE_CELL_EMPTY,
                           text != NULL ? text : "");
}

TableCell web_cell_number(const WebContext *context, int64_t number)
{
    return table_cell_make(TABLE_CELL_NUMBER, web_number(context, number));
}

TableCell web_cell_time(const WebContext *context, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE];
    if (us == 0) {
        return web_cell_text(NULL);
    }
    date_format_time(us, office_offset_seconds(context->office), text);
    text[LOCAL_CHARS] = '\0';
    return table_cell_make(TABLE_CELL_TIME, web_copy(context, text));
}

TableCell web_cell_date(const WebContext *context, Date date)
{
    char text[DATE_TEXT_SIZE];
    return date != DATE_NONE
               ? table_cell_make(TABLE_CELL_DATE, web_copy(context, date_format(date, text)))
               : web_cell_text(NULL);
}

TableCell web_cell_bool(bool is_so)
{
    return table_cell_make(TABLE_CELL_BOOL, is_so ? "TRUE" : "FALSE");
}

const char *web_row_id(const WebContext *context, const char *kind, int64_t id)
{
    return web_keep(context, g_strdup_printf("%s:%" G_GINT64_FORMAT, kind, id));
}

bool web_changed_last(const WebContext *context, int64_t id, int64_t *ret_us, GError **error)
{
    const LogFilter filter = {.object = id};
    g_autoptr(GPtrArray) events =
        log_events_before(context->reader, &filter, INT64_MAX - 1, 1, error);
    const LogEvent *last = events != NULL && events->len > 0 ? g_ptr_array_index(events, 0) : NULL;
    *ret_us = last != NULL ? last->at_us : 0;
    return events != NULL;
}

/* ---- where rows go --------------------------------------------------------------------------- */

/* A yes or no of a table for people is in their words. */
static bool write_row(const WebContext *context, const WebSink *sink, const WebLine *line,
                      GError **error)
{
    size_t n = sink->rows->n_columns;
    g_autofree TableCell *cells = g_new(TableCell, n);
    for (size_t i = 0; i < n; i++) {
        cells[i] = line->cells[i];
        if (cells[i].kind == TABLE_CELL_BOOL && !sink->has_names) {
            bool is_so = *cells[i].text == 'T';
            cells[i] =
                table_cell_make(TABLE_CELL_TEXT, web_tr(context, is_so ? N_("yes") : N_("no")));
        }
    }
    return table_writer_row(sink->table, cells, n, error);
}

/* Return the time of @cell with the office's zone, kept. */
static const char *with_zone(const WebContext *context, const TableCell *cell)
{
    char any[DATE_TIME_TEXT_SIZE];
    date_format_time(0, office_offset_seconds(context->office), any);
    return web_keep(context, g_strconcat(cell->text, any + LOCAL_CHARS, NULL));
}

static void write_cell(const WebContext *context, JsonWriter *json, const TableCell *cell)
{
    switch (cell->kind) {
    case TABLE_CELL_EMPTY:
        json_write_null(json);
        return;
    case TABLE_CELL_NUMBER:
        json_write_raw(json, cell->text);
        return;
    case TABLE_CELL_BOOL:
        json_write_bool(json, *cell->text == 'T');
        return;
    case TABLE_CELL_TIME:
        json_write_text(json, with_zone(context, cell));
        return;
    case TABLE_CELL_TEXT:
    case TABLE_CELL_DATE:
    case TABLE_CELL_ERROR:
    case TABLE_N_CELL_KINDS:
        json_write_text(json, cell->text);
        return;
    }
    g_assert_not_reached();
}

static void write_object(const WebContext *context, const WebSink *sink, const WebLine *line)
{
    json_write_begin_object(sink->json);
    for (size_t i = 0; i < sink->rows->n_columns; i++) {
        json_write_key(sink->json, sink->rows->columns[i].name);
        write_cell(context, sink->json, &line->cells[i]);
    }
    json_write_end_object(sink->json);
}

static void add_line(const WebContext *context, const WebSink *sink, const WebLine *line)
{
    char changed[DATE_TIME_TEXT_SIZE];
    WebFeedLine *shown = web_new(context, WebFeedLine);
    *shown = (WebFeedLine){
        .id = web_copy(context, line->id),
        .title = web_copy(context, line->title),
        .address = web_absolute_address(context, line->address),
        .changed = web_copy(context, date_format_time(line->changed_us, 0, changed)),
        .said = web_copy(context, line->said),
    };
    if (strcmp(shown->changed, sink->feed->updated) > 0) {
        sink->feed->updated = shown->changed;
    }
    g_ptr_array_add(sink->feed->lines, shown);
}

bool web_sink_take(const WebContext *context, WebSink *sink, const WebLine *line, GError **error)
{
    if (sink->table != NULL) {
        return write_row(context, sink, line, error);
    }
    if (sink->only != NULL && !g_str_equal(sink->only, line->id)) {
        return true;
    }
    if (!sink->rows->is_paged && sink->n_told++ < sink->n_before) {
        return true;
    }
    if (sink->room == 0) {
        sink->next = web_number(context, sink->n_told - 1);
        sink->room = -1; /* that is known now */
    }
    if (sink->room < 0) {
        return true;
    }
    sink->room--;
    if (sink->json != NULL) {
        write_object(context, sink, line);
    } else {
        add_line(context, sink, line);
    }
    return true;
}

bool web_sink_after(const WebSink *sink, int64_t *ret_number, GError **error)
{
    int64_t number = 0;
    if (sink->after == NULL) {
        return true;
    }
    if (!text_parse_int(sink->after, &number) || number < 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "after is what the answer before said is next");
        return false;
    }
    *ret_number = number;
    return true;
}

/* Read the rows of the page that the query asks for into @sink. */
static bool read_page(const WebContext *context, const WebRows *rows, WebSink *sink, GError **error)
{
    const char *after = http_request_query(context->request, "after");
    sink->rows = rows;
    sink->has_names = sink->json != NULL;
    sink->after = after != NULL && *after != '\0' ? after : NULL;
    if (!web_api_limit(context, &sink->room, error)) {
        return false;
    }
    if (!rows->is_paged && !web_sink_after(sink, &sink->n_before, error)) {
        return false;
    }
    return rows->read(context, rows->data, sink, error);
}

/* ---- endings --------------------------------------------------------------------------------- */

typedef struct Ending {
    const char *ending;
    bool (*send)(WebContext *context, const WebRows *rows, const struct Ending *ending,
                 GError **error);
    const char *type; /* of a table */
    TableFormat format;
} Ending;

static bool write_table(const WebContext *context, const WebRows *rows, TableFormat format,
                        const char *path, GError **error)
{
    const TableWriterOptions options = {
        .has_mark = true, .title = rows->words, .created_us = web_now_us(context)};
    bool has_names = format == TABLE_FORMAT_JSONL;
    g_autofree const char **names = g_new(const char *, rows->n_columns);
    for (size_t i = 0; i < rows->n_columns; i++) {
        names[i] = has_names ? rows->columns[i].name : web_tr(context, rows->columns[i].words);
    }
    g_autoptr(TableWriter) table = table_writer_open(path, format, &options, error);
    WebSink sink = {.rows = rows, .table = table, .has_names = has_names, .room = G_MAXINT};
    return table != NULL && table_writer_header(table, names, rows->n_columns, error) &&
           rows->read(context, rows->data, &sink, error) && table_writer_finish(table, error);
}

/* The file is gone from the server once it is sent. */
static bool send_table(WebContext *context, const WebRows *rows, const Ending *ending,
                       GError **error)
{
    if (rows->asks_export && !rights_may(context->subject, RIGHTS_EXPORT, NULL, error)) {
        return false;
    }
    g_autofree char *path = NULL;
    g_autofree char *called =
        g_strconcat(rows->file != NULL ? rows->file : rows->words, ending->ending, NULL);
    int fd = scratch_file(context->site->scratch, "table", &path, error);
    if (fd < 0) {
        return false;
    }
    close(fd);
    bool is_sent =
        (rows->write != NULL ? rows->write(context, ending->format, path, rows->data, error)
                             : write_table(context, rows, ending->format, path, error)) &&
        http_response_set_file(context->response, ending->type, path, called, error);
    g_unlink(path);
    return is_sent;
}

static bool send_json(WebContext *context, const WebRows *rows, const Ending *ending,
                      GError **error)
{
    if (rows->json != NULL) {
        return rows->json(context, error);
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, rows->name);
    json_write_begin_array(&json);
    WebSink sink = {.json = &json};
    if (!read_page(context, rows, &sink, error)) {
        return false;
    }
    json_write_end_array(&json);
    json_write_key_text(&json, "next", sink.next);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

/* A feed without a line is as old as the last event of the office: since then it has been so. */
static bool date_empty(const WebContext *context, WebFeed *feed, GError **error)
{
    char changed[DATE_TIME_TEXT_SIZE];
    int64_t changed_us = 0;
    if (feed->lines->len > 0) {
        return true;
    }
    bool is_known = web_changed_last(context, 0, &changed_us, error);
    feed->updated = web_copy(context, date_format_time(changed_us, 0, changed));
    return is_known;
}

static bool send_feed(WebContext *context, const WebRows *rows, const Ending *ending,
                      GError **error)
{
    WebFeed feed = {.name = rows->name,
                    .words = rows->words,
                    .office = office_id(context->office),
                    .author = office_name(context->office),
                    .updated = "",
                    .lines = web_array(context)};
    WebSink sink = {.feed = &feed};
    if (!read_page(context, rows, &sink, error) || !date_empty(context, &feed, error)) {
        return false;
    }
    g_autofree char *known = g_strconcat(rows->query, PAGE_PARAMETERS, NULL);
    feed.self =
        web_absolute_address(context, address_with(context, ending->ending, known, sink.after));
    feed.page = web_absolute_address(context, address_with(context, "", rows->query, NULL));
    if (sink.next != NULL) {
        feed.next =
            web_absolute_address(context, address_with(context, ending->ending, known, sink.next));
    }
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    template_feed(out, &context->html, &feed);
    http_response_set_body(context->response, "application/atom+xml; charset=utf-8", out);
    http_response_allow_keeping(context->response, NULL);
    return true;
}

/* clang-format off */
static const Ending endings[] = {
    {".xlsx",  send_table, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", TABLE_FORMAT_XLSX},
    {".csv",   send_table, "text/csv; charset=utf-8",          TABLE_FORMAT_CSV},
    {".jsonl", send_table, "application/jsonl; charset=utf-8", TABLE_FORMAT_JSONL},
    {".json",  send_json,  NULL, 0},
    {".atom",  send_feed,  NULL, 0},
};
/* clang-format on */

bool web_rows_send(WebContext *context, const WebRows *rows, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_equal(endings[i].ending, context->ending)) {
            bool is_table = endings[i].send == send_table;
            g_autofree char *known =
                g_strconcat(rows->query, is_table ? "" : PAGE_PARAMETERS, NULL);
            return web_check_query(context->request, known, error) &&
                   endings[i].send(context, rows, &endings[i], error);
        }
    }
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
    return false;
}

bool web_rows_send_one(WebContext *context, const WebRows *rows, const char *id, GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    WebSink sink = {.rows = rows, .json = &json, .has_names = true, .room = 1, .only = id};
    if (!rows->read(context, rows->data, &sink, error)) {
        return false;
    }
    if (sink.n_told == 0) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    web_send_json(context, &json);
    return true;
}

GPtrArray *web_rows_endings(const WebContext *context, const WebRows *rows)
{
    GPtrArray *links = web_array(context);
    bool may_export = !rows->asks_export || rights_may(context->subject, RIGHTS_EXPORT, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (endings[i].send != send_table || may_export) {
            WebChoice *link = web_new(context, WebChoice);
            link->name = address_with(context, endings[i].ending, rows->query, NULL);
            link->words = endings[i].ending + 1;
            g_ptr_array_add(links, link);
        }
    }
    return links;
}

GPtrArray *web_rows_endings_at(const WebContext *context, const char *path)
{
    GPtrArray *links = web_array(context);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        WebChoice *link = web_new(context, WebChoice);
        link->name = web_keep(context, g_strconcat(path, endings[i].ending, NULL));
        link->words = endings[i].ending + 1;
        g_ptr_array_add(links, link);
    }
    return links;
}
