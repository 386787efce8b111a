"""Who reads the tables that are told on pages of their own: each names the tests that hold it."""

from pathlib import Path

from tests.structure.test_who_reads_what import TABLES
from webapp.core.db import Base

ROLE = "test_each_role_reaches_what_the_matrix_says_and_nothing_else"
OWNER = "test_nobody_reaches_the_things_of_another_person_of_the_same_role"
HASHED = "test_nobody_reads_a_link_in_the_database"
LOOK = "test_nobody_is_compared_with_the_look_of_a_colleague"
REPORT = "test_each_side_reads_of_the_other_what_judges_nobody"
SIDES = "test_nobody_but_the_two_sides_reads_or_writes"
HELD_ELSEWHERE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ranking_look", "seen_place"), (LOOK,)),
    "acted_on_profile": ("test_who_has_nominated_somebody_reads_the_profile_and_decides_nothing",),
    "acted_on": ("test_who_has_acted_for_seesac_reads_it_as_a_colleague_and_is_offered_nothing",),
    "account_link": (HASHED,),
    **dict.fromkeys(("account_request", "account_role", "audit_event", "booked_day"), (ROLE,)),
    **dict.fromkeys(("different_people", "imported_expert", "likely_pair"), (ROLE,)),
    "account_session": ("test_one_sees_and_ends_one_s_own_sessions_and_nobody_else_s",),
    "amendment": (OWNER, "test_a_colleague_reads_changes_and_has_no_button"),
    "briefing_pack": ("test_a_document_is_saved_by_nobody_else",),
    "calendar_feed": ("test_nobody_reads_an_address_in_the_database",),
    "deployment": (OWNER, "test_each_sees_the_deployments_that_concern_them"),
    "expertise_request": (OWNER, "test_a_request_is_nobody_elses_business"),
    "field_comment": (OWNER,),
    "imported_table": ("test_a_table_that_is_not_stored_is_read_by_who_has_sent_it_alone",),
    "invitation_link": ("test_the_mail_names_nobody_and_the_database_has_no_link",),
    "kept_text": ("test_another_account_never_sees_it_nor_learns_whose_it_was",),
    "lesson": ("test_a_lesson_names_nobody_and_stands_beside_like_requests_for_coordinators",),
    "match": (
        "test_what_is_disclosed_to_a_requester_holds_nothing_more",
        "test_nobody_reaches_the_work_of_coordinators_on_a_request_of_their_own",
        "test_before_the_proposal_nobody_outside_reads_the_words",
    ),
    "mission_document": ("test_a_document_is_saved_by_nobody_else",),
    "mission_contact": ("test_nobody_else_finds_whom_to_call_or_reads_it_anywhere",),
    "mission_cost": (
        "test_coordinators_alone_read_costs_and_the_requester_what_is_planned_for_them",
    ),
    "mission_entry": (OWNER,),
    "mission_follow_up": (
        "test_a_requester_answers_on_a_page_and_nobody_else_reads_it_but_seesac",
    ),
    "mission_item": ("test_each_side_reads_its_own_things_and_seesac_all",),
    "mission_item_file": (
        "test_a_file_is_read_by_those_for_whom_it_is_meant_and_each_look_is_recorded",
    ),
    "mission_judgement": ("test_what_is_said_of_each_is_its_writers_and_seesacs_to_read",),
    **dict.fromkeys(("mission_participants", "mission_point", "mission_report"), (REPORT,)),
    "mission_report_file": (
        "test_a_file_is_its_writers_until_the_report_is_sent_and_then_read_by_both_sides",
    ),
    **dict.fromkeys(("notice", "notice_person"), ("test_nobody_finds_the_notices_of_another",)),
    "outbox_message": ("test_no_mail_of_a_whole_case_names_an_expert_a_title_or_a_reason",),
    "passkey": ("test_after_a_password_only_its_owner_s_passkey_goes_on",),
    "phone_call": (ROLE,),
    "profile_question": ("test_a_question_is_answered_by_its_expert_alone",),
    "profile_view": ("test_an_expert_reads_of_each_person_and_day_in_one_line",),
    "reason": (
        "test_the_authority_reads_no_reason_that_was_given_to_seesac",
        "test_who_asks_reads_their_mission_as_a_requester_and_not_why_it_has_ended",
    ),
    "release_letter": (
        OWNER,
        "test_the_authority_reads_its_own_refusal_and_no_letter_on_later_terms",
    ),
    "release_letter_file": (OWNER,),
    "request_file": ("test_an_invited_expert_reads_what_is_meant_for_them_alone",),
    "request_message": (SIDES,),
    "roster_import": (ROLE,),
    "terms_of_reference": ("test_experts_and_authorities_read_of_the_terms_what_the_invited_read",),
    **dict.fromkeys(("excluded_jurisdiction", "request_theme", "required_language"), (OWNER,)),
}
TELL_OF_NOBODY = {
    *("audit_head", "column_choice", "counted_passage", "first_places"),
    *("heartbeat", "host_job_run", "job_run", "job_worker", "room_refusal"),
    *("role", "ignored_consideration", "limit_counter", "organisation", "pairs_sought"),
    *("roster_revision", "platform_settings", "said_once"),
    *("theme", "theme_synonym", "themes_revision"),
}


def test_every_other_table_names_the_tests_that_hold_who_reads_it() -> None:
    told_of = HELD_ELSEWHERE.keys() | TELL_OF_NOBODY | {*TABLES, "account"}
    assert told_of == Base.metadata.tables.keys()
    tests = Path(__file__).resolve().parents[1]
    written = "\n".join(path.read_text("utf-8") for path in tests.rglob("test_*.py"))
    named = {name for names in HELD_ELSEWHERE.values() for name in names}
    assert {name for name in named if f"def {name}(" not in written} == set()
