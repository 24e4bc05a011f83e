#include "schema/keys.h"

#include "base/text.h"

const char *const schema_measure_kinds[] = {"count", "distinct", "sum",  "median",
                                            "ratio", "all",      "none", NULL};
static const char *const wordings[] = {"exact", "over",  "near", "percent",
                                       "all",   "every", "none", NULL};
static const char *const periods[] = {"year", "half", "quarter", "month", NULL};
const char *const schema_roles[] = {"clerk",      "head",    "supervisor", "secretary",
                                    "dispatcher", "citizen", NULL};

static const char *const kind_names[] = {
#define X(code, name, value, item, column, personal) name,
    SCHEMA_FIELD_KINDS(X)
#undef X
        NULL};

const char *const *schema_field_kind_names(void)
{
    return kind_names;
}

/* ---- the tables ------------------------------------------------------------------------------ */

#define REQUIRED true
#define OPTIONAL false
#define BIT(kind) (UINT32_C(1) << SCHEMA_FIELD_##kind)
#define ANY .object = SCHEMA_N_OBJECTS
#define OBJECT_CHOICE .object = SCHEMA_OBJECT_CHOICE
#define OBJECT_FIELD .object = SCHEMA_OBJECT_FIELD
#define OBJECT_STATE .object = SCHEMA_OBJECT_STATE
#define OBJECT_STEP .object = SCHEMA_OBJECT_STEP
#define OBJECT_CLOCK .object = SCHEMA_OBJECT_CLOCK
#define OBJECT_EVIDENCE .object = SCHEMA_OBJECT_EVIDENCE
#define OBJECT_MEASURE .object = SCHEMA_OBJECT_MEASURE
#define OBJECT_SET .object = SCHEMA_OBJECT_SET
#define VALUES_KIND .values = kind_names
#define VALUES_MEASURE .values = schema_measure_kinds
#define VALUES_WORDING .values = wordings
#define VALUES_PERIOD .values = periods
#define OF_KINDS \
    .object = SCHEMA_OBJECT_CHOICE, .field_kinds = BIT(CHOICE) | BIT(CHOICES) | BIT(ENTRY)
#define ROWS_KIND OBJECT_FIELD, .field_kinds = BIT(ROWS)
#define NUMBER_KIND ANY, .field_kinds = BIT(NUMBER)
#define AMOUNT_KINDS ANY, .field_kinds = BIT(NUMBER) | BIT(MONEY)
#define TEXT_KINDS ANY, .field_kinds = BIT(TEXT) | BIT(LONG)

static const SchemaKeyInfo keys[] = {
#define OBJECT(object, word, short_form, doc)
#define KEY(object_, id_, name_, type_, required_, of_, doc_) \
    {.owner = SCHEMA_OBJECT_##object_,                        \
     .name = name_,                                           \
     .type = SCHEMA_TYPE_##type_,                             \
     .is_required = required_,                                \
     .doc = doc_,                                             \
     of_},
#include "schema/keys.def"
#undef OBJECT
#undef KEY
};

