#include "calendar/clock.h"

/* --- counting ----------------------------------------------------------------------------- */

/* One walk over the days of a rule. */
typedef struct Walk {
    const Calendar *calendar;
    const ClockRule *rule;
    Date start;
    GArray *days; /* of ClockDay, the explanation; NULL when only the end is wanted */
    bool is_provisional;
} Walk;

static void note_day(Walk *walk, ClockDay day)
{
    walk->is_provisional = walk->is_provisional || day.is_provisional;
    if (walk->days != NULL) {
        day.day = calendar_day(walk->calendar, day.date);
        g_array_append_val(walk->days, day);
    }
}

static Date walk_workdays(Walk *walk)
{
    Date date = walk->start;
    for (int n = 0; n < walk->rule->amount;) {
        bool is_provisional = false;
        bool is_workday = calendar_is_workday(walk->calendar, ++date, &is_provisional);
        n += is_workday ? 1 : 0;
        note_day(walk, (ClockDay){
                           .date = date,
                           .is_counted = is_workday,
                           .is_provisional = is_provisional,
                           .reason = is_workday ? CLOCK_WORKDAY_COUNTED : CLOCK_REST_DAY,
                           .n = is_workday ? n : 0,
                       });
    }
    return date;
}

/* Walk on from @last, a day that is not worked, to the next that is. */
static Date roll_forward(Walk *walk, Date last)
{
    for (Date date = last + 1;; date++) {
        bool is_provisional = false;
        bool is_workday = calendar_is_workday(walk->calendar, date, &is_provisional);
        note_day(walk, (ClockDay){
                           .date = date,
                           .is_provisional = is_provisional,
                           .reason = is_workday ? CLOCK_MOVED_TO_THIS_DAY : CLOCK_STILL_REST_DAY,
                       });
        if (is_workday) {
            return date;
        }
    }
}

/* Walk natural days to @last, whose reason is @last_reason unless it rolls; the days before it have
 * @reason, and all are numbered if @is_numbered. */
static Date walk_to(Walk *walk, Date last, ClockReason reason, ClockReason last_reason,
                    bool is_numbered)
{
    for (Date date = walk->start + 1; walk->days != NULL && date < last; date++) {
        int n = is_numbered ? date - walk->start : 0;
        note_day(walk, (ClockDay){.date = date, .is_counted = true, .reason = reason, .n = n});
    }
    bool is_provisional = false;
    bool is_workday = calendar_is_workday(walk->calendar, last, &is_provisional);
    bool is_rolling = walk->rule->is_rolling && !is_workday;
    note_day(walk, (ClockDay){
                       .date = last,
                       .is_counted = true,
                       .is_provisional = is_provisional && walk->rule->is_rolling,
                       .reason = is_rolling ? CLOCK_LAST_IS_REST_DAY : last_reason,
                       .n = is_numbered ? last - walk->start : 0,
                   });
    return is_rolling ? roll_forward(walk, last) : last;
}

static Date walk_months(Walk *walk)
{
    Date last = date_add_months(walk->start, walk->rule->amount);
    int start_day = 0, last_day = 0;
    date_to_ymd(walk->start, NULL, NULL, &start_day);
    date_to_ymd(last, NULL, NULL, &last_day);
    ClockReason last_reason = last_day == start_day ? CLOCK_CORRESPONDING_DAY : CLOCK_END_OF_MONTH;
    return walk_to(walk, last, CLOCK_WITHIN_MONTHS, last_reason, false);
}

/* Note what of each day from @start_us to @end_us is counted. */
static void walk_hours(Walk *walk, int64_t start_us, int64_t end_us, int offset_seconds)
{
    const int64_t us_per_minute = 60 * DATE_US_PER_SECOND;
    for (Date date = walk->start; walk->days != NULL; date++) {
        int64_t midnight_us = date_to_us(date, 0, offset_seconds);
        if (midnight_us >= end_us) {
            return;
        }
        int64_t from_us = MAX(start_us - midnight_us, 0);
        int64_t to_us = MIN(end_us - midnight_us, DATE_US_PER_DAY);
        note_day(walk, (ClockDay){
                           .date = date,
                           .is_counted = true,
                           .reason = CLOCK_HOURS_COUNTED,
                           .from_minutes = (int)(from_us / us_per_minute),
                           .to_minutes = (int)(to_us / us_per_minute),
                       });
    }
}

static ClockDue due_in_hours(Walk *walk, int64_t start_us, int offset_seconds)
{
    int64_t end_us = start_us + walk->rule->amount * 3600 * DATE_US_PER_SECOND;
    walk_hours(walk, start_us, end_us, offset_seconds);
    Date last = date_from_us(end_us - 1, offset_seconds); /* 0:00 closes the day before */
    return (ClockDue){.date = last, .us = end_us};
}

static ClockDue due_same_day(Walk *walk, int64_t start_us, int offset_seconds)
{
    int64_t closing_us = date_to_us(walk->start, walk->rule->closing_minutes * 60, offset_seconds);
    int64_t midnight_us = date_to_us(walk->start + 1, 0, offset_seconds);
    bool is_after = start_us > closing_us;
    note_day(walk, (ClockDay){.date = walk->start,
                              .is_counted = true,
                              .reason = is_after ? CLOCK_SAME_DAY_AFTER_CLOSING : CLOCK_SAME_DAY});
    return (ClockDue){.date = walk->start, .us = is_after ? midnight_us : closing_us};
}

