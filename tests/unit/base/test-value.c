#include "base/value.h"

static void check_round_trip(Value value, ValueKind item_kind)
{
    g_auto(Value) original = value;
    g_autofree char *text = value_to_canonical(&original);
    g_auto(Value) back = VALUE_EMPTY;
    g_assert_true(value_from_canonical(original.kind, item_kind, text, &back));
    g_assert_true(value_is_equal(&original, &back));
    g_auto(Value) copy = value_copy(&original);
    g_assert_true(value_is_equal(&original, &copy));
}

static void test_round_trip(void)
{
    check_round_trip(value_text("诉求\n第二行"), VALUE_NONE);
    check_round_trip(value_number(-1250), VALUE_NONE);
    check_round_trip(value_bool(true), VALUE_NONE);
    check_round_trip(value_date(date_from_ymd(2023, 5, 6)), VALUE_NONE);
    check_round_trip(value_time(1682386329000000), VALUE_NONE);
    Value list = VALUE_EMPTY;
    value_list_append(&list, value_ref(3));
    value_list_append(&list, value_ref(1));
    check_round_trip(list, VALUE_REF);
}

static void test_empty_is_its_own_kind(void)
{
    g_auto(Value) empty = value_text("");
    g_assert_true(value_is_empty(&empty));
    Value list = VALUE_EMPTY;
    value_list_append(&list, value_text(NULL));
    g_assert_true(value_is_empty(&list));
    g_auto(Value) back = value_number(1);
    g_assert_false(value_from_canonical(VALUE_DATE, VALUE_NONE, "2023-02-30", &back));
    g_assert_cmpint(back.number, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/value/round-trip", test_round_trip);
    g_test_add_func("/base/value/empty-is-its-own-kind", test_empty_is_its_own_kind);
    return g_test_run();
}
