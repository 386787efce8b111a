"""Everything that people can do from a request to a mission, to be walked at random.

Two coordinators, a requester, four experts and an authority of two: one expert is the authority's
official, one that of an authority with nobody here, so that it is asked by letter, and one has no
account. Another requester and an administrator have no part in any of it, and may try. Each move
runs in a transaction of its own, as from a page, and is sent twice.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from tests import databases, factories
from tests.pages import Pages
from tests.webapp.matches import told as tellings
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.amendments import rules as amendment_rules
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import WORKFLOW as OF_AMENDMENTS
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import DomainError, NotFoundError
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.deployments import operations as missions
from webapp.deployments import queries as mission_queries
from webapp.deployments import rules as mission_rules
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import AHEAD
from webapp.deployments.workflow import WORKFLOW as OF_MISSIONS
from webapp.expertise_requests import handling, obstacles
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.content import Content, get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW as OF_REQUESTS
from webapp.experts import joining
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.matches import invitation_links, offering, operations, releases
from webapp.matches.models import Match
from webapp.matches.sweep import let_reserves_go
from webapp.matches.workflow import WORKFLOW, MatchStep
from webapp.messages.letters import body_to_send
from webapp.messages.models import Notice, OutboxMessage
from webapp.platform_settings import queries as platform_settings

COMMENT = Grounds(ReasonKind.COMMENT, "There is a reason.")
LETTER = releases.LetterContent("01-7/2031", date(2031, 1, 7))
# Of one of the experts, and of no other.
HOME_OF_ONE = "SRB"
OFFICE = ("office", "colleague")
# Whoever can sign in; an expert more is on the roster without an account.
ROLE_OF = {
    **dict.fromkeys(OFFICE, Role.COORDINATOR),
    "requester": Role.REQUESTER, "stranger": Role.REQUESTER,
    "free": Role.EXPERT, "official": Role.EXPERT, "by letter": Role.EXPERT,
    "minister": Role.NOMINATING_AUTHORITY, "deputy": Role.NOMINATING_AUTHORITY,
    "administrator": Role.ADMINISTRATOR,
}  # fmt: skip
WORKFLOWS: dict[type[Any], Any] = {
    ExpertiseRequest: OF_REQUESTS, Match: WORKFLOW, Amendment: OF_AMENDMENTS,
    Deployment: OF_MISSIONS,
}  # fmt: skip
OPERATIONS: dict[type[Any], Any] = {
    Match: operations.take, Amendment: amendments.take, Deployment: missions.take,
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A step that somebody is offered with a thing, as a page would offer it."""

    person: str
    thing: tuple[type[Any], int]
    step: Any


