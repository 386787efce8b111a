"""Telling administrators that somebody asks for more than people can read."""

from flask import Flask

from webapp.accounts.models import Account
from webapp.core import clock, limits
from webapp.core.access import actor
from webapp.core.db import db
from webapp.core.limits import Limit
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.messages import operations as messages
from webapp.messages.letters import Letter

# Whoever goes on in spite of it is in the log; another mail would say nothing new.
ONCE = Limit("alarms", "1/hour")


def _tell(_app: Flask, limit: Limit) -> None:
    who = actor()
    # On SQLite the counter would wait for what this has read.
    db.session.rollback()
    if limits.count(ONCE, str(who.id)):
        return
    with transaction() as session:
        work = UnitOfWork(session, who, clock.now())
        audit.record(work, Action.LIMIT_REACHED, session.get_one(Account, who.id), limit=limit.name)
        messages.tell_administrators(work, _letter(who.id))


def _letter(account_id: int | None) -> Letter:
    return Letter(
        subject=_("Somebody was stopped"),
        text=_(
            "Account %(number)s asked for more than people do in so short a time, and was stopped"
            " for a while. Perhaps it was a program, or somebody else with that account. The audit"
            " log tells who it is and what was shown:",
            number=account_id,
        ),
        path=f"/audit?person={account_id}",
    )


def init_app(app: Flask) -> None:
    """Listen for those who begin to be refused."""
    limits.exceeded.connect(_tell, app)
