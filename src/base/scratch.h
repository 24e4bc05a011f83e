/* The folder where files of a running server wait: what is being sent, what is checked before an
 * import, tables on their way out.
 *
 * It lies where temporary files lie, is open to nobody else, and is made anew when a cleaner took
 * it away.  A lock on it says that its server lives; whoever opens the next one removes what
 * servers of the same user left behind that were killed.  Files take no more of the disk than
 * leaves room for the records that may lie on the same one.
 *
 * Threading: safe from every thread. */
#pragma once

#include "base/error.h"

typedef struct Scratch Scratch;

/* Make a folder below the one for temporary files, after removing what dead servers left there; the
 * caller owns it.
 *
 * @spare_bytes: that are left free on the disk; 0: a twentieth of it, a gigabyte at most.
 * As errno says. */
Scratch *scratch_open(int64_t spare_bytes, GError **error);

/* Remove the folder and what is in it; NULL is allowed. */
void scratch_close(Scratch *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scratch, scratch_close)

/* Return where it lies; borrowed.  NULL for NULL. */
const char *scratch_path(const Scratch *scratch);

/* Return the path of @name in it, for the caller to make and to remove; the caller owns it.  FULL;
 * IO where the folder is gone and cannot be had again. */
char *scratch_place(Scratch *scratch, const char *name, GError **error);

/* Make a new file "@kind-XXXXXX", for the caller to remove; *@ret_path is its path, which the
 * caller owns, as it does the descriptor returned.  -1 with FULL or IO. */
int scratch_file(Scratch *scratch, const char *kind, char **ret_path, GError **error);

/* Check that there is room for more; FULL. */
bool scratch_has_room(const Scratch *scratch, GError **error);
