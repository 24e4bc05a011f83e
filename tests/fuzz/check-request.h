/* What a request that was understood must be, whatever was sent. */
#pragma once

#include <sys/stat.h>

#include "http/request.h"

/* The path leads nowhere but down. */
static inline void check_path(const char *path)
{
    g_assert(path[0] == '/' && g_utf8_validate(path, -1, NULL));
    g_assert(strstr(path, "//") == NULL && strchr(path, '\\') == NULL);
    g_assert(strstr(path, "/../") == NULL && !g_str_has_suffix(path, "/.."));
}

static inline void check_form(const HttpRequest *request)
{
    const GPtrArray *names = http_request_form_names(request);
    size_t n_bytes = 0;
    size_t n_fields = 0;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        const GPtrArray *values = http_request_form_all(request, name);
        g_assert(g_utf8_validate(name, -1, NULL) && values->len > 0);
        g_assert(g_ptr_array_index(values, 0) == http_request_form(request, name));
        n_fields += values->len;
        for (guint j = 0; j < values->len; j++) {
            g_assert(g_utf8_validate(g_ptr_array_index(values, j), -1, NULL));
            n_bytes += strlen(g_ptr_array_index(values, j));
        }
    }
    g_assert(n_fields <= HTTP_MAX_FIELDS && n_bytes <= HTTP_MAX_FORM_BYTES);
}

static inline void check_uploads(const HttpRequest *request)
{
    const GPtrArray *uploads = http_request_uploads(request);
    g_assert(uploads->len <= HTTP_MAX_UPLOADS);
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        struct stat status;
        g_assert(stat(upload->path, &status) == 0 && status.st_size == upload->n_bytes);
        g_assert(g_utf8_validate(upload->name, -1, NULL) && strpbrk(upload->name, "/\\") == NULL);
        g_assert(g_utf8_validate(upload->field, -1, NULL));
    }
}
