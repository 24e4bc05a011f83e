#include "web/form.h"

#include "base/text.h"
#include "language/collate.h"
#include "language/pinyin.h"
#include "office/person.h"
#include "office/unit.h"
#include "web/pick.h"

#define BLANK_ROWS 4
#define MAX_ROWS 500   /* of a table in a form: with more, an import is the way */
#define MAX_CELLS 1500 /* of it: a form has at most HTTP_MAX_FIELDS */

/* ---- values as text -------------------------------------------------------------------------- */

/* Return @value of @field as it is typed, kept. */
static char *typed_text(const WebContext *context, const SchemaField *field, const Value *value)
{
    return (char *)web_keep(context, ledger_field_format(field, value, context->names,
                                                         office_offset_seconds(context->office),
                                                         context->html.language));
}

const char *web_field_text(const WebContext *context, const SchemaField *field, const Value *value)
{
    const char *text = typed_text(context, field, value);
    return value->kind == VALUE_NUMBER ? web_keep(context, text_group_digits(text)) : text;
}

static char *control_name(const SchemaField *field)
{
    return field->parent != NULL
               ? g_strconcat(WEB_FIELD_PREFIX, field->parent->name, ".", field->name, NULL)
               : g_strconcat(WEB_FIELD_PREFIX, field->name, NULL);
}

const GPtrArray *web_typed_all(const WebContext *context, const char *name)
{
    const GPtrArray *drafted =
        context->typed != NULL ? g_hash_table_lookup(context->typed, name) : NULL;
    return drafted != NULL ? drafted : http_request_form_all(context->request, name);
}

const char *web_typed(const WebContext *context, const char *name)
{
    const GPtrArray *typed = web_typed_all(context, name);
    return typed->len > 0 ? g_ptr_array_index(typed, 0) : "";
}

/* Return whether the request brings a form in which @name was. */
static bool is_typed(const WebContext *context, const char *name)
{
    return web_typed_all(context, name)->len > 0;
}

/* Return line @line of what was typed into the controls @name; NULL when there is none. */
static const char *typed_line(const WebContext *context, const char *name, guint line)
{
    const GPtrArray *typed = web_typed_all(context, name);
    return line < typed->len ? g_ptr_array_index(typed, line) : NULL;
}

/* Return all that was typed into the controls @name, as one list; kept. */
static const char *typed_list(const WebContext *context, const char *name)
{
    const GPtrArray *typed = web_typed_all(context, name);
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
    const char *hint; /* NULL: none */
} kinds[SCHEMA_N_FIELD_KINDS] = {
    [SCHEMA_FIELD_TEXT] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_LONG] = {WEB_CONTROL_TEXT, "text", NULL},
    [SCHEMA_FIELD_NUMBER] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_MONEY] = {WEB_CONTROL_LINE, "text", NULL},
    [SCHEMA_FIELD_DATE] = {WEB_CONTROL_LINE, "text", NULL, N_("2023-05-06")},
    [SCHEMA_FIELD_TIME] = {WEB_CONTROL_LINE, "text", NULL, N_("2023-05-06 09:30")},
    [SCHEMA_FIELD_PERIOD] = {WEB_CONTROL_LINE, "text", NULL, N_("2023, 2023Q1 or 2023-05")},
    [SCHEMA_FIELD_CHOICE] = {WEB_CONTROL_SELECT, "text", NULL},
    [SCHEMA_FIELD_CHOICES] = {WEB_CONTROL_CHECKS, "text", NULL},
    [SCHEMA_FIELD_BOOL] = {WEB_CONTROL_SELECT, "text", NULL},
    [SCHEMA_FIELD_UNIT] = {WEB_CONTROL_LINE, "text", "units"},
    [SCHEMA_FIELD_PERSON] = {WEB_CONTROL_LINE, "text", "people"},
    [SCHEMA_FIELD_PEOPLE] = {WEB_CONTROL_LINE, "text", NULL, N_("names, with commas between them")},
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

