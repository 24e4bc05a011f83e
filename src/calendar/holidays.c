#include "calendar/holidays.h"

#include "base/text.h"

extern const char calendar_holidays_text[];

typedef struct NamedDay {
    Date date;
    bool is_workday;
    const char *holiday;
    const char *notice;
    size_t line; /* where it was read, for the error when it is named again */
} NamedDay;

/* A day that the law itself makes a holiday, whatever the year's notice will say. */
typedef struct LawDay {
    int month, day;
    int year; /* the first that the law is in force */
    const char *holiday;
    const char *law;
} LawDay;

struct Calendar {
    GArray *days;     /* of NamedDay, sorted by date, each date once */
    GArray *law_days; /* of LawDay */
    GArray *years;    /* of int: the published ones, in the order of the text */
    GStringChunk *texts;
};

/* Where the parser is. */
typedef struct Reader {
    Calendar *calendar;
    const char *name;
    size_t line;
    int year; /* of the notice that the lines belong to; 0 before the first */
    const char *notice;
    int law_year; /* of the law that "yearly" lines belong to; 0 before it */
    const char *law;
    size_t notice_line;
    size_t n_days; /* named by that notice */
} Reader;

/* Put the place of @reader before the message of *@error; always false. */
static bool fail_here(const Reader *reader, GError **error)
{
    error_prefix(error, "%s:%zu", reader->name, reader->line);
    return false;
}

/* Cut the first word off *@at and move it to the next word, or to the end. */
static char *take_word(const char **at)
{
    const char *end = *at;
    while (*end != '\0' && !g_ascii_isspace(*end)) {
        end++;
    }
    char *word = g_strndup(*at, (size_t)(end - *at));
    while (g_ascii_isspace(*end)) {
        end++;
    }
    *at = end;
    return word;
}

/* A notice must decide something: a year with an empty one would pass for published. */
static bool finish_notice(Reader *reader, GError **error)
{
    if (reader->year == 0 || reader->n_days > 0) {
        return true;
    }
    reader->line = reader->notice_line;
    error_set(error, SHUZHI_ERROR_INVALID, "the notice of %d names no day", reader->year);
    return fail_here(reader, error);
}

/* Read the year after 'notice' or 'law'; @example is how such a line looks. */
static bool read_year(const Reader *reader, const char **rest, const char *example, int *ret_year,
                      GError **error)
{
    g_autofree char *text = take_word(rest);
    int64_t year = 0;
    if (!text_parse_int(text, &year) || year < 1949 || year > 9999) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a year; write '%s'", text, example);
        return fail_here(reader, error);
    }
    *ret_year = (int)year;
    return true;
}

static bool read_law(Reader *reader, const char *rest, GError **error)
{
    if (!read_year(reader, &rest, "law 2025 …", &reader->law_year, error)) {
        return false;
    }
    if (*rest == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "the law of %d needs its name", reader->law_year);
        return fail_here(reader, error);
    }
    reader->law = g_string_chunk_insert_const(reader->calendar->texts, rest);
    return true;
}

/* Read the rest of a "yearly" line. */
static bool read_yearly(Reader *reader, const char *rest, GError **error)
{
    g_autofree char *text = take_word(&rest);
    g_autofree char *leap = g_strconcat("2000-", text, NULL); /* a year that has every day */
    Date date = 0;
    if (reader->law_year == 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a day of every year needs a law above it; write 'law 2025 …' first");
        return fail_here(reader, error);
    }
    if (!date_parse(leap, &date)) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is not a day of every year; write 05-01",
                  text);
        return fail_here(reader, error);
    }
    if (*rest == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' needs the holiday's name after it", text);
        return fail_here(reader, error);
    }
    LawDay day = {.year = reader->law_year, .law = reader->law};
    date_to_ymd(date, NULL, &day.month, &day.day);
    day.holiday = g_string_chunk_insert_const(reader->calendar->texts, rest);
    g_array_append_val(reader->calendar->law_days, day);
    return true;
}

static bool read_notice(Reader *reader, const char *rest, GError **error)
{
    int year = 0;
    if (!finish_notice(reader, error) ||
        !read_year(reader, &rest, "notice 2023 https://…", &year, error)) {
        return false;
    }
    bool is_address = g_str_has_prefix(rest, "http://") || g_str_has_prefix(rest, "https://");
    if (!is_address || strpbrk(rest, " \t") != NULL) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "the notice of %d needs its address, and '%s' is not one", year, rest);
        return fail_here(reader, error);
    }
    reader->year = year;
    reader->notice = g_string_chunk_insert_const(reader->calendar->texts, rest);
    reader->notice_line = reader->line;
    reader->n_days = 0;
    if (!calendar_is_published(reader->calendar, reader->year)) {
        g_array_append_val(reader->calendar->years, reader->year);
    }
    return true;
}

