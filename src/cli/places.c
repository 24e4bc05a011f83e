#include "cli/places.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* Return whether what is called @name in a command's help is a path. */
static bool is_path(const char *name)
{
    static const char *const paths[] = {"FILE", "DIR"};
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        size_t length = strlen(paths[i]);
        const char *at = name[0] == '[' ? name + 1 : name;
        if (strncmp(at, paths[i], length) == 0 && !g_ascii_isalpha(at[length])) {
            return true;
        }
    }
    return false;
}

/* Return the paths that @context names (of const char*, borrowed from it). */
static GPtrArray *find_paths(const CliContext *context)
{
    GPtrArray *paths = g_ptr_array_new();
    g_auto(GStrv) names = g_strsplit(context->command->operands, " ", -1);
    guint n_names = g_strv_length(names);
    for (guint i = 0; n_names > 0 && i < context->operands->len; i++) {
        if (is_path(names[MIN(i, n_names - 1)])) {
            g_ptr_array_add(paths, g_ptr_array_index(context->operands, i));
        }
    }
    const CliOption *option = context->command->options;
    for (; option != NULL && option->name != NULL; option++) {
        if (option->argument != NULL && is_path(option->argument) &&
            cli_has(context, option->name)) {
            g_ptr_array_add(paths, (gpointer)cli_option(context, option->name));
        }
    }
    return paths;
}

/* Append what @path leads to, and a blank. */
static void append_place(GString *out, const char *path)
{
    GStatBuf status;
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_stat(path, &status) == 0 || g_stat(folder, &status) == 0) {
        g_string_append_printf(out, "%jx:%jx ", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    } else {
        g_string_append(out, "- ");
    }
}

char *cli_places(const CliContext *context)
{
    g_autoptr(GPtrArray) paths = find_paths(context);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < paths->len; i++) {
        append_place(out, g_ptr_array_index(paths, i));
    }
    return g_string_free(out, false);
}

bool cli_places_check(const CliContext *context, const char *theirs, GError **error)
{
    g_autoptr(GPtrArray) paths = find_paths(context);
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autoptr(GString) ours = g_string_new(NULL);
        append_place(ours, path);
        if (!g_str_has_prefix(theirs, ours->str)) {
            error_set(
                error, SHUZHI_ERROR_FORBIDDEN,
                "the server of the office, which runs this command, sees another '%s' than "
                "you do: its account may not go there, or its unit of systemd hides it "
                "(PrivateTmp=, ProtectHome=); name a place below its ReadWritePaths=, or stop "
                "the server for the while",
                path);
            return false;
        }
        theirs += ours->len;
    }
    return true;
}
