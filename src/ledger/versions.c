#include "ledger/versions.h"

#include "base/json.h"
#include "schema/outline.h"

/* ---- names ----------------------------------------------------------------------------------- */

static GPtrArray *outline_at(const LedgerVersions *versions, guint i)
{
    return g_ptr_array_index(versions->outlines, i);
}

static bool has_name(GPtrArray *outline, const char *name)
{
    return g_ptr_array_find_with_equal_func(outline, name, g_str_equal, NULL);
}

/* Return the names of the children of @rows in @outline, borrowed, in order; the caller owns the
 * array. */
static GPtrArray *children_in(const GPtrArray *outline, const SchemaField *rows)
{
    g_autofree char *start = g_strconcat(rows->name, ".", NULL);
    GPtrArray *children = g_ptr_array_new();
    for (guint i = 0; i < outline->len; i++) {
        const char *name = g_ptr_array_index(outline, i);
        if (g_str_has_prefix(name, start)) {
            g_ptr_array_add(children, (gpointer)(name + strlen(start)));
        }
    }
    return children;
}

static bool are_same(const GPtrArray *a, const GPtrArray *b)
{
    bool is_same = a->len == b->len;
    for (guint i = 0; is_same && i < a->len; i++) {
        is_same = g_str_equal(g_ptr_array_index(a, i), g_ptr_array_index(b, i));
    }
    return is_same;
}

/* Return the event since which @name has been there without a break; none has an id as great as
 * that of what is not there at all. */
static int64_t since_when(const LedgerVersions *versions, const char *name)
{
    int64_t since = G_MAXINT64;
    for (guint i = versions->ids->len; i > 0 && has_name(outline_at(versions, i - 1), name); i--) {
        since = g_array_index(versions->ids, int64_t, i - 1);
    }
    return since;
}

/* Return the event since which @field has been there with the children that it has now. */
static int64_t alike_since(const LedgerVersions *versions, const SchemaField *field)
{
    int64_t since = versions->since[field->position];
    int64_t alike = G_MAXINT64;
    g_autoptr(GPtrArray) now = NULL;
    if (field->kind != SCHEMA_FIELD_ROWS) {
        return since;
    }
    for (guint i = versions->ids->len; i > 0; i--) {
        int64_t id = g_array_index(versions->ids, int64_t, i - 1);
        g_autoptr(GPtrArray) then = children_in(outline_at(versions, i - 1), field);
        if (id < since || (now != NULL && !are_same(now, then))) {
            break;
        }
        alike = id;
        if (now == NULL) {
            now = g_steal_pointer(&then);
        }
    }
    return alike;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void free_outline(gpointer outline)
{
    g_ptr_array_unref(outline);
}

void ledger_versions_free(LedgerVersions *versions)
{
    if (versions != NULL) {
        g_clear_pointer(&versions->ids, g_array_unref);
        g_clear_pointer(&versions->outlines, g_ptr_array_unref);
        g_clear_pointer(&versions->personal, g_ptr_array_unref);
        g_free(versions->since);
        g_free(versions->alike);
        g_free(versions);
    }
}

LedgerVersions *ledger_versions_read(StoreConnection *connection, const LedgerTable *table,
                                     GError **error)
{
    const GPtrArray *fields = table->ledger->fields;
    g_autofree char *path = schema_ledger_path(table->ledger);
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT id, text FROM definition WHERE name = $1 ORDER BY id", "t", path);
    bool has_row = true;
    if (query == NULL) {
        return NULL;
    }
    g_autoptr(LedgerVersions) versions = g_new0(LedgerVersions, 1);
    versions->table = table;
    versions->ids = g_array_new(false, false, sizeof(int64_t));
    versions->outlines = g_ptr_array_new_with_free_func(free_outline);
    versions->personal = g_ptr_array_new_with_free_func(free_outline);
    while (store_step(query, &has_row, error) && has_row) {
        int64_t id = store_column_int(query, 0);
        GPtrArray *personal = NULL;
        g_array_append_val(versions->ids, id);
        g_ptr_array_add(versions->outlines, schema_outline(store_column_text(query, 1), &personal));
        g_ptr_array_add(versions->personal, personal);
    }
    versions->since = g_new0(int64_t, fields->len);
    versions->alike = g_new0(int64_t, fields->len);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        versions->since[i] = since_when(versions, field->name);
        versions->alike[i] = alike_since(versions, field);
    }
    return has_row ? NULL : g_steal_pointer(&versions);
}

