#include "cli/command-demo.h"

#include "base/json.h"
#include "cli/print.h"
#include "cli/session.h"
#include "demo/demo.h"
#include "office/place.h"

#define DEFAULT_YEAR 2023
#define DEFAULT_SEED 1

static void print_json(CliContext *context, const Office *office, int64_t year)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "office", office_location(office));
    json_write_key_text(&json, "id", office_id(office));
    json_write_key_text(&json, "name", office_name(office));
    json_write_key_int(&json, "year", year);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

static bool run(CliContext *context, GError **error)
{
    int64_t year = 0;
    int64_t seed = 0;
    if (!cli_option_int(context, "year", DEFAULT_YEAR, 1, 9998, &year, error) ||
        !cli_option_int(context, "seed", DEFAULT_SEED, 1, INT64_MAX, &seed, error)) {
        return false;
    }
    int64_t now_us = source_now_us(source_system());
    bool is_running = date_year(date_from_us(now_us, DATE_SECONDS_SHANGHAI)) == year;
    DemoPlan plan = {.year = (int)year, .seed = (uint64_t)seed, .until_us = now_us};
    while (!cli_has(context, "seed") && plan.identity == 0) {
        source_random(source_system(), (uint8_t *)&plan.identity, sizeof plan.identity);
    }
    if (!demo_create(cli_operand(context, 0), &plan, error)) {
        return false;
    }
    g_autoptr(Office) office = office_open(cli_operand(context, 0), OFFICE_READ, NULL, error);
    if (office == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_json(context, office, year);
        return true;
    }
    cli_say(context,
            is_running ? N_("made the demo office '%s' at '%s', with its records of %d until now")
                       : N_("made the demo office '%s' at '%s', with its records of %d"),
            office_name(office), office_location(office), (int)year);
    g_autofree char *location = office_place_word(cli_operand(context, 0));
    cli_say(context, N_("next: shuzhi report %s --period %d"), location, (int)year);
    return true;
}

static const CliOption options[] = {
    {"year", N_("YEAR"), N_("the year of its records, 2007 to 2026, up to now; else 2023")},
    {"seed", N_("SEED"),
     N_("a number of 1 or more: the same office each time, for tests; else one of its own")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_demo = {
    .name = "demo",
    .operands = "OFFICE",
    .summary = N_("Make a made-up office with a year of records, to try things on."),
    .text = N_("Some sixty invented people in fourteen units and five party branches. Everything"
               " was recorded step by step, as in an office at work; nobody is really called so."),
    .examples = "demo ./demo\nreport ./demo --period 2023",
    .options = options,
    .run = run,
};
