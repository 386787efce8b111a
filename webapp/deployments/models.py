"""The table of deployments."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Account
from webapp.core.db import Base, enum_column
from webapp.core.record.reasons import Reason
from webapp.core.words.translation import LabelledEnum, _p
from webapp.matches.models import Match


class DeploymentState(LabelledEnum):
    """Where a deployment stands."""

    PLANNED = "planned", _p("state of a deployment", "planned")
    CLEARED = "cleared", _p("state of a deployment", "cleared")
    DEPLOYED = "deployed", _p("state of a deployment", "deployed")
    RETURNED = "returned", _p("state of a deployment", "returned")
    REPORTED = "reported", _p("state of a deployment", "reported")
    FOLLOWED_UP = "followed up", _p("state of a deployment", "followed up")
    CANCELLED = "cancelled", _p("state of a deployment", "cancelled")
    CURTAILED = "curtailed", _p("state of a deployment", "curtailed")


class Deployment(Base):
    """The mission of one selected expert under one version of the terms of reference.

    `end` is the last day as it is known now: a mission that is curtailed ends on the day of that.
    `reason` is why it was cancelled or curtailed, and stays when it is reported afterwards.
    """

    __tablename__ = "deployment"
    __table_args__ = (
        sa.CheckConstraint('"end" >= start', name="period"),
        sa.CheckConstraint(
            "reason_id IS NOT NULL OR state NOT IN ('cancelled', 'curtailed')",
            name="ended_with_reason",
        ),
        sa.Index(None, "start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(
        sa.ForeignKey("match.id", ondelete="RESTRICT"), unique=True
    )
    state: Mapped[DeploymentState] = mapped_column(
        enum_column(DeploymentState, "state"), default=DeploymentState.PLANNED
    )
    state_since: Mapped[datetime]
    start: Mapped[date]
    end: Mapped[date]
    tor_version: Mapped[int]
    reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    version: Mapped[int] = mapped_column()

    reason: Mapped[Reason | None] = relationship()
    match: Mapped[Match] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


class CalendarFeed(Base):
    """The secret address at which another program reads the missions of somebody.

    The row has the hash of what the address holds, so that who reads the database can use none.
    """

    __tablename__ = "calendar_feed"

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    # Whether it has the days on which its owner is not available as well.
    with_days_off: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    account: Mapped[Account] = relationship()
