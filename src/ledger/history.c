#include "ledger/history.h"

#include "base/json.h"
#include "base/message.h"
#include "ledger/event.h"
#include "ledger/evidence.h"
#include "ledger/row.h"
#include "ledger/versions.h"
#include "ledger/wall.h"
#include "log/history.h"

#define RULE_PREFIX "evidence." /* of what an event says of the files of a rule */

/* Who reads, of what. */
typedef struct Reading {
    const Office *office;
    const SchemaLedger *ledger;
    const LedgerVersions *versions; /* NULL: all is of today's definition */
    LedgerNames *names;
    bool with_personal;
    const char *language;
} Reading;

static void free_field(gpointer data)
{
    LedgerPastField *field = data;
    g_free(field->name);
    g_free(field->label);
    g_free(field->text);
    g_free(field);
}

static void free_past(gpointer data)
{
    LedgerPast *past = data;
    g_free(past->actor);
    g_free(past->words);
    g_ptr_array_unref(past->fields);
    g_array_unref(past->moved);
    g_free(past);
}

/* What an event says beside its fields: its kind, and the step done.  @data: the event's. */
static char *describe(const Reading *reading, const LogEvent *event, const json_t *data)
{
    static const struct {
        const char *kind;
        const char *words;
    } kinds[] = {
        {"entry.add", N_("recorded")},
        {"entry.change", N_("corrected")},
        {"entry.step", N_("step done")},
        {"entry.comment", N_("comment")},
        {"entry.attach", N_("file attached")},
        {"entry.detach", N_("file taken away")},
        {"entry.look", N_("personal fields looked at")},
        {"entry.delete", N_("taken out of the books")},
        {"entry.erase", N_("personal fields forgotten")},
        {"erase", N_("keys of earlier events forgotten")},
    };
    const char *words = event->kind;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (g_str_equal(kinds[i].kind, event->kind)) {
            words = message_get(reading->language, kinds[i].words);
        }
    }
    const char *name = json_string_value(json_object_get(json_object_get(data, "step"), "name"));
    const SchemaStep *step = name != NULL ? schema_ledger_step(reading->ledger, name) : NULL;
    return step != NULL ? g_strconcat(words, message_get(reading->language, ": "),
                                      schema_words_get(&step->words, reading->language), NULL)
                        : g_strdup(words);
}

/* Read one row of @field from the array of canonical texts @texts; false where it is none of
 * today's rows, because the pack has changed. */
static bool read_row(const SchemaField *field, const json_t *texts, LedgerRows *rows)
{
    g_autofree Value *values = g_new0(Value, field->fields->len);
    bool is_read = json_array_size(texts) == field->fields->len;
    for (guint i = 0; is_read && i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        const SchemaKindInfo *info = schema_kind_info(child->kind);
        const char *text = json_string_value(json_array_get(texts, i));
        is_read = value_from_canonical(info->value_kind, info->item_kind, text != NULL ? text : "",
                                       &values[i]);
    }
    if (is_read) {
        ledger_rows_append(rows, values);
        return true;
    }
    for (guint i = 0; i < field->fields->len; i++) {
        value_clear(&values[i]);
    }
    return false;
}

/* Return the rows of @field that @canonical says; NULL where they are of another pack.  The caller
 * owns them. */
static LedgerRows *read_rows(const SchemaField *field, const char *canonical)
{
    g_autoptr(json_t) all = json_parse(canonical, strlen(canonical), NULL);
    g_autoptr(LedgerRows) rows = ledger_rows_new(field->fields->len);
    for (size_t i = 0; i < json_array_size(all); i++) {
        if (!read_row(field, json_array_get(all, i), rows)) {
            return NULL;
        }
    }
    return g_steal_pointer(&rows);
}

/* Return the canonical text @canonical of rows as people read it; as it is where it is of another
 * pack. */
static char *format_rows(const Reading *reading, const SchemaField *field, const char *canonical)
{
    g_autoptr(LedgerRows) rows = read_rows(field, canonical);
    return rows == NULL ? g_strdup(canonical)
                        : ledger_wall_rows_text(field, rows, reading->names,
                                                office_offset_seconds(reading->office),
                                                reading->language, reading->with_personal);
}

/* Return the canonical text @canonical of @field as people read it. */
static char *format_canonical(const Reading *reading, const SchemaField *field,
                              const char *canonical)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return format_rows(reading, field, canonical);
    }
    const SchemaKindInfo *info = schema_kind_info(field->kind);
    g_auto(Value) value = VALUE_EMPTY;
    if (!value_from_canonical(info->value_kind, info->item_kind, canonical, &value)) {
        return g_strdup(canonical);
    }
    char *text = ledger_field_format(field, &value, reading->names,
                                     office_offset_seconds(reading->office), reading->language);
    if (*field->unit.zh == '\0' || *text == '\0') {
        return text;
    }
    g_autofree char *plain = text;
    bool is_chinese = g_strcmp0(reading->language, "zh") == 0;
    return g_strconcat(plain, is_chinese ? "" : " ",
                       schema_words_get(&field->unit, reading->language), NULL);
}

