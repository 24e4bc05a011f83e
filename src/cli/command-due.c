#include "cli/command-due.h"

#include "base/json.h"
#include "calendar/clock.h"
#include "cli/print.h"

/* Return the last day, with the hour where the limit ends before the day does. */
static char *say_due(const ClockDue *due, char *buffer)
{
    cli_format_due(due->us, DATE_SECONDS_SHANGHAI, buffer);
    if (g_str_has_suffix(buffer, " 24:00")) {
        buffer[strlen(buffer) - strlen(" 24:00")] = '\0';
    }
    return buffer;
}

static void print_json(CliContext *context, const ClockDue *due, const GArray *days)
{
    char date[DATE_TEXT_SIZE];
    char moment[DATE_TIME_TEXT_SIZE];
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "due", date_format(due->date, date));
    json_write_key_text(&json, "until", date_format_time(due->us, DATE_SECONDS_SHANGHAI, moment));
    json_write_key_bool(&json, "provisional", due->is_provisional);
    json_write_key(&json, "days");
    json_write_begin_array(&json);
    for (guint i = 0; i < days->len; i++) {
        const ClockDay *day = &g_array_index(days, ClockDay, i);
        g_autofree char *why = clock_day_to_text(day, context->language);
        json_write_begin_object(&json);
        json_write_key_text(&json, "date", date_format(day->date, date));
        json_write_key_bool(&json, "counted", day->is_counted);
        json_write_key_text(&json, "why", why);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

static void print_text(CliContext *context, const ClockDue *due, const GArray *days,
                       bool is_explained)
{
    char date[DATE_TEXT_SIZE];
    char until[DATE_TIME_TEXT_SIZE];
    for (guint i = 0; is_explained && i < days->len; i++) {
        const ClockDay *day = &g_array_index(days, ClockDay, i);
        g_autofree char *why = clock_day_to_text(day, context->language);
        g_string_append_printf(context->out, "%s  %s  %s\n", date_format(day->date, date),
                               day->is_counted ? "+" : " ", why);
    }
    const char *mark = due->is_provisional ? N_(" (provisional: the calendar of that year is not"
                                                " published yet)")
                                           : "";
    g_string_append_printf(context->out, "%s%s\n", say_due(due, until), cli_tr(context, mark));
}

static bool run(CliContext *context, GError **error)
{
    const char *start = cli_option(context, "start");
    ClockRule rule;
    int64_t start_us = 0;
    if (!date_parse_time(start, DATE_SECONDS_SHANGHAI, &start_us)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a day or a moment; write 2023-01-20 or 2023-01-20 09:30", start);
        return false;
    }
    if (!clock_rule_parse(cli_option(context, "within"), &rule, error)) {
        return false;
    }
    ClockDue due;
    g_autoptr(GArray) days =
        clock_explain(calendar_builtin(), &rule, start_us, DATE_SECONDS_SHANGHAI, &due, error);
    if (days == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_json(context, &due, days);
    } else {
        print_text(context, &due, days, cli_has(context, "explain"));
    }
    return true;
}

static const CliOption options[] = {
    {"start", N_("TIME"), N_("the day or the moment it starts: 2023-01-20, 2023-01-20 09:30"),
     .is_required = true},
    {"within", N_("LIMIT"), N_("the limit: 5 workdays, 15 days, 24 hours, 1 month, same day"),
     .is_required = true},
    {"explain", NULL, N_("say of each day whether it counts, and why")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_due = {
    .name = "due",
    .operands = "",
    .summary = N_("Say when a time limit ends on the statutory calendar, and why."),
    .examples = "due --start 2023-01-20 --within \"5 workdays\" --explain\n"
                "due --start 2023-01-20 --within 5个工作日 --json",
    .options = options,
    .run = run,
};
