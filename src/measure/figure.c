#include "measure/figure.h"

#include "base/message.h"
#include "base/text.h"
#include "ledger/list.h"
#include "ledger/nothing.h"
#include "log/history.h"
#include "measure/cache.h"
#include "measure/card.h"
#include "measure/revision.h"
#include "measure/share.h"
#include "measure/word.h"
#include "schema/called.h"

#define RATIO_ONE 10000 /* a share is kept with four decimals */
#define SHARE_DECIMALS 4

static void free_group(gpointer data)
{
    FigureGroup *group = data;
    g_free(group->key);
    g_free(group->label);
    g_free(group);
}

static void free_figure(gpointer data)
{
    figure_free(data);
}

void figure_free(Figure *figure)
{
    if (figure != NULL) {
        g_free(figure->text);
        g_free(figure->sentence);
        revisions_clear(&figure->revisions);
        g_clear_pointer(&figure->groups, g_ptr_array_unref);
        g_clear_pointer(&figure->members, g_ptr_array_unref);
        g_free(figure);
    }
}

static gpointer copy_group(gconstpointer data, gpointer unused)
{
    const FigureGroup *group = data;
    FigureGroup *copy = g_memdup2(group, sizeof *group);
    copy->key = g_strdup(group->key);
    copy->label = g_strdup(group->label);
    return copy;
}

Figure *figure_copy(const Figure *figure)
{
    g_assert(figure->members == NULL);
    Figure *copy = g_memdup2(figure, sizeof *figure);
    copy->text = g_strdup(figure->text);
    copy->sentence = g_strdup(figure->sentence);
    copy->groups =
        figure->groups != NULL ? g_ptr_array_copy(figure->groups, copy_group, NULL) : NULL;
    return copy;
}

const SchemaMeasure *figure_find_measure(const Office *office, const char *name, GError **error)
{
    const Schema *schema = office_schema(office);
    const SchemaMeasure *measure = schema_called(schema->measures, name);
    if (measure == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no measure '%s'", name);
        schema_offer(error, schema->measures, name);
    }
    return measure;
}

const char *figure_kind_name(const Figure *figure)
{
    static const char *const names[] = {
        [SCHEMA_COUNT] = "count",   [SCHEMA_DISTINCT] = "distinct", [SCHEMA_SUM] = "sum",
        [SCHEMA_MEDIAN] = "median", [SCHEMA_RATIO] = "ratio",       [SCHEMA_ALL] = "all",
        [SCHEMA_NONE] = "none",
    };
    return names[figure->measure->kind];
}

char *figure_number_to_text(int64_t value, int decimals)
{
    char *text = text_format_decimal(value, decimals);
    size_t n = strlen(text);
    while (decimals > 0 && text[n - 1] == '0') {
        n--;
    }
    text[decimals > 0 && text[n - 1] == '.' ? n - 1 : n] = '\0';
    return text;
}

char *figure_value_to_text(const Figure *figure)
{
    if (!figure->has_value) {
        return g_strdup("null");
    }
    if (figure->is_claim) {
        return g_strdup(figure->is_holding ? "true" : "false");
    }
    return figure_number_to_text(figure->value, figure->decimals);
}

char *figure_member_title(const FigureMember *member, const char *language)
{
    bool is_english = g_str_equal(language, "en");
    return member->title == NULL || member->key == NULL
               ? g_strdup(member->title)
               : g_strdup_printf(is_english ? "%s (%s)" : "%s（%s）", member->title, member->key);
}

char *figure_member_amount(const Figure *figure, const FigureMember *member)
{
    return member->has_amount ? figure_number_to_text(member->amount, figure->decimals) : NULL;
}

bool figure_shows_amounts(const Figure *figure)
{
    for (guint i = 0; figure->members != NULL && i < figure->members->len; i++) {
        if (((const FigureMember *)g_ptr_array_index(figure->members, i))->has_amount) {
            return true;
        }
    }
    return false;
}

