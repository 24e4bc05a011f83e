#include "log/shown-claim.h"

#include "log/shown-figure.h"

#define UNIT_SEPARATOR '\x1f' /* behind each of several values of a field */

void log_shown_claim_free(LogShownClaim *claim)
{
    if (claim == NULL) {
        return;
    }
    for (size_t i = 0; i < LOG_CLAIM_N_FAULTS; i++) {
        g_ptr_array_unref(claim->faults[i]);
    }
    g_array_unref(claim->strangers);
    g_array_unref(claim->absent);
    g_array_unref(claim->undone);
    json_decref(claim->json);
    g_free(claim);
}

/* What the judging of one claim keeps at hand; the numbers are borrowed from the file. */
typedef struct Judging {
    LogShownClaim *claim;
    const LogShownFile *file;
    GHashTable *named;     /* set of numbers that the claim names */
    GHashTable *counted;   /* set of those that it says are counted */
    GHashTable *members;   /* set of what tells one member from another (owned) */
    GHashTable *own;       /* set of int64_t*: objects of what it names */
    GHashTable *deletions; /* int64_t* object -> the sound event that took it out of the books */
    GHashTable *imports;   /* set of int64_t*: imports that sound events began and took back */
} Judging;

/* Return the imports that sound events of @file began and took back (a set of int64_t*, borrowed).
 */
static GHashTable *find_imports(const LogShownFile *file)
{
    GHashTable *begun = g_hash_table_new(g_int64_hash, g_int64_equal);
    GHashTable *undone = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < file->events->len; i++) {
        LogShown *shown = g_ptr_array_index(file->events, i);
        const char *state = json_string_value(json_object_get(shown->data, "state"));
        if (shown->verdict == PROOF_SOUND && g_str_equal(shown->kind, "batch.add") &&
            shown->object == shown->seq) {
            g_hash_table_add(begun, &shown->object);
        }
        if (shown->verdict == PROOF_SOUND && g_str_equal(shown->kind, "batch.change") &&
            g_strcmp0(state, "undone") == 0) {
            g_hash_table_add(undone, &shown->object);
        }
    }
    GHashTableIter iter;
    gpointer object = NULL;
    g_hash_table_iter_init(&iter, begun);
    while (g_hash_table_iter_next(&iter, &object, NULL)) {
        if (!g_hash_table_contains(undone, object)) {
            g_hash_table_iter_remove(&iter);
        }
    }
    g_hash_table_unref(undone);
    return begun;
}

static void judging_init(Judging *judging, LogShownClaim *claim, const LogShownFile *file)
{
    judging->claim = claim;
    judging->file = file;
    judging->named = g_hash_table_new(g_str_hash, g_str_equal);
    judging->counted = g_hash_table_new(g_str_hash, g_str_equal);
    judging->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    judging->own = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    judging->deletions = g_hash_table_new(g_int64_hash, g_int64_equal);
    judging->imports = find_imports(file);
    for (guint i = 0; i < file->events->len; i++) {
        LogShown *shown = g_ptr_array_index(file->events, i);
        if (shown->verdict == PROOF_SOUND && g_str_equal(shown->kind, "entry.delete")) {
            g_hash_table_insert(judging->deletions, &shown->object, shown);
        }
    }
}

