#include "office/verification.h"

#include "base/text.h"
#include "office/office-internal.h"

enum {
    VERIFICATION_VERDICT,
    VERIFICATION_N_EVENTS,
    VERIFICATION_N_SIGNED,
    VERIFICATION_N_OBJECTS,
    VERIFICATION_N_FINDINGS,
    VERIFICATION_ROOT,
    VERIFICATION_N_COLUMNS,
};

static const LogColumn verification_columns[VERIFICATION_N_COLUMNS] = {
    [VERIFICATION_VERDICT] = {"verdict", VALUE_TEXT, false},
    [VERIFICATION_N_EVENTS] = {"n_events", VALUE_NUMBER, false},
    [VERIFICATION_N_SIGNED] = {"n_signed", VALUE_NUMBER, false},
    [VERIFICATION_N_OBJECTS] = {"n_objects", VALUE_NUMBER, false},
    [VERIFICATION_N_FINDINGS] = {"n_findings", VALUE_NUMBER, false},
    [VERIFICATION_ROOT] = {"root", VALUE_TEXT, false},
};
const LogTable office_verification_table = {"verification", "verification", N_("verification"),
                                            verification_columns, VERIFICATION_N_COLUMNS};

static bool add_job(LogWriter *writer, void *data, GError **error)
{
    const LogReport *report = data;
    g_autofree char *root = text_to_hex(report->root, sizeof report->root);
    Value values[VERIFICATION_N_COLUMNS] = {
        [VERIFICATION_VERDICT] = value_text(log_verdict_name(report->verdict)),
        [VERIFICATION_N_EVENTS] = value_number(report->n_events),
        [VERIFICATION_N_SIGNED] = value_number(report->signed_size),
        [VERIFICATION_N_OBJECTS] = value_number(report->n_objects),
        [VERIFICATION_N_FINDINGS] = value_number(report->n_findings),
        [VERIFICATION_ROOT] = value_text(root),
    };
    bool is_ok = log_record_add(writer, &office_verification_table, values, NULL, error);
    for (int i = 0; i < VERIFICATION_N_COLUMNS; i++) {
        value_clear(&values[i]);
    }
    return is_ok;
}

bool office_verification_add(Office *office, const RightsSubject *subject, const LogAct *act,
                             const LogReport *report, GError **error)
{
    return rights_may(subject, RIGHTS_VERIFY, NULL, error) &&
           log_write(office_log(office), act, add_job, (void *)report, error);
}

static OfficeVerification read_row(StoreStatement *query)
{
    return (OfficeVerification){.id = store_column_int(query, 0),
                                .at_us = store_column_int(query, 1),
                                .actor = g_strdup(store_column_text(query, 2)),
                                .verdict = log_verdict_of(store_column_text(query, 3)),
                                .n_events = store_column_int(query, 4),
                                .n_signed = store_column_int(query, 5),
                                .n_objects = store_column_int(query, 6),
                                .n_findings = store_column_int(query, 7)};
}

GArray *office_verification_list(StoreConnection *connection, int64_t before, int most,
                                 GError **error)
{
    g_autoptr(StoreStatement) query =
        store_query(connection, error,
                    "SELECT v.id, e.at, e.actor, v.verdict, v.n_events, v.n_signed, v.n_objects,"
                    " v.n_findings FROM verification v JOIN event e ON e.seq = v.id"
                    " WHERE v.id < $1 ORDER BY v.id DESC LIMIT $2",
                    "ii", before, (int64_t)most);
    g_autoptr(GArray) list = g_array_new(false, false, sizeof(OfficeVerification));
    g_array_set_clear_func(list, (GDestroyNotify)office_verification_clear);
    bool has_row = query != NULL;
    while (has_row) {
        if (!store_step(query, &has_row, error)) {
            return NULL;
        }
        if (has_row) {
            OfficeVerification row = read_row(query);
            g_array_append_val(list, row);
        }
    }
    return query != NULL ? g_steal_pointer(&list) : NULL;
}

bool office_verification_last(StoreConnection *connection, OfficeVerification *ret_last,
                              GError **error)
{
    g_autoptr(GArray) list = office_verification_list(connection, INT64_MAX, 1, error);
    if (list == NULL) {
        return false;
    }
    *ret_last = (OfficeVerification){0};
    if (list->len > 0) {
        OfficeVerification *last = &g_array_index(list, OfficeVerification, 0);
        *ret_last = *last;
        last->actor = NULL; /* handed over */
    }
    return true;
}

void office_verification_clear(OfficeVerification *verification)
{
    g_clear_pointer(&verification->actor, g_free);
}
