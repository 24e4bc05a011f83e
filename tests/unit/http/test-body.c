#include "http/body.h"

#include <unistd.h>

#include "base/file.h"
#include "support/test-store.h"

#define MAX_BYTES 1000

typedef struct Fixture {
    Scratch *scratch;
    HttpRequest *request;
    HttpBody *body;
} Fixture;

static void fixture_init(Fixture *fixture, const char *type)
{
    g_autoptr(GError) error = NULL;
    *fixture = (Fixture){.scratch = scratch_open(0, &error)};
    fixture->request = http_request_new(HTTP_POST, "/", "127.0.0.1", &error);
    g_assert_true(http_request_add_header(fixture->request, "Content-Type", type, &error));
    fixture->body = http_body_new(fixture->request, fixture->scratch, INT64_C(100) << 20);
}

/* Free it; no file may be left behind. */
static void fixture_clear(Fixture *fixture)
{
    http_body_free(fixture->body);
    http_request_free(fixture->request);
    g_autoptr(GDir) dir = g_dir_open(scratch_path(fixture->scratch), 0, NULL);
    g_assert_null(g_dir_read_name(dir));
    scratch_close(fixture->scratch);
}

static void take(Fixture *fixture, const char *name, const char *file, const char *bytes)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(
        http_body_take_part(fixture->body, name, file, true, bytes, strlen(bytes), &error));
}

static void test_parts(void)
{
    Fixture fixture;
    fixture_init(&fixture, "multipart/form-data; boundary=x");
    g_autoptr(GError) error = NULL;
    g_assert_true(http_body_is_multipart(fixture.body));
    take(&fixture, "title", NULL, "路");
    g_assert_true(http_body_take_part(fixture.body, "title", NULL, false, "灯", 3, &error));
    take(&fixture, NULL, NULL, "nobody's");
    take(&fixture, "none", "", "");
    take(&fixture, "file", "C:\\x\\../会议%22纪要%22.pdf", "12");
    g_assert_true(http_body_take_part(fixture.body, "file", "x", false, "345", 3, &error));
    take(&fixture, "empty", NULL, "");
    g_assert_true(http_body_end(fixture.body, &error));
    g_assert_cmpstr(http_request_form(fixture.request, "title"), ==, "路灯");
    g_assert_cmpstr(http_request_form(fixture.request, "empty"), ==, "");
    g_assert_null(http_request_form(fixture.request, "none"));
    g_assert_cmpuint(http_request_form_names(fixture.request)->len, ==, 2);
    const GPtrArray *uploads = http_request_uploads(fixture.request);
    g_assert_cmpuint(uploads->len, ==, 1);
    const HttpUpload *upload = g_ptr_array_index(uploads, 0);
    g_autofree char *kept = file_read(upload->path, 100, NULL, &error);
    g_assert_cmpstr(kept, ==, "12345");
    g_assert_cmpstr(upload->name, ==, "会议\"纪要\".pdf");
    g_assert_cmpint(upload->n_bytes, ==, 5);
    fixture_clear(&fixture);
}

static void check_bad_part(const char *bytes, size_t n_bytes)
{
    Fixture fixture;
    fixture_init(&fixture, "multipart/form-data; boundary=x");
    g_autoptr(GError) error = NULL;
    g_assert_true(http_body_take_part(fixture.body, "a", NULL, true, bytes, n_bytes, &error));
    g_assert_false(http_body_end(fixture.body, &error));
    test_assert_error(error, INVALID, NULL);
    fixture_clear(&fixture);
}

static void test_bad_parts(void)
{
    check_bad_part("\xff", 1);
    check_bad_part("a\0b", 3);
}

/* Many small fields weigh as much as one big one, and so do their names. */
static void test_fields_have_one_limit(void)
{
    Fixture fixture;
    fixture_init(&fixture, "multipart/form-data; boundary=x");
    g_autoptr(GError) error = NULL;
    g_autofree char *half = g_strnfill(HTTP_MAX_FORM_BYTES / 2 - 1, 'x');
    take(&fixture, "a", NULL, half);
    take(&fixture, "b", NULL, half);
    g_assert_cmpuint(http_body_n_held(fixture.body), ==, HTTP_MAX_FORM_BYTES);
    g_assert_false(http_body_take_part(fixture.body, "c", NULL, true, "", 0, &error));
    test_assert_error(error, LIMIT, "8 MB");
    fixture_clear(&fixture);
}

