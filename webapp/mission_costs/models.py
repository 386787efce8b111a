"""The table of what missions cost."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.words.money import Euros
from webapp.core.words.translation import LabelledEnum, _
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import Payer

_IN_BOUNDS = "{column} IS NULL OR {column} BETWEEN 0 AND 100000000"


class CostItem(LabelledEnum):
    """What a mission costs money for."""

    TRAVEL = "travel", _("travel")
    ALLOWANCE = "allowance", _("daily allowance")
    ACCOMMODATION = "accommodation", _("accommodation")
    INSURANCE = "insurance", _("insurance")
    INTERPRETATION = "interpretation", _("interpretation")
    OTHER = "other", _("other costs")


class MissionCost(Base):
    """What one item of a mission costs by plan and in the end, and who pays it.

    A row stays when its amounts are taken out, so that the sum of versions grows with each change.
    """

    __tablename__ = "mission_cost"
    __table_args__ = (
        sa.UniqueConstraint("deployment_id", "item"),
        sa.CheckConstraint(_IN_BOUNDS.format(column="planned"), name="planned"),
        sa.CheckConstraint(_IN_BOUNDS.format(column="actual"), name="actual"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id", ondelete="RESTRICT"))
    item: Mapped[CostItem] = mapped_column(enum_column(CostItem, "item"))
    planned: Mapped[Decimal | None] = mapped_column(Euros)
    actual: Mapped[Decimal | None] = mapped_column(Euros)
    payer: Mapped[Payer] = mapped_column(enum_column(Payer, "payer"))
    version: Mapped[int] = mapped_column()

    deployment: Mapped[Deployment] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.
