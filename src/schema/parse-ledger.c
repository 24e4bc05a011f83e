#include "schema/parse.h"

#include "base/text.h"
#include "schema/counted.h"
#include "schema/number.h"

#define MAX_DECIMALS 6
#define MAX_TEXT_CHARS 200
#define MAX_LONG_CHARS 100000
#define TABLE_MAX_BYTES 48 /* of the name of a table in the store */

/* Names that no field may have beside those of the system: columns of every table. */
static const char *const reserved_columns[] = {"id", "entry", "entry_id", "row", "version", NULL};

/* Names that no ledger may have: words of `of:`. */
static const char *const reserved_ledgers[] = {"units", "people", "months", "quarters",
                                               "steps", "rows",   "entry",  NULL};

/* What one ledger's parsing shares. */
typedef struct LedgerParser {
    SchemaLoader *loader;
    SchemaProblems *problems;
    SchemaLedger *ledger;
    GHashTable *nodes; /* object to the SchemaNode of its name, borrowed both */
    GPtrArray *not_by; /* of SchemaNode, borrowed: `not_by` of each step, or NULL */
} LedgerParser;

static SchemaPlace place_of(const LedgerParser *parser, const void *object)
{
    return ((const SchemaNode *)g_hash_table_lookup(parser->nodes, object))->place;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static void parse_fields(LedgerParser *parser, const SchemaNode *node, SchemaField *rows);

static bool is_in(SchemaFieldKind kind, uint32_t kinds)
{
    return (kinds & (UINT32_C(1) << kind)) != 0;
}

/* Read "text 标题 | title!" of @node into @field. */
static void parse_short_field(LedgerParser *parser, const SchemaNode *node, SchemaField *field)
{
    size_t n_kind = strcspn(node->text, " \t\xe3"); /* a blank, or the lead byte of U+3000 */
    g_autofree char *kind = g_strndup(node->text, n_kind);
    g_autofree char *words = text_strip_dup(node->text + n_kind);
    const char *const *kinds = schema_field_kind_names();
    int found = schema_value_index(kinds, kind);
    if (found < 0) {
        schema_problems_add_unknown(parser->problems, node->place, SCHEMA_NOUN_VALUE, kind, kinds);
        return;
    }
    field->kind = (SchemaFieldKind)found;
    bool is_marked = g_str_has_suffix(words, "!") || g_str_has_suffix(words, "！");
    field->is_required = is_marked;
    if (is_marked) {
        *g_utf8_prev_char(words + strlen(words)) = '\0';
    }
    field->words = schema_split_words(words);
    if (*field->words.zh == '\0') {
        schema_problems_add(parser->problems, node->place,
                            N_("a field needs its kind and its name, as in 'text 标题'"));
    }
}

/* Tell of keys in @parts that do not belong to the kind of @field. */
static void check_kind_keys(LedgerParser *parser, const SchemaParts *parts,
                            const SchemaField *field)
{
    for (SchemaKey key = 0; key < SCHEMA_N_KEYS; key++) {
        const SchemaKeyInfo *info = schema_key_info(key);
        if (parts->at[key] != NULL && info->field_kinds != 0 &&
            !is_in(field->kind, info->field_kinds)) {
            schema_problems_add(parser->problems, parts->at[key]->place,
                                N_("'%s' does not belong to a field of kind '%s'"), info->name,
                                schema_kind_info(field->kind)->name);
        }
    }
}

/* Read `min` or `max` of @field. */
static int64_t parse_bound(LedgerParser *parser, const SchemaNode *node, const SchemaField *field,
                           int64_t fallback)
{
    int64_t bound = fallback;
    if (node != NULL && !text_parse_decimal(node->text, field->decimals, &bound)) {
        schema_problems_add(parser->problems, node->place,
                            N_("%s has more than %d {digit|digits} after the point"), node->text,
                            field->decimals);
    }
    return bound;
}

static void parse_number_field(LedgerParser *parser, const SchemaParts *parts, SchemaField *field)
{
    const SchemaNode *decimals = parts->at[SCHEMA_KEY_FIELD_DECIMALS];
    field->decimals = field->kind == SCHEMA_FIELD_MONEY ? 2 : schema_read_integer(decimals, 0);
    if (field->decimals > MAX_DECIMALS) {
        schema_problems_add(parser->problems, decimals->place, N_("at most %d {decimal|decimals}"),
                            MAX_DECIMALS);
        field->decimals = MAX_DECIMALS;
    }
    field->min = parse_bound(parser, parts->at[SCHEMA_KEY_FIELD_MIN], field, INT64_MIN);
    field->max = parse_bound(parser, parts->at[SCHEMA_KEY_FIELD_MAX], field, INT64_MAX);
    if (field->min > field->max) {
        schema_problems_add(parser->problems, parts->at[SCHEMA_KEY_FIELD_MIN]->place,
                            N_("'min' is greater than 'max'"));
    }
}

static void parse_text_field(LedgerParser *parser, const SchemaNode *chars, SchemaField *field)
{
    int most = field->kind == SCHEMA_FIELD_LONG ? MAX_LONG_CHARS : MAX_TEXT_CHARS;
    field->max_chars = schema_read_integer(chars, most);
    if (field->max_chars < 1 || field->max_chars > most) {
        schema_problems_add(parser->problems, chars->place,
                            N_("'chars' of a field of kind '%s' is from 1 to %d"),
                            schema_kind_info(field->kind)->name, most);
        field->max_chars = most;
    }
}

/* Read `of` of a choice, choices or entry field. */
static void parse_of(LedgerParser *parser, const SchemaParts *parts, SchemaField *field)
{
    const SchemaNode *of = parts->at[SCHEMA_KEY_FIELD_OF];
    bool is_entry = field->kind == SCHEMA_FIELD_ENTRY;
    bool is_fit = of != NULL && (of->kind == SCHEMA_NODE_TEXT) == is_entry;
    bool is_told = of == NULL && schema_parts_has(parts, SCHEMA_KEY_FIELD_OF);
    if (!is_fit && !is_told) {
        SchemaPlace place = schema_parts_place(parts, SCHEMA_KEY_FIELD_OF);
        if (is_entry) {
            schema_problems_add(parser->problems, place,
                                N_("an entry field needs the ledger it leads to, as 'of: case'"));
        } else {
            schema_problems_add(
                parser->problems, place,
                N_("a choice needs its choices, as 'of: {phone: 电话, visit: 来访}'"));
        }
    }
    if (is_entry && is_fit) {
        field->target_name = g_strdup(of->text);
        SchemaLeading leading = {.field = field, .node = of};
        g_array_append_val(parser->loader->leading, leading);
    } else if (!is_entry) {
        field->choices =
            schema_parse_choices(parser->loader, SCHEMA_OBJECT_CHOICE, is_fit ? of : NULL);
        field->choice_names = schema_scope_names(field->choices);
    }
}

/* Read the rest of @field by its kind. */
static void parse_kind(LedgerParser *parser, const SchemaParts *parts, SchemaField *field)
{
    const SchemaNode *fields = parts->at[SCHEMA_KEY_FIELD_FIELDS];
    if (!parts->is_short) {
        check_kind_keys(parser, parts, field);
    }
    switch (field->kind) {
    case SCHEMA_FIELD_TEXT:
    case SCHEMA_FIELD_LONG:
        parse_text_field(parser, parts->at[SCHEMA_KEY_FIELD_CHARS], field);
        return;
    case SCHEMA_FIELD_NUMBER:
    case SCHEMA_FIELD_MONEY:
        parse_number_field(parser, parts, field);
        return;
    case SCHEMA_FIELD_CHOICE:
    case SCHEMA_FIELD_CHOICES:
    case SCHEMA_FIELD_ENTRY:
        parse_of(parser, parts, field);
        return;
    case SCHEMA_FIELD_ROWS:
        field->fields = g_ptr_array_new_with_free_func(schema_field_free);
        if (!schema_parts_has(parts, SCHEMA_KEY_FIELD_FIELDS)) {
            schema_problems_add(parser->problems, parts->whole->place,
                                N_("a rows field needs 'fields'"));
        }
        parse_fields(parser, fields, field);
        field->scope = schema_scope_new_rows(parser->loader->schema, field);
        return;
    case SCHEMA_FIELD_DATE:
    case SCHEMA_FIELD_TIME:
    case SCHEMA_FIELD_PERIOD:
    case SCHEMA_FIELD_BOOL:
    case SCHEMA_FIELD_UNIT:
    case SCHEMA_FIELD_PERSON:
    case SCHEMA_FIELD_PEOPLE:
    case SCHEMA_FIELD_FILE:
    case SCHEMA_FIELD_PLACE:
    case SCHEMA_FIELD_PHONE:
    case SCHEMA_FIELD_IDENTITY:
    case SCHEMA_N_FIELD_KINDS:
        return;
    }
}

static void check_field_name(LedgerParser *parser, const SchemaNode *name)
{
    if (g_strv_contains(schema_scope_system_names(), name->text) ||
        g_strv_contains(reserved_columns, name->text) || expression_is_reserved(name->text)) {
        schema_problems_add(parser->problems, name->place,
                            N_("'%s' is a name of the system; call the field otherwise"),
                            name->text);
    }
}

/* Return whether a row can hold a field of @kind: what has one value. */
static bool fits_row(SchemaFieldKind kind)
{
    return schema_kind_info(kind)->column_type != NULL;
}

/* Read everything of @field but its name. */
static void fill_field(LedgerParser *parser, const SchemaParts *parts, SchemaField *field)
{
    if (parts->is_short) {
        parse_short_field(parser, parts->whole, field);
    } else {
        const SchemaNode *kind = parts->at[SCHEMA_KEY_FIELD_IS];
        field->kind = kind != NULL ? (SchemaFieldKind)schema_value_index(schema_field_kind_names(),
                                                                         kind->text)
                                   : SCHEMA_FIELD_TEXT;
        field->words = schema_read_words(parts->at[SCHEMA_KEY_FIELD_WORDS]);
        field->is_required = schema_read_yesno(parts->at[SCHEMA_KEY_FIELD_REQUIRED], false);
        if (kind == NULL) {
            return; /* told of; nothing else can be judged */
        }
    }
    const SchemaNode *personal = parts->at[SCHEMA_KEY_FIELD_PERSONAL];
    bool is_by_nature = schema_kind_info(field->kind)->is_personal;
    field->is_personal = schema_read_yesno(personal, is_by_nature);
    if (is_by_nature && !field->is_personal) {
        schema_problems_add(parser->problems, personal->place,
                            N_("a field of kind '%s' is always personal"),
                            schema_kind_info(field->kind)->name);
    }
    field->help = schema_read_words(parts->at[SCHEMA_KEY_FIELD_HELP]);
    field->section = schema_read_words(parts->at[SCHEMA_KEY_FIELD_SECTION]);
    field->unit = schema_read_words(parts->at[SCHEMA_KEY_FIELD_UNIT]);
    g_ptr_array_unref(field->aliases);
    field->aliases = schema_parse_aliases(parts->at[SCHEMA_KEY_FIELD_ALSO]);
    parse_kind(parser, parts, field);
}

/* Read one field, a child of @rows unless that is NULL; NULL when nothing of it could be read. */
static SchemaField *parse_field(LedgerParser *parser, const SchemaNode *name,
                                const SchemaNode *node, const SchemaField *rows)
{
    SchemaParts parts;
    check_field_name(parser, name);
    if (!schema_parts_read(parser->problems, SCHEMA_OBJECT_FIELD, node, &parts)) {
        parser->loader->is_torn = true;
        return NULL;
    }
    SchemaField *field = g_new0(SchemaField, 1);
    field->name = g_strdup(name->text);
    field->ledger = parser->ledger;
    field->parent = rows;
    field->min = INT64_MIN;
    field->max = INT64_MAX;
    field->aliases = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_insert(parser->nodes, field, (gpointer)name);
    fill_field(parser, &parts, field);
    if (rows != NULL && !fits_row(field->kind)) {
        schema_problems_add(parser->problems, node->place,
                            N_("a row cannot hold a field of kind '%s'"),
                            schema_kind_info(field->kind)->name);
    }
    return field;
}

/* Remember that @header means @field; tell of another field that it means already. */
static void claim_header(LedgerParser *parser, GHashTable *headers, const char *header,
                         const SchemaField *field)
{
    if (header == NULL || *header == '\0') {
        return;
    }
    const SchemaField *other = g_hash_table_lookup(headers, header);
    if (other == NULL) {
        g_hash_table_insert(headers, (gpointer)header, (gpointer)field);
    } else if (other != field) {
        schema_problems_add(parser->problems, place_of(parser, field),
                            N_("'%s' is a name of the field '%s' already"), header, other->name);
    }
}

/* Check that the headers of a spreadsheet mean one field each. */
static void check_headers(LedgerParser *parser, const GPtrArray *fields)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        claim_header(parser, headers, field->name, field);
    }
    for (guint i = 0; i < fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(fields, i);
        claim_header(parser, headers, field->words.zh, field);
        claim_header(parser, headers, field->words.en, field);
        for (guint j = 0; j < field->aliases->len; j++) {
            claim_header(parser, headers, g_ptr_array_index(field->aliases, j), field);
        }
    }
}

