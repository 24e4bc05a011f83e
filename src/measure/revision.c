#include "measure/revision.h"

#include "base/message.h"
#include "ledger/batch.h"
#include "ledger/number.h"
#include "ledger/wall.h"
#include "log/fold.h"

#define DUE "due" /* of an event's data: the deadline */

void revisions_clear(FigureRevisions *revisions)
{
    g_clear_pointer(&revisions->gone, g_free);
    g_clear_pointer(&revisions->deleted, g_ptr_array_unref);
    g_clear_pointer(&revisions->corrected, g_free);
    g_clear_pointer(&revisions->undone, g_array_unref);
}

static const SchemaSet *set_of(const SchemaMeasure *measure)
{
    return measure->has != NULL ? measure->has : &measure->of;
}

/* Events that are no additions are few and have an index, which a query must name to go by it: an
 * office's entries are not walked to find what was done to some.  CROSS JOIN keeps to the order,
 * and a ledger with '' put to it is not looked up. */
#define BY_KIND "v.kind <> 'entry.add'"

/* ---- taken out ------------------------------------------------------------------------------- */

/* The numbers of a ledger and years that are void because somebody took their entries out.  When
 * that was the entry's own `changed` says, which is compared with the log.  An entry without a year
 * in its number is of all years. */
#define OF_THE_YEARS                                \
    " AND a.seq = e.id AND e.ledger || '' = $1"     \
    " AND (e.year = 0 OR e.year BETWEEN $2 AND $3)" \
    " AND e.gone = "
#define SELECT_GONE                                                                               \
    "SELECT e.number, e.changed, a.at, 0 FROM event v CROSS JOIN entry e CROSS JOIN event a"      \
    " WHERE v.kind = 'entry.delete' AND " BY_KIND " AND e.id = v.object" OF_THE_YEARS "'deleted'" \
    " UNION SELECT e.number, e.changed, a.at, b.id FROM batch b CROSS JOIN entry e"               \
    " CROSS JOIN event a WHERE b.state = 'undone' AND b.state <> 'done' AND e.batch = b.id"       \
    " AND e.batch <> 0" OF_THE_YEARS "'undone' ORDER BY 1"

/* Whether @numbers, those of an import, has any of the years of @period. */
static bool has_years(const char *numbers, const Period *period)
{
    LedgerRange range;
    while (ledger_range_next(&numbers, &range)) {
        if (range.year == 0 ||
            (range.year >= date_year(period->from) && range.year <= date_year(period->to))) {
            return true;
        }
    }
    return false;
}

/* Note in @revisions the imports of the ledger that were taken back. */
static bool find_undone(const MembersReading *reading, FigureRevisions *revisions, GError **error)
{
    revisions->undone = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(StoreStatement) query =
        store_query(reading->connection, error,
                    "SELECT id, numbers FROM batch WHERE state = 'undone' AND state <> 'done'"
                    " AND ledger = $1 ORDER BY id",
                    "t", set_of(reading->measure)->ledger->name);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        if (has_row && has_years(store_column_text(query, 1), &reading->moment.period)) {
            int64_t id = store_column_int(query, 0);
            g_array_append_val(revisions->undone, id);
        }
    }
    return query != NULL;
}

/* Return which of @ids somebody ever saw (a set of int64_t*, borrowed from it): an import that died
 * before it was done took nothing out of the books. */
static GHashTable *find_seen(StoreConnection *connection, const GArray *ids, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < ids->len; i++) {
        int64_t *id = &g_array_index(ids, int64_t, i);
        LedgerBatchLife life = {0};
        if (!ledger_batch_read_life(connection, *id, &life, error)) {
            return NULL;
        }
        if (life.done_us != 0) {
            g_hash_table_add(seen, id);
        }
    }
    return g_steal_pointer(&seen);
}

