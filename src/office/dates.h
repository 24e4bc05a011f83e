/* First and last days: units, people and posts last from `since` to `until`, both included.
 *
 * DATE_NONE as `since` means from before anyone recorded, as `until` without end; in the store both
 * are NULL.  Pure. */
#pragma once

#include "base/value.h"
#include "store/store.h"

/* Return whether what lasts from @since to @until lasts on @date; any date for DATE_NONE. */
bool office_dates_include(Date since, Date until, Date date);

/* Return whether what lasts from @outer_since to @outer_until lasts as long as what lasts from
 * @since to @until. */
bool office_dates_cover(Date outer_since, Date outer_until, Date since, Date until);

/* Return whether the two have a day in common. */
bool office_dates_overlap(Date since_a, Date until_a, Date since_b, Date until_b);

/* Refuse a last day before the first: INVALID. */
bool office_dates_check(Date since, Date until, GError **error);

/* Return the value of a column `since` or `until`: empty for DATE_NONE. */
Value office_dates_value(Date date);

/* Read column @i of @statement; DATE_NONE for NULL. */
Date office_dates_column(StoreStatement *statement, int i);
