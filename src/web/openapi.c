#include "web/openapi.h"

#include "base/message.h"
#include "web/api.h"

/* One line an operation. */
/* clang-format off */
const WebOperation web_operations[] = {
    {HTTP_GET,  "/ledgers",                      "listLedgers",    N_("The ledgers of the office"),                        "",                                       NULL,       "Ledgers",  200},
    {HTTP_GET,  "/ledgers/{ledger}",             "getLedger",      N_("A ledger: its fields, states, steps and evidence"), "",                                       NULL,       "Ledger",   200},
    {HTTP_GET,  "/ledgers/{ledger}/entries",     "listEntries",    N_("Entries of a ledger, filtered, page by page"),      "where q state sort desc after limit",    NULL,       "Entries",  200},
    {HTTP_POST, "/ledgers/{ledger}/entries",     "addEntry",       N_("Record an entry"),                                  "",                                       "NewEntry", "Entry",    201},
    {HTTP_GET,  "/entries/{number}",             "getEntry",       N_("An entry: fields, steps, files, where it is used"), "personal",                               NULL,       "Entry",    200},
    {HTTP_GET,  "/entries/{number}/history",     "getHistory",     N_("What happened to an entry, field by field"),        "personal",                               NULL,       "History",  200},
    {HTTP_GET,  "/entries/{number}/files/{file}", "getFile",       N_("A file of an entry"),                               "",                                       NULL,       NULL,       200},
    {HTTP_POST, "/entries/{number}/changes",     "changeEntry",    N_("Correct fields of the version that was seen"),      "",                                       "Change",   "Entry",    200},
    {HTTP_POST, "/entries/{number}/steps",       "doStep",         N_("Do a step"),                                        "",                                       "Step",     "Entry",    200},
    {HTTP_POST, "/entries/{number}/comments",    "addComment",     N_("Say something about an entry"),                     "",                                       "Comment",  "Entry",    201},
    {HTTP_POST, "/entries/{number}/files",       "addFile",        N_("Attach a file, as the body or as a form"),          "field name",                             "File",     "Entry",    201},
    {HTTP_POST, "/entries/{number}/deletion",    "deleteEntry",    N_("Take an entry out of the books"),                   "",                                       "Deletion", "Entry",    200},
    {HTTP_GET,  "/measures",                     "listMeasures",   N_("The measures of the office"),                       "",                                       NULL,       "Measures", 200},
    {HTTP_GET,  "/figures/{measure}",            "getFigure",      N_("A measure evaluated for a period, with what it counts"), "period cutoff known",               NULL,       "Figure",   200},
    {HTTP_GET,  "/reports/{report}",             "getReport",      N_("A report of a period, with its figures"),           "period",                                 NULL,       "Report",   200},
    {HTTP_GET,  "/units",                        "listUnits",      N_("The units on a day"),                               "date",                                   NULL,       "Units",    200},
    {HTTP_GET,  "/people",                       "listPeople",     N_("The people on a day, with their posts"),            "date",                                   NULL,       "People",   200},
    {HTTP_GET,  "/log",                          "listEvents",     N_("Events of the log, in order"),                      "after limit",                            NULL,       "Events",   200},
    {HTTP_GET,  "/log/{seq}/proof",              "getProof",       N_("The proof that an event is in the signed log"),     "",                                       NULL,       "Proof",    200},
    {HTTP_GET,  "/openapi.json",                 "getDescription", N_("This description"),                                 "",                                       NULL,       "Object",   200},
};
/* clang-format on */
const size_t web_n_operations = G_N_ELEMENTS(web_operations);

/* ---- finding ----------------------------------------------------------------------------------
 */

/* Whether @pattern is @path, which names in braces what @pattern has a "*" for. */
static bool is_pattern(const char *pattern, const char *path)
{
    while (*path != '\0' && (*path == *pattern || (*path == '{' && *pattern == '*'))) {
        path = *path == '{' ? strchr(path, '}') : path;
        path++;
        pattern++;
    }
    return *path == '\0' && *pattern == '\0';
}

