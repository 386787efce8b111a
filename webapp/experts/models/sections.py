"""The sections of a profile: themes, evidence and who confirms it, training, languages, days off
and jurisdictions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.core.words.word_lists import WordList
from webapp.experts.models.kinds import (
    ConfirmationState,
    EvidenceKind,
    NoteKind,
    ThemeLevel,
    TrainingKind,
)
from webapp.experts.models.roster import Expert, OfExpert
from webapp.themes.models import Theme


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
    level: Mapped[ThemeLevel | None] = mapped_column(enum_column(ThemeLevel, "level"))

    expert: Mapped[Expert] = relationship(back_populates="themes")
    theme: Mapped[Theme] = relationship()


class Evidence(OfExpert, Base):
    """One piece of evidence: a mission, training given, a law or procedure written, a project.

    What is `kept_out` stands in the profile and is not read by the ranking.
    """

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
    place: Mapped[str] = mapped_column(sa.String(200), default="", server_default=sa.text("''"))
    role: Mapped[str] = mapped_column(sa.String(200), default="", server_default=sa.text("''"))
    ways: Mapped[tuple[HelpKind, ...]] = mapped_column(
        WordList(HelpKind), default=(), server_default=sa.text("''")
    )
    started: Mapped[date | None]
    ended: Mapped[date | None]
    kept_out: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    expert: Mapped[Expert] = relationship(back_populates="evidence")
    # Read with each piece of evidence: pages and the ranking always say whether it is confirmed.
    confirmation: Mapped["EvidenceConfirmation | None"] = relationship(
        back_populates="evidence", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_confirmed(self) -> bool:
        """Tell whether somebody else has confirmed what stands here."""
        asked = self.confirmation
        return asked is not None and asked.state is ConfirmationState.CONFIRMED


class EvidenceConfirmation(OfExpert, Base):
    """Somebody who was there and is asked by mail whether a piece of evidence is true.

    The row has the hash of what the link holds until it is used; what is known without asking has
    neither address nor link. A confirmation is of the words
    that were read: when those change, it is `CHANGED` and counts no more.
    """

    __tablename__ = "evidence_confirmation"
    __table_args__ = (sa.Index(None, "expert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    evidence_id: Mapped[int] = mapped_column(
        sa.ForeignKey("evidence.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[ConfirmationState] = mapped_column(
        enum_column(ConfirmationState, "state"), default=ConfirmationState.ASKED
    )
    state_since: Mapped[datetime]
    name: Mapped[str] = mapped_column(sa.String(200))
    organisation: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(254))
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]

    evidence: Mapped[Evidence] = relationship(back_populates="confirmation")
    expert: Mapped[Expert] = relationship()


class Training(OfExpert, Base):
    """A training or certificate that the expert has."""

    __tablename__ = "training"
    __table_args__ = (sa.Index(None, "expert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    kind: Mapped[TrainingKind] = mapped_column(
        enum_column(TrainingKind, "kind"),
        default=TrainingKind.COURSE,
        server_default=sa.text("'course'"),
    )
    title: Mapped[str] = mapped_column(sa.String(200))
    expires: Mapped[date | None]

    expert: Mapped[Expert] = relationship(back_populates="trainings")


class LanguageSkill(OfExpert, Base):
    """A language with its level, and where they are known the levels of each skill.

    `stanag` is a profile of STANAG 6001: listening, speaking, reading and writing, such as 3322.
    """

    __tablename__ = "language_skill"
    __table_args__ = (sa.UniqueConstraint("expert_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(3), index=True)
    level: Mapped[CefrLevel] = mapped_column(enum_column(CefrLevel, "level"))
    listening: Mapped[CefrLevel | None] = mapped_column(enum_column(CefrLevel, "listening"))
    speaking: Mapped[CefrLevel | None] = mapped_column(enum_column(CefrLevel, "speaking"))
    reading: Mapped[CefrLevel | None] = mapped_column(enum_column(CefrLevel, "reading"))
    writing: Mapped[CefrLevel | None] = mapped_column(enum_column(CefrLevel, "writing"))
    stanag: Mapped[str] = mapped_column(sa.String(11), default="", server_default=sa.text("''"))

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


class JurisdictionNote(OfExpert, Base):
    """A jurisdiction that the expert knows from work there, or where going is delicate."""

    __tablename__ = "jurisdiction_note"
    __table_args__ = (sa.UniqueConstraint("expert_id", "code", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(3))
    kind: Mapped[NoteKind] = mapped_column(enum_column(NoteKind, "kind"))

    expert: Mapped[Expert] = relationship(back_populates="jurisdiction_notes")
