/* A pack, read: the ledgers, measures and reports that an office runs on, linked and checked.
 *
 * A pack is a set of text files; the schema is what they say, as plain structs that are never
 * changed after schema_load() returns.  Names are ASCII identifiers ([a-z][a-z0-9_]*, at most 40
 * bytes); words are what people read, Chinese always, English where given.  Every reference between
 * files (a measure's ledger, a step's states, a link's target) is a pointer or has been checked.
 *
 * Threading: immutable after loading; shared freely. */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "calendar/clock.h"
#include "calendar/holidays.h"
#include "expression/expression.h"
#include "schema/problem.h"

typedef struct Schema Schema;
typedef struct SchemaLedger SchemaLedger;

/* The first member of what a folder below works out from a ledger and keeps with it. */
typedef struct SchemaMade SchemaMade;
struct SchemaMade {
    void (*free)(SchemaMade *made);
};

/* What people read: @zh is never NULL; @en is NULL where the pack gives none. */
typedef struct SchemaWords {
    char *zh;
    char *en;
    char *name; /* both, as an argument of an error (error_name()) */
} SchemaWords;

/* Return the words @zh and @en (both taken). */
SchemaWords schema_words_take(char *zh, char *en);

/* Return @words in @language; the Chinese where there is no English.  Borrowed. */
const char *schema_words_get(const SchemaWords *words, const char *language);

/* The same; NULL where nothing is said. */
const char *schema_words_said(const SchemaWords *words, const char *language);

/* ---- fields --------------------------------------------------------------------------------- */

/* The kinds of fields.  Name in the pack, kind of its value, kind of a list's items, column in the
 * store (NULL: not a column: rows have a table, lists live in `link`), personal by nature. */
#define SCHEMA_FIELD_KINDS(X)                                     \
    X(TEXT, "text", VALUE_TEXT, VALUE_NONE, "{text}", false)      \
    X(LONG, "long", VALUE_TEXT, VALUE_NONE, "{text}", false)      \
    X(NUMBER, "number", VALUE_NUMBER, VALUE_NONE, "{int}", false) \
    X(MONEY, "money", VALUE_NUMBER, VALUE_NONE, "{int}", false)   \
    X(DATE, "date", VALUE_DATE, VALUE_NONE, "{text}", false)      \
    X(TIME, "time", VALUE_TIME, VALUE_NONE, "{int}", false)       \
    X(PERIOD, "period", VALUE_TEXT, VALUE_NONE, "{text}", false)  \
    X(CHOICE, "choice", VALUE_TEXT, VALUE_NONE, "{text}", false)  \
    X(CHOICES, "choices", VALUE_LIST, VALUE_TEXT, NULL, false)    \
    X(BOOL, "yesno", VALUE_BOOL, VALUE_NONE, "{int}", false)      \
    X(UNIT, "unit", VALUE_REF, VALUE_NONE, "{int}", false)        \
    X(PERSON, "person", VALUE_REF, VALUE_NONE, "{int}", false)    \
    X(PEOPLE, "people", VALUE_LIST, VALUE_REF, NULL, false)       \
    X(ENTRY, "entry", VALUE_REF, VALUE_NONE, "{int}", false)      \
    X(ROWS, "rows", VALUE_NONE, VALUE_NONE, NULL, false)          \
    X(FILE, "file", VALUE_LIST, VALUE_REF, NULL, false)           \
    X(PLACE, "place", VALUE_TEXT, VALUE_NONE, "{text}", false)    \
    X(PHONE, "phone", VALUE_TEXT, VALUE_NONE, "{text}", true)     \
    X(IDENTITY, "identity", VALUE_TEXT, VALUE_NONE, "{text}", true)

typedef enum SchemaFieldKind {
#define X(code, name, value, item, column, personal) SCHEMA_FIELD_##code,
    SCHEMA_FIELD_KINDS(X)
#undef X
        SCHEMA_N_FIELD_KINDS
} SchemaFieldKind;