const WebOperation *web_operation_find(HttpMethod method, const char *pattern)
{
    for (size_t i = 0; g_str_has_prefix(pattern, WEB_API "/") && i < web_n_operations; i++) {
        if (web_operations[i].method == method &&
            is_pattern(pattern + strlen(WEB_API), web_operations[i].path)) {
            return &web_operations[i];
        }
    }
    return NULL;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    const char *type;
    const char *words;
} parameters[] = {
    {"ledger", "string", N_("name of the ledger")},
    {"number", "string", N_("number of the entry, such as SQ2023-00084")},
    {"file", "integer", N_("id of the file")},
    {"measure", "string", N_("name of the measure")},
    {"report", "string", N_("name of the report")},
    {"seq", "integer", N_("number of the event")},
    {"where", "string", N_("a condition, such as: state = received and channel = hotline")},
    {"q", "string", N_("words, each in the number or a text that is not personal")},
    {"state", "string", N_("name of a state")},
    {"sort", "string", N_("recorded, opened, due, state, or a field that the ledger lists")},
    {"desc", "integer", N_("1: the greatest first")},
    {"after", "string", N_("what the answer before said is next")},
    {"limit", "integer", N_("at most so many, 1 to 200; 50 unless given")},
    {"personal", "integer", N_("1: personal fields too; the log notes the look")},
    {"field", "string", N_("field or evidence rule that the file proves")},
    {"name", "string", N_("name of the file")},
    {"period", "string", N_("2023, 2023Q1 or 2023-05; the year being reported unless given")},
    {"cutoff", "string", N_("only what had happened by the end of this day")},
    {"known", "string", N_("only what had been recorded by the end of this day")},
    {"date", "string", N_("the day, 2023-05-06; today unless given")},
};

static size_t find_parameter(const char *name)
{
    size_t i = 0;
    while (i < G_N_ELEMENTS(parameters) && !g_str_equal(parameters[i].name, name)) {
        i++;
    }
    g_assert(i < G_N_ELEMENTS(parameters));
    return i;
}

const char *web_parameter_words(const char *name)
{
    return parameters[find_parameter(name)].words;
}

static void write_parameter(const WebContext *context, JsonWriter *json, const char *name,
                            const char *place)
{
    size_t i = find_parameter(name);
    json_write_begin_object(json);
    json_write_key_text(json, "name", parameters[i].name);
    json_write_key_text(json, "in", place);
    json_write_key_bool(json, "required", g_str_equal(place, "path"));
    json_write_key_text(json, "description", web_tr(context, parameters[i].words));
    json_write_key(json, "schema");
    json_write_begin_object(json);
    json_write_key_text(json, "type", parameters[i].type);
    json_write_end_object(json);
    json_write_end_object(json);
}

