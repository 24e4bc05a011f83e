#include "base/error.h"

#include <errno.h>
#include <stdarg.h>

#include "base/message.h"
#include "base/text.h"

#define OFFER_FEW 40 /* so many names are offered whole */

/* One sentence: the format is the catalogue's key, each argument already rendered. */
typedef struct ErrorPart {
    const char *format; /* literal, static */
    GPtrArray *args;    /* of char* */
} ErrorPart;

typedef struct ShuzhiErrorPrivate {
    GPtrArray *parts; /* of ErrorPart*, outermost first */
    char *about;      /* the field that it is about; NULL: none is known */
    bool is_of_system;
} ShuzhiErrorPrivate;

static void free_part(gpointer data)
{
    ErrorPart *part = data;
    g_ptr_array_unref(part->args);
    g_free(part);
}

/* Return a part without arguments. */
static ErrorPart *new_part(const char *format)
{
    ErrorPart *part = g_new0(ErrorPart, 1);
    part->format = format;
    part->args = g_ptr_array_new_with_free_func(g_free);
    return part;
}

static void shuzhi_error_private_init(ShuzhiErrorPrivate *self)
{
    self->parts = g_ptr_array_new_with_free_func(free_part);
}

static void shuzhi_error_private_copy(const ShuzhiErrorPrivate *from, ShuzhiErrorPrivate *to)
{
    for (guint i = 0; i < from->parts->len; i++) {
        const ErrorPart *part = g_ptr_array_index(from->parts, i);
        ErrorPart *copy = g_new0(ErrorPart, 1);
        copy->format = part->format;
        copy->args = g_ptr_array_ref(part->args); /* never changes once made */
        g_ptr_array_add(to->parts, copy);
    }
    to->about = g_strdup(from->about);
    to->is_of_system = from->is_of_system;
}

static void shuzhi_error_private_clear(ShuzhiErrorPrivate *self)
{
    g_clear_pointer(&self->parts, g_ptr_array_unref);
    g_clear_pointer(&self->about, g_free);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wunused-function"
G_DEFINE_EXTENDED_ERROR(ShuzhiError, shuzhi_error)
#pragma GCC diagnostic pop

typedef struct CodeInfo {
    const char *name;
    int http;
    int exit;
} CodeInfo;

static const CodeInfo code_infos[] = {
#define ERROR_CODE(code, http, exit, zh, en) {#code, http, exit},
#include "base/error-codes.def"
#undef ERROR_CODE
};

/* What an argument made by error_words() begins with, and what stands between its words. */
#define WORDS_MARK "\002"

/* A name of error_name(): mark, Chinese, mark, English, end. */
#define NAME_MARK "\003"
#define NAME_END "\004"

/* Return the length of the conversion at @spec (which points at '%'), 0 when there is none we know:
 * %s %d %i %u %c %% %zu %ld %lu %lld %llu %02x %.*s. */
static size_t conversion_length(const char *spec)
{
    static const char *const longer[] = {"zu", "ld", "lu", "lld", "llu", "02x", ".*s"};
    if (spec[1] != '\0' && strchr("sdiuc%", spec[1]) != NULL) {
        return 2;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(longer); i++) {
        if (strncmp(spec + 1, longer[i], strlen(longer[i])) == 0) {
            return 1 + strlen(longer[i]);
        }
    }
    return 0;
}

/* Render the next argument of @list, which the conversion @spec of @length describes. */
static char *take_argument(const char *spec, size_t length, va_list *list)
{
    char kind = spec[length - 1];
    if (kind == 's') {
        if (length == 4) {
            int limit = va_arg(*list, int);
            return g_strdup_printf("%.*s", limit, va_arg(*list, const char *));
        }
        const char *text = va_arg(*list, const char *);
        return g_strdup(text != NULL ? text : "");
    }
    if (kind == 'c') {
        return g_strdup_printf("%c", va_arg(*list, int));
    }
    if (kind == 'x') {
        return g_strdup_printf("%02x", va_arg(*list, unsigned int));
    }
    bool is_long = spec[1] == 'l' || spec[1] == 'z';
    if (kind == 'u') {
        uint64_t value = is_long ? va_arg(*list, unsigned long) : va_arg(*list, unsigned int);
        return g_strdup_printf("%" G_GUINT64_FORMAT, value);
    }
    char digits[TEXT_INT_SIZE];
    return g_strdup(text_format_int(is_long ? va_arg(*list, long) : va_arg(*list, int), digits));
}

/* Cut @text (takes), which may be no UTF-8, to ERROR_MAX_QUOTED characters, of which the last tells
 * that there are more.  Words and names in two languages stay whole. */
static char *cut_quoted(char *text)
{
    size_t n_chars = 0;
    size_t length = 0; /* of all but the last */
    for (const char *at = text; *at != '\0' && n_chars <= ERROR_MAX_QUOTED; at++) {
        bool begins = ((unsigned char)*at & 0xc0) != 0x80;
        n_chars += begins;
        length = begins && n_chars == ERROR_MAX_QUOTED ? (size_t)(at - text) : length;
    }
    if (n_chars <= ERROR_MAX_QUOTED || strpbrk(text, WORDS_MARK NAME_MARK) != NULL) {
        return text;
    }
    g_autofree char *whole = text;
    return g_strdup_printf("%.*s…", (int)length, whole);
}

static ErrorPart *make_part(const char *format, va_list *list)
{
    ErrorPart *part = new_part(format);
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at, '%')) {
        size_t length = conversion_length(at);
        g_assert(length > 0);
        if (at[1] != '%') {
            char *argument = take_argument(at, length, list);
            bool is_quoted = at > format && at[-1] == '\'' && at[length] == '\'';
            g_ptr_array_add(part->args, is_quoted ? cut_quoted(argument) : argument);
        }
        at += length;
    }
    return part;
}