/* Take the entry on which @query stands, which its import took along where that is not 0. */
static void take_gone(const MembersReading *reading, StoreStatement *query, GString *numbers,
                      FigureRevisions *revisions)
{
    int64_t known_us = reading->moment.known_us;
    const char *number = store_column_text(query, 0);
    if (revisions->n_gone++ < FIGURE_MAX_NAMES) {
        g_string_append(numbers, numbers->len > 0 ? "、" : "");
        g_string_append(numbers, number);
    }
    if (store_column_int(query, 3) == 0) {
        g_ptr_array_add(revisions->deleted, g_strdup(number));
    }
    revisions->n_gone_since += known_us != 0 && store_column_int(query, 1) > known_us &&
                               store_column_int(query, 2) <= known_us;
}

static bool find_gone(const MembersReading *reading, FigureRevisions *revisions, GError **error)
{
    const Period *period = &reading->moment.period;
    g_autoptr(GString) numbers = g_string_new(NULL);
    revisions->deleted = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = find_undone(reading, revisions, error)
                                     ? find_seen(reading->connection, revisions->undone, error)
                                     : NULL;
    if (seen == NULL) {
        return false;
    }
    g_autoptr(StoreStatement) query = store_query(
        reading->connection, error, SELECT_GONE, "tii", set_of(reading->measure)->ledger->name,
        (int64_t)date_year(period->from), (int64_t)date_year(period->to));
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        int64_t batch = has_row ? store_column_int(query, 3) : 0;
        if (has_row && (batch == 0 || g_hash_table_contains(seen, &batch))) {
            take_gone(reading, query, numbers, revisions);
        }
    }
    revisions->gone = numbers->len > 0 ? g_strdup(numbers->str) : NULL;
    return query != NULL;
}

/* ---- what a measure looks at ----------------------------------------------------------------- */

/* Fields whose correction may change a figure, and the deadline. */
typedef struct Watch {
    const SchemaLedger *ledger;
    GPtrArray *fields; /* of const SchemaField*, each once */
    bool is_of_due;
} Watch;

