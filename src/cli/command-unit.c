#include "cli/command-unit.h"

#include "cli/made.h"
#include "cli/print.h"
#include "cli/roster.h"
#include "ledger/unfinished.h"

#define UNIT_KINDS N_("office, section, subordinate, branch or committee")

/* ---- list ------------------------------------------------------------------------------------ */

static const OfficeUnit *find_by_id(const GPtrArray *units, int64_t id)
{
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (unit->id == id) {
            return unit;
        }
    }
    return NULL;
}

static void print_list_json(CliContext *context, const GPtrArray *units)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        json_write_begin_object(&json);
        json_write_key_int(&json, "id", unit->id);
        json_write_key_text(&json, "name", unit->name);
        json_write_key_text(&json, "kind", unit->kind);
        json_write_key(&json, "parent");
        if (unit->parent != 0) {
            json_write_int(&json, unit->parent);
        } else {
            json_write_null(&json);
        }
        cli_write_date(&json, "since", unit->since);
        cli_write_date(&json, "until", unit->until);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static void print_list(CliContext *context, const GPtrArray *units)
{
    g_autoptr(CliTable) table = cli_table_new(5);
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        int depth = 0;
        for (const OfficeUnit *above = unit; above != NULL && above->parent != 0; depth++) {
            above = find_by_id(units, above->parent);
        }
        char since[DATE_TEXT_SIZE];
        char until[DATE_TEXT_SIZE];
        g_autofree char *id = g_strdup_printf("#%" G_GINT64_FORMAT, unit->id);
        g_autofree char *name = g_strdup_printf("%*s%s", 2 * depth, "", unit->name);
        cli_table_add(table, id, name, cli_tr(context, unit->kind),
                      cli_format_date(unit->since, since), cli_format_date(unit->until, until));
    }
    cli_table_print(table, 0, context);
}

static bool run_list(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    Date date = DATE_NONE;
    if (!cli_session_open(context, OFFICE_READ, &session, error) ||
        !cli_option_on(context, &session, &date, error)) {
        return false;
    }
    g_autoptr(GPtrArray) units = office_unit_list(session.reader, date, error);
    if (units == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_list_json(context, units);
    } else {
        print_list(context, units);
    }
    return true;
}

static const CliOption list_options[] = {CLI_OPTION_ON, CLI_OPTION_ALL, CLI_OPTION_JSON, {NULL}};

const CliCommand command_unit_list = {
    .name = "unit list",
    .operands = "OFFICE",
    .summary = N_("List the units, each under the one above it."),
    .examples = "unit list ./office\nunit list ./office --on 2023-06-30 --json",
    .options = list_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_list,
};

/* ---- add and change -------------------------------------------------------------------------- */

/* Lay the options over @unit; *@ret_name and *@ret_kind keep what it borrows. */
static bool lay_over(CliContext *context, const CliSession *session, OfficeUnit *unit,
                     GError **error)
{
    const char *kind = cli_option(context, "kind");
    const char *above = cli_option(context, "under");
    if (kind != NULL) {
        g_free(unit->kind);
        unit->kind = g_strdup(kind);
    }
    if (above != NULL) {
        g_autoptr(OfficeUnit) parent = cli_unit_find(session, above, error);
        if (parent == NULL) {
            return false;
        }
        unit->parent = parent->id;
    }
    return cli_option_dates(context, &unit->since, &unit->until, error);
}

/* The unit that everything stands under where nothing else is said. */
static bool find_root(const CliSession *session, int64_t *ret_id, GError **error)
{
    g_autoptr(GPtrArray) units =
        office_unit_list(session->reader, cli_session_today(session), error);
    if (units == NULL) {
        return false;
    }
    *ret_id = units->len > 0 ? ((const OfficeUnit *)g_ptr_array_index(units, 0))->id : 0;
    return true;
}

