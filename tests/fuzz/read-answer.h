/* Reading an answer about an xlsx to its end, for the fuzz targets: every text of it is looked at.
 */
#pragma once

#include "table/xlsx-answer.h"

/* Read the records of @answer.  Returns whether they make up a whole answer: SHEETS, then any
 * number of ROWs, then END or ERROR; or ERROR alone. */
static inline bool read_answer(const char *answer, size_t length)
{
    static TableCell cells[TABLE_MAX_COLUMNS];
    g_autoptr(GError) error = NULL;
    XlsxRecordKind last = XLSX_RECORD_ROW;
    int64_t last_line = 0;
    size_t used = 1, n_sheets = 0;
    while (error == NULL && length > 0 && used > 0) {
        XlsxRecord record;
        TableRow row;
        g_auto(GStrv) names = NULL;
        g_autofree bool *are_hidden = NULL;
        size_t chosen;
        if (!xlsx_answer_take(answer, length, &record, &used, &error) || used == 0) {
            break;
        }
        g_assert(used <= length);
        answer += used;
        length -= used;
        last = record.kind;
        if (record.kind == XLSX_RECORD_SHEETS) {
            n_sheets +=
                xlsx_answer_read_sheets(&record, &names, &are_hidden, &chosen, &error) ? 1 : 0;
            g_assert(error != NULL || chosen == XLSX_NO_SHEET || names[chosen] != NULL);
        } else if (record.kind == XLSX_RECORD_ERROR) {
            g_autoptr(GError) told = NULL;
            error_decode(record.body, record.length, &told);
            g_assert(told != NULL);
        } else if (record.kind == XLSX_RECORD_ROW &&
                   xlsx_answer_read_row(&record, last_line, cells, &row, &error)) {
            g_assert(row.line > last_line && row.n_cells > 0 && row.n_cells <= TABLE_MAX_COLUMNS);
            last_line = row.line;
            for (size_t i = 0; i < row.n_cells; i++) {
                g_assert(strlen(row.cells[i].text) == row.cells[i].length);
                g_assert(g_utf8_validate(row.cells[i].text, -1, NULL));
            }
        }
    }
    return error == NULL && length == 0 &&
           (last == XLSX_RECORD_ERROR || (last == XLSX_RECORD_END && n_sheets == 1));
}
