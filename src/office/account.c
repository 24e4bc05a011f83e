#include "office/account.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "log/history.h"
#include "office/office-internal.h"

#define MAX_ACCOUNT_NAME_CHARS 40

#define STATE_PENDING "pending"
#define STATE_ACTIVE "active"
#define STATE_LOCKED "locked"

enum {
    ACCOUNT_NAME,
    ACCOUNT_OS_USER,
    ACCOUNT_PERSON,
    ACCOUNT_ADMINISTRATOR,
    ACCOUNT_PASSWORD,
    ACCOUNT_STATE,
    ACCOUNT_CREATED_BY,
    ACCOUNT_ACTIVATED_BY,
    ACCOUNT_UNTIL,
    ACCOUNT_N_COLUMNS,
};

static const LogColumn account_columns[ACCOUNT_N_COLUMNS] = {
    [ACCOUNT_NAME] = {"name", VALUE_TEXT, true},
    [ACCOUNT_OS_USER] = {"os_user", VALUE_TEXT, false},
    [ACCOUNT_PERSON] = {"person", VALUE_REF, false},
    [ACCOUNT_ADMINISTRATOR] = {"administrator", VALUE_TEXT, false},
    [ACCOUNT_PASSWORD] = {"password", VALUE_TEXT, true},
    [ACCOUNT_STATE] = {"state", VALUE_TEXT, false},
    [ACCOUNT_CREATED_BY] = {"created_by", VALUE_TEXT, false},
    [ACCOUNT_ACTIVATED_BY] = {"activated_by", VALUE_TEXT, false},
    [ACCOUNT_UNTIL] = {"until", VALUE_DATE, false},
};
const LogTable office_account_table = {"account", "account", N_("account"), account_columns,
                                       ACCOUNT_N_COLUMNS};

void office_account_free(OfficeAccount *account)
{
    if (account != NULL) {
        g_free(account->name);
        g_free(account->os_user);
        g_free(account->administrator);
        g_free(account->state);
        g_free(account->created_by);
        g_free(account->activated_by);
        g_free(account);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

#define SELECT_ACCOUNT                                                                         \
    "SELECT id, name, os_user, person, administrator, state, created_by, activated_by, until," \
    " CASE WHEN password IS NULL THEN 0 ELSE 1 END FROM account"

static OfficeAccount *read_account(StoreStatement *query)
{
    OfficeAccount *account = g_new0(OfficeAccount, 1);
    account->id = store_column_int(query, 0);
    account->name = g_strdup(store_column_text(query, 1));
    account->os_user = g_strdup(store_column_text(query, 2));
    account->person = store_column_int(query, 3);
    account->administrator = g_strdup(store_column_text(query, 4));
    account->state = g_strdup(store_column_text(query, 5));
    account->created_by = g_strdup(store_column_text(query, 6));
    account->activated_by = g_strdup(store_column_text(query, 7));
    account->until = office_dates_column(query, 8);
    account->has_password = store_column_int(query, 9) != 0;
    return account;
}

/* Return the one row of @query; *@ret_account is NULL when there is none. */
static bool read_one(StoreStatement *query, OfficeAccount **ret_account, GError **error)
{
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    *ret_account = has_row ? read_account(query) : NULL;
    return true;
}

OfficeAccount *office_account_load(StoreConnection *connection, int64_t id, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, SELECT_ACCOUNT " WHERE id = $1", "i", id);
    OfficeAccount *account = NULL;
    if (read_one(query, &account, error) && account == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no account #%lld", (long long)id);
    }
    return account;
}

char *office_actor_name(StoreConnection *connection, const char *actor)
{
    int64_t id = 0;
    if (!g_str_has_prefix(actor, "account:") || !text_parse_int(actor + strlen("account:"), &id)) {
        return g_strdup(actor);
    }
    g_autoptr(OfficeAccount) account = office_account_load(connection, id, NULL);
    if (account == NULL) {
        return g_strdup(actor);
    }
    g_autoptr(OfficePerson) person =
        account->person != 0 ? office_person_load(connection, account->person, NULL) : NULL;
    return g_strdup(person != NULL ? person->name : account->name);
}

OfficeAccount *office_account_find(StoreConnection *connection, const char *name, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, SELECT_ACCOUNT " WHERE name = $1", "t", name);
    OfficeAccount *account = NULL;
    if (read_one(query, &account, error) && account == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no account '%s'", name);
    }
    return account;
}

