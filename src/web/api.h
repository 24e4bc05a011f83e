/* What the pages of the API under /api/v1 share: who asks with a token, what JSON was sent, what
 * was done already.
 *
 * The API serves what the pages serve, by the same functions and rights; web/openapi.h describes
 * it, docs/api.md tells how to use it. */
#pragma once

#include "ledger/input.h"
#include "web/context.h"
#include "web/list.h"

#define WEB_API "/api/v1"
#define WEB_API_MAX_BODY_BYTES (1 << 20) /* of JSON */
#define WEB_API_MAX_PAGE 200             /* entries or events of an answer */
#define WEB_API_PAGE 50                  /* unless the query says `limit` */

/* Return whether the request is for the API. */
bool web_api_is(const WebContext *context);

/* Return whether the request may show a token: the API, and lists and figures as files. */
bool web_api_takes_token(const WebContext *context);

/* Find out whose the token in @authorization, the header, is, without counting it as used. */
bool web_api_find_holder(WebContext *context, const char *authorization, GError **error);

/* Take who asks from @authorization, the header; act and subject are then the token's.  SIGN_IN
 * when it opens nothing, TOO_OFTEN. */
bool web_api_identify(WebContext *context, const char *authorization, GError **error);

/* Return the language that the header Accept-Language likes best: "zh" or "en"; static. */
const char *web_api_language(const HttpRequest *request);

/* Read the object that was sent, whose members are all in @known (NULL-terminated); a new
 * reference. INVALID, LIMIT. */
json_t *web_api_read(WebContext *context, const char *const *known, GError **error);

/* Return the member @name of @object as text, number or flag; NULL, 0, false where it is not there;
 * INVALID for another type. */
bool web_api_text(WebContext *context, const json_t *object, const char *name,
                  const char **ret_text, GError **error);
bool web_api_int(WebContext *context, const json_t *object, const char *name, int64_t *ret_number,
                 GError **error);
bool web_api_bool(WebContext *context, const json_t *object, const char *name, bool *ret_flag,
                  GError **error);

/* Take the member @name over where it is there, else leave what stands: a text (null: NULL;
 * borrowed from @object), a day (null: DATE_NONE), the id of a unit or person by its id or name
 * (null: 0). INVALID, pointed at. */
bool web_api_take_text(WebContext *context, const json_t *object, const char *name, char **text,
                       GError **error);
bool web_api_take_day(WebContext *context, const json_t *object, const char *name, Date *date,
                      GError **error);
bool web_api_take_ref(WebContext *context, const json_t *object, const char *name,
                      SchemaFieldKind kind, int64_t *id, GError **error);

/* Check the own password that @object gives as "own", with "code" beside it where a token's account
 * has a second factor: before what asks for it in a browser too.  FORBIDDEN. */
bool web_api_own(WebContext *context, const json_t *object, GError **error);

/* What a POST of the API does, and how it answers. */
typedef struct WebApiAct {
    const char *const *known; /* members of the body, NULL-terminated */

    /* Do it; *@ret_id is the object that was made, for @answer. */
    bool (*run)(WebContext *context, const json_t *body, int64_t *ret_id, GError **error);
    bool (*answer)(WebContext *context, int64_t id, GError **error);
} WebApiAct;

/* Read the body and do @act, under an Idempotency-Key once, and answer with the operation's status.
 */
bool web_api_do(WebContext *context, const WebApiAct *act, GError **error);

/* Answer {"done":true}: there is nothing more to show.  As `answer` of an act. */
bool web_api_send_done(WebContext *context, int64_t id, GError **error);

/* Read the id in the place of the route's @part-th "*"; NOT_FOUND. */
bool web_api_part(const WebContext *context, int part, int64_t *ret_id, GError **error);

/* Read what @fields, the member "fields" of a body, says of @ledger; the caller owns it.
 *
 * A value is what it is in JSON (true, 12.5, an array for what may be many, an array of objects for
 * child rows), or the text that a form takes; null empties.  INVALID names the field, also one that
 * is not in @allowed (of SchemaField; NULL: all of them). */
LedgerInput *web_api_input(WebContext *context, const SchemaLedger *ledger,
                           const GPtrArray *allowed, const json_t *fields, GError **error);

/* Note that the fault lies at @pointer (takes). */
void web_api_point(WebContext *context, char *pointer);

/* Answer with at most @limit entries of @list, as `entry list --json` prints them: whole, as of one
 * moment, but for what is behind the wall.  As web_list_load(). */
bool web_api_send_entries(WebContext *context, WebList *list, int limit, GError **error);

/* Read `limit` of the query, at most WEB_API_MAX_PAGE, and `after`, a number; INVALID. */
bool web_api_limit(const WebContext *context, int *ret_limit, GError **error);
bool web_api_after(const WebContext *context, int64_t *ret_after, GError **error);

/* Read `date` of the query; today without it; INVALID. */
bool web_api_date(const WebContext *context, Date *ret_date, GError **error);

/* Begin {"@key":[ … of a list in @json, which is not initialised, and end and send it. */
void web_api_begin_list(JsonWriter *json, const char *key);
void web_api_send_list(WebContext *context, JsonWriter *json);

/* Write a time of the office's zone, or null for 0. */
void web_api_write_time(const WebContext *context, JsonWriter *json, const char *key, int64_t us);

/* Write a day, or null for DATE_NONE. */
void web_api_write_date(JsonWriter *json, const char *key, Date date);
