/* Statements that there was nothing to record (ledger/nothing.h), below the list of their ledger.
 */
#pragma once

#include "web/context.h"

typedef struct WebStatement {
    const char *id;
    const char *why_id; /* of the control for why it is taken back */
    const char *period;
    const char *by;
    const char *day; /* when it was stated */
} WebStatement;

typedef struct WebNothing {
    const char *ledger;    /* its name */
    GPtrArray *statements; /* of WebStatement, by period */
    bool may_state;
    bool may_take_back;
} WebNothing;

/* Set *@ret_nothing to what is stated of @ledger, kept; NULL where it takes no statements, or there
 * is none and the reader may make none. */
bool web_nothing_read(const WebContext *context, const SchemaLedger *ledger,
                      const WebNothing **ret_nothing, GError **error);
