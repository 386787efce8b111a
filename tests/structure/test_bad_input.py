"""Whatever is sent to whichever form or address: a message or a refusal, never a fault of ours.

Forms, fields and addresses are found by walking through the platform, so that a new one is tried
as soon as a page leads to it. The application is under test with its errors on: an exception that
nothing turns into words fails here with its traceback.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import compress

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests import factories, html
from tests.crawling import crawl, is_text
from tests.databases import forget_limits, reading, rows
from tests.pages import Form, Page, Pages
from tests.structure.bad_values import (
    ALONE,
    BAD_VALUES,
    FINE,
    IN_QUERIES,
    all_names,
    as_bytes,
    encoded,
)  # fmt: skip
from tests.structure.test_access_matrix import FOR_A_WHILE, MATRIX, NOT_ALWAYS, addresses
from tests.structure.walkers import Walker, each_walker
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.db import Base
from webapp.core.record import audit
from webapp.core.roles import Role
from webapp.insights import views as insights
from webapp.mission_documents import sweep as mission_documents
from webapp.mission_documents.models import DocumentState, MissionDocument
from webapp.my_data import views as my_data

pytestmark = pytest.mark.long

# What is drawn by chance, and so is new each time that a form is sent.
DRAWN = {
    "account": ("fs_uniquifier", "password", "mf_recovery_codes"),
    "outbox_message": ("message_id", "secret_link"),
    **dict.fromkeys(("account_link", "calendar_feed", "invitation_link"), ("token_hash",)),
}

# Its session is another one afterwards, whose number the log has: no two pressings are the same.
ENDS_OTHERS = "/account/sessions/end"


def send(pages: Pages, form: Form, values: dict[str, list[bytes]], *, checked: bool = True) -> int:
    """Send the form with a good token and these raw values, and return the status.

    Reading every page takes most of the time, so it is not `checked` where the same was elsewhere.
    """
    fields = [(name, value) for name, given in values.items() for value in given]
    body = encoded([*fields, ("csrf_token", pages.own_token().encode())])
    response = pages.client.post(
        form.action, data=body, content_type="application/x-www-form-urlencoded"
    )
    if checked:
        pages.check(form.action, response)
    assert response.status_code in fine_for(pages.app, form), (
        f"{form.action}: {response.status_code} {response.text[-900:]}"
    )
    return response.status_code


def fine_for(app: Flask, form: Form) -> set[int]:
    """Return what this form may answer: one that a link in a mail led to says when that is over."""
    _endpoint, arguments = where_to(app, form)
    return FINE | {410} if "token" in arguments else FINE


def where_to(app: Flask, form: Form) -> tuple[str, Mapping[str, object]]:
    """Return the endpoint that this form goes to, and its arguments."""
    endpoint, arguments = app.url_map.bind("").match(form.action.partition("?")[0], "POST")
    return endpoint, arguments


@pytest.fixture(autouse=True)
def unset_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the page of each PDF file, and set none: that takes seconds, each time the same.

    Tests of documents set them, in as much time as this machine needs.
    """

    def look(page: str) -> bytes:
        for element in html.parse(page).tree.iter():
            assert element.tag != "script"
            assert not [name for name in element.attrib if name.lower().startswith("on")]
        return page.encode()

    for maker in (my_data, mission_documents, insights):
        monkeypatch.setattr(maker, "make_pdf", look)


@pytest.fixture(scope="module")
def walked() -> dict[Walker, list[Form]]:
    """Return the forms that were found before: the world is the same in each test."""
    return {}


@pytest.fixture
def forms(
    world: factories.World, visitor: Callable[[], Pages], walker: Walker,
    walked: dict[Walker, list[Form]],
) -> list[Form]:  # fmt: skip
    """Return the forms that somebody finds."""
    pages = walker.come(visitor(), world)
    found = walked.get(walker) or walked.setdefault(walker, walker.forms(pages, world))
    return [replace(form, page=replace(form.page, pages=pages)) for form in found]


@each_walker
def test_a_bad_value_in_every_field_at_once_is_answered_in_words(
    forms: list[Form], app: Flask, rewind: Callable[[], None]
) -> None:
    for form in forms:
        names = all_names(form)
        # A button without a field has nothing to be bad in, and some make a file each time.
        for bad in BAD_VALUES.values() if names else (b"",):
            rewind()
            send(form.page.pages, form, {name: [bad] for name in names})
    sound(app)


@each_walker
def test_a_bad_value_in_one_field_is_answered_in_words(
    forms: list[Form], app: Flask, rewind: Callable[[], None]
) -> None:
    for form in forms:
        for name in all_names(form):
            for bad in ALONE:
                rewind()
                values = {**as_bytes(form), name: [BAD_VALUES[bad]]}
                send(form.page.pages, form, values, checked=False)
    sound(app)


