"""Who reads which column that tells of an expert: each is marked, and everybody's pages searched.

`READERS` is the promise. Three experts are looked at: one who said yes to a request, one who is
proposed for it, one who is selected; each role is that of a person whom this may concern.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import forget_limits, writing
from tests.pages import Pages
from tests.structure.access_of_accounts import NONE
from tests.structure.test_access_matrix import MATRIX, arguments
from tests.webapp.mission_documents.saving import save
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Base
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.curricula.models import CurriculumDraft
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import RequestState
from webapp.experts.models import (
    ClosedJurisdiction,
    ConfirmationState,
    EvidenceConfirmation,
    Expert,
    ExpertTheme,
    Gender,
    JurisdictionNote,
    LanguageSkill,
    NoteKind,
    UnavailablePeriod,
)
from webapp.experts.models import IdentityChange as Change
from webapp.experts.standing_tables import Approval, ProfileMerge
from webapp.matches.models import Match, MatchState
from webapp.mission_documents import sweep
from webapp.mission_documents.models import DocumentKind
from webapp.roster.models import CoordinatorNote

STAGES = (MatchState.AVAILABLE, MatchState.PROPOSED, MatchState.SELECTED)
ANY, PROPOSED, SELECTED = range(3)
# From which stage on each reads a column; the expert who reads is the one who is selected.
OWN = {"expert": SELECTED, "coordinator": ANY}
SUMMARY = {**OWN, "requester": PROPOSED}
# Its nominating authority reads who an official is, and what it has approved.
AUTHORITY = {"nominating authority": ANY}
APPROVAL = {**OWN, **AUTHORITY}
IDENTITY = {**SUMMARY, **AUTHORITY}
READERS: dict[str, dict[str, int]] = {
    # Colleagues of the requester read the story of the request, which does not name them who.
    "expert.name": IDENTITY,
    "expert.gender": OWN,
    "expert.unit": OWN,
    "expert.entity": OWN,
    "expert.service_since": OWN,
    "expert.telephone": {**APPROVAL, "requester": SELECTED},
    "expert.jurisdiction": IDENTITY,
    "expert.institution": IDENTITY,
    "expert.post": IDENTITY,
    "expert.rank": IDENTITY,
    "expert.summary": OWN,
    "expert.english_summary": SUMMARY,
    "expert.max_days": OWN,
    "expert.notice_days": OWN,
    "expert.most_missions": OWN,
    "expert.approved_until": APPROVAL,
    "expert.contact_email": OWN,
    "expert.consent_version": OWN,
    "approval.scope": APPROVAL,
    "approval.letter": APPROVAL,
    "approval.starts": APPROVAL,
    "approval.until": APPROVAL,
    "identity_change.name": OWN,
    "identity_change.post": OWN,
    "identity_change.rank": OWN,
    "identity_change.institution": OWN,
    "identity_change.jurisdiction": OWN,
    "expert_theme.years": IDENTITY,
    "evidence.title": SUMMARY,
    "evidence.description": OWN,
    "evidence.jurisdiction": SUMMARY,
    "evidence.place": OWN,
    "evidence.role": SUMMARY,
    "evidence.started": SUMMARY,
    "evidence.ended": SUMMARY,
    "evidence_confirmation.name": OWN,
    "evidence_confirmation.organisation": OWN,
    "evidence_confirmation.email": OWN,
    "training.title": OWN,
    "training.expires": OWN,
    "language_skill.language": SUMMARY,
    "language_skill.stanag": SUMMARY,
    "unavailable_period.start": OWN,
    "unavailable_period.end": OWN,
    "closed_jurisdiction.code": OWN,
    "jurisdiction_note.code": OWN,
    "curriculum_draft.text": {"expert": SELECTED},
    # The expert is given notes with the copy of their data, and on no page.
    "coordinator_note.text": {"coordinator": ANY},
    "profile_merge.left_behind": {"coordinator": ANY},
    "account.email": {**OWN, "requester": SELECTED, "administrator": ANY},
    "account.name": {**OWN, "administrator": ANY},
    "account.institution": {"expert": SELECTED, "administrator": ANY},
    "account.password": {},
    "account.fs_uniquifier": {},
}
# Numbers of rows, and words that are the same for many people, so that no mark fits in.
UNMARKED = {
    *("id", "expert_id", "account_id", "version", "revision", "state", "state_since"),
    *("kind", "level", "priority", "theme_code", "last_confirmed_at", "reason_id", "search_text"),
    *("nato_rank", "service", "ways", "kept_out", "listening", "speaking", "reading", "writing"),
    *("evidence_id", "expires_at", "token_hash", "read_at", "pieces"),
    *("authority_id", "organisation_id", "consented_at", "availability", "availability_at"),
    *("asked_at", "ended_on", "granted_by", "search_words", "gone_id", "merged_at", "merged_by"),
    *("written_at", "written_by", "changed_at", "changed_by"),
}
TABLES = sorted({column.partition(".")[0] for column in READERS} - {"account"})
# What a page offers to choose from says nothing of anybody, and a token may hold any digits.
OFFERED = re.compile(r"<option(?![^>]* selected)[^>]*>[^<]*|<input[^>]*csrf_token[^>]*>")
GENDERS = tuple(Gender)


def kind_of(column: str) -> Any:
    """Return the type of a column, which is called by its table and its name."""
    table, _, name = column.partition(".")
    return Base.metadata.tables[table].c[name].type


def marks(column: str, stage: int) -> tuple[Any, str]:
    """Return the value that an expert at this stage has in a column, and how pages show it."""
    place = list(READERS).index(column)
    kind = kind_of(column)
    if isinstance(kind, sa.Date):
        # Work that is done lies in the past, and all else in the future. No two have one year.
        place = [one for one in READERS if isinstance(kind_of(one), sa.Date)].index(column)
        year = (1900 if column.startswith("evidence") else 2040) + 3 * place + stage
        return date(year, 1, 1), str(year)
    if isinstance(kind, sa.Integer):
        number, shown = {
            "max_days": (701, "%s days"),
            "notice_days": (357, "%s days"),
            "years": (51, "%s years"),
            "service_since": (1955, "since %s"),
            "most_missions": (7, "Most missions in a year</dt><dd>%s"),
        }[column.partition(".")[2]]
        return number + stage, shown % (number + stage)
    if column == "expert.gender":
        return GENDERS[stage], f"marked-gender-{stage}"
    if isinstance(kind, sa.String) and kind.length == 3:
        code = f"q{chr(ord('a') + place % 26)}{chr(ord('k') + stage)}"
        return code, code
    word = f"marked-{column.replace('_', '-')}-{stage}"
    if isinstance(kind, sa.JSON):
        return {"unit": word}, word
    return (f"{word}@example.org" if column == "account.email" else word), word


def mark(session: Session, expert: Expert, stage: int) -> None:
    """Write the marks into all rows of an expert."""
    for name in (*TABLES, "account"):
        table = Base.metadata.tables[name]
        values = {
            column.partition(".")[2]: marks(column, stage)[0]
            for column in READERS
            if column.partition(".")[0] == name and column != "account.password"
        }
        key, owner = {
            "expert": ("id", expert.id),
            "account": ("id", expert.account_id),
        }.get(name, ("expert_id", expert.id))
        session.execute(sa.update(table).where(table.c[key] == owner).values(values))
    session.expire_all()


def populate(session: Session, world: factories.World) -> list[Match]:
    """Put an expert of each stage beside those of the world, for requests of its requester."""
    session.execute(sa.update(Expert).values(gender=None))
    requester = session.merge(world.first(Role.REQUESTER))
    found = []
    for stage, state in enumerate(STAGES):
        day = date(2032, 1, 5 + stage)
        expert = factories.expert(
            session,
            unavailable=[UnavailablePeriod(start=day, end=day)],
            closed_jurisdictions=[ClosedJurisdiction(code="SRB")],
            languages=[LanguageSkill(language="en", level=CefrLevel.C1)],
            themes=[ExpertTheme(theme_code="SALW-MTR", priority=1)],
            jurisdiction_notes=[JurisdictionNote(code="UKR", kind=NoteKind.KNOWN)],
        )
        expert.evidence[0].confirmation = EvidenceConfirmation(
            expert_id=expert.id,
            state=ConfirmationState.CONFIRMED,
            state_since=clock.now(),
            expires_at=clock.now(),
            name="",
            organisation="",
            email="",
        )
        expert.authority_id = world.first(Role.NOMINATING_AUTHORITY).organisation_id
        session.add(
            Approval(
                expert_id=expert.id,
                organisation_id=expert.authority_id,
                state_since=clock.now(),
                starts=day,
                until=date(2040, 1, 1),
            )
        )
        words = {"name": "", "post": "", "rank": "", "institution": ""}
        session.add(Change(expert_id=expert.id, state_since=clock.now(), **words))
        nothing = {"evidence": [], "trainings": [], "languages": [], "summary": "", "telephone": ""}
        session.add(
            CurriculumDraft(expert_id=expert.id, read_at=clock.now(), text="", pieces=nothing)
        )
        session.add(
            CoordinatorNote(expert_id=expert.id, text="", written_at=clock.now(), written_by=1)
        )
        session.add(
            ProfileMerge(
                expert_id=expert.id, gone_id=9000 + stage, merged_at=clock.now(), left_behind={}
            )
        )
        session.flush()
        mark(session, expert, stage)
        wanted = factories.request(
            session, RequestState.ACCEPTED, requester=requester, start=day, end=day
        )
        found.append(factories.match(session, state, request=wanted, expert=expert))
    for match in found:
        session.refresh(match, ["request_id", "expert_id", "id"])
    return found


def readable(
    app: Flask, who: str, world: factories.World, rows: list[Match], mission: Deployment
) -> Iterator[str]:
    """Yield the addresses of all pages that the matrix opens to somebody, with each expert's, and
    those of the mission of the one who goes."""
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if who not in MATRIX[rule.endpoint].get("GET", NONE) or "static" in rule.endpoint:
            continue
        usual = {name: arguments(rule.endpoint, world)[name] for name in rule.arguments}
        theirs = [
            {"match_id": row.id, "request_id": row.request_id, "expert_id": row.expert_id}
            for row in rows
        ]
        theirs[SELECTED]["deployment_id"] = mission.id
        about = [given for given in theirs if usual.keys() & given.keys()]
        for given in about or [{}]:
            fitting = {name: given.get(name, value) for name, value in usual.items()}
            yield urls.build(rule.endpoint, fitting)


def documents(pages: Pages, rows: list[Match], mission: Deployment) -> str:
    """Return what stands in all documents of the mission, and in the letters that ask for release,
    that somebody is given."""
    kinds = [kind for kind in DocumentKind if kind is not DocumentKind.NOMINATION]
    addresses = [f"/deployments/{mission.id}/documents/{kind}" for kind in kinds]
    addresses += [f"/matches/{row.id}/nomination-letter" for row in rows]
    return "\n".join(save(pages, address).get_data(as_text=True) for address in addresses)


def seen_by(pages: Pages, addresses: Iterator[str], text: str) -> set[tuple[str, int]]:
    """Return the columns and stages whose marks stand on these pages, or in a text."""
    forget_limits(pages.app)
    for address in addresses:
        answer = pages.client.get(address)
        text += OFFERED.sub("", answer.get_data().decode("utf-8", "replace"))
        answer.close()
    return {
        (column, stage)
        for column in READERS
        for stage in range(len(STAGES))
        if re.search(rf"(?<![\w.-]){re.escape(marks(column, stage)[1])}(?!\w|[.-]\w)", text)
    }


def test_every_column_that_tells_of_an_expert_has_its_readers() -> None:
    columns = {f"{name}.{c.name}" for name in TABLES for c in Base.metadata.tables[name].columns}
    assert {c for c in columns if c.partition(".")[2] not in UNMARKED} == {
        column for column in READERS if not column.startswith("account.")
    }


@pytest.mark.long
def test_each_column_is_read_by_those_who_are_promised_it_and_by_nobody_else(
    app: Flask,
    world: factories.World,
    visitor: Callable[[], Pages],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for stage, gender in enumerate(GENDERS):
        monkeypatch.setattr(gender, "label", f"marked-gender-{stage}")
    with writing(app) as session:
        rows = populate(session, world)
        selected = session.query(Account).filter_by(email=marks("account.email", SELECTED)[0]).one()
        mission = session.query(Deployment).filter_by(match_id=rows[SELECTED].id).one()
    monkeypatch.setattr(sweep, "make_pdf", str.encode)
    people: dict[str, tuple[str, Any]] = {
        "stranger": ("stranger", None),
        "nobody": ("nobody", world.nobody),
        "colleague": (Role.REQUESTER, world.colleague),
        "other requester": (Role.REQUESTER, world.second(Role.REQUESTER)),
        "other expert": (Role.EXPERT, world.second(Role.EXPERT)),
        **{role: (role, world.first(role)) for role in Role},
        "expert": (Role.EXPERT, selected),
    }
    wrong = []
    for who, (role, person) in people.items():
        pages = visitor() if person is None else visitor().come_in(person)
        promised = {
            (column, stage)
            for column, readers in READERS.items()
            for stage in range(len(STAGES))
            if stage >= readers.get(who, len(STAGES))
        }
        told = "" if person is None else documents(pages, rows, mission)
        assert who != "expert" or marks("expert.name", SELECTED)[1] in told
        seen = seen_by(pages, readable(app, role, world, rows, mission), told)
        wrong += [f"{who} reads {column} of stage {stage}" for column, stage in seen - promised]
        wrong += [f"{who} misses {column} of stage {stage}" for column, stage in promised - seen]
    assert not wrong, "\n".join(sorted(wrong))
