#include "schema/outline.h"

#include "schema/yaml.h"

/* Return the mapping at @key of @map, NULL when there is none. */
static const SchemaNode *map_at(const SchemaNode *map, const char *key)
{
    const SchemaNode *node = map->kind == SCHEMA_NODE_MAP ? schema_node_get(map, key) : NULL;
    return node != NULL && node->kind == SCHEMA_NODE_MAP ? node : NULL;
}

static void add_names(GPtrArray *names, const SchemaNode *fields, const char *before)
{
    for (guint i = 0; i < fields->keys->len; i++) {
        const SchemaNode *key = g_ptr_array_index(fields->keys, i);
        const SchemaNode *children = map_at(g_ptr_array_index(fields->items, i), "fields");
        char *name = g_strconcat(before, key->text, NULL);
        g_ptr_array_add(names, name);
        if (children != NULL && *before == '\0') {
            g_autofree char *start = g_strconcat(name, ".", NULL);
            add_names(names, children, start);
        }
    }
}

GPtrArray *schema_outline(const char *text)
{
    g_autoptr(SchemaProblems) problems = schema_problems_new();
    g_autoptr(SchemaNode) root = schema_yaml_parse("", text, 1, problems);
    const SchemaNode *fields = root != NULL ? map_at(root, "fields") : NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    if (fields != NULL) {
        add_names(names, fields, "");
    }
    return names;
}
