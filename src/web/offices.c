#include "web/offices.h"

#include "web/notice.h"
#include "web/routes.h"
#include "web/site.h"

/* Free a WebSite of the list, with what is only its own. */
static void free_site(gpointer data)
{
    WebSite *site = data;
    throttle_free(site->throttle);
    figure_cache_free(site->figures);
    known_free(site->known);
    works_free(site->works);
    notices_free(site->notices);
    g_free((char *)site->name);
    g_free((char *)site->base);
    g_free(site);
}

WebOffices *web_offices_new(Scratch *scratch)
{
    WebOffices *offices = g_new0(WebOffices, 1);
    offices->sites = g_ptr_array_new_with_free_func(free_site);
    offices->metrics = metrics_new();
    offices->front = (WebSite){.offices = offices->sites, .scratch = scratch};
    return offices;
}

void web_offices_free(WebOffices *offices)
{
    if (offices != NULL) {
        g_ptr_array_unref(offices->sites);
        metrics_free(offices->metrics);
        g_free(offices);
    }
}

bool web_offices_check_name(const char *name, GError **error)
{
    for (size_t i = 0; i < web_n_front_routes; i++) {
        const char *path = web_front_routes[i].pattern + strlen("/");
        if (strncmp(path, name, strcspn(path, "/")) == 0 && name[strcspn(path, "/")] == '\0') {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the address '/%s' is the server's own; give the folder another name", name);
            return false;
        }
    }
    if (!g_utf8_validate(name, -1, NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the folder's name is not UTF-8");
        return false;
    }
    return true;
}

void web_offices_add(WebOffices *offices, const char *name, Office *office,
                     const GPtrArray *accounts)
{
    g_autofree char *escaped = name != NULL ? g_uri_escape_string(name, NULL, false) : NULL;
    WebSite *site = g_new0(WebSite, 1);
    *site = (WebSite){.name = g_strdup(name),
                      .base = escaped != NULL ? g_strconcat("/", escaped, NULL) : NULL,
                      .office = office,
                      .throttle = throttle_new(),
                      .figures = figure_cache_new(FIGURE_CACHE_WAIT_US),
                      .known = known_new(),
                      .works = works_new(),
                      .notices = notices_new(),
                      .scratch = offices->front.scratch,
                      .accounts = accounts};
    g_ptr_array_add(offices->sites, site);
}

/* Return whether @path, "/NAME" or "/NAME/…", belongs to @site. */
static bool is_of_site(const WebSite *site, const char *path)
{
    if (site->name == NULL) {
        return true;
    }
    size_t length = strlen(site->name);
    return strncmp(path + 1, site->name, length) == 0 &&
           (path[1 + length] == '/' || path[1 + length] == '\0');
}

/* Return the site that @request is for. */
static const WebSite *find_site(const WebOffices *offices, const HttpRequest *request)
{
    const WebSite *found = &offices->front;
    for (guint i = 0; i < offices->sites->len; i++) {
        const WebSite *site = g_ptr_array_index(offices->sites, i);
        if (is_of_site(site, http_request_path(request))) {
            found = site;
        }
    }
    return found;
}

void web_offices_handle(const HttpRequest *request, HttpResponse *response, void *data)
{
    web_handle(request, response, find_site(data, request));
}

bool web_offices_take_files(const HttpRequest *request, void *data)
{
    return web_takes_files(request, find_site(data, request));
}

void web_offices_refuse(const HttpRequest *request, const GError *error, int status,
                        HttpResponse *response, void *data)
{
    web_refuse(request, error, status, response, find_site(data, request));
}
