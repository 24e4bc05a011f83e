#include "ledger/field.h"

#include "base/text.h"
#include "calendar/period.h"
#include "language/identity.h"
#include "ledger/former.h"
#include "ledger/row.h"
#include "ledger/target.h"
#include "office/person.h"
#include "office/unit.h"
#include "schema/outline.h"

#define MAX_THEN 10000     /* answers remembered that hold on one day */
#define MAX_REFUSALS 10000 /* remembered: a column of prose where names should be has no end */

/* ---- names ----------------------------------------------------------------------------------- */

/* What a name leads to, and how long it lasts, of units and people. */
typedef struct Found {
    int64_t id;
    Date since, until;
} Found;

struct LedgerNames {
    StoreConnection *connection;
    GHashTable *of_ids; /* "UNIT 12" -> name */
    GHashTable *ids;    /* "UNIT 综合科" -> Found* */
    GHashTable *past;   /* "case/channel/phone/zh" -> what a choice was called */
    GHashTable *wrong;  /* "UNIT 综合料" -> GError*: what is said of it */
    GPtrArray *units;   /* of OfficeUnit, all of them; NULL: none was looked for */
    GHashTable *then; /* "UNIT 综合科 @2021-03-01" -> int64_t*: who it was then; 0: nobody else */
    LedgerFormer *former[2]; /* names that units and people had; NULL: none was looked for */
    Date day;                /* of which names are said; DATE_NONE: of any */
    bool is_dated;           /* day was said */
    GError *failure;         /* the first one of ledger_names_get() */
};

static void free_error(gpointer error)
{
    g_error_free(error);
}

LedgerNames *ledger_names_new(StoreConnection *connection)
{
    LedgerNames *names = g_new0(LedgerNames, 1);
    names->connection = connection;
    names->of_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->past = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->wrong = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_error);
    names->then = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->day = DATE_NONE;
    return names;
}

void ledger_names_free(LedgerNames *names)
{
    if (names != NULL) {
        g_hash_table_unref(names->of_ids);
        g_hash_table_unref(names->ids);
        g_hash_table_unref(names->past);
        g_hash_table_unref(names->wrong);
        g_hash_table_unref(names->then);
        ledger_former_free(names->former[0]);
        ledger_former_free(names->former[1]);
        g_clear_pointer(&names->units, g_ptr_array_unref);
        g_clear_error(&names->failure);
        g_free(names);
    }
}

void ledger_names_set_day(LedgerNames *names, Date day)
{
    names->day = day;
    names->is_dated = true;
}

/* Which objects a kind of field leads to. */
typedef enum Noun { NOUN_UNIT, NOUN_PERSON, NOUN_ENTRY, NOUN_FILE } Noun;

static Noun noun_of(SchemaFieldKind kind)
{
    if (kind == SCHEMA_FIELD_UNIT) {
        return NOUN_UNIT;
    }
    if (kind == SCHEMA_FIELD_FILE) {
        return NOUN_FILE;
    }
    return kind == SCHEMA_FIELD_ENTRY ? NOUN_ENTRY : NOUN_PERSON;
}

const char *ledger_names_get(LedgerNames *names, SchemaFieldKind kind, int64_t id)
{
    static const char *const queries[] = {
        [NOUN_UNIT] = "SELECT name FROM unit WHERE id = $1",
        [NOUN_PERSON] = "SELECT name FROM person WHERE id = $1",
        [NOUN_ENTRY] = "SELECT number FROM entry WHERE id = $1",
        [NOUN_FILE] = "SELECT name FROM evidence WHERE id = $1",
    };
    Noun noun = noun_of(kind);
    g_autofree char *key = g_strdup_printf("%d %" G_GINT64_FORMAT, (int)noun, id);
    char *name = g_hash_table_lookup(names->of_ids, key);
    if (name != NULL) {
        return name;
    }
    g_autoptr(GError) failure = NULL;
    g_autoptr(StoreStatement) query =
        store_query(names->connection, &failure, queries[noun], "i", id);
    bool has_row = false;
    if (query != NULL && store_step(query, &has_row, &failure) && has_row) {
        name = g_strdup(store_column_text(query, 0));
    } else {
        name = g_strdup_printf("#%" G_GINT64_FORMAT, id);
    }
    if (names->failure == NULL) {
        names->failure = g_steal_pointer(&failure);
    }
    g_hash_table_insert(names->of_ids, g_steal_pointer(&key), name);
    return name;
}

