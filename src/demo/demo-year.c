/* The year's records.  Counts are those of a real office's report of one year (its law-study
 * sessions, its answered requests, its problems cured and not cured); all else is made up. */
#include "demo/demo-internal.h"

#include "calendar/holidays.h"
#include "office/person.h"

#define N_CASES 84 /* answered in the year */
#define N_LAW_STUDIES 16
#define MADE_UP "\n（演示材料，内容均为虚构。）\n" /* at the end of each paper */

/* What the parts of the year share. */
typedef struct Year {
    Demo *demo;
    DemoPlanned *planned;
    int n_files; /* of who is to join the party, so far */
} Year;

/* ---- time ------------------------------------------------------------------------------------ */

/* Return the first working day at or after @date. */
static Date workday(const Demo *demo, Date date)
{
    const Calendar *calendar = office_schema(demo->office)->calendar;
    while (!calendar_is_workday(calendar, date, NULL)) {
        date++;
    }
    return date;
}

/* Return the working day @n working days after @date. */
static Date workdays_after(const Demo *demo, Date date, int n)
{
    for (date = workday(demo, date); n > 0; n--) {
        date = workday(demo, date + 1);
    }
    return date;
}

static Date day(const Demo *demo, int month, int number)
{
    return date_from_ymd(demo->year, month, number);
}

static int64_t at(const Demo *demo, Date date, int hour, int minute)
{
    int64_t seconds = ((int64_t)hour * 60 + minute) * 60;
    return date_to_us(date, seconds, office_offset_seconds(demo->office));
}

/* Return when @date's doings are written down: the next working day or two, in the morning. */
static int64_t recorded(Demo *demo, Date date)
{
    int delay = (int)source_random_below(demo->dice, 3);
    int minute = (int)source_random_below(demo->dice, 60);
    Date last = day(demo, 12, 31);
    return at(demo, MIN(workdays_after(demo, date, delay), last), 17, minute);
}

/* The text of a date, in a ring of buffers: several may be used in one call. */
static const char *text_of(Date date)
{
    static char buffers[8][DATE_TEXT_SIZE];
    static unsigned next;
    return date_format(date, buffers[next++ % G_N_ELEMENTS(buffers)]);
}

/* The text of a moment, likewise. */
static const char *text_of_time(Date date, int hour, int minute)
{
    static char buffers[8][40];
    static unsigned next;
    char *buffer = buffers[next++ % G_N_ELEMENTS(buffers)];
    char date_text[DATE_TEXT_SIZE];
    g_snprintf(buffer, sizeof buffers[0], "%s %02d:%02d", date_format(date, date_text), hour,
               minute);
    return buffer;
}

/* The units that do the work: sections and institutions. */
static bool is_working_unit(int unit)
{
    return unit > DEMO_OFFICE && unit < DEMO_COMMITTEE;
}

/* ---- requests of citizens -------------------------------------------------------------------- */

static const char *const matters[][2] = {
    {"路灯不亮", "已更换灯具并排查同路段线路，恢复照明。"},
    {"供暖温度不达标", "供热单位已入户测温、清洗管网，室温达到规定标准。"},
    {"公交线路绕行", "已会同运输部门优化走向，自下月起恢复原线路。"},
    {"垃圾清运不及时", "已督促物业增加清运频次，每日两次。"},
    {"道路积水", "已疏通雨水口三处，纳入汛前巡查。"},
    {"夜间施工噪声", "已责令工地按规定时段施工，并张贴公告。"},
    {"不动产登记材料咨询", "已一次性告知所需材料和办理流程。"},
    {"老旧小区加装电梯", "已告知申报条件，纳入下一批摸底名单。"},
    {"农贸市场占道经营", "已规范摊位并增设引导员。"},
    {"学校周边交通拥堵", "已在上下学时段增派警力，设置临时停车区。"},
};
static const char *const places[] = {"城南路",   "文化广场", "学府街", "滨河小区",
                                     "东关社区", "西苑小区", "站前路"};

/* Plan the @i-th request, received on @date, answered after @n_days working days (-1: still open).
 */
