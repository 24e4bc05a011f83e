#include "support/random-expression.h"

/* ---- the scope ------------------------------------------------------------------------------- */

/* What can be compared with what; also where literals come from. */
typedef enum Class {
    CLASS_NUMBER,
    CLASS_MONEY,
    CLASS_TEXT,
    CLASS_CHANNEL,
    CLASS_DATE,
    CLASS_TIME,
    CLASS_BOOL,
    CLASS_PERSON,
    CLASS_UNIT,
    CLASS_ROWS,
    N_CLASSES
} Class;

typedef enum Owner { OWNER_RECORD, OWNER_UNIT, OWNER_ITEM, OWNER_PARAMETER, N_OWNERS } Owner;

typedef struct Field {
    const char *name;
    Owner owner;
    Class class;
    bool is_list;
} Field;

static const Field fields[] = {
    {"visits", OWNER_RECORD, CLASS_NUMBER, false},
    {"planned", OWNER_RECORD, CLASS_NUMBER, false},
    {"budget", OWNER_RECORD, CLASS_MONEY, false},
    {"paid", OWNER_RECORD, CLASS_MONEY, false},
    {"title", OWNER_RECORD, CLASS_TEXT, false},
    {"place", OWNER_RECORD, CLASS_TEXT, false},
    {"channel", OWNER_RECORD, CLASS_CHANNEL, false},
    {"first_channel", OWNER_RECORD, CLASS_CHANNEL, false},
    {"day", OWNER_RECORD, CLASS_DATE, false},
    {"due", OWNER_RECORD, CLASS_DATE, false},
    {"received_at", OWNER_RECORD, CLASS_TIME, false},
    {"closed_at", OWNER_RECORD, CLASS_TIME, false},
    {"urgent", OWNER_RECORD, CLASS_BOOL, false},
    {"open", OWNER_RECORD, CLASS_BOOL, false},
    {"owner", OWNER_RECORD, CLASS_PERSON, false},
    {"closer", OWNER_RECORD, CLASS_PERSON, false},
    {"unit", OWNER_RECORD, CLASS_UNIT, false},
    {"channels", OWNER_RECORD, CLASS_CHANNEL, true},
    {"people", OWNER_RECORD, CLASS_PERSON, true},
    {"days_met", OWNER_RECORD, CLASS_DATE, true},
    {"items", OWNER_RECORD, CLASS_ROWS, false},
    {"name", OWNER_UNIT, CLASS_TEXT, false},
    {"size", OWNER_UNIT, CLASS_NUMBER, false},
    {"founded", OWNER_UNIT, CLASS_DATE, false},
    {"opened_at", OWNER_UNIT, CLASS_TIME, false},
    {"channel", OWNER_UNIT, CLASS_CHANNEL, false},
    {"remote", OWNER_UNIT, CLASS_BOOL, false},
    {"head", OWNER_UNIT, CLASS_PERSON, false},
    {"members", OWNER_UNIT, CLASS_PERSON, true},
    {"amount", OWNER_ITEM, CLASS_MONEY, false},
    {"n", OWNER_ITEM, CLASS_NUMBER, false},
    {"done", OWNER_ITEM, CLASS_BOOL, false},
    {"day", OWNER_ITEM, CLASS_DATE, false}, /* hides that of the record */
    {"note", OWNER_ITEM, CLASS_TEXT, false},
    {"kind", OWNER_ITEM, CLASS_CHANNEL, false},
    {"by", OWNER_ITEM, CLASS_PERSON, false},
    {"period.start", OWNER_PARAMETER, CLASS_DATE, false},
    {"period.end", OWNER_PARAMETER, CLASS_DATE, false},
    {"cutoff", OWNER_PARAMETER, CLASS_TIME, false},
    {"never", OWNER_PARAMETER, CLASS_DATE, false},
    {"nobody", OWNER_PARAMETER, CLASS_PERSON, false},
    {"me", OWNER_PARAMETER, CLASS_PERSON, false},
};

enum {
    N_FIELDS = G_N_ELEMENTS(fields),
    N_UNITS = 9,
    N_PEOPLE = 5,
    MAX_ITEMS = 4,
    OFFSET = 8 * 3600
};

