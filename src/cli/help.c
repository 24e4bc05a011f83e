#include "cli/help.h"

#include "base/message.h"
#include "cli/arguments.h"
#include "cli/print.h"
#include "language/wrap.h"

/* What the operands of all commands are. */
static const struct {
    const char *word;
    const char *words;
} operand_words[] = {
    {N_("OFFICE"), N_("an office: its folder, or postgres://…")},
    {N_("LEDGER"), N_("the name of a ledger, as 'pack show' lists them: case")},
    {N_("NUMBER"), N_("the number of an entry: SQ2023-00084")},
    {N_("STEP"), N_("the name of a step of the entry's ledger: answer")},
    {N_("FIELD"), N_("the name of a field that takes files, or of a rule of evidence")},
    {N_("FIELD=VALUE"), N_("a field and what to write into it; nothing behind '=' empties it")},
    {N_("MEASURE"), N_("the name of a measure, as 'pack show' lists them; none: all of them")},
    {N_("REPORT"), N_("the name of a report, as 'pack show' lists them; none: the first")},
    {N_("FILE"), N_("a file")},
    {N_("DIR"), N_("a folder")},
    {N_("TEXT"), N_("what to say")},
    {N_("LIST"), N_("ledgers, measures or reports; nothing: all three")},
    {N_("UNIT"), N_("the name of a unit, or #ID")},
    {N_("PERSON"), N_("the name of a person, or #ID")},
    {N_("ROLE"), N_("staff, clerk, head, supervisor, secretary or dispatcher")},
    {N_("ACCOUNT"), N_("the name of an account")},
    {N_("POST"), N_("the #ID of a post, as 'post list' shows it")},
    {N_("SEQ"), N_("the number of an event, as 'log list' shows it")},
    {N_("NAME"), N_("a name")},
    {N_("SHELL"), N_("bash")},
};

static const char *words_of_operand(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(operand_words); i++) {
        if (g_str_equal(operand_words[i].word, word)) {
            return operand_words[i].words;
        }
    }
    g_assert_not_reached();
}

bool cli_is_of_group(const char *name, const char *group)
{
    size_t length = strlen(group);
    return strncmp(name, group, length) == 0 && name[length] == ' ';
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Append "  word   explanation" with the explanations in one column. */
static void append_row(const char *word, int columns, const char *words, GString *out)
{
    g_string_append(out, "  ");
    int width = language_width(word);
    if (width > columns) {
        g_string_append_printf(out, "%s\n", word);
        language_wrap(words, CLI_COLUMNS, columns + 4, columns + 4, out);
        return;
    }
    g_autoptr(GString) rest = g_string_new(NULL);
    language_wrap(words, CLI_COLUMNS, columns + 4, columns + 4, rest);
    language_pad(word, columns + 2, out);
    g_string_append(out, rest->len > 0 ? rest->str + columns + 4 : "\n");
}

static void append_paragraphs(const char *text, GString *out)
{
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n", -1);
    for (guint i = 0; paragraphs[i] != NULL; i++) {
        language_wrap(paragraphs[i], CLI_COLUMNS, 0, 0, out);
    }
}

/* "[MEASURE…]" with its word in @language. */
static char *translate_operand(const char *operand, const char *language)
{
    g_autofree char *bare = cli_operand_bare(operand);
    return g_strdup_printf(
        "%s%s%s%s", cli_operand_is_optional(operand) ? "[" : "", message_get(language, bare),
        cli_operand_is_repeatable(operand) ? "…" : "", cli_operand_is_optional(operand) ? "]" : "");
}

static char *spell_option(const CliOption *option, const char *language)
{
    return option->argument == NULL ? g_strconcat("--", option->name, NULL)
                                    : g_strconcat("--", option->name, " ",
                                                  message_get(language, option->argument), NULL);
}

/* ---- one command ----------------------------------------------------------------------------- */

static void append_usage(const CliCommand *command, const char *language, GString *out)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_auto(GStrv) operands = cli_operands_split(command->operands);
    g_string_printf(line, "%s shuzhi %s", message_get(language, N_("usage:")), command->name);
    for (guint i = 0; operands[i] != NULL; i++) {
        g_autofree char *word = translate_operand(operands[i], language);
        g_string_append_printf(line, " %s", word);
    }
    for (const CliOption *option = command->options; option != NULL && option->name != NULL;
         option++) {
        if (option->is_required) {
            g_autofree char *word = spell_option(option, language);
            g_string_append_printf(line, " %s", word);
        }
    }
    g_string_append_printf(line, " %s", message_get(language, N_("[options]")));
    language_wrap(line->str, CLI_COLUMNS, 0, 4, out);
}

static int width_of_options(const CliCommand *command, const char *language)
{
    int columns = language_width("--help");
    for (const CliOption *option = command->options; option != NULL && option->name != NULL;
         option++) {
        g_autofree char *word = spell_option(option, language);
        columns = MAX(columns, MIN(language_width(word), CLI_COLUMNS / 3));
    }
    return columns;
}

