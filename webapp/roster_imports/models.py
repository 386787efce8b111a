"""Imports of a roster: the table that was sent, what was found in it, and whom it brought."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.experts.models import Expert, OfExpert
from webapp.organisations.models import Organisation


class ImportState(LabelledEnum):
    """Where an import stands."""

    READ = "read", _p("state of an import", "columns to be chosen")
    TO_CHECK = "to check", _p("state of an import", "waits to be checked")
    CHECKED = "checked", _p("state of an import", "checked")
    TO_STORE = "to store", _p("state of an import", "waits to be stored")
    DONE = "done", _p("state of an import", "done")
    UNDONE = "undone", _p("state of an import", "undone")
    DROPPED = "dropped", _p("state of an import", "dropped")
    FAILED = "failed", _p("state of an import", "stopped by a fault of the platform")


class Twins(LabelledEnum):
    """What becomes of people who stand on the roster already."""

    LEAVE = "leave", _("leave them as they are")
    FILL = "fill", _("fill in what is empty, where nobody keeps or has vetted the profile yet")


# Who stands here may still be stored, or has the table still.
OPEN = frozenset(
    {ImportState.READ, ImportState.TO_CHECK, ImportState.CHECKED, ImportState.TO_STORE}
)
# What waits for the job worker.
AT_WORK = frozenset({ImportState.TO_CHECK, ImportState.TO_STORE})


class RosterImport(Base):
    """A table of people that a coordinator has sent; `fields` are what its columns are read as.

    `done` of `total` rows are done of what is going on. `counts` say what was found or done. As in
    the audit log, the account that sent it is a mere number.
    """

    __tablename__ = "roster_import"
    __table_args__ = (
        sa.CheckConstraint(
            "(stored_at IS NOT NULL) = (state IN ('done', 'undone'))", name="stored"
        ),
        sa.Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ImportState] = mapped_column(
        enum_column(ImportState, "state"), default=ImportState.READ
    )
    state_since: Mapped[datetime]
    sent_by: Mapped[int] = mapped_column(index=True)
    sent_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    header_row: Mapped[int]
    fields: Mapped[list[str]] = mapped_column(sa.JSON)
    twins: Mapped[Twins] = mapped_column(enum_column(Twins, "twins"), default=Twins.LEAVE)
    authority_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stored_at: Mapped[datetime | None]
    # Since when it waits to be taken back, and who has asked for it; both while the worker does it.
    undo_asked_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column()

    authority: Mapped[Organisation | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

    @property
    def is_at_work(self) -> bool:
        """Tell whether it waits for the job worker."""
        return self.state in AT_WORK or self.is_being_undone

    @property
    def is_being_undone(self) -> bool:
        """Tell whether the worker takes it back, or will."""
        return self.state is ImportState.DONE and self.undo_asked_at is not None


class ImportedTable(Base):
    """The cells of a table and what is wrong with them, kept until it is stored or dropped.

    `content` is what reading.py has read, `digest` its digest, `findings` what the check has found.
    """

    __tablename__ = "imported_table"

    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("roster_import.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content: Mapped[dict[str, Any]]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    findings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ImportedExpert(OfExpert, Base):
    """Somebody whom an import has put on the roster, or whose profile it has filled.

    `filled` has the names of what was empty before. While `version` is that of the profile, nobody
    has changed it since.
    """

    __tablename__ = "imported_expert"
    __table_args__ = (sa.Index(None, "expert_id"),)

    import_id: Mapped[int] = mapped_column(
        sa.ForeignKey("roster_import.id", ondelete="CASCADE"), primary_key=True
    )
    expert_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    was_added: Mapped[bool]
    filled: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    version: Mapped[int]

    expert: Mapped[Expert] = relationship()


class ColumnChoice(Base):
    """What the columns of tables with the same headings were last read as."""

    __tablename__ = "column_choice"

    fingerprint: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    fields: Mapped[list[str]] = mapped_column(sa.JSON)
    chosen_at: Mapped[datetime]
