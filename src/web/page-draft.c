#include "web/pages.h"

#include <stdlib.h>

#include "base/text.h"
#include "web/again.h"
#include "web/api.h"
#include "web/draft.h"
#include "web/entry.h"
#include "web/notice.h"
#include "web/rows.h"

/* Besides the fields of the ledger, what a form brings that a draft keeps. */
static const char *const kept_names[] = {"version", "why", "personal", "once", NULL};

/* ---- a draft as it is kept ------------------------------------------------------------------- */

/* Return the fields of the request's form as a draft keeps them; the caller owns it. */
static char *write_content(const WebContext *context)
{
    const GPtrArray *names = http_request_form_names(context->request);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (!g_str_has_prefix(name, WEB_FIELD_PREFIX) && !g_strv_contains(kept_names, name)) {
            continue;
        }
        const GPtrArray *typed = http_request_form_all(context->request, name);
        json_write_key(&json, name);
        json_write_begin_array(&json);
        for (guint j = 0; j < typed->len; j++) {
            json_write_text(&json, g_ptr_array_index(typed, j));
        }
        json_write_end_array(&json);
    }
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

/* Return the fields of @draft: name -> array of texts; the caller owns it. */
static GHashTable *read_content(const LedgerDraft *draft)
{
    GHashTable *fields =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(json_t) content = json_parse(draft->content, strlen(draft->content), NULL);
    const char *name = NULL;
    json_t *values = NULL;
    json_object_foreach(content, name, values)
    {
        GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
        size_t i = 0;
        json_t *value = NULL;
        json_array_foreach(values, i, value)
        {
            g_ptr_array_add(texts, g_strdup(json_is_string(value) ? json_string_value(value) : ""));
        }
        g_hash_table_insert(fields, g_strdup(name), texts);
    }
    return fields;
}

static void put(GHashTable *fields, const char *name, const char *text)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(texts, g_strdup(text));
    g_hash_table_insert(fields, g_strdup(name), texts);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Return what @draft of @ledger is called: its title as typed so far. */
static const char *title_of(const WebContext *context, const LedgerDraft *draft,
                            const SchemaLedger *ledger)
{
    g_autoptr(GHashTable) fields = read_content(draft);
    g_autofree char *name = g_strconcat(WEB_FIELD_PREFIX, ledger->title->name, NULL);
    const GPtrArray *typed = g_hash_table_lookup(fields, name);
    const char *title = typed != NULL && typed->len > 0 ? g_ptr_array_index(typed, 0) : "";
    return *title != '\0' ? web_keep(context, g_strdup(title))
                          : web_tr(context, N_("(no title yet)"));
}

GPtrArray *web_drafts(const WebContext *context, const SchemaLedger *ledger, int64_t entry,
                      GError **error)
{
    g_autoptr(GPtrArray) drafts = ledger_draft_list(context->reader, context->subject, error);
    GPtrArray *shown = web_array(context);
    for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
        const LedgerDraft *draft = g_ptr_array_index(drafts, i);
        const SchemaLedger *own = schema_ledger(office_schema(context->office), draft->ledger);
        if (own == NULL || (ledger != NULL && (own != ledger || draft->entry_id != entry))) {
            continue;
        }
        WebDraft *line = web_new(context, WebDraft);
        line->address = web_keep(context, g_strdup_printf("/draft/%" G_GINT64_FORMAT, draft->id));
        line->title = title_of(context, draft, own);
        line->ledger = web_words(context, &own->words);
        line->number = draft->entry_id != 0
                           ? ledger_names_get(context->names, SCHEMA_FIELD_ENTRY, draft->entry_id)
                           : "";
        line->changed = web_time(context, draft->changed_us);
        g_ptr_array_add(shown, line);
    }
    return drafts != NULL ? shown : NULL;
}

static const WebRowsColumn columns[] = {{"id", N_("id")},
                                        {"ledger", N_("Ledger")},
                                        {"number", N_("Number")},
                                        {"title", N_("Subject")},
                                        {"changed", N_("Changed")}};

