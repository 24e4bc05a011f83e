#include "office/dates.h"

bool office_dates_include(Date since, Date until, Date date)
{
    return date == DATE_NONE ||
           ((since == DATE_NONE || since <= date) && (until == DATE_NONE || until >= date));
}

bool office_dates_cover(Date outer_since, Date outer_until, Date since, Date until)
{
    bool is_begun = outer_since == DATE_NONE || (since != DATE_NONE && since >= outer_since);
    bool is_left = outer_until == DATE_NONE || (until != DATE_NONE && until <= outer_until);
    return is_begun && is_left;
}

bool office_dates_overlap(Date since_a, Date until_a, Date since_b, Date until_b)
{
    return (until_a == DATE_NONE || since_b == DATE_NONE || since_b <= until_a) &&
           (until_b == DATE_NONE || since_a == DATE_NONE || since_a <= until_b);
}

bool office_dates_check(Date since, Date until, GError **error)
{
    if (since == DATE_NONE || until == DATE_NONE || until >= since) {
        return true;
    }
    char first[DATE_TEXT_SIZE];
    char last[DATE_TEXT_SIZE];
    error_set(error, SHUZHI_ERROR_INVALID, "the last day %s is before the first day %s",
              date_format(until, last), date_format(since, first));
    return false;
}

Value office_dates_value(Date date)
{
    return date != DATE_NONE ? value_date(date) : VALUE_EMPTY;
}

Date office_dates_column(StoreStatement *statement, int i)
{
    Date date = DATE_NONE;
    const char *text = store_column_text(statement, i);
    return text != NULL && date_parse(text, &date) ? date : DATE_NONE;
}