static ClockDue due_in_days(Walk *walk, int offset_seconds)
{
    note_day(walk, (ClockDay){.date = walk->start, .reason = CLOCK_START_NOT_COUNTED});
    Date last = walk->start;
    if (walk->rule->unit == CLOCK_WORKDAY) {
        last = walk_workdays(walk);
    } else if (walk->rule->unit == CLOCK_MONTH) {
        last = walk_months(walk);
    } else {
        last = walk_to(walk, walk->start + walk->rule->amount, CLOCK_NATURAL_DAY, CLOCK_NATURAL_DAY,
                       true);
    }
    return (ClockDue){
        .date = last,
        .us = date_to_us(last, walk->rule->closing_minutes * 60, offset_seconds),
        .is_provisional = walk->is_provisional,
    };
}

static bool count(Walk *walk, int64_t start_us, int offset_seconds, ClockDue *ret_due,
                  GError **error)
{
    int64_t earliest_us = date_to_us(date_from_ymd(1, 1, 1), 0, offset_seconds);
    int64_t latest_us =
        date_to_us(date_from_ymd(CLOCK_MAX_START_YEAR + 1, 1, 1), 0, offset_seconds);
    if (start_us < earliest_us || start_us >= latest_us) {
        error_set(error, SHUZHI_ERROR_INVALID, "a time limit must start in a year from 1 to %d",
                  CLOCK_MAX_START_YEAR);
        return false;
    }
    walk->start = date_from_us(start_us, offset_seconds);
    if (walk->rule->unit == CLOCK_HOUR) {
        *ret_due = due_in_hours(walk, start_us, offset_seconds);
    } else if (walk->rule->amount == 0) {
        *ret_due = due_same_day(walk, start_us, offset_seconds);
    } else {
        *ret_due = due_in_days(walk, offset_seconds);
    }
    return true;
}

bool clock_due(const Calendar *calendar, const ClockRule *rule, int64_t start_us,
               int offset_seconds, ClockDue *ret_due, GError **error)
{
    Walk walk = {.calendar = calendar, .rule = rule};
    return count(&walk, start_us, offset_seconds, ret_due, error);
}

GArray *clock_explain(const Calendar *calendar, const ClockRule *rule, int64_t start_us,
                      int offset_seconds, ClockDue *ret_due, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(ClockDay));
    Walk walk = {.calendar = calendar, .rule = rule, .days = days};
    ClockDue due = {0};
    if (!count(&walk, start_us, offset_seconds, &due, error)) {
        return NULL;
    }
    if (ret_due != NULL) {
        *ret_due = due;
    }
    return g_steal_pointer(&days);
}

/* --- explaining --------------------------------------------------------------------------- */

/* Append why the calendar has @day worked or not: "周六休息", "春节假期". */
/* Return what @holiday, which may be two at once, is called; the caller owns it. */
static char *holiday_name(const char *holiday, bool is_chinese)
{
    static const char *const names[][2] = {
        {"元旦", "New Year's Day"},
        {"春节", "Spring Festival"},
        {"清明节", "Tomb-Sweeping Day"},
        {"劳动节", "Labour Day"},
        {"端午节", "Dragon Boat Festival"},
        {"中秋节", "Mid-Autumn Festival"},
        {"国庆节", "National Day"},
        {"抗日战争暨世界反法西斯战争胜利70周年纪念日", "Victory Day"},
    };
    g_auto(GStrv) parts = g_strsplit(holiday, "、", -1);
    for (guint i = 0; !is_chinese && parts[i] != NULL; i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
            if (g_str_equal(parts[i], names[k][0])) {
                g_free(parts[i]);
                parts[i] = g_strdup(names[k][1]);
                break;
            }
        }
    }
    return g_strjoinv(is_chinese ? "、" : " and ", parts);
}

static void append_kind(GString *out, const ClockDay *day, bool is_chinese)
{
    static const char *const weekdays[][2] = {
        {"周一", "Monday"}, {"周二", "Tuesday"},  {"周三", "Wednesday"}, {"周四", "Thursday"},
        {"周五", "Friday"}, {"周六", "Saturday"}, {"周日", "Sunday"},
    };
    g_autofree char *holiday =
        holiday_name(day->day.holiday != NULL ? day->day.holiday : "", is_chinese);
    switch (day->day.kind) {
    case CALENDAR_WEEKDAY:
        g_string_append(out, is_chinese ? "工作日" : "a workday");
        break;
    case CALENDAR_WEEKEND:
        g_string_append(out, weekdays[date_weekday(day->date) - 1][is_chinese ? 0 : 1]);
        g_string_append(out, is_chinese ? "休息" : ", a rest day");
        break;
    case CALENDAR_HOLIDAY:
        g_string_append_printf(out, is_chinese ? "%s假期" : "%s holiday", holiday);
        break;
    case CALENDAR_MADE_UP:
        g_string_append_printf(out, is_chinese ? "%s调休上班" : "worked in exchange for %s",
                               holiday);
        break;
    }
}

