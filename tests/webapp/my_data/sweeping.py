"""Lets the job worker look for what is not kept any longer, and tells what came of it."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.experts.models import Expert, ExpertState
from webapp.messages.models import Notice, OutboxMessage
from webapp.my_data import sweep


def run(app: Flask, *unused: Account) -> int:
    """Do what the job worker does every minute.

    Whoever can sign in and has no profile has just done so, unless the account is `unused`.
    """
    with writing(app) as session:
        profiles = sa.select(Expert.account_id).where(Expert.account_id.is_not(None))
        besides = [*session.scalars(profiles), *(one.id for one in unused)]
        session.execute(
            sa.update(Account)
            .where(
                Account.active,
                Account.joined_at.is_not(None),
                Account.id.not_in(besides),
            )
            .values(last_sign_in_at=clock.now())
        )
    with app.app_context():
        return sweep.run_due()


def state(app: Flask, number: int) -> ExpertState:
    with reading(app) as session:
        return session.get_one(Expert, number).state


def put(app: Flask, **values: Any) -> Expert:
    with writing(app) as session:
        return factories.expert(session, **values)


def mails(app: Flask, account_id: int | None) -> list[str]:
    with reading(app) as session:
        rows = sa.select(OutboxMessage.subject).where(OutboxMessage.account_id == account_id)
        return list(session.scalars(rows))


def told(app: Flask, account_id: int | None) -> list[str]:
    with reading(app) as session:
        rows = session.scalars(sa.select(Notice).where(Notice.account_id == account_id))
        return [row.words["subject"]["text"] for row in rows]
