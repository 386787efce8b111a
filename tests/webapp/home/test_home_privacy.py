"""The privacy notice is true: each sentence names the tests that hold it, each column is told."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.html import text_of
from tests.pages import Page, Pages
from tests.structure.test_who_reads_what import PROPOSED, READERS, SELECTED
from tests.webapp.home.notice_columns import CALLED, OF_NOBODY, TOLD_WITH_TABLE, UNTOLD
from webapp.accounts import known_browsers
from webapp.accounts.rules import CONSENT_VERSION
from webapp.core.db import Base
from webapp.core.roles import Role
from webapp.home import views

TESTS = Path(__file__).resolve().parents[2]
# Whoever changes a sentence gives the notice a new version, so that everybody is asked again.
AGREED = {
    "2026-12-01.3": "673f88740a48fd7a",
    "2026-12-01.2": "f1c349929e0bea8d",
    "2026-12-01": "04764e00f681528c",
    "2026-11-30.6": "e736cc7d8046a2b0",
    "2026-11-30.4": "276ec604f2b0caca",
    "2026-11-30.3": "8ed6e7b104f1f86d",
    "2026-11-30.2": "bc0123e1fa808c82",
    "2026-11-30": "efa56fd03c53c778",
    "2026-11-28.3": "0e2d83231f80ebe4",
    "2026-11-28.2": "d1a1ff4093abf7fd",
    "2026-11-28": "64457ca2bca84484",
    "2026-11-26": "6ea40aae17645e06",
    "2026-11-27": "74903874ac6bd289",
    "2026-11-27.2": "f75d72404cce6ca8",
    "2026-11-27.3": "ab8f9dbaab313fac",
    "2026-11-27.4": "1cf6c5de0fb49402",
    "2026-11-27.5": "9c2a70020afdec87",
    "2026-11-27.6": "0e0923dd517903c4",
    "2026-11-27.7": "7db54e6f08076ca4",
    "2026-11-27.8": "3dcb6f06903a5ed7",
    "2026-11-27.14": "e6e388e972a3e1a8",
    "2026-11-27.13": "86789b75bf8112b3",
    "2026-11-27.12": "5aa6b827d6ed2122",
    "2026-11-27.11": "552d93edfb6b69d6",
    "2026-11-27.10": "737eb0a0806af940",
    "2026-11-27.9": "5b573ad807bd7808",
}

# How each statement begins, and the tests that fail where it is not true.
HELD_BY: dict[str, tuple[str, ...]] = {
    "The people on this roster": (),
    "Version": ("test_a_changed_notice_has_a_new_version",),
    "Of experts:": ("test_the_notice_names_every_column_that_tells_of_a_person",),
    "Of experts considered": ("test_the_notice_names_every_column_that_tells_of_a_person",),
    "Of experts in the first places": (
        "test_nobody_is_compared_with_the_look_of_a_colleague",
        "test_what_was_seen_ends_with_the_request",
    ),
    "Of missions:": ("test_the_notice_names_every_column_that_tells_of_a_person",),
    "Of what missions need": (
        "test_each_side_reads_its_own_things_and_seesac_all",
        "test_a_file_is_read_by_those_for_whom_it_is_meant_and_each_look_is_recorded",
        "test_the_expert_signs_a_text_in_its_version_at_a_time",
    ),
    "Of missions that are planned": (
        "test_seesac_reads_whom_to_call_while_the_mission_lasts_and_the_expert_sees_it",
        "test_nobody_else_finds_whom_to_call_or_reads_it_anywhere",
    ),
    "Whom to call": ("test_whom_to_call_is_erased_a_day_after_the_mission",),
    "Of missions also": (
        "test_coordinators_alone_read_costs_and_the_requester_what_is_planned_for_them",
    ),
    "Of experts also": (
        "test_a_note_is_written_changed_and_thrown_away",
        "test_nobody_reads_what_is_noted_about_themselves",
        "test_notes_are_in_the_copy_of_ones_data_and_go_with_the_person",
    ),
    "Of experts who stood": (
        "test_all_that_belongs_to_either_stands_in_the_one_that_is_kept",
        "test_who_was_erased_or_told_apart_is_not_pointed_out",
        "test_who_is_erased_afterwards_is_erased_under_both_numbers",
    ),
    "Of experts whom SEESAC knew": (
        "test_the_notice_names_every_column_that_tells_of_a_person",
        "test_a_table_that_nobody_confirms_is_thrown_away_after_a_day",
    ),
    "Of requesters:": ("test_the_notice_names_every_column_that_tells_of_a_person",),
    "Of coordinators, and": (
        "test_the_notice_names_every_column_that_tells_of_a_person",
        "test_a_new_column_of_what_is_told_as_a_whole_is_looked_at_by_itself",
    ),
    "Of everyone with an account:": ("test_the_notice_names_every_column_that_tells_of_a_person",),
    "For signing in:": (
        "test_passwords_are_kept_as_argon2id_hashes_only",
        "test_nobody_reads_a_link_in_the_database",
        "test_the_secrets_of_codes_are_encrypted",
    ),
    "Of strangers who ask": (
        "test_what_was_asked_for_and_refused_is_deleted_and_told_why_in_the_own_language",
        "test_a_request_on_which_nobody_decides_ends_by_its_age",
    ),
    "To find experts": (),
    "Gender is kept": (
        "test_gender_is_counted_and_asked_of_a_team_alone",
        "test_name_gender_institution_and_rank_are_no_input_of_the_score",
        "test_a_team_has_the_women_and_men_that_were_asked_for",
    ),
    "Coordinators of SEESAC": (
        "test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else",
    ),
    "The requester sees": ("test_the_notice_says_what_requesters_read",),
    "Of reports on missions": (
        "test_each_side_reads_of_the_other_what_judges_nobody",
        "test_the_copy_of_an_expert_holds_how_they_were_judged_and_erasing_leaves_numbers",
    ),
    "Whom an expert asks": (
        "test_the_page_shows_the_entry_and_the_name_and_nothing_else",
        "test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else",
    ),
    "The nominating authority": (
        "test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else",
        "test_an_official_is_nominated_approved_and_seen_by_the_own_authority_alone",
    ),
    "Colleagues of the requester": (
        "test_a_colleague_reads_what_somebody_of_their_organisation_asked_for_and_changes_nothing",
        "test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else",
    ),
    "Administrators see": (
        "test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else",
    ),
    "Experts see no other": (
        "test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else",
    ),
    "Every change, and every page": (
        "test_whoever_is_shown_an_expert_leaves_a_record",
        "test_the_database_refuses_to_change_the_audit_log",
        "test_an_event_tells_who_what_when_where_and_why",
    ),
    "Who takes a list of experts along": (
        "test_each_person_in_a_file_reads_who_took_it_and_what_for",
        "test_what_a_file_was_for_in_words_goes_with_whom_it_tells_of_or_who_wrote_it",
    ),
    "So are signing in and out": ("test_what_happens_at_the_door_stands_in_the_log",),
    "Experts read on the page": ("test_an_expert_reads_of_each_person_and_day_in_one_line",),
    "What you are told": ("test_nobody_finds_the_notices_of_another",),
    "Mails name no person": ("test_no_mail_of_a_whole_case_names_an_expert_a_title_or_a_reason",),
    "There are two cookies": (
        "test_there_are_two_cookies",
        "test_who_has_signed_in_before_is_not_kept_out_by_others",
        "test_a_browser_is_known_for_half_a_year",
        "test_a_new_password_or_a_disabled_account_ends_what_is_known_of_a_browser",
        "test_no_page_sets_a_cookie_before_one_is_needed",
        "test_cookies_cannot_be_read_by_scripts_nor_sent_along_from_elsewhere",
        "test_styles_load_nothing_from_elsewhere",
    ),
    "Of each session": (
        "test_the_times_in_the_notice_are_those_that_the_platform_obeys",
        "test_sessions_that_are_over_are_deleted",
        "test_one_sees_and_ends_one_s_own_sessions_and_nobody_else_s",
    ),
    "What you type into your profile or a report": (
        "test_what_is_typed_is_kept_until_it_is_saved",
        "test_what_is_thrown_away_leaves_what_is_saved",
        "test_after_two_weeks_it_does_not_come_back",
        "test_nobody_else_finds_what_is_typed",
        "test_the_times_in_the_notice_are_those_that_the_platform_obeys",
        "test_after_an_hour_it_is_gone",
        "test_the_text_stands_nowhere_in_the_database",
    ),
    "An expert who is sent": (
        "test_a_document_is_asked_for_watched_and_saved",
        "test_a_document_is_saved_by_nobody_else",
    ),
    "A document of a mission": (
        "test_a_document_is_deleted_after_a_day_and_with_anybody_who_is_erased",
    ),
    "The text of a curriculum": (
        "test_nobody_else_reads_a_draft",
        "test_a_curriculum_is_read_for_somebody_and_taken_into_their_profile",
        "test_a_draft_that_was_left_lying_is_deleted",
        "test_the_file_is_kept_nowhere",
    ),
    "Notices and mails": (
        "test_the_times_in_the_notice_are_those_that_the_platform_obeys",
        "test_old_notices_and_mails_are_deleted",
        "test_what_was_told_in_a_place_that_somebody_has_left_is_read_no_more",
    ),
    "Words that were given": (
        "test_a_text_stands_in_one_row_and_never_in_the_log",
        "test_texts_by_and_about_a_person_are_removed_once_and_everywhere",
    ),
    "Profiles that rest": (
        "test_a_profile_that_rests_is_told_of_and_erased_a_month_later",
        "test_an_account_that_nobody_entered_is_erased",
        "test_an_ended_request_forgets_its_people_and_stays",
        "test_the_time_in_the_notice_is_that_of_the_settings",
    ),
    "For all else there is no end": ("test_nothing_else_is_deleted_by_its_age",),
    "You can read and correct": (
        "test_each_section_is_saved_and_shown",
        "test_name_and_language_are_kept",
        "test_a_profile_that_was_vetted_stays_what_it_is_until_the_change_is_confirmed",
    ),
    "On the page “My data”": (
        "test_of_who_was_erased_nothing_stays_in_database_index_and_mails",
        "test_the_copy_holds_every_word_and_no_key",
        "test_every_table_with_a_person_in_it_has_a_rule",
    ),
    "Experts take back": (
        "test_consent_is_taken_back_on_my_data_and_given_anew",
        "test_whom_somebody_else_took_off_does_not_come_back_by_agreeing",
    ),
    "You may ask SEESAC": ("test_the_platform_has_no_page_for_what_the_notice_leaves_to_people",),
    "You can also complain": (),
}


def statements(page: Page) -> list[str]:
    """Return the paragraphs and items of the notice."""
    reading = next(e for e in page.tree.iter("div") if e.get("class") == "reading")
    return [text_of(e) for e in reading.iter() if e.tag in {"p", "li"}]


def test_every_statement_is_held_by_tests_that_exist(pages: Pages) -> None:
    said = statements(pages.get("/privacy"))
    begun = {words: [text for text in said if text.startswith(words)] for words in HELD_BY}
    assert {words for words, found in begun.items() if len(found) != 1} == set()
    assert len(said) == len(HELD_BY)
    written = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    named = {name for names in HELD_BY.values() for name in names}
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_a_changed_notice_has_a_new_version(pages: Pages) -> None:
    text = "\n".join(statements(pages.get("/privacy")))
    assert CONSENT_VERSION in text
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == AGREED[CONSENT_VERSION]


def test_the_notice_names_every_column_that_tells_of_a_person(pages: Pages) -> None:
    text = " ".join(statements(pages.get("/privacy"))).casefold()
    assert {words for words in CALLED.values() if words not in text} == set()
    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not {table.name, f"{table.name}.{column.name}"} & CALLED.keys()
    }
    untold = {c for c in columns if c.partition(".")[2] not in UNTOLD}
    assert {c for c in untold if c.partition(".")[0] not in OF_NOBODY} == set()


def test_a_new_column_of_what_is_told_as_a_whole_is_looked_at_by_itself() -> None:
    untold = {
        table.name: {
            column.name
            for column in table.columns
            if column.name not in UNTOLD and f"{table.name}.{column.name}" not in CALLED
        }
        for table in Base.metadata.sorted_tables
        if table.name in CALLED
    }
    looked_at = {table: set(columns.split()) for table, columns in TOLD_WITH_TABLE.items()}
    assert {table: names for table, names in untold.items() if names} == looked_at


def test_the_notice_says_what_requesters_read(pages: Pages) -> None:
    said = next(t for t in statements(pages.get("/privacy")) if t.startswith("The requester sees"))
    summary, selected, never = said.split(";")
    words = {
        "expert_theme.years": "themes", "evidence.title": "list of past work",
        "evidence.jurisdiction": "list of past work", "evidence.started": "list of past work",
        "evidence.ended": "list of past work", "evidence.role": "list of past work",
        "language_skill.stanag": "languages", "expert.english_summary": "summary in English",
        "language_skill.language": "languages",
        "account.email": "e-mail address", "unavailable_period.start": "days",
        "unavailable_period.end": "days", "expert.summary": "summary",
    }  # fmt: skip
    for column, readers in READERS.items():
        word = words.get(column, CALLED.get(column, column.partition(".")[0]))
        first = readers.get("requester")
        assert (first == SELECTED) == (word in selected), column
        if first == PROPOSED:
            assert word in summary, column
        assert first is None or word not in never, column
    for word in ("gender", "summary", "training", "days"):
        assert word in never


def test_the_times_in_the_notice_are_those_that_the_platform_obeys(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Pages(make_app()).get("/privacy").text
    for words in (
        "2 hours after your last",
        "12 hours after signing in",
        "before you save it is kept for 14 days",
        "session has ended for 1 hour",
    ):
        assert words in text
    assert "deleted after 180 days" in text
    assert "for 180 days or until your password changes" in text
    monkeypatch.setattr(views, "KEPT_NOTICES", timedelta(days=77))
    monkeypatch.setattr(views, "TYPED_LIFETIME", timedelta(days=13))
    monkeypatch.setattr(views, "SENT_LIFETIME", timedelta(minutes=61))
    monkeypatch.setattr(known_browsers, "LIFETIME", timedelta(days=44))
    app = make_app(SESSION_IDLE=timedelta(minutes=90), SESSION_LIMIT=timedelta(days=2))
    text = Pages(app).get("/privacy").text
    for words in (
        "for 44 days",
        "before you save it is kept for 13 days",
        "90 minutes after",
        "2 days after signing",
        "for 61 minutes",
        "after 77 days",
    ):
        assert words in text


def test_nothing_else_is_deleted_by_its_age() -> None:
    packages = Path(views.__file__).parents[1]
    assert {path.parent.name for path in packages.glob("*/sweep.py")} == {
        # That of the upkeep deletes nothing: it asks, reminds, and lets profiles rest. That of the
        # matches lets reserves go when a mission begins. That of the roster points out who looks
        # like one person. Those of requests and experts note who acted during an upgrade, and that
        # of the membership sends links that were asked for.
        *("accounts", "curricula", "expertise_requests", "experts", "kept_texts", "matches"),
        *("membership", "messages"),
        *("mission_contacts", "mission_documents", "my_data", "roster", "roster_imports", "upkeep"),
    }


def test_gender_is_counted_and_asked_of_a_team_alone() -> None:
    packages = Path(views.__file__).parents[1]
    reading = {
        path.relative_to(packages).parts[0]
        for path in [*packages.rglob("*.py"), *packages.rglob("*.html")]
        if re.search(r"\bgender\b(?!,| and| equality)", path.read_text("utf-8"))
    }
    made_up = {"demo.py", "demo_history"}
    assert reading - {"migrations", "home"} - made_up == {
        "experts", "insights", "matches", "roster", "roster_imports",
    }  # fmt: skip


def test_the_platform_has_no_page_for_what_the_notice_leaves_to_people(app: Flask) -> None:
    later = re.compile(r"restrict")
    names = [*app.view_functions, *app.cli.commands]
    assert [name for name in names if later.search(name)] == []


def test_there_are_two_cookies(app: Flask, pages: Pages) -> None:
    with writing(app) as session:
        expert = factories.account(session, Role.EXPERT)
    pages.sign_in(expert)
    pages.post("/language", {"language": "ru"})
    cookies = pages.client._cookies or {}
    assert [cookie.key for cookie in cookies.values()] == ["session", "known-browser"]
