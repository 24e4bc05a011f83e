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

static void add_gap(LogShownFile *file, int64_t object)
{
    for (guint i = 0; i < file->gaps->len; i++) {
        if (g_array_index(file->gaps, int64_t, i) == object) {
            return;
        }
    }
    g_array_append_val(file->gaps, object);
}

/* Return whether the files @after are @before (NULL: none) with one more at the end, or, where
 * @detached is not 0, without that one. */
static bool follow(const json_t *before, const json_t *after, int64_t detached)
{
    size_t n = json_array_size(before), at = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t id = json_integer_value(json_array_get(before, i));
        if (detached == 0 || id != detached) {
            if (id != json_integer_value(json_array_get(after, at++))) {
                return false;
            }
        }
    }
    return detached == 0 ? json_array_size(after) == n + 1
                         : json_array_size(after) == at && at + 1 == n;
}

/* Hold the files that @shown, of an entry, says a rule of evidence has against those that it had
 * before, @rules: "object rule" -> json_t; the first that is shown is the first of all, where the
 * entry's beginning is shown. */
static void check_files(LogShownFile *file, const LogShown *shown, GHashTable *rules)
{
    int64_t detached = json_integer_value(json_object_get(shown->data, "detached"));
    bool has_beginning = g_hash_table_contains(file->objects, &shown->object);
    const char *name = NULL;
    json_t *files = NULL;
    json_object_foreach(shown->data, name, files)
    {
        if (!g_str_has_prefix(name, "evidence.") || !json_is_array(files)) {
            continue;
        }
        char *key = g_strdup_printf("%" G_GINT64_FORMAT " %s", shown->object, name);
        const json_t *before = g_hash_table_lookup(rules, key);
        if ((before != NULL || has_beginning) && !follow(before, files, detached)) {
            add_gap(file, shown->object);
        }
        g_hash_table_insert(rules, key, files);
    }
}

/* Find the entries to which a file was attached, or from which one was taken, by an event that is
 * missing between others: each says all files that its rule has from then on.  Where something is
 * not sound, nothing can be said. */
static void find_file_gaps(LogShownFile *file)
{
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    g_autoptr(GHashTable) rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < file->events->len && file->n_unsound == 0; i++) {
        LogShown *shown = g_ptr_array_index(file->events, i);
        if (g_str_equal(shown->kind, "entry.attach") || g_str_equal(shown->kind, "entry.detach")) {
            g_ptr_array_add(events, shown);
        }
    }
    g_ptr_array_sort(events, compare_places);
    for (guint i = 0; i < events->len; i++) {
        check_files(file, g_ptr_array_index(events, i), rules);
    }
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
        if (is_gap(g_ptr_array_index(versions, i - 1), shown)) {
            add_gap(file, shown->object);
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
    find_file_gaps(file);
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