/* Read the fields @node of the ledger, or of @rows. */
static void parse_fields(LedgerParser *parser, const SchemaNode *node, SchemaField *rows)
{
    GPtrArray *fields = rows != NULL ? rows->fields : parser->ledger->fields;
    for (guint i = 0; node != NULL && i < node->keys->len; i++) {
        SchemaField *field = parse_field(parser, g_ptr_array_index(node->keys, i),
                                         g_ptr_array_index(node->items, i), rows);
        if (field != NULL) {
            field->position = (int)fields->len;
            g_ptr_array_add(fields, field);
        }
    }
    check_headers(parser, fields);
}

/* ---- the fields that the ledger points to ---------------------------------------------------- */

static bool is_day_kind(SchemaFieldKind kind)
{
    return kind == SCHEMA_FIELD_DATE || kind == SCHEMA_FIELD_TIME;
}

/* Return the field that @node names if it is of @kind (a day's for DATE); NULL and a problem
 * otherwise. */
static const SchemaField *parse_pointer(LedgerParser *parser, const SchemaNode *node,
                                        SchemaFieldKind kind)
{
    const SchemaField *field =
        schema_parse_reference(parser->loader, node, SCHEMA_NOUN_FIELD, parser->ledger->fields);
    if (field == NULL) {
        return NULL;
    }
    bool is_fit = kind == SCHEMA_FIELD_DATE ? is_day_kind(field->kind) : field->kind == kind;
    if (!is_fit) {
        g_autofree char *needed =
            error_words((const char *const[]){kind == SCHEMA_FIELD_DATE ? N_("a date or time field")
                                              : kind == SCHEMA_FIELD_UNIT ? N_("a unit field")
                                                                          : N_("a text field"),
                                              NULL});
        schema_problems_add(parser->problems, node->place,
                            N_("the field '%s' is of kind '%s'; %s is needed"), field->name,
                            schema_kind_info(field->kind)->name, needed);
        return NULL;
    }
    return field;
}

