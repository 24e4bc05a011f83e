/* What the parts of the demo share. */
#pragma once

#include "demo/demo.h"
#include "office/rights.h"

#define DEMO_N_PEOPLE 60
#define DEMO_CONSOLE_USER "demo"

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
    RightsSubject *console;
    RightsSubject *clerk;      /* 督查科 */
    RightsSubject *head;       /* of 督查科 */
    RightsSubject *supervisor; /* closes what others answered */
    RightsSubject *secretary;
    int64_t units[DEMO_N_UNITS];
    int64_t people[DEMO_N_PEOPLE];
} Demo;

/* Return the moment @month, @day, @hour, @minute of the demo's year, office time. */
int64_t demo_moment(const Demo *demo, int month, int day, int hour, int minute);

/* Write units, people, posts and the accounts of those who record; sets the subjects. */
bool demo_make_organisation(Demo *demo, GError **error);
