#include "measure/members.h"

#include "base/message.h"
#include "ledger/wall.h"
#include "measure/card.h"
#include "measure/has.h"
#include "store/store-value.h"

/* The columns of the statement, in order. */
enum {
    COL_ID,
    COL_N,
    COL_COUNTED,
    COL_LATE,
    COL_BROUGHT,
    COL_KEY,
    COL_AMOUNT,
    COL_BY,
    COL_DATE,
    COL_SEEN,
    COL_NUMBER,
    COL_TITLE,
    COL_UNMET
};

#define MAX_PARTS 16 /* of a condition, told apart in what a member fails */

void members_free_member(gpointer data)
{
    FigureMember *member = data;
    g_free(member->number);
    g_free(member->title);
    g_free(member->key);
    g_free(member->group);
    g_free(member->why);
    g_clear_pointer(&member->entries, g_ptr_array_unref);
    g_free(member);
}

void members_clear(Members *members)
{
    g_clear_pointer(&members->tally, tally_free);
    g_clear_pointer(&members->members, g_ptr_array_unref);
}

static const char *member_kind(SchemaUniverse universe)
{
    static const char *const kinds[] = {
        [SCHEMA_OF_ENTRIES] = "entry",    [SCHEMA_OF_STEPS] = "step",
        [SCHEMA_OF_ROWS] = "row",         [SCHEMA_OF_UNITS] = "unit",
        [SCHEMA_OF_PEOPLE] = "person",    [SCHEMA_OF_MONTHS] = "month",
        [SCHEMA_OF_QUARTERS] = "quarter",
    };
    return kinds[universe];
}

/* ---- why ------------------------------------------------------------------------------------- */

/* What the reasons of one figure's members share, made once. */
typedef struct Reasons {
    const char *date;  /* label of the date */
    char *counts;      /* the condition in words; NULL: none */
    GPtrArray *parts;  /* of char*: what must all hold, in words */
    const char *unmet; /* "does not meet" */
    const char *met;
    const Expression *key; /* what tells members apart, unless it is personal; NULL: nothing does */
    const Expression *by;  /* what parts them into groups, likewise */
    LedgerNames *names;    /* for both */
    const Expression *amount; /* what is added up or ordered, unless it is personal; NULL: nothing
                                 is */
    bool hides_people;        /* which of them did what is not for the subject */
} Reasons;

/* Note in @data, a bool, that a name of the expression is behind the wall. */
static void find_wall(const ExpressionReference *reference, void *data)
{
    const SchemaField *field = reference->symbol->data;
    *(bool *)data |= field != NULL && ledger_wall_hides(field, false);
}

/* Return @value (NULL: NULL) unless it is personal. */
static const Expression *open_value(const Expression *value)
{
    bool is_walled = false;
    if (value != NULL) {
        expression_walk(value, find_wall, &is_walled);
    }
    return is_walled ? NULL : value;
}

/* Return whether the subject may not know which people have done what the measure looks for: where
 * it may not read the ledger of it whole. */
static bool hides_people(const MembersReading *reading)
{
    const SchemaMeasure *measure = reading->measure;
    if (measure->of.universe != SCHEMA_OF_PEOPLE || measure->has == NULL) {
        return false;
    }
    const RightsObject all = {.ledger = measure->has->ledger, .owner = ""};
    return reading->subject != NULL && !rights_may(reading->subject, RIGHTS_ENTRY_READ, &all, NULL);
}