/* Make the field required that the ledger cannot do without. */
static void require(LedgerParser *parser, const SchemaNode *node, const SchemaField *field)
{
    if (field == NULL) {
        return;
    }
    ((SchemaField *)field)->is_required = true; /* ours until the schema is done */
    if (field->set_by_step != NULL) {
        schema_problems_add(parser->problems, node->place,
                            N_("the field '%s' comes only with the step '%s'; an entry needs it "
                               "from the start"),
                            field->name, field->set_by_step);
    }
}

/* Return where the list @node names @field. */
static SchemaPlace place_in(const SchemaNode *node, const SchemaField *field)
{
    SchemaPlace place = node->place;
    for (guint j = 0; j < schema_n_items(node); j++) {
        if (g_str_equal(schema_item(node, j)->text, field->name)) {
            place = schema_item(node, j)->place;
        }
    }
    return place;
}

static void parse_unique(LedgerParser *parser, const SchemaNode *node)
{
    GPtrArray *unique = parser->ledger->unique;
    schema_parse_references(parser->loader, node, SCHEMA_NOUN_FIELD, parser->ledger->fields,
                            unique);
    for (guint i = 0; i < unique->len; i++) {
        const SchemaField *field = g_ptr_array_index(unique, i);
        if (schema_kind_info(field->kind)->column_type == NULL) {
            schema_problems_add(parser->problems, place_in(node, field),
                                N_("'%s' is of kind '%s', which does not tell entries apart"),
                                field->name, schema_kind_info(field->kind)->name);
        }
    }
}

