"""Tables of matches and of the days that approved matches take."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.files.stored_files import StoredFile
from webapp.core.record.reasons import Reason
from webapp.core.words.translation import LabelledEnum, _p
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, Gender
from webapp.organisations.models import Organisation


class MatchState(LabelledEnum):
    """Where one expert stands for one request."""

    SHORTLISTED = "shortlisted", _p("state of a match", "shortlisted")
    INVITED = "invited", _p("state of a match", "invited")
    AVAILABLE = "available", _p("state of a match", "available")
    DECLINED = "declined", _p("state of a match", "declined")
    RELEASE_ASKED = "release asked", _p("state of a match", "release asked")
    RELEASED = "released", _p("state of a match", "released")
    REFUSED = "refused", _p("state of a match", "refused")
    APPROVED = "approved", _p("state of a match", "approved")
    PROPOSED = "proposed", _p("state of a match", "proposed")
    SELECTED = "selected", _p("state of a match", "selected")
    ALTERNATE = "alternate", _p("state of a match", "in reserve")
    NOT_SELECTED = "not selected", _p("state of a match", "not selected")
    CANCELLED = "cancelled", _p("state of a match", "cancelled")


class OutOfTurn(LabelledEnum):
    """How somebody stood who was put on the shortlist before others that fit better."""

    FAR_BELOW = "far below", _p("place of an expert", "far below others")
    RULED_OUT = "ruled out", _p("place of an expert", "ruled out")
    NOTHING = "nothing to go on", _p("place of an expert", "nothing to go on")


class CountedPassage(Base):
    """A passage of a request that the matcher would set aside and a coordinator has taken back.

    It is known by the hash of its words, so that it stays taken back wherever an edit moves it, and
    counts no more when its words have changed.
    """

    __tablename__ = "counted_passage"
    __table_args__ = (sa.UniqueConstraint("request_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE")
    )
    digest: Mapped[str] = mapped_column(sa.String(64))


class IgnoredConsideration(Base):
    """Something beside the subject that does not count in the ranking of a request, because a
    coordinator has switched it off."""

    __tablename__ = "ignored_consideration"
    __table_args__ = (sa.UniqueConstraint("request_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(sa.String(20))


class Match(Base):
    """One expert considered for one request, with the ranking as seen when it was made."""

    __tablename__ = "match"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "expert_id"),
        sa.CheckConstraint(
            "summary_written = '' OR summary_language IS NOT NULL", name="summary_in_a_language"
        ),
        sa.CheckConstraint(
            "reason_id IS NOT NULL OR"
            " state NOT IN ('declined', 'refused', 'not selected', 'cancelled')",
            name="ended_with_reason",
        ),
        sa.CheckConstraint(
            "(out_of_turn IS NULL) = (choice_reason_id IS NULL)", name="out_of_turn_with_reason"
        ),
        sa.CheckConstraint(
            "(released_start IS NULL) = (released_end IS NULL)"
            " AND (released_start IS NULL OR released_end >= released_start)",
            name="released",
        ),
        sa.CheckConstraint(
            "invited_at IS NOT NULL OR state IN ('shortlisted', 'cancelled')", name="invited"
        ),
        sa.Index(None, "expert_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="RESTRICT")
    )
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="RESTRICT"))
    state: Mapped[MatchState] = mapped_column(
        enum_column(MatchState, "state"), default=MatchState.SHORTLISTED
    )
    state_since: Mapped[datetime]
    created_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    # When the authority was asked to release the expert, since they were invited last: it is told
    # how that ends, and of nothing else.
    release_asked_at: Mapped[datetime | None]
    # The days for which the authority has released the expert; other days need another answer.
    released_start: Mapped[date | None]
    released_end: Mapped[date | None]
    # Whose official the expert was when the release was asked for, or, where nobody was asked, when
    # they were approved: the release and the mission are this authority's, whoever comes after it.
    authority_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    # When the requester was first able to read of the expert, also where that was taken back.
    proposed_at: Mapped[datetime | None]
    # Until when the expert is asked to answer the invitation.
    reply_by: Mapped[date | None]
    reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    score: Mapped[float]
    rank: Mapped[int]
    ranked_among: Mapped[int]
    roster_revision: Mapped[int]
    explanation: Mapped[dict[str, Any]]
    # Who the expert was when the match was made, and again when they were proposed.
    identity: Mapped[dict[str, Any]]
    # The account that chose this expert for this request: put them on the shortlist, or took them
    # up again. As in the audit log, the number stays when the account is gone.
    put_forward_by: Mapped[int | None]
    # How the expert stood where that asked for a reason, and the reason; statistics count it.
    out_of_turn: Mapped[OutOfTurn | None] = mapped_column(enum_column(OutOfTurn, "out_of_turn"))
    choice_reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    # Why the expert was approved without the authority's release; none of whom was released.
    unreleased_reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    # What the coordinator tells the requester of this expert; read by them once proposed.
    said_to_requester: Mapped[str] = mapped_column(
        sa.Text, default="", server_default=sa.text("''")
    )
    # A summary of the expert that the coordinator wrote in the requester's language, and its code.
    summary_written: Mapped[str] = mapped_column(sa.Text, default="", server_default=sa.text("''"))
    summary_language: Mapped[str | None] = mapped_column(sa.String(8))
    version: Mapped[int] = mapped_column()

    reason: Mapped[Reason | None] = relationship(foreign_keys=[reason_id])
    choice_reason: Mapped[Reason | None] = relationship(foreign_keys=[choice_reason_id])
    unreleased_reason: Mapped[Reason | None] = relationship(foreign_keys=[unreleased_reason_id])
    request: Mapped[ExpertiseRequest] = relationship()
    expert: Mapped[Expert] = relationship()
    authority: Mapped[Organisation | None] = relationship()
    booked_days: Mapped[list["BookedDay"]] = relationship(
        back_populates="match", cascade="all, delete-orphan", order_by="BookedDay.day"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


class FirstPlaces(Base):
    """How many of one sex stood in the first ten places when somebody was first chosen from them.

    These are numbers alone: nobody who was ranked and never asked stands in a list.
    """

    __tablename__ = "first_places"
    __table_args__ = (sa.CheckConstraint("number > 0", name="number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), index=True
    )
    gender: Mapped[Gender | None] = mapped_column(enum_column(Gender, "gender"))
    number: Mapped[int]


class RankingLook(Base):
    """A look of a coordinator at the ranking of a request; kept until they come back to it.

    Of each coordinator and request there are two at most: the last of the visit before, and that of
    the present visit. Nobody else reads them, and they go with the request's end.
    """

    __tablename__ = "ranking_look"
    __table_args__ = (sa.Index(None, "account_id", "request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]

    places: Mapped[list["SeenPlace"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="SeenPlace.place"
    )


class SeenPlace(Base):
    """Who stood where on the ranking that somebody looked at, down to a bounded place."""

    __tablename__ = "seen_place"
    __table_args__ = (sa.CheckConstraint("place > 0", name="place"),)

    look_id: Mapped[int] = mapped_column(
        sa.ForeignKey("ranking_look.id", ondelete="CASCADE"), primary_key=True
    )
    expert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int]


class ReleaseLetter(Base):
    """The letter by which an authority releases an expert for a mission, as it says it itself.

    As in the audit log, the account is a mere number.
    """

    __tablename__ = "release_letter"
    __table_args__ = (
        sa.CheckConstraint(
            "(released_start IS NULL) = (released_end IS NULL)"
            " AND (released_start IS NULL OR released_end >= released_start)",
            name="released",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(
        sa.ForeignKey("match.id", ondelete="CASCADE"), unique=True
    )
    # Whose letter it is; another authority that is asked for the same mission later has its own.
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    number: Mapped[str] = mapped_column(sa.String(100))
    dated: Mapped[date]
    conditions: Mapped[str] = mapped_column(sa.Text)
    # For which days it was written: an answer that SEESAC notes later makes it one for no others.
    released_start: Mapped[date | None]
    released_end: Mapped[date | None]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None]


class ReleaseLetterFile(StoredFile, Base):
    """The signed letter of a release itself, where the authority has sent it along."""

    __tablename__ = "release_letter_file"

    letter_id: Mapped[int] = mapped_column(
        sa.ForeignKey("release_letter.id", ondelete="CASCADE"), primary_key=True
    )


class InvitationLink(Base):
    """The link that was sent to `email` for one answer to an invitation.

    The row has the hash of what the link holds, so that who reads the database can use none.
    """

    __tablename__ = "invitation_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(
        sa.ForeignKey("match.id", ondelete="CASCADE"), unique=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    expires_at: Mapped[datetime]

    match: Mapped[Match] = relationship()


class BookedDay(Base):
    """A day of an expert that an approved match takes.

    The primary key is the promise that nobody is on two missions at once: the database itself
    refuses the second row, on SQLite and PostgreSQL alike.
    """

    __tablename__ = "booked_day"

    expert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expert.id", ondelete="RESTRICT"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id", ondelete="CASCADE"), index=True)

    match: Mapped[Match] = relationship(back_populates="booked_days")
