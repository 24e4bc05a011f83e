#include "cli/terminal.h"

#include <signal.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINE_BYTES 4096

/* Read a line of standard input without its end; NULL at the end of input. */
static char *read_line(void)
{
    g_autoptr(GString) line = g_string_new(NULL);
    int c = getchar();
    if (c == EOF) {
        return NULL;
    }
    for (; c != EOF && c != '\n' && line->len < MAX_LINE_BYTES; c = getchar()) {
        g_string_append_c(line, (char)c);
    }
    return g_string_free(g_steal_pointer(&line), false);
}

static char *ask_hidden(const char *prompt)
{
    struct termios shown;
    bool is_terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    if (is_terminal) {
        struct termios hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        fprintf(stderr, "%s ", prompt);
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    char *line = read_line();
    if (is_terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    return line;
}

static char *ask(const CliTerminal *terminal, const char *prompt, bool is_hidden)
{
    (void)terminal;
    if (is_hidden) {
        return ask_hidden(prompt);
    }
    if (!isatty(STDIN_FILENO)) {
        return NULL;
    }
    fprintf(stderr, "%s ", prompt);
    char *line = read_line();
    return line != NULL ? line : g_strdup("");
}

static void make_mask(sigset_t *mask)
{
    sigemptyset(mask);
    sigaddset(mask, SIGINT);
}

static void keep_interrupts(const CliTerminal *terminal, bool is_kept)
{
    (void)terminal;
    sigset_t mask;
    make_mask(&mask);
    (void)sigprocmask(is_kept ? SIG_BLOCK : SIG_UNBLOCK, &mask, NULL);
}

static bool is_interrupted(const CliTerminal *terminal)
{
    (void)terminal;
    sigset_t mask;
    struct timespec none = {0, 0};
    make_mask(&mask);
    return sigtimedwait(&mask, NULL, &none) == SIGINT;
}

const CliTerminal *cli_terminal_own(void)
{
    static CliTerminal own = {
        .ask = ask, .keep_interrupts = keep_interrupts, .is_interrupted = is_interrupted};
    own.output = stdout; /* no constants in C */
    own.errors = stderr;
    own.is_watched = isatty(STDERR_FILENO) == 1;
    return &own;
}
