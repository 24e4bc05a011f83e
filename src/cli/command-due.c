#include "cli/command-due.h"

#include "base/json.h"
#include "calendar/clock.h"
#include "cli/print.h"
#include "language/date-spelling.h"
#include "language/number.h"
#include "language/wrap.h"

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
        g_autofree char *label =
            g_strdup_printf("%s  %s", date_format(day->date, date), day->is_counted ? "+" : " ");
        cli_print_pair(context, language_width(label), label, why);
    }
    const char *mark =
        due->is_provisional ? N_(" (provisional: no calendar of that year is at hand)") : "";
    g_string_append_printf(context->out, "%s%s\n", say_due(due, until), cli_tr(context, mark));
}

/* Read @text as a day or a moment, in any of the ways in which offices write them. */
static bool read_start(const char *text, int64_t *ret_us, GError **error)
{
    LanguageDate date;
    if (date_parse_time(text, DATE_SECONDS_SHANGHAI, ret_us)) {
        return true;
    }
    if (!language_date_parse(text, 0, &date, NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a day or a moment; write 2023-01-20 or 2023-01-20 09:30", text);
        return false;
    }
    *ret_us = date_to_us(date.date, date.seconds, DATE_SECONDS_SHANGHAI);
    return true;
}

/* Read @text as a time limit; its number may be written out: 五个工作日. */
static bool read_limit(const char *text, ClockRule *ret_rule, GError **error)
{
    LanguageNumber number;
    size_t length = language_number_take(text, &number);
    if (length == 0 || number.decimals != 0 || number.is_percent ||
        number.approximation != LANGUAGE_EXACT) {
        return clock_rule_parse(text, ret_rule, error);
    }
    g_autofree char *plain = g_strdup_printf("%" G_GINT64_FORMAT "%s", number.value, text + length);
    return clock_rule_parse(plain, ret_rule, error);
}

static bool run(CliContext *context, GError **error)
{
    ClockRule rule;
    int64_t start_us = 0;
    if (!read_start(cli_option(context, "start"), &start_us, error) ||
        !read_limit(cli_option(context, "within"), &rule, error)) {
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
