#include "web/context.h"

#include "base/message.h"
#include "base/text.h"
#include "office/account.h"
#include "office/person.h"
#include "web/again.h"
#include "web/api.h"
#include "web/left.h"
#include "web/notice.h"
#include "web/templates.h"

#define PAGE_BYTES (48 * 1024) /* most pages fit; others grow */

/* ---- what lives as long as the request ------------------------------------------------------- */

/* What is freed with the request. */
typedef struct WebKept {
    void *object;
    GDestroyNotify free;
    struct WebKept *next;
} WebKept;

static void unref_array(gpointer array)
{
    g_ptr_array_unref(array);
}

static void free_kept(WebContext *context)
{
    for (const WebKept *kept = context->kept; kept != NULL; kept = kept->next) {
        kept->free(kept->object);
    }
    arena_free(context->arena);
}

void web_context_init(WebContext *context, const WebSite *site, const HttpRequest *request,
                      HttpResponse *response)
{
    *context = (WebContext){
        .site = site,
        .office = site->office,
        .response = response,
        .html = {.language = "zh", .base = site->base != NULL ? site->base : ""},
        .form_token = "",
        .ending = "",
        .arena = arena_new(),
    };
    context->faults = web_array(context);
    web_context_take(context, request);
}

void web_context_take(WebContext *context, const HttpRequest *request)
{
    const char *name = context->site->name;
    context->request = request;
    context->path = http_request_path(request) + (name != NULL ? strlen("/") + strlen(name) : 0);
}

void web_context_clear(WebContext *context)
{
    g_clear_pointer(&context->typed, g_hash_table_unref);
    ledger_names_free(context->names);
    office_session_free(context->session);
    office_token_free(context->grant);
    rights_subject_free(context->subject);
    if (context->reader != NULL) {
        store_reader_release(context->reader);
    }
    for (int i = 0; i < WEB_MAX_PARTS; i++) {
        g_free(context->parts[i]);
    }
    free_kept(context);
}

void web_keep_object(const WebContext *context, void *object, GDestroyNotify free)
{
    WebKept *kept = web_new(context, WebKept);
    *kept = (WebKept){object, free, context->kept};
    ((WebContext *)context)->kept = kept; /* not of what a page is given to see */
}

void web_keep_begin(const WebContext *context, WebKeptBefore *ret_before)
{
    WebContext *own = (WebContext *)context; /* not of what a page is given to see */
    *ret_before = (WebKeptBefore){own->arena, own->kept};
    own->arena = arena_new();
    own->kept = NULL;
}

void web_keep_end(const WebContext *context, const WebKeptBefore *before)
{
    WebContext *own = (WebContext *)context;
    free_kept(own);
    own->arena = before->arena;
    own->kept = before->kept;
}

void *web_keep(const WebContext *context, void *memory)
{
    if (memory != NULL) {
        web_keep_object(context, memory, g_free);
    }
    return memory;
}

char *web_copy(const WebContext *context, const char *text)
{
    return text != NULL ? arena_copy(context->arena, text, strlen(text)) : NULL;
}

GPtrArray *web_array(const WebContext *context)
{
    GPtrArray *array = g_ptr_array_sized_new(8); /* a row of a list: grown, it is moved thrice */
    web_keep_object(context, array, unref_array);
    return array;
}

const char *web_site_name(const WebContext *context)
{
    if (context->office != NULL) {
        return office_name(context->office);
    }
    return context->site->name != NULL ? context->site->name : web_tr(context, N_("Shuzhi"));
}

/* ---- words ----------------------------------------------------------------------------------- */

const char *web_tr(const WebContext *context, const char *text)
{
    return message_get(context->html.language, text);
}

