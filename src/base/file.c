#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file descriptor that closes itself. */
typedef int FileDescriptor;

static void close_descriptor(FileDescriptor *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}
#define AUTO_CLOSE __attribute__((cleanup(close_descriptor)))

static ssize_t read_some(int fd, void *bytes, size_t length)
{
    ssize_t n;
    do {
        n = read(fd, bytes, length);
    } while (n < 0 && errno == EINTR);
    return n;
}

bool file_write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = write(fd, at, length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return false;
        }
        at += n;
        length -= (size_t)n;
    }
    return true;
}

static bool write_all(int fd, const void *bytes, size_t length, const char *path, GError **error)
{
    if (!file_write_all(fd, bytes, length)) {
        error_set_errno(error, errno, "cannot write '%s'", path);
        return false;
    }
    return true;
}

static int open_for_reading(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot open '%s'", path);
        return -1;
    }
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(fd);
        error_set_errno(error, EISDIR, "cannot open '%s'", path);
        return -1;
    }
    return fd;
}

/* The same where it must be a file that stays what it is: a pipe would be waited for. */
static int open_regular(const char *path, GError **error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot open '%s'", path);
        return -1;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is no file", path);
        return -1;
    }
    return fd;
}

char *file_read(const char *path, size_t limit_bytes, size_t *ret_length, GError **error)
{
    AUTO_CLOSE FileDescriptor fd = open_for_reading(path, error);
    if (fd < 0) {
        return NULL;
    }
    g_autoptr(GByteArray) all = g_byte_array_new();
    uint8_t chunk[65536];
    ssize_t n;
    while ((n = read_some(fd, chunk, sizeof chunk)) > 0) {
        if (all->len + (size_t)n > limit_bytes) {
            error_set(error, SHUZHI_ERROR_LIMIT, "'%s' is larger than the limit of %zu bytes", path,
                      limit_bytes);
            return NULL;
        }
        g_byte_array_append(all, chunk, (guint)n);
    }
    if (n < 0) {
        error_set_errno(error, errno, "cannot read '%s'", path);
        return NULL;
    }
    if (ret_length != NULL) {
        *ret_length = all->len;
    }
    g_byte_array_append(all, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&all), false);
}

bool file_open_special(const char *path, int *ret_fd, GError **error)
{
    struct stat info;
    *ret_fd = -1;
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) {
        return true;
    }
    *ret_fd = open(path, O_WRONLY | O_CLOEXEC);
    if (*ret_fd < 0) {
        error_set_errno(error, errno, "cannot write '%s'", path);
    }
    return *ret_fd >= 0;
}

int file_open_temporary(const char *path, int mode, char **ret_temporary, GError **error)
{
    g_autofree char *real = file_real_path(path);
    g_autofree char *name = g_strdup_printf("%s.XXXXXX", real);
    int fd = g_mkstemp_full(name, O_WRONLY | O_CLOEXEC, mode);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot write '%s'", path);
        return -1;
    }
    *ret_temporary = g_steal_pointer(&name);
    return fd;
}

