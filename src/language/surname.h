/* Characters that are read otherwise as a surname than elsewhere (曾 zēng, 尉迟 yùchí): the one
 * table of them, for the order of people's names and for finding names by their pinyin.
 *
 * Threading: pure. */
#pragma once

#include <glib.h>

/* Return @name with its surname replaced by characters that are usually read as it is ("增" for
 * 曾); NULL: it is read as usual.  The caller owns it. */
char *surname_spell_out(const char *name);

/* Return the @nth (from 0) character that sounds as @character does in a surname; 0: no more. */
gunichar surname_sound(gunichar character, size_t nth);
