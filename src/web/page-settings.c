#include "web/pages.h"

#include "log/checkpoint.h"
#include "log/history.h"
#include "office/account.h"
#include "office/setting.h"
#include "web/account.h"
#include "web/api.h"
#include "web/notice.h"
#include "web/settings.h"
#include "web/templates.h"

/* ---- the sheet ------------------------------------------------------------------------------- */

/* The settings that are plain numbers, in the order of the sheet. */
static const struct {
    OfficeSetting setting;
    const char *name; /* of the control */
    const char *words;
} numbers[] = {
    {OFFICE_IDLE_MINUTES, "idle", N_("Minutes without use until one is signed out")},
    {OFFICE_ADMINISTRATOR_IDLE_MINUTES, "administrator-idle", N_("The same for administrators")},
    {OFFICE_PASSWORD_CHARS, "chars", N_("Characters that a new password has at least")},
};

typedef struct SettingsSheet {
    WebSheet *sheet;
    WebSheetField *name, *language, *classes, *factor;
    WebSheetField *numbers[G_N_ELEMENTS(numbers)];
} SettingsSheet;

static void add_classes(const WebContext *context, SettingsSheet *made, int64_t stored)
{
    made->classes = web_sheet_add(context, made->sheet, "classes",
                                  web_tr(context, N_("Kinds of characters that it mixes")),
                                  "number", web_number(context, stored));
    made->classes->hint = web_tr(
        context, N_("Of small letters, capitals, digits, other signs. GB/T 22239 asks for a mix: "
                    "3; OWASP ASVS for length instead: 0, with 15 characters or more."));
}

static void add_factor(const WebContext *context, SettingsSheet *made)
{
    static const char *const words[] = {N_("whoever wants to"), N_("the administrators"),
                                        N_("everybody")};
    made->factor = web_sheet_add(
        context, made->sheet, "factor", web_tr(context, N_("Signing in asks for a code of")),
        "select", web_number(context, office_setting(context->office, OFFICE_FACTOR)));
    for (int i = OFFICE_FACTOR_FREE; i <= OFFICE_FACTOR_EVERYBODY; i++) {
        web_sheet_choose(context, made->factor, web_number(context, i), web_tr(context, words[i]));
    }
    made->factor->hint =
        web_tr(context, N_("Who has none yet is asked to turn it on before anything else."));
}

static void add_language(const WebContext *context, SettingsSheet *made)
{
    made->language =
        web_sheet_add(context, made->sheet, "language",
                      web_tr(context, N_("Language, until the reader chooses another")), "select",
                      web_number(context, office_setting(context->office, OFFICE_LANGUAGE)));
    web_sheet_choose(context, made->language, web_number(context, OFFICE_LANGUAGE_CHINESE), "中文");
    web_sheet_choose(context, made->language, web_number(context, OFFICE_LANGUAGE_ENGLISH),
                     "English");
}

static SettingsSheet make_sheet(const WebContext *context, int64_t classes)
{
    SettingsSheet made = {.sheet = web_sheet_new(context, web_tr(context, N_("Save")), "/")};
    made.name =
        web_sheet_add(context, made.sheet, "name", web_tr(context, N_("Name of the office")),
                      "text", office_name(context->office));
    made.name->is_required = true;
    add_language(context, &made);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        made.numbers[i] = web_sheet_add(
            context, made.sheet, numbers[i].name, web_tr(context, numbers[i].words), "number",
            web_number(context, office_setting(context->office, numbers[i].setting)));
    }
    add_classes(context, &made, classes);
    add_factor(context, &made);
    made.sheet->asks_password = true;
    return made;
}

/* Record what was typed; false with *@refused, or with a fault at a field: nothing is changed. */
static bool take_sheet(WebContext *context, SettingsSheet *typed, GError **refused)
{
    int64_t values[G_N_ELEMENTS(numbers)] = {0};
    int64_t classes = 0;
    int64_t factor = 0;
    int64_t language = 0;
    web_sheet_read_int(context, typed->classes, 0, OFFICE_PASSWORD_MAX_CLASSES, &classes);
    web_sheet_read_int(context, typed->factor, OFFICE_FACTOR_FREE, OFFICE_FACTOR_EVERYBODY,
                       &factor);
    web_sheet_read_int(context, typed->language, OFFICE_LANGUAGE_CHINESE, OFFICE_LANGUAGE_ENGLISH,
                       &language);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        web_sheet_read_int(context, typed->numbers[i], office_setting_min(numbers[i].setting),
                           office_setting_max(numbers[i].setting), &values[i]);
    }
    if (!web_sheet_check(context, typed->sheet, refused) ||
        !office_rename(context->office, context->subject, &context->act, typed->name->text,
                       refused)) {
        return false;
    }
    bool is_ok = true;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        is_ok = is_ok && office_setting_change(context->office, context->subject, &context->act,
                                               numbers[i].setting, (int)values[i], refused);
    }
    return is_ok &&
           office_setting_change(context->office, context->subject, &context->act, OFFICE_FACTOR,
                                 (int)factor, refused) &&
           office_setting_change(context->office, context->subject, &context->act, OFFICE_LANGUAGE,
                                 (int)language, refused) &&
           office_account_set_classes(context->office, context->subject, &context->act,
                                      (int)classes, refused);
}