/* Return the number of the entry that @draft would change; NULL for a new one. */
static const char *number_of(const WebContext *context, const LedgerDraft *draft)
{
    return draft->entry_id != 0
               ? ledger_names_get(context->names, SCHEMA_FIELD_ENTRY, draft->entry_id)
               : NULL;
}

static bool tell_draft(const WebContext *context, WebSink *sink, const LedgerDraft *draft,
                       const SchemaLedger *ledger, GError **error)
{
    const char *number = number_of(context, draft);
    const char *title = title_of(context, draft, ledger);
    const char *words = web_words(context, &ledger->words);
    g_autofree char *address = g_strdup_printf("/draft/%" G_GINT64_FORMAT, draft->id);
    const TableCell cells[G_N_ELEMENTS(columns)] = {
        web_cell_number(context, draft->id),
        web_cell_text(sink->has_names ? ledger->name : words),
        web_cell_text(number),
        web_cell_text(title),
        web_cell_time(context, draft->changed_us),
    };
    const WebLine line = {.cells = cells,
                          .id = web_row_id(context, "draft", draft->id),
                          .title = title,
                          .address = address,
                          .said = words,
                          .changed_us = draft->changed_us};
    return web_sink_take(context, sink, &line, error);
}

/* The reader's, but for those of ledgers that the pack has no more. */
static bool read_drafts(const WebContext *context, const void *data, WebSink *sink, GError **error)
{
    g_autoptr(GPtrArray) drafts = ledger_draft_list(context->reader, context->subject, error);
    for (guint i = 0; drafts != NULL && i < drafts->len; i++) {
        const LedgerDraft *draft = g_ptr_array_index(drafts, i);
        const SchemaLedger *ledger = schema_ledger(office_schema(context->office), draft->ledger);
        if (ledger != NULL && !tell_draft(context, sink, draft, ledger, error)) {
            return false;
        }
    }
    return drafts != NULL;
}

/* Their page is the first. */
bool web_page_drafts(WebContext *context, GError **error)
{
    const WebRows rows = {.name = "drafts",
                          .words = web_tr(context, N_("Unfinished drafts")),
                          .query = "",
                          .columns = columns,
                          .n_columns = G_N_ELEMENTS(columns),
                          .read = read_drafts};
    if (*context->ending != '\0') {
        return web_rows_send(context, &rows, error);
    }
    http_response_redirect(context->response, "/#drafts");
    return true;
}

/* ---- going on -------------------------------------------------------------------------------- */

/* Return the draft that the address names; the caller owns it.  NOT_FOUND. */
static LedgerDraft *find(const WebContext *context, GError **error)
{
    int64_t id = 0;
    if (!text_parse_int(context->parts[0], &id)) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return NULL;
    }
    return ledger_draft_load(context->reader, context->subject, id, error);
}

/* Put @part in the place of what the address named. */
static void set_part(WebContext *context, const char *part)
{
    g_free(context->parts[0]);
    context->parts[0] = g_strdup(part);
}

/* The form that the draft was saved from, filled in with it. */
bool web_page_draft(WebContext *context, GError **error)
{
    g_autoptr(LedgerDraft) draft = find(context, error);
    if (draft == NULL) {
        return false;
    }
    context->typed = read_content(draft);
    put(context->typed, "draft", context->parts[0]);
    put(context->typed, "saved", web_time(context, draft->changed_us));
    if (draft->entry_id == 0) {
        set_part(context, draft->ledger);
        return rights_may(context->subject, RIGHTS_ENTRY_ADD, NULL, error) &&
               web_page_add(context, error);
    }
    set_part(context, ledger_names_get(context->names, SCHEMA_FIELD_ENTRY, draft->entry_id));
    return web_page_change(context, error);
}

