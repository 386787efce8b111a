"""A release that an authority gives elsewhere is noted with how it was given."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.matches.models import Match, MatchState

NOBODY_HERE = "has nobody here who can answer"


@pytest.fixture
def coordinator(sign_in_as: Callable[..., Pages]) -> Pages:
    """Return a coordinator's browser."""
    return sign_in_as(Role.COORDINATOR)


@pytest.fixture
def ask(app: Flask, coordinator: Pages) -> Callable[..., tuple[Page, int]]:
    """Return what asks for the release of somebody who said yes, and says what is answered."""

    def asked(*, on_platform: bool) -> tuple[Page, int]:
        with writing(app) as session:
            home = factories.organisation(session)
            if on_platform:
                factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=home.id)
            expert: Expert = factories.expert(session, authority_id=home.id)
            number = factories.match(session, MatchState.AVAILABLE, expert=expert).id
        return coordinator.get(f"/matches/{number}").submit("Ask for the release"), number

    return asked


@pytest.mark.parametrize("on_platform", [True, False])
def test_whoever_asks_for_a_release_is_told_whether_to_write_a_letter(
    coordinator: Pages, ask: Callable[..., tuple[Page, int]], *, on_platform: bool
) -> None:
    page, number = ask(on_platform=on_platform)
    assert (NOBODY_HERE in page.text) is not on_platform
    assert "Release asked for on" in coordinator.get(f"/matches/{number}").text


def test_a_release_is_not_noted_without_how_it_was_given(
    app: Flask, coordinator: Pages, ask: Callable[..., tuple[Page, int]]
) -> None:
    _, number = ask(on_platform=False)
    address = f"/matches/{number}/record-the-release"
    coordinator.post(address, {"record-the-release-kind": ""}, status=400)
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.RELEASE_ASKED
    coordinator.post(
        address,
        {
            "record-the-release-kind": ReasonKind.IN_WRITING.value,
            "record-the-release-reason": "Letter 12/2026 of the state secretary.",
        },
    )
    page = coordinator.get(f"/matches/{number}")
    assert "Letter 12/2026 of the state secretary." in page.text
    with reading(app) as session:
        assert session.get_one(Match, number).state is MatchState.RELEASED
