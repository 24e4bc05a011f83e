#include "web/again.h"

#include "web/fault.h"
#include "web/routes.h"

/* Of the names of what travels through the door, whose own fields are called "name" and so on. */
#define DOOR_PREFIX "carried."

static void free_request(gpointer request)
{
    http_request_free(request);
}

bool web_is_refusal(const GError *error)
{
    static const ErrorCode codes[] = {SHUZHI_ERROR_INVALID,   SHUZHI_ERROR_CONFLICT,
                                      SHUZHI_ERROR_FORBIDDEN, SHUZHI_ERROR_NOT_FOUND,
                                      SHUZHI_ERROR_FULL,      SHUZHI_ERROR_LIMIT,
                                      SHUZHI_ERROR_EXISTS,    SHUZHI_ERROR_TOO_OFTEN};
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (error_is(error, codes[i])) {
            return true;
        }
    }
    return false;
}

bool web_is_same_origin(const WebContext *context)
{
    const char *site = http_request_header(context->request, "Sec-Fetch-Site");
    const char *origin = http_request_header(context->request, "Origin");
    const char *host = http_request_host(context->request);
    const char *at = origin != NULL ? strstr(origin, "://") : NULL;
    if (site != NULL && !g_str_equal(site, "same-origin")) {
        return false;
    }
    if (origin != NULL && (at == NULL || g_strcmp0(at + strlen("://"), host) != 0)) {
        return false;
    }
    return site != NULL || origin != NULL;
}

const char *web_to(const WebContext *context)
{
    const char *to = http_request_form(context->request, "to");
    to = to != NULL ? to : http_request_query(context->request, "to");
    if (to == NULL || to[0] != '/' || to[1] == '/') {
        return "";
    }
    for (const char *at = to; *at != '\0'; at++) {
        if (!g_ascii_isgraph(*at) || *at == '\\') {
            return "";
        }
    }
    return to;
}

/* Return whether a field called @name stays behind: what is secret, and what is of this page only.
 */
static bool stays_behind(const char *name)
{
    static const char *const names[] = {"form_token", "password", "again", "own",
                                        "code",       "secret",   "more",  NULL};
    return g_strv_contains(names, name);
}

static void add_hidden(const WebContext *context, GPtrArray *fields, const char *prefix,
                       const char *name)
{
    const GPtrArray *values = http_request_form_all(context->request, name);
    for (guint i = 0; i < values->len; i++) {
        WebHidden *field = web_new(context, WebHidden);
        field->name = web_keep(context, g_strconcat(prefix, name, NULL));
        field->value = g_ptr_array_index(values, i);
        g_ptr_array_add(fields, field);
    }
}

GPtrArray *web_kept_fields(const WebContext *context)
{
    const GPtrArray *names = http_request_form_names(context->request);
    GPtrArray *fields = web_array(context);
    for (guint i = 0; i < names->len; i++) {
        if (!stays_behind(g_ptr_array_index(names, i))) {
            add_hidden(context, fields, "", g_ptr_array_index(names, i));
        }
    }
    return fields;
}

GPtrArray *web_door_fields(const WebContext *context)
{
    const GPtrArray *names = http_request_form_names(context->request);
    bool is_at_door = g_str_equal(context->path, "/sign-in");
    GPtrArray *fields = web_array(context);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (is_at_door && g_str_has_prefix(name, DOOR_PREFIX)) {
            add_hidden(context, fields, "", name);
        } else if (!is_at_door && !stays_behind(name)) {
            add_hidden(context, fields, DOOR_PREFIX, name);
        }
    }
    return fields;
}

/* Let @context ask for the page at @target with the fields of the form whose names begin with
 * @prefix, which is cut off; false when there can be no such page. */
static bool ask_for_page(WebContext *context, const char *target, const char *prefix)
{
    const GPtrArray *names = http_request_form_names(context->request);
    HttpRequest *page =
        http_request_for_page(context->request, web_outer_address(context, target), NULL);
    if (page == NULL) {
        return false;
    }
    web_keep_object(context, page, free_request);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const GPtrArray *values = http_request_form_all(context->request, name);
        for (guint j = 0; g_str_has_prefix(name, prefix) && j < values->len; j++) {
            const char *value = g_ptr_array_index(values, j);
            http_request_add_field(page, name + strlen(prefix), value, strlen(value), NULL);
        }
    }
    web_context_take(context, page);
    return true;
}

/* Find the page that web_path_of_form() is about; NULL for none.  @ret_parts, @rest: the caller's.
 */
static const WebRoute *find_page_of_form(const WebContext *context, char *rest,
                                         char *ret_parts[WEB_MAX_PARTS], const char **ret_ending)
{
    char *slash = NULL;
    do {
        bool is_known = false;
        const WebRoute *route =
            web_route_find(context->site, HTTP_GET, rest, ret_parts, ret_ending, &is_known);
        if (route != NULL && !g_str_equal(rest, "/")) {
            return route;
        }
        slash = strrchr(rest, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    } while (slash != NULL && *rest != '\0');
    return NULL;
}

const char *web_path_of_form(const WebContext *context)
{
    char *rest = web_copy(context, context->path);
    char *parts[WEB_MAX_PARTS] = {NULL};
    const char *ending = NULL;
    const WebRoute *route = find_page_of_form(context, rest, parts, &ending);
    for (int i = 0; i < WEB_MAX_PARTS; i++) {
        g_free(parts[i]);
    }
    return route != NULL ? rest : NULL;
}

/* Answer with that page. */
static bool send_page_of_form(WebContext *context, GError **error)
{
    g_autofree char *rest = g_strdup(context->path);
    const WebRoute *route = find_page_of_form(context, rest, context->parts, &context->ending);
    if (route == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    return web_route_check(context, route, error) && route->page(context, error);
}

bool web_page_behind_door(WebContext *context, GError **error)
{
    if (!ask_for_page(context, http_request_form(context->request, "back"), DOOR_PREFIX)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    return send_page_of_form(context, error);
}

bool web_page_again(WebContext *context, GError *refused, GError **error)
{
    if (!web_is_refusal(refused)) {
        g_propagate_error(error, refused);
        return false;
    }
    bool is_asked = ask_for_page(context, web_asked_address(context), "");
    g_assert(is_asked); /* it was read before */
    web_fault_tell(context, refused);
    return send_page_of_form(context, error);
}
