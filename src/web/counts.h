/* How many entries the lists of an office have, for as long as nothing has happened since.
 *
 * Counting costs as much as the page itself, and follows from the log, from who asks for what, and
 * from the moment ("overdue"): so a count holds at one size of the log, for COUNTS_US.
 *
 * Threading: safe from every thread. */
#pragma once

#include "base/error.h"

#define COUNTS_US (5 * G_USEC_PER_SEC)
#define COUNTS_MAX 10000 /* kept; then all go */

typedef struct WebCounts WebCounts;

/* Return one that knows nothing; the caller owns it.  One belongs to one office. */
WebCounts *counts_new(void);
void counts_free(WebCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebCounts, counts_free)

/* Return whether the count of @key is known at @size of the log and @now_us, *@ret_n. */
bool counts_find(WebCounts *counts, const char *key, int64_t size, int64_t now_us, int *ret_n);

/* Note that it is @n. */
void counts_put(WebCounts *counts, const char *key, int64_t size, int64_t now_us, int n);
