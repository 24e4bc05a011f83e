#include "web/form.h"

#include "language/collate.h"
#include "office/person.h"
#include "office/unit.h"

#define BLANK_ROWS 4

/* ---- values as text -------------------------------------------------------------------------- */

const char *web_field_text(const WebContext *context, const SchemaField *field, const Value *value)
{
    return web_keep(context, ledger_field_format(field, value, context->names,
                                                 office_offset_seconds(context->office),
                                                 context->html.language));
}

static char *control_name(const SchemaField *field)
{
    return field->parent != NULL
               ? g_strconcat(WEB_FIELD_PREFIX, field->parent->name, ".", field->name, NULL)
               : g_strconcat(WEB_FIELD_PREFIX, field->name, NULL);
}

/* Return whether the request brings a form in which @name was. */
static bool is_typed(const WebContext *context, const char *name)
{
    return http_request_form_all(context->request, name)->len > 0;
}

/* Return line @line of what was typed into the controls @name; NULL when there is none. */
static const char *typed_line(const WebContext *context, const char *name, guint line)
{
    const GPtrArray *typed = http_request_form_all(context->request, name);
    return line < typed->len ? g_ptr_array_index(typed, line) : NULL;
}

/* Return all that was typed into the controls @name, as one list; kept. */
static const char *typed_list(const WebContext *context, const char *name)
{
    const GPtrArray *typed = http_request_form_all(context->request, name);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < typed->len; i++) {
        g_string_append_printf(out, "%s%s", out->len > 0 ? ";" : "",
                               (const char *)g_ptr_array_index(typed, i));
    }
    return web_keep(context, g_string_free(out, false));
}

/* ---- controls -------------------------------------------------------------------------------- */

/* How a kind of field is filled in. */
static const struct {
    WebControl control;
    const char *type; /* of <input> */
    const char *list; /* id of the suggestions */
    const char *hint; /* NULL: none, or the unit of a number */
} kinds[SCHEMA_N_FIELD_KINDS] = {
    [SCHEMA_FIELD_TEXT] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_LONG] = {WEB_CONTROL_TEXT, "text", NULL},
    [SCHEMA_FIELD_NUMBER] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_MONEY] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_DATE] = {WEB_CONTROL_LINE, "text", NULL, N_("2023-05-06, or 5月6日")},
    [SCHEMA_FIELD_TIME] = {WEB_CONTROL_LINE, "text", NULL, N_("2023-05-06 09:30")},
    [SCHEMA_FIELD_PERIOD] = {WEB_CONTROL_LINE, "text", NULL, N_("2023, 2023Q1 or 2023-05")},
    [SCHEMA_FIELD_CHOICE] = {WEB_CONTROL_SELECT, "text", NULL},
    [SCHEMA_FIELD_CHOICES] = {WEB_CONTROL_CHECKS, "text", NULL},
    [SCHEMA_FIELD_BOOL] = {WEB_CONTROL_SELECT, "text", NULL},
    [SCHEMA_FIELD_UNIT] = {WEB_CONTROL_LINE, "text", "units"},
    [SCHEMA_FIELD_PERSON] = {WEB_CONTROL_LINE, "text", "people"},
    [SCHEMA_FIELD_PEOPLE] = {WEB_CONTROL_TEXT, "text", NULL, N_("names, with 、 between them")},
    [SCHEMA_FIELD_ENTRY] = {WEB_CONTROL_LINE, "text", NULL, N_("the number of the entry")},
    [SCHEMA_FIELD_ROWS] = {WEB_CONTROL_ROWS, "text", NULL},
    [SCHEMA_FIELD_FILE] = {WEB_CONTROL_FILE, "file", NULL},
    [SCHEMA_FIELD_PLACE] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_PHONE] = {WEB_CONTROL_LINE, "tel", NULL},
    [SCHEMA_FIELD_IDENTITY] = {WEB_CONTROL_LINE, "text", NULL},
};

static void add_choice(const WebContext *context, GPtrArray *choices, const char *name,
                       const char *words, bool is_chosen)
{
    WebChoice *choice = web_new(context, WebChoice);
    *choice = (WebChoice){name, words, is_chosen};
    g_ptr_array_add(choices, choice);
}

