"""Whoever puts people forward one by one mails strangers: not at the pace of a program."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.experts.models import Expert


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.NOMINATING_AUTHORITY, "/officials/nominate"),
        (Role.COORDINATOR, "/experts/add"),
    ],
)
def test_a_program_that_puts_strangers_forward_is_told_to_wait(
    app: Flask, visitor: Callable[[], Pages], role: Role, address: str
) -> None:
    with writing(app) as session:
        home = factories.organisation(session)
        member = factories.account(session, role, organisation_id=home.id)
    pages = visitor().come_in(member)

    def put_forward(number: int, status: int) -> None:
        sent = {
            "name": f"Stranger {'x' * number}",
            "telephone": "+996 555 000000",
            "jurisdiction": "KGZ",
        }
        pages.post(address, sent, status=status)

    for number in range(10):
        put_forward(number, 302)
    put_forward(10, 429)
    with reading(app) as session:
        assert session.scalars(sa.select(sa.func.count(Expert.id))).one() == 10