char *figure_member_found(const FigureMember *member, const char *language)
{
    bool is_english = g_str_equal(language, "en");
    if (member->entries == NULL) {
        return NULL;
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < MIN(member->entries->len, FIGURE_MAX_NAMES); i++) {
        g_string_append(text, i == 0 ? "" : is_english ? ", " : "、");
        g_string_append(text, g_ptr_array_index(member->entries, i));
    }
    if (member->entries->len > FIGURE_MAX_NAMES) {
        g_string_append_printf(text, is_english ? " … (%u in all)" : "等%u条",
                               member->entries->len);
    }
    return g_string_free(text, false);
}

bool figure_is_about_the_rest(const Figure *figure)
{
    return figure->measure->kind == SCHEMA_RATIO || figure->measure->kind == SCHEMA_ALL;
}

/* ---- one evaluation -------------------------------------------------------------------------- */

/* What the figures of one call share. */
typedef struct Evaluation {
    Office *office;
    StoreConnection *connection;
    const RightsSubject *subject;
    Moment moment;
    const char *language;
    bool with_members;
} Evaluation;

bool figure_check_begun(const Office *office, const Period *period, GError **error)
{
    char day[DATE_TEXT_SIZE];
    Date today = date_from_us(source_now_us(office_source(office)), office_offset_seconds(office));
    if (period->from > today) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the period begins on %s, which is still to come: there is nothing to count",
                  date_format(period->from, day));
        return false;
    }
    return true;
}

/* Check that the moment is one at which the period had begun. */
static bool check_moment(const Office *office, const Moment *moment, GError **error)
{
    char from[DATE_TEXT_SIZE];
    char cutoff[DATE_TEXT_SIZE];
    Date day = date_from_us(moment->cutoff_us, moment->offset_seconds);
    if (figure_check_begun(office, &moment->period, error) && day < moment->period.from) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the cut-off %s is before the period, which begins on %s",
                  date_format(day, cutoff), date_format(moment->period.from, from));
    }
    return moment->period.from <= day;
}

static bool begin(Office *office, StoreConnection *connection, const RightsSubject *subject,
                  const Period *period, const FigureOptions *options, Evaluation *evaluation,
                  GError **error)
{
    static const FigureOptions usual = {0};
    options = options != NULL ? options : &usual;
    if (subject != NULL && !rights_may(subject, RIGHTS_FIGURE_READ, NULL, error)) {
        return false;
    }
    int64_t from_us = 0;
    int64_t to_us = 0;
    int offset_seconds = office_offset_seconds(office);
    int64_t now_us = source_now_us(office_source(office));
    period_to_us(period, offset_seconds, &from_us, &to_us);
    int64_t cutoff_us = options->cutoff_us != 0 ? options->cutoff_us : MIN(to_us - 1, now_us);
    *evaluation = (Evaluation){.office = office,
                               .connection = connection,
                               .subject = subject,
                               .moment = {.period = *period,
                                          .cutoff_us = cutoff_us,
                                          .known_us = options->known_us,
                                          .now_us = now_us,
                                          .offset_seconds = offset_seconds},
                               .language = options->language != NULL ? options->language : "zh",
                               .with_members = options->with_members};
    return check_moment(office, &evaluation->moment, error);
}

static Figure *new_figure(const Evaluation *evaluation, const SchemaMeasure *measure)
{
    Figure *figure = g_new0(Figure, 1);
    figure->measure = measure;
    figure->period = evaluation->moment.period;
    figure->cutoff_us = evaluation->moment.cutoff_us;
    figure->known_us = evaluation->moment.known_us;
    figure->is_claim = measure->kind == SCHEMA_ALL || measure->kind == SCHEMA_NONE;
    figure->decimals = measure->kind == SCHEMA_RATIO ? SHARE_DECIMALS
                       : measure->amount != NULL     ? expression_type(measure->amount)->decimals
                                                     : 0;
    return figure;
}

/* ---- counting in one scan -------------------------------------------------------------------- */

/* Return whether nothing but numbers of members is needed, which one scan gives for many. */
static bool is_countable(const Evaluation *evaluation, const SchemaMeasure *measure)
{
    bool is_count = measure->kind == SCHEMA_COUNT || measure->kind == SCHEMA_RATIO ||
                    measure->kind == SCHEMA_ALL || measure->kind == SCHEMA_NONE;
    return is_count && measure->by == NULL && !evaluation->with_members &&
           universe_is_of_ledger(&measure->of);
}

