/* A site for tests, asked without a network: an office on the built-in pack with a unit 综合科, a
 * unit 综合组 below it and a unit 秘书科 beside it, and an account for each role, held in 综合科.
 *
 * Helpers here fail the test instead of returning errors. */
#pragma once

#include "ledger/input.h"
#include "office/account.h"
#include "support/test-office.h"
#include "web/notice.h"
#include "web/offices.h"
#include "web/routes.h"
#include "web/site.h"

#define WEB_FIXTURE_PASSWORD "Tests-only-4711" /* of every account */

typedef enum WebFixtureUnit {
    WEB_FIXTURE_OWN,
    WEB_FIXTURE_BELOW,
    WEB_FIXTURE_BESIDE,
    WEB_FIXTURE_N_UNITS,
} WebFixtureUnit;

typedef struct WebFixture {
    TestOffice office;
    Throttle *throttle;
    FigureCache *figures;
    WebKnown *known;
    WebWorks *works;
    WebNotices *notices;
    Scratch *scratch;
    WebSite site;
    WebOffices *offices; /* borrowed: asked instead of the site alone; NULL at first */
    const char *cookie;  /* of the session: "session" at first */
    int64_t units[WEB_FIXTURE_N_UNITS];
    int64_t person;                   /* one of those who have an account */
    int64_t accounts[RIGHTS_N_ROLES]; /* 0: the console has none */
    char *tokens[RIGHTS_N_ROLES];
} WebFixture;

/* @name of people and units is followed by @suffix ("" for none), so that a test can make it odd.
 */
void web_fixture_open(WebFixture *fixture, const TestPlace *place, const char *suffix);
void web_fixture_close(WebFixture *fixture);

/* Return the pattern of @route as of a page: without WEB_ENDINGS; the caller owns it. */
char *web_fixture_pattern(const WebRoute *route);

/* What came back; the caller clears it. */
typedef struct WebAnswer {
    HttpRequest *request;
    HttpResponse *response;
    int status;
    const char *body;     /* "" for none */
    const char *location; /* "" for none */
} WebAnswer;

void web_answer_clear(WebAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebAnswer, web_answer_clear)

/* Ask as @token (NULL: nobody); @headers: pairs, NULL-terminated; NULL: none.  @form: of a POST,
 * urlencoded; the form token of @token is put before it unless it begins with "!". */
WebAnswer web_fixture_ask(WebFixture *fixture, const char *token, HttpMethod method,
                          const char *target, const char *const *headers, const char *form);

/* The same as the account of @role. */
WebAnswer web_fixture_get(WebFixture *fixture, RightsRole role, const char *target);
WebAnswer web_fixture_post(WebFixture *fixture, RightsRole role, const char *target,
                           const char *form);

/* Return what somebody might type into @field: good, and no later than yesterday; an entry that it
 * links to is recorded for it.  The caller owns it. */
char *web_fixture_example(WebFixture *fixture, const SchemaField *field);

/* Fill @field of @input with it. */
void web_fixture_set(WebFixture *fixture, LedgerInput *input, const SchemaField *field);

/* Record an entry of @ledger on the console, of unit @unit where it has units, with what is
 * required; returns its number, which the caller owns. */
char *web_fixture_entry(WebFixture *fixture, const SchemaLedger *ledger, WebFixtureUnit unit,
                        const char *title);

/* The same in the ledger of cases. */
char *web_fixture_case(WebFixture *fixture, WebFixtureUnit unit, const char *title);
