"""Whoever changes how an expert without an account is reached can be seen to: the former address,
the other coordinators and the authority are told, and the log says who did it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.messages.models import Notice, OutboxMessage
from webapp.roster import merging

BEFORE, NEW = "ana@example.org", "evil@example.org"
CHANGED = "Your e-mail address on the roster of experts was changed"


@pytest.fixture
def people(app: Flask) -> dict[str, Account]:
    """Return who acts, a colleague, and who acts for the authority of all experts here."""
    with writing(app) as session:
        house = factories.organisation(session).id
        return {
            "actor": factories.account(session, Role.COORDINATOR),
            "colleague": factories.account(session, Role.COORDINATOR),
            "authority": factories.account(
                session, Role.NOMINATING_AUTHORITY, organisation_id=house
            ),
        }


@pytest.fixture
def change(
    app: Flask, people: dict[str, Account], visitor: Callable[[], Pages]
) -> Callable[..., Expert]:
    """Return what puts somebody on the roster and changes how they are reached."""

    def act(*addresses: str, **facts: Any) -> Expert:
        with writing(app) as session:
            expert = factories.expert(
                session, signs_in=False, telephone="+381 11 000 000",
                **{"contact_email": BEFORE, **facts},
            )  # fmt: skip
            house = session.get_one(Account, people["authority"].id).organisation_id
            if facts.get("state") is None:
                factories.make_official(session, expert, house)
        office = visitor().come_in(people["actor"])
        for address in addresses:
            page = office.get(f"/roster/{expert.id}")
            page.submit("Save", {"contact-contact_email": address})
        return expert

    return act


def mails(app: Flask) -> list[tuple[str, str]]:
    """Return the addresses and subjects of all mails to those without an account."""
    with reading(app) as session:
        chosen = sa.select(OutboxMessage.address, OutboxMessage.subject)
        return [
            (row.address, row.subject)
            for row in session.execute(chosen.order_by(OutboxMessage.id))
            if row.subject == CHANGED
        ]


def told(app: Flask, people: dict[str, Account]) -> set[str]:
    """Return who has a notice of another address, and see that it leads to the expert."""
    with reading(app) as session:
        rows = session.scalars(sa.select(Notice)).all()
        about = {row.account_id for row in rows if "e-mail address" in str(row.words["subject"])}
    return {name for name, person in people.items() if person.id in about}


def test_another_address_of_an_active_expert_is_told_to_all_who_know_them(
    app: Flask, people: dict[str, Account], change: Callable[..., Expert], visitor: Any
) -> None:
    expert = change(NEW)
    assert mails(app) == [(BEFORE, CHANGED)]
    assert told(app, people) == {"colleague", "authority"}
    page = visitor().come_in(people["colleague"]).get("/notices")
    assert expert.name in page.text
    assert NEW not in page.text
    with reading(app) as session:
        done = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == Action.CONTACT_CHANGED)
        ).one()
        assert (done.actor_id, done.subject_id) == (people["actor"].id, expert.id)


@pytest.mark.parametrize("before", [BEFORE, ""])
def test_an_address_that_comes_of_joining_two_profiles_is_told_likewise(
    app: Flask, people: dict[str, Account], change: Callable[..., Expert], before: str
) -> None:
    kept = change(contact_email=before)
    with writing(app) as session:
        gone = factories.expert(
            session, signs_in=False, state=ExpertState.NOMINATED, contact_email=NEW
        )
        actor = session.get_one(Account, people["actor"].id)
        kept = session.get_one(Expert, kept.id)
        seen = (kept.version, gone.version)
        merging.join(factories.work(session, actor), kept, gone, ["contact_email"], seen=seen)
        assert kept.contact_email == NEW
    assert mails(app) == ([(BEFORE, CHANGED)] if before else [])
    assert told(app, people) == {"colleague", "authority"}


def test_the_former_address_is_told_though_the_address_changes_again_or_goes(
    app: Flask, change: Callable[..., Expert]
) -> None:
    change(NEW, "other@example.org", "")
    assert mails(app) == [(BEFORE, CHANGED), (NEW, CHANGED), ("other@example.org", CHANGED)]


def test_the_first_address_is_told_to_those_who_know_the_expert(
    app: Flask, people: dict[str, Account], change: Callable[..., Expert]
) -> None:
    change(NEW, contact_email="")
    assert mails(app) == []
    assert told(app, people) == {"colleague", "authority"}


def test_who_is_being_vetted_is_told_alone_and_nobody_of_the_same_address(
    app: Flask, people: dict[str, Account], change: Callable[..., Expert]
) -> None:
    change(BEFORE, NEW, state=ExpertState.SCREENING)
    assert mails(app) == [(BEFORE, CHANGED)]
    assert told(app, people) == set()