static void plan_case(Year *year, int i, Date date, int n_days)
{
    Demo *demo = year->demo;
    static const char *const ratings[] = {"满意", "满意", "基本满意", "满意", "不满意"};
    const char *const *matter = matters[i % (int)G_N_ELEMENTS(matters)];
    int unit = DEMO_GENERAL + i * 5 % (DEMO_COMMITTEE - DEMO_GENERAL);
    const char *channel = i % 84 < 51   ? "12345热线"
                          : i % 84 < 71 ? "电子政务督查系统"
                                        : "县政府网站";
    g_autofree char *title = g_strconcat(places[i % (int)G_N_ELEMENTS(places)], matter[0], NULL);
    g_autofree char *body =
        g_strdup_printf("来电人反映：%s%s，影响日常出行和生活，希望尽快处理并告知结果。",
                        places[i % (int)G_N_ELEMENTS(places)], matter[0]);
    g_autofree char *citizen = g_strdup_printf("市民%c先生", 'A' + i % 26);
    Date opened = MAX(date, day(demo, 1, 3)); /* the books begin on the first working day */
    guint entry = demo_plan_entry(
        year->planned, at(demo, opened, 9, 30 + i % 20), demo->dispatcher, "case", "title", title,
        "received_at", text_of_time(date, 8, 10 + i % 45), "channel", channel, "category",
        matter[0], "body", body, "citizen", citizen, "handler", demo_unit_name((DemoUnit)unit),
        "place", places[i % (int)G_N_ELEMENTS(places)], NULL);
    demo_plan_step(year->planned, at(demo, opened, 10, 30), demo->dispatcher, entry, "accept",
                   at(demo, opened, 10, 25), NULL);
    if (n_days < 0) {
        return;
    }
    Date answered = workdays_after(demo, opened, n_days);
    g_autofree char *handled = g_strdup_printf("办理情况记录\n\n诉求：%s\n收到：%s\n承办：%"
                                               "s\n办理：%s\n核实：%s，经办人到现场核实\n" MADE_UP,
                                               title, text_of(date), demo_unit_name((DemoUnit)unit),
                                               matter[1], text_of(answered));
    demo_plan_file(year->planned, at(demo, answered, 15, 50), demo->clerks[unit], entry, "scene",
                   "办理情况记录.txt", handled);
    demo_plan_step(year->planned, at(demo, answered, 16, 5), demo->clerks[unit], entry, "answer",
                   at(demo, answered, 16, 0), "reply", matter[1], NULL);
    Date closed = workdays_after(demo, answered, 3);
    if (closed <= day(demo, 12, 31) && i % 9 != 8) {
        demo_plan_step(year->planned, at(demo, closed, 11, i % 60), demo->supervisor, entry,
                       "close", at(demo, closed, 10, 0), "rating",
                       ratings[i % (int)G_N_ELEMENTS(ratings)], NULL);
    }
}

static void plan_cases(Year *year)
{
    Demo *demo = year->demo;
    Date first = day(demo, 1, 4);
    plan_case(year, 0, date_from_ymd(demo->year - 1, 12, 29), 2); /* of the year before */
    plan_case(year, 1, date_from_ymd(demo->year - 1, 12, 30), 3);
    for (int i = 2; i < N_CASES; i++) {
        Date date = workday(demo, first + (i - 2) * 345 / (N_CASES - 2));
        bool is_late = i == 30 || i == 61;
        plan_case(year, i, date, is_late ? 8 : 1 + i % 4);
    }
    plan_case(year, N_CASES, workday(demo, day(demo, 12, 27)), -1);
    plan_case(year, N_CASES + 1, workday(demo, day(demo, 12, 28)), -1);
}

/* ---- study, exams, training ------------------------------------------------------------------ */

/* Return the attendance sheet of @title on @date with the first @n names of the roster; the caller
 * owns it. */
static char *make_sheet(const Demo *demo, const char *title, Date date, int n)
{
    GString *sheet = g_string_new(NULL);
    g_string_printf(sheet, "签到册\n\n%s\n%s\n\n", title, text_of(date));
    for (int i = 0, here = 0; i < DEMO_N_PEOPLE && here < n; i++) {
        if (demo_person_is_here(demo, i, date)) {
            g_autofree char *name = demo_person_name(i);
            g_string_append_printf(sheet, "%d. %s\n", ++here, name);
        }
    }
    g_string_append(sheet, MADE_UP);
    return g_string_free(sheet, false);
}

