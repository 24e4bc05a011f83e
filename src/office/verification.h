/* Verifications (核验) that were made of an office while it was served: each is an event, so that
 * also this cannot be said without having been done.
 *
 * Threading: functions block on the write queue; may be called from every thread. */
#pragma once

#include "log/verify.h"
#include "office/rights.h"

typedef struct OfficeVerification {
    int64_t id; /* 0: none was made */
    int64_t at_us;
    char *actor;
    LogVerdict verdict;
    int64_t n_events;
    int64_t n_signed;
    int64_t n_objects;
    int64_t n_findings;
} OfficeVerification;

void office_verification_clear(OfficeVerification *verification);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OfficeVerification, office_verification_clear)

/* Record what @report found.  FORBIDDEN without verify. */
bool office_verification_add(Office *office, const RightsSubject *subject, const LogAct *act,
                             const LogReport *report, GError **error);

/* Return at most @most that were made before the one with the id @before, the newest first (of
 * OfficeVerification); unref it. */
GArray *office_verification_list(StoreConnection *connection, int64_t before, int most,
                                 GError **error);

/* Set *@ret_last to the last one; the caller clears it. */
bool office_verification_last(StoreConnection *connection, OfficeVerification *ret_last,
                              GError **error);
