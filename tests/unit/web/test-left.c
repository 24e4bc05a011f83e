/* A form of an entry's page that the page has no more: what was typed into it stays. */
#include "web/left.h"

#include "web-fixture.h"

/* Return the event that the forms on the page of @body know last; the caller owns it. */
static char *since(const char *body)
{
    const char *at = strstr(body, "name=\"since\" value=\"");
    g_assert_nonnull(at);
    at += strlen("name=\"since\" value=\"");
    return g_strndup(at, strcspn(at, "\""));
}

/* A reply typed while somebody else refused the case came back as a bare sentence, without the
 * text. */
static void test_a_step_that_fits_no_more(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *target = g_strconcat(entry, "/step", NULL);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, entry);
    g_autofree char *seen = since(shown.body);
    g_auto(WebAnswer) other =
        web_fixture_post(&fixture, RIGHTS_HEAD, target, "step=refuse&f-refusal=不属本县");
    g_assert_cmpint(other.status, ==, 303);
    g_autofree char *form = g_strconcat("step=answer&f-reply=辛苦写成的答复&since=", seen, NULL);
    g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_CLERK, target, form);
    g_assert_cmpint(sent.status, ==, 409);
    g_assert_nonnull(strstr(sent.body, ">辛苦写成的答复</textarea>"));
    g_assert_nonnull(strstr(sent.body, "<h2>其间发生的事</h2>"));
    const char *meanwhile = strstr(sent.body, "<h2>其间发生的事</h2>");
    g_autofree char *part =
        g_strndup(meanwhile, (gsize)(strstr(meanwhile, "</section>") - meanwhile));
    g_assert_nonnull(strstr(part, "不予受理"));
    g_assert_nonnull(strstr(part, "某head"));
    g_assert_null(strstr(part, "新登记"));
    web_fixture_close(&fixture);
}

/* Where another step asks for the same, its form opens with the text. */
static void test_a_step_takes_the_text_over(const TestPlace *place)
{
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *target = g_strconcat(entry, "/step", NULL);
    g_auto(WebAnswer) answered =
        web_fixture_post(&fixture, RIGHTS_HEAD, target, "step=answer&f-reply=已修");
    g_assert_cmpint(answered.status, ==, 303);
    g_auto(WebAnswer) returned =
        web_fixture_post(&fixture, RIGHTS_SUPERVISOR, target, "step=return&f-rework=没修好");
    g_assert_cmpint(returned.status, ==, 303);
    g_auto(WebAnswer) sent =
        web_fixture_post(&fixture, RIGHTS_CLERK, target, "step=answer&f-reply=又修过");
    g_assert_cmpint(sent.status, ==, 409);
    const char *amend = strstr(sent.body, "id=\"amend-f-reply\"");
    g_assert_nonnull(amend);
    g_assert_nonnull(strstr(amend, "又修过</textarea>"));
    g_auto(WebAnswer) again =
        web_fixture_post(&fixture, RIGHTS_CLERK, target, "step=amend&f-reply=又修过");
    g_assert_cmpint(again.status, ==, 303);
    web_fixture_close(&fixture);
}

/* An entry that was taken out of the books gives back what was typed for it, in every form. */
static void test_an_entry_that_is_gone(const TestPlace *place)
{
    static const struct {
        const char *act;
        const char *form;
        const char *text;
    } forms[] = {
        {"/step", "step=answer&f-reply=一份答复", "一份答复"},
        {"/comment", "text=一句批注", "一句批注"},
        {"/change", "version=1&f-title=新的标题", "新的标题"},
        {"/change", "version=1&f-channel=hotline", "12345热线"},
        {"/detach", "place=scene&file=1&why=误传", "误传"},
    };
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_OWN, "路灯不亮");
    g_autofree char *entry = g_strconcat("/entry/", number, NULL);
    g_autofree char *deletion = g_strconcat(entry, "/delete", NULL);
    g_auto(WebAnswer) shown = web_fixture_get(&fixture, RIGHTS_CLERK, entry);
    g_autofree char *seen = since(shown.body);
    g_auto(WebAnswer) gone = web_fixture_post(&fixture, RIGHTS_HEAD, deletion,
                                              "version=1&own=" WEB_FIXTURE_PASSWORD "&why=重复");
    g_assert_cmpint(gone.status, ==, 303);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree char *target = g_strconcat(entry, forms[i].act, NULL);
        g_autofree char *form = g_strconcat(forms[i].form, "&since=", seen, NULL);
        g_autofree char *text = g_strconcat(">", forms[i].text, "</textarea>", NULL);
        g_auto(WebAnswer) sent = web_fixture_post(&fixture, RIGHTS_CLERK, target, form);
        g_assert_cmpint(sent.status, ==, 409);
        g_assert_nonnull(strstr(sent.body, text));
        g_assert_nonnull(strstr(sent.body, "已移出台账"));
    }
    web_fixture_close(&fixture);
}

/* An entry that went to a unit whose entries the clerk does not see cannot be shown; what was typed
 * is, to a page of ours alone. */
static void test_an_entry_that_is_hidden(const TestPlace *place)
{
    static const char *const ours[] = {"Sec-Fetch-Site", "same-origin", NULL};
    static const char *const theirs[] = {"Sec-Fetch-Site", "cross-site", NULL};
    WebFixture fixture;
    web_fixture_open(&fixture, place, "");
    g_autofree char *number = web_fixture_case(&fixture, WEB_FIXTURE_BESIDE, "路灯不亮");
    g_autofree char *target = g_strconcat("/entry/", number, "/step", NULL);
    const char *token = fixture.tokens[RIGHTS_CLERK];
    const char *form = "step=answer&f-reply=辛苦写成的答复";
    g_auto(WebAnswer) sent = web_fixture_ask(&fixture, token, HTTP_POST, target, ours, form);
    g_assert_cmpint(sent.status, ==, 403);
    g_assert_nonnull(strstr(sent.body, ">辛苦写成的答复</textarea>"));
    g_assert_null(strstr(sent.body, "路灯不亮"));
    g_auto(WebAnswer) other = web_fixture_ask(&fixture, token, HTTP_POST, target, theirs, form);
    g_assert_cmpint(other.status, ==, 403);
    g_assert_null(strstr(other.body, "辛苦写成的答复"));
    web_fixture_close(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_store_each("/web/left/a-step-that-fits-no-more", test_a_step_that_fits_no_more);
    test_store_each("/web/left/a-step-takes-the-text-over", test_a_step_takes_the_text_over);
    test_store_each("/web/left/an-entry-that-is-gone", test_an_entry_that_is_gone);
    test_store_each("/web/left/an-entry-that-is-hidden", test_an_entry_that_is_hidden);
    return g_test_run();
}
