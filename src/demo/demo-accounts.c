#include "demo/demo-accounts.h"

#include "office/account.h"
#include "office/person.h"

#define DEMO_SYSTEM "demo-system"
#define DEMO_SECURITY "demo-security"
#define PASSWORD_GROUPS 4
#define LETTERS_OF_GROUP 4

static void free_account(gpointer data)
{
    DemoAccount *account = data;
    g_free(account->name);
    g_free(account->password);
    g_free(account->person);
    g_free(account);
}

/* Return a password of 4 groups of letters and digits that are not mistaken for one another: about
 * 79 bits. */
static char *make_password(Source *source)
{
    static const char alphabet[] = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    static const char *const classes[] = {"a", "A", "2"}; /* what every password must have */
    GString *out = g_string_new(NULL);
    for (int i = 0; i < PASSWORD_GROUPS; i++) {
        g_string_append(out, i > 0 ? "-" : "");
        for (int j = 0; j < LETTERS_OF_GROUP; j++) {
            uint8_t byte = 0;
            do { /* a byte beyond the last whole round would favour the first letters */
                source_random(source, &byte, 1);
            } while (byte >= 256 / (sizeof alphabet - 1) * (sizeof alphabet - 1));
            g_string_append_c(out, alphabet[byte % (sizeof alphabet - 1)]);
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
        g_string_append(out, classes[i]);
    }
    return g_string_free(out, false);
}

/* Who the accounts are made by: the console as long as there is no administrator, then the
 * administrators themselves. */
typedef struct Makers {
    RightsSubject *first;  /* makes and changes accounts */
    RightsSubject *second; /* activates them */
} Makers;

static void makers_clear(Makers *makers)
{
    rights_subject_free(makers->first);
    rights_subject_free(makers->second);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Makers, makers_clear)

/* Return the subject of the account named @name if it is open, else the console's. */
static RightsSubject *find_maker(Office *office, StoreConnection *reader, const char *name,
                                 GError **error)
{
    g_autoptr(OfficeAccount) account = office_account_find(reader, name, NULL);
    if (account != NULL && g_str_equal(account->state, "active")) {
        return rights_subject_account(office, account->id, error);
    }
    return rights_subject_console(office, error);
}

/* Give the account its password; an administrator's is made at the first call. */
static bool open_account(Office *office, const Makers *makers, const OfficeAccount *found,
                         DemoAccount *account, const char *administrator, GError **error)
{
    const LogAct first = {.actor = makers->first->actor};
    const LogAct second = {.actor = makers->second->actor};
    const OfficeAccount plan = {
        .name = account->name, .administrator = (char *)administrator, .until = DATE_NONE};
    account->id = found != NULL ? found->id : 0;
    bool is_ready = found != NULL ? office_account_set_password(office, makers->first, &first,
                                                                found->id, account->password, error)
                                  : office_account_add(office, makers->first, &first, &plan,
                                                       account->password, &account->id, error);
    g_autoptr(StoreConnection) reader =
        is_ready ? store_reader_acquire(office_store(office), error) : NULL;
    g_autoptr(OfficeAccount) now =
        reader != NULL ? office_account_load(reader, account->id, error) : NULL;
    if (now == NULL) {
        return false;
    }
    return g_str_equal(now->state, "active") || /* its holder's own password needs nobody else */
           office_account_activate(office, makers->second, &second, account->id, error);
}

static bool add(Office *office, RightsRole role, const char *name, GPtrArray *accounts,
                GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_auto(Makers) makers = {NULL};
    if (reader == NULL) {
        return false;
    }
    g_autoptr(OfficeAccount) found = office_account_find(reader, name, NULL);
    bool is_administrator = !rights_role_is_of_post(role);
    if (found == NULL && !is_administrator) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is no demo; 'shuzhi demo' makes one",
                  office_location(office));
        return false;
    }
    g_autoptr(OfficePerson) person = found != NULL && found->person != 0
                                         ? office_person_load(reader, found->person, error)
                                         : NULL;
    DemoAccount *account = g_new0(DemoAccount, 1);
    account->name = g_strdup(name);
    account->password = make_password(source_system());
    account->words = rights_role_words(role);
    account->person = person != NULL ? g_strdup(person->name) : NULL;
    g_ptr_array_add(accounts, account);
    makers.first = find_maker(office, reader, DEMO_SYSTEM, error);
    makers.second = makers.first != NULL ? find_maker(office, reader, DEMO_SECURITY, error) : NULL;
    return makers.second != NULL &&
           open_account(office, &makers, found, account,
                        is_administrator ? rights_role_name(role) : NULL, error);
}

bool demo_accounts_open(Office *office, GPtrArray **ret_accounts, GError **error)
{
    /* The administrators last: with the first of them the console stops standing in. */
    static const struct {
        RightsRole role;
        const char *name;
    } roles[] = {
        {RIGHTS_CLERK, "demo-clerk-1"},         {RIGHTS_HEAD, "demo-head-1"},
        {RIGHTS_SECRETARY, "demo-secretary"},   {RIGHTS_SUPERVISOR, "demo-supervisor"},
        {RIGHTS_DISPATCHER, "demo-dispatcher"}, {RIGHTS_AUDIT, "demo-audit"},
        {RIGHTS_SECURITY, DEMO_SECURITY},       {RIGHTS_SYSTEM, DEMO_SYSTEM},
    };
    g_autoptr(GPtrArray) accounts = g_ptr_array_new_with_free_func(free_account);
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (!add(office, roles[i].role, roles[i].name, accounts, error)) {
            return false;
        }
    }
    *ret_accounts = g_steal_pointer(&accounts);
    return true;
}
