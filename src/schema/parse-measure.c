#include "schema/parse.h"

/* What one kind of measure allows and needs. */
typedef struct KindRule {
    const char *wordings; /* allowed, separated by blanks; the first is what it has by default */
    bool needs_key;
    bool needs_amount;
    bool needs_counted; /* `counts` or `has`: it compares the counted with the rest */
    bool is_claim;      /* true or not: it needs both sentences */
} KindRule;

static const KindRule rules[] = {
    [SCHEMA_COUNT] = {.wordings = "exact over near"},
    [SCHEMA_DISTINCT] = {.wordings = "exact over near", .needs_key = true},
    [SCHEMA_SUM] = {.wordings = "exact over near", .needs_amount = true},
    [SCHEMA_MEDIAN] = {.wordings = "exact over near", .needs_amount = true},
    [SCHEMA_RATIO] = {.wordings = "percent", .needs_counted = true},
    [SCHEMA_ALL] = {.wordings = "all every", .needs_counted = true, .is_claim = true},
    [SCHEMA_NONE] = {.wordings = "none", .is_claim = true},
};

static const char *const placeholders[] = {"value", "counted", "total", "rest", "names", NULL};

/* What one measure's parsing shares. */
typedef struct MeasureParser {
    SchemaLoader *loader;
    SchemaProblems *problems;
    SchemaMeasure *measure;
    const SchemaParts *parts;
} MeasureParser;

/* ---- universes ------------------------------------------------------------------------------- */

/* A universe as its text: "steps of case: answer" is {"steps", "case", "answer"}. */
typedef struct SetText {
    char *what;   /* "", "steps", "rows"; or the whole of "units" … */
    char *ledger; /* "" where there is none */
    char *part;   /* step or rows field; "" for none */
} SetText;

static void set_text_clear(SetText *text)
{
    g_free(text->what);
    g_free(text->ledger);
    g_free(text->part);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SetText, set_text_clear)

/* Split "A of B<separator>C", the third part optional. */
static void split_set(const char *text, SetText *ret_text)
{
    g_auto(GStrv) halves = g_strsplit(text, " of ", 2);
    const char *rest = halves[1] != NULL ? halves[1] : halves[0];
    const char *separator = halves[1] == NULL ? NULL : strpbrk(rest, ":.");
    size_t n_ledger = separator != NULL ? (size_t)(separator - rest) : strlen(rest);
    ret_text->what = g_strdup(halves[1] != NULL ? g_strstrip(halves[0]) : "");
    ret_text->ledger = g_strstrip(g_strndup(rest, n_ledger));
    ret_text->part = g_strstrip(g_strdup(separator != NULL ? separator + 1 : ""));
}

/* Find the universe that has no ledger; false when @name is none. */
static bool find_plain_universe(const char *name, SchemaUniverse *ret_universe)
{
    static const struct {
        const char *name;
        SchemaUniverse universe;
    } plain[] = {{"units", SCHEMA_OF_UNITS},
                 {"people", SCHEMA_OF_PEOPLE},
                 {"months", SCHEMA_OF_MONTHS},
                 {"quarters", SCHEMA_OF_QUARTERS}};
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
        if (g_str_equal(plain[i].name, name)) {
            *ret_universe = plain[i].universe;
            return true;
        }
    }
    return false;
}

/* Add that @name, a part of the text of @node, is no @noun of @objects. */
static const void *find_part(MeasureParser *parser, const SchemaNode *node, const char *name,
                             SchemaNoun noun, const GPtrArray *objects)
{
    const char *found = strstr(node->text, name);
    SchemaNode part = *node;
    part.text = (char *)name;
    if (found != NULL && *name != '\0') {
        part.place =
            schema_node_place_of(node, parser->loader->file->text, parser->loader->first_line,
                                 g_utf8_pointer_to_offset(node->text, found));
    }
    return schema_parse_reference(parser->loader, &part, noun, objects);
}

/* Read the ROWS field that a set is of. */
static bool parse_rows(MeasureParser *parser, const SchemaNode *node, const char *name,
                       SchemaSet *set)
{
    const SchemaField *field =
        find_part(parser, node, name, SCHEMA_NOUN_FIELD, set->ledger->fields);
    if (field == NULL) {
        return false;
    }
    if (field->kind != SCHEMA_FIELD_ROWS) {
        schema_problems_add(parser->problems, node->place,
                            N_("the field '%s' is of kind '%s'; it has no rows"), field->name,
                            schema_kind_info(field->kind)->name);
        return false;
    }
    set->universe = SCHEMA_OF_ROWS;
    set->rows = field;
    return true;
}

