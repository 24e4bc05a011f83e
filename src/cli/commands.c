#include "cli/commands.h"

#include <errno.h>
#include <signal.h>

#include "base/message.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/command-backup.h"
#include "cli/command-check.h"
#include "cli/command-demo.h"
#include "cli/command-due.h"
#include "cli/command-entry-fields.h"
#include "cli/command-entry-history.h"
#include "cli/command-entry-show.h"
#include "cli/command-entry.h"
#include "cli/command-export.h"
#include "cli/command-figure.h"
#include "cli/command-import.h"
#include "cli/command-init.h"
#include "cli/command-log-check.h"
#include "cli/command-log.h"
#include "cli/command-pack.h"
#include "cli/command-person.h"
#include "cli/command-post.h"
#include "cli/command-prove.h"
#include "cli/command-report.h"
#include "cli/command-serve.h"
#include "cli/command-unit.h"
#include "cli/command-user.h"
#include "cli/command-verify.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/places.h"
#include "cli/print.h"

static const CliCommand command_completion;

/* clang-format off */
static const CliCommand *const commands[] = {
    &command_init,
    &command_demo,
    &command_serve,
    &command_import,

    &command_report,
    &command_export,
    &command_figure,
    &command_due,
    &command_verify,
    &command_checkpoint,
    &command_check,
    &command_backup,
    &command_restore,
    &command_entry_list,
    &command_entry_show,
    &command_entry_history,
    &command_entry_prove,
    &command_entry_fields,
    &command_entry_add,
    &command_entry_set,
    &command_entry_step,
    &command_entry_attach,
    &command_entry_detach,
    &command_entry_comment,
    &command_entry_delete,
    &command_entry_erase,
    &command_entry_nothing,
    &command_pack_check,
    &command_pack_show,
    &command_pack_apply,
    &command_pack_export,
    &command_pack_doc,
    &command_pack_reference,
    &command_unit_list,
    &command_unit_add,
    &command_unit_change,
    &command_unit_close,
    &command_person_list,
    &command_person_add,
    &command_person_change,
    &command_post_list,
    &command_post_add,
    &command_post_end,
    &command_user_list,
    &command_user_add,
    &command_user_activate,
    &command_user_lock,
    &command_user_password,
    &command_log_list,
    &command_log_prove,
    &command_log_check,
    &command_completion,
    NULL,
};
/* clang-format on */

static const CliGroup groups[] = {
    {"entry", N_("entries of the ledgers: list, show, add, correct, step on")},
    {"pack", N_("what the office runs on: ledgers, measures and reports as text files")},
    {"unit", N_("the tree of units")},
    {"person", N_("the people of the office")},
    {"post", N_("who holds which role in which unit")},
    {"user", N_("the accounts that open the office")},
    {"log", N_("the events themselves, and proofs of them")},
    {NULL},
};

static const CliTables tables = {commands, groups};

/* ---- completion ------------------------------------------------------------------------------ */

static bool run_completion(CliContext *context, GError **error)
{
    if (!g_str_equal(cli_operand(context, 0), "bash")) {
        error_set(error, SHUZHI_ERROR_INVALID, "there is completion for bash only, not for '%s'",
                  cli_operand(context, 0));
        return false;
    }
    cli_completion_append_bash(&tables, context->out);
    return true;
}

static const CliCommand command_completion = {
    .name = "completion",
    .operands = "SHELL",
    .summary = N_("Print the completion of the command line for a shell."),
    .examples = "completion bash > ~/.local/share/bash-completion/completions/shuzhi",
    .run = run_completion,
};

/* ---- finding --------------------------------------------------------------------------------- */

static const CliCommand *find_command(const char *name)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (g_str_equal(commands[i]->name, name)) {
            return commands[i];
        }
    }
    return NULL;
}

static const CliGroup *find_group(const char *name)
{
    for (const CliGroup *group = groups; group->name != NULL; group++) {
        if (g_str_equal(group->name, name)) {
            return group;
        }
    }
    return NULL;
}

/* Return the word nearest to @word among the commands of @group (NULL: the first words of all). */
static const char *find_nearest(const char *word, const CliGroup *group)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (size_t i = 0; commands[i] != NULL; i++) {
        const char *name = commands[i]->name;
        const char *blank = strchr(name, ' ');
        if (group != NULL && cli_is_of_group(name, group->name)) {
            g_ptr_array_add(names, (char *)blank + 1);
        } else if (group == NULL && blank == NULL) {
            g_ptr_array_add(names, (char *)name);
        }
    }
    for (const CliGroup *other = groups; group == NULL && other->name != NULL; other++) {
        g_ptr_array_add(names, (char *)other->name);
    }
    g_ptr_array_add(names, (char *)(group == NULL ? "help" : NULL));
    g_ptr_array_add(names, NULL);
    return text_nearest(word, (const char *const *)names->pdata);
}

