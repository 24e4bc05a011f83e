#include "cli/signer.h"

#include "base/thread.h"
#include "cli/served.h"

#define US_PER_SECOND 1000000
#define LOOKS 60 /* how often the time that events may wait is looked at */

/* One office. */
typedef struct Watch {
    Office *office;
    int64_t since_us; /* when unsigned events were first seen, or signing last tried; 0: none are */
    int64_t n_tried;  /* how many they were when signing was last tried */
} Watch;

struct Signer {
    GMutex lock; /* of is_stopping */
    GCond stopping;
    bool is_stopping;
    int64_t after_us;
    GArray *watches; /* of Watch; the thread's */
    GThread *thread;
};

static void sign(Watch *watch, int64_t n, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    watch->since_us = now_us;
    watch->n_tried = n;
    if (!office_sign(watch->office, &error) && !error_is(error, SHUZHI_ERROR_NOT_FOUND)) {
        /* g_printerr() would convert the name to the locale's characters */
        (void)fprintf(stderr, "cannot sign '%s': %s\n", office_name(watch->office), error->message);
    }
}

/* Sign what has waited long enough, or is much. */
static void look_after(const Signer *signer, Watch *watch)
{
    int64_t now_us = g_get_monotonic_time();
    int64_t n = 0;
    if (!office_count_unsigned(watch->office, &n, NULL)) {
        return; /* a store that is away is told by whoever asks it for more */
    }
    if (n == 0) {
        *watch = (Watch){.office = watch->office};
        return;
    }
    watch->since_us = watch->since_us != 0 ? watch->since_us : now_us;
    bool is_much = n - watch->n_tried >= SIGNER_MAX_EVENTS;
    if (is_much || now_us - watch->since_us >= signer->after_us) {
        sign(watch, n, now_us);
    }
}

/* Wait for the next look; false when it is time to stop. */
static bool wait_for_next(Signer *signer)
{
    int64_t until_us = g_get_monotonic_time() + signer->after_us / LOOKS;
    g_mutex_lock(&signer->lock);
    while (!signer->is_stopping && g_cond_wait_until(&signer->stopping, &signer->lock, until_us)) {
        /* woken for nothing */
    }
    bool goes_on = !signer->is_stopping;
    g_mutex_unlock(&signer->lock);
    return goes_on;
}

static gpointer work(gpointer data)
{
    Signer *signer = data;
    do {
        for (guint i = 0; i < signer->watches->len; i++) {
            look_after(signer, &g_array_index(signer->watches, Watch, i));
        }
    } while (wait_for_next(signer));
    return NULL;
}

Signer *signer_start(const GPtrArray *served, int64_t after_seconds)
{
    Signer *signer = g_new0(Signer, 1);
    g_mutex_init(&signer->lock);
    g_cond_init(&signer->stopping);
    signer->after_us = after_seconds * US_PER_SECOND;
    signer->watches = g_array_new(false, true, sizeof(Watch));
    for (guint i = 0; i < served->len; i++) {
        /* what is unsigned now, a process that was killed left so: it has waited long enough */
        const Watch watch = {.office = ((const ServedOffice *)g_ptr_array_index(served, i))->office,
                             .since_us = g_get_monotonic_time() - signer->after_us};
        if (watch.office != NULL) {
            g_array_append_val(signer->watches, watch);
        }
    }
    signer->thread = thread_start("signer", work, signer);
    return signer;
}

void signer_stop(Signer *signer)
{
    if (signer == NULL) {
        return;
    }
    g_mutex_lock(&signer->lock);
    signer->is_stopping = true;
    g_cond_signal(&signer->stopping);
    g_mutex_unlock(&signer->lock);
    g_thread_join(signer->thread);
    g_array_unref(signer->watches);
    g_cond_clear(&signer->stopping);
    g_mutex_clear(&signer->lock);
    g_free(signer);
}