static const char *const channel_keys[] = {"phone", "letter", "visit", "in",
                                           "due",   "yes",    "来访",  NULL};

static bool resolve(void *data, const char *name, ExpressionSymbol *ret_symbol);
static const char *name_at(void *data, size_t i);

static const ExpressionScope scopes[] = {
    [OWNER_RECORD] = {resolve, name_at, GINT_TO_POINTER(OWNER_RECORD)},
    [OWNER_UNIT] = {resolve, name_at, GINT_TO_POINTER(OWNER_UNIT)},
    [OWNER_ITEM] = {resolve, name_at, GINT_TO_POINTER(OWNER_ITEM)},
};

static ExpressionType type_of(const Field *field)
{
    static const ExpressionType types[N_CLASSES] = {
        [CLASS_NUMBER] = {.kind = VALUE_NUMBER},
        [CLASS_MONEY] = {.kind = VALUE_NUMBER, .decimals = 2},
        [CLASS_TEXT] = {.kind = VALUE_TEXT},
        [CLASS_CHANNEL] = {.kind = VALUE_TEXT, .choices = channel_keys},
        [CLASS_DATE] = {.kind = VALUE_DATE},
        [CLASS_TIME] = {.kind = VALUE_TIME},
        [CLASS_BOOL] = {.kind = VALUE_BOOL},
        [CLASS_PERSON] = {.kind = VALUE_REF, .target = "person"},
        [CLASS_UNIT] = {.kind = VALUE_REF, .target = "unit", .scope = &scopes[OWNER_UNIT]},
        [CLASS_ROWS] = {.shape = EXPRESSION_ROWS, .scope = &scopes[OWNER_ITEM]},
    };
    ExpressionType type = types[field->class];
    type.shape = field->is_list ? EXPRESSION_LIST : type.shape;
    return type;
}

static bool is_in_scope(const Field *field, void *data)
{
    Owner owner = (Owner)GPOINTER_TO_INT(data);
    return field->owner == owner || (owner == OWNER_RECORD && field->owner == OWNER_PARAMETER);
}

static bool resolve(void *data, const char *name, ExpressionSymbol *ret_symbol)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (is_in_scope(&fields[i], data) && g_str_equal(fields[i].name, name)) {
            ret_symbol->type = type_of(&fields[i]);
            ret_symbol->is_parameter = fields[i].owner == OWNER_PARAMETER;
            ret_symbol->data = &fields[i];
            return true;
        }
    }
    return false;
}

static const char *name_at(void *data, size_t i)
{
    for (size_t k = 0; k < N_FIELDS; k++) {
        if (is_in_scope(&fields[k], data) && i-- == 0) {
            return fields[k].name;
        }
    }
    return NULL;
}

const ExpressionScope *random_expression_scope(void)
{
    return &scopes[OWNER_RECORD];
}

static void get_parameter(void *data, const ExpressionSymbol *symbol, Value *ret_value)
{
    const char *name = symbol->name;
    if (g_str_equal(name, "period.start")) {
        *ret_value = value_date(date_from_ymd(2023, 1, 1));
    } else if (g_str_equal(name, "period.end")) {
        *ret_value = value_date(date_from_ymd(2023, 12, 31));
    } else if (g_str_equal(name, "cutoff")) {
        *ret_value = value_time(date_to_us(date_from_ymd(2023, 7, 1), 0, OFFSET));
    } else if (g_str_equal(name, "me")) {
        *ret_value = value_ref(1);
    }
}