/* The statement of one scan.  Inside, each condition is worked out once for a member, however many
 * figures share it; outside, those that meet them are counted, each number once. */
typedef struct Scan {
    Universe *universe;     /* the inside */
    GString *counts;        /* the outside */
    GHashTable *conditions; /* text -> number from 1 */
    GHashTable *columns;    /* what is counted -> number from 1 */
} Scan;

/* What a figure takes from its scan: columns. */
typedef struct ScanColumns {
    int kept, total, late, brought, counted;
} ScanColumns;

/* Return the number of @key in @numbers (takes); *@ret_is_new: it had none. */
static int number_of(GHashTable *numbers, char *key, bool *ret_is_new)
{
    int number = GPOINTER_TO_INT(g_hash_table_lookup(numbers, key));
    *ret_is_new = number == 0;
    if (number != 0) {
        g_free(key);
        return number;
    }
    number = (int)g_hash_table_size(numbers) + 1;
    g_hash_table_insert(numbers, key, GINT_TO_POINTER(number));
    return number;
}

/* Return the number of the condition @expression, 0 for NULL, appending it unless it is there. */
static int condition_of(Scan *scan, const Expression *expression)
{
    bool is_new = false;
    if (expression == NULL) {
        return 0;
    }
    int number = number_of(scan->conditions, expression_to_text(expression), &is_new);
    if (is_new) {
        g_autofree char *name = g_strdup_printf(" AS c%d", number);
        universe_append(scan->universe, ", ");
        universe_append_condition(scan->universe, expression);
        universe_append(scan->universe, name);
    }
    return number;
}

static void append_met(GString *sql, int condition)
{
    if (condition != 0) {
        g_string_append_printf(sql, " AND x.c%d", condition);
    }
}

/* Return the column that counts those who meet @where and @counts (NULL: all do) and are what the
 * inside calls @mark (NULL: all are). */
static int column_of(Scan *scan, const Expression *where, const Expression *counts,
                     const char *mark)
{
    bool is_new = false;
    int first = condition_of(scan, where);
    int second = condition_of(scan, counts);
    char *key = g_strdup_printf("%d %d %s", first, second, mark != NULL ? mark : "");
    int column = number_of(scan->columns, key, &is_new) - 1;
    if (is_new) {
        g_string_append_printf(scan->counts, "%sCOUNT(*) FILTER (WHERE TRUE",
                               column == 0 ? "SELECT " : ", ");
        append_met(scan->counts, first);
        append_met(scan->counts, second);
        g_string_append_printf(scan->counts, "%s%s)", mark != NULL ? " AND x." : "",
                               mark != NULL ? mark : "");
    }
    return column;
}

static void ask_for_all(Scan *scan, const GPtrArray *figures, ScanColumns *columns)
{
    universe_append(scan->universe, "SELECT ");
    universe_append_is_late(scan->universe);
    universe_append(scan->universe, " AS late, ");
    universe_append_is_brought(scan->universe);
    universe_append(scan->universe, " AS brought");
    for (guint i = 0; i < figures->len; i++) {
        const SchemaMeasure *measure = ((const Figure *)g_ptr_array_index(figures, i))->measure;
        const Expression *where = measure->of.where;
        columns[i] = (ScanColumns){.kept = column_of(scan, NULL, NULL, NULL),
                                   .total = column_of(scan, where, NULL, NULL),
                                   .late = column_of(scan, where, NULL, "late"),
                                   .brought = column_of(scan, where, NULL, "brought"),
                                   .counted = column_of(scan, where, measure->counts, NULL)};
    }
    universe_append_from(scan->universe, NULL);
}

/* The limit, which is none, keeps both databases from melting the two into one, in which each count
 * would work out its conditions anew. */
static void compose_scan(Universe *universe, const GPtrArray *figures, ScanColumns *columns)
{
    g_autoptr(GString) counts = g_string_new(NULL);
    g_autoptr(GHashTable) conditions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Scan scan = {
        .universe = universe, .counts = counts, .conditions = conditions, .columns = known};
    ask_for_all(&scan, figures, columns);
    g_string_append(counts, " FROM (");
    g_string_prepend_len(universe->text, counts->str, (gssize)counts->len);
    universe_append(universe, " LIMIT 9223372036854775807) x");
}

