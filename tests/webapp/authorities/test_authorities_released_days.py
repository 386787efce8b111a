"""The days for which an authority has released somebody: when it is asked for others, and when not
any more."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.authorities.test_authorities_moved import (
    AGREED,
    ANSWERS,
    LATER,
    Case,
    approved,
    asked_of,
    move_alone,
    release,
    released_for,
    selected,
)
from webapp.accounts.models import Account
from webapp.core import clock, in_hands
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import ReasonKind
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.waiting import Side
from webapp.matches import operations, releases, reminders, sweep
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.waiting import Kind
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.mission_checklists import operations as checklists
from webapp.mission_checklists.models import NeedKind
from webapp.mission_checklists.queries import find_entry

S = MatchState
ASKED = [(Kind.RELEASE, Side.AUTHORITY)]


@pytest.fixture(name="case")
def _case(app: Flask) -> Case:
    return Case(app)


def _reminded_of(case: Case) -> list[int | None]:
    """Return who is reminded in a month of a release that was not answered."""
    with reading(case.app) as session:
        late = reminders.find_releases(session, clock.today() + timedelta(days=30))
        return [one.account_id for one in late]


def _ask_anew(case: Case) -> int:
    with case.app.app_context():
        return sweep.ask_anew()


def test_whoever_has_answered_is_not_silent_before_they_are_asked_for_other_days(
    case: Case,
) -> None:
    match, _mission = selected(case)
    assert _ask_anew(case) == 0
    with writing(case.app) as session:  # As an upgrade reads the days in the log.
        found = session.get_one(Match, match.id)
        found.released_start, found.released_end = LATER
    assert (asked_of(case, match), _reminded_of(case), case.hears(case.authority)) == (ASKED, [], 0)
    assert (_ask_anew(case), _ask_anew(case)) == (1, 0)
    assert case.hears(case.authority) == 1
    assert _reminded_of(case) == [case.authority.id]
    release(case, match)
    assert (asked_of(case, match), _reminded_of(case), _ask_anew(case)) == ([], [], 0)


@pytest.mark.parametrize("days", [AGREED, LATER])
def test_whoever_is_released_and_not_held_is_asked_for_by_the_days_of_the_request(
    case: Case, days: tuple[date, date]
) -> None:
    match = release(case, case.consider(S.RELEASE_ASKED))
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request.id)
        request.moved_start, request.moved_end = days
    assert _ask_anew(case) == (days == LATER)
    assert (asked_of(case, match) == ASKED) == (days == LATER)


def test_whoever_is_chosen_anew_is_asked_for_on_the_days_of_all(case: Case) -> None:
    match, mission = selected(case)
    move_alone(case, mission, LATER)
    release(case, match)
    assert (asked_of(case, match), case.hears(case.authority)) == ([], 1)
    with writing(case.app) as session:
        found = session.get_one(Match, match.id)
        step = MatchStep.TAKE_BACK_SELECTION
        work = factories.work(session, found.request.requester)
        operations.take(work, found, step, factories.grounds(WORKFLOW[step]))
    assert (asked_of(case, match), case.hears(case.authority)) == (ASKED, 2)
    assert (case.state(match), released_for(case, match)) == (S.PROPOSED, LATER)


@pytest.mark.parametrize("state", [S.RELEASED, S.APPROVED])
def test_nobody_is_asked_for_who_is_let_go_as_the_places_are_filled(
    case: Case, visitor: Callable[[], Pages], state: MatchState
) -> None:
    with writing(case.app) as session:
        session.get_one(ExpertiseRequest, case.request.id).experts_needed = 1
    spare = case.consider(S.RELEASED)
    goes, mission = selected(case)
    with writing(case.app) as session:
        found = session.get_one(Match, spare.id)
        assert found.request.state is RequestState.CONFIRMED
        found.state = state
    before = case.hears(case.authority)
    move_alone(case, mission, LATER)
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request.id)
        request.moved_start, request.moved_end = LATER
    assert case.hears(case.authority) == before + 1
    assert asked_of(case, goes) == ASKED
    assert asked_of(case, spare) == [(Kind.LET_GO, Side.OFFICE)]
    page = visitor().come_in(case.office).get(f"/matches/{spare.id}")
    assert "asked anew" not in page.text
    assert "Note the release" not in page.text
    assert _ask_anew(case) == 0
    # Where somebody is to be found again, the others are wanted again.
    with writing(case.app) as session:
        step, found = MatchStep.TAKE_BACK, session.get_one(Match, goes.id)
        why = factories.grounds(WORKFLOW[step])
        operations.take(factories.work(session, case.office), found, step, why)
    assert _ask_anew(case) == 1
    assert asked_of(case, spare) == ASKED


def test_after_departure_the_authority_reads_that_seesac_decides(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    match, mission = selected(case)
    pages, other = visitor().come_in(case.authority), "somebody else is sent"
    move_alone(case, mission, LATER)
    assert other in pages.get(f"/releases/{match.id}").text
    with writing(case.app) as session:
        session.get_one(Deployment, mission).state = DeploymentState.DEPLOYED
    page = pages.get(f"/releases/{match.id}")
    assert "SEESAC, which decides what is to be done" in page.text
    assert other not in page.text
    assert "Do not release" not in page.text


def test_after_its_days_nothing_is_answered_about_a_release(
    case: Case, visitor: Callable[[], Pages], request: pytest.FixtureRequest
) -> None:
    match, mission = selected(case)
    move_alone(case, mission, LATER)
    pages, button = visitor().come_in(case.office), "Note the release"
    before = pages.get(f"/matches/{match.id}")
    assert "asked anew" in before.text
    request.getfixturevalue("clock").move_to(
        datetime.combine(LATER[1] + timedelta(days=1), time(9), UTC)
    )
    pages = visitor().come_in(case.office)
    page = pages.get(f"/matches/{match.id}")
    assert "asked anew" not in page.text
    assert button not in page.text
    late = pages.post(f"/matches/{match.id}/record-the-release", ANSWERS[button], status=409)
    assert "The days of this mission are past" in late.text
    assert released_for(case, match) == AGREED


def _tick_off(case: Case, mission: int, *, opens: bool = False) -> None:
    """Note for the authority that its letter is there, or open it again."""
    with writing(case.app) as session:
        found = session.get_one(Deployment, mission)
        work = factories.work(session, session.get_one(Account, case.authority.id))
        if opens:
            checklists.reopen(work, found, NeedKind.RELEASE)
        else:
            version = found.version
            checklists.settle(work, found, NeedKind.RELEASE, seen_version=version)


def test_a_letter_that_is_ticked_off_answers_nothing_that_the_authority_is_asked(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    match, mission = selected(case)
    move_alone(case, mission, LATER)
    with pytest.raises(ConflictError, match="First the authority answers"):
        _tick_off(case, mission)
    assert (asked_of(case, match), released_for(case, match)) == (ASKED, AGREED)
    pages, button = visitor().come_in(case.authority), "Note the release"
    assert "Note that it is done" not in pages.get(f"/deployments/{mission}/checklist/release").text
    visitor().come_in(case.office).get(f"/matches/{match.id}").submit(button, ANSWERS[button])
    assert (asked_of(case, match), released_for(case, match)) == ([], LATER)
    for opens in (False, True, False):
        _tick_off(case, mission, opens=opens)
        assert (asked_of(case, match), released_for(case, match)) == ([], LATER)


@pytest.mark.parametrize("noted", [True, False])
def test_a_letter_for_other_days_is_none_for_those_that_seesac_notes(
    case: Case, visitor: Callable[[], Pages], *, noted: bool
) -> None:
    match, mission = selected(case)
    move_alone(case, mission, LATER)
    office, authority = (visitor().come_in(one) for one in (case.office, case.authority))
    if noted:
        page, button = office.get(f"/matches/{match.id}"), "Note the release"
    else:
        page, button = authority.get(f"/releases/{match.id}"), "Release for this mission"
    page.submit(button, ANSWERS[button])
    assert (asked_of(case, match), released_for(case, match)) == ([], LATER)
    with reading(case.app) as session:
        found = session.get_one(Deployment, mission)
        assert find_entry(session, found, NeedKind.RELEASE).is_open is noted
    for pages, path in (
        (office, f"/matches/{match.id}"),
        (office, f"/deployments/{mission}/checklist/release"),
        (authority, f"/releases/{match.id}"),
        (authority, f"/deployments/{mission}/checklist/release"),
    ):
        text = pages.get(path).text
        assert ("letter is for other days" in text) is noted
        assert not noted or case.agreed in text
    if noted:
        _tick_off(case, mission)
        with reading(case.app) as session:
            found = session.get_one(Deployment, mission)
            assert not find_entry(session, found, NeedKind.RELEASE).is_open


def test_the_days_of_a_letter_alone_are_forgotten_as_it_is_opened_again(case: Case) -> None:
    match = case.consider(S.SELECTED)
    with writing(case.app) as session:
        why = session.get_one(Match, match.id).unreleased_reason
        assert why
        why.kind = ReasonKind.RELEASED_BEFORE
        mission = session.query(Deployment).filter_by(match_id=match.id).one().id
    assert released_for(case, match) == (None, None)
    _tick_off(case, mission)
    assert released_for(case, match) == AGREED
    _tick_off(case, mission, opens=True)
    assert released_for(case, match) == (None, None)


def test_who_alone_can_answer_for_other_days_has_that_in_hand(case: Case) -> None:
    match, mission = selected(case)
    with reading(case.app) as session:
        assert in_hands.of(session, case.authority.id) == []
    move_alone(case, mission, LATER)
    with reading(case.app) as session:
        (line,) = in_hands.of(session, case.authority.id)
        assert "nobody else of the authority can answer" in str(line)
    release(case, match)
    with reading(case.app) as session:
        assert in_hands.of(session, case.authority.id) == []


def test_what_waits_for_an_authority_stands_first_also_where_it_is_asked_anew(case: Case) -> None:
    anew, mission = selected(case)
    later = release(case, case.consider(S.RELEASE_ASKED))
    asked = case.consider(S.RELEASE_ASKED)

    def first() -> list[int]:
        with reading(case.app) as session:
            reader = session.get_one(Account, case.authority.id).as_actor()
            return [one.id for one in releases.list_asked(session, reader)]

    assert first()[0] == asked.id
    with writing(case.app) as session:
        session.get_one(Match, later.id).state_since += timedelta(hours=1)
    move_alone(case, mission, LATER)
    assert (set(first()[:2]), first()[2]) == ({asked.id, anew.id}, later.id)


def test_a_release_that_is_awaited_anew_stands_in_the_queue_also_once_its_request_is_closed(
    case: Case,
) -> None:
    match, mission = selected(case)
    with writing(case.app) as session:
        session.get_one(ExpertiseRequest, case.request.id).state = RequestState.CLOSED

    def lines() -> tuple[list[int], list[int]]:
        with reading(case.app) as session:
            found = worklist(session, session.get_one(Account, case.office.id).as_actor())
            ours, theirs = (
                [one.match.id for one in lines if one.match] for lines in (found.ours, found.theirs)
            )
            return ours, theirs

    assert lines() == ([], [])
    move_alone(case, mission, LATER)
    assert lines() == ([], [match.id])
    with writing(case.app) as session:
        session.get_one(Account, case.authority.id).active = False
    assert lines() == ([match.id], [])
    release(case, match)
    assert lines() == ([], [])


def test_a_requester_reads_who_cannot_be_selected_yet_and_is_offered_nothing_else(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    match = approved(case, is_proposed=True)
    with writing(case.app) as session:
        requester = session.get_one(Match, match.id).request.requester
    pages, address = visitor().come_in(requester), f"/requests/{case.request.id}/proposed"
    select = f"/proposals/{match.id}/select"
    assert select in pages.get(address).links.values()
    case.move()
    page = pages.get(address)
    assert select not in page.links.values()
    assert "Cannot be selected yet" in page.text


def test_who_is_released_for_other_days_keeps_nobody_else_from_being_proposed(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    released = approved(case)
    other = case.consider(S.APPROVED)
    case.move()
    pages = visitor().come_in(case.office)
    page = pages.get(f"/requests/{case.request.id}/propose")
    assert f"{released.expert.name} stays approved, and is not proposed yet." in page.text
    page.submit("Propose to the requester", {"Why you propose this expert": "She has led such."})
    assert (case.state(released), case.state(other)) == (S.APPROVED, S.PROPOSED)
    page = pages.get(f"/requests/{case.request.id}/propose")
    assert "There is no approved expert to propose yet." not in page.text
