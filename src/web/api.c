#include "web/api.h"

#include "base/text.h"
#include "web/account.h"
#include "web/once.h"
#include "web/openapi.h"
#include "web/site.h"

#define BEARER "Bearer "
#define MAX_LANGUAGES 20

/* ---- who asks -------------------------------------------------------------------------------- */

bool web_api_is(const WebContext *context)
{
    return g_str_has_prefix(context->path, "/api/") || g_str_equal(context->path, "/api");
}

bool web_api_takes_token(const WebContext *context)
{
    bool is_file = *web_ending_of(context->path) != '\0';
    return web_api_is(context) || (is_file && http_request_method(context->request) != HTTP_POST);
}

static bool refuse(WebContext *context, GError **error)
{
    http_response_set_header(context->response, "WWW-Authenticate", "Bearer");
    error_set(error, SHUZHI_ERROR_SIGN_IN, "this token opens nothing, or nothing any more");
    return false;
}

bool web_api_find_holder(WebContext *context, const char *authorization, GError **error)
{
    if (g_ascii_strncasecmp(authorization, BEARER, strlen(BEARER)) != 0) {
        return refuse(context, error);
    }
    g_autofree char *token = text_strip_dup(authorization + strlen(BEARER));
    if (!office_token_find(context->office, context->reader, token, &context->grant, error)) {
        return false;
    }
    g_autoptr(RightsSubject) subject = NULL;
    if (context->grant != NULL &&
        !web_find_subject(context, context->grant->account, &subject, error)) {
        return false;
    }
    context->subject = g_steal_pointer(&subject);
    return context->subject != NULL || refuse(context, error);
}

bool web_api_identify(WebContext *context, const char *authorization, GError **error)
{
    int wait_seconds = 0;
    if (!web_api_find_holder(context, authorization, error)) {
        return false;
    }
    g_autofree char *name =
        g_strdup_printf("%s %" G_GINT64_FORMAT, office_id(context->office), context->grant->id);
    if (!throttle_take(context->site->throttle, name, web_now_us(context), &wait_seconds, error)) {
        g_clear_pointer(&context->subject, rights_subject_free);
        http_response_set_header(context->response, "Retry-After",
                                 web_number(context, wait_seconds));
        return false;
    }
    char *from = g_strdup_printf("%s token:%" G_GINT64_FORMAT,
                                 http_request_client(context->request), context->grant->id);
    context->act = (LogAct){.actor = context->subject->actor, .from = web_keep(context, from)};
    return true;
}

const char *web_api_language(const HttpRequest *request)
{
    const char *header = http_request_header(request, "Accept-Language");
    g_auto(GStrv) items = g_strsplit(header != NULL ? header : "", ",", MAX_LANGUAGES);
    const char *best = "zh";
    double best_weight = 0;
    for (int i = 0; items[i] != NULL; i++) {
        const char *item = g_strstrip(items[i]);
        const char *weight = strstr(item, "q=");
        double q = weight != NULL ? g_ascii_strtod(weight + strlen("q="), NULL) : 1;
        bool is_english = g_ascii_strncasecmp(item, "en", 2) == 0;
        bool is_chinese = g_ascii_strncasecmp(item, "zh", 2) == 0;
        if ((is_english || is_chinese) && q > best_weight) {
            best = is_english ? "en" : "zh";
            best_weight = q;
        }
    }
    return best;
}

/* ---- what was sent --------------------------------------------------------------------------- */

void web_api_point(WebContext *context, char *pointer)
{
    context->pointer = web_keep(context, pointer);
}

/* Return "@before/@name" as RFC 6901 writes it; the caller owns it. */
static char *pointer_to(const char *before, const char *name)
{
    GString *out = g_string_new(before);
    g_string_append_c(out, '/');
    for (const char *at = name; *at != '\0'; at++) {
        g_string_append(out, *at == '~' ? "~0" : *at == '/' ? "~1" : (const char[]){*at, '\0'});
    }
    return g_string_free(out, false);
}

static bool fail_type(WebContext *context, char *pointer, const char *wanted, GError **error)
{
    web_api_point(context, pointer);
    error_set(error, SHUZHI_ERROR_INVALID, "%s is wanted here", web_tr(context, wanted));
    return false;
}

