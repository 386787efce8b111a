"""Joining two profiles of one person: all that belongs to one goes over, and its profile ends.

The profile that ends keeps its number, and nothing of the person: what it said otherwise stands
with the record of the joining, the log and old links find the profile that was kept.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.accounts import operations as accounts
from webapp.accounts.models import Account
from webapp.core import ways_in
from webapp.core.db import Base, lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit, personal_data
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.record.personal_data import Whose
from webapp.core.record.reasons import Reason
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import OWN, Recipient, why_not_theirs
from webapp.curricula.models import CurriculumDraft
from webapp.expertise_requests import handling
from webapp.expertise_requests import sides as request_sides
from webapp.experts import approvals, erasure, operations, rules, sides, signals, telling
from webapp.experts.models import (
    ActedOnProfile,
    ClosedJurisdiction,
    Evidence,
    EvidenceConfirmation,
    Expert,
    ExpertState,
    ExpertTheme,
    IdentityChange,
    JurisdictionNote,
    LanguageSkill,
    Training,
    UnavailablePeriod,
    write_search_words,
)
from webapp.experts.revisions import touch
from webapp.experts.standing_tables import Approval, PhoneCall, ProfileMerge, ProfileQuestion
from webapp.experts.workflow import ExpertStep
from webapp.matches import queries as matches
from webapp.matches import rules as match_rules
from webapp.matches.models import BookedDay, Match, SeenPlace
from webapp.matches.workflow import OPEN
from webapp.messages import operations as messages
from webapp.messages.letters import Letter
from webapp.roster import duplicates, side_by_side
from webapp.roster.models import CoordinatorNote, DifferentPeople
from webapp.roster.operations import forget_pair
from webapp.roster_imports.models import ImportedExpert

_EVIDENCE = (
    "kind", "title", "description", "jurisdiction", "place", "role", "ways", "started", "ended",
)  # fmt: skip
# By which columns a row is the same as one that the other profile has: it does not go over then.
# Where nothing is named each row goes over.
GO_OVER: Mapping[type[Base], Sequence[str]] = {
    ExpertTheme: ("theme_code",),
    LanguageSkill: ("language",),
    Training: ("kind", "title", "expires"),
    UnavailablePeriod: ("start", "end"),
    ClosedJurisdiction: ("code",),
    JurisdictionNote: ("code", "kind"),
    CurriculumDraft: ("expert_id",),
    ImportedExpert: ("import_id",),
    Match: ("request_id",),
    SeenPlace: ("look_id",),
    Evidence: _EVIDENCE,
    EvidenceConfirmation: (),
    IdentityChange: (),
    Approval: (),
    ProfileQuestion: (),
    ActedOnProfile: ("account_id", "side"),
    PhoneCall: (),
    CoordinatorNote: (),
    ProfileMerge: (),
    BookedDay: (),
}
# These stay under the old number, by which the log names them.
STAY = frozenset({"profile_view", "different_people", "likely_pair"})


def join(
    work: UnitOfWork, kept: Expert, gone: Expert, taken: Collection[str], *, seen: tuple[int, int],
    seen_apart: bool = False,
) -> None:  # fmt: skip
    """Join the profile `gone` with the one that is `kept`, and tell all whom it concerns.

    `taken` names the fields in which the profile that ends has the better word, and `seen` the
    versions that were compared. With `seen_apart` it is known that somebody takes them for two
    people. Refuses in words whatever stands against it.
    """
    _begin(work, kept, gone, seen)
    ways_in.insist_on_who_it_is(work)  # The one's account and address open the other's profile.
    if not seen_apart and side_by_side.are_told_apart(work.session, kept, gone):
        raise ConflictError(
            _("A colleague has said since that these are two people. Please look again.")
        )
    left, address = side_by_side.left_behind(kept, gone, taken), kept.contact_email
    _write(kept, gone, taken)
    _keep_consent(work, kept, gone)
    other = _hand_account_over(work, kept, gone)
    telling.tell_of_address(work, kept, address)
    moved = _move_all(work, kept, gone)
    write_search_words(kept)
    _see_to_requests(work, kept)
    approvals.follow(work, kept)
    work.session.add(
        ProfileMerge(
            expert_id=kept.id, gone_id=gone.id, merged_at=work.now, merged_by=work.actor.id,
            account_id=other.id if other else None,
            left_behind=left,
        )
    )  # fmt: skip
    _tell(work, kept, other)
    _end(work, gone)
    if other is not None:
        _close(work, other, kept)
    touch(work.session, kept)
    work.session.flush()
    audit.record(
        work, Action.PROFILES_JOINED, kept, gone=gone.id, taken=sorted(taken), moved=moved,
        left=sorted(left),
    )  # fmt: skip
    signals.texts_changed.send(kept, work=work)
    signals.unavailable_changed.send(kept, work=work)


def _begin(work: UnitOfWork, kept: Expert, gone: Expert, seen: tuple[int, int]) -> None:
    """Lock all that changes, and refuse what may not be joined, or was changed meanwhile."""
    session, pair = work.session, (kept, gone)
    lock(session, *sorted((one.account for one in pair if one.account), key=lambda row: row.id))
    open_ = [row for one in pair for row in matches.list_of_expert(session, one.id, OPEN)]
    requests = {row.request_id: row.request for row in open_}
    lock(session, *(requests[number] for number in sorted(requests)))
    # Of rivals as well, or their person could decide on them while this is not done.
    considered = matches.list_by_request(session, requests, OPEN).values()
    rivals = (row.expert for rows in considered for row in rows)
    people = {row.id: row for row in (*pair, *rivals)}
    lock(session, *(people[number] for number in sorted(people)))
    _refuse_theirs(work, kept, gone)
    if obstacles := side_by_side.find_obstacles(session, work.actor, kept, gone, work.now.date()):
        raise ConflictError(obstacles[0])
    if seen != (kept.version, gone.version):
        raise ConflictError(
            _("One of the profiles was changed since you compared them. Please look again.")
        )


def _refuse_theirs(work: UnitOfWork, one: Expert, other: Expert) -> None:
    """Refuse one profile twice, and one on which somebody else decides."""
    if one.id == other.id:
        raise ForbiddenError(OWN)
    for expert in (one, other):
        if refusal := why_not_theirs(work.actor, rules.owners_of(expert)):
            raise ForbiddenError(refusal)


def _write(kept: Expert, gone: Expert, taken: Collection[str]) -> None:
    """Let the profile that is kept say what only the other one says, or says better."""
    better = {one.name for one in side_by_side.differences(kept, gone)} & set(taken)
    for name in (*side_by_side.filled(kept, gone), *better):
        setattr(kept, name, getattr(gone, name))
    kept.ways = tuple(dict.fromkeys((*kept.ways, *gone.ways)))
    kept.authority_id = kept.authority_id or gone.authority_id
    if kept.state is ExpertState.ACTIVE:
        kept.last_confirmed_at = max(
            filter(None, (kept.last_confirmed_at, gone.last_confirmed_at)), default=None
        )
    if gone.availability_at and (
        kept.availability_at is None or gone.availability_at > kept.availability_at
    ):
        kept.availability, kept.availability_at = gone.availability, gone.availability_at


def _keep_consent(work: UnitOfWork, kept: Expert, gone: Expert) -> None:
    """Let the consent of either profile go over, unless it was taken back in the other since."""
    if side_by_side.consent_is_taken_back(work.session, kept, gone):
        kept.consent_version = kept.consented_at = None
    elif kept.consented_at is None:
        kept.consent_version, kept.consented_at = gone.consent_version, gone.consented_at


def _hand_account_over(work: UnitOfWork, kept: Expert, gone: Expert) -> Account | None:
    """Let the profile that is kept have the account of the other, or return it if it has one."""
    account = gone.account
    gone.account = None
    work.session.flush()
    if kept.account_id is None and account is not None:
        kept.account = account
        work.session.flush()
        return None
    return account


def _close(work: UnitOfWork, account: Account, kept: Expert) -> None:
    """Close an account whose profile has ended; what it has done was done by the same person."""
    accounts.disable(work.on_behalf(), account)
    sides.write(work.session, [(kept.id, account.id, Role.EXPERT)])
    if kept.account_id is not None:
        for kept_beside in (sides, request_sides):
            kept_beside.hand_over(work.session, account.id, kept.account_id)


def refuse_another_account(account: Account, work: UnitOfWork) -> None:
    """Refuse to open an account whose person was found to have another one."""
    merged = sa.select(ProfileMerge.expert_id).where(ProfileMerge.account_id == account.id)
    kept = sa.select(Expert).where(Expert.id.in_(merged), Expert.account_id.is_not(None))
    if expert := work.session.scalars(kept).first():
        raise ConflictError(
            _(
                "This account was closed when two profiles of %(name)s were joined. One person has"
                " one account, and theirs is another one.",
                name=Named.of(expert),
            )
        )


def _move_all(work: UnitOfWork, kept: Expert, gone: Expert) -> dict[str, int]:
    """Let all rows go over that the other profile has not; return how many of each table."""
    _prefer_confirmed(work, kept, gone)
    _rank_themes_below(work, kept, gone)
    moved = {}
    for table, same in GO_OVER.items():
        if number := _move(work, table, same, kept, gone):
            moved[table.__tablename__] = number
    _take_reasons_over(work, kept, gone)
    _stay_apart(work, kept, gone)
    work.session.expire_all()
    return moved


def _see_to_requests(work: UnitOfWork, kept: Expert) -> None:
    """Let nobody see to a request for which the joining has made them one of those considered."""
    for match in matches.list_of_expert(work.session, kept.id, OPEN):
        if match_rules.is_seen_to_by_its_expert(match):
            handling.leave_to_all(work.on_behalf(), match.request)


def _take_reasons_over(work: UnitOfWork, kept: Expert, gone: Expert) -> None:
    """Let what was written about one profile be written about the other, or it would be emptied."""
    work.session.execute(
        sa.update(Reason)
        .where(Reason.person_table == Expert.__tablename__, Reason.person_id == gone.id)
        .values(person_id=kept.id)
    )


def _stay_apart(work: UnitOfWork, kept: Expert, gone: Expert) -> None:
    """Go on to know who is not this person."""
    different = duplicates.list_different(work.session)
    others = {one for pair in different if gone.id in pair for one in pair} - {kept.id, gone.id}
    for other in others:
        low, high = sorted((kept.id, other))
        forget_pair(work, low, high)
        if (low, high) not in different:
            work.session.add(
                DifferentPeople(
                    expert_id=low, other_id=high, said_at=work.now, said_by=work.actor.id
                )
            )
    work.session.flush()


def _prefer_confirmed(work: UnitOfWork, kept: Expert, gone: Expert) -> None:
    """Of evidence that stands in both drop that which somebody else vouches for less."""
    theirs = {_said(row): _vouched(row) for row in gone.evidence}
    kept.evidence = [
        row for row in kept.evidence if _vouched(row) >= theirs.get(_said(row), (False, False))
    ]
    work.session.flush()


def _vouched(row: Evidence) -> tuple[bool, bool]:
    return (row.is_confirmed, row.confirmation is not None)


def _said(row: Evidence) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _EVIDENCE)


def _rank_themes_below(work: UnitOfWork, kept: Expert, gone: Expert) -> None:
    """Put the themes of the profile that ends on the places that the other one leaves free."""
    known = {row.theme_code for row in kept.themes}
    taken = {row.priority for row in kept.themes}
    free = [n for n in range(1, operations.RANKED_THEMES + 1) if n > max(taken - {9}, default=0)]
    rows = list(gone.themes)
    ranked = [row for row in rows if row.theme_code not in known and row.priority < 9]
    for row in rows:
        row.priority = operations.UNRANKED
    work.session.flush()
    for row, place in zip(ranked, free, strict=False):
        row.priority = place
    work.session.flush()


def _move(
    work: UnitOfWork, table: type[Base], same: Sequence[str], kept: Expert, gone: Expert
) -> int:
    columns, primary = table.__table__.columns, list(table.__table__.primary_key)
    owner, keys = columns["expert_id"], [columns[name] for name in same if name != "expert_id"]
    there: set[tuple[Any, ...]] = set()
    if same:
        there = {tuple(row) for row in work.session.execute(_of(kept, owner, keys))}
    going = sa.update(table).where(owner == gone.id).values(expert_id=kept.id)
    if not there:
        return _count(work, going)
    rows = work.session.execute(_of(gone, owner, [*primary, *keys])).all()
    number = len(primary)
    identities = [row[:number] for row in rows if tuple(row[number:]) not in there]
    return sum(
        _count(
            work,
            going.where(*(c == v for c, v in zip(primary, one, strict=True))),
        )
        for one in identities
    )


def _of(expert: Expert, owner: Any, columns: Sequence[Any]) -> sa.Select[Any]:
    return sa.select(*(columns or [sa.literal(1)])).where(owner == expert.id)


def _count(work: UnitOfWork, change: sa.Update) -> int:
    """Move rows and count them; the database itself refuses a day that is taken already."""
    try:
        with work.session.begin_nested():
            return work.session.execute(change).rowcount  # type: ignore[attr-defined, no-any-return]
    except IntegrityError as error:
        raise ConflictError(
            _("One of the profiles was changed since you compared them. Please look again.")
        ) from error


def _end(work: UnitOfWork, gone: Expert) -> None:
    """End a profile from which everything has gone over, and empty what is left of it."""
    operations.take(work.on_behalf(), gone, ExpertStep.JOIN)
    # What both profiles had of who has acted on them stands beside the other one.
    work.session.execute(sa.delete(ActedOnProfile).where(ActedOnProfile.expert_id == gone.id))
    personal_data.erase_rows(work.session, Whose(expert_id=gone.id))
    erasure.forget_typed(work.session, [gone.id])


def _tell(work: UnitOfWork, kept: Expert, other: Account | None) -> None:
    """Tell the person at both accounts, the authority, and the other coordinators."""
    subject = _("Two profiles of yours were joined into one")
    told = rules.account_told(kept)
    if told is None:
        telling.let_be_called(work, kept, subject)
    text = _(
        "SEESAC has found that you stood on the roster twice. All that stood in either profile is"
        " in this one now. Please look whether it is right, and write to SEESAC if it is not you."
    )
    messages.queue(work, told, Letter(subject, text, "/profile"))
    if other is not None:
        text = _(
            "SEESAC has found that you stood on the roster twice. The profile of this account has"
            " gone over into the other one, and you sign in as an expert with your other account"
            " from now on. Please write to SEESAC if you have no other account, or it is not you."
        )
        messages.queue(work, other.id, Letter(subject, text, "/notices"))
    twice = _("%(name)s stood on the roster twice.", name=Named.of(kept))
    subject = _("Two profiles of one person were joined")
    for recipient in (Recipient.AUTHORITY, Recipient.COORDINATORS):
        path = telling.PATHS[recipient] % {"expert_id": kept.id}
        for number in telling.readers_of(work, kept, recipient, authority_id=kept.authority_id):
            messages.queue(work, number, Letter(subject, twice, path))


def tell_apart(work: UnitOfWork, one: Expert, other: Expert) -> None:
    """Note that two who look like one person are two; doing it again changes nothing."""
    low, high = sorted((one.id, other.id))
    lock(work.session, *sorted((one, other), key=lambda row: row.id))
    _refuse_theirs(work, one, other)
    if ExpertState.ERASED in (one.state, other.state):
        raise ConflictError(side_by_side.ENDED)
    if not side_by_side.are_told_apart(work.session, one, other):
        work.session.add(
            DifferentPeople(expert_id=low, other_id=high, said_at=work.now, said_by=work.actor.id)
        )
        forget_pair(work, low, high)
        work.session.flush()
        audit.record(work, Action.TOLD_APART, one, other=other.id)
