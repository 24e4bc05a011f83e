#include "web/progress.h"

#define SECONDS_PER_MINUTE 60

static const char *duration(const WebContext *context, int64_t us)
{
    long long seconds = (us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
    return seconds < SECONDS_PER_MINUTE
               ? web_say(context, N_("%lld s"), seconds)
               : web_say(context, N_("%lld min %lld s"), seconds / SECONDS_PER_MINUTE,
                         seconds % SECONDS_PER_MINUTE);
}

const WebProgress *web_progress(WebContext *context, WebWork *work, const char *words,
                                const char *cancel)
{
    WebWorkLook look;
    work_look(work, &look);
    if (!look.is_running) {
        return NULL;
    }
    WebProgress *shown = web_new(context, WebProgress);
    double seconds = (double)look.elapsed_us / G_USEC_PER_SEC;
    double rate = seconds > 0 ? (double)look.n_done / seconds : 0;
    *shown = (WebProgress){.words = words,
                           .done = "",
                           .rate = "",
                           .left = "",
                           .elapsed = duration(context, look.elapsed_us),
                           .since = web_time(context, look.started_us),
                           .n_done = look.n_done,
                           .n_total = look.n_total,
                           .cancel = cancel};
    if (look.n_total > 0) {
        shown->done = web_say(context, N_("%lld of %lld {row|rows}"), (long long)look.n_done,
                              (long long)look.n_total);
    } else if (look.n_done > 0) {
        shown->done = web_say(context, N_("%lld {row|rows}"), (long long)look.n_done);
    }
    if (rate >= 1) {
        shown->rate = web_say(context, N_("%lld {row|rows} a second"), (long long)rate);
        shown->left = look.n_total > 0
                          ? duration(context, (int64_t)((double)(look.n_total - look.n_done) /
                                                        rate * G_USEC_PER_SEC))
                          : "";
    }
    context->is_refreshed = true;
    return shown;
}

/* Return whether @fault of an import is a question, which its page asks. */
static bool is_answerable(const GError *fault)
{
    return error_is(fault, SHUZHI_ERROR_INVALID) || error_is(fault, SHUZHI_ERROR_EXISTS) ||
           error_is(fault, SHUZHI_ERROR_CONFLICT);
}

/* Say how @work stands. */
static WebWorkLine *make_line(const WebContext *context, WebWork *work)
{
    WebWorkLook look;
    work_look(work, &look);
    g_autoptr(GError) fault = work_fault(work);
    bool is_checked = look.sort == WEB_WORK_CHECK && fault == NULL;
    bool is_asked = look.sort == WEB_WORK_IMPORT && is_answerable(fault);
    WebWorkLine *line = web_new(context, WebWorkLine);
    *line = (WebWorkLine){.title = web_keep(context, g_strdup(work_title(work))),
                          .address = web_keep(context, g_strdup(work_key(work))),
                          .tag = "",
                          .is_open = look.is_running || !look.has_begun || is_checked ||
                                     (fault != NULL && look.sort != WEB_WORK_CHECK)};
    if (look.is_running && look.n_total > 0) {
        line->state = web_say(context, N_("%lld of %lld {row|rows}"), (long long)look.n_done,
                              (long long)look.n_total);
    } else if (look.is_running) {
        line->state = web_tr(context, N_("under way"));
    } else if (look.has_begun && (is_checked || is_asked)) {
        line->state = web_tr(context, N_("to be confirmed"));
        line->tag = "soon";
    } else if (fault != NULL) {
        line->state = web_tr(context, N_("did not work"));
        line->tag = "late";
    } else if (look.has_begun) {
        line->state = web_tr(context, N_("done"));
        line->tag = "ok";
    } else {
        line->state = web_tr(context, N_("waits for you"));
        line->tag = "soon";
    }
    return line;
}

GPtrArray *web_work_lines(const WebContext *context)
{
    GPtrArray *lines = web_array(context);
    g_autoptr(GPtrArray) works = works_list(context->site->works, context->subject->actor);
    for (guint i = 0; i < works->len; i++) {
        g_ptr_array_add(lines, make_line(context, g_ptr_array_index(works, i)));
    }
    return lines;
}

void web_work_forget(const WebContext *context, bool is_all)
{
    g_autoptr(GPtrArray) works = works_list(context->site->works, context->subject->actor);
    for (guint i = 0; i < works->len; i++) {
        WebWork *work = g_ptr_array_index(works, i);
        g_autoptr(GError) fault = work_fault(work);
        WebWorkLook look;
        work_look(work, &look);
        bool is_file = look.sort != WEB_WORK_VERIFY && !look.is_running;
        if (is_file && (is_all || (fault != NULL && look.sort == WEB_WORK_CHECK))) {
            works_remove(context->site->works, work);
        }
    }
}

/* Say why @work has to wait for @busy. */
static void set_busy(const WebContext *context, WebWorkSort sort, WebWork *busy, GError **error)
{
    WebWorkLook look;
    work_look(busy, &look);
    const char *who = web_actor(context, work_owner(busy));
    const char *since = web_time(context, look.started_us);
    if (!look.is_running) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "this cannot be begun at the moment; try again in a minute");
    } else if (sort == WEB_WORK_IMPORT) {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "%s has been importing '%s' since %s, and one import runs at a time; this file "
                  "and your choices wait here: import it when that has ended",
                  who, work_title(busy), since);
    } else if (sort == WEB_WORK_VERIFY) {
        error_set(error, SHUZHI_ERROR_CONFLICT, "%s has had the office verified since %s", who,
                  since);
    } else {
        error_set(error, SHUZHI_ERROR_CONFLICT,
                  "several files are being checked; this one waits here: check it in a minute");
    }
}

bool web_work_start(const WebContext *context, WebWork *work, WebWorkSort sort, WebWorkFunc func,
                    GError **error)
{
    g_autoptr(WebWork) busy = NULL;
    if (work_start(work, sort, func, web_now_us(context), &busy)) {
        work_wait(work, WEB_PROGRESS_WAIT_US);
        return true;
    }
    if (busy == work) { /* asked for twice: it is under way */
        return true;
    }
    set_busy(context, sort, busy, error);
    return false;
}

WebWork *web_work_here(const WebContext *context, GError **error)
{
    WebWork *work = works_find(context->site->works, context->path, context->subject->actor);
    if (work == NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND,
                  "this file does not wait any more: it was thrown away, or the server was started "
                  "anew; what was imported is listed below, and an import that was cut off has "
                  "been taken back");
    }
    return work;
}
