#include "ledger/list.h"

#include "ledger/evaluate.h"
#include "ledger/list-order.h"
#include "ledger/row.h"
#include "ledger/spelling.h"
#include "log/record.h"
#include "office/indexes.h"
#include "office/tables.h"
#include "office/write.h"
#include "store/store-value.h"

#define MANY 2000 /* entries: to read and sort these takes some ten milliseconds */

/* ---- the query ------------------------------------------------------------------------------- */

typedef struct Listing {
    Office *office;
    StoreConnection *connection;
    const RightsSubject *subject;
    const LedgerQuery *query;
    const LedgerTable *table;
    GPtrArray *fields; /* of SchemaField*: columns that are read of the entries; NULL: all */
    bool has_lists;    /* some field that is read has no column */
    bool may_hide;     /* some entries may be of a batch that is not done */
    LedgerOrder order;
    const char *group; /* the group that is read; NULL: all entries, whatever theirs */
    bool is_common;    /* what the filter lets through is met soon enough in the list's own order */
    bool is_few;       /* it is so little that it is put in order in memory */
    GString *text;
    GArray *values;
} Listing;

static void listing_clear(Listing *listing)
{
    g_clear_pointer(&listing->fields, g_ptr_array_unref);
    ledger_order_clear(&listing->order);
    if (listing->text != NULL) {
        g_string_free(listing->text, true);
        g_array_unref(listing->values);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

static void get_parameter(void *data, const ExpressionSymbol *symbol, Value *ret_value)
{
    const Listing *listing = data;
    *ret_value = ledger_parameter_now(symbol->name, source_now_us(office_source(listing->office)),
                                      office_offset_seconds(listing->office));
}

static void append_filter(Listing *listing)
{
    if (listing->query->filter == NULL) {
        return;
    }
    LedgerSpelling spelling;
    ledger_spelling_init(&spelling, listing->query->ledger, "t", 0,
                         source_now_us(office_source(listing->office)));
    ExpressionContext context = {.get_parameter = get_parameter,
                                 .data = listing,
                                 .offset_seconds = office_offset_seconds(listing->office)};
    ExpressionSql sql = {.dialect = store_connection_dialect(listing->connection) == STORE_SQLITE
                                        ? EXPRESSION_SQLITE
                                        : EXPRESSION_POSTGRES,
                         .names = &spelling.names,
                         .context = &context,
                         .text = listing->text,
                         .values = listing->values};
    g_string_append(listing->text, " AND ");
    expression_to_sql(listing->query->filter, &sql);
}

static void bind(Listing *listing, Value value)
{
    g_array_append_val(listing->values, value);
    g_string_append_printf(listing->text, "$%u", listing->values->len);
}

/* Empty keys come last, in both directions: a page after a filled key continues with greater ones,
 * then with the empty. */
static void append_after(Listing *listing, int64_t id, Value value)
{
    const char *column = listing->order.by.name;
    const char *beyond = listing->query->is_descending ? "<" : ">";
    GString *text = listing->text;
    if (value_is_empty(&value)) {
        g_string_append_printf(text, " AND %s IS NULL AND t.entry_id %s ", column, beyond);
        bind(listing, value_number(id));
        return;
    }
    g_string_append_printf(text, " AND (%s, t.entry_id) %s (", column, beyond);
    bind(listing, value);
    g_string_append(text, ", ");
    bind(listing, value_number(id));
    g_string_append_c(text, ')');
}

static void note_personal(const ExpressionReference *reference, void *data)
{
    bool *is_personal = data;
    const SchemaField *fields[] = {reference->symbol->data,
                                   reference->link != NULL ? reference->link->data : NULL,
                                   reference->rows != NULL ? reference->rows->data : NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        *is_personal = *is_personal || (fields[i] != NULL && fields[i]->is_personal);
    }
}

/* What a filter reads through links: who filters by a personal field of entries that are linked to
 * learns it, whosever they are. */
typedef struct Linked {
    const RightsSubject *subject;
    bool is_personal; /* a personal field */
    bool is_hidden;   /* entries of a ledger of which the subject may not read all */
} Linked;

static void note_linked(const ExpressionReference *reference, void *data)
{
    const SchemaField *field = reference->symbol->data;
    const SchemaField *link = reference->link != NULL ? reference->link->data : NULL;
    Linked *linked = data;
    linked->is_personal =
        linked->is_personal || (reference->link != NULL && field != NULL && field->is_personal);
    if (link != NULL && link->kind == SCHEMA_FIELD_ENTRY) {
        const RightsObject all = {.ledger = link->target, .owner = ""};
        linked->is_hidden =
            linked->is_hidden || !rights_may(linked->subject, RIGHTS_ENTRY_READ, &all, NULL);
    }
}

bool ledger_filter_is_personal(const Expression *filter)
{
    bool is_personal = false;
    if (filter != NULL) {
        expression_walk(filter, note_personal, &is_personal);
    }
    return is_personal;
}

/* Refuse a filter that would tell of personal fields of entries that the subject may not look at,
 * or that nobody has answered for, or through a link of entries that the subject may not read: by
 * asking again and again, all of their text could be read out. */
static bool check_filter(const Listing *listing, GError **error)
{
    Linked linked = {.subject = listing->subject};
    bool is_personal = ledger_filter_is_personal(listing->query->filter);
    if (listing->query->act == NULL && is_personal) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "to filter by personal fields is to look at them, which the log notes: ask for"
                  " personal fields (--personal)");
        return false;
    }
    if (is_personal && !rights_may(listing->subject, RIGHTS_ENTRY_READ_PERSONAL, NULL, NULL)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "a condition on personal fields is for those who may look at them");
        return false;
    }
    if (listing->query->filter != NULL) {
        expression_walk(listing->query->filter, note_linked, &linked);
    }
    if (linked.is_hidden) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "a condition on what a link leads to is for those who may read all of that"
                  " ledger");
        return false;
    }
    const RightsObject all = {.ledger = listing->query->ledger, .owner = ""};
    return !linked.is_personal ||
           rights_may(listing->subject, RIGHTS_ENTRY_READ_PERSONAL, &all, error);
}

