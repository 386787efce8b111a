"""The table of what is known for an emergency of a mission."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base
from webapp.core.record.disclosure import Person, Personal
from webapp.deployments.models import Deployment


class MissionContact(Personal, Base):
    """Whom to call if something happens to an expert on a mission, and what they do not eat.

    It is erased soon after the mission. `by_office` tells that SEESAC wrote down what it was told.
    """

    __tablename__ = "mission_contact"

    deployment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("deployment.id", ondelete="RESTRICT"), primary_key=True
    )
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    relation: Mapped[str] = mapped_column(sa.String(100), default="")
    telephone: Mapped[str] = mapped_column(sa.String(40), default="")
    diet: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime]
    by_office: Mapped[bool]
    version: Mapped[int] = mapped_column()

    deployment: Mapped[Deployment] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

    @property
    def tells_of(self) -> Person:
        """Return the expert of the mission."""
        return self.deployment.match.expert.tells_of