bool web_page_draft_discard_post(WebContext *context, GError **error)
{
    g_autoptr(LedgerDraft) draft = find(context, error);
    if (draft == NULL ||
        !ledger_draft_remove(context->office, context->subject, draft->id, error)) {
        return false;
    }
    web_redirect_told(context, "/#drafts", web_tr(context, N_("The draft is discarded.")));
    return true;
}

/* ---- saving ---------------------------------------------------------------------------------- */

/* Return the number in the control @name; 0 where there is none. */
static int64_t typed_number(const WebContext *context, const char *name)
{
    int64_t number = 0;
    return text_parse_int(web_typed(context, name), &number) ? number : 0;
}

/* Keep @draft; where the one that the form went on with is gone, as a new one, but for a form that
 * saves itself: NOT_FOUND. */
static bool keep(WebContext *context, LedgerDraft *draft, GError **error)
{
    g_autoptr(GError) gone = NULL;
    draft->id = typed_number(context, "draft");
    if (draft->id != 0 && ledger_draft_save(context->office, context->subject, draft, &gone)) {
        return true;
    }
    bool is_asked = *web_typed(context, "auto") == '\0';
    if (gone != NULL && !(is_asked && error_is(gone, SHUZHI_ERROR_NOT_FOUND))) {
        g_propagate_error(error, g_steal_pointer(&gone));
        return false;
    }
    draft->id = 0;
    return ledger_draft_save(context->office, context->subject, draft, error);
}

/* Save the form as a draft of @ledger (for @entry, 0: a new one), and go on with it. */
static bool save(WebContext *context, const SchemaLedger *ledger, int64_t entry, GError **error)
{
    g_autofree char *content = write_content(context);
    GError *refused = NULL;
    LedgerDraft draft = {.ledger = ledger->name,
                         .entry_id = entry,
                         .version = typed_number(context, "version"),
                         .content = content};
    if (!keep(context, &draft, &refused)) {
        return web_page_again(context, refused, error);
    }
    http_response_redirect(
        context->response,
        web_keep(context, g_strdup_printf("/draft/%" G_GINT64_FORMAT, draft.id)));
    return true;
}

bool web_page_add_draft_post(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    return ledger != NULL && save(context, ledger, 0, error);
}

/* Check that @entry is in the books: nothing could ever come of a draft for another. */
static bool check_stands(const LedgerEntry *entry, GError **error)
{
    if (entry->gone != NULL) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "%s was taken out of the books", entry->number);
    }
    return entry->gone == NULL;
}

bool web_page_change_draft_post(WebContext *context, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    GError *refused = NULL;
    if (entry == NULL) {
        return false;
    }
    if (!check_stands(entry, &refused)) {
        return web_page_again(context, refused, error);
    }
    const RightsObject object = web_entry_object(entry);
    return rights_may(context->subject, RIGHTS_ENTRY_CHANGE, &object, error) &&
           save(context, entry->ledger, entry->id, error);
}

bool web_draft_check(WebContext *context, GError **error)
{
    g_autoptr(GError) gone = NULL;
    int64_t id = typed_number(context, "draft");
    g_autoptr(LedgerDraft) draft =
        id != 0 ? ledger_draft_load(context->reader, context->subject, id, &gone) : NULL;
    if (gone == NULL) {
        return true;
    }
    web_untype(context, "draft");
    error_set(error, SHUZHI_ERROR_CONFLICT,
              "the draft that this goes on with was recorded or discarded in another window; send"
              " it once more to record it all the same");
    return false;
}

/* The entry is recorded, whatever becomes of its draft: one that stays can still be discarded. */
void web_draft_settle(WebContext *context)
{
    int64_t id = typed_number(context, "draft");
    if (id != 0) {
        ledger_draft_remove(context->office, context->subject, id, NULL);
    }
}

/* ---- for programs ---------------------------------------------------------------------------- */

/* Return the ROWS field of @ledger (NULL: none) that the control @name, "visits.who", is a column
 * of; NULL for other controls. */
