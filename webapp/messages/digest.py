"""The daily mail of those who want one instead of a mail for each notice."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from flask import current_app

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import db
from webapp.core.sweeps import do_in_portions
from webapp.core.unit_of_work import UnitOfWork
from webapp.messages import operations, queries
from webapp.messages.letters import Enclosed, digest
from webapp.messages.models import Notice
from webapp.messages.rules import DIGEST_HOUR

# Finds a question of which one of somebody's new notices tells, to be answered by a link.
FindQuestion = Callable[[UnitOfWork, Account], Enclosed | None]
QUESTION = "daily mail.question"


def send_due() -> int:
    """Write the daily mails of today, each once, and return how many; in an application context."""
    now = clock.now()
    if now.hour < DIGEST_HOUR:
        return 0
    keys = {_key(account.id): account.id for account, _count in queries.list_digests(db.session)}
    said = queries.find_said(db.session, sorted(keys))
    db.session.rollback()
    # A run that goes on over midnight says what was due on the day on which it began.
    acts = (
        partial(_write, account_id=one, key=key) for key, one in keys.items() if key not in said
    )
    return do_in_portions("daily mails", acts)


def _key(account_id: int) -> str:
    return f"daily mail:{account_id}:{clock.today():%Y-%m-%d}"


def _write(work: UnitOfWork, account_id: int, key: str) -> int:
    written = 0
    for account, count in queries.list_digests(work.session, only=account_id):
        if not operations.say_once(work, key):
            continue
        if account.active:
            find: FindQuestion | None = current_app.extensions.get(QUESTION)
            operations.add_mail(work, account, digest(count, find(work, account) if find else None))
            written += 1
        work.session.execute(
            sa.update(Notice)
            .where(Notice.account_id == account.id, Notice.for_digest)
            .values(for_digest=False)
        )
    return written
