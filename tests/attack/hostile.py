"""What is sent to every form of a running platform by whoever may open its page: values that no
page lets anybody type, and forms that come from no page of ours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from flask import Flask

from tests import factories
from tests.databases import content, forget_limits, reading
from tests.live import FORM, Answer, Visitor
from tests.pages import Form, Pages
from tests.structure.bad_values import BAD_VALUES, FINE, all_names, as_bytes, encoded
from tests.structure.walkers import Walker
from webapp.accounts.models import Account
from webapp.core.db import Base

Fields = Iterable[tuple[str, bytes]]
# A link that was used meanwhile is gone, and whoever has ended their session is asked to sign in.
ANSWERS = FINE | {401, 410}
# By these somebody ends the session or the account with which they send the others.
ENDS_IT = ("logout", "erase", "leave", "end-sessions", "sessions")
# Setting a PDF file takes seconds each time: tests of documents send what is hostile there.
SETS_A_FILE = "/my-data/document"
# So many forms a person may send of whichever kind before a limit refuses the next.
PATIENT = 4
# So many values are tried in each field by itself; over all fields each is as often.
IN_TURN = 5
# Columns that no form of a page gives a value, but for those that are about them.
FOREIGN = {"role", "roles", "owner", "approved", "version", "id", "account_id", "state"}
ELSEWHERE = {"Origin": "https://elsewhere.example.org"}


@dataclass
class Sender:
    """Somebody who sends the forms that they have found, from a browser at the server."""

    app: Flask
    world: factories.World
    walker: Walker
    url: str
    forms: list[Form] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    # How many refusals were seen to change no row.
    compared: int = 0
    _rows: dict[str, list[tuple[Any, ...]]] | None = None

    def __post_init__(self) -> None:
        pages = self.enter()
        found = self.walker.forms(pages, self.world)
        forms = [form for form in found if form.action != SETS_A_FILE]
        self.forms = sorted(forms, key=lambda form: any(end in form.action for end in ENDS_IT))

    def enter(self) -> Pages:
        """Come in, and take the cookies along to the server."""
        pages = self.walker.come(Pages(self.app), self.world)
        self.token, self.visitor = pages.own_token(), Visitor(self.url)
        self.visitor.cookies = {
            one.key: one.value for one in (pages.client._cookies or {}).values()
        }
        return pages

    def send(
        self, form: Form, fields: Fields, what: str, token: str | None = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Send a form with raw values, with a good token if no other is given; note what is wrong
        with the answer."""
        tokens = [] if token is None else [("csrf_token", (token or self.token).encode())]
        kind = {"Content-Type": FORM, **(headers or {})}
        answer = self.visitor.ask("POST", form.action, kind, encoded([*fields, *tokens]))
        self.sent += 1
        said = "<h1" in answer.body or answer.status in {200, 204, 302, 303}
        # What another website sends is forbidden.
        fitting = ANSWERS | {403} if headers else ANSWERS
        if answer.status not in fitting or answer.missing or not said:
            self.wrong.append(f"{self.walker.name} {form.action}, {what}: {answer.status}")
        return answer

    def try_values(self, form: Form, tried: Iterable[tuple[str, Fields]]) -> None:
        """Send a form with each of these; where all are refused, no row may have changed."""
        # What was seen after the form before is what stands there now.
        before, answers = self._rows or content(self.app), []
        for number, (what, fields) in enumerate(tried):
            if number % PATIENT == 0:
                forget_limits(self.app)
            answer = self.send(form, fields, what)
            answers.append(answer.status)
            if self._is_out(answer) and not self._comes_back():
                break
        # Whoever tries passwords is counted, and their owner is told.
        refused = all(status >= 400 for status in answers) and not asks_password(form)
        self._rows = content(self.app) if refused else None
        if self._rows:
            self.compared += len(answers)
            changed = [name for name in before if before[name] != self._rows[name]]
            if changed:
                self.wrong.append(f"{self.walker.name} {form.action}: refused, changed {changed}")

    def _comes_back(self) -> bool:
        """Come in again, and tell whether that was possible: some have erased their account."""
        account = self.walker.who(self.world)
        with reading(self.app) as session:
            stored = session.get(Account, account.id) if account else None
            there = stored is not None and stored.active
        if there:
            self.enter()
        return there

    def _is_out(self, answer: Answer) -> bool:
        """Tell whether the session is over, of somebody who can begin another."""
        if self.walker.who(self.world) is None:
            return False
        leads_in = answer.headers.get("Location", "").startswith("/login")
        return answer.status == 401 or (answer.status == 302 and leads_in)


def asks_password(form: Form) -> bool:
    """Tell whether a password is sent with a form."""
    return any(control.get("type") == "password" for control in form.controls)


def all_at_once(form: Form, chosen: Iterable[str]) -> Iterator[tuple[str, Fields]]:
    """Yield the form with one of these values in all of its fields."""
    names = all_names(form)
    for bad in chosen if names else ():
        yield bad, [(name, BAD_VALUES[bad]) for name in names]


def in_turn(form: Form, values: Iterator[str], each: int = IN_TURN) -> Iterator[tuple[str, Fields]]:
    """Yield the form with some of these values in each of its fields, the others as they were."""
    for name in all_names(form):
        for bad in islice(values, each):
            changed = {**as_bytes(form), name: [BAD_VALUES[bad]]}
            yield f"{bad} in {name}", in_order(changed)


def with_others(form: Form) -> Iterator[tuple[str, Fields]]:
    """Yield the form with fields that it does not have, and with each field three times."""
    columns = {column.key for table in Base.metadata.sorted_tables for column in table.columns}
    foreign = sorted((columns | FOREIGN) - set(all_names(form)))
    was = in_order(as_bytes(form))
    yield "fields of all tables", [*was, *((name, b"1") for name in foreign)]
    yield "each field three times", was * 3


def in_order(values: Mapping[str, list[bytes]]) -> list[tuple[str, bytes]]:
    """Return what is sent, field by field."""
    return [(name, value) for name, given in values.items() for value in given]


def from_no_page(sender: Sender, form: Form, token_of_another: str) -> None:
    """Send a form as no page of ours would; it must be refused."""
    was = in_order(as_bytes(form))
    many = [(f"field-{number}", b"x") for number in range(20_000)]
    ways: list[tuple[str, Fields, str | None, Mapping[str, str]]] = [
        ("a good token from elsewhere", was, "", ELSEWHERE),
        ("no token", was, None, {}),
        ("the token of another", was, token_of_another, {}),
        ("twenty thousand fields", many, "", {}),
    ]
    forget_limits(sender.app)
    for what, fields, token, headers in ways:
        answer = sender.send(form, fields, what, token, headers)
        if answer.status < 400:
            sender.wrong.append(f"{sender.walker.name} {form.action}, {what}: {answer.status}")


def without_end() -> Iterator[str]:
    """Yield all values again and again."""
    return cycle(BAD_VALUES)
