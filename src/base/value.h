/* A typed value: what a field holds, what an expression yields, what a cell of a table becomes.
 *
 * Empty is a kind of its own (VALUE_NONE), never "" or 0.  A value owns its text and its items.
 * The canonical text of a value is what is committed to in the event log and compared on reading:
 *
 *   BOOL "1"/"0"   NUMBER, TIME, REF the decimal integer   DATE ISO   TEXT itself
 *   LIST           the items' canonical texts, each ended by U+001F, in the order given
 *
 * Threading: a value belongs to one thread at a time. */
#pragma once

#include "base/date.h"
#include "base/error.h"

typedef enum ValueKind {
    VALUE_NONE,   /* empty */
    VALUE_BOOL,   /* number is 0 or 1 */
    VALUE_NUMBER, /* number is an integer scaled by the field's decimals; money is fen */
    VALUE_TEXT,   /* text; a choice's key and a file's SHA-256 in hex are text as well */
    VALUE_DATE,   /* number is a Date */
    VALUE_TIME,   /* number is UTC microseconds */
    VALUE_REF,    /* number is the id of a unit, person or entry */
    VALUE_LIST,   /* items, never empty: an empty list is VALUE_NONE */
} ValueKind;

typedef struct Value {
    ValueKind kind;
    int64_t number;
    char *text;    /* owned, TEXT only */
    GArray *items; /* owned, of Value, LIST only */
} Value;

#define VALUE_EMPTY ((Value){.kind = VALUE_NONE})

/* Make a value; text is copied ("" gives VALUE_NONE, and so does NULL). */
Value value_text(const char *text);
Value value_text_take(char *text);
Value value_number(int64_t number);
Value value_bool(bool is_true);
Value value_date(Date date);
Value value_time(int64_t us);
Value value_ref(int64_t id);

/* Append @item (takes) to the list @list, which is LIST or NONE; an empty @item is dropped. */
void value_list_append(Value *list, Value item);

/* Return a deep copy; the caller clears it. */
Value value_copy(const Value *value);
/* Free what @value owns and leave it empty. */
void value_clear(Value *value);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Value, value_clear)

/* Return whether both are of one kind and equal; two empty ones are. */
bool value_is_equal(const Value *a, const Value *b);

/* Return whether @value holds nothing. */
static inline bool value_is_empty(const Value *value)
{
    return value->kind == VALUE_NONE;
}

/* Append the canonical text of @value to @out; nothing for an empty one. */
void value_append_canonical(const Value *value, GString *out);

/* Return the canonical text of @value ("" for an empty one); the caller owns it. */
char *value_to_canonical(const Value *value);

/* Read a canonical text back as a value of @kind (@item_kind: that of a LIST's items).  False,
 * *@ret_value untouched, when @text is not one.  "" gives VALUE_NONE. */
bool value_from_canonical(ValueKind kind, ValueKind item_kind, const char *text, Value *ret_value);
