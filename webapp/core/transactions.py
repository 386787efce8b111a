"""The only place that commits.

A request's changes are committed once, after its view has answered; what must leave the platform
(mail, jobs) leaves after that, from rows written in the same transaction. Commands and jobs use
`transaction()`, which keeps the same order.
"""

import itertools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar

from blinker import Signal
from flask import Flask, Response, abort, current_app, g, request, session
from flask_wtf.csrf import validate_csrf
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from wtforms import ValidationError

from webapp.core import patience, ways_in
from webapp.core.db import begin_writing, db, wait_for_turn
from webapp.core.errors import DomainError, DoneUnshownError, in_one_line
from webapp.core.origins import SAFE_METHODS
from webapp.core.record import audit, disclosure
from webapp.core.words.text_rules import has_too_many_marks
from webapp.core.words.translation import _
from webapp.core.workflows import refused_steps

View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

# In the place of a token it says that a form is to be shown again with what was kept of it, and
# that nothing is to be done.
GOING_ON = "not-yet"

TOO_MANY_MARKS = _(
    "A letter of what you sent has more marks above or below it than anybody can read. Please take"
    " them off, and send it again."
)
DONE_UNSHOWN = _(
    "What you sent was done, and is stored: please do not send it again. What comes of it cannot be"
    " shown at this moment; please open the page in a minute."
)

# How often what ends something is tried where somebody else's lock refuses it.
TRIES = 4

log = logging.getLogger(__name__)

# Sent by the application after each commit that wrote something; listeners must be cheap.
committed = Signal()
# Sent by the application before a request's changes are committed, when those who wrote before have
# committed theirs; a listener that raises refuses the request.
sealed = Signal()
# Sent by the application with each answer before it leaves. What a listener returns is called when
# the request's own transaction is over, and what that writes is committed by itself.
leaving = Signal()


def _seal(session: Session) -> bool:
    """Write what waits, and tell whether the audit log got any of it."""
    refused_steps.raise_what_was_caught(session)
    session.flush()
    return bool(audit.seal(session))


def _commit(session: Session, *, wrote: bool) -> None:
    session.commit()
    if not wrote:
        return
    try:
        committed.send(current_app._get_current_object())  # type: ignore[attr-defined]
    except Exception:
        # The rows are safe and a sweep finds them: a person must not see an error for a change
        # that was made.
        log.exception("a listener failed after the commit")


def roll_back() -> None:
    """Forget what this context has not committed."""
    audit.forget(db.session)
    refused_steps.forget(db.session)
    ways_in.forget(db.session)
    db.session.rollback()


def begin_anew() -> None:
    """Begin another transaction that may write; what this context has not committed is forgotten.

    It is for what takes long and must not hold the lock of those who write meanwhile.
    """
    roll_back()
    begin_writing()


def insist(act: Callable[[], T]) -> T:
    """Do `act`, and from the beginning again where it was refused for what others held just then.

    It is for what shuts somebody out or ends something, and so must not lose to those who go on:
    a lock is held by each of them for a moment, but by many of them one after the other.
    """
    for _once_more in range(TRIES - 1):
        try:
            return act()
        except OperationalError as error:
            if not patience.is_of_others(error.orig):
                raise
        log.info("what must be done is tried once more, as others held what it needs")
        patience.wait_anew()
        begin_anew()
    return act()