static void watch_clear(Watch *watch)
{
    g_clear_pointer(&watch->fields, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Watch, watch_clear)

/* Rows are corrected whole. */
static void watch_field(Watch *watch, const SchemaField *field)
{
    const SchemaField *whole = field != NULL && field->parent != NULL ? field->parent : field;
    if (whole != NULL && whole->ledger == watch->ledger &&
        !g_ptr_array_find(watch->fields, whole, NULL)) {
        g_ptr_array_add(watch->fields, (gpointer)whole);
    }
}

/* The deadline, and when its clock starts and stops. */
static void watch_clocks(Watch *watch)
{
    watch->is_of_due = true;
    watch_field(watch, watch->ledger->opened);
    for (guint i = 0; i < watch->ledger->clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(watch->ledger->clocks, i);
        for (guint k = 0; k < clock->stops->len; k++) {
            watch_field(watch, ((const SchemaStep *)g_ptr_array_index(clock->stops, k))->at);
        }
    }
}

/* Watch the entry's own field that @reference reads, or reads through. */
static void watch_reference(const ExpressionReference *reference, void *data)
{
    static const char *const of_clock[] = {"due", "due_first", "late", "took", "closed", NULL};
    Watch *watch = data;
    const ExpressionSymbol *symbol = reference->rows != NULL   ? reference->rows
                                     : reference->link != NULL ? reference->link
                                                               : reference->symbol;
    if (symbol->data != NULL) {
        watch_field(watch, symbol->data);
    } else if (g_strv_contains(of_clock, symbol->name)) {
        watch_clocks(watch);
    } else if (g_str_equal(symbol->name, "opened")) {
        watch_field(watch, watch->ledger->opened);
    } else if (g_str_equal(symbol->name, "unit")) {
        watch_field(watch, watch->ledger->unit);
    }
}

static void watch_expression(Watch *watch, const Expression *expression)
{
    if (expression != NULL) {
        expression_walk(expression, watch_reference, watch);
    }
}

/* Watch what puts a member into a period. */
static void watch_date(Watch *watch, const SchemaSet *set)
{
    if (set->is_by_due) {
        watch_clocks(watch);
    } else if (set->date != NULL) {
        watch_field(watch, set->date);
    } else if (set->universe != SCHEMA_OF_STEPS) {
        watch_field(watch, watch->ledger->opened);
    }
    for (guint i = 0; set->universe == SCHEMA_OF_STEPS && i < watch->ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(watch->ledger->steps, i);
        watch_field(watch, set->step == NULL || set->step == step ? step->at : NULL);
    }
}

static void watch_init(Watch *watch, const SchemaMeasure *measure)
{
    const SchemaSet *set = set_of(measure);
    *watch = (Watch){.ledger = set->ledger, .fields = g_ptr_array_new()};
    watch_date(watch, set);
    watch_expression(watch, set->where);
    watch_field(watch, measure->has_by);
    if (measure->has == NULL) {
        watch_expression(watch, measure->counts);
        watch_expression(watch, measure->key);
        watch_expression(watch, measure->amount);
        watch_expression(watch, measure->by);
    }
}

/* Return whether the event with @line, a correction, names anything that is watched. */
static bool is_watched(const Watch *watch, const json_t *line)
{
    const json_t *fields = json_object_get(line, "fields");
    for (guint i = 0; i < watch->fields->len; i++) {
        if (json_object_get(
                fields, ((const SchemaField *)g_ptr_array_index(watch->fields, i))->name) != NULL) {
            return true;
        }
    }
    return watch->is_of_due && json_object_get(json_object_get(line, "data"), DUE) != NULL;
}

/* ---- one entry ------------------------------------------------------------------------------- */

/* The corrections of one entry, read event by event. */
typedef struct Story {
    const MembersReading *reading;
    const Watch *watch;
    LedgerNames *names;
    LogFold *fold;
    int64_t added_us;
    bool is_done;      /* a step was recorded */
    bool was_within;   /* it was dated in the period at some time */
    bool is_within;    /* and is so now */
    bool is_since;     /* corrected after moment.known_us */
    bool is_corrected; /* after a step */
    GString *text;     /* in what */
} Story;

static bool is_in_period(const Story *story, int64_t us)
{
    const Moment *moment = &story->reading->moment;
    int64_t from_us = 0;
    int64_t to_us = 0;
    period_to_us(&moment->period, moment->offset_seconds, &from_us, &to_us);
    return us >= from_us && us < to_us;
}

static bool read_value(const SchemaField *field, const char *canonical, Value *ret_value)
{
    const SchemaKindInfo *info = schema_kind_info(field->kind);
    return canonical != NULL &&
           value_from_canonical(info->value_kind, info->item_kind, canonical, ret_value);
}

/* Return the instant by which the entry falls into a period, as it stands in the story; 0: none.
 * Where that is of a row, or of a step that has no field for it, it is the entry's opening. */
static int64_t date_of(const Story *story)
{
    const SchemaSet *set = set_of(story->reading->measure);
    const SchemaField *own = set->date == NULL && set->step != NULL ? set->step->at : set->date;
    bool is_entrys = own != NULL && own->parent == NULL;
    const SchemaField *field = is_entrys ? own : story->watch->ledger->opened;
    const char *text = log_fold_get(story->fold, set->is_by_due  ? DUE
                                                 : field != NULL ? field->name
                                                                 : "opened");
    g_auto(Value) value = VALUE_EMPTY;
    if (set->is_by_due || field == NULL) {
        int64_t us = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
        return set->is_by_due && us != 0 ? us - 1 : us;
    }
    return read_value(field, text, &value)
               ? ledger_value_us(&value, story->reading->moment.offset_seconds)
               : 0;
}

/* Return @canonical of @field in words; NULL where it is not to be shown here: personal, erased, or
 * too long for a card.  The caller owns it. */
static char *to_words(const Story *story, const SchemaField *field, const char *canonical)
{
    g_auto(Value) value = VALUE_EMPTY;
    const MembersReading *reading = story->reading;
    if (ledger_wall_is_in(field) || log_fold_is_erased(story->fold, field->name) ||
        field->kind == SCHEMA_FIELD_ROWS || field->kind == SCHEMA_FIELD_LONG) {
        return NULL;
    }
    return read_value(field, canonical, &value)
               ? ledger_field_format(field, &value, story->names, reading->moment.offset_seconds,
                                     reading->language)
               : g_strdup(message_get(reading->language, N_("not filled in")));
}

static char *due_to_words(const Story *story, const char *canonical)
{
    char day[DATE_TEXT_SIZE];
    int64_t us = canonical != NULL ? g_ascii_strtoll(canonical, NULL, 10) : 0;
    return us != 0 ? g_strdup(date_format(
                         date_from_us(us - 1, story->reading->moment.offset_seconds), day))
                   : g_strdup(message_get(story->reading->language, N_("not filled in")));
}

/* Say that @label became @to where it was @from (take both; NULL: not told). */
static void say(Story *story, const char *label, char *from, char *to)
{
    g_autofree char *before = from;
    g_autofree char *after = to;
    bool is_told = before != NULL && after != NULL;
    g_string_append(story->text, story->text->len > 0 ? "，" : "");
    g_string_append_printf(story->text, "%s%s%s%s%s", label, is_told ? " " : "",
                           is_told ? before : "", is_told ? "→" : "", is_told ? after : "");
}

/* How what is watched stood before an event. */
static char **snapshot(const Story *story)
{
    const GPtrArray *fields = story->watch->fields;
    char **texts = g_new0(char *, fields->len + 1);
    for (guint i = 0; i < fields->len; i++) {
        texts[i] = g_strdup(
            log_fold_get(story->fold, ((const SchemaField *)g_ptr_array_index(fields, i))->name));
    }
    texts[fields->len] = story->watch->is_of_due ? g_strdup(log_fold_get(story->fold, DUE)) : NULL;
    return texts;
}

static void free_snapshot(const Story *story, char **texts)
{
    for (guint i = 0; i <= story->watch->fields->len; i++) {
        g_free(texts[i]);
    }
    g_free(texts);
}

/* Say in what the entry differs from @before; returns whether it does.  Of a field that was erased
 * since, the event, whose @line has the names of what it corrected, says no more than that. */
static bool compare(Story *story, char **before, const json_t *line)
{
    const json_t *corrected = json_object_get(line, "fields");
    const GPtrArray *fields = story->watch->fields;
    const char *language = story->reading->language;
    size_t length = story->text->len;
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        const char *now = log_fold_get(story->fold, field->name);
        bool is_forgotten = log_fold_is_erased(story->fold, field->name) &&
                            json_object_get(corrected, field->name) != NULL;
        if (is_forgotten || g_strcmp0(before[i], now) != 0) {
            say(story, schema_words_get(&field->words, language), to_words(story, field, before[i]),
                to_words(story, field, now));
        }
    }
    const char *due = log_fold_get(story->fold, DUE);
    if (story->watch->is_of_due && g_strcmp0(before[fields->len], due) != 0) {
        say(story, message_get(language, N_("deadline")), due_to_words(story, before[fields->len]),
            due_to_words(story, due));
    }
    return story->text->len > length;
}

