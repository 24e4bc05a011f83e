/* Threads that signals pass by: SIGINT and the like go to the thread that waits for them, which is
 * the one that the program began with.
 *
 * Threading: safe from every thread. */
#pragma once

#include "base/error.h"

/* Start a thread @name with every signal blocked; NULL when there can be no more threads.  The
 * caller joins it. */
GThread *thread_try_start(const char *name, GThreadFunc func, gpointer data);

/* The same where the program cannot go on without it: it ends. */
GThread *thread_start(const char *name, GThreadFunc func, gpointer data);
