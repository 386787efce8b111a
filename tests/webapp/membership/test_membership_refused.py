"""Whoever asks for an account and gets none is told why, by a mail to the address alone."""

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

EMAIL = "nova@example.org"


@pytest.fixture
def mails(app: Flask, outbox: list[Any]) -> Callable[[str], list[Any]]:
    """Return a function that sends what is due and gives the mails to an address."""

    def sent(address: str) -> list[Any]:
        deliver(app)
        return [mail for mail in outbox if mail.to == [address]]

    return sent


@pytest.mark.both_databases
def test_what_was_asked_for_and_refused_is_deleted_and_told_why_in_the_own_language(
    app: Flask, sign_in_as: Callable[..., Pages], mails: Callable[[str], list[Any]]
) -> None:
    with writing(app) as session:
        factories.account_request(session, email=EMAIL, name="N", language="ru")
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    given = {"Why the request is refused": "has account", "In your own words": "Bitte schön."}
    assert "Nobody asks" in page.submit("Refuse and delete", given).text
    (mail,) = mails(EMAIL)
    assert "SEESAC не предоставляет" in mail.body
    assert "Для этого адреса уже есть учётная запись. Bitte schön." in mail.body
    with reading(app) as session:
        assert session.scalars(sa.select(AccountRequest)).all() == []
        (event,) = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.ACCOUNT_REFUSED)
        )
        assert event.details == {"kind": "has account"}


def test_a_refusal_without_a_reason_is_asked_for_it_and_loses_no_word(
    app: Flask, sign_in_as: Callable[..., Pages], mails: Callable[[str], list[Any]]
) -> None:
    with writing(app) as session:
        factories.account_request(session, email=EMAIL)
    page = sign_in_as(Role.COORDINATOR).get("/accounts/requests")
    page = page.submit("Refuse and delete", {"In your own words": "Nobody knows them."}, status=400)
    (typed,) = page.form("Refuse and delete").values["refuse-1-reason"]
    assert typed == "Nobody knows them."
    page.submit("Refuse and delete", {"Why the request is refused": "other"})
    (mail,) = mails(EMAIL)
    assert "The reason: Nobody knows them." in mail.body
