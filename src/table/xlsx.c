#include "table/xlsx.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/child.h"
#include "table/xlsx-answer.h"
#include "table/xlsx-worker.h"

#define BUFFER_SIZE ((size_t)128 << 10) /* at first; it grows to hold the largest record */

/* A sheet of a million rows is a gigabyte of XML. */
static const ChildLimits limits = {
    .memory_bytes = (size_t)2 << 30, .cpu_seconds = 120, .wait_ms = 180 * 1000};

struct XlsxReader {
    int fd;
    char *sheet; /* asked for; NULL: the first */
    Child *child;
    char *buffer; /* what has come and is not taken yet lies from begin to end */
    size_t begin, end, capacity;
    char **names;
    bool *are_hidden; /* one for each name */
    size_t chosen;
    int64_t last_line; /* of the last row; 0 at the beginning */
    bool is_fresh;     /* nothing was asked for since it was started */
    bool is_finished;
    TableCell cells[TABLE_MAX_COLUMNS];
};

/* Read more of the answer; *@ret_has_more is false at its end. */
static bool read_more(XlsxReader *reader, bool *ret_has_more, GError **error)
{
    memmove(reader->buffer, reader->buffer + reader->begin, reader->end - reader->begin);
    reader->end -= reader->begin;
    reader->begin = 0;
    if (reader->end == reader->capacity) { /* by a record whose length has been checked */
        reader->capacity *= 2;
        reader->buffer = g_realloc(reader->buffer, reader->capacity);
    }
    size_t length = 0;
    if (!child_read(reader->child, reader->buffer + reader->end, reader->capacity - reader->end,
                    &length, error)) {
        return false;
    }
    reader->end += length;
    *ret_has_more = length > 0;
    return true;
}

/* Take the next record.  An ERROR record, and an end without END, are errors here. */
static bool next_record(XlsxReader *reader, XlsxRecord *ret_record, GError **error)
{
    size_t used = 0;
    while (true) {
        if (!xlsx_answer_take(reader->buffer + reader->begin, reader->end - reader->begin,
                              ret_record, &used, error)) {
            return false;
        }
        if (used > 0) {
            break;
        }
        bool has_more = false;
        if (!read_more(reader, &has_more, error)) {
            return false;
        }
        if (!has_more) {
            if (child_finish(reader->child, error)) {
                error_set(error, SHUZHI_ERROR_INVALID, "the file made its reader answer nonsense");
            }
            return false;
        }
    }
    reader->begin += used;
    if (ret_record->kind == XLSX_RECORD_ERROR) {
        error_decode(ret_record->body, ret_record->length, error);
        return false;
    }
    return true;
}

/* Set *@error to NOT_FOUND with the names of the sheets. */
static void name_sheets(const XlsxReader *reader, GError **error)
{
    g_autofree char *names = g_strjoinv(", ", reader->names);
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "it has no sheet named '%s'; there are: %s",
              reader->sheet, names);
}

/* Start a child and take its first record. */
static bool start(XlsxReader *reader, GError **error)
{
    const char *sheet = reader->sheet != NULL ? reader->sheet : "";
    g_clear_pointer(&reader->child, child_free);
    reader->is_fresh = false;
    reader->begin = reader->end = 0;
    reader->last_line = 0;
    reader->is_finished = false;
    reader->child = child_start(xlsx_worker, sheet, MIN(strlen(sheet), XLSX_MAX_NAME_BYTES),
                                reader->fd, &limits, error);
    XlsxRecord record;
    if (reader->child == NULL || !next_record(reader, &record, error)) {
        return false;
    }
    if (record.kind != XLSX_RECORD_SHEETS) {
        error_set(error, SHUZHI_ERROR_INVALID, "the file made its reader answer nonsense");
        return false;
    }
    char **names = NULL;
    bool *are_hidden = NULL;
    if (!xlsx_answer_read_sheets(&record, &names, &are_hidden, &reader->chosen, error)) {
        return false;
    }
    g_strfreev(reader->names);
    g_free(reader->are_hidden);
    reader->names = names;
    reader->are_hidden = are_hidden;
    if (reader->chosen == XLSX_NO_SHEET) {
        name_sheets(reader, error);
        return false;
    }
    reader->is_fresh = true;
    return true;
}

XlsxReader *xlsx_reader_new(int fd, const char *sheet, GError **error)
{
    struct stat info;
    if (fstat(fd, &info) == 0 && (uint64_t)info.st_size > XLSX_MAX_FILE_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "it is an xlsx of more than %zu MB; save it as .csv",
                  XLSX_MAX_FILE_BYTES >> 20);
        return NULL;
    }
    g_autoptr(XlsxReader) reader = g_new0(XlsxReader, 1);
    reader->fd = fd;
    reader->sheet = g_strdup(sheet);
    reader->capacity = BUFFER_SIZE;
    reader->buffer = g_malloc(reader->capacity);
    return start(reader, error) ? g_steal_pointer(&reader) : NULL;
}

void xlsx_reader_free(XlsxReader *reader)
{
    if (reader != NULL) {
        child_free(reader->child);
        g_strfreev(reader->names);
        g_free(reader->are_hidden);
        g_free(reader->buffer);
        g_free(reader->sheet);
        g_free(reader);
    }
}

const char *const *xlsx_reader_sheets(const XlsxReader *reader, const bool **ret_are_hidden,
                                      size_t *ret_sheet)
{
    *ret_are_hidden = reader->are_hidden;
    *ret_sheet = reader->chosen;
    return (const char *const *)reader->names;
}

bool xlsx_reader_next(XlsxReader *reader, TableRow *ret_row, bool *ret_has_row, GError **error)
{
    XlsxRecord record;
    reader->is_fresh = false;
    if (reader->is_finished) {
        *ret_has_row = false;
        return true;
    }
    if (!next_record(reader, &record, error)) {
        return false;
    }
    if (record.kind == XLSX_RECORD_END) {
        if (!child_finish(reader->child, error)) {
            return false;
        }
        reader->is_finished = true;
        *ret_has_row = false;
        return true;
    }
    if (record.kind != XLSX_RECORD_ROW) {
        error_set(error, SHUZHI_ERROR_INVALID, "the file made its reader answer nonsense");
        return false;
    }
    if (!xlsx_answer_read_row(&record, reader->last_line, reader->cells, ret_row, error)) {
        return false;
    }
    reader->last_line = ret_row->line;
    *ret_has_row = true;
    return true;
}

bool xlsx_reader_rewind(XlsxReader *reader, GError **error)
{
    return reader->is_fresh || start(reader, error);
}