static void test_files_that_may_not_come(void)
{
    Fixture fixture;
    fixture_init(&fixture, "multipart/form-data; boundary=x");
    g_autoptr(GError) error = NULL;
    http_body_drop_files(fixture.body);
    take(&fixture, "title", NULL, "路灯");
    g_assert_false(http_request_has_dropped(fixture.request));
    take(&fixture, "file", "a", "12");
    take(&fixture, "note", NULL, "桥");
    g_assert_true(http_body_end(fixture.body, &error));
    g_assert_true(http_request_has_dropped(fixture.request));
    g_assert_cmpuint(http_request_uploads(fixture.request)->len, ==, 0);
    g_assert_cmpstr(http_request_form(fixture.request, "title"), ==, "路灯");
    g_assert_cmpstr(http_request_form(fixture.request, "note"), ==, "桥");
    fixture_clear(&fixture);
}

static void test_too_many_files(void)
{
    Fixture fixture;
    fixture_init(&fixture, "multipart/form-data; boundary=x");
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < HTTP_MAX_UPLOADS; i++) {
        take(&fixture, "file", "a", "1");
    }
    take(&fixture, "file", "one too many", "1");
    g_assert_false(http_body_end(fixture.body, &error));
    test_assert_error(error, LIMIT, "files");
    g_assert_cmpuint(http_request_uploads(fixture.request)->len, ==, HTTP_MAX_UPLOADS);
    fixture_clear(&fixture);
}

static void test_a_file_that_cannot_be_kept(void)
{
    Fixture fixture;
    fixture_init(&fixture, "multipart/form-data; boundary=x");
    g_autoptr(GError) error = NULL;
    g_autoptr(Scratch) full = scratch_open(G_MAXINT64, NULL);
    g_autoptr(HttpBody) lost = http_body_new(fixture.request, full, MAX_BYTES);
    g_assert_false(http_body_take_part(lost, "file", "a", true, "1", 1, &error));
    test_assert_error(error, FULL, "cannot keep");
    fixture_clear(&fixture);
}

static void test_form(void)
{
    Fixture fixture;
    fixture_init(&fixture, "Application/X-WWW-Form-URLEncoded; charset=UTF-8");
    g_autoptr(GError) error = NULL;
    g_assert_false(http_body_is_multipart(fixture.body));
    g_assert_true(http_body_take(fixture.body, "a=%E4%B8", 8, &error));
    g_assert_true(http_body_take(fixture.body, "%80&b", 5, &error));
    g_assert_true(http_body_end(fixture.body, &error));
    g_assert_cmpstr(http_request_form(fixture.request, "a"), ==, "一");
    g_assert_cmpstr(http_request_form(fixture.request, "b"), ==, "");
    fixture_clear(&fixture);
}

static void test_other_bodies_are_kept(void)
{
    Fixture fixture;
    fixture_init(&fixture, "application/x-www-form-urlencodedx");
    g_autoptr(GError) error = NULL;
    g_assert_true(http_body_take(fixture.body, "a=1", 3, &error));
    g_assert_true(http_body_end(fixture.body, &error));
    size_t length = 0;
    g_assert_cmpstr(http_request_body(fixture.request, &length), ==, "a=1");
    g_assert_cmpuint(length, ==, 3);
    g_assert_null(http_request_form(fixture.request, "a"));
    fixture_clear(&fixture);
}

static void test_limits(void)
{
    Fixture fixture;
    fixture_init(&fixture, "text/plain");
    g_autofree char *bytes = g_strnfill(HTTP_MAX_FORM_BYTES, 'x');
    g_autoptr(HttpBody) small = http_body_new(fixture.request, fixture.scratch, MAX_BYTES);
    g_autoptr(GError) error = NULL;
    g_assert_true(http_body_take(small, bytes, MAX_BYTES, &error));
    g_assert_false(http_body_take(small, bytes, 1, &error));
    test_assert_error(error, LIMIT, NULL);
    g_clear_error(&error);
    g_assert_true(http_body_take(fixture.body, bytes, HTTP_MAX_FORM_BYTES, &error));
    g_assert_false(http_body_take(fixture.body, bytes, 1, &error));
    test_assert_error(error, LIMIT, NULL);
    fixture_clear(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/body/parts", test_parts);
    g_test_add_func("/http/body/bad-parts", test_bad_parts);
    g_test_add_func("/http/body/fields-have-one-limit", test_fields_have_one_limit);
    g_test_add_func("/http/body/files-that-may-not-come", test_files_that_may_not_come);
    g_test_add_func("/http/body/too-many-files", test_too_many_files);
    g_test_add_func("/http/body/a-file-that-cannot-be-kept", test_a_file_that_cannot_be_kept);
    g_test_add_func("/http/body/form", test_form);
    g_test_add_func("/http/body/other-bodies-are-kept", test_other_bodies_are_kept);
    g_test_add_func("/http/body/limits", test_limits);
    return g_test_run();
}