json_t *web_api_read(WebContext *context, const char *const *known, GError **error)
{
    size_t length = 0;
    const char *body = http_request_body(context->request, &length);
    const char *type = http_request_header(context->request, "Content-Type");
    if (type == NULL || !g_str_has_prefix(type, "application/json")) {
        context->status = 415;
        error_set(error, SHUZHI_ERROR_INVALID, "send JSON, as application/json");
        return NULL;
    }
    if (length > WEB_API_MAX_BODY_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the JSON has at most %d bytes",
                  WEB_API_MAX_BODY_BYTES);
        return NULL;
    }
    g_autoptr(json_t) object = json_parse(body != NULL ? body : "", length, error);
    if (object == NULL) {
        return NULL;
    }
    if (!json_is_object(object)) {
        fail_type(context, g_strdup(""), N_("an object"), error);
        return NULL;
    }
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object, name, value)
    {
        if (!g_strv_contains(known, name)) {
            web_api_point(context, pointer_to("", name));
            error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not known here", name);
            return NULL;
        }
    }
    return g_steal_pointer(&object);
}

bool web_api_text(WebContext *context, const json_t *object, const char *name,
                  const char **ret_text, GError **error)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_string(value) && !json_is_null(value)) {
        return fail_type(context, pointer_to("", name), N_("a text"), error);
    }
    *ret_text = json_string_value(value);
    return true;
}

bool web_api_int(WebContext *context, const json_t *object, const char *name, int64_t *ret_number,
                 GError **error)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_integer(value)) {
        return fail_type(context, pointer_to("", name), N_("a whole number"), error);
    }
    *ret_number = json_integer_value(value);
    return true;
}

bool web_api_bool(WebContext *context, const json_t *object, const char *name, bool *ret_flag,
                  GError **error)
{
    const json_t *value = json_object_get(object, name);
    if (value != NULL && !json_is_boolean(value)) {
        return fail_type(context, pointer_to("", name), N_("true or false"), error);
    }
    *ret_flag = json_is_true(value);
    return true;
}

bool web_api_take_text(WebContext *context, const json_t *object, const char *name, char **text,
                       GError **error)
{
    const char *given = NULL;
    if (json_object_get(object, name) == NULL) {
        return true;
    }
    if (!web_api_text(context, object, name, &given, error)) {
        return false;
    }
    *text = (char *)(given != NULL && *given != '\0' ? given : NULL);
    return true;
}

bool web_api_take_day(WebContext *context, const json_t *object, const char *name, Date *date,
                      GError **error)
{
    char *text = NULL;
    if (!web_api_take_text(context, object, name, &text, error)) {
        return false;
    }
    if (json_object_get(object, name) == NULL) {
        return true;
    }
    *date = DATE_NONE;
    if (text != NULL && !date_parse(text, date)) {
        web_api_point(context, pointer_to("", name));
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a date; write 2023-05-06 or 2023年5月6日", text);
        return false;
    }
    return true;
}

bool web_api_take_ref(WebContext *context, const json_t *object, const char *name,
                      SchemaFieldKind kind, int64_t *id, GError **error)
{
    const SchemaField any = {.name = (char *)name, .kind = kind};
    const json_t *value = json_object_get(object, name);
    if (value == NULL || json_is_integer(value) || json_is_null(value)) {
        *id = value != NULL ? json_integer_value(value) : *id;
        return true;
    }
    if (!json_is_string(value)) {
        return fail_type(context, pointer_to("", name), N_("an id or a name"), error);
    }
    if (!ledger_names_find(context->names, &any, json_string_value(value), id, error)) {
        web_api_point(context, pointer_to("", name));
        error_recode(error, SHUZHI_ERROR_INVALID);
        return false;
    }
    return true;
}

bool web_api_own(WebContext *context, const json_t *object, GError **error)
{
    const char *own = NULL;
    const char *code = NULL;
    if (!web_api_text(context, object, "own", &own, error) ||
        !web_api_text(context, object, "code", &code, error)) {
        return false;
    }
    web_api_point(context, g_strdup("/own"));
    if (own == NULL || *own == '\0') {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "this asks for your own password once more, as 'own'");
        return false;
    }
    if (!web_check_own(context, own, code, error)) {
        if (g_strcmp0(error_field(*error), "code") == 0) {
            web_api_point(context, g_strdup("/code"));
        }
        return false;
    }
    context->pointer = NULL;
    return true;
}

/* ---- acts ------------------------------------------------------------------------------------ */

bool web_api_do(WebContext *context, const WebApiAct *act, GError **error)
{
    bool is_done = false;
    int64_t id = 0;
    g_autoptr(json_t) body = web_api_read(context, act->known, error);
    if (body == NULL || !web_once_by_header(context, body, &is_done, &id, error)) {
        return false;
    }
    if (!is_done && !act->run(context, body, &id, error) &&
        !web_once_meanwhile(context, &id, error)) {
        return false;
    }
    if (!act->answer(context, id, error)) {
        return false;
    }
    http_response_set_status(context->response, context->operation->status);
    return true;
}

