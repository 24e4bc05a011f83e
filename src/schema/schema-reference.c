/* All keys of a pack's files as a table for people, from the table of the parser. */
#include "schema/schema.h"

#include "base/message.h"
#include "schema/keys.h"

/* Return what a value of @type looks like, a key of the catalogue; NULL where the key's list of
 * values says it. */
static const char *type_words(SchemaKeyType type)
{
    switch (type) {
    case SCHEMA_TYPE_NAME:
        return N_("a name");
    case SCHEMA_TYPE_NAMES:
        return N_("a name or a list of names, as in [one, two]");
    case SCHEMA_TYPE_WORDS:
        return N_("标题, or 标题 | title");
    case SCHEMA_TYPE_TEXT:
        return N_("a text");
    case SCHEMA_TYPE_TEXTS:
        return N_("a text or a list of texts, as in [one, two]");
    case SCHEMA_TYPE_YESNO:
        return N_("yes or no");
    case SCHEMA_TYPE_INTEGER:
        return N_("a whole number");
    case SCHEMA_TYPE_DECIMAL:
        return N_("a number");
    case SCHEMA_TYPE_KEEP:
        return N_("permanent, or years as in 30y");
    case SCHEMA_TYPE_CONDITION:
        return N_("a condition");
    case SCHEMA_TYPE_EXPRESSION:
        return N_("an expression with a value");
    case SCHEMA_TYPE_SET:
        return N_("a universe");
    case SCHEMA_TYPE_OF:
        return N_("a name, or lines of 'name: words'");
    case SCHEMA_TYPE_MAP:
        return N_("lines of 'name: …', each a");
    case SCHEMA_TYPE_OBJECT:
        return N_("a mapping:");
    case SCHEMA_TYPE_VALUE:
        return NULL;
    }
    return NULL;
}

static void append_value(GString *out, const SchemaKeyInfo *key, const char *language)
{
    const char *type = type_words(key->type);
    for (size_t i = 0; type == NULL && key->values[i] != NULL; i++) {
        g_string_append_printf(out, "%s`%s`", i > 0 ? message_get(language, ", ") : "",
                               key->values[i]);
    }
    for (const char *at = type != NULL ? message_get(language, type) : ""; *at != '\0'; at++) {
        g_string_append(out, *at == '|' ? "\\|" : (const char[]){*at, '\0'});
    }
    if (key->type == SCHEMA_TYPE_MAP || key->type == SCHEMA_TYPE_OBJECT) {
        g_string_append_printf(out, " `%s`", schema_object_info(key->object)->word);
    }
}

/* Append what @key means; a bar in it must not end its cell. */
static void append_doc(GString *out, const SchemaKeyInfo *key, const char *language)
{
    for (const char *at = message_get(language, key->doc); *at != '\0'; at++) {
        g_string_append(out, *at == '|' ? "\\|" : (const char[]){*at, '\0'});
    }
}

static const char *short_form_words(SchemaShortForm form)
{
    switch (form) {
    case SCHEMA_SHORT_NONE:
        return NULL;
    case SCHEMA_SHORT_WORDS:
        return N_("Short: its words alone, `标题 | title`.");
    case SCHEMA_SHORT_FIELD:
        return N_("Short: its kind and its words, `text 标题 | title`, and `!` at the end if it is "
                  "required.");
    }
    return NULL;
}

static void append_object(GString *out, SchemaObject object, const char *language)
{
    const SchemaObjectInfo *info = schema_object_info(object);
    const char *short_form = short_form_words(info->short_form);
    g_string_append_printf(out, "### `%s`\n\n%s%s", info->word, message_get(language, info->doc),
                           message_get(language, N_(".")));
    if (short_form != NULL) {
        g_string_append_printf(out, "%s%s", g_str_equal(language, "en") ? " " : "",
                               message_get(language, short_form));
    }
    g_string_append_printf(out, "\n\n| %s | %s | %s |\n|---|---|---|\n",
                           message_get(language, N_("Key")), message_get(language, N_("Value")),
                           message_get(language, N_("Meaning")));
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        const SchemaKeyInfo *row = schema_key_info(key);
        if (row->owner == object) {
            g_string_append_printf(out, "| `%s`%s | ", row->name,
                                   row->is_required ? " **\\***" : "");
            append_value(out, row, language);
            g_string_append(out, " | ");
            append_doc(out, row, language);
            g_string_append(out, " |\n");
        }
    }
    g_string_append_c(out, '\n');
}

/* Append the kinds of fields: what `is` may say. */
static void append_kinds(GString *out, const char *language)
{
    g_string_append_printf(out, "### %s\n\n| %s | %s |\n|---|---|\n",
                           message_get(language, N_("Kinds of fields")),
                           message_get(language, N_("Kind")), message_get(language, N_("Meaning")));
    for (SchemaFieldKind kind = 0; kind < SCHEMA_N_FIELD_KINDS; kind++) {
        const SchemaKindInfo *info = schema_kind_info(kind);
        g_string_append_printf(
            out, "| `%s` | %s%s |\n", info->name, schema_kind_words(kind, language),
            info->is_personal ? message_get(language, N_(", always personal")) : "");
    }
}

char *schema_reference(const char *language)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "%s\n\n",
                           message_get(language, N_("Keys with **\\*** must be there.")));
    for (SchemaObject object = 0; object < SCHEMA_N_OBJECTS; object++) {
        append_object(out, object, language);
    }
    append_kinds(out, language);
    return g_string_free(out, false);
}