static void parse_list(LedgerParser *parser, const SchemaNode *node)
{
    GPtrArray *list = parser->ledger->list;
    schema_parse_references(parser->loader, node, SCHEMA_NOUN_FIELD, parser->ledger->fields, list);
    for (guint i = 0; i < list->len; i++) {
        const SchemaField *field = g_ptr_array_index(list, i);
        SchemaPlace place = place_in(node, field);
        if (field->kind == SCHEMA_FIELD_LONG ||
            schema_kind_info(field->kind)->column_type == NULL) {
            schema_problems_add(parser->problems, place,
                                N_("'%s' is of kind '%s', which lists cannot sort by"), field->name,
                                schema_kind_info(field->kind)->name);
        } else if (field->is_personal) {
            schema_problems_add(parser->problems, place,
                                N_("'%s' is personal; it cannot stand in lists"), field->name);
        }
    }
}

/* Refuse @field, which @node names and everybody sees, where it is personal. */
static void refuse_personal(LedgerParser *parser, const SchemaNode *node, const SchemaField *field)
{
    if (field != NULL && field->is_personal && !parser->loader->is_stored) {
        schema_problems_add(parser->problems, node->place,
                            N_("'%s' is personal; title, opening and unit are seen by everyone"),
                            field->name);
    }
}

static void parse_pointers(LedgerParser *parser, const SchemaParts *parts)
{
    SchemaLedger *ledger = parser->ledger;
    const SchemaNode *title = parts->at[SCHEMA_KEY_LEDGER_TITLE];
    const SchemaNode *opened = parts->at[SCHEMA_KEY_LEDGER_OPENED];
    const SchemaNode *unit = parts->at[SCHEMA_KEY_LEDGER_UNIT];
    ledger->title = parse_pointer(parser, title, SCHEMA_FIELD_TEXT);
    require(parser, title, ledger->title);
    ledger->opened = parse_pointer(parser, opened, SCHEMA_FIELD_DATE);
    require(parser, opened, ledger->opened);
    ledger->unit = parse_pointer(parser, unit, SCHEMA_FIELD_UNIT);
    if (ledger->unit !=
        NULL) { /* an entry has it from the start: a step that asks for it moves it */
        g_clear_pointer(&((SchemaField *)ledger->unit)->set_by_step, g_free);
    }
    refuse_personal(parser, title, ledger->title);
    refuse_personal(parser, opened, ledger->opened);
    refuse_personal(parser, unit, ledger->unit);
    parse_list(parser, parts->at[SCHEMA_KEY_LEDGER_LIST]);
    parse_unique(parser, parts->at[SCHEMA_KEY_LEDGER_UNIQUE]);
}

/* ---- states and steps ------------------------------------------------------------------------ */

static void parse_states(LedgerParser *parser, const SchemaNode *node)
{
    SchemaLedger *ledger = parser->ledger;
    ledger->states = schema_parse_choices(parser->loader, SCHEMA_OBJECT_STATE, node);
    if (ledger->states->len == 0) {
        SchemaChoice *recorded = g_new0(SchemaChoice, 1);
        *recorded =
            (SchemaChoice){.name = g_strdup("recorded"),
                           .words = schema_words_take(g_strdup("已登记"), g_strdup("recorded")),
                           .is_final = true};
        g_ptr_array_add(ledger->states, recorded);
    }
    ledger->state_names = schema_scope_names(ledger->states);
}

