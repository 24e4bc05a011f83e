#include "proof/verdict.h"

static const struct {
    const char *name, *sentence;
} verdicts[PROOF_N_VERDICTS] = {
    [PROOF_SOUND] = {"sound", N_("the proof holds")},
    [PROOF_OUT_OF_RANGE] = {"out-of-range", N_("the proof is about a place outside the log")},
    [PROOF_WRONG_LENGTH] = {"wrong-length", N_("the proof has too few or too many hashes")},
    [PROOF_WRONG_ROOT] = {"wrong-root", N_("the proof does not lead to the checkpoint's root")},
    [PROOF_WRONG_OLD_ROOT] = {"wrong-old-root",
                              N_("the newer log does not continue the older checkpoint")},
    [PROOF_OTHER_LOG] = {"other-log", N_("the checkpoint is of another log")},
    [PROOF_UNSIGNED] = {"unsigned", N_("there is no signature by this key")},
    [PROOF_FORGED] = {"forged", N_("a signature under this key's name is not by this key")},
    [PROOF_OTHER_VALUE] = {"other-value", N_("the value is not the one that was recorded")},
};

const char *proof_verdict_sentence(ProofVerdict verdict)
{
    g_assert(verdict < PROOF_N_VERDICTS);
    return verdicts[verdict].sentence;
}

const char *proof_verdict_name(ProofVerdict verdict)
{
    g_assert(verdict < PROOF_N_VERDICTS);
    return verdicts[verdict].name;
}
