"""Several experts of a shortlist are invited together, after a page that says what it means."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts.models import ExpertState
from webapp.matches import inviting
from webapp.matches.candidates import CONSIDERED
from webapp.matches.models import Match, MatchState
from webapp.messages.models import Notice

S = MatchState
INVITE = "Invite those who are ticked"


def a_shortlist(
    app: Flask, count: int = 3, *, signs_in: bool = True
) -> tuple[Account, ExpertiseRequest, list[Match]]:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        request = factories.request(session, RequestState.ACCEPTED, coordinator=office)
        experts = [factories.expert(session, signs_in=signs_in) for _ in range(count)]
        matches = [
            factories.match(session, request=request, expert=expert, coordinator=office)
            for expert in experts
        ]
        for match in matches:
            session.refresh(match, ["expert"])
    return office, request, matches


def states(app: Flask, matches: list[Match]) -> list[MatchState]:
    with reading(app) as session:
        return [session.get_one(Match, match.id).state for match in matches]


@pytest.mark.both_databases
def test_all_who_are_ticked_are_invited_and_told(app: Flask, visitor: Callable[[], Pages]) -> None:
    office, request, matches = a_shortlist(app)
    pages = visitor().come_in(office)
    page = pages.get(f"/requests/{request.id}/matches").follow("Invite several at once …")
    assert "1 expert is needed" in page.text
    assert page.text.count("Gets a mail with a link to the invitation.") == 3
    assert page.form(INVITE).values["match"] == [str(match.id) for match in matches]
    answer = page.submit(INVITE, {"match": [matches[0].id, matches[2].id]})
    assert answer.heading == "Matches"
    assert "Invited: " in answer.text
    assert states(app, matches) == [S.INVITED, S.SHORTLISTED, S.INVITED]
    with reading(app) as session:
        told = {row.account_id for row in session.query(Notice)}
        assert {matches[0].expert.account_id, matches[2].expert.account_id} <= told
        assert matches[1].expert.account_id not in told


def test_who_cannot_be_invited_any_more_is_named_and_keeps_nobody_from_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    office, request, matches = a_shortlist(app)
    pages = visitor().come_in(office)
    stale = pages.get(f"/requests/{request.id}/invite")
    pages.post(f"/matches/{matches[0].id}/invite")
    answer = stale.submit(INVITE)
    assert f"{matches[0].expert.name} is not invited: " in answer.text
    assert states(app, matches) == [S.INVITED] * 3


def test_the_same_page_sent_twice_invites_once(app: Flask, visitor: Callable[[], Pages]) -> None:
    office, request, _matches = a_shortlist(app)
    page = visitor().come_in(office).get(f"/requests/{request.id}/invite")
    page.submit(INVITE)
    with reading(app) as session:
        before = session.query(Notice).count()
    again = page.submit(INVITE)
    assert again.text.count(" is not invited: ") == 3
    with reading(app) as session:
        assert session.query(Notice).count() == before
    empty = again.pages.get(page.url)
    assert empty.heading == "Nobody to invite now"
    assert "Nobody on the shortlist waits to be invited" in empty.text


def test_nobody_ticked_is_refused_at_the_boxes(app: Flask, visitor: Callable[[], Pages]) -> None:
    office, request, matches = a_shortlist(app)
    page = visitor().come_in(office).get(f"/requests/{request.id}/invite")
    refused = page.submit(INVITE, {"match": []}, status=400)
    assert refused.errors["match"] == "Please tick at least one expert."
    assert states(app, matches) == [S.SHORTLISTED] * 3


def test_a_match_of_another_request_is_not_on_the_list(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    office, request, _matches = a_shortlist(app)
    _office, _request, foreign = a_shortlist(app, 1)
    pages = visitor().come_in(office)
    pages.post(f"/requests/{request.id}/invite", {"match": [foreign[0].id]}, status=400)
    assert states(app, foreign) == [S.SHORTLISTED]


@pytest.mark.parametrize("closed", [False, True])
def test_who_has_no_open_account_is_to_be_called(
    app: Flask, visitor: Callable[[], Pages], closed: bool
) -> None:
    office, request, matches = a_shortlist(app, 2, signs_in=closed)
    with writing(app) as session:
        for match in matches if closed else ():
            account = session.get_one(Match, match.id).expert.account_id
            session.get_one(Account, account).active = False
    page = visitor().come_in(office).get(f"/requests/{request.id}/invite")
    assert page.text.count("please call") == 2
    assert page.submit(INVITE).text.count("has no open account and gets no mail") == 2


def test_who_is_not_active_is_shown_with_the_reason_and_not_ticked(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    office, request, matches = a_shortlist(app)
    with writing(app) as session:
        session.get_one(Match, matches[1].id).expert.state = ExpertState.SUSPENDED
    page = visitor().come_in(office).get(f"/requests/{request.id}/invite")
    assert "on the roster, so this match waits until the profile is active" in page.text
    assert str(matches[1].id) not in page.form(INVITE).values["match"]


def test_a_coordinator_of_those_who_ask_invites_nobody(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    _office, request, matches = a_shortlist(app)
    with writing(app) as session:
        asking = session.get_one(Account, request.requester_id)
        both = factories.account(
            session, Role.COORDINATOR, Role.REQUESTER, organisation_id=asking.organisation_id
        )
        session.get_one(ExpertiseRequest, request.id).requester_id = both.id
    pages = visitor().come_in(both)
    pages.get(f"/requests/{request.id}/invite", status=403)
    pages.post(f"/requests/{request.id}/invite", {"match": [matches[0].id]}, status=403)
    assert states(app, matches) == [S.SHORTLISTED] * 3


def test_an_expert_who_coordinates_too_invites_nobody_beside_themselves(app: Flask) -> None:
    with writing(app) as session:
        both = factories.account(session, Role.COORDINATOR, Role.EXPERT)
        request = factories.request(session, RequestState.ACCEPTED)
        own = factories.match(
            session, request=request, expert=factories.expert(session, person=both)
        )
        other = factories.match(session, request=request)
        with pytest.raises(ForbiddenError, match=str(CONSIDERED)):
            inviting.invite(factories.work(session, both), request, [own, other])
        assert {own.state, other.state} == {S.SHORTLISTED}


def test_the_ranking_offers_it_from_two_on(app: Flask, visitor: Callable[[], Pages]) -> None:
    office, request, _matches = a_shortlist(app, 1)
    page = visitor().come_in(office).get(f"/requests/{request.id}/matches")
    assert "Invite several at once …" not in page.links
