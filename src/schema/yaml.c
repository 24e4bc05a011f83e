#include "schema/yaml.h"

#include <yaml.h>

/* One mapping or list that is being read. */
typedef struct Frame {
    SchemaNode *node;  /* borrowed: its parent, or the reader, owns it */
    SchemaNode *key;   /* owned: a key that waits for its value */
    GHashTable *names; /* MAP: keys seen; borrowed strings */
} Frame;

typedef struct Reader {
    const char *path;
    const char *text;
    int first_line;
    SchemaProblems *problems;
    yaml_parser_t parser;
    SchemaNode *root;
    Frame stack[SCHEMA_YAML_MAX_DEPTH];
    int depth;
    int n_nodes;
} Reader;

void schema_node_free(SchemaNode *node)
{
    if (node == NULL) {
        return;
    }
    g_free(node->text);
    g_clear_pointer(&node->keys, g_ptr_array_unref);
    g_clear_pointer(&node->items, g_ptr_array_unref);
    g_free(node);
}

static void free_node(gpointer node)
{
    schema_node_free(node);
}

const SchemaNode *schema_node_get(const SchemaNode *map, const char *key)
{
    for (guint i = 0; i < map->keys->len; i++) {
        const SchemaNode *name = g_ptr_array_index(map->keys, i);
        if (g_str_equal(name->text, key)) {
            return g_ptr_array_index(map->items, i);
        }
    }
    return NULL;
}

/* ---- before YAML: is it text? ---------------------------------------------------------------- */

/* Return @text after a byte order mark. */
static const char *skip_mark(const char *text)
{
    return g_str_has_prefix(text, "\xef\xbb\xbf") ? text + strlen("\xef\xbb\xbf") : text;
}

/* Return whether YAML allows the character @c in a file.  Source: YAML 1.1 §5.1, c-printable. */
static bool is_printable(gunichar c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == 0x85 || (c >= 0x20 && c < 0x7f) ||
           (c >= 0xa0 && c <= 0xfffd && c != 0xfeff) || c >= 0x10000;
}

