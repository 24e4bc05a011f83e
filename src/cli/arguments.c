#include "cli/arguments.h"

#include "base/text.h"

/* Where the parser stands. */
typedef struct Parser {
    CliContext *context;
    int argc;
    char **argv;
    int i;
} Parser;

/* ---- operands of the table ------------------------------------------------------------------- */

char **cli_operands_split(const char *operands)
{
    return g_strsplit(operands, " ", *operands == '\0' ? 0 : -1);
}

char *cli_operand_bare(const char *operand)
{
    g_autoptr(GString) word = g_string_new(operand);
    g_string_replace(word, "[", "", 0);
    g_string_replace(word, "]", "", 0);
    g_string_replace(word, "…", "", 0);
    return g_string_free(g_steal_pointer(&word), false);
}

bool cli_operand_is_optional(const char *operand)
{
    return operand[0] == '[';
}

bool cli_operand_is_repeatable(const char *operand)
{
    return strstr(operand, "…") != NULL;
}

/* ---- options --------------------------------------------------------------------------------- */

static size_t count_options(const CliCommand *command)
{
    size_t n = 0;
    while (command->options != NULL && command->options[n].name != NULL) {
        n++;
    }
    return n;
}

static bool fail_unknown(CliContext *context, const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t i = 0; i < count_options(context->command); i++) {
        g_ptr_array_add(names, (char *)context->command->options[i].name);
    }
    g_ptr_array_add(names, (char *)"help");
    g_ptr_array_add(names, NULL);
    const char *nearest = text_nearest(name, (const char *const *)names->pdata);
    if (nearest != NULL) {
        cli_set_usage(context, error, "there is no option '--%s', did you mean '--%s'?", name,
                      nearest);
    } else {
        cli_set_usage(context, error, "there is no option '--%s'; --help lists those there are",
                      name);
    }
    return false;
}

/* Keep @value for option @i: before the NULL at the end of its list. */
static bool keep(CliContext *context, size_t i, const char *value, GError **error)
{
    GPtrArray *values = context->options[i];
    const CliOption *option = &context->command->options[i];
    g_assert(values != NULL);
    if (values->len > 1 && !option->is_repeatable) {
        cli_set_usage(context, error, "--%s is given twice", option->name);
        return false;
    }
    g_ptr_array_insert(values, (gint)values->len - 1, (char *)value);
    return true;
}

static bool parse_option(Parser *parser, const char *word, GError **error)
{
    CliContext *context = parser->context;
    const char *equals = strchr(word, '=');
    g_autofree char *name =
        equals != NULL ? g_strndup(word, (gsize)(equals - word)) : g_strdup(word);
    if (g_str_equal(name, "help")) {
        context->is_help = true;
        return true;
    }
    size_t i = 0;
    size_t n = count_options(context->command);
    while (i < n && !g_str_equal(context->command->options[i].name, name)) {
        i++;
    }
    if (i == n) {
        return fail_unknown(context, name, error);
    }
    const CliOption *option = &context->command->options[i];
    if (option->argument == NULL) {
        if (equals != NULL) {
            cli_set_usage(context, error, "--%s takes no value", name);
            return false;
        }
        return keep(context, i, "", error);
    }
    if (equals == NULL && parser->i + 1 >= parser->argc) {
        cli_set_usage(context, error, "--%s needs a value", name);
        return false;
    }
    return keep(context, i, equals != NULL ? equals + 1 : parser->argv[++parser->i], error);
}

static bool parse_words(Parser *parser, GError **error)
{
    bool has_ended = false;
    for (parser->i = 0; parser->i < parser->argc; parser->i++) {
        const char *word = parser->argv[parser->i];
        if (has_ended || word[0] != '-' || word[1] == '\0') {
            g_ptr_array_add(parser->context->operands, (char *)word);
        } else if (g_str_equal(word, "--")) {
            has_ended = true;
        } else if (g_str_equal(word, "-h")) {
            parser->context->is_help = true;
        } else if (word[1] != '-') {
            cli_set_usage(parser->context, error,
                          "there is no option '%s'; --help lists those there are", word);
            return false;
        } else if (!parse_option(parser, word + 2, error)) {
            return false;
        }
    }
    return true;
}

/* ---- what must be there ---------------------------------------------------------------------- */

static bool check_operands(CliContext *context, GError **error)
{
    g_auto(GStrv) words = cli_operands_split(context->command->operands);
    bool is_open = false;
    guint n = 0;
    for (; words[n] != NULL; n++) {
        if (n >= context->operands->len && !cli_operand_is_optional(words[n])) {
            g_autofree char *bare = cli_operand_bare(words[n]);
            const char *const missing[] = {bare, NULL};
            g_autofree char *name = error_words(missing);
            cli_set_usage(context, error, "%s is missing; see 'shuzhi %s --help'", name,
                          context->command->name);
            return false;
        }
        is_open = is_open || cli_operand_is_repeatable(words[n]);
    }
    if (!is_open && context->operands->len > n) {
        cli_set_usage(context, error, "'%s' is one word too many; see 'shuzhi %s --help'",
                      cli_operand(context, n), context->command->name);
        return false;
    }
    return true;
}

static bool check_required(CliContext *context, GError **error)
{
    for (size_t i = 0; i < count_options(context->command); i++) {
        const CliOption *option = &context->command->options[i];
        g_assert(context->options[i] != NULL);
        if (option->is_required && context->options[i]->len == 1) {
            cli_set_usage(context, error, "--%s is missing; see 'shuzhi %s --help'", option->name,
                          context->command->name);
            return false;
        }
    }
    return true;
}

bool cli_arguments_parse(CliContext *context, int argc, char **argv, GError **error)
{
    size_t n = count_options(context->command);
    context->operands = g_ptr_array_new();
    context->options = g_new0(GPtrArray *, n + 1);
    for (size_t i = 0; i < n; i++) {
        context->options[i] = g_ptr_array_new();
        g_ptr_array_add(context->options[i], NULL);
    }
    Parser parser = {.context = context, .argc = argc, .argv = argv};
    return parse_words(&parser, error) &&
           (context->is_help || (check_operands(context, error) && check_required(context, error)));
}

void cli_arguments_clear(CliContext *context)
{
    for (size_t i = 0; context->options != NULL && context->options[i] != NULL; i++) {
        g_ptr_array_unref(context->options[i]);
    }
    g_clear_pointer(&context->options, g_free);
    g_clear_pointer(&context->operands, g_ptr_array_unref);
}
