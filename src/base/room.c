#include "base/room.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

bool room_check(const char *folder, GError **error)
{
    struct statvfs disk;
    if (access(folder, W_OK | X_OK) != 0 || statvfs(folder, &disk) != 0) {
        error_set_errno(error, errno, "cannot write to '%s'", folder);
        return false;
    }
    /* A file system that does not count, such as some over a network, says 0 of 0. */
    bool is_counted = disk.f_blocks > 0;
    if (is_counted && disk.f_bavail < (uint64_t)ROOM_MIN_BYTES / disk.f_frsize) {
        error_set_errno(error, ENOSPC, "cannot write to '%s'", folder);
        return false;
    }
    return true;
}
