/* What was done to a ledger after the fact: entries taken out of the books, and entries corrected
 * where a figure looks.
 *
 * Neither makes a figure wrong, but none is better for the reason alone that what spoke against it
 * was taken out or reworded; so the card says both (measure/card.h).
 *
 * Threading: one thread at a time. */
#pragma once

#include "measure/members.h"

/* Find what was done to the entries that the measure of @reading is about, its `has` where it has
 * one, and set *@ret_revisions, zeroed before; also after an error the caller clears it.  Nothing
 * is of units and people. */
bool revisions_find(const MembersReading *reading, FigureRevisions *ret_revisions, GError **error);
void revisions_clear(FigureRevisions *revisions);
