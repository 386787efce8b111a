"""The table of briefing packs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.words.translation import LabelledEnum, _p
from webapp.deployments.models import Deployment


class PackState(LabelledEnum):
    """Where the making of a briefing pack stands."""

    WAITING = "waiting", _p("state of a document", "waits to be made")
    AT_WORK = "at work", _p("state of a document", "is being made")
    READY = "ready", _p("state of a document", "ready")
    FAILED = "failed", _p("state of a document", "stopped by a fault of the platform")


# Somebody waits for what stands here.
UNFINISHED = frozenset({PackState.WAITING, PackState.AT_WORK})


class BriefingPack(Base):
    """A briefing pack that somebody has asked for, and the file when it is made.

    It is for this person alone, and deleted a day after it was asked for: what it says is out of
    date soon, and holds whom to meet. `done` tells how many steps of the making are done.
    """

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
    state: Mapped[PackState] = mapped_column(
        enum_column(PackState, "state"), default=PackState.WAITING
    )
    state_since: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)

    deployment: Mapped[Deployment] = relationship()
