#include "table/xlsx-worker.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "table/xlsx-answer.h"
#include "table/xlsx-libraries.h"
#include "table/xlsx-sheet.h"

#define ANSWER_SIZE ((size_t)64 << 10) /* collected before it is passed on */

typedef struct Worker {
    GString *answer;
    XlsxTakeAnswer take;
    void *data;
    bool is_gone; /* nobody takes the answer any more */
} Worker;

static bool pass_on(Worker *worker, size_t limit)
{
    if (worker->answer->len > limit && !worker->is_gone) {
        worker->is_gone = !worker->take(worker->data, worker->answer->str, worker->answer->len);
        g_string_truncate(worker->answer, 0);
    }
    return !worker->is_gone;
}

static bool answer_row(void *data, const TableRow *row, GError **error)
{
    Worker *worker = data;
    xlsx_answer_append_row(worker->answer, row);
    if (!pass_on(worker, ANSWER_SIZE)) {
        error_set(error, SHUZHI_ERROR_CANCELLED, "cannot write the table");
        return false;
    }
    return true;
}

/* Return the sheet named @sheet; NULL: the first that is not hidden, or the first if all are. */
static size_t choose_sheet(const XlsxBook *book, const char *sheet)
{
    for (guint i = 0; i < book->sheets->len; i++) {
        const XlsxSheetInfo *info = &g_array_index(book->sheets, XlsxSheetInfo, i);
        if (sheet != NULL ? g_str_equal(info->name, sheet) : !info->is_hidden) {
            return i;
        }
    }
    return sheet != NULL ? XLSX_NO_SHEET : 0;
}

static void answer_sheets(Worker *worker, const XlsxBook *book, size_t chosen)
{
    g_autofree const char **names = g_new0(const char *, book->sheets->len + 1);
    g_autofree bool *are_hidden = g_new0(bool, book->sheets->len);
    for (guint i = 0; i < book->sheets->len; i++) {
        const XlsxSheetInfo *info = &g_array_index(book->sheets, XlsxSheetInfo, i);
        names[i] = info->name;
        are_hidden[i] = info->is_hidden;
    }
    xlsx_answer_append_sheets(worker->answer, names, are_hidden, chosen);
}

static bool answer_all(Worker *worker, const void *bytes, size_t length, const char *sheet,
                       GError **error)
{
    g_autoptr(XlsxPackage) package = xlsx_package_new(bytes, length, error);
    g_autoptr(XlsxBook) book = package != NULL ? xlsx_book_new(package, error) : NULL;
    if (book == NULL) {
        return false;
    }
    size_t chosen = choose_sheet(book, sheet);
    answer_sheets(worker, book, chosen);
    if (chosen == XLSX_NO_SHEET) {
        return true;
    }
    return pass_on(worker, 0) && xlsx_book_load(book, package, error) &&
           xlsx_sheet_read(package, book, &g_array_index(book->sheets, XlsxSheetInfo, chosen),
                           answer_row, worker, error);
}

bool xlsx_worker_answer(const void *bytes, size_t length, const char *sheet, XlsxTakeAnswer take,
                        void *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) answer = g_string_sized_new(2 * ANSWER_SIZE);
    Worker worker = {.answer = answer, .take = take, .data = data};
    if (answer_all(&worker, bytes, length, sheet, &error)) {
        xlsx_answer_append_end(answer);
    } else if (error != NULL) {
        xlsx_answer_append_error(answer, error);
    }
    return pass_on(&worker, 0);
}

static bool write_answer(void *data, const char *bytes, size_t length)
{
    return file_write_all(*(const int *)data, bytes, length);
}

static int run(int input, int output, const void *data, size_t length)
{
    off_t end = lseek(input, 0, SEEK_END); /* fstat() goes by a call that the sandbox refuses */
    if (end <= 0 || (uint64_t)end > XLSX_MAX_FILE_BYTES) {
        return 1;
    }
    size_t size = (size_t)end;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, input, 0);
    if (bytes == MAP_FAILED) {
        return 1;
    }
    g_autofree char *sheet = length > 0 ? g_strndup(data, length) : NULL;
    bool is_taken = xlsx_worker_answer(bytes, size, sheet, write_answer, &output);
    munmap(bytes, size);
    return is_taken ? 0 : 1;
}

static bool prepare(void)
{
    return xlsx_libraries_load(NULL);
}

const ChildWork xlsx_worker = {.prepare = prepare, .run = run};
