/* What the columns of a table hold, found out in one pass over its rows: how many cells are filled,
 * what they look like, which texts occur.  From it an import proposes which column is which
 * field where the names alone do not say.
 *
 * A cell is blank when it is white space only.  A cell may look like several things.  Memory is
 * bounded whatever the table holds: at most TABLE_MAX_VALUES texts of TABLE_MAX_VALUE_BYTES are
 * kept for a column.
 *
 * Threading: a profile belongs to one thread at a time. */
#pragma once

#include "table/cell.h"

#define TABLE_MAX_VALUES 100U
#define TABLE_MAX_VALUE_BYTES 120U

typedef enum TableLook {
    TABLE_LOOK_DATE,     /* a day, as offices write it (language/date-spelling.h) */
    TABLE_LOOK_TIME,     /* a day with a time of day */
    TABLE_LOOK_PHONE,    /* of mainland China: mobile, landline, 400 */
    TABLE_LOOK_IDENTITY, /* a citizen's number of 18 digits with the right check digit */
    TABLE_N_LOOKS
} TableLook;

typedef struct TableColumnProfile {
    int64_t n_filled;
    int64_t n_looks[TABLE_N_LOOKS]; /* how many of the filled cells look so */
    /* The distinct texts in order of appearance, without white space at their ends and cut to
     * TABLE_MAX_VALUE_BYTES; the first are the samples. */
    const char *values[TABLE_MAX_VALUES + 1]; /* NULL-terminated */
    size_t n_values;
    bool has_more_values; /* than TABLE_MAX_VALUES */
} TableColumnProfile;

typedef struct TableProfile TableProfile;

/* Return the empty profile of a table of @n_columns columns; the caller owns it. */
TableProfile *table_profile_new(size_t n_columns);

void table_profile_free(TableProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TableProfile, table_profile_free)

/* Count @row; cells that it lacks are blank, cells beyond the last column are left out. */
void table_profile_add(TableProfile *profile, const TableRow *row);

/* Return what column @index, counted from 0, holds; borrowed until @profile is freed. */
const TableColumnProfile *table_profile_column(const TableProfile *profile, size_t index);

/* Return whether at least 9 of 10 filled cells of @column, and one at all, look like @look: a few
 * slips of the pen do not hide what a column is. */
bool table_column_looks_like(const TableColumnProfile *column, TableLook look);
