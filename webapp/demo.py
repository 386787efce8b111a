"""The demo: a fictional roster, requests and accounts to try the platform with, never for real use.

The passwords are made anew for each installation and kept in `demo-accounts.json` in its folder.
"""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from webapp import demo_profiles
from webapp.accounts.models import Account
from webapp.config import DATA
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.db import db
from webapp.core.errors import ForbiddenError
from webapp.core.roles import Role
from webapp.core.transactions import transaction
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import CefrLevel, LanguageNeed
from webapp.demo_history import in_the_demo
from webapp.demo_history.stories import Asker
from webapp.demo_people import ASKERS, load_focal_points, load_people
from webapp.expertise_requests import operations as requests
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.operations import Seen
from webapp.expertise_requests.workflow import RequestStep
from webapp.experts import approvals, joining
from webapp.experts import operations as experts
from webapp.experts.approvals import Wanted
from webapp.experts.joining import CONSENT_VERSION, Nominee
from webapp.experts.models import (
    Evidence,
    EvidenceKind,
    Expert,
    ExpertState,
    ExpertTheme,
    Gender,
    LanguageSkill,
    Training,
    UnavailablePeriod,
)
from webapp.experts.standing_workflow import ApprovalStep
from webapp.matches import operations as matches
from webapp.matches.models import Match
from webapp.matches.ranking import rankings
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.workflow import MatchStep
from webapp.platform_settings import queries as settings

ACCOUNTS_FILE = "demo-accounts.json"
# Where nobody reads what is written.
CONTACT = "seesac@example.org"

# What becomes of the demo requests, so that every page has something to show.
DRAFTS = {"A-R003", "A-R018"}
ACCEPTED = {"A-R007", "A-R009", "A-R011", "A-R012", "A-R015", "A-R017", "A-R022", "A-R024"}
INVITED = {"A-R009": "A-E045"}
# Whose release waits for the authority's answer, and for which request.
RELEASE_ASKED = ("A-R011", "A-E002")
# The officials of the authority with an account, and in how many days each one's approval ends.
OFFICIALS = {
    "A-E002": 900, "A-E005": 12, "A-E045": 500, "A-E054": 300, "A-E024": 700, "A-E027": 800,
    "A-E059": 600,
}  # fmt: skip
# Those who have not said for long that their profile is true; one of them has told a telephone.
DORMANT = ("A-E054", "A-E001", "A-E030", "A-E034")
# How many days ago the demo began: its people are older than its oldest request.
BEGUN = 430
# Nobody can have agreed to a text before there was one.
FIRST_CONSENT = datetime.fromisoformat(CONSENT_VERSION).replace(tzinfo=UTC)
# Whom the walk through the demo needs as they are.
SPARED = ("A-E052", "A-E045", "A-E002", "A-E005")


def load(instance: Path) -> str:
    """Load the demo unless it is there, and return the words that tell how to sign in.

    Raises ForbiddenError where people or things could be real ones.
    """
    _refuse_in_production()
    loaded = settings.is_demonstration(db.session)
    db.session.rollback()
    if not loaded:
        with transaction() as session:
            _refuse_beside_real_data(session)
            stored = settings.get_settings(session)
            stored.demonstration, stored.contact_address = True, CONTACT
            work = UnitOfWork(session, SYSTEM, clock.now())
            begun = replace(work, now=work.now - timedelta(days=BEGUN))
            # Reading the roster takes longer than ranking it, so it is read once.
            index = RosterIndex()
            people = load_people(begun, {row["id"]: row for row in _rows("experts.jsonl")})
            focal_points = load_focal_points(begun, people)
            roster = _load_roster(begun, work.now, {row["profile"]: row for row in people})
            _load_approvals(begun, people, roster, work.now.date())
            _load_history(work, people, focal_points, roster, index)
            _nominate(work, people)
            _load_requests(work, people, focal_points, roster, index)
            _write_accounts(instance, people)
    return _welcome(instance)


def _refuse_in_production() -> None:
    if current_app.config["PRODUCTION"]:
        raise ForbiddenError(
            _(
                "The demo is not loaded where BEHIND_TLS is 1, or the database is on another"
                " machine: there, people are real."
            )
        )


