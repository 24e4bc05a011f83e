/* The description of the API: what each route under /api/v1 takes and answers, as OpenAPI 3.1 for
 * programs and as a page for people, from one table.
 *
 * A test compares the table with web_routes, so that neither has what the other lacks.  The fields
 * of the ledgers come from the office's pack. */
#pragma once

#include "web/context.h"

struct WebOperation {
    HttpMethod method;
    const char *path;    /* below /api/v1, the parts that vary in braces: "/ledgers/{ledger}" */
    const char *id;      /* operationId */
    const char *summary; /* a key of the catalogue */
    const char *query;   /* names of parameters, a blank between; "" for none */
    const char *body;    /* name of the schema of what is sent; NULL: nothing */
    const char *answer;  /* name of the schema of what comes back; NULL: a file */
    int status;          /* when it went well */
    bool takes_key;      /* it is done once under an Idempotency-Key */
    bool is_in_parts;    /* it may be done for some of what is sent: WEB_STATUS_IN_PART */
};

#define WEB_STATUS_IN_PART 207 /* RFC 4918 §11.1: the answer says what became of each part */

extern const WebOperation web_operations[];
extern const size_t web_n_operations;

/* Return the operation of @method whose path, with "*" in the place of what varies, is @pattern;
 * NULL where there is none. */
const WebOperation *web_operation_find(HttpMethod method, const char *pattern);

/* Return what the parameter @name is, a key of the catalogue; static. */
const char *web_parameter_words(const char *name);

/* Write the whole description to @json, which must be unsorted. */
void web_openapi_write(const WebContext *context, JsonWriter *json);
