/* Texts in columns, for people: aligned by the width that Chinese takes in a terminal.
 *
 * Control characters, which a spreadsheet or a forged office may hold, never reach the terminal:
 * each becomes a blank.
 *
 * Threading: a table belongs to one thread at a time. */
#pragma once

#include "base/date.h"
#include "base/json.h"
#include "cli/context.h"

#define CLI_COLUMNS 80 /* of a terminal: what people read is not wider where lines can break */

typedef struct CliTable CliTable;

/* Return an empty table of @n_columns columns; the caller owns it. */
CliTable *cli_table_new(size_t n_columns);
void cli_table_free(CliTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CliTable, cli_table_free)

/* Limit column @column to @width columns of the terminal; what is longer is cut, with "…". */
void cli_table_set_limit(CliTable *table, size_t column, int width);

/* Append a row: as many texts (const char *, copied; NULL is empty) as the table has columns. */
void cli_table_add(CliTable *table, ...);

/* Print @table, each line indented by @indent.  Where it would be wider than a terminal, its widest
 * columns become narrower and their texts go on below. */
void cli_table_print(const CliTable *table, int indent, CliContext *context);

/* Return @text with each control character as a blank; the caller owns it. */
char *cli_clean(const char *text);

/* Append @text, which may have several lines, so that each begins @indent columns in. */
void cli_print_text(CliContext *context, const char *text, int indent);

/* Write @us as "2023-05-06 09:30" in the zone @offset_seconds, "" for 0, to @buffer of
 * DATE_TIME_TEXT_SIZE bytes; returns @buffer. */
char *cli_format_time(int64_t us, int offset_seconds, char *buffer);

/* The same for the end of a time limit: one that ends with a day is "2023-05-12 24:00". */
char *cli_format_due(int64_t us, int offset_seconds, char *buffer);

/* Finish @json and print it as a line. */
void cli_print_json(CliContext *context, JsonWriter *json);

/* Print "label  text": the label in @columns columns, the text wrapped beside it, line breaks kept;
 * nothing when @text is empty. */
void cli_print_pair(CliContext *context, int columns, const char *label, const char *text);
