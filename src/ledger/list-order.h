/* The order of a list: by which column, and, where that is no date or amount, in the order of its
 * values.
 *
 * A column of units, people, choices, states, yes and no, or texts groups the list: units as the
 * organisation has them, people by the pinyin of their names, choices and states as the pack
 * declares them, no before yes, texts by code point.  What the set has no more, as a choice that
 * the pack lost, comes behind those, by code point.  Within a group entries are in the order of a
 * date, so that each group is a stretch of an index (office/indexes.h).
 *
 * Threading: an order belongs to one thread at a time. */
#pragma once

#include "ledger/entry.h"

typedef struct LedgerOrderColumn {
    char *name;               /* as in SQL, "t.opened"; NULL: there is none */
    ValueKind kind;           /* of its values in keys: NUMBER or TEXT */
    const SchemaField *field; /* NULL: the system's */
} LedgerOrderColumn;

typedef struct LedgerOrder {
    const SchemaLedger *ledger;
    bool is_descending;
    LedgerOrderColumn by;    /* within a group */
    LedgerOrderColumn group; /* without a name: all entries are one group */
    bool is_open;            /* its values are texts, of which there may be any number */
    GPtrArray *groups;       /* of char*: canonical values in their order, "" for empty ones last */
    GHashTable *places;      /* of them: text -> place in groups */
} LedgerOrder;

/* Set *@ret_order to the order of lists of @ledger by @sort (ledger/list.h; NULL: recorded), its
 * groups not read yet; INVALID for what they cannot be sorted by.  The caller clears it. */
bool ledger_order_find(const SchemaLedger *ledger, const char *sort, bool is_descending,
                       LedgerOrder *ret_order, GError **error);
void ledger_order_clear(LedgerOrder *order);

/* Where an entry stands in a list. */
typedef struct LedgerPlace {
    int64_t id;
    Value value; /* in the column `by` */
    char *group; /* canonical; NULL: the list has no groups */
    guint at;    /* place of the group among those of the order */
} LedgerPlace;

/* Add the values that there are in @table, the typed one, to @groups (of char*), and "" behind the
 * last.  Of texts at most @n behind @group (NULL: from the first), and *@ret_is_last tells whether
 * there are no others.  A seek in an index for each value. */
bool ledger_order_find_groups(const LedgerOrder *order, StoreConnection *connection,
                              const char *table, const char *group, int n, GPtrArray *groups,
                              bool *ret_is_last, GError **error);

/* Let @groups (takes; each once) be the groups of @order, and put them in their order. */
bool ledger_order_set_groups(LedgerOrder *order, StoreConnection *connection, GPtrArray *groups,
                             GError **error);

/* Return the place of the group @value of @order; behind all when there is none such. */
guint ledger_order_place_of(const LedgerOrder *order, const char *value);

/* Set *@ret_place to where the entry @id stands that has @value and @group (takes both) in the
 * columns of @order, or @entry, whose fields they are; the caller clears it. */
void ledger_place_set(const LedgerOrder *order, int64_t id, Value value, Value group,
                      LedgerPlace *ret_place);
void ledger_place_find(const LedgerOrder *order, const LedgerEntry *entry, LedgerPlace *ret_place);
void ledger_place_clear(LedgerPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LedgerPlace, ledger_place_clear)

/* Compare two places of a list whose groups were read: less than, equal to or greater than 0. */
int ledger_place_compare(const LedgerOrder *order, const LedgerPlace *left,
                         const LedgerPlace *right);

/* Return @place as the key of a page, which the caller owns: "12" for an empty value, "12:VALUE"
 * else; with groups "12:VALUE:GROUP", either of which may be empty. */
char *ledger_place_to_key(const LedgerPlace *place);

/* Read such a key into *@ret_place, zeroed before; INVALID. */
bool ledger_place_parse(const LedgerOrder *order, const char *key, LedgerPlace *ret_place,
                        GError **error);
