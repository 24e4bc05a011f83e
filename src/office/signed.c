#include "office/signed.h"

#include <sys/stat.h>

#include "base/file.h"
#include "office/key.h"
#include "office/office.h"

#define MAX_BYTES 16384 /* a path and a note */

void office_signed_clear(OfficeSigned *last)
{
    g_clear_pointer(&last->path, g_free);
    g_clear_pointer(&last->folder, g_free);
    g_clear_pointer(&last->note, g_free);
}

/* A line with the folder, where it is known, then the note. */
bool office_signed_read(const char *office_id, OfficeSigned *ret_last, GError **error)
{
    g_auto(OfficeSigned) last = {.path = office_key_last_path(office_id)};
    if (g_file_test(last.path, G_FILE_TEST_EXISTS)) {
        g_autofree char *text = file_read(last.path, MAX_BYTES, NULL, error);
        if (text == NULL) {
            return false;
        }
        const char *end = *text == '/' ? strchr(text, '\n') : NULL;
        last.folder = end != NULL ? g_strndup(text, (size_t)(end - text)) : NULL;
        last.note = g_strdup(end != NULL ? end + 1 : text);
    }
    *ret_last = last;
    last = (OfficeSigned){NULL};
    return true;
}

bool office_signed_keep(const char *office_id, const OfficePlace *place, const char *note,
                        GError **error)
{
    g_autofree char *path = office_key_last_path(office_id);
    g_autofree char *folder = place->folder != NULL ? file_real_path(place->folder) : NULL;
    bool is_line = folder != NULL && strchr(folder, '\n') == NULL;
    g_autofree char *text = is_line ? g_strconcat(folder, "\n", note, NULL) : g_strdup(note);
    g_autoptr(GError) fault = NULL;
    if (file_write(path, text, strlen(text), 0644, &fault) ||
        error_is(fault, SHUZHI_ERROR_FORBIDDEN)) {
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* Return whether @folder is @other under another name, as mounts make them. */
static bool is_same_folder(const char *folder, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(folder, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

bool office_signed_is_elsewhere(const OfficeSigned *last, const char *id, const OfficePlace *place)
{
    if (last->folder == NULL || place->folder == NULL ||
        is_same_folder(last->folder, place->folder)) {
        return false;
    }
    g_autoptr(GError) why = NULL;
    g_autoptr(Office) other = office_open(last->folder, OFFICE_READ, NULL, &why);
    return other != NULL ? g_strcmp0(id, office_id(other)) == 0
                         : !error_is(why, SHUZHI_ERROR_NOT_FOUND);
}
