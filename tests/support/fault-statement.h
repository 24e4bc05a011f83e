/* Statements that fail, for SQLite: the n-th one that is run is interrupted, wherever it is in the
 * program.  What begins and ends transactions is not counted: no database refuses that.
 *
 * Threading: arm and disarm while no statement runs; the counting itself is safe from every
 * thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Watch every database that is opened from now on. */
void fault_statement_install(void);

/* Let the @n-th (from 1) statement fail, once. */
void fault_statement_arm(int n);

/* End it; returns whether a statement has failed. */
bool fault_statement_disarm(void);

/* Something to do; as every function: false exactly when *@error is set. */
typedef bool (*FaultStatementJob)(void *data, GError **error);

/* Do @job again and again, letting its first, second, third… statement fail until it has no more:
 * each time it has to fail, and to do well in the end.  @check (NULL: none) is called after each
 * failure.  Returns how many statements failed. */
int fault_statement_sweep(const char *name, FaultStatementJob job, void (*check)(void *data),
                          void *data);
