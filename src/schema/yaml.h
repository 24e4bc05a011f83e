/* A YAML file as a tree that knows where each of its parts stands.
 *
 * Of YAML 1.1 only what a pack needs: one document of mappings, lists and scalars.  Anchors,
 * aliases, tags and repeated keys are refused, and so is everything above the limits.  All scalars
 * are text: what `yes` or `12` means is for the reader of the key to say.
 *
 * Threading: a tree never changes after it is read. */
#pragma once

#include "schema/problem.h"

#define SCHEMA_YAML_MAX_DEPTH 32
#define SCHEMA_YAML_MAX_NODES 100000
#define SCHEMA_YAML_MAX_SCALAR_BYTES (64 * 1024)

typedef enum SchemaNodeKind {
    SCHEMA_NODE_TEXT,
    SCHEMA_NODE_LIST,
    SCHEMA_NODE_MAP,
} SchemaNodeKind;

typedef struct SchemaNode {
    SchemaNodeKind kind;
    SchemaPlace place; /* its first character */
    int last_line;     /* the line on which it ends */
    char *text;        /* TEXT, never NULL there; "" for an empty one */
    char quote;        /* TEXT: how it is written: '\0' plain, '\'', '"', '|' or '>' */
    GPtrArray *keys;   /* MAP: of SchemaNode, TEXT; parallel to items */
    GPtrArray *items;  /* MAP, LIST: of SchemaNode */
} SchemaNode;

/* Read the YAML text @text.
 *
 * @path: what places call it (borrowed by the tree).
 * @first_line: line of its file on which @text begins, from 1.
 * Returns NULL after adding why to @problems: it is empty, is not UTF-8, is not YAML, or uses what
 * is refused.  Only the first fault of a file's YAML is found. */
SchemaNode *schema_yaml_parse(const char *path, const char *text, int first_line,
                              SchemaProblems *problems);
void schema_node_free(SchemaNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchemaNode, schema_node_free)

/* Return the value of @key in the map @map, NULL when there is none.  Borrowed. */
const SchemaNode *schema_node_get(const SchemaNode *map, const char *key);

/* Return where the character @offset (from 0) of the scalar @node stands in its file, whose text
 * begins at
 * @text on line @first_line: quotes, escapes, folded lines and the indent of a block are counted.
 */
SchemaPlace schema_node_place_of(const SchemaNode *node, const char *text, int first_line,
                                 glong offset);

/* Check that @text is UTF-8 of characters that a text file may hold; add the first fault to
 * @problems. */
bool schema_yaml_check_text(const char *path, const char *text, int first_line,
                            SchemaProblems *problems);
