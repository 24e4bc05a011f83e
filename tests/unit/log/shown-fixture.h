/* Logs of a few lines, signed, and their events as they are shown: also what no office writes, but
 * who holds its key could. */
#pragma once

#include "log/shown.h"

/* A log of @n lines. */
typedef struct ShownLog {
    const char *const *lines;
    size_t n;
} ShownLog;

/* Return the signer of such logs; the caller owns it. */
ProofSigner *shown_fixture_signer(void);

/* Return event @seq of @log as it is shown under a checkpoint over all of it, its fields opened by
 * @fields, an object as text (NULL: {}); the caller owns it. */
char *shown_fixture_show(const ShownLog *log, int64_t seq, const char *fields);

/* The same for a line that stands at @index of @log, whatever it says. */
char *shown_fixture_show_at(const ShownLog *log, size_t index, int64_t seq, const char *fields);

/* Return a signed checkpoint over the first @size lines of @log; the caller owns it. */
char *shown_fixture_note(const ShownLog *log, int64_t size);

/* Return the proof that @log of @to lines goes on from that of @from, as it stands in a file under
 * "consistency"; the caller owns it. */
char *shown_fixture_consistency(const ShownLog *log, int64_t from, int64_t to);

/* Return the commitment of @line's field @name to @value in Base64, and the opened field
 * "NAME":{…} in *@ret_opened; the caller owns both. */
char *shown_fixture_commit(const char *name, const char *value, char **ret_opened);
