#include "cli/context.h"

#include <errno.h>

#include "base/message.h"
#include "base/text.h"
#include "cli/command.h"

/* ---- arguments ------------------------------------------------------------------------------- */

const char *cli_operand(const CliContext *context, guint i)
{
    return i < context->operands->len ? g_ptr_array_index(context->operands, i) : NULL;
}

/* What was given for @name, which must be in the command's table; NULL-terminated. */
static const GPtrArray *given(const CliContext *context, const char *name)
{
    const CliOption *options = context->command->options;
    size_t i = 0;
    while (options[i].name != NULL && !g_str_equal(options[i].name, name)) {
        i++;
    }
    g_assert(options[i].name != NULL);
    return context->options[i];
}

bool cli_has(const CliContext *context, const char *name)
{
    return given(context, name)->len > 1;
}

const char *cli_option(const CliContext *context, const char *name)
{
    const GPtrArray *values = given(context, name);
    return values->len > 1 ? g_ptr_array_index(values, values->len - 2) : NULL;
}

const char *const *cli_option_list(const CliContext *context, const char *name)
{
    return (const char *const *)given(context, name)->pdata;
}

bool cli_option_int(const CliContext *context, const char *name, int64_t missing, int64_t min,
                    int64_t max, int64_t *ret_value, GError **error)
{
    const char *text = cli_option(context, name);
    int64_t value = missing;
    if (text != NULL && (!text_parse_int(text, &value) || value < min || value > max)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "--%s takes a whole number from %lld to %lld, not '%s'", name, (long long)min,
                  (long long)max, text);
        return false;
    }
    *ret_value = value;
    return true;
}

/* ---- printing -------------------------------------------------------------------------------- */

const char *cli_tr(const CliContext *context, const char *text)
{
    return message_get(context->language, text);
}

void cli_say_take(CliContext *context, GError *sentence)
{
    g_autofree char *text = error_to_text(sentence, context->language);
    g_string_append_printf(context->out, "%s\n", text);
    g_error_free(sentence);
}

void cli_remark_take(CliContext *context, GError *sentence)
{
    g_autofree char *text = error_to_text(sentence, context->language);
    fprintf(context->terminal->errors, "%s\n", text);
    g_error_free(sentence);
}

bool cli_flush(CliContext *context, GError **error)
{
    FILE *output = context->terminal->output;
    size_t n_written = fwrite(context->out->str, 1, context->out->len, output);
    if (n_written != context->out->len || fflush(output) != 0) {
        error_set_errno(error, errno, "cannot write the output");
        g_string_truncate(context->out, 0);
        return false;
    }
    g_string_truncate(context->out, 0);
    return true;
}

/* ---- asking ---------------------------------------------------------------------------------- */

bool cli_may_write(const CliContext *context, const char *path, GError **error)
{
    if (path == NULL || cli_has(context, "force") || !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_EXISTS, "'%s' is there already; --force replaces it", path);
    return false;
}

bool cli_confirm(CliContext *context, const char *question, GError **error)
{
    if (cli_has(context, "yes")) {
        return true;
    }
    if (!cli_flush(context, error)) {
        return false;
    }
    g_autofree char *prompt = g_strdup_printf("%s [y/N]", cli_tr(context, question));
    g_autofree char *answer = context->terminal->ask(context->terminal, prompt, false);
    if (answer == NULL) {
        error_set(error, SHUZHI_ERROR_CANCELLED,
                  "nothing was changed: there is nobody to ask here; add --yes to go ahead");
        return false;
    }
    if (answer[0] != 'y' && answer[0] != 'Y') {
        error_set(error, SHUZHI_ERROR_CANCELLED, "nothing was changed");
        return false;
    }
    return true;
}

char *cli_read_secret(CliContext *context, const char *prompt, GError **error)
{
    char *line = context->terminal->ask(context->terminal, cli_tr(context, prompt), true);
    if (line == NULL || !text_is_valid(line, strlen(line), NULL)) {
        g_free(line);
        error_set(error, SHUZHI_ERROR_INVALID,
                  "no password was given; type it, or give it as a line of standard input");
        return NULL;
    }
    return line;
}
