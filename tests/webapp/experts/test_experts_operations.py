"""Every write to a profile: by whom, at which version, seen by the ranking, and what is logged."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests import factories
from webapp.core.actor import Actor
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.record import audit
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.vocabularies import CefrLevel
from webapp.experts import operations, queries
from webapp.experts.contents import About, Claim, EvidenceContent, Skill, TrainingContent
from webapp.experts.models import EvidenceKind, Expert, ExpertState
from webapp.experts.workflow import WORKFLOW, ExpertStep

CANARY = "canarytext"
Write = Callable[..., Any]

WRITES: dict[str, Write] = {
    "about": lambda s, e, **how: operations.save_about(
        s, e, About(name=CANARY, summary=CANARY), **how
    ),
    "themes": lambda s, e, **how: operations.save_themes(
        s, e, [Claim("SALW-TRF", 3), Claim("SALW-MTR")], [Claim("SALW-POL")], **how
    ),
    "languages": lambda s, e, **how: operations.save_languages(
        s, e, [Skill("fr", CefrLevel.B1), Skill("en", CefrLevel.C2)], **how
    ),
    "unavailable": lambda s, e, **how: operations.save_unavailable(
        s, e, [(date(2027, 3, 1), date(2027, 3, 9))], **how
    ),
    "close jurisdiction": lambda s, e, **how: operations.close_jurisdiction(s, e, "SYR", **how),
    "add evidence": lambda s, e, **how: operations.add_entry(
        s, e, EvidenceContent(EvidenceKind.PROJECT, CANARY, CANARY), **how
    ),
    "change evidence": lambda s, e, **how: operations.change_entry(
        s, e, e.evidence[0], EvidenceContent(EvidenceKind.MISSION, CANARY), **how
    ),
    "remove evidence": lambda s, e, **how: operations.remove_entry(s, e, e.evidence[0], **how),
    "add training": lambda s, e, **how: operations.add_entry(
        s, e, TrainingContent(CANARY, date(2031, 1, 1)), **how
    ),
    "change training": lambda s, e, **how: operations.change_entry(
        s, e, e.trainings[0], TrainingContent(CANARY), **how
    ),
    "remove training": lambda s, e, **how: operations.remove_entry(s, e, e.trainings[0], **how),
    "confirm": operations.confirm,
}


def owner(expert: Expert) -> Actor:
    return factories.actor(expert.account, Role.EXPERT)


def do(session: Session, expert: Expert, write: Write, **how: Any) -> None:
    given = {"seen_version": expert.version, "actor": owner(expert), **how}
    write(factories.work(session, given.pop("actor")), expert, **given)


def last_event(session: Session) -> AuditEvent:
    audit.seal(session)
    return session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


@pytest.mark.parametrize("name", WRITES)
def test_each_write_raises_revision_and_version_and_is_logged_without_text(
    session: Session, name: str
) -> None:
    expert = factories.expert(session)
    audit.seal(session)
    version, revision = expert.version, queries.get_roster_revision(session)
    do(session, expert, WRITES[name])
    assert expert.revision == queries.get_roster_revision(session) == revision + 1
    assert expert.version == version + 1
    assert expert in queries.list_changed_since(session, revision)
    event = last_event(session)
    assert (event.subject, event.subject_id) == ("expert", expert.id)
    assert event.actor_id == expert.account_id
    assert CANARY not in f"{event.details}{event.reason}{event.action}"
    assert event.details["section"]


@pytest.mark.parametrize("name", WRITES)
def test_nobody_writes_the_profile_of_another(session: Session, name: str) -> None:
    expert, other = factories.expert(session), factories.expert(session)
    coordinator = factories.account(session, Role.COORDINATOR)
    revision = queries.get_roster_revision(session)
    for actor in (
        owner(other),
        factories.actor(coordinator, Role.COORDINATOR),
        Actor(None, frozenset({Role.EXPERT})),
        Actor(expert.account_id, frozenset({Role.REQUESTER})),
    ):
        with pytest.raises(ForbiddenError):
            do(session, expert, WRITES[name], actor=actor)
    assert queries.get_roster_revision(session) == revision


@pytest.mark.parametrize("name", WRITES)
def test_a_stale_write_is_refused(session: Session, name: str) -> None:
    expert = factories.expert(session)
    opened = expert.version
    do(session, expert, WRITES["close jurisdiction"])
    revision = queries.get_roster_revision(session)
    with pytest.raises(ConflictError, match="changed since you opened"):
        do(session, expert, WRITES[name], seen_version=opened)
    assert queries.get_roster_revision(session) == revision


def test_what_was_not_changed_is_no_write(session: Session) -> None:
    expert = factories.expert(session)
    audit.seal(session)
    version, revision = expert.version, queries.get_roster_revision(session)
    same = About(**{name: getattr(expert, name) for name in vars(About("x"))})
    for write in (
        lambda s, e, **how: operations.save_about(s, e, same, **how),
        lambda s, e, **how: operations.save_themes(
            s, e, [Claim("SALW-MTR", 9), Claim("SALW-TRF", 6)], **how
        ),
        lambda s, e, **how: operations.save_languages(
            s, e, [Skill("en", CefrLevel.C1), Skill("cnr", CefrLevel.C2)], **how
        ),
        lambda s, e, **how: operations.save_unavailable(s, e, [], **how),
    ):
        do(session, expert, write)
    assert (expert.version, queries.get_roster_revision(session)) == (version, revision)
    assert not session.info.get(audit.PENDING)


def test_themes_change_places_and_leave(session: Session) -> None:
    expert = factories.expert(session)
    do(session, expert, WRITES["themes"])
    session.expire_all()
    found = [(row.theme_code, row.priority, row.years) for row in expert.themes]
    assert found == [("SALW-TRF", 1, 3), ("SALW-MTR", 2, None), ("SALW-POL", 9, None)]
    do(
        session,
        expert,
        lambda s, e, **how: operations.save_themes(s, e, [Claim("SALW-POL")], **how),
    )
    session.expire_all()
    assert [(row.theme_code, row.priority) for row in expert.themes] == [("SALW-POL", 1)]


@pytest.mark.parametrize(
    "write",
    [
        lambda s, e, **how: operations.save_themes(
            s, e, [Claim("SALW-POL")], [Claim("SALW-POL")], **how
        ),
        lambda s, e, **how: operations.save_themes(
            s, e, [Claim(code) for code in ("SALW-POL", "SALW-TRF", "SALW-MTR", "SALW-COM")], **how
        ),
        lambda s, e, **how: operations.save_languages(
            s, e, [Skill("en", CefrLevel.B1), Skill("en", CefrLevel.B2)], **how
        ),
        lambda s, e, **how: operations.save_unavailable(
            s, e, [(date(2027, 3, 2), date(2027, 3, 1))], **how
        ),
    ],
)
def test_lists_that_contradict_themselves_are_refused(session: Session, write: Write) -> None:
    with pytest.raises(ConflictError):
        do(session, factories.expert(session), write)


def test_an_entry_of_another_profile_is_neither_changed_nor_removed(session: Session) -> None:
    expert, other = factories.expert(session), factories.expert(session)
    row = other.evidence[0]
    content = EvidenceContent(EvidenceKind.MISSION, CANARY)
    with pytest.raises(ForbiddenError):
        do(session, expert,
           lambda s, e, **how: operations.change_entry(s, e, row, content, **how))  # fmt: skip
    with pytest.raises(ForbiddenError):
        do(session, expert, lambda s, e, **how: operations.remove_entry(s, e, row, **how))
    assert row.title != CANARY
    assert other.evidence == [row]


def _add(content: EvidenceContent, s: UnitOfWork, e: Expert, **how: Any) -> None:
    operations.add_entry(s, e, content, **how)


def test_there_is_an_end_to_entries(session: Session) -> None:
    expert = factories.expert(session)
    for number in range(operations.MOST_ENTRIES - 1):
        content = EvidenceContent(EvidenceKind.PROJECT, f"Project {number}")
        do(session, expert, partial(_add, content))
    with pytest.raises(ConflictError, match="room for 40"):
        do(session, expert, WRITES["add evidence"])


def test_confirming_notes_the_moment_and_brings_back_who_was_dormant(session: Session) -> None:
    for state in ExpertState:
        expert = factories.expert(session, state=state, last_confirmed_at=None)
        do(session, expert, WRITES["confirm"])
        assert expert.last_confirmed_at is not None
        dormant = state is ExpertState.DORMANT
        assert expert.state is (ExpertState.ACTIVE if dormant else state)
        audit.seal(session)
        assert len(queries.list_steps_taken(session, expert)) == dormant


@pytest.mark.thorough
@pytest.mark.parametrize("step", ExpertStep)
@pytest.mark.parametrize("state", ExpertState)
def test_steps_lead_where_the_table_says_or_nowhere(
    session: Session, step: ExpertStep, state: ExpertState
) -> None:
    expert = factories.expert(session, state=state)
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    revision = queries.get_roster_revision(session)
    why, seen = factories.grounds(WORKFLOW[step]), expert.version
    if step in WORKFLOW.possible(state, work.actor):
        operations.take(work, expert, step, why, seen_version=seen)
        assert expert.state is WORKFLOW[step].target
        assert expert.revision == revision + 1
        event = last_event(session)
        assert (event.action, event.reason) == (f"expert: {step}", "other")
        assert (event.details["before"], event.details["after"]) == (state, expert.state)
    else:
        with pytest.raises((ConflictError, ForbiddenError)):
            operations.take(work, expert, step, why, seen_version=seen)
        assert expert.state is state


def test_only_coordinators_decide_and_not_on_themselves(session: Session) -> None:
    expert = factories.expert(session)
    both = Actor(expert.account_id, frozenset({Role.EXPERT, Role.COORDINATOR}))
    for actor in (owner(expert), both):
        with pytest.raises(ForbiddenError):
            operations.take(
                factories.work(session, actor), expert, ExpertStep.SUSPEND, factories.grounds()
            )
    assert expert.state is ExpertState.ACTIVE


def test_suspending_needs_a_reason(session: Session) -> None:
    work = factories.work(session, factories.account(session, Role.COORDINATOR))
    with pytest.raises(ConflictError, match="reason"):
        operations.take(
            work, factories.expert(session), ExpertStep.SUSPEND, factories.grounds(text=" ")
        )


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(names=st.lists(st.sampled_from(sorted(WRITES)), max_size=8))
def test_the_revision_rises_with_every_edit_that_changes_something(
    session: Session, names: list[str]
) -> None:
    expert = factories.expert(session)
    audit.forget(session)
    for name in names:
        before = (expert.revision, expert.version, queries.get_roster_revision(session))
        if name.endswith("evidence") and name != "add evidence" and not expert.evidence:
            continue
        if name.endswith("training") and name != "add training" and not expert.trainings:
            continue
        with suppress(TwinError):
            do(session, expert, WRITES[name])
        after = (expert.revision, expert.version, queries.get_roster_revision(session))
        if session.info.get(audit.PENDING):
            assert all(new > old for new, old in zip(after, before, strict=True))
            assert after[0] == after[2]
        else:
            assert after == before
        audit.forget(session)