char *error_words(const char *const *words)
{
    g_autofree char *joined = g_strjoinv(WORDS_MARK, (char **)words);
    return g_strconcat(WORDS_MARK, joined, NULL);
}

char *error_name(const char *zh, const char *en)
{
    return en == NULL ? g_strdup(zh) : g_strconcat(NAME_MARK, zh, NAME_MARK, en, NAME_END, NULL);
}

/* Append @text, its names in @language. */
static void append_named(GString *out, const char *text, const char *language)
{
    const char *begin = NULL;
    while ((begin = strstr(text, NAME_MARK)) != NULL) {
        const char *zh = begin + strlen(NAME_MARK);
        const char *middle = strstr(zh, NAME_MARK);
        const char *end = middle != NULL ? strstr(middle, NAME_END) : NULL;
        if (end == NULL) {
            break; /* none of ours */
        }
        const char *en = middle + strlen(NAME_MARK);
        bool is_zh = g_str_equal(language, "zh");
        g_string_append_len(out, text, begin - text);
        g_string_append_len(out, is_zh ? zh : en, is_zh ? middle - zh : end - en);
        text = end + strlen(NAME_END);
    }
    g_string_append(out, text);
}

static void append_argument(GString *out, const char *arg, const char *language)
{
    if (!g_str_has_prefix(arg, WORDS_MARK)) {
        append_named(out, arg, language);
        return;
    }
    g_auto(GStrv) words = g_strsplit(arg + strlen(WORDS_MARK), WORDS_MARK, -1);
    for (guint i = 0; words[i] != NULL; i++) {
        g_string_append(out, i > 0 ? message_get(language, ", ") : "");
        append_named(out, message_get(language, words[i]), language);
    }
}

/* Return the length of the conversion at @spec, in a translation; one that says which argument it
 * takes ("%2$s") sets *@index to it. */
static size_t take_conversion(const char *spec, guint *index)
{
    if (!g_ascii_isdigit(spec[1]) || spec[2] != '$') {
        return MAX(conversion_length(spec), 1);
    }
    *index = (guint)(spec[1] - '1');
    const char *at = spec + 2 + 1;
    while (*at != '\0' && !g_ascii_isalpha(*at)) {
        at++;
    }
    while (*at == 'l' || *at == 'z') {
        at++;
    }
    return (size_t)(at - spec) + (*at != '\0' ? 1 : 0);
}

/* Append the @length bytes at @text; of "{entry|entries}" the first where @count says "1". */
static void append_plain(GString *out, const char *text, size_t length, const char *count)
{
    const char *end = text + length;
    for (const char *at = text; at < end; at++) {
        const char *middle = *at == '{' ? memchr(at, '|', (size_t)(end - at)) : NULL;
        const char *close = middle != NULL ? memchr(middle, '}', (size_t)(end - middle)) : NULL;
        if (close == NULL) {
            g_string_append_c(out, *at);
            continue;
        }
        bool is_one = g_str_equal(count, "1");
        const char *word = is_one ? at + 1 : middle + 1;
        g_string_append_len(out, word, (is_one ? middle : close) - word);
        at = close;
    }
}