static void write_parameters(const WebContext *context, JsonWriter *json,
                             const WebOperation *operation)
{
    g_auto(GStrv) parts = g_strsplit(operation->path, "/", -1);
    g_auto(GStrv) queries = g_strsplit(operation->query, " ", -1);
    json_write_key(json, "parameters");
    json_write_begin_array(json);
    for (int i = 0; parts[i] != NULL; i++) {
        if (parts[i][0] == '{') {
            parts[i][strlen(parts[i]) - 1] = '\0';
            write_parameter(context, json, parts[i] + 1, "path");
        }
    }
    for (int i = 0; queries[i] != NULL; i++) {
        write_parameter(context, json, queries[i], "query");
    }
    if (operation->method == HTTP_POST && operation->body != NULL &&
        !g_str_equal(operation->body, "File")) {
        json_write_begin_object(json);
        json_write_key_text(json, "$ref", "#/components/parameters/IdempotencyKey");
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

/* ---- operations ------------------------------------------------------------------------------ */

/* Write {"$ref": …} of the schema @name as the member @key. */
static void write_reference(JsonWriter *json, const char *key, const char *name)
{
    g_autofree char *reference = g_strconcat("#/components/schemas/", name, NULL);
    json_write_key(json, key);
    json_write_begin_object(json);
    json_write_key_text(json, "$ref", reference);
    json_write_end_object(json);
}

/* Write "content" of @type with the schema @name. */
static void write_content(JsonWriter *json, const char *type, const char *name)
{
    json_write_key(json, "content");
    json_write_begin_object(json);
    json_write_key(json, type);
    json_write_begin_object(json);
    write_reference(json, "schema", name);
    json_write_end_object(json);
    json_write_end_object(json);
}

static void write_body(JsonWriter *json, const WebOperation *operation)
{
    bool is_file = operation->body != NULL && g_str_equal(operation->body, "File");
    if (operation->body != NULL) {
        json_write_key(json, "requestBody");
        json_write_begin_object(json);
        json_write_key_bool(json, "required", true);
        write_content(json, is_file ? "application/octet-stream" : "application/json",
                      operation->body);
        json_write_end_object(json);
    }
}

static void write_answers(const WebContext *context, JsonWriter *json,
                          const WebOperation *operation)
{
    const char *status = operation->status == 201 ? "201" : "200";
    json_write_key(json, "responses");
    json_write_begin_object(json);
    json_write_key(json, status);
    json_write_begin_object(json);
    json_write_key_text(json, "description", web_tr(context, N_("done")));
    write_content(json, operation->answer != NULL ? "application/json" : "application/octet-stream",
                  operation->answer != NULL ? operation->answer : "File");
    json_write_end_object(json);
    json_write_key(json, "default");
    json_write_begin_object(json);
    json_write_key_text(json, "$ref", "#/components/responses/Error");
    json_write_end_object(json);
    json_write_end_object(json);
}

static void write_operation(const WebContext *context, JsonWriter *json,
                            const WebOperation *operation)
{
    json_write_key(json, operation->method == HTTP_POST ? "post" : "get");
    json_write_begin_object(json);
    json_write_key_text(json, "operationId", operation->id);
    json_write_key_text(json, "summary", web_tr(context, operation->summary));
    write_parameters(context, json, operation);
    write_body(json, operation);
    write_answers(context, json, operation);
    json_write_end_object(json);
}

/* Operations of one path stand together in the table. */
static void write_paths(const WebContext *context, JsonWriter *json)
{
    json_write_key(json, "paths");
    json_write_begin_object(json);
    for (size_t i = 0; i < web_n_operations; i++) {
        const char *path = web_operations[i].path;
        bool is_first = i == 0 || !g_str_equal(web_operations[i - 1].path, path);
        bool is_last = i + 1 == web_n_operations || !g_str_equal(web_operations[i + 1].path, path);
        if (is_first) {
            json_write_key(json, path);
            json_write_begin_object(json);
        }
        write_operation(context, json, &web_operations[i]);
        if (is_last) {
            json_write_end_object(json);
        }
    }
    json_write_end_object(json);
}

/* ---- schemas of the pack --------------------------------------------------------------------- */

static void write_words(JsonWriter *json, const SchemaWords *words)
{
    json_write_key_text(json, "title", words->zh);
    if (words->en != NULL) {
        json_write_key_text(json, "description", words->en);
    }
}

/* Write the choices as constants with their words in both languages. */
static void write_choices(JsonWriter *json, const GPtrArray *choices)
{
    json_write_key(json, "oneOf");
    json_write_begin_array(json);
    for (guint i = 0; i < choices->len; i++) {
        const SchemaChoice *choice = g_ptr_array_index(choices, i);
        json_write_begin_object(json);
        json_write_key_text(json, "const", choice->name);
        write_words(json, &choice->words);
        json_write_end_object(json);
    }
    json_write_end_array(json);
}

static void write_type(JsonWriter *json, const char *type, const char *format)
{
    json_write_key(json, "type");
    json_write_begin_array(json);
    json_write_text(json, type);
    json_write_text(json, "null");
    json_write_end_array(json);
    if (format != NULL) {
        json_write_key_text(json, "format", format);
    }
}

static void write_fields(JsonWriter *json, const GPtrArray *fields);

/* Write the items of what may be many. */
static void write_items(JsonWriter *json, const SchemaField *field)
{
    json_write_key(json, "items");
    json_write_begin_object(json);
    if (field->kind == SCHEMA_FIELD_ROWS) {
        write_fields(json, field->fields);
    } else if (field->kind == SCHEMA_FIELD_CHOICES) {
        write_choices(json, field->choices);
    } else {
        json_write_key_text(json, "type", "string");
    }
    json_write_end_object(json);
}

static void write_field(JsonWriter *json, const SchemaField *field)
{
    static const struct {
        const char *type;
        const char *format;
    } types[SCHEMA_N_FIELD_KINDS] = {
        [SCHEMA_FIELD_NUMBER] = {"number", NULL}, [SCHEMA_FIELD_MONEY] = {"number", NULL},
        [SCHEMA_FIELD_DATE] = {"string", "date"}, [SCHEMA_FIELD_TIME] = {"string", NULL},
        [SCHEMA_FIELD_BOOL] = {"boolean", NULL},  [SCHEMA_FIELD_CHOICES] = {"array", NULL},
        [SCHEMA_FIELD_PEOPLE] = {"array", NULL},  [SCHEMA_FIELD_ROWS] = {"array", NULL},
    };
    const char *type = types[field->kind].type;
    json_write_key(json, field->name);
    json_write_begin_object(json);
    write_words(json, &field->words);
    if (field->kind == SCHEMA_FIELD_CHOICE) {
        write_choices(json, field->choices);
    } else {
        write_type(json, type != NULL ? type : "string", types[field->kind].format);
    }
    if (g_strcmp0(type, "array") == 0) {
        write_items(json, field);
    }
    if (field->kind == SCHEMA_FIELD_TEXT || field->kind == SCHEMA_FIELD_LONG) {
        json_write_key_int(json, "maxLength", field->max_chars);
    }
    json_write_key_text(json, "x-kind", schema_kind_info(field->kind)->name);
    json_write_key_bool(json, "x-personal", field->is_personal);
    if (field->set_by_step != NULL) {
        json_write_key_text(json, "x-step", field->set_by_step);
    }
    json_write_end_object(json);
}

/* Write the members of the schema of an object with @fields (of SchemaField). */
static void write_fields(JsonWriter *json, const GPtrArray *fields)
{
    json_write_key_text(json, "type", "object");
    json_write_key_bool(json, "additionalProperties", false);
    json_write_key(json, "properties");
    json_write_begin_object(json);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (field->kind != SCHEMA_FIELD_FILE) {
            write_field(json, field);
        }
    }
    json_write_end_object(json);
    json_write_key(json, "x-required"); /* of a new entry; a change may leave it out */
    json_write_begin_array(json);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        if (field->is_required && field->set_by_step == NULL && field->kind != SCHEMA_FIELD_FILE) {
            json_write_text(json, field->name);
        }
    }
    json_write_end_array(json);
}

