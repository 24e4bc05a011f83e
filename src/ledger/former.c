#include "ledger/former.h"

#include "base/json.h"
#include "log/history.h"
#include "office/person.h"
#include "office/unit.h"

#define PAGE_EVENTS 1000

/* How long a unit or a person lasts. */
typedef struct Lasting {
    int64_t id;
    Date since, until;
} Lasting;

struct LedgerFormer {
    GHashTable *names; /* name -> GArray of Lasting */
    GHashTable *all;   /* id -> Lasting* */
};

static LedgerFormer *former_new(void)
{
    LedgerFormer *former = g_new0(LedgerFormer, 1);
    former->names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    former->all = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return former;
}

void ledger_former_free(LedgerFormer *former)
{
    if (former != NULL) {
        g_hash_table_unref(former->names);
        g_hash_table_unref(former->all);
        g_free(former);
    }
}

static void add_lasting(LedgerFormer *former, int64_t id, Date since, Date until)
{
    Lasting *lasting = g_new(Lasting, 1);
    *lasting = (Lasting){id, since, until};
    g_hash_table_insert(former->all, &lasting->id, lasting);
}

/* Note that @lasting was called @name, once. */
static void add_name(LedgerFormer *former, const char *name, const Lasting *lasting)
{
    GArray *bearers = g_hash_table_lookup(former->names, name);
    if (bearers == NULL) {
        bearers = g_array_new(false, false, sizeof(Lasting));
        g_hash_table_insert(former->names, g_strdup(name), bearers);
    }
    for (guint i = 0; i < bearers->len; i++) {
        if (g_array_index(bearers, Lasting, i).id == lasting->id) {
            return;
        }
    }
    g_array_append_val(bearers, *lasting);
}

/* Return the name that @event gives, in clear or in what it commits to; NULL: none.  The caller
 * owns it. */
static char *name_of(const LogEvent *event)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    const json_t *name = json_object_get(json_object_get(line, "data"), "name");
    name = name != NULL ? name : json_object_get(values, "name");
    return g_strdup(json_string_value(name));
}

/* Read the names in all events whose kinds begin with @kind. */
static bool read_names(LedgerFormer *former, StoreConnection *connection, const char *kind,
                       GError **error)
{
    const LogFilter filter = {.kind = kind};
    int64_t before = INT64_MAX;
    for (guint n = PAGE_EVENTS; n == PAGE_EVENTS;) {
        g_autoptr(GPtrArray) events =
            log_events_before(connection, &filter, before, PAGE_EVENTS, error);
        if (events == NULL) {
            return false;
        }
        n = events->len;
        for (guint i = 0; i < n; i++) {
            const LogEvent *event = g_ptr_array_index(events, i);
            const Lasting *lasting = g_hash_table_lookup(former->all, &event->object);
            g_autofree char *name = lasting != NULL ? name_of(event) : NULL;
            before = event->seq;
            if (name != NULL) {
                add_name(former, name, lasting);
            }
        }
    }
    return true;
}

LedgerFormer *ledger_former_units(StoreConnection *connection, GError **error)
{
    g_autoptr(LedgerFormer) former = former_new();
    g_autoptr(GPtrArray) units = office_unit_list(connection, DATE_NONE, error);
    for (guint i = 0; units != NULL && i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        add_lasting(former, unit->id, unit->since, unit->until);
    }
    return units != NULL && read_names(former, connection, "unit.", error)
               ? g_steal_pointer(&former)
               : NULL;
}

LedgerFormer *ledger_former_people(StoreConnection *connection, GError **error)
{
    g_autoptr(LedgerFormer) former = former_new();
    g_autoptr(GPtrArray) people = office_person_list(connection, DATE_NONE, error);
    for (guint i = 0; people != NULL && i < people->len; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        add_lasting(former, person->id, person->since, person->until);
    }
    return people != NULL && read_names(former, connection, "person.", error)
               ? g_steal_pointer(&former)
               : NULL;
}

int64_t ledger_former_find(const LedgerFormer *former, const char *name, Date day)
{
    const GArray *bearers = g_hash_table_lookup(former->names, name);
    int64_t id = 0;
    int n = 0;
    for (guint i = 0; bearers != NULL && i < bearers->len; i++) {
        const Lasting *lasting = &g_array_index(bearers, Lasting, i);
        if (office_dates_include(lasting->since, lasting->until, day)) {
            id = lasting->id;
            n++;
        }
    }
    return n == 1 ? id : 0;
}
