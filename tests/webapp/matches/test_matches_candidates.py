"""A coordinator who is considered for a request decides nothing of it for SEESAC."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.matches.considered import WHY, Case
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.record.stored_words import pack
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval, PhoneCall
from webapp.matches.candidates import CONSIDERED, RIVAL
from webapp.matches.models import Match, MatchState

DECISIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "end the rival": ("/matches/{rival}/cancel", {"cancel-kind": "other", "cancel-reason": "No."}),
    "shortlist another": ("/requests/{request}/matches/{third}", {}),
    "weigh otherwise": ("/requests/{request}/considerations", {"counts": "recency"}),
    "leave it unfilled": ("/requests/{request}/leave-unfilled", {"leave-unfilled-kind": "other",
                          "leave-unfilled-reason": "Nobody."}),
    "take it over": ("/requests/{request}/coordinator", {"person": "{own}", "seen": ""}),
    "write as SEESAC": ("/requests/{request}/messages", {"text": "The other one is ill."}),
    "add a file": ("/requests/{request}/files", {}),
    "suspend the rival": ("/roster/{profile}/suspend", {"suspend-kind": "other",
                          "suspend-reason": "No."}),
    "take the rival off": ("/roster/{profile}/take-off-the-roster",
                           {"take-off-the-roster-kind": "other",
                            "take-off-the-roster-reason": "No."}),
}  # fmt: skip


@pytest.mark.parametrize("state", [MatchState.SHORTLISTED, MatchState.AVAILABLE])
@pytest.mark.parametrize("decision", DECISIONS)
def test_whoever_is_considered_decides_nothing_of_the_request(
    app: Flask, visitor: Callable[[], Pages], decision: str, state: MatchState
) -> None:
    case = Case(app, visitor, state)
    before = case.states()
    page = case.send(*DECISIONS[decision])
    assert page.status in {403, 302}, page.text
    assert case.states() == before
    if page.status == 403:
        assert WHY in page.text or str(RIVAL) in page.text


MISSION: dict[str, tuple[str, dict[str, Any]]] = {
    "move it": ("/deployments/{mission}/days", {"start": "2031-05-12", "end": "2031-05-20",
                "version": "1"}),
    "need less": ("/deployments/{mission}/checklist/insurance/not-needed",
                  {"not-needed-reason": "They insure everybody.", "reason": "They do."}),
    "cancel it": ("/deployments/{mission}/cancel", {"cancel-kind": "other",
                  "cancel-reason": "No."}),
    "suspend the rival": DECISIONS["suspend the rival"],
}  # fmt: skip


@pytest.mark.parametrize("decision", MISSION)
def test_whoever_is_in_reserve_decides_nothing_of_the_mission_of_who_was_selected(
    app: Flask, visitor: Callable[[], Pages], decision: str
) -> None:
    case = Case(app, visitor, MatchState.ALTERNATE, MatchState.SELECTED)
    before = case.states()
    page = case.send(*MISSION[decision])
    assert page.status in {403, 404}, page.text
    assert case.states() == before
    for address in (f"/deployments/{case.mission}", f"/roster/{case.rivals_profile}"):
        shown = case.pages.get(address)
        assert "so a colleague decides on" in shown.text
        assert not any(words in shown.text for words in ("Suspend", "Clear", "Change the days"))
        assert "so a colleague decides on" not in case.colleague.get(address).text


def test_it_holds_for_the_person_though_the_role_of_expert_is_gone(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    with writing(app) as session:
        person = session.get_one(Account, case.people[0].id)
        person.roles = [role for role in person.roles if role.name != Role.EXPERT]
    before = case.states()
    for decision in ("end the rival", "weigh otherwise", "suspend the rival"):
        assert case.send(*DECISIONS[decision]).status == 403
    assert case.states() == before


def test_whoever_was_selected_too_decides_on_the_others_of_the_team(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.SELECTED, MatchState.SELECTED)
    assert case.send(*DECISIONS["suspend the rival"]).status == 302
    with reading(app) as session:
        assert session.get_one(Expert, case.rivals_profile).state is ExpertState.SUSPENDED


@pytest.mark.parametrize("is_expert", [True, False])
@pytest.mark.parametrize(
    ("state", "status"),
    [(MatchState.SHORTLISTED, 403), (MatchState.AVAILABLE, 403), (MatchState.SELECTED, 302)],
)
def test_an_authority_is_bound_while_its_member_waits_to_be_chosen(
    app: Flask, visitor: Callable[[], Pages], state: MatchState, status: int, is_expert: bool
) -> None:
    case = Case(app, visitor, state, MatchState.RELEASE_ASKED, Role.NOMINATING_AUTHORITY)
    with writing(app) as session:
        case.in_one_authority(session, asked=True)
        if not is_expert:
            person = session.get_one(Account, case.people[0].id)
            person.roles = [role for role in person.roles if role.name != Role.EXPERT]
    page = case.pages.get(f"/releases/{case.rival}")
    # Nobody else there can answer, so SEESAC asks by letter.
    assert ("The nominating authority answers" in case.colleague.get("/queue").text) is (
        status == 302
    )
    official = case.pages.get(f"/officials/{case.rivals_profile}")
    assert (str(RIVAL) in official.text) is (status == 403)
    assert ("Withdraw the approval" in official.text) is (status == 302)
    assert (WHY in page.text) is (status == 403)
    assert ("Do not release" in page.text) is (status == 302)
    why = {"refuse-the-release-kind": "other", "refuse-the-release-reason": "No."}
    assert case.send("/releases/{rival}/refuse-the-release", why).status == status
    with reading(app) as session:
        is_refused = session.get_one(Match, case.rival).state is MatchState.REFUSED
        assert is_refused is (status == 302)


def test_pages_say_why_and_colleagues_go_on(app: Flask, visitor: Callable[[], Pages]) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    address = f"/matches/{case.rival}"
    page = case.pages.get(address)
    assert WHY in page.text
    assert "End this match" not in page.text
    assert WHY in case.pages.get("/queue").text
    colleagues: Page = case.colleague.get(address)
    assert WHY not in colleagues.text
    colleagues.submit("End this match", {"cancel-kind": "other", "cancel-reason": "No."})
    assert case.states()[0] is MatchState.CANCELLED


def test_whoever_is_not_considered_any_more_decides_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.CANCELLED)
    case.pages.get(f"/matches/{case.rival}").submit(
        "End this match", {"cancel-kind": "other", "cancel-reason": "No."}
    )
    assert case.states()[0] is MatchState.CANCELLED


@pytest.mark.parametrize("state", [MatchState.APPROVED, MatchState.SELECTED])
def test_an_authority_learns_of_no_official_whose_release_it_was_not_asked(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE, state, Role.NOMINATING_AUTHORITY)
    with writing(app) as session:
        house = case.in_one_authority(session, asked=False)
        (approval,) = session.scalars(sa.select(Approval).where(Approval.organisation_id == house))
    page = case.pages.get(f"/officials/{case.rivals_profile}")
    assert str(RIVAL) not in page.text
    names = [name for name in page.form("Withdraw the approval").values if "kind" in name]
    page.submit("Withdraw the approval", dict.fromkeys(names, "left service"))
    with reading(app) as session:
        assert session.get_one(Approval, approval.id).ended_on is not None


@pytest.mark.parametrize(
    "state",
    [MatchState.RELEASED, MatchState.APPROVED, MatchState.ALTERNATE, MatchState.SELECTED],
)
def test_an_authority_is_bound_by_a_release_that_was_asked_whatever_came_of_it(
    app: Flask, visitor: Callable[[], Pages], state: MatchState
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE, state, Role.NOMINATING_AUTHORITY)
    with writing(app) as session:
        case.in_one_authority(session, asked=True)
    page = case.pages.get(f"/officials/{case.rivals_profile}")
    assert str(RIVAL) in page.text
    assert "Withdraw the approval" not in page.text


def test_nobody_of_an_authority_reads_that_a_colleague_is_considered(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    told = []
    for state in (MatchState.CANCELLED, MatchState.AVAILABLE):
        case = Case(app, visitor, state, MatchState.RELEASE_ASKED, Role.NOMINATING_AUTHORITY)
        with writing(app) as session:
            house = case.in_one_authority(session, asked=True)
            other = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house)
        told.append(visitor().come_in(other).get("/my-data/erase").text)
    assert not [text for text in told if "the release of an official" in text]


def actions_of(page: Page) -> set[str]:
    return {form.action for form in page.forms}


def test_a_call_to_a_rival_and_their_address_are_for_colleagues(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE, MatchState.INVITED)
    with writing(app) as session:
        words = {"what": pack(CONSIDERED)}
        call = PhoneCall(expert_id=case.rivals_profile, words=words, since=clock.now())
        session.add(call)
        # Whoever has an account could not be invited to one.
        rival = session.get_one(Expert, case.rivals_profile)
        rival.account, rival.contact_email = None, "rival@example.org"
        session.flush()
        number, version = call.id, rival.version
    done = f"/calls/{number}/done"
    assert done not in actions_of(case.pages.get("/queue"))
    assert done in actions_of(case.colleague.get("/queue"))
    assert case.send(done, {}).status == 403
    assert case.send("/roster/{profile}/invite", {}).status == 403
    contact = {"email": "wrong@example.org", "telephone": "+381 11 000", "version": version}
    named = {f"contact-{name}": value for name, value in contact.items()} | contact
    assert case.send("/roster/{profile}/contact", named).status == 403
    with reading(app) as session:
        assert session.get_one(PhoneCall, number).done_at is None
        assert session.get_one(Expert, case.rivals_profile).contact_email != "wrong@example.org"


def test_who_asks_learns_from_no_refusal_that_they_are_on_the_shortlist(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.SHORTLISTED)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        person = session.get_one(Account, case.people[0].id)
        person.organisation_id = request.organisation_id = factories.organisation(session).id
        person.roles = [*person.roles, *factories.account(session, Role.REQUESTER).roles]
    pages = visitor().come_in(case.people[0])
    sent = {"kind": "owner left", "version": str(request.version)}
    pages.post(f"/requests/{case.request_id}/take-over", sent, status=302)
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, case.request_id).requester_id == person.id
