#include "schema/parse.h"

#include "base/text.h"

SchemaPlace schema_parts_place(const SchemaParts *parts, SchemaKey key)
{
    return parts->at[key] != NULL ? parts->at[key]->place : parts->whole->place;
}

void schema_parse_later(SchemaLoader *loader, Expression **slot, SchemaUse use,
                        const SchemaNode *node, const ExpressionScope *scope)
{
    if (node == NULL) {
        return;
    }
    SchemaWaiting waiting = {.slot = slot,
                             .use = use,
                             .node = node,
                             .file = loader->file,
                             .first_line = loader->first_line,
                             .scope = scope};
    g_array_append_val(loader->waiting, waiting);
}

/* Add that @node names no @noun of @objects. */
static void add_unknown(SchemaLoader *loader, const SchemaNode *node, SchemaNoun noun,
                        const GPtrArray *objects)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        g_ptr_array_add(known, (gpointer)schema_name_of(g_ptr_array_index(objects, i)));
    }
    g_ptr_array_add(known, NULL);
    schema_problems_add_unknown(loader->problems, node->place, noun, node->text,
                                (const char *const *)known->pdata);
}

const void *schema_parse_reference(SchemaLoader *loader, const SchemaNode *node, SchemaNoun noun,
                                   const GPtrArray *objects)
{
    if (node == NULL) {
        return NULL;
    }
    const void *found = schema_find(objects, node->text);
    if (found == NULL && !loader->is_torn) {
        add_unknown(loader, node, noun, objects);
    }
    return found;
}

char *schema_parse_placeholder(SchemaLoader *loader, const char *at, SchemaPlace place,
                               const char *const *known)
{
    const char *end = strchr(at, '}');
    if (end == NULL) {
        schema_problems_add(loader->problems, place, N_("a '}' is missing"));
        return NULL;
    }
    g_autofree char *name = g_strndup(at + 1, (gsize)(end - at - 1));
    if (!g_strv_contains(known, name)) {
        schema_problems_add_unknown(loader->problems, place, SCHEMA_NOUN_PLACEHOLDER, name, known);
        return NULL;
    }
    return g_steal_pointer(&name);
}

void schema_parse_references(SchemaLoader *loader, const SchemaNode *node, SchemaNoun noun,
                             const GPtrArray *objects, GPtrArray *found)
{
    for (guint i = 0; i < schema_n_items(node); i++) {
        const SchemaNode *item = schema_item(node, i);
        const void *object = schema_parse_reference(loader, item, noun, objects);
        if (object == NULL) {
            continue;
        }
        if (g_ptr_array_find(found, object, NULL)) {
            schema_problems_add(loader->problems, item->place, N_("'%s' is named twice"),
                                item->text);
            continue;
        }
        g_ptr_array_add(found, (gpointer)object);
    }
}

/* Remember that @word means @choice, written at @place; tell of another that it means already. What
 * is typed is compared without regard to the case of letters. */
static void claim_word(SchemaLoader *loader, GHashTable *words, const char *word,
                       const SchemaChoice *choice, SchemaPlace place)
{
    if (word == NULL || *word == '\0') {
        return;
    }
    g_autofree char *lower = g_ascii_strdown(word, -1);
    const SchemaChoice *other = g_hash_table_lookup(words, lower);
    if (other == NULL) {
        g_hash_table_insert(words, g_steal_pointer(&lower), (gpointer)choice);
    } else if (other != choice) {
        schema_problems_add(loader->problems, place, N_("'%s' is a name of '%s' already"), word,
                            other->name);
    }
}

/* Check that what is typed or imported means one of @choices, read at @keys (of SchemaNode). */
static void check_words(SchemaLoader *loader, const GPtrArray *choices, const GPtrArray *keys)
{
    g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < choices->len; i++) {
        const SchemaNode *key = g_ptr_array_index(keys, i);
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        claim_word(loader, words, choice->name, choice, key->place);
    }
    for (guint i = 0; i < choices->len; i++) {
        const SchemaNode *key = g_ptr_array_index(keys, i);
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        claim_word(loader, words, choice->words.zh, choice, key->place);
        claim_word(loader, words, choice->words.en, choice, key->place);
    }
}

GPtrArray *schema_parse_aliases(const SchemaNode *node)
{
    GPtrArray *aliases = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < schema_n_items(node); i++) {
        g_ptr_array_add(aliases, text_strip_dup(schema_item(node, i)->text));
    }
    return aliases;
}

GPtrArray *schema_parse_choices(SchemaLoader *loader, SchemaObject object, const SchemaNode *node)
{
    GPtrArray *choices = g_ptr_array_new_with_free_func(schema_choice_free);
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    bool is_state = object == SCHEMA_OBJECT_STATE;
    SchemaKey words = is_state ? SCHEMA_KEY_STATE_WORDS : SCHEMA_KEY_CHOICE_WORDS;
    for (guint i = 0; node != NULL && i < node->keys->len; i++) {
        SchemaParts parts;
        if (!schema_parts_read(loader->problems, object, g_ptr_array_index(node->items, i),
                               &parts)) {
            continue;
        }
        SchemaChoice *choice = g_new0(SchemaChoice, 1);
        choice->name = g_strdup(((const SchemaNode *)g_ptr_array_index(node->keys, i))->text);
        choice->words = schema_read_words(parts.is_short ? parts.whole : parts.at[words]);
        if (!is_state) {
            choice->aliases =
                schema_parse_aliases(parts.is_short ? NULL : parts.at[SCHEMA_KEY_CHOICE_ALSO]);
        }
        choice->is_final = is_state && schema_read_yesno(parts.at[SCHEMA_KEY_STATE_FINAL], false);
        g_ptr_array_add(choices, choice);
        g_ptr_array_add(keys, g_ptr_array_index(node->keys, i));
    }
    if (!loader->is_stored) {
        check_words(loader, choices, keys);
    }
    return choices;
}

void schema_parse_file_name(SchemaLoader *loader, const SchemaNode *node)
{
    if (node == NULL) {
        return;
    }
    g_autofree char *base = g_path_get_basename(loader->file->path);
    *strrchr(base, '.') = '\0';
    if (!g_str_equal(base, node->text)) {
        schema_problems_add(loader->problems, node->place,
                            N_("it is called '%s', but its file '%s'; let both be the same"),
                            node->text, base);
    }
}

void schema_parse_pack(SchemaLoader *loader, const SchemaNode *root)
{
    SchemaParts parts;
    if (!schema_parts_read(loader->problems, SCHEMA_OBJECT_PACK, root, &parts)) {
        return;
    }
    Schema *schema = loader->schema;
    schema->name = schema_read_text(parts.at[SCHEMA_KEY_PACK_NAME]);
    schema->version = schema_read_text(parts.at[SCHEMA_KEY_PACK_VERSION]);
    schema->words = schema_read_words(parts.at[SCHEMA_KEY_PACK_WORDS]);
    g_ptr_array_unref(schema->unit_kinds);
    schema->unit_kinds =
        schema_parse_choices(loader, SCHEMA_OBJECT_CHOICE, parts.at[SCHEMA_KEY_PACK_UNITS]);
    g_ptr_array_unref(schema->party_kinds);
    schema->party_kinds =
        schema_parse_choices(loader, SCHEMA_OBJECT_CHOICE, parts.at[SCHEMA_KEY_PACK_PARTY]);
    schema_private_set_kinds(schema);
    loader->order = parts.at[SCHEMA_KEY_PACK_LEDGERS];
}
