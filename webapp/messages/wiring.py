"""What the package adds to the application: its pages, its number in the menu, its mails."""

from flask import Flask
from flask_security import current_user

from webapp.accounts.operations import place_left
from webapp.core import clock, in_reach, invariants
from webapp.core.db import db
from webapp.core.record.stored_words import is_text, unpack_words
from webapp.core.transactions import committed, transaction
from webapp.messages import delivery, letters, operations, queries, reminders
from webapp.messages.invariants import mails_are_sent_in_the_end, whom_notices_name_is_noted
from webapp.messages.views import bp
from webapp.messages.wording import why_not_sent, words_of_program, words_of_server


def _unread_notices() -> int:
    return queries.count_unread(db.session, current_user.id)


def _note_who_left(_app: Flask) -> None:
    if left := operations.take_left(db.session):
        with transaction() as session:
            operations.note_left(session, left, clock.now())


def init_app(app: Flask) -> None:
    """Add notices and mails to `app`."""
    letters.configure(
        app.config["PLATFORM_URL"],
        app.config["MAIL_DEFAULT_SENDER"],
        [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]],
    )
    delivery.init_app(app)
    reminders.init_app(app)
    invariants.keep(app, whom_notices_name_is_noted)
    invariants.see_to(app, mails_are_sent_in_the_end)
    place_left.connect(operations.forget_place)
    committed.connect(_note_who_left, app)
    app.register_blueprint(bp)
    in_reach.keep_of_nobody(app, bp)
    app.jinja_env.globals.update(unread_notices=_unread_notices)
    app.jinja_env.filters.update(
        unpack=unpack_words,
        why_not_sent=why_not_sent,
        words_of_program=words_of_program,
        words_of_server=words_of_server,
    )
    app.jinja_env.tests.update(stored_text=is_text)