/* Return what @choice of @field was called last; NULL when no definition had it.  The caller owns
 * it. */
static char *find_past_choice(LedgerNames *names, const SchemaField *field, const char *choice,
                              const char *language)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *path = schema_ledger_path(field->ledger);
    g_autofree char *name = field->parent != NULL
                                ? g_strconcat(field->parent->name, ".", field->name, NULL)
                                : g_strdup(field->name);
    g_autoptr(StoreStatement) query =
        store_query(names->connection, &failure,
                    "SELECT text FROM definition WHERE name = $1 ORDER BY id DESC", "t", path);
    bool has_row = query != NULL;
    char *words = NULL;
    while (words == NULL && has_row && store_step(query, &has_row, &failure) && has_row) {
        words = schema_outline_choice(store_column_text(query, 0), name, choice, language);
    }
    if (names->failure == NULL) {
        names->failure = g_steal_pointer(&failure);
    }
    return words;
}

const char *ledger_names_choice(LedgerNames *names, const SchemaField *field, const char *choice,
                                const char *language)
{
    if (field->ledger == NULL) { /* of the system */
        return choice;
    }
    g_autofree char *key =
        g_strjoin("/", field->ledger->name, field->parent != NULL ? field->parent->name : "",
                  field->name, choice, language, NULL);
    char *known = g_hash_table_lookup(names->past, key);
    if (known == NULL) {
        known = find_past_choice(names, field, choice, language);
        known = known != NULL ? known : g_strdup(choice);
        g_hash_table_insert(names->past, g_steal_pointer(&key), known);
    }
    return known;
}

bool ledger_names_are_read(const LedgerNames *names, GError **error)
{
    if (names->failure != NULL) {
        g_propagate_error(error, g_error_copy(names->failure));
    }
    return names->failure == NULL;
}

static bool find_unit(LedgerNames *names, const char *text, Found *ret_found, GError **error)
{
    if (names->units == NULL) {
        names->units = office_unit_list(names->connection, DATE_NONE, error);
    }
    const OfficeUnit *unit =
        names->units != NULL ? office_unit_pick(names->units, text, false, error) : NULL;
    if (unit != NULL) {
        *ret_found = (Found){unit->id, unit->since, unit->until};
    }
    return unit != NULL;
}

/* Return @name without the blanks that printed lists put between two characters; the caller owns
 * it. */
static char *without_blanks(const char *name)
{
    GString *plain = g_string_new(NULL);
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!g_unichar_isspace(g_utf8_get_char(at))) {
            g_string_append_unichar(plain, g_utf8_get_char(at));
        }
    }
    return g_string_free(plain, false);
}

/* Find the person @text who is here on @day, DATE_NONE: ever. */
static bool find_person(LedgerNames *names, const char *text, Date day, Found *ret_found,
                        GError **error)
{
    GError *refusal = NULL;
    g_autofree char *plain = without_blanks(text);
    g_autoptr(OfficePerson) person = office_person_find(names->connection, text, day, &refusal);
    if (error_is(refusal, SHUZHI_ERROR_NOT_FOUND) && !g_str_equal(plain, text)) {
        person = office_person_find(names->connection, plain, day, NULL);
    }
    if (person == NULL) {
        g_propagate_error(error, refusal);
    } else {
        g_clear_error(&refusal);
    }
    if (person != NULL) {
        *ret_found = (Found){person->id, person->since, person->until};
    }
    return person != NULL;
}

static bool find_entry(LedgerNames *names, const SchemaField *field, const char *text,
                       int64_t *ret_id, GError **error)
{
    int year = 0;
    int64_t n = 0;
    if (!schema_ledger_parse_number(field->target, text, &year, &n)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a number of '%s'", text,
                  field->target->words.name);
        return false;
    }
    if (!store_query_int(names->connection, 0, ret_id, error,
                         "SELECT e.id FROM entry e WHERE e.ledger = $1 AND e.year = $2"
                         " AND e.n = $3 AND e.gone IS NULL" LEDGER_ENTRY_VISIBLE,
                         "tii", field->target->name, (int64_t)year, n)) {
        return false;
    }
    if (*ret_id == 0) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no entry '%s'", text);
    }
    return *ret_id != 0;
}

