#include "table/decoder.h"

#include <errno.h>
#include <iconv.h>
#include <unistd.h>

#include "base/text.h"

#define RAW_SIZE ((size_t)64 << 10)   /* bytes converted at a time */
#define JUDGED_SIZE ((size_t)1 << 20) /* bytes looked at to tell UTF-8 from GB18030 */
#define JUDGED_TEXT 1024              /* bytes looked at of one text */
#define MAX_CHARACTER 4               /* bytes of a character in each of the encodings */

typedef struct Encoding {
    const char *name;
    const char *mark;
    size_t mark_length;
} Encoding;

static const Encoding encodings[] = {
    {"UTF-8", "\xEF\xBB\xBF", 3},
    {"UTF-16LE", "\xFF\xFE", 2},
    {"UTF-16BE", "\xFE\xFF", 2},
    {"GB18030", "\x84\x31\x95\x33", 4},
};
#define UTF_8 (&encodings[0])
#define GB18030 (&encodings[3])

struct TableDecoder {
    int fd;
    const Encoding *encoding;
    iconv_t converter;  /* (iconv_t)-1: UTF-8, nothing to convert */
    iconv_t back;       /* to GB18030 again; (iconv_t)-1: the file is in another encoding */
    off_t begin;        /* after the mark */
    off_t offset;       /* of the next byte to be read from the file */
    char raw[RAW_SIZE]; /* read and not yet passed on: for UTF-8 the beginning of a character */
    size_t n_raw;
    bool is_at_end; /* of the file */
    bool is_faulty; /* what comes next is no text, and begins with the byte @fault */
    uint8_t fault;
};

static bool read_at(int fd, char *buffer, size_t size, off_t offset, size_t *ret_length,
                    GError **error)
{
    ssize_t length;
    do {
        length = pread(fd, buffer, size, offset);
    } while (length < 0 && errno == EINTR);
    if (length < 0) {
        error_set_errno(error, errno, "cannot read the file");
        return false;
    }
    *ret_length = (size_t)length;
    return true;
}

/* ---- which encoding -------------------------------------------------------------------------- */

static bool is_ascii(const char *text, size_t length)
{
    uint64_t all = 0;
    size_t at = 0;
    for (; at + sizeof all <= length; at += sizeof all) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        all |= word;
    }
    uint8_t rest = 0;
    for (; at < length; at++) {
        rest |= (uint8_t)text[at];
    }
    return (all & UINT64_C(0x8080808080808080)) == 0 && (rest & 0x80) == 0;
}

/* Move *@offset on to less than RAW_SIZE before the first byte above 127; *@ret_is_found tells
 * whether there is one. */
static bool find_not_ascii(int fd, off_t *offset, bool *ret_is_found, GError **error)
{
    g_autofree char *chunk = g_malloc(RAW_SIZE);
    for (;;) {
        size_t length;
        if (!read_at(fd, chunk, RAW_SIZE, *offset, &length, error)) {
            return false;
        }
        if (length == 0 || !is_ascii(chunk, length)) {
            *ret_is_found = length > 0;
            return true;
        }
        *offset += (off_t)length;
    }
}

/* Return whether @text is UTF-8, or more like it than not: damaged UTF-8 is mostly valid as GB18030
 * too and would become other characters without anybody noticing.  In real GB18030 hardly a pair of
 * bytes happens to be UTF-8. */
static bool looks_like_utf8(const char *text, size_t length)
{
    size_t n_characters = 0, n_faults = 0;
    for (size_t at = 0; at < length;) {
        gunichar c = g_utf8_get_char_validated(text + at, (gssize)(length - at));
        if (c == (gunichar)-2) {
            break; /* cut off by the end of what is judged */
        }
        if (c == (gunichar)-1) {
            n_faults++;
            at++;
            continue;
        }
        n_characters += c > 127 ? 1 : 0;
        at += (size_t)g_unichar_to_utf8(c, NULL);
    }
    return n_characters >= n_faults;
}

/* Return whether @text is GB18030, but for a damaged byte in a hundred characters, or one in all;
 * where it stands is told when it is reached. */
static bool looks_like_gb18030(const char *text, size_t length)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1) {
        return false;
    }
    char out[4096];
    char *from = (char *)text;
    size_t left = length;
    size_t n_faults = 0;
    while (left > 0) {
        char *to = out;
        size_t space = sizeof out;
        if (iconv(converter, &from, &left, &to, &space) == (size_t)-1 && errno != E2BIG) {
            if (errno == EINVAL) { /* cut off by the end of what is judged */
                break;
            }
            n_faults++;
            from++;
            left--;
        }
    }
    iconv_close(converter);
    return n_faults <= 1 + length / 200;
}

