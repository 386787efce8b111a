"""What an invited expert reads of those with whom they would go: what they bring, and no name."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import listening, reading, writing
from tests.pages import Pages
from webapp.core import clock
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState, RequestTheme
from webapp.experts.models import ExpertTheme
from webapp.matches import companions, offering, operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.themes.models import Theme

S = MatchState
HEADING = "Who would go with you"


def test_who_is_invited_reads_what_the_others_bring_and_not_who_they_are(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=4)
        first, second = session.query(Theme).order_by(Theme.code).limit(2)
        request.themes[:] = []
        session.flush()
        request.themes[:] = [
            RequestTheme(theme_code=one.code, position=place)
            for place, one in enumerate((first, second), 1)
        ]
        homes = {
            S.INVITED: "ALB", S.APPROVED: "SRB", S.AVAILABLE: "MDA", S.DECLINED: "MKD",
        }  # fmt: skip
        made = {
            state: factories.match(
                session, state, request=request,
                expert=factories.expert(session, name=f"Somebody {code}", jurisdiction=code),
            )
            for state, code in homes.items()
        }  # fmt: skip
        for match in made.values():
            match.expert.themes[:] = [ExpertTheme(theme_code=second.code)]
        person = made[S.INVITED].expert.account
    page = visitor().come_in(person).get(f"/invitations/{made[S.INVITED].id}")
    _body, _heading, others = page.text.partition(HEADING)
    assert "2 other experts have said yes so far." in others
    assert "Serbia" in others
    assert "Moldova" in others
    assert "North Macedonia" not in others
    assert second.label in others
    assert first.label not in others
    assert "Somebody SRB" not in page.text


def test_who_goes_alone_or_does_not_go_reads_of_no_others(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    def reads(match: Match) -> bool:
        page = visitor().come_in(match.expert.account).get(f"/invitations/{match.id}")
        return HEADING in page.text

    with writing(app) as session:
        alone = factories.match(session, S.INVITED)
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        other = factories.match(session, S.INVITED, request=request)
    assert not reads(alone)
    assert reads(other)
    with writing(app) as session:
        found = session.get_one(Match, other.id)
        work = factories.work(session, found.expert.account, Role.EXPERT)
        operations.take(work, found, MatchStep.DECLINE, factories.grounds())
    assert not reads(other)


def test_of_a_single_other_nobody_reads_what_could_tell_who_it_is(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=3)
        match = factories.match(session, S.INVITED, request=request)
        other = factories.expert(session, jurisdiction="SRB")
        factories.match(session, S.APPROVED, request=request, expert=other)
        person = match.expert.account
    page = visitor().come_in(person).get(f"/invitations/{match.id}")
    _body, _heading, others = page.text.partition(HEADING)
    assert "1 other expert has said yes so far." in others
    assert "once a second one has said yes" in others
    assert "Where they come from" not in others
    assert "Serbia" not in others


def test_of_two_experts_nothing_is_said_of_a_third(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    """Where one other goes along, nothing more is told before names are, and of two who have said
    yes one stays at home."""
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        match = factories.match(session, S.INVITED, request=request)
        person = match.expert.account
    reader, address = visitor().come_in(person), f"/invitations/{match.id}"
    assert "Nobody else has said yes so far." in reader.get(address).text
    for said, goes in (("1 other expert has", False), ("2 other experts have", True)):
        with writing(app) as session:
            factories.match(session, S.APPROVED, request=session.get_one(type(request), request.id))
        text = reader.get(address).text
        assert f"{said} said yes so far." in text
        assert ("At most 1 of them goes with you." in text) is goes
    assert "is written here once" not in text


TOLD = {S.INVITED, S.AVAILABLE, S.RELEASE_ASKED, S.RELEASED, S.APPROVED, S.PROPOSED}


@pytest.mark.parametrize("state", MatchState)
def test_of_others_is_told_whoever_would_go_and_is_not_selected_yet(
    app: Flask, state: MatchState
) -> None:
    """Who is selected reads names by then, and who is in reserve goes with nobody yet."""
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=2)
        match = factories.match(session, S.INVITED, request=request)
        match.state = state
        assert bool(companions.find_companions(session, match)) is (state in TOLD)
        session.rollback()


def test_more_others_are_read_with_as_few_statements(app: Flask) -> None:
    def count(number: int) -> int:
        with writing(app) as session:
            request = factories.request(session, RequestState.ACCEPTED, experts_needed=9)
            match = factories.match(session, S.INVITED, request=request)
            for _one in range(number):
                factories.match(session, S.APPROVED, request=request)
        asked: list[str] = []
        with reading(app) as session:
            found = session.get_one(Match, match.id)
            assert [one.theme.code for one in found.request.themes]
            with listening(
                session.get_bind(), "before_cursor_execute", lambda *_: asked.append("")
            ):
                companions.find_companions(session, found)
                offering.list_approved(session, found.request, clock.today())
        return len(asked)

    assert count(2) == count(5)
