/* The JSON Schema of a pack's YAML files, from the table of the parser.
 *
 * It accepts whatever the parser accepts; what takes more than one key to judge (that a step
 * exists, that an expression fits its field) is left to `shuzhi pack check`. */
#include "schema/schema.h"

#include "base/json.h"
#include "schema/keys.h"

#define DEFINITION "#/$defs/"

/* The files of a pack, by the object that each is. */
static const SchemaObject file_objects[] = {SCHEMA_OBJECT_PACK, SCHEMA_OBJECT_LEDGER,
                                            SCHEMA_OBJECT_MEASURES, SCHEMA_OBJECT_REPORT};

/* What is written into one schema after another: shapes that need nothing but their text. */
static const struct {
    const char *name;
    const char *schema;
} definitions[] = {
    {"name", "{\"type\":\"string\",\"pattern\":\"^[a-z][a-z0-9_]{0,39}$\"}"},
    {"names", "{\"anyOf\":[{\"$ref\":\"#/$defs/name\"},{\"type\":\"array\",\"minItems\":1,"
              "\"items\":{\"$ref\":\"#/$defs/name\"}}]}"},
    {"text", "{\"type\":[\"string\",\"number\",\"boolean\"],\"minLength\":1}"},
    {"texts", "{\"anyOf\":[{\"$ref\":\"#/$defs/text\"},{\"type\":\"array\",\"minItems\":1,"
              "\"items\":{\"$ref\":\"#/$defs/text\"}}]}"},
    {"words", "{\"anyOf\":[{\"$ref\":\"#/$defs/text\"},{\"type\":\"object\",\"properties\":{"
              "\"zh\":{\"$ref\":\"#/$defs/text\"},\"en\":{\"$ref\":\"#/$defs/text\"}},"
              "\"required\":[\"zh\"],\"additionalProperties\":false}]}"},
    {"yesno", "{\"enum\":[\"yes\",\"no\",true,false,\"true\",\"false\"]}"},
    {"integer", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":999999}"},
    {"decimal", "{\"type\":[\"number\",\"string\"],\"pattern\":\"^-?[0-9]+([.][0-9]+)?$\"}"},
    {"keep", "{\"type\":\"string\",\"pattern\":\"^(permanent|[1-9][0-9]{0,2}y)$\"}"},
};

/* Write {"$ref": "#/$defs/NAME"}. */
static void write_reference(JsonWriter *json, const char *name)
{
    g_autofree char *path = g_strconcat(DEFINITION, name, NULL);
    json_write_begin_object(json);
    json_write_key_text(json, "$ref", path);
    json_write_end_object(json);
}

/* Write "allOf": [{"$ref": …}], beside which a description may stand. */
static void write_of(JsonWriter *json, const char *name)
{
    json_write_key(json, "allOf");
    json_write_begin_array(json);
    write_reference(json, name);
    json_write_end_array(json);
}

/* Write the members of an object whose keys are names and whose values are @name. */
static void write_map(JsonWriter *json, const char *name)
{
    json_write_key_text(json, "type", "object");
    json_write_key(json, "propertyNames");
    write_reference(json, "name");
    json_write_key(json, "additionalProperties");
    write_reference(json, name);
    json_write_key_int(json, "minProperties", 1);
}

/* Write "enum": @values. */
static void write_values(JsonWriter *json, const char *const *values)
{
    json_write_key(json, "enum");
    json_write_begin_array(json);
    for (size_t i = 0; values[i] != NULL; i++) {
        json_write_text(json, values[i]);
    }
    json_write_end_array(json);
}

/* Write the members of the schema of the value of @key. */
static void write_value(JsonWriter *json, const SchemaKeyInfo *key)
{
    static const char *const plain[] = {
        [SCHEMA_TYPE_NAME] = "name",       [SCHEMA_TYPE_NAMES] = "names",
        [SCHEMA_TYPE_WORDS] = "words",     [SCHEMA_TYPE_TEXT] = "text",
        [SCHEMA_TYPE_TEXTS] = "texts",     [SCHEMA_TYPE_YESNO] = "yesno",
        [SCHEMA_TYPE_INTEGER] = "integer", [SCHEMA_TYPE_DECIMAL] = "decimal",
        [SCHEMA_TYPE_KEEP] = "keep",       [SCHEMA_TYPE_CONDITION] = "text",
        [SCHEMA_TYPE_EXPRESSION] = "text", [SCHEMA_TYPE_SET] = "text",
        [SCHEMA_TYPE_OBJECT] = NULL,
    };
    if (key->type == SCHEMA_TYPE_VALUE) {
        write_values(json, key->values);
    } else if (key->type == SCHEMA_TYPE_MAP) {
        write_map(json, schema_object_info(key->object)->word);
    } else if (key->type == SCHEMA_TYPE_OF) {
        json_write_key(json, "anyOf");
        json_write_begin_array(json);
        write_reference(json, "name");
        json_write_begin_object(json);
        write_map(json, schema_object_info(key->object)->word);
        json_write_end_object(json);
        json_write_end_array(json);
    } else {
        write_of(json, key->type == SCHEMA_TYPE_OBJECT ? schema_object_info(key->object)->word
                                                       : plain[key->type]);
    }
}

