#include "office/password.h"

#include "base/crypto.h"

/* Passwords of enough length that are in every cracker's first list, in small letters. */
static const char *const common[] = {
    "0123456789",   "1111111111",   "1122334455",   "1234567890",    "12345678910",
    "123456789a",   "1234567899",   "1357924680",   "147258369a",    "1q2w3e4r5t",
    "1q2w3e4r5t6y", "1qaz2wsx3edc", "1qaz@wsx3edc", "5201314520",    "9876543210",
    "a123456789",   "a1234567890",  "aa123456789",  "aa123456..",    "abc1234567",
    "abc123456789", "abcd123456",   "abcd@123456",  "admin12345",    "admin123456",
    "admin@1234",   "admin@12345",  "admin@123456", "administrator", "asdfghjkl;",
    "changeme123",  "default123",   "iloveyou123",  "letmein123",    "passw0rd123",
    "password01",   "password12",   "password123",  "password123!",  "password@123",
    "qaz123wsx456", "qazwsxedcrfv", "qwer123456",   "qwer1234!@#$",  "qwert12345",
    "qwertyuiop",   "root123456",   "root@123456",  "shuzhi1234",    "shuzhi@123",
    "test123456",   "welcome123",   "welcome@123",  "woaini1314",    "woaini5201314",
    "woaini520!",   "zaq12wsxcde3", "zhang123456",  "zxcvbnm123",
};

/* Return how many kinds of characters @password mixes. */
static int count_classes(const char *password)
{
    bool has[OFFICE_PASSWORD_MAX_CLASSES] = {false};
    for (const char *at = password; *at != '\0'; at++) {
        int class = g_ascii_islower(*at)   ? 0
                    : g_ascii_isupper(*at) ? 1
                    : g_ascii_isdigit(*at) ? 2
                                           : 3;
        has[class] = true;
    }
    return has[0] + has[1] + has[2] + has[3];
}

/* Return whether @lower, in small letters, is easily guessed for @account. */
static bool is_common(const char *lower, const char *account)
{
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++) {
        if (g_str_equal(common[i], lower)) {
            return true;
        }
    }
    g_autofree char *name = g_ascii_strdown(account, -1);
    return *name != '\0' && strstr(lower, name) != NULL;
}

bool office_password_check(const char *password, const char *account, int n_chars, int n_classes,
                           GError **error)
{
    glong length = g_utf8_strlen(password, -1);
    int min_chars = MAX(n_chars, OFFICE_PASSWORD_MIN_CHARS);
    if (length < min_chars || length > OFFICE_PASSWORD_MAX_CHARS) {
        error_set(
            error, SHUZHI_ERROR_INVALID,
            "a password has %d to %d characters; a sentence of yours with digits and signs in it is"
            " good",
            min_chars, OFFICE_PASSWORD_MAX_CHARS);
        return false;
    }
    if (count_classes(password) < n_classes) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a password must mix %d of these: small letters, capitals, digits, other signs",
                  n_classes);
        return false;
    }
    char *lower = g_ascii_strdown(password, -1);
    bool is_bad = is_common(lower, account);
    crypto_wipe(lower, strlen(lower));
    g_free(lower);
    if (is_bad) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "this password is one that everybody tries first, or holds the account's name");
    }
    return !is_bad;
}