static void reasons_init(const MembersReading *reading, Reasons *reasons)
{
    const SchemaMeasure *measure = reading->measure;
    const Schema *schema = office_schema(reading->office);
    *reasons = (Reasons){.unmet = message_get(reading->language, N_("does not meet: ")),
                         .met = message_get(reading->language, N_("meets: ")),
                         .parts = g_ptr_array_new_with_free_func(g_free)};
    if (measure->counts != NULL) {
        reasons->counts = card_describe(schema, measure->counts, reading->language);
        for (size_t i = 0; i < MAX_PARTS; i++) {
            g_autoptr(Expression) part = expression_part(measure->counts, i);
            if (part != NULL) {
                g_ptr_array_add(reasons->parts, card_describe(schema, part, reading->language));
            }
        }
    }
    if (reading->with_members) {
        reasons->key = open_value(measure->key);
        reasons->amount = open_value(measure->amount);
        reasons->by = open_value(measure->by);
    }
    if (reasons->key != NULL || reasons->by != NULL) {
        reasons->names = ledger_names_new(reading->connection);
    }
    reasons->hides_people = hides_people(reading);
    if (universe_is_of_ledger(&measure->of)) {
        reasons->date = card_date_label(&measure->of, reading->language);
    }
}

static void reasons_clear(Reasons *reasons)
{
    g_free(reasons->counts);
    g_ptr_array_unref(reasons->parts);
    ledger_names_free(reasons->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reasons, reasons_clear)

/* Return in words those of the conditions that @unmet, a bit each, names; the caller owns it. */
static char *describe_unmet(const Reasons *reasons, const MembersReading *reading, int64_t unmet)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < reasons->parts->len; i++) {
        if ((unmet >> i & 1) != 0) {
            g_string_append(words, words->len > 0 ? message_get(reading->language, N_("; ")) : "");
            g_string_append(words, g_ptr_array_index(reasons->parts, i));
        }
    }
    return g_string_free(words, false);
}

/* "收到时间 2023-05-06；不符合：超期天数为0", of several conditions only those that it fails. */
static char *make_why(const Reasons *reasons, const MembersReading *reading, int64_t date_us,
                      int64_t unmet, bool is_counted)
{
    GString *why = g_string_new(NULL);
    if (reasons->date != NULL) {
        char day[DATE_TEXT_SIZE];
        date_format(date_from_us(date_us, reading->moment.offset_seconds), day);
        g_string_append_printf(why, "%s %s", reasons->date, day);
    }
    if (reasons->counts != NULL) {
        const char *semicolon = message_get(reading->language, N_("; "));
        g_autofree char *failed = describe_unmet(reasons, reading, unmet);
        g_string_append_printf(why, "%s%s%s", why->len > 0 ? semicolon : "",
                               is_counted ? reasons->met : reasons->unmet,
                               is_counted || *failed == '\0' ? reasons->counts : failed);
    }
    return g_string_free(why, false);
}

/* "有2条，至少1条". */
static char *make_has_why(const MembersReading *reading, int64_t n_found)
{
    GString *why =
        g_string_new(message_get(reading->language, N_("{found} found, at least {least} needed")));
    g_autofree char *found = g_strdup_printf("%lld", (long long)n_found);
    g_autofree char *least = g_strdup_printf("%d", reading->measure->least);
    g_string_replace(why, "{found}", found, 0);
    g_string_replace(why, "{least}", least, 0);
    return g_string_free(why, false);
}

/* ---- the statement --------------------------------------------------------------------------- */

static void append_flag(Universe *universe, const Expression *condition)
{
    universe_append(universe, "CASE WHEN ");
    universe_append_condition(universe, condition);
    universe_append(universe, " THEN 1 ELSE 0 END");
}

/* Append which parts of @condition do not hold, a bit each. */
static void append_unmet(Universe *universe, const Expression *condition)
{
    universe_append(universe, ", 0");
    for (size_t i = 0; condition != NULL && i < MAX_PARTS; i++) {
        g_autoptr(Expression) part = expression_part(condition, i);
        if (part != NULL) {
            universe_append(universe, " + CASE WHEN ");
            universe_append_condition(universe, part);
            g_string_append_printf(universe->text, " THEN 0 ELSE %d END", 1 << i);
        }
    }
}

