/* The fields of one event: what people typed, as salted commitments and in clear.
 *
 * An event line holds for each field only HMAC(HMAC(key, name), value) (proof/commitment.h); the
 * key goes to table `secret`, the values to table `detail`.  Making them needs neither writer nor
 * database, so that a big import does it on another core.
 *
 * Threading: a set belongs to one thread at a time. */
#pragma once

#include "base/source.h"
#include "proof/commitment.h"

typedef struct LogFields LogFields;

/* Start a set; the key comes from @source. */
LogFields *log_fields_new(Source *source);
void log_fields_free(LogFields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogFields, log_fields_free)

/* Add @name (static, or valid as long as @fields) with its canonical text; names in ascending
 * order, each once (asserted).  An empty text says that the field was emptied: leave out what never
 * was filled. */
void log_fields_add(LogFields *fields, const char *name, const char *canonical);
bool log_fields_is_empty(const LogFields *fields);

/* For the log: the key, `"name":"commitment"` pairs and `"name":"value"` pairs, each joined by
 * commas.  Borrowed. */
const uint8_t *log_fields_key(const LogFields *fields);
const char *log_fields_commitments(const LogFields *fields);
const char *log_fields_values(const LogFields *fields);

/* Append `"name":"commitment"` for the value @canonical under @key to @out (no comma); the
 * commitment is standard base64. */
void log_fields_append_commitment(GString *out, const ProofEventKey *key, const char *name,
                                  const char *canonical);