/* Read the universe @node into @set; false after telling why not. */
static bool parse_universe(MeasureParser *parser, const SchemaNode *node, SchemaSet *set)
{
    if (node == NULL) {
        return false;
    }
    g_auto(SetText) text = {0};
    split_set(node->text, &text);
    bool is_steps = g_str_equal(text.what, "steps");
    bool is_rows = g_str_equal(text.what, "rows");
    if (*text.what == '\0' && find_plain_universe(text.ledger, &set->universe)) {
        return true;
    }
    if ((*text.what != '\0' && !is_steps && !is_rows) || (is_rows && *text.part == '\0')) {
        schema_problems_add(parser->problems, node->place,
                            N_("'%s' is no universe; write a ledger, 'steps of LEDGER', 'steps of "
                               "LEDGER: STEP', 'rows of LEDGER.FIELD', units, people, months or "
                               "quarters"),
                            node->text);
        return false;
    }
    set->ledger =
        find_part(parser, node, text.ledger, SCHEMA_NOUN_LEDGER, parser->loader->schema->ledgers);
    if (set->ledger == NULL) {
        return false;
    }
    if (is_rows) {
        return parse_rows(parser, node, text.part, set);
    }
    set->universe = is_steps ? SCHEMA_OF_STEPS : SCHEMA_OF_ENTRIES;
    if (is_steps && *text.part != '\0') {
        set->step = find_part(parser, node, text.part, SCHEMA_NOUN_STEP, set->ledger->steps);
        return set->step != NULL;
    }
    return true;
}

/* Return whether the members of @set come from a ledger. */
static bool is_of_ledger(const SchemaSet *set)
{
    return set->ledger != NULL;
}

/* Find the field of @set that @node names: of its rows first, then of its ledger. */
static const SchemaField *find_field(MeasureParser *parser, const SchemaNode *node,
                                     const SchemaSet *set)
{
    const SchemaField *field = set->rows != NULL ? schema_field_child(set->rows, node->text) : NULL;
    if (field == NULL) {
        field =
            schema_parse_reference(parser->loader, node, SCHEMA_NOUN_FIELD, set->ledger->fields);
    }
    return field;
}

/* Refuse @field, which @node names, where it is personal: which of them count would tell of it. */
static void refuse_personal(MeasureParser *parser, const SchemaNode *node, const SchemaField *field)
{
    bool is_personal = field->is_personal || (field->parent != NULL && field->parent->is_personal);
    if (is_personal && !parser->loader->is_stored) { /* once nobody looked */
        schema_problems_add(parser->problems, node->place,
                            N_("'%s' is personal; personal data has no place in a figure"),
                            field->name);
    }
}

/* Read the date of @set. */
static void parse_date(MeasureParser *parser, const SchemaNode *node, SchemaSet *set)
{
    if (node == NULL) {
        return;
    }
    if (!is_of_ledger(set)) {
        schema_problems_add(parser->problems, node->place,
                            N_("'date' belongs to entries, steps and rows"));
        return;
    }
    if (g_str_equal(node->text, "due") && set->universe != SCHEMA_OF_STEPS) {
        set->is_by_due = true;
        return;
    }
    const SchemaField *field = find_field(parser, node, set);
    if (field == NULL) {
        return;
    }
    if (field->kind != SCHEMA_FIELD_DATE && field->kind != SCHEMA_FIELD_TIME) {
        schema_problems_add(parser->problems, node->place,
                            N_("the field '%s' is of kind '%s'; a date or time field is needed"),
                            field->name, schema_kind_info(field->kind)->name);
        return;
    }
    refuse_personal(parser, node, field);
    set->date = field;
}

/* Let the condition @node wait in the scope of @set. */
static void parse_condition(MeasureParser *parser, const SchemaNode *node, const SchemaSet *set,
                            Expression **slot)
{
    const ExpressionScope *scope = schema_set_scope(parser->loader->schema, set);
    if (node != NULL && scope == NULL) {
        schema_problems_add(parser->problems, node->place,
                            N_("months and quarters have no fields to ask for"));
        return;
    }
    schema_parse_later(parser->loader, slot, SCHEMA_USE_MEMBER, node, scope);
}

