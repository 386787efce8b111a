"""What an invited expert reads of those with whom they would go: what they bring, and no name."""

from collections.abc import Callable

from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState, RequestTheme
from webapp.experts.models import ExpertTheme
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep
from webapp.themes.models import Theme

S = MatchState


def test_who_is_invited_reads_what_the_others_bring_and_not_who_they_are(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, experts_needed=3)
        first, second = session.query(Theme).order_by(Theme.code).limit(2)
        request.themes[:] = []
        session.flush()
        request.themes[:] = [
            RequestTheme(theme_code=one.code, position=place)
            for place, one in enumerate((first, second), 1)
        ]
        homes = {S.INVITED: "ALB", S.APPROVED: "SRB", S.DECLINED: "MKD"}
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
    _body, _heading, others = page.text.partition("Who goes with you")
    assert "1 other expert has said yes so far." in others
    assert "Serbia" in others
    assert "North Macedonia" not in others
    assert second.label in others
    assert first.label not in others
    assert "Somebody SRB" not in page.text


def test_who_goes_alone_or_does_not_go_reads_of_no_others(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    def reads(match: Match) -> bool:
        page = visitor().come_in(match.expert.account).get(f"/invitations/{match.id}")
        return "Who goes with you" in page.text

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
