#include "proof/note.h"

/* The keys of test-key.c.  The signature is that of
 *   printf '一行\n\n另一行\n' > text
 *   openssl pkeyutl -sign -rawin -inkey key.der -keyform DER -in text -out signature
 *   (printf eb43650f | xxd -r -p; cat signature) | base64 -w0 */
#define NAME "county.example/office"
#define PUBLIC NAME "+eb43650f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define PRIVATE "PRIVATE+KEY+" NAME "+eb43650f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define TEXT "一行\n\n另一行\n"
#define SIGNATURE                                  \
    "— " NAME " 60NlD6JHRUkvtsFLrFr8Rs3jc4sFpP2g/" \
    "x5B140gW2G7If4G3GlnAlpba572580uTgta5yESSF7gVGwWRBQWVJeGOgg=\n"
#define UNKNOWN "— witness.example/prefecture AAAAAAA=\n"

static ProofNote *parse(const char *text)
{
    return proof_note_parse(text, strlen(text), NULL);
}

static ProofVerdict check(const char *text)
{
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(PUBLIC, NULL);
    g_autoptr(ProofNote) note = parse(text);
    g_assert_nonnull(note);
    return proof_note_check(note, verifier);
}

static void test_known_answer(void)
{
    g_autoptr(ProofSigner) signer = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofNote) note = proof_note_new(TEXT, NULL);
    g_assert_cmpint(proof_note_check(note, proof_signer_verifier(signer)), ==, PROOF_UNSIGNED);
    proof_note_sign(note, signer);
    g_autofree char *text = proof_note_text(note);
    g_assert_cmpstr(text, ==, TEXT "\n" SIGNATURE);
    g_assert_cmpint(check(text), ==, PROOF_SOUND);
}

static void test_text_ends_at_the_last_empty_line(void)
{
    g_autoptr(ProofNote) note = parse(TEXT "\n" SIGNATURE);
    g_assert_cmpstr(note->text, ==, TEXT);
    g_assert_cmpuint(note->signatures->len, ==, 1);
    const ProofSignature *signature = g_ptr_array_index(note->signatures, 0);
    g_assert_cmpstr(signature->name, ==, NAME);
    g_assert_cmphex(signature->id, ==, 0xeb43650f);
    g_assert_cmpuint(signature->length, ==, CRYPTO_SIGNATURE_SIZE);
}

static void test_unknown_signatures_are_ignored(void)
{
    g_assert_cmpint(check(TEXT "\n" UNKNOWN), ==, PROOF_UNSIGNED);
    g_assert_cmpint(check(TEXT "\n" UNKNOWN SIGNATURE UNKNOWN), ==, PROOF_SOUND);
    /* our name with another id, our id with another name */
    g_assert_cmpint(check(TEXT "\n— " NAME " AAAAAAA=\n" SIGNATURE), ==, PROOF_SOUND);
    g_assert_cmpint(check(TEXT "\n— other 60NlDwA=\n"), ==, PROOF_UNSIGNED);
}

static void test_forged(void)
{
    g_assert_cmpint(check("二行\n\n" SIGNATURE), ==, PROOF_FORGED);
    g_assert_cmpint(check(TEXT "\n— " NAME " 60NlDwA=\n"), ==, PROOF_FORGED); /* too short */
    g_assert_cmpint(check(TEXT "\n" SIGNATURE "— " NAME " 60NlDwA=\n"), ==, PROOF_FORGED);
}

/* Not a bit of text or signature can change: the note is refused, unsigned or forged. */
static void test_every_flipped_bit(void)
{
    static const char whole[] = TEXT "\n" SIGNATURE;
    g_autoptr(ProofVerifier) verifier = proof_verifier_parse(PUBLIC, NULL);
    for (size_t bit = 0; bit < 8 * (sizeof whole - 1); bit++) {
        char broken[sizeof whole];
        memcpy(broken, whole, sizeof whole);
        broken[bit / 8] ^= (char)(1 << bit % 8);
        g_autoptr(ProofNote) note = proof_note_parse(broken, sizeof whole - 1, NULL);
        g_assert_true(note == NULL || proof_note_check(note, verifier) != PROOF_SOUND);
    }
}

static void test_several_signers(void)
{
    const uint8_t secret[CRYPTO_SECRET_SIZE] = {7};
    g_autoptr(ProofSigner) office = proof_signer_parse(PRIVATE, NULL);
    g_autoptr(ProofSigner) witness = proof_signer_new("witness.example", secret, NULL);
    g_autoptr(ProofNote) note = parse(TEXT "\n" SIGNATURE UNKNOWN);
    proof_note_sign(note, witness);
    proof_note_sign(note, office); /* is there already */
    g_assert_cmpuint(note->signatures->len, ==, 3);
    g_autofree char *text = proof_note_text(note);
    g_assert_true(g_str_has_prefix(text, TEXT "\n" SIGNATURE UNKNOWN "— witness.example "));
    g_autoptr(ProofNote) again = parse(text);
    g_assert_cmpint(proof_note_check(again, proof_signer_verifier(office)), ==, PROOF_SOUND);
    g_assert_cmpint(proof_note_check(again, proof_signer_verifier(witness)), ==, PROOF_SOUND);
}

