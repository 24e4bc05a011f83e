#include "web/pages.h"

#include "base/text.h"
#include "ledger/entry.h"
#include "log/checkpoint.h"
#include "log/history.h"
#include "log/shown.h"
#include "office/account.h"
#include "web/api.h"
#include "web/log.h"
#include "web/sheet.h"
#include "web/templates.h"

#define PAGE 100         /* events */
#define EXPORT_PAGE 1000 /* of a file, read at once */
#define NEWEST (INT64_MAX - 1)
#define FIRST_TIME \
    INT64_C(100000000000000) /* whole numbers from 1973 on are times in microseconds */

/* ---- what is asked for ----------------------------------------------------------------------- */

/* The kinds of events, in the words of the page; one that is not here is shown as it is. */
static const struct {
    const char *kind;
    const char *words;
} kinds[] = {
    {"entry.look", N_("looked at personal data")},
    {"entry.", N_("entries: everything")},
    {"entry.add", N_("entry recorded")},
    {"entry.change", N_("entry corrected")},
    {"entry.step", N_("step done")},
    {"entry.attach", N_("file attached")},
    {"entry.detach", N_("file taken away")},
    {"entry.comment", N_("comment")},
    {"entry.delete", N_("entry taken out of the books")},
    {"entry.erase", N_("personal data forgotten")},
    {"batch.", N_("imports")},
    {"definition.", N_("pack: definitions")},
    {"session.", N_("signing in and out")},
    {"session.begin", N_("signed in")},
    {"session.end", N_("signed out")},
    {"session.refuse", N_("failed to sign in")},
    {"session.deny", N_("was refused access")},
    {"account.", N_("accounts")},
    {"factor.", N_("second factors")},
    {"post.", N_("posts and roles")},
    {"person.", N_("people")},
    {"unit.", N_("units")},
    {"setting.", N_("settings")},
    {"token.", N_("tokens for programs")},
    {"view.", N_("views of the whole office")},
    {"evidence.", N_("files of evidence")},
    {"nothing.", N_("statements of nothing to record")},
    {"verification.", N_("verifications")},
    {"office.", N_("the office itself")},
};

/* What happened to one of a sort that has no words of its own. */
static const struct {
    const char *ending;
    const char *words;
} doings[] = {
    {"add", N_("added")},
    {"change", N_("changed")},
    {"remove", N_("taken away")},
    {"set", N_("turned on")},
};

/* Return the words of the sort that @kind belongs to, "account.", and of what happened: "accounts:
 * changed"; @kind itself where either has none. */
static const char *sort_words(const WebContext *context, const char *kind)
{
    const char *ending = strchr(kind, '.');
    const char *sort = NULL;
    const char *doing = NULL;
    for (size_t i = 0; ending != NULL && i < G_N_ELEMENTS(kinds); i++) {
        bool is_sort =
            g_str_has_suffix(kinds[i].kind, ".") && g_str_has_prefix(kind, kinds[i].kind);
        sort = is_sort ? kinds[i].words : sort;
    }
    for (size_t i = 0; sort != NULL && i < G_N_ELEMENTS(doings); i++) {
        doing = g_str_equal(ending + 1, doings[i].ending) ? doings[i].words : doing;
    }
    return doing != NULL ? web_keep(context, g_strdup_printf("%s · %s", web_tr(context, sort),
                                                             web_tr(context, doing)))
                         : kind;
}

/* Return the words of @kind; @kind itself for one that has none. */
static const char *kind_words(const WebContext *context, const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_equal(kinds[i].kind, kind)) {
            return web_tr(context, kinds[i].words);
        }
    }
    return sort_words(context, kind);
}

static const char *query(const WebContext *context, const char *name)
{
    const char *text = http_request_query(context->request, name);
    return web_keep(context, text != NULL ? text_strip_dup(text) : g_strdup(""));
}

/* Read the number @text of an event; 0 for anything else. */
static int64_t read_seq(const char *text)
{
    guint64 seq = 0;
    return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &seq, NULL) ? (int64_t)seq : 0;
}

/* Return the actor that @text names: an account by its name, whoever has it, or as the log writes
 * it; kept. */
static const char *find_actor(const WebContext *context, const char *text, GError **error)
{
    if (strchr(text, ':') != NULL) {
        return text;
    }
    g_autoptr(GPtrArray) accounts = office_account_list(context->reader, error);
    for (guint i = 0; accounts != NULL && i < accounts->len; i++) {
        const OfficeAccount *account = g_ptr_array_index(accounts, i);
        const char *person =
            account->person != 0
                ? ledger_names_get(context->names, SCHEMA_FIELD_PERSON, account->person)
                : "";
        if (g_str_equal(account->name, text) || g_str_equal(person, text)) {
            return web_keep(context, g_strdup_printf("account:%" G_GINT64_FORMAT, account->id));
        }
    }
    if (accounts != NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no account '%s'", text);
    }
    return NULL;
}

