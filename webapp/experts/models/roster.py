"""Experts on the roster, changes of who they are, and who was shown their profiles."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Account
from webapp.core.db import Base, enum_column
from webapp.core.record.acts import Acted
from webapp.core.record.audit import AuditEvent
from webapp.core.record.disclosure import Person, Personal
from webapp.core.record.reasons import Reason
from webapp.core.words.search import Searchable
from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.core.words.vocabularies import HelpKind
from webapp.core.words.word_lists import WordList
from webapp.experts.models.kinds import NatoRank, NoteKind, Service
from webapp.organisations.models import Organisation

if TYPE_CHECKING:
    from webapp.experts.models.sections import (
        ClosedJurisdiction,
        Evidence,
        ExpertTheme,
        JurisdictionNote,
        LanguageSkill,
        Training,
        UnavailablePeriod,
    )


class ExpertState(LabelledEnum):
    """Where an expert stands on the roster; only ACTIVE experts are ranked."""

    NOMINATED = "nominated", _p("state of a profile", "nominated")
    SCREENING = "screening", _p("state of a profile", "screening")
    ACTIVE = "active", _p("state of a profile", "active")
    DORMANT = "dormant", _p("state of a profile", "dormant")
    SUSPENDED = "suspended", _p("state of a profile", "suspended")
    WITHDRAWN = "withdrawn", _p("state of a profile", "withdrawn")
    EXPIRED = "expired", _p("state of a profile", "expired")
    ERASED = "erased", _p("state of a profile", "erased")


class Availability(LabelledEnum):
    """What an expert has said of the three months that followed."""

    FREE = "free", _("free")
    PARTLY = "partly", _("free for a part of it")
    NOT_FREE = "not free", _("not free")


class IdentityState(LabelledEnum):
    """What became of a change that an expert has made to who they are."""

    PENDING = "pending", _p("state of a change", "waits for SEESAC")
    CONFIRMED = "confirmed", _p("state of a change", "confirmed")
    REFUSED = "refused", _p("state of a change", "not confirmed")
    WITHDRAWN = "withdrawn", _p("state of a change", "withdrawn")


class Gender(LabelledEnum):
    """For parity counts only; it is never an input of the ranking."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")