static void print_error(const char *name, const GError *error, const char *language, FILE *errors)
{
    g_autofree char *text = error_to_text(error, language);
    g_autofree char *line = cli_clean(text); /* it may quote what somebody sent */
    fprintf(errors, "shuzhi%s%s: %s\n", name != NULL ? " " : "", name != NULL ? name : "", line);
}

static int fail_unknown(const char *word, const CliGroup *group, const char *language)
{
    g_autoptr(GError) error = NULL;
    const char *nearest = find_nearest(word, group);
    if (nearest != NULL) {
        error_set(&error, SHUZHI_ERROR_INVALID, "there is no command '%s', did you mean '%s'?",
                  word, nearest);
    } else {
        error_set(&error, SHUZHI_ERROR_INVALID,
                  "there is no command '%s'; --help lists those there are", word);
    }
    print_error(group != NULL ? group->name : NULL, error, language, stderr);
    return CLI_EXIT_USAGE;
}

/* ---- running --------------------------------------------------------------------------------- */

/* Say that the output was lost, @failure (takes), of a command that recorded something: with what
 * it would have said, and as a success, so that no script does it once more. */
static void tell_lost(const CliContext *context, const char *said, GError *failure)
{
    error_prefix(&failure, "it is recorded, and only what follows could not be printed");
    print_error(context->command->name, failure, context->language, context->terminal->errors);
    fputs(said, context->terminal->errors);
    g_error_free(failure);
}

/* Print what a command has collected and how it failed, @error where it did; return its status. */
static int conclude(CliContext *context, const GError *error)
{
    GError *output_error = NULL;
    g_autofree char *said = context->has_made ? g_strdup(context->out->str) : NULL;
    FILE *errors = context->terminal->errors;
    const char *name = context->command->name;
    int status = error == NULL       ? context->status
                 : context->is_usage ? (int)CLI_EXIT_USAGE
                                     : error_exit_status(error);
    bool is_said = cli_flush(context, &output_error);
    if (!is_said && error == NULL && context->has_made) {
        tell_lost(context, said, output_error);
    } else if (!is_said) {
        print_error(name, output_error, context->language, errors);
        status = error == NULL ? error_exit_status(output_error) : status;
        g_error_free(output_error);
    }
    if (error != NULL) {
        print_error(name, error, context->language, errors);
    }
    return status;
}

/* Return what a guest gave that names a file, as it is to be typed; NULL: nothing.  The caller owns
 * it. */
static char *find_file_of_guest(const CliContext *context)
{
    const CliCommand *command = context->command;
    if (context->inside == NULL || !context->inside->is_guest) {
        return NULL;
    }
    const CliOption *option = command->options;
    for (; option != NULL && option->name != NULL; option++) {
        if (option->opens_file && cli_has(context, option->name)) {
            return g_strconcat("--", option->name, NULL);
        }
    }
    return command->file_operand != 0 ? g_strdup(cli_operand(context, command->file_operand))
                                      : NULL;
}

/* Check that a guest gave no file: it would be the server that opens it. */
static bool check_guest(const CliContext *context, GError **error)
{
    g_autofree char *file = find_file_of_guest(context);
    if (file != NULL) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the server of the office opens files for its own account and for root only:"
                  " leave out '%s'",
                  file);
    }
    return file == NULL;
}

/* Check that the server's files are those of who typed their names; for guests it opens none. */
static bool check_places(const CliContext *context, GError **error)
{
    const CliInside *inside = context->inside;
    return inside == NULL || inside->is_guest || cli_places_check(context, inside->places, error);
}

/* Run the command of @context, whose words begin with its name. */
static int run(CliContext *context)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    const CliCommand *command = context->command;
    char **argv = (char **)context->words + (strchr(command->name, ' ') != NULL ? 2 : 1);
    context->out = out;
    if (cli_arguments_parse(context, (int)g_strv_length(argv), argv, &error)) {
        if (context->is_help) {
            cli_help_append_command(command, context->language, out);
        } else if (check_guest(context, &error) && check_places(context, &error)) {
            (void)command->run(context, &error);
        }
    }
    int status = context->is_relayed ? context->status : conclude(context, error);
    cli_arguments_clear(context);
    return status;
}

