"""Truth over time: asked, answered by one click, reminded, dormant or expired, and back again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import content, reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account, MailChoice
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.expertise_requests.models import RequestState
from webapp.experts import approvals, operations, telling
from webapp.experts.approvals import Wanted
from webapp.experts.models import Availability, Expert, ExpertState
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.matches.models import Match, MatchState
from webapp.messages import digest
from webapp.messages.letters import body_to_send
from webapp.messages.models import Notice, OutboxMessage
from webapp.upkeep import sweep

BEGIN = datetime(2031, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def days() -> Any:
    """Return a clock that stands still until it is moved."""
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def run(app: Flask) -> int:
    """Do what the job worker does every minute."""
    with app.app_context():
        return sweep.run_due()


def stored(app: Flask, number: int) -> Expert:
    """Return a profile as it is stored now."""
    with reading(app) as session:
        found = session.get_one(Expert, number)
        session.expunge(found)
    return found


def subjects(app: Flask, account_id: int | None) -> list[str]:
    """Return what somebody was told on the platform, oldest first."""
    with reading(app) as session:
        rows = session.scalars(
            sa.select(Notice).where(Notice.account_id == account_id).order_by(Notice.id)
        )
        return [row.words["subject"]["text"] for row in rows]


def link(app: Flask) -> str:
    """Return the address in the last mail that holds a link."""
    with reading(app) as session:
        mail = session.scalars(
            sa.select(OutboxMessage)
            .where(OutboxMessage.secret_link.is_not(None))
            .order_by(OutboxMessage.id.desc())
        ).first()
        assert mail is not None
        found = re.search(r"/still-true/\S+", body_to_send(mail, clock.now()))
        assert found
        return found[0]


def test_a_question_leaves_by_mail_and_one_click_answers_it(
    app: Flask, days: Any, pages: Pages
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    days.shift(timedelta(days=90))
    assert run(app) == 0
    days.shift(timedelta(days=2))
    assert (run(app), run(app)) == (1, 0)
    address = link(app)
    before = content(app)
    for _look in range(2):
        page = pages.get(address)
    assert content(app) == before, "a look at the link changed something"
    asked = stored(app, number)
    assert asked.name not in page.text
    page.submit("Still true, but not free")
    answered = stored(app, number)
    assert (answered.last_confirmed_at, answered.availability) == (
        clock.now(),
        Availability.NOT_FREE,
    )
    assert answered.revision > asked.revision
    pages.get(address, status=410)
    assert run(app) == 0


def test_a_link_is_no_good_when_it_is_old_or_of_nobody(app: Flask, days: Any, pages: Pages) -> None:
    with writing(app) as session:
        factories.expert(session)
    days.shift(timedelta(days=92))
    run(app)
    address = link(app)
    pages.get("/still-true/of-nobody", status=410)
    token = pages.get(address).token
    days.shift(timedelta(days=31))
    pages.get(address, status=410)
    assert pages.client.post(address, data={"csrf_token": token}).status_code == 410


@pytest.mark.parametrize("how", ["left", "no role", "disabled"])
def test_a_link_asks_nobody_who_has_left_or_keeps_no_profile_any_more(
    app: Flask, days: Any, pages: Pages, how: str
) -> None:
    with writing(app) as session:
        number = factories.expert(session).id
    days.shift(timedelta(days=92))
    run(app)
    address = link(app)
    form = pages.get(address)
    with writing(app) as session:
        expert = session.get_one(Expert, number)
        account = expert.account
        assert account
        if how == "left":
            operations.take(factories.work(session, account), expert, ExpertStep.LEAVE)
        elif how == "no role":
            account.roles = []
        else:
            account.active = False
    before = stored(app, number).last_confirmed_at
    pages.get(address, status=410)
    form.submit("Still true, but not free", status=410)
    assert stored(app, number).last_confirmed_at == before


@pytest.mark.thorough
def test_a_profile_that_nobody_confirms_is_reminded_of_then_dormant_and_back_by_one_click(
    app: Flask, days: Any, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        number, account = expert.id, expert.account
        assert account is not None
        account_id = account.id
    for _day in range(366):
        run(app)
        days.shift(timedelta(days=1))
    found = stored(app, number)
    assert found.state is ExpertState.DORMANT
    said = subjects(app, account_id)
    assert said.count("Your profile will soon not be ranked any more") == 2
    assert said.count("Your profile is dormant") == 1
    with reading(app) as session:
        assert invariants.run(session) == []
        reader = visitor().come_in(session.get_one(type(account), account_id))
    page = reader.get("/profile").submit("Still true, and I am free")
    assert "active" in page.heading
    back = stored(app, number)
    assert (back.state, back.availability) == (ExpertState.ACTIVE, Availability.FREE)
    assert back.revision > found.revision
    assert run(app) == 0


def test_nobody_falls_out_of_a_mission_because_a_day_has_passed(app: Flask, days: Any) -> None:
    with writing(app) as session:
        member = factories.account(
            session,
            Role.NOMINATING_AUTHORITY,
            organisation_id=factories.organisation(session).id,
        )
        expert = factories.expert(session, authority_id=member.organisation_id)
        request = factories.request(
            session,
            RequestState.ACCEPTED,
            start=BEGIN.date() + timedelta(days=410),
            end=BEGIN.date() + timedelta(days=411),
        )
        match = factories.match(session, MatchState.AVAILABLE, request=request, expert=expert)
        number, match_id = expert.id, match.id
        approvals.grant(
            factories.work(session, member),
            expert,
            ApprovalStep.GRANT,
            Wanted(BEGIN.date(), BEGIN.date() + timedelta(days=100)),
        )
    days.shift(timedelta(days=380))
    run(app)
    assert stored(app, number).state is ExpertState.ACTIVE
    with reading(app) as session:
        assert session.get_one(Match, match_id).state is MatchState.AVAILABLE


def test_an_approval_is_reminded_of_and_its_end_tells_all_and_the_renewal_brings_back(
    app: Flask, days: Any
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        member = factories.account(
            session,
            Role.NOMINATING_AUTHORITY,
            organisation_id=factories.organisation(session).id,
        )
        expert = factories.expert(session, authority_id=member.organisation_id)
        last = BEGIN.date() + timedelta(days=80)
        approvals.grant(
            factories.work(session, member), expert, ApprovalStep.GRANT, Wanted(BEGIN.date(), last)
        )
        number, account_id = expert.id, expert.account_id
        member_id, office = member.id, coordinator.id
    for _day in range(83):
        run(app)
        days.shift(timedelta(days=1))
    assert stored(app, number).state is ExpertState.EXPIRED
    assert subjects(app, member_id) == [
        "An approval ends soon",
        "An approval ends soon",
        "An approval of one of your officials has ended",
    ]
    assert "Your authority's approval has ended" in subjects(app, account_id)
    assert "An approval has ended" in subjects(app, office)
    with writing(app) as session:
        approvals.grant(
            factories.work(session, session.get_one(type(member), member_id)),
            session.get_one(Expert, number),
            ApprovalStep.GRANT,
            Wanted(clock.today(), clock.today() + timedelta(days=200)),
        )
    assert stored(app, number).state is ExpertState.ACTIVE
    with reading(app) as session:
        assert invariants.run(session) == []


def test_the_end_of_an_approval_is_told_to_us_where_only_the_expert_acts_for_the_authority(
    app: Flask, days: Any
) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        ministry = factories.organisation(session)
        both, colleague = (
            factories.account(
                session, *roles, Role.NOMINATING_AUTHORITY, organisation_id=ministry.id
            )
            for roles in ((Role.EXPERT,), ())
        )
        expert = factories.expert(session, person=both, authority_id=ministry.id)
        approvals.grant(
            factories.work(session, colleague),
            expert,
            ApprovalStep.GRANT,
            Wanted(BEGIN.date(), BEGIN.date() + timedelta(days=50)),
        )
        colleague.active = False
    run(app)
    assert "An approval ends soon" in subjects(app, office.id)
    assert "An approval ends soon" not in subjects(app, both.id)


def test_who_has_no_account_is_asked_by_telephone(app: Flask, days: Any) -> None:
    with writing(app) as session:
        factories.expert(session, signs_in=False, telephone="+382 67 000 000")
    days.shift(timedelta(days=92))
    run(app)
    with reading(app) as session:
        call = session.scalars(sa.select(PhoneCall)).one()
        assert call.words["what"]["text"].startswith("ask whether the profile is still true")


@pytest.mark.both_databases
def test_nobody_calls_to_ask_what_has_been_said_meanwhile(app: Flask, days: Any) -> None:
    with writing(app) as session:
        for number in range(2):
            factories.expert(session, signs_in=False, telephone=f"+382 67 000 00{number}")
    days.shift(timedelta(days=92))
    run(app)
    with writing(app) as session:
        said, other = session.scalars(sa.select(Expert).order_by(Expert.id))
        telling.let_be_called(factories.work(session), said, _("tell them something else"))
        office = factories.account(session, Role.COORDINATOR)
        operations.take(
            factories.work(session, office), said, ExpertStep.NOTE_STILL_TRUE,
            factories.grounds(WORKFLOW[ExpertStep.NOTE_STILL_TRUE]),
            seen_version=said.version,
        )  # fmt: skip
    with reading(app) as session:
        calls = session.scalars(sa.select(PhoneCall).order_by(PhoneCall.id)).all()
        assert [(call.expert_id, call.words["what"]["text"][:4]) for call in calls] == [
            (other.id, "ask "), (said.id, "tell"),
        ]  # fmt: skip


def test_a_certificate_that_runs_out_is_reminded_of_once(app: Flask, days: Any) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        expert.trainings[0].expires = BEGIN.date() + timedelta(days=20)
        account_id = expert.account_id
    run(app)
    run(app)
    assert subjects(app, account_id) == ["One of your certificates runs out soon"]


def test_a_dormant_profile_is_in_no_ranking_and_comes_back_into_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=coordinator)
        number, name, url = expert.id, expert.name, f"/requests/{request.id}/matches"
    pages = visitor().come_in(coordinator)
    assert name in pages.get(url).text
    with writing(app) as session:
        session.execute(
            sa.update(Expert).values(last_confirmed_at=clock.now() - timedelta(days=800))
        )
    run(app)
    assert name not in pages.get(url).text
    with writing(app) as session:
        expert = session.get_one(Expert, number)
        work = factories.work(session, expert.account)
        operations.confirm(work, expert, seen_version=expert.version)
    assert name in pages.get(url).text


@pytest.mark.both_databases
def test_the_question_stands_in_the_daily_mail_with_its_link_and_nobody_without_mail_gets_one(
    app: Flask, days: Any, pages: Pages
) -> None:
    with writing(app) as session:
        accounts = {choice: _expert(session, choice) for choice in MailChoice}
        people = {choice: account.id for choice, account in accounts.items()}
        for account in accounts.values():
            factories.expert(session, person=account)
        number = session.scalars(
            sa.select(Expert.id).where(Expert.account_id == people[MailChoice.DAILY])
        ).one()
    days.shift(timedelta(days=92))
    assert run(app) == 3
    with app.app_context():
        assert (digest.send_due(), digest.send_due()) == (1, 0)
    with reading(app) as session:
        rows = session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.account_id.in_(people.values()))
        ).all()
        mails = {row.account_id: body_to_send(row, clock.now()) for row in rows if row.account_id}
    assert set(mails) == {people[MailChoice.AT_ONCE], people[MailChoice.DAILY]}
    daily = mails[people[MailChoice.DAILY]]
    assert "/notices\n" in daily
    assert "whether your profile is still true" in daily
    found = re.search(r"/still-true/\S+", daily)
    assert found
    pages.get(found[0]).submit("Still true, but not free")
    assert stored(app, number).last_confirmed_at == clock.now()
    days.shift(timedelta(days=1))
    with app.app_context():
        assert digest.send_due() == 0


def test_who_has_answered_before_the_daily_mail_gets_no_link(app: Flask, days: Any) -> None:
    with writing(app) as session:
        expert = factories.expert(session, person=_expert(session, MailChoice.DAILY))
        number, account = expert.id, expert.account_id
    days.shift(timedelta(days=92))
    run(app)
    days.shift(timedelta(minutes=1))
    with writing(app) as session:
        own = session.get_one(Expert, number)
        operations.confirm(
            factories.work(session, own.account), own, None, seen_version=own.version
        )
    with app.app_context():
        assert digest.send_due() == 1
    with reading(app) as session:
        mail = session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.account_id == account)
        ).one()
        assert mail.secret_link is None


def _expert(session: Session, choice: MailChoice) -> Account:
    account = factories.account(session, Role.EXPERT)
    account.mail_choice = choice
    return account