/* Whether a correction at @at_us comes after the fact. */
static bool is_after_the_fact(const Story *story, int64_t at_us)
{
    return story->watch->ledger->steps->len > 0 ? story->is_done
                                                : at_us - story->added_us > DATE_US_PER_DAY;
}

static bool read_correction(Story *story, const LogEvent *event, GError **error)
{
    char day[DATE_TEXT_SIZE];
    const Moment *moment = &story->reading->moment;
    g_autoptr(json_t) line = log_line_parse(event->seq, event->line, error);
    char **before = snapshot(story);
    size_t length = story->text->len;
    if (line == NULL || !log_fold_add(story->fold, event, error)) {
        free_snapshot(story, before);
        return false;
    }
    bool is_any = compare(story, before, line);
    free_snapshot(story, before);
    story->is_since |= is_any && moment->known_us != 0 && event->at_us > moment->known_us &&
                       story->added_us <= moment->known_us;
    if (is_any && is_after_the_fact(story, event->at_us)) {
        bool is_english = g_str_equal(story->reading->language, "en");
        date_format(date_from_us(event->at_us, moment->offset_seconds), day);
        g_string_append_printf(story->text, is_english ? " (%s)" : "（%s）", day);
        story->is_corrected = true;
    } else {
        g_string_truncate(story->text, length);
    }
    return true;
}

