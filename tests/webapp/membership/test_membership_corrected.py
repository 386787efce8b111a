"""What stands wrong of somebody's institution and jurisdiction is corrected for whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.messages.models import Notice

RIGHT = {"Institution": "Ministry of Defence", "Jurisdiction": "MDA"}


@pytest.fixture
def expert(app: Flask) -> Expert:
    with writing(app) as session:
        made = factories.expert(session, jurisdiction="KGZ")
        account = session.get_one(Account, made.account_id)
        account.institution, account.jurisdiction = "Ministry of Errors", "KGZ"
        return made


def corrections(app: Flask) -> list[dict[str, Any]]:
    with reading(app) as session:
        changed = AuditEvent.action == Action.ACCOUNT_CHANGED
        return list(session.scalars(sa.select(AuditEvent.details).where(changed)))


def test_an_administrator_corrects_where_somebody_works_and_they_are_told(
    app: Flask, expert: Expert, visitor: Callable[[], Pages], sign_in_as: Callable[..., Pages]
) -> None:
    page = sign_in_as(Role.ADMINISTRATOR).get(f"/accounts/{expert.account_id}")
    page = page.follow("Correct institution or jurisdiction …").submit("Correct", RIGHT)
    assert "is corrected, and the person is told" in page.text
    with reading(app) as session:
        account = session.get_one(Account, expert.account_id)
        assert (account.institution, account.jurisdiction) == ("Ministry of Defence", "MDA")
        # Of which jurisdiction an expert is, by which sides are told apart, is confirmed by SEESAC.
        assert session.get_one(Expert, expert.id).jurisdiction == "KGZ"
        told = list(session.scalars(sa.select(Notice.account_id)))
        assert told == [expert.account_id]
    assert corrections(app) == [{"fields": ["institution", "jurisdiction"]}]
    with reading(app) as session:
        own = visitor().sign_in(session.get_one(Account, expert.account_id)).get("/account")
    assert "Ministry of Defence" in own.text
    assert "an administrator corrects it" in own.text


def test_what_was_corrected_meanwhile_is_not_overwritten_unread(
    app: Flask, expert: Expert, sign_in_as: Callable[..., Pages]
) -> None:
    address = f"/accounts/{expert.account_id}/correct"
    older = sign_in_as(Role.ADMINISTRATOR).get(address)
    sign_in_as(Role.ADMINISTRATOR).get(address).submit("Correct", RIGHT)
    refused = older.submit("Correct", {"Institution": "Elsewhere"}, status=409)
    assert "Somebody else has corrected this" in refused.text
    assert "Ministry of Defence" in refused.text
    assert len(corrections(app)) == 1


def test_nobody_corrects_their_own_account(app: Flask, visitor: Callable[[], Pages]) -> None:
    with writing(app) as session:
        admin = factories.account(session, Role.ADMINISTRATOR)
    pages = visitor().sign_in(admin)
    pages.get(f"/accounts/{admin.id}/correct").submit("Correct", RIGHT, status=403)


def test_a_command_corrects_it_where_nobody_can_sign_in(app: Flask, expert: Expert) -> None:
    with reading(app) as session:
        email = session.get_one(Account, expert.account_id).email
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["accounts", "correct", email, "Academy", "MDA"])
    assert done.output == f"{email} is corrected, and told.\n"
    with reading(app) as session:
        account = session.get_one(Account, expert.account_id)
        assert (account.institution, account.jurisdiction) == ("Academy", "MDA")
