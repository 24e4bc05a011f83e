#include "support/fault-statement.h"

#include <sqlite3.h>

static gint n_left; /* statements until one fails; 0: none does */
static gint has_failed;

static bool is_counted(const char *sql)
{
    static const char *const frames[] = {"BEGIN",     "COMMIT",  "ROLLBACK",
                                         "SAVEPOINT", "RELEASE", "PRAGMA"};
    for (size_t i = 0; i < G_N_ELEMENTS(frames); i++) {
        if (g_ascii_strncasecmp(sql, frames[i], strlen(frames[i])) == 0) {
            return false;
        }
    }
    return !g_str_has_prefix(sql, "--"); /* a statement within a statement */
}

static int count_statement(unsigned int what, void *db, void *statement, void *sql)
{
    if (is_counted(sql) && g_atomic_int_get(&n_left) > 0 && g_atomic_int_add(&n_left, -1) == 1) {
        g_atomic_int_set(&has_failed, 1);
        sqlite3_interrupt(db);
    }
    return 0;
}

static int watch(sqlite3 *db, const char **ret_message, const struct sqlite3_api_routines *api)
{
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_statement, db);
}

void fault_statement_install(void)
{
    int result = sqlite3_auto_extension((void (*)(void))watch);
    g_assert(result == SQLITE_OK);
}

void fault_statement_arm(int n)
{
    g_atomic_int_set(&has_failed, 0);
    g_atomic_int_set(&n_left, n);
}

bool fault_statement_disarm(void)
{
    g_atomic_int_set(&n_left, 0);
    return g_atomic_int_get(&has_failed) != 0;
}

int fault_statement_sweep(const char *name, FaultStatementJob job, void (*check)(void *data),
                          void *data)
{
    for (int n = 1;; n++) {
        g_autoptr(GError) error = NULL;
        fault_statement_arm(n);
        bool is_ok = job(data, &error);
        bool is_fault = fault_statement_disarm();
        if (is_ok != (error == NULL) || is_ok == is_fault) {
            g_error("%s: with statement %d %s it %s: %s", name, n, is_fault ? "failing" : "good",
                    is_ok ? "did well" : "failed", error != NULL ? error->message : "no error");
        }
        if (is_ok) {
            g_test_message("%s: %d statements", name, n - 1);
            return n - 1;
        }
        if (check != NULL) {
            check(data);
        }
    }
}
