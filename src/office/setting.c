#include "office/setting.h"

#include "base/text.h"
#include "office/account.h"
#include "office/factor.h"
#include "office/office-internal.h"

enum { SETTING_NAME, SETTING_VALUE, SETTING_N_COLUMNS };

static const LogColumn setting_columns[SETTING_N_COLUMNS] = {
    [SETTING_NAME] = {"name", VALUE_TEXT, false},
    [SETTING_VALUE] = {"value", VALUE_NUMBER, false},
};
const LogTable office_setting_table = {"setting", "setting", N_("setting"), setting_columns,
                                       SETTING_N_COLUMNS};

static const struct {
    const char *name;
    int beginning;
    int min;
    int max;
} settings[OFFICE_N_SETTINGS] = {
#define X(code, name, beginning, min, max) {name, beginning, min, max},
    OFFICE_SETTINGS(X)
#undef X
};

int office_setting(const Office *office, OfficeSetting setting)
{
    return g_atomic_int_get(&office->settings[setting]);
}

int office_setting_min(OfficeSetting setting)
{
    return settings[setting].min;
}

int office_setting_max(OfficeSetting setting)
{
    return settings[setting].max;
}

bool office_settings_load(Office *office, StoreConnection *connection, GError **error)
{
    for (int i = 0; i < OFFICE_N_SETTINGS; i++) {
        int64_t value = 0;
        if (!store_query_int(connection, settings[i].beginning, &value, error,
                             "SELECT value FROM setting WHERE name = $1", "t", settings[i].name)) {
            return false;
        }
        g_atomic_int_set(&office->settings[i], (gint)value);
    }
    return true;
}

/* ---- changing -------------------------------------------------------------------------------- */

/* What a job is about. */
typedef struct SettingWork {
    int64_t id; /* of the office's record */
    OfficeSetting setting;
    int value;
    const char *name; /* of the office */
} SettingWork;

static bool change_job(LogWriter *writer, void *data, GError **error)
{
    const SettingWork *work = data;
    int64_t id = 0;
    const char *name = settings[work->setting].name;
    if (!store_query_int(log_writer_connection(writer), 0, &id, error,
                         "SELECT id FROM setting WHERE name = $1", "t", name)) {
        return false;
    }
    Value values[SETTING_N_COLUMNS] = {
        [SETTING_NAME] = value_text(name), [SETTING_VALUE] = value_number(work->value)};
    bool is_ok = id != 0 ? log_record_change(writer, &office_setting_table, id, values, error)
                         : log_record_add(writer, &office_setting_table, values, NULL, error);
    value_clear(&values[SETTING_NAME]);
    value_clear(&values[SETTING_VALUE]);
    return is_ok;
}

bool office_setting_change(Office *office, const RightsSubject *subject, const LogAct *act,
                           OfficeSetting setting, int value, GError **error)
{
    SettingWork work = {.setting = setting, .value = value};
    if (!rights_may(subject, RIGHTS_SETTING_CHANGE, NULL, error)) {
        return false;
    }
    if (value < settings[setting].min || value > settings[setting].max) {
        error_set(error, SHUZHI_ERROR_INVALID, "the setting '%s' goes from %d to %d, not to %d",
                  settings[setting].name, settings[setting].min, settings[setting].max, value);
        return false;
    }
    if (value == office_setting(office, setting)) {
        return true;
    }
    if (!log_write(office_log(office), act, change_job, &work, error)) {
        return false;
    }
    g_atomic_int_set(&office->settings[setting], value);
    return true;
}

static bool rename_job(LogWriter *writer, void *data, GError **error)
{
    const SettingWork *work = data;
    Value values[OFFICE_N_COLUMNS] = {{VALUE_NONE}};
    bool is_ok =
        log_record_load(log_writer_connection(writer), &office_table, work->id, values, error);
    if (is_ok) {
        value_clear(&values[OFFICE_NAME]);
        values[OFFICE_NAME] = value_text(work->name);
        is_ok = log_record_change(writer, &office_table, work->id, values, error);
    }
    for (int i = 0; i < OFFICE_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

bool office_rename(Office *office, const RightsSubject *subject, const LogAct *act,
                   const char *name, GError **error)
{
    g_autofree char *stripped = text_strip_dup(name);
    SettingWork work = {.id = office->id, .name = stripped};
    if (!rights_may(subject, RIGHTS_SETTING_CHANGE, NULL, error)) {
        return false;
    }
    if (*stripped == '\0' || g_utf8_strlen(stripped, -1) > OFFICE_MAX_NAME_CHARS) {
        error_set(error, SHUZHI_ERROR_INVALID, "the name of an office has 1 to %d characters",
                  OFFICE_MAX_NAME_CHARS);
        return false;
    }
    if (g_str_equal(stripped, office_name(office))) {
        return true;
    }
    if (!log_write(office_log(office), act, rename_job, &work, error)) {
        return false;
    }
    /* Pages on their way may still borrow the old one. */
    g_mutex_lock(&office->names_lock);
    g_ptr_array_add(office->old_names, office->name);
    g_atomic_pointer_set(&office->name, g_steal_pointer(&stripped));
    g_mutex_unlock(&office->names_lock);
    return true;
}

bool office_setting_wants_factor(Office *office, StoreConnection *connection, int64_t id,
                                 bool *ret_must, GError **error)
{
    int who = office_setting(office, OFFICE_FACTOR);
    bool is_on = false;
    *ret_must = false;
    if (who == OFFICE_FACTOR_FREE) {
        return true;
    }
    g_autoptr(OfficeAccount) account = office_account_load(connection, id, error);
    if (account == NULL || !office_factor_is_on(connection, id, &is_on, error)) {
        return false;
    }
    *ret_must = !is_on && (who == OFFICE_FACTOR_EVERYBODY || account->administrator != NULL);
    return true;
}

/* ---- the pack -------------------------------------------------------------------------------- */

void office_pack_news_clear(OfficePackNews *news)
{
    g_free(news->actor);
}

bool office_pack_news(StoreConnection *connection, OfficePackNews *ret_news, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT definition.since, definition.id, event.actor FROM definition"
                    " JOIN event ON event.seq = definition.id"
                    " WHERE definition.is_current = 1 ORDER BY definition.id DESC LIMIT 1",
                    "");
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    *ret_news = (OfficePackNews){0};
    if (has_row) {
        *ret_news = (OfficePackNews){store_column_int(query, 0), store_column_int(query, 1),
                                     g_strdup(store_column_text(query, 2))};
    }
    return true;
}