/* Who filters by a personal field learns it: only entries count whose personal fields the subject
 * may see. */
static RightsAction action_of(const LedgerQuery *query)
{
    return ledger_filter_is_personal(query->filter) ? RIGHTS_ENTRY_READ_PERSONAL
                                                    : RIGHTS_ENTRY_READ;
}

/* ---- the way through the table --------------------------------------------------------------- */

/* What a filter offers for finding its entries. */
typedef struct Narrowing {
    const LedgerTable *table;
    const char *sort;  /* column */
    const char *group; /* column; NULL: the list has no groups */
    const char *index; /* of entries equal in one column, in the order of the list; borrowed */
    bool is_narrow;    /* another column that is indexed is held to a value or a range */
    bool is_equal;     /* to a value */
    bool is_moved;     /* entries are looked for whose deadline was moved: few of all */
} Narrowing;

/* Return the column of @symbol, "f_channel", "state"; the caller owns it. */
static char *column_of(const ExpressionSymbol *symbol)
{
    const SchemaField *field = symbol->data;
    return field != NULL ? ledger_field_column(field) : g_strdup(symbol->name);
}

static void note_bound(const ExpressionReference *reference, bool is_equal, void *data)
{
    Narrowing *narrowing = data;
    const SchemaField *field = reference->symbol->data;
    g_autofree char *column = column_of(reference->symbol);
    if (column == NULL || g_str_equal(column, narrowing->sort) ||
        g_strcmp0(column, narrowing->group) == 0) {
        return;
    }
    if (is_equal && narrowing->index == NULL) {
        narrowing->index = office_index_name(narrowing->table->indexes, column, narrowing->sort);
    }
    bool is_indexed =
        field == NULL || g_ptr_array_find(narrowing->table->ledger->list, field, NULL);
    bool is_moved = field == NULL && reference->link == NULL &&
                    g_str_equal(reference->symbol->name, "due_first");
    narrowing->is_moved = narrowing->is_moved || is_moved;
    narrowing->is_narrow = narrowing->is_narrow || is_indexed;
    narrowing->is_equal = narrowing->is_equal || is_moved || (is_indexed && is_equal);
}

/* Return the name of a column without its table's. */
static const char *bare(const char *column)
{
    return column != NULL ? column + strlen("t.") : NULL;
}

static Narrowing find_narrowing(const Listing *listing)
{
    Narrowing narrowing = {.table = listing->table,
                           .sort = bare(listing->order.by.name),
                           .group = bare(listing->order.group.name)};
    if (listing->query->filter != NULL) {
        expression_walk_bounds(listing->query->filter, note_bound, &narrowing);
    }
    return narrowing;
}