/* Add what @chosen has and the pack knows no more: a form that did not hold it would empty it. */
static void add_past_choices(const WebContext *context, const SchemaField *field,
                             const char *chosen, GPtrArray *choices)
{
    g_auto(GStrv) parts = g_strsplit(chosen, ";", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (**part != '\0' && schema_field_choice(field, *part) == NULL) {
            const char *was =
                ledger_names_choice(context->names, field, *part, context->html.language);
            add_choice(context, choices, web_copy(context, *part),
                       web_say(context, N_("%s (no longer a choice)"), was), true);
        }
    }
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
    add_past_choices(context, field, chosen, choices);
    return choices;
}

/* Return the name of unit or person @id as it can be read back: with its id where several have the
 * name. */
static const char *name_for_control(const WebContext *context, const SchemaField *field, int64_t id)
{
    const char *name = ledger_names_get(context->names, field->kind, id);
    int64_t found = 0;
    return ledger_names_find(context->names, field, name, &found, NULL) && found == id
               ? name
               : web_keep(context, g_strdup_printf("%s#%" G_GINT64_FORMAT, name, id));
}

const char *web_control_text(const WebContext *context, const SchemaField *field,
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
    if (field->kind == SCHEMA_FIELD_UNIT || field->kind == SCHEMA_FIELD_PERSON) {
        return name_for_control(context, field, value->number);
    }
    if (field->kind == SCHEMA_FIELD_CHOICES || field->kind == SCHEMA_FIELD_PEOPLE) {
        bool is_people = field->kind == SCHEMA_FIELD_PEOPLE;
        GString *out = g_string_new(NULL);
        for (guint i = 0; i < value->items->len; i++) {
            const Value *item = &g_array_index(value->items, Value, i);
            g_string_append_printf(out, "%s%s",
                                   i == 0      ? ""
                                   : is_people ? "、"
                                               : ";",
                                   is_people ? name_for_control(context, field, item->number)
                                             : item->text);
        }
        return web_keep(context, g_string_free(out, false));
    }
    char *text = typed_text(context, field, value);
    text_unify_breaks(text); /* as the control gives it back */
    return text;
}

/* Return the name of the control that is there whenever @field is in a form; the caller owns it. */
static char *first_name(const SchemaField *field)
{
    bool is_rows = field->kind == SCHEMA_FIELD_ROWS;
    return control_name(is_rows ? g_ptr_array_index(field->fields, 0) : field);
}

bool web_field_is_typed(const WebContext *context, const SchemaField *field)
{
    g_autofree char *name = first_name(field);
    return is_typed(context, name);
}

const GPtrArray *web_field_typed(const WebContext *context, const SchemaField *field)
{
    g_autofree char *name = control_name(field);
    return web_typed_all(context, name);
}

bool web_field_holds(const WebContext *context, const SchemaField *field, const Value *value)
{
    g_autofree char *name = first_name(field);
    g_autofree char *given = text_unify_breaks(g_strdup(web_control_text(context, field, value)));
    return is_typed(context, name) && g_str_equal(typed_list(context, name), given);
}

void web_untype(WebContext *context, const char *name)
{
    if (context->typed == NULL) {
        context->typed = g_hash_table_new(g_str_hash, g_str_equal);
    }
    g_hash_table_insert(context->typed, (char *)web_copy(context, name), web_array(context));
}

void web_field_untype(WebContext *context, const SchemaField *field)
{
    guint n = field->kind == SCHEMA_FIELD_ROWS ? field->fields->len : 1;
    for (guint i = 0; i < n; i++) {
        bool is_rows = field->kind == SCHEMA_FIELD_ROWS;
        g_autofree char *name = control_name(is_rows ? g_ptr_array_index(field->fields, i) : field);
        web_untype(context, name);
    }
}

/* Return the address that suggests what may stand in @field; NULL where nothing does. */
static const char *pick_address(const WebContext *context, const SchemaField *field)
{
    switch ((int)field->kind) {
    case SCHEMA_FIELD_UNIT:
        return web_outer_address(context, "/pick/unit");
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_PEOPLE:
        return web_outer_address(context, "/pick/person");
    case SCHEMA_FIELD_ENTRY:
        return web_outer_address(
            context, web_keep(context, g_strconcat("/pick/entry/", field->target_name, NULL)));
    default:
        return NULL;
    }
}

