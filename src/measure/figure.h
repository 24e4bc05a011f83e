/* Figures (数字): measures evaluated for a period.
 *
 * A measure has a universe U and says which of it counts, C; all kinds are arithmetic on the two
 * (docs/measures.md).  Number, wording, sentence and members come from the same conditions, as
 * things stood at the cut-off: what had happened by then, whenever it was recorded, or, with
 * known_us, only what had been recorded by another moment.
 *
 * A figure is the office's truth: everyone who may read figures gets the same number, whatever of
 * the members they may see.
 *
 * Threading: a Figure belongs to one thread at a time.  The functions read over the connection
 * given; for figures that must agree with one another the caller holds a snapshot
 * (store_snapshot_begin). */
#pragma once

#include "calendar/period.h"
#include "office/rights.h"

#define FIGURE_LATE_DAYS 30 /* recorded more days than this after it happened: said on the card */
#define FIGURE_MIN_GROUP 5  /* fewer, by what people wrote, are named to who reads all entries */
#define FIGURE_MAX_NAMES 10 /* names that a sentence lists */
#define FIGURE_MAX_MEASURES 500 /* evaluated at once */

/* What a figure counts, or looked at and did not count. */
typedef struct FigureMember {
    const char *kind; /* "entry", "step", "row", "unit", "person", "month", "quarter"; static */
    int64_t id;   /* of entry (of a step's or row's too), unit or person; 0: a stretch of time */
    int64_t n;    /* STEPS, ROWS: which of the entry's; 0 for the others */
    char *number; /* entry's number; a stretch's short form ("2023-05"); NULL: unit, person */
    char *title;  /* entry's title, unit's or person's name, stretch in words */
    char *key; /* DISTINCT: what tells it from others, in words; NULL: empty, personal, other kinds
                */
    char *group;     /* its value of `by` in words; NULL: empty, or there is none */
    bool has_amount; /* SUM, MEDIAN: it has one, which is not personal, */
    int64_t amount;  /* scaled as the figure's value */
    bool is_counted;
    bool is_restricted; /* the subject may not see it: all texts are NULL, id and n 0 */
    int64_t date_us;    /* by which it falls into the period; 0: not of a ledger */
    int64_t n_late;     /* 1 if it was recorded more than FIGURE_LATE_DAYS after it happened; with
                           `has`, how many of what was found were */
    int64_t n_found;    /* how many entries, steps or rows `has` found for it; -1 without `has` */
    char *why;          /* in words of the language asked for */
    GPtrArray *entries; /* of char*: numbers of the entries that `has` found; NULL without */
} FigureMember;

/* The counted of one value of `by`. */
typedef struct FigureGroup {
    char *key;   /* canonical text of the value (base/value.h); "" for those without one, and for a
                    restricted one: few entries of which the subject may not read all */
    char *label; /* in words of the language asked for */
    int64_t counted;
    bool has_value; /* false: a median of nothing */
    int64_t value;  /* by the measure's kind, scaled as the figure's */
} FigureGroup;

/* What was done to the ledger of a figure after the fact (measure/revision.h). */
typedef struct FigureRevisions {
    int64_t n_gone;      /* entries numbered in the period's years that were deleted or taken back
                            with their import: what they said it knows no more */
    char *gone;          /* their numbers, the first FIGURE_MAX_NAMES of them; NULL: none */
    GPtrArray *deleted;  /* of char*: the numbers of those that were deleted, all of them; NULL:
                            not of a ledger */
    int64_t n_corrected; /* entries, dated in the period before or after, that were corrected in
                            what the measure looks at after a step was done; of a ledger without
                            steps, later than a day after they were recorded */
    char *corrected;     /* which of them, in what, when: the first FIGURE_MAX_NAMES, as far as the
                            subject may see them; NULL: none */
    GArray *undone;      /* of int64_t: imports that were taken back, seen or not, to which numbers
                            of these years were given: those are void */
    int64_t n_gone_since, n_corrected_since; /* of what was known, at whatever stage, since
                                                known_us; 0 without */
    int64_t defined_us; /* since when the measure is defined as it is, where that was otherwise
                           before, later than the period began; 0: not so */
} FigureRevisions;

