#include "proof/verdict.h"

#include "base/message.h"

static void test_each_has_name_and_sentences(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (int i = 0; i < PROOF_N_VERDICTS; i++) {
        const char *sentence = proof_verdict_sentence((ProofVerdict)i);
        g_assert_true(g_hash_table_add(names, (char *)proof_verdict_name((ProofVerdict)i)));
        g_assert_cmpstr(message_get("en", sentence), ==, sentence);
        g_assert_cmpstr(message_get("zh", sentence), !=, sentence);
    }
    g_assert_cmpstr(proof_verdict_name(PROOF_WRONG_OLD_ROOT), ==, "wrong-old-root");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/verdict/each-has-name-and-sentences", test_each_has_name_and_sentences);
    return g_test_run();
}
