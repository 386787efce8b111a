"""What must hold of profiles that were joined, and of those who look like one person."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Account
from webapp.core.words.translation import gettext
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_tables import ProfileMerge
from webapp.matches.models import Match
from webapp.matches.rules import BOOKED
from webapp.matches.workflow import OPEN
from webapp.roster import duplicates
from webapp.roster.merging import GO_OVER


def joined_profiles_have_gone_over(session: Session) -> Iterator[str]:
    """Yield a sentence for each profile that has ended in another one, and goes on in some way.

    Bookings, matches, evidence and all else that belongs to a person are those of the other number.
    Only an ended match for a request for which both were considered stays where it was.
    """
    merges = session.execute(sa.select(ProfileMerge.gone_id, ProfileMerge.expert_id))
    kept = {row.gone_id: row.expert_id for row in merges}
    rows = session.execute(sa.select(Expert.id, Expert.state).where(Expert.id.in_(kept)))
    for gone, state in rows:
        if state is not ExpertState.ERASED:
            yield gettext(
                "expert %(number)s was joined with expert %(kept)s and has not ended",
                number=gone,
                kept=kept[gone],
            )
    for table in GO_OVER:
        owner = table.__table__.columns["expert_id"]
        left = sa.select(owner).where(owner.in_(kept)).distinct()
        if table is Match:
            left = left.where(~_considered_twice())
        for gone in session.scalars(left):
            yield gettext(
                "%(table)s has rows of expert %(number)s, who was joined with expert %(kept)s",
                table=table.__tablename__,
                number=gone,
                kept=kept[gone],
            )


def _considered_twice() -> sa.ColumnElement[bool]:
    """Hold for an ended match whose request the profile that is kept was considered for, too."""
    other = aliased(Match)
    kept = sa.select(ProfileMerge.expert_id).where(ProfileMerge.gone_id == Match.expert_id)
    both = sa.exists().where(
        other.request_id == Match.request_id, other.expert_id.in_(kept.correlate(Match))
    )
    return sa.and_(Match.state.not_in(OPEN | BOOKED), both)


def one_person_has_one_account(session: Session) -> Iterator[str]:
    """Yield a sentence for each account that is open although its person was found to have another
    one: with both they would stand on two sides of one matter."""
    open_ = (
        sa.select(Account.id, ProfileMerge.expert_id)
        .join(ProfileMerge, ProfileMerge.account_id == Account.id)
        .join(Expert, Expert.id == ProfileMerge.expert_id)
        .where(Account.active, Expert.account_id.is_not(None), Expert.account_id != Account.id)
        .order_by(Account.id)
    )
    for number, expert in session.execute(open_):
        yield gettext(
            "account %(number)s is open, and its person, expert %(expert)s, has another account",
            number=number,
            expert=expert,
        )


def two_people_are_not_pointed_out(session: Session) -> Iterator[str]:
    """Yield a sentence for each pair that is pointed out although somebody has told it apart."""
    told_apart = duplicates.list_different(session)
    for one, other in sorted(duplicates.list_since(session).keys() & told_apart):
        yield gettext(
            "experts %(one)s and %(other)s were told apart and are pointed out",
            one=one,
            other=other,
        )
