#include "log/fold.h"

#include "base/json.h"

struct LogFold {
    GHashTable *texts;  /* name -> text; both owned */
    GHashTable *erased; /* set of names; owned */
    char *first_kind;
    char *last_kind;
};

LogFold *log_fold_new(void)
{
    LogFold *fold = g_new0(LogFold, 1);
    fold->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fold->erased = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return fold;
}

void log_fold_free(LogFold *fold)
{
    if (fold == NULL) {
        return;
    }
    g_hash_table_unref(fold->texts);
    g_hash_table_unref(fold->erased);
    g_free(fold->first_kind);
    g_free(fold->last_kind);
    g_free(fold);
}

static void set(LogFold *fold, const char *name, const char *text)
{
    g_hash_table_remove(fold->erased, name);
    if (text == NULL || *text == '\0') {
        g_hash_table_remove(fold->texts, name);
    } else {
        g_hash_table_replace(fold->texts, g_strdup(name), g_strdup(text));
    }
}

/* Return the canonical text of a member of `data`; NULL for null.  The caller owns it. */
static char *text_of(const json_t *value)
{
    if (json_is_null(value)) {
        return NULL;
    }
    if (json_is_string(value)) {
        return g_strdup(json_string_value(value));
    }
    if (json_is_integer(value)) {
        return g_strdup_printf("%lld", (long long)json_integer_value(value));
    }
    char *dumped = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    char *text = g_strdup(dumped);
    free(dumped);
    return text;
}

static void lay_over(LogFold *fold, const json_t *object)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)object, name, value)
    {
        g_autofree char *text = text_of(value);
        set(fold, name, text);
    }
}

/* The fields of an erased event are known by name only. */
static void lay_over_erased(LogFold *fold, const json_t *commitments)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)commitments, name, value)
    {
        g_hash_table_remove(fold->texts, name);
        g_hash_table_add(fold->erased, g_strdup(name));
    }
}

bool log_fold_add(LogFold *fold, const LogEvent *event, GError **error)
{
    g_autoptr(json_t) line = log_line_parse(event->seq, event->line, error);
    g_autoptr(json_t) values = NULL;
    if (line == NULL) {
        return false;
    }
    if (event->values != NULL) {
        values = json_parse(event->values, strlen(event->values), error);
    }
    if (event->values != NULL && values == NULL) {
        error_prefix(error, "event %lld", (long long)event->seq);
        error_recode(error, SHUZHI_ERROR_CORRUPT);
        return false;
    }
    lay_over(fold, json_object_get(line, "data"));
    if (values != NULL) {
        lay_over(fold, values);
    } else {
        lay_over_erased(fold, json_object_get(line, "fields"));
    }
    if (fold->first_kind == NULL) {
        fold->first_kind = g_strdup(event->kind);
    }
    g_free(fold->last_kind);
    fold->last_kind = g_strdup(event->kind);
    return true;
}

LogFold *log_fold_object(StoreConnection *connection, int64_t object, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(connection, object, error);
    if (events == NULL) {
        return NULL;
    }
    g_autoptr(LogFold) fold = log_fold_new();
    for (guint i = 0; i < events->len; i++) {
        if (!log_fold_add(fold, g_ptr_array_index(events, i), error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&fold);
}

const char *log_fold_get(const LogFold *fold, const char *name)
{
    return g_hash_table_lookup(fold->texts, name);
}

bool log_fold_is_erased(const LogFold *fold, const char *name)
{
    return g_hash_table_contains(fold->erased, name);
}

const char *log_fold_first_kind(const LogFold *fold)
{
    return fold->first_kind;
}

const char *log_fold_last_kind(const LogFold *fold)
{
    return fold->last_kind;
}
