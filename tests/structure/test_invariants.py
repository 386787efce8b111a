"""Every invariant that `flask check` looks at can find something.

A state that it forbids is made here, beside the rows of the world, by hand: the platform's own
operations make none. A new invariant fails until somebody makes the state that it is there to find.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import ROOT
from tests.databases import reading
from webapp.amendments.models import Amendment
from webapp.core import clock, invariants
from webapp.core.files.stored_files import read_file
from webapp.core.invariants import Invariant
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import (
    ActedOn,
    ExpertiseRequest,
    RequestFile,
    RequestState,
)
from webapp.experts.models import ActedOnProfile, Expert, ExpertState, ProfileView
from webapp.matches.models import BookedDay, Match, MatchState, ReleaseLetter, ReleaseLetterFile
from webapp.mission_checklists.models import Item, ItemFile, ItemState, NeedKind
from webapp.mission_contacts.models import MissionContact
from webapp.mission_reports.models import MissionReport, MissionReportFile, Side
from webapp.roster_imports.models import ImportState, RosterImport

World = factories.World
Break = Callable[[Session, World], Any]


def change(session: Session, table: type[Any], number: int, **values: Any) -> None:
    """Write over a row what no operation would."""
    session.execute(sa.update(table).where(table.id == number).values(**values))


def of_request(considered: MatchState, /, **values: Any) -> Break:
    """Return what changes the request for which somebody is considered."""
    return lambda session, world: change(
        session, ExpertiseRequest, world.matches[considered].request_id, **values
    )


def by_themselves(session: Session, world: World, **values: Any) -> None:
    """Change the request for which the expert is invited, by the number of their own account."""
    number = world.matches[MatchState.INVITED].request_id
    own = world.experts[0].account_id
    change(session, ExpertiseRequest, number, **dict.fromkeys(values, own))


def two_drafts_of_one_form(session: Session, world: World) -> None:
    """Make a second draft that says what the first one says."""
    asks = world.first(Role.REQUESTER)
    for _ in range(2):
        draft = factories.request(session, RequestState.DRAFT, requester=asks)
        change(session, ExpertiseRequest, draft.id, security="The same in both.")


def kept_contact(session: Session, world: World) -> None:
    """Let a mission that still has its contact be long over."""
    session.add(
        MissionContact(
            deployment_id=world.deployment_id, written_at=clock.now(), by_office=False, version=1
        )
    )
    ended = {"start": date(2020, 1, 1), "end": date(2020, 1, 3)}
    change(session, Deployment, world.deployment_id, **ended)


def report(session: Session, world: World) -> MissionReport:
    """Make a report of a mission that has not begun."""
    made = MissionReport(
        deployment_id=world.deployment_id, side=Side.EXPERT, written_by=world.nobody.id,
        by_office=False, saved_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def file_of_report(session: Session, world: World) -> None:
    """Add a file to a report, and change what is written of its content."""
    sent = {**read_file("List.pdf", b"%PDF-1.7 the list").columns(), "digest": "0" * 64}
    number, now = report(session, world).id, clock.now()
    session.add(MissionReportFile(report_id=number, added_at=now, added_by=world.nobody.id, **sent))


def file_of_mission(session: Session, world: World) -> None:
    """Add a file to what a mission needs, and change what is written of its content."""
    sent = {**read_file("Visa.pdf", b"%PDF-1.7 the visa").columns(), "digest": "0" * 64}
    item = Item(
        deployment_id=world.deployment_id, kind=NeedKind.VISA, state=ItemState.DONE,
        state_since=clock.now(), by_office=False,
    )  # fmt: skip
    session.add(item)
    session.flush()
    session.add(ItemFile(item_id=item.id, **sent))


# What is made, and the sentence that is found then.
BROKEN: dict[str, tuple[Break, str]] = {
    "amendments.changes_wait_for_somebody": (
        lambda session, world: change(
            session, Amendment, world.amendment_id, from_version=999
        ),
        "waits, and is of version 999",
    ),
    "amendments.requests_say_what_was_agreed": (
        of_request(MatchState.INVITED, place="Elsewhere"),
        "says in place what version 1 does not say",
    ),
    "deployments.deployments_follow_selections": (
        lambda session, world: change(
            session, Match, world.matches[MatchState.APPROVED].id, state=MatchState.SELECTED
        ),
        "is “selected” and its deployment does not agree",
    ),
    "deployments.missions_hold_their_days": (
        lambda session, world: session.execute(
            sa.delete(BookedDay).where(
                BookedDay.match_id == world.matches[MatchState.SELECTED].id
            )
        ),
        "has a mission that is “planned” and holds 0 of 3 days",
    ),
    "expertise_requests.acts_of_the_log_are_noted": (
        lambda session, _world: session.execute(sa.delete(ActedOn)),
        "which is not noted there",
    ),
    "expertise_requests.files_are_what_was_sent": (
        lambda session, world: change(session, RequestFile, world.file_id, digest="0" * 64),
        "the content of “Agenda.pdf” among RequestFile rows has changed",
    ),
    "expertise_requests.no_text_was_stored_twice": (
        two_drafts_of_one_form,
        "one form made both",
    ),
    "experts.acts_of_the_log_are_noted": (
        lambda session, _world: session.execute(sa.delete(ActedOnProfile)),
        "which is not noted there",
    ),
    "experts.approvals_agree": (
        lambda session, world: change(
            session, Expert, world.experts[0].id, approved_until=date(2035, 1, 1)
        ),
        "does not agree with the approvals",
    ),
    "experts.states_have_their_facts": (
        lambda session, world: change(
            session, Expert, world.experts[0].id, state=ExpertState.DORMANT
        ),
        "is dormant and has confirmed",
    ),
    "experts.views_agree_with_log": (
        lambda session, world: session.add(
            ProfileView(
                event_id=1, expert_id=world.experts[0].id, account_id=world.nobody.id,
                day=clock.today(), page="experts.show",
            )
        ),
        "who was shown to whom does not agree with audit event 1",
    ),
    "matches.bookings_follow_states": (
        lambda session, world: session.execute(
            sa.delete(BookedDay).where(
                BookedDay.match_id == world.matches[MatchState.APPROVED].id
            )
        ),
        "is “approved” and holds 0 of 3 days",
    ),
    "matches.letters_are_of_who_was_asked": (
        lambda session, world: session.execute(
            sa.update(ReleaseLetter).values(
                organisation_id=world.second(Role.NOMINATING_AUTHORITY).organisation_id
            )
        ),
        "by a letter of another authority than was asked",
    ),
    "matches.letters_are_what_was_sent": (
        lambda session, _world: session.execute(
            sa.update(ReleaseLetterFile).values(digest="0" * 64)
        ),
        "the content of “Letter.pdf” among ReleaseLetterFile rows has changed",
    ),
    "matches.matches_end_with_requests": (
        of_request(MatchState.INVITED, state=RequestState.WITHDRAWN),
        "is “invited” for a request that is “withdrawn”",
    ),
    "matches.nobody_is_considered_by_themselves": (
        lambda session, world: by_themselves(session, world, requester_id=True),
        "is “invited” and of somebody who asks",
    ),
    "matches.nobody_sees_to_a_request_they_are_considered_for": (
        lambda session, world: by_themselves(session, world, handled_by=True),
        "is of somebody who sees to request",
    ),
    "matches.only_active_experts_are_considered": (
        lambda session, world: change(
            session, Expert, world.experts[0].id, state=ExpertState.SUSPENDED
        ),
        "is “invited” and its expert is “suspended”",
    ),
    "matches.selections_fit_requests": (
        of_request(MatchState.SELECTED, experts_needed=2),
        "is “confirmed” with 1 selected of the 2 that it wants",
    ),
    "mission_contacts.contacts_go_after_missions": (
        kept_contact,
        "is over and its emergency contact is kept",
    ),
    "mission_checklists.files_of_missions_are_whole": (
        file_of_mission,
        "the content of “Visa.pdf” among ItemFile rows has changed",
    ),
    "mission_reports.files_of_reports_are_whole": (
        file_of_report,
        "the content of “List.pdf” among MissionReportFile rows has changed",
    ),
    "mission_reports.reports_follow_missions": (report, "is “planned” and has a report"),
    "roster_imports.tables_are_of_open_imports": (
        lambda session, world: change(
            session, RosterImport, world.import_id, state=ImportState.DROPPED
        ),
        "is kept without need",
    ),
}  # fmt: skip

# Where the state takes more than a row is changed; each of these tests expects the sentence.
ELSEWHERE = {
    "audit.verify": "core/test_core_audit.py::test_tampering_is_found",
    "audit_log.verify_published": (
        "audit_log/test_audit_log_publishing.py::test_a_file_that_cannot_be_read_is_a_fault"
    ),
    "experts.approvals_end_by_their_authority": (
        "authorities/test_authorities_changed.py"
        "::test_the_check_finds_an_approval_that_another_authority_has_withdrawn"
    ),
    "experts.nobody_lets_themselves_in": (
        "roster/test_roster_own_decisions.py::test_check_finds_whoever_has_decided_on_themselves"
    ),
    "matches.every_open_request_waits_for_somebody": (
        "matches/test_matches_waiting.py::test_check_finds_a_request_that_waits_for_nobody"
    ),
    "membership.administrators_stand_alone": (
        "membership/test_membership_list.py"
        "::test_an_administrator_with_another_role_is_a_fault_of_the_database"
    ),
    "membership.disabled_ones_have_no_session": (
        "accounts/test_accounts_passkeys.py"
        "::test_a_session_of_a_disabled_account_is_a_fault_of_the_database"
    ),
    "membership.open_ones_of_profiles_have_a_role": (
        "membership/test_membership_list.py"
        "::test_an_open_account_of_a_profile_without_a_role_is_a_fault_of_the_database"
    ),
    "messages.whom_notices_name_is_noted": (
        "messages/test_messages_named.py"
        "::test_the_check_tells_of_a_notice_beside_which_stands_not_whom_it_names"
    ),
    "mission_checklists.experts_sign_themselves": (
        "mission_checklists/test_checklists_clearing.py::test_a_signature_of_somebody_else_is_found"
    ),
    "organisations.closed_ones_are_empty": (
        "organisations/test_organisations_pages.py::test_closing_takes_the_members_out"
    ),
    "platform_settings.settings_are_there": (
        "platform_settings/test_platform_settings.py::test_settings_that_are_missing_are_told"
    ),
    "roster.joined_profiles_have_gone_over": (
        "roster/test_roster_invariants.py::test_a_profile_that_goes_on_after_it_was_joined_is_told"
    ),
    "roster.one_person_has_one_account": (
        "roster/test_roster_own_decisions.py::test_check_finds_who_has_two_accounts"
    ),
    "roster.two_people_are_not_pointed_out": (
        "roster/test_roster_pointed_out.py::test_the_check_tells_of_two_people_who_are_pointed_out"
    ),
}


def name_of(find: Invariant) -> str:
    """Return by which name an invariant stands in the tables above."""
    package = find.__module__.removesuffix(".invariants").rpartition(".")[2]
    return f"{'audit_log' if package == 'publishing' else package}.{find.__name__}"


def found_by(app: Flask, name: str, session: Session) -> list[str]:
    """Return what one invariant finds."""
    with app.app_context():
        (find,) = (one for one in invariants.all_of(app) if name_of(one) == name)
    return list(find(session))


def test_every_invariant_has_a_state_that_it_finds(app: Flask) -> None:
    kept = {name_of(find) for find in invariants.all_of(app)}
    assert kept == BROKEN.keys() | ELSEWHERE.keys()
    assert not BROKEN.keys() & ELSEWHERE.keys()
    for name, where in ELSEWHERE.items():
        file, test = where.split("::")
        source = (ROOT / "tests" / "webapp" / file).read_text("utf-8")
        assert re.search(rf"^def {test}\(", source, re.MULTILINE), name


@pytest.mark.parametrize("name", BROKEN)
def test_the_state_that_an_invariant_forbids_is_told(app: Flask, world: World, name: str) -> None:
    make, sentence = BROKEN[name]
    with reading(app) as session:
        assert found_by(app, name, session) == []
        make(session, world)
        session.flush()
        session.expire_all()
        found = found_by(app, name, session)
    assert any(sentence in one for one in found), found