static void take_scan(StoreStatement *query, const GPtrArray *figures, const ScanColumns *columns)
{
    for (guint i = 0; i < figures->len; i++) {
        Figure *figure = g_ptr_array_index(figures, i);
        figure->n_kept = store_column_int(query, columns[i].kept);
        figure->total = store_column_int(query, columns[i].total);
        figure->n_late = store_column_int(query, columns[i].late);
        figure->n_brought = store_column_int(query, columns[i].brought);
        figure->counted = store_column_int(query, columns[i].counted);
        figure->value = figure->counted;
        figure->has_value = true;
    }
}

/* Count for @figures (of Figure, borrowed), whose universes are the same but for `where`. */
static bool scan(const Evaluation *evaluation, const GPtrArray *figures, GError **error)
{
    const Figure *first = g_ptr_array_index(figures, 0);
    g_auto(Universe) universe = {0};
    universe_init(&universe, evaluation->connection, &first->measure->of, &evaluation->moment);
    g_autofree ScanColumns *columns = g_new0(ScanColumns, figures->len);
    compose_scan(&universe, figures, columns);
    g_autoptr(StoreStatement) query = universe_query(&universe, error);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    take_scan(query, figures, columns);
    return true;
}

/* ---- member by member ------------------------------------------------------------------------ */

static MembersReading reading_of(const Evaluation *evaluation, const SchemaMeasure *measure)
{
    return (MembersReading){.office = evaluation->office,
                            .connection = evaluation->connection,
                            .subject = evaluation->subject,
                            .measure = measure,
                            .moment = evaluation->moment,
                            .language = evaluation->language,
                            .with_members = evaluation->with_members};
}

/* What making groups needs. */
typedef struct Grouping {
    Figure *figure;
    const Evaluation *evaluation;
    LedgerNames *names;
} Grouping;

/* Return whether a group by @by of @counted members is not to be named to the subject, which may
 * not read all entries: a person, or what people have written in a few of them. */
static bool is_restricted_group(const Evaluation *evaluation, const SchemaMeasure *measure,
                                int64_t counted)
{
    const ExpressionType *type = expression_type(measure->by);
    bool is_written = (type->kind == VALUE_TEXT && type->choices == NULL) ||
                      (type->kind == VALUE_REF && type->target != NULL &&
                       schema_ledger(office_schema(evaluation->office), type->target) != NULL);
    bool is_person = type->kind == VALUE_REF && g_strcmp0(type->target, "person") == 0;
    const RightsObject all = {.ledger = measure->of.ledger, .owner = ""};
    return (is_person || (is_written && counted < FIGURE_MIN_GROUP)) &&
           evaluation->subject != NULL && measure->of.ledger != NULL &&
           !rights_may(evaluation->subject, RIGHTS_ENTRY_READ, &all, NULL);
}

static bool add_group(const Value *value, Tally *tally, void *data, GError **error)
{
    const Grouping *grouping = data;
    const Evaluation *evaluation = grouping->evaluation;
    bool has_value = false;
    int64_t number = 0;
    if (!tally_value(tally, &has_value, &number, error)) {
        return false;
    }
    FigureGroup *group = g_new0(FigureGroup, 1);
    group->has_value = has_value;
    group->key = value_to_canonical(value);
    group->label =
        value_is_empty(value)
            ? g_strdup(message_get(evaluation->language, N_("not filled in")))
            : card_describe_value(office_schema(evaluation->office), grouping->figure->measure->by,
                                  value, grouping->names, evaluation->moment.offset_seconds,
                                  evaluation->language);
    group->counted = tally_counted(tally);
    group->value = number;
    if (!value_is_empty(value) &&
        is_restricted_group(evaluation, grouping->figure->measure, group->counted)) {
        g_free(group->key);
        g_free(group->label);
        group->key = g_strdup("");
        group->label = g_strdup(message_get(evaluation->language, N_("restricted")));
    }
    g_ptr_array_add(grouping->figure->groups, group);
    return true;
}

