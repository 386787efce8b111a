"""Accounts by role."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts import operations
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.membership.models import AccountRequest

PASSWORD = "correct horse battery staple"
FIRST_NAMES = ("Ana", "Besnik", "Cveta", "Dragan", "Elira", "Filip", "Gordana", "Halil", "Ivana")
LAST_NAMES = ("Testova", "Fikcija", "Primer", "Shembull", "Exemplu", "Priklad", "Mostra", "Zgled")
_number = itertools.count(1)


def next_number() -> int:
    """Return a number that nobody in these tests has had, so that names are nobody else's."""
    return next(_number)


def person_name(number: int) -> str:
    """Return the name of a person who does not exist; each number has its own."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[number % len(LAST_NAMES)]} {number}"


def account(session: Session, *roles: Role, **values: Any) -> Account:
    """Make an account with `roles`; its password is `PASSWORD` unless `values` say otherwise.

    Like the demo's people it needs no second factor and has nothing to agree to.
    """
    number = next_number()
    given = {
        "email": f"person{number}@example.org",
        "name": person_name(number),
        "password": PASSWORD,
        "institution": f"Fictional Ministry {number}",
        "jurisdiction": "KGZ" if Role.REQUESTER in roles else None,
        "demo": True,
        **values,
    }
    more = {name: given.pop(name, None) for name in ("language", "organisation_id")}
    made = operations.create(work(session), roles=roles, **given)
    made.language, made.organisation_id = more["language"], more["organisation_id"]
    session.flush()
    assert made.kinds == frozenset(roles)
    return made


def consent(session: Session, person: Account) -> None:
    """Let somebody agree to the privacy notice."""
    operations.consent(work(session, person), person)


def actor(person: Account | None, *roles: Role) -> Actor:
    """Return the person as operations know them, in their own roles unless others are named."""
    if person is None:
        return SYSTEM
    return Actor(
        id=person.id,
        roles=frozenset(roles) or person.kinds,
        address="127.0.0.1",
        organisation_id=person.organisation_id,
    )


def work(session: Session, by: Account | Actor | None = None, *roles: Role) -> UnitOfWork:
    """Return what an operation is given: the session, who acts, and now."""
    acting = by if isinstance(by, Actor) else actor(by, *roles)
    return UnitOfWork(session, acting, clock.now())


def account_request(session: Session, **values: Any) -> AccountRequest:
    """Let a stranger ask for an account; `values` replace what they say."""
    said = {
        "email": f"stranger{next_number()}@example.org",
        "name": "Nova Testova",
        "institution": "Fictional Ministry",
        "jurisdiction": "KGZ",
        "reason": "Needs experts.",
        "created_at": clock.now(),
    }
    asked = AccountRequest(**{**said, **values})
    session.add(asked)
    session.flush()
    return asked
