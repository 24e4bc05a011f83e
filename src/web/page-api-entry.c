#include "web/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/evidence.h"
#include "ledger/history.h"
#include "ledger/use.h"
#include "ledger/write.h"
#include "web/api.h"
#include "web/entry.h"
#include "web/once.h"
#include "web/openapi.h"
#include "web/upload.h"

/* ---- an entry as JSON ------------------------------------------------------------------------ */

static bool write_steps(const WebContext *context, const LedgerEntry *entry, JsonWriter *json,
                        GError **error)
{
    g_autoptr(GPtrArray) steps = ledger_entry_steps(context->reader, entry->id, error);
    json_write_key(json, "steps");
    json_write_begin_array(json);
    for (guint i = 0; steps != NULL && i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        json_write_begin_object(json);
        json_write_key_text(json, "step", step->name);
        json_write_key_text(json, "from", step->from_state);
        json_write_key_text(json, "to", step->to_state);
        web_api_write_time(context, json, "happened", step->happened_us);
        web_api_write_time(context, json, "recorded", step->recorded_us);
        json_write_key_text(json, "by", step->doer);
        json_write_key_bool(json, "imported", ledger_step_is_imported(entry, step));
        json_write_end_object(json);
    }
    json_write_end_array(json);
    return steps != NULL;
}

static bool write_files(const WebContext *context, const LedgerEntry *entry, bool with_personal,
                        JsonWriter *json, GError **error)
{
    g_autoptr(GPtrArray) files = ledger_evidence_list(context->reader, entry, with_personal, error);
    json_write_key(json, "files");
    json_write_begin_array(json);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const LedgerEvidence *file = g_ptr_array_index(files, i);
        json_write_begin_object(json);
        json_write_key_int(json, "id", file->id);
        json_write_key_text(json, "field", file->field);
        json_write_key_text(json, "name", file->name);
        json_write_key_text(json, "sha256", file->sha256);
        json_write_key_int(json, "size", file->size_bytes);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    return files != NULL;
}

