"""The table of the platform's settings: one row, which the first migration of it lays."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base


class PlatformSettings(Base):
    """The settings of this installation; its one row has the id 1.

    `demonstration`: people and things are the fictional ones of the demo, and every page says so.
    `four_eyes`: whoever put an expert forward for a request must not approve that match.
    `accounts_on_request`: strangers may ask for an account of a requester on a public page.
    `experts_on_request`: strangers may ask there for a place on the roster.
    `contact_address`: where people reach SEESAC; nothing where nobody has set it.
    """

    __tablename__ = "platform_settings"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("rest_days BETWEEN 0 AND 365", name="rest_days"),
        sa.CheckConstraint("dormant_after_months BETWEEN 1 AND 60", name="dormant_after_months"),
        sa.CheckConstraint("ask_every_months BETWEEN 1 AND 24", name="ask_every_months"),
        sa.CheckConstraint("reply_by_days BETWEEN 1 AND 60", name="reply_by_days"),
        sa.CheckConstraint("retention_months BETWEEN 6 AND 240", name="retention_months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    four_eyes: Mapped[bool] = mapped_column(default=False)
    accounts_on_request: Mapped[bool] = mapped_column(default=False)
    experts_on_request: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    rest_days: Mapped[int] = mapped_column(default=30)
    dormant_after_months: Mapped[int] = mapped_column(default=12)
    ask_every_months: Mapped[int] = mapped_column(default=3, server_default="3")
    reply_by_days: Mapped[int] = mapped_column(default=7)
    retention_months: Mapped[int] = mapped_column(default=60)
    contact_address: Mapped[str] = mapped_column(
        sa.String(254), default="", server_default=sa.text("''")
    )
    demonstration: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.