/* Tell SQLite which index to walk.  It keeps no statistics of an office and would, for `state =
 * received or state = handling`, read and sort all that the filter lets through, a hundred thousand
 * entries for a page of fifty.  The list's own order is left only for a filter that an index
 * narrows otherwise, to few entries; then the database chooses.  PostgreSQL knows what its tables
 * hold. */
static void append_way(Listing *listing)
{
    if (store_connection_dialect(listing->connection) != STORE_SQLITE) {
        return;
    }
    Narrowing narrowing = find_narrowing(listing);
    const char *index = narrowing.is_moved ? NULL : narrowing.index;
    if (listing->group != NULL) {
        index = office_index_name(listing->table->indexes, narrowing.group, narrowing.sort);
    } else if (narrowing.is_moved && !listing->is_common) {
        g_string_append(listing->text, " NOT INDEXED"); /* by id, which this leaves */
    } else if (index == NULL && (!narrowing.is_narrow || listing->is_common)) {
        index = office_index_name(listing->table->indexes, narrowing.sort, NULL);
        g_string_append(listing->text, index == NULL ? " NOT INDEXED" : "");
    }
    if (index != NULL) {
        g_string_append(listing->text, " INDEXED BY ");
        store_append_identifier(listing->text, index);
    }
}

static void append_units(Listing *listing)
{
    const GArray *units = listing->query->units;
    if (units == NULL) {
        return;
    }
    g_string_append(listing->text, units->len == 0 ? " AND (1=0" : " AND t.unit IN (");
    for (guint i = 0; i < units->len; i++) {
        g_string_append(listing->text, i > 0 ? ", " : "");
        bind(listing, value_number(g_array_index(units, int64_t, i)));
    }
    g_string_append_c(listing->text, ')');
}

/* The first deadlines that were moved lie beside the ledger's table, with an index of their own. */
static void append_moved(Listing *listing)
{
    if (find_narrowing(listing).is_moved) {
        g_string_append(listing->text, " AND t.entry_id IN (SELECT m.id FROM entry m"
                                       " WHERE m.due_first IS NOT NULL)");
    }
}

/* What the subject recorded, or what names its person in a field that everybody may read. */
static void append_mine(Listing *listing)
{
    const SchemaLedger *ledger = listing->query->ledger;
    if (!listing->query->is_mine) {
        return;
    }
    g_string_append(listing->text, " AND (t.owner = ");
    bind(listing, value_text(listing->subject->actor));
    for (guint i = 0; listing->subject->person != 0 && i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_PERSON && !field->is_personal) {
            g_string_append(listing->text, " OR t.");
            office_append_column(listing->text, field);
            g_string_append(listing->text, " = ");
            bind(listing, value_number(listing->subject->person));
        }
    }
    g_string_append_c(listing->text, ')');
}

/* Append what an entry must fulfil to be in the list at all. */
static void append_conditions(Listing *listing)
{
    const LedgerQuery *query = listing->query;
    g_string_append(listing->text, " WHERE ");
    if (listing->may_hide) {
        LedgerSpelling spelling;
        ledger_spelling_init(&spelling, query->ledger, "t", 0, 0);
        ledger_spelling_append_visible(&spelling, listing->text);
        g_string_append(listing->text, " AND ");
    }
    rights_predicate(listing->subject, action_of(query), "t", listing->text, listing->values);
    append_filter(listing);
    append_moved(listing);
    append_units(listing);
    append_mine(listing);
}

/* Hold the list to the group that is read. */
static void append_group(Listing *listing)
{
    const LedgerOrderColumn *column = &listing->order.group;
    Value value = VALUE_EMPTY;
    if (listing->group == NULL) {
        return;
    }
    g_string_append_printf(listing->text, " AND %s ", column->name);
    value_from_canonical(column->kind, VALUE_NONE, listing->group, &value);
    if (value_is_empty(&value)) {
        g_string_append(listing->text, "IS NULL");
    } else {
        g_string_append(listing->text, "= ");
        bind(listing, value);
    }
}

/* Begin a statement that reads entries. */
static void compose_head(Listing *listing)
{
    const LedgerTable *table = listing->table;
    const GPtrArray *fields = listing->fields != NULL ? listing->fields : table->columns;
    g_string_assign(listing->text, listing->query->is_brief ? table->list_head : table->head);
    for (guint i = 0; i < fields->len; i++) {
        ledger_row_append_column(listing->text, g_ptr_array_index(fields, i));
    }
    g_string_append(listing->text, table->tail);
    g_array_set_size(listing->values, 0);
}