/* The greatest value first, those without one last; then by key, the one without last. */
static int compare_groups(gconstpointer a, gconstpointer b)
{
    const FigureGroup *x = *(const FigureGroup *const *)a;
    const FigureGroup *y = *(const FigureGroup *const *)b;
    if (x->has_value != y->has_value) {
        return x->has_value ? -1 : 1;
    }
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    bool is_either_empty = *x->key == '\0' || *y->key == '\0';
    return is_either_empty ? strcmp(y->key, x->key) : strcmp(x->key, y->key);
}

static bool make_groups(const Evaluation *evaluation, Tally *tally, Figure *figure, GError **error)
{
    g_autoptr(LedgerNames) names = ledger_names_new(evaluation->connection);
    Grouping grouping = {.figure = figure, .evaluation = evaluation, .names = names};
    figure->groups = g_ptr_array_new_with_free_func(free_group);
    if (!tally_each_group(tally, add_group, &grouping, error) ||
        !ledger_names_are_read(names, error)) {
        return false;
    }
    g_ptr_array_sort(figure->groups, compare_groups);
    return true;
}

/* Count all entries, steps or rows of @set in the period, whatever `where` says. */
static bool count_kept(const Evaluation *evaluation, const SchemaSet *set, Figure *figure,
                       GError **error)
{
    g_auto(Universe) universe = {0};
    universe_init(&universe, evaluation->connection, set, &evaluation->moment);
    universe_append(&universe, "SELECT COUNT(*)");
    universe_append_from(&universe, NULL);
    g_autoptr(StoreStatement) query = universe_query(&universe, error);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    figure->n_kept = store_column_int(query, 0);
    return true;
}

static bool read_members(const Evaluation *evaluation, Figure *figure, GError **error)
{
    const SchemaMeasure *measure = figure->measure;
    MembersReading reading = reading_of(evaluation, measure);
    g_auto(Members) members = {0};
    if (!members_read(&reading, &members, error) ||
        !tally_value(members.tally, &figure->has_value, &figure->value, error) ||
        (evaluation->with_members && !revisions_find(&reading, &figure->revisions, error)) ||
        (measure->by != NULL && !make_groups(evaluation, members.tally, figure, error))) {
        return false;
    }
    figure->total = members.total;
    figure->n_late = members.n_late;
    figure->n_brought = members.n_brought;
    figure->n_found = members.n_found;
    figure->counted = tally_counted(members.tally);
    figure->n_blank = tally_blank(members.tally);
    figure->members = g_steal_pointer(&members.members);
    const SchemaSet *kept = figure_kept_set(measure);
    return kept == NULL || !universe_is_of_ledger(kept) ||
           count_kept(evaluation, kept, figure, error);
}

const SchemaSet *figure_kept_set(const SchemaMeasure *measure)
{
    bool is_of_has = measure->kind == SCHEMA_ALL || measure->kind == SCHEMA_RATIO;
    return measure->kind == SCHEMA_NONE ? &measure->of : is_of_has ? measure->has : NULL;
}

bool figure_is_not_kept(const Figure *figure)
{
    bool is_asked = figure->measure->kind == SCHEMA_NONE || figure->total > 0;
    if (figure->is_before) {
        return true;
    }
    return is_asked && figure_kept_set(figure->measure) != NULL && figure->counted == 0 &&
           figure->n_kept == 0 && !figure->is_stated;
}

/* ---- value and words ------------------------------------------------------------------------- */

/* A share is 1 only if all count, and 0 only if none does. */
static int64_t share(int64_t counted, int64_t total)
{
    int64_t value = (counted * RATIO_ONE * 2 + total) / (total * 2);
    if (counted < total && value == RATIO_ONE) {
        return RATIO_ONE - 1;
    }
    return counted > 0 && value == 0 ? 1 : value;
}

static void judge(Figure *figure)
{
    switch (figure->measure->kind) {
    case SCHEMA_RATIO:
        figure->has_value = figure->total > 0 && !figure_is_not_kept(figure);
        figure->value = figure->has_value ? share(figure->counted, figure->total) : 0;
        return;
    case SCHEMA_ALL:
        figure->is_holding =
            figure->total > 0 && figure->counted == figure->total && !figure->is_before;
        break;
    case SCHEMA_NONE:
        figure->is_holding = figure->counted == 0 && !figure_is_not_kept(figure);
        break;
    case SCHEMA_COUNT:
    case SCHEMA_DISTINCT:
    case SCHEMA_SUM:
    case SCHEMA_MEDIAN:
        figure->has_value = figure->has_value && !figure->is_before;
        return;
    }
    figure->value = figure->is_holding ? 1 : 0;
    figure->has_value = true;
}