static void check_refused(const char *text, size_t length, ErrorCode code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ProofNote) note = proof_note_parse(text, length, &error);
    g_assert_null(note);
    g_assert_true(error_is(error, code));
}

static void test_bad_notes(void)
{
    static const char *const texts[] = {
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT "\n",
        "text\n" SIGNATURE,               /* no empty line */
        "text\n\n" SIGNATURE "\n",        /* an empty line after */
        "text\n\n" SIGNATURE "text\n",    /* text after */
        "text\n\n- " NAME " AAAAAAA=\n",  /* a hyphen for the dash */
        "text\n\n—" NAME " AAAAAAA=\n",   /* no space */
        "text\n\n—  " NAME " AAAAAAA=\n", /* two */
        "text\n\n— " NAME "\n",
        "text\n\n— " NAME " \n",
        "text\n\n— " NAME " AAAAAA==\n", /* nothing but an id */
        "text\n\n— " NAME " AAAAAAA\n",  /* no padding */
        "text\n\n— " NAME " AAAAAAB=\n", /* stray bits */
        "text\n\n— " NAME " AAAA AAA=\n",
        "text\n\n— " NAME " AAAAAAA= \n",
        "text\n\n— " NAME " AAAAAAA=", /* no newline */
        "text\n\n— a+b AAAAAAA=\n",
        "text\n\n— \xe3\x80\x80 AAAAAAA=\n", /* a name of spaces */
        "text\r\n\n— " NAME " AAAAAAA=\n",
        "te\txt\n\n— " NAME " AAAAAAA=\n",
        "te\xff"
        "xt\n\n— " NAME " AAAAAAA=\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        check_refused(texts[i], strlen(texts[i]), SHUZHI_ERROR_INVALID);
    }
    static const char with_nul[] = "te\0xt\n\n" UNKNOWN;
    check_refused(with_nul, sizeof with_nul - 1, SHUZHI_ERROR_INVALID);
}

static void test_error_names_the_line(void)
{
    static const char text[] = TEXT "\n" SIGNATURE "bad\n";
    g_autoptr(GError) error = NULL;
    g_assert_null(proof_note_parse(text, strlen(text), &error));
    g_assert_cmpstr(error->message, ==, "line 6: a signature '— NAME BASE64' is expected");
}

static void test_limits(void)
{
    g_autoptr(GString) text = g_string_new("text\n\n");
    for (int i = 0; i < PROOF_SIGNATURES_MAX; i++) {
        g_string_append(text, UNKNOWN);
    }
    g_autoptr(ProofNote) note = proof_note_parse(text->str, text->len, NULL);
    g_assert_nonnull(note);
    g_string_append(text, UNKNOWN);
    check_refused(text->str, text->len, SHUZHI_ERROR_LIMIT);

    g_string_assign(text, "\n\n" UNKNOWN);
    g_autofree char *fill = g_strnfill(PROOF_NOTE_MAX - text->len, 'x');
    g_string_prepend(text, fill);
    g_autoptr(ProofNote) largest = proof_note_parse(text->str, text->len, NULL);
    g_assert_nonnull(largest);
    g_string_prepend_c(text, 'x');
    check_refused(text->str, text->len, SHUZHI_ERROR_LIMIT);
}

static void test_only_clean_text_is_signed(void)
{
    static const char *const texts[] = {"", "no newline", "a\tb\n", "a\r\n", "\xff\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(proof_note_new(texts[i], &error));
        g_assert_true(error_is(error, SHUZHI_ERROR_INVALID));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/note/known-answer", test_known_answer);
    g_test_add_func("/proof/note/text-ends-at-the-last-empty-line",
                    test_text_ends_at_the_last_empty_line);
    g_test_add_func("/proof/note/unknown-signatures-are-ignored",
                    test_unknown_signatures_are_ignored);
    g_test_add_func("/proof/note/forged", test_forged);
    g_test_add_func("/proof/note/every-flipped-bit", test_every_flipped_bit);
    g_test_add_func("/proof/note/several-signers", test_several_signers);
    g_test_add_func("/proof/note/bad-notes", test_bad_notes);
    g_test_add_func("/proof/note/error-names-the-line", test_error_names_the_line);
    g_test_add_func("/proof/note/limits", test_limits);
    g_test_add_func("/proof/note/only-clean-text-is-signed", test_only_clean_text_is_signed);
    return g_test_run();
}