/* Return @words of the pack; NULL where it says nothing. */
static const char *words_or_none(const WebContext *context, const SchemaWords *words)
{
    return *words->zh != '\0' ? web_words(context, words) : NULL;
}

/* Say by which ids a control is described. */
static void describe(const WebContext *context, WebField *shown)
{
    if (shown->help != NULL || shown->fault != NULL) {
        shown->described =
            web_keep(context, g_strconcat(shown->help != NULL ? shown->id : "",
                                          shown->help != NULL ? "-help" : "",
                                          shown->help != NULL && shown->fault != NULL ? " " : "",
                                          shown->fault != NULL ? shown->id : "",
                                          shown->fault != NULL ? "-fault" : "", NULL));
    }
}

/* Return the id of the control @name on its page, kept. */
static const char *control_id(const WebContext *context, const char *prefix, const char *name)
{
    return web_keep(context, g_strconcat(prefix, "-", name, NULL));
}

/* Return the prefix of the ids in line @line of a table, kept. */
static const char *line_prefix(const WebContext *context, const char *prefix, guint line)
{
    return web_keep(context, g_strdup_printf("%s%u", prefix, line));
}

const char *web_field_label(const WebContext *context, const SchemaField *field)
{
    const char *words = web_words(context, &field->words);
    const char *unit = web_words(context, &field->unit);
    return *unit == '\0' || g_str_equal(unit, words) ? words
                                                     : web_say(context, N_("%s (%s)"), words, unit);
}

static WebField *make_control(const WebContext *context, const SchemaField *field,
                              const char *prefix, const char *text)
{
    WebField *shown = web_new(context, WebField);
    shown->name = web_keep(context, control_name(field));
    shown->id = control_id(context, prefix, shown->name);
    shown->help = words_or_none(context, &field->help);
    shown->section = words_or_none(context, &field->section);
    shown->fault = web_fault_at(context, shown->id);
    shown->pick = pick_address(context, field);
    shown->picks_one = shown->pick != NULL && field->kind != SCHEMA_FIELD_PEOPLE;
    describe(context, shown);
    shown->short_name = field->name;
    shown->words = web_field_label(context, field);
    shown->text = text;
    const char *hint = kinds[field->kind].hint;
    shown->hint = hint != NULL ? web_tr(context, hint) : NULL;
    shown->calendar = field->kind == SCHEMA_FIELD_DATE   ? "date"
                      : field->kind == SCHEMA_FIELD_TIME ? "datetime-local"
                                                         : NULL;
    shown->list = kinds[field->kind].list;
    shown->type = kinds[field->kind].type;
    shown->control = kinds[field->kind].control;
    shown->is_required = field->is_required;
    if (shown->control == WEB_CONTROL_SELECT || shown->control == WEB_CONTROL_CHECKS) {
        shown->choices = choices_of(context, field, text);
    }
    return shown;
}

bool web_lines_fit(const SchemaField *field, size_t n_lines)
{
    return n_lines <= MAX_ROWS && n_lines * field->fields->len <= MAX_CELLS;
}

bool web_rows_fit(const SchemaField *field, const LedgerRows *rows)
{
    return rows == NULL || web_lines_fit(field, rows->rows->len);
}

