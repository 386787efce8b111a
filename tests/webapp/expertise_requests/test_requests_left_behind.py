"""Who has left those who ask is told of nothing more, and somebody else learns that it waits."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments import operations as missions
from webapp.deployments.models import Deployment
from webapp.expertise_requests import correspondence, handling, taking_over
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.standing_tables import PhoneCall
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.messages import reminders
from webapp.messages.models import Notice, OutboxMessage
from webapp.organisations import operations as organisations


class Case:
    """Two of one ministry; the first has asked for experts and is gone."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with writing(app) as session:
            self.ministry = factories.organisation(session)
            number = self.ministry.id
            self.office = factories.account(session, Role.COORDINATOR)
            self.gone, self.colleague = (
                factories.account(session, Role.REQUESTER, organisation_id=number)
                for _one in range(2)
            )
            self.open, self.filled = (
                factories.request(
                    session, RequestState.ACCEPTED, requester=self.gone, coordinator=self.office
                )
                for _one in range(2)
            )
            selected = factories.match(
                session, MatchState.SELECTED, request=self.filled, coordinator=self.office
            )
            answers = factories.match(
                session, MatchState.APPROVED, request=self.open, coordinator=self.office
            )
            self.selected, self.answers = selected.id, answers.id

    def leave(self, way: str) -> None:
        with writing(self.app) as session:
            work = factories.work(session)
            account = session.get_one(Account, self.gone.id)
            if way == "taken out":
                ministry = session.get_one(type(self.ministry), self.ministry.id)
                organisations.remove_member(work, ministry, account)
            elif way == "another role":
                accounts.change_roles(work, account, [Role.EXPERT])
            else:
                accounts.disable(work, account)
            session.execute(sa.delete(Notice))
            session.execute(sa.delete(OutboxMessage))

    def happen(self) -> None:
        """Let there be news of each kind that the one who asks is told."""
        with writing(self.app) as session:
            work = factories.work(session, session.get_one(Account, self.office.id))
            open_ = session.get_one(ExpertiseRequest, self.open.id)
            matches.propose(work, open_)
            correspondence.write(work, open_, "How are things?")
            mission = session.scalars(sa.select(Deployment)).one()
            missions.move(
                work, mission, mission.start + timedelta(days=1), mission.end + timedelta(days=1),
                seen_version=mission.version,
            )  # fmt: skip


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


def told(app: Flask, person: Account) -> list[str]:
    """Return where the notices of somebody lead, and how many mails wait for them."""
    with reading(app) as session:
        paths = session.scalars(sa.select(Notice.path).where(Notice.account_id == person.id))
        mails = session.scalars(
            sa.select(OutboxMessage.subject).where(OutboxMessage.account_id == person.id)
        )
        return sorted({*paths, *mails})


@pytest.mark.parametrize("way", ["taken out", "another role", "disabled"])
def test_whoever_asks_no_more_is_told_of_nothing_and_a_colleague_that_it_waits(
    app: Flask, case: Case, way: str
) -> None:
    case.leave(way)
    case.happen()
    assert told(app, case.gone) == []
    paths = [one for one in told(app, case.colleague) if one.startswith("/")]
    assert paths == [f"/requests/{case.open.id}", f"/requests/{case.filled.id}"]
    with reading(app) as session:
        words = str(list(session.scalars(sa.select(Notice.words))))
        name = session.get_one(Match, case.selected).expert.name
        theirs = session.scalars(
            sa.select(Notice.words).where(Notice.account_id == case.colleague.id)
        )
        assert name not in str(list(theirs))
    assert "waits for somebody of your organisation" in words


def test_the_one_who_asks_is_told_and_no_colleague(app: Flask, case: Case) -> None:
    case.happen()
    with reading(app) as session:
        mission = session.scalars(sa.select(Deployment.id)).one()
    request = f"/requests/{case.open.id}"
    news = {f"{request}/proposed", f"{request}/messages", f"/deployments/{mission}"}
    assert news <= set(told(app, case.gone))
    assert told(app, case.colleague) == []


@pytest.mark.parametrize("way", ["stays", "taken out", "another role"])
def test_no_reminder_reaches_who_asks_no_more(app: Flask, case: Case, way: str) -> None:
    with writing(app) as session:
        open_ = session.get_one(ExpertiseRequest, case.open.id)
        matches.propose(factories.work(session, case.office), open_)
        after = open_.reply_by
    assert after
    if way != "stays":
        case.leave(way)
    before = told(app, case.gone)
    moment = clock.now() + (after - clock.today()) + timedelta(days=1)
    with time_machine.travel(moment, tick=False), app.app_context():
        assert (reminders.send_due() > 0) is (way == "stays")
    assert (told(app, case.gone) != before) is (way == "stays")


@pytest.mark.parametrize("way", ["stays", "taken out", "another role", "disabled"])
def test_whoever_has_left_is_not_told_who_has_taken_over(app: Flask, case: Case, way: str) -> None:
    if way != "stays":
        case.leave(way)
    before = told(app, case.gone)
    with writing(app) as session:
        open_ = session.get_one(ExpertiseRequest, case.open.id)
        colleague = factories.work(session, session.get_one(Account, case.colleague.id))
        why = Grounds(ReasonKind.OWNER_LEFT)
        taking_over.take_over(colleague, open_, why, seen_version=open_.version)
    assert (told(app, case.gone) != before) is (way == "stays")


@pytest.mark.parametrize("keeps", [True, False])
def test_whoever_is_no_coordinator_any_more_is_not_told_who_sees_to_it(
    app: Flask, case: Case, *, keeps: bool
) -> None:
    with writing(app) as session:
        first, second = (factories.account(session, Role.COORDINATOR) for _one in range(2))
        session.get_one(ExpertiseRequest, case.open.id).handled_by = first.id
    if not keeps:
        with writing(app) as session:
            account = session.get_one(Account, first.id)
            accounts.change_roles(factories.work(session), account, [Role.EXPERT])
    before = told(app, first)
    with writing(app) as session:
        open_ = session.get_one(ExpertiseRequest, case.open.id)
        work = factories.work(session, session.get_one(Account, case.office.id))
        handling.hand_over(work, open_, second.id, seen=first.id)
    assert (told(app, first) != before) is keeps


@pytest.mark.parametrize("way", ["another role", "disabled"])
def test_an_expert_whose_account_opens_no_profile_is_called(
    app: Flask, case: Case, way: str
) -> None:
    with writing(app) as session:
        match = session.get_one(Match, case.selected)
        assert match.expert.account
        case.gone, number = match.expert.account, match.expert_id
    with writing(app) as session:
        account = session.get_one(Account, case.gone.id)
        if way == "another role":
            accounts.change_roles(factories.work(session), account, [Role.REQUESTER])
        else:
            accounts.disable(factories.work(session), account)
        session.execute(sa.delete(Notice))
        session.execute(sa.delete(OutboxMessage))
    case.happen()
    assert told(app, case.gone) == []
    with reading(app) as session:
        calls = session.scalars(sa.select(PhoneCall.expert_id).where(PhoneCall.done_at.is_(None)))
        assert number in set(calls)
