#include "measure/json.h"

#include "measure/card.h"

static void write_time(JsonWriter *writer, const char *key, int64_t us, int offset_seconds)
{
    char text[DATE_TIME_TEXT_SIZE];
    json_write_key_text(writer, key, us != 0 ? date_format_time(us, offset_seconds, text) : NULL);
}

static void write_period(JsonWriter *writer, const Period *period)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    json_write_key(writer, "period");
    json_write_begin_object(writer);
    json_write_key_text(writer, "from", date_format(period->from, from));
    json_write_key_text(writer, "to", date_format(period->to, to));
    json_write_end_object(writer);
}

static void write_definition(JsonWriter *writer, const Figure *figure, const Office *office,
                             const char *language)
{
    g_autoptr(Card) card = card_new(figure, office, language);
    json_write_key(writer, "definition");
    json_write_begin_object(writer);
    for (guint i = 0; i < card->lines->len; i++) {
        const CardLine *line = g_ptr_array_index(card->lines, i);
        json_write_key_text(writer, line->name, line->text);
    }
    json_write_key_text(writer, "text", figure->measure->text);
    json_write_end_object(writer);
}

static void write_groups(JsonWriter *writer, const Figure *figure)
{
    json_write_key(writer, "groups");
    json_write_begin_array(writer);
    for (guint i = 0; i < figure->groups->len; i++) {
        const FigureGroup *group = g_ptr_array_index(figure->groups, i);
        g_autofree char *value = group->has_value
                                     ? figure_number_to_text(group->value, figure->decimals)
                                     : g_strdup("null");
        json_write_begin_object(writer);
        json_write_key_text(writer, "key", *group->key != '\0' ? group->key : NULL);
        json_write_key_text(writer, "label", group->label);
        json_write_key_int(writer, "counted", group->counted);
        json_write_key(writer, "value");
        json_write_raw(writer, value);
        json_write_end_object(writer);
    }
    json_write_end_array(writer);
}

static void write_numbers(JsonWriter *writer, const GPtrArray *numbers)
{
    json_write_begin_array(writer);
    for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
        json_write_text(writer, g_ptr_array_index(numbers, i));
    }
    json_write_end_array(writer);
}

static void write_member(JsonWriter *writer, const Figure *figure, const FigureMember *member)
{
    json_write_begin_object(writer);
    json_write_key_text(writer, "kind", member->kind);
    json_write_key(writer, "id");
    if (member->is_restricted) {
        json_write_null(writer);
    } else if (member->id == 0) {
        json_write_text(writer, member->number);
    } else {
        json_write_int(writer, member->id);
    }
    if (member->n != 0) {
        json_write_key_int(writer, "n", member->n);
    }
    if (member->is_restricted) {
        json_write_key_bool(writer, "restricted", true);
    } else {
        json_write_key_text(writer, "number", member->number);
        json_write_key_text(writer, "title", member->title);
        if (member->key != NULL) {
            json_write_key_text(writer, "key", member->key);
        }
        if (figure->measure->by != NULL) {
            json_write_key_text(writer, "group", member->group);
        }
        if (figure->measure->amount != NULL) {
            g_autofree char *amount = figure_member_amount(figure, member);
            json_write_key(writer, "amount");
            json_write_raw(writer, amount != NULL ? amount : "null");
        }
    }
    json_write_key_bool(writer, "counted", member->is_counted);
    json_write_key_bool(writer, "late", member->n_late > 0);
    json_write_key_text(writer, "why", member->why);
    if (member->n_found >= 0) {
        json_write_key_int(writer, "found", member->n_found);
        json_write_key(writer, "entries");
        write_numbers(writer, member->entries);
    }
    json_write_end_object(writer);
}

/* Append @number to @numbers unless it is there (noted in @seen). */
static void add_number(GPtrArray *numbers, GHashTable *seen, char *number)
{
    if (g_hash_table_add(seen, number)) {
        g_ptr_array_add(numbers, number);
    }
}

/* Return the numbers of the entries that are counted, or that let a member count, each once. */
static GPtrArray *collect_numbers(const Figure *figure)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *numbers = g_ptr_array_new();
    for (guint i = 0; i < figure->members->len; i++) {
        const FigureMember *member = g_ptr_array_index(figure->members, i);
        if (!member->is_counted) {
            continue;
        }
        if (figure->measure->of.ledger != NULL && member->number != NULL) {
            add_number(numbers, seen, member->number);
        }
        for (guint k = 0; member->entries != NULL && k < member->entries->len; k++) {
            add_number(numbers, seen, g_ptr_array_index(member->entries, k));
        }
    }
    return numbers;
}

static void write_members(JsonWriter *writer, const Figure *figure)
{
    json_write_key(writer, "members");
    json_write_begin_array(writer);
    for (guint i = 0; i < figure->members->len; i++) {
        write_member(writer, figure, g_ptr_array_index(figure->members, i));
    }
    json_write_end_array(writer);
    g_autoptr(GPtrArray) numbers = collect_numbers(figure);
    json_write_key(writer, "entries");
    write_numbers(writer, numbers);
    if (figure->revisions.deleted != NULL) {
        json_write_key(writer, "deleted");
        write_numbers(writer, figure->revisions.deleted);
    }
    if (figure->revisions.undone != NULL) {
        json_write_key(writer, "undone");
        json_write_begin_array(writer);
        for (guint i = 0; i < figure->revisions.undone->len; i++) {
            json_write_int(writer, g_array_index(figure->revisions.undone, int64_t, i));
        }
        json_write_end_array(writer);
    }
}

void figure_write_log_json(int64_t size, const uint8_t root[CRYPTO_HASH_SIZE], JsonWriter *writer)
{
    json_write_begin_object(writer);
    json_write_key_int(writer, "size", size);
    json_write_key(writer, "root");
    json_write_hex(writer, root, CRYPTO_HASH_SIZE);
    json_write_end_object(writer);
}

void figure_write_json(const Figure *figure, const Office *office, const char *language,
                       JsonWriter *writer)
{
    const SchemaMeasure *measure = figure->measure;
    int offset_seconds = office_offset_seconds(office);
    g_autofree char *value = figure_value_to_text(figure);
    json_write_begin_object(writer);
    json_write_key_text(writer, "name", measure->name);
    json_write_key_text(writer, "title", schema_words_get(&measure->words, language));
    json_write_key_text(writer, "kind", figure_kind_name(figure));
    json_write_key(writer, "value");
    json_write_raw(writer, value);
    json_write_key_text(writer, "text", figure->text);
    json_write_key_text(writer, "unit", schema_words_said(&measure->unit, language));
    json_write_key_text(writer, "sentence", figure->sentence);
    if (figure->is_claim) {
        json_write_key_bool(writer, "holds", figure->is_holding);
    }
    json_write_key_int(writer, "total", figure->total);
    json_write_key_int(writer, "counted", figure->counted);
    write_period(writer, &figure->period);
    write_time(writer, "cutoff", figure->cutoff_us, offset_seconds);
    write_time(writer, "known", figure->known_us, offset_seconds);
    json_write_key(writer, "log");
    figure_write_log_json(figure->log_size, figure->log_root, writer);
    write_definition(writer, figure, office, language);
    if (figure->groups != NULL) {
        write_groups(writer, figure);
    }
    if (figure->members != NULL) {
        write_members(writer, figure);
    }
    json_write_end_object(writer);
}