/* What the table above says of one kind; static. */
typedef struct SchemaKindInfo {
    const char *name;
    ValueKind value_kind;
    ValueKind item_kind;
    const char *column_type; /* word of the migration language; NULL: no column */
    bool is_personal;
} SchemaKindInfo;

/* Return the row of the table for @kind; static. */
const SchemaKindInfo *schema_kind_info(SchemaFieldKind kind);

/* One of a closed list: a choice of a field, a state of a ledger. */
typedef struct SchemaChoice {
    char *name;
    SchemaWords words;
    GPtrArray *aliases; /* of char*: other words for it in spreadsheets; NULL for a state */
    bool is_final;      /* states only: nothing is expected any more */
} SchemaChoice;

typedef struct SchemaField SchemaField;
struct SchemaField {
    char *name;
    SchemaWords words;
    SchemaWords help;    /* how it is filled in; "": not said */
    SchemaWords section; /* heading of the form that begins with it; "": none */
    SchemaFieldKind kind;
    bool is_required;   /* before the first step away from being a draft */
    bool is_personal;   /* walled off: seen by who handles the entry; every look is an event */
    int decimals;       /* NUMBER: 0…6; MONEY: 2 */
    SchemaWords unit;   /* word of measure after a number ("人"); "": none */
    int64_t min, max;   /* NUMBER, MONEY: scaled bounds; INT64_MIN/INT64_MAX: none */
    int max_chars;      /* TEXT 200, LONG 100000 unless the pack says less */
    GPtrArray *choices; /* of SchemaChoice; CHOICE and CHOICES, else NULL */
    char *target_name;  /* ENTRY: the ledger's name */
    const SchemaLedger *target; /* ENTRY: linked */
    GPtrArray *fields;          /* of SchemaField; ROWS, else NULL */
    GPtrArray *aliases;         /* of char*: headers that spreadsheets use for it; never NULL */
    char *set_by_step; /* name of the step whose `at:` or `asks:` brings it; NULL: the record itself
                        */
    int position;      /* index in its ledger's (or ROWS field's) fields */
    const SchemaLedger *ledger; /* whose it is */
    const SchemaField *parent;  /* the ROWS field it is a child of; NULL: a field of the ledger */
    struct SchemaScope *scope;  /* ROWS: private to schema/ */
    char **choice_names;        /* CHOICE and CHOICES: their names, NULL-terminated; else NULL */
};

/* ---- states, steps, clocks, evidence -------------------------------------------------------- */

typedef struct SchemaStep {
    char *name;
    SchemaWords words;
    GPtrArray *from;        /* of SchemaChoice* (borrowed): states it leaves; never empty */
    const SchemaChoice *to; /* borrowed */
    GPtrArray *roles;       /* of char*: who may do it (names of the rights table) */
    GPtrArray *not_by;      /* of char*: steps whose doer may not do this one */
    GPtrArray *who;         /* of char*: headers of spreadsheets that name who did it; never NULL */
    GPtrArray *asks;        /* of SchemaField* (borrowed): must be filled when it is done */
    GPtrArray *evidence;    /* of char*: evidence rules that must be met */
    const SchemaField
        *at; /* the DATE or TIME field that holds when it happened; NULL: only the step row does */
    Expression *when; /* condition on the entry; NULL: always */
} SchemaStep;

typedef struct SchemaClock {
    char *name;
    SchemaWords words;
    const SchemaField *start_field; /* the DATE or TIME field it starts at; or NULL and */
    const SchemaStep *start_step;   /* the step it starts at; both NULL: the entry's opening */
    GPtrArray *stops; /* of SchemaStep* (borrowed): the steps that stop it; never empty */
    ClockRule rule;
    SchemaWords law;  /* "政府信息公开条例第33条"; "": none given */
    Expression *when; /* which entries it binds; NULL: all.  The first clock that binds gives the
                         entry's due */
} SchemaClock;

