"""At a server with two workers, what is somebody else's answers like what is not there at all."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import content, forget_limits, reading, writing
from tests.faults.crowd import is_sound, keep_job_workers_awake
from tests.live import Answer, Visitor
from tests.pages import Pages
from tests.structure.access_of_accounts import NONE, SIGNED_IN, C, E, N, R
from tests.structure.test_access_matrix import MATRIX, PERSONAL, arguments
from webapp.accounts.models import Account, AccountSession
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.messages.letters import Letter
from webapp.messages.operations import tell_administrators

pytestmark = [pytest.mark.attack, pytest.mark.both_databases, pytest.mark.long]
# No row of any table has got so far.
NOBODYS = 2_000_000_000
# What is somebody's only for a while, or theirs among others of a role that share the rest.
OWN_OF_ONE = {
    "membership.end_session": SIGNED_IN,
    **{
        f"roster_imports.{page}": frozenset({C})
        for page in ("show", "columns", "confirm", "drop", "undo", "invite")
    },
}
# Of an entry that is not there nobody knows whether another window has removed it: what was written
# into its form is shown again with a conflict, whosever entry it was.
KEEPS_WHAT_WAS_WRITTEN = frozenset({"experts.edit_entry", "experts.ask_to_confirm"})
ELSEWHERE = {"Origin": "https://elsewhere.example.org"}
# What steps and forms ask for, so that a refusal is not one of something that is missing.
FILLED = {
    "version": "1", "kind": "other", "reason": "Tried on what is another's.", "confirm": "y",
    "title": "Written by another",
}  # fmt: skip
# Differs from one answer to the next, whatever is asked for.
CHANGING = (
    r'value="[^"]*"', r"Reference: \S+", r'nonce="[^"]*"', r'data-session-left="[^"]*"',
    # What came in between two answers, as to administrators of a host that has fallen silent.
    r' <span class="unread-count">.*?</span></span>',
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """An address of somebody's thing, and the same address of what nobody has."""

    endpoint: str
    foreign: str
    missing: str
    methods: frozenset[str]


def targets(app: Flask, world: factories.World) -> list[Target]:
    """Return all addresses with a number of a thing in them; the things are the first persons'."""
    urls = app.url_map.bind("localhost")
    found = []
    session_id = a_session_of(app, world.first(E))
    for rule in app.url_map.iter_rules():
        known = arguments(rule.endpoint, world)
        if rule.endpoint == "membership.end_session":
            known["number"] = session_id
        foreign = {name: known[name] for name in rule.arguments}
        missing = {name: _of_nobody(value) for name, value in foreign.items()}
        if missing == foreign:
            continue
        methods = frozenset(rule.methods or ()) & {"GET", "HEAD", "POST"}
        address, of_nobody = (urls.build(rule.endpoint, it) for it in (foreign, missing))
        found.append(Target(rule.endpoint, address, of_nobody, methods))
    return found


def _of_nobody(value: int | str) -> int | str:
    return NOBODYS if isinstance(value, int) else value


def a_session_of(app: Flask, person: Account) -> int:
    """Return the number of a session of somebody who has signed in."""
    with reading(app) as session:
        return session.scalars(
            sa.select(AccountSession.id).filter_by(account_id=person.id).limit(1)
        ).one()


def attackers(world: factories.World, url: str) -> Iterator[tuple[str, Visitor]]:
    """Yield a stranger, somebody without a role, and the second person of each role."""
    yield "stranger", Visitor(url)
    yield "nobody", Visitor(url).sign_in(world.nobody)
    for role in Role:
        yield role, Visitor(url).sign_in(world.second(role))


def is_kept_from(who: str, endpoint: str, method: str) -> bool:
    """Tell whether things of the first persons are nothing that `who` may reach by this method."""
    fitting = MATRIX[endpoint]["GET" if method == "HEAD" else method]
    if who not in fitting or who in OWN_OF_ONE.get(endpoint, NONE):
        return True
    return endpoint in PERSONAL and who in {R, E, N}


def plain(answer: Answer, address: str) -> tuple[int, str, str]:
    """Return what an answer says, apart from the address that was asked for and what is random."""
    text = f"{answer.headers.get('Location', '')}\n{answer.body}"
    for written in {address, html.escape(address), address.replace("/", "%2F")}:
        text = text.replace(written, "ADDRESS")
    for changing in CHANGING:
        text = re.sub(changing, "", text)
    return answer.status, answer.headers.get("Content-Type", ""), text