/* Write the entries that link here. */
static bool write_uses(const WebContext *context, const LedgerEntry *entry, JsonWriter *json,
                       GError **error)
{
    int64_t n_more = 0;
    g_autoptr(GPtrArray) uses = ledger_uses_of(context->office, context->reader, context->subject,
                                               entry->id, &n_more, error);
    json_write_key(json, "used_in");
    json_write_begin_array(json);
    for (guint i = 0; uses != NULL && i < uses->len; i++) {
        const LedgerUse *use = g_ptr_array_index(uses, i);
        json_write_begin_object(json);
        json_write_key_text(json, "ledger", use->ledger);
        json_write_key_text(json, "number", use->number);
        json_write_key_text(json, "field", use->field);
        json_write_key_text(json, "title", use->title);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_key_int(json, "used_in_more", n_more);
    return uses != NULL;
}

static bool write_members(const WebContext *context, const LedgerEntry *entry, bool with_personal,
                          JsonWriter *json, GError **error)
{
    ledger_entry_write_members(entry, context->office, context->names, with_personal, json);
    return write_steps(context, entry, json, error) &&
           write_files(context, entry, with_personal, json, error) &&
           write_uses(context, entry, json, error);
}

static bool write_entry(const WebContext *context, const LedgerEntry *entry, bool with_personal,
                        JsonWriter *json, GError **error)
{
    json_write_begin_object(json);
    bool is_written = write_members(context, entry, with_personal, json, error);
    json_write_end_object(json);
    return is_written;
}

static bool send_entry(WebContext *context, const LedgerEntry *entry, bool with_personal,
                       GError **error)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    if (!write_entry(context, entry, with_personal, &json, error)) {
        return false;
    }
    web_send_json(context, &json);
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Find the entry that is asked for.  Where its personal fields are, too, the look is noted before
 * anything is shown. */
static LedgerEntry *find_asked(WebContext *context, bool *ret_with_personal, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    *ret_with_personal = g_strcmp0(http_request_query(context->request, "personal"), "1") == 0;
    if (entry == NULL || (*ret_with_personal && !web_look(context, entry, error))) {
        return NULL;
    }
    return g_steal_pointer(&entry);
}

bool web_api_entry(WebContext *context, GError **error)
{
    bool with_personal = false;
    g_autoptr(LedgerEntry) entry = find_asked(context, &with_personal, error);
    return entry != NULL && send_entry(context, entry, with_personal, error);
}

static void write_past(const WebContext *context, const LedgerPast *past, JsonWriter *json)
{
    json_write_begin_object(json);
    json_write_key_int(json, "seq", past->seq);
    web_api_write_time(context, json, "at", past->at_us);
    json_write_key_text(json, "actor", past->actor);
    json_write_key_text(json, "words", past->words);
    json_write_key_bool(json, "forgotten", past->is_forgotten);
    json_write_key(json, "fields");
    json_write_begin_array(json);
    for (guint i = 0; i < past->fields->len; i++) {
        const LedgerPastField *field = g_ptr_array_index(past->fields, i);
        json_write_begin_object(json);
        json_write_key_text(json, "label", field->label);
        json_write_key_text(json, "text", field->text);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_end_object(json);
}

bool web_api_entry_history(WebContext *context, GError **error)
{
    bool with_personal = false;
    g_autoptr(LedgerEntry) entry = find_asked(context, &with_personal, error);
    g_autoptr(GPtrArray) history =
        entry != NULL ? ledger_history(context->office, context->reader, entry, context->names,
                                       with_personal, context->html.language, error)
                      : NULL;
    if (history == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "events");
    json_write_begin_array(&json);
    for (guint i = 0; i < history->len; i++) {
        write_past(context, g_ptr_array_index(history, i), &json);
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Let the answer have @status, and say of what is new where it is. */
static void set_status(WebContext *context, const LedgerEntry *entry, int status)
{
    g_autofree char *location = g_strconcat(WEB_API "/entries/", entry->number, NULL);
    http_response_set_status(context->response, status);
    http_response_set_header(context->response, "Location", status == 201 ? location : NULL);
}

/* Answer with the entry @id as it stands now, and @status. */
static bool send_result(WebContext *context, int64_t id, int status, GError **error)
{
    g_autoptr(LedgerEntry) entry = ledger_entry_load(context->office, context->reader, id, error);
    if (entry == NULL || !send_entry(context, entry, false, error)) {
        return false;
    }
    set_status(context, entry, status);
    return true;
}

/* Note where in what was sent lies that which @error is about: a field of @ledger, or a member of
 * the body. */
static void point_at(WebContext *context, const SchemaLedger *ledger, const GError *error)
{
    const char *name = error_field(error);
    if (name != NULL && context->pointer == NULL) {
        const char *before = schema_ledger_field(ledger, name) != NULL ? "/fields/" : "/";
        web_api_point(context, g_strconcat(before, name, NULL));
    }
}

bool web_api_add_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"fields", NULL};
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    g_autoptr(json_t) body = ledger != NULL ? web_api_read(context, known, error) : NULL;
    int64_t id = 0;
    bool is_done = false;
    if (body == NULL || !web_once_by_header(context, body, &is_done, &id, error)) {
        return false;
    }
    g_autoptr(LedgerInput) input =
        is_done ? NULL
                : web_api_input(context, ledger, NULL, json_object_get(body, "fields"), error);
    if (!is_done && input == NULL) {
        return false;
    }
    bool is_written =
        is_done ||
        ledger_entry_add(context->office, context->subject, &context->act, input, 0, &id, error) ||
        web_once_meanwhile(context, &id, error);
    if (!is_written) {
        point_at(context, ledger, *error);
    }
    return is_written && send_result(context, id, 201, error);
}

/* Answer that another changed it meanwhile: with the entry as it stands, and what was sent. */
static bool send_conflict(WebContext *context, const LedgerEntry *current, const json_t *fields,
                          const GError *refused, GError **error)
{
    char *sent = json_dumps(fields, JSON_COMPACT | JSON_ENCODE_ANY);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    web_write_error(context, refused, &json);
    json_write_key(&json, "current");
    bool is_written = write_entry(context, current, false, &json, error);
    json_write_key(&json, "sent");
    json_write_raw(&json, sent != NULL ? sent : "null");
    json_write_end_object(&json);
    free(sent);
    if (is_written) {
        web_send_json(context, &json);
    }
    return is_written;
}

static bool change(WebContext *context, const LedgerEntry *entry, const json_t *body,
                   GError **error)
{
    const json_t *fields = json_object_get(body, "fields");
    int64_t version = 0;
    g_autoptr(GError) refused = NULL;
    g_autoptr(LedgerEntry) current = NULL;
    if (!web_api_int(context, body, "version", &version, error) ||
        !web_api_text(context, body, "why", &context->act.why, error)) {
        return false;
    }
    if (version < 1) {
        web_api_point(context, g_strdup("/version"));
        error_set(error, SHUZHI_ERROR_INVALID, "say which version of the entry you saw");
        return false;
    }
    g_autoptr(LedgerInput) input = web_api_input(context, entry->ledger, NULL, fields, error);
    if (input == NULL) {
        return false;
    }
    if (ledger_entry_change(context->office, context->subject, &context->act, entry->id, version,
                            input, &current, &refused)) {
        return send_result(context, entry->id, 200, error);
    }
    if (current != NULL) {
        return send_conflict(context, current, fields, refused, error);
    }
    g_propagate_error(error, g_steal_pointer(&refused));
    return false;
}

static bool do_step(WebContext *context, const LedgerEntry *entry, const json_t *body,
                    GError **error)
{
    const char *name = NULL;
    const char *happened = NULL;
    int64_t version = 0;
    int64_t happened_us = 0;
    if (!web_api_text(context, body, "step", &name, error) ||
        !web_api_text(context, body, "happened", &happened, error) ||
        !web_api_int(context, body, "version", &version, error)) {
        return false;
    }
    const SchemaStep *step = name != NULL ? schema_ledger_step(entry->ledger, name) : NULL;
    if (step == NULL) {
        web_api_point(context, g_strdup("/step"));
        error_set(error, SHUZHI_ERROR_INVALID, "there is no such step");
        return false;
    }
    if (happened != NULL &&
        !date_parse_time(happened, office_offset_seconds(context->office), &happened_us)) {
        web_api_point(context, g_strdup("/happened"));
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a time; write 2023-05-06T09:30:00",
                  happened);
        return false;
    }
    g_autoptr(LedgerInput) input =
        web_api_input(context, entry->ledger, step->asks, json_object_get(body, "fields"), error);
    return input != NULL &&
           ledger_entry_step(context->office, context->subject, &context->act, entry->id, version,
                             name, happened_us, input, NULL, error) &&
           send_result(context, entry->id, 200, error);
}

static bool comment(WebContext *context, const LedgerEntry *entry, const json_t *body,
                    GError **error)
{
    const char *text = NULL;
    return web_api_text(context, body, "text", &text, error) &&
           ledger_entry_comment(context->office, context->subject, &context->act, entry->id,
                                text != NULL ? text : "", error) &&
           send_result(context, entry->id, 201, error);
}

static bool take_out(WebContext *context, const LedgerEntry *entry, const json_t *body,
                     GError **error)
{
    int64_t version = 0;
    return web_api_int(context, body, "version", &version, error) &&
           web_api_text(context, body, "why", &context->act.why, error) &&
           ledger_entry_delete(context->office, context->subject, &context->act, entry->id, version,
                               error) &&
           send_result(context, entry->id, 200, error);
}

/* Find the entry that is asked for, which the reader may do @action to; the caller owns it. */
static LedgerEntry *find_for(WebContext *context, RightsAction action, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    const RightsObject object = entry != NULL ? web_entry_object(entry) : (RightsObject){0};
    return entry != NULL && rights_may(context->subject, action, &object, error)
               ? g_steal_pointer(&entry)
               : NULL;
}

/* What is done to an entry with the body that was sent. */
typedef bool (*EntryAct)(WebContext *context, const LedgerEntry *entry, const json_t *body,
                         GError **error);

/* Read the body, whose members are @known, and do @act to the entry, once; done already, it is
 * answered with the entry and @status. */
static bool run_act(WebContext *context, RightsAction action, const char *const *known, int status,
                    EntryAct act, GError **error)
{
    bool is_done = false;
    int64_t seq = 0;
    g_autoptr(LedgerEntry) entry = find_for(context, action, error);
    g_autoptr(json_t) body = entry != NULL ? web_api_read(context, known, error) : NULL;
    if (body == NULL || !web_once_by_header(context, body, &is_done, &seq, error)) {
        return false;
    }
    if (!is_done && act(context, entry, body, error)) {
        return true;
    }
    if (!is_done && !web_once_meanwhile(context, &seq, error)) {
        point_at(context, entry->ledger, *error);
        return false;
    }
    return send_result(context, entry->id, status, error);
}

bool web_api_change_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"version", "fields", "why", NULL};
    return run_act(context, RIGHTS_ENTRY_CHANGE, known, 200, change, error);
}

