#include "ledger/list-order.h"

#include "base/text.h"
#include "language/collate.h"
#include "office/indexes.h"
#include "office/person.h"
#include "office/unit.h"
#include "store/store-value.h"

/* ---- columns --------------------------------------------------------------------------------- */

static bool is_declared(const SchemaLedger *ledger, const SchemaField *field)
{
    return field != NULL && g_ptr_array_find(ledger->list, field, NULL);
}

static LedgerOrderColumn field_column(const SchemaField *field)
{
    g_autofree char *name = ledger_field_column(field);
    ValueKind kind = schema_kind_info(field->kind)->value_kind;
    bool is_text = kind == VALUE_TEXT || kind == VALUE_DATE;
    return (LedgerOrderColumn){g_strconcat("t.", name, NULL), is_text ? VALUE_TEXT : VALUE_NUMBER,
                               field};
}

static bool find_column(const SchemaLedger *ledger, const char *name, LedgerOrderColumn *ret_column,
                        GError **error)
{
    static const struct {
        const char *name;
        const char *column;
        ValueKind kind;
    } columns[] = {{"opened", "t.opened", VALUE_NUMBER},
                   {"due", "t.due", VALUE_NUMBER},
                   {"recorded", "t.entry_id", VALUE_NUMBER},
                   {"state", "t.state", VALUE_TEXT}};
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        if (g_str_equal(columns[i].name, name)) {
            *ret_column = (LedgerOrderColumn){g_strdup(columns[i].column), columns[i].kind, NULL};
            return true;
        }
    }
    const SchemaField *field = schema_ledger_field(ledger, name);
    if (!is_declared(ledger, field)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "lists of '%s' cannot be sorted by '%s': it is not under 'list' in the pack",
                  ledger->name, name);
        return false;
    }
    *ret_column = field_column(field);
    return true;
}

/* Return whether the values of @column are texts, of which there may be any number. */
static bool is_open(const LedgerOrderColumn *column)
{
    return column->field != NULL &&
           (column->field->kind == SCHEMA_FIELD_TEXT || column->field->kind == SCHEMA_FIELD_PLACE);
}

/* Return whether the values of @column are a closed set. */
static bool is_closed(const LedgerOrderColumn *column)
{
    return column->field == NULL ? g_str_equal(column->name, "t.state")
                                 : column->field->kind == SCHEMA_FIELD_CHOICE ||
                                       column->field->kind == SCHEMA_FIELD_BOOL ||
                                       column->field->kind == SCHEMA_FIELD_UNIT ||
                                       column->field->kind == SCHEMA_FIELD_PERSON;
}

bool ledger_order_find(const SchemaLedger *ledger, const char *sort, bool is_descending,
                       LedgerOrder *ret_order, GError **error)
{
    LedgerOrderColumn column;
    if (!find_column(ledger, sort != NULL ? sort : "recorded", &column, error)) {
        return false;
    }
    *ret_order = (LedgerOrder){.ledger = ledger, .is_descending = is_descending};
    ret_order->is_open = is_open(&column);
    if (!ret_order->is_open && !is_closed(&column)) {
        ret_order->by = column;
        return true;
    }
    const SchemaField *within = column.field != NULL ? office_indexes_order(ledger) : NULL;
    ret_order->group = column;
    ret_order->by = within != NULL ? field_column(within)
                                   : (LedgerOrderColumn){g_strdup("t.opened"), VALUE_NUMBER, NULL};
    return true;
}

static void clear_groups(LedgerOrder *order)
{
    g_clear_pointer(&order->places, g_hash_table_unref);
    g_clear_pointer(&order->groups, g_ptr_array_unref);
}

void ledger_order_clear(LedgerOrder *order)
{
    g_free(order->by.name);
    g_free(order->group.name);
    clear_groups(order);
}

/* Return what @entry has in @column, as a NUMBER or TEXT. */
static Value value_in(const LedgerOrderColumn *column, const LedgerEntry *entry)
{
    if (column->field != NULL) {
        const Value *value = &entry->values[column->field->position];
        g_autofree char *text = value_to_canonical(value);
        return column->kind == VALUE_TEXT || value_is_empty(value) ? value_text(text)
                                                                   : value_number(value->number);
    }
    if (g_str_equal(column->name, "t.state")) {
        return value_text(entry->state);
    }
    if (g_str_equal(column->name, "t.due")) {
        return entry->due_us != 0 ? value_number(entry->due_us) : VALUE_EMPTY;
    }
    return value_number(g_str_equal(column->name, "t.opened") ? entry->opened_us : entry->id);
}

/* ---- groups ---------------------------------------------------------------------------------- */

