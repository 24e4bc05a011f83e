#include "web/again.h"

#include "web/fault.h"
#include "web/routes.h"

bool web_is_refusal(const GError *error)
{
    static const ErrorCode codes[] = {
        SHUZHI_ERROR_INVALID, SHUZHI_ERROR_CONFLICT, SHUZHI_ERROR_FORBIDDEN, SHUZHI_ERROR_NOT_FOUND,
        SHUZHI_ERROR_FULL,    SHUZHI_ERROR_LIMIT,    SHUZHI_ERROR_EXISTS};
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
    const char *host = http_request_header(context->request, "Host");
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

GPtrArray *web_carried_names(const WebContext *context)
{
    static const char *const others[] = {"form_token", "name",     "password", "again",
                                         "own",        "code",     "secret",   "back",
                                         "more",       "language", "to",       NULL};
    const GPtrArray *names = http_request_form_names(context->request);
    GPtrArray *carried = web_array(context);
    for (guint i = 0; i < names->len; i++) {
        if (!g_strv_contains(others, g_ptr_array_index(names, i))) {
            g_ptr_array_add(carried, g_ptr_array_index(names, i));
        }
    }
    return carried;
}

/* A form is sent to the address of its page, or to one below it: "/entry/X/step". */
bool web_page_of_form(WebContext *context, const char *path, GError **error)
{
    g_autofree char *rest = g_strdup(path);
    char *slash = NULL;
    do {
        bool is_known = false;
        const WebRoute *route =
            web_route_find(context->site, HTTP_GET, rest, context->parts, &is_known);
        if (route != NULL && !g_str_equal(rest, "/")) {
            return (route->access != WEB_RIGHT ||
                    rights_may(context->subject, route->action, NULL, error)) &&
                   route->page(context, error);
        }
        slash = strrchr(rest, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    } while (slash != NULL && *rest != '\0');
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
    return false;
}

bool web_page_again(WebContext *context, GError *refused, GError **error)
{
    if (!web_is_refusal(refused)) {
        g_propagate_error(error, refused);
        return false;
    }
    web_fault_tell(context, refused);
    return web_page_of_form(context, context->path, error);
}
