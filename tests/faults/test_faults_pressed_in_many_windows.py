"""Eight clients at two workers press one button of what people keep, hand on, ask and forget: one
of them does it, and the others are told in words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.factories import missions
from tests.faults.crowd import CLIENTS, Click, Office, at_once, copy_of, presses, statuses
from tests.faults.test_faults_rivals_over_http import told
from tests.live import Visitor
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.record.actions import Action
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import operations as experts
from webapp.experts.models import ExpertState
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.kept_texts import operations as kept_texts
from webapp.kept_texts.models import KeptText
from webapp.messages import alarms

pytestmark = [
    pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long,
    pytest.mark.usefixtures("ends_sound"),
]  # fmt: skip
DAY = timedelta(days=1)
GONE = "gone.example.org"


def windows(office: Office, account: Account) -> list[Visitor]:
    """Return eight windows of one person."""
    first = office.enters(account)
    return [copy_of(first) for _ in range(CLIENTS)]


def test_of_eight_who_take_a_thing_of_a_mission_upon_themselves_one_does(office: Office) -> None:
    with writing(office.app) as session:
        people = [factories.account(session, Role.COORDINATOR) for _ in range(CLIENTS)]
        number = missions.planned(session).id
    path = f"/deployments/{number}/checklist/insurance/hand-over"
    clicks: list[Click] = []
    for person in people:
        clicks += presses([office.enters(person)], path, person=str(person.id), seen="")
    assert statuses(at_once(clicks)) == [302] + [409] * (CLIENTS - 1)
    assert told(office, Action.ITEM_HANDED) == [Action.ITEM_HANDED]


def _host_falls_silent(session: Session) -> str:
    alarms.beat(session, GONE, clock.now() - DAY)
    return f"/health/hosts/{GONE}/forget"


def _somebody_loses_a_second_factor(session: Session) -> str:
    person = factories.account(session, Role.REQUESTER)
    person.tf_primary_method, person.tf_totp_secret = "authenticator", "{}"
    return f"/accounts/{person.id}/second-factor"


@pytest.mark.parametrize(
    ("prepare", "action"),
    [
        (_host_falls_silent, Action.HOST_FORGOTTEN),
        (_somebody_loses_a_second_factor, Action.SECOND_FACTOR_RESET),
    ],
)
def test_of_eight_administrators_who_take_one_thing_away_one_does(
    office: Office, prepare: Callable[[Session], str], action: Action
) -> None:
    with writing(office.app) as session:
        path = prepare(session)
    found = statuses(at_once(presses(office.staff(Role.ADMINISTRATOR), path, why="lost")))
    assert set(found) <= {302, 303, 409}
    assert told(office, action) == [action]


def test_who_asks_to_be_looked_at_again_in_eight_windows_asks_once(office: Office) -> None:
    with writing(office.app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        expert = factories.expert(session, state=ExpertState.SCREENING)
        experts.take(work, expert, ExpertStep.REFUSE, Grounds(ReasonKind.NOT_CONFIRMED))
        account = expert.account
    assert account is not None
    sent = {"ask-again-reason": "I have led two courses."}
    found = statuses(at_once(presses(windows(office, account), "/profile/ask-again", **sent)))
    assert found[0] == 302
    assert set(found) <= {302, 409}
    again = WORKFLOW.action(ExpertStep.ASK_AGAIN)
    assert told(office, again) == [again]


def test_what_was_typed_is_thrown_away_once_in_eight_windows(office: Office) -> None:
    with writing(office.app) as session:
        account = factories.account(session, Role.REQUESTER)
        token = kept_texts.keep(
            session, account.id, "/requests/new", [("title", "Half a word")],
            secrets=[office.app.config["SECRET_KEY"]], now=clock.now(),
        )  # fmt: skip
    path = f"/kept-texts/{token}/forget"
    found = statuses(at_once(presses(windows(office, account), path)))
    assert found[0] == 302
    assert set(found) <= {302, 404}
    with reading(office.app) as session:
        assert session.query(KeptText).count() == 0


def test_a_request_follows_two_missions_that_are_moved_alone_at_one_moment(
    office: Office,
) -> None:
    start = clock.today() + 30 * DAY
    days = (start + 20 * DAY, start + 22 * DAY)
    with writing(office.app) as session:
        asked = factories.request(
            session, RequestState.ACCEPTED, experts_needed=2, start=start, end=start + 2 * DAY
        )
        team = [missions.planned(session, request=asked) for _ in range(2)]
    sent = {"start": days[0].isoformat(), "end": days[1].isoformat()}
    clicks: list[Click] = []
    for number, who in enumerate(office.staff(Role.COORDINATOR)):
        mission = team[number % 2]
        path = f"/deployments/{mission.id}/days"
        clicks += presses([who], path, version=str(mission.version), **sent)
    assert statuses(at_once(clicks)) == [302] * 2 + [409] * (CLIENTS - 2)
    with reading(office.app) as session:
        assert session.get_one(ExpertiseRequest, asked.id).mission_days == days
    assert told(office, Action.REQUEST_MOVED) == [Action.REQUEST_MOVED]
