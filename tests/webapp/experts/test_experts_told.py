"""Whoever is put on the roster by others is told so, by whom, and how to object."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.links import deliver, link_in
from tests.pages import Pages
from webapp.core.actor import SYSTEM
from webapp.core.record.stored_words import unpack
from webapp.core.roles import Role
from webapp.core.words.translation import Message
from webapp.experts import joining, operations, telling
from webapp.experts.models import Expert
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.workflow import ExpertStep
from webapp.messages.models import OutboxMessage
from webapp.my_data import operations as my_data

SignIn = Callable[..., Pages]
pytestmark = pytest.mark.both_databases
EMAIL = "ana@example.org"


def mails(app: Flask, outbox: list[Any]) -> list[Any]:
    """Send what is due and return what has left for the one who was put on the roster."""
    deliver(app)
    return [mail for mail in outbox if mail.to == [EMAIL]]


def calls(app: Flask) -> list[str]:
    with reading(app) as session:
        return [str(unpack(words["what"])) for words in session.scalars(sa.select(PhoneCall.words))]


def test_a_nominated_official_reads_who_has_proposed_them_and_how_to_object(
    app: Flask, visitor: Callable[[], Pages], outbox: list[Any]
) -> None:
    with writing(app) as session:
        house = factories.organisation(session, name="Fictional Border Police")
        member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house.id)
    page = visitor().come_in(member).get("/officials/nominate")
    page.submit("Nominate", {"Name": "Ana Primer", "E-mail address": EMAIL})
    (mail,) = mails(app, outbox)
    assert "Fictional Border Police has proposed you" in mail.body
    assert "please write to SEESAC" in mail.body
    assert link_in(mail) == "/privacy"
    assert "Ana" not in mail.subject + mail.body
    assert calls(app) == []


def test_whom_a_coordinator_adds_is_called_where_there_is_no_address(
    app: Flask, sign_in_as: SignIn, outbox: list[Any]
) -> None:
    office = sign_in_as(Role.COORDINATOR)
    added = {"Name": "Ana Primer", "Telephone": "+382 67 1"}
    office.get("/experts/add").submit("Add to the roster", added)
    assert calls(app) == ["You are proposed for a roster of experts"]
    office.get("/experts/add").submit(
        "Add to the roster",
        {"Name": "Ana Zgled", "E-mail address": EMAIL, "Telephone": "+382 67 2"},
    )
    assert len(calls(app)) == 1
    (mail,) = mails(app, outbox)
    assert mail.body.startswith("Good day,\n\nSEESAC has proposed you")


def test_whoever_has_asked_to_join_is_told_nothing_of_a_proposal(
    app: Flask, sign_in_as: SignIn, outbox: list[Any]
) -> None:
    with writing(app) as session:
        factories.account_request(session, email=EMAIL, role="expert")
    sign_in_as(Role.COORDINATOR).get("/accounts/requests").submit(
        "Invite as an expert: Nova Testova"
    )
    (mail,) = mails(app, outbox)
    assert "Your invitation" in mail.subject
    assert calls(app) == []


def test_of_who_is_erased_no_mail_stays_that_was_to_leave(app: Flask, sign_in_as: SignIn) -> None:
    office = sign_in_as(Role.COORDINATOR)
    added = {"Name": "Ana Primer", "E-mail address": EMAIL}
    office.get("/experts/add").submit("Add to the roster", added)
    with writing(app) as session:
        expert = session.scalars(sa.select(Expert)).one()
        my_data.erase(factories.work(session, SYSTEM), expert)
    with reading(app) as session:
        addresses = sa.select(OutboxMessage).where(OutboxMessage.address == EMAIL)
        assert session.scalars(addresses).all() == []


def test_what_waits_goes_to_a_corrected_address_and_to_nobody_who_has_objected(
    app: Flask, outbox: list[Any]
) -> None:
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        before = ("wrong@example.org", "none@example.org", "left@example.org")
        experts = [
            factories.expert(session, signs_in=False, contact_email=address) for address in before
        ]
        for one in experts:
            telling.tell_of_roster(work, one, "SEESAC")
        for one, address in zip(experts, (EMAIL, ""), strict=False):
            joining.set_standing(work, one, None, address, "", seen_version=one.version)
        operations.take(factories.work(session), experts[2], ExpertStep.LEAVE)
    assert len(mails(app, outbox)) == 1
    # The addresses of before read that they are that, and nothing of what waited for the expert.
    former = [(mail.to[0], mail.subject) for mail in outbox if mail.to[0] in before]
    changed = "Your e-mail address on the roster of experts was changed"
    assert former == [("wrong@example.org", changed), ("none@example.org", changed)]


def test_of_one_request_somebody_is_told_all_in_one_call(app: Flask, sign_in_as: SignIn) -> None:
    with writing(app) as session:
        expert = factories.expert(session, signs_in=False, telephone="+382 67 1")
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        for what, reference in (("chosen", "R-1"), ("other days", "R-1"), ("chosen", "R-2")):
            said = Message(f"%(reference)s: {what}", {"reference": reference})
            telling.let_be_called(work, expert, said)
            telling.let_be_called(work, expert, said)
    page = sign_in_as(Role.COORDINATOR).get("/queue").text
    assert "R-1: chosen; R-1: other days" in page
    assert page.count("R-2: chosen") == 1
    with writing(app) as session:
        work = factories.work(session, factories.account(session, Role.COORDINATOR))
        telling.note_told(work, session.get_one(Expert, expert.id), "R-1")
        done = sa.select(PhoneCall.words).where(PhoneCall.done_at.is_not(None))
        (words,) = session.scalars(done)
        assert (str(unpack(words["what"])), len(words["before"])) == ("R-1: other days", 1)
    page = sign_in_as(Role.COORDINATOR).get("/queue").text
    assert ("R-1" in page, "R-2" in page) == (False, True)
