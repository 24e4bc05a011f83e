/* The definition card (口径) of a figure: what was counted, by which rule, of what, until when.
 *
 * It is printed with the number.  Lines come in a fixed order; those that do not
 * apply to a measure are left out.
 *
 * Threading: a card belongs to one thread at a time; making one is pure. */
#pragma once

#include "ledger/field.h"
#include "measure/figure.h"

/* One line: "统计对象", "群众诉求". */
typedef struct CardLine {
    const char *name; /* stable, for JSON: "universe", "where", "counts" …; static */
    const char *term; /* in words; static */
    char *text;
} CardLine;

typedef struct Card {
    char *title;      /* of the measure */
    GPtrArray *lines; /* of CardLine */
} Card;

/* Make the card of @figure in @language ("zh", "en"); the caller owns it. */
Card *card_new(const Figure *figure, const Office *office, const char *language);
void card_free(Card *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Card, card_free)

/* Return the text of the line @name of @card; NULL where it has none.  Borrowed. */
const char *card_get(const Card *card, const char *name);

/* Describe the condition or value @expression in @language, fields and choices by their words; the
 * caller owns it. */
char *card_describe(const Schema *schema, const Expression *expression, const char *language);

/* Return the value @value of a field or name of the system, the last name in @expression, in words
 * of @language, "" where it is empty; the caller owns it.  @names: for units, people and entries.
 */
char *card_describe_value(const Schema *schema, const Expression *expression, const Value *value,
                          LedgerNames *names, int offset_seconds, const char *language);

/* Return the label of the date by which @set's members fall into a period, a set of a ledger;
 * borrowed from the schema, or static. */
const char *card_date_label(const SchemaSet *set, const char *language);
