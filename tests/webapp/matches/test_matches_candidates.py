"""A coordinator who is considered for a request decides nothing of it for SEESAC."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.core import clock
from webapp.core.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.core.stored_words import pack
from webapp.deployments.models import Deployment
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage, RequestState
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import Approval, PhoneCall
from webapp.matches.candidates import CONSIDERED, RIVAL
from webapp.matches.models import IgnoredConsideration, Match, MatchState
from webapp.messages.models import Notice
from webapp.mission_checklists.models import Item, ItemState

WHY = str(CONSIDERED)


class Case:
    """A coordinator who is considered for a request, a rival, and a colleague."""

    def __init__(
        self,
        app: Flask,
        visitor: Callable[[], Pages],
        state: MatchState,
        rivals: MatchState = MatchState.APPROVED,
        role: Role = Role.COORDINATOR,
    ) -> None:
        self.app = app
        with writing(app) as session:
            office = factories.account(session, Role.COORDINATOR)
            person = factories.account(session, role, Role.EXPERT)
            own = factories.expert(session, person=person)
            self.third = factories.expert(session).id
            request = factories.request(
                session, RequestState.MATCHING, coordinator=office, experts_needed=2
            )
            factories.match(session, state, request=request, expert=own, coordinator=office)
            rival = factories.match(session, rivals, request=request, coordinator=office)
            self.request_id, self.rival, self.rivals_profile = (
                request.id, rival.id, rival.expert_id
            )  # fmt: skip
            self.people: tuple[Account, Account] = (person, office)
        self.pages, self.colleague = (visitor().come_in(one) for one in self.people)

    def send(self, path: str, sent: dict[str, Any]) -> Page:
        """Send what no page of theirs offers."""
        facts = {
            "rival": self.rival, "request": self.request_id, "third": self.third,
            "profile": self.rivals_profile, "own": self.people[0].id,
            "mission": self.mission,
        }  # fmt: skip
        address, pages = path.format(**facts), self.pages
        values = {name: str(value).format(**facts) for name, value in sent.items()}
        answer = pages.client.post(address, data={"csrf_token": pages.own_token(), **values})
        return pages.check(address, answer)

    @property
    def mission(self) -> int | None:
        with reading(self.app) as session:
            found = session.query(Deployment.id).filter_by(match_id=self.rival)
            number: int | None = found.scalar()
            return number

    def states(self) -> tuple[Any, ...]:
        with reading(self.app) as session:
            mission = session.query(Deployment).filter_by(match_id=self.rival).one_or_none()
            return (
                session.get_one(Match, self.rival).state,
                session.get_one(Expert, self.rivals_profile).state,
                session.query(Approval).count(),
                session.query(Item).filter(Item.state != ItemState.OPEN).count(),
                mission and (mission.start, mission.state),
                session.query(RequestMessage).count(),
                session.get_one(ExpertiseRequest, self.request_id).handled_by,
                session.get_one(ExpertiseRequest, self.request_id).state,
                session.query(Match).count(),
                session.query(IgnoredConsideration).count(),
            )


DECISIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "end the rival": ("/matches/{rival}/cancel", {"cancel-kind": "other", "cancel-reason": "No."}),
    "shortlist another": ("/requests/{request}/matches/{third}", {}),
    "weigh otherwise": ("/requests/{request}/considerations", {"counts": "recency"}),
    "leave it unfilled": ("/requests/{request}/leave-unfilled", {"leave-unfilled-kind": "other",
                          "leave-unfilled-reason": "Nobody."}),
    "take it over": ("/requests/{request}/coordinator", {"person": "{own}", "seen": ""}),
    "write as SEESAC": ("/requests/{request}/messages", {"text": "The other one is ill."}),
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


@pytest.mark.parametrize(
    ("state", "status"), [(MatchState.SHORTLISTED, 302), (MatchState.AVAILABLE, 403)]
)
def test_an_authority_is_bound_once_its_member_knows_to_be_considered(
    app: Flask, visitor: Callable[[], Pages], state: MatchState, status: int
) -> None:
    case = Case(app, visitor, state, MatchState.RELEASE_ASKED, Role.NOMINATING_AUTHORITY)
    with writing(app) as session:
        house = factories.organisation(session).id
        session.get_one(Account, case.people[0].id).organisation_id = house
        rival = session.get_one(Match, case.rival)
        factories.make_official(session, rival.expert, house)
        rival.authority_id = house
        expert_id = rival.expert_id
    page = case.pages.get(f"/releases/{case.rival}")
    # Nobody else there can answer, so SEESAC asks by letter.
    assert ("The nominating authority answers" in case.colleague.get("/queue").text) is (
        status == 302
    )
    official = case.pages.get(f"/officials/{expert_id}")
    assert (str(RIVAL) in official.text) is (status == 403)
    assert ("Withdraw the approval" in official.text) is (status == 302)
    assert (WHY in page.text) is (status == 403)
    assert ("Do not release" in page.text) is (status == 302)
    why = {"refuse-the-release-kind": "other", "refuse-the-release-reason": "No."}
    assert case.send("/releases/{rival}/refuse-the-release", why).status == status
    with reading(app) as session:
        is_refused = session.get_one(Match, case.rival).state is MatchState.REFUSED
        assert is_refused is (status == 302)


def test_who_is_considered_is_not_told_that_the_release_of_a_rival_is_asked_for(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE, MatchState.AVAILABLE, Role.NOMINATING_AUTHORITY)
    with writing(app) as session:
        house = factories.organisation(session).id
        session.get_one(Account, case.people[0].id).organisation_id = house
        other = factories.account(session, Role.NOMINATING_AUTHORITY)
        other.organisation_id = house
        factories.make_official(session, session.get_one(Expert, case.rivals_profile), house)
        told = other.id
    case.colleague.get(f"/matches/{case.rival}").submit("Ask for the release")
    with reading(app) as session:
        found = session.query(Notice).filter(Notice.path == f"/releases/{case.rival}")
        assert [notice.account_id for notice in found] == [told]


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


@pytest.mark.parametrize(
    ("address", "offered"),
    [
        ("/requests/{request}", "Close without an expert"),
        ("/requests/{request}", "Take it on or hand it over"),
        ("/requests/{request}/messages", "Send the message"),
        ("/requests/{request}/messages", "No answer is needed"),
        ("/requests/{request}/terms", "Propose a change"),
        ("/requests/{request}/amendments/1", "Agree to the change"),
    ],
)
def test_no_page_of_the_request_offers_what_a_colleague_decides(
    app: Flask, visitor: Callable[[], Pages], address: str, offered: str
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    address = address.format(request=case.request_id)
    if "amendments" in address:
        with writing(app) as session:
            asked = session.get_one(ExpertiseRequest, case.request_id)
            amendments.propose(
                factories.work(session, asked.requester),
                asked,
                replace(get_content(asked), place="Osh"),
                Grounds(ReasonKind.COMMENT, "The hall has moved."),
                seen_version=asked.tor_version,
            )
    elif "messages" in address:
        with writing(app) as session:
            asked = session.get_one(ExpertiseRequest, case.request_id)
            session.add(
                RequestMessage(
                    request_id=asked.id, written_at=clock.now(), written_by=asked.requester_id,
                    from_office=False, text="When do they come?",
                )
            )  # fmt: skip
    page = case.pages.get(address)
    assert WHY in page.text
    assert offered not in page.text
    colleagues: Page = case.colleague.get(address)
    assert WHY not in colleagues.text
    assert offered in colleagues.text


def test_whoever_is_considered_is_not_offered_as_who_sees_to_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    address = f"/requests/{case.request_id}/coordinator"
    offered = case.colleague.get(address).text
    assert case.people[1].name in offered
    assert case.people[0].name not in offered
    assert not case.pages.get(address).url.endswith("/coordinator")


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
        house = factories.organisation(session).id
        session.get_one(Account, case.people[0].id).organisation_id = house
        expert = session.get_one(Expert, case.rivals_profile)
        factories.make_official(session, expert, house)
        (approval,) = session.scalars(sa.select(Approval).where(Approval.organisation_id == house))
        address = f"/officials/{expert.id}"
    page = case.pages.get(address)
    assert str(RIVAL) not in page.text
    names = [name for name in page.form("Withdraw the approval").values if "kind" in name]
    page.submit("Withdraw the approval", dict.fromkeys(names, "left service"))
    with reading(app) as session:
        assert session.get_one(Approval, approval.id).ended_on is not None


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
        session.flush()
        number, version = call.id, session.get_one(Expert, case.rivals_profile).version
    done = f"/calls/{number}/done"
    assert done not in actions_of(case.pages.get("/queue"))
    assert done in actions_of(case.colleague.get("/queue"))
    assert case.send(done, {}).status == 403
    contact = {"email": "wrong@example.org", "telephone": "+381 11 000", "version": version}
    named = {f"contact-{name}": value for name, value in contact.items()} | contact
    assert case.send("/roster/{profile}/contact", named).status == 403
    with reading(app) as session:
        assert session.get_one(PhoneCall, number).done_at is None
        assert session.get_one(Expert, case.rivals_profile).contact_email != "wrong@example.org"
