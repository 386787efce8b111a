"""Tables of what a place on the roster rests on: approvals, questions, calls, joined profiles."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.record.reasons import Reason
from webapp.core.words.translation import LabelledEnum, _p
from webapp.experts.models import Expert, OfExpert
from webapp.organisations.models import Organisation


class ApprovalState(LabelledEnum):
    """Whether an approval holds; one that holds ends by itself after its last day."""

    GRANTED = "granted", _p("state of an approval", "granted")
    WITHDRAWN = "withdrawn", _p("state of an approval", "withdrawn")


class Approval(OfExpert, Base):
    """An authority lets one of its officials be sent, from the day `starts` to the day `until`.

    `scope` says for what, in words. `letter` is the number and day of the letter it came by, if it
    did; then a coordinator has recorded it, and the authority may have nobody on the platform.
    """

    __tablename__ = "approval"
    __table_args__ = (
        sa.CheckConstraint("until >= starts", name="period"),
        sa.CheckConstraint("(state = 'withdrawn') = (ended_on IS NOT NULL)", name="withdrawn"),
        sa.CheckConstraint(
            "reason_id IS NOT NULL OR state <> 'withdrawn'", name="withdrawn_with_reason"
        ),
        sa.Index(None, "expert_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    state: Mapped[ApprovalState] = mapped_column(
        enum_column(ApprovalState, "state"), default=ApprovalState.GRANTED
    )
    state_since: Mapped[datetime]
    scope: Mapped[str] = mapped_column(sa.Text, default="")
    letter: Mapped[str] = mapped_column(sa.String(200), default="")
    starts: Mapped[date]
    until: Mapped[date]
    # The last day on which it held, where it was withdrawn.
    ended_on: Mapped[date | None]
    # As in the audit log, the account is a mere number.
    granted_by: Mapped[int | None]
    reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    version: Mapped[int] = mapped_column()

    expert: Mapped[Expert] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    reason: Mapped[Reason | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

    @property
    def last_day(self) -> date:
        """Return the last day on which it holds or held."""
        return self.until if self.ended_on is None else min(self.until, self.ended_on)

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.starts <= day <= self.last_day

    def withdraw_from(self, day: date) -> None:
        """Let it hold no more from this day on."""
        self.ended_on = day - timedelta(days=1)


class QuestionState(LabelledEnum):
    """What became of something that SEESAC asks an expert to add to the profile."""

    OPEN = "open", _p("state of a question", "waits for the expert")
    ANSWERED = "answered", _p("state of a question", "answered")
    DROPPED = "dropped", _p("state of a question", "taken back")


class ProfileQuestion(OfExpert, Base):
    """What SEESAC asks of one section of a profile; the text is that of its reason."""

    __tablename__ = "profile_question"
    __table_args__ = (sa.Index(None, "expert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    section: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[QuestionState] = mapped_column(
        enum_column(QuestionState, "state"), default=QuestionState.OPEN
    )
    state_since: Mapped[datetime]
    reason_id: Mapped[int] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    version: Mapped[int] = mapped_column()

    expert: Mapped[Expert] = relationship()
    reason: Mapped[Reason] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


# Of calls those are listed that nobody has made, and all others are kept.
WAITS = sa.text("done_at IS NULL")


class PhoneCall(OfExpert, Base):
    """What an expert without an account is to be told by telephone, until a coordinator has.

    `words` holds the sentence as core/record/stored_words.py stores it.
    """

    __tablename__ = "phone_call"
    __table_args__ = (
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done"),
        sa.Index(None, "expert_id"),
        sa.Index(
            "ix_phone_call_waiting",
            "since",
            "id",
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    words: Mapped[dict[str, Any]]
    since: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None]

    expert: Mapped[Expert] = relationship()


class ProfileMerge(OfExpert, Base):
    """Another profile of the same person was joined with this one, and has ended.

    `gone_id` is its number, by which the log and old links still call it. `left_behind` has what it
    said otherwise and was not taken over, by the names of fields. `account_id` is the account that
    was left without a profile, if one was. As in the audit log, accounts are mere numbers.
    """

    __tablename__ = "profile_merge"
    __table_args__ = (sa.Index(None, "expert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    gone_id: Mapped[int] = mapped_column(unique=True)
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None]
    account_id: Mapped[int | None]
    left_behind: Mapped[dict[str, Any]]
