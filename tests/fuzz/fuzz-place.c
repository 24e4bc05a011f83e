/* The address of an office: refused with a sentence, or read into paths from the root and into
 * words for people that hold no user and no password, and that lead to the same place again. */
#include "base/text.h"
#include "office/place.h"

static void check_refused(const GError *error)
{
    g_autofree char *text = error_to_text(error, "zh");
    g_assert(error_is(error, SHUZHI_ERROR_INVALID) && g_utf8_validate(text, -1, NULL));
}

static void check_server(const OfficePlace *place)
{
    g_autoptr(GError) error = NULL;
    g_assert(g_str_has_prefix(place->display, "postgres://"));
    g_assert(strchr(place->display, '@') == NULL);
    g_autoptr(OfficePlace) again = office_place_parse(place->display, &error);
    g_assert(again != NULL && g_str_equal(again->display, place->display));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *location = g_strndup(size > 0 ? (const char *)data : "", size);
    g_autoptr(GError) error = NULL;
    if (!text_is_valid(location, strlen(location), NULL)) {
        return 0; /* no command line brings it */
    }
    g_autoptr(OfficePlace) place = office_place_parse(location, &error);
    g_assert((place == NULL) == (error != NULL));
    if (place == NULL) {
        check_refused(error);
        return 0;
    }
    g_assert(g_path_is_absolute(place->files) && g_path_is_absolute(place->socket));
    g_assert(*place->store != '\0');
    if (place->folder == NULL) {
        check_server(place);
    } else {
        g_assert(g_path_is_absolute(place->folder) && g_str_equal(place->display, location));
    }
    return 0;
}
