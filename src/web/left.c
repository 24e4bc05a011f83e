#include "web/left.h"

#include "base/text.h"

#define SINCE "since" /* the control with the last event that a form's page knew */

static bool has_open_step(const WebEntry *shown)
{
    bool is_there = false;
    for (guint i = 0; i < shown->forms->len; i++) {
        is_there = is_there || ((const WebStepForm *)g_ptr_array_index(shown->forms, i))->is_open;
    }
    return is_there;
}

static bool has_open_file(const WebEntry *shown)
{
    bool is_there = false;
    for (guint i = 0; i < shown->files->len; i++) {
        const WebFile *file = g_ptr_array_index(shown->files, i);
        is_there = is_there || (file->is_open && file->place != NULL);
    }
    return is_there;
}

static bool may_comment(const WebEntry *shown)
{
    return shown->may_comment;
}

static bool may_attach(const WebEntry *shown)
{
    return shown->places->len > 0;
}

static bool may_delete(const WebEntry *shown)
{
    return shown->may_delete;
}

static bool has_none(const WebEntry *shown)
{
    (void)shown;
    return false;
}

/* Return whether the page still has the form that the request brings, if it brings one. */
static bool has_form(const WebContext *context, const WebEntry *shown)
{
    static const struct {
        const char *ending; /* of the address that the form is sent to */
        bool (*has)(const WebEntry *shown);
    } forms[] = {
        {"/step", has_open_step}, {"/detach", has_open_file}, {"/comment", may_comment},
        {"/attach", may_attach},  {"/delete", may_delete},    {"/change", has_none},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (g_str_has_suffix(context->path, forms[i].ending)) {
            return forms[i].has(shown);
        }
    }
    return true;
}

static void add_text(const WebContext *context, WebEntry *shown, const char *words,
                     const char *text)
{
    if (text_is_blank(text)) {
        return;
    }
    WebShown *line = web_new(context, WebShown);
    line->name = web_keep(context, g_strdup_printf("left-%u", shown->left->len));
    line->words = words;
    line->text = text;
    g_ptr_array_add(shown->left, line);
}

/* Add each of @fields that was typed: of a choice its words, of a table each cell. */
static void add_fields(const WebContext *context, WebEntry *shown, const GPtrArray *fields)
{
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (field->fields != NULL) {
            add_fields(context, shown, field->fields);
            continue;
        }
        const GPtrArray *typed = web_field_typed(context, field);
        for (guint j = 0; j < typed->len; j++) {
            const char *text = g_ptr_array_index(typed, j);
            const SchemaChoice *choice =
                field->choices != NULL ? schema_field_choice(field, text) : NULL;
            add_text(context, shown, web_words(context, &field->words),
                     choice != NULL ? web_words(context, &choice->words) : text);
        }
    }
}

/* Open the forms of steps that ask for something of what was typed: they hold it. */
static void open_steps(const WebContext *context, WebEntry *shown, const SchemaLedger *ledger)
{
    for (guint i = 0; i < shown->forms->len; i++) {
        WebStepForm *form = g_ptr_array_index(shown->forms, i);
        const GPtrArray *asks = schema_ledger_step(ledger, form->name)->asks;
        for (guint j = 0; j < asks->len; j++) {
            form->is_open =
                form->is_open || web_field_is_typed(context, g_ptr_array_index(asks, j));
        }
    }
}

/* Add what happened since the form's page was made. */
static void add_meanwhile(const WebContext *context, WebEntry *shown)
{
    int64_t since = 0;
    bool is_known = text_parse_int(web_typed(context, SINCE), &since);
    for (guint i = 0; is_known && i < shown->history->len; i++) {
        WebDone *done = g_ptr_array_index(shown->history, i);
        if (g_ascii_strtoll(done->seq, NULL, 10) > since) {
            g_ptr_array_add(shown->meanwhile, done);
        }
    }
}

void web_left_add(const WebContext *context, WebEntry *shown, const SchemaLedger *ledger)
{
    if (has_form(context, shown)) {
        return;
    }
    add_fields(context, shown, ledger->fields);
    add_text(context, shown, web_tr(context, N_("Comment")), web_typed(context, "text"));
    add_text(context, shown, web_tr(context, N_("Why")), web_typed(context, "why"));
    open_steps(context, shown, ledger);
    add_meanwhile(context, shown);
}

GPtrArray *web_left_texts(const WebContext *context)
{
    const GPtrArray *names = http_request_form_names(context->request);
    GPtrArray *texts = web_array(context);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        bool is_text = g_str_has_prefix(name, WEB_FIELD_PREFIX) || g_str_equal(name, "text") ||
                       g_str_equal(name, "why");
        const GPtrArray *typed = http_request_form_all(context->request, name);
        for (guint j = 0; is_text && j < typed->len; j++) {
            if (!text_is_blank(g_ptr_array_index(typed, j))) {
                g_ptr_array_add(texts, g_ptr_array_index(typed, j));
            }
        }
    }
    return texts;
}
