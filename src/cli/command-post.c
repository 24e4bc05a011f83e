#include "cli/command-post.h"

#include "cli/made.h"
#include "cli/print.h"
#include "cli/roster.h"
#include "office/post.h"

/* ---- list ------------------------------------------------------------------------------------ */

static void print_list_json(CliContext *context, const GPtrArray *lines)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < lines->len; i++) {
        const OfficeRosterLine *line = g_ptr_array_index(lines, i);
        json_write_begin_object(&json);
        json_write_key_int(&json, "id", line->post);
        json_write_key_text(&json, "unit", line->unit_name);
        json_write_key_text(&json, "person", line->person_name);
        json_write_key_text(&json, "role", line->role);
        json_write_key_text(&json, "title", line->title);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static void print_list(CliContext *context, const GPtrArray *lines)
{
    g_autoptr(CliTable) table = cli_table_new(5);
    for (guint i = 0; i < lines->len; i++) {
        const OfficeRosterLine *line = g_ptr_array_index(lines, i);
        RightsRole role = RIGHTS_STAFF;
        const char *words =
            rights_role_find(line->role, &role) ? rights_role_words(role) : line->role;
        g_autofree char *id = g_strdup_printf("#%" G_GINT64_FORMAT, line->post);
        cli_table_add(table, id, line->unit_name, line->person_name, cli_tr(context, words),
                      line->title);
    }
    cli_table_print(table, 0, context);
}

static bool run_list(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    Date date = DATE_NONE;
    if (!cli_option_date(context, "on", &date, error) ||
        !cli_session_open(context, OFFICE_READ, &session, error)) {
        return false;
    }
    g_autoptr(OfficeUnit) unit = NULL;
    if (cli_has(context, "unit")) {
        unit = cli_unit_find(&session, cli_option(context, "unit"), error);
        if (unit == NULL) {
            return false;
        }
    }
    date = date != DATE_NONE ? date : cli_session_today(&session);
    g_autoptr(GPtrArray) lines =
        office_post_roster(session.reader, unit != NULL ? unit->id : 0, true, date, error);
    if (lines == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_list_json(context, lines);
    } else {
        print_list(context, lines);
    }
    return true;
}

static const CliOption list_options[] = {
    {"unit", N_("UNIT"), N_("of this unit and those below it; else of all")},
    CLI_OPTION_ON,
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_post_list = {
    .name = "post list",
    .operands = "OFFICE",
    .summary = N_("List who holds which role, unit by unit."),
    .examples = "post list ./office --unit 信访室\npost list ./office --on 2023-06-30",
    .options = list_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_list,
};

/* ---- add ------------------------------------------------------------------------------------- */

static bool run_add(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    OfficePost post = {.role = (char *)cli_operand(context, 3),
                       .title = (char *)cli_option(context, "title"),
                       .since = DATE_NONE,
                       .until = DATE_NONE};
    int64_t id = 0;
    if (!cli_option_dates(context, &post.since, &post.until, error) ||
        !cli_session_open(context, OFFICE_WRITE, &session, error)) {
        return false;
    }
    g_autoptr(OfficePerson) person = cli_person_find(&session, cli_operand(context, 1), error);
    g_autoptr(OfficeUnit) unit =
        person != NULL ? cli_unit_find(&session, cli_operand(context, 2), error) : NULL;
    if (unit == NULL) {
        return false;
    }
    post.person = person->id;
    post.unit = unit->id;
    if (!office_post_add(session.office, session.subject, &session.act, &post, &id, error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(context, N_("added post #%lld"), (long long)id);
    }
    const CliMade made = {.event = "post.add", .id = id, .name = person->name};
    if (!cli_made_print(context, &session, &made, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption add_options[] = {
    {"title", N_("TITLE"), N_("of the post, as printed: 副主任")},
    CLI_OPTION_SINCE,
    CLI_OPTION_UNTIL,
    CLI_OPTION_JSON_MADE,
    {NULL}};

const CliCommand command_post_add = {
    .name = "post add",
    .operands = "OFFICE PERSON UNIT ROLE",
    .summary = N_("Give a person a role in a unit."),
    .examples = "post add ./office 甄有才 信访室 head --title 主任 --since 2023-07-01",
    .options = add_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_add,
};

/* ---- end ------------------------------------------------------------------------------------- */

static bool run_end(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    Date until = DATE_NONE;
    int64_t id = 0;
    if (!cli_parse_id(cli_operand(context, 1), &id)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not the #ID of a post; 'shuzhi post list' shows them",
                  cli_operand(context, 1));
        return false;
    }
    if (!cli_option_date(context, "until", &until, error) ||
        !cli_session_open(context, OFFICE_WRITE, &session, error) ||
        !office_post_end(session.office, session.subject, &session.act, id, until, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption end_options[] = {
    {"until", N_("DATE"), N_("its last day"), .is_required = true}, {NULL}};

const CliCommand command_post_end = {
    .name = "post end",
    .operands = "OFFICE POST",
    .summary = N_("End a post with its last day."),
    .examples = "post end ./office '#123' --until 2023-12-31",
    .options = end_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_end,
};
