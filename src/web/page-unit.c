#include "web/pages.h"

#include "base/text.h"
#include "ledger/list.h"
#include "ledger/unfinished.h"
#include "web/notice.h"
#include "web/roster.h"
#include "web/templates.h"

/* ---- the page -------------------------------------------------------------------------------- */

/* Split the posts there ever were in the unit into those of @date and those that had ended. */
static bool add_posts(const WebContext *context, WebUnitPage *page, WebUnit *shown, int64_t id,
                      Date date, GError **error)
{
    g_autoptr(GPtrArray) lines = office_post_roster(context->reader, id, false, DATE_NONE, error);
    g_autoptr(GPtrArray) present = g_ptr_array_new();
    page->past = web_array(context);
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        OfficeRosterLine *line = g_ptr_array_index(lines, i);
        if (office_dates_include(line->since, line->until, date)) {
            g_ptr_array_add(present, line);
        } else {
            g_ptr_array_add(page->past, web_holder_new(context, line, date));
        }
    }
    web_add_holders(context, shown, id, present, date, false);
    return lines != NULL;
}

static bool add_below(const WebContext *context, WebUnit *shown, int64_t id, Date date,
                      GError **error)
{
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, date, error);
    for (guint i = 0; units != NULL && i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (unit->parent == id) {
            g_ptr_array_add(shown->units, web_unit_new(context, unit, date));
        }
    }
    return units != NULL;
}

/* Add the ledgers of which the unit @id, or one below it, has open entries that the reader may see:
 * by its number, as another unit may bear its name. */
static bool add_open(const WebContext *context, WebUnitPage *page, int64_t id, GError **error)
{
    const Schema *schema = office_schema(context->office);
    if (!rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL)) {
        return true;
    }
    page->open = web_array(context);
    g_autoptr(GArray) units = office_unit_subtree(context->reader, id, DATE_NONE, error);
    if (units == NULL) {
        return false;
    }
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        g_autofree char *where = ledger_unfinished_condition(ledger);
        int n = 0;
        if (where == NULL) {
            continue;
        }
        g_autoptr(Expression) filter = expression_parse(where, schema_ledger_scope(ledger), error);
        const LedgerQuery query = {.ledger = ledger, .filter = filter, .units = units};
        if (filter == NULL || !ledger_list_count(context->office, context->reader, context->subject,
                                                 &query, G_MAXINT, &n, error)) {
            return false;
        }
        if (n > 0) {
            const char *path = web_keep(context, g_strconcat("/ledger/", ledger->name, NULL));
            WebOpen *open = web_new(context, WebOpen);
            open->words = web_words(context, &ledger->words);
            open->address =
                web_address(context, path, "unit", web_number(context, id), "where", where, NULL);
            open->n = n;
            g_ptr_array_add(page->open, open);
        }
    }
    return true;
}

bool web_page_unit(WebContext *context, GError **error)
{
    int64_t id = 0;
    Date date = DATE_NONE;
    char day[DATE_TEXT_SIZE];
    if (!web_read_id(context, &id, error) || !web_read_day(context, &date, error)) {
        return false;
    }
    g_autoptr(OfficeUnit) unit = office_unit_load(context->reader, id, error);
    g_autoptr(OfficeUnit) above = unit != NULL && unit->parent != 0
                                      ? office_unit_load(context->reader, unit->parent, error)
                                      : NULL;
    if (unit == NULL || (above == NULL && unit->parent != 0)) {
        return false;
    }
    WebUnit *shown = web_unit_new(context, unit, date);
    const char *path = web_roster_address(context, "unit", id, DATE_NONE);
    WebUnitPage page = {
        .unit = shown,
        .above = above != NULL ? web_unit_new(context, above, date) : NULL,
        .day = date_format(date, day),
        .may_change = rights_may(context->subject, RIGHTS_UNIT_CHANGE, NULL, NULL),
        .change = web_keep(context, g_strconcat(path, "/change", NULL)),
        .close = web_keep(context, g_strconcat(path, "/close", NULL)),
        .add = web_address(context, "/roster/unit", "below", web_number(context, id), NULL),
        .traces = web_traces(context, id, error),
    };
    if (page.traces == NULL || !add_posts(context, &page, shown, id, date, error) ||
        !add_below(context, shown, id, date, error) || !add_open(context, &page, id, error)) {
        return false;
    }
    GString *out = web_page_begin(context, shown->name);
    template_unit_page(out, &context->html, &page);
    web_page_send(context, out);
    return true;
}

/* ---- the sheets ------------------------------------------------------------------------------ */

/* Ask on @sheet whether unit @id may be closed over the entries in it that are not finished; where
 * there are none, nothing. */
static bool ask_about_open(const WebContext *context, WebSheet *sheet, int64_t id, GError **error)
{
    int64_t n = 0;
    if (!ledger_unfinished_of_unit(context->office, context->reader, id, &n, error)) {
        return false;
    }
    if (n > 0) {
        WebSheetField *sure = web_sheet_add(
            context, sheet, "sure", web_tr(context, N_("Close it all the same")), "checkbox", NULL);
        sure->is_required = true;
        sure->hint = web_say(context,
                             N_("%lld {entry|entries} of this unit {is|are} not finished yet, and "
                                "would belong to a unit that is no more: hand them to another unit "
                                "first, where somebody is to go on with them."),
                             (long long)n);
    }
    return true;
}

/* A unit being written, and its controls. */
typedef struct UnitSheet {
    WebSheet *sheet;
    WebSheetField *name, *kind, *parent, *since, *until;
} UnitSheet;

