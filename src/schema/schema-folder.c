#include "schema/schema.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "schema/pack-texts.h"
#include "schema/parse.h"

#define MAX_FILES 500
#define MAX_FILE_BYTES ((size_t)1024 * 1024)

static void free_file(gpointer file)
{
    schema_file_free(file);
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp((*(SchemaFile *const *)a)->path, (*(SchemaFile *const *)b)->path);
}

/* Refuse what is no file: a pipe would be waited for. */
static bool check_regular(const char *full, const char *path, GError **error)
{
    struct stat info;
    if (stat(full, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) {
        return true; /* reading tells what is wrong */
    }
    error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a file", path);
    return false;
}

/* Tell where in the file @path the NUL is that ends @text. */
static void refuse_nul(const char *path, const char *text, GError **error)
{
    int line = 1, column = 1;
    for (; *text != '\0'; text++) {
        bool begins_character = (*text & 0xc0) != 0x80;
        line += *text == '\n' ? 1 : 0;
        column = *text == '\n' ? 1 : column + (begins_character ? 1 : 0);
    }
    error_set(error, SHUZHI_ERROR_INVALID, "the character U+%02x does not belong in a text file",
              0U);
    error_prefix(error, "%s:%d:%d", path, line, column);
}

/* Read the file @path of the folder @folder into @files. */
static bool read_file(const char *folder, const char *path, GPtrArray *files, GError **error)
{
    g_autofree char *full = g_build_filename(folder, path, NULL);
    size_t length = 0;
    if (!check_regular(full, path, error)) {
        return false;
    }
    g_autofree char *text = file_read(full, MAX_FILE_BYTES, &length, error);
    if (text == NULL) {
        return false;
    }
    if (strlen(text) != length) {
        refuse_nul(path, text, error);
        return false;
    }
    if (files->len == MAX_FILES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "'%s' has more than %d {file|files}", folder,
                  MAX_FILES);
        return false;
    }
    g_ptr_array_add(files, schema_file_new(path, text));
    return true;
}

/* Return whether a file of the path @path is part of a pack, or was meant to be: the parser tells
 * of YAML that stands where no pack has it. */
static bool is_read(const char *path)
{
    const char *name = strrchr(path, '/');
    bool is_hidden = *(name != NULL ? name + 1 : path) == '.';
    return schema_is_pack_path(path) ||
           (!is_hidden && (g_str_has_suffix(path, ".yaml") || g_str_has_suffix(path, ".yml")));
}

/* Read what belongs to a pack in the folder @inside ("" or "ledgers") of @folder; add the names of
 * folders in it to @folders unless that is NULL. */
static bool read_inside(const char *folder, const char *inside, GPtrArray *folders,
                        GPtrArray *files, GError **error)
{
    g_autofree char *full = g_build_filename(folder, inside, NULL);
    DIR *entries = opendir(full);
    if (entries == NULL) {
        error_set_errno(error, errno, "cannot open '%s'", full);
        return false;
    }
    bool is_good = true;
    for (struct dirent *entry = readdir(entries); is_good && entry != NULL;
         entry = readdir(entries)) {
        g_autofree char *path = *inside != '\0' ? g_strdup_printf("%s/%s", inside, entry->d_name)
                                                : g_strdup(entry->d_name);
        g_autofree char *at = g_build_filename(folder, path, NULL);
        if (folders != NULL && entry->d_name[0] != '.' && g_file_test(at, G_FILE_TEST_IS_DIR)) {
            g_ptr_array_add(folders, g_strdup(path));
        } else if (is_read(path)) {
            is_good = read_file(folder, path, files, error);
        }
    }
    closedir(entries);
    return is_good;
}

bool schema_read_folder(const char *path, GPtrArray **ret_files, GError **error)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(free_file);
    bool is_good = read_inside(path, "", folders, files, error);
    for (guint i = 0; is_good && i < folders->len; i++) {
        is_good = read_inside(path, g_ptr_array_index(folders, i), NULL, files, error);
    }
    if (!is_good) {
        return false;
    }
    g_ptr_array_sort(files, compare_paths);
    *ret_files = g_steal_pointer(&files);
    return true;
}

GPtrArray *schema_builtin_files(void)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(free_file);
    for (const EmbeddedFile *file = schema_pack_texts; file->path != NULL; file++) {
        g_ptr_array_add(files, schema_file_new(file->path, file->text));
    }
    g_ptr_array_sort(files, compare_paths);
    return files;
}
