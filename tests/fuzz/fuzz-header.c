/* The headers of a request, a line each, and what an answer makes of them: a range within the file,
 * a body that is there, tagged, known, or compressed. */
#include <stdlib.h>
#include <unistd.h>

#include "http/response.h"

#define FILE_BYTES 1000

static char ranged_file[] = "/tmp/shuzhi-fuzz-XXXXXX";

static void remove_file(void)
{
    unlink(ranged_file);
}

/* Make the file of which ranges are asked. */
static void make_file(void)
{
    int file = g_mkstemp(ranged_file);
    g_assert(file >= 0 && ftruncate(file, FILE_BYTES) == 0);
    close(file);
    atexit(remove_file);
}

static void check_status(const HttpResponse *response)
{
    static const int known[] = {200, 206, 304, 412, 416};
    bool is_known = false;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        is_known = is_known || http_response_status(response) == known[i];
    }
    g_assert(is_known);
}

static void answer_file(const HttpRequest *request)
{
    g_autoptr(HttpResponse) response = http_response_new();
    if (g_str_has_suffix(ranged_file, "XXXXXX")) {
        make_file();
    }
    g_assert(http_response_set_file(response, "text/plain", ranged_file, "x", NULL));
    http_response_finish(response, request);
    int64_t offset = 0;
    int64_t length = 0;
    http_response_range(response, &offset, &length);
    check_status(response);
    g_assert(offset >= 0 && length >= 0 && offset + length <= FILE_BYTES);
}

static void answer_text(const HttpRequest *request)
{
    g_autofree char *text = g_strnfill(5000, 'x');
    g_autoptr(HttpResponse) response = http_response_new();
    http_response_set_text(response, "text/plain; charset=utf-8", text);
    http_response_finish(response, request);
    check_status(response);
    bool is_sent = http_response_status(response) == 200;
    bool is_packed = http_response_header(response, "Content-Encoding") != NULL;
    g_assert(!is_packed || http_response_body(response)->len < 5000);
    g_assert(is_packed || http_response_body(response)->len == (is_sent ? 5000 : 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, "/", "::1", NULL);
    bool is_good = true;
    for (int i = 0; is_good && lines[i] != NULL; i++) {
        char *colon = strchr(lines[i], ':');
        if (colon != NULL) {
            *colon = '\0';
            const char *value = g_strstrip(colon + 1);
            g_autoptr(GError) error = NULL;
            is_good = http_request_add_header(request, lines[i], value, &error);
            g_assert(is_good == (error == NULL));
            g_assert(!is_good || g_str_equal(http_request_header(request, lines[i]), value));
        }
    }
    if (is_good) {
        answer_file(request);
        answer_text(request);
    }
    return 0;
}
