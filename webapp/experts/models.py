"""Tables of the roster."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Account
from webapp.core.audit import AuditEvent
from webapp.core.db import Base, enum_column
from webapp.core.disclosure import Person, Personal
from webapp.core.reasons import Reason
from webapp.core.search import Searchable
from webapp.core.translation import LabelledEnum, _, _p
from webapp.core.vocabularies import CefrLevel
from webapp.organisations.models import Organisation
from webapp.themes.models import Theme


class ExpertState(LabelledEnum):
    """Where an expert stands on the roster; only ACTIVE experts are ranked."""

    NOMINATED = "nominated", _p("state of a profile", "nominated")
    SCREENING = "screening", _p("state of a profile", "screening")
    ACTIVE = "active", _p("state of a profile", "active")
    DORMANT = "dormant", _p("state of a profile", "dormant")
    SUSPENDED = "suspended", _p("state of a profile", "suspended")
    WITHDRAWN = "withdrawn", _p("state of a profile", "withdrawn")
    EXPIRED = "expired", _p("state of a profile", "expired")


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


class EvidenceKind(LabelledEnum):
    """What kind of work an entry of evidence tells of."""

    MISSION = "mission", _("mission")
    TRAINING_GIVEN = "training given", _("training given")
    PROCEDURE = "law or procedure written", _("law or procedure written")
    PROJECT = "project", _("project")
    POST = "post held", _("post held")


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
    """A serving official on the roster; `revision` is the roster's at the last change."""

    __tablename__ = "expert"
    __table_args__ = (
        sa.CheckConstraint("max_days IS NULL OR max_days BETWEEN 1 AND 730", name="max_days"),
        sa.CheckConstraint("notice_days IS NULL OR notice_days BETWEEN 0 AND 365", name="notice"),
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
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3))
    institution: Mapped[str] = mapped_column(sa.String(200), default="")
    post: Mapped[str] = mapped_column(sa.String(200), default="")
    rank: Mapped[str] = mapped_column(sa.String(100), default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    max_days: Mapped[int | None]
    notice_days: Mapped[int | None]
    # Whose official it is: who nominates, approves and releases. Its end follows from approvals.
    authority_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    approved_until: Mapped[date | None]
    # How somebody is reached who has no account.
    contact_email: Mapped[str] = mapped_column(
        sa.String(254), default="", server_default=sa.text("''")
    )
    telephone: Mapped[str] = mapped_column(sa.String(40), default="", server_default=sa.text("''"))
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

    # The change of who the expert is that waits for a coordinator, if there is one.
    pending_identity: Mapped["IdentityChange | None"] = relationship(
        primaryjoin="and_(Expert.id == IdentityChange.expert_id,"
        " IdentityChange.state == 'pending')",
        viewonly=True,
        uselist=False,
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

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


class ExpertTheme(OfExpert, Base):
    """A theme the expert claims; `priority` 1 to 3 ranks the first three, the rest share 9."""

    __tablename__ = "expert_theme"
    __table_args__ = (
        sa.UniqueConstraint("expert_id", "theme_code"),
        sa.CheckConstraint("priority IN (1, 2, 3, 9)", name="priority"),
        sa.CheckConstraint("years IS NULL OR years BETWEEN 0 AND 60", name="years"),
        sa.Index(
            "uq_expert_theme_ranked",
            "expert_id",
            "priority",
            unique=True,
            sqlite_where=sa.text("priority < 9"),
            postgresql_where=sa.text("priority < 9"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    theme_code: Mapped[str] = mapped_column(sa.ForeignKey("theme.code", ondelete="RESTRICT"))
    priority: Mapped[int] = mapped_column(default=9)
    years: Mapped[int | None]

    expert: Mapped[Expert] = relationship(back_populates="themes")
    theme: Mapped[Theme] = relationship()


class Evidence(OfExpert, Base):
    """One piece of evidence: a mission, training given, a law or procedure written, a project."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.CheckConstraint("ended IS NULL OR started IS NULL OR ended >= started", name="period"),
        sa.Index(None, "expert_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    kind: Mapped[EvidenceKind] = mapped_column(enum_column(EvidenceKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3))
    started: Mapped[date | None]
    ended: Mapped[date | None]

    expert: Mapped[Expert] = relationship(back_populates="evidence")


class Training(OfExpert, Base):
    """A training or certificate that the expert has."""

    __tablename__ = "training"
    __table_args__ = (sa.Index(None, "expert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(sa.String(200))
    expires: Mapped[date | None]

    expert: Mapped[Expert] = relationship(back_populates="trainings")


class LanguageSkill(OfExpert, Base):
    """A language with its level."""

    __tablename__ = "language_skill"
    __table_args__ = (sa.UniqueConstraint("expert_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(3))
    level: Mapped[CefrLevel] = mapped_column(enum_column(CefrLevel, "level"))

    expert: Mapped[Expert] = relationship(back_populates="languages")


class UnavailablePeriod(OfExpert, Base):
    """Days, both ends included, on which the expert cannot be deployed."""

    __tablename__ = "unavailable_period"
    __table_args__ = (
        sa.CheckConstraint('"end" >= start', name="period"),
        sa.Index(None, "expert_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    start: Mapped[date]
    end: Mapped[date]

    expert: Mapped[Expert] = relationship(back_populates="unavailable")


class ClosedJurisdiction(OfExpert, Base):
    """A jurisdiction the expert cannot go to; the reason is nobody's business here."""

    __tablename__ = "closed_jurisdiction"
    __table_args__ = (sa.UniqueConstraint("expert_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(3))

    expert: Mapped[Expert] = relationship(back_populates="closed_jurisdictions")


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
