#include "cli/command-person.h"

#include "cli/made.h"
#include "cli/print.h"
#include "cli/roster.h"
#include "office/post.h"

/* ---- list ------------------------------------------------------------------------------------ */

static void print_list_json(CliContext *context, const GPtrArray *people)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < people->len; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        json_write_begin_object(&json);
        json_write_key_int(&json, "id", person->id);
        json_write_key_text(&json, "name", person->name);
        json_write_key_text(&json, "party", person->party);
        json_write_key_text(&json, "level", person->level);
        cli_write_date(&json, "since", person->since);
        cli_write_date(&json, "until", person->until);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static const char *party_words(const CliContext *context, const char *party)
{
    static const char *const words[][2] = {{"yes", N_("party member")},
                                           {"no", N_("not in the party")},
                                           {"probationary", N_("probationary member")}};
    for (size_t i = 0; party != NULL && i < G_N_ELEMENTS(words); i++) {
        if (g_str_equal(words[i][0], party)) {
            return cli_tr(context, words[i][1]);
        }
    }
    return party;
}

static void print_list(CliContext *context, const GPtrArray *people)
{
    g_autoptr(CliTable) table = cli_table_new(6);
    for (guint i = 0; i < people->len; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        char since[DATE_TEXT_SIZE];
        char until[DATE_TEXT_SIZE];
        g_autofree char *id = g_strdup_printf("#%" G_GINT64_FORMAT, person->id);
        cli_table_add(table, id, person->name, party_words(context, person->party), person->level,
                      cli_format_date(person->since, since), cli_format_date(person->until, until));
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
    g_autoptr(GPtrArray) people = office_person_list(session.reader, date, error);
    if (people == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_list_json(context, people);
    } else {
        print_list(context, people);
    }
    return true;
}

static const CliOption list_options[] = {CLI_OPTION_ON, CLI_OPTION_ALL, CLI_OPTION_JSON, {NULL}};

const CliCommand command_person_list = {
    .name = "person list",
    .operands = "OFFICE",
    .summary = N_("List the people of the office."),
    .examples = "person list ./office\nperson list ./office --all --json",
    .options = list_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_list,
};

/* ---- add and change -------------------------------------------------------------------------- */

static void replace(char **field, const char *text)
{
    if (text != NULL) {
        g_free(*field);
        *field = *text != '\0' ? g_strdup(text) : NULL;
    }
}

static bool lay_over(CliContext *context, OfficePerson *person, GError **error)
{
    replace(&person->party, cli_option(context, "party"));
    replace(&person->level, cli_option(context, "level"));
    return cli_option_dates(context, &person->since, &person->until, error);
}

/* Read the post that the options ask for; *@ret_post.unit is 0 where they ask for none. */
static bool read_post(CliContext *context, CliSession *session, OfficePost *ret_post,
                      GError **error)
{
    const char *role = cli_option(context, "role");
    *ret_post = (OfficePost){.role = (char *)(role != NULL ? role : "staff"),
                             .title = (char *)cli_option(context, "title"),
                             .since = DATE_NONE,
                             .until = DATE_NONE};
    if (!cli_has(context, "unit")) {
        return true;
    }
    g_autoptr(OfficeUnit) unit = cli_unit_find(session, cli_option(context, "unit"), error);
    if (unit == NULL) {
        return false;
    }
    ret_post->unit = unit->id;
    return cli_option_dates(context, &ret_post->since, &ret_post->until, error) &&
           office_post_check(ret_post, error);
}

/* Refuse a name that the roster has, now or of those who left, unless that is meant. */
static bool check_namesake(CliContext *context, const CliSession *session, const char *name,
                           GError **error)
{
    g_autoptr(GError) fault = NULL;
    if (cli_has(context, "namesake")) {
        return true;
    }
    g_autoptr(OfficePerson) other = office_person_find(session->reader, name, DATE_NONE, &fault);
    if (other == NULL && error_is(fault, SHUZHI_ERROR_NOT_FOUND)) {
        return true;
    }
    if (other != NULL) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "'%s' is on the roster already, as #%lld ('post add' gives a further post);"
                  " another person of that name is added with --namesake",
                  name, (long long)other->id);
    } else if (error_is(fault, SHUZHI_ERROR_CONFLICT)) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "several people named '%s' are on the roster already; one more is added with"
                  " --namesake",
                  name);
    } else {
        g_propagate_error(error, g_steal_pointer(&fault));
    }
    return false;
}

static bool run_add(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    g_autoptr(OfficePerson) person = g_new0(OfficePerson, 1);
    person->name = g_strdup(cli_operand(context, 1));
    person->since = DATE_NONE;
    person->until = DATE_NONE;
    OfficePost post;
    if ((cli_has(context, "role") || cli_has(context, "title")) && !cli_has(context, "unit")) {
        cli_set_usage(context, error, "--role and --title need --unit: a post is in a unit");
        return false;
    }
    if (!lay_over(context, person, error) ||
        !cli_session_open(context, OFFICE_WRITE, &session, error) ||
        !read_post(context, &session, &post, error) ||
        !check_namesake(context, &session, person->name, error) ||
        !office_person_add(session.office, session.subject, &session.act, person, &post.person,
                           error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(context, N_("added person #%lld, '%s'"), (long long)post.person, person->name);
    }
    const CliMade made = {.event = "person.add", .id = post.person, .name = person->name};
    if (!cli_made_print(context, &session, &made, error)) {
        return false;
    }
    if (post.unit != 0 &&
        !office_post_add(session.office, session.subject, &session.act, &post, NULL, error)) {
        error_prefix(error, "the person was added, but not the post");
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption add_options[] = {
    {"unit", N_("UNIT"), N_("the unit to give the person a post in")},
    {"role", N_("ROLE"),
     N_("of the post: staff (unless said), clerk, head, supervisor, secretary,"
        " dispatcher")},
    {"title", N_("TITLE"), N_("of the post, as printed: 副主任")},
    {"party", N_("PARTY"), N_("party membership: yes, no, probationary")},
    {"level", N_("LEVEL"), N_("rank as the office words it: 科级")},
    {"namesake", NULL, N_("also if the roster has somebody of that name")},
    CLI_OPTION_SINCE,
    CLI_OPTION_UNTIL,
    CLI_OPTION_JSON_MADE,
    {NULL}};

const CliCommand command_person_add = {
    .name = "person add",
    .operands = "OFFICE NAME",
    .summary = N_("Put a person on the roster, with a post if a unit is named."),
    .examples = "person add ./office 甄有才 --unit 信访室 --role clerk",
    .options = add_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_add,
};

static bool run_change(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    if (!cli_session_open(context, OFFICE_WRITE, &session, error)) {
        return false;
    }
    g_autoptr(OfficePerson) person = cli_person_find(&session, cli_operand(context, 1), error);
    if (person == NULL || !lay_over(context, person, error)) {
        return false;
    }
    replace(&person->name, cli_option(context, "name"));
    if (!office_person_change(session.office, session.subject, &session.act, person, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption change_options[] = {
    {"name", N_("NAME"), N_("the right name")},
    {"party", N_("PARTY"), N_("party membership: yes, no, probationary")},
    {"level", N_("LEVEL"), N_("rank as the office words it: 科级")},
    CLI_OPTION_SINCE,
    {"until", N_("DATE"), N_("the last day here; posts must have ended")},
    {NULL}};

const CliCommand command_person_change = {
    .name = "person change",
    .operands = "OFFICE PERSON",
    .summary = N_("Correct what is known of a person, or note the last day here."),
    .examples = "person change ./office 甄有才 --until 2023-12-31",
    .options = change_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_change,
};