bool schema_yaml_check_text(const char *path, const char *text, int first_line,
                            SchemaProblems *problems)
{
    const char *at = text;
    const char *end = NULL;
    g_utf8_validate(text, -1, &end);
    SchemaPlace place = {.path = path, .line = first_line, .column = 1};
    at = skip_mark(at);
    for (; at < end; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!is_printable(c)) {
            schema_problems_add(problems, place,
                                N_("the character U+%02x does not belong in a text file"), c);
            return false;
        }
        place.column++;
        if (c == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    if (*end != '\0') {
        schema_problems_add(problems, place, N_("not UTF-8 from here; save the file as UTF-8"));
        return false;
    }
    return true;
}

/* ---- faults of YAML -------------------------------------------------------------------------- */

static SchemaPlace place_of_mark(const Reader *reader, yaml_mark_t mark)
{
    return (SchemaPlace){.path = reader->path,
                         .line = reader->first_line + (int)mark.line,
                         .column = (int)mark.column + 1};
}

/* libyaml's words for the slips that people make, and ours. */
static const struct {
    const char *theirs;
    const char *ours;
    bool is_at_start; /* told where the thing begins, not where its end was missed */
} slips[] = {
    {"mapping values are not allowed in this context",
     N_("a second ':' in one value, or a line that is indented too far; put the text in quotes or "
        "align the line")},
    {"did not find expected key",
     N_("this line is not aligned with the keys above it, or a quote or bracket before it is not "
        "closed")},
    {"did not find expected '-' indicator",
     N_("this line is not aligned with the '-' lines above it")},
    {"could not find expected ':'", N_("a key needs ':', a space and a value"), true},
    {"found unexpected end of stream", N_("the quote that is opened here is not closed"), true},
    {"did not find expected ',' or '}'", N_("a ',' or '}' is missing here")},
    {"did not find expected ',' or ']'", N_("a ',' or ']' is missing here")},
    {"block sequence entries are not allowed in this context",
     N_("a list must begin on a line of its own")},
    {"found unknown escape character",
     N_("unknown escape after '\\' in double quotes; use single quotes")},
    {"did not find expected node content", N_("a value is missing here")},
};

/* Return the start of @line (from 0) of @text, or its end. */
static const char *find_line(const char *text, size_t line)
{
    for (size_t i = 0; i < line; i++) {
        const char *end = strchr(text, '\n');
        if (end == NULL) {
            return text + strlen(text);
        }
        text = end + 1;
    }
    return text;
}

/* Return the character of @reader's text on which @mark stands, 0 at its end. */
static gunichar character_at(const Reader *reader, yaml_mark_t mark)
{
    const char *at = find_line(reader->text, mark.line);
    for (size_t column = 0; column < mark.column && *at != '\0' && *at != '\n'; column++) {
        at = g_utf8_next_char(at);
    }
    return g_utf8_get_char(at);
}

/* Return the column, from 1, of a full-width colon after an ASCII word on @line (from 0) of @text;
 * 0 when there is none.  It is what a Chinese keyboard gives for ':'. */
static int find_wide_colon(const char *text, size_t line)
{
    const char *at = find_line(text, line);
    bool is_word = false;
    for (int column = 1; *at != '\0' && *at != '\n'; column++) {
        if (is_word && g_utf8_get_char(at) == 0xff1a) {
            return column;
        }
        is_word = g_ascii_isalnum(*at) || *at == '_';
        at = g_utf8_next_char(at);
    }
    return 0;
}

/* Say that a full-width colon is the fault, if one stands on the line of @mark or the one before.
 */
static bool add_wide_colon_problem(Reader *reader, yaml_mark_t mark)
{
    for (size_t line = mark.line > 0 ? mark.line - 1 : 0; line <= mark.line; line++) {
        int column = find_wide_colon(reader->text, line);
        if (column > 0) {
            SchemaPlace place = {
                .path = reader->path, .line = reader->first_line + (int)line, .column = column};
            schema_problems_add(reader->problems, place,
                                N_("this is the full-width colon; write ':' and a space"));
            return true;
        }
    }
    return false;
}

/* Say what @reader's parser did not understand. */
static void add_syntax_problem(Reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    SchemaPlace place = place_of_mark(reader, parser->problem_mark);
    const char *problem = parser->problem != NULL ? parser->problem : "";
    gunichar c = character_at(reader, parser->problem_mark);
    if (g_str_equal(problem, "found character that cannot start any token")) {
        if (c == '\t') {
            schema_problems_add(reader->problems, place, N_("a tab cannot indent; use spaces"));
        } else {
            schema_problems_add(reader->problems, place,
                                N_("a value cannot begin with '%c'; put it in quotes"), (int)c);
        }
        return;
    }
    if (c == '\t') {
        schema_problems_add(reader->problems, place, N_("a tab cannot indent; use spaces"));
        return;
    }
    if (add_wide_colon_problem(reader, parser->problem_mark)) {
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
        if (g_str_equal(problem, slips[i].theirs)) {
            g_autofree char *words = error_words((const char *const[]){slips[i].ours, NULL});
            if (slips[i].is_at_start) {
                place = place_of_mark(reader, parser->context_mark);
            }
            schema_problems_add(reader->problems, place, "%s", words);
            return;
        }
    }
    schema_problems_add(reader->problems, place, N_("not YAML: %s"), problem);
}

/* ---- the tree -------------------------------------------------------------------------------- */

static SchemaNode *new_node(const Reader *reader, SchemaNodeKind kind, const yaml_event_t *event)
{
    SchemaNode *node = g_new0(SchemaNode, 1);
    node->kind = kind;
    node->place = place_of_mark(reader, event->start_mark);
    node->last_line = node->place.line;
    if (kind == SCHEMA_NODE_MAP) {
        node->keys = g_ptr_array_new_with_free_func(free_node);
    }
    if (kind != SCHEMA_NODE_TEXT) {
        node->items = g_ptr_array_new_with_free_func(free_node);
    }
    return node;
}

static char quote_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return '\'';
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return '"';
    case YAML_LITERAL_SCALAR_STYLE:
        return '|';
    case YAML_FOLDED_SCALAR_STYLE:
        return '>';
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
        return '\0';
    }
    return '\0';
}

/* Take in that @child ended: its parent reaches at least as far. */
static void extend(Reader *reader, const SchemaNode *child)
{
    if (reader->depth > 0) {
        SchemaNode *parent = reader->stack[reader->depth - 1].node;
        parent->last_line = MAX(parent->last_line, child->last_line);
    }
}