def _refuse_beside_real_data(session: Session) -> None:
    if session.scalars(sa.select(Account.id).limit(1)).first() is not None:
        raise ForbiddenError(
            _("The demo is loaded into an empty database only, and this one has accounts.")
        )


def _load_roster(
    work: UnitOfWork, now: datetime, signing_in: dict[str, dict[str, Any]]
) -> dict[str, Expert]:
    """Put the roster down as it was then; most of it was said lately to be true."""
    roster = {}
    for number, row in enumerate(_rows("experts.jsonl")):
        expert = expert_of(row, work.now)
        if row["id"] in signing_in:
            expert.account_id = signing_in[row["id"]]["account"].id
        more = demo_profiles.more_of(row["id"])
        demo_profiles.complete(expert, more)
        expert.last_confirmed_at = now - timedelta(days=11 * number % 75, hours=number)
        if row["id"] in DORMANT:
            expert.state, expert.last_confirmed_at = ExpertState.DORMANT, work.now
        if row["id"] == DORMANT[0]:
            expert.telephone = "+381 11 0000 000"
        experts.add(work, expert)
        demo_profiles.confirm(expert, more, work.now)
        roster[row["id"]] = expert
    return roster


def _load_approvals(
    work: UnitOfWork, people: list[dict[str, Any]], roster: dict[str, Expert], today: date
) -> None:
    """Let an authority approve its officials for the time around `today`."""
    authority = _authority(work, people)
    for number, days in OFFICIALS.items():
        expert = roster[number]
        expert.authority_id = authority.actor.organisation_id
        until = today + timedelta(days=days)
        wanted = Wanted(today - timedelta(days=700), until, "Missions on small arms; courses.")
        approvals.grant(authority, expert, ApprovalStep.GRANT, wanted)


def _authority(work: UnitOfWork, people: list[dict[str, Any]]) -> UnitOfWork:
    return next(_as(work, p) for p in people if p["role"] is Role.NOMINATING_AUTHORITY)


def _nominate(work: UnitOfWork, people: list[dict[str, Any]]) -> None:
    """Let the authority nominate one more, who waits to be screened."""
    nominee = Nominee(
        "Bogdan Primerić-Test", "Inspector for weapons permits", jurisdiction="SRB",
        institution="Ministry of Interior", telephone="+381 21 0000 001",
    )  # fmt: skip
    joining.nominate(_authority(work, people), nominee)


def _load_history(
    work: UnitOfWork, people: list[dict[str, Any]], focal_points: dict[str, Account],
    roster: dict[str, Expert], index: RosterIndex,
) -> None:  # fmt: skip
    """Let what happened since the demo began happen, up to today."""
    acting = {
        role: [_as(work, person).actor for person in people if person["role"] is role]
        for role in Role
    }
    towns = (("KGZ", "Bishkek"), ("MDA", "Chișinău"), *(row[3:] for row in ASKERS))
    askers = [(Asker(home, town), focal_points[home].as_actor()) for home, town in towns]
    in_the_demo.load(
        work, askers, list(roster.values()), acting[Role.COORDINATOR],
        {actor.organisation_id or 0: actor for actor in acting[Role.NOMINATING_AUTHORITY]},
        index, spared=[roster[number].id for number in SPARED],
    )  # fmt: skip


def expert_of(row: dict[str, Any], now: datetime) -> Expert:
    """Return the profile that a row of the demo roster describes; it is active and confirmed."""
    return Expert(
        state=ExpertState.ACTIVE,
        name=row["name"],
        gender=Gender(row["gender"]) if row.get("gender") else None,
        jurisdiction=row.get("jurisdiction"),
        institution=row.get("authority", ""),
        post=row.get("headline", ""),
        rank="",
        summary=row.get("summary", ""),
        max_days=row.get("max_days"),
        consent_version=CONSENT_VERSION,
        consented_at=max(now, FIRST_CONSENT),
        last_confirmed_at=now,
        # The first three themes of a profile are the ranked ones.
        themes=[
            ExpertTheme(theme_code=code, priority=place if place <= 3 else 9)
            for place, code in enumerate(row.get("themes", []), 1)
        ],
        evidence=[_evidence(entry, row.get("jurisdiction")) for entry in row.get("experience", [])],
        trainings=[Training(title=title) for title in row.get("training", [])],
        languages=[
            LanguageSkill(language=language, level=CefrLevel(level))
            for language, level in row.get("languages", {}).items()
        ],
        unavailable=[
            UnavailablePeriod(
                start=date.fromisoformat(period["start"]), end=date.fromisoformat(period["end"])
            )
            for period in row.get("unavailable", [])
        ],
    )