/* Return the names that the sentence of @figure lists: of those that break the claim, as far as the
 * subject may see them. */
static char **collect_names(const Figure *figure, const GPtrArray *members)
{
    bool is_breaking = figure->measure->kind == SCHEMA_NONE;
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    int n = 0;
    for (guint i = 0; i < members->len && n < FIGURE_MAX_NAMES; i++) {
        const FigureMember *member = g_ptr_array_index(members, i);
        if (member->is_counted == is_breaking && member->title != NULL) { /* it may be seen */
            g_strv_builder_add(names, member->title);
            n++;
        }
    }
    return g_strv_builder_end(names);
}

static bool word(const Evaluation *evaluation, Figure *figure, GError **error)
{
    g_auto(GStrv) names = NULL;
    if (word_needs_names(figure) && figure->members != NULL) {
        names = collect_names(figure, figure->members);
    } else if (word_needs_names(figure)) {
        MembersReading reading = reading_of(evaluation, figure->measure);
        g_auto(Members) members = {0};
        reading.with_members = true;
        if (!members_read(&reading, &members, error)) {
            return false;
        }
        names = collect_names(figure, members.members);
    }
    word_figure(figure, (const char *const *)names, evaluation->language);
    return true;
}

/* Return the last instant of @period. */
static int64_t end_of(const Evaluation *evaluation, const Period *period)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    period_to_us(period, office_offset_seconds(evaluation->office), &from_us, &to_us);
    return to_us - 1;
}

/* Find out whether it is stated that there was nothing to record, on every day of the period that
 * was over at the cut-off. */
static bool find_statements(const Evaluation *evaluation, Figure *figure, GError **error)
{
    const SchemaLedger *ledger = figure->measure->of.ledger;
    if (figure->measure->kind != SCHEMA_NONE || ledger == NULL) {
        return true;
    }
    Date last = date_from_us(figure->cutoff_us, office_offset_seconds(evaluation->office)) - 1;
    bool is_over = figure->cutoff_us >= end_of(evaluation, &figure->period);
    const Period past = {figure->period.from, is_over ? figure->period.to : last};
    return past.to < past.from ||
           ledger_nothing_covers(evaluation->connection, ledger, &past, figure->known_us,
                                 &figure->is_stated, error);
}

/* Find out whether the period of @figure, of units or people, was over before the first day of
 * which anything is recorded.  Those without a first day are there "from before anyone recorded",
 * which does not say since when. */
static bool find_before(const Evaluation *evaluation, Figure *figure, GError **error)
{
    SchemaUniverse of = figure->measure->of.universe;
    int oldest = 0;
    int newest = 0;
    bool has_row = false;
    if ((of != SCHEMA_OF_UNITS && of != SCHEMA_OF_PEOPLE) ||
        !ledger_years(evaluation->connection, office_schema(evaluation->office), NULL, &oldest,
                      &newest, error)) {
        return of != SCHEMA_OF_UNITS && of != SCHEMA_OF_PEOPLE;
    }
    int64_t to_us = date_to_us(figure->period.to + 1, 0, evaluation->moment.offset_seconds);
    char day[DATE_TEXT_SIZE];
    g_autoptr(StoreStatement) query =
        store_query(evaluation->connection, error,
                    "SELECT 1 FROM event WHERE seq = 1 AND at < $1"
                    " UNION ALL SELECT 1 FROM unit WHERE since <= $2"
                    " UNION ALL SELECT 1 FROM person WHERE since <= $2 LIMIT 1",
                    "it", to_us, date_format(figure->period.to, day));
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    bool has_entries = oldest != 0 && oldest <= date_year(figure->period.to);
    figure->is_before = !has_row && !has_entries;
    return true;
}

/* Count the months of the period in which the ledger of @figure, which says "none", was kept: one
 * entry in January proves little of December. */