static void judging_clear(Judging *judging)
{
    g_clear_pointer(&judging->named, g_hash_table_unref);
    g_clear_pointer(&judging->counted, g_hash_table_unref);
    g_clear_pointer(&judging->members, g_hash_table_unref);
    g_clear_pointer(&judging->own, g_hash_table_unref);
    g_clear_pointer(&judging->deletions, g_hash_table_unref);
    g_clear_pointer(&judging->imports, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judging, judging_clear)

static void add_id(GHashTable *set, int64_t id)
{
    g_hash_table_add(set, g_memdup2(&id, sizeof id));
}

static void add_fault(LogShownClaim *claim, LogClaimFault fault, const char *number)
{
    g_ptr_array_add(claim->faults[fault], g_strdup(number));
}

/* Note that the figure differs from its members in @part, unless it does in another already. */
static void differ(LogShownClaim *claim, const char *part)
{
    claim->differs = claim->differs != NULL ? claim->differs : part;
}

/* ---- the entries that are named -------------------------------------------------------------- */

/* Note that @number is named, once; returns the event that begins it, NULL where none is shown. */
static const LogShown *name_entry(Judging *judging, const char *number)
{
    const LogShown *begun = g_hash_table_lookup(judging->file->begun, number);
    if (!g_hash_table_add(judging->named, (gpointer)number)) {
        return begun;
    }
    judging->claim->n_named++;
    if (begun == NULL) {
        add_fault(judging->claim, LOG_CLAIM_MISSING, number);
    } else if (judging->claim->is_of_figure && begun->seq > judging->claim->log_size) {
        differ(judging->claim, "log");
    }
    return begun;
}

/* Whether the entry that @begun began was taken out of the books, by itself or with its import. */
static bool is_gone(const Judging *judging, const LogShown *begun)
{
    int64_t import = json_integer_value(json_object_get(begun->data, "batch"));
    return g_hash_table_contains(judging->deletions, &begun->object) ||
           g_hash_table_contains(judging->imports, &import);
}

/* Note that @number is named as an entry that is in the books. */
static const LogShown *name_standing(Judging *judging, const char *number)
{
    bool is_new = !g_hash_table_contains(judging->named, number);
    const LogShown *begun = name_entry(judging, number);
    if (is_new && begun != NULL && is_gone(judging, begun)) {
        add_fault(judging->claim, LOG_CLAIM_GONE, number);
    }
    return begun;
}

static void name_deleted(Judging *judging, const json_t *numbers)
{
    for (size_t i = 0; i < json_array_size(numbers); i++) {
        const char *number = json_string_value(json_array_get(numbers, i));
        const LogShown *begun = name_entry(judging, number);
        if (begun != NULL && !g_hash_table_contains(judging->deletions, &begun->object)) {
            add_fault(judging->claim, LOG_CLAIM_KEPT, number);
        }
    }
}

/* Note the imports @ids, of which the figure says that they were taken back. */
static void name_undone(Judging *judging, const json_t *ids)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        int64_t id = json_integer_value(json_array_get(ids, i));
        g_autofree char *name = g_strdup_printf("#%" G_GINT64_FORMAT, id);
        add_id(judging->own, id);
        if (g_hash_table_contains(judging->imports, &id)) {
            g_array_append_val(judging->claim->undone, id);
        } else {
            add_fault(judging->claim, LOG_CLAIM_MISSING, name);
        }
    }
}

/* Fill the set of objects that the events may be of; of an entry whose beginning is not sound too,
 * as that is told by itself. */
static void find_own(Judging *judging)
{
    for (guint i = 0; i < judging->file->events->len; i++) {
        const LogShown *shown = g_ptr_array_index(judging->file->events, i);
        if (shown->number != NULL && g_hash_table_contains(judging->named, shown->number)) {
            add_id(judging->own, shown->object);
        }
    }
}

/* ---- a figure -------------------------------------------------------------------------------- */

/* Note that @member is named, and as repeated where it was before. */
static void name_member(Judging *judging, const LogShownMember *member)
{
    g_autofree char *identity =
        g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", member->kind, member->id,
                        member->n, member->number != NULL ? member->number : "");
    g_autofree char *id = g_strdup_printf("#%" G_GINT64_FORMAT, member->id);
    if (!g_hash_table_add(judging->members, g_steal_pointer(&identity))) {
        add_fault(judging->claim, LOG_CLAIM_REPEATED, member->number != NULL ? member->number : id);
    }
    const LogShown *begun = member->is_of_ledger ? name_standing(judging, member->number) : NULL;
    if (begun != NULL && begun->object != member->id) {
        add_fault(judging->claim, LOG_CLAIM_OTHER_ID, member->number);
    }
    if (member->is_of_ledger && member->is_counted) {
        g_hash_table_add(judging->counted, (gpointer)member->number);
    }
    if (!member->is_numbered && member->id != 0) { /* a unit or a person */
        add_id(judging->own, member->id);
    }
}

static void name_found(Judging *judging, const LogShownMember *member)
{
    for (size_t i = 0; i < json_array_size(member->entries); i++) {
        const char *number = json_string_value(json_array_get(member->entries, i));
        name_standing(judging, number);
        if (member->is_counted) {
            g_hash_table_add(judging->counted, (gpointer)number);
        }
    }
}

