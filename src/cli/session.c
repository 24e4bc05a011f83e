#include "cli/session.h"

#include <pwd.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/relay.h"
#include "language/date-spelling.h"
#include "ledger/import.h"
#include "ledger/provisional.h"
#include "office/key.h"
#include "office/place.h"
#include "schema/called.h"

char *cli_os_user(uid_t uid)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char buffer[16384];
    if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL) {
        return g_strdup_printf("%u", (unsigned int)uid);
    }
    return g_strdup(found->pw_name);
}

char *cli_os_actor(void)
{
    g_autofree char *user = cli_os_user(geteuid());
    return g_strconcat("os:", user, NULL);
}

/* Check that the socket of @place is this office's, where that can be looked at: on PostgreSQL it
 * is in a folder that the address names beside the database. */
static bool check_socket(const char *location, const OfficePlace *place, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (place->folder != NULL || !g_file_test(place->socket, G_FILE_TEST_EXISTS)) {
        return true;
    }
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, &why);
    if (office == NULL && error_is(why, SHUZHI_ERROR_CONFLICT)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    return true;
}

bool cli_session_relay(CliContext *context, GError **error)
{
    g_assert(context->command->runs_inside);
    g_autoptr(OfficePlace) place = office_place_parse(cli_operand(context, 0), error);
    if (place == NULL || context->inside != NULL) {
        return place != NULL;
    }
    if (!check_socket(cli_operand(context, 0), place, error) ||
        !relay_run(context, place->socket, &context->is_relayed, error)) {
        return false;
    }
    if (context->is_relayed) {
        error_set(error, SHUZHI_ERROR_CANCELLED, "the server of the office ran this command");
    }
    return !context->is_relayed;
}

/* Return whether the server of the office may do what @why keeps this process from: it is in use,
 * or its files are not open to this account (docs/rights.md, "Accounts of the operating system").
 */
static bool may_relay(const CliContext *context, OfficeMode mode, const GError *why)
{
    return (mode != OFFICE_READ && error_is(why, SHUZHI_ERROR_BUSY)) ||
           (context->command->runs_inside && error_is(why, SHUZHI_ERROR_FORBIDDEN));
}

static bool is_on_server(const char *location)
{
    g_autoptr(OfficePlace) place = office_place_parse(location, NULL);
    return place != NULL && place->folder == NULL;
}

/* Return the office to work with; where only its server can open it, that runs the command. */
static Office *take_office(CliContext *context, OfficeMode mode, GError **error)
{
    g_assert(mode == OFFICE_READ || context->command->runs_inside);
    if (context->inside != NULL) {
        return context->inside->office;
    }
    /* On PostgreSQL a server may have lost its lock with the connection, and lives. */
    if (mode == OFFICE_WRITE && is_on_server(cli_operand(context, 0)) &&
        !cli_session_relay(context, error)) {
        return NULL;
    }
    g_autoptr(GError) why = NULL;
    Office *office = office_open(cli_operand(context, 0), mode, NULL, &why);
    if (office != NULL || (may_relay(context, mode, why) && !cli_session_relay(context, error))) {
        return office;
    }
    g_propagate_error(error, g_steal_pointer(&why));
    if (error_is(*error, SHUZHI_ERROR_FORBIDDEN)) {
        error_prefix(error, "this account may not open the office itself, and no server of the"
                            " office that takes its commands runs");
    }
    return NULL;
}

/* Find out who asks. */
static bool find_subject(const CliContext *context, CliSession *session, GError **error)
{
    g_autofree char *user =
        context->inside != NULL ? g_strdup(context->inside->user) : cli_os_user(geteuid());
    session->subject = rights_subject_os(session->office, user, error);
    if (session->subject == NULL) {
        return false;
    }
    if (context->inside != NULL && context->inside->is_guest &&
        rights_is_console(session->subject)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN, "'%s' has no account in this office", user);
        return false;
    }
    g_autofree char *actor = g_strconcat("os:", user, NULL);
    if (!g_str_equal(actor, session->subject->actor)) {
        session->from = g_steal_pointer(&actor);
    }
    session->act = (LogAct){.actor = session->subject->actor, .from = session->from};
    return true;
}