static void plan_study(Year *year, Date date, const char *kind, const char *title)
{
    Demo *demo = year->demo;
    int n_present = 30 + (int)source_random_below(demo->dice, 25);
    int64_t written = recorded(demo, date);
    g_autofree char *present = g_strdup_printf("%d", n_present);
    g_autofree char *sheet = make_sheet(demo, title, date, n_present);
    guint entry = demo_plan_entry(year->planned, written, demo->clerks[DEMO_PERSONNEL], "study",
                                  "title", title, "held_on", text_of(date), "kind", kind, "host",
                                  demo_unit_name(DEMO_PERSONNEL), "place", "三楼会议室", "hours",
                                  "2", "present", present, NULL);
    demo_plan_file(year->planned, written + G_USEC_PER_SEC, demo->clerks[DEMO_PERSONNEL], entry,
                   "sign_in", "签到册.txt", sheet);
}

static void plan_studies(Year *year)
{
    static const char *const laws[] = {"宪法",         "民法典",           "行政处罚法",
                                       "信访工作条例", "政府信息公开条例", "保守国家秘密法",
                                       "行政复议法",   "安全生产法"};
    Demo *demo = year->demo;
    for (int i = 0; i < N_LAW_STUDIES; i++) {
        g_autofree char *title =
            g_strdup_printf("专题学习《%s》", laws[i % (int)G_N_ELEMENTS(laws)]);
        plan_study(year, workday(demo, day(demo, 1, 12) + i * 22), "专题学法", title);
    }
    for (int month = 1; month <= 12; month++) {
        Date date = workday(demo, day(demo, month, 9));
        g_autofree char *title = g_strdup_printf("%d月理论学习中心组学习研讨", month);
        plan_study(year, date, "理论学习中心组", title);
        if (month >= 4 && month <= 9) {
            plan_study(year, workday(demo, day(demo, month, 20)), "主题教育", "主题教育专题辅导");
        }
    }
}

/* Return the results of an exam on @date: everybody on the roster, who all pass. */
static char *make_results(const Demo *demo, Date date)
{
    GString *rows = g_string_new(NULL);
    for (int i = 0; i < DEMO_N_PEOPLE; i++) {
        if (demo_person_is_here(demo, i, date)) {
            g_autofree char *name = demo_person_name(i);
            g_string_append_printf(rows, "%s%s|%d|是", rows->len > 0 ? "\n" : "", name,
                                   80 + i * 7 % 20);
        }
    }
    return g_string_free(rows, false);
}

static void plan_exam(Year *year, Date date, const char *kind, const char *title)
{
    Demo *demo = year->demo;
    int64_t clerk = demo->clerks[DEMO_PERSONNEL];
    int64_t written = recorded(demo, date);
    g_autofree char *results = make_results(demo, date);
    g_autoptr(GString) sheet = g_string_new("姓名,分数,是否合格\n");
    g_string_append_printf(sheet, "%s\n", results);
    g_string_replace(sheet, "|", ",", 0);
    guint entry = demo_plan_entry(
        year->planned, written, clerk, "exam", "title", title, "held_on", text_of(date), "kind",
        kind, "host", demo_unit_name(DEMO_PERSONNEL), "pass_score", "60", "results", results, NULL);
    demo_plan_file(year->planned, written + G_USEC_PER_SEC, clerk, entry, "sheet", "成绩单.csv",
                   sheet->str);
}

static void plan_exams(Year *year)
{
    Demo *demo = year->demo;
    Date online = workday(demo, day(demo, 10, 19));
    Date law = workday(demo, day(demo, 11, 28));
    plan_exam(year, online, "公务员网上法律培训", "公务员网上法律培训结业测试");
    plan_exam(year, law, "在线普法考试", "年度在线普法考试");
}

static void plan_trainings(Year *year)
{
    /* Six people, one of them twice. */
    static const struct {
        const char *place, *title;
        int month;
        int people[2];
    } courses[] = {{"青岛", "政务服务能力提升班", 4, {6, 11}},
                   {"杭州", "数字政府建设专题班", 5, {16, 40}},
                   {"上海", "公文写作和调研能力班", 9, {46, 6}},
                   {"延安", "党性教育专题班", 10, {52, -1}}};
    Demo *demo = year->demo;
    for (size_t i = 0; i < G_N_ELEMENTS(courses); i++) {
        GString *rows = g_string_new(NULL);
        for (size_t j = 0; j < 2 && courses[i].people[j] >= 0; j++) {
            g_autofree char *name = demo_person_name(courses[i].people[j]);
            g_string_append_printf(rows, "%s%s|40", j > 0 ? "\n" : "", name);
        }
        Date begun = workday(demo, day(demo, courses[i].month, 10));
        demo_plan_entry(year->planned, recorded(demo, begun + 5), demo->clerks[DEMO_PERSONNEL],
                        "training", "title", courses[i].title, "begun_on", text_of(begun),
                        "ended_on", text_of(begun + 4), "away", "是", "place", courses[i].place,
                        "host", demo_unit_name(DEMO_PERSONNEL), "trainees", rows->str, NULL);
        g_string_free(rows, true);
    }
}