/* ---- has ------------------------------------------------------------------------------------- */

static bool is_by_time(const SchemaSet *set)
{
    return set->universe == SCHEMA_OF_MONTHS || set->universe == SCHEMA_OF_QUARTERS;
}

/* Read `by` of `has`: whose the thing is. */
static void parse_has_by(MeasureParser *parser, const SchemaParts *parts)
{
    SchemaMeasure *measure = parser->measure;
    const SchemaNode *node = parts->at[SCHEMA_KEY_SET_BY];
    bool is_time = is_by_time(&measure->of);
    if (!is_time && !schema_parts_has(parts, SCHEMA_KEY_SET_BY)) {
        schema_problems_add(parser->problems, parts->whole->place, N_("the key '%s' is missing"),
                            "by");
    }
    if (node == NULL) {
        return;
    }
    if (is_time) {
        schema_problems_add(parser->problems, node->place,
                            N_("'by' belongs to units and people; months and quarters go by date"));
        return;
    }
    const SchemaField *field = find_field(parser, node, measure->has);
    if (field == NULL) {
        return;
    }
    bool is_unit = measure->of.universe == SCHEMA_OF_UNITS;
    bool is_fit = is_unit
                      ? field->kind == SCHEMA_FIELD_UNIT
                      : field->kind == SCHEMA_FIELD_PERSON || field->kind == SCHEMA_FIELD_PEOPLE;
    if (!is_fit) {
        g_autofree char *whom =
            error_words((const char *const[]){is_unit ? N_("units") : N_("people"), NULL});
        schema_problems_add(parser->problems, node->place,
                            N_("the field '%s' is of kind '%s', which does not lead to %s"),
                            field->name, schema_kind_info(field->kind)->name, whom);
        return;
    }
    refuse_personal(parser, node, field);
    measure->has_by = field;
}

static void parse_has(MeasureParser *parser, const SchemaNode *node)
{
    SchemaMeasure *measure = parser->measure;
    SchemaParts parts;
    if (is_of_ledger(&measure->of)) {
        schema_problems_add(parser->problems, node->place,
                            N_("'has' belongs to units, people, months and quarters"));
        return;
    }
    if (!schema_parts_read(parser->problems, SCHEMA_OBJECT_SET, node, &parts)) {
        return;
    }
    const SchemaNode *of = parts.at[SCHEMA_KEY_SET_OF];
    const SchemaNode *least = parts.at[SCHEMA_KEY_SET_LEAST];
    measure->has = g_new0(SchemaSet, 1);
    measure->least = schema_read_integer(least, 1);
    if (measure->least < 1) {
        schema_problems_add(parser->problems, least->place, N_("'least' is at least 1"));
    }
    if (!parse_universe(parser, of, measure->has)) {
        return;
    }
    if (!is_of_ledger(measure->has)) {
        schema_problems_add(parser->problems, of->place,
                            N_("'of' in 'has' is a ledger, its steps or its rows"));
        return;
    }
    parse_date(parser, parts.at[SCHEMA_KEY_SET_DATE], measure->has);
    parse_has_by(parser, &parts);
    parse_condition(parser, parts.at[SCHEMA_KEY_SET_WHERE], measure->has, &measure->has->where);
}

/* ---- what is made of the members ------------------------------------------------------------- */

/* Check that @key is given exactly if @is_needed. */
static void check_needed(MeasureParser *parser, SchemaKey key, bool is_needed)
{
    const SchemaNode *node = parser->parts->at[key];
    const char *kind = schema_measure_kinds[parser->measure->kind];
    if (is_needed && !schema_parts_has(parser->parts, key)) {
        schema_problems_add(parser->problems, parser->parts->whole->place,
                            N_("a measure of kind '%s' needs '%s'"), kind,
                            schema_key_info(key)->name);
    } else if (!is_needed && node != NULL) {
        schema_problems_add(parser->problems, node->place,
                            N_("'%s' does not belong to a measure of kind '%s'"),
                            schema_key_info(key)->name, kind);
    }
}

