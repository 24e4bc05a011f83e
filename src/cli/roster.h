/* Units and people as a command line names them: by "#ID", else by name.
 *
 * Names are looked up among those that exist today first, then among all there ever were. */
#pragma once

#include "base/json.h"
#include "cli/session.h"
#include "office/person.h"
#include "office/unit.h"

/* Return the unit that @text names; NOT_FOUND, CONFLICT when several have the name.  The caller
 * owns it. */
OfficeUnit *cli_unit_find(const CliSession *session, const char *text, GError **error);

/* The same for a person. */
OfficePerson *cli_person_find(const CliSession *session, const char *text, GError **error);

/* Read the options --since and --until into the days of a unit, person or post; what is not given
 * is left as it is. */
bool cli_option_dates(const CliContext *context, Date *since, Date *until, GError **error);

/* Read the option --on: the day as of which a list is printed; today where it is not given,
 * DATE_NONE with --all. */
bool cli_option_on(const CliContext *context, const CliSession *session, Date *ret_date,
                   GError **error);

/* The options that both lists and changes share. */
#define CLI_OPTION_SINCE                                                           \
    {                                                                              \
        "since", N_("DATE"), N_("its first day; else from before anyone recorded") \
    }
#define CLI_OPTION_UNTIL                        \
    {                                           \
        "until", N_("DATE"), N_("its last day") \
    }
#define CLI_OPTION_ON                                      \
    {                                                      \
        "on", N_("DATE"), N_("as of this day; else today") \
    }
#define CLI_OPTION_ALL                            \
    {                                             \
        "all", NULL, N_("also those of the past") \
    }

/* Write @date under @key: null for DATE_NONE. */
void cli_write_date(JsonWriter *json, const char *key, Date date);

/* Write @date to @buffer of DATE_TEXT_SIZE bytes, "" for DATE_NONE; returns @buffer. */
const char *cli_format_date(Date date, char *buffer);
