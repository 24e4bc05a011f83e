/* What a file of shown events (log/shown-file.h) claims beside them, and how far they bear it out.
 *
 *     {"entry":"SQ2023-00084","events":[…]}
 *     {"figure":{…},"events":[…]}             as measure/json.h has it, with its members
 *     {"seq":42,"event":"…","proof":"…"}      one event alone: it claims nothing
 *
 * A file is of an entry or of a figure, and has all that our own always has, of the same type: what
 * could be left out would be what could not be checked.  An event may only be of an entry that the
 * claim names, or the one by which a file of evidence came that such an entry names: in a shown
 * "entry.attach", or as the number in a field that is opened.  No claim makes an event true, and no
 * event makes a figure's value true: that is reckoned from the entries.
 *
 * Threading: pure. */
#pragma once

#include "log/shown-file.h"

/* How what a figure says of an entry or member is not as the events have it. */
typedef enum LogClaimFault {
    LOG_CLAIM_MISSING,  /* it is named, and no sound event of the file begins it */
    LOG_CLAIM_REPEATED, /* it is a member more than once */
    LOG_CLAIM_OTHER_ID, /* a member of this number has the id of another entry */
    LOG_CLAIM_GONE,     /* it is named, and an event of the file takes it out of the books */
    LOG_CLAIM_KEPT,     /* it is said to be taken out of the books, and no event does so */
    LOG_CLAIM_N_FAULTS,
} LogClaimFault;

/* The texts are whatever somebody wrote into the file. */
typedef struct LogShownClaim {
    json_t *json;      /* the file: what is borrowed lies in it */
    const char *entry; /* number of the entry that the file is of; NULL: of none */
    bool is_of_figure; /* and then: */
    const char *title;
    const char *text; /* the value in words; NULL: it has none */
    const char *from; /* the days of the period */
    const char *to;
    int64_t log_size;    /* of the log that the figure says it is from */
    bool is_signed;      /* a checkpoint of the file is of that size, with that root */
    bool is_other_log;   /* one is of that size, with another root */
    guint n_hidden;      /* members that who printed the file may not see */
    const char *differs; /* the first part of the figure that its members do not bear out: "total",
                            "counted", "entries", "value", "holds", "log"; static; NULL: none */
    guint n_named;       /* entries that the claim names, each once */
    GPtrArray *faults[LOG_CLAIM_N_FAULTS]; /* of char*: numbers, "#id" of what has none */
    bool is_asserted;  /* it has members without numbers: that these are all is the signer's word */
    GArray *undone;    /* of int64_t: imports that it says were taken back, and events of the file
                          show so: the numbers reserved for them are void */
    GArray *strangers; /* of int64_t: sound events of nothing that the claim names */
    GArray *absent;    /* of int64_t: files of evidence that shown events attach, without the event
                          by which they came */
    int64_t deletion;  /* of a file of one entry: the event that took it out of the books; 0 */
} LogShownClaim;

/* Hold what @json says beside its events against @file, which was read from it; the caller owns the
 * result, which must not outlive @file.
 *
 * @error: INVALID  there is no event, or the claim is not of the form above */
LogShownClaim *log_shown_claim_check(json_t *json, const LogShownFile *file, GError **error);
void log_shown_claim_free(LogShownClaim *claim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogShownClaim, log_shown_claim_free)

/* Return whether nothing that the file claims is refuted, hidden or left without its events. */
bool log_shown_claim_is_borne_out(const LogShownClaim *claim);
