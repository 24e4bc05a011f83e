#include "web/table-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const struct {
    TableFormat format;
    const char *ending;
    const char *type;
} forms[] = {
    {TABLE_FORMAT_CSV, ".csv", "text/csv; charset=utf-8"},
    {TABLE_FORMAT_XLSX, ".xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {TABLE_FORMAT_JSONL, ".jsonl", "application/jsonl; charset=utf-8"},
};

bool web_send_table(WebContext *context, const char *name, const char *ending, WebTableWrite write,
                    const void *data, GError **error)
{
    size_t i = 0;
    while (i < G_N_ELEMENTS(forms) && !g_str_equal(forms[i].ending, ending)) {
        i++;
    }
    if (i == G_N_ELEMENTS(forms)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    g_autofree char *path = g_build_filename(context->site->folder, "table-XXXXXX", NULL);
    g_autofree char *called = g_strconcat(name, ending, NULL);
    int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot write the table");
        return false;
    }
    close(fd);
    bool is_sent = write(context, forms[i].format, path, data, error) &&
                   http_response_set_file(context->response, forms[i].type, path, called, error);
    g_unlink(path);
    return is_sent;
}
