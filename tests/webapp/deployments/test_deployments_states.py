"""A mission goes on from the selection to the follow-up, or ends early, and all sides are told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations, rules
from webapp.deployments.models import Deployment, DeploymentState
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests.models import RequestState
from webapp.experts.standing_tables import PhoneCall
from webapp.matches import operations as matches
from webapp.matches.models import MatchState
from webapp.matches.workflow import WORKFLOW as OF_MATCHES
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice

D, S = DeploymentStep, DeploymentState
MALADY = "A fictional malady."


def told(session: Session, person: Account | None) -> list[str]:
    """Return the subjects of what somebody was told, oldest first."""
    rows = session.query(Notice).filter_by(account_id=person.id if person else 0)
    return [row.words["subject"]["text"] for row in rows.order_by(Notice.id)]


def mission(session: Session, **facts: Any) -> Deployment:
    """Make a mission that is planned."""
    match = factories.match(session, MatchState.SELECTED, **facts)
    return session.query(Deployment).filter_by(match_id=match.id).one()


def move_to(clock: Any, day: date) -> None:
    """Let it be noon of a day."""
    clock.move_to(datetime.combine(day, time(12), UTC))


def take(session: Session, made: Deployment, *names: DeploymentStep) -> None:
    """Have a coordinator take steps, with a reason where one is needed."""
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    for name in names:
        if name is D.CLEAR:
            factories.settle(session, made)
        why = {
            D.CURTAIL: Grounds(ReasonKind.OTHER, MALADY),
            D.REPORT: Grounds(ReasonKind.COMMENT, "By letter."),
        }.get(name)
        operations.take(work, made, name, why)
    session.flush()


def begin(session: Session, clock: Any, **facts: Any) -> Deployment:
    """Make a mission that is under way on its first day."""
    made = mission(session, **facts)
    take(session, made, D.CLEAR)
    move_to(clock, made.start)
    take(session, made, D.DEPART)
    return made


def test_a_mission_goes_on_to_its_follow_up(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = begin(session, clock)
        assert made.state is S.DEPLOYED
        move_to(clock, made.end)
        for name, state in ((D.RETURN, S.RETURNED), (D.REPORT, S.REPORTED)):
            take(session, made, name)
            assert (made.state, made.state_since) == (state, datetime.now(UTC))
        with pytest.raises(ConflictError, match="is asked from"):
            take(session, made, D.FOLLOW_UP)
        move_to(clock, made.end + rules.FOLLOW_UP_FROM)
        take(session, made, D.FOLLOW_UP)
        assert made.state.value == "followed up"
        assert invariants.run(session) == []


def test_all_sides_are_told_and_who_has_no_account_is_called(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        ministry = factories.organisation(session)
        official = factories.account(
            session, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id
        )
        expert = factories.expert(
            session, authority_id=ministry.id, approved_until=date(2040, 1, 1)
        )
        made = begin(session, clock, expert=expert)
        take(session, made, D.CURTAIL)
        assert told(session, expert.account)[-2:] == [
            "%(reference)s: you can go", "%(reference)s: your mission has ended early"
        ]  # fmt: skip
        assert told(session, made.match.request.requester)[-2:] == [
            "%(reference)s: an expert can come", "%(reference)s: a mission has ended early"
        ]  # fmt: skip
        assert [subject.split(": ")[1] for subject in told(session, official)[-3:]] == [
            "an official of yours is cleared to go",
            "an official of yours is on a mission",
            "the mission of an official of yours has ended early",
        ]
        unreached = mission(session)
        unreached.match.expert.account = None
        session.flush()
        calls = session.query(PhoneCall).filter_by(expert_id=unreached.match.expert_id)
        before = calls.count()
        take(session, unreached, D.CLEAR)
        assert calls.count() == before + 1


def test_a_mission_begins_and_ends_on_its_days(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = mission(session)
        take(session, made, D.CLEAR)
        move_to(clock, made.start - timedelta(days=1))
        with pytest.raises(ConflictError, match="nobody has left before"):
            take(session, made, D.DEPART)
        move_to(clock, made.start)
        take(session, made, D.DEPART)
        move_to(clock, made.end - timedelta(days=1))
        with pytest.raises(ConflictError, match="ended it early"):
            take(session, made, D.RETURN)
        move_to(clock, made.end)
        with pytest.raises(ConflictError, match="nothing is ended early"):
            take(session, made, D.CURTAIL)


def test_days_after_an_early_end_are_free_for_another_mission(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = begin(session, clock)
        take(session, made, D.CURTAIL)
        assert (made.state, made.end) == (S.CURTAILED, made.start)
        assert [row.day for row in made.match.booked_days] == [made.start]
        assert made.reason
        assert made.reason.text == MALADY
        assert invariants.run(session) == []
        session.expire_all()
        end = made.match.request.end
        factories.match(
            session,
            MatchState.APPROVED,
            expert=made.match.expert,
            request=factories.request(
                session, RequestState.ACCEPTED, start=made.start + timedelta(days=1),
                end=end,
            ),
        )  # fmt: skip
        take(session, made, D.REPORT)
        assert made.reason, "why it ended early stays known"


def test_the_selection_of_a_mission_under_way_stays(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        made = begin(session, clock)
        match = made.match
        for person, name in (
            (match.expert.account, MatchStep.FALL_OUT),
            (match.request.requester, MatchStep.TAKE_BACK_SELECTION),
            (factories.account(session, Role.COORDINATOR), MatchStep.TAKE_BACK),
        ):
            work = factories.work(session, person)
            with (
                pytest.raises(ConflictError, match="The mission has begun"),
                session.begin_nested(),
            ):
                matches.take(work, match, name, factories.grounds(OF_MATCHES[name]))
        session.expire_all()
        assert (match.state, made.state) == (MatchState.SELECTED, S.DEPLOYED)


@pytest.mark.parametrize("over", [False, True])
def test_what_was_done_stays_when_the_match_ends_by_itself(
    app: Flask, clock: Any, over: bool
) -> None:
    with writing(app) as session:
        made = begin(session, clock)
        if over:
            take(session, made, D.CURTAIL)
        why = Grounds(ReasonKind.LEFT_ROSTER)
        work = factories.work(session, factories.account(session, Role.COORDINATOR)).on_behalf()
        matches.take(work, made.match, MatchStep.TAKE_BACK, why)
        assert (made.state, made.end) == (S.CURTAILED, made.start)
        assert made.match.state is MatchState.CANCELLED
        assert invariants.run(session) == []


def test_nobody_decides_on_a_mission_of_their_own(app: Flask) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        made = mission(session, expert=factories.expert(session, person=person))
        with pytest.raises(ForbiddenError, match="your own"):
            operations.take(factories.work(session, person), made, D.CLEAR)


def test_a_mission_is_shown_to_those_it_concerns_and_its_reason_to_coordinators(
    app: Flask, visitor: Callable[[], Pages], clock: Any
) -> None:
    with writing(app) as session:
        made = begin(session, clock)
        expert = made.match.expert
        concerned = (made.match.request.requester, expert.account)
        other = factories.account(session, Role.REQUESTER)
        stranger = factories.expert(session).account
        coordinator = factories.account(session, Role.COORDINATOR)
        url = f"/deployments/{made.id}"
    office = visitor().come_in(coordinator)
    page = office.get("/deployments").follow(expert.name)
    refused = page.submit("End the mission early", {"curtail-kind": "other"}, status=400)
    assert "curtail-reason" in refused.errors
    page = refused.submit(
        "End the mission early", {"curtail-kind": "other", "curtail-reason": MALADY}
    )
    assert "ends today, and all sides are told" in page.text
    assert MALADY in page.text
    assert "ended early" in page.text
    for person in concerned:
        page = visitor().come_in(person).get(url)
        assert page.heading == f"Mission of {expert.name} curtailed"
        assert MALADY not in page.text
        assert "What can be done now" not in page.text
    for person in (other, stranger):
        visitor().come_in(person).get(url, status=404)


def test_a_team_stands_on_the_page_of_each_of_its_members(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        first, second = (mission(session, request=request) for _ in range(2))
        readers = (factories.account(session, Role.COORDINATOR), request.requester)
        name, account = second.match.expert.name, first.match.expert.account
    url = f"/deployments/{first.id}"
    for reader in readers:
        page = visitor().come_in(reader).get(url)
        assert page.follow(name).heading.startswith("Mission of")
    alone = visitor().come_in(account).get(url)
    assert name not in alone.text


def test_the_missions_of_a_request_stand_on_its_page_for_those_who_may_see_them(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        ours = factories.organisation(session)
        owner, colleague = (
            factories.account(session, Role.REQUESTER, organisation_id=ours.id) for _ in range(2)
        )
        asked = factories.request(session, RequestState.ACCEPTED, requester=owner)
        made = mission(session, request=asked)
        name, url = made.match.expert.name, f"/requests/{asked.id}"
        readers = (factories.account(session, Role.COORDINATOR), owner)
    for reader in readers:
        page = visitor().come_in(reader).get(url)
        assert page.follow(name).heading == f"Mission of {name} planned"
    page = visitor().come_in(colleague).get(url)
    assert name not in page.text
    assert "Missions" not in page.text