/* Return where each of @texts, which it borrows, stands among them, from 1. */
static GHashTable *places_of(const GPtrArray *texts)
{
    GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < texts->len; i++) {
        g_hash_table_insert(places, g_ptr_array_index(texts, i), GUINT_TO_POINTER(i + 1));
    }
    return places;
}

static void add_id(GPtrArray *known, int64_t id)
{
    g_ptr_array_add(known, g_strdup_printf("%lld", (long long)id));
}

static void add_choices(GPtrArray *known, const GPtrArray *choices)
{
    for (guint i = 0; i < choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        g_ptr_array_add(known, g_strdup(choice->name));
    }
}

static bool add_units(GPtrArray *known, StoreConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) units = office_unit_list(connection, DATE_NONE, error);
    for (guint i = 0; units != NULL && i < units->len; i++) {
        add_id(known, ((OfficeUnit *)g_ptr_array_index(units, i))->id);
    }
    return units != NULL;
}

static int compare_people(gconstpointer a, gconstpointer b)
{
    const OfficePerson *const *left = a, *const *right = b;
    return collate_compare_people((*left)->name, (*right)->name);
}

/* Of the people only those of @groups: to put a name in its order takes long. */
static bool add_people(GPtrArray *known, const GPtrArray *groups, StoreConnection *connection,
                       GError **error)
{
    g_autoptr(GPtrArray) people = office_person_list(connection, DATE_NONE, error);
    g_autoptr(GPtrArray) named = g_ptr_array_new();
    g_autoptr(GHashTable) places = places_of(groups);
    for (guint i = 0; people != NULL && i < people->len; i++) {
        OfficePerson *person = g_ptr_array_index(people, i);
        char id[TEXT_INT_SIZE];
        if (g_hash_table_contains(places, text_format_int(person->id, id))) {
            g_ptr_array_add(named, person);
        }
    }
    g_ptr_array_sort(named, compare_people);
    for (guint i = 0; i < named->len; i++) {
        add_id(known, ((OfficePerson *)g_ptr_array_index(named, i))->id);
    }
    return people != NULL;
}

/* Add the values of the set to @known, in its order; at least those of @groups. */
static bool add_known(GPtrArray *known, const LedgerOrder *order, const GPtrArray *groups,
                      StoreConnection *connection, GError **error)
{
    const SchemaField *field = order->group.field;
    if (field == NULL) {
        add_choices(known, order->ledger->states);
    } else if (field->kind == SCHEMA_FIELD_CHOICE) {
        add_choices(known, field->choices);
    } else if (field->kind == SCHEMA_FIELD_UNIT) {
        return add_units(known, connection, error);
    } else if (field->kind == SCHEMA_FIELD_PERSON) {
        return add_people(known, groups, connection, error);
    }
    return true; /* no is 0, yes is 1 */
}

/* Add texts of @group's column in @table to @groups: at most @n behind @group (NULL: from the
 * first), from each to the next by the index; of another column all that there are. */
static bool add_present(const LedgerOrder *order, StoreConnection *connection, const char *table,
                        const char *group, int n, GPtrArray *groups, GError **error)
{
    const LedgerOrderColumn *column = &order->group;
    bool is_down = order->is_open && order->is_descending;
    g_autoptr(GString) next = g_string_new(NULL);
    g_string_printf(next, "SELECT %s(%s) FROM ", is_down ? "max" : "min", column->name);
    store_append_identifier(next, table);
    g_string_append_printf(next, " t WHERE %s %s ", column->name, is_down ? "<" : ">");
    g_autofree char *first =
        group != NULL ? g_strdup_printf("%s $2", next->str)
                      : g_strndup(next->str, (gsize)(strstr(next->str, " WHERE") - next->str));
    g_autofree char *sql = g_strdup_printf(
        "WITH RECURSIVE v (x) AS (%s UNION ALL SELECT (%s v.x) FROM v WHERE v.x IS NOT NULL)"
        " SELECT x FROM v WHERE x IS NOT NULL LIMIT $1",
        first, next->str);
    g_autoptr(StoreStatement) query =
        group != NULL ? store_query(connection, error, sql, "it", (int64_t)n, group)
                      : store_query(connection, error, sql, "i", (int64_t)n);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        g_auto(Value) value = store_column_value(query, 0, column->kind);
        g_ptr_array_add(groups, value_to_canonical(&value));
    }
    return !has_row;
}

bool ledger_order_find_groups(const LedgerOrder *order, StoreConnection *connection,
                              const char *table, const char *group, int n, GPtrArray *groups,
                              bool *ret_is_last, GError **error)
{
    guint n_before = groups->len;
    bool is_behind_all = order->is_open && g_strcmp0(group, "") == 0;
    if (!is_behind_all && !add_present(order, connection, table, order->is_open ? group : NULL,
                                       order->is_open ? n : INT_MAX, groups, error)) {
        return false;
    }
    *ret_is_last = !order->is_open || groups->len - n_before < (guint)n;
    if (*ret_is_last) {
        g_ptr_array_add(groups, g_strdup(""));
    }
    return true;
}

