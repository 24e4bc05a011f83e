/* Fields and child rows as one text: "title=路灯不亮", "trainees=person=张三;score=92".
 *
 * Commands take them so; exports write the rows of an entry so, a line a row, and imports read them
 * back, or the list of names that a table of an office has in their place.  In a value of a row
 * ';', a line break and '\' are written "\;", "\n" and "\\".
 *
 * Threading: pure but for @names, which belongs to one thread at a time. */
#pragma once

#include "ledger/input.h"

/* Cut @word at its first '=': *@ret_field is the one of @fields, by name or by words, that stands
 * before it, *@ret_value the rest, borrowed.  INVALID names the nearest field. */
bool ledger_assignment_split(const GPtrArray *fields, const char *word,
                             const SchemaField **ret_field, const char **ret_value, GError **error);

/* Add to @input the rows of the ROWS field @rows that @text describes: a line a row,
 * "person=张三;score=92"; or, where a person is all that a row needs, names, "张三、李四", each a
 * row.  A row of blanks is none, as in a form of the web.  INVALID as ledger_field_parse(), for a
 * field that is unknown, or given twice. */
bool ledger_assignment_add_rows(LedgerInput *input, const SchemaField *rows, const char *text,
                                LedgerNames *names, int offset_seconds, int default_year,
                                GError **error);

/* Return @rows (NULL: none) of @field as such lines, personal columns left out, their values as
 * ledger_field_format() writes them; the caller owns it. */
char *ledger_assignment_rows_text(const SchemaField *field, const LedgerRows *rows,
                                  LedgerNames *names, int offset_seconds, const char *language);