/* Let a statement that begins with what it reads of the typed table go over all of the list. */
static void compose_over_all(Listing *listing)
{
    store_append_identifier(listing->text, listing->table->name);
    g_string_append(listing->text, " t");
    g_array_set_size(listing->values, 0);
    append_conditions(listing);
}

/* The statement for one stretch of the list: the filled keys, or the empty ones. */
static void compose(Listing *listing, bool is_empty_stretch)
{
    compose_head(listing);
    append_way(listing);
    g_string_append(listing->text, LEDGER_SELECT_ON);
    append_conditions(listing);
    append_group(listing);
    g_string_append_printf(listing->text, " AND %s IS %sNULL", listing->order.by.name,
                           is_empty_stretch ? "" : "NOT ");
}

static void finish(Listing *listing, bool is_empty_stretch, int limit)
{
    const char *direction = listing->query->is_descending ? "DESC" : "ASC";
    if (is_empty_stretch) {
        g_string_append_printf(listing->text, " ORDER BY t.entry_id %s LIMIT ", direction);
    } else {
        g_string_append_printf(listing->text, " ORDER BY %s %s, t.entry_id %s LIMIT ",
                               listing->order.by.name, direction, direction);
    }
    bind(listing, value_number(limit));
}

static StoreStatement *start(Listing *listing, GError **error)
{
    StoreStatement *statement = store_prepare(listing->connection, listing->text->str, error);
    for (guint i = 0; statement != NULL && i < listing->values->len; i++) {
        store_bind_value(statement, (int)i + 1, &g_array_index(listing->values, Value, i));
    }
    return statement;
}

static bool read_entries(Listing *listing, GPtrArray *entries, GError **error)
{
    g_autoptr(StoreStatement) statement = start(listing, error);
    bool has_row = true;
    if (statement == NULL) {
        return false;
    }
    while (store_step(statement, &has_row, error) && has_row) {
        g_ptr_array_add(entries, ledger_row_read(listing->table, listing->fields,
                                                 listing->query->is_brief, statement));
    }
    return !has_row;
}

static void free_entry(gpointer data)
{
    ledger_entry_free(data);
}

/* Read one stretch, from behind @after if it lies in it, until @limit entries are there. */
static bool read_stretch(Listing *listing, bool is_empty_stretch, const LedgerPlace *after,
                         GPtrArray *entries, int limit, GError **error)
{
    bool is_behind = after != NULL && value_is_empty(&after->value) == is_empty_stretch;
    if ((int)entries->len >= limit || (after != NULL && !is_behind && !is_empty_stretch)) {
        return true;
    }
    compose(listing, is_empty_stretch);
    if (is_behind) {
        append_after(listing, after->id, value_copy(&after->value));
    }
    finish(listing, is_empty_stretch, limit - (int)entries->len);
    return read_entries(listing, entries, error);
}

/* Read what is behind @after (NULL: all) in one group, or in a list without groups. */
static bool read_group(Listing *listing, const LedgerPlace *after, GPtrArray *entries, int limit,
                       GError **error)
{
    return read_stretch(listing, false, after, entries, limit, error) &&
           read_stretch(listing, true, after, entries, limit, error);
}

/* Let @groups (takes), and that of @after (NULL: none), be those of the list. */
static bool set_groups(Listing *listing, GPtrArray *groups, const LedgerPlace *after,
                       GError **error)
{
    if (after != NULL &&
        !g_ptr_array_find_with_equal_func(groups, after->group, g_str_equal, NULL)) {
        g_ptr_array_add(groups, g_strdup(after->group));
    }
    return ledger_order_set_groups(&listing->order, listing->connection, groups, error);
}

/* Read the entries of the groups of the list, from that of @after on. */
static bool walk_groups(Listing *listing, const LedgerPlace *after, GPtrArray *entries, int limit,
                        GError **error)
{
    const GPtrArray *groups = listing->order.groups;
    guint first = after != NULL ? ledger_order_place_of(&listing->order, after->group) : 0;
    for (guint i = first; i < groups->len && (int)entries->len < limit; i++) {
        listing->group = g_ptr_array_index(groups, i);
        if (!read_group(listing, i == first ? after : NULL, entries, limit, error)) {
            return false;
        }
    }
    return true;
}

