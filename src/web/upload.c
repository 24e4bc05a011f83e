#include "web/upload.h"

/* Say why @file was refused. */
static const char *refusal_of(const WebContext *context, const LedgerFile *file)
{
    return web_say(context, N_("'%s' was not attached: %s."), file->name,
                   web_fault(context, file->fault));
}

static void add_sentence(const WebContext *context, GString *out, const char *sentence)
{
    bool is_spaced = out->len > 0 && g_str_equal(context->html.language, "en");
    g_string_append_printf(out, "%s%s", is_spaced ? " " : "", sentence);
}

static void free_fault(gpointer fault)
{
    g_error_free(fault);
}

/* Refuse @files, none of which is good. */
static void refuse_all(const WebContext *context, const GArray *files, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < files->len; i++) {
        const LedgerFile *file = &g_array_index(files, LedgerFile, i);
        if (files->len == 1) {
            g_propagate_error(error, g_error_copy(file->fault));
            return;
        }
        add_sentence(context, out, refusal_of(context, file));
    }
    error_set(error, SHUZHI_ERROR_INVALID, "%s", out->str);
}

bool web_files_attach(const WebContext *context, const LedgerEntry *entry, GArray *files,
                      GError **error)
{
    bool is_done = ledger_evidence_attach_good(context->office, context->subject, &context->act,
                                               entry->id, files, error);
    for (guint i = 0; i < files->len; i++) {
        GError *fault = g_array_index(files, LedgerFile, i).fault;
        if (fault != NULL) {
            web_keep_object(context, fault, free_fault);
        }
    }
    if (is_done && files->len > 0 && web_files_refused(files) == files->len) {
        refuse_all(context, files, error);
        return false;
    }
    return is_done;
}

guint web_files_refused(const GArray *files)
{
    guint n = 0;
    for (guint i = 0; i < files->len; i++) {
        n += g_array_index(files, LedgerFile, i).fault != NULL;
    }
    return n;
}

const char *web_file_kept_as(const WebContext *context, const LedgerFile *file)
{
    return ledger_names_get(context->names, SCHEMA_FIELD_FILE, file->evidence);
}

const char *web_files_told(const WebContext *context, const GArray *files)
{
    GString *out = g_string_new(NULL);
    guint n_plain = 0;
    for (guint i = 0; i < files->len; i++) {
        const LedgerFile *file = &g_array_index(files, LedgerFile, i);
        n_plain += file->fault == NULL && !file->is_known &&
                   g_str_equal(web_file_kept_as(context, file), file->name);
    }
    if (n_plain > 0) {
        add_sentence(context, out, web_say(context, N_("%u {file|files} attached."), n_plain));
    }
    for (guint i = 0; i < files->len; i++) {
        const LedgerFile *file = &g_array_index(files, LedgerFile, i);
        const char *kept_as = file->fault == NULL ? web_file_kept_as(context, file) : NULL;
        if (file->fault != NULL) {
            add_sentence(context, out, refusal_of(context, file));
        } else if (file->is_known) {
            add_sentence(context, out,
                         web_say(context, N_("'%s' is here already, as '%s'; it is kept once."),
                                 file->name, kept_as));
        } else if (!g_str_equal(kept_as, file->name)) {
            add_sentence(context, out,
                         web_say(context,
                                 N_("'%s' is attached; the office has the same file as '%s', and"
                                    " shows it under that name."),
                                 file->name, kept_as));
        }
    }
    return web_keep(context, g_string_free(out, false));
}