static bool run_add(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    g_autoptr(OfficeUnit) unit = g_new0(OfficeUnit, 1);
    unit->name = g_strdup(cli_operand(context, 1));
    unit->kind = g_strdup(OFFICE_UNIT_SECTION);
    unit->since = DATE_NONE;
    unit->until = DATE_NONE;
    int64_t id = 0;
    if (!cli_session_open(context, OFFICE_WRITE, &session, error) ||
        !find_root(&session, &unit->parent, error) || !lay_over(context, &session, unit, error) ||
        !office_unit_add(session.office, session.subject, &session.act, unit, &id, error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(context, N_("added unit #%lld, '%s'"), (long long)id, unit->name);
    }
    const CliMade made = {.event = "unit.add", .id = id, .name = unit->name};
    if (!cli_made_print(context, &session, &made, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption add_options[] = {
    {"kind", N_("KIND"), UNIT_KINDS},
    {"under", N_("UNIT"), N_("the unit above it; else the office itself")},
    CLI_OPTION_SINCE,
    CLI_OPTION_UNTIL,
    CLI_OPTION_JSON_MADE,
    {NULL}};

const CliCommand command_unit_add = {
    .name = "unit add",
    .operands = "OFFICE NAME",
    .summary = N_("Add a unit: a section, a subordinate institution, a branch."),
    .examples = "unit add ./office 信访室\n"
                "unit add ./office 第一党支部 --kind branch --since 2023-06-15",
    .options = add_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_add,
};

/* Ask before unit @id ends over entries in it that are not finished. */
static bool confirm_end(CliContext *context, const CliSession *session, int64_t id, GError **error)
{
    int64_t n = 0;
    if (!ledger_unfinished_of_unit(session->office, session->reader, id, &n, error)) {
        return false;
    }
    if (n == 0) {
        return true;
    }
    cli_say(context,
            N_("%lld {entry|entries} of this unit {is|are} not finished yet, and would belong to a "
               "unit that is no more"),
            (long long)n);
    return cli_confirm(context, N_("Close it all the same?"), error);
}

static bool run_change(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    if (!cli_session_open(context, OFFICE_WRITE, &session, error)) {
        return false;
    }
    g_autoptr(OfficeUnit) unit = cli_unit_find(&session, cli_operand(context, 1), error);
    if (unit == NULL || !lay_over(context, &session, unit, error)) {
        return false;
    }
    if (cli_has(context, "name")) {
        g_free(unit->name);
        unit->name = g_strdup(cli_option(context, "name"));
    }
    if ((cli_has(context, "until") && unit->until != DATE_NONE &&
         !confirm_end(context, &session, unit->id, error)) ||
        !office_unit_change(session.office, session.subject, &session.act, unit, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption change_options[] = {{"name", N_("NAME"), N_("its right name")},
                                           {"kind", N_("KIND"), UNIT_KINDS},
                                           {"under", N_("UNIT"), N_("the unit above it")},
                                           CLI_OPTION_SINCE,
                                           CLI_OPTION_UNTIL,
                                           CLI_OPTION_YES,
                                           {NULL}};

const CliCommand command_unit_change = {
    .name = "unit change",
    .operands = "OFFICE UNIT",
    .summary = N_("Correct a unit. One that moves is closed, and added anew under its new one."),
    .examples = "unit change ./office 信仿室 --name 信访室",
    .options = change_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_change,
};

/* ---- close ----------------------------------------------------------------------------------- */

static bool run_close(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    Date until = DATE_NONE;
    if (!cli_option_date(context, "until", &until, error) ||
        !cli_session_open(context, OFFICE_WRITE, &session, error)) {
        return false;
    }
    g_autoptr(OfficeUnit) unit = cli_unit_find(&session, cli_operand(context, 1), error);
    if (unit == NULL || !confirm_end(context, &session, unit->id, error) ||
        !office_unit_close(session.office, session.subject, &session.act, unit->id, until, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption close_options[] = {
    {"until", N_("DATE"), N_("its last day"), .is_required = true}, CLI_OPTION_YES, {NULL}};

const CliCommand command_unit_close = {
    .name = "unit close",
    .operands = "OFFICE UNIT",
    .summary = N_("Close a unit with its last day."),
    .examples = "unit close ./office 信访室 --until 2023-12-31",
    .options = close_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_close,
};
