"""Named selects of what is due on the roster; experts who are considered for a mission stay."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.accounts.models import Account
from webapp.core.db import is_one
from webapp.experts import queries as experts
from webapp.experts.models import Expert, ExpertState, Training
from webapp.experts.rules import GONE, account_told
from webapp.experts.standing_tables import Approval, ApprovalState
from webapp.matches.models import BookedDay, Match, MatchState
from webapp.matches.workflow import OPEN
from webapp.membership import queries as links
from webapp.membership.models import LinkPurpose
from webapp.messages.models import Notice
from webapp.upkeep.letters import is_question
from webapp.upkeep.rules import AT_ONCE

# Who is active has agreed to be so, and that day counts until the profile is confirmed.
CONFIRMED = sa.func.coalesce(Expert.last_confirmed_at, Expert.consented_at)
# After an import these are all that it has brought: they are not loaded as a whole.
_ENDING = sa.select(Expert.id, Expert.approved_until, Expert.last_confirmed_at, Expert.consented_at)
Ending: TypeAlias = sa.Row[int, date | None, datetime | None, datetime | None]


def list_to_ask(
    session: Session,
    before: datetime,
    lapsed: datetime,
    *,
    only: int | None = None,
    most: int = AT_ONCE,
) -> Sequence[Expert]:
    """Return active experts who have neither confirmed nor been asked since a moment.

    Those who have confirmed nothing since `lapsed` are past asking.
    """
    return session.scalars(
        sa.select(Expert)
        .where(
            is_one(Expert.id, only),
            Expert.state == ExpertState.ACTIVE,
            before >= CONFIRMED,
            lapsed < CONFIRMED,
            sa.or_(Expert.asked_at.is_(None), Expert.asked_at <= before),
        )
        .options(selectinload(Expert.account))
        .order_by(Expert.id)
        .limit(most)
    ).all()


def list_confirmed_before(
    session: Session, before: datetime, since: datetime, *, only: int | None = None
) -> Sequence[Ending]:
    """Return of active experts whose profiles were last confirmed between two moments what ends,
    and when."""
    return session.execute(
        _ENDING.where(
            is_one(Expert.id, only),
            Expert.state == ExpertState.ACTIVE,
            before >= CONFIRMED,
            since < CONFIRMED,
        ).order_by(Expert.id)
    ).all()


def list_lapsed(
    session: Session, before: datetime, today: date, *, only: int | None = None, most: int = AT_ONCE
) -> Sequence[Expert]:
    """Return active experts who have confirmed nothing since a moment."""
    return session.scalars(
        sa.select(Expert)
        .where(
            is_one(Expert.id, only),
            Expert.state == ExpertState.ACTIVE,
            before >= CONFIRMED,
            _is_free(today),
        )
        .order_by(Expert.id)
        .limit(most)
    ).all()


def list_expired(
    session: Session, today: date, *, only: int | None = None, most: int = AT_ONCE
) -> Sequence[Expert]:
    """Return experts who are not approved and stand on the roster as if they were."""
    return session.scalars(
        sa.select(Expert)
        .where(
            is_one(Expert.id, only),
            Expert.state.in_({ExpertState.ACTIVE, ExpertState.DORMANT}),
            sa.or_(
                Expert.approved_until < today,
                Expert.approved_until.is_(None) & Expert.authority_id.is_not(None),
            ),
            _is_free(today),
        )
        .order_by(Expert.id)
        .limit(most)
    ).all()


def list_beginning(
    session: Session, today: date, *, only: int | None = None, most: int = AT_ONCE
) -> Sequence[Expert]:
    """Return experts of whom an approval holds that began after the one before had ended."""
    # Joined, and not asked for each expert: SQLite would go through all approvals of the authority
    # for each of its officials.
    chosen = (
        sa.select(Expert)
        .join(Approval, Approval.expert_id == Expert.id)
        .where(
            is_one(Expert.id, only),
            Approval.organisation_id.is_not_distinct_from(Expert.authority_id),
            Approval.state == ApprovalState.GRANTED,
            Approval.starts <= today,
            Approval.until >= today,
            sa.or_(Expert.approved_until.is_(None), Expert.approved_until < today),
        )
    )
    return session.scalars(chosen.order_by(Expert.id).limit(most)).unique().all()


def _is_free(today: date) -> sa.ColumnElement[bool]:
    """Return the condition that nobody considers an expert, or waits for them on a mission."""
    return ~sa.exists().where(
        Match.expert_id == Expert.id,
        Match.state.in_(OPEN),
        sa.or_(
            Match.state != MatchState.SELECTED,
            sa.exists().where(BookedDay.match_id == Match.id, BookedDay.day >= today),
        ),
    )


def list_ending(
    session: Session, today: date, by: date, *, only: int | None = None
) -> Sequence[Ending]:
    """Return of experts on the roster whose approval ends from today to a day what ends, and
    when."""
    return session.execute(
        _ENDING.where(
            is_one(Expert.id, only),
            Expert.state.in_({ExpertState.ACTIVE, ExpertState.DORMANT}),
            Expert.approved_until.between(today, by),
        ).order_by(Expert.id)
    ).all()


def list_certificates(
    session: Session, today: date, by: date, *, only: int | None = None
) -> Sequence[Training]:
    """Return the certificates of active experts that run out from today to a day; all, or one if it
    is such a one."""
    return session.scalars(
        sa.select(Training)
        .join(Expert, Expert.id == Training.expert_id)
        .where(
            is_one(Training.id, only),
            Expert.state == ExpertState.ACTIVE,
            Training.expires.between(today, by),
        )
        .order_by(Training.id)
    ).all()


def find_asked(session: Session, token: str, now: datetime) -> Expert | None:
    """Return whose answer a link stands for, while it asks for one: of whom is on the roster, or on
    the way to it, keeps the profile, and has not said since the question that it is true."""
    link = links.find_link(session, LinkPurpose.STILL_TRUE, token, now)
    expert = experts.find_of_account(session, link.account) if link else None
    if expert is None or account_told(expert) is None or expert.state in GONE:
        return None
    confirmed = expert.last_confirmed_at or expert.consented_at
    is_waiting = expert.asked_at and (confirmed is None or expert.asked_at > confirmed)
    return expert if is_waiting else None


def find_unanswered(session: Session, account: Account) -> Expert | None:
    """Return the profile of whoever was asked about it since their last daily mail, if they have
    not said meanwhile that it is true."""
    waits = sa.exists().where(
        Notice.account_id == account.id, Notice.for_digest, is_question(Notice)
    )
    return session.scalars(
        sa.select(Expert).where(
            Expert.account_id == account.id,
            Expert.state == ExpertState.ACTIVE,
            Expert.asked_at > CONFIRMED,
            waits,
        )
    ).one_or_none()
