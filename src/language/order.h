/* The order in which names are listed.  Pure. */
#pragma once

/* Return a key by which Chinese names sort by pinyin: comparing two keys as bytes compares the
 * names.  The caller owns it.
 *
 * The 3755 common characters of GB/T 2312 stand in it, and so in GB 18030, by pinyin; rarer ones
 * come after them, by radical.  Letters and digits come before all of them. */
char *language_order_key(const char *text);
