/* What the parts of the demo share. */
#pragma once

#include "demo/demo.h"
#include "office/rights.h"

#define DEMO_N_PEOPLE 60
#define DEMO_CONSOLE_USER "demo"
#define DEMO_OFFICE_NAME "示范县政府办公室"

/* The units, by their place in the table of demo-organisation.c. */
typedef enum DemoUnit {
    DEMO_OFFICE,
    DEMO_GENERAL, /* 综合科 */
    DEMO_SECRETARY_ONE,
    DEMO_SECRETARY_TWO,
    DEMO_RESEARCH,
    DEMO_SUPERVISION, /* 督查科 */
    DEMO_DOCUMENTS,
    DEMO_PERSONNEL,
    DEMO_FINANCE,
    DEMO_DUTY,
    DEMO_CITIZENS, /* 市民服务中心, the hotline */
    DEMO_SERVICES, /* 行政服务中心 */
    DEMO_PETITIONS,
    DEMO_FACILITIES, /* 机关事务服务中心 */
    DEMO_CARS,
    DEMO_COMMITTEE, /* 机关党总支 */
    DEMO_BRANCH_ONE,
    DEMO_BRANCH_TWO,
    DEMO_BRANCH_CITIZENS,
    DEMO_BRANCH_SERVICES,
    DEMO_BRANCH_FACILITIES, /* founded in mid-year */
    DEMO_N_UNITS,
} DemoUnit;

/* A demo being made. */
typedef struct Demo {
    Office *office;
    Source *source; /* the office's, whose clock is moved */
    Source *dice;   /* for choices; apart, so that the office's own draws do not move them */
    int year;
    int64_t until_us; /* as in DemoPlan */
    RightsSubject *console;
    /* Ids of accounts: */
    int64_t secretary;            /* leads the office */
    int64_t supervisor;           /* checks and closes what others did */
    int64_t dispatcher;           /* hands requests out */
    int64_t heads[DEMO_N_UNITS];  /* 0 for the committee */
    int64_t clerks[DEMO_N_UNITS]; /* of sections and institutions; else 0 */
    int64_t units[DEMO_N_UNITS];
    int64_t people[DEMO_N_PEOPLE];
} Demo;

/* Return whether person @i is on the roster on @date, and the name of @i; the caller owns the name.
 */
bool demo_person_is_here(const Demo *demo, int i, Date date);
char *demo_person_name(int i);

/* Return the party membership of person @i at the year's beginning: "yes", "no", "probationary". */
const char *demo_person_party(int i);

/* Return the branch that person @i belongs to when in the party, and the name of a unit. */
DemoUnit demo_person_branch(int i);
const char *demo_unit_name(DemoUnit unit);

/* Write units, people, posts and the accounts of those who record; sets the subjects. */
bool demo_make_organisation(Demo *demo, GError **error);

/* What will be recorded, each at its moment; planned in any order, recorded in that of time. */
typedef struct DemoPlanned DemoPlanned;

/* Make an empty plan for @demo (borrowed); the caller owns it. */
DemoPlanned *demo_planned_new(Demo *demo);
void demo_planned_free(DemoPlanned *planned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DemoPlanned, demo_planned_free)

/* Plan that @account records an entry of @ledger at @at_us.
 *
 * Then come pairs of a field's name and what is typed into it (copied; a NULL text leaves the field
 * out), ended by NULL; child rows are lines of cells separated by "|"; "@12" leads to the entry
 * planned as the 12th.  Returns the entry's place. */
guint demo_plan_entry(DemoPlanned *planned, int64_t at_us, int64_t account, const char *ledger,
                      ...) G_GNUC_NULL_TERMINATED;

/* Plan that @account does @step of @entry, which happened at @happened_us, with fields as above. */
void demo_plan_step(DemoPlanned *planned, int64_t at_us, int64_t account, guint entry,
                    const char *step, int64_t happened_us, ...) G_GNUC_NULL_TERMINATED;

/* Plan that @account attaches a file called @name with the text @text to @entry, for the rule
 * @evidence. */
void demo_plan_file(DemoPlanned *planned, int64_t at_us, int64_t account, guint entry,
                    const char *evidence, const char *name, const char *text);

/* Record all that is planned and not too late, the office's clock at each moment in turn. */
bool demo_planned_record(DemoPlanned *planned, GError **error);

/* Write the year's records, in the order in which they would have been recorded. */
bool demo_make_year(Demo *demo, GError **error);
