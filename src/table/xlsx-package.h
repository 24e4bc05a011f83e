/* The zip of XML parts that an xlsx is, as it comes from anywhere.  For the worker in the sandbox.
 *
 * Nothing is unpacked to disk: a part is found by its name in the archive and parsed while it is
 * being unpacked, so the names mean nothing to the file system.  Refused are more than
 * XLSX_MAX_PARTS parts, parts that are encrypted or packed by anything but deflate, parts that
 * unpack to more than their limit or, from XLSX_RATIO_FROM on, to more than XLSX_MAX_RATIO times
 * their size; wrong checksums; documents with a document type, so there are no entities but XML's
 * own five.
 *
 * Threading: a package belongs to one thread at a time.
 * Source: ECMA-376 part 2 (packages); part 1, 18 (spreadsheets). */
#pragma once

#include <libxml/xmlstring.h>

#include "base/error.h"

#define XLSX_MAX_PARTS 10000
#define XLSX_MAX_PART_BYTES ((size_t)64 << 20) /* unpacked; of all but strings and sheets */
#define XLSX_MAX_SHEET_BYTES ((size_t)4096 << 20)
#define XLSX_RATIO_FROM ((size_t)16 << 20)
#define XLSX_MAX_RATIO 200

/* An element as it begins, its name without a prefix. */
typedef struct XlsxElement {
    const char *name;
    const xmlChar **attributes; /* five pointers each, as libxml2 passes them */
    int n_attributes;
} XlsxElement;

/* What to do with the elements of a part; false from a function ends the reading with its error. */
typedef struct XlsxHandler {
    bool (*begin)(void *data, const XlsxElement *element, GError **error);
    bool (*text)(void *data, const char *text, size_t length, GError **error);
    bool (*end)(void *data, const char *name, GError **error);
} XlsxHandler;

typedef struct XlsxPackage XlsxPackage;

/* Open the archive of @length bytes at @bytes (borrowed while the package lives).  INVALID, LIMIT.
 */
XlsxPackage *xlsx_package_new(const void *bytes, size_t length, GError **error);

void xlsx_package_free(XlsxPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxPackage, xlsx_package_free)

/* Return whether there is a part @name; upper and lower case do not matter. */
bool xlsx_package_has(const XlsxPackage *package, const char *name);

/* Parse the part @name of at most @limit bytes.  INVALID, LIMIT, or what a handler says; the
 * message begins with the name of the part. */
bool xlsx_package_parse(XlsxPackage *package, const char *name, size_t limit,
                        const XlsxHandler *handler, void *data, GError **error);

/* Unpack all of the part @name, checking it, and tell whether the bytes @needle stand in it.  A
 * part in UTF-16 is taken to have them. */
bool xlsx_package_scan(XlsxPackage *package, const char *name, size_t limit, const char *needle,
                       bool *ret_is_found, GError **error);

/* Return the value of the attribute @name of @element, whatever its prefix, and its length; NULL
 * when there is none.  It has no NUL after it; borrowed for the call of the handler. */
const char *xlsx_attribute(const XlsxElement *element, const char *name, size_t *ret_length);

/* As xlsx_attribute(), as a new text; NULL when there is none.  The caller owns it. */
char *xlsx_attribute_dup(const XlsxElement *element, const char *name);

/* Return the attribute @name as a number from 0 to @max, @otherwise when there is none or it is
 * none. */
int64_t xlsx_attribute_int(const XlsxElement *element, const char *name, int64_t max,
                           int64_t otherwise);

/* Return whether the attribute @name is "1" or "true". */
bool xlsx_attribute_is_true(const XlsxElement *element, const char *name);
