#include "cli/entry-view.h"

#include "ledger/write.h"

void entry_view_clear(EntryView *view)
{
    ledger_names_free(view->names);
    ledger_entry_free(view->entry);
    g_clear_pointer(&view->steps, g_ptr_array_unref);
    g_clear_pointer(&view->uses, g_ptr_array_unref);
    g_clear_pointer(&view->files, g_ptr_array_unref);
    cli_session_clear(&view->session);
}

/* Find the entry that is the second operand; FORBIDDEN when this subject may not read it. */
static LedgerEntry *find_readable(const EntryView *view, GError **error)
{
    const CliSession *session = &view->session;
    g_autoptr(LedgerEntry) entry =
        ledger_entry_find(session->office, session->reader, cli_operand(view->context, 1), error);
    if (entry == NULL) {
        return NULL;
    }
    RightsObject object = {.ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    bool may_read = rights_may(session->subject, RIGHTS_ENTRY_READ, &object, error);
    return may_read ? g_steal_pointer(&entry) : NULL;
}

/* Load all that is shown of the entry; a look at personal fields is noted before. */
static bool load(EntryView *view, GError **error)
{
    CliSession *session = &view->session;
    view->names = ledger_names_new(session->reader);
    view->entry = find_readable(view, error);
    if (view->entry == NULL ||
        (view->with_personal && !ledger_entry_look(session->office, session->subject, &session->act,
                                                   view->entry->id, error))) {
        return false;
    }
    view->steps = ledger_entry_steps(session->reader, view->entry->id, error);
    if (view->steps == NULL) {
        return false;
    }
    view->uses = ledger_uses_of(session->office, session->reader, session->subject, view->entry->id,
                                &view->n_more_uses, error);
    if (view->uses == NULL) {
        return false;
    }
    view->files = ledger_evidence_list(session->reader, view->entry, view->with_personal, error);
    return view->files != NULL;
}

bool entry_view_open(CliContext *context, EntryView *ret_view, GError **error)
{
    g_auto(EntryView) view = {.context = context, .with_personal = cli_has(context, "personal")};
    if (!cli_session_open(context, view.with_personal ? OFFICE_WRITE : OFFICE_READ, &view.session,
                          error) ||
        !load(&view, error)) {
        return false;
    }
    *ret_view = view;
    view = (EntryView){NULL};
    return true;
}