static const SchemaObjectInfo objects[] = {
#define OBJECT(object_, word_, short_form_, doc_) \
    {.word = word_, .short_form = SCHEMA_SHORT_##short_form_, .doc = doc_},
#define KEY(object, id, name, type, required, of, doc)
#include "schema/keys.def"
#undef OBJECT
#undef KEY
};

const SchemaKeyInfo *schema_key_info(SchemaKey key)
{
    return &keys[key];
}

const SchemaObjectInfo *schema_object_info(SchemaObject object)
{
    return &objects[object];
}

/* ---- small readers --------------------------------------------------------------------------- */

/* Return whether @text is an identifier: [a-z][a-z0-9_]*, at most SCHEMA_NAME_MAX_BYTES. */
static bool is_name(const char *text)
{
    if (!g_ascii_islower(*text) || strlen(text) > SCHEMA_NAME_MAX_BYTES) {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (!g_ascii_islower(*text) && !g_ascii_isdigit(*text) && *text != '_') {
            return false;
        }
    }
    return true;
}

/* Return 1 for yes, 0 for no, -1 for anything else. */
static int parse_yesno(const char *text)
{
    if (g_str_equal(text, "yes") || g_str_equal(text, "true")) {
        return 1;
    }
    return g_str_equal(text, "no") || g_str_equal(text, "false") ? 0 : -1;
}

bool schema_read_yesno(const SchemaNode *node, bool fallback)
{
    return node == NULL ? fallback : parse_yesno(node->text) == 1;
}

int schema_read_integer(const SchemaNode *node, int fallback)
{
    int64_t value = fallback;
    if (node != NULL) {
        text_parse_int(node->text, &value);
    }
    return (int)value;
}

char *schema_read_text(const SchemaNode *node)
{
    return node == NULL ? NULL : g_strdup(node->text);
}

SchemaWords schema_split_words(const char *text)
{
    const char *bar = strchr(text, '|');
    if (bar == NULL) {
        return schema_words_take(text_strip_dup(text), NULL);
    }
    g_autofree char *zh = g_strndup(text, (gsize)(bar - text));
    return schema_words_take(text_strip_dup(zh), text_strip_dup(bar + 1));
}

SchemaWords schema_read_words(const SchemaNode *node)
{
    if (node == NULL) {
        return schema_words_take(g_strdup(""), NULL);
    }
    if (node->kind == SCHEMA_NODE_TEXT) {
        return schema_split_words(node->text);
    }
    const SchemaNode *zh = schema_node_get(node, "zh");
    const SchemaNode *en = schema_node_get(node, "en");
    return schema_words_take(g_strdup(zh != NULL ? zh->text : ""),
                             en != NULL ? g_strdup(en->text) : NULL);
}

guint schema_n_items(const SchemaNode *node)
{
    if (node == NULL) {
        return 0;
    }
    return node->kind == SCHEMA_NODE_LIST ? node->items->len : 1;
}

const SchemaNode *schema_item(const SchemaNode *node, guint i)
{
    return node->kind == SCHEMA_NODE_LIST ? g_ptr_array_index(node->items, i) : node;
}

int schema_value_index(const char *const *values, const char *text)
{
    for (int i = 0; values[i] != NULL; i++) {
        if (g_str_equal(values[i], text)) {
            return i;
        }
    }
    return -1;
}

/* ---- the shape of a value -------------------------------------------------------------------- */

/* Add that @node is not what @key needs; always false. */
static bool refuse(SchemaProblems *problems, const SchemaNode *node, const char *key,
                   const char *needed)
{
    if (node->kind == SCHEMA_NODE_TEXT && *node->text == '\0' && node->quote == '\0') {
        schema_problems_add(problems, node->place, N_("'%s' has no value"), key);
    } else {
        g_autofree char *words = error_words((const char *const[]){needed, NULL});
        schema_problems_add(problems, node->place, N_("'%s' needs %s"), key, words);
    }
    return false;
}

static bool is_text(const SchemaNode *node)
{
    return node->kind == SCHEMA_NODE_TEXT && !text_is_blank(node->text);
}

static bool check_name(SchemaProblems *problems, const SchemaNode *node, const char *key)
{
    if (!is_text(node)) {
        return refuse(problems, node, key, N_("a name"));
    }
    if (!is_name(node->text)) {
        schema_problems_add(problems, node->place,
                            N_("'%s' is not a name: a-z, 0-9 and '_', a letter first, at most %d"),
                            node->text, SCHEMA_NAME_MAX_BYTES);
        return false;
    }
    return true;
}

/* Check each item of the list @node, or @node itself if it is a text. */
static bool check_items(SchemaProblems *problems, const SchemaNode *node, const SchemaKeyInfo *key)
{
    bool is_names = key->type == SCHEMA_TYPE_NAMES;
    if (node->kind == SCHEMA_NODE_MAP || schema_n_items(node) == 0) {
        return refuse(problems, node, key->name,
                      is_names ? N_("a name or a list of names, as in [one, two]")
                               : N_("a text or a list of texts, as in [one, two]"));
    }
    bool is_good = true;
    for (guint i = 0; i < schema_n_items(node); i++) {
        const SchemaNode *item = schema_item(node, i);
        if (is_names) {
            is_good = check_name(problems, item, key->name) && is_good;
        } else if (!is_text(item)) {
            is_good = refuse(problems, item, key->name, N_("a text"));
        }
    }
    return is_good;
}

/* Check that there is something on both sides of the '|' in @text, if it has one. */
static bool check_bar(SchemaProblems *problems, SchemaPlace place, const char *text)
{
    SchemaWords words = schema_split_words(text);
    bool is_half = words.en != NULL && (*words.zh == '\0' || *words.en == '\0');
    g_free(words.zh);
    g_free(words.en);
    g_free(words.name);
    if (is_half) {
        schema_problems_add(problems, place,
                            N_("'|' stands between the Chinese and the English, as in "
                               "'标题 | title'"));
    }
    return !is_half;
}

static bool check_words(SchemaProblems *problems, const SchemaNode *node, const char *key)
{
    if (node->kind == SCHEMA_NODE_TEXT) {
        return is_text(node) ? check_bar(problems, node->place, node->text)
                             : refuse(problems, node, key, N_("a text"));
    }
    if (node->kind == SCHEMA_NODE_LIST) {
        return refuse(problems, node, key, N_("the Chinese, or {zh: …, en: …}"));
    }
    static const char *const known[] = {"zh", "en", NULL};
    bool is_good = true;
    for (guint i = 0; i < node->keys->len; i++) {
        const SchemaNode *language = g_ptr_array_index(node->keys, i);
        const SchemaNode *words = g_ptr_array_index(node->items, i);
        if (!g_strv_contains(known, language->text)) {
            schema_problems_add_unknown(problems, language->place, SCHEMA_NOUN_KEY, language->text,
                                        known);
            is_good = false;
        } else if (!is_text(words)) {
            is_good = refuse(problems, words, language->text, N_("a text"));
        }
    }
    if (schema_node_get(node, "zh") == NULL) {
        schema_problems_add(problems, node->place, N_("'%s' lacks its Chinese: zh"), key);
        return false;
    }
    return is_good;
}

static bool check_integer(SchemaProblems *problems, const SchemaNode *node, const char *key)
{
    int64_t value = 0;
    bool is_good =
        is_text(node) && text_parse_int(node->text, &value) && value >= 0 && value <= 999999;
    return is_good || refuse(problems, node, key, N_("a whole number from 0 to 999999"));
}

/* Return whether @text is "permanent" or years, as "30y". */
static bool is_keep(const char *text)
{
    size_t n_digits = strspn(text, "0123456789");
    return g_str_equal(text, "permanent") ||
           (n_digits >= 1 && n_digits <= 3 && *text != '0' && g_str_equal(text + n_digits, "y"));
}

/* Check that @node is a map of names to something. */
static bool check_map(SchemaProblems *problems, const SchemaNode *node, const char *key)
{
    if (node->kind != SCHEMA_NODE_MAP) {
        return refuse(problems, node, key, N_("a mapping: lines of 'name: …'"));
    }
    if (node->keys->len == 0) {
        schema_problems_add(problems, node->place, N_("'%s' has no value"), key);
        return false;
    }
    bool is_good = true;
    for (guint i = 0; i < node->keys->len; i++) {
        is_good = check_name(problems, g_ptr_array_index(node->keys, i), key) && is_good;
    }
    return is_good;
}

static bool check_value(SchemaProblems *problems, const SchemaNode *node, const SchemaKeyInfo *key)
{
    if (!is_text(node)) {
        return refuse(problems, node, key->name, N_("one word"));
    }
    if (!g_strv_contains(key->values, node->text)) {
        schema_problems_add_unknown(problems, node->place, SCHEMA_NOUN_VALUE, node->text,
                                    key->values);
        return false;
    }
    return true;
}

/* Check that @node has the shape that @key needs. */
static bool check_shape(SchemaProblems *problems, const SchemaNode *node, const SchemaKeyInfo *key)
{
    int64_t scaled = 0;
    switch (key->type) {
    case SCHEMA_TYPE_NAME:
        return check_name(problems, node, key->name);
    case SCHEMA_TYPE_NAMES:
    case SCHEMA_TYPE_TEXTS:
        return check_items(problems, node, key);
    case SCHEMA_TYPE_WORDS:
        return check_words(problems, node, key->name);
    case SCHEMA_TYPE_TEXT:
    case SCHEMA_TYPE_SET:
        return is_text(node) || refuse(problems, node, key->name, N_("a text"));
    case SCHEMA_TYPE_CONDITION:
    case SCHEMA_TYPE_EXPRESSION:
        return is_text(node) || refuse(problems, node, key->name,
                                       N_("an expression; put it in quotes if YAML reads it "
                                          "otherwise"));
    case SCHEMA_TYPE_YESNO:
        return (is_text(node) && parse_yesno(node->text) >= 0) ||
               refuse(problems, node, key->name, N_("yes or no"));
    case SCHEMA_TYPE_INTEGER:
        return check_integer(problems, node, key->name);
    case SCHEMA_TYPE_DECIMAL:
        return (is_text(node) && text_parse_decimal(node->text, 6, &scaled)) ||
               refuse(problems, node, key->name, N_("a number"));
    case SCHEMA_TYPE_VALUE:
        return check_value(problems, node, key);
    case SCHEMA_TYPE_KEEP:
        return (is_text(node) && is_keep(node->text)) ||
               refuse(problems, node, key->name, N_("permanent, or years as in 30y"));
    case SCHEMA_TYPE_OF:
        return is_text(node) ? check_name(problems, node, key->name)
                             : check_map(problems, node, key->name);
    case SCHEMA_TYPE_MAP:
        return check_map(problems, node, key->name);
    case SCHEMA_TYPE_OBJECT:
        return node->kind == SCHEMA_NODE_MAP ||
               refuse(problems, node, key->name, N_("a mapping: lines of 'name: …'"));
    }
    return false;
}

/* ---- a whole mapping ------------------------------------------------------------------------- */

/* Return the key @name of @object, SCHEMA_N_KEYS when there is none. */
static SchemaKey find_key(SchemaObject object, const char *name)
{
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        if (keys[key].owner == object && g_str_equal(keys[key].name, name)) {
            return key;
        }
    }
    return SCHEMA_N_KEYS;
}