class Platform:
    """An installation, its people, and what they can do there."""

    def __init__(self, maker: Any) -> None:
        self.time = time_machine.travel(clock.now(), tick=False)
        self.moment = self.time.start()
        self.folder = TemporaryDirectory()
        self.fresh = maker.fresh(Path(self.folder.name))
        self.app = databases.make_app(Path(self.folder.name), self.fresh.__enter__())
        with databases.writing(self.app) as session:
            here, elsewhere = (factories.organisation(session).id for _ in range(2))
            made = _make_people(session, here)
            self.people = {name: account.id for name, account in made.items()}
            self.actors = {name: factories.actor(account) for name, account in made.items()}
            self.experts = list(_make_experts(session, self.people, here, elsewhere))
        # How often something has changed, of which people read.
        self.changes = 0
        # Who was told of the last change, and on which page it stands.
        self.news: list[tuple[int, str]] = []

    def close(self) -> None:
        """Close what was opened."""
        databases.close(self.app)
        self.fresh.__exit__(None, None, None)
        self.folder.cleanup()
        self.time.stop()

    def act(self, person: str, operation: Callable[[UnitOfWork], Any]) -> bool:
        """Do something as a person, and once more as from a page that is sent again; tell whether
        it was allowed. Whom it concerns has to be told, each once and nobody else."""
        if not self._once(person, operation):
            return False
        done = self._heard()
        self._try(person, operation)
        assert self._heard() == done, "what is sent again counts once"
        return True

    def _once(self, person: str, operation: Callable[[UnitOfWork], Any]) -> bool:
        before = self._heard()
        done = self._try(person, operation)
        if done:
            self.changes += 1
            self.check_who_was_told(*before)
        else:
            assert self._heard() == before, "what is refused leaves no trace"
        return done

    def _try(self, person: str, operation: Callable[[UnitOfWork], Any]) -> bool:
        try:
            with databases.writing(self.app) as session:
                operation(factories.work(session, session.get_one(Account, self.people[person])))
        except DomainError:
            return False
        return True

    def _heard(self) -> tuple[int, ...]:
        """Return how far log, notices and calls go."""
        with databases.reading(self.app) as session:
            tables = (AuditEvent, Notice, PhoneCall)
            return tuple(session.scalar(sa.select(sa.func.max(one.id))) or 0 for one in tables)

    def check_who_was_told(self, events: int, notices: int, calls: int) -> None:
        """Assert that of what was done since then all were told whom the table names, and nobody
        else."""
        with databases.reading(self.app) as session:
            since = sa.select(AuditEvent).where(AuditEvent.id > events).order_by(AuditEvent.id)
            done = session.scalars(since).all()
            assert tellings.list_approved_alone(session, done) == []
            must = tellings.find_who_must_be_told(session, done)
            told = tellings.find_who_was_told(session, notices, calls)
            assert told == must, [(one.action, one.details, one.role) for one in done]
            news = sa.select(Notice.account_id, Notice.path).where(Notice.id > notices)
            self.news = [(number, path) for number, path in session.execute(news)]
            assert len(self.news) == len(set(self.news)), "of one thing somebody is told once"

    def open(self, account_id: int, path: str) -> None:
        """Open a page as somebody who was told of it."""
        databases.forget_limits(self.app)
        with databases.writing(self.app) as session:
            person = session.get_one(Account, account_id)
        Pages(self.app).come_in(person).get(path)

    # What people begin.

    def ask(self, state: RequestState, experts_needed: int, first: int) -> None:
        """Let the requester ask for experts on days that overlap with those of other requests."""
        self.changes += 1
        start = clock.today() + timedelta(days=30 + first)
        with databases.writing(self.app) as session:
            factories.request(
                session,
                state,
                requester=session.get_one(Account, self.people["requester"]),
                coordinator=session.get_one(Account, self.people["office"]),
                start=start,
                end=start + timedelta(days=3),
                experts_needed=experts_needed,
            )

    def edit(self, person: str, number: int, place: str) -> bool:
        """Change the text of a request."""

        def operation(work: UnitOfWork) -> None:
            row = work.session.get_one(ExpertiseRequest, number)
            content = replace(get_content(row), place=place)
            requests.save(work, row, content, seen_version=row.version)

        return self.act(person, operation)

    def shortlist(self, person: str, request: int, expert: int) -> bool:
        """Put an expert on a shortlist."""
        return self.act(
            person,
            lambda work: operations.shortlist(
                work,
                work.session.get_one(ExpertiseRequest, request),
                work.session.get_one(Expert, expert),
                factories.PLACING,
            ),
        )

    def propose(self, person: str, request: int) -> bool:
        """Propose who is approved, with a word on each."""

        def operation(work: UnitOfWork) -> None:
            row = work.session.get_one(ExpertiseRequest, request)
            approved, _kept_back = offering.list_approved(work.session, row, work.now.date())
            said = {one.id: operations.Said("They fit.") for one in approved}
            operations.propose(work, row, said)

        return self.act(person, operation)

    def propose_change(
        self, person: str, request: int, change: dict[str, Any], days: int, *, stale: bool
    ) -> bool:
        """Propose other terms of reference, so many `days` later, perhaps from an older page."""

        def operation(work: UnitOfWork) -> None:
            row = work.session.get_one(ExpertiseRequest, request)
            changed = replace(_moved(get_content(row), days), **change)
            seen = row.tor_version - stale
            amendments.propose(work, row, changed, COMMENT, seen_version=seen)

        return self.act(person, operation)

    def hand_over(self, person: str, request: int, to: str) -> bool:
        """Let a coordinator see to a request."""

        def operation(work: UnitOfWork) -> None:
            row = work.session.get_one(ExpertiseRequest, request)
            handling.hand_over(work, row, self.people[to], seen=row.handled_by)

        return self.act(person, operation)

    def note_call(self, person: str, call: int) -> bool:
        """Note that an expert without an account was told by telephone."""
        return self.act(
            person, lambda work: joining.note_call(work, work.session.get_one(PhoneCall, call))
        )

    def move_mission(self, person: str, number: int, later: int) -> bool:
        """Give a mission other days, so many later."""

        def operation(work: UnitOfWork) -> None:
            row = work.session.get_one(Deployment, number)
            first, last = (day + timedelta(days=later) for day in (row.start, row.end))
            missions.move(work, row, first, last, seen_version=row.version)

        # It goes by what the mission is now: sent again it would be another change of the days.
        return self._once(person, operation)

    def make_ready(self, number: int) -> None:
        """Let each side see to what a mission that is ahead needs of it."""
        with databases.writing(self.app) as session:
            office = session.get_one(Account, self.people["office"])
            mission = session.get_one(Deployment, number)
            if mission.state in AHEAD:
                self.changes += 1
                factories.settle(session, mission, office=office)

    def turn_four_eyes(self) -> None:
        """Let the platform ask for four eyes, or for two where it asked for four."""
        self.changes += 1
        with databases.writing(self.app) as session:
            kept = platform_settings.get_settings(session)
            kept.four_eyes = not kept.four_eyes

    def let_days_pass(self, days: int) -> None:
        """Let missions come near, begin and end, and those in reserve go."""
        self.changes += 1
        self.moment.shift(timedelta(days=days))
        before = self._heard()
        with self.app.app_context():
            let_reserves_go()
        self.check_who_was_told(*before)

    def answer_by_link(self, number: int, *, yes: bool) -> None:
        """Answer by one of the links that were sent, if it is not used or late."""
        with databases.reading(self.app) as session:
            tokens = list(_tokens(session))
            token = tokens[number % len(tokens)] if tokens else ""
            found = invitation_links.find(session, token, clock.now())
            if found is None:
                return
            person = next(who for who, number in self.people.items() if number == found[1].id)
        step = MatchStep.ACCEPT if yes else MatchStep.DECLINE

        def operation(work: UnitOfWork) -> None:
            found = invitation_links.find(work.session, token, work.now)
            if found is None:
                raise NotFoundError(_("This link is used."))
            why = None if yes else factories.grounds(WORKFLOW[step])
            operations.take(work, found[0], step, why, by_link=True)

        assert self.act(person, operation)

    # The steps of the workflows.

    def take(self, offer: Offer) -> bool:
        """Take a step with a thing, with a reason of those that it takes."""
        return self.act(offer.person, lambda work: _take(work, offer))

    def offers(self, session: Session) -> Iterator[Offer]:
        """Yield what everybody is offered now."""
        four_eyes = platform_settings.get_settings(session).four_eyes
        today = clock.today()
        rows: dict[type[Any], list[Any]] = {
            kind: list(session.scalars(sa.select(kind).order_by(kind.id)))
            for kind in (ExpertiseRequest, Match, Amendment, Deployment)
        }
        missing = {one.id: mission_queries.list_missing(session, one) for one in rows[Deployment]}
        for person in self.people:
            who, role = self.actors[person], ROLE_OF[person]
            steps_with = partial(_list_steps, session, who, role, four_eyes)
            offered: Iterable[tuple[Any, list[Any]]] = (
                *(
                    (row, obstacles.list_possible_steps(session, who, row))
                    for row in rows[ExpertiseRequest]
                ),
                *((row, steps_with(row)) for row in rows[Match]),
                *((row, amendment_rules.possible_steps(row, who)) for row in rows[Amendment]),
                *(
                    (row, mission_rules.possible_steps(row, who, today, missing[row.id]))
                    for row in rows[Deployment]
                ),
            )
            for row, steps in offered:
                yield from (Offer(person, (type(row), row.id), step) for step in steps)


