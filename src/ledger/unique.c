#include "ledger/unique.h"

#include "base/text.h"
#include "ledger/row.h"
#include "office/tables.h"
#include "store/store-value.h"

#define MAX_STROKES 6 /* that people draw where nothing stands */

bool ledger_unique_is_stroke(const char *text)
{
    static const char strokes[] = "/／\\＼-－–—―─−﹣~～";
    g_autofree char *plain = text_strip_dup(text);
    bool is_stroke = *plain != '\0' && g_utf8_strlen(plain, -1) <= MAX_STROKES;
    for (const char *at = plain; *at != '\0' && is_stroke; at = g_utf8_next_char(at)) {
        is_stroke = g_utf8_strchr(strokes, -1, g_utf8_get_char(at)) != NULL;
    }
    return is_stroke;
}

bool ledger_unique_says_nothing(const char *text)
{
    static const char *const words[] = {"无", "暂无", "待补", "待定", NULL};
    g_autofree char *plain = text_strip_dup(text);
    return ledger_unique_is_stroke(text) || g_strv_contains(words, plain);
}

/* Return the query for an entry but @entry that says the same in all of @fields. */
static StoreStatement *query_same(StoreConnection *connection, const LedgerEntry *entry,
                                  const GPtrArray *fields, GError **error)
{
    g_autofree char *table = office_table_name(entry->ledger);
    g_autoptr(GString) sql = g_string_new("SELECT e.number FROM ");
    store_append_identifier(sql, table);
    g_string_append(sql, " t JOIN entry e ON e.id = t.entry_id WHERE t.entry_id <> $1");
    for (guint i = 0; i < fields->len; i++) {
        g_autofree char *column = ledger_field_column(g_ptr_array_index(fields, i));
        g_string_append(sql, " AND t.");
        store_append_identifier(sql, column);
        g_string_append_printf(sql, " = $%u", i + 2);
    }
    g_string_append(sql, " AND e.gone IS NULL" LEDGER_ENTRY_VISIBLE " ORDER BY e.id LIMIT 1");
    StoreStatement *query = store_prepare(connection, sql->str, error);
    if (query != NULL) {
        store_bind_int(query, 1, entry->id);
    }
    for (guint i = 0; query != NULL && i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        store_bind_value(query, (int)i + 2, &entry->values[field->position]);
    }
    return query;
}

bool ledger_unique_check(StoreConnection *connection, const LedgerEntry *entry,
                         const LedgerEntry *before, GError **error)
{
    const GPtrArray *fields = entry->ledger->unique;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    bool is_new = before == NULL && fields->len > 0;
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        const Value *value = &entry->values[field->position];
        if (value_is_empty(value) ||
            (value->kind == VALUE_TEXT && ledger_unique_says_nothing(value->text))) {
            return true;
        }
        is_new =
            is_new || (before != NULL && !value_is_equal(value, &before->values[field->position]));
        g_ptr_array_add(names, field->words.name);
    }
    if (!is_new) {
        return true;
    }
    g_autoptr(StoreStatement) query = query_same(connection, entry, fields, error);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (has_row) {
        g_ptr_array_add(names, NULL);
        g_autofree char *all = error_words((const char *const *)names->pdata);
        error_set(error, SHUZHI_ERROR_EXISTS,
                  "entry '%s' says the same in %s, which tells entries apart; is it this one?",
                  store_column_text(query, 0), all);
        error_about(error, ((const SchemaField *)g_ptr_array_index(fields, 0))->name);
    }
    return !has_row;
}
