#include "web/list.h"

#include "base/message.h"
#include "language/collate.h"
#include "log/history.h"
#include "office/unit.h"

const char *const web_list_dues[] = {"late",    "soon",      "later", "running",
                                     "in-time", "done-late", "moved", NULL};
const char *const web_list_due_words[] = {
    N_("overdue"),      N_("due within 7 days"), N_("more than 7 days left"), N_("running"),
    N_("done in time"), N_("done late"),         N_("deadline moved"),        NULL};

/* The same as conditions. */
static const char *const due_conditions[] = {
    "due <= cutoff and late is empty",
    "due > cutoff and due <= today + 8 and late is empty", /* at midnight the seventh day ends */
    "due > today + 8 and late is empty",
    "due is not empty and late is empty",
    "late = 0",
    "late > 0",
    "due_first >= 1900-01-01", /* whenever it was: a bound is found by its index */
};

/* ---- the condition --------------------------------------------------------------------------- */

static void append_and(GString *out)
{
    g_string_append(out, out->len > 0 ? " and " : "");
}

static char *quote(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "'", -1);
    return g_strjoinv("''", parts);
}

GStrv web_list_words(const char *text)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit_set(text, " \t\n", -1);
    for (char **part = parts; *part != NULL; part++) {
        if (**part != '\0') {
            g_strv_builder_add(words, *part);
        }
    }
    return g_strv_builder_end(words);
}

/* Each word somewhere in the entry. */
static bool append_words(GString *out, const char *text, GError **error)
{
    g_auto(GStrv) words = web_list_words(text);
    if (g_utf8_strlen(text, -1) > WEB_LIST_MAX_SEARCH_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "a search has at most %d characters",
                  WEB_LIST_MAX_SEARCH_CHARS);
        return false;
    }
    if (g_strv_length(words) > WEB_LIST_MAX_WORDS) {
        error_set(error, SHUZHI_ERROR_INVALID, "a search has at most %d words", WEB_LIST_MAX_WORDS);
        return false;
    }
    for (char **word = words; *word != NULL; word++) {
        g_autofree char *quoted = quote(*word);
        append_and(out);
        g_string_append_printf(out, "anywhere contains '%s'", quoted);
    }
    return true;
}

static void append_equal(GString *out, const char *name, const char *text)
{
    if (*text != '\0') {
        g_autofree char *quoted = quote(text);
        append_and(out);
        g_string_append_printf(out, "%s = '%s'", name, quoted);
    }
}

const char *web_list_due_condition(const char *due)
{
    for (size_t i = 0; web_list_dues[i] != NULL; i++) {
        if (g_str_equal(web_list_dues[i], due)) {
            return due_conditions[i];
        }
    }
    return NULL;
}

/* What is none is refused: nobody takes a longer list for the one that was kept. */
static bool append_due(GString *out, const char *due, GError **error)
{
    const char *condition = web_list_due_condition(due);
    if (condition == NULL && *due != '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "lists know no deadline '%s'", due);
        return false;
    }
    if (condition != NULL) {
        append_and(out);
        g_string_append(out, condition);
    }
    return true;
}

/* Return the field or name of the system that `date` may be; NULL for others. */
static const char *find_date(const WebList *list, const char *name)
{
    const SchemaField *field = schema_ledger_field(list->ledger, name);
    if (*name == '\0' || g_str_equal(name, "opened")) {
        return "opened";
    }
    bool is_date = field != NULL && !field->is_personal &&
                   (field->kind == SCHEMA_FIELD_DATE || field->kind == SCHEMA_FIELD_TIME);
    return is_date ? field->name : g_str_equal(name, "due") ? "due" : NULL;
}

/* Append one end of a period; *@ret_day is that day, untouched where nothing is typed. */
static bool append_bound(GString *out, const char *date, const char *operation, const char *text,
                         Date *ret_day, GError **error)
{
    Date day = DATE_NONE;
    char canonical[DATE_TEXT_SIZE];
    if (*text == '\0') {
        return true;
    }
    if (!date_parse(text, &day)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a day; write it as 2023-05-06", text);
        return false;
    }
    append_and(out);
    g_string_append_printf(out, "%s %s %s", date, operation, date_format(day, canonical));
    *ret_day = day;
    return true;
}