/* Read a page group by group, from that of @after on: of texts as many at a time as a page has
 * room for entries. */
static bool read_groups(Listing *listing, const LedgerPlace *after, GPtrArray *entries, int limit,
                        GError **error)
{
    g_autofree char *last = after != NULL ? g_strdup(after->group) : NULL;
    bool is_last = false;
    while (!is_last && (int)entries->len < limit) {
        g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_free);
        if (!ledger_order_find_groups(&listing->order, listing->connection, listing->table->name,
                                      last, limit - (int)entries->len, groups, &is_last, error) ||
            !set_groups(listing, g_steal_pointer(&groups), after, error) ||
            !walk_groups(listing, after, entries, limit, error)) {
            return false;
        }
        const GPtrArray *walked = listing->order.groups;
        g_free(last);
        last = g_strdup(g_ptr_array_index(walked, walked->len - 1));
        after = NULL;
    }
    return true;
}

/* Read where all entries that the filter lets through stand (of LedgerPlace). */
static bool read_places(Listing *listing, GArray *places, GError **error)
{
    const LedgerOrder *order = &listing->order;
    g_string_printf(listing->text, "SELECT t.entry_id, %s, %s FROM ", order->by.name,
                    order->group.name);
    compose_over_all(listing);
    g_autoptr(StoreStatement) statement = start(listing, error);
    bool has_row = true;
    if (statement == NULL) {
        return false;
    }
    while (store_step(statement, &has_row, error) && has_row) {
        LedgerPlace place;
        ledger_place_set(order, store_column_int(statement, 0),
                         store_column_value(statement, 1, order->by.kind),
                         store_column_value(statement, 2, order->group.kind), &place);
        g_array_append_val(places, place);
    }
    return !has_row;
}

static bool read_one(Listing *listing, int64_t id, GPtrArray *entries, GError **error)
{
    compose_head(listing);
    g_string_append(listing->text, LEDGER_SELECT_ON " WHERE t.entry_id = ");
    bind(listing, value_number(id));
    return read_entries(listing, entries, error);
}

/* Let the groups of the list be those of @places and of @after, and set each one's place. */
static bool group_places(Listing *listing, GArray *places, LedgerPlace *after, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < places->len; i++) {
        char *group = g_array_index(places, LedgerPlace, i).group;
        if (g_hash_table_add(seen, group)) {
            g_ptr_array_add(groups, g_strdup(group));
        }
    }
    if (!set_groups(listing, g_steal_pointer(&groups), after, error)) {
        return false;
    }
    for (guint i = 0; i < places->len; i++) {
        LedgerPlace *place = &g_array_index(places, LedgerPlace, i);
        place->at = ledger_order_place_of(&listing->order, place->group);
    }
    if (after != NULL) {
        after->at = ledger_order_place_of(&listing->order, after->group);
    }
    return true;
}

static int compare_places(gconstpointer a, gconstpointer b, gpointer data)
{
    return ledger_place_compare(data, a, b);
}

static void clear_place(gpointer place)
{
    ledger_place_clear(place);
}

/* Read a page of a list whose filter lets through so little that all of it is put in order here. */
static bool read_few(Listing *listing, LedgerPlace *after, GPtrArray *entries, int limit,
                     GError **error)
{
    g_autoptr(GArray) places = g_array_new(false, false, sizeof(LedgerPlace));
    g_array_set_clear_func(places, clear_place);
    if (!read_places(listing, places, error) || !group_places(listing, places, after, error)) {
        return false;
    }
    g_array_sort_with_data(places, compare_places, &listing->order);
    for (guint i = 0; i < places->len && (int)entries->len < limit; i++) {
        const LedgerPlace *place = &g_array_index(places, LedgerPlace, i);
        bool is_behind = after == NULL || ledger_place_compare(&listing->order, place, after) > 0;
        if (is_behind && !read_one(listing, place->id, entries, error)) {
            return false;
        }
    }
    return true;
}

static bool read_page(Listing *listing, GPtrArray *entries, int limit, GError **error)
{
    LedgerOrder *order = &listing->order;
    const char *key = listing->query->after;
    g_auto(LedgerPlace) place = {0};
    LedgerPlace *after = key != NULL ? &place : NULL;
    if (key != NULL && !ledger_place_parse(order, key, &place, error)) {
        return false;
    }
    if (order->group.name == NULL) {
        return read_group(listing, after, entries, limit, error);
    }
    return listing->is_few ? read_few(listing, after, entries, limit, error)
                           : read_groups(listing, after, entries, limit, error);
}