/* Return whether @field is of today's definition for the event @seq: it had it, with no column that
 * the pack has taken away since. */
static bool is_of_today(const Reading *reading, const SchemaField *field, int64_t seq)
{
    return reading->versions == NULL || ledger_versions_keep(reading->versions, field, seq);
}

/* Return @canonical, which the event @seq says of @field, as people read it. */
static char *format_logged(const Reading *reading, const SchemaField *field, int64_t seq,
                           const char *canonical)
{
    g_autofree char *left = reading->versions == NULL
                                ? g_strdup(canonical)
                                : ledger_versions_left(reading->versions, field, seq, canonical);
    return format_canonical(reading, field, left);
}

/* Return @canonical, the columns of a spreadsheet that have no field, as people read them. */
static char *format_extra(const Reading *reading, const char *canonical)
{
    g_autoptr(json_t) object = json_parse(canonical, strlen(canonical), NULL);
    bool is_chinese = g_strcmp0(reading->language, "zh") == 0;
    GString *out = g_string_new(NULL);
    const char *header = NULL;
    json_t *text = NULL;
    json_object_foreach(object, header, text)
    {
        g_string_append(out, out->len == 0 ? "" : is_chinese ? "；" : "; ");
        g_string_append_printf(out, "%s%s%s", header, is_chinese ? "：" : ": ",
                               json_is_string(text) ? json_string_value(text) : "");
    }
    return g_string_free(out, false);
}

/* Add the columns of the spreadsheet that have no field, behind the wall. */
static void add_extra(const Reading *reading, LedgerPast *past, const char *canonical)
{
    LedgerPastField *shown = g_new0(LedgerPastField, 1);
    shown->name = g_strdup(LEDGER_EXTRA_FIELD);
    shown->label = g_strdup(message_get(reading->language, N_("further columns of the table")));
    shown->is_hidden = ledger_wall_hides_logged(reading->ledger, reading->versions, shown->name,
                                                past->seq, reading->with_personal);
    shown->text = shown->is_hidden
                      ? g_strdup(message_get(reading->language, N_("shown with personal fields")))
                      : format_extra(reading, canonical);
    g_ptr_array_add(past->fields, shown);
}

/* Add what field @name became; names that begin with '@' are no fields. */
static void add_field(const Reading *reading, LedgerPast *past, const char *name,
                      const char *canonical)
{
    const SchemaField *field = schema_ledger_field(reading->ledger, name);
    if (field != NULL && !is_of_today(reading, field, past->seq)) {
        field = NULL;
    }
    bool is_gone = field == NULL && *name != '@';
    bool is_hidden = ledger_wall_hides_logged(reading->ledger, reading->versions, name, past->seq,
                                              reading->with_personal);
    if (is_hidden && !is_gone) {
        return;
    }
    const char *label = field != NULL ? schema_words_get(&field->words, reading->language) : name;
    LedgerPastField *shown = g_new0(LedgerPastField, 1);
    shown->name = g_strdup(name);
    shown->label = *name != '@' ? g_strdup(label) : NULL;
    shown->is_hidden = is_hidden;
    shown->text =
        is_hidden ? g_strdup(message_get(reading->language, N_("a field that the pack no longer "
                                                               "has, shown with personal ones")))
        : field != NULL ? format_logged(reading, field, past->seq, canonical)
                        : g_strdup(canonical);
    g_ptr_array_add(past->fields, shown);
}

/* Add what @values says: the fields as forms have them, then what today's pack does not know. */
static void add_fields(const Reading *reading, LedgerPast *past, const json_t *values)
{
    for (guint i = 0; i < reading->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(reading->ledger->fields, i);
        const char *canonical = json_string_value(json_object_get(values, field->name));
        if (canonical != NULL) {
            add_field(reading, past, field->name, canonical);
        }
    }
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)values, name, value)
    {
        if (json_is_string(value) && g_str_equal(name, LEDGER_EXTRA_FIELD)) {
            add_extra(reading, past, json_string_value(value));
        } else if (json_is_string(value) && schema_ledger_field(reading->ledger, name) == NULL) {
            add_field(reading, past, name, json_string_value(value));
        }
    }
}

/* Add the file that the event with @data attached by a rule, the last of those which it names, or
 * took away. */