@each_walker
def test_what_was_stored_is_shown_as_text_and_not_as_markup(
    app: Flask, walker: Walker, forms: list[Form], world: factories.World,
    visitor: Callable[[], Pages],
) -> None:  # fmt: skip
    """Fill every text with markup, then look at every page in every role: the page client finds
    scripts and handlers that came alive."""
    stored = 0
    have_texts = any(is_text(form, name) for form in forms for name in form.values)
    for form in forms:
        values = {
            name: [BAD_VALUES["markup"][:100] if is_text(form, name) else value for value in given]
            # Who has no text to write agrees to what is asked, and stores that.
            for name, given in (as_bytes(form) | ({} if have_texts else ticked(form))).items()
        }
        # More drafts are begun than one person may in an hour, which is tried elsewhere.
        forget_limits(app)
        stored += send(form.page.pages, form, values) in {302, 303}
    assert stored or walker.halfway
    make_documents(app, are_asked=any("/documents/" in form.action for form in forms))
    for reader in Role:
        # An administrator has closed the first of them, by a form of theirs.
        with reading(app) as session:
            closed = not session.get_one(Account, world.first(reader).id).active
        crawl(visitor().come_in(world.second(reader) if closed else world.first(reader)), "/")


def ticked(form: Form) -> dict[str, list[bytes]]:
    """Return the boxes of this form, each with a tick."""
    boxes = (control for control in form.controls if control.get("type") == "checkbox")
    return {box.get("name", ""): [box.get("value", "on").encode()] for box in boxes}


def make_documents(app: Flask, *, are_asked: bool) -> None:
    """Let the job worker make the documents of missions, of what is stored by now."""
    with app.app_context():
        made = mission_documents.run_due()
    assert made or not are_asked
    with reading(app) as session:
        failed = sa.select(MissionDocument.kind).filter_by(state=DocumentState.FAILED)
        assert session.scalars(failed).all() == []


def send_texts(form: Form, texts: dict[str, list[str]]) -> Page:
    """Send the form as it was with these texts, and return what is answered."""
    pages = form.page.pages
    sent = {**form.values, **texts, "csrf_token": [pages.own_token()]}
    page = pages.check(form.action, pages.client.post(form.action, data=sent))
    assert page.status in fine_for(pages.app, form)
    return page


@each_walker
def test_a_text_that_is_too_long_is_counted_at_its_field_and_stays_whole(
    forms: list[Form], rewind: Callable[[], None]
) -> None:
    for form in forms:
        for name in (name for name in all_names(form) if is_text(form, name)):
            rewind()
            text = "ж" * 10_245
            page = send_texts(form, {name: [text]})
            assert page.status == 400, f"{form.action} takes 10,245 characters in {name}"
            if not any(c.get("list") for c in form.controls if c.get("name") == name):
                # What is chosen from a list is none of its names, however long.
                assert "You wrote 10,245 characters; at most " in page.text
            assert [text] in [again.values.get(name) for again in page.forms]


@each_walker
def test_fields_that_a_form_does_not_have_change_nothing(
    walker: Walker, forms: list[Form], app: Flask, rewind: Callable[[], None]
) -> None:
    columns = {column.key for table in Base.metadata.sorted_tables for column in table.columns}
    extra = {name: [b"1"] for name in {*columns, "request_id", "match_id", "role", "approved"}}
    # A session from the future would be refused, so the fixed time lies ahead of the real one.
    # Links of mails, and having shown who one is, last for less than an hour.
    later = datetime.now(UTC) + timedelta(minutes=10)
    for form in forms:
        if form.action == ENDS_OTHERS:
            continue
        rewind()
        plain = outcome(app, form, {}, later)
        rewind()
        foreign = {name: extra[name] for name in extra.keys() - set(all_names(form))}
        assert outcome(app, form, foreign, later) == plain, form.action


def outcome(app: Flask, form: Form, extra: dict[str, list[bytes]], at: datetime) -> object:
    """Return the status and what is stored after sending a form at a fixed time."""
    with time_machine.travel(at, tick=False):
        status = send(form.page.pages, form, {**as_bytes(form), **extra}, checked=False)
    stored = rows(app)
    for name, drawn in DRAWN.items():
        kept = [column.key not in drawn for column in Base.metadata.tables[name].columns]
        stored[name] = [tuple(compress(row, kept)) for row in stored[name]]
    return status, stored


@each_walker
def test_five_megabytes_and_twenty_thousand_fields_are_too_much(
    walker: Walker, forms: list[Form], app: Flask, rewind: Callable[[], None]
) -> None:
    for form in forms:
        rewind()
        pages = form.page.pages
        # Where a file may be sent, as much as the largest one has is read before it is refused.
        for size in (11_000_000,) if takes_files(app, form) else (1_100_000, 5_000_000):
            values = {name: [b"x"] for name in all_names(form)}
            assert send(pages, form, {**values, "more": [b"x" * size]}) == 413
        many = {f"field-{number}": [b"x"] for number in range(20_000)}
        assert send(pages, form, many) == 413
        send(pages, form, {name: [b"x"] * 5000 for name in all_names(form)[:1] or ["x"]})
    sound(app)


