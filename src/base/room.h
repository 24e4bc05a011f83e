/* Whether a folder can take what is to be written into it, asked without writing.
 *
 * Threading: safe from every thread. */
#pragma once

#include "base/error.h"

#define ROOM_MIN_BYTES (INT64_C(16) << 20) /* with less free, the next write may be the last */

/* Check that @folder is there, that this process may write into it, and that its disk has
 * ROOM_MIN_BYTES left: NOT_FOUND, FORBIDDEN, FULL. */
bool room_check(const char *folder, GError **error);
