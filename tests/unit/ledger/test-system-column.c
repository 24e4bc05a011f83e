#include "ledger/system-column.h"

/* Events say them in this order, and their bytes are what is hashed. */
static void test_names_are_sorted(void)
{
    for (size_t i = 1; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        g_assert_cmpstr(ledger_system_columns[i - 1].name, <, ledger_system_columns[i].name);
    }
}

static void test_a_number_or_a_text(void)
{
    const SchemaLedger ledger = {.name = (char *)"task"};
    const LedgerEntry entry = {.ledger = &ledger,
                               .n = 7,
                               .due_us = 8,
                               .due_first_us = 9,
                               .is_due_provisional = true,
                               .state = (char *)"open"};
    for (size_t i = 0; i < LEDGER_N_SYSTEM_COLUMNS; i++) {
        const LedgerSystemColumn *column = &ledger_system_columns[i];
        int64_t number = g_str_equal(column->name, "n")                 ? 7
                         : g_str_equal(column->name, "due")             ? 8
                         : g_str_equal(column->name, "due_first")       ? 9
                         : g_str_equal(column->name, "due_provisional") ? 1
                                                                        : 0;
        const char *text = g_str_equal(column->name, "ledger")  ? "task"
                           : g_str_equal(column->name, "state") ? "open"
                                                                : NULL;
        g_assert_cmpint(ledger_system_int(&entry, column), ==, number);
        g_assert_cmpstr(ledger_system_text(&entry, column), ==, text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/system-column/names-are-sorted", test_names_are_sorted);
    g_test_add_func("/ledger/system-column/a-number-or-a-text", test_a_number_or_a_text);
    return g_test_run();
}
