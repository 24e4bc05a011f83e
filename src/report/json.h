/* Reports as JSON, for `shuzhi report --json` and the API.
 *
 *   {"name","title","period":{"from","to"},"text","figures":[…]}
 *
 * The figures are as in measure/json.h.  Threading: as report/report.h. */
#pragma once

#include "base/json.h"
#include "report/report.h"

/* Write @report of @office to @json, which must be unsorted, in @language. */
void report_write_json(const Report *report, const Office *office, const char *language,
                       JsonWriter *json);
