"""An invitation is answered by the link in its mail: once, in time, and without signing in."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.links import deliver, link_in
from tests.pages import Page, Pages
from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.matches import moved, operations
from webapp.matches.models import InvitationLink, Match, MatchState
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.models import OutboxMessage

YES, NO = "Yes, I am available", "No, I cannot go"


class Invited:
    """An expert who was invited, and a stranger who opens the link of the mail."""

    def __init__(self, app: Flask, outbox: list[Any], stranger: Pages) -> None:
        self.app, self.outbox, self.stranger = app, outbox, stranger
        with writing(app) as session:
            self.match = factories.match(session, MatchState.INVITED)
            request, account = self.match.request, self.match.expert.account
            request.security, request.security_office = "The road is mined.", "A colonel told us."
            assert account
            self.person, self.email = account, account.email
            assert self.match.reply_by
            self.end = datetime.combine(self.match.reply_by, time(23, 59), UTC)
        self.link = self.latest_link()

    def latest_link(self) -> str:
        deliver(self.app)
        return link_in([mail for mail in self.outbox if mail.to == [self.email]][-1])

    def take(self, name: MatchStep, person: Any = None) -> None:
        with writing(self.app) as session:
            coordinator = person or factories.account(session, Role.COORDINATOR)
            match = session.get_one(Match, self.match.id)
            step = WORKFLOW[name]
            why = factories.grounds(step) if match.state in step.needs_reason else None
            operations.take(factories.work(session, coordinator), match, name, why)

    def state(self) -> MatchState:
        with reading(self.app) as session:
            return session.get_one(Match, self.match.id).state

    def is_gone(self, link: str = "") -> Page:
        page = self.stranger.get(link or self.link, status=410)
        assert "This link does not work any more" in page.text
        return page


@pytest.fixture
def invited(app: Flask, outbox: list[Any], visitor: Callable[[], Pages]) -> Invited:
    return Invited(app, outbox, visitor())


@pytest.mark.both_databases
def test_a_yes_by_link_is_the_experts_own_and_the_log_says_how(
    app: Flask, outbox: list[Any], visitor: Callable[[], Pages]
) -> None:
    invited = Invited(app, outbox, visitor())
    thanks = invited.stranger.get(invited.link).submit(YES)
    assert "SEESAC knows that you are available" in thanks.text
    assert invited.state() is MatchState.AVAILABLE
    with reading(app) as session:
        event = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "match: accept")
        ).one()
        assert (event.actor_id, event.details["by_link"]) == (invited.person.id, True)
        assert session.query(InvitationLink).count() == 0
    invited.is_gone()


def test_opening_the_link_any_number_of_times_answers_nothing(invited: Invited) -> None:
    for _ in range(3):
        page = invited.stranger.get(invited.link)
        invited.stranger.client.head(invited.link)
    assert invited.state() is MatchState.INVITED
    assert page.response.headers["Cache-Control"] == "no-store"
    for step in ("accept", "decline"):
        assert invited.stranger.client.get(f"{invited.link}/{step}").status_code == 405
    assert invited.state() is MatchState.INVITED


def test_a_no_needs_its_reason_and_keeps_what_was_typed(invited: Invited) -> None:
    page = invited.stranger.get(invited.link)
    page = page.submit(NO, {"decline-kind": "other", "decline-reason": ""}, status=400)
    page = page.submit(
        NO, {"decline-kind": "not then", "decline-reason": "In June <b>gladly</b>."}, status=400
    )
    assert "Please give the first and the last day" in page.text
    assert ["In June <b>gladly</b>."] in [v for form in page.forms for v in form.values.values()]
    assert invited.state() is MatchState.INVITED
    page.submit(
        NO,
        {
            "decline-kind": "not then",
            "decline-first_day": "2031-06-02",
            "decline-last_day": "2031-06-13",
        },
    )
    with reading(invited.app) as session:
        match = session.get_one(Match, invited.match.id)
        assert match.state is MatchState.DECLINED
        assert match.reason
        assert match.reason.kind is ReasonKind.NOT_THEN
    invited.is_gone()


def test_a_form_without_its_token_answers_nothing_and_loses_no_word(invited: Invited) -> None:
    invited.stranger.get(invited.link)
    sent = {"decline-kind": "other", "decline-reason": "On leave <then>."}
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "of-somebody-else"}):
        for step in ("accept", "decline"):
            answer = invited.stranger.client.post(f"{invited.link}/{step}", data=sent | token)
            assert answer.status_code == 400
            assert step == "accept" or "On leave &lt;then&gt;." in answer.get_data(as_text=True)
    assert invited.state() is MatchState.INVITED


def test_of_two_answers_the_first_counts(invited: Invited) -> None:
    first, second = (invited.stranger.get(invited.link) for _ in range(2))
    first.submit(YES)
    second.submit(NO, {"decline-kind": "dates"}, status=410)
    assert invited.state() is MatchState.AVAILABLE


def test_the_link_answers_until_the_day_is_over_everywhere(invited: Invited, clock: Any) -> None:
    clock.move_to(invited.end + timedelta(hours=11))
    page = invited.stranger.get(invited.link)
    clock.move_to(invited.end + timedelta(hours=12, minutes=2))
    assert "is past" in invited.is_gone().text
    page.submit(YES, status=410)
    assert invited.state() is MatchState.INVITED


@pytest.mark.parametrize("name", [MatchStep.NOTE_YES, MatchStep.NOTE_NO, MatchStep.CANCEL])
def test_what_was_noted_elsewhere_or_ended_leaves_no_link(
    invited: Invited, name: MatchStep
) -> None:
    invited.take(name)
    invited.is_gone()
    with reading(invited.app) as session:
        assert session.query(InvitationLink).count() == 0


def test_who_ends_all_sessions_leaves_no_link_to_who_reads_the_mails(invited: Invited) -> None:
    with writing(invited.app) as session:
        person = session.get_one(Account, invited.person.id)
        accounts.end_sessions(factories.work(session, person), person)
    invited.is_gone()
    assert invited.state() is MatchState.INVITED


def test_another_invitation_brings_another_link(invited: Invited) -> None:
    invited.take(MatchStep.CANCEL)
    invited.take(MatchStep.RECONSIDER)
    invited.is_gone()
    invited.take(MatchStep.INVITE)
    invited.is_gone()
    second = invited.latest_link()
    assert second != invited.link
    invited.stranger.get(second).submit(YES)
    assert invited.state() is MatchState.AVAILABLE


@pytest.mark.parametrize(("column", "value"), [("active", False), ("email", "new@example.org")])
def test_a_closed_account_or_a_former_address_lets_nobody_in(
    invited: Invited, column: str, value: Any
) -> None:
    with writing(invited.app) as session:
        account = session.merge(invited.person)
        setattr(account, column, value)
    invited.is_gone()


def test_who_is_no_expert_any_more_is_not_let_in(invited: Invited) -> None:
    with writing(invited.app) as session:
        session.merge(invited.person).roles = []
    invited.is_gone()


@pytest.mark.parametrize("step", ["fall-out", "cancel", "select", "note-the-yes", "perhaps"])
def test_the_link_takes_an_answer_and_no_other_step(invited: Invited, step: str) -> None:
    invited.stranger.get(invited.link)
    data = {"csrf_token": invited.stranger.own_token()}
    assert invited.stranger.client.post(f"{invited.link}/{step}", data=data).status_code == 404
    assert invited.state() is MatchState.INVITED


def test_the_page_says_what_experts_may_know_and_nothing_of_anybody(invited: Invited) -> None:
    page = invited.stranger.get(invited.link)
    assert "The road is mined." in page.text
    assert "A colonel told us." not in page.text
    with reading(invited.app) as session:
        match = session.get_one(Match, invited.match.id)
        requester, expert = match.request.requester, match.expert
        assert requester
        for words in (expert.name, invited.email, requester.name, requester.email):
            assert words not in page.response.text


def test_the_mail_says_no_more_than_any_and_the_database_holds_no_link(invited: Invited) -> None:
    token = invited.link.rpartition("/")[2]
    with reading(invited.app) as session:
        mail = session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.body.contains("{link}"))
        )
        body = mail.one().body
        assert invited.match.request.title not in body
        assert invited.match.expert.name not in body
        stored = session.scalars(sa.select(InvitationLink)).one()
        assert token not in (stored.token_hash, body)
        assert len(token) >= 43


@pytest.mark.parametrize("button", [YES, NO])
def test_no_answer_by_link_to_the_days_of_an_older_page_is_one_to_those_of_the_mission(
    app: Flask, invited: Invited, button: str
) -> None:
    older = invited.stranger.get(invited.link)
    with writing(app) as session:
        request = session.get_one(Match, invited.match.id).request
        assert request.start
        assert request.end
        days = request.start + timedelta(days=30), request.end + timedelta(days=30)
        moved.follow(factories.work(session, factories.account(session)), request, *days)
    why = {"decline-kind": "dates"} if button == NO else {}
    refused = older.submit(button, why, status=409)
    assert "after you opened the page" in refused.text
    assert "Days of the mission now" in refused.text
    assert invited.state() is MatchState.INVITED