typedef struct Ranks {
    GHashTable *known; /* text -> place in the set, from 1 */
    bool is_descending;
} Ranks;

static int compare_groups(gconstpointer a, gconstpointer b, gpointer data)
{
    const Ranks *ranks = data;
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    if ((*left == '\0') != (*right == '\0')) {
        return *left == '\0' ? 1 : -1; /* last, in both directions */
    }
    guint of_left = GPOINTER_TO_UINT(g_hash_table_lookup(ranks->known, left)) - 1;
    guint of_right = GPOINTER_TO_UINT(g_hash_table_lookup(ranks->known, right)) - 1;
    int result = of_left != of_right ? (of_left < of_right ? -1 : 1) : strcmp(left, right);
    return ranks->is_descending ? -result : result;
}

guint ledger_order_place_of(const LedgerOrder *order, const char *value)
{
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(order->places, value));
    return place != 0 ? place - 1 : order->groups->len;
}

bool ledger_order_set_groups(LedgerOrder *order, StoreConnection *connection, GPtrArray *groups,
                             GError **error)
{
    g_autoptr(GPtrArray) owned = groups;
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    if (!add_known(known, order, owned, connection, error)) {
        return false;
    }
    g_autoptr(GHashTable) ranks_known = places_of(known);
    Ranks ranks = {ranks_known, order->is_descending};
    g_ptr_array_sort_with_data(owned, compare_groups, &ranks);
    clear_groups(order);
    order->places = places_of(owned);
    order->groups = g_steal_pointer(&owned);
    return true;
}

/* ---- places ---------------------------------------------------------------------------------- */

void ledger_place_set(const LedgerOrder *order, int64_t id, Value value, Value group,
                      LedgerPlace *ret_place)
{
    *ret_place = (LedgerPlace){.id = id, .value = value};
    if (order->group.name != NULL) {
        ret_place->group = value_to_canonical(&group);
    }
    value_clear(&group);
}

void ledger_place_find(const LedgerOrder *order, const LedgerEntry *entry, LedgerPlace *ret_place)
{
    bool has_groups = order->group.name != NULL;
    ledger_place_set(order, entry->id, value_in(&order->by, entry),
                     has_groups ? value_in(&order->group, entry) : VALUE_EMPTY, ret_place);
}

void ledger_place_clear(LedgerPlace *place)
{
    value_clear(&place->value);
    g_free(place->group);
}

int ledger_place_compare(const LedgerOrder *order, const LedgerPlace *left,
                         const LedgerPlace *right)
{
    bool is_empty = value_is_empty(&left->value);
    int result = left->id < right->id ? -1 : left->id > right->id;
    if (left->at != right->at) {
        return left->at < right->at ? -1 : 1;
    }
    if (is_empty != value_is_empty(&right->value)) {
        return is_empty ? 1 : -1; /* last, in both directions */
    }
    if (order->by.kind == VALUE_TEXT && !is_empty) {
        int of_text = strcmp(left->value.text, right->value.text);
        result = of_text != 0 ? of_text : result;
    } else if (left->value.number != right->value.number) {
        result = left->value.number < right->value.number ? -1 : 1;
    }
    return order->is_descending ? -result : result;
}

char *ledger_place_to_key(const LedgerPlace *place)
{
    GString *key = g_string_new(NULL);
    text_append_int(key, place->id);
    if (place->group != NULL || !value_is_empty(&place->value)) {
        g_string_append_c(key, ':');
        value_append_canonical(&place->value, key);
    }
    if (place->group != NULL) {
        g_string_append_printf(key, ":%s", place->group);
    }
    return g_string_free(key, false);
}

static bool is_of_kind(ValueKind kind, const char *text)
{
    g_auto(Value) value = VALUE_EMPTY;
    return value_from_canonical(kind, VALUE_NONE, text, &value);
}

bool ledger_place_parse(const LedgerOrder *order, const char *key, LedgerPlace *ret_place,
                        GError **error)
{
    bool has_groups = order->group.name != NULL;
    g_auto(GStrv) parts = g_strsplit(key, ":", has_groups ? 3 : 2);
    guint n = g_strv_length(parts);
    bool is_group = has_groups && n == 3 && is_of_kind(order->group.kind, parts[2]);
    if (n == 0 || has_groups != is_group || !text_parse_int(parts[0], &ret_place->id) ||
        (n > 1 && !value_from_canonical(order->by.kind, VALUE_NONE, parts[1], &ret_place->value))) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not the key of a page", key);
        return false;
    }
    ret_place->group = has_groups ? g_strdup(parts[2]) : NULL;
    return true;
}