const ExpressionContext *random_expression_context(void)
{
    static const ExpressionContext context = {get_parameter, NULL, OFFSET};
    return &context;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_chance(Source *source, uint32_t percent)
{
    return source_random_below(source, 100) < percent;
}

static const char *pick_text(Source *source)
{
    static const char *const texts[] = {"信",  "信访", "信访件", "a", "A",  "ab",
                                        "b'c", "%",    "_",      "é", "\"", "来访 电话"};
    return texts[source_random_below(source, G_N_ELEMENTS(texts))];
}

static Date pick_date(Source *source)
{
    static const char *const dates[] = {"0001-01-01", "0001-01-31", "1969-12-31", "1970-01-01",
                                        "2022-12-31", "2023-01-01", "2023-06-30", "2023-07-01",
                                        "2023-12-31", "2024-01-01", "2024-02-29", "9999-12-31"};
    if (is_chance(source, 40)) {
        return date_from_ymd(2023, 1, 1) + (Date)source_random_below(source, 400);
    }
    Date date = 0;
    bool is_date = date_parse(dates[source_random_below(source, G_N_ELEMENTS(dates))], &date);
    g_assert(is_date);
    return date;
}

static int64_t pick_time(Source *source)
{
    int64_t midnight = date_to_us(pick_date(source), 0, OFFSET);
    switch (source_random_below(source, 4)) {
    case 0:
        return midnight - 1;
    case 1:
        return midnight;
    case 2:
        return midnight + 1;
    default:
        return midnight + (int64_t)source_random_below(source, 86400) * DATE_US_PER_SECOND;
    }
}

static int64_t pick_number(Source *source)
{
    return (int64_t)source_random_below(source, 7) - 2;
}

static Value pick_value(Source *source, Class class)
{
    switch (class) {
    case CLASS_NUMBER:
        return value_number(pick_number(source));
    case CLASS_MONEY:
        return value_number(pick_number(source) * 50);
    case CLASS_TEXT:
        return value_text(pick_text(source));
    case CLASS_CHANNEL:
        return value_text(
            channel_keys[source_random_below(source, G_N_ELEMENTS(channel_keys) - 1)]);
    case CLASS_DATE:
        return value_date(pick_date(source));
    case CLASS_TIME:
        return value_time(pick_time(source));
    case CLASS_BOOL:
        return value_bool(is_chance(source, 50));
    case CLASS_PERSON:
        return value_ref(source_random_below(source, N_PEOPLE));
    case CLASS_UNIT: /* one more than there are: a link that leads nowhere */
        return value_ref(source_random_below(source, N_UNITS + 1));
    case CLASS_ROWS:
    case N_CLASSES:
        break;
    }
    return VALUE_EMPTY;
}

static Value pick_field(Source *source, const Field *field)
{
    if (!field->is_list) {
        return is_chance(source, 30) ? VALUE_EMPTY : pick_value(source, field->class);
    }
    Value list = VALUE_EMPTY;
    for (uint32_t n = source_random_below(source, 4); n > 0; n--) {
        value_list_append(&list, pick_value(source, field->class));
    }
    return list;
}

/* ---- records --------------------------------------------------------------------------------- */

/* One record, unit or item: a value for each of its owner's fields, the others stay empty. */
typedef struct Row {
    const RandomRecords *records;
    Value values[N_FIELDS];
    size_t n_items;
    struct Row *items; /* of a record */
} Row;

struct RandomRecords {
    size_t n_records;
    Row *rows;
    Row units[N_UNITS];
};

static void fill_row(Source *source, const RandomRecords *records, Owner owner, Row *row)
{
    row->records = records;
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (fields[i].owner == owner) {
            row->values[i] = pick_field(source, &fields[i]);
        }
    }
}

static void clear_row(Row *row)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        value_clear(&row->values[i]);
    }
    for (size_t i = 0; i < row->n_items; i++) {
        clear_row(&row->items[i]);
    }
    g_free(row->items);
}

RandomRecords *random_records_new(Source *source, size_t n_records)
{
    RandomRecords *records = g_new0(RandomRecords, 1);
    records->n_records = n_records;
    records->rows = g_new0(Row, n_records);
    for (size_t i = 0; i < N_UNITS; i++) {
        fill_row(source, records, OWNER_UNIT, &records->units[i]);
    }
    for (size_t i = 0; i < n_records; i++) {
        Row *row = &records->rows[i];
        fill_row(source, records, OWNER_RECORD, row);
        row->n_items = source_random_below(source, MAX_ITEMS);
        row->items = g_new0(Row, row->n_items);
        for (size_t k = 0; k < row->n_items; k++) {
            fill_row(source, records, OWNER_ITEM, &row->items[k]);
        }
    }
    return records;
}

