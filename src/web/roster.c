#include "web/roster.h"

#include "base/text.h"
#include "language/collate.h"
#include "language/date-spelling.h"
#include "log/history.h"

bool web_read_day(const WebContext *context, Date *ret_date, GError **error)
{
    const char *text = http_request_query(context->request, "date");
    Date today = web_today(context);
    LanguageDate given = {.date = today};
    if (text != NULL && *text != '\0' &&
        !language_date_parse(text, date_year(today), &given, error)) {
        return false;
    }
    *ret_date = given.date;
    return true;
}

bool web_read_id(const WebContext *context, int64_t *ret_id, GError **error)
{
    if (!text_parse_int(context->parts[0], ret_id)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    return true;
}

const char *web_roster_address(const WebContext *context, const char *kind, int64_t id, Date date)
{
    char day[DATE_TEXT_SIZE];
    const char *path = web_keep(context, g_strdup_printf("/%s/%" G_GINT64_FORMAT, kind, id));
    bool is_today = date == DATE_NONE || date == web_today(context);
    return web_address(context, path, "date", is_today ? NULL : date_format(date, day), NULL);
}

const char *web_unit_kind(const WebContext *context, const char *kind)
{
    const SchemaChoice *choice = schema_find(office_schema(context->office)->unit_kinds, kind);
    return choice != NULL ? web_words(context, &choice->words)
                          : web_tr(context, web_keep(context, g_strdup(kind)));
}

WebUnit *web_unit_new(const WebContext *context, const OfficeUnit *unit, Date date)
{
    WebUnit *shown = web_new(context, WebUnit);
    shown->name = web_keep(context, g_strdup(unit->name));
    shown->address = web_roster_address(context, "unit", unit->id, date);
    shown->kind = web_unit_kind(context, unit->kind);
    shown->dates = web_dates(context, unit->since, unit->until);
    shown->holders = web_array(context);
    shown->units = web_array(context);
    return shown;
}

WebHolder *web_holder_new(const WebContext *context, const OfficeRosterLine *line, Date date)
{
    RightsRole role = RIGHTS_STAFF;
    rights_role_find(line->role, &role);
    WebHolder *holder = web_new(context, WebHolder);
    holder->name = web_keep(context, g_strdup(line->person_name));
    holder->address = web_roster_address(context, "person", line->person, DATE_NONE);
    holder->title = line->title != NULL ? web_keep(context, g_strdup(line->title)) : "";
    holder->role = web_tr(context, rights_role_words(role));
    holder->is_staff = role == RIGHTS_STAFF;
    holder->dates = web_dates(context, line->since, line->until);
    holder->is_over = line->until != DATE_NONE && line->until < date;
    return holder;
}

/* ---- who stands where ------------------------------------------------------------------------ */

/* A line with what it is sorted by. */
typedef struct Place {
    const OfficeRosterLine *line;
    int step; /* 0: leads; 1: leads as a deputy; 2: does not lead */
    int rank; /* of the role */
} Place;

/* Return where @role stands in a unit: who leads it first. */
static int rank_of(const char *role)
{
    static const RightsRole order[] = {RIGHTS_SECRETARY,  RIGHTS_HEAD,  RIGHTS_SUPERVISOR,
                                       RIGHTS_DISPATCHER, RIGHTS_CLERK, RIGHTS_STAFF};
    int rank = 0;
    while (rank < (int)G_N_ELEMENTS(order) && !g_str_equal(rights_role_name(order[rank]), role)) {
        rank++;
    }
    return rank;
}

/* Return whether @line is of who leads only after another: "副主任". */
static bool is_deputy(const OfficeRosterLine *line)
{
    return line->title != NULL && g_str_has_prefix(line->title, "副");
}

/* Whoever leads, deputies last among them; then everybody else. */
static gint compare_places(gconstpointer a, gconstpointer b)
{
    const Place *left = a;
    const Place *right = b;
    if (left->step != right->step) {
        return left->step - right->step;
    }
    return left->rank != right->rank
               ? left->rank - right->rank
               : collate_compare_people(left->line->person_name, right->line->person_name);
}

/* Return the one of @holders whose address is @address; NULL: none. */
static WebHolder *find_holder(const GPtrArray *holders, const char *address)
{
    for (guint i = 0; i < holders->len; i++) {
        WebHolder *holder = g_ptr_array_index(holders, i);
        if (g_str_equal(holder->address, address)) {
            return holder;
        }
    }
    return NULL;
}

/* Name @other, a further post of the same person, with @holder. */
static void merge(const WebContext *context, WebHolder *holder, const WebHolder *other)
{
    if (!other->is_staff) {
        holder->role = web_keep(
            context, g_strconcat(holder->role, web_tr(context, N_(", ")), other->role, NULL));
    }
    if (*other->title != '\0' && *holder->title == '\0') {
        holder->title = other->title;
    }
}

void web_add_holders(const WebContext *context, WebUnit *shown, int64_t unit,
                     const GPtrArray *lines, Date date, bool is_merged)
{
    g_autoptr(GArray) places = g_array_new(false, false, sizeof(Place));
    for (guint i = 0; i < lines->len; i++) {
        const OfficeRosterLine *line = g_ptr_array_index(lines, i);
        if (line->unit == unit) {
            int rank = rank_of(line->role);
            int step = rank >= rank_of("supervisor") ? 2 : is_deputy(line) ? 1 : 0;
            Place place = {line, step, rank};
            g_array_append_val(places, place);
        }
    }
    g_array_sort(places, compare_places);
    for (guint i = 0; i < places->len; i++) {
        WebHolder *holder = web_holder_new(context, g_array_index(places, Place, i).line, date);
        WebHolder *same = is_merged ? find_holder(shown->holders, holder->address) : NULL;
        if (same != NULL) {
            merge(context, same, holder);
        } else {
            g_ptr_array_add(shown->holders, holder);
        }
    }
}

/* ---- how it came to be ----------------------------------------------------------------------- */

GPtrArray *web_traces(const WebContext *context, int64_t id, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(context->reader, id, error);
    if (events == NULL) {
        return NULL;
    }
    bool may_read = rights_may(context->subject, RIGHTS_LOG_READ, NULL, NULL);
    GPtrArray *traces = web_array(context);
    for (guint i = events->len; i > 0; i--) {
        const LogEvent *event = g_ptr_array_index(events, i - 1);
        WebTrace *trace = web_new(context, WebTrace);
        trace->when = web_time(context, event->at_us);
        trace->by = web_actor(context, web_keep(context, g_strdup(event->actor)));
        trace->what = g_str_has_suffix(event->kind, ".add") ? web_tr(context, N_("put on record"))
                                                            : web_tr(context, N_("changed"));
        trace->address =
            may_read ? web_keep(context, g_strdup_printf("/log/%" G_GINT64_FORMAT, event->seq))
                     : NULL;
        g_ptr_array_add(traces, trace);
    }
    return traces;
}

/* ---- sheets ---------------------------------------------------------------------------------- */

WebSheetField *web_sheet_add_units(const WebContext *context, WebSheet *sheet, const char *name,
                                   const char *words, int64_t stored, GError **error)
{
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, DATE_NONE, error);
    if (units == NULL) {
        return NULL;
    }
    const char *chosen = stored != 0 ? web_number(context, stored) : "";
    WebSheetField *field = web_sheet_add(context, sheet, name, words, "select", chosen);
    web_sheet_choose(context, field, "", "");
    for (guint i = 0; i < units->len; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        const char *dates = web_dates(context, unit->since, unit->until);
        web_sheet_choose(context, field, web_number(context, unit->id),
                         web_keep(context, *dates != '\0'
                                               ? g_strdup_printf("%s (%s)", unit->name, dates)
                                               : g_strdup(unit->name)));
    }
    return field;
}
