#include "cli/command-figure.h"

#include "base/text.h"
#include "cli/command-prove.h"
#include "cli/print.h"
#include "cli/session.h"
#include "language/wrap.h"
#include "measure/card.h"
#include "measure/json.h"

#define MEMBERS_SHOWN 20
#define TERM_COLUMNS 16

/* ---- as text --------------------------------------------------------------------------------- */

static const char *text_of(const CliContext *context, const Figure *figure)
{
    return figure->text != NULL ? figure->text : cli_tr(context, N_("no value"));
}

static void print_card(CliContext *context, const CliSession *session, const Figure *figure)
{
    g_autoptr(Card) card = card_new(figure, session->office, context->language);
    int columns = TERM_COLUMNS;
    for (guint i = 0; i < card->lines->len; i++) {
        const CardLine *line = g_ptr_array_index(card->lines, i);
        columns = MAX(columns, language_width(line->term));
    }
    for (guint i = 0; i < card->lines->len; i++) {
        const CardLine *line = g_ptr_array_index(card->lines, i);
        cli_print_pair(context, columns, line->term, line->text);
    }
}

static void print_groups(CliContext *context, const Figure *figure)
{
    if (figure->groups == NULL || figure->groups->len == 0) {
        return;
    }
    g_autoptr(CliTable) table = cli_table_new(2);
    for (guint i = 0; i < figure->groups->len; i++) {
        const FigureGroup *group = g_ptr_array_index(figure->groups, i);
        g_autofree char *value =
            group->has_value ? text_format_decimal(group->value, figure->decimals) : g_strdup("—");
        cli_table_add(table, *group->label != '\0' ? group->label : cli_tr(context, N_("(none)")),
                      value);
    }
    g_string_append_c(context->out, '\n');
    cli_table_print(table, 2, context);
}

/* Add @member as a line: whether it counts, what it is, and why, with what was found for it. */
static void add_member(CliContext *context, CliTable *table, const Figure *figure,
                       const FigureMember *member, bool with_amounts)
{
    const char *colon = cli_tr(context, N_(": "));
    g_autofree char *title = figure_member_title(member, context->language);
    g_autofree char *found = figure_member_found(member, context->language);
    g_autofree char *why = g_strconcat(member->why != NULL ? member->why : "",
                                       found != NULL ? colon : "", found, NULL);
    g_autofree char *amount = figure_member_amount(figure, member);
    const char *shown = member->is_restricted ? cli_tr(context, N_("(restricted)")) : title;
    const char *sign = member->is_counted ? "+" : "-";
    if (with_amounts) {
        cli_table_add(table, sign, member->number, shown, amount != NULL ? amount : "—", why);
    } else {
        cli_table_add(table, sign, member->number, shown, why);
    }
}

/* The members in the order in which they are looked for: of what claims something of all, first
 * those that break it. */
static void print_members(CliContext *context, const Figure *figure, int64_t limit)
{
    if (figure->members == NULL || figure->members->len == 0) {
        return;
    }
    bool with_amounts = figure_shows_amounts(figure);
    g_autoptr(CliTable) table = cli_table_new(with_amounts ? 5 : 4);
    cli_table_set_limit(table, 2, 50);
    bool is_first = !figure_is_about_the_rest(figure);
    guint n = 0;
    for (guint i = 0; i < 2 * figure->members->len && n < limit; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i % figure->members->len);
        bool is_wanted = i < figure->members->len ? is_first : !is_first;
        if (member->is_counted == is_wanted) {
            add_member(context, table, figure, member, with_amounts);
            n++;
        }
    }
    g_string_append_c(context->out, '\n');
    cli_say(context, N_("counted (+) %lld of %lld, not counted (-) %lld"),
            (long long)figure->counted, (long long)figure->total,
            (long long)(figure->total - figure->counted));
    cli_table_print(table, 2, context);
    if (n < figure->members->len) {
        cli_say(context, N_("and %u more; --members shows more, --json all"),
                figure->members->len - n);
    }
}

/* One figure, opened. */
static void print_figure(CliContext *context, const CliSession *session, const Figure *figure,
                         int64_t limit)
{
    g_autofree char *period = period_to_words(&figure->period, context->language);
    g_string_append_printf(context->out, "%s  %s\n",
                           schema_words_get(&figure->measure->words, context->language), period);
    g_string_append_printf(context->out, "%s\n", text_of(context, figure));
    if (figure->sentence != NULL) {
        language_wrap(figure->sentence, 78, 0, 0, context->out);
    }
    g_string_append_c(context->out, '\n');
    print_card(context, session, figure);
    print_groups(context, figure);
    print_members(context, figure, limit);
}

/* Many figures, a line each. */
static void print_overview(CliContext *context, const GPtrArray *figures)
{
    g_autoptr(CliTable) table = cli_table_new(3);
    for (guint i = 0; i < figures->len; i++) {
        const Figure *figure = g_ptr_array_index(figures, i);
        cli_table_add(table, figure->measure->name,
                      schema_words_get(&figure->measure->words, context->language),
                      text_of(context, figure));
    }
    cli_table_print(table, 0, context);
}

/* ---- the command ----------------------------------------------------------------------------- */

