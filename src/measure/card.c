#include "measure/card.h"

#include "base/message.h"
#include "ledger/field.h"

char *card_describe(const Schema *schema, const Expression *expression, const char *language)
{
    SchemaLabels labels;
    schema_labels_init(&labels, schema, language);
    return expression_describe(expression, language, &labels.labels);
}

static void keep_symbol(const ExpressionReference *reference, void *data)
{
    *(const ExpressionSymbol **)data = reference->symbol;
}

char *card_describe_value(const Schema *schema, const Expression *expression, const Value *value,
                          LedgerNames *names, int offset_seconds, const char *language)
{
    const ExpressionSymbol *symbol = NULL;
    expression_walk(expression, keep_symbol, &symbol);
    const SchemaField *field = symbol->data;
    bool is_field = field != NULL && symbol->type.kind == expression_type(expression)->kind;
    if (is_field && field->kind != SCHEMA_FIELD_ROWS) {
        return ledger_field_format(field, value, names, offset_seconds, language);
    }
    if (value->kind == VALUE_REF) {
        return g_strdup(ledger_names_get(names, SCHEMA_FIELD_UNIT, value->number));
    }
    if (value->kind == VALUE_TIME) {
        char day[DATE_TEXT_SIZE];
        return g_strdup(date_format(date_from_us(value->number, offset_seconds), day));
    }
    g_autofree char *text = value_to_canonical(value);
    const SchemaChoice *choice = schema_find(schema_choices_of(schema, symbol), text);
    return choice != NULL ? g_strdup(schema_words_get(&choice->words, language))
                          : g_steal_pointer(&text);
}

const char *card_date_label(const SchemaSet *set, const char *language)
{
    if (set->date != NULL) {
        return schema_words_get(&set->date->words, language);
    }
    if (set->is_by_due) {
        return message_get(language, N_("deadline"));
    }
    if (set->universe == SCHEMA_OF_STEPS) {
        return message_get(language, N_("step done on"));
    }
    return set->ledger->opened != NULL ? schema_words_get(&set->ledger->opened->words, language)
                                       : message_get(language, N_("begun at"));
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* A card in the making. */
typedef struct CardMaking {
    Card *card;
    const Figure *figure;
    const Schema *schema;
    int offset_seconds;
    const char *language;
} CardMaking;

static void free_line(gpointer data)
{
    CardLine *line = data;
    g_free(line->text);
    g_free(line);
}

/* Add the line @name with @text (takes); nothing for NULL. */
static void add_line(const CardMaking *making, const char *name, const char *term, char *text)
{
    if (text != NULL) {
        CardLine *line = g_new0(CardLine, 1);
        *line = (CardLine){.name = name, .term = message_get(making->language, term), .text = text};
        g_ptr_array_add(making->card->lines, line);
    }
}

static const char *words(const CardMaking *making, const SchemaWords *text)
{
    return schema_words_get(text, making->language);
}

/* Return @text of the catalogue with each of @pairs, name and value, in place of {name}. */
static char *fill(const CardMaking *making, const char *text, const char *const *pairs)
{
    GString *out = g_string_new(message_get(making->language, text));
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        g_string_replace(out, pairs[i], pairs[i + 1], 0);
    }
    return g_string_free(out, false);
}

static char *describe(const CardMaking *making, const Expression *expression)
{
    return expression != NULL ? card_describe(making->schema, expression, making->language) : NULL;
}

/* "群众诉求", "“群众诉求”的环节“答复”", "“培训”的“参训人员”", "单位". */
static char *describe_set(const CardMaking *making, const SchemaSet *set)
{
    const char *ledger = set->ledger != NULL ? words(making, &set->ledger->words) : NULL;
    switch (set->universe) {
    case SCHEMA_OF_ENTRIES:
        return g_strdup(ledger);
    case SCHEMA_OF_STEPS:
        return fill(
            making,
            set->step != NULL ? N_("steps '{step}' of '{ledger}'") : N_("all steps of '{ledger}'"),
            (const char *const[]){"{ledger}", ledger, set->step != NULL ? "{step}" : NULL,
                                  set->step != NULL ? words(making, &set->step->words) : NULL,
                                  NULL});
    case SCHEMA_OF_ROWS:
        return fill(making, N_("rows '{rows}' of '{ledger}'"),
                    (const char *const[]){"{ledger}", ledger, "{rows}",
                                          words(making, &set->rows->words), NULL});
    case SCHEMA_OF_UNITS:
        return fill(making, N_("units there at the cut-off"), (const char *const[]){NULL});
    case SCHEMA_OF_PEOPLE:
        return fill(making, N_("people on the roster at the cut-off"), (const char *const[]){NULL});
    case SCHEMA_OF_MONTHS:
        return fill(making, N_("months that are over"), (const char *const[]){NULL});
    case SCHEMA_OF_QUARTERS:
        return fill(making, N_("quarters that are over"), (const char *const[]){NULL});
    }
    g_assert_not_reached();
}

