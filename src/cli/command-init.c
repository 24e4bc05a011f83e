#include "cli/command-init.h"

#include "base/json.h"
#include "cli/print.h"
#include "cli/session.h"
#include "office/key.h"
#include "office/place.h"

static void print_json(CliContext *context, const Office *office, const char *key)
{
    g_auto(JsonWriter) json;
    json_writer_init_unsorted(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "office", office_location(office));
    json_write_key_text(&json, "id", office_id(office));
    json_write_key_text(&json, "name", office_name(office));
    json_write_key_text(&json, "key", key);
    json_write_key(&json, "ledgers");
    json_write_begin_array(&json);
    const Schema *schema = office_schema(office);
    for (guint i = 0; i < schema->ledgers->len; i++) {
        json_write_text(&json, ((const SchemaLedger *)g_ptr_array_index(schema->ledgers, i))->name);
    }
    json_write_end_array(&json);
    json_write_end_object(&json);
    cli_print_json(context, &json);
}

static void print_text(CliContext *context, const Office *office, const char *key)
{
    cli_say(context, N_("made the office '%s' at '%s'"), office_name(office),
            office_location(office));
    cli_say(context, N_("its signing key: %s (keep a copy in another place)"), key);
    const Schema *schema = office_schema(office);
    if (schema->ledgers->len == 0) {
        return;
    }
    const SchemaLedger *ledger = g_ptr_array_index(schema->ledgers, 0);
    g_autofree char *location = office_place_word(cli_operand(context, 0));
    cli_say(context, N_("next: shuzhi import %s %s FILE"), location, ledger->name);
}

static bool run(CliContext *context, GError **error)
{
    const char *location = cli_operand(context, 0);
    const char *folder = cli_option(context, "pack");
    g_autoptr(GPtrArray) pack = NULL;
    if (folder != NULL && !schema_read_folder(folder, &pack, error)) {
        return false;
    }
    OfficePlan plan = {.name = cli_option(context, "name"), .pack = pack};
    g_autofree char *actor = cli_os_actor();
    LogAct act = {.actor = actor};
    if (!office_create(location, &plan, &act, error)) {
        return false;
    }
    g_autoptr(Office) office = office_open(location, OFFICE_READ, NULL, error);
    if (office == NULL) {
        return false;
    }
    g_autofree char *key = office_key_path(office_id(office));
    if (cli_has(context, "json")) {
        print_json(context, office, key);
    } else {
        print_text(context, office, key);
    }
    return true;
}

static const CliOption options[] = {
    {"name", N_("NAME"), N_("the office's name; else that of its folder")},
    {"pack", N_("DIR"), N_("the pack it runs on; else the one for county offices")},
    CLI_OPTION_JSON,
    {NULL}};

const CliCommand command_init = {
    .name = "init",
    .operands = "OFFICE",
    .summary = N_("Make an office: a new folder, or a schema of PostgreSQL."),
    .text = N_("The folder must be missing or empty. Who runs this command can work with the"
               " office at once; others need accounts ('shuzhi user'). A signing key is made"
               " outside the folder: under $SHUZHI_KEYS, else ~/.config/shuzhi/keys."),
    .examples = "init ./office --name 示范县政府办公室\n"
                "init 'postgres:///shuzhi?schema=office&files=/srv/files'",
    .options = options,
    .run = run,
};