/* Return @text (takes) with @words for each path that begins with @place; the caller owns it. */
static char *hide_place(char *text, const char *place, const char *words)
{
    const char *at = place != NULL && g_path_is_absolute(place) ? strstr(text, place) : NULL;
    if (at == NULL) {
        return text;
    }
    const char *mark = strchr(at, '\'');
    const char *end = mark != NULL ? mark : at + strlen(at);
    const char *quotation = strstr(at, "”");
    end = quotation != NULL && quotation < end ? quotation : end;
    g_autofree char *front = g_strndup(text, (gsize)(at - text));
    char *rest = hide_place(g_strdup(end), place, words);
    char *hidden = g_strconcat(front, words, rest, NULL);
    g_free(rest);
    g_free(text);
    return hidden;
}

/* What of the system fails is told to who runs the server, in the log: who reads a page can but
 * tell them. */
static const char *fault_of_system(const WebContext *context, const GError *error)
{
    return web_tr(context,
                  error_is(error, SHUZHI_ERROR_FULL)
                      ? N_("the server's disk is full; please tell the system administrator")
                      : N_("the server cannot read or write its own data at present; please tell "
                           "the system administrator"));
}

/* Where on the server files lie is no matter of who reads a page (OWASP ASVS 16.5.1). */
const char *web_fault(const WebContext *context, const GError *error)
{
    if (error_is_of_system(error)) {
        return fault_of_system(context, error);
    }
    const Office *office = context->office;
    const char *words = web_tr(context, N_("the office's files"));
    char *text = error_to_text(error, context->html.language);
    text = hide_place(text, scratch_path(context->site->scratch), words);
    text = hide_place(text, office != NULL ? office_files_path(office) : NULL, words);
    text = hide_place(text, office != NULL ? office_folder(office) : NULL, words);
    return web_keep(context, text);
}

const char *web_sentence(const WebContext *context, const char *text)
{
    static const char *const ends[] = {"。", "！", "？", "…", "：", ".", "!", "?", ":"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (g_str_has_suffix(text, ends[i])) {
            return text;
        }
    }
    return web_keep(context, g_strconcat(text, web_tr(context, N_(".")), NULL));
}

const char *web_words(const WebContext *context, const SchemaWords *words)
{
    return schema_words_get(words, context->html.language);
}

/* Write @us, cut to @length characters of "2023-05-06T09:30:00". */
static const char *format_time(const WebContext *context, int64_t us, size_t length)
{
    char text[DATE_TIME_TEXT_SIZE];
    if (us == 0) {
        return "";
    }
    date_format_time(us, office_offset_seconds(context->office), text);
    text[strlen("2023-05-06")] = ' ';
    return arena_copy(context->arena, text, length);
}

const char *web_time(const WebContext *context, int64_t us)
{
    return format_time(context, us, strlen("2023-05-06 09:30"));
}

const char *web_day(const WebContext *context, int64_t us)
{
    return format_time(context, us, strlen("2023-05-06"));
}

const char *web_deadline(const WebContext *context, int64_t us)
{
    int64_t local_us = us + office_offset_seconds(context->office) * DATE_US_PER_SECOND;
    if (us == 0 || local_us % DATE_US_PER_DAY != 0) {
        return web_time(context, us);
    }
    return web_keep(context, g_strconcat(web_day(context, us - 1), " 24:00", NULL));
}

const char *web_number(const WebContext *context, int64_t number)
{
    char digits[TEXT_INT_SIZE];
    return web_copy(context, text_format_int(number, digits));
}

int64_t web_now_us(const WebContext *context)
{
    return source_now_us(office_source(context->office));
}

Date web_today(const WebContext *context)
{
    return date_from_us(web_now_us(context), office_offset_seconds(context->office));
}

const char *web_actor(const WebContext *context, const char *actor)
{
    int64_t id = 0;
    if (g_str_equal(actor, LOG_ACTOR_SYSTEM)) {
        return web_tr(context, N_("the program itself"));
    }
    if (g_str_has_prefix(actor, "os:")) {
        return web_say(context, N_("%s (command line)"), actor + strlen("os:"));
    }
    if (g_str_has_prefix(actor, "address:")) {
        return web_say(context, N_("somebody at %s"), actor + strlen("address:"));
    }
    if (!g_str_has_prefix(actor, "account:")) {
        return actor;
    }
    id = g_ascii_strtoll(actor + strlen("account:"), NULL, 10);
    g_autoptr(OfficeAccount) account = office_account_load(context->reader, id, NULL);
    if (account == NULL) {
        return actor;
    }
    return account->person != 0
               ? ledger_names_get(context->names, SCHEMA_FIELD_PERSON, account->person)
               : web_keep(context, g_strdup(account->name));
}