/* Read the members of @figure, and hold how many they are against what it says. */
static bool check_members(Judging *judging, const json_t *figure, GError **error)
{
    size_t n = json_array_size(json_object_get(figure, "members"));
    int64_t n_counted = 0;
    for (size_t i = 0; i < n; i++) {
        LogShownMember member;
        if (!log_shown_member_read(figure, i, &member, error)) {
            return false;
        }
        n_counted += member.is_counted;
        judging->claim->n_hidden += member.is_restricted;
        judging->claim->is_asserted |= !member.is_numbered;
        if (!member.is_restricted) {
            name_member(judging, &member);
        }
        name_found(judging, &member);
    }
    if (json_integer_value(json_object_get(figure, "total")) != (json_int_t)n) {
        differ(judging->claim, "total");
    }
    if (json_integer_value(json_object_get(figure, "counted")) != (json_int_t)n_counted) {
        differ(judging->claim, "counted");
    }
    const char *part = log_shown_figure_differs(figure, (int64_t)n, n_counted);
    if (part != NULL) {
        differ(judging->claim, part);
    }
    return true;
}

/* Hold the list of the counted entries against the members that count. */
static void check_entries(Judging *judging, const json_t *entries)
{
    size_t n = json_array_size(entries);
    bool is_same = n == g_hash_table_size(judging->counted);
    g_autoptr(GHashTable) listed = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++) {
        const char *number = json_string_value(json_array_get(entries, i));
        is_same = is_same && g_hash_table_contains(judging->counted, number) &&
                  g_hash_table_add(listed, (gpointer)number);
        name_standing(judging, number);
    }
    if (!is_same) {
        differ(judging->claim, "entries");
    }
}

/* Hold the size and root of the log that the figure names against the checkpoints of the file. */
static void check_log(Judging *judging, const json_t *figure)
{
    const LogShownLog log = log_shown_figure_log(figure);
    judging->claim->log_size = log.size;
    for (guint i = 0; i < judging->file->checkpoints->len; i++) {
        const ProofCheckpoint *checkpoint = g_ptr_array_index(judging->file->checkpoints, i);
        bool is_root = proof_hash_is_equal(&checkpoint->root, &log.root);
        judging->claim->is_signed |= checkpoint->size == log.size && is_root;
        judging->claim->is_other_log |= checkpoint->size == log.size && !is_root;
    }
}

static bool check_figure(Judging *judging, const json_t *figure, GError **error)
{
    LogShownClaim *claim = judging->claim;
    if (!log_shown_figure_check(figure, error)) {
        return false;
    }
    const json_t *period = json_object_get(figure, "period");
    claim->is_of_figure = true;
    claim->title = json_string_value(json_object_get(figure, "title"));
    claim->text = json_string_value(json_object_get(figure, "text"));
    claim->from = json_string_value(json_object_get(period, "from"));
    claim->to = json_string_value(json_object_get(period, "to"));
    check_log(judging, figure);
    if (!check_members(judging, figure, error)) {
        return false;
    }
    check_entries(judging, json_object_get(figure, "entries"));
    name_deleted(judging, json_object_get(figure, "deleted"));
    name_undone(judging, json_object_get(figure, "undone"));
    return true;
}

static bool check_entry(Judging *judging, const json_t *entry, GError **error)
{
    judging->claim->entry = json_string_value(entry);
    if (judging->claim->entry == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "'entry' is not the number of an entry");
        return false;
    }
    const LogShown *begun = name_entry(judging, judging->claim->entry);
    const LogShown *deletion =
        begun != NULL ? g_hash_table_lookup(judging->deletions, &begun->object) : NULL;
    judging->claim->deletion = deletion != NULL ? deletion->seq : 0;
    return true;
}

/* ---- whose events they are ------------------------------------------------------------------- */

/* Add to @told the files of evidence that @value, of a field, may be the numbers of. */
static void add_told(GHashTable *told, const char *value)
{
    const char *at = value;
    while (g_ascii_isdigit(*at)) {
        char *end = NULL;
        int64_t id = g_ascii_strtoll(at, &end, 10);
        if (*end != '\0' && *end != UNIT_SEPARATOR) {
            return;
        }
        add_id(told, id);
        at = *end == UNIT_SEPARATOR ? end + 1 : end;
    }
}

/* Add to @attached (a set) and @list (each once) the files that @shown attaches; what is the number
 * of no event is none. */
static void add_attached(const LogShown *shown, GHashTable *attached, GArray *list)
{
    const char *name = NULL;
    json_t *ids = NULL;
    json_object_foreach(g_str_equal(shown->kind, "entry.attach") ? shown->data : NULL, name, ids)
    {
        for (size_t i = 0; i < json_array_size(ids); i++) {
            int64_t id = json_integer_value(json_array_get(ids, i));
            bool is_event = id > 0 && id <= JSON_MAX_INT;
            if (is_event && !g_hash_table_contains(attached, &id)) {
                add_id(attached, id);
                g_array_append_val(list, id);
            }
        }
    }
}

