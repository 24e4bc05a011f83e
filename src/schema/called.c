#include "schema/called.h"

#include "base/text.h"

/* How each part of a pack begins. */
typedef struct Part {
    char *name;
    SchemaWords words;
} Part;

#define BEGINS_LIKE_A_PART(type) \
    G_STATIC_ASSERT(offsetof(type, name) == 0 && offsetof(type, words) == offsetof(Part, words))

BEGINS_LIKE_A_PART(SchemaLedger);
BEGINS_LIKE_A_PART(SchemaField);
BEGINS_LIKE_A_PART(SchemaStep);
BEGINS_LIKE_A_PART(SchemaMeasure);
BEGINS_LIKE_A_PART(SchemaReport);

/* Return whether @text is @part's words, in one of the languages. */
static bool is_of_words(const Part *part, const char *text)
{
    return g_str_equal(part->words.zh, text) ||
           (part->words.en != NULL && g_ascii_strcasecmp(part->words.en, text) == 0);
}

const void *schema_called(const GPtrArray *parts, const char *text)
{
    const void *named = schema_find(parts, text);
    const Part *found = NULL;
    for (guint i = 0; named == NULL && i < parts->len; i++) {
        const Part *part = g_ptr_array_index(parts, i);
        if (is_of_words(part, text) && found != NULL) {
            return NULL; /* two of these words: only a name tells */
        }
        found = is_of_words(part, text) ? part : found;
    }
    return named != NULL ? named : found;
}

/* Return "case (群众诉求)" as a word of error_words(). */
static char *describe(const Part *part)
{
    g_autofree char *zh = g_strdup_printf("%s（%s）", part->name, part->words.zh);
    g_autofree char *en =
        part->words.en != NULL ? g_strdup_printf("%s (%s)", part->name, part->words.en) : NULL;
    return error_name(zh, en);
}

/* Put in the place of *@error that several of @parts have the words @text; false: fewer than two
 * have. */
static bool name_several(GError **error, const GPtrArray *parts, const char *text)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = g_ptr_array_index(parts, i);
        if (is_of_words(part, text)) {
            g_ptr_array_add(names, error_name(part->name, part->name));
        }
    }
    if (names->len < 2) {
        return false;
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *all = error_words((const char *const *)names->pdata);
    ErrorCode code = (ErrorCode)(*error)->code;
    g_clear_error(error);
    error_set(error, code, "more than one is called '%s', say which by its name: %s", text, all);
    return true;
}

void schema_offer(GError **error, const GPtrArray *parts, const char *text)
{
    if (error == NULL || name_several(error, parts, text)) {
        return;
    }
    g_autoptr(GPtrArray) callings = g_ptr_array_new();
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = g_ptr_array_index(parts, i);
        g_ptr_array_add(callings, part->name);
        g_ptr_array_add(callings, part->words.zh);
        if (part->words.en != NULL) {
            g_ptr_array_add(callings, part->words.en);
        }
        g_ptr_array_add(all, describe(part));
    }
    g_ptr_array_add(callings, NULL);
    g_ptr_array_add(all, NULL);
    bool is_near = text_nearest(text, (const char *const *)callings->pdata) != NULL;
    error_offer(error, text, (const char *const *)(is_near ? callings : all)->pdata);
}
