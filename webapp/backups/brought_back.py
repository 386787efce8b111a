"""What people had taken back before a restored backup brought it again, and how it is done anew."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.backups.manifest import DATABASE
from webapp.backups.restoring import Backup
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.schema.upgrading import revision_of
from webapp.experts.models import Expert, ExpertState
from webapp.experts.standing_workflow import APPROVAL_WORKFLOW as APPROVALS
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import WORKFLOW, ExpertStep

_ERASED = WORKFLOW.action(ExpertStep.ERASE)
_LEFT = WORKFLOW.action(ExpertStep.LEAVE)
# What decides that somebody is not to be sent, and what takes that back. Who is taken up again, or
# came back, is vetted anew, and of another approval the backup knows nothing: it has that which was
# withdrawn.
_STOPS = frozenset(
    {
        *map(
            WORKFLOW.action,
            (
                ExpertStep.SUSPEND, ExpertStep.TAKE_OFF, ExpertStep.REFUSE,
                ExpertStep.TAKE_NOMINATION_BACK, ExpertStep.COME_BACK,
            ),
        ),
        *map(APPROVALS.action, (ApprovalStep.WITHDRAW, ApprovalStep.RECORD_WITHDRAWAL)),
        Action.AUTHORITY_CHANGED,
    }
)  # fmt: skip
_LETS_GO = frozenset(map(WORKFLOW.action, (ExpertStep.REACTIVATE, ExpertStep.ACTIVATE)))
# What opened an account before one of these opens the restored one.
_WAYS_IN = (
    Action.PASSWORD_CHANGED, Action.PASSKEY_REMOVED, Action.SECOND_FACTOR_CHANGED,
    Action.SECOND_FACTOR_RESET, Action.RECOVERY_CODES_MADE, Action.RECOVERY_CODE_USED,
    Action.EMAIL_CHANGED,
)  # fmt: skip
_TELLING = (
    _ERASED, _LEFT, Action.PERSON_ERASED, Action.TEXTS_REMOVED, Action.PROFILE_CONSENTED,
    Action.PROFILES_JOINED, Action.ACCOUNT_DISABLED, Action.INVITATION_REVOKED,
    Action.ACCOUNT_REACTIVATED, Action.ROLES_CHANGED, Action.MEMBER_ADDED, Action.MEMBER_REMOVED,
    Action.ORGANISATION_CLOSED, *_WAYS_IN, *_STOPS, *_LETS_GO,
)  # fmt: skip

# A person by the table and the number of a row of theirs, as the log names them.
Whom: TypeAlias = tuple[str, int]


@dataclass
class Since:
    """Who was erased, took the consent back or had texts removed since a backup, in that order.

    A profile that was joined with another one stands apart from it again, so it is named as well.
    So are accounts that were `closed`, got other `roles` or other `ways_in`, or left an
    organisation: `acts_for` has the one that they act for since, or none. Of who was erased
    `alone`, as a profile, the account stayed. Who was `stopped` is not to be sent as before: by
    what, as the log calls it.
    """

    erased: dict[Whom, None] = field(default_factory=dict)
    alone: dict[Whom, None] = field(default_factory=dict)
    left: dict[Whom, None] = field(default_factory=dict)
    without_texts: dict[Whom, None] = field(default_factory=dict)
    joined: dict[Whom, list[Whom]] = field(default_factory=dict)
    closed: dict[Whom, None] = field(default_factory=dict)
    roles: dict[Whom, list[str]] = field(default_factory=dict)
    ways_in: dict[Whom, None] = field(default_factory=dict)
    acts_for: dict[Whom, int | None] = field(default_factory=dict)
    stopped: dict[Whom, list[str]] = field(default_factory=dict)

    def noted(self) -> dict[str, Any]:
        """Return it as the log keeps it: whoever restores once more reads of it there.

        Of a profile that was joined each act is noted with both, which stand apart afterwards: what
        is done with one of them from then on is done with one.
        """
        return {
            name: [[*whom, value] for whom, value in people.items()]
            for name, people in vars(self).items()
            if people and name != "joined"
        }

    def take_up(self, noted: Mapping[str, Any]) -> None:
        """Add what a restore has given up before."""
        for name, people in noted.items():
            if name != "joined":  # As versions before this one noted it.
                getattr(self, name).update(
                    {(table, number): value for table, number, value in people}
                )

    def read(self, action: str, whom: Whom, details: dict[str, Any]) -> None:
        """Note what an event tells of."""
        people = [whom, *self.joined.get(whom, ())]
        if action == Action.PROFILES_JOINED:
            gone = (Expert.__tablename__, details["gone"])
            self.joined[whom] = [*people[1:], gone, *self.joined.get(gone, ())]
        elif action == Action.TEXTS_REMOVED:
            self.without_texts |= dict.fromkeys(people)
        elif action == _LEFT:
            self.left |= dict.fromkeys(people)
        elif action == Action.PROFILE_CONSENTED:
            for one in people:
                self.left.pop(one, None)
        elif not (
            self._read_of_standing(action, whom, details)
            or self._read_of_account(action, whom, details)
        ):
            self.erased |= dict.fromkeys(people)
            if action == Action.PERSON_ERASED and Account.__tablename__ not in details["rows"]:
                self.alone |= dict.fromkeys(people)

    def _read_of_standing(self, action: str, whom: Whom, details: dict[str, Any]) -> bool:
        """Note that somebody is not to be sent as before, or is again; tell whether it tells so."""
        if action not in _STOPS | _LETS_GO:
            return False
        expert = (Expert.__tablename__, details.get("expert_id", whom[1]))
        kind = action.partition(": ")[0]
        for one in [expert, *self.joined.get(expert, ())]:
            # What was decided last about the profile, the approval or the authority holds.
            before = [told for told in self.stopped.pop(one, []) if told.partition(": ")[0] != kind]
            if stopped := before + [action] * (action in _STOPS):
                self.stopped[one] = stopped
        return True

    def _read_of_account(self, action: str, whom: Whom, details: dict[str, Any]) -> bool:
        """Note what an event tells of an account; tell whether it tells of one."""
        if action in {Action.ACCOUNT_DISABLED, Action.INVITATION_REVOKED}:
            self.closed[whom] = None
        elif action == Action.ACCOUNT_REACTIVATED:
            self.closed.pop(whom, None)
        elif action == Action.ROLES_CHANGED:
            self.roles[whom] = details["after"]
        elif action in _WAYS_IN:
            self.ways_in[whom] = None
        elif action == Action.MEMBER_ADDED:
            self.acts_for[_account(details["account_id"])] = whom[1]
        elif action == Action.MEMBER_REMOVED:
            self.acts_for[_account(details["account_id"])] = None
        elif action == Action.ORGANISATION_CLOSED:
            self.acts_for |= dict.fromkeys(map(_account, details["members"]))
        else:
            return False
        return True


def _account(number: int) -> Whom:
    return Account.__tablename__, number


def read_since(engine: Engine, backup: Backup) -> Since:
    """Return what the log that is to be replaced tells of people after the backup."""
    since = Since()
    if not revision_of(engine):
        return since
    told = (
        sa.select(AuditEvent.action, AuditEvent.subject, AuditEvent.subject_id, AuditEvent.details)
        .where(
            AuditEvent.action.in_(_TELLING) & AuditEvent.subject_id.is_not(None)
            | (AuditEvent.action == Action.BACKUP_RESTORED)
        )
        .order_by(AuditEvent.id)
    )
    with engine.connect() as connection:
        last = _last_common(connection, backup)
        for action, table, number, details in connection.execute(told.where(AuditEvent.id > last)):
            if action == Action.BACKUP_RESTORED:
                since.take_up(details.get("given_up", {}))
            else:
                since.read(action, (table, number), details)
    return since


def _last_common(connection: Connection, backup: Backup) -> int:
    """Return the number of the last event that stands in the log of the backup and in this one.

    It is the backup's last, unless an older backup was brought back since: then the two histories
    part before. A hash stands for all events before it, so that halving finds the place.
    """
    log = (backup.folder / DATABASE).resolve().as_uri()
    with closing(sqlite3.connect(f"{log}?mode=ro", uri=True)) as there:
        common, parted = 0, int(backup.manifest.head.partition(":")[0]) + 1
        while parted - common > 1:
            middle = (common + parted) // 2
            hash_of = "SELECT hash FROM audit_event WHERE id = ?"
            theirs = there.execute(hash_of, (middle,)).fetchone()
            ours = connection.execute(
                sa.select(AuditEvent.hash).where(AuditEvent.id == middle)
            ).fetchone()
            is_common = theirs is not None and ours is not None and theirs[0] == ours[0]
            common, parted = (middle, parted) if is_common else (common, middle)
    return common


def commands_again(session: Session, since: Since) -> list[str]:
    """Return the commands that do it anew, for those whom the restored database has."""
    return list(dict.fromkeys(_commands(session, since)))


def _commands(session: Session, since: Since) -> Iterator[str]:
    erased = _found(session, since.erased)
    theirs: set[int | None] = {person.id for person in erased if isinstance(person, Account)}
    for person in erased:
        # With an account goes its profile.
        if isinstance(person, Account) or person.account_id not in theirs:
            keeping = " --keep-account" if _keeps_account(person, since) else ""
            yield f"personal-data erase {_called(person)}{keeping}"
    for person in _found(session, since.left):
        if person not in erased and isinstance(person, Expert) and _is_there(person):
            yield f"personal-data withdraw-consent {_called(person)}"
    for person in _found(session, since.without_texts):
        if person not in erased:
            of_profile = "" if isinstance(person, Account) else "-of-profile"
            yield f"accounts remove-texts{of_profile} {_called(person)}"
    theirs |= {
        person.account_id
        for person in erased
        if isinstance(person, Expert) and not _keeps_account(person, since)
    }
    yield from (
        command for number, command in _commands_of_accounts(session, since) if number not in theirs
    )


def _is_there(person: Expert) -> bool:
    """Tell whether somebody who had left stands on the roster, or has their consent noted again."""
    return person.state is not ExpertState.WITHDRAWN or person.consented_at is not None


def _keeps_account(person: Account | Expert, since: Since) -> bool:
    """Tell whether the profile of somebody went, and the account in the backup stayed."""
    return (
        isinstance(person, Expert)
        and person.account_id is not None
        and (Expert.__tablename__, person.id) in since.alone
    )


def _commands_of_accounts(session: Session, since: Since) -> Iterator[tuple[int, str]]:
    for (_table, number), roles in since.roles.items():
        account = session.get(Account, number)
        if account and not account.is_erased and roles and set(roles) != account.kinds:
            yield account.id, f"accounts set-roles {_called(account)} {' '.join(roles)}"
    for person in _found(session, since.closed):
        if isinstance(person, Account) and person.active:
            yield person.id, f"accounts deactivate {_called(person)}"
    for (_table, number), organisation in since.acts_for.items():
        account = session.get(Account, number)
        if account and account.organisation_id not in {None, organisation}:
            yield account.id, f"accounts leave-organisation {_called(account)}"


def list_ways_in(session: Session, since: Since) -> list[str]:
    """Return the accounts whose owners have changed since how they sign in: what opened them before
    opens them again."""
    open_ones = set(since.ways_in) - set(since.closed) - set(since.erased)
    found = _found(session, dict.fromkeys(sorted(open_ones)))
    return [_called(person) for person in found if isinstance(person, Account) and person.active]


def list_stopped(session: Session, since: Since) -> list[str]:
    """Return the profiles that were suspended, taken off, refused or lost their approval, came
    back to be vetted anew, or whose authority is another one since: all stand as before."""
    gone = set(since.erased) | set(since.left)
    found = _found(session, dict.fromkeys(sorted(set(since.stopped) - gone)))
    return [_called(person) for person in found]


def _found(session: Session, people: dict[Whom, None]) -> Sequence[Account | Expert]:
    """Return those of these people who are there, and not erased."""
    rows: Iterator[Account | Expert | None] = (
        session.get(Expert, number)
        if table == Expert.__tablename__
        else session.get(Account, number)
        for table, number in people
    )
    return [row for row in rows if row is not None and not _is_erased(row)]


def _is_erased(person: Account | Expert) -> bool:
    if isinstance(person, Account):
        return person.is_erased
    return person.state is ExpertState.ERASED


def _called(person: Account | Expert) -> str:
    return f"account:{person.id}" if isinstance(person, Account) else str(person.id)