/* ---- meetings and decisions ------------------------------------------------------------------ */

/* Plan a meeting of @host on @date, filed a few days later. */
static guint plan_meeting(Year *year, DemoUnit host, Date date, const char *kind, const char *title)
{
    Demo *demo = year->demo;
    int64_t recorder = demo->heads[host];
    int expected = host == DEMO_OFFICE ? 9 : 10;
    int absent = (int)source_random_below(demo->dice, 2);
    g_autofree char *should = g_strdup_printf("%d", expected);
    g_autofree char *present = g_strdup_printf("%d", expected - absent);
    int64_t written = recorded(demo, date);
    guint entry = demo_plan_entry(
        year->planned, written, recorder, "meeting", "title", title, "held_on", text_of(date),
        "kind", kind, "host", demo_unit_name(host), "expected", should, "present", present, NULL);
    Date filed = workdays_after(demo, date, 5);
    if (filed > day(demo, 12, 31)) {
        return entry;
    }
    g_autofree char *sheet = g_strdup_printf("%s\n%s\n签到：应到%d人，实到%d人\n" MADE_UP, title,
                                             text_of(date), expected, expected - absent);
    g_autofree char *record = g_strdup_printf("%s\n%s\n会议记录\n" MADE_UP, title, text_of(date));
    demo_plan_file(year->planned, at(demo, filed, 18, 1), recorder, entry, "sign_in", "签到册.txt",
                   sheet);
    demo_plan_file(year->planned, at(demo, filed, 18, 2), recorder, entry, "record", "会议记录.txt",
                   record);
    demo_plan_step(year->planned, at(demo, filed, 18, 3), recorder, entry, "file",
                   at(demo, filed, 18, 0), NULL);
    return entry;
}

/* Plan a branch's meetings of @month: committee, group and theme day; each quarter all members and
 * a lecture. */
static void plan_branch_month(Year *year, DemoUnit branch, int month)
{
    Demo *demo = year->demo;
    g_autofree char *committee = g_strdup_printf("%d月支部委员会", month);
    g_autofree char *group = g_strdup_printf("%d月党小组会", month);
    g_autofree char *theme = g_strdup_printf("%d月主题党日活动", month);
    plan_meeting(year, branch, workday(demo, day(demo, month, 4)), "支部委员会", committee);
    plan_meeting(year, branch, workday(demo, day(demo, month, 10)), "党小组会", group);
    plan_meeting(year, branch, workday(demo, day(demo, month, 15)), "主题党日", theme);
    if (month % 3 == 0) {
        g_autofree char *members = g_strdup_printf("第%d季度支部党员大会", month / 3);
        g_autofree char *lecture = g_strdup_printf("第%d季度党课", month / 3);
        plan_meeting(year, branch, workday(demo, day(demo, month, 18)), "支部党员大会", members);
        plan_meeting(year, branch, workday(demo, day(demo, month, 22)), "党课", lecture);
    }
    if (month == 8) {
        plan_meeting(year, branch, workday(demo, day(demo, month, 24)), "组织生活会",
                     "推进支部标准化建设专题组织生活会");
    }
}

static const struct {
    int month;
    DemoUnit unit;
    const char *kind, *title, *amount;
} decisions[] = {
    {1, DEMO_GENERAL, "重大决策", "年度工作要点", NULL},
    {2, DEMO_FINANCE, "大额资金使用", "机关运转经费安排", "860000"},
    {3, DEMO_PERSONNEL, "重要人事任免", "科级干部任职推荐", NULL},
    {4, DEMO_FACILITIES, "重大项目安排", "办事大厅改造", "1450000"},
    {5, DEMO_SUPERVISION, "重大决策", "督查督办工作办法", NULL},
    {6, DEMO_CITIZENS, "大额资金使用", "热线系统升级", "380000"},
    {7, DEMO_PERSONNEL, "重要人事任免", "干部交流方案", NULL},
    {8, DEMO_CARS, "大额资金使用", "公务用车更新", "520000"},
    {9, DEMO_SERVICES, "重大决策", "一次告知服务规程", NULL},
    {10, DEMO_DUTY, "重大项目安排", "应急值守平台建设", "640000"},
    {11, DEMO_PERSONNEL, "重要人事任免", "年度干部考察", NULL},
    {12, DEMO_FINANCE, "大额资金使用", "年末预算调整", "290000"},
};

