#include "demo/demo-internal.h"

#include "office/account.h"
#include "office/person.h"
#include "office/post.h"
#include "office/unit.h"

static const struct {
    const char *name;
    const char *kind;
    DemoUnit parent;
    int month, day; /* founded in the year on that day; 0: before */
} units[DEMO_N_UNITS] = {
    /* DEMO_OFFICE is the unit that every office begins with. */
    [DEMO_GENERAL] = {"综合科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_SECRETARY_ONE] = {"秘书一科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_SECRETARY_TWO] = {"秘书二科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_RESEARCH] = {"调研科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_SUPERVISION] = {"督查科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_DOCUMENTS] = {"文电科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_PERSONNEL] = {"人事科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_FINANCE] = {"财务科", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_DUTY] = {"总值班室", OFFICE_UNIT_SECTION, DEMO_OFFICE, 0, 0},
    [DEMO_CITIZENS] = {"市民服务中心", OFFICE_UNIT_SUBORDINATE, DEMO_OFFICE, 0, 0},
    [DEMO_SERVICES] = {"行政服务中心", OFFICE_UNIT_SUBORDINATE, DEMO_OFFICE, 0, 0},
    [DEMO_PETITIONS] = {"群众来访接待中心", OFFICE_UNIT_SUBORDINATE, DEMO_OFFICE, 0, 0},
    [DEMO_FACILITIES] = {"机关事务服务中心", OFFICE_UNIT_SUBORDINATE, DEMO_OFFICE, 0, 0},
    [DEMO_CARS] = {"公务用车服务中心", OFFICE_UNIT_SUBORDINATE, DEMO_OFFICE, 0, 0},
    [DEMO_COMMITTEE] = {"办公室党总支", OFFICE_UNIT_COMMITTEE, DEMO_OFFICE, 0, 0},
    [DEMO_BRANCH_ONE] = {"机关第一党支部", OFFICE_UNIT_BRANCH, DEMO_COMMITTEE, 0, 0},
    [DEMO_BRANCH_TWO] = {"机关第二党支部", OFFICE_UNIT_BRANCH, DEMO_COMMITTEE, 0, 0},
    [DEMO_BRANCH_CITIZENS] = {"市民服务中心党支部", OFFICE_UNIT_BRANCH, DEMO_COMMITTEE, 0, 0},
    [DEMO_BRANCH_SERVICES] = {"行政服务中心党支部", OFFICE_UNIT_BRANCH, DEMO_COMMITTEE, 0, 0},
    [DEMO_BRANCH_FACILITIES] = {"机关事务服务中心党支部", OFFICE_UNIT_BRANCH, DEMO_COMMITTEE, 6,
                                15},
};

/* How many people a unit has; the first leads it. */
static const struct {
    DemoUnit unit;
    DemoUnit branch; /* that its party members belong to */
    int n_people;
    const char *leader; /* title of the first */
} staffs[] = {
    {DEMO_OFFICE, DEMO_BRANCH_ONE, 5, "主任"},
    {DEMO_GENERAL, DEMO_BRANCH_ONE, 4, "科长"},
    {DEMO_SECRETARY_ONE, DEMO_BRANCH_ONE, 4, "科长"},
    {DEMO_SECRETARY_TWO, DEMO_BRANCH_ONE, 4, "科长"},
    {DEMO_RESEARCH, DEMO_BRANCH_TWO, 3, "科长"},
    {DEMO_SUPERVISION, DEMO_BRANCH_TWO, 4, "科长"},
    {DEMO_DOCUMENTS, DEMO_BRANCH_TWO, 3, "科长"},
    {DEMO_PERSONNEL, DEMO_BRANCH_TWO, 3, "科长"},
    {DEMO_FINANCE, DEMO_BRANCH_TWO, 3, "科长"},
    {DEMO_DUTY, DEMO_BRANCH_TWO, 3, "主任"},
    {DEMO_CITIZENS, DEMO_BRANCH_CITIZENS, 6, "主任"},
    {DEMO_SERVICES, DEMO_BRANCH_SERVICES, 6, "主任"},
    {DEMO_PETITIONS, DEMO_BRANCH_CITIZENS, 4, "主任"},
    {DEMO_FACILITIES, DEMO_BRANCH_FACILITIES, 5, "主任"},
    {DEMO_CARS, DEMO_BRANCH_FACILITIES, 3, "主任"},
};

/* Return the made-up name of person @i: a family name and the @i-th pair of the cycle of sixty. */
char *demo_person_name(int i)
{
    static const char *const families[] = {"赵", "钱", "孙", "李", "周", "吴", "郑", "王",
                                           "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"};
    static const char *const stems[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"};
    static const char *const branches[] = {"子", "丑", "寅", "卯", "辰", "巳",
                                           "午", "未", "申", "酉", "戌", "亥"};
    return g_strconcat(families[i % (int)G_N_ELEMENTS(families)], stems[i % 10], branches[i % 12],
                       NULL);
}

static LogAct act_of(const RightsSubject *subject)
{
    return (LogAct){.actor = subject->actor};
}

/* ---- units ----------------------------------------------------------------------------------- */

/* Find the unit that every office begins with. */
static bool find_first_unit(Demo *demo, GError **error)
{
    g_autoptr(StoreConnection) reader = store_reader_acquire(office_store(demo->office), error);
    g_autoptr(GPtrArray) all = reader != NULL ? office_unit_list(reader, DATE_NONE, error) : NULL;
    if (all == NULL) {
        return false;
    }
    const OfficeUnit *first = g_ptr_array_index(all, 0);
    demo->units[DEMO_OFFICE] = first->id;
    return true;
}

static bool make_unit(Demo *demo, DemoUnit i, GError **error)
{
    const LogAct act = act_of(demo->console);
    const OfficeUnit unit = {
        .name = (char *)units[i].name,
        .kind = (char *)units[i].kind,
        .parent = demo->units[units[i].parent],
        .since = units[i].month != 0 ? date_from_ymd(demo->year, units[i].month, units[i].day)
                                     : DATE_NONE,
        .until = DATE_NONE,
    };
    return office_unit_add(demo->office, demo->console, &act, &unit, &demo->units[i], error);
}

static bool make_units(Demo *demo, GError **error)
{
    bool is_ok = find_first_unit(demo, error);
    for (DemoUnit i = DEMO_OFFICE + 1; is_ok && i < DEMO_N_UNITS; i++) {
        is_ok = make_unit(demo, i, error);
    }
    return is_ok;
}

/* ---- people ---------------------------------------------------------------------------------- */

/* When person @i came (DATE_NONE: before), and in *@ret_until when they left. */
static Date person_dates(const Demo *demo, int i, Date *ret_until)
{
    *ret_until = DATE_NONE;
    if (i == 23 || i == 35) { /* called to posts elsewhere */
        *ret_until = date_from_ymd(demo->year, 8, 31);
    }
    return i == 29 || i == 59 ? date_from_ymd(demo->year, 7, 10) : DATE_NONE;
}

const char *demo_person_party(int i)
{
    if (i == 26 || i == 44) {
        return "probationary";
    }
    return i % 5 == 4 ? "no" : "yes";
}

static bool make_post(Demo *demo, int64_t person, int64_t unit, const char *role, const char *title,
                      Date since, Date until, GError **error)
{
    const LogAct act = act_of(demo->console);
    const OfficePost post = {.person = person,
                             .unit = unit,
                             .role = (char *)role,
                             .title = (char *)title,
                             .since = since,
                             .until = until};
    return office_post_add(demo->office, demo->console, &act, &post, NULL, error);
}

/* Return the role of the @place-th of the staff @s.  Of the leaders one watches over what the
 * others answer and one hands requests out, and neither does more, so that each role can be tried.
 */
static const char *role_of(size_t s, int place)
{
    static const char *const leaders[] = {"secretary", "supervisor", "dispatcher", "secretary",
                                          "secretary"};
    if (staffs[s].unit == DEMO_OFFICE) {
        g_assert(place < (int)G_N_ELEMENTS(leaders));
        return leaders[place];
    }
    return place == 0 ? "head" : "clerk";
}

/* Write person @i, the @place-th of the staff @s. */
static bool make_person(Demo *demo, int i, size_t s, int place, GError **error)
{
    const LogAct act = act_of(demo->console);
    g_autofree char *name = demo_person_name(i);
    const char *party = demo_person_party(i);
    OfficePerson person = {.name = name, .party = (char *)party};
    person.since = person_dates(demo, i, &person.until);
    person.level = place == 0 || staffs[s].unit == DEMO_OFFICE ? "科级" : NULL;
    if (!office_person_add(demo->office, demo->console, &act, &person, &demo->people[i], error)) {
        return false;
    }
    bool is_leader = staffs[s].unit == DEMO_OFFICE;
    const char *title = place == 0 ? staffs[s].leader : is_leader ? "副主任" : NULL;
    if (!make_post(demo, demo->people[i], demo->units[staffs[s].unit], role_of(s, place), title,
                   person.since, person.until, error)) {
        return false;
    }
    if (g_str_equal(party, "no")) {
        return true;
    }
    Date joined = staffs[s].branch == DEMO_BRANCH_FACILITIES
                      ? date_from_ymd(demo->year, units[DEMO_BRANCH_FACILITIES].month,
                                      units[DEMO_BRANCH_FACILITIES].day)
                      : person.since;
    return make_post(demo, demo->people[i], demo->units[staffs[s].branch], "staff", NULL,
                     MAX(joined, person.since), person.until, error);
}

static bool make_people(Demo *demo, GError **error)
{
    int i = 0;
    for (size_t s = 0; s < G_N_ELEMENTS(staffs); s++) {
        for (int place = 0; place < staffs[s].n_people; place++, i++) {
            g_assert(i < DEMO_N_PEOPLE);
            if (!make_person(demo, i, s, place, error)) {
                return false;
            }
        }
    }
    g_assert(i == DEMO_N_PEOPLE);
    return true;
}

bool demo_person_is_here(const Demo *demo, int i, Date date)
{
    Date until = DATE_NONE;
    Date since = person_dates(demo, i, &until);
    return since <= date && (until == DATE_NONE || date <= until);
}

const char *demo_unit_name(DemoUnit unit)
{
    return unit == DEMO_OFFICE ? DEMO_OFFICE_NAME : units[unit].name;
}

/* Return the place of the staff that person @i is in. */
static size_t staff_of(int i)
{
    size_t s = 0;
    for (int n = staffs[0].n_people; i >= n; n += staffs[s].n_people) {
        s++;
    }
    return s;
}

DemoUnit demo_person_branch(int i)
{
    return staffs[staff_of(i)].branch;
}

/* ---- who records ----------------------------------------------------------------------------- */

/* Make the account @name of person @i; its id goes to *@ret_account. */
static bool make_account(Demo *demo, int i, const char *name, int64_t *ret_account, GError **error)
{
    const LogAct act = act_of(demo->console);
    const OfficeAccount account = {.name = (char *)name,
                                   .os_user = (char *)name,
                                   .person = demo->people[i],
                                   .until = DATE_NONE};
    return office_account_add(demo->office, demo->console, &act, &account, NULL, ret_account,
                              error) &&
           office_account_activate(demo->office, demo->console, &act, *ret_account, error);
}

/* Make the accounts of the head, person @i, and the clerk, the next, of staff @s. */
static bool make_staff_accounts(Demo *demo, size_t s, int i, GError **error)
{
    DemoUnit unit = staffs[s].unit;
    g_autofree char *head = g_strdup_printf("demo-head-%zu", s);
    g_autofree char *clerk = g_strdup_printf("demo-clerk-%zu", s);
    return make_account(demo, i, head, &demo->heads[unit], error) &&
           make_account(demo, i + 1, clerk, &demo->clerks[unit], error);
}

static bool make_accounts(Demo *demo, GError **error)
{
    bool is_ok = make_account(demo, 0, "demo-secretary", &demo->secretary, error) &&
                 make_account(demo, 1, "demo-supervisor", &demo->supervisor, error) &&
                 make_account(demo, 2, "demo-dispatcher", &demo->dispatcher, error) &&
                 make_account(demo, 3, "demo-office", &demo->heads[DEMO_OFFICE], error);
    for (size_t s = 1, i = (size_t)staffs[0].n_people; is_ok && s < G_N_ELEMENTS(staffs); s++) {
        is_ok = make_staff_accounts(demo, s, (int)i, error);
        i += (size_t)staffs[s].n_people;
    }
    return is_ok;
}

/* Return the place of the first person of @unit among the people. */
static int first_of(DemoUnit unit)
{
    int i = 0;
    for (size_t s = 0; staffs[s].unit != unit; s++) {
        i += staffs[s].n_people;
    }
    return i;
}

/* Each branch is led by the head of one of its units. */
static bool make_branch_heads(Demo *demo, GError **error)
{
    static const DemoUnit leads[][2] = {{DEMO_BRANCH_ONE, DEMO_GENERAL},
                                        {DEMO_BRANCH_TWO, DEMO_RESEARCH},
                                        {DEMO_BRANCH_CITIZENS, DEMO_CITIZENS},
                                        {DEMO_BRANCH_SERVICES, DEMO_SERVICES},
                                        {DEMO_BRANCH_FACILITIES, DEMO_FACILITIES}};
    for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
        DemoUnit branch = leads[i][0];
        Date since = units[branch].month != 0
                         ? date_from_ymd(demo->year, units[branch].month, units[branch].day)
                         : DATE_NONE;
        if (!make_post(demo, demo->people[first_of(leads[i][1])], demo->units[branch], "head",
                       "支部书记", since, DATE_NONE, error)) {
            return false;
        }
        demo->heads[branch] = demo->heads[leads[i][1]];
    }
    return true;
}

/* One of the leaders keeps the office's own books. */
static bool make_bookkeeper(Demo *demo, GError **error)
{
    return make_post(demo, demo->people[3], demo->units[DEMO_OFFICE], "head", NULL, DATE_NONE,
                     DATE_NONE, error);
}

bool demo_make_organisation(Demo *demo, GError **error)
{
    demo->console = rights_subject_os(demo->office, DEMO_CONSOLE_USER, error);
    return demo->console != NULL && make_units(demo, error) && make_people(demo, error) &&
           make_bookkeeper(demo, error) && make_accounts(demo, error) &&
           make_branch_heads(demo, error);
}
