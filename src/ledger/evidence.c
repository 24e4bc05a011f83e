#include "ledger/evidence.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "ledger/change.h"
#include "ledger/evidence-internal.h"
#include "ledger/step.h"
#include "ledger/wall.h"
#include "ledger/write.h"
#include "office/write.h"

static const LogColumn columns[LEDGER_EVIDENCE_N_COLUMNS] = {
    [LEDGER_EVIDENCE_SHA256] = {"sha256", VALUE_TEXT, false},
    [LEDGER_EVIDENCE_NAME] = {"name", VALUE_TEXT, true},
    [LEDGER_EVIDENCE_SIZE] = {"size", VALUE_NUMBER, false},
    [LEDGER_EVIDENCE_ADDED] = {"added", VALUE_TIME, false},
};
const LogTable ledger_evidence_table = {"evidence", "evidence", N_("evidence"), columns,
                                        LEDGER_EVIDENCE_N_COLUMNS};

/* One file on its way into an entry. */
typedef struct Attachment {
    LedgerWork work;
    LedgerFile *file;
    char *sha256; /* owned; NULL until the bytes are kept */
    int64_t size_bytes;
} Attachment;

static void free_attachment(gpointer data)
{
    Attachment *attachment = data;
    g_free(attachment->sha256);
    g_free(attachment);
}

char *ledger_evidence_path(const Office *office, const char *sha256)
{
    g_autofree char *folder = g_strndup(sha256, 2);
    return g_build_filename(office_files_path(office), folder, sha256 + 2, NULL);
}

/* ---- keeping the bytes ----------------------------------------------------------------------- */

/* Return the marking of a state secret in @name (in NFKC), however it is spaced: "秘密"; NULL when
 * there is none.  The caller owns it. */
static char *find_marking(const char *name)
{
    g_autoptr(GRegex) marking = g_regex_new(
        "(?<!\\p{L})([秘机绝])[ _.-]*密[ _.-]*(?:级?文件|级|件)?(?!\\p{L})", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(marking, name, 0, &match)) {
        return NULL;
    }
    g_autofree char *first = g_match_info_fetch(match, 1);
    return g_strconcat(first, "密", NULL);
}

/* Refuse a name that marks a state secret, or that does not read as it is written. */
static bool check_name(const char *name, GError **error)
{
    g_autofree char *narrow = g_utf8_normalize(name, -1, G_NORMALIZE_NFKC);
    if (narrow == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "the name of the file is not UTF-8");
        return false;
    }
    if (text_find_control(name, strlen(name), NULL) || strpbrk(name, "/\\\t\r\n") != NULL ||
        g_str_equal(name, ".") || g_str_equal(name, "..")) {
        error_set(
            error, SHUZHI_ERROR_INVALID,
            "the name of a file is one line without '/' and '\\', and reads as it is written");
        return false;
    }
    g_autofree char *marking = find_marking(narrow);
    if (marking != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is marked '%s': state secrets may not be kept in this system", name,
                  marking);
    }
    return marking == NULL;
}

/* Refuse what is no file, empty or too large, at @path and called @name; *@ret_size is how long it
 * is. */
static bool check_file(const char *path, const char *name, int64_t *ret_size, GError **error)
{
    GStatBuf status;
    if (g_stat(path, &status) != 0) {
        error_set_errno(error, errno, "cannot read '%s'", path);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a file", name);
        return false;
    }
    if (status.st_size == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "the file '%s' is empty: it proves nothing", name);
        return false;
    }
    if (status.st_size > LEDGER_EVIDENCE_MAX_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "'%s' has %lld bytes, at most %lld fit", name,
                  (long long)status.st_size, (long long)LEDGER_EVIDENCE_MAX_BYTES);
        return false;
    }
    *ret_size = status.st_size;
    return true;
}

