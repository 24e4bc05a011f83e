/* From text to tokens.
 *
 * The first of the three steps of parsing.  It knows the signs, how literals are written, and the
 * usual slips (full-width signs, "==", text without quotes), for which it says what to write.
 *
 * Pure; safe from every thread. */
#pragma once

#include "base/error.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_WORD,   /* a keyword or a name, with its dots: "and", "unit.name" */
    TOKEN_NUMBER, /* digits, perhaps a point and digits; the sign is a token of its own */
    TOKEN_DATE,   /* a day of the calendar, ISO */
    TOKEN_TEXT,   /* what stood between the quotes, undoubled */
    TOKEN_SIGN,   /* "(" ")" "," "+" "-" or a comparison */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    int column;       /* characters from 1 */
    const char *text; /* owned by the chunk; "" for END */
} Token;

/* Return the tokens of @text, the last of them END; the caller owns the array, @strings the texts.
 *
 * @error: INVALID  not UTF-8, or no token can begin at the column named
 *         LIMIT    longer than EXPRESSION_TEXT_MAX_BYTES */
GArray *expression_lexer_run(const char *text, GStringChunk *strings, GError **error);
