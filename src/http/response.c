#include "http/response.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"

#define COMPRESS_FROM_BYTES 1024
#define COMPRESS_TO_BYTES (8 << 20) /* of a file, which is read into memory for it */
#define COMPRESS_LEVEL 1            /* a list in 90 us; 4 makes it 2 % smaller in twice the time */
#define ETAG_BYTES 12

struct HttpResponse {
    int status;
    GHashTable *headers; /* name -> value */
    GPtrArray *cookies;
    bool may_not_be_kept;
    GString *body;
    int file; /* -1: none */
    int64_t n_file_bytes;
    int64_t offset, length; /* of the file, to send */
    char *asker;            /* for the log; NULL */
};

/* What every answer says unless its handler says otherwise (OWASP ASVS 5.0 V3.4). */
static const struct {
    const char *name;
    const char *value;
} defaults[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
     "connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"}, /* frame-ancestors, for browsers that are too old for it */
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    {"Cache-Control", "no-store"},
};

HttpResponse *http_response_new(void)
{
    HttpResponse *response = g_new0(HttpResponse, 1);
    response->status = 200;
    response->file = -1;
    response->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    response->cookies = g_ptr_array_new_with_free_func(g_free);
    response->body = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
        http_response_set_header(response, defaults[i].name, defaults[i].value);
    }
    return response;
}

void http_response_free(HttpResponse *response)
{
    if (response != NULL) {
        g_hash_table_unref(response->headers);
        g_ptr_array_unref(response->cookies);
        g_string_free(response->body, true);
        g_free(response->asker);
        if (response->file >= 0) {
            close(response->file);
        }
        g_free(response);
    }
}

void http_response_set_status(HttpResponse *response, int status)
{
    response->status = status;
}

void http_response_set_asker(HttpResponse *response, const char *who)
{
    g_free(response->asker);
    response->asker = g_strdup(who);
}

const char *http_response_asker(const HttpResponse *response)
{
    return response->asker;
}

int http_response_status(const HttpResponse *response)
{
    return response->status;
}

/* Return @value without what would end the line or the answer's head; the caller owns it. */
static char *one_line(const char *value)
{
    char *line = g_strdup(value);
    char *end = line;
    for (const char *at = line; *at != '\0'; at++) {
        if (!g_ascii_iscntrl(*at) || *at == '\t') {
            *end++ = *at;
        }
    }
    *end = '\0';
    return line;
}

void http_response_set_header(HttpResponse *response, const char *name, const char *value)
{
    if (value == NULL) {
        g_hash_table_remove(response->headers, name);
    } else {
        g_hash_table_replace(response->headers, g_strdup(name), one_line(value));
    }
}

const char *http_response_header(const HttpResponse *response, const char *name)
{
    return g_hash_table_lookup(response->headers, name);
}

void http_response_add_cookie(HttpResponse *response, const char *line)
{
    g_ptr_array_add(response->cookies, one_line(line));
}

const GPtrArray *http_response_cookies(const HttpResponse *response)
{
    return response->cookies;
}

GPtrArray *http_response_header_names(const HttpResponse *response)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name = NULL;
    g_hash_table_iter_init(&iter, response->headers);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        g_ptr_array_add(names, name);
    }
    return names;
}

void http_response_set_body(HttpResponse *response, const char *type, GString *body)
{
    g_string_free(response->body, true);
    response->body = body;
    http_response_set_header(response, "Content-Type", type);
}

void http_response_set_text(HttpResponse *response, const char *type, const char *text)
{
    http_response_set_body(response, type, g_string_new(text));
}

