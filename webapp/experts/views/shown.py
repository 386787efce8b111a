"""Recording whom a page shows, after it was made and before it leaves."""

from flask import Flask, Response, request
from flask_security import current_user

from webapp.core import clock, transactions
from webapp.core.access import actor, stranger_s_work
from webapp.core.db import db
from webapp.core.record import disclosure
from webapp.core.record.disclosure import Person
from webapp.core.unit_of_work import UnitOfWork
from webapp.experts import confirmations, queries, viewing
from webapp.experts.models import EvidenceConfirmation


def _record(_app: Flask, response: Response) -> None:
    people = disclosure.take(db.session)
    if not people:
        return
    if not current_user.is_authenticated:
        # A scanner of mails asks for the head of a page, and is sent no word of it. Of somebody who
        # has signed in even that is recorded: how long a page is tells who is on a list.
        if request.method != "HEAD":
            _record_link(people)
        return
    reader = actor()
    experts = queries.list_others_shown(db.session, reader, people)
    # On SQLite the transaction that has read cannot become one that writes.
    db.session.rollback()
    if experts:
        with transactions.transaction() as session:
            work = UnitOfWork(session, reader, clock.now())
            taken = response.headers.get("Content-Disposition", "").startswith("attachment")
            page = request.endpoint or ""
            viewing.record_views(work, experts, page, _path(), taken=taken)


def _record_link(people: set[Person]) -> None:
    """Record what a link from a mail has shown to somebody who is not signed in.

    By most links people are shown themselves. The one who was asked to confirm an entry reads it
    and the expert's name, and whoever holds the link reads it as well: that it was opened is all
    that is known of them.
    """
    asked = {number for table, number in people if table == EvidenceConfirmation.__tablename__}
    if not asked:
        return
    db.session.rollback()
    with transactions.transaction() as session:
        for number in sorted(asked):
            asked_for = viewing.get_shown(session, EvidenceConfirmation, number)
            confirmations.record_shown(stranger_s_work(), asked_for)


def _path() -> str:
    """Return the address of the page, without what a link holds: it still opens it."""
    rule = request.url_rule
    return rule.rule if rule and "token" in rule.arguments else request.path


def init_app(app: Flask) -> None:
    """Let no page of `app` leave that shows experts and is not recorded."""
    transactions.leaving.connect(_record, app)
