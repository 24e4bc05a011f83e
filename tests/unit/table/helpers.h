/* What the tests of tables share: files made in memory, rows written out to be compared. */
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include "table/cell.h"

/* Open a nameless file that holds the @length bytes at @bytes. */
static inline int open_bytes(const void *bytes, size_t length)
{
    int fd = memfd_create("table", MFD_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = write(fd, at, length);
        g_assert_cmpint(n, >, 0);
        at += n;
        length -= (size_t)n;
    }
    return fd;
}

/* Append @row to @out as "2:a|b\n". */
static inline void append_row(GString *out, const TableRow *row)
{
    g_string_append_printf(out, "%ld:", (long)row->line);
    for (size_t i = 0; i < row->n_cells; i++) {
        const TableCell *cell = &row->cells[i];
        g_assert_cmpuint(strlen(cell->text), ==, cell->length);
        g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", cell->text);
    }
    g_string_append_c(out, '\n');
}
