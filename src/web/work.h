/* Work that outlasts the request that began it: checking and importing a file, a verification.
 *
 * A piece of work has an owner, a key that is part of its address, and data of its own.  It is
 * begun as often as it takes (a file is checked, then imported); what it is busy with runs on a
 * thread of its own and tells how far it is.  Of each sort only so many run at a time in an office.
 * What has ended is kept for WEB_WORK_KEPT_US, so that its owner can come back to it; all of it
 * goes with the server, and what runs then is asked to stop, and waited for.
 *
 * Threading: safe from every thread.  The data belongs to the thread that works; everybody else
 * looks at it between work_lock() and work_unlock(), and so does that thread to change it. */
#pragma once

#include "base/error.h"

#define WEB_WORK_KEPT_US (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define WEB_WORKS_MAX 100 /* of an office; then those that ended longest ago go */

typedef enum WebWorkSort {
    WEB_WORK_CHECK,
    WEB_WORK_IMPORT,
    WEB_WORK_VERIFY,
    WEB_WORK_N_SORTS,
} WebWorkSort;

typedef struct WebWorks WebWorks;
typedef struct WebWork WebWork;

/* What is done; false with *error.  It tells work_report() now and then, and stops when that says
 * so. */
typedef bool (*WebWorkFunc)(WebWork *work, void *data, GError **error);

/* How far it is. */
typedef struct WebWorkLook {
    WebWorkSort sort;   /* of what runs, or ran last */
    bool has_begun;     /* it ran at least once */
    bool is_running;    /* it does now */
    int64_t started_us; /* when it began, as the office has it */
    int64_t elapsed_us; /* how long it has counted, or took */
    int64_t n_done;
    int64_t n_total; /* 0: not known yet */
} WebWorkLook;

/* Return the place for the work of one office; the caller owns it.  Freeing it ends all work. */
WebWorks *works_new(void);
void works_free(WebWorks *works);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebWorks, works_free)

/* Add work that has not begun.
 *
 * @key: not in use.  @owner: the actor whose it is.  @title: what it is about, a file's name.
 * @data: (takes), freed with @free_data.
 * Returns a reference, which the caller gives back. */
WebWork *works_add(WebWorks *works, const char *key, const char *owner, const char *title,
                   void *data, GDestroyNotify free_data);

/* Return a reference to the work of @key; NULL where there is none, or none of @owner's (NULL:
 * anybody's). */
WebWork *works_find(WebWorks *works, const char *key, const char *owner);

/* Return a reference to work of @sort that runs; NULL where none does. */
WebWork *works_find_running(WebWorks *works, WebWorkSort sort);

/* Return references to @owner's work, the newest first. */
GPtrArray *works_list(WebWorks *works, const char *owner);

/* Forget @work, unless it runs. */
void works_remove(WebWorks *works, WebWork *work);

/* Wait until nothing runs.  For tests. */
void works_wait(WebWorks *works);

void work_unref(WebWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebWork, work_unref)

/* Run @func with the work's data on a thread.
 *
 * @now_us: the office's present.
 * Returns false when it may not run now; *@ret_busy is a reference to what stands in the way:
 * itself, or another of this sort. */
bool work_start(WebWork *work, WebWorkSort sort, WebWorkFunc func, int64_t now_us,
                WebWork **ret_busy);

/* Ask it to stop. */
void work_cancel(WebWork *work);

/* Wait until it has ended, @wait_us at most. */
void work_wait(WebWork *work, int64_t wait_us);

/* Note that @n_done of @n_total (0: not known) are done; false when it is to stop.  A
 * LedgerProgress; @work is the WebWork. */
bool work_report(int64_t n_done, int64_t n_total, void *work);

/* Say how far it is. */
void work_look(WebWork *work, WebWorkLook *ret_look);

/* Return why it failed, a copy that the caller owns; NULL when it did not. */
GError *work_fault(WebWork *work);

/* Return the data, which stays as it is until work_unlock(). */
void *work_lock(WebWork *work);
void work_unlock(WebWork *work);

/* Return what it was added with; borrowed as long as the reference. */
const char *work_key(const WebWork *work);
const char *work_owner(const WebWork *work);
const char *work_title(const WebWork *work);