const SchemaLedger *web_find_ledger(const WebContext *context, const char *name, GError **error)
{
    const SchemaLedger *ledger = schema_ledger(office_schema(context->office), name);
    if (ledger == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no ledger '%s'", name);
    }
    return ledger;
}

/* ---- addresses ------------------------------------------------------------------------------- */

const char *web_address(const WebContext *context, const char *path, ...)
{
    GString *out = g_string_new(path);
    bool has_query = false;
    va_list pairs;
    va_start(pairs, path);
    for (const char *name = va_arg(pairs, const char *); name != NULL;
         name = va_arg(pairs, const char *)) {
        const char *value = va_arg(pairs, const char *);
        if (value == NULL || *value == '\0') {
            continue;
        }
        g_string_append_printf(out, "%c%s=", has_query ? '&' : '?', name);
        g_string_append_uri_escaped(out, value, NULL, false);
        has_query = true;
    }
    va_end(pairs);
    return web_keep(context, g_string_free(out, false));
}

const char *web_outer_address(const WebContext *context, const char *address)
{
    return web_keep(context, g_strconcat(context->html.base, address, NULL));
}

const char *web_asked_address(const WebContext *context)
{
    const char *query = http_request_query_text(context->request);
    bool has_query = query != NULL && *query != '\0';
    g_autofree char *path = g_uri_escape_string(context->path, "/", false); /* it is decoded */
    return web_keep(context, g_strconcat(path, has_query ? "?" : "", has_query ? query : "", NULL));
}

const char *web_absolute_address(const WebContext *context, const char *address)
{
    const char *host = http_request_host(context->request);
    const char *scheme = http_request_is_secure(context->request) ? "https://" : "http://";
    return web_keep(context, g_strconcat(scheme, host != NULL ? host : "localhost",
                                         context->html.base, address, NULL));
}

const char *web_entry_address(const WebContext *context, const char *number)
{
    static const char before[] = "/entry/";
    size_t length = 0;
    while (g_ascii_isalnum(number[length]) || number[length] == '-') {
        length++;
    }
    if (number[length] == '\0') { /* nothing to escape */
        char *out = arena_alloc(context->arena, sizeof before + length);
        memcpy(out, before, sizeof before - 1);
        memcpy(out + sizeof before - 1, number, length);
        return out;
    }
    g_autofree char *escaped = g_uri_escape_string(number, NULL, false);
    return web_keep(context, g_strconcat(before, escaped, NULL));
}

/* ---- pages ----------------------------------------------------------------------------------- */

GString *web_page_begin(WebContext *context, const char *title)
{
    GString *out = g_string_sized_new(PAGE_BYTES);
    context->done = context->done != NULL ? context->done : web_notice_take(context);
    if (context->subject == NULL) {
        template_door_begin(out, &context->html, context, title, web_site_name(context));
    } else {
        template_frame_begin(out, &context->html, context, title, context->path);
    }
    return out;
}

void web_page_send(WebContext *context, GString *out)
{
    if (context->subject == NULL) {
        template_door_end(out, &context->html, context);
    } else {
        template_frame_end(out, &context->html, context);
    }
    http_response_set_body(context->response, "text/html; charset=utf-8", out);
}

int web_error_status(const GError *error)
{
    return error_http_status(error);
}

/* Return the code of @error; INTERNAL of a foreign domain's, and IO of one of the system that would
 * speak of the request elsewhere ("not found"). */
