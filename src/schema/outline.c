#include "schema/outline.h"

#include "schema/keys.h"
#include "schema/yaml.h"

/* Return the mapping at @key of @map, NULL when there is none. */
static const SchemaNode *map_at(const SchemaNode *map, const char *key)
{
    const SchemaNode *node = map->kind == SCHEMA_NODE_MAP ? schema_node_get(map, key) : NULL;
    return node != NULL && node->kind == SCHEMA_NODE_MAP ? node : NULL;
}

/* Return the text at @key of the map @map, NULL when there is none. */
static const SchemaNode *text_at(const SchemaNode *map, const char *key)
{
    const SchemaNode *node = map->kind == SCHEMA_NODE_MAP ? schema_node_get(map, key) : NULL;
    return node != NULL && node->kind == SCHEMA_NODE_TEXT ? node : NULL;
}

/* Return whether @field is personal: as it says, or by the nature of its kind, the first word of
 * what it is. */
static bool is_personal(const SchemaNode *field)
{
    const SchemaNode *is = field->kind == SCHEMA_NODE_TEXT ? field : text_at(field, "is");
    bool is_by_nature = false;
    for (int kind = 0; is != NULL && kind < SCHEMA_N_FIELD_KINDS && !is_by_nature; kind++) {
        const SchemaKindInfo *info = schema_kind_info((SchemaFieldKind)kind);
        size_t length = strlen(info->name);
        is_by_nature = info->is_personal && strncmp(is->text, info->name, length) == 0 &&
                       strchr(" \t", is->text[length]) != NULL;
    }
    return is_by_nature || schema_read_yesno(text_at(field, "personal"), false);
}

static void add_names(GPtrArray *names, GPtrArray *personal, const SchemaNode *fields,
                      const char *before)
{
    for (guint i = 0; i < fields->keys->len; i++) {
        const SchemaNode *key = g_ptr_array_index(fields->keys, i);
        const SchemaNode *field = g_ptr_array_index(fields->items, i);
        const SchemaNode *children = map_at(field, "fields");
        char *name = g_strconcat(before, key->text, NULL);
        g_ptr_array_add(names, name);
        if (is_personal(field)) {
            g_ptr_array_add(personal, g_strdup(name));
        }
        if (children != NULL && *before == '\0') {
            g_autofree char *start = g_strconcat(name, ".", NULL);
            add_names(names, personal, children, start);
        }
    }
}

GPtrArray *schema_outline(const char *text, GPtrArray **ret_personal)
{
    g_autoptr(GPtrArray) personal = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    g_autoptr(SchemaNode) root = schema_yaml_parse("", text, 1, problems);
    const SchemaNode *fields = root != NULL ? map_at(root, "fields") : NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    if (fields != NULL) {
        add_names(names, personal, fields, "");
    }
    if (ret_personal != NULL) {
        *ret_personal = g_steal_pointer(&personal);
    }
    return names;
}

/* Return the field @name of @root; NULL when there is none. */
static const SchemaNode *find_field(const SchemaNode *root, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, ".", 2);
    const SchemaNode *field = root;
    for (char **part = parts; *part != NULL && field != NULL; part++) {
        const SchemaNode *fields = map_at(field, "fields");
        field = fields != NULL ? map_at(fields, *part) : NULL;
    }
    return field;
}

char *schema_outline_choice(const char *text, const char *name, const char *choice,
                            const char *language)
{
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    g_autoptr(SchemaNode) root = schema_yaml_parse("", text, 1, problems);
    const SchemaNode *field = root != NULL ? find_field(root, name) : NULL;
    const SchemaNode *choices = field != NULL ? map_at(field, "of") : NULL;
    const SchemaNode *words = choices != NULL ? schema_node_get(choices, choice) : NULL;
    if (words != NULL && words->kind == SCHEMA_NODE_MAP) {
        words = schema_node_get(words, "name");
    }
    if (words == NULL || words->kind != SCHEMA_NODE_TEXT) {
        return NULL;
    }
    SchemaWords split = schema_split_words(words->text);
    char *found = g_strdup(schema_words_get(&split, language));
    g_free(split.zh);
    g_free(split.en);
    g_free(split.name);
    return found;
}