/* Note which fields are read: those that are asked for, and what the next page begins behind. */
static void choose_fields(Listing *listing)
{
    const LedgerQuery *query = listing->query;
    const LedgerOrder *order = &listing->order;
    if (query->fields == NULL) {
        return;
    }
    listing->fields = g_ptr_array_new();
    for (guint i = 0; i < listing->table->columns->len; i++) {
        SchemaField *field = g_ptr_array_index(listing->table->columns, i);
        if (field == order->by.field || field == order->group.field ||
            g_ptr_array_find((GPtrArray *)query->fields, field, NULL)) {
            g_ptr_array_add(listing->fields, field);
        }
    }
    for (guint i = 0; i < query->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(query->fields, i);
        listing->has_lists =
            listing->has_lists || schema_kind_info(field->kind)->column_type == NULL;
    }
}

/* Read of @entries what has no column. */
static bool read_lists(const Listing *listing, const GPtrArray *entries, GError **error)
{
    for (guint i = 0; listing->has_lists && i < entries->len; i++) {
        if (!ledger_row_read_lists(listing->connection, g_ptr_array_index(entries, i), error)) {
            return false;
        }
    }
    return true;
}

/* Note whether an import is on its way, whose entries are hidden: mostly none is, and a statement
 * that looks at the batch of each entry counts a thousand in twice the time.  Without a snapshot
 * one may begin meanwhile. */
static bool note_hidden(Listing *listing, GError **error)
{
    listing->may_hide = true;
    if (!store_snapshot_is_held(listing->connection)) {
        return true;
    }
    g_autoptr(StoreStatement) query = store_prepare(
        listing->connection, "SELECT 1 FROM batch WHERE state <> 'done' LIMIT 1", error);
    return query != NULL && store_step(query, &listing->may_hide, error);
}

/* Make the parts of a statement for @listing. */
static bool prepare(Listing *listing, const char *sort, GError **error)
{
    const LedgerQuery *query = listing->query;
    if (!ledger_order_find(query->ledger, sort, query->is_descending, &listing->order, error) ||
        !check_filter(listing, error) || !note_hidden(listing, error)) {
        return false;
    }
    listing->table = ledger_table(listing->query->ledger);
    choose_fields(listing);
    listing->text = g_string_new(NULL);
    listing->values = expression_sql_values_new();
    return true;
}

/* Find out whether a filter lets through too many entries to read and sort them all: one by a
 * value, whose index is in another order than the list, and any of a list with groups, on each of
 * which it would be tried. */
static bool weigh(Listing *listing, GError **error)
{
    Narrowing narrowing = find_narrowing(listing);
    bool has_groups = narrowing.group != NULL;
    bool is_told = store_connection_dialect(listing->connection) == STORE_SQLITE &&
                   narrowing.is_equal && (narrowing.index == NULL || narrowing.is_moved);
    bool is_weighed = has_groups ? narrowing.is_narrow : is_told;
    int n = 0;
    if (is_weighed && !ledger_list_count(listing->office, listing->connection, listing->subject,
                                         listing->query, MANY, &n, error)) {
        return false;
    }
    listing->is_common = n == MANY;
    listing->is_few = has_groups && is_weighed && n < MANY;
    return true;
}

static bool look_job(LogWriter *writer, void *data, GError **error)
{
    const GPtrArray *entries = data;
    for (guint i = 0; i < entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(entries, i);
        if (!log_append(writer, "entry.look", entry->id, NULL, NULL, NULL, error)) {
            return false;
        }
    }
    return true;
}

/* Note that @act looks at the personal fields of @entries. */
static bool note_looks(Office *office, const LogAct *act, GPtrArray *entries, GError **error)
{
    return entries->len == 0 || office_write(office, act, NULL, look_job, entries, error);
}

