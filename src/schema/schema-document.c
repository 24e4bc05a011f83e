/* A schema as a handbook for people who never see the pack's files. */
#include "schema/schema.h"

#include "base/message.h"
#include "base/text.h"
#include "schema/parse.h"

/* A handbook in the making. */
typedef struct Document {
    GString *out;
    const Schema *schema;
    const char *language;
    SchemaLabels labels;
} Document;

/* ---- small writers --------------------------------------------------------------------------- */

/* Append the sentence @said (takes) in the language of @document. */
static void append_said(Document *document, GError *said)
{
    g_autoptr(GError) error = said;
    g_autofree char *text = error_to_text(error, document->language);
    g_string_append(document->out, text);
}

/* Append the sentence `format, …`, its format in N_(). */
#define say(document, ...)                                   \
    do {                                                     \
        GError *said = NULL;                                 \
        error_set(&said, SHUZHI_ERROR_INVALID, __VA_ARGS__); \
        append_said((document), said);                       \
    } while (0)

static const char *tr(const Document *document, const char *id)
{
    return message_get(document->language, id);
}

static const char *words(const Document *document, const SchemaWords *of)
{
    return schema_words_get(of, document->language);
}

/* Separate two sentences: Chinese needs no blank. */
static void append_gap(Document *document)
{
    g_string_append(document->out, g_str_equal(document->language, "en") ? " " : "");
}

/* Append @text so that it stays in its cell of a table. */
static void append_cell(Document *document, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '|') {
            g_string_append(document->out, "\\|");
        } else {
            g_string_append_c(document->out, *at == '\n' ? ' ' : *at);
        }
    }
}

/* Begin a table whose head has the NULL-terminated @titles (of N_()). */
static void begin_table(Document *document, const char *const *titles)
{
    g_string_append(document->out, g_str_has_suffix(document->out->str, "\n\n") ? "|" : "\n|");
    for (size_t i = 0; titles[i] != NULL; i++) {
        g_string_append_printf(document->out, " %s |", tr(document, titles[i]));
    }
    g_string_append(document->out, "\n|");
    for (size_t i = 0; titles[i] != NULL; i++) {
        g_string_append(document->out, "---|");
    }
    g_string_append_c(document->out, '\n');
}

/* Append the head of the part @title at @level, with @name (NULL: none) in brackets. */
static void append_heading(Document *document, int level, const char *title, const char *name)
{
    static const char marks[] = "####";
    g_string_append(document->out, g_str_has_suffix(document->out->str, "\n\n") ? "" : "\n");
    g_string_append_printf(document->out, "%.*s %s", level, marks, title);
    if (name != NULL) {
        g_string_append_printf(document->out, " (`%s`)", name);
    }
    g_string_append(document->out, "\n\n");
}

/* Return the words of @objects (of structs whose words follow their name), joined; the caller owns
 * it. */
static char *join_words(const Document *document, const GPtrArray *objects,
                        const SchemaWords *(*words_of)(const void *object))
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        g_string_append_printf(joined, "%s%s", i > 0 ? tr(document, ", ") : "",
                               words(document, words_of(g_ptr_array_index(objects, i))));
    }
    return g_string_free(joined, false);
}

static const SchemaWords *words_of_choice(const void *choice)
{
    return &((const SchemaChoice *)choice)->words;
}

static const SchemaWords *words_of_field(const void *field)
{
    return &((const SchemaField *)field)->words;
}

static const SchemaWords *words_of_step(const void *step)
{
    return &((const SchemaStep *)step)->words;
}

static const SchemaWords *words_of_evidence(const void *evidence)
{
    return &((const SchemaEvidence *)evidence)->words;
}