static const SchemaField *rows_of(const SchemaLedger *ledger, const char *name)
{
    const char *dot = strchr(name, '.');
    g_autofree char *rows = dot != NULL ? g_strndup(name, (gsize)(dot - name)) : NULL;
    const SchemaField *field =
        rows != NULL && ledger != NULL ? schema_ledger_field(ledger, rows) : NULL;
    return field != NULL && field->kind == SCHEMA_FIELD_ROWS ? field : NULL;
}

/* Return the control of the column @child of a ROWS field; the caller owns it. */
static char *column_control(const SchemaField *child)
{
    return g_strconcat(WEB_FIELD_PREFIX, child->parent->name, ".", child->name, NULL);
}

/* Return what @content has for the column @child in line @line; "" for nothing. */
static const char *text_in_line(json_t *content, const SchemaField *child, size_t line)
{
    g_autofree char *control = column_control(child);
    const char *text = json_string_value(json_array_get(json_object_get(content, control), line));
    return text != NULL ? text : "";
}

/* Write line @line of @rows unless nothing stands in it. */
static void write_line(JsonWriter *json, json_t *content, const SchemaField *rows, size_t line)
{
    bool is_blank = true;
    for (guint i = 0; is_blank && i < rows->fields->len; i++) {
        is_blank = *text_in_line(content, g_ptr_array_index(rows->fields, i), line) == '\0';
    }
    if (is_blank) {
        return;
    }
    json_write_begin_object(json);
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(rows->fields, i);
        json_write_key_text(json, child->name, text_in_line(content, child, line));
    }
    json_write_end_object(json);
}

static void write_rows(JsonWriter *json, json_t *content, const SchemaField *rows)
{
    size_t n = 0;
    for (guint i = 0; i < rows->fields->len; i++) {
        g_autofree char *control = column_control(g_ptr_array_index(rows->fields, i));
        n = MAX(n, json_array_size(json_object_get(content, control)));
    }
    json_write_key(json, rows->name);
    json_write_begin_array(json);
    for (size_t line = 0; line < n; line++) {
        write_line(json, content, rows, line);
    }
    json_write_end_array(json);
}

static void write_texts(JsonWriter *json, const char *name, const json_t *texts)
{
    size_t i = 0;
    json_t *text = NULL;
    json_write_key(json, name);
    json_write_begin_array(json);
    json_array_foreach(texts, i, text)
    {
        json_write_text(json, json_string_value(text));
    }
    json_write_end_array(json);
}

/* Write what the controls of @content, those of fields of @ledger (NULL: of an older pack), hold:
 * {"title":["…"],"visits":[{"who":"…"}]}. */
static void write_fields(JsonWriter *json, const SchemaLedger *ledger, json_t *content)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL); /* ROWS fields that are written */
    const char *name = NULL;
    json_t *texts = NULL;
    json_write_key(json, "fields");
    json_write_begin_object(json);
    json_object_foreach(content, name, texts)
    {
        if (!g_str_has_prefix(name, WEB_FIELD_PREFIX)) {
            continue;
        }
        const SchemaField *rows = rows_of(ledger, name + strlen(WEB_FIELD_PREFIX));
        if (rows == NULL) {
            write_texts(json, name + strlen(WEB_FIELD_PREFIX), texts);
        } else if (g_hash_table_add(seen, (gpointer)rows)) {
            write_rows(json, content, rows);
        }
    }
    json_write_end_object(json);
}