/* Copy the names of @node into @names as far as @known has them. */
static void parse_names(LedgerParser *parser, const SchemaNode *node, SchemaNoun noun,
                        const char *const *known, GPtrArray *names)
{
    for (guint i = 0; i < schema_n_items(node); i++) {
        const SchemaNode *item = schema_item(node, i);
        if (!g_strv_contains(known, item->text)) {
            schema_problems_add_unknown(parser->problems, item->place, noun, item->text, known);
        } else if (g_ptr_array_find_with_equal_func(names, item->text, g_str_equal, NULL)) {
            schema_problems_add(parser->problems, item->place, N_("'%s' is named twice"),
                                item->text);
        } else {
            g_ptr_array_add(names, g_strdup(item->text));
        }
    }
}

/* Take in that @step brings @field, which @node names. */
static void bring(LedgerParser *parser, const SchemaStep *step, const SchemaField *field,
                  const SchemaNode *node)
{
    if (field->set_by_step != NULL) {
        return; /* another step brought it first */
    }
    if (field->is_required) {
        schema_problems_add(parser->problems, node->place,
                            N_("the field '%s' is required from the start; it cannot come only "
                               "with a step"),
                            field->name);
        return;
    }
    ((SchemaField *)field)->set_by_step = g_strdup(step->name);
}

static void parse_step_fields(LedgerParser *parser, const SchemaParts *parts, SchemaStep *step)
{
    const SchemaNode *at = parts->at[SCHEMA_KEY_STEP_AT];
    const SchemaNode *asks = parts->at[SCHEMA_KEY_STEP_ASKS];
    step->at = parse_pointer(parser, at, SCHEMA_FIELD_DATE);
    if (step->at != NULL) {
        for (guint i = 0; i < parser->ledger->steps->len; i++) {
            const SchemaStep *other = g_ptr_array_index(parser->ledger->steps, i);
            if (other->at == step->at) {
                schema_problems_add(parser->problems, at->place,
                                    N_("'%s' says already when the step '%s' happened"), at->text,
                                    other->name);
            }
        }
        bring(parser, step, step->at, at);
    }
    schema_parse_references(parser->loader, asks, SCHEMA_NOUN_FIELD, parser->ledger->fields,
                            step->asks);
    for (guint i = 0; i < step->asks->len; i++) {
        bring(parser, step, g_ptr_array_index(step->asks, i), asks);
    }
}

/* Check that @step, which @node names, leaves no final state. */
static void check_leaving(LedgerParser *parser, const SchemaStep *step, const SchemaNode *from)
{
    for (guint i = 0; i < step->from->len; i++) {
        const SchemaChoice *state = g_ptr_array_index(step->from, i);
        if (state->is_final) {
            schema_problems_add(parser->problems, from->place,
                                N_("the step '%s' leaves the final state '%s'"), step->name,
                                state->name);
        }
    }
}

static void parse_step(LedgerParser *parser, const SchemaNode *name, const SchemaNode *node)
{
    SchemaParts parts;
    SchemaLedger *ledger = parser->ledger;
    if (!schema_parts_read(parser->problems, SCHEMA_OBJECT_STEP, node, &parts)) {
        return;
    }
    SchemaStep *step = g_new0(SchemaStep, 1);
    step->name = g_strdup(name->text);
    step->words = schema_read_words(parts.at[SCHEMA_KEY_STEP_WORDS]);
    step->from = g_ptr_array_new();
    step->roles = g_ptr_array_new_with_free_func(g_free);
    step->not_by = g_ptr_array_new_with_free_func(g_free);
    step->who = schema_parse_aliases(parts.at[SCHEMA_KEY_STEP_WHO]);
    step->asks = g_ptr_array_new();
    step->evidence = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_insert(parser->nodes, step, (gpointer)name);
    schema_parse_references(parser->loader, parts.at[SCHEMA_KEY_STEP_FROM], SCHEMA_NOUN_STATE,
                            ledger->states, step->from);
    check_leaving(parser, step, parts.at[SCHEMA_KEY_STEP_FROM]);
    step->to = schema_parse_reference(parser->loader, parts.at[SCHEMA_KEY_STEP_TO],
                                      SCHEMA_NOUN_STATE, ledger->states);
    parse_names(parser, parts.at[SCHEMA_KEY_STEP_BY], SCHEMA_NOUN_ROLE, schema_roles, step->roles);
    g_autofree char **evidence = schema_scope_names(ledger->evidence);
    parse_names(parser, parts.at[SCHEMA_KEY_STEP_EVIDENCE], SCHEMA_NOUN_EVIDENCE,
                (const char *const *)evidence, step->evidence);
    parse_step_fields(parser, &parts, step);
    schema_parse_later(parser->loader, &step->when, SCHEMA_USE_STEP_WHEN,
                       parts.at[SCHEMA_KEY_STEP_WHEN], schema_ledger_scope(ledger));
    if (schema_ledger_field(ledger, name->text) != NULL) {
        schema_problems_add(parser->problems, name->place,
                            N_("'%s' is the name of a field and of a step; a clock could not tell "
                               "them apart"),
                            name->text);
    }
    g_ptr_array_add(ledger->steps, step);
    g_ptr_array_add(parser->not_by, (gpointer)parts.at[SCHEMA_KEY_STEP_NOT_BY]);
}

