#include "schema/schema.h"

#include "schema/parse.h"

static const SchemaKindInfo kinds[] = {
#define X(code, name, value, item, column, personal) {name, value, item, column, personal},
    SCHEMA_FIELD_KINDS(X)
#undef X
};

const SchemaKindInfo *schema_kind_info(SchemaFieldKind kind)
{
    return &kinds[kind];
}

const char *schema_words_get(const SchemaWords *words, const char *language)
{
    return words->en != NULL && g_str_equal(language, "en") ? words->en : words->zh;
}

const char *schema_words_said(const SchemaWords *words, const char *language)
{
    return *words->zh != '\0' ? schema_words_get(words, language) : NULL;
}

/* ---- finding --------------------------------------------------------------------------------- */

const void *schema_find(const GPtrArray *objects, const char *name)
{
    for (guint i = 0; objects != NULL && i < objects->len; i++) {
        const void *object = g_ptr_array_index(objects, i);
        if (g_str_equal(schema_name_of(object), name)) {
            return object;
        }
    }
    return NULL;
}

const char *schema_name_of(const void *object)
{
    return *(char *const *)object;
}

bool schema_field_is_prose(const SchemaField *field)
{
    return !field->is_personal &&
           (field->kind == SCHEMA_FIELD_TEXT || field->kind == SCHEMA_FIELD_LONG ||
            field->kind == SCHEMA_FIELD_PLACE);
}

const SchemaField *schema_ledger_field(const SchemaLedger *ledger, const char *name)
{
    return schema_find(ledger->fields, name);
}

const SchemaField *schema_field_child(const SchemaField *rows, const char *name)
{
    return schema_find(rows->fields, name);
}

const SchemaStep *schema_ledger_step(const SchemaLedger *ledger, const char *name)
{
    return schema_find(ledger->steps, name);
}

const SchemaChoice *schema_step_from(const SchemaStep *step, const char *state)
{
    for (guint i = 0; i < step->from->len; i++) {
        const SchemaChoice *from = g_ptr_array_index(step->from, i);
        if (g_str_equal(from->name, state)) {
            return from;
        }
    }
    return NULL;
}

bool schema_step_restarts(const SchemaStep *step, const SchemaClock *clock)
{
    bool leads_back = false;
    for (guint i = 0; i < clock->stops->len; i++) {
        const SchemaStep *stop = g_ptr_array_index(clock->stops, i);
        if (stop == step) {
            return false;
        }
        leads_back = leads_back || schema_step_from(stop, step->to->name) != NULL;
    }
    return leads_back;
}

/* Return whether an entry in @state can come to where @step is done.  @seen: states looked at. */
static bool leads_to(const SchemaLedger *ledger, const SchemaChoice *state, const SchemaStep *step,
                     GHashTable *seen)
{
    if (schema_step_from(step, state->name) != NULL) {
        return true;
    }
    if (!g_hash_table_add(seen, (gpointer)state)) {
        return false;
    }
    for (guint i = 0; i < ledger->steps->len; i++) {
        const SchemaStep *next = g_ptr_array_index(ledger->steps, i);
        if (schema_step_from(next, state->name) != NULL && leads_to(ledger, next->to, step, seen)) {
            return true;
        }
    }
    return false;
}

GPtrArray *schema_step_ways_back(const SchemaLedger *ledger, const SchemaStep *step)
{
    GPtrArray *ways = g_ptr_array_new();
    for (guint i = 0; i < ledger->steps->len; i++) {
        SchemaStep *next = g_ptr_array_index(ledger->steps, i);
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        if (schema_step_from(next, step->to->name) != NULL &&
            leads_to(ledger, next->to, step, seen)) {
            g_ptr_array_add(ways, next);
        }
    }
    return ways;
}

const SchemaChoice *schema_ledger_state(const SchemaLedger *ledger, const char *name)
{
    return schema_find(ledger->states, name);
}

const SchemaChoice *schema_field_choice(const SchemaField *field, const char *name)
{
    return schema_find(field->choices, name);
}

const SchemaLedger *schema_ledger(const Schema *schema, const char *name)
{
    return schema_find(schema->ledgers, name);
}

const SchemaMeasure *schema_measure(const Schema *schema, const char *name)
{
    return schema_find(schema->measures, name);
}

const SchemaReport *schema_report(const Schema *schema, const char *name)
{
    return schema_find(schema->reports, name);
}

/* ---- making and freeing ---------------------------------------------------------------------- */

static void clear_words(SchemaWords *words)
{
    g_free(words->zh);
    g_free(words->en);
    g_free(words->name);
}

SchemaWords schema_words_take(char *zh, char *en)
{
    return (SchemaWords){.zh = zh, .en = en, .name = error_name(zh, en)};
}

static void unref(GPtrArray *array)
{
    if (array != NULL) {
        g_ptr_array_unref(array);
    }
}

