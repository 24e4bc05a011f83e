#include "web/pages.h"

#include "web/notice.h"
#include "web/roster.h"
#include "web/templates.h"

/* Return what the pack calls @party, one of office_person_parties, else what the screen does; ""
 * for what is not known (NULL). */
static const char *party_words(const WebContext *context, const char *party)
{
    static const struct {
        const char *name;
        const char *words;
    } known[] = {{"yes", N_("party member")},
                 {"no", N_("not in the party")},
                 {"probationary", N_("probationary member")}};
    const GPtrArray *kinds = office_schema(context->office)->party_kinds;
    for (guint i = 0; kinds != NULL && party != NULL && i < kinds->len; i++) {
        const SchemaChoice *kind = g_ptr_array_index(kinds, i);
        if (g_str_equal(kind->name, party)) {
            return web_words(context, &kind->words);
        }
    }
    for (size_t i = 0; party != NULL && i < G_N_ELEMENTS(known); i++) {
        if (g_str_equal(known[i].name, party)) {
            return web_tr(context, known[i].words);
        }
    }
    return "";
}

/* ---- the page -------------------------------------------------------------------------------- */

/* Show @post of the person: where, as what, from when to when. */
static WebHolder *make_post(const WebContext *context, const OfficePost *post, bool may_give_staff,
                            bool may_give_roles)
{
    const OfficeRosterLine line = {
        .post = post->id,
        .person_name = (char *)ledger_names_get(context->names, SCHEMA_FIELD_UNIT, post->unit),
        .role = post->role,
        .title = post->title,
        .since = post->since,
        .until = post->until,
    };
    WebHolder *shown = web_holder_new(context, &line, web_today(context));
    const char *path = web_roster_address(context, "post", post->id, DATE_NONE);
    shown->address =
        web_roster_address(context, "unit", post->unit, shown->is_over ? post->until : DATE_NONE);
    if (shown->is_staff ? may_give_staff : may_give_roles) {
        shown->change = web_keep(context, g_strconcat(path, "/change", NULL));
    }
    if (!shown->is_over && (may_give_staff || may_give_roles)) {
        shown->end = web_keep(context, g_strconcat(path, "/end", NULL));
    }
    return shown;
}

/* The newest first. */
static gint compare_posts(gconstpointer a, gconstpointer b)
{
    const OfficePost *left = *(OfficePost *const *)a;
    const OfficePost *right = *(OfficePost *const *)b;
    Date first = left->since != DATE_NONE ? left->since : DATE_NONE;
    Date second = right->since != DATE_NONE ? right->since : DATE_NONE;
    return first != second ? (first < second) - (first > second)
                           : (left->id > right->id) - (left->id < right->id);
}

bool web_page_person(WebContext *context, GError **error)
{
    int64_t id = 0;
    g_autoptr(OfficePerson) person =
        web_read_id(context, &id, error) ? office_person_load(context->reader, id, error) : NULL;
    g_autoptr(GPtrArray) posts =
        person != NULL ? office_post_list(context->reader, id, DATE_NONE, error) : NULL;
    GPtrArray *traces = posts != NULL ? web_traces(context, id, error) : NULL;
    if (traces == NULL) {
        return false;
    }
    bool may_change = rights_may(context->subject, RIGHTS_UNIT_CHANGE, NULL, NULL);
    bool may_give_roles = rights_may(context->subject, RIGHTS_ROLE_CHANGE, NULL, NULL);
    const char *path = web_roster_address(context, "person", id, DATE_NONE);
    WebPersonPage page = {
        .dates = web_dates(context, person->since, person->until),
        .party = may_change ? party_words(context, person->party) : "",
        .level = may_change && person->level != NULL ? web_copy(context, person->level) : "",
        .posts = web_array(context),
        .traces = traces,
        .may_change = may_change,
        .may_give = may_change || may_give_roles,
        .change = web_keep(context, g_strconcat(path, "/change", NULL)),
        .give = web_keep(context, g_strconcat(path, "/post", NULL)),
    };
    g_ptr_array_sort(posts, compare_posts);
    for (guint i = 0; i < posts->len; i++) {
        g_ptr_array_add(page.posts, make_post(context, g_ptr_array_index(posts, i), may_change,
                                              may_give_roles));
    }
    GString *out = web_page_begin(context, web_keep(context, g_strdup(person->name)));
    template_person_page(out, &context->html, &page);
    web_page_send(context, out);
    return true;
}

