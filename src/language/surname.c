#include "language/surname.h"

#include <stdbool.h>

#define MAX_CHARACTERS 2

/* A surname, and as many characters whose usual readings are those of the surname. */
typedef struct Surname {
    gunichar name[MAX_CHARACTERS];
    gunichar sounds[MAX_CHARACTERS];
} Surname;

/* As 现代汉语词典 reads them, where Unicode's data has another reading first; compound ones before
 * those of one character.  What a character sounds like is no surname itself where there is
 * another, and each has its own, so that surnames do not mix. */
static const Surname surnames[] = {
    {{U'尉', U'迟'}, {U'域', U'迟'}},
    {{U'万', U'俟'}, {U'末', U'齐'}},
    {{U'令', U'狐'}, {U'灵', U'狐'}},
    {{U'澹', U'台'}, {U'坛', U'台'}},
    {{U'曾'}, {U'增'}},
    {{U'查'}, {U'渣'}},
    {{U'仇'}, {U'囚'}},
    {{U'翟'}, {U'宅'}},
    {{U'解'}, {U'榭'}},
    {{U'区'}, {U'讴'}},
    {{U'乐'}, {U'阅'}},
    {{U'单'}, {U'善'}},
    {{U'盖'}, {U'哿'}},
    {{U'葛'}, {U'舸'}},
    {{U'朴'}, {U'瓢'}},
    {{U'任'}, {U'人'}},
    {{U'华'}, {U'画'}},
    {{U'燕'}, {U'烟'}},
    {{U'薄'}, {U'博'}},
    {{U'卜'}, {U'补'}},
    {{U'覃'}, {U'琴'}},
    {{U'缪'}, {U'妙'}},
    {{U'员'}, {U'韵'}},
    {{U'种'}, {U'虫'}},
    {{U'秘'}, {U'必'}},
    {{U'洗'}, {U'显'}},
    {{U'繁'}, {U'婆'}},
    {{U'句'}, {U'钩'}},
    {{U'黑'}, {U'鹤'}},
    {{U'折'}, {U'蛇'}},
    {{U'召'}, {U'哨'}},
    {{U'撒'}, {U'洒'}},
    {{U'过'}, {U'锅'}},
    {{U'相'}, {U'象'}},
    {{U'要'}, {U'腰'}},
    {{U'祭'}, {U'寨'}},
    {{U'蔚'}, {U'御'}},
    {{U'占'}, {U'沾'}},
    {{U'都'}, {U'督'}},
    {{U'於'}, {U'迂'}},
    {{U'阚'}, {U'看'}},
    {{U'乜'}, {U'镊'}},
    {{U'佴'}, {U'耐'}},
};

/* Return the surname that @name begins with; NULL: it is read as usual. */
static const Surname *find(const char *name)
{
    gunichar first = g_utf8_get_char(name);
    gunichar second = first != 0 ? g_utf8_get_char(g_utf8_next_char(name)) : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(surnames); i++) {
        const gunichar *sought = surnames[i].name;
        if (sought[0] == first && (sought[1] == 0 || sought[1] == second)) {
            return &surnames[i];
        }
    }
    return NULL;
}

gunichar surname_sound(gunichar character, size_t nth)
{
    for (size_t i = 0; i < G_N_ELEMENTS(surnames); i++) {
        for (size_t n = 0; n < MAX_CHARACTERS; n++) {
            if (surnames[i].name[n] == character && nth-- == 0) {
                return surnames[i].sounds[n];
            }
        }
    }
    return 0;
}

char *surname_spell_out(const char *name)
{
    const Surname *surname = find(name);
    if (surname == NULL) {
        return NULL;
    }
    GString *spelled = g_string_new(NULL);
    for (size_t n = 0; n < MAX_CHARACTERS && surname->name[n] != 0; n++) {
        g_string_append_unichar(spelled, surname->sounds[n]);
        name = g_utf8_next_char(name);
    }
    g_string_append(spelled, name);
    return g_string_free(spelled, false);
}
