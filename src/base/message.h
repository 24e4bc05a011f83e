/* The words of the screen, by language.
 *
 * The English sentence is the key; po/zh_CN/<folder>.po holds the Chinese, which the build turns
 * into a sorted C table (tools/compile-messages.py).  gettext's own run time is not used: its
 * language is per process and a fresh Debian has no Chinese locale, while we need a language per
 * request.
 *
 * Pure; safe from every thread. */
#pragma once

#include "base/error.h"

/* One pair of the generated table, sorted by @id. */
typedef struct MessageEntry {
    const char *id;
    const char *text;
} MessageEntry;

/* Return @id in @language; @id itself for "en" and for what has no translation.  Static, or as long
 * as @id lives. */
const char *message_get(const char *language, const char *id);

/* Return the catalogue's own copy of @id, static; NULL where the catalogue has none. */
const char *message_find(const char *id);

/* Return the language the environment asks for: "en" or "zh".  SHUZHI_LANGUAGE decides, then
 * LC_ALL, LC_MESSAGES, LANG; "zh" where none of them names a language, as in the C locale. */
const char *message_environment_language(void);

/* The generated table (build/…/message-table.c). */
extern const MessageEntry message_table_zh[];
extern const size_t message_table_zh_length;
