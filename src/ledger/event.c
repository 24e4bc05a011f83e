#include "ledger/event.h"

#include <stddef.h>

#include "base/json.h"

typedef enum MemberKind {
    MEMBER_INT,
    MEMBER_BOOL,
    MEMBER_TEXT,
    MEMBER_EXTRA, /* not of the entry: given as JSON */
} MemberKind;

typedef struct Member {
    const char *name;
    MemberKind kind;
    size_t offset; /* in LedgerEntry */
} Member;

#define INT_MEMBER(name, member)                        \
    {                                                   \
        name, MEMBER_INT, offsetof(LedgerEntry, member) \
    }
#define TEXT_MEMBER(name, member)                        \
    {                                                    \
        name, MEMBER_TEXT, offsetof(LedgerEntry, member) \
    }

/* Sorted by name, as JSON wants them. */
static const Member members[] = {
    INT_MEMBER("batch", batch),
    TEXT_MEMBER("clock", clock),
    INT_MEMBER("definition", definition),
    INT_MEMBER("due", due_us),
    {"due_provisional", MEMBER_BOOL, offsetof(LedgerEntry, is_due_provisional)},
    TEXT_MEMBER("ledger", ledger), /* the struct's name; see text_of() */
    {"moved", MEMBER_EXTRA, 0},
    INT_MEMBER("n", n),
    TEXT_MEMBER("number", number),
    INT_MEMBER("opened", opened_us),
    TEXT_MEMBER("owner", owner),
    TEXT_MEMBER("state", state),
    {"step", MEMBER_EXTRA, 0},
    INT_MEMBER("stepped", stepped_us),
    {"steps", MEMBER_EXTRA, 0},
    INT_MEMBER("stopped", stopped_us),
    INT_MEMBER("unit", unit),
    INT_MEMBER("version", version),
    INT_MEMBER("year", year),
};

const char *const ledger_event_members[] = {
    "batch",   "clock",  "definition", "due",   "due_provisional", "ledger",  "n",
    "number",  "opened", "owner",      "state", "stepped",         "stopped", "unit",
    "version", "year",   NULL};

/* Read one member as a number or a text; empty ones are 0 and NULL. */
static void read_member(const LedgerEntry *entry, const Member *member, int64_t *ret_number,
                        const char **ret_text)
{
    const char *at = (const char *)entry + member->offset;
    *ret_number = 0;
    *ret_text = NULL;
    switch (member->kind) {
    case MEMBER_INT:
        *ret_number = *(const int64_t *)(const void *)at;
        return;
    case MEMBER_BOOL:
        *ret_number = *(const bool *)(const void *)at ? 1 : 0;
        return;
    case MEMBER_TEXT:
        *ret_text = member->offset == offsetof(LedgerEntry, ledger)
                        ? entry->ledger->name
                        : *(char *const *)(const void *)at;
        return;
    case MEMBER_EXTRA:
        return;
    }
    g_assert_not_reached();
}

char *ledger_event_member(const LedgerEntry *entry, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (g_str_equal(members[i].name, name)) {
            int64_t number = 0;
            const char *text = NULL;
            read_member(entry, &members[i], &number, &text);
            if (members[i].kind == MEMBER_TEXT) {
                return g_strdup(text != NULL ? text : "");
            }
            return number != 0 ? g_strdup_printf("%lld", (long long)number) : g_strdup("");
        }
    }
    g_assert_not_reached();
}

static void write_member(JsonWriter *json, const Member *member, const LedgerEntry *before,
                         const LedgerEntry *entry)
{
    int64_t number = 0, number_before = 0;
    const char *text = NULL, *text_before = NULL;
    read_member(entry, member, &number, &text);
    if (before != NULL) {
        read_member(before, member, &number_before, &text_before);
    }
    if (number == number_before && g_strcmp0(text, text_before) == 0) {
        return;
    }
    json_write_key(json, member->name);
    if (member->kind == MEMBER_TEXT) {
        json_write_text(json, text);
    } else if (number == 0) {
        json_write_null(json);
    } else {
        json_write_int(json, number);
    }
}

char *ledger_event_data(const LedgerEntry *before, const LedgerEntry *entry, const char *extra,
                        const char *extra_json)
{
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        if (members[i].kind != MEMBER_EXTRA) {
            write_member(&json, &members[i], before, entry);
        } else if (extra_json != NULL && g_str_equal(members[i].name, extra)) {
            json_write_key(&json, extra);
            json_write_raw(&json, extra_json);
        }
    }
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

char *ledger_event_field(const LedgerEntry *entry, const SchemaField *field)
{
    if (field->kind == SCHEMA_FIELD_ROWS) {
        return ledger_rows_to_canonical(entry->rows[field->position]);
    }
    const Value *value = &entry->values[field->position];
    return value_is_empty(value) ? NULL : value_to_canonical(value);
}

/* Add a field that differs; one that was emptied is committed to as "". */
static void add_field(LogFields *fields, const char *name, const char *before, const char *now)
{
    if (g_strcmp0(before, now) != 0) {
        log_fields_add(fields, name, now != NULL ? now : "");
    }
}

LogFields *ledger_event_fields(const LedgerTable *table, const LedgerEntry *before,
                               const LedgerEntry *entry, Source *source)
{
    LogFields *fields = log_fields_new(source);
    add_field(fields, LEDGER_EXTRA_FIELD, before != NULL ? before->extra : NULL, entry->extra);
    for (guint i = 0; i < table->sorted->len; i++) {
        const SchemaField *field = g_ptr_array_index(table->sorted, i);
        g_autofree char *was = before != NULL ? ledger_event_field(before, field) : NULL;
        g_autofree char *now = ledger_event_field(entry, field);
        add_field(fields, field->name, was, now);
    }
    return fields;
}
