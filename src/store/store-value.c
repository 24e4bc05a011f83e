#include "store/store-value.h"

void store_cell_set_value(StoreCell *cell, const Value *value)
{
    G_STATIC_ASSERT(DATE_TEXT_SIZE <= sizeof cell->room);
    switch (value->kind) {
    case VALUE_NONE:
        store_cell_set_null(cell);
        return;
    case VALUE_TEXT:
        store_cell_set_text(cell, value->text);
        return;
    case VALUE_DATE:
        store_cell_set_text(cell, date_format((Date)value->number, cell->room));
        return;
    case VALUE_BOOL:
    case VALUE_NUMBER:
    case VALUE_TIME:
    case VALUE_REF:
        store_cell_set_int(cell, value->number);
        return;
    case VALUE_LIST:
        break;
    }
    g_assert_not_reached(); /* lists have no column */
}

void store_bind_value(StoreStatement *statement, int n, const Value *value)
{
    StoreCell cell;
    store_cell_set_value(&cell, value);
    if (cell.kind == STORE_CELL_TEXT) {
        store_bind_text(statement, n, cell.bytes); /* copied: it may be the cell's own */
    } else {
        store_bind_cell(statement, n, &cell);
    }
}

/* Return the stored text @text, which is no value of its kind, so that no logged value is like it.
 */
static Value damaged(const char *text)
{
    return value_text_take(g_strdup_printf("'%s'", text));
}

static Value date_of(const char *text)
{
    char canonical[DATE_TEXT_SIZE];
    Date date = 0;
    bool is_good = date_parse(text, &date) && g_str_equal(date_format(date, canonical), text);
    return is_good ? value_date(date) : damaged(text);
}

Value store_column_value(StoreStatement *statement, int i, ValueKind kind)
{
    if (store_column_is_null(statement, i)) {
        return VALUE_EMPTY;
    }
    if (kind == VALUE_DATE) {
        return date_of(store_column_text(statement, i));
    }
    if (kind == VALUE_TEXT) {
        const char *text = store_column_text(statement, i);
        return *text != '\0' ? value_text(text) : damaged(text); /* nothing is stored as NULL */
    }
    return (Value){.kind = kind, .number = store_column_int(statement, i)};
}