/* Return the header that makes a browser keep the answer as the file @name (RFC 6266). */
static char *attachment(const char *name)
{
    g_autofree char *plain = g_str_to_ascii(name, "C");
    g_strcanon(plain, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", '_');
    g_autofree char *escaped = g_uri_escape_string(name, NULL, false);
    return g_strdup_printf("attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, escaped);
}

bool http_response_set_file(HttpResponse *response, const char *type, const char *path,
                            const char *name, GError **error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        error_set_errno(error, errno, "cannot read '%s'", path);
        if (file >= 0) {
            close(file);
        }
        return false;
    }
    g_autofree char *disposition = attachment(name);
    response->file = file;
    response->n_file_bytes = status.st_size;
    response->offset = 0;
    response->length = status.st_size;
    http_response_set_header(response, "Content-Type", type);
    http_response_set_header(response, "Content-Disposition", disposition);
    http_response_set_header(response, "Content-Security-Policy", "sandbox; default-src 'none'");
    http_response_set_header(response, "Accept-Ranges", "bytes");
    return true;
}

void http_response_forbid_keeping(HttpResponse *response)
{
    response->may_not_be_kept = true;
    http_response_set_header(response, "Cache-Control", "no-store");
    http_response_set_header(response, "ETag", NULL);
}

void http_response_allow_keeping(HttpResponse *response, const char *tag)
{
    if (response->may_not_be_kept) {
        return;
    }
    http_response_set_header(response, "Cache-Control", "private, no-cache");
    if (tag != NULL) {
        g_autofree char *value = g_strdup_printf("\"%s\"", tag);
        http_response_set_header(response, "ETag", value);
    }
}

void http_response_add_vary(HttpResponse *response, const char *name)
{
    const char *others = http_response_header(response, "Vary");
    g_autofree char *all = others != NULL ? g_strconcat(others, ", ", name, NULL) : g_strdup(name);
    http_response_set_header(response, "Vary", all);
}

void http_response_redirect(HttpResponse *response, const char *location)
{
    g_autofree char *address = g_uri_escape_string(location, "%/?#[]@!$&'()*+,;=:", false);
    bool is_ours = address[0] == '/' && address[1] != '/';
    response->status = 303;
    bool fits = strlen(address) <= HTTP_MAX_LOCATION_BYTES;
    http_response_set_header(response, "Location", is_ours && fits ? address : "/");
}

const GString *http_response_body(const HttpResponse *response)
{
    return response->file >= 0 ? NULL : response->body;
}

int http_response_file(const HttpResponse *response, int64_t *ret_n_bytes)
{
    *ret_n_bytes = response->n_file_bytes;
    return response->file;
}

int http_response_steal_file(HttpResponse *response)
{
    int file = response->file;
    response->file = -1;
    return file;
}

int64_t http_response_n_bytes(const HttpResponse *response, const HttpRequest *request)
{
    if (http_request_method(request) == HTTP_HEAD) {
        return 0;
    }
    return response->file >= 0      ? response->length
           : response->body != NULL ? (int64_t)response->body->len
                                    : 0;
}

void http_response_range(const HttpResponse *response, int64_t *ret_offset, int64_t *ret_length)
{
    *ret_offset = response->offset;
    *ret_length = response->length;
}

/* ---- finishing ------------------------------------------------------------------------------- */

/* Read the digits at *@at and pass by them; one more than @most stands for all that is greater.
 * Return false where there are none. */
static bool read_position(const char **at, int64_t most, int64_t *ret_position)
{
    const char *first = *at;
    *ret_position = 0;
    for (; g_ascii_isdigit(**at); (*at)++) {
        bool is_greater = *ret_position > most / 10;
        int64_t next = is_greater ? most + 1 : *ret_position * 10 + g_ascii_digit_value(**at);
        *ret_position = MIN(next, most + 1);
    }
    return *at > first;
}

/* Read "bytes=A-B", "bytes=A-" or "bytes=-N", one range of @size bytes; false for what is none
 * (RFC 9110 §14.1.1).  Where *@ret_from > *@ret_to it cannot be sent. */
static bool read_range(const char *text, int64_t size, int64_t *ret_from, int64_t *ret_to)
{
    if (!g_str_has_prefix(text, "bytes=")) {
        return false;
    }
    const char *at = text + strlen("bytes=");
    bool has_first = read_position(&at, size, ret_from);
    if (*at++ != '-') {
        return false;
    }
    bool has_last = read_position(&at, size, ret_to);
    if (*at != '\0' || (!has_first && !has_last) ||
        (has_first && has_last && *ret_to < *ret_from)) {
        return false;
    }
    if (!has_first) { /* the last bytes */
        *ret_from = size - MIN(*ret_to, size);
    }
    *ret_to = has_first && has_last ? MIN(*ret_to, size - 1) : size - 1;
    return true;
}

/* Take one range (RFC 9110 §14.2); several, or what is not understood, gives all. */
static void take_range(HttpResponse *response, const char *text)
{
    int64_t size = response->n_file_bytes;
    int64_t from = 0;
    int64_t to = 0;
    if (!read_range(text, size, &from, &to)) {
        return;
    }
    if (from > to) {
        g_autofree char *all = g_strdup_printf("bytes */%" G_GINT64_FORMAT, size);
        response->status = 416;
        response->length = 0;
        http_response_set_header(response, "Content-Range", all);
        return;
    }
    g_autofree char *range = g_strdup_printf(
        "bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, from, to, size);
    response->status = 206;
    response->offset = from;
    response->length = to - from + 1;
    http_response_set_header(response, "Content-Range", range);
}

/* Return whether one of the tags in @list is @tag, or any will do; W/ makes no difference here
 * (RFC 9110 §13.1.2). */
static bool has_tag(const char *list, const char *tag)
{
    g_auto(GStrv) tags = g_strsplit(list, ",", -1);
    const char *wanted = g_str_has_prefix(tag, "W/") ? tag + 2 : tag;
    for (int i = 0; tags[i] != NULL; i++) {
        const char *given = g_strstrip(tags[i]);
        given = g_str_has_prefix(given, "W/") ? given + 2 : given;
        if (g_str_equal(given, wanted) || g_str_equal(given, "*")) {
            return true;
        }
    }
    return false;
}

/* Tag a body by its hash; weakly, as it may be sent compressed or not (RFC 9110 §8.8.3). */
static void tag_body(HttpResponse *response)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    crypto_hash(response->body->str, response->body->len, hash);
    g_autofree char *digest = g_base64_encode(hash, ETAG_BYTES);
    g_autofree char *value = g_strdup_printf("W/\"%s\"", digest);
    http_response_set_header(response, "ETag", value);
}

/* Send nothing where the client has it already. */
static void send_if_new(HttpResponse *response, const HttpRequest *request)
{
    bool may_be_kept = !g_str_equal(http_response_header(response, "Cache-Control"), "no-store");
    if (response->status != 200 || !may_be_kept || http_request_method(request) == HTTP_POST) {
        return;
    }
    if (http_response_header(response, "ETag") == NULL && response->file < 0) {
        tag_body(response);
    }
    const char *tag = http_response_header(response, "ETag");
    const char *known = http_request_header(request, "If-None-Match");
    if (tag != NULL && known != NULL && has_tag(known, tag)) {
        response->status = 304;
        g_string_truncate(response->body, 0);
        if (response->file >= 0) {
            close(response->file);
            response->file = -1;
        }
    }
}

/* Send the part of a file that is asked for, if it is still the file that the client knows. */
static void send_range(HttpResponse *response, const HttpRequest *request)
{
    const char *range = http_request_header(request, "Range");
    const char *only_of = http_request_header(request, "If-Range");
    const char *tag = http_response_header(response, "ETag");
    if (range != NULL && response->status == 200 &&
        (only_of == NULL || g_strcmp0(only_of, tag) == 0)) {
        take_range(response, range);
    }
}

static bool is_compressible(const HttpResponse *response)
{
    const char *type = http_response_header(response, "Content-Type");
    int64_t n_bytes = response->file >= 0 ? response->n_file_bytes : (int64_t)response->body->len;
    int64_t limit = response->file >= 0 ? COMPRESS_TO_BYTES : G_MAXINT64;
    return n_bytes >= COMPRESS_FROM_BYTES && n_bytes <= limit && type != NULL &&
           (g_str_has_prefix(type, "text/") || strstr(type, "json") != NULL ||
            strstr(type, "+xml") != NULL || strstr(type, "javascript") != NULL);
}

/* Return whether "gzip, br;q=0.5" has gzip, not refused by "q=0" (RFC 9110 §12.5.3). */
static bool takes_gzip(const char *list)
{
    g_auto(GStrv) codings = g_strsplit(list, ",", -1);
    for (int i = 0; codings[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(g_strstrip(codings[i]), ";", 2);
        if (parts[0] != NULL && g_ascii_strcasecmp(g_strstrip(parts[0]), "gzip") == 0) {
            const char *weight = parts[1] != NULL ? strchr(parts[1], '=') : NULL;
            return weight == NULL || g_ascii_strtod(weight + 1, NULL) > 0;
        }
    }
    return false;
}

/* Make the whole file the body; where that fails, it is sent as a file. */
static bool read_file(HttpResponse *response)
{
    GString *body = g_string_sized_new((gsize)response->n_file_bytes);
    ssize_t n = 1;
    while (n > 0 && (int64_t)body->len < response->n_file_bytes) {
        n = pread(response->file, body->str + body->len, (size_t)response->n_file_bytes - body->len,
                  (off_t)body->len);
        g_string_set_size(body, body->len + (gsize)MAX(n, 0));
    }
    if ((int64_t)body->len < response->n_file_bytes) {
        g_string_free(body, true);
        return false;
    }
    close(response->file);
    response->file = -1;
    g_string_free(response->body, true);
    response->body = body;
    http_response_set_header(response, "Accept-Ranges", NULL);
    return true;
}

static void free_compressor(gpointer compressor)
{
    libdeflate_free_compressor(compressor);
}

/* Return the compressor of this thread, which lasts as long as the thread: making one takes a tenth
 * of the time of a page's compressing.  NULL where there is no memory for it. */
static struct libdeflate_compressor *own_compressor(void)
{
    static GPrivate own = G_PRIVATE_INIT(free_compressor);
    struct libdeflate_compressor *compressor = g_private_get(&own);
    if (compressor == NULL) {
        compressor = libdeflate_alloc_compressor(COMPRESS_LEVEL);
        g_private_set(&own, compressor);
    }
    return compressor;
}

/* Compress the body with gzip; on failure it stays as it is.  libdeflate takes a third of zlib's
 * time for a page at this level, and makes it smaller. */
static void compress_body(HttpResponse *response)
{
    struct libdeflate_compressor *compressor = own_compressor();
    if (compressor == NULL) {
        return;
    }
    const GString *body = response->body;
    GString *out = g_string_sized_new(libdeflate_gzip_compress_bound(compressor, body->len));
    size_t length = libdeflate_gzip_compress(compressor, body->str, body->len, out->str,
                                             out->allocated_len - 1);
    if (length > 0) {
        g_string_set_size(out, length);
        g_string_free(response->body, true);
        response->body = out;
        http_response_set_header(response, "Content-Encoding", "gzip");
    } else {
        g_string_free(out, true);
    }
}

/* Return whether @request came over TLS to a name that means this server to everybody: what is said
 * of "localhost" would bind every other program there, and addresses are not bound at all (RFC 6797
 * §8.1.1). */
static bool is_for_tls_only(const HttpRequest *request)
{
    return http_request_is_secure(request) && http_request_host(request) != NULL &&
           !http_request_is_for_machine(request);
}

/* Compress text where the client takes it, unless it asks for a part of a file. */
static void send_compressed(HttpResponse *response, const HttpRequest *request)
{
    const char *takes = http_request_header(request, "Accept-Encoding");
    if (!is_compressible(response)) {
        return;
    }
    http_response_add_vary(response, "Accept-Encoding");
    bool is_part = response->file >= 0 && http_request_header(request, "Range") != NULL;
    if (takes != NULL && takes_gzip(takes) && !is_part &&
        (response->file < 0 || read_file(response))) {
        compress_body(response);
    }
}

void http_response_finish(HttpResponse *response, const HttpRequest *request)
{
    if (is_for_tls_only(request)) {
        http_response_set_header(response, "Strict-Transport-Security", "max-age=63072000");
    }
    send_if_new(response, request);
    send_compressed(response, request);
    if (response->file >= 0) {
        send_range(response, request);
    }
}