/* Append what names a member of a ledger to people. */
static void append_texts(Universe *universe, const MembersReading *reading)
{
    universe_append(universe, ", ");
    universe_append_is_seen(universe, reading->subject);
    universe_append(universe, ", en.number, en.title");
    append_unmet(universe, reading->measure->counts);
}

static void compose_of_ledger(Universe *universe, const MembersReading *reading)
{
    const SchemaUniverse of = reading->measure->of.universe;
    universe_append(universe, of == SCHEMA_OF_STEPS  ? "SELECT t.entry_id, p.n, "
                              : of == SCHEMA_OF_ROWS ? "SELECT t.entry_id, m.row, "
                                                     : "SELECT t.entry_id, 0, ");
    append_flag(universe, reading->measure->counts);
    universe_append(universe, ", CASE WHEN ");
    universe_append_is_late(universe);
    universe_append(universe, " THEN 1 ELSE 0 END, CASE WHEN ");
    universe_append_is_brought(universe);
    universe_append(universe, " THEN 1 ELSE 0 END, ");
}

static void compose(Universe *universe, const MembersReading *reading)
{
    const SchemaMeasure *measure = reading->measure;
    bool is_of_ledger = universe_is_of_ledger(&measure->of);
    if (is_of_ledger) {
        compose_of_ledger(universe, reading);
    } else {
        universe_append(universe, "SELECT u.id, 0, ");
        append_flag(universe, measure->counts);
        universe_append(universe, ", 0, 0, ");
    }
    universe_append_value(universe, measure->key);
    universe_append(universe, ", ");
    universe_append_value(universe, measure->amount);
    universe_append(universe, ", ");
    universe_append_value(universe, measure->by);
    universe_append(universe, ", ");
    if (!is_of_ledger) {
        universe_append(universe, "0, 1, NULL, u.name");
        append_unmet(universe, measure->counts);
    } else if (reading->with_members) {
        universe_append_date_us(universe);
        append_texts(universe, reading);
    } else {
        universe_append(universe, "0");
    }
    bool is_joined = is_of_ledger && reading->with_members;
    universe_append_from(universe, is_joined ? " JOIN entry en ON en.id = t.entry_id" : NULL);
    universe_append(universe, " AND ");
    universe_append_condition(universe, measure->of.where);
    if (reading->with_members || !is_of_ledger) {
        g_string_append_printf(universe->text, " ORDER BY %d, %d, %d", COL_DATE + 1, COL_ID + 1,
                               COL_N + 1);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Read column @i as the value of @expression; empty for NULL. */
static Value read_value(StoreStatement *query, int i, const Expression *expression)
{
    return expression != NULL ? store_column_value(query, i, expression_type(expression)->kind)
                              : VALUE_EMPTY;
}

static void add_to_tally(const SchemaMeasure *measure, Tally *tally, StoreStatement *query)
{
    g_auto(Value) key = read_value(query, COL_KEY, measure->key);
    g_auto(Value) amount = read_value(query, COL_AMOUNT, measure->amount);
    if (measure->by == NULL) {
        tally_add(tally, &key, &amount);
        return;
    }
    g_auto(Value) group = read_value(query, COL_BY, measure->by);
    tally_add_to_group(tally, &group, &key, &amount);
}

/* Return column @i, of @expression (NULL: none), of the member on which @query stands in words;
 * NULL where it is empty. */
static char *read_words(const MembersReading *reading, const Reasons *reasons,
                        StoreStatement *query, int i, const Expression *expression)
{
    g_auto(Value) value = read_value(query, i, expression);
    return value_is_empty(&value)
               ? NULL
               : card_describe_value(office_schema(reading->office), expression, &value,
                                     reasons->names, reading->moment.offset_seconds,
                                     reading->language);
}

static FigureMember *read_member(const MembersReading *reading, const Reasons *reasons,
                                 StoreStatement *query)
{
    FigureMember *member = g_new0(FigureMember, 1);
    member->kind = member_kind(reading->measure->of.universe);
    member->n_found = -1;
    member->is_counted = store_column_int(query, COL_COUNTED) != 0;
    member->n_late = store_column_int(query, COL_LATE);
    if (store_column_int(query, COL_SEEN) == 0 || reasons->hides_people) {
        member->is_restricted = true;
        return member;
    }
    member->id = store_column_int(query, COL_ID);
    member->n = store_column_int(query, COL_N);
    member->number = g_strdup(store_column_text(query, COL_NUMBER));
    member->title = g_strdup(store_column_text(query, COL_TITLE));
    member->key = read_words(reading, reasons, query, COL_KEY, reasons->key);
    member->group = read_words(reading, reasons, query, COL_BY, reasons->by);
    g_auto(Value) amount = read_value(query, COL_AMOUNT, reasons->amount);
    member->has_amount = !value_is_empty(&amount);
    member->amount = member->has_amount ? amount.number : 0;
    member->date_us = store_column_int(query, COL_DATE);
    member->why = make_why(reasons, reading, member->date_us, store_column_int(query, COL_UNMET),
                           member->is_counted);
    return member;
}

/* Return whether what `has` found lets a member count. */
static bool is_enough(const MembersReading *reading, const HasFound *found)
{
    return (found != NULL ? found->n : 0) >= reading->measure->least;
}

/* Let what `has` found decide about @member. */
static void judge(const MembersReading *reading, const HasFound *found, FigureMember *member)
{
    int64_t n_found = found != NULL ? found->n : 0;
    member->is_counted = is_enough(reading, found);
    if (member->is_restricted) {
        return;
    }
    member->n_found = n_found;
    member->n_late = found != NULL ? found->n_late : 0;
    g_free(member->why);
    member->why = make_has_why(reading, n_found);
    if (found != NULL && found->entries != NULL) {
        g_clear_pointer(&member->entries, g_ptr_array_unref);
        member->entries = g_ptr_array_ref(found->entries);
    }
}

/* Take the row on which @query stands.  @has: NULL: `counts` decides. */
static void take_row(const MembersReading *reading, const Reasons *reasons, GHashTable *has,
                     StoreStatement *query, Members *members)
{
    bool is_counted = store_column_int(query, COL_COUNTED) != 0;
    const HasFound *found = NULL;
    members->total++;
    members->n_late += store_column_int(query, COL_LATE);
    members->n_brought += store_column_int(query, COL_BROUGHT);
    if (has != NULL) {
        int64_t id = store_column_int(query, COL_ID);
        found = g_hash_table_lookup(has, &id);
        is_counted = is_enough(reading, found);
        members->n_late += found != NULL ? found->n_late : 0;
    }
    if (is_counted) {
        add_to_tally(reading->measure, members->tally, query);
    }
    if (members->members != NULL) {
        FigureMember *member = read_member(reading, reasons, query);
        if (has != NULL) {
            judge(reading, found, member);
        }
        g_ptr_array_add(members->members, member);
    }
}

/* Those that count first: people stand in the order of their ids, in which who knows the roster
 * would find each of them again. */
static int compare_restricted(gconstpointer a, gconstpointer b)
{
    const FigureMember *const *x = a;
    const FigureMember *const *y = b;
    return (*y)->is_counted - (*x)->is_counted;
}

static bool read_rows(const MembersReading *reading, GHashTable *has, Members *members,
                      GError **error)
{
    g_auto(Universe) universe = {0};
    g_auto(Reasons) reasons = {0};
    reasons_init(reading, &reasons);
    universe_init(&universe, reading->connection, &reading->measure->of, &reading->moment);
    compose(&universe, reading);
    g_autoptr(StoreStatement) query = universe_query(&universe, error);
    bool has_row = false;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error)) {
        if (!has_row) {
            if (reasons.hides_people && members->members != NULL) {
                g_ptr_array_sort(members->members, compare_restricted);
            }
            return reasons.names == NULL || ledger_names_are_read(reasons.names, error);
        }
        take_row(reading, &reasons, has, query, members);
    }
    return false;
}

