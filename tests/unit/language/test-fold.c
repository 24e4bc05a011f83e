#include "language/fold.h"

/* Check what @text folds to, and that folding again changes nothing. */
static void assert_fold(const char *text, const char *wanted)
{
    g_autofree char *folded = language_fold(text);
    g_autofree char *again = language_fold(folded);
    g_assert_cmpstr(folded, ==, wanted);
    g_assert_cmpstr(again, ==, wanted);
}

static void test_width_and_case(void)
{
    assert_fold("ＡＢＣ１２３", "abc123");
    assert_fold("（２０２３）第１６号！", "(2023)第16号!");
    assert_fold("PDF Ärger ΣΑΣ", "pdf ärger σασ");
    assert_fold("党建、“一岗双责”。", "党建、“一岗双责”。");
    assert_fold("", "");
}

static void test_space(void)
{
    assert_fold("  县 政府\t办公室\r\n", "县政府办公室");
    assert_fold("大型综合\n会议 13 场", "大型综合会议13场");
    assert_fold("Open  Data\n2023 plan", "open data 2023 plan");
    assert_fold("党\u3000建 A\u00a0B", "党建a b");
    assert_fold("群\u200b众\ufeff诉\u00ad求", "群众诉求");
    assert_fold(" \u3000 ", "");
}

static void test_d_is_the_party(void)
{
    assert_fold("D建", "党建");
    assert_fold("抓D建", "抓党建");
    assert_fold("Ｄ建", "党建");
    assert_fold("D 建 工作", "党建工作");
    assert_fold("优秀共产D员11名，入D积极分子，2名预备D按期转正",
                "优秀共产党员11名,入党积极分子,2名预备党按期转正");
    assert_fold("全面落实D要管D、从严治D的责任，管D治D主体责任",
                "全面落实党要管党、从严治党的责任,管党治党主体责任");
    assert_fold("D支部、D总支、D组织、D委、D章、D性、D风、D务、D中央",
                "党支部、党总支、党组织、党委、党章、党性、党风、党务、党中央");
    assert_fold("坚持D对一切工作的领导，学习D的二十大，永远跟D走",
                "坚持党对一切工作的领导,学习党的二十大,永远跟党走");
    assert_fold("建D102周年", "建党102周年");
    assert_fold("D和国家", "党和国家");
}

static void test_other_d_stays(void)
{
    assert_fold("D级危房", "d级危房");
    assert_fold("3D打印", "3d打印");
    assert_fold("3D建模", "3d建模");
    assert_fold("CAD建模", "cad建模");
    assert_fold("A、B、C、D四类", "a、b、c、d四类");
    assert_fold("入DNA库", "入dna库");
    assert_fold("维生素D缺乏", "维生素d缺乏");
    assert_fold("D座D区2023年D1234次", "d座d区2023年d1234次");
    assert_fold("新建D区", "新建d区");
    assert_fold("D", "d");
    assert_fold("d建", "d建");
}

static void test_d_drops_the_spaces_beside_it(void)
{
    assert_fold("OK D建", "ok党建");
    assert_fold("OK 入D 2023", "ok入党2023");
    assert_fold("xy D 员", "xy党员");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/fold/width-and-case", test_width_and_case);
    g_test_add_func("/language/fold/space", test_space);
    g_test_add_func("/language/fold/d-is-the-party", test_d_is_the_party);
    g_test_add_func("/language/fold/other-d-stays", test_other_d_stays);
    g_test_add_func("/language/fold/d-drops-the-spaces-beside-it",
                    test_d_drops_the_spaces_beside_it);
    return g_test_run();
}