void schema_choice_free(void *data)
{
    SchemaChoice *choice = data;
    g_free(choice->name);
    g_clear_pointer(&choice->aliases, g_ptr_array_unref);
    clear_words(&choice->words);
    g_free(choice);
}

void schema_field_free(void *data)
{
    SchemaField *field = data;
    g_free(field->name);
    clear_words(&field->words);
    clear_words(&field->help);
    clear_words(&field->section);
    clear_words(&field->unit);
    unref(field->choices);
    g_free(field->target_name);
    unref(field->fields);
    unref(field->aliases);
    g_free(field->set_by_step);
    schema_scope_free(field->scope);
    g_free(field->choice_names);
    g_free(field);
}

void schema_step_free(void *data)
{
    SchemaStep *step = data;
    g_free(step->name);
    clear_words(&step->words);
    unref(step->from);
    unref(step->roles);
    unref(step->not_by);
    unref(step->who);
    unref(step->asks);
    unref(step->evidence);
    expression_free(step->when);
    g_free(step);
}

void schema_clock_free(void *data)
{
    SchemaClock *clock = data;
    g_free(clock->name);
    clear_words(&clock->words);
    unref(clock->stops);
    clear_words(&clock->law);
    expression_free(clock->when);
    g_free(clock);
}

void schema_evidence_free(void *data)
{
    SchemaEvidence *evidence = data;
    g_free(evidence->name);
    clear_words(&evidence->words);
    g_free(evidence);
}

void schema_ledger_free(void *data)
{
    SchemaLedger *ledger = data;
    if (ledger->made != NULL) {
        ledger->made->free(ledger->made);
    }
    g_free(ledger->name);
    clear_words(&ledger->words);
    g_free(ledger->number);
    unref(ledger->steps); /* expressions before what they refer to */
    unref(ledger->clocks);
    unref(ledger->list);
    unref(ledger->unique);
    unref(ledger->counted);
    unref(ledger->evidence);
    unref(ledger->fields);
    unref(ledger->states);
    g_free(ledger->retention);
    g_free(ledger->text);
    schema_scope_free(ledger->scope);
    g_free(ledger->state_names);
    g_free(ledger->step_names);
    g_free(ledger);
}

SchemaMade *schema_ledger_make(const SchemaLedger *ledger,
                               SchemaMade *(*make)(const SchemaLedger *ledger))
{
    SchemaMade **place = &((SchemaLedger *)ledger)->made;
    SchemaMade *made = g_atomic_pointer_get(place);
    if (made != NULL) {
        return made;
    }
    made = make(ledger);
    if (!g_atomic_pointer_compare_and_exchange(place, NULL, made)) {
        made->free(made); /* another thread was faster */
        made = g_atomic_pointer_get(place);
    }
    return made;
}

static void free_set(SchemaSet *set)
{
    if (set != NULL) {
        expression_free(set->where);
        g_free(set);
    }
}

void schema_measure_free(void *data)
{
    SchemaMeasure *measure = data;
    g_free(measure->name);
    clear_words(&measure->words);
    expression_free(measure->of.where);
    expression_free(measure->counts);
    free_set(measure->has);
    expression_free(measure->key);
    expression_free(measure->amount);
    expression_free(measure->by);
    clear_words(&measure->unit);
    g_free(measure->wording);
    clear_words(&measure->sentence);
    clear_words(&measure->otherwise);
    clear_words(&measure->never);
    clear_words(&measure->note);
    g_free(measure->text);
    g_free(measure->file);
    g_free(measure);
}

void schema_report_free(void *data)
{
    SchemaReport *report = data;
    g_free(report->name);
    clear_words(&report->words);
    g_free(report->period);
    clear_words(&report->body);
    g_free(report->text);
    g_free(report);
}

void schema_free(Schema *schema)
{
    if (schema == NULL) {
        return;
    }
    unref(schema->measures); /* expressions before their scopes */
    unref(schema->reports);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        g_clear_pointer(&ledger->steps, g_ptr_array_unref);
        g_clear_pointer(&ledger->clocks, g_ptr_array_unref);
    }
    unref(schema->ledgers);
    unref(schema->unit_kinds);
    unref(schema->party_kinds);
    g_free(schema->name);
    g_free(schema->version);
    clear_words(&schema->words);
    schema_private_free(schema->private);
    unref(schema->files);
    g_free(schema);
}

char *schema_ledger_path(const SchemaLedger *ledger)
{
    return g_strconcat("ledgers/", ledger->name, ".yaml", NULL);
}

SchemaFile *schema_file_new(const char *path, const char *text)
{
    SchemaFile *file = g_new0(SchemaFile, 1);
    file->path = g_strdup(path);
    file->text = g_strdup(text);
    return file;
}

void schema_file_free(SchemaFile *file)
{
    if (file != NULL) {
        g_free(file->path);
        g_free(file->text);
        g_free(file);
    }
}