/* Read "FIRST" or "FIRST..LAST". */
static bool read_run(const char *text, Date *ret_first, Date *ret_last, GError **error)
{
    const char *dots = strstr(text, "..");
    g_autofree char *first_text =
        dots != NULL ? g_strndup(text, (size_t)(dots - text)) : g_strdup(text);
    const char *last_text = dots != NULL ? dots + 2 : text;
    Date first = 0, last = 0;
    if (!date_parse(first_text, &first) || !date_parse(last_text, &last)) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "'%s' is not a day; write 2023-01-21 or 2023-01-21..2023-01-27", text);
        return false;
    }
    if (last < first) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' ends before it begins", text);
        return false;
    }
    if (last - first >= CALENDAR_RUN_MAX_DAYS) {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' is longer than %d days", text,
                  CALENDAR_RUN_MAX_DAYS);
        return false;
    }
    *ret_first = first;
    *ret_last = last;
    return true;
}

/* Check what one day alone can get wrong. */
static bool check_day(const Reader *reader, Date date, bool is_workday, GError **error)
{
    char text[DATE_TEXT_SIZE];
    date_format(date, text);
    bool is_december_before =
        date >= date_from_ymd(reader->year - 1, 12, 1) && date < date_from_ymd(reader->year, 1, 1);
    if (date_year(date) != reader->year && !is_december_before) {
        error_set(error, SHUZHI_ERROR_INVALID, "%s is not for the notice of %d to decide", text,
                  reader->year);
        return false;
    }
    if (is_workday && date_weekday(date) <= 5) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "%s is from Monday to Friday and worked anyway; 'work' is for weekends", text);
        return false;
    }
    return true;
}

/* Read the rest of an "off" or a "work" line. */
static bool read_days(Reader *reader, const char *rest, bool is_workday, GError **error)
{
    if (reader->year == 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "a day needs a notice above it; write 'notice 2023 https://…' first");
        return fail_here(reader, error);
    }
    g_autofree char *run = take_word(&rest);
    Date first = 0, last = 0;
    if (!read_run(run, &first, &last, error)) {
        return fail_here(reader, error);
    }
    if (*rest == '\0') {
        error_set(error, SHUZHI_ERROR_INVALID, "'%s' needs the holiday's name after it", run);
        return fail_here(reader, error);
    }
    const char *holiday = g_string_chunk_insert_const(reader->calendar->texts, rest);
    for (Date date = first; date <= last; date++) {
        if (!check_day(reader, date, is_workday, error)) {
            return fail_here(reader, error);
        }
        NamedDay day = {date, is_workday, holiday, reader->notice, reader->line};
        g_array_append_val(reader->calendar->days, day);
        reader->n_days++;
    }
    return true;
}

static bool read_off(Reader *reader, const char *rest, GError **error)
{
    return read_days(reader, rest, false, error);
}

static bool read_work(Reader *reader, const char *rest, GError **error)
{
    return read_days(reader, rest, true, error);
}

static bool read_line(Reader *reader, const char *line, GError **error)
{
    static const struct {
        const char *keyword;
        bool (*read)(Reader *reader, const char *rest, GError **error);
    } statements[] = {
        {"notice", read_notice}, {"off", read_off},       {"work", read_work},
        {"law", read_law},       {"yearly", read_yearly},
    };
    g_autofree char *stripped = text_strip_dup(line);
    if (*stripped == '\0' || *stripped == '#') {
        return true;
    }
    const char *keywords[G_N_ELEMENTS(statements) + 1] = {NULL};
    const char *rest = stripped;
    g_autofree char *keyword = take_word(&rest);
    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
        if (g_str_equal(keyword, statements[i].keyword)) {
            return statements[i].read(reader, rest, error);
        }
        keywords[i] = statements[i].keyword;
    }
    error_set(error, SHUZHI_ERROR_INVALID, "a line cannot begin with '%s'", keyword);
    error_offer(error, keyword, keywords);
    return fail_here(reader, error);
}

