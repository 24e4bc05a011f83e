#include "random-load.h"

#include "ledger/verify.h"
#include "ledger/write.h"
#include "office/key.h"
#include "office/verify.h"

void random_load_init(RandomLoad *load, Office *office, const RightsSubject *subject, Source *clock,
                      uint64_t seed)
{
    *load = (RandomLoad){
        .office = office,
        .subject = subject,
        .act = {.actor = subject->actor},
        .clock = clock,
        .dice = source_new_seeded(seed, 0),
        .ids = g_array_new(false, false, sizeof(int64_t)),
        .digest = g_checksum_new(G_CHECKSUM_SHA256),
    };
}

void random_load_clear(RandomLoad *load)
{
    source_free(load->dice);
    g_array_unref(load->ids);
    g_checksum_free(load->digest);
}

static uint32_t below(RandomLoad *load, uint32_t n)
{
    return source_random_below(load->dice, n);
}

/* ---- what people type ------------------------------------------------------------------------ */

/* Words that databases might treat differently: order, case, quotes, planes beyond the first. */
static const char *const words[] = {
    "路灯", "噪声", "不亮", "a", "A", "Ä", "ä", "é", "'", "\"", "\\", "$1", "%", "_",    "{int}",
    "--",   ";",    "𠮷",   "😀", " ", "ß", "Z", "z", "0", "９", "，", "。", "·", "NULL", "\xC2\xA0",
};

static char *random_text(RandomLoad *load)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (uint32_t n = below(load, 9); n > 0; n--) {
        g_string_append(text, words[below(load, G_N_ELEMENTS(words))]);
    }
    return g_string_free(g_steal_pointer(&text), false);
}

static char *random_time(RandomLoad *load)
{
    return g_strdup_printf("%u-%02u-%02u %02u:%02u", 2022 + below(load, 2), 1 + below(load, 12),
                           1 + below(load, 29), below(load, 24), below(load, 60));
}

/* What somebody might type into @field: mostly right. */
static char *random_input(RandomLoad *load, const SchemaField *field)
{
    if (field->choices != NULL && below(load, 20) > 0) {
        return g_strdup(field->choice_names[below(load, field->choices->len)]);
    }
    switch (schema_kind_info(field->kind)->value_kind) {
    case VALUE_TIME:
    case VALUE_DATE:
        return random_time(load);
    case VALUE_NUMBER:
        return g_strdup_printf("%u", below(load, 1000));
    case VALUE_REF:
        return g_strdup_printf("#%u", 1 + below(load, 8));
    case VALUE_BOOL:
        return g_strdup(below(load, 2) == 0 ? "是" : "否");
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_LIST:
        break;
    }
    return random_text(load);
}

static void fill(RandomLoad *load, LedgerInput *input, LedgerNames *names, const char *name,
                 const char *text)
{
    const SchemaField *field = schema_ledger_field(input->ledger, name);
    Value value = VALUE_EMPTY;
    if (ledger_field_parse(field, text, names, office_offset_seconds(load->office), 2023, &value,
                           NULL)) {
        ledger_input_set(input, field, value);
    }
}

/* Fill each field that comes with @step (NULL: with no step) in one of @one_in cases, and now and
 * then one that does not belong there. */
static LedgerInput *random_fields(RandomLoad *load, StoreConnection *reader, const char *step,
                                  uint32_t one_in)
{
    const SchemaLedger *ledger = schema_ledger(office_schema(load->office), "case");
    LedgerInput *input = ledger_input_new(ledger);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        bool belongs = g_strcmp0(field->set_by_step, step) == 0;
        if (field->kind != SCHEMA_FIELD_ROWS && below(load, belongs ? one_in : 200) == 0) {
            g_autofree char *text = random_input(load, field);
            fill(load, input, names, field->name, text);
        }
    }
    return input;
}

/* ---- acts ------------------------------------------------------------------------------------ */

bool random_load_add(RandomLoad *load, int64_t *ret_id, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(load->office), error);
    if (reader == NULL) {
        return false;
    }
    g_autoptr(LedgerInput) input = random_fields(load, reader, NULL, 3);
    if (below(load, 10) > 0) {
        g_autoptr(LedgerNames) names = ledger_names_new(reader);
        fill(load, input, names, "title", "路灯不亮");
        fill(load, input, names, "received_at", "2023-01-05 10:00");
    }
    return ledger_entry_add(load->office, load->subject, &load->act, input, 0, ret_id, error);
}

static bool add(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    int64_t added = 0;
    bool is_ok = random_load_add(load, &added, error);
    if (is_ok) {
        g_array_append_val(load->ids, added);
    }
    return is_ok;
}

