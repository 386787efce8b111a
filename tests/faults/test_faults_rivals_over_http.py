"""Eight clients at two workers do at one moment what cannot both be: one of them comes first, the
others are told in words, and nothing is left half done."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.databases import reading, writing
from tests.factories import missions
from tests.faults.crowd import CLIENTS, Click, Office, at_once, copy_of, filled, presses, statuses
from tests.live import Visitor
from tests.pages import Pages
from tests.webapp.roster_imports.sending import Importer
from tests.webapp.roster_imports.sending import work as work_as_job
from tests.webapp.roster_imports.test_imports_beside_others import TABLE
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.matches.models import Match, MatchState
from webapp.mission_reports.models import MissionReport, Side
from webapp.platform_settings.queries import get_settings

pytestmark = [
    pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long,
    pytest.mark.usefixtures("ends_sound"),
]  # fmt: skip
HALF = CLIENTS // 2
WITH_ADDRESSES = b"Name;E-mail\nAna Novak;ana@example.org\nIvo Primer;ivo@example.org\n"


def told(office: Office, *actions: str) -> list[str]:
    """Return which of these actions the log tells of, in their order."""
    chosen = sa.select(AuditEvent.action).where(AuditEvent.action.in_(actions))
    with reading(office.app) as session:
        return list(session.scalars(chosen.order_by(AuditEvent.id)))


def copies(visitor: Visitor, number: int) -> list[Visitor]:
    """Return so many windows of one person."""
    return [copy_of(visitor) for _ in range(number)]


def test_who_is_suspended_while_they_are_selected_goes_nowhere(office: Office) -> None:
    with writing(office.app) as session:
        expert = factories.expert(session)
        requester = factories.account(session, Role.REQUESTER)
        numbers = []
        for week in range(CLIENTS - 1):
            start = date(2031, 5, 5) + timedelta(weeks=week)
            request = factories.request(
                session, RequestState.ACCEPTED, requester=requester, start=start,
                end=start + timedelta(days=3),
            )  # fmt: skip
            made = factories.match(session, MatchState.PROPOSED, expert=expert, request=request)
            numbers.append(made.id)
    (suspending,) = office.staff(Role.COORDINATOR, 1)
    why = {"suspend-kind": "other", "suspend-reason": "An inquiry."}
    clicks = presses([suspending], f"/roster/{expert.id}/suspend", **why)
    selecting = copies(office.enters(requester), CLIENTS - 1)
    for who, number in zip(selecting, numbers, strict=True):
        clicks += presses([who], f"/proposals/{number}/select")
    first, *others = at_once(clicks)
    found, suspended = statuses(others), first.status == 302
    # On PostgreSQL somebody can be selected just before, and whoever suspends is told to look anew.
    assert statuses([first]) in ([302], [409])
    # Of whoever is not proposed any more requesters find nothing.
    assert set(found) <= {302, 404, 409}
    with reading(office.app) as session:
        stored = session.get_one(Expert, expert.id)
        assert (stored.state is ExpertState.SUSPENDED) is suspended
        chosen = session.query(Match).filter_by(state=MatchState.SELECTED).count()
    assert chosen <= found.count(302)


def test_a_mission_that_is_ended_while_it_is_cleared_is_cancelled(office: Office) -> None:
    with writing(office.app) as session:
        mission = missions.planned(session)
        number, match = mission.id, mission.match_id
    staff = office.staff(Role.COORDINATOR)
    clear = {"clear-regardless-kind": "comment", "clear-regardless-reason": "It is promised."}
    end = "take-back-the-proposal"
    why = {f"{end}-kind": "other", f"{end}-reason": "The conference is put off."}
    clicks = presses(staff[:HALF], f"/deployments/{number}/clear-regardless", **clear)
    clicks += presses(staff[HALF:], f"/matches/{match}/{end}", **why)
    found = statuses(at_once(clicks))
    done = told(office, "deployment: clear regardless", "match: take back the proposal")
    assert done[-1:] == ["match: take back the proposal"], found
    assert found.count(302) == len(done) == len(set(done)), found
    assert set(found) <= {302, 409}
    with reading(office.app) as session:
        assert session.get_one(Deployment, number).state is DeploymentState.CANCELLED


def test_a_request_that_is_withdrawn_while_its_expert_is_selected_is_withdrawn(
    office: Office,
) -> None:
    with writing(office.app) as session:
        match = factories.match(session, MatchState.PROPOSED)
        number, request, requester = match.id, match.request_id, match.request.requester
    windows = copies(office.enters(requester), CLIENTS)
    why = {"withdraw-kind": "other", "withdraw-reason": "The conference is put off."}
    clicks = presses(windows[:HALF], f"/proposals/{number}/select")
    clicks += presses(windows[HALF:], f"/requests/{request}/withdraw", **why)
    found = statuses(at_once(clicks))
    done = told(office, "match: select", "request: withdraw")
    assert done[-1] == "request: withdraw"
    assert found.count(302) == len(done) == len(set(done)), found
    with reading(office.app) as session:
        assert session.get_one(ExpertiseRequest, request).state is RequestState.WITHDRAWN


def test_a_copy_that_is_asked_for_while_its_person_is_erased_is_made_before_or_not_at_all(
    office: Office,
) -> None:
    with writing(office.app) as session:
        expert = factories.expert(session)
        assert expert.account
        person = expert.account
    windows = copies(office.enters(person), CLIENTS)
    clicks = presses(windows[:1], "/my-data/erase", understood="y")
    clicks += presses(windows[1:], "/my-data/copy")
    erased, *copied = at_once(clicks)
    assert erased.status == 200, erased.body
    assert set(statuses(copied)) <= {200, 302, 401, 409}
    assert told(office, Action.PERSON_ERASED) == [Action.PERSON_ERASED]
    for answer in copied:
        assert (person.email in answer.body) is (answer.status == 200)
    assert windows[0].get("/account").status == 302
    with reading(office.app) as session:
        assert session.query(Account).filter_by(email=person.email).count() == 0


def test_who_is_invited_while_their_profiles_are_joined_is_one_expert(office: Office) -> None:
    with writing(office.app) as session:
        kept = factories.expert(session)
        gone = factories.expert(session, signs_in=False)
        match = factories.match(session, expert=gone)
    staff = office.staff(Role.COORDINATOR)
    path = f"/roster/{kept.id}/join/{gone.id}"
    clicks: list[Click] = [(who, path, {**filled(who, path), "sure": "y"}) for who in staff[:HALF]]
    clicks += presses(staff[HALF:], f"/matches/{match.id}/invite")
    answers = at_once(clicks)
    joined = [one.status for one in answers[:HALF]]
    assert joined.count(302) == 1, joined
    assert set(statuses(answers)) <= {302, 404, 409}
    assert told(office, Action.PROFILES_JOINED) == [Action.PROFILES_JOINED]
    assert len(told(office, "match: invite")) <= 1
    with reading(office.app) as session:
        assert session.get_one(Expert, gone.id).state is ExpertState.ERASED
        assert session.get_one(Match, match.id).expert_id == kept.id


def test_of_two_administrators_who_disable_each_other_one_stays(office: Office) -> None:
    with writing(office.app) as session:
        pair = [factories.account(session, Role.ADMINISTRATOR) for _ in range(2)]
    clicks = []
    for one, other in (pair, pair[::-1]):
        clicks += presses(copies(office.enters(one), HALF), f"/accounts/{other.id}/disable")
    found = statuses(at_once(clicks))
    assert set(found) <= {302, 303, 401, 409}
    assert told(office, Action.ACCOUNT_DISABLED) == [Action.ACCOUNT_DISABLED]
    with reading(office.app) as session:
        assert sorted(session.get_one(Account, one.id).active for one in pair) == [False, True]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("rest_days", range(40, 40 + CLIENTS)),
        ("contact_address", [f"office{number}@example.org" for number in range(CLIENTS)]),
    ],
)
def test_of_eight_who_save_the_settings_one_does(
    office: Office, name: str, wanted: Sequence[int | str]
) -> None:
    clicks = [
        (who, "/settings", {**filled(who, "/settings"), name: str(wanted[number])})
        for number, who in enumerate(office.staff(Role.ADMINISTRATOR))
    ]
    answers = at_once(clicks)
    assert statuses(answers) == [302] + [409] * (CLIENTS - 1)
    won = next(number for number, one in enumerate(answers) if one.status == 302)
    with reading(office.app) as session:
        assert getattr(get_settings(session), name) == wanted[won]
    assert told(office, Action.SETTINGS_CHANGED) == [Action.SETTINGS_CHANGED]


def test_a_table_that_is_confirmed_and_dropped_at_one_moment_is_stored_or_dropped(
    office: Office,
) -> None:
    """Whoever comes first decides: what was confirmed since a page was opened is not dropped by it,
    nor the other way round."""
    importer = Importer(office.app, Pages(office.app))
    importer.check(TABLE)
    windows = copies(office.enters(importer.account), CLIENTS)
    version = str(importer.latest().version)

    clicks = presses(windows[:HALF], f"{importer.path()}/confirm", version=version)
    clicks += presses(windows[HALF:], f"{importer.path()}/drop", version=version)
    found = statuses(at_once(clicks))
    assert found.count(303) == 1, found
    (done,) = told(office, Action.ROSTER_CONFIRMED, Action.ROSTER_DROPPED)
    work_as_job(office.app)
    assert bool(importer.names()) is (done == Action.ROSTER_CONFIRMED)


def test_a_report_that_is_given_back_while_it_is_sent_is_sent_once(office: Office) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=90)
    with time_machine.travel(long_ago, tick=False) as clock, writing(office.app) as session:
        start = long_ago.date() + timedelta(days=40)
        request = factories.request(
            session, RequestState.ACCEPTED, start=start, end=start + timedelta(days=3)
        )
        mission = factories.returned_mission(session, clock, request=request)
        report = factories.report(session, mission, Side.EXPERT, sent=False)
        writer = missions.writer_of(mission, Side.EXPERT)
        number, version = mission.id, str(report.version)
    path = f"/deployments/{number}/reports/expert"
    clicks = presses(copies(office.enters(writer), HALF), f"{path}/send", version=version)
    clicks += presses(office.staff(Role.COORDINATOR, HALF), f"{path}/give-back")
    found = statuses(at_once(clicks))
    assert set(found) <= {302, 404, 409}
    done = told(office, Action.REPORT_SENT, Action.REPORT_GIVEN_BACK)
    assert done in (
        [Action.REPORT_SENT], [Action.REPORT_SENT, Action.REPORT_GIVEN_BACK],
    )  # fmt: skip
    with reading(office.app) as session:
        stored = session.query(MissionReport).one()
        assert (stored.sent_at is not None) is (len(done) == 1)


def test_who_leaves_while_they_are_proposed_is_proposed_to_nobody(office: Office) -> None:
    with writing(office.app) as session:
        match = factories.match(session, MatchState.APPROVED)
        number, expert, request = match.id, match.expert, match.request_id
        assert expert.account
    leaving = copies(office.enters(expert.account), HALF)
    path = f"/requests/{request}/propose"
    clicks = presses(leaving, "/profile/leave")
    why = {f"match-{number}-note": "Nobody has traced more weapons."}
    for who in office.staff(Role.COORDINATOR, HALF):
        clicks.append((who, path, {**filled(who, path), **why}))
    answers = at_once(clicks)
    left, proposed = statuses(answers[:HALF]), statuses(answers[HALF:])
    done = told(office, "match: propose", "expert: leave")
    # Whoever leaves does so, whatever others do with them at this moment.
    assert done[-1] == "expert: leave", (left, proposed)
    assert set(left) <= {302, 409}
    assert proposed.count(302) == len(done) - 1
    assert set(proposed) <= {302, 409}
    with reading(office.app) as session:
        assert session.get_one(Expert, expert.id).state is ExpertState.WITHDRAWN
        assert session.get_one(Match, number).state is MatchState.CANCELLED


def test_an_import_is_taken_back_or_its_people_are_invited(office: Office) -> None:
    importer = Importer(office.app, Pages(office.app))
    importer.store(WITH_ADDRESSES)
    windows = copies(office.enters(importer.account), CLIENTS)
    version = str(importer.latest().version)
    clicks = presses(windows[:HALF], f"{importer.path()}/undo", version=version)
    clicks += presses(windows[HALF:], f"{importer.path()}/invite", version=version)
    answers = at_once(clicks)
    # Whoever comes second has seen neither the one nor the other.
    assert statuses(answers) == [303] + [409] * (CLIENTS - 1)
    work_as_job(office.app)
    invited = told(office, Action.ACCOUNT_INVITED)
    assert len(importer.names()) == len(invited) == 2 * statuses(answers[HALF:]).count(303)
