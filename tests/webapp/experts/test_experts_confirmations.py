"""Who was there is asked by mail whether a piece of evidence is true, and answers once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts import operations as accounts
from webapp.core import clock
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.experts import operations, queries
from webapp.experts.confirmations import LIFETIME
from webapp.experts.models import (
    ConfirmationState,
    Evidence,
    EvidenceConfirmation,
    EvidenceKind,
    Expert,
    ExpertState,
)
from webapp.experts.workflow import ExpertStep
from webapp.matches.ranking.matcher_records import expert_record
from webapp.messages.letters import body_to_send
from webapp.messages.models import Notice, OutboxMessage
from webapp.roster import merging

SHOWN = Action.EVIDENCE_SHOWN
CONFIRMER = {
    "Name": "Aigul Demo-Asanova",
    "Organisation": "Academy of the Fictional Ministry",
    "E-mail address": "aigul@example.org",
}


class Asked:
    """An expert who has asked somebody, and the link that the mail holds."""

    def __init__(self, app: Flask, pages: Pages, visitor: Callable[[], Pages]) -> None:
        self.app, self.stranger = app, visitor()
        with writing(app) as session:
            course = Evidence(kind=EvidenceKind.TRAINING_GIVEN, title="Course on firearms tracing")
            self.expert = factories.expert(session, evidence=[course])
            self.row = self.expert.evidence[0].id
            account = self.expert.account
            assert account is not None
            self.address = account.email
        self.pages = pages.come_in(account)
        self.ask()

    def form(self) -> Page:
        return self.pages.get(f"/profile/evidence/{self.row}/confirmation")

    def ask(self, status: int | None = None) -> Page:
        return self.form().submit("Send the mail", CONFIRMER, status=status)

    def mail(self) -> tuple[str, str]:
        """Return the mail that was sent last, as it waits and as it leaves."""
        with reading(self.app) as session:
            latest = session.scalars(
                sa.select(OutboxMessage)
                .where(OutboxMessage.address == "aigul@example.org")
                .order_by(OutboxMessage.id.desc())
            ).all()[0]
            return latest.subject + latest.body, body_to_send(latest, clock.now())

    @property
    def link(self) -> str:
        """Return the link that the latest mail holds."""
        found = re.search(r"/confirm-evidence/[\w-]{40,}", self.mail()[1])
        assert found
        return found[0]

    def state(self) -> ConfirmationState:
        with reading(self.app) as session:
            return session.scalars(sa.select(EvidenceConfirmation.state)).one()

    def counts(self) -> bool | None:
        """Return what the ranking reads."""
        with reading(self.app) as session:
            expert = queries.get(session, self.expert.id)
            return expert_record(expert, []).experience[0].confirmed


@pytest.fixture
def asked(app: Flask, pages: Pages, visitor: Callable[[], Pages]) -> Asked:
    return Asked(app, pages, visitor)


def test_a_confirmation_is_shown_and_counts(asked: Asked) -> None:
    assert asked.counts() is None
    page = asked.stranger.get(asked.link)
    assert asked.expert.name in page.text
    assert "Course on firearms tracing" in page.text
    thanks = page.submit("Yes, I confirm it")
    assert "Thank you" in thanks.text
    assert asked.state() is ConfirmationState.CONFIRMED
    assert asked.counts() is True
    profile = asked.pages.get("/profile").text
    assert "Aigul Demo-Asanova, Academy of the Fictional Ministry (aigul@example.org)" in profile
    with reading(asked.app) as session:
        notice = session.scalars(sa.select(Notice).order_by(Notice.id.desc())).first()
        assert notice is not None
        assert "is confirmed" in str(notice.words)


def test_a_no_is_told_and_counts_nothing(asked: Asked) -> None:
    asked.stranger.get(asked.link).submit("No, it is not so")
    assert asked.state() is ConfirmationState.REFUSED
    assert asked.counts() is None


def test_reading_the_page_answers_nothing_and_a_link_answers_once(asked: Asked) -> None:
    link = asked.link
    page = asked.stranger.get(link)
    asked.stranger.get(link)
    assert asked.state() is ConfirmationState.ASKED
    page.submit("Yes, I confirm it")
    asked.stranger.get(link, status=410)
    page.submit("No, it is not so", status=410)
    assert asked.state() is ConfirmationState.CONFIRMED


def test_the_page_shows_the_entry_and_the_name_and_nothing_else(asked: Asked) -> None:
    page = asked.stranger.get(asked.link)
    for words in ("Fictional Police Directorate", "Chief inspector", "Instructor's", "marking and"):
        assert words not in page.text
    assert asked.address not in page.text


def test_the_mail_names_nobody_and_the_database_has_no_link(asked: Asked) -> None:
    waiting, leaving = asked.mail()
    assert asked.expert.name not in waiting + leaving
    assert "/confirm-evidence/" not in waiting
    token = asked.link.rpartition("/")[2]
    with reading(asked.app) as session:
        assert session.scalars(sa.select(EvidenceConfirmation.token_hash)).one() != token


def test_a_link_that_is_too_old_or_replaced_works_no_more(asked: Asked) -> None:
    first = asked.link
    asked.ask()
    assert asked.link != first
    asked.stranger.get(first, status=410)
    second, asked_at = asked.link, clock.now()
    with time_machine.travel(asked_at + LIFETIME - timedelta(minutes=1), tick=False):
        asked.stranger.get(second)
    with time_machine.travel(asked_at + LIFETIME, tick=False):
        asked.stranger.get(second, status=410)


@pytest.mark.parametrize("answered", [True, False])
def test_what_is_changed_afterwards_is_not_confirmed(asked: Asked, answered: bool) -> None:
    link = asked.link
    if answered:
        asked.stranger.get(link).submit("Yes, I confirm it")
    entry = f"/profile/evidence/{asked.row}"
    form = asked.pages.get(entry)
    form.submit("Save", {"Keep this entry out of the ranking": True})
    assert asked.state().value == ("confirmed" if answered else "asked")
    asked.pages.get(entry).submit("Save", {"Title": "Course on something else"})
    assert asked.state() is ConfirmationState.CHANGED
    asked.stranger.get(link, status=410)
    with reading(asked.app) as session:
        assert not session.get_one(Evidence, asked.row).is_confirmed


def test_one_s_own_address_cannot_confirm(asked: Asked) -> None:
    form = asked.pages.get(f"/profile/evidence/{asked.row}/confirmation")
    own = {**CONFIRMER, "E-mail address": asked.address.upper()}
    page = form.submit("Send the mail", own, status=409)
    assert "your own address" in page.text
    assert page.form("Send the mail").values["name"] == ["Aigul Demo-Asanova"]


def test_nor_can_that_of_an_account_of_ones_own_that_was_closed(asked: Asked) -> None:
    with writing(asked.app) as session:
        own = session.get_one(Evidence, asked.row).expert
        other = factories.expert(session, name=own.name)
        assert other.account
        second = other.account.email
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        merging.join(work, own, other, (), seen=(own.version, other.version))
    form = asked.pages.get(f"/profile/evidence/{asked.row}/confirmation")
    own_too = {**CONFIRMER, "E-mail address": second}
    assert "your own address" in form.submit("Send the mail", own_too, status=409).text


def test_nor_can_one_that_has_become_ones_own_since(asked: Asked) -> None:
    link = asked.link
    page = asked.stranger.get(link)
    with writing(asked.app) as session:
        expert = session.get_one(Evidence, asked.row).expert
        assert expert.account
        expert.account.email = str(CONFIRMER["E-mail address"])
    page.submit("Yes, I confirm it", status=410)
    assert asked.state() is ConfirmationState.ASKED


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a@example.org, b@example.org", "a\x00@b.org"]
)
def test_an_address_that_is_none_is_told_at_its_field(asked: Asked, email: str) -> None:
    form = asked.pages.get(f"/profile/evidence/{asked.row}/confirmation")
    page = form.submit("Send the mail", {**CONFIRMER, "E-mail address": email}, status=400)
    assert "email" in page.errors
    assert page.form("Send the mail").values["organisation"] == [CONFIRMER["Organisation"]]


def test_nobody_asks_about_the_entry_of_another(
    asked: Asked, app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        other = factories.expert(session).account
    pages = visitor().come_in(other)
    pages.get(f"/profile/evidence/{asked.row}/confirmation", status=404)


def test_an_entry_kept_out_is_not_read_by_the_ranking(asked: Asked) -> None:
    entry = f"/profile/evidence/{asked.row}"
    form = asked.pages.get(entry)
    form.submit("Save", {"Keep this entry out of the ranking": True})
    with reading(asked.app) as session:
        assert expert_record(queries.get(session, asked.expert.id), []).experience == ()
    assert "Kept out of the ranking" in asked.pages.get("/profile").text


@pytest.mark.parametrize("by", [ExpertStep.LEAVE, ExpertStep.TAKE_OFF])
def test_a_link_shows_nothing_of_somebody_who_is_not_on_the_roster_any_more(
    app: Flask, asked: Asked, by: ExpertStep
) -> None:
    link, older = asked.link, asked.form()
    with writing(app) as session:
        expert = session.get_one(Expert, asked.expert.id)
        coordinator = factories.account(session, Role.COORDINATOR)
        leaves = by is ExpertStep.LEAVE
        work = factories.work(session, expert.account if leaves else coordinator)
        operations.take(work, expert, by, None if leaves else Grounds(ReasonKind.LEFT_SERVICE))
    page = asked.stranger.get(link, status=410)
    assert "firearms tracing" not in page.text
    asked.pages.get(older.url, status=302)
    refused = older.submit("Send the mail", CONFIRMER, status=409)
    assert "changed since you opened this page" in refused.text
    with writing(app) as session:
        expert = session.get_one(Expert, asked.expert.id)
        operations.take(factories.work(session, coordinator), expert, ExpertStep.TAKE_UP)
    # Who comes back asks anew, if they want to.
    asked.stranger.get(link, status=410)


def test_a_link_from_before_this_was_so_shows_nothing_either(app: Flask, asked: Asked) -> None:
    with writing(app) as session:
        session.get_one(Expert, asked.expert.id).state = ExpertState.WITHDRAWN
    asked.stranger.get(asked.link, status=410)


@pytest.mark.parametrize("end", ["disabled", "no expert", "suspended"])
def test_a_link_shows_nothing_while_its_expert_is_none_or_cannot_act(
    app: Flask, asked: Asked, end: str
) -> None:
    link = asked.link
    asked.stranger.get(link)
    with writing(app) as session:
        expert = session.get_one(Expert, asked.expert.id)
        assert expert.account is not None
        if end == "disabled":
            accounts.disable(factories.work(session), expert.account)
        elif end == "suspended":
            expert.state = ExpertState.SUSPENDED
        else:
            accounts.change_roles(factories.work(session), expert.account, [Role.REQUESTER])
    page = asked.stranger.get(link, status=410)
    assert "firearms tracing" not in page.text


def test_that_a_link_was_opened_is_recorded_once_and_told_to_the_expert(
    app: Flask, asked: Asked
) -> None:
    for _ in range(2):
        asked.stranger.get(asked.link)
    with reading(app) as session:
        found = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == SHOWN)).all()
        assert [(event.actor_id, event.details) for event in found] == [
            (None, {"entry": asked.row})
        ]
        until = clock.today()
        assert found[0] in queries.list_views(session, asked.expert.id, until, until)
    page = asked.pages.get("/profile/views")
    assert "Opened by a link that you had sent" in page.text
    assert "Course on firearms tracing" in page.text


def test_whoever_asks_for_the_head_of_the_page_alone_is_shown_nothing(
    app: Flask, asked: Asked, sign_in_as: Callable[..., Pages]
) -> None:
    """Scanners of mails do so with every link."""
    answer = asked.stranger.client.head(asked.link)
    assert (answer.status_code, answer.data) == (200, b"")
    # How long the page is tells something to who may look for people, so that is recorded.
    sign_in_as(Role.COORDINATOR).client.head(asked.link)
    with reading(app) as session:
        shown = session.scalars(
            sa.select(AuditEvent.action).where(
                AuditEvent.action.in_((SHOWN, Action.PROFILE_VIEWED))
            )
        )
        assert shown.all() == [Action.PROFILE_VIEWED]
    asked.stranger.get(asked.link)
    with reading(app) as session:
        assert session.query(AuditEvent).filter_by(action=SHOWN).count() == 1


def test_no_link_stands_in_the_log_that_still_opens_the_entry(
    app: Flask, asked: Asked, sign_in_as: Callable[..., Pages]
) -> None:
    sign_in_as(Role.COORDINATOR).get(asked.link)
    with reading(app) as session:
        seen = session.scalars(
            sa.select(AuditEvent.details).where(AuditEvent.action == Action.PROFILE_VIEWED)
        )
        assert "/confirm-evidence/<token>" in [details["path"] for details in seen]


def test_nobody_who_is_signed_in_confirms_their_own_entry(asked: Asked) -> None:
    refused = asked.pages.get(asked.link, status=403)
    assert "somebody else has to confirm it" in refused.text
    asked.pages.post(asked.link, {"answer": "yes"}, status=403)
    assert asked.state() is ConfirmationState.ASKED
    assert asked.counts() is None


def test_an_entry_that_was_removed_in_another_window_loses_nothing_that_was_typed(
    asked: Asked,
) -> None:
    address = f"/profile/evidence/{asked.row}"
    form = asked.pages.get(f"{address}/confirmation")
    question = asked.pages.get(f"{address}/remove")
    question.submit("Remove it")
    page = form.submit("Send the mail", {**CONFIRMER, "Name": "Aigul Other"}, status=409)
    assert "was removed in another window" in page.text
    assert any("Aigul Other" in form.values.get("name", []) for form in page.forms)
    asked.pages.get(f"{address}/confirmation", status=404)
