#include "cli/command-user.h"

#include "base/crypto.h"
#include "cli/made.h"
#include "cli/print.h"
#include "cli/roster.h"
#include "office/account.h"

/* ---- list ------------------------------------------------------------------------------------ */

/* Name whose account it is: the person, the sort of administrator, or the console. */
static char *holder_of(const CliContext *context, const CliSession *session,
                       const OfficeAccount *account)
{
    if (account->administrator != NULL) {
        RightsRole role = RIGHTS_SYSTEM;
        return g_strdup(rights_role_find(account->administrator, &role)
                            ? cli_tr(context, rights_role_words(role))
                            : account->administrator);
    }
    if (account->person == 0) {
        return g_strdup(cli_tr(context, rights_role_words(RIGHTS_CONSOLE)));
    }
    g_autoptr(OfficePerson) person = office_person_load(session->reader, account->person, NULL);
    return person != NULL ? g_strdup(person->name)
                          : g_strdup_printf("#%" G_GINT64_FORMAT, account->person);
}

static void print_list_json(CliContext *context, const GPtrArray *accounts)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_array(&json);
    for (guint i = 0; i < accounts->len; i++) {
        const OfficeAccount *account = g_ptr_array_index(accounts, i);
        json_write_begin_object(&json);
        json_write_key_int(&json, "id", account->id);
        json_write_key_text(&json, "name", account->name);
        json_write_key_text(&json, "state", account->state);
        json_write_key_text(&json, "administrator", account->administrator);
        json_write_key(&json, "person");
        if (account->person != 0) {
            json_write_int(&json, account->person);
        } else {
            json_write_null(&json);
        }
        json_write_key_text(&json, "os_user", account->os_user);
        json_write_key_bool(&json, "password", account->has_password);
        cli_write_date(&json, "until", account->until);
        json_write_key_text(&json, "created_by", account->created_by);
        json_write_key_text(&json, "activated_by", account->activated_by);
        json_write_end_object(&json);
    }
    json_write_end_array(&json);
    cli_print_json(context, &json);
}

static const char *words_of_state(const char *state)
{
    return g_str_equal(state, "active")   ? N_("active")
           : g_str_equal(state, "locked") ? N_("locked")
                                          : N_("to be activated");
}

static void print_list(CliContext *context, const CliSession *session, const GPtrArray *accounts)
{
    g_autoptr(CliTable) table = cli_table_new(5);
    for (guint i = 0; i < accounts->len; i++) {
        const OfficeAccount *account = g_ptr_array_index(accounts, i);
        char until[DATE_TEXT_SIZE];
        g_autofree char *holder = holder_of(context, session, account);
        g_autofree char *os =
            account->os_user != NULL ? g_strconcat("os:", account->os_user, NULL) : NULL;
        cli_table_add(table, account->name, holder, cli_tr(context, words_of_state(account->state)),
                      os, cli_format_date(account->until, until));
    }
    cli_table_print(table, 0, context);
}

static bool run_list(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    if (!cli_session_open(context, OFFICE_READ, &session, error) ||
        !rights_may(session.subject, RIGHTS_ACCOUNT_READ, NULL, error)) {
        return false;
    }
    g_autoptr(GPtrArray) accounts = office_account_list(session.reader, error);
    if (accounts == NULL) {
        return false;
    }
    if (cli_has(context, "json")) {
        print_list_json(context, accounts);
    } else {
        print_list(context, &session, accounts);
    }
    return true;
}

static const CliOption list_options[] = {CLI_OPTION_JSON, {NULL}};

const CliCommand command_user_list = {
    .name = "user list",
    .operands = "OFFICE",
    .summary = N_("List the accounts."),
    .examples = "user list ./office",
    .options = list_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_list,
};

/* ---- add ------------------------------------------------------------------------------------- */

static void wipe(char *secret)
{
    if (secret != NULL) {
        crypto_wipe(secret, strlen(secret));
        g_free(secret);
    }
}

/* Fill @account from the options; the person is looked up. */
static bool read_account(CliContext *context, const CliSession *session, OfficeAccount *account,
                         GError **error)
{
    const char *who = cli_option(context, "person");
    account->name = (char *)cli_operand(context, 1);
    account->os_user = (char *)cli_option(context, "os");
    account->administrator = (char *)cli_option(context, "administrator");
    if (who != NULL) {
        g_autoptr(OfficePerson) person = cli_person_find(session, who, error);
        if (person == NULL) {
            return false;
        }
        account->person = person->id;
    }
    return cli_option_date(context, "until", &account->until, error);
}