/* Check that #@id is there. */
static bool check_id(LedgerNames *names, const SchemaField *field, int64_t id, GError **error)
{
    bool is_there = true;
    bool is_ok = ledger_target_find(names->connection, field, id, &is_there, error);
    if (!is_there) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no #%lld", (long long)id);
    }
    return is_ok && is_there;
}

/* Check that #@id bears the name that stands before it in @text, @length bytes long. */
static bool check_name(LedgerNames *names, const SchemaField *field, const char *text,
                       size_t length, int64_t id, GError **error)
{
    const char *name = ledger_names_get(names, field->kind, id);
    bool is_right = strlen(name) == length && strncmp(name, text, length) == 0;
    if (!is_right) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "#%lld is '%s', not '%s'", (long long)id, name,
                  text);
    }
    return is_right;
}

/* Find what @text names in @field, in the database. */
static bool look_up(LedgerNames *names, const SchemaField *field, const char *text,
                    Found *ret_found, GError **error)
{
    const char *mark = strrchr(text, '#');
    *ret_found = (Found){.since = DATE_NONE, .until = DATE_NONE};
    if (mark != NULL && text_parse_int(mark + 1, &ret_found->id)) {
        return check_id(names, field, ret_found->id, error) &&
               (mark == text ||
                check_name(names, field, text, (size_t)(mark - text), ret_found->id, error));
    }
    switch (noun_of(field->kind)) {
    case NOUN_UNIT:
        return find_unit(names, text, ret_found, error);
    case NOUN_PERSON:
        return find_person(names, text, DATE_NONE, ret_found, error);
    case NOUN_ENTRY:
    case NOUN_FILE:
        break;
    }
    return find_entry(names, field, text, &ret_found->id, error);
}

/* Find the one unit that is called @text on @day; 0 where there is none, or several. */
static int64_t find_unit_then(const LedgerNames *names, const char *text, Date day)
{
    int64_t id = 0;
    int n = 0;
    for (guint i = 0; names->units != NULL && i < names->units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(names->units, i);
        if (g_str_equal(unit->name, text) && office_dates_include(unit->since, unit->until, day)) {
            id = unit->id;
            n++;
        }
    }
    return n == 1 ? id : 0;
}

/* Set *@ret_id to whom @text of @noun named on the day of @names: who is called so and was there,
 * else who was and was called so once; 0 where that is nobody, or not sure. */
static bool find_then(LedgerNames *names, Noun noun, const char *text, int64_t *ret_id,
                      GError **error)
{
    Found found = {0};
    *ret_id = 0;
    if (noun == NOUN_UNIT) {
        *ret_id = find_unit_then(names, text, names->day);
    } else if (find_person(names, text, names->day, &found, NULL)) {
        *ret_id = found.id;
    }
    if (*ret_id != 0) {
        return true;
    }
    LedgerFormer **former = &names->former[noun == NOUN_UNIT ? 0 : 1];
    if (*former == NULL) {
        *former = noun == NOUN_UNIT ? ledger_former_units(names->connection, error)
                                    : ledger_former_people(names->connection, error);
    }
    g_autofree char *plain = noun == NOUN_PERSON ? without_blanks(text) : g_strdup(text);
    *ret_id = *former != NULL ? ledger_former_find(*former, plain, names->day) : 0;
    return *former != NULL;
}

/* The same, remembered under @key. */
static bool remember_then(LedgerNames *names, Noun noun, const char *key, const char *text,
                          int64_t *ret_id, GError **error)
{
    char day[DATE_TEXT_SIZE];
    g_autofree char *dated =
        g_strconcat(key, " @", names->day != DATE_NONE ? date_format(names->day, day) : "", NULL);
    const int64_t *known = g_hash_table_lookup(names->then, dated);
    if (known != NULL) {
        *ret_id = *known;
        return true;
    }
    if (!find_then(names, noun, text, ret_id, error)) {
        return false;
    }
    int64_t *kept = g_new(int64_t, 1);
    *kept = *ret_id;
    if (g_hash_table_size(names->then) == MAX_THEN) {
        g_hash_table_remove_all(names->then);
    }
    g_hash_table_insert(names->then, g_steal_pointer(&dated), kept);
    return true;
}

