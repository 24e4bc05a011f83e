#include "web/pages.h"

#include "base/text.h"
#include "web/notice.h"
#include "web/roster.h"

/* A post being written, and its controls. */
typedef struct PostSheet {
    WebSheet *sheet;
    WebSheetField *unit, *role, *title, *since, *until;
} PostSheet;

/* Offer the roles that the subject may give. */
static void add_roles(const WebContext *context, WebSheetField *field)
{
    bool may_give_staff = rights_may(context->subject, RIGHTS_UNIT_CHANGE, NULL, NULL);
    bool may_give_roles = rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL);
    for (int role = 0; role < RIGHTS_N_ROLES; role++) {
        bool may_give = role == RIGHTS_STAFF ? may_give_staff : may_give_roles;
        if (may_give && rights_role_is_of_post((RightsRole)role)) {
            web_sheet_choose(context, field, rights_role_name((RightsRole)role),
                             web_tr(context, rights_role_words((RightsRole)role)));
        }
    }
}

static bool make_sheet(const WebContext *context, const OfficePost *post, const char *back,
                       PostSheet *ret_sheet, GError **error)
{
    WebSheet *sheet = web_sheet_new(context, web_tr(context, N_("Save")), back);
    WebSheetField *unit =
        web_sheet_add_units(context, sheet, "unit", web_tr(context, N_("Unit")), post->unit, error);
    if (unit == NULL) {
        return false;
    }
    unit->is_required = true;
    *ret_sheet =
        (PostSheet){.sheet = sheet,
                    .unit = unit,
                    .role = web_sheet_add(context, sheet, "role", web_tr(context, N_("Role")),
                                          "select", post->role),
                    .title = web_sheet_add(context, sheet, "title", web_tr(context, N_("Title")),
                                           "text", post->title),
                    .since = web_sheet_add_date(context, sheet, "since",
                                                web_tr(context, N_("First day")), post->since),
                    .until = web_sheet_add_date(context, sheet, "until",
                                                web_tr(context, N_("Last day")), post->until)};
    add_roles(context, ret_sheet->role);
    ret_sheet->title->hint =
        web_tr(context, N_("As it is printed: 副主任. The role decides what it opens."));
    ret_sheet->until->hint = web_tr(context, N_("Empty: it goes on."));
    sheet->asks_password = rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL);
    return true;
}

/* Read what was typed into @ret_post, whose texts are borrowed from the sheet; false when a field
 * or the own password is wrong. */
static bool read_sheet(WebContext *context, PostSheet *typed, OfficePost *ret_post,
                       GError **refused)
{
    web_sheet_read_date(context, typed->since, &ret_post->since);
    web_sheet_read_date(context, typed->until, &ret_post->until);
    ret_post->role = (char *)typed->role->text;
    ret_post->title = *typed->title->text != '\0' ? (char *)typed->title->text : NULL;
    if (!text_parse_int(typed->unit->text, &ret_post->unit)) {
        typed->unit->fault = web_tr(context, N_("choose a unit"));
    }
    return web_sheet_check(context, typed->sheet, refused);
}

bool web_page_post_add(WebContext *context, GError **error)
{
    OfficePost post = {.since = web_today(context), .until = DATE_NONE};
    GError *refused = NULL;
    PostSheet typed;
    g_autoptr(OfficePerson) person = web_read_id(context, &post.person, error)
                                         ? office_person_load(context->reader, post.person, error)
                                         : NULL;
    const char *back = web_roster_address(context, "person", post.person, DATE_NONE);
    if (person == NULL || !make_sheet(context, &post, back, &typed, error)) {
        return false;
    }
    if (web_sheet_is_sent(context) && read_sheet(context, &typed, &post, &refused) &&
        office_post_add(context->office, context->subject, &context->act, &post, NULL, &refused)) {
        web_redirect_told(context, back, web_tr(context, N_("The post is given.")));
        return true;
    }
    web_sheet_send(context, web_say(context, N_("A post for %s"), person->name), typed.sheet,
                   refused);
    return true;
}

/* Load the post that the address names. */
static OfficePost *load_post(const WebContext *context, GError **error)
{
    int64_t id = 0;
    return web_read_id(context, &id, error) ? office_post_load(context->reader, id, error) : NULL;
}

static const char *person_name(const WebContext *context, const OfficePost *post)
{
    return ledger_names_get(context->names, SCHEMA_FIELD_PERSON, post->person);
}

bool web_page_post_change(WebContext *context, GError **error)
{
    GError *refused = NULL;
    PostSheet typed;
    g_autoptr(OfficePost) stored = load_post(context, error);
    if (stored == NULL) {
        return false;
    }
    const char *back = web_roster_address(context, "person", stored->person, DATE_NONE);
    if (!make_sheet(context, stored, back, &typed, error)) {
        return false;
    }
    typed.sheet->note =
        web_tr(context, N_("For mistakes. Who gets another post ends this one and is given the new "
                           "one, so that the past keeps its shape."));
    OfficePost post = {.id = stored->id, .person = stored->person};
    if (web_sheet_is_sent(context) && read_sheet(context, &typed, &post, &refused) &&
        office_post_change(context->office, context->subject, &context->act, &post, &refused)) {
        web_redirect_told(context, back, web_tr(context, N_("Saved.")));
        return true;
    }
    web_sheet_send(context,
                   web_say(context, N_("Correct the post of %s"), person_name(context, stored)),
                   typed.sheet, refused);
    return true;
}

bool web_page_post_end(WebContext *context, GError **error)
{
    GError *refused = NULL;
    Date until = DATE_NONE;
    g_autoptr(OfficePost) stored = load_post(context, error);
    if (stored == NULL) {
        return false;
    }
    const char *back = web_roster_address(context, "person", stored->person, DATE_NONE);
    WebSheet *sheet = web_sheet_new(context, web_tr(context, N_("End it")), back);
    WebSheetField *last = web_sheet_add_date(context, sheet, "until",
                                             web_tr(context, N_("Last day")), web_today(context));
    last->is_required = true;
    sheet->note = ledger_names_get(context->names, SCHEMA_FIELD_UNIT, stored->unit);
    sheet->asks_password = rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL);
    if (web_sheet_is_sent(context)) {
        web_sheet_read_date(context, last, &until);
    }
    if (web_sheet_is_sent(context) && web_sheet_check(context, sheet, &refused) &&
        office_post_end(context->office, context->subject, &context->act, stored->id, until,
                        &refused)) {
        web_redirect_told(context, back, web_tr(context, N_("The post is ended.")));
        return true;
    }
    web_sheet_send(context,
                   web_say(context, N_("End the post of %s"), person_name(context, stored)), sheet,
                   refused);
    return true;
}
