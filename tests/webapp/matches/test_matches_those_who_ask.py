"""Nobody reads who is considered for a request of their own or of their organisation, and why."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.access import Permission, permission_of
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.models import Match, MatchState
from webapp.matches.worklist import worklist

Asking = tuple[Account, Match, ExpertiseRequest]
BOTH = (Role.REQUESTER, Role.COORDINATOR)
# Those who ask: the writer, a colleague, and the writer after having become a coordinator alone.
WHO = ("owner", "colleague", "once the owner")


def on_the_other_side(session: Any, who: str) -> tuple[Account, Account]:
    """Return the writer of a request, and one of those who ask."""
    ours = factories.organisation(session) if who == "colleague" else None
    belongs = {"organisation_id": ours.id} if ours else {}
    if who == "colleague":
        writer = factories.account(session, Role.REQUESTER, **belongs)
        return writer, factories.account(session, *BOTH, **belongs)
    writer = factories.account(session, *BOTH)
    return writer, writer


@pytest.fixture
def asking(app: Flask, request: pytest.FixtureRequest) -> Asking:
    """Return one of those who ask, a match of their request, and one that waits for experts."""
    with writing(app) as session:
        writer, who = on_the_other_side(session, request.param)
        theirs = factories.request(
            session, RequestState.ACCEPTED, requester=writer, experts_needed=2
        )
        match = factories.match(session, MatchState.SHORTLISTED, request=theirs)
        waiting = factories.request(session, RequestState.ACCEPTED, requester=writer)
        elsewhere = factories.request(session, RequestState.ACCEPTED)
        factories.match(session, MatchState.SHORTLISTED, request=elsewhere, expert=match.expert)
        if request.param == "once the owner":
            who.roles = [role for role in who.roles if role.name is Role.COORDINATOR]
    return who, match, waiting


def addresses(app: Flask, match: Match) -> list[tuple[str, str]]:
    """Return method and address of all that coordinators do with one request or match."""
    things = {
        "request_id": match.request_id, "match_id": match.id, "expert_id": match.expert_id,
        "act": "count", "digest": "0" * 64, "step": "invite",
    }  # fmt: skip
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        # Missions have their own tests: these requests have none yet.
        ours = bool(rule.arguments) and rule.arguments <= things.keys()
        if ours and permission_of(app, rule.endpoint) is Permission.MATCH_DECIDE:
            values = {name: things[name] for name in rule.arguments}
            for method in (rule.methods or set()) & {"GET", "POST"}:
                found.append((method, adapter.build(rule.endpoint, values, method)))
    return sorted(found)


@pytest.mark.parametrize("asking", WHO, indirect=True)
def test_nobody_reaches_the_work_of_coordinators_on_a_request_of_their_own(
    app: Flask, visitor: Callable[[], Pages], asking: Asking
) -> None:
    who, match, _ = asking
    pages = visitor().sign_in(who)
    found = addresses(app, match)
    assert len(found) >= 10
    for method, url in found:
        data = {"csrf_token": pages.own_token()} if method == "POST" else None
        page = pages.check(url, pages.client.open(url, method=method, data=data))
        assert page.status == 403, f"{method} {url}: {page.status}"
        assert match.expert.name not in page.text


def test_other_coordinators_reach_it(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        match = factories.match(session, MatchState.SHORTLISTED)
    pages = sign_in_as(Role.COORDINATOR)
    for method, url in addresses(app, match):
        if method == "GET":
            # Whoever names nobody to compare is told so, and there is no letter about a release
            # before one is asked for.
            letters = ("/letter", "/nomination-letter.pdf")
            fitting = {404} if url.endswith(letters) else {200, 302, 400}
            assert pages.client.get(url).status_code in fitting, url


@pytest.mark.parametrize("asking", WHO, indirect=True)
def test_no_page_of_another_request_tells_of_it(
    app: Flask, visitor: Callable[[], Pages], asking: Asking
) -> None:
    who, match, waiting = asking
    pages = visitor().sign_in(who)
    with reading(app) as session:
        found = worklist(session, factories.actor(session.get_one(Account, who.id)))
        shown = [task.match.id for task in found.ours + found.theirs if task.match]
        (other,) = session.scalars(sa.select(Match.id).where(Match.id != match.id))
        assert shown == [other]
    queue = pages.get("/queue")
    ranking = f"/requests/{match.request_id}/matches"
    assert not {ranking, f"/requests/{waiting.id}/matches"} & set(queue.addresses)
    assert f"/requests/{waiting.id}" in queue.addresses
    assert f"/matches/{match.id}" not in queue.addresses
    page = pages.get(f"/matches/{other}")
    assert f"/matches/{match.id}" not in page.addresses
    assert ranking not in pages.get(f"/requests/{match.request_id}").addresses