void random_records_free(RandomRecords *records)
{
    if (records == NULL) {
        return;
    }
    for (size_t i = 0; i < records->n_records; i++) {
        clear_row(&records->rows[i]);
    }
    for (size_t i = 0; i < N_UNITS; i++) {
        clear_row(&records->units[i]);
    }
    g_free(records->rows);
    g_free(records);
}

static const Value *value_at(const Row *row, const ExpressionSymbol *symbol)
{
    const Field *field = symbol->data;
    return &row->values[field - fields];
}

static void get(void *data, const ExpressionReference *reference, Value *ret_value)
{
    const Row *row = data;
    if (reference->link != NULL) {
        const Value *link = value_at(row, reference->link);
        if (value_is_empty(link) || link->number >= N_UNITS) {
            return;
        }
        row = &row->records->units[link->number];
    }
    *ret_value = value_copy(value_at(row, reference->symbol));
}

static bool get_row(void *data, const ExpressionSymbol *rows, size_t i, ExpressionRecord *ret_row)
{
    const Row *row = data;
    if (i >= row->n_items) {
        return false;
    }
    *ret_row = (ExpressionRecord){.get = get, .data = &row->items[i]};
    return true;
}

ExpressionRecord random_records_get(const RandomRecords *records, size_t i)
{
    return (ExpressionRecord){.get = get, .get_row = get_row, .data = &records->rows[i]};
}

/* ---- tables ---------------------------------------------------------------------------------- */

typedef void (*RunStatement)(void *data, const char *sql, const Value *values, size_t n_values);

static const struct {
    const char *table;
    const char *alias;
} tables[] = {
    [OWNER_RECORD] = {"record", "e"},
    [OWNER_UNIT] = {"unit", "u"},
    [OWNER_ITEM] = {"item", "i"},
};

static bool is_column(const Field *field, Owner owner)
{
    return field->owner == owner && !field->is_list && field->class != CLASS_ROWS;
}

static const char *sql_type(Class class, ExpressionDialect dialect)
{
    bool is_text = class == CLASS_TEXT || class == CLASS_CHANNEL || class == CLASS_DATE;
    if (!is_text) {
        return "bigint";
    }
    return dialect == EXPRESSION_SQLITE ? "text" : "text COLLATE \"C\"";
}

static void create_tables(ExpressionDialect dialect, RunStatement run, void *data)
{
    for (int owner = 0; owner < OWNER_PARAMETER; owner++) {
        g_autoptr(GString) sql = g_string_new(NULL);
        g_string_printf(sql, "CREATE TABLE %s (id bigint NOT NULL", tables[owner].table);
        if (owner == OWNER_ITEM) {
            g_string_append(sql, ", record bigint NOT NULL");
        }
        for (size_t i = 0; i < N_FIELDS; i++) {
            if (is_column(&fields[i], (Owner)owner)) {
                g_string_append_printf(sql, ", f_%s %s", fields[i].name,
                                       sql_type(fields[i].class, dialect));
            }
        }
        g_string_append(sql, owner == OWNER_ITEM ? ", PRIMARY KEY (record, id))"
                                                 : ", PRIMARY KEY (id))");
        run(data, sql->str, NULL, 0);
    }
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (fields[i].is_list) {
            g_autofree char *sql = g_strdup_printf(
                "CREATE TABLE list_%s (owner bigint NOT NULL, n bigint NOT NULL, item %s NOT NULL, "
                "PRIMARY KEY (owner, n))",
                fields[i].name, sql_type(fields[i].class, dialect));
            run(data, sql, NULL, 0);
        }
    }
}

/* Return @value as it is stored, borrowed text and all, but for dates, which are made in @buffer.
 */
static Value stored(const Value *value, char *buffer)
{
    if (value->kind == VALUE_DATE) {
        return (Value){.kind = VALUE_TEXT, .text = date_format((Date)value->number, buffer)};
    }
    if (value->kind == VALUE_TEXT || value->kind == VALUE_NONE) {
        return *value;
    }
    return value_number(value->number);
}

