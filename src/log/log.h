/* The event log of one office: append-only, hashed into a Merkle tree, signed.
 *
 * Nothing in an office changes without an event in the same transaction.  An event is one line of
 * canonical JSON (RFC 8785); its hash is a leaf of the tree:
 *
 *   {"actor":"os:zhang","at":1700000000000000,"data":{…},"fields":{"title":"…"},"kind":"entry.add",
 *    "object":12,"seq":12,"why":"…"}
 *
 *   seq     its place: 1, 2, 3… without gaps; leaf index + 1
 *   object  what it is about.  Every object's id is the seq of the event that it began with, so ids need no
 *           counter of their own, and for a first event object = seq
 *   data    what may be known for ever (states, numbers, times, ids), keys sorted; left out when empty
 *   fields  what people typed: only a salted commitment of each (proof/commitment.h).  The event's key is in
 *           table `secret`, the values in clear in table `detail`; erasing both rows makes the person
 *           unreadable while the tree stays valid
 *   from    where it came from (an address, "import letters.csv"); left out when unknown
 *
 * The write path is the only one: log_write() runs a job in the store's queue; its events, the head and the
 * tiles of the tree are committed together with the rows.
 *
 * Threading: log_write(), log_sign() and the readers may be called from every thread; a LogWriter only
 * inside its job. */
#pragma once

#include "base/json.h"
#include "base/source.h"
#include "base/value.h"
#include "proof/commitment.h"
#include "proof/note.h"
#include "store/store.h"

typedef struct Log Log;
typedef struct LogWriter LogWriter;

#define LOG_MAX_KIND_BYTES 40
#define LOG_MAX_LINE_BYTES (1024 * 1024)

/* An act (操作): who does it, when, from where, why.  All borrowed. */
typedef struct LogAct {
    const char *actor; /* "os:NAME" for the console, "account:ID" else; never NULL */
    int64_t at_us;     /* 0: the log's source says */
    const char *from;  /* NULL: not known */
    const char *why;   /* NULL: not said; kept as a commitment, as it may name people */
} LogAct;

/* ---- opening -------------------------------------------------------------------------------- */

/* Start the log of @store (borrowed; must outlive it), reading its head and the right edge of its tree.
 *
 * @source: gives the time and the keys (borrowed).
 * Installs the store's hooks when @store can write.  CORRUPT when head, tiles and events do not fit. */
Log *log_open(Store *store, Source *source, GError **error);
void log_free(Log *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Log, log_free)

/* Return what the log was opened with; borrowed. */
Store *log_store(const Log *log);
Source *log_source(const Log *log);

/* ---- writing -------------------------------------------------------------------------------- */

/* One unit of work: rows and events together, or nothing. */
typedef bool (*LogJob)(LogWriter *writer, void *data, GError **error);

/* Run @job for @act in the write queue; return when it is on disk.  Errors as store_write(). */
bool log_write(Log *log, const LogAct *act, LogJob job, void *data, GError **error);

/* The connection to write rows with, the act, and the time of it.  Borrowed, valid inside the job. */
StoreConnection *log_writer_connection(LogWriter *writer);
const LogAct *log_writer_act(const LogWriter *writer);
int64_t log_writer_now_us(const LogWriter *writer);

/* Return the seq that the next event of this job will get: the id of the object it begins. */
int64_t log_writer_next_seq(const LogWriter *writer);

/* The fields of one event, hashed ahead: making them needs no writer, so that a big import can do it on
 * another core.  Belongs to one thread at a time. */
typedef struct LogFields LogFields;

/* Start a set; the key comes from @source. */
LogFields *log_fields_new(Source *source);
void log_fields_free(LogFields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogFields, log_fields_free)

/* Add @name (static, or valid as long as @fields) with its canonical text; names in ascending order, each
 * once (asserted).  An empty text says that the field was emptied: leave out what never was filled. */
void log_fields_add(LogFields *fields, const char *name, const char *canonical);
bool log_fields_is_empty(const LogFields *fields);

/* Append an event.
 *
 * @kind: "entry.add", at most LOG_MAX_KIND_BYTES; a literal.
 * @object: the id of what it is about; 0: it begins a new object, whose id is its own seq.
 * @data: canonical JSON object text, or NULL.
 * @fields: committed to and kept; borrowed; NULL: none.
 * @ret_seq: NULL allowed.
 * LIMIT when the line would be longer than LOG_MAX_LINE_BYTES. */
bool log_append(LogWriter *writer, const char *kind, int64_t object, const char *data,
                const LogFields *fields, int64_t *ret_seq, GError **error);

/* Forget the keys and values of all events of @object so far (PIPL art. 47): rows of `secret` and `detail` are
 * deleted, and an event "erase" says which seqs.  The caller removes the values from its own tables. */
bool log_erase(LogWriter *writer, int64_t object, GError **error);

/* ---- reading -------------------------------------------------------------------------------- */

/* One event as stored. */
typedef struct LogEvent {
    int64_t seq;
    int64_t at_us;
    int64_t object;
    char *actor;
    char *kind;
    char *line;
    char *values; /* the detail: JSON object of canonical texts; NULL: none, or erased */
    bool is_erased; /* it had fields, and its key is gone */
} LogEvent;

void log_event_free(LogEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogEvent, log_event_free)

/* Return the events of @object in order (of LogEvent; the caller owns it). */
GPtrArray *log_history(StoreConnection *connection, int64_t object, GError **error);

/* Return at most @limit events with seq > @after, in order. */
GPtrArray *log_events_after(StoreConnection *connection, int64_t after, int64_t limit,
                            GError **error);

/* The tree's size and root as stored.  @ret_root may be NULL. */
bool log_head(StoreConnection *connection, int64_t *ret_size,
              uint8_t ret_root[CRYPTO_HASH_SIZE], GError **error);

/* ---- checkpoints ---------------------------------------------------------------------------- */

/* Sign the present head.
 *
 * @signer: the office's key (proof/note.h); @origin: the checkpoint's first line ("shuzhi/<office id>").
 * A fresh reader reads every event since the last checkpoint back from the database, hashes it anew and
 * compares the root with the one in memory: only an equal root is signed (Certificate Transparency's Yeti
 * 2022 was lost to one flipped bit).  The checkpoint is kept in table `checkpoint`.
 * *@ret_note (NULL allowed): the signed text.  CORRUPT when the roots differ: nothing is signed. */
bool log_sign(Log *log, const ProofSigner *signer, const char *origin, char **ret_note,
              GError **error);

/* Return the newest checkpoint kept, NULL without error when there is none; the caller owns it. */
bool log_last_checkpoint(StoreConnection *connection, char **ret_note, GError **error);

/* Return the C2SP tlog-proof text that event @seq is in the newest checkpoint (NOT_FOUND when it is younger). */
char *log_prove_event(StoreConnection *connection, int64_t seq, GError **error);
