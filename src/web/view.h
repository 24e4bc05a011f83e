/* Views as pages show them: links above a list and on the first page. */
#pragma once

#include "ledger/view.h"
#include "web/context.h"

typedef struct WebView {
    const char *name;
    const char *ledger;  /* its words */
    const char *address; /* of the list */
    const char *place;   /* of the view itself, "/view/own/3": its forms go below it */
    bool is_shared;
    bool is_here;    /* it is the list that is shown */
    bool may_change; /* the reader may rename and delete it */
} WebView;

/* Return the views of @ledger (NULL: of all that there are) that the reader sees (of WebView,
 * kept); @here is the address of the list that is shown, or NULL. */
GPtrArray *web_views(const WebContext *context, const SchemaLedger *ledger, const char *here,
                     GError **error);