static bool count_months(const Evaluation *evaluation, Figure *figure, GError **error)
{
    const SchemaSet *set = &figure->measure->of;
    if (figure->measure->kind != SCHEMA_NONE || set->ledger == NULL || !evaluation->with_members) {
        return true;
    }
    Date last = moment_last_day(&evaluation->moment);
    g_autoptr(GArray) months = period_split(&figure->period, PERIOD_MONTH);
    for (guint i = 0; i < months->len && g_array_index(months, Period, i).from <= last; i++) {
        Evaluation of_month = *evaluation;
        Figure month = {.measure = figure->measure};
        of_month.moment.period = g_array_index(months, Period, i);
        if (!count_kept(&of_month, set, &month, error)) {
            return false;
        }
        figure->n_months++;
        figure->n_months_kept += month.n_kept > 0;
    }
    return true;
}

static bool finish(const Evaluation *evaluation, Figure *figure, GError **error)
{
    figure->n_kept = figure_kept_set(figure->measure) != NULL ? figure->n_kept : 0;
    figure->is_running = figure->cutoff_us < end_of(evaluation, &figure->period);
    if (!find_statements(evaluation, figure, error) || !find_before(evaluation, figure, error) ||
        !count_months(evaluation, figure, error)) {
        return false;
    }
    judge(figure);
    if (!word(evaluation, figure, error)) {
        return false;
    }
    if (!evaluation->with_members) {
        g_clear_pointer(&figure->members, g_ptr_array_unref);
    }
    return true;
}

/* ---- the interface --------------------------------------------------------------------------- */

/* Return the figures that share the scan of the one at @at, noting them in @is_taken; where it is
 * read member by member it alone. */
static GPtrArray *take_together(const Evaluation *evaluation, const GPtrArray *figures, guint at,
                                bool *is_taken)
{
    GPtrArray *together = g_ptr_array_new();
    const Figure *first = g_ptr_array_index(figures, at);
    bool is_shared = is_countable(evaluation, first->measure);
    for (guint i = at; i < figures->len; i++) {
        Figure *figure = g_ptr_array_index(figures, i);
        if (i == at || (is_shared && !is_taken[i] && is_countable(evaluation, figure->measure) &&
                        universe_is_same(&first->measure->of, &figure->measure->of))) {
            g_ptr_array_add(together, figure);
            is_taken[i] = true;
        }
    }
    return together;
}

static void unref_array(gpointer array)
{
    g_ptr_array_unref(array);
}

/* Return @figures in groups that are read at once. */
static GPtrArray *group_figures(const Evaluation *evaluation, const GPtrArray *figures)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(unref_array);
    g_autofree bool *is_taken = g_new0(bool, figures->len + 1);
    for (guint i = 0; i < figures->len; i++) {
        if (!is_taken[i]) {
            g_ptr_array_add(groups, take_together(evaluation, figures, i, is_taken));
        }
    }
    return groups;
}

typedef struct Reading {
    const Evaluation *evaluation;
    const GPtrArray *groups;
} Reading;

static bool read_group(StoreConnection *connection, guint job, void *data, GError **error)
{
    const Reading *reading = data;
    const GPtrArray *group = g_ptr_array_index(reading->groups, job);
    Evaluation evaluation = *reading->evaluation;
    evaluation.connection = connection;
    Figure *figure = g_ptr_array_index(group, 0);
    bool is_ok = is_countable(&evaluation, figure->measure)
                     ? scan(&evaluation, group, error)
                     : read_members(&evaluation, figure, error);
    for (guint i = 0; is_ok && i < group->len; i++) {
        figure = g_ptr_array_index(group, i);
        is_ok = finish(&evaluation, figure, error);
    }
    if (!is_ok) {
        error_prefix(error, "measure '%s'", figure->measure->name);
    }
    return is_ok;
}

static bool evaluate(const Evaluation *evaluation, const GPtrArray *figures, GError **error)
{
    g_autoptr(GPtrArray) groups = group_figures(evaluation, figures);
    Reading reading = {evaluation, groups};
    return share_jobs(office_store(evaluation->office), evaluation->connection, groups->len,
                      read_group, &reading, error);
}