typedef struct SchemaEvidence {
    char *name;
    SchemaWords words;
    int least;      /* number of files that a step which asks for it needs */
    bool is_asked;  /* a step does; else nobody looks how many there are */
    int least_line; /* where the pack says the number, in its ledger's file; 0: it does not */
    int least_column;
} SchemaEvidence;

/* ---- ledgers -------------------------------------------------------------------------------- */

/* A date by which measures count a ledger's entries, and what of the entries they look at. */
typedef struct SchemaCounted {
    bool is_by_due;          /* the deadline, and date is NULL */
    const SchemaField *date; /* of the ledger; NULL: the opening */
    GPtrArray *fields;       /* of SchemaField* (borrowed), with columns, as declared */
    GPtrArray *names;        /* of char*, static: names of the system, sorted */
} SchemaCounted;

struct SchemaLedger {
    char *name;
    SchemaWords words;
    char *number; /* pattern: "SQ{year}-{n:5}"; without {year} one series for ever */
    bool number_has_year;
    const SchemaField
        *opened; /* DATE or TIME: when an entry begins, gives its year; NULL: when recorded */
    const SchemaField *title; /* TEXT; never NULL */
    const SchemaField *unit;  /* UNIT: whose entry it is; NULL: the recorder's unit */
    GPtrArray *fields;        /* of SchemaField, as declared */
    GPtrArray *states;   /* of SchemaChoice; the first is where an entry begins; one "recorded" if
                            none is declared */
    GPtrArray *steps;    /* of SchemaStep, in the order in which an import tries them */
    GPtrArray *clocks;   /* of SchemaClock */
    GPtrArray *evidence; /* of SchemaEvidence */
    GPtrArray *list; /* of SchemaField* (borrowed): indexed columns that lists filter and sort by */
    GPtrArray *unique;  /* of SchemaField* (borrowed): two rows that say the same in all are one */
    GPtrArray *counted; /* of SchemaCounted: what the pack's measures need of it */
    bool may_be_none;   /* `nothing: yes`: a dated "nothing to record" counts as kept */
    char *retention;    /* "permanent", "30y", "10y"; NULL: not said */
    char *text;         /* the file as it is */
    struct SchemaScope *scope; /* private to schema/ */
    char **state_names;        /* of the states, NULL-terminated */
    char **step_names;         /* of the steps, NULL-terminated */
    SchemaMade
        *made; /* what was worked out from it, once; schema_ledger_make() alone looks at it */
};

/* Return what @make makes of @ledger: the first time it is asked, and the same ever after; borrowed
 * from @ledger.  One @make a program: there is one place. */
SchemaMade *schema_ledger_make(const SchemaLedger *ledger,
                               SchemaMade *(*make)(const SchemaLedger *ledger));

/* Every object of the schema begins with its name: return it; find it in an array.  Borrowed. */
const char *schema_name_of(const void *object);
const void *schema_find(const GPtrArray *objects, const char *name);

/* Return whether @field holds words that a search for text looks through (`anywhere` of
 * docs/expressions.md): a TEXT, a LONG or a PLACE that is not personal. */
bool schema_field_is_prose(const SchemaField *field);

/* Find by name; NULL when there is none. */
const SchemaField *schema_ledger_field(const SchemaLedger *ledger, const char *name);
const SchemaField *schema_field_child(const SchemaField *rows, const char *name);
const SchemaStep *schema_ledger_step(const SchemaLedger *ledger, const char *name);

/* Return the state named @state if @step leaves it, else NULL.  Borrowed from @step. */
const SchemaChoice *schema_step_from(const SchemaStep *step, const char *state);

/* Return the steps (of SchemaStep) of @ledger that begin the way back to @step: who does @step
 * again has done one of them in between.  Empty where it is done once at most; the caller owns it.
 */
GPtrArray *schema_step_ways_back(const SchemaLedger *ledger, const SchemaStep *step);

/* Return whether @step, which does not stop @clock, leads to where it can be stopped (again): then
 * it runs again. */
