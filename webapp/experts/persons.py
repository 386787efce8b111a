"""By which accounts, profiles, names and addresses one person is known."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.accounts.models import Account
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.personal_data import Whose
from webapp.experts import queries
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_queries import VETTED
from webapp.experts.standing_tables import ProfileMerge
from webapp.experts.workflow import ON_ROSTER


def whose(session: Session, person: Account | Expert) -> Whose:
    """Return accounts and profiles of a person, whichever of them is given."""
    account_id = person.id if isinstance(person, Account) else person.account_id
    expert = queries.find_of_account(session, person) if isinstance(person, Account) else person
    joined = queries.list_joined(session, expert.id) if expert else ()
    closed = _list_closed(session, expert.id) if expert else ()
    own = accounts.get_by_ids(session, filter(None, (account_id, *closed))).values()
    names = {one.name for one in (expert, *own) if one}
    addresses = {one.email.lower() for one in own}
    if expert and account_id is None:
        addresses |= _list_own_contacts(session, expert)
    return Whose(
        account_id, expert.id if expert else None, tuple(joined), tuple(closed),
        names=tuple(sorted(names)),
        addresses=tuple(sorted(addresses)),
    )  # fmt: skip


def _list_own_contacts(session: Session, expert: Expert) -> set[str]:
    """Return the address for letters of somebody without an account, if SEESAC has vetted them and
    it is theirs alone: others have typed it, and it can be that of an office, or of somebody else.
    """
    address = expert.contact_email.lower()
    if not address or (expert.state not in ON_ROSTER and not _list_vetted(session, [expert.id])):
        return set()
    of_others = sa.select(Expert.id).where(
        Expert.id != expert.id, sa.func.lower(Expert.contact_email) == address
    )
    of_accounts = sa.select(Account.id).where(sa.func.lower(Account.email) == address)
    known = session.scalars(of_others.union(of_accounts).limit(1)).first() is not None
    return set() if known else {address}


def list_known_names(session: Session, expert: Expert) -> set[str]:
    """Return the names of an expert of which SEESAC has made sure: anybody can ask for an account,
    or for a profile, by somebody else's, and leave before anybody has looked at it.

    The name of a profile that was joined with this one is known as well, if that was vetted.
    """
    merges = session.scalars(
        sa.select(ProfileMerge).where(ProfileMerge.expert_id == expert.id)
    ).all()
    numbers = [expert.id, *(one.gone_id for one in merges)]
    vetted = _list_vetted(session, numbers)
    if expert.state in ON_ROSTER:
        vetted.add(expert.id)
    whose_name = _list_whose_name_was_left(session, numbers)
    left = {
        one.left_behind["name"]
        for one in merges
        if "name" in one.left_behind and whose_name.get(one.gone_id, one.gone_id) in vetted
    }
    return left | ({expert.name} if expert.id in vetted else set())


def _list_whose_name_was_left(session: Session, expert_ids: Collection[int]) -> dict[int, int]:
    """Return, by the number of a profile that has ended, whose name was left behind then: its own,
    or that of the profile that was kept, where the other was the better one."""
    joined = session.scalars(
        sa.select(AuditEvent).where(
            AuditEvent.subject == Expert.__tablename__,
            AuditEvent.subject_id.in_(expert_ids),
            AuditEvent.action == Action.PROFILES_JOINED,
        )
    )
    left: dict[int, int] = {}
    for event in joined:
        gone, kept = event.details["gone"], event.subject_id
        left[gone] = kept if kept is not None and "name" in event.details["taken"] else gone
    return left


def _list_vetted(session: Session, expert_ids: Collection[int]) -> set[int]:
    """Return which of some profiles SEESAC has let onto the roster, by the log: with a step, or in
    an imported table."""
    was_imported = sa.and_(
        AuditEvent.action == Action.PROFILE_CREATED,
        AuditEvent.details["state"].as_string() == ExpertState.ACTIVE.value,
    )
    return set(
        session.scalars(
            sa.select(AuditEvent.subject_id).where(
                AuditEvent.subject == Expert.__tablename__,
                AuditEvent.subject_id.in_(expert_ids),
                sa.or_(AuditEvent.action.in_(VETTED), was_imported),
            )
        )
    )


def _list_closed(session: Session, expert_id: int) -> Sequence[int]:
    """Return the accounts that were closed when their profiles were joined with this one."""
    return session.scalars(
        sa.select(Account.id)
        .join(ProfileMerge, ProfileMerge.account_id == Account.id)
        .where(ProfileMerge.expert_id == expert_id, Account.active.is_(False))
        .order_by(Account.id)
    ).all()