static int print_text(const GString *out, FILE *file, const char *language, int status)
{
    g_autoptr(GError) error = NULL;
    if (fwrite(out->str, 1, out->len, file) == out->len && fflush(file) == 0) {
        return status;
    }
    error_set_errno(&error, errno, "cannot write the output");
    return commands_refuse(error, language, cli_terminal_own());
}

/* shuzhi, shuzhi help, shuzhi help pack apply, shuzhi help --manual, shuzhi pack. */
static int run_help(int argc, char **argv, const char *language, int status)
{
    g_autoptr(GString) out = g_string_new(NULL);
    FILE *file = status == 0 ? stdout : stderr;
    if (argc == 0) {
        cli_help_append_overview(&tables, language, out);
        return print_text(out, file, language, status);
    }
    if (g_str_equal(argv[0], "--manual")) {
        cli_help_append_manual(&tables, language, out);
        return print_text(out, file, language, status);
    }
    g_autofree char *two = argc > 1 ? g_strconcat(argv[0], " ", argv[1], NULL) : NULL;
    const CliCommand *command = two != NULL ? find_command(two) : find_command(argv[0]);
    const CliGroup *group = find_group(argv[0]);
    if (command != NULL) {
        cli_help_append_command(command, language, out);
    } else if (group != NULL && argc == 1) {
        cli_help_append_group(&tables, group, language, out);
    } else {
        return fail_unknown(group != NULL ? argv[1] : argv[0], group, language);
    }
    return print_text(out, file, language, status);
}

static bool is_help(const char *word)
{
    return g_str_equal(word, "--help") || g_str_equal(word, "-h") || g_str_equal(word, "help");
}

/* Return the command that @words, at least one, begin with; NULL when there is none. */
static const CliCommand *find_of_words(char *const *words)
{
    const CliCommand *command = find_command(words[0]);
    if (command != NULL || words[1] == NULL) {
        return command;
    }
    g_autofree char *name = g_strconcat(words[0], " ", words[1], NULL);
    return find_command(name);
}

/* Run what @argv, @argc words behind the program's name, says. */
static int dispatch(int argc, char **argv, const char *language)
{
    if (argc == 0) {
        return run_help(0, argv, language, CLI_EXIT_USAGE);
    }
    if (is_help(argv[0])) {
        return run_help(argc - 1, argv + 1, language, 0);
    }
    if (g_str_equal(argv[0], "--version")) {
        g_autoptr(GString) version = g_string_new("shuzhi " SHUZHI_VERSION "\n");
        return print_text(version, stdout, language, 0);
    }
    CliContext context = {.language = language,
                          .command = find_of_words(argv),
                          .words = argv,
                          .terminal = cli_terminal_own()};
    if (context.command != NULL) {
        return run(&context);
    }
    const CliGroup *group = find_group(argv[0]);
    if (group == NULL) {
        return fail_unknown(argv[0], NULL, language);
    }
    if (argc == 1 || is_help(argv[1])) {
        return run_help(1, argv, language, argc == 1 ? (int)CLI_EXIT_USAGE : 0);
    }
    return fail_unknown(argv[1], group, language);
}

int commands_run(int argc, char **argv)
{
    const char *language = message_environment_language();
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of its write, not an end */
    for (int i = 0; i < argc; i++) {
        if (!text_is_valid(argv[i], strlen(argv[i]), NULL)) {
            fprintf(stderr, "shuzhi: %s\n",
                    message_get(language, N_("an argument is not UTF-8 text")));
            return CLI_EXIT_USAGE;
        }
    }
    return dispatch(argc - 1, argv + 1, language);
}

int commands_refuse(const GError *error, const char *language, const CliTerminal *terminal)
{
    print_error(NULL, error, language, terminal->errors);
    return error_exit_status(error);
}

int commands_run_inside(char *const *words, const char *language, const CliTerminal *terminal,
                        const CliInside *inside, const char **ret_name)
{
    CliContext context = {.language = language,
                          .command = find_of_words(words),
                          .words = words,
                          .terminal = terminal,
                          .inside = inside};
    if (context.command == NULL || !context.command->runs_inside) {
        g_autoptr(GError) error = NULL;
        error_set(&error, SHUZHI_ERROR_INVALID,
                  "'%s' is no command that runs inside the server of an office", words[0]);
        return commands_refuse(error, language, terminal);
    }
    if (inside->is_guest && !context.command->runs_for_guests) {
        g_autoptr(GError) error = NULL;
        error_set(&error, SHUZHI_ERROR_FORBIDDEN,
                  "the server of the office runs '%s' for its own account and for root only; the"
                  " pages of the office may do what you want",
                  context.command->name);
        return commands_refuse(error, language, terminal);
    }
    *ret_name = context.command->name;
    return run(&context);
}
