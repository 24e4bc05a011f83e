/* The keys of a pack's files as one table (keys.def), and the check of a mapping against it.
 *
 * schema_parts_read() knows what every key looks like, so that what comes after it reads values
 * whose shape is right, or NULL where a key is missing or was wrong and has been told of.
 *
 * Threading: static tables, pure functions. */
#pragma once

#include "schema/schema.h"
#include "schema/yaml.h"

#define SCHEMA_NAME_MAX_BYTES 40

typedef enum SchemaObject {
#define OBJECT(object, word, short_form, doc) SCHEMA_OBJECT_##object,
#define KEY(object, id, name, type, required, of, doc)
#include "schema/keys.def"
#undef OBJECT
#undef KEY
    SCHEMA_N_OBJECTS
} SchemaObject;

typedef enum SchemaKey {
#define OBJECT(object, word, short_form, doc)
#define KEY(object, id, name, type, required, of, doc) SCHEMA_KEY_##object##_##id,
#include "schema/keys.def"
#undef OBJECT
#undef KEY
    SCHEMA_N_KEYS
} SchemaKey;

/* What stands in place of the whole mapping. */
typedef enum SchemaShortForm {
    SCHEMA_SHORT_NONE,
    SCHEMA_SHORT_WORDS, /* its Chinese name */
    SCHEMA_SHORT_FIELD, /* "text 标题!" */
} SchemaShortForm;

typedef enum SchemaKeyType {
    SCHEMA_TYPE_NAME,       /* an identifier */
    SCHEMA_TYPE_NAMES,      /* an identifier or a list of them */
    SCHEMA_TYPE_WORDS,      /* the Chinese, or a mapping of zh and en */
    SCHEMA_TYPE_TEXT,       /* a text that is not blank */
    SCHEMA_TYPE_TEXTS,      /* such a text or a list of them */
    SCHEMA_TYPE_YESNO,      /* yes, no, true, false */
    SCHEMA_TYPE_INTEGER,    /* 0 to 999999 */
    SCHEMA_TYPE_DECIMAL,    /* "-12.50" */
    SCHEMA_TYPE_VALUE,      /* one of a closed list */
    SCHEMA_TYPE_KEEP,       /* permanent, 30y */
    SCHEMA_TYPE_CONDITION,  /* expression that is true or false */
    SCHEMA_TYPE_EXPRESSION, /* expression with a value */
    SCHEMA_TYPE_SET,        /* a universe */
    SCHEMA_TYPE_OF,         /* a field's `of`: an identifier or a mapping of choices */
    SCHEMA_TYPE_MAP,        /* identifiers to objects */
    SCHEMA_TYPE_OBJECT,
} SchemaKeyType;

typedef struct SchemaKeyInfo {
    SchemaObject owner;
    const char *name;
    SchemaKeyType type;
    bool is_required;
    SchemaObject object;       /* MAP, OBJECT, OF */
    const char *const *values; /* VALUE: NULL-terminated, else NULL */
    uint32_t field_kinds;      /* keys of a field: bits of the kinds it belongs to; 0: all */
    const char *doc;           /* English, key of the catalogue */
} SchemaKeyInfo;

typedef struct SchemaObjectInfo {
    const char *word;
    SchemaShortForm short_form;
    const char *doc; /* English, key of the catalogue */
} SchemaObjectInfo;

/* Return what the table says; static. */
const SchemaKeyInfo *schema_key_info(SchemaKey key);
const SchemaObjectInfo *schema_object_info(SchemaObject object);

/* A mapping, checked: the value of each key of its object, borrowed from its tree.  A short form
 * gives parts with `whole` alone. */
typedef struct SchemaParts {
    SchemaObject object;
    const SchemaNode *whole;
    bool is_short;
    const SchemaNode *at[SCHEMA_N_KEYS]; /* NULL: not given, or wrong and told of */
} SchemaParts;

/* Check @node as an @object.  Unknown and missing keys and values of the wrong shape go to
 * @problems; false when @node is not a mapping (nor a short form) at all. */
bool schema_parts_read(SchemaProblems *problems, SchemaObject object, const SchemaNode *node,
                       SchemaParts *ret_parts);

/* Return whether @key is given in @parts, also if its value was wrong and has been told of. */
bool schema_parts_has(const SchemaParts *parts, SchemaKey key);

/* Read a value of a known shape: `is_given` false (NULL @node) gives @fallback. */
bool schema_read_yesno(const SchemaNode *node, bool fallback);
int schema_read_integer(const SchemaNode *node, int fallback);

/* Return the text of @node, copied; NULL for NULL. */
char *schema_read_text(const SchemaNode *node);

/* Split "标题 | title" into the Chinese and the English, or take all of @text as the Chinese.  The
 * caller owns both members. */
SchemaWords schema_split_words(const char *text);

/* Read words from a node of that shape; both members are NULL-safe to free. */
SchemaWords schema_read_words(const SchemaNode *node);

/* Return the number of items of @node, which is NULL (0), a text (1) or a list; and its @i-th,
 * borrowed. */
guint schema_n_items(const SchemaNode *node);
const SchemaNode *schema_item(const SchemaNode *node, guint i);

/* Return the index of @text in @values (NULL-terminated), -1 if it is not there. */
int schema_value_index(const char *const *values, const char *text);

/* The closed lists, in the order of the enums of schema.h. */
extern const char *const schema_measure_kinds[];
extern const char *const schema_roles[];

/* Return the names of the field kinds, NULL-terminated, in their order; static. */
const char *const *schema_field_kind_names(void);