/* Return the id of what @text names: "#12", or the number of an entry; 0 on error. */
static int64_t find_object(const WebContext *context, const char *text, GError **error)
{
    int64_t id = 0;
    if (*text == '#' && text_parse_int(text + 1, &id)) {
        return id;
    }
    g_autoptr(LedgerEntry) entry = ledger_entry_find(context->office, context->reader, text, error);
    return entry != NULL ? entry->id : 0;
}

/* Read the first and the last day asked for. */
static bool read_days(const WebContext *context, const WebLog *shown, LogFilter *filter,
                      GError **error)
{
    int64_t offset_us = office_offset_seconds(context->office) * DATE_US_PER_SECOND;
    Date day = DATE_NONE;
    const char *const texts[] = {shown->from, shown->to};
    int64_t *const instants[] = {&filter->from_us, &filter->to_us};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (*texts[i] == '\0') {
            continue;
        }
        if (!date_parse(texts[i], &day)) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' is not a date; write 2023-05-06 or 2023年5月6日", texts[i]);
            return false;
        }
        *instants[i] = (day + (int64_t)i) * DATE_US_PER_DAY - offset_us;
    }
    if (filter->to_us != 0 && filter->from_us >= filter->to_us) {
        error_set(error, SHUZHI_ERROR_INVALID, "the first day %s is after the last day %s",
                  shown->from, shown->to);
        return false;
    }
    return true;
}

/* Read what the address asks for into @shown and @ret_filter. */
static bool read_filter(const WebContext *context, WebLog *shown, LogFilter *ret_filter,
                        GError **error)
{
    *ret_filter = (LogFilter){0};
    shown->kind = query(context, "kind");
    shown->who = query(context, "who");
    shown->object = query(context, "object");
    shown->from = query(context, "from");
    shown->to = query(context, "to");
    shown->is_filtered = *shown->kind != '\0' || *shown->who != '\0' || *shown->object != '\0' ||
                         *shown->from != '\0' || *shown->to != '\0';
    ret_filter->kind = *shown->kind != '\0' ? shown->kind : NULL;
    if (*shown->who != '\0') {
        ret_filter->actor = find_actor(context, shown->who, error);
        if (ret_filter->actor == NULL) {
            return false;
        }
    }
    if (*shown->object != '\0') {
        ret_filter->object = find_object(context, shown->object, error);
        if (ret_filter->object == 0) {
            return false;
        }
    }
    return read_days(context, shown, ret_filter, error);
}

/* Return the address of this log as @path with another place; kept. */
static const char *log_address(const WebContext *context, const WebLog *shown, const char *path,
                               const char *after)
{
    return web_address(context, path, "kind", shown->kind, "who", shown->who, "object",
                       shown->object, "from", shown->from, "to", shown->to, "after", after, NULL);
}

/* ---- the page -------------------------------------------------------------------------------- */

/* Return what @event was about: an entry by its number, anything else by its id; kept.  An entry's
 * title is business, which no reader of the log sees (office/rights.c). */
static const char *name_object(const WebContext *context, const LogEvent *event)
{
    return g_str_has_prefix(event->kind, "entry.")
               ? ledger_names_get(context->names, SCHEMA_FIELD_ENTRY, event->object)
               : web_keep(context, g_strdup_printf("#%" G_GINT64_FORMAT, event->object));
}

/* Return what the unit, person or account that @event was about is called now, kept; "" for what
 * has no name of its own. */
static const char *call_object(const WebContext *context, const LogEvent *event)
{
    bool is_unit = g_str_has_prefix(event->kind, "unit.");
    if (is_unit || g_str_has_prefix(event->kind, "person.")) {
        const char *name = ledger_names_get(
            context->names, is_unit ? SCHEMA_FIELD_UNIT : SCHEMA_FIELD_PERSON, event->object);
        return *name != '#' ? name : ""; /* forgotten */
    }
    return g_str_has_prefix(event->kind, "account.")
               ? web_actor(context, web_keep(context, g_strdup_printf("account:%" G_GINT64_FORMAT,
                                                                      event->object)))
               : "";
}