/* Plan the decision @i, taken by the director's meeting that is entry @meeting of @date. */
static void plan_decision(Year *year, size_t i, guint meeting, Date date)
{
    Demo *demo = year->demo;
    DemoUnit unit = decisions[i].unit;
    Date raised = workday(demo, MAX(date - 6, day(demo, 1, 3)));
    g_autofree char *link = g_strdup_printf("@%u", meeting);
    guint entry = demo_plan_entry(
        year->planned, at(demo, raised, 15, 10), demo->heads[unit], "decision", "title",
        decisions[i].title, "raised_on", text_of(raised), "kind", decisions[i].kind, "proposer",
        demo_unit_name(unit), "amount", decisions[i].amount, "legality", "是", NULL);
    int64_t decided = at(demo, workdays_after(demo, date, 3), 18, 30);
    demo_plan_step(year->planned, decided, demo->secretary, entry, "decide", at(demo, date, 0, 0),
                   "meeting", link, "result", "同意", "leader_last", "是", NULL);
    g_autofree char *minutes =
        g_strdup_printf("主任办公会纪要（节选）\n\n议题：%s\n日期：%s\n提出：%"
                        "s\n决定：同意。主要负责人末位表态。\n" MADE_UP,
                        decisions[i].title, text_of(date), demo_unit_name(unit));
    demo_plan_file(year->planned, decided + G_USEC_PER_SEC, demo->secretary, entry, "minutes",
                   "会议纪要.txt", minutes);
    Date done = workdays_after(demo, date, 30);
    if (done <= day(demo, 12, 31)) {
        demo_plan_step(year->planned, at(demo, done, 17, 0), demo->supervisor, entry, "carry_out",
                       at(demo, done, 0, 0), "outcome", "已按会议决定落实。", NULL);
    }
}

static void plan_meetings(Year *year)
{
    Demo *demo = year->demo;
    for (int month = 1; month <= 12; month++) {
        for (DemoUnit branch = DEMO_BRANCH_ONE; branch <= DEMO_BRANCH_FACILITIES; branch++) {
            if (branch != DEMO_BRANCH_FACILITIES || month >= 7) {
                plan_branch_month(year, branch, month);
            }
        }
        Date date = workday(demo, day(demo, month, 12));
        g_autofree char *title = g_strdup_printf("第%d次主任办公会", month);
        guint meeting = plan_meeting(year, DEMO_OFFICE, date, "主任办公会", title);
        plan_decision(year, (size_t)month - 1, meeting, date);
        if (month % 3 == 2) {
            g_autofree char *analysis =
                g_strdup_printf("第%d季度意识形态分析研判会", (month + 1) / 3);
            plan_meeting(year, DEMO_OFFICE, workday(demo, day(demo, month, 26)),
                         "意识形态分析研判会", analysis);
        }
    }
    plan_meeting(year, DEMO_OFFICE, workday(demo, day(demo, 1, 30)), "民主生活会",
                 "年度领导班子民主生活会");
}

/* ---- letters, talks, problems ---------------------------------------------------------------- */

static void plan_pledges(Year *year)
{
    Demo *demo = year->demo;
    g_autofree char *period = g_strdup_printf("%d", demo->year);
    g_autofree char *superior = demo_person_name(0);
    for (int unit = 0; unit < DEMO_N_UNITS; unit++) {
        if (!is_working_unit(unit)) {
            continue;
        }
        const char *name = demo_unit_name((DemoUnit)unit);
        Date date = workday(demo, day(demo, 1, 5) + unit / 2);
        g_autofree char *ideology = g_strconcat("意识形态工作责任书（", name, "）", NULL);
        g_autofree char *integrity = g_strconcat("党风廉政建设责任书（", name, "）", NULL);
        demo_plan_entry(year->planned, recorded(demo, date), demo->heads[unit], "pledge", "title",
                        ideology, "kind", "意识形态工作责任制", "signed_on", text_of(date),
                        "signer_unit", name, "superior", superior, "valid_for", period, NULL);
        demo_plan_entry(year->planned, recorded(demo, date), demo->heads[unit], "pledge", "title",
                        integrity, "kind", "党风廉政建设", "signed_on", text_of(date),
                        "signer_unit", name, "superior", superior, "valid_for", period, NULL);
    }
}

