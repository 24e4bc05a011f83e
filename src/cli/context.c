#include "cli/context.h"

#include "base/message.h"

const char *cli_tr(const CliContext *context, const char *text)
{
    return message_get(context->language, text);
}

bool cli_parse(CliContext *context, const GOptionEntry *entries, const char *operands,
               const char *summary, bool *ret_is_done, GError **error)
{
    g_autoptr(GError) fault = NULL;
    gboolean wants_help = FALSE;
    /* Texts of the command line come as bytes (G_OPTION_ARG_FILENAME): commands_run() has seen that
     * they are UTF-8, and GLib would convert strings from the locale, which is C on a fresh
     * machine. */
    const GOptionEntry help[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &wants_help, cli_tr(context, N_("print this")), NULL},
        {NULL}};
    g_autoptr(GOptionContext) options = g_option_context_new(operands);
    g_option_context_set_summary(options, cli_tr(context, summary));
    g_option_context_set_help_enabled(options, false);
    g_option_context_add_main_entries(options, entries, NULL);
    g_option_context_add_main_entries(options, help, NULL);
    if (!g_option_context_parse(options, &context->argc, &context->argv, &fault)) {
        error_set(error, SHUZHI_ERROR_INVALID, "%s", fault->message);
        return false;
    }
    if (wants_help) {
        g_autofree char *text = g_option_context_get_help(options, true, NULL);
        g_string_append(context->out, text);
    }
    *ret_is_done = wants_help;
    return true;
}
