#include "ledger/wall.h"

#include "ledger/evidence.h"

bool ledger_wall_hides(const SchemaField *field, bool with_personal)
{
    return field->is_personal && !with_personal;
}

bool ledger_wall_is_in(const SchemaField *field)
{
    bool is_in = field->is_personal;
    for (guint i = 0; field->fields != NULL && i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        is_in = is_in || child->is_personal;
    }
    return is_in;
}

GPtrArray *ledger_wall_fields(const SchemaLedger *ledger)
{
    GPtrArray *fields = g_ptr_array_new();
    for (guint i = 0; i < ledger->fields->len; i++) {
        SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (!ledger_wall_hides(field, false)) {
            g_ptr_array_add(fields, field);
        }
    }
    return fields;
}

/* Return the field of @ledger called @name, or the column "rows.child" of one; NULL: there is none.
 */
static const SchemaField *find_named(const SchemaLedger *ledger, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, ".", 2);
    const SchemaField *field = schema_ledger_field(ledger, parts[0]);
    if (parts[1] == NULL || field == NULL || field->fields == NULL) {
        return parts[1] == NULL ? field : NULL;
    }
    for (guint i = 0; i < field->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(field->fields, i);
        if (g_str_equal(child->name, parts[1])) {
            return child;
        }
    }
    return NULL;
}

bool ledger_wall_hides_named(const SchemaLedger *ledger, const char *name, bool with_personal)
{
    if (with_personal || ledger_evidence_rule(ledger, name) != NULL) {
        return false;
    }
    const SchemaField *field = find_named(ledger, name);
    return field == NULL || ledger_wall_is_in(field);
}

bool ledger_wall_hides_logged(const SchemaLedger *ledger, const LedgerVersions *versions,
                              const char *name, int64_t seq, bool with_personal)
{
    if (with_personal || *name == '@') {
        return false;
    }
    const SchemaField *field = schema_ledger_field(ledger, name);
    return field == NULL || ledger_wall_is_in(field) ||
           (versions != NULL && (!ledger_versions_keep(versions, field, seq) ||
                                 ledger_versions_were_personal(versions, field, seq)));
}

char *ledger_wall_rows_text(const SchemaField *field, const LedgerRows *rows, LedgerNames *names,
                            int offset_seconds, const char *language, bool with_personal)
{
    GString *out = g_string_new(NULL);
    for (guint row = 0; rows != NULL && row < rows->rows->len; row++) {
        const Value *values = g_ptr_array_index(rows->rows, row);
        const char *between = row > 0 ? "\n" : "";
        for (guint i = 0; i < field->fields->len; i++) {
            const SchemaField *child = g_ptr_array_index(field->fields, i);
            if (ledger_wall_hides(child, with_personal) || value_is_empty(&values[i])) {
                continue;
            }
            g_autofree char *text =
                ledger_field_format(child, &values[i], names, offset_seconds, language);
            g_string_append_printf(out, "%s%s %s", between,
                                   schema_words_get(&child->words, language), text);
            between = "; ";
        }
    }
    return g_string_free(out, false);
}
