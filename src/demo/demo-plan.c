#include "demo/demo-internal.h"

#include "base/file.h"
#include "base/text.h"
#include "ledger/evidence.h"
#include "ledger/write.h"

/* What is to be recorded at one moment. */
typedef struct Happening {
    int64_t at_us;
    guint order;          /* of planning: settles equal moments */
    int64_t account;      /* who records it */
    const char *ledger;   /* a new entry; NULL: */
    const char *step;     /* a step; NULL: a file */
    int64_t happened_us;  /* of the step */
    guint entry;          /* its place among the planned entries */
    GPtrArray *fields;    /* of char*: name, value, name, value … */
    const char *evidence; /* rule that the file serves */
    const char *name;     /* what it is called */
    char *file;           /* its text */
} Happening;

struct DemoPlanned {
    Demo *demo;
    GPtrArray *happenings; /* of Happening */
    GArray *ids;           /* of int64_t: ids of the entries recorded so far; 0: not yet */
    LedgerNames *names;
};

static void free_happening(gpointer data)
{
    Happening *happening = data;
    g_clear_pointer(&happening->fields, g_ptr_array_unref);
    g_free(happening->file);
    g_free(happening);
}

DemoPlanned *demo_planned_new(Demo *demo)
{
    DemoPlanned *planned = g_new0(DemoPlanned, 1);
    planned->demo = demo;
    planned->happenings = g_ptr_array_new_with_free_func(free_happening);
    planned->ids = g_array_new(false, true, sizeof(int64_t));
    return planned;
}

void demo_planned_free(DemoPlanned *planned)
{
    if (planned != NULL) {
        g_ptr_array_unref(planned->happenings);
        g_array_unref(planned->ids);
        g_free(planned);
    }
}

/* ---- planning -------------------------------------------------------------------------------- */

static Happening *add_happening(DemoPlanned *planned, int64_t at_us, int64_t account)
{
    g_assert(account != 0);
    Happening *happening = g_new0(Happening, 1);
    happening->at_us = at_us;
    happening->order = planned->happenings->len;
    happening->account = account;
    happening->fields = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(planned->happenings, happening);
    return happening;
}

static void take_fields(Happening *happening, va_list arguments)
{
    for (const char *name = va_arg(arguments, const char *); name != NULL;
         name = va_arg(arguments, const char *)) {
        const char *value = va_arg(arguments, const char *);
        if (value != NULL) {
            g_ptr_array_add(happening->fields, g_strdup(name));
            g_ptr_array_add(happening->fields, g_strdup(value));
        }
    }
}

guint demo_plan_entry(DemoPlanned *planned, int64_t at_us, int64_t account, const char *ledger, ...)
{
    Happening *happening = add_happening(planned, at_us, account);
    va_list arguments;
    happening->ledger = ledger;
    happening->entry = planned->ids->len;
    g_array_set_size(planned->ids, planned->ids->len + 1);
    va_start(arguments, ledger);
    take_fields(happening, arguments);
    va_end(arguments);
    return happening->entry;
}

void demo_plan_step(DemoPlanned *planned, int64_t at_us, int64_t account, guint entry,
                    const char *step, int64_t happened_us, ...)
{
    Happening *happening = add_happening(planned, at_us, account);
    va_list arguments;
    happening->entry = entry;
    happening->step = step;
    happening->happened_us = happened_us;
    va_start(arguments, happened_us);
    take_fields(happening, arguments);
    va_end(arguments);
}

void demo_plan_file(DemoPlanned *planned, int64_t at_us, int64_t account, guint entry,
                    const char *evidence, const char *name, const char *text)
{
    Happening *happening = add_happening(planned, at_us, account);
    happening->entry = entry;
    happening->evidence = evidence;
    happening->name = name;
    happening->file = g_strdup(text);
}

/* ---- recording ------------------------------------------------------------------------------- */

/* Return @text with "@12", the entry planned as the 12th, made "#id"; the caller owns it. */
static char *resolve(const DemoPlanned *planned, const char *text)
{
    int64_t entry = 0;
    if (text[0] != '@' || !text_parse_int(text + 1, &entry)) {
        return g_strdup(text);
    }
    int64_t id = g_array_index(planned->ids, int64_t, entry);
    g_assert(id != 0);
    return g_strdup_printf("#%" G_GINT64_FORMAT, id);
}

/* Read child rows: a line a row, its cells separated by "|". */
static bool set_rows(const DemoPlanned *planned, LedgerInput *input, const SchemaField *field,
                     const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "|", -1);
        g_autofree Value *values = g_new0(Value, field->fields->len);
        for (guint j = 0; j < field->fields->len; j++) {
            const SchemaField *child = g_ptr_array_index(field->fields, j);
            if (j < g_strv_length(cells) &&
                !ledger_field_parse(child, cells[j], planned->names, DATE_SECONDS_SHANGHAI, 0,
                                    &values[j], error)) {
                return false;
            }
        }
        ledger_input_add_row(input, field, values);
    }
    return true;
}

