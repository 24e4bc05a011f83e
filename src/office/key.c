#include "office/key.h"

#include <pwd.h>
#include <unistd.h>

#include "base/file.h"
#include "office/office.h"

#define MAX_KEY_BYTES 4096
#define MAX_USER_BYTES 4096 /* of a line of the system's users */

char *office_key_origin(const char *office_id)
{
    return g_strconcat("shuzhi/", office_id, NULL);
}

/* Return the folder of this process's user that the variable @name says; NULL where it says none.
 * One that is empty or relative says none: keys would lie wherever a command was typed. */
static const char *absolute_variable(const char *name)
{
    const char *folder = g_getenv(name);
    return folder != NULL && g_path_is_absolute(folder) ? folder : NULL;
}

/* Return the home of this process's user; the caller owns it. */
static char *find_home(void)
{
    const char *home = absolute_variable("HOME");
    if (home != NULL) {
        return g_strdup(home);
    }
    char buffer[MAX_USER_BYTES];
    struct passwd user;
    struct passwd *found = NULL;
    bool is_known = getpwuid_r(geteuid(), &user, buffer, sizeof buffer, &found) == 0 &&
                    found != NULL && g_path_is_absolute(found->pw_dir);
    return g_strdup(is_known ? found->pw_dir : "/");
}

/* Return the path of the file that keeps @ending of @office_id; the caller owns it. */
static char *path_of(const char *office_id, const char *ending)
{
    g_autofree char *file = g_strconcat(office_id, ending, NULL);
    const char *folder = g_getenv("SHUZHI_KEYS");
    if (folder != NULL && *folder != '\0') {
        return g_build_filename(folder, file, NULL);
    }
    const char *config = absolute_variable("XDG_CONFIG_HOME");
    if (config != NULL) {
        return g_build_filename(config, "shuzhi", "keys", file, NULL);
    }
    g_autofree char *home = find_home();
    return g_build_filename(home, ".config", "shuzhi", "keys", file, NULL);
}

char *office_key_path(const char *office_id)
{
    return path_of(office_id, ".key");
}

char *office_key_last_path(const char *office_id)
{
    return path_of(office_id, ".signed");
}

static void wipe_text(char *text)
{
    if (text != NULL) {
        crypto_wipe(text, strlen(text));
        g_free(text);
    }
}

/* Set *@ret_is_there to whether the file @path holds exactly @text; EXISTS when it holds another.
 */
static bool is_there_already(const char *path, const char *text, bool *ret_is_there, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        *ret_is_there = false;
        return true;
    }
    char *there = file_read(path, MAX_KEY_BYTES, NULL, error);
    if (there == NULL) {
        return false;
    }
    bool is_equal = g_str_equal(there, text);
    wipe_text(there);
    if (!is_equal) {
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "'%s' holds another key; move it away before making this office", path);
        return false;
    }
    *ret_is_there = true;
    return true;
}

static bool write_key(const char *path, const char *text, bool *ret_is_new, GError **error)
{
    bool is_there = false;
    if (!is_there_already(path, text, &is_there, error)) {
        return false;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    if (!is_there && (!file_make_folder(folder, 0700, error) ||
                      !file_write(path, text, strlen(text), 0600, error))) {
        error_prefix(error,
                     "the signing key cannot be kept in '%s'; SHUZHI_KEYS may name another folder",
                     folder);
        return false;
    }
    *ret_is_new = !is_there;
    return true;
}

ProofSigner *office_key_make(const char *office_id, Source *source, bool *ret_is_new,
                             GError **error)
{
    g_autofree char *name = office_key_origin(office_id);
    uint8_t secret[CRYPTO_SECRET_SIZE];
    source_random(source, secret, sizeof secret);
    g_autoptr(ProofSigner) signer = proof_signer_new(name, secret, error);
    crypto_wipe(secret, sizeof secret);
    if (signer == NULL) {
        return NULL;
    }
    char *key = proof_signer_text(signer);
    char *text = g_strconcat(key, "\n", NULL);
    g_autofree char *path = office_key_path(office_id);
    bool is_ok = write_key(path, text, ret_is_new, error);
    wipe_text(key);
    wipe_text(text);
    return is_ok ? g_steal_pointer(&signer) : NULL;
}

ProofSigner *office_key_load(const char *office_id, const char *public_key, GError **error)
{
    g_autofree char *path = office_key_path(office_id);
    char *text = file_read(path, MAX_KEY_BYTES, NULL, error);
    if (text == NULL) {
        error_prefix(error, "the signing key of this office");
        return NULL;
    }
    g_strchomp(text);
    g_autoptr(ProofSigner) signer = proof_signer_parse(text, NULL);
    wipe_text(text);
    g_autofree char *found =
        signer != NULL ? proof_verifier_text(proof_signer_verifier(signer)) : NULL;
    if (g_strcmp0(found, public_key) != 0) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "'%s' does not hold the key of this office", path);
        return NULL;
    }
    return g_steal_pointer(&signer);
}