static void parse_wording(MeasureParser *parser, const KindRule *rule)
{
    const SchemaNode *node = parser->parts->at[SCHEMA_KEY_MEASURE_WORDING];
    g_auto(GStrv) allowed = g_strsplit(rule->wordings, " ", -1);
    parser->measure->wording = g_strdup(node != NULL ? node->text : allowed[0]);
    if (node != NULL && !g_strv_contains((const char *const *)allowed, node->text)) {
        schema_problems_add(parser->problems, node->place,
                            N_("a measure of kind '%s' cannot be worded as '%s'"),
                            schema_measure_kinds[parser->measure->kind], node->text);
    }
}

/* Check the {placeholders} of the text @node; {names} only where @has_names. */
static void check_text(MeasureParser *parser, const SchemaNode *node, bool has_names)
{
    for (const char *at = strchr(node->text, '{'); at != NULL; at = strchr(at + 1, '{')) {
        SchemaPlace place =
            schema_node_place_of(node, parser->loader->file->text, parser->loader->first_line,
                                 g_utf8_pointer_to_offset(node->text, at));
        g_autofree char *name = schema_parse_placeholder(parser->loader, at, place, placeholders);
        if (!has_names && g_strcmp0(name, "names") == 0) {
            schema_problems_add(
                parser->problems, place,
                N_("{names} belongs to 'otherwise': of a claim that holds nobody is "
                   "left"));
        }
    }
}

/* The same for the sentence @node, a text or one a language. */
static void check_sentence(MeasureParser *parser, const SchemaNode *node, bool has_names)
{
    if (node != NULL && node->kind == SCHEMA_NODE_TEXT) {
        check_text(parser, node, has_names);
    }
    for (guint i = 0; node != NULL && node->kind == SCHEMA_NODE_MAP && i < node->items->len; i++) {
        check_text(parser, g_ptr_array_index(node->items, i), has_names);
    }
}

static void parse_kind(MeasureParser *parser)
{
    SchemaMeasure *measure = parser->measure;
    const SchemaParts *parts = parser->parts;
    const SchemaNode *kind = parts->at[SCHEMA_KEY_MEASURE_KIND];
    measure->kind = kind != NULL
                        ? (SchemaMeasureKind)schema_value_index(schema_measure_kinds, kind->text)
                        : SCHEMA_COUNT;
    const KindRule *rule = &rules[measure->kind];
    bool is_counting = schema_parts_has(parts, SCHEMA_KEY_MEASURE_COUNTS) ||
                       schema_parts_has(parts, SCHEMA_KEY_MEASURE_HAS);
    check_needed(parser, SCHEMA_KEY_MEASURE_KEY, rule->needs_key);
    check_needed(parser, SCHEMA_KEY_MEASURE_AMOUNT, rule->needs_amount);
    if (rule->needs_counted && !is_counting) {
        schema_problems_add(parser->problems, parts->whole->place,
                            N_("a measure of kind '%s' needs 'counts' or 'has'"),
                            schema_measure_kinds[measure->kind]);
    }
    if (rule->is_claim) {
        check_needed(parser, SCHEMA_KEY_MEASURE_SENTENCE, true);
        check_needed(parser, SCHEMA_KEY_MEASURE_OTHERWISE, true);
        if (parts->at[SCHEMA_KEY_MEASURE_BY] != NULL) {
            check_needed(parser, SCHEMA_KEY_MEASURE_BY, false);
        }
    } else {
        check_needed(parser, SCHEMA_KEY_MEASURE_OTHERWISE, false);
    }
    parse_wording(parser, rule);
    check_sentence(parser, parts->at[SCHEMA_KEY_MEASURE_SENTENCE], false);
    check_sentence(parser, parts->at[SCHEMA_KEY_MEASURE_OTHERWISE], true);
    check_sentence(parser, parts->at[SCHEMA_KEY_MEASURE_NEVER], false);
}

