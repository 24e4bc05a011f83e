#include "cli/made.h"

#include "cli/print.h"
#include "log/history.h"

bool cli_made_write(const CliSession *session, const CliMade *made, JsonWriter *json,
                    GError **error)
{
    const LogFilter filter = {.kind = made->event, .actor = session->act.actor, .object = made->id};
    g_autoptr(GPtrArray) events = log_events_before(session->reader, &filter, INT64_MAX, 1, error);
    if (events == NULL) {
        return false;
    }
    json_write_begin_object(json);
    json_write_key_text(json, "event", made->event);
    json_write_key(json, "seq");
    if (events->len > 0) {
        json_write_int(json, ((const LogEvent *)g_ptr_array_index(events, 0))->seq);
    } else {
        json_write_null(json);
    }
    json_write_key_int(json, "id", made->id);
    if (made->number != NULL) {
        json_write_key_text(json, "number", made->number);
    }
    if (made->name != NULL) {
        json_write_key_text(json, "name", made->name);
    }
    json_write_end_object(json);
    return true;
}

bool cli_made_print(CliContext *context, const CliSession *session, const CliMade *made,
                    GError **error)
{
    context->has_made = true;
    if (!cli_has(context, "json")) {
        return true;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    bool is_written = cli_made_write(session, made, &json, error);
    if (is_written) {
        cli_print_json(context, &json);
    }
    return is_written;
}