/* Note over which log @figures were evaluated. */
static bool note_log(const Evaluation *evaluation, GPtrArray *figures, GError **error)
{
    int64_t size = 0;
    uint8_t root[CRYPTO_HASH_SIZE];
    if (!log_head(evaluation->connection, &size, root, error)) {
        return false;
    }
    for (guint i = 0; i < figures->len; i++) {
        Figure *figure = g_ptr_array_index(figures, i);
        figure->log_size = size;
        memcpy(figure->log_root, root, sizeof root);
    }
    return true;
}

static GPtrArray *evaluate_all(const Evaluation *evaluation, const SchemaMeasure *const *measures,
                               size_t n_measures, GError **error)
{
    g_autoptr(GPtrArray) figures = g_ptr_array_new_with_free_func(free_figure);
    for (size_t i = 0; i < n_measures; i++) {
        g_ptr_array_add(figures, new_figure(evaluation, measures[i]));
    }
    return evaluate(evaluation, figures, error) && note_log(evaluation, figures, error)
               ? g_steal_pointer(&figures)
               : NULL;
}

/* Return all that an answer depends on, but for the size of the log and a present cut-off.  The
 * names that a sentence lists are those that the subject may see, which follows from its
 * predicate. */
static char *make_key(const Evaluation *evaluation, const SchemaMeasure *const *measures,
                      size_t n_measures, int64_t cutoff_us)
{
    const Moment *moment = &evaluation->moment;
    GString *key = g_string_new(NULL);
    g_string_printf(key, "%s %d %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, evaluation->language,
                    moment->period.from, moment->period.to,
                    date_from_us(moment->now_us, moment->offset_seconds), cutoff_us,
                    moment->known_us);
    for (size_t i = 0; i < n_measures; i++) {
        g_string_append_printf(key, " %p", (const void *)measures[i]);
    }
    if (evaluation->subject != NULL) {
        g_string_append_c(key, ' ');
        rights_append_key(evaluation->subject, RIGHTS_ENTRY_READ, key);
    }
    return g_string_free(key, false);
}

static GPtrArray *evaluate_once(const Evaluation *evaluation, FigureCache *cache, bool is_present,
                                const SchemaMeasure *const *measures, size_t n_measures,
                                GError **error)
{
    int64_t cutoff_us = evaluation->moment.cutoff_us;
    g_autofree char *key = make_key(evaluation, measures, n_measures, is_present ? 0 : cutoff_us);
    FigureQuestion question = {.key = key, .cutoff_us = is_present ? cutoff_us : 0};
    int64_t size_after = 0;
    bool is_mine = false;
    if (!log_head(evaluation->connection, &question.size, NULL, error)) {
        return NULL;
    }
    GPtrArray *figures = figure_cache_take(cache, &question, &is_mine);
    if (figures == NULL) {
        figures = evaluate_all(evaluation, measures, n_measures, error);
    }
    if (is_mine) { /* outside a snapshot something may have happened in between */
        bool is_whole = figures != NULL &&
                        log_head(evaluation->connection, &size_after, NULL, NULL) &&
                        size_after == question.size;
        figure_cache_put(cache, &question, is_whole ? figures : NULL);
    }
    return figures;
}

GPtrArray *figures_evaluate(Office *office, StoreConnection *connection,
                            const RightsSubject *subject, const SchemaMeasure *const *measures,
                            size_t n_measures, const Period *period, const FigureOptions *options,
                            GError **error)
{
    Evaluation evaluation;
    if (n_measures > FIGURE_MAX_MEASURES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "at most %d figures can be asked for at once",
                  FIGURE_MAX_MEASURES);
        return NULL;
    }
    if (!begin(office, connection, subject, period, options, &evaluation, error)) {
        return NULL;
    }
    if (options == NULL || options->cache == NULL || options->with_members) {
        return evaluate_all(&evaluation, measures, n_measures, error);
    }
    bool is_present = evaluation.moment.cutoff_us == evaluation.moment.now_us;
    return evaluate_once(&evaluation, options->cache, is_present, measures, n_measures, error);
}

Figure *figure_evaluate(Office *office, StoreConnection *connection, const RightsSubject *subject,
                        const SchemaMeasure *measure, const Period *period,
                        const FigureOptions *options, GError **error)
{
    g_autoptr(GPtrArray) figures =
        figures_evaluate(office, connection, subject, &measure, 1, period, options, error);
    return figures != NULL ? g_ptr_array_steal_index(figures, 0) : NULL;
}
