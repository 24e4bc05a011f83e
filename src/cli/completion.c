#include "cli/completion.h"

#include "cli/arguments.h"

/* What the script does with the tables that stand above it. */
static const char script[] =
    "_shuzhi_names() { # the names in list $1 of the pack of the office that is the first operand\n"
    "    shuzhi pack show \"${operands[0]}\" \"$1\" 2>/dev/null | cut -d' ' -f1\n"
    "}\n"
    "\n"
    "_shuzhi_named() { # the names in what the command $@ lists of the office\n"
    "    shuzhi \"$@\" \"${operands[0]}\" --json 2>/dev/null |\n"
    "        grep -ao '\"name\":\"\\(\\\\.\\|[^\"\\\\]\\)*\"' |\n"
    "        sed -e 's/^\"name\":\"//' -e 's/\"$//' -e 's/\\\\\\([\"\\\\]\\)/\\1/g'\n"
    "}\n"
    "\n"
    "_shuzhi_fields() { # what the ledger's fields say under the key $1: their names, their steps\n"
    "    local ledger=${operands[1]}\n"
    "    if [[ ${_shuzhi_operands[$command]} == *NUMBER* ]]; then\n"
    "        ledger=$(shuzhi entry show \"${operands[0]}\" \"$ledger\" --json 2>/dev/null |\n"
    "            sed 's/.*\"ledger\":\"\\([^\"]*\\)\".*/\\1/')\n"
    "    fi\n"
    "    shuzhi entry fields \"${operands[0]}\" \"$ledger\" --json 2>/dev/null |\n"
    "        grep -o \"\\\"$1\\\":\\\"[^\\\"]*\" | cut -d'\"' -f4 | sort -u\n"
    "}\n"
    "\n"
    "_shuzhi_plain() { # REPLY: the word $1 as it is meant, without its quotes; nothing is "
    "evaluated\n"
    "    REPLY=${1//\\\\/}\n"
    "    case $1 in\n"
    "        \\'* | \\\"*) REPLY=${1:1} && REPLY=${REPLY%\"${1:0:1}\"} ;;\n"
    "        \\~/*) REPLY=$HOME/${REPLY:2} ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "# The lines of the input that begin as what was typed. They are names that people gave: none "
    "is\n"
    "# evaluated here, nor when the line is sent.\n"
    "_shuzhi_offer() {\n"
    "    local name\n"
    "    while IFS= read -r name; do\n"
    "        [[ -n $name && $name == \"$typed\"* ]] || continue\n"
    "        if [[ $cur == [\\'\\\"]* ]]; then\n"
    "            [[ $name == *[\\'\\\"\\\\\\$\\`!]* ]] && continue # it would end the quotes, or "
    "mean something\n"
    "        elif [[ $name == *[[:punct:][:space:][:cntrl:]]* ]]; then\n"
    "            printf -v name %q \"$name\"\n"
    "        fi\n"
    "        COMPREPLY+=(\"$name\")\n"
    "    done\n"
    "}\n"
    "\n"
    "_shuzhi_words() { # of the words $1, our own\n"
    "    _shuzhi_offer <<< \"${1// /$'\\n'}\"\n"
    "}\n"
    "\n"
    "_shuzhi_files() { # of the files (-f) or folders (-d)\n"
    "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
    "    compopt -o filenames 2>/dev/null # bash quotes them\n"
    "}\n"
    "\n"
    "_shuzhi_fill() { # what may stand for the operand or the argument $1\n"
    "    case $1 in\n"
    "        OFFICE | DIR) _shuzhi_files -d ;;\n"
    "        FILE) _shuzhi_files -f ;;\n"
    "        LEDGER) _shuzhi_offer < <(_shuzhi_names ledgers) ;;\n"
    "        MEASURE) _shuzhi_offer < <(_shuzhi_names measures) ;;\n"
    "        REPORT) _shuzhi_offer < <(_shuzhi_names reports) ;;\n"
    "        FIELD=VALUE)\n"
    "            _shuzhi_offer < <(_shuzhi_fields name | sed 's/$/=/')\n"
    "            compopt -o nospace 2>/dev/null\n"
    "            ;;\n"
    "        FIELD) [ \"$command\" = 'entry attach' ] || _shuzhi_offer < <(_shuzhi_fields name) "
    ";;\n"
    "        STEP) _shuzhi_offer < <(_shuzhi_fields step) ;;\n"
    "        UNIT) _shuzhi_offer < <(_shuzhi_named unit list) ;;\n"
    "        PERSON) _shuzhi_offer < <(_shuzhi_named person list) ;;\n"
    "        ACCOUNT) _shuzhi_offer < <(_shuzhi_named user list) ;;\n"
    "        ROLE) _shuzhi_words 'staff clerk head supervisor secretary dispatcher' ;;\n"
    "        SORT) _shuzhi_words 'system security audit' ;;\n"
    "        KIND) _shuzhi_words 'office section subordinate branch committee' ;;\n"
    "        PARTY) _shuzhi_words 'yes no probationary' ;;\n"
    "        FORMAT) _shuzhi_words 'csv xlsx jsonl' ;;\n"
    "        LIST) _shuzhi_words 'ledgers measures reports' ;;\n"
    "        SHELL) _shuzhi_words bash ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_shuzhi() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command i=2 word typed REPLY\n"
    "    local -a operands=() slots=()\n"
    "    COMPREPLY=()\n"
    "    _shuzhi_plain \"$cur\"\n"
    "    typed=$REPLY\n"
    "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
    "        _shuzhi_words \"$_shuzhi_first\"\n"
    "        return\n"
    "    fi\n"
    "    command=${COMP_WORDS[1]}\n"
    "    if [ \"$command\" = help ]; then\n"
    "        command=${COMP_WORDS[2]}\n"
    "        case $COMP_CWORD in\n"
    "            2) _shuzhi_words \"$_shuzhi_first\" ;;\n"
    "            3) _shuzhi_words \"${_shuzhi_second[$command]}\" ;;\n"
    "        esac\n"
    "        return\n"
    "    fi\n"
    "    if [ -n \"${_shuzhi_second[$command]}\" ]; then\n"
    "        if [ \"$COMP_CWORD\" = 2 ]; then\n"
    "            _shuzhi_words \"${_shuzhi_second[$command]}\"\n"
    "            return\n"
    "        fi\n"
    "        command=\"$command ${COMP_WORDS[2]}\" i=3\n"
    "    fi\n"
    "    if [[ $cur == -* ]]; then\n"
    "        _shuzhi_words \"${_shuzhi_options[$command]} --help\"\n"
    "        return\n"
    "    fi\n"
    "    for ((; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ $word != -* ]]; then\n"
    "            _shuzhi_plain \"$word\"\n"
    "            operands+=(\"$REPLY\")\n"
    "        elif [ -n \"${_shuzhi_arguments[$command $word]}\" ]; then\n"
    "            ((i++))\n"
    "        fi\n"
    "    done\n"
    "    if [[ $previous == --* && -n \"${_shuzhi_arguments[$command $previous]}\" ]]; then\n"
    "        _shuzhi_fill \"${_shuzhi_arguments[$command $previous]}\"\n"
    "        return\n"
    "    fi\n"
    "    read -ra slots <<< \"${_shuzhi_operands[$command]}\"\n"
    "    i=${#operands[@]}\n"
    "    if [ \"${#slots[@]}\" -gt 0 ] && [ \"$i\" -ge \"${#slots[@]}\" ] && [[ \"${slots[-1]}\" "
    "== *+ ]]; then\n"
    "        i=$((${#slots[@]} - 1))\n"
    "    fi\n"
    "    _shuzhi_fill \"${slots[i]%+}\"\n"
    "}\n"
    "\n"
    "complete -F _shuzhi shuzhi\n";