/* Return @expression in words; the caller owns it. */
static char *describe(const Document *document, const Expression *expression)
{
    return expression_describe(expression, document->language, &document->labels.labels);
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* Separate what is said of one thing: nothing before the first, "; " before the others. */
static void append_separator(Document *document, gsize start)
{
    if (document->out->len > start) {
        g_string_append(document->out, tr(document, "; "));
    }
}

static void append_bounds(Document *document, const SchemaField *field)
{
    g_autofree char *min = text_format_decimal(field->min, field->decimals);
    g_autofree char *max = text_format_decimal(field->max, field->decimals);
    if (field->min != INT64_MIN && field->max != INT64_MAX) {
        say(document, N_("from %s to %s"), min, max);
    } else if (field->min != INT64_MIN) {
        say(document, N_("at least %s"), min);
    } else if (field->max != INT64_MAX) {
        say(document, N_("at most %s"), max);
    }
}

/* Append what the values of @field may be. */
static void append_range(Document *document, const SchemaField *field)
{
    switch (field->kind) {
    case SCHEMA_FIELD_TEXT:
    case SCHEMA_FIELD_LONG:
        say(document, N_("at most %d characters"), field->max_chars);
        return;
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
        append_bounds(document, field);
        return;
    case SCHEMA_FIELD_CHOICE:
    case SCHEMA_FIELD_CHOICES: {
        g_autofree char *choices = join_words(document, field->choices, words_of_choice);
        g_string_append(document->out, choices);
        return;
    }
    case SCHEMA_FIELD_ENTRY:
        say(document, N_("an entry of '%s'"), words(document, &field->target->words));
        return;
    case SCHEMA_FIELD_ROWS: {
        g_autofree char *children = join_words(document, field->fields, words_of_field);
        say(document, N_("each row has %s"), children);
        return;
    }
    case SCHEMA_FIELD_DATE:
    case SCHEMA_FIELD_TIME:
    case SCHEMA_FIELD_PERIOD:
    case SCHEMA_FIELD_BOOL:
    case SCHEMA_FIELD_UNIT:
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_PEOPLE:
    case SCHEMA_FIELD_FILE:
    case SCHEMA_FIELD_PLACE:
    case SCHEMA_FIELD_PHONE:
    case SCHEMA_FIELD_IDENTITY:
    case SCHEMA_N_FIELD_KINDS:
        return;
    }
}

static void append_remarks(Document *document, const SchemaField *field)
{
    gsize start = document->out->len;
    append_range(document, field);
    if (field->is_required) {
        append_separator(document, start);
        g_string_append(document->out, tr(document, N_("required")));
    }
    if (field->is_personal) {
        append_separator(document, start);
        g_string_append(document->out, tr(document, N_("personal, walled off")));
    }
    if (field->set_by_step != NULL) {
        const SchemaStep *step = schema_ledger_step(field->ledger, field->set_by_step);
        append_separator(document, start);
        say(document, N_("comes with the step '%s'"), words(document, &step->words));
    }
    if (field->aliases->len > 0) {
        append_separator(document, start);
        g_string_append(document->out, tr(document, N_("in spreadsheets also ")));
        for (guint i = 0; i < field->aliases->len; i++) {
            g_string_append(document->out, i > 0 ? tr(document, ", ") : "");
            append_cell(document, g_ptr_array_index(field->aliases, i));
        }
    }
}

static void append_fields(Document *document, const GPtrArray *fields)
{
    static const char *const titles[] = {N_("Field"), N_("Name"), N_("Kind"), N_("Remarks"), NULL};
    begin_table(document, titles);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        g_string_append(document->out, "| ");
        append_cell(document, words(document, &field->words));
        g_string_append_printf(document->out, " | `%s` | %s", field->name,
                               schema_kind_words(field->kind, document->language));
        if (*field->unit.zh != '\0') {
            g_string_append_printf(document->out, " (%s)", words(document, &field->unit));
        }
        g_string_append(document->out, " | ");
        append_remarks(document, field);
        g_string_append(document->out, " |\n");
    }
}

/* ---- steps, clocks, evidence ----------------------------------------------------------------- */

static char *join_roles(const Document *document, const SchemaStep *step)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < step->roles->len; i++) {
        g_string_append_printf(
            joined, "%s%s", i > 0 ? tr(document, ", ") : "",
            schema_role_words(g_ptr_array_index(step->roles, i), document->language));
    }
    return g_string_free(joined, false);
}

/* Return the objects of @all that @names name; the caller owns the array. */
static GPtrArray *find_all(const GPtrArray *all, const GPtrArray *names)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < names->len; i++) {
        g_ptr_array_add(found, (gpointer)schema_find(all, g_ptr_array_index(names, i)));
    }
    return found;
}

