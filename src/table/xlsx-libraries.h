/* What opens an xlsx: libzip its archive, libxml2 the parts in it; loaded when the first one is
 * read or written (base/late.h), and called through these two.
 *
 * Threading: after xlsx_libraries_load() from every thread. */
#pragma once

#include <libxml/parser.h>
#include <zip.h>

#include "base/late.h"

/* clang-format off */
#define LIBZIP(F) \
    F(zip_discard) F(zip_fclose) F(zip_fopen_index) F(zip_fread) F(zip_get_name) \
    F(zip_get_num_entries) F(zip_name_locate) F(zip_open) F(zip_open_from_source) \
    F(zip_source_buffer_create) F(zip_source_free) F(zip_stat_index)
#define LIBXML(F) \
    F(xmlCreatePushParserCtxt) F(xmlCtxtUseOptions) F(xmlFreeParserCtxt) F(xmlParseChunk) \
    F(xmlStopParser)
/* clang-format on */

typedef struct Libzip {
    LIBZIP(LATE_POINTER)
} Libzip;

typedef struct Libxml {
    LIBXML(LATE_POINTER)
} Libxml;

extern Libzip libzip;
extern Libxml libxml;

/* Load both; UNAVAILABLE with the name of the package where one is missing. */
bool xlsx_libraries_load(GError **error);