/* Put the bytes at @incoming in their place, where they may be already. */
static bool settle(const Office *office, const char *incoming, Attachment *attachment,
                   const uint8_t hash[CRYPTO_HASH_SIZE], GError **error)
{
    attachment->sha256 = text_to_hex(hash, CRYPTO_HASH_SIZE);
    g_autofree char *path = ledger_evidence_path(office, attachment->sha256);
    g_autofree char *folder = g_path_get_dirname(path);
    if (!file_make_folder(folder, 0700, error)) {
        return false;
    }
    /* Renamed over a copy that may have gone bad. */
    if (g_rename(incoming, path) != 0) {
        error_set_errno(error, errno, "cannot write '%s'", path);
        return false;
    }
    return file_sync_folder(folder, error) && file_sync_folder(office_files_path(office), error);
}

/* Copy the bytes at @path into the office, hashing what is copied. */
static bool keep_bytes(const Office *office, Attachment *attachment, GError **error)
{
    const LedgerFile *file = attachment->file;
    uint8_t random[8], hash[CRYPTO_HASH_SIZE];
    source_random(source_system(), random, sizeof random);
    g_autofree char *unique = text_to_hex(random, sizeof random);
    g_autofree char *name = g_strconcat("incoming-", unique, NULL);
    g_autofree char *incoming = g_build_filename(office_files_path(office), name, NULL);
    if (!file_make_folder(office_files_path(office), 0700, error) ||
        !file_copy(file->path, incoming, 0600, hash, error)) {
        return false;
    }
    bool is_ok = check_file(incoming, file->name, &attachment->size_bytes, error) &&
                 settle(office, incoming, attachment, hash, error);
    if (!is_ok) {
        g_unlink(incoming);
    }
    return is_ok;
}

/* ---- attaching ------------------------------------------------------------------------------- */

const SchemaEvidence *ledger_evidence_rule(const SchemaLedger *ledger, const char *name)
{
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
        if (g_str_equal(rule->name, name)) {
            return rule;
        }
    }
    return NULL;
}

GArray *ledger_evidence_ids(const char *canonical)
{
    g_auto(Value) files = VALUE_EMPTY;
    GArray *ids = g_array_new(false, false, sizeof(int64_t));
    const SchemaKindInfo *info = schema_kind_info(SCHEMA_FIELD_FILE);
    bool has_files = value_from_canonical(info->value_kind, info->item_kind, canonical, &files) &&
                     !value_is_empty(&files);
    for (guint i = 0; has_files && i < files.items->len; i++) {
        g_array_append_val(ids, g_array_index(files.items, Value, i).number);
    }
    return ids;
}

/* Return the FILE field @name; NULL when there is none. */
static const SchemaField *find_field(const SchemaLedger *ledger, const char *name)
{
    const SchemaField *field = schema_ledger_field(ledger, name);
    return field != NULL && field->kind == SCHEMA_FIELD_FILE ? field : NULL;
}

static void refuse_field(const SchemaLedger *ledger, const char *name, GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < ledger->evidence->len; i++) {
        const SchemaEvidence *rule = g_ptr_array_index(ledger->evidence, i);
        g_string_append_printf(all, "%s%s (%s)", all->len > 0 ? ", " : "", rule->words.name,
                               rule->name);
    }
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_FILE) {
            g_string_append_printf(all, "%s%s (%s)", all->len > 0 ? ", " : "", field->words.name,
                                   field->name);
        }
    }
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' takes no files by '%s'; it has for them: %s",
              ledger->words.name, name, all->str);
}

/* Find the evidence of these bytes, or record it: what the entry has there already, whatever it is
 * called; else what was brought elsewhere under the same name. */