static bool judge_unmarked(int fd, const Encoding **ret_encoding, GError **error)
{
    off_t offset = 0;
    bool is_found;
    if (!find_not_ascii(fd, &offset, &is_found, error)) {
        return false;
    }
    *ret_encoding = UTF_8;
    if (is_found) {
        g_autofree char *text = g_malloc(JUDGED_SIZE);
        size_t length;
        if (!read_at(fd, text, JUDGED_SIZE, offset, &length, error)) {
            return false;
        }
        bool is_gb18030 = !looks_like_utf8(text, length) && looks_like_gb18030(text, length);
        *ret_encoding = is_gb18030 ? GB18030 : UTF_8;
    }
    return true;
}

/* Find the encoding by the mark at the beginning of the file, else by what is in it. */
static bool find_encoding(TableDecoder *decoder, GError **error)
{
    char start[MAX_CHARACTER];
    size_t length;
    if (!read_at(decoder->fd, start, sizeof start, 0, &length, error)) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(encodings); i++) {
        const Encoding *encoding = &encodings[i];
        if (length >= encoding->mark_length &&
            memcmp(start, encoding->mark, encoding->mark_length) == 0) {
            decoder->encoding = encoding;
            decoder->begin = (off_t)encoding->mark_length;
            return true;
        }
    }
    return judge_unmarked(decoder->fd, &decoder->encoding, error);
}

TableDecoder *table_decoder_new(int fd, GError **error)
{
    g_autoptr(TableDecoder) decoder = g_new0(TableDecoder, 1);
    decoder->fd = fd;
    decoder->converter = decoder->back = (iconv_t)-1;
    if (!find_encoding(decoder, error)) {
        return NULL;
    }
    decoder->offset = decoder->begin;
    if (decoder->encoding != UTF_8) {
        decoder->converter = iconv_open("UTF-8", decoder->encoding->name);
        if (decoder->converter == (iconv_t)-1) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the file is in %s, which this system cannot convert; save it as UTF-8",
                      decoder->encoding->name);
            return NULL;
        }
    }
    if (decoder->encoding == GB18030) {
        decoder->back = iconv_open(decoder->encoding->name, "UTF-8");
    }
    return g_steal_pointer(&decoder);
}

void table_decoder_free(TableDecoder *decoder)
{
    if (decoder != NULL) {
        if (decoder->converter != (iconv_t)-1) {
            iconv_close(decoder->converter);
        }
        if (decoder->back != (iconv_t)-1) {
            iconv_close(decoder->back);
        }
        g_free(decoder);
    }
}

