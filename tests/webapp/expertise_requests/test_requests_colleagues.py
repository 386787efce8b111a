"""Requests belong to their writer's organisation: who reads them, and how one changes hands."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import Reason
from webapp.core.roles import Role
from webapp.expertise_requests import operations, queries, rules, taking_over, timeline
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.expertise_requests.workflow import RequestStep
from webapp.matches.models import MatchState
from webapp.messages.models import Notice, OutboxMessage

S = RequestState


@pytest.fixture
def people(session: Session) -> tuple[Account, Account, Account]:
    """Return a requester, a colleague, and a requester of another organisation."""
    ours, theirs = factories.organisation(session), factories.organisation(session)
    return (
        factories.account(session, Role.REQUESTER, name="Aida Owner", organisation_id=ours.id),
        factories.account(session, Role.REQUESTER, name="Bekir Next", organisation_id=ours.id),
        factories.account(session, Role.REQUESTER, organisation_id=theirs.id),
    )


def test_a_request_is_the_organisations_from_its_first_draft_on(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, other = people
    request = factories.request(session, requester=owner)
    assert request.organisation_id == owner.organisation_id
    assert queries.get_readable(session, factories.actor(colleague), request.id) is request
    for stranger in (other, factories.account(session, Role.REQUESTER)):
        with pytest.raises(NotFoundError):
            queries.get_readable(session, factories.actor(stranger), request.id)
        assert queries.list_of_colleagues(session, factories.actor(stranger)).total == 0
    assert queries.list_of_colleagues(session, factories.actor(colleague)).items == [request]
    assert queries.list_of_colleagues(session, factories.actor(owner)).total == 0


def test_members_in_other_roles_read_nothing_by_it(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner = people[0]
    request = factories.request(session, requester=owner)
    for role in set(Role) - {Role.REQUESTER}:
        member = factories.account(session, role, organisation_id=owner.organisation_id)
        assert not rules.can_read(factories.actor(member), request), role


def test_what_was_begun_without_an_organisation_joins_it_when_it_is_sent(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, _other = people
    alone = factories.account(session, Role.REQUESTER)
    request = factories.request(session, requester=alone)
    alone.organisation_id = owner.organisation_id
    assert not rules.can_read(factories.actor(colleague), request)
    factories.requests.advance(session, request, RequestStep.SUBMIT, alone)
    assert rules.can_read(factories.actor(colleague), request)


def test_a_writer_who_left_the_organisation_is_out(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, other = people
    request = factories.request(session, S.PROPOSED, requester=owner)
    assert rules.has_owner(request)
    owner.organisation_id = other.organisation_id
    session.flush()
    left = factories.actor(owner)
    with pytest.raises(NotFoundError):
        queries.get_readable(session, left, request.id)
    assert queries.list_own(session, left).total == 0
    with pytest.raises(ForbiddenError):
        operations.take(
            factories.work(session, owner), request, RequestStep.WITHDRAW, factories.grounds()
        )
    assert not rules.has_owner(request)
    assert queries.list_without_owner(session, drafts=False).items == [request]
    taking_over.take_over(
        factories.work(session, colleague),
        request,
        factories.grounds(),
        seen_version=request.version,
    )
    assert queries.list_without_owner(session, drafts=True).total == 0


@pytest.mark.both_databases
def test_the_database_and_the_rules_agree_who_has_no_owner(session: Session) -> None:
    ours, theirs = factories.organisation(session), factories.organisation(session)
    for organisation_id in (None, ours.id):
        for change in ("nothing", "disabled", "left", "no requester"):
            owner = factories.account(session, Role.REQUESTER, organisation_id=organisation_id)
            factories.request(session, S.SUBMITTED, requester=owner)
            if change == "disabled":
                owner.active = False
            elif change == "left":
                owner.organisation_id = theirs.id
            elif change == "no requester":
                owner.roles = []
    session.flush()
    everything = queries.list_sent_in(session).items
    expected = {request.id for request in everything if not rules.has_owner(request)}
    found = queries.list_without_owner(session, drafts=True).items
    assert {request.id for request in found} == expected
    # Who wrote for no organisation stays the owner wherever they go.
    assert len(expected) == 5


def test_coordinators_are_not_told_of_drafts_without_an_owner(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    draft = factories.request(session, requester=people[0])
    people[0].active = False
    session.flush()
    assert queries.list_without_owner(session, drafts=False).total == 0
    assert queries.list_without_owner(session, drafts=True).items == [draft]


def test_taking_over_is_recorded_told_and_makes_the_former_owner_a_colleague(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, _other = people
    request = factories.request(session, S.ACCEPTED, requester=owner)
    work = factories.work(session, colleague)
    taking_over.take_over(
        work, request, factories.grounds(text="Aida is on leave"), seen_version=request.version
    )
    assert request.requester_id == colleague.id
    assert rules.is_colleague(factories.actor(owner), request)
    session.flush()
    told = session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).first()
    assert told is not None
    assert told.account_id == owner.id
    # A mail names nobody and gives no reason; the notice behind the sign-in does.
    assert "Bekir Next" not in told.body
    assert "Aida is on leave" not in told.body
    notice = session.query(Notice).order_by(Notice.id.desc()).first()
    assert notice is not None
    assert notice.reason is not None
    assert notice.reason.text == "Aida is on leave"
    with pytest.raises(ForbiddenError):
        operations.take(
            factories.work(session, owner), request, RequestStep.WITHDRAW, factories.grounds()
        )
    operations.take(
        factories.work(session, colleague), request, RequestStep.WITHDRAW, factories.grounds()
    )


def test_the_story_names_both_to_their_side_and_to_coordinators(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session)
        owner, colleague, third = (
            factories.account(session, Role.REQUESTER, name=name, organisation_id=organisation.id)
            for name in ("Aida Owner", "Bekir Next", "Cveta Third")
        )
        coordinator = factories.account(session, Role.COORDINATOR, name="Dragan Office")
        request = factories.request(session, S.ACCEPTED, requester=owner, coordinator=coordinator)
        work = factories.work(session, colleague)
        taking_over.take_over(
            work, request, factories.grounds(text="Aida is on leave"), seen_version=request.version
        )
        url = f"/requests/{request.id}"
    for reader in (owner, colleague, third, coordinator):
        text = visitor().come_in(reader).get(url).text
        assert "Took the request over from Aida Owner" in text
        assert "Aida is on leave" in text
        assert "UTC · Aida Owner" in text
        # Who at SEESAC decided is the office's own business.
        assert ("Dragan Office" in text) is (reader is coordinator)
    with reading(app) as session:
        event = session.query(AuditEvent).filter_by(action="request taken over").one()
        assert "Aida is on leave" not in f"{event.reason}{event.details}"
        row = session.get_one(Reason, event.details["reason_id"])
        assert (event.reason, row.text) == ("other", "Aida is on leave")
        assert (event.details["before"], event.details["after"]) == (owner.id, colleague.id)


@pytest.mark.parametrize("state", [S.DECLINED, S.WITHDRAWN, S.UNFILLED])
def test_what_was_given_up_can_only_be_read(
    state: RequestState, session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, _other = people
    request = factories.request(session, state, requester=owner)
    work = factories.work(session, colleague)
    assert rules.can_read(work.actor, request)
    with pytest.raises(ConflictError, match="can only be read"):
        taking_over.take_over(
            work, request, factories.grounds(text="For the record"), seen_version=request.version
        )


def test_nobody_else_can_take_a_request_over(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, other = people
    request = factories.request(session, S.SUBMITTED, requester=owner)
    coordinator = factories.account(
        session, Role.COORDINATOR, organisation_id=owner.organisation_id
    )
    for person in (owner, other, coordinator):
        with pytest.raises(ForbiddenError):
            taking_over.take_over(
                factories.work(session, person),
                request,
                factories.grounds(),
                seen_version=request.version,
            )
    stale, reasonless = request.version - 1, request.version
    work = factories.work(session, colleague)
    with pytest.raises(ConflictError, match="another window"):
        taking_over.take_over(work, request, factories.grounds(text="Mine"), seen_version=stale)
    with pytest.raises(ConflictError, match="needs a reason"):
        taking_over.take_over(work, request, factories.grounds(text=" "), seen_version=reasonless)
    assert request.requester_id == owner.id


def test_people_without_an_organisation_are_nobodys_colleagues(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    """Not even each other's: having none is nothing that they have in common."""
    owner, _colleague, other = people
    request = factories.request(session, requester=owner)
    actor: Actor = replace(factories.actor(other), organisation_id=None)
    assert not rules.can_read(actor, request)
    alone = factories.request(session, requester=factories.account(session, Role.REQUESTER))
    assert alone.organisation_id is None
    assert not rules.can_read(actor, alone)


