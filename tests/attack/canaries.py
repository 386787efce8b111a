"""Words that are one person's alone, and who may find them on a page.

Of experts the promise about their columns says it; of others, that those with whom they have
nothing to do read nothing of them.
"""

import re
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.attack.attackers import Attacker
from tests.databases import reading, writing
from tests.structure.access_of_accounts import A, C, N, R
from tests.structure.test_who_reads_what import READERS
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches.models import Match

# Where an expert is told who has looked at the profile.
TELLS_OF_VIEWERS = frozenset({"experts.profile", "experts.views"})
# Who, on which path, and which expert.
Sight = tuple[int, str, int]
# How a page tells what came of the step before.
_SAID = re.compile(
    r'<div class="alert alert-(?:success|danger)" role="status">.*?</div>', re.DOTALL
)
ASKED_ABOUT = frozenset({A, C})


@dataclass(frozen=True)
class Canary:
    """A word, the columns in which it stands, and whose it is."""

    word: str
    columns: tuple[str, ...]
    account_id: int | None
    expert_id: int | None


class Canaries:
    """All such words, and whose things the first people of the world have to do with."""

    def __init__(self, app: Flask, world: factories.World) -> None:
        self.of_the_first = _of_the_first(app, world)
        planted = _plant(app)
        # Some of the world have one name, as they are perhaps one person.
        times = Counter(canary.word for canary in planted)
        by_word = {canary.word: canary for canary in planted if times[canary.word] == 1}
        self.by_word = by_word
        # A name ends with a number, and must not be the beginning of another.
        longest = sorted(by_word, key=len, reverse=True)
        self.pattern = re.compile(rf"(?:{'|'.join(map(re.escape, longest))})(?!\d)")

    def found_in(self, text: str) -> set[Canary]:
        """Return what stands in an answer, but for what it says of the step before.

        Whom that names has been recorded with the step.
        """
        return {self.by_word[word] for word in self.pattern.findall(_SAID.sub("", text))}

    def may_read(self, who: Attacker, canary: Canary, endpoint: str) -> bool:
        """Tell whether somebody is promised what they were shown."""
        if endpoint in TELLS_OF_VIEWERS and canary.columns == ("account.name",):
            return True
        if canary.account_id is not None and canary.account_id == who.account_id:
            return True
        if canary.expert_id is None:
            return bool(who.kinds & ASKED_ABOUT) or who.comes_first or who.is_colleague
        promised = {reader for column in canary.columns for reader in READERS[column]}
        readers = promised & who.kinds - {Role.EXPERT}
        concerned = who.comes_first and canary.expert_id in self.of_the_first
        return bool(readers & ASKED_ABOUT) or bool(readers and concerned)


def _plant(app: Flask) -> list[Canary]:
    """Give each expert a telephone of their own; names and addresses are it already."""
    planted = []
    with writing(app) as session:
        chosen = sa.select(Expert, Account).outerjoin(Account, Expert.account_id == Account.id)
        owners = set()
        for expert, account in session.execute(chosen).all():
            expert.telephone = f"+382670{expert.id:06}"
            words = {expert.name: ["expert.name"], expert.telephone: ["expert.telephone"]}
            if account is not None:
                owners.add(account.id)
                words[account.email] = ["account.email"]
                words.setdefault(account.name, []).append("account.name")
            planted += [
                Canary(word, tuple(columns), expert.account_id, expert.id)
                for word, columns in words.items()
            ]
        for account in session.scalars(sa.select(Account).where(Account.id.not_in(owners))):
            planted += [
                Canary(account.name, ("account.name",), account.id, None),
                Canary(account.email, ("account.email",), account.id, None),
            ]
    return planted


def _of_the_first(app: Flask, world: factories.World) -> set[int]:
    """Return the experts of requests of the first requester, and officials of the first of those
    who act for authorities."""
    requests = sa.select(ExpertiseRequest.id).filter_by(requester_id=world.first(R).id)
    theirs = sa.select(Match.expert_id).where(Match.request_id.in_(requests))
    office = world.first(N).organisation_id
    with reading(app) as session:
        return set(session.scalars(theirs)) | set(
            session.scalars(sa.select(Expert.id).filter_by(authority_id=office))
        )


def recorded(app: Flask) -> set[Sight]:
    """Return whom the log has seen looking at whom, and where."""
    chosen = sa.select(AuditEvent).where(AuditEvent.action == Action.PROFILE_VIEWED)
    with reading(app) as session:
        return {
            (event.actor_id or 0, event.details["path"], expert)
            for event in session.scalars(chosen)
            for expert in event.details["experts"]
        }
