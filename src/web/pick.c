#include "web/pick.h"

#include "base/text.h"
#include "language/pinyin.h"
#include "ledger/list.h"
#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"

#define MAX_TOLD 8 /* in a message */
#define SEPARATORS "、，,;；\n"

/* Return whether @text finds @name: by a part of it, or by the letters of its pinyin. */
static bool finds(const char *name, const char *text)
{
    return strstr(name, text) != NULL || (pinyin_is_letters(text) && pinyin_matches(name, text));
}

static void add(const WebContext *context, GPtrArray *picks, const char *text, const char *note)
{
    WebPick *pick = web_new(context, WebPick);
    *pick = (WebPick){web_keep(context, g_strdup(text)), web_keep(context, g_strdup(note))};
    g_ptr_array_add(picks, pick);
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

GPtrArray *web_pick_units(const WebContext *context, const char *text, GError **error)
{
    g_autoptr(GPtrArray) units = office_unit_list(context->reader, web_today(context), error);
    if (units == NULL) {
        return NULL;
    }
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < units->len; i++) {
        count(counts, ((const OfficeUnit *)g_ptr_array_index(units, i))->name);
    }
    GPtrArray *picks = web_array(context);
    for (guint i = 0; i < units->len && picks->len < WEB_MAX_PICKS; i++) {
        const OfficeUnit *unit = g_ptr_array_index(units, i);
        if (finds(unit->name, text)) {
            add(context, picks, told(context, counts, unit->name, unit->id),
                unit->parent != 0
                    ? ledger_names_get(context->names, SCHEMA_FIELD_UNIT, unit->parent)
                    : "");
        }
    }
    return picks;
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

GPtrArray *web_pick_people(const WebContext *context, const char *text, GError **error)
{
    g_autoptr(GPtrArray) people = office_person_list(context->reader, web_today(context), error);
    g_autoptr(GPtrArray) ever =
        people != NULL ? office_person_list(context->reader, DATE_NONE, error) : NULL;
    if (ever == NULL) {
        return NULL;
    }
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < ever->len; i++) {
        count(counts, ((const OfficePerson *)g_ptr_array_index(ever, i))->name);
    }
    GPtrArray *picks = web_array(context);
    for (guint i = 0; i < people->len && picks->len < WEB_MAX_PICKS; i++) {
        const OfficePerson *person = g_ptr_array_index(people, i);
        if (!finds(person->name, text)) {
            continue;
        }
        const char *units = units_of(context, person->id, error);
        if (units == NULL) {
            return NULL;
        }
        add(context, picks, told(context, counts, person->name, person->id), units);
    }
    return picks;
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

/* Add the entry of @ledger whose running number of this year is @text, if the reader sees one. */
static void add_exact(const WebContext *context, const SchemaLedger *ledger, const char *text,
                      GPtrArray *picks)
{
    int64_t n = 0;
    if (!text_parse_int(text, &n)) {
        return;
    }
    g_autofree char *number = schema_ledger_format_number(ledger, date_year(web_today(context)), n);
    g_autoptr(LedgerEntry) entry =
        ledger_entry_find(context->office, context->reader, number, NULL);
    if (entry == NULL || entry->gone != NULL) {
        return;
    }
    const RightsObject object = {
        .ledger = entry->ledger, .unit = entry->unit, .owner = entry->owner};
    if (rights_may(context->subject, RIGHTS_ENTRY_READ, &object, NULL)) {
        add(context, picks, entry->number, entry->title);
    }
}

GPtrArray *web_pick_entries(const WebContext *context, const SchemaLedger *ledger, const char *text,
                            GError **error)
{
    g_autoptr(Expression) filter = *text != '\0' ? title_or_number(ledger, text, error) : NULL;
    if (*text != '\0' && filter == NULL) {
        return NULL;
    }
    const LedgerQuery query = {
        .ledger = ledger, .filter = filter, .is_descending = true, .limit = WEB_MAX_PICKS};
    g_autoptr(LedgerPage) page =
        ledger_list(context->office, context->reader, context->subject, &query, error);
    GPtrArray *picks = web_array(context);
    add_exact(context, ledger, text, picks);
    const WebPick *exact = picks->len > 0 ? g_ptr_array_index(picks, 0) : NULL;
    for (guint i = 0; page != NULL && i < page->entries->len; i++) {
        const LedgerEntry *entry = g_ptr_array_index(page->entries, i);
        if (exact == NULL || !g_str_equal(exact->text, entry->number)) {
            add(context, picks, entry->number, entry->title);
        }
    }
    return page != NULL ? picks : NULL;
}

/* ---- understanding what was typed ------------------------------------------------------------ */

static GPtrArray *picks_of(const WebContext *context, const SchemaField *field, const char *text,
                           GError **error)
{
    switch ((int)field->kind) {
    case SCHEMA_FIELD_UNIT:
        return web_pick_units(context, text, error);
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_PEOPLE:
        return web_pick_people(context, text, error);
    case SCHEMA_FIELD_ENTRY: {
        const SchemaLedger *ledger =
            schema_ledger(office_schema(context->office), field->target_name);
        bool may_read =
            ledger != NULL && rights_may(context->subject, RIGHTS_ENTRY_READ, NULL, NULL);
        return may_read ? web_pick_entries(context, ledger, text, error) : web_array(context);
    }
    default:
        return web_array(context);
    }
}

static void set_several(const WebContext *context, const char *text, const GPtrArray *picks,
                        GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < picks->len && i < MAX_TOLD; i++) {
        const WebPick *pick = g_ptr_array_index(picks, i);
        g_string_append_printf(names, "%s%s", i > 0 ? "、" : "", pick->text);
        if (*pick->note != '\0') {
            g_string_append_printf(names, "（%s）", pick->note);
        }
    }
    g_string_append(names, picks->len > MAX_TOLD ? "……" : "");
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' may be one of several, write which: %s", text,
              names->str);
}