static bool append_dates(GString *out, const WebList *list, GError **error)
{
    const char *name = web_list_get(list, "date");
    const char *date = find_date(list, name);
    if (date == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a date of this ledger", name);
        return false;
    }
    Date first = DATE_NONE;
    Date last = DATE_NONE;
    if (!append_bound(out, date, ">=", web_list_get(list, "from"), &first, error) ||
        !append_bound(out, date, "<=", web_list_get(list, "until"), &last, error)) {
        return false;
    }
    if (first != DATE_NONE && last != DATE_NONE && first > last) {
        error_set(error, SHUZHI_ERROR_INVALID, "the first day %s is after the last day %s",
                  web_list_get(list, "from"), web_list_get(list, "until"));
        return false;
    }
    return true;
}

bool web_list_check_where(const WebList *list, GError **error)
{
    const char *where = web_list_get(list, "where");
    if (*where == '\0') {
        return true;
    }
    g_autoptr(Expression) condition =
        expression_parse(where, schema_ledger_scope(list->ledger), error);
    return condition != NULL;
}

const char *web_list_condition(const WebContext *context, const WebList *list, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *where = web_list_get(list, "where");
    if (!append_words(out, web_list_get(list, "q"), error)) {
        return NULL;
    }
    append_equal(out, "state", web_list_get(list, "state"));
    for (guint i = 0; i < list->parts->len; i++) {
        const WebPart *part = g_ptr_array_index(list->parts, i);
        if (g_str_has_prefix(part->name, WEB_FIELD_PREFIX)) {
            append_equal(out, part->name + strlen(WEB_FIELD_PREFIX), part->value);
        }
    }
    if (!append_due(out, web_list_get(list, "due"), error) || !append_dates(out, list, error)) {
        return NULL;
    }
    if (!web_list_check_where(list, error)) {
        return NULL;
    }
    if (*where != '\0') {
        g_string_append_printf(out, out->len > 0 ? " and (%s)" : "%s", where);
    }
    return web_keep(context, g_string_free(g_steal_pointer(&out), false));
}

/* ---- controls -------------------------------------------------------------------------------- */

static WebField *add_control(const WebContext *context, const WebList *list, GPtrArray *controls,
                             const char *name, const char *words)
{
    WebField *control = web_new(context, WebField);
    control->name = control->id = name;
    control->words = words;
    control->text = web_list_get(list, name);
    control->control = WEB_CONTROL_SELECT;
    control->choices = web_array(context);
    g_ptr_array_add(controls, control);
    return control;
}

static void add_choice(const WebContext *context, GPtrArray *choices, const char *chosen,
                       const char *name, const char *words)
{
    WebChoice *choice = web_new(context, WebChoice);
    choice->name = name;
    choice->words = words;
    choice->is_chosen = g_str_equal(chosen, name);
    g_ptr_array_add(choices, choice);
}

static void add_declared(const WebContext *context, WebField *control, const GPtrArray *declared)
{
    for (guint i = 0; i < declared->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(declared, i);
        add_choice(context, control->choices, control->text, choice->name,
                   web_words(context, &choice->words));
    }
}

static int compare_units(gconstpointer a, gconstpointer b)
{
    const OfficeUnit *left = *(OfficeUnit *const *)a;
    const OfficeUnit *right = *(OfficeUnit *const *)b;
    return collate_compare(left->name, right->name);
}

/* The units of a day in the order of their names, as they are kept in web/known. */
typedef struct Units {
    GPtrArray *all; /* of OfficeUnit */
} Units;

static void clear_units(gpointer units)
{
    g_ptr_array_unref(((Units *)units)->all);
}

static void release_units(gpointer units)
{
    g_atomic_rc_box_release_full(units, clear_units);
}

/* Return the units of today, read and put in order only if something has happened since they last
 * were: each list offers them.  They last as long as the request. */
