/* Whole files: read with a limit, write so that a crash leaves the old or the new one, hash.
 *
 * Blocking; safe from every thread as far as the file system is. */
#pragma once

#include "base/crypto.h"
#include "base/error.h"

/* Read @path, at most @limit_bytes.  The result has a NUL after it that is not counted in
 * *@ret_length (NULL allowed).  The caller owns it.  LIMIT when the file is larger, else as errno
 * says. */
char *file_read(const char *path, size_t limit_bytes, size_t *ret_length, GError **error);

/* Write all @length bytes to @fd, over interruptions.  False with errno set; how many were written
 * is then not known. */
bool file_write_all(int fd, const void *bytes, size_t length);

/* Write @length bytes to @path by way of a temporary file beside it, fsync of file and folder, and
 * rename.  @mode are its permission bits (0644, 0600).  On any error @path is what it was, but
 * where only the folder could not be flushed: then the new contents are there, and may not survive
 * a loss of power.  A link is followed; a device or a pipe is written to as it is. */
bool file_write(const char *path, const void *bytes, size_t length, int mode, GError **error);

/* Open @path for writing where it is neither a file nor a folder but a device or a pipe, which is
 * never replaced; *@ret_fd is the caller's, -1: it is none. */
bool file_open_special(const char *path, int *ret_fd, GError **error);

/* The two halves of file_write() to a file, for what is too large to be held in memory.
 *
 * Open a new file beside @path for writing; *@ret_temporary is its name, which the caller owns, as
 * it does the descriptor returned.  -1 as errno says; @mode is subject to the umask. */
int file_open_temporary(const char *path, int mode, char **ret_temporary, GError **error);

/* What becomes of a thing that has the name already. */
typedef enum FileOld {
    FILE_REPLACE_OLD, /* a file takes a file's place, a folder that of an empty one */
    FILE_KEEP_OLD,    /* EXISTS */
} FileOld;

/* Flush @fd, open on @temporary (a file or a folder that a function here made), and give it the
 * name @path.  On any error @path is what it was, with the exception of file_write(), and the
 * caller removes @temporary if it is there.  FILE_KEEP_OLD is one step where the file system can do
 * that (NFS cannot: there it is asked first). */
bool file_put_in_place(int fd, const char *temporary, const char *path, FileOld old,
                       GError **error);

/* Hash the contents of @path; *@ret_size (NULL allowed) is its length.  INVALID for a folder, a
 * device or a pipe. */
bool file_hash(const char *path, uint8_t ret_hash[CRYPTO_HASH_SIZE], int64_t *ret_size,
               GError **error);

/* Copy @from to @to as file_write does; hashes on the way (@ret_hash may be NULL).  INVALID where
 * @from is a folder, a device or a pipe. */
bool file_copy(const char *from, const char *to, int mode, uint8_t ret_hash[CRYPTO_HASH_SIZE],
               GError **error);

/* Return @path absolute and without links, as far as it is there already; the caller owns it. */
char *file_real_path(const char *path);

/* Make the folder @path and its parents. */
bool file_make_folder(const char *path, int mode, GError **error);

/* Make a new folder beside @path, in a folder that is there, to be filled and put in place: where
 * a disk is not mounted or its name mistyped, nothing must be written to another.
 * *@ret_temporary and the descriptor returned are the caller's, as with file_open_temporary(). */
int file_make_temporary_folder(const char *path, int mode, char **ret_temporary, GError **error);

/* Remove the folder @path, which the caller made, and all that is in it; no link in it is followed.
 * What cannot be removed stays. */
void file_remove_folder(const char *path);

/* Flush the folder entry @path to disk, so that a rename in it survives power loss.  True also
 * where the file system has nothing to flush for a folder (shares of SMB). */
bool file_sync_folder(const char *path, GError **error);
