#include "web/sure.h"

#include "web/form.h"

static bool is_ticked(const WebContext *context)
{
    return *web_typed(context, "sure") != '\0';
}

bool web_sure_check(const WebContext *context, const char *id, const char *words, int64_t us)
{
    Date oldest = date_add_months(web_today(context), -WEB_SURE_MONTHS);
    if (us == 0 || is_ticked(context) ||
        date_from_us(us, office_offset_seconds(context->office)) >= oldest) {
        return true;
    }
    web_fault_note_said(context, id, words,
                        web_say(context, N_("%s lies more than two years back; is the year right?"),
                                web_day(context, us)));
    return false;
}

bool web_sure_is_asked(const WebContext *context, const char *id)
{
    return web_fault_at(context, id) != NULL || is_ticked(context);
}