bool office_account_of_os(StoreConnection *connection, const char *os_user,
                          OfficeAccount **ret_account, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, SELECT_ACCOUNT " WHERE os_user = $1", "t", os_user);
    return read_one(query, ret_account, error);
}

GPtrArray *office_account_list(StoreConnection *connection, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, SELECT_ACCOUNT " ORDER BY id", "");
    g_autoptr(GPtrArray) accounts =
        g_ptr_array_new_with_free_func((GDestroyNotify)office_account_free);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    while (store_step(query, &has_row, error) && has_row) {
        g_ptr_array_add(accounts, read_account(query));
    }
    return has_row ? NULL : g_steal_pointer(&accounts);
}

bool office_account_has_administrator(StoreConnection *connection, const char *administrator,
                                      Date date, bool *ret_exists, GError **error)
{
    char day[DATE_TEXT_SIZE];
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error,
                         "SELECT count(*) FROM account WHERE administrator = $1"
                         " AND state = 'active' AND (until IS NULL OR until >= $2)",
                         "tt", administrator, date_format(date, day))) {
        return false;
    }
    *ret_exists = n > 0;
    return true;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static bool is_name_character(gunichar c)
{
    return g_unichar_isalnum(c) || c == '.' || c == '_' || c == '-';
}

static bool check_name(const char *name, GError **error)
{
    glong length = 0;
    bool is_good = true;
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at)) {
        is_good = is_good && is_name_character(g_utf8_get_char(at));
        length++;
    }
    if (!is_good || length == 0 || length > MAX_ACCOUNT_NAME_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "an account's name is 1 to %d letters, digits and '.', '_', '-'; '%s' is not",
                  MAX_ACCOUNT_NAME_CHARS, name);
        return false;
    }
    return true;
}

/* An operating system's user as the console writes it: no white space, no control characters. */
static bool check_os_user(const char *os_user, GError **error)
{
    bool is_good = true;
    for (const char *at = os_user; at != NULL && *at != '\0'; at = g_utf8_next_char(at)) {
        is_good = is_good && g_unichar_isgraph(g_utf8_get_char(at));
    }
    if (!is_good) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is no name of an operating system's user",
                  os_user);
    }
    return is_good;
}

static bool is_administrator(const char *text)
{
    RightsRole role = RIGHTS_STAFF;
    return rights_role_find(text, &role) &&
           (role == RIGHTS_SYSTEM || role == RIGHTS_SECURITY || role == RIGHTS_AUDIT);
}

static bool check_holder(const OfficeAccount *account, GError **error)
{
    if ((account->person != 0) == (account->administrator != NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "an account is either a person's or an administrator's");
        return false;
    }
    if (account->administrator != NULL && !is_administrator(account->administrator)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is no administrator; there are system, security and audit",
                  account->administrator);
        return false;
    }
    return true;
}

static bool check_way_in(bool has_password, const char *os_user, GError **error)
{
    if (!has_password && (os_user == NULL || *os_user == '\0')) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "an account needs a password or a user of the operating system");
        return false;
    }
    return true;
}

/* Refuse what another account has; @id is left out. */
static bool check_unique(StoreConnection *connection, const OfficeAccount *account, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT name FROM account WHERE id <> $1 AND (name = $2 OR os_user = $3"
                    " OR (person = $4 AND person <> 0)) ORDER BY id",
                    "itti", account->id, account->name, account->os_user, account->person);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    if (has_row) {
        error_set(
            error, SHUZHI_ERROR_EXISTS,
            "the account '%s' has this name, this user of the operating system or this person",
            store_column_text(query, 0));
        return false;
    }
    return true;
}

