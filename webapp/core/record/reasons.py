"""Why steps are taken: a kind from a list for the record, and a text that can be removed from it.

What people write about people when they refuse or end something must not stand for ever. The audit
log, which nobody can alter, therefore holds the kind and the number of a row; the text stands in
that row alone, and whatever shows it (the story, notices, a match) refers to it. A removed text
leaves its row, so that everybody reads that there was one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core.db import Base, enum_column
from webapp.core.record.disclosure import Person, is_one_of
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import LabelledEnum, _


class ReasonKind(LabelledEnum):
    """The kinds of reasons; each step of a workflow names those that it offers.

    A kind stands for ever, so none tells of somebody's health, family, faith or conduct. Further
    ones need a migration.
    """

    # Why somebody does not go, is not chosen or is not considered any more.
    DATES = "dates", _("The dates do not fit")
    LANGUAGE = "language", _("The language does not fit")
    SUBJECT = "subject", _("The subject does not fit")
    NOT_THEN = "not then", _("Interested, but on other days")
    CONFLICT = "conflict of interest", _("Conflict of interest")
    SUPERIOR = "superior", _("The superior does not agree")
    PERSONAL = "personal", _("Personal reasons")
    NEEDED_AT_HOME = "needed at home", _("Needed in their own service")
    NO_MEANS = "no means", _("There is no money for it")
    ANOTHER_EXPERT = "another expert", _("Another expert fits better")
    NOT_NEEDED = "not needed", _("Nobody is needed for it any more")
    # How somebody answered whose answer is noted, and why nobody was asked.
    BY_TELEPHONE = "by telephone", _("Said by telephone")
    IN_WRITING = "in writing", _("Said in writing")
    IN_PERSON = "in person", _("Said in person")
    NO_RELEASE_NEEDED = "no release needed", _("The authority need not release this expert")
    RELEASED_BEFORE = "released before", _("The authority has agreed in advance")
    # What has changed since a match ended.
    FREE_AGAIN = "free again", _("The expert can go after all")
    RELEASED_AFTER_ALL = "released after all", _("The authority agrees after all")
    MISTAKE = "mistake", _("It was a mistake")
    # Why somebody is chosen out of turn.
    SAYS_TOO_LITTLE = "says too little", _("The expert can do more than the profile says")
    KNOWS_PLACE = "knows place", _("The expert knows the place or its people")
    ASKED_FOR = "asked for", _("The requester asks for this expert")
    FOR_TEAM = "for team", _("The team needs what this expert brings")
    CAN_BE_SETTLED = "can be settled", _("What stands against it can be settled")
    # Why a request is declined, withdrawn or closed without an expert, or changes hands.
    OUTSIDE = "outside", _("It is outside what the platform does")
    ASKED_TWICE = "asked twice", _("The same is asked for in another request")
    TOO_LATE = "too late", _("There is too little time to find somebody")
    NEED_GONE = "need gone", _("The help is not needed any more")
    FOUND_ELSEWHERE = "found elsewhere", _("The help was found elsewhere")
    PUT_OFF = "put off", _("The work is put off")
    NOBODY_FITS = "nobody fits", _("Nobody on the roster fits")
    NOBODY_FREE = "nobody free", _("Nobody who fits can go")
    NOBODY_CHOSEN = "nobody chosen", _("Nobody who was proposed was chosen")
    OWNER_AWAY = "owner away", _("The owner is away")
    OWNER_LEFT = "owner left", _("The owner has left, or has other tasks")
    AGREED = "agreed", _("It is agreed with the owner")
    # Why a profile is suspended, or a change of who somebody is not confirmed.
    OWN_WISH = "own wish", _("It is the expert's own wish")
    LEFT_SERVICE = "left service", _("The expert has left the service")
    TO_BE_CHECKED = "to be checked", _("Something in the profile has to be checked")
    NOT_CONFIRMED = "not confirmed", _("The authority does not confirm it")
    # Why somebody is not on the roster who cannot ask for it again.
    FINAL = "final", _("The decision is final")
    # Why somebody who asks for an account gets none.
    NO_OFFICIAL = "no official", _("Accounts are for officials and for offices of the UN alone")
    HAS_ACCOUNT = "has account", _("There is an account for this address already")
    # What a file with people of the roster is for.
    REPORT = "report", _("A report, or figures that the platform does not have")
    PREPARING = "preparing", _("Preparing a request, a mission or a meeting")
    LETTERS = "letters", _("Letters or calls to the experts")
    AUTHORITIES = "authorities", _("Agreeing with nominating authorities")
    UPKEEP = "upkeep", _("Checking and mending the roster")
    # What the platform gives as a reason where it draws a consequence.
    FILLED = "filled", _("The request has been filled.")
    LEFT_ROSTER = "left roster", _("The profile is not active on the roster at present.")
    # A comment to be acted on is all of its reason.
    COMMENT = "comment", _("Comment")
    OTHER = "other", _("Another reason")


# These say nothing without a text.
NEED_TEXT = frozenset({ReasonKind.OTHER, ReasonKind.COMMENT, ReasonKind.FINAL})
# As whoever gives them reads them of themselves; what is kept is the kind, which tells no more.
OF_ONESELF = {
    ReasonKind.PERSONAL: _("Personal reasons, such as illness or family"),
    ReasonKind.NEEDED_AT_HOME: _("You are needed in your own service"),
    ReasonKind.SUPERIOR: _("Your superior does not agree"),
    ReasonKind.CONFLICT: _("You would have a conflict of interest"),
}
# These say between which days it would be possible.
NEED_DAYS = frozenset({ReasonKind.NOT_THEN})
COMMENT_ONLY = (ReasonKind.COMMENT,)
# The name under which an audit event's details hold the number of its reason.
REFERENCE = "reason_id"


@dataclass(frozen=True)
class Source:
    """Who gave an answer that somebody else notes, on which day, and by which letter, if by one."""

    by: str
    on: date
    letter: str = ""
    letter_day: date | None = None


@dataclass(frozen=True)
class Grounds:
    """Why somebody takes a step, as they say it."""

    kind: ReasonKind
    text: str = ""
    days: tuple[date, date] | None = None
    source: Source | None = None


class Reason(Base):
    """Why a step was taken: its kind, and a text until that is removed.

    `first_day` and `last_day` are those between which it would be possible, where that is said.
    Of an answer that is noted `said_by`, `said_on` and the letter tell where it comes from.

    It was written by the account of the number `written_by`, about the person whose own row is
    `person_id` of the table `person_table`; like the audit log it outlives both.
    """

    __tablename__ = "reason"
    __table_args__ = (
        sa.Index(None, "person_table", "person_id"),
        sa.CheckConstraint("text = '' OR removed_at IS NULL", name="removed"),
        sa.CheckConstraint(
            "(first_day IS NULL) = (last_day IS NULL)"
            " AND (first_day IS NULL OR last_day >= first_day)",
            name="days",
        ),
        sa.CheckConstraint(
            "said_on IS NOT NULL OR (said_by = '' AND letter = '' AND letter_day IS NULL)",
            name="source",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReasonKind] = mapped_column(enum_column(ReasonKind, "kind"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(index=True)
    person_table: Mapped[str] = mapped_column(sa.String(64))
    person_id: Mapped[int]
    removed_at: Mapped[datetime | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    said_by: Mapped[str] = mapped_column(sa.String(200), default="", server_default=sa.text("''"))
    said_on: Mapped[date | None]
    letter: Mapped[str] = mapped_column(sa.String(100), default="", server_default=sa.text("''"))
    letter_day: Mapped[date | None]

    @property
    def days(self) -> tuple[date, date] | None:
        """Return the days between which it would be possible, where that was said."""
        return (self.first_day, self.last_day) if self.first_day and self.last_day else None

    @property
    def source(self) -> Source | None:
        """Return where an answer that was noted comes from, where that was said."""
        if self.said_on is None:
            return None
        return Source(self.said_by, self.said_on, self.letter, self.letter_day)

    @property
    def says_kind(self) -> bool:
        """Tell whether the kind is read above the text: a comment or another reason has none."""
        if self.kind is ReasonKind.COMMENT:
            return False
        return self.kind is not ReasonKind.OTHER or not self.text


# What people wrote in a reason, and can be removed from it.
_IN_WORDS = (Reason.text, Reason.said_by, Reason.letter)
# What a step is taken for: what somebody says now, or the reason of a step of which it is a part.
Why: TypeAlias = Grounds | Reason


def keep(work: UnitOfWork, why: Why | None, about: Person) -> Reason | None:
    """Store why a step is taken that concerns a person; the reason of another step stays one row.

    The row has its number afterwards, for the audit log refers to it.
    """
    if why is None or isinstance(why, Reason):
        return why
    table, number = about
    first_day, last_day = why.days or (None, None)
    reason = Reason(
        kind=why.kind,
        text=why.text.strip(),
        written_at=work.now,
        written_by=work.actor.id,
        person_table=table,
        person_id=number,
        first_day=first_day,
        last_day=last_day,
        **_columns_of(why.source),
    )
    work.session.add(reason)
    work.session.flush()
    return reason


def _columns_of(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {
        "said_by": source.by,
        "said_on": source.on,
        "letter": source.letter,
        "letter_day": source.letter_day,
    }


def as_written_before(text: str) -> Reason | None:
    """Return a reason as the audit log held it when it still held texts; it is in no table."""
    if not text:
        return None
    given = {kind.label.source: kind for kind in (ReasonKind.FILLED, ReasonKind.LEFT_ROSTER)}
    if text in given:
        return Reason(kind=given[text], text="")
    return Reason(kind=ReasonKind.OTHER, text=text)


def get_all(session: Session, numbers: Collection[int]) -> dict[int, Reason]:
    """Return the reasons of these numbers, by number."""
    if not numbers:
        return {}
    found = session.scalars(sa.select(Reason).where(Reason.id.in_(numbers)))
    return {reason.id: reason for reason in found}


@dataclass(frozen=True)
class Removed:
    """How many texts were removed: those that a person wrote, and those of others about them."""

    written: int
    about: int


def remove_texts(
    work: UnitOfWork, accounts: Collection[int], people: Collection[Person]
) -> Removed:
    """Remove the texts that these accounts wrote, and those that were written about these people.

    Kinds stay. What was removed before is not counted again.
    """
    return Removed(
        _remove(work, Reason.written_by.in_(accounts)),
        _remove(work, is_one_of(people, Reason.person_table, Reason.person_id)),
    )


def remove_texts_of(work: UnitOfWork, numbers: Collection[int]) -> int:
    """Remove the texts of these reasons, and return how many there were."""
    return _remove(work, Reason.id.in_(numbers)) if numbers else 0


def _remove(work: UnitOfWork, chosen: sa.ColumnElement[bool]) -> int:
    removed = work.session.scalars(
        sa.update(Reason)
        .where(chosen, sa.or_(*(column != "" for column in _IN_WORDS)))
        .values(dict.fromkeys(_IN_WORDS, "") | {Reason.removed_at: work.now})
        .returning(Reason.id)
    )
    return len(removed.all())
