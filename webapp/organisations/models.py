"""The table of organisations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, enum_column
from webapp.core.words.search import Searchable
from webapp.core.words.translation import LabelledEnum, _


class OrganisationKind(LabelledEnum):
    """What an organisation is to the platform."""

    MINISTRY = "ministry", _("ministry or authority")
    UNDP = "UNDP office", _("UNDP office")
    SEESAC = "SEESAC", _("SEESAC")
    OTHER = "other", _("other organisation")


class Organisation(Searchable, Base):
    """Those for whom people act. Its members are the accounts that name it.

    A request for expertise belongs to its writer and to the writer's organisation, so that it
    outlives its writer's account. One that is closed has no members and takes none.
    """

    __tablename__ = "organisation"
    __table_args__ = (sa.UniqueConstraint("name", "jurisdiction"),)
    searched = ("name",)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[OrganisationKind] = mapped_column(enum_column(OrganisationKind, "kind"))
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.
