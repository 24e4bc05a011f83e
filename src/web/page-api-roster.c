#include "web/pages.h"

#include "ledger/unfinished.h"
#include "web/api.h"
#include "web/roster.h"

/* ---- units ----------------------------------------------------------------------------------- */

static void write_id_or_null(const WebContext *context, JsonWriter *json, const char *key,
                             int64_t id)
{
    json_write_key(json, key);
    json_write_raw(json, id != 0 ? web_number(context, id) : "null");
}

static void write_unit(const WebContext *context, JsonWriter *json, const OfficeUnit *unit)
{
    json_write_begin_object(json);
    json_write_key_int(json, "id", unit->id);
    json_write_key_text(json, "name", unit->name);
    json_write_key_text(json, "kind", unit->kind);
    write_id_or_null(context, json, "parent", unit->parent);
    web_api_write_date(json, "since", unit->since);
    web_api_write_date(json, "until", unit->until);
    json_write_end_object(json);
}

bool web_api_units(WebContext *context, GError **error)
{
    Date date = DATE_NONE;
    g_autoptr(GPtrArray) units =
        web_api_date(context, &date, error) ? office_unit_list(context->reader, date, error) : NULL;
    if (units == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    web_api_begin_list(&json, "units");
    for (guint i = 0; i < units->len; i++) {
        write_unit(context, &json, g_ptr_array_index(units, i));
    }
    web_api_send_list(context, &json);
    return true;
}

static bool send_unit(WebContext *context, int64_t id, GError **error)
{
    g_autoptr(OfficeUnit) unit = office_unit_load(context->reader, id, error);
    if (unit == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    write_unit(context, &json, unit);
    web_send_json(context, &json);
    return true;
}

/* Answer with the unit of the address, after something was done to it. */
static bool send_this_unit(WebContext *context, int64_t seq, GError **error)
{
    int64_t id = 0;
    return web_api_part(context, 0, &id, error) && send_unit(context, id, error);
}

bool web_api_unit(WebContext *context, GError **error)
{
    return send_this_unit(context, 0, error);
}

static const char *const unit_members[] = {"name", "kind", "parent", "since", "until", NULL};

/* Take over what @body says of @unit. */
static bool take_unit(WebContext *context, const json_t *body, OfficeUnit *unit, GError **error)
{
    bool is_taken =
        web_api_take_text(context, body, "name", &unit->name, error) &&
        web_api_take_text(context, body, "kind", &unit->kind, error) &&
        web_api_take_ref(context, body, "parent", SCHEMA_FIELD_UNIT, &unit->parent, error) &&
        web_api_take_day(context, body, "since", &unit->since, error) &&
        web_api_take_day(context, body, "until", &unit->until, error);
    unit->name = unit->name != NULL ? unit->name : "";
    unit->kind = unit->kind != NULL ? unit->kind : "";
    return is_taken;
}

static bool add_unit(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    OfficeUnit unit = {
        .kind = OFFICE_UNIT_SECTION, .since = web_today(context), .until = DATE_NONE};
    return take_unit(context, body, &unit, error) &&
           office_unit_add(context->office, context->subject, &context->act, &unit, ret_id, error);
}

bool web_api_unit_add_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {unit_members, add_unit, send_unit};
    return web_api_do(context, &act, error);
}

static bool change_unit(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    g_autoptr(OfficeUnit) stored =
        web_api_part(context, 0, &id, error) ? office_unit_load(context->reader, id, error) : NULL;
    if (stored == NULL) {
        return false;
    }
    OfficeUnit unit = *stored; /* its texts are borrowed */
    return take_unit(context, body, &unit, error) &&
           office_unit_change(context->office, context->subject, &context->act, &unit, error);
}

bool web_api_unit_change_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {unit_members, change_unit, send_this_unit};
    return web_api_do(context, &act, error);
}

