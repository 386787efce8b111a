"""The table of changes of accepted terms of reference."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.record.reasons import Reason
from webapp.core.words.translation import LabelledEnum, _p
from webapp.expertise_requests.models import ExpertiseRequest


class AmendmentState(LabelledEnum):
    """Where a change of the terms of reference stands."""

    WITH_OFFICE = "with SEESAC", _p("state of changed terms", "waits for SEESAC")
    WITH_REQUESTER = "with requester", _p("state of changed terms", "waits for the requester")
    AGREED = "agreed", _p("state of changed terms", "agreed")
    REFUSED = "refused", _p("state of changed terms", "refused")
    TAKEN_BACK = "taken back", _p("state of changed terms", "taken back")


_OPEN = sa.text("state IN ('with SEESAC', 'with requester')")


class Amendment(Base):
    """A change of the terms of reference that one side proposed to the other.

    `changes` holds what the fields are to say, by their names, and only those that change; names of
    people are in none of them (`rules.NEVER`). It changes the version `from_version`; when agreed,
    it has made `into_version`. `reason` is why it was proposed, `answer` why it was refused. As in
    the audit log, the account is a mere number.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "into_version"),
        sa.CheckConstraint(
            "(into_version IS NOT NULL) = (state = 'agreed')", name="agreed_makes_version"
        ),
        sa.CheckConstraint("into_version > from_version", name="versions_rise"),
        sa.CheckConstraint("answer_id IS NOT NULL OR state <> 'refused'", name="refused_in_words"),
        # The two sides speak of one change at a time.
        sa.Index(
            "uq_amendment_open", "request_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[AmendmentState] = mapped_column(enum_column(AmendmentState, "state"))
    state_since: Mapped[datetime]
    from_version: Mapped[int]
    into_version: Mapped[int | None]
    changes: Mapped[dict[str, Any]]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(index=True)
    by_office: Mapped[bool]
    # Until when the requester is asked to answer, where it waits for them.
    reply_by: Mapped[date | None]
    reason_id: Mapped[int] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    answer_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )

    request: Mapped[ExpertiseRequest] = relationship()
    reason: Mapped[Reason] = relationship(foreign_keys=reason_id)
    answer: Mapped[Reason | None] = relationship(foreign_keys=answer_id)
