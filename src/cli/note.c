#include "cli/note.h"

#include "base/file.h"
#include "base/text.h"
#include "proof/checkpoint.h"

#define MAX_NOTE_BYTES ((size_t)64 << 10)

/* Return @text as it was printed, before an editor or a mail put a mark in front of it, a carriage
 * return at its lines' ends, or another end; the caller owns it.  What is signed shows whether it
 * is the same. */
static char *unedit(const char *text)
{
    bool has_mark = g_str_has_prefix(text, "\xEF\xBB\xBF");
    GString *out = g_string_new(has_mark ? text + strlen("\xEF\xBB\xBF") : text);
    g_string_replace(out, "\r\n", "\n", 0);
    while (out->len > 0 && g_ascii_isspace(out->str[out->len - 1])) {
        g_string_truncate(out, out->len - 1);
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, false);
}

bool cli_note_read(const CliContext *context, const char *name, char **ret_text, GError **error)
{
    const char *path = cli_option(context, name);
    size_t length = 0;
    if (path == NULL) {
        return true;
    }
    g_autofree char *text = file_read(path, MAX_NOTE_BYTES, &length, error);
    if (text == NULL) {
        return false;
    }
    if (!text_is_valid(text, length, NULL)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a text", path);
        return false;
    }
    *ret_text = unedit(text);
    return true;
}

bool cli_note_read_checkpoint(const CliContext *context, char **ret_text, GError **error)
{
    if (!cli_note_read(context, "checkpoint", ret_text, error)) {
        return false;
    }
    g_autoptr(ProofCheckpoint) checkpoint =
        *ret_text != NULL ? proof_checkpoint_parse(*ret_text, strlen(*ret_text), error) : NULL;
    if (*ret_text != NULL && checkpoint == NULL) {
        error_prefix(error, "'%s' is no checkpoint", cli_option(context, "checkpoint"));
        g_clear_pointer(ret_text, g_free);
        return false;
    }
    return true;
}
