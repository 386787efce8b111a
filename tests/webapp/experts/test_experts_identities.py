"""Who a vetted expert is changes only when a coordinator has confirmed it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import invariants
from webapp.core.actor import SYSTEM
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import identities, operations
from webapp.experts.contents import IDENTITY, About, identity_of
from webapp.experts.identity_workflow import IdentityStep
from webapp.experts.models import Expert, ExpertState, IdentityState
from webapp.matches import operations as matches
from webapp.matches.models import Match, MatchState
from webapp.matches.ranking import rankings
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.workflow import MatchStep
from webapp.messages.models import Notice, OutboxMessage

FALSE = {
    "name": "Colonel Somebody Else",
    "rank": "Colonel",
    "post": "Liaison officer",
    "institution": "Interpol",
    "jurisdiction": "SRB",
}


def about(expert: Expert, **changes: Any) -> About:
    """Return the section as it is stored; `changes` replace parts of it."""
    return replace(About(**{name: getattr(expert, name) for name in vars(About(""))}), **changes)


def edit(app: Flask, expert_id: int, **changes: Any) -> None:
    """Let the expert save the section with `changes` to what is stored."""
    with writing(app) as session:
        expert = session.get_one(Expert, expert_id)
        work = factories.work(session, expert.account)
        operations.save_about(work, expert, about(expert, **changes), seen_version=expert.version)


@pytest.mark.parametrize("state", ExpertState)
def test_a_profile_that_was_vetted_stays_what_it_is_until_the_change_is_confirmed(
    app: Flask, state: ExpertState
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, state=state)
        before = vars(identity_of(expert))
    edit(app, expert.id, **FALSE, summary="A new summary.")
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert stored.summary == "A new summary."
        if state is ExpertState.NOMINATED:
            assert vars(identity_of(stored)) == FALSE
            assert stored.pending_identity is None
        else:
            assert vars(identity_of(stored)) == before
            assert vars(identity_of(stored.pending_identity)) == FALSE
        assert invariants.run(session) == []


def test_an_official_fills_in_and_does_not_change_what_the_authority_has_said(app: Flask) -> None:
    """Else one person would be approved, and another one screened on that approval."""
    with writing(app) as session:
        ministry = factories.organisation(session)
        expert = factories.expert(
            session, state=ExpertState.NOMINATED, authority_id=ministry.id, rank="",
            name="Ana Prva", jurisdiction="MNE",
        )  # fmt: skip
    edit(app, expert.id, rank="Major")
    edit(app, expert.id, name="Boris Drugi")
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert (stored.name, stored.rank) == ("Ana Prva", "Major")
        assert stored.pending_identity
        assert stored.pending_identity.name == "Boris Drugi"
    edit(app, expert.id, name="Ana Prva")
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).pending_identity is None


@pytest.mark.parametrize("by_whom", ["the expert", "a coordinator"])
def test_an_authority_is_told_when_its_official_becomes_somebody_else(
    app: Flask, by_whom: str
) -> None:
    with writing(app) as session:
        ministry = factories.organisation(session)
        office = factories.account(session, Role.NOMINATING_AUTHORITY)
        office.organisation_id = ministry.id
        coordinator = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session, authority_id=ministry.id, name="Ana Prva")
        if by_whom == "a coordinator":
            expert.account = None
    told = 0
    with writing(app) as session:
        expert = session.get_one(Expert, expert.id)
        by = factories.work(session, expert.account or session.get_one(Account, coordinator.id))
        wanted = about(expert, name="Boris Drugi")
        operations.save_about(by, expert, wanted, seen_version=expert.version)
        if change := expert.pending_identity:
            told = _notices(session, office)
            by = factories.work(session, session.get_one(Account, coordinator.id))
            identities.take(by, change, IdentityStep.CONFIRM, seen_version=change.version)
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).name == "Boris Drugi"
        assert (told, _notices(session, office)) == (0, 1)
        words = str(session.query(Notice).filter_by(account_id=office.id).one().words)
        assert "Ana Prva" in words
        assert "Boris Drugi" in words


def _notices(session: Session, account: Account) -> int:
    return session.query(Notice).filter_by(account_id=account.id).count()


@pytest.mark.parametrize("field", IDENTITY)
def test_each_field_that_says_who_somebody_is_waits(app: Flask, field: str) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
    edit(app, expert.id, **{field: FALSE[field]})
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert getattr(stored, field) != FALSE[field]
        assert getattr(stored.pending_identity, field) == FALSE[field]


@pytest.mark.both_databases
def test_a_coordinator_sees_before_and_after_and_confirms(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        old = expert.name
    edit(app, expert.id, **FALSE)
    pages = sign_in_as(Role.COORDINATOR)
    assert f"Confirm who {old} is" in pages.get("/queue").text
    page = pages.get(f"/roster/{expert.id}")
    assert f"Name Shown now: {old} Changed to: Colonel Somebody Else" in page.text
    page = page.submit("Confirm the change")
    assert page.heading.startswith("Colonel Somebody Else")
    assert "Confirm who" not in pages.get("/queue").text
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert vars(identity_of(stored)) == FALSE
        assert stored.pending_identity is None
        event = session.query(AuditEvent).filter_by(action="identity_change: confirm").one()
        assert event.details["expert_id"] == expert.id
        mail = session.query(OutboxMessage).filter_by(account_id=expert.account_id).one()
        assert "Your change is confirmed" in mail.subject
        assert invariants.run(session) == []


def test_a_change_is_refused_with_a_reason_that_the_expert_is_told(
    app: Flask, sign_in_as: Callable[..., Pages]
) -> None:
    with writing(app) as session:
        expert = factories.expert(session)
        before = vars(identity_of(expert))
    edit(app, expert.id, **FALSE)
    page = sign_in_as(Role.COORDINATOR).get(f"/roster/{expert.id}")
    page.submit(
        "Do not confirm the change", {"refuse-kind": "other", "refuse-reason": " "}, status=400
    )
    page.submit(
        "Do not confirm the change",
        {"refuse-kind": "other", "refuse-reason": "Your ministry knows of nothing."},
    )
    with reading(app) as session:
        stored = session.get_one(Expert, expert.id)
        assert vars(identity_of(stored)) == before
        assert stored.pending_identity is None
        notice = session.query(Notice).filter_by(account_id=expert.account_id).one()
        assert notice.reason is not None
        assert notice.reason.text == "Your ministry knows of nothing."
        mail = session.query(OutboxMessage).filter_by(account_id=expert.account_id).one()
        assert "Your change is not confirmed" in mail.subject
        assert "Your ministry knows of nothing." not in mail.body


def test_coordinators_are_told_of_a_change_that_waits_and_not_of_one_withdrawn(app: Flask) -> None:
    with writing(app) as session:
        office = factories.account(session, Role.COORDINATOR)
        expert = factories.expert(session)
        before = vars(identity_of(expert))
    edit(app, expert.id, **FALSE)
    edit(app, expert.id, **before)
    with reading(app) as session:
        notice = session.query(Notice).filter_by(account_id=office.id).one()
        assert notice.words["subject"]["text"] == "Who an expert is waits to be confirmed"
        assert notice.path == f"/roster/{expert.id}#identity"
        mail = session.query(OutboxMessage).one()
        assert (mail.account_id, expert.name in mail.body) == (office.id, False)


def test_the_expert_reads_at_the_field_that_it_waits_and_can_take_it_back(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        owner = factories.account(session, Role.EXPERT)
        expert = factories.expert(session, person=owner)
        old = expert.name
    pages = visitor().come_in(owner)
    page = pages.get("/profile/about").submit("Save", {"Name": "Somebody Else"})
    assert "Waits for SEESAC's confirmation" in page.text
    assert f"Name Shown now: {old} Changed to: Somebody Else" in page.text
    form = pages.get("/profile/about")
    assert f"Until then others read: {old}." in form.text
    # Saved once more, be it for another field, it still waits.
    form.submit("Save", {"Rank": "Inspector"})
    with reading(app) as session:
        change = session.get_one(Expert, expert.id).pending_identity
        assert change
        assert (change.name, change.rank) == ("Somebody Else", "Inspector")
    form = pages.get("/profile/about")
    form.submit("Save", {"Name": old, "Rank": "Chief inspector"})
    assert "Waits for SEESAC's confirmation" not in pages.get("/profile").text
    with reading(app) as session:
        assert session.get_one(Expert, expert.id).pending_identity is None


def test_what_only_fills_in_what_was_empty_is_saved_without_a_word_of_seesac(
    app: Flask, visitor: Callable[[], Pages]
) -> None:
    with writing(app) as session:
        ministry = factories.organisation(session)
        owner = factories.account(session, Role.EXPERT)
        factories.expert(
            session, state=ExpertState.NOMINATED, authority_id=ministry.id, rank="", person=owner
        )
    pages, first = visitor().come_in(owner), "SEESAC confirms changes of name"
    page = pages.get("/profile/about").submit("Save", {"Rank": "Major"})
    assert "Saved." in page.text
    assert first not in page.text
    page = pages.get("/profile/about").submit("Save", {"Name": "Boris Drugi"})
    assert first in page.text


@pytest.fixture
def waiting(app: Flask) -> tuple[int, Account]:
    """Return an expert whose change waits, and the account, which is a coordinator's as well."""
    with writing(app) as session:
        owner = factories.account(session, Role.EXPERT, Role.COORDINATOR)
        expert = factories.expert(session, person=owner)
    edit(app, expert.id, **FALSE)
    return expert.id, owner