/* ---- what the office runs on ----------------------------------------------------------------- */

/* Return how many events the checkpoint @note covers: its second line (C2SP tlog-checkpoint). */
static int64_t signed_size(const char *note)
{
    const char *at = note != NULL ? strchr(note, '\n') : NULL;
    return at != NULL ? g_ascii_strtoll(at + 1, NULL, 10) : 0;
}

static bool fill_state(WebContext *context, WebSettings *shown, GError **error)
{
    const Schema *schema = office_schema(context->office);
    g_auto(OfficePackNews) news = {0};
    g_autofree char *checkpoint = NULL;
    int64_t size = 0;
    if (!office_pack_news(context->reader, &news, error) ||
        !log_head(context->reader, &size, NULL, error) ||
        !office_checkpoint(context->office, context->reader, &checkpoint, error)) {
        return false;
    }
    shown->pack =
        web_keep(context, g_strdup_printf("%s (%s) %s", web_words(context, &schema->words),
                                          schema->name, schema->version));
    shown->since = web_time(context, news.since_us);
    shown->by =
        news.actor != NULL ? web_actor(context, web_keep(context, g_strdup(news.actor))) : "";
    shown->office_id = office_id(context->office);
    shown->key = office_public_key(context->office);
    shown->n_events = web_number(context, size);
    shown->n_signed = web_number(context, signed_size(checkpoint));
    shown->verification = web_verification(context, error);
    shown->has_checkpoint = checkpoint != NULL;
    shown->may_backup_here = store_dialect(office_store(context->office)) == STORE_SQLITE;
    return shown->verification != NULL;
}

/* ---- pages ----------------------------------------------------------------------------------- */

bool web_page_settings(WebContext *context, GError **error)
{
    WebSettings shown = {0};
    int64_t classes = 0;
    GError *refused = NULL;
    if (!office_account_classes(context->reader, &classes, error) ||
        !fill_state(context, &shown, error)) {
        return false;
    }
    SettingsSheet typed = make_sheet(context, classes);
    if (web_sheet_is_sent(context) && take_sheet(context, &typed, &refused)) {
        web_redirect_told(context, "/settings", web_tr(context, N_("The settings are saved.")));
        return true;
    }
    web_fault_tell(context, refused);
    GString *out = web_page_begin(context, web_tr(context, N_("Settings")));
    template_sheet_page(out, &context->html, context, typed.sheet);
    template_settings_state(out, &context->html, context, &shown);
    web_page_send(context, out);
    return true;
}

/* The newest checkpoint as the file that others keep as witnesses. */
bool web_page_checkpoint(WebContext *context, GError **error)
{
    g_autofree char *checkpoint = NULL;
    if (!office_checkpoint(context->office, context->reader, &checkpoint, error)) {
        return false;
    }
    if (checkpoint == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "nothing is signed yet: the signing key is not here");
        return false;
    }
    g_autofree char *name = g_strdup_printf(
        "attachment; filename=\"checkpoint-%" G_GINT64_FORMAT ".txt\"", signed_size(checkpoint));
    http_response_set_header(context->response, "Content-Disposition", name);
    http_response_set_text(context->response, "text/plain; charset=utf-8", checkpoint);
    return true;
}

/* ---- for programs ---------------------------------------------------------------------------- */

/* Settings that are a choice of names, by their value. */
static const char *const languages[] = {"zh", "en", NULL};
static const char *const factors[] = {"free", "administrators", "everybody", NULL};

/* The settings as programs name them. */
static const struct {
    const char *name;
    OfficeSetting setting;
    const char *const *choices; /* NULL: it is a number */
} members[] = {
    {"language", OFFICE_LANGUAGE, languages},
    {"idle_minutes", OFFICE_IDLE_MINUTES, NULL},
    {"administrator_idle_minutes", OFFICE_ADMINISTRATOR_IDLE_MINUTES, NULL},
    {"password_chars", OFFICE_PASSWORD_CHARS, NULL},
    {"factor", OFFICE_FACTOR, factors},
};

