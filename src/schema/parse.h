/* From the trees of a pack's files to its objects.
 *
 * Each parse function reads one file, adds what it finds to the schema and what is wrong to the
 * problems, and goes on: an object that is only partly right is kept, so that what refers to it
 * does not fail too.  Names inside a file are resolved at once; what leads to other ledgers, and
 * expressions, which may, wait for link.c.
 *
 * Threading: one loader belongs to one thread. */
#pragma once

#include "schema/keys.h"
#include "schema/scope.h"

/* An expression that waits until every ledger is known. */
typedef enum SchemaUse {
    SCHEMA_USE_STEP_WHEN,
    SCHEMA_USE_CLOCK_WHEN,
    SCHEMA_USE_MEMBER, /* where, counts */
    SCHEMA_USE_KEY,
    SCHEMA_USE_AMOUNT,
    SCHEMA_USE_GROUP,
} SchemaUse;

typedef struct SchemaWaiting {
    Expression **slot;
    SchemaUse use;
    const SchemaNode *node;
    const SchemaFile *file;
    int first_line;               /* of the YAML in its file */
    const ExpressionScope *scope; /* borrowed */
} SchemaWaiting;

/* A field that leads to a ledger which may come later. */
typedef struct SchemaLeading {
    SchemaField *field;
    const SchemaNode *node;
} SchemaLeading;

typedef struct SchemaLoader {
    Schema *schema; /* in the making */
    SchemaProblems *problems;
    const SchemaFile *file;    /* being parsed */
    int first_line;            /* of its YAML */
    GPtrArray *trees;          /* owned, of SchemaNode */
    GArray *waiting;           /* of SchemaWaiting */
    GArray *leading;           /* of SchemaLeading */
    GHashTable *ledger_trees;  /* SchemaLedger to its SchemaNode, borrowed */
    GHashTable *measure_names; /* SchemaMeasure to the SchemaNode of its name, borrowed */
    const SchemaNode *order;   /* `ledgers` of pack.yaml; NULL: none */
    bool is_stored; /* an office accepted it once: rules that came later are not held against it */
    bool is_torn; /* a file or a field could not be read: whoever names what is missing is not told
                   */
} SchemaLoader;

/* Parse the file at hand, whose tree is @root. */
void schema_parse_pack(SchemaLoader *loader, const SchemaNode *root);
void schema_parse_ledger(SchemaLoader *loader, const SchemaNode *root);
void schema_parse_measures(SchemaLoader *loader, const SchemaNode *root);

/* Parse the report at hand, whose head is @root and whose text @body begins on @body_line; @root is
 * NULL where the head could not be read. */
void schema_parse_report(SchemaLoader *loader, const SchemaNode *root, const char *body,
                         int body_line);

#define SCHEMA_ENGLISH_REPORT ".en.md" /* behind the name of its report */

/* Parse the English text of a report, the file at hand: it is read with the report. */
void schema_parse_english_report(SchemaLoader *loader);

/* Return the file @path of the pack; NULL for none.  Borrowed. */
const SchemaFile *schema_parse_find_file(const SchemaLoader *loader, const char *path);

/* Return the texts of @node, an `also:`; empty for NULL.  Of char*; the caller owns them. */
GPtrArray *schema_parse_aliases(const SchemaNode *node);

/* Read the mapping @node of names to objects that have little but words: choices (@object CHOICE)
 * or STATEs. Returns an array of SchemaChoice, empty for NULL. */
GPtrArray *schema_parse_choices(SchemaLoader *loader, SchemaObject object, const SchemaNode *node);

/* Let @node wait as an expression for *@slot; nothing for NULL. */
void schema_parse_later(SchemaLoader *loader, Expression **slot, SchemaUse use,
                        const SchemaNode *node, const ExpressionScope *scope);

/* Return the object called like the text of @node in @objects (structs that begin with their name),
 * or NULL after adding that there is no such @noun; NULL for NULL. */
const void *schema_parse_reference(SchemaLoader *loader, const SchemaNode *node, SchemaNoun noun,
                                   const GPtrArray *objects);

/* Return the name in the braces that @at begins with, at @place: one of @known; NULL after adding
 * that it is none, or that it does not end.  The caller owns it. */
char *schema_parse_placeholder(SchemaLoader *loader, const char *at, SchemaPlace place,
                               const char *const *known);

/* Add to @found each object that the names of @node (NULL: none) mean; unknown ones and those named
 * twice go to the problems. */
void schema_parse_references(SchemaLoader *loader, const SchemaNode *node, SchemaNoun noun,
                             const GPtrArray *objects, GPtrArray *found);

/* Return the place of the value of @key in @parts, of the mapping itself where it is not given. */
SchemaPlace schema_parts_place(const SchemaParts *parts, SchemaKey key);

/* Check that the name @node of the file's object is that of the file at hand. */
void schema_parse_file_name(SchemaLoader *loader, const SchemaNode *node);

/* Return whether a pack may have a file of the path @path. */
bool schema_is_pack_path(const char *path);

/* GDestroyNotify of the objects. */
void schema_choice_free(void *data);
void schema_field_free(void *data);
void schema_step_free(void *data);
void schema_clock_free(void *data);
void schema_evidence_free(void *data);
void schema_ledger_free(void *data);
void schema_measure_free(void *data);
void schema_report_free(void *data);