/* Return the name of the schema of the fields of @ledger; the caller owns it. */
static char *fields_name(const SchemaLedger *ledger)
{
    return g_strconcat("fields.", ledger->name, NULL);
}

/* Write the schemas of each ledger's fields, and "Fields", which is any of them. */
static void write_ledgers(const WebContext *context, JsonWriter *json)
{
    const GPtrArray *ledgers = office_schema(context->office)->ledgers;
    for (guint i = 0; i < ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(ledgers, i);
        g_autofree char *name = fields_name(ledger);
        json_write_key(json, name);
        json_write_begin_object(json);
        write_words(json, &ledger->words);
        write_fields(json, ledger->fields);
        json_write_end_object(json);
    }
    json_write_key(json, "Fields");
    json_write_begin_object(json);
    json_write_key(json, "anyOf");
    json_write_begin_array(json);
    for (guint i = 0; i < ledgers->len; i++) {
        g_autofree char *name = fields_name(g_ptr_array_index(ledgers, i));
        g_autofree char *reference = g_strconcat("#/components/schemas/", name, NULL);
        json_write_begin_object(json);
        json_write_key_text(json, "$ref", reference);
        json_write_end_object(json);
    }
    json_write_end_array(json);
    json_write_end_object(json);
}

/* ---- schemas of ours ------------------------------------------------------------------------- */

#define REF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define ARRAY(items) "{\"type\":\"array\",\"items\":" items "}"
#define ARRAY_OF(name) ARRAY(REF(name))
#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define TEXTS ARRAY(TEXT)
#define WHOLE "{\"type\":\"integer\"}"
#define NUMBER_OR_NULL "{\"type\":[\"number\",\"null\"]}"
#define YES "{\"type\":\"boolean\"}"
#define ANY_OBJECT "{\"type\":\"object\"}"
#define MEMBER(name, schema) "\"" name "\":" schema
#define OBJECT_WITH(required, members) \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" members "}}"
#define BODY(required, members)                                                   \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required \
    "],\"properties\":{" members "}}"
#define LIST(member, item) OBJECT_WITH("\"" member "\"", MEMBER(member, ARRAY_OF(item)))
/* what has a name in both languages */
#define NAMED MEMBER("name", TEXT) "," MEMBER("words", REF("Words"))

