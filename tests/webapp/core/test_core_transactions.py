"""One request is one transaction: it commits once, after a view that succeeded, or not at all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, abort, flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from webapp.core import transactions
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import begin_writing, db, lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.experts.models import Expert
from webapp.organisations.models import Organisation
from webapp.themes.models import Theme

CODE = "TEST-NEW"


def write() -> None:
    """Write a row and an event, as operations do."""
    theme = Theme(code=CODE, label="A theme of the tests", area="Tests", position=999)
    db.session.add(theme)
    db.session.flush()
    audit.record(unit_of_work(), "theme added", theme)
    flash("The theme was added.")


def write_and_tell() -> str:
    """Write, and answer with a page."""
    write()
    return "written"


def answer(how: str) -> Response:
    """Write, and then answer in the way that the address names."""
    write()
    if how == "conflict":
        raise ConflictError(_("Somebody was quicker."))
    if how == "fault":
        raise RuntimeError("on purpose")
    if how == "refused":
        return Response("<!doctype html>", 400)
    if how == "twice":
        again = {"code": CODE, "label": "Again", "area": "Tests", "position": 998}
        db.session.execute(sa.insert(Theme).values(**again))
    if how.isdigit():
        abort(int(how))
    return redirect(url_for("home.privacy"))


@pytest.fixture
def writing_app(app: Flask) -> Flask:
    """Return the application with views that write and then answer in many ways."""
    app.testing = False
    posts = requires(Permission.SIGNED_IN)(answer)
    told = requires(Permission.SIGNED_IN)(write_and_tell)
    app.add_url_rule("/write/<how>", "write", posts, methods=["POST"])
    app.add_url_rule("/tell", "tell", told)
    return app


@pytest.fixture
def signed_in(writing_app: Flask, sign_in_as: Callable[..., Pages]) -> Pages:
    """Return somebody who has signed in."""
    return sign_in_as(Role.COORDINATOR)


@pytest.fixture
def commits(signed_in: Pages) -> Iterator[list[str]]:
    """Return a list that grows with each commit that the application makes from now on."""
    made: list[str] = []

    def note(_session: Any) -> None:
        made.append("commit")

    with listening(Session, "after_commit", note):
        yield made


def stored(app: Flask) -> tuple[bool, int]:
    """Return whether the theme is there, and how many events tell of it."""
    with reading(app) as session:
        events = sa.select(sa.func.count()).where(AuditEvent.action == "theme added")
        return session.get(Theme, CODE) is not None, session.scalar(events) or 0


def test_a_success_commits_once(writing_app: Flask, signed_in: Pages, commits: list[str]) -> None:
    signed_in.own_token()
    commits.clear()
    page = signed_in.post("/write/well", status=302)
    assert page.response.location == "/privacy"
    assert commits == ["commit"]
    assert stored(writing_app) == (True, 1)
    assert "The theme was added." in signed_in.get("/privacy").text


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("how", "status"),
    [("conflict", 409), ("fault", 500), ("twice", 409), ("404", 404), ("403", 403), ("400", 400),
     ("413", 413), ("429", 429), ("503", 503)],
)  # fmt: skip
def test_whatever_fails_leaves_no_row_no_event_and_no_word_of_success(
    writing_app: Flask, signed_in: Pages, commits: list[str], how: str, status: int
) -> None:
    signed_in.own_token()
    commits.clear()
    page = signed_in.post(f"/write/{how}", status=status)
    # That somebody was refused access is written down, in a transaction of its own.
    assert commits == (["commit"] if status in {403, 404, 429} else [])
    assert stored(writing_app) == (False, 0)
    assert "The theme was added." not in page.text
    assert "The theme was added." not in signed_in.get("/privacy").text


def test_a_view_that_returns_a_refusal_commits_nothing(
    writing_app: Flask, signed_in: Pages
) -> None:
    response = signed_in.client.post("/write/refused", data={"csrf_token": signed_in.own_token()})
    assert response.status_code == 400
    assert stored(writing_app) == (False, 0)


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_view_that_forgot_to_look_at_the_token_cannot_commit(
    writing_app: Flask, signed_in: Pages, commits: list[str], token: str | None
) -> None:
    signed_in.own_token()
    commits.clear()
    signed_in.post("/write/well", token=token, status=400)
    assert commits == []
    assert stored(writing_app) == (False, 0)
    assert "The theme was added." not in signed_in.get("/privacy").text


def test_a_get_commits_nothing(writing_app: Flask, signed_in: Pages) -> None:
    assert signed_in.client.get("/tell").status_code == 200
    assert stored(writing_app) == (False, 0)


def test_what_cannot_be_recorded_does_not_leave(
    writing_app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """A database may refuse to write and still be read."""
    url, name = f"/roster/{world.experts[0].id}", world.experts[0].name
    coordinator = visitor().sign_in(world.first(Role.COORDINATOR))
    with writing_app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE profile_view")
    page = coordinator.get(url, status=503)
    assert name not in page.text


def test_those_who_listen_hear_of_each_commit_that_wrote_and_of_no_other(
    writing_app: Flask, signed_in: Pages
) -> None:
    heard = []

    def listen(app: Flask) -> None:
        # The rows are there for everybody before anybody hears of them.
        heard.append(stored(writing_app))

    signed_in.own_token()
    with transactions.committed.connected_to(listen, sender=writing_app):
        signed_in.post("/write/conflict", status=409)
        signed_in.get("/privacy")
        assert heard == []
        signed_in.post("/write/well", status=302)
    assert heard == [(True, 1)]


def test_a_listener_that_fails_does_not_turn_a_success_into_an_error(
    writing_app: Flask, signed_in: Pages
) -> None:
    def fail(_app: Flask) -> None:
        raise RuntimeError("the queue is full")

    signed_in.own_token()
    with transactions.committed.connected_to(fail, sender=writing_app):
        signed_in.post("/write/well", status=302)
    assert stored(writing_app) == (True, 1)


def test_of_two_who_edit_at_once_the_second_is_refused(app: Flask, world: factories.World) -> None:
    """The version column refuses what was read before somebody else wrote, whatever views do."""
    number = world.experts[0].id
    with app.app_context():
        db.session.expire_on_commit = False
        stale = db.session.get_one(Expert, number)
        db.session.commit()
        with writing(app) as session:
            session.get_one(Expert, number).summary = "The text of the quicker one"
        begin_writing()
        stale.summary = "The text of the slower one"
        with pytest.raises(sa.orm.exc.StaleDataError):
            db.session.flush()
        db.session.rollback()
    with reading(app) as session:
        assert session.get_one(Expert, number).summary == "The text of the quicker one"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "read", [lock, lambda session, row: session.refresh(row)], ids=["locked", "read anew"]
)
def test_a_row_that_somebody_has_deleted_meanwhile_is_told_in_words(
    app: Flask, pages: Pages, read: Callable[[Session, Any], None]
) -> None:
    with writing(app) as session:
        number = factories.organisation(session).id

    def view() -> str:
        organisation = db.session.get_one(Organisation, number)
        db.session.rollback()
        with writing(app) as other:
            other.execute(sa.delete(Organisation).where(Organisation.id == number))
        read(db.session, organisation)
        return "done"

    app.add_url_rule("/gone", "gone", requires(Permission.PUBLIC)(view))
    assert "Somebody else changed this" in pages.get("/gone", status=409).text
