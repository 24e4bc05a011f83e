#include "table/xlsx-package.h"

#include <libxml/xmlerror.h>

#include "table/xlsx-libraries.h"

#define CHUNK_SIZE ((size_t)64 << 10)

struct XlsxPackage {
    zip_t *zip;
    char chunk[CHUNK_SIZE];
};

/* A part being unpacked. */
typedef struct Part {
    zip_file_t *file;
    const char *name;
    size_t packed_size;
    size_t limit;
    size_t length; /* unpacked so far */
} Part;

static void close_part(Part *part)
{
    if (part->file != NULL) {
        libzip.zip_fclose(part->file);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Part, close_part)

/* ---- archive --------------------------------------------------------------------------------- */

XlsxPackage *xlsx_package_new(const void *bytes, size_t length, GError **error)
{
    if (!xlsx_libraries_load(error)) {
        return NULL;
    }
    g_autoptr(XlsxPackage) package = g_new0(XlsxPackage, 1);
    zip_source_t *source = libzip.zip_source_buffer_create(bytes, length, 0, NULL);
    package->zip = source != NULL ? libzip.zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (package->zip == NULL) {
        libzip.zip_source_free(source);
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the archive in it is damaged or cut short; open it in a spreadsheet program and "
                  "save it anew");
        return NULL;
    }
    if (libzip.zip_get_num_entries(package->zip, 0) > XLSX_MAX_PARTS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the archive in it has more than %d parts",
                  XLSX_MAX_PARTS);
        return NULL;
    }
    return g_steal_pointer(&package);
}

void xlsx_package_free(XlsxPackage *package)
{
    if (package != NULL) {
        if (package->zip != NULL) {
            libzip.zip_discard(package->zip);
        }
        g_free(package);
    }
}

bool xlsx_package_has(const XlsxPackage *package, const char *name)
{
    return libzip.zip_name_locate(package->zip, name, ZIP_FL_NOCASE) >= 0;
}

static bool open_part(XlsxPackage *package, const char *name, size_t limit, Part *ret_part,
                      GError **error)
{
    zip_stat_t info;
    zip_int64_t index = libzip.zip_name_locate(package->zip, name, ZIP_FL_NOCASE);
    if (index < 0 || libzip.zip_stat_index(package->zip, (zip_uint64_t)index, 0, &info) != 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "the part '%s' is missing", name);
        return false;
    }
    bool is_plain = (info.valid & ZIP_STAT_COMP_METHOD) != 0 &&
                    (info.comp_method == ZIP_CM_STORE || info.comp_method == ZIP_CM_DEFLATE) &&
                    info.encryption_method == ZIP_EM_NONE;
    if (!is_plain) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the part '%s' is encrypted, or packed in a way that no xlsx is", name);
        return false;
    }
    zip_file_t *file = libzip.zip_fopen_index(package->zip, (zip_uint64_t)index, 0);
    if (file == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "the part '%s' is damaged", name);
        return false;
    }
    *ret_part = (Part){.file = file, .name = name, .packed_size = info.comp_size, .limit = limit};
    return true;
}

/* Unpack the next bytes to @chunk; *@ret_length is 0 at the end, where the checksum was right. */
static bool read_part(Part *part, char *chunk, size_t *ret_length, GError **error)
{
    zip_int64_t n = libzip.zip_fread(part->file, chunk, CHUNK_SIZE);
    if (n < 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "the part '%s' is damaged", part->name);
        return false;
    }
    part->length += (size_t)n;
    if (part->length > part->limit) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the part '%s' is larger than %zu MB", part->name,
                  part->limit >> 20);
        return false;
    }
    if (part->length > XLSX_RATIO_FROM && part->length / XLSX_MAX_RATIO > part->packed_size) {
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "the part '%s' unpacks to more than %d times its size: this is no honest table",
                  part->name, XLSX_MAX_RATIO);
        return false;
    }
    *ret_length = (size_t)n;
    return true;
}

/* ---- XML ------------------------------------------------------------------------------------- */

typedef struct Parse {
    const XlsxHandler *handler;
    void *data;
    xmlParserCtxtPtr parser;
    GError *error; /* of a handler */
} Parse;

static void stop_unless(Parse *parse, bool is_good)
{
    if (!is_good) {
        libxml.xmlStopParser(parse->parser);
    }
}

static void on_begin(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    Parse *parse = data;
    XlsxElement element = {
        .name = (const char *)name, .attributes = attributes, .n_attributes = n_attributes};
    if (parse->error == NULL) {
        stop_unless(parse, parse->handler->begin(parse->data, &element, &parse->error));
    }
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    Parse *parse = data;
    if (parse->error == NULL && parse->handler->end != NULL) {
        stop_unless(parse, parse->handler->end(parse->data, (const char *)name, &parse->error));
    }
}

static void on_text(void *data, const xmlChar *text, int length)
{
    Parse *parse = data;
    if (parse->error == NULL && parse->handler->text != NULL) {
        stop_unless(parse, parse->handler->text(parse->data, (const char *)text, (size_t)length,
                                                &parse->error));
    }
}