bool cli_session_open(CliContext *context, OfficeMode mode, CliSession *ret_session, GError **error)
{
    g_auto(CliSession) session = {.is_inside = context->inside != NULL};
    session.office = take_office(context, mode, error);
    if (session.office == NULL || !find_subject(context, &session, error)) {
        return false;
    }
    session.reader = store_reader_acquire(office_store(session.office), error);
    if (session.reader == NULL) {
        return false;
    }
    /* Inside a server an unfinished import is one that is being made. */
    if (mode == OFFICE_WRITE && !session.is_inside) {
        if (!ledger_import_recover(session.office, &session.act, error)) {
            return false;
        }
        cli_session_settle(context, session.office);
    }
    *ret_session = session;
    session = (CliSession){NULL};
    return true;
}

Office *cli_session_look(CliContext *context, Office **ret_own, GError **error)
{
    Office *office = take_office(context, OFFICE_READ, error);
    if (office == NULL || context->inside == NULL) {
        *ret_own = office;
        return office;
    }
    g_autoptr(RightsSubject) subject = NULL;
    g_autofree char *from = NULL;
    CliSession session = {.office = office};
    bool may_look = find_subject(context, &session, error) &&
                    rights_may(session.subject, RIGHTS_VERIFY, NULL, error);
    subject = session.subject;
    from = session.from;
    return may_look ? office : NULL;
}

void cli_session_clear(CliSession *session)
{
    if (session->reader != NULL) {
        store_reader_release(g_steal_pointer(&session->reader));
    }
    g_clear_pointer(&session->subject, rights_subject_free);
    if (session->office != NULL && session->is_inside) {
        office_settle(g_steal_pointer(&session->office));
    }
    g_clear_pointer(&session->office, office_close);
    g_clear_pointer(&session->from, g_free);
}

void cli_session_settle(CliContext *context, Office *office)
{
    g_autoptr(GError) fault = NULL;
    if (!ledger_settle_deadlines(office, &fault)) {
        g_autofree char *why = error_to_text(fault, context->language);
        cli_remark(context,
                   N_("note: not all deadlines were worked out by the holidays that are published"
                      " by now: %s; once that is mended, the next command that writes goes on"),
                   why);
    }
}

void cli_session_sign(CliContext *context, Office *office)
{
    g_autoptr(GError) fault = NULL;
    if (!office_sign(office, &fault) && !error_is(fault, SHUZHI_ERROR_NOT_FOUND)) {
        g_autofree char *why = error_to_text(fault, context->language);
        cli_remark(context, N_("note: what was written is not signed: %s"), why);
    }
}

void cli_session_finish(CliContext *context, const CliSession *session)
{
    g_autofree char *key = office_key_path(office_id(session->office));
    if (!g_file_test(key, G_FILE_TEST_EXISTS)) {
        cli_remark(context,
                   N_("note: the signing key '%s' is not here; what was written is not signed"),
                   key);
        return;
    }
    g_autoptr(GError) fault = NULL;
    bool is_good = context->inside == NULL
                       ? office_sign(session->office, &fault)
                       : office_may_be_signed(session->office, &fault); /* a server signs later */
    if (!is_good) {
        g_autofree char *why = error_to_text(fault, context->language);
        cli_remark(context, N_("note: what was written is not signed: %s"), why);
    }
}

const SchemaLedger *cli_session_ledger(const CliSession *session, const char *name, GError **error)
{
    const Schema *schema = office_schema(session->office);
    const SchemaLedger *ledger = schema_called(schema->ledgers, name);
    if (ledger == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "no ledger is called '%s'", name);
        schema_offer(error, schema->ledgers, name);
    }
    return ledger;
}

bool cli_parse_id(const char *text, int64_t *ret_id)
{
    return text_parse_int(*text == '#' ? text + 1 : text, ret_id) && *ret_id > 0;
}

Date cli_session_today(const CliSession *session)
{
    return date_from_us(source_now_us(office_source(session->office)),
                        office_offset_seconds(session->office));
}

bool cli_option_date(const CliContext *context, const char *name, Date *ret_date, GError **error)
{
    const char *text = cli_option(context, name);
    if (text == NULL) {
        *ret_date = DATE_NONE;
        return true;
    }
    LanguageDate date;
    if (!language_date_parse(text, 0, &date, error)) {
        error_prefix(error, "--%s", name);
        return false;
    }
    *ret_date = date.date;
    return true;
}
