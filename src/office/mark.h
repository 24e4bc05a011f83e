/* Which office a folder of files is of (files/office, on PostgreSQL).
 *
 * There the folder is named beside the database (`files=`), and its socket is where commands go
 * while the office is served (cli/host.h): with the folder of another office they would go there.
 * A folder that is an office itself has no need of it.
 *
 * Threading: blocks on the disk; may be called from every thread. */
#pragma once

#include "office/place.h"

/* Check that the files of @place are those of @office_id; CONFLICT.  True too where nothing says
 * whose they are, or @place is a folder. */
bool office_mark_check(const OfficePlace *place, const char *office_id, GError **error);

/* The same, and note whose they are where nothing says so and the folder is there.  A folder that
 * may not be written to stays as it is. */
bool office_mark_keep(const OfficePlace *place, const char *office_id, GError **error);
