"""Who has finished joining: the database counts those as able who reach the pages of their role."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.accounts import queries
from webapp.accounts.models import Account, Passkey
from webapp.core import clock
from webapp.core.roles import Role
from webapp.membership.rules import next_first_step


@dataclass(frozen=True)
class Ways:
    """By what somebody signs in, and whether anything protects a person of the demo."""

    password: bool
    application: bool
    passkey: str | None
    demo: bool


def _ways() -> Iterator[Ways]:
    choices = itertools.product([True, False], [True, False], [None, "first", "secondary"])
    for password, application, passkey in choices:
        for demo in (True, False):
            yield Ways(password, application, passkey, demo)


def _with(session: Session, ways: Ways, *roles: Role) -> Account:
    person = factories.account(session, *roles, demo=ways.demo)
    person.password_set_at = clock.now() if ways.password else None
    person.tf_primary_method = "authenticator" if ways.application else None
    if ways.passkey:
        key = {"name": "key", "public_key": b"key", "credential_id": str(person.id).encode()}
        more = {"backup_state": False, "device_type": "single_device", "usage": ways.passkey}
        person.webauthn = [Passkey(**key, **more, lastuse_datetime=clock.now())]
    factories.consent(session, person)
    return person


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "roles",
    [
        (Role.COORDINATOR,),
        (Role.COORDINATOR, Role.REQUESTER),
        (Role.ADMINISTRATOR,),
        (Role.NOMINATING_AUTHORITY,),
    ],
)
def test_able_are_those_who_have_nothing_left_to_do_before_their_work(
    session: Session, roles: tuple[Role, ...]
) -> None:
    people = [_with(session, ways, *roles) for ways in _ways()]
    invited = factories.account(session, *roles, password=None)
    disabled = factories.account(session, *roles)
    disabled.active = False
    session.flush()
    finished = {one.id for one in people if next_first_step(one) is None}
    assert 0 < len(finished) < len(people)
    for role in roles:
        assert {one.id for one in queries.list_able(session, role)} == finished
        told = {one.id for one in queries.list_told(session, role)}
        assert told == {one.id for one in [*people, invited]}
