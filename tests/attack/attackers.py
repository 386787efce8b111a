"""Who attacks: strangers, two people of each role, and people who come back without a right to."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask

from tests import factories
from tests.databases import writing
from tests.live import Visitor
from tests.structure.access_of_accounts import R
from webapp.accounts.models import Account
from webapp.core.roles import Role

COLLEAGUE = "colleague of the first requester"


@dataclass(frozen=True, eq=False)
class Attacker:
    """Somebody at the server; `kinds` are what they are to the access matrix.

    Things of the world belong to those who come `first` of their role.
    """

    name: str
    kinds: frozenset[str]
    visitor: Visitor
    account_id: int | None = None
    comes_first: bool = False

    @property
    def is_colleague(self) -> bool:
        """Tell whether they act for the first requester's organisation, and read what it asks."""
        return self.name == COLLEAGUE

    def token(self) -> str:
        """Return a token that is good for whatever they send."""
        signed_in = self.kinds != {"stranger"}
        return self.visitor.token("/account" if signed_in else "/login")


def gather(app: Flask, world: factories.World, url: str) -> list[Attacker]:
    """Let all who attack come in, as far as they may."""
    with writing(app) as session:
        both = factories.account(session, Role.REQUESTER, Role.COORDINATOR)
        disabled, ended = (factories.account(session, Role.COORDINATOR) for _ in range(2))
        admin = factories.account(session, Role.ADMINISTRATOR)
    pairs = [(role, world.first(role), world.second(role)) for role in Role]
    return [
        Attacker("stranger", frozenset({"stranger"}), Visitor(url)),
        *_shut_out(url, admin, {"disable": disabled, "end-sessions": ended}),
        _enter(url, "nobody", world.nobody, {"nobody"}),
        _enter(url, COLLEAGUE, world.colleague, {R}),
        _enter(url, "requester and coordinator", both, both.kinds),
        *(_enter(url, f"second {role}", second, {role}) for role, _, second in pairs),
        *(_enter(url, f"first {role}", first, {role}, first=True) for role, first, _ in pairs),
    ]


def _enter(
    url: str, name: str, person: Account, kinds: Collection[str], *, first: bool = False
) -> Attacker:
    visitor = Visitor(url).sign_in(person)
    return Attacker(name, frozenset(kinds), visitor, person.id, first)


def _shut_out(url: str, admin: Account, acts: dict[str, Account]) -> list[Attacker]:
    """Return people who still hold the cookie of a session that an administrator has ended."""
    visitors = {act: Visitor(url).sign_in(person) for act, person in acts.items()}
    deciding = Visitor(url).sign_in(admin)
    for act, person in acts.items():
        token = deciding.token(f"/accounts/{person.id}")
        answer = deciding.post(f"/accounts/{person.id}/{act}", {"csrf_token": token})
        assert answer.status in {302, 303}, answer.body
    stranger = frozenset({"stranger"})
    return [Attacker(f"shut out by {act}", stranger, who) for act, who in visitors.items()]
