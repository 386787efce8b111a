"""Of who was erased nothing stays where others have written a name or an address of theirs."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, rows, writing
from tests.webapp.my_data.test_my_data_afterwards import erase
from webapp.core.actor import SYSTEM
from webapp.core.clock import now as told_at
from webapp.core.record import personal_data
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.expertise_requests import taking_over
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import confirmations
from webapp.experts.contents import Confirmer
from webapp.experts.models import (
    ConfirmationState,
    Evidence,
    EvidenceConfirmation,
    EvidenceKind,
    ExpertState,
)
from webapp.experts.standing_queries import whose
from webapp.membership import operations as membership
from webapp.messages.models import OutboxMessage
from webapp.my_data import operations

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
