/* Numbers without gaps: each number 1…N of a ledger and year is given once, in the transaction of
 * the event that takes it.
 *
 * Threading: on the writer's thread, within its transaction. */
#pragma once

#include "log/log.h"
#include "schema/schema.h"

/* Take the next @count numbers of @ledger for @year (0 where its pattern has none); *@ret_first is
 * the first of them. */
bool ledger_number_take(LogWriter *writer, const SchemaLedger *ledger, int64_t year, int64_t count,
                        int64_t *ret_first, GError **error);

/* Numbers that an import took: @first to @last of @year. */
typedef struct LedgerRange {
    int year;
    int64_t first;
    int64_t last;
} LedgerRange;

/* Read the next range at *@at, which moves on, in the numbers of a batch ("2018:1-5 2019:1-20").
 * Returns false, both untouched, at the end and where there is no such range: one of years 0 to
 * 9999, of numbers from 1 to JSON_MAX_INT, the last not before the first. */
bool ledger_range_next(const char **at, LedgerRange *ret_range);
