#include "language/fold.h"

/* The words in which D is 党, in folded spelling.  What stands before and after the D must be
 * there; more may follow.  Sources: the commonest words with 党 in official reports. */
static const char *const party_words[] = {
    /* 党 begins the word */
    "D建",
    "D员",
    "D支部",
    "D组织",
    "D组书记",
    "D组成员",
    "D组会",
    "D委",
    "D总支",
    "D小组",
    "D工委",
    "D章",
    "D性",
    "D风",
    "D纪",
    "D规",
    "D务",
    "D课",
    "D校",
    "D史",
    "D旗",
    "D徽",
    "D费",
    "D籍",
    "D龄",
    "D派",
    "D政",
    "D群",
    "D团",
    "D内",
    "D外",
    "D中央",
    "D代会",
    "D代表",
    "D的",
    "D和国家",
    "D和政府",
    "D和人民",
    "D要管",
    "D对",
    "D领导",
    "D管",
    "D日",
    "D报",
    "D刊",
    "D魂",
    "D心",
    /* 党 ends it */
    "共产D",
    "入D",
    "治D",
    "管D",
    "跟D走",
    "预备D",
    "爱D",
    "护D",
    "兴D",
    "强D",
    "全D",
    "我D",
    "为D",
    "向D",
    "听D",
    "对D",
    "脱D",
    "退D",
    "政D",
    "主D",
    "各D派",
    /* the anniversaries */
    "建D1",
    "建D9",
    "建D一",
    "建D八",
    "建D九",
    "建D百",
    "建D周",
    "建D节",
};

static bool is_ignored(gunichar c)
{
    return g_unichar_type(c) == G_UNICODE_FORMAT;
}

/* Fold the width and the case of one character; a capital D of either width stays 'D'. */
static gunichar fold_character(gunichar c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        c -= 0xfee0;
    }
    return c == 'D' ? c : g_unichar_tolower(c);
}

/* Do all but the D. */
static GString *fold_characters(const char *text)
{
    GString *out = g_string_new(NULL);
    bool has_space = false, is_after_wide = true; /* true at the beginning: no space there */
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (g_unichar_isspace(c)) {
            has_space = true;
        } else if (!is_ignored(c)) {
            c = fold_character(c);
            bool is_wide = g_unichar_iswide(c);
            if (has_space && !is_after_wide && !is_wide) {
                g_string_append_c(out, ' ');
            }
            g_string_append_unichar(out, c);
            has_space = false;
            is_after_wide = is_wide;
        }
    }
    return out;
}

/* Return whether the D at @at of @text stands in @word. */
static bool is_in_word(const char *text, const char *at, const char *word)
{
    size_t n_before = (size_t)(strchr(word, 'D') - word);
    return (size_t)(at - text) >= n_before && g_str_has_prefix(at - n_before, word);
}

static bool is_party(const char *text, const char *at)
{
    bool is_word_start = at == text || !g_ascii_isalnum(at[-1]);
    if (!is_word_start || g_ascii_isalpha(at[1])) {
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(party_words); i++) {
        if (is_in_word(text, at, party_words[i])) {
            return true;
        }
    }
    return false;
}

char *language_fold(const char *text)
{
    g_autoptr(GString) folded = fold_characters(text);
    GString *out = g_string_sized_new(folded->len);
    for (const char *at = folded->str; *at != '\0'; at++) {
        if (*at != 'D') {
            g_string_append_c(out, *at);
        } else if (!is_party(folded->str, at)) {
            g_string_append_c(out, 'd');
        } else {
            /* 党 is wide, and D was not: the spaces beside it go. */
            if (g_str_has_suffix(out->str, " ")) {
                g_string_truncate(out, out->len - 1);
            }
            g_string_append(out, "党");
            at += at[1] == ' ' ? 1 : 0;
        }
    }
    return g_string_free(out, FALSE);
}
