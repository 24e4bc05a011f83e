#include "measure/tally.h"

typedef struct TallyGroup {
    Value value;
    Tally *tally;
} TallyGroup;

struct Tally {
    SchemaMeasureKind kind;
    int64_t counted;
    int64_t n_blank; /* of these, without an amount; SUM, MEDIAN */
    int64_t sum;
    bool is_too_large;
    GArray *amounts;    /* of int64_t; MEDIAN */
    GHashTable *keys;   /* canonical texts; DISTINCT */
    GHashTable *groups; /* canonical text to TallyGroup; NULL: none yet */
};

static void free_group(gpointer data)
{
    TallyGroup *group = data;
    value_clear(&group->value);
    tally_free(group->tally);
    g_free(group);
}

Tally *tally_new(SchemaMeasureKind kind)
{
    Tally *tally = g_new0(Tally, 1);
    tally->kind = kind;
    if (kind == SCHEMA_MEDIAN) {
        tally->amounts = g_array_new(false, false, sizeof(int64_t));
    } else if (kind == SCHEMA_DISTINCT) {
        tally->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    return tally;
}

void tally_free(Tally *tally)
{
    if (tally != NULL) {
        g_clear_pointer(&tally->amounts, g_array_unref);
        g_clear_pointer(&tally->keys, g_hash_table_unref);
        g_clear_pointer(&tally->groups, g_hash_table_unref);
        g_free(tally);
    }
}

void tally_add(Tally *tally, const Value *key, const Value *amount)
{
    tally->counted++;
    if (tally->keys != NULL && !value_is_empty(key)) {
        g_hash_table_add(tally->keys, value_to_canonical(key));
    }
    if (tally->kind != SCHEMA_SUM && tally->kind != SCHEMA_MEDIAN) {
        return;
    }
    if (value_is_empty(amount)) {
        tally->n_blank++;
    } else if (tally->kind == SCHEMA_SUM) {
        tally->is_too_large |= __builtin_add_overflow(tally->sum, amount->number, &tally->sum);
    } else {
        g_array_append_val(tally->amounts, amount->number);
    }
}

void tally_add_to_group(Tally *tally, const Value *group, const Value *key, const Value *amount)
{
    if (tally->groups == NULL) {
        tally->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_group);
    }
    g_autofree char *text = value_to_canonical(group);
    TallyGroup *found = g_hash_table_lookup(tally->groups, text);
    if (found == NULL) {
        found = g_new0(TallyGroup, 1);
        found->value = value_copy(group);
        found->tally = tally_new(tally->kind);
        g_hash_table_insert(tally->groups, g_steal_pointer(&text), found);
    }
    tally_add(tally, key, amount);
    tally_add(found->tally, key, amount);
}

int64_t tally_counted(const Tally *tally)
{
    return tally->counted;
}

int64_t tally_blank(const Tally *tally)
{
    return tally->n_blank;
}

static int compare_amounts(gconstpointer a, gconstpointer b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

/* Return the middle of @a <= @b, rounded half up, where their sum may not fit. */
static int64_t middle(int64_t a, int64_t b)
{
    uint64_t distance = (uint64_t)b - (uint64_t)a;
    return (int64_t)((uint64_t)a + distance / 2 + distance % 2);
}

static int64_t median(GArray *amounts)
{
    g_array_sort(amounts, compare_amounts);
    int64_t below = g_array_index(amounts, int64_t, (amounts->len - 1) / 2);
    return middle(below, g_array_index(amounts, int64_t, amounts->len / 2));
}

bool tally_value(Tally *tally, bool *ret_has_value, int64_t *ret_value, GError **error)
{
    if (tally->is_too_large) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the sum is too large to be written down");
        return false;
    }
    bool is_blank = tally->n_blank == tally->counted;
    *ret_has_value = tally->kind == SCHEMA_MEDIAN ? !is_blank
                     : tally->kind == SCHEMA_SUM  ? !is_blank || tally->counted == 0
                                                  : true;
    if (tally->kind == SCHEMA_DISTINCT) {
        *ret_value = g_hash_table_size(tally->keys);
    } else if (tally->kind == SCHEMA_SUM) {
        *ret_value = tally->sum;
    } else if (tally->kind == SCHEMA_MEDIAN) {
        *ret_value = *ret_has_value ? median(tally->amounts) : 0;
    } else {
        *ret_value = tally->counted;
    }
    return true;
}

bool tally_each_group(Tally *tally, TallyVisit visit, void *data, GError **error)
{
    GHashTableIter iter;
    gpointer found = NULL;
    if (tally->groups == NULL) {
        return true;
    }
    g_hash_table_iter_init(&iter, tally->groups);
    while (g_hash_table_iter_next(&iter, NULL, &found)) {
        const TallyGroup *group = found;
        if (!visit(&group->value, group->tally, data, error)) {
            return false;
        }
    }
    return true;
}