/* Remember under @key (takes) that @refusal is the answer, unless it is the database that failed.
 */
static void remember_refusal(LedgerNames *names, char *key, const GError *refusal)
{
    bool is_answer = error_is(refusal, SHUZHI_ERROR_NOT_FOUND) ||
                     error_is(refusal, SHUZHI_ERROR_CONFLICT) ||
                     error_is(refusal, SHUZHI_ERROR_INVALID);
    if (is_answer && g_hash_table_size(names->wrong) < MAX_REFUSALS) {
        g_hash_table_insert(names->wrong, key, g_error_copy(refusal));
    } else {
        g_free(key);
    }
}

/* Find what @text, of @key, names at any time. */
static bool find_ever(LedgerNames *names, const SchemaField *field, const char *key,
                      const char *text, Found *ret_found, GError **error)
{
    const Found *known = g_hash_table_lookup(names->ids, key);
    const GError *refusal = known == NULL ? g_hash_table_lookup(names->wrong, key) : NULL;
    if (known != NULL) {
        *ret_found = *known;
        return true;
    }
    if (refusal != NULL) {
        g_propagate_error(error, g_error_copy(refusal));
        return false;
    }
    GError *fresh = NULL;
    if (!look_up(names, field, text, ret_found, &fresh)) {
        remember_refusal(names, g_strdup(key), fresh);
        g_propagate_error(error, fresh);
        return false;
    }
    g_hash_table_insert(names->ids, g_strdup(key), g_memdup2(ret_found, sizeof *ret_found));
    return true;
}

bool ledger_names_find(LedgerNames *names, const SchemaField *field, const char *text,
                       int64_t *ret_id, GError **error)
{
    Noun noun = noun_of(field->kind);
    g_autofree char *key =
        g_strdup_printf("%d %s %s", (int)noun, noun == NOUN_ENTRY ? field->target->name : "", text);
    Found found = {0};
    GError *refusal = NULL;
    bool is_found = find_ever(names, field, key, text, &found, &refusal);
    bool is_dated =
        names->is_dated && (noun == NOUN_UNIT || noun == NOUN_PERSON) && strchr(text, '#') == NULL;
    bool is_sure = is_found ? office_dates_include(found.since, found.until, names->day)
                            : !error_is(refusal, SHUZHI_ERROR_NOT_FOUND) &&
                                  !error_is(refusal, SHUZHI_ERROR_CONFLICT);
    int64_t then = 0;
    if (is_dated && !is_sure && !remember_then(names, noun, key, text, &then, error)) {
        g_clear_error(&refusal);
        return false;
    }
    if (then == 0 && !is_found) {
        g_propagate_error(error, refusal);
        return false;
    }
    if (!is_found) { /* nobody is missing */
        g_hash_table_remove(names->wrong, key);
    }
    g_clear_error(&refusal);
    *ret_id = then != 0 ? then : found.id;
    return true;
}

/* Return whether @name may be that of somebody who is not on the roster yet, rather than several
 * people or a remark. */
static bool may_be_person(const char *name)
{
    static const char *const others[] = {"等",   "全体", "所有", "各",
                                         "人员", "干部", "职工", "同志"};
    bool may_be = g_utf8_strlen(name, -1) > 1;
    for (const char *at = name; *at != '\0' && may_be; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        may_be = g_unichar_isalpha(c) || c == 0xb7; /* the point within names of other tongues */
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others) && may_be; i++) {
        may_be = strstr(name, others[i]) == NULL;
    }
    return may_be;
}

/* Return whether @name may be that of a unit that there is not yet, rather than a number, the
 * letter of a column, a remark in brackets or a line with its label. */
static bool may_be_unit(const char *name)
{
    bool has_letter = false;
    for (const char *at = name; *at != '\0' && !has_letter; at = g_utf8_next_char(at)) {
        has_letter = g_unichar_isalpha(g_utf8_get_char(at));
    }
    return has_letter && g_utf8_strlen(name, -1) > 1 && *name != '(' &&
           strpbrk(name, ",; ") == NULL && strstr(name, "、") == NULL &&
           strstr(name, "，") == NULL && !g_str_has_prefix(name, "（") &&
           strstr(name, "：") == NULL && strchr(name, ':') == NULL;
}