static bool send_settings(WebContext *context, int64_t id, GError **error)
{
    const Schema *schema = office_schema(context->office);
    g_autofree char *checkpoint = NULL;
    int64_t classes = 0;
    int64_t size = 0;
    if (!office_account_classes(context->reader, &classes, error) ||
        !log_head(context->reader, &size, NULL, error) ||
        !office_checkpoint(context->office, context->reader, &checkpoint, error)) {
        return false;
    }
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "name", office_name(context->office));
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        int value = office_setting(context->office, members[i].setting);
        if (members[i].choices != NULL) {
            json_write_key_text(&json, members[i].name, members[i].choices[value]);
        } else {
            json_write_key_int(&json, members[i].name, value);
        }
    }
    json_write_key_int(&json, "password_classes", classes);
    json_write_key_text(&json, "pack", schema->name);
    json_write_key_text(&json, "pack_version", schema->version);
    json_write_key_text(&json, "office", office_id(context->office));
    json_write_key_text(&json, "key", office_public_key(context->office));
    json_write_key_int(&json, "events", size);
    json_write_key_int(&json, "signed", signed_size(checkpoint));
    json_write_end_object(&json);
    web_send_json(context, &json);
    return true;
}

bool web_api_settings(WebContext *context, GError **error)
{
    return send_settings(context, 0, error);
}

/* Read the value that @body gives the @i-th of the members; -1: none. */
static bool read_member(WebContext *context, const json_t *body, size_t i, int *ret_value,
                        GError **error)
{
    int least = office_setting_min(members[i].setting);
    int greatest = office_setting_max(members[i].setting);
    const char *text = NULL;
    int64_t value = -1;
    *ret_value = -1;
    if (json_object_get(body, members[i].name) == NULL) {
        return true;
    }
    if (members[i].choices == NULL && !web_api_int(context, body, members[i].name, &value, error)) {
        return false;
    }
    if (members[i].choices != NULL && !web_api_text(context, body, members[i].name, &text, error)) {
        return false;
    }
    for (int k = 0; text != NULL && members[i].choices[k] != NULL; k++) {
        value = g_str_equal(members[i].choices[k], text) ? k : value;
    }
    if (value < least || value > greatest) {
        web_api_point(context, g_strconcat("/", members[i].name, NULL));
        if (members[i].choices == NULL) {
            error_set(error, SHUZHI_ERROR_INVALID, "a whole number from %lld to %lld goes here",
                      (long long)least, (long long)greatest);
        } else {
            error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not known here",
                      text != NULL ? text : "");
            error_offer(error, text != NULL ? text : "", members[i].choices);
        }
        return false;
    }
    *ret_value = (int)value;
    return true;
}

/* All is read before anything is changed. */
static bool api_change(WebContext *context, const json_t *body, int64_t *ret_id, GError **error)
{
    int values[G_N_ELEMENTS(members)];
    char *name = NULL;
    int64_t classes = 0;
    bool has_classes = json_object_get(body, "password_classes") != NULL;
    bool is_ok = web_api_own(context, body, error) &&
                 web_api_take_text(context, body, "name", &name, error) &&
                 web_api_int(context, body, "password_classes", &classes, error);
    for (size_t i = 0; is_ok && i < G_N_ELEMENTS(members); i++) {
        is_ok = read_member(context, body, i, &values[i], error);
    }
    if (is_ok && (classes < 0 || classes > OFFICE_PASSWORD_MAX_CLASSES)) {
        web_api_point(context, g_strdup("/password_classes"));
        error_set(error, SHUZHI_ERROR_INVALID, "a whole number from %lld to %lld goes here", 0LL,
                  (long long)OFFICE_PASSWORD_MAX_CLASSES);
        return false;
    }
    if (is_ok && name != NULL) {
        is_ok = office_rename(context->office, context->subject, &context->act, name, error);
    }
    for (size_t i = 0; is_ok && i < G_N_ELEMENTS(members); i++) {
        is_ok =
            values[i] < 0 || office_setting_change(context->office, context->subject, &context->act,
                                                   members[i].setting, values[i], error);
    }
    return is_ok &&
           (!has_classes || office_account_set_classes(context->office, context->subject,
                                                       &context->act, (int)classes, error));
}

bool web_api_settings_post(WebContext *context, GError **error)
{
    static const char *const known[] = {
        "name",           "language", "idle_minutes",     "administrator_idle_minutes",
        "password_chars", "factor",   "password_classes", "own",
        "code",           NULL};
    static const WebApiAct act = {known, api_change, send_settings};
    return web_api_do(context, &act, error);
}
