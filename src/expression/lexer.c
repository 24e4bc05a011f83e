#include "expression/lexer.h"

#include "base/date.h"
#include "base/text.h"
#include "expression/expression-internal.h"

typedef struct Lexer {
    const char *at;
    int column; /* of @at */
    GArray *tokens;
    GStringChunk *strings;
    GError **error;
} Lexer;

/* The signs, and what people write instead of them; where one begins another, the longer first. */
static const struct {
    const char *written;
    const char *meant; /* NULL for a sign of ours */
} signs[] = {
    {"<=", NULL},  {">=", NULL},  {"!=", NULL}, {"==", "="}, {"<>", "!="}, {"=<", "<="},
    {"=>", ">="},  {"&&", "and"}, {"||", "or"}, {"<", NULL}, {">", NULL},  {"=", NULL},
    {"(", NULL},   {")", NULL},   {",", NULL},  {"+", NULL}, {"-", NULL},  {"!", "not"},
    {"！=", "!="}, {"！", "not"}, {"（", "("},  {"）", ")"}, {"，", ","},  {"、", ","},
    {"＝", "="},   {"＜", "<"},   {"＞", ">"},  {"≤", "<="}, {"≥", ">="},  {"≠", "!="},
    {"‘", "'"},    {"’", "'"},    {"“", "'"},   {"”", "'"},  {"－", "-"},  {"＋", "+"},
    {"[", "("},    {"]", ")"},    {"{", "("},   {"}", ")"},
};

static bool is_word_start(char c)
{
    return g_ascii_isalpha(c) || c == '_';
}

