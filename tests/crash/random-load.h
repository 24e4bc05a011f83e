/* A load of random acts on an office: entries recorded, corrected, stepped on, commented, deleted,
 * erased; good ones and refused ones.  The same seed gives the same acts.
 *
 * Threading: a load belongs to one thread at a time. */
#pragma once

#include "log/verify.h"
#include "support/test-office.h"

typedef struct RandomLoad {
    Office *office;               /* borrowed */
    const RightsSubject *subject; /* borrowed */
    LogAct act;
    Source *clock;     /* the office's own source, moved on by each act; NULL: real time */
    Source *dice;      /* owned */
    GArray *ids;       /* of int64_t: the entries so far */
    GChecksum *digest; /* of what became of each act */
    int n_done;
    int n_refused;
} RandomLoad;

/* Prepare a load on @office; @clock may be NULL. */
void random_load_init(RandomLoad *load, Office *office, const RightsSubject *subject, Source *clock,
                      uint64_t seed);
void random_load_clear(RandomLoad *load);

/* Do the next act.  What is refused, by the rules of ledgers, is part of the load. */
void random_load_act(RandomLoad *load);

/* Record one entry with random fields; fails as ledger_entry_add(). */
bool random_load_add(RandomLoad *load, int64_t *ret_id, GError **error);

/* Verify the log, the office and its ledgers; the caller owns the report. */
LogReport *random_load_verify(Office *office, GError **error);
