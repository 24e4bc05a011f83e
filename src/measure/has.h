/* What `has` finds for units, people, months and quarters.
 *
 * Threading: one thread at a time. */
#pragma once

#include "measure/universe.h"

/* What was found for one of them. */
typedef struct HasFound {
    int64_t n;          /* entries, steps or rows */
    GPtrArray *entries; /* of char*: numbers of their entries, each once; NULL unless asked for */
} HasFound;

/* Return what @measure->has finds for units or people at @moment: id (int64_t *) to HasFound; the
 * caller owns it.  @with_entries: their numbers too. */
GHashTable *has_find_by_id(StoreConnection *connection, const SchemaMeasure *measure,
                           const Moment *moment, bool with_entries, GError **error);

/* Set *@ret_found (the caller clears it) to what it finds within @moment's period. */
bool has_find(StoreConnection *connection, const SchemaMeasure *measure, const Moment *moment,
              bool with_entries, HasFound *ret_found, GError **error);
void has_found_clear(HasFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HasFound, has_found_clear)
