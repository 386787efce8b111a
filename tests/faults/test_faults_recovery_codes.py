"""A recovery code opens the account that it was made for, once, however many clients send it."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.faults.crowd import CLIENTS, at_once
from tests.live import Visitor
from webapp.accounts.models import Account
from webapp.core.roles import Role

pytestmark = [
    pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long,
    pytest.mark.usefixtures("ends_sound"),
]  # fmt: skip


class Town:
    """A server with two workers, and people who are asked for a second factor."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url

    def person(self) -> Account:
        """Return a new person with an application that shows codes."""
        security = self.app.extensions["security"]
        with writing(self.app) as session:
            made = factories.account(session, Role.REQUESTER)
            made.tf_primary_method = "authenticator"
            made.tf_totp_secret = security.totp_factory.generate_totp_secret()
        return made

    def codes(self, person: Account) -> list[str]:
        """Return new recovery codes of a person; those from before are worth nothing."""
        security = self.app.extensions["security"]
        with writing(self.app) as session:
            stored = session.get_one(Account, person.id)
            return list(security.mf_recovery_codes_util.create_recovery_codes(stored))

    def half_in(self, person: Account) -> Visitor:
        """Return somebody who has given the password and is asked for the second factor."""
        visitor = Visitor(self.url).sign_in(person)
        assert not is_in(visitor)
        return visitor


@pytest.fixture
def town(app: Flask, live_url: str) -> Town:
    """Return people at a server with two workers."""
    return Town(app, live_url)


def is_in(visitor: Visitor) -> bool:
    """Tell whether somebody is signed in."""
    return visitor.get("/account").status == 200


def give(visitor: Visitor, code: str) -> bool:
    """Send a recovery code, and tell whether it let its sender in."""
    visitor.post("/mf-recovery", {"csrf_token": visitor.token("/mf-recovery"), "code": code})
    return is_in(visitor)


def test_of_eight_who_send_one_recovery_code_at_one_moment_one_is_let_in(town: Town) -> None:
    person = town.person()
    code = town.codes(person)[0]
    visitors = [town.half_in(person) for _ in range(CLIENTS)]
    clicks = [
        (one, "/mf-recovery", {"csrf_token": one.token("/mf-recovery"), "code": code})
        for one in visitors
    ]
    answers = at_once(clicks)
    assert {answer.status for answer in answers} <= {200, 302, 400, 409, 429}
    assert sum(is_in(one) for one in visitors) == 1


def test_a_recovery_code_works_once_for_its_owner_and_until_there_are_new_ones(town: Town) -> None:
    person, other = town.person(), town.person()
    before, others = town.codes(person), town.codes(other)
    new = town.codes(person)
    assert not give(town.half_in(person), others[0])
    assert not give(town.half_in(person), before[0])
    assert give(town.half_in(person), new[0])
    assert not give(town.half_in(person), new[0])
    assert give(town.half_in(person), new[1])
