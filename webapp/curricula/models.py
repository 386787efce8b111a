"""The draft that a curriculum was read into."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base
from webapp.core.record.disclosure import Person, Personal
from webapp.experts.models import Expert


class CurriculumDraft(Personal, Base):
    """What was read in a curriculum, until its expert has taken or dropped each piece.

    The file itself is not kept: `text` has the lines of it, and `pieces` what was found in them.
    """

    __tablename__ = "curriculum_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expert.id", ondelete="CASCADE"), unique=True
    )
    read_at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    pieces: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

    @property
    def tells_of(self) -> Person:
        """Return the expert whose curriculum it is."""
        return (Expert.__tablename__, self.expert_id)