typedef struct Figure {
    const SchemaMeasure *measure; /* borrowed from the office's schema */
    Period period;
    int64_t cutoff_us; /* the last instant that counts */
    int64_t known_us;  /* 0: all that is recorded */
    int64_t total;     /* |U| */
    int64_t counted;   /* |C| */
    int64_t n_late;    /* of U, of what `has` found where there is one: recorded more than
                          FIGURE_LATE_DAYS after they happened */
    int64_t n_brought; /* of U: brought by an import, their steps without evidence asked for */
    int64_t n_blank;   /* of C: without the amount of a sum or median */
    int64_t n_kept;    /* of what figure_kept_set() names: what is dated in the period, whatever
                          `where` says, which shows that the ledger was kept */
    bool is_running;   /* the period was not over at the cut-off */
    int64_t n_found;   /* entries, steps or rows that `has` found, whoever has them; 0 without */
    int n_months;      /* NONE of a ledger, with members: months of the period until the cut-off, */
    int n_months_kept; /* and those of them in which n_kept is not 0 */
    bool is_before;  /* UNITS, PEOPLE: the period is over before the first day of which anything is
                        recorded: who was there then is not known */
    bool is_stated;  /* NONE: so do statements "nothing to record" (ledger/nothing.h) */
    bool has_value;  /* false: a ratio or median of nothing */
    int64_t value;   /* count, number, sum, median; share of 10,000; 1 or 0 of a claim */
    int decimals;    /* of value */
    bool is_claim;   /* ALL, NONE: true or not, and */
    bool is_holding; /* whether it is */
    char *text; /* worded in the language asked for: "80余件", "over 80 requests", "100%", "无" */
    char *sentence; /* the measure's, for reports, filled in, likewise; for a claim that cannot be
                       made, what is true; NULL where the measure has none */
    FigureRevisions revisions; /* with members; zeroed without */
    GPtrArray *groups;  /* of FigureGroup, greatest first, those without a value last; NULL without
                           `by` */
    GPtrArray *members; /* of FigureMember, by date, then id; NULL unless asked for */
    int64_t log_size;   /* of the log over which it was evaluated, where the connection reads one
                           snapshot: events 1…log_size have the root */
    uint8_t log_root[CRYPTO_HASH_SIZE];
} Figure;

typedef struct FigureCache FigureCache; /* measure/cache.h */

/* How to evaluate; zeroed is the default. */
typedef struct FigureOptions {
    int64_t cutoff_us; /* 0: the period's end, or now if that is earlier */
    int64_t known_us;  /* entries and steps recorded later are left out; 0: none is */
    bool with_members;
    FigureCache *cache;   /* of the office: figures without members are looked up and kept there;
                             NULL: none is */
    const char *language; /* "zh" or "en", of all that is said; NULL: "zh" */
} FigureOptions;

/* Check that @period has begun: of one that is still to come nothing is known, which is not none.
 * INVALID. */
bool figure_check_begun(const Office *office, const Period *period, GError **error);

/* Return the measure @name of @office; NOT_FOUND, with the nearest name.  Borrowed. */
const SchemaMeasure *figure_find_measure(const Office *office, const char *name, GError **error);

/* Evaluate @measure, of the schema in force, for @period.  The caller owns the result.
 *
 * @subject: decides which members are restricted; NULL: none is, for the program itself.
 * @options: NULL: the default.
 * @error: FORBIDDEN  @subject may not read figures
 *         INVALID    the period has not begun, or the cut-off is before it
 *         LIMIT      a sum that no 64-bit integer holds
 *         Otherwise what the store reports. */
Figure *figure_evaluate(Office *office, StoreConnection *connection, const RightsSubject *subject,
                        const SchemaMeasure *measure, const Period *period,
                        const FigureOptions *options, GError **error);
void figure_free(Figure *figure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Figure, figure_free)

/* Return a copy of @figure, which has no members; the caller owns it. */
Figure *figure_copy(const Figure *figure);

/* Evaluate the @n_measures (at most FIGURE_MAX_MEASURES) measures at @measures for one report:
 * those of one universe in one scan.  Returns a Figure for each, in order (of Figure; the caller
 * owns it); errors as above. */
GPtrArray *figures_evaluate(Office *office, StoreConnection *connection,
                            const RightsSubject *subject, const SchemaMeasure *const *measures,
                            size_t n_measures, const Period *period, const FigureOptions *options,
                            GError **error);

/* Return the set of @measure in which something must be recorded before its figure says anything:
 * of NONE the universe, of a share or "all" by `has` what is looked for.  An empty ledger proves
 * neither that there was none nor that nobody did it.  NULL: it needs nothing.  Borrowed. */
const SchemaSet *figure_kept_set(const SchemaMeasure *measure);

/* Return whether nothing is recorded there, or of that time: nothing can be said. */
bool figure_is_not_kept(const Figure *figure);

/* Return the title of @member with its key behind it, "赴省委党校培训（张三）"; NULL where it has
 * no title.  The caller owns it. */
char *figure_member_title(const FigureMember *member, const char *language);

/* Return what @member brings to the sum or median @figure as a plain number, "12.5"; NULL where it
 * has none, or it is personal.  The caller owns it. */
char *figure_member_amount(const Figure *figure, const FigureMember *member);

/* Return whether any member of @figure has such an amount, so that there is a column to show. */
bool figure_shows_amounts(const Figure *figure);

/* Return the numbers of the entries that were found for @member, "H2023-001、H2023-002", of many
 * the first FIGURE_MAX_NAMES and how many there are; NULL where there are none to be told.  The
 * caller owns it. */
char *figure_member_found(const FigureMember *member, const char *language);

/* Return whether those that do not count are what a figure of the kind is opened for: they break
 * it.
 */
bool figure_is_about_the_rest(const Figure *figure);

/* Write @value, scaled by 10^@decimals, without zeros behind the point: "3.5", "12".  The caller
 * owns it. */
char *figure_number_to_text(int64_t value, int decimals);

/* Write the value as a plain number in JSON's form ("84", "3.5", "0.975", "true"), "null" where
 * there is none; the caller owns it. */
char *figure_value_to_text(const Figure *figure);

/* Return the name of the measure's kind in packs: "count".  Static. */
const char *figure_kind_name(const Figure *figure);