/* ---- asking ---------------------------------------------------------------------------------- */

bool ledger_versions_have(const LedgerVersions *versions, const SchemaField *field, int64_t seq)
{
    return versions->since[field->position] < seq;
}

bool ledger_versions_are_alike(const LedgerVersions *versions, const SchemaField *field,
                               int64_t seq)
{
    return versions->alike[field->position] < seq;
}

/* Return the version in force at the event @seq, -1 for none. */
static int version_at(const LedgerVersions *versions, int64_t seq)
{
    int i = (int)versions->ids->len - 1;
    while (i >= 0 && g_array_index(versions->ids, int64_t, i) > seq) {
        i--;
    }
    return i;
}

bool ledger_versions_keep(const LedgerVersions *versions, const SchemaField *field, int64_t seq)
{
    int version = version_at(versions, seq);
    bool is_kept = ledger_versions_have(versions, field, seq) && version >= 0;
    g_autoptr(GPtrArray) then =
        is_kept ? children_in(outline_at(versions, (guint)version), field) : NULL;
    for (guint i = 0; is_kept && i < then->len; i++) {
        g_autofree char *name =
            g_strconcat(field->name, ".", (const char *)g_ptr_array_index(then, i), NULL);
        is_kept = since_when(versions, name) < seq;
    }
    return is_kept;
}

bool ledger_versions_were_personal(const LedgerVersions *versions, const SchemaField *field,
                                   int64_t seq)
{
    int version = version_at(versions, seq);
    const GPtrArray *personal =
        version >= 0 ? g_ptr_array_index(versions->personal, (guint)version) : NULL;
    size_t length = strlen(field->name);
    bool is_personal = personal == NULL;
    for (guint i = 0; !is_personal && i < personal->len; i++) {
        const char *name = g_ptr_array_index(personal, i);
        is_personal = strncmp(name, field->name, length) == 0 &&
                      (name[length] == '\0' || name[length] == '.');
    }
    return is_personal;
}

/* Return where each child of @rows stands in the rows of event @seq, whose children are @then; -1:
 * nothing of it is left.  The caller owns it. */
static int *places_in(const LedgerVersions *versions, const SchemaField *rows, int64_t seq,
                      const GPtrArray *then)
{
    int *places = g_new(int, rows->fields->len);
    for (guint i = 0; i < rows->fields->len; i++) {
        const SchemaField *child = g_ptr_array_index(rows->fields, i);
        g_autofree char *name = g_strconcat(rows->name, ".", child->name, NULL);
        guint place = 0;
        bool is_there =
            since_when(versions, name) < seq &&
            g_ptr_array_find_with_equal_func((GPtrArray *)then, child->name, g_str_equal, &place);
        places[i] = is_there ? (int)place : -1;
    }
    return places;
}

/* Return the text @canonical of the rows @field, logged by event @seq, as today's definition spells
 * what is left of them; the caller owns it. */
static char *rows_left(const LedgerVersions *versions, const SchemaField *field, int64_t seq,
                       const char *canonical)
{
    int version = version_at(versions, seq);
    g_autoptr(json_t) rows = json_parse(canonical, strlen(canonical), NULL);
    if (version < 0 || !json_is_array(rows)) {
        return g_strdup(canonical);
    }
    g_autoptr(GPtrArray) then = children_in(outline_at(versions, (guint)version), field);
    g_autofree int *places = places_in(versions, field, seq, then);
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_array(&json);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (json_array_size(row) != then->len) {
            return g_strdup(canonical);
        }
        json_write_begin_array(&json);
        for (guint j = 0; j < field->fields->len; j++) {
            const char *text =
                places[j] >= 0 ? json_string_value(json_array_get(row, (size_t)places[j])) : NULL;
            json_write_text(&json, text != NULL ? text : "");
        }
        json_write_end_array(&json);
    }
    json_write_end_array(&json);
    return json_writer_finish(&json);
}

char *ledger_versions_left(const LedgerVersions *versions, const SchemaField *field, int64_t seq,
                           const char *canonical)
{
    if (!ledger_versions_have(versions, field, seq)) {
        return NULL;
    }
    return field->kind == SCHEMA_FIELD_ROWS ? rows_left(versions, field, seq, canonical)
                                            : g_strdup(canonical);
}