/* Complete JSON texts.  A test holds every answer against them (tests/command/api.py). */
/* clang-format off */
static const struct {
    const char *name;
    const char *text;
} schemas[] = {
    {"Object", ANY_OBJECT},
    {"File", "{\"type\":\"string\",\"format\":\"binary\"}"},
    {"Words", OBJECT_WITH("\"zh\",\"en\"", MEMBER("zh", TEXT) "," MEMBER("en", TEXT_OR_NULL))},
    {"Period", OBJECT_WITH("\"from\",\"to\"", MEMBER("from", TEXT) "," MEMBER("to", TEXT))},

    {"NewEntry", BODY("\"fields\"", MEMBER("fields", REF("Fields")))},
    {"Change", BODY("\"version\",\"fields\"",
                    MEMBER("version", WHOLE) "," MEMBER("fields", REF("Fields")) "," MEMBER("why", TEXT))},
    {"Step", BODY("\"step\"", MEMBER("step", TEXT) "," MEMBER("happened", TEXT) ","
                              MEMBER("version", WHOLE) "," MEMBER("fields", REF("Fields")))},
    {"Comment", BODY("\"text\"", MEMBER("text", TEXT))},
    {"Deletion", BODY("\"why\"", MEMBER("version", WHOLE) "," MEMBER("why", TEXT))},

    {"Error", OBJECT_WITH("\"status\",\"code\",\"message\"",
                          MEMBER("status", WHOLE) "," MEMBER("code", TEXT) "," MEMBER("message", TEXT) ","
                          MEMBER("pointer", TEXT) "," MEMBER("current", REF("Entry")) ","
                          MEMBER("sent", ANY_OBJECT))},

    {"Ledgers", LIST("ledgers", "LedgerName")},
    {"LedgerName", OBJECT_WITH("\"name\",\"words\",\"number\"", NAMED "," MEMBER("number", TEXT))},
    {"Choice", OBJECT_WITH("\"name\",\"words\"", NAMED)},
    {"Field", OBJECT_WITH("\"name\",\"words\",\"kind\",\"required\",\"personal\",\"choices\"",
                          NAMED "," MEMBER("kind", TEXT) "," MEMBER("required", YES) ","
                          MEMBER("personal", YES) "," MEMBER("step", TEXT_OR_NULL) ","
                          MEMBER("target", TEXT_OR_NULL) "," MEMBER("choices", ARRAY_OF("Choice")) ","
                          MEMBER("fields", ARRAY_OF("Field")))},
    {"LedgerStep", OBJECT_WITH("\"name\",\"words\",\"from\",\"to\"",
                               NAMED "," MEMBER("from", TEXTS) "," MEMBER("to", TEXT) ","
                               MEMBER("roles", TEXTS) "," MEMBER("asks", TEXTS) ","
                               MEMBER("evidence", TEXTS))},
    {"Ledger", OBJECT_WITH("\"name\",\"words\",\"number\",\"title\",\"fields\",\"states\",\"steps\",\"list\"",
                           NAMED "," MEMBER("number", TEXT) "," MEMBER("title", TEXT) ","
                           MEMBER("fields", ARRAY_OF("Field")) "," MEMBER("states", ARRAY_OF("Choice")) ","
                           MEMBER("steps", ARRAY_OF("LedgerStep")) "," MEMBER("list", TEXTS))},

    {"Entries", OBJECT_WITH("\"entries\",\"next\"",
                            MEMBER("entries", ARRAY_OF("Entry")) "," MEMBER("next", TEXT_OR_NULL))},
    {"StepDone", OBJECT_WITH("\"step\",\"from\",\"to\",\"happened\",\"recorded\",\"by\"",
                             MEMBER("step", TEXT) "," MEMBER("from", TEXT) "," MEMBER("to", TEXT) ","
                             MEMBER("happened", TEXT) "," MEMBER("recorded", TEXT) ","
                             MEMBER("by", TEXT))},
    {"Attached", OBJECT_WITH("\"id\",\"field\",\"name\",\"sha256\",\"size\"",
                             MEMBER("id", WHOLE) "," MEMBER("field", TEXT) "," MEMBER("name", TEXT) ","
                             MEMBER("sha256", TEXT) "," MEMBER("size", WHOLE))},
    {"Use", OBJECT_WITH("\"ledger\",\"number\",\"field\",\"title\"",
                        MEMBER("ledger", TEXT) "," MEMBER("number", TEXT) "," MEMBER("field", TEXT) ","
                        MEMBER("title", TEXT))},
    {"Entry", OBJECT_WITH("\"number\",\"ledger\",\"id\",\"version\",\"gone\"",
                          MEMBER("number", TEXT) "," MEMBER("ledger", TEXT) "," MEMBER("id", WHOLE) ","
                          MEMBER("version", WHOLE) "," MEMBER("gone", TEXT_OR_NULL) ","
                          MEMBER("title", TEXT) "," MEMBER("state", TEXT) ","
                          MEMBER("unit", TEXT_OR_NULL) "," MEMBER("owner", TEXT) ","
                          MEMBER("opened", TEXT_OR_NULL) "," MEMBER("due", TEXT_OR_NULL) ","
                          MEMBER("due_provisional", YES) "," MEMBER("stopped", TEXT_OR_NULL) ","
                          MEMBER("recorded", TEXT_OR_NULL) "," MEMBER("changed", TEXT_OR_NULL) ","
                          MEMBER("fields", ANY_OBJECT) "," MEMBER("extra", ANY_OBJECT) ","
                          MEMBER("steps", ARRAY_OF("StepDone")) "," MEMBER("files", ARRAY_OF("Attached")) ","
                          MEMBER("used_in", ARRAY_OF("Use")) "," MEMBER("used_in_more", WHOLE))},
    {"PastField", OBJECT_WITH("\"label\",\"text\"", MEMBER("label", TEXT_OR_NULL) "," MEMBER("text", TEXT))},
    {"Past", OBJECT_WITH("\"seq\",\"at\",\"actor\",\"words\",\"forgotten\",\"fields\"",
                         MEMBER("seq", WHOLE) "," MEMBER("at", TEXT) "," MEMBER("actor", TEXT) ","
                         MEMBER("words", TEXT) "," MEMBER("forgotten", YES) ","
                         MEMBER("fields", ARRAY_OF("PastField")))},
    {"History", LIST("events", "Past")},

    {"Measures", LIST("measures", "Measure")},
    {"Measure", OBJECT_WITH("\"name\",\"words\"",
                            NAMED "," MEMBER("unit", TEXT_OR_NULL) "," MEMBER("text", TEXT_OR_NULL))},
    {"Counted", OBJECT_WITH("\"kind\",\"id\",\"counted\",\"late\"",
                            MEMBER("kind", TEXT) ","
                            MEMBER("id", "{\"type\":[\"integer\",\"string\",\"null\"]}") ","
                            MEMBER("n", WHOLE) "," MEMBER("restricted", YES) ","
                            MEMBER("number", TEXT_OR_NULL) "," MEMBER("title", TEXT_OR_NULL) ","
                            MEMBER("key", TEXT) "," MEMBER("amount", NUMBER_OR_NULL) ","
                            MEMBER("counted", YES) "," MEMBER("late", YES) ","
                            MEMBER("why", TEXT_OR_NULL) "," MEMBER("found", WHOLE) ","
                            MEMBER("entries", TEXTS))},
    {"Group", OBJECT_WITH("\"key\",\"label\",\"counted\",\"value\"",
                          MEMBER("key", TEXT_OR_NULL) "," MEMBER("label", TEXT) ","
                          MEMBER("counted", WHOLE) "," MEMBER("value", NUMBER_OR_NULL))},
    {"Figure", OBJECT_WITH("\"name\",\"title\",\"kind\",\"value\",\"text\",\"period\",\"definition\"",
                           MEMBER("name", TEXT) "," MEMBER("title", TEXT) "," MEMBER("kind", TEXT) ","
                           MEMBER("value", "{\"type\":[\"number\",\"boolean\",\"null\"]}") ","
                           MEMBER("text", TEXT_OR_NULL) "," MEMBER("unit", TEXT_OR_NULL) "," MEMBER("sentence", TEXT_OR_NULL) ","
                           MEMBER("holds", YES) "," MEMBER("total", WHOLE) "," MEMBER("counted", WHOLE) ","
                           MEMBER("period", REF("Period")) "," MEMBER("cutoff", TEXT_OR_NULL) ","
                           MEMBER("known", TEXT_OR_NULL) "," MEMBER("log", REF("LogHead")) ","
                           MEMBER("definition", ANY_OBJECT) ","
                           MEMBER("groups", ARRAY_OF("Group")) ","
                           MEMBER("members", ARRAY_OF("Counted")) "," MEMBER("entries", TEXTS) ","
                           MEMBER("deleted", TEXTS) "," MEMBER("undone", "{\"type\":\"array\",\"items\":" WHOLE "}"))},
    {"Report", OBJECT_WITH("\"name\",\"title\",\"period\",\"text\",\"figures\"",
                           MEMBER("name", TEXT) "," MEMBER("title", TEXT) ","
                           MEMBER("period", REF("Period")) "," MEMBER("log", REF("LogHead")) ","
                           MEMBER("text", TEXT) "," MEMBER("figures", ARRAY_OF("Figure")))},
    {"LogHead", OBJECT_WITH("\"size\",\"root\"", MEMBER("size", WHOLE) "," MEMBER("root", TEXT))},

    {"Units", LIST("units", "Unit")},
    {"Unit", OBJECT_WITH("\"id\",\"name\",\"kind\",\"parent\",\"since\",\"until\"",
                         MEMBER("id", WHOLE) "," MEMBER("name", TEXT) "," MEMBER("kind", TEXT) ","
                         MEMBER("parent", "{\"type\":[\"integer\",\"null\"]}") ","
                         MEMBER("since", TEXT_OR_NULL) "," MEMBER("until", TEXT_OR_NULL))},
    {"People", LIST("people", "Person")},
    {"Post", OBJECT_WITH("\"unit\",\"role\",\"title\"",
                         MEMBER("unit", TEXT) "," MEMBER("role", TEXT) "," MEMBER("title", TEXT_OR_NULL))},
    {"Person", OBJECT_WITH("\"id\",\"name\",\"posts\"",
                           MEMBER("id", WHOLE) "," MEMBER("name", TEXT) ","
                           MEMBER("posts", ARRAY_OF("Post")))},

    {"Event", OBJECT_WITH("\"seq\",\"line\"", MEMBER("seq", WHOLE) "," MEMBER("line", TEXT))},
    {"Events", OBJECT_WITH("\"size\",\"root\",\"checkpoint\",\"key\",\"events\",\"next\"",
                           MEMBER("size", WHOLE) "," MEMBER("root", TEXT) ","
                           MEMBER("checkpoint", TEXT_OR_NULL) "," MEMBER("key", TEXT) ","
                           MEMBER("events", ARRAY_OF("Event")) ","
                           MEMBER("next", "{\"type\":[\"integer\",\"null\"]}"))},
    {"Proof", OBJECT_WITH("\"seq\",\"line\",\"proof\"",
                          MEMBER("seq", WHOLE) "," MEMBER("line", TEXT) "," MEMBER("proof", TEXT))},
};
/* clang-format on */

