/* The demo (演示机关): a made-up county-government office and a year of its records.
 *
 * About sixty people in fourteen sections and institutions and five party branches, one of which is
 * founded in mid-year.  Everything is written through the same functions as by people at work, in
 * the order in which it would have been recorded, so that its log, its clocks and its late records
 * look like those of an office that kept its books.  Names are the sixty names of the sexagenary
 * cycle behind the Hundred Family Names: nobody is called so.
 *
 * One seed always gives the same records, and with the same identity, or none, the same office,
 * down to the root of its log.
 *
 * Threading: from any thread; an office in the making belongs to the call that makes it. */
#pragma once

#include "office/office.h"

typedef struct DemoPlan {
    int year;          /* whose records it has: 2007 to 2026, the years with a published calendar */
    uint64_t seed;     /* not 0: what happens in it, and all else where `identity` is 0 */
    uint64_t identity; /* not 0: its id, its key and the salts of its log; a secret, so that two
                          demos of one machine are two offices and nobody else can sign for one */
    int64_t until_us;  /* not 0: now; of a year that is not over, nothing is recorded after it */
} DemoPlan;

/* Make the demo office at @location (office_create() says what that may be) and write its year.
 *
 * The pack is the built-in one.  INVALID for a year without a calendar or not yet begun; else as
 * office_create() and the functions that write entries.  When writing fails, what was made stays,
 * and is no demo. */
bool demo_create(const char *location, const DemoPlan *plan, GError **error);
