/* Units, people and posts as pages show them: who held which post where on a day, and how that came
 * to be.  Nothing here says how well anybody works. */
#pragma once

#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"
#include "web/context.h"
#include "web/rows.h"
#include "web/sheet.h"

typedef struct WebHolder {
    const char *name;
    const char *address; /* of the person; of the unit on a person's page */
    const char *title;   /* of the post; "" */
    const char *role;
    const char *dates;  /* "" for always */
    bool is_staff;      /* the role says nothing more than that one belongs there */
    bool is_over;       /* ended */
    const char *change; /* address of the sheet; NULL: may not */
    const char *end;
} WebHolder;

typedef struct WebUnit {
    const char *name;
    const char *address;
    const char *kind;
    const char *dates;  /* "since 2023-07-01"; "" */
    GPtrArray *holders; /* of WebHolder */
    GPtrArray *units;   /* of WebUnit: those below it */
} WebUnit;

/* What was recorded of a unit or person. */
typedef struct WebTrace {
    const char *when;
    const char *by;
    const char *what;
    const char *address; /* of the event; NULL: may not read the log */
} WebTrace;

/* How many entries of a ledger a unit has open. */
typedef struct WebOpen {
    const char *words;   /* of the ledger */
    const char *address; /* of the list of them */
    int64_t n;
} WebOpen;

typedef struct WebUnitPage {
    const WebUnit *unit;
    const WebUnit *above; /* NULL: a root */
    const char *day;
    GPtrArray *past;   /* of WebHolder: posts that have ended */
    GPtrArray *open;   /* of WebOpen; NULL: reads no entries */
    GPtrArray *traces; /* of WebTrace */
    bool may_change;
    const char *change; /* addresses of the sheets */
    const char *close;
    const char *add;
} WebUnitPage;

typedef struct WebPersonPage {
    const char *dates;
    const char *party; /* standing in the party, and rank, for who may change them; "" */
    const char *level;
    GPtrArray *posts;  /* of WebHolder */
    GPtrArray *traces; /* of WebTrace */
    bool may_change;   /* the person */
    bool may_give;     /* a post */
    const char *change;
    const char *give;
} WebPersonPage;

/* The roster of a day. */
typedef struct WebRoster {
    const char *day;
    const char *begun;  /* the day of the first record, where that is later; NULL: it is not */
    GPtrArray *units;   /* of WebUnit: the roots */
    GPtrArray *without; /* of WebHolder: who is here and holds no post */
    int64_t n_units;
    int64_t n_people;
    bool may_change;
    GPtrArray *endings; /* of WebChoice */
} WebRoster;

/* Return the roster of @date, which is borrowed, as rows. */
WebRows web_roster_rows(const WebContext *context, const Date *date);

/* Read the day that the address asks for, "date"; today for none; INVALID. */
bool web_read_day(const WebContext *context, Date *ret_date, GError **error);

/* Return "/unit/12", kept; as of @date unless that is today. */
const char *web_roster_address(const WebContext *context, const char *kind, int64_t id, Date date);

/* Return the kind of unit @kind in the words of the pack; kept or static. */
const char *web_unit_kind(const WebContext *context, const char *kind);

/* Show @unit without what is below it, and @line of the roster, kept. */
WebUnit *web_unit_new(const WebContext *context, const OfficeUnit *unit, Date date);
WebHolder *web_holder_new(const WebContext *context, const OfficeRosterLine *line, Date date);

/* Add the holders in @lines (of OfficeRosterLine) of @unit: who leads first, then by pinyin.
 * @is_merged: each person once, with all that it does there; else each post. */
void web_add_holders(const WebContext *context, WebUnit *shown, int64_t unit,
                     const GPtrArray *lines, Date date, bool is_merged);

/* Return what was recorded of the object @id (of WebTrace), the newest first, kept. */
GPtrArray *web_traces(const WebContext *context, int64_t id, GError **error);

/* Read the id in the first "*" of the route; NOT_FOUND. */
bool web_read_id(const WebContext *context, int64_t *ret_id, GError **error);

/* Add a select of all units there ever were to @sheet, each with its dates, kept; NULL on error. */
WebSheetField *web_sheet_add_units(const WebContext *context, WebSheet *sheet, const char *name,
                                   const char *words, int64_t stored, GError **error);
