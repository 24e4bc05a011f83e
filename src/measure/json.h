/* Figures as JSON, for `shuzhi figure --json` and the API.
 *
 *   {"name","title","kind","value","text","unit","sentence","holds","total","counted",
 *    "period":{"from","to"},"cutoff","known","definition":{…},"groups":[…],"members":[…],
 *    "entries":[…]}
 *
 * "holds" stands for claims alone, "groups" for measures with `by`, "members" and "entries" (the
 * numbers of the counted entries, each once) where the figure has members.  docs/measures.md
 * describes each key; log/shown-figure.h takes nothing else from a file.  Threading: pure, but for
 * the names it may read from the store. */
#pragma once

#include "base/json.h"
#include "measure/figure.h"

/* Write of which log something is as a value: {"size":1940,"root":"9ab3…"}. */
void figure_write_log_json(int64_t size, const uint8_t root[CRYPTO_HASH_SIZE], JsonWriter *writer);

/* Write @figure to @writer, which must be unsorted, in @language. */
void figure_write_json(const Figure *figure, const Office *office, const char *language,
                       JsonWriter *writer);