/* Append what @step of @ledger asks for. */
static void append_demands(Document *document, const SchemaLedger *ledger, const SchemaStep *step)
{
    gsize start = document->out->len;
    if (step->at != NULL) {
        say(document, N_("'%s' says when it happened"), words(document, &step->at->words));
    }
    if (step->asks->len > 0) {
        g_autofree char *asks = join_words(document, step->asks, words_of_field);
        append_separator(document, start);
        say(document, N_("fill in %s"), asks);
    }
    if (step->evidence->len > 0) {
        g_autoptr(GPtrArray) rules = find_all(ledger->evidence, step->evidence);
        g_autofree char *evidence = join_words(document, rules, words_of_evidence);
        append_separator(document, start);
        say(document, N_("evidence: %s"), evidence);
    }
    if (step->not_by->len > 0) {
        g_autoptr(GPtrArray) steps = find_all(ledger->steps, step->not_by);
        g_autofree char *excluded = join_words(document, steps, words_of_step);
        append_separator(document, start);
        say(document, N_("not by who did %s"), excluded);
    }
    if (step->when != NULL) {
        g_autofree char *when = describe(document, step->when);
        append_separator(document, start);
        say(document, N_("only if %s"), when);
    }
}

static void append_steps(Document *document, const SchemaLedger *ledger)
{
    static const char *const titles[] = {N_("Step"),    N_("From"),         N_("To"),
                                         N_("Who may"), N_("What it asks"), NULL};
    g_autofree char *states = join_words(document, ledger->states, words_of_choice);
    say(document, N_("States: %s."), states);
    g_string_append_c(document->out, '\n');
    if (ledger->steps->len == 0) {
        return;
    }
    begin_table(document, titles);
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        g_autofree char *from = join_words(document, step->from, words_of_choice);
        g_autofree char *roles = join_roles(document, step);
        g_string_append_printf(document->out, "| %s (`%s`) | %s | %s | %s | ",
                               words(document, &step->words), step->name, from,
                               words(document, &step->to->words), roles);
        append_demands(document, ledger, step);
        g_string_append(document->out, " |\n");
    }
}

static void append_clock(Document *document, const SchemaLedger *ledger, const SchemaClock *clock)
{
    g_autofree char *within = clock_rule_to_text(&clock->rule, document->language);
    g_autofree char *stops = join_words(document, clock->stops, words_of_step);
    const SchemaField *opened = clock->start_field != NULL ? clock->start_field : ledger->opened;
    const char *start = clock->start_step != NULL ? words(document, &clock->start_step->words)
                        : opened != NULL          ? words(document, &opened->words)
                                                  : tr(document, N_("time of opening"));
    g_string_append_printf(document->out, "- %s%s", words(document, &clock->words),
                           tr(document, ": "));
    say(document, N_("%s from '%s', until %s"), within, start, stops);
    if (clock->when != NULL) {
        g_autofree char *when = describe(document, clock->when);
        g_string_append(document->out, tr(document, "; "));
        say(document, N_("only if %s"), when);
    }
    if (*clock->law.zh != '\0') {
        g_string_append(document->out, tr(document, "; "));
        g_string_append(document->out, words(document, &clock->law));
    }
    g_string_append_c(document->out, '\n');
}

static void append_clocks(Document *document, const SchemaLedger *ledger)
{
    if (ledger->clocks->len == 0) {
        return;
    }
    append_heading(document, 4, tr(document, N_("Time limits")), NULL);
    say(document, N_("The first that fits binds the entry."));
    g_string_append(document->out, "\n\n");
    for (guint i = 0; i < ledger->clocks->len; i++) {
        append_clock(document, ledger, g_ptr_array_index(ledger->clocks, i));
    }
}

static void append_evidence(Document *document, const SchemaLedger *ledger)
{
    if (ledger->evidence->len == 0) {
        return;
    }
    append_heading(document, 4, tr(document, N_("Evidence")), NULL);
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *evidence = g_ptr_array_index(ledger->evidence, i);
        g_string_append(document->out, "- ");
        const char *name = words(document, &evidence->words);
        if (evidence->is_asked) {
            say(document, N_("%s (`%s`): at least %d {file|files}"), name, evidence->name,
                evidence->least);
        } else {
            say(document, N_("%s (`%s`)"), name, evidence->name);
        }
        g_string_append_c(document->out, '\n');
    }
}

