"""Pages offer to no coordinator what a colleague has to decide, and somebody else sees to it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Page, Pages
from tests.webapp.matches.considered import WHY, Case
from webapp.amendments import operations as amendments
from webapp.core import clock
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.expertise_requests import correspondence
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestMessage, RequestState
from webapp.experts.models import Expert
from webapp.matches.models import Match, MatchState
from webapp.messages.models import Notice


@pytest.mark.parametrize(
    ("address", "offered"),
    [
        ("/requests/{request}", "Close without an expert"),
        ("/requests/{request}", "Take it on or hand it over"),
        ("/requests/{request}/messages", "Send the message"),
        ("/requests/{request}/messages", "No answer is needed"),
        ("/requests/{request}/files", "Add the file"),
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


def test_the_ranking_offers_nobody_who_is_considered_to_weigh_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    address = f"/requests/{case.request_id}/matches"
    sent_to = f"/requests/{case.request_id}/considerations"
    for pages, is_offered in ((case.pages, False), (case.colleague, True)):
        page = pages.get(address)
        assert (sent_to in [form.action for form in page.forms]) is is_offered
        assert "What counts a little beside the subject" in page.text


def test_whoever_is_considered_is_not_offered_as_who_sees_to_it(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    address = f"/requests/{case.request_id}/coordinator"
    offered = case.colleague.get(address).text
    assert case.people[1].name in offered
    assert case.people[0].name not in offered
    assert not case.pages.get(address).url.endswith("/coordinator")


def test_whoever_puts_who_sees_to_it_on_the_shortlist_sees_to_it_from_then_on(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.CANCELLED)
    with writing(app) as session:
        request = factories.request(session, RequestState.MATCHING)
        request.handled_by = case.people[0].id
        number, expert = request.id, session.query(Expert).filter_by(account_id=case.people[0].id)
        address = f"/requests/{number}/matches/{expert.one().id}"
    token = case.colleague.own_token()
    answer = case.colleague.client.post(
        address, data={"csrf_token": token, "grounds-kind": "other"}
    )
    assert answer.status_code in {302, 303, 200}
    with reading(app) as session:
        assert session.query(Match).filter_by(request_id=number).count() == 1
        assert session.get_one(ExpertiseRequest, number).handled_by == case.people[1].id


def test_a_requester_reaches_somebody_though_who_sees_to_it_is_considered(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    case = Case(app, visitor, MatchState.AVAILABLE)
    with writing(app) as session:
        request = session.get_one(ExpertiseRequest, case.request_id)
        request.handled_by = case.people[0].id
        work = factories.work(session, request.requester)
        correspondence.write(work, request, "When do they come?")
        session.flush()
        told = session.query(Notice).filter(Notice.path.endswith("/messages"))
        assert case.people[1].id in {notice.account_id for notice in told}


def test_nobody_writes_the_profile_of_a_rival(app: Flask, visitor: Callable[[], Pages]) -> None:
    case = Case(app, visitor, MatchState.SHORTLISTED)
    number = case.rivals_profile
    with writing(app) as session:
        rival = session.get_one(Expert, number)
        rival.account = None
        other = factories.expert(session, signs_in=False).id
    for path in ("about", "evidence/new", "curriculum", "entries"):
        case.pages.get(f"/roster/{number}/write/{path}", status=403)
    for path in ("curriculum", "curriculum/drop", "training/new"):
        case.pages.post(f"/roster/{number}/write/{path}", status=403)
    case.pages.get(f"/roster/{other}/write/about")