/* ---- passwords ------------------------------------------------------------------------------- */

/* A password on its way into the store. */
typedef struct Secret {
    char *hash;                   /* yescrypt; NULL: no password */
    char digest[CRYPTO_HEX_SIZE]; /* of hash: what the account's row and the log hold */
} Secret;

static void secret_clear(Secret *secret)
{
    g_free(secret->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Secret, secret_clear)

static void fill_digest(const char *hash, char ret_digest[CRYPTO_HEX_SIZE])
{
    g_autofree char *hex = crypto_hash_hex(hash, strlen(hash));
    g_strlcpy(ret_digest, hex, CRYPTO_HEX_SIZE);
}

bool office_account_classes(StoreConnection *connection, int64_t *ret_n_classes, GError **error)
{
    return store_query_int(connection, 0, ret_n_classes, error,
                           "SELECT password_classes FROM office", "");
}

/* Check @password by the office's rule and hash it; slow, so not inside a job. */
static bool make_secret(Office *office, const char *password, const char *name, Secret *ret_secret,
                        GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    int64_t n_classes = 0;
    if (reader == NULL || !office_account_classes(reader, &n_classes, error) ||
        !office_password_check(password, name, office_setting(office, OFFICE_PASSWORD_CHARS),
                               (int)n_classes, error)) {
        return false;
    }
    uint8_t salt[CRYPTO_SALT_SIZE];
    source_random(office_source(office), salt, sizeof salt);
    ret_secret->hash = crypto_password_hash(password, salt);
    fill_digest(ret_secret->hash, ret_secret->digest);
    return true;
}

static bool keep_hash(StoreConnection *connection, int64_t id, const Secret *secret, GError **error)
{
    return secret->hash == NULL ||
           store_run(connection, error,
                     "INSERT INTO credential (account, hash) VALUES ($1, $2)"
                     " ON CONFLICT (account) DO UPDATE SET hash = excluded.hash",
                     "it", id, secret->hash);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What a job is about. */
typedef struct AccountWork {
    const RightsSubject *subject;
    const OfficeAccount *account; /* NULL: only @id */
    const Secret *secret;
    bool is_own; /* the holder sets the password */
    int64_t id;
} AccountWork;

static void clear_values(Value values[ACCOUNT_N_COLUMNS])
{
    for (int i = 0; i < ACCOUNT_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
}

static void set_value(Value *place, Value value)
{
    value_clear(place);
    *place = value;
}

/* Make @values say that the account waits for somebody else to open it. */
static void make_pending(Value values[ACCOUNT_N_COLUMNS])
{
    set_value(&values[ACCOUNT_STATE], value_text(STATE_PENDING));
    set_value(&values[ACCOUNT_ACTIVATED_BY], VALUE_EMPTY);
}

static bool insert(LogWriter *writer, AccountWork *work, Value values[ACCOUNT_N_COLUMNS],
                   GError **error)
{
    const OfficeAccount *account = work->account;
    values[ACCOUNT_NAME] = value_text(account->name);
    values[ACCOUNT_OS_USER] = value_text(account->os_user);
    values[ACCOUNT_PERSON] = account->person != 0 ? value_ref(account->person) : VALUE_EMPTY;
    values[ACCOUNT_ADMINISTRATOR] = value_text(account->administrator);
    values[ACCOUNT_STATE] = value_text(STATE_PENDING);
    values[ACCOUNT_CREATED_BY] = value_text(log_writer_act(writer)->actor);
    values[ACCOUNT_UNTIL] = office_dates_value(account->until);
    if (work->secret->hash != NULL) {
        values[ACCOUNT_PASSWORD] = value_text(work->secret->digest);
    }
    return log_record_add(writer, &office_account_table, values, &work->id, error) &&
           keep_hash(log_writer_connection(writer), work->id, work->secret, error);
}

static bool add_job(LogWriter *writer, void *data, GError **error)
{
    AccountWork *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    if (work->account->person != 0) {
        g_autoptr(OfficePerson) person =
            office_person_load(connection, work->account->person, error);
        if (person == NULL) {
            return false;
        }
    }
    Value values[ACCOUNT_N_COLUMNS] = {{VALUE_NONE}};
    bool is_ok =
        check_unique(connection, work->account, error) && insert(writer, work, values, error);
    clear_values(values);
    return is_ok;
}

bool office_account_add(Office *office, const RightsSubject *subject, const LogAct *act,
                        const OfficeAccount *account, const char *password, int64_t *ret_id,
                        GError **error)
{
    OfficeAccount fresh = *account;
    fresh.id = 0;
    g_auto(Secret) secret = {NULL};
    AccountWork work = {.account = &fresh, .secret = &secret};
    if (!rights_may(subject, RIGHTS_ACCOUNT_CHANGE, NULL, error) ||
        !check_name(account->name, error) || !check_os_user(account->os_user, error) ||
        !check_holder(account, error) || !check_way_in(password != NULL, account->os_user, error) ||
        (password != NULL && !make_secret(office, password, account->name, &secret, error)) ||
        !log_write(office_log(office), act, add_job, &work, error)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = work.id;
    }
    return true;
}

bool office_account_insert_console(LogWriter *writer, const char *os_user, GError **error)
{
    const char *actor = log_writer_act(writer)->actor;
    Value values[ACCOUNT_N_COLUMNS] = {
        [ACCOUNT_NAME] = value_text(os_user),       [ACCOUNT_OS_USER] = value_text(os_user),
        [ACCOUNT_STATE] = value_text(STATE_ACTIVE), [ACCOUNT_CREATED_BY] = value_text(actor),
        [ACCOUNT_ACTIVATED_BY] = value_text(actor),
    };
    bool is_ok = log_record_add(writer, &office_account_table, values, NULL, error);
    clear_values(values);
    return is_ok;
}

static bool change_job(LogWriter *writer, void *data, GError **error)
{
    const AccountWork *work = data;
    const OfficeAccount *account = work->account;
    Value values[ACCOUNT_N_COLUMNS] = {{VALUE_NONE}};
    bool is_ok =
        log_record_load(log_writer_connection(writer), &office_account_table, account->id, values,
                        error) &&
        check_way_in(!value_is_empty(&values[ACCOUNT_PASSWORD]), account->os_user, error) &&
        check_unique(log_writer_connection(writer), account, error);
    if (is_ok) {
        set_value(&values[ACCOUNT_NAME], value_text(account->name));
        set_value(&values[ACCOUNT_OS_USER], value_text(account->os_user));
        set_value(&values[ACCOUNT_UNTIL], office_dates_value(account->until));
        make_pending(values);
        is_ok = log_record_change(writer, &office_account_table, account->id, values, error);
    }
    clear_values(values);
    return is_ok;
}

bool office_account_change(Office *office, const RightsSubject *subject, const LogAct *act,
                           const OfficeAccount *account, GError **error)
{
    AccountWork work = {.account = account};
    return rights_may(subject, RIGHTS_ACCOUNT_CHANGE, NULL, error) &&
           check_name(account->name, error) && check_os_user(account->os_user, error) &&
           log_write(office_log(office), act, change_job, &work, error);
}

/* Whether @subject is the console in an administrator's stead, who has nobody else to ask. */
static bool is_standing_in(const RightsSubject *subject)
{
    for (guint i = 0; i < subject->holds->len; i++) {
        const RightsHold *hold = g_ptr_array_index(subject->holds, i);
        if (hold->role == RIGHTS_CONSOLE) {
            return true;
        }
    }
    return false;
}

/* Set the state of @work->id to @state; CONFLICT when it is that already. */
static bool set_state(LogWriter *writer, const AccountWork *work, const char *state, GError **error)
{
    const char *actor = log_writer_act(writer)->actor;
    Value values[ACCOUNT_N_COLUMNS] = {{VALUE_NONE}};
    if (!log_record_load(log_writer_connection(writer), &office_account_table, work->id, values,
                         error)) {
        return false;
    }
    bool is_opening = g_str_equal(state, STATE_ACTIVE);
    bool is_ok = false;
    if (g_str_equal(values[ACCOUNT_STATE].text, state)) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "the account '%s' is that already",
                  values[ACCOUNT_NAME].text);
    } else if (is_opening && !is_standing_in(work->subject) &&
               g_str_equal(values[ACCOUNT_CREATED_BY].text, actor)) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "who made the account '%s' cannot activate it: that takes a second person",
                  values[ACCOUNT_NAME].text);
    } else {
        set_value(&values[ACCOUNT_STATE], value_text(state));
        if (is_opening) {
            set_value(&values[ACCOUNT_ACTIVATED_BY], value_text(actor));
        }
        is_ok = log_record_change(writer, &office_account_table, work->id, values, error);
    }
    clear_values(values);
    return is_ok;
}

