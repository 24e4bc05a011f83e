/* The work of the child that reads an xlsx: a file in, records (table/xlsx-answer.h) out.
 *
 * It runs in the sandbox (base/sandbox.h): it maps the file into memory and has no use for any
 * other system call but writing.
 *
 * Threading: the only thread of the child. */
#pragma once

#include "base/child.h"

#define XLSX_MAX_FILE_BYTES ((size_t)256 << 20)
#define XLSX_MAX_NAME_BYTES 1024U /* of the name of the sheet asked for */

/* Read the file and answer.  The orders are the name of the sheet; 0 bytes: the first that is not
 * hidden. */
extern const ChildWork xlsx_worker;

/* Takes the next bytes of an answer; false ends the work. */
typedef bool (*XlsxTakeAnswer)(void *data, const char *bytes, size_t length);

/* Read the xlsx of @length bytes at @bytes and pass the answer to @take in pieces.  @sheet: as
 * above; NULL for the first that is not hidden.  Returns false when @take did. */
bool xlsx_worker_answer(const void *bytes, size_t length, const char *sheet, XlsxTakeAnswer take,
                        void *data);