/* Note what @has (id to HasFound) holds, also of who is no member. */
static void count_found(GHashTable *has, Members *members)
{
    GHashTableIter iter;
    gpointer found = NULL;
    g_hash_table_iter_init(&iter, has);
    while (g_hash_table_iter_next(&iter, NULL, &found)) {
        members->n_found += ((const HasFound *)found)->n;
    }
}

static HasQuestion question_of(const MembersReading *reading)
{
    return (HasQuestion){.connection = reading->connection,
                         .subject = reading->subject,
                         .measure = reading->measure,
                         .with_entries = reading->with_members};
}

/* ---- stretches of time ----------------------------------------------------------------------- */

static FigureMember *new_stretch(const MembersReading *reading, const Period *part)
{
    FigureMember *member = g_new0(FigureMember, 1);
    member->kind = member_kind(reading->measure->of.universe);
    member->number = period_to_text(part);
    member->title = period_to_words(part, reading->language);
    return member;
}

/* Return the whole months or quarters of the period: a part of one proves nothing of it. */
static GArray *whole_stretches(const MembersReading *reading)
{
    PeriodUnit unit =
        reading->measure->of.universe == SCHEMA_OF_MONTHS ? PERIOD_MONTH : PERIOD_QUARTER;
    GArray *parts = period_split(&reading->moment.period, unit);
    for (guint i = parts->len; i > 0; i--) {
        const Period *part = &g_array_index(parts, Period, i - 1);
        const Period whole = period_around(unit, part->from);
        if (whole.from != part->from || whole.to != part->to) {
            g_array_remove_index(parts, i - 1);
        }
    }
    return parts;
}

