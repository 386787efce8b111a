"""A release that an authority gives elsewhere is noted with how it was given."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.record.reasons import Grounds, Reason, ReasonKind
from webapp.core.roles import Role
from webapp.experts.models import Expert
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.my_data import operations as my_data

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


STEP = "record-the-release"


def sent(**changes: str) -> dict[str, str]:
    """Return what is sent to note a release; `changes` replace parts of it."""
    today = clock.today()
    given = {
        "kind": ReasonKind.BY_TELEPHONE.value,
        "said_by": "Nada Izmišljena, state secretary",
        "said_on": today.isoformat(),
        **changes,
    }
    return {f"{STEP}-{name}": value for name, value in given.items()}


def state_of(app: Flask, number: int) -> MatchState:
    with reading(app) as session:
        return session.get_one(Match, number).state


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("said_by", " "),
        ("said_on", ""),
        ("said_on", "tomorrow"),
        ("letter_day", "tomorrow"),
    ],
)
def test_a_release_is_not_noted_without_how_who_and_when_it_was_given(
    app: Flask, coordinator: Pages, ask: Callable[..., tuple[Page, int]], field: str, value: str
) -> None:
    _, number = ask(on_platform=False)
    if value == "tomorrow":
        value = (clock.today() + timedelta(days=1)).isoformat()
    typed = sent(letter="12/2026", reason="She called twice.", **{field: value})
    page = coordinator.post(f"/matches/{number}/{STEP}", typed, status=400)
    assert list(page.errors) == [f"{STEP}-{field}"]
    values = page.form("Note the release").values
    kept = {name: values[name] for name in typed if name != f"{STEP}-{field}"}
    assert kept == {name: [typed[name]] for name in kept}
    assert state_of(app, number) is MatchState.RELEASE_ASKED


def test_who_released_somebody_and_when_stands_on_the_match_and_in_its_story(
    app: Flask, coordinator: Pages, ask: Callable[..., tuple[Page, int]]
) -> None:
    _, number = ask(on_platform=False)
    typed = sent(letter="12/2026", letter_day="2026-01-09", said_on="2026-01-10")
    coordinator.post(f"/matches/{number}/{STEP}", typed)
    text = coordinator.get(f"/matches/{number}").text
    told = "Said by telephone Nada Izmišljena, state secretary, on 10 January 2026"
    assert text.count(f"{told}; letter 12/2026 of 9 January 2026") == 2
    assert state_of(app, number) is MatchState.RELEASED


def test_what_was_typed_is_told_where_the_release_cannot_be_noted_any_more(
    coordinator: Pages, ask: Callable[..., tuple[Page, int]]
) -> None:
    _, number = ask(on_platform=False)
    address = f"/matches/{number}/{STEP}"
    coordinator.post(address, sent())
    again = coordinator.post(address, sent(said_by="Somebody else"), status=409)
    assert "Somebody else" in again.text


def test_who_released_somebody_is_not_named_any_more_when_that_one_is_erased(
    app: Flask, coordinator: Pages, ask: Callable[..., tuple[Page, int]]
) -> None:
    _, number = ask(on_platform=False)
    coordinator.post(f"/matches/{number}/{STEP}", sent(letter="12/2026"))
    with writing(app) as session:
        expert = session.get_one(Match, number).expert
        my_data.erase(factories.work(session), expert)
    with reading(app) as session:
        kept = session.scalars(sa.select(Reason).where(Reason.said_on.is_not(None))).one()
        assert (kept.said_by, kept.letter) == ("", "")
        assert kept.removed_at is not None


def test_a_noted_release_without_its_source_is_refused_by_the_rule_itself(
    app: Flask, ask: Callable[..., tuple[Page, int]]
) -> None:
    _, number = ask(on_platform=False)
    with reading(app) as session:
        match = session.get_one(Match, number)
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        why = Grounds(ReasonKind.BY_TELEPHONE)
        with pytest.raises(ConflictError, match="needs who said it, and on which day"):
            operations.take(work, match, MatchStep.RECORD_RELEASE, why)
