#include "web/routes.h"

#include "office/setting.h"
#include "web/api.h"
#include "web/pages.h"

/* One line a route. */
/* clang-format off */
const WebRoute web_routes[] = {
    {HTTP_GET,  "/assets/style.css",       WEB_PUBLIC,    0,                          web_page_style},
    {HTTP_GET,  "/assets/script.js",       WEB_PUBLIC,    0,                          web_page_script},
    {HTTP_GET,  "/assets/icon.svg",        WEB_PUBLIC,    0,                          web_page_icon},
    {HTTP_GET,  "/health",                 WEB_PUBLIC,    0,                          web_page_health},
    {HTTP_GET,  "/sign-in",                WEB_PUBLIC,    0,                          web_page_sign_in},
    {HTTP_POST, "/sign-in",                WEB_PUBLIC,    0,                          web_page_sign_in_post},
    {HTTP_POST, "/be",                     WEB_PUBLIC,    0,                          web_page_be_post},
    {HTTP_POST, "/language",               WEB_PUBLIC,    0,                          web_page_language_post},
    {HTTP_POST, "/sign-out",               WEB_LEAVING,   0,                          web_page_sign_out_post},
    {HTTP_GET,  "/",                       WEB_SIGNED_IN, 0,                          web_page_home},
    {HTTP_GET,  "/search.*",               WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_search},
    {HTTP_GET,  "/ledger/*.*",             WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_ledger},
    {HTTP_GET,  "/ledger/*/add",           WEB_RIGHT,     RIGHTS_ENTRY_ADD,           web_page_add},
    {HTTP_POST, "/ledger/*/add",           WEB_RIGHT,     RIGHTS_ENTRY_ADD,           web_page_add_post, .takes_files = true},
    {HTTP_POST, "/ledger/*/add/draft",     WEB_RIGHT,     RIGHTS_ENTRY_ADD,           web_page_add_draft_post},
    {HTTP_POST, "/ledger/*/nothing",       WEB_RIGHT,     RIGHTS_ENTRY_ADD,           web_page_nothing_post},
    {HTTP_POST, "/ledger/*/nothing/*/remove", WEB_RIGHT,     RIGHTS_ENTRY_DELETE,        web_page_nothing_remove_post},
    {HTTP_POST, "/ledger/*/view",          WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_view_post},
    {HTTP_POST, "/view/*/*/name",          WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_view_rename_post},
    {HTTP_POST, "/view/*/*/delete",        WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_view_delete_post},
    {HTTP_GET,  "/ledger/*/import.*",      WEB_RIGHT,     RIGHTS_IMPORT,              web_page_import},
    {HTTP_POST, "/ledger/*/import",        WEB_RIGHT,     RIGHTS_IMPORT,              web_page_import_post, .takes_files = true},
    {HTTP_GET,  "/ledger/*/import/*",      WEB_RIGHT,     RIGHTS_IMPORT,              web_page_import_file},
    {HTTP_POST, "/ledger/*/import/*",      WEB_RIGHT,     RIGHTS_IMPORT,              web_page_import_file_post},
    {HTTP_POST, "/ledger/*/import/*/undo", WEB_RIGHT,     RIGHTS_IMPORT,              web_page_import_undo_post},
    {HTTP_GET,  "/entry/*.*",              WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_entry},
    {HTTP_GET,  "/entry/*/file/*",         WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_entry_file},
    {HTTP_GET,  "/entry/*/uses",           WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_entry_uses},
    {HTTP_POST, "/entry/*/look",           WEB_RIGHT,     RIGHTS_ENTRY_READ_PERSONAL, web_page_look_post},
    {HTTP_GET,  "/entry/*/change",         WEB_RIGHT,     RIGHTS_ENTRY_CHANGE,        web_page_change},
    {HTTP_POST, "/entry/*/change",         WEB_RIGHT,     RIGHTS_ENTRY_CHANGE,        web_page_change_post, .takes_files = true},
    {HTTP_POST, "/entry/*/change/draft",   WEB_RIGHT,     RIGHTS_ENTRY_CHANGE,        web_page_change_draft_post},
    {HTTP_POST, "/entry/*/step",           WEB_RIGHT,     RIGHTS_ENTRY_STEP,          web_page_step_post, .takes_files = true},
    {HTTP_POST, "/entry/*/attach",         WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_attach_post, .takes_files = true},
    {HTTP_POST, "/entry/*/detach",         WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_detach_post},
    {HTTP_POST, "/entry/*/comment",        WEB_RIGHT,     RIGHTS_ENTRY_COMMENT,       web_page_comment_post},
    {HTTP_POST, "/entry/*/delete",         WEB_RIGHT,     RIGHTS_ENTRY_DELETE,        web_page_delete_post},
    {HTTP_GET,  "/drafts.*",               WEB_SIGNED_IN, 0,                          web_page_drafts},
    {HTTP_GET,  "/views.*",                WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_views},
    {HTTP_GET,  "/draft/*",                WEB_SIGNED_IN, 0,                          web_page_draft},
    {HTTP_POST, "/draft/*/discard",        WEB_SIGNED_IN, 0,                          web_page_draft_discard_post},
    {HTTP_GET,  "/pick/unit",              WEB_SIGNED_IN, 0,                          web_page_pick_unit},
    {HTTP_GET,  "/pick/person",            WEB_SIGNED_IN, 0,                          web_page_pick_person},
    {HTTP_GET,  "/pick/entry/*",           WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_pick_entry},
    {HTTP_GET,  "/report/*",               WEB_RIGHT,     RIGHTS_REPORT_READ,         web_page_report},
    {HTTP_GET,  "/figure/*.*",             WEB_RIGHT,     RIGHTS_FIGURE_READ,         web_page_figure},
    {HTTP_GET,  "/figure/*/trend.svg",     WEB_RIGHT,     RIGHTS_FIGURE_READ,         web_page_figure_trend},
    {HTTP_GET,  "/figure/*/shares.svg",    WEB_RIGHT,     RIGHTS_FIGURE_READ,         web_page_figure_shares},
    {HTTP_GET,  "/log.*",                  WEB_RIGHT,     RIGHTS_LOG_READ,            web_page_log},
    {HTTP_GET,  "/log/*",                  WEB_RIGHT,     RIGHTS_LOG_READ,            web_page_event},
    {HTTP_GET,  "/log/*/proof",            WEB_RIGHT,     RIGHTS_LOG_READ,            web_page_event_proof},
    {HTTP_GET,  "/checkpoint",             WEB_RIGHT,     RIGHTS_VERIFY,              web_page_checkpoint},
    {HTTP_GET,  "/settings",               WEB_RIGHT,     RIGHTS_SETTING_CHANGE,      web_page_settings},
    {HTTP_POST, "/settings",               WEB_RIGHT,     RIGHTS_SETTING_CHANGE,      web_page_settings},
    {HTTP_GET,  "/verification.*",         WEB_RIGHT,     RIGHTS_VERIFY,              web_page_verification},
    {HTTP_POST, "/verification",           WEB_RIGHT,     RIGHTS_VERIFY,              web_page_verification_post},
    {HTTP_GET,  "/roster.*",               WEB_SIGNED_IN, 0,                          web_page_roster},
    {HTTP_GET,  "/roster/unit",            WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_unit_add},
    {HTTP_POST, "/roster/unit",            WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_unit_add},
    {HTTP_GET,  "/roster/person",          WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_person_add},
    {HTTP_POST, "/roster/person",          WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_person_add},
    {HTTP_GET,  "/unit/*",                 WEB_SIGNED_IN, 0,                          web_page_unit},
    {HTTP_GET,  "/unit/*/change",          WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_unit_change},
    {HTTP_POST, "/unit/*/change",          WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_unit_change},
    {HTTP_GET,  "/unit/*/close",           WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_unit_close},
    {HTTP_POST, "/unit/*/close",           WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_unit_close},
    {HTTP_GET,  "/person/*",               WEB_SIGNED_IN, 0,                          web_page_person},
    {HTTP_GET,  "/person/*/change",        WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_person_change},
    {HTTP_POST, "/person/*/change",        WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_page_person_change},
    {HTTP_GET,  "/person/*/post",          WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_page_post_add,          RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/person/*/post",          WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_page_post_add,          RIGHTS_ROLE_CHANGE},
    {HTTP_GET,  "/post/*/change",          WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_page_post_change,       RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/post/*/change",          WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_page_post_change,       RIGHTS_ROLE_CHANGE},
    {HTTP_GET,  "/post/*/end",             WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_page_post_end,          RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/post/*/end",             WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_page_post_end,          RIGHTS_ROLE_CHANGE},
    {HTTP_GET,  "/me",                     WEB_SIGNED_IN, 0,                          web_page_me},
    {HTTP_POST, "/me/password",            WEB_SIGNED_IN, 0,                          web_page_me_password_post},
    {HTTP_POST, "/me/factor",              WEB_SIGNED_IN, 0,                          web_page_me_factor_post},
    {HTTP_POST, "/me/session",             WEB_SIGNED_IN, 0,                          web_page_me_session_post},
    {HTTP_GET,  "/accounts.*",             WEB_RIGHT,     RIGHTS_ACCOUNT_READ,        web_page_accounts},
    {HTTP_POST, "/accounts",               WEB_RIGHT,     RIGHTS_ACCOUNT_CHANGE,      web_page_accounts_add_post},
    {HTTP_POST, "/accounts/*/activate",    WEB_RIGHT,     RIGHTS_ROLE_CHANGE,         web_page_account_activate_post},
    {HTTP_POST, "/accounts/*/lock",        WEB_EITHER,    RIGHTS_ACCOUNT_CHANGE,      web_page_account_lock_post, RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/accounts/*/reset",       WEB_RIGHT,     RIGHTS_ACCOUNT_CHANGE,      web_page_account_reset_post},
    {HTTP_GET,  "/help",                   WEB_SIGNED_IN, 0,                          web_page_help},
    {HTTP_GET,  "/help/api",               WEB_SIGNED_IN, 0,                          web_page_help_api},
    {HTTP_POST, "/me/token",               WEB_SIGNED_IN, 0,                          web_page_token_post},
    {HTTP_POST, "/me/token/end",           WEB_SIGNED_IN, 0,                          web_page_token_end_post},
    {HTTP_GET,  "/tokens.*",               WEB_RIGHT,     RIGHTS_ACCOUNT_READ,        web_page_tokens},
    {HTTP_POST, "/tokens/*/end",           WEB_RIGHT,     RIGHTS_ACCOUNT_CHANGE,      web_page_tokens_end_post},
    {HTTP_GET,  "/api/v1/ledgers",         WEB_SIGNED_IN, 0,                          web_api_ledgers},
    {HTTP_GET,  "/api/v1/ledgers/*",       WEB_SIGNED_IN, 0,                          web_api_ledger},
    {HTTP_GET,  "/api/v1/ledgers/*/entries", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_entries},
    {HTTP_POST, "/api/v1/ledgers/*/entries", WEB_RIGHT,     RIGHTS_ENTRY_ADD,           web_api_add_post},
    {HTTP_GET,  "/api/v1/entries/*",       WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_entry},
    {HTTP_GET,  "/api/v1/entries/*/history", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_entry_history},
    {HTTP_GET,  "/api/v1/entries/*/files/*", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_entry_file},
    {HTTP_POST, "/api/v1/entries/*/changes", WEB_RIGHT,     RIGHTS_ENTRY_CHANGE,        web_api_change_post},
    {HTTP_POST, "/api/v1/entries/*/steps", WEB_RIGHT,     RIGHTS_ENTRY_STEP,          web_api_step_post},
    {HTTP_POST, "/api/v1/entries/*/comments", WEB_RIGHT,     RIGHTS_ENTRY_COMMENT,       web_api_comment_post},
    {HTTP_POST, "/api/v1/entries/*/files", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_file_post, .takes_files = true},
    {HTTP_POST, "/api/v1/entries/*/deletion", WEB_RIGHT,     RIGHTS_ENTRY_DELETE,        web_api_deletion_post},
    {HTTP_GET,  "/api/v1/measures",        WEB_RIGHT,     RIGHTS_FIGURE_READ,         web_api_measures},
    {HTTP_GET,  "/api/v1/figures/*",       WEB_RIGHT,     RIGHTS_FIGURE_READ,         web_api_figure},
    {HTTP_GET,  "/api/v1/reports/*",       WEB_RIGHT,     RIGHTS_REPORT_READ,         web_api_report},
    {HTTP_GET,  "/api/v1/units",           WEB_SIGNED_IN, 0,                          web_api_units},
    {HTTP_GET,  "/api/v1/people",          WEB_SIGNED_IN, 0,                          web_api_people},
    {HTTP_GET,  "/api/v1/log",             WEB_RIGHT,     RIGHTS_LOG_READ,            web_api_log},
    {HTTP_GET,  "/api/v1/log/*/proof",     WEB_RIGHT,     RIGHTS_LOG_READ,            web_api_proof},
    {HTTP_GET,  "/api/v1/ledgers/*/nothing", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_nothing},
    {HTTP_POST, "/api/v1/ledgers/*/nothing", WEB_RIGHT,     RIGHTS_ENTRY_ADD,           web_api_nothing_post},
    {HTTP_POST, "/api/v1/ledgers/*/nothing/*/removal", WEB_RIGHT,     RIGHTS_ENTRY_DELETE,        web_api_nothing_remove_post},
    {HTTP_GET,  "/api/v1/ledgers/*/imports", WEB_RIGHT,     RIGHTS_IMPORT,              web_page_import},
    {HTTP_POST, "/api/v1/ledgers/*/imports", WEB_RIGHT,     RIGHTS_IMPORT,              web_api_import_add_post, .takes_files = true},
    {HTTP_GET,  "/api/v1/ledgers/*/imports/*", WEB_RIGHT,     RIGHTS_IMPORT,              web_api_import},
    {HTTP_POST, "/api/v1/ledgers/*/imports/*/check", WEB_RIGHT,     RIGHTS_IMPORT,              web_api_import_check_post},
    {HTTP_POST, "/api/v1/ledgers/*/imports/*/commit", WEB_RIGHT,     RIGHTS_IMPORT,              web_api_import_commit_post},
    {HTTP_POST, "/api/v1/ledgers/*/imports/*/discard", WEB_RIGHT,     RIGHTS_IMPORT,              web_api_import_discard_post},
    {HTTP_POST, "/api/v1/ledgers/*/imports/*/undo", WEB_RIGHT,     RIGHTS_IMPORT,              web_api_import_undo_post},
    {HTTP_GET,  "/api/v1/search", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_search},
    {HTTP_POST, "/api/v1/entries/*/files/*/detachment", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_detach_post},
    {HTTP_GET,  "/api/v1/drafts", WEB_SIGNED_IN, 0,                          web_page_drafts},
    {HTTP_POST, "/api/v1/drafts", WEB_SIGNED_IN, 0,                          web_api_draft_add_post},
    {HTTP_GET,  "/api/v1/drafts/*", WEB_SIGNED_IN, 0,                          web_api_draft},
    {HTTP_POST, "/api/v1/drafts/*", WEB_SIGNED_IN, 0,                          web_api_draft_change_post},
    {HTTP_POST, "/api/v1/drafts/*/discard", WEB_SIGNED_IN, 0,                          web_api_draft_discard_post},
    {HTTP_GET,  "/api/v1/views", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_page_views},
    {HTTP_POST, "/api/v1/views", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_view_add_post},
    {HTTP_POST, "/api/v1/views/*/*/name", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_view_rename_post},
    {HTTP_POST, "/api/v1/views/*/*/deletion", WEB_RIGHT,     RIGHTS_ENTRY_READ,          web_api_view_delete_post},
    {HTTP_POST, "/api/v1/units", WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_api_unit_add_post},
    {HTTP_GET,  "/api/v1/units/*", WEB_SIGNED_IN, 0,                          web_api_unit},
    {HTTP_POST, "/api/v1/units/*/changes", WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_api_unit_change_post},
    {HTTP_POST, "/api/v1/units/*/closing", WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_api_unit_close_post},
    {HTTP_POST, "/api/v1/people", WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_api_person_add_post},
    {HTTP_GET,  "/api/v1/people/*", WEB_SIGNED_IN, 0,                          web_api_person},
    {HTTP_POST, "/api/v1/people/*/changes", WEB_RIGHT,     RIGHTS_UNIT_CHANGE,         web_api_person_change_post},
    {HTTP_POST, "/api/v1/people/*/posts", WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_api_post_add_post, RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/api/v1/posts/*/changes", WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_api_post_change_post, RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/api/v1/posts/*/end", WEB_EITHER,    RIGHTS_UNIT_CHANGE,         web_api_post_end_post, RIGHTS_ROLE_CHANGE},
    {HTTP_GET,  "/api/v1/checkpoint", WEB_RIGHT,     RIGHTS_VERIFY,              web_page_checkpoint},
    {HTTP_GET,  "/api/v1/verifications", WEB_RIGHT,     RIGHTS_VERIFY,              web_page_verification},
    {HTTP_GET,  "/api/v1/verification", WEB_RIGHT,     RIGHTS_VERIFY,              web_api_verification},
    {HTTP_POST, "/api/v1/verification", WEB_RIGHT,     RIGHTS_VERIFY,              web_api_verification_post},
    {HTTP_GET,  "/api/v1/accounts", WEB_RIGHT,     RIGHTS_ACCOUNT_READ,        web_page_accounts},
    {HTTP_POST, "/api/v1/accounts", WEB_RIGHT,     RIGHTS_ACCOUNT_CHANGE,      web_api_account_add_post},
    {HTTP_POST, "/api/v1/accounts/*/activation", WEB_RIGHT,     RIGHTS_ROLE_CHANGE,         web_api_account_activate_post},
    {HTTP_POST, "/api/v1/accounts/*/lock", WEB_EITHER,    RIGHTS_ACCOUNT_CHANGE,      web_api_account_lock_post, RIGHTS_ROLE_CHANGE},
    {HTTP_POST, "/api/v1/accounts/*/reset", WEB_RIGHT,     RIGHTS_ACCOUNT_CHANGE,      web_api_account_reset_post},
    {HTTP_GET,  "/api/v1/tokens", WEB_SIGNED_IN, 0,                          web_page_tokens},
    {HTTP_POST, "/api/v1/tokens/*/end", WEB_SIGNED_IN, 0,                          web_api_token_end_post},
    {HTTP_GET,  "/api/v1/settings", WEB_RIGHT,     RIGHTS_SETTING_CHANGE,      web_api_settings},
    {HTTP_POST, "/api/v1/settings", WEB_RIGHT,     RIGHTS_SETTING_CHANGE,      web_api_settings_post},
    {HTTP_GET,  "/api/v1/openapi.json",    WEB_SIGNED_IN, 0,                          web_api_openapi},
};
const WebRoute web_front_routes[] = {
    {HTTP_GET,  "/assets/style.css",       WEB_PUBLIC,    0,                          web_page_style},
    {HTTP_GET,  "/assets/script.js",       WEB_PUBLIC,    0,                          web_page_script},
    {HTTP_GET,  "/assets/icon.svg",        WEB_PUBLIC,    0,                          web_page_icon},
    {HTTP_GET,  "/health",                 WEB_PUBLIC,    0,                          web_page_health},
    {HTTP_POST, "/language",               WEB_PUBLIC,    0,                          web_page_language_post},
    {HTTP_GET,  "/",                       WEB_PUBLIC,    0,                          web_page_offices},
};
/* clang-format on */
const size_t web_n_routes = G_N_ELEMENTS(web_routes);
const size_t web_n_front_routes = G_N_ELEMENTS(web_front_routes);

/* From @at to @end, of a path or a pattern: return how long the first part is. */
static size_t part_length(const char *at, const char *end)
{
    const char *slash = memchr(at, '/', (size_t)(end - at));
    return (size_t)((slash != NULL ? slash : end) - at);
}

/* Return whether @path is as @pattern says, part by part.  Asked for each route of each request:
 * nothing is allocated. */
static bool is_match(const char *pattern, const char *pattern_end, const char *path,
                     const char *path_end)
{
    for (;; pattern++, path++) {
        size_t n_wanted = part_length(pattern, pattern_end);
        size_t n_given = part_length(path, path_end);
        bool is_any = n_wanted == 1 && *pattern == '*';
        if (is_any ? n_given == 0 : n_given != n_wanted || strncmp(pattern, path, n_wanted) != 0) {
            return false;
        }
        pattern += n_wanted;
        path += n_given;
        if (pattern == pattern_end || path == path_end) {
            return pattern == pattern_end && path == path_end;
        }
    }
}

/* Take out of @path what stands in the place of each "*" of @pattern, which it matches. */
static void take_parts(const char *pattern, const char *path, const char *path_end,
                       char *ret_parts[WEB_MAX_PARTS])
{
    guint n_parts = 0;
    for (;; pattern++, path++) {
        size_t n_given = part_length(path, path_end);
        if (*pattern == '*') {
            g_assert(n_parts < WEB_MAX_PARTS);
            g_free(ret_parts[n_parts]);
            ret_parts[n_parts++] = g_strndup(path, n_given);
        }
        pattern += strcspn(pattern, "/");
        path += n_given;
        if (path == path_end) {
            return;
        }
    }
}

const WebRoute *web_route_find(const WebSite *site, HttpMethod method, const char *path,
                               char *ret_parts[WEB_MAX_PARTS], const char **ret_ending,
                               bool *ret_is_known)
{
    HttpMethod wanted = method == HTTP_HEAD ? HTTP_GET : method;
    const WebRoute *routes = site->offices != NULL ? web_front_routes : web_routes;
    size_t n = site->offices != NULL ? web_n_front_routes : web_n_routes;
    const char *ending = web_ending_of(path);
    *ret_is_known = false;
    for (size_t i = 0; i < n; i++) {
        const char *pattern = routes[i].pattern;
        bool is_list = g_str_has_suffix(pattern, WEB_ENDINGS);
        const char *pattern_end = pattern + strlen(pattern) - (is_list ? strlen(WEB_ENDINGS) : 0);
        const char *path_end = path + strlen(path) - (is_list ? strlen(ending) : 0);
        if (is_match(pattern, pattern_end, path, path_end)) {
            *ret_is_known = true;
            if (routes[i].method == wanted) {
                take_parts(pattern, path, path_end, ret_parts);
                *ret_ending = g_str_has_prefix(pattern, WEB_API "/") ? ".json"
                              : is_list                              ? ending
                                                                     : "";
                return &routes[i];
            }
        }
    }
    return NULL;
}

/* Return whether @route is what everybody may do with the own account, come what may. */
static bool is_about_the_holder(const WebRoute *route)
{
    return g_str_equal(route->pattern, "/me") || g_str_has_prefix(route->pattern, "/me/") ||
           g_str_equal(route->pattern, "/sign-out");
}

bool web_owes_nothing(const WebContext *context, GError **error)
{
    bool is_demo = context->site->accounts != NULL; /* whose passwords are on its door */
    bool must_set_factor = false;
    if (context->session == NULL) {
        return true;
    }
    if (context->subject->has_given_password && !is_demo) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "your password was set by somebody else, who knows it; change it under \"My "
                  "account\" first");
        return false;
    }
    if (!office_setting_wants_factor(context->office, context->reader, context->session->account,
                                     &must_set_factor, error)) {
        return false;
    }
    if (must_set_factor) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "this office asks for a second factor; set it up under \"My account\" first");
    }
    return !must_set_factor;
}

/* Check that nothing is owed before @route is taken; people are led to where they do it. */
static bool check_owed(WebContext *context, const WebRoute *route, GError **error)
{
    g_autoptr(GError) owed = NULL;
    if (route->access == WEB_PUBLIC || is_about_the_holder(route) ||
        web_owes_nothing(context, &owed)) {
        return true;
    }
    if (error_is(owed, SHUZHI_ERROR_FORBIDDEN) && !web_is_for_programs(context)) {
        http_response_redirect(context->response, "/me");
    } else {
        g_propagate_error(error, g_steal_pointer(&owed));
    }
    return false;
}

bool web_route_check(WebContext *context, const WebRoute *route, GError **error)
{
    if (!check_owed(context, route, error)) {
        return false;
    }
    if (route->access == WEB_EITHER && rights_may(context->subject, route->or_action, NULL, NULL)) {
        return true;
    }
    bool asks = route->access == WEB_RIGHT || route->access == WEB_EITHER;
    return !asks || rights_may(context->subject, route->action, NULL, error);
}