/* Fill in the table of a ROWS field: all that there is, and some to be filled in. */
static void add_lines(const WebContext *context, const SchemaField *field, const char *prefix,
                      const LedgerRows *rows, WebField *shown)
{
    g_autofree char *first = control_name(g_ptr_array_index(field->fields, 0));
    bool is_sent = is_typed(context, first);
    bool wants_more = g_str_equal(web_typed(context, "more"), field->name);
    guint n_filled = is_sent        ? web_typed_all(context, first)->len
                     : rows != NULL ? rows->rows->len
                                    : 0;
    guint n_more = is_sent && !wants_more ? 0 : BLANK_ROWS;
    guint n = MAX(n_filled, MIN(n_filled + n_more, MAX_ROWS));
    shown->columns = web_array(context);
    shown->lines = web_array(context);
    for (guint i = 0; i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        g_ptr_array_add(shown->columns, (char *)web_field_label(context, child));
    }
    for (guint line = 0; line < n; line++) {
        GPtrArray *cells = web_array(context);
        const char *own = line_prefix(context, prefix, line);
        for (guint i = 0; i < field->fields->len; i++) {
            const SchemaField *child = g_ptr_array_index(field->fields, i);
            g_autofree char *name = control_name(child);
            const char *text =
                is_sent ? typed_line(context, name, line)
                : rows != NULL && line < rows->rows->len
                    ? web_control_text(context, child,
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
                           ? web_control_text(context, field, &entry->values[field->position])
                           : "";
    WebField *shown = make_control(context, field, prefix, text);
    if (field->kind == SCHEMA_FIELD_ROWS) {
        add_lines(context, field, prefix, entry != NULL ? entry->rows[field->position] : NULL,
                  shown);
    }
    return shown;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Return whether @text is a time alone: "9:30". */
static bool is_time_alone(const char *text)
{
    size_t n_hours = strspn(text, "0123456789");
    return n_hours > 0 && n_hours <= 2 && text[n_hours] == ':';
}

const char *web_day_written_out(const WebContext *context, const SchemaField *field,
                                const char *text)
{
    static const struct {
        const char *word;
        int days;
    } words[] = {{"今天", 0}, {"昨天", -1}, {"前天", -2}, {"today", 0}, {"yesterday", -1}};
    char day[DATE_TEXT_SIZE];
    bool is_time = field->kind == SCHEMA_FIELD_TIME;
    if (!is_time && field->kind != SCHEMA_FIELD_DATE) {
        return text;
    }
    const char *typed = web_keep(context, text_strip_dup(text));
    if (is_time && (g_str_equal(typed, "现在") || g_str_equal(typed, "now"))) {
        return web_time(context, web_now_us(context));
    }
    if (is_time && is_time_alone(typed)) {
        return web_keep(context,
                        g_strdup_printf("%s %s", date_format(web_today(context), day), typed));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_prefix(typed, words[i].word)) {
            const char *rest = typed + strlen(words[i].word);
            return web_keep(context,
                            g_strconcat(date_format(web_today(context) + words[i].days, day),
                                        g_ascii_isdigit(*rest) ? " " : "", rest, NULL));
        }
    }
    return text;
}

/* A form as it is read. */
typedef struct Reading {
    const WebContext *context;
    const char *prefix; /* of the ids of its controls */
    bool is_all_needed;
    LedgerInput *input;
} Reading;

/* Read @text, typed for @field into the controls whose ids begin with @prefix; what is wrong with
 * it is noted. */
static bool parse(const WebContext *context, const SchemaField *field, const char *prefix,
                  const char *text, Value *ret_value)
{
    GError *error = NULL;
    const char *whole = pick_address(context, field) != NULL
                            ? web_pick_complete(context, field, text, &error)
                            : web_day_written_out(context, field, text);
    if (whole != NULL &&
        ledger_field_parse(field, whole, context->names, office_offset_seconds(context->office),
                           date_year(web_today(context)), ret_value, &error)) {
        if (value_is_empty(ret_value) || ledger_field_check(field, ret_value, &error)) {
            return true;
        }
        value_clear(ret_value);
        *ret_value = VALUE_EMPTY;
    }
    g_autofree char *name = control_name(field);
    web_fault_note(context, control_id(context, prefix, name), web_words(context, &field->words),
                   error);
    return false;
}

/* Note that @field was left empty, where it must not be. */
static bool check_filled(const Reading *reading, const SchemaField *field, const char *prefix,
                         const Value *value)
{
    const WebContext *context = reading->context;
    bool is_needed = field->is_required || (reading->is_all_needed && field->parent == NULL);
    if (!is_needed || !value_is_empty(value)) {
        return true;
    }
    g_autofree char *name = control_name(field);
    web_fault_note_empty(context, control_id(context, prefix, name),
                         web_words(context, &field->words));
    return false;
}

/* Read line @line of the table of @rows; a line without anything in it is none. */
static void read_line(const Reading *reading, const SchemaField *rows, guint line)
{
    const WebContext *context = reading->context;
    const char *prefix = line_prefix(context, reading->prefix, line);
    g_autofree Value *values = g_new0(Value, rows->fields->len);
    g_autofree bool *is_parsed = g_new0(bool, rows->fields->len);
    bool is_good = true;
    bool is_blank = true;
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(rows->fields, i);
        g_autofree char *name = control_name(child);
        const char *text = typed_line(context, name, line);
        is_parsed[i] = parse(context, child, prefix, text != NULL ? text : "", &values[i]);
        is_good = is_good && is_parsed[i];
        is_blank = is_blank && is_parsed[i] && value_is_empty(&values[i]);
    }
    for (guint i = 0; !is_blank && i < rows->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(rows->fields, i);
        is_good = (!is_parsed[i] || check_filled(reading, child, prefix, &values[i])) && is_good;
    }
    if (is_good && !is_blank) {
        ledger_input_add_row(reading->input, rows, values);
        return;
    }
    for (guint i = 0; i < rows->fields->len; i++) {
        value_clear(&values[i]);
    }
}

static void read_rows(const Reading *reading, const SchemaField *rows)
{
    const WebContext *context = reading->context;
    g_autofree char *first = control_name(g_ptr_array_index(rows->fields, 0));
    guint n = web_typed_all(context, first)->len;
    guint n_faults = context->faults->len;
    if (n > 0) {
        /* what is given replaces what there was */
        ledger_input_set(reading->input, rows, VALUE_EMPTY);
    }
    for (guint line = 0; line < n; line++) {
        read_line(reading, rows, line);
    }
    const LedgerRows *read = reading->input->rows[rows->position];
    if (n > 0 && (rows->is_required || reading->is_all_needed) &&
        (read == NULL || read->rows->len == 0) && context->faults->len == n_faults) {
        g_autofree char *name = control_name(rows);
        web_fault_note_empty(context, control_id(context, reading->prefix, name),
                             web_words(context, &rows->words));
    }
}

static void read_field(const Reading *reading, const SchemaField *field)
{
    const WebContext *context = reading->context;
    if (field->kind == SCHEMA_FIELD_FILE) {
        return;
    }
    if (field->kind == SCHEMA_FIELD_ROWS) {
        read_rows(reading, field);
        return;
    }
    g_autofree char *name = control_name(field);
    Value value = VALUE_EMPTY;
    if (is_typed(context, name) &&
        parse(context, field, reading->prefix, typed_list(context, name), &value) &&
        check_filled(reading, field, reading->prefix, &value)) {
        ledger_input_set(reading->input, field, value);
    }
}

LedgerInput *web_input_read(const WebContext *context, const SchemaLedger *ledger,
                            const GPtrArray *fields, const char *prefix, bool is_all_needed,
                            GError **error)
{
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    const Reading reading = {context, prefix, is_all_needed, input};
    for (guint i = 0; i < fields->len; i++) {
        read_field(&reading, g_ptr_array_index(fields, i));
    }
    return web_fault_none(context, error) ? g_steal_pointer(&input) : NULL;
}

void web_input_note(const WebContext *context, const GPtrArray *fields, const char *prefix,
                    const GError *error)
{
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        g_autofree char *name = control_name(field);
        web_fault_note_about(context, field->name, control_id(context, prefix, name),
                             web_words(context, &field->words), error);
    }
}

/* ---- known names ----------------------------------------------------------------------------- */

static int compare_units(gconstpointer a, gconstpointer b)
{
    return collate_compare((*(WebName *const *)a)->text, (*(WebName *const *)b)->text);
}

static int compare_people(gconstpointer a, gconstpointer b)
{
    return collate_compare_people((*(WebName *const *)a)->text, (*(WebName *const *)b)->text);
}

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
        WebName *name = web_new(context, WebName);
        name->text = web_keep(
            context, g_strdup(is_unit ? ((OfficeUnit *)g_ptr_array_index(known, i))->name
                                      : ((OfficePerson *)g_ptr_array_index(known, i))->name));
        name->pinyin = web_keep(context, pinyin_of(name->text, !is_unit));
        g_ptr_array_add(names, name);
    }
    g_ptr_array_sort(names, is_unit ? compare_units : compare_people);
    return names;
}
