/* Several readings of one state at once.
 *
 * The jobs are done by the calling thread and, where the machine has processors to spare, by others
 * over readers of their own.  Such a reader takes part only if its snapshot has the log at the size
 * at which the caller's has it: then both see the same, since nothing changes without an event.
 *
 * Threading: share_jobs() may be called from every thread and blocks until all jobs are done; a job
 * and its data are used by several threads at once. */
#pragma once

#include "store/store.h"

/* Do job number @job over @connection.  Jobs run at the same time, each once. */
typedef bool (*ShareJob)(StoreConnection *connection, guint job, void *data, GError **error);

/* Do @n_jobs jobs; the caller's own are done over @connection, of @store, on which it holds a
 * snapshot if there are several.  When one fails no more are begun, and the error is that of the
 * first in order. */
bool share_jobs(Store *store, StoreConnection *connection, guint n_jobs, ShareJob do_job,
                void *data, GError **error);