/* ---- ledgers --------------------------------------------------------------------------------- */

static void append_retention(Document *document, const SchemaLedger *ledger)
{
    if (ledger->retention == NULL) {
        return;
    }
    append_gap(document);
    if (g_str_equal(ledger->retention, "permanent")) {
        say(document, N_("Kept for ever."));
    } else {
        g_autofree char *years = g_strndup(ledger->retention, strlen(ledger->retention) - 1);
        say(document, N_("Kept for %s years."), years);
    }
}

static void append_ledger(Document *document, const SchemaLedger *ledger)
{
    g_autofree char *number = schema_ledger_format_number(ledger, 2023, 84);
    append_heading(document, 3, words(document, &ledger->words), ledger->name);
    say(document, N_("Numbers such as %s."), number);
    if (ledger->opened != NULL) {
        append_gap(document);
        say(document, N_("An entry begins at its '%s'."), words(document, &ledger->opened->words));
    }
    if (ledger->unit != NULL) {
        append_gap(document);
        say(document, N_("It belongs to its '%s'."), words(document, &ledger->unit->words));
    }
    append_retention(document, ledger);
    if (ledger->may_be_none) {
        append_gap(document);
        say(document, N_("\"Nothing to record\" can be recorded, with its date."));
    }
    g_string_append_c(document->out, '\n');
    append_fields(document, ledger->fields);
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_ROWS) {
            append_heading(document, 4, words(document, &field->words), field->name);
            append_fields(document, field->fields);
        }
    }
    append_heading(document, 4, tr(document, N_("States and steps")), NULL);
    append_steps(document, ledger);
    append_clocks(document, ledger);
    append_evidence(document, ledger);
}

/* ---- measures -------------------------------------------------------------------------------- */

/* Append the universe of @set in words. */
static void append_universe(Document *document, const SchemaSet *set)
{
    const char *ledger = set->ledger != NULL ? words(document, &set->ledger->words) : NULL;
    switch (set->universe) {
    case SCHEMA_OF_ENTRIES:
        say(document, N_("entries of '%s'"), ledger);
        return;
    case SCHEMA_OF_STEPS:
        if (set->step != NULL) {
            say(document, N_("steps '%s' of '%s'"), words(document, &set->step->words), ledger);
        } else {
            say(document, N_("all steps of '%s'"), ledger);
        }
        return;
    case SCHEMA_OF_ROWS:
        say(document, N_("rows '%s' of '%s'"), words(document, &set->rows->words), ledger);
        return;
    case SCHEMA_OF_UNITS:
        say(document, N_("the units of that time"));
        return;
    case SCHEMA_OF_PEOPLE:
        say(document, N_("the people on the roster of that time"));
        return;
    case SCHEMA_OF_MONTHS:
        say(document, N_("the months of the period"));
        return;
    case SCHEMA_OF_QUARTERS:
        say(document, N_("the quarters of the period"));
        return;
    }
}

/* Append the members of @set: universe, condition, date. */
static void append_set(Document *document, const SchemaSet *set)
{
    append_universe(document, set);
    if (set->where != NULL) {
        g_autofree char *where = describe(document, set->where);
        g_string_append(document->out, tr(document, "; "));
        say(document, N_("where %s"), where);
    }
    if (set->date != NULL) {
        g_string_append(document->out, tr(document, "; "));
        say(document, N_("by '%s'"), words(document, &set->date->words));
    }
    if (set->is_by_due) {
        g_string_append(document->out, tr(document, "; "));
        say(document, N_("by '%s'"), tr(document, N_("deadline")));
    }
}

/* Begin a line of the card: "- term: ". */
static void begin_line(Document *document, const char *term)
{
    g_string_append_printf(document->out, "- %s%s", tr(document, term), tr(document, ": "));
}

/* Append a line "term: text", nothing when @text is NULL. */
static void append_line(Document *document, const char *term, const char *text)
{
    if (text != NULL) {
        begin_line(document, term);
        g_string_append_printf(document->out, "%s\n", text);
    }
}

static void append_expression_line(Document *document, const char *term,
                                   const Expression *expression)
{
    g_autofree char *text = expression != NULL ? describe(document, expression) : NULL;
    append_line(document, term, text);
}