def secrets(app: Flask, world: factories.World) -> re.Pattern[str]:
    """Return what tells of the first persons: their names and addresses, and their references."""
    owners = [world.first(role) for role in (R, E, N)]
    told = [word for one in owners for word in (one.name, one.email, one.institution)]
    told.append(world.experts[0].name)
    with reading(app) as session:
        theirs = sa.select(ExpertiseRequest).filter_by(requester_id=world.first(R).id)
        told += [request.reference for request in session.scalars(theirs)]
    return re.compile("|".join(rf"{re.escape(word)}(?!\d)" for word in sorted(set(told))))


def sent(visitor: Visitor, method: str, path: str, values: Mapping[str, str]) -> Iterator[Answer]:
    """Yield the answers to a request, and for a form that to the same from another website."""
    if method != "POST":
        yield visitor.ask(method, path)
        return
    yield visitor.post(path, values)
    strange = visitor.post(path, values, ELSEWHERE)
    assert strange.status >= 400, (path, strange.status)
    yield strange


def attack(
    app: Flask, who: str, visitor: Visitor, found: Iterable[Target], canaries: re.Pattern[str]
) -> tuple[int, list[str]]:
    """Try all that `who` is kept from; return how often, and what was answered wrongly."""
    token = visitor.token("/login" if who == "stranger" else "/account")
    values = {**FILLED, "csrf_token": token}
    tried, wrong = 0, []
    for target in found:
        forget_limits(app)
        for method in sorted(target.methods):
            if not is_kept_from(who, target.endpoint, method):
                continue
            foreign = sent(visitor, method, target.foreign, values)
            missing = sent(visitor, method, target.missing, values)
            for pair in zip(foreign, missing, strict=True):
                tried += 1
                name = f"{who} {method} {target.foreign} ({target.endpoint})"
                wrong += [f"{name}: {fault}" for fault in faults(target, *pair, canaries)]
    return tried, wrong


def faults(
    target: Target, foreign: Answer, missing: Answer, canaries: re.Pattern[str]
) -> Iterator[str]:
    """Yield what is wrong with the answer about somebody's thing, beside that about nobody's."""
    if plain(foreign, target.foreign) != plain(missing, target.missing):
        yield f"{foreign.status}, of nobody {missing.status}"
    conflict = {409} if target.endpoint in KEEPS_WHAT_WAS_WRITTEN else NONE
    if foreign.status not in {302, 400, 401, 403, 404} | conflict:
        yield str(foreign.status)
    for word in canaries.findall(foreign.body):
        yield f"tells {word}"


def test_a_notice_that_comes_in_between_makes_no_difference(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages, path = sign_in_as(Role.ADMINISTRATOR), "/requests/2/withdraw"

    def refused() -> Answer:
        answer = pages.client.post(path, data={"csrf_token": pages.own_token()})
        return Answer(answer.status_code, HTTPMessage(), answer.text, 0.0)

    before = refused()
    with writing(app) as session:
        work = factories.work(session)
        tell_administrators(work, Letter(_("Notices"), _("Notices"), "/"))
    after = refused()
    assert before.status == 403
    assert "unread" in after.body
    assert "unread" not in before.body
    assert plain(before, path) == plain(after, path)


def test_what_is_another_s_answers_in_every_worker_as_what_does_not_exist(
    app: Flask, world: factories.World, live_url: str, instance: Path, database_url: str
) -> None:
    canaries = secrets(app, world)
    Visitor(live_url).sign_in(world.first(E))
    people = list(attackers(world, live_url))
    found = targets(app, world)
    keep_job_workers_awake(app, "former")
    before = content(app)
    with ThreadPoolExecutor(len(people)) as crowd:
        attacks = [crowd.submit(attack, app, *person, found, canaries) for person in people]
    results = [one.result() for one in attacks]
    wrong = [fault for _, faults_of_one in results for fault in faults_of_one]
    assert not wrong, "\n".join(wrong)
    assert sum(tried for tried, _ in results) > 1000
    assert content(app) == before
    assert is_sound(instance, database_url)


def test_no_list_tells_of_another_person_of_the_same_role(
    app: Flask, world: factories.World, live_url: str
) -> None:
    canaries = secrets(app, world)
    pages = {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    }
    wrong, opened = [], 0
    for role in (R, E, N):
        visitor = Visitor(live_url).sign_in(world.second(role))
        for endpoint, path in pages.items():
            if role not in MATRIX[endpoint].get("GET", NONE):
                continue
            forget_limits(app)
            answer = visitor.get(path)
            opened += answer.status == 200
            if answer.status >= 500:
                wrong.append(f"{role} {path}: {answer.status}")
            wrong += [f"{role} {path} tells {word}" for word in canaries.findall(answer.body)]
    assert not wrong, "\n".join(wrong)
    assert opened > 30