def test_nobody_confirms_who_they_are_themselves(app: Flask, waiting: tuple[int, Account]) -> None:
    with writing(app) as session:
        change = session.get_one(Expert, waiting[0]).pending_identity
        assert change
        for by in (waiting[1], factories.account(session, Role.REQUESTER)):
            with pytest.raises(ForbiddenError):
                identities.take(
                    factories.work(session, by), change, IdentityStep.CONFIRM,
                    seen_version=change.version,
                )  # fmt: skip


def test_what_was_changed_again_or_decided_is_not_confirmed_unread(
    app: Flask, waiting: tuple[int, Account]
) -> None:
    with writing(app) as session:
        change = session.get_one(Expert, waiting[0]).pending_identity
        assert change
        seen = change.version
    edit(app, waiting[0], **{**FALSE, "name": "General Anybody"})
    with writing(app) as session:
        stored = session.get_one(Expert, waiting[0]).pending_identity
        assert stored
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        with pytest.raises(ConflictError, match="changed this again"):
            identities.take(work, stored, IdentityStep.CONFIRM, seen_version=seen)
        identities.take(work, stored, IdentityStep.CONFIRM, seen_version=stored.version)
        assert stored.state is IdentityState.CONFIRMED
        with pytest.raises(ConflictError, match="is not possible any more"):
            identities.take(
                work,
                stored,
                IdentityStep.REFUSE,
                factories.grounds(text="No."),
                seen_version=stored.version,
            )