static bool record_evidence(LogWriter *writer, Attachment *attachment, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    const LedgerFile *file = attachment->file;
    int64_t *id = &attachment->file->evidence;
    if (!store_query_int(connection, 0, id, error,
                         "SELECT v.id FROM link l JOIN evidence v ON v.id = l.target"
                         " WHERE l.entry_id = $1 AND l.field = $2 AND v.sha256 = $3",
                         "itt", attachment->work.id, file->field, attachment->sha256) ||
        (*id == 0 &&
         !store_query_int(connection, 0, id, error,
                          "SELECT min(id) FROM evidence WHERE sha256 = $1 AND name = $2", "tt",
                          attachment->sha256, file->name))) {
        return false;
    }
    if (*id != 0) {
        return true;
    }
    g_autofree char *path = ledger_evidence_path(attachment->work.office, attachment->sha256);
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) { /* forgotten with an import, just now */
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "the file '%s' was erased meanwhile; attach it anew", attachment->file->name);
        return false;
    }
    g_auto(Value) sha256 = value_text(attachment->sha256);
    g_auto(Value) name = value_text(attachment->file->name);
    const Value values[LEDGER_EVIDENCE_N_COLUMNS] = {
        [LEDGER_EVIDENCE_SHA256] = sha256,
        [LEDGER_EVIDENCE_NAME] = name,
        [LEDGER_EVIDENCE_SIZE] = value_number(attachment->size_bytes),
        [LEDGER_EVIDENCE_ADDED] = value_time(log_writer_now_us(writer)),
    };
    return log_record_add(writer, &ledger_evidence_table, values, id, error);
}

static bool check_count(gsize n, GError **error)
{
    if (n >= LEDGER_EVIDENCE_MAX_FILES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "at most %d files fit in one place",
                  LEDGER_EVIDENCE_MAX_FILES);
    }
    return n < LEDGER_EVIDENCE_MAX_FILES;
}

/* Make the file a value of @field. */
static bool attach_to_field(LogWriter *writer, const Attachment *attachment, LedgerChange *change,
                            const SchemaField *field, GError **error)
{
    Value *files = &change->entry->values[field->position];
    guint n = value_is_empty(files) ? 0 : files->items->len;
    for (guint i = 0; i < n; i++) {
        if (g_array_index(files->items, Value, i).number == attachment->file->evidence) {
            attachment->file->is_known = true;
            return true;
        }
    }
    if (!check_count(n, error)) {
        return false;
    }
    value_list_append(files, value_ref(attachment->file->evidence));
    return ledger_change_finish(writer, change, "entry.change", NULL, NULL, error);
}

/* Read the files that @rule has already (of int64_t, in order). */
static GArray *files_of_rule(StoreConnection *connection, int64_t id, const char *rule,
                             GError **error)
{
    g_autoptr(StoreStatement) query = store_query(
        connection, error,
        "SELECT target FROM link WHERE entry_id = $1 AND field = $2 AND kind = 'evidence'"
        " ORDER BY n",
        "it", id, rule);
    g_autoptr(GArray) files = g_array_new(false, false, sizeof(int64_t));
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            int64_t file = store_column_int(query, 0);
            g_array_append_val(files, file);
        }
    }
    return query != NULL ? g_steal_pointer(&files) : NULL;
}

/* The event of a rule says all files that it has now, {"evidence.RULE":[ID…]}, so that the last one
 * tells how things stand, and which was taken away, @detached (0: none). */