static bool may_be(int64_t noun, const char *name)
{
    return (noun == NOUN_UNIT && may_be_unit(name)) || (noun == NOUN_PERSON && may_be_person(name));
}

void ledger_names_add_missing(const LedgerNames *names, GTree *units, GTree *people)
{
    GHashTableIter iter;
    gpointer key = NULL, refusal = NULL;
    g_hash_table_iter_init(&iter, names->wrong);
    while (g_hash_table_iter_next(&iter, &key, &refusal)) {
        int64_t noun = g_ascii_strtoll(key, NULL, 10);
        const char *name = strchr(key, ' ') + strlen("  "); /* as ledger_names_find() makes it */
        if (error_is(refusal, SHUZHI_ERROR_NOT_FOUND) && strchr(name, '#') == NULL &&
            may_be(noun, name)) {
            char *kept = g_strdup(name);
            g_tree_insert(noun == NOUN_UNIT ? units : people, kept, kept);
        }
    }
}

/* ---- checking -------------------------------------------------------------------------------- */

static bool check_number(const SchemaField *field, int64_t number, GError **error)
{
    if (number >= field->min && number <= field->max) {
        return true;
    }
    bool is_small = number < field->min;
    g_autofree char *bound =
        text_format_decimal(is_small ? field->min : field->max, field->decimals);
    g_autofree char *given = text_format_decimal(number, field->decimals);
    error_set(error, SHUZHI_ERROR_INVALID,
              is_small ? N_("'%s': %s is less than %s") : N_("'%s': %s is more than %s"),
              field->words.name, given, bound);
    return false;
}

static bool check_choice(const SchemaField *field, const char *name, GError **error)
{
    if (schema_field_choice(field, name) != NULL) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' has no choice '%s'", field->words.name, name);
    return false;
}

static bool check_text(const SchemaField *field, const char *text, GError **error)
{
    if (text_find_control(text, strlen(text), NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' has a control character, or one that turns the direction of text; type it"
                  " anew",
                  field->words.name);
        return false;
    }
    glong n_chars = g_utf8_strlen(text, -1);
    int most = field->kind == SCHEMA_FIELD_PLACE ? LEDGER_MAX_PLACE_CHARS : field->max_chars;
    if (n_chars <= most) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' has %ld characters, at most %d fit",
              field->words.name, n_chars, most);
    return false;
}

static bool check_period(const SchemaField *field, const char *text, GError **error)
{
    Period period;
    if (period_parse(text, &period, error)) {
        return true;
    }
    error_prefix(error, "'%s'", field->words.name);
    return false;
}

/* Return whether @text may be a telephone number, or several, of any country. */
static bool is_phone(const char *text)
{
    size_t n_digits = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (g_ascii_isdigit(*p)) {
            n_digits++;
        } else if (strchr("+- ()*x/,", *p) == NULL) {
            return false;
        }
    }
    return n_digits >= 3 && n_digits <= 40;
}

static bool check_pattern(const SchemaField *field, const char *text, GError **error)
{
    bool is_good = field->kind == SCHEMA_FIELD_PHONE ? is_phone(text) : language_is_identity(text);
    if (!is_good) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  field->kind == SCHEMA_FIELD_PHONE ? N_("'%s' is not a telephone number")
                                                    : N_("'%s' is not an identity number"),
                  field->words.name); /* the value itself is personal: not repeated */
    }
    return is_good;
}

/* Check one value that is not a list. */
static bool check_one(const SchemaField *field, const Value *value, GError **error)
{
    switch ((int)field->kind) {
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
        return check_number(field, value->number, error);
    case SCHEMA_FIELD_CHOICE:
    case SCHEMA_FIELD_CHOICES:
        return check_choice(field, value->text, error);
    case SCHEMA_FIELD_PERIOD:
        return check_period(field, value->text, error);
    case SCHEMA_FIELD_PHONE:
    case SCHEMA_FIELD_IDENTITY:
        return check_pattern(field, value->text, error);
    case SCHEMA_FIELD_TEXT:
    case SCHEMA_FIELD_LONG:
    case SCHEMA_FIELD_PLACE:
        return check_text(field, value->text, error);
    default:
        return true;
    }
}

