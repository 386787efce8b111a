"""What a change of the terms of reference means for those who are considered, and who released."""

from datetime import date
from typing import Any

import pytest

from tests import factories
from tests.databases import reading, writing
from tests.links import deliver, link_in
from tests.pages import Pages
from tests.webapp.amendments.conftest import Case
from webapp.core import clock
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches import operations
from webapp.matches.models import Match, MatchState
from webapp.matches.workflow import MatchStep

YES = "Yes, I am available"
JUNE = {"start": date(2031, 6, 2), "end": date(2031, 6, 6)}


def considered(case: Case, state: MatchState, **facts: Any) -> Match:
    """Bring the request of the case to the choice, with somebody in a state."""
    with writing(case.app) as session:
        request = case.begin(session, RequestState.MATCHING, experts_needed=2)
        case.request_id, case.address = request.id, f"/requests/{request.id}"
        expert = factories.expert(session, **facts)
        return factories.match(
            session, state, request=request, coordinator=case.office, expert=expert
        )


@pytest.fixture
def expert(case: Case, visitor: Any) -> Any:
    """Return what signs the expert of a match in."""

    def sign_in(match: Match) -> Pages:
        with reading(case.app) as session:
            account = session.get_one(Match, match.id).expert.account
            pages: Pages = visitor().come_in(account)
            return pages

    return sign_in


@pytest.mark.parametrize("state", [MatchState.RELEASE_ASKED, MatchState.RELEASED])
@pytest.mark.parametrize("changes", [JUNE, {"jurisdiction": "UZB"}])
def test_what_an_authority_releases_somebody_for_stays(
    case: Case, state: MatchState, changes: dict[str, Any]
) -> None:
    considered(case, state)
    with pytest.raises(ConflictError, match="the days and the jurisdiction of the request stay"):
        case.propose(case.office, **changes)
    case.propose(case.office, place="Osh")


@pytest.mark.parametrize("changes", [JUNE, {"jurisdiction": "UZB"}])
def test_what_days_are_booked_for_stays_also_where_nobody_was_asked_to_release(
    case: Case, changes: dict[str, Any]
) -> None:
    considered(case, MatchState.APPROVED)
    with pytest.raises(ConflictError, match="the days and the jurisdiction of the request stay"):
        case.propose(case.office, **changes)
    case.propose(case.office, place="Osh")


def test_a_yes_given_on_a_page_from_before_a_change_does_not_count(case: Case, expert: Any) -> None:
    match = considered(case, MatchState.INVITED)
    pages = expert(match)
    page = pages.get(f"/invitations/{match.id}/accept")
    case.agree(**JUNE)
    refused = page.submit(YES, status=409)
    assert "The terms of reference have changed since you opened this page." in refused.text
    with reading(case.app) as session:
        assert session.get_one(Match, match.id).state is MatchState.INVITED
    pages.get(f"/invitations/{match.id}/accept").submit(YES)
    with reading(case.app) as session:
        assert session.get_one(Match, match.id).state is MatchState.AVAILABLE


def test_a_yes_by_link_is_one_to_the_terms_that_were_read(
    case: Case, outbox: list[Any], visitor: Any
) -> None:
    match = considered(case, MatchState.INVITED)
    deliver(case.app)
    with reading(case.app) as session:
        account = session.get_one(Match, match.id).expert.account
        assert account
        address = account.email
    link = link_in([mail for mail in outbox if mail.to == [address]][-1])
    page = visitor().get(link)
    case.agree(**JUNE)
    refused = page.submit(YES, status=409)
    assert "What has changed since you were invited" in refused.text
    refused.submit(YES)
    with reading(case.app) as session:
        assert session.get_one(Match, match.id).state is MatchState.AVAILABLE


def test_a_release_is_one_for_the_terms_that_were_read(case: Case, visitor: Any) -> None:
    with writing(case.app) as session:
        home = factories.organisation(session).id
        official = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=home)
    match = considered(case, MatchState.RELEASE_ASKED, authority_id=home)
    page = visitor().come_in(official).get(f"/releases/{match.id}")
    case.agree(place="Osh")
    letter = {"Number of the letter": "05/2-1", "Day of the letter": clock.today().isoformat()}
    refused = page.submit("Release for this mission", letter, status=409)
    assert "The terms of reference have changed since you opened this page." in refused.text
    with reading(case.app) as session:
        assert session.get_one(Match, match.id).state is MatchState.RELEASE_ASKED


def test_who_fell_out_reads_nothing_of_later_terms(case: Case, expert: Any) -> None:
    match = considered(case, MatchState.DECLINED)
    address = f"/invitations/{match.id}"
    pages = expert(match)
    assert "Bishkek" in pages.get(address).text
    case.agree(place="Secret Town", security="Armed escort from the back gate.")
    text = pages.get(address).text
    for told in ("Secret Town", "Armed escort", "What has changed since"):
        assert told not in text
    assert "they are shown here no more" in text


def test_nobody_of_a_jurisdiction_that_was_excluded_meanwhile_is_proposed(case: Case) -> None:
    match = considered(case, MatchState.APPROVED, jurisdiction="MNE")
    case.agree(excluded=("MNE",))
    with writing(case.app) as session:
        work, stored = factories.work(session, case.office), session.get_one(Match, match.id)
        with pytest.raises(ConflictError, match="cannot receive"):
            operations.take(work, stored, MatchStep.PROPOSE)
    assert "cannot receive" in case.coordinator.get(f"/matches/{match.id}").text
    with reading(case.app) as session:
        assert session.get_one(ExpertiseRequest, case.request_id).tor_version == 2


@pytest.mark.parametrize("changes", [JUNE, {"jurisdiction": "UZB"}])
def test_a_yes_to_other_days_or_another_jurisdiction_is_asked_for_anew(
    case: Case, expert: Any, changes: dict[str, Any]
) -> None:
    match = considered(case, MatchState.AVAILABLE)
    case.agree(place="Osh")
    assert state_of(case, match) is MatchState.AVAILABLE, "where they meet is no other question"
    case.agree(**changes)
    assert state_of(case, match) is MatchState.INVITED
    with reading(case.app) as session:
        office = factories.work(session, session.merge(case.office))
        asked = session.get_one(Match, match.id)
        with pytest.raises(ConflictError):
            operations.take(office, asked, MatchStep.APPROVE)
    page = expert(match).get(f"/invitations/{match.id}")
    assert "What has changed since you were invited" in page.text
    expert(match).get(f"/invitations/{match.id}/accept").submit(YES)
    assert state_of(case, match) is MatchState.AVAILABLE


def state_of(case: Case, match: Match) -> MatchState:
    with reading(case.app) as session:
        return session.get_one(Match, match.id).state