/* Append what a day that is counted within its period is. */
static void append_counted(GString *out, const ClockDay *day, bool is_chinese)
{
    if (day->reason == CLOCK_WORKDAY_COUNTED) {
        append_kind(out, day, is_chinese);
        g_string_append_printf(out, is_chinese ? "，第%d天" : ": day %d", day->n);
    } else if (day->reason == CLOCK_HOURS_COUNTED) {
        g_string_append(out, is_chinese ? "按小时连续计算，" : "counted by the hour, ");
        g_string_append_printf(out, is_chinese ? "%02d:%02d至%02d:%02d" : "%02d:%02d to %02d:%02d",
                               day->from_minutes / 60, day->from_minutes % 60, day->to_minutes / 60,
                               day->to_minutes % 60);
    } else {
        g_string_append_printf(out, is_chinese ? "第%d日" : "day %d", day->n);
    }
}

/* Append that the last day is a rest day. */
static void append_last_is_rest(GString *out, const ClockDay *day, bool is_chinese)
{
    if (day->n > 0) {
        g_string_append_printf(out, is_chinese ? "第%d日，" : "day %d: ", day->n);
    }
    g_string_append(out, is_chinese ? "期满日为休息日（" : "the last day is a rest day (");
    append_kind(out, day, is_chinese);
    g_string_append(out, is_chinese ? "），顺延" : "), moved on");
}

char *clock_day_to_text(const ClockDay *day, const char *language)
{
    bool is_chinese = g_str_has_prefix(language, "zh");
    GString *out = g_string_new(NULL);
    switch (day->reason) {
    case CLOCK_START_NOT_COUNTED:
        g_string_append(out, is_chinese ? "起算日不计入" : "the day of the start is not counted");
        break;
    case CLOCK_SAME_DAY:
        g_string_append(out, is_chinese ? "当日办结" : "due the same day");
        break;
    case CLOCK_SAME_DAY_AFTER_CLOSING:
        g_string_append(out, is_chinese ? "当日办结；来时已过下班时间，至24:00"
                                        : "due the same day; came after the closing time, so until"
                                          " 24:00");
        break;
    case CLOCK_HOURS_COUNTED:
    case CLOCK_NATURAL_DAY:
    case CLOCK_WORKDAY_COUNTED:
        append_counted(out, day, is_chinese);
        break;
    case CLOCK_REST_DAY:
        append_kind(out, day, is_chinese);
        break;
    case CLOCK_WITHIN_MONTHS:
        g_string_append(out, is_chinese ? "按月计算，在期间内" : "within the months");
        break;
    case CLOCK_CORRESPONDING_DAY:
        g_string_append(out,
                        is_chinese ? "到期月的对应日，期满" : "the corresponding day: the last");
        break;
    case CLOCK_END_OF_MONTH:
        g_string_append(out, is_chinese ? "到期月没有对应日，月末日期满"
                                        : "no day corresponds: the month's last");
        break;
    case CLOCK_LAST_IS_REST_DAY:
        append_last_is_rest(out, day, is_chinese);
        break;
    case CLOCK_STILL_REST_DAY:
        append_kind(out, day, is_chinese);
        g_string_append(out, is_chinese ? "，继续顺延" : ", moved on");
        break;
    case CLOCK_MOVED_TO_THIS_DAY:
        append_kind(out, day, is_chinese);
        g_string_append(out, is_chinese ? "，顺延至本日期满" : ": the period ends here");
        break;
    }
    if (day->is_provisional) {
        g_string_append(out, is_chinese ? "（当年放假安排未公布，暂按周一至周五上班推算）"
                                        : " (provisional: that year's holidays are not published)");
    }
    return g_string_free(out, FALSE);
}

const char *clock_day_source(const ClockDay *day, const char *language)
{
    bool is_chinese = g_str_has_prefix(language, "zh");
    switch (day->reason) {
    case CLOCK_START_NOT_COUNTED:
    case CLOCK_HOURS_COUNTED:
    case CLOCK_NATURAL_DAY:
        return is_chinese ? "《民法典》第二百零一条" : "Civil Code, art. 201";
    case CLOCK_WITHIN_MONTHS:
    case CLOCK_CORRESPONDING_DAY:
    case CLOCK_END_OF_MONTH:
        return is_chinese ? "《民法典》第二百零二条" : "Civil Code, art. 202";
    case CLOCK_LAST_IS_REST_DAY:
    case CLOCK_STILL_REST_DAY:
    case CLOCK_MOVED_TO_THIS_DAY:
        return is_chinese ? "《民法典》第二百零三条" : "Civil Code, art. 203";
    case CLOCK_WORKDAY_COUNTED:
    case CLOCK_REST_DAY:
        return day->day.notice;
    case CLOCK_SAME_DAY:
    case CLOCK_SAME_DAY_AFTER_CLOSING:
        return NULL; /* an office's own custom */
    }
    g_assert_not_reached();
}
