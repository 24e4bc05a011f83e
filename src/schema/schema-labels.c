/* The words of a schema's names, for expressions that people read. */
#include "schema/schema.h"

#include "base/message.h"
#include "schema/parse.h"

/* What the names of the system are called. */
static const struct {
    const char *name;
    const char *words;
} system_words[] = {
    {"state", N_("state")},
    {"number", N_("number of the entry")},
    {"opened", N_("time of opening")},
    {"closed", N_("time of closing")},
    {"due", N_("time due")},
    {"due_first", N_("first time due")},
    {"late", N_("days late")},
    {"took", N_("days taken")},
    {"unit", N_("unit of the entry")},
    {"anywhere", N_("any text of the entry")},
    {"period.start", N_("first day of the period")},
    {"period.end", N_("last day of the period")},
    {"today", N_("the day of evaluation")},
    {"cutoff", N_("the cut-off")},
    {"name", N_("name")},
    {"kind", N_("kind of unit")},
    {"since", N_("there since")},
    {"until", N_("there until")},
    {"parent", N_("unit above")},
    {"post", N_("post held")},
    {"level", N_("level")},
    {"party", N_("party standing")},
};

const GPtrArray *schema_choices_of(const Schema *schema, const ExpressionSymbol *symbol)
{
    const SchemaField *field = symbol->data;
    if (field != NULL) {
        return field->choices;
    }
    if (g_str_equal(symbol->name, "kind")) {
        return schema->unit_kinds;
    }
    if (g_str_equal(symbol->name, "party")) {
        return schema->party_kinds;
    }
    for (guint i = 0; i < schema->ledgers->len; i++) {
        const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, i);
        if (symbol->type.choices == (const char *const *)ledger->state_names) {
            return ledger->states;
        }
    }
    return NULL;
}

/* ExpressionLabels.label. */
static const char *label(void *data, const ExpressionSymbol *symbol, const char *key)
{
    const SchemaLabels *labels = data;
    const SchemaField *field = symbol->data;
    if (key != NULL) {
        const SchemaChoice *choice = schema_find(schema_choices_of(labels->schema, symbol), key);
        return choice != NULL ? schema_words_get(&choice->words, labels->language) : NULL;
    }
    if (field != NULL) {
        return schema_words_get(&field->words, labels->language);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(system_words); i++) {
        if (g_str_equal(system_words[i].name, symbol->name)) {
            return message_get(labels->language, system_words[i].words);
        }
    }
    return NULL;
}

void schema_labels_init(SchemaLabels *labels, const Schema *schema, const char *language)
{
    *labels = (SchemaLabels){
        .labels = {.label = label, .data = labels}, .schema = schema, .language = language};
}

const char *schema_kind_words(SchemaFieldKind kind, const char *language)
{
    static const char *const words[SCHEMA_N_FIELD_KINDS] = {
        [SCHEMA_FIELD_TEXT] = N_("text"),
        [SCHEMA_FIELD_LONG] = N_("long text"),
        [SCHEMA_FIELD_NUMBER] = N_("numeric value"),
        [SCHEMA_FIELD_MONEY] = N_("money"),
        [SCHEMA_FIELD_DATE] = N_("date"),
        [SCHEMA_FIELD_TIME] = N_("date and time"),
        [SCHEMA_FIELD_PERIOD] = N_("period"),
        [SCHEMA_FIELD_CHOICE] = N_("choice"),
        [SCHEMA_FIELD_CHOICES] = N_("several choices"),
        [SCHEMA_FIELD_BOOL] = N_("yes or no"),
        [SCHEMA_FIELD_UNIT] = N_("unit"),
        [SCHEMA_FIELD_PERSON] = N_("person"),
        [SCHEMA_FIELD_PEOPLE] = N_("several people"),
        [SCHEMA_FIELD_ENTRY] = N_("entry of a ledger"),
        [SCHEMA_FIELD_ROWS] = N_("child rows"),
        [SCHEMA_FIELD_FILE] = N_("files"),
        [SCHEMA_FIELD_PLACE] = N_("place"),
        [SCHEMA_FIELD_PHONE] = N_("phone number"),
        [SCHEMA_FIELD_IDENTITY] = N_("identity number"),
    };
    return message_get(language, words[kind]);
}

const char *schema_role_words(const char *role, const char *language)
{
    static const struct {
        const char *role;
        const char *words;
    } roles[] = {{"clerk", N_("clerk")},           {"head", N_("head of unit")},
                 {"supervisor", N_("supervisor")}, {"secretary", N_("secretary")},
                 {"dispatcher", N_("dispatcher")}, {"citizen", N_("citizen")}};
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (g_str_equal(roles[i].role, role)) {
            return message_get(language, roles[i].words);
        }
    }
    g_assert_not_reached();
}