static const GPtrArray *find_units(const WebContext *context, GError **error)
{
    WebKnown *known = context->site->known;
    int64_t now_us = web_now_us(context);
    int64_t size = 0;
    g_autofree char *key = g_strdup_printf("units\n%d", web_today(context));
    if (!log_head(context->reader, &size, NULL, error)) {
        return NULL;
    }
    Units *units = known_find(known, key, size, now_us);
    if (units == NULL) {
        GPtrArray *all = office_unit_list(context->reader, web_today(context), error);
        if (all == NULL) {
            return NULL;
        }
        g_ptr_array_sort(all, compare_units);
        units = g_atomic_rc_box_new0(Units);
        units->all = all;
        known_put(known, key, size, now_us, units, clear_units, all->len * sizeof(OfficeUnit));
    }
    web_keep_object(context, units, release_units);
    return units->all;
}

/* Whoever reads more than one unit's entries can choose among them. */
static bool add_units(const WebContext *context, WebList *list, GError **error)
{
    const GPtrArray *units = find_units(context, error);
    g_autoptr(GPtrArray) readable = g_ptr_array_new();
    for (guint i = 0; units != NULL && i < units->len; i++) {
        OfficeUnit *unit = g_ptr_array_index(units, i);
        const RightsObject object = {.ledger = list->ledger, .unit = unit->id, .owner = ""};
        if (rights_may(context->subject, RIGHTS_ENTRY_READ, &object, NULL)) {
            g_ptr_array_add(readable, unit);
        }
    }
    if (readable->len > 1) {
        WebField *control =
            add_control(context, list, list->filters, "unit", web_tr(context, N_("Unit")));
        for (guint i = 0; i < readable->len; i++) {
            const OfficeUnit *unit = g_ptr_array_index(readable, i);
            add_choice(context, control->choices, control->text, web_number(context, unit->id),
                       unit->name);
        }
    }
    return units != NULL;
}

static void add_dues(const WebContext *context, WebList *list)
{
    WebField *control =
        add_control(context, list, list->filters, "due", web_tr(context, N_("Deadline")));
    for (size_t i = 0; web_list_dues[i] != NULL; i++) {
        add_choice(context, control->choices, control->text, web_list_dues[i],
                   web_tr(context, web_list_due_words[i]));
    }
}

static void add_choice_fields(const WebContext *context, WebList *list)
{
    for (guint i = 0; i < list->ledger->list->len; i++) {
        const SchemaField *field = g_ptr_array_index(list->ledger->list, i);
        if (field->kind == SCHEMA_FIELD_CHOICE && !field->is_personal) {
            const char *name = web_keep(context, g_strconcat(WEB_FIELD_PREFIX, field->name, NULL));
            add_declared(
                context,
                add_control(context, list, list->more, name, web_words(context, &field->words)),
                field->choices);
        }
    }
}

static const char *opened_words(const WebContext *context, const SchemaLedger *ledger)
{
    return ledger->opened != NULL ? web_words(context, &ledger->opened->words)
                                  : web_tr(context, N_("Opened"));
}

static void add_dates(const WebContext *context, WebList *list)
{
    const SchemaLedger *ledger = list->ledger;
    const char *chosen = web_list_get(list, "date");
    bool is_opened =
        *chosen == '\0' || (ledger->opened != NULL && g_str_equal(chosen, ledger->opened->name));
    add_choice(context, list->dates, is_opened ? "opened" : chosen, "opened",
               opened_words(context, ledger));
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field != ledger->opened && find_date(list, field->name) == field->name) {
            add_choice(context, list->dates, chosen, field->name,
                       web_words(context, &field->words));
        }
    }
    if (ledger->clocks->len > 0) {
        add_choice(context, list->dates, chosen, "due", web_tr(context, N_("Deadline")));
    }
}

/* ---- chips ----------------------------------------------------------------------------------- */

static void add_chip(const WebContext *context, WebList *list, const char *words, const char *value,
                     const char *address)
{
    WebChip *chip = web_new(context, WebChip);
    *chip = (WebChip){words, value, address};
    g_ptr_array_add(list->chips, chip);
}

