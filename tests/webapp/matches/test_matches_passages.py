"""What is set aside of a request is shown, and counts again when a coordinator says so."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.html import text_of
from tests.pages import Page, Pages
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import ExpertTheme
from webapp.matches.models import CountedPassage
from webapp.matches.ranking import rankings
from webapp.matches.ranking.passages import digest_of

WANTED = "Inspectors learn to shoe the horses of the mounted patrol."
PASTED = (
    "Payment: The consultant will be paid a lump sum upon acceptance of the xylophones by the"
    " finance officer."
)

PROOF = "Xylophones of maple."


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


def matches_of(app: Flask, state: RequestState = RequestState.ACCEPTED, **changes: str) -> str:
    """Make a request and return the address of its matches."""
    texts: dict[str, Any] = {
        "title": "Farriers",
        "background": "",
        "objectives": WANTED,
        "tasks": PASTED,
        "themes": (),
        "languages": (),
        **changes,
    }
    with writing(app) as session:
        factories.expert(session, name="Shoes Horses", summary="Shoes horses of patrols daily.")
        factories.expert(session, name="Cuts Xylophones", summary=PROOF)
        return f"/requests/{factories.request(session, state, **texts).id}/matches"


def ranked(page: Page, where: str = ".//h3/a") -> list[str | None]:
    """Return the names of those ranked, in order."""
    return [link.text for link in page.tree.iterfind(where)]


def test_a_passage_that_is_set_aside_is_shown_and_ranks_nobody(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(matches_of(app))
    assert PASTED in page.text
    assert "1 passage of the request is set aside" in page.text
    assert PROOF not in page.text


def test_one_click_lets_it_count_and_one_sets_it_aside_again(
    app: Flask, coordinator: Pages
) -> None:
    address = matches_of(app)
    page = coordinator.get(address).submit("Let it count")
    assert "taken back: it counts" in page.text
    assert PROOF in page.text
    page = page.submit("Set it aside again")
    assert "taken back" not in page.text
    assert PROOF not in page.text
    with reading(app) as session:
        told = [Action.PASSAGE_COUNTED.value, Action.PASSAGE_SET_ASIDE.value]
        actions = session.scalars(
            sa.select(AuditEvent.action).where(AuditEvent.action.in_(told)).order_by(AuditEvent.id)
        ).all()
        assert actions == told
        assert PASTED not in str(session.scalars(sa.select(AuditEvent.details)).all())


def test_a_second_click_changes_nothing(app: Flask, coordinator: Pages) -> None:
    address = matches_of(app)
    form = coordinator.get(address).form("Let it count")
    coordinator.post(form.action)
    coordinator.post(form.action)
    with reading(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CountedPassage)) == 1


def test_a_passage_that_the_request_has_not_is_not_found(app: Flask, coordinator: Pages) -> None:
    address = matches_of(app).removesuffix("/matches")
    coordinator.post(f"{address}/passages/count/{digest_of('Something else.')}", status=404)


def test_whoever_wrote_the_request_does_not_weigh_its_passages(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    address = matches_of(app)
    with writing(app) as session:
        both = factories.account(session, Role.REQUESTER, Role.COORDINATOR)
        texts: dict[str, Any] = {"title": "Farriers", "objectives": WANTED, "tasks": PASTED}
        own = factories.request(session, RequestState.ACCEPTED, requester=both, **texts).id
    pages = visitor().come_in(both)
    pages.get(f"/requests/{own}/matches", status=403)
    pages.post(f"/requests/{own}/passages/count/{digest_of(PASTED)}", status=403)
    assert "Let it count" in pages.get(address).text


def test_it_is_said_where_nobody_fits_and_where_it_is_not_sure(
    app: Flask, coordinator: Pages
) -> None:
    far = matches_of(app, title="Dam inspection", objectives="Inspect spillways, daily.", tasks="")
    assert "Nobody on the roster seems to fit" in coordinator.get(far).text
    near = matches_of(app, tasks="")
    text = coordinator.get(near).text
    assert "seems to fit" not in text
    assert "It is not sure" not in text


def test_what_is_set_aside_with_a_letterhead_may_be_a_greeting(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(matches_of(app, tasks="Dear colleagues,\n\nShoe horses."))
    (passage,) = page.tree.iterfind(".//*[@id='passages']//li")
    assert "Dear colleagues" in text_of(passage)
    assert "letterhead, greetings, addresses and names of fields" in text_of(passage)


def test_where_nobody_fits_no_card_stands_open_and_nothing_speaks_for_anybody(
    app: Flask, coordinator: Pages
) -> None:
    page = coordinator.get(matches_of(app, title="Dams", objectives="Spillways, daily.", tasks=""))
    assert "shares a few words with the request, no more" in page.text
    assert "at least a third of what the best has" not in page.text
    (folded,) = page.tree.iterfind(".//details[@class='tail']")
    assert "open" not in folded.attrib
    assert [link.text for link in folded.iterfind(".//h3/a")] == ranked(page) != []
    assert folded.find(".//form[@id='compare']") is not None, "no button stands alone"
    assert "comes nearest" in page.text
    assert "Speaks for it" not in page.text


def test_those_with_little_of_what_the_best_has_are_folded(app: Flask, coordinator: Pages) -> None:
    page = coordinator.get(matches_of(app, tasks="Stables of maple."))
    assert ranked(page) == ["Shoes Horses", "Cuts Xylophones"]
    assert ranked(page, ".//details[@class='tail']//h3/a") == ["Cuts Xylophones"]
    assert page.tree.find(".//details[@class='tail']//form[@id='compare']") is None
    assert page.form("Compare those ticked, two to four")
    assert "1 more on this page has little of what is asked for" in page.text


def test_what_is_counted_above_the_cards_is_what_they_and_the_fold_show(
    app: Flask, coordinator: Pages
) -> None:
    with writing(app) as session:
        factories.expert(session, name="Rides Past", summary="Patrols of the coast.")
    page = coordinator.get(matches_of(app, tasks="Stables of maple."))
    folded = ranked(page, ".//details[@class='tail']//h3/a")
    everybody = ranked(page)
    assert len(everybody) == 3
    assert f"{len(everybody)} of the experts who can go share something" in page.text
    assert f"{len(everybody) - len(folded)} has at least a third" in page.text
    told = [
        card
        for card in page.tree.iterfind(".//li[@class='candidate card']")
        if card.find(".//ul[@class='terms']") is not None
    ]
    assert f"A reason for the place is told in {len(told)} card of this page" in page.text


def test_a_subject_that_only_a_claimed_theme_holds_is_called_claimed(
    app: Flask, coordinator: Pages
) -> None:
    address = matches_of(
        app, objectives="Marking of weapons.", tasks="", title="Marking of weapons"
    )
    with writing(app) as session:
        theme = ExpertTheme(theme_code="SALW-MTR", priority=1, years=1)
        claims: dict[str, Any] = {"themes": [theme], "evidence": [], "trainings": []}
        factories.expert(session, name="Claims Only", summary="Keeps horses.", **claims)
    assert "only claimed as a theme:" in coordinator.get(address).text


def test_a_request_that_changes_while_its_passages_are_read_is_looked_at_again(
    app: Flask, coordinator: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = coordinator.get(matches_of(app)).form("Let it count")
    read = rankings.list_set_aside

    def read_slowly(*given: Any) -> Any:
        with writing(app) as session:
            session.scalars(sa.select(ExpertiseRequest)).one().title = "Written meanwhile"
        return read(*given)

    monkeypatch.setattr(rankings, "list_set_aside", read_slowly)
    page = coordinator.post(form.action, status=409)
    assert "The request was changed while this was on its way" in page.text
    with reading(app) as session:
        assert not session.scalar(sa.select(sa.func.count()).select_from(CountedPassage))