LedgerPage *ledger_list(Office *office, StoreConnection *connection, const RightsSubject *subject,
                        const LedgerQuery *query, GError **error)
{
    g_auto(Listing)
        listing = {.office = office, .connection = connection, .subject = subject, .query = query};
    if (query->limit < 1 || query->limit > LEDGER_MAX_PAGE) {
        error_set(error, SHUZHI_ERROR_INVALID, "a page has 1 to %d entries", LEDGER_MAX_PAGE);
        return NULL;
    }
    if (!prepare(&listing, query->sort, error) || !weigh(&listing, error)) {
        return NULL;
    }
    g_autoptr(LedgerPage) page = g_new0(LedgerPage, 1);
    page->entries = g_ptr_array_new_with_free_func(free_entry);
    page->is_look = ledger_filter_is_personal(query->filter);
    if (!read_page(&listing, page->entries, query->limit, error) ||
        !read_lists(&listing, page->entries, error) ||
        (page->is_look && !note_looks(office, query->act, page->entries, error))) {
        return NULL;
    }
    if ((int)page->entries->len == query->limit) {
        const LedgerEntry *last = g_ptr_array_index(page->entries, page->entries->len - 1);
        g_auto(LedgerPlace) place = {0};
        ledger_place_find(&listing.order, last, &place);
        page->next = ledger_place_to_key(&place);
    }
    return g_steal_pointer(&page);
}

/* Whether a filter looks at the column of the order alone. */
typedef struct Looked {
    const char *column;
    bool is_alone;
} Looked;

static void note_looked(const ExpressionReference *reference, void *data)
{
    Looked *looked = data;
    g_autofree char *column = column_of(reference->symbol);
    looked->is_alone = looked->is_alone && reference->link == NULL && reference->rows == NULL &&
                       g_strcmp0(column, looked->column) == 0;
}

/* Return whether a count may go the way of the list: by an index, with a filter for which there is
 * no other.  It then reads what the page has read, and down an index nothing is compared with an
 * end.  Else the database chooses. */
static bool is_counted_in_order(const Listing *listing)
{
    Looked looked = {bare(listing->order.by.name), listing->order.group.name == NULL};
    if (listing->query->filter != NULL) {
        expression_walk(listing->query->filter, note_looked, &looked);
    }
    return looked.is_alone &&
           office_index_name(listing->table->indexes, looked.column, NULL) != NULL;
}

bool ledger_list_count(Office *office, StoreConnection *connection, const RightsSubject *subject,
                       const LedgerQuery *query, int most, int *ret_n, GError **error)
{
    g_auto(Listing)
        listing = {.office = office, .connection = connection, .subject = subject, .query = query};
    if (!prepare(&listing, query->sort, error)) {
        return false;
    }
    g_string_append(listing.text, "SELECT count(*) FROM (SELECT 1 FROM ");
    compose_over_all(&listing);
    if (is_counted_in_order(&listing)) {
        g_string_append_printf(listing.text, " ORDER BY %s%s", listing.order.by.name,
                               query->is_descending ? " DESC" : "");
    }
    g_string_append(listing.text, " LIMIT ");
    bind(&listing, value_number(most));
    g_string_append(listing.text, ") AS found");
    g_autoptr(StoreStatement) statement = start(&listing, error);
    bool has_row = false;
    if (statement == NULL || !store_step(statement, &has_row, error)) {
        return false;
    }
    *ret_n = has_row ? (int)store_column_int(statement, 0) : 0;
    return true;
}

void ledger_page_free(LedgerPage *page)
{
    if (page != NULL) {
        g_ptr_array_unref(page->entries);
        g_free(page->next);
        g_free(page);
    }
}

bool ledger_years(StoreConnection *connection, const Schema *schema, const SchemaLedger *ledger,
                  int *ret_oldest, int *ret_newest, GError **error)
{
    *ret_oldest = 0;
    *ret_newest = 0;
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *at = g_ptr_array_index(schema->ledgers, i);
        if (ledger != NULL && at != ledger) {
            continue;
        }
        g_autoptr(StoreStatement) query = /* the newest first: before it was gone, it was redone */
            store_query(connection, error,
                        "SELECT min(s.year), max(s.year) FROM number_series s WHERE s.ledger = $1"
                        " AND (SELECT e.id FROM entry e WHERE e.ledger = s.ledger AND"
                        " e.year = s.year AND e.gone IS NULL ORDER BY e.n DESC LIMIT 1)"
                        " IS NOT NULL",
                        "t", at->name);
        bool has_row = false;
        if (query == NULL || !store_step(query, &has_row, error)) {
            return false;
        }
        int oldest = has_row ? (int)store_column_int(query, 0) : 0;
        *ret_oldest =
            *ret_oldest == 0 || (oldest != 0 && oldest < *ret_oldest) ? oldest : *ret_oldest;
        *ret_newest = MAX(*ret_newest, has_row ? (int)store_column_int(query, 1) : 0);
    }
    return true;
}