static void store_row(Owner owner, const Row *row, int64_t id, int64_t record, RunStatement run,
                      void *data)
{
    Value values[N_FIELDS + 2] = {value_number(id)};
    char buffers[N_FIELDS][DATE_TEXT_SIZE];
    size_t n_values = 1;
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s VALUES ($1", tables[owner].table);
    if (owner == OWNER_ITEM) {
        g_string_append(sql, ", $2");
        values[n_values++] = value_number(record);
    }
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (is_column(&fields[i], owner)) {
            values[n_values++] = stored(&row->values[i], buffers[i]);
            g_string_append_printf(sql, ", $%zu", n_values);
        }
    }
    g_string_append_c(sql, ')');
    run(data, sql->str, values, n_values);
}

static void store_lists(const Row *row, int64_t id, RunStatement run, void *data)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        const GArray *items = row->values[i].items;
        if (items == NULL) {
            continue;
        }
        g_autofree char *sql =
            g_strdup_printf("INSERT INTO list_%s VALUES ($1, $2, $3)", fields[i].name);
        for (guint n = 0; n < items->len; n++) {
            char buffer[DATE_TEXT_SIZE];
            Value values[] = {value_number(id), value_number(n),
                              stored(&g_array_index(items, Value, n), buffer)};
            run(data, sql, values, G_N_ELEMENTS(values));
        }
    }
}

void random_records_store(const RandomRecords *records, ExpressionDialect dialect, RunStatement run,
                          void *data)
{
    create_tables(dialect, run, data);
    for (size_t i = 0; i < N_UNITS; i++) {
        store_row(OWNER_UNIT, &records->units[i], (int64_t)i, 0, run, data);
        store_lists(&records->units[i], (int64_t)i, run, data);
    }
    for (size_t i = 0; i < records->n_records; i++) {
        const Row *row = &records->rows[i];
        store_row(OWNER_RECORD, row, (int64_t)i, 0, run, data);
        store_lists(row, (int64_t)i, run, data);
        for (size_t k = 0; k < row->n_items; k++) {
            store_row(OWNER_ITEM, &row->items[k], (int64_t)k, (int64_t)i, run, data);
        }
    }
}

static void append_column(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    const Field *field = reference->symbol->data;
    if (field->is_list) {
        g_string_append(sql->text, "l.item");
    } else if (reference->link != NULL) {
        g_string_append_printf(sql->text, "(SELECT u.f_%s FROM unit AS u WHERE u.id = e.f_unit)",
                               field->name);
    } else {
        g_string_append_printf(sql->text, "%s.f_%s", tables[field->owner].alias, field->name);
    }
}

static void append_source(void *data, const ExpressionReference *reference, ExpressionSql *sql)
{
    const Field *field = reference->symbol->data;
    if (field->is_list) {
        g_string_append_printf(sql->text, "list_%s AS l WHERE l.owner = %s", field->name,
                               reference->link != NULL ? "e.f_unit" : "e.id");
    } else {
        g_string_append(sql->text, "item AS i WHERE i.record = e.id");
    }
}

const ExpressionSqlNames *random_expression_sql_names(void)
{
    static const ExpressionSqlNames names = {append_column, append_source, NULL};
    return &names;
}

/* ---- expressions ----------------------------------------------------------------------------- */

typedef struct Writer {
    Source *source;
    GString *out;
    bool is_in_row; /* inside count(items where …) */
} Writer;

static void write_condition(Writer *writer, int depth);

/* Return a field of @class that is at hand, single or a list as @is_list says; NULL if none is. */
static const Field *pick_name(Writer *writer, Class class, bool is_list)
{
    const Field *found[N_FIELDS];
    size_t n_found = 0;
    for (size_t i = 0; i < N_FIELDS; i++) {
        bool is_at_hand = fields[i].owner != OWNER_ITEM || writer->is_in_row;
        if (is_at_hand && fields[i].class == class && fields[i].is_list == is_list) {
            found[n_found++] = &fields[i];
        }
    }
    return n_found > 0 ? found[source_random_below(writer->source, (uint32_t)n_found)] : NULL;
}