static bool change(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(load->office), NULL);
    g_autoptr(LedgerInput) input = random_fields(load, reader, NULL, 6);
    LogAct act = load->act;
    act.why = "更正";
    return ledger_entry_change(load->office, load->subject, &act, id, version, input, NULL, error);
}

/* Return a step that leaves the state of @entry, if there is one; mostly. */
static const SchemaStep *random_step(RandomLoad *load, const LedgerEntry *entry)
{
    const GPtrArray *steps = entry->ledger->steps;
    const SchemaStep *chosen = NULL;
    for (int tries = 0; tries < 6; tries++) {
        chosen = g_ptr_array_index(steps, below(load, steps->len));
        for (guint i = 0; i < chosen->from->len; i++) {
            const SchemaChoice *from = g_ptr_array_index(chosen->from, i);
            if (g_strcmp0(from->name, entry->state) == 0) {
                return chosen;
            }
        }
    }
    return chosen;
}

static bool step(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(load->office), error);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(load->office, reader, id, error);
    if (entry == NULL) {
        return false;
    }
    const SchemaStep *chosen = random_step(load, entry);
    g_autoptr(LedgerInput) input = random_fields(load, reader, chosen->name, 12);
    g_autoptr(LedgerNames) names = ledger_names_new(reader);
    for (guint i = 0; i < chosen->asks->len && below(load, 8) > 0; i++) {
        const SchemaField *asked = g_ptr_array_index(chosen->asks, i);
        fill(load, input, names, asked->name,
             asked->choices != NULL ? asked->choice_names[0] : "已修复");
    }
    return ledger_entry_step(load->office, load->subject, &load->act, id, version, chosen->name, 0,
                             input, NULL, error);
}

static bool comment(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    g_autofree char *text = random_text(load);
    return ledger_entry_comment(load->office, load->subject, &load->act, id, text, error);
}

static bool look(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    return ledger_entry_look(load->office, load->subject, &load->act, id, error);
}

static bool delete_it(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    LogAct act = load->act;
    act.why = "重复登记";
    if (below(load, 3) == 0) {
        version--;
    }
    return ledger_entry_delete(load->office, load->subject, &act, id, version, error);
}

static bool erase(RandomLoad *load, int64_t id, int64_t version, GError **error)
{
    return ledger_entry_erase(load->office, load->subject, &load->act, id, error);
}

static bool (*const acts[])(RandomLoad *, int64_t, int64_t, GError **) = {
    add,  add,  add,  add,  add,  change,  change, change, change,
    step, step, step, step, step, comment, look,   erase,  delete_it,
};

/* Return the version of @id that somebody has on the screen: now and then a stale one. */
static int64_t seen_version(RandomLoad *load, int64_t id)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(load->office), NULL);
    g_autoptr(LedgerEntry) entry = ledger_entry_load(load->office, reader, id, NULL);
    return entry == NULL ? 1 : entry->version - (below(load, 10) == 0 ? 1 : 0);
}

/* Return one of the entries: mostly of the newest, so that lives go on to their ends. */
static int64_t pick_entry(RandomLoad *load)
{
    uint32_t n = load->ids->len;
    uint32_t back = below(load, below(load, 4) > 0 ? MIN(n, 20) : n);
    return g_array_index(load->ids, int64_t, n - 1 - back);
}

void random_load_act(RandomLoad *load)
{
    g_autoptr(GError) error = NULL;
    if (load->clock != NULL) {
        source_set_now_us(load->clock, source_now_us(load->clock) + 1 + below(load, 1000000));
    }
    uint32_t chosen = load->ids->len == 0 ? 0 : below(load, G_N_ELEMENTS(acts));
    int64_t id = load->ids->len > 0 ? pick_entry(load) : 0;
    int64_t version = id != 0 ? seen_version(load, id) : 0;
    bool is_ok = acts[chosen](load, id, version, &error);
    load->n_done += is_ok;
    load->n_refused += !is_ok;
    g_autofree char *line = g_strdup_printf("%u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n",
                                            chosen, id, version, is_ok ? "ok" : error->message);
    g_checksum_update(load->digest, (const guchar *)line, -1);
    if (g_getenv("SHUZHI_LOAD_TRACE") != NULL) {
        g_printerr("%s", line);
    }
}

LogReport *random_load_verify(Office *office, GError **error)
{
    g_autoptr(LogReport) report = log_report_new();
    g_autofree char *origin = office_key_origin(office_id(office));
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    bool is_looked = reader != NULL &&
                     log_verify(office_store(office), NULL, origin, office_public_key(office), NULL,
                                report, error) &&
                     office_verify(reader, report, error);
    return is_looked ? g_steal_pointer(&report) : NULL;
}
