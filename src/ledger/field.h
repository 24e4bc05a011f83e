/* Fields of a ledger between people and the store: reading what was typed, writing what is shown,
 * checking.
 *
 * The same functions serve forms, `--set`, spreadsheet cells and the API.
 *
 * Threading: a LedgerNames belongs to one thread at a time; the rest is pure. */
#pragma once

#include "office/office.h"

#define LEDGER_MAX_PLACE_CHARS 200 /* of a PLACE; packs say it for TEXT and LONG */

/* Names of units, people and entries, looked up and remembered, also those that there are not
 * (borrowed connection). */
typedef struct LedgerNames LedgerNames;

/* Return an empty memory that asks @connection, which must outlive it; the caller owns it. */
LedgerNames *ledger_names_new(StoreConnection *connection);
void ledger_names_free(LedgerNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerNames, ledger_names_free)

/* Let names be those that units and people had on @day, DATE_NONE: on some day.  Where
 * several have a name, it is the one's that was there then; who was, and was called so before its
 * name was changed, comes before one who was not there. */
void ledger_names_set_day(LedgerNames *names, Date day);

/* Return the display name of unit, person or entry (its number) @id of @kind; borrowed from @names,
 * "#ID" when unknown. */
const char *ledger_names_get(LedgerNames *names, SchemaFieldKind kind, int64_t id);

/* Return what @choice of @field, which knows it no more, was called by the last definition that had
 * it, in @language; borrowed from @names, @choice itself where none did. */
const char *ledger_names_choice(LedgerNames *names, const SchemaField *field, const char *choice,
                                const char *language);

/* Return whether all names were found out, or known not to be there; else the first error of the
 * database, which left a "#ID" where a name should be. */
bool ledger_names_are_read(const LedgerNames *names, GError **error);

/* Add to @units and @people (trees of names, owned by them) those that were looked for and are not
 * there; what is no name of one person, 全体干部, is left out. */
void ledger_names_add_missing(const LedgerNames *names, GTree *units, GTree *people);

/* Find the unit, person or entry that @text names: by name or number, "#12" by its id, or "张三#12"
 * by both, where several have the name; blanks within a person's name do not matter.  @field is a
 * UNIT, PERSON, PEOPLE or ENTRY field. NOT_FOUND, CONFLICT (several have the name), INVALID. */
bool ledger_names_find(LedgerNames *names, const SchemaField *field, const char *text,
                       int64_t *ret_id, GError **error);

/* Read @text as typed into @field.
 *
 * Dates as offices write them (2023.5.6, 2023年5月6日, 5月6日 with @default_year; 0: refused),
 * numbers with commas, full width digits, "是/否", choices by key or word, units and people by name
 * or #id, entries by number, lists separated by "、", "，", ";" or line breaks, people also by
 * blanks or "/" where all are known; a person named twice is refused.  Line breaks of a LONG are
 * LF, whoever sends it; a TEXT or PLACE is one line, without blanks at its ends.  Blank gives an
 * empty value.
 * @names: NULL where the field has no references.
 * INVALID says what is wrong and the nearest good value. */
bool ledger_field_parse(const SchemaField *field, const char *text, LedgerNames *names,
                        int offset_seconds, int default_year, Value *ret_value, GError **error);

/* The same for the amount @text of a MONEY field in a table whose numbers count 10^@places 元: 12.5
 * is 125000.00 with 4.  What says its unit itself, 3000元 or 1.2万, is taken as it says. */
bool ledger_field_parse_money(const SchemaField *field, const char *text, int places,
                              Value *ret_value, GError **error);

/* Read the people that @text names in a list, of the PERSON or PEOPLE field @field, as such a list;
 * empty where it names none.  As ledger_field_parse(). */
bool ledger_field_parse_people(const SchemaField *field, const char *text, LedgerNames *names,
                               Value *ret_value, GError **error);

/* Check a typed value against the field's bounds, length and choices; INVALID. */
bool ledger_field_check(const SchemaField *field, const Value *value, GError **error);

/* Write @value for people in @language ("2023-05-06", "热线", "张三、李四", "12.50"), or, where
 * that is NULL, for programs: choices by their names, "yes" and "no".  "" when empty.  Whatever it
 * writes, ledger_field_parse() reads.  The caller owns it. */
char *ledger_field_format(const SchemaField *field, const Value *value, LedgerNames *names,
                          int offset_seconds, const char *language);

/* Return the instant that @value is, a date being its midnight in the zone of @offset_seconds; 0
 * where it is neither a date nor an instant. */
int64_t ledger_value_us(const Value *value, int offset_seconds);

/* The name of the field's column in its typed table ("f_title"); NULL for kinds without one.  The
 * caller owns it. */
char *ledger_field_column(const SchemaField *field);