/* A month that is not over can neither hold nor fail: the cut-off must have passed its end. */
static bool read_stretches(const MembersReading *reading, Members *members, GError **error)
{
    g_autoptr(GArray) parts = whole_stretches(reading);
    const HasQuestion question = question_of(reading);
    const Value none = VALUE_EMPTY;
    for (guint i = 0; i < parts->len; i++) {
        g_auto(HasFound) found = {0};
        Moment moment = reading->moment;
        int64_t from_us = 0;
        int64_t to_us = 0;
        moment.period = g_array_index(parts, Period, i);
        period_to_us(&moment.period, moment.offset_seconds, &from_us, &to_us);
        if (to_us - 1 > moment.cutoff_us) {
            break;
        }
        if (!has_find(&question, &moment, &found, error)) {
            return false;
        }
        FigureMember *member = new_stretch(reading, &moment.period);
        g_ptr_array_add(members->members, member);
        members->total++;
        members->n_found += found.n;
        members->n_late += found.n_late;
        judge(reading, &found, member);
        if (member->is_counted) {
            tally_add(members->tally, &none, &none);
        }
    }
    return true;
}

/* ---- all universes --------------------------------------------------------------------------- */

bool members_read(const MembersReading *reading, Members *ret_members, GError **error)
{
    const SchemaMeasure *measure = reading->measure;
    bool is_of_ledger = universe_is_of_ledger(&measure->of);
    bool is_of_time =
        measure->of.universe == SCHEMA_OF_MONTHS || measure->of.universe == SCHEMA_OF_QUARTERS;
    g_auto(Members) members = {.tally = tally_new(measure->kind)};
    if (reading->with_members || !is_of_ledger) {
        members.members = g_ptr_array_new_with_free_func(members_free_member);
    }
    g_autoptr(GHashTable) has = NULL;
    if (measure->has != NULL && !is_of_time) {
        const HasQuestion question = question_of(reading);
        has = has_find_by_id(&question, &reading->moment, error);
        if (has == NULL) {
            return false;
        }
        count_found(has, &members);
    }
    if (!(is_of_time ? read_stretches(reading, &members, error)
                     : read_rows(reading, has, &members, error))) {
        return false;
    }
    *ret_members = members;
    members = (Members){0};
    return true;
}