static bool activate_job(LogWriter *writer, void *data, GError **error)
{
    return set_state(writer, data, STATE_ACTIVE, error);
}

static bool lock_job(LogWriter *writer, void *data, GError **error)
{
    return set_state(writer, data, STATE_LOCKED, error);
}

bool office_account_activate(Office *office, const RightsSubject *subject, const LogAct *act,
                             int64_t id, GError **error)
{
    AccountWork work = {.subject = subject, .id = id};
    return rights_may(subject, RIGHTS_ROLE_CHANGE, NULL, error) &&
           log_write(office_log(office), act, activate_job, &work, error);
}

bool office_account_lock(Office *office, const RightsSubject *subject, const LogAct *act,
                         int64_t id, GError **error)
{
    AccountWork work = {.subject = subject, .id = id};
    bool is_allowed = rights_may(subject, RIGHTS_ACCOUNT_CHANGE, NULL, NULL) ||
                      rights_may(subject, RIGHTS_ROLE_CHANGE, NULL, error);
    if (!is_allowed) {
        return false;
    }
    if (subject->account == id) { /* it may be the last that could open it again */
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "nobody locks the own account; another administrator does it");
        return false;
    }
    return log_write(office_log(office), act, lock_job, &work, error);
}

static bool password_job(LogWriter *writer, void *data, GError **error)
{
    const AccountWork *work = data;
    Value values[ACCOUNT_N_COLUMNS] = {{VALUE_NONE}};
    if (!log_record_load(log_writer_connection(writer), &office_account_table, work->id, values,
                         error)) {
        return false;
    }
    set_value(&values[ACCOUNT_PASSWORD], value_text(work->secret->digest));
    if (!work->is_own) {
        make_pending(values);
    }
    bool is_ok = log_record_change(writer, &office_account_table, work->id, values, error) &&
                 keep_hash(log_writer_connection(writer), work->id, work->secret, error);
    clear_values(values);
    return is_ok;
}

