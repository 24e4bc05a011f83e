/* ICU's order and readings of Chinese; loaded when they are first asked for (base/late.h).
 *
 * Threading: after icu_load() from every thread. */
#pragma once

#include <unicode/ucol.h>
#include <unicode/utrans.h>

#include "base/late.h"

/* clang-format off */
#define ICU(F) \
    F(ucol_close) F(ucol_open) F(ucol_setAttribute) F(ucol_strcollUTF8) F(utrans_openU) \
    F(utrans_transUChars)
/* clang-format on */

typedef struct Icu {
    ICU(LATE_POINTER)
} Icu;

extern Icu icu;

/* Load it; false where the machine lacks it. */
bool icu_load(void);
