/* Signed notes: a text, an empty line, and one line a signature.
 *
 *     TEXT, of one or more lines
 *     (empty line)
 *     — NAME Base64(id in 4 bytes, big endian ‖ signature)
 *
 * A signature is over the text up to and including its last newline.  A note is UTF-8 without
 * control characters but newlines.  Signatures by keys that the reader does not know are carried
 * along and ignored: that is how a key is changed, and how witnesses add theirs.
 *
 * Parsing checks the form alone.  Nothing of the text may be believed before proof_note_check().
 *
 * Source: C2SP signed-note.  A note belongs to one thread at a time. */
#pragma once

#include "proof/key.h"
#include "proof/verdict.h"

/* The largest note that is read, in bytes, and the most signatures: room for the 16 signatures of
 * 5 KB that a reader has to accept. */
#define PROOF_NOTE_MAX (256 * 1024)
#define PROOF_SIGNATURES_MAX 100

/* One signature line. */
typedef struct ProofSignature {
    char *name;
    uint32_t id;
    uint8_t *bytes;
    size_t length;
} ProofSignature;

typedef struct ProofNote {
    char *text;            /* ends in a newline */
    GPtrArray *signatures; /* ProofSignature, in the order of the note */
} ProofNote;

/* Make a note of @text without signatures; the caller owns it.
 *
 * @error: INVALID  @text does not end in a newline, or is not UTF-8 without control characters */
ProofNote *proof_note_new(const char *text, GError **error);

/* Read the note that the @length bytes at @bytes are, to the last byte.
 *
 * @error: INVALID  not a signed note; the message names the line
 *         LIMIT    larger than PROOF_NOTE_MAX or more than PROOF_SIGNATURES_MAX signatures */
ProofNote *proof_note_parse(const char *bytes, size_t length, GError **error);

/* Add @signer's signature, after those that are there; a second one by the same key is ignored. */
void proof_note_sign(ProofNote *note, const ProofSigner *signer);

/* Return the whole note as it is sent and stored; the caller owns it.  For a parsed note it is the
 * text it was parsed from, byte by byte. */
char *proof_note_text(const ProofNote *note);

/* Check the signature by @verifier's key: SOUND, UNSIGNED, or FORGED where a signature with its
 * name and id is wrong (also beside a right one). */
ProofVerdict proof_note_check(const ProofNote *note, const ProofVerifier *verifier);

void proof_note_free(ProofNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProofNote, proof_note_free)
