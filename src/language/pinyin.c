#include "language/pinyin.h"

#include <string.h>

#include "language/icu.h"
#include "language/surname.h"

#define FIRST 0x4e00 /* CJK unified ideographs */
#define LAST 0x9fff
#define N_HAN (LAST - FIRST + 1)
#define MAX_READING 8 /* "zhuang" and the NUL */

/* ICU takes 50 µs for a character, so that each is asked for once. */
typedef struct Readings {
    GMutex lock;            /* of all that follows; a reading that is known never changes */
    UTransliterator *rules; /* NULL: ICU or its data is not installed */
    bool is_known[N_HAN];
    char of[N_HAN][MAX_READING]; /* "" for none */
} Readings;

/* Readings that names and offices have besides the usual one and that of a surname. */
static const struct {
    gunichar character;
    const char *reading;
} others[] = {
    {U'重', "chong"}, {U'重', "zhong"}, {U'长', "chang"}, {U'长', "zhang"}, {U'行', "hang"},
    {U'行', "xing"},  {U'调', "diao"},  {U'调', "tiao"},  {U'厦', "xia"},   {U'朝', "chao"},
    {U'朝', "zhao"},  {U'藏', "zang"},  {U'会', "kuai"},  {U'晟', "cheng"}, {U'都', "dou"},
};

/* ---- readings -------------------------------------------------------------------------------- */

/* Put the plain letters of the reading of one character, @text up to @end, into @reading. */
static void take_reading(const UChar *text, const UChar *end, char *reading)
{
    g_autofree char *marked = g_utf16_to_utf8(text, end - text, NULL, NULL, NULL);
    g_autofree char *apart =
        marked != NULL ? g_utf8_normalize(marked, -1, G_NORMALIZE_NFD) : g_strdup("");
    size_t n = 0;
    for (const char *at = apart; *at != '\0' && n + 1 < MAX_READING; at = g_utf8_next_char(at)) {
        if (g_ascii_isalpha(*at)) {
            reading[n++] = g_ascii_tolower(*at);
        } else if (g_utf8_get_char(at) == 0x308 && n > 0 && reading[n - 1] == 'u') {
            reading[n - 1] = 'v';
        }
    }
    reading[n] = '\0';
}

static gpointer open_readings(gpointer nothing)
{
    static const UChar id[] = {'H', 'a', 'n', '-', 'L', 'a', 't', 'i', 'n', 0};
    UErrorCode status = U_ZERO_ERROR;
    Readings *readings = g_new0(Readings, 1);
    g_mutex_init(&readings->lock);
    if (icu_load()) {
        readings->rules = icu.utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    }
    return readings;
}

/* Ask ICU. */
static void look_up(const Readings *readings, gunichar character, char *reading)
{
    UChar text[4 * MAX_READING] = {(UChar)character};
    int32_t length = 1;
    int32_t limit = 1;
    UErrorCode status = U_ZERO_ERROR;
    if (readings->rules == NULL) {
        return;
    }
    icu.utrans_transUChars(readings->rules, text, &length, G_N_ELEMENTS(text), 0, &limit, &status);
    if (U_SUCCESS(status)) {
        take_reading(text, text + length, reading);
    }
}

/* Return the usual reading of @character; "" where it is not Chinese. */
static const char *reading_of(gunichar character)
{
    static GOnce once = G_ONCE_INIT;
    if (character < FIRST || character > LAST) {
        return "";
    }
    Readings *readings = g_once(&once, open_readings, NULL);
    int i = (int)(character - FIRST);
    g_mutex_lock(&readings->lock);
    if (!readings->is_known[i]) {
        look_up(readings, character, readings->of[i]);
        readings->is_known[i] = true;
    }
    g_mutex_unlock(&readings->lock);
    return readings->of[i];
}

/* ---- finding --------------------------------------------------------------------------------- */

bool pinyin_is_letters(const char *sought)
{
    bool has_letter = false;
    size_t n = 0;
    for (const char *at = sought; *at != '\0'; at++, n++) {
        if (!g_ascii_isalnum(*at) && *at != ' ') {
            return false;
        }
        has_letter = has_letter || g_ascii_isalpha(*at);
    }
    return has_letter && n <= PINYIN_MAX_SOUGHT;
}

/* Which places of the sought letters can be reached after a character: a bit each, so that the work
 * is the product of both lengths, whatever is typed. */
typedef guint64 Places;
G_STATIC_ASSERT(PINYIN_MAX_SOUGHT < 64);

/* Return the places that @reading leads to from those in @from. */
static Places step(Places from, const char *sought, size_t length, const char *reading)
{
    Places to = 0;
    for (size_t at = 0; at < length; at++) {
        for (size_t n = 0; (from >> at & 1) != 0 && reading[n] != '\0' && at + n < length &&
                           reading[n] == sought[at + n];
             n++) {
            to |= (Places)1 << (at + n + 1);
        }
    }
    return to;
}

static Places step_character(Places from, const char *sought, size_t length, gunichar character)
{
    char own[2] = {character < 0x80 ? g_ascii_tolower((char)character) : '\0'};
    Places to = step(from, sought, length, own);
    to |= step(from, sought, length, reading_of(character));
    gunichar sound;
    for (size_t n = 0; (sound = surname_sound(character, n)) != 0; n++) {
        to |= step(from, sought, length, reading_of(sound));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (others[i].character == character) {
            to |= step(from, sought, length, others[i].reading);
        }
    }
    return to;
}

bool pinyin_matches(const char *name, const char *sought)
{
    char letters[PINYIN_MAX_SOUGHT + 1];
    size_t length = 0;
    for (const char *at = sought; *at != '\0' && length < PINYIN_MAX_SOUGHT; at++) {
        if (*at != ' ') {
            letters[length++] = g_ascii_tolower(*at);
        }
    }
    Places places = 0;
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at)) {
        places = step_character(places | 1, letters, length, g_utf8_get_char(at));
        if ((places >> length & 1) != 0) {
            return true;
        }
    }
    return false;
}

char *pinyin_of(const char *name, bool is_person)
{
    g_autofree char *spelled = is_person ? surname_spell_out(name) : NULL;
    GString *whole = g_string_new(NULL);
    g_autoptr(GString) initials = g_string_new(NULL);
    for (const char *at = spelled != NULL ? spelled : name; *at != '\0';
         at = g_utf8_next_char(at)) {
        const char *reading = reading_of(g_utf8_get_char(at));
        if (*reading != '\0') {
            g_string_append(whole, reading);
            g_string_append_c(initials, *reading);
        } else {
            g_string_append_unichar(whole, g_utf8_get_char(at));
        }
    }
    if (initials->len == 0) {
        g_string_truncate(whole, 0);
    } else {
        g_string_append_printf(whole, " %s", initials->str);
    }
    return g_string_free(whole, false);
}