static void add_file(const Reading *reading, LedgerPast *past, const json_t *data)
{
    int64_t detached = json_integer_value(json_object_get(data, "detached"));
    const char *name = NULL;
    json_t *files = NULL;
    json_object_foreach((json_t *)data, name, files)
    {
        size_t n = json_array_size(files);
        if ((n == 0 && detached == 0) || !g_str_has_prefix(name, RULE_PREFIX)) {
            continue;
        }
        int64_t file = detached != 0 ? detached : json_integer_value(json_array_get(files, n - 1));
        const SchemaEvidence *rule =
            ledger_evidence_rule(reading->ledger, name + strlen(RULE_PREFIX));
        LedgerPastField *shown = g_new0(LedgerPastField, 1);
        shown->label = g_strdup(rule != NULL ? schema_words_get(&rule->words, reading->language)
                                             : name + strlen(RULE_PREFIX));
        shown->text = g_strdup(ledger_names_get(reading->names, SCHEMA_FIELD_FILE, file));
        g_ptr_array_add(past->fields, shown);
    }
}

/* Note the steps whose time the event with @data corrected. */
static void note_moved(const json_t *data, GArray *moved)
{
    const json_t *steps = json_object_get(data, "moved");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        int64_t n = json_integer_value(json_object_get(json_array_get(steps, i), "n"));
        g_array_append_val(moved, n);
    }
}

static LedgerPast *read_event(const Reading *reading, const LogEvent *event)
{
    LedgerPast *past = g_new0(LedgerPast, 1);
    past->seq = event->seq;
    past->at_us = event->at_us;
    past->actor = g_strdup(event->actor);
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    const json_t *data = json_object_get(line, "data");
    past->happened_us =
        json_integer_value(json_object_get(json_object_get(data, "step"), "happened"));
    past->words = describe(reading, event, data);
    past->moved = g_array_new(false, false, sizeof(int64_t));
    note_moved(data, past->moved);
    past->is_forgotten = event->is_erased;
    past->fields = g_ptr_array_new_with_free_func(free_field);
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    add_fields(reading, past, values);
    if (g_str_equal(event->kind, "entry.attach") || g_str_equal(event->kind, "entry.detach")) {
        add_file(reading, past, data);
    }
    return past;
}

GPtrArray *ledger_history(Office *office, StoreConnection *connection, const LedgerEntry *entry,
                          LedgerNames *names, bool with_personal, const char *language,
                          GError **error)
{
    bool is_of_today = entry->definition == office_definition(office, entry->ledger);
    g_autoptr(LedgerVersions) versions =
        is_of_today ? NULL : ledger_versions_read(connection, ledger_table(entry->ledger), error);
    const Reading reading = {office, entry->ledger, versions, names, with_personal, language};
    g_autoptr(GPtrArray) events =
        is_of_today || versions != NULL ? log_history(connection, entry->id, error) : NULL;
    if (events == NULL) {
        return NULL;
    }
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func(free_past);
    for (guint i = 0; i < events->len; i++) {
        g_ptr_array_add(history, read_event(&reading, g_ptr_array_index(events, i)));
    }
    return ledger_names_are_read(names, error) ? g_steal_pointer(&history) : NULL;
}

/* ---- what an entry was ----------------------------------------------------------------------- */

/* Set @field of @entry to what an event says, @canonical, if it is of today's pack. */
static void set_field(LedgerEntry *entry, const SchemaField *field, const char *canonical)
{
    const SchemaKindInfo *info = schema_kind_info(field->kind);
    Value *value = &entry->values[field->position];
    LedgerRows **rows = &entry->rows[field->position];
    value_clear(value);
    g_clear_pointer(rows, ledger_rows_free);
    if (field->kind == SCHEMA_FIELD_ROWS) {
        *rows = *canonical != '\0' ? read_rows(field, canonical) : NULL;
    } else if (!value_from_canonical(info->value_kind, info->item_kind, canonical, value)) {
        *value = VALUE_EMPTY;
    }
}

/* Set the fields of @entry that @event says. */
static void apply_event(LedgerEntry *entry, const LogEvent *event)
{
    g_autoptr(json_t) values =
        event->values != NULL ? json_parse(event->values, strlen(event->values), NULL) : NULL;
    for (guint i = 0; i < entry->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(entry->ledger->fields, i);
        const char *canonical = json_string_value(json_object_get(values, field->name));
        if (canonical != NULL) {
            set_field(entry, field, canonical);
        }
    }
}

LedgerEntry *ledger_history_last(StoreConnection *connection, const SchemaLedger *ledger,
                                 int64_t id, GError **error)
{
    g_autoptr(GPtrArray) events = log_history(connection, id, error);
    g_autoptr(LedgerEntry) entry = events != NULL ? ledger_entry_new(ledger) : NULL;
    for (guint i = 0; events != NULL && i < events->len; i++) {
        apply_event(entry, g_ptr_array_index(events, i));
    }
    return g_steal_pointer(&entry);
}