static ErrorCode code_of(const GError *error)
{
    if (error->domain != SHUZHI_ERROR) {
        return SHUZHI_ERROR_INTERNAL;
    }
    bool is_elsewhere = error_is(error, SHUZHI_ERROR_FORBIDDEN) ||
                        error_is(error, SHUZHI_ERROR_NOT_FOUND) ||
                        error_is(error, SHUZHI_ERROR_EXISTS);
    return is_elsewhere && error_is_of_system(error) ? SHUZHI_ERROR_IO : (ErrorCode)error->code;
}

const char *web_error_name(const GError *error)
{
    return error_code_name(code_of(error));
}

/* Name in the log who was refused: in the server's each time, in the office's what is news. */
static void note_refusal(const WebContext *context, const GError *error)
{
    if (!error_is(error, SHUZHI_ERROR_FORBIDDEN) || error_is_of_system(error) ||
        context->subject == NULL || context->is_forged) {
        return;
    }
    g_autoptr(GError) unlogged = NULL;
    const char *actor = context->subject->actor;
    http_response_set_asker(context->response, actor);
    if (throttle_is_news(context->site->throttle, actor, context->path, web_now_us(context)) &&
        !office_session_deny(context->office, &context->act, context->path, &unlogged)) {
        g_message("a refused access is not in the log: %s", unlogged->message);
    }
}

void web_log_fault(const GError *error)
{
    if (error_is_of_system(error)) {
        g_message("%s", error->message);
    }
}

void web_send_json(WebContext *context, JsonWriter *json)
{
    g_autofree char *text = json_writer_finish(json);
    http_response_set_text(context->response, "application/json; charset=utf-8", text);
    http_response_allow_keeping(context->response, NULL);
}

static const char *const endings[] = {".csv", ".xlsx", ".jsonl", ".json", ".atom", ".ics"};

const char *web_ending_of(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(path, endings[i])) {
            return endings[i];
        }
    }
    return "";
}

bool web_is_for_programs(const WebContext *context)
{
    return context->operation != NULL || g_str_has_suffix(context->path, ".json") ||
           web_api_is(context);
}

void web_write_error(WebContext *context, const GError *error, JsonWriter *json)
{
    int status = context->status != 0 ? context->status : error_http_status(error);
    web_log_fault(error);
    note_refusal(context, error);
    http_response_set_status(context->response, status);
    json_write_key_int(json, "status", status);
    json_write_key_text(json, "code", web_error_name(error));
    json_write_key_text(json, "message", web_fault(context, error));
    if (context->pointer != NULL) {
        json_write_key_text(json, "pointer", context->pointer);
    }
}

/* {"status":404,"code":"NOT_FOUND","message":"…"} */
static void send_error_json(WebContext *context, const GError *error)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    web_write_error(context, error, &json);
    json_write_end_object(&json);
    web_send_json(context, &json);
}

/* Return what a page is called that says @error only. */
static const char *title_of_error(const WebContext *context, const GError *error)
{
    switch (web_error_status(error)) {
    case 403:
        return web_tr(context, N_("Not allowed"));
    case 404:
        return web_tr(context, N_("Not found"));
    default:
        return web_tr(context, N_("This did not work"));
    }
}

void web_send_error(WebContext *context, const GError *error)
{
    if (web_is_for_programs(context)) {
        send_error_json(context, error);
        return;
    }
    web_log_fault(error);
    note_refusal(context, error);
    http_response_set_status(context->response,
                             context->status != 0 ? context->status : web_error_status(error));
    GString *out = web_page_begin(context, title_of_error(context, error));
    bool is_form = http_request_method(context->request) == HTTP_POST;
    bool is_ours_to_mend =
        is_form && web_error_status(error) >= 500 && web_kept_fields(context)->len > 0;
    bool is_too_large = is_form && error_is(error, SHUZHI_ERROR_LIMIT);
    bool is_left = !is_ours_to_mend && context->subject != NULL && web_is_same_origin(context);
    template_error(out, &context->html, context, web_fault(context, error), is_ours_to_mend,
                   is_too_large ? web_path_of_form(context) : NULL,
                   is_left ? web_left_texts(context) : web_array(context));
    web_page_send(context, out);
}
