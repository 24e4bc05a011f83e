#include "http/body.h"

#include <errno.h>
#include <unistd.h>

typedef enum BodyKind { BODY_PLAIN, BODY_FORM, BODY_MULTIPART } BodyKind;

struct HttpBody {
    HttpRequest *request;
    Scratch *scratch;
    int64_t max_bytes;
    BodyKind kind;
    bool drops_files;
    int64_t n_bytes;       /* taken so far */
    size_t n_field_bytes;  /* of them, in fields and names of a multipart form */
    GString *text;         /* what is no multipart form */
    char *field_name;      /* of the field being received; NULL: none */
    GString *field;        /* its value */
    HttpUpload *receiving; /* NULL: no file is being received */
    int file;              /* its descriptor; -1: none */
};

static bool is_of_type(const char *type, const char *wanted)
{
    size_t length = strlen(wanted);
    return type != NULL && g_ascii_strncasecmp(type, wanted, length) == 0 &&
           (type[length] == '\0' || strchr("; \t", type[length]) != NULL);
}

HttpBody *http_body_new(HttpRequest *request, Scratch *scratch, int64_t max_bytes)
{
    HttpBody *body = g_new0(HttpBody, 1);
    const char *type = http_request_header(request, "Content-Type");
    bool is_post = http_request_method(request) == HTTP_POST;
    body->request = request;
    body->scratch = scratch;
    body->max_bytes = max_bytes;
    body->kind = is_post && is_of_type(type, "multipart/form-data")                 ? BODY_MULTIPART
                 : is_post && is_of_type(type, "application/x-www-form-urlencoded") ? BODY_FORM
                                                                                    : BODY_PLAIN;
    body->text = g_string_new(NULL);
    body->field = g_string_new(NULL);
    body->file = -1;
    return body;
}

void http_body_free(HttpBody *body)
{
    if (body != NULL) {
        if (body->file >= 0) {
            close(body->file);
        }
        http_upload_free(body->receiving);
        g_string_free(body->text, true);
        g_string_free(body->field, true);
        g_free(body->field_name);
        g_free(body);
    }
}

void http_body_drop_files(HttpBody *body)
{
    body->drops_files = true;
}

size_t http_body_n_held(const HttpBody *body)
{
    return body->text->len + body->n_field_bytes;
}

bool http_body_is_multipart(const HttpBody *body)
{
    return body->kind == BODY_MULTIPART;
}

static bool set_too_long(int64_t max_bytes, GError **error)
{
    error_set(error, SHUZHI_ERROR_LIMIT, "what was sent is over %d MB",
              (int)MAX(max_bytes >> 20, 1));
    return false;
}

bool http_body_take(HttpBody *body, const char *bytes, size_t n_bytes, GError **error)
{
    body->n_bytes += (int64_t)n_bytes;
    if (body->n_bytes > body->max_bytes) {
        return set_too_long(body->max_bytes, error);
    }
    if (body->kind == BODY_MULTIPART) {
        return true;
    }
    if (body->text->len + n_bytes > HTTP_MAX_FORM_BYTES) {
        return set_too_long(HTTP_MAX_FORM_BYTES, error);
    }
    g_string_append_len(body->text, bytes, (gssize)n_bytes);
    return true;
}

/* ---- the parts of a multipart form ----------------------------------------------------------- */

/* Give the field or file that was being received to the request. */
static bool end_part(HttpBody *body, GError **error)
{
    g_autofree char *name = g_steal_pointer(&body->field_name);
    bool is_good = true;
    if (body->receiving != NULL) {
        close(body->file);
        body->file = -1;
        is_good = http_request_add_upload(body->request, g_steal_pointer(&body->receiving), error);
    } else if (name != NULL) {
        is_good =
            http_request_add_field(body->request, name, body->field->str, body->field->len, error);
    }
    g_string_truncate(body->field, 0);
    return is_good;
}

/* Return @name of a part as it was before the browser wrote its quotation marks as %22 (HTML
 * §4.10.21.8); the caller owns it. */
static char *name_of_part(const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, "%22", -1);
    return g_strjoinv("\"", parts);
}

/* Begin to receive the file @name of the field @field. */
static bool begin_upload(HttpBody *body, const char *field, const char *name, GError **error)
{
    g_autofree char *path = NULL;
    body->file = scratch_file(body->scratch, "upload", &path, error);
    if (body->file < 0) {
        error_prefix(error, "cannot keep the file that was sent");
        return false;
    }
    const char *slash = MAX(strrchr(name, '/'), strrchr(name, '\\'));
    g_autofree char *bare = name_of_part(slash != NULL ? slash + 1 : name);
    body->receiving = g_new0(HttpUpload, 1);
    body->receiving->field = name_of_part(field);
    body->receiving->name = g_utf8_make_valid(bare, -1);
    body->receiving->path = g_steal_pointer(&path);
    return true;
}

static bool append_upload(HttpBody *body, const char *bytes, size_t n_bytes, GError **error)
{
    int64_t n_megabytes = (body->receiving->n_bytes + (int64_t)n_bytes) >> 20;
    if (n_megabytes > body->receiving->n_bytes >> 20 && !scratch_has_room(body->scratch, error)) {
        return false;
    }
    while (n_bytes > 0) {
        ssize_t n = write(body->file, bytes, n_bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            error_set_errno(error, errno, "cannot keep the file that was sent");
            return false;
        }
        bytes += n;
        n_bytes -= (size_t)n;
        body->receiving->n_bytes += n;
    }
    return true;
}

bool http_body_take_part(HttpBody *body, const char *name, const char *file, bool is_first,
                         const char *bytes, size_t n_bytes, GError **error)
{
    if (is_first) {
        if (!end_part(body, error)) {
            return false;
        }
        body->n_field_bytes += name != NULL ? strlen(name) : 0;
        if (name != NULL && file != NULL && *file != '\0' && body->drops_files) {
            http_request_set_dropped(body->request);
        } else if (name != NULL && file != NULL && *file != '\0') {
            if (!begin_upload(body, name, file, error)) {
                return false;
            }
        } else if (name != NULL && file == NULL) {
            body->field_name = name_of_part(name);
        }
    }
    if (body->receiving != NULL) {
        return append_upload(body, bytes, n_bytes, error);
    }
    if (body->field_name == NULL) {
        return true; /* a part without a name, or a file that was not chosen or may not come */
    }
    body->n_field_bytes += n_bytes;
    if (body->n_field_bytes > HTTP_MAX_FORM_BYTES) {
        return set_too_long(HTTP_MAX_FORM_BYTES, error);
    }
    g_string_append_len(body->field, bytes, (gssize)n_bytes);
    return true;
}

bool http_body_end(HttpBody *body, GError **error)
{
    switch (body->kind) {
    case BODY_MULTIPART:
        return end_part(body, error);
    case BODY_FORM:
        return http_request_parse_form(body->request, body->text->str, body->text->len, error);
    case BODY_PLAIN:
        http_request_set_body(body->request, body->text->str, body->text->len);
        return true;
    }
    g_assert_not_reached();
}
