/* A whole xlsx from anywhere: the worker, run right here, answers something whole about it. */
#include "read-answer.h"
#include "table/xlsx-worker.h"

static bool collect(void *data, const char *bytes, size_t length)
{
    g_string_append_len(data, bytes, (gssize)length);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    g_assert(xlsx_worker_answer(data, size, NULL, collect, answer));
    g_assert(read_answer(answer->str, answer->len));
    return 0;
}