/* Append @part in @language to @out: the n-th conversion takes the n-th argument, or "%2$s" the
 * second; "{entry|entries}" is in the number of the argument before it, or else of the first. */
static void append_part(GString *out, const ErrorPart *part, const char *language)
{
    const char *at = message_get(language, part->format);
    const char *count = part->args->len > 0 ? g_ptr_array_index(part->args, 0) : "";
    guint next = 0;
    while (*at != '\0') {
        size_t n_plain = strcspn(at, "%");
        append_plain(out, at, n_plain, count);
        at += n_plain;
        if (*at == '\0') {
            return;
        }
        if (at[1] == '%') {
            g_string_append_c(out, '%');
            at += 2;
            continue;
        }
        guint index = next;
        at += take_conversion(at, &index);
        next = index + 1;
        if (index < part->args->len) {
            count = g_ptr_array_index(part->args, index);
            append_argument(out, count, language);
        }
    }
}

/* Return whether @part goes on with the sentence before it instead of being one that follows. */
static bool goes_on(const ErrorPart *part)
{
    return *part->format == ',' || *part->format == ';';
}

static char *render(const GPtrArray *parts, const char *language)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < parts->len; i++) {
        const ErrorPart *part = g_ptr_array_index(parts, i);
        if (i > 0 && !goes_on(part)) {
            g_string_append(out, message_get(language, ": "));
        }
        append_part(out, part, language);
    }
    return g_string_free(out, false);
}

/* Make the message of @error, which is ours, anew from its parts. */
static void retell(GError *error)
{
    g_free(error->message);
    error->message = render(shuzhi_error_get_private(error)->parts, "en");
}

/* Insert @part at @index (-1: last) of those of @error, which is ours. */
static void insert_part(GError *error, int index, ErrorPart *part)
{
    g_ptr_array_insert(shuzhi_error_get_private(error)->parts, index, part);
    retell(error);
}

static void set_part(GError **error, ErrorCode code, ErrorPart *part)
{
    g_assert(*error == NULL);
    *error = g_error_new_literal(SHUZHI_ERROR, (int)code, "");
    insert_part(*error, -1, part);
}

void error_set(GError **error, ErrorCode code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    error_set_list(error, code, format, &list);
    va_end(list);
}

void error_set_list(GError **error, ErrorCode code, const char *format, va_list *list)
{
    if (error != NULL) {
        set_part(error, code, make_part(format, list));
    }
}

void error_prefix(GError **error, const char *format, ...)
{
    if (error == NULL || *error == NULL) {
        return;
    }
    va_list list;
    va_start(list, format);
    ErrorPart *part = make_part(format, &list);
    va_end(list);
    if ((*error)->domain != SHUZHI_ERROR) {
        g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
        g_ptr_array_add(parts, part);
        g_autofree char *before = render(parts, "en");
        g_prefix_error(error, "%s: ", before);
        return;
    }
    insert_part(*error, 0, part);
}

void error_unprefix(GError **error)
{
    if (error == NULL || *error == NULL || (*error)->domain != SHUZHI_ERROR) {
        return;
    }
    ShuzhiErrorPrivate *private = shuzhi_error_get_private(*error);
    if (private->parts->len > 1 && !goes_on(g_ptr_array_index(private->parts, 1))) {
        g_ptr_array_remove_index(private->parts, 0);
        retell(*error);
    }
}

void error_about(GError **error, const char *name)
{
    if (error != NULL && *error != NULL && (*error)->domain == SHUZHI_ERROR) {
        ShuzhiErrorPrivate *private = shuzhi_error_get_private(*error);
        g_free(private->about);
        private->about = g_strdup(name);
    }
}

const char *error_field(const GError *error)
{
    return error != NULL && error->domain == SHUZHI_ERROR
               ? shuzhi_error_get_private((GError *)error)->about
               : NULL;
}

void error_of_system(GError **error)
{
    if (error != NULL && *error != NULL && (*error)->domain == SHUZHI_ERROR) {
        shuzhi_error_get_private(*error)->is_of_system = true;
    }
}

bool error_is_of_system(const GError *error)
{
    return error != NULL && error->domain == SHUZHI_ERROR &&
           shuzhi_error_get_private((GError *)error)->is_of_system;
}

static void add_part(GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_part(GError *error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    insert_part(error, -1, make_part(format, &list));
    va_end(list);
}

/* Return @names, some of error_name() perhaps, as the argument of one %s: as they are, though the
 * catalogue may know some of them. */
static char *name_all(const char *const *names)
{
    g_autoptr(GPtrArray) marked = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; names[i] != NULL; i++) {
        bool is_marked = g_str_has_prefix(names[i], NAME_MARK);
        g_ptr_array_add(marked, is_marked ? g_strdup(names[i]) : error_name(names[i], names[i]));
    }
    g_ptr_array_add(marked, NULL);
    return error_words((const char *const *)marked->pdata);
}

