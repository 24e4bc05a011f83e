#include "web/health.h"

#include "base/room.h"
#include "log/history.h"
#include "store/health.h"

/* A connection that lies idle knows nothing, and one to a file that was removed is refused a
 * snapshot. */
static bool check_store(Store *store, GError **error)
{
    int64_t size = 0;
    g_autoptr(StoreConnection) reader = store_reader_acquire(store, error);
    return reader != NULL && store_snapshot_begin(reader, error) &&
           log_head(reader, &size, NULL, error) && store_check_health(store, error);
}

/* The folder is made with the first file. */
static bool check_files(const char *folder, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(folder);
    return room_check(g_file_test(folder, G_FILE_TEST_EXISTS) ? folder : parent, error);
}

bool web_check_health(const WebSite *site, const char **ret_part, GError **error)
{
    *ret_part = "office";
    if (site->office == NULL) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "this office cannot be opened at present; whoever runs the server can see why");
        return false;
    }
    *ret_part = "store";
    if (!check_store(office_store(site->office), error)) {
        return false;
    }
    *ret_part = "files";
    if (!check_files(office_files_path(site->office), error)) {
        return false;
    }
    *ret_part = "uploads";
    return site->scratch == NULL || scratch_has_room(site->scratch, error);
}