static void write_properties(JsonWriter *json, SchemaObject object)
{
    json_write_key(json, "properties");
    json_write_begin_object(json);
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        const SchemaKeyInfo *info = schema_key_info(key);
        if (info->owner == object) {
            json_write_key(json, info->name);
            json_write_begin_object(json);
            json_write_key_text(json, "description", info->doc);
            write_value(json, info);
            json_write_end_object(json);
        }
    }
    json_write_end_object(json);
    json_write_key(json, "required");
    json_write_begin_array(json);
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        const SchemaKeyInfo *info = schema_key_info(key);
        if (info->owner == object && info->is_required) {
            json_write_text(json, info->name);
        }
    }
    json_write_end_array(json);
}

/* Write that @key belongs to fields of its kinds alone. */
static void write_kind_rule(JsonWriter *json, const SchemaKeyInfo *key)
{
    json_write_begin_object(json);
    json_write_key(json, "if");
    json_write_begin_object(json);
    json_write_key(json, "required");
    json_write_begin_array(json);
    json_write_text(json, key->name);
    json_write_end_array(json);
    json_write_end_object(json);
    json_write_key(json, "then");
    json_write_begin_object(json);
    json_write_key(json, "properties");
    json_write_begin_object(json);
    json_write_key(json, "is");
    json_write_begin_object(json);
    json_write_key(json, "enum");
    json_write_begin_array(json);
    for (SchemaFieldKind kind = 0; kind < SCHEMA_N_FIELD_KINDS; kind++) {
        if ((key->field_kinds & (UINT32_C(1) << kind)) != 0) {
            json_write_text(json, schema_kind_info(kind)->name);
        }
    }
    json_write_end_array(json);
    for (int i = 0; i < 4; i++) {
        json_write_end_object(json);
    }
}

static void write_kind_rules(JsonWriter *json)
{
    json_write_key(json, "allOf");
    json_write_begin_array(json);
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        if (schema_key_info(key)->field_kinds != 0) {
            write_kind_rule(json, schema_key_info(key));
        }
    }
    json_write_end_array(json);
}

/* Write the schema of @object as a mapping. */
static void write_mapping(JsonWriter *json, SchemaObject object)
{
    json_write_begin_object(json);
    json_write_key_text(json, "type", "object");
    write_properties(json, object);
    json_write_key_bool(json, "additionalProperties", false);
    if (object == SCHEMA_OBJECT_FIELD) {
        write_kind_rules(json);
    }
    json_write_end_object(json);
}

/* Write the definition of @object: a mapping, or its short form. */
static void write_object(JsonWriter *json, SchemaObject object)
{
    const SchemaObjectInfo *info = schema_object_info(object);
    json_write_key(json, info->word);
    json_write_begin_object(json);
    json_write_key_text(json, "description", info->doc);
    json_write_key(json, "anyOf");
    json_write_begin_array(json);
    if (info->short_form != SCHEMA_SHORT_NONE) {
        json_write_raw(json, "{\"type\":\"string\",\"minLength\":1}");
    }
    write_mapping(json, object);
    json_write_end_array(json);
    json_write_end_object(json);
}

/* Return the schema on one line; the caller owns it. */
static char *write_schema(void)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_write_key_text(&json, "title", "a file of a pack of shuzhi");
    json_write_key(&json, "anyOf");
    json_write_begin_array(&json);
    for (size_t i = 0; i < G_N_ELEMENTS(file_objects); i++) {
        write_reference(&json, schema_object_info(file_objects[i])->word);
    }
    json_write_end_array(&json);
    json_write_key(&json, "$defs");
    json_write_begin_object(&json);
    for (size_t i = 0; i < G_N_ELEMENTS(definitions); i++) {
        json_write_key(&json, definitions[i].name);
        json_write_raw(&json, definitions[i].schema);
    }
    for (SchemaObject object = 0; object < SCHEMA_N_OBJECTS; object++) {
        write_object(&json, object);
    }
    json_write_end_object(&json);
    json_write_end_object(&json);
    return json_writer_finish(&json);
}

char *schema_json_schema(void)
{
    g_autofree char *line = write_schema();
    g_autoptr(json_t) tree = json_parse(line, strlen(line), NULL);
    g_assert(tree != NULL);
    char *text = json_dumps(tree, JSON_INDENT(2));
    char *out = g_strconcat(text, "\n", NULL);
    free(text);
    return out;
}