static bool send_draft(WebContext *context, int64_t id, GError **error)
{
    g_autoptr(LedgerDraft) draft = ledger_draft_load(context->reader, context->subject, id, error);
    g_autoptr(json_t) content =
        draft != NULL ? json_parse(draft->content, strlen(draft->content), error) : NULL;
    if (content == NULL) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_int(&json, "id", draft->id);
    json_write_key_text(&json, "ledger", draft->ledger);
    json_write_key_text(&json, "number", number_of(context, draft));
    json_write_key_int(&json, "version", draft->version);
    web_api_write_time(context, &json, "changed", draft->changed_us);
    json_write_key_text(&json, "why",
                        json_string_value(json_array_get(json_object_get(content, "why"), 0)));
    write_fields(&json, schema_ledger(office_schema(context->office), draft->ledger), content);
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_api_draft(WebContext *context, GError **error)
{
    g_autoptr(LedgerDraft) draft = find(context, error);
    return draft != NULL && send_draft(context, draft->id, error);
}

/* Return @value, a text or several, as a draft keeps it, a new reference; NULL for what is none. */
static json_t *texts_of(json_t *value)
{
    bool is_ok = json_is_array(value);
    for (size_t i = 0; is_ok && i < json_array_size(value); i++) {
        is_ok = json_is_string(json_array_get(value, i));
    }
    return json_is_string(value) ? json_pack("[O]", value) : is_ok ? json_incref(value) : NULL;
}

/* Put one column of @value, an array of objects, into @content; false where a text is none.  No
 * lines are one that is blank, as the form has it that empties the rows. */
static bool take_column(const json_t *value, const SchemaField *child, json_t *content)
{
    g_autofree char *control = column_control(child);
    json_t *texts = json_array(); /* content's once it is set */
    json_object_set_new(content, control, texts);
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *text = json_object_get(json_array_get(value, i), child->name);
        if (text != NULL && !json_is_string(text)) {
            return false;
        }
        json_array_append_new(texts, text != NULL ? json_incref(text) : json_string(""));
    }
    if (json_array_size(texts) == 0) {
        json_array_append_new(texts, json_string(""));
    }
    return true;
}

/* Whether @value is an array of objects with no members but the columns of @rows, no more than the
 * form takes. */
static bool is_of_rows(const json_t *value, const SchemaField *rows)
{
    bool is_ok = json_is_array(value) && web_lines_fit(rows, json_array_size(value));
    for (size_t i = 0; is_ok && i < json_array_size(value); i++) {
        json_t *line = json_array_get(value, i);
        size_t n_known = 0;
        for (guint k = 0; k < rows->fields->len; k++) {
            const SchemaField *child = g_ptr_array_index(rows->fields, k);
            n_known += json_object_get(line, child->name) != NULL ? 1 : 0;
        }
        is_ok = json_is_object(line) && n_known == json_object_size(line);
    }
    return is_ok;
}

/* Put @value, the lines of @rows, into @content in the place of those there. */
static bool take_rows(const json_t *value, const SchemaField *rows, json_t *content)
{
    bool is_ok = is_of_rows(value, rows);
    for (guint i = 0; is_ok && i < rows->fields->len; i++) {
        is_ok = take_column(value, g_ptr_array_index(rows->fields, i), content);
    }
    return is_ok;
}

/* Put @value of @field, a text or several, or lines of texts, into @content; false for what a draft
 * does not keep. */
static bool take_field(json_t *value, const SchemaField *field, json_t *content)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return take_rows(value, field, content);
    }
    json_t *texts = field->kind != SCHEMA_FIELD_FILE ? texts_of(value) : NULL;
    g_autofree char *control = g_strconcat(WEB_FIELD_PREFIX, field->name, NULL);
    return texts != NULL && json_object_set_new(content, control, texts) == 0;
}

/* Put what @body says of the fields of @ledger, and the reason, into @content: right or wrong, as
 * typed. */
static bool take_fields(WebContext *context, const SchemaLedger *ledger, const json_t *body,
                        json_t *content, GError **error)
{
    const char *name = NULL;
    const char *why = NULL;
    json_t *value = NULL;
    json_object_foreach(json_object_get(body, "fields"), name, value)
    {
        const SchemaField *field = schema_ledger_field(ledger, name);
        if (field == NULL || !take_field(value, field, content)) {
            web_api_point(context, g_strconcat("/fields/", name, NULL));
            error_set(error, SHUZHI_ERROR_INVALID,
                      "a draft keeps texts of fields that are no files, and rows of such texts");
            return false;
        }
    }
    if (!web_api_text(context, body, "why", &why, error)) {
        return false;
    }
    if (why != NULL) {
        json_object_set_new(content, "why", json_pack("[s]", why));
    }
    return true;
}