static void parse_steps(LedgerParser *parser, const SchemaNode *node)
{
    SchemaLedger *ledger = parser->ledger;
    for (guint i = 0; node != NULL && i < node->keys->len; i++) {
        parse_step(parser, g_ptr_array_index(node->keys, i), g_ptr_array_index(node->items, i));
    }
    ledger->step_names = schema_scope_names(ledger->steps);
    for (guint i = 0; i < ledger->steps->len; i++) {
        SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        const SchemaNode *not_by = g_ptr_array_index(parser->not_by, i);
        if (not_by == NULL) {
            continue;
        }
        parse_names(parser, not_by, SCHEMA_NOUN_STEP, (const char *const *)ledger->step_names,
                    step->not_by);
        if (g_ptr_array_find_with_equal_func(step->not_by, step->name, g_str_equal, NULL)) {
            schema_problems_add(parser->problems, not_by->place,
                                N_("the step '%s' excludes its own doer"), step->name);
        }
    }
}

/* Mark in @is_reached (by index) the states that steps lead to from those marked; true if one is
 * new. */
static bool reach_further(const SchemaLedger *ledger, bool *is_reached)
{
    bool is_new = false;
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        for (guint j = 0; j < step->from->len && step->to != NULL; j++) {
            guint from = 0;
            guint to = 0;
            g_ptr_array_find(ledger->states, g_ptr_array_index(step->from, j), &from);
            g_ptr_array_find(ledger->states, step->to, &to);
            is_new = is_new || (is_reached[from] && !is_reached[to]);
            is_reached[to] = is_reached[to] || is_reached[from];
        }
    }
    return is_new;
}

static bool has_way_out(const SchemaLedger *ledger, const SchemaChoice *state)
{
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *step = g_ptr_array_index(ledger->steps, i);
        if (step->to != state && g_ptr_array_find(step->from, state, NULL)) {
            return true;
        }
    }
    return false;
}

/* Check that every state can be reached, and left unless it is final. */
static void check_states(LedgerParser *parser, const SchemaNode *node)
{
    const SchemaLedger *ledger = parser->ledger;
    g_autofree bool *is_reached = g_new0(bool, ledger->states->len);
    is_reached[0] = true;
    while (reach_further(ledger, is_reached)) {
    }
    for (guint i = 0; node != NULL && i < ledger->states->len; i++) {
        const SchemaChoice *state = g_ptr_array_index(ledger->states, i);
        const SchemaNode *name = node;
        for (guint j = 0; j < node->keys->len; j++) {
            const SchemaNode *key = g_ptr_array_index(node->keys, j);
            name = g_str_equal(key->text, state->name) ? key : name;
        }
        if (!is_reached[i]) {
            schema_problems_add(parser->problems, name->place,
                                N_("no step leads to the state '%s' from the first"), state->name);
        } else if (!state->is_final && !has_way_out(ledger, state)) {
            schema_problems_add(parser->problems, name->place,
                                N_("no step leads out of the state '%s'; add one, or 'final: yes'"),
                                state->name);
        }
    }
}

/* ---- clocks and evidence --------------------------------------------------------------------- */

/* Read where @clock starts. */
static void parse_start(LedgerParser *parser, const SchemaNode *from, SchemaClock *clock)
{
    const SchemaLedger *ledger = parser->ledger;
    if (from == NULL) {
        return;
    }
    clock->start_step = schema_ledger_step(ledger, from->text);
    if (clock->start_step != NULL) {
        return;
    }
    if (schema_ledger_field(ledger, from->text) != NULL) {
        clock->start_field = parse_pointer(parser, from, SCHEMA_FIELD_DATE);
        return;
    }
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    for (guint i = 0; i < ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(ledger->fields, i);
        if (is_day_kind(field->kind)) {
            g_ptr_array_add(known, field->name);
        }
    }
    for (guint i = 0; i < ledger->steps->len; i++) {
        g_ptr_array_add(known, ledger->step_names[i]);
    }
    g_ptr_array_add(known, NULL);
    schema_problems_add_unknown(parser->problems, from->place, SCHEMA_NOUN_START, from->text,
                                (const char *const *)known->pdata);
}

/* Return the field that alone says when @clock starts, NULL where it is a moment that is recorded.
 */
static const SchemaField *start_of(const SchemaLedger *ledger, const SchemaClock *clock)
{
    if (clock->start_step != NULL) {
        return clock->start_step->at;
    }
    return clock->start_field != NULL ? clock->start_field : ledger->opened;
}

/* Hours that start or stop by a field that knows the day alone would be reckoned from midnight, and
 * lateness be found or missed by up to a day; a time of the day likewise, where a day stops it. */
