#include "web/notice.h"

typedef struct Notice {
    char *path;
    char *text;
    int64_t until_us;
} Notice;

struct WebNotices {
    GMutex mutex;
    GHashTable *waiting; /* id of a session -> Notice */
};

static void free_notice(gpointer data)
{
    Notice *notice = data;
    g_free(notice->path);
    g_free(notice->text);
    g_free(notice);
}

WebNotices *notices_new(void)
{
    WebNotices *notices = g_new0(WebNotices, 1);
    g_mutex_init(&notices->mutex);
    notices->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_notice);
    return notices;
}

void notices_free(WebNotices *notices)
{
    if (notices != NULL) {
        g_hash_table_unref(notices->waiting);
        g_mutex_clear(&notices->mutex);
        g_free(notices);
    }
}

void notices_put(WebNotices *notices, const char *session, const char *path, const char *text,
                 int64_t now_us)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&notices->mutex);
    if (g_hash_table_size(notices->waiting) >= NOTICE_MAX) {
        g_hash_table_remove_all(notices->waiting);
    }
    Notice *notice = g_new(Notice, 1);
    *notice = (Notice){g_strdup(path), g_strdup(text), now_us + NOTICE_US};
    g_hash_table_replace(notices->waiting, g_strdup(session), notice);
}

char *notices_take(WebNotices *notices, const char *session, const char *path, int64_t now_us)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&notices->mutex);
    Notice *notice = g_hash_table_lookup(notices->waiting, session);
    if (notice == NULL || !g_str_equal(notice->path, path)) {
        return NULL;
    }
    char *text = notice->until_us > now_us ? g_steal_pointer(&notice->text) : NULL;
    g_hash_table_remove(notices->waiting, session);
    return text;
}

/* ---- of a request ---------------------------------------------------------------------------- */

void web_redirect_told(WebContext *context, const char *address, const char *text)
{
    if (text != NULL && context->session != NULL && context->site->notices != NULL) {
        g_autofree char *path =
            g_uri_unescape_segment(address, address + strcspn(address, "?#"), NULL);
        notices_put(context->site->notices, context->session->id, path, text, web_now_us(context));
    }
    http_response_redirect(context->response, address);
}

const char *web_notice_take(const WebContext *context)
{
    if (context->session == NULL || context->site->notices == NULL ||
        http_request_method(context->request) != HTTP_GET ||
        http_request_header(context->request, "X-Requested-With") != NULL) {
        return NULL;
    }
    return web_keep(context, notices_take(context->site->notices, context->session->id,
                                          context->path, web_now_us(context)));
}