bool schema_step_restarts(const SchemaStep *step, const SchemaClock *clock);
const SchemaChoice *schema_ledger_state(const SchemaLedger *ledger, const char *name);
const SchemaChoice *schema_field_choice(const SchemaField *field, const char *name);

/* Return the number @n of @year by @ledger's pattern ("SQ2023-00084"); the caller owns it. */
char *schema_ledger_format_number(const SchemaLedger *ledger, int year, int64_t n);

/* Read a number back, letters of either case, brackets of any form; false when it does not fit the
 * pattern.  *@ret_year is 0 without {year}. */
bool schema_ledger_parse_number(const SchemaLedger *ledger, const char *text, int *ret_year,
                                int64_t *ret_n);

/* The scope in which a ledger's expressions are read.
 *
 * Its names are the ledger's fields, those of the system and the parameters:
 *
 *   state     TEXT    choice of the ledger's states
 *   number    TEXT    of the entry
 *   opened    TIME    when the entry began
 *   closed    TIME    when it came into a final state; empty before
 *   due       TIME    by the clock that binds it; empty without one
 *   late      NUMBER  days by which the stopped clock ran over, 0 in time; empty while it runs, and
 *                     without one
 *   took      NUMBER  with 1 decimal: days from opened until the clock stopped; empty before
 *   unit      REF     whose entry it is
 *
 *   period.start, period.end   DATE, parameters: the period's first and last day (measures only)
 *   today     DATE, parameter: the day on which it is evaluated
 *   cutoff    TIME, parameter: the instant after which nothing counts
 *
 * A field of kind ENTRY gives a link to its ledger's scope, ROWS its rows' scope, UNIT and PERSON a
 * link to those below.  Every symbol's `data` is the SchemaField it stands for, or NULL for the
 * names of the system, which ledger/ and measure/ know by name.  Borrowed from @ledger. */
const ExpressionScope *schema_ledger_scope(const SchemaLedger *ledger);

/* The scope of one row of @rows: its fields alone.  Inside count(rows where …) the names of the
 * entry follow them.  Borrowed. */
const ExpressionScope *schema_rows_scope(const SchemaField *rows);

/* The scope of a unit: name, kind (a choice where the pack has `units:`), since, until (DATE),
 * parent (a link that has a name and a kind).  All symbols' data are NULL.  Borrowed. */
const ExpressionScope *schema_unit_scope(const Schema *schema);

/* The scope of a person: name, since, until (DATE), post (title of the post), level, party (a
 * choice where the pack has `party:`), unit (a link that has a name and a kind).  All symbols' data
 * are NULL.  Borrowed. */
const ExpressionScope *schema_person_scope(const Schema *schema);

/* The words of a schema's names, for expression_describe(): fields and choices in the words of the
 * pack, the names of the system in ours.  Lives on the stack, owns nothing, and must not be copied:
 * `labels` points back to it. */
typedef struct SchemaLabels {
    ExpressionLabels labels;
    const Schema *schema;
    const char *language;
} SchemaLabels;

/* Set up @labels for @schema and @language, both borrowed. */
void schema_labels_init(SchemaLabels *labels, const Schema *schema, const char *language);

/* Return the closed list of SchemaChoice that @symbol takes its values from, a field's choices or
 * the states, kinds of units or party standings that a name of the system has; NULL: none. */
const GPtrArray *schema_choices_of(const Schema *schema, const ExpressionSymbol *symbol);

/* Return what a kind of field ("date and time") or a role of a step ("head of unit") is called in
 * @language; static. */
const char *schema_kind_words(SchemaFieldKind kind, const char *language);
const char *schema_role_words(const char *role, const char *language);

/* ---- measures ------------------------------------------------------------------------------- */

