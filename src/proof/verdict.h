/* What checking a proof can find.
 *
 * A check is a pure function of its arguments: it returns a verdict and never an error.  Text that
 * is not a proof at all is refused earlier, by the parsers, as INVALID.
 *
 * Pure; safe from every thread. */
#pragma once

#include "base/error.h"

typedef enum ProofVerdict {
    PROOF_SOUND,          /* everything holds */
    PROOF_OUT_OF_RANGE,   /* the index is not inside the tree, or the older tree is the larger */
    PROOF_WRONG_LENGTH,   /* too few or too many hashes for this index and these sizes */
    PROOF_WRONG_ROOT,     /* the hashes do not lead to the root of the (newer) tree */
    PROOF_WRONG_OLD_ROOT, /* the older tree is not the beginning of the newer one */
    PROOF_OTHER_LOG,      /* the checkpoint is of a log with another origin */
    PROOF_UNSIGNED,       /* no signature by this key */
    PROOF_FORGED,         /* a signature that names this key is not by it */
    PROOF_OTHER_VALUE,    /* the value shown is not the one committed to */
    PROOF_N_VERDICTS
} ProofVerdict;

/* Return the sentence for @verdict, in English, as the catalogue's key: message_get() translates
 * it.  Static. */
const char *proof_verdict_sentence(ProofVerdict verdict);

/* Return the stable name of @verdict for machines: "wrong-root".  Static. */
const char *proof_verdict_name(ProofVerdict verdict);
