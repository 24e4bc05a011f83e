#include "web/openapi.h"

#include "base/message.h"
#include "ledger/write.h"
#include "web/api.h"
#include "web/list.h"

/* One line an operation. */
/* clang-format off */
const WebOperation web_operations[] = {
    {HTTP_GET,  "/ledgers",                                          "listLedgers",      N_("The ledgers of the office"), "", NULL, "Ledgers", 200, false},
    {HTTP_GET,  "/ledgers/{ledger}",                                 "getLedger",        N_("A ledger: its fields, states, steps and evidence"), "", NULL, "Ledger", 200, false},
    {HTTP_GET,  "/ledgers/{ledger}/entries",                         "listEntries",      N_("Entries of a ledger, filtered, page by page"), WEB_LIST_FILTERS " after limit", NULL, "Entries", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/entries",                         "addEntry",         N_("Record an entry"), "", "NewEntry", "Entry", 201, true},
    {HTTP_GET,  "/ledgers/{ledger}/nothing",                         "listNothing",      N_("Statements that there was nothing to record"), "after limit", NULL, "Statements", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/nothing",                         "addNothing",       N_("State that in a period there was nothing to record"), "", "NewStatement", "Statement", 201, true},
    {HTTP_POST, "/ledgers/{ledger}/nothing/{statement}/removal",     "removeNothing",    N_("Take such a statement back"), "", "Why", "Done", 200, true},
    {HTTP_GET,  "/ledgers/{ledger}/imports",                         "listImports",      N_("Imports that were made, the newest first"), "after limit", NULL, "Imports", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/imports",                         "addImport",        N_("Send a spreadsheet, as the body or as a form: it is checked, and nothing is written yet"), "name year", "File", "Upload", 201, false},
    {HTTP_GET,  "/ledgers/{ledger}/imports/{import}",                "getImport",        N_("How such a file stands: what is which column, which rows are bad"), "", NULL, "Upload", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/imports/{import}/check",          "checkImport",      N_("Check it anew, with another mapping, values for all rows, meanings, sheet, header or year"), "", "Check", "Upload", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/imports/{import}/commit",         "commitImport",     N_("Import its rows"), "", "Commit", "Upload", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/imports/{import}/discard",        "discardImport",    N_("Throw the file away"), "", "Nothing", "Done", 200, false},
    {HTTP_POST, "/ledgers/{ledger}/imports/{batch}/undo",            "undoImport",       N_("Take a whole batch back; asks for the own password"), "", "Undo", "Import", 200, false},
    {HTTP_GET,  "/search",                                           "searchEntries",    N_("Entries of all ledgers that have the words, page by page"), "q after limit", NULL, "Found", 200, false},
    {HTTP_GET,  "/entries/{number}",                                 "getEntry",         N_("An entry: fields, steps, files, where it is used"), "personal", NULL, "Entry", 200, false},
    {HTTP_GET,  "/entries/{number}/history",                         "getHistory",       N_("What happened to an entry, field by field"), "personal", NULL, "History", 200, false},
    {HTTP_GET,  "/entries/{number}/files/{file}",                    "getFile",          N_("A file of an entry"), "", NULL, NULL, 200, false},
    {HTTP_POST, "/entries/{number}/changes",                         "changeEntry",      N_("Correct fields of the version that was seen"), "", "Change", "Entry", 200, true},
    {HTTP_POST, "/entries/{number}/steps",                           "doStep",           N_("Do a step"), "", "Step", "Entry", 200, true},
    {HTTP_POST, "/entries/{number}/comments",                        "addComment",       N_("Say something about an entry"), "", "Comment", "Entry", 201, true},
    {HTTP_POST, "/entries/{number}/files",                           "addFile",          N_("Attach a file as the body, or several as a form; of several, those that can be kept"), "field name", "File", "Entry", 201, false, true},
    {HTTP_POST, "/entries/{number}/files/{file}/detachment",         "detachFile",       N_("Take a file away from an entry"), "", "Detachment", "Entry", 200, true},
    {HTTP_POST, "/entries/{number}/deletion",                        "deleteEntry",      N_("Take an entry out of the books"), "", "Deletion", "Entry", 200, true},
    {HTTP_GET,  "/drafts",                                           "listDrafts",       N_("One's own drafts"), "after limit", NULL, "Drafts", 200, false},
    {HTTP_POST, "/drafts",                                           "addDraft",         N_("Keep a draft, of a new entry or of one that is named"), "", "NewDraft", "Draft", 201, false},
    {HTTP_GET,  "/drafts/{draft}",                                   "getDraft",         N_("A draft with what was typed"), "", NULL, "Draft", 200, false},
    {HTTP_POST, "/drafts/{draft}",                                   "changeDraft",      N_("Put other texts into a draft"), "", "DraftFields", "Draft", 200, false},
    {HTTP_POST, "/drafts/{draft}/discard",                           "discardDraft",     N_("Throw a draft away"), "", "Nothing", "Done", 200, false},
    {HTTP_GET,  "/views",                                            "listViews",        N_("Lists that are kept under a name, one's own and the office's"), "ledger after limit", NULL, "Views", 200, false},
    {HTTP_POST, "/views",                                            "addView",          N_("Keep a list under a name"), "", "NewView", "View", 201, false},
    {HTTP_POST, "/views/{sort}/{view}/name",                         "renameView",       N_("Give a view another name"), "", "Name", "View", 200, true},
    {HTTP_POST, "/views/{sort}/{view}/deletion",                     "deleteView",       N_("Throw a view away"), "", "Nothing", "Done", 200, true},
    {HTTP_GET,  "/measures",                                         "listMeasures",     N_("The measures of the office"), "", NULL, "Measures", 200, false},
    {HTTP_GET,  "/figures/{measure}",                                "getFigure",        N_("A measure evaluated for a period, with what it counts"), "period cutoff known", NULL, "Figure", 200, false},
    {HTTP_GET,  "/reports/{report}",                                 "getReport",        N_("A report of a period, with its figures"), "period", NULL, "Report", 200, false},
    {HTTP_GET,  "/units",                                            "listUnits",        N_("The units on a day"), "date", NULL, "Units", 200, false},
    {HTTP_POST, "/units",                                            "addUnit",          N_("Open a unit"), "", "NewUnit", "Unit", 201, true},
    {HTTP_GET,  "/units/{unit}",                                     "getUnit",          N_("A unit"), "", NULL, "Unit", 200, false},
    {HTTP_POST, "/units/{unit}/changes",                             "changeUnit",       N_("Correct a unit: what is not named stays"), "", "UnitChange", "Unit", 200, true},
    {HTTP_POST, "/units/{unit}/closing",                             "closeUnit",        N_("Close a unit"), "", "Closing", "Unit", 200, true},
    {HTTP_GET,  "/people",                                           "listPeople",       N_("The people on a day, with their posts"), "date", NULL, "People", 200, false},
    {HTTP_POST, "/people",                                           "addPerson",        N_("Put a person on the roster"), "", "NewPerson", "Person", 201, true},
    {HTTP_GET,  "/people/{person}",                                  "getPerson",        N_("A person, with all posts there ever were"), "", NULL, "Person", 200, false},
    {HTTP_POST, "/people/{person}/changes",                          "changePerson",     N_("Change a person: what is not named stays"), "", "PersonChange", "Person", 200, true},
    {HTTP_POST, "/people/{person}/posts",                            "addPost",          N_("Give a person a post; roles ask for the own password"), "", "NewPost", "Person", 201, true},
    {HTTP_POST, "/posts/{post}/changes",                             "changePost",       N_("Correct a post: what is not named stays"), "", "PostChange", "Person", 200, true},
    {HTTP_POST, "/posts/{post}/end",                                 "endPost",          N_("End a post"), "", "PostEnd", "Person", 200, true},
    {HTTP_GET,  "/log",                                              "listEvents",       N_("Events of the log, in order"), "after limit", NULL, "Events", 200, false},
    {HTTP_GET,  "/log/{seq}/proof",                                  "getProof",         N_("The proof that an event is in the signed log"), "", NULL, "Proof", 200, false},
    {HTTP_GET,  "/checkpoint",                                       "getCheckpoint",    N_("The newest signed checkpoint, as a file"), "", NULL, "Note", 200, false},
    {HTTP_GET,  "/verifications",                                    "listVerifications", N_("Verifications that were made, the newest first"), "after limit", NULL, "Verifications", 200, false},
    {HTTP_GET,  "/verification",                                     "getVerification",  N_("The last verdict, and how far the one under way is"), "", NULL, "VerificationState", 200, false},
    {HTTP_POST, "/verification",                                     "verify",           N_("Verify the office now"), "", "Nothing", "VerificationState", 200, false},
    {HTTP_GET,  "/accounts",                                         "listAccounts",     N_("The accounts"), "after limit", NULL, "Accounts", 200, false},
    {HTTP_POST, "/accounts",                                         "addAccount",       N_("Make an account; asks for the own password"), "", "NewAccount", "Account", 201, true},
    {HTTP_POST, "/accounts/{account}/activation",                    "activateAccount",  N_("Activate an account; asks for the own password"), "", "Own", "Account", 200, true},
    {HTTP_POST, "/accounts/{account}/lock",                          "lockAccount",      N_("Lock an account; asks for the own password"), "", "Own", "Account", 200, true},
    {HTTP_POST, "/accounts/{account}/reset",                         "resetAccount",     N_("Set a password, forget the second factor; asks for the own password"), "", "Reset", "Account", 200, false},
    {HTTP_GET,  "/tokens",                                           "listTokens",       N_("Tokens of programs: one's own, or all for who may see the accounts"), "after limit", NULL, "Tokens", 200, false},
    {HTTP_POST, "/tokens/{token}/end",                               "endToken",         N_("End a token"), "", "Nothing", "Done", 200, true},
    {HTTP_GET,  "/settings",                                         "getSettings",      N_("The settings of the office"), "", NULL, "Settings", 200, false},
    {HTTP_POST, "/settings",                                         "changeSettings",   N_("Change settings: what is not named stays; asks for the own password"), "", "SettingsChange", "Settings", 200, false},
    {HTTP_GET,  "/openapi.json",                                     "getDescription",   N_("This description"), "", NULL, "Object", 200, false},
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
    {"import", "string", N_("id of the file that was sent")},
    {"batch", "integer", N_("number of the batch")},
    {"statement", "integer", N_("id of the statement")},
    {"draft", "integer", N_("id of the draft")},
    {"sort", "string",
     N_("recorded, opened, due, state, or a field that the ledger lists; of a view: own or "
        "office")},
    {"view", "integer", N_("id of the view")},
    {"unit", "integer", N_("id of a unit; of entries, with those of units below it")},
    {"person", "integer", N_("id of the person")},
    {"post", "integer", N_("id of the post")},
    {"account", "integer", N_("id of the account")},
    {"token", "integer", N_("id of the token")},
    {"due", "string",
     N_("how the deadline stands: late, soon, later, running, in-time or done-late")},
    {"mine", "integer", N_("1: what one recorded or is named in")},
    {"from", "string", N_("first day of `date`, 2023-05-06")},
    {"until", "string", N_("last day of `date`")},
    {"f-*", "string", N_("f-NAME: a choice of the field NAME that the ledger lists")},
    {"year", "integer", N_("the year of dates written without one")},
    {"where", "string", N_("a condition, such as: state = received and channel = hotline")},
    {"q", "string", N_("words, each in the number or a text that is not personal")},
    {"state", "string", N_("name of a state")},
    {"desc", "integer", N_("1: the greatest first")},
    {"after", "string", N_("what the answer before said is next")},
    {"limit", "integer", N_("at most so many, 1 to 200; 50 unless given")},
    {"personal", "integer", N_("1: personal fields too; the log notes the look")},
    {"field", "string", N_("field or evidence rule that the file proves")},
    {"name", "string", N_("name of the file")},
    {"period", "string", N_("2023, 2023Q1 or 2023-05; the year being reported unless given")},
    {"cutoff", "string", N_("only what had happened by the end of this day")},
    {"known", "string", N_("only what had been recorded by the end of this day")},
    {"date", "string",
     N_("the day, 2023-05-06, today unless given; of entries: the date that `from` and `until` are "
        "about, opened unless given")},
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

static void write_named(JsonWriter *json, const char *name, const char *place, const char *words,
                        const char *type)
{
    json_write_begin_object(json);
    json_write_key_text(json, "name", name);
    json_write_key_text(json, "in", place);
    json_write_key_bool(json, "required", g_str_equal(place, "path"));
    json_write_key_text(json, "description", words);
    json_write_key(json, "schema");
    json_write_begin_object(json);
    json_write_key_text(json, "type", type);
    json_write_end_object(json);
    json_write_end_object(json);
}

static void write_parameter(const WebContext *context, JsonWriter *json, const char *name,
                            const char *place)
{
    size_t i = find_parameter(name);
    write_named(json, parameters[i].name, place, web_tr(context, parameters[i].words),
                parameters[i].type);
}

/* One for each choice field that some ledger lists. */
static void write_choice_parameters(const WebContext *context, JsonWriter *json)
{
    const GPtrArray *ledgers = office_schema(context->office)->ledgers;
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < ledgers->len; i++) {
        const GPtrArray *list = ((const SchemaLedger *)g_ptr_array_index(ledgers, i))->list;
        for (guint k = 0; k < list->len; k++) {
            const SchemaField *field = g_ptr_array_index(list, k);
            if (field->kind == SCHEMA_FIELD_CHOICE && !field->is_personal &&
                g_hash_table_add(told, field->name)) {
                g_autofree char *name = g_strconcat(WEB_FIELD_PREFIX, field->name, NULL);
                write_named(json, name, "query", web_words(context, &field->words), "string");
            }
        }
    }
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
        if (g_str_equal(queries[i], WEB_FIELD_PREFIX "*")) {
            write_choice_parameters(context, json);
        } else {
            write_parameter(context, json, queries[i], "query");
        }
    }
    if (operation->takes_key) {
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

/* Return how what has the schema @name goes over the wire. */
static const char *type_of(const char *name)
{
    return g_str_equal(name, "File")   ? "application/octet-stream"
           : g_str_equal(name, "Note") ? "text/plain; charset=utf-8"
                                       : "application/json";
}

static void write_body(JsonWriter *json, const WebOperation *operation)
{
    if (operation->body != NULL) {
        json_write_key(json, "requestBody");
        json_write_begin_object(json);
        json_write_key_bool(json, "required", true);
        write_content(json, type_of(operation->body), operation->body);
        json_write_end_object(json);
    }
}

/* Write that a refusal with @status is an Error. */
static void write_refusal(JsonWriter *json, const char *status)
{
    json_write_key(json, status);
    json_write_begin_object(json);
    json_write_key_text(json, "$ref", "#/components/responses/Error");
    json_write_end_object(json);
}

/* Write with what @operation may be refused: 400 for a parameter that it does not know, 401 for a
 * token that opens nothing, 429 for one that asks too often … */
static void write_refusals(JsonWriter *json, const WebOperation *operation)
{
    bool is_post = operation->method == HTTP_POST;
    const struct {
        const char *status;
        bool is_possible;
    } refusals[] = {
        {"400", true},
        {"401", true},
        {"403", true},
        {"404", is_post || strchr(operation->path, '{') != NULL || operation->answer == NULL ||
                    *operation->query != '\0'},
        {"409", is_post},
        {"413", is_post},
        {"415", is_post},
        {"429", true},
        {"default", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (refusals[i].is_possible) {
            write_refusal(json, refusals[i].status);
        }
    }
}

static void write_answer(JsonWriter *json, const WebOperation *operation, const char *status,
                         const char *words)
{
    json_write_key(json, status);
    json_write_begin_object(json);
    const char *answer = operation->answer != NULL ? operation->answer : "File";
    json_write_key_text(json, "description", words);
    write_content(json, type_of(answer), answer);
    json_write_end_object(json);
}

static void write_answers(const WebContext *context, JsonWriter *json,
                          const WebOperation *operation)
{
    json_write_key(json, "responses");
    json_write_begin_object(json);
    write_answer(json, operation, operation->status == 201 ? "201" : "200",
                 web_tr(context, N_("done")));
    if (operation->is_in_parts) {
        write_answer(json, operation, G_STRINGIFY(WEB_STATUS_IN_PART),
                     web_tr(context, N_("done in part; the answer says of each part why not")));
    }
    write_refusals(json, operation);
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
#define COMMENT_TEXT "{\"type\":\"string\",\"maxLength\":" G_STRINGIFY(LEDGER_COMMENT_MAX_CHARS) "}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define TEXTS ARRAY(TEXT)
#define TEXTS_BY_NAME "{\"type\":\"object\",\"additionalProperties\":" TEXT_OR_NULL "}"
#define WHOLE "{\"type\":\"integer\"}"
#define NUMBER_OR_NULL "{\"type\":[\"number\",\"null\"]}"
#define YES "{\"type\":\"boolean\"}"
#define ANY_OBJECT "{\"type\":\"object\"}"
#define ID_OR_NAME "{\"type\":[\"integer\",\"string\",\"null\"]}"
#define WHOLE_OR_NULL "{\"type\":[\"integer\",\"null\"]}"
#define MEMBER(name, schema) "\"" name "\":" schema
#define OBJECT_WITH(required, members) \
    "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" members "}}"
#define BODY(required, members)                                                   \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required \
    "],\"properties\":{" members "}}"
#define LIST(member, item) OBJECT_WITH("\"" member "\"", MEMBER(member, ARRAY_OF(item)))
#define PAGED(member, item)                \
    OBJECT_WITH("\"" member "\",\"next\"", \
                MEMBER(member, ARRAY_OF(item)) "," MEMBER("next", TEXT_OR_NULL))
/* the own password once more, and the code of a second factor where no session stands behind */
#define OWN MEMBER("own", TEXT) "," MEMBER("code", TEXT)
#define UNIT                                                              \
    MEMBER("name", TEXT)                                                  \
    "," MEMBER("kind", TEXT) "," MEMBER("parent", ID_OR_NAME) "," MEMBER( \
        "since", TEXT_OR_NULL) "," MEMBER("until", TEXT_OR_NULL)
#define PERSON                                                                      \
    MEMBER("name", TEXT)                                                            \
    "," MEMBER("party", TEXT_OR_NULL) "," MEMBER("level", TEXT_OR_NULL) "," MEMBER( \
        "since", TEXT_OR_NULL) "," MEMBER("until", TEXT_OR_NULL)
#define POST                                                               \
    MEMBER("unit", ID_OR_NAME)                                             \
    "," MEMBER("role", TEXT) "," MEMBER("title", TEXT_OR_NULL) "," MEMBER( \
        "since", TEXT_OR_NULL) "," MEMBER("until", TEXT_OR_NULL) "," OWN
#define SETTINGS                                                               \
    MEMBER("name", TEXT)                                                       \
    "," MEMBER("language", TEXT) "," MEMBER("idle_minutes", WHOLE) "," MEMBER( \
        "administrator_idle_minutes",                                          \
        WHOLE) "," MEMBER("password_chars",                                    \
                          WHOLE) "," MEMBER("factor", TEXT) "," MEMBER("password_classes", WHOLE)
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
    {"Note", TEXT},
    {"Words", OBJECT_WITH("\"zh\",\"en\"", MEMBER("zh", TEXT) "," MEMBER("en", TEXT_OR_NULL))},
    {"Period", OBJECT_WITH("\"from\",\"to\"", MEMBER("from", TEXT) "," MEMBER("to", TEXT))},

    {"NewEntry", BODY("\"fields\"", MEMBER("fields", REF("Fields")))},
    {"Change", BODY("\"version\",\"fields\"",
                    MEMBER("version", WHOLE) "," MEMBER("fields", REF("Fields")) "," MEMBER("why", TEXT))},
    {"Step", BODY("\"step\"", MEMBER("step", TEXT) "," MEMBER("happened", TEXT) ","
                              MEMBER("version", WHOLE) "," MEMBER("fields", REF("Fields")))},
    {"Comment", BODY("\"text\"", MEMBER("text", COMMENT_TEXT))},
    {"Detachment", BODY("\"field\",\"why\"", MEMBER("field", TEXT) "," MEMBER("why", TEXT))},
    {"Nothing", BODY("", "")},
    {"Why", BODY("\"why\"", MEMBER("why", TEXT))},
    {"Name", BODY("\"name\"", MEMBER("name", TEXT))},
    {"NewStatement", BODY("\"period\"", MEMBER("period", TEXT))},
    {"Check", BODY("", MEMBER("mapping", TEXTS_BY_NAME) "," MEMBER("set", TEXTS_BY_NAME) ","
                       MEMBER("values", "{\"type\":\"object\",\"additionalProperties\":" TEXTS_BY_NAME "}") ","
                       MEMBER("sheet", TEXT) "," MEMBER("header", WHOLE) "," MEMBER("year", WHOLE))},
    {"Commit", BODY("", MEMBER("skip_bad", YES) "," MEMBER("again", YES) "," MEMBER("new", YES))},
    {"Undo", BODY("\"own\"", MEMBER("force", YES) "," MEMBER("why", TEXT) "," OWN)},
    {"NewDraft", BODY("", MEMBER("ledger", TEXT) "," MEMBER("number", TEXT) ","
                          MEMBER("version", WHOLE) "," MEMBER("why", TEXT) "," MEMBER("fields", ANY_OBJECT))},
    {"DraftFields", BODY("", MEMBER("why", TEXT) "," MEMBER("fields", ANY_OBJECT))},
    {"NewView", BODY("\"ledger\",\"name\",\"query\"",
                     MEMBER("ledger", TEXT) "," MEMBER("name", TEXT) "," MEMBER("query", TEXT) ","
                     MEMBER("shared", YES))},
    {"NewUnit", BODY("\"name\"", UNIT)},
    {"UnitChange", BODY("", UNIT)},
    {"Closing", BODY("", MEMBER("until", TEXT) "," MEMBER("sure", YES))},
    {"NewPerson", BODY("\"name\"", PERSON)},
    {"PersonChange", BODY("", PERSON)},
    {"NewPost", BODY("\"unit\"", POST)},
    {"PostChange", BODY("", POST)},
    {"PostEnd", BODY("", MEMBER("until", TEXT) "," OWN)},
    {"Own", BODY("\"own\"", OWN)},
    {"NewAccount", BODY("\"name\",\"password\",\"own\"",
                        MEMBER("name", TEXT) "," MEMBER("person", ID_OR_NAME) ","
                        MEMBER("administrator", TEXT) "," MEMBER("until", TEXT_OR_NULL) ","
                        MEMBER("password", TEXT) "," OWN)},
    {"Reset", BODY("\"password\",\"own\"", MEMBER("password", TEXT) "," OWN)},
    {"SettingsChange", BODY("\"own\"", SETTINGS "," OWN)},
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

    {"Entries", PAGED("entries", "Entry")},
    {"Found", PAGED("found", "FoundEntry")},
    {"FoundEntry", OBJECT_WITH("\"ledger\",\"number\",\"title\",\"state\",\"opened\",\"field\",\"place\"",
                               MEMBER("ledger", TEXT) "," MEMBER("number", TEXT) "," MEMBER("title", TEXT) ","
                               MEMBER("state", TEXT) "," MEMBER("opened", TEXT_OR_NULL) ","
                               MEMBER("field", TEXT_OR_NULL) "," MEMBER("place", TEXT_OR_NULL))},
    {"Statements", PAGED("statements", "Statement")},
    {"Statement", OBJECT_WITH("\"id\",\"period\",\"by\",\"at\"",
                              MEMBER("id", WHOLE) "," MEMBER("period", TEXT) "," MEMBER("by", TEXT) ","
                              MEMBER("at", TEXT))},
    {"Done", OBJECT_WITH("\"done\"", MEMBER("done", YES))},
    {"Imports", PAGED("imports", "Import")},
    {"Import", OBJECT_WITH("\"id\",\"file\",\"sha256\",\"rows\",\"state\"",
                           MEMBER("id", WHOLE) "," MEMBER("file", TEXT) "," MEMBER("sha256", TEXT) ","
                           MEMBER("rows", WHOLE) "," MEMBER("state", TEXT))},
    {"UploadColumn", OBJECT_WITH("\"header\",\"target\",\"why\"",
                                 MEMBER("header", TEXT) "," MEMBER("target", TEXT_OR_NULL) ","
                                 MEMBER("why", TEXT_OR_NULL))},
    {"UploadFault", OBJECT_WITH("\"row\",\"column\",\"reason\"",
                                MEMBER("row", WHOLE) "," MEMBER("column", TEXT_OR_NULL) ","
                                MEMBER("reason", TEXT))},
    {"UploadKnown", OBJECT_WITH("\"row\",\"number\",\"differs\"",
                                MEMBER("row", WHOLE) "," MEMBER("number", TEXT_OR_NULL) ","
                                MEMBER("differs", YES))},
    {"Upload", OBJECT_WITH("\"id\",\"ledger\",\"file\",\"state\",\"n_done\",\"n_total\",\"fault\",\"batch\",\"year\"",
                           MEMBER("id", TEXT) "," MEMBER("ledger", TEXT) "," MEMBER("file", TEXT) ","
                           MEMBER("state", TEXT) "," MEMBER("n_done", WHOLE) "," MEMBER("n_total", WHOLE) ","
                           MEMBER("fault", TEXT_OR_NULL) "," MEMBER("batch", WHOLE_OR_NULL) ","
                           MEMBER("year", WHOLE_OR_NULL) "," MEMBER("sheet", TEXT_OR_NULL) ","
                           MEMBER("sheets", TEXTS) "," MEMBER("header", WHOLE) ","
                           MEMBER("header_known", YES) "," MEMBER("columns", ARRAY_OF("UploadColumn")) ","
                           MEMBER("unfilled", TEXTS) "," MEMBER("values", ARRAY_OF("UploadValue")) ","
                           MEMBER("n_values_left", WHOLE) ","
                           MEMBER("n_rows", WHOLE) "," MEMBER("n_bad", WHOLE) ","
                           MEMBER("faults", ARRAY_OF("UploadFault")) "," MEMBER("n_faults", WHOLE) ","
                           MEMBER("known", ARRAY_OF("UploadKnown")) "," MEMBER("n_known", WHOLE) ","
                           MEMBER("n_above", WHOLE) "," MEMBER("n_lost", WHOLE) ","
                           MEMBER("n_asides", WHOLE) "," MEMBER("seen_before", YES) ","
                           MEMBER("erased_before", YES))},
    {"UploadValue", OBJECT_WITH("\"header\",\"text\",\"n_rows\",\"name\",\"guess\"",
                                MEMBER("header", TEXT) "," MEMBER("text", TEXT) ","
                                MEMBER("n_rows", WHOLE) "," MEMBER("name", TEXT_OR_NULL) ","
                                MEMBER("guess", TEXT_OR_NULL))},
    {"Drafts", PAGED("drafts", "DraftLine")},
    {"DraftLine", OBJECT_WITH("\"id\",\"ledger\",\"number\",\"title\",\"changed\"",
                              MEMBER("id", WHOLE) "," MEMBER("ledger", TEXT) ","
                              MEMBER("number", TEXT_OR_NULL) "," MEMBER("title", TEXT) ","
                              MEMBER("changed", TEXT))},
    {"Draft", OBJECT_WITH("\"id\",\"ledger\",\"number\",\"version\",\"changed\",\"why\",\"fields\"",
                          MEMBER("id", WHOLE) "," MEMBER("ledger", TEXT) "," MEMBER("number", TEXT_OR_NULL) ","
                          MEMBER("version", WHOLE) "," MEMBER("changed", TEXT) "," MEMBER("why", TEXT_OR_NULL) ","
                          MEMBER("fields", ANY_OBJECT))},
    {"Views", PAGED("views", "View")},
    {"View", OBJECT_WITH("\"id\",\"shared\",\"ledger\",\"name\",\"query\"",
                         MEMBER("id", WHOLE) "," MEMBER("shared", YES) "," MEMBER("ledger", TEXT) ","
                         MEMBER("name", TEXT) "," MEMBER("query", TEXT))},
    {"StepDone", OBJECT_WITH("\"step\",\"from\",\"to\",\"happened\",\"recorded\",\"by\",\"imported\"",
                             MEMBER("step", TEXT) "," MEMBER("from", TEXT) "," MEMBER("to", TEXT) ","
                             MEMBER("happened", TEXT) "," MEMBER("recorded", TEXT) ","
                             MEMBER("by", TEXT) "," MEMBER("imported", YES))},
    {"Attached", OBJECT_WITH("\"id\",\"field\",\"name\",\"sha256\",\"size\"",
                             MEMBER("id", WHOLE) "," MEMBER("field", TEXT) "," MEMBER("name", TEXT) ","
                             MEMBER("sha256", TEXT) "," MEMBER("size", WHOLE))},
    {"SentFile", OBJECT_WITH("\"field\",\"name\"",
                             MEMBER("field", TEXT) "," MEMBER("name", TEXT) "," MEMBER("id", WHOLE) ","
                             MEMBER("kept_as", TEXT) "," MEMBER("known", YES) ","
                             MEMBER("code", TEXT) "," MEMBER("message", TEXT))},
    {"Use", OBJECT_WITH("\"ledger\",\"number\",\"field\",\"title\"",
                        MEMBER("ledger", TEXT) "," MEMBER("number", TEXT) "," MEMBER("field", TEXT) ","
                        MEMBER("title", TEXT))},
    {"Entry", OBJECT_WITH("\"number\",\"ledger\",\"id\",\"version\",\"gone\"",
                          MEMBER("number", TEXT) "," MEMBER("ledger", TEXT) "," MEMBER("id", WHOLE) ","
                          MEMBER("version", WHOLE) "," MEMBER("gone", TEXT_OR_NULL) ","
                          MEMBER("title", TEXT) "," MEMBER("state", TEXT) ","
                          MEMBER("unit", TEXT_OR_NULL) "," MEMBER("owner", TEXT) ","
                          MEMBER("opened", TEXT_OR_NULL) "," MEMBER("due", TEXT_OR_NULL) ","
                          MEMBER("due_first", TEXT_OR_NULL) ","
                          MEMBER("due_provisional", YES) "," MEMBER("stopped", TEXT_OR_NULL) ","
                          MEMBER("recorded", TEXT_OR_NULL) "," MEMBER("changed", TEXT_OR_NULL) ","
                          MEMBER("fields", ANY_OBJECT) "," MEMBER("extra", ANY_OBJECT) ","
                          MEMBER("steps", ARRAY_OF("StepDone")) "," MEMBER("files", ARRAY_OF("Attached")) ","
                          MEMBER("sent", ARRAY_OF("SentFile")) ","
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
                            MEMBER("key", TEXT) "," MEMBER("group", TEXT_OR_NULL) "," MEMBER("amount", NUMBER_OR_NULL) ","
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
    {"Post", OBJECT_WITH("\"id\",\"unit\",\"role\",\"title\",\"since\",\"until\"",
                         MEMBER("id", WHOLE) "," MEMBER("unit", TEXT) "," MEMBER("role", TEXT) ","
                         MEMBER("title", TEXT_OR_NULL) "," MEMBER("since", TEXT_OR_NULL) ","
                         MEMBER("until", TEXT_OR_NULL))},
    {"Person", OBJECT_WITH("\"id\",\"name\",\"since\",\"until\",\"posts\"",
                           MEMBER("id", WHOLE) "," MEMBER("name", TEXT) ","
                           MEMBER("party", TEXT_OR_NULL) "," MEMBER("level", TEXT_OR_NULL) ","
                           MEMBER("since", TEXT_OR_NULL) "," MEMBER("until", TEXT_OR_NULL) ","
                           MEMBER("posts", ARRAY_OF("Post")))},

    {"Verifications", PAGED("verifications", "Verification")},
    {"Verification", OBJECT_WITH("\"id\",\"at\",\"who\",\"verdict\",\"events\",\"signed\",\"rows\",\"findings\"",
                                 MEMBER("id", WHOLE) "," MEMBER("at", TEXT) "," MEMBER("who", TEXT) ","
                                 MEMBER("verdict", TEXT) "," MEMBER("events", WHOLE) ","
                                 MEMBER("signed", WHOLE) "," MEMBER("rows", WHOLE) ","
                                 MEMBER("findings", WHOLE))},
    {"VerificationState", OBJECT_WITH("\"running\",\"n_done\",\"n_total\",\"last\",\"findings\",\"fault\",\"unsigned\"",
                                      MEMBER("running", YES) "," MEMBER("n_done", WHOLE) ","
                                      MEMBER("n_total", WHOLE) ","
                                      MEMBER("last", "{\"oneOf\":[" REF("Verification") ",{\"type\":\"null\"}]}") ","
                                      MEMBER("findings", TEXTS) "," MEMBER("fault", TEXT_OR_NULL) ","
                                      MEMBER("unsigned", TEXT_OR_NULL))},
    {"Accounts", PAGED("accounts", "Account")},
    {"Account", OBJECT_WITH("\"id\",\"name\",\"who\",\"roles\",\"state\",\"until\"",
                            MEMBER("id", WHOLE) "," MEMBER("name", TEXT) "," MEMBER("who", TEXT_OR_NULL) ","
                            MEMBER("roles", TEXT) "," MEMBER("state", TEXT) "," MEMBER("until", TEXT_OR_NULL))},
    {"Tokens", PAGED("tokens", "Token")},
    {"Token", OBJECT_WITH("\"id\",\"who\",\"name\",\"write\",\"since\",\"until\",\"used\"",
                          MEMBER("id", WHOLE) "," MEMBER("who", TEXT) "," MEMBER("name", TEXT) ","
                          MEMBER("write", YES) "," MEMBER("since", TEXT) "," MEMBER("until", TEXT) ","
                          MEMBER("used", TEXT_OR_NULL))},
    {"Settings", OBJECT_WITH("\"name\",\"language\",\"factor\",\"office\",\"key\",\"events\",\"signed\"",
                             SETTINGS "," MEMBER("pack", TEXT) "," MEMBER("pack_version", TEXT) ","
                             MEMBER("office", TEXT) "," MEMBER("key", TEXT) "," MEMBER("events", WHOLE) ","
                             MEMBER("signed", WHOLE))},

    {"Event", OBJECT_WITH("\"seq\",\"line\"", MEMBER("seq", WHOLE) "," MEMBER("line", TEXT))},
    {"Events", OBJECT_WITH("\"size\",\"root\",\"checkpoint\",\"key\",\"events\",\"next\"",
                           MEMBER("size", WHOLE) "," MEMBER("root", TEXT) ","
                           MEMBER("checkpoint", TEXT_OR_NULL) "," MEMBER("key", TEXT) ","
                           MEMBER("events", ARRAY_OF("Event")) ","
                           MEMBER("next", TEXT_OR_NULL))},
    {"Proof", OBJECT_WITH("\"seq\",\"event\",\"proof\"",
                          MEMBER("seq", WHOLE) "," MEMBER("event", TEXT) "," MEMBER("proof", TEXT))},
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