/* Put @node (takes) as a key of the map @frame. */
static bool attach_key(Reader *reader, Frame *frame, SchemaNode *node)
{
    if (node->kind != SCHEMA_NODE_TEXT) {
        schema_problems_add(reader->problems, node->place, N_("a key must be a plain word"));
        schema_node_free(node);
        return false;
    }
    if (g_hash_table_contains(frame->names, node->text)) {
        schema_problems_add(reader->problems, node->place, N_("the key '%s' stands here twice"),
                            node->text);
        schema_node_free(node);
        return false;
    }
    g_hash_table_add(frame->names, node->text);
    frame->key = node;
    return true;
}

/* Put @node (takes) where the reading stands. */
static bool attach(Reader *reader, SchemaNode *node)
{
    if (reader->depth == 0) {
        reader->root = node;
        return true;
    }
    Frame *frame = &reader->stack[reader->depth - 1];
    if (frame->node->kind == SCHEMA_NODE_MAP) {
        if (frame->key == NULL) {
            return attach_key(reader, frame, node);
        }
        g_ptr_array_add(frame->node->keys, g_steal_pointer(&frame->key));
    }
    g_ptr_array_add(frame->node->items, node);
    extend(reader, node);
    return true;
}

static bool check_event(Reader *reader, const yaml_event_t *event, const yaml_char_t *anchor,
                        const yaml_char_t *tag)
{
    SchemaPlace place = place_of_mark(reader, event->start_mark);
    if (anchor != NULL) {
        schema_problems_add(reader->problems, place,
                            N_("anchors (&) and aliases (*) are not understood; write the value "
                               "out, or put it in quotes"));
        return false;
    }
    if (tag != NULL) {
        schema_problems_add(
            reader->problems, place,
            N_("tags (!) are not understood; leave it out, or put the value in quotes"));
        return false;
    }
    if (++reader->n_nodes > SCHEMA_YAML_MAX_NODES) {
        schema_problems_add(reader->problems, place, N_("more than %d values in one file"),
                            SCHEMA_YAML_MAX_NODES);
        return false;
    }
    return true;
}

static bool read_scalar(Reader *reader, const yaml_event_t *event)
{
    if (!check_event(reader, event, event->data.scalar.anchor, event->data.scalar.tag)) {
        return false;
    }
    if (event->data.scalar.length > SCHEMA_YAML_MAX_SCALAR_BYTES) {
        schema_problems_add(reader->problems, place_of_mark(reader, event->start_mark),
                            N_("a text longer than %d bytes"), SCHEMA_YAML_MAX_SCALAR_BYTES);
        return false;
    }
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length) {
        schema_problems_add(reader->problems, place_of_mark(reader, event->start_mark),
                            N_("the character U+%02x does not belong in a text file"), 0U);
        return false;
    }
    SchemaNode *node = new_node(reader, SCHEMA_NODE_TEXT, event);
    node->text = g_strdup(value);
    node->quote = quote_of(event->data.scalar.style);
    int end = reader->first_line + (int)event->end_mark.line;
    node->last_line =
        event->end_mark.column == 0 && end > node->place.line ? end - 1 : end; /* blocks end late */
    return attach(reader, node);
}

static bool read_start(Reader *reader, SchemaNodeKind kind, const yaml_event_t *event,
                       const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (!check_event(reader, event, anchor, tag)) {
        return false;
    }
    if (reader->depth == SCHEMA_YAML_MAX_DEPTH) {
        schema_problems_add(reader->problems, place_of_mark(reader, event->start_mark),
                            N_("nested more than %d deep"), SCHEMA_YAML_MAX_DEPTH);
        return false;
    }
    SchemaNode *node = new_node(reader, kind, event);
    if (!attach(reader, node)) {
        return false;
    }
    reader->stack[reader->depth++] = (Frame){
        .node = node,
        .names = kind == SCHEMA_NODE_MAP ? g_hash_table_new(g_str_hash, g_str_equal) : NULL};
    return true;
}

static void clear_frame(Frame *frame)
{
    g_clear_pointer(&frame->key, schema_node_free);
    g_clear_pointer(&frame->names, g_hash_table_unref);
}

static bool read_end(Reader *reader)
{
    Frame *frame = &reader->stack[--reader->depth];
    extend(reader, frame->node);
    clear_frame(frame);
    return true;
}