typedef enum SchemaUniverse {
    SCHEMA_OF_ENTRIES,  /* of: case */
    SCHEMA_OF_STEPS,    /* of: steps of case */
    SCHEMA_OF_ROWS,     /* of: rows of meeting.attendance */
    SCHEMA_OF_UNITS,    /* of: units */
    SCHEMA_OF_PEOPLE,   /* of: people */
    SCHEMA_OF_MONTHS,   /* of: months */
    SCHEMA_OF_QUARTERS, /* of: quarters */
} SchemaUniverse;

/* Where members come from: a ledger, its steps, or its child rows, narrowed. */
typedef struct SchemaSet {
    SchemaUniverse universe;
    const SchemaLedger *ledger; /* ENTRIES, STEPS, ROWS */
    const SchemaStep *step;     /* STEPS: `steps of case: answer`; NULL: any step */
    const SchemaField *rows;    /* ROWS */
    Expression *where;          /* NULL: all */
    bool is_by_due;             /* the deadline puts a member into the period, and date is NULL */
    const SchemaField *date;    /* what else does; NULL: STEPS when it happened, else the opening */
} SchemaSet;

/* The scope in which the conditions, key, amount and groups of @set's members are read: the
 * ledger's for entries and steps; for rows the row's fields, then the names of its entry; the
 * unit's or the person's with the parameters; NULL for months and quarters.  A symbol's SchemaField
 * tells by its `parent` whether it is the row's.  Borrowed from @schema. */
const ExpressionScope *schema_set_scope(const Schema *schema, const SchemaSet *set);

typedef enum SchemaMeasureKind {
    SCHEMA_COUNT,    /* |C| */
    SCHEMA_DISTINCT, /* |key(C)| */
    SCHEMA_SUM,      /* of amount over C */
    SCHEMA_MEDIAN,   /* of amount over C */
    SCHEMA_RATIO,    /* |C| / |U| */
    SCHEMA_ALL,      /* C = U, U not empty */
    SCHEMA_NONE,     /* C empty, and the ledger was kept */
} SchemaMeasureKind;

typedef struct SchemaMeasure {
    char *name;
    SchemaWords words;
    SchemaMeasureKind kind;
    SchemaSet of;
    Expression *counts; /* who of the universe counts; NULL: all of it */
    /* UNITS, PEOPLE, MONTHS, QUARTERS: a member counts when the set @has holds at least @least for
     * it, by the field @has_by (UNIT, PERSON, PEOPLE) or, for months and quarters, by its date. */
    SchemaSet *has; /* NULL: `counts` decides */
    const SchemaField *has_by;
    int least;
    Expression *key;    /* DISTINCT */
    Expression *amount; /* SUM, MEDIAN; `late`, days and numbers; its decimals scale the value */
    Expression *by;     /* groups the counted; NULL: none */
    SchemaWords unit;   /* "件", "requests"; "": none */
    char *wording;      /* "exact", "over" (余), "near" (近), "percent", "all", "every", "none" */
    SchemaWords sentence;  /* for a claim that holds; placeholders {value} {counted} {total} {rest};
                              "": none, as of the next ones */
    SchemaWords otherwise; /* for one that does not hold: also {names} of the members not counted */
    SchemaWords never;     /* ALL, when none counts, in the place of `otherwise`; "": that */
    SchemaWords note;      /* printed on the card */
    char *text;            /* its YAML, for the card and the hash */
    char *file;            /* path of the file in the pack where it stands */
} SchemaMeasure;

typedef struct SchemaReport {
    char *name;
    SchemaWords words;
    char *period;     /* "year", "half", "quarter", "month" */
    SchemaWords body; /* CommonMark with figures as links: [80余件](figure:cases_answered) */
    char *text;       /* the file as it is; the English has one of its own, which is its body */
} SchemaReport;

/* ---- the pack ------------------------------------------------------------------------------- */

/* One file of a pack, by its path inside it. */
typedef struct SchemaFile {
    char *path;
    char *text;
} SchemaFile;

