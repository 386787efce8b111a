"""What leads on from the pages about matches: the steps that stand out, and the way back."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories, html
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState

pytestmark = pytest.mark.long


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


@pytest.mark.parametrize(
    ("state", "loud"),
    [
        (MatchState.SHORTLISTED, "Invite"),
        # An answer given elsewhere is the exception: what is awaited is the expert's own.
        (MatchState.INVITED, None),
        (MatchState.DECLINED, "Take up again …"),
    ],
)
def test_no_exception_stands_out_among_the_steps(
    app: Flask, coordinator: Pages, state: MatchState, loud: str | None
) -> None:
    with writing(app) as session:
        match_id = factories.match(session, state).id
    page = coordinator.get(f"/matches/{match_id}")
    actions = next(e for e in page.tree.iter("div") if e.get("class") == "actions")
    # What opens a form of its own is a summary, and what is done at once a button in a form.
    shown = [
        part if part.tag == "a" else next(iter(part.findall("summary") or part.findall("button")))
        for part in actions
    ]
    primary = [html.text_of(e) for e in shown if "btn-primary" in e.get("class", "").split()]
    assert primary == ([loud] if loud else [])


def test_pages_about_the_experts_of_a_request_lead_back_to_it(
    app: Flask, coordinator: Pages, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.match(session, MatchState.PROPOSED).request
        address, requester = f"/requests/{request.id}", request.requester
        waiting = factories.request(session, RequestState.SUBMITTED).id
    ranking = coordinator.get(f"{address}/matches")
    not_yet = coordinator.get(f"/requests/{waiting}/matches")
    proposed = visitor().come_in(requester).get(f"{address}/proposed")
    assert ranking.links["Back to the request"] == proposed.links["Back to the request"] == address
    assert not_yet.links["Back to the request"] == f"/requests/{waiting}"
