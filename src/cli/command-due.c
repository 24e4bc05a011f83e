#include "cli/command-due.h"

#include "base/json.h"
#include "calendar/clock.h"

typedef struct Options {
    char *start;
    char *within;
    gboolean is_explained;
    gboolean is_json;
} Options;

static void options_clear(Options *options)
{
    g_free(options->start);
    g_free(options->within);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool parse(CliContext *context, Options *options, bool *ret_is_done, GError **error)
{
    const GOptionEntry entries[] = {
        {"start", 0, 0, G_OPTION_ARG_FILENAME, &options->start,
         cli_tr(context, N_("the day or the moment it starts: 2023-01-20, 2023-01-20 09:30")),
         "TIME"},
        {"within", 0, 0, G_OPTION_ARG_FILENAME, &options->within,
         cli_tr(context, N_("the limit: 5 workdays, 15 days, 24 hours, 1 month, same day")),
         "LIMIT"},
        {"explain", 0, 0, G_OPTION_ARG_NONE, &options->is_explained,
         cli_tr(context, N_("say of each day whether it counts, and why")), NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->is_json, cli_tr(context, N_("print JSON")),
         NULL},
        {NULL}};
    if (!cli_parse(context, entries, "",
                   N_("Say when a time limit ends on the statutory calendar."), ret_is_done,
                   error)) {
        return false;
    }
    if (!*ret_is_done && (options->start == NULL || options->within == NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID, "due needs --start and --within; see due --help");
        return false;
    }
    return true;
}

static void print_json(CliContext *context, const ClockDue *due, const GArray *days)
{
    char date[DATE_TEXT_SIZE];
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "due", date_format(due->date, date));
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
    g_autofree char *text = json_writer_finish(&json);
    g_string_append_printf(context->out, "%s\n", text);
}

static void print_text(CliContext *context, const ClockDue *due, const GArray *days,
                       bool is_explained)
{
    char date[DATE_TEXT_SIZE];
    for (guint i = 0; is_explained && i < days->len; i++) {
        const ClockDay *day = &g_array_index(days, ClockDay, i);
        g_autofree char *why = clock_day_to_text(day, context->language);
        g_string_append_printf(context->out, "%s  %s  %s\n", date_format(day->date, date),
                               day->is_counted ? "+" : " ", why);
    }
    const char *mark = due->is_provisional ? N_(" (provisional: the calendar of that year is not"
                                                " published yet)")
                                           : "";
    g_string_append_printf(context->out, "%s%s\n", date_format(due->date, date),
                           cli_tr(context, mark));
}

bool command_due(CliContext *context, GError **error)
{
    g_auto(Options) options = {NULL};
    bool is_done = false;
    if (!parse(context, &options, &is_done, error) || is_done) {
        return is_done;
    }
    ClockRule rule;
    int64_t start_us = 0;
    if (!date_parse_time(options.start, DATE_SECONDS_SHANGHAI, &start_us)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a day or a moment; write 2023-01-20 or 2023-01-20 09:30",
                  options.start);
        return false;
    }
    if (!clock_rule_parse(options.within, &rule, error)) {
        return false;
    }
    ClockDue due;
    g_autoptr(GArray) days =
        clock_explain(calendar_builtin(), &rule, start_us, DATE_SECONDS_SHANGHAI, &due, error);
    if (days == NULL) {
        return false;
    }
    if (options.is_json) {
        print_json(context, &due, days);
    } else {
        print_text(context, &due, days, options.is_explained);
    }
    return true;
}
