#include "http/request.h"

#include <unistd.h>

#include "base/text.h"

#define MAX_METHOD_BYTES 16 /* of one that is not known here, for the log */

/* Fields by name, each with all its values, and the names in their order. */
typedef struct Fields {
    GHashTable *values; /* name -> GPtrArray of char* */
    GPtrArray *names;   /* borrowed from @values' keys */
    guint n;
} Fields;

struct HttpRequest {
    HttpMethod method;
    char *method_name; /* of HTTP_OTHER; NULL: not known */
    char *path;
    char *query_text;
    char *client;
    bool is_secure;
    bool is_proxied;
    GHashTable *headers; /* lower-case name -> value */
    Fields query;
    Fields form;
    Fields cookies;
    GPtrArray *uploads;
    char *body;
    size_t body_length;
    bool has_dropped; /* files, that were sent and not kept */
};

/* ---- fields ---------------------------------------------------------------------------------- */

static void free_values(gpointer values)
{
    g_ptr_array_unref(values);
}

static void fields_init(Fields *fields)
{
    fields->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_values);
    fields->names = g_ptr_array_new();
}

static void fields_clear(Fields *fields)
{
    g_hash_table_unref(fields->values);
    g_ptr_array_unref(fields->names);
}

/* Add @value (taken) of @name (taken), with its line breaks as LF. */
static bool fields_add(Fields *fields, char *name, char *value, GError **error)
{
    GPtrArray *values = g_hash_table_lookup(fields->values, name);
    if (++fields->n > HTTP_MAX_FIELDS) {
        g_free(name);
        g_free(value);
        error_set(error, SHUZHI_ERROR_LIMIT, "a request has at most %d fields", HTTP_MAX_FIELDS);
        return false;
    }
    if (values == NULL) {
        values = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(fields->values, name, values);
        g_ptr_array_add(fields->names, name);
    } else {
        g_free(name);
    }
    g_ptr_array_add(values, text_unify_breaks(value));
    return true;
}

static const GPtrArray *fields_all(const Fields *fields, const char *name)
{
    static GPtrArray *none;
    if (g_once_init_enter(&none)) {
        g_once_init_leave(&none, g_ptr_array_new());
    }
    const GPtrArray *values = g_hash_table_lookup(fields->values, name);
    return values != NULL ? values : none;
}

static const char *fields_first(const Fields *fields, const char *name)
{
    const GPtrArray *values = fields_all(fields, name);
    return values->len > 0 ? g_ptr_array_index(values, 0) : NULL;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* Decode "%41+b" into *@ret_text (the caller owns it); INVALID for a broken escape, a NUL or bad
 * UTF-8. @is_form: "+" is a blank. */
static bool decode(const char *text, size_t length, bool is_form, char **ret_text, GError **error)
{
    GString *out = g_string_sized_new(length);
    bool is_good = true;
    for (size_t i = 0; is_good && i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < length ? g_ascii_xdigit_value(text[i + 1]) : -1;
            int low = i + 2 < length ? g_ascii_xdigit_value(text[i + 2]) : -1;
            is_good = high >= 0 && low >= 0;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && is_form) {
            c = ' ';
        }
        is_good = is_good && c != '\0';
        g_string_append_c(out, c);
    }
    if (!is_good || !g_utf8_validate(out->str, (gssize)out->len, NULL)) {
        g_string_free(out, true);
        error_set(error, SHUZHI_ERROR_INVALID, "the request is not readable: a broken escape");
        return false;
    }
    *ret_text = g_string_free(out, false);
    return true;
}

/* Read "a=1&b=2" into @fields. */
static bool parse_pairs(const char *text, size_t length, Fields *fields, GError **error)
{
    const char *end = text + length;
    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop != NULL ? stop : end;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        const char *name_end = equals != NULL ? equals : stop;
        const char *value = equals != NULL ? equals + 1 : stop;
        char *decoded_name = NULL;
        char *decoded = NULL;
        if (!decode(at, (size_t)(name_end - at), true, &decoded_name, error)) {
            return false;
        }
        if (!decode(value, (size_t)(stop - value), true, &decoded, error)) {
            g_free(decoded_name);
            return false;
        }
        if (stop > at && !fields_add(fields, decoded_name, decoded, error)) {
            return false;
        }
        if (stop == at) {
            g_free(decoded_name);
            g_free(decoded);
        }
        at = stop + 1;
    }
    return true;
}