/* One figure as an object, several as an array. */
static void print_json(CliContext *context, const CliSession *session, const GPtrArray *figures)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    bool is_one = context->operands->len == 2;
    if (!is_one) {
        json_write_begin_array(&json);
    }
    for (guint i = 0; i < figures->len; i++) {
        figure_write_json(g_ptr_array_index(figures, i), session->office, context->language, &json);
    }
    if (!is_one) {
        json_write_end_array(&json);
    }
    cli_print_json(context, &json);
}

/* The measures named on the command line, or all of them (of const SchemaMeasure*). */
static GPtrArray *find_measures(const CliContext *context, const CliSession *session,
                                GError **error)
{
    g_autoptr(GPtrArray) measures = g_ptr_array_new();
    for (guint i = 1; i < context->operands->len; i++) {
        const SchemaMeasure *measure =
            figure_find_measure(session->office, cli_operand(context, i), error);
        if (measure == NULL) {
            return NULL;
        }
        g_ptr_array_add(measures, (gpointer)measure);
    }
    if (context->operands->len == 1) {
        g_ptr_array_extend(measures, office_schema(session->office)->measures, NULL, NULL);
    }
    return g_steal_pointer(&measures);
}

/* Read the options that say as of when: --cutoff and --known, days, to their ends. */
static bool read_moments(const CliContext *context, const CliSession *session,
                         FigureOptions *options, GError **error)
{
    Date cutoff = DATE_NONE;
    Date known = DATE_NONE;
    int offset_seconds = office_offset_seconds(session->office);
    if (!cli_option_date(context, "cutoff", &cutoff, error) ||
        !cli_option_date(context, "known", &known, error)) {
        return false;
    }
    options->cutoff_us = cutoff != DATE_NONE ? date_to_us(cutoff + 1, 0, offset_seconds) - 1 : 0;
    options->known_us = known != DATE_NONE ? date_to_us(known + 1, 0, offset_seconds) - 1 : 0;
    return true;
}

static bool evaluate(CliContext *context, const CliSession *session, const Period *period,
                     int64_t limit, GError **error)
{
    bool is_opened = context->operands->len > 1;
    FigureOptions options = {.with_members = is_opened || cli_has(context, "members"),
                             .language = context->language};
    g_autoptr(GPtrArray) measures = find_measures(context, session, error);
    if (measures == NULL || !read_moments(context, session, &options, error) ||
        !store_snapshot_begin(session->reader, error)) {
        return false;
    }
    g_autoptr(GPtrArray) figures = figures_evaluate(
        session->office, session->reader, session->subject,
        (const SchemaMeasure *const *)measures->pdata, measures->len, period, &options, error);
    if (figures == NULL) {
        return false;
    }
    if (cli_has(context, "prove")) {
        return cli_prove_figure(context, session, g_ptr_array_index(figures, 0), error);
    }
    if (cli_has(context, "json")) {
        print_json(context, session, figures);
        return true;
    }
    if (!is_opened) {
        print_overview(context, figures);
    }
    for (guint i = 0; is_opened && i < figures->len; i++) {
        g_string_append(context->out, i > 0 ? "\n" : "");
        print_figure(context, session, g_ptr_array_index(figures, i), limit);
    }
    return true;
}

static bool run(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    Period period;
    int64_t limit = 0;
    if (cli_has(context, "prove") && context->operands->len != 2) {
        cli_set_usage(context, error, "--prove takes one measure");
        return false;
    }
    if (!period_parse(cli_option(context, "period"), &period, error) ||
        !cli_option_int(context, "members", MEMBERS_SHOWN, 0, INT32_MAX, &limit, error) ||
        !cli_session_open(context, OFFICE_READ, &session, error)) {
        return false;
    }
    if (cli_has(context, "prove") && session.is_inside) {
        cli_session_sign(context, session.office);
    }
    return evaluate(context, &session, &period, limit, error);
}

static const CliOption options[] = {
    {"period", N_("PERIOD"), N_("2023, 2023H1, 2023Q1, 2023-05, 2023年5月, 2023-01-01..2023-03-31"),
     .is_required = true},
    {"cutoff", N_("DATE"), N_("only what had happened by the end of this day; else of the period")},
    {"known", N_("DATE"), N_("only what had been recorded by the end of this day")},
    {"members", N_("N"), N_("show so many of what is counted, 20 unless said")},
    {"prove", NULL, N_("as JSON with the proofs of all its entries, for 'shuzhi log check'")},
    {"checkpoint", N_("FILE"),
     N_("also prove that the log goes on from this checkpoint, which the reader holds"),
     .opens_file = true},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_figure = {
    .name = "figure",
    .operands = "OFFICE [MEASURE…]",
    .summary = N_("Print figures of a period: the number, its definition, what it counts."),
    .text = N_("A figure is a query; it opens to every entry that it counts or does not count, and"
               " why. Without a name all measures are listed with their values."),
    .examples = "figure ./office --period 2023\n"
                "figure ./office cases_received --period 2023Q1\n"
                "figure ./office cases_received --period 2019 --json\n"
                "figure ./office cases_received --period 2019 --prove > received.json",
    .options = options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run,
};
