#include "language/collate.h"

#include <string.h>

#include "language/icu.h"
#include "language/surname.h"

/* Open the rules; NULL when ICU or its data is not installed: then the order is by code point. */
static gpointer open_rules(gpointer nothing)
{
    if (!icu_load()) {
        return NULL;
    }
    UErrorCode status = U_ZERO_ERROR;
    UCollator *rules = icu.ucol_open("zh-u-co-pinyin", &status);
    icu.ucol_setAttribute(rules, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
    if (U_FAILURE(status)) {
        icu.ucol_close(rules);
        return NULL;
    }
    return rules;
}

int collate_compare(const char *left, const char *right)
{
    static GOnce once = G_ONCE_INIT;
    const UCollator *rules = g_once(&once, open_rules, NULL);
    UErrorCode status = U_ZERO_ERROR;
    if (rules != NULL) {
        UCollationResult result = icu.ucol_strcollUTF8(rules, left, -1, right, -1, &status);
        if (U_SUCCESS(status) && result != UCOL_EQUAL) {
            return result == UCOL_LESS ? -1 : 1;
        }
    }
    return strcmp(left, right);
}

int collate_compare_people(const char *left, const char *right)
{
    g_autofree char *of_left = surname_spell_out(left);
    g_autofree char *of_right = surname_spell_out(right);
    int result =
        collate_compare(of_left != NULL ? of_left : left, of_right != NULL ? of_right : right);
    return result != 0 ? result : strcmp(left, right);
}
