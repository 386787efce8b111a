"""What opens a way in for somebody asks who it is, whoever does it: whoever finds a session that
was left open makes no administrator of it, and hands nobody's profile to themselves. What shuts
somebody out does not wait for that."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

import webapp
from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from webapp.accounts.models import Account
from webapp.core import clock as now
from webapp.core.access import GRANTS, permission_of
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.membership.models import AccountLink
from webapp.roster_imports import operations as imports
from webapp.roster_imports import queries as tables
from webapp.roster_imports.checking import Findings
from webapp.roster_imports.models import ImportedExpert, ImportState, RosterImport
from webapp.roster_imports.reading import Sheet

REASONS = {
    "membership.act": "shuts somebody out; where it invites again, the operation asks",
    "membership.correct": "says where somebody works, by which nobody comes by a side",
    "messages.forget_host": "opens nothing",
    "messages.try_again": "sends a mail to whom it was for",
    "messages.try_all_again": "sends mails to whom they were for",
    "organisations.close": "takes a way in away",
    "organisations.create": "has no members yet",
    "organisations.remove_member": "takes a way in away",
    "organisations.save": "changes what it is called",
    "themes.add_synonym": "is about words",
    "themes.create": "is about words",
    "themes.move": "is about words",
    "themes.remove_synonym": "is about words",
    "themes.rename": "is about words",
    "themes.retire": "is about words",
}
OTHERS = set().union(*(GRANTS[role] for role in Role if role is not Role.ADMINISTRATOR))


def test_every_act_of_administrators_asks_who_it_is_or_says_why_not(app: Flask) -> None:
    theirs = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and permission_of(app, rule.endpoint) in GRANTS[Role.ADMINISTRATOR] - OTHERS
    }
    asks = {name for name in theirs if getattr(app.view_functions[name], "asks_anew", False)}
    assert theirs - asks == set(REASONS)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/invite", {"email": "evil@example.org", "name": "E", "roles": "administrator"}),
        ("/accounts/{person}/roles", {"roles": "coordinator", "seen": "expert"}),
        ("/accounts/{gone}/reactivate", {}),
        ("/organisations/{house}/members", {"email": "{email}"}),
        ("/settings", {"four_eyes": "", "version": "1"}),
    ],
)
def test_a_session_that_was_left_open_opens_no_way_in(
    app: Flask, visitor: Callable[[], Pages], clock: Any, path: str, sent: dict[str, str]
) -> None:
    with writing(app) as session:
        administrator = factories.account(session, Role.ADMINISTRATOR)
        person = factories.account(session, Role.EXPERT)
        gone = factories.account(session, Role.EXPERT)
        gone.active = False
        house = factories.organisation(session).id
    pages = visitor().sign_in(administrator)
    token = pages.own_token()
    clock.shift(timedelta(minutes=20))
    facts = {"person": person.id, "gone": gone.id, "house": house, "email": person.email}
    values = {name: value.format(**facts) for name, value in sent.items()}
    answer = pages.client.post(path.format(**facts), data={"csrf_token": token, **values})
    assert answer.status_code == 302
    assert "/verify" in answer.headers["Location"]
    with reading(app) as session:
        assert session.query(Account).count() == 3
        stored = session.get_one(Account, person.id)
        assert stored.kinds == {Role.EXPERT}
        assert stored.organisation_id is None
        assert not session.get_one(Account, gone.id).active


@dataclass
class Opening:
    """Who would open a way in, and what they send where."""

    person: Account
    path: str
    sent: dict[str, Any] = field(default_factory=dict)


def granted(session: Session, role: Role) -> Opening:
    asked = factories.account_request(session)
    return Opening(
        factories.account(session, role), f"/accounts/requests/{asked.id}/grant", {"version": "1"}
    )


def sent_again(session: Session) -> Opening:
    waits = factories.account(session, Role.EXPERT, password=None)
    return Opening(factories.account(session, Role.ADMINISTRATOR), f"/accounts/{waits.id}/resend")


def on_roster(session: Session, what: str, **sent: Any) -> Opening:
    """Try something with an active profile for whose expert no account was made."""
    expert = factories.expert(session, signs_in=False, contact_email="ana@example.org")
    coordinator = factories.account(session, Role.COORDINATOR)
    return Opening(coordinator, f"/roster/{expert.id}/{what}", sent)


def new_address(session: Session) -> Opening:
    facts = {"contact-contact_email": "evil@example.org", "contact-version": "1"}
    return on_roster(session, "contact", **facts)


def added(session: Session) -> Opening:
    coordinator = factories.account(session, Role.COORDINATOR)
    return Opening(coordinator, "/experts/add", {"name": "E", "contact_email": "evil@example.org"})


def nominated(session: Session) -> Opening:
    house = factories.organisation(session).id
    office = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house)
    sent = {"name": "E", "contact_email": "evil@example.org"}
    return Opening(office, "/officials/nominate", sent)


def listed(session: Session) -> Opening:
    table = b"name,e-mail\nE,evil@example.org\n"
    file = {"act": "nominate", "file": (io.BytesIO(table), "list.csv")}
    return replace(nominated(session), path="/officials/nominate-list", sent=file)


def joined(session: Session) -> Opening:
    mine = factories.expert(session, state=ExpertState.NOMINATED)
    versions = {"kept_version": "1", "gone_version": str(mine.version), "sure": "y"}
    return on_roster(session, f"join/{mine.id}", **versions)


def of_table(session: Session, state: ImportState) -> tuple[Account, RosterImport]:
    person = factories.account(session, Role.COORDINATOR)
    row = imports.begin(
        factories.work(session, person), Sheet("People", [], [(1, ["Name"])], []), "d", "p.xlsx"
    )
    session.flush()
    tables.get_table(session, row).findings = Findings().packed()
    row.state, row.counts = state, {**Findings().counts(), "added": 1}
    row.stored_at = now.now() if state is ImportState.DONE else None
    session.flush()
    return person, row


def stored(session: Session) -> Opening:
    person, row = of_table(session, ImportState.CHECKED)
    return Opening(person, f"/roster/imports/{row.id}/confirm", {"version": str(row.version)})


def invited_of_table(session: Session) -> Opening:
    person, row = of_table(session, ImportState.DONE)
    brought = factories.expert(
        session, state=ExpertState.NOMINATED, signs_in=False, contact_email="ana@example.org"
    )
    session.add(
        ImportedExpert(import_id=row.id, expert_id=brought.id, was_added=True, filled=[], version=1)
    )
    return Opening(person, f"/roster/imports/{row.id}/invite", {"version": str(row.version)})


OPENINGS: dict[str, Callable[[Session], Opening]] = {
    "a request for an account, by a coordinator": partial(granted, role=Role.COORDINATOR),
    "a request for an account, by an administrator": partial(granted, role=Role.ADMINISTRATOR),
    "an invitation that is sent again": sent_again,
    "an invitation to a profile": partial(on_roster, what="invite"),
    "another address of an expert": new_address,
    "an expert who is added": added,
    "an official who is nominated": nominated,
    "officials of a list": listed,
    "a profile that is joined with another": joined,
    "a table of a roster": stored,
    "invitations of a table": invited_of_table,
}


@pytest.mark.parametrize("minutes", [14, 16])
@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_whoever_opens_a_way_in_has_just_shown_who_they_are(
    app: Flask,
    visitor: Callable[[], Pages],
    clock: Any,
    opening: Callable[[Session], Opening],
    minutes: int,
) -> None:
    with writing(app) as session:
        tried = opening(session)
    pages = visitor().sign_in(tried.person)
    token, before = pages.own_token(), opened(app)
    clock.shift(timedelta(minutes=minutes))
    answer = pages.client.post(tried.path, data={"csrf_token": token, **tried.sent})
    assert answer.status_code in {302, 303}, answer.get_data(as_text=True)
    asked = "/verify" in answer.headers["Location"]
    assert asked == (minutes > 15)
    assert (opened(app) == before) == asked


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_a_forged_form_is_refused_and_nobody_is_asked_who_they_are(
    app: Flask,
    visitor: Callable[[], Pages],
    clock: Any,
    opening: Callable[[Session], Opening],
) -> None:
    with writing(app) as session:
        tried = opening(session)
    pages, before = visitor().sign_in(tried.person), opened(app)
    clock.shift(timedelta(minutes=16))
    answer = pages.client.post(tried.path, data={"csrf_token": "forged", **tried.sent})
    assert answer.status_code == 400
    assert opened(app) == before


def opened(app: Flask) -> list[object]:
    """Return what leads somebody into an account or to a profile, now or when a job is done."""
    with reading(app) as session:
        return [
            list(session.execute(rows.order_by(sa.text("1"))))
            for rows in (
                sa.select(Account.id, Account.email, Account.active),
                sa.select(AccountLink.id, AccountLink.token_hash),
                sa.select(Expert.id, Expert.account_id, Expert.contact_email, Expert.state),
                sa.select(RosterImport.id, RosterImport.state),
            )
        ]


# Where the rows and fields are written by which somebody comes in, and why no old session does it.
MAKING = re.compile(
    r"(?<![\w.])(?:Account|AccountLink)\(|(?<!\w)links\.make\("
    r"|[\w.()]+\.(?:contact_email|account_id|account)\b[^=\n]* = (?!None)"
    r"|setattr\((?:account|expert|kept|one\.expert), \w+"
)
PLACES = {
    "accounts/operations.py": ["Account("],  # Asks.
    "experts/identities.py": ["setattr(expert, field"],  # Who somebody is, and not their address.
    "experts/joining.py": ["expert.contact_email, expert.telephone = "],  # Asks.
    "membership/links.py": ["AccountLink("],  # For those who make links, who follow.
    "membership/operations.py": [
        "links.make(",  # After `create` or other roles, or sent again; asks in each of them.
        "links.make(",  # To their own new address; the page asks.
        "setattr(account, name",  # Where somebody works.
        "links.make(",  # A job's, to the address that is known.
        "expert.account_id, expert.contact_email = ",  # Of an account just made, which asks.
    ],
    "membership/granting.py": ["nominee).account_id = "],  # Of an account just made, which asks.
    "membership/recovery.py": ["links.make("],  # A stranger's, to the address that is known.
    "roster/merging.py": ["setattr(kept, name", "kept.account = "],  # Asks.
    "roster_imports/storing.py": ["setattr(expert, name"] * 2,  # The table's confirmation asks.
    "roster_imports/undoing.py": ["setattr(one.expert, name"],  # Empties what was filled in.
}


def test_nothing_else_makes_a_way_in() -> None:
    """Who writes one more lets it insist on who it is, and puts it beside those that do."""
    package = Path(webapp.__file__).parent
    sources = {path: str(path.relative_to(package)) for path in sorted(package.rglob("*.py"))}
    found = {
        name: made
        for path, name in sources.items()
        if not name.startswith(("demo", "migrations/"))
        if (made := MAKING.findall(re.sub(r"class \w+\(", "", path.read_text())))
    }
    assert found == PLACES
