"""Nobody reads who is considered for a request of their own or of their organisation, and why."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock as now
from webapp.core.access import Permission, permission_of
from webapp.core.errors import ForbiddenError
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment
from webapp.expertise_requests import correspondence, taking_over
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.rules import can_read
from webapp.experts.models import Expert, UnavailablePeriod
from webapp.matches import commitments as of_experts
from webapp.matches import facts, profile_changes
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.placing import Placing
from webapp.matches.work_queue.worklist import worklist
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages import reminders
from webapp.messages.models import Notice
from webapp.roster import commitments

Asking = tuple[Account, Match, ExpertiseRequest]
BOTH = (Role.REQUESTER, Role.COORDINATOR)
# Those who ask: the writer, a colleague, and the writer after having become a coordinator alone;
# and the writer of what is in a colleague's hands by now, who has left the organisation as well.
WHO = ("owner", "colleague", "once the owner", "of the past")


def on_the_other_side(session: Any, who: str) -> tuple[Account, Account]:
    """Return the writer of a request, and one of those who ask."""
    ours = factories.organisation(session) if who in {"colleague", "of the past"} else None
    belongs = {"organisation_id": ours.id} if ours else {}
    if who == "colleague":
        writer = factories.account(session, Role.REQUESTER, **belongs)
        return writer, factories.account(session, *BOTH, **belongs)
    writer = factories.account(session, *BOTH, **belongs)
    return writer, writer


def change_sides(session: Session, who: str, asks: Account, *requests: ExpertiseRequest) -> None:
    """Let the writer of these requests become a coordinator alone, or one of another house."""
    if who == "of the past":
        heir = factories.account(
            session, Role.REQUESTER, organisation_id=requests[0].organisation_id
        )
        for request in requests:
            seen = request.version
            work, why = factories.work(session, heir), factories.grounds()
            taking_over.take_over(work, request, why, seen_version=seen)
        asks.organisation_id = None
    if who in {"once the owner", "of the past"}:
        asks.roles = [role for role in asks.roles if role.name is Role.COORDINATOR]
    session.flush()


@pytest.fixture
def asking(app: Flask, request: pytest.FixtureRequest) -> Asking:
    """Return one of those who ask, a match of their request, and one that waits for experts."""
    with writing(app) as session:
        writer, who = on_the_other_side(session, request.param)
        theirs = factories.request(
            session, RequestState.ACCEPTED, requester=writer, experts_needed=2
        )
        match = factories.match(session, MatchState.SHORTLISTED, request=theirs)
        waiting = factories.request(session, RequestState.ACCEPTED, requester=writer)
        elsewhere = factories.request(session, RequestState.ACCEPTED)
        factories.match(session, MatchState.SHORTLISTED, request=elsewhere, expert=match.expert)
        change_sides(session, request.param, who, theirs, waiting)
    return who, match, waiting


def consider(
    session: Session, request_id: int, office_id: int, experts: Iterable[int],
    states: Iterable[MatchState], placing: Placing = factories.PLACING,
) -> None:  # fmt: skip
    """Let a coordinator bring these experts, one by one, to these states for a request."""
    for number, state in zip(experts, states, strict=True):
        factories.match(
            session,
            state,
            request=session.get_one(ExpertiseRequest, request_id),
            expert=session.get_one(Expert, number),
            coordinator=session.get_one(Account, office_id),
            placing=placing,
        )


def addresses(app: Flask, match: Match) -> list[tuple[str, str]]:
    """Return method and address of all that coordinators do with one request or match."""
    things = {
        "request_id": match.request_id, "match_id": match.id, "expert_id": match.expert_id,
        "act": "count", "digest": "0" * 64, "step": "invite",
    }  # fmt: skip
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        # Missions have their own tests: these requests have none yet.
        ours = bool(rule.arguments) and rule.arguments <= things.keys()
        by_seesac = permission_of(app, rule.endpoint) is Permission.MATCH_DECIDE
        if ours and (by_seesac or rule.endpoint == "mission_documents.ask_for_nomination"):
            values = {name: things[name] for name in rule.arguments}
            for method in (rule.methods or set()) & {"GET", "POST"}:
                found.append((method, adapter.build(rule.endpoint, values, method)))
    return sorted(found)


@pytest.mark.parametrize("asking", WHO, indirect=True)
def test_nobody_reaches_the_work_of_coordinators_on_a_request_of_their_own(
    app: Flask, visitor: Callable[[], Pages], asking: Asking
) -> None:
    who, match, _ = asking
    pages = visitor().come_in(who)
    found = addresses(app, match)
    assert len(found) >= 10
    for method, url in found:
        data = {"csrf_token": pages.own_token()} if method == "POST" else None
        page = pages.check(url, pages.client.open(url, method=method, data=data))
        assert page.status == 403, f"{method} {url}: {page.status}"
        assert match.expert.name not in page.text


def test_other_coordinators_reach_it(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SHORTLISTED)
    pages = sign_in_as(Role.COORDINATOR)
    for method, url in addresses(app, match):
        if method == "GET":
            # Whoever names nobody to compare is told so, and there is no letter about a release
            # before one is asked for.
            fitting = {404} if url.endswith("/letter") else {200, 302, 400}
            assert pages.client.get(url).status_code in fitting, url


@pytest.mark.parametrize("asking", WHO, indirect=True)
def test_no_page_of_another_request_tells_of_it(
    app: Flask, visitor: Callable[[], Pages], asking: Asking
) -> None:
    who, match, waiting = asking
    pages = visitor().come_in(who)
    with reading(app) as session:
        found = worklist(session, factories.actor(session.get_one(Account, who.id)))
        shown = [task.match.id for task in found.ours + found.theirs if task.match]
        (other,) = session.scalars(sa.select(Match.id).where(Match.id != match.id))
        assert shown == [other]
    queue = pages.get("/queue")
    ranking = f"/requests/{match.request_id}/matches"
    assert not {ranking, f"/requests/{waiting.id}/matches"} & set(queue.addresses)
    # That nobody is on its shortlist yet is told to colleagues alone.
    assert f"/requests/{waiting.id}" not in queue.addresses
    assert f"/matches/{match.id}" not in queue.addresses
    page = pages.get(f"/matches/{other}")
    assert f"/matches/{match.id}" not in page.addresses
    assert ranking not in pages.get(f"/requests/{match.request_id}").addresses


REASON = "My child is ill."


def notices_of(session: Session, person: Account) -> list[Notice]:
    session.flush()
    return list(session.scalars(sa.select(Notice).where(Notice.account_id == person.id)))


@pytest.mark.parametrize("who", WHO)
def test_no_notice_of_coordinators_tells_those_who_ask_of_candidates(
    session: Session, clock: Any, who: str
) -> None:
    writer, asks = on_the_other_side(session, who)
    office = factories.account(session, Role.COORDINATOR)
    theirs = factories.request(session, RequestState.ACCEPTED, requester=writer, coordinator=office)
    match = factories.match(session, MatchState.INVITED, request=theirs, coordinator=office)
    change_sides(session, who, asks, theirs)
    before = len(notices_of(session, asks)), len(notices_of(session, office))
    expert = factories.work(session, match.expert.account)
    matches.take(expert, match, MatchStep.ACCEPT)
    day = theirs.start
    assert day
    tell = factories.work(session, office)
    matches.take(tell, match, MatchStep.APPROVE, factories.grounds(WORKFLOW[MatchStep.APPROVE]))
    match.expert.unavailable = [UnavailablePeriod(start=day, end=day)]
    session.flush()
    profile_changes.tell_of_clashes(match.expert, work=expert)
    matches.take(expert, match, MatchStep.TAKE_BACK_YES, Grounds(ReasonKind.PERSONAL, REASON))
    assert len(notices_of(session, asks)) == before[0]
    assert len(notices_of(session, office)) == before[1] + 3


def test_a_reminder_tells_nobody_as_a_coordinator_who_asks(app: Flask, clock: Any) -> None:
    with writing(app) as session:
        writer, asks = on_the_other_side(session, "colleague")
        office = factories.account(session, Role.COORDINATOR)
        theirs = factories.request(
            session, RequestState.ACCEPTED, requester=writer, coordinator=office
        )
        match = factories.match(session, MatchState.INVITED, request=theirs, coordinator=office)
        assert match.reply_by
        told = len(notices_of(session, asks)), len(notices_of(session, office))
    clock.shift(timedelta(days=(match.reply_by - now.today()).days + 1))
    with app.app_context():
        reminders.send_due()
    with reading(app) as session:
        after = [
            len(notices_of(session, session.get_one(Account, one.id))) for one in (asks, office)
        ]
        assert after == [told[0], told[1] + 1]


def test_nobody_is_told_as_a_coordinator_of_themselves_as_an_expert(session: Session) -> None:
    both = factories.account(session, Role.EXPERT, Role.COORDINATOR)
    match = factories.match(
        session, MatchState.PROPOSED, expert=factories.expert(session, person=both)
    )
    paths = {row.path for row in notices_of(session, both)}
    step = MatchStep.PASS_OVER
    requester = factories.work(session, match.request.requester)
    matches.take(requester, match, step, factories.grounds(WORKFLOW[step]))
    assert {row.path for row in notices_of(session, both)} == paths | {f"/invitations/{match.id}"}
    assert not [path for path in paths if path.startswith("/matches/")]


def fallen_out(session: Session, who: str) -> tuple[Account, Deployment]:
    """Return one of those who ask, and a mission for them whose expert cannot go any more."""
    writer, asks = on_the_other_side(session, who)
    office = factories.account(session, Role.COORDINATOR)
    theirs = factories.request(session, RequestState.ACCEPTED, requester=writer, coordinator=office)
    match = factories.match(session, MatchState.SELECTED, request=theirs, coordinator=office)
    expert = factories.work(session, match.expert.account)
    matches.take(expert, match, MatchStep.FALL_OUT, Grounds(ReasonKind.PERSONAL, REASON))
    mission = missions.find_of_match(session, match.id)
    assert mission
    change_sides(session, who, asks, theirs)
    return asks, mission


def test_who_asks_reads_their_mission_as_a_requester_and_not_why_it_has_ended(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        asks, mission = fallen_out(session, "owner")
        name = mission.match.expert.name
    page = visitor().come_in(asks).get(f"/deployments/{mission.id}")
    assert name in page.text
    assert REASON not in page.text


@pytest.mark.parametrize("who", ["colleague", "once the owner", "of the past"])
def test_the_missions_of_those_who_ask_are_not_found_by_others_on_their_side(
    app: Flask, visitor: Callable[[], Pages], who: str
) -> None:
    with writing(app) as session:
        asks, mission = fallen_out(session, who)
        expert, reference = mission.match.expert, mission.match.request.reference
    pages = visitor().come_in(asks)
    pages.get(f"/deployments/{mission.id}", status=404)
    month = f"{mission.start:%Y-%m}"
    assert expert.name not in pages.get(f"/deployments?month={month}").text
    assert expert.name not in pages.get("/queue").text
    assert reference not in pages.get(f"/roster/{expert.id}").text


@pytest.mark.parametrize("who", WHO)
def test_the_roster_tells_those_who_ask_neither_mission_nor_days(
    session: Session, who: str
) -> None:
    writer, asks = on_the_other_side(session, who)
    office = factories.account(session, Role.COORDINATOR)
    start = now.today() + timedelta(days=30)
    theirs = factories.request(
        session, RequestState.ACCEPTED, requester=writer, coordinator=office, start=start, end=start
    )
    expert = factories.match(
        session, MatchState.SELECTED, request=theirs, coordinator=office
    ).expert
    change_sides(session, who, asks, theirs)
    told = commitments.read(session, factories.actor(asks), expert, now.today())
    assert (told.missions_ahead, told.open_matches, told.booked) == ([], [], [])
    # A load that grew would say as much as the mission itself.
    assert sum(load.missions + load.days for load in told.loads) == 0
    told = commitments.read(session, factories.actor(office), expert, now.today())
    assert (len(told.missions_ahead), told.booked) == (1, [(start, start)])
    assert sum(load.missions + load.days for load in told.loads) == 2


@pytest.mark.parametrize("who", WHO)
def test_no_load_counts_days_of_a_request_for_those_who_ask_for_it(
    session: Session, who: str
) -> None:
    writer, asks = on_the_other_side(session, who)
    office = factories.account(session, Role.COORDINATOR)
    start = now.today() + timedelta(days=30)
    theirs, other = (
        factories.request(
            session, RequestState.ACCEPTED, requester=one, coordinator=office, start=day, end=day
        )
        for one, day in ((writer, start), (None, start + timedelta(days=10)))
    )
    expert = factories.match(
        session, MatchState.SELECTED, request=theirs, coordinator=office
    ).expert
    change_sides(session, who, asks, theirs)
    for person, booked in ((asks, 0), (office, 1)):
        actor = factories.actor(person)
        found = facts.list_facts(session, actor, other, [expert])[expert.id]
        in_year = booked if start.year == (start + timedelta(days=10)).year else 0
        assert (found.missions, found.days) == (in_year, in_year)
        assert found.last_day == (start if booked else None)
        coming = of_experts.count_coming(session, actor, [expert.id], now.today())
        assert coming.get(expert.id, 0) == booked


@pytest.mark.parametrize("who", ["colleague", "of the past"])
def test_days_held_for_those_who_ask_are_not_in_their_calendar(session: Session, who: str) -> None:
    writer, asks = on_the_other_side(session, who)
    office = factories.account(session, Role.COORDINATOR)
    theirs = factories.request(session, RequestState.ACCEPTED, requester=writer, coordinator=office)
    match = factories.match(session, MatchState.APPROVED, request=theirs, coordinator=office)
    change_sides(session, who, asks, theirs)
    assert theirs.start
    assert theirs.end
    days = theirs.start, theirs.end
    for person, held in ((asks, {}), (office, {match.expert_id: [days]})):
        actor = factories.actor(person)
        assert missions.list_days_held(session, actor, [match.expert_id], *days) == held


def test_who_is_no_requester_any_more_finds_no_mission_of_what_they_asked_for(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        writer = factories.account(session, Role.REQUESTER, Role.EXPERT)
        asked = factories.request(session, RequestState.ACCEPTED, requester=writer)
        match = factories.match(session, MatchState.SELECTED, request=asked)
        mission = missions.find_of_match(session, match.id)
        writer.roles = [role for role in writer.roles if role.name is Role.EXPERT]
    assert mission
    pages = visitor().come_in(writer)
    pages.get(f"/deployments/{mission.id}", status=404)
    pages.get(f"/requests/{asked.id}/proposed", status=403)


@pytest.mark.parametrize("who", ["once the owner", "of the past"])
def test_who_has_asked_writes_no_answer_of_seesac_to_themselves(session: Session, who: str) -> None:
    writer, _same = on_the_other_side(session, who)
    theirs = factories.request(session, RequestState.SUBMITTED, requester=writer)
    change_sides(session, who, writer, theirs)
    with pytest.raises(ForbiddenError):
        correspondence.write(factories.work(session, writer), theirs, "We grant it.")
    assert can_read(factories.actor(writer), theirs)
    assert not correspondence.takes_part(factories.actor(writer), theirs)
