/* Settings (设置): what an office chooses for itself, each a whole number with a sensible
 * beginning.
 *
 * A setting that was never changed has no row: it is what it begins with.  Each change is an event.
 * The name of the office, which stands in its own table, is set here too.
 *
 * Threading: every function may be called from every thread. */
#pragma once

#include "office/rights.h"

/* Who must have a second factor. */
enum { OFFICE_FACTOR_FREE, OFFICE_FACTOR_ADMINISTRATORS, OFFICE_FACTOR_EVERYBODY };

/* What pages speak to who has not chosen a language. */
enum { OFFICE_LANGUAGE_CHINESE, OFFICE_LANGUAGE_ENGLISH };

/* name in the store and the log, beginning, least, greatest.  Sources of the beginnings: idle time
 * and lengths of OWASP ASVS 5.0 6.2 and 7.3; GB/T 22239-2019 8.1.4.1 asks for all three of length,
 * mix and change of passwords at level three, and for a second factor. */
#define OFFICE_SETTINGS(X)                                                               \
    X(IDLE_MINUTES, "idle-minutes", 30, 5, 480)                                          \
    X(ADMINISTRATOR_IDLE_MINUTES, "administrator-idle-minutes", 15, 5, 60)               \
    X(PASSWORD_CHARS, "password-chars", 10, 10, 64)                                      \
    X(FACTOR, "factor", OFFICE_FACTOR_FREE, OFFICE_FACTOR_FREE, OFFICE_FACTOR_EVERYBODY) \
    X(LANGUAGE, "language", OFFICE_LANGUAGE_CHINESE, OFFICE_LANGUAGE_CHINESE,            \
      OFFICE_LANGUAGE_ENGLISH)

typedef enum OfficeSetting {
#define X(code, name, beginning, min, max) OFFICE_##code,
    OFFICE_SETTINGS(X)
#undef X
        OFFICE_N_SETTINGS
} OfficeSetting;

/* Return the value of @setting in force: remembered, costs nothing. */
int office_setting(const Office *office, OfficeSetting setting);

/* Return its least and its greatest value. */
int office_setting_min(OfficeSetting setting);
int office_setting_max(OfficeSetting setting);

/* Set @setting to @value.  INVALID outside of its bounds; FORBIDDEN without setting.change. */
bool office_setting_change(Office *office, const RightsSubject *subject, const LogAct *act,
                           OfficeSetting setting, int value, GError **error);

/* Give the office another name: not empty, at most OFFICE_MAX_NAME_CHARS; INVALID, FORBIDDEN as
 * above.  The name of its first unit stays as it is. */
bool office_rename(Office *office, const RightsSubject *subject, const LogAct *act,
                   const char *name, GError **error);

/* Set *@ret_must to whether account @id, of an administrator or not, must turn a second factor on
 * before it does anything else. */
bool office_setting_wants_factor(Office *office, StoreConnection *connection, int64_t id,
                                 bool *ret_must, GError **error);

/* The pack in force: when it, or the last part of it, was put in force, and by whom. */
typedef struct OfficePackNews {
    int64_t since_us;
    int64_t seq;
    char *actor;
} OfficePackNews;

void office_pack_news_clear(OfficePackNews *news);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OfficePackNews, office_pack_news_clear)

/* Set *@ret_news to them; the caller clears it. */
bool office_pack_news(StoreConnection *connection, OfficePackNews *ret_news, GError **error);
