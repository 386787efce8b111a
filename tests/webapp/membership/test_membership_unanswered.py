"""Requests for an account that nobody has made are deleted together, and no mail leaves."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.links import deliver
from tests.pages import Pages
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.membership.models import AccountRequest

BUTTON = "Delete those ticked, without a mail"


@pytest.fixture
def asked(app: Flask) -> list[int]:
    """Return the numbers of three requests that wait."""
    with writing(app) as session:
        addresses = [f"{name}@example.org" for name in ("ana", "mira", "vesna")]
        return [factories.account_request(session, email=email).id for email in addresses]


def waiting(app: Flask) -> list[int]:
    with reading(app) as session:
        return list(session.scalars(sa.select(AccountRequest.id).order_by(AccountRequest.id)))


@pytest.mark.both_databases
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_those_ticked_go_and_nobody_is_written_to(
    app: Flask,
    sign_in_as: Callable[..., Pages],
    asked: list[int],
    outbox: list[Any],
    role: Role,
) -> None:
    first, kept, last = asked
    page = sign_in_as(role).get("/accounts/requests")
    page = page.submit(BUTTON, {"number": [str(first), str(last)]})
    assert "2 requests are deleted." in page.text
    assert waiting(app) == [kept]
    deliver(app)
    assert outbox == []
    with reading(app) as session:
        events = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.ACCOUNT_REFUSED)
        )
        assert [event.details for event in events] == [{"answered": False}] * 2


def test_who_ticks_nothing_is_told_so(
    app: Flask, sign_in_as: Callable[..., Pages], asked: list[int]
) -> None:
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests").submit(BUTTON, status=400)
    assert "Please tick at least one request." in page.text
    assert waiting(app) == asked


def test_where_a_colleague_has_decided_on_all_that_is_said(
    app: Flask, sign_in_as: Callable[..., Pages], asked: list[int]
) -> None:
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    with writing(app) as session:
        session.execute(sa.delete(AccountRequest))
    assert "Somebody else has decided on these" in page.submit(BUTTON, status=409).text


def test_what_a_colleague_has_decided_on_is_left_and_the_rest_goes(
    app: Flask, sign_in_as: Callable[..., Pages], asked: list[int]
) -> None:
    first, second, third = asked
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    with writing(app) as session:
        session.execute(sa.delete(AccountRequest).where(AccountRequest.id == first))
    given = {"number": [str(first), str(second)]}
    assert "One request is deleted." in page.submit(BUTTON, given).text
    assert waiting(app) == [third]
    late = page.submit(BUTTON, given, status=409)
    assert "Somebody else has decided on these requests" in late.text


@pytest.mark.parametrize("number", ["9" * 400, "-1", "x", "1' OR 1=1", "\x00"])
def test_what_is_no_number_of_a_request_deletes_none(
    app: Flask, sign_in_as: Callable[..., Pages], asked: list[int], number: str
) -> None:
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    page.submit(BUTTON, {"number": [number]}, status=409)
    assert waiting(app) == asked