def _list_steps(
    session: Session, who: Actor, role: Role, four_eyes: bool, match: Match
) -> list[MatchStep]:
    return offering.list_steps(session, match, who, role, four_eyes=four_eyes)[0]


def _take(work: UnitOfWork, offer: Offer) -> None:
    kind, number = offer.thing
    row = work.session.get_one(kind, number)
    step = WORKFLOWS[kind][offer.step]
    why = factories.grounds(step) if row.state in step.needs_reason else None
    if kind is ExpertiseRequest:
        requests.take(work, row, offer.step, why, requests.Seen(past_is_meant=True))
    elif offer.step is MatchStep.RELEASE:
        releases.release(work, row, LETTER)
    else:
        OPERATIONS[kind](work, row, offer.step, why)


def _tokens(session: Session) -> Iterator[str]:
    """Yield what the links hold of the mails that wait to be sent."""
    with_link = sa.select(OutboxMessage).where(OutboxMessage.secret_link.is_not(None))
    for mail in session.scalars(with_link.order_by(OutboxMessage.id)):
        if found := re.search(r"/answer/(\S+)", body_to_send(mail, clock.now())):
            yield found[1]


def _moved(content: Content, days: int) -> Content:
    later = timedelta(days=days)
    assert content.start
    assert content.end
    return replace(content, start=content.start + later, end=content.end + later)


def _make_people(session: Session, ministry: int) -> dict[str, Account]:
    """Make whoever can sign in; the two of the authority act for that ministry."""
    member = {Role.NOMINATING_AUTHORITY: {"organisation_id": ministry}}
    return {
        name: factories.account(session, role, **member.get(role, {}))
        for name, role in ROLE_OF.items()
    }


def _make_experts(
    session: Session, people: dict[str, int], here: int, elsewhere: int
) -> Iterator[int]:
    for name, authority in (("free", None), ("official", here), ("by letter", elsewhere)):
        home: dict[str, Any] = {} if authority else {"jurisdiction": HOME_OF_ONE}
        made = factories.expert(session, person=session.get_one(Account, people[name]), **home)
        if authority:
            factories.make_official(session, made, authority)
        yield made.id
    yield factories.expert(session, signs_in=False).id