/* Over entries that are not finished a unit is closed only by who says that it is sure. */
static bool close_unit(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    int64_t n = 0;
    Date until = web_today(context);
    bool is_sure = false;
    if (!web_api_part(context, 0, &id, error) ||
        !web_api_take_day(context, body, "until", &until, error) ||
        !web_api_bool(context, body, "sure", &is_sure, error) ||
        !ledger_unfinished_of_unit(context->office, context->reader, id, &n, error)) {
        return false;
    }
    if (n > 0 && !is_sure) {
        web_api_point(context, g_strdup("/sure"));
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "%lld {entry|entries} of this unit {is|are} not finished yet: hand them to "
                  "another unit first, or say that you are sure",
                  (long long)n);
        return false;
    }
    return office_unit_close(context->office, context->subject, &context->act, id, until, error);
}

bool web_api_unit_close_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"until", "sure", NULL};
    static const WebApiAct act = {known, close_unit, send_this_unit};
    return web_api_do(context, &act, error);
}

/* ---- people ---------------------------------------------------------------------------------- */

static void write_post(const WebContext *context, JsonWriter *json, const OfficeRosterLine *line)
{
    json_write_begin_object(json);
    json_write_key_int(json, "id", line->post);
    json_write_key_text(json, "unit", line->unit_name);
    json_write_key_text(json, "role", line->role);
    json_write_key_text(json, "title", line->title);
    web_api_write_date(json, "since", line->since);
    web_api_write_date(json, "until", line->until);
    json_write_end_object(json);
}

/* What the roster's page shows: rank and party only to who may change them, of one person. */
static void write_person(const WebContext *context, JsonWriter *json, const OfficePerson *person,
                         bool is_whole, const GPtrArray *lines)
{
    json_write_begin_object(json);
    json_write_key_int(json, "id", person->id);
    json_write_key_text(json, "name", person->name);
    if (is_whole && rights_may(context->subject, RIGHTS_UNIT_CHANGE, NULL, NULL)) {
        json_write_key_text(json, "party", person->party);
        json_write_key_text(json, "level", person->level);
    }
    web_api_write_date(json, "since", person->since);
    web_api_write_date(json, "until", person->until);
    json_write_key(json, "posts");
    json_write_begin_array(json);
    for (guint i = 0; i < lines->len; i++) {
        const OfficeRosterLine *line = g_ptr_array_index(lines, i);
        if (line->person == person->id) {
            write_post(context, json, line);
        }
    }
    json_write_end_array(json);
    json_write_end_object(json);
}

bool web_api_people(WebContext *context, GError **error)
{
    Date date = DATE_NONE;
    if (!web_api_date(context, &date, error)) {
        return false;
    }
    g_autoptr(GPtrArray) people = office_person_list(context->reader, date, error);
    g_autoptr(GPtrArray) lines =
        people != NULL ? office_post_roster(context->reader, 0, false, date, error) : NULL;
    if (lines == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    web_api_begin_list(&json, "people");
    for (guint i = 0; i < people->len; i++) {
        write_person(context, &json, g_ptr_array_index(people, i), false, lines);
    }
    web_api_send_list(context, &json);
    return true;
}

/* Answer with person @id and all posts there ever were. */
static bool send_person(WebContext *context, int64_t id, GError **error)
{
    g_autoptr(OfficePerson) person = office_person_load(context->reader, id, error);
    g_autoptr(GPtrArray) lines =
        person != NULL ? office_post_roster(context->reader, 0, false, DATE_NONE, error) : NULL;
    if (lines == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    write_person(context, &json, person, true, lines);
    web_send_json(context, &json);
    return true;
}

static bool send_this_person(WebContext *context, int64_t seq, GError **error)
{
    int64_t id = 0;
    return web_api_part(context, 0, &id, error) && send_person(context, id, error);
}

bool web_api_person(WebContext *context, GError **error)
{
    return send_this_person(context, 0, error);
}

static const char *const person_members[] = {"name", "party", "level", "since", "until", NULL};

static bool take_person(WebContext *context, const json_t *body, OfficePerson *person,
                        GError **error)
{
    bool is_taken = web_api_take_text(context, body, "name", &person->name, error) &&
                    web_api_take_text(context, body, "party", &person->party, error) &&
                    web_api_take_text(context, body, "level", &person->level, error) &&
                    web_api_take_day(context, body, "since", &person->since, error) &&
                    web_api_take_day(context, body, "until", &person->until, error);
    person->name = person->name != NULL ? person->name : "";
    return is_taken;
}

static bool add_person(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    OfficePerson person = {.since = web_today(context), .until = DATE_NONE};
    return take_person(context, body, &person, error) &&
           office_person_add(context->office, context->subject, &context->act, &person, ret_id,
                             error);
}

bool web_api_person_add_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {person_members, add_person, send_person};
    return web_api_do(context, &act, error);
}

static bool change_person(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int64_t id = 0;
    g_autoptr(OfficePerson) stored = web_api_part(context, 0, &id, error)
                                         ? office_person_load(context->reader, id, error)
                                         : NULL;
    if (stored == NULL) {
        return false;
    }
    OfficePerson person = *stored; /* its texts are borrowed */
    return take_person(context, body, &person, error) &&
           office_person_change(context->office, context->subject, &context->act, &person, error);
}

bool web_api_person_change_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {person_members, change_person, send_this_person};
    return web_api_do(context, &act, error);
}