static void write_quoted(Writer *writer, const char *text)
{
    char quote = is_chance(writer->source, 70) ? '\'' : '"';
    g_string_append_c(writer->out, quote);
    for (; *text != '\0'; text++) {
        if (*text == quote) {
            g_string_append_c(writer->out, quote);
        }
        g_string_append_c(writer->out, *text);
    }
    g_string_append_c(writer->out, quote);
}

static void write_literal(Writer *writer, Class class)
{
    g_auto(Value) value = pick_value(writer->source, class);
    char day[DATE_TEXT_SIZE];
    switch (class) {
    case CLASS_NUMBER:
        g_string_append_printf(writer->out, "%d", (int)value.number);
        return;
    case CLASS_MONEY:
        g_string_append_printf(writer->out, "%s%d.%d", value.number < 0 ? "-" : "",
                               ABS((int)value.number / 100), ABS((int)value.number % 100) / 10);
        return;
    case CLASS_BOOL:
        g_string_append(writer->out, value.number != 0 ? "yes" : "no");
        return;
    case CLASS_DATE:
        g_string_append(writer->out, date_format((Date)value.number, day));
        return;
    case CLASS_CHANNEL:
        if (g_ascii_isalpha(*value.text) && !expression_is_reserved(value.text)) {
            g_string_append(writer->out, value.text);
            return;
        }
        write_quoted(writer, value.text);
        return;
    case CLASS_TEXT:
        write_quoted(writer, value.text);
        return;
    case CLASS_TIME:
    case CLASS_PERSON:
    case CLASS_UNIT:
    case CLASS_ROWS:
    case N_CLASSES:
        break;
    }
    g_assert_not_reached();
}

static void write_field(Writer *writer, const Field *field)
{
    g_string_append_printf(writer->out, "%s%s", field->owner == OWNER_UNIT ? "unit." : "",
                           field->name);
}

static void write_count(Writer *writer)
{
    g_string_append(writer->out, "count(items");
    if (is_chance(writer->source, 75)) {
        g_string_append(writer->out, " where ");
        writer->is_in_row = true;
        write_condition(writer, 1);
        writer->is_in_row = false;
    }
    g_string_append_c(writer->out, ')');
}

/* Write something of @class that is not fixed. */
static void write_name(Writer *writer, Class class)
{
    if (class == CLASS_NUMBER && !writer->is_in_row && is_chance(writer->source, 30)) {
        write_count(writer);
        return;
    }
    write_field(writer, pick_name(writer, class, false));
    bool is_day = class == CLASS_DATE || class == CLASS_TIME;
    if (is_day && is_chance(writer->source, 35)) {
        static const int days[] = {0, 1, 30, 365, EXPRESSION_DAYS_MAX};
        g_string_append_printf(writer->out, is_chance(writer->source, 50) ? " - %d" : "+%d",
                               days[source_random_below(writer->source, G_N_ELEMENTS(days))]);
        g_string_append(writer->out, is_chance(writer->source, 50) ? " days" : "");
    }
}

/* Write what can stand to the right of something of @class. */
static void write_other(Writer *writer, Class class)
{
    bool is_day = class == CLASS_DATE || class == CLASS_TIME;
    if (is_day) {
        class = is_chance(writer->source, 70) ? CLASS_DATE : CLASS_TIME;
    }
    bool has_literal = class != CLASS_TIME && class != CLASS_PERSON && class != CLASS_UNIT;
    if (has_literal && is_chance(writer->source, 60)) {
        write_literal(writer, class);
    } else {
        write_name(writer, class);
    }
}

static bool has_order(Class class)
{
    return class != CLASS_CHANNEL && class != CLASS_BOOL && class != CLASS_PERSON &&
           class != CLASS_UNIT;
}

