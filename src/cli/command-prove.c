#include "cli/command-prove.h"

#include "cli/entry-view.h"
#include "cli/note.h"
#include "cli/print.h"
#include "ledger/shown.h"
#include "log/shown-witness.h"
#include "measure/json.h"

/* Write that the log goes on from the checkpoint that option "checkpoint" names, if it does. */
static bool write_consistency(const CliContext *context, const CliSession *session,
                              JsonWriter *json, GError **error)
{
    g_autofree char *note = NULL;
    return cli_note_read_checkpoint(context, &note, error) &&
           (note == NULL || log_shown_write_consistency(session->reader, note, json, error));
}

/* ---- an entry -------------------------------------------------------------------------------- */

static bool run_entry(CliContext *context, GError **error)
{
    g_auto(EntryView) view = {NULL};
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    if (!entry_view_open(context, &view, error)) {
        return false;
    }
    if (view.session.is_inside || view.with_personal) {
        cli_session_sign(context, view.session.office);
    }
    json_write_begin_object(&json);
    json_write_key_text(&json, "entry", view.entry->number);
    json_write_key(&json, "events");
    json_write_begin_array(&json);
    g_auto(LedgerShowing) showing = {NULL};
    ledger_showing_init(&showing, view.session.reader, &json);
    if (!ledger_shown_write(&showing, view.entry, view.with_personal, error)) {
        return false;
    }
    json_write_end_array(&json);
    if (!write_consistency(context, &view.session, &json, error)) {
        return false;
    }
    json_write_end_object(&json);
    cli_print_json(context, &json);
    return true;
}

static const CliOption options[] = {
    {"personal", NULL, N_("show personal fields too; the log notes who looked")},
    {"checkpoint", N_("FILE"),
     N_("also prove that the log goes on from this checkpoint, which the reader holds"),
     .opens_file = true},
    {NULL}};

const CliCommand command_entry_prove = {
    .name = "entry prove",
    .operands = "OFFICE NUMBER",
    .summary = N_("Print an entry with the proofs of all its events, for somebody outside."),
    .text = N_("It is JSON: of each event its line, the proof that it is in the signed log, and of"
               " each field the value with the key that opens it alone. 'shuzhi log check' checks"
               " it without the office; docs/proof.md says how to do so without shuzhi."),
    .examples = "entry prove ./office SQ2023-00084 > SQ2023-00084.json\n"
                "log check SQ2023-00084.json --key office.pub",
    .options = options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_entry,
};

/* ---- the entries of a figure ----------------------------------------------------------------- */

/* Return the numbers of the entries that @figure rests on, and of those that it knows no more as
 * they were deleted, each once (a set of char*, borrowed). */
static GHashTable *find_numbers(const Figure *figure)
{
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        if (member->number != NULL && member->id != 0) {
            g_hash_table_add(numbers, member->number);
        }
        for (guint k = 0; member->entries != NULL && k < member->entries->len; k++) {
            g_hash_table_add(numbers, g_ptr_array_index(member->entries, k));
        }
    }
    const GPtrArray *deleted = figure->revisions.deleted;
    for (guint i = 0; deleted != NULL && i < deleted->len; i++) {
        g_hash_table_add(numbers, g_ptr_array_index(deleted, i));
    }
    return numbers;
}

/* Write the events of the entry @number, unless the reader may not see it. */
static bool write_entry(const CliSession *session, const char *number, LedgerShowing *showing,
                        GError **error)
{
    g_autoptr(LedgerEntry) entry =
        ledger_entry_find(session->office, session->reader, number, error);
    if (entry == NULL) {
        return false;
    }
    RightsObject object = {.ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    return !rights_may(session->subject, RIGHTS_ENTRY_READ, &object, NULL) ||
           ledger_shown_write(showing, entry, false, error);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool write_events(const CliSession *session, GHashTable *numbers, const GArray *others,
                         JsonWriter *json, GError **error)
{
    guint n = 0;
    g_autofree const char **sorted = (const char **)g_hash_table_get_keys_as_array(numbers, &n);
    if (n > CLI_PROVE_MAX) {
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "the figure rests on %u entries; at most %d are proved at once: ask for a shorter"
                  " period",
                  n, CLI_PROVE_MAX);
        return false;
    }
    g_auto(LedgerShowing) showing = {NULL};
    ledger_showing_init(&showing, session->reader, json);
    qsort(sorted, n, sizeof *sorted, compare_texts);
    for (guint i = 0; i < n; i++) {
        if (!write_entry(session, sorted[i], &showing, error)) {
            return false;
        }
    }
    for (guint i = 0; i < others->len; i++) {
        if (!ledger_shown_write_closed(&showing, g_array_index(others, int64_t, i), error)) {
            return false;
        }
    }
    return true;
}

/* Return what else @figure rests on, of int64_t: the imports whose numbers are void, the units or
 * people that are its members. */
static GArray *find_others(const Figure *figure)
{
    const GArray *undone = figure->revisions.undone;
    GArray *others = g_array_new(false, false, sizeof(int64_t));
    if (undone != NULL) {
        g_array_append_vals(others, undone->data, undone->len);
    }
    for (guint i = 0; i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        if (member->number == NULL && member->id != 0) {
            g_array_append_val(others, member->id);
        }
    }
    return others;
}

bool cli_prove_figure(CliContext *context, const CliSession *session, const Figure *figure,
                      GError **error)
{
    g_autoptr(GHashTable) numbers = find_numbers(figure);
    g_autoptr(GArray) others = find_others(figure);
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key(&json, "figure");
    figure_write_json(figure, session->office, context->language, &json);
    json_write_key(&json, "events");
    json_write_begin_array(&json);
    if (!write_events(session, numbers, others, &json, error)) {
        return false;
    }
    json_write_end_array(&json);
    if (!write_consistency(context, session, &json, error)) {
        return false;
    }
    json_write_end_object(&json);
    cli_print_json(context, &json);
    return true;
}
