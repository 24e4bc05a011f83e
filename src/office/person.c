#include "office/person.h"

#include "base/text.h"
#include "office/office-internal.h"

const char *const office_person_parties[] = {"yes", "no", "probationary", NULL};

enum { PERSON_NAME, PERSON_PARTY, PERSON_LEVEL, PERSON_SINCE, PERSON_UNTIL, PERSON_N_COLUMNS };

static const LogColumn person_columns[PERSON_N_COLUMNS] = {
    [PERSON_NAME] = {"name", VALUE_TEXT, true},    [PERSON_PARTY] = {"party", VALUE_TEXT, true},
    [PERSON_LEVEL] = {"level", VALUE_TEXT, true},  [PERSON_SINCE] = {"since", VALUE_DATE, false},
    [PERSON_UNTIL] = {"until", VALUE_DATE, false},
};
const LogTable office_person_table = {"person", "person", N_("person"), person_columns,
                                      PERSON_N_COLUMNS};

void office_person_free(OfficePerson *person)
{
    if (person != NULL) {
        g_free(person->name);
        g_free(person->party);
        g_free(person->level);
        g_free(person);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static OfficePerson *read_person(StoreStatement *query)
{
    OfficePerson *person = g_new0(OfficePerson, 1);
    person->id = store_column_int(query, 0);
    person->name = g_strdup(store_column_text(query, 1));
    person->party = g_strdup(store_column_text(query, 2));
    person->level = g_strdup(store_column_text(query, 3));
    person->since = office_dates_column(query, 4);
    person->until = office_dates_column(query, 5);
    return person;
}

OfficePerson *office_person_load(StoreConnection *connection, int64_t id, GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error, "SELECT id, name, party, level, since, until FROM person WHERE id = $1",
        "i", id);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return NULL;
    }
    if (!has_row) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no person #%lld", (long long)id);
        return NULL;
    }
    return read_person(query);
}

/* Return the rest of @query, filtered by @date. */
static GPtrArray *read_people(StoreStatement *query, Date date, GError **error)
{
    g_autoptr(GPtrArray) people =
        g_ptr_array_new_with_free_func((GDestroyNotify)office_person_free);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        OfficePerson *person = read_person(query);
        if (office_dates_include(person->since, person->until, date)) {
            g_ptr_array_add(people, person);
        } else {
            office_person_free(person);
        }
    }
    return has_row ? NULL : g_steal_pointer(&people);
}

GPtrArray *office_person_list(StoreConnection *connection, Date date, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id, name, party, level, since, until FROM person ORDER BY id", "");
    return read_people(query, date, error);
}

OfficePerson *office_person_find(StoreConnection *connection, const char *name, Date date,
                                 GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id, name, party, level, since, until FROM person"
                    " WHERE name = $1 ORDER BY id",
                    "t", name);
    g_autoptr(GPtrArray) people = read_people(query, date, error);
    if (people == NULL) {
        return NULL;
    }
    if (people->len == 0) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  date != DATE_NONE ? N_("nobody named '%s' was here on that day")
                                    : N_("there is nobody named '%s'"),
                  name);
        return NULL;
    }
    if (people->len > 1) {
        const OfficePerson *first = g_ptr_array_index(people, 0);
        const OfficePerson *second = g_ptr_array_index(people, 1);
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "several people are named '%s': #%lld and #%lld; say which by the number", name,
                  (long long)first->id, (long long)second->id);
        return NULL;
    }
    return g_ptr_array_steal_index(people, 0);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static bool check_words(const OfficePerson *person, GError **error)
{
    if (text_is_blank(person->name)) {
        error_set(error, SHUZHI_ERROR_INVALID, "a person needs a name");
        return false;
    }
    if (g_utf8_strlen(person->name, -1) > OFFICE_MAX_NAME_CHARS ||
        (person->level != NULL && g_utf8_strlen(person->level, -1) > OFFICE_MAX_NAME_CHARS)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the name and the rank of a person have at most %d characters",
                  OFFICE_MAX_NAME_CHARS);
        return false;
    }
    if (person->party != NULL && !g_strv_contains(office_person_parties, person->party)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "party membership is 'yes', 'no' or 'probationary', not '%s'", person->party);
        return false;
    }
    return office_dates_check(person->since, person->until, error);
}

/* Refuse dates of @person that do not cover all posts. */
static bool check_posts(StoreConnection *connection, const OfficePerson *person, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT unit.name, post.since, post.until FROM post"
                    " JOIN unit ON unit.id = post.unit WHERE post.person = $1 ORDER BY post.id",
                    "i", person->id);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    bool has_row = true;
    if (query == NULL) {
        return false;
    }
    while (store_step(query, &has_row, error) && has_row) {
        if (!office_dates_cover(person->since, person->until, office_dates_column(query, 1),
                                office_dates_column(query, 2))) {
            g_ptr_array_add(names, g_strdup(store_column_text(query, 0)));
        }
    }
    if (has_row || names->len == 0) {
        return !has_row;
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *joined = error_words((const char *const *)names->pdata);
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "posts of '%s' last longer: %s; end them or change their dates first", person->name,
              joined);
    return false;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool put_job(LogWriter *writer, void *data, GError **error)
{
    OfficePerson *person = data;
    StoreConnection *connection = log_writer_connection(writer);
    if (!check_words(person, error) ||
        (person->id != 0 && !check_posts(connection, person, error))) {
        return false;
    }
    Value values[PERSON_N_COLUMNS] = {
        [PERSON_NAME] = value_text_take(text_strip_dup(person->name)),
        [PERSON_PARTY] = value_text(person->party),
        [PERSON_LEVEL] = value_text(person->level),
        [PERSON_SINCE] = office_dates_value(person->since),
        [PERSON_UNTIL] = office_dates_value(person->until),
    };
    bool is_ok = person->id == 0
                     ? log_record_add(writer, &office_person_table, values, &person->id, error)
                     : log_record_change(writer, &office_person_table, person->id, values, error);
    for (int i = 0; i < PERSON_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

bool office_person_add(Office *office, const RightsSubject *subject, const LogAct *act,
                       const OfficePerson *person, int64_t *ret_id, GError **error)
{
    OfficePerson fresh = *person;
    fresh.id = 0;
    if (!rights_may(subject, RIGHTS_UNIT_CHANGE, NULL, error) ||
        !log_write(office_log(office), act, put_job, &fresh, error)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = fresh.id;
    }
    return true;
}

bool office_person_change(Office *office, const RightsSubject *subject, const LogAct *act,
                          const OfficePerson *person, GError **error)
{
    g_assert(person->id != 0);
    OfficePerson work = *person;
    return rights_may(subject, RIGHTS_UNIT_CHANGE, NULL, error) &&
           log_write(office_log(office), act, put_job, &work, error);
}
