#include "ledger/clock.h"

#include "ledger/first-due.h"

static const LedgerMoment *moment_at(const GArray *moments, guint i)
{
    return &g_array_index(moments, LedgerMoment, i);
}

GArray *ledger_moments_of(const GPtrArray *steps)
{
    GArray *moments = g_array_new(false, true, sizeof(LedgerMoment));
    for (guint i = 0; i < steps->len; i++) {
        const LedgerStep *step = g_ptr_array_index(steps, i);
        LedgerMoment moment = {step->name, step->happened_us};
        g_array_append_val(moments, moment);
    }
    return moments;
}

/* Return when @step was last done; 0 when it was not. */
static int64_t moment_of_step(const SchemaStep *step, const GArray *moments)
{
    for (guint i = moments->len; i > 0; i--) {
        if (g_str_equal(moment_at(moments, i - 1)->step, step->name)) {
            return moment_at(moments, i - 1)->happened_us;
        }
    }
    return 0;
}

static int64_t start_of(const LedgerEntry *entry, const SchemaClock *clock, const GArray *moments,
                        int offset_seconds)
{
    if (clock->start_field != NULL) {
        return ledger_value_us(&entry->values[clock->start_field->position], offset_seconds);
    }
    return clock->start_step != NULL ? moment_of_step(clock->start_step, moments)
                                     : entry->opened_us;
}

/* Return when @clock was stopped; 0 while it runs, also again. */
static int64_t stop_of(const SchemaLedger *ledger, const SchemaClock *clock, int64_t start_us,
                       const GArray *moments)
{
    int64_t stop_us = 0;
    for (guint i = 0; i < moments->len; i++) {
        const LedgerMoment *moment = moment_at(moments, i);
        const SchemaStep *step = schema_ledger_step(ledger, moment->step);
        if (step == NULL) {
            continue; /* of an older pack */
        }
        bool is_stop = g_ptr_array_find(clock->stops, step, NULL);
        if (is_stop && stop_us == 0 && moment->happened_us >= start_us) {
            stop_us = moment->happened_us;
        } else if (schema_step_restarts(step, clock)) {
            stop_us = 0;
        }
    }
    return stop_us;
}

bool ledger_clock_find(const LedgerEntry *entry, const GArray *moments,
                       const LedgerPresent *present, const SchemaClock **ret_clock,
                       int64_t *ret_start_us, GError **error)
{
    for (guint i = 0; i < entry->ledger->clocks->len; i++) {
        const SchemaClock *clock = g_ptr_array_index(entry->ledger->clocks, i);
        int64_t start_us = start_of(entry, clock, moments, present->offset_seconds);
        bool is_met = false;
        if (start_us != 0 && !ledger_entry_meets(entry, clock->when, present, &is_met, error)) {
            return false;
        }
        if (is_met) {
            *ret_clock = clock;
            *ret_start_us = start_us;
            return true;
        }
    }
    *ret_clock = NULL;
    *ret_start_us = 0;
    return true;
}

bool ledger_clock_set(const Schema *schema, LedgerEntry *entry, const GArray *moments,
                      const LedgerPresent *present, GError **error)
{
    const SchemaClock *clock = NULL;
    int64_t start_us = 0;
    ClockDue due;
    g_clear_pointer(&entry->clock, g_free);
    entry->due_us = 0;
    entry->is_due_provisional = false;
    entry->stopped_us = 0;
    if (!ledger_clock_find(entry, moments, present, &clock, &start_us, error)) {
        return false;
    }
    if (clock == NULL) {
        return true;
    }
    if (!clock_due(schema->calendar, &clock->rule, start_us, present->offset_seconds, &due,
                   error)) {
        return false;
    }
    entry->clock = g_strdup(clock->name);
    entry->due_us = due.us;
    entry->is_due_provisional = due.is_provisional;
    entry->stopped_us = stop_of(entry->ledger, clock, start_us, moments);
    return true;
}

/* Return whether the clock @clock, NULL where none binds, keeps the deadline of @before. */
static bool is_kept(const LedgerEntry *before, const SchemaClock *clock)
{
    bool is_over = before->stopped_us != 0;
    return is_over || (clock != NULL && !before->is_due_provisional);
}

bool ledger_clock_follow(const Schema *schema, const LedgerEntry *before,
                         const GArray *moments_before, LedgerEntry *entry, const GArray *moments,
                         const LedgerPresent *present, GError **error)
{
    const SchemaClock *clock_before = NULL;
    const SchemaClock *clock = NULL;
    int64_t start_before_us = 0;
    int64_t start_us = 0;
    if (!ledger_clock_find(before, moments_before, present, &clock_before, &start_before_us,
                           error) ||
        !ledger_clock_find(entry, moments, present, &clock, &start_us, error)) {
        return false;
    }
    if (clock != clock_before || start_us != start_before_us || !is_kept(before, clock)) {
        if (!ledger_clock_set(schema, entry, moments, present, error)) {
            return false;
        }
        int64_t first_us = before->due_first_us != 0 ? before->due_first_us : before->due_us;
        entry->due_first_us = ledger_first_due(first_us, entry->due_us);
        return true;
    }
    g_free(entry->clock);
    entry->clock = g_strdup(before->clock);
    entry->due_us = before->due_us;
    entry->due_first_us = before->due_first_us;
    entry->is_due_provisional = before->is_due_provisional;
    entry->stopped_us =
        clock != NULL ? stop_of(entry->ledger, clock, start_us, moments) : before->stopped_us;
    return true;
}