/* Return whether @path leads nowhere but down, and is fit for a line of a log. */
static bool is_plain_path(const char *path)
{
    if (text_find_control(path, strlen(path), NULL) || strpbrk(path, "\t\n\r") != NULL) {
        return false;
    }
    if (path[0] != '/' || strstr(path, "//") != NULL || strchr(path, '\\') != NULL) {
        return false;
    }
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (int i = 0; parts[i] != NULL; i++) {
        if (g_str_equal(parts[i], "..") || g_str_equal(parts[i], ".")) {
            return false;
        }
    }
    return true;
}

static bool parse_target(HttpRequest *request, const char *target, GError **error)
{
    const char *mark = strchr(target, '?');
    size_t n_path = mark != NULL ? (size_t)(mark - target) : strlen(target);
    request->query_text = g_strdup(mark != NULL ? mark + 1 : "");
    if (!decode(target, n_path, false, &request->path, error)) {
        return false;
    }
    if (!is_plain_path(request->path)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the address is not readable");
        return false;
    }
    return parse_pairs(request->query_text, strlen(request->query_text), &request->query, error);
}

/* ---- building -------------------------------------------------------------------------------- */

static void free_upload(gpointer upload)
{
    http_upload_free(upload);
}

void http_upload_free(HttpUpload *upload)
{
    if (upload != NULL) {
        if (upload->path != NULL) {
            unlink(upload->path);
        }
        g_free(upload->field);
        g_free(upload->name);
        g_free(upload->path);
        g_free(upload);
    }
}

HttpRequest *http_request_new(HttpMethod method, const char *target, const char *client,
                              GError **error)
{
    g_autoptr(HttpRequest) request = g_new0(HttpRequest, 1);
    request->method = method;
    request->client = g_strdup(client);
    request->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    request->uploads = g_ptr_array_new_with_free_func(free_upload);
    fields_init(&request->query);
    fields_init(&request->form);
    fields_init(&request->cookies);
    return parse_target(request, target, error) ? g_steal_pointer(&request) : NULL;
}

void http_request_free(HttpRequest *request)
{
    if (request != NULL) {
        g_free(request->method_name);
        g_free(request->path);
        g_free(request->query_text);
        g_free(request->client);
        g_hash_table_unref(request->headers);
        fields_clear(&request->query);
        fields_clear(&request->form);
        fields_clear(&request->cookies);
        g_ptr_array_unref(request->uploads);
        g_free(request->body);
        g_free(request);
    }
}

/* Read "a=1; b=2"; what is no pair is left out, as browsers do not send it. */
static bool parse_cookies(HttpRequest *request, const char *text, GError **error)
{
    g_auto(GStrv) pairs = g_strsplit(text, ";", HTTP_MAX_FIELDS + 1);
    for (int i = 0; pairs[i] != NULL; i++) {
        char *equals = strchr(pairs[i], '=');
        if (equals != NULL) {
            char *name = g_strstrip(g_strndup(pairs[i], (gsize)(equals - pairs[i])));
            if (!fields_add(&request->cookies, name, g_strstrip(g_strdup(equals + 1)), error)) {
                return false;
            }
        }
    }
    return true;
}

/* Return whether @name is a token (RFC 9110 §5.6.2): "Content-Length " is none, and a server in
 * front may have read it otherwise. */
static bool is_token(const char *name)
{
    size_t n = strspn(name, "!#$%&'*+-.^_`|~0123456789"
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return n > 0 && name[n] == '\0';
}

/* Return whether @value is UTF-8 without control characters but the tabulator. */
static bool is_header_value(const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at) && *at != '\t') {
            return false;
        }
    }
    return g_utf8_validate(value, -1, NULL);
}

