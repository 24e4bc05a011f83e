/* Whether a database that is open for writing could be written now, asked without writing.
 *
 * Threading: safe from every thread. */
#pragma once

#include "store/store.h"

#define STORE_LOSS_US ((int64_t)300 * G_USEC_PER_SEC) /* so long a batch that was lost counts */

/* Check that @store, open for writing, takes writes: its lock is held where it should be, its disk
 * has room, and the last batch was not lost within STORE_LOSS_US to what is the system's
 * (error_is_of_system()).  Of what a reader sees it says nothing.  The error of what is wrong. */
bool store_check_health(Store *store, GError **error);
