#include "web/pages.h"

#include "office/post.h"
#include "office/unit.h"
#include "web/roster.h"
#include "web/templates.h"

#define MAX_LEVEL 6

/* Return how deep @unit lies below a root of @units. */
static int level_of(const GPtrArray *units, const OfficeUnit *unit)
{
    int level = 1;
    for (int64_t parent = unit->parent; parent != 0 && level < MAX_LEVEL; level++) {
        int64_t next = 0;
        for (guint i = 0; i < units->len; i++) {
            const OfficeUnit *other = g_ptr_array_index(units, i);
            next = other->id == parent ? other->parent : next;
        }
        parent = next;
    }
    return level;
}

static const char *dates_of(const WebContext *context, const OfficeUnit *unit)
{
    char since[DATE_TEXT_SIZE] = "";
    char until[DATE_TEXT_SIZE] = "";
    if (unit->since != DATE_NONE) {
        date_format(unit->since, since);
    }
    if (unit->until != DATE_NONE) {
        date_format(unit->until, until);
    }
    return *since == '\0' && *until == '\0'
               ? ""
               : web_keep(context, g_strdup_printf("%s – %s", since, until));
}

static WebUnit *make_unit(const WebContext *context, const GPtrArray *units, const OfficeUnit *unit,
                          const GPtrArray *lines)
{
    WebUnit *shown = web_new(context, WebUnit);
    shown->name = web_keep(context, g_strdup(unit->name));
    shown->kind = web_tr(context, web_keep(context, g_strdup(unit->kind)));
    shown->dates = dates_of(context, unit);
    shown->level = web_number(context, level_of(units, unit));
    shown->holders = web_array(context);
    for (guint i = 0; i < lines->len; i++) {
        const OfficeRosterLine *line = g_ptr_array_index(lines, i);
        RightsRole role = RIGHTS_STAFF;
        if (line->unit != unit->id) {
            continue;
        }
        rights_role_find(line->role, &role);
        WebHolder *holder = web_new(context, WebHolder);
        holder->name = web_keep(context, g_strdup(line->person_name));
        holder->title = line->title != NULL ? web_keep(context, g_strdup(line->title)) : "";
        holder->role = web_tr(context, rights_role_words(role));
        g_ptr_array_add(shown->holders, holder);
    }
    return shown;
}

bool web_page_roster(WebContext *context, GError **error)
{
    const char *text = http_request_query(context->request, "date");
    Date date = web_today(context);
    if (text != NULL && *text != '\0' && !date_parse(text, &date)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a date; write 2023-05-06 or 2023年5月6日", text);
        return false;
    }
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, date, error);
    g_autoptr(GPtrArray) lines =
        units != NULL ? office_post_roster(context->reader, 0, false, date, error) : NULL;
    if (lines == NULL) {
        return false;
    }
    GPtrArray *shown = web_array(context);
    for (guint i = 0; i < units->len; i++) {
        g_ptr_array_add(shown, make_unit(context, units, g_ptr_array_index(units, i), lines));
    }
    char day[DATE_TEXT_SIZE];
    GString *out = web_page_begin(context, web_tr(context, N_("Units and people")));
    template_roster_page(out, &context->html, shown, date_format(date, day));
    web_page_send(context, out);
    return true;
}
