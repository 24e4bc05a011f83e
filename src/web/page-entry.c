#include "web/pages.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/evidence.h"
#include "ledger/wall.h"
#include "web/entry.h"
#include "web/templates.h"

static bool send_entry(WebContext *context, const LedgerEntry *entry, bool with_personal,
                       GError **error)
{
    WebEntry *shown = web_entry_new(context, entry, with_personal, error);
    if (shown == NULL) {
        return false;
    }
    const char *title = *entry->title != '\0' ? entry->title : entry->number;
    GString *out = web_page_begin(context, title);
    template_entry_page(out, &context->html, context, shown);
    web_page_send(context, out);
    return true;
}

bool web_page_entry(WebContext *context, GError **error)
{
    if (g_str_equal(context->ending, ".json")) {
        return web_api_entry(context, error);
    }
    if (*context->ending != '\0') {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
        return false;
    }
    if (!store_snapshot_begin(context->reader, error)) {
        return false;
    }
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    return entry != NULL && send_entry(context, entry, false, error);
}

/* The look is an event; it is in the log before anything is shown. */
bool web_page_look_post(WebContext *context, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    return entry != NULL && web_look(context, entry, error) &&
           send_entry(context, entry, true, error);
}

/* Evidence that is in the log and not in the folder, or there with other bytes, is lost: not an
 * address that was mistyped, and no matter for the reader alone. */
static bool refuse_lost(const LedgerEntry *entry, const LedgerEvidence *file, const GError *why,
                        GError **error)
{
    g_warning("evidence %s of %s cannot be given out: %s", file->sha256, entry->number,
              why->message);
    if (error_is(why, SHUZHI_ERROR_CORRUPT)) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "the evidence '%s' of %s was altered on the server and is not given out; tell the"
                  " administrator, and have the office verified",
                  file->name, entry->number);
        return false;
    }
    error_set(error, SHUZHI_ERROR_IO,
              "the evidence '%s' of %s is missing on the server; tell the administrator, and have"
              " the office verified",
              file->name, entry->number);
    return false;
}

/* Check that the file at @path holds the bytes that were recorded: CORRUPT.  One that was looked at
 * a moment ago, and not written since, is not read again: who plays a film asks for it in pieces.
 */
static bool check_bytes(WebContext *context, const LedgerEvidence *file, const char *path,
                        GError **error)
{
    GStatBuf status;
    if (g_stat(path, &status) != 0) {
        error_set_errno(error, errno, "cannot read '%s'", path);
        return false;
    }
    const char *key =
        web_keep(context, g_strdup_printf("file %s %ju %jd %jd.%ld", file->sha256,
                                          (uintmax_t)status.st_ino, (intmax_t)status.st_size,
                                          (intmax_t)status.st_ctim.tv_sec, status.st_ctim.tv_nsec));
    void *known = known_find(context->site->known, key, 0, web_now_us(context));
    if (known != NULL) {
        g_atomic_rc_box_release(known);
        return true;
    }
    uint8_t hash[CRYPTO_HASH_SIZE];
    if (!file_hash(path, hash, NULL, error)) {
        return false;
    }
    g_autofree char *hex = text_to_hex(hash, sizeof hash);
    if (!g_str_equal(hex, file->sha256)) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "its bytes are not those that were recorded");
        return false;
    }
    known = g_atomic_rc_box_new0(char);
    known_put(context->site->known, key, 0, web_now_us(context), known, NULL, sizeof(char));
    g_atomic_rc_box_release(known);
    return true;
}

/* A personal file is a look each time, so that nobody keeps it. */
static bool send_file(WebContext *context, const LedgerEntry *entry, const LedgerEvidence *file,
                      GError **error)
{
    g_autofree char *path = ledger_evidence_path(context->office, file->sha256);
    bool is_personal = ledger_wall_hides_named(entry->ledger, file->field, false);
    if (is_personal && !web_look(context, entry, error)) {
        return false;
    }
    g_autoptr(GError) lost = NULL;
    if (!check_bytes(context, file, path, &lost) ||
        !http_response_set_file(context->response, "application/octet-stream", path, file->name,
                                &lost)) {
        return refuse_lost(entry, file, lost, error);
    }
    if (!is_personal) {
        http_response_allow_keeping(context->response, file->sha256);
    }
    return true;
}

bool web_page_entry_file(WebContext *context, GError **error)
{
    g_autoptr(LedgerEntry) entry = web_entry_find(context, context->parts[0], error);
    g_autoptr(GPtrArray) files =
        entry != NULL ? ledger_evidence_list(context->reader, entry, true, error) : NULL;
    for (guint i = 0; files != NULL && i < files->len; i++) {
        const LedgerEvidence *file = g_ptr_array_index(files, i);
        if (g_str_equal(web_number(context, file->id), context->parts[1])) {
            return send_file(context, entry, file, error);
        }
    }
    if (files != NULL) {
        error_set(error, SHUZHI_ERROR_NOT_FOUND, "there is no such page");
    }
    return false;
}