bool http_request_add_header(HttpRequest *request, const char *name, const char *value,
                             GError **error)
{
    static const char *const single[] = {"host",   "content-length",    "content-type",  "cookie",
                                         "origin", "transfer-encoding", "authorization", NULL};
    if (!is_token(name)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a header of the request has no readable name");
        return false;
    }
    g_autofree char *lower = g_ascii_strdown(name, -1);
    if (!is_header_value(value)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the header '%s' is not readable", lower);
        return false;
    }
    if (g_strv_contains(single, lower) && g_hash_table_contains(request->headers, lower)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the header '%s' came twice", lower);
        return false;
    }
    if (g_str_equal(lower, "cookie") && !parse_cookies(request, value, error)) {
        return false;
    }
    g_hash_table_replace(request->headers, g_steal_pointer(&lower), g_strdup(value));
    return true;
}

HttpRequest *http_request_for_page(const HttpRequest *request, const char *target, GError **error)
{
    g_autoptr(HttpRequest) page = http_request_new(HTTP_GET, target, request->client, error);
    GHashTableIter headers;
    gpointer name = NULL;
    gpointer value = NULL;
    if (page == NULL) {
        return NULL;
    }
    g_hash_table_iter_init(&headers, request->headers);
    while (g_hash_table_iter_next(&headers, &name, &value)) {
        if (!http_request_add_header(page, name, value, error)) {
            return NULL;
        }
    }
    page->is_secure = request->is_secure;
    page->is_proxied = request->is_proxied;
    return g_steal_pointer(&page);
}

void http_request_set_method_name(HttpRequest *request, const char *name)
{
    if (is_token(name)) {
        g_free(request->method_name);
        request->method_name = g_strndup(name, MAX_METHOD_BYTES);
    }
}

void http_request_set_secure(HttpRequest *request)
{
    request->is_secure = true;
}

void http_request_set_proxied(HttpRequest *request)
{
    request->is_proxied = true;
}

bool http_request_parse_form(HttpRequest *request, const char *body, size_t length, GError **error)
{
    if (length > HTTP_MAX_FORM_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "a form has at most %d bytes", HTTP_MAX_FORM_BYTES);
        return false;
    }
    return parse_pairs(body, length, &request->form, error);
}

void http_request_set_body(HttpRequest *request, const char *body, size_t length)
{
    g_free(request->body);
    request->body = g_strndup(body, length);
    request->body_length = length;
}