bool web_api_step_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"step", "happened", "fields", "version", NULL};
    return run_act(context, RIGHTS_ENTRY_STEP, known, 200, do_step, error);
}

bool web_api_comment_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"text", NULL};
    return run_act(context, RIGHTS_ENTRY_COMMENT, known, 201, comment, error);
}

bool web_api_deletion_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"version", "why", NULL};
    return run_act(context, RIGHTS_ENTRY_DELETE, known, 200, take_out, error);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Write what became of each of @files (of LedgerFile). */
static void write_sent(const WebContext *context, const GArray *files, JsonWriter *json)
{
    json_write_key(json, "sent");
    json_write_begin_array(json);
    for (guint i = 0; i < files->len; i++) {
        const LedgerFile *file = &g_array_index(files, LedgerFile, i);
        json_write_begin_object(json);
        json_write_key_text(json, "field", file->field);
        json_write_key_text(json, "name", file->name);
        if (file->fault != NULL) {
            json_write_key_text(json, "code", error_code_name((ErrorCode)file->fault->code));
            json_write_key_text(json, "message", web_fault(context, file->fault));
        } else {
            json_write_key_int(json, "id", file->evidence);
            json_write_key_text(json, "kept_as", web_file_kept_as(context, file));
            json_write_key_bool(json, "known", file->is_known);
        }
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

/* Attach those of @files (of LedgerFile) that can be kept, and answer with the entry and what
 * became of each. */
static bool attach(WebContext *context, const LedgerEntry *entry, GArray *files, GError **error)
{
    if (!web_files_attach(context, entry, files, error)) {
        return false;
    }
    g_autoptr(LedgerEntry) now =
        ledger_entry_load(context->office, context->reader, entry->id, error);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    if (now == NULL || !write_members(context, now, false, &json, error)) {
        return false;
    }
    write_sent(context, files, &json);
    json_write_end_object(&json);
    web_send_json(context, &json);
    set_status(context, now, web_files_refused(files) > 0 ? WEB_STATUS_IN_PART : 201);
    return true;
}

static bool attach_one(WebContext *context, const LedgerEntry *entry, LedgerFile file,
                       GError **error)
{
    g_autoptr(GArray) files = g_array_new(false, false, sizeof file);
    g_array_append_val(files, file);
    return attach(context, entry, files, error);
}

/* Attach the body itself, called `name` in the query. */
static bool attach_body(WebContext *context, const LedgerEntry *entry, GError **error)
{
    size_t length = 0;
    const char *bytes = http_request_body(context->request, &length);
    const char *field = http_request_query(context->request, "field");
    const char *name = http_request_query(context->request, "name");
    if (length == 0 || field == NULL || name == NULL || *name == '\0') {
        error_set(
            error, SHUZHI_ERROR_INVALID,
            "send the file as the body, with its name and field in the address, or as a form");
        return false;
    }
    g_autofree char *path = NULL;
    int fd = scratch_file(context->site->scratch, "api", &path, error);
    if (fd < 0) {
        return false;
    }
    close(fd);
    bool is_done =
        file_write(path, bytes, length, 0600, error) &&
        attach_one(context, entry, (LedgerFile){.field = field, .path = path, .name = name}, error);
    g_unlink(path);
    return is_done;
}

/* Attach the files of a form, each by the name of its control. */
static bool attach_uploads(WebContext *context, const LedgerEntry *entry, const GPtrArray *uploads,
                           GError **error)
{
    g_autoptr(GArray) files = g_array_new(false, false, sizeof(LedgerFile));
    for (guint i = 0; i < uploads->len; i++) {
        const HttpUpload *upload = g_ptr_array_index(uploads, i);
        const LedgerFile file = {
            .field = upload->field, .path = upload->path, .name = upload->name};
        g_array_append_val(files, file);
    }
    return attach(context, entry, files, error);
}

bool web_api_file_post(WebContext *context, GError **error)
{
    const GPtrArray *uploads = http_request_uploads(context->request);
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    return entry != NULL && (uploads->len > 0 ? attach_uploads(context, entry, uploads, error)
                                              : attach_body(context, entry, error));
}

static bool detach(WebContext *context, const LedgerEntry *entry, const json_t *body,
                   GError **error)
{
    const char *field = NULL;
    int64_t file = 0;
    return web_api_part(context, 1, &file, error) &&
           web_api_text(context, body, "field", &field, error) &&
           web_api_text(context, body, "why", &context->act.why, error) &&
           ledger_evidence_detach(context->office, context->subject, &context->act, entry,
                                  field != NULL ? field : "", file, error) &&
           send_result(context, entry->id, 200, error);
}

bool web_api_detach_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"field", "why", NULL};
    return run_act(context, RIGHTS_ENTRY_READ, known, 200, detach, error);
}