def test_a_requester_excludes_the_jurisdiction_that_was_and_the_one_that_is_announced(
    app: Flask,
) -> None:
    with writing(app) as session:
        expert = factories.expert(session, jurisdiction="MNE")
        excluded = {
            code: factories.request(session, RequestState.ACCEPTED, excluded=(code,)).id
            for code in ("MNE", "SRB", "ALB")
        }
    edit(app, expert.id, jurisdiction="SRB")
    with reading(app) as session:
        roster = RosterIndex()
        ruled_out = {}
        for code, number in excluded.items():
            request = session.get_one(ExpertiseRequest, number)
            found = rankings.show(session, rankings.read_order(roster, session, request), SYSTEM)
            ruled_out[code] = [row.expert.id for row in found.ruled_out.items]
    assert ruled_out == {"MNE": [expert.id], "SRB": [expert.id], "ALB": []}


def test_nobody_is_approved_who_has_come_to_be_of_an_excluded_jurisdiction(app: Flask) -> None:
    with writing(app) as session:
        request = factories.request(session, RequestState.ACCEPTED, excluded=("SRB",))
        match = factories.match(session, MatchState.RELEASED, request=request)
    edit(app, match.expert_id, jurisdiction="SRB")
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        with pytest.raises(ConflictError, match="cannot receive experts from Serbia"):
            matches.take(work, session.get_one(Match, match.id), MatchStep.APPROVE)


def test_a_requester_reads_who_was_proposed_whoever_it_says_to_be_now(
    app: Flask, visitor: Callable[[], Pages], waiting: tuple[int, Account]
) -> None:
    with writing(app) as session:
        requester = factories.account(session, Role.REQUESTER)
        request = factories.request(session, RequestState.ACCEPTED, requester=requester)
        expert = session.get_one(Expert, waiting[0])
        old = vars(identity_of(expert))
        match = factories.match(session, MatchState.PROPOSED, request=request, expert=expert)
        change = expert.pending_identity
        assert change
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        identities.take(work, change, IdentityStep.CONFIRM, seen_version=change.version)
        assert expert.name == FALSE["name"]
        assert match.identity == old
    pages = visitor().come_in(requester)
    for url in (f"/requests/{request.id}/proposed", f"/proposals/{match.id}/select"):
        page = pages.get(url)
        assert old["name"] in page.text
        assert "Interpol" not in page.text
        assert FALSE["name"] not in page.text
