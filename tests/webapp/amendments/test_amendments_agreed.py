"""Accepted terms of reference change when one side proposes it and the other agrees."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.amendments.conftest import Case
from webapp.accounts.models import Account
from webapp.amendments import operations
from webapp.amendments.models import Amendment, AmendmentState
from webapp.amendments.workflow import AmendmentStep
from webapp.core.errors import ConflictError, DomainError, ForbiddenError
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.deployments.models import Deployment
from webapp.deployments.operations import take as take_mission
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import WORKFLOW, RequestStep
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.work_queue.whose_turn import who_is_awaited
from webapp.messages.models import Notice


def state_of(case: Case, number: int) -> AmendmentState:
    with reading(case.app) as session:
        return session.get_one(Amendment, number).state


def account_of(match: Match) -> Account:
    assert match.expert.account
    return match.expert.account


def side_awaited(case: Case) -> str:
    with case.app.test_request_context(), reading(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        return who_is_awaited(session, [request])[request.id].side.value


@pytest.mark.both_databases
def test_a_change_that_the_other_side_agrees_to_becomes_the_next_version(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    page = case.ask(case.requester, {"Place": "Osh"})
    assert "The change is proposed" in page.text
    assert side_awaited(case) == "office"
    page = case.coordinator.get(case.address).follow("See the change")
    assert "The hall has moved." in page.text
    assert "[taken out: Bishkek]" in page.text
    assert "[put in: Osh]" in page.text
    page = page.submit("Agree to the change")
    assert "is agreed, and who was invited is told" in page.text
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        assert (request.place, request.tor_version) == ("Osh", 2)
        assert [terms.content["place"] for terms in request.terms] == ["Bishkek", "Osh"]
    assert case.told(case.person)[-1] == (
        "%(reference)s: the change of the terms of reference is agreed"
    )
    assert side_awaited(case) == "office"
    assert case.is_sound()


def test_an_earlier_version_stays_readable_beside_what_followed(case: Case) -> None:
    case.agree(place="Osh")
    page = case.requester.get(f"{case.address}/terms")
    assert "(it holds now)" in page.text
    first = page.follow("Version 1")
    assert "A later version holds now." in first.text
    assert "Bishkek" in first.text
    assert "Osh" not in first.text
    second = case.coordinator.get(f"{case.address}/terms/2")
    assert "[put in: Osh]" in second.text
    case.requester.get(f"{case.address}/terms/3", status=404)


def test_a_change_is_refused_in_words_and_what_was_agreed_stays(case: Case) -> None:
    case.ask(case.coordinator, {"Place": "Osh"})
    assert side_awaited(case) == "requester"
    page = case.requester.get(case.address).follow("See the change")
    empty = page.submit("Refuse the change", {"decline-it-reason": " "}, status=400)
    assert "decline-it-reason" in empty.errors
    page = page.submit("Refuse the change", {"decline-it-reason": "Osh is too far."})
    assert "is refused, and SEESAC is told why" in page.text
    assert "Osh is too far." in case.coordinator.get(case.address).text
    with reading(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        assert (request.place, request.tor_version) == ("Bishkek", 1)
    assert case.told(case.office)[-1].endswith("the change of the terms of reference is refused")
    assert case.is_sound()


def test_nobody_answers_to_the_change_of_their_own(case: Case) -> None:
    number = case.propose(case.person, place="Osh")
    page = case.requester.get(f"{case.address}/amendments/{number}")
    assert "Agree to the change" not in page.text
    with pytest.raises(ForbiddenError):
        case.take(case.person, AmendmentStep.AGREE, number)
    with pytest.raises(ConflictError):
        case.take(case.person, AmendmentStep.ACCEPT, number)
    page.submit("Take the change back")
    assert state_of(case, number) is AmendmentState.TAKEN_BACK
    with pytest.raises(ConflictError):
        case.take(case.office, AmendmentStep.AGREE, number)


def test_a_coordinator_whose_organisation_asks_neither_proposes_nor_answers(case: Case) -> None:
    with writing(case.app) as session:
        theirs = factories.organisation(session)
        roles = (Role.COORDINATOR, Role.REQUESTER)
        insider = factories.account(session, *roles, organisation_id=theirs.id)
        session.get_one(ExpertiseRequest, case.request_id).organisation_id = theirs.id
        session.merge(case.person).organisation_id = theirs.id
    case.person.organisation_id = insider.organisation_id
    number = case.propose(case.person, place="Osh")
    with pytest.raises(ForbiddenError):
        case.take(insider, AmendmentStep.AGREE, number)
    with pytest.raises(ForbiddenError):
        case.propose(insider, place="Naryn")


def test_a_colleague_reads_changes_and_has_no_button(
    case: Case, visitor: Callable[[], Pages]
) -> None:
    with writing(case.app) as session:
        theirs = factories.organisation(session)
        colleague = factories.account(session, Role.REQUESTER, organisation_id=theirs.id)
        session.merge(case.person).organisation_id = theirs.id
        session.get_one(ExpertiseRequest, case.request_id).organisation_id = theirs.id
    number = case.propose(case.office, place="Osh")
    pages = visitor().come_in(colleague)
    page = pages.get(f"{case.address}/amendments/{number}")
    assert "[put in: Osh]" in page.text
    assert "Agree to the change" not in page.text
    pages.post(f"{case.address}/amendments/{number}/accept-it", status=403)
    pages.get(f"{case.address}/amend", status=403)


def test_the_same_change_sent_twice_is_one_and_another_waits_its_turn(case: Case) -> None:
    english = (("en", CefrLevel.C1, LanguageNeed.REQUIRED),)
    first = case.propose(case.person, languages=english)
    assert case.propose(case.person, languages=english) == first
    with pytest.raises(ConflictError, match="since you opened the page"):
        case.propose(case.person, seen=0, languages=english)
    with pytest.raises(ConflictError, match="one at a time"):
        case.propose(case.office, place="Osh")


def test_a_form_that_is_older_than_another_version_is_refused_and_keeps_what_was_typed(
    case: Case,
) -> None:
    form = case.requester.get(f"{case.address}/amend")
    case.agree(place="Osh")
    refused = form.submit(
        "Propose the change", {"Place": "Naryn", "Why it should change": "Snow."}, status=409
    )
    assert "were changed since you opened the page" in refused.text
    assert refused.form("Propose the change").values["place"] == ["Naryn"]


def test_a_form_that_is_older_stays_so_when_it_is_refused_for_what_it_lacks(case: Case) -> None:
    form = case.requester.get(f"{case.address}/amend")
    case.agree(place="Osh")
    lacks = form.submit("Propose the change", {"Audience": "Officers."}, status=400)
    assert "why" in lacks.errors
    why = {"Why it should change": "More take part."}
    refused = lacks.submit("Propose the change", why, status=409)
    assert "were changed since you opened the page" in refused.text
    assert "What was agreed since you opened the page" in refused.text
    assert "[taken out: Bishkek]" in refused.text
    assert "[put in: Osh]" in refused.text
    assert "Officers." not in refused.text.partition("The form below")[0]
    # Seen beside the form, it can be meant; the other side is asked.
    assert "The change is proposed" in refused.submit("Propose the change", {"Place": "Osh"}).text


def test_a_form_of_a_version_that_never_was_is_refused_and_keeps_what_was_typed(case: Case) -> None:
    typed = {"Place": "Naryn", "version": "soon"}
    refused = case.ask(case.requester, typed, status=409)
    assert "were changed since you opened the page" in refused.text
    assert "What was agreed since" not in refused.text
    assert refused.form("Propose the change").values["place"] == ["Naryn"]


def test_what_was_typed_before_experts_were_proposed_is_refused_by_name_and_stays(
    case: Case,
) -> None:
    form = case.requester.get(f"{case.address}/amend")
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        match = factories.match(session, MatchState.APPROVED, request=request)
        matches.propose(factories.work(session, case.office), match.request)
    typed = {
        "Why it should change": "The law has changed.",
        "Background wanted": "Prosecutors.",
        "Place": "Osh",
        "Main theme": "GEN-POL",
        "languages-0-level": "C2",
        "We provide interpretation": True,
    }
    refused = form.submit("Propose the change", typed, status=409)
    assert "this cannot change any more: " in refused.text
    for name in ("Background wanted", "Themes", "Languages", "Interpretation"):
        assert name in refused.text.partition("cannot change any more")[2].partition(".")[0]
    values = refused.form("Propose the change").values
    assert values["expert_background"] == ["Prosecutors."]
    assert values["theme_1"] == ["GEN-POL"]
    assert values["languages-0-level"] == ["C2"]
    assert values["place"] == ["Osh"]


def test_nothing_changed_and_what_a_coordinator_could_not_do_without_are_refused(
    case: Case,
) -> None:
    assert "Nothing is changed yet." in case.ask(case.requester, {}, status=409).text
    assert "title" in case.ask(case.requester, {"Title": ""}, status=400).errors
    days = {"First day": "2020-05-05", "Last day": "2020-05-06"}
    assert "start" in case.ask(case.requester, days, status=400).errors


def test_by_what_experts_were_chosen_does_not_change_after_the_proposal(case: Case) -> None:
    with writing(case.app) as session:
        case.request_id = case.begin(session, RequestState.PROPOSED).id
    case.address = f"/requests/{case.request_id}"
    page = case.requester.get(f"{case.address}/amend")
    assert page.form("Propose the change").name_of("Place") == "place"
    assert "First day" not in page.text
    for change in ({"years_wanted": 2}, {"start": date(2031, 5, 6)}, {"themes": ("GEN-POL",)}):
        with pytest.raises(ConflictError, match="cannot change any more"):
            case.propose(case.person, **change)
    case.propose(case.person, place="Osh")


@pytest.mark.parametrize(
    "state", [None, MatchState.RELEASE_ASKED, MatchState.RELEASED, MatchState.APPROVED]
)
def test_who_asks_for_other_days_is_answered_alike_whoever_is_held(
    case: Case, state: MatchState | None
) -> None:
    """A refusal would tell a requester that SEESAC has come so far with somebody."""
    if state:
        with writing(case.app) as session:
            request = session.get_one(ExpertiseRequest, case.request_id)
            factories.match(session, state, request=request)
        with pytest.raises(ConflictError, match="Experts are held for these days"):
            case.propose(case.office, start=date(2031, 5, 6))
    page = case.ask(case.requester, {"First day": "2031-05-06", "Last day": "2031-05-09"})
    assert "The change is proposed, and the other side is told." in page.text
    assert side_awaited(case) == "office"


def test_what_seesac_offered_and_cannot_keep_is_refused_without_a_word_of_experts(
    case: Case,
) -> None:
    number = case.propose(case.office, start=date(2031, 5, 6))
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        factories.match(session, MatchState.APPROVED, request=request)
    with pytest.raises(ConflictError, match="What SEESAC has offered cannot be agreed to"):
        case.take(case.person, AmendmentStep.ACCEPT, number)
    assert state_of(case, number) is AmendmentState.WITH_REQUESTER


def test_what_may_not_change_any_more_cannot_be_agreed_to(case: Case) -> None:
    number = case.propose(case.person, start=date(2031, 5, 6))
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        factories.match(session, MatchState.APPROVED, request=request)
    with pytest.raises(ConflictError, match="Experts are held for these days"):
        case.take(case.office, AmendmentStep.AGREE, number)
    assert state_of(case, number) is AmendmentState.WITH_OFFICE
    assert case.is_sound()


@pytest.mark.both_databases
def test_who_was_invited_is_told_what_has_changed_and_reads_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        invited = factories.match(session, MatchState.INVITED, request=request)
        listed = factories.match(session, MatchState.SHORTLISTED, request=request)
        gone = factories.match(session, MatchState.DECLINED, request=request)
        session.flush()
        told = account_of(invited)
        silent = [account_of(listed), account_of(gone)]
        address = f"/invitations/{invited.id}"
    case.agree(place="Osh", existing="A hall of the police.", security_office="A mined road.")
    with reading(app) as session:
        notice = session.query(Notice).filter_by(account_id=told.id).order_by(Notice.id).all()[-1]
        assert notice.path == address
        assert [line["text"] for line in notice.words["about"] if "text" in line] == ["Place"]
    assert not any("have changed" in one for person in silent for one in case.told(person))
    page = visitor().come_in(told).get(address)
    assert "What has changed since you were invited" in page.text
    assert "[put in: Osh]" in page.text
    assert "A hall of the police." not in page.text
    assert "mined" not in page.text


def test_experts_are_not_told_of_what_they_do_not_read(case: Case) -> None:
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        person = account_of(factories.match(session, MatchState.INVITED, request=request))
    before = case.told(person)
    case.agree(existing="A hall of the police.")
    assert case.told(person) == before


def test_an_expert_without_an_account_is_told_of_a_change_by_telephone(case: Case) -> None:
    with writing(case.app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        match = factories.match(session, MatchState.INVITED, request=request)
        match.expert.account_id = None
        name = match.expert.name
    case.agree(place="Osh")
    queue = case.coordinator.get("/queue").text
    assert name in queue
    assert "the terms of reference have changed" in queue


def test_a_mission_is_under_the_version_agreed_last_until_it_has_begun(
    case: Case, clock: Any
) -> None:
    with writing(case.app) as session:
        case.request_id = case.begin(session, RequestState.CONFIRMED).id
        mission = session.query(Deployment).one()
        assert mission.tor_version == 1
        number = mission.id
    case.address = f"/requests/{case.request_id}"
    case.agree(place="Osh")
    page = case.coordinator.get(f"/deployments/{number}")
    assert page.links["version 2"] == f"{case.address}/terms/2"
    with writing(case.app) as session:
        clock.move_to("2031-05-05T08:00:00Z")
        factories.settle(session, session.get_one(Deployment, number))
        work = factories.work(session, case.office)
        for step in (DeploymentStep.CLEAR, DeploymentStep.DEPART):
            take_mission(work, session.get_one(Deployment, number), step)
    with pytest.raises(ConflictError, match="A mission has begun"):
        case.propose(case.person, seen=2, place="Naryn")
    assert case.is_sound()


@pytest.mark.both_databases
def test_a_change_that_waits_lapses_with_its_request(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor)
    number = case.propose(case.office, place="Osh")
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        why = factories.grounds(WORKFLOW[RequestStep.WITHDRAW])
        work = factories.work(session, case.person)
        requests.take(work, request, RequestStep.WITHDRAW, why)
    assert state_of(case, number) is AmendmentState.TAKEN_BACK
    assert case.is_sound()


@pytest.mark.parametrize("state", [s for s in RequestState if s.value in {
    "draft", "submitted", "returned", "declined", "withdrawn", "unfilled", "closed",
}])  # fmt: skip
def test_only_what_was_accepted_and_has_not_ended_can_change(
    case: Case, state: RequestState
) -> None:
    with writing(case.app) as session:
        request = case.begin(session, state)
        with pytest.raises(DomainError):
            operations.refuse_what_stays(session, request)


def test_where_the_days_are_settled_the_rest_is_still_proposed(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    """The form asks for no days then, and goes on to judge the other fields without them."""
    case = Case(app, visitor)
    with writing(app) as session:
        request = case.begin(session, RequestState.CONFIRMED)
        address = f"/requests/{request.id}/amend"
    form = case.requester.get(address)
    assert "First day" not in form.text
    given = {"Latest day for names": "2031-04-01", "Why it should change": "The list is late."}
    assert "The change is proposed" in form.submit("Propose the change", given).text
