/* A whole pack in one input ("== PATH" begins each file): any text may be refused, with a sentence
 * in both languages, but what loads can be described, compared, and numbers its entries. */
#include "../pack/split.h"

/* What was refused has lines, each with the file that it is about. */
static void check_refused(GPtrArray *files, const GError *error)
{
    g_autoptr(SchemaProblems) problems = NULL;
    g_autoptr(Schema) schema = schema_load(files, &problems, NULL);
    g_autoptr(GPtrArray) lines = schema_problems_to_lines(problems, "zh");
    g_assert(schema == NULL && error != NULL && lines->len > 0);
    for (guint i = 0; i < lines->len; i++) {
        g_assert(g_utf8_validate(g_ptr_array_index(lines, i), -1, NULL));
    }
}

static void check_numbers(const SchemaLedger *ledger)
{
    static const int64_t numbers[] = {1, 99999, 100000};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        int year = -1;
        int64_t n = 0;
        g_autofree char *number = schema_ledger_format_number(ledger, 2023, numbers[i]);
        g_assert(schema_ledger_parse_number(ledger, number, &year, &n));
        g_assert(n == numbers[i] && year == (ledger->number_has_year ? 2023 : 0));
    }
}

static void check_loaded(const Schema *schema)
{
    g_autoptr(GPtrArray) narrowed = NULL;
    g_autoptr(GPtrArray) changes = schema_compare(schema, schema, "en", &narrowed);
    g_autoptr(GPtrArray) all = schema_compare(NULL, schema, "zh", NULL);
    g_autofree char *english = schema_document(schema, "en");
    g_autofree char *chinese = schema_document(schema, "zh");
    g_assert(changes->len == 0 && narrowed->len == 0 && all->len == schema->ledgers->len);
    g_assert(g_utf8_validate(english, -1, NULL) && g_utf8_validate(chinese, -1, NULL));
    for (guint i = 0; i < schema->ledgers->len; i++) {
        check_numbers(g_ptr_array_index(schema->ledgers, i));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);
    g_autofree char *expected = NULL;
    g_autoptr(GPtrArray) files = pack_split(text, &expected);
    g_autoptr(GError) error = NULL;
    g_autoptr(Schema) schema = schema_load(files, NULL, &error);
    if (schema != NULL) {
        check_loaded(schema);
    } else {
        check_refused(files, error);
    }
    return 0;
}
