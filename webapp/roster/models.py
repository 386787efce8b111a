"""Tables of what coordinators note about experts, and of who may be, or is not, one person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from webapp.core.db import Base
from webapp.experts.models import OfExpert


class CoordinatorNote(OfExpert, Base):
    """What a coordinator notes about an expert for colleagues.

    The expert is given it with the copy of their data, and with nothing else. As in the audit log,
    accounts are mere numbers.
    """

    __tablename__ = "coordinator_note"
    __table_args__ = (
        sa.CheckConstraint("(changed_at IS NULL) = (changed_by IS NULL)", name="changed"),
        sa.Index(None, "expert_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    written_by: Mapped[int]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


class OfPair(OfExpert):
    """Two experts who look like one person, once; `expert_id` is the lower number."""

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("expert.id", ondelete="CASCADE"))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[sa.schema.SchemaItem, ...]:  # noqa: N805 - SQLAlchemy's way.
        """Return what holds for every pair."""
        return (
            sa.UniqueConstraint("expert_id", "other_id"),
            sa.CheckConstraint("expert_id < other_id", name="in_order"),
            sa.Index(None, "other_id"),
        )


class DifferentPeople(OfPair, Base):
    """A pair of whom a coordinator has said that they are not one person.

    As in the audit log, the account is a mere number.
    """

    __tablename__ = "different_people"

    said_at: Mapped[datetime]
    said_by: Mapped[int]


class LikelyPair(OfPair, Base):
    """A pair that is pointed out, and since when.

    The rows follow the profiles within a minute (sweep.py).
    """

    __tablename__ = "likely_pair"

    since: Mapped[datetime]


class PairsSought(Base):
    """One row: the revision of the roster in which pairs were last sought."""

    __tablename__ = "pairs_sought"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
