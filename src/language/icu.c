#include "language/icu.h"

#define VERSION G_STRINGIFY(U_ICU_VERSION_MAJOR_NUM)

Icu icu;

static const char *const names[] = {ICU(LATE_NAME)};
static LateLibrary library = LATE_LIBRARY("libicui18n.so." VERSION, "libicu" VERSION, names, &icu);

bool icu_load(void)
{
    return late_load(&library, NULL);
}
