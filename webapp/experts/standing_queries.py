"""Named selects of what a place on the roster rests on, and of an authority's own officials."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.accounts.queries import is_told_as, select_closed_to
from webapp.core.actor import Actor
from webapp.core.errors import NotFoundError
from webapp.core.paging import Page, get_page
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.experts import queries
from webapp.experts.models import EvidenceConfirmation, Expert, ExpertState, ExpertTheme
from webapp.experts.rules import SAME_LOOK
from webapp.experts.standing_tables import (
    Approval,
    ApprovalState,
    PhoneCall,
    ProfileMerge,
    ProfileQuestion,
    QuestionState,
)
from webapp.experts.workflow import WORKFLOW, ExpertStep

# Who is on the roster, or comes back by an approval; and by which steps SEESAC lets somebody on it.
LET_IN = frozenset({ExpertState.ACTIVE, ExpertState.DORMANT, ExpertState.EXPIRED})
VETTED = frozenset(map(WORKFLOW.action, (ExpertStep.ACTIVATE, ExpertStep.REACTIVATE)))
# By which steps SEESAC keeps somebody off it.
KEPT_OFF = frozenset(map(WORKFLOW.action, (ExpertStep.REFUSE, ExpertStep.TAKE_OFF)))
NO_APPROVAL = _("There is no such approval.")
NO_CALL = _("There is no such call.")


def list_approvals(session: Session, expert_id: int) -> Sequence[Approval]:
    """Return the approvals of an expert, the one that holds longest first."""
    return session.scalars(
        sa.select(Approval)
        .where(Approval.expert_id == expert_id)
        .options(selectinload(Approval.organisation), selectinload(Approval.reason))
        .order_by(Approval.until.desc(), Approval.id.desc())
    ).all()


def list_holding(
    session: Session, expert_ids: Collection[int], start: date, end: date
) -> dict[int, list[Approval]]:
    """Return, by expert, the approvals of the authority of now that hold on some day of these, the
    one that holds longest first."""
    days = {"experts": list(expert_ids), "start": start, "end": end}
    found: dict[int, list[Approval]] = {}
    for row, authority_id in session.execute(_holding(), days):
        if row.organisation_id == authority_id:
            found.setdefault(row.expert_id, []).append(row)
    return found


@cache
def _holding() -> sa.Select[Approval, int | None]:
    """Return what selects approvals of some experts with the authority of now of each.

    Whether it is of that one is not asked here: SQLite would look through all approvals of whoever
    has none, instead of those of the expert.
    """
    return (
        sa.select(Approval, Expert.authority_id)
        .join(Approval.expert)
        .where(
            Approval.expert_id.in_(sa.bindparam("experts", expanding=True)),
            Approval.state == ApprovalState.GRANTED,
            Approval.starts <= sa.bindparam("end"),
            Approval.until >= sa.bindparam("start"),
        )
        .order_by(Approval.until.desc(), Approval.id.desc())
    )


def list_approved_by(
    session: Session, expert_ids: Collection[int], account_ids: Collection[int], day: date
) -> Sequence[Approval]:
    """Return the approvals of these experts that hold on a day or will, and that somebody with one
    of these accounts has given."""
    return session.scalars(
        sa.select(Approval)
        .where(
            Approval.expert_id.in_(expert_ids),
            Approval.granted_by.in_(account_ids),
            Approval.state == ApprovalState.GRANTED,
            Approval.until >= day,
        )
        .order_by(Approval.until, Approval.id)
    ).all()


def is_vetted_by(session: Session, expert: Expert, account_ids: Collection[int | None]) -> bool:
    """Tell whether somebody with one of these accounts has let the expert onto the roster, and
    nobody else has since."""
    if expert.state not in LET_IN:
        return False
    last = _last_event(session, expert, VETTED)
    return (last.actor_id if last else None) in account_ids


def list_own_approvals(session: Session, expert: Expert) -> list[Approval]:
    """Return the approvals of an official by the authority of now; what those before it have said
    is theirs."""
    approvals = list_approvals(session, expert.id)
    return [row for row in approvals if row.organisation_id == expert.authority_id]


def get_own_approval(session: Session, expert: Expert, number: int) -> Approval:
    """Return an approval of this official by the authority of now; of others there is none."""
    row = get_approval(session, expert, number)
    if row.organisation_id != expert.authority_id:
        raise NotFoundError(NO_APPROVAL)
    return row


def get_approval(session: Session, expert: Expert, number: int) -> Approval:
    """Return an approval of this expert."""
    row = session.get(Approval, number)
    if row is None or row.expert_id != expert.id:
        raise NotFoundError(NO_APPROVAL)
    return row


def list_officials(session: Session, actor: Actor, number: int = 1) -> Page[Expert]:
    """Return a page of the officials of the authority for which this person acts, by name."""
    chosen = (
        sa.select(Expert)
        .where(_is_own(actor))
        .options(selectinload(Expert.themes).selectinload(ExpertTheme.theme))
        .order_by(Expert.search_text, Expert.id)
    )
    return get_page(session, chosen, number, size=queries.PER_PAGE)


def _is_own(actor: Actor) -> sa.ColumnElement[bool]:
    if Role.NOMINATING_AUTHORITY not in actor.roles or actor.organisation_id is None:
        return sa.false()
    return Expert.authority_id == actor.organisation_id


def get_official(session: Session, actor: Actor, expert_id: int) -> Expert:
    """Return an official of the authority for which this person acts; of no other there is any."""
    expert = session.scalars(
        sa.select(Expert)
        .where(Expert.id == expert_id, _is_own(actor))
        .options(selectinload(Expert.themes).selectinload(ExpertTheme.theme))
    ).one_or_none()
    if expert is None:
        raise NotFoundError(_("There is no such official."))
    return expert


def list_ending(session: Session, actor: Actor, by: date) -> Sequence[Expert]:
    """Return the own officials on the roster whose approval has ended, or ends by a day."""
    return session.scalars(
        sa.select(Expert)
        .where(
            _is_own(actor),
            Expert.state.in_({ExpertState.ACTIVE, ExpertState.DORMANT, ExpertState.EXPIRED}),
            Expert.approved_until <= by,
        )
        .order_by(Expert.approved_until, Expert.id)
    ).all()


def list_unapproved(session: Session, actor: Actor) -> Sequence[Expert]:
    """Return the own officials, nominated or of another authority before, who are not approved."""
    return session.scalars(
        sa.select(Expert)
        .where(
            _is_own(actor),
            Expert.state.in_({ExpertState.NOMINATED, ExpertState.SCREENING, ExpertState.EXPIRED}),
            Expert.approved_until.is_(None),
        )
        .order_by(Expert.id)
    ).all()


def list_in_states(
    session: Session, states: Collection[ExpertState], *, most: int
) -> tuple[Sequence[Expert], int]:
    """Return at most so many experts in `states`, who came first first, and how many there are."""
    with_account = selectinload(Expert.account).selectinload(Account.roles)
    chosen = sa.select(Expert).where(Expert.state.in_(states)).options(with_account)
    page = get_page(session, chosen.order_by(Expert.revision, Expert.id), 1, size=most)
    return page.items, page.total


def list_ending_approvals(session: Session, today: date, by: date) -> Sequence[Expert]:
    """Return experts on the roster whose approval ends from today to a day, soonest first."""
    return session.scalars(
        sa.select(Expert)
        .where(
            Expert.state.in_({ExpertState.ACTIVE, ExpertState.DORMANT}),
            Expert.approved_until.between(today, by),
        )
        .order_by(Expert.approved_until, Expert.id)
    ).all()


def list_shut_out(session: Session) -> list[tuple[Expert, datetime]]:
    """Return active experts whom their account does not let in as experts any more, and since when.

    Nobody reaches them by it, and so it is for SEESAC to decide what becomes of the profile.
    """
    happened = (
        sa.select(sa.func.max(AuditEvent.at))
        .where(
            AuditEvent.subject == Account.__tablename__,
            AuditEvent.subject_id == Account.id,
            AuditEvent.action.in_({Action.ACCOUNT_DISABLED, Action.ROLES_CHANGED}),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Expert, sa.func.coalesce(happened, Account.created_at))
        .join(Expert.account)
        # By a list of few accounts, as nearly everybody on the roster is let in.
        .where(Expert.account_id.in_(select_closed_to(Role.EXPERT)), ~is_told_as(Role.EXPERT))
        .where(Expert.state == ExpertState.ACTIVE)
        .order_by(Expert.id)
    )
    return [(expert, since) for expert, since in rows]


def list_open_questions(session: Session, expert_id: int) -> Sequence[ProfileQuestion]:
    """Return what an expert is asked to add, oldest first."""
    return session.scalars(
        sa.select(ProfileQuestion)
        .where(ProfileQuestion.expert_id == expert_id, ProfileQuestion.state == QuestionState.OPEN)
        .options(selectinload(ProfileQuestion.reason))
        .order_by(ProfileQuestion.id)
    ).all()


def who_is_asked(session: Session) -> set[int]:
    """Return the ids of experts who are asked to add something."""
    return set(
        session.scalars(
            sa.select(ProfileQuestion.expert_id).where(ProfileQuestion.state == QuestionState.OPEN)
        )
    )


def get_question(session: Session, expert: Expert, number: int) -> ProfileQuestion:
    """Return something that was asked of this expert."""
    row = session.get(ProfileQuestion, number)
    if row is None or row.expert_id != expert.id:
        raise NotFoundError(_("There is no such question."))
    return row


def list_calls(session: Session) -> Sequence[PhoneCall]:
    """Return the calls that wait for a coordinator, oldest first."""
    return session.scalars(
        sa.select(PhoneCall)
        .where(PhoneCall.done_at.is_(None))
        .options(selectinload(PhoneCall.expert))
        .order_by(PhoneCall.since, PhoneCall.id)
    ).all()


def get_call(session: Session, number: int) -> PhoneCall:
    """Return a call for a coordinator."""
    row = session.get(PhoneCall, number)
    if row is None:
        raise NotFoundError(NO_CALL)
    return row


def find_merge(session: Session, expert_id: int) -> ProfileMerge | None:
    """Return what became of a profile that was joined with another one, if it was."""
    return session.scalars(
        sa.select(ProfileMerge).where(ProfileMerge.gone_id == expert_id)
    ).one_or_none()


def when_left(session: Session, expert_ids: Collection[int]) -> datetime | None:
    """Return when a consent was last taken back of a profile with one of these numbers."""
    return session.scalar(
        sa.select(sa.func.max(AuditEvent.at)).where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.subject_id.in_(expert_ids),
            AuditEvent.action == WORKFLOW.action(ExpertStep.LEAVE),
        )
    )


@dataclass(frozen=True)
class Ending:
    """The step by which a profile is off the roster, if it is, as the log has it."""

    event: AuditEvent | None

    @property
    def has_left(self) -> bool:
        """Tell whether the expert has left, and not been taken off by somebody else."""
        return self.event is not None and self.event.action == WORKFLOW.action(ExpertStep.LEAVE)

    @property
    def may_ask_again(self) -> bool:
        """Tell whether SEESAC keeps the expert off the roster by a decision that is not final."""
        return self._is_seesacs and not self._is_final

    @property
    def is_refused_for_good(self) -> bool:
        """Tell whether SEESAC keeps the expert off the roster by a decision that is final."""
        return self._is_seesacs and self._is_final

    @property
    def _is_seesacs(self) -> bool:
        return self.event is not None and self.event.action in KEPT_OFF

    @property
    def _is_final(self) -> bool:
        return self.event is not None and self.event.reason == ReasonKind.FINAL


def find_ending(session: Session, expert: Expert) -> Ending:
    """Return how a profile came to be off the roster; of one that is on it there is nothing."""
    if expert.state is not ExpertState.WITHDRAWN:
        return Ending(None)
    return Ending(_last_event(session, expert, WORKFLOW.actions()))


def find_unconfirmed_writing(session: Session, expert: Expert) -> AuditEvent | None:
    """Return when SEESAC last wrote in a profile, unless its expert has confirmed it since."""
    said = (Action.PROFILE_WRITTEN, Action.PROFILE_CONFIRMED)
    last = _last_event(session, expert, said)
    return last if last is not None and last.action == Action.PROFILE_WRITTEN else None


def _last_event(session: Session, expert: Expert, actions: Iterable[str]) -> AuditEvent | None:
    """Return the latest of these events that the log has of a profile."""
    return session.scalars(
        sa.select(AuditEvent)
        .where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.subject_id == expert.id,
            AuditEvent.action.in_(actions),
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()


def get_moments_of_steps(session: Session, expert_ids: Collection[int]) -> dict[int, datetime]:
    """Return, by expert, when the log has last told of a step, by which they came to their state.

    Of who was brought into it otherwise, such as by an import, it tells nothing.
    """
    rows = session.execute(
        sa.select(AuditEvent.subject_id, sa.func.max(AuditEvent.at))
        .where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.subject_id.in_(expert_ids),
            AuditEvent.action.in_(WORKFLOW.actions()),
        )
        .group_by(AuditEvent.subject_id)
    )
    return {number: at for number, at in rows if number is not None}


def was_just_shown_by_link(
    session: Session, actor: Actor, now: datetime, asked: EvidenceConfirmation
) -> bool:
    """Tell whether the log has just told of the same entry, shown by its link to this address."""
    latest = session.scalars(
        _shown_by_link([asked.expert_id]).where(
            AuditEvent.address == actor.address, AuditEvent.at > now - SAME_LOOK
        )
    )
    return any(event.details["entry"] == asked.evidence_id for event in latest)


def list_shown_by_links(session: Session, expert_id: int, number: int) -> Sequence[AuditEvent]:
    """Return the latest events of links to confirm an entry of an expert that were opened."""
    numbers = [expert_id, *queries.list_joined(session, expert_id)]
    newest_first = _shown_by_link(numbers).order_by(AuditEvent.id.desc())
    return session.scalars(newest_first.limit(number)).all()


def _shown_by_link(expert_ids: Collection[int]) -> sa.Select[AuditEvent]:
    return sa.select(AuditEvent).where(
        AuditEvent.subject == Expert.__tablename__,
        AuditEvent.subject_id.in_(expert_ids),
        AuditEvent.action == Action.EVIDENCE_SHOWN,
    )
