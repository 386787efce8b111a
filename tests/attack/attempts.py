"""What is tried at each address of the platform: every method, with things of one's own, of others
and of nobody, and with what is no number of a thing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests import factories
from tests.attack.attackers import Attacker
from tests.faults.test_faults_things_of_others import KEEPS_WHAT_WAS_WRITTEN, NOBODYS
from tests.structure.access_of_accounts import EVERYBODY
from tests.structure.access_of_roster import WRITTEN_FOR
from tests.structure.test_access_matrix import MATRIX, PERSONAL, Address, arguments, expected

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
USUAL = frozenset({"GET", "POST"})
# For whoever has an account nobody else writes, and nobody is told apart from themselves.
NOT_THE_SECONDS = frozenset(
    {*WRITTEN_FOR, "curricula.drop_for", "curricula.source_for", "roster.tell_apart"}
)
# Whose thing is asked for.
THE_FIRST, THE_SECOND, NO_NUMBER = "the first", "the second", "what is no number"
# What is no number of a row: larger than any, longer than a number may be read, and none at all.
NO_NUMBERS = ("9" * 400, "9" * 4300, "-1", "many")


@dataclass(frozen=True)
class Attempt:
    """A request, and the statuses that fit; whose thing it asks for is `of` whom."""

    endpoint: str
    method: str
    path: str
    of: str
    fitting: frozenset[int]

    @property
    def may_change(self) -> bool:
        """Tell whether what is asked for is done."""
        return self.method == "POST" and 302 in self.fitting and 200 in self.fitting

    def __str__(self) -> str:
        """Return what a person who reads a failure needs."""
        return f"{self.method} {self.path[:120]} ({self.endpoint}, of {self.of})"


def attempts(app: Flask, world: factories.World, who: Attacker) -> list[Attempt]:
    """Return all that somebody tries; signing out comes last."""
    found = [
        Attempt(address.endpoint, method, address.url, of, frozenset(fitting))
        for rule in app.url_map.iter_rules()
        for address, of in _addresses(app, world, rule)
        for method in METHODS
        if method not in address.elsewhere
        and (fitting := _fitting(who, address, method, of))
        and _is_worth(who, address, method, of)
    ]
    return sorted(found, key=lambda attempt: attempt.endpoint == "security.logout")


def _is_worth(who: Attacker, address: Address, method: str, of: str) -> bool:
    """Tell whether to try it: whom a role keeps from a page, it keeps from everybody's things, and
    what no address takes is refused before anybody is looked at."""
    if of == THE_FIRST:
        return method in USUAL or who.comes_first or who.name == "stranger"
    return method in USUAL & address.methods and bool(MATRIX[address.endpoint][method] & who.kinds)


def _addresses(app: Flask, world: factories.World, rule: Rule) -> Iterator[tuple[Address, str]]:
    """Yield the addresses of an endpoint, and whose things are in them."""
    urls = app.url_map.bind("localhost")
    methods = frozenset(rule.methods or ())

    def at(values: Mapping[str, Any]) -> Address:
        url = urls.build(rule.endpoint, values)
        elsewhere = frozenset(urls.allowed_methods(url)) - methods
        return Address(rule.endpoint, url, methods, elsewhere)

    known = arguments(rule.endpoint, world)
    usual = {name: known[name] for name in rule.arguments}
    yield at(usual), THE_FIRST
    others = {"request_id": world.other_request.id, "expert_id": world.experts[1].id}
    if theirs := others.keys() & usual.keys():
        yield at({**usual, **{name: others[name] for name in theirs}}), THE_SECOND
    missing = {name: NOBODYS if isinstance(it, int) else it for name, it in usual.items()}
    if missing != usual:
        nobodys = at(missing)
        yield nobodys, "nobody"
        for bad in NO_NUMBERS:
            url = nobodys.url.replace(str(NOBODYS), bad)
            yield Address(rule.endpoint, url, methods, frozenset()), NO_NUMBER


def _fitting(who: Attacker, address: Address, method: str, of: str) -> set[int]:
    """Return the statuses that fit, as the access matrix has it."""
    # Who is several things to the platform may what any of them may.
    fitting = max((expected(kind, address, method) for kind in who.kinds), key=len)
    if of == NO_NUMBER:
        # The server reads no line of more than some four thousand signs.
        return {404, 405, 414}
    if 200 in fitting and _is_of_another(who, address.endpoint, method, of):
        return {404, 409} if address.endpoint in KEEPS_WHAT_WAS_WRITTEN else {404}
    refused = who.is_colleague or (of == THE_SECOND and address.endpoint in NOT_THE_SECONDS)
    return fitting | {403} if refused and 200 in fitting else fitting


def _is_of_another(who: Attacker, endpoint: str, method: str, of: str) -> bool:
    """Tell whether it is one person's thing, and `who` is let in as another of that role alone."""
    reading = "GET" if method == "HEAD" else method
    let_in = MATRIX[endpoint].get(reading, EVERYBODY) & who.kinds
    personal = endpoint in PERSONAL and let_in == {PERSONAL[endpoint]}
    is_theirs = (of == THE_FIRST) is who.comes_first or who.is_colleague
    return personal and of in {THE_FIRST, THE_SECOND} and not is_theirs
