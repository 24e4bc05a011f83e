/* The pages: each answers one route (web/routes.c).  They send a page or a redirect, or return an
 * error, which the site shows. */
#pragma once

#include "web/context.h"

/* ---- page-door.c: coming in ---- */
bool web_page_style(WebContext *context, GError **error);
bool web_page_health(WebContext *context, GError **error);
bool web_page_script(WebContext *context, GError **error);
bool web_page_icon(WebContext *context, GError **error);
bool web_page_sign_in(WebContext *context, GError **error);
bool web_page_sign_in_post(WebContext *context, GError **error);
bool web_page_sign_out_post(WebContext *context, GError **error);
bool web_page_language_post(WebContext *context, GError **error);
bool web_page_be_post(WebContext *context, GError **error); /* of a demo: be another */

/* ---- page-offices.c: in front of several offices ---- */
bool web_page_offices(WebContext *context, GError **error);

/* ---- page-home.c: what to do today, what is late, what the report lacks ---- */
bool web_page_home(WebContext *context, GError **error);

/* ---- page-search.c: entries by number or words ---- */
bool web_page_search(WebContext *context, GError **error);

/* ---- page-ledger.c: the entries of a ledger ---- */
bool web_page_ledger(WebContext *context, GError **error);

/* ---- page-nothing.c: that in a time there was nothing to record ---- */
bool web_page_nothing_post(WebContext *context, GError **error);
bool web_page_nothing_remove_post(WebContext *context, GError **error);

/* ---- page-view.c: lists kept under a name ---- */
bool web_page_views(WebContext *context, GError **error);
bool web_page_view_post(WebContext *context, GError **error);
bool web_page_view_rename_post(WebContext *context, GError **error);
bool web_page_view_delete_post(WebContext *context, GError **error);

/* ---- page-import.c: from a spreadsheet, as work of its own ---- */
bool web_page_import(WebContext *context, GError **error);
bool web_page_import_post(WebContext *context, GError **error);
bool web_page_import_file(WebContext *context, GError **error); /* one that was sent */
bool web_page_import_file_post(WebContext *context, GError **error);
bool web_page_import_undo_post(WebContext *context, GError **error);

/* ---- page-entry.c: one entry ---- */
bool web_page_entry(WebContext *context, GError **error);
bool web_page_entry_file(WebContext *context, GError **error);
bool web_page_entry_uses(WebContext *context, GError **error);
bool web_page_look_post(WebContext *context, GError **error); /* its personal fields too */

/* ---- page-record.c: writing an entry ---- */
bool web_page_add(WebContext *context, GError **error);
bool web_page_add_post(WebContext *context, GError **error);
bool web_page_change(WebContext *context, GError **error);
bool web_page_change_post(WebContext *context, GError **error);

/* ---- page-act.c: what the small forms on the page of an entry do ---- */
bool web_page_step_post(WebContext *context, GError **error);
bool web_page_attach_post(WebContext *context, GError **error);
bool web_page_detach_post(WebContext *context, GError **error);
bool web_page_comment_post(WebContext *context, GError **error);
bool web_page_delete_post(WebContext *context, GError **error);

/* ---- page-draft.c: what is typed and not recorded yet ---- */
bool web_page_drafts(WebContext *context, GError **error);
bool web_page_draft(WebContext *context, GError **error);
bool web_page_draft_discard_post(WebContext *context, GError **error);
bool web_page_add_draft_post(WebContext *context, GError **error);
bool web_page_change_draft_post(WebContext *context, GError **error);

/* ---- page-pick.c: what may stand in a field, asked for as one types ---- */
bool web_page_pick_unit(WebContext *context, GError **error);
bool web_page_pick_person(WebContext *context, GError **error);
bool web_page_pick_entry(WebContext *context, GError **error);

/* ---- page-report.c: the report and its figures ---- */
bool web_page_report(WebContext *context, GError **error);
bool web_page_figure(WebContext *context, GError **error);
bool web_page_figure_trend(WebContext *context, GError **error); /* its charts */
bool web_page_figure_shares(WebContext *context, GError **error);

/* ---- page-log.c: the log and its proofs ---- */
bool web_page_log(WebContext *context, GError **error);
bool web_page_event(WebContext *context, GError **error);
bool web_page_event_proof(WebContext *context, GError **error);

/* ---- page-settings.c: what an office chooses, and what it runs on ---- */
bool web_page_settings(WebContext *context, GError **error);
bool web_page_checkpoint(WebContext *context, GError **error);

/* ---- page-verification.c: is the office what its log says? ---- */
bool web_page_verification(WebContext *context, GError **error);
bool web_page_verification_post(WebContext *context, GError **error);

/* ---- page-help.c: the handbook of the pack ---- */
bool web_page_help(WebContext *context, GError **error);

/* ---- page-roster.c: units and people by date ---- */
bool web_page_roster(WebContext *context, GError **error);

