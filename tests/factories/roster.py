"""Experts with full profiles."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.people import account, next_number, person_name, work
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.core.words.vocabularies import CefrLevel
from webapp.experts import operations
from webapp.experts.joining import CONSENT_VERSION
from webapp.experts.models import (
    Evidence,
    EvidenceKind,
    Expert,
    ExpertState,
    ExpertTheme,
    Gender,
    LanguageSkill,
    Training,
)
from webapp.experts.standing_tables import Approval
from webapp.matches.models import Match

FOR_YEARS = date(2060, 1, 1)


def _profile(number: int) -> dict[str, Any]:
    """Return a profile as most active experts have it."""
    return {
        "state": ExpertState.ACTIVE,
        "name": person_name(number),
        "gender": Gender.FEMALE,
        "jurisdiction": "MNE",
        "institution": f"Fictional Police Directorate {number}",
        "post": "Head of unit",
        "rank": "Chief inspector",
        "summary": "Leads a unit for marking and tracing of small arms and trains investigators.",
        "max_days": 30,
        "notice_days": 14,
        "consent_version": CONSENT_VERSION,
        "consented_at": clock.now(),
        "last_confirmed_at": clock.now(),
        "themes": [
            ExpertTheme(theme_code="SALW-MTR", priority=1, years=9),
            ExpertTheme(theme_code="SALW-TRF", priority=2, years=6),
        ],
        "evidence": [
            Evidence(
                kind=EvidenceKind.TRAINING_GIVEN,
                title=f"Course on firearms tracing no. {number}",
                description="Taught the tracing of seized firearms to investigators.",
                jurisdiction="MNE",
                started=date(2016, 3, 1),
                ended=date(2016, 3, 4),
            )
        ],
        "trainings": [Training(title="Instructor's certificate", expires=date(2030, 1, 1))],
        "languages": [
            LanguageSkill(language="en", level=CefrLevel.C1),
            LanguageSkill(language="cnr", level=CefrLevel.C2),
        ],
    }


def _facts_of(state: ExpertState | None) -> dict[str, Any]:
    """Return what is true of a profile because it is in a state."""
    if state is ExpertState.DORMANT:
        return {"last_confirmed_at": clock.now() - timedelta(days=400)}
    if state is ExpertState.EXPIRED:
        return {"approved_until": clock.today() - timedelta(days=1)}
    return {}


def expert(
    session: Session, *, person: Account | None = None, signs_in: bool = True, **values: Any
) -> Expert:
    """Put an active expert with a full profile on the roster; `values` replace parts of it.

    The profile belongs to `person`, or to a new account; with `signs_in=False` to none.
    """
    number = next_number()
    profile = {**_profile(number), **_facts_of(values.get("state")), **values}
    if person is None and signs_in:
        person = account(session, Role.EXPERT, name=profile["name"])
    made = Expert(account=person, **profile)
    operations.add(work(session, person), made)
    if made.approved_until is not None:
        _approve(session, made, made.approved_until)
    return made


def make_official(session: Session, made: Expert, authority_id: int | None) -> None:
    """Make somebody an official of an authority that has approved them for years, and was asked
    about them from the beginning."""
    made.authority_id, made.approved_until = authority_id, FOR_YEARS
    of_theirs = sa.update(Match).where(Match.expert_id == made.id)
    session.execute(of_theirs.values(authority_id=authority_id))
    _approve(session, made, FOR_YEARS)


def _approve(session: Session, made: Expert, until: date) -> None:
    session.add(
        Approval(
            expert_id=made.id,
            organisation_id=made.authority_id,
            state_since=clock.now(),
            starts=min(until, clock.today()),
            until=until,
        )
    )
    session.flush()