static bool make_sheet(const WebContext *context, const OfficeUnit *unit, const char *back,
                       UnitSheet *ret_sheet, GError **error)
{
    WebSheet *sheet = web_sheet_new(context, web_tr(context, N_("Save")), back);
    WebSheetField *name =
        web_sheet_add(context, sheet, "name", web_tr(context, N_("Name")), "text", unit->name);
    WebSheetField *kind =
        web_sheet_add(context, sheet, "kind", web_tr(context, N_("Kind")), "select", unit->kind);
    name->is_required = true;
    for (const char *const *at = office_unit_kinds; *at != NULL; at++) {
        web_sheet_choose(context, kind, *at, web_unit_kind(context, *at));
    }
    WebSheetField *parent = web_sheet_add_units(
        context, sheet, "parent", web_tr(context, N_("Belongs to")), unit->parent, error);
    if (parent == NULL) {
        return false;
    }
    *ret_sheet =
        (UnitSheet){.sheet = sheet,
                    .name = name,
                    .kind = kind,
                    .parent = parent,
                    .since = web_sheet_add_date(context, sheet, "since",
                                                web_tr(context, N_("First day")), unit->since),
                    .until = web_sheet_add_date(context, sheet, "until",
                                                web_tr(context, N_("Last day")), unit->until)};
    ret_sheet->since->hint =
        web_tr(context, N_("Empty: from before anything was recorded. A day in the past is right "
                           "where it happened then."));
    ret_sheet->until->hint = web_tr(context, N_("Empty: it goes on."));
    return true;
}

/* Read what was typed into @ret_unit, whose texts are borrowed from the sheet. */
static bool read_sheet(WebContext *context, const UnitSheet *typed, OfficeUnit *ret_unit,
                       GError **refused)
{
    web_sheet_read_date(context, typed->since, &ret_unit->since);
    web_sheet_read_date(context, typed->until, &ret_unit->until);
    ret_unit->name = (char *)typed->name->text;
    ret_unit->kind = (char *)typed->kind->text;
    ret_unit->parent = 0;
    if (*typed->parent->text != '\0' && !text_parse_int(typed->parent->text, &ret_unit->parent)) {
        typed->parent->fault = web_tr(context, N_("choose a unit"));
    }
    return web_sheet_check(context, typed->sheet, refused);
}

bool web_page_unit_add(WebContext *context, GError **error)
{
    const char *below = http_request_query(context->request, "below");
    OfficeUnit unit = {
        .kind = (char *)OFFICE_UNIT_SECTION, .since = web_today(context), .until = DATE_NONE};
    GError *refused = NULL;
    UnitSheet typed;
    if (below != NULL) {
        text_parse_int(below, &unit.parent);
    }
    if (!make_sheet(context, &unit, "/roster", &typed, error)) {
        return false;
    }
    if (web_sheet_is_sent(context) && read_sheet(context, &typed, &unit, &refused) &&
        office_unit_add(context->office, context->subject, &context->act, &unit, &unit.id,
                        &refused)) {
        web_redirect_told(context, web_roster_address(context, "unit", unit.id, DATE_NONE),
                          web_tr(context, N_("The unit is made.")));
        return true;
    }
    web_sheet_send(context, web_tr(context, N_("A new unit")), typed.sheet, refused);
    return true;
}

bool web_page_unit_change(WebContext *context, GError **error)
{
    int64_t id = 0;
    GError *refused = NULL;
    UnitSheet typed;
    g_autoptr(OfficeUnit) stored =
        web_read_id(context, &id, error) ? office_unit_load(context->reader, id, error) : NULL;
    const char *back = web_roster_address(context, "unit", id, DATE_NONE);
    if (stored == NULL || !make_sheet(context, stored, back, &typed, error)) {
        return false;
    }
    typed.sheet->note =
        web_tr(context, N_("For mistakes. A unit that moved or got another name is closed and "
                           "opened anew, so that the past keeps its shape."));
    OfficeUnit unit = {.id = id};
    if (web_sheet_is_sent(context) && read_sheet(context, &typed, &unit, &refused) &&
        office_unit_change(context->office, context->subject, &context->act, &unit, &refused)) {
        web_redirect_told(context, back, web_tr(context, N_("Saved.")));
        return true;
    }
    web_sheet_send(context, web_say(context, N_("Correct %s"), stored->name), typed.sheet, refused);
    return true;
}

bool web_page_unit_close(WebContext *context, GError **error)
{
    int64_t id = 0;
    GError *refused = NULL;
    g_autoptr(OfficeUnit) stored =
        web_read_id(context, &id, error) ? office_unit_load(context->reader, id, error) : NULL;
    if (stored == NULL) {
        return false;
    }
    const char *back = web_roster_address(context, "unit", id, DATE_NONE);
    WebSheet *sheet = web_sheet_new(context, web_tr(context, N_("Close it")), back);
    WebSheetField *last = web_sheet_add_date(context, sheet, "until",
                                             web_tr(context, N_("Last day")), web_today(context));
    Date until = DATE_NONE;
    last->is_required = true;
    sheet->note = web_tr(context, N_("Units below it and posts in it must have ended by then."));
    if (!ask_about_open(context, sheet, id, error)) {
        return false;
    }
    if (web_sheet_is_sent(context)) {
        web_sheet_read_date(context, last, &until);
    }
    if (web_sheet_is_sent(context) && web_sheet_check(context, sheet, &refused) &&
        office_unit_close(context->office, context->subject, &context->act, id, until, &refused)) {
        web_redirect_told(context, back, web_say(context, N_("%s is closed."), stored->name));
        return true;
    }
    web_sheet_send(context, web_say(context, N_("Close %s"), stored->name), sheet, refused);
    return true;
}