/* Tell of the unknown key @name; return the key that it is likely meant for, SCHEMA_N_KEYS if none
 * is near. */
static SchemaKey add_unknown_key(SchemaProblems *problems, SchemaObject object,
                                 const SchemaNode *name)
{
    const char *known[SCHEMA_N_KEYS + 1];
    size_t n = 0;
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        if (keys[key].owner == object) {
            known[n++] = keys[key].name;
        }
    }
    known[n] = NULL;
    schema_problems_add_unknown(problems, name->place, SCHEMA_NOUN_KEY, name->text, known);
    const char *near = text_nearest(name->text, known);
    return near != NULL ? find_key(object, near) : SCHEMA_N_KEYS;
}

/* Take in a short form. */
static bool read_short(SchemaProblems *problems, SchemaParts *parts)
{
    const SchemaNode *node = parts->whole;
    if (!is_text(node)) {
        return refuse(problems, node, objects[parts->object].word, N_("a text or a mapping"));
    }
    parts->is_short = true;
    return check_bar(problems, node->place, node->text);
}

bool schema_parts_read(SchemaProblems *problems, SchemaObject object, const SchemaNode *node,
                       SchemaParts *ret_parts)
{
    *ret_parts = (SchemaParts){.object = object, .whole = node};
    if (node->kind == SCHEMA_NODE_TEXT && objects[object].short_form != SCHEMA_SHORT_NONE) {
        return read_short(problems, ret_parts);
    }
    if (node->kind != SCHEMA_NODE_MAP) {
        return refuse(problems, node, objects[object].word,
                      objects[object].short_form == SCHEMA_SHORT_NONE
                          ? N_("a mapping: lines of 'name: …'")
                          : N_("a text or a mapping"));
    }
    bool is_given[SCHEMA_N_KEYS + 1] = {false}; /* the last is for keys like no other */
    for (guint i = 0; i < node->keys->len; i++) {
        const SchemaNode *name = g_ptr_array_index(node->keys, i);
        const SchemaNode *value = g_ptr_array_index(node->items, i);
        SchemaKey key = find_key(object, name->text);
        if (key == SCHEMA_N_KEYS) {
            is_given[add_unknown_key(problems, object, name)] = true;
            continue;
        }
        is_given[key] = true;
        if (check_shape(problems, value, &keys[key])) {
            ret_parts->at[key] = value;
        }
    }
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        if (keys[key].owner == object && keys[key].is_required && !is_given[key]) {
            schema_problems_add(problems, node->place, N_("the key '%s' is missing"),
                                keys[key].name);
        }
    }
    return true;
}

bool schema_parts_has(const SchemaParts *parts, SchemaKey key)
{
    return parts->at[key] != NULL ||
           (!parts->is_short && schema_node_get(parts->whole, keys[key].name) != NULL);
}
