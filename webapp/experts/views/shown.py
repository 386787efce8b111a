"""Recording whom a page shows, after it was made and before it leaves."""

from collections.abc import Callable

from flask import Flask, Response, request
from flask_security import current_user
from sqlalchemy.orm import Session

from webapp.core import clock, transactions
from webapp.core.access import actor, stranger_s_work
from webapp.core.db import db
from webapp.core.record import disclosure
from webapp.core.record.disclosure import Person
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import confirmations, queries, viewing
from webapp.experts.models import EvidenceConfirmation


def _record(_app: Flask, response: Response) -> Callable[[Session], None] | None:
    people = disclosure.take(db.session)
    if not people:
        return None
    if not current_user.is_authenticated:
        # A scanner of mails asks for the head of a page, and is sent no word of it. Of somebody who
        # has signed in even that is recorded: how long a page is tells who is on a list.
        return None if request.method == "HEAD" else _record_link(people)
    reader = actor()
    experts = queries.list_others_shown(db.session, reader, people)
    if not experts:
        # What was read for it ends here, as it does where something is written.
        db.session.rollback()
        return None
    taken = response.headers.get("Content-Disposition", "").startswith("attachment")

    def write(session: Session) -> None:
        work, page = UnitOfWork(session, reader, clock.now()), request.endpoint or ""
        viewing.record_views(work, experts, page, _path(), taken=taken)

    return write


def _record_link(people: set[Person]) -> Callable[[Session], None] | None:
    """Return what records what a link from a mail has shown to somebody who is not signed in.

    By most links people are shown themselves. The one who was asked to confirm an entry reads it
    and the expert's name, and whoever holds the link reads it as well: that it was opened is all
    that is known of them.
    """
    asked = {number for table, number in people if table == EvidenceConfirmation.__tablename__}
    if not asked:
        return None

    def write(session: Session) -> None:
        for number in sorted(asked):
            asked_for = viewing.get_shown(session, EvidenceConfirmation, number)
            confirmations.record_shown(stranger_s_work(), asked_for)

    return write


def _path() -> str:
    """Return the address of the page, without what a link holds: it still opens it."""
    rule = request.url_rule
    return rule.rule if rule and "token" in rule.arguments else request.path


def init_app(app: Flask) -> None:
    """Let no page of `app` leave that shows experts and is not recorded."""
    transactions.leaving.connect(_record, app)