/* ---- posts ----------------------------------------------------------------------------------- */

static const char *const post_members[] = {"unit",  "role", "title", "since",
                                           "until", "own",  "code",  NULL};

/* Who gives roles says its own password once more, as in a browser. */
static bool check_giver(WebContext *context, const json_t *body, GError **error)
{
    return !rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL) ||
           web_api_own(context, body, error);
}

static bool take_post(WebContext *context, const json_t *body, OfficePost *post, GError **error)
{
    bool is_taken =
        web_api_take_ref(context, body, "unit", SCHEMA_FIELD_UNIT, &post->unit, error) &&
        web_api_take_text(context, body, "role", &post->role, error) &&
        web_api_take_text(context, body, "title", &post->title, error) &&
        web_api_take_day(context, body, "since", &post->since, error) &&
        web_api_take_day(context, body, "until", &post->until, error);
    post->role = post->role != NULL ? post->role : (char *)rights_role_name(RIGHTS_STAFF);
    return is_taken && check_giver(context, body, error);
}

static bool add_post(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    OfficePost post = {.since = web_today(context), .until = DATE_NONE};
    return web_api_part(context, 0, &post.person, error) &&
           take_post(context, body, &post, error) &&
           office_post_add(context->office, context->subject, &context->act, &post, ret_id, error);
}

bool web_api_post_add_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {post_members, add_post, send_this_person};
    return web_api_do(context, &act, error);
}

/* Load the post that the address names; the caller owns it. */
static OfficePost *load_post(const WebContext *context, GError **error)
{
    int64_t id = 0;
    return web_api_part(context, 0, &id, error) ? office_post_load(context->reader, id, error)
                                                : NULL;
}

/* Answer with the person who holds it. */
static bool send_holder(WebContext *context, int64_t seq, GError **error)
{
    g_autoptr(OfficePost) post = load_post(context, error);
    return post != NULL && send_person(context, post->person, error);
}

static bool change_post(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    g_autoptr(OfficePost) stored = load_post(context, error);
    if (stored == NULL) {
        return false;
    }
    OfficePost post = *stored; /* its texts are borrowed */
    return take_post(context, body, &post, error) &&
           office_post_change(context->office, context->subject, &context->act, &post, error);
}

bool web_api_post_change_post(WebContext *context, GError **error)
{
    static const WebApiAct act = {post_members, change_post, send_holder};
    return web_api_do(context, &act, error);
}

static bool end_post(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    Date until = web_today(context);
    g_autoptr(OfficePost) stored = load_post(context, error);
    return stored != NULL && web_api_take_day(context, body, "until", &until, error) &&
           check_giver(context, body, error) &&
           office_post_end(context->office, context->subject, &context->act, stored->id, until,
                           error);
}

bool web_api_post_end_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"until", "own", "code", NULL};
    static const WebApiAct act = {known, end_post, send_holder};
    return web_api_do(context, &act, error);
}
