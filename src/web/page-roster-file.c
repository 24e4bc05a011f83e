#include "web/pages.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "ledger/export.h"
#include "table/writer.h"
#include "web/roster.h"

/* The roster of a day as a table: a line for each post, for each unit without one, and for whoever
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

static bool write_table(const WebContext *context, Date date, TableFormat format, const char *path,
                        GError **error)
{
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
    static const struct {
        const char *ending;
        const char *type;
    } forms[] = {
        {"csv", "text/csv; charset=utf-8"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"jsonl", "application/jsonl; charset=utf-8"},
    };
    const char *ending = strrchr(context->path, '.') + 1;
    TableFormat format;
    Date date = DATE_NONE;
    char day[DATE_TEXT_SIZE];
    if (!web_read_day(context, &date, error) ||
        !ledger_export_find_format(ending, &format, error)) {
        return false;
    }
    g_autofree char *path = g_build_filename(context->site->folder, "roster-XXXXXX", NULL);
    int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot write the table");
        return false;
    }
    close(fd);
    g_autofree char *name = g_strdup_printf("%s-%s.%s", web_tr(context, N_("Units and people")),
                                            date_format(date, day), ending);
    const char *type = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        type = g_str_equal(forms[i].ending, ending) ? forms[i].type : type;
    }
    bool is_sent = write_table(context, date, format, path, error) &&
                   http_response_set_file(context->response, type, path, name, error);
    g_unlink(path);
    return is_sent;
}