/* Rename @from to @to, which must not be there.  vfat has no links, NFS no such renaming. */
static int rename_to_new(const char *from, const char *to)
{
    int result = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
    if (result == 0 || (errno != EINVAL && errno != ENOSYS)) {
        return result;
    }
    struct stat info;
    if (lstat(to, &info) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(from, to);
}

/* Flush @fd; a folder on some file systems has nothing to flush, and says EINVAL. */
static bool flush(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL;
}

bool file_put_in_place(int fd, const char *temporary, const char *path, FileOld old, GError **error)
{
    g_autofree char *real = file_real_path(path);
    if (!flush(fd) ||
        (old == FILE_KEEP_OLD ? rename_to_new(temporary, real) : rename(temporary, real)) != 0) {
        error_set_errno(error, errno, "cannot write '%s'", path);
        return false;
    }
    g_autofree char *folder = g_path_get_dirname(real);
    return file_sync_folder(folder, error);
}

bool file_write(const char *path, const void *bytes, size_t length, int mode, GError **error)
{
    g_autofree char *temporary = NULL;
    AUTO_CLOSE FileDescriptor special = -1;
    if (!file_open_special(path, &special, error)) {
        return false;
    }
    if (special >= 0) {
        return write_all(special, bytes, length, path, error);
    }
    AUTO_CLOSE FileDescriptor fd = file_open_temporary(path, mode, &temporary, error);
    if (fd < 0) {
        return false;
    }
    if (!write_all(fd, bytes, length, path, error) ||
        !file_put_in_place(fd, temporary, path, FILE_REPLACE_OLD, error)) {
        g_unlink(temporary);
        return false;
    }
    return true;
}

/* Read @fd to its end, hashing, and write it to @out unless that is negative. */
static bool pump(int fd, const char *from, int out, const char *to, CryptoHash *hash,
                 int64_t *ret_size, GError **error)
{
    uint8_t chunk[65536];
    int64_t size = 0;
    ssize_t n;
    while ((n = read_some(fd, chunk, sizeof chunk)) > 0) {
        crypto_hash_update(hash, chunk, (size_t)n);
        size += n;
        if (out >= 0 && !write_all(out, chunk, (size_t)n, to, error)) {
            return false;
        }
    }
    if (n < 0) {
        error_set_errno(error, errno, "cannot read '%s'", from);
        return false;
    }
    *ret_size = size;
    return true;
}

bool file_hash(const char *path, uint8_t ret_hash[CRYPTO_HASH_SIZE], int64_t *ret_size,
               GError **error)
{
    AUTO_CLOSE FileDescriptor fd = open_regular(path, error);
    if (fd < 0) {
        return false;
    }
    CryptoHash hash;
    int64_t size = 0;
    crypto_hash_init(&hash);
    if (!pump(fd, path, -1, NULL, &hash, &size, error)) {
        return false;
    }
    crypto_hash_finish(&hash, ret_hash);
    if (ret_size != NULL) {
        *ret_size = size;
    }
    return true;
}

bool file_copy(const char *from, const char *to, int mode, uint8_t ret_hash[CRYPTO_HASH_SIZE],
               GError **error)
{
    AUTO_CLOSE FileDescriptor in = open_regular(from, error);
    if (in < 0) {
        return false;
    }
    g_autofree char *temporary = NULL;
    AUTO_CLOSE FileDescriptor out = file_open_temporary(to, mode, &temporary, error);
    if (out < 0) {
        return false;
    }
    CryptoHash hash;
    int64_t size = 0;
    crypto_hash_init(&hash);
    if (!pump(in, from, out, to, &hash, &size, error) ||
        !file_put_in_place(out, temporary, to, FILE_REPLACE_OLD, error)) {
        g_unlink(temporary);
        return false;
    }
    if (ret_hash != NULL) {
        crypto_hash_finish(&hash, ret_hash);
    }
    return true;
}

char *file_real_path(const char *path)
{
    g_autofree char *there = g_canonicalize_filename(path, NULL);
    char *real = realpath(there, NULL);
    if (real != NULL || g_str_equal(there, "/")) {
        return real != NULL ? real : g_steal_pointer(&there);
    }
    g_autofree char *parent = g_path_get_dirname(there);
    g_autofree char *name = g_path_get_basename(there);
    g_autofree char *real_parent = file_real_path(parent);
    return g_build_filename(real_parent, name, NULL);
}

bool file_make_folder(const char *path, int mode, GError **error)
{
    if (g_mkdir_with_parents(path, mode) != 0) {
        error_set_errno(error, errno, "cannot make folder '%s'", path);
        return false;
    }
    return true;
}

int file_make_temporary_folder(const char *path, int mode, char **ret_temporary, GError **error)
{
    g_autofree char *name = g_strdup_printf("%s.XXXXXX", path);
    if (g_mkdtemp_full(name, mode) == NULL) {
        error_set_errno(error, errno, "cannot make folder '%s'", path);
        return -1;
    }
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        error_set_errno(error, errno, "cannot open '%s'", name);
        g_rmdir(name);
        return -1;
    }
    *ret_temporary = g_steal_pointer(&name);
    return fd;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)remove(path); /* what cannot be removed stays */
    return 0;
}

void file_remove_folder(const char *path)
{
    enum { MAX_DESCRIPTORS = 16 };
    (void)nftw(path, remove_one, MAX_DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

bool file_sync_folder(const char *path, GError **error)
{
    AUTO_CLOSE FileDescriptor fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || !flush(fd)) {
        error_set_errno(error, errno, "cannot flush folder '%s'", path);
        return false;
    }
    return true;
}