static bool read_story(Story *story, const GPtrArray *events, GError **error)
{
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        story->added_us = i == 0 ? event->at_us : story->added_us;
        if (!(g_str_equal(event->kind, "entry.change") ? read_correction(story, event, error)
                                                       : log_fold_add(story->fold, event, error))) {
            return false;
        }
        story->is_done |= g_str_equal(event->kind, "entry.step") ||
                          (i == 0 && log_fold_get(story->fold, "steps") != NULL);
        story->is_within = is_in_period(story, date_of(story));
        story->was_within |= story->is_within;
    }
    return true;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Return the ids of entries of the ledger, in the order of their numbers, that were corrected in
 * what is watched.  Nothing is dated in a time that has not come, so that nothing recorded before
 * the period was ever in it. */
static GArray *find_candidates(const MembersReading *reading, const Watch *watch, GError **error)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    period_to_us(&reading->moment.period, reading->moment.offset_seconds, &from_us, &to_us);
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    g_autoptr(StoreStatement) query =
        store_query(reading->connection, error,
                    "SELECT e.id, v.seq, v.line FROM event v CROSS JOIN entry e"
                    " WHERE v.kind = 'entry.change' AND " BY_KIND
                    " AND e.id = v.object AND v.object <> v.seq AND v.at >= $2"
                    " AND e.ledger = $1 AND e.gone IS NULL ORDER BY e.year, e.n, v.seq",
                    "ti", watch->ledger->name, from_us);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        int64_t id = has_row ? store_column_int(query, 0) : 0;
        bool is_new = ids->len == 0 || g_array_index(ids, int64_t, ids->len - 1) != id;
        if (!has_row || !is_new) {
            continue;
        }
        g_autoptr(json_t) line =
            log_line_parse(store_column_int(query, 1), store_column_text(query, 2), error);
        if (line == NULL) {
            return NULL;
        }
        if (is_watched(watch, line)) {
            g_array_append_val(ids, id);
        }
    }
    return query != NULL ? g_steal_pointer(&ids) : NULL;
}

/* Add entry @id, of which @story tells, to *@all and to @text. */
static bool add_story(const Story *story, int64_t id, GString *text, FigureRevisions *all,
                      GError **error)
{
    const MembersReading *reading = story->reading;
    bool is_told = story->is_corrected && all->n_corrected < FIGURE_MAX_NAMES;
    all->n_corrected += story->is_corrected;
    all->n_corrected_since += story->is_since;
    if (!is_told) {
        return true;
    }
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(reading->office, reading->connection, id, error);
    if (entry == NULL) {
        return false;
    }
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    if (reading->subject == NULL ||
        rights_may(reading->subject, RIGHTS_ENTRY_READ, &object, NULL)) {
        const char *moved =
            story->is_within ? ""
                             : message_get(reading->language, N_(", so that it left the period"));
        g_string_append_printf(text, "%s%s %s%s", text->len > 0 ? "；" : "", entry->number,
                               story->text->str, moved);
    }
    return true;
}

