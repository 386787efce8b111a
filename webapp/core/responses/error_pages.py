"""The one place that turns errors into answers: each gets its status and a plain page."""

import logging
from http import HTTPStatus
from typing import Any

import psycopg
from flask import Flask, Response, current_app, g, make_response, render_template, request, session
from flask_security import current_user
from sqlalchemy.exc import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.core import access, sent_fields, turns
from webapp.core.errors import (
    DomainError,
    DoneUnshownError,
    NotReadyError,
    TooOftenError,
    in_one_line,
)
from webapp.core.monitoring import request_log, room
from webapp.core.origins import SAFE_METHODS
from webapp.core.put_off import keep_what_came_too_often
from webapp.core.responses import localization
from webapp.core.transactions import drop_answer, roll_back
from webapp.core.words.translation import LabelledEnum, Words, _

log = logging.getLogger(__name__)

TITLES = {
    400: _("This could not be understood"),
    401: _("Please sign in"),
    403: _("This is not open to you"),
    404: _("There is no such page"),
    405: _("This cannot be done here"),
    409: _("Something changed in the meantime"),
    413: _("This is too much at once"),
    429: _("Too many tries"),
    500: _("Something went wrong on our side"),
    503: _("The platform is not available at the moment"),
}
SENTENCES = {
    401: _("This page is for people who have signed in. Nothing was changed."),
    403: _("Your account has no permission for this page."),
    404: _("The address may be mistyped, or the page may not be yours to see."),
    405: _("The page exists, but not for this kind of request."),
    413: _(
        "What was sent is larger than this page accepts. Go back in your browser, where what you"
        " wrote still stands, shorten it and send it again."
    ),
    500: _("The fault was recorded. Please try again; if it stays, send us the reference below."),
    503: _("Nothing was changed. Please try again in a minute."),
}
BACK_TO_THE_THING = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
OUT_OF_REACH = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
# How much of a request that is refused is read, in bytes.
MOST_HEARD, CHUNK = 20_000_000, 65_536
NO_ROOM = _(
    "Nothing was changed, because the disk of the platform is full. What needs no change can still"
    " be read. Please try again later, and tell SEESAC if this stays."
)
NOT_READY = _("This is being made ready")
BUSY = _("Somebody else is changing this just now")
BUSY_SENTENCE = _(
    "This needs something that somebody else is changing and has not finished yet, so nothing of"
    " yours was changed. Please try again in a moment."
)
DONE = _("It was done")
STALE = _(
    "Somebody else changed this at the same moment, so your change was not made. "
    "Go back, load the page again and look at what it says now."
)


def page(
    status: int,
    sentence: str | Words = "",
    reference: str = "",
    title: Words | None = None,
    *,
    is_done: bool = False,
    ready_in: int | None = None,
    kept: str = "",
) -> Response:
    """Render the page for `status`, with the menu for people who have signed in.

    For strangers, and where the platform itself failed, it is a plain one. That is not drawn by
    Flask, which would ask the database who reads it. Nothing has failed where what was asked for
    will be `ready_in` some seconds. What was sent is said again, but where it `is_done`, with the
    address where it is `kept`; to a stranger only if it came too often, or in a session that is
    over, as another website sends none.
    """
    facts = {
        "status": status,
        "title": title or TITLES.get(status, TITLES[400] if status < 500 else TITLES[500]),
        "sentence": sentence or SENTENCES.get(status, ""),
        "reference": reference,
        "ready_in": ready_in,
        "kept": kept,
    }
    body = _with_menu(facts) if status < 500 or ready_in else None
    plain = current_app.jinja_env.get_template("errors/error.html")
    too_often = status == HTTPStatus.TOO_MANY_REQUESTS
    is_lost = status >= 500 or too_often or g.get("session_is_over")
    failed = _written() if is_lost and not is_done else []
    return make_response(body or plain.render(written=failed, **facts), status)


def _with_menu(facts: dict[str, Any]) -> str | None:
    try:
        # What is refused before a view begins has been refused before anybody's choice was read.
        localization.read_choice()
        if not current_user.is_authenticated:
            return None
        # Only a refusal for the moment leads back to the thing: of a page that is closed or not
        # there, nothing is said that the address does not say.
        retry = facts["status"] in BACK_TO_THE_THING
        return render_template(
            "errors/signed_in.html",
            back=_thing() if retry else None,
            # What was sent to a thing that has left its writer's hands is theirs all the same.
            written=_written() if retry or facts["status"] in OUT_OF_REACH else [],
            **facts,
        )
    except SQLAlchemyError as error:
        log.warning("the page of an error could not look into the database: %s", in_one_line(error))
        roll_back()
        return None


def _written() -> list[str]:
    """Return what was typed and chosen, but no password, so that nobody writes it again."""
    try:
        sent = [*request.form.items()] if request.method == "POST" else []
    except HTTPException:
        return []  # Nobody could read what was sent; that may be what is told.
    # What was chosen from a list is said as the list does.
    labels = {
        member.value: member.label for kind in LabelledEnum.__subclasses__() for member in kind
    }
    return [str(labels.get(text, text)) for text in sent_fields.showable(sent)]


