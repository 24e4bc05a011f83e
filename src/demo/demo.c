#include "demo/demo.h"

#include "demo/demo-internal.h"

#define FIRST_YEAR 2007
#define LAST_YEAR 2026

static void demo_clear(Demo *demo)
{
    rights_subject_free(demo->console);
    office_close(demo->office);
    source_free(demo->source);
    source_free(demo->dice);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Demo, demo_clear)

bool demo_create(const char *location, const DemoPlan *plan, GError **error)
{
    if (plan->year < FIRST_YEAR || plan->year > LAST_YEAR) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the demo needs a year whose holidays are published: %d to %d, not %d",
                  FIRST_YEAR, LAST_YEAR, plan->year);
        return false;
    }
    int64_t start =
        date_to_us(date_from_ymd(plan->year, 1, 3), INT64_C(8) * 3600, DATE_SECONDS_SHANGHAI);
    if (plan->until_us != 0 && plan->until_us <= start) {
        error_set(error, SHUZHI_ERROR_INVALID, "the records of %d would lie in the future",
                  plan->year);
        return false;
    }
    uint64_t identity = plan->identity != 0 ? plan->identity : plan->seed;
    const OfficePlan office = {.name = DEMO_OFFICE_NAME, .seed = identity, .now_us = start};
    const LogAct act = {.actor = "os:" DEMO_CONSOLE_USER, .at_us = start};
    if (!office_create(location, &office, &act, error)) {
        return false;
    }
    g_auto(Demo) demo = {.year = plan->year,
                         .until_us = plan->until_us,
                         .source = source_new_seeded(identity + 1, start),
                         .dice = source_new_seeded(plan->seed + 2, start)};
    demo.office = office_open(location, OFFICE_WRITE, demo.source, error);
    return demo.office != NULL && demo_make_organisation(&demo, error) &&
           demo_make_year(&demo, error);
}
