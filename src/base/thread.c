#include "base/thread.h"

#include <signal.h>

/* A thread has the signal mask of the one that made it (POSIX, pthread_create). */
static GThread *start(const char *name, GThreadFunc func, gpointer data, GError **error)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    GThread *thread = g_thread_try_new(name, func, data, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}

GThread *thread_try_start(const char *name, GThreadFunc func, gpointer data)
{
    return start(name, func, data, NULL);
}

GThread *thread_start(const char *name, GThreadFunc func, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GThread *thread = start(name, func, data, &error);
    if (thread == NULL) {
        g_error("cannot start the thread '%s': %s", name, error->message);
    }
    return thread;
}