static void write_compare(Writer *writer, Class class)
{
    static const char *const operators[] = {"=", "!=", "<", "<=", ">", ">="};
    uint32_t n_operators = has_order(class) ? 6 : 2;
    const char *op = operators[source_random_below(writer->source, n_operators)];
    const char *space = is_chance(writer->source, 80) ? " " : "";
    bool is_turned = has_order(class) && class != CLASS_TIME && is_chance(writer->source, 15);
    if (is_turned) {
        write_literal(writer, class);
    } else {
        write_name(writer, class);
    }
    g_string_append_printf(writer->out, "%s%s%s", space, op, space);
    if (is_turned) {
        write_name(writer, class);
    } else {
        write_other(writer, class);
    }
}

static void write_in(Writer *writer, Class class)
{
    write_name(writer, class);
    g_string_append(writer->out, " in (");
    for (uint32_t n = source_random_below(writer->source, 3);; n--) {
        write_other(writer, class);
        if (n == 0) {
            break;
        }
        g_string_append(writer->out, ", ");
    }
    g_string_append_c(writer->out, ')');
}

static void write_between(Writer *writer, Class class)
{
    write_name(writer, class);
    g_string_append(writer->out, " between ");
    write_other(writer, class);
    g_string_append(writer->out, " and ");
    write_other(writer, class);
}

static void write_contains(Writer *writer)
{
    static const Class listed[] = {CLASS_CHANNEL, CLASS_PERSON, CLASS_DATE};
    Class class = CLASS_TEXT;
    if (is_chance(writer->source, 60)) {
        class = listed[source_random_below(writer->source, G_N_ELEMENTS(listed))];
    }
    write_field(writer, pick_name(writer, class, class != CLASS_TEXT));
    g_string_append(writer->out, " contains ");
    write_other(writer, class);
}

static void write_empty(Writer *writer)
{
    const Field *field = NULL;
    while (field == NULL) {
        Class class = (Class)source_random_below(writer->source, CLASS_ROWS);
        field = pick_name(writer, class, is_chance(writer->source, 25));
    }
    write_field(writer, field);
    g_string_append(writer->out, is_chance(writer->source, 50) ? " is empty" : " is not empty");
}

static void write_atom(Writer *writer)
{
    Class class = (Class)source_random_below(writer->source, CLASS_ROWS);
    if (is_chance(writer->source, 25)) { /* days have the most ways to go wrong */
        class = is_chance(writer->source, 60) ? CLASS_DATE : CLASS_TIME;
    }
    uint32_t kind = source_random_below(writer->source, 100);
    if (kind < 12) {
        write_empty(writer);
    } else if (kind < 26) {
        write_contains(writer);
    } else if (kind < 32) {
        write_field(writer, pick_name(writer, CLASS_BOOL, false));
    } else if (kind < 44) {
        write_in(writer, class);
    } else if (kind < 54 && has_order(class)) {
        write_between(writer, class);
    } else {
        write_compare(writer, class);
    }
}

static void write_chain(Writer *writer, int depth)
{
    for (uint32_t n = 1 + source_random_below(writer->source, 2);; n--) {
        write_condition(writer, depth - 1);
        if (n == 0) {
            return;
        }
        g_string_append(writer->out, is_chance(writer->source, 50) ? " and " : " or ");
    }
}

static void write_condition(Writer *writer, int depth)
{
    bool is_negated = is_chance(writer->source, 25);
    bool is_wrapped = is_chance(writer->source, 40);
    g_string_append(writer->out, is_negated ? "not " : "");
    g_string_append(writer->out, is_wrapped ? "(" : "");
    if (depth > 0 && is_chance(writer->source, 60)) {
        write_chain(writer, depth);
    } else {
        write_atom(writer);
    }
    g_string_append(writer->out, is_wrapped ? ")" : "");
}

char *random_expression_condition(Source *source)
{
    Writer writer = {.source = source, .out = g_string_new(NULL)};
    write_condition(&writer, (int)source_random_below(source, 4));
    return g_string_free(writer.out, false);
}

char *random_expression_value(Source *source)
{
    Writer writer = {.source = source, .out = g_string_new(NULL)};
    write_name(&writer, (Class)source_random_below(source, CLASS_ROWS));
    return g_string_free(writer.out, false);
}
