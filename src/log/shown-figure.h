/* The form of a figure in a file of shown events: what measure/json.h always writes of one with
 * members, and nothing of another type.  Whether it is true is log/shown-claim.h's to find out.
 *
 * Threading: pure. */
#pragma once

#include "base/json.h"
#include "proof/hash.h"

/* The log that a figure says it was worked out from. */
typedef struct LogShownLog {
    int64_t size;
    ProofHash root;
} LogShownLog;

/* One member; its texts are borrowed from the figure. */
typedef struct LogShownMember {
    const char *kind;
    const char *number; /* of an entry, or a stretch of time; NULL: it has none, or is restricted */
    int64_t id;         /* 0 where it is restricted or a stretch of time */
    int64_t n;          /* which of the entry's steps or rows it is */
    bool is_of_ledger;  /* number is that of an entry */
    bool is_numbered;   /* its kind is of entries, which have numbers without gaps, also where it is
                           restricted */
    bool is_counted;
    bool is_restricted;
    const json_t *entries; /* numbers of the entries that let it count; NULL: none is needed */
} LogShownMember;

/* Check that @figure is of the form; INVALID names the first key that is missing or other. */
bool log_shown_figure_check(const json_t *figure, GError **error);

/* Read member @i of @figure, which is of the form so far; INVALID as above. */
bool log_shown_member_read(const json_t *figure, size_t i, LogShownMember *ret_member,
                           GError **error);

/* Return the log that @figure, which is of the form, names. */
LogShownLog log_shown_figure_log(const json_t *figure);

/* Return which of "value" and "holds" of @figure, which is of the form, cannot be, where @counted
 * of @total members count; NULL: neither.  Of a sum or a median nothing is known. */
const char *log_shown_figure_differs(const json_t *figure, int64_t total, int64_t counted);