static char *files_to_json(const char *rule, const GArray *files, int64_t detached)
{
    g_autofree char *member = g_strconcat("evidence.", rule, NULL);
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    if (detached != 0) {
        json_write_key_int(&json, "detached", detached);
    }
    json_write_key(&json, member);
    json_write_begin_array(&json);
    for (guint i = 0; i < files->len; i++) {
        json_write_int(&json, g_array_index(files, int64_t, i));
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

static bool link_file(StoreConnection *connection, int64_t id, const char *rule, int64_t n,
                      int64_t evidence, GError **error)
{
    return store_run(connection, error,
                     "INSERT INTO link (entry_id, field, n, kind, target, choice)"
                     " VALUES ($1, $2, $3, 'evidence', $4, NULL)",
                     "itii", id, rule, n, evidence);
}

static bool attach_to_rule(LogWriter *writer, const Attachment *attachment,
                           const SchemaEvidence *rule, GError **error)
{
    StoreConnection *connection = log_writer_connection(writer);
    int64_t id = attachment->work.id;
    g_autoptr(GArray) files = files_of_rule(connection, id, rule->name, error);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        if (g_array_index(files, int64_t, i) == attachment->file->evidence) {
            attachment->file->is_known = true;
            return true;
        }
    }
    if (files == NULL || !check_count(files->len, error)) {
        return false;
    }
    int64_t n = files->len;
    g_array_append_val(files, attachment->file->evidence);
    g_autofree char *data = files_to_json(rule->name, files, 0);
    return log_append(writer, "entry.attach", id, data, NULL, NULL, error) &&
           link_file(connection, id, rule->name, n, attachment->file->evidence, error);
}

/* Load the entry for attaching: by a rule with the right to do steps, by a field to change it. */
static bool begin(LogWriter *writer, const Attachment *attachment, LedgerChange *change,
                  GError **error)
{
    const LedgerWork *work = &attachment->work;
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(work->office, log_writer_connection(writer), work->id, error);
    if (entry == NULL) {
        return false;
    }
    const char *field = attachment->file->field;
    bool is_rule = ledger_evidence_rule(entry->ledger, field) != NULL;
    if (!is_rule && find_field(entry->ledger, field) == NULL) {
        refuse_field(entry->ledger, field, error);
        return false;
    }
    return ledger_change_begin_with(writer, work, is_rule ? RIGHTS_ENTRY_STEP : RIGHTS_ENTRY_CHANGE,
                                    g_steal_pointer(&entry), change, error);
}

/* Attach the file, or where its bytes are not kept yet only ask whether it may be. */
static bool attach(LogWriter *writer, Attachment *attachment, GError **error)
{
    const char *field = attachment->file->field;
    g_auto(LedgerChange) change = {NULL};
    attachment->file->is_known = false;
    if (!begin(writer, attachment, &change, error)) {
        return false;
    }
    if (attachment->sha256 == NULL) {
        return true;
    }
    const SchemaLedger *ledger = change.entry->ledger;
    const SchemaEvidence *rule = ledger_evidence_rule(ledger, field);
    return record_evidence(writer, attachment, error) &&
           (rule != NULL
                ? attach_to_rule(writer, attachment, rule, error)
                : attach_to_field(writer, attachment, &change, find_field(ledger, field), error));
}

bool ledger_attachments_record(LogWriter *writer, const GPtrArray *attachments, GError **error)
{
    for (guint i = 0; i < attachments->len; i++) {
        if (!attach(writer, g_ptr_array_index(attachments, i), error)) {
            return false;
        }
    }
    return true;
}

static bool attach_job(LogWriter *writer, void *data, GError **error)
{
    return ledger_attachments_record(writer, data, error);
}

GPtrArray *ledger_attachments_keep(Office *office, const RightsSubject *subject, const LogAct *act,
                                   int64_t id, GArray *files, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_attachment);
    for (guint i = 0; i < files->len; i++) {
        Attachment *attachment = g_new0(Attachment, 1);
        attachment->work = (LedgerWork){.office = office, .subject = subject, .id = id};
        attachment->file = &g_array_index(files, LedgerFile, i);
        g_ptr_array_add(all, attachment);
        if (!check_name(attachment->file->name, error) ||
            !check_file(attachment->file->path, attachment->file->name, &attachment->size_bytes,
                        error)) {
            return NULL;
        }
    }
    if (all->len > 0 && !office_write(office, act, NULL, attach_job, all, error)) {
        return NULL;
    }
    for (guint i = 0; i < all->len; i++) {
        if (!keep_bytes(office, g_ptr_array_index(all, i), error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&all);
}

bool ledger_evidence_attach_all(Office *office, const RightsSubject *subject, const LogAct *act,
                                int64_t id, GArray *files, GError **error)
{
    g_autoptr(GPtrArray) all = ledger_attachments_keep(office, subject, act, id, files, error);
    return all != NULL &&
           (all->len == 0 || office_write(office, act, NULL, attach_job, all, error));
}

bool ledger_evidence_attach_good(Office *office, const RightsSubject *subject, const LogAct *act,
                                 int64_t id, GArray *files, GError **error)
{
    g_autoptr(GArray) good = g_array_new(false, false, sizeof(LedgerFile));
    for (guint i = 0; i < files->len; i++) {
        LedgerFile *file = &g_array_index(files, LedgerFile, i);
        int64_t size_bytes = 0;
        if (check_name(file->name, &file->fault) &&
            check_file(file->path, file->name, &size_bytes, &file->fault)) {
            g_array_append_vals(good, file, 1);
        }
    }
    if (!ledger_evidence_attach_all(office, subject, act, id, good, error)) {
        return false;
    }
    for (guint i = 0, j = 0; i < files->len; i++) {
        LedgerFile *file = &g_array_index(files, LedgerFile, i);
        if (file->fault == NULL) {
            *file = g_array_index(good, LedgerFile, j++);
        }
    }
    return true;
}

bool ledger_evidence_attach(Office *office, const RightsSubject *subject, const LogAct *act,
                            int64_t id, const char *field, const char *path, int64_t *ret_evidence,
                            GError **error)
{
    g_autofree char *name = g_path_get_basename(path);
    LedgerFile file = {.field = field, .path = path, .name = name};
    g_autoptr(GArray) files = g_array_new(false, false, sizeof file);
    g_array_append_val(files, file);
    if (!ledger_evidence_attach_all(office, subject, act, id, files, error)) {
        return false;
    }
    if (ret_evidence != NULL) {
        *ret_evidence = g_array_index(files, LedgerFile, 0).evidence;
    }
    return true;
}

/* ---- taking away ----------------------------------------------------------------------------- */

/* One file on its way out of an entry; all borrowed. */
typedef struct Detachment {
    LedgerWork work;
    const char *rule;
    int64_t evidence;
} Detachment;

static void refuse_unknown(const LedgerEntry *entry, GError **error)
{
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "%s has no such file there", entry->number);
}

/* Check that @rule, which has @n files left, may lose one: no step that is done rests on it, and
 * who takes away what a step asked for may do that step. */
static bool may_lose(const LedgerWork *work, const LedgerEntry *entry, const SchemaEvidence *rule,
                     guint n, const GPtrArray *steps, GError **error)
{
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *done = g_ptr_array_index(steps, i);
        const SchemaStep *step = schema_ledger_step(entry->ledger, done->name);
        if (step == NULL ||
            !g_ptr_array_find_with_equal_func(step->evidence, rule->name, g_str_equal, NULL)) {
            continue;
        }
        if (n < (guint)rule->least) {
            error_set(error, SHUZHI_ERROR_CONFLICT,
                      "the step '%s' is done and rests on this file; attach the right one first",
                      step->words.name);
            return false;
        }
        if (!ledger_entry_may_step(work->subject, entry, step, steps, error)) {
            return false;
        }
    }
    return true;
}

