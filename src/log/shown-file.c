#include "log/shown-file.h"

/* ---- reading --------------------------------------------------------------------------------- */

static void free_shown(gpointer data)
{
    log_shown_free(data);
}

void log_shown_file_free(LogShownFile *file)
{
    if (file == NULL) {
        return;
    }
    g_hash_table_unref(file->begun);
    g_hash_table_unref(file->objects);
    g_ptr_array_unref(file->checkpoints);
    g_ptr_array_unref(file->events);
    g_ptr_array_unref(file->repeated);
    g_array_unref(file->gaps);
    g_free(file);
}

/* @lines: the sound events so far, by their line. */
static bool read_event(LogShownFile *file, const json_t *json, const ProofVerifier *verifier,
                       GHashTable *lines, GError **error)
{
    LogShown *shown = log_shown_check(json, verifier, error);
    if (shown == NULL) {
        return false;
    }
    LogShown *same = g_hash_table_lookup(lines, shown->line);
    if (same != NULL && shown->verdict == PROOF_SOUND) {
        log_shown_merge(same, shown);
        g_ptr_array_add(file->repeated, shown);
        return true;
    }
    if (shown->verdict == PROOF_SOUND) {
        g_hash_table_insert(lines, shown->line, shown);
    }
    g_ptr_array_add(file->events, shown);
    file->n_unsound += shown->verdict != PROOF_SOUND;
    return true;
}

static bool read_events(LogShownFile *file, const json_t *json, const ProofVerifier *verifier,
                        GError **error)
{
    g_autoptr(GHashTable) lines = g_hash_table_new(g_str_hash, g_str_equal);
    const json_t *events = json_object_get(json, "events");
    if (events == NULL) {
        return read_event(file, json, verifier, lines, error);
    }
    if (!json_is_array(events)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'events' is not a list of events");
        return false;
    }
    for (size_t i = 0; i < json_array_size(events); i++) {
        if (!read_event(file, json_array_get(events, i), verifier, lines, error)) {
            error_prefix(error, "event %zu of the file", i + 1);
            return false;
        }
    }
    return true;
}

/* A key says nothing of a log that is not its own, neither for nor against. */
static bool check_origin(const LogShownFile *file, const ProofVerifier *verifier, GError **error)
{
    const char *origin = NULL;
    for (guint i = 0; i < file->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(file->events, i);
        origin = shown->checkpoint->origin;
        if (g_str_equal(origin, verifier->name)) {
            return true;
        }
    }
    if (origin != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the file is of the log '%s', the key of '%s': nothing was checked", origin,
                  verifier->name);
    }
    return origin == NULL;
}

/* ---- together -------------------------------------------------------------------------------- */

/* Keep the checkpoint of @shown; false where there is one of the same size with another root. */
static bool add_checkpoint(LogShownFile *file, const LogShown *shown)
{
    const ProofCheckpoint *checkpoint = shown->checkpoint;
    guint at = 0;
    for (; at < file->checkpoints->len; at++) {
        const ProofCheckpoint *known = g_ptr_array_index(file->checkpoints, at);
        if (known->size == checkpoint->size) {
            return memcmp(&known->root, &checkpoint->root, sizeof known->root) == 0;
        }
        if (known->size > checkpoint->size) {
            break;
        }
    }
    g_ptr_array_insert(file->checkpoints, (int)at, (gpointer)checkpoint);
    return true;
}

/* Note that @shown began an entry; false where another has its number. */
static bool add_number(LogShownFile *file, const LogShown *shown)
{
    const LogShown *begun =
        shown->number != NULL ? g_hash_table_lookup(file->begun, shown->number) : NULL;
    if (shown->number != NULL && begun == NULL) {
        g_hash_table_insert(file->begun, shown->number, (gpointer)shown);
        g_hash_table_insert(file->objects, (gpointer)&shown->object, (gpointer)shown);
    }
    return begun == NULL || begun->object == shown->object;
}

/* Find a sound event that does not go with those before it. */
static void find_conflict(LogShownFile *file)
{
    g_autoptr(GHashTable) places = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < file->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(file->events, i);
        if (shown->verdict != PROOF_SOUND) {
            continue;
        }
        const LogShown *there = g_hash_table_lookup(places, &shown->seq);
        g_hash_table_insert(places, (gpointer)&shown->seq, (gpointer)shown);
        bool is_other = there != NULL && !g_str_equal(there->line, shown->line);
        bool fits = add_checkpoint(file, shown);
        fits = add_number(file, shown) && fits && !is_other;
        if (!fits && file->conflict == NULL) {
            file->conflict = shown;
        }
    }
    for (guint i = 0; i < file->repeated->len; i++) {
        const LogShown *shown = g_ptr_array_index(file->repeated, i);
        if (!add_checkpoint(file, shown) && file->conflict == NULL) {
            file->conflict = shown;
        }
    }
}

static gint compare_places(gconstpointer a, gconstpointer b)
{
    const LogShown *x = *(const LogShown *const *)a;
    const LogShown *y = *(const LogShown *const *)b;
    if (x->object != y->object) {
        return x->object < y->object ? -1 : 1;
    }
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Return whether an event is missing between @before and @shown, which the file has one behind the
 * other; where one of them is not sound, nothing can be said. */
static bool is_gap(const LogShown *before, const LogShown *shown)
{
    return before->verdict == PROOF_SOUND && shown->verdict == PROOF_SOUND &&
           before->object == shown->object && before->seq != shown->seq &&
           before->version + 1 != shown->version;
}

/* Find the objects whose versions do not follow one another. */
static void find_gaps(LogShownFile *file)
{
    g_autoptr(GPtrArray) versions = g_ptr_array_new();
    for (guint i = 0; i < file->events->len; i++) {
        LogShown *shown = g_ptr_array_index(file->events, i);
        if (shown->version > 0 || shown->verdict != PROOF_SOUND) {
            g_ptr_array_add(versions, shown);
        }
    }
    g_ptr_array_sort(versions, compare_places);
    for (guint i = 1; i < versions->len; i++) {
        const LogShown *shown = g_ptr_array_index(versions, i);
        bool is_known = file->gaps->len > 0 &&
                        g_array_index(file->gaps, int64_t, file->gaps->len - 1) == shown->object;
        if (!is_known && is_gap(g_ptr_array_index(versions, i - 1), shown)) {
            g_array_append_val(file->gaps, shown->object);
        }
    }
}

LogShownFile *log_shown_file_check(const json_t *json, const ProofVerifier *verifier,
                                   GError **error)
{
    g_autoptr(LogShownFile) file = g_new0(LogShownFile, 1);
    file->events = g_ptr_array_new_with_free_func(free_shown);
    file->repeated = g_ptr_array_new_with_free_func(free_shown);
    file->checkpoints = g_ptr_array_new();
    file->gaps = g_array_new(false, false, sizeof(int64_t));
    file->begun = g_hash_table_new(g_str_hash, g_str_equal);
    file->objects = g_hash_table_new(g_int64_hash, g_int64_equal);
    if (!read_events(file, json, verifier, error) || !check_origin(file, verifier, error)) {
        return NULL;
    }
    find_conflict(file);
    find_gaps(file);
    return g_steal_pointer(&file);
}

/* ---- asking ---------------------------------------------------------------------------------- */

bool log_shown_file_is_sound(const LogShownFile *file)
{
    return file->n_unsound == 0 && file->conflict == NULL && file->gaps->len == 0;
}

const char *log_shown_file_number(const LogShownFile *file, int64_t object)
{
    const LogShown *begun = g_hash_table_lookup(file->objects, &object);
    return begun != NULL ? begun->number : NULL;
}
