"""Of who was erased nothing stays where others have written a name or an address of theirs."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, rows, writing
from tests.webapp.my_data.test_my_data_afterwards import erase
from webapp.core.actor import SYSTEM
from webapp.core.clock import now as told_at
from webapp.core.record import audit, personal_data
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import taking_over
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import confirmations, persons
from webapp.experts import operations as profiles
from webapp.experts.contents import Confirmer
from webapp.experts.models import (
    ConfirmationState,
    Evidence,
    EvidenceConfirmation,
    EvidenceKind,
    Expert,
    ExpertState,
)
from webapp.experts.persons import whose
from webapp.experts.standing_tables import ProfileMerge
from webapp.experts.workflow import ExpertStep
from webapp.membership import operations as membership
from webapp.membership.models import AccountRequest
from webapp.messages.models import OutboxMessage
from webapp.my_data import operations
from webapp.roster import merging

pytestmark = pytest.mark.thorough

NAME = "Zdravka Quillfeather"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "written",
    [
        "ŽELJKO ŠARIĆ", "Šarić, Željko", "Zeljko Saric", "Жељко  Шарић", "pukovnik Željko ŠARIĆ",
        "ZELJKO.S@EXAMPLE.ORG",
    ],
)  # fmt: skip
def test_a_name_in_another_order_or_script_is_emptied_too(app: Flask, written: str) -> None:
    with writing(app) as session:
        own = factories.account(
            session, Role.REQUESTER, name="Željko Šarić", email="zeljko.s@example.org"
        )
        told: list[dict[str, Any]] = [
            {"focal_point": written}, {"authorised_contact": written},
            {"focal_point": "Marko Šarić"},
        ]  # fmt: skip
        signed, authorised, other = (
            factories.request(session, RequestState.ACCEPTED, requester=own, **texts).id
            for texts in told
        )
        number = own.id
    erase(app, number)
    with reading(app) as session:
        for row, names in ((signed, ""), (other, "Marko Šarić")):
            request = session.get_one(ExpertiseRequest, row)
            assert request.focal_point == names
            assert request.terms[0].content["focal_point"] == names
        request = session.get_one(ExpertiseRequest, authorised)
        assert request.authorised_contact == ""
        assert request.terms[0].content["authorised_contact"] == ""


@pytest.mark.both_databases
def test_nobody_who_was_erased_stays_as_the_one_who_has_confirmed(app: Flask) -> None:
    with writing(app) as session:
        asked = factories.account(session, Role.EXPERT, name=NAME, email="z.quill@example.org")
        other = factories.expert(session)
        entry = Evidence(kind=EvidenceKind.PROJECT, title="A handbook", description="")
        other.evidence = [entry]
        session.flush()
        entry.confirmation = EvidenceConfirmation(
            expert_id=other.id, state=ConfirmationState.CONFIRMED, state_since=told_at(),
            name=NAME, organisation="Fictional Police", email="Z.Quill@example.org",
            expires_at=told_at(),
        )  # fmt: skip
        session.flush()
        number, confirmed = asked.id, entry.confirmation.id
    erase(app, number)
    assert "quill" not in repr(rows(app)).lower()
    with reading(app) as session:
        kept = session.get_one(EvidenceConfirmation, confirmed)
        assert kept.state is ConfirmationState.CONFIRMED


@pytest.mark.parametrize("signs_in", [True, False])
def test_whoever_was_asked_by_address_alone_is_forgotten_with_the_mail(
    app: Flask, signs_in: bool
) -> None:
    """By the address of an account, and by that of somebody on the roster who has none."""
    email = "z.quill@example.org"
    with writing(app) as session:
        asking = factories.expert(session, person=factories.account(session, Role.EXPERT))
        entry = Evidence(kind=EvidenceKind.PROJECT, title="A handbook", description="")
        asking.evidence = [entry]
        session.flush()
        whom = Confirmer(NAME, "Fictional Police", "Z.Quill@example.org")
        confirmations.ask(
            factories.work(session, asking.account), asking, entry, whom,
            seen_version=asking.version,
        )  # fmt: skip
        factories.account_request(session, email=email)
        person = factories.account(session, Role.EXPERT, name=NAME, email=email)
        asked = factories.expert(session, person=person, name=NAME)
        if not signs_in:
            asked.account, asked.contact_email = None, email
            person.email, person.name = "other@example.org", "Somebody Else"
        session.flush()
        assert session.scalars(sa.select(OutboxMessage.address)).all() == ["Z.Quill@example.org"]
        operations.erase(factories.work(session, SYSTEM), asked)
    assert "quill" not in repr(rows(app)).lower()


@pytest.mark.parametrize("state", [ExpertState.NOMINATED, ExpertState.WITHDRAWN])
def test_nobody_reads_or_forgets_anothers_contacts_by_calling_themselves_so(
    app: Flask, state: ExpertState
) -> None:
    contact = "Col. Diana Lisova, +996 555 123"
    with writing(app) as session:
        theirs = factories.request(
            session, RequestState.ACCEPTED, focal_point=contact, authorised_contact=contact
        ).id
        other = factories.account(session, Role.REQUESTER)
        # Nobody vets whoever asks for the roster before they are erased.
        factories.expert(session, person=other, name="Diana Lisova", state=state)
        for name in ("a", "Diana Lisova"):
            work = factories.work(session, other)
            membership.change_own(work, other, name=name, language="en", seen=other.name)
            copy = list(personal_data.sections(session, whose(session, other)))
            assert contact not in repr([section.rows for section in copy])
    erase(app, other.id)
    with reading(app) as session:
        kept = session.get_one(ExpertiseRequest, theirs)
        assert (kept.focal_point, kept.authorised_contact) == (contact, contact)


def leave(session: Session, expert: Expert) -> None:
    profiles.take(factories.work(session, expert.account), expert, ExpertStep.LEAVE)


def be_taken_off(session: Session, expert: Expert) -> None:
    office = factories.account(session, Role.COORDINATOR)
    work = factories.work(session, office)
    profiles.take(work, expert, ExpertStep.TAKE_OFF, factories.grounds())


def be_joined(session: Session, expert: Expert) -> None:
    """End in a profile of another spelling, which takes the account over."""
    kept = factories.expert(session, signs_in=False, name="Zdravka Perovic")
    audit.seal(session)
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    merging.join(work, kept, expert, (), seen=(kept.version, expert.version))


def be_joined_under_the_other_name(session: Session, expert: Expert) -> None:
    """Be kept, under the name of a profile that SEESAC has not looked at."""
    gone = factories.expert(
        session, signs_in=False, name="Zdravka Perovic", state=ExpertState.NOMINATED
    )
    audit.seal(session)
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    merging.join(work, expert, gone, ("name",), seen=(expert.version, gone.version))


def have_no_account(session: Session, expert: Expert) -> None:
    expert.account, expert.contact_email = None, "z.quill@example.org"


@pytest.mark.parametrize(
    "change", [leave, be_taken_off, be_joined, be_joined_under_the_other_name, have_no_account]
)
def test_the_name_of_whoever_was_vetted_is_forgotten_whatever_has_become_of_the_profile(
    app: Flask, change: Callable[[Session, Expert], None]
) -> None:
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, name="Z. Q.")
        expert = factories.expert(session, person=person, name=NAME)
        contact: dict[str, Any] = {
            "focal_point": f"Col. {NAME}",
            "authorised_contact": f"{NAME}, adviser",
        }
        theirs = factories.request(session, RequestState.ACCEPTED, **contact).id
        change(session, expert)
        audit.seal(session)
        session.flush()
        kept = session.get_one(Expert, expert.id)
        merge = session.query(ProfileMerge).one_or_none()
        number = merge.expert_id if merge else kept.id
    with writing(app) as session:
        operations.erase(factories.work(session, SYSTEM), session.get_one(Expert, number))
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, theirs)
        assert (request.focal_point, request.authorised_contact) == ("", "")
        assert NAME not in repr([terms.content for terms in request.terms])


def test_the_name_of_a_profile_that_nobody_vetted_is_not_known_through_others(app: Flask) -> None:
    """Joined with one that gave its name, and with that into one that was vetted."""
    with writing(app) as session:
        states = {"Diana Lisova": ExpertState.ACTIVE}
        vetted, named_first, giving = (
            factories.expert(
                session, signs_in=False, name=name, state=states.get(name, ExpertState.NOMINATED)
            )
            for name in ("Diana Lisova", "Vera Victim", "Diana Perovic")
        )
        for kept, gone, taken in ((named_first, giving, ("name",)), (vetted, named_first, ())):
            audit.seal(session)
            work = factories.work(session, factories.account(session, Role.COORDINATOR))
            merging.join(work, kept, gone, taken, seen=(kept.version, gone.version))
        audit.seal(session)
        assert persons.list_known_names(session, vetted) == {"Diana Lisova"}


def test_what_people_call_themselves_takes_no_word_out_of_others_requests(app: Flask) -> None:
    """Not even where the name by which others know them stands in another field."""
    with writing(app) as session:
        person = factories.account(session, Role.EXPERT, name="adviser")
        factories.expert(session, person=person, name=NAME)
        contact: dict[str, Any] = {
            "focal_point": NAME,
            "authorised_contact": "Diana Lisova, adviser",
        }
        theirs = factories.request(session, RequestState.ACCEPTED, **contact).id
        number = person.id
    erase(app, number)
    with reading(app) as session:
        request = session.get_one(ExpertiseRequest, theirs)
        assert (request.focal_point, request.authorised_contact) == ("", "Diana Lisova, adviser")


@pytest.mark.parametrize("whose_else", ["of an account", "of another profile", "of nobody known"])
def test_an_address_that_others_typed_is_nobodys_own_if_somebody_else_has_it(
    app: Flask, whose_else: str
) -> None:
    """Who joins two profiles hands over the address for letters, and offices have one for all."""
    with writing(app) as session:
        factories.account_request(session, email="office@example.org", name="Somebody Else")
        person = factories.account(session, Role.EXPERT, name=NAME)
        # SEESAC has not looked yet at whoever was nominated.
        known = whose_else != "of nobody known"
        state = ExpertState.ACTIVE if known else ExpertState.NOMINATED
        expert = factories.expert(session, person=person, name=NAME, state=state)
        expert.contact_email = "office@example.org"
        if whose_else != "of an account":
            expert.account = None
        if whose_else == "of another profile":
            factories.expert(session, signs_in=False).contact_email = "Office@example.org"
        session.flush()
        copy = list(personal_data.sections(session, whose(session, expert)))
        assert "Somebody Else" not in repr([section.rows for section in copy])
        number = expert.id
    with writing(app) as session:
        operations.erase(factories.work(session, SYSTEM), session.get_one(Expert, number))
    with reading(app) as session:
        assert session.query(AccountRequest).count() == 1


def test_who_took_a_request_over_is_named_to_nobody_once_erased(app: Flask) -> None:
    with writing(app) as session:
        house = factories.organisation(session).id
        former = factories.account(session, Role.REQUESTER, organisation_id=house)
        taking = factories.account(session, Role.REQUESTER, name=NAME, organisation_id=house)
        request = factories.request(session, RequestState.ACCEPTED, requester=former)
        request.organisation_id = house
        why = Grounds(ReasonKind.OTHER, "On leave.")
        taking_over.take_over(
            factories.work(session, taking), request, why, seen_version=request.version
        )
    erase(app, taking.id)
    assert "quillfeather" not in repr(rows(app)).lower()


def test_whoever_is_known_by_the_name_of_the_profile_is_forgotten_by_it(app: Flask) -> None:
    with writing(app) as session:
        own = factories.account(session, Role.EXPERT, name="Z. Q.")
        factories.expert(session, person=own, name=NAME)
        number = factories.request(session, RequestState.ACCEPTED, focal_point=NAME).id
    erase(app, own.id)
    with reading(app) as session:
        assert session.get_one(ExpertiseRequest, number).focal_point == ""


def test_whose_name_is_a_part_of_anothers_takes_nobody_elses_along(app: Flask) -> None:
    with writing(app) as session:
        house = factories.organisation(session).id
        own = factories.account(
            session, Role.REQUESTER, name="Ana Li", email="na@x.org", organisation_id=house
        )
        numbers = {
            text: factories.request(
                session, RequestState.ACCEPTED, requester=own, focal_point=text
            ).id
            for text in ("Diana Lisova", "ana@x.org", "na@x.org.example")
        }
    erase(app, own.id)
    with reading(app) as session:
        for text, number in numbers.items():
            assert session.get_one(ExpertiseRequest, number).focal_point == text