bool ledger_field_check(const SchemaField *field, const Value *value, GError **error)
{
    if (value_is_empty(value)) {
        return true;
    }
    const SchemaKindInfo *info = schema_kind_info(field->kind);
    if (value->kind != info->value_kind) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is of kind '%s'", field->words.name,
                  info->name);
        return false;
    }
    if (value->kind != VALUE_LIST) {
        return check_one(field, value, error);
    }
    for (guint i = 0; i < value->items->len; i++) {
        const Value *item = &g_array_index(value->items, Value, i);
        if (item->kind != info->item_kind || !check_one(field, item, error)) {
            if (error != NULL && *error == NULL) {
                error_set(error, SHUZHI_ERROR_INVALID, "'%s' is of kind '%s'", field->words.name,
                          info->name);
            }
            return false;
        }
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static char *format_time(int64_t us, int offset_seconds)
{
    char text[DATE_TIME_TEXT_SIZE];
    date_format_time(us, offset_seconds, text);
    text[10] = ' ';                             /* for people: no "T" */
    text[strlen("2023-05-06 09:30:00")] = '\0'; /* no zone: the office's */
    if (g_str_has_suffix(text, ":00")) {
        text[strlen("2023-05-06 09:30")] = '\0';
    }
    return g_strdup(text);
}

/* Write one value that is not a list. */
/* Return the period @text as Chinese says it, which is read back; @text itself where it is none. */
static char *period_in_words(const char *text)
{
    Period period;
    return period_parse(text, &period, NULL) ? period_to_words(&period, "zh") : g_strdup(text);
}

static char *format_one(const SchemaField *field, const Value *value, LedgerNames *names,
                        int offset_seconds, const char *language)
{
    char date[DATE_TEXT_SIZE];
    bool is_chinese = g_strcmp0(language, "zh") == 0;
    switch (value->kind) {
    case VALUE_BOOL:
        return g_strdup(value->number != 0 ? (is_chinese ? "是" : "yes")
                                           : (is_chinese ? "否" : "no"));
    case VALUE_NUMBER:
        return text_format_decimal(value->number, field->decimals);
    case VALUE_DATE:
        return g_strdup(date_format((Date)value->number, date));
    case VALUE_TIME:
        return format_time(value->number, offset_seconds);
    case VALUE_REF:
        return names != NULL ? g_strdup(ledger_names_get(names, field->kind, value->number))
                             : g_strdup_printf("#%" G_GINT64_FORMAT, value->number);
    case VALUE_TEXT: {
        if (field->kind == SCHEMA_FIELD_PERIOD && is_chinese) {
            return period_in_words(value->text);
        }
        if (field->choices == NULL || language == NULL) {
            return g_strdup(value->text);
        }
        const SchemaChoice *choice = schema_field_choice(field, value->text);
        return g_strdup(choice != NULL  ? schema_words_get(&choice->words, language)
                        : names != NULL ? ledger_names_choice(names, field, value->text, language)
                                        : value->text);
    }
    case VALUE_NONE:
    case VALUE_LIST:
        break;
    }
    return g_strdup("");
}

char *ledger_field_format(const SchemaField *field, const Value *value, LedgerNames *names,
                          int offset_seconds, const char *language)
{
    if (value->kind != VALUE_LIST) {
        return format_one(field, value, names, offset_seconds, language);
    }
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < value->items->len; i++) {
        g_autofree char *item = format_one(field, &g_array_index(value->items, Value, i), names,
                                           offset_seconds, language);
        g_string_append(out, i == 0 ? "" : g_strcmp0(language, "en") == 0 ? ", " : "、");
        g_string_append(out, item);
    }
    return g_string_free(out, false);
}

int64_t ledger_value_us(const Value *value, int offset_seconds)
{
    if (value->kind == VALUE_DATE) {
        return date_to_us((Date)value->number, 0, offset_seconds);
    }
    return value->kind == VALUE_TIME ? value->number : 0;
}

char *ledger_field_column(const SchemaField *field)
{
    return schema_kind_info(field->kind)->column_type != NULL ? g_strconcat("f_", field->name, NULL)
                                                              : NULL;
}
