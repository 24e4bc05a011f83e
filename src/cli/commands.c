#include "cli/commands.h"

#include "base/message.h"
#include "base/text.h"
#include "cli/command-due.h"

typedef struct Command {
    const char *name;
    const char *summary;
    bool (*run)(CliContext *context, GError **error);
} Command;

static const Command commands[] = {
    {"due", N_("when a time limit ends, and why"), command_due},
};

enum { EXIT_USAGE = 2 };

static void print_overview(FILE *file, const char *language)
{
    fprintf(file, "%s\n\n", message_get(language, N_("usage: shuzhi COMMAND …; COMMAND --help")));
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        fprintf(file, "  %-10s %s\n", commands[i].name, message_get(language, commands[i].summary));
    }
}

static const Command *find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (g_str_equal(commands[i].name, name)) {
            return &commands[i];
        }
    }
    return NULL;
}

static int run(const Command *command, int argc, char **argv, const char *language)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    CliContext context = {.language = language, .argc = argc, .argv = argv, .out = out};
    bool is_good = command->run(&context, &error);
    if (fwrite(out->str, 1, out->len, stdout) != out->len || fflush(stdout) != 0) {
        fprintf(stderr, "shuzhi: %s\n", message_get(language, N_("the output cannot be written")));
        return 1;
    }
    if (is_good) {
        return 0;
    }
    g_autofree char *text = error_to_text(error, language);
    fprintf(stderr, "shuzhi %s: %s\n", command->name, text);
    return error_exit_status(error);
}

int commands_run(int argc, char **argv)
{
    const char *language = message_environment_language();
    for (int i = 0; i < argc; i++) {
        if (!text_is_valid(argv[i], strlen(argv[i]), NULL)) {
            fprintf(stderr, "shuzhi: %s\n",
                    message_get(language, N_("an argument is not UTF-8 text")));
            return EXIT_USAGE;
        }
    }
    if (argc < 2 || g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "help")) {
        print_overview(argc < 2 ? stderr : stdout, language);
        return argc < 2 ? EXIT_USAGE : 0;
    }
    if (g_str_equal(argv[1], "--version")) {
        puts("shuzhi " SHUZHI_VERSION);
        return 0;
    }
    const Command *command = find(argv[1]);
    if (command == NULL) {
        fprintf(stderr, "shuzhi: %s: %s\n", message_get(language, N_("there is no such command")),
                argv[1]);
        print_overview(stderr, language);
        return EXIT_USAGE;
    }
    return run(command, argc - 1, argv + 1, language);
}