static void on_document_type(void *data, const xmlChar *name, const xmlChar *external_id,
                             const xmlChar *system_id)
{
    Parse *parse = data;
    if (parse->error == NULL) {
        error_set(&parse->error, SHUZHI_ERROR_INVALID,
                  "it declares a document type, as no xlsx does");
        stop_unless(parse, false);
    }
}

static void on_error(void *data, xmlErrorPtr error)
{
    /* The parser's state says what is needed. */
}

static xmlParserCtxtPtr make_parser(Parse *parse)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_begin,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .ignorableWhitespace = on_text,
                         .cdataBlock = on_text,
                         .internalSubset = on_document_type,
                         .serror = on_error};
    xmlParserCtxtPtr parser = libxml.xmlCreatePushParserCtxt(&sax, parse, NULL, 0, NULL);
    /* NOENT: without it "&amp;" in an attribute is passed as "&#38;".  There are no other entities
     * to replace: a document type ends the parsing, and nothing here keeps what one declares. */
    libxml.xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR |
                                         XML_PARSE_NOWARNING);
    return parser;
}

static bool feed(Parse *parse, const char *part, const char *chunk, size_t length, GError **error)
{
    int code = libxml.xmlParseChunk(parse->parser, chunk, (int)length, length == 0);
    if (parse->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&parse->error));
        error_prefix(error, "part '%s'", part);
        return false;
    }
    if (code != XML_ERR_OK && !parse->parser->wellFormed) {
        error_set(error, SHUZHI_ERROR_INVALID, "the part '%s', line %d, is no well-formed XML",
                  part, parse->parser->input != NULL ? parse->parser->input->line : 0);
        return false;
    }
    return true;
}

bool xlsx_package_parse(XlsxPackage *package, const char *name, size_t limit,
                        const XlsxHandler *handler, void *data, GError **error)
{
    g_auto(Part) part = {0};
    if (!open_part(package, name, limit, &part, error)) {
        return false;
    }
    Parse parse = {.handler = handler, .data = data};
    parse.parser = make_parser(&parse);
    bool is_good = true;
    size_t length = 1;
    while (is_good && length > 0) {
        is_good = read_part(&part, package->chunk, &length, error) &&
                  feed(&parse, name, package->chunk, length, error);
    }
    libxml.xmlFreeParserCtxt(parse.parser);
    return is_good;
}

bool xlsx_package_scan(XlsxPackage *package, const char *name, size_t limit, const char *needle,
                       bool *ret_is_found, GError **error)
{
    g_auto(Part) part = {0};
    if (!open_part(package, name, limit, &part, error)) {
        return false;
    }
    size_t n_kept = strlen(needle) - 1; /* of the last bytes: the needle may begin in them */
    char joined[64];
    size_t n_joined = 0;
    bool is_found = false;
    size_t length = 1;
    g_assert(n_kept * 2 < sizeof joined);
    while (length > 0) {
        size_t before = part.length;
        if (!read_part(&part, package->chunk, &length, error)) {
            return false;
        }
        const uint8_t *bytes = (const uint8_t *)package->chunk;
        bool is_wide =
            before == 0 && length >= 2 && (bytes[0] >= 0xFE || bytes[0] == 0 || bytes[1] == 0);
        size_t n_next = MIN(length, n_kept);
        memcpy(joined + n_joined, package->chunk, n_next);
        is_found = is_found || is_wide ||
                   memmem(joined, n_joined + n_next, needle, n_kept + 1) != NULL ||
                   memmem(package->chunk, length, needle, n_kept + 1) != NULL;
        memcpy(joined, package->chunk + length - n_next, n_next);
        n_joined = n_next;
    }
    *ret_is_found = is_found;
    return true;
}

/* ---- attributes ------------------------------------------------------------------------------ */

const char *xlsx_attribute(const XlsxElement *element, const char *name, size_t *ret_length)
{
    for (int i = 0; i < element->n_attributes; i++) {
        const xmlChar **attribute = element->attributes + (size_t)i * 5;
        if (strcmp((const char *)attribute[0], name) == 0) {
            *ret_length = (size_t)(attribute[4] - attribute[3]);
            return (const char *)attribute[3];
        }
    }
    return NULL;
}

char *xlsx_attribute_dup(const XlsxElement *element, const char *name)
{
    size_t length = 0;
    const char *value = xlsx_attribute(element, name, &length);
    return value != NULL ? g_strndup(value, length) : NULL;
}

int64_t xlsx_attribute_int(const XlsxElement *element, const char *name, int64_t max,
                           int64_t otherwise)
{
    size_t length = 0;
    const char *value = xlsx_attribute(element, name, &length);
    if (value == NULL || length == 0 || length > 18) {
        return otherwise;
    }
    int64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (!g_ascii_isdigit(value[i])) {
            return otherwise;
        }
        number = number * 10 + (value[i] - '0');
    }
    return number <= max ? number : otherwise;
}

bool xlsx_attribute_is_true(const XlsxElement *element, const char *name)
{
    size_t length = 0;
    const char *value = xlsx_attribute(element, name, &length);
    return value != NULL &&
           ((length == 1 && value[0] == '1') || (length == 4 && strncmp(value, "true", 4) == 0));
}
