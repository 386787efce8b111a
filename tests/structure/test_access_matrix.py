"""Who may reach what: every endpoint, every method, every role, strangers, and each other's things.

`MATRIX` is the promise. An endpoint or a method that it does not name fails, so that whoever adds
a page writes down here who may open it. Everybody else gets 403, strangers are asked to sign in
(or get 401 where there is nothing to come back to), and nothing changes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import content, forget_limits
from tests.pages import Page, Pages
from tests.structure import access_of_reports as of_reports
from tests.structure.access_of_accounts import (
    ACCOUNTS_AT_THE_DOOR,
    ACCOUNTS_FOR_A_WHILE,
    EVERYBODY,
    NONE,
    OF_ACCOUNTS,
    SIGNED_IN,
    A,
    C,
    E,
    N,
    R,
    arguments_of_accounts,
)
from tests.structure.access_of_administrators import ARGUMENTS_OF_THEMES, OF_ADMINISTRATORS
from tests.structure.access_of_deployments import (
    ARGUMENTS_OF_DEPLOYMENTS,
    OF_DEPLOYMENTS,
    OWN_OF_DEPLOYMENTS,
)
from tests.structure.access_of_matches import (
    OF_MATCHES,
    OWN_OF_MATCHES,
    arguments_of_matches,
)
from tests.structure.access_of_requests import (
    IN_ADDRESSES,
    OF_REQUESTS,
    OWN_OF_REQUESTS,
    REQUESTS_FOR_A_WHILE,
    arguments_of_amendments,
)
from tests.structure.access_of_roster import (
    OF_ROSTER,
    OWN_OF_ROSTER,
    ROSTER_FOR_A_WHILE,
    arguments_of_roster,
)
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.home import views as home
from webapp.matches.models import MatchState
from webapp.my_data import views as my_data

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
# No page of ours has a button for the others, and all of them together take minutes.
RARE = pytest.mark.long

MATRIX: dict[str, dict[str, frozenset[str]]] = {
    "static": {"GET": EVERYBODY},
    "bootstrap.static": {"GET": EVERYBODY},
    "home.landing": {"GET": EVERYBODY},
    "home.privacy": {"GET": EVERYBODY},
    "home.session_seconds": {"GET": SIGNED_IN},
    "home.healthz": {"GET": EVERYBODY},
    "home.readyz": {"GET": EVERYBODY},
    "home.metrics": {"GET": EVERYBODY},  # With a token, which is asked for by itself.
    **OF_ACCOUNTS,
    **OF_ADMINISTRATORS,
    **OF_ROSTER,
    **OF_REQUESTS,
    **OF_MATCHES,
    **OF_DEPLOYMENTS,
    **of_reports.OF_REPORTS,
    "kept_texts.show": {"GET": SIGNED_IN},
    "kept_texts.forget": {"POST": SIGNED_IN},
    "kept_texts.keep_typing": {"POST": SIGNED_IN},
}

# Pages that send people who have signed in on to their work.
AT_THE_DOOR = {"home.landing", "security.login", *ACCOUNTS_AT_THE_DOOR}
# Pages that only one person has, and only for a while: tests beside their packages open them.
FOR_A_WHILE = {
    "kept_texts.show", "kept_texts.forget", "deployments.feed", "curricula.source",
    *ACCOUNTS_FOR_A_WHILE, *REQUESTS_FOR_A_WHILE, *ROSTER_FOR_A_WHILE,
}  # fmt: skip
# It asks before a step, and leads others than those who can take it to the page of the thing.
ASKING = {
    "expertise_requests.check", "expertise_requests.ask_to_take_over", "matches.check_shortlist",
}  # fmt: skip
# What it shows stands in the query, without which it says what is missing.
BY_QUERY = {"matches.compare"}
OF_REPORTS = of_reports.FOR_A_WHILE
# Whoever has no profile finds nothing on the page of leaving the roster.
NOT_ALWAYS = (
    # A mission whose expert goes alone has no team to move.
    {"home.metrics", "experts.leave", "deployments.move_team"}
    | AT_THE_DOOR
    | FOR_A_WHILE
    | ASKING
    | BY_QUERY
    | OF_REPORTS
)

# Pages on things that belong to one person, and whose they are: nobody else has them.
PERSONAL: dict[str, Role] = {
    **OWN_OF_REQUESTS,
    **OWN_OF_MATCHES,
    **OWN_OF_DEPLOYMENTS,
    **OWN_OF_ROSTER,
    **of_reports.OWN_OF_REPORTS,
    "messages.open_notice": R,
}
# Endpoints with something in their address that is not anybody's own.
COMMON = {
    "static", "bootstrap.static", "expertise_requests.new", "expertise_requests.create",
    "expertise_requests.begin_from_template", "experts.add_entry", "experts.open_jurisdiction",
    "experts.forget_jurisdiction", "membership.confirm_address", *FOR_A_WHILE,
    *(name for name, cells in MATRIX.items() if set().union(*cells.values()) <= {A, C}),
}  # fmt: skip


def arguments(endpoint: str, world: factories.World) -> dict[str, Any]:
    """Return what stands in the address of `endpoint`: things of the first person of each role."""
    requests, matches = world.requests, world.matches
    fitting: dict[str, dict[str, Any]] = {
        "static": {"filename": "css/theme.css", "version": "0" * 16},
        "bootstrap.static": {"filename": "css/bootstrap.min.css", "version": "0" * 16},
        "expertise_requests.edit": {"request_id": requests[RequestState.DRAFT].id},
        "expertise_requests.save": {"request_id": requests[RequestState.DRAFT].id},
        "expertise_requests.covered": {"request_id": requests[RequestState.DRAFT].id},
        "expertise_requests.check": {"step": "withdraw"},
        "expertise_requests.take_step": {"step": "withdraw"},
        **arguments_of_roster(world),
        **ARGUMENTS_OF_THEMES,
        **IN_ADDRESSES,
        **arguments_of_amendments(world),
        "kept_texts.show": {"token": "of-nobody"},
        "kept_texts.forget": {"token": "of-nobody"},
        **arguments_of_accounts(world.first(E).id),
        **arguments_of_matches(world),
        **ARGUMENTS_OF_DEPLOYMENTS,
        **of_reports.arguments_of_documents(world),
    }
    usual = {
        "request_id": requests[RequestState.SUBMITTED].id,
        "match_id": matches[MatchState.INVITED].id,
        "expert_id": world.experts[0].id,
        "organisation_id": world.first(R).organisation_id,
        "account_id": world.colleague.id,
        "section": "evidence",
        "part": "what",
        "side": "expert",
        "number": world.evidence_id,
        "notice_id": world.notice_id,
        "deployment_id": world.deployment_id,
        "file_id": world.file_id,
        "message_id": world.message_id,
        "host": "of-nobody",
    }
    return {**usual, **fitting.get(endpoint, {})}


@dataclass(frozen=True)
class Address:
    """An address of an endpoint. The endpoint does not answer `elsewhere`, another one does."""

    endpoint: str
    url: str
    methods: frozenset[str]
    elsewhere: frozenset[str]

    def __str__(self) -> str:
        """Return what a person who reads a failure needs."""
        return f"{self.url} ({self.endpoint})"


def addresses(app: Flask, world: factories.World) -> list[Address]:
    """Return an address for every rule; signing out comes last."""
    urls = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        known = arguments(rule.endpoint, world)
        missing = rule.arguments - known.keys()
        assert not missing, f"say in `arguments` what {missing} of {rule.endpoint} may be"
        url = urls.build(rule.endpoint, {name: known[name] for name in rule.arguments})
        methods = frozenset(rule.methods or ())
        elsewhere = frozenset(urls.allowed_methods(url)) - methods
        found.append(Address(rule.endpoint, url, methods, elsewhere))
    return sorted(found, key=lambda address: (address.url == "/logout", address.endpoint))


def visitors(world: factories.World, visitor: Callable[[], Pages]) -> Iterator[tuple[str, Pages]]:
    """Yield a stranger, somebody without a role, and the first person of each role."""
    yield "stranger", visitor()
    yield "nobody", visitor().come_in(world.nobody)
    for role in Role:
        yield role, visitor().come_in(world.first(role))


@pytest.fixture(autouse=True)
def _documents_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a PDF file holds is no matter here, and laying one out takes seconds."""
    monkeypatch.setattr(my_data, "make_pdf", str.encode)


