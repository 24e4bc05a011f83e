#include "ledger/number.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define LAST_YEAR 9999

bool ledger_number_take(LogWriter *writer, const SchemaLedger *ledger, int64_t year, int64_t count,
                        int64_t *ret_first, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    int64_t last = 0;
    if (!store_query_int(connection, 0, &last, error,
                         "SELECT last FROM number_series WHERE ledger = $1 AND year = $2", "ti",
                         ledger->name, year)) {
        return false;
    }
    if (last < 0 || last > JSON_MAX_INT - count) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the numbers of ledger '%s' and year %lld were altered: the last would be %lld; "
                  "'shuzhi verify' tells more",
                  ledger->name, (long long)year, (long long)last);
        return false;
    }
    if (!store_run(connection, error,
                   "INSERT INTO number_series (ledger, year, last) VALUES ($1, $2, $3)"
                   " ON CONFLICT (ledger, year) DO UPDATE SET last = $3",
                   "tii", ledger->name, year, last + count)) {
        return false;
    }
    *ret_first = last + 1;
    return true;
}

/* Take the number at *@at, which reaches to @end or, where that is NUL, to a blank or the end of
 * the text; *@at moves behind it. */
static bool take_number(const char **at, char end, int64_t least, int64_t most, int64_t *ret_n)
{
    const char *stop = end != '\0' ? strchr(*at, end) : *at + strcspn(*at, " ");
    if (stop == NULL) {
        return false;
    }
    g_autofree char *digits = g_strndup(*at, (size_t)(stop - *at));
    *at = end != '\0' ? stop + 1 : stop;
    return text_parse_int(digits, ret_n) && *ret_n >= least && *ret_n <= most;
}

bool ledger_range_next(const char **at, LedgerRange *ret_range)
{
    const char *text = *at + strspn(*at, " ");
    int64_t year = 0;
    LedgerRange range;
    if (!take_number(&text, ':', 0, LAST_YEAR, &year) ||
        !take_number(&text, '-', 1, JSON_MAX_INT, &range.first) ||
        !take_number(&text, '\0', range.first, JSON_MAX_INT, &range.last)) {
        return false;
    }
    range.year = (int)year;
    *ret_range = range;
    *at = text;
    return true;
}