void error_offer(GError **error, const char *name, const char *const *names)
{
    if (error == NULL) {
        return;
    }
    const char *nearest = text_nearest(name, names);
    guint n_names = g_strv_length((char **)names);
    if (nearest != NULL) {
        add_part(*error, N_(", did you mean '%s'?"), nearest);
    } else if (n_names > 0 && n_names <= OFFER_FEW) {
        g_autofree char *all = name_all(names);
        add_part(*error, N_("; there are: %s"), all);
    }
}

static ErrorCode code_of_errno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return SHUZHI_ERROR_FULL;
    case ENOENT:
    case ENOTDIR:
        return SHUZHI_ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return SHUZHI_ERROR_FORBIDDEN;
    case EEXIST:
        return SHUZHI_ERROR_EXISTS;
    default:
        return SHUZHI_ERROR_IO;
    }
}

/* The system's own words for the errors that users meet; they are in the catalogue too. */
static const char *text_of_errno(int number)
{
    switch (number) {
    case ENOENT:
        return N_("no such file or folder");
    case EACCES:
    case EPERM:
        return N_("permission denied");
    case ENOSPC:
        return N_("the disk is full");
    case EDQUOT:
        return N_("the share of the disk that is yours is full");
    case EFBIG:
        return N_("the file is larger than the system allows");
    case EROFS:
        return N_("the disk is read-only");
    case EISDIR:
        return N_("is a folder");
    case ENOTDIR:
        return N_("is not a folder");
    case EEXIST:
        return N_("exists already");
    case EBADF:
        return N_("it is closed");
    default:
        return NULL;
    }
}

void error_set_errno(GError **error, int number, const char *format, ...)
{
    if (error == NULL) {
        return;
    }
    va_list list;
    va_start(list, format);
    ErrorPart *doing = make_part(format, &list);
    va_end(list);
    const char *known = text_of_errno(number);
    if (known != NULL) {
        set_part(error, code_of_errno(number), new_part(known));
    } else {
        error_set(error, code_of_errno(number), "%s", g_strerror(number));
    }
    insert_part(*error, 0, doing);
    error_of_system(error);
}

void error_recode(GError **error, ErrorCode code)
{
    if (error != NULL && *error != NULL && (*error)->domain == SHUZHI_ERROR) {
        (*error)->code = (int)code;
    }
}

bool error_is(const GError *error, ErrorCode code)
{
    return error != NULL && error->domain == SHUZHI_ERROR && error->code == (int)code;
}

static const CodeInfo *info_of(const GError *error)
{
    if (error == NULL || error->domain != SHUZHI_ERROR || error->code < 0 ||
        error->code >= SHUZHI_N_ERRORS) {
        return &code_infos[SHUZHI_ERROR_INTERNAL];
    }
    return &code_infos[error->code];
}

int error_exit_status(const GError *error)
{
    return info_of(error)->exit;
}

int error_http_status(const GError *error)
{
    int status = info_of(error)->http;
    return error_is_of_system(error) ? MAX(status, info_of(NULL)->http) : status;
}

const char *error_code_name(ErrorCode code)
{
    g_assert((int)code >= 0 && code < SHUZHI_N_ERRORS);
    return code_infos[code].name;
}

char *error_to_text(const GError *error, const char *language)
{
    if (error->domain != SHUZHI_ERROR) {
        return g_strdup(error->message);
    }
    const ShuzhiErrorPrivate *private = shuzhi_error_get_private((GError *)error);
    return render(private->parts, language);
}

char *error_say(const char *language, const char *format, ...)
{
    GString *out = g_string_new(NULL);
    va_list list;
    va_start(list, format);
    ErrorPart *part = make_part(format, &list);
    va_end(list);
    append_part(out, part, language);
    free_part(part);
    return g_string_free(out, false);
}

/* ---- between processes: code, parts; each part its format and its arguments ---- */

#define MAX_WIRE_PARTS 16
#define MAX_WIRE_ARGUMENTS 16

static void append_wire_number(GString *out, size_t number)
{
    uint32_t bytes = (uint32_t)number;
    g_string_append_len(out, (const char *)&bytes, sizeof bytes);
}