def _evidence(entry: dict[str, Any], home: str | None) -> Evidence:
    abroad = entry.get("country") not in {None, home}
    return Evidence(
        kind=EvidenceKind.MISSION if abroad else EvidenceKind.POST,
        title=entry["title"],
        description=entry.get("description", ""),
        jurisdiction=entry.get("country"),
        started=_month(entry.get("start")),
        ended=_month(entry.get("end")),
    )


def _month(text: str | None) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def _load_requests(
    work: UnitOfWork, people: list[dict[str, Any]], focal_points: dict[str, Account],
    roster: dict[str, Expert], index: RosterIndex,
) -> None:  # fmt: skip
    """Let each government's focal point write its requests."""
    coordinator = next(_as(work, p) for p in people if p["role"] is Role.COORDINATOR)
    meant = Seen(past_is_meant=True)
    for row in _rows("requests.jsonl"):
        writer = replace(work, actor=focal_points[row["jurisdiction"]].as_actor())
        request = requests.start_draft(writer, content_of(row))
        if row["id"] not in DRAFTS:
            requests.take(writer, request, RequestStep.SUBMIT, seen=meant)
        if row["id"] in ACCEPTED:
            requests.take(coordinator, request, RequestStep.ACCEPT, seen=meant)
        if row["id"] in INVITED:
            _invite(coordinator, index, request, roster[INVITED[row["id"]]])
        if row["id"] == RELEASE_ASKED[0]:
            match = _invite(coordinator, index, request, roster[RELEASE_ASKED[1]])
            expert = next(_as(work, p) for p in people if p["profile"] == RELEASE_ASKED[1])
            matches.take(expert, match, MatchStep.ACCEPT)
            matches.take(coordinator, match, MatchStep.ASK_RELEASE)


def content_of(row: dict[str, Any]) -> Content:
    """Return what a requester would have written, from a row of the demo requests."""
    return Content(
        title=row["title"],
        objectives=row.get("description", "") or row["title"],
        themes=tuple(row.get("themes", ())),
        jurisdiction=row.get("jurisdiction"),
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]),
        experts_needed=row.get("experts_needed", 1),
        languages=tuple(
            (language, CefrLevel(level), LanguageNeed.REQUIRED)
            for language, level in row.get("required_languages", {}).items()
        ),
        excluded=tuple(sorted(row.get("excluded_jurisdictions", ()))),
    )


def _invite(
    work: UnitOfWork, index: RosterIndex, request: ExpertiseRequest, expert: Expert
) -> Match:
    seen = rankings.get_placing(index, work.session, request, expert.id)
    match = matches.shortlist(work, request, expert, seen)
    matches.take(work, match, MatchStep.INVITE)
    return match


def _as(work: UnitOfWork, person: dict[str, Any]) -> UnitOfWork:
    return replace(work, actor=person["account"].as_actor())


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (DATA / "demo" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _write_accounts(instance: Path, people: list[dict[str, Any]]) -> None:
    listed = [
        {
            "role": person["role"].value,
            "email": person["account"].email,
            "password": person["password"],
        }
        for person in people
    ]
    path = instance / ACCOUNTS_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(listed, file, indent=2)
        file.write("\n")


def _welcome(instance: Path) -> str:
    path = instance / ACCOUNTS_FILE
    if not path.exists():
        return f"The demo is loaded, but {path} with its passwords is gone."
    people = json.loads(path.read_text(encoding="utf-8"))
    lines = [f"  {p['role']:<20} {p['email']:<30} {p['password']}" for p in people]
    return "\n".join(
        [
            "",
            "DEMO – fictional people, passwords on display. Never use this with real data.",
            *lines,
            f"Mails are written to {instance / 'mail'}",
            f"Open {current_app.config['PLATFORM_URL']}",
            "",
        ]
    )