static void check_hours(LedgerParser *parser, const SchemaNode *within, const SchemaClock *clock)
{
    bool is_hours = clock->rule.unit == CLOCK_HOUR;
    const SchemaField *day = is_hours ? start_of(parser->ledger, clock) : NULL;
    for (guint i = 0; i < clock->stops->len && (day == NULL || day->kind == SCHEMA_FIELD_TIME);
         i++) {
        const SchemaStep *stop = g_ptr_array_index(clock->stops, i);
        day = is_hours || clock->rule.closing_minutes < CLOCK_MINUTES_PER_DAY ? stop->at : NULL;
    }
    if (day != NULL && day->kind == SCHEMA_FIELD_DATE) {
        schema_problems_add(parser->problems, within->place,
                            N_("'%s' needs times, and '%s' holds a day alone; make it a time, or "
                               "give the limit in days"),
                            within->text, day->name);
    }
}

/* Return whether @clock binds every entry from its opening on. */
static bool binds_all(const SchemaLedger *ledger, const SchemaClock *clock, const SchemaNode *when)
{
    return when == NULL && clock->start_step == NULL &&
           (clock->start_field == NULL || clock->start_field == ledger->opened);
}

static void parse_clock(LedgerParser *parser, const SchemaNode *name, const SchemaNode *node,
                        const SchemaClock **binding)
{
    SchemaParts parts;
    SchemaLedger *ledger = parser->ledger;
    if (!schema_parts_read(parser->problems, SCHEMA_OBJECT_CLOCK, node, &parts)) {
        return;
    }
    const SchemaNode *within = parts.at[SCHEMA_KEY_CLOCK_WITHIN];
    const SchemaNode *when = parts.at[SCHEMA_KEY_CLOCK_WHEN];
    SchemaClock *clock = g_new0(SchemaClock, 1);
    clock->name = g_strdup(name->text);
    clock->words = schema_read_words(parts.at[SCHEMA_KEY_CLOCK_WORDS]);
    clock->law = schema_read_words(parts.at[SCHEMA_KEY_CLOCK_LAW]);
    clock->stops = g_ptr_array_new();
    g_ptr_array_add(ledger->clocks, clock);
    parse_start(parser, parts.at[SCHEMA_KEY_CLOCK_FROM], clock);
    schema_parse_references(parser->loader, parts.at[SCHEMA_KEY_CLOCK_UNTIL], SCHEMA_NOUN_STEP,
                            ledger->steps, clock->stops);
    if (clock->start_step != NULL && g_ptr_array_find(clock->stops, clock->start_step, NULL)) {
        schema_problems_add(parser->problems, parts.at[SCHEMA_KEY_CLOCK_FROM]->place,
                            N_("the step '%s' starts and stops the clock"),
                            clock->start_step->name);
    }
    GError *error = NULL;
    if (within != NULL && !clock_rule_parse(within->text, &clock->rule, &error)) {
        schema_problems_take(parser->problems, within->place, error);
    } else if (within != NULL && !parser->loader->is_stored) {
        check_hours(parser, within, clock);
    }
    schema_parse_later(parser->loader, &clock->when, SCHEMA_USE_CLOCK_WHEN, when,
                       schema_ledger_scope(ledger));
    if (*binding != NULL) {
        schema_problems_add(parser->problems, name->place,
                            N_("the clock '%s' never binds: '%s' before it binds every entry; give "
                               "that one a 'when', or put this one first"),
                            clock->name, (*binding)->name);
    } else if (binds_all(ledger, clock, when)) {
        *binding = clock;
    }
}

static void parse_clocks(LedgerParser *parser, const SchemaNode *node)
{
    const SchemaClock *binding = NULL;
    for (guint i = 0; node != NULL && i < node->keys->len; i++) {
        parse_clock(parser, g_ptr_array_index(node->keys, i), g_ptr_array_index(node->items, i),
                    &binding);
    }
}

static void parse_evidence(LedgerParser *parser, const SchemaNode *node)
{
    for (guint i = 0; node != NULL && i < node->keys->len; i++) {
        SchemaParts parts;
        if (!schema_parts_read(parser->problems, SCHEMA_OBJECT_EVIDENCE,
                               g_ptr_array_index(node->items, i), &parts)) {
            continue;
        }
        const SchemaNode *name = g_ptr_array_index(node->keys, i);
        const SchemaNode *least = parts.at[SCHEMA_KEY_EVIDENCE_LEAST];
        SchemaEvidence *evidence = g_new0(SchemaEvidence, 1);
        evidence->name = g_strdup(name->text);
        evidence->words =
            schema_read_words(parts.is_short ? parts.whole : parts.at[SCHEMA_KEY_EVIDENCE_WORDS]);
        evidence->least = schema_read_integer(least, 1);
        g_ptr_array_add(parser->ledger->evidence, evidence);
        if (evidence->least < 1 || evidence->least > 100) {
            schema_problems_add(parser->problems, least->place, N_("'least' is from 1 to %d"), 100);
        }
        evidence->least_line = least != NULL ? least->place.line : 0;
        evidence->least_column = least != NULL ? least->place.column : 0;
    }
}