/* Keep @draft with @content. */
static bool keep_content(WebContext *context, LedgerDraft *draft, const json_t *content,
                         GError **error)
{
    char *text = json_dumps(content, JSON_COMPACT);
    draft->content = text;
    bool is_kept = ledger_draft_save(context->office, context->subject, draft, error);
    draft->content = NULL;
    free(text);
    return is_kept;
}

/* Let @draft be of the entry called @number, with the version that @body saw. */
static bool take_entry(WebContext *context, const json_t *body, const char *number,
                       LedgerDraft *draft, json_t *content, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, number, error);
    const RightsObject object = entry != NULL ? web_entry_object(entry) : (RightsObject){0};
    if (entry == NULL || !check_stands(entry, error) ||
        !rights_may(context->subject, RIGHTS_ENTRY_CHANGE, &object, error) ||
        !web_api_int(context, body, "version", &draft->version, error)) {
        return false;
    }
    draft->ledger = entry->ledger->name;
    draft->entry_id = entry->id;
    draft->version = draft->version > 0 ? draft->version : entry->version;
    json_object_set_new(content, "version", json_pack("[s]", web_number(context, draft->version)));
    return true;
}

/* Of a new entry, or of one that is named. */
static bool api_add(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    const char *number = NULL;
    LedgerDraft draft = {.ledger = ""};
    g_autoptr(json_t) content = json_object();
    if (!web_api_text(context, body, "number", &number, error) ||
        !web_api_take_text(context, body, "ledger", &draft.ledger, error)) {
        return false;
    }
    bool is_allowed = number != NULL ? take_entry(context, body, number, &draft, content, error)
                                     : rights_may(context->subject, RIGHTS_ENTRY_ADD, NULL, error);
    const SchemaLedger *ledger =
        is_allowed ? web_find_ledger(context, draft.ledger != NULL ? draft.ledger : "", error)
                   : NULL;
    bool is_kept = ledger != NULL && take_fields(context, ledger, body, content, error) &&
                   keep_content(context, &draft, content, error);
    *ret_id = draft.id;
    return is_kept;
}

bool web_api_draft_add_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"ledger", "number", "version", "why", "fields", NULL};
    static const WebApiAct act = {known, api_add, send_draft};
    return web_api_do(context, &act, error);
}

/* What is not named stays. */
static bool api_change(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    g_autoptr(LedgerDraft) stored = find(context, error);
    const SchemaLedger *ledger =
        stored != NULL ? web_find_ledger(context, stored->ledger, error) : NULL;
    g_autoptr(json_t) content =
        ledger != NULL ? json_parse(stored->content, strlen(stored->content), error) : NULL;
    if (content == NULL) {
        return false;
    }
    LedgerDraft draft = *stored; /* its texts are borrowed */
    *ret_id = stored->id;
    return take_fields(context, ledger, body, content, error) &&
           keep_content(context, &draft, content, error);
}

bool web_api_draft_change_post(WebContext *context, GError **error)
{
    static const char *const known[] = {"why", "fields", NULL};
    static const WebApiAct act = {known, api_change, send_draft};
    return web_api_do(context, &act, error);
}

static bool api_discard(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    g_autoptr(LedgerDraft) draft = find(context, error);
    return draft != NULL &&
           ledger_draft_remove(context->office, context->subject, draft->id, error);
}

bool web_api_draft_discard_post(WebContext *context, GError **error)
{
    static const char *const none[] = {NULL};
    static const WebApiAct act = {none, api_discard, web_api_send_done};
    return web_api_do(context, &act, error);
}
