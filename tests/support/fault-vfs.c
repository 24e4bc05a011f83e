#include "support/fault-vfs.h"

#include <errno.h>
#include <sqlite3.h>

typedef struct FaultFile {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct, in the same block */
} FaultFile;

static struct {
    gint kind; /* FAULT_N_KINDS: none */
    gint left; /* operations until it fails */
    gint n_failed;
    gint is_lasting;
} fault = {.kind = FAULT_N_KINDS};

static sqlite3_vfs *system_vfs;

const char *fault_vfs_name(FaultKind kind)
{
    static const char *const names[] = {"read",     "write", "full",  "sync",
                                        "truncate", "open",  "delete"};
    return names[kind];
}

void fault_vfs_arm(FaultKind kind, int n, bool is_lasting)
{
    g_atomic_int_set(&fault.left, n);
    g_atomic_int_set(&fault.n_failed, 0);
    g_atomic_int_set(&fault.is_lasting, is_lasting);
    g_atomic_int_set(&fault.kind, (gint)kind);
}

bool fault_vfs_disarm(void)
{
    g_atomic_int_set(&fault.kind, FAULT_N_KINDS);
    return g_atomic_int_get(&fault.n_failed) > 0;
}

/* Count one operation of @kind, and return whether it is to fail. */
static bool fails(FaultKind kind)
{
    if (g_atomic_int_get(&fault.kind) != (gint)kind) {
        return false;
    }
    gint before = g_atomic_int_add(&fault.left, -1);
    bool does = before == 1 || (before < 1 && g_atomic_int_get(&fault.is_lasting) != 0);
    if (does) {
        g_atomic_int_inc(&fault.n_failed);
        errno = kind == FAULT_FULL ? ENOSPC : EIO;
    }
    return does;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((FaultFile *)file)->real;
}

/* ---- files ----------------------------------------------------------------------------------- */

static int file_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int file_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 offset)
{
    return fails(FAULT_READ) ? SQLITE_IOERR_READ
                             : real_of(file)->pMethods->xRead(real_of(file), bytes, n, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset)
{
    bool is_full = fails(FAULT_FULL);
    if (is_full || fails(FAULT_WRITE)) {
        int number = errno;
        real_of(file)->pMethods->xWrite(real_of(file), bytes, n / 2, offset);
        errno = number;
        return is_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real_of(file)->pMethods->xWrite(real_of(file), bytes, n, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE
                                 : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    return fails(FAULT_SYNC) ? SQLITE_IOERR_FSYNC
                             : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int file_lock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xLock(real_of(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), lock);
}

static int file_check_lock(sqlite3_file *file, int *ret_is_locked)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_is_locked);
}

static int file_control(sqlite3_file *file, int what, void *data)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, data);
}

static int file_sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret_map)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret_map);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int is_deleting)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), is_deleting);
}

/* Version 2: no memory maps, as in the store. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- the VFS --------------------------------------------------------------------------------- */

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    FaultFile *own = (FaultFile *)file;
    own->base.pMethods = NULL;
    own->real = (sqlite3_file *)(own + 1);
    if (fails(FAULT_OPEN)) {
        return SQLITE_CANTOPEN;
    }
    int result = system_vfs->xOpen(system_vfs, path, own->real, flags, ret_flags);
    if (result == SQLITE_OK) {
        own->base.pMethods = &methods;
    }
    return result;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int is_synced)
{
    return fails(FAULT_DELETE) ? SQLITE_IOERR_DELETE
                               : system_vfs->xDelete(system_vfs, path, is_synced);
}

static int vfs_last_error(sqlite3_vfs *vfs, int n, char *ret_text)
{
    return errno;
}

void fault_vfs_install(void)
{
    static sqlite3_vfs vfs;
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs; /* the rest goes through, and takes no notice of whose it is */
    vfs.pNext = NULL;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(FaultFile) + system_vfs->szOsFile;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xGetLastError = vfs_last_error;
    g_assert(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}