def test_the_matrix_names_every_endpoint_and_every_method(app: Flask) -> None:
    existing: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods = set(rule.methods or ()) - {"HEAD", "OPTIONS"}
        existing.setdefault(rule.endpoint, set()).update(methods)
    promised = {endpoint: set(cells) for endpoint, cells in MATRIX.items()}
    assert existing == promised


def expected(who: str, address: Address, method: str) -> set[int]:
    """Return the statuses that fit: what an allowed person gets is the business of the page."""
    cells = MATRIX[address.endpoint]
    if method not in address.methods:
        return {405}
    if method == "OPTIONS":
        fitting = frozenset().union(*cells.values())
    else:
        fitting = cells["GET" if method == "HEAD" else method]
    if who in fitting:
        return {200, 204, 302, 303, 400, 404, 409, 410}
    if who == "stranger":
        return {302} if method in {"GET", "HEAD"} else {401}
    return {403}


@pytest.mark.first
@pytest.mark.thorough
@pytest.mark.parametrize(
    "method", [*METHODS[:2], *(pytest.param(m, marks=RARE) for m in METHODS[2:])]
)
def test_each_role_reaches_what_the_matrix_says_and_nothing_else(
    method: str, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    wrong = []
    known = [address for address in addresses(app, world) if method not in address.elsewhere]
    for who, pages in visitors(world, visitor):
        before: dict[str, list[tuple[Any, ...]]] | None = content(app)
        token = pages.own_token()
        data = None if method in {"GET", "HEAD", "OPTIONS"} else {"csrf_token": token}
        # First all that is refused, to see that nothing of it changes anything.
        asked = sorted(known, key=lambda address: 200 in expected(who, address, method))
        for address in asked:
            fitting = expected(who, address, method)
            if 200 in fitting and before is not None:
                assert content(app) == before, f"{who}: a refused {method} changed something"
                before = None
            # There are more addresses than a person opens in a minute.
            forget_limits(app)
            response = pages.client.open(address.url, method=method, data=data)
            page = pages.check(address.url, response)
            if not answers_as(page, fitting):
                wrong.append(f"{who} {method} {address}: {page.status}, not {fitting}")
        assert before is None or content(app) == before, f"{who}: {method} changed something"
    assert not wrong, "\n".join(wrong)


def answers_as(page: Page, fitting: set[int]) -> bool:
    """Tell whether the status fits; where only 302 does, it must lead to the sign-in."""
    if fitting == {302}:
        return page.status == 302 and page.response.location.startswith("/login?next=")
    return page.status in fitting


@pytest.mark.first
@pytest.mark.thorough
def test_those_who_may_open_a_page_see_it(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """Without this, a page that answers 404 to everybody would pass the test above."""
    wrong = []
    for who, pages in visitors(world, visitor):
        for address in addresses(app, world):
            if who in MATRIX[address.endpoint].get("GET", NONE):
                page = pages.check(address.url, pages.client.get(address.url))
                if page.status != 200 and address.endpoint not in NOT_ALWAYS:
                    wrong.append(f"{who} {address}: {page.status}")
    assert not wrong, "\n".join(wrong)


def test_every_address_with_a_thing_in_it_says_whose_it_is(
    app: Flask, world: factories.World
) -> None:
    with_things = {rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments}
    assert with_things == PERSONAL.keys() | (COMMON & with_things)


@pytest.mark.thorough
def test_nobody_reaches_the_things_of_another_person_of_the_same_role(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    wrong = []
    others = {role: visitor().come_in(world.second(role)) for role in (R, E, N)}
    before = content(app)
    for role, other in others.items():
        token = other.own_token()
        for address in addresses(app, world):
            if address.endpoint not in PERSONAL:
                continue
            may = {method for method, roles in MATRIX[address.endpoint].items() if role in roles}
            may |= {"HEAD"} if "GET" in may else set()
            for method in sorted(address.methods & may):
                data = {"csrf_token": token} if method == "POST" else None
                response = other.client.open(address.url, method=method, data=data)
                if other.check(address.url, response).status != 404:
                    wrong.append(f"{role} {method} {address}: {response.status_code}, not 404")
    assert not wrong, "\n".join(wrong)
    assert content(app) == before


def test_coordinators_do_not_read_what_was_never_sent_in(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(C))
    draft, sent = world.requests[RequestState.DRAFT], world.requests[RequestState.SUBMITTED]
    pages.get(f"/requests/{sent.id}")
    pages.get(f"/requests/{draft.id}", status=404)
    pages.get(f"/requests/{draft.id}/matches", status=404)


def test_requesters_see_nobody_before_the_proposal(
    world: factories.World, visitor: Callable[[], Pages]
) -> None:
    pages = visitor().come_in(world.first(R))
    name = world.experts[0].name
    hidden = set(MatchState) - {
        MatchState.PROPOSED, MatchState.ALTERNATE, MatchState.SELECTED, MatchState.NOT_SELECTED,
    }  # fmt: skip
    for state in hidden:
        match = world.matches[state]
        for url in (f"/requests/{match.request_id}", f"/requests/{match.request_id}/proposed"):
            assert name not in pages.get(url).text, f"{url} shows an expert who is {state}"
        pages.post(f"/proposals/{match.id}/select", status=404)
    proposed = world.matches[MatchState.PROPOSED]
    assert name in pages.get(f"/requests/{proposed.request_id}/proposed").text


@pytest.mark.parametrize(
    "url",
    ["/admin", "/api", "/.git/config", "/requests/1/secret/more", "/accounts/x", "/audit/1",
     "/x" * 900, "/static/../config.py", "/static/%2e%2e/config.py", "/static/nothing.css"],
)  # fmt: skip
@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_unknown_addresses_get_a_plain_page(
    url: str, who: str, pages: Pages, sign_in_as: Callable[..., Pages]
) -> None:
    asking = sign_in_as(A) if who == "administrator" else pages
    assert asking.get(url, status=404).heading == "There is no such page"


def test_a_view_that_states_no_permission_is_refused_at_start_up(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(home.privacy, "permission")
    with pytest.raises(RuntimeError, match=r"without a permission: home\.privacy$"):
        make_app()