bool office_account_set_password(Office *office, const RightsSubject *subject, const LogAct *act,
                                 int64_t id, const char *password, GError **error)
{
    g_auto(Secret) secret = {NULL};
    AccountWork work = {.secret = &secret, .id = id, .is_own = subject->account == id};
    g_autoptr(OfficeAccount) account = NULL;
    if (!work.is_own && !rights_may(subject, RIGHTS_ACCOUNT_CHANGE, NULL, error)) {
        return false;
    }
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    if (reader != NULL) {
        account = office_account_load(reader, id, error);
        g_clear_pointer(&reader, store_reader_release);
    }
    return account != NULL && make_secret(office, password, account->name, &secret, error) &&
           log_write(office_log(office), act, password_job, &work, error);
}

/* Return whether @event set the password. */
static bool sets_password(const LogEvent *event)
{
    g_autoptr(json_t) line = json_parse(event->line, strlen(event->line), NULL);
    return json_object_get(json_object_get(line, "fields"),
                           account_columns[ACCOUNT_PASSWORD].name) != NULL;
}

bool office_account_password_is_given(StoreConnection *connection, int64_t id, bool *ret_is_given,
                                      GError **error)
{
    g_autofree char *holder = g_strdup_printf("account:%" G_GINT64_FORMAT, id);
    g_autoptr(GPtrArray) events = log_history(connection, id, error);
    bool is_given = false;
    for (guint i = 0; events != NULL && i < events->len; i++) {
        const LogEvent *event = g_ptr_array_index(events, i);
        if (sets_password(event)) {
            is_given = !g_str_equal(event->actor, holder);
        }
    }
    *ret_is_given = is_given;
    return events != NULL;
}

