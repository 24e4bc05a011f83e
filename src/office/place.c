#include "office/place.h"

#include "store/store.h"

#define DEFAULT_SCHEMA "office"
#define DATABASE "office.db"
#define BACKUP_MANIFEST "backup.json"

static bool is_server(const char *location)
{
    return g_str_has_prefix(location, "postgres://") || g_str_has_prefix(location, "postgresql://");
}

/* The parts of "postgres://HOST…?a=b&c=d" that are ours. */
typedef struct ServerParts {
    char *schema;
    char *files;
    GString *rest; /* the address without `files` */
} ServerParts;

static void server_parts_clear(ServerParts *parts)
{
    g_free(parts->schema);
    g_free(parts->files);
    if (parts->rest != NULL) {
        g_string_free(parts->rest, true);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ServerParts, server_parts_clear)

/* Take the parameter @text ("name=value") apart into @parts. */
static bool take_parameter(ServerParts *parts, const char *text, bool *is_first, GError **error)
{
    bool is_files = g_str_has_prefix(text, "files=");
    bool is_schema = g_str_has_prefix(text, "schema=");
    if (is_files || is_schema) {
        char **place = is_files ? &parts->files : &parts->schema;
        if (*place != NULL) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the parameter '%s' of the office's address stands there twice",
                      is_files ? "files" : "schema");
            return false;
        }
        *place = g_uri_unescape_string(strchr(text, '=') + 1, NULL);
        if (*place == NULL || **place == '\0' || !g_utf8_validate(*place, -1, NULL)) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "the parameter '%s' of the office's address has no readable value",
                      is_files ? "files" : "schema");
            return false;
        }
    }
    if (is_files && !g_path_is_absolute(parts->files)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the folder of files '%s' must be written from the root: '/…'", parts->files);
        return false;
    }
    if (!is_files) {
        g_string_append_c(parts->rest, *is_first ? '?' : '&');
        g_string_append(parts->rest, text);
        *is_first = false;
    }
    return true;
}

static bool split_address(const char *location, ServerParts *parts, GError **error)
{
    g_auto(GStrv) halves = g_strsplit(location, "?", 2);
    parts->rest = g_string_new(halves[0]);
    if (halves[1] == NULL) {
        return true;
    }
    g_auto(GStrv) parameters = g_strsplit(halves[1], "&", -1);
    bool is_first = true;
    for (guint i = 0; parameters[i] != NULL; i++) {
        if (!take_parameter(parts, parameters[i], &is_first, error)) {
            return false;
        }
    }
    return true;
}

/* "postgres://user:secret@host/db?…" becomes "postgres://host/db?schema=NAME". */
static char *display_address(const char *rest, const char *schema)
{
    g_autofree char *base = g_strndup(rest, strcspn(rest, "?"));
    const char *host = strstr(base, "://") + strlen("://");
    const char *at = strrchr(host, '@');
    return g_strdup_printf("postgres://%s?schema=%s", at != NULL ? at + 1 : host, schema);
}

static OfficePlace *parse_server(const char *location, GError **error)
{
    g_auto(ServerParts) parts = {NULL};
    if (!split_address(location, &parts, error)) {
        return NULL;
    }
    const char *schema = parts.schema != NULL ? parts.schema : DEFAULT_SCHEMA;
    if (!store_check_schema_name(schema, error)) {
        return NULL;
    }
    OfficePlace *place = g_new0(OfficePlace, 1);
    place->store = g_strdup(parts.rest->str);
    place->display = display_address(parts.rest->str, schema);
    place->word = office_place_word(location);
    place->files = parts.files != NULL
                       ? g_canonicalize_filename(parts.files, NULL)
                       : g_build_filename(g_get_user_data_dir(), "shuzhi", "files", schema, NULL);
    place->socket = g_build_filename(place->files, "socket", NULL);
    return place;
}

/* Return @text as a word for a shell; the caller owns it. */
static char *shell_word(const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-";
    bool is_plain = *text != '\0';
    for (const char *at = text; *at != '\0'; at++) {
        is_plain = is_plain && ((*at & 0x80) != 0 || strchr(plain, *at) != NULL);
    }
    return is_plain ? g_strdup(text) : g_shell_quote(text);
}

char *office_place_word(const char *location)
{
    if (strstr(location, "://") == NULL) {
        return shell_word(location);
    }
    g_autoptr(GRegex) secret =
        g_regex_new("(?<=[?&]password=)[^&]+|(?<=://)([^:/?]*:)[^/?]*(?=@)", 0, 0, NULL);
    g_autofree char *told = g_regex_replace(secret, location, -1, 0, "\\1PASSWORD", 0, NULL);
    return shell_word(told != NULL ? told : "OFFICE");
}

OfficePlace *office_place_parse(const char *location, GError **error)
{
    if (*location == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "an office is a folder or postgres://…, but nothing was given");
        return NULL;
    }
    if (is_server(location)) {
        return parse_server(location, error);
    }
    OfficePlace *place = g_new0(OfficePlace, 1);
    place->folder = g_canonicalize_filename(location, NULL);
    place->store = g_build_filename(place->folder, DATABASE, NULL);
    place->files = g_build_filename(place->folder, "files", NULL);
    place->socket = g_build_filename(place->folder, "socket", NULL);
    place->display = g_strdup(location);
    place->word = office_place_word(location);
    return place;
}

static bool is_there(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

bool office_place_is_backup(const OfficePlace *place)
{
    return place->folder != NULL && is_there(place->folder, BACKUP_MANIFEST);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *office_place_list(const char *location)
{
    if (is_server(location) || is_there(location, DATABASE)) {
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(location, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *folder = g_build_filename(location, name, NULL);
        if (*name != '.' && is_there(folder, DATABASE) && !is_there(folder, BACKUP_MANIFEST)) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_ptr_array_sort(names, compare_names);
    return names->len > 0 ? g_steal_pointer(&names) : NULL;
}

void office_place_free(OfficePlace *place)
{
    if (place != NULL) {
        g_free(place->folder);
        g_free(place->store);
        g_free(place->files);
        g_free(place->socket);
        g_free(place->display);
        g_free(place->word);
        g_free(place);
    }
}
