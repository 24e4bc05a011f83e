#include "web/pages.h"

#include "language/pinyin.h"
#include "ledger/list.h"
#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"

#define MAX_PICKS 20
#define MAX_SOUGHT_CHARS 100

/* ---- the answer ------------------------------------------------------------------------------ */

/* What may be picked: {"picks": [{"text": "张三", "note": "综合科"}, …]}. */
typedef struct Picks {
    JsonWriter json;
    int n;
} Picks;

static void picks_clear(Picks *picks)
{
    json_writer_clear(&picks->json);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Picks, picks_clear)

static void begin(Picks *picks)
{
    *picks = (Picks){0};
    json_writer_init_unsorted(&picks->json);
    json_write_begin_object(&picks->json);
    json_write_key(&picks->json, "picks");
    json_write_begin_array(&picks->json);
}

static void add(Picks *picks, const char *text, const char *note)
{
    json_write_begin_object(&picks->json);
    json_write_key_text(&picks->json, "text", text);
    json_write_key_text(&picks->json, "note", note);
    json_write_end_object(&picks->json);
    picks->n++;
}

static bool send(WebContext *context, Picks *picks)
{
    json_write_end_array(&picks->json);
    json_write_end_object(&picks->json);
    web_send_json(context, &picks->json);
    return true;
}

/* Return what is sought; "" finds all.  LIMIT. */
static const char *sought(const WebContext *context, GError **error)
{
    const char *text = http_request_query(context->request, "q");
    if (text != NULL && g_utf8_strlen(text, -1) > MAX_SOUGHT_CHARS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "at most %d characters can be sought",
                  MAX_SOUGHT_CHARS);
        return NULL;
    }
    return text != NULL ? text : "";
}

/* Return whether @text finds @name: by a part of it, or by the letters of its pinyin. */
static bool finds(const char *name, const char *text)
{
    return strstr(name, text) != NULL || (pinyin_is_letters(text) && pinyin_matches(name, text));
}

/* Return @name as a form can be told it: with its @id where another of @counts has the name. */
static const char *told(const WebContext *context, GHashTable *counts, const char *name, int64_t id)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(counts, name)) > 1
               ? web_keep(context, g_strdup_printf("%s#%" G_GINT64_FORMAT, name, id))
               : name;
}

static void count(GHashTable *counts, const char *name)
{
    int n = GPOINTER_TO_INT(g_hash_table_lookup(counts, name));
    g_hash_table_insert(counts, (gpointer)name, GINT_TO_POINTER(n + 1));
}

/* ---- units and people ------------------------------------------------------------------------ */

bool web_page_pick_unit(WebContext *context, GError **error)
{
    const char *text = sought(context, error);
    g_autoptr(GPtrArray) units =
        text != NULL ? office_unit_list(context->reader, web_today(context), error) : NULL;
    if (units == NULL) {
        return false;
    }
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < units->len; i++) {
        count(counts, ((const OfficeUnit *)g_ptr_array_index(units, i))->name);
    }
    g_auto(Picks) picks;
    begin(&picks);
    for (guint i = 0; i < units->len && picks.n < MAX_PICKS; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (finds(unit->name, text)) {
            add(&picks, told(context, counts, unit->name, unit->id),
                unit->parent != 0
                    ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, unit->parent)
                    : "");
        }
    }
    return send(context, &picks);
}

/* Return the units in which @person has posts today, kept. */
static const char *units_of(const WebContext *context, int64_t person, GError **error)
{
    g_autoptr(GPtrArray) posts =
        office_post_list(context->reader, person, web_today(context), error);
    GString *out = g_string_new(NULL);
    for (guint i = 0; posts != NULL && i < posts->len; i++) {
        const OfficePost *post = g_ptr_array_index(posts, i);
        const char *unit = ledger_names_get(context->names, SCHEMA_FIELD_UNIT, post->unit);
        bool is_told = false; /* two posts in one unit */
        for (guint j = 0; j < i; j++) {
            const OfficePost *earlier = g_ptr_array_index(posts, j);
            is_told = is_told || earlier->unit == post->unit;
        }
        if (!is_told) {
            g_string_append_printf(out, "%s%s", out->len > 0 ? "、" : "", unit);
        }
    }
    const char *units = web_keep(context, g_string_free(out, false));
    return posts != NULL ? units : NULL;
}

bool web_page_pick_person(WebContext *context, GError **error)
{
    const char *text = sought(context, error);
    g_autoptr(GPtrArray) people =
        text != NULL ? office_person_list(context->reader, web_today(context), error) : NULL;
    g_autoptr(GPtrArray) ever =
        people != NULL ? office_person_list(context->reader, DATE_NONE, error) : NULL;
    if (ever == NULL) {
        return false;
    }
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < ever->len; i++) {
        count(counts, ((const OfficePerson *)g_ptr_array_index(ever, i))->name);
    }
    g_auto(Picks) picks;
    begin(&picks);
    for (guint i = 0; i < people->len && picks.n < MAX_PICKS; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        if (!finds(person->name, text)) {
            continue;
        }
        const char *units = units_of(context, person->id, error);
        if (units == NULL) {
            return false;
        }
        add(&picks, told(context, counts, person->name, person->id), units);
    }
    return send(context, &picks);
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Return the condition that the title or the number of an entry holds @text; the caller owns it. */
static Expression *title_or_number(const SchemaLedger *ledger, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "'", -1);
    g_autofree char *inside = g_strjoinv("''", parts);
    g_autofree char *quoted = g_strconcat("'", inside, "'", NULL);
    g_autofree char *where = g_strdup_printf("%s contains %s or number contains %s",
                                             ledger->title->name, quoted, quoted);
    return expression_parse(where, schema_ledger_scope(ledger), error);
}

bool web_page_pick_entry(WebContext *context, GError **error)
{
    const SchemaLedger *ledger = web_find_ledger(context, context->parts[0], error);
    const char *text = ledger != NULL ? sought(context, error) : NULL;
    g_autoptr(Expression) filter =
        text != NULL && *text != '\0' ? title_or_number(ledger, text, error) : NULL;
    if (text == NULL || (*text != '\0' && filter == NULL)) {
        return false;
    }
    const LedgerQuery query = {
        .ledger = ledger, .filter = filter, .is_descending = true, .limit = MAX_PICKS};
    g_autoptr(LedgerPage) page =
        ledger_list(context->office, context->reader, context->subject, &query, error);
    if (page == NULL) {
        return false;
    }
    g_auto(Picks) picks;
    begin(&picks);
    for (guint i = 0; i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        add(&picks, entry->number, entry->title);
    }
    return send(context, &picks);
}
