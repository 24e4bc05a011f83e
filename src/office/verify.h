/* Verification of what office/ keeps: settings, definitions, units, people, posts, accounts,
 * verifications.
 *
 * Threading: on the thread of the connection that is given. */
#pragma once

#include "log/verify.h"
#include "store/store.h"

/* Compare the tables of office/ with the log: each record with its events, each definition's text
 * with the hash that its event holds, each password hash with the digest that the log commits to.
 *
 * @report: log_verify() has filled it.  Returns false only when it could not look. */
bool office_verify(StoreConnection *connection, LogReport *report, GError **error);
