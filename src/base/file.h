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

/* Write @length bytes to @path by way of a temporary file beside it, fsync of file and folder, and
 * rename.  @mode are its permission bits (0644, 0600).  On any error @path is what it was. */
bool file_write(const char *path, const void *bytes, size_t length, int mode, GError **error);

/* The two halves of file_write(), for what is too large to be held in memory.
 *
 * Open a new file beside @path for writing; *@ret_temporary is its name, which the caller owns, as
 * it does the descriptor returned.  -1 as errno says; @mode is subject to the umask. */
int file_open_temporary(const char *path, int mode, char **ret_temporary, GError **error);

/* Flush @fd, open on @temporary (which file_open_temporary() made), and give it the name @path.  On
 * any error @path is what it was, and the caller removes @temporary. */
bool file_put_in_place(int fd, const char *temporary, const char *path, GError **error);

/* Hash the contents of @path; *@ret_size (NULL allowed) is its length. */
bool file_hash(const char *path, uint8_t ret_hash[CRYPTO_HASH_SIZE], int64_t *ret_size,
               GError **error);

/* Copy @from to @to as file_write does; hashes on the way (@ret_hash may be NULL). */
bool file_copy(const char *from, const char *to, int mode, uint8_t ret_hash[CRYPTO_HASH_SIZE],
               GError **error);

/* Make the folder @path and its parents. */
bool file_make_folder(const char *path, int mode, GError **error);

/* Flush the folder entry @path to disk, so that a rename in it survives power loss. */
bool file_sync_folder(const char *path, GError **error);