bool http_request_add_field(HttpRequest *request, const char *name, const char *value,
                            size_t length, GError **error)
{
    if (!g_utf8_validate(name, -1, NULL) || !g_utf8_validate_len(value, length, NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a field of the form is not UTF-8");
        return false;
    }
    return fields_add(&request->form, g_strdup(name), g_strndup(value, length), error);
}

bool http_request_add_upload(HttpRequest *request, HttpUpload *upload, GError **error)
{
    if (request->uploads->len >= HTTP_MAX_UPLOADS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "a form has at most %d files", HTTP_MAX_UPLOADS);
    } else if (!g_utf8_validate(upload->field, -1, NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a field of the form is not UTF-8");
    } else {
        g_ptr_array_add(request->uploads, upload);
        return true;
    }
    http_upload_free(upload);
    return false;
}

/* ---- reading --------------------------------------------------------------------------------- */

HttpMethod http_request_method(const HttpRequest *request)
{
    return request->method;
}

const char *http_request_method_name(const HttpRequest *request)
{
    static const char *const names[HTTP_N_METHODS] = {"GET", "HEAD", "POST"};
    return request->method != HTTP_OTHER  ? names[request->method]
           : request->method_name != NULL ? request->method_name
                                          : "-";
}

const char *http_request_path(const HttpRequest *request)
{
    return request->path;
}

const char *http_request_query_text(const HttpRequest *request)
{
    return request->query_text;
}

const char *http_request_client(const HttpRequest *request)
{
    return request->client;
}

void http_request_set_dropped(HttpRequest *request)
{
    request->has_dropped = true;
}

bool http_request_has_dropped(const HttpRequest *request)
{
    return request->has_dropped;
}

bool http_request_is_secure(const HttpRequest *request)
{
    return request->is_secure;
}

const char *http_request_host(const HttpRequest *request)
{
    const char *list =
        request->is_proxied ? http_request_header(request, "X-Forwarded-Host") : NULL;
    if (list == NULL || *list == '\0') {
        return http_request_header(request, "Host");
    }
    const char *comma = strrchr(list, ','); /* the last one is what our own proxy was asked for */
    const char *last = comma != NULL ? comma + 1 : list;
    return last + strspn(last, " \t");
}

const char *http_request_lacks(const HttpRequest *request)
{
    const char *origin = http_request_header(request, "Origin");
    const char *at = origin != NULL ? strstr(origin, "://") : NULL;
    if (!request->is_proxied || at == NULL) {
        return NULL; /* no form of a browser, such as a monitor's question */
    }
    const char *site = http_request_header(request, "Sec-Fetch-Site");
    bool is_own = site != NULL ? g_str_equal(site, "same-origin") /* the browser knows */
                               : http_request_is_for_machine(request);
    if (is_own && g_strcmp0(at + strlen("://"), http_request_host(request)) != 0) {
        return "X-Forwarded-Host";
    }
    return http_request_header(request, "X-Forwarded-Proto") == NULL ? "X-Forwarded-Proto"
           : http_request_header(request, "X-Forwarded-For") == NULL ? "X-Forwarded-For"
                                                                     : NULL;
}

bool http_request_is_for_machine(const HttpRequest *request)
{
    const char *host = http_request_host(request);
    const char *end = host != NULL && *host == '[' ? strchr(host, ']') : NULL;
    g_autofree char *name = end != NULL    ? g_strndup(host + 1, (gsize)(end - host - 1))
                            : host != NULL ? g_strndup(host, strcspn(host, ":"))
                                           : NULL;
    return name != NULL &&
           (g_hostname_is_ip_address(name) || g_ascii_strcasecmp(name, "localhost") == 0 ||
            g_str_has_suffix(name, ".localhost"));
}

const char *http_request_header(const HttpRequest *request, const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return g_hash_table_lookup(request->headers, lower);
}

const char *http_request_cookie(const HttpRequest *request, const char *name)
{
    return fields_first(&request->cookies, name);
}

const char *http_request_body(const HttpRequest *request, size_t *ret_length)
{
    *ret_length = request->body_length;
    return request->body;
}

const char *http_request_query(const HttpRequest *request, const char *name)
{
    return fields_first(&request->query, name);
}

const char *http_request_form(const HttpRequest *request, const char *name)
{
    return fields_first(&request->form, name);
}

const GPtrArray *http_request_query_all(const HttpRequest *request, const char *name)
{
    return fields_all(&request->query, name);
}

const GPtrArray *http_request_form_all(const HttpRequest *request, const char *name)
{
    return fields_all(&request->form, name);
}

/* Return whether @name is in @many. */
static bool may_be_many(const char *name, const char *const *many)
{
    bool is_found = false;
    for (int i = 0; many[i] != NULL; i++) {
        size_t n = strlen(many[i]);
        is_found = is_found || (many[i][n - 1] == '*' ? strncmp(name, many[i], n - 1) == 0
                                                      : g_str_equal(name, many[i]));
    }
    return is_found;
}

const char *http_request_twice(const HttpRequest *request, const char *const *many)
{
    const Fields *const all[] = {&request->query, &request->form};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        for (guint j = 0; j < all[i]->names->len; j++) {
            const char *name = g_ptr_array_index(all[i]->names, j);
            if (fields_all(all[i], name)->len > 1 && !may_be_many(name, many)) {
                return name;
            }
        }
    }
    return NULL;
}

const GPtrArray *http_request_query_names(const HttpRequest *request)
{
    return request->query.names;
}

const GPtrArray *http_request_form_names(const HttpRequest *request)
{
    return request->form.names;
}

const GPtrArray *http_request_uploads(const HttpRequest *request)
{
    return request->uploads;
}