def _thing() -> str | None:
    """Return the nearest page above the address that was sent to, if this person may open it."""
    adapter = current_app.create_url_adapter(request)
    path = request.path.rstrip("/")
    while adapter and (path := path.rpartition("/")[0]):
        try:
            endpoint, _arguments = adapter.match(path, method="GET")
        except (HTTPException, RequestRedirect):
            continue
        permission = access.permission_of(current_app, endpoint)
        if permission and access.may(permission):
            return path
    return None


def _roll_back() -> None:
    # What the view meant to tell about its success is no longer true.
    session.pop("_flashes", None)
    drop_answer()


def _on_domain_error(error: DomainError) -> Response:
    _roll_back()
    if not isinstance(error, TooOftenError):
        return page(error.status, str(error))
    answer = page(error.status, str(error), kept=keep_what_came_too_often())
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _on_not_ready(error: NotReadyError) -> Response:
    _roll_back()
    answer = page(error.status, str(error), title=NOT_READY, ready_in=error.seconds)
    answer.headers["Retry-After"] = str(error.seconds)
    # What was sent by a form must not be sent again by itself.
    if request.method in SAFE_METHODS:
        answer.headers["Refresh"] = str(error.seconds)
    return answer


def _on_done_unshown(error: DoneUnshownError) -> Response:
    # What the page meant to tell of its success can name whom nobody has recorded as shown.
    _roll_back()
    return page(error.status, str(error), title=DONE, is_done=True)


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    _roll_back()
    answer = page(error.code)
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers.extend(error.get_headers())
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
    return answer


def _on_stale(error: SQLAlchemyError) -> Response:
    log.info("a write met a newer state: %s", type(error).__name__)
    _roll_back()
    return page(HTTPStatus.CONFLICT, STALE)


def _on_operation(error: OperationalError) -> Response:
    # Of two that wait for each other the server refuses one: what that one knows is old by then.
    if isinstance(error.orig, psycopg.errors.DeadlockDetected):
        return _on_stale(error)
    # What reads waits for nobody but where it counts something, and was not about to change it.
    changes = request.method not in SAFE_METHODS
    if isinstance(error.orig, psycopg.errors.LockNotAvailable) or (
        changes and turns.is_busy(error.orig)
    ):
        return _on_busy()
    return _on_database_down(error)


def _on_busy() -> Response:
    # The platform is there, and nobody else is kept from anything: a conflict of this one request.
    log.warning("%s waited too long for a lock of another", request.endpoint)
    _roll_back()
    return page(HTTPStatus.CONFLICT, BUSY_SENTENCE, title=BUSY)


def _on_database_down(error: SQLAlchemyError) -> Response:
    log.error("the database did not serve %s: %s", request.endpoint, in_one_line(error))
    _roll_back()
    answer = page(HTTPStatus.SERVICE_UNAVAILABLE, _why(error))
    answer.headers["Retry-After"] = "5"
    return answer


def _why(error: SQLAlchemyError) -> str | Words:
    if not room.is_full(error):
        return ""
    room.remember(error)
    return NO_ROOM


def _on_database_error(error: DatabaseError) -> Response:
    # SQLite says only so much of a file that is damaged or none of its own; PostgreSQL's errors
    # are all of a kind that says more, and what is left of those is our fault.
    return _on_database_down(error) if type(error) is DatabaseError else _on_fault(error)


def _on_fault(error: Exception) -> Response:
    if current_app.testing:
        raise error
    reference = request_log.number()
    log.exception("unexpected fault, reference %s", reference)
    _roll_back()
    return page(HTTPStatus.INTERNAL_SERVER_ERROR, reference=reference)


def _hear_out(response: Response) -> Response:
    """Read what is left of a request that is refused, up to a bound.

    A browser that is still sending when the connection is closed shows its own page of a broken
    connection, and not ours. Only a server that says where the body ends is read from, and nothing
    that is sent piece by piece, which no browser does and which may turn out to be no HTTP.
    """
    ends = request.environ.get("wsgi.input_terminated") and request.content_length is not None
    if response.status_code >= 400 and ends:
        body = request.environ["wsgi.input"]
        for _ in range(MOST_HEARD // CHUNK):
            if not body.read(CHUNK):
                break
    return response


def init_app(app: Flask) -> None:
    """Register the pages that answer for errors."""
    app.after_request(_hear_out)
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(NotReadyError, _on_not_ready)
    app.register_error_handler(DoneUnshownError, _on_done_unshown)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(ObjectDeletedError, _on_stale)
    app.register_error_handler(IntegrityError, _on_stale)
    app.register_error_handler(OperationalError, _on_operation)
    for unavailable in (InterfaceError, PoolTimeoutError):
        app.register_error_handler(unavailable, _on_database_down)
    app.register_error_handler(DatabaseError, _on_database_error)
    app.register_error_handler(Exception, _on_fault)
