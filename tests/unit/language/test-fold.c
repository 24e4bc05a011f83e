#include "language/fold.h"

static void test_folds(void)
{
    static const char *const pairs[][2] = {
        {"D建工作", "党建工作"},
        {"抓D建", "抓党建"},
        {"入D积极分子", "入党积极分子"},
        {"维生素D", "维生素d"},
        {"3D打印", "3d打印"},
        {"ＡＢＣ１２３", "abc123"},
        {"  县　政府  办 ", "县政府办"},
        {"Open  Data", "open data"},
        {"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *folded = language_fold(pairs[i][0]);
        g_assert_cmpstr(folded, ==, pairs[i][1]);
        g_autofree char *again = language_fold(folded);
        g_assert_cmpstr(again, ==, folded);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/fold/folds", test_folds);
    return g_test_run();
}
