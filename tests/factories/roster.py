"""Experts with full profiles."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories.people import account, next_number, person_name, work
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.roles import Role
from webapp.core.vocabularies import CefrLevel
from webapp.experts import operations
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


def _profile(number: int) -> dict[str, Any]:
    """Return a profile as most active experts have it."""
    return {
        "state": ExpertState.ACTIVE,
        "name": person_name(number),
        "gender": Gender.FEMALE if number % 2 else Gender.MALE,
        "jurisdiction": "MNE",
        "institution": f"Fictional Police Directorate {number}",
        "post": "Head of unit",
        "rank": "Chief inspector",
        "summary": "Leads a unit for marking and tracing of small arms and trains investigators.",
        "max_days": 30,
        "notice_days": 14,
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


def expert(
    session: Session, *, person: Account | None = None, signs_in: bool = True, **values: Any
) -> Expert:
    """Put an active expert with a full profile on the roster; `values` replace parts of it.

    The profile belongs to `person`, or to a new account; with `signs_in=False` to none.
    """
    number = next_number()
    profile = {**_profile(number), **values}
    if person is None and signs_in:
        person = account(session, Role.EXPERT, name=profile["name"])
    made = Expert(account=person, **profile)
    operations.add(work(session, person), made)
    return made