static void plan_talks(Year *year)
{
    Demo *demo = year->demo;
    for (int quarter = 1; quarter <= 4; quarter++) {
        Date date = workday(demo, day(demo, quarter * 3 - 1, 16));
        g_autofree char *title = g_strdup_printf("第%d季度廉政集体约谈", quarter);
        int64_t written = recorded(demo, date);
        guint entry = demo_plan_entry(year->planned, written, demo->heads[DEMO_OFFICE], "talk",
                                      "title", title, "held_on", text_of(date), "kind",
                                      "廉政集体约谈", "host", DEMO_OFFICE_NAME, "present", "18",
                                      "demands", "严守纪律规矩，管好重点岗位。", NULL);
        g_autofree char *record =
            g_strdup_printf("谈话记录\n\n%s\n%s\n要求：严守纪律规矩，管好重点岗位。\n" MADE_UP,
                            title, text_of(date));
        demo_plan_file(year->planned, written + G_USEC_PER_SEC, demo->heads[DEMO_OFFICE], entry,
                       "record", "谈话记录.txt", record);
    }
}

static const struct {
    DemoUnit unit;
    const char *title, *cure, *result; /* result NULL: still open */
} style_problems[] = {
    {DEMO_GENERAL, "文件流转时间偏长", "明确各环节时限", "平均流转时间缩短一半。"},
    {DEMO_SUPERVISION, "督查事项反馈不及时", "建立到期提醒", "到期前两日自动提醒。"},
    {DEMO_DOCUMENTS, "简报篇幅偏长", "限定字数", "简报控制在两页以内。"},
    {DEMO_PERSONNEL, "干部谈心谈话不够经常", "按季安排", "每季度谈心谈话一轮。"},
    {DEMO_FINANCE, "报销流程不够便捷", "一次告知", "印发报销须知。"},
    {DEMO_DUTY, "值班记录不够规范", "统一格式", "启用统一值班记录。"},
    {DEMO_CITIZENS, "个别答复不够具体", "答复会签", "实行答复两级审核。"},
    {DEMO_PETITIONS, "来访等候时间较长", "分类接待", "设置快速接待窗口。"},
    {DEMO_CARS, "用车登记不全", "补齐登记", "逐车逐次登记。"},
    {DEMO_FACILITIES, "办事大厅设施不完善", "结合新大厅建设解决", NULL},
};

static const char *const standard_problems[] = {"党员档案不全",       "活动记录不规范",
                                                "党费收缴登记不及时", "公开栏更新不及时",
                                                "学习笔记不完整",     "档案未分类装订"};

/* Plan a problem found on @found, cured on @cured and then closed by somebody else. */
static void plan_problem(Year *year, Date found, const char *source, DemoUnit unit,
                         const char *title, const char *cure, const char *result, Date cured)
{
    Demo *demo = year->demo;
    guint entry =
        demo_plan_entry(year->planned, recorded(demo, found), demo->heads[unit], "problem", "title",
                        title, "found_on", text_of(found), "source", source, "whose", "班子",
                        "term", result != NULL ? "限期整改" : "长期坚持", "responsible",
                        demo_unit_name(unit), "cure", cure, NULL);
    if (result == NULL) {
        return;
    }
    Date closed = workdays_after(demo, cured, 6);
    g_autofree char *proof = g_strdup_printf("%s：%s\n" MADE_UP, title, result);
    demo_plan_step(year->planned, at(demo, workdays_after(demo, cured, 1), 17, 10),
                   demo->heads[unit], entry, "cure_it", at(demo, cured, 0, 0), "result", result,
                   NULL);
    demo_plan_file(year->planned, at(demo, closed, 16, 0), demo->heads[unit], entry, "proof",
                   "整改情况.txt", proof);
    demo_plan_step(year->planned, at(demo, closed, 16, 30), demo->supervisor, entry, "settle",
                   at(demo, closed, 0, 0), NULL);
}