/* Append what a member must have to count. */
static void append_has(Document *document, const SchemaMeasure *measure)
{
    if (measure->has == NULL) {
        return;
    }
    begin_line(document, N_("Counted if"));
    say(document, N_("there are at least %d of: "), measure->least);
    append_set(document, measure->has);
    if (measure->has_by != NULL) {
        g_string_append(document->out, tr(document, "; "));
        say(document, N_("whose '%s' it is"), words(document, &measure->has_by->words));
    }
    g_string_append_c(document->out, '\n');
}

static void append_measure(Document *document, const SchemaMeasure *measure)
{
    static const char *const kinds[] = {
        [SCHEMA_COUNT] = N_("how many count"),
        [SCHEMA_DISTINCT] = N_("how many different ones count"),
        [SCHEMA_SUM] = N_("the sum over those that count"),
        [SCHEMA_MEDIAN] = N_("the median of those that count"),
        [SCHEMA_RATIO] = N_("the share of those that count"),
        [SCHEMA_ALL] = N_("whether all count"),
        [SCHEMA_NONE] = N_("whether there are none"),
    };
    append_heading(document, 3, words(document, &measure->words), measure->name);
    begin_line(document, N_("Of"));
    append_set(document, &measure->of);
    g_string_append_c(document->out, '\n');
    append_expression_line(document, N_("Counted if"), measure->counts);
    append_has(document, measure);
    begin_line(document, N_("What is said"));
    g_string_append(document->out, tr(document, kinds[measure->kind]));
    if (g_str_equal(measure->wording, "over") || g_str_equal(measure->wording, "near")) {
        g_string_append(document->out, tr(document, "; "));
        g_string_append(document->out, g_str_equal(measure->wording, "over")
                                           ? tr(document, N_("rounded down, as in over 80"))
                                           : tr(document, N_("rounded up, as in nearly 90")));
    }
    g_string_append_c(document->out, '\n');
    append_expression_line(document, N_("Different by"), measure->key);
    append_expression_line(document, N_("Amount"), measure->amount);
    append_expression_line(document, N_("In groups by"), measure->by);
    append_line(document, N_("Unit of the number"),
                schema_words_said(&measure->unit, document->language));
    append_line(document, N_("Sentence"),
                schema_words_said(&measure->sentence, document->language));
    append_line(document, N_("Else"), schema_words_said(&measure->otherwise, document->language));
    append_line(document, N_("If nothing was done"),
                schema_words_said(&measure->never, document->language));
    append_line(document, N_("Remark"), schema_words_said(&measure->note, document->language));
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void append_report(Document *document, const SchemaReport *report)
{
    static const struct {
        const char *period;
        const char *words;
    } periods[] = {{"year", N_("Once a year.")},
                   {"half", N_("Twice a year.")},
                   {"quarter", N_("Once a quarter.")},
                   {"month", N_("Once a month.")}};
    append_heading(document, 3, words(document, &report->words), report->name);
    for (size_t i = 0; i < G_N_ELEMENTS(periods); i++) {
        if (g_str_equal(periods[i].period, report->period)) {
            g_string_append_printf(document->out, "%s\n", tr(document, periods[i].words));
        }
    }
}

char *schema_document(const Schema *schema, const char *language)
{
    Document document = {.out = g_string_new(NULL), .schema = schema, .language = language};
    schema_labels_init(&document.labels, schema, language);
    g_string_append_printf(document.out, "# %s\n\n", words(&document, &schema->words));
    say(&document, N_("The pack `%s`, version %s."), schema->name, schema->version);
    g_string_append_c(document.out, '\n');
    append_heading(&document, 2, tr(&document, N_("Ledgers")), NULL);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        append_ledger(&document, g_ptr_array_index(schema->ledgers, i));
    }
    if (schema->measures->len > 0) {
        append_heading(&document, 2, tr(&document, N_("Measures")), NULL);
    }
    for (guint i = 0; i < schema->measures->len; i++) {
        append_measure(&document, g_ptr_array_index(schema->measures, i));
    }
    if (schema->reports->len > 0) {
        append_heading(&document, 2, tr(&document, N_("Reports")), NULL);
    }
    for (guint i = 0; i < schema->reports->len; i++) {
        append_report(&document, g_ptr_array_index(schema->reports, i));
    }
    return g_string_free(document.out, false);
}
