/* What the key of an office signed last, and of the office in which folder (ID.signed, beside the
 * key).
 *
 * The key signs one history: an office is signed only where it goes on from that checkpoint, so
 * that who rewrites it or puts yesterday's files in its place gets no signature.  A second copy of
 * the same office, restored or copied beside it, is not signed while the first stands: else a drill
 * would end the signing of the office itself.  Removing the file makes whichever is written next
 * the one that is signed.  docs/keys.md is about it.
 *
 * Threading: blocks on the disk; may be called from every thread. */
#pragma once

#include "office/place.h"

typedef struct OfficeSigned {
    char *path;   /* of the file itself */
    char *folder; /* absolute and without links; NULL: not known, or the office is on PostgreSQL */
    char *note;   /* the newest checkpoint; NULL: none is kept, and folder is NULL too */
} OfficeSigned;

void office_signed_clear(OfficeSigned *last);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OfficeSigned, office_signed_clear)

/* Read what the key of @office_id signed last. */
bool office_signed_read(const char *office_id, OfficeSigned *ret_last, GError **error);

/* Keep @note as the newest that the key of @office_id signed, of the office at @place (to be made
 * there, perhaps).  Does nothing where the folder of keys cannot be written. */
bool office_signed_keep(const char *office_id, const OfficePlace *place, const char *note,
                        GError **error);

/* Return whether another office of the id @id than the one at @place stands in the folder of @last.
 * One that cannot be read stands. */
bool office_signed_is_elsewhere(const OfficeSigned *last, const char *id, const OfficePlace *place);