/* Take in @event; false when the reading must stop. */
static bool read_event(Reader *reader, const yaml_event_t *event)
{
    SchemaPlace place = place_of_mark(reader, event->start_mark);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_MAPPING_START_EVENT:
        return read_start(reader, SCHEMA_NODE_MAP, event, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
    case YAML_SEQUENCE_START_EVENT:
        return read_start(reader, SCHEMA_NODE_LIST, event, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return read_end(reader);
    case YAML_ALIAS_EVENT:
        return check_event(reader, event, event->data.alias.anchor, NULL);
    case YAML_DOCUMENT_START_EVENT:
        if (reader->root != NULL) {
            schema_problems_add(reader->problems, place, N_("a file holds one document only"));
            return false;
        }
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

/* Read all events; false after a problem was added. */
static bool read_all(Reader *reader)
{
    for (bool is_end = false; !is_end;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            add_syntax_problem(reader);
            return false;
        }
        is_end = event.type == YAML_STREAM_END_EVENT;
        bool is_good = read_event(reader, &event);
        yaml_event_delete(&event);
        if (!is_good) {
            return false;
        }
    }
    return true;
}

SchemaNode *schema_yaml_parse(const char *path, const char *text, int first_line,
                              SchemaProblems *problems)
{
    if (!schema_yaml_check_text(path, text, first_line, problems)) {
        return NULL;
    }
    text = skip_mark(text);
    Reader reader = {.path = path, .text = text, .first_line = first_line, .problems = problems};
    if (!yaml_parser_initialize(&reader.parser)) {
        g_error("out of memory");
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, strlen(text));
    bool is_good = read_all(&reader);
    for (int i = 0; i < reader.depth; i++) {
        clear_frame(&reader.stack[i]);
    }
    yaml_parser_delete(&reader.parser);
    if (is_good && reader.root == NULL) {
        schema_problems_add(problems, ((SchemaPlace){path, first_line, 1}),
                            N_("the file is empty"));
        return NULL;
    }
    if (!is_good) {
        schema_node_free(reader.root);
        return NULL;
    }
    return reader.root;
}

/* ---- back from a value to its file ----------------------------------------------------------- */

/* A walk over a scalar as it is written. */
typedef struct Walk {
    const char *at;
    SchemaPlace place;
} Walk;

static void step(Walk *walk)
{
    if (*walk->at == '\0') {
        return;
    }
    walk->place.column++;
    if (*walk->at == '\n') {
        walk->place.line++;
        walk->place.column = 1;
    }
    walk->at = g_utf8_next_char(walk->at);
}

static void skip_blanks(Walk *walk)
{
    while (*walk->at == ' ' || *walk->at == '\t' || *walk->at == '\r' || *walk->at == '\n') {
        step(walk);
    }
}

/* Pass one escape of a double-quoted scalar, which stands after its '\'. */
static void pass_escape(Walk *walk)
{
    int n_digits = *walk->at == 'x' ? 2 : *walk->at == 'u' ? 4 : *walk->at == 'U' ? 8 : 0;
    bool is_line = *walk->at == '\n' || *walk->at == '\r';
    step(walk);
    for (int i = 0; i < n_digits; i++) {
        step(walk);
    }
    if (is_line) {
        skip_blanks(walk);
    }
}

/* Pass what stands for the character @c of the value. */
static void pass(Walk *walk, char quote, char c)
{
    if (quote == '"' && *walk->at == '\\') {
        step(walk);
        pass_escape(walk);
    } else if (*walk->at == '\r' || *walk->at == '\n') {
        skip_blanks(walk); /* a folded line, or the indent of the next one */
    } else {
        if (quote == '\'' && *walk->at == '\'') {
            step(walk);
        }
        step(walk);
        if (c == ' ' && (*walk->at == '\n' || *walk->at == '\r')) {
            skip_blanks(walk);
        }
    }
}

SchemaPlace schema_node_place_of(const SchemaNode *node, const char *text, int first_line,
                                 glong offset)
{
    Walk walk = {.at = find_line(skip_mark(text), (size_t)(node->place.line - first_line)),
                 .place = {.path = node->place.path, .line = node->place.line, .column = 1}};
    while (*walk.at != '\0' && walk.place.column < node->place.column) {
        step(&walk);
    }
    if (node->quote == '|' || node->quote == '>') {
        while (*walk.at != '\0' && *walk.at != '\n') {
            step(&walk);
        }
        skip_blanks(&walk);
    } else if (node->quote != '\0') {
        step(&walk);
    }
    const char *value = node->text;
    for (glong i = 0; i < offset && *value != '\0'; i++) {
        pass(&walk, node->quote, *value);
        value = g_utf8_next_char(value);
    }
    return walk.place;
}