/* ---- page-unit.c, page-person.c, page-post.c: one of them; a sheet shows and takes itself ---- */
bool web_page_unit(WebContext *context, GError **error);
bool web_page_unit_add(WebContext *context, GError **error);
bool web_page_unit_change(WebContext *context, GError **error);
bool web_page_unit_close(WebContext *context, GError **error);
bool web_page_person(WebContext *context, GError **error);
bool web_page_person_add(WebContext *context, GError **error);
bool web_page_person_change(WebContext *context, GError **error);
bool web_page_post_add(WebContext *context, GError **error);
bool web_page_post_change(WebContext *context, GError **error);
bool web_page_post_end(WebContext *context, GError **error);

/* ---- page-me.c: who is signed in: sessions, password, second factor ---- */
bool web_page_me(WebContext *context, GError **error);
bool web_page_me_password_post(WebContext *context, GError **error);
bool web_page_me_factor_post(WebContext *context, GError **error);
bool web_page_me_session_post(WebContext *context, GError **error);

/* ---- page-accounts.c: for the system and the security administrator ---- */
bool web_page_accounts(WebContext *context, GError **error);
bool web_page_accounts_add_post(WebContext *context, GError **error);
bool web_page_account_activate_post(WebContext *context, GError **error);
bool web_page_account_lock_post(WebContext *context, GError **error);
bool web_page_account_reset_post(WebContext *context, GError **error);

/* ---- page-token.c: tokens for programs ---- */
bool web_page_token_post(WebContext *context, GError **error);
bool web_page_token_end_post(WebContext *context, GError **error);
bool web_page_tokens(WebContext *context, GError **error);
bool web_page_tokens_end_post(WebContext *context, GError **error);

/* ---- page-api*.c, and the ends of other pages: for programs (web/openapi.h) ---- */
bool web_api_ledgers(WebContext *context, GError **error);
bool web_api_ledger(WebContext *context, GError **error);
bool web_api_entries(WebContext *context, GError **error);
bool web_api_add_post(WebContext *context, GError **error);
bool web_api_entry(WebContext *context, GError **error);
bool web_api_entry_history(WebContext *context, GError **error);
bool web_api_change_post(WebContext *context, GError **error);
bool web_api_step_post(WebContext *context, GError **error);
bool web_api_comment_post(WebContext *context, GError **error);
bool web_api_file_post(WebContext *context, GError **error);
bool web_api_deletion_post(WebContext *context, GError **error);
bool web_api_measures(WebContext *context, GError **error);
bool web_api_figure(WebContext *context, GError **error);
bool web_api_report(WebContext *context, GError **error);
bool web_api_units(WebContext *context, GError **error);
bool web_api_people(WebContext *context, GError **error);
bool web_api_log(WebContext *context, GError **error);
bool web_api_proof(WebContext *context, GError **error);
bool web_api_nothing(WebContext *context, GError **error);
bool web_api_nothing_post(WebContext *context, GError **error);
bool web_api_nothing_remove_post(WebContext *context, GError **error);
bool web_api_import_add_post(WebContext *context, GError **error);
bool web_api_import(WebContext *context, GError **error);
bool web_api_import_check_post(WebContext *context, GError **error);
bool web_api_import_commit_post(WebContext *context, GError **error);
bool web_api_import_discard_post(WebContext *context, GError **error);
bool web_api_import_undo_post(WebContext *context, GError **error);
bool web_api_detach_post(WebContext *context, GError **error);
bool web_api_draft_add_post(WebContext *context, GError **error);
bool web_api_draft(WebContext *context, GError **error);
bool web_api_draft_change_post(WebContext *context, GError **error);
bool web_api_draft_discard_post(WebContext *context, GError **error);
bool web_api_view_add_post(WebContext *context, GError **error);
bool web_api_view_rename_post(WebContext *context, GError **error);
bool web_api_view_delete_post(WebContext *context, GError **error);
bool web_api_unit_add_post(WebContext *context, GError **error);
bool web_api_unit(WebContext *context, GError **error);
bool web_api_unit_change_post(WebContext *context, GError **error);
bool web_api_unit_close_post(WebContext *context, GError **error);
bool web_api_person_add_post(WebContext *context, GError **error);
bool web_api_person(WebContext *context, GError **error);
bool web_api_person_change_post(WebContext *context, GError **error);
bool web_api_post_add_post(WebContext *context, GError **error);
bool web_api_post_change_post(WebContext *context, GError **error);
bool web_api_post_end_post(WebContext *context, GError **error);
bool web_api_verification(WebContext *context, GError **error);
bool web_api_verification_post(WebContext *context, GError **error);
bool web_api_account_add_post(WebContext *context, GError **error);
bool web_api_account_activate_post(WebContext *context, GError **error);
bool web_api_account_lock_post(WebContext *context, GError **error);
bool web_api_account_reset_post(WebContext *context, GError **error);
bool web_api_token_end_post(WebContext *context, GError **error);
bool web_api_settings(WebContext *context, GError **error);
bool web_api_settings_post(WebContext *context, GError **error);
bool web_api_openapi(WebContext *context, GError **error);
bool web_page_help_api(WebContext *context, GError **error);
