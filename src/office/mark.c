#include "office/mark.h"

#include "base/file.h"

#define MARK "office"
#define MAX_MARK_BYTES 64

/* Return what the mark of @place says, NULL: nothing; the caller owns it. */
static char *read_mark(const OfficePlace *place)
{
    g_autofree char *path = g_build_filename(place->files, MARK, NULL);
    char *text = file_read(path, MAX_MARK_BYTES, NULL, NULL);
    return text != NULL ? g_strchomp(text) : NULL;
}

bool office_mark_check(const OfficePlace *place, const char *office_id, GError **error)
{
    g_autofree char *mark = place->folder == NULL ? read_mark(place) : NULL;
    if (mark != NULL && !g_str_equal(mark, office_id)) {
        error_set(
            error, SHUZHI_ERROR_CONFLICT,
            "the files in '%s' are another office's; give this one a folder of its own (files=)",
            place->files);
        return false;
    }
    return true;
}

bool office_mark_keep(const OfficePlace *place, const char *office_id, GError **error)
{
    if (!office_mark_check(place, office_id, error)) {
        return false;
    }
    g_autofree char *path = g_build_filename(place->files, MARK, NULL);
    if (place->folder == NULL && g_file_test(place->files, G_FILE_TEST_IS_DIR) &&
        !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree char *text = g_strconcat(office_id, "\n", NULL);
        (void)file_write(path, text, strlen(text), 0644, NULL);
    }
    return true;
}