@each_walker
def test_the_same_field_sent_many_times_is_answered_in_words(
    walker: Walker, forms: list[Form], rewind: Callable[[], None]
) -> None:
    for form in forms:
        rewind()
        send(form.page.pages, form, {name: given * 3 for name, given in as_bytes(form).items()})


@each_walker
def test_files_are_refused_where_nothing_can_be_uploaded(
    walker: Walker, forms: list[Form], app: Flask, rewind: Callable[[], None]
) -> None:
    for form in forms:
        rewind()
        pages, names = form.page.pages, [*all_names(form), "more"]
        head = "--b\r\nContent-Disposition: form-data; name="
        parts = [f'{head}"csrf_token"\r\n\r\n{pages.own_token()}\r\n']
        parts += [f'{head}"{name}"; filename="a\x00.html"\r\n\r\nx\r\n' for name in names]
        response = pages.client.post(
            form.action,
            data="".join([*parts, "--b--\r\n"]).encode(),
            content_type="multipart/form-data; boundary=b",
        )
        status = pages.check(form.action, response).status
        # Where there is a field for a file, the others hold none either.
        assert status in (fine_for(app, form) if takes_files(app, form) else {415}), (
            f"{form.action}: {status}"
        )


def takes_files(app: Flask, form: Form) -> bool:
    """Tell whether a file may be sent where this form goes, in this form or in another."""
    endpoint, _arguments = where_to(app, form)
    return hasattr(app.view_functions[endpoint], "takes_file")


# Whoever has no good token of a passkey is sent back to where adding one begins, and told so; of a
# host that is not there it is told that somebody has forgotten it already.
OTHERWISE = {
    ("POST", "messages.forget_host"): {302},
    ("POST", "security.wan_register_response"): {302},
    ("POST", "security.wan_signin_response"): {302, 303},
    ("POST", "security.wan_verify_response"): {302},
}
ADDRESS_WORDS = ["%00", "%ED%A0%80", "%FF", "%E2%80%AE", "x" * 3000, "..%2f..", "'", "%0d%0aX:y"]
ADDRESS_NUMBERS = ["0", "-1", "2147483648", "9223372036854775808", "9" * 400, "1.5", "%C2%B2"]


@pytest.mark.both_databases
@pytest.mark.parametrize("role", Role)
def test_things_that_cannot_be_are_not_found(
    role: Role, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(role))
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint in {"static", "bootstrap.static"}:
            continue
        for bad in (*ADDRESS_WORDS, *ADDRESS_NUMBERS):
            url = "".join(bad if part[0] else part[1] for part in rule_parts(rule.rule))
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                data = {"csrf_token": pages.own_token()} if method == "POST" else None
                forget_limits(app)
                page = pages.check(url, pages.client.open(url, method=method, data=data))
                fine = {403, 404, 405} | OTHERWISE.get((method, rule.endpoint), set())
                if rule.arguments == {"token"}:
                    # Of a link in a mail it is not told whether it never was, or is over.
                    fine |= {410}
                assert page.status in fine, f"{method} {url[:200]}: {page.status}"


def rule_parts(rule: str) -> list[tuple[bool, str]]:
    """Split a rule into pieces, each marked whether it stands for an argument."""
    pieces = []
    for piece in rule.split("<"):
        argument, closed, rest = piece.partition(">")
        pieces += [(True, argument), (False, rest)] if closed else [(False, argument)]
    return pieces


@pytest.mark.both_databases
@pytest.mark.parametrize("role", Role)
def test_bad_values_in_the_query_are_answered_in_words(
    role: Role, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(role))
    for address in addresses(app, world):
        if role not in MATRIX[address.endpoint].get("GET", ()) or "static" in address.endpoint:
            continue
        if address.endpoint in FOR_A_WHILE:
            continue
        forget_limits(app)
        page = pages.check(address.url, pages.client.get(address.url))
        # What is not always there answers bad values, too.
        assert page.status == 200 or address.endpoint in NOT_ALWAYS
        names = {"page", "next", *(name for form in page.forms for name in all_names(form))}
        for bad in IN_QUERIES:
            forget_limits(app)
            query = encoded((name, BAD_VALUES[bad][:4300]) for name in sorted(names)).decode()
            status = pages.client.get(f"{address.url}?{query}").status_code
            assert status in FINE, f"{address.url}?{query[:200]}: {status}"


@pytest.mark.parametrize("bad", BAD_VALUES)
def test_bad_values_at_the_sign_in_are_answered_in_words(bad: str, pages: Pages) -> None:
    form = pages.get("/login").form("Sign in")
    for names in (["email"], ["password"], ["email", "password"]):
        values = {"email": [b"a@example.org"], "password": [b"wrong"]}
        send(pages, form, {**values, **{name: [BAD_VALUES[bad]] for name in names}})
    pages.get("/accounts", status=302)


def sound(app: Flask) -> None:
    """Check that nothing of all this broke what must be true of the database."""
    with reading(app) as session:
        assert invariants.run(session) == []
        assert audit.verify(session) == []
