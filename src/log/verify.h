/* Verification: does the office hold exactly what its log says, and is the log the one that was
 * signed?
 *
 * The verdicts are named (docs/proof.md).  Verification trusts nothing in memory: it reads every
 * event line, hashes it, rebuilds the tree, compares it with the stored tiles, head and
 * checkpoints, then folds the events of every object and compares them with the tables.
 *
 * Threading: uses two readers on two threads beside the one given; blocks. */
#pragma once

#include "base/crypto.h"
#include "store/store.h"

typedef enum LogVerdict {
    LOG_SOUND,    /* everything fits, and a checkpoint of the right key covers the head */
    LOG_ASSERTED, /* everything fits, but nothing signed covers it (all, or the newest events) */
    LOG_ALTERED,  /* something stored is not what was logged */
    LOG_MISSING,  /* something logged is not there, or seqs have gaps */
    /* the checkpoint is not signed by the key given, or the stored key is another */
    LOG_NOT_THIS_KEY,
    /* the office is shorter than the checkpoint given: truncated, or an older copy put back */
    LOG_OLDER,
    LOG_FORKED, /* the checkpoint given is not of this history */
} LogVerdict;

/* Return the verdict's name for programs ("sound", "altered" …); static. */
const char *log_verdict_name(LogVerdict verdict);

/* Return the verdict of the name @name, which is one. */
LogVerdict log_verdict_of(const char *name);

/* Return what the verdict means, a key of the catalogue: "sound: everything is …"; static. */
const char *log_verdict_words(LogVerdict verdict);

/* Where the key came from by which signatures are checked.  One that only the office names shows
 * that the log is one piece, not whose it is. */
typedef enum LogKeyFrom {
    LOG_KEY_NAMED, /* the office itself names it */
    LOG_KEY_KEPT,  /* the same is kept on this machine, outside the office (office/key.h) */
    LOG_KEY_GIVEN, /* the caller got it elsewhere */
} LogKeyFrom;

/* Return its name for programs ("named", "kept", "given"); static. */
const char *log_key_from_name(LogKeyFrom from);

/* One thing found, in words a person can act on. */
typedef struct LogFinding {
    LogVerdict verdict;
    const char *name; /* what sort of thing, for programs: "event-line"; static */
    int64_t seq;      /* the event concerned; 0: none */
    int64_t object;   /* the object concerned; 0: none */
    GError *said;     /* the sentence; error_to_text() tells it in a language */
} LogFinding;

/* Called now and then, by one thread at a time, with how many lines are read so far, of @n_total;
 * each event is read twice, for the tree and for the tables.  False cancels. */
typedef bool (*LogProgress)(int64_t n_done, int64_t n_total, void *data);

/* The outcome: the worst verdict, and at most LOG_MAX_FINDINGS findings. */
typedef struct LogReport {
    LogProgress progress; /* set by the caller before; NULL: nobody listens */
    void *progress_data;
    LogKeyFrom key_from; /* set by the caller, for whoever reads the report */
    LogVerdict verdict;
    int64_t n_events;
    int64_t n_objects;   /* rows compared with the log */
    int64_t signed_size; /* what the newest good checkpoint covers */
    int64_t given_size;  /* what the checkpoint given covers, whose history this log goes on; -1:
                            none was given, or it does not */
    uint8_t root[CRYPTO_HASH_SIZE];
    int64_t n_findings;  /* all, also those not kept */
    GPtrArray *findings; /* of LogFinding */
    GHashTable *kinds;   /* kind -> int64_t*: how many events of each kind */
} LogReport;

#define LOG_MAX_FINDINGS 100

/* Return a report without findings; the caller owns it. */
LogReport *log_report_new(void);
void log_report_free(LogReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogReport, log_report_free)

/* Note a finding; the verdict becomes the worse of the two.
 *
 * @name: static, for programs; keeps its meaning once released.
 * @format: English, the key of its translation, as error_set() has it. */
void log_report_add(LogReport *report, LogVerdict verdict, const char *name, int64_t seq,
                    int64_t object, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* The same where an error says what was found (takes @said). */
void log_report_take(LogReport *report, LogVerdict verdict, const char *name, int64_t seq,
                     int64_t object, GError *said);

/* Tell the caller that so many lines are read; CANCELLED. */
bool log_report_tell(const LogReport *report, int64_t n_done, int64_t n_total, GError **error);

/* Return how many events of @kind the walk met. */
int64_t log_report_count(const LogReport *report, const char *kind);

/* Checkpoints kept outside the office, which its log must go on from; NULL each: none. */
typedef struct LogWitness {
    const char *given; /* by the caller */
    /* what the key signed last, kept beside it; one that says nothing of this log is passed over */
    const char *last;
} LogWitness;

/* Tell of rows of @table whose @column, an id, is below 1: no event has such a number, so that none
 * is met where rows are compared with events, and everybody else would read them. */
bool log_verify_ids(StoreConnection *connection, const char *table, const char *column,
                    LogReport *report, GError **error);

/* Check events, tree, head and checkpoints, also while others write.
 *
 * @reader: on it a snapshot is begun that has the very log that is verified, and left to the
 * caller, who compares the tables with it; NULL: none.
 * @origin: the log's name, the first line of its checkpoints.
 * @public_key: verifier key text: the one the caller trusts (--key), else the one stored in the
 * office.
 * @witness: NULL: none.
 * Returns false only when it could not look (store error, @public_key is no key, @witness->given is
 * of another log or was altered (INVALID), CANCELLED). */
bool log_verify(Store *store, StoreConnection *reader, const char *origin, const char *public_key,
                const LogWitness *witness, LogReport *report, GError **error);