/* Write the links of @rule anew: their places have no gaps. */
static bool relink(StoreConnection *connection, int64_t id, const char *rule, const GArray *files,
                   GError **error)
{
    bool is_ok = store_run(connection, error,
                           "DELETE FROM link WHERE entry_id = $1 AND field = $2"
                           " AND kind = 'evidence'",
                           "it", id, rule);
    for (guint i = 0; is_ok && i < files->len; i++) {
        is_ok = link_file(connection, id, rule, i, g_array_index(files, int64_t, i), error);
    }
    return is_ok;
}

static bool detach_job(LogWriter *writer, void *data, GError **error)
{
    const Detachment *detachment = data;
    const LedgerWork *work = &detachment->work;
    StoreConnection *connection = log_writer_connection(writer);
    g_auto(LedgerChange) change = {NULL};
    if (!ledger_change_begin(writer, work, RIGHTS_ENTRY_STEP, &change, error)) {
        return false;
    }
    const SchemaEvidence *rule = ledger_evidence_rule(change.entry->ledger, detachment->rule);
    g_autoptr(GPtrArray) steps = ledger_entry_steps(connection, work->id, error);
    g_autoptr(GArray) files =
        steps != NULL ? files_of_rule(connection, work->id, detachment->rule, error) : NULL;
    guint at = 0;
    if (files == NULL) {
        return false;
    }
    while (at < files->len && g_array_index(files, int64_t, at) != detachment->evidence) {
        at++;
    }
    if (rule == NULL || at == files->len) {
        refuse_unknown(change.entry, error);
        return false;
    }
    g_array_remove_index(files, at);
    g_autofree char *json = files_to_json(rule->name, files, detachment->evidence);
    return may_lose(work, change.entry, rule, files->len, steps, error) &&
           log_append(writer, "entry.detach", work->id, json, NULL, NULL, error) &&
           relink(connection, work->id, rule->name, files, error);
}