static void write_schemas(const WebContext *context, JsonWriter *json)
{
    json_write_key(json, "schemas");
    json_write_begin_object(json);
    for (size_t i = 0; i < G_N_ELEMENTS(schemas); i++) {
        json_write_key(json, schemas[i].name);
        json_write_raw(json, schemas[i].text);
    }
    write_ledgers(context, json);
    json_write_end_object(json);
}

/* ---- the document ---------------------------------------------------------------------------- */

static void write_components(const WebContext *context, JsonWriter *json)
{
    json_write_key(json, "components");
    json_write_begin_object(json);
    json_write_key(json, "securitySchemes");
    json_write_raw(json, "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}");
    json_write_key(json, "parameters");
    json_write_raw(json, "{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
                         "\"required\":false,\"schema\":{\"type\":\"string\",\"maxLength\":200}}}");
    json_write_key(json, "responses");
    json_write_begin_object(json);
    json_write_key(json, "Error");
    json_write_begin_object(json);
    json_write_key_text(json, "description", web_tr(context, N_("what went wrong")));
    write_content(json, "application/json", "Error");
    json_write_end_object(json);
    json_write_end_object(json);
    write_schemas(context, json);
    json_write_end_object(json);
}

void web_openapi_write(const WebContext *context, JsonWriter *json)
{
    g_autofree char *server = g_strconcat(context->html.base, WEB_API, NULL);
    json_write_begin_object(json);
    json_write_key_text(json, "openapi", "3.1.0");
    json_write_key(json, "info");
    json_write_begin_object(json);
    json_write_key_text(json, "title", office_name(context->office));
    json_write_key_text(json, "version", SHUZHI_VERSION);
    json_write_end_object(json);
    json_write_key(json, "servers");
    json_write_begin_array(json);
    json_write_begin_object(json);
    json_write_key_text(json, "url", server);
    json_write_end_object(json);
    json_write_end_array(json);
    json_write_key(json, "security");
    json_write_raw(json, "[{\"token\":[]}]");
    write_paths(context, json);
    write_components(context, json);
    json_write_end_object(json);
}
