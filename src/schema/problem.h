/* The faults of a pack, collected: a pack is wrong in many places at once, and who writes it wants
 * to see them all.
 *
 * A fault has a place (file, line, column, from 1, columns in characters) and a sentence that can
 * be said in every language.  At most SCHEMA_PROBLEMS_MAX are kept; the rest is counted.
 *
 * Threading: belongs to one thread at a time. */
#pragma once

#include "base/error.h"

#define SCHEMA_PROBLEMS_MAX 50

/* Where something stands in a pack. */
typedef struct SchemaPlace {
    const char *path; /* inside the pack; borrowed from its file */
    int line;         /* from 1; 0: the file is not there */
    int column;       /* from 1, in characters */
} SchemaPlace;

typedef struct SchemaProblems SchemaProblems;

/* What an unknown name should have been. */
typedef enum SchemaNoun {
    SCHEMA_NOUN_KEY,
    SCHEMA_NOUN_VALUE,
    SCHEMA_NOUN_FIELD,
    SCHEMA_NOUN_STATE,
    SCHEMA_NOUN_STEP,
    SCHEMA_NOUN_START,
    SCHEMA_NOUN_EVIDENCE,
    SCHEMA_NOUN_ROLE,
    SCHEMA_NOUN_LEDGER,
    SCHEMA_NOUN_MEASURE,
    SCHEMA_NOUN_PLACEHOLDER,
    SCHEMA_N_NOUNS
} SchemaNoun;

/* Return an empty collection. */
SchemaProblems *schema_problems_new(void);
void schema_problems_free(SchemaProblems *problems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchemaProblems, schema_problems_free)

/* Add the sentence `format, …` (the format in N_()) at @place. */
#define schema_problems_add(problems, place, ...)                \
    do {                                                         \
        GError *problem_ = NULL;                                 \
        error_set(&problem_, SHUZHI_ERROR_INVALID, __VA_ARGS__); \
        schema_problems_take((problems), (place), problem_);     \
    } while (0)

/* Add @error (takes; not NULL) at @place. */
void schema_problems_take(SchemaProblems *problems, SchemaPlace place, GError *error);

/* Add that @name is no @noun at @place, with the nearest of @known, else with all of them. */
void schema_problems_add_unknown(SchemaProblems *problems, SchemaPlace place, SchemaNoun noun,
                                 const char *name, const char *const *known);

/* Return how many there are, those not kept included. */
guint schema_problems_count(const SchemaProblems *problems);

/* Return those kept as lines "path:line:column: sentence" in @language: what is not there first,
 * then by place; of char*, the caller owns it. */
GPtrArray *schema_problems_to_lines(const SchemaProblems *problems, const char *language);

/* Set *@error to INVALID with the first problem and its place; there must be one. */
void schema_problems_to_error(const SchemaProblems *problems, GError **error);