/* Return the words of the choice of @choices that is chosen; else @text itself. */
static const char *chosen_words(const GPtrArray *choices, const char *text)
{
    for (guint i = 0; i < choices->len; i++) {
        const WebChoice *choice = g_ptr_array_index(choices, i);
        if (choice->is_chosen) {
            return choice->words;
        }
    }
    return text;
}

static void add_control_chips(const WebContext *context, WebList *list, const GPtrArray *controls)
{
    for (guint i = 0; i < controls->len; i++) {
        const WebField *control = g_ptr_array_index(controls, i);
        if (*control->text != '\0') {
            add_chip(context, list, control->words, chosen_words(control->choices, control->text),
                     web_list_address(context, list, "", control->name, "", NULL));
        }
    }
}

/* Filters without a control: their field is not in the pack any more. */
static void add_strange_chips(const WebContext *context, WebList *list)
{
    for (guint i = 0; i < list->parts->len; i++) {
        const WebPart *part = g_ptr_array_index(list->parts, i);
        bool is_shown = !g_str_has_prefix(part->name, WEB_FIELD_PREFIX);
        for (guint j = 0; j < list->more->len; j++) {
            const WebField *control = g_ptr_array_index(list->more, j);
            is_shown = is_shown || g_str_equal(control->name, part->name);
        }
        if (!is_shown) {
            add_chip(context, list, part->name + strlen(WEB_FIELD_PREFIX), part->value,
                     web_list_address(context, list, "", part->name, "", NULL));
        }
    }
}

static void add_chips(const WebContext *context, WebList *list)
{
    const char *from = web_list_get(list, "from");
    const char *until = web_list_get(list, "until");
    if (*web_list_get(list, "q") != '\0') {
        add_chip(context, list, web_tr(context, N_("Search")), web_list_get(list, "q"),
                 web_list_address(context, list, "", "q", "", NULL));
    }
    add_control_chips(context, list, list->filters);
    add_control_chips(context, list, list->more);
    add_strange_chips(context, list);
    if (*from != '\0' || *until != '\0') {
        add_chip(context, list, chosen_words(list->dates, ""),
                 web_keep(context, g_strdup_printf("%s – %s", from, until)),
                 web_list_address(context, list, "", "date", "", "from", "", "until", "", NULL));
    }
    if (*web_list_get(list, "mine") != '\0') {
        add_chip(context, list, web_tr(context, N_("Mine")), web_tr(context, N_("yes")),
                 web_list_address(context, list, "", "mine", "", NULL));
    }
    if (*web_list_get(list, "where") != '\0') {
        add_chip(context, list, web_tr(context, N_("Condition")), web_list_get(list, "where"),
                 web_list_address(context, list, "", "where", "", NULL));
    }
}

/* Return whether a control behind the button is used. */
static bool is_more_used(const WebList *list)
{
    static const char *const names[] = {"date", "from", "until", "mine", "where", "cols"};
    bool is_used = false;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        is_used = is_used || *web_list_get(list, names[i]) != '\0';
    }
    for (guint i = 0; i < list->more->len; i++) {
        is_used = is_used || *((WebField *)g_ptr_array_index(list->more, i))->text != '\0';
    }
    return is_used;
}

bool web_list_add_controls(const WebContext *context, WebList *list, GError **error)
{
    list->filters = web_array(context);
    list->more = web_array(context);
    list->dates = web_array(context);
    list->chips = web_array(context);
    if (list->ledger->states->len > 1) {
        add_declared(
            context,
            add_control(context, list, list->filters, "state", web_tr(context, N_("State"))),
            list->ledger->states);
    }
    if (list->ledger->clocks->len > 0) {
        add_dues(context, list);
    }
    if (!add_units(context, list, error)) {
        return false;
    }
    add_choice_fields(context, list);
    add_dates(context, list);
    add_chips(context, list);
    list->is_more_open = is_more_used(list);
    return true;
}