/* ---- at the door ----------------------------------------------------------------------------- */

/* What is hashed against when there is nothing to compare with, so that an unknown name takes as
 * long as a known one: a yescrypt hash of the same cost that fits no password. */
static const char no_hash[] =
    "$y$j9T$AAAAAAAAAAAAAAAAAAAAA.$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.";

/* Read the hash of @account if the row is the one that the log knows; the caller owns it. */
static bool read_hash(StoreConnection *connection, int64_t id, char **ret_hash, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT credential.hash, account.password FROM credential"
                    " JOIN account ON account.id = credential.account WHERE account.id = $1",
                    "i", id);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    char digest[CRYPTO_HEX_SIZE] = "";
    const char *hash = has_row ? store_column_text(query, 0) : NULL;
    if (hash != NULL) {
        fill_digest(hash, digest);
    }
    bool is_logged = has_row && g_strcmp0(digest, store_column_text(query, 1)) == 0;
    *ret_hash = g_strdup(is_logged ? hash : NULL);
    return true;
}

/* Look up what @name opens and its hash; both stay NULL for an unknown name. */
static bool look_up(Office *office, const char *name, OfficeAccount **ret_account, char **ret_hash,
                    GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(office), error);
    g_autoptr(StoreStatement) query =
        reader != NULL ? store_query(reader, error, SELECT_ACCOUNT " WHERE name = $1", "t", name)
                       : NULL;
    if (!read_one(query, ret_account, error)) {
        return false;
    }
    g_clear_pointer(&query, store_statement_release);
    return *ret_account == NULL || read_hash(reader, (*ret_account)->id, ret_hash, error);
}

bool office_account_check(Office *office, const char *name, const char *password, int64_t *ret_id,
                          GError **error)
{
    g_autoptr(OfficeAccount) account = NULL;
    g_autofree char *hash = NULL;
    if (!look_up(office, name, &account, &hash, error)) {
        return false;
    }
    bool is_right = crypto_password_is(password, hash != NULL ? hash : no_hash);
    bool is_open = account != NULL && g_str_equal(account->state, STATE_ACTIVE) &&
                   office_dates_include(DATE_NONE, account->until, office_today(office));
    if (!is_right || !is_open || hash == NULL) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the name or the password is wrong, or the account is not open");
        return false;
    }
    *ret_id = account->id;
    return true;
}

/* ---- the rule for passwords ------------------------------------------------------------------ */

static bool classes_job(LogWriter *writer, void *data, GError **error)
{
    const int64_t *work = data; /* id of the office's record, number of classes */
    Value values[OFFICE_N_COLUMNS] = {{VALUE_NONE}};
    bool is_ok =
        log_record_load(log_writer_connection(writer), &office_table, work[0], values, error);
    if (is_ok) {
        values[OFFICE_PASSWORD_CLASSES].number = work[1];
        is_ok = log_record_change(writer, &office_table, work[0], values, error);
    }
    for (int i = 0; i < OFFICE_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

bool office_account_set_classes(Office *office, const RightsSubject *subject, const LogAct *act,
                                int n_classes, GError **error)
{
    int64_t work[] = {office->id, n_classes};
    if (!rights_may(subject, RIGHTS_SETTING_CHANGE, NULL, error)) {
        return false;
    }
    if (n_classes < 0 || n_classes > OFFICE_PASSWORD_MAX_CLASSES) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a password can mix 0 to %d kinds of characters, not %d",
                  OFFICE_PASSWORD_MAX_CLASSES, n_classes);
        return false;
    }
    return log_write(office_log(office), act, classes_job, work, error);
}