static void append_wire_text(GString *out, const char *text)
{
    append_wire_number(out, strlen(text));
    g_string_append(out, text);
}

/* Return the static copy of @format that an error of ours may hold; NULL when there is none. */
static const char *find_format(const char *format)
{
    return g_str_equal(format, "%s") ? "%s" : message_find(format);
}

static void append_wire_part(GString *out, const ErrorPart *part)
{
    if (find_format(part->format) == NULL) {
        g_autoptr(GString) text = g_string_new(NULL);
        append_part(text, part, "en");
        append_wire_text(out, "%s");
        append_wire_number(out, 1);
        append_wire_text(out, text->str);
        return;
    }
    append_wire_text(out, part->format);
    append_wire_number(out, part->args->len);
    for (guint i = 0; i < part->args->len; i++) {
        append_wire_text(out, g_ptr_array_index(part->args, i));
    }
}

void error_encode(const GError *error, GString *out)
{
    if (error->domain != SHUZHI_ERROR) {
        g_autoptr(GError) own = NULL;
        error_set(&own, SHUZHI_ERROR_INTERNAL, "%s", error->message);
        error_encode(own, out);
        return;
    }
    const ShuzhiErrorPrivate *private = shuzhi_error_get_private((GError *)error);
    append_wire_number(out, (size_t)error->code);
    append_wire_number(out, private->parts->len);
    for (guint i = 0; i < private->parts->len; i++) {
        append_wire_part(out, g_ptr_array_index(private->parts, i));
    }
}

/* What is left to read. */
typedef struct Wire {
    const char *at;
    size_t left;
} Wire;

/* Read a number of at most @limit. */
static bool take_wire_number(Wire *wire, size_t limit, size_t *ret_number)
{
    uint32_t number;
    if (wire->left < sizeof number) {
        return false;
    }
    memcpy(&number, wire->at, sizeof number);
    wire->at += sizeof number;
    wire->left -= sizeof number;
    *ret_number = number;
    return number <= limit;
}

/* Read a text; the caller owns it. */
static char *take_wire_text(Wire *wire)
{
    size_t length;
    if (!take_wire_number(wire, wire->left, &length) || length > wire->left ||
        !g_utf8_validate_len(wire->at, length, NULL)) {
        return NULL;
    }
    char *text = g_strndup(wire->at, length);
    wire->at += length;
    wire->left -= length;
    return text;
}

static size_t count_conversions(const char *format)
{
    size_t n = 0;
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at, '%')) {
        size_t length = conversion_length(at);
        n += length > 0 && at[1] != '%' ? 1 : 0;
        at += length > 0 ? length : 1;
    }
    return n;
}

static ErrorPart *take_wire_part(Wire *wire)
{
    g_autofree char *sent = take_wire_text(wire);
    const char *format = sent != NULL ? find_format(sent) : NULL;
    size_t n_args;
    if (format == NULL || !take_wire_number(wire, MAX_WIRE_ARGUMENTS, &n_args) ||
        n_args != count_conversions(format)) {
        return NULL;
    }
    ErrorPart *part = new_part(format);
    for (size_t i = 0; i < n_args; i++) {
        char *arg = take_wire_text(wire);
        if (arg == NULL) {
            free_part(part);
            return NULL;
        }
        g_ptr_array_add(part->args, arg);
    }
    return part;
}

/* Read the parts of an error into @parts. */
static bool take_wire_parts(Wire *wire, GPtrArray *parts)
{
    size_t n_parts;
    if (!take_wire_number(wire, MAX_WIRE_PARTS, &n_parts) || n_parts == 0) {
        return false;
    }
    for (size_t i = 0; i < n_parts; i++) {
        ErrorPart *part = take_wire_part(wire);
        if (part == NULL) {
            return false;
        }
        g_ptr_array_add(parts, part);
    }
    return wire->left == 0;
}

void error_decode(const char *bytes, size_t length, GError **error)
{
    if (error == NULL) {
        return;
    }
    Wire wire = {.at = bytes, .left = length};
    size_t code;
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
    if (!take_wire_number(&wire, SHUZHI_N_ERRORS - 1, &code) || !take_wire_parts(&wire, parts)) {
        error_set(error, SHUZHI_ERROR_INTERNAL, "an error arrived that cannot be read");
        return;
    }
    *error = g_error_new_literal(SHUZHI_ERROR, (int)code, "");
    ShuzhiErrorPrivate *private = shuzhi_error_get_private(*error);
    g_ptr_array_extend_and_steal(private->parts, g_steal_pointer(&parts));
    retell(*error);
}
