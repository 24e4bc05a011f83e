/* Views (视图): lists of entries that are kept under a name.
 *
 * A view is the query of a list's address, and gives no right to anything: who opens it sees what
 * he may see.  A view of one's own is, like a draft, nobody else's and has no events.  One that is
 * shared is a record of the office, and each change of it an event.
 *
 * Threading: writing blocks on the write queue; functions may be called from every thread. */
#pragma once

#include "log/record.h"
#include "office/rights.h"

#define LEDGER_VIEW_MAX_NAME_CHARS 30
#define LEDGER_VIEW_MAX_QUERY_BYTES 4000
#define LEDGER_VIEW_MAX_VIEWS 100 /* of one writer, and of those shared */

typedef struct LedgerView {
    int64_t id; /* among its own sort: shared or not */
    bool is_shared;
    char *ledger;
    char *name;
    char *query;        /* without "?" */
    int64_t changed_us; /* of one's own: when it was last changed; of a shared one its events say */
} LedgerView;

/* Keep the query of @view (its id is not read) under its name: where @subject has a view of its own
 * of that ledger and name, it is replaced; one that is shared is everybody's, and stays.
 *
 * @error: INVALID    the name is empty
 *         EXISTS     a shared one of that name has another query
 *         LIMIT      the name or the query is too long, or there are too many
 *         FORBIDDEN  a shared one without view.share */
bool ledger_view_save(Office *office, const RightsSubject *subject, const LogAct *act,
                      const LedgerView *view, GError **error);

/* Give view @id another name; NOT_FOUND, for another's too; EXISTS when the name is taken; else as
 * above. */
bool ledger_view_rename(Office *office, const RightsSubject *subject, const LogAct *act,
                        bool is_shared, int64_t id, const char *name, GError **error);

/* Throw view @id away; NOT_FOUND, FORBIDDEN as above. */
bool ledger_view_remove(Office *office, const RightsSubject *subject, const LogAct *act,
                        bool is_shared, int64_t id, GError **error);

/* Return view @id that @subject may open; NOT_FOUND.  The caller owns it. */
LedgerView *ledger_view_load(StoreConnection *connection, const RightsSubject *subject,
                             bool is_shared, int64_t id, GError **error);
void ledger_view_free(LedgerView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerView, ledger_view_free)

/* Return the views of @ledger (NULL: of all), those shared first, then @subject's own, each by
 * ledger and age (of LedgerView); the caller owns it. */
GPtrArray *ledger_view_list(StoreConnection *connection, const RightsSubject *subject,
                            const char *ledger, GError **error);

/* The record of a shared one, for verification. */
extern const LogTable ledger_view_table;
