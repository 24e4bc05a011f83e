#include "web/pages.h"

#include "web/feed.h"
#include "web/roster.h"
#include "web/table-file.h"

/* ---- as a table ------------------------------------------------------------------------------ */

/* The roster of a day: a line for each post, for each unit without one, and for whoever
 * holds none.  What else is known of people (party, rank) is not in it. */

static const char *const columns[] = {N_("unit"), N_("kind"), N_("unit above"), N_("name"),
                                      N_("post"), N_("role"), N_("from"),       N_("until")};

/* One line, of either. */
static bool write_line(const WebContext *context, TableWriter *table, const OfficeUnit *unit,
                       const OfficeRosterLine *post, const OfficePerson *person, GError **error)
{
    char since[DATE_TEXT_SIZE] = "";
    char until[DATE_TEXT_SIZE] = "";
    Date from = unit != NULL ? unit->since : DATE_NONE;
    Date to = unit != NULL ? unit->until : DATE_NONE;
    if (post != NULL) {
        from = post->since;
        to = post->until;
    } else if (person != NULL) {
        from = person->since;
        to = person->until;
    }
    RightsRole role = RIGHTS_STAFF;
    if (post != NULL) {
        rights_role_find(post->role, &role);
    }
    if (from != DATE_NONE) {
        date_format(from, since);
    }
    if (to != DATE_NONE) {
        date_format(to, until);
    }
    const char *above = unit != NULL && unit->parent != 0
                            ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, unit->parent)
                            : "";
    const char *const texts[G_N_ELEMENTS(columns)] = {
        unit != NULL ? unit->name : "",
        unit != NULL ? web_tr(context, web_keep(context, g_strdup(unit->kind))) : "",
        above,
        post != NULL     ? post->person_name
        : person != NULL ? person->name
                         : "",
        post != NULL && post->title != NULL ? post->title : "",
        post != NULL ? web_tr(context, rights_role_words(role)) : "",
        since,
        until,
    };
    TableCell cells[G_N_ELEMENTS(columns)];
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        cells[i] = table_cell_make(i >= 6 && *texts[i] != '\0' ? TABLE_CELL_DATE : TABLE_CELL_TEXT,
                                   texts[i]);
    }
    return table_writer_row(table, cells, G_N_ELEMENTS(cells), error);
}

static bool write_units(const WebContext *context, TableWriter *table, const GPtrArray *units,
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
            if (!write_line(context, table, unit, line, NULL, error)) {
                return false;
            }
        }
        if (!is_told && !write_line(context, table, unit, NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

static bool write_without(const WebContext *context, TableWriter *table, const GPtrArray *people,
                          const GPtrArray *lines, GError **error)
{
    g_autoptr(GHashTable) holders = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < lines->len; i++) {
        g_hash_table_add(holders, &((OfficeRosterLine *)g_ptr_array_index(lines, i))->person);
    }
    for (guint i = 0; i < people->len; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        if (!g_hash_table_contains(holders, &person->id) &&
            !write_line(context, table, NULL, NULL, person, error)) {
            return false;
        }
    }
    return true;
}

static bool write_table(const WebContext *context, TableFormat format, const char *path,
                        const void *data, GError **error)
{
    Date date = *(const Date *)data;
    const TableWriterOptions options = {.has_mark = true,
                                        .title = web_tr(context, N_("Units and people")),
                                        .created_us = web_now_us(context)};
    const char *names[G_N_ELEMENTS(columns)];
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        names[i] = format == TABLE_FORMAT_JSONL ? columns[i] : web_tr(context, columns[i]);
    }
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, date, error);
    g_autoptr(GPtrArray) people =
        units != NULL ? office_person_list(context->reader, date, error) : NULL;
    g_autoptr(GPtrArray) lines =
        people != NULL ? office_post_roster(context->reader, 0, false, date, error) : NULL;
    g_autoptr(TableWriter) table =
        lines != NULL ? table_writer_open(path, format, &options, error) : NULL;
    return table != NULL && table_writer_header(table, names, G_N_ELEMENTS(names), error) &&
           write_units(context, table, units, lines, error) &&
           write_without(context, table, people, lines, error) && table_writer_finish(table, error);
}

bool web_page_roster_file(WebContext *context, GError **error)
{
    Date date = DATE_NONE;
    char day[DATE_TEXT_SIZE];
    if (!web_read_day(context, &date, error)) {
        return false;
    }
    g_autofree char *name =
        g_strdup_printf("%s-%s", web_tr(context, N_("Units and people")), date_format(date, day));
    return web_send_table(context, name, strrchr(context->path, '.'), write_table, &date, error);
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

static void add_line(const WebContext *context, WebFeed *feed, const OfficeRosterLine *post)
{
    int64_t since_us = post->since != DATE_NONE
                           ? date_to_us(post->since, 0, office_offset_seconds(context->office))
                           : 0;
    char since[DATE_TIME_TEXT_SIZE];
    RightsRole role = RIGHTS_STAFF;
    rights_role_find(post->role, &role);
    const char *role_words = web_tr(context, rights_role_words(role));
    WebFeedLine *line = web_new(context, WebFeedLine);
    line->id = web_keep(context, g_strdup_printf("post:%" G_GINT64_FORMAT, post->post));
    line->title =
        web_keep(context, g_strdup_printf("%s %s %s", post->person_name, post->unit_name,
                                          post->title != NULL ? post->title : role_words));
    line->address = web_absolute_address(
        context, web_keep(context, g_strdup_printf("/person/%" G_GINT64_FORMAT, post->person)));
    line->changed = web_keep(context, g_strdup(date_format_time(since_us, 0, since)));
    line->state = role_words;
    if (feed->lines->len == 0) {
        feed->updated = line->changed;
    }
    g_ptr_array_add(feed->lines, line);
}

bool web_page_roster_feed(WebContext *context, GError **error)
{
    Date date = DATE_NONE;
    char day[DATE_TEXT_SIZE];
    if (!web_read_day(context, &date, error)) {
        return false;
    }
    g_autoptr(GPtrArray) posts = office_post_roster(context->reader, 0, false, date, error);
    if (posts == NULL) {
        return false;
    }
    const char *asked =
        http_request_query(context->request, "date") != NULL ? date_format(date, day) : NULL;
    WebFeed feed = {
        .name = "roster",
        .words = web_tr(context, N_("Units and people")),
        .office = office_id(context->office),
        .author = office_name(context->office),
        .self = web_absolute_address(context,
                                     web_address(context, "/roster.atom", "date", asked, NULL)),
        .page = web_absolute_address(context, web_address(context, "/roster", "date", asked, NULL)),
        .updated = "1970-01-01T00:00:00Z",
        .lines = web_array(context)};
    g_ptr_array_sort(posts, compare_since);
    for (guint i = 0; i < MIN(posts->len, WEB_FEED_LINES); i++) {
        add_line(context, &feed, g_ptr_array_index(posts, i));
    }
    web_send_feed(context, &feed);
    return true;
}
