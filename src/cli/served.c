#include "cli/served.h"

#include <unistd.h>

#include "cli/print.h"
#include "cli/session.h"
#include "demo/demo-accounts.h"
#include "ledger/import.h"
#include "log/history.h"
#include "office/account.h"
#include "office/place.h"
#include "web/offices.h"

static void free_served(gpointer data)
{
    ServedOffice *served = data;
    cli_host_stop(served->host);
    g_clear_pointer(&served->accounts, g_ptr_array_unref);
    office_close(served->office);
    source_free(served->source);
    g_clear_error(&served->fault);
    g_free(served->name);
    g_free(served);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Make the clock of a demo go on from its newest event.  Opened for writing, so that an older
 * demo's tables are brought up to date. */
static bool shift_clock(ServedOffice *served, const char *location, GError **error)
{
    g_autoptr(Office) office = office_open(location, OFFICE_WRITE, NULL, error);
    g_autoptr(StoreConnection) reader =
        office != NULL ? store_reader_acquire(office_store(office), error) : NULL;
    int64_t size = 0;
    if (reader == NULL || !log_head(reader, &size, NULL, error)) {
        return false;
    }
    g_autoptr(GPtrArray) last = log_events_after(reader, size - 1, 1, error);
    if (last == NULL) {
        return false;
    }
    const LogEvent *event = last->len > 0 ? g_ptr_array_index(last, 0) : NULL;
    int64_t now_us = source_now_us(source_system());
    served->source = source_new_shifted(event != NULL ? event->at_us + 1 - now_us : 0);
    return true;
}

static bool open_office(ServedOffice *served, const char *location, CliContext *context,
                        GError **error)
{
    bool is_demo = cli_has(context, "demo");
    g_autofree char *actor = cli_os_actor();
    const LogAct act = {.actor = actor};
    if (is_demo && !shift_clock(served, location, error)) {
        return false;
    }
    g_autoptr(Office) office = office_open(location, OFFICE_WRITE, served->source, error);
    if (office == NULL || !ledger_import_recover(office, &act, error) ||
        (is_demo && !demo_accounts_open(office, &served->accounts, error))) {
        return false;
    }
    cli_session_settle(context, office);
    served->host = cli_host_start(office, cli_has(context, "quiet"), error);
    if (served->host == NULL) {
        return false;
    }
    served->office = g_steal_pointer(&office);
    return true;
}

/* Open the offices @names of the folder @location. */
static bool open_folder(GPtrArray *all, const GPtrArray *names, const char *location,
                        CliContext *context, GError **error)
{
    const ServedOffice *failed = NULL;
    guint n_failed = 0;
    for (guint i = 0; i < names->len; i++) {
        ServedOffice *served = g_new0(ServedOffice, 1);
        served->name = g_strdup(g_ptr_array_index(names, i));
        g_ptr_array_add(all, served);
        g_autofree char *folder = g_build_filename(location, served->name, NULL);
        if (!web_offices_check_name(served->name, &served->fault) ||
            !open_office(served, folder, context, &served->fault)) {
            failed = failed != NULL ? failed : served;
            n_failed++;
        }
    }
    if (failed != NULL && n_failed == names->len) {
        g_propagate_error(error, g_error_copy(failed->fault));
        return false;
    }
    return true;
}

GPtrArray *served_open(CliContext *context, GError **error)
{
    const char *location = cli_operand(context, 0);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_served);
    g_autoptr(GPtrArray) names = office_place_list(location);
    if (names != NULL) {
        return open_folder(all, names, location, context, error) ? g_steal_pointer(&all) : NULL;
    }
    ServedOffice *served = g_new0(ServedOffice, 1);
    g_ptr_array_add(all, served);
    return open_office(served, location, context, error) ? g_steal_pointer(&all) : NULL;
}

/* ---- saying so ------------------------------------------------------------------------------- */

static void print_accounts(const ServedOffice *served, CliContext *context)
{
    g_autoptr(CliTable) table = cli_table_new(3);
    for (guint i = 0; i < served->accounts->len; i++) {
        const DemoAccount *account = g_ptr_array_index(served->accounts, i);
        cli_table_add(table, cli_tr(context, account->words), account->name, account->password);
    }
    cli_say(context, N_("accounts of this demo, with passwords made just now:"));
    cli_table_print(table, 2, context);
    char today[DATE_TEXT_SIZE];
    date_format(date_from_us(source_now_us(served->source), office_offset_seconds(served->office)),
                today);
    cli_say(context,
            N_("its clock goes on from its newest record: there it is %s, and a period that is not"
               " over is told as far as it has come; commands go by today's date"),
            today);
}

/* Return whether anybody can; true also where that cannot be read. */
static bool can_sign_in(Office *office)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), NULL);
    g_autoptr(GPtrArray) accounts = reader != NULL ? office_account_list(reader, NULL) : NULL;
    for (guint i = 0; accounts != NULL && i < accounts->len; i++) {
        if (((const OfficeAccount *)g_ptr_array_index(accounts, i))->has_password) {
            return true;
        }
    }
    return accounts == NULL;
}

static void print_office(const ServedOffice *served, const char *address, CliContext *context)
{
    if (served->office == NULL) {
        g_autofree char *why = error_to_text(served->fault, context->language);
        cli_say(context, N_("'%s' is not served: %s"), served->name, why);
        return;
    }
    g_autofree char *part =
        served->name != NULL ? g_uri_escape_string(served->name, NULL, false) : NULL;
    cli_say(context, N_("'%s' is served at %s/%s%s until Ctrl+C"), office_name(served->office),
            address, part != NULL ? part : "", part != NULL ? "/" : "");
    if (served->accounts != NULL) {
        print_accounts(served, context);
    } else if (isatty(STDOUT_FILENO) && !can_sign_in(served->office)) { /* started by hand */
        cli_say(context, N_("nobody has an account with a password yet, so that nobody can sign"
                            " in: 'shuzhi user add --help' tells how the first is made"));
    }
}

void served_print(const GPtrArray *served, const char *address, CliContext *context)
{
    const ServedOffice *first = g_ptr_array_index(served, 0);
    if (first->name != NULL) {
        cli_say(context, N_("a list of the offices is at %s/"), address);
    }
    for (guint i = 0; i < served->len; i++) {
        print_office(g_ptr_array_index(served, i), address, context);
    }
}
