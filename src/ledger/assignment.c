#include "ledger/assignment.h"

#include "base/text.h"
#include "ledger/unique.h"
#include "ledger/wall.h"
#include "schema/called.h"

/* ---- FIELD=VALUE ----------------------------------------------------------------------------- */

bool ledger_assignment_split(const GPtrArray *fields, const char *word,
                             const SchemaField **ret_field, const char **ret_value, GError **error)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not FIELD=VALUE", word);
        return false;
    }
    g_autofree char *name = g_strndup(word, (gsize)(equals - word));
    const SchemaField *field = schema_called(fields, name);
    if (field == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is no field '%s'", name);
        schema_offer(error, fields, name);
        return false;
    }
    *ret_field = field;
    *ret_value = equals + 1;
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Return the assignments of @line, as they were before they were escaped; of char*, the caller owns
 * them. */
static GPtrArray *split_line(const char *line)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) part = g_string_new(NULL);
    for (const char *at = line; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
            g_string_append_c(part, *at == 'n' ? '\n' : *at);
        } else if (*at == ';') {
            g_ptr_array_add(parts, g_strdup(part->str));
            g_string_truncate(part, 0);
        } else {
            g_string_append_c(part, *at);
        }
    }
    g_ptr_array_add(parts, g_strdup(part->str));
    return parts;
}

static bool parse_part(const SchemaField *rows, const char *part, LedgerNames *names,
                       int offset_seconds, int default_year, Value *values, GError **error)
{
    const SchemaField *child = NULL;
    const char *text = NULL;
    if (strchr(part, '=') == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is no row; write field=value;field=value, a line a row, or set the column"
                  " aside",
                  part);
        return false;
    }
    if (!ledger_assignment_split(rows->fields, part, &child, &text, error)) {
        return false;
    }
    if (!value_is_empty(&values[child->position])) {
        error_set(error, SHUZHI_ERROR_INVALID, "the field '%s' is given twice", child->name);
        return false;
    }
    bool is_nothing = (child->kind == SCHEMA_FIELD_BOOL || child->kind == SCHEMA_FIELD_NUMBER ||
                       child->kind == SCHEMA_FIELD_MONEY) &&
                      ledger_unique_is_stroke(text);
    return is_nothing || ledger_field_parse(child, text, names, offset_seconds, default_year,
                                            &values[child->position], error);
}

static bool is_blank_row(const SchemaField *rows, const Value *values)
{
    bool is_blank = true;
    for (guint i = 0; i < rows->fields->len; i++) {
        is_blank = is_blank && value_is_empty(&values[i]);
    }
    return is_blank;
}

/* Add the row that @line, "person=张三;score=92", describes; one of blanks is none. */
static bool add_row(LedgerInput *input, const SchemaField *rows, const char *line,
                    LedgerNames *names, int offset_seconds, int default_year, GError **error)
{
    g_autoptr(GPtrArray) parts = split_line(line);
    g_autofree Value *values = g_new0(Value, rows->fields->len);
    bool is_good = true;
    for (guint i = 0; is_good && i < parts->len; i++) {
        is_good = parse_part(rows, g_ptr_array_index(parts, i), names, offset_seconds, default_year,
                             values, error);
    }
    if (is_good && !is_blank_row(rows, values)) {
        ledger_input_add_row(input, rows, values);
        return true;
    }
    for (guint i = 0; i < rows->fields->len; i++) {
        value_clear(&values[i]);
    }
    return is_good;
}

/* Return the field of @rows that makes a row of a name alone: a person, and all that a row needs.
 * NULL where there is none. */
static const SchemaField *person_of(const SchemaField *rows)
{
    const SchemaField *person = NULL;
    guint n_required = 0;
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(rows->fields, i);
        n_required += child->is_required ? 1 : 0;
        person = child->is_required && child->kind == SCHEMA_FIELD_PERSON ? child : person;
    }
    return n_required == 1 ? person : NULL;
}

/* Add a row for each of the people that @text names in the field @person. */
static bool add_people(LedgerInput *input, const SchemaField *rows, const SchemaField *person,
                       const char *text, LedgerNames *names, GError **error)
{
    g_auto(Value) people = VALUE_EMPTY;
    if (!ledger_field_parse_people(person, text, names, &people, error)) {
        return false;
    }
    for (guint i = 0; people.items != NULL && i < people.items->len; i++) {
        g_autofree Value *values = g_new0(Value, rows->fields->len);
        values[person->position] = value_copy(&g_array_index(people.items, Value, i));
        ledger_input_add_row(input, rows, values);
    }
    return true;
}

bool ledger_assignment_add_rows(LedgerInput *input, const SchemaField *rows, const char *text,
                                LedgerNames *names, int offset_seconds, int default_year,
                                GError **error)
{
    const SchemaField *person = person_of(rows);
    if (person != NULL && strchr(text, '=') == NULL) {
        return add_people(input, rows, person, text, names, error);
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++) {
        g_strchomp(lines[i]);
        if (*lines[i] != '\0' &&
            !add_row(input, rows, lines[i], names, offset_seconds, default_year, error)) {
            return false;
        }
    }
    return true;
}

static void append_escaped(GString *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == ';' || *at == '\\' || *at == '\n') {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *at == '\n' ? 'n' : *at);
    }
}

char *ledger_assignment_rows_text(const SchemaField *field, const LedgerRows *rows,
                                  LedgerNames *names, int offset_seconds, const char *language)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; rows != NULL && i < rows->rows->len; i++) {
        const Value *values = g_ptr_array_index(rows->rows, i);
        const char *between = i > 0 ? "\n" : "";
        for (guint j = 0; j < field->fields->len; j++) {
            const SchemaField *child = g_ptr_array_index(field->fields, j);
            g_autofree char *text =
                ledger_field_format(child, &values[j], names, offset_seconds, language);
            if (*text != '\0' && !ledger_wall_hides(child, false)) {
                g_string_append_printf(out, "%s%s=", between, child->name);
                append_escaped(out, text);
                between = ";";
            }
        }
    }
    return g_string_free(out, false);
}
