"""What was done beside a workflow, or by another act, since an older page was drawn, counts too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.amendments.conftest import Case as Amended
from tests.webapp.core.test_core_older_pages import REFUSED, Approver, SignIn, consent_of
from tests.webapp.mission_checklists.test_checklists_readers import Case as Mission
from webapp.amendments import operations as amendments
from webapp.amendments.workflow import AmendmentStep
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import joining
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval
from webapp.matches import invitation_links
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.mission_checklists.models import Item, ItemState, NeedKind
from webapp.my_data import operations as my_data
from webapp.organisations.models import Organisation
from webapp.roster import merging

SUSPENDED = {"suspend-kind": "other", "suspend-reason": "Two accounts of one event."}
INSURANCE = "checklist/insurance"
SETTLE, LEAVE_OUT = "Note that it is done", "Not needed"
NOT_NEEDED = {"reason": "The ministry insures everybody."}


def test_who_left_the_roster_agrees_to_nothing_by_the_page_before(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        number = factories.expert(
            session, signs_in=False, state=ExpertState.SCREENING, consented_at=None,
            consent_version=None,
        ).id  # fmt: skip
    before = sign_in_as(Role.COORDINATOR).get(f"/roster/{number}")
    with writing(app) as session:
        my_data.withdraw_consent(factories.work(session, SYSTEM), session.get_one(Expert, number))
    assert REFUSED in before.submit("Note the consent", consent_of(before), status=409).text
    with reading(app) as session:
        assert session.get_one(Expert, number).consented_at is None


def of_insurance(case: Mission) -> Page:
    return case.pages[Role.COORDINATOR].get(f"/deployments/{case.number}/{INSURANCE}")


def settle(page: Page, status: int | None = None) -> Page:
    return page.submit(SETTLE, status=status)


def leave_out(page: Page, status: int | None = None) -> Page:
    words = [name for name in page.form(LEAVE_OUT).values if name.endswith("reason")]
    return page.submit(LEAVE_OUT, dict.fromkeys(words, NOT_NEEDED["reason"]), status=status)


@pytest.mark.parametrize(("first", "second"), [(settle, leave_out), (leave_out, settle)])
def test_what_was_opened_again_is_not_settled_otherwise_from_the_page_before(
    app: Flask,
    visitor: Callable[[], Pages],
    first: Callable[..., Page],
    second: Callable[..., Page],
) -> None:
    case = Mission(app, visitor)
    before = of_insurance(case)
    first(of_insurance(case))
    of_insurance(case).submit("Open it again")
    assert REFUSED in second(before, status=409).text
    with reading(app) as session:
        item = session.query(Item).filter_by(kind=NeedKind.INSURANCE).one()
        assert item.state is ItemState.OPEN


def test_a_mission_goes_without_nothing_that_was_opened_since_the_page_was_drawn(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Mission(app, visitor)
    with writing(app) as session:
        made = session.get_one(Deployment, case.number)
        factories.settle(session, made, *set(NeedKind) - {NeedKind.VISA})
    before = case.mission(Role.COORDINATOR)
    of_insurance(case).submit("Open it again")
    why = {"Why the mission can go without it": "The visa is given at the border."}
    again = before.submit("Clear although something is missing", why, status=409)
    assert REFUSED in again.text
    assert "The visa is given at the border." in again.text
    with reading(app) as session:
        assert session.get_one(Deployment, case.number).state is DeploymentState.PLANNED


@pytest.mark.parametrize(
    ("state", "button", "prefix"),
    [
        (MatchState.INVITED, "Note a yes given elsewhere", "note-the-yes"),
        (MatchState.INVITED, "Note a no given elsewhere", "note-the-no"),
        (MatchState.INVITED, "End this match", "cancel"),
        (MatchState.RELEASE_ASKED, "Note the release", "record-the-release"),
        (MatchState.RELEASE_ASKED, "Note that release was refused", "record-the-refusal"),
    ],
)
def test_an_answer_to_other_terms_is_not_noted_from_the_page_before(
    app: Flask, visitor: Callable[[], Pages], state: MatchState, button: str, prefix: str
) -> None:
    case = Amended(app, visitor)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        number = factories.match(session, state, request=request, coordinator=case.office).id
    before = case.coordinator.get(f"/matches/{number}")
    # While a release is asked for the days stay, and what is to be done can change.
    changes: dict[str, Any] = {"place": "Osh"}
    if state is MatchState.INVITED:
        changes = {"start": date(2031, 8, 5), "end": date(2031, 8, 8)}
    proposed = case.propose(case.person, **changes)
    case.take(case.office, AmendmentStep.AGREE, proposed)
    is_yes = prefix in {"note-the-yes", "record-the-release"}
    kind = "by telephone" if is_yes else "dates"
    words = {f"{prefix}-kind": kind, f"{prefix}-reason": "The major said so on Monday."}
    if prefix == "record-the-release":
        today = clock.today().isoformat()
        words |= {f"{prefix}-said_by": "Major Izmišljen", f"{prefix}-said_on": today}
    names = set(before.form(button).values)
    assert set(words) <= names, names
    again = before.submit(button, words, status=409)
    assert REFUSED in again.text
    assert "The major said so on Monday." in again.text
    with reading(app) as session:
        assert session.get_one(Match, number).state is state


def test_a_no_to_other_days_is_not_taken_from_the_page_before(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Amended(app, visitor)
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT)
        match = factories.match(
            session, MatchState.INVITED, coordinator=case.office,
            request=session.get_one(ExpertiseRequest, case.request_id),
            expert=factories.expert(session, person=person),
        )  # fmt: skip
        number = match.id
        link = invitation_links.make(factories.work(session, case.office), match)
    pages = visitor().come_in(person)
    before = pages.get(f"/invitations/{number}"), visitor().get(link)
    days: dict[str, Any] = {"start": date(2031, 8, 5), "end": date(2031, 8, 8)}
    case.take(case.office, AmendmentStep.AGREE, case.propose(case.person, **days))
    no = {"decline-kind": "dates", "decline-reason": "My sister marries in May."}
    for page in before:
        again = page.submit("No, I cannot go", no, status=409)
        assert REFUSED in again.text
        assert "My sister marries in May." in again.text
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.INVITED


@pytest.mark.parametrize("button", ["Close with those selected", "Close without an expert"])
def test_a_request_is_not_closed_with_others_than_its_page_showed_selected(
    app: Flask, visitor: Callable[[], Pages], button: str
) -> None:
    case = Amended(app, visitor)
    with writing(app) as session:
        request = case.begin(session, RequestState.PROPOSED, experts_needed=2)
        states = MatchState.SELECTED, MatchState.PROPOSED
        if button == "Close without an expert":
            states = MatchState.PROPOSED, MatchState.PROPOSED
        ids = [
            factories.match(session, state, request=request, coordinator=case.office).id
            for state in states
        ]
        request_id = request.id
    before = case.coordinator.get(f"/requests/{request_id}")
    with writing(app) as session:
        requester = factories.work(session, case.person)
        one, other = (session.get_one(Match, number) for number in ids)
        why = Grounds(ReasonKind.MISTAKE, "Wrong name.")
        if states[0] is MatchState.PROPOSED:
            matches.take(requester, one, MatchStep.SELECT)
        matches.take(requester, one, MatchStep.TAKE_BACK_SELECTION, why)
        if states[0] is MatchState.SELECTED:
            matches.take(requester, other, MatchStep.SELECT)
    slug = button.lower().replace(" ", "-")
    slug = "leave-unfilled" if slug == "close-without-an-expert" else slug
    given = {f"{slug}-kind": "other", f"{slug}-reason": "Nobody else is free."}
    again = before.submit(button, given, status=409)
    assert REFUSED in again.text
    assert "Nobody else is free." in again.text
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, request_id).state is RequestState.PROPOSED


NEARER = {
    MatchStep.APPROVE: MatchState.RELEASED,
    MatchStep.INVITE: MatchState.SHORTLISTED,
    MatchStep.ASK_RELEASE: MatchState.AVAILABLE,
}


@pytest.mark.parametrize("button", ["Close with those selected", "Close without an expert"])
@pytest.mark.parametrize("step", NEARER)
def test_a_request_is_not_closed_since_somebody_came_nearer_than_its_page_showed(
    app: Flask, visitor: Callable[[], Pages], button: str, step: MatchStep
) -> None:
    case = Amended(app, visitor)
    with writing(app) as session:
        request = case.begin(session, RequestState.MATCHING, experts_needed=2)
        if button == "Close with those selected":
            factories.match(session, MatchState.SELECTED, request=request, coordinator=case.office)
            request.state = RequestState.PROPOSED
        match = factories.match(session, NEARER[step], request=request, coordinator=case.office)
        request_id, number, state = request.id, match.id, request.state
    before = case.coordinator.get(f"/requests/{request_id}")
    with writing(app) as session:
        colleague = factories.account(session, Role.COORDINATOR)
        matches.take(factories.work(session, colleague), session.get_one(Match, number), step)
    slug = "close-with-those-selected" if "with " in button else "leave-unfilled"
    given = {f"{slug}-kind": "other", f"{slug}-reason": "Nobody else is free."}
    again = before.submit(button, given, status=409)
    assert REFUSED in again.text
    assert "Nobody else is free." in again.text
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, request_id).state is state


def made_ready(app: Flask, visitor: Callable[[], Pages]) -> Mission:
    """Return a mission for which everything is seen to."""
    case = Mission(app, visitor)
    with writing(app) as session:
        factories.settle(session, session.get_one(Deployment, case.number))
    return case


def is_planned(app: Flask, case: Mission) -> bool:
    with reading(app) as session:
        return session.get_one(Deployment, case.number).state is DeploymentState.PLANNED


def test_what_was_planned_anew_is_neither_cleared_nor_closed_from_the_page_before(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = made_ready(app, visitor)
    with reading(app) as session:
        match = session.get_one(Deployment, case.number).match
        number, request_id = match.id, match.request_id
    office = case.pages[Role.COORDINATOR]
    mission, request = case.mission(Role.COORDINATOR), office.get(f"/requests/{request_id}/close")
    with writing(app) as session:
        match = session.get_one(Match, number)
        requester = factories.work(session, match.request.requester)
        why = Grounds(ReasonKind.MISTAKE, "Wrong name.")
        matches.take(requester, match, MatchStep.TAKE_BACK_SELECTION, why)
        matches.take(requester, match, MatchStep.SELECT)
    assert REFUSED in mission.submit("Clear for departure", status=409).text
    assert REFUSED in request.submit("Close the request", status=409).text
    assert is_planned(app, case)
    with reading(app) as session:
        assert session.get_one(Match, number).request.state is RequestState.CONFIRMED


def test_an_approval_by_one_authority_is_not_recorded_as_one_of_another(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        houses = [factories.organisation(session) for _ in range(2)]
        expert = factories.expert(session)
        factories.make_official(session, expert, houses[0].id)
        number, other = expert.id, houses[1].id
    office = Approver(sign_in_as(Role.COORDINATOR), number, Role.COORDINATOR)
    before = office.page()
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        expert = session.get_one(Expert, number)
        joining.set_standing(
            work, expert, session.get_one(Organisation, other), "", "", seen_version=expert.version
        )
    assert REFUSED in office.approve(before, status=409).text
    with reading(app) as session:
        theirs = sa.select(Approval).where(Approval.organisation_id == other)
        assert session.scalars(theirs).all() == []


def test_two_people_are_not_joined_from_the_page_before_somebody_told_them_apart(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        one, other = (factories.expert(session, signs_in=False) for _ in range(2))
        numbers = one.id, other.id
    pages = sign_in_as(Role.COORDINATOR)
    address = f"/roster/{numbers[0]}/join/{numbers[1]}"
    before = pages.get(address)
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        merging.tell_apart(work, *(session.get_one(Expert, number) for number in numbers))
    again = before.submit("Join the two profiles", {"sure": "y"}, status=409)
    assert "A colleague has said since that these are two people." in again.text
    with reading(app) as session:
        assert session.get_one(Expert, numbers[1]).state is ExpertState.ACTIVE
    # Whoever has read that, and knows better, can join them.
    assert "A coordinator has said that these are two people." in again.text
    again.submit("Join the two profiles", {"sure": "y"})
    with reading(app) as session:
        assert session.get_one(Expert, numbers[1]).state is ExpertState.ERASED


def test_a_mission_under_other_terms_is_not_cleared_from_the_page_before(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = made_ready(app, visitor)
    before = case.mission(Role.COORDINATOR)
    with writing(app) as session:
        made = session.get_one(Deployment, case.number)
        request = made.match.request
        content = replace(get_content(request), place="Osh")
        seen, office = request.tor_version, factories.account(session, Role.COORDINATOR)
        why = Grounds(ReasonKind.COMMENT, "The hall has moved.")
        requester = factories.work(session, request.requester)
        amendment = amendments.propose(requester, request, content, why, seen_version=seen)
        amendments.take(factories.work(session, office), amendment, AmendmentStep.AGREE, why)
        factories.settle(session, made)
    assert REFUSED in before.submit("Clear for departure", status=409).text
    assert is_planned(app, case)


def test_an_approval_beside_which_another_stands_is_not_withdrawn_from_the_page_before(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        factories.make_official(session, expert, factories.organisation(session).id)
        number = expert.id
    office = Approver(sign_in_as(Role.COORDINATOR), number, Role.COORDINATOR)
    before = office.page()
    office.approve(office.page())
    assert REFUSED in office.withdraw(before, status=409).text
    with reading(app) as session:
        assert all(row.ended_on is None for row in session.scalars(sa.select(Approval)))


def test_a_letter_of_one_authority_is_none_of_that_which_came_by_joining(
    app: Flask, sign_in_as: SignIn
) -> None:
    with writing(app) as session:
        kept, gone = (
            factories.expert(session, signs_in=False, approved_until=None) for _ in range(2)
        )
        factories.make_official(session, gone, factories.organisation(session).id)
        numbers = kept.id, gone.id
    pages = sign_in_as(Role.COORDINATOR)
    office = Approver(pages, numbers[0], Role.COORDINATOR)
    before = office.page()
    pages.get(f"/roster/{numbers[0]}/join/{numbers[1]}").submit(
        "Join the two profiles", {"sure": "y"}
    )
    with reading(app) as session:
        known = session.scalars(sa.select(sa.func.count()).select_from(Approval)).one()
    assert REFUSED in office.approve(before, status=409).text
    assert REFUSED in before.submit("Suspend", SUSPENDED, status=409).text
    with reading(app) as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Approval)).one() == known
        assert session.get_one(Expert, numbers[0]).state is ExpertState.ACTIVE