/* "OFFICE [NAME…]" as "OFFICE NAME+". */
static void append_slots(const char *operands, GString *out)
{
    g_auto(GStrv) words = cli_operands_split(operands);
    for (guint i = 0; words[i] != NULL; i++) {
        g_autofree char *bare = cli_operand_bare(words[i]);
        g_string_append_printf(out, "%s%s%s", i > 0 ? " " : "", bare,
                               cli_operand_is_repeatable(words[i]) ? "+" : "");
    }
}

static void append_command(const CliCommand *command, GString *out)
{
    g_string_append_printf(out, "_shuzhi_operands['%s']='", command->name);
    append_slots(command->operands, out);
    g_string_append_printf(out, "'\n_shuzhi_options['%s']='", command->name);
    for (const CliOption *option = command->options; option != NULL && option->name != NULL;
         option++) {
        g_string_append_printf(out, "--%s ", option->name);
    }
    g_string_append(out, "'\n");
    for (const CliOption *option = command->options; option != NULL && option->name != NULL;
         option++) {
        if (option->argument != NULL) {
            g_string_append_printf(out, "_shuzhi_arguments['%s --%s']='%s'\n", command->name,
                                   option->name, option->argument);
        }
    }
}

void cli_completion_append_bash(const CliTables *tables, GString *out)
{
    g_string_append(out, "# Completion of shuzhi for bash, made by `shuzhi completion bash`.\n"
                         "# -g: bash-completion reads this file inside of a function.\n"
                         "declare -gA _shuzhi_second _shuzhi_operands _shuzhi_options"
                         " _shuzhi_arguments\n_shuzhi_first='");
    for (size_t i = 0; tables->commands[i] != NULL; i++) {
        if (strchr(tables->commands[i]->name, ' ') == NULL) {
            g_string_append_printf(out, "%s ", tables->commands[i]->name);
        }
    }
    for (const CliGroup *group = tables->groups; group->name != NULL; group++) {
        g_string_append_printf(out, "%s ", group->name);
    }
    g_string_append(out, "help'\n");
    for (const CliGroup *group = tables->groups; group->name != NULL; group++) {
        g_string_append_printf(out, "_shuzhi_second['%s']='", group->name);
        for (size_t i = 0; tables->commands[i] != NULL; i++) {
            if (cli_is_of_group(tables->commands[i]->name, group->name)) {
                g_string_append_printf(out, "%s ", strchr(tables->commands[i]->name, ' ') + 1);
            }
        }
        g_string_append(out, "'\n");
    }
    for (size_t i = 0; tables->commands[i] != NULL; i++) {
        append_command(tables->commands[i], out);
    }
    g_string_append_printf(out, "\n%s", script);
}