/* Write @us to @buffer as "2023-05-06 09:30:15"; returns it. */
static const char *format_second(const WebContext *context, int64_t us, char *buffer)
{
    date_format_time(us, office_offset_seconds(context->office), buffer);
    buffer[strlen("2023-05-06")] = ' ';
    buffer[strlen("2023-05-06 09:30:15")] = '\0';
    return buffer;
}

static const char *address_of(const WebContext *context, int64_t seq)
{
    return web_keep(context, g_strconcat("/log/", web_number(context, seq), NULL));
}

static WebEvent *make_event(const WebContext *context, const LogEvent *event)
{
    WebEvent *shown = web_new(context, WebEvent);
    shown->seq = web_number(context, event->seq);
    shown->address = address_of(context, event->seq);
    char when[DATE_TIME_TEXT_SIZE];
    shown->when = web_copy(context, format_second(context, event->at_us, when));
    shown->actor = web_keep(context, g_strdup(event->actor));
    shown->by = web_actor(context, shown->actor);
    shown->kind = web_keep(context, g_strdup(event->kind));
    shown->words = kind_words(context, shown->kind);
    shown->object = name_object(context, event);
    shown->called = call_object(context, event);
    shown->of_object = web_address(context, "/log", "object", shown->object, NULL);
    shown->line = web_keep(context, g_strdup(event->line));
    return shown;
}

static void add_kinds(const WebContext *context, WebLog *shown)
{
    shown->kinds = web_array(context);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        WebChoice *choice = web_new(context, WebChoice);
        choice->name = kinds[i].kind;
        choice->words = web_tr(context, kinds[i].words);
        choice->is_chosen = g_str_equal(shown->kind, kinds[i].kind);
        g_ptr_array_add(shown->kinds, choice);
    }
}

static bool fill_head(const WebContext *context, WebLog *shown, GError **error)
{
    uint8_t root[CRYPTO_HASH_SIZE];
    int64_t size = 0;
    g_autofree char *checkpoint = NULL;
    if (!log_head(context->reader, &size, root, error) ||
        !office_checkpoint(context->office, context->reader, &checkpoint, error)) {
        return false;
    }
    shown->root = web_keep(context, text_to_hex(root, sizeof root));
    shown->size = web_number(context, size);
    shown->checkpoint = checkpoint != NULL ? web_keep(context, g_strdup(checkpoint)) : "";
    shown->key = office_public_key(context->office);
    return true;
}

/* Add a page of events, the newest first; one more than fits shows that there are older ones. */
static bool add_events(const WebContext *context, WebLog *shown, const LogFilter *filter,
                       GError **error)
{
    int64_t before = read_seq(query(context, "after"));
    g_autoptr(GPtrArray) events =
        log_events_before(context->reader, filter, before > 0 ? before : NEWEST, PAGE + 1, error);
    for (guint i = 0; events != NULL && i < MIN(events->len, PAGE); i++) {
        g_ptr_array_add(shown->events, make_event(context, g_ptr_array_index(events, i)));
    }
    if (events != NULL && events->len > PAGE) {
        const WebEvent *last = g_ptr_array_index(shown->events, PAGE - 1);
        shown->older = log_address(context, shown, "/log", last->seq);
    }
    shown->newest = before > 0 ? log_address(context, shown, "/log", NULL) : NULL;
    return events != NULL;
}

/* ---- as a file ------------------------------------------------------------------------------- */

static const WebRowsColumn columns[] = {
    {"seq", N_("Event")}, {"at", N_("When")},   {"actor", N_("Actor")},   {"who", N_("Who")},
    {"what", N_("What")}, {"kind", N_("Kind")}, {"object", N_("Object")}, {"line", N_("Line")}};

/* A log being told.  It may be of any length: nothing is kept for a line, but the words of what
 * comes again and again are. */
typedef struct LogTold {
    const WebContext *context;
    WebSink *sink;
    GHashTable *kinds;  /* kind -> its words */
    GHashTable *actors; /* actor -> who that is */
} LogTold;

/* Return what @find says of @name, which is asked once for each; @known: what was said before. */
static const char *find_once(const WebContext *context, GHashTable *known, const char *name,
                             const char *(*find)(const WebContext *, const char *))
{
    const char *words = g_hash_table_lookup(known, name);
    if (words == NULL) {
        const char *kept = web_copy(context, name);
        words = find(context, kept);
        g_hash_table_insert(known, (gpointer)kept, (gpointer)words);
    }
    return words;
}