/* ---- the sheets ------------------------------------------------------------------------------ */

/* A person being written, and its controls. */
typedef struct PersonSheet {
    WebSheet *sheet;
    WebSheetField *name, *party, *level, *since, *until;
} PersonSheet;

static PersonSheet make_sheet(const WebContext *context, const OfficePerson *person,
                              const char *back)
{
    WebSheet *sheet = web_sheet_new(context, web_tr(context, N_("Save")), back);
    PersonSheet made = {
        .sheet = sheet,
        .name = web_sheet_add(context, sheet, "name", web_tr(context, N_("Name")), "text",
                              person->name),
        .party = web_sheet_add(context, sheet, "party", web_tr(context, N_("Party member")),
                               "select", person->party),
        .level = web_sheet_add(context, sheet, "level", web_tr(context, N_("Rank")), "text",
                               person->level),
        .since = web_sheet_add_date(context, sheet, "since", web_tr(context, N_("First day")),
                                    person->since),
        .until = web_sheet_add_date(context, sheet, "until", web_tr(context, N_("Last day")),
                                    person->until)};
    made.name->is_required = true;
    web_sheet_choose(context, made.party, "", web_tr(context, N_("not known")));
    for (const char *const *at = office_person_parties; *at != NULL; at++) {
        web_sheet_choose(context, made.party, *at, party_words(context, *at));
    }
    made.since->hint =
        web_tr(context, N_("Empty: from before anything was recorded. A day in the past is right "
                           "where it happened then."));
    made.until->hint =
        web_tr(context, N_("Who leaves gets a last day; posts must have ended by then."));
    return made;
}

/* Read what was typed into @ret_person, whose texts are borrowed from the sheet. */
static bool read_sheet(WebContext *context, const PersonSheet *typed, OfficePerson *ret_person,
                       GError **refused)
{
    web_sheet_read_date(context, typed->since, &ret_person->since);
    web_sheet_read_date(context, typed->until, &ret_person->until);
    ret_person->name = (char *)typed->name->text;
    ret_person->party = *typed->party->text != '\0' ? (char *)typed->party->text : NULL;
    ret_person->level = *typed->level->text != '\0' ? (char *)typed->level->text : NULL;
    return web_sheet_check(context, typed->sheet, refused);
}

bool web_page_person_add(WebContext *context, GError **error)
{
    OfficePerson person = {.since = web_today(context), .until = DATE_NONE};
    GError *refused = NULL;
    PersonSheet typed = make_sheet(context, &person, "/roster");
    typed.sheet->note = web_tr(context, N_("The post is given on the next page."));
    if (web_sheet_is_sent(context) && read_sheet(context, &typed, &person, &refused) &&
        office_person_add(context->office, context->subject, &context->act, &person, &person.id,
                          &refused)) {
        web_redirect_told(context, web_roster_address(context, "person", person.id, DATE_NONE),
                          web_tr(context, N_("On the roster now. Give a post next.")));
        return true;
    }
    web_sheet_send(context, web_tr(context, N_("A new person")), typed.sheet, refused);
    return true;
}

bool web_page_person_change(WebContext *context, GError **error)
{
    int64_t id = 0;
    GError *refused = NULL;
    g_autoptr(OfficePerson) stored =
        web_read_id(context, &id, error) ? office_person_load(context->reader, id, error) : NULL;
    if (stored == NULL) {
        return false;
    }
    const char *back = web_roster_address(context, "person", id, DATE_NONE);
    PersonSheet typed = make_sheet(context, stored, back);
    OfficePerson person = {.id = id};
    if (web_sheet_is_sent(context) && read_sheet(context, &typed, &person, &refused) &&
        office_person_change(context->office, context->subject, &context->act, &person, &refused)) {
        web_redirect_told(context, back, web_tr(context, N_("Saved.")));
        return true;
    }
    web_sheet_send(context, web_say(context, N_("Change %s"), stored->name), typed.sheet, refused);
    return true;
}