static bool is_word(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

/* Move over @length bytes, which end between characters. */
static void skip(Lexer *lexer, size_t length)
{
    lexer->column += (int)g_utf8_strlen(lexer->at, (gssize)length);
    lexer->at += length;
}

/* Add a token of the next @length bytes with @text (in the chunk), and move over them. */
static bool add_token(Lexer *lexer, TokenKind kind, const char *text, size_t length)
{
    Token token = {.kind = kind, .column = lexer->column, .text = text};
    g_array_append_val(lexer->tokens, token);
    skip(lexer, length);
    return true;
}

static const char *keep(Lexer *lexer, size_t length)
{
    return g_string_chunk_insert_len(lexer->strings, lexer->at, (gssize)length);
}

/* Spaces of Chinese input methods and of copied pages are spaces too. */
static void skip_spaces(Lexer *lexer)
{
    while (*lexer->at != '\0') {
        gunichar c = g_utf8_get_char(lexer->at);
        if (!g_unichar_isspace(c) && c != 0xFEFF && c != 0x200B) {
            return;
        }
        skip(lexer, (size_t)(g_utf8_next_char(lexer->at) - lexer->at));
    }
}

static bool take_word(Lexer *lexer)
{
    size_t length = 0;
    while (is_word(lexer->at[length]) ||
           (lexer->at[length] == '.' && is_word_start(lexer->at[length + 1]))) {
        length++;
    }
    const char *word = keep(lexer, length);
    g_autofree char *lower = g_ascii_strdown(word, -1);
    if (!g_str_equal(word, lower) && expression_is_reserved(lower)) {
        return expression_fail(lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
                               N_("'%s' is not understood, write %s"), word, lower);
    }
    return add_token(lexer, TOKEN_WORD, word, length);
}

/* Return the length of what looks like a date, "2023-5-6" too; 0 where nothing does. */
static size_t date_length(const char *text)
{
    size_t length = 0;
    for (int part = 0; part < 3; part++) {
        size_t start = length;
        while (g_ascii_isdigit(text[length])) {
            length++;
        }
        if (length == start || (part == 0 && length != 4)) {
            return 0;
        }
        if (part < 2 && text[length++] != '-') {
            return 0;
        }
    }
    return length;
}

static bool take_date(Lexer *lexer, size_t length)
{
    Date date = 0;
    const char *text = keep(lexer, length);
    if (length != DATE_TEXT_SIZE - 1) {
        return expression_fail(
            lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
            N_("'%s' is neither a number nor a date; dates are written as 2023-05-06"), text);
    }
    if (!date_parse(text, &date)) {
        return expression_fail(lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
                               N_("'%s' is not a day of the calendar"), text);
    }
    return add_token(lexer, TOKEN_DATE, text, length);
}

static bool take_number(Lexer *lexer)
{
    size_t length = date_length(lexer->at);
    if (length > 0) {
        return take_date(lexer, length);
    }
    int n_points = 0;
    while (is_word(lexer->at[length]) || lexer->at[length] == '.') {
        n_points += lexer->at[length++] == '.' ? 1 : 0;
    }
    const char *text = keep(lexer, length);
    bool is_number = n_points <= 1 && strspn(text, "0123456789.") == length && text[0] != '.' &&
                     text[length - 1] != '.';
    if (!is_number) {
        return expression_fail(
            lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
            N_("'%s' is neither a number nor a date; dates are written as 2023-05-06"), text);
    }
    return add_token(lexer, TOKEN_NUMBER, text, length);
}

/* Read a text between two of the same quote; the quote itself is doubled inside. */
static bool take_text(Lexer *lexer)
{
    char quote = *lexer->at;
    g_autoptr(GString) text = g_string_new(NULL);
    const char *at = lexer->at + 1;
    for (; *at != quote || at[1] == quote; at++) {
        if (*at == '\0') {
            return expression_fail(lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
                                   N_("the text that begins here has no closing quote"));
        }
        at += *at == quote ? 1 : 0;
        g_string_append_c(text, *at);
    }
    return add_token(lexer, TOKEN_TEXT, g_string_chunk_insert(lexer->strings, text->str),
                     (size_t)(at + 1 - lexer->at));
}

/* Say what is wrong with the character at hand, which begins no token. */
static bool fail_sign(Lexer *lexer)
{
    size_t length = (size_t)(g_utf8_next_char(lexer->at) - lexer->at);
    if ((unsigned char)*lexer->at < 0x80) {
        return expression_fail(lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
                               N_("'%s' is not understood"), keep(lexer, length));
    }
    while ((unsigned char)lexer->at[length] >= 0x80) {
        length++;
    }
    const char *text = keep(lexer, length);
    return expression_fail(lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
                           N_("text must stand in quotes: '%s'"), text);
}

static bool take_sign(Lexer *lexer)
{
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (!g_str_has_prefix(lexer->at, signs[i].written)) {
            continue;
        }
        if (signs[i].meant != NULL) {
            return expression_fail(lexer->error, SHUZHI_ERROR_INVALID, lexer->column,
                                   N_("'%s' is not understood, write %s"), signs[i].written,
                                   signs[i].meant);
        }
        return add_token(lexer, TOKEN_SIGN, signs[i].written, strlen(signs[i].written));
    }
    return fail_sign(lexer);
}

static bool take_token(Lexer *lexer)
{
    char c = *lexer->at;
    if (is_word_start(c)) {
        return take_word(lexer);
    }
    if (g_ascii_isdigit(c)) {
        return take_number(lexer);
    }
    if (c == '\'' || c == '"') {
        return take_text(lexer);
    }
    return take_sign(lexer);
}

GArray *expression_lexer_run(const char *text, GStringChunk *strings, GError **error)
{
    size_t length = strnlen(text, EXPRESSION_TEXT_MAX_BYTES + 1);
    if (length > EXPRESSION_TEXT_MAX_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, N_("the expression is longer than %d bytes"),
                  EXPRESSION_TEXT_MAX_BYTES);
        return NULL;
    }
    size_t offset = 0;
    if (!text_is_valid(text, length, &offset)) {
        error_set(error, SHUZHI_ERROR_INVALID, N_("the expression is not UTF-8 at byte %zu"),
                  offset + 1);
        return NULL;
    }
    g_autoptr(GArray) tokens = g_array_new(false, false, sizeof(Token));
    Lexer lexer = {.at = text, .column = 1, .tokens = tokens, .strings = strings, .error = error};
    for (skip_spaces(&lexer); *lexer.at != '\0'; skip_spaces(&lexer)) {
        if (!take_token(&lexer)) {
            return NULL;
        }
    }
    add_token(&lexer, TOKEN_END, "", 0);
    return g_steal_pointer(&tokens);
}
