/* Libraries that are loaded when their first function is wanted, and not with the program.
 *
 * A few libraries bring most of the files and symbols that the loader would deal with at every
 * start: libpq its Kerberos and LDAP, Pango its X11, ICU and libxml2 the C++ library.  A command
 * that sorts no names, draws nothing and reads no xlsx needs none of them; see
 * docs/decisions/0015-late-libraries.md.
 *
 * Who uses such a library lists the functions once, as an X-macro, and calls them through a
 * struct of pointers that have the types of the library's header:
 *
 *     #define LIBPQ(F) F(PQclear) F(PQexec)
 *     static const char *const names[] = {LIBPQ(LATE_NAME)};
 *     static struct { LIBPQ(LATE_POINTER) } libpq;
 *     static LateLibrary library = LATE_LIBRARY("libpq.so.5", "libpq5", names, &libpq);
 *
 *     if (late_load(&library, error)) { … libpq.PQexec(…) … }
 *
 * Threading: safe from every thread.  What was loaded stays as long as the process. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* In two steps, as the name in ICU's files has ICU's version behind it, by a macro. */
#define LATE_NAME(function) LATE_QUOTED(function)
#define LATE_QUOTED(function) #function,
#define LATE_POINTER(function) __typeof__(function) *(function);
#define LATE_LIBRARY(file_, package_, names_, functions_)                                     \
    {                                                                                         \
        .file = (file_), .package = (package_), .names = (names_), .functions = (functions_), \
        .n_functions = G_N_ELEMENTS(names_) +                                                 \
                       0 * sizeof(char[sizeof *(functions_) == sizeof(names_) ? 1 : -1])      \
    }

typedef struct LateLibrary {
    const char *file;    /* its name for the loader, with the version of its interface */
    const char *package; /* Debian's, for who lacks it */
    const char *const *names;
    void *functions; /* a struct of as many pointers to functions, in the order of the names */
    size_t n_functions;
    gsize is_loaded; /* late_load()'s alone */
} LateLibrary;

/* Load @library and find its functions, if that is not done.  False with *@error set to
 * UNAVAILABLE where the machine has no such library, or one without a function; another try may
 * follow. */
bool late_load(LateLibrary *library, GError **error);