static void plan_problems(Year *year)
{
    Demo *demo = year->demo;
    for (size_t i = 0; i < G_N_ELEMENTS(style_problems); i++) {
        plan_problem(year, workday(demo, day(demo, 2, 20)), "作风建设自查", style_problems[i].unit,
                     style_problems[i].title, style_problems[i].cure, style_problems[i].result,
                     workday(demo, day(demo, 3, 15) + (int)i * 6));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(standard_problems); i++) {
        DemoUnit unit = i % 2 == 0 ? DEMO_GENERAL : DEMO_RESEARCH;
        plan_problem(year, workday(demo, day(demo, 4, 18)), "支部标准化对标", unit,
                     standard_problems[i], "对照标准补齐", "已对照标准补齐并归档。",
                     workday(demo, day(demo, 5, 22) + (int)i * 3));
    }
}

/* ---- members, awards, posts ------------------------------------------------------------------ */

/* Plan the file of person @i, who applied on @applied. */
static guint plan_development(Year *year, int i, Date applied)
{
    Demo *demo = year->demo;
    g_autofree char *name = demo_person_name(i);
    /* names nobody: who it is stands in a field that is personal */
    g_autofree char *title = g_strdup_printf("发展党员档案第%d号", ++year->n_files);
    return demo_plan_entry(year->planned, at(demo, workday(demo, day(demo, 1, 6)), 15, i),
                           demo->heads[DEMO_OFFICE], "development", "title", title, "applied_on",
                           text_of(applied), "branch", demo_unit_name(demo_person_branch(i)),
                           "applicant", name, NULL);
}

/* Plan a step of a file; those of earlier years are recorded when the books begin. */
static void plan_stage(Year *year, guint entry, const char *step, Date date)
{
    Demo *demo = year->demo;
    static int minute;
    Date written = MAX(workdays_after(demo, date, 2), workday(demo, day(demo, 1, 6)));
    demo_plan_step(year->planned, at(demo, written, 16, 0) + ++minute * G_USEC_PER_SEC,
                   demo->heads[DEMO_OFFICE], entry, step, at(demo, date, 0, 0), NULL);
}

static void plan_developments(Year *year)
{
    Demo *demo = year->demo;
    static const int applicants[] = {4, 9, 14};
    static const int activists[] = {19, 24};
    static const int probationers[] = {26, 44};
    for (size_t i = 0; i < G_N_ELEMENTS(applicants); i++) {
        guint entry = plan_development(year, applicants[i], date_from_ymd(demo->year - 1, 10, 12));
        plan_stage(year, entry, "name_activist", workday(demo, day(demo, 5, 18)));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(activists); i++) {
        guint entry = plan_development(year, activists[i], date_from_ymd(demo->year - 3, 9, 6));
        plan_stage(year, entry, "name_activist", date_from_ymd(demo->year - 2, 4, 20));
        plan_stage(year, entry, "name_candidate", workday(demo, day(demo, 9, 14)));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(probationers); i++) {
        guint entry = plan_development(year, probationers[i], date_from_ymd(demo->year - 4, 3, 3));
        plan_stage(year, entry, "name_activist", date_from_ymd(demo->year - 3, 4, 15));
        plan_stage(year, entry, "name_candidate", date_from_ymd(demo->year - 2, 5, 12));
        plan_stage(year, entry, "admit", date_from_ymd(demo->year - 1, 6, 20));
        plan_stage(year, entry, "confirm", day(demo, 6, 25));
    }
}

static void plan_award(Year *year, Date date, const char *title, const char *kind,
                       const char *level, const char *rank, DemoUnit branch, int person)
{
    Demo *demo = year->demo;
    g_autofree char *name = person >= 0 ? demo_person_name(person) : NULL;
    demo_plan_entry(year->planned, recorded(demo, date), demo->heads[DEMO_OFFICE], "award", "title",
                    title, "granted_on", text_of(date), "kind", kind, "level", level, "rank", rank,
                    "branch", demo_unit_name(branch), "person", name, NULL);
}