/* Return the one of @picks, of @field, whose pinyin is @part, from its first letter to its last or
 * by its initials alone; NULL where that is none of them, or several. */
static const WebPick *exact_pick(const SchemaField *field, const GPtrArray *picks, const char *part)
{
    g_autofree char *sought = g_ascii_strdown(part, -1);
    const WebPick *found = NULL;
    bool is_person = field->kind == SCHEMA_FIELD_PERSON || field->kind == SCHEMA_FIELD_PEOPLE;
    for (guint i = 0; i < picks->len; i++) {
        const WebPick *pick = g_ptr_array_index(picks, i);
        g_autofree char *pinyin = pinyin_of(pick->text, is_person);
        g_auto(GStrv) spellings = g_strsplit(pinyin, " ", -1);
        if (!g_strv_contains((const char *const *)spellings, sought)) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = pick;
    }
    return found;
}

/* Return the one that @part finds, or finds best, @part itself where it names one or finds none;
 * NULL where it finds several. */
static const char *complete_part(const WebContext *context, const SchemaField *field,
                                 const char *part, GError **error)
{
    int64_t id = 0;
    if (*part == '\0' || g_utf8_strlen(part, -1) > WEB_MAX_SOUGHT_CHARS ||
        ledger_names_find(context->names, field, part, &id, NULL)) {
        return part;
    }
    const GPtrArray *picks = picks_of(context, field, part, error);
    if (picks == NULL) {
        return NULL;
    }
    const WebPick *found =
        picks->len == 1 ? g_ptr_array_index(picks, 0) : exact_pick(field, picks, part);
    if (found == NULL && picks->len > 1) {
        set_several(context, part, picks, error);
        return NULL;
    }
    return found != NULL ? found->text : part;
}

const char *web_pick_complete(const WebContext *context, const SchemaField *field, const char *text,
                              GError **error)
{
    if (field->kind != SCHEMA_FIELD_PEOPLE) {
        return complete_part(context, field, web_keep(context, text_strip_dup(text)), error);
    }
    GString *out = g_string_new(NULL);
    for (const char *at = text; at != NULL;) {
        const char *end = at;
        while (*end != '\0' && g_utf8_strchr(SEPARATORS, -1, g_utf8_get_char(end)) == NULL) {
            end = g_utf8_next_char(end);
        }
        g_autofree char *part = g_strndup(at, (gsize)(end - at));
        const char *completed =
            complete_part(context, field, web_keep(context, text_strip_dup(part)), error);
        if (completed == NULL) {
            g_string_free(out, true);
            return NULL;
        }
        g_string_append_printf(out, "%s%s", out->len > 0 && *completed != '\0' ? "、" : "",
                               completed);
        at = *end != '\0' ? g_utf8_next_char(end) : NULL;
    }
    return web_keep(context, g_string_free(out, false));
}
