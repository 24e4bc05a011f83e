/* The pack that the program carries: packs/county-office, made into C by tools/embed-pack.py.
 *
 * Threading: static text. */
#pragma once

/* One file, by its path inside the pack. */
typedef struct EmbeddedFile {
    const char *path;
    const char *text;
} EmbeddedFile;

/* All of them; the last has no path. */
extern const EmbeddedFile schema_pack_texts[];
