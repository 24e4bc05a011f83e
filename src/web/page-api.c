#include "web/pages.h"

#include "ledger/wall.h"
#include "log/history.h"
#include "log/shown.h"
#include "measure/figure.h"
#include "report/report.h"
#include "web/api.h"
#include "web/openapi.h"
#include "web/report.h"
#include "web/templates.h"

/* ---- ledgers --------------------------------------------------------------------------------- */

static void write_words(JsonWriter *json, const SchemaWords *words)
{
    json_write_key(json, "words");
    json_write_begin_object(json);
    json_write_key_text(json, "zh", words->zh);
    json_write_key_text(json, "en", words->en);
    json_write_end_object(json);
}

static void write_choices(JsonWriter *json, const char *key, const GPtrArray *choices)
{
    json_write_key(json, key);
    json_write_begin_array(json);
    for (guint i = 0; choices != NULL && i < choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        json_write_begin_object(json);
        json_write_key_text(json, "name", choice->name);
        write_words(json, &choice->words);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_fields(JsonWriter *json, const GPtrArray *fields)
{
    json_write_key(json, "fields");
    json_write_begin_array(json);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        json_write_begin_object(json);
        json_write_key_text(json, "name", field->name);
        write_words(json, &field->words);
        json_write_key_text(json, "kind", schema_kind_info(field->kind)->name);
        json_write_key_bool(json, "required", field->is_required);
        json_write_key_bool(json, "personal", field->is_personal);
        json_write_key_text(json, "step", field->set_by_step);
        json_write_key_text(json, "target", field->target_name);
        write_choices(json, "choices", field->choices);
        if (field->kind == SCHEMA_FIELD_ROWS) {
            write_fields(json, field->fields);
        }
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_names(JsonWriter *json, const char *key, const GPtrArray *names)
{
    json_write_key(json, key);
    json_write_begin_array(json);
    for (guint i = 0; i < names->len; i++) {
        json_write_text(json, g_ptr_array_index(names, i));
    }
    json_write_end_array(json);
}

static void write_step(JsonWriter *json, const SchemaStep *step)
{
    json_write_begin_object(json);
    json_write_key_text(json, "name", step->name);
    write_words(json, &step->words);
    json_write_key(json, "from");
    json_write_begin_array(json);
    for (guint i = 0; i < step->from->len; i++) {
        json_write_text(json, ((const SchemaChoice *)g_ptr_array_index(step->from, i))->name);
    }
    json_write_end_array(json);
    json_write_key_text(json, "to", step->to->name);
    write_names(json, "roles", step->roles);
    json_write_key(json, "asks");
    json_write_begin_array(json);
    for (guint i = 0; i < step->asks->len; i++) {
        json_write_text(json, ((const SchemaField *)g_ptr_array_index(step->asks, i))->name);
    }
    json_write_end_array(json);
    write_names(json, "evidence", step->evidence);
    json_write_end_object(json);
}

static void write_ledger(JsonWriter *json, const SchemaLedger *ledger)
{
    json_write_begin_object(json);
    json_write_key_text(json, "name", ledger->name);
    write_words(json, &ledger->words);
    json_write_key_text(json, "number", ledger->number);
    json_write_key_text(json, "title", ledger->title->name);
    write_fields(json, ledger->fields);
    write_choices(json, "states", ledger->states);
    json_write_key(json, "steps");
    json_write_begin_array(json);
    for (guint i = 0; i < ledger->steps->len; i++) {
        write_step(json, g_ptr_array_index(ledger->steps, i));
    }
    json_write_end_array(json);
    json_write_key(json, "list");
    json_write_begin_array(json);
    for (guint i = 0; i < ledger->list->len; i++) {
        json_write_text(json, ((const SchemaField *)g_ptr_array_index(ledger->list, i))->name);
    }
    json_write_end_array(json);
    json_write_end_object(json);
}

bool web_api_ledgers(WebContext *context, GError **error)
{
    const GPtrArray *ledgers = office_schema(context->office)->ledgers;
    g_auto(JsonWriter) json;
    web_api_begin_list(&json, "ledgers");
    for (guint i = 0; i < ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(ledgers, i);
        json_write_begin_object(&json);
        json_write_key_text(&json, "name", ledger->name);
        write_words(&json, &ledger->words);
        json_write_key_text(&json, "number", ledger->number);
        json_write_end_object(&json);
    }
    web_api_send_list(context, &json);
    return true;
}

bool web_api_ledger(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    if (ledger == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    write_ledger(&json, ledger);
    web_send_json(context, &json);
    return true;
}

bool web_api_send_entries(WebContext *context, WebList *list, int limit, GError **error)
{
    if (!store_snapshot_begin(context->reader, error)) {
        return false;
    }
    g_autoptr(GPtrArray) fields = ledger_wall_fields(list->ledger);
    list->fields = web_array(context);
    g_ptr_array_extend(list->fields, fields, NULL, NULL);
    g_autoptr(LedgerPage) page = web_list_load(context, list, limit, error);
    if (page == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    web_api_begin_list(&json, "entries");
    for (guint i = 0; i < page->entries->len; i++) {
        ledger_entry_write_json(g_ptr_array_index(page->entries, i), context->office,
                                context->names, false, &json);
    }
    json_write_end_array(&json);
    json_write_key_text(&json, "next", page->next);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_api_entries(WebContext *context, GError **error)
{
    int limit = 0;
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    return ledger != NULL && web_api_limit(context, &limit, error) &&
           web_api_send_entries(context, web_list_begin(context, ledger), limit, error);
}

/* ---- figures --------------------------------------------------------------------------------- */

bool web_api_measures(WebContext *context, GError **error)
{
    const GPtrArray *measures = office_schema(context->office)->measures;
    g_auto(JsonWriter) json;
    web_api_begin_list(&json, "measures");
    for (guint i = 0; i < measures->len; i++) {
        const SchemaMeasure *measure = g_ptr_array_index(measures, i);
        json_write_begin_object(&json);
        json_write_key_text(&json, "name", measure->name);
        write_words(&json, &measure->words);
        json_write_key_text(&json, "unit", *measure->unit.zh != '\0' ? measure->unit.zh : NULL);
        json_write_key_text(&json, "text", measure->text);
        json_write_end_object(&json);
    }
    web_api_send_list(context, &json);
    return true;
}

bool web_api_figure(WebContext *context, GError **error)
{
    const SchemaMeasure *measure = figure_find_measure(context->office, context->parts[0], error);
    return measure != NULL && web_send_figure_json(context, measure, error);
}

bool web_api_report(WebContext *context, GError **error)
{
    const SchemaReport *report = report_find(context->office, context->parts[0], error);
    return report != NULL && web_send_report_json(context, report, error);
}

/* ---- the log --------------------------------------------------------------------------------- */

static bool write_head(WebContext *context, JsonWriter *json, int64_t *ret_size, GError **error)
{
    uint8_t root[CRYPTO_HASH_SIZE];
    g_autofree char *checkpoint = NULL;
    if (!log_head(context->reader, ret_size, root, error) ||
        !office_checkpoint(context->office, context->reader, &checkpoint, error)) {
        return false;
    }
    json_write_key_int(json, "size", *ret_size);
    json_write_key(json, "root");
    json_write_hex(json, root, sizeof root);
    json_write_key_text(json, "checkpoint", checkpoint);
    json_write_key_text(json, "key", office_public_key(context->office));
    return true;
}

bool web_api_log(WebContext *context, GError **error)
{
    int limit = 0;
    int64_t after = 0;
    int64_t size = 0;
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    if (!web_api_limit(context, &limit, error) || !web_api_after(context, &after, error) ||
        !write_head(context, &json, &size, error)) {
        return false;
    }
    g_autoptr(GPtrArray) events = log_events_after(context->reader, after, limit, error);
    if (events == NULL) {
        return false;
    }
    json_write_key(&json, "events"); /* as text, since its bytes are what is hashed */
    json_write_begin_array(&json);
    for (guint i = 0; i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        json_write_begin_object(&json);
        json_write_key_int(&json, "seq", event->seq);
        json_write_key_text(&json, "line", event->line);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    bool has_more = (int64_t)events->len == limit && after + limit < size;
    json_write_key_text(&json, "next", has_more ? web_number(context, after + limit) : NULL);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_api_proof(WebContext *context, GError **error)
{
    guint64 seq = 0;
    bool is_number = g_ascii_string_to_unsigned(context->parts[0], 10, 1, G_MAXINT64, &seq, NULL);
    g_autoptr(GPtrArray) events =
        is_number ? log_events_after(context->reader, (int64_t)seq - 1, 1, error) : NULL;
    const LogEvent *event = events != NULL && events->len > 0 ? g_ptr_array_index(events, 0) : NULL;
    if (event == NULL || event->seq != (int64_t)seq) {
        if (*error == NULL) {
            error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such event");
        }
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    if (!log_shown_write(context->reader, event, NULL, NULL, &json, error)) {
        return false;
    }
    web_send_json(context, &json);
    return true;
}

/* ---- the description ------------------------------------------------------------------------- */

bool web_api_openapi(WebContext *context, GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    web_openapi_write(context, &json);
    web_send_json(context, &json);
    return true;
}

bool web_page_help_api(WebContext *context, GError **error)
{
    GPtrArray *operations = web_array(context);
    GPtrArray *ledgers = web_array(context);
    for (size_t i = 0; i < web_n_operations; i++) {
        g_ptr_array_add(operations, (WebOperation *)&web_operations[i]);
    }
    const GPtrArray *all = office_schema(context->office)->ledgers;
    for (guint i = 0; i < all->len; i++) {
        g_ptr_array_add(ledgers, g_ptr_array_index(all, i));
    }
    GString *out = web_page_begin(context, web_tr(context, N_("For programs")));
    template_api_page(out, &context->html, context, operations, ledgers);
    web_page_send(context, out);
    return true;
}