/* Write @us as a cell has it to @buffer. */
static TableCell cell_of_time(const WebContext *context, int64_t us, char *buffer)
{
    date_format_time(us, office_offset_seconds(context->office), buffer);
    buffer[strlen("2023-05-06T09:30:15")] = '\0';
    return table_cell_make(TABLE_CELL_TIME, buffer);
}

static bool tell_event(const LogTold *told, const LogEvent *event, GError **error)
{
    char seq_digits[TEXT_INT_SIZE];
    char when[DATE_TIME_TEXT_SIZE];
    char object[1 + TEXT_INT_SIZE] = "#";
    char digits[TEXT_INT_SIZE];
    const char *seq = text_format_int(event->seq, seq_digits);
    const char *who = find_once(told->context, told->actors, event->actor, web_actor);
    const char *what = find_once(told->context, told->kinds, event->kind, kind_words);
    g_strlcpy(object + 1, text_format_int(event->object, digits), TEXT_INT_SIZE);
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        table_cell_make(TABLE_CELL_NUMBER, seq),
        cell_of_time(told->context, event->at_us, when),
        web_cell_text(event->actor),
        web_cell_text(who),
        web_cell_text(what),
        web_cell_text(event->kind),
        web_cell_text(object),
        web_cell_text(event->line),
    };
    char id[sizeof "event:" + TEXT_INT_SIZE] = "event:";
    char address[sizeof "/log/" + TEXT_INT_SIZE] = "/log/";
    g_strlcat(id, seq, sizeof id);
    g_strlcat(address, seq, sizeof address);
    const WebLine line = {.cells = cells,
                          .id = id,
                          .title = what,
                          .address = address,
                          .said = who,
                          .changed_us = event->at_us};
    return web_sink_take(told->context, told->sink, &line, error);
}

/* Tell at most @most events older than *@before, which goes on; *@ret_has_more: there are others.
 */
static bool tell_some(const LogTold *told, const LogFilter *filter, int most, int64_t *before,
                      bool *ret_has_more, GError **error)
{
    g_autoptr(GPtrArray) events =
        log_events_before(told->context->reader, filter, *before, most + 1, error);
    for (guint i = 0; events != NULL && i < MIN(events->len, (guint)most); i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        if (!tell_event(told, event, error)) {
            return false;
        }
        *before = event->seq;
    }
    *ret_has_more = events != NULL && events->len > (guint)most;
    return events != NULL;
}

/* All events that fit the filter @data, the newest first. */
static bool read_events(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    g_autoptr(GHashTable) kinds_met = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) actors_met = g_hash_table_new(g_str_hash, g_str_equal);
    const LogTold told = {context, sink, kinds_met, actors_met};
    int64_t before = NEWEST;
    bool has_more = true;
    if (!web_sink_after(sink, &before, error)) {
        return false;
    }
    while (has_more && sink->room > 0) {
        if (!tell_some(&told, data, MIN(sink->room, EXPORT_PAGE), &before, &has_more, error)) {
            return false;
        }
    }
    sink->next = has_more ? web_number(context, before) : NULL;
    return true;
}

/* Return the log that @filter leaves, which is borrowed, as rows. */
static WebRows log_rows(const WebContext *context, const LogFilter *filter)
{
    return (WebRows){.name = "events",
                     .words = web_tr(context, N_("The log")),
                     .file = "log",
                     .query = "kind who object from to",
                     .columns = columns,
                     .n_columns = G_N_ELEMENTS(columns),
                     .read = read_events,
                     .is_paged = true,
                     .data = filter};
}

/* ---- both ------------------------------------------------------------------------------------ */

static bool send_page(WebContext *context, WebLog *shown, const LogFilter *filter, GError *refused,
                      GError **error)
{
    const WebRows rows = log_rows(context, filter);
    g_autoptr(GError) wrong = refused;
    shown->events = web_array(context);
    if (!fill_head(context, shown, error)) {
        return false;
    }
    if (wrong != NULL) {
        http_response_set_status(context->response, 400);
        shown->fault = web_fault(context, wrong);
    } else if (!add_events(context, shown, filter, error)) {
        return false;
    }
    add_kinds(context, shown);
    shown->endings = web_rows_endings(context, &rows);
    GString *out = web_page_begin(context, web_tr(context, N_("The log")));
    template_log_page(out, &context->html, shown);
    web_page_send(context, out);
    return true;
}

bool web_page_log(WebContext *context, GError **error)
{
    WebLog *shown = web_new(context, WebLog);
    LogFilter filter;
    GError *refused = NULL;
    bool is_read = read_filter(context, shown, &filter, &refused);
    if (*context->ending == '\0') {
        return send_page(context, shown, &filter, refused, error);
    }
    const WebRows rows = log_rows(context, &filter);
    if (!is_read) {
        g_propagate_error(error, refused);
    }
    return is_read && web_rows_send(context, &rows, error);
}