static bool is_evidence(const LogShown *shown)
{
    return g_str_equal(shown->kind, "evidence.add") && shown->object == shown->seq;
}

/* Note as absent which of the files at @attached no event of the file brought; an unsound one is
 * told by itself. */
static void find_absent(Judging *judging, const GArray *attached)
{
    g_autoptr(GHashTable) came = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < judging->file->events->len; i++) {
        LogShown *shown = g_ptr_array_index(judging->file->events, i);
        if (is_evidence(shown)) {
            g_hash_table_add(came, &shown->seq);
        }
    }
    for (guint i = 0; i < attached->len; i++) {
        if (!g_hash_table_contains(came, &g_array_index(attached, int64_t, i))) {
            g_array_append_val(judging->claim->absent, g_array_index(attached, int64_t, i));
        }
    }
}

/* Note the sound events that are neither of what the claim names nor of its files. */
static void find_strangers(Judging *judging)
{
    const GPtrArray *events = judging->file->events;
    g_autoptr(GHashTable) files = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GArray) attached = g_array_new(false, false, sizeof(int64_t));
    for (guint i = 0; i < events->len; i++) {
        const LogShown *shown = g_ptr_array_index(events, i);
        if (shown->verdict != PROOF_SOUND || !g_hash_table_contains(judging->own, &shown->object)) {
            continue;
        }
        add_attached(shown, files, attached);
        for (guint k = 0; k < shown->fields->len; k++) {
            add_told(told, ((const LogShownField *)g_ptr_array_index(shown->fields, k))->value);
        }
    }
    for (guint i = 0; i < events->len; i++) {
        const LogShown *shown = g_ptr_array_index(events, i);
        bool is_file = is_evidence(shown) && (g_hash_table_contains(files, &shown->object) ||
                                              g_hash_table_contains(told, &shown->object));
        if (shown->verdict == PROOF_SOUND && !is_file &&
            !g_hash_table_contains(judging->own, &shown->object)) {
            g_array_append_val(judging->claim->strangers, shown->seq);
        }
    }
    find_absent(judging, attached);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Look what the file says that it is of. */
static bool check_head(const LogShownClaim *claim, const LogShownFile *file, GError **error)
{
    bool has_list = json_object_get(claim->json, "events") != NULL;
    bool has_entry = json_object_get(claim->json, "entry") != NULL;
    bool has_figure = json_object_get(claim->json, "figure") != NULL;
    if (has_list ? has_entry == has_figure : has_entry || has_figure) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "events stand in a list beside the 'entry' or the 'figure' that they are of, one"
                  " of the two");
        return false;
    }
    if (file->events->len == 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  has_figure ? N_("the figure comes without an event: nothing of it can be checked")
                             : N_("there is no event in the file"));
        return false;
    }
    return true;
}

static bool check_claim(Judging *judging, GError **error)
{
    const json_t *figure = json_object_get(judging->claim->json, "figure");
    const json_t *entry = json_object_get(judging->claim->json, "entry");
    if ((figure != NULL && !check_figure(judging, figure, error)) ||
        (entry != NULL && !check_entry(judging, entry, error))) {
        return false;
    }
    if (figure != NULL || entry != NULL) {
        find_own(judging);
        find_strangers(judging);
    }
    return true;
}

LogShownClaim *log_shown_claim_check(json_t *json, const LogShownFile *file, GError **error)
{
    g_autoptr(LogShownClaim) claim = g_new0(LogShownClaim, 1);
    g_auto(Judging) judging = {NULL};
    for (size_t i = 0; i < LOG_CLAIM_N_FAULTS; i++) {
        claim->faults[i] = g_ptr_array_new_with_free_func(g_free);
    }
    claim->strangers = g_array_new(false, false, sizeof(int64_t));
    claim->absent = g_array_new(false, false, sizeof(int64_t));
    claim->undone = g_array_new(false, false, sizeof(int64_t));
    claim->json = json_incref(json);
    judging_init(&judging, claim, file);
    if (!check_head(claim, file, error) || !check_claim(&judging, error)) {
        return NULL;
    }
    return g_steal_pointer(&claim);
}

bool log_shown_claim_is_borne_out(const LogShownClaim *claim)
{
    bool is_ok = claim->strangers->len == 0 && claim->absent->len == 0 && claim->n_hidden == 0 &&
                 !claim->is_other_log && claim->differs == NULL;
    for (size_t i = 0; i < LOG_CLAIM_N_FAULTS; i++) {
        is_ok = is_ok && claim->faults[i]->len == 0;
    }
    return is_ok;
}
