#include "table/xlsx-libraries.h"

Libzip libzip;
Libxml libxml;

static const char *const zip_names[] = {LIBZIP(LATE_NAME)};
static const char *const xml_names[] = {LIBXML(LATE_NAME)};
static LateLibrary zip_library = LATE_LIBRARY("libzip.so.4", "libzip4", zip_names, &libzip);
static LateLibrary xml_library = LATE_LIBRARY("libxml2.so.2", "libxml2", xml_names, &libxml);

bool xlsx_libraries_load(GError **error)
{
    return late_load(&zip_library, error) && late_load(&xml_library, error);
}
