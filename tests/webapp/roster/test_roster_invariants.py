"""What `flask check` says of a profile that has ended in another one, and goes on in some way."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from webapp.core import clock, invariants
from webapp.core.roles import Role
from webapp.experts.models import Evidence, EvidenceKind, Expert, ExpertState
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.roster import merging
from webapp.roster.models import CoordinatorNote

pytestmark = pytest.mark.both_databases


def joined(session: Session, *, twice: MatchState | None = None) -> tuple[Expert, Expert]:
    """Join two profiles and return the one that is kept and the one that has ended."""
    kept, gone = (factories.expert(session, signs_in=False, name="Jelena Zgled") for _ in range(2))
    if twice is not None:
        there = factories.match(session, twice, expert=gone)
        factories.match(session, MatchState.CANCELLED, request=there.request, expert=kept)
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    merging.join(work, kept, gone, (), seen=(kept.version, gone.version))
    return kept, gone


def faults(session: Session) -> list[str]:
    session.flush()
    return [fault for fault in invariants.run(session) if "was joined with" in fault]


def test_two_that_were_joined_are_sound(app: Flask) -> None:
    with writing(app) as session:
        joined(session)
        joined(session, twice=MatchState.CANCELLED)
        assert invariants.run(session) == []


def evidence_of(session: Session, gone: Expert) -> None:
    kind = EvidenceKind.PROJECT
    session.add(Evidence(expert_id=gone.id, kind=kind, title="A", started=date(2020, 1, 1)))


def match_of(session: Session, gone: Expert) -> None:
    session.get_one(Match, factories.match(session).id).expert_id = gone.id


def booking_of(session: Session, gone: Expert) -> None:
    match = factories.match(session)
    session.add(BookedDay(expert_id=gone.id, day=date(2031, 1, 1), match_id=match.id))


def note_of(session: Session, gone: Expert) -> None:
    session.add(CoordinatorNote(expert_id=gone.id, text="A", written_at=clock.now(), written_by=1))


@pytest.mark.parametrize(
    ("break_it", "table"),
    [
        (evidence_of, "evidence"),
        (match_of, "match"),
        (booking_of, "booked_day"),
        (note_of, "coordinator_note"),
    ],
)
def test_whatever_belongs_to_the_old_number_is_told(
    app: Flask, break_it: Callable[[Session, Expert], None], table: str
) -> None:
    with writing(app) as session:
        kept, gone = joined(session)
        break_it(session, gone)
        who = f"expert {gone.id}, who was joined with expert {kept.id}"
        assert faults(session) == [f"{table} has rows of {who}"]


def test_an_ended_match_stays_only_beside_one_of_the_profile_that_is_kept(app: Flask) -> None:
    with writing(app) as session:
        _kept, gone = joined(session, twice=MatchState.CANCELLED)
        assert faults(session) == []
        stays = factories.match(session, MatchState.CANCELLED)
        stays.expert_id = gone.id
        assert len(faults(session)) == 1


def test_a_profile_that_goes_on_after_it_was_joined_is_told(app: Flask) -> None:
    with writing(app) as session:
        kept, other = (factories.expert(session, signs_in=False) for _ in range(2))
        session.add(
            ProfileMerge(expert_id=kept.id, gone_id=other.id, merged_at=clock.now(), left_behind={})
        )
        assert other.state is ExpertState.ACTIVE
        assert f"expert {other.id} was joined with expert {kept.id} and has not ended" in faults(
            session
        )