/* Return what @happening types into an entry of @ledger. */
static LedgerInput *make_input(const DemoPlanned *planned, const SchemaLedger *ledger,
                               const Happening *happening, GError **error)
{
    g_autoptr(LedgerInput) input = ledger_input_new(ledger);
    for (guint i = 0; i < happening->fields->len; i += 2) {
        const char *name = g_ptr_array_index(happening->fields, i);
        const SchemaField *field = schema_ledger_field(ledger, name);
        g_assert(field != NULL);
        g_autofree char *text = resolve(planned, g_ptr_array_index(happening->fields, i + 1));
        Value value = VALUE_EMPTY;
        if (field->kind == SCHEMA_FIELD_ROWS) {
            if (!set_rows(planned, input, field, text, error)) {
                return NULL;
            }
            continue;
        }
        if (!ledger_field_parse(field, text, planned->names, DATE_SECONDS_SHANGHAI, 0, &value,
                                error)) {
            return NULL;
        }
        ledger_input_set(input, field, value);
    }
    return g_steal_pointer(&input);
}

static bool record_entry(DemoPlanned *planned, const Happening *happening,
                         const RightsSubject *subject, const LogAct *act, GError **error)
{
    Office *office = planned->demo->office;
    const SchemaLedger *ledger = schema_ledger(office_schema(office), happening->ledger);
    g_assert(ledger != NULL);
    g_autoptr(LedgerInput) input = make_input(planned, ledger, happening, error);
    int64_t id = 0;
    if (input == NULL || !ledger_entry_add(office, subject, act, input, 0, &id, error)) {
        return false;
    }
    g_array_index(planned->ids, int64_t, happening->entry) = id;
    return true;
}

/* Return the ledger of entry @id. */
static const SchemaLedger *ledger_of(Office *office, int64_t id, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(LedgerEntry) entry =
        reader != NULL ? ledger_entry_load(office, reader, id, error) : NULL;
    return entry != NULL ? entry->ledger : NULL;
}

static bool record_step(DemoPlanned *planned, const Happening *happening,
                        const RightsSubject *subject, const LogAct *act, GError **error)
{
    Office *office = planned->demo->office;
    int64_t id = g_array_index(planned->ids, int64_t, happening->entry);
    const SchemaLedger *ledger = ledger_of(office, id, error);
    g_autoptr(LedgerInput) input =
        ledger != NULL ? make_input(planned, ledger, happening, error) : NULL;
    return input != NULL && ledger_entry_step(office, subject, act, id, 0, happening->step,
                                              happening->happened_us, input, NULL, error);
}

/* Write the file's text to a temporary file and attach that. */
static bool record_file(DemoPlanned *planned, const Happening *happening,
                        const RightsSubject *subject, const LogAct *act, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("shuzhi-demo-XXXXXX", NULL);
    g_autofree char *path =
        g_build_filename(folder != NULL ? folder : g_get_tmp_dir(), happening->name, NULL);
    int64_t id = g_array_index(planned->ids, int64_t, happening->entry);
    bool is_ok = file_write(path, happening->file, strlen(happening->file), 0600, error) &&
                 ledger_evidence_attach(planned->demo->office, subject, act, id,
                                        happening->evidence, path, NULL, error);
    remove(path);
    if (folder != NULL) {
        remove(folder);
    }
    return is_ok;
}

static bool record(DemoPlanned *planned, const Happening *happening, GError **error)
{
    source_set_now_us(planned->demo->source, happening->at_us);
    g_autoptr(RightsSubject) subject =
        rights_subject_account(planned->demo->office, happening->account, error);
    if (subject == NULL) {
        return false;
    }
    const LogAct act = {.actor = subject->actor};
    bool is_ok = happening->ledger != NULL ? record_entry(planned, happening, subject, &act, error)
                 : happening->step != NULL ? record_step(planned, happening, subject, &act, error)
                                           : record_file(planned, happening, subject, &act, error);
    if (!is_ok) {
        error_prefix(error, "demo, %s",
                     happening->ledger != NULL ? happening->ledger
                     : happening->step != NULL ? happening->step
                                               : happening->evidence);
    }
    return is_ok;
}

static int compare_moments(gconstpointer a, gconstpointer b)
{
    const Happening *left = *(Happening *const *)a;
    const Happening *right = *(Happening *const *)b;
    if (left->at_us != right->at_us) {
        return left->at_us < right->at_us ? -1 : 1;
    }
    return left->order < right->order ? -1 : 1;
}

static bool is_too_late(const Demo *demo, const Happening *happening)
{
    return demo->until_us != 0 && happening->at_us > demo->until_us;
}

bool demo_planned_record(DemoPlanned *planned, GError **error)
{
    g_autoptr(StoreConnection) reader =
        store_reader_acquire(office_store(planned->demo->office), error);
    if (reader == NULL) {
        return false;
    }
    planned->names = ledger_names_new(reader);
    g_ptr_array_sort(planned->happenings, compare_moments);
    bool is_ok = true;
    for (guint i = 0; is_ok && i < planned->happenings->len; i++) {
        const Happening *happening = g_ptr_array_index(planned->happenings, i);
        if (is_too_late(planned->demo, happening)) {
            break; /* and so are all after it, which may be of entries that are not there */
        }
        is_ok = record(planned, happening, error);
    }
    g_clear_pointer(&planned->names, ledger_names_free);
    return is_ok;
}