/* Return whether @name is one of the ";"-separated @list. */
static bool is_among(const char *list, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(list, ";", -1);
    return g_strv_contains((const char *const *)parts, name);
}

/* Return the choices of @field, with those that @chosen, names separated by ";", has. */
static GPtrArray *choices_of(const WebContext *context, const SchemaField *field,
                             const char *chosen)
{
    GPtrArray *choices = web_array(context);
    if (field->kind == SCHEMA_FIELD_BOOL) {
        add_choice(context, choices, "yes", web_tr(context, N_("yes")), is_among(chosen, "yes"));
        add_choice(context, choices, "no", web_tr(context, N_("no")), is_among(chosen, "no"));
        return choices;
    }
    for (guint i = 0; i < field->choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(field->choices, i);
        add_choice(context, choices, choice->name, web_words(context, &choice->words),
                   is_among(chosen, choice->name));
    }
    return choices;
}

/* Return @value of @field as its control holds it: the key of a choice, else as people read it. */
static const char *value_for_control(const WebContext *context, const SchemaField *field,
                                     const Value *value)
{
    if (value_is_empty(value)) {
        return "";
    }
    if (field->kind == SCHEMA_FIELD_CHOICE) {
        return web_keep(context, g_strdup(value->text));
    }
    if (field->kind == SCHEMA_FIELD_BOOL) {
        return value->number != 0 ? "yes" : "no";
    }
    if (field->kind == SCHEMA_FIELD_CHOICES) {
        GString *out = g_string_new(NULL);
        for (guint i = 0; i < value->items->len; i++) {
            g_string_append_printf(out, "%s%s", i > 0 ? ";" : "",
                                   g_array_index(value->items, Value, i).text);
        }
        return web_keep(context, g_string_free(out, false));
    }
    return web_field_text(context, field, value);
}

static WebField *make_control(const WebContext *context, const SchemaField *field,
                              const char *prefix, const char *text)
{
    WebField *shown = web_new(context, WebField);
    shown->name = web_keep(context, control_name(field));
    shown->id = web_keep(context, g_strconcat(prefix, "-", shown->name, NULL));
    shown->words = web_words(context, &field->words);
    shown->text = text;
    const char *hint = kinds[field->kind].hint;
    shown->hint = hint != NULL ? web_tr(context, hint) : field->unit;
    shown->list = kinds[field->kind].list;
    shown->type = kinds[field->kind].type;
    shown->control = kinds[field->kind].control;
    shown->is_required = field->is_required;
    if (shown->control == WEB_CONTROL_SELECT || shown->control == WEB_CONTROL_CHECKS) {
        shown->choices = choices_of(context, field, text);
    }
    return shown;
}

/* Fill in the table of a ROWS field. */
static void add_lines(const WebContext *context, const SchemaField *field, const char *prefix,
                      const LedgerRows *rows, WebField *shown)
{
    g_autofree char *first = control_name(g_ptr_array_index(field->fields, 0));
    bool is_sent = is_typed(context, first);
    guint n = is_sent ? http_request_form_all(context->request, first)->len
                      : (rows != NULL ? rows->rows->len : 0) + BLANK_ROWS;
    shown->columns = web_array(context);
    shown->lines = web_array(context);
    for (guint i = 0; i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        g_ptr_array_add(shown->columns, (char *)web_words(context, &child->words));
    }
    for (guint line = 0; line < n; line++) {
        GPtrArray *cells = web_array(context);
        g_autofree char *own = g_strdup_printf("%s%u", prefix, line);
        for (guint i = 0; i < field->fields->len; i++) {
            const SchemaField *child = g_ptr_array_index(field->fields, i);
            g_autofree char *name = control_name(child);
            const char *text =
                is_sent ? typed_line(context, name, line)
                : rows != NULL && line < rows->rows->len
                    ? value_for_control(context, child,
                                        (const Value *)g_ptr_array_index(rows->rows, line) + i)
                    : "";
            g_ptr_array_add(cells, make_control(context, child, own, text != NULL ? text : ""));
        }
        g_ptr_array_add(shown->lines, cells);
    }
}