/* Note which evidence the steps of @ledger ask for. */
static void note_asked(const SchemaLedger *ledger)
{
    for (guint i = 0; i < ledger->evidence->len; i++) {
        SchemaEvidence *evidence = g_ptr_array_index(ledger->evidence, i);
        for (guint j = 0; j < ledger->steps->len; j++) {
            const SchemaStep *step = g_ptr_array_index(ledger->steps, j);
            evidence->is_asked |=
                g_ptr_array_find_with_equal_func(step->evidence, evidence->name, g_str_equal, NULL);
        }
    }
}

/* ---- the ledger ------------------------------------------------------------------------------ */

static void check_ledger_name(LedgerParser *parser, const SchemaNode *name)
{
    if (name == NULL) {
        return;
    }
    schema_parse_file_name(parser->loader, name);
    if (g_strv_contains(reserved_ledgers, name->text)) {
        schema_problems_add(parser->problems, name->place,
                            N_("'%s' is a name of the system; call the ledger otherwise"),
                            name->text);
    }
}

/* Check that the tables of the ledger's rows have names that the store takes. */
static void check_tables(LedgerParser *parser)
{
    for (guint i = 0; i < parser->ledger->fields->len; i++) {
        const SchemaField *field = g_ptr_array_index(parser->ledger->fields, i);
        if (field->kind == SCHEMA_FIELD_ROWS &&
            strlen("ledger__") + strlen(parser->ledger->name) + strlen(field->name) >
                TABLE_MAX_BYTES) {
            schema_problems_add(parser->problems, place_of(parser, field),
                                N_("the names '%s' and '%s' are too long together: at most %d"),
                                parser->ledger->name, field->name,
                                TABLE_MAX_BYTES - (int)strlen("ledger__"));
        }
    }
}

static SchemaLedger *new_ledger(const SchemaLoader *loader, const SchemaParts *parts)
{
    SchemaLedger *ledger = g_new0(SchemaLedger, 1);
    const SchemaNode *name = parts->at[SCHEMA_KEY_LEDGER_NAME];
    ledger->name = g_strdup(name != NULL ? name->text : "");
    ledger->words = schema_read_words(parts->at[SCHEMA_KEY_LEDGER_WORDS]);
    ledger->retention = schema_read_text(parts->at[SCHEMA_KEY_LEDGER_KEEP]);
    ledger->may_be_none = schema_read_yesno(parts->at[SCHEMA_KEY_LEDGER_NOTHING], false);
    ledger->text = g_strdup(loader->file->text);
    ledger->fields = g_ptr_array_new_with_free_func(schema_field_free);
    ledger->steps = g_ptr_array_new_with_free_func(schema_step_free);
    ledger->clocks = g_ptr_array_new_with_free_func(schema_clock_free);
    ledger->evidence = g_ptr_array_new_with_free_func(schema_evidence_free);
    ledger->list = g_ptr_array_new();
    ledger->unique = g_ptr_array_new();
    ledger->counted = g_ptr_array_new_with_free_func(schema_counted_free);
    ledger->scope = schema_scope_new_ledger(loader->schema, ledger);
    return ledger;
}

void schema_parse_ledger(SchemaLoader *loader, const SchemaNode *root)
{
    SchemaParts parts;
    if (!schema_parts_read(loader->problems, SCHEMA_OBJECT_LEDGER, root, &parts)) {
        loader->is_torn = true;
        return;
    }
    SchemaLedger *ledger = new_ledger(loader, &parts);
    g_autoptr(GHashTable) nodes = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) not_by = g_ptr_array_new();
    LedgerParser parser = {.loader = loader,
                           .problems = loader->problems,
                           .ledger = ledger,
                           .nodes = nodes,
                           .not_by = not_by};
    const SchemaNode *number = parts.at[SCHEMA_KEY_LEDGER_NUMBER];
    check_ledger_name(&parser, parts.at[SCHEMA_KEY_LEDGER_NAME]);
    if (number != NULL && schema_number_check(loader->problems, number->place, number->text)) {
        ledger->number = g_strdup(number->text);
        ledger->number_has_year = schema_number_has_year(number->text);
    }
    parse_states(&parser, parts.at[SCHEMA_KEY_LEDGER_STATES]);
    parse_evidence(&parser, parts.at[SCHEMA_KEY_LEDGER_EVIDENCE]);
    parse_fields(&parser, parts.at[SCHEMA_KEY_LEDGER_FIELDS], NULL);
    guint n_before = schema_problems_count(loader->problems);
    parse_steps(&parser, parts.at[SCHEMA_KEY_LEDGER_STEPS]);
    note_asked(ledger);
    if (schema_problems_count(loader->problems) == n_before) { /* else ways may be missing */
        check_states(&parser, parts.at[SCHEMA_KEY_LEDGER_STATES]);
    }
    if (ledger->fields->len > 0) {
        parse_pointers(&parser, &parts);
    }
    parse_clocks(&parser, parts.at[SCHEMA_KEY_LEDGER_CLOCKS]);
    check_tables(&parser);
    g_ptr_array_add(loader->schema->ledgers, ledger);
    g_hash_table_insert(loader->ledger_trees, ledger, (gpointer)root);
}