static void append_operands(const CliCommand *command, const char *language, GString *out)
{
    g_auto(GStrv) operands = cli_operands_split(command->operands);
    int columns = width_of_options(command, language);
    g_string_append(out, operands[0] != NULL ? "\n" : "");
    for (guint i = 0; operands[i] != NULL; i++) {
        g_autofree char *bare = cli_operand_bare(operands[i]);
        append_row(message_get(language, bare), columns,
                   message_get(language, words_of_operand(bare)), out);
    }
}

static void append_options(const CliCommand *command, const char *language, GString *out)
{
    int columns = width_of_options(command, language);
    g_string_append_printf(out, "\n%s\n", message_get(language, N_("options:")));
    for (const CliOption *option = command->options; option != NULL && option->name != NULL;
         option++) {
        g_autofree char *word = spell_option(option, language);
        append_row(word, columns, message_get(language, option->words), out);
    }
    append_row("--help", columns, message_get(language, N_("print this")), out);
}

static void append_examples(const CliCommand *command, const char *language, GString *out)
{
    if (command->examples == NULL) {
        return;
    }
    g_auto(GStrv) lines = g_strsplit(command->examples, "\n", -1);
    g_string_append_printf(out, "\n%s\n", message_get(language, N_("examples:")));
    for (guint i = 0; lines[i] != NULL; i++) {
        g_string_append_printf(out, "  shuzhi %s\n", lines[i]);
    }
}

void cli_help_append_command(const CliCommand *command, const char *language, GString *out)
{
    append_usage(command, language, out);
    g_string_append_c(out, '\n');
    language_wrap(message_get(language, command->summary), CLI_COLUMNS, 0, 0, out);
    if (command->text != NULL) {
        g_string_append_c(out, '\n');
        append_paragraphs(message_get(language, command->text), out);
    }
    append_operands(command, language, out);
    append_options(command, language, out);
    append_examples(command, language, out);
}

/* ---- all of them ----------------------------------------------------------------------------- */

void cli_help_append_group(const CliTables *tables, const CliGroup *group, const char *language,
                           GString *out)
{
    g_string_append_printf(out, "%s shuzhi %s %s\n\n", message_get(language, N_("usage:")),
                           group->name, message_get(language, N_("COMMAND … [--help]")));
    language_wrap(message_get(language, group->summary), CLI_COLUMNS, 0, 0, out);
    g_string_append_c(out, '\n');
    for (size_t i = 0; tables->commands[i] != NULL; i++) {
        const CliCommand *command = tables->commands[i];
        if (cli_is_of_group(command->name, group->name)) {
            append_row(strchr(command->name, ' ') + 1, 10, message_get(language, command->summary),
                       out);
        }
    }
}

static void append_statuses(const char *language, GString *out)
{
    static const struct {
        int status;
        const char *zh;
        const char *en;
    } rows[] = {
        {0, "成功", "done"},
        {1, "核验不通过（verify）", "not sound (verify)"},
        {2, "命令行写错了", "wrong command line"},
        {3, "未发现问题，但最新的留痕还没有签名（verify）",
         "nothing wrong, but the newest events are not signed (verify)"},
#define ERROR_CODE(code, http, exit, zh, en) {exit, zh, en},
#include "base/error-codes.def"
#undef ERROR_CODE
    };
    g_string_append_printf(out, "\n%s\n", message_get(language, N_("exit status:")));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_string_append_printf(out, "  %2d  %s\n", rows[i].status,
                               g_str_equal(language, "zh") ? rows[i].zh : rows[i].en);
    }
}

void cli_help_append_overview(const CliTables *tables, const char *language, GString *out)
{
    g_string_append_printf(out, "%s shuzhi %s\n\n", message_get(language, N_("usage:")),
                           message_get(language, N_("COMMAND … [--help]")));
    const CliGroup *last = NULL;
    for (size_t i = 0; tables->commands[i] != NULL; i++) {
        const CliCommand *command = tables->commands[i];
        const CliGroup *group = tables->groups;
        while (group->name != NULL && !cli_is_of_group(command->name, group->name)) {
            group++;
        }
        if (group->name == NULL) {
            append_row(command->name, 10, message_get(language, command->summary), out);
        } else if (group != last) {
            append_row(group->name, 10, message_get(language, group->summary), out);
            last = group;
        }
    }
    append_statuses(language, out);
}

void cli_help_append_manual(const CliTables *tables, const char *language, GString *out)
{
    g_string_append_printf(out, "# %s\n\n", message_get(language, N_("Commands of shuzhi")));
    g_string_append_printf(
        out, "%s\n\n```\n",
        message_get(language,
                    N_("This is what `shuzhi COMMAND --help` prints, written by `shuzhi help "
                       "--manual`; a test compares the two.")));
    cli_help_append_overview(tables, language, out);
    g_string_append(out, "```\n");
    for (size_t i = 0; tables->commands[i] != NULL; i++) {
        g_string_append_printf(out, "\n## %s\n\n```\n", tables->commands[i]->name);
        cli_help_append_command(tables->commands[i], language, out);
        g_string_append(out, "```\n");
    }
}