WebField *web_field_new(const WebContext *context, const SchemaField *field, const char *prefix,
                        const LedgerEntry *entry)
{
    g_autofree char *name = control_name(field);
    const char *text = is_typed(context, name) ? typed_list(context, name)
                       : entry != NULL
                           ? value_for_control(context, field, &entry->values[field->position])
                           : "";
    WebField *shown = make_control(context, field, prefix, text);
    if (field->kind == SCHEMA_FIELD_ROWS) {
        add_lines(context, field, prefix, entry != NULL ? entry->rows[field->position] : NULL,
                  shown);
    }
    return shown;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool parse(const WebContext *context, const SchemaField *field, const char *text,
                  Value *ret_value, GError **error)
{
    if (ledger_field_parse(field, text, context->names, office_offset_seconds(context->office),
                           date_year(web_today(context)), ret_value, error)) {
        return true;
    }
    error_prefix(error, "field '%s'", web_words(context, &field->words));
    return false;
}

/* Read line @line of the table of @rows; a line without anything in it is none. */
static bool read_line(const WebContext *context, const SchemaField *rows, guint line,
                      LedgerInput *input, GError **error)
{
    g_autofree Value *values = g_new0(Value, rows->fields->len);
    bool is_good = true;
    bool is_blank = true;
    for (guint i = 0; is_good && i < rows->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(rows->fields, i);
        g_autofree char *name = control_name(child);
        const char *text = typed_line(context, name, line);
        is_good = parse(context, child, text != NULL ? text : "", &values[i], error);
        is_blank = is_blank && value_is_empty(&values[i]);
    }
    if (is_good && !is_blank) {
        ledger_input_add_row(input, rows, values);
        return true;
    }
    for (guint i = 0; i < rows->fields->len; i++) {
        value_clear(&values[i]);
    }
    return is_good;
}

static bool read_rows(const WebContext *context, const SchemaField *rows, LedgerInput *input,
                      GError **error)
{
    g_autofree char *first = control_name(g_ptr_array_index(rows->fields, 0));
    guint n = http_request_form_all(context->request, first)->len;
    if (n > 0) {
        ledger_input_set(input, rows, VALUE_EMPTY); /* what is given replaces what there was */
    }
    for (guint line = 0; line < n; line++) {
        if (!read_line(context, rows, line, input, error)) {
            return false;
        }
    }
    return true;
}

static bool read_field(const WebContext *context, const SchemaField *field, LedgerInput *input,
                       GError **error)
{
    if (field->kind == SCHEMA_FIELD_FILE) {
        return true;
    }
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return read_rows(context, field, input, error);
    }
    g_autofree char *name = control_name(field);
    if (!is_typed(context, name)) {
        return true;
    }
    Value value = VALUE_EMPTY;
    if (!parse(context, field, typed_list(context, name), &value, error)) {
        return false;
    }
    ledger_input_set(input, field, value);
    return true;
}

LedgerInput *web_input_read(const WebContext *context, const SchemaLedger *ledger,
                            const GPtrArray *fields, GError **error)
{
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    for (guint i = 0; i < fields->len; i++) {
        if (!read_field(context, g_ptr_array_index(fields, i), input, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&input);
}

/* ---- known names ----------------------------------------------------------------------------- */

GPtrArray *web_known_names(const WebContext *context, SchemaFieldKind kind, GError **error)
{
    bool is_unit = kind == SCHEMA_FIELD_UNIT;
    Date today = web_today(context);
    g_autoptr(GPtrArray) known = is_unit ? office_unit_list(context->reader, today, error)
                                         : office_person_list(context->reader, today, error);
    if (known == NULL) {
        return NULL;
    }
    GPtrArray *names = web_array(context);
    for (guint i = 0; i < known->len; i++) {
        const char *name = is_unit ? ((OfficeUnit *)g_ptr_array_index(known, i))->name
                                   : ((OfficePerson *)g_ptr_array_index(known, i))->name;
        g_ptr_array_add(names, web_keep(context, g_strdup(name)));
    }
    g_ptr_array_sort(names, collate_compare_pointers);
    return names;
}
