"""What administrators do with organisations: make, rename, members, close, and their list."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import in_hands, invariants
from webapp.core.errors import ConflictError
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.matches.models import MatchState
from webapp.organisations import operations, queries
from webapp.organisations.models import Organisation, OrganisationKind

MINISTRY = OrganisationKind.MINISTRY


def details(app: Flask, action: Action) -> object:
    """Return the details of the one event of this kind."""
    with reading(app) as session:
        return session.query(AuditEvent).filter_by(action=action.value).one().details


def test_an_organisation_is_made_renamed_and_closed(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    pages = sign_in_as(Role.ADMINISTRATOR)
    about = {"Name": "Ministry of Fiction", "Kind": "ministry", "Jurisdiction": "KGZ"}
    page = pages.get("/organisations/new").submit("Save", about)
    assert page.heading == "Ministry of Fiction"
    assert details(app, Action.ORGANISATION_CREATED) == {
        "name": "Ministry of Fiction", "kind": "ministry", "jurisdiction": "KGZ",
    }  # fmt: skip
    page = page.follow("Change the organisation").submit("Save", {"Name": "Ministry of Fables"})
    assert page.heading == "Ministry of Fables"
    assert details(app, Action.ORGANISATION_CHANGED) == {
        "before": {"name": "Ministry of Fiction"}, "after": {"name": "Ministry of Fables"},
    }  # fmt: skip
    page = page.follow("Close the organisation").submit("Close the organisation")
    assert "Ministry of Fables is closed." in page.text
    closed = page.follow("Ministry of Fables")
    assert "takes no members" in closed.text
    assert [form for form in closed.forms if "/organisations/" in form.action] == []
    pages.post(f"{closed.url}/close", status=409)
    late = pages.post(f"{closed.url}/members", {"email": "nobody@example.org"}, status=302)
    assert late.response.location == closed.url


def test_one_name_in_one_jurisdiction_is_one_organisation(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        factories.organisation(session, "Министерство внутренних дел")
    form = sign_in_as(Role.ADMINISTRATOR).get("/organisations/new")
    about = {"Name": "министерство внутренних  дел".replace("  ", " "), "Kind": "ministry"}
    refused = form.submit("Save", {**about, "Jurisdiction": "KGZ"}, status=400)
    assert "there already" in refused.errors["name"]
    assert form.submit("Save", {**about, "Jurisdiction": "MDA"}).status == 200


def test_a_stale_edit_shows_what_is_stored_beside_what_was_typed(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session, "Ministry of Fiction")
    url = f"/organisations/{organisation.id}/edit"
    one, other = (sign_in_as(Role.ADMINISTRATOR).get(url) for _number in range(2))
    one.submit("Save", {"Name": "Ministry of Fables"})
    page = other.submit("Save", {"Name": "Ministry of Tales"}, status=409)
    assert "What is stored now: Ministry of Fables" in page.text
    assert page.form("Save").values["name"] == ["Ministry of Tales"]
    assert page.submit("Save").heading == "Ministry of Tales"


def test_members_come_by_address_and_nobody_is_moved_unasked(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        ours = factories.organisation(session, "Ours")
        theirs = factories.organisation(session, "Theirs")
        person = factories.account(session, Role.REQUESTER, name="Aida Member")
        sent = factories.request(session, RequestState.SUBMITTED, requester=person)
        draft = factories.request(session, requester=person)
    pages = sign_in_as(Role.ADMINISTRATOR)
    page = pages.get(f"/organisations/{ours.id}")
    label = "E-mail address of the account"
    refused = page.submit("Add as a member", {label: "nobody@example.org"}, status=400)
    assert "There is no account with this address." in refused.text
    page = page.submit("Add as a member", {label: f" {person.email.upper()} "})
    assert "Aida Member is a member now." in page.text
    with reading(app) as session:
        # What was sent in is the organisation's from now on; a draft was nobody else's business.
        assert session.get_one(ExpertiseRequest, sent.id).organisation_id == ours.id
        assert session.get_one(ExpertiseRequest, draft.id).organisation_id is None
    other = pages.get(f"/organisations/{theirs.id}")
    refused = other.submit("Add as a member", {label: person.email}, status=409)
    assert "Aida Member is a member of Ours." in refused.text
    shown = page.follow("Aida Member")
    assert f"{sent.reference} (submitted)" in shown.text
    gone = shown.submit("Take out of the organisation")
    assert "Aida Member is no member of Ours any more." in gone.text
    with reading(app) as session:
        assert session.get_one(Account, person.id).organisation_id is None
        assert session.get_one(ExpertiseRequest, sent.id).organisation_id == ours.id


def test_one_with_open_requests_is_not_closed(app: Flask, sign_in_as: Callable[..., Pages]) -> None:
    with writing(app) as session:
        organisation = factories.organisation(session)
        member = factories.account(session, Role.REQUESTER, organisation_id=organisation.id)
        factories.request(session, RequestState.CLOSED, requester=member)
        request = factories.request(session, RequestState.MATCHING, requester=member)
    page = sign_in_as(Role.ADMINISTRATOR).get(f"/organisations/{organisation.id}/close")
    refused = page.submit("Close the organisation", status=409)
    assert f"1 request of this organisation is still open: {request.reference}." in refused.text
    with reading(app) as session:
        assert session.get_one(Organisation, organisation.id).closed_at is None
        assert session.get_one(Account, member.id).organisation_id == organisation.id


def test_closing_takes_the_members_out(session: Session) -> None:
    organisation = factories.organisation(session)
    member = factories.account(session, Role.REQUESTER, organisation_id=organisation.id)
    operations.close(factories.work(session), organisation)
    assert member.organisation_id is None
    with pytest.raises(ConflictError, match="is closed"):
        operations.add_member(factories.work(session), organisation, member)
    assert invariants.run(session) == []
    member.organisation_id = organisation.id
    session.flush()
    assert "is closed and has members" in invariants.run(session)[0]


@pytest.mark.both_databases
def test_the_list_is_searched_by_words_and_kind_and_has_pages(session: Session) -> None:
    for number in range(queries.PER_PAGE + 2):
        factories.organisation(session, f"Ministry {number:03}")
    about = operations.About("Канцеларија SEESAC", OrganisationKind.SEESAC)
    office = operations.create(factories.work(session), about)
    assert queries.list_organisations(session, "kancelarija").items == [office]
    assert queries.list_organisations(session, kind=OrganisationKind.SEESAC).items == [office]
    page = queries.list_organisations(session, "ministry", number=2)
    assert [row.name for row in page.items] == ["Ministry 050", "Ministry 051"]
    operations.close(factories.work(session), office)
    last = queries.list_organisations(session, number=2).items[-1]
    assert last is office


def test_members_are_counted_by_whether_they_can_sign_in(session: Session) -> None:
    organisation, empty = factories.organisation(session), factories.organisation(session)
    for active in (True, True, False):
        person = factories.account(session, Role.REQUESTER, organisation_id=organisation.id)
        person.active = active
    session.flush()
    counts = queries.count_members(session, [organisation.id, empty.id])
    assert counts[organisation.id] == queries.Members(3, 2)
    assert counts[empty.id] == queries.Members(0, 0)


def test_what_is_in_the_hands_of_an_expert_and_of_a_requester_is_told(session: Session) -> None:
    invited = factories.match(session, MatchState.INVITED)
    approved = factories.match(session, MatchState.APPROVED)
    declined = factories.match(session, MatchState.DECLINED)
    told = {
        match: " ".join(map(str, in_hands.of(session, match.expert.account_id or 0)))
        for match in (invited, approved, declined)
    }
    assert "an invitation that only this person can answer" in told[invited]
    assert "a mission of this expert (approved)" in told[approved]
    assert told[declined] == ""
    requester = invited.request.requester
    (line,) = in_hands.of(session, requester.id)
    assert "belongs to no organisation" in str(line)
    office = factories.account(session, Role.COORDINATOR)
    assert in_hands.of(session, office.id) == []
    invited.request.handled_by = office.id
    session.flush()
    (line,) = in_hands.of(session, office.id)
    assert "a request to which this person sees" in str(line)


def test_a_release_that_nobody_else_can_answer_is_in_the_hands_of_the_last_member(
    session: Session,
) -> None:
    home = factories.organisation(session).id
    person, colleague = (
        factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=home)
        for _number in range(2)
    )
    expert = factories.expert(session, authority_id=home)
    factories.match(session, MatchState.RELEASE_ASKED, expert=expert)
    assert in_hands.of(session, person.id) == []
    colleague.active = False
    session.flush()
    (line,) = in_hands.of(session, person.id)
    assert "nobody else of the authority can answer" in str(line)