static char *describe_kind(const CardMaking *making)
{
    static const char *const texts[] = {
        [SCHEMA_COUNT] = N_("how many there are"),
        [SCHEMA_DISTINCT] = N_("how many different ones there are"),
        [SCHEMA_SUM] = N_("the sum"),
        [SCHEMA_MEDIAN] = N_("the median: half are below it, half above"),
        [SCHEMA_RATIO] = N_("the share of the whole that meets the condition"),
        [SCHEMA_ALL] = N_("whether all meet the condition; of nothing, 'all' is not said"),
        [SCHEMA_NONE] = N_("whether there are none; said only if the ledger was kept"),
    };
    return g_strdup(message_get(making->language, texts[making->figure->measure->kind]));
}

/* "支部会议；会议类别为“党员大会”；按“召开日期”归期；按“主持单位”对应；至少1条". */
static char *describe_has(const CardMaking *making)
{
    const SchemaMeasure *measure = making->figure->measure;
    if (measure->has == NULL) {
        return NULL;
    }
    const char *comma = message_get(making->language, N_("; "));
    g_autofree char *set = describe_set(making, measure->has);
    g_autofree char *where = describe(making, measure->has->where);
    g_autofree char *least = g_strdup_printf("%d", measure->least);
    g_autofree char *needed =
        fill(making, N_("at least {least}"), (const char *const[]){"{least}", least, NULL});
    g_autofree char *date = fill(
        making, N_("in the period by '{date}'"),
        (const char *const[]){"{date}", card_date_label(measure->has, making->language), NULL});
    g_autofree char *by =
        measure->has_by != NULL
            ? fill(making, N_("each by '{by}'"),
                   (const char *const[]){"{by}", words(making, &measure->has_by->words), NULL})
            : NULL;
    return g_strconcat(set, comma, where != NULL ? where : "", where != NULL ? comma : "", date,
                       comma, by != NULL ? by : "", by != NULL ? comma : "", needed, NULL);
}

static char *describe_number(const CardMaking *making, const char *text, int64_t n)
{
    g_autofree char *digits = g_strdup_printf("%lld", (long long)n);
    return fill(making, text, (const char *const[]){"{n}", digits, NULL});
}

/* "2023-03-31 23:59:59", in the office's zone. */
static char *describe_time(const CardMaking *making, int64_t us)
{
    char text[DATE_TIME_TEXT_SIZE];
    if (us == 0) {
        return NULL;
    }
    date_format_time(us, making->offset_seconds, text);
    text[strlen("2023-03-31")] = ' ';
    return g_strndup(text, strlen("2023-03-31 23:59:59"));
}

static char *describe_late(const CardMaking *making, int n_late)
{
    g_autofree char *digits = g_strdup_printf("%d", n_late);
    g_autofree char *days = g_strdup_printf("%d", FIGURE_LATE_DAYS);
    return fill(making, N_("{n} were recorded more than {days} days after they happened"),
                (const char *const[]){"{n}", digits, "{days}", days, NULL});
}

/* Say of @n, in @text, which @names they are; NULL where @names is. */
static char *describe_named(const CardMaking *making, const char *text, int64_t n,
                            const char *names)
{
    g_autofree char *digits = g_strdup_printf("%lld", (long long)n);
    return names != NULL
               ? fill(making, text, (const char *const[]){"{n}", digits, "{names}", names, NULL})
               : NULL;
}

static char *describe_corrected(const CardMaking *making)
{
    const SchemaMeasure *measure = making->figure->measure;
    const FigureRevisions *revisions = &making->figure->revisions;
    const SchemaSet *set = measure->has != NULL ? measure->has : &measure->of;
    if (revisions->n_corrected == 0) {
        return NULL;
    }
    bool has_steps = set->ledger->steps->len > 0;
    return describe_named(
        making,
        has_steps ? N_("{n} were corrected after a step was done: {names}")
                  : N_("{n} were corrected later than a day after they were recorded: {names}"),
        revisions->n_corrected,
        revisions->corrected != NULL ? revisions->corrected
                                     : message_get(making->language, N_("not shown to you")));
}

/* A moment of knowledge leaves later entries and steps out, not later corrections. */
static char *describe_since(const CardMaking *making)
{
    const FigureRevisions *revisions = &making->figure->revisions;
    g_autofree char *corrected = g_strdup_printf("%lld", (long long)revisions->n_corrected_since);
    g_autofree char *gone = g_strdup_printf("%lld", (long long)revisions->n_gone_since);
    return revisions->n_corrected_since + revisions->n_gone_since == 0
               ? NULL
               : fill(making,
                      N_("{corrected} were corrected, {gone} taken out after that; the figure has"
                         " them as they are now"),
                      (const char *const[]){"{corrected}", corrected, "{gone}", gone, NULL});
}

static char *describe_defined(const CardMaking *making)
{
    g_autofree char *time = describe_time(making, making->figure->revisions.defined_us);
    return time != NULL
               ? fill(making, N_("as it is now since {time}; the pack had it otherwise before"),
                      (const char *const[]){"{time}", time, NULL})
               : NULL;
}