static gint compare_day(gconstpointer a, gconstpointer b)
{
    const NamedDay *x = a, *y = b;
    if (x->date != y->date) {
        return x->date < y->date ? -1 : 1;
    }
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Sort the days and refuse one that is named twice. */
static bool link_days(Reader *reader, GError **error)
{
    GArray *days = reader->calendar->days;
    g_array_sort(days, compare_day);
    for (guint i = 1; i < days->len; i++) {
        const NamedDay *before = &g_array_index(days, NamedDay, i - 1);
        const NamedDay *day = &g_array_index(days, NamedDay, i);
        if (before->date == day->date) {
            char text[DATE_TEXT_SIZE];
            reader->line = day->line;
            error_set(error, SHUZHI_ERROR_INVALID, "%s is decided already in line %zu",
                      date_format(day->date, text), before->line);
            return fail_here(reader, error);
        }
    }
    return true;
}

static bool read_text(Reader *reader, const char *text, GError **error)
{
    while (*text != '\0') {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strndup(text, (size_t)(end - text));
        reader->line++;
        if (!read_line(reader, line, error)) {
            return false;
        }
        text = *end == '\n' ? end + 1 : end;
    }
    return finish_notice(reader, error) && link_days(reader, error);
}

Calendar *calendar_parse(const char *text, const char *name, GError **error)
{
    if (strlen(text) > CALENDAR_TEXT_MAX_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the calendar '%s' is longer than %d bytes", name,
                  CALENDAR_TEXT_MAX_BYTES);
        return NULL;
    }
    g_autoptr(Calendar) calendar = g_new0(Calendar, 1);
    calendar->days = g_array_new(FALSE, FALSE, sizeof(NamedDay));
    calendar->law_days = g_array_new(FALSE, FALSE, sizeof(LawDay));
    calendar->years = g_array_new(FALSE, FALSE, sizeof(int));
    calendar->texts = g_string_chunk_new(4096);
    Reader reader = {.calendar = calendar, .name = name};
    if (!read_text(&reader, text, error)) {
        return NULL;
    }
    return g_steal_pointer(&calendar);
}

void calendar_free(Calendar *calendar)
{
    if (calendar == NULL) {
        return;
    }
    g_clear_pointer(&calendar->days, g_array_unref);
    g_clear_pointer(&calendar->law_days, g_array_unref);
    g_clear_pointer(&calendar->years, g_array_unref);
    g_clear_pointer(&calendar->texts, g_string_chunk_free);
    g_free(calendar);
}

const Calendar *calendar_builtin(void)
{
    static Calendar *builtin;
    static gsize is_ready;
    if (g_once_init_enter(&is_ready)) {
        builtin = calendar_parse(calendar_holidays_text, "holidays.txt", NULL);
        g_assert(builtin != NULL);
        g_once_init_leave(&is_ready, 1);
    }
    return builtin;
}

bool calendar_is_published(const Calendar *calendar, int year)
{
    for (guint i = 0; i < calendar->years->len; i++) {
        if (g_array_index(calendar->years, int, i) == year) {
            return true;
        }
    }
    return false;
}

static const NamedDay *find_day(const Calendar *calendar, Date date)
{
    guint low = 0, high = calendar->days->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const NamedDay *day = &g_array_index(calendar->days, NamedDay, middle);
        if (day->date == date) {
            return day;
        }
        if (day->date < date) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* Return what the law alone makes of @date; NULL: nothing. */
static const LawDay *find_law_day(const Calendar *calendar, Date date)
{
    int year = 0, month = 0, month_day = 0;
    date_to_ymd(date, &year, &month, &month_day);
    for (guint i = 0; i < calendar->law_days->len; i++) {
        const LawDay *day = &g_array_index(calendar->law_days, LawDay, i);
        if (day->month == month && day->day == month_day && year >= day->year) {
            return day;
        }
    }
    return NULL;
}

CalendarDay calendar_day(const Calendar *calendar, Date date)
{
    const NamedDay *named = find_day(calendar, date);
    if (named != NULL) {
        return (CalendarDay){
            .kind = named->is_workday ? CALENDAR_MADE_UP : CALENDAR_HOLIDAY,
            .is_workday = named->is_workday,
            .holiday = named->holiday,
            .notice = named->notice,
        };
    }
    bool is_published = calendar_is_published(calendar, date_year(date));
    const LawDay *by_law = is_published ? NULL : find_law_day(calendar, date);
    if (by_law != NULL) {
        return (CalendarDay){
            .kind = CALENDAR_HOLIDAY,
            .holiday = by_law->holiday,
            .notice = by_law->law,
        };
    }
    bool is_weekday = date_weekday(date) <= 5;
    return (CalendarDay){
        .kind = is_weekday ? CALENDAR_WEEKDAY : CALENDAR_WEEKEND,
        .is_workday = is_weekday,
        .is_provisional = !is_published,
    };
}

bool calendar_is_workday(const Calendar *calendar, Date date, bool *ret_is_provisional)
{
    CalendarDay day = calendar_day(calendar, date);
    if (ret_is_provisional != NULL) {
        *ret_is_provisional = day.is_provisional;
    }
    return day.is_workday;
}

int calendar_count_workdays(const Calendar *calendar, Date from, Date to, bool *ret_is_provisional)
{
    int n_workdays = 0;
    bool is_provisional = false;
    for (Date date = from; date <= to; date++) {
        CalendarDay day = calendar_day(calendar, date);
        n_workdays += day.is_workday ? 1 : 0;
        is_provisional = is_provisional || day.is_provisional;
    }
    if (ret_is_provisional != NULL) {
        *ret_is_provisional = is_provisional;
    }
    return n_workdays;
}
