/* The event log of one office: append-only, hashed into a Merkle tree, signed.
 *
 * Nothing in an office changes without an event in the same transaction.  An event is one line of
 * canonical JSON (RFC 8785); its hash is a leaf of the tree:
 *
 *   {"actor":"os:zhang","at":1700000000000000,"data":{…},"fields":{"title":"…"},"kind":"entry.add",
 *    "object":12,"seq":12}
 *
 *      seq     its place: 1, 2, 3… without gaps; leaf index + 1
 *      object  what it is about
 *      data    what may be known for ever (states, numbers, times, ids), keys sorted; left out when
 *              empty
 *      fields  what people typed: only a salted commitment of each (proof/commitment.h); among them
 *              @why, the reason given with the act
 *      from    where it came from (an address, "import letters.csv"); left out when unknown
 *
 * Every object's id is the seq of the event that it began with, so ids need no counter of their
 * own, and for a first event object = seq.  An event's key is in table `secret`, its values in
 * clear in table `detail`; erasing both rows makes the person unreadable while the tree stays
 * valid.
 *
 * The write path is the only one: log_write() runs a job in the store's queue; its events, the head
 * and the tiles of the tree are committed together with the rows.
 *
 * Threading: log_write() and log_write_unflushed() may be called from every thread; a LogWriter
 * only inside its job. */
#pragma once

#include "base/source.h"
#include "log/fields.h"
#include "log/once.h"
#include "store/store.h"

typedef struct Log Log;
typedef struct LogWriter LogWriter;

#define LOG_MAX_KIND_BYTES 40
#define LOG_MAX_LINE_BYTES (1024 * 1024)
#define LOG_MAX_REASON_CHARS 10000

#define LOG_ACTOR_SYSTEM "system" /* the program itself, whoever runs it */

/* An act (操作): who does it, when, from where, why.  All borrowed. */
typedef struct LogAct {
    /* "os:NAME" for the console, "account:ID"; who could not sign in: "address:FROM"; what nobody
     * asked for: LOG_ACTOR_SYSTEM */
    const char *actor;
    int64_t at_us;       /* 0: the log's source says */
    const char *from;    /* NULL: not known */
    const char *why;     /* NULL: not said; kept as a commitment, as it may name people; of at most
                            LOG_MAX_REASON_CHARS, else INVALID about "why" */
    const LogOnce *once; /* NULL: as often as it is sent */
} LogAct;

/* Return whether @act says why; blanks alone are no reason, and are not kept as one. */
bool log_act_has_reason(const LogAct *act);

/* ---- opening -------------------------------------------------------------------------------- */

/* Start the log of @store (borrowed; must outlive it), reading its head and the right edge of its
 * tree.
 *
 * @source: gives the time and the keys (borrowed).
 * Installs the store's hooks when @store can write.  CORRUPT when head, tiles and events do not
 * fit. */
Log *log_open(Store *store, Source *source, GError **error);
void log_free(Log *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Log, log_free)

/* Return what the log was opened with; borrowed. */
Store *log_store(const Log *log);

/* ---- writing -------------------------------------------------------------------------------- */

/* One unit of work: rows and events together, or nothing. */
typedef bool (*LogJob)(LogWriter *writer, void *data, GError **error);

/* Run @job for @act in the write queue; return when it is on disk.  Errors as store_write(); EXISTS
 * when @act->once was done already, which then is on disk (log_once_find() says what). */
bool log_write(Log *log, const LogAct *act, LogJob job, void *data, GError **error);

/* The same, but the answer comes before it is on disk (store_write_unflushed()): the chunks of an
 * import, which is seen, and answered, with a log_write() at its end. */
bool log_write_unflushed(Log *log, const LogAct *act, LogJob job, void *data, GError **error);

/* The connection to write rows with, the act, and the time of it.  Borrowed, valid inside the job.
 */
StoreConnection *log_writer_connection(LogWriter *writer);
const LogAct *log_writer_act(const LogWriter *writer);
int64_t log_writer_now_us(const LogWriter *writer);
Source *log_writer_source(const LogWriter *writer);

/* Return the seq that the next event of this job will get: the id of the object it begins. */
int64_t log_writer_next_seq(const LogWriter *writer);

/* Append an event.
 *
 * @kind: "entry.add", at most LOG_MAX_KIND_BYTES; borrowed for the call.
 * @object: the id of what it is about; 0: it begins a new object, whose id is its own seq.
 * @data: canonical JSON object text, or NULL.
 * @fields: committed to and kept; borrowed; NULL: none.
 * @ret_seq: NULL allowed.
 * INVALID when the act's reason or where it came from is not to be read (text_check_readable());
 * LIMIT when the line would be longer than LOG_MAX_LINE_BYTES. */
bool log_append(LogWriter *writer, const char *kind, int64_t object, const char *data,
                const LogFields *fields, int64_t *ret_seq, GError **error);

/* What one of many events says; borrowed. */
typedef struct LogNews {
    const char *data;        /* canonical JSON object text, or NULL */
    const LogFields *fields; /* committed to and kept; NULL: none */
} LogNews;

/* Append @n events of @kind, each of which begins an object: as log_append() one after the other,
 * but in one go. */
bool log_append_all(LogWriter *writer, const char *kind, const LogNews *news, size_t n,
                    GError **error);

/* Forget the keys and values of all events of @object so far (PIPL art. 47): rows of `secret` and
 * `detail` are deleted, and an event "erase" says which seqs.  The caller removes the values from
 * its own tables. */
bool log_erase(LogWriter *writer, int64_t object, GError **error);