/* Whether the ledger was kept, and in how many months. */
static char *describe_kept(const CardMaking *making)
{
    const Figure *figure = making->figure;
    g_autofree char *n = g_strdup_printf("%lld", (long long)figure->n_kept);
    g_autofree char *kept = g_strdup_printf("%d", figure->n_months_kept);
    g_autofree char *months = g_strdup_printf("%d", figure->n_months);
    if (figure_kept_set(figure->measure) == NULL) {
        return NULL;
    }
    const char *recorded = figure->n_months > 1
                               ? N_("{n} records in the period, in {kept} of {months} months")
                               : N_("{n} records in the period");
    const char *text = !figure->is_stated ? recorded
                       : figure->n_kept > 0
                           ? N_("it is stated that there was nothing to record; {n} records all"
                                " the same")
                           : N_("it is stated that there was nothing to record");
    return fill(making, text,
                (const char *const[]){"{n}", n, "{kept}", kept, "{months}", months, NULL});
}

/* No figure is better for the reason alone that what spoke against it was taken out or reworded. */
static void add_revisions(const CardMaking *making)
{
    const FigureRevisions *revisions = &making->figure->revisions;
    add_line(making, "gone", N_("taken out"),
             describe_named(making,
                            N_("{n} numbers of these years were taken out of the books: {names}"),
                            revisions->n_gone, revisions->gone));
    add_line(making, "corrected", N_("corrected afterwards"), describe_corrected(making));
    add_line(making, "since", N_("since then"), describe_since(making));
    add_line(making, "defined", N_("defined since"), describe_defined(making));
}

static void add_definition(const CardMaking *making)
{
    const SchemaMeasure *measure = making->figure->measure;
    bool is_of_ledger = measure->of.ledger != NULL;
    add_line(making, "universe", N_("counted from"), describe_set(making, &measure->of));
    add_line(making, "where", N_("narrowed to"), describe(making, measure->of.where));
    add_line(making, "date", N_("date that decides"),
             is_of_ledger ? g_strdup(card_date_label(&measure->of, making->language)) : NULL);
    add_line(making, "counts", N_("condition to count"), describe(making, measure->counts));
    add_line(making, "has", N_("condition to count"), describe_has(making));
    add_line(making, "kind", N_("what is stated"), describe_kind(making));
    add_line(making, "key", N_("told apart by"), describe(making, measure->key));
    add_line(making, "amount", N_("amount added"), describe(making, measure->amount));
    add_line(making, "by", N_("grouped by"), describe(making, measure->by));
}

static void add_result(const CardMaking *making)
{
    const Figure *figure = making->figure;
    bool is_compared = figure->measure->kind == SCHEMA_RATIO || figure->measure->kind == SCHEMA_ALL;
    add_line(making, "period", N_("period covered"),
             period_to_words(&figure->period, making->language));
    add_line(making, "cutoff", N_("as things stood at"), describe_time(making, figure->cutoff_us));
    add_line(making, "known", N_("as recorded by"), describe_time(making, figure->known_us));
    add_line(making, "total", N_("denominator"),
             is_compared ? describe_number(making, N_("{n} in all"), figure->total) : NULL);
    add_line(making, "counted", N_("counted in"),
             describe_number(making, N_("{n} counted"), figure->counted));
    add_line(
        making, "blank", N_("amount missing"),
        figure->n_blank > 0
            ? describe_number(making, N_("{n} of them have no amount filled in"), figure->n_blank)
            : NULL);
    add_line(making, "found", N_("found for them"),
             figure->measure->has != NULL
                 ? describe_number(making, N_("{n} that meet the condition"), figure->n_found)
                 : NULL);
    add_line(making, "kept", N_("ledger kept"), describe_kept(making));
    add_revisions(making);
    add_line(making, "late", N_("recorded late"),
             figure->n_late > 0 ? describe_late(making, figure->n_late) : NULL);
    add_line(making, "brought", N_("brought by import"),
             figure->n_brought > 0
                 ? describe_number(
                       making,
                       N_("{n} came by import; no evidence was asked for the steps they came with"),
                       figure->n_brought)
                 : NULL);
    add_line(making, "note", N_("remark"),
             g_strdup(schema_words_said(&figure->measure->note, making->language)));
}

Card *card_new(const Figure *figure, const Office *office, const char *language)
{
    CardMaking making = {.card = g_new0(Card, 1),
                         .figure = figure,
                         .schema = office_schema(office),
                         .offset_seconds = office_offset_seconds(office),
                         .language = language};
    making.card->title = g_strdup(schema_words_get(&figure->measure->words, language));
    making.card->lines = g_ptr_array_new_with_free_func(free_line);
    add_definition(&making);
    add_result(&making);
    return making.card;
}

void card_free(Card *card)
{
    if (card != NULL) {
        g_free(card->title);
        g_ptr_array_unref(card->lines);
        g_free(card);
    }
}

const char *card_get(const Card *card, const char *name)
{
    for (guint i = 0; i < card->lines->len; i++) {
        const CardLine *line = g_ptr_array_index(card->lines, i);
        if (g_str_equal(line->name, name)) {
            return line->text;
        }
    }
    return NULL;
}
