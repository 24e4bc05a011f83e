#include "cli/progress.h"

#define SHOW_EVERY_US 200000

void cli_progress_start(CliProgress *progress, const CliContext *context)
{
    const CliTerminal *terminal = context->terminal;
    terminal->keep_interrupts(terminal, true);
    *progress = (CliProgress){.context = context,
                              .started_us = g_get_monotonic_time(),
                              .is_terminal = terminal->is_watched};
}

static void show(const CliProgress *progress, int64_t n_done, int64_t n_total, int64_t now_us)
{
    double seconds = (double)(now_us - progress->started_us) / 1e6;
    double rate = seconds > 0 ? (double)n_done / seconds : 0;
    int64_t left = rate > 0 ? (int64_t)((double)(n_total - n_done) / rate) : 0;
    fprintf(progress->context->terminal->errors, "\r%lld / %lld   %lld/s   %lld:%02lld %s\033[K",
            (long long)n_done, (long long)n_total, (long long)rate, (long long)(left / 60),
            (long long)(left % 60), cli_tr(progress->context, N_("left")));
}

bool cli_progress_report(int64_t n_done, int64_t n_total, void *data)
{
    CliProgress *progress = data;
    int64_t now_us = g_get_monotonic_time();
    if (progress->is_terminal && now_us - progress->shown_us >= SHOW_EVERY_US) {
        show(progress, n_done, n_total, now_us);
        progress->shown_us = now_us;
    }
    const CliTerminal *terminal = progress->context->terminal;
    return !terminal->is_interrupted(terminal);
}

void cli_progress_end(CliProgress *progress)
{
    const CliTerminal *terminal = progress->context->terminal;
    if (progress->shown_us != 0) {
        fputs("\r\033[K", terminal->errors);
    }
    terminal->keep_interrupts(terminal, false);
}