struct Schema {
    char *name; /* of the pack */
    char *version;
    SchemaWords words;
    GPtrArray *files;         /* of SchemaFile, sorted by path: all there is to store */
    GPtrArray *ledgers;       /* of SchemaLedger, in the order pack.yaml lists them, else by name */
    GPtrArray *measures;      /* of SchemaMeasure */
    GPtrArray *reports;       /* of SchemaReport */
    GPtrArray *unit_kinds;    /* of SchemaChoice: `units:` of pack.yaml; empty where it has none */
    GPtrArray *party_kinds;   /* of SchemaChoice: `party:` likewise */
    const Calendar *calendar; /* the pack's own (calendar/holidays.txt), else the built-in one */
    struct SchemaPrivate *private;
};

/* Read the files of the folder @path into *@ret_files (of SchemaFile, sorted; the caller owns it).
 * Only the known folders and endings are read, and YAML elsewhere, which
 * is a fault of the pack; LIMIT above 500 files or 1 MiB a file. */
bool schema_read_folder(const char *path, GPtrArray **ret_files, GError **error);

/* Return the files of the pack that the program carries, packs/county-office: of SchemaFile,
 * sorted; the caller owns them. */
GPtrArray *schema_builtin_files(void);

/* Return the path of the file that defines @ledger, "ledgers/NAME.yaml"; the caller owns it. */
char *schema_ledger_path(const SchemaLedger *ledger);

/* Return a file with copies of @path and @text, for such an array. */
SchemaFile *schema_file_new(const char *path, const char *text);
void schema_file_free(SchemaFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchemaFile, schema_file_free)

/* Parse, link and check @files (of SchemaFile in any order; copied).
 *
 * Returns NULL with INVALID (the first fault's place and text) when there is any fault.
 *
 * *@ret_problems: every fault found, the caller owns it, also where there is none; NULL allowed. */
Schema *schema_load(GPtrArray *files, SchemaProblems **ret_problems, GError **error);

/* The same for files that an office accepted once, maybe by an older program: rules that came to
 * packs later are not held against them, or the office would open no more. */
Schema *schema_load_stored(GPtrArray *files, GError **error);

void schema_free(Schema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Schema, schema_free)

/* Return the ledger, measure or report @name; NULL when there is none.  Borrowed from @schema. */
const SchemaLedger *schema_ledger(const Schema *schema, const char *name);
const SchemaMeasure *schema_measure(const Schema *schema, const char *name);
const SchemaReport *schema_report(const Schema *schema, const char *name);

/* Return what of @schema is sound and yet worth a look: numbers that a report's text says without a
 * figure, "100件", and files that an evidence rule wants while no step asks for them.  The caller
 * owns it. */
SchemaProblems *schema_remarks(const Schema *schema);

/* Write @schema as a handbook for people: Markdown in @language, each ledger with its fields,
 * states, steps, clocks and evidence, each measure with its definition in plain words, each report.
 * The caller owns it. */
char *schema_document(const Schema *schema, const char *language);

/* Write all keys of a pack's files, from the same table as the parser: Markdown in @language.  The
 * caller owns it. */
char *schema_reference(const char *language);

/* Write the JSON Schema (draft 2020-12) of a pack's YAML files, from the same table as the parser,
 * for editors that check and complete them; docs/pack.schema.json is this text.  The caller owns
 * it. */
char *schema_json_schema(void);

/* Return in what @new_schema is another than @old (NULL: a new office), words and layout left out:
 * of char*, a line each in @language ("case.votes: the field is added", "case: the step 'answer' is
 * changed"); the caller owns it.
 *
 * @ret_narrowed: names ("case", "case.votes", "case.kind.advice") of what is removed or takes fewer
 * values than before, which applying refuses until they are asked for; NULL allowed. */
GPtrArray *schema_compare(const Schema *old, const Schema *new_schema, const char *language,
                          GPtrArray **ret_narrowed);

/* Return whether @a and @b, versions of a ledger, number their entries alike and open them by the
 * same field: a number that was given is found by the pattern that gave it. */
bool schema_is_numbered_alike(const SchemaLedger *a, const SchemaLedger *b);
