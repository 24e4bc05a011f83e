/* Errors as values.
 *
 * One GError domain, SHUZHI_ERROR.  Its codes live in base/error-codes.def, which also gives each
 * its HTTP status and exit status.  An error keeps, beside the English message for logs, the
 * format it was made from and the arguments, so that the edge (command line, web page) can make
 * the same sentence in the reader's language: the catalogue is keyed by the English format.
 *
 * The rule of the house: `bool f(…, GError **error)` returns false exactly when *error is set, and
 * then leaves its outputs untouched.
 *
 * Threading: an error belongs to one thread at a time; nothing here is global. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/banned.h"

typedef enum ErrorCode {
#define ERROR_CODE(code, http, exit, zh, en) SHUZHI_ERROR_##code,
#include "base/error-codes.def"
#undef ERROR_CODE
    SHUZHI_N_ERRORS
} ErrorCode;

#define SHUZHI_ERROR (shuzhi_error_quark())

/* Return the quark of the domain; read it as SHUZHI_ERROR. */
GQuark shuzhi_error_quark(void);

#define ERROR_MAX_QUOTED 200 /* characters of a quoted value that a message shows */

/* Mark @text for the message catalogue without translating it here. */
#define N_(text) (text)

/* Set *@error to @code with the sentence @format.
 *
 * @format: lower-case English, values quoted: "no ledger named '%s'".  It is the key of the
 *          translation, so it must be a literal.  Understood: %s %d %i %u %c %zu %ld %lu %lld %llu
 *          %02x %.*s %% and the PRId64 family.  "%d {entry|entries}" is in the number of its
 *          argument.  Of what stands in quotes, '%s', ERROR_MAX_QUOTED characters are shown.
 *
 * Does nothing when @error is NULL.  *@error must be NULL before. */
void error_set(GError **error, ErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The same with the arguments of @format as a list. */
void error_set_list(GError **error, ErrorCode code, const char *format, va_list *list)
    G_GNUC_PRINTF(3, 0);

/* Return @words, a NULL-terminated list of catalogue keys, as the argument of one %s: each is
 * translated with its sentence, and they are joined by commas.  The caller owns it. */
char *error_words(const char *const *words);

/* Return the name that people gave something in Chinese and English (NULL: none) as an argument of
 * %s, or as a part of one: the sentence takes the one of its language.  The caller owns it. */
char *error_name(const char *zh, const char *en);

/* Put "@format: " before the message of *@error (translated like it); nothing if @error is NULL or
 * unset.  Use it where a caller knows the place: "ledger '%s'". */
void error_prefix(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Take the outermost prefix off *@error again: for a caller that says the place better.  Does
 * nothing where there is none, and for a foreign domain's error. */
void error_unprefix(GError **error);

/* Add to *@error, that nothing is called @name, which of @names (NULL-terminated) was perhaps meant
 * (", did you mean '%s'?"); where none is near, all of them if they are few.  Nothing if @error is
 * NULL. */
void error_offer(GError **error, const char *name, const char *const *names);

/* Let *@error be about the field @name of a form or of a call (copies), so that it can be told
 * where that is filled in.  Nothing if @error is NULL or unset, and for a foreign domain's error.
 */
void error_about(GError **error, const char *name);

/* Return the field that @error is about, borrowed from it; NULL: none is known.  It does not travel
 * with error_encode(). */
const char *error_field(const GError *error);

/* Let *@error be of the system that the program runs on: its disk, its database.  It speaks to who
 * runs the program, and over HTTP no request is to blame for it: its status is 500 or more.
 * Nothing if @error is NULL or unset, and for a foreign domain's error. */
void error_of_system(GError **error);
bool error_is_of_system(const GError *error);

/* Set *@error, of the system, from errno @number while doing @format; ENOSPC, EDQUOT and EFBIG
 * become FULL, ENOENT and ENOTDIR NOT_FOUND, EACCES, EPERM and EROFS FORBIDDEN, EEXIST EXISTS, the
 * rest IO. */
void error_set_errno(GError **error, int number, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Give *@error another code: for a caller who knows better what the fault means.  Nothing if @error
 * is NULL or unset, or for a foreign domain's error. */
void error_recode(GError **error, ErrorCode code);

/* Return whether @error is ours and has @code; false for NULL. */
bool error_is(const GError *error, ErrorCode code);

/* Return the exit status for @error: that of its code, INTERNAL's for a foreign domain. */
int error_exit_status(const GError *error);

/* Return the HTTP status for @error, likewise; 500 or more for one of the system. */
int error_http_status(const GError *error);

/* Return the stable name of @code: "NOT_FOUND".  Static. */
const char *error_code_name(ErrorCode code);

/* Return the whole sentence of @error in @language ("zh" or "en"); the caller owns it.  A foreign
 * domain's message is passed as it is. */
char *error_to_text(const GError *error, const char *language);

/* Return the sentence @format, given as to error_set(), in @language; the caller owns it. */
char *error_say(const char *language, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Append @error to @out as bytes for another process of this program, which error_decode() reads.
 * A foreign domain's error is sent as INTERNAL with its message; a part that has no translation is
 * sent as its English text. */
void error_encode(const GError *error, GString *out);

/* Set *@error to what error_encode() wrote to the @length bytes at @bytes.
 *
 * The bytes are not trusted: a format is accepted only if the catalogue has it, so the sentence can
 * be told in the reader's language.  Bytes that are no error of ours give INTERNAL: *@error is
 * always set (unless @error is NULL). */
void error_decode(const char *bytes, size_t length, GError **error);
