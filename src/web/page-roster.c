#include "web/pages.h"

#include "log/history.h"
#include "web/roster.h"
#include "web/templates.h"

/* Hang each unit below the one above it; siblings stay in the order recorded. */
static GPtrArray *build_tree(const WebContext *context, const GPtrArray *units,
                             const GPtrArray *lines, Date date)
{
    GPtrArray *roots = web_array(context);
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        WebUnit *shown = web_unit_new(context, unit, date);
        WebUnit *above = g_hash_table_lookup(known, &unit->parent);
        web_add_holders(context, shown, unit->id, lines, date, true);
        g_ptr_array_add(above != NULL ? above->units : roots, shown);
        g_hash_table_insert(known, (gpointer)&unit->id, shown);
    }
    return roots;
}

/* Add who is here on @date and holds no post: nobody is to be forgotten. */
static bool add_without(const WebContext *context, WebRoster *roster, const GPtrArray *lines,
                        Date date, GError **error)
{
    g_autoptr(GPtrArray) people = office_person_list(context->reader, date, error);
    g_autoptr(GHashTable) holders = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < lines->len; i++) {
        g_hash_table_add(holders, &((OfficeRosterLine *)g_ptr_array_index(lines, i))->person);
    }
    roster->without = web_array(context);
    for (guint i = 0; people != NULL && i < people->len; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        if (!g_hash_table_contains(holders, &person->id)) {
            WebHolder *holder = web_new(context, WebHolder);
            holder->name = web_keep(context, g_strdup(person->name));
            holder->address = web_roster_address(context, "person", person->id, DATE_NONE);
            g_ptr_array_add(roster->without, holder);
        }
    }
    roster->n_people = people != NULL ? people->len : 0;
    return people != NULL;
}

/* Say of @date, if it lies before the first record, that posts without a first day are shown as if
 * they had always been. */
static bool tell_begin(const WebContext *context, WebRoster *roster, Date date, GError **error)
{
    g_autoptr(GPtrArray) events = log_events_after(context->reader, 0, 1, error);
    if (events == NULL || events->len == 0) {
        return events != NULL;
    }
    const LogEvent *first = g_ptr_array_index(events, 0);
    if (date < date_from_us(first->at_us, office_offset_seconds(context->office))) {
        roster->begun = web_say(context,
                                N_("The books begin on %s: of earlier days, whatever has no first "
                                   "day is shown as if it had always been so."),
                                web_day(context, first->at_us));
    }
    return true;
}

bool web_page_roster(WebContext *context, GError **error)
{
    Date date = DATE_NONE;
    if (!web_read_day(context, &date, error)) {
        return false;
    }
    const WebRows rows = web_roster_rows(context, &date);
    if (*context->ending != '\0') {
        return web_rows_send(context, &rows, error);
    }
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, date, error);
    g_autoptr(GPtrArray) lines =
        units != NULL ? office_post_roster(context->reader, 0, false, date, error) : NULL;
    WebRoster roster = {.may_change = rights_may(context->subject, RIGHTS_UNIT_CHANGE, NULL, NULL),
                        .endings = web_rows_endings(context, &rows)};
    if (lines == NULL || !add_without(context, &roster, lines, date, error) ||
        !tell_begin(context, &roster, date, error)) {
        return false;
    }
    char day[DATE_TEXT_SIZE];
    roster.day = date_format(date, day);
    roster.n_units = units->len;
    roster.units = build_tree(context, units, lines, date);
    GString *out = web_page_begin(context, web_tr(context, N_("Units and people")));
    template_roster_page(out, &context->html, &roster);
    web_page_send(context, out);
    return true;
}