def test_a_colleague_takes_a_request_over_by_its_pages(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session)
        owner, colleague = (
            factories.account(session, Role.REQUESTER, organisation_id=organisation.id)
            for _number in range(2)
        )
        request = factories.request(session, S.PROPOSED, requester=owner)
        owner.active = False
        url = f"/requests/{request.id}"
    pages = visitor().come_in(colleague)
    listed = pages.get("/requests").follow("Requests of colleagues")
    assert "It has no owner any more." in listed.text
    shown = listed.follow(request.title)
    assert "See the experts proposed" not in shown.text
    pages.get(f"{url}/proposed", status=404)
    asking = shown.follow("Take over the request")
    assert "is disabled, so nobody is told" in asking.text
    refused = asking.submit("Take over the request", {"Why you take it over": ""}, status=400)
    done = refused.submit("Take over the request", {"Why you take it over": "owner left"})
    assert "is in your hands now." in done.text
    pages.get(f"{url}/proposed")
    # An impatient second click finds it done.
    again = pages.post(f"{url}/take-over", {"kind": "owner left", "version": "1"}, status=302)
    assert again.response.location == url
    with reading(app) as session:
        kept = session.get_one(ExpertiseRequest, request.id)
        assert kept.requester_id == colleague.id


def test_a_text_that_was_being_written_when_a_colleague_took_over_is_shown_again(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session)
        owner, colleague = (
            factories.account(session, Role.REQUESTER, organisation_id=organisation.id)
            for _number in range(2)
        )
        request = factories.request(session, requester=owner)
    editing = visitor().come_in(owner).get(f"/requests/{request.id}/edit")
    with writing(app) as session:
        taking_over.take_over(
            factories.work(session, session.get_one(Account, colleague.id)),
            stored := session.get_one(ExpertiseRequest, request.id),
            factories.grounds(),
            seen_version=stored.version,
        )
    page = editing.submit("Save as draft", {"Title": "A better title"}, status=409)
    assert "in a colleague's hands now" in page.text
    assert page.form("Save as draft").values["title"] == ["A better title"]
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, request.id).title == request.title


