#include "cli/command-entry.h"

#include "cli/fields.h"
#include "cli/made.h"
#include "cli/print.h"
#include "ledger/evidence.h"
#include "ledger/wall.h"
#include "ledger/write.h"

/* An entry to be changed: the office, the names it uses, and the entry as it stands. */
typedef struct Work {
    CliSession session;
    LedgerNames *names;
    LedgerEntry *entry;
} Work;

static void work_clear(Work *work)
{
    ledger_names_free(work->names);
    ledger_entry_free(work->entry);
    cli_session_clear(&work->session);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static bool work_open(CliContext *context, Work *work, GError **error)
{
    if (!cli_session_open(context, OFFICE_WRITE, &work->session, error)) {
        return false;
    }
    work->session.act.why = cli_has(context, "why") ? cli_option(context, "why") : NULL;
    work->names = ledger_names_new(work->session.reader);
    return true;
}

/* Open the office and find the entry that is the second operand. */
static bool work_open_entry(CliContext *context, Work *work, GError **error)
{
    if (!work_open(context, work, error)) {
        return false;
    }
    work->entry = ledger_entry_find(work->session.office, work->session.reader,
                                    cli_operand(context, 1), error);
    return work->entry != NULL;
}

/* Tell programs that the event @kind was done to the entry. */
static bool print_done(CliContext *context, const Work *work, const char *kind, GError **error)
{
    const CliMade made = {.event = kind, .id = work->entry->id, .number = work->entry->number};
    return cli_made_print(context, &work->session, &made, error);
}

/* Print the entry as it stands now. */
static bool print_result(CliContext *context, Work *work, int64_t id, GError **error)
{
    context->has_made = true;
    g_autoptr(LedgerEntry) entry =
        ledger_entry_load(work->session.office, work->session.reader, id, error);
    if (entry == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        g_auto(JsonWriter) json;
        json_writer_init_unsorted(&json);
        ledger_entry_write_json(entry, work->session.office, work->names, false, &json);
        cli_print_json(context, &json);
        return true;
    }
    const SchemaChoice *state = schema_ledger_state(entry->ledger, entry->state);
    g_string_append_printf(context->out, "%s  %s\n", entry->number,
                           state != NULL ? schema_words_get(&state->words, context->language)
                                         : entry->state);
    return true;
}

#define OPTION_WHY                                        \
    {                                                     \
        "why", N_("TEXT"), N_("why; kept with the event") \
    }
#define OPTION_VERSION                                                                          \
    {                                                                                           \
        "version", N_("N"), N_("the version you saw; refused when the entry has changed since") \
    }

/* ---- add ------------------------------------------------------------------------------------- */

/* Read the option --at as a moment; 0 where it is not given. */
static bool read_at(const CliContext *context, const CliSession *session, int64_t *ret_us,
                    GError **error)
{
    const char *text = cli_option(context, "at");
    *ret_us = 0;
    if (text == NULL) {
        return true;
    }
    const SchemaField field = {
        .name = (char *)"at",
        .words = {.zh = (char *)"at", .en = (char *)"at", .name = (char *)"at"},
        .kind = SCHEMA_FIELD_TIME};
    g_auto(Value) value = VALUE_EMPTY;
    if (!ledger_field_parse(&field, text, NULL, office_offset_seconds(session->office),
                            date_year(cli_session_today(session)), &value, error)) {
        error_prefix(error, "--%s", "at");
        return false;
    }
    *ret_us = value.number;
    return true;
}

static bool run_add(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    int64_t at_us = 0;
    int64_t id = 0;
    if (!work_open(context, &work, error) || !read_at(context, &work.session, &at_us, error)) {
        return false;
    }
    const SchemaLedger *ledger = cli_session_ledger(&work.session, cli_operand(context, 1), error);
    g_autoptr(LedgerInput) input =
        ledger != NULL ? cli_fields_parse(context, &work.session, work.names, ledger, 2, error)
                       : NULL;
    if (input == NULL ||
        !ledger_entry_add(work.session.office, work.session.subject, &work.session.act, input,
                          at_us, &id, error) ||
        !print_result(context, &work, id, error)) {
        return false;
    }
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption add_options[] = {
    {"at", N_("TIME"), N_("when it began, where the ledger has no field for that")},
    OPTION_WHY,
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_entry_add = {
    .name = "entry add",
    .operands = "OFFICE LEDGER [FIELD=VALUE…]",
    .summary = N_("Record an entry; it gets the next number."),
    .text = N_("Fields are named by name or by words ('entry fields' lists them). Dates may be"
               " written as offices do: 2023.5.6, 2023年5月6日, 5月6日 9:30. A row of a field of"
               " rows is FIELD=CHILD=VALUE;CHILD=VALUE, once a row."),
    .examples = "entry add ./office case title=路灯不亮 received_at='2023-05-06 09:30'\n"
                "entry add ./office case 标题=噪声扰民 收到时间=2023年5月6日",
    .options = add_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_add,
};

/* ---- set ------------------------------------------------------------------------------------- */

/* Return whether both versions of @field are shown. */
static bool is_compared(const LedgerInput *input, const SchemaField *field)
{
    return input->is_given[field->position] && field->kind != SCHEMA_FIELD_ROWS &&
           !ledger_wall_hides(field, false);
}

/* Write the entry as it stands and what was typed, as the API does: {"current": …, "sent": …}. */
static void print_conflict_json(CliContext *context, Work *work, const LedgerInput *input,
                                const LedgerEntry *current)
{
    int offset_seconds = office_offset_seconds(work->session.office);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "current");
    ledger_entry_write_json(current, work->session.office, work->names, false, &json);
    json_write_key(&json, "sent");
    json_write_begin_object(&json);
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        if (is_compared(input, field)) {
            g_autofree char *typed =
                ledger_field_format(field, &input->values[i], work->names, offset_seconds, NULL);
            json_write_key_text(&json, field->name, *typed != '\0' ? typed : NULL);
        }
    }
    json_write_end_object(&json);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

/* Show where what was typed and what stands now differ. */
static void print_conflict(CliContext *context, Work *work, const LedgerInput *input,
                           const LedgerEntry *current)
{
    g_autoptr(CliTable) table = cli_table_new(3);
    cli_table_set_limit(table, 1, 40);
    cli_table_set_limit(table, 2, 40);
    cli_table_add(table, "", cli_tr(context, N_("as it stands")), cli_tr(context, N_("yours")));
    for (guint i = 0; i < input->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(input->ledger->fields, i);
        if (!is_compared(input, field)) {
            continue;
        }
        g_autofree char *stands =
            cli_field_to_text(context, &work->session, work->names, current, field, false);
        g_autofree char *typed =
            ledger_field_format(field, &input->values[i], work->names,
                                office_offset_seconds(work->session.office), context->language);
        cli_table_add(table, schema_words_get(&field->words, context->language), stands, typed);
    }
    cli_table_print(table, 2, context);
}

static bool read_version(CliContext *context, int64_t *ret_version, GError **error)
{
    return cli_option_int(context, "version", 0, 1, INT64_MAX, ret_version, error);
}

static bool run_set(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    g_autoptr(LedgerEntry) current = NULL;
    int64_t version = 0;
    if (!read_version(context, &version, error) || !work_open_entry(context, &work, error)) {
        return false;
    }
    g_autoptr(LedgerInput) input =
        cli_fields_parse(context, &work.session, work.names, work.entry->ledger, 2, error);
    if (input == NULL) {
        return false;
    }
    if (!ledger_entry_change(work.session.office, work.session.subject, &work.session.act,
                             work.entry->id, version != 0 ? version : work.entry->version, input,
                             &current, error)) {
        if (current != NULL) {
            (cli_has(context, "json") ? print_conflict_json : print_conflict)(context, &work, input,
                                                                              current);
        }
        return false;
    }
    if (!print_result(context, &work, work.entry->id, error)) {
        return false;
    }
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption set_options[] = {OPTION_VERSION, OPTION_WHY, CLI_OPTION_JSON, {NULL}};

const CliCommand command_entry_set = {
    .name = "entry set",
    .operands = "OFFICE NUMBER FIELD=VALUE…",
    .summary = N_("Correct fields of an entry."),
    .examples = "entry set ./office SQ2023-00084 title=路灯不亮\n"
                "entry set ./office SQ2023-00084 title=路灯不亮 --version 3 --why 错字",
    .options = set_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_set,
};

/* ---- step ------------------------------------------------------------------------------------ */

static bool run_step(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    int64_t version = 0;
    int64_t at_us = 0;
    if (!read_version(context, &version, error) || !work_open_entry(context, &work, error) ||
        !read_at(context, &work.session, &at_us, error)) {
        return false;
    }
    g_autoptr(LedgerInput) input =
        cli_fields_parse(context, &work.session, work.names, work.entry->ledger, 3, error);
    if (input == NULL ||
        !ledger_entry_step(work.session.office, work.session.subject, &work.session.act,
                           work.entry->id, version != 0 ? version : work.entry->version,
                           cli_operand(context, 2), at_us, input, NULL, error) ||
        !print_result(context, &work, work.entry->id, error)) {
        return false;
    }
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption step_options[] = {{"at", N_("TIME"), N_("when it happened; else now")},
                                         OPTION_VERSION,
                                         OPTION_WHY,
                                         CLI_OPTION_JSON,
                                         {NULL}};

const CliCommand command_entry_step = {
    .name = "entry step",
    .operands = "OFFICE NUMBER STEP [FIELD=VALUE…]",
    .summary = N_("Do a step of an entry: move it from state to state."),
    .text = N_("'entry show' lists the steps that an entry can do next, 'entry fields' what each"
               " asks for."),
    .examples = "entry step ./office SQ2023-00084 answer reply=已修复 --at 2023-05-08",
    .options = step_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_step,
};

/* ---- attach ---------------------------------------------------------------------------------- */

/* Keep the file at @path, and say so: in @json for programs. */
static bool attach(CliContext *context, const Work *work, const char *path, JsonWriter *json,
                   GError **error)
{
    const CliMade made = {.event = "entry.attach",
                          .id = work->entry->id,
                          .number = work->entry->number,
                          .name = path};
    if (!ledger_evidence_attach(work->session.office, work->session.subject, &work->session.act,
                                work->entry->id, cli_operand(context, 2), path, NULL, error)) {
        return false;
    }
    if (cli_has(context, "json")) {
        return cli_made_write(&work->session, &made, json, error);
    }
    cli_say(context, N_("attached '%s' to %s"), path, work->entry->number);
    return true;
}

static bool run_attach(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    if (!work_open_entry(context, &work, error)) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    bool is_good = true;
    for (guint i = 3; is_good && i < context->operands->len; i++) {
        is_good = attach(context, &work, cli_operand(context, i), &json, error);
    }
    json_write_end_array(&json);
    if (cli_has(context, "json")) { /* what was kept is kept, also where a later file was refused */
        cli_print_json(context, &json);
    }
    cli_session_finish(context, &work.session);
    return is_good;
}

static const CliOption attach_options[] = {OPTION_WHY, CLI_OPTION_JSON_MADE, {NULL}};

const CliCommand command_entry_attach = {
    .name = "entry attach",
    .operands = "OFFICE NUMBER FIELD FILE…",
    .summary = N_("Keep files as evidence of an entry."),
    .text = N_("Each file is kept once, however many entries it proves. Files marked secret in"
               " their names are refused: such papers may not be kept here."),
    .examples = "entry attach ./office SQ2023-00084 scene 照片1.jpg 照片2.jpg",
    .options = attach_options,
    .runs_inside = true,
    .run = run_attach,
};

/* ---- detach ---------------------------------------------------------------------------------- */

/* Return the file of @work's entry that the operands name, by its name or "#ID" (borrowed from
 * @files). */
static const LedgerEvidence *find_file(const CliContext *context, const Work *work,
                                       const GPtrArray *files, GError **error)
{
    const char *field = cli_operand(context, 2);
    const char *name = cli_operand(context, 3);
    for (guint i = 0; i < files->len; i++) {
        const LedgerEvidence *file = g_ptr_array_index(files, i);
        g_autofree char *id = g_strdup_printf("#%" G_GINT64_FORMAT, file->id);
        if (g_str_equal(file->field, field) &&
            (g_str_equal(file->name, name) || g_str_equal(id, name))) {
            return file;
        }
    }
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "%s has no file '%s' by '%s'", work->entry->number,
              name, field);
    return NULL;
}

static bool run_detach(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    if (!work_open_entry(context, &work, error)) {
        return false;
    }
    g_autoptr(GPtrArray) files = ledger_evidence_list(work.session.reader, work.entry, true, error);
    const LedgerEvidence *file = files != NULL ? find_file(context, &work, files, error) : NULL;
    if (file == NULL ||
        !ledger_evidence_detach(work.session.office, work.session.subject, &work.session.act,
                                work.entry, file->field, file->id, error)) {
        return false;
    }
    cli_say(context, N_("took '%s' away from %s"), file->name, work.entry->number);
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption detach_options[] = {
    {"why", N_("TEXT"), N_("why; kept with the event"), .is_required = true}, {NULL}};

const CliCommand command_entry_detach = {
    .name = "entry detach",
    .operands = "OFFICE NUMBER FIELD FILE",
    .summary = N_("Take a file of evidence away from an entry."),
    .text = N_("FILE is its name, or #ID. The file itself stays, as the log names it, and proves"
               " what else it is attached to. What a step that is done rests on is replaced before"
               " it is taken away."),
    .examples = "entry detach ./office SQ2023-00084 scene 照片1.jpg --why 传错了文件",
    .options = detach_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_detach,
};

/* ---- comment, delete, erase ------------------------------------------------------------------ */

static bool run_comment(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    if (!work_open_entry(context, &work, error) ||
        !ledger_entry_comment(work.session.office, work.session.subject, &work.session.act,
                              work.entry->id, cli_operand(context, 2), error) ||
        !print_done(context, &work, "entry.comment", error)) {
        return false;
    }
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption comment_options[] = {OPTION_WHY, CLI_OPTION_JSON_MADE, {NULL}};

const CliCommand command_entry_comment = {
    .name = "entry comment",
    .operands = "OFFICE NUMBER TEXT",
    .summary = N_("Say something about an entry; it stays in its history."),
    .examples = "entry comment ./office SQ2023-00084 已电话联系来信人",
    .options = comment_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_comment,
};

/* Name the entry that is going to be asked about, to one who may do @action to it: its title only
 * where that may be read. */
static bool name_entry(CliContext *context, const Work *work, RightsAction action, GError **error)
{
    const LedgerEntry *entry = work->entry;
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    if (!rights_may(work->session.subject, action, &object, error)) {
        return false;
    }
    if (cli_has(context, "json")) {
        return true;
    }
    bool may_read = rights_may(work->session.subject, RIGHTS_ENTRY_READ, &object, NULL);
    g_string_append_printf(context->out, "%s%s%s\n", entry->number, may_read ? "  " : "",
                           may_read ? entry->title : "");
    return true;
}

static bool run_delete(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    if (!work_open_entry(context, &work, error) ||
        !name_entry(context, &work, RIGHTS_ENTRY_DELETE, error) ||
        !cli_confirm(context, N_("Take this entry out of the books?"), error) ||
        !ledger_entry_delete(work.session.office, work.session.subject, &work.session.act,
                             work.entry->id, work.entry->version, error) ||
        !print_done(context, &work, "entry.delete", error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(context, N_("taken out of the books; the number stays, void"));
    }
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption delete_options[] = {
    {"why", N_("TEXT"), N_("why; kept with the event"), .is_required = true},
    CLI_OPTION_YES,
    CLI_OPTION_JSON_MADE,
    {NULL}};

const CliCommand command_entry_delete = {
    .name = "entry delete",
    .operands = "OFFICE NUMBER",
    .summary = N_("Take an entry out of the books; its number and its history stay."),
    .examples = "entry delete ./office SQ2023-00084 --why 重复登记 --yes",
    .options = delete_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_delete,
};

/* Say before it is asked what an erasure does not reach. */
static bool say_what_stays(CliContext *context, const Work *work, GError **error)
{
    g_autoptr(GPtrArray) files =
        ledger_evidence_list(work->session.reader, work->entry, true, error);
    if (files != NULL && !cli_has(context, "json")) {
        cli_say(
            context,
            N_("what is not personal stays, and so do %u {file|files} of evidence with {its|their}"
               " names, and what --why says"),
            files->len);
    }
    return files != NULL;
}

static bool run_erase(CliContext *context, GError **error)
{
    g_auto(Work) work = {{NULL}};
    if (!work_open_entry(context, &work, error) ||
        !name_entry(context, &work, RIGHTS_ENTRY_ERASE, error) ||
        !say_what_stays(context, &work, error) ||
        !cli_confirm(context, N_("Forget the personal fields of this entry for good?"), error) ||
        !ledger_entry_erase(work.session.office, work.session.subject, &work.session.act,
                            work.entry->id, error) ||
        !print_done(context, &work, "erase", error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(context, N_("the personal fields of %s are forgotten"), work.entry->number);
    }
    cli_session_finish(context, &work.session);
    return true;
}

static const CliOption erase_options[] = {OPTION_WHY, CLI_OPTION_YES, CLI_OPTION_JSON_MADE, {NULL}};

const CliCommand command_entry_erase = {
    .name = "entry erase",
    .operands = "OFFICE NUMBER",
    .summary = N_("Forget the personal fields of an entry for good; the log stays provable."),
    .text = N_("Forgotten are the personal fields and all that was ever typed into the entry's"
               " history, comments and reasons too. What stays: the fields that are not personal,"
               " the files of evidence and their names, and the reason given now: name nobody in"
               " it. To do it again without --why forgets that reason too."),
    .examples = "entry erase ./office SQ2023-00084 --why 本人要求删除 --yes",
    .options = erase_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_erase,
};
