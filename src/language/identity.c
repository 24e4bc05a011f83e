#include "language/identity.h"

#define MAX_PHONE_BYTES 24

static int number_at(const char *digits, int n_digits)
{
    int number = 0;
    for (int i = 0; i < n_digits; i++) {
        number = 10 * number + (digits[i] - '0');
    }
    return number;
}

/* Return whether the check character of the 18 at @text is that of the 17 digits before it. */
static bool is_checked(const char *text)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(weights); i++) {
        sum += (text[i] - '0') * weights[i];
    }
    return g_ascii_toupper(text[G_N_ELEMENTS(weights)]) == "10X98765432"[sum % 11];
}

bool language_is_identity(const char *text)
{
    size_t length = strlen(text);
    size_t n_digits = strspn(text, "0123456789");
    if (length == 15 && n_digits == 15) {
        return date_is_valid(1900 + number_at(text + 6, 2), number_at(text + 8, 2),
                             number_at(text + 10, 2));
    }
    int year = length == 18 && n_digits >= 17 ? number_at(text + 6, 4) : 0;
    return year >= 1850 && date_is_valid(year, number_at(text + 10, 2), number_at(text + 12, 2)) &&
           is_checked(text);
}

/* Copy the digits of @text to @digits, which has room for them; false when there is anything but
 * digits, spaces, dashes and brackets. */
static bool take_digits(const char *text, char *digits)
{
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_isdigit(*at)) {
            digits[n++] = *at;
        } else if (strchr(" -()", *at) == NULL) {
            return false;
        }
    }
    digits[n] = '\0';
    return true;
}

bool language_is_phone(const char *text)
{
    char digits[MAX_PHONE_BYTES + 1];
    const char *national = text + (g_str_has_prefix(text, "+86") ? strlen("+86") : 0);
    if (strlen(national) > MAX_PHONE_BYTES || !take_digits(national, digits)) {
        return false;
    }
    size_t n = strlen(digits);
    bool is_mobile = n == 11 && digits[0] == '1' && digits[1] >= '3';
    bool is_landline = digits[0] == '0' && digits[1] != '0' && n >= 10 && n <= 12;
    bool is_400 =
        n == 10 && (digits[0] == '4' || digits[0] == '8') && digits[1] == '0' && digits[2] == '0';
    return is_mobile || is_landline || is_400;
}
