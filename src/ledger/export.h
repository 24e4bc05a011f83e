/* Exports (导出): the entries of a ledger as a table: csv, xlsx or JSON Lines.
 *
 * Left out are personal fields, files, and columns of spreadsheets for which there was no field.
 * What looks like a formula is defused (table/csv.h).
 *
 * Threading: reads over the connection given. */
#pragma once

#include "ledger/list.h"
#include "table/writer.h"

typedef struct LedgerExport {
    LedgerQuery query; /* what of which ledger, in which order; after and limit are not looked at */
    TableFormat format;
    const char *path;     /* file to write; NULL: to @fd */
    int fd;               /* borrowed */
    bool has_names;       /* columns, choices and states by name, not in words; so jsonl always */
    const char *language; /* of the words */
    const char *const *columns; /* NULL-terminated, behind the number: names of fields, and state,
                                   unit, opened, due, stopped, recorded; others are passed over.
                                   NULL: all columns */
} LedgerExport;

/* Find the format that is called @name: "csv", "xlsx" or "jsonl"; INVALID. */
bool ledger_export_find_format(const char *name, TableFormat *ret_format, GError **error);

/* Write the entries that @plan asks for, as far as @subject may see them, as of one moment.
 *
 * *@ret_n (NULL allowed): how many.  FORBIDDEN without the right to export; as
 * table_writer_open(): a file that could not be completed is not there. */
bool ledger_export(Office *office, StoreConnection *connection, const RightsSubject *subject,
                   const LedgerExport *plan, int64_t *ret_n, GError **error);