static bool find_corrected(const MembersReading *reading, FigureRevisions *revisions,
                           GError **error)
{
    g_auto(Watch) watch = {NULL};
    watch_init(&watch, reading->measure);
    g_autoptr(GArray) ids = find_candidates(reading, &watch, error);
    g_autoptr(LedgerNames) names = ledger_names_new(reading->connection);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        int64_t id = g_array_index(ids, int64_t, i);
        g_autoptr(GPtrArray) events = log_history(reading->connection, id, error);
        g_autoptr(LogFold) fold = log_fold_new();
        g_autoptr(GString) words = g_string_new(NULL);
        Story story = {
            .reading = reading, .watch = &watch, .names = names, .fold = fold, .text = words};
        if (events == NULL || !read_story(&story, events, error) ||
            (story.was_within && !add_story(&story, id, text, revisions, error))) {
            return false;
        }
    }
    revisions->corrected = text->len > 0 ? g_strdup(text->str) : NULL;
    return ids != NULL && ledger_names_are_read(names, error);
}

/* ---- the definition -------------------------------------------------------------------------- */

/* Whether the line at @at is @wanted, whatever blanks are around either. */
static bool is_line(const char *at, const char *wanted)
{
    g_autofree char *line = g_strndup(at, strcspn(at, "\n"));
    g_autofree char *other = g_strdup(wanted);
    return g_str_equal(g_strstrip(line), g_strstrip(other));
}

/* Return the line after the one at @at; "" where it is the last. */
static const char *next_line(const char *at)
{
    at += strcspn(at, "\n");
    return *at == '\n' ? at + 1 : at;
}

/* Whether @wanted stands from the line at @at on, and nothing more of it: whatever follows begins
 * no further in. */
static bool stands_at(const char *at, char *const *wanted)
{
    size_t indent = strspn(at, " ");
    for (; *wanted != NULL && **wanted != '\0'; wanted++, at = next_line(at)) {
        if (!is_line(at, *wanted)) {
            return false;
        }
    }
    while (*at != '\0' && strchr("\r\n", at[strspn(at, " ")]) != NULL) {
        at = next_line(at);
    }
    return strspn(at, " ") <= indent;
}

/* Whether the measure with the lines @wanted, without their indent, stands in @text so: looked for
 * where its first line is, as most of a file is of others. */
static bool stands_in(const char *text, char *const *wanted)
{
    const char *at = strstr(text, *wanted);
    for (; at != NULL; at = strstr(at + 1, *wanted)) {
        const char *line = at;
        while (line > text && line[-1] == ' ') {
            line--;
        }
        if ((line == text || line[-1] == '\n') && stands_at(line, wanted)) {
            return true;
        }
    }
    return false;
}

/* Find since when the measure stands in the pack as it does: going back through the versions of its
 * file by their index, no further than to the first that has it otherwise. */
static bool find_defined(const MembersReading *reading, FigureRevisions *revisions, GError **error)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    int64_t since_us = 0;
    bool is_so = true;
    bool has_row = true;
    g_auto(GStrv) wanted = g_strsplit(reading->measure->text, "\n", -1);
    period_to_us(&reading->moment.period, reading->moment.offset_seconds, &from_us, &to_us);
    g_autoptr(StoreStatement) query =
        store_query(reading->connection, error,
                    "SELECT since, text FROM definition WHERE kind = 'pack-file' AND name = $1"
                    " ORDER BY version DESC",
                    "t", reading->measure->file);
    if (query == NULL) {
        return false;
    }
    while (is_so && has_row) {
        if (!store_step(query, &has_row, error)) {
            return false;
        }
        is_so = has_row && stands_in(store_column_text(query, 1), wanted);
        since_us = is_so ? store_column_int(query, 0) : since_us;
    }
    revisions->defined_us = has_row && since_us > from_us ? since_us : 0;
    return true;
}

bool revisions_find(const MembersReading *reading, FigureRevisions *ret_revisions, GError **error)
{
    return find_defined(reading, ret_revisions, error) &&
           (set_of(reading->measure)->ledger == NULL ||
            (find_gone(reading, ret_revisions, error) &&
             find_corrected(reading, ret_revisions, error)));
}
