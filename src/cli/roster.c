#include "cli/roster.h"

OfficeUnit *cli_unit_find(const CliSession *session, const char *text, GError **error)
{
    int64_t id = 0;
    if (*text == '#' && cli_parse_id(text, &id)) {
        return office_unit_load(session->reader, id, error);
    }
    OfficeUnit *unit = office_unit_find(session->reader, text, cli_session_today(session), NULL);
    return unit != NULL ? unit : office_unit_find(session->reader, text, DATE_NONE, error);
}

OfficePerson *cli_person_find(const CliSession *session, const char *text, GError **error)
{
    int64_t id = 0;
    if (*text == '#' && cli_parse_id(text, &id)) {
        return office_person_load(session->reader, id, error);
    }
    OfficePerson *person =
        office_person_find(session->reader, text, cli_session_today(session), NULL);
    return person != NULL ? person : office_person_find(session->reader, text, DATE_NONE, error);
}

bool cli_option_dates(const CliContext *context, Date *since, Date *until, GError **error)
{
    Date first = DATE_NONE;
    Date last = DATE_NONE;
    if (!cli_option_date(context, "since", &first, error) ||
        !cli_option_date(context, "until", &last, error)) {
        return false;
    }
    *since = first != DATE_NONE ? first : *since;
    *until = last != DATE_NONE ? last : *until;
    return true;
}

bool cli_option_on(const CliContext *context, const CliSession *session, Date *ret_date,
                   GError **error)
{
    if (cli_has(context, "all")) {
        *ret_date = DATE_NONE;
        return true;
    }
    Date date = DATE_NONE;
    if (!cli_option_date(context, "on", &date, error)) {
        return false;
    }
    *ret_date = date != DATE_NONE ? date : cli_session_today(session);
    return true;
}

const char *cli_format_date(Date date, char *buffer)
{
    if (date == DATE_NONE) {
        buffer[0] = '\0';
        return buffer;
    }
    return date_format(date, buffer);
}

void cli_write_date(JsonWriter *json, const char *key, Date date)
{
    char text[DATE_TEXT_SIZE];
    json_write_key_text(json, key, date != DATE_NONE ? date_format(date, text) : NULL);
}