static bool run_add(CliContext *context, GError **error)
{
    g_auto(CliSession) session = {NULL};
    OfficeAccount account = {.until = DATE_NONE};
    char *password = NULL;
    int64_t id = 0;
    if (cli_has(context, "person") == cli_has(context, "administrator")) {
        cli_set_usage(context, error,
                      "an account is a person's or an administrator's: give --person or"
                      " --administrator");
        return false;
    }
    if (!cli_session_open(context, OFFICE_WRITE, &session, error) ||
        !read_account(context, &session, &account, error)) {
        return false;
    }
    if (!cli_has(context, "os") || cli_has(context, "password")) {
        password = cli_read_secret(context, N_("password:"), error);
        if (password == NULL) {
            return false;
        }
    }
    bool is_added = office_account_add(session.office, session.subject, &session.act, &account,
                                       password, &id, error);
    wipe(password);
    if (!is_added) {
        return false;
    }
    const CliMade made = {.event = "account.add", .id = id, .name = account.name};
    if (!cli_made_print(context, &session, &made, error)) {
        return false;
    }
    if (!cli_has(context, "json")) {
        cli_say(
            context,
            N_("added account '%s'; it opens nothing until 'shuzhi user activate' was run by the"
               " security administrator, or by the console where there is none"),
            account.name);
    }
    cli_session_finish(context, &session);
    return true;
}

static const CliOption add_options[] = {
    {"person", N_("PERSON"), N_("whose it is: the name, or #ID")},
    {"administrator", N_("SORT"), N_("or: system, security or audit")},
    {"os", N_("USER"),
     N_("the operating system's account that is the same; then no password is"
        " needed")},
    {"password", NULL, N_("ask for a password also with --os")},
    {"until", N_("DATE"), N_("the last day on which it opens anything")},
    CLI_OPTION_JSON_MADE,
    {NULL}};

const CliCommand command_user_add = {
    .name = "user add",
    .operands = "OFFICE ACCOUNT",
    .summary = N_("Make an account for a person or an administrator."),
    .text =
        N_("The password is asked for, or read as a line of standard input. Two hands: who"
           " makes an account does not activate it, unless there is no security administrator"
           " yet and the console stands in. Who is named by --os works through the server of the"
           " office: 'shuzhi serve' runs, and the office's folder is of a group of that user"
           " (chgrp)."),
    .examples = "user add ./office zhen --person 甄有才 --os zhen\n"
                "user add ./office safety --administrator security",
    .options = add_options,
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_add,
};

/* ---- activate, lock, password ---------------------------------------------------------------- */

/* What is done to an account; @data is the command's own. */
typedef bool (*AccountChange)(CliContext *context, CliSession *session, int64_t id, GError **error);

static bool change(CliContext *context, AccountChange work, GError **error)
{
    g_auto(CliSession) session = {NULL};
    if (!cli_session_open(context, OFFICE_WRITE, &session, error)) {
        return false;
    }
    g_autoptr(OfficeAccount) account =
        office_account_find(session.reader, cli_operand(context, 1), error);
    if (account == NULL || !work(context, &session, account->id, error)) {
        return false;
    }
    cli_session_finish(context, &session);
    return true;
}

static bool activate(CliContext *context, CliSession *session, int64_t id, GError **error)
{
    return office_account_activate(session->office, session->subject, &session->act, id, error);
}

static bool run_activate(CliContext *context, GError **error)
{
    return change(context, activate, error);
}

const CliCommand command_user_activate = {
    .name = "user activate",
    .operands = "OFFICE ACCOUNT",
    .summary = N_("Open an account; the security administrator does it, not who made it."),
    .examples = "user activate ./office zhen",
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_activate,
};

static bool lock(CliContext *context, CliSession *session, int64_t id, GError **error)
{
    return office_account_lock(session->office, session->subject, &session->act, id, error);
}

static bool run_lock(CliContext *context, GError **error)
{
    return change(context, lock, error);
}

const CliCommand command_user_lock = {
    .name = "user lock",
    .operands = "OFFICE ACCOUNT",
    .summary = N_("Lock an account; it opens nothing from now on."),
    .examples = "user lock ./office zhen",
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_lock,
};

static bool set_password(CliContext *context, CliSession *session, int64_t id, GError **error)
{
    char *password = cli_read_secret(context, N_("new password:"), error);
    bool is_set =
        password != NULL && office_account_set_password(session->office, session->subject,
                                                        &session->act, id, password, error);
    wipe(password);
    return is_set;
}

static bool run_password(CliContext *context, GError **error)
{
    return change(context, set_password, error);
}

const CliCommand command_user_password = {
    .name = "user password",
    .operands = "OFFICE ACCOUNT",
    .summary = N_("Set the password of an account; one set by another must be activated anew."),
    .examples = "user password ./office zhen",
    .runs_inside = true,
    .runs_for_guests = true,
    .run = run_password,
};
