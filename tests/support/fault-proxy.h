/* Networks that fail, for PostgreSQL: a proxy between libpq and the server's socket that cuts a
 * connection at its n-th message, before the server sees it or before the answer comes back.
 *
 * Threading: arm and disarm from one thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct FaultProxy FaultProxy;

/* Listen in @folder for what is meant for the server of SHUZHI_TEST_POSTGRES; NULL, after
 * g_test_skip(), when that server has no socket here. */
FaultProxy *fault_proxy_new(const char *folder);
void fault_proxy_free(FaultProxy *proxy);

/* Return @location (an address of that server) by way of the proxy; the caller owns it. */
char *fault_proxy_location(const FaultProxy *proxy, const char *location);

/* Cut the connection that sends the @n-th (from 1) statement from now on, over all connections; a
 * connection's beginning counts as one.  @is_after: the server has done it, and only the answer is
 * lost. */
void fault_proxy_arm(FaultProxy *proxy, int n, bool is_after);

/* End it; returns whether a connection was cut. */
bool fault_proxy_disarm(FaultProxy *proxy);