/* ---- one event ------------------------------------------------------------------------------- */

/* Return the event that the address names; the caller owns it. */
static GPtrArray *load_event(WebContext *context, int64_t *ret_seq, GError **error)
{
    int64_t seq = read_seq(context->parts[0]);
    g_autoptr(GPtrArray) events =
        seq > 0 ? log_events_after(context->reader, seq - 1, 1, error) : NULL;
    const LogEvent *event = events != NULL && events->len > 0 ? g_ptr_array_index(events, 0) : NULL;
    if (event == NULL || event->seq != seq) {
        if (*error == NULL) {
            error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        }
        return NULL;
    }
    *ret_seq = seq;
    return g_steal_pointer(&events);
}

/* Return @data as texts by where they stand in it, "step.name" before what it says, added to @says:
 * a time in clear is a whole number of microseconds, and told as people write it. */
static void add_says(const WebContext *context, GPtrArray *says, const char *before, json_t *data)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(data, key, value)
    {
        const char *name = web_keep(context, g_strconcat(before, key, NULL));
        if (json_is_object(value)) {
            add_says(context, says, web_keep(context, g_strconcat(name, ".", NULL)), value);
            continue;
        }
        char when[DATE_TIME_TEXT_SIZE];
        WebEventSaid *said = web_new(context, WebEventSaid);
        bool is_time = json_is_integer(value) && json_integer_value(value) >= FIRST_TIME;
        g_autofree char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        said->name = name;
        said->value =
            is_time ? web_copy(context, format_second(context, json_integer_value(value), when))
            : json_is_string(value) ? web_copy(context, json_string_value(value))
                                    : web_copy(context, dumped);
        g_ptr_array_add(says, said);
    }
}

/* Fill what only the page of one event shows of @event. */
static bool fill_event(const WebContext *context, WebEvent *shown, const LogEvent *event,
                       GError **error)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), error);
    int64_t size = 0;
    uint8_t root[CRYPTO_HASH_SIZE];
    if (line == NULL || !log_head(context->reader, &size, root, error)) {
        return false;
    }
    json_t *data = json_object_get(line, "data");
    json_t *happened = json_object_get(json_object_get(data, "step"), "happened");
    char when[DATE_TIME_TEXT_SIZE];
    shown->says = web_array(context);
    add_says(context, shown->says, "", data);
    shown->happened =
        json_is_integer(happened)
            ? web_copy(context, format_second(context, json_integer_value(happened), when))
            : NULL;
    shown->before = event->seq > 1 ? address_of(context, event->seq - 1) : NULL;
    shown->after = event->seq < size ? address_of(context, event->seq + 1) : NULL;
    return true;
}

bool web_page_event(WebContext *context, GError **error)
{
    int64_t seq = 0;
    g_autoptr(GPtrArray) events = load_event(context, &seq, error);
    if (events == NULL) {
        return false;
    }
    const LogEvent *event = g_ptr_array_index(events, 0);
    WebEvent *shown = make_event(context, event);
    if (!fill_event(context, shown, event, error)) {
        return false;
    }
    g_autoptr(GError) unsigned_yet = NULL;
    shown->proof = web_keep(context, log_prove_event(context->reader, seq, &unsigned_yet));
    shown->why_not = unsigned_yet != NULL ? web_fault(context, unsigned_yet) : NULL;
    shown->save = web_keep(context, g_strconcat(shown->address, "/proof", NULL));
    shown->key = office_public_key(context->office);
    GString *out = web_page_begin(context, web_say(context, N_("Event %s"), shown->seq));
    template_event_page(out, &context->html, shown);
    web_page_send(context, out);
    return true;
}

/* The event with its proof as a file, which `shuzhi log check` reads anywhere (log/shown.h). */
bool web_page_event_proof(WebContext *context, GError **error)
{
    int64_t seq = 0;
    g_autoptr(GPtrArray) events = load_event(context, &seq, error);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    if (events == NULL ||
        !log_shown_write(context->reader, g_ptr_array_index(events, 0), NULL, NULL, &json, error)) {
        return false;
    }
    g_autofree char *name =
        g_strdup_printf("attachment; filename=\"event-%" G_GINT64_FORMAT ".json\"", seq);
    http_response_set_header(context->response, "Content-Disposition", name);
    web_send_json(context, &json);
    return true;
}