class RosterRevision(Base):
    """One counter row: a write to any profile raises it in the same transaction.

    Its row lock orders writers, so that a reader who has seen revision n has seen all changes up to
    n; a sequence would not do, because transactions do not commit in the order they draw numbers.
    """

    __tablename__ = "roster_revision"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class Expert(Searchable, Personal, Base):
    """A serving official on the roster; `revision` is the roster's at the last change.

    `entity` is the part of a jurisdiction that has an authority of its own, such as a canton, and
    `service_since` the year in which somebody entered the service.
    """

    __tablename__ = "expert"
    __table_args__ = (
        sa.CheckConstraint("max_days IS NULL OR max_days BETWEEN 1 AND 730", name="max_days"),
        sa.CheckConstraint("notice_days IS NULL OR notice_days BETWEEN 0 AND 365", name="notice"),
        sa.CheckConstraint(
            "service_since IS NULL OR service_since BETWEEN 1950 AND 2100", name="service_since"
        ),
        sa.CheckConstraint(
            "most_missions IS NULL OR most_missions BETWEEN 1 AND 12", name="most_missions"
        ),
        sa.CheckConstraint(
            "(consent_version IS NULL) = (consented_at IS NULL)", name="consent_has_its_time"
        ),
        sa.CheckConstraint(
            "consented_at IS NOT NULL OR state NOT IN ('active', 'dormant')", name="consent"
        ),
        sa.CheckConstraint(
            "(availability IS NULL) = (availability_at IS NULL)", name="availability_has_its_time"
        ),
        sa.Index(None, "revision"),
        # Of few something is due, and the queue looks for them among all.
        sa.Index(None, "state", "account_id"),
        sa.Index(None, "state", "approved_until"),
    )
    searched = ("name", "institution", "post")

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="RESTRICT"), unique=True
    )
    state: Mapped[ExpertState] = mapped_column(
        enum_column(ExpertState, "state"), default=ExpertState.NOMINATED
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    gender: Mapped[Gender | None] = mapped_column(enum_column(Gender, "gender"))
    # Lists are narrowed by what the roster has, which is counted here at every look.
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3), index=True)
    institution: Mapped[str] = mapped_column(sa.String(200), default="", index=True)
    post: Mapped[str] = mapped_column(sa.String(200), default="")
    rank: Mapped[str] = mapped_column(sa.String(100), default="")
    nato_rank: Mapped[NatoRank | None] = mapped_column(enum_column(NatoRank, "nato_rank"))
    entity: Mapped[str] = mapped_column(sa.String(100), default="", server_default=sa.text("''"))
    unit: Mapped[str] = mapped_column(sa.String(200), default="", server_default=sa.text("''"))
    service: Mapped[Service | None] = mapped_column(enum_column(Service, "service"))
    service_since: Mapped[int | None]
    telephone: Mapped[str] = mapped_column(sa.String(40), default="", server_default=sa.text("''"))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    english_summary: Mapped[str] = mapped_column(sa.Text, default="", server_default=sa.text("''"))
    # What else the roster's search finds (searching.py writes it).
    search_words: Mapped[str] = mapped_column(
        sa.Text, default="", server_default=sa.text("''"), deferred=True
    )
    ways: Mapped[tuple[HelpKind, ...]] = mapped_column(
        WordList(HelpKind), default=(), server_default=sa.text("''")
    )
    max_days: Mapped[int | None]
    notice_days: Mapped[int | None]
    most_missions: Mapped[int | None]
    # Whose official it is: who nominates, approves and releases. Its end follows from approvals.
    authority_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    approved_until: Mapped[date | None]
    # How somebody is reached who has no account.
    contact_email: Mapped[str] = mapped_column(
        sa.String(254), default="", server_default=sa.text("''")
    )
    # The consent to be on the roster, which is another than that to have an account.
    consent_version: Mapped[str | None] = mapped_column(sa.String(16))
    consented_at: Mapped[datetime | None]
    last_confirmed_at: Mapped[datetime | None]
    availability: Mapped[Availability | None] = mapped_column(
        enum_column(Availability, "availability")
    )
    availability_at: Mapped[datetime | None]
    # When the expert was last asked whether the profile is still true.
    asked_at: Mapped[datetime | None]
    revision: Mapped[int]
    version: Mapped[int] = mapped_column()

    account: Mapped[Account | None] = relationship()
    authority: Mapped[Organisation | None] = relationship()
    themes: Mapped[list["ExpertTheme"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="ExpertTheme.priority"
    )
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="Evidence.id"
    )
    trainings: Mapped[list["Training"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="Training.id"
    )
    languages: Mapped[list["LanguageSkill"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="LanguageSkill.id"
    )
    unavailable: Mapped[list["UnavailablePeriod"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="UnavailablePeriod.start"
    )
    closed_jurisdictions: Mapped[list["ClosedJurisdiction"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="ClosedJurisdiction.code"
    )
    jurisdiction_notes: Mapped[list["JurisdictionNote"]] = relationship(
        back_populates="expert", cascade="all, delete-orphan", order_by="JurisdictionNote.code"
    )

    # The change of who the expert is that waits for a coordinator, if there is one.
    pending_identity: Mapped["IdentityChange | None"] = relationship(
        primaryjoin="and_(Expert.id == IdentityChange.expert_id,"
        " IdentityChange.state == 'pending')",
        viewonly=True,
        uselist=False,
    )

    # Whose own a profile is cannot be said without: it is read with the profile itself.
    acted: Mapped[list["ActedOnProfile"]] = relationship(lazy="selectin", viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

    def noted(self, kind: NoteKind) -> list["JurisdictionNote"]:
        """Return the jurisdictions that the expert knows, or finds delicate."""
        return [row for row in self.jurisdiction_notes if row.kind == kind]

    @property
    def tells_of(self) -> Person:
        """Return the expert."""
        return (Expert.__tablename__, self.id)


class OfExpert(Personal):
    """A part of a profile."""

    expert_id: Mapped[int]

    @property
    def tells_of(self) -> Person:
        """Return the expert whose profile it belongs to."""
        return (Expert.__tablename__, self.expert_id)


class ActedOnProfile(Acted, OfExpert, Base):
    """For which side somebody has acted on a profile, as the log has it (`sides.py` writes it): who
    has nominated or approved somebody for an authority, or decided on them for SEESAC.

    The side of the expert is that of another account of the same person, which has lost its profile
    to this one.
    """

    __tablename__ = "acted_on_profile"
    __table_args__ = (
        sa.CheckConstraint(
            "side IN ('expert', 'coordinator', 'nominating authority')", name="side"
        ),
    )

    expert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )


class IdentityChange(OfExpert, Base):
    """Who the expert of a vetted profile now says to be; it holds when a coordinator confirms it.

    The profile itself keeps what was confirmed, so that nothing shows a change before that.
    """

    __tablename__ = "identity_change"
    __table_args__ = (
        sa.Index(
            "uq_identity_change_pending",
            "expert_id",
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index(None, "expert_id"),
        sa.CheckConstraint(
            "reason_id IS NOT NULL OR state <> 'refused'", name="refused_with_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    state: Mapped[IdentityState] = mapped_column(
        enum_column(IdentityState, "state"), default=IdentityState.PENDING
    )
    state_since: Mapped[datetime]
    name: Mapped[str] = mapped_column(sa.String(200))
    post: Mapped[str] = mapped_column(sa.String(200))
    rank: Mapped[str] = mapped_column(sa.String(100))
    institution: Mapped[str] = mapped_column(sa.String(200))
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3))
    reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    version: Mapped[int] = mapped_column()

    reason: Mapped[Reason | None] = relationship()
    expert: Mapped[Expert] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


class ProfileView(Base):
    """An expert on a page that somebody else was shown; the audit event tells the rest.

    It repeats what stands in the event's details, so that an expert's own can be found and counted.
    As in the log, the account is a mere number. `page` is the endpoint.
    """

    __tablename__ = "profile_view"
    __table_args__ = (sa.Index(None, "expert_id", "day"),)

    event_id: Mapped[int] = mapped_column(
        sa.ForeignKey("audit_event.id", ondelete="RESTRICT"), primary_key=True
    )
    expert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    account_id: Mapped[int]
    page: Mapped[str] = mapped_column(sa.String(100))

    event: Mapped[AuditEvent] = relationship()
