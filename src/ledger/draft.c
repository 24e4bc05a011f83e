#include "ledger/draft.h"

#include "base/json.h"

#define COLUMNS "id, ledger, entry_id, version, content, changed"
#define ID_BYTES 6 /* what the numbers of a script hold */

void ledger_draft_free(LedgerDraft *draft)
{
    if (draft != NULL) {
        g_free(draft->ledger);
        g_free(draft->content);
        g_free(draft);
    }
}

static void free_draft(gpointer data)
{
    ledger_draft_free(data);
}

/* ---- reading --------------------------------------------------------------------------------- */

static LedgerDraft *read_draft(StoreStatement *query)
{
    LedgerDraft *draft = g_new0(LedgerDraft, 1);
    draft->id = store_column_int(query, 0);
    draft->ledger = g_strdup(store_column_text(query, 1));
    draft->entry_id = store_column_int(query, 2);
    draft->version = store_column_int(query, 3);
    draft->content = g_strdup(store_column_text(query, 4));
    draft->changed_us = store_column_int(query, 5);
    return draft;
}

static void set_not_found(int64_t id, GError **error)
{
    error_set(error, SHUZHI_ERROR_NOT_FOUND, "you have no draft %lld", (long long)id);
}

LedgerDraft *ledger_draft_load(StoreConnection *connection, const RightsSubject *subject,
                               int64_t id, GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT " COLUMNS " FROM draft WHERE id = $1 AND owner = $2",
                    "it", id, subject->actor);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return NULL;
    }
    if (!has_row) {
        set_not_found(id, error);
        return NULL;
    }
    return read_draft(query);
}

GPtrArray *ledger_draft_list(StoreConnection *connection, const RightsSubject *subject,
                             GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT " COLUMNS " FROM draft WHERE owner = $1 ORDER BY changed DESC, id DESC",
                    "t", subject->actor);
    g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func(free_draft);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            g_ptr_array_add(drafts, read_draft(query));
        }
    }
    return query != NULL ? g_steal_pointer(&drafts) : NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct DraftJob {
    const char *owner;
    int64_t id;
    int64_t new_id; /* of a new one */
    LedgerDraft *draft;
    int64_t now_us;
} DraftJob;

static bool check_draft(const LedgerDraft *draft, GError **error)
{
    size_t length = strlen(draft->content);
    if (length > LEDGER_DRAFT_MAX_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "a draft has at most %d bytes, not %zu",
                  LEDGER_DRAFT_MAX_BYTES, length);
        return false;
    }
    g_autoptr(json_t) content = json_parse(draft->content, length, error);
    if (content != NULL && !json_is_object(content)) {
        error_set(error, SHUZHI_ERROR_INVALID, "the content of a draft is a JSON object");
        return false;
    }
    return content != NULL;
}

static bool insert_draft(StoreConnection *connection, DraftJob *job, GError **error)
{
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error, "SELECT count(*) FROM draft WHERE owner = $1",
                         "t", job->owner)) {
        return false;
    }
    if (n >= LEDGER_DRAFT_MAX_DRAFTS) {
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "you have %d drafts already; record some or throw some away",
                  LEDGER_DRAFT_MAX_DRAFTS);
        return false;
    }
    job->id = job->new_id;
    return store_run(connection, error,
                     "INSERT INTO draft (id, owner, ledger, entry_id, version, content, changed)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                     "ittiiti", job->id, job->owner, job->draft->ledger, job->draft->entry_id,
                     job->draft->version, job->draft->content, job->now_us);
}

/* Run the bound @statement (takes), which must meet one row. */
static bool execute_on_one(StoreStatement *statement, int64_t id, GError **error)
{
    g_autoptr(StoreStatement) owned = statement;
    int64_t n = 0;
    if (owned == NULL || !store_execute(owned, &n, error)) {
        return false;
    }
    if (n == 0) {
        set_not_found(id, error);
    }
    return n > 0;
}

static bool save_job(StoreConnection *connection, void *data, GError **error)
{
    DraftJob *job = data;
    if (job->draft->id == 0) {
        return insert_draft(connection, job, error);
    }
    job->id = job->draft->id;
    return execute_on_one(store_query(connection, error,
                                      "UPDATE draft SET version = $3, content = $4, changed = $5"
                                      " WHERE id = $1 AND owner = $2 AND ledger = $6"
                                      " AND entry_id = $7",
                                      "itititi", job->id, job->owner, job->draft->version,
                                      job->draft->content, job->now_us, job->draft->ledger,
                                      job->draft->entry_id),
                          job->id, error);
}

/* Return an id that never comes back: a page that was left open still names the draft that it began
 * with. */
static int64_t make_id(Source *source)
{
    uint8_t bytes[ID_BYTES];
    int64_t id = 0;
    source_random(source, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        id = id << 8 | bytes[i];
    }
    return id + 1;
}

bool ledger_draft_save(Office *office, const RightsSubject *subject, LedgerDraft *draft,
                       GError **error)
{
    DraftJob job = {.owner = subject->actor,
                    .new_id = make_id(office_source(office)),
                    .draft = draft,
                    .now_us = source_now_us(office_source(office))};
    if (!check_draft(draft, error) || !store_write(office_store(office), save_job, &job, error)) {
        return false;
    }
    draft->id = job.id;
    draft->changed_us = job.now_us;
    return true;
}

static bool remove_job(StoreConnection *connection, void *data, GError **error)
{
    const DraftJob *job = data;
    return execute_on_one(store_query(connection, error,
                                      "DELETE FROM draft WHERE id = $1 AND owner = $2", "it",
                                      job->id, job->owner),
                          job->id, error);
}

bool ledger_draft_remove(Office *office, const RightsSubject *subject, int64_t id, GError **error)
{
    DraftJob job = {.owner = subject->actor, .id = id};
    return store_write(office_store(office), remove_job, &job, error);
}
