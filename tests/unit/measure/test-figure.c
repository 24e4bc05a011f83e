#include "measure-fixture.h"

#include "measure/json.h"
#include "office/post.h"

#define SAYS(measure, period, text) measure_fixture_says(&f, measure, period, text)
#define SENTENCE(measure, period, text) measure_fixture_sentence(&f, measure, period, text)

/* Record @n matters on @day. */
static void add_matters(MeasureFixture *f, int n, const char *day)
{
    for (int i = 0; i < n; i++) {
        measure_fixture_add(f, "matter", "title", "事", "came", day, NULL);
    }
}

/* ---- counts and their wordings -----------------------------------------------------------------
 */

static void test_count_is_worded(const TestPlace *place)
{
    FIXTURE(f);
    SAYS("received", "2023", "0件");
    SAYS("received_over", "2023", "0件");
    add_matters(&f, 9, "2023-03-01 09:00");
    SAYS("received_over", "2023", "9件");
    add_matters(&f, 2, "2023-01-01 00:00");
    add_matters(&f, 4, "2022-12-31 23:59");
    SAYS("received", "2023", "11件");
    SAYS("received_over", "2023", "10余件");
    SAYS("received", "2022", "4件");
    SAYS("received", "2023Q1", "11件");
    SAYS("received", "2023-01-01", "2件");
    SAYS("received", "2022-12-31..2023-01-01", "6件");
    SENTENCE("received_over", "2023", "先后受理10余件");
    SENTENCE("received", "2023", NULL);
    add_matters(&f, 8, "2023-03-02 09:00");
    SAYS("received_near", "2023", "近20件");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/measure/figure/count-is-worded", test_count_is_worded);
    return g_test_run();
}
