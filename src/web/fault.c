#include "web/fault.h"

void web_fault_note_said(const WebContext *context, const char *id, const char *words,
                         const char *text)
{
    WebFault *fault = web_new(context, WebFault);
    *fault = (WebFault){web_copy(context, id), words, text};
    g_ptr_array_add(context->faults, fault);
}

void web_fault_note(const WebContext *context, const char *id, const char *words, GError *error)
{
    error_unprefix(&error); /* the field, which it stands beside */
    web_fault_note_said(context, id, words, web_fault(context, error));
    g_error_free(error);
}

void web_fault_note_empty(const WebContext *context, const char *id, const char *words)
{
    web_fault_note_said(context, id, words, web_tr(context, N_("not filled in yet")));
}

void web_fault_note_about(const WebContext *context, const char *name, const char *id,
                          const char *words, const GError *error)
{
    if (g_strcmp0(error_field(error), name) == 0) {
        web_fault_note(context, id, words, g_error_copy(error));
    }
}

const char *web_fault_at(const WebContext *context, const char *id)
{
    for (guint i = 0; i < context->faults->len; i++) {
        const WebFault *fault = g_ptr_array_index(context->faults, i);
        if (g_str_equal(fault->id, id)) {
            return fault->text;
        }
    }
    return NULL;
}

bool web_fault_none(const WebContext *context, GError **error)
{
    if (context->faults->len == 1) {
        const WebFault *fault = g_ptr_array_index(context->faults, 0);
        error_set(error, SHUZHI_ERROR_INVALID, "field '%s': %s", fault->words, fault->text);
    } else if (context->faults->len > 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "%u {field is|fields are} not filled in as {it|they} should be",
                  context->faults->len);
    }
    return context->faults->len == 0;
}

void web_fault_tell(WebContext *context, GError *refused)
{
    g_autoptr(GError) noted = NULL;
    if (web_fault_none(context, &noted) && refused == NULL) {
        return;
    }
    web_log_fault(refused);
    const GError *said = noted != NULL ? noted : refused;
    http_response_set_status(context->response,
                             web_error_status(refused != NULL ? refused : noted));
    context->notice = web_fault(context, said);
    g_clear_error(&refused);
}
