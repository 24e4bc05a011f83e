/* The offices that `serve` serves: the one that is its operand, or each of a folder of offices.
 *
 * Threading: one thread. */
#pragma once

#include "cli/context.h"
#include "cli/host.h"
#include "office/office.h"

typedef struct ServedOffice {
    char *name;     /* its folder in the folder of offices; NULL: it is the operand itself */
    Source *source; /* of a demo, whose clock goes on from its newest event; NULL: the system's */
    Office *office; /* NULL: it cannot be opened */
    CliHost *host;  /* takes its commands */
    GPtrArray *accounts; /* of DemoAccount; NULL: not served as a demo */
    GError *fault;       /* why it cannot be opened; NULL: it is */
} ServedOffice;

/* Open for writing what the first operand names; imports that died are cleared away, and commands
 * that others send are taken (cli/host.h).
 *
 * Returns an array of ServedOffice, which the caller owns.  Where the operand is a folder of
 * offices, one that cannot be opened is in the array with its fault, unless none can: then the
 * first fault is the error.  Errors as office_open(); INVALID for --demo where no demo is. */
GPtrArray *served_open(CliContext *context, GError **error);

/* Say which offices are served below @address ("http://127.0.0.1:8017"), which are not and why, and
 * the accounts of those that are demos. */
void served_print(const GPtrArray *served, const char *address, CliContext *context);
