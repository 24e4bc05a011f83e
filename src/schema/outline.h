/* The names of the fields and the words of choices in the text of a ledger's file, read without the
 * rest of its pack: what an older version had, whatever today's rules would say of it.
 *
 * Threading: pure. */
#pragma once

#include <glib.h>

/* Return the names of the fields of the ledger file @text, of char*, in order; those of child rows
 * follow their field's as "visits.who".  Empty when the text cannot be read.  The caller owns it.
 *
 * @ret_personal: those of them that were personal, the same way.  NULL: not wanted. */
GPtrArray *schema_outline(const char *text, GPtrArray **ret_personal);

/* Return what @choice of the field @name, named as above, is called in it in @language; NULL where
 * it has no such choice.  The caller owns it. */
char *schema_outline_choice(const char *text, const char *name, const char *choice,
                            const char *language);