bool web_api_send_done(WebContext *context, int64_t id, GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_bool(&json, "done", true);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_api_part(const WebContext *context, int part, int64_t *ret_id, GError **error)
{
    if (!text_parse_int(context->parts[part], ret_id)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    return true;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* Return @number as it was written: 15 digits come through a double as they went in.  NULL for one
 * that had more, whose last digits nobody can know. */
static char *text_of_real(double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.15g", number);
    return g_ascii_strtod(text, NULL) == number ? g_strdup(text) : NULL;
}

/* Return a single value of @field as a form would hold it; NULL for a type that it cannot have. */
static char *text_of(const SchemaField *field, const json_t *value)
{
    bool is_number = field->kind == SCHEMA_FIELD_NUMBER || field->kind == SCHEMA_FIELD_MONEY;
    if (json_is_string(value)) {
        return g_strdup(json_string_value(value));
    }
    if (json_is_integer(value) && is_number) {
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    if (json_is_real(value) && is_number) {
        return text_of_real(json_real_value(value));
    }
    if (json_is_boolean(value) && field->kind == SCHEMA_FIELD_BOOL) {
        return g_strdup(json_is_true(value) ? "yes" : "no");
    }
    return NULL;
}

/* What a value of @field is, in words: a key of the catalogue. */
static const char *wanted_of(const SchemaField *field)
{
    switch ((int)field->kind) {
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
        return N_("a number, as a text where it has more than 15 digits");
    case SCHEMA_FIELD_BOOL:
        return N_("true or false");
    case SCHEMA_FIELD_CHOICES:
    case SCHEMA_FIELD_PEOPLE:
        return N_("an array of texts");
    case SCHEMA_FIELD_ROWS:
        return N_("an array of objects");
    default:
        return N_("a text");
    }
}

static bool parse_one(WebContext *context, const SchemaField *field, const json_t *json,
                      const char *pointer, Value *ret_value, GError **error)
{
    g_autofree char *text = text_of(field, json);
    if (text == NULL) {
        return fail_type(context, g_strdup(pointer), wanted_of(field), error);
    }
    if (!ledger_field_parse(field, text, context->names, office_offset_seconds(context->office), 0,
                            ret_value, error)) {
        web_api_point(context, g_strdup(pointer));
        if (error_is(*error, SHUZHI_ERROR_NOT_FOUND)) { /* what is named, not what is asked for */
            error_recode(error, SHUZHI_ERROR_INVALID);
        }
        return false;
    }
    return true;
}

/* Read an array as a list; each of its texts is one item. */
static bool parse_list(WebContext *context, const SchemaField *field, const json_t *json,
                       const char *pointer, Value *ret_value, GError **error)
{
    g_auto(Value) list = VALUE_EMPTY;
    for (size_t i = 0; i < json_array_size(json); i++) {
        g_autofree char *at = g_strdup_printf("%s/%zu", pointer, i);
        g_auto(Value) one = VALUE_EMPTY;
        if (!parse_one(context, field, json_array_get(json, i), at, &one, error)) {
            return false;
        }
        if (one.kind != VALUE_LIST || one.items->len != 1) {
            return fail_type(context, g_steal_pointer(&at), N_("one name"), error);
        }
        value_list_append(&list, value_copy(&g_array_index(one.items, Value, 0)));
    }
    *ret_value = list;
    list = VALUE_EMPTY;
    return ledger_field_check(field, ret_value, error);
}

static bool parse_value(WebContext *context, const SchemaField *field, const json_t *json,
                        const char *pointer, Value *ret_value, GError **error)
{
    bool is_list = schema_kind_info(field->kind)->value_kind == VALUE_LIST;
    *ret_value = VALUE_EMPTY;
    if (json_is_null(json)) {
        return true;
    }
    return is_list && json_is_array(json)
               ? parse_list(context, field, json, pointer, ret_value, error)
               : parse_one(context, field, json, pointer, ret_value, error);
}

static bool fail_field(WebContext *context, const char *pointer, const char *name, GError **error)
{
    web_api_point(context, g_strdup(pointer));
    error_set(error, SHUZHI_ERROR_INVALID, "there is no field '%s' here", name);
    return false;
}

static bool parse_row(WebContext *context, const SchemaField *rows, const json_t *json,
                      const char *pointer, Value *values, GError **error)
{
    const char *name = NULL;
    json_t *value = NULL;
    if (!json_is_object(json)) {
        return fail_type(context, g_strdup(pointer), N_("an object"), error);
    }
    json_object_foreach((json_t *)json, name, value)
    {
        const SchemaField *child = schema_field_child(rows, name);
        g_autofree char *at = pointer_to(pointer, name);
        if (child == NULL) {
            return fail_field(context, at, name, error);
        }
        if (!parse_value(context, child, value, at, &values[child->position], error)) {
            return false;
        }
    }
    return true;
}

static bool parse_rows(WebContext *context, const SchemaField *rows, const json_t *json,
                       const char *pointer, LedgerInput *input, GError **error)
{
    if (!json_is_array(json) && !json_is_null(json)) {
        return fail_type(context, g_strdup(pointer), wanted_of(rows), error);
    }
    ledger_input_set(input, rows, VALUE_EMPTY); /* what is given replaces what there was */
    for (size_t i = 0; i < json_array_size(json); i++) {
        g_autofree Value *values = g_new0(Value, rows->fields->len);
        g_autofree char *at = g_strdup_printf("%s/%zu", pointer, i);
        if (!parse_row(context, rows, json_array_get(json, i), at, values, error)) {
            for (guint k = 0; k < rows->fields->len; k++) {
                value_clear(&values[k]);
            }
            return false;
        }
        ledger_input_add_row(input, rows, values);
    }
    return true;
}

static bool parse_field(WebContext *context, const SchemaField *field, const json_t *json,
                        const char *pointer, LedgerInput *input, GError **error)
{
    Value value = VALUE_EMPTY;
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return parse_rows(context, field, json, pointer, input, error);
    }
    if (!parse_value(context, field, json, pointer, &value, error)) {
        return false;
    }
    ledger_input_set(input, field, value);
    return true;
}

LedgerInput *web_api_input(WebContext *context, const SchemaLedger *ledger,
                           const GPtrArray *allowed, const json_t *fields, GError **error)
{
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    const char *name = NULL;
    json_t *value = NULL;
    if (fields != NULL && !json_is_object(fields)) {
        fail_type(context, g_strdup("/fields"), N_("an object"), error);
        return NULL;
    }
    json_object_foreach((json_t *)fields, name, value)
    {
        const SchemaField *field = schema_ledger_field(ledger, name);
        g_autofree char *pointer = pointer_to("/fields", name);
        if (field == NULL || field->kind == SCHEMA_FIELD_FILE ||
            (allowed != NULL && !g_ptr_array_find((GPtrArray *)allowed, field, NULL))) {
            fail_field(context, pointer, name, error);
            return NULL;
        }
        if (!parse_field(context, field, value, pointer, input, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&input);
}

/* ---- queries and answers --------------------------------------------------------------------- */

bool web_api_limit(const WebContext *context, int *ret_limit, GError **error)
{
    const char *text = http_request_query(context->request, "limit");
    int64_t limit = WEB_API_PAGE;
    if (text != NULL && (!text_parse_int(text, &limit) || limit < 1 || limit > WEB_API_MAX_PAGE)) {
        error_set(error, SHUZHI_ERROR_INVALID, "limit is 1 to %d", WEB_API_MAX_PAGE);
        return false;
    }
    *ret_limit = (int)limit;
    return true;
}

bool web_api_after(const WebContext *context, int64_t *ret_after, GError **error)
{
    const char *text = http_request_query(context->request, "after");
    *ret_after = 0;
    if (text != NULL && (!text_parse_int(text, ret_after) || *ret_after < 0)) {
        error_set(error, SHUZHI_ERROR_INVALID, "after is the number of an event");
        return false;
    }
    return true;
}

bool web_api_date(const WebContext *context, Date *ret_date, GError **error)
{
    const char *text = http_request_query(context->request, "date");
    *ret_date = web_today(context);
    if (text != NULL && !date_parse(text, ret_date)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a date; write 2023-05-06 or 2023年5月6日", text);
        return false;
    }
    return true;
}

void web_api_write_time(const WebContext *context, JsonWriter *json, const char *key, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE];
    int offset_seconds = office_offset_seconds(context->office);
    json_write_key_text(json, key, us != 0 ? date_format_time(us, offset_seconds, text) : NULL);
}

void web_api_write_date(JsonWriter *json, const char *key, Date date)
{
    char text[DATE_TEXT_SIZE];
    json_write_key_text(json, key, date != DATE_NONE ? date_format(date, text) : NULL);
}

void web_api_begin_list(JsonWriter *json, const char *key)
{
    json_writer_init_unsorted(json);
    json_write_begin_object(json);
    json_write_key(json, key);
    json_write_begin_array(json);
}

void web_api_send_list(WebContext *context, JsonWriter *json)
{
    json_write_end_array(json);
    json_write_end_object(json);
    web_send_json(context, json);
}
