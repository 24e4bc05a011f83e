#include "web/sheet.h"

#include "base/text.h"
#include "language/date-spelling.h"
#include "web/account.h"
#include "web/templates.h"

WebSheet *web_sheet_new(const WebContext *context, const char *button, const char *back)
{
    WebSheet *sheet = web_new(context, WebSheet);
    sheet->action = context->path;
    sheet->button = button;
    sheet->back = back;
    sheet->fields = web_array(context);
    return sheet;
}

bool web_sheet_is_sent(const WebContext *context)
{
    return http_request_method(context->request) == HTTP_POST;
}

WebSheetField *web_sheet_add(const WebContext *context, WebSheet *sheet, const char *name,
                             const char *words, const char *type, const char *stored)
{
    const char *typed = http_request_form(context->request, name);
    const char *text = typed != NULL ? typed : stored;
    WebSheetField *field = web_new(context, WebSheetField);
    field->name = name;
    field->words = words;
    field->type = type;
    field->text = web_keep(context, text != NULL ? text_strip_dup(text) : g_strdup(""));
    field->choices = web_array(context);
    g_ptr_array_add(sheet->fields, field);
    return field;
}

WebSheetField *web_sheet_add_date(const WebContext *context, WebSheet *sheet, const char *name,
                                  const char *words, Date stored)
{
    char text[DATE_TEXT_SIZE] = "";
    if (stored != DATE_NONE) {
        date_format(stored, text);
    }
    return web_sheet_add(context, sheet, name, words, "date", text);
}

void web_sheet_choose(const WebContext *context, WebSheetField *field, const char *name,
                      const char *words)
{
    WebChoice *choice = web_new(context, WebChoice);
    choice->name = name;
    choice->words = words;
    choice->is_chosen = g_str_equal(field->text, name);
    g_ptr_array_add(field->choices, choice);
}

void web_sheet_read_date(const WebContext *context, WebSheetField *field, Date *ret_date)
{
    g_autoptr(GError) error = NULL;
    LanguageDate given = {.date = DATE_NONE};
    if (*field->text != '\0' &&
        !language_date_parse(field->text, date_year(web_today(context)), &given, &error)) {
        field->fault = web_fault(context, error);
        return;
    }
    *ret_date = given.date;
}

void web_sheet_read_int(const WebContext *context, WebSheetField *field, int64_t min, int64_t max,
                        int64_t *ret_number)
{
    int64_t number = 0;
    if (!text_parse_int(field->text, &number) || number < min || number > max) {
        field->fault = web_say(context, N_("a whole number from %lld to %lld goes here"),
                               (long long)min, (long long)max);
        return;
    }
    *ret_number = number;
}

bool web_sheet_check(WebContext *context, WebSheet *sheet, GError **error)
{
    static const WebNeed own = {WEB_OWN_PASSWORD, WEB_OWN_PASSWORD, WEB_OWN_PASSWORD_WORDS};
    for (guint i = 0; i < sheet->fields->len; i++) {
        WebSheetField *field = g_ptr_array_index(sheet->fields, i);
        if (field->fault == NULL && field->is_required && *field->text == '\0') {
            field->fault = web_tr(context, N_("not filled in yet"));
        }
        if (field->fault != NULL) {
            web_fault_note_said(context, field->name, field->words, field->fault);
        }
    }
    return web_check_form(context, &own, sheet->asks_password ? 1 : 0, error);
}

void web_sheet_send(WebContext *context, const char *title, WebSheet *sheet, GError *refused)
{
    web_fault_tell(context, refused);
    GString *out = web_page_begin(context, title);
    template_sheet_page(out, &context->html, context, sheet);
    web_page_send(context, out);
}

const char *web_dates(const WebContext *context, Date since, Date until)
{
    char first[DATE_TEXT_SIZE] = "";
    char last[DATE_TEXT_SIZE] = "";
    if (since == DATE_NONE && until == DATE_NONE) {
        return "";
    }
    if (since != DATE_NONE) {
        date_format(since, first);
    }
    if (until != DATE_NONE) {
        date_format(until, last);
    }
    return until == DATE_NONE   ? web_say(context, N_("since %s"), first)
           : since == DATE_NONE ? web_say(context, N_("until %s"), last)
                                : web_keep(context, g_strdup_printf("%s – %s", first, last));
}
