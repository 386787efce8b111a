"""Every act is on a side, or says why it is on none: nobody decides on what is their own.

A new kind of act fails until it is given its place: among the steps of a workflow, in the tables of
`sides.py` and `deciders.py`, or here, with a reason.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading
from tests.structure.test_workflows import TABLES
from webapp.accounts.models import Account
from webapp.core.errors import ForbiddenError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.expertise_requests import sides as of_requests
from webapp.experts import joining
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert
from webapp.matches.deciders import BESIDES, BESIDES_OF_PROFILES
from webapp.matches.models import Match, MatchState

A = Action
STEPS = {action for workflow in TABLES.values() for action in workflow.actions()}
ON_NO_SIDE: dict[str, frozenset[Action]] = {
    "what somebody does with their own account and profile": frozenset({
        A.CONSENTED, A.SIGNED_IN, A.SIGN_IN_FAILED, A.SIGN_IN_LOCKED, A.SIGNED_OUT,
        A.PASSWORD_LINK_ASKED, A.PASSWORD_CHANGED, A.EMAIL_CHANGED, A.SECOND_FACTOR_CHANGED,
        A.PASSKEY_ADDED, A.PASSKEY_REMOVED, A.RECOVERY_CODES_MADE, A.RECOVERY_CODE_USED,
        A.ACCOUNT_ASKED_FOR, A.ACCOUNT_JOINED, A.SESSIONS_ENDED, A.FEED_MADE, A.FEED_ENDED,
        A.PROFILE_EDITED, A.PROFILE_CONFIRMED, A.PROFILE_ANSWERED, A.CONFIRMATION_ASKED,
        A.CURRICULUM_READ, A.DATA_COPIED, A.PERSON_ERASED, A.REQUEST_JOINED,
    }),
    "administrators have no other role, and none of these for their own account": frozenset({
        A.ACCOUNT_CREATED, A.ACCOUNT_CHANGED, A.ACCOUNT_INVITED, A.INVITATION_REVOKED,
        A.ACCOUNT_DISABLED, A.ACCOUNT_REACTIVATED, A.ACCOUNT_REFUSED, A.ROLES_CHANGED,
        A.SECOND_FACTOR_RESET, A.SETTINGS_CHANGED, A.ORGANISATION_CREATED, A.ORGANISATION_CHANGED,
        A.ORGANISATION_CLOSED, A.MEMBER_ADDED, A.MEMBER_REMOVED, A.LOG_SIGNED, A.BACKUP_RESTORED,
        A.DATABASE_MOVED, A.MAIL_TRIED_AGAIN, A.HOST_FORGOTTEN,
    }),
    "the platform does it by itself": frozenset({
        A.PASSWORD_LINK_SENT, A.PASSWORD_LINK_NOT_SENT, A.PROFILE_ASKED, A.REMINDED,
        A.RETENTION_TOLD, A.PEOPLE_FORGOTTEN, A.ROSTER_FAILED, A.DOCUMENT_MADE, A.DOCUMENT_FAILED,
        A.REQUEST_MOVED,
    }),
    "somebody was shown or refused something, and nothing was decided": frozenset({
        A.PROFILE_VIEWED, A.EVIDENCE_SHOWN, A.ACCESS_REFUSED, A.LIMIT_REACHED, A.DOCUMENT_ASKED,
    }),
    "whom an entry names answers by a link, and never the expert (confirmations.py)": frozenset({
        A.EVIDENCE_CONFIRMED, A.EVIDENCE_REFUSED,
    }),
    "roster_imports.operations asks by authority and by profile": frozenset({
        A.ROSTER_READ, A.ROSTER_CHOSEN, A.ROSTER_DROPPED, A.ROSTER_CONFIRMED, A.ROSTER_IMPORTED,
        A.ROSTER_UNDONE, A.PROFILE_UNDONE,
    }),
    "sides.note asks whose official it is: experts begin their own profile by it, too": frozenset({
        A.PROFILE_CREATED,
    }),
    "who sees to a request is refused to whoever is considered (candidates.py)": frozenset({
        A.REQUEST_HANDED, A.REQUEST_UNHANDED,
    }),
    "mission_checklists.rules.side_of knows whose each thing of a mission is": frozenset({
        A.ITEM_DONE, A.ITEM_LEFT_OUT, A.ITEM_REOPENED, A.RISK_ACCEPTED,
        A.ITEM_HANDED,
    }),
    "mission_reports.rules knows whose a report is, and a coordinator writes none of their own": (
        frozenset({
            A.REPORT_SAVED, A.REPORT_FILE_ADDED, A.REPORT_FILE_REMOVED, A.REPORT_SENT,
            A.REPORT_GIVEN_BACK, A.TEAM_REPORT_SENT, A.TEAM_REPORT_GIVEN_BACK,
            A.FOLLOW_UP_ANSWERED, A.LESSON_WRITTEN, A.LESSON_REMOVED,
        })
    ),
    "deployments.rules.is_office asks whose the mission is": frozenset({
        A.EMERGENCY_CONTACT_WRITTEN, A.EMERGENCY_CONTACT_ERASED, A.COSTS_CHANGED,
    }),
    "the vocabulary is nobody's own": frozenset({
        A.THEME_CREATED, A.THEME_CHANGED, A.THEME_RETIRED, A.THEME_OFFERED, A.SYNONYM_ADDED,
        A.SYNONYM_REMOVED,
    }),
    "a text that should not have been written is removed": frozenset({
        A.TEXTS_REMOVED,
    }),
}  # fmt: skip


def test_every_act_is_on_a_side_or_says_why_it_is_on_none() -> None:
    excused = [action for reason in ON_NO_SIDE.values() for action in reason]
    assert len(excused) == len(set(excused))
    placed = [frozenset(of_requests.BESIDES), BESIDES, BESIDES_OF_PROFILES, frozenset(excused)]
    assert set().union(*placed) == set(Action)
    assert sum(map(len, placed)) == len(set(Action)), "an act has one place"
    assert STEPS.isdisjoint(Action), "steps are asked for by their workflow"


def himself(session: Session) -> tuple[Account, Expert]:
    person = factories.account(session, Role.EXPERT, Role.COORDINATOR)
    return person, factories.expert(session, person=person)


def once_the_expert(session: Session) -> tuple[Account, Expert]:
    person, expert = himself(session)
    person.roles = [role for role in person.roles if role.name != Role.EXPERT]
    return person, expert


def of_the_authority(session: Session) -> tuple[Account, Expert]:
    house = factories.organisation(session).id
    roles = (Role.COORDINATOR, Role.NOMINATING_AUTHORITY)
    member = factories.account(session, *roles, organisation_id=house)
    return member, factories.expert(session, authority_id=house, signs_in=False)


def who_nominated(session: Session) -> tuple[Account, Expert]:
    house = factories.organisation(session).id
    member = factories.account(session, Role.NOMINATING_AUTHORITY, organisation_id=house)
    expert = joining.nominate(factories.work(session, member), Nominee("Ivo Nominated"))
    member.organisation_id = None
    member.roles = factories.account(session, Role.COORDINATOR).roles[:]
    return member, expert


def a_rival(session: Session) -> tuple[Account, Expert]:
    person, own = himself(session)
    request = factories.match(session, MatchState.AVAILABLE, expert=own).request
    return person, factories.match(session, MatchState.AVAILABLE, request=request).expert


WHOSE = [himself, once_the_expert, of_the_authority, who_nominated, a_rival]


def record(session: Session, action: Action, by: Account, expert: Expert) -> AuditEvent:
    other = factories.expert(session, signs_in=False).id
    return audit.record(factories.work(session, by), action, expert, gone=other, other=other)


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("action", sorted(BESIDES_OF_PROFILES))
def test_no_act_on_a_profile_is_recorded_by_those_whose_own_it_is(
    app: Flask, action: Action, whose: Callable[[Session], tuple[Account, Expert]]
) -> None:
    agrees = action is Action.PROFILE_CONSENTED and whose is himself
    with reading(app) as session:
        person, expert = whose(session)
        assert record(session, action, factories.account(session, Role.COORDINATOR), expert)
        if agrees:
            assert record(session, action, person, expert)
            return
        with pytest.raises(ForbiddenError):
            record(session, action, person, expert)


@pytest.mark.parametrize("action", sorted(BESIDES | {Action.LETTER_ADDED}))
def test_no_act_on_a_request_is_recorded_by_who_is_considered_for_it(
    app: Flask, action: Action
) -> None:
    with reading(app) as session:
        person, rival = a_rival(session)
        match = session.query(Match).filter_by(expert_id=rival.id).one()
        colleague = factories.account(session, Role.COORDINATOR)
        number = match.request_id
        assert audit.record(factories.work(session, colleague), action, match, request_id=number)
        with pytest.raises(ForbiddenError):
            audit.record(factories.work(session, person), action, match, request_id=number)
