/* Work on an untrusted file in a child process that can do nothing but read it and answer.
 *
 *   program ──child_start()──► keeper ──► worker in its sandbox (base/sandbox.h)
 *       ▲                        │          reads the file on descriptor 0,
 *       └── how it ended ◄───────┘          answers on descriptor 1 ──► child_read()
 *
 * The worker is forked, not executed anew, so that it starts within a millisecond.  A fork copies
 * only the calling thread, and with it whatever locks the others hold; and a program must never
 * fork with a database open.  Therefore main() calls child_server_start() before it makes a thread
 * or opens anything: a fork of that clean process waits for orders and makes each child; another
 * watches over it and makes it anew when it is killed.  Without a server (tests, fuzzers) the
 * caller itself is forked; then it must have no other thread.
 *
 * The keeper waits for the worker, passes on how it ended, and kills it as soon as the program lets
 * go of the Child or dies itself.
 *
 * What comes back is the word of a process that may have been taken over by the file: check it like
 * the file itself.
 *
 * Threading: child_start() may be called from every thread; a Child belongs to one at a time. */
#pragma once

#include "base/error.h"

#define CHILD_MAX_DATA ((size_t)64 << 10)

/* Functions of this program; not of a library that was loaded later. */
typedef struct ChildWork {
    /* Done before the sandbox closes, when nothing of the input has been read: load the libraries
     * that the work needs (base/late.h).  False is reported as UNAVAILABLE.  NULL: nothing. */
    bool (*prepare)(void);

    /* The work: read @input, write @output, with the @length bytes at @data (aligned, borrowed) as
     * its orders.  It runs in the sandbox; it may allocate, but the descriptors 0 and 1 are all it
     * has.  Returns 0 when it is done; anything else is reported as INTERNAL: what is wrong with
     * the file belongs into the output. */
    int (*run)(int input, int output, const void *data, size_t length);
} ChildWork;

typedef struct ChildLimits {
    size_t memory_bytes; /* address space, the program's own included */
    int cpu_seconds;     /* processor time */
    int wait_ms;         /* all the time that child_read() and child_finish() wait; the time the
                            program takes over the answers does not count */
} ChildLimits;

#define CHILD_LIMITS_DEFAULT \
    ((ChildLimits){.memory_bytes = (size_t)512 << 20, .cpu_seconds = 20, .wait_ms = 60 * 1000})

typedef struct Child Child;

/* Fork the server; once, first thing in main(), while there is one thread and nothing open but the
 * standard descriptors.  It ends by itself when this process does. */
bool child_server_start(GError **error);

/* End the server and wait for it; nothing when there is none. */
void child_server_stop(void);

/* Start @work in a sandboxed child.
 *
 * @data: @length bytes, at most CHILD_MAX_DATA, copied.
 * @input: a descriptor open for reading; the caller keeps it.  Its offset is shared with the child.
 * @error: UNAVAILABLE when there is no process to be had. */
Child *child_start(ChildWork work, const void *data, size_t length, int input,
                   const ChildLimits *limits, GError **error);

/* Kill the child if it is still at work, and free. */
void child_free(Child *child);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Child, child_free)

/* Read up to @size bytes of the answer to @buffer; *@ret_length is 0 at its end, which is all that
 * is known of a worker that died: child_finish() says whether it did.
 * LIMIT when the child has been waited for too long; it is killed then.  IO. */
bool child_read(Child *child, void *buffer, size_t size, size_t *ret_length, GError **error);

/* Wait until the worker has ended, after its output has.
 *
 * @error: LIMIT     it used up its memory, processor time or the waiting time
 *         INVALID   the file made it crash or try what the sandbox forbids
 *         INTERNAL  the work returned a status other than 0
 *         UNAVAILABLE  the sandbox cannot be built on this system, or the work not prepared. */
bool child_finish(Child *child, GError **error);
