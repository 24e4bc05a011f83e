/* Functions that no file of the project may call.
 *
 * Included by base/error.h, so that every translation unit sees it.  Each entry is a function
 * whose misuse has a history; what to call instead stands beside it.  Two of GLib's are replaced.
 */
#pragma once

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* System headers come first, then the poison: declarations already seen stay legal. */
#include <glib.h>
#include <stdio.h>

/* Under Clang, glibc's fortified headers make macros of these, and a macro can't be poisoned. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat     /* g_string_append, g_strlcpy */
#pragma GCC poison sprintf vsprintf  /* g_strdup_printf */
#pragma GCC poison strtok            /* g_strsplit */
#pragma GCC poison atoi atol atoll   /* text_parse_int */
#pragma GCC poison gmtime localtime  /* base/date.h: the office's zone is explicit */
#pragma GCC poison gets system popen /* base/child.h */

/* Where printf finds no memory, GLib before 2.78 goes on without the text: a checkpoint lacked its
 * signature, a statement would lack a condition.  These end the program, as GLib's own allocations
 * do. */
char *text_printf(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_MALLOC;
void text_append_printf(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);
#define g_strdup_printf text_printf
#define g_string_append_printf text_append_printf
