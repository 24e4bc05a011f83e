#include "base/value.h"

#include "base/text.h"

#define ITEM_END '\x1f'

Value value_text(const char *text)
{
    return value_text_take(g_strdup(text));
}

Value value_text_take(char *text)
{
    if (text == NULL || *text == '\0') {
        g_free(text);
        return VALUE_EMPTY;
    }
    return (Value){.kind = VALUE_TEXT, .text = text};
}

Value value_number(int64_t number)
{
    return (Value){.kind = VALUE_NUMBER, .number = number};
}

Value value_bool(bool is_true)
{
    return (Value){.kind = VALUE_BOOL, .number = is_true ? 1 : 0};
}

Value value_date(Date date)
{
    return (Value){.kind = VALUE_DATE, .number = date};
}

Value value_time(int64_t us)
{
    return (Value){.kind = VALUE_TIME, .number = us};
}

Value value_ref(int64_t id)
{
    return (Value){.kind = VALUE_REF, .number = id};
}

static void clear_item(gpointer data)
{
    value_clear(data);
}

void value_list_append(Value *list, Value item)
{
    g_assert(list->kind == VALUE_NONE || list->kind == VALUE_LIST);
    if (value_is_empty(&item)) {
        return;
    }
    if (list->items == NULL) {
        list->items = g_array_new(false, true, sizeof(Value));
        g_array_set_clear_func(list->items, clear_item);
        list->kind = VALUE_LIST;
    }
    g_array_append_val(list->items, item);
}

Value value_copy(const Value *value)
{
    Value copy = *value;
    copy.text = g_strdup(value->text);
    if (value->items != NULL) {
        copy.items = NULL;
        copy.kind = VALUE_NONE;
        for (guint i = 0; i < value->items->len; i++) {
            value_list_append(&copy, value_copy(&g_array_index(value->items, Value, i)));
        }
    }
    return copy;
}

void value_clear(Value *value)
{
    g_clear_pointer(&value->text, g_free);
    g_clear_pointer(&value->items, g_array_unref);
    value->kind = VALUE_NONE;
    value->number = 0;
}

static bool are_items_equal(const GArray *a, const GArray *b)
{
    if (a->len != b->len) {
        return false;
    }
    for (guint i = 0; i < a->len; i++) {
        if (!value_is_equal(&g_array_index(a, Value, i), &g_array_index(b, Value, i))) {
            return false;
        }
    }
    return true;
}

bool value_is_equal(const Value *a, const Value *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case VALUE_NONE:
        return true;
    case VALUE_TEXT:
        return g_str_equal(a->text, b->text);
    case VALUE_LIST:
        return are_items_equal(a->items, b->items);
    case VALUE_BOOL:
    case VALUE_NUMBER:
    case VALUE_DATE:
    case VALUE_TIME:
    case VALUE_REF:
        return a->number == b->number;
    }
    g_assert_not_reached();
}

void value_append_canonical(const Value *value, GString *out)
{
    char buffer[DATE_TEXT_SIZE];
    switch (value->kind) {
    case VALUE_NONE:
        return;
    case VALUE_TEXT:
        g_string_append(out, value->text);
        return;
    case VALUE_DATE:
        g_string_append(out, date_format((Date)value->number, buffer));
        return;
    case VALUE_LIST:
        for (guint i = 0; i < value->items->len; i++) {
            value_append_canonical(&g_array_index(value->items, Value, i), out);
            g_string_append_c(out, ITEM_END);
        }
        return;
    case VALUE_BOOL:
    case VALUE_NUMBER:
    case VALUE_TIME:
    case VALUE_REF:
        text_append_int(out, value->number);
        return;
    }
    g_assert_not_reached();
}

char *value_to_canonical(const Value *value)
{
    GString *out = g_string_new(NULL);
    value_append_canonical(value, out);
    return g_string_free(out, false);
}

static bool list_from_canonical(ValueKind item_kind, const char *text, Value *ret_value)
{
    g_auto(Value) list = VALUE_EMPTY;
    while (*text != '\0') {
        const char *end = strchr(text, ITEM_END);
        if (end == NULL || end == text) {
            return false;
        }
        g_autofree char *item_text = g_strndup(text, (gsize)(end - text));
        Value item = VALUE_EMPTY;
        if (!value_from_canonical(item_kind, VALUE_NONE, item_text, &item)) {
            return false;
        }
        value_list_append(&list, item);
        text = end + 1;
    }
    *ret_value = list;
    list = VALUE_EMPTY;
    return true;
}

bool value_from_canonical(ValueKind kind, ValueKind item_kind, const char *text, Value *ret_value)
{
    if (*text == '\0') {
        *ret_value = VALUE_EMPTY;
        return true;
    }
    Date date = 0;
    int64_t number = 0;
    switch (kind) {
    case VALUE_NONE:
        return false;
    case VALUE_TEXT:
        *ret_value = value_text(text);
        return true;
    case VALUE_LIST:
        return list_from_canonical(item_kind, text, ret_value);
    case VALUE_DATE:
        if (!date_parse(text, &date)) {
            return false;
        }
        *ret_value = value_date(date);
        return true;
    case VALUE_BOOL:
        if (!g_str_equal(text, "0") && !g_str_equal(text, "1")) {
            return false;
        }
        *ret_value = value_bool(*text == '1');
        return true;
    case VALUE_NUMBER:
    case VALUE_TIME:
    case VALUE_REF:
        if (!text_parse_int(text, &number)) {
            return false;
        }
        *ret_value = (Value){.kind = kind, .number = number};
        return true;
    }
    g_assert_not_reached();
}