/* A file of a field is part of its value. */
static bool detach_from_field(Office *office, const RightsSubject *subject, const LogAct *act,
                              const LedgerEntry *entry, const SchemaField *field, int64_t evidence,
                              GError **error)
{
    const Value *files = &entry->values[field->position];
    guint n = value_is_empty(files) ? 0 : files->items->len;
    Value rest = VALUE_EMPTY;
    guint n_left = 0;
    for (guint i = 0; i < n; i++) {
        int64_t id = g_array_index(files->items, Value, i).number;
        if (id != evidence) {
            value_list_append(&rest, value_ref(id));
            n_left++;
        }
    }
    g_autoptr(LedgerInput) input = ledger_input_new(entry->ledger);
    ledger_input_set(input, field, rest);
    if (n_left == n) {
        refuse_unknown(entry, error);
        return false;
    }
    return ledger_entry_change(office, subject, act, entry->id, entry->version, input, NULL, error);
}

bool ledger_evidence_detach(Office *office, const RightsSubject *subject, const LogAct *act,
                            const LedgerEntry *entry, const char *field, int64_t evidence,
                            GError **error)
{
    const SchemaField *of_files = find_field(entry->ledger, field);
    Detachment detachment = {.work = {.office = office, .subject = subject, .id = entry->id},
                             .rule = field,
                             .evidence = evidence};
    if (!log_act_has_reason(act)) {
        error_set(error, SHUZHI_ERROR_INVALID, "say why the file is taken away");
        error_about(error, "why");
        return false;
    }
    if (of_files != NULL) {
        return detach_from_field(office, subject, act, entry, of_files, evidence, error);
    }
    if (ledger_evidence_rule(entry->ledger, field) == NULL) {
        refuse_field(entry->ledger, field, error);
        return false;
    }
    return office_write(office, act, NULL, detach_job, &detachment, error);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void free_evidence(gpointer data)
{
    LedgerEvidence *evidence = data;
    g_free(evidence->field);
    g_free(evidence->sha256);
    g_free(evidence->name);
    g_free(evidence);
}

GPtrArray *ledger_evidence_list(StoreConnection *connection, const LedgerEntry *entry,
                                bool with_personal, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT l.target, l.field, v.sha256, v.name, v.size, v.added FROM link l"
                    " JOIN evidence v ON v.id = l.target WHERE l.entry_id = $1"
                    " AND l.kind IN ('file', 'evidence') ORDER BY l.field, l.n",
                    "i", entry->id);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_evidence);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row &&
            !ledger_wall_hides_named(entry->ledger, store_column_text(query, 1), with_personal)) {
            LedgerEvidence *evidence = g_new0(LedgerEvidence, 1);
            evidence->id = store_column_int(query, 0);
            evidence->field = g_strdup(store_column_text(query, 1));
            evidence->sha256 = g_strdup(store_column_text(query, 2));
            evidence->name = g_strdup(store_column_text(query, 3));
            evidence->size_bytes = store_column_int(query, 4);
            evidence->added_us = store_column_int(query, 5);
            g_ptr_array_add(all, evidence);
        }
    }
    return query != NULL ? g_steal_pointer(&all) : NULL;
}
