"""The table of documents that are made for somebody."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.matches.models import Match


class DocumentKind(LabelledEnum):
    """What a document is; the name of each stands in addresses and file names."""

    TERMS = "terms-of-reference", _("Terms of reference")
    NOMINATION = "nomination-letter", _("Letter that asks for the release")
    BRIEFING = "briefing-pack", _("Briefing pack")
    CERTIFICATE = "certificate", _("Certificate of service")
    THANKS_EXPERT = "thanks-to-expert", _("Letter of thanks to the expert")
    THANKS_AUTHORITY = "thanks-to-authority", _("Letter of thanks to the authority")


class DocumentState(LabelledEnum):
    """Where the making of a document stands."""

    WAITING = "waiting", _p("state of a document", "waits to be made")
    AT_WORK = "at work", _p("state of a document", "is being made")
    READY = "ready", _p("state of a document", "ready")
    FAILED = "failed", _p("state of a document", "stopped by a fault of the platform")


# Somebody waits for what stands here.
UNFINISHED = frozenset({DocumentState.WAITING, DocumentState.AT_WORK})


class MissionDocument(Base):
    """A document that somebody has asked for, and the file when it is made.

    It is for this person alone, and deleted a day after it was asked for: what it says is out of
    date soon, and names people. `whole` tells whether it holds all of the terms of reference,
    `done` how many steps of the making are done, and `people` whom the file tells of, by the
    tables and numbers of their rows.
    """

    __tablename__ = "mission_document"
    __table_args__ = (
        sa.UniqueConstraint("match_id", "kind", "language", "asked_by"),
        sa.CheckConstraint("(content IS NOT NULL) = (state = 'ready')", name="made"),
        sa.Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind, "kind"))
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("match.id", ondelete="CASCADE"))
    whole: Mapped[bool]
    asked_by: Mapped[int] = mapped_column(index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[DocumentState] = mapped_column(
        enum_column(DocumentState, "state"), default=DocumentState.WAITING
    )
    state_since: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    people: Mapped[list[tuple[str, int]]] = mapped_column(sa.JSON, default=list)

    match: Mapped[Match] = relationship()


class FormerPack(Base):
    """A briefing pack that the code before was asked for; the table goes with the next version
    (decision 108)."""

    __tablename__ = "briefing_pack"
    __table_args__ = (
        sa.UniqueConstraint("deployment_id", "asked_by"),
        sa.CheckConstraint("(content IS NOT NULL) = (state = 'ready')", name="made"),
        sa.Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id", ondelete="CASCADE"))
    asked_by: Mapped[int] = mapped_column(index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[DocumentState] = mapped_column(enum_column(DocumentState, "state"))
    state_since: Mapped[datetime]
    done: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)


# What is deleted by its age, and when anybody is erased.
MADE: tuple[type[MissionDocument | FormerPack], ...] = (MissionDocument, FormerPack)
