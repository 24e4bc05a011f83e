/* What `has` finds for units, people, months and quarters.
 *
 * Threading: one thread at a time. */
#pragma once

#include "measure/universe.h"

/* What was found for one of them. */
typedef struct HasFound {
    int64_t n;          /* entries, steps or rows */
    int64_t n_late;     /* of these, recorded more than FIGURE_LATE_DAYS after they happened */
    GPtrArray *entries; /* of char*: numbers of those of their entries that @subject may see, each
                           once; NULL unless asked for */
} HasFound;

/* Who asks, for what. */
typedef struct HasQuestion {
    StoreConnection *connection;
    const RightsSubject *subject; /* NULL: sees all */
    const SchemaMeasure *measure;
    bool with_entries; /* numbers too */
    int64_t entry;     /* of this one alone; 0: of all */
} HasQuestion;

/* Return what the measure's `has` finds for units or people at @moment: id (int64_t *) to HasFound;
 * the caller owns it. */
GHashTable *has_find_by_id(const HasQuestion *question, const Moment *moment, GError **error);

/* Set *@ret_found (the caller clears it) to what it finds within @moment's period. */
bool has_find(const HasQuestion *question, const Moment *moment, HasFound *ret_found,
              GError **error);
void has_found_clear(HasFound *found);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HasFound, has_found_clear)