const char *table_decoder_encoding(const TableDecoder *decoder)
{
    return decoder->encoding->name;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Return how many of the last bytes of @text begin a character that is not complete. */
static size_t incomplete_tail(const char *text, size_t length)
{
    size_t back = MIN(length, MAX_CHARACTER - 1);
    for (size_t n = 1; n <= back; n++) {
        uint8_t byte = (uint8_t)text[length - n];
        if (byte >= 0xC0) {
            size_t needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            return needed > n ? n : 0;
        }
        if (byte < 0x80) {
            return 0;
        }
    }
    return 0;
}

/* Cut @length at the first byte of @text that is no text, and remember it. */
static size_t stop_at_fault(TableDecoder *decoder, const char *text, size_t length)
{
    size_t fault;
    if (!text_is_valid(text, length, &fault)) {
        decoder->is_faulty = true;
        decoder->fault = (uint8_t)text[fault];
        return fault;
    }
    return length;
}

/* Read UTF-8 as it is; what is cut at the end of the buffer waits in raw. */
static bool read_utf8(TableDecoder *decoder, char *buffer, size_t size, size_t *ret_length,
                      GError **error)
{
    size_t length = 0, n = 1;
    while (length == 0 && n > 0) {
        memcpy(buffer, decoder->raw, decoder->n_raw);
        length = decoder->n_raw;
        if (!read_at(decoder->fd, buffer + length, size - length, decoder->offset, &n, error)) {
            return false;
        }
        decoder->offset += (off_t)n;
        length += n;
        decoder->n_raw = n > 0 ? incomplete_tail(buffer, length) : 0;
        length -= decoder->n_raw;
        memcpy(decoder->raw, buffer + length, decoder->n_raw);
    }
    *ret_length = stop_at_fault(decoder, buffer, length);
    return true;
}

/* Keep raw filled while the file lasts. */
static bool fill_raw(TableDecoder *decoder, GError **error)
{
    size_t n;
    if (decoder->is_at_end || decoder->n_raw >= RAW_SIZE / 2) {
        return true;
    }
    if (!read_at(decoder->fd, decoder->raw + decoder->n_raw, RAW_SIZE - decoder->n_raw,
                 decoder->offset, &n, error)) {
        return false;
    }
    decoder->offset += (off_t)n;
    decoder->n_raw += n;
    decoder->is_at_end = n == 0;
    return true;
}

/* Convert from raw to @buffer. */
static bool read_converted(TableDecoder *decoder, char *buffer, size_t size, size_t *ret_length,
                           GError **error)
{
    char *to = buffer;
    size_t space = size;
    while (to == buffer && !decoder->is_faulty) {
        if (!fill_raw(decoder, error)) {
            return false;
        }
        if (decoder->n_raw == 0 && decoder->is_at_end) {
            break;
        }
        char *from = decoder->raw;
        size_t left = decoder->n_raw;
        if (iconv(decoder->converter, &from, &left, &to, &space) == (size_t)-1) {
            bool is_cut_off = errno == EINVAL && decoder->is_at_end && to == buffer;
            decoder->is_faulty = is_cut_off || errno == EILSEQ;
            decoder->fault = (uint8_t)*from;
        }
        memmove(decoder->raw, from, left);
        decoder->n_raw = left;
    }
    *ret_length = stop_at_fault(decoder, buffer, (size_t)(to - buffer));
    return true;
}

bool table_decoder_read(TableDecoder *decoder, char *buffer, size_t size, size_t *ret_length,
                        GError **error)
{
    size_t length = 0;
    if (!decoder->is_faulty) {
        bool is_read = decoder->encoding == UTF_8
                           ? read_utf8(decoder, buffer, size, &length, error)
                           : read_converted(decoder, buffer, size, &length, error);
        if (!is_read) {
            return false;
        }
    }
    if (length == 0 && decoder->is_faulty) {
        if (decoder->fault == 0) {
            error_set(error, SHUZHI_ERROR_INVALID, "a NUL byte stands here: this is no text");
        } else {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "byte 0x%02x is not valid in %s; save the file as UTF-8", decoder->fault,
                      decoder->encoding->name);
        }
        return false;
    }
    *ret_length = length;
    return true;
}

/* Return whether @text has a character that is left to private use: U+E000 to U+F8FF. */
static bool has_private(const char *text, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++) {
        uint8_t byte = (uint8_t)text[i], next = (uint8_t)text[i + 1];
        if (byte == 0xEE || (byte == 0xEF && next < 0xA4)) {
            return true;
        }
    }
    return false;
}

/* Return whether what @text is in GB18030 is UTF-8 of Chinese too, judging by its beginning.  A
 * word of two bytes a character, as 女 is, happens to be UTF-8; hardly one of three. */
static bool is_utf8_too(const TableDecoder *decoder, const char *text, size_t length)
{
    char bytes[JUDGED_TEXT * 2];
    char *from = (char *)text, *to = bytes;
    size_t left = MIN(length, (size_t)JUDGED_TEXT), space = sizeof bytes;
    left -= incomplete_tail(text, left);
    if (iconv(decoder->back, &from, &left, &to, &space) == (size_t)-1) {
        return false;
    }
    bool has_chinese = false;
    for (const char *at = bytes; at < to;) {
        gunichar c = g_utf8_get_char_validated(at, to - at);
        if (c == (gunichar)-2 && has_chinese && length > JUDGED_TEXT) {
            break; /* cut */
        }
        if (c >= 0x80 && (c < 0x2000 || c > 0x10ffff)) {
            return false;
        }
        has_chinese = has_chinese || c >= 0x80;
        at += g_unichar_to_utf8(c, NULL);
    }
    return has_chinese;
}

TableOrigin table_decoder_origin(const TableDecoder *decoder, const char *text, size_t length)
{
    if (is_ascii(text, length)) {
        return TABLE_ORIGIN_ANY;
    }
    if (decoder->back == (iconv_t)-1) {
        return TABLE_ORIGIN_FILE;
    }
    return has_private(text, length)            ? TABLE_ORIGIN_NONE
           : is_utf8_too(decoder, text, length) ? TABLE_ORIGIN_UTF8
                                                : TABLE_ORIGIN_FILE;
}

void table_decoder_rewind(TableDecoder *decoder)
{
    decoder->offset = decoder->begin;
    decoder->n_raw = 0;
    decoder->is_at_end = false;
    decoder->is_faulty = false;
    if (decoder->converter != (iconv_t)-1) {
        iconv(decoder->converter, NULL, NULL, NULL, NULL);
    }
}