/* Read what the members are asked for. */
static void parse_questions(MeasureParser *parser)
{
    SchemaMeasure *measure = parser->measure;
    const SchemaParts *parts = parser->parts;
    const SchemaNode *has = parts->at[SCHEMA_KEY_MEASURE_HAS];
    const SchemaNode *counts = parts->at[SCHEMA_KEY_MEASURE_COUNTS];
    const ExpressionScope *scope = schema_set_scope(parser->loader->schema, &measure->of);
    parse_date(parser, parts->at[SCHEMA_KEY_MEASURE_DATE], &measure->of);
    parse_condition(parser, parts->at[SCHEMA_KEY_MEASURE_WHERE], &measure->of, &measure->of.where);
    if (has != NULL && counts != NULL) {
        schema_problems_add(parser->problems, counts->place,
                            N_("'counts' and 'has' both say who counts; keep one"));
    }
    parse_condition(parser, counts, &measure->of, &measure->counts);
    if (has != NULL) {
        parse_has(parser, has);
    } else if (is_by_time(&measure->of)) {
        schema_problems_add(parser->problems, parts->whole->place,
                            N_("a measure of months or quarters needs 'has'"));
    }
    if (scope != NULL) {
        schema_parse_later(parser->loader, &measure->key, SCHEMA_USE_KEY,
                           parts->at[SCHEMA_KEY_MEASURE_KEY], scope);
        schema_parse_later(parser->loader, &measure->amount, SCHEMA_USE_AMOUNT,
                           parts->at[SCHEMA_KEY_MEASURE_AMOUNT], scope);
        schema_parse_later(parser->loader, &measure->by, SCHEMA_USE_GROUP,
                           parts->at[SCHEMA_KEY_MEASURE_BY], scope);
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Return lines @first to @last (from 1) of @text without their common indent and blank ends. */
static char *cut_lines(const char *text, int first, int last)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    int n_lines = (int)g_strv_length(lines);
    GString *out = g_string_new(NULL);
    size_t indent = first <= n_lines ? strspn(lines[first - 1], " ") : 0;
    for (int i = first; i <= MIN(last, n_lines); i++) {
        const char *line = lines[i - 1];
        g_strchomp(lines[i - 1]);
        g_string_append(out, line + MIN(indent, strspn(line, " ")));
        g_string_append_c(out, '\n');
    }
    while (g_str_has_suffix(out->str, "\n\n")) {
        g_string_truncate(out, out->len - 1);
    }
    return g_string_free(out, false);
}

static void parse_measure(SchemaLoader *loader, const SchemaNode *name, const SchemaNode *node)
{
    SchemaParts parts;
    if (!schema_parts_read(loader->problems, SCHEMA_OBJECT_MEASURE, node, &parts)) {
        return;
    }
    const SchemaMeasure *other = schema_measure(loader->schema, name->text);
    if (other != NULL) {
        const SchemaNode *first = g_hash_table_lookup(loader->measure_names, other);
        schema_problems_add(loader->problems, name->place,
                            N_("the measure '%s' stands in %s, line %d already"), name->text,
                            first->place.path, first->place.line);
        return;
    }
    SchemaMeasure *measure = g_new0(SchemaMeasure, 1);
    measure->name = g_strdup(name->text);
    measure->words = schema_read_words(parts.at[SCHEMA_KEY_MEASURE_WORDS]);
    measure->unit = schema_read_words(parts.at[SCHEMA_KEY_MEASURE_UNIT]);
    measure->sentence = schema_read_words(parts.at[SCHEMA_KEY_MEASURE_SENTENCE]);
    measure->otherwise = schema_read_words(parts.at[SCHEMA_KEY_MEASURE_OTHERWISE]);
    measure->never = schema_read_words(parts.at[SCHEMA_KEY_MEASURE_NEVER]);
    measure->note = schema_read_words(parts.at[SCHEMA_KEY_MEASURE_NOTE]);
    measure->least = 1;
    measure->file = g_strdup(loader->file->path);
    measure->text = cut_lines(loader->file->text, name->place.line, node->last_line);
    g_ptr_array_add(loader->schema->measures, measure);
    g_hash_table_insert(loader->measure_names, measure, (gpointer)name);
    MeasureParser parser = {
        .loader = loader, .problems = loader->problems, .measure = measure, .parts = &parts};
    if (parse_universe(&parser, parts.at[SCHEMA_KEY_MEASURE_OF], &measure->of)) {
        parse_questions(&parser);
    }
    parse_kind(&parser);
}

void schema_parse_measures(SchemaLoader *loader, const SchemaNode *root)
{
    SchemaParts parts;
    if (!schema_parts_read(loader->problems, SCHEMA_OBJECT_MEASURES, root, &parts)) {
        return;
    }
    const SchemaNode *measures = parts.at[SCHEMA_KEY_MEASURES_MEASURES];
    for (guint i = 0; measures != NULL && i < measures->keys->len; i++) {
        parse_measure(loader, g_ptr_array_index(measures->keys, i),
                      g_ptr_array_index(measures->items, i));
    }
}
