/* An xlsx of one sheet, written row by row by libxlsxwriter: what table/writer.h says of xlsx.
 *
 * libxlsxwriter does not notice every write that failed.  Therefore the finished file is read back:
 * each part must be whole and well-formed, and the sheet must hold as many rows, cells and bytes of
 * text as were written.
 *
 * Threading: a writer belongs to one thread at a time. */
#pragma once

#include "table/writer.h"

typedef struct XlsxWriter XlsxWriter;

/* Start the file @path, which is there already and empty.  What libxlsxwriter keeps aside is in the
 * same folder, under no name.  FULL, IO. */
XlsxWriter *xlsx_writer_new(const char *path, const TableWriterOptions *options, GError **error);

void xlsx_writer_free(XlsxWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XlsxWriter, xlsx_writer_free)

/* As table_writer_header(). */
bool xlsx_writer_header(XlsxWriter *writer, const char *const *names, size_t n_columns,
                        GError **error);

/* As table_writer_row(). */
bool xlsx_writer_row(XlsxWriter *writer, const TableCell *cells, size_t n_cells, GError **error);

/* Write the file and read it back; it is not yet flushed to disk.  FULL, IO. */
bool xlsx_writer_finish(XlsxWriter *writer, GError **error);