static void plan_awards(Year *year)
{
    Demo *demo = year->demo;
    Date date = workday(demo, day(demo, 6, 29));
    plan_award(year, date, "年度优秀党支部", "优秀党支部", "本单位", NULL, DEMO_BRANCH_CITIZENS,
               -1);
    plan_award(year, date, "年度优秀党支部", "优秀党支部", "本单位", NULL, DEMO_BRANCH_ONE, -1);
    for (int i = 0; i < 11; i++) {
        int person = 5 + i * 5 - (i * 5 + 5) % 5; /* members of the party */
        plan_award(year, date, "年度优秀共产党员", "优秀共产党员", "本单位", NULL,
                   demo_person_branch(person), person);
    }
    for (int i = 0; i < 3; i++) {
        int person = 6 + i * 15;
        plan_award(year, date, "年度优秀党务工作者", "优秀党务工作者", "本单位", NULL,
                   demo_person_branch(person), person);
    }
    plan_award(year, workday(demo, day(demo, 5, 26)), "党史知识竞赛", "知识竞赛", "县级", "一等奖",
               DEMO_BRANCH_ONE, -1);
    plan_award(year, workday(demo, day(demo, 9, 20)), "宪法知识竞赛", "知识竞赛", "县级", "一等奖",
               DEMO_BRANCH_CITIZENS, -1);
}

static void plan_registrations(Year *year)
{
    static const char *const communities[] = {"东关社区", "西苑社区", "滨河社区", "学府社区"};
    Demo *demo = year->demo;
    for (int i = 0; i < DEMO_N_PEOPLE; i++) {
        Date end = day(demo, 12, 31);
        if (!demo_person_is_here(demo, i, end) || g_str_equal(demo_person_party(i), "no")) {
            continue;
        }
        bool was_here = demo_person_is_here(demo, i, day(demo, 3, 1));
        Date date = workday(demo, day(demo, was_here ? 3 : 8, 6) + i / 2);
        g_autofree char *name = demo_person_name(i);
        g_autofree char *services = g_strdup_printf("%d", 2 + i % 4);
        demo_plan_entry(year->planned, recorded(demo, date), demo->heads[DEMO_OFFICE],
                        "registration", "title", communities[i % (int)G_N_ELEMENTS(communities)],
                        "registered_on", text_of(date), "person", name, "branch",
                        demo_unit_name(demo_person_branch(i)), "services", services, NULL);
    }
}

static void plan_careers(Year *year)
{
    static const struct {
        int person, month;
        const char *kind, *to, *where;
    } moves[] = {{10, 3, "提拔", "副科长", "本单位"},  {15, 3, "提拔", "副科长", "本单位"},
                 {22, 7, "提拔", "科长", "本单位"},    {41, 7, "提拔", "副主任", "本单位"},
                 {53, 11, "提拔", "副主任", "本单位"}, {23, 8, "选调", "科员", "省直机关"},
                 {35, 8, "选调", "科员", "省直机关"}};
    Demo *demo = year->demo;
    for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
        Date date = workday(demo, day(demo, moves[i].month, 21));
        g_autofree char *name = demo_person_name(moves[i].person);
        g_autofree char *title = g_strdup_printf("任职通知第%zu号", i + 1);
        demo_plan_entry(year->planned, recorded(demo, date), demo->heads[DEMO_OFFICE], "career",
                        "title", title, "decided_on", text_of(date), "kind", moves[i].kind,
                        "person", name, "to_post", moves[i].to, "to_level", moves[i].where, NULL);
    }
}

/* One complaint, looked into and found untrue: the book was kept, and nothing happened. */
static void plan_discipline(Year *year)
{
    Demo *demo = year->demo;
    Date date = workday(demo, day(demo, 5, 11));
    Date settled = workdays_after(demo, date, 12);
    guint entry = demo_plan_entry(year->planned, recorded(demo, date), demo->heads[DEMO_OFFICE],
                                  "discipline", "title", "反映公务接待超标准", "reported_on",
                                  text_of(date), "kind", "违反规定", NULL);
    demo_plan_step(year->planned, at(demo, settled, 17, 30), demo->supervisor, entry, "settle",
                   at(demo, settled, 0, 0), "is_true", "否", "handling", "经核查不属实，已予澄清。",
                   NULL);
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool demo_make_year(Demo *demo, GError **error)
{
    static void (*const parts[])(Year *) = {
        plan_pledges,  plan_cases,         plan_studies,   plan_exams,        plan_trainings,
        plan_meetings, plan_talks,         plan_problems,  plan_developments, plan_awards,
        plan_careers,  plan_registrations, plan_discipline};
    g_autoptr(DemoPlanned) planned = demo_planned_new(demo);
    Year year = {demo, planned};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        parts[i](&year);
    }
    return demo_planned_record(planned, error);
}