def drop_answer() -> None:
    """Forget what was done, and whom the page showed that an error takes the place of."""
    roll_back()
    disclosure.take(db.session)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what the block wrote through the yielded session, or nothing of it if it raises."""
    begin_writing()
    try:
        yield db.session
        _commit(db.session, wrote=_seal(db.session))
    except BaseException:
        roll_back()
        raise


@contextmanager
def one_sweep(work: str) -> Iterator[Session]:
    """Do `work` like `transaction()`, of all hosts one after the other.

    What is due has to be looked up within the block: whoever came first has done it.
    """
    with transaction() as session:
        wait_for_turn(session.connection(), work)
        yield session


def writes_late(view: View) -> View:
    """State that a view only reads until it calls `begin_anew`, and writes after that alone.

    It is for forms that take long to be read: on SQLite nobody can write while one who may write
    has begun. What the view has concluded from rows before, it has to conclude again.
    """
    view.writes_late = True  # type: ignore[attr-defined]
    return view


def takes_file(largest: int) -> Callable[[View], View]:
    """State that a view takes a file of at most so many bytes from people who have signed in."""

    def mark(view: View) -> View:
        view.takes_file = largest  # type: ignore[attr-defined]
        return view

    return mark


def _largest_file() -> int:
    """Return how many bytes of a file this view takes from this visitor; 0 for none."""
    view = current_app.view_functions.get(request.endpoint or "")
    largest: int = getattr(view, "takes_file", 0)
    return largest if "_user_id" in session else 0


def _let_files_be_large() -> None:
    """Read no more of a request than its view takes, and of others no more than a form holds."""
    if request.method not in SAFE_METHODS and (largest := _largest_file()):
        # Beside the file stand the fields of its form.
        request.max_content_length = largest + 100_000


def _refuse_what_no_form_sends() -> None:
    if "Transfer-Encoding" in request.headers:
        # Browsers say how long a form is. One that is sent piece by piece may be no HTTP in the
        # middle, and would be taken for whole where it is cut off at the most that is read.
        abort(411)
    if request.is_json:
        abort(415)  # There is no JSON interface, and a form's token could not be checked.
    if request.files and not _largest_file():
        abort(415)  # A form would take a file for a text.
    if None in request.form:
        abort(400)  # A part without a name, which no browser sends and no form can read.
    values = list(itertools.chain.from_iterable(request.form.listvalues()))
    if len(values) > 2000:
        abort(413)
    if any(map(has_too_many_marks, values)):
        raise DomainError(TOO_MANY_MARKS)


def _knows_visitor() -> bool:
    # Strangers write nothing: on SQLite they must not hold the lock of those who do, least of all
    # while a password is hashed. Whoever has given the right password is no stranger any more, and
    # neither is who comes with the answer of a passkey.
    return (
        "_user_id" in session
        or "tf_user_id" in session
        or request.endpoint == "security.wan_signin_response"
    )


def _begin() -> None:
    if request.method in SAFE_METHODS:
        return
    _refuse_what_no_form_sends()
    view = current_app.view_functions.get(request.endpoint or "")
    if _knows_visitor() and not getattr(view, "writes_late", False):
        begin_writing()
    # A form may have been open since before the secret was changed.
    secrets = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    try:
        validate_csrf(request.form.get("csrf_token"), secret_key=secrets)
    except ValidationError:
        # The form itself shows this at its top and keeps what was typed; `finish` makes sure
        # that a view which did not look cannot commit.
        g.csrf_failed = True
        g.going_on = request.form.get("csrf_token") == GOING_ON
        g.session_before = dict(session)
    else:
        g.csrf_valid = True  # The forms of the page need not look again.


def _forget_in_session() -> None:
    """Leave in the cookie what was there before a forged post, and the token of the page: a view
    that did not look may have begun another session, or ended this one."""
    before: dict[str, Any] = g.session_before
    if "csrf_token" in session:
        before["csrf_token"] = session["csrf_token"]
    if dict(session) != before:
        session.clear()
        session.update(before)


def finish(response: Response) -> Response:
    """Commit after a view that succeeded; roll back after one that refused."""
    # What a forged post runs into is nothing to answer with: a view that found a conflict may not
    # have looked at the token.
    forged = g.get("csrf_failed", False)
    if forged:
        _forget_in_session()
    if response.status_code >= 400 and not (forged and response.status_code == HTTPStatus.CONFLICT):
        roll_back()
        return response
    if forged:
        roll_back()
        if g.get("shown_going_on"):
            return response
        # A file is nobody's form that is shown again.
        if response.status_code != HTTPStatus.OK or response.mimetype != "text/html":
            abort(400)
        # A library's view has shown its form again; ours answer 400 by themselves.
        response.status_code = HTTPStatus.BAD_REQUEST
        return response
    if request.method not in SAFE_METHODS:
        wrote = _seal(db.session)
        sealed.send(current_app._get_current_object())  # type: ignore[attr-defined]
        _commit(db.session, wrote=wrote)
        g.committed = wrote
    return response


def _write_what_is_due(response: Response) -> None:
    answers = leaving.send(current_app._get_current_object(), response=response)  # type: ignore[attr-defined]
    # All of it is known before the first is written: it would else be read anew between them.
    due: list[Callable[[Session], None]] = [write for _listener, write in answers if write]
    if due:
        # On SQLite the transaction that has read cannot become one that writes.
        db.session.rollback()
    for write in due:
        with transaction() as session:
            write(session)


def leave(response: Response) -> Response:
    """Let be recorded what the answer shows; one of which that fails does not leave."""
    try:
        _write_what_is_due(response)
    except Exception as error:
        told = _told_after_commit(error) if g.get("committed") else error
        return current_app.make_response(current_app.handle_user_exception(told))
    return response


def _told_after_commit(error: Exception) -> Exception:
    """Return what is told of a failure after a change was made: nobody may do it once more."""
    if isinstance(error, SQLAlchemyError):
        log.error("what was done cannot be shown: %s", in_one_line(error))
    else:
        log.error("what was done cannot be shown", exc_info=error)
    return DoneUnshownError(DONE_UNSHOWN)


def _close_files(_error: BaseException | None) -> None:
    request.close()


def init_app(app: Flask) -> None:
    """Begin a writing transaction for each request that is not a safe one."""
    app.before_request(_let_files_be_large)
    app.before_request(_begin)
    app.teardown_request(_close_files)