def test_the_lists_of_colleagues_and_of_ownerless_requests_are_searched(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session)
        owner, colleague = (
            factories.account(session, Role.REQUESTER, organisation_id=organisation.id)
            for _number in range(2)
        )
        for title in ("Обука истражитеља", "Marking of weapons"):
            factories.request(session, S.SUBMITTED, requester=owner, title=title)
        owner.active = False
        administrator = factories.account(session, Role.ADMINISTRATOR)
    page = visitor().come_in(colleague).get("/requests/colleagues?search=obuka")
    assert "Обука" in page.text
    assert "Marking" not in page.text
    page = visitor().come_in(administrator).get("/requests/without-owner?search=obuka")
    assert "1 request found." in page.text
    # What is asked for is not an administrator's to read.
    assert "Обука" not in page.text
    assert "1 colleague can take it over." in page.text


def test_reading_the_story_as_a_colleague_hides_what_requesters_do_not_read(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, _other = people
    request = factories.request(session, S.ACCEPTED, requester=owner)
    match = factories.match(session, request=request)
    audit.seal(session)
    theirs = timeline.lines(session, request, factories.actor(colleague))
    assert theirs
    assert match.expert.name not in str(theirs)
    assert [line.sentence for line in theirs] == [
        line.sentence for line in timeline.lines(session, request, factories.actor(owner))
    ]


def test_the_story_tells_a_colleague_that_somebody_was_decided_against_and_not_who(
    session: Session, people: tuple[Account, Account, Account]
) -> None:
    owner, colleague, _other = people
    request = factories.request(session, S.ACCEPTED, requester=owner)
    name = factories.match(session, MatchState.NOT_SELECTED, request=request).expert.name
    audit.seal(session)
    own = timeline.lines(session, request, factories.actor(owner))
    theirs = timeline.lines(session, request, factories.actor(colleague))
    (decided,) = [line for line in own if line.sentence == f"Decided against {name}"]
    (told,) = [line for line in theirs if line.sentence == "Decided against an expert"]
    assert decided.reason is not None
    assert told.reason is None
    assert name not in str(theirs)
    assert decided.reason.text not in str(theirs)
    work = factories.work(session, colleague)
    taking_over.take_over(work, request, factories.grounds(), seen_version=request.version)
    assert name in str(timeline.lines(session, request, factories.actor(colleague)))
