#include "web/pages.h"

#include "web/roster.h"
#include "web/rows.h"

/* ---- as a table ------------------------------------------------------------------------------ */

/* The roster of a day: a line for each post, for each unit without one, and for whoever
 * holds none.  What else is known of people (party, rank) is not in it. */

static const WebRowsColumn columns[] = {{"unit", N_("unit")},        {"kind", N_("kind")},
                                        {"above", N_("unit above")}, {"name", N_("name")},
                                        {"post", N_("post")},        {"role", N_("role")},
                                        {"since", N_("from")},       {"until", N_("until")}};

/* Return the name of the role of @post, or its words. */
static const char *tell_role(const WebContext *context, const WebSink *sink,
                             const OfficeRosterLine *post)
{
    RightsRole role = RIGHTS_STAFF;
    rights_role_find(post->role, &role);
    return sink->has_names ? post->role : web_tr(context, rights_role_words(role));
}

/* One line: of a unit, with @post or without, or of a person without one. */
static bool tell_line(const WebContext *context, WebSink *sink, const OfficeUnit *unit,
                      const OfficeRosterLine *post, const OfficePerson *person, GError **error)
{
    g_assert(unit != NULL || person != NULL);
    Date since = post != NULL ? post->since : person != NULL ? person->since : unit->since;
    Date until = post != NULL ? post->until : person != NULL ? person->until : unit->until;
    const char *kind = unit != NULL ? web_copy(context, unit->kind) : NULL;
    const char *name = post != NULL ? post->person_name : person != NULL ? person->name : NULL;
    const char *above = unit != NULL && unit->parent != 0
                            ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, unit->parent)
                            : NULL;
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_text(unit != NULL ? unit->name : NULL),
        web_cell_text(kind != NULL && !sink->has_names ? web_tr(context, kind) : kind),
        web_cell_text(above),
        web_cell_text(name),
        web_cell_text(post != NULL ? post->title : NULL),
        web_cell_text(post != NULL ? tell_role(context, sink, post) : NULL),
        web_cell_date(context, since),
        web_cell_date(context, until),
    };
    return web_sink_take(context, sink, &(WebLine){.cells = cells}, error);
}

static bool tell_units(const WebContext *context, WebSink *sink, const GPtrArray *units,
                       const GPtrArray *lines, GError **error)
{
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        bool is_told = false;
        for (guint k = 0; k < lines->len; k++) {
            const OfficeRosterLine *line = g_ptr_array_index(lines, k);
            if (line->unit != unit->id) {
                continue;
            }
            is_told = true;
            if (!tell_line(context, sink, unit, line, NULL, error)) {
                return false;
            }
        }
        if (!is_told && !tell_line(context, sink, unit, NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

static bool tell_without(const WebContext *context, WebSink *sink, const GPtrArray *people,
                         const GPtrArray *lines, GError **error)
{
    g_autoptr(GHashTable) holders = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < lines->len; i++) {
        g_hash_table_add(holders, &((OfficeRosterLine *)g_ptr_array_index(lines, i))->person);
    }
    for (guint i = 0; i < people->len; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        if (!g_hash_table_contains(holders, &person->id) &&
            !tell_line(context, sink, NULL, NULL, person, error)) {
            return false;
        }
    }
    return true;
}

static bool read_posts(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    Date date = *(const Date *)data;
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, date, error);
    g_autoptr(GPtrArray) people =
        units != NULL ? office_person_list(context->reader, date, error) : NULL;
    g_autoptr(GPtrArray) lines =
        people != NULL ? office_post_roster(context->reader, 0, false, date, error) : NULL;
    return lines != NULL && tell_units(context, sink, units, lines, error) &&
           tell_without(context, sink, people, lines, error);
}

/* ---- as a feed ------------------------------------------------------------------------------- */

static gint compare_since(gconstpointer a, gconstpointer b)
{
    const OfficeRosterLine *first = *(OfficeRosterLine *const *)a;
    const OfficeRosterLine *second = *(OfficeRosterLine *const *)b;
    return first->since != second->since
               ? (first->since < second->since) - (first->since > second->since)
               : (first->post < second->post) - (first->post > second->post);
}

static bool tell_post(const WebContext *context, WebSink *sink, const OfficeRosterLine *post,
                      GError **error)
{
    const char *role = tell_role(context, sink, post);
    int64_t changed_us = post->since != DATE_NONE
                             ? date_to_us(post->since, 0, office_offset_seconds(context->office))
                             : 0;
    if (post->since == DATE_NONE && !web_changed_last(context, post->post, &changed_us, error)) {
        return false;
    }
    g_autofree char *id = g_strdup_printf("post:%" G_GINT64_FORMAT, post->post);
    g_autofree char *title = g_strdup_printf("%s %s %s", post->person_name, post->unit_name,
                                             post->title != NULL ? post->title : role);
    const WebLine line = {.id = id,
                          .title = title,
                          .address = web_roster_address(context, "person", post->person, DATE_NONE),
                          .said = role,
                          .changed_us = changed_us};
    return web_sink_take(context, sink, &line, error);
}

/* Who took up a post last, first. */
static bool read_news(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    g_autoptr(GPtrArray) posts =
        office_post_roster(context->reader, 0, false, *(const Date *)data, error);
    if (posts == NULL) {
        return false;
    }
    g_ptr_array_sort(posts, compare_since);
    for (guint i = 0; i < posts->len; i++) {
        if (!tell_post(context, sink, g_ptr_array_index(posts, i), error)) {
            return false;
        }
    }
    return true;
}

WebRows web_roster_rows(const WebContext *context, const Date *date)
{
    char day[DATE_TEXT_SIZE];
    const char *words = web_tr(context, N_("Units and people"));
    return (WebRows){
        .name = "roster",
        .words = words,
        .file = web_keep(context, g_strdup_printf("%s-%s", words, date_format(*date, day))),
        .query = "date",
        .columns = columns,
        .n_columns = G_N_ELEMENTS(columns),
        .read = g_str_equal(context->ending, ".atom") ? read_news : read_posts,
        .json = web_api_people,
        .data = date,
        .asks_export = true};
}
