#include "base/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"

#define PREFIX "shuzhi-serve-"
#define SPARE_PART 20 /* of the disk, but no more than: */
#define MAX_SPARE_BYTES (INT64_C(1) << 30)

struct Scratch {
    char *path;
    int64_t spare_bytes; /* 0: by the size of the disk */
    GMutex mutex;        /* over what follows */
    int lock;            /* the folder, open and locked; -1: none */
    dev_t device;        /* of that */
    ino_t inode;
};

/* Return the folder @path, open and locked; -1 with errno set, where another process has it too. */
static int lock_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Remove the folders below @parent whose servers are gone. */
static void remove_dead(const char *parent)
{
    g_autoptr(GDir) dir = g_dir_open(parent, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(parent, name, NULL);
        struct stat status;
        if (g_str_has_prefix(name, PREFIX) && lstat(path, &status) == 0 &&
            S_ISDIR(status.st_mode) && status.st_uid == geteuid()) {
            int lock = lock_folder(path);
            if (lock >= 0) {
                file_remove_folder(path);
                close(lock);
            }
        }
    }
}

/* Lock the folder, which was just made; false with errno set. */
static bool take(Scratch *scratch)
{
    struct stat status;
    int lock = lock_folder(scratch->path);
    if (lock < 0 || fstat(lock, &status) != 0) {
        return false;
    }
    if (scratch->lock >= 0) {
        close(scratch->lock);
    }
    scratch->lock = lock;
    scratch->device = status.st_dev;
    scratch->inode = status.st_ino;
    return true;
}

/* See that the folder is there, and is the one we made. */
static bool keep(Scratch *scratch, GError **error)
{
    struct stat status;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&scratch->mutex);
    bool is_there = lstat(scratch->path, &status) == 0 && status.st_dev == scratch->device &&
                    status.st_ino == scratch->inode;
    if (!is_there && (mkdir(scratch->path, 0700) != 0 || !take(scratch))) {
        error_set_errno(error, errno, "cannot make the folder for files that wait");
        return false;
    }
    return true;
}

/* Say FULL or IO: that something is missing here is no fault of who asked for something else. */
static void recode(GError **error)
{
    if (error != NULL && *error != NULL && !error_is(*error, SHUZHI_ERROR_FULL)) {
        error_recode(error, SHUZHI_ERROR_IO);
    }
}

Scratch *scratch_open(int64_t spare_bytes, GError **error)
{
    const char *parent = g_get_tmp_dir();
    remove_dead(parent);
    g_autofree char *path = g_build_filename(parent, PREFIX "XXXXXX", NULL);
    if (g_mkdtemp_full(path, 0700) == NULL) {
        error_set_errno(error, errno, "cannot make a folder for files that wait in '%s'", parent);
        return NULL;
    }
    Scratch *scratch = g_new0(Scratch, 1);
    scratch->path = g_steal_pointer(&path);
    scratch->spare_bytes = spare_bytes;
    scratch->lock = -1;
    g_mutex_init(&scratch->mutex);
    if (!take(scratch)) { /* a file system without locks: it is only not cleaned up after */
        struct stat status;
        stat(scratch->path, &status);
        scratch->device = status.st_dev;
        scratch->inode = status.st_ino;
    }
    return scratch;
}

void scratch_close(Scratch *scratch)
{
    if (scratch != NULL) {
        file_remove_folder(scratch->path);
        if (scratch->lock >= 0) {
            close(scratch->lock);
        }
        g_mutex_clear(&scratch->mutex);
        g_free(scratch->path);
        g_free(scratch);
    }
}

const char *scratch_path(const Scratch *scratch)
{
    return scratch != NULL ? scratch->path : NULL;
}

bool scratch_has_room(const Scratch *scratch, GError **error)
{
    struct statvfs disk;
    if (statvfs(scratch->path, &disk) != 0) {
        return true; /* it is gone: whoever makes a file next makes it anew */
    }
    int64_t part = (int64_t)(disk.f_blocks * disk.f_frsize / SPARE_PART);
    int64_t spare = scratch->spare_bytes > 0 ? scratch->spare_bytes : MIN(part, MAX_SPARE_BYTES);
    if ((int64_t)(disk.f_bavail * disk.f_frsize) > spare) {
        return true;
    }
    error_set(error, SHUZHI_ERROR_FULL,
              "the disk has no room for more files that wait; send it again in a while");
    return false;
}

char *scratch_place(Scratch *scratch, const char *name, GError **error)
{
    if (!keep(scratch, error)) {
        recode(error);
        return NULL;
    }
    return scratch_has_room(scratch, error) ? g_build_filename(scratch->path, name, NULL) : NULL;
}

int scratch_file(Scratch *scratch, const char *kind, char **ret_path, GError **error)
{
    g_autofree char *name = g_strconcat(kind, "-XXXXXX", NULL);
    g_autofree char *path = scratch_place(scratch, name, error);
    if (path == NULL) {
        return -1;
    }
    int fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot keep a file that waits");
        recode(error);
        return -1;
    }
    *ret_path = g_steal_pointer(&path);
    return fd;
}
