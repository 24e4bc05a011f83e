/* Made-up citizens' requests for the benchmarks: ten years of them, in the order in which they
 * came.
 *
 * Row by row from its number alone, so that every run measures the same: of ten requests nine are
 * answered, after hours or days, and of those most are closed with the citizen's rating, a few
 * weeks later; what came last is still open. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CASES_FIRST_YEAR 2014
#define CASES_N_YEARS 10

/* Write @n_rows requests as CSV to the new file @path; the columns are those of the ledger `case`
 * of the built-in pack.  @has_units: name units of the demo office as handlers, else there are
 * none. */
void cases_write_csv(const char *path, int64_t n_rows, bool has_units);

/* Return the office in @folder, made where it is not there yet: the demo's, with @n_cases requests
 * beside it.  SHUZHI_KEYS is set to where its key is.  The caller owns the path. */
char *cases_find_office(const char *folder, int64_t n_cases);
